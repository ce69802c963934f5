"""Reading a review workbook back: which rows a person filled in, and with what; all faults at once, each by its cell."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from pipeline.errors import ReadError
from pipeline.ingest.limits import check_file, check_package
from pipeline.review import layout
from pipeline.review.layout import About, Column

_OLD_BINARY = b"\xd0\xcf\x11\xe0"  # .xls, and today's files when locked with a password


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in one cell: the text, with spaces as one would type them, and its address; ``fault`` if it is no text at all."""

    text: str
    place: str
    fault: str = ""

    @property
    def key(self) -> str:
        """The text as it is compared."""
        return self.text.casefold()


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row in which a person wrote something: what the workbook was exported with, and what is in its editable cells by heading."""

    told: dict[str, Any]
    cells: dict[str, Typed]


@dataclass(slots=True)
class Filled:
    """What was read of a workbook.

    Attributes
    ----------
    about : what the workbook is of.
    choices : codes by what can be chosen for them, in lower case.
    shown : what can be chosen for a code, as it is written.
    reviewer : the name in it.
    points, themes : the rows that somebody wrote in.
    all_themes : what every row of the sheet of themes was exported with, by theme id.
    faults : what is wrong with cells.
    remarks : what is not used, and no fault.
    """

    about: About
    choices: dict[str, str]
    shown: tuple[str, ...]
    reviewer: str = ""
    points: list[FilledRow] = field(default_factory=list)
    themes: list[FilledRow] = field(default_factory=list)
    all_themes: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_workbook(path: Path) -> Filled:
    """Read a review workbook.

    Raises
    ------
    ReadError : it cannot be read as a workbook, or is none that this program exported.
    """
    book = _open(path)
    about, lists = _about(book, path)
    codes, shown = lists[0][1:], lists[1][1:]
    filled = Filled(
        about,
        {_plain(label).casefold(): code for label, code in zip(shown, codes, strict=False)},
        tuple(shown[: len(codes)]),
    )
    filled.reviewer = _reviewer(book)
    for columns, key, rows in (
        (layout.POINT_COLUMNS, layout.POINT_ID, filled.points),
        (layout.THEME_COLUMNS, layout.THEME_ID, filled.themes),
    ):
        _read_sheet(book, columns, key, rows, filled)
    return filled


def _open(path: Path) -> Any:
    import zlib
    from xml.etree.ElementTree import ParseError

    from lxml.etree import LxmlError
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if not path.is_file():
        raise _unreadable(path, "there is no such file", "look up its name")
    check_file(path, path.name)
    with path.open("rb") as file:
        start = file.read(4)
    if start == _OLD_BINARY:
        raise _unreadable(path, "it is an old Excel file (.xls), or locked with a password", "save it as .xlsx without a password")
    try:
        check_package(path, path.name)
        return load_workbook(path)
    except (BadZipFile, InvalidFileException, ParseError, LxmlError, zlib.error, KeyError, ValueError, OSError, TypeError) as error:
        raise _unreadable(path, f"it cannot be read as a workbook ({' '.join(str(error).split())[:120]})", "save it as .xlsx") from error


def _about(book: Any, path: Path) -> tuple[About, list[list[str]]]:
    """What the hidden sheets say, held against their checksum."""
    told, lists = _sheet_of(book, layout.ABOUT), _sheet_of(book, layout.LISTS)
    if told is None or lists is None:
        raise _unreadable(path, "it is no workbook that `themes review export` made, or its hidden sheets are gone", "export it again")
    said = {str(row[0]): str(row[1] if row[1] is not None else "") for row in told.iter_rows(max_col=2, values_only=True)}
    columns = [[str(value) for value in column if value is not None] for column in lists.iter_cols(values_only=True)]
    about = About(**{name: said.get(name, "") for name in About.__slots__})
    if said.get("format") != layout.FORMAT or said.get("check") != layout.lists_check(columns, about):
        raise _unreadable(path, "its hidden sheets were changed, or it was made by another version of this program", "export it again")
    return about, columns


def _sheet_of(book: Any, name: str) -> Any:
    return book[name] if name in book.sheetnames else None


def _reviewer(book: Any) -> str:
    sheet = next((sheet for sheet in book.worksheets if sheet["A3"].value == "Your name"), None)
    return "" if sheet is None else _typed(sheet[layout.NAME_CELL], "").text


def _read_sheet(book: Any, columns: Sequence[Column], key: str, rows: list[FilledRow], filled: Filled) -> None:
    """The rows of the sheet that has these columns, whatever it is called and wherever the columns stand."""
    sheets = [(sheet, _headings(sheet)) for sheet in book.worksheets]
    found = [(sheet, heads) for sheet, heads in sheets if key in heads and layout.ROW in heads]
    if not found:
        what = "points" if key == layout.POINT_ID else "themes"
        filled.remarks.append(f"the sheet of {what} is not in the workbook, or its hidden columns are gone, so nothing of it was used")
        return
    if len(found) > 1:
        filled.faults.append(f"{found[1][0].title}!A1: this sheet is a second one of the same kind; delete the copy")
        return
    sheet, heads = found[0]
    editable = [column.heading for column in columns if column.editable]
    filled.faults += [f"{sheet.title}!A1: the column '{name}' is gone" for name in (*editable, layout.CHECK) if name not in heads]
    seen: dict[str, int] = {}
    for row in sheet.iter_rows(min_row=2):
        cells = {name: _typed(row[heads[name]], sheet.title) for name in editable if name in heads and heads[name] < len(row)}
        told = _told(row, heads, filled.about)
        if told is not None and key == layout.THEME_ID:
            filled.all_themes[told[key]] = told
        if not any(cell.text or cell.fault for cell in cells.values()):
            continue
        place = f"{sheet.title}!A{row[0].row}"
        if told is None:
            filled.faults.append(f"{place}: this row is not as it was exported, its hidden cells were changed or it was added; clear it")
        elif told[key] in seen:
            filled.faults.append(f"{place}: this row is there twice, first in row {seen[told[key]]}; clear one of them")
        else:
            seen[told[key]] = row[0].row
            filled.faults += [f"{cell.place}: {cell.fault}" for cell in cells.values() if cell.fault]
            rows.append(FilledRow(told, cells))


def _headings(sheet: Any) -> dict[str, int]:
    """Where each heading stands in the first row."""
    first = next(sheet.iter_rows(max_row=1), ())
    return {_plain(str(cell.value)): place for place, cell in reversed(list(enumerate(first))) if cell.value is not None}


def _told(row: Sequence[Any], heads: Mapping[str, int], about: About) -> dict[str, Any] | None:
    """What a row was exported with, None where it is not of this workbook as it was exported."""
    hidden, check = (row[heads[name]].value if heads.get(name, len(row)) < len(row) else None for name in (layout.ROW, layout.CHECK))
    if not isinstance(hidden, str) or check != layout.row_check(hidden, about):
        return None
    told: dict[str, Any] = json.loads(hidden)
    return told


def _typed(cell: Any, sheet: str) -> Typed:
    """What a person typed into a cell, or what Excel made of it."""
    place = f"{sheet}!{cell.coordinate}"
    value = cell.value
    if value is None:
        return Typed("", place)
    if cell.data_type == "f":
        return Typed("", place, "it is a formula; type the words, or choose from the list")
    if cell.data_type == "e":
        return Typed("", place, f"it is the error value {value}; clear the cell")
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return Typed("", place, f"Excel took what was typed for a date or time ({value}); choose from the list, or type ' in front")
    if isinstance(value, bool):
        return Typed(layout.YES if value else "no", place)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Typed(_plain(str(value)), place)


def _plain(text: str) -> str:
    """A text without spaces at its ends and with single ones within, whatever kind they are of."""
    return " ".join(text.replace("\u200b", "").split())


def _unreadable(path: Path, what: str, do: str) -> ReadError:
    return ReadError(what, where=path.name, expected="a workbook that `themes review export` made, filled in and saved as .xlsx", do=do)
