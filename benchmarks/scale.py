"""How time and memory of a whole run grow with the answers to a consultation.

    python -m benchmarks.scale                  1,000, 10,000 and 100,000 answers; half an hour of one core
    python -m benchmarks.scale 1000 1000000     these; a million takes some hours of one core
    python -m benchmarks.scale --fast --no-reports 1000 10000 100000 1000000    with options of `themes run`; an hour of one core

Writes benchmarks/results/scale.json and scale.svg, or with options a file named after them, as scale_fast_no_reports.json. The answers are
made up (benchmarks/consultation.py). Every size is one `themes run` in a process of its own, whose encoder has one thread, with no
finished work to fetch, from the file to all that a run writes. Its seconds are those of the processor, which other programs on the machine
disturb little; its memory is the peak of that process, without the second one that reads words where there are up to 20,000 notes. The
exponent is the slope of the straight line through the logarithms of answers and seconds (least squares), less what a run of next to
nothing takes; where there are three sizes or more it is also told for the last two, which a fixed cost bends least.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.coded import ROOT
from benchmarks.cold_start import OURS, processor_name
from benchmarks.consultation import write

RESULTS = ROOT / "benchmarks" / "results"
SIZES, SMALLEST = (1_000, 10_000, 100_000), 20
PACKAGES = ("workshop-themes", "numpy", "onnxruntime", "pandas", "pyarrow", "scikit-learn", "spacy")


def measured(rows: int, *options: str) -> dict[str, Any]:
    """One run over so many answers, with options of `themes run`: processor seconds, seconds by stage, peak of memory, and how many points,
    different texts and themes it has.
    """
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder / "answers.csv", rows)
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "WORKSHOP_THEMES_CACHE": str(folder / "cache")}
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-c", _TELLS_ITS_PEAK, "run", str(folder / "answers.csv"), "--out", str(folder / "out"), *options]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = folder / "out" / "answers"
        account = json.loads((result / "run.json").read_text("utf-8"))
        texts = pd.read_parquet(result / "points.parquet", columns=["text"])["text"].nunique()
        return {
            "answers": rows,
            "points": account["counts"]["points"],
            "different_texts": int(texts),
            "themes": account["counts"]["themes"],
            "processor_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
            "clock_seconds_by_stage": account["seconds"],
            "peak_megabytes": round(int(done.stderr.rsplit("peak ", 1)[1]) / 1024),
            "megabytes_written": round(sum(path.stat().st_size for path in result.iterdir()) / 1e6, 1),
        }


_TELLS_ITS_PEAK = f"""
import atexit, resource, sys
atexit.register(lambda: print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr))
{OURS}
"""


def exponent(rows: list[dict[str, Any]], fixed: float) -> float:
    """The power of the answers with which processor seconds grow, what every run takes left out."""
    answers, seconds = ([row[key] for row in rows] for key in ("answers", "processor_seconds"))
    slope, _ = np.polyfit(np.log(answers), np.log(np.array(seconds) - fixed), 1)
    return round(float(slope), 3)


def drawn(rows: list[dict[str, Any]], name: str) -> None:
    """Draw processor seconds and memory by the number of answers."""
    import altair as alt

    table = pd.DataFrame(rows)
    sizes = alt.Axis(values=sorted(table["answers"].tolist()), format=",", labelOverlap=False)
    answers = alt.X("answers:Q", scale=alt.Scale(type="log"), title="Answers", axis=sizes)
    base = alt.Chart(table).encode(x=answers).properties(width=320, height=240)
    seconds = base.mark_line(point=True).encode(y=alt.Y("processor_seconds:Q", scale=alt.Scale(type="log"), title="Processor seconds"))
    memory = base.mark_line(point=True).encode(y=alt.Y("peak_megabytes:Q", scale=alt.Scale(zero=True), title="Peak of memory, MB"))
    (seconds | memory).save(RESULTS / f"{name}.svg")


def main() -> None:
    options = [argument for argument in sys.argv[1:] if argument.startswith("--")]
    sizes = [int(argument) for argument in sys.argv[1:] if argument not in options] or list(SIZES)
    name = "_".join(["scale", *(option.strip("-").replace("-", "_") for option in options)])
    fixed = measured(SMALLEST, *options)
    rows = []
    for size in sorted(sizes):
        rows.append(measured(size, *options))
        print(rows[-1], flush=True)
    found = {
        "a_run_of_next_to_nothing": fixed,
        "runs": rows,
        "exponent": exponent(rows, fixed["processor_seconds"]) if len(rows) > 1 else None,
        "exponent_of_the_last_two": exponent(rows[-2:], fixed["processor_seconds"]) if len(rows) > 2 else None,
        "load_of_the_machine": os.getloadavg()[0],
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "machine": {"kind": platform.machine(), "system": platform.system(), "processor": processor_name(), "cores": os.cpu_count()},
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    drawn(rows, name)
    print(found["exponent"])


if __name__ == "__main__":
    main()
