"""Quotes: a theme's points shown as evidence, verbatim, central and different, and how many tables said nearly the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import AnyVectors, Repeated, dense
from pipeline.errors import ContractError
from pipeline.records import Columns, Rows, session_order
from pipeline.results import Quote, ThemeRow

# Balance of "like the whole theme" against "unlike the quotes already chosen" (Carbonell and Goldstein 1998).
CENTRAL = 0.7
# Two points at least this alike (cosine of their vectors) say the same in nearly the same words: "Burglaries", "burglary".
SAME = 0.9
DECIMALS = 6
AT_A_TIME = 4096
_VERIFIED = ["point_id", "text", "start", "end", "source_file", "source_locator"]


def quotes_of(rows: Rows, points: Columns, vectors: AnyVectors, most: int) -> tuple[Quote, ...]:
    """Quotes by maximal marginal relevance, a table not yet quoted before one that was.

    Points of the theme that say nearly the same as a quote, at its own or at other tables, stand behind it and are not quoted.

    Parameters
    ----------
    rows : the theme's rows of ``points`` and ``vectors``, in order of content.
    points : columns of Labelled, its rows numbered from 0.
    vectors : float32 (n, dimension), unit rows, row for row.
    most : so many quotes at most.
    """
    central = np.array(centrality(rows, vectors))
    said = {name: np.asarray(points[name])[rows] for name in ("text", "table", "point_id", "source_file")}
    words, _ = _numbered([text.casefold() for text in said["text"]])
    tables, named = _numbered(said["table"].tolist())
    left = np.ones(len(rows), dtype=np.bool_)
    quoted = np.zeros(len(named), dtype=np.bool_)
    redundant = np.zeros(len(rows))
    found: list[Quote] = []
    while left.any() and len(found) < most:
        fresh = left & ~quoted[tables]
        places = np.flatnonzero(fresh if fresh.any() else left)
        worth = CENTRAL * central[places] - (1 - CENTRAL) * redundant[places]
        # numpy rounds what lies half-way otherwise than Python does, which decides among the few that may be the best.
        near = places[worth >= worth.max() - 2 * 10.0**-DECIMALS].tolist()
        rounded = {place: round(float(CENTRAL * central[place] - (1 - CENTRAL) * redundant[place]), DECIMALS) for place in near}
        best = min(near, key=lambda place: (-rounded[place], *(said[name][place] for name in said)))
        alike = _cosines(rows, vectors, dense(vectors[rows[best : best + 1]])[0].astype(np.float64))
        same = left & ((words == words[best]) | (alike >= SAME))
        others = np.unique(tables[same])
        others = others[[named[table] != "" for table in others]]
        point_id, text, table, source_file = (str(said[name][best]) for name in ("point_id", "text", "table", "source_file"))
        at = tuple(sorted((str(named[table]) for table in others), key=session_order))
        found.append(Quote(point_id, text, table, source_file, at))
        quoted[others] = True
        left &= ~same
        redundant = np.maximum(redundant, alike)
    return tuple(found)


def _numbered(values: Sequence[str]) -> tuple[Rows, list[str]]:
    """Texts as numbers, the same for the same text, and the text of each number."""
    number, distinct = pd.factorize(np.asarray(values, dtype=object))
    return number, list(distinct)


def centrality(rows: Rows, vectors: AnyVectors) -> list[float]:
    """How central each point is to its theme: its cosine with the theme's mean, -1 to 1, to six decimals."""
    centre = np.zeros(_dimension(vectors))
    for members in _parts(rows, vectors):
        centre += members.sum(axis=0)
    centre /= max(1, len(rows))
    centre /= max(float(np.linalg.norm(centre)), 1e-9)
    return [float(cosine) for cosine in _cosines(rows, vectors, centre)]


def _cosines(rows: Rows, vectors: AnyVectors, other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Cosine of each of some rows with a unit vector, float64 (dimension,), to six decimals."""
    found = [members @ other for members in _parts(rows, vectors)]
    return np.round(np.concatenate([np.zeros(0), *found]), DECIMALS)


def _parts(rows: Rows, vectors: AnyVectors) -> Iterator[npt.NDArray[np.float64]]:
    """Rows of vectors, so many at a time that memory does not grow with their number."""
    for start in range(0, len(rows), AT_A_TIME):
        yield dense(vectors[rows[start : start + AT_A_TIME]]).astype(np.float64)


def _dimension(vectors: AnyVectors) -> int:
    return int((vectors.distinct if isinstance(vectors, Repeated) else vectors).shape[1])


def verify_quotes(themes: list[ThemeRow], points: pd.DataFrame, notes: pd.DataFrame) -> None:
    """Check that every point, and so every quote, stands in its note word for word.

    Raises
    ------
    ContractError : one does not; nothing is then written.
    """
    note_of = pd.Index(notes["note_id"]).get_indexer(pd.Index(points["note_id"]))
    said: dict[str, str] = {}
    quotes = [
        (theme, quote) for theme in themes for quote in (*theme.quotes, *(quote for part in theme.subthemes for quote in part.quotes))
    ]
    quoted = {quote.point_id for _, quote in quotes}
    for start in range(0, len(points), AT_A_TIME):  # the texts of all notes at once would be held a second time
        rows = slice(start, start + AT_A_TIME)
        of_notes = notes["text"].take(note_of[rows])
        for text, place, point in zip(of_notes, note_of[rows], points[_VERIFIED].iloc[rows].itertuples(), strict=True):
            if place < 0 or text[point.start : point.end] != point.text:
                raise ContractError(
                    f"point {point.point_id} is not what its note says from character {point.start} to {point.end}",
                    where=f"{point.source_file}, {point.source_locator}",
                    expected="the note's own words",
                    do="please report this as a fault",
                )
            if point.point_id in quoted:
                said[point.point_id] = point.text
    for theme, quote in quotes:
        if said.get(quote.point_id) != quote.text:
            raise ContractError(
                f"a quote of theme {theme.id} is not what point {quote.point_id} says",
                where=quote.source_file,
                expected="the point's own words",
                do="please report this as a fault",
            )
