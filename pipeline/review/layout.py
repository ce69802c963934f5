"""What stands where in a review workbook: sheets, columns, choices, and the checksums by which it is known again.

Writing and reading share this page and nothing else. Columns are known by their headings and sheets by their columns, so that either
may be moved or a sheet renamed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.taxonomy import Taxonomy

FORMAT = "workshop-themes/review/1.0"
HELP, POINTS, THEMES, LISTS, ABOUT = "How to use", "Points", "Themes", "_lists", "_about"
NONE_OF_THESE, NOT_SURE = "none of these", "not sure"
YES = "yes"
NAME_CELL = "B3"  # of the sheet HELP, for the reviewer's name
MOST_CODES = 3
LONGEST_TITLE = 80
LONGEST_CELL = 32_000  # characters; Excel ends at 32,767


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, width in characters, and whether a person may write in it, or does not see it."""

    heading: str
    width: int = 12
    editable: bool = False
    hidden: bool = False


RIGHT, NEW_THEME, COMMENT = "Right as it is?", "Split off into", "Comment"
CODES = tuple(f"Theme {number}" for number in range(1, MOST_CODES + 1))
TITLE, MERGE, REJECT = "New title", "Merge with", "Reject?"
ROW, CHECK, TAXONOMY, POINT_ID, THEME_ID = "row", "check", "taxonomy_sha256", "point_id", "theme_id"
SAMPLED = "Random sample"
_HIDDEN = (Column(ROW, hidden=True), Column(CHECK, hidden=True), Column(TAXONOMY, hidden=True))
POINT_COLUMNS = (
    Column("Text", 60),
    Column("Session", 8),
    Column("Table", 8),
    Column("Heading", 26),
    Column("Suggested", 28),
    Column("Probability", 10),
    Column("Check first because", 30),
    Column("Sample", 9),
    Column(RIGHT, 9, editable=True),
    *(Column(name, 26, editable=True) for name in CODES),
    Column(NEW_THEME, 26, editable=True),
    Column(COMMENT, 30, editable=True),
    Column("Why suggested", 44),
    Column("Decided so far", 30),
    Column(POINT_ID, hidden=True),
    *_HIDDEN,
)
THEME_COLUMNS = (
    Column("Session", 8),
    Column("Theme", 34),
    Column("Points", 7),
    Column("Tables", 7),
    Column("Kind", 11),
    Column(TITLE, 34, editable=True),
    Column(MERGE, 34, editable=True),
    Column(REJECT, 9, editable=True),
    Column(COMMENT, 30, editable=True),
    Column("Some of its points", 60),
    Column("Decided so far", 30),
    Column(THEME_ID, hidden=True),
    *_HIDDEN,
)


@dataclass(frozen=True, slots=True)
class About:
    """What a workbook is of: the event, the run it was made from (``export`` stands for it and the ledger then), and the taxonomy."""

    event: str
    export: str
    taxonomy: str
    version: str
    sha256: str


def choices(taxonomy: Taxonomy) -> dict[str, str]:
    """What can be chosen for a point, by code, in the taxonomy's order: its label, with the code behind it where two are the same."""
    labels = [theme.label.casefold() for theme in taxonomy.themes]
    return {
        theme.code: theme.label if labels.count(theme.label.casefold()) == 1 else f"{theme.label} ({theme.code})"
        for theme in taxonomy.themes
    }


def theme_choice(rank: int, title: str) -> str:
    """How a theme is named where another is merged with it."""
    return f"{rank}. {title}"


def row_check(row: str, about: About) -> str:
    """The checksum of what is hidden in a row, which is of one workbook only."""
    return _digest([row, about.export, about.sha256])


def lists_check(lists: Iterable[Sequence[str]], about: About) -> str:
    """The checksum of the hidden sheets."""
    return _digest([list(map(list, lists)), [about.event, about.export, about.taxonomy, about.version, about.sha256]])


def export_id(points: Iterable[Sequence[str]], ledger: str) -> str:
    """What stands for a run and the ledger as they were when a workbook was made."""
    return f"w{_digest([sorted(map(list, points)), ledger])}"


def _digest(value: Any) -> str:
    return hashlib.blake2s(json.dumps(value, ensure_ascii=True).encode(), digest_size=8).hexdigest()
