"""How time and memory of clustering grow with the number of points, embedding aside.

    python -m benchmarks.cluster_size     writes benchmarks/results/cluster_size.json (two minutes)

Points are made, not written: 300 directions at random, one in three of them much commoner than the others, noise about each, and one
point in ten said before by another, as in a large consultation. Every size runs in a process of its own, so that its peak of memory is
its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

import numpy as np

from benchmarks.coded import ROOT
from pipeline.cluster import partition
from pipeline.embed import Vectors

SIZES = (1_000, 10_000, 100_000)
DIRECTIONS, DIMENSION, NOISE = 300, 384, 0.9


def made(count: int) -> Vectors:
    """``count`` unit vectors, float32 (count, 384)."""
    draws = np.random.default_rng(0)
    directions = draws.standard_normal((DIRECTIONS, DIMENSION))
    often = np.where(np.arange(DIRECTIONS) % 3 == 0, 5.0, 1.0)
    of = draws.choice(DIRECTIONS, size=count, p=often / often.sum())
    vectors = directions[of] + NOISE * draws.standard_normal((count, DIMENSION))
    repeated = draws.random(count) < 0.1
    vectors[repeated] = vectors[draws.integers(count, size=int(repeated.sum()))]
    found: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return found


def measured(count: int) -> dict[str, float]:
    """Seconds of one clustering, its clusters, and the peak of memory of the whole process in megabytes."""
    import resource

    vectors = made(count)
    partition(vectors[:100], 0)  # loads what is loaded at first use
    begun = time.perf_counter()
    labels = partition(vectors, 0)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"points": count, "seconds": round(seconds, 2), "megabytes": round(peak), "clusters": len(set(labels.tolist()))}


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(measured(int(sys.argv[1]))))
        return
    rows = []
    for size in SIZES:
        done = subprocess.run([sys.executable, "-m", "benchmarks.cluster_size", str(size)], capture_output=True, text=True, check=True)
        rows.append(json.loads(done.stdout))
        print(rows[-1], flush=True)
    (ROOT / "benchmarks" / "results" / "cluster_size.json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
