"""The events that a comparison is made of, read back, and the folder it is written to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.comparison import Comparison
from pipeline.errors import ContractError, ReadError
from pipeline.report.comparison import comparison_files
from pipeline.results import EventResult
from pipeline.store import check_replaceable, event_folders, json_bytes, read_event, table_csv, table_parquet, themes_document, write_folder
from pipeline.store.documents import validate

COMPARISON_SCHEMA = "workshop-themes/comparison/1.0"
FILES = tuple(f"comparison.{form}" for form in ("html", "docx", "md", "json", "csv", "parquet"))


def read_events(folders: Sequence[Path]) -> list[EventResult]:
    """Read events that runs wrote, in order of their ids.

    Parameters
    ----------
    folders : folders of one event each, or of such folders; one that is named twice is read once.

    Raises
    ------
    ReadError : a folder holds no run, a run is broken or not all of one piece, or two folders hold runs of one event.
    """
    places = {folder.resolve(): folder for folder in event_folders(folders)}
    read: dict[str, tuple[Path, EventResult]] = {}
    for place in sorted(places.values()):
        found = _whole(place, read_event(place))
        other, _ = read.setdefault(found.event.id, (place, found))
        if other != place:
            raise ReadError(
                f"'{other}' and '{place}' both hold the event '{found.event.id}'",
                where="the folders given",
                expected="one run of each event",
                do="leave one of them out; if they are two events, run one of them again from a folder of another name",
            )
    return [read[event][1] for event in sorted(read)]


def _whole(folder: Path, result: EventResult) -> EventResult:
    """A run that was read back, if its parts have the form they should and belong together."""
    known = set(result.points["point_id"])
    try:
        validate(themes_document(result))
        if not all(isinstance(result.run[key], dict) for key in ("versions", "models", "taxonomy", "settings")):
            what = "its run.json is not what a run writes"
        elif any(point not in known for theme in result.themes for point in theme.point_ids):
            what = "its themes.json and points.parquet are not of one run"
        elif set(result.points["event"]) - {result.event.id}:
            what = "its themes.json and points.parquet are of two events"
        else:
            return result
    except (ContractError, KeyError, TypeError, ValueError) as error:
        what = f"its themes.json or run.json is not what a run writes ({' '.join(str(error).split())[:160]})"
    raise ReadError(
        what,
        where=str(folder),
        expected="the folder of one event, as `themes run` of this version wrote it",
        do="run the event again",
    )


def themes_sha256(result: EventResult) -> str:
    """The sha256 of an event's themes.json, in hexadecimal."""
    return hashlib.sha256(json_bytes(themes_document(result))).hexdigest()


def check_place(out: Path) -> None:
    """Make sure that a comparison may be written there.

    Raises
    ------
    OutputError : the folder holds something other than an earlier comparison, or is a file.
    """
    check_replaceable(out, FILES, "comparison")


def write_comparison(out: Path, comparison: Comparison, document: dict[str, Any], table: pd.DataFrame) -> Path:
    """Write a comparison into the folder ``out`` in one step, in place of an earlier one.

    Parameters
    ----------
    comparison : for comparison.html, comparison.docx and comparison.md.
    document : the same for comparison.json.
    table : the same for comparison.csv and comparison.parquet: one row a measure, theme and division.

    Raises
    ------
    ContractError : the document does not keep docs/schema/comparison.schema.json (a fault of the program).
    OutputError : the folder cannot be written, or holds something else; what was there is intact.
    """
    out = out.absolute()
    check_place(out)
    validate(document, "comparison")
    files = {
        "comparison.json": json_bytes(document),
        "comparison.csv": table_csv(table),
        "comparison.parquet": table_parquet(table),
        **comparison_files(comparison),
    }
    return write_folder(out.parent, out.name, files)
