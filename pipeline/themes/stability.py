"""Stability: how often a theme would be found again had other tables come.

The tables of a session are drawn anew, with replacement, and each theme is looked for among the points of the tables drawn: the
cluster-wise bootstrap with Jaccard similarity of Hennig (2007, Computational Statistics & Data Analysis 52, 258-271). He draws
points; here tables are drawn, because the points of one table come out of one conversation and are not independent. And a theme
none of whose points is drawn counts as lost: a theme that one table alone raised is one that might not have been raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import numpy.typing as npt

from pipeline.embed import AnyVectors, Vectors, dense
from pipeline.errors import ContractError
from pipeline.records import Partition, Rows

ROUNDS = 50
# Sessions of more than MANY points are drawn fewer times, because the time of one clustering grows with the square of the points.
MANY, FEWER_ROUNDS = 500, 10
# Above this many points no clustering is done again.
MOST = 4000
# After Hennig's reading of his figure: 0.85 is highly stable, below 0.6 not to be trusted.
HIGH, MEDIUM = 0.85, 0.6
DECIMALS = 3
Labels = npt.NDArray[np.int64]
Kept = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The points of one theme, by their row among the n points of its session.

    Attributes
    ----------
    rows : intp, 0 to n - 1, the points of the theme.
    clustered : its points were gathered by clustering (an emergent theme), not by a code.
    within : intp, 0 to n - 1, every row its clustering was made among, those of the theme too; empty where not clustered.
    """

    rows: Rows
    clustered: bool
    within: Rows


def stability(
    themes: Sequence[Gathered], tables: Sequence[str], vectors: AnyVectors, partition: Partition, seed: int
) -> list[float | None]:
    """Share of each theme that survives when the tables of its session are drawn anew.

    A clustered theme survives a draw by the highest Jaccard similarity between its points that were drawn and any cluster of the
    points drawn, 0 if none of its points was; its stability is the mean over :data:`ROUNDS` draws, or :data:`FEWER_ROUNDS` where
    points are many. A theme by code survives a draw if any of its tables is drawn; that chance is exact, 1 - (1 - t/T)**T for t of T
    tables.

    What it means: how far the theme depends on which tables happened to be there. What it does not mean: that the theme is true,
    important or well named, or that its points are rightly coded, for codes are not given anew. For a theme by code it says no
    more than at how many tables it was raised; a clustered theme cannot come above the figure of a theme by code raised at the same
    tables, but for the luck of the draws: about 0.15 either way, and 0.3 in sessions of more than :data:`MANY` points.

    Parameters
    ----------
    themes : those of one session, in any order.
    tables : the names of the n points' tables; points without one ('') count as one table together.
    vectors : float32 (n, dimension), unit rows, row for row.
    partition : clusters float32 (m, dimension), m at least 1, with a seed, into m labels; the one that made the clustered themes. It
        is to give equal vectors equal labels; then the order of rows does not matter.
    seed : 0 or more, for the draws and for ``partition``.

    Returns
    -------
    One a theme, in the order given: 0 to 1, to 3 decimals. None for all where there are fewer than two tables, and for clustered
    themes where there are more than :data:`MOST` points.

    Raises
    ------
    ContractError : tables and vectors do not match row for row, or a clustered theme has points it was not clustered among.
    """
    _check(themes, tables, vectors)
    named = sorted(set(tables))
    if len(named) < 2:
        return [None] * len(themes)
    number_of = {table: number for number, table in enumerate(named)}
    numbers = np.array([number_of[table] for table in tables], dtype=np.intp)
    found = [None if theme.clustered else _drawn_at_all(numbers[theme.rows], len(named)) for theme in themes]
    if len(tables) > MOST or not any(theme.clustered for theme in themes):
        return found
    draws, given = _draws(numbers, len(named), seed), dense(vectors)
    ranks = _ranks(given, numbers)
    together: dict[bytes, list[int]] = {}  # themes of one clustering, which is done again for all of them at once
    for place, theme in enumerate(themes):
        if theme.clustered:
            together.setdefault(np.unique(theme.within).tobytes(), []).append(place)
    for places in together.values():
        within = np.unique(themes[places[0]].within)
        within = within[np.argsort(ranks[within])]  # in order of content
        inside = np.stack([np.isin(within, themes[place].rows) for place in places])
        survived = _survivals(inside, draws[:, within], given[within], partition, seed)
        for place, of_draws in zip(places, survived.T.tolist(), strict=True):
            found[place] = round(fmean(of_draws), DECIMALS)
    return found


def stability_level(stability: float | None) -> str:
    """Say a stability in a word.

    >>> [stability_level(figure) for figure in (0.85, 0.6, 0.599, None)]
    ['high', 'medium', 'low', '']
    """
    if stability is None:
        return ""
    if stability >= HIGH:
        return "high"
    return "medium" if stability >= MEDIUM else "low"


def _check(themes: Sequence[Gathered], tables: Sequence[str], vectors: AnyVectors) -> None:
    if len(tables) != len(vectors):
        raise ContractError(
            f"{len(tables)} tables but {len(vectors)} vectors",
            where="given to stability",
            expected="one table and one vector a point, row for row",
            do="give the tables and vectors of the same points",
        )
    for theme in themes:
        if theme.clustered and not np.isin(theme.rows, theme.within).all():
            raise ContractError(
                f"a clustered theme has points that were not clustered, first row {np.setdiff1d(theme.rows, theme.within)[0]}",
                where="given to stability",
                expected="every row of a clustered theme among the rows within which it was clustered",
                do="give every row that was clustered together",
            )


def _draws(numbers: Rows, count: int, seed: int) -> Kept:
    """Which points are kept in each draw of as many tables as there are, bool (rounds, n)."""
    rounds = FEWER_ROUNDS if len(numbers) > MANY else ROUNDS
    drawn = np.zeros((rounds, count), dtype=np.bool_)
    drawn[np.arange(rounds)[:, None], np.random.default_rng(seed).integers(count, size=(rounds, count))] = True
    return drawn[:, numbers]


def _ranks(vectors: Vectors, numbers: Rows) -> Rows:
    """The place of each row in the order of the vectors' own figures, equal ones by table, so that the order of rows decides nothing."""
    ranks = np.empty(len(vectors), dtype=np.intp)
    ranks[np.lexsort((numbers, *vectors.T[::-1]))] = np.arange(len(vectors))
    return ranks


def _drawn_at_all(numbers: Rows, count: int) -> float:
    """The chance that a draw of as many tables as there are has any of those of some points."""
    return round(1.0 - (1.0 - len(set(numbers.tolist())) / count) ** count, DECIMALS)


def _survivals(inside: Kept, draws: Kept, vectors: Vectors, partition: Partition, seed: int) -> npt.NDArray[np.float64]:
    """How far the themes of one clustering are found again in each draw, float64 (draws, themes), 0 to 1; equal draws are done once.

    Parameters
    ----------
    inside : bool (themes, n), the points of each theme.
    draws : bool (draws, n), the points kept in each draw.
    vectors : float32 (n, dimension), in order of content.
    """
    done: dict[bytes, npt.NDArray[np.float64]] = {}
    for kept in draws:
        if (key := kept.tobytes()) not in done:
            done[key] = _survival(inside[:, kept], vectors[kept], partition, seed)
    return np.stack([done[kept.tobytes()] for kept in draws])


def _survival(inside: Kept, vectors: Vectors, partition: Partition, seed: int) -> npt.NDArray[np.float64]:
    """How far clustered themes are found again among the m points kept, each 0 to 1.

    Parameters
    ----------
    inside : bool (themes, m), the points of each theme.
    vectors : float32 (m, dimension), in order of content.

    Returns
    -------
    The highest Jaccard similarity of each theme's points and any cluster, float64 (themes,); 0 where none of its points was kept.
    """
    if not inside.any():
        return np.zeros(len(inside))
    _, cluster = np.unique(partition(vectors, seed), return_inverse=True)
    member = cluster[:, None] == np.arange(cluster.max() + 1)
    shared = inside.astype(np.float64) @ member
    either = member.sum(axis=0) + inside.sum(axis=1)[:, None] - shared
    similarity: npt.NDArray[np.float64] = (shared / either).max(axis=1)
    return similarity
