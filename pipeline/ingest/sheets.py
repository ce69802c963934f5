"""Workbooks (.xlsx, .xlsm) into grids, one a sheet; :mod:`pipeline.ingest.delimited` reads .csv and .tsv."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from pipeline.errors import ReadError
from pipeline.ingest import delimited
from pipeline.ingest.blocks import Aside, Cell, Document, Grid
from pipeline.ingest.encoding import mend
from pipeline.ingest.limits import TABLE_CELLS, check_table
from pipeline.ingest.long_texts import TEXT_CHARACTERS, too_long

_OLD_BINARY = b"\xd0\xcf\x11\xe0"  # .xls, and today's files when locked with a password
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TITLE = 60  # characters of a sheet's name that a locator gives; Excel allows 31
_MARGINS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


def read(path: Path, source_file: str) -> Document:
    """Read a workbook or a delimited file; cell locators are "Sheet1!B7", or "cell B7" without sheets.

    Raises
    ------
    ReadError : the file is an old .xls, locked with a password, broken, or no workbook.
    """
    if path.suffix.lower() in (".csv", ".tsv"):
        return delimited.read(path, source_file)
    shown, formulas = _open(path, source_file)
    parts: list[Grid] = []
    asides: list[Aside] = []
    remarks: list[str] = []
    for sheet in shown.worksheets:
        asides.extend(_asides(sheet, formulas[sheet.title]))
        grid = _grid(sheet, source_file)
        if grid is None:
            continue
        parts.append(grid)
        remarks.extend(_remarks(sheet))
    asides.extend(_drawn(path))
    if any(aside.reason.startswith("formula") for aside in asides):
        remarks.append("formulas without a stored value were left empty; open the file in Excel and save it")
    return Document(source_file, tuple(parts), tuple(asides), tuple(remarks))


def _open(path: Path, source_file: str) -> tuple[Any, Any]:
    """Give the workbook twice: with values as last calculated, and with formulas."""
    with path.open("rb") as file:
        if file.read(4) == _OLD_BINARY:
            raise ReadError(
                "it is an old Excel file (.xls), or locked with a password",
                where=source_file,
                expected="an Excel workbook (.xlsx) that opens without a password",
                do="open it in Excel, take any password off and save it as a workbook (.xlsx)",
            )
    import warnings
    import zlib
    from xml.etree.ElementTree import ParseError

    from lxml.etree import LxmlError
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    faults = (
        InvalidFileException,
        BadZipFile,
        zlib.error,
        LxmlError,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        EOFError,
        OSError,
    )
    try:
        with warnings.catch_warnings():  # of what openpyxl cannot keep when saving, which we never do
            warnings.simplefilter("ignore")
            return load_workbook(path, data_only=True, keep_links=False), load_workbook(path, keep_links=False)
    except faults as error:
        if isinstance(error, OSError) and error.errno is not None:  # openpyxl raises it without a number for what is no workbook
            raise
        raise ReadError(
            "it is no Excel workbook, or it is broken",
            where=source_file,
            expected="an Excel workbook (.xlsx)",
            do="open it in Excel; if Excel can repair it, save it again, else ask for a new copy",
        ) from error


def _grid(sheet: Any, source_file: str) -> Grid | None:
    """Give a sheet's used range, without its empty rows and columns where it is vast; None if it holds no text."""
    from openpyxl.utils import get_column_letter

    title = sheet.title[:_TITLE]
    # Of the private store: iter_rows would make a cell for every place of a sheet formatted to its last row.
    cells = {
        place: Cell(text, f"{title}!{get_column_letter(place[1])}{place[0]}", _is_number(cell.value))
        for place, cell in sheet._cells.items()
        if not _is_long(cell) and (text := _shown(cell)) and cell.data_type != "f"
    }
    if not cells:
        return None
    top, bottom = min(row for row, _ in cells), max(row for row, _ in cells)
    left, right = min(column for _, column in cells), max(column for _, column in cells)
    for merged in sheet.merged_cells.ranges:
        first = cells.get((merged.min_row, merged.min_col))
        for row in range(merged.min_row, min(merged.max_row, bottom) + 1):
            for column in range(merged.min_col, min(merged.max_col, right) + 1):
                if first is not None:
                    cells.setdefault((row, column), first)
    lines: Sequence[int] = range(top, bottom + 1)
    columns: Sequence[int] = range(left, right + 1)
    if len(lines) * len(columns) > TABLE_CELLS:
        lines, columns = sorted({row for row, _ in cells}), sorted({column for _, column in cells})
        check_table(len(lines), len(columns), source_file, f"sheet {title!r}")
    rows = tuple(
        tuple(cells.get((row, column)) or Cell("", f"{title}!{get_column_letter(column)}{row}") for column in columns) for row in lines
    )
    return Grid(rows, name=sheet.title[:_TITLE])


def _is_long(cell: Any) -> bool:
    return isinstance(cell.value, str) and len(cell.value) > TEXT_CHARACTERS


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(cell: Any) -> str:
    """Give a cell's value as its reader sees it: whole numbers without ".0", dates as 2009-03-12."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return _number(value, str(cell.number_format))
    if isinstance(value, int) and "%" in str(cell.number_format):
        return f"{value * 100}%"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return mend(str(value)).strip("\n").rstrip()


def _number(value: float, number_format: str) -> str:
    if "%" in number_format:
        return f"{round(value * 100, 6):g}%"
    return str(int(value)) if value.is_integer() else f"{value:.12g}"


def _asides(sheet: Any, formulas: Any) -> Iterator[Aside]:
    """Give a sheet's comments, headers and footers, and the formulas that have no stored value."""
    for place, cell in sorted(sheet._cells.items()):
        locator = f"{sheet.title[:_TITLE]}!{cell.coordinate}"
        if _is_long(cell):
            yield too_long(cell.value, locator)
        if cell.comment is not None and cell.comment.text.strip():
            yield Aside(" ".join(mend(cell.comment.text).split()), locator, "comment")
        twin = formulas._cells.get(place)
        if twin is not None and twin.data_type == "f" and cell.value is None:
            formula = getattr(twin.value, "text", twin.value)
            yield Aside(str(formula), locator, "formula without a stored value")
    for name in _MARGINS:
        margin = getattr(sheet, name)
        for side in (margin.left, margin.center, margin.right):
            text = re.sub(r"&(?:\"[^\"]*\"|\[[^\]]*\]|[A-Za-z]|\d+)", " ", side.text or "").strip()
            if text:
                yield Aside(
                    " ".join(mend(text).split()),
                    f"{sheet.title[:_TITLE]} {name[-6:].lower()}",
                    "page header or footer",
                )


def _remarks(sheet: Any) -> Iterator[str]:
    if sheet.sheet_state != "visible":
        yield f"sheet {sheet.title!r} is hidden; it was read all the same"
    rows = sum(1 for dimension in sheet.row_dimensions.values() if dimension.hidden)
    columns = sum(1 for dimension in sheet.column_dimensions.values() if dimension.hidden)
    if rows or columns:
        yield f"sheet {sheet.title!r} has hidden rows or columns; they were read all the same"


def _drawn(path: Path) -> Iterator[Aside]:
    """Give the text of text boxes and shapes, which stand on no cell."""
    from lxml import etree

    from pipeline.ingest.word_xml import safe_parser

    with ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if not re.fullmatch(r"xl/(drawings/drawing|diagrams/data)\d+\.xml", name):
                continue
            for paragraph in etree.fromstring(archive.read(name), safe_parser()).iter(_DRAWING + "p"):
                text = " ".join(mend("".join(node.text or "" for node in paragraph.iter(_DRAWING + "t"))).split())
                if text:
                    yield Aside(text, name.rsplit("/", 1)[-1].removesuffix(".xml"), "text box or shape")
