"""Vectors of points of which many say the same: each distinct vector is held once."""

from __future__ import annotations

from dataclasses import dataclass
from mmap import mmap
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.embed.encoders import Vectors
from pipeline.embed.room import let_go

# Rows read from a file together: a system reads some pages around each of them.
AT_A_TIME = 512


@dataclass(frozen=True, slots=True)
class Repeated:
    """Unit vectors of n rows, many of them the same.

    Attributes
    ----------
    distinct : float32 (m, dimension), unit rows.
    row_of : intp (n,), the row of ``distinct`` that each row is.
    pages : of the file that ``distinct`` is in, if it is in one (:mod:`pipeline.embed.room`).
    """

    distinct: Vectors
    row_of: npt.NDArray[np.intp]
    pages: mmap | None = None

    def __len__(self) -> int:
        return len(self.row_of)

    def __getitem__(self, rows: npt.NDArray[np.intp] | slice) -> Repeated:
        return Repeated(self.distinct, self.row_of[rows], self.pages)


AnyVectors: TypeAlias = Vectors | Repeated


def dense(vectors: AnyVectors) -> Vectors:
    """Vectors row for row, float32 (n, dimension)."""
    if not isinstance(vectors, Repeated):
        return vectors
    if vectors.pages is None:
        return vectors.distinct[vectors.row_of]
    found = np.empty((len(vectors), vectors.distinct.shape[1]), dtype=np.float32)
    for start in range(0, len(found), AT_A_TIME):
        rows = slice(start, start + AT_A_TIME)
        found[rows] = vectors.distinct[vectors.row_of[rows]]
        let_go(vectors.pages)
    return found


def each_once(vectors: AnyVectors) -> tuple[Vectors, npt.NDArray[np.intp]]:
    """Vectors without those that are known to be the same, and which of them each row is."""
    if not isinstance(vectors, Repeated):
        return vectors, np.arange(len(vectors))
    used, row_of = np.unique(vectors.row_of, return_inverse=True)
    return vectors.distinct[used], row_of.reshape(-1)


def together(parts: list[Repeated]) -> Repeated:
    """Rows one after another; parts of one set of distinct vectors share it, others bring their own."""
    own = {id(part.distinct): part.distinct for part in parts}
    starts = dict(zip(own, np.cumsum([0, *(len(distinct) for distinct in own.values())]).tolist(), strict=False))
    row_of = np.concatenate([part.row_of + starts[id(part.distinct)] for part in parts])
    return Repeated(parts[0].distinct, row_of, parts[0].pages) if len(own) == 1 else Repeated(np.vstack(list(own.values())), row_of)
