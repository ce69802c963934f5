"""What the sheets of the workbook say: columns, each with what it means in plain words, and rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.records import ASPECTS, LEVELS, PRIORITIES, Rows, session_order
from pipeline.report.many import MOST_LISTED, listed
from pipeline.report.withheld import Withheld
from pipeline.report.wording import counted, said_at
from pipeline.results import EventResult, ThemeRow
from pipeline.themes import stability_level

Value = str | int | float | None
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what it means, its width in characters, and how its numbers are shown."""

    heading: str
    meaning: str
    width: int
    kind: Literal["text", "count", "share"] = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook.

    Attributes
    ----------
    says : what it has, in words.
    whole : the file that has all of what a cell or the sheet cannot hold.
    frozen : so many columns stay in sight.
    printed : so many columns go on paper; with all of them, nobody could read it.
    """

    name: str
    says: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    whole: str
    frozen: int
    printed: int


_THEME_COLUMNS = (
    Column("Rank", "The theme's place in its session: by the tables that raised it and how urgent they said it was.", 7, "count"),
    Column("Theme", "What the theme is called.", 28),
    Column("Points", "How many points were made on it.", 8, "count"),
    Column("Mentions", "How often they were made, tally marks counted.", 10, "count"),
    Column("Tables", "How many tables raised it.", 8, "count"),
    Column("Of tables", "How many tables spoke in the session.", 8, "count"),
    *(Column(priority, f"How many of the points stood under the heading {priority}.", 11, "count") for priority in PRIORITIES),
    *(Column(name, f"How many of the points were said of this level: {name}.", 14, "count") for name in LEVELS.values()),
    Column("Quotes", "Points as they were typed, and which tables made them.", 60),
    Column(
        "Kind",
        "taxonomy: a theme of the list of themes; emergent: found among points that the list has no theme for, or split off by people.",
        10,
    ),
    Column("Codes", "The theme's code in the list of themes.", 18),
    Column("Part of", "The code of the wider theme that it is part of, if any; that theme counts these points too.", 13),
    Column("Aspects", "What the points were given as, and how many as each.", 30),
    Column("Resident types", "Which residents the points were about, and how many about each.", 30),
    Column("Key phrases", "Phrases that mark this theme off from the others.", 44),
    Column("Sub-themes", "Parts of the theme that clearly differ, with their points.", 36),
    Column("Why", "Why the program made this a theme.", 70),
    Column("Confidence", "How probable it is, by the program's own reckoning, that the points belong to it: from 0 to 1.", 11, "share"),
    Column("Stability", "How often the theme is found again when tables are drawn anew: from 0 to 1.", 9, "share"),
    Column("Stability level", "The same in a word: high, medium or low.", 10),
    Column("Theme id", "The name by which the other files know it.", 30),
)
_POINT_COLUMNS = (
    Column("Session", "The workshop session.", 8, "count"),
    Column("Table", "The table that made the point.", 7, "count"),
    Column("Point", "The point as it was typed; personal details that were recognised are replaced.", 60),
    Column("Aspect", "What it was given as.", 16),
    Column("Priority", "The priority heading that it stood under.", 16),
    Column("Level", "Neighbourhood or division, as the heading said.", 15),
    Column("Resident type", "Which residents it is about.", 14),
    Column("Mentions", "How often it was made, tally marks counted.", 9, "count"),
    Column("Themes", "The themes that it counts for.", 26),
    Column("Codes", "The codes that it was given.", 18),
    Column("Outcome", "labelled, no_match (about something the list of themes lacks), undecided (too little to tell) or procedural.", 12),
    Column("Decided by", "machine, or human where a person corrected it.", 11),
    Column("Evidence", "What decided for each code.", 110),
    Column("Heading", "The headings above it, as typed.", 60),
    Column("File", "The file that it was read from.", 18),
    Column("Place", "Where in that file.", 13),
    Column("Point id", "The name by which the other files know it.", 18),
)
_DROPPED_COLUMNS = (
    Column("Text", "What was read and not used.", 70),
    Column("Reason", "Why not.", 34),
    Column("File", "The file that it was read from.", 26),
    Column("Place", "Where in that file.", 16),
)


def session_sheet(name: str, themes: Sequence[ThemeRow], result: EventResult, hidden: Withheld) -> Sheet:
    """A session's themes in rank order, one a row."""
    texts = dict(zip(result.points["point_id"], result.points["text"], strict=True)) if hidden.points else {}
    rows = tuple(_theme(theme, texts, hidden) for theme in themes)
    says = f"{counted(len(rows), 'theme')} in rank order" if rows else "no themes were found"
    return Sheet(name, says, _THEME_COLUMNS, rows, "themes.json", frozen=2, printed=13)


def points_sheet(name: str, result: EventResult, hidden: Withheld) -> Sheet:
    """Every point, one a row, by session and table; withheld ones stand last in their session, or their place would tell the table."""
    secret = _Secret(result.points, hidden)
    points = result.points
    keys = _places(points["table"]), points["point_id"].isin(hidden.points).to_numpy(), _places(points["session"])
    shown = points.iloc[np.lexsort(keys)[:MOST_LISTED]]
    titles: dict[str, list[str]] = {point_id: [] for point_id in shown["point_id"]}
    for theme in result.themes:
        for point_id in theme.point_ids:
            if point_id in titles:
                titles[point_id].append(theme.title)
    rows = tuple(_point(point, "; ".join(titles[point.point_id]), secret, hidden) for point in shown.itertuples())
    says = f"{counted(len(rows), 'point')}, one a row"
    if not listed(points):
        says = f"the first {len(rows):,} of {len(points):,} points, one a row; points.csv has them all"
    return Sheet(name, says, _POINT_COLUMNS, rows, "points.csv", frozen=3, printed=9)


def _places(names: pd.Series) -> Rows:
    """The place of each session or table in their order."""
    number, distinct = pd.factorize(names)
    place = {name: at for at, name in enumerate(sorted(distinct, key=session_order))}
    found: Rows = np.array([place[name] for name in distinct], dtype=np.intp)[number]
    return found


def dropped_sheet(name: str, result: EventResult, hidden: Withheld) -> Sheet:
    """Every piece of text that was read and not used, one a row; withheld ones stand last, without their place."""
    secret = _Secret(result.points, hidden)
    told, untold = [], []
    for piece in result.dropped.itertuples():
        if secret.has(piece):
            untold.append((_unsaid(hidden), piece.reason, "", ""))
        else:
            told.append((piece.text, piece.reason, piece.source_file, piece.source_locator))
    rows = (*told, *untold)
    says = f"{counted(len(rows), 'piece')} of text read and not used, one a row"
    return Sheet(name, says, _DROPPED_COLUMNS, rows, "dropped.csv", frozen=1, printed=len(_DROPPED_COLUMNS))


class _Secret:
    """What is withheld, to be known again where it stands in something else: in a heading, or in a piece dropped beside it."""

    def __init__(self, points: pd.DataFrame, hidden: Withheld) -> None:
        told = points[points["point_id"].isin(hidden.points)]
        self._texts = [words for words in map(_words, told["text"]) if words.strip()]
        self._places = set(zip(told["source_file"], told["source_locator"], strict=True))

    def within(self, text: str) -> bool:
        """Whether the words of a withheld point stand in a text."""
        words = _words(text)
        return any(found in words for found in self._texts)

    def has(self, piece: Any) -> bool:
        """Whether a piece that was dropped comes from the place of a withheld point, or says its words."""
        return (piece.source_file, piece.source_locator) in self._places or self.within(piece.text)


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _unsaid(hidden: Withheld) -> str:
    return f"withheld: a sensitive theme, raised at fewer than {hidden.least} tables"


def _theme(theme: ThemeRow, texts: Mapping[str, str], hidden: Withheld) -> tuple[Value, ...]:
    quotes, parts = hidden.quotes(theme.quotes), hidden.subthemes(theme)
    phrases = _phrases(theme, texts, hidden)
    unsaid = _unsaid(hidden)
    said = [f"“{quote.text}”" + (f" ({said_at(quote.tables)})" if quote.tables else "") for quote in quotes]
    return (
        theme.rank,
        theme.title,
        theme.points,
        theme.mentions,
        theme.tables if theme.tables_total else None,
        theme.tables_total or None,
        *(theme.priorities.get(priority, 0) for priority in PRIORITIES),
        *(theme.levels.get(level, 0) for level in LEVELS),
        "\n".join(said + [unsaid] * (len(quotes) < len(theme.quotes))),
        theme.kind,
        "; ".join(theme.codes),
        theme.broader or "",
        _split({ASPECTS.get(aspect, aspect): number for aspect, number in theme.aspects.items()}),
        _split(theme.residents),
        "; ".join(phrases + [unsaid] * (len(phrases) < len(theme.keyphrases))),
        "\n".join([f"{part.title}: {part.points}" for part in parts] + [unsaid] * (len(parts) < len(theme.subthemes))),
        theme.why if len(phrases) == len(theme.keyphrases) else unsaid,
        theme.confidence,
        theme.stability,
        stability_level(theme.stability),
        theme.id,
    )


def _phrases(theme: ThemeRow, texts: Mapping[str, str], hidden: Withheld) -> list[str]:
    """The key phrases that may be shown: where some points are withheld, those that others say too."""
    if hidden.points.isdisjoint(theme.point_ids):
        return list(theme.keyphrases)
    shown = [_words(texts[point]) for point in theme.point_ids if point not in hidden.points]
    return [phrase for phrase in theme.keyphrases if any(_words(phrase) in text for text in shown)]


def _split(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{value}: {number}" for value, number in counts.items())


def _point(point: Any, themes: str, secret: _Secret, hidden: Withheld) -> tuple[Value, ...]:
    aspect, level = ASPECTS.get(point.aspect, point.aspect), LEVELS.get(point.level, point.level)
    session, codes = _number(point.session), point.codes.replace("|", "; ")
    if point.point_id in hidden.points:  # the table, or what would lead to it, is not told either
        return (session, None, _unsaid(hidden), aspect, "", level, "", point.mentions, themes, codes, point.outcome, *[""] * 6)
    return (
        session,
        _number(point.table),
        point.text,
        aspect,
        point.priority,
        level,
        point.resident,
        point.mentions,
        themes,
        codes,
        point.outcome,
        point.decided_by,
        point.evidence,
        _unsaid(hidden) if secret.within(point.heading) else point.heading,
        point.source_file,
        point.source_locator,
        point.point_id,
    )


def _number(name: str) -> Value:
    """The name of a session or table, as a number where it is one, so that it sorts as one."""
    return int(name) if _NUMBER.fullmatch(name) else name
