"""Where a table's heading row is, what its columns hold, and how their cells are to be read."""

from __future__ import annotations

import re

from pipeline.ingest.blocks import Cell
from pipeline.ingest.columns import Column, column
from pipeline.ingest.headings import recognise

Row = tuple[Cell, ...]
# In these columns a blank may mean "as above"; a blank level never does.
FILLED_DOWN = ("session", "table", "resident", "aspect", "priority")
HEADING_LENGTH = 120
HEADING_ROWS = 25
_OFTEN = 0.3
_MOSTLY = 0.6
# "Total", "Sub-total for table 1", "Total votes: 14"; not "total lack of trust".
TOTAL = re.compile(
    r"^(grand |overall |sub[ -]?)?totals?"
    r"(\W+(for|of|in|by|per|all|the|no|number|table|group|session|workshop|tick|vote|dot|sticker|mention|point|note"
    r"|comment|response|[a-h]|\d+)s?)*\W*$",
    re.IGNORECASE,
)
_TICK = re.compile(r"^[xX✓✔√yY1*•]$")


class GridColumns:
    """The columns of one table.

    Attributes
    ----------
    header_at : index of the heading row, -1 where there is none.
    columns : what each column holds.
    ticks : places of columns that only tick the note beside them ("Urgent & Essential": x).
    fill : places of columns in which a blank means "as above".
    """

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self.rows = rows
        self.ticks: set[int] = set()
        self.header_at, self.columns = self._find_header()
        body = self.rows[self.header_at + 1 :]
        self.ticks = self._tick_columns(body)
        self.fill = self._filled_down(body)

    def notes(self, row: Row) -> list[int]:
        """Places of the cells of a row that hold free text, each merged cell once."""
        seen: set[int] = set()
        places = []
        for i, (cell, c) in enumerate(zip(row, self.columns, strict=True)):
            if c.role in ("text", "value") and i not in self.ticks and cell.text.strip() and id(cell) not in seen:
                seen.add(id(cell))
                places.append(i)
        return places

    def _find_header(self) -> tuple[int, list[Column]]:
        for at, row in enumerate(self.rows[:HEADING_ROWS]):
            cells = distinct(row)
            columns = [column(flat(cell.text)) if cell.text else Column("other") for cell in row]
            first = not any(distinct(r) for r in self.rows[:at])
            if _is_header(cells, columns, sole=len(row) == 1, first=first) or (first and self._values_agree(at, columns)):
                return at, self._with_text_column(columns, at)
        return -1, self._headless()

    def _values_agree(self, at: int, columns: list[Column]) -> bool:
        """Whether the one heading understood is borne out by what stands below it: "Table" over numbers."""
        for i, told in enumerate(columns):
            if told.field == "table":
                below = [flat(row[i].text) for row in self.rows[at + 1 :] if row[i].text.strip()]
                return bool(below) and all(text.isdigit() or recognise(text).values.get("table") for text in below)
        return False

    def _with_text_column(self, columns: list[Column], header_at: int) -> list[Column]:
        """Roles that only the values tell: fields with unknown headings, and the notes if no heading says where they are."""
        body = self.rows[header_at + 1 :]
        for i, told in enumerate(columns):
            if told.role == "other" and not told.personal and (name := _field_of_values(body, i)):
                columns[i] = Column("field", told.heading, name)
        if any(c.role in ("text", "value") for c in columns):
            return columns
        spare = [i for i, c in enumerate(columns) if c.role == "other" and not c.personal]
        longest = max(spare, key=lambda i: (_mean_words(body, i), -i), default=None)
        if longest is not None and _mean_words(body, longest) > 0:
            columns[longest] = Column("text", columns[longest].heading)
        return columns

    def _headless(self) -> list[Column]:
        """Roles told from the values alone, for a table that has no heading row."""
        return self._with_text_column([Column("other") for _ in self.rows[0]] if self.rows else [], -1)

    def _tick_columns(self, body: tuple[Row, ...]) -> set[int]:
        """Columns such as "Urgent & Essential" that only tick the note beside them."""
        if not any(c.role == "text" for c in self.columns):
            return set()
        ticked = set()
        for i, c in enumerate(self.columns):
            texts = [row[i].text.strip() for row in body if row[i].text.strip()]
            if c.role == "value" and texts and all(_TICK.match(text) or TOTAL.match(text) or text.isdigit() for text in texts):
                ticked.add(i)
        return ticked

    def _filled_down(self, body: tuple[Row, ...]) -> set[int]:
        """Columns in which a blank means "as above": the table's always, others where blanks are common."""
        filled = set()
        noted = [row for row in body if self.notes(row)]
        for i, c in enumerate(self.columns):
            if c.role != "field" or c.field not in FILLED_DOWN or not noted or not noted[0][i].text.strip():
                continue
            blank = sum(not row[i].text.strip() for row in noted) / len(noted)
            if c.field == "table" or blank >= (_MOSTLY if c.field == "priority" else _OFTEN):
                filled.add(i)
        return filled


def _is_header(cells: list[Cell], columns: list[Column], *, sole: bool, first: bool) -> bool:
    if not cells or any(len(flat(cell.text)) > HEADING_LENGTH for cell in cells):
        return False
    roles = [c.role for c in columns if c.heading]
    known = sum(role != "other" for role in roles)
    named = [c for c in columns if c.role in ("field", "text")]
    if named and (known >= 2 or sole or (first and any(c.role == "text" for c in named))):
        return known * 2 >= len(roles) or any(c.role == "text" for c in named)
    return known == len(roles) and (len(cells) >= 2 or sole) and bool(roles)


def distinct(row: Row) -> list[Cell]:
    """The cells of a row that hold text, a merged one once."""
    return list({id(cell): cell for cell in row if cell.text.strip()}.values())


def flat(text: str) -> str:
    """A text on one line, single spaces."""
    return " ".join(text.split())


def lowered(row: Row) -> list[str]:
    """The texts of a row, each on one line and in small letters."""
    return [flat(cell.text).lower() for cell in row]


def _field_of_values(rows: tuple[Row, ...], at: int) -> str:
    """The field that most values of a column are marks of; empty if they are not marks."""
    texts = [flat(row[at].text) for row in rows if row[at].text.strip()]
    told = [marks for text in texts if (marks := recognise(text)) and marks.explained == 1.0]
    if not texts or len(told) < _MOSTLY * len(texts):
        return ""
    names = [next(iter(marks.values)) for marks in told]
    return max(sorted(set(names)), key=names.count)


def _mean_words(rows: tuple[Row, ...], at: int) -> float:
    texts = [row[at].text for row in rows if row[at].text.strip() and not row[at].number]
    return sum(len(text.split()) for text in texts) / len(texts) if texts else 0.0
