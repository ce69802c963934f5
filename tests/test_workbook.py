"""themes.xlsx opens, holds what the run found as typed, and withholds what the reports do."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from labelled_points import event_result, labelled_points
from openpyxl.styles import Font, NamedStyle
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from test_store import made_result
from test_withheld import SECRET
from test_word_report import ANY_TEXT, full_result, sensitive_result

from pipeline.cells import harmless
from pipeline.records import PRIORITIES, Session
from pipeline.report.office import sealed, storable
from pipeline.report.workbook import report_workbook
from pipeline.report.workbook.names import sheet_names
from pipeline.report.workbook.saving import workbook_bytes
from pipeline.report.workbook.sheets import Column, Sheet
from pipeline.report.workbook.writing import LONGEST, cell_text, written
from pipeline.results import EventResult

UNSAID = "withheld: a sensitive theme, raised at fewer than 3 tables"
Row = dict[str, object]
# A frame of points holds no half of a pair, which is no text in UTF-8.
IN_A_FRAME = ANY_TEXT.map(lambda text: text.encode(errors="replace").decode())


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows(page: Worksheet) -> list[Row]:
    header, *values = page.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in values]


def told(page: Worksheet) -> dict[object, object]:
    return dict(page.iter_rows(max_col=2, values_only=True))


RESULT = full_result()
DATA = report_workbook(RESULT)
BOOK = opened(DATA)


def test_there_is_a_sheet_a_session_between_the_first_and_the_last_two() -> None:
    assert BOOK.sheetnames == ["read me", "1 Challenges", "Session 2", "3 Residents", "4 Next steps", "points", "dropped"]
    assert BOOK.active is BOOK["read me"]


def test_themes_stand_in_rank_order_with_numbers_as_numbers() -> None:
    found = rows(BOOK["1 Challenges"])
    themes = [theme for theme in RESULT.themes if theme.session == "1"]
    assert [row["Rank"] for row in found] == [theme.rank for theme in themes]
    first = found[0]
    assert (first["Theme"], first["Kind"], first["Codes"], first["Theme id"]) == ("Road safety", "taxonomy", "road", themes[0].id)
    assert [first[name] for name in ("Points", "Mentions", "Tables", "Of tables", *PRIORITIES)] == [3, 4, 2, 3, 2, 0, 0, 1]
    assert (first["Local / neighbourhood"], first["Division / county"]) == (0, 1)
    assert (first["Confidence"], first["Stability"], first["Stability level"]) == (themes[0].confidence, 0.996, "high")
    assert first["Quotes"] == "“cars race past the litter” (table 1)\n“potholes”\n“speeding by the school” (table 10)"
    assert first["Why"] == themes[0].why
    assert rows(BOOK["4 Next steps"]) == []


def test_what_cannot_be_said_is_an_empty_cell() -> None:
    result = made_result()
    bare = replace(result.themes[0], tables=0, tables_total=0, stability=None, quotes=(), residents={})
    (row,) = rows(opened(report_workbook(replace(result, themes=[bare])))["1 Challenges"])
    assert [row[name] for name in ("Tables", "Of tables", "Stability", "Stability level", "Quotes", "Resident types")] == [None] * 6


def test_every_point_is_a_row_by_session_and_table() -> None:
    found = rows(BOOK["points"])
    assert sorted(str(row["Point id"]) for row in found) == sorted(RESULT.points["point_id"])
    places = [(row["Session"], row["Table"]) for row in found]
    assert list(dict.fromkeys(places)) == [(1, 1), (1, 2), (1, 3), (1, 10), (1, None), (2, 1), (3, 1)]
    by_id = {row["Point id"]: row for row in found}
    shared = by_id["n01-1"]
    assert (shared["Point"], shared["Mentions"], shared["Level"]) == ("cars race past the litter", 2, "Division / county")
    assert shared["Codes"] == "road; asb"
    assert str(shared["Themes"]).startswith("Road safety; Anti-social behaviour")


def test_every_piece_that_was_dropped_is_a_row_with_the_reason() -> None:
    found = [(row["Text"], row["Reason"], row["File"]) for row in rows(BOOK["dropped"])]
    assert found == [("12", "a number", "a.txt"), ("two words", "crossed | out", "a.txt")]
    assert BOOK["dropped"]["A2"].data_type == "s"


def test_the_first_sheet_says_what_is_what() -> None:
    says = told(BOOK["read me"])
    assert BOOK["read me"]["A1"].value == "An evening | of *notes*"
    assert (says["Division"], says["Venue"], says["1 Challenges"]) == ("D", "The Mill", "10 themes in rank order.")
    assert (says["4 Next steps"], says["dropped"]) == ("No themes were found.", "2 pieces of text read and not used, one a row.")
    assert says["3 Residents"] == "Who?"
    assert says["Withheld"] == "Nothing."
    assert says["On paper"] == "The first columns of a sheet, up to 'Quotes' and 'Themes'; set another print area for more."
    headings = {cell.value for page in BOOK.worksheets[1:] for cell in page[1]}
    assert headings <= set(says)


def test_a_sheet_can_be_sorted_and_printed() -> None:
    for page in BOOK.worksheets[1:]:
        last = f"{page.cell(1, page.max_column).column_letter}{page.max_row}"
        assert page.auto_filter.ref == f"A1:{last}"
        assert page.freeze_panes.endswith("2")
        assert page.print_area.startswith(f"'{page.title}'!$A$1:$")
        assert page.print_area.endswith(f"${page.max_row}")
        assert (page.print_title_rows, page.page_setup.orientation, page.page_setup.fitToHeight) == ("$1:$1", "landscape", 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        for cells in page.iter_rows():
            for cell in cells:
                assert cell.alignment.wrap_text
                if isinstance(cell.value, int | float):
                    assert cell.alignment.horizontal == "right"
        assert all(cell.font.bold and cell.fill.fill_type == "solid" for cell in page[1])


def test_a_row_is_as_high_as_its_longest_cell_and_never_higher_than_excel_allows() -> None:
    points = labelled_points("litter", "litter " * 60, "litter " * 4000)
    page = opened(report_workbook(event_result(points, [], Session("1"))))["points"]
    short, long, longest = (page.row_dimensions[number].height for number in (2, 3, 4))
    assert short < long < longest == 409


def test_withheld_words_are_in_no_part_of_the_file() -> None:
    result = sensitive_result()
    dropped = pd.DataFrame(
        {
            "text": ["and", f"see: {SECRET.upper()}!", "12"],
            "reason": "a reason",
            "source_file": ["table 1.txt", "b.txt", "b.txt"],
            "source_locator": ["line 0", "x", "x"],
        }
    )
    points = result.points.assign(heading=["", "", f"Table 1 > {SECRET}", "Table 2", "", ""])
    data = report_workbook(replace(result, points=points, dropped=dropped))
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        every = "\n".join(parts.read(name).decode() for name in parts.namelist()).casefold()
    assert "noise at the corner" in every
    for secret in (SECRET, "baker", "mill lane"):
        assert secret.casefold() not in every
    book = opened(data)
    assert [tuple(row.values()) for row in rows(book["dropped"])] == [
        ("12", "a reason", "b.txt", "x"), (UNSAID, "a reason", None, None), (UNSAID, "a reason", None, None),
    ]  # fmt: skip
    assert UNSAID in [row["Heading"] for row in rows(book["points"])]
    says = str(told(book["read me"])["Withheld"])
    assert "sensitive themes (Domestic abuse) is shown where at least 3 tables raised them" in says
    assert "2 points withheld" in says


def test_a_withheld_theme_keeps_its_counts_and_a_withheld_point_tells_no_table() -> None:
    book = opened(report_workbook(sensitive_result()))
    themes = {row["Theme"]: row for row in rows(book["1 Challenges"])}
    abuse = themes["Domestic abuse"]
    assert (abuse["Points"], abuse["Tables"]) == (2, 2)
    assert (abuse["Quotes"], abuse["Key phrases"], abuse["Why"]) == (UNSAID, UNSAID, UNSAID)
    found = rows(book["points"])
    kept = {name: value for name, value in found[-1].items() if value is not None}
    assert [row["Point"] == UNSAID for row in found] == [False] * 4 + [True] * 2
    assert set(kept) == {"Session", "Point", "Aspect", "Level", "Mentions", "Themes", "Codes", "Outcome"}


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-x", "@SUM(A1)", "=cmd|' /C calc'!A0", "#N/A", "#DIV/0!", "TRUE", "12", "2010-01-01"])
def test_what_looks_like_something_else_stays_text(text: str) -> None:
    page = opened(report_workbook(event_result(labelled_points(text), [], Session("1"))))["points"]
    cell = page["C2"]
    assert (cell.value, cell.data_type) == (harmless(text), "s")


def test_no_cell_of_any_sheet_is_a_formula() -> None:
    points = labelled_points("=1+1", table="=2", heading="=3", resident="=4", source_file="=5", source_locator="=6", session="=7")
    result = event_result(points, [], Session("=7", "=8", "=9"))
    event = replace(result.event, title="=10", division="=11")
    with zipfile.ZipFile(io.BytesIO(report_workbook(replace(result, event=event)))) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_a_workbook_is_made_in_memory_as_openpyxl_makes_it_and_leaves_nothing_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Workbook()
    book.active["A1"] = "dog mess"
    book.active["A1"].hyperlink = "#B2"
    book.create_sheet("other").append(["rats"])
    by_itself = io.BytesIO()
    book.save(by_itself)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))  # whatever would write there fails
    assert sealed(workbook_bytes(book), "T") == sealed(by_itself.getvalue(), "T")
    report_workbook(made_result())


@given(
    st.lists(st.lists(st.none() | ANY_TEXT.map(storable) | st.integers() | st.floats(0, 1), min_size=1, max_size=4), min_size=1, max_size=5)
)
@examples(max_examples=60, deadline=None)
def test_rows_written_as_text_are_what_openpyxl_makes_of_cells(values: list[list[str | int | float | None]]) -> None:
    texts = [[cell_text(value, "a.csv") or None if isinstance(value, str) else value for value in row] for row in values]
    styles = [NamedStyle("a", number_format="0.00"), NamedStyle("b", Font(bold=True))]
    by_cells, by_rows = Workbook(), Workbook()
    for book in (by_cells, by_rows):
        for style in styles:
            book.add_named_style(style)
    rows = []
    for number, row in enumerate(texts, start=1):
        for place, value in enumerate(row, start=1):
            cell = by_cells.active.cell(number, place, value)
            cell.data_type = "s" if isinstance(value, str) else "n"
            cell.style = "ab"[place % 2]
        by_cells.active.row_dimensions[number].height = 13 * number
        rows.append((13 * number, [(value, "ab"[place % 2]) for place, value in enumerate(row, start=1)]))
    assert sealed(workbook_bytes(by_rows, {by_rows.active.title: rows}), "T") == sealed(workbook_bytes(by_cells), "T")


def test_a_text_too_long_for_a_cell_is_cut_with_a_remark() -> None:
    page = opened(report_workbook(event_result(labelled_points("😀" * 20_000), [], Session("1"))))["points"]
    text = page["C2"].value
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST
    assert text.startswith("😀" * 16_000)
    assert text.endswith(" … (cut here; points.csv has all of it)")
    assert cell_text("x" * LONGEST, "a.csv") == "x" * LONGEST


def test_rows_that_a_sheet_cannot_hold_are_counted_and_the_file_that_has_them_is_named() -> None:
    sheet = Sheet("s", "", (Column("N", "", 8, "count"),), tuple((number,) for number in range(10)), "points.csv", frozen=0, printed=1)
    page = opened(written("T", "first", [], [sheet], most_rows=8))["s"]
    assert [cell.value for cell in page["A"]] == ["N", *range(6), "4 more rows are in points.csv: a sheet cannot hold them."]
    assert page.auto_filter.ref == "A1:A7"
    page = opened(written("T", "first", [], [sheet], most_rows=11))["s"]
    assert [cell.value for cell in page["A"]] == ["N", *range(10)]


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT | st.sampled_from(["points", "a" * 40, "[:]", "'", "History"])), max_size=6))
@examples(max_examples=100, deadline=None)
def test_names_of_sheets_are_allowed_and_unique(sessions: list[tuple[str, str]]) -> None:
    names = sheet_names([Session(name, title) for name, title in sessions])
    assert len({name.casefold() for name in names}) == len(names) == len(sessions) + 3
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name == name.strip("' ")
        assert name.casefold() != "history"


def test_sessions_of_one_title_have_sheets_of_their_own() -> None:
    title = "What stops us from working together, and what would help"
    names = sheet_names([Session("1", title), Session("1", title), Session("1", title)])
    assert names[1:4] == ["1 What stops us from working to", "1 What stops us from workin (2)", "1 What stops us from workin (3)"]


@given(IN_A_FRAME.filter(bool), IN_A_FRAME)
@examples(max_examples=15, deadline=None)
def test_any_text_gives_a_workbook_that_opens_and_holds_it(text: str, title: str) -> None:
    result = event_result(labelled_points(text, heading=title), [], Session("1", title, text))
    book = opened(report_workbook(replace(result, event=replace(result.event, title=title))))
    assert book["points"]["C2"].value == storable(harmless(text))
    assert book["points"]["N2"].value == (storable(harmless(title)) or None)


def test_what_excel_would_read_as_a_code_shows_as_typed() -> None:
    with zipfile.ZipFile(io.BytesIO(report_workbook(event_result(labelled_points("_x0041_ _x41_"), [], Session("1"))))) as parts:
        assert b">_x005F_x0041_ _x41_<" in parts.read("xl/worksheets/sheet3.xml")


def test_it_is_the_same_bytes_each_time_and_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert report_workbook(full_result()) == DATA
    with zipfile.ZipFile(io.BytesIO(DATA)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        said = ET.fromstring(parts.read("docProps/core.xml"))
    assert {found.tag.split("}")[1]: found.text for found in said} == {"title": "An evening | of *notes*", "language": "en-GB"}


def test_an_event_without_anything_gives_a_workbook() -> None:
    result: EventResult = event_result(labelled_points(), [])
    assert opened(report_workbook(result)).sheetnames == ["read me", "points", "dropped"]
