"""How many points a second each stage does, and how far the whole is from what the encoder's sums alone would take.

    python -m benchmarks.throughput             a made-up consultation of 2,000 answers; a minute or two of one core
    python -m benchmarks.throughput 10000       of so many

Writes benchmarks/results/throughput.json and throughput.svg. The answers are made up (benchmarks/consultation.py). One fresh process on
one core does everything that `themes run` does, with no finished work to fetch; the models are loaded beforehand, and a small
consultation goes through first, so that nothing is measured that happens once. Its seconds are those of the processor, which other
programs on the machine disturb less than those of the clock. Every text is embedded twice, by the bundled encoder and by the label
encoder; the second counts as part of labelling.

The floor is the time that the encoder's products of matrices take where nothing else is done: the floating-point operations
of all tokens that were encoded, counted from the layers' sizes, over the speed at which this core multiplies float32 matrices of
just those sizes with numpy, measured before and after.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from benchmarks.coded import ROOT
from benchmarks.cold_start import processor_name
from benchmarks.consultation import write

RESULTS = ROOT / "benchmarks" / "results"
ANSWERS, FIRST = 2000, 300
PACKAGES = ("workshop-themes", "numpy", "onnxruntime", "pandas", "spacy", "presidio-analyzer", "tokenizers")
# The bundled encoder: layers, width, width of the layer between, and tokens multiplied together.
LAYERS, WIDTH, BETWEEN, TOGETHER = 6, 384, 1536, 256
# The products of matrices of one layer: of how many columns into how many, and how often.
PRODUCTS = ((WIDTH, WIDTH, 4), (WIDTH, BETWEEN, 1), (BETWEEN, WIDTH, 1))


def operations(lengths: Sequence[int]) -> float:
    """Floating-point operations of the products of matrices that texts of so many tokens take."""
    dense = 2 * sum(length * columns * into * times for length in lengths for columns, into, times in PRODUCTS)
    attention = sum(2 * 2 * length * length * WIDTH for length in lengths)  # queries by keys, and weights by values
    return float(LAYERS * (dense + attention))


def multiplying(seconds: float = 2.0) -> float:
    """Floating-point operations a second of this core, for float32 matrices of the encoder's sizes, mixed as the encoder mixes them."""
    random = np.random.default_rng(0)
    pairs = [
        (random.random((TOGETHER, columns), dtype=np.float32), random.random((columns, into), dtype=np.float32), times)
        for columns, into, times in PRODUCTS
    ]
    done, begun = 0.0, time.process_time()
    while time.process_time() - begun < seconds:
        for left, right, times in pairs:
            for _ in range(times):
                left @ right
            done += 2.0 * left.shape[0] * left.shape[1] * right.shape[1] * times
    return done / (time.process_time() - begun)


def measured(answers: int) -> dict[str, Any]:
    """One run over so many answers in this process: seconds of the processor by stage, and what was encoded."""
    time.perf_counter = time.process_time  # the program times its stages by it
    from pipeline.embed import encoders
    from pipeline.ingest import find_sources
    from pipeline.labelling import load_models
    from pipeline.run import run_event
    from pipeline.sessions import LabelTexts
    from pipeline.settings import Settings
    from pipeline.store import write_event

    LabelTexts.at_once = 1  # of two blocks at once each would be given the seconds of both
    encoded: list[str] = []
    spent: list[float] = []
    encode = encoders.OnnxEncoder.encode

    def counted(self: encoders.OnnxEncoder, texts: Sequence[str]) -> encoders.Vectors:
        begun = time.process_time()
        vectors = encode(self, texts)
        spent.append(time.process_time() - begun)
        encoded.extend(texts)
        return vectors

    settings = Settings()
    encoder, labeller = load_models(settings)
    assert isinstance(encoder, encoders.OnnxEncoder)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, rows in (("first", FIRST), ("answers", answers)):
            write(folder / f"{name}.csv", rows, seed=rows)
            (source,) = find_sources([folder / f"{name}.csv"])
            if name == "answers":
                encoders.OnnxEncoder.encode = counted  # type: ignore[method-assign]
            result = run_event(source, encoder, labeller, settings, lambda stage, done, total: None)
            begun = time.process_time()
            write_event(folder / "tables", result, reports=False)
            tables = time.process_time() - begun
            write_event(folder / "whole", result)
            reports = time.process_time() - begun - 2 * tables
    lengths = [len(read.ids) for read in encoder.tokeniser.encode_batch(encoded)]
    return {
        "points": len(result.points),
        "different_texts": int(result.points["text"].nunique()),
        "themes": len(result.themes),
        "stages": {**result.run["seconds"], "write": round(tables, 3), "reports": round(reports, 3)},
        "texts_encoded": len(lengths),
        "tokens_encoded": sum(lengths),
        "operations": operations(lengths),
        "encoding": round(sum(spent), 3),
    }


def told(run: dict[str, Any], speed: float) -> dict[str, Any]:
    """What one run comes to beside the floor."""
    whole, floor = sum(run["stages"].values()), run["operations"] / speed
    return {
        "points": run["points"],
        "different_texts": run["different_texts"],
        "themes": run["themes"],
        "stages": {
            name: {
                "processor_seconds": seconds,
                "share": round(seconds / whole, 3),
                "points_a_second": round(run["points"] / seconds) if seconds else None,
            }
            for name, seconds in run["stages"].items()
        },
        "processor_seconds": round(whole, 2),
        "points_a_second": round(run["points"] / whole, 1),
        "encoder": {
            "texts": run["texts_encoded"],
            "tokens": run["tokens_encoded"],
            "gigaflop": round(run["operations"] / 1e9, 1),
            "processor_seconds": run["encoding"],
            "tokens_a_second": round(run["tokens_encoded"] / run["encoding"]),
            "gigaflop_a_second": round(run["operations"] / run["encoding"] / 1e9, 1),
        },
        "floor": {"gigaflop_a_second": round(speed / 1e9, 1), "seconds": round(floor, 2)},
        "whole_over_floor": round(whole / floor, 2),
        "encoder_over_floor": round(run["encoding"] / floor, 2),
        "whole_over_encoder": round(whole / run["encoding"], 2),
        "tokenise_over_embed": round(run["stages"]["tokenise"] / run["stages"]["embed"], 2),
    }


def drawn(found: dict[str, Any]) -> None:
    """Draw each stage's seconds, and the floor as a line."""
    import altair as alt
    import pandas as pd

    rows = [{"stage": name, "seconds": stage["processor_seconds"]} for name, stage in found["stages"].items()]
    bars = alt.Chart(pd.DataFrame(rows)).mark_bar(color="#31688e")
    bars = bars.encode(
        y=alt.Y("stage:N", sort=None, title=None), x=alt.X("seconds:Q", title=f"Processor seconds for {found['points']:,} points")
    )
    floor = alt.Chart(pd.DataFrame([{"seconds": found["floor"]["seconds"], "said": "the encoder's sums alone"}]))
    rule, said = floor.mark_rule(color="#b5371f"), floor.mark_text(align="left", dx=5, dy=-4, baseline="top", color="#b5371f")
    drawing = bars + rule.encode(x="seconds:Q") + said.encode(x="seconds:Q", y=alt.value(0), text="said:N")
    drawing.properties(width=420, height=220).save(RESULTS / "throughput.svg")


def main() -> None:
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else ANSWERS
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    if os.environ.get("OMP_NUM_THREADS") != "1":  # it has to stand there before numpy is imported
        sys.exit(subprocess.run([sys.executable, "-m", "benchmarks.throughput", str(answers)], env=alone, cwd=ROOT, check=False).returncode)
    speeds, load = [multiplying()], os.getloadavg()[0]
    run = measured(answers)
    speeds.append(multiplying())
    found = {
        "answers": answers,
        **told(run, fmean(speeds)),
        "load_of_the_machine": round(load, 2),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "machine": {"kind": platform.machine(), "system": platform.system(), "processor": processor_name(), "cores": os.cpu_count()},
    }
    (RESULTS / "throughput.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    drawn(found)
    print(json.dumps(found["stages"], indent=1))
    print(
        {
            name: found[name]
            for name in ("processor_seconds", "encoder", "floor", "whole_over_floor", "encoder_over_floor", "tokenise_over_embed")
        }
    )


if __name__ == "__main__":
    main()
