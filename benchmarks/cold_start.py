"""How long a start from nothing takes: one command in a fresh process, beside BERTopic on the same points with the same encoder.

    pip install -c benchmarks/peers.txt -e '.[peers]'     in an environment of its own
    python -m benchmarks.cold_start                       writes benchmarks/results/cold_start.json
    python -m benchmarks.cold_start 2                     two turns instead of five

Ours reads the notes of three example events as one event, 327 points, with no finished work to fetch, and writes everything that a
run writes, or, with --no-reports, themes.json and the other tables. BERTopic, as it comes, is given the points' texts, loads the
encoder with sentence-transformers and writes its topics as JSON. The three take turns, five times, after one time each that does not
count (it fills the disk cache and numba's). The same for embedding alone: the bundled encoder on ONNX Runtime and with
sentence-transformers, 5,000 coded texts, the start left out. Seconds by the clock, and of processor time, which other programs on the
machine disturb less. All use as many threads as there are cores. Where the machine is busy when it begins, it says so, prints what it
finds and leaves the results as they are.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd

from benchmarks.coded import ROOT, training
from benchmarks.fit_label_head import FILES
from pipeline.embed import load_encoder, verified_bundle
from pipeline.embed.encoders import Encoder, SentenceEncoder
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy

RESULT = ROOT / "benchmarks" / "results" / "cold_start.json"
EVENTS = ("millbrook", "castlegate", "brackenfell")
TIMES = 5
# Processes that run or wait, over the last minute; from so many on, seconds by the clock say little.
BUSY = 0.5
TEXTS = 5000
PACKAGES = ("workshop-themes", "numpy", "onnxruntime", "tokenizers", "torch", "sentence-transformers", "bertopic", "umap-learn", "numba")
OURS = "from pipeline.cli import app; app()"
BERTOPIC = """
import json, sys
from bertopic import BERTopic
from sentence_transformers import SentenceTransformer
texts = json.load(open(sys.argv[1], encoding="utf-8"))
topics, _ = BERTopic(embedding_model=SentenceTransformer(sys.argv[2], device="cpu")).fit_transform(texts)
json.dump([int(topic) for topic in topics], open(sys.argv[3], "w", encoding="utf-8"))
"""


def one_event(folder: Path) -> Path:
    """The notes of :data:`EVENTS` in one folder, each file under a name of its own."""
    for event in EVENTS:
        for file in sorted((ROOT / "data" / "raw" / event).iterdir()):
            if file.name not in {"gold.csv", "event.yaml"}:
                shutil.copyfile(file, folder / f"{event} {file.name}")
    return folder


def fresh(*arguments: str) -> dict[str, float]:
    """Run Python in a fresh process: seconds by the clock and of processor time."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"seconds": wall, "processor": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def in_turns(contestants: dict[str, Callable[[], dict[str, float]]], times: int) -> dict[str, dict[str, Any]]:
    """Every contestant once that does not count, then in turns; medians and all values."""
    for run in contestants.values():
        run()
    found: dict[str, list[dict[str, float]]] = {name: [] for name in contestants}
    for _ in range(times):
        for name, run in contestants.items():
            found[name].append({key: round(value, 3) for key, value in run().items()})
            print(name, found[name][-1], flush=True)
    return {
        name: {key: {"median": median(run[key] for run in runs), "all": [run[key] for run in runs]} for key in runs[0]}
        for name, runs in found.items()
    }


def ratios(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    """One contestant's medians divided by another's."""
    return {key: round(ours[key]["median"] / theirs[key]["median"], 3) for key in ours}


def encoding(encoder: Encoder, texts: list[str]) -> dict[str, float]:
    """Seconds by the clock and of processor time that an encoder takes for texts, the shortest first."""
    begun, processor = time.perf_counter(), time.process_time()
    encoder.encode(texts)
    return {"seconds": time.perf_counter() - begun, "processor": time.process_time() - processor}


def main() -> None:
    times, load = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES, os.getloadavg()[0]
    taxonomy = load_taxonomy(Settings().taxonomy_path)
    distinct = sorted({text for name in FILES for text in training(name, taxonomy).texts})
    texts = sorted(distinct[:: len(distinct) // TEXTS][:TEXTS], key=lambda text: (len(text), text))
    model, sha256 = verified_bundle()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "event").mkdir()
        event, out, points, topics = one_event(folder / "event"), folder / "out", folder / "points.json", folder / "topics.json"

        def ours(*options: str) -> dict[str, float]:
            shutil.rmtree(out, ignore_errors=True)
            return fresh("-c", OURS, "run", str(event), "--no-cache", "--out", str(out), *options)

        ours()
        table = pd.read_parquet(out / "event" / "points.parquet")
        points.write_text(json.dumps(list(table["text"])), "utf-8")
        contestants = {
            "ours without reports": lambda: ours("--no-reports"),
            "ours": ours,
            "BERTopic": lambda: fresh("-c", BERTOPIC, str(points), str(model), str(topics)),
        }
        start = in_turns(contestants, times)
        stages = json.loads((out / "event" / "run.json").read_text("utf-8"))["seconds"]
    onnx, sentence = load_encoder(), SentenceEncoder(model, "", sha256, "cpu")
    speed = in_turns({"ONNX Runtime": lambda: encoding(onnx, texts), "sentence-transformers": lambda: encoding(sentence, texts)}, times)
    found = {
        "points": len(table),
        "start": start,
        "ours_over_bertopic": ratios(start["ours"], start["BERTopic"]),
        "ours_without_reports_over_bertopic": ratios(start["ours without reports"], start["BERTopic"]),
        "stages_of_the_last_run_seconds": stages,
        "texts": len(texts),
        "embedding": speed,
        "onnx_over_sentence_transformers": ratios(speed["ONNX Runtime"], speed["sentence-transformers"]),
        "load_of_the_machine": round(load, 2),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "machine": {"kind": platform.machine(), "system": platform.system(), "processor": processor_name(), "cores": os.cpu_count()},
    }
    if load < BUSY:
        RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    else:
        print(f"The machine was busy (load {load:.1f}): only processor seconds say something, and {RESULT.name} stays as it is.")
    print({name: table for name, table in found.items() if "_over_" in name})


def processor_name() -> str:
    """What the processor calls itself, where the system tells."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.is_file() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor())


if __name__ == "__main__":
    main()
