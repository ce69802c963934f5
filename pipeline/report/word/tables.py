"""Tables of a Word report: a header row that every page repeats, rows that no page breaks, and numbers to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Twips

from pipeline.report.blocks import Grid
from pipeline.report.word.styles import GRID, TEXT_WIDTH
from pipeline.report.word.text import element, shown

if TYPE_CHECKING:
    from docx.document import Document

# Of 9.5 point text: a letter, on the whole, and the room beside a cell's text; longer texts than the limit wrap.
_LETTER, _BESIDE, _LONGEST = Cm(0.175), Cm(0.4), 60


def add_table(document: Document, grid: Grid) -> None:
    """Write a table as wide as the text, its columns by what stands in them."""
    table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.columns), style=GRID)
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    widths = _widths(grid)
    # Looked up once: python-docx searches all styles for each paragraph that is to have one.
    styles = {name: document.styles[name].style_id for name in ("Table Heading", "Table Text", "Table Number")}
    for number, (row, values) in enumerate(zip(table.rows, (grid.columns, *grid.rows), strict=True)):
        layout = row._tr.get_or_add_trPr()
        layout.append(element("cantSplit"))
        if number == 0:
            layout.append(element("tblHeader"))
        for cell, column, value, width in zip(row.cells, grid.columns, values, widths, strict=True):
            cell.width = width
            line = cell.paragraphs[0]
            line._p.style = styles["Table Heading" if number == 0 else "Table Number" if column in grid.numeric else "Table Text"]
            if number == 0 and column in grid.numeric:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.add_run(shown(str(value)))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    document.add_paragraph(style="Table Text")  # or a table after this one would be joined to it


def _widths(grid: Grid) -> list[int]:
    """Every column wide enough for its longest word, if the page is; what is left goes to those whose texts are longer."""
    columns = [[str(value) for value in values] for values in zip(grid.columns, *grid.rows, strict=True)]
    least = [_BESIDE + _LETTER * max(len(word) for text in texts for word in ("", *text.split())) for texts in columns]
    wanted = [max(fewest, _BESIDE + _LETTER * min(_LONGEST, max(map(len, texts)))) for fewest, texts in zip(least, columns, strict=True)]
    spare = TEXT_WIDTH - sum(least)
    more = [most - fewest for most, fewest in zip(wanted, least, strict=True)]
    if spare < 0 or sum(more) <= spare:
        chosen = least if spare < 0 else wanted
        widths = [TEXT_WIDTH * width / sum(chosen) for width in chosen]
    else:
        widths = [fewest + spare * extra / sum(more) for fewest, extra in zip(least, more, strict=True)]
    return [int(width / Twips(1)) * Twips(1) for width in widths]  # Word counts in twips
