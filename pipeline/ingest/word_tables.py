"""Tables of Word documents into grids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.ingest.blocks import Aside, Cell, Grid
from pipeline.ingest.limits import TABLE_COLUMNS, check_table
from pipeline.ingest.word_xml import Styles, bare_line, content, lines_of, removed_from, value, w, words_of

_OFF = ("0", "false", "off")


@dataclass(slots=True)
class Table:
    """One table as read: its grid, what had been deleted in it, and how many pictures it shows."""

    grid: Grid
    asides: list[Aside] = field(default_factory=list)
    pictures: int = 0


def read_table(table: Any, number: int, styles: Styles, source_file: str) -> Table:
    """Read a table; a merged cell is one object in every place it covers.

    List items in a cell get the mark they show ("• ", four spaces a level). Locators are
    "table 1 row 2 column 3".

    Raises
    ------
    ReadError : it has too many places.
    """
    found = Table(Grid(()))
    rows: list[list[Cell]] = []
    for row_number, row in enumerate(_within(table, "tr"), 1):
        before = min(int(value(row, "trPr", "gridBefore") or 0), TABLE_COLUMNS)
        cells = [_empty(number, row_number, column) for column in range(1, before + 1)]
        for element in _within(row, "tc"):
            span = min(int(value(element, "tcPr", "gridSpan") or 1), TABLE_COLUMNS)
            merge = value(element, "tcPr", "vMerge")
            place = f"table {number} row {row_number} column {len(cells) + 1}"
            text = "\n".join(_lines(element, place, styles, found))
            cell = Cell(text, place)
            if merge is not None and merge != "restart" and not text and rows and len(cells) < len(rows[-1]):
                cell = rows[-1][len(cells)]
            cells.extend([cell] * span)
        rows.append(cells)
    width = max(map(len, rows), default=0)
    check_table(len(rows), width, source_file, f"table {number}")
    full = ((*cells, *(_empty(number, at, column) for column in range(len(cells) + 1, width + 1))) for at, cells in enumerate(rows, 1))
    found.grid = Grid(tuple(full), header=_has_header(table, styles))
    return found


def _within(element: Any, name: str) -> Iterator[Any]:
    """Give the rows of a table or the cells of a row, within content controls too, not of nested tables."""
    for child in element:
        if child.tag == w(name):
            yield child
        elif child.tag in (w("sdt"), w("sdtContent"), w("customXml"), w("ins")):
            yield from _within(child, name)


def _empty(table: int, row: int, column: int) -> Cell:
    return Cell("", f"table {table} row {row} column {column}")


def _lines(cell: Any, place: str, styles: Styles, found: Table) -> Iterator[str]:
    """Give a cell's lines, and those of tables and text boxes within it."""
    for element in content(cell):
        if element.tag == w("tbl"):
            for row in _within(element, "tr"):
                for inner in _within(row, "tc"):
                    yield from _lines(inner, place, styles, found)
            continue
        words = words_of(element, styles)
        found.pictures += words.pictures
        found.asides.extend(removed_from(words, place))
        level = styles.list_level(element)
        mark = "" if level is None else " " * 4 * level + "• "
        for number, line in enumerate(lines_of(words)):
            yield (mark if number == 0 else " " * len(mark)) + bare_line(line)
        for box in words.boxes:
            yield from _lines(box, place, styles, found)


def _has_header(table: Any, styles: Styles) -> bool:
    """Say whether the first row is marked: as a repeated heading, or all bold or shaded unlike the next."""
    rows = list(_within(table, "tr"))
    if not rows:
        return False
    repeated = value(rows[0], "trPr", "tblHeader")
    if repeated is not None and repeated not in _OFF:
        return True
    if len(rows) < 2:
        return False
    return any(look(rows[0], styles) and not look(rows[1], styles) for look in (_is_bold, _is_shaded))


def _is_bold(row: Any, styles: Styles) -> bool:
    pieces = [piece for paragraph in row.iter(w("p")) for piece in words_of(paragraph, styles).pieces]
    telling = [piece.bold for piece in pieces if re.search(r"\w", piece.text)]
    return bool(telling) and all(telling)


def _is_shaded(row: Any, _: Styles) -> bool:
    fills = [cell.find(f"{w('tcPr')}/{w('shd')}") for cell in _within(row, "tc")]
    return bool(fills) and all(fill is not None and fill.get(w("fill"), "auto").lower() not in ("auto", "ffffff") for fill in fills)
