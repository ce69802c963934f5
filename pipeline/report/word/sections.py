"""The sections of a report and their blocks, each kind in its own styles of Word."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from docx.shared import Cm, Pt

from pipeline.report.blocks import Block, Bullet, Bullets, Chart, Facts, Grid, Paragraph, Section, ThemeEntry, ThemeList
from pipeline.report.charts import picture
from pipeline.report.word.contents import Heading
from pipeline.report.word.tables import add_table
from pipeline.report.word.text import Styled, add_field, element, shown
from pipeline.report.wording import counted, said_at

if TYPE_CHECKING:
    from docx.document import Document

# Of a picture: its letters are 8 points high, and its caption fits on the same page.
WIDTH, TALLEST = Cm(14.5), Cm(20)


class Sections:
    """Writes sections at the end of a document; ``headings`` are theirs, in the same order."""

    def __init__(self, document: Document, headings: Sequence[Heading]) -> None:
        self._document = document
        self._headings: Iterator[tuple[int, Heading]] = iter(enumerate(headings))
        self._figures = 0
        self._styled = Styled(document)

    def add(self, section: Section) -> None:
        """Write a section and those within it; a workshop session begins a page."""
        number, heading = next(self._headings)
        line = self._styled.line(f"Heading {heading.level}", heading.text)
        if section.session is not None and heading.level == 1:
            line.paragraph_format.page_break_before = True
        line._p.insert(1, element("bookmarkStart", id=number, name=heading.bookmark))
        line._p.append(element("bookmarkEnd", id=number))
        self.add_blocks(section.blocks)
        for part in section.sections:
            self.add(part)

    def add_blocks(self, blocks: Sequence[Block]) -> None:
        """Write blocks, one after the other."""
        for block, following in zip_longest(blocks, blocks[1:]):
            match block:
                case Facts():
                    self._add_facts(block)
                case Paragraph():
                    line = self._styled.line("Question" if block.question else "Normal", block.text)
                    if isinstance(following, Grid):
                        line.paragraph_format.keep_with_next = True
                case Bullets():
                    if block.title:
                        self._styled.line("List Title", block.title)
                    for item in block.items:
                        self._add_bullet(item)
                case ThemeList():
                    self._add_themes(block)
                case Grid():
                    add_table(self._document, block)
                case Chart():
                    if block.kind != "map":  # on paper nobody can ask a mark what it says
                        self._add_chart(block)

    def _add_facts(self, facts: Facts) -> None:
        for name, value in facts.rows:
            line = self._styled.line("Facts")
            self._styled.say(line, f"{shown(name)}:", "Strong")
            line.add_run(f"\t{shown(value)}")

    def _add_bullet(self, item: Bullet) -> None:
        line = self._styled.line("List Bullet", item.text)
        if item.remark:
            self._styled.say(line, f" ({shown(item.remark)})", "Remark")

    def _add_themes(self, themes: ThemeList) -> None:
        """A numbered list that begins with the rank of its first theme, and anew where ranks leave one out."""
        list_id, last = 0, None
        for entry in themes.entries:
            if last is None or entry.theme.rank != last + 1:
                list_id = self._list_from(entry.theme.rank)
            last = entry.theme.rank
            self._add_theme(entry, list_id)
        if themes.others:
            said = "; ".join(shown(other.text) + (f" ({shown(other.remark)})" if other.remark else "") for other in themes.others)
            self._styled.line("Normal", f"Also raised: {said}.").paragraph_format.space_before = Pt(6)

    def _list_from(self, start: int) -> int:
        """The id of a new list in the style of numbered lists whose first number is ``start``."""
        numbering = self._document.part.numbering_part.element
        of_style = self._document.styles["List Number"].element.pPr.numPr.numId.val
        made = numbering.add_num(numbering.num_having_numId(of_style).abstractNumId.val)
        made.add_lvlOverride(ilvl=0).add_startOverride(start)
        list_id: int = made.numId
        return list_id

    def _add_theme(self, entry: ThemeEntry, list_id: int) -> None:
        line = self._styled.line("List Number")
        place = line._p.get_or_add_pPr().get_or_add_numPr()
        place.get_or_add_ilvl().val = 0
        place.get_or_add_numId().val = list_id
        self._styled.say(line, shown(entry.theme.title), "Strong")
        self._styled.say(line, f" ({shown(', '.join(entry.remarks))})", "Remark")
        below = [*entry.quotes, *entry.subthemes]
        line.paragraph_format.keep_with_next = bool(below or entry.withheld)
        if entry.withheld:
            self._styled.line("List Continue", entry.withheld)
        for quote in entry.quotes:
            said = self._styled.line("Quote", f"“{shown(quote.text)}”")
            if quote.tables:
                self._styled.say(said, f" ({shown(said_at(quote.tables))})", "Remark")
        for part in entry.subthemes:
            named = self._styled.line("List Bullet 2")
            self._styled.say(named, shown(part.title), "Emphasis")
            self._styled.say(named, f": {counted(part.points, 'point')}")

    def _add_chart(self, chart: Chart) -> None:
        """A picture with its words for those who cannot see it, and a numbered caption beneath."""
        self._figures += 1
        drawn = self._styled.line("Figure").add_run().add_picture(io.BytesIO(picture(chart)), width=WIDTH)
        if drawn.height > TALLEST:
            drawn.width, drawn.height = round(drawn.width * TALLEST / drawn.height), TALLEST
        about = drawn._inline.docPr
        about.set("name", f"Figure {self._figures}")
        about.set("title", shown(chart.title))
        about.set("descr", shown(chart.description))
        caption = self._styled.line("Caption")
        caption.add_run("Figure ")
        add_field(caption, "SEQ Figure \\* ARABIC", str(self._figures))
        caption.add_run(f": {shown(chart.title)}")
