"""report.md: a report as Markdown text, to be read as it is or turned into anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.report.blocks import Block, Bullet, Bullets, Chart, Facts, Grid, Paragraph, Report, Section, ThemeEntry, ThemeList
from pipeline.report.wording import counted, said_at

# Signs of Markdown wherever they stand, entities, and what makes a list or a rule at the start of a text.
SPECIAL = re.compile(r"([\\`*_\[\]<>#|~]|&(?=#?\w+;)|^[-+](?=[\s+-]|$))")
NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")


def report_markdown(report: Report) -> str:
    """A report as Markdown text, the same bytes for the same report."""
    lines = [f"# {plain(report.title)}", "", *_blocks(report.blocks)]
    for section in report.sections:
        lines += _section(section, 2)
    return "\n".join(lines).rstrip() + "\n"


def plain(text: str) -> str:
    r"""Text in which Markdown's own signs are escaped, so that notes show as typed.

    >>> plain("*urgent* [x]")
    '\\*urgent\\* \\[x\\]'
    """
    return NUMBERED.sub(r"\1\\", SPECIAL.sub(r"\\\1", " ".join(text.split())))


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * level} {plain(section.heading)}"
    yield ""
    yield from _blocks(section.blocks)
    for part in section.sections:
        yield from _section(part, level + 1)


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Each block with an empty line after it; what a chart shows is in the text already, so it has none."""
    for block in blocks:
        if not isinstance(block, Chart):
            yield from _lines(block)
            yield ""


def _lines(block: Facts | Paragraph | Bullets | ThemeList | Grid) -> Iterator[str]:
    match block:
        case Facts():
            yield from (f"- {name}: {plain(value)}" for name, value in block.rows)
        case Paragraph():
            yield f"*{plain(block.text)}*" if block.question else plain(block.text)
        case Bullets():
            if block.title:
                yield f"**{plain(block.title)}**"
                yield ""
            yield from (f"- {_bullet(item)}" for item in block.items)
        case ThemeList():
            for entry in block.entries:
                yield from _theme(entry)
            if block.others:
                yield ""
                yield f"Also raised: {'; '.join(_bullet(other) for other in block.others)}."
        case Grid():
            yield f"| {' | '.join(map(plain, block.columns))} |"
            yield f"| {' | '.join('--:' if column in block.numeric else ':--' for column in block.columns)} |"
            yield from (f"| {' | '.join(plain(str(value)) for value in row)} |" for row in block.rows)


def _bullet(item: Bullet) -> str:
    return plain(item.text) + (f" ({plain(item.remark)})" if item.remark else "")


def _theme(entry: ThemeEntry) -> Iterator[str]:
    yield f"{entry.theme.rank}. **{plain(entry.theme.title)}** ({plain(', '.join(entry.remarks))})"
    if entry.withheld:
        yield f"   - {entry.withheld}"
    for quote in entry.quotes:
        where = f" ({plain(said_at(quote.tables))})" if quote.tables else ""
        yield f"   - “{plain(quote.text)}”{where}"
    for part in entry.subthemes:
        yield f"   - *{plain(part.title)}*: {counted(part.points, 'point')}"
