"""Groups: which points of a session belong together, before anything is said of them.

A theme of the taxonomy gathers the points that carry its code or a code beneath it. The points that no code explains are
clustered among themselves, and those that people split off are in the theme that they named. Where a theme's own points clearly
differ, they are clustered among themselves too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import AnyVectors
from pipeline.records import SEPARATOR, Columns, Partition, Rows
from pipeline.taxonomy import Taxonomy

# A theme of fewer points than this is short enough to be read whole; a sub-theme has at least so many points that differ in words.
SPLIT_FROM, SMALLEST = 6, 3
# What the key of a theme begins with that people named.
OWN = "own-"


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one theme before it is described.

    Attributes
    ----------
    key : what its id is made from: the code, or a digest of the texts.
    kind : ``taxonomy`` or ``emergent``.
    codes : its code; none for an emergent theme.
    rows : its points, in order of content.
    confidence : mean probability of its points that they belong to it, 0 to 1.
    broader : the code of the theme it is part of, if any.
    title : where people named it, for they split its points off from others; else ''.
    """

    key: str
    kind: str
    codes: tuple[str, ...]
    rows: Rows
    confidence: float
    broader: str | None = None
    title: str = ""


def by_code(points: Columns, probabilities: npt.NDArray[np.float64], taxonomy: Taxonomy) -> Iterator[Group]:
    """One group for each theme of the taxonomy that a point carries, in the taxonomy's order; a point may be in several."""
    number, distinct = pd.factorize(points["codes"])
    given = [set(taxonomy.rolled_up(filter(None, codes.split(SEPARATOR)))) for codes in distinct]
    for theme in taxonomy.themes:
        members = np.flatnonzero(np.array([theme.code in codes for codes in given], dtype=np.bool_)[number])
        if len(members):
            own = [taxonomy.codes.index(code) for code in (theme.code, *taxonomy.descendants(theme.code))]
            confidence = float(probabilities[members[:, None], own].max(axis=1).mean())
            yield Group(theme.code, "taxonomy", (theme.code,), members, confidence, theme.broader)


def split_off(points: Columns, named: Mapping[str, str]) -> Iterator[Group]:
    """One group for each name that people split points off into, in order of the alphabet; case makes no difference.

    Parameters
    ----------
    points : those of a session.
    named : ids of points, of any session, with the name of the theme of each.
    """
    names = [named.get(point, "") for point in points["point_id"]]
    for name in sorted({name.casefold() for name in names if name}):
        members = np.array([row for row, own in enumerate(names) if own.casefold() == name], dtype=np.intp)
        yield Group(f"{OWN}{digest([name])}", "emergent", (), members, 1.0, title=min(names[row] for row in members))


def unexplained(points: Columns) -> Rows:
    """The rows about something that the taxonomy lacks."""
    return np.flatnonzero(points["outcome"] == "no_match")


def emergent(
    points: Columns, vectors: AnyVectors, probabilities: npt.NDArray[np.float64], partition: Partition, seed: int
) -> Iterator[Group]:
    """The unexplained points of a session, clustered among themselves; each point is in one group."""
    for members in clusters(unexplained(points), vectors, partition, seed):
        confidence = 1.0 - float(probabilities[members].max(axis=1).mean()) if probabilities.shape[1] else 1.0
        yield Group(f"new-{digest(points['text'][members].tolist())}", "emergent", (), members, confidence)


def parts(rows: Rows, points: Columns, vectors: AnyVectors, partition: Partition, seed: int) -> list[Rows]:
    """The sub-themes of a theme: clusters of its points among themselves, where at least two have three points that differ.

    Points in smaller clusters are in no sub-theme.
    """
    if len(rows) < SPLIT_FROM:
        return []
    found = clusters(rows, vectors, partition, seed)
    large = [part for part in found if len({text.casefold() for text in points["text"].take(part)}) >= SMALLEST]
    return large if len(large) > 1 else []


def clusters(rows: Rows, vectors: AnyVectors, partition: Partition, seed: int) -> list[Rows]:
    """Rows clustered among themselves, each cluster in the order of the rows, the clusters by their first row."""
    if not len(rows):
        return []
    labels = partition(vectors[rows], seed)
    _, first = np.unique(labels, return_index=True)
    return [rows[labels == labels[place]] for place in sorted(first)]


def digest(texts: Sequence[str]) -> str:
    """Eight characters that stand for a set of texts, whatever their order."""
    return hashlib.blake2s("\n".join(sorted(texts)).encode(), digest_size=4).hexdigest()
