"""The table of contents: a field of Word's, its entries written out, each a link to its heading.

Page numbers are known only to the program that lays out the pages. Asked to work them out on opening, Word first asks its reader
whether it may; so the entries stand without, never with false ones, and *Update table* above the contents adds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.report.blocks import Report, Section
from pipeline.report.word.text import Styled, begin_field, element, end_field, shown

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

LEVELS = 3
TITLE = "Contents"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level, 1 to :data:`LEVELS`, its text, and the name of the bookmark on it."""

    level: int
    text: str
    bookmark: str


def headings(report: Report) -> list[Heading]:
    """The headings of a report in reading order."""
    found = [pair for section in report.sections for pair in _levels(section, 1)]
    return [Heading(level, text, f"_Toc{number:09d}") for number, (level, text) in enumerate(found, start=1)]


def _levels(section: Section, level: int) -> Iterator[tuple[int, str]]:
    yield min(level, LEVELS), shown(section.heading)
    for part in section.sections:
        yield from _levels(part, level + 1)


def contents(document: Document, found: Sequence[Heading]) -> None:
    """Write the table of contents at the end of what is written, framed as Word's own is, so that Word offers to update it."""
    frame = element("sdt")
    about = element("sdtPr")
    part = element("docPartObj")
    part.append(element("docPartGallery", val="Table of Contents"))
    part.append(element("docPartUnique"))
    about.append(part)
    inside = element("sdtContent")
    frame.append(about)
    frame.append(inside)
    styled = Styled(document)
    paragraphs = [styled.line("TOC Heading", TITLE)]
    for number, heading in enumerate(found):
        entry = styled.line(f"toc {heading.level}")
        if number == 0:
            begin_field(entry, f'TOC \\o "1-{LEVELS}" \\h \\z \\u')
        _link(entry, heading)
        paragraphs.append(entry)
    end_field(paragraphs[-1])
    paragraphs[0]._p.addprevious(frame)
    for paragraph in paragraphs:
        inside.append(paragraph._p)


def _link(entry: Paragraph, heading: Heading) -> None:
    link = element("hyperlink", anchor=heading.bookmark, history=1)
    run = entry.add_run(heading.text)
    run._r.addprevious(link)
    link.append(run._r)
