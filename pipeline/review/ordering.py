"""Which points are most worth a person's look.

Three things are added up, each from 0 to 1. *Uncertain*: how near the probability of any theme is to the one from which its code is
given (uncertainty sampling: Lewis and Gale 1994, SIGIR, 3-12). *Influential*: whether a theme would be gone without the point (1),
would rank lower (0.5), or else its share of the theme's points. *One of a kind*: how unlike it is to every other point of the event,
1 less the highest cosine. Points that people contradict each other on come first; those that somebody has decided on, last.
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
from pipeline.themes.ranking import weight

Floats = npt.NDArray[np.float64]
# Said of a point: its nearest probability is within so much of the threshold; no other point is so much like it; so few points.
NEAR, FAR, FEW = 0.15, 0.35, 3
RANKS_LOWER = 0.5
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Worth:
    """How much a point is worth a look, 0 to 3, and why in words, '' where nothing stands out."""

    score: float
    because: str


def worth(
    points: pd.DataFrame, themes: Sequence[ThemeRow], probabilities: Floats, thresholds: Floats, labels: Sequence[str], vectors: Vectors
) -> list[Worth]:
    """How much each of n points is worth a look.

    Parameters
    ----------
    points : n Corrected rows with their ``theme_id``.
    themes : those of the event.
    probabilities, thresholds : float64 (n, themes of the taxonomy) and (themes of the taxonomy,).
    labels : of the taxonomy's themes.
    vectors : float32 (n, dimension), unit rows, row for row.
    """
    near, nearest = _uncertain(probabilities, thresholds)
    likeness = _likeness(vectors)
    influence = _influence(points, themes)
    found = []
    for place, point in enumerate(points.itertuples()):
        if point.outcome == "procedural":
            found.append(Worth(0.0, ""))
            continue
        share, theme = influence.get(str(point.point_id), (0.0, ""))
        uncertain = 1.0 - 2.0 * min(0.5, float(near[place]))
        alone = 1.0 - max(0.0, float(likeness[place]))
        reasons = []
        if near[place] <= NEAR and labels:
            chance = probabilities[place, nearest[place]]
            reasons.append(f"uncertain: {labels[nearest[place]]} {chance:.2f}, given from {thresholds[nearest[place]]:.2f}")
        if theme:
            reasons.append(theme)
        if likeness[place] < FAR:
            reasons.append("no other point is like it")
        found.append(Worth(round(uncertain + share + alone, DECIMALS), "; ".join(reasons)))
    return found


def sample(points: Collection[str], number: int, seed: int) -> frozenset[str]:
    """So many of the ids of points, drawn at random, the same for the same seed; each is as likely as any other."""
    return frozenset(random.Random(seed).sample(sorted(points), min(number, len(points))))


def _uncertain(probabilities: Floats, thresholds: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """The distance of each point's probability that is nearest to its threshold, 0 to 1, and the theme it is of."""
    if not probabilities.shape[1]:
        return np.ones(len(probabilities)), np.zeros(len(probabilities), dtype=np.intp)
    distances = np.abs(probabilities - thresholds)
    nearest = distances.argmin(axis=1)
    return distances[np.arange(len(distances)), nearest], nearest


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
