"""Theme ids carried over from an earlier run of the same event, so that a late table does not rename what people already cite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import Vectors
from pipeline.results import ThemeRow
from pipeline.themes.groups import OWN
from pipeline.themes.matching import Group, carry_over

# The id of a theme that people named is made from that name, and fixed as that of a theme of the taxonomy is.
_NAMED = re.compile(f"-{OWN}[0-9a-f]{{8}}$")


@dataclass(frozen=True, slots=True)
class Earlier:
    """The themes of an earlier run of the same event.

    Attributes
    ----------
    groups : its themes and sub-themes, as :func:`groups_of` gives them.
    texts : the text of each of its points, by id.
    remark : whether there was one, and could be read.
    """

    groups: tuple[Group, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    remark: str = "none was looked for"


def keep_ids(
    points: pd.DataFrame, themes: Sequence[ThemeRow], earlier: Earlier, embed_texts: Callable[[list[str]], Vectors]
) -> tuple[pd.DataFrame, list[ThemeRow], dict[str, Any]]:
    """Give themes and sub-themes the ids that the same ones had in an earlier run.

    Parameters
    ----------
    points : with ``point_id``, ``text`` and ``theme_id``.
    themes : those of the run now.
    earlier : those of the run before.
    embed_texts : gives n texts their unit vectors; asked only for themes that have no point in common with the other run.

    Returns
    -------
    (points, themes, identity) : with the ids changed, and for run.json what became of the earlier ids.
    """
    now = [
        group
        for theme in themes
        for group in groups_of(
            theme.session,
            theme.id,
            theme.kind,
            theme.codes,
            theme.point_ids,
            [(part.id, part.point_ids) for part in theme.subthemes],
        )
    ]
    texts = dict(zip(points["point_id"], points["text"], strict=True)) if earlier.groups else {}  # else nothing is compared
    carried = carry_over(
        earlier.groups,
        now,
        _centroids(earlier.groups, frozenset(texts), earlier.texts, embed_texts),
        _centroids(now, frozenset(earlier.texts), texts, embed_texts),
    )
    renamed = [
        replace(
            theme,
            id=carried.ids[theme.id],
            subthemes=tuple(replace(part, id=carried.ids[part.id]) for part in theme.subthemes),
        )
        for theme in themes
    ]
    identity = {
        "earlier_run": earlier.remark,  # where there was none, every theme is new, and none is listed
        "new": list(carried.new) if earlier.groups else [],
        "gone": list(carried.gone),
        "merged": [{"from": list(olds), "into": into} for olds, into in carried.merged],
        "split": [{"from": old, "into": list(into)} for old, into in carried.split],
    }
    changed = {old: new for old, new in carried.ids.items() if old != new}
    if changed:
        points = points.assign(theme_id=points["theme_id"].map(lambda theme: changed.get(theme, theme)).astype("str"))
    return points, renamed, identity


def groups_of(
    session: str, theme_id: str, kind: str, codes: Sequence[str], members: Iterable[str], parts: Iterable[tuple[str, Iterable[str]]]
) -> list[Group]:
    """A theme and its sub-themes, (id, ids of points) each, as far as identity goes.

    A sub-theme is known by its points, as an emergent theme is, but among the sub-themes of the same code only.
    """
    within = f"{session} {codes[0] if codes else 'emergent'}"
    found = [Group(part, within, "emergent", frozenset(points)) for part, points in parts]
    fixed = _NAMED.search(theme_id) is not None
    return [Group(theme_id, session, "taxonomy" if fixed else kind, frozenset(members)), *found]


def _centroids(
    groups: Sequence[Group], other: frozenset[str], texts: Mapping[str, str], embed_texts: Callable[[list[str]], Vectors]
) -> dict[str, npt.NDArray[np.float32]]:
    """Mean vectors of the emergent themes that share no point with the other run, by id; none where that run has no points."""
    found = {}
    for group in groups:
        if other and group.kind == "emergent" and not group.members & other:
            said = sorted({texts[point] for point in group.members})
            found[group.id] = embed_texts(said).mean(axis=0)
    return found
