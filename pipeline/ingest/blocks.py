"""What a reader gives: the text of one file with its shape, before anyone says what it means.

A reader turns a file into a :class:`Document`: blocks in reading order, and grids where
the file holds a table. It reports only what can be seen (this is a bullet, that is bold, these
cells are merged). What a heading means is for :mod:`pipeline.ingest.headings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "bullet", "line"]


@dataclass(frozen=True, slots=True)
class Block:
    """One line, bullet, paragraph or heading.

    Attributes
    ----------
    text : what was typed, one line, without its bullet mark; never empty.
    locator : where it stands in its file ("paragraph 12", "page 2 line 5", "line 14").
    kind : ``heading`` only where the file itself says so (a heading style, ``#``, underlining);
        ``bullet`` for list items; ``line`` for anything else.
    level : of a heading 1 (top) to 9; of a bullet its nesting, 0 (outermost) upwards; of a line 0.
    emphasis : the whole of it stands out (bold, underlined, larger type, CAPITALS).
    """

    text: str
    locator: str
    kind: BlockKind = "line"
    level: int = 0
    emphasis: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One cell of a table. A merged cell is one object that stands in several places.

    ``text`` may hold line breaks; it is empty for an empty cell. ``number`` says that the
    file stores a number, not text. ``locator`` is "cell B7", or "table 1 row 2 column 3".
    """

    text: str
    locator: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells, every row of the same length.

    Attributes
    ----------
    rows : cells row by row; a merged cell is repeated (the same object) in every place it covers.
    name : the sheet's name, or empty.
    header : the file itself marks the first row as a heading row (a CSV always does not).
    """

    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""
    header: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """Text a reader saw and set aside (a running footer, a deleted passage), with the reason."""

    text: str
    locator: str
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read.

    Attributes
    ----------
    source_file : the file's path relative to the event's folder, with forward slashes.
    parts : blocks and grids in reading order.
    asides : what the reader itself set aside.
    remarks : what the user should know about the reading ("read as Windows-1252").
    """

    source_file: str
    parts: tuple[Block | Grid, ...]
    asides: tuple[Aside, ...] = ()
    remarks: tuple[str, ...] = ()
