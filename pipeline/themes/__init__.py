"""Themes: labelled points gathered into the theme list of each session.

A theme of the taxonomy gathers every point that carries its code or a code beneath it; a point with two codes counts in both,
once each, and once in a theme that both are part of. Points that the taxonomy does not explain form emergent themes, by
clustering them among themselves. Points that people split off form the themes that they named, and are in no other. A theme
whose own points clearly differ is split into sub-themes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import AnyVectors
from pipeline.records import (
    ASPECTS,
    LEVELS,
    PRIORITIES,
    SEPARATOR,
    Columns,
    Labelled,
    Partition,
    Rows,
    checked,
    session_order,
)
from pipeline.results import SubTheme, ThemeRow
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy
from pipeline.themes.groups import Group, by_code, digest, emergent, parts, split_off, unexplained
from pipeline.themes.identity import Earlier, keep_ids
from pipeline.themes.phrases import Wording, keyphrases
from pipeline.themes.quotes import centrality, quotes_of, verify_quotes
from pipeline.themes.ranking import weight
from pipeline.themes.stability import Gathered, stability, stability_level
from pipeline.themes.titles import titles
from pipeline.themes.why import tables_of, why

__all__ = ["Earlier", "gather_themes", "in_order", "keep_ids", "stability_level", "verify_quotes"]

QUOTES_OF_A_PART = 1
# What themes are made of. Some points are picked out of all many times over, which is quick where a table is narrow and its texts plain.
_TEXTS = tuple("point_id event session table text source_file aspect priority level resident codes outcome expanded phrases".split())
_READ = (*_TEXTS, "mentions", "procedural")
_NONE_NAMED: Mapping[str, str] = MappingProxyType({})


def gather_themes(
    points: pd.DataFrame,
    vectors: AnyVectors,
    probabilities: npt.NDArray[np.float64],
    taxonomy: Taxonomy,
    partition: Partition,
    settings: Settings,
    *,
    named: Mapping[str, str] = _NONE_NAMED,
) -> tuple[pd.DataFrame, list[ThemeRow]]:
    """Gather the themes of every session of one event.

    Parameters
    ----------
    points : Labelled, n rows.
    vectors : float32 (n, dimension), unit rows, row for row.
    probabilities : float64 (n, themes of the taxonomy).
    taxonomy : what the points were labelled with.
    partition : clusters the points that the taxonomy does not explain, and those of one theme.
    settings : quotes a theme, and the seed.
    named : the name of the theme that people split a point off into, by its id; it is in that theme alone, whatever its codes.

    Returns
    -------
    (points, themes) : the points with ``theme_id`` (that of the theme it was split off into, else of the first code that no other
        of its codes is part of; empty for undecided and procedural points), in order of session, table, aspect and text; and the
        themes, by session and rank.
        Themes rank by weight (:mod:`pipeline.themes.ranking`), then mentions, then points, then title.
    """
    checked(Labelled, points, "given to themes")
    points = points.reset_index(drop=True)
    themes: list[ThemeRow] = []
    for session in sorted(set(points["session"]), key=session_order):
        order = ["procedural", "text", "point_id"]
        rows = points.loc[points["session"] == session, order].sort_values(order).index.to_numpy()
        own = {name: _plain(points[name].iloc[rows]) for name in _READ}
        themes += _Session(own, vectors[rows], probabilities[rows], taxonomy, partition, settings, named).themes()
    points = points.assign(theme_id=_theme_ids(points, themes, taxonomy))
    told = in_order(points)
    if (told[1:] > told[:-1]).all():  # no copy of a large table is made for nothing
        return points, themes
    return points.iloc[told].reset_index(drop=True), themes


def _plain(column: pd.Series) -> npt.NDArray[Any]:
    """A column as an array, its texts as plain objects, one that stands in several rows held once."""
    if column.name not in _TEXTS:
        return np.asarray(column)
    number, distinct = pd.factorize(column)
    texts: npt.NDArray[Any] = np.asarray(distinct, dtype=object)[number]
    return texts


def in_order(points: pd.DataFrame) -> Rows:
    """The places of points in order of session, table, aspect, text and id."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = points[["session", "table", "aspect", "text", "point_id"]]
    for name in ("session", "table"):
        rank = {value: number for number, value in enumerate(sorted(keys[name].unique(), key=session_order))}
        keys = keys.assign(**{name: keys[name].map(rank).astype("int64")})
    found: Rows = (
        pc.sort_indices(pa.Table.from_pandas(keys, preserve_index=False), sort_keys=[(name, "ascending") for name in keys])
        .to_numpy()
        .astype(np.intp)
    )
    return found


def _theme_ids(points: pd.DataFrame, themes: Sequence[ThemeRow], taxonomy: Taxonomy) -> pd.Series:
    of_code = {(theme.session, theme.codes[0]): theme.id for theme in themes if theme.kind == "taxonomy"}
    of_point = {point: theme.id for theme in themes if theme.kind == "emergent" for point in theme.point_ids}
    most_specific = {codes: _most_specific(codes, taxonomy) for codes in points["codes"].unique() if codes}
    found = [
        of_point.get(point) or (of_code[session, most_specific[codes]] if codes else "")
        for point, session, codes in zip(points["point_id"], points["session"], points["codes"], strict=True)
    ]
    return pd.Series(found, index=points.index, dtype="str")


def _most_specific(codes: str, taxonomy: Taxonomy) -> str:
    """The first code that no other code of the point is part of."""
    given = codes.split(SEPARATOR)
    above = {broader for code in given for broader in taxonomy.ancestors(code)}
    return next(code for code in given if code not in above)


@dataclass(frozen=True)
class _Session:
    """The points of one session in order of text, procedural ones last, with what goes beside them and what themes are made with."""

    points: Columns
    vectors: AnyVectors
    probabilities: npt.NDArray[np.float64]
    taxonomy: Taxonomy
    partition: Partition
    settings: Settings
    named: Mapping[str, str]

    @cached_property
    def left(self) -> Columns:
        """The points, with no code for those that people split off: they are in no theme but that."""
        if not self.named:
            return self.points
        apart = np.array([point in self.named for point in self.points["point_id"]], dtype=np.bool_)
        codes, outcomes = np.where(apart, "", self.points["codes"]), np.where(apart, "undecided", self.points["outcome"])
        return {**self.points, "codes": codes, "outcome": outcomes}

    @cached_property
    def phrases(self) -> list[tuple[str, ...]]:
        """The noun phrases of each point; those of points that say the same are held once."""
        read = {text: tuple(phrase for phrase in text.split(SEPARATOR) if phrase) for text in set(self.points["phrases"])}
        return [read[text] for text in self.points["phrases"]]

    @cached_property
    def tables_total(self) -> int:
        """At how many tables anything was said."""
        return tables_of(self.points["table"][~self.points["procedural"]])

    def themes(self) -> list[ThemeRow]:
        """The themes of the session, ranked."""
        seed = self.settings.seed
        new = list(emergent(self.left, self.vectors, self.probabilities, self.partition, seed))
        groups = [*new, *split_off(self.points, self.named), *by_code(self.left, self.probabilities, self.taxonomy)]
        split = [self._parts(group) for group in groups]
        stable, parts_stable = self._stability(groups, split)
        worded = [self._wording(group.rows) for group in groups]
        labels = [group.title or self.taxonomy.label(group.codes[0]) for group in groups[len(new) :]]
        phrased = keyphrases(worded)
        named = [*titles(worded, labels, first=len(new), phrased=phrased[: len(new)]), *labels]
        taken = set(named)
        themes = []
        for number, (group, phrases) in enumerate(zip(groups, phrased, strict=True)):
            theme = self._theme(group, named[number], phrases, stable[number])
            others = [*worded[:number], *worded[number + 1 :]]
            subthemes = self._subthemes(group, split[number], parts_stable[number], others, taken)
            taken |= {part.title for part in subthemes}
            themes.append(replace(theme, subthemes=subthemes))
        ranked = sorted(themes, key=lambda t: (-t.weight, -t.mentions, -t.points, t.title, t.id))
        return [replace(theme, rank=number) for number, theme in enumerate(ranked, 1)]

    def _parts(self, group: Group) -> list[Rows]:
        """The sub-themes of a group; none of one that the taxonomy divides itself."""
        if any(self.taxonomy.descendants(code) for code in group.codes):
            return []
        return parts(group.rows, self.points, self.vectors, self.partition, self.settings.seed)

    def _stability(self, groups: list[Group], split: list[list[Rows]]) -> tuple[list[float | None], list[list[float | None]]]:
        """Stability of every group, and of every part of each."""
        among = unexplained(self.left)
        clustered = [group.kind == "emergent" and not group.title for group in groups]
        gathered = [Gathered(group.rows, one, among if one else among[:0]) for group, one in zip(groups, clustered, strict=True)]
        gathered += [
            Gathered(part, clustered=True, within=group.rows) for group, of_group in zip(groups, split, strict=True) for part in of_group
        ]
        spoken = int((~self.points["procedural"]).sum())
        tables = self.points["table"].tolist()[:spoken]
        found = iter(stability(gathered, tables, self.vectors[:spoken], self.partition, self.settings.seed))
        return [next(found) for _ in groups], [[next(found) for _ in of_group] for of_group in split]

    def _wording(self, rows: Rows) -> Wording:
        phrases = tuple(self.phrases[row] for row in rows.tolist())
        return Wording(tuple(self.points["expanded"][rows]), phrases, tuple(centrality(rows, self.vectors)))

    def _members(self, rows: Rows) -> Columns:
        return {name: column[rows] for name, column in self.points.items()}

    def _theme(self, group: Group, title: str, phrases: tuple[str, ...], stable: float | None) -> ThemeRow:
        members = self._members(group.rows)
        return ThemeRow(
            id=_theme_id(members, group.key),
            session=str(members["session"][0]),
            rank=0,
            kind=group.kind,
            codes=group.codes,
            broader=group.broader,
            title=title,
            why=why(group, members, phrases, self.tables_total, self.taxonomy),
            weight=weight(members),
            points=len(group.rows),
            mentions=int(members["mentions"].sum()),
            tables=tables_of(members["table"]),
            tables_total=self.tables_total,
            priorities=_split(members["priority"], PRIORITIES),
            levels=_split(members["level"], LEVELS),
            aspects=_split(members["aspect"], ASPECTS),
            residents=_split(members["resident"], sorted(set(members["resident"]) - {""})),
            keyphrases=phrases,
            quotes=quotes_of(group.rows, self.points, self.vectors, self.settings.quotes_per_theme),
            subthemes=(),
            confidence=round(group.confidence, 3),
            stability=stable,
            point_ids=tuple(sorted(members["point_id"])),
        )

    def _subthemes(
        self, group: Group, split: list[Rows], stable: list[float | None], others: list[Wording], taken: set[str]
    ) -> tuple[SubTheme, ...]:
        """The sub-themes of a group, named by what sets them apart from the other themes of the session and from each other."""
        whole = group.codes[0] if group.codes else "new"
        worded = [*(self._wording(rows) for rows in split), *others] if split else []
        phrased = keyphrases(worded, first=len(split))
        named = titles(worded, taken, first=len(split), phrased=phrased)
        found = []
        for rows, title, phrases, figure in zip(split, named, phrased, stable, strict=True):
            members = self._members(rows)
            found.append(
                SubTheme(
                    id=_theme_id(members, f"{whole}-part-{digest(members['text'].tolist())}"),
                    title=title,
                    points=len(rows),
                    mentions=int(members["mentions"].sum()),
                    tables=tables_of(members["table"]),
                    keyphrases=phrases,
                    quotes=quotes_of(rows, self.points, self.vectors, min(QUOTES_OF_A_PART, self.settings.quotes_per_theme)),
                    stability=figure,
                    point_ids=tuple(sorted(members["point_id"])),
                )
            )
        return tuple(sorted(found, key=lambda part: (-part.tables, -part.mentions, -part.points, part.title)))


def _theme_id(members: Columns, key: str) -> str:
    session = str(members["session"][0])
    plain = re.sub(r"\W+", "-", session.lower()).strip("-")
    if plain != session:  # two names may look alike in plain letters
        plain = f"{plain}-{digest([session])}"
    return f"{members['event'][0]}-{plain}-{key}"


def _split(values: npt.NDArray[Any], order: Iterable[str]) -> dict[str, int]:
    """How many points carry each value, in the given order, zero counts and blanks left out."""
    counts = Counter(values)
    return {value: int(counts[value]) for value in order if counts[value]}
