"""Teach the label encoder coded texts that came after it was trained, without a GPU.

    python -m benchmarks.label_encoder.further

First it is asked about them, as it had not seen them, and what it says is kept beside the other scores. Then it goes once through all coded
texts, and three times through those that are new, at a third of the rates of learning. Twenty minutes on two cores for
15,500 texts, while other programs used them too.
"""

from __future__ import annotations

import numpy as np
import torch
from safetensors.numpy import load_file

from benchmarks.fit_label_head import FILES, SCORES
from benchmarks.label_encoder.collect import keep
from benchmarks.label_encoder.course import Texts
from benchmarks.label_encoder.networks import SCALE, STRETCH, Networks
from benchmarks.label_encoder.prepare import FOLDER
from benchmarks.label_encoder.prepare import main as prepare
from benchmarks.label_encoder.train import DEVICE, answers, train, weights
from pipeline.label.label_encoder import FILE

TIMES_NEW = 3
PART_OF_RATES = 1 / 3


@torch.no_grad()
def as_kept(themes: int) -> Networks:
    """The network of models/label_encoder.safetensors, ready to learn further."""
    stored = load_file(FILE)
    rank = next(len(values) for name, values in stored.items() if name.endswith(".down"))
    model = Networks(FOLDER, 1, themes, rank).to(DEVICE)
    for name, values in model.named_parameters():
        if name.endswith((".up", ".down")):
            factor = SCALE if name.endswith(".up") else 1.0
            values[0] = torch.from_numpy(stored[name.removeprefix("encoder.")].astype(np.float32) / factor)
    model.weight[0] = torch.from_numpy(stored["head.weight"] / np.float32(STRETCH))
    model.bias[0] = torch.from_numpy(stored["head.bias"])
    return model


def main() -> None:
    prepare()
    texts = Texts.read(FOLDER)
    with np.load(SCORES) as before:
        scores = dict(before)
    coded = np.flatnonzero((texts.part >= 0)[texts.group])
    known = len(scores["files"])
    new = coded[known:]
    if not len(new):
        raise SystemExit(f"all {known} coded texts are known; a new file of them goes to the end of REGISTERS in benchmarks/coded.py")
    model = as_kept(texts.target.shape[1])
    (said,) = answers(model, texts, [new])
    train(model, texts, [np.concatenate([coded, *[new] * (TIMES_NEW - 1)])], seed=len(FILES), passes=1, part=PART_OF_RATES)
    keep(weights(model, 0))
    for name in ("files", "registers"):
        scores[name] = np.concatenate([scores[name], said])
    np.savez_compressed(SCORES, **scores)


if __name__ == "__main__":
    main()
