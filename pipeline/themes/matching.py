"""Which theme of an earlier run each theme of a run is.

A theme of the taxonomy has an id made from its code: the same id is the same theme. An emergent theme has an id made from its
texts, which changes with every point that joins it; here it is recognised by the points it shares with an earlier one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.errors import ContractError

Centroids = Mapping[str, npt.NDArray[np.float32]]
# What the likeness of two centroids can add to a score whose other part, the share of members in common, is 0 to 1.
COSINE_SHARE = 0.25
# Themes without a member in common may be one theme only if their centroids are at least this alike.
LEAST_COSINE = 0.8
# Decimals kept of a cosine and of a score, so that the last bits of a sum decide nothing.
DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Group:
    """A theme as far as its identity goes: ``kind`` is taxonomy or emergent, ``members`` are the ids of its points."""

    id: str
    session: str
    kind: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Carried:
    """Which id every theme now has, and what became of the earlier ones.

    Attributes
    ----------
    ids : the id to use, by provisional id; every theme now is in it, those of the taxonomy with the id they came with.
    new : ids in use now that the earlier run did not have, in order of the alphabet.
    gone : earlier ids no longer in use, in order of the alphabet; those of themes merged into another are among them.
    merged : (earlier ids, the id they are now in), for each emergent theme now that holds more than half of the surviving
        members of each of two or more earlier ones. One of them may have given it its id.
    split : (earlier id, ids it is now in), for each earlier emergent theme of whose surviving members two or more emergent
        themes now hold at least a quarter, and at least two, each.
    """

    ids: dict[str, str]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    merged: tuple[tuple[tuple[str, ...], str], ...]
    split: tuple[tuple[str, tuple[str, ...]], ...]


def carry_over(earlier: Sequence[Group], now: Sequence[Group], centroids_earlier: Centroids, centroids_now: Centroids) -> Carried:
    """Give the themes of a run the ids that the same themes had in an earlier run of the same event.

    An earlier emergent theme whose members are all in one theme now gives it its id, unless more than half of another earlier
    theme is in there too. The others are matched within each session, one to one, so that the sum of their scores is highest
    (the Hungarian method: Kuhn 1955, Naval Research Logistics Quarterly 2, 83-97). A score is the Jaccard index of the members
    plus :data:`COSINE_SHARE` times the cosine of the centroids (0 where it is negative or one is not known). Two themes may
    match if they share a member or, where no member of the earlier one is in any theme now, if their centroids' cosine is
    at least :data:`LEAST_COSINE`. A theme without a match keeps its provisional id, with a number behind it if that id was
    carried over to another.

    Parameters
    ----------
    earlier, now : the themes of both runs, of any number of sessions, in any order. ``now`` has provisional ids.
    centroids_earlier, centroids_now : float32 (dimension,), any length above 0, by theme id; any may be missing.

    Returns
    -------
    Carried : a member *survives* if it is in any theme now, of whatever kind. The order of the themes does not matter; of
        equal sums the one is taken that the order of content (sorted members, then id) leads to.

    Raises
    ------
    ContractError : a run has an id twice or a point in two emergent themes, or two centroids differ in dimension.
    """
    _check(earlier, "earlier run")
    _check(now, "run now")
    surviving = frozenset(point for theme in now for point in theme.members)
    earlier_of: dict[str, str] = {}
    merged: list[tuple[tuple[str, ...], Group]] = []
    split: list[tuple[str, list[Group]]] = []
    for session in {theme.session for theme in now}:
        before, after = _emergent(earlier, session), _emergent(now, session)
        earlier_of |= _matched(before, after, surviving, _cosines(before, after, centroids_earlier, centroids_now))
        mostly = [(tuple(sorted(old.id for old in _mostly_in(theme, before, surviving))), theme) for theme in after]
        merged += [(olds, theme) for olds, theme in mostly if len(olds) > 1]
        pieces = [(old.id, _pieces(old, after, surviving)) for old in before]
        split += [(old, themes) for old, themes in pieces if len(themes) > 1]
    ids = _ids(earlier, now, earlier_of)
    earlier_ids, used = {theme.id for theme in earlier}, set(ids.values())
    return Carried(
        ids=ids,
        new=tuple(sorted(used - earlier_ids)),
        gone=tuple(sorted(earlier_ids - used)),
        merged=tuple(sorted((olds, ids[theme.id]) for olds, theme in merged)),
        split=tuple(sorted((old, tuple(sorted(ids[theme.id] for theme in themes))) for old, themes in split)),
    )


def _check(run: Sequence[Group], name: str) -> None:
    twice = _twice((theme.id,) for theme in run)
    if twice:
        raise ContractError(
            f"theme id '{twice[0]}' is there more than once",
            where=name,
            expected="one theme an id",
            do="if this came from `themes run`, please report it as a fault",
        )
    torn = _twice((theme.session, point) for theme in run if theme.kind == "emergent" for point in theme.members)
    if torn:
        raise ContractError(
            f"point '{torn[1]}' is in more than one emergent theme of session '{torn[0]}'",
            where=name,
            expected="a point in one emergent theme at most",
            do="if this came from `themes run`, please report it as a fault",
        )


def _twice(values: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    """The first value, in order, that is there more than once."""
    return min((value for value, count in Counter(values).items() if count > 1), default=None)


def _emergent(run: Sequence[Group], session: str) -> list[Group]:
    """The emergent themes of a session in order of content."""
    found = [theme for theme in run if theme.session == session and theme.kind == "emergent"]
    return sorted(found, key=_content)


def _content(theme: Group) -> tuple[list[str], str]:
    return sorted(theme.members), theme.id


def _mostly_in(theme: Group, before: list[Group], surviving: frozenset[str]) -> list[Group]:
    """The earlier themes that have more than half of their surviving members in a theme now."""
    return [old for old in before if 2 * len(old.members & theme.members) > len(old.members & surviving)]


def _pieces(old: Group, after: list[Group], surviving: frozenset[str]) -> list[Group]:
    """The themes now that hold at least a quarter, and at least two, of the surviving members of an earlier one."""
    least = max(2.0, len(old.members & surviving) / 4)
    return [theme for theme in after if len(old.members & theme.members) >= least]


def _cosines(before: list[Group], after: list[Group], centroids_earlier: Centroids, centroids_now: Centroids) -> npt.NDArray[np.float64]:
    """Cosines of the centroids, (earlier, now), -1 to 1; 0 where one of the two is not known or has no direction."""
    found = np.zeros((len(before), len(after)))
    for row, old in enumerate(before):
        for column, theme in enumerate(after):
            if old.id in centroids_earlier and theme.id in centroids_now:
                found[row, column] = _cosine(centroids_earlier[old.id], centroids_now[theme.id], f"themes '{old.id}' and '{theme.id}'")
    return found


def _cosine(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32], where: str) -> float:
    if one.shape != other.shape:
        raise ContractError(
            f"centroids of shapes {one.shape} and {other.shape}",
            where=where,
            expected="centroids of one encoder",
            do="give no centroids of the earlier run if it used another encoder",
        )
    first, second = one.astype(np.float64), other.astype(np.float64)
    length = float(np.linalg.norm(first) * np.linalg.norm(second))
    return round(float(first @ second) / length, DECIMALS) if length else 0.0


def _matched(before: list[Group], after: list[Group], surviving: frozenset[str], cosines: npt.NDArray[np.float64]) -> dict[str, str]:
    """Earlier ids by provisional id, for the emergent themes of one session that have a match."""
    kept = _kept_together(before, after, surviving)
    rows = [row for row, old in enumerate(before) if old.id not in kept.values()]
    columns = [column for column, theme in enumerate(after) if theme.id not in kept]
    scored = {(row, column): _score(before[row], after[column], surviving, cosines[row, column]) for row in rows for column in columns}
    rows = [row for row in rows if any(scored[row, column] for column in columns)]
    columns = [column for column in columns if any(scored[row, column] for row in rows)]
    if not rows:
        return kept
    from scipy.optimize import linear_sum_assignment

    scores = np.array([[scored[row, column] for column in columns] for row in rows])
    pairs = zip(*linear_sum_assignment(scores, maximize=True), strict=True)
    return kept | {after[columns[column]].id: before[rows[row]].id for row, column in pairs if scores[row, column] > 0}


def _kept_together(before: list[Group], after: list[Group], surviving: frozenset[str]) -> dict[str, str]:
    """Matches that no score may undo: all of an earlier theme, and not most of another, is in a theme now.

    Many late points in a theme make its Jaccard index as small as one likes, so a score alone could not promise this.
    """
    kept = {}
    for theme in after:
        mostly = _mostly_in(theme, before, surviving)
        if len(mostly) == 1 and mostly[0].members <= theme.members:
            kept[theme.id] = mostly[0].id
    return kept


def _score(old: Group, theme: Group, surviving: frozenset[str], cosine: float) -> float:
    """How well two themes match: above 0 if they may, else 0. Whole numbers, so that sums are exact and ties are ties."""
    shared = len(old.members & theme.members)
    if not shared and (old.members & surviving or cosine < LEAST_COSINE):
        return 0.0
    jaccard = shared / max(1, len(old.members | theme.members))
    return float(round((jaccard + COSINE_SHARE * max(0.0, cosine)) * 10**DECIMALS))


def _ids(earlier: Sequence[Group], now: Sequence[Group], earlier_of: Mapping[str, str]) -> dict[str, str]:
    """The id of every theme now, by provisional id in order of the alphabet; no two are the same."""
    carried = set(earlier_of.values())
    known = {theme.id for theme in (*earlier, *now)}
    ids = dict(earlier_of)
    for theme in now:
        if theme.id not in ids:
            ids[theme.id] = _numbered(theme.id, known) if theme.id in carried else theme.id
    return dict(sorted(ids.items()))


def _numbered(name: str, known: set[str]) -> str:
    """A name with the first number from 2 behind it that makes it one no theme of either run came with."""
    number = 2
    while f"{name}-{number}" in known:
        number += 1
    return f"{name}-{number}"
