"""Coded points for `themes evaluate`: a table of texts with the codes that people gave them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ReadError, listed
from pipeline.ingest.blocks import Cell, Grid
from pipeline.ingest.readers import read
from pipeline.records import SEPARATOR

TEXT_COLUMNS = ("text", "point")
CODES, OPTIONAL, SECOND = "codes", "optional_codes", "codes_2"
NO_CODE = "none"

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodedPoints:
    """n points as coded by people, in file order.

    Attributes
    ----------
    rows : row of each in the file, as a spreadsheet numbers it.
    texts : what was said, as typed.
    codes, optional : the codes of each; optional ones count neither way.
    second : the second coder's codes, or None where there is one coder only.
    second_column : the column they stand in, or "".
    blank : rows without text and codes, which are left out.
    """

    rows: tuple[int, ...]
    texts: tuple[str, ...]
    codes: tuple[Codes, ...]
    optional: tuple[Codes, ...]
    second: tuple[Codes, ...] | None
    second_column: str
    blank: int


def read_coded(path: Path, known: Collection[str], coder: str | None = None) -> CodedPoints:
    """Read a table of coded points.

    Parameters
    ----------
    path : a .csv, .tsv or .xlsx with a column ``text`` or ``point`` and a column ``codes`` ('|' between; empty or ``none`` is
        no code); ``optional_codes`` and a second coder's column are read where there are any, all others ignored.
    known : the codes that may stand there.
    coder : the second coder's column; None takes ``codes_2`` if there is one.

    Raises
    ------
    ReadError : it cannot be read, lacks a column, holds no points, or has faults in its rows (all of them, with their rows).
    """
    if not path.is_file():
        raise ReadError(
            "there is no such file", where=str(path), expected="a .csv, .tsv or .xlsx file", do="check the spelling of its name"
        )
    grids = [part for part in read(path, path.name).parts if isinstance(part, Grid)]
    header = [cell.text.strip().lower() for cell in grids[0].rows[0]] if grids else []
    text = next((name for name in TEXT_COLUMNS if name in header), "")
    second = (SECOND if SECOND in header else "") if coder is None else coder.strip().lower()
    _check_columns(path, header, text, second, coder)

    first = int(re.search(r"\d+$", grids[0].rows[0][0].locator)[0])  # type: ignore[index]
    numbered = [(number, row) for number, row in enumerate(grids[0].rows[1:], first + 1)]
    wanted = [name for name in (CODES, OPTIONAL, second) if name in header]
    parted = {name: [_codes(row[header.index(name)]) for _, row in numbered] for name in wanted}
    texts = [row[header.index(text)].text.strip() for _, row in numbered]
    faults = list(_faults([number for number, _ in numbered], texts, parted, known))
    if faults:
        raise ReadError(
            listed(faults),
            where=path.name,
            expected=f"codes of the taxonomy, '{SEPARATOR}' between, or nothing or '{NO_CODE}' for no code: {', '.join(known)}",
            do="mend the rows named, or name the taxonomy that they were coded with (--taxonomy)",
        )
    kept = [at for at, said in enumerate(texts) if said]
    if not kept:
        raise ReadError("it holds no points", where=path.name, expected="a row for each coded point", do="check that it is the right file")

    def of(name: str) -> tuple[Codes, ...]:
        return tuple(tuple(code for code in parted[name][at] if code != NO_CODE) if name in parted else () for at in kept)

    return CodedPoints(
        rows=tuple(numbered[at][0] for at in kept),
        texts=tuple(texts[at] for at in kept),
        codes=of(CODES),
        optional=of(OPTIONAL),
        second=of(second) if second else None,
        second_column=second,
        blank=len(texts) - len(kept),
    )


def _check_columns(path: Path, header: Sequence[str], text: str, second: str, coder: str | None) -> None:
    faults = []
    if not text:
        faults.append("it has no column 'text' or 'point'")
    if CODES not in header:
        faults.append(f"it has no column '{CODES}'")
    if coder is not None and second not in header:
        faults.append(f"it has no column '{coder}' for the second coder")
    elif coder is not None and second in (CODES, OPTIONAL, text):
        faults.append(f"'{coder}' cannot be the second coder's column, it has another use")
    if faults:
        raise ReadError(
            listed(faults),
            where=path.name,
            expected="the columns 'text' or 'point', and 'codes', and the one named with --coder; "
            f"found: {', '.join(repr(name) for name in header) or 'none'}",
            do="mend the names in the first row",
        )


def _codes(cell: Cell) -> Codes:
    """Codes of a cell in the order typed, each once; 'none' in any capitals stays as 'none'.

    >>> _codes(Cell("asb | dv|asb", "cell B2")), _codes(Cell("NONE", "cell B3"))
    (('asb', 'dv'), ('none',))
    """
    typed = [code.strip() for code in cell.text.split(SEPARATOR) if code.strip()]
    return tuple(dict.fromkeys(NO_CODE if code.lower() == NO_CODE else code for code in typed))


def _faults(rows: Sequence[int], texts: Sequence[str], parted: dict[str, list[Codes]], known: Collection[str]) -> Iterator[str]:
    """Every fault of the rows in words: unknown codes with all their rows first."""
    unknown: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        for code in dict.fromkeys(code for column in parted.values() for code in column[at] if code not in known and code != NO_CODE):
            unknown.setdefault(code, []).append(row)
    for code, where in unknown.items():
        yield f"code '{code}' is not in the taxonomy (row{'s' if len(where) > 1 else ''} {', '.join(map(str, where))})"
    for at, row in enumerate(rows):
        for name, column in parted.items():
            if NO_CODE in column[at] and len(column[at]) > 1:
                yield f"'{NO_CODE}' stands beside other codes (row {row}, column '{name}')"
        if not texts[at] and any(code != NO_CODE for column in parted.values() for code in column[at]):
            yield f"codes stand beside no text (row {row})"
