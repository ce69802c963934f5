"""PDF files with text into blocks and grids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import ReadError
from pipeline.ingest.blocks import Aside, Block, Cell, Document, Grid
from pipeline.ingest.lines import is_capitals, span
from pipeline.ingest.pdf_page import Page, read_page
from pipeline.ingest.pdf_paragraphs import Paragraph, paragraphs
from pipeline.ingest.pdf_rows import Row
from pipeline.ingest.pdf_tables import Box, Ruled

_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.?|pg\.?)?\s*\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?\W*", re.IGNORECASE)
_SPEAKS_OF_PAGES = re.compile(r"\bpage\b|\bp\.? ?\d|\d ?(?:of|/) ?\d|[|·•–—-]\s*\d+$|^\d+\s*[|·•–—-]", re.IGNORECASE)
_MARGIN = 0.09  # share of the page's height, at the top and at the bottom
_EDGE_ROWS = 3  # rows from the top or the bottom that a running header or footer can have
_RUNNING = "running header or footer"


def read(path: Path, source_file: str) -> Document:
    """Read a PDF; locators are "page 2 line 5" and "page 2 table 1 row 2 column 3".

    Raises
    ------
    ReadError : the file is locked with a password, broken, no PDF, or holds no text (a scan).
    """
    pages = _pages(path, source_file)
    if not any(page.rows or page.tables or page.fields for page in pages):
        raise ReadError(
            "there is no text in it: probably a scan",
            where=source_file,
            expected="a PDF made from typed notes",
            do="run text recognition (OCR) on it first, or type the notes up",
        )
    running = _running(pages)
    asides = [Aside(row.text, row.locator, _RUNNING) for row in running]
    asides.extend(_beside(pages))
    left_out = {id(row) for row in running}
    body = [row for page in pages for row in page.rows if id(row) not in left_out]
    words = re.findall(r"\w+-\w+", " ".join(row.text for row in body).lower())
    parts, repeated = _parts(pages, body, frozenset(words))
    remarks = tuple(
        f"page {page.number} holds no text; type up any notes its picture shows"
        for page in pages
        if page.pictures and not page.rows and not page.tables
    )
    return Document(source_file, tuple(parts), (*asides, *repeated), remarks)


def _pages(path: Path, source_file: str) -> list[Page]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    from pipeline.ingest.pdf_limits import bounded_unpacking, check_pages, past_limit, without_warnings

    try:
        with bounded_unpacking(), without_warnings(), pdfplumber.open(path) as pdf:
            check_pages(pdf.doc, pdf.rsrcmgr)
            return [_page(page) for page in pdf.pages]
    except OSError:
        raise
    except Exception as error:  # a broken PDF can make the libraries raise anything
        if (limit := past_limit(error, source_file)) is not None:
            raise limit from error
        locked = any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args))
        raise ReadError(
            "it is locked with a password" if locked else "it is no PDF, or it is broken",
            where=source_file,
            expected="a PDF that opens without a password",
            do="open it and save a copy without a password" if locked else "ask for a new copy, or print it to PDF",
        ) from error


def _page(page: Any) -> Page:
    """Read one page, and let go of everything that was laid out for it."""
    try:
        return read_page(page)
    finally:
        page.close()


def _beside(pages: Sequence[Page]) -> Iterator[Aside]:
    for page in pages:
        place = f"page {page.number}"
        yield from (Aside(text, place, "text set sideways") for text in page.sideways)
        yield from (Aside(text, place, "note on the page") for text in page.notes)


def _running(pages: Sequence[Page]) -> list[Row]:
    """Find running headers, footers and page numbers."""
    edges = [(page, row) for page in pages for row in _edge_rows(page)]
    same = Counter((row.text, round(row.top / 6)) for _, row in edges)
    alike = Counter((re.sub(r"\d+", "#", row.text), round(row.top / 6)) for _, row in edges)
    usual = _usual_size([row for page in pages for row in page.rows])
    needed = max(2, (len(pages) + 1) // 2)
    found = []
    for page, row in edges:
        in_margin = row.bottom < page.height * _MARGIN or row.top > page.height * (1 - _MARGIN)
        low = round(row.top / 6)
        repeats = max(same[row.text, at] for at in (low - 1, low, low + 1)) >= needed
        digits = re.sub(r"\d+", "#", row.text)
        numbered = max(alike[digits, at] for at in (low - 1, low, low + 1)) >= needed
        if row.size <= usual + 0.5 and (
            repeats or (numbered and _SPEAKS_OF_PAGES.search(row.text)) or (in_margin and _PAGE_NUMBER.fullmatch(row.text))
        ):
            found.append(row)
    return found


def _edge_rows(page: Page) -> list[Row]:
    """Give the rows nearest to the top and the bottom of a page, leaving out those between tables."""
    ordered = sorted(page.rows, key=lambda row: row.top)
    top = min((table.box[1] for table in page.tables), default=page.height)
    bottom = max((table.box[3] for table in page.tables), default=0.0)
    first = [row for row in ordered[:_EDGE_ROWS] if row.bottom <= min(top + 2, page.height / 3)]
    last = [row for row in ordered[-_EDGE_ROWS:] if row.top >= max(bottom - 2, page.height * 2 / 3)]
    return first + last


def _usual_size(rows: Sequence[Row]) -> float:
    """Give the commonest type size by characters."""
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[row.size] += len(row.text)
    return max(sizes, key=lambda size: (sizes[size], -size)) if sizes else 0.0


def _parts(pages: Sequence[Page], body: Sequence[Row], vocabulary: frozenset[str]) -> tuple[list[Block | Grid], list[Aside]]:
    """Put paragraphs and tables in order; a table that goes on over the page is made one."""
    held = [row for page in pages for table in page.tables for rows in table.rows.values() for row in rows]
    usual = _usual_size(body) if body else _usual_size(held)
    larger = sorted({row.size for row in body if row.size >= usual + 1}, reverse=True)
    levels = {size: min(rank, 9) for rank, size in enumerate(larger, 1)}
    parts: list[Block | Grid] = []
    asides: list[Aside] = []
    waiting: list[Row] = []
    going_on: list[int] = []  # columns of the table that ended the page before
    right = max((row.x1 for row in body), default=0.0)

    def settle() -> None:
        parts.extend(_block(paragraph, levels, vocabulary) for paragraph in paragraphs(waiting, right))
        waiting.clear()

    by_page: dict[int, list[Row]] = {}
    for row in body:
        by_page.setdefault(row.page, []).append(row)
    for page in pages:
        for number, item in enumerate(_in_order(page, by_page.get(page.number, []))):
            if isinstance(item, Row):
                waiting.append(item)
                going_on = []
                continue
            settle()
            place = f"page {page.number} table {1 + page.tables.index(item)}"
            grid = _grid(item, place, vocabulary)
            if number == 0 and going_on == item.columns and isinstance(parts[-1], Grid):
                grid, repeated = _continued(parts.pop(), grid)
                asides.extend(repeated)
            parts.append(grid)
            going_on = item.columns
        parts_of_form = [Block(text, f"page {page.number} form field {at}") for at, text in enumerate(page.fields, 1)]
        if parts_of_form:
            settle()
            parts.extend(parts_of_form)
    settle()
    return parts, asides


def _in_order(page: Page, rows: Sequence[Row]) -> list[Row | Ruled]:
    """Give a page's rows with its tables in their place."""
    items: list[Row | Ruled] = [*rows]
    for table in page.tables:
        place = next(
            (at for at, item in enumerate(items) if (item.top if isinstance(item, Row) else item.box[1]) >= table.box[1]),
            len(items),
        )
        items.insert(place, table)
    return items


def _block(paragraph: Paragraph, levels: dict[float, int], vocabulary: frozenset[str]) -> Block:
    first, last = paragraph.rows[0], paragraph.rows[-1]
    text = paragraph.text(vocabulary)
    place = span(first.locator, last.locator)
    level = levels.get(first.size, 0)
    if level and len(text) <= 200 and (not first.mark or first.mark[0].isdigit()):
        return Block(text, place, "heading", level, paragraph.emphasis or is_capitals(text))
    emphasis = paragraph.emphasis or is_capitals(text)
    if paragraph.level >= 0:
        return Block(text, place, "bullet", paragraph.level, emphasis)
    return Block(text, place, emphasis=emphasis)


def _grid(table: Ruled, place: str, vocabulary: frozenset[str]) -> Grid:
    """Turn a ruled table into a grid; a merged cell is one object in every place it covers."""
    cells: dict[Box, Cell] = {}
    rows = []
    for row_number, line in enumerate(table.boxes, 1):
        row = []
        for column, box in enumerate(line, 1):
            locator = f"{place} row {row_number} column {column}"
            if box is None:
                row.append(Cell("", locator))
                continue
            if box not in cells:
                cells[box] = Cell(_cell_text(table.rows.get(box, []), box, vocabulary), locator)
            row.append(cells[box])
        rows.append(tuple(row))
    return Grid(tuple(rows), header=table.header)


def _cell_text(rows: Sequence[Row], box: Box, vocabulary: frozenset[str]) -> str:
    """Give a cell's lines; wrapped rows are rejoined, bullets keep a mark and four spaces a level."""
    if not rows:
        return ""
    padding = min(max(min(row.x0 for row in rows) - box[0], 0), 12)
    lines = []
    for paragraph in paragraphs(rows, box[2] - padding, ruled=True):
        mark = " " * 4 * paragraph.level + "• " if paragraph.level >= 0 else ""
        lines.append(mark + paragraph.text(vocabulary))
    return "\n".join(lines)


def _continued(before: Any, grid: Grid) -> tuple[Grid, list[Aside]]:
    """Join the part of a table on the next page to the part before, without its repeated heading."""
    rows, repeated = grid.rows, []
    if [cell.text for cell in rows[0]] == [cell.text for cell in before.rows[0]]:
        repeated = [Aside(cell.text, cell.locator, "repeated table heading") for cell in rows[0] if cell.text]
        rows = rows[1:]
    return Grid(before.rows + rows, before.name, before.header), repeated
