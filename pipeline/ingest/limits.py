"""How much one file may hold, so that no file can use up the memory or the patience of the machine that reads it.

Every limit is far above what the notes of an event need, and counts something, not time: the same file is read, or refused, on every
machine. Only what no count foresees ends by the clock. What YAML files may hold is in :mod:`pipeline.yaml_file`, how long one text
may be in :mod:`pipeline.ingest.long_texts`.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pipeline.errors import ReadError
from pipeline.ingest.blocks import Aside, Block, Cell, Document, Grid
from pipeline.ingest.long_texts import TEXT_CHARACTERS, in_parts, too_long

MEGABYTE = 1_000_000
FILE_BYTES = 100 * MEGABYTE  # a document with a photograph of every flip chart has 30 to 80
TEXT_BYTES = 20 * MEGABYTE  # .txt, .md, and .csv and .tsv that are read as a whole: some fifteen long novels
LONG_BYTES, LONG_LINES = 2_000 * MEGABYTE, 50_000  # .csv and .tsv; one of more lines is read a block at a time
READING_SECONDS = 900.0  # of one file; notes take seconds
FILES = 5_000  # in the folder of one event; more, and it is the wrong folder
FOLDERS_DEEP = 40

# Office files are zip archives of XML.
PARTS = 10_000
LIST_BYTES = 5 * MEGABYTE  # of the archive's own list of its parts, before it is read
UNPACKED_BYTES = 400 * MEGABYTE  # of all parts, pictures included; Word and Excel files unpack to 2 to 20 times their size
XML_BYTES = 60 * MEGABYTE  # of all parts of XML, which take some ten times that in memory
RATIO_BYTES, RATIO = 5 * MEGABYTE, 300  # a part above that size which was packed tighter than that was made to do harm

WORKBOOK_CELLS = 300_000  # cells and rows that a workbook stores, empty ones too: half a minute's reading
TABLE_CELLS = 1_000_000  # places of one table, rows times columns
TABLE_WIDTH = 1_000  # columns of a long .csv
TABLE_COLUMNS = 63  # that one cell of a Word table may cover, as in Word
BLOCKS = 200_000  # paragraphs, bullets and lines

PDF_PAGES = 1_000
PDF_BYTES = 30 * MEGABYTE  # of all streams that have to be unpacked, pictures not counted; a report of 500 pages has 10
PDF_STEPS = 20 * MEGABYTE  # that it makes pdfminer count: characters of fonts, entries of tables
PDF_CHARACTERS = 2 * MEGABYTE  # a report of 500 pages has 1.5 million
PDF_PAGE_CHARACTERS = 50_000  # a full page has 5,000
PDF_PAGE_SHAPES = 50_000  # lines, areas and nested drawings
PDF_PAGE_CROSSINGS = 20_000  # of lines that may rule a table: 100 rows of 20 columns have 2,000

_MOST_BYTES = {".txt": TEXT_BYTES, ".md": TEXT_BYTES, ".csv": LONG_BYTES, ".tsv": LONG_BYTES}
_COUNTED = frozenset({"c", "row"})
_SPREAD = frozenset({"mergeCell", "hyperlink", "comment"})  # openpyxl makes a cell for every place that these cover
_SMALLER = "leave out pictures and pages that are no notes, or divide it into several files"


def check_file(path: Path, source_file: str) -> None:
    """Refuse what is no ordinary file, or too large, before it is opened.

    Raises
    ------
    ReadError : it is a link, a folder or a device, or has too many bytes.
    OSError : there is no such file, or it may not be looked at.
    """
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise ReadError(
            "it is a link to another place", where=source_file, expected="the file itself", do="put the file there in place of the link"
        )
    if stat.S_ISDIR(found.st_mode):
        raise ReadError(
            "it is a folder that cannot be read as notes",
            where=source_file,
            expected="a file, or a folder that you may open and whose name does not end like a file's",
            do="check that you may open it; take the ending off its name, or put the notes it holds beside it",
        )
    if not stat.S_ISREG(found.st_mode):
        raise ReadError(
            "it is no ordinary file but a pipe or a device", where=source_file, expected="a file of notes", do="take it out of the folder"
        )
    check_size(path, source_file, _MOST_BYTES.get(path.suffix.lower(), FILE_BYTES))


def check_size(path: Path, source_file: str, most: int) -> None:
    """Refuse a file of too many bytes.

    Raises
    ------
    ReadError : it has more than ``most``.
    OSError : there is no such file, or it may not be looked at.
    """
    size = path.lstat().st_size
    if size > most:
        raise ReadError(
            f"it has {size / MEGABYTE:,.0f} MB, too many for notes",
            where=source_file,
            expected=f"at most {most // MEGABYTE:,} MB",
            do=_SMALLER,
        )


def check_package(path: Path, source_file: str) -> None:
    """Refuse an Office file that would unpack to far more than it says, or whose XML is made to do harm.

    A file that is no archive at all is let through; its reader will say so.

    Raises
    ------
    ReadError : a limit is passed, or a part has a document type (which is what entities need, and Office never writes).
    """
    if _list_bytes(path) > LIST_BYTES:
        raise _harmful(source_file, "it lists more parts than a document has")
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(parts, source_file)
            sizes = [_xml_bytes(archive, part) for part in parts]
            if sum(sizes) > XML_BYTES:
                raise _too_large(
                    source_file, f"its text and layout unpack to {sum(sizes) / MEGABYTE:,.0f} MB", f"{XML_BYTES // MEGABYTE} MB"
                )
            scan = _Scan(source_file)
            for part, size in zip(parts, sizes, strict=True):
                if size:
                    scan.read(archive, part)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError):
        return  # broken, or locked; the library that opens it meets the same, and its reader tells it


def _list_bytes(path: Path) -> int:
    """Size of an archive's list of parts, as its end says; an archive of the kind for more than 4 GB says four thousand million."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 66_000), 2)
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    return int(struct.unpack_from("<L", tail, at + 12)[0]) if at >= 0 and len(tail) >= at + 16 else 0


def _check_sizes(parts: Sequence[ZipInfo], source_file: str) -> None:
    # zipfile gives no more bytes of a part than it is listed with, so that the list can be relied on.
    if len(parts) > PARTS:
        raise _harmful(source_file, f"it has {len(parts):,} parts")
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise _harmful(source_file, "it is packed in a way that Office does not use")
    if any(part.file_size > max(RATIO_BYTES, RATIO * part.compress_size) for part in parts):
        raise _harmful(source_file, "a small part of it unpacks to a huge one")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > UNPACKED_BYTES:
        raise _too_large(source_file, f"it unpacks to {unpacked / MEGABYTE:,.0f} MB", f"{UNPACKED_BYTES // MEGABYTE} MB")


def _xml_bytes(archive: ZipFile, part: ZipInfo) -> int:
    """Unpacked size of a part if it is XML, whatever its name; else 0."""
    with archive.open(part) as file:
        begins = file.read(200).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return part.file_size if begins.startswith(b"<") else 0


class _Scan:
    """Goes through XML without keeping any of it, and counts what a workbook would make cells of."""

    def __init__(self, source_file: str) -> None:
        self.source_file = source_file
        self.cells = 0

    def read(self, archive: ZipFile, part: ZipInfo) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._element
        try:
            with archive.open(part) as file:
                parser.ParseFile(file)
        except expat.ExpatError as error:
            raise ReadError(
                f"it is broken: its part {part.filename[:80]!r} is no valid XML ({error})",
                where=self.source_file,
                expected="a file as Word or Excel writes it",
                do="open it in Word or Excel; if that can repair it, save it again, else ask for a new copy",
            ) from error

    def _doctype(self, *_: Any) -> None:
        raise _harmful(self.source_file, "it defines a document type of its own")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag in _COUNTED:
            self.cells += 1
        elif tag in _SPREAD:
            self.cells += _area(attributes.get("ref", ""))
        if self.cells > WORKBOOK_CELLS:
            raise ReadError(
                f"its sheets store more than {WORKBOOK_CELLS:,} cells, empty ones and merged ones counted",
                where=self.source_file,
                expected="sheets of notes",
                do="copy the notes into a new workbook, or delete the empty rows and columns beyond them and save it again",
            )


def _area(ref: str) -> int:
    """Number of cells of a range such as B2:C5; 1 where it cannot be told."""
    from openpyxl.utils import range_boundaries

    try:
        left, top, right, bottom = range_boundaries(ref)
    except (ValueError, TypeError):
        return 1
    # A range of whole rows or columns leaves the other two open.
    return max(1, ((right or 16_384) - (left or 1) + 1) * ((bottom or 1_048_576) - (top or 1) + 1))


def check_table(rows: int, columns: int, source_file: str, place: str) -> None:
    """Refuse a table with too many places, before they are made.

    Raises
    ------
    ReadError : rows times columns are more than ``TABLE_CELLS``.
    """
    if rows * columns > TABLE_CELLS:
        raise ReadError(
            f"{place} is {rows:,} rows by {columns:,} columns",
            where=source_file,
            expected=f"at most {TABLE_CELLS:,} cells, empty ones counted",
            do="delete what stands far from the notes, or divide it into several files",
        )


def within_limits(document: Document) -> Document:
    """Set texts aside that are too long to be notes.

    Raises
    ------
    ReadError : it holds too many pieces of text, or too much that is too long.
    """
    if len(document.parts) > BLOCKS:
        raise _too_large(document.source_file, f"it holds {len(document.parts):,} paragraphs or lines", f"{BLOCKS:,}")
    parts: list[Block | Grid] = []
    asides: list[Aside] = []
    for part in document.parts:
        if isinstance(part, Grid):
            parts.append(_short_cells(part, asides))
        elif len(part.text) > TEXT_CHARACTERS:
            asides.append(too_long(part.text, part.locator))
        else:
            parts.append(part)
    asides, long = in_parts([*asides, *document.asides], document.source_file)
    told = (
        (f"{long} text(s) of more than {TEXT_CHARACTERS:,} characters were not used; divide them into lines or paragraphs",) if long else ()
    )
    if not parts and not asides:
        told = ("there is no text in it",)
    return replace(document, parts=tuple(parts), asides=tuple(asides), remarks=(*document.remarks, *told))


def _short_cells(grid: Grid, asides: list[Aside]) -> Grid:
    long = {id(cell): cell for row in grid.rows for cell in row if len(cell.text) > TEXT_CHARACTERS}
    if not long:
        return grid
    asides += [too_long(cell.text, cell.locator) for cell in long.values()]
    blank = {key: Cell("", cell.locator) for key, cell in long.items()}
    return replace(grid, rows=tuple(tuple(blank.get(id(cell), cell) for cell in row) for row in grid.rows))


def _harmful(source_file: str, what: str) -> ReadError:
    return ReadError(
        f"{what}; such a file can be made to stop the machine that opens it",
        where=source_file,
        expected="a file as Word or Excel writes it",
        do="do not open it; ask whoever sent it where it comes from, and for the notes in a new document",
    )


def _too_large(source_file: str, what: str, most: str) -> ReadError:
    return ReadError(what, where=source_file, expected=f"at most {most}", do=_SMALLER)
