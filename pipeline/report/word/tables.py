"""Tables of a Word report: a header row that every page repeats, rows that no page breaks, and numbers to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH

from pipeline.report.blocks import Grid
from pipeline.report.word.styles import GRID, TEXT_WIDTH
from pipeline.report.word.text import element, shown

if TYPE_CHECKING:
    from docx.document import Document

# Characters of a cell that count for the width of its column; longer ones wrap.
_NARROWEST, _WIDEST = 7, 40


def add_table(document: Document, grid: Grid) -> None:
    """Write a table as wide as the text, its columns by what stands in them."""
    table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.columns), style=GRID)
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    widths = _widths(grid)
    for number, (row, values) in enumerate(zip(table.rows, (grid.columns, *grid.rows), strict=True)):
        layout = row._tr.get_or_add_trPr()
        layout.append(element("cantSplit"))
        if number == 0:
            layout.append(element("tblHeader"))
        for cell, column, value, width in zip(row.cells, grid.columns, values, widths, strict=True):
            cell.width = width
            line = cell.paragraphs[0]
            line.style = "Table Heading" if number == 0 else "Table Number" if column in grid.numeric else "Table Text"
            if number == 0 and column in grid.numeric:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.add_run(shown(str(value)))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    document.add_paragraph(style="Table Text")  # or a table after this one would be joined to it


def _widths(grid: Grid) -> list[int]:
    longest = [max(len(str(value)) for value in values) for values in zip(grid.columns, *grid.rows, strict=True)]
    weights = [min(max(length, _NARROWEST), _WIDEST) for length in longest]
    return [int(TEXT_WIDTH * weight / sum(weights)) for weight in weights]
