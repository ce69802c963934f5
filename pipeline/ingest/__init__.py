"""Ingest: raw files to notes, with nothing lost.

The only stage that reads raw files. ``find_sources`` groups files into events; ``ingest`` reads one event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pandas as pd

from pipeline.engines import Engine, Here
from pipeline.errors import ContractError, EngineError, ReadError
from pipeline.ingest.blocks import Aside, Document, Grid
from pipeline.ingest.deadline import deadline
from pipeline.ingest.events import EventFile, build_event, read_event_file
from pipeline.ingest.fingerprint import fingerprint
from pipeline.ingest.frontmatter import FrontMatter
from pipeline.ingest.grid_columns import flat
from pipeline.ingest.id_text import read_id_text
from pipeline.ingest.limits import READING_SECONDS, check_file
from pipeline.ingest.long_tables import is_long, read_blocks
from pipeline.ingest.outline import Piece
from pipeline.ingest.readers import read
from pipeline.ingest.sources import Source, about_beside, find_sources, lists_attendance, marks_of_name, printable
from pipeline.ingest.structure import Structure, read_structure
from pipeline.records import Dropped, Event, FileRead, RawNotes, Tally, checked, empty, words_in

__all__ = ["Gathered", "Source", "find_sources", "fingerprint", "ingest", "read_id_text"]

PATH_SEPARATOR = " > "
_HERE = Here()
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Gathered:
    """One event as read.

    Attributes
    ----------
    event : what is known of the event.
    notes : RawNotes, one row a note.
    dropped : Dropped, every piece of text read that is no note and no heading, and why.
    files : what became of each file.
    words : words read, kept and dropped.
    """

    event: Event
    notes: pd.DataFrame
    dropped: pd.DataFrame
    files: tuple[FileRead, ...]
    words: Tally


@dataclass(frozen=True, slots=True)
class _FileFound:
    """What one file gave: what became of it, RawNotes without event and division, Dropped, and what its own words say of the event."""

    file: FileRead
    notes: pd.DataFrame
    dropped: pd.DataFrame
    front: FrontMatter
    sessions: dict[str, tuple[str, str]]
    words: Tally


def ingest(source: Source, engine: Engine = _HERE) -> Gathered:
    """Read every file of one event.

    A file that cannot be read is reported in ``files`` with the reason; the others are unaffected.

    Parameters
    ----------
    source : the event's files.
    engine : where they are read, each by itself.

    Raises
    ------
    EventError : event.yaml cannot be used.
    EngineError : another machine that was to read a file sees another one in its place, or none.
    ContractError : words were lost between a file and the tables (a fault of the program).
    """
    given = read_event_file(source.event_file) if source.event_file else EventFile()
    front = FrontMatter()
    seen: dict[str, tuple[str, str]] = {}
    files = [FileRead(_relative(path, source), "not notes", remarks=(about_beside(path),)) for path in source.beside]
    words = Tally(kept={"notes": 0, "headings": 0, "tallies": 0})
    notes, dropped = [empty(RawNotes).drop(columns=["event", "division"])], [empty(Dropped)]
    named = [(path, _relative(path, source)) for path in source.files]
    for (path, name), found in zip(named, engine.each(_read_file, named), strict=True):
        if found.file.sha256 != _sha256(path):
            raise EngineError(
                "a worker reads other bytes there than this machine",
                where=name,
                expected="a folder that every machine of the cluster sees, and that nobody changes meanwhile",
                do="put the notes on a drive that all of them share, or run with --engine local",
            )
        _merge_front(front, found.front)
        for session, told in found.sessions.items():
            seen.setdefault(session, told)
        words.add(found.words)
        files.append(found.file)
        notes += [found.notes] if len(found.notes) else []
        dropped += [found.dropped] if len(found.dropped) else []
    table = pd.concat(notes[1:] or notes, ignore_index=True)
    for session in table["session"].unique():
        seen.setdefault(session, ("", ""))
    event = build_event(source, given, front, seen)
    table = table.assign(event=event.id, division=event.division)
    asides = pd.concat(dropped[1:] or dropped, ignore_index=True)
    return Gathered(
        event,
        checked(RawNotes, table[list(empty(RawNotes).columns)], "given by ingest"),
        checked(Dropped, asides, "given by ingest"),
        tuple(sorted(files, key=lambda file: file.source_file)),
        words,
    )


def _read_file(named: tuple[Path, str]) -> _FileFound:
    """Read one file, given with the name that it is told by."""
    path, name = named
    words = Tally(kept={"notes": 0, "headings": 0, "tallies": 0})
    front = FrontMatter()
    seen: dict[str, tuple[str, str]] = {}
    tables, asides = [empty(RawNotes).drop(columns=["event", "division"])], [empty(Dropped)]
    remarks: tuple[str, ...] = ()
    try:
        for document, structures in _in_time(_parts_of(path, name), name):
            _conserve(name, document, structures, words)
            remarks = tuple(dict.fromkeys((*remarks, *document.remarks)))
            rows: list[dict[str, object]] = []
            dropped: list[dict[str, str]] = []
            for structure in structures:
                _merge_front(front, structure.front)
                for session, about in structure.sessions.items():
                    seen.setdefault(session, about)
                rows += [_row(piece, structure.form, name) for piece in structure.pieces]
                dropped += [_dropped(aside, name) for aside in structure.dropped]
            tables += [pd.DataFrame(rows)] if rows else []
            asides += [pd.DataFrame(dropped)] if dropped else []
    except ReadError as error:
        nothing = Tally(kept=dict.fromkeys(words.kept, 0))
        return _FileFound(FileRead(name, "not read", _sha256(path), 0, (str(error),)), tables[0], asides[0], FrontMatter(), {}, nothing)
    table = pd.concat(tables[1:] or tables, ignore_index=True)
    table = table.assign(session=table["session"].mask(table["session"] == "", "1"))
    told = FileRead(name, "read", _sha256(path), len(table), remarks)
    return _FileFound(told, table, pd.concat(asides[1:] or asides, ignore_index=True), front, seen, words)


def _parts_of(path: Path, name: str) -> Iterator[tuple[Document, list[Structure]]]:
    """A file as a whole or, where it is a long table, block by block: as it stands, and what it holds."""
    if _is_long(path):
        check_file(path, name)
        for block, structure in read_blocks(path, name, _marks_of(name)):
            yield block, [structure]
        return
    document = read(path, name)
    yield document, _structures(document, path)


def _is_long(path: Path) -> bool:
    try:
        return not path.is_symlink() and path.is_file() and is_long(path)
    except OSError:
        return False  # its reader tells


def _in_time(parts: Iterator[Part], name: str) -> Iterator[Part]:
    """Parts, none of which takes longer than a file may."""
    while True:
        with deadline(READING_SECONDS, name):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _structures(document: Document, path: Path) -> list[Structure]:
    attendance = lists_attendance(path.name)
    return [read_structure(part, fixed, attendance=attendance or lists_attendance(_sheet_name(part))) for part, fixed in _sheets(document)]


def _sheets(document: Document) -> list[tuple[Document, dict[str, str]]]:
    """A workbook's sheets are read one by one, each with the marks of its own name; any other file is one."""
    fixed = _marks_of(document.source_file)
    if not any(isinstance(part, Grid) and part.name for part in document.parts):
        return [(document, fixed)]
    sheets = []
    for number, part in enumerate(document.parts):
        asides = document.asides if number == 0 else ()
        named = marks_of_name(part.name) if isinstance(part, Grid) else {}
        sheets.append((Document(document.source_file, (part,), asides), fixed | named))
    return sheets


def _marks_of(source_file: str) -> dict[str, str]:
    """Fields that the names of a file and its folders give."""
    fixed: dict[str, str] = {}
    for name in source_file.split("/"):
        fixed |= marks_of_name(name)
    return fixed


def _sheet_name(document: Document) -> str:
    return next((part.name for part in document.parts if isinstance(part, Grid)), "")


def _row(piece: Piece, form: str, source_file: str) -> dict[str, object]:
    return {
        **piece.fields,
        "heading": PATH_SEPARATOR.join(dict.fromkeys(flat(heading.typed) for heading in piece.headings)),
        "topic": flat(piece.topic).rstrip(" :"),
        "text": flat(piece.text),
        "tally": piece.tally,
        "form": form,
        "source_file": source_file,
        "source_locator": piece.locator,
    }


def _dropped(aside: Aside, source_file: str) -> dict[str, str]:
    return {"text": aside.text, "reason": aside.reason, "source_file": source_file, "source_locator": aside.locator}


def _conserve(name: str, document: Document, structures: list[Structure], words: Tally) -> None:
    """Add the words of one file to those of the event, each of them kept or dropped."""
    pieces = [piece for structure in structures for piece in structure.pieces]
    headings = [heading for structure in structures for heading in structure.headings if heading.used]
    kept = {
        "notes": sum(words_in(piece.text) for piece in pieces),
        "tallies": sum(words_in(piece.tally) for piece in pieces),
        "headings": sum(words_in(heading.typed) for heading in headings),
    }
    dropped = sum(words_in(aside.text) for structure in structures for aside in structure.dropped)
    found = _words_read(document)
    if found != sum(kept.values()) + dropped:
        raise ContractError(
            f"{found} words were read, but {sum(kept.values())} kept and {dropped} dropped",
            where=name,
            expected="every word of a file to be kept or dropped",
            do="please report this as a fault, with the shape of the file if you can share it",
        )
    words.read += found
    words.dropped += dropped
    for what, number in kept.items():
        words.kept[what] += number


def _words_read(document: Document) -> int:
    total = sum(words_in(aside.text) for aside in document.asides)
    for part in document.parts:
        if isinstance(part, Grid):
            cells = {id(cell): cell for row in part.rows for cell in row}
            total += sum(words_in(cell.text) for cell in cells.values())
        else:
            total += words_in(part.text)
    return total


def _merge_front(into: FrontMatter, new: FrontMatter) -> None:
    for name in ("title", "division", "date", "venue", "participant_count"):
        if not getattr(into, name):
            setattr(into, name, getattr(new, name))
    into.participants += new.participants


def _relative(path: Path, source: Source) -> str:
    return printable(path.relative_to(source.root).as_posix())


def _sha256(path: Path) -> str:
    """The hash of a file; empty for one that is not read because of what it is or how large it is."""
    try:
        check_file(path, path.name)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ReadError):
        return ""
