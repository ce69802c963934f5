"""PDF files with text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib import colors, pagesizes, pdfencrypt
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    ListFlowable,
    ListItem,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from pipeline.errors import ReadError
from pipeline.ingest import pdf
from pipeline.ingest.blocks import Block, Document, Grid
from pipeline.ingest.pdf_paragraphs import join

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=11, leading=14)
BOLD = ParagraphStyle("bold", BODY, fontName="Helvetica-Bold")
TITLE = ParagraphStyle("title", BODY, fontName="Helvetica-Bold", fontSize=20, leading=24)
HEAD = ParagraphStyle("head", BODY, fontName="Helvetica-Bold", fontSize=15, leading=18)
BULLET = ParagraphStyle("bullet", BODY, leftIndent=18, bulletIndent=4)
SUB = ParagraphStyle("sub", BODY, leftIndent=40, bulletIndent=26)
LONG = "Domestic violence calls from the flats have doubled since the spring and the refuge was full every time"


def laid_out(folder: Path, story: Sequence[Any], furniture: Any = None, **settings: Any) -> Document:
    path = folder / "notes.pdf"
    template = SimpleDocTemplate(str(path), pagesize=pagesizes.A4, **settings)
    template.build(list(story), onFirstPage=furniture or _nothing, onLaterPages=furniture or _nothing)
    return pdf.read(path, "notes.pdf")


def drawn(folder: Path, *lines: tuple[float, float, str], font: str = "Helvetica", size: float = 11) -> Document:
    path = folder / "notes.pdf"
    canvas = Canvas(str(path), pagesize=pagesizes.A4)
    canvas.setFont(font, size)
    for x, y, text in lines:
        canvas.drawString(x, y, text)
    canvas.save()
    return pdf.read(path, "notes.pdf")


def _nothing(*_: Any) -> None:
    pass


def shapes(document: Document) -> list[tuple[str, str, int, bool]]:
    return [(part.text, part.kind, part.level, part.emphasis) for part in document.parts if isinstance(part, Block)]


def test_type_size_makes_headings_and_bold_makes_emphasis(tmp_path: Path) -> None:
    story = [
        Paragraph("Kingsmead workshop", TITLE),
        Paragraph("Session 1", HEAD),
        Paragraph("Urgent &amp; Essential", BOLD),
        Paragraph("litter", BULLET, bulletText="•"),
        Paragraph("on the rec", SUB, bulletText="–"),
        Paragraph(LONG, BULLET, bulletText="•"),
        Paragraph("DEALING FROM FLATS", BODY),
        Paragraph("<b>Top priority:</b> lights in the underpass", BODY),
    ]
    document = laid_out(tmp_path, story)
    assert shapes(document) == [
        ("Kingsmead workshop", "heading", 1, True),
        ("Session 1", "heading", 2, True),
        ("Urgent & Essential", "line", 0, True),
        ("litter", "bullet", 0, False),
        ("on the rec", "bullet", 1, False),
        (LONG, "bullet", 0, False),
        ("DEALING FROM FLATS", "line", 0, True),
        ("Top priority: lights in the underpass", "line", 0, False),
    ]
    assert [part.locator for part in document.parts if isinstance(part, Block)][4:6] == [
        "page 1 line 5",
        "page 1 lines 6-7",
    ]


def test_bullets_drawn_in_a_symbol_font_are_bullets(tmp_path: Path) -> None:
    items = [ListItem(Paragraph(text, BODY), bulletFontName="ZapfDingbats", value="square") for text in ("litter", "noise at night")]
    document = laid_out(tmp_path, [ListFlowable(items, bulletType="bullet", start="square")])
    assert [(text, kind) for text, kind, _, _ in shapes(document)] == [
        ("litter", "bullet"),
        ("noise at night", "bullet"),
    ]


def test_wrapped_paragraphs_are_rejoined_and_short_lines_are_not(tmp_path: Path) -> None:
    document = laid_out(
        tmp_path,
        [
            Paragraph(f"{LONG}. {LONG}.", BODY),
            *(Paragraph(text, BODY) for text in ("Litter", "noise", "Dogs")),
        ],
    )
    assert [text for text, *_ in shapes(document)] == [f"{LONG}. {LONG}.", "Litter", "noise", "Dogs"]


def test_a_bullet_goes_on_over_the_page(tmp_path: Path) -> None:
    document = drawn_pages(
        tmp_path,
        [
            [(72, 100, "• they ring and ring and then nobody at all"), (75, 86, "ever comes out to")],
            [(75, 770, "the dale")],
        ],
    )
    assert document.parts == (
        Block(
            "they ring and ring and then nobody at all ever comes out to the dale",
            "page 1 line 1 to page 2 line 1",
            "bullet",
        ),
    )


def drawn_pages(folder: Path, pages: Sequence[Sequence[tuple[float, float, str]]]) -> Document:
    path = folder / "notes.pdf"
    canvas = Canvas(str(path), pagesize=pagesizes.A4)
    for lines in pages:
        canvas.setFont("Helvetica", 11)
        for x, y, text in lines:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return pdf.read(path, "notes.pdf")


def test_running_headers_footers_and_page_numbers_are_set_aside(tmp_path: Path) -> None:
    def furniture(canvas: Any, _: Any) -> None:
        canvas.setFont("Helvetica", 9)
        canvas.drawString(72, 810, "Fellshire partnership office")
        canvas.drawString(72, 40, f"not checked - Page {canvas.getPageNumber()} of 3")

    story: list[Any] = []
    for number in (1, 2, 3):
        story += [
            Paragraph(f"Table {number}", BODY),
            Paragraph(f"litter {number}", BULLET, bulletText="•"),
            PageBreak(),
        ]
    document = laid_out(tmp_path, story, furniture)
    assert [text for text, *_ in shapes(document)] == [
        "Table 1",
        "litter 1",
        "Table 2",
        "litter 2",
        "Table 3",
        "litter 3",
    ]
    assert {aside.reason for aside in document.asides} == {"running header or footer"}
    assert len(document.asides) == 6


@pytest.mark.parametrize("number", ["2", "Page 2 of 3", "- 2 -", "2/3"])
def test_a_lone_page_number_in_the_margin_is_set_aside(tmp_path: Path, number: str) -> None:
    document = drawn(tmp_path, (72, 700, "litter"), (290, 30, number))
    assert [text for text, *_ in shapes(document)] == ["litter"]
    assert [aside.text for aside in document.asides] == [number] or document.asides[0].text in number


def test_a_ruled_table_is_a_grid_in_its_place(tmp_path: Path) -> None:
    rows = [
        [Paragraph("Table", BOLD), Paragraph("Barriers", BOLD)],
        [Paragraph("Red", BODY), Paragraph(LONG, BODY)],
        ["", [Paragraph("litter", BULLET, bulletText="•"), Paragraph("noise", BULLET, bulletText="•")]],
    ]
    table = Table(
        rows,
        colWidths=[80, 200],
        style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("SPAN", (0, 1), (0, 2))]),
    )
    document = laid_out(tmp_path, [Paragraph("before", BODY), table, Spacer(1, 12), Paragraph("after", BODY)])
    before, grid, after = document.parts
    assert isinstance(before, Block) and isinstance(after, Block) and isinstance(grid, Grid)
    assert (before.text, after.text, grid.header) == ("before", "after", True)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["Table", "Barriers"],
        ["Red", LONG],
        ["Red", "• litter\n• noise"],
    ]
    assert grid.rows[1][0] is grid.rows[2][0]
    assert grid.rows[1][1].locator == "page 1 table 1 row 2 column 2"


@pytest.mark.parametrize("how", ["shaded", "plain"])
def test_a_shaded_first_row_is_a_heading_row(tmp_path: Path, how: str) -> None:
    style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
    if how == "shaded":
        style.append(("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey))  # type: ignore[arg-type]
    (grid,) = laid_out(tmp_path, [Table([["Table", "Barriers"], ["Red", "litter"]], style=TableStyle(style))]).parts
    assert isinstance(grid, Grid) and grid.header is (how == "shaded")


def test_a_table_over_two_pages_is_one_grid(tmp_path: Path) -> None:
    rows = [["Table", "Barriers"], *([str(number), f"note {number}"] for number in range(60))]
    table = Table(
        rows,
        colWidths=[80, 200],
        repeatRows=1,
        style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]),
    )
    document = laid_out(tmp_path, [table])
    (grid,) = document.parts
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.rows] == rows
    assert {aside.reason for aside in document.asides} == {"repeated table heading"}


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = [(72.0, 740.0 - 15 * at, text) for at, text in enumerate(["Barriers", "nobody rings back", "jargon", "station shut"])]
    right = [(320.0, 740.0 - 15 * at, text) for at, text in enumerate(["Good practice", "street pastors", "speed watch", "open day"])]
    document = drawn(
        tmp_path,
        (72, 780, "Session 2: what gets in the way of confidence, and what works for us all"),
        *left,
        *right,
    )
    assert [text for text, *_ in shapes(document)][1:] == [text for _, _, text in (*left, *right)]


def test_words_broken_at_the_end_of_a_row_are_made_whole() -> None:
    assert join("in the neigh-", "bourhood") == "in the neighbourhood"
    assert join("anti-", "social") == "anti-social"
    assert join("the market-", "place", frozenset({"market-place"})) == "the market-place"
    assert join("litter -", "noise") == "litter - noise"


def test_a_scan_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path))
    canvas.rect(100, 100, 300, 300, fill=1)
    canvas.save()
    with pytest.raises(ReadError, match=r"scan\.pdf: there is no text in it: probably a scan.*OCR"):
        pdf.read(path, "scan.pdf")


def test_a_locked_file_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "notes.pdf"
    canvas = Canvas(str(path), encrypt=pdfencrypt.StandardEncryption("secret"))
    canvas.drawString(72, 700, "litter")
    canvas.save()
    with pytest.raises(ReadError, match=r"notes\.pdf: it is locked with a password"):
        pdf.read(path, "notes.pdf")


@pytest.mark.parametrize("data", [b"", b"text", b"%PDF-1.4 cut short"])
def test_a_broken_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "notes.pdf"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=r"notes\.pdf: .*What to do"):
        pdf.read(path, "notes.pdf")


WORDS = st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), min_size=1, max_size=30)
PLACES = st.sampled_from(["body", "bold", "head", "bullet", "sub", "cell", "break"])
STYLES = {"body": BODY, "bold": BOLD, "head": HEAD, "bullet": BULLET, "sub": SUB}


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(PLACES, WORDS), min_size=1, max_size=12))
def test_every_word_comes_out_in_order(tmp_path_factory: pytest.TempPathFactory, typed: list[tuple[str, list[str]]]) -> None:
    story: list[Any] = []
    put_in: list[str] = []
    for number, (place, words) in enumerate(typed):
        numbered = [f"{word}{number}" for word in words]
        put_in += numbered
        if place == "cell":
            cells = [[Paragraph(" ".join(numbered), BODY), ""]]
            story.append(Table(cells, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])))
        else:
            mark = "•" if place in ("bullet", "sub") else None
            story.append(Paragraph(" ".join(numbered), STYLES.get(place, BODY), bulletText=mark))
        if place == "break":
            story.append(PageBreak())
    document = laid_out(tmp_path_factory.getbasetemp(), story)
    found: list[str] = []
    for part in document.parts:
        texts = [part.text] if isinstance(part, Block) else [cell.text for row in part.rows for cell in row]
        found += " ".join(texts).split()
    assert [word for word in found if word != "•"] == put_in
