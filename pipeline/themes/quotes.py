"""Quotes: a theme's points shown as evidence, verbatim, central and different, and how many tables said nearly the same."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.embed import Vectors
from pipeline.errors import ContractError
from pipeline.records import Rows, session_order
from pipeline.results import Quote, ThemeRow

# Balance of "like the whole theme" against "unlike the quotes already chosen" (Carbonell and Goldstein 1998).
CENTRAL = 0.7
# Two points at least this alike (cosine of their vectors) say the same in nearly the same words: "Burglaries", "burglary".
SAME = 0.9
DECIMALS = 6


def quotes_of(rows: Rows, points: pd.DataFrame, vectors: Vectors, most: int) -> tuple[Quote, ...]:
    """Quotes by maximal marginal relevance, a table not yet quoted before one that was.

    Points of the theme that say nearly the same as a quote, at its own or at other tables, stand behind it and are not quoted.

    Parameters
    ----------
    rows : the theme's rows of ``points`` and ``vectors``, in order of content.
    points : Labelled, with rows numbered from 0.
    vectors : float32 (n, dimension), unit rows, row for row.
    most : so many quotes at most.
    """
    central = centrality(rows, vectors)
    alike = np.round(vectors[rows].astype(np.float64) @ vectors[rows].T.astype(np.float64), DECIMALS)
    said = [(str(point.text), str(point.table), str(point.point_id), str(point.source_file)) for point in points.loc[rows].itertuples()]
    left = list(range(len(rows)))
    redundant = [0.0] * len(rows)
    found: list[Quote] = []
    quoted: set[str] = set()
    while left and len(found) < most:
        worth = {place: round(CENTRAL * central[place] - (1 - CENTRAL) * redundant[place], DECIMALS) for place in left}
        again = {place: said[place][1] != "" and said[place][1] in quoted for place in left}
        best = min(left, key=lambda place: (again[place], -worth[place], said[place]))
        text, table, point_id, source_file = said[best]
        same = [place for place in left if said[place][0].casefold() == text.casefold() or alike[place, best] >= SAME]
        tables = {said[place][1] for place in same} - {""}
        found.append(Quote(point_id, text, table, source_file, tuple(sorted(tables, key=session_order))))
        quoted |= tables
        left = [place for place in left if place not in same]
        redundant = [max(before, float(alike[place, best])) for place, before in enumerate(redundant)]
    return tuple(found)


def centrality(rows: Rows, vectors: Vectors) -> list[float]:
    """How central each point is to its theme: its cosine with the theme's mean, -1 to 1, to six decimals."""
    members = vectors[rows].astype(np.float64)
    centre = members.mean(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-9)
    return [round(float(cosine), DECIMALS) for cosine in members @ centre]


def verify_quotes(themes: list[ThemeRow], points: pd.DataFrame, notes: pd.DataFrame) -> None:
    """Check that every point, and so every quote, stands in its note word for word.

    Raises
    ------
    ContractError : one does not; nothing is then written.
    """
    texts = dict(zip(notes["note_id"], notes["text"], strict=True))
    said = {}
    for point in points.itertuples():
        if texts[point.note_id][point.start : point.end] != point.text:
            raise ContractError(
                f"point {point.point_id} is not what its note says from character {point.start} to {point.end}",
                where=f"{point.source_file}, {point.source_locator}",
                expected="the note's own words",
                do="please report this as a fault",
            )
        said[point.point_id] = point.text
    for theme in themes:
        for quote in (*theme.quotes, *(quote for part in theme.subthemes for quote in part.quotes)):
            if said.get(quote.point_id) != quote.text:
                raise ContractError(
                    f"a quote of theme {theme.id} is not what point {quote.point_id} says",
                    where=quote.source_file,
                    expected="the point's own words",
                    do="please report this as a fault",
                )
