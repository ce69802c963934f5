"""What a report consists of, whatever form it is written in: sections of blocks, in reading order.

:func:`pipeline.report.content.report_content` makes them of an event, and each form (Markdown, page, Word) writes each kind of block in
its own way, so that all of them say the same words. Text is plain: each form escapes what it must.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.results import Quote, SubTheme, ThemeRow


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, such as the date and the venue."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``question`` marks the question that a session was asked."""

    text: str
    question: bool = False


@dataclass(frozen=True, slots=True)
class Bullet:
    """One bullet and, in brackets after it, a remark such as where it was said; ``typed`` where the text is words of the notes."""

    text: str
    remark: str = ""
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of bullets, with a line above it where ``title`` is not empty."""

    items: tuple[Bullet, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    """A theme as a report shows it: ``remarks`` in plain words, the quotes and sub-themes that may be shown, ``withheld`` why others not.

    ``point_ids`` are those whose words may be shown.
    """

    theme: ThemeRow
    remarks: tuple[str, ...]
    quotes: tuple[Quote, ...]
    subthemes: tuple[SubTheme, ...]
    withheld: str
    point_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemeList:
    """A session's themes in rank order, told in full, and ``others`` that are only named: title and what is said of each."""

    entries: tuple[ThemeEntry, ...]
    others: tuple[Bullet, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its columns, rows of as many values, and those of its columns that hold numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]
    numeric: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its ``kind`` (a name of :mod:`pipeline.report.charts`), what it is called, what it shows in words, and its data.

    ``rows`` are tidy: one dict a mark, the same keys in each.
    """

    kind: str
    title: str
    description: str
    rows: tuple[dict[str, Any], ...]


Block = Facts | Paragraph | Bullets | ThemeList | Grid | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; ``session`` is the id of the workshop session that it is about, if it is about one."""

    heading: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its title, what stands above the first heading, and its sections."""

    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
