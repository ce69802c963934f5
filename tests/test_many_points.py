"""Reports of very many points show themes with their quotes, say that the points are too many to list, and where they all are."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from test_store import made_result

from pipeline.report import report_files
from pipeline.report.many import MOST_LISTED
from pipeline.store import tables, write_event
from pipeline.store.files import write_folder
from pipeline.store.tables import table_csv, table_csv_parts

RESULT = made_result()
POINTS = len(RESULT.points)


@pytest.fixture(params=["listed", "too many"])
def reports(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, dict[str, bytes]]:
    """Whether the points are listed, and the reports."""
    few = request.param == "listed"
    for module in ("many", "content", "workbook.sheets"):
        monkeypatch.setattr(f"pipeline.report.{module}.MOST_LISTED", POINTS if few else POINTS - 1)
    return few, report_files(RESULT)


def test_a_report_lists_its_points_or_says_that_they_are_too_many(reports: tuple[bool, dict[str, bytes]]) -> None:
    few, files = reports
    page, markdown = files["report.html"].decode(), files["report.md"].decode()
    assert ('id="all-points"' in page) == few
    assert ("too many to list here" in markdown) != few
    for theme in RESULT.themes:
        assert theme.title in markdown
        for quote in theme.quotes[:1]:
            assert quote.text.split("|")[0].strip() in markdown
    challenges = [text for text in RESULT.points.loc[RESULT.points["aspect"] == "challenge", "text"] if "|" not in text]
    assert ("Challenges at the" in markdown) == (few and bool(challenges))


def test_the_workbook_has_as_many_points_as_are_listed_and_says_of_how_many(reports: tuple[bool, dict[str, bytes]]) -> None:
    few, files = reports
    book = openpyxl.load_workbook(io.BytesIO(files["themes.xlsx"]))
    assert book[book.sheetnames[-2]].max_row == 1 + POINTS - (not few)
    told = " ".join(str(cell) for row in book[book.sheetnames[0]].iter_rows(values_only=True) for cell in row)
    assert (f"The first {POINTS - 1:,} of {POINTS:,} points" in told) != few


def test_an_ordinary_event_is_listed_whole() -> None:
    assert MOST_LISTED > 5_000


@examples(deadline=None)
@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=5), st.integers()), max_size=9))
def test_a_table_written_in_parts_is_the_table_written_at_once(rows: list[tuple[str, int]]) -> None:
    table = pd.DataFrame(rows, columns=["said", "times"]).astype({"said": "str", "times": "object"})
    before = tables.AT_A_TIME
    whole = table_csv(table)
    try:
        tables.AT_A_TIME = 2
        parts = list(table_csv_parts(table))
    finally:
        tables.AT_A_TIME = before
    assert b"".join(parts) == whole
    assert len(parts) == max(1, -(-len(rows) // 2))
    assert len(list(csv.reader(io.StringIO(whole.decode(), newline="")))) == len(rows) + 1


def test_a_result_written_in_parts_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = write_event(tmp_path / "whole", RESULT)
    monkeypatch.setattr(tables, "AT_A_TIME", 2)
    parts = write_event(tmp_path / "parts", RESULT)
    assert {path.name: path.read_bytes() for path in parts.iterdir()} == {path.name: path.read_bytes() for path in whole.iterdir()}


def test_nothing_is_seen_of_a_folder_whose_last_part_fails(tmp_path: Path) -> None:
    write_folder(tmp_path, "event", {"points.csv": b"before"})

    def failing() -> object:
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(Exception, match="No space left"):
        write_folder(tmp_path, "event", {"points.csv": failing()})  # type: ignore[dict-item]
    assert [path.name for path in tmp_path.iterdir()] == ["event"]
    assert (tmp_path / "event" / "points.csv").read_bytes() == b"before"
