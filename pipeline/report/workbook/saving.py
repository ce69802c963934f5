"""A workbook of openpyxl as the bytes of a file, with nothing written elsewhere on the way."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from openpyxl.compat import safe_string
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.writer.excel import ExcelWriter

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | None
# A row: its height in points, if it is told, and the value and the style of each cell from the left. No style, no cell.
Row = tuple[int | None, Sequence[tuple[Value, str | None]]]


def workbook_bytes(book: Workbook, rows: Mapping[str, Sequence[Row]] = MappingProxyType({})) -> bytes:
    """A workbook as a file, made in memory.

    openpyxl by itself writes every sheet to a file in the system's temporary folder first, where a program that is killed leaves it. And
    it makes several objects of every cell, which takes longer than all else of a report; so ``rows`` are written as they are.

    Parameters
    ----------
    book : its sheets and named styles.
    rows : those of sheets without cells, by their titles, from the first row on.
    """
    out = io.BytesIO()
    _InMemory(book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED), rows).save()
    return out.getvalue()


class _InMemory(ExcelWriter):  # type: ignore[misc]
    def __init__(self, book: Workbook, archive: zipfile.ZipFile, rows: Mapping[str, Sequence[Row]]) -> None:
        super().__init__(book, archive)
        self._rows = rows
        self._styles: dict[str, int] = {}

    def write_worksheet(self, ws: Worksheet) -> None:
        """As that of openpyxl, but for where the sheet is written."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        rows = self._rows.get(ws.title)
        writer = WorksheetWriter(ws, io.BytesIO()) if rows is None else _SheetWriter(ws, rows, self._styles)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


class _SheetWriter(WorksheetWriter):  # type: ignore[misc]
    """Writes a sheet as openpyxl does, but its rows as text; ``styles`` are the numbers of those that were met before."""

    def __init__(self, page: Worksheet, rows: Sequence[Row], styles: dict[str, int]) -> None:
        super().__init__(page, io.BytesIO())
        self._rows, self._styles = rows, styles
        self._columns = [get_column_letter(number) for number in range(1, 1 + max(len(cells) for _, cells in rows))]

    def write_dimensions(self) -> None:
        """How far the cells reach."""
        self.xf.send(SheetDimension(f"A1:{self._columns[-1]}{len(self._rows)}").to_tree())

    def write_rows(self) -> None:
        """The rows, in the stream behind what stands there already."""
        stream = self.xf.send(True)  # noqa: FBT003
        with stream.element("sheetData"):
            stream.flush()
            for number, row in enumerate(self._rows, start=1):
                self.out.write(self._row(number, row).encode("ascii", "xmlcharrefreplace"))
        self.xf.send(None)

    def _row(self, number: int, row: Row) -> str:
        height, cells = row
        tall = "" if height is None else f' ht="{height}" customHeight="1"'
        written = [
            _cell(f'r="{column}{number}" s="{self._style(style)}"', value)
            for column, (value, style) in zip(self._columns, cells, strict=False)
            if style is not None
        ]
        return f'<row r="{number}"{tall}>{"".join(written)}</row>'

    def _style(self, name: str) -> int:
        """The number of a style, which it has from the first cell on that is written in it."""
        if name not in self._styles:
            book = self.ws.parent
            self._styles[name] = book._cell_styles.add(book._named_styles[name].as_tuple())
        return self._styles[name]


def _cell(place: str, value: Value) -> str:
    if not isinstance(value, str):
        return f'<c {place} t="n">{"" if value is None else f"<v>{safe_string(value)}</v>"}</c>'
    space = ' xml:space="preserve"' if value != value.strip() else ""
    return f'<c {place} t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'
