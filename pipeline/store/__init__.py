"""Store: the only writer of results, and the reader of those it wrote. One folder an event, visible only when complete.

Files are written to a hidden folder beside their final place, flushed to disk, and then renamed into place, so an
interrupted run leaves the earlier result, or none, but never half of one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.beside import begun
from pipeline.report import report_files
from pipeline.results import EventResult
from pipeline.store.documents import themes_document, themes_table, validate
from pipeline.store.files import check_folder, check_replaceable, locked, write_file, write_folder
from pipeline.store.reading import POINT_COLUMNS, StoredRun, event_folders, read_earlier, read_event, read_run
from pipeline.store.tables import table_csv, table_csv_parts, table_parquet

__all__ = [
    "POINT_COLUMNS",
    "StoredRun",
    "check_folder",
    "check_replaceable",
    "event_folders",
    "locked",
    "read_earlier",
    "read_event",
    "read_run",
    "table_csv",
    "table_parquet",
    "themes_document",
    "write_event",
    "write_file",
    "write_folder",
    "write_reports",
]


def write_event(out: Path, result: EventResult, *, reports: bool = True) -> Path:
    """Write everything a run gives for one event, its reports if they are wanted; returns its folder ``out/<event id>``.

    Raises
    ------
    ContractError : themes.json does not keep its published schema (a fault of the program).
    OutputError : the folder cannot be written; earlier results there are intact.
    """
    document = themes_document(result)
    validated = begun(validate, document)
    points = result.points[list(POINT_COLUMNS)]
    files: dict[str, bytes | Iterable[bytes]] = {
        "themes.json": json_bytes(document),
        "themes.csv": table_csv(themes_table(result.themes)),
        "points.csv": table_csv_parts(points),
        "points.parquet": map(table_parquet, [points]),  # made when it is written
        "dropped.csv": table_csv(result.dropped),
        "run.json": json_bytes(result.run),
    }
    if result.places is not None:
        files["map.csv"] = table_csv(result.places)
    if result.redactions is not None:
        files["redactions.csv"] = table_csv(result.redactions)
    validated()
    if reports:
        files |= report_files(result)
    return write_folder(out, result.event.id, files)


def write_reports(folder: Path) -> tuple[Path, ...]:
    """Write the reports of an event's folder anew from what else stands in it; returns their paths.

    Raises
    ------
    ReadError : it is no such folder.
    OutputError : a report cannot be written; those that were there are intact.
    """
    files = report_files(read_event(folder))
    for name, data in files.items():
        write_file(folder / name, data)
    return tuple(folder / name for name in files)


def json_bytes(value: Any) -> bytes:
    """A value as the bytes of a JSON file of a result."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
