"""A table of very many rows, such as the answers to a public consultation: a .csv or .tsv read a block of rows at a time.

What its columns hold is told from its first block, and a blank means the same throughout. So it is read as a short table is, with
memory that does not grow with its rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest.blocks import Aside, Cell, Document, Grid
from pipeline.ingest.columns import column, lists_people
from pipeline.ingest.delimited import NONE, column_letters, delimiter_of
from pipeline.ingest.encoding import mend
from pipeline.ingest.frontmatter import FrontMatter
from pipeline.ingest.grid_columns import Row, flat
from pipeline.ingest.grids import GridRead, Reading
from pipeline.ingest.limits import LONG_LINES, TABLE_CELLS, TABLE_WIDTH, TEXT_BYTES, within_limits
from pipeline.ingest.outline import Outline
from pipeline.ingest.structure import NO_NOTE_BELOW, Structure

ENDINGS = (".csv", ".tsv")
# Rows read together, and characters that tell what parts the fields.
BLOCK, SAMPLE = 10_000, 200_000
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_AT_A_TIME = 1 << 20


class LongReading(Reading):
    """A table that is read a block of rows at a time, as if it were read as a whole.

    Parameters
    ----------
    grid : its first rows, the heading row first: they tell what its columns hold.
    outline : what stands above it.
    """

    def __init__(self, grid: Grid, outline: Outline) -> None:
        super().__init__(grid, outline, FrontMatter())
        self.is_headed = self.grid.header_at == 0
        self.header = grid.rows[0]
        self.rows = ()
        self.grid.rows = grid.rows[:1]

    def feed(self, rows: tuple[Row, ...]) -> GridRead:
        """Read the next rows; what came of them, and with the first of what came of the heading row."""
        kept = [*self.header, *self.above.values()]
        places = {id(cell) for cell in kept}
        # Cells are known by their place in memory, which others get once they are gone.
        self.done, self.made = self.done & places, {place: heading for place, heading in self.made.items() if place in places}
        self.found, self.rows = GridRead(), (self.header, *rows)
        self.run()
        for heading in self.found.headings:
            heading.used |= any(heading is self.made.get(id(cell)) for cell in self.header)  # notes may stand under it further down
        return self.found


def is_long(path: Path) -> bool:
    """Whether a file is to be read in blocks: a .csv or .tsv of too many bytes, or of too many lines, to be read as one."""
    if path.suffix.lower() not in ENDINGS:
        return False
    if path.stat().st_size > TEXT_BYTES:
        return True
    with path.open("rb") as file:
        lines = sum(piece.count(b"\n") for piece in iter(lambda: file.read(_AT_A_TIME), b""))
    return lines > LONG_LINES


def read_blocks(path: Path, source_file: str, fixed: dict[str, str]) -> Iterator[tuple[Document, Structure]]:
    """Read a long table; each block as it stands in the file, and what it holds.

    Parameters
    ----------
    fixed : fields that the names of file and folder give.

    Raises
    ------
    ReadError : it is not UTF-8, a quotation mark is never closed, or its first row does not name its columns.
    """
    with path.open("rb") as file:
        encoding = _MARKS.get(file.read(2), "utf-8-sig")
    try:
        with path.open(encoding=encoding, newline="") as file:
            sample = file.read(SAMPLE)
            delimiter = delimiter_of(sample[: sample.rfind("\n") + 1], tabs=path.suffix.lower() == ".tsv")
            file.seek(0)
            yield from _blocks(csv.reader(file, delimiter=delimiter), delimiter, source_file, fixed)
    except UnicodeError as error:
        raise _unreadable(source_file, "it is not UTF-8", "save it from Excel as 'CSV UTF-8'") from error
    except csv.Error as error:
        raise _unreadable(
            source_file, f"it cannot be parted into rows ({error})", "look for a quotation mark that is opened and never closed"
        ) from error


def _blocks(records: Iterator[list[str]], delimiter: str, source_file: str, fixed: dict[str, str]) -> Iterator[tuple[Document, Structure]]:
    names = next(records, [])
    width = len(names)
    if width > TABLE_WIDTH or (width < 2 and delimiter != NONE):
        raise _unreadable(source_file, f"its first row has {width:,} columns", "have the first row name the columns")
    rows = _cells([names], 1, width, delimiter)
    if lists_people([column(flat(cell.text)) for cell in rows[0]]):
        raise _unreadable(source_file, "it lists who came", "leave it out, or save it as a workbook (.xlsx)")
    reading: LongReading | None = None
    number = 2
    while block := list(islice(records, max(1, min(BLOCK, TABLE_CELLS // width)))):
        rows += _cells(block, number, width, delimiter)
        number += len(block)
        document = within_limits(Document(source_file, (Grid(rows),)))
        (grid,) = (part for part in document.parts if isinstance(part, Grid))
        if reading is None:
            reading = LongReading(grid, Outline(fixed=dict(fixed)))
            if not reading.is_headed:
                raise _unreadable(source_file, "its first row does not name its columns", "name the column of the notes 'comment'")
        found = reading.feed(grid.rows[1:] if number == len(block) + 2 else grid.rows)
        unused = [Aside(heading.typed, heading.locator, NO_NOTE_BELOW) for heading in found.headings if not heading.used]
        yield document, Structure(found.pieces, found.headings, [*document.asides, *found.dropped, *unused], reading.front)
        rows = ()


def _cells(rows: list[list[str]], first: int, width: int, delimiter: str) -> tuple[Row, ...]:
    """Rows as cells, each row as wide as the first of the file: what is more stands in its last column."""
    found = []
    for number, row in enumerate(rows, first):
        last = delimiter.join(row[width - 1 :]).rstrip(delimiter + " ")
        fields = [*row[: width - 1], last] if len(row) > width else [*row, *[""] * (width - len(row))]
        cells = (Cell(mend(field).strip(), f"cell {column_letters(place)}{number}") for place, field in enumerate(fields, 1))
        found.append(tuple(cells))
    return tuple(found)


def _unreadable(source_file: str, what: str, do: str) -> ReadError:
    return ReadError(
        f"{what}, and it is too long to be read as a whole",
        where=source_file,
        expected=f"a table of more than {LONG_LINES:,} lines in UTF-8, one answer a row, whose first row names the columns",
        do=f"{do}, or divide it into files of fewer lines",
    )
