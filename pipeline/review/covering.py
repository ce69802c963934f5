"""Covering: points in the order in which they tell most of what the labeller is uncertain of.

What rows tell is sum_i u_i max_j cosine(i, j) over all points i and the rows j so far, where u_i is how uncertain the labeller is of point
i (facility location, over uncertain points: Wei, Iyer and Bilmes 2015, ICML, 1954-1963). The next row is the one that adds most, which
comes within 1 - 1/e of the best choice of so many (Nemhauser, Wolsey and Fisher 1978, Mathematical Programming 14, 265-294). So the first
rows are typical of much that is uncertain, which is what teaches where few are corrected (Hacohen, Dekel and Weinshall 2022, ICML,
8175-8195), and each is unlike those before it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.embed import Vectors

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
# Decimals kept of cosines and sums of them, so that the last bits, which depend on how many are computed together, decide nothing.
DECIMALS = 6
# Points whose cosines with all others are remembered: the same few hundred are asked for again and again.
_REMEMBERED = 512
_BLOCK = 512


class Cover:
    """What is known of n points, from those that a person has seen.

    Parameters
    ----------
    vectors : float32 (n, dimension), unit rows.
    uncertain : float64 (n,), 0 to 1.
    """

    def __init__(self, vectors: Vectors, uncertain: Floats) -> None:
        self._vectors = vectors.astype(np.float64)
        self._uncertain = uncertain
        self._known = np.zeros(len(vectors))
        self._cosines = lru_cache(_REMEMBERED)(lambda row: self._likeness(self._vectors[row]))
        # What a point adds only ever shrinks, so only those are computed anew whose last figure leads (Minoux 1978, 234-243).
        self._queue = [(-gain, row) for row, gain in enumerate(self._first())]
        heapq.heapify(self._queue)

    def see(self, row: int) -> None:
        """Count a point as seen."""
        self._known = np.maximum(self._known, self._cosines(row))

    def best(self, left: npt.NDArray[np.bool_]) -> int:
        """The point, of those that are ``left``, that adds most; of equal ones the first. There has to be one."""
        while True:
            _, row = heapq.heappop(self._queue)
            if not left[row]:
                continue
            found = (-self._adds(row), row)
            if not self._queue or found <= self._queue[0]:
                heapq.heappush(self._queue, found)
                return row
            heapq.heappush(self._queue, found)

    def _first(self) -> Iterator[float]:
        for start in range(0, len(self._vectors), _BLOCK):
            block = self._likeness(self._vectors[start : start + _BLOCK].T)
            yield from np.round(self._uncertain @ block, DECIMALS).tolist()

    def _adds(self, row: int) -> float:
        return round(float(self._uncertain @ np.maximum(0.0, self._cosines(row) - self._known)), DECIMALS)

    def _likeness(self, to: Floats) -> Floats:
        found: Floats = (self._vectors @ to).clip(0.0).round(DECIMALS)
        return found
