"""Themes that the taxonomy lacks, matched across divisions by what was said.

Within one event such themes are clusters of points; their ids mean nothing elsewhere. Here two are taken for one if their texts are alike:
if the mean vectors of their distinct points have a cosine of at least :data:`LIKENESS`, and so has every other pair in the group (complete
linkage: Sorensen 1948, Biologiske Skrifter 5, 1-34). They are counted and not tested: they were found in the same points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.compare.counting import Material, tables_of
from pipeline.compare.difference import significant, wilson
from pipeline.compare.measures import shown
from pipeline.comparison import ComparedQuote, EmergentCell, EmergentMember, EmergentTheme, Rules
from pipeline.embed import Vectors
from pipeline.results import ThemeRow

# Of pairs of one to three coded points of two events, 95 in 100 that are so alike have the same code (benchmarks/README.md).
LIKENESS = 0.55
DECIMALS = 6
QUOTES = 3
EmbedTexts = Callable[[list[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Said:
    """A point as far as emergent themes go."""

    event: str
    division: str
    table: str
    text: str
    mentions: int


def match_emergent(
    material: Material, rules: Rules, quotes_of: Callable[[str, ThemeRow], Sequence[ComparedQuote]], embed_texts: EmbedTexts
) -> tuple[tuple[EmergentTheme, ...], int]:
    """Match the emergent themes of all events.

    Parameters
    ----------
    material : what is compared.
    rules : with ``hide_small``, counts below the threshold are hidden, and a theme that has no other is left out.
    quotes_of : the quotes of an event's theme that may be shown.
    embed_texts : gives n texts their vectors, float32 (n, dimension); asked once, for sorted distinct texts, if there are two themes.

    Returns
    -------
    (themes, left out) : those of several divisions first, the most widely raised first; and how many are not told.
    """
    points = {
        (str(point.event), str(point.point_id)): Said(point.event, point.division, point.table, point.text, int(point.mentions))
        for point in material.points.itertuples()
    }
    found = [
        (EmergentMember(result.event.id, material.division_of[result.event.id], theme.session, theme.id, theme.title), theme)
        for result in material.events
        for theme in result.themes
        if theme.kind == "emergent" and theme.session in material.sessions
    ]
    found.sort(key=lambda pair: (pair[0].event, pair[0].theme_id))
    said = [[points[member.event, point] for point in theme.point_ids if (member.event, point) in points] for member, theme in found]
    groups, cosines = _groups([sorted({point.text for point in of_theme}) for of_theme in said], embed_texts)
    totals = _totals(points, material.divisions)
    made = []
    for group in groups:
        cells = tuple(_cell(division, [point for row in group for point in said[row]], totals, rules) for division in material.divisions)
        told = {cell.division for cell in cells if cell.tables is not None or not _guarded(rules)}
        rows = [row for row in group if found[row][0].division in told]
        if not rows:
            continue
        members = [found[row] for row in rows]
        quotes = [quote for member, theme in members for quote in quotes_of(member.event, theme)[:1]]
        lead, _ = max(members, key=lambda pair: (pair[1].tables, pair[1].points, pair[0].event, pair[0].theme_id))
        made.append(
            EmergentTheme(
                id=f"emergent-{hashlib.blake2s(' '.join(member.theme_id for member, _ in members).encode(), digest_size=4).hexdigest()}",
                title=lead.title,
                matched=len({member.division for member, _ in members}) > 1,
                likeness=float(min(cosines[one, other] for one in rows for other in rows)) if len(rows) > 1 else None,
                cells=cells,
                members=tuple(member for member, _ in members),
                quotes=tuple(quotes[:QUOTES]),
            )
        )
    return tuple(sorted(made, key=_order)), len(groups) - len(made)


def _order(theme: EmergentTheme) -> tuple[bool, int, int, str, str]:
    tables, points = sum(cell.tables or 0 for cell in theme.cells), sum(cell.points or 0 for cell in theme.cells)
    return (not theme.matched, -tables, -points, theme.title, theme.id)


def _groups(texts: Sequence[Sequence[str]], embed_texts: EmbedTexts) -> tuple[list[list[int]], npt.NDArray[np.float64]]:
    """Themes, each given by its texts, that belong together, as lists of rows; and the cosines of all pairs."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(texts) < 2:
        return [[row] for row in range(len(texts))], np.ones((len(texts), len(texts)))
    distinct = sorted({text for of_theme in texts for text in of_theme})
    vectors = embed_texts(distinct).astype(np.float64)
    place = {text: row for row, text in enumerate(distinct)}
    means = np.stack([vectors[[place[text] for text in of_theme]].mean(axis=0) for of_theme in texts])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    cosines = np.round(means @ means.T, DECIMALS)  # the last bits of a sum decide nothing
    cosines = np.minimum(cosines, cosines.T)
    distances = np.maximum(0.0, 1.0 - cosines)
    np.fill_diagonal(distances, 0.0)
    labels = fcluster(linkage(squareform(distances), method="complete"), t=1.0 - LIKENESS + 10.0**-DECIMALS / 2, criterion="distance")
    return [np.flatnonzero(labels == label).tolist() for label in dict.fromkeys(labels.tolist())], cosines


def _guarded(rules: Rules) -> bool:
    """Emergent themes have no code, so only the rule for all themes holds for them."""
    return rules.hide_small and rules.hidden_below > 1


def _totals(points: Mapping[tuple[str, str], Said], divisions: Sequence[str]) -> dict[str, int]:
    """Tables of each division."""
    return {division: _tables([point for point in points.values() if point.division == division]) for division in divisions}


def _tables(said: Sequence[Said]) -> int:
    return tables_of([point.event for point in said], [point.table for point in said])


def _cell(division: str, said: Sequence[Said], totals: Mapping[str, int], rules: Rules) -> EmergentCell:
    own = [point for point in said if point.division == division]
    tables, total = _tables(own), totals[division]
    guarded = _guarded(rules)
    hidden = guarded and bool(total) and tables < rules.hidden_below
    known = bool(total) and not hidden
    low, high = wilson(tables, total) if known else (None, None)
    return EmergentCell(
        division=division,
        tables=tables if known else None,
        tables_total=total,
        hidden=hidden,
        shown=shown(tables, total, rules, hidden=hidden),
        share=significant(tables / total) if known else None,
        low=None if low is None else significant(low),
        high=None if high is None else significant(high),
        points=None if guarded else len(own),
        mentions=None if guarded else sum(point.mentions for point in own),
    )
