"""Delimited text (.csv, .tsv) into one grid."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest.blocks import Aside, Cell, Document, Grid
from pipeline.ingest.encoding import decode, mend, remarks_on
from pipeline.ingest.limits import TEXT_BYTES, check_size, check_table
from pipeline.ingest.long_texts import TEXT_CHARACTERS, too_long

_DELIMITERS = (",", ";", "\t", "|")
NONE = "\x1f"  # parts nothing, so that quoted text of a one-column file is still unquoted
_LONGEST = TEXT_BYTES  # characters in one field; the csv module's own limit is 131,072
_TITLE_ROWS = 3  # rows of one field that may stand above the column names


def read(path: Path, source_file: str) -> Document:
    """Read a delimited file; locators are "cell B12", where 12 counts records and the first is 1.

    Raises
    ------
    ReadError : the file is not text, or cannot be parted into fields.
    """
    check_size(path, source_file, TEXT_BYTES)
    raw, encoding = decode(path.read_bytes(), source_file)
    text = re.sub("\r\n|\r", "\n", raw).lstrip("\ufeff")  # fields are mended one by one, after unquoting
    asides: list[Aside] = []
    told = re.match(r"sep=(.)\n", text, re.IGNORECASE)
    if told:
        text = text[told.end() :]
        asides.append(Aside(told[0].strip(), "line 1", "names the delimiter"))
    if re.fullmatch(r'[\s,;|"]*', text):  # an empty sheet as Excel saves it
        return Document(source_file, (), tuple(asides), remarks_on(encoding, raw))
    try:
        delimiter = told[1] if told else delimiter_of(text, tabs=path.suffix.lower() == ".tsv")
        rows, remarks = _records(text, delimiter)
    except csv.Error as error:
        raise ReadError(
            f"it cannot be parted into rows and columns ({error})",
            where=source_file,
            expected="values separated by commas, semicolons, tabs or bars",
            do="open it in Excel and save it as a workbook (.xlsx)",
        ) from error
    grid = _grid(rows, source_file, asides)
    return Document(source_file, (grid,) if grid else (), tuple(asides), (*remarks_on(encoding, raw), *remarks))


def _records(text: str, delimiter: str) -> tuple[list[list[str]], list[str]]:
    """Part the text into rows; a stray quotation mark or commas in unquoted text lose nothing."""
    remarks = []
    rows = _parse(text, delimiter)
    if _runs_on(text, delimiter):
        rows = [line.split(delimiter) for line in text.split("\n")]
        remarks.append("a quotation mark is opened and never closed; quotation marks were read as typed")
    width = len(rows[_names_row(rows)]) if rows else 0
    joined = 0
    for row in rows:
        while len(row) > width and not row[-1].strip():
            row.pop()
        if len(row) > width:
            row[width - 1 :] = [delimiter.join(row[width - 1 :])]
            joined += 1
    if joined:
        remarks.append(f"{joined} row(s) held more values than the first row; the surplus was joined to the last column")
    return rows, remarks


def _names_row(rows: list[list[str]]) -> int:
    """Find the row that sets the width: the first with words, or below a title of one field."""
    filled = [at for at, row in enumerate(rows) if any(field.strip() for field in row)]
    wide = next((at for at in filled[: _TITLE_ROWS + 1] if len(rows[at]) > 1), None)
    return wide if wide is not None else (filled or [0])[0]


def _parse(text: str, delimiter: str, *, strict: bool = False) -> list[list[str]]:
    before = csv.field_size_limit(_LONGEST)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict))
    finally:
        csv.field_size_limit(before)


def _runs_on(text: str, delimiter: str) -> bool:
    """Say whether a quotation mark is opened and never closed, which would swallow the rows below it."""
    strays = '"' in text and text.count('"') % 2 == 1
    return strays and any(field.count("\n") > 1 for row in _parse(text, delimiter) for field in row)


def delimiter_of(text: str, *, tabs: bool) -> str:
    """Find what parts the fields; nothing does in a file of one column, commas in its prose or not."""
    candidates = ("\t", ",", ";", "|") if tabs else _DELIMITERS
    scores = {delimiter: _consistency(text, delimiter) for delimiter in candidates}
    best = max(candidates, key=lambda delimiter: scores[delimiter] or (False, 0.0, 0))  # the first of equals
    return best if scores[best] else NONE


def _consistency(text: str, delimiter: str) -> tuple[bool, float, int] | None:
    """Score a delimiter: (names come first, share of rows as wide, width); None if it parts nothing."""
    rows = [row for row in _parse(text, delimiter) if any(field.strip() for field in row)]
    names = _names_row(rows) if rows else 0
    if not rows or len(rows[names]) < 2:
        return None
    width, below = len(rows[names]), rows[names:]
    exact = sum(len(row) == width for row in below) / len(below)
    enough = sum(len(row) >= width for row in below) / len(below)
    doubtful = names > 0 or _reads_as_prose(rows[names])
    if enough < 0.5 or (doubtful and (exact < 0.9 or len(below) < 3)):
        return None
    return names == 0, round(exact, 2), width


def _reads_as_prose(first: list[str]) -> bool:
    """Say whether a first row looks like a sentence cut at its commas, not like column names."""
    spaced = all(field.startswith(" ") and field.strip() for field in first[1:])
    wordy = any(len(field.split()) > 4 for field in first)
    return spaced or wordy


def _grid(rows: list[list[str]], source_file: str, asides: list[Aside]) -> Grid | None:
    """Trim empty outer rows and columns; short rows are padded, and what is too long is set aside."""
    texts: list[list[str]] = []
    for number, row in enumerate(rows, 1):
        long = {column for column, field in enumerate(row) if len(field) > TEXT_CHARACTERS}
        asides += [too_long(row[column], f"cell {column_letters(column + 1)}{number}") for column in sorted(long)]
        texts.append([mend(field).strip() if field and column not in long else "" for column, field in enumerate(row)])
    used = [(at, column) for at, row in enumerate(texts) for column, text in enumerate(row) if text]
    if not used:
        return None
    columns = range(min(column for _, column in used), max(column for _, column in used) + 1)
    check_table(used[-1][0] + 1 - used[0][0], len(columns), source_file, "it")
    letters = {column: column_letters(column + 1) for column in columns}
    return Grid(
        tuple(
            tuple(Cell(texts[at][column] if column < len(texts[at]) else "", f"cell {letters[column]}{at + 1}") for column in columns)
            for at in range(used[0][0], used[-1][0] + 1)
        )
    )


def column_letters(column: int) -> str:
    """Name a column as a spreadsheet does, also beyond the last that one has.

    >>> column_letters(2), column_letters(28), column_letters(20_000)
    ('B', 'AB', 'ACOF')
    """
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
