"""Store: the only writer of results, and the reader of those it wrote. One folder an event, visible only when complete.

Files are written to a hidden folder beside their final place, flushed to disk, and then renamed into place, so an
interrupted run leaves the earlier result, or none, but never half of one.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from pipeline.errors import ReadError
from pipeline.report import report_markdown
from pipeline.results import EventResult
from pipeline.store.documents import themes_document, themes_table, validate
from pipeline.store.files import locked, write_file, write_folder
from pipeline.themes import Earlier
from pipeline.themes.identity import groups_of
from pipeline.themes.matching import Group

__all__ = [
    "POINT_COLUMNS",
    "StoredRun",
    "locked",
    "read_earlier",
    "read_run",
    "table_csv",
    "themes_document",
    "write_event",
    "write_file",
    "write_folder",
]

# The last four are the same signs in full width, which some programs take for them.
_FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
POINT_COLUMNS = (
    "point_id", "note_id", "event", "division", "session", "table", "heading", "aspect", "priority", "level", "resident", "text",
    "source_file", "source_locator", "start", "end", "mentions", "theme_id", "codes", "scores", "outcome", "evidence",
    "outcome_score", "tally", "cluster", "cluster_codes", "cluster_mixed", "topic",
)  # fmt: skip


def write_event(out: Path, result: EventResult) -> Path:
    """Write everything a run gives for one event; returns its folder ``out/<event id>``.

    Raises
    ------
    ContractError : themes.json does not keep its published schema (a fault of the program).
    OutputError : the folder cannot be written; earlier results there are intact.
    """
    document = themes_document(result)
    validate(document)
    points = result.points[list(POINT_COLUMNS)]
    files = {
        "themes.json": _json(document),
        "themes.csv": table_csv(themes_table(result.themes)),
        "points.csv": table_csv(points),
        "points.parquet": _parquet(points),
        "dropped.csv": table_csv(result.dropped),
        "run.json": _json(result.run),
        "report.md": report_markdown(result).encode(),
    }
    if result.redactions is not None:
        files["redactions.csv"] = table_csv(result.redactions)
    return write_folder(out, result.event.id, files)


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
        groups = [group for session in sessions for theme in session["themes"] for group in _groups_of(session["id"], theme)]
    except (ReadError, OSError, ValueError, KeyError, TypeError) as error:
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


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def table_csv(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a CSV file: UTF-8, commas, one header row.

    Excel and its like run a cell that begins with ``= + - @``, a tab or a line end as a formula, and anyone may have typed one into
    the notes. Such a cell gets an apostrophe in front, as OWASP advises (CSV Injection), unless it is a plain number. The words as
    typed are in points.parquet and themes.json. Line ends within a cell become newlines, or they would end the row.
    """
    safe = table.copy()
    for name in table:
        if not is_numeric_dtype(table[name]):
            safe[name] = table[name].map(_harmless)
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text.encode()


def _harmless(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{value}" if _FORMULA.match(value) and not _NUMBER.fullmatch(value) else value


def _parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()
