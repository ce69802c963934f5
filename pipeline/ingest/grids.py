"""Notes from tables: Excel sheets, CSV files, Word tables, ruled tables in PDFs.

The heading row is found, each column gets its role from :mod:`pipeline.ingest.columns`, and every row
gives a note for each cell that holds free text. Offices fill tables in many ways: a title merged across,
the table number only in the first of its rows, a total at the foot, the headings repeated half-way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.ingest import frontmatter
from pipeline.ingest.blocks import Aside, Block, Cell, Grid
from pipeline.ingest.columns import Column, column, lists_people
from pipeline.ingest.headings import Marks, canonical_session, canonical_table, recognise, split_label
from pipeline.ingest.lines import blocks_from_lines
from pipeline.ingest.outline import Heading, Outline, Piece
from pipeline.ingest.residents import is_introduced, resident_type

COLUMN_HEADING = "column heading"
TOTAL_ROW = "total row"
REPEATED = "column headings repeated"
PERSONAL = "column '{}' may hold personal details and is not used"
UNUSED = "column '{}' is not one of those used"
NO_HEADING_COLUMN = "a column without a heading beside the notes"
FIELDS_ALONE = "a row without a note in it"
# In these columns a blank may mean "as above"; a blank level never does.
_FILLED_DOWN = ("session", "table", "resident", "aspect", "priority")
_OFTEN = 0.3
HEADING_LENGTH = 120
_MOSTLY = 0.6
_TOTAL = re.compile(r"^(grand |sub ?-?)?totals?\b", re.IGNORECASE)
_LEVEL_LETTERS = {"l": "local", "n": "local", "d": "division", "c": "division"}
_TICK = re.compile(r"^[xX✓✔√yY1*•]$")


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
    headed = [[column(_flat(cell.text)) for cell in row] for row in grid.rows[:5]]
    if attendance or any(lists_people(columns) for columns in headed):
        return _attendance(grid, front)
    reading = _Reading(grid, outline, front)
    reading.run()
    return reading.found


def _attendance(grid: Grid, front: frontmatter.FrontMatter) -> GridRead:
    """A list of those who came: organisations go to the event, names of people do not."""
    columns = next((columns for row in grid.rows if lists_people(columns := [column(_flat(cell.text)) for cell in row])), [])
    found = GridRead()
    for row in grid.rows:
        for cell in _distinct(row):
            at = next(i for i, other in enumerate(row) if other is cell)
            personal = bool(columns) and columns[at].personal
            if columns and not personal and not column(_flat(cell.text)).heading == columns[at].heading:
                front.participants.append(_flat(cell.text))
            reason = PERSONAL.format(columns[at].heading) if personal else frontmatter.PARTICIPANTS
            found.dropped.append(Aside(cell.text, cell.locator, reason))
    return found


class _Reading:
    def __init__(self, grid: Grid, outline: Outline, front: frontmatter.FrontMatter) -> None:
        self.rows = grid.rows
        self.outline = outline
        self.front = front
        self.found = GridRead()
        self.header_at, self.columns = self._find_header()
        body = self.rows[self.header_at + 1 :]
        self.ticks = self._tick_columns(body)
        self.fill = self._filled_down(body)
        self.above: dict[int, Cell] = {}
        self.made: dict[int, Heading] = {}

    # -- columns -----------------------------------------------------------------------------------

    def _find_header(self) -> tuple[int, list[Column]]:
        for at, row in enumerate(self.rows[:25]):
            cells = _distinct(row)
            columns = [column(_flat(cell.text)) if cell.text else Column("other") for cell in row]
            if _is_header(cells, columns, sole=len(row) == 1, first=not any(_distinct(r) for r in self.rows[:at])):
                return at, self._with_text_column(columns, at)
        return -1, self._headless()

    def _with_text_column(self, columns: list[Column], header_at: int) -> list[Column]:
        """If no heading tells where the notes are, the column with the longest texts holds them."""
        if any(c.role in ("text", "value") for c in columns):
            return columns
        body = self.rows[header_at + 1 :]
        spare = [i for i, c in enumerate(columns) if c.role == "other" and not c.personal]
        longest = max(spare, key=lambda i: (_mean_words(body, i), -i), default=None)
        if longest is not None and _mean_words(body, longest) > 0:
            columns[longest] = Column("text", columns[longest].heading)
        return columns

    def _headless(self) -> list[Column]:
        """Roles told from the values alone, for a table that has no heading row."""
        width = len(self.rows[0]) if self.rows else 0
        columns = [Column("other") for _ in range(width)]
        for i in range(width):
            texts = [row[i].text for row in self.rows if row[i].text.strip()]
            marks = [recognise(text) for text in texts]
            told = [m for m in marks if m and m.explained == 1.0]
            if texts and len(told) >= _MOSTLY * len(texts):
                columns[i] = Column("field", "", next(iter(told[0].values)))
        return self._with_text_column(columns, -1)

    def _tick_columns(self, body: tuple[tuple[Cell, ...], ...]) -> set[int]:
        """Columns such as "Urgent & Essential" that only tick the note beside them."""
        if not any(c.role == "text" for c in self.columns):
            return set()
        ticked = set()
        for i, c in enumerate(self.columns):
            texts = [row[i].text.strip() for row in body if row[i].text.strip()]
            if c.role == "value" and texts and all(_TICK.match(text) or _TOTAL.match(text) or text.isdigit() for text in texts):
                ticked.add(i)
        return ticked

    def _filled_down(self, body: tuple[tuple[Cell, ...], ...]) -> set[int]:
        """Columns in which a blank means "as above": the table's always, others where blanks are common."""
        filled = set()
        noted = [row for row in body if self._notes(row)]
        for i, c in enumerate(self.columns):
            if c.role != "field" or c.field not in _FILLED_DOWN or not noted or not noted[0][i].text.strip():
                continue
            blank = sum(not row[i].text.strip() for row in noted) / len(noted)
            if c.field == "table" or blank >= (_MOSTLY if c.field == "priority" else _OFTEN):
                filled.add(i)
        return filled

    # -- rows --------------------------------------------------------------------------------------

    def run(self) -> None:
        for at, row in enumerate(self.rows):
            cells = _distinct(row)
            if not cells:
                continue
            if at < self.header_at:
                self._lead(cells)
            elif at == self.header_at:
                self._headings(row)
            elif self._is_total(row, cells):
                self._drop(cells, TOTAL_ROW)
            elif self.header_at >= 0 and _texts(row) == _texts(self.rows[self.header_at]):
                self._drop(cells, REPEATED)
            elif len(cells) == 1 and self._is_section(row, cells[0]):
                self._section(cells[0])
            else:
                self._row(row)

    def _lead(self, cells: list[Cell]) -> None:
        """Rows above the heading row: titles, and marks such as "Session 1"."""
        for cell in cells:
            marks = self._marks(cell)
            if (marks or marks.topic) and marks.explained >= 0.5:
                self._open(cell, marks.values, marks.topic)
            else:
                block = Block(_flat(cell.text), cell.locator, emphasis=True)
                reason = frontmatter.read_front_matter([block], self.front)[0]
                self.found.dropped.append(Aside(cell.text, cell.locator, reason))

    def _marks(self, cell: Cell) -> Marks:
        """Marks of a title or section row; resident types only where the session is about residents."""
        marks = recognise(_flat(cell.text))
        session = marks.values.get("session") or self.outline.context()["session"]
        return recognise(_flat(cell.text), residents=True) if session == "3" or is_introduced(_flat(cell.text)) else marks

    def _headings(self, row: tuple[Cell, ...]) -> None:
        for cell, told in zip(row, self.columns, strict=True):
            if told.role == "value":
                self._heading_of(cell)
            elif cell.text.strip():
                self._drop([cell], COLUMN_HEADING)

    def _is_total(self, row: tuple[Cell, ...], cells: list[Cell]) -> bool:
        if not any(_TOTAL.match(cell.text.strip()) for cell in cells):
            return False
        others = [cell for cell in cells if not _TOTAL.match(cell.text.strip())]
        return all(re.fullmatch(r"[\d.,%\s]+", cell.text) for cell in others)

    def _is_section(self, row: tuple[Cell, ...], cell: Cell) -> bool:
        """A row that holds one cell is a heading if it is merged across, or stands where no note does."""
        places = [i for i, other in enumerate(row) if other is cell]
        if len(places) > 1:
            return True
        return len(row) > 1 and self.columns[places[0]].field in _FILLED_DOWN

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
        heading = Heading(_flat(cell.text), cell.locator)
        self.found.headings.append(heading)
        return heading

    def _notes(self, row: tuple[Cell, ...]) -> list[int]:
        """Places of the cells of a row that hold free text, each merged cell once."""
        seen: set[int] = set()
        places = []
        for i, (cell, c) in enumerate(zip(row, self.columns, strict=True)):
            if c.role in ("text", "value") and i not in self.ticks and cell.text.strip() and id(cell) not in seen:
                seen.add(id(cell))
                places.append(i)
        return places

    def _row(self, row: tuple[Cell, ...]) -> None:
        told, tally = self._fields(row)
        notes = self._notes(row)
        if tally and not notes:
            self._drop([row[i] for i, c in enumerate(self.columns) if c.field == "mentions"], FIELDS_ALONE)
        for number, i in enumerate(notes):
            marks = [*told]
            if self.columns[i].role == "value" and self.header_at >= 0:
                marks.append((self._heading_of(self.rows[self.header_at][i]), self.columns[i].values))
            inner = self.outline.copy()
            inner.open_all(sorted(marks, key=lambda pair: not pair[1]))  # what is not understood nests last
            self._cell(row[i], inner, tally if number == 0 else "")
        self._drop_others(row)

    def _fields(self, row: tuple[Cell, ...]) -> tuple[list[tuple[Heading, dict[str, str]]], str]:
        """Headings with their marks from the field columns of a row, session and table first; and its tally."""
        told: list[tuple[Heading, dict[str, str]]] = []
        tally = ""
        order = {"session": 0, "table": 1, "resident": 2}
        continues = any(c.field == "table" and i in self.fill and not row[i].text.strip() for i, c in enumerate(self.columns))
        for i, c in sorted(enumerate(self.columns), key=lambda pair: order.get(pair[1].field, 3)):
            cell = row[i]
            filled = i in self.fill or (continues and c.field in ("session", "resident", "aspect"))
            if filled and not cell.text.strip():
                cell = self.above.get(i, cell)
            if not cell.text.strip() or (c.role != "field" and i not in self.ticks):
                continue
            if c.field == "mentions":
                tally = cell.text.strip()
            elif c.role == "field":
                self.above[i] = cell
                values = _value(c.field, _flat(cell.text))
                told.append((self._heading_of(cell, level=0 if values else 90 + i), values))
            else:
                told.append((self._heading_of(self.rows[self.header_at][i]), c.values))
        return told, tally

    def _heading_of(self, cell: Cell, level: int = 0) -> Heading:
        """One heading a cell, however many rows a merged or filled-down cell covers."""
        if id(cell) not in self.made:
            self.made[id(cell)] = self._remember(cell)
            self.made[id(cell)].level = level
        return self.made[id(cell)]

    def _cell(self, cell: Cell, inner: Outline, tally: str) -> None:
        lines = [(line, cell.locator) for line in cell.text.splitlines() if line.strip()]
        for block in blocks_from_lines(lines, rejoin=False):
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
            self.found.pieces.append(Piece(rest, here.context(), headings, cell.locator, tally))
            tally = ""

    def _drop_others(self, row: tuple[Cell, ...]) -> None:
        for cell, c in zip(row, self.columns, strict=True):
            if c.role == "other" and cell.text.strip():
                reason = (PERSONAL if c.personal else UNUSED).format(c.heading) if c.heading else NO_HEADING_COLUMN
                self.found.dropped.append(Aside(cell.text, cell.locator, reason))

    def _drop(self, cells: list[Cell], reason: str) -> None:
        self.found.dropped += [Aside(cell.text, cell.locator, reason) for cell in cells]


def _value(name: str, text: str) -> dict[str, str]:
    """The marks that a cell in a column of field ``name`` gives; none when it is not understood."""
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


def _is_header(cells: list[Cell], columns: list[Column], *, sole: bool, first: bool) -> bool:
    if not cells or any(len(_flat(cell.text)) > HEADING_LENGTH for cell in cells):
        return False
    roles = [c.role for c in columns if c.heading]
    known = sum(role != "other" for role in roles)
    named = [c for c in columns if c.role in ("field", "text")]
    if named and (known >= 2 or sole or (first and any(c.role == "text" for c in named))):
        return known * 2 >= len(roles) or any(c.role == "text" for c in named)
    return known == len(roles) and (len(cells) >= 2 or sole) and bool(roles)


def _distinct(row: tuple[Cell, ...]) -> list[Cell]:
    return list({id(cell): cell for cell in row if cell.text.strip()}.values())


def _texts(row: tuple[Cell, ...]) -> list[str]:
    return [_flat(cell.text).lower() for cell in row]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _mean_words(rows: tuple[tuple[Cell, ...], ...], at: int) -> float:
    texts = [row[at].text for row in rows if row[at].text.strip() and not row[at].number]
    return sum(len(text.split()) for text in texts) / len(texts) if texts else 0.0
