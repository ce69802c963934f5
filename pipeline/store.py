"""Store: the only writer of results, and the reader of those it wrote. One folder an event, visible only when complete.

Files are written to a hidden folder beside their final place, flushed to disk, and then renamed into place, so an
interrupted run leaves the earlier result, or none, but never half of one.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd

from pipeline.errors import ContractError, OutputError, ReadError
from pipeline.records import SEPARATOR, EventResult, ThemeRow
from pipeline.report import report_markdown
from pipeline.settings import SCHEMAS

THEMES_SCHEMA = "workshop-themes/themes/1.1"
POINT_COLUMNS = (
    "point_id", "note_id", "event", "division", "session", "table", "heading", "aspect", "priority", "level", "resident", "text",
    "source_file", "source_locator", "start", "end", "mentions", "theme_id", "codes", "scores", "outcome", "evidence",
    "outcome_score", "tally", "cluster", "cluster_codes", "cluster_mixed",
)  # fmt: skip


def write_event(out: Path, result: EventResult) -> Path:
    """Write everything a run gives for one event; returns its folder ``out/<event id>``.

    Raises
    ------
    ContractError : themes.json does not keep its published schema (a fault of the program).
    OutputError : the folder cannot be written; earlier results there are intact.
    """
    document = themes_document(result)
    _validate(document)
    points = result.points[list(POINT_COLUMNS)]
    files = {
        "themes.json": _json(document),
        "themes.csv": table_csv(_themes_table(result.themes)),
        "points.csv": table_csv(points),
        "points.parquet": _parquet(points),
        "dropped.csv": table_csv(result.dropped),
        "run.json": _json(result.run),
        "report.md": report_markdown(result).encode(),
    }
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


def _no_run(folder: Path, what: str) -> ReadError:
    return ReadError(
        what,
        where=str(folder),
        expected="the folder of one event, written by `themes run` of this version",
        do="name a folder that holds points.parquet and run.json, or run the event again",
    )


def themes_document(result: EventResult) -> dict[str, Any]:
    """themes.json as a structure of plain values."""
    event = asdict(result.event)
    del event["sessions"]
    sessions = []
    for session in result.event.sessions:
        points = result.points[result.points["session"] == session.id]
        tables = points.loc[points["table"] != "", "table"].nunique()
        sessions.append(
            {
                "id": session.id,
                "title": session.title,
                "question": session.question,
                "points": len(points),
                "mentions": int(points["mentions"].sum()),
                "tables": int(tables),
                "themes": [_theme(theme) for theme in result.themes if theme.session == session.id],
            }
        )
    taxonomy = {key: result.run["taxonomy"][key] for key in ("name", "version", "sha256")}
    document = {"schema": THEMES_SCHEMA, "event": event, "taxonomy": taxonomy, "sessions": sessions}
    plain: dict[str, Any] = json.loads(json.dumps(document))  # tuples become lists
    return plain


def _theme(theme: ThemeRow) -> dict[str, Any]:
    return {
        "id": theme.id,
        "rank": theme.rank,
        "kind": theme.kind,
        "codes": list(theme.codes),
        "broader": theme.broader,
        "title": theme.title,
        "why": theme.why,
        "counts": {"points": theme.points, "mentions": theme.mentions, "tables": theme.tables, "tables_total": theme.tables_total},
        "priority": theme.priorities,
        "level": theme.levels,
        "aspects": theme.aspects,
        "residents": theme.residents,
        "keyphrases": list(theme.keyphrases),
        "quotes": [asdict(quote) for quote in theme.quotes],
        "confidence": theme.confidence,
        "stability": theme.stability,
        "point_ids": list(theme.point_ids),
    }


def _themes_table(themes: list[ThemeRow]) -> pd.DataFrame:
    """themes.csv: one row a theme; lists joined by '|', counts by value as 'value: n'."""
    rows = []
    for theme in themes:
        rows.append(
            {
                "id": theme.id,
                "session": theme.session,
                "rank": theme.rank,
                "kind": theme.kind,
                "codes": SEPARATOR.join(theme.codes),
                "broader": theme.broader or "",
                "title": theme.title,
                "why": theme.why,
                "points": theme.points,
                "mentions": theme.mentions,
                "tables": theme.tables,
                "tables_total": theme.tables_total,
                "priority": _counts(theme.priorities),
                "level": _counts(theme.levels),
                "aspects": _counts(theme.aspects),
                "residents": _counts(theme.residents),
                "keyphrases": SEPARATOR.join(theme.keyphrases),
                "quotes": SEPARATOR.join(quote.text.replace(SEPARATOR, "/") for quote in theme.quotes),
                "confidence": theme.confidence,
                "stability": "" if theme.stability is None else theme.stability,
            }
        )
    columns = (
        "id session rank kind codes broader title why points mentions tables tables_total priority level aspects residents keyphrases "
        "quotes confidence stability"
    ).split()
    return pd.DataFrame(rows, columns=columns)


def _counts(counts: Mapping[str, int]) -> str:
    return SEPARATOR.join(f"{value}: {number}" for value, number in counts.items())


def _validate(document: dict[str, Any]) -> None:
    schema = json.loads((SCHEMAS / "themes.schema.json").read_text("utf-8"))
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(document))
    if error is not None:
        raise ContractError(
            f"{error.message[:200]}",
            where=f"themes.json, {error.json_path}",
            expected="what docs/schema/themes.schema.json says",
            do="please report this as a fault",
        )


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def table_csv(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a CSV file: UTF-8, commas, one header row."""
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text.encode()


def _parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def write_folder(out: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """Write a folder of files at ``out/name`` in one step, in place of what was there.

    Raises
    ------
    OutputError : it cannot be written; what was there before is intact.
    """
    final = out / name
    try:
        out.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".partial", dir=out))
    except OSError as error:
        raise _cannot_write(final, error) from error
    try:
        partial.chmod(0o755)
        for file, data in files.items():
            with (partial / file).open("wb") as target:
                target.write(data)
                target.flush()
                os.fsync(target.fileno())
        _swap(partial, final)
    except OSError as error:
        raise _cannot_write(final, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return final


def _swap(partial: Path, final: Path) -> None:
    """Put the finished folder in the place of the old one."""
    old = partial.with_suffix(".old")
    if final.exists():
        final.rename(old)
    try:
        partial.rename(final)
    except OSError:
        if old.exists():
            old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_file(path: Path, data: bytes) -> None:
    """Write one file in one step.

    Raises
    ------
    OutputError : it cannot be written; what was there before is intact.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        partial.chmod(0o644)
        partial.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        partial.unlink(missing_ok=True)


def _cannot_write(place: Path, error: OSError) -> OutputError:
    return OutputError(
        f"it cannot be written ({error.strerror or error})",
        where=str(place),
        expected="a folder that can be written to, with space left",
        do="free space, close files that are open in Excel, or name another folder with --out",
    )
