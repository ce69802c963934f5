"""Which points are most worth a person's look, and in what order.

Most rows are there for what they teach: they are typical of what the labeller is uncertain of, and unlike the rows before
(:mod:`pipeline.review.covering`). *Uncertain* is how near the probability of any theme is to the one from which its code is given
(uncertainty sampling: Lewis and Gale 1994, SIGIR, 3-12). One row of ``STANDS_OUT`` is there because it stands out. *Influential*:
whether a theme would be gone without the point (1), would rank lower (0.5), or else its share of the theme's points. *One of a kind*:
how unlike it is to every other point of the event, 1 less the highest cosine. The two are added up. What people have decided on comes
last, for what it is like is known; behind it comes what was said on the running of the event.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import Vectors
from pipeline.results import ThemeRow
from pipeline.review.covering import Cover
from pipeline.themes.ranking import weight

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
# Said of a point: it is so uncertain or more; no other point is so much like it; so few points.
NEAR, FAR, FEW = 0.6, 0.35, 3
RANKS_LOWER = 0.5
# Of so many rows, one is there because it stands out (docs/decisions/0013-learning.md).
STANDS_OUT = 8
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Worth:
    """The place of a point among those worth a look, 0 for the first, and why in words, '' where nothing is to be said."""

    place: int
    because: str


def worth(
    points: pd.DataFrame, themes: Sequence[ThemeRow], probabilities: Floats, thresholds: Floats, labels: Sequence[str], vectors: Vectors
) -> list[Worth]:
    """Put n points in order of how much they are worth a look.

    Parameters
    ----------
    points : n Corrected rows with their ``theme_id``.
    themes : those of the event.
    probabilities, thresholds : float64 (n, themes of the taxonomy) and (themes of the taxonomy,).
    labels : of the taxonomy's themes.
    vectors : float32 (n, dimension), unit rows, row for row.
    """
    uncertain, nearest = _uncertain(probabilities, thresholds)
    likeness = _likeness(vectors)
    influence = _influence(points, themes)
    influential = [influence.get(point, (0.0, "")) for point in points["point_id"]]
    procedural = (points["outcome"] == "procedural").to_numpy()
    standing_out = np.array([share for share, _ in influential]) + 1.0 - np.maximum(0.0, likeness)
    decided = (points["decided_by"] == "human").to_numpy()
    order = _in_order(Cover(vectors, np.where(procedural, 0.0, uncertain)), standing_out, decided, procedural)
    place_of = {row: place for place, row in enumerate(order)}
    found = []
    for row in range(len(points)):
        reasons = []
        if uncertain[row] >= NEAR and labels:
            chance = probabilities[row, nearest[row]]
            reasons.append(f"uncertain: {labels[nearest[row]]} {chance:.2f}, given from {thresholds[nearest[row]]:.2f}")
        reasons.append(influential[row][1])
        if likeness[row] < FAR:
            reasons.append("no other point is like it")
        found.append(Worth(place_of[row], "" if procedural[row] else "; ".join(filter(None, reasons))))
    return found


def _in_order(cover: Cover, standing_out: Floats, decided: Bools, procedural: Bools) -> list[int]:
    """All points, those to be looked at first at the front."""
    for row in np.flatnonzero(decided & ~procedural).tolist():
        cover.see(row)
    left = ~decided & ~procedural
    most = iter(np.argsort(-np.round(standing_out, DECIMALS), kind="stable").tolist())
    order: list[int] = []
    while left.any():
        row = next(row for row in most if left[row]) if len(order) % STANDS_OUT == STANDS_OUT - 1 else cover.best(left)
        cover.see(row)
        left[row] = False
        order.append(row)
    return [*order, *np.flatnonzero(decided & ~procedural).tolist(), *np.flatnonzero(procedural).tolist()]


def sample(points: Collection[str], number: int, seed: int) -> frozenset[str]:
    """So many of the ids of points, drawn at random, the same for the same seed; each is as likely as any other."""
    return frozenset(random.Random(seed).sample(sorted(points), min(number, len(points))))


def _uncertain(probabilities: Floats, thresholds: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """How uncertain each point is, 0 to 1, and the theme it is so of.

    1 where a probability is at its threshold, 0 where each is 0 or 1, in proportion between: a threshold of 0.25 leaves more room above
    it than below.

    >>> _uncertain(np.array([[0.25, 0.0], [0.125, 0.0], [0.625, 0.0], [0.0, 1.0]]), np.array([0.25, 0.25]))[0].tolist()
    [1.0, 0.5, 0.5, 0.0]
    """
    if not probabilities.shape[1]:
        return np.zeros(len(probabilities)), np.zeros(len(probabilities), dtype=np.intp)
    room = np.where(probabilities >= thresholds, 1.0 - thresholds, thresholds)
    near = 1.0 - np.abs(probabilities - thresholds) / np.maximum(room, 1e-6)
    nearest = near.argmax(axis=1)
    return near[np.arange(len(near)), nearest], nearest


def _likeness(vectors: Vectors) -> Floats:
    """The highest cosine of each point with another, -1 to 1; -1 where there is no other."""
    found = np.full(len(vectors), -1.0)
    for place in range(len(vectors)):  # row by row, so that memory does not grow with the square
        cosines = vectors @ vectors[place]
        cosines[place] = -1.0
        found[place] = float(cosines.max())
    return found


def _influence(points: pd.DataFrame, themes: Sequence[ThemeRow]) -> dict[str, tuple[float, str]]:
    """What each point does for the theme it does most for, 0 to 1, and that in words."""
    by_id = points.set_index("point_id", drop=False)
    found: dict[str, tuple[float, str]] = {}
    for theme in themes:
        below = max((other.weight for other in themes if other.session == theme.session and other.rank > theme.rank), default=0)
        members = by_id.loc[list(theme.point_ids)]
        for point in theme.point_ids:
            share, said = 1 / theme.points, f"one of {theme.points} points of '{theme.title}'" if theme.points <= FEW else ""
            if theme.points == 1:
                said = f"'{theme.title}' is a theme by this point alone"
            elif weight(members.drop(index=point)) < below:
                share, said = max(share, RANKS_LOWER), f"'{theme.title}' ranks where it does by this point"
            if share > found.get(point, (0.0, ""))[0]:
                found[point] = (share, said)
    return found
