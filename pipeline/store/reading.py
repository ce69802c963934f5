"""Reading back what a run wrote."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.cells import as_typed
from pipeline.errors import ReadError
from pipeline.records import Event, Session
from pipeline.results import EventResult, Quote, SubTheme, ThemeRow
from pipeline.themes import Earlier
from pipeline.themes.identity import groups_of
from pipeline.themes.matching import Group

POINT_COLUMNS = (
    "point_id", "note_id", "event", "division", "session", "table", "heading", "aspect", "priority", "level", "resident", "text",
    "source_file", "source_locator", "start", "end", "mentions", "theme_id", "codes", "scores", "outcome", "evidence",
    "outcome_score", "tally", "cluster", "cluster_codes", "cluster_mixed", "topic", "decided_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One event as an earlier run wrote it: its points (the columns of ``POINT_COLUMNS``) and what run.json holds."""

    points: pd.DataFrame
    account: dict[str, Any]


def read_run(folder: Path) -> StoredRun:
    """Read back the folder of one event.

    Raises
    ------
    ReadError : it is no such folder, or lacks something that a run writes.
    """
    for name in ("points.parquet", "run.json"):
        if not (folder / name).is_file():
            raise _no_run(folder, f"it has no {name}")
    try:
        points = pd.read_parquet(folder / "points.parquet")
        account = json.loads((folder / "run.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _no_run(folder, f"it cannot be read as a run ({' '.join(str(error).split())[:160]})") from error
    if "decided_by" not in points:  # a run of before there were corrections
        points = points.assign(decided_by=pd.Series("machine", index=points.index, dtype="str"))
    lacking = [column for column in POINT_COLUMNS if column not in points]
    lacking += [key for key in ("versions", "models", "taxonomy", "settings") if not isinstance(account, dict) or key not in account]
    if lacking:
        raise _no_run(folder, f"its points.parquet or run.json lacks '{lacking[0]}'")
    return StoredRun(points, account)


def read_earlier(folder: Path) -> Earlier:
    """The themes that an earlier run wrote for an event, so that ids can be carried over; none, and why, where there are none."""
    if not folder.exists():
        return Earlier(remark="there was no earlier run")
    try:
        stored = read_run(folder)
        sessions = json.loads((folder / "themes.json").read_text("utf-8"))["sessions"]
        # Themes that people merged or hid are known again by what the program made of them.
        made = {theme["id"]: theme for theme in stored.account.get("corrections", {}).get("machine_themes", [])}
        shown = [(session["id"], theme) for session in sessions for theme in session["themes"] if theme["id"] not in made]
        shown += [(theme["session"], theme) for theme in made.values()]
        groups = [group for session, theme in shown for group in _groups_of(session, theme)]
    except (ReadError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Earlier(remark=f"the earlier run could not be read, so its ids were not carried over ({' '.join(str(error).split())[:160]})")
    return Earlier(tuple(groups), dict(zip(stored.points["point_id"], stored.points["text"], strict=True)), "ids were carried over")


def _groups_of(session: str, theme: dict[str, Any]) -> list[Group]:
    parts = [(part["id"], part["point_ids"]) for part in theme.get("subthemes", [])]
    return groups_of(session, theme["id"], theme["kind"], theme["codes"], theme["point_ids"], parts)


def _no_run(folder: Path, what: str) -> ReadError:
    return ReadError(
        what,
        where=str(folder),
        expected="the folder of one event, written by `themes run` of this version",
        do="name a folder that holds points.parquet and run.json, or run the event again",
    )


def event_folders(paths: Sequence[Path]) -> list[Path]:
    """The folders of events at or directly in the paths given, in order of their names; those that a path names itself come as they are.

    Raises
    ------
    ReadError : a path is no folder of an event and holds none.
    """
    found: list[Path] = []
    for path in paths:
        here = [path] if (path / "run.json").is_file() else sorted(inner.parent for inner in path.glob("[!.]*/run.json"))
        if not here:
            raise _no_run(path, "there is no event in it")
        found += [folder for folder in here if folder not in found]
    return found


def read_event(folder: Path) -> EventResult:
    """Read back everything that a run wrote of one event, as the run had it; redactions stay where they are.

    Raises
    ------
    ReadError : it is no such folder, or lacks something that a run writes.
    """
    stored = read_run(folder)
    try:
        document = json.loads((folder / "themes.json").read_text("utf-8"))
        told = document["event"]
        sessions = tuple(Session(session["id"], session["title"], session["question"]) for session in document["sessions"])
        lists = {name: tuple(told[name]) for name in ("districts", "participants", "inferred")}
        event = Event(**{**told, **lists}, sessions=sessions)
        themes = [_theme(session["id"], theme) for session in document["sessions"] for theme in session["themes"]]
        dropped = _read_csv(folder / "dropped.csv")
        places = _read_csv(folder / "map.csv").astype({"x": "float64", "y": "float64"}) if (folder / "map.csv").is_file() else None
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise _no_run(folder, f"it cannot be read as a run ({' '.join(str(error).split())[:160]})") from error
    return EventResult(event, stored.points, themes, dropped, stored.account, None, places)


def _read_csv(path: Path) -> pd.DataFrame:
    """A table that :func:`pipeline.store.tables.table_csv` wrote, all its cells as text, as typed."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return pd.DataFrame([[as_typed(cell) for cell in row] for row in rows], columns=header, dtype="str")


def _theme(session: str, told: dict[str, Any]) -> ThemeRow:
    return ThemeRow(
        id=told["id"],
        session=session,
        rank=told["rank"],
        kind=told["kind"],
        codes=tuple(told["codes"]),
        broader=told["broader"],
        title=told["title"],
        why=told["why"],
        weight=told["weight"],
        **told["counts"],
        priorities=told["priority"],
        levels=told["level"],
        aspects=told["aspects"],
        residents=told["residents"],
        keyphrases=tuple(told["keyphrases"]),
        quotes=_quotes(told["quotes"]),
        subthemes=tuple(_subtheme(part) for part in told["subthemes"]),
        confidence=told["confidence"],
        stability=told["stability"],
        point_ids=tuple(told["point_ids"]),
    )


def _subtheme(told: dict[str, Any]) -> SubTheme:
    counts = {name: told["counts"][name] for name in ("points", "mentions", "tables")}
    return SubTheme(
        id=told["id"],
        title=told["title"],
        **counts,
        keyphrases=tuple(told["keyphrases"]),
        quotes=_quotes(told["quotes"]),
        stability=told["stability"],
        point_ids=tuple(told["point_ids"]),
    )


def _quotes(told: list[dict[str, Any]]) -> tuple[Quote, ...]:
    return tuple(Quote(**{**quote, "tables": tuple(quote["tables"])}) for quote in told)
