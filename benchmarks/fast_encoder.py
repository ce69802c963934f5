"""What the fast encoder gains in time, and what it costs in quality, beside the bundled one.

    python -m benchmarks.fast_encoder           everything; half an hour or so of one core
    python -m benchmarks.fast_encoder runs      one part of it anew: encoding, labels, clusters or runs

Writes benchmarks/results/fast_encoder.json.

- ``encoding``: coded texts a second of processor time, the start left out, the shortest first.
- ``labels``: micro-F1 of the labeller as `themes run --fast` has it, on the coded texts with the file they stand in left out, on the gold
  points of the six example events, and on dev. For the bundled encoder see ``labelling.json``, ``labelling_ablation.json`` (without the
  label encoder) and ``models/label_head.json`` (files left out). The table of the fast encoder was fitted to the vectors of all coded
  texts, though not to their codes, so its figure on files left out is a little too good; those on events and dev are not.
- ``clusters``: AMI of ours on samples of one labelled set (benchmarks/clustering.py), means of five seeds.
- ``runs``: a whole run on made-up answers (benchmarks/scale.py) with and without --fast.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np

from benchmarks.clustering import SEEDS, SIZES, half, measured, ours
from benchmarks.coded import EVENTS, ROOT
from benchmarks.cold_start import processor_name
from benchmarks.labelling import LEARNT, Bench
from benchmarks.scale import measured as whole_run
from pipeline.embed import BUNDLED, FAST, embed, load_encoder
from pipeline.label import Labeller
from pipeline.settings import Settings
from pipeline.taxonomy import bundled_texts, load_taxonomy

RESULT = ROOT / "benchmarks" / "results" / "fast_encoder.json"
SET = "vision_zero_dc"
TEXTS, ANSWERS = 5000, 10_000
PACKAGES = ("workshop-themes", "numpy", "onnxruntime", "tokenizers", "scipy")


def encoding() -> dict[str, Any]:
    texts = bundled_texts()
    texts = texts[:: len(texts) // TEXTS][:TEXTS]
    found: dict[str, Any] = {"texts": len(texts)}
    for name in (BUNDLED, FAST):
        encoder = load_encoder(name)
        encoder.encode(texts[:64])
        begun = time.process_time()
        encoder.encode(texts)
        found[f"{name}_texts_a_second"] = round(len(texts) / (time.process_time() - begun))
    return found


def labels() -> dict[str, Any]:
    settings = Settings(encoder=FAST)
    encoder = load_encoder(FAST)
    labeller = Labeller(load_taxonomy(settings.taxonomy_path), encoder, settings)
    bench = Bench()
    bench.vectors = embed(bench.expanded, encoder)
    head = labeller.head
    (threshold,) = {head.thresholds[kind] for kind in labeller.kinds}

    def figures(rows: Any, scores: Any) -> dict[str, Any]:
        probabilities = head.probabilities(labeller.evidence.features(bench.vectors[rows], lemmas(rows), scores), labeller.kinds)
        return bench.figures(rows, probabilities, threshold)

    def lemmas(rows: Any) -> list[str]:
        return [bench.lemmas[row] for row in rows]

    found: dict[str, Any] = {"threshold": threshold}
    for name, members in {"events unseen": EVENTS, "dev": ("dev",)}.items():
        if members[0] in bench.rows:
            found[name] = figures(bench.of(members), None)
    scores = bench.left_out(LEARNT, {name: number for number, name in enumerate(LEARNT)})
    own = len(bench.rows["taxonomy"])
    found["coded texts, files left out"] = figures(bench.of(LEARNT)[own:], scores[own:])
    return found


def clusters() -> dict[str, Any]:
    found: dict[str, Any] = {"set": SET}
    for name in (BUNDLED, FAST):
        pool = half(SET, encoder=load_encoder(name))
        for size in SIZES:
            if size <= len(pool.texts):
                runs = [measured(SET, ours, pool, size, seed) for seed in SEEDS]
                found.setdefault(name, {})[str(size)] = round(float(np.mean([run["ami"] for run in runs])), 3)
    return found


def runs() -> dict[str, Any]:
    return {"without": whole_run(ANSWERS), "with": whole_run(ANSWERS, "--fast")}


PARTS = {"encoding": encoding, "clusters": clusters, "runs": runs, "labels": labels}


def main() -> None:
    found = json.loads(RESULT.read_text("utf-8")) if RESULT.is_file() else {}
    for name in sys.argv[1:] or PARTS:
        found[name] = PARTS[name]() | {"load_of_the_machine": round(os.getloadavg()[0], 1)}
        print(name, json.dumps(found[name]), flush=True)
        found["fast_encoder_sha256"] = load_encoder(FAST).sha256
        found["versions"] = {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
        found["machine"] = {"kind": platform.machine(), "processor": processor_name(), "cores": os.cpu_count()}
        RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
