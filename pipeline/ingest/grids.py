"""Notes from tables: Excel sheets, CSV files, Word tables, ruled tables in PDFs.

The heading row is found, each column gets its role from :mod:`pipeline.ingest.columns`, and every row
gives a note for each cell that holds free text. Offices fill tables in many ways: a title merged across,
the table number only in the first of its rows, a total at the foot, the headings repeated half-way.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.ingest import frontmatter
from pipeline.ingest.attendance import PERSONAL, attendance_sheet
from pipeline.ingest.blocks import Aside, Block, Cell, Grid
from pipeline.ingest.columns import column, lists_people
from pipeline.ingest.grid_columns import FILLED_DOWN, TOTAL, GridColumns, Row, distinct, flat, lowered
from pipeline.ingest.headings import Marks, canonical_session, canonical_table, recognise
from pipeline.ingest.labels import split_label
from pipeline.ingest.lines import blocks_from_lines
from pipeline.ingest.outline import Heading, Outline, Piece
from pipeline.ingest.residents import is_introduced, resident_type

COLUMN_HEADING = "column heading"
TOTAL_ROW = "total row"
REPEATED = "column headings repeated"
UNUSED = "column '{}' is not one of those used"
NO_HEADING_COLUMN = "a column without a heading beside the notes"
TICK = "a tick, read as the mark of its column"
FIELDS_ALONE = "a row without a note in it"
LIST_MARKS = "numbers or marks of a list"
_MARK = re.compile(r"\d{1,3}|[^\W\d_]|[ivx]{1,4}|cid", re.IGNORECASE)
_LEVEL_LETTERS = {"l": "local", "n": "local", "d": "division", "c": "division"}


@dataclass(slots=True)
class GridRead:
    """What a table held."""

    pieces: list[Piece] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    dropped: list[Aside] = field(default_factory=list)


def read_grid(grid: Grid, outline: Outline, front: frontmatter.FrontMatter, *, attendance: bool = False) -> GridRead:
    """Read the notes of one table.

    Parameters
    ----------
    grid : the table.
    outline : headings open where the table stands; title rows and section rows are opened in it.
    front : filled with what a title row says of the event.
    attendance : the sheet's or file's name says that it only lists who came.
    """
    headed = [[column(flat(cell.text)) for cell in row] for row in grid.rows[:5]]
    if attendance or any(lists_people(columns) for columns in headed):
        return GridRead(dropped=attendance_sheet(grid, front))
    reading = Reading(grid, outline, front)
    reading.run()
    return reading.found


def as_lines(grid: Grid) -> tuple[list[Block], list[Aside]] | None:
    """The lines of a table that is only a frame or a list: one column, and no heading that says what it holds; else None.

    With them, what numbered them.
    """
    if not grid.rows or len(grid.rows[0]) > 1:
        return None
    cells = [cell for cell in {id(row[0]): row[0] for row in grid.rows}.values() if cell.text.strip()]
    if not cells or column(flat(cells[0].text)).role == "text":
        return None
    lines = [(line, cell.locator) for cell in cells for line in cell.text.splitlines() if line.strip()]
    # Capitals in a list of notes are how somebody types, not headings.
    blocks = [replace(block, emphasis=False) for block in blocks_from_lines(lines, rejoin=False)]
    by_cell: dict[str, list[Block]] = {}
    for block in blocks:
        by_cell.setdefault(block.locator, []).append(block)
    return blocks, [aside for cell in cells for aside in _list_marks(cell, by_cell.get(cell.locator, []))]


def _list_marks(cell: Cell, blocks: list[Block]) -> list[Aside]:
    """The words of a cell that only number its lines ("1.", "a)"), as one aside."""
    left = Counter(word for block in blocks for word in re.findall(r"[^\W_]+", block.text))
    marks = []
    for word in re.findall(r"[^\W_]+", cell.text):
        if left[word]:
            left[word] -= 1
        elif _MARK.fullmatch(word):
            marks.append(word)
    return [Aside(" ".join(marks), cell.locator, LIST_MARKS)] if marks else []


class Reading:
    """One pass over the rows of a table."""

    def __init__(self, grid: Grid, outline: Outline, front: frontmatter.FrontMatter) -> None:
        self.rows = grid.rows
        self.outline = outline
        self.front = front
        self.found = GridRead()
        self.grid = GridColumns(grid.rows)
        self.columns = self.grid.columns
        self.above: dict[int, Cell] = {}
        self.made: dict[int, Heading] = {}
        # Cells of rows already read: a cell merged over several rows is read with the first of them.
        self.done: set[int] = set()

    def run(self) -> None:
        """Read every row that was not read before."""
        for at, row in enumerate(self.rows):
            cells = distinct(row)
            if all(id(cell) in self.done for cell in cells):
                continue
            if at < self.grid.header_at:
                self._lead([cell for cell in cells if id(cell) not in self.done])
            elif at == self.grid.header_at:
                self._headings(row)
            elif self._is_total(row, cells):
                self._drop(cells, TOTAL_ROW)
            elif self.grid.header_at >= 0 and lowered(row) == lowered(self.rows[self.grid.header_at]):
                self._drop(cells, REPEATED)
            elif len(cells) == 1 and self._is_section(row, cells[0]):
                self._section(cells[0])
            else:
                self._row(row)
            self.done.update(id(cell) for cell in cells)

    def _lead(self, cells: list[Cell]) -> None:
        """Rows above the heading row: titles, and marks such as "Session 1"."""
        for cell in cells:
            marks = self._marks(cell)
            if (marks or marks.topic) and marks.explained >= 0.5:
                self._open(cell, marks.values, marks.topic)
            else:
                block = Block(flat(cell.text), cell.locator, emphasis=True)
                reason = frontmatter.read_front_matter([block], self.front)[0]
                self.found.dropped.append(Aside(cell.text, cell.locator, reason))

    def _marks(self, cell: Cell) -> Marks:
        """Marks of a title or section row; resident types only where the session is about residents."""
        marks = recognise(flat(cell.text))
        session = marks.values.get("session") or self.outline.context()["session"]
        return recognise(flat(cell.text), residents=True) if session == "3" or is_introduced(flat(cell.text)) else marks

    def _headings(self, row: Row) -> None:
        for cell, told in zip(row, self.columns, strict=True):
            if told.role == "value":
                self._heading_of(cell)
            elif cell.text.strip():
                self._drop([cell], COLUMN_HEADING)

    def _is_total(self, row: Row, cells: list[Cell]) -> bool:
        if not any(TOTAL.match(cell.text.strip()) for cell in cells):
            return False
        others = [cell for cell in cells if not TOTAL.match(cell.text.strip())]
        return all(re.fullmatch(r"[\d.,%\s]+", cell.text) for cell in others)

    def _is_section(self, row: Row, cell: Cell) -> bool:
        """A row that holds one cell is a heading if it is merged across, or stands where no note does."""
        places = [i for i, other in enumerate(row) if other is cell]
        if len(places) > 1:
            return True
        return len(row) > 1 and self.columns[places[0]].field in FILLED_DOWN

    def _section(self, cell: Cell) -> None:
        marks = self._marks(cell)
        values = marks.values if marks.explained >= 0.5 else {}
        if not values and re.fullmatch(r"\s*\d{1,2}\s*", cell.text):
            values = {"table": canonical_table(cell.text)}
        self.above.clear()
        self._open(cell, values, marks.topic)

    def _open(self, cell: Cell, values: dict[str, str], topic: str) -> None:
        self.outline.open(self._remember(cell), values, topic)

    def _remember(self, cell: Cell) -> Heading:
        heading = Heading(flat(cell.text), cell.locator)
        self.found.headings.append(heading)
        return heading

    def _row(self, row: Row) -> None:
        places = self.grid.notes(row)
        told, counted = self._fields(row, {id(row[i]) for i in places})
        notes = [i for i in places if id(row[i]) not in self.done]
        tally = counted.text.strip() if counted else ""
        for i in notes:
            marks = [*told]
            if self.columns[i].role == "value" and self.grid.header_at >= 0:
                marks.append((self._heading_of(self.rows[self.grid.header_at][i]), _unless_told(self.columns[i].values, told)))
            inner = self.outline.copy()
            inner.open_all(sorted(marks, key=lambda pair: not pair[1]))  # what is not understood nests last
            tally = self._cell(row[i], inner, tally)
        if counted and tally:
            self._drop([counted], FIELDS_ALONE)
        self.done.update(id(cell) for cell in (*(row[i] for i in notes), counted) if cell)
        self._drop_others(row)

    def _fields(self, row: Row, noted: set[int]) -> tuple[list[tuple[Heading, dict[str, str]]], Cell | None]:
        """Headings with their marks from the field columns of a row, session and table first; and the cell of its tally.

        A cell merged over columns of several kinds is read once: as a note (these are ``noted``) before a field before a tally.
        """
        told: list[tuple[Heading, dict[str, str]]] = []
        counted: Cell | None = None
        order = {"session": 0, "table": 1, "resident": 2, "mentions": 4}
        continues = any(c.field == "table" and i in self.grid.fill and not row[i].text.strip() for i, c in enumerate(self.columns))
        for i, c in sorted(enumerate(self.columns), key=lambda pair: order.get(pair[1].field, 3)):
            cell = row[i]
            filled = i in self.grid.fill or (continues and c.field in ("session", "resident", "aspect"))
            if filled and not cell.text.strip():
                cell = self.above.get(i, cell)
            if not cell.text.strip() or (c.role != "field" and i not in self.grid.ticks):
                continue
            if id(cell) in noted or cell is counted or (c.role == "field" and id(cell) in self.done and id(cell) not in self.made):
                continue  # read already: a title or column heading may be merged down into the rows
            if c.field == "mentions":
                if counted:
                    self._drop([cell], UNUSED.format(c.heading))
                elif id(cell) not in self.made:
                    counted = cell
            elif c.role == "field":
                self.above[i] = cell
                values = _value(c.field, flat(cell.text))
                told.append((self._heading_of(cell, level=0 if values else 90 + i), values))
            else:
                self._drop([cell], TICK)
                told.append((self._heading_of(self.rows[self.grid.header_at][i]), c.values))
        return told, counted

    def _heading_of(self, cell: Cell, level: int = 0) -> Heading:
        """One heading a cell, however many rows a merged or filled-down cell covers."""
        if id(cell) not in self.made:
            self.made[id(cell)] = Heading(flat(cell.text), cell.locator) if id(cell) in self.done else self._remember(cell)
            self.made[id(cell)].level = level
        return self.made[id(cell)]

    def _cell(self, cell: Cell, inner: Outline, tally: str) -> str:
        """Take the notes of a cell; its first has the tally, which is given back where there is none."""
        lines = [(line, cell.locator) for line in cell.text.splitlines() if line.strip()]
        blocks = blocks_from_lines(lines, rejoin=False)
        self.found.dropped += _list_marks(cell, blocks)
        for number, block in enumerate(blocks):
            if number < len(blocks) - 1 and _is_label_alone(block):
                heading = Heading(block.text, cell.locator)
                self.found.headings.append(heading)
                inner = inner.copy()
                inner.open(heading, recognise(block.text).values)
                continue
            label, rest = split_label(block.text, residents=inner.context()["session"] == "3")
            here = inner
            if label is not None:
                here = inner.copy()
                heading = Heading(block.text[: len(block.text) - len(rest)].rstrip(), cell.locator)
                self.found.headings.append(heading)
                here.open(heading, label.values)
            headings = tuple(here.headings())
            for heading in headings:
                heading.used = True
            self.found.pieces.append(Piece(rest, here.context(), headings, cell.locator, tally, here.topic()))
            tally = ""
        return tally

    def _drop_others(self, row: Row) -> None:
        for cell, c in zip(row, self.columns, strict=True):
            if c.role == "other" and cell.text.strip():
                reason = (PERSONAL if c.personal else UNUSED).format(c.heading) if c.heading else NO_HEADING_COLUMN
                self._drop([cell], reason)

    def _drop(self, cells: list[Cell], reason: str) -> None:
        """Set cells aside, each once."""
        for cell in cells:
            if id(cell) not in self.done and id(cell) not in self.made and cell.text.strip():
                self.done.add(id(cell))
                self.found.dropped.append(Aside(cell.text, cell.locator, reason))


def _is_label_alone(block: Block) -> bool:
    """A line of a cell that only heads the lines below it: "Action:"."""
    marks = recognise(block.text)
    return bool(marks) and marks.explained == 1.0 and block.text.rstrip().endswith(":")


def _unless_told(values: dict[str, str], told: list[tuple[Heading, dict[str, str]]]) -> dict[str, str]:
    """Marks of a note's column, but for the aspect where its row says another: "Top priority" under "Challenge"."""
    if any("aspect" in found for _, found in told):
        return {name: value for name, value in values.items() if name != "aspect"}
    return values


@lru_cache(maxsize=1024)
def _value(name: str, text: str) -> dict[str, str]:
    """The marks that a cell in a column of field ``name`` gives, which are not to be changed; none when it is not understood."""
    if name == "table":
        return {"table": canonical_table(text)}
    if name == "session":
        return {"session": canonical_session(text)}
    if name == "resident":
        return {"resident": resident_type(text) or text}
    if name == "level" and text.strip().lower() in _LEVEL_LETTERS:
        return {"level": _LEVEL_LETTERS[text.strip().lower()]}
    marks = recognise(text)
    return marks.values if marks.explained >= 0.5 else {}
