"""Train the networks that the label encoder comes from, and those that say how good it is.

    python -m benchmarks.label_encoder.train [FOLDER [SECONDS]]

FOLDER is what ``prepare`` laid out (build/label_encoder); after SECONDS no further network is begun. Needs numpy, torch, transformers
and safetensors; with one GPU some minutes, without hours.

A network is BERT (Devlin et al. 2019) with the encoder's weights, to whose dense layers low-rank updates are added (Hu et al. 2021, LoRA),
and one logistic regression a theme on the mean of the token vectors, scaled to length 1. Only updates and regressions learn: AdamW,
binary cross-entropy, target 0.5 where coders disagree. Some texts are mistyped, some run together with another, some tokens hidden. The
result is the moving average of the steps.

Each network is trained without some texts and asked about them: ``all`` (nothing left out: the one that is kept), ``part 0`` to
``part 4`` (some files each), an event, a register. Chosen by the micro-F1 of parts 0 and 1, never by an event or real points.
"""

from __future__ import annotations

import math
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
RANK, SCALE = 32, 2.0
EPOCHS, BATCH = 8, 64
UPDATE_RATE, HEAD_RATE, DECAY, WARM_UP = 1.2e-3, 5e-3, 0.01, 0.06
DROPOUT, HIDDEN, MISTYPED, RUN_TOGETHER, LONGEST = 0.1, 0.1, 0.3, 0.2, 192
AVERAGE = 0.997
# Vectors of length 1 are stretched before the regressions, whose rate of learning then suits.
STRETCH = 10.0
CLS_AND_SEP, MASK = 1, 103
AT_ONCE = 8


@dataclass(frozen=True)
class Texts:
    """What ``prepare`` laid out: for each version the token numbers of every text, and of every text its targets and its group."""

    versions: list[list[Numbers]]
    target: npt.NDArray[np.float32]
    group: Numbers
    names: list[str]
    part: Numbers
    register: list[str]

    @classmethod
    def read(cls, folder: Path) -> Texts:
        with np.load(folder / "texts.npz") as laid_out:
            versions = []
            for version in range(sum(name.startswith("tokens") for name in laid_out)):
                tokens, ends = laid_out[f"tokens{version}"].astype(np.int64), laid_out[f"ends{version}"]
                versions.append([tokens[start:end] for start, end in pairwise(ends)])
            fields = {name: laid_out[name] for name in ("target", "group", "part")}
            return cls(versions, names=laid_out["names"].tolist(), register=laid_out["register"].tolist(), **fields)

    def splits(self) -> dict[str, tuple[Numbers, Numbers]]:
        """By the name of each network, the rows that it learns from and the rows that it is asked about."""
        coded = self.part >= 0
        found = {"all": (coded, ~coded)}
        found |= {f"part {number}": (coded & (self.part != number), self.part == number) for number in range(self.part.max() + 1)}
        for at in np.flatnonzero(~coded):
            alone = np.arange(len(self.names)) == at
            found[self.names[at]] = (~alone, alone)
        for name in sorted(set(self.register) - {""}):
            own = np.array([other == name for other in self.register])
            found[name] = (coded & ~own, own)
        return {name: (np.flatnonzero(learn[self.group]), np.flatnonzero(ask[self.group])) for name, (learn, ask) in found.items()}


def network(folder: Path, themes: int) -> Any:
    """A network with updates that change nothing yet."""
    import torch
    from safetensors.torch import load_file
    from torch import nn
    from transformers import BertConfig, BertModel

    class Updated(nn.Module):
        """A dense layer with a low-rank update."""

        def __init__(self, dense: nn.Linear) -> None:
            super().__init__()
            self.dense = dense
            self.down = nn.Parameter(torch.randn(RANK, dense.in_features) / math.sqrt(dense.in_features))
            self.up = nn.Parameter(torch.zeros(dense.out_features, RANK))

        def forward(self, rows: torch.Tensor) -> torch.Tensor:
            added = nn.functional.linear(nn.functional.linear(rows, self.down), self.up)
            return torch.as_tensor(self.dense(rows) + SCALE * added)

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            config = BertConfig.from_json_file(str(folder / "config.json"))
            config.hidden_dropout_prob = config.attention_probs_dropout_prob = DROPOUT
            self.encoder = BertModel(config, add_pooling_layer=False)
            weights = {name: values.float() for name, values in load_file(str(folder / "model.safetensors")).items()}
            missing = self.encoder.load_state_dict(weights, strict=False).missing_keys
            if missing:
                raise SystemExit(f"weights that are missing: {missing}")
            self.encoder.requires_grad_(requires_grad=False)
            for layer in self.encoder.encoder.layer:
                for module in list(layer.modules()):
                    for name, child in list(module.named_children()):
                        if type(child) is nn.Linear:
                            setattr(module, name, Updated(child))
            self.head = nn.Linear(config.hidden_size, themes)
            nn.init.zeros_(self.head.weight)
            nn.init.constant_(self.head.bias, -2.5)

        def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            contexts = self.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
            counted = mask.unsqueeze(-1).to(contexts.dtype)
            vectors = nn.functional.normalize(((contexts * counted).sum(1) / counted.sum(1)).float(), dim=1)
            return torch.as_tensor(self.head(nn.functional.dropout(vectors * STRETCH, DROPOUT, self.training)))

    return Network()


def padded(rows: list[Numbers], device: str) -> tuple[Any, Any]:
    """Token numbers and mask of some texts, int64 (texts, longest)."""
    import torch

    tokens = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for at, row in enumerate(rows):
        tokens[at, : len(row)] = row
    found = torch.from_numpy(tokens).to(device)
    return found, (found > 0).long()


def seen(texts: Texts, row: int, learn: Numbers, rng: np.random.Generator) -> tuple[Numbers, npt.NDArray[np.float32]]:
    """A text as the network sees it this time, and its targets."""
    version = int(rng.integers(1, len(texts.versions))) if rng.random() < MISTYPED else 0
    tokens, target = texts.versions[version][row], texts.target[row]
    if rng.random() < RUN_TOGETHER:
        other = int(learn[rng.integers(len(learn))])
        tokens = np.concatenate([tokens[:-1], texts.versions[0][other][1:]])[:LONGEST]
        target = np.maximum(target, texts.target[other])
    hidden = rng.random(len(tokens)) < HIDDEN
    hidden[:CLS_AND_SEP] = hidden[-CLS_AND_SEP:] = False
    return np.where(hidden, MASK, tokens), target


def batches(lengths: Numbers, learn: Numbers, rng: np.random.Generator) -> list[Numbers]:
    """The rows of one epoch in batches of texts of about the same length, in random order."""
    shuffled, found = rng.permutation(learn), []
    for start in range(0, len(shuffled), BATCH * 32):
        some = shuffled[start : start + BATCH * 32]
        some = some[np.argsort(lengths[some], kind="stable")]
        found += [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
    return [found[at] for at in rng.permutation(len(found))]


def train(folder: Path, name: str, deadline: float) -> tuple[str, dict[str, Any], npt.NDArray[np.float16]] | None:
    """Train one network; its updates and head by name, and the logits of the rows that it is asked about, (rows, themes)."""
    import torch

    if time.time() > deadline:
        return None
    texts = Texts.read(folder)
    learn, ask = texts.splits()[name]
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    model = network(folder, texts.target.shape[1]).to(device)
    learning = {key: values for key, values in model.named_parameters() if values.requires_grad}
    head = [values for key, values in learning.items() if key.startswith("head")]
    updates = [values for key, values in learning.items() if not key.startswith("head")]
    optimiser = torch.optim.AdamW([{"params": updates, "lr": UPDATE_RATE}, {"params": head, "lr": HEAD_RATE}], weight_decay=DECAY)
    lengths = np.array([len(tokens) for tokens in texts.versions[0]])
    steps = EPOCHS * len(batches(lengths, learn, np.random.default_rng(0)))

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / (WARM_UP * steps)) * max(0.01, 1 - step / steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    average = {key: values.detach().clone() for key, values in learning.items()}
    model.train()
    step = 0
    for _ in range(EPOCHS):
        for rows in batches(lengths, learn, rng):
            tokens, targets = zip(*(seen(texts, int(row), learn, rng) for row in rows), strict=True)
            with torch.autocast(device, dtype=torch.bfloat16):
                logits = model(*padded(list(tokens), device))
            wanted = torch.from_numpy(np.stack(targets)).to(device)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), wanted, reduction="none").sum(1).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(list(learning.values()), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            keep = min(AVERAGE, (step + 1) / (step + 10))
            with torch.no_grad():
                for key, values in learning.items():
                    average[key].mul_(keep).add_(values, alpha=1 - keep)
    with torch.no_grad():
        for key, values in learning.items():
            values.copy_(average[key])
        model.eval()
        found = np.zeros((len(ask), texts.target.shape[1]), dtype=np.float16)
        order = np.argsort(lengths[ask], kind="stable")
        for start in range(0, len(ask), 256):
            part = order[start : start + 256]
            found[part] = model(*padded([texts.versions[0][row] for row in ask[part]], device)).float().cpu().numpy()
    return name, {key: values.float().cpu().numpy() for key, values in average.items()}, found


def main() -> None:
    from safetensors.numpy import save_file

    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/label_encoder")
    start = time.time()
    deadline = start + float(sys.argv[2] if len(sys.argv) > 2 else "inf")
    out = Path(os.environ.get("OUT", folder))
    names = list(Texts.read(folder).splits())
    logits: dict[str, npt.NDArray[np.float16]] = {}
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(train, folder, name, deadline) for name in names]):
            if (done := future.result()) is None:
                continue
            name, weights, logits[name] = done
            print(f"{name}: {time.time() - start:.0f} s", flush=True)
            if name == "all":
                save_file(weights, out / "updates.safetensors")
            kept: dict[str, Any] = {name: logits[name] for name in names if name in logits}
            np.savez(out / "logits.npz", **kept)
    left = [name for name in names if name not in logits]
    print("not trained: " + ", ".join(left) if left else "all trained")


if __name__ == "__main__":
    main()
