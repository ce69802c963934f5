"""Sheets as an Excel workbook: header rows that stay in sight and repeat on paper, filters, numbers to the right, text as text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter

from pipeline.cells import harmless
from pipeline.report.office import storable
from pipeline.report.style import LIGHT, WORD_FONT
from pipeline.report.workbook.saving import Row, Value, workbook_bytes
from pipeline.report.workbook.sheets import Sheet

if TYPE_CHECKING:
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
    _set_first(book.active, first)
    rows = {book.active.title: _first_rows(title, parts)}
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        rows[page.title] = _rows(sheet, most_rows)
        _set(page, sheet, rows[page.title])
    return workbook_bytes(book, rows)


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


def _rows(sheet: Sheet, most_rows: int) -> list[Row]:
    """The header and the rows of a sheet; where they are too many, the last says how many are left."""
    widths = [column.width for column in sheet.columns]
    header = [(column.heading, _HEADER if column.kind == "text" else _NUMBER_HEADER) for column in sheet.columns]
    # At least two lines, so that the buttons of the filters are below the words.
    tall = max(2 * _LINE, _height([column.heading for column in sheet.columns], widths)) + 4
    styles = [_STYLES[column.kind] for column in sheet.columns]
    fitting = sheet.rows if len(sheet.rows) < most_rows else sheet.rows[: most_rows - 2]
    rows = [_row(tall, header, sheet.whole)]
    rows += [_row(_height(row, widths), zip(row, styles, strict=True), sheet.whole) for row in fitting]
    if left := len(sheet.rows) - len(fitting):
        said = f"{left} more rows are in {sheet.whole}: a sheet cannot hold them."
        rows.append((None, [*[(None, None)] * ((sheet.frozen or 1) - 1), (said, _TEXT)]))
    return rows


def _set(page: Worksheet, sheet: Sheet, rows: Sequence[Row]) -> None:
    """Widths, what stays in sight, filters, and what goes on paper."""
    for number, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    page.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}2"
    filtered = sum(height is not None for height, _ in rows)  # all but what says how many are left
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{filtered}"
    page.print_title_rows = "1:1"
    page.print_area = f"A1:{get_column_letter(sheet.printed)}{len(rows)}"
    _set_print(page, "landscape")


def _first_rows(title: str, parts: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> list[Row]:
    rows = [(title, "", _TITLE)]
    for heading, said in parts:
        rows += [("", "", _PART), (heading, "", _PART), *((what, meaning, _NAME) for what, meaning in said)]
    return [
        _row(
            22 if style in (_TITLE, _PART) and what else _height((meaning,), (_SECOND,)),
            ((what, style), (meaning, _MEANING)),
            "themes.json",
        )
        for what, meaning, style in rows
    ]


def _set_first(page: Worksheet, name: str) -> None:
    page.title = name
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = _FIRST, _SECOND
    page.sheet_view.showGridLines = False
    _set_print(page, "portrait")


def _row(height: int, cells: Iterable[tuple[Value, str]], whole: str) -> Row:
    """A row as it is written; a text is always a text, whatever it looks like, and an empty one is none."""
    return height, [_cell(value, style, whole) if isinstance(value, str) else (value, style) for value, style in cells]


def _cell(text: str, style: str, whole: str) -> tuple[Value, str]:
    return cell_text(text, whole) or None, _TEXT if style in (_COUNT, _SHARE) else style


def _height(row: Sequence[Value], widths: Sequence[int]) -> int:
    """The height in points at which all of a row is seen: not every program works it out for itself."""
    lines = max(_lines(value, width) if isinstance(value, str) else 1 for value, width in zip(row, widths, strict=True))
    return min(_LINE * lines + 3, _TALLEST)


def _lines(text: str, width: int) -> int:
    letters = int(width * _LETTERS)
    return sum(_wrapped(line, letters) if len(line.expandtabs()) > letters else 1 for line in text.splitlines()) or 1


def _wrapped(line: str, letters: int) -> int:
    return len(textwrap.wrap(line[: _TALLEST * letters], letters)) or 1


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
