"""report.docx says what report.md says, in Word's own styles."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import docx
import numpy as np
import pandas as pd
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph as Line
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from labelled_points import by_topic, event_result, labelled_points, topics_of
from markdown_it import MarkdownIt
from test_store import divided_result, made_result
from test_withheld import NOISE, SECRET, TAXONOMY, at

from pipeline.records import FileRead, Session
from pipeline.report import report_content, report_markdown
from pipeline.report.blocks import Bullet, Bullets, Chart, Facts, Grid, Paragraph, Report, Section, ThemeList
from pipeline.report.word import report_word
from pipeline.report.word.text import shown
from pipeline.results import EventResult
from pipeline.settings import Settings
from pipeline.themes import gather_themes

ANY_TEXT = st.text(st.characters() | st.sampled_from("\x00\x0b\x1f\ud800\ufffe\n\t <&\"']]>"), max_size=30)


def full_result() -> EventResult:
    """An event with everything that a report may tell of."""
    result = made_result()
    many = [*result.themes, *(replace(result.themes[0], id=f"ev-1-t{n}", rank=n, title=f"Theme {n}", quotes=()) for n in range(5, 11))]
    dropped = pd.DataFrame(
        {"text": ["12", "two words"], "reason": ["a number", "crossed | out"], "source_file": "a.txt", "source_locator": ""}
    )
    event = replace(
        result.event, venue="The Mill", participants=("Mill Housing", "River CVS"), participant_count=12, inferred=("date, taken",),
        sessions=(*result.event.sessions, Session("4", "Next steps")),
    )  # fmt: skip
    file = FileRead("a.doc", "not read", remarks=("a.doc: it is too old.",))
    run = result.run | {"files": [{"source_file": file.source_file, "status": file.status, "remarks": file.remarks}]}
    parts = divided_result().themes[0].subthemes
    return replace(result, event=event, themes=[replace(many[0], subthemes=parts), *many[1:]], dropped=dropped, run=run)


def sensitive_result() -> EventResult:
    """Two points of one sensitive theme, one of them of another theme too, whose words no report may show."""
    points = labelled_points(
        at("1", SECRET), at("2", f"{SECRET} again", "dv|asb"), *NOISE, aspect="challenge", level="local", phrases="baker|Mill Lane"
    )
    vectors, chances = by_topic([n % 2 for n in range(len(points))]), np.full((len(points), 3), 0.5)
    return event_result(*gather_themes(points, vectors, chances, TAXONOMY, topics_of, Settings()), Session("1", "Challenges"))


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


REPORT = report_content(full_result())
DATA = report_word(REPORT)
DOCUMENT = opened(DATA)


def lines(document: Document) -> Iterator[Line]:
    """The paragraphs of a document in reading order, those of tables too, the contents left out."""
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from (line for row in part.rows for cell in row.cells for line in cell.paragraphs)
        else:
            yield part


def in_style(name: str, document: Document = DOCUMENT) -> list[str]:
    return [line.text for line in lines(document) if line.style is not None and line.style.name == name]


def headings(document: Document) -> list[tuple[int, str]]:
    found = [(line.style.name or "", line.text) for line in lines(document) if line.style is not None]
    return [(int(style[-1]), text) for style, text in found if style.startswith("Heading")]


def words_of_markdown(report: Report) -> list[str]:
    tokens = MarkdownIt("commonmark").enable("table").parse(report_markdown(report))
    inline = [
        "".join(child.content or " " * (child.type == "softbreak") for child in token.children or ())
        for token in tokens
        if token.type == "inline"
    ]
    return " ".join(inline).split()


@pytest.mark.parametrize("result", [full_result(), divided_result(), sensitive_result()], ids=["full", "divided", "sensitive"])
def test_it_says_what_the_markdown_report_says_word_for_word(result: EventResult) -> None:
    report = report_content(result)
    said = [line.text for line in lines(opened(report_word(report))) if line.style is None or line.style.name != "Caption"]
    assert " ".join(said).split() == words_of_markdown(report)


def test_every_kind_of_block_has_its_style() -> None:
    assert in_style("Title") == ["An evening | of *notes*"]
    assert in_style("Facts")[0] == "Division:\tD"
    assert in_style("Question") == ["Who?"]
    assert "Mill Housing" in in_style("List Bullet")
    assert in_style("List Number")[0].startswith("Road safety (3 points")
    assert in_style("Quote")[:2] == ["“cars race past the litter” (table 1)", "“potholes”"]
    assert in_style("List Bullet 2") == [f"{part.title}: {part.points} points" for part in divided_result().themes[0].subthemes]
    assert in_style("List Title") == ["Issues and barriers:", "Actions:", "Actions:", "Not read:"]
    assert in_style("Table Heading") == ["Set aside because", "Pieces", "Words"]
    assert in_style("Table Number") == ["1", "1", "1", "2"]
    withheld = opened(report_word(report_content(sensitive_result())))
    assert in_style("List Continue", withheld) == ["Quotes withheld: a sensitive theme, raised at fewer than 3 tables."]


def test_a_list_of_themes_is_numbered_by_rank_and_each_list_anew() -> None:
    numbering = DOCUMENT.part.numbering_part.element
    numbered = [line for line in lines(DOCUMENT) if line.style is not None and line.style.name == "List Number"]
    lists = [line._p.pPr.numPr.numId.val for line in numbered]
    sessions = [len(themes.entries) for section in REPORT.sections for part in section.sections for themes in part.blocks
        if isinstance(themes, ThemeList)]  # fmt: skip
    assert [lists.count(number) for number in dict.fromkeys(lists)] == sessions
    for number in set(lists):
        (start,) = numbering.num_having_numId(number).xpath("./w:lvlOverride/w:startOverride/@w:val")
        assert start == "1"


def test_a_list_begins_with_the_rank_of_its_first_theme() -> None:
    entries = next(b.entries for s in REPORT.sections for p in s.sections for b in p.blocks if isinstance(b, ThemeList))
    kept = tuple(entry for entry in entries if entry.theme.rank in (2, 3, 5))
    document = opened(report_word(Report("T", (ThemeList(kept),), ())))
    numbering = document.part.numbering_part.element
    starts = [
        numbering.num_having_numId(line._p.pPr.numPr.numId.val).xpath("./w:lvlOverride/w:startOverride/@w:val")[0]
        for line in lines(document)
        if line.style is not None and line.style.name == "List Number"
    ]
    assert starts == ["2", "2", "5"]


def test_headings_are_those_of_the_report_and_levels_go_to_three() -> None:
    assert headings(DOCUMENT)[:4] == [(1, "Background"), (1, "Who took part?"), (1, "Workshop session 1: Challenges"), (2, "Key themes")]
    deep = Section("1", sections=(Section("2", sections=(Section("3", sections=(Section("4"),)),)),))
    assert headings(opened(report_word(Report("T", (), (deep,))))) == [(1, "1"), (2, "2"), (3, "3"), (3, "4")]


def test_the_contents_are_a_field_whose_entries_are_the_headings_each_a_link_to_its_own() -> None:
    (frame,) = DOCUMENT.element.body.findall(qn("w:sdt"))
    code = "".join(found.text for found in frame.iter(qn("w:instrText"))).strip()
    assert code == 'TOC \\o "1-3" \\h \\z \\u'
    kinds = [found.get(qn("w:fldCharType")) for found in frame.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]
    entries = []
    for line in frame.iter(qn("w:p")):
        style = line.pPr.pStyle.val
        for link in line.findall(qn("w:hyperlink")):
            (heading,) = DOCUMENT.element.body.xpath(f'.//w:p[w:bookmarkStart/@w:name="{link.get(qn("w:anchor"))}"]')
            text = "".join(found.text for found in link.iter(qn("w:t")))
            assert "".join(found.text for found in heading.iter(qn("w:t"))) == text
            entries.append((int(style[-1]), text))
    assert entries == headings(DOCUMENT)
    assert "updateFields" not in ET.tostring(DOCUMENT.settings.element, encoding="unicode")
    assert not DOCUMENT.element.body.xpath(".//@w:dirty")


def test_a_report_without_sections_has_no_contents() -> None:
    document = opened(report_word(Report("Nothing yet", (Paragraph("None."),), ())))
    assert not document.element.body.findall(qn("w:sdt"))
    assert [line.text for line in document.paragraphs] == ["Nothing yet", "None."]


def test_charts_are_pictures_with_their_words_and_a_caption() -> None:
    charts = [
        block
        for section in REPORT.sections
        for part in section.sections
        for block in part.blocks
        if isinstance(block, Chart) and block.kind != "map"
    ]
    pictures = list(DOCUMENT.element.body.iter(qn("wp:docPr")))
    assert len(charts) > 1
    assert [picture.get("descr") for picture in pictures] == [chart.description for chart in charts]
    assert in_style("Caption") == [f"Figure {number}: {chart.title}" for number, chart in enumerate(charts, start=1)]
    sizes = [shape.width for shape in DOCUMENT.inline_shapes]
    page = DOCUMENT.sections[0]
    assert max(sizes) <= page.page_width - page.left_margin - page.right_margin


def test_a_map_which_says_nothing_on_paper_is_left_out() -> None:
    chart = Chart(
        "map", "Map of points", "Where they are.", ({"point": "a", "x": 0.0, "y": 0.0, "theme": "", "group": 0, "table": "1", "text": ""},)
    )
    document = opened(report_word(Report("T", (chart,), ())))
    assert not document.inline_shapes
    assert not in_style("Caption", document)


def test_a_tall_chart_and_its_caption_fit_on_a_page() -> None:
    rows = tuple({"rank": n, "theme": f"Theme {n}", "count": 1, "of": None} for n in range(1, 81))
    (shape,) = opened(report_word(Report("T", (Chart("themes_by_points", "Many", "Many themes.", rows),), ()))).inline_shapes
    assert shape.height < docx.shared.Cm(21)


def test_no_two_drawings_bookmarks_or_styles_share_an_id() -> None:
    body, styles = DOCUMENT.element.body, DOCUMENT.styles.element
    for ids in (
        body.xpath(".//wp:docPr/@id"),
        body.xpath(".//w:bookmarkStart/@w:id"),
        body.xpath(".//w:bookmarkStart/@w:name"),
        styles.xpath("./w:style/@w:styleId"),
        styles.xpath("./w:style/w:name/@w:val"),
    ):
        assert len(set(ids)) == len(ids) > 0
    assert sorted(body.xpath(".//w:bookmarkStart/@w:id")) == sorted(body.xpath(".//w:bookmarkEnd/@w:id"))
    used = set(body.xpath(".//w:pStyle/@w:val | .//w:rStyle/@w:val | .//w:tblStyle/@w:val"))
    assert used <= set(styles.xpath("./w:style/@w:styleId"))


def test_a_table_repeats_its_header_breaks_no_row_and_sets_numbers_right() -> None:
    (table,) = DOCUMENT.tables
    assert table.style is not None
    assert table.style.name == "Report Table"
    assert [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows] == [True, False, False]
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in table.rows)
    right = [line.text for line in lines(DOCUMENT) if WD_ALIGN_PARAGRAPH.RIGHT in (line.alignment, line.style.paragraph_format.alignment)]
    assert right == ["Pieces", "Words", "1", "1", "1", "2"]
    assert sum(cell.width for cell in table.rows[0].cells) <= docx.shared.Cm(16)


def test_tables_that_follow_each_other_stay_two() -> None:
    grid = Grid(("A", "B"), (("x", 1), ("y", 2.5)), frozenset({"B"}))
    document = opened(report_word(Report("T", (grid, grid), ())))
    kinds = [type(part).__name__ for part in document.iter_inner_content()]
    assert kinds == ["Paragraph", "Table", "Paragraph", "Table", "Paragraph"]
    assert [cell.text for row in document.tables[1].rows for cell in row.cells] == ["A", "B", "x", "1", "y", "2.5"]


def test_the_page_is_a4_with_the_title_above_and_the_page_number_below() -> None:
    page = DOCUMENT.sections[0]
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)
    assert page.header.paragraphs[0].text == "An evening | of *notes*"
    assert page.different_first_page_header_footer
    assert page.first_page_header.paragraphs[0].text == ""
    for footer in (page.footer, page.first_page_footer):
        assert footer.paragraphs[0].text == "Page 1 of 1"
        codes = [found.text.strip() for found in footer._element.iter(qn("w:instrText"))]
        assert codes == ["PAGE", "NUMPAGES"]


def test_a_theme_stands_with_its_first_quote_and_one_without_any_may_stand_alone() -> None:
    numbered = [line for line in lines(DOCUMENT) if line.style is not None and line.style.name == "List Number"]
    assert [line.paragraph_format.keep_with_next for line in numbered[:4]] == [True] * 4
    assert [line.paragraph_format.keep_with_next for line in numbered[4:8]] == [False] * 4


def test_headings_stand_with_what_follows_and_a_session_begins_a_page() -> None:
    for level in (1, 2, 3):
        assert DOCUMENT.styles[f"Heading {level}"].paragraph_format.keep_with_next
    breaks = [line.text for line in lines(DOCUMENT) if line.paragraph_format.page_break_before]
    assert breaks == [section.heading for section in REPORT.sections if section.session]


def test_its_properties_say_the_title_and_the_language_and_name_nobody() -> None:
    said = DOCUMENT.core_properties
    assert (said.title, said.language) == ("An evening | of *notes*", "en-GB")
    assert (said.author, said.last_modified_by, said.comments, said.created, said.modified) == ("", "", "", None, None)
    assert {found.get(qn("w:val")) for found in DOCUMENT.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_it_is_the_same_bytes_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert report_word(report_content(full_result())) == DATA


def test_withheld_words_are_in_no_part_of_the_file() -> None:
    report = report_content(sensitive_result())
    with zipfile.ZipFile(io.BytesIO(report_word(report))) as parts:
        every = b"\n".join(parts.read(name) for name in parts.namelist())
    words = re.sub(r"<[^>]+>", "", every.decode("utf-8", "replace"))
    assert "noise at the corner" in words
    for secret in (SECRET, "baker", "Mill Lane"):
        assert secret not in words


def everywhere(text: str) -> Report:
    blocks: tuple[Any, ...] = (
        Facts((("Venue", text),)), Paragraph(text), Paragraph(text, question=True),
        Bullets((Bullet(text, text),), text), Grid((text, "N"), ((text, 1),), frozenset({"N"})),
    )  # fmt: skip
    return Report(text, blocks, (Section(text, blocks),))


@given(ANY_TEXT)
@examples(max_examples=15, deadline=None)
def test_any_text_gives_a_document_that_opens_and_holds_it(text: str) -> None:
    document = opened(report_word(everywhere(text)))
    seen = shown(text)
    remark = f" ({seen})" if text else ""
    block = [f"Venue:\t{seen}", seen, seen, *([seen] if text else []), seen + remark, seen, "N", seen, "1", ""]
    assert [line.text for line in lines(document)] == [seen, *block, seen, *block]
    assert document.core_properties.title == seen
    assert document.sections[0].header.paragraphs[0].text == seen


def test_nothing_of_a_text_that_xml_can_hold_is_lost() -> None:
    assert shown("a\x00b \u00a0c\ud800 \U0001f600") == "a\ufffdb c\ufffd \U0001f600"
