"""Coded texts that a taxonomy learns from: CSV files with the columns text, codes and, if they like, optional_codes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pipeline.errors import ModelError
from pipeline.settings import MODELS
from pipeline.taxonomy.records import CodedText

# What a taxonomy writes to learn from the coded texts that come with the program.
BUNDLED = "bundled"
BUNDLED_FOLDER = MODELS / "training"
NO_CODE = "none"


def bundled_texts() -> list[str]:
    """The different texts that come with the program, whatever their themes, the shortest first.

    Raises
    ------
    ModelError : one of their files is damaged.
    """
    read: set[str] = set()
    for path in BUNDLED_FOLDER.glob("*.csv"):
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                read |= {row["text"].strip() for row in csv.DictReader(file)}
        except (OSError, UnicodeDecodeError, csv.Error, KeyError, AttributeError) as error:
            raise ModelError(
                f"the coded texts cannot be read ({' '.join(str(error).split())[:120]})",
                where=str(path),
                expected="the file as shipped",
                do="restore it, or install again with `make themes`",
            ) from error
    return sorted(read - {""}, key=lambda text: (len(text), text))


def read_coded_texts(named: Sequence[str], beside: Path, codes: Sequence[str]) -> tuple[tuple[CodedText, ...], bytes, list[str]]:
    """Read the coded files that a taxonomy names.

    Parameters
    ----------
    named : "bundled", or files, from the folder ``beside`` where their path is not a full one.
    codes : the codes of the taxonomy. Of the bundled texts those about other themes are left out; in a file of your own a code
        that is not there is a fault.

    Returns
    -------
    (texts, bytes, faults) : the texts in file order, the bytes of all files, and what was wrong with them, in words.
    """
    texts: list[CodedText] = []
    read: list[bytes] = []
    faults: list[str] = []
    for name in named:
        bundled = name == BUNDLED
        for path in sorted(BUNDLED_FOLDER.glob("*.csv")) if bundled else [beside / name]:
            try:
                data = path.read_bytes()
                rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
            except (OSError, UnicodeDecodeError, csv.Error) as error:
                faults.append(f"'coded_texts' {name}: cannot be read ({' '.join(str(error).split())[:120]}); expected a CSV file in UTF-8")
                continue
            read.append(data)
            if not rows or not {"text", "codes"} <= rows[0].keys():
                faults.append(f"'coded_texts' {name}: has no rows, or not the columns text and codes; expected both")
                continue
            for line, row in enumerate(rows, 2):
                text, given, optional = (row.get("text") or "").strip(), _split(row["codes"]), _split(row.get("optional_codes"))
                known, kept = _known(given, codes), _known(optional, codes)
                unknown = [code for code in (*given, *optional) if code not in codes]
                if not text or (bundled and unknown and not known):
                    continue
                if unknown and not bundled:
                    faults.append(
                        f"'coded_texts' {name} row {line}: '{unknown[0]}' is no code of this taxonomy; expected one that is, or none"
                    )
                texts.append(CodedText(text, known, kept))
    return tuple(texts), b"".join(read), faults


@lru_cache(maxsize=4096)  # few cells differ
def _split(cell: str | None) -> tuple[str, ...]:
    return tuple(code for part in (cell or "").split("|") if (code := part.strip()) and code != NO_CODE)


def _known(given: Sequence[str], codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in given if code in codes)
