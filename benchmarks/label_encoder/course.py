"""What networks learn from, step by step: texts laid out by ``prepare``, in batches, changed anew each time they are seen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

Numbers = npt.NDArray[np.int64]
BATCH = 64
HIDDEN, MISTYPED, RUN_TOGETHER, LONGEST = 0.1, 0.3, 0.2, 192
CLS_AND_SEP, MASK = 1, 103
# Texts are put into batches by length, give or take so many tokens, so that few places are empty and batches differ from pass to pass.
JITTER = 6.0


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

    @property
    def lengths(self) -> Numbers:
        """Tokens of every version of every text, (versions, texts)."""
        return np.array([[len(read) for read in version] for version in self.versions])

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


@dataclass(frozen=True)
class Batch:
    """Texts that one network sees in one step: their rows, the versions of them, and the row that is run together with each, or -1."""

    rows: Numbers
    versions: Numbers
    others: Numbers


def course(texts: Texts, learn: Numbers, passes: int, order: npt.NDArray[np.float64], rng: np.random.Generator) -> list[Batch]:
    """The batches of one network. ``order``, one number a step for all networks, decides how long the texts of a step are."""
    lengths = texts.lengths
    steps = -(-len(learn) // BATCH)
    found = []
    for at in range(passes):
        rows = rng.permutation(learn)
        versions = np.where(rng.random(len(rows)) < MISTYPED, rng.integers(1, len(texts.versions), len(rows)), 0)
        others = np.where(rng.random(len(rows)) < RUN_TOGETHER, rng.choice(learn, len(rows)), -1)
        together = np.minimum(lengths[versions, rows] + np.where(others < 0, 0, lengths[0, others] - 1), LONGEST)
        by_length = np.argsort(together + JITTER * rng.random(len(rows)), kind="stable")
        for place in np.argsort(np.argsort(order[at * steps : (at + 1) * steps], kind="stable"), kind="stable"):
            own = by_length[place * BATCH : (place + 1) * BATCH]
            found.append(Batch(rows[own], versions[own], others[own]))
    return found


class Feed(torch.utils.data.Dataset[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]):
    """Step by step, for all networks: token numbers (networks, BATCH, longest), targets (networks, BATCH, themes), 1 where a text is."""

    def __init__(self, texts: Texts, courses: list[list[Batch]], seed: int) -> None:
        self.texts, self.courses, self.seed = texts, courses, seed

    def __len__(self) -> int:
        return max(map(len, self.courses))

    def __getitem__(self, step: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        texts = self.texts
        tokens: list[Numbers] = []
        targets: list[npt.NDArray[np.float32]] = []
        used = np.zeros((len(self.courses), BATCH), dtype=np.float32)
        for number, batches in enumerate(self.courses):
            batch = batches[step % len(batches)]
            used[number, : len(batch.rows)] = 1.0
            for row, version, other in zip(batch.rows, batch.versions, batch.others, strict=True):
                read, target = texts.versions[version][row], texts.target[row]
                if other >= 0:
                    read = np.concatenate([read[:-1], texts.versions[0][other][1:]])[:LONGEST]
                    target = np.maximum(target, texts.target[other])
                tokens.append(read)
                targets.append(target)
            for _ in range(BATCH - len(batch.rows)):
                tokens.append(texts.versions[0][0])
                targets.append(texts.target[0])
        grid = padded(tokens)
        hidden = np.random.default_rng([self.seed, step]).random(grid.shape) < HIDDEN
        hidden[:, :CLS_AND_SEP] = False
        hidden[np.arange(len(grid)), (grid > 0).sum(axis=1) - 1] = False
        grid[hidden & (grid > 0)] = MASK
        shape = (*used.shape, -1)
        return torch.from_numpy(grid.reshape(shape)), torch.from_numpy(np.stack(targets).reshape(shape)), torch.from_numpy(used)


def padded(rows: list[Numbers]) -> Numbers:
    """Token numbers of some texts, int64 (texts, longest), 0 behind their ends."""
    found = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for at, row in enumerate(rows):
        found[at, : len(row)] = row
    return found
