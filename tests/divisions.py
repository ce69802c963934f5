"""Small made-up events for tests of comparisons, each as a run has it; every place in them is invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from labelled_points import labelled_points

from pipeline.compare import compare_events
from pipeline.comparison import Cell, ComparedTheme, Comparison, Measure
from pipeline.embed import Vectors
from pipeline.records import OUTCOMES, Dropped, Event, Session, empty
from pipeline.results import EventResult, Quote, ThemeRow
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, Theme

TAXONOMY = Taxonomy(
    "t",
    "1",
    (
        Theme("dv", "Domestic abuse"),
        Theme("control", "Coercive control", broader="dv"),
        Theme("asb", "Anti-social behaviour"),
        Theme("theft", "Theft"),
        Theme("roads", "Roads"),
    ),
    sha256="0" * 64,
)


_BLANK = {"session": "1", "priority": "", "level": "", "aspect": "", "resident": "", "mentions": 1, "new": ""}


def said(table: str, codes: str = "", text: str = "", **more: Any) -> dict[str, Any]:
    """A point; without a code it is undecided, or emergent theme ``new`` where that is named."""
    return {"table": table, "codes": codes, "text": text or f"{codes or 'something'} at {table}", "new": "", **more}


def event(name: str, division: str, points: Sequence[dict[str, Any]], sessions: Iterable[str] = ("1",), **run: Any) -> EventResult:
    """An event whose themes gather its points by code, and its emergent ones by ``new``."""
    made = [
        {**point, "outcome": point.get("outcome") or ("labelled" if point["codes"] else "no_match" if point.get("new") else "undecided")}
        for point in points
    ]
    told = [{key: value for key, value in point.items() if key != "new"} for point in made]
    table = labelled_points(*told, event=name, division=division).assign(theme_id="", decided_by="")
    known = [_BLANK | point | {"point_id": point_id} for point_id, point in zip(table["point_id"], made, strict=True)]
    themes = [theme for session in sessions for theme in _themes(name, session, known)]
    outcomes = {outcome: int((table["outcome"] == outcome).sum()) for outcome in OUTCOMES}
    account = {
        "taxonomy": {"name": TAXONOMY.name, "version": TAXONOMY.version, "sha256": TAXONOMY.sha256},
        "versions": {"workshop-themes": "1"},
        "models": {"encoder": {"name": "e", "sha256": "1"}, "label_head": {}},
        "settings": Settings().model_dump(mode="json"),
        "files": [],
        "counts": {"files_read": 1, "outcomes": outcomes},
        "conservation": {"words": {"read": 5, "kept": 4, "dropped": 1}},
    }  # fmt: skip
    about = Event(name, f"An evening at {name}", division, sessions=tuple(Session(session, f"Session {session}") for session in sessions))
    return EventResult(about, table, themes, empty(Dropped), {**account, **run})


def _themes(name: str, session: str, points: Sequence[dict[str, Any]]) -> list[ThemeRow]:
    own = [point for point in points if point["session"] == session]
    total = len({point["table"] for point in own if point["outcome"] != "procedural"} - {""})
    found = []
    for theme in TAXONOMY.themes:
        members = [point for point in own if theme.code in TAXONOMY.rolled_up(filter(None, point["codes"].split("|")))]
        if members:
            found.append(_theme(f"{name}-{session}-{theme.code}", session, "taxonomy", (theme.code,), theme.label, members, theme.broader))
    for new in sorted({point["new"] for point in own} - {""}):
        members = [point for point in own if point["new"] == new]
        found.append(_theme(f"{name}-{session}-new-{new}", session, "emergent", (), f"About {new}", members, None))
    return [replace(theme, tables_total=total, rank=rank) for rank, theme in enumerate(found, 1)]


def _theme(
    name: str, session: str, kind: str, codes: tuple[str, ...], title: str, members: list[dict[str, Any]], broader: str | None
) -> ThemeRow:
    def split(column: str) -> dict[str, int]:
        return dict(sorted(Counter(point[column] for point in members if point[column]).items()))

    quotes = tuple(Quote(p["point_id"], p["text"], p["table"], "notes.txt", (p["table"],) if p["table"] else ()) for p in members[:3])
    return ThemeRow(
        id=name, session=session, rank=1, kind=kind, codes=codes, broader=broader, title=title, why="w", weight=1, points=len(members),
        mentions=sum(point["mentions"] for point in members), tables=len({point["table"] for point in members} - {""}), tables_total=0,
        priorities=split("priority"), levels=split("level"), aspects=split("aspect"), residents=split("resident"), keyphrases=(),
        quotes=quotes, subthemes=(), confidence=0.5, stability=None, point_ids=tuple(sorted(point["point_id"] for point in members)),
    )  # fmt: skip


def tables(count: int, *, first: int = 1) -> list[str]:
    """Names of so many tables."""
    return [str(number) for number in range(first, first + count)]


def evening(name: str, division: str, total: int, **raised: int) -> EventResult:
    """An event of ``total`` tables, of which the first so many raised each theme."""
    points = [said(table, text=f"nothing much at {table}") for table in tables(total)]
    points += [said(table, code) for code, number in raised.items() for table in tables(number)]
    return event(name, division, points)


def letters(texts: list[str]) -> Vectors:
    """Vectors of texts by their first letter: texts of one letter are equal, others have nothing in common."""
    made = np.zeros((len(texts), 26), dtype=np.float32)
    made[np.arange(len(texts)), [ord(text[0].lower()) - ord("a") for text in texts]] = 1.0
    return made


def compared(*events: EventResult, settings: Settings | None = None, **more: Any) -> Comparison:
    """A comparison with the taxonomy and the vectors of here."""
    return compare_events(events, settings or Settings(), more.pop("taxonomy", TAXONOMY), letters, **more)


def measure(comparison: Comparison, kind: str = "raised", value: str = "") -> Measure:
    """The measure of a kind and value."""
    return next(found for found in comparison.measures if (found.kind, found.value) == (kind, value))


def theme(comparison: Comparison, code: str, kind: str = "raised", value: str = "") -> ComparedTheme:
    """A theme under a measure."""
    return next(found for found in measure(comparison, kind, value).themes if found.code == code)


def cell(comparison: Comparison, code: str, division: str, kind: str = "raised", value: str = "") -> Cell:
    """A theme in a division under a measure."""
    return next(found for found in theme(comparison, code, kind, value).cells if found.division == division)


def made_up() -> list[EventResult]:
    """Three small events; every word in them is invented."""
    urgent = {"priority": "Urgent & Essential", "aspect": "challenge"}
    ashdale = [said(t, "theft", f"sheds broken into at {t}", **urgent) for t in tables(6)]
    ashdale += [said(t, "dv", "quarrels behind closed doors", aspect="challenge") for t in tables(2)]
    ashdale += [said("3", "asb", "fireworks in October", aspect="barrier"), said("4", text="bus stops at six", new="bus")]
    birkby = [said(t, "roads", f"lorries by the weir at {t}", aspect="challenge") for t in tables(5)]
    birkby += [said(t, "dv", f"a helpline nobody knows {t}", aspect="challenge") for t in tables(4)]
    birkby += [said("1", "asb|roads", "=quads on the green", resident="older people", aspect="issue")]
    birkby += [said("5", text="bus fares", new="fare"), said("5", text="tea at eight", outcome="procedural")]
    cotmoor = [said("", "asb", "litter by the lock", mentions=4), said("", "theft", "tools taken from vans")]
    return [event("ashdale", "Ashdale", ashdale), event("birkby", "Birkby", birkby), event("cotmoor", "Cotmoor", cotmoor)]
