"""Sheets as an Excel workbook: header rows that stay in sight and repeat on paper, filters, numbers to the right, text as text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter

from pipeline.cells import harmless
from pipeline.report.office import storable
from pipeline.report.style import LIGHT, WORD_FONT
from pipeline.report.workbook.saving import workbook_bytes
from pipeline.report.workbook.sheets import Sheet, Value

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

# What Excel holds: UTF-16 units in a cell, rows in a sheet.
LONGEST, MOST_ROWS = 32_767, 1_048_576
# Points: a line of our text, and the tallest row that Excel has.
_LINE, _TALLEST = 13, 409
_LETTERS = 1.1  # of ours, on average, to one of the digits in which the width of a column is told
_FIRST, _SECOND = 30, 92  # widths of the first sheet's columns
# Excel reads _x0041_ as the letter A; the underscore itself is _x005F_.
_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TITLE, _PART, _NAME, _MEANING = "Report title", "Report part", "Report name", "Report meaning"
_HEADER, _NUMBER_HEADER, _TEXT = "Report header", "Report number header", "Report text"
_COUNT, _SHARE = "Report count", "Report share"
_STYLES = {"text": _TEXT, "count": _COUNT, "share": _SHARE}


def written(
    title: str, first: str, parts: Sequence[tuple[str, Sequence[tuple[str, str]]]], sheets: Sequence[Sheet], *, most_rows: int = MOST_ROWS
) -> bytes:
    """A workbook of a first sheet named ``first``, made of headings and rows, and of sheets, each of at most so many rows."""
    book = Workbook()
    for style in _styles():
        book.add_named_style(style)
    _write_first(book.active, title, first, parts)
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet, most_rows)
    return workbook_bytes(book)


def cell_text(text: str, whole: str) -> str:
    """A text as a cell holds it: nothing that would run as a formula, nothing XML or Excel cannot hold.

    Parameters
    ----------
    whole : the file that has all of a text too long for a cell; a remark at its end names it.
    """
    made = _CODE.sub("_x005F_", storable(harmless(text)))
    if _length(made) <= LONGEST:
        return made
    remark = f" … (cut here; {whole} has all of it)"
    kept = made.encode("utf-16-le")[: 2 * (LONGEST - len(remark))]
    return kept.decode("utf-16-le", "ignore") + remark


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _write(page: Worksheet, sheet: Sheet, most_rows: int) -> None:
    widths = [column.width for column in sheet.columns]
    for number, column in enumerate(sheet.columns, start=1):
        _put(page.cell(1, number), column.heading, _HEADER if column.kind == "text" else _NUMBER_HEADER, sheet.whole)
        page.column_dimensions[get_column_letter(number)].width = column.width
    # At least two lines, so that the buttons of the filters are below the words.
    page.row_dimensions[1].height = max(2 * _LINE, _height([column.heading for column in sheet.columns], widths)) + 4
    styles = [_STYLES[column.kind] for column in sheet.columns]
    fitting = sheet.rows if len(sheet.rows) < most_rows else sheet.rows[: most_rows - 2]
    for number, row in enumerate(fitting, start=2):
        for place, (value, style) in enumerate(zip(row, styles, strict=True), start=1):
            _put(page.cell(number, place), value, style, sheet.whole)
        page.row_dimensions[number].height = _height(row, widths)
    last = len(fitting) + 1
    if left := len(sheet.rows) - len(fitting):
        _put(
            page.cell(last + 1, sheet.frozen or 1), f"{left} more rows are in {sheet.whole}: a sheet cannot hold them.", _TEXT, sheet.whole
        )
    page.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{last}"
    page.print_title_rows = "1:1"
    page.print_area = f"A1:{get_column_letter(sheet.printed)}{page.max_row}"
    _set_print(page, "landscape")


def _write_first(page: Worksheet, title: str, name: str, parts: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> None:
    page.title = name
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = _FIRST, _SECOND
    page.sheet_view.showGridLines = False
    rows = [(title, "", _TITLE)]
    for heading, said in parts:
        rows += [("", "", _PART), (heading, "", _PART), *((what, meaning, _NAME) for what, meaning in said)]
    for number, (what, meaning, style) in enumerate(rows, start=1):
        _put(page.cell(number, 1), what, style, "themes.json")
        _put(page.cell(number, 2), meaning, _MEANING, "themes.json")
        page.row_dimensions[number].height = 22 if style in (_TITLE, _PART) and what else _height((meaning,), (_SECOND,))
    _set_print(page, "portrait")


def _put(cell: Cell, value: Value, style: str, whole: str) -> None:
    """Write a value; a text is always a text, whatever it looks like."""
    if isinstance(value, str):
        if value:
            cell.value = cell_text(value, whole)
            cell.data_type = "s"
        cell.style = _TEXT if style in (_COUNT, _SHARE) else style
    else:
        cell.value = value
        cell.style = style


def _height(row: Sequence[Value], widths: Sequence[int]) -> float:
    """The height in points at which all of a row is seen: not every program works it out for itself."""
    lines = max(_lines(value, width) if isinstance(value, str) else 1 for value, width in zip(row, widths, strict=True))
    return min(_LINE * lines + 3, _TALLEST)


def _lines(text: str, width: int) -> int:
    letters = int(width * _LETTERS)
    return sum(len(textwrap.wrap(line[: _TALLEST * letters], letters)) or 1 for line in text.splitlines()) or 1


def _set_print(page: Worksheet, orientation: str) -> None:
    page.page_setup.orientation, page.page_setup.paperSize = orientation, page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_margins.left = page.page_margins.right = 0.4  # inches
    page.page_margins.top = page.page_margins.bottom = 0.6
    page.oddFooter.left.text, page.oddFooter.right.text = "&A", "Page &P of &N"


def _styles() -> list[NamedStyle]:
    ink, muted, accent, rule, shade = (colour[1:].upper() for colour in (LIGHT.ink, LIGHT.muted, LIGHT.accent, LIGHT.rule, LIGHT.shade))
    wrapped, right = (
        Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1),
        Alignment(horizontal="right", vertical="top", wrap_text=True),
    )
    ground, under = PatternFill("solid", fgColor=shade), Border(bottom=Side(style="medium", color=accent))
    line = Border(bottom=Side(style="thin", color=rule))

    def font(colour: str = ink, size: int = 10, *, bold: bool = False) -> Font:
        return Font(name=WORD_FONT, size=size, bold=bold, color=colour)

    return [
        NamedStyle(_TITLE, font(accent, 16, bold=True)),
        NamedStyle(_PART, font(accent, 12, bold=True)),
        NamedStyle(_NAME, font(muted, bold=True), alignment=wrapped),
        NamedStyle(_MEANING, font(), alignment=wrapped),
        NamedStyle(_HEADER, font(bold=True), fill=ground, border=under, alignment=wrapped),
        NamedStyle(_NUMBER_HEADER, font(bold=True), fill=ground, border=under, alignment=right),
        NamedStyle(_TEXT, font(), border=line, alignment=wrapped),
        NamedStyle(_COUNT, font(), border=line, alignment=right, number_format='0;-0;"–"'),
        NamedStyle(_SHARE, font(), border=line, alignment=right, number_format="0.00"),
    ]
