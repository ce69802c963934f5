"""What a second worker of one core adds, on a real Ray cluster of machines that are all this one.

    pip install -c constraints.txt -e '.[dev]'
    python -m benchmarks.ray_workers      writes benchmarks/results/ray_workers.json (some minutes)

Blocks of texts of a made-up consultation are read, embedded and labelled as `themes run --engine ray` does it, on one machine of one core
and on two, in turns. The clock runs from the first results of all workers to the last, so that starting Ray and loading the models, which
is told apart, does not count. Efficiency is what two workers do in a second over twice what one did just before: the median of the
turns, and all of them, since other programs that use the machine disturb a turn. What a text costs in processor seconds of a worker
they disturb less; there, efficiency is what it costs with one over what it costs with two.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from statistics import median
from typing import Any

import pandas as pd

from benchmarks.coded import ROOT
from benchmarks.cold_start import processor_name
from benchmarks.consultation import answers
from pipeline.engines import load_engine
from pipeline.engines.on_ray import QUIET
from pipeline.labelling import load_models
from pipeline.sessions import LabelTexts
from pipeline.settings import Settings

RESULT = ROOT / "benchmarks" / "results" / "ray_workers.json"
BLOCKS, BLOCK, TIMES = 24, 50, 3
STORE = 200_000_000
PACKAGES = ("workshop-themes", "ray", "numpy", "onnxruntime", "spacy", "pandas")


_COST = "processor_seconds_a_text"


class Timed:
    """The work on a block, and the processor seconds that it took its worker."""

    def __init__(self, work: LabelTexts) -> None:
        self.work = work

    def __call__(self, texts: pd.DataFrame) -> tuple[int, float]:
        begun = time.process_time()
        self.work(texts)
        return len(texts), time.process_time() - begun


def measured(workers: int, work: Timed, blocks: list[pd.DataFrame]) -> dict[str, float]:
    """Texts a second of so many workers, processor seconds a text, and seconds until all of them were at work."""
    import ray
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False, "object_store_memory": STORE})
    for _ in range(workers):
        cluster.add_node(num_cpus=1, object_store_memory=STORE)
    begun = time.perf_counter()
    done: list[tuple[float, int, float]] = []
    for texts, processor in load_engine("ray", cluster.address).each(work, blocks):
        done.append((time.perf_counter(), texts, processor))
    ray.shutdown()
    cluster.shutdown()  # type: ignore[no-untyped-call]
    counted = done[2 * workers :]  # every worker has its models by then
    started = done[2 * workers - 1][0]
    texts, processor = sum(texts for _, texts, _ in counted), sum(spent for _, _, spent in counted)
    return {
        "texts_a_second": texts / (counted[-1][0] - started),
        "processor_seconds_a_text": processor / texts,
        "seconds_to_start": done[0][0] - begun,
    }


def blocks_of_texts() -> Iterator[pd.DataFrame]:
    """Blocks of distinct texts, all of about the same lengths."""
    texts = sorted({text for *_, text in answers(4 * BLOCKS * BLOCK)})[: BLOCKS * BLOCK]
    for number in range(BLOCKS):
        yield pd.DataFrame({"text": texts[number::BLOCKS], "topic": ""})


def told(ratios: Iterable[float]) -> dict[str, Any]:
    """The median of the ratios of each turn, and all of them."""
    every = [round(ratio, 3) for ratio in ratios]
    return {"median": median(every), "all": every}


def main() -> None:
    from benchmarks.ray_workers import Timed  # by its full name, which a worker knows it by

    os.environ.update(QUIET)
    work, blocks = Timed(LabelTexts(load_models(Settings())[1])), list(blocks_of_texts())
    runs: dict[int, list[dict[str, float]]] = {1: [], 2: []}
    for _ in range(TIMES):
        for workers, of_workers in runs.items():
            of_workers.append(measured(workers, work, blocks))
            print(workers, of_workers[-1], flush=True)
    medians = {workers: {key: median(run[key] for run in of_workers) for key in of_workers[0]} for workers, of_workers in runs.items()}
    turns = list(zip(runs[1], runs[2], strict=True))
    found: dict[str, Any] = {
        "texts": BLOCKS * BLOCK,
        "workers": {str(workers): {key: round(value, 5) for key, value in values.items()} for workers, values in medians.items()},
        "all": {str(workers): of_workers for workers, of_workers in runs.items()},
        "efficiency_by_the_clock": told(two["texts_a_second"] / 2 / one["texts_a_second"] for one, two in turns),
        "efficiency_by_processor_seconds": told(one[_COST] / two[_COST] for one, two in turns),
        "load_of_the_machine": os.getloadavg()[0],
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "machine": {"kind": platform.machine(), "system": platform.system(), "processor": processor_name(), "cores": os.cpu_count()},
    }
    RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(found["efficiency_by_the_clock"], found["efficiency_by_processor_seconds"])


if __name__ == "__main__":
    main()
