"""Where a table's headings are and how its columns are to be read."""

from __future__ import annotations

import pytest

from pipeline.ingest.blocks import Cell
from pipeline.ingest.grid_columns import GridColumns, Row, distinct, flat


def rows(*texts: str) -> tuple[Row, ...]:
    """Rows of cells, ' | ' between the cells of a row."""
    return tuple(tuple(Cell(text.strip(), f"r{r}c{c}") for c, text in enumerate(line.split("|"))) for r, line in enumerate(texts))


def roles(grid: GridColumns) -> list[str]:
    return [c.field or c.role for c in grid.columns]


@pytest.mark.parametrize("above", [[], ["Wendale evening | |"], ["Wendale evening | |", "| |", "Session 1 | |"]])
def test_the_heading_row_is_found_below_titles(above: list[str]) -> None:
    grid = GridColumns(rows(*above, "Table | Comment | Ticks", "1 | litter | 3"))
    assert (grid.header_at, roles(grid)) == (len(above), ["table", "text", "mentions"])


@pytest.mark.parametrize(
    "first",
    [
        "kids on the rec | kids by the chip shop | dogs",
        "litter | noise | ",
        "1 | litter | 3",
        "table tennis | no comment from anyone | ticks off",
    ],
)
def test_a_row_of_notes_is_no_heading_row(first: str) -> None:
    assert GridColumns(rows(first, "2 | dark lanes behind the chapel | 4")).header_at == -1


def test_columns_that_only_tick() -> None:
    grid = GridColumns(rows("Comment | U/E | NU/NE", "litter | x |", "noise | | 2", "Total | 1 | 1"))
    assert grid.ticks == {1, 2}
    notes = GridColumns(rows("Comment | U/E | NU/NE", "litter | x | bins", "noise | | fear"))
    assert notes.ticks == {1}
    assert GridColumns(rows("U/E | NU/NE", "x |", "| x")).ticks == set()


def test_columns_in_which_a_blank_means_as_above() -> None:
    grid = GridColumns(rows("Table | Priority | Level | Comment", "1 | U/E | local | a", "| | | b", "| | | c", "2 | NU/E | | d"))
    assert grid.fill == {0}
    more = GridColumns(rows("Table | Priority | Level | Comment", "1 | U/E | local | a", "| | | b", "| | | c"))
    assert more.fill == {0, 1}
    assert GridColumns(rows("Table | Comment", "| a", "1 | b", "| c")).fill == set()


def test_the_places_of_notes() -> None:
    grid = GridColumns(rows("Table | Barriers | Good practice | Ref", "1 | silence | drop-ins | A1", "2 | | newsletter |"))
    assert [grid.notes(row) for row in grid.rows[1:]] == [[1, 2], [2]]
    merged = Cell("both", "r3")
    assert grid.notes((Cell("3", "r3c0"), merged, merged, Cell("", "r3c3"))) == [1]


def test_the_longest_unnamed_column_holds_the_notes_but_never_a_personal_one() -> None:
    grid = GridColumns(
        rows("Table | Ticks | Name | Stuff", "1 | 2 | Ann Other of Highways | dark lanes", "2 | 1 | Bo Other of Housing | dogs")
    )
    assert roles(grid) == ["table", "mentions", "other", "text"]


def test_an_unknown_heading_over_known_values_is_a_field() -> None:
    assert roles(GridColumns(rows("Box | Comment", "U/E | a", "NU/E | b", "? | c"))) == ["priority", "text"]
    assert roles(GridColumns(rows("Box | Comment", "U/E | a", "yes | b", "? | c"))) == ["other", "text"]


def test_an_empty_table_has_no_columns() -> None:
    assert GridColumns(()).columns == []


def test_cells_are_counted_once_and_read_on_one_line() -> None:
    one, other = Cell("a", "r0"), Cell(" ", "r1")
    assert distinct((one, one, other)) == [one]
    assert flat(" a\n b ") == "a b"
