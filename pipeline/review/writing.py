"""Writing a review workbook: one row a point, the most useful to check first, and one row a theme."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pipeline.cells import harmless
from pipeline.report.office import sealed, storable
from pipeline.review import layout
from pipeline.review.layout import About, Column

_NAME = "Your name"
_HELP = (
    "Write your name in the cell on the right of 'Your name' first: every decision is kept with who made it and when.",
    "Sheet 'Points': one row a point, those most worth a look first. Only the coloured cells can be changed.",
    "Is what is suggested right? Choose 'yes' under 'Right as it is?'. Then a person has confirmed it.",
    "Is it not? Choose one to three themes under 'Theme 1' to 'Theme 3'. They replace everything that was suggested.",
    f"Does no theme fit? Choose '{layout.NONE_OF_THESE}'. Can you not tell? Choose '{layout.NOT_SURE}': it changes nothing.",
    "A row in which you choose nothing says nothing: it is neither right nor wrong.",
    "Rows marked in the column 'Sample' were drawn at random. Check all of them: only they say fairly how good the program is.",
    "Sheet 'Themes': give a theme another title, merge it with another of its session, or reject it.",
    "A rejected theme is taken from the points that nobody coded. A merged one is shown under the other; its points keep their codes.",
    f"To split a theme, write a name under '{layout.NEW_THEME}' beside some of its points in the sheet 'Points': they leave it for a "
    "theme of that name, with all others of their session that have the same name there, and keep their codes.",
    "Where two people contradict each other, the program's own suggestion stays, and the row comes first in the next workbook. What is "
    "chosen there, by anybody, settles it.",
    "Comments are kept where a decision stands in the same row. Name nobody in them; names that are recognised are replaced.",
    "Save as an Excel workbook (.xlsx), then: themes review apply FILE.xlsx --out FOLDER-OF-THE-RUNS, and run again.",
)


def workbook(
    about: About,
    choices: dict[str, str],
    points: Sequence[dict[str, Any]],
    themes: Sequence[dict[str, Any]],
    merge_with: dict[str, list[str]],
    reviewer: str,
) -> bytes:
    """The bytes of a review workbook, the same for the same content.

    Parameters
    ----------
    about : what it is of.
    choices : what can be chosen for a point, by code.
    points, themes : the rows of the two sheets, by heading; those of ``layout.ROW`` are structures, hidden as JSON.
    merge_with : what a theme can be merged with, by session.
    reviewer : their name, if it is known.
    """
    from openpyxl import Workbook

    from pipeline.report.workbook.saving import workbook_bytes

    book = Workbook()
    _help(book.active, reviewer)
    lists = [
        ["codes", *choices],
        ["choices", *choices.values(), layout.NONE_OF_THESE, layout.NOT_SURE],
        *([f"session {session}", *titles] for session, titles in merge_with.items()),
    ]
    of_points = _sheet(book, layout.POINTS, layout.POINT_COLUMNS, points, about)
    of_themes = _sheet(book, layout.THEMES, layout.THEME_COLUMNS, themes, about)
    hidden = book.create_sheet(layout.LISTS)
    for number, values in enumerate(lists, 1):
        for row, value in enumerate(values, 1):
            _put(hidden.cell(row, number), value)
    hidden.sheet_state = "hidden"
    _choose(of_points, layout.POINT_COLUMNS, layout.CODES, _range(2, len(lists[1])), 2, len(points) + 1)
    _choose(of_points, layout.POINT_COLUMNS, (layout.RIGHT,), f'"{layout.YES}"', 2, len(points) + 1)
    _choose(of_themes, layout.THEME_COLUMNS, (layout.REJECT,), f'"{layout.YES}"', 2, len(themes) + 1)
    for number, (session, titles) in enumerate(merge_with.items(), 3):
        rows = [row for row, theme in enumerate(themes, 2) if theme["Session"] == session]
        _choose(of_themes, layout.THEME_COLUMNS, (layout.MERGE,), _range(number, len(titles) + 1), rows[0], rows[-1])
    told = book.create_sheet(layout.ABOUT)
    for row, (name, value) in enumerate({"format": layout.FORMAT, **asdict(about), "check": layout.lists_check(lists, about)}.items(), 1):
        _put(told.cell(row, 1), name)
        _put(told.cell(row, 2), value)
    told.sheet_state = "hidden"
    return sealed(workbook_bytes(book), f"Review of {about.event}")


def _help(sheet: Any, reviewer: str) -> None:
    from openpyxl.styles import Alignment, Font, Protection

    sheet.title = layout.HELP
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 110
    _put(sheet["A1"], "How to check what the program suggests")
    sheet["A1"].font = Font(bold=True, size=14)
    _put(sheet["A3"], _NAME)
    _put(sheet[layout.NAME_CELL], reviewer)
    sheet[layout.NAME_CELL].fill, sheet[layout.NAME_CELL].protection = _fill(), Protection(locked=False)
    for number, text in enumerate(_HELP, 1):
        sheet.cell(number + 4, 1).value = number
        sheet.cell(number + 4, 1).alignment = Alignment(horizontal="right", vertical="top")
        _put(sheet.cell(number + 4, 2), text)
        sheet.cell(number + 4, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.protection.sheet = True


def _sheet(book: Any, title: str, columns: Sequence[Column], rows: Sequence[dict[str, Any]], about: About) -> Any:
    from openpyxl.styles import Alignment, Font, Protection
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    wrapped = Alignment(wrap_text=True, vertical="top")
    fill, unlocked, bold = _fill(), Protection(locked=False), Font(bold=True)
    for number, column in enumerate(columns, 1):
        head = sheet.cell(1, number)
        _put(head, column.heading)
        head.font, head.alignment = bold, wrapped
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].hidden = column.hidden
    for place, row in enumerate(rows, 2):
        # Excel reads "_x0041_" as "A".
        hidden = storable(json.dumps(row[layout.ROW], ensure_ascii=False)).replace("_x", "\\u005fx")
        values = {**row, layout.ROW: hidden, layout.CHECK: layout.row_check(hidden, about), layout.TAXONOMY: about.sha256}
        for number, column in enumerate(columns, 1):
            cell = sheet.cell(place, number)
            _put(cell, values.get(column.heading, ""))
            if not column.hidden:
                cell.alignment = wrapped
            if column.editable:
                cell.fill, cell.protection = fill, unlocked
    sheet.freeze_panes = "B2" if columns[0].heading == "Text" else "C2"
    last = max(number for number, column in enumerate(columns, 1) if not column.hidden)
    sheet.auto_filter.ref = f"A1:{get_column_letter(last)}{max(2, len(rows) + 1)}"
    # No password: it keeps from slips, not from people. What is False here is allowed.
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.sort = protection.autoFilter = False
    return sheet


def _fill() -> Any:
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor="FFF8E1")


def _put(cell: Any, value: Any) -> None:
    """Put a value into a cell; a text is a text, whatever it begins with."""
    if not isinstance(value, str):
        cell.value = value
        return
    if not value:
        return
    text = storable(value)
    cell.value = text
    cell.data_type = "s"
    if harmless(text) != text:
        cell.quotePrefix = True  # or it would become a formula when somebody edits the cell


def _range(column: int, last: int) -> str:
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(column)
    return f"'{layout.LISTS}'!${letter}$2:${letter}${last}"


def _choose(sheet: Any, columns: Sequence[Column], headings: Sequence[str], among: str, first: int, last: int) -> None:
    """Let the cells of some columns be chosen from a list."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if last < first:
        return
    rule = DataValidation(type="list", formula1=among, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Not in the list", "Please choose from the list, or leave the cell empty."
    for number, column in enumerate(columns, 1):
        if column.heading in headings:
            letter = get_column_letter(number)
            rule.add(f"{letter}{first}:{letter}{last}")
    sheet.add_data_validation(rule)
