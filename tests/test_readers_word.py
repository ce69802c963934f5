"""Word documents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.ingest import word
from pipeline.ingest.blocks import Block, Document, Grid

W = nsdecls("w")


def saved(folder: Path, made: Any) -> Document:
    path = folder / "notes.docx"
    made.save(str(path))
    return word.read(path, "notes.docx")


def shapes(document: Document) -> list[tuple[str, str, int, bool]]:
    return [(part.text, part.kind, part.level, part.emphasis) for part in document.parts if isinstance(part, Block)]


def test_headings_lists_and_emphasis(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("Brackenfell workshop", 0)
    made.add_paragraph("Notes of the day", style="Subtitle")
    made.add_heading("Session 1", 1)
    made.add_paragraph().add_run("Issues").bold = True
    made.add_paragraph("litter", style="List Bullet")
    made.add_paragraph("on the rec", style="List Bullet 2")
    made.add_paragraph("first", style="List Number")
    made.add_paragraph("ACTIONS:")
    made.add_paragraph().add_run("underlined").underline = True
    large = made.add_paragraph().add_run("Larger type")
    large.font.size = Pt(18)
    half = made.add_paragraph()
    half.add_run("Top priority: ").bold = True
    half.add_run("more PCSOs")
    assert shapes(saved(tmp_path, made)) == [
        ("Brackenfell workshop", "heading", 1, True),
        ("Notes of the day", "line", 0, True),
        ("Session 1", "heading", 1, True),
        ("Issues", "line", 0, True),
        ("litter", "bullet", 0, False),
        ("on the rec", "bullet", 1, False),
        ("first", "bullet", 0, False),
        ("ACTIONS:", "line", 0, True),
        ("underlined", "line", 0, True),
        ("Larger type", "line", 0, True),
        ("Top priority: more PCSOs", "line", 0, False),
    ]


def test_locators_count_paragraphs_with_words(tmp_path: Path) -> None:
    made = docx.Document()
    for text in ("Table 1", "", "litter", "  ", "noise"):
        made.add_paragraph(text)
    assert [part.locator for part in saved(tmp_path, made).parts if isinstance(part, Block)] == [
        "paragraph 1",
        "paragraph 2",
        "paragraph 3",
    ]


def test_list_items_by_direct_numbering_nest(tmp_path: Path) -> None:
    made = docx.Document()
    for text, level in (("litter", 0), ("on the rec", 1)):
        paragraph = made.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'))
    removed = made.add_paragraph("no bullet any more", style="List Bullet")
    removed._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {W}><w:numId w:val="0"/></w:numPr>'))
    assert shapes(saved(tmp_path, made)) == [
        ("litter", "bullet", 0, False),
        ("on the rec", "bullet", 1, False),
        ("no bullet any more", "line", 0, False),
    ]


def test_bullets_typed_by_hand_and_long_paragraphs_stay_apart(tmp_path: Path) -> None:
    made = docx.Document()
    long = "we would like somebody to come and talk to us about the burglaries in"
    for text in ("- litter", "    - on the rec", "•\tnoise", long, "our street"):
        made.add_paragraph(text)
    assert [(text, kind, level) for text, kind, level, _ in shapes(saved(tmp_path, made))] == [
        ("litter", "bullet", 0),
        ("on the rec", "bullet", 1),
        ("noise", "bullet", 0),
        (long, "line", 0),
        ("our street", "line", 0),
    ]


def test_lines_within_a_paragraph_are_blocks_of_their_own(tmp_path: Path) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph()
    paragraph.add_run("Issues").bold = True
    run = paragraph.add_run()
    run.add_break()
    run.add_text("- litter")
    run.add_break(WD_BREAK.LINE)
    run.add_text("noise\tat night")
    document = saved(tmp_path, made)
    assert shapes(document) == [
        ("Issues", "line", 0, True),
        ("litter", "bullet", 0, False),
        ("noise\tat night", "line", 0, False),
    ]
    assert {part.locator for part in document.parts if isinstance(part, Block)} == {"paragraph 1"}


def test_headings_are_known_by_outline_level_in_any_language(tmp_path: Path) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("Tisch 1")
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="1"/>'))
    style = made.styles.add_style("Überschrift 3", 1)
    made.add_paragraph("Sitzung", style=style)
    assert [(text, kind, level) for text, kind, level, _ in shapes(saved(tmp_path, made))] == [
        ("Tisch 1", "heading", 2),
        ("Sitzung", "heading", 3),
    ]


def test_inserted_text_and_links_stay_and_deleted_text_is_set_aside(tmp_path: Path) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("see ")
    for xml in (
        f"<w:ins {W}><w:r><w:t>the new </w:t></w:r></w:ins>",
        f"<w:del {W}><w:r><w:delText>old words</w:delText></w:r></w:del>",
        f"<w:hyperlink {W}><w:r><w:t>map</w:t></w:r></w:hyperlink>",
        f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>hidden words</w:t></w:r>",
        f"<w:sdt {W}><w:sdtContent><w:r><w:t> here</w:t></w:r></w:sdtContent></w:sdt>",
        f'<w:r {W}><w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="00E9"/></w:r>',
    ):
        paragraph._p.append(parse_xml(xml))
    document = saved(tmp_path, made)
    assert document.parts == (Block("see the new map here-é", "paragraph 1"),)
    assert [(aside.text, aside.reason) for aside in document.asides] == [
        ("old words", "deleted text"),
        ("hidden words", "hidden text"),
    ]


def test_content_controls_and_text_boxes_are_read_once(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("before")
    box = "<w:txbxContent><w:p><w:r><w:t>Top priority: {}</w:t></w:r></w:p></w:txbxContent>"
    made.element.body.insert(
        1,
        parse_xml(
            f'<w:p {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
            'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
            'xmlns:v="urn:schemas-microsoft-com:vml"><w:r><mc:AlternateContent>'
            '<mc:Choice Requires="wps"><w:drawing>'
            f"<wps:txbx>{box.format('lights')}</wps:txbx></w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict><v:textbox>{box.format('lights')}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>"
        ),
    )
    made.element.body.insert(
        2,
        parse_xml(f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"),
    )
    document = saved(tmp_path, made)
    assert document.parts == (
        Block("before", "paragraph 1"),
        Block("Top priority: lights", "text box after paragraph 1"),
        Block("in a control", "paragraph 2"),
    )


def test_merged_cells_are_one_object_and_nested_tables_are_lines(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Table below")
    table = made.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Urgent"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Table 1"
    table.cell(1, 1).text = "litter"
    table.cell(1, 1).add_paragraph("on the rec", style="List Bullet 2")
    inner = table.cell(2, 2).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "inside", "too"
    document = saved(tmp_path, made)
    grid = document.parts[1]
    assert isinstance(grid, Grid) and not grid.header
    assert grid.rows[0][0] is grid.rows[0][2] and grid.rows[1][0] is grid.rows[2][0]
    assert (grid.rows[1][0].text, grid.rows[1][0].locator) == ("Table 1", "table 1 row 2 column 1")
    assert grid.rows[1][1].text == "litter\n    • on the rec"
    assert grid.rows[2][2].text == "inside\ntoo"


def test_rows_of_different_length_are_made_even(tmp_path: Path) -> None:
    made = docx.Document()
    table = made.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(1, 1).text = "a note", "another"
    row = table.rows[1]._tr
    properties = row.get_or_add_trPr()
    before = OxmlElement("w:gridBefore")
    before.set(qn("w:val"), "1")
    properties.append(before)
    (grid,) = saved(tmp_path, made).parts
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in line] for line in grid.rows] == [["a note", "", ""], ["", "", "another"]]


@pytest.mark.parametrize("how", ["bold", "repeated", "plain"])
def test_a_heading_row_is_one_the_file_marks(tmp_path: Path, how: str) -> None:
    made = docx.Document()
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), ("Barriers", "Good", "a", "b"), strict=True):
        cell.paragraphs[0].add_run(text).bold = how == "bold" and text in ("Barriers", "Good")
    if how == "repeated":
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    (grid,) = saved(tmp_path, made).parts
    assert isinstance(grid, Grid) and grid.header is (how != "plain")


def test_margins_notes_and_comments_are_set_aside(tmp_path: Path) -> None:
    made = docx.Document()
    section = made.sections[0]
    section.header.paragraphs[0].text = "Fellshire partnership"
    section.footer.paragraphs[0].text = "not checked"
    paragraph = made.add_paragraph("litter")
    made.add_comment(paragraph.runs, text="which street?", author="Office")
    assert {(aside.text, aside.reason) for aside in saved(tmp_path, made).asides} == {
        ("Fellshire partnership", "page header"),
        ("not checked", "page footer"),
        ("which street?", "comment"),
    }


def test_an_empty_document_has_no_parts(tmp_path: Path) -> None:
    assert saved(tmp_path, docx.Document()).parts == ()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, r"old Word format.*save it as a Word document \(\.docx\)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (b"PK\x03\x04 cut short", "broken"),
        (b"just text", "no Word document"),
        (b"", "no Word document"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "notes.docx"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=rf"notes\.docx: .*{told}"):
        word.read(path, "notes.docx")


PLACES = st.sampled_from(
    [
        "Normal",
        "Heading 1",
        "List Bullet",
        "List Number 2",
        "Title",
        "Subtitle",
        "List Paragraph",
        "cell",
        "box",
        "header",
        "deleted",
    ]
)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            PLACES,
            st.from_regex(r"[a-zé]{3,8}", fullmatch=True),
            st.sampled_from(["", "- ", "•\t", "1. "]),
            st.booleans(),
        )
    )
)
def test_every_word_comes_out(tmp_path_factory: pytest.TempPathFactory, typed: list[tuple[str, str, str, bool]]) -> None:
    made = docx.Document()
    for number, (place, word_in, mark, bold) in enumerate(typed):
        text = f"{mark}{word_in}{number} and{number}"
        if place == "cell":
            made.add_table(rows=1, cols=2).cell(0, 1).text = text
        elif place == "header":
            made.sections[0].header.add_paragraph(text)
        elif place == "deleted":
            made.add_paragraph()._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>{text}</w:delText></w:r></w:del>"))
        elif place == "box":
            made.add_paragraph("x")._p.append(
                parse_xml(f"<w:r {W}><w:pict><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>")
            )
        else:
            made.add_paragraph(style=place).add_run(text).bold = bold
    document = saved(tmp_path_factory.getbasetemp(), made)
    found = [aside.text for aside in document.asides]
    for part in document.parts:
        found += [part.text] if isinstance(part, Block) else [cell.text for row in part.rows for cell in row]
    assert {f"{word_in}{number}" for number, (_, word_in, _, _) in enumerate(typed)} <= set(re.split(r"\s+", " ".join(found)))
