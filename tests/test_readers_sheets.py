"""Workbooks and delimited files."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from pipeline.errors import ReadError
from pipeline.ingest import sheets
from pipeline.ingest.blocks import Document, Grid


def workbook(folder: Path, made: Any) -> Document:
    path = folder / "notes.xlsx"
    made.save(path)
    return sheets.read(path, "notes.xlsx")


def delimited(folder: Path, typed: str | bytes, name: str = "notes.csv") -> Document:
    path = folder / name
    path.write_bytes(typed.encode() if isinstance(typed, str) else typed)
    return sheets.read(path, name)


def table(document: Document) -> list[list[str]]:
    (grid,) = document.parts
    assert isinstance(grid, Grid)
    return [[cell.text for cell in row] for row in grid.rows]


def test_values_come_as_they_are_seen(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "Table 1"
    values = ["litter ", 4, 4.0, 2.5, 0.25, datetime.date(2009, 11, 12),
              datetime.datetime(2009, 11, 12, 19, 30),
              datetime.time(19, 30), True, "=1+1", "two\r\nlines"]  # fmt: skip
    made.active.append(["Note", *[None] * 10])
    made.active.append(values)
    made.active["E2"].number_format = "0%"
    document = workbook(tmp_path, made)
    (grid,) = document.parts
    assert isinstance(grid, Grid) and grid.name == "Table 1" and not grid.header
    assert [cell.text for cell in grid.rows[1]] == [
        "litter", "4", "4", "2.5", "25%", "2009-11-12", "2009-11-12 19:30", "19:30", "TRUE", "", "two\nlines",
    ]  # fmt: skip
    assert [cell.number for cell in grid.rows[1]] == [False, True, True, True, True, *[False] * 6]
    assert grid.rows[1][1].locator == "Table 1!B2"
    assert [(aside.text, aside.locator) for aside in document.asides] == [("=1+1", "Table 1!J2")]
    assert any("formulas" in remark for remark in document.remarks)


def test_the_used_range_is_trimmed_and_empty_sheets_left_out(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active["C4"], made.active["D6"] = "litter", "noise"
    made.active["Z900"].number_format = "0%"
    made.create_sheet("Empty")
    document = workbook(tmp_path, made)
    assert table(document) == [["litter", ""], ["", ""], ["", "noise"]]
    assert document.parts[0].rows[0][0].locator == "Sheet!C4"  # type: ignore[union-attr]


def test_merged_cells_are_one_object(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["Doris, 78", "lonely"])
    made.active.append([None, "bogus callers"])
    made.active.merge_cells("A1:A2")
    (grid,) = workbook(tmp_path, made).parts
    assert isinstance(grid, Grid) and grid.rows[0][0] is grid.rows[1][0]


def test_hidden_sheets_are_read_and_told_and_comments_set_aside(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "litter"
    made.active["A1"].comment = Comment("which street?", "Office")
    made.active.oddFooter.center.text = "Page &P of &N not checked"
    hidden = made.create_sheet("Old")
    hidden["A1"] = "noise"
    hidden.sheet_state = "hidden"
    document = workbook(tmp_path, made)
    assert [part.name for part in document.parts if isinstance(part, Grid)] == ["Sheet", "Old"]
    assert {(aside.text, aside.reason) for aside in document.asides} == {
        ("which street?", "comment"),
        ("Page of not checked", "page header or footer"),
    }
    assert document.remarks == ("sheet 'Old' is hidden; it was read all the same",)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old Excel"),
        (b"PK\x03\x04 cut", "broken"),
        (b"text", "broken"),
        (b"", "broken"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=rf"notes\.xlsx: .*{told}.*What to do"):
        sheets.read(path, "notes.xlsx")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["table", "point", "votes"],
        ["1", "litter, noise; dogs", "2"],
        ["2", 'he said "no"\nand left', ""],
    ]
    typed = io.StringIO()
    csv.writer(typed, delimiter=delimiter).writerows(rows)
    assert table(delimited(tmp_path, typed.getvalue())) == rows


def test_one_column_stays_one_column_whatever_its_commas(tmp_path: Path) -> None:
    rows = [
        "text",
        "litter, graffiti and dog mess",
        "speeding",
        "drugs, drink, noise; and so on",
        '"Ssh!" campaign',
    ]
    assert table(delimited(tmp_path, "\n".join(rows))) == [[row] if '"' not in row else ["Ssh! campaign"] for row in rows]


def test_one_column_without_a_heading_stays_one_column(tmp_path: Path) -> None:
    rows = ["litter, graffiti and dog mess", "speeding", "drugs, drink, noise"]
    assert table(delimited(tmp_path, "\n".join(rows))) == [[row] for row in rows]


def test_unquoted_commas_in_the_last_column_are_rejoined_and_told(tmp_path: Path) -> None:
    document = delimited(tmp_path, "table,point\n1,litter, graffiti and dog mess\n2,noise\n")
    assert table(document) == [["table", "point"], ["1", "litter, graffiti and dog mess"], ["2", "noise"]]
    assert len(document.remarks) == 1 and "1 row(s)" in document.remarks[0]


def test_a_title_above_the_column_names_does_not_hide_them(tmp_path: Path) -> None:
    typed = "Castlegate workshop\n\ngroup,point\nRed,litter\nBlue,noise\n"
    assert table(delimited(tmp_path, typed))[2:] == [["group", "point"], ["Red", "litter"], ["Blue", "noise"]]


def test_short_rows_are_padded_and_records_counted(tmp_path: Path) -> None:
    document = delimited(tmp_path, 'a,b,c\n1\n"x\ny",2,3\n,,\n')
    (grid,) = document.parts
    assert isinstance(grid, Grid)
    assert table(document) == [["a", "b", "c"], ["1", "", ""], ["x\ny", "2", "3"]]
    assert grid.rows[2][1].locator == "cell B3"


def test_a_quotation_mark_never_closed_loses_no_row(tmp_path: Path) -> None:
    document = delimited(tmp_path, 'table,point\n1,"no police\n2,litter\n3,noise\n')
    assert table(document) == [["table", "point"], ["1", '"no police'], ["2", "litter"], ["3", "noise"]]
    assert "never closed" in document.remarks[0]


def test_a_file_may_name_its_delimiter(tmp_path: Path) -> None:
    document = delimited(tmp_path, "sep=;\r\ntable;point\r\n1;litter, noise\r\n")
    assert table(document) == [["table", "point"], ["1", "litter, noise"]]
    assert document.asides[0].text == "sep=;"


def test_windows_bytes_are_read_and_told(tmp_path: Path) -> None:
    document = delimited(tmp_path, "group,point\nRed,£5 – residents’ café\n".encode("cp1252"))
    assert table(document)[1] == ["Red", "£5 – residents’ café"]
    assert document.remarks == ("read as Windows-1252",)


@pytest.mark.parametrize("typed", ["", "\n\n", ",,,\n", "\ufeff"])
def test_an_empty_file_has_no_parts(tmp_path: Path, typed: str) -> None:
    assert delimited(tmp_path, typed).parts == ()


CELL = st.text(st.sampled_from('abc’ ,;|"\n\t-'), max_size=12)


@settings(deadline=None)
@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=8))
def test_what_csv_writes_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    typed = io.StringIO()
    csv.writer(typed, quoting=csv.QUOTE_ALL).writerows([["group", "point"], *rows])
    found = table(delimited(tmp_path_factory.getbasetemp(), typed.getvalue()))
    words = [word for row in rows for text in row for word in text.split()]
    assert [word for row in found[1:] for text in row for word in text.split()] == words


@settings(deadline=None)
@given(st.text(st.sampled_from('abc ,;|"\n\t'), max_size=80))
def test_no_letter_of_any_csv_is_lost(tmp_path_factory: pytest.TempPathFactory, typed: str) -> None:
    document = delimited(tmp_path_factory.getbasetemp(), typed)
    found = "".join(cell.text for part in document.parts if isinstance(part, Grid) for row in part.rows for cell in row)
    assert [letter for letter in found if letter in "abc"] == [letter for letter in typed if letter in "abc"]


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 9)), st.from_regex(r"[a-zé]{1,9}", fullmatch=True)))
def test_every_cell_comes_out_where_it_was(tmp_path_factory: pytest.TempPathFactory, typed: dict[tuple[int, int], str]) -> None:
    made = openpyxl.Workbook()
    for (row, column), text in typed.items():
        made.active.cell(row, column, text)
    document = workbook(tmp_path_factory.getbasetemp(), made)
    found = {cell.locator: cell.text for part in document.parts if isinstance(part, Grid) for row in part.rows for cell in row}
    assert {place: text for place, text in found.items() if text} == {
        f"Sheet!{'ABCDEFGHI'[column - 1]}{row}": text for (row, column), text in typed.items()
    }
