"""Notes from tables."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import frontmatter, grids
from pipeline.ingest.blocks import Cell, Grid
from pipeline.ingest.frontmatter import FrontMatter
from pipeline.ingest.grids import GridRead, as_lines, read_grid
from pipeline.ingest.outline import Outline
from pipeline.records import PRIORITIES, words_in

UE, UNE, NUE, NUNE = PRIORITIES
LEFT, UP = "<", "^"  # a cell merged with the one to its left, or above it


def grid(*rows: list[Any]) -> Grid:
    """A table of these rows: numbers are stored as numbers, LEFT and UP continue a merged cell."""
    made: list[tuple[Cell, ...]] = []
    for r, row in enumerate(rows, 1):
        cells: list[Cell] = []
        for c, value in enumerate(row):
            if value == LEFT:
                cells.append(cells[-1])
            elif value == UP:
                cells.append(made[-1][c])
            else:
                cells.append(Cell(str(value), f"cell {'ABCDEFGH'[c]}{r}", isinstance(value, int)))
        made.append(tuple(cells))
    return Grid(tuple(made))


def read(*rows: list[Any], fixed: dict[str, str] | None = None) -> GridRead:
    return read_grid(grid(*rows), Outline(fixed or {}), FrontMatter())


def told(found: GridRead, *names: str) -> list[tuple[str, ...]]:
    return [(piece.text, *(piece.fields[name] for name in names)) for piece in found.pieces]


def dropped(found: GridRead) -> list[tuple[str, str]]:
    return [(aside.text, aside.reason) for aside in found.dropped]


def test_one_row_a_note() -> None:
    found = read(
        ["Table no.", "Session", "Urgency", "Local / divisional", "Comment", "Ticks"],
        [1, 1, "U/E", "L", "burglaries", 4],
        ["Grp 2", "Wkshop 1", "not urgent but essential", "Division", "apathy", ""],
    )
    assert told(found, "table", "session", "priority", "level", "aspect") == [
        ("burglaries", "1", "1", UE, "local", "challenge"),
        ("apathy", "2", "1", NUE, "division", "challenge"),
    ]
    assert [piece.tally for piece in found.pieces] == ["4", ""]
    assert [piece.locator for piece in found.pieces] == ["cell E2", "cell E3"]
    assert {reason for _, reason in dropped(found)} == {grids.COLUMN_HEADING}


def test_a_column_headed_by_a_mark_gives_it_to_its_notes() -> None:
    found = read(["Table", "Barriers", "Good practice"], [1, "silence", "drop-ins"], [2, "", "newsletter\nopen days"])
    assert told(found, "table", "session", "aspect") == [
        ("silence", "1", "2", "barrier"),
        ("drop-ins", "1", "2", "good_practice"),
        ("newsletter", "2", "2", "good_practice"),
        ("open days", "2", "2", "good_practice"),
    ]


def test_titles_above_the_headings_open_their_marks_or_describe_the_event() -> None:
    front = FrontMatter()
    sheet = grid(
        ["An evening in Wendale", LEFT, LEFT],
        ["Session 2", LEFT, LEFT],
        ["12 November 2009", "", ""],
        ["Table", "Barriers", "Good practice"],
        [1, "silence", "drop-ins"],
    )
    found = read_grid(sheet, Outline(), front)
    assert told(found, "session", "table") == [("silence", "2", "1"), ("drop-ins", "2", "1")]
    assert (front.title, front.date) == ("An evening in Wendale", "12 November 2009")
    assert ("An evening in Wendale", frontmatter.TITLE) in dropped(found)


def test_a_row_merged_across_is_a_heading_for_those_below() -> None:
    found = read(
        ["Urgency", "Comment"],
        ["Table 1", LEFT],
        ["U/E", "burglary"],
        ["Table 2", LEFT],
        ["NU/NE", "dog mess"],
    )
    assert told(found, "table", "priority") == [("burglary", "1", UE), ("dog mess", "2", NUNE)]


def test_a_table_number_alone_in_its_row_heads_those_below() -> None:
    found = read(["Table", "Comment"], ["", "litter"], [3, ""], ["", "noise"], ["", "parking"])
    assert told(found, "table") == [("litter", ""), ("noise", "3"), ("parking", "3")]


def test_a_blank_table_means_as_above() -> None:
    found = read(["Table", "Comment"], [1, "litter"], ["", "noise"], [2, "trust"], ["", "parking"])
    assert told(found, "table") == [("litter", "1"), ("noise", "1"), ("trust", "2"), ("parking", "2")]
    assert [heading.typed for heading in found.headings if heading.used] == ["1", "2"]


def test_a_blank_table_means_as_above_even_where_blanks_are_rare() -> None:
    found = read(["Table", "Comment"], [1, "a"], [2, "b"], ["", "c"], [3, "d"], [4, "e"])
    assert told(found, "table")[2] == ("c", "2")


def test_a_blank_priority_means_as_above_only_where_blanks_are_the_rule() -> None:
    rare = read(["Priority", "Comment"], ["U/E", "a"], ["U/NE", "b"], ["", "c"], ["NU/E", "d"], ["U/E", "e"])
    assert told(rare, "priority")[2] == ("c", "")
    often = read(["Priority", "Comment"], ["U/E", "a"], ["", "b"], ["", "c"], ["NU/E", "d"], ["", "e"])
    assert told(often, "priority") == [("a", UE), ("b", UE), ("c", UE), ("d", NUE), ("e", NUE)]


def test_a_blank_level_never_means_as_above() -> None:
    found = read(["Table", "Level", "Comment"], [1, "local", "a"], [1, "", "b"], [1, "", "c"], [1, "", "d"])
    assert told(found, "level") == [("a", "local"), ("b", ""), ("c", ""), ("d", "")]


def test_a_new_table_in_a_section_row_ends_what_was_filled_down() -> None:
    found = read(
        ["Resident", "Issues", "Actions"], ["Doris, 78", "stairs", "rail"], ["", "cold", ""], ["Table 2", LEFT, LEFT], ["", "noise", ""]
    )
    assert told(found, "resident", "table", "aspect") == [
        ("stairs", "older people", "", "issue"),
        ("rail", "older people", "", "action"),
        ("cold", "older people", "", "issue"),
        ("noise", "", "2", "issue"),
    ]


def test_a_cell_merged_down_is_one_heading_over_its_rows() -> None:
    found = read(["Table", "Comment"], [1, "litter"], [UP, "noise"], [2, "trust"])
    assert told(found, "table") == [("litter", "1"), ("noise", "1"), ("trust", "2")]
    assert [heading.typed for heading in found.headings] == ["1", "2"]


def test_a_note_merged_over_rows_or_columns_is_one_note() -> None:
    found = read(["Table", "Comment", "Response"], [1, "litter on the rec", LEFT], [2, "noise", "dogs"], [3, UP, "bins"])
    assert told(found, "table") == [("litter on the rec", "1"), ("noise", "2"), ("dogs", "2"), ("bins", "3")]


@pytest.mark.parametrize("tick", ["x", "X", "✓", "1", "*", "3"])
def test_tick_columns_mark_the_note_beside_them(tick: str) -> None:
    found = read(["Comment", "U/E", "NU/NE", "Local"], ["burglary", tick, "", tick], ["dog mess", "", tick, ""])
    assert told(found, "priority", "level") == [("burglary", UE, "local"), ("dog mess", NUNE, "")]
    assert dropped(found).count((tick, grids.TICK)) == 3


@pytest.mark.parametrize(
    "total", ["Total", "TOTALS", "Grand total", "Sub-total", "Subtotal for table 1", "Total votes:", "total (Table 2)"]
)
def test_a_total_row_is_dropped(total: str) -> None:
    found = read(["Comment", "Votes"], ["litter", 3], ["noise", 2], [total, 5])
    assert told(found) == [("litter",), ("noise",)]
    assert (total, grids.TOTAL_ROW) in dropped(found)
    assert ("5", grids.TOTAL_ROW) in dropped(found)


def test_a_note_about_totals_is_a_note() -> None:
    assert told(read(["Table", "Comment"], [1, "total lack of trust"], ["total", "chaos at the school gate"])) == [
        ("total lack of trust",),
        ("chaos at the school gate",),
    ]


def test_headings_repeated_half_way_are_dropped() -> None:
    found = read(["Table", "Comment"], [1, "litter"], ["TABLE", " comment"], [2, "noise"])
    assert told(found, "table") == [("litter", "1"), ("noise", "2")]
    assert ("TABLE", grids.REPEATED) in dropped(found)


def test_columns_not_used_say_why() -> None:
    found = read(["Name", "Comment", "Ref", ""], ["Ann Other", "litter", "A17", "see over"], ["Bo Other", "noise", "", ""])
    assert told(found) == [("litter",), ("noise",)]
    assert [pair for pair in dropped(found) if pair[1] != grids.COLUMN_HEADING] == [
        ("Ann Other", "column 'Name' may hold personal details and is not used"),
        ("A17", "column 'Ref' is not one of those used"),
        ("see over", "a column without a heading beside the notes"),
        ("Bo Other", "column 'Name' may hold personal details and is not used"),
    ]


def test_votes_without_a_note_are_dropped_not_lost() -> None:
    assert ("7", grids.FIELDS_ALONE) in dropped(read(["Comment", "Votes"], ["litter", 3], ["", 7]))


def test_a_column_whose_heading_says_nothing_is_known_by_its_values() -> None:
    found = read(["Ref", "Where it went", "What was said"], ["A1", "Urgent & Essential", "litter"], ["A2", "NU/NE", "noise"])
    assert told(found, "priority") == [("litter", UE), ("noise", NUNE)]


def test_without_headings_the_longest_column_holds_the_notes() -> None:
    found = read(["Table 1", "U/E", "kids hanging round the chip shop"], ["Table 2", "NU/NE", "dog mess all along the towpath"])
    assert told(found, "table", "priority") == [
        ("kids hanging round the chip shop", "1", UE),
        ("dog mess all along the towpath", "2", NUNE),
    ]


def test_bullets_and_labels_within_a_cell() -> None:
    found = read(["Table", "Comment"], [1, "- litter\n- Top priority: burglary\n- noise"], fixed={"session": "1"})
    assert told(found, "aspect") == [("litter", "challenge"), ("burglary", "top_priority"), ("noise", "challenge")]


def test_the_numbers_of_a_list_in_a_cell_are_set_aside() -> None:
    found = read(["Table", "Comment"], [1, "1. litter\n2. 2 dogs loose\n3."], [2, "(a) noise\nb) fear"], [3, "o parking\no lorries"])
    assert told(found) == [("litter",), ("2 dogs loose",), ("noise",), ("fear",), ("parking",), ("lorries",)]
    assert [text for text, reason in dropped(found) if reason == grids.LIST_MARKS] == ["1 2 3", "a b", "o o"]


def test_a_tally_beside_a_dash_is_dropped_and_a_later_note_of_its_row_has_it() -> None:
    found = read(["Table", "Comment", "Ticks"], [1, "-", 3], [2, "litter", 1])
    assert [(piece.text, piece.tally) for piece in found.pieces] == [("litter", "1")]
    assert ("3", grids.FIELDS_ALONE) in dropped(found)
    both = read(["Barriers", "Good practice", "Ticks"], ["-", "drop-ins", 6], ["silence", "", 2])
    assert [(piece.text, piece.tally) for piece in both.pieces] == [("drop-ins", "6"), ("silence", "2")]


def test_a_note_merged_into_the_columns_beside_it_is_read_once() -> None:
    found = read(
        ["Table", "Priority", "Comment", "Ticks", "Ref"],
        [1, "litter on the rec", LEFT, 2, "A1"],
        [2, "U/E", "noise at night", LEFT, LEFT],
        [3, "U/E", "dogs", 5, LEFT],
    )
    assert [(*pair, piece.tally) for pair, piece in zip(told(found, "table", "priority"), found.pieces, strict=True)] == [
        ("litter on the rec", "1", "", "2"),
        ("noise at night", "2", UE, ""),
        ("dogs", "3", UE, "5"),
    ]


def test_of_two_columns_of_votes_the_first_counts() -> None:
    found = read(["Comment", "Votes", "Ticks"], ["litter", 3, 4], ["noise", "", 2])
    assert [piece.tally for piece in found.pieces] == ["3", "2"]
    assert ("4", "column 'Ticks' is not one of those used") in dropped(found)
    merged = read(["Comment", "Votes", "Ticks"], ["litter", 3, LEFT])
    assert ([piece.tally for piece in merged.pieces], "3" in dict(dropped(merged))) == (["3"], False)


def test_a_title_merged_over_two_rows_is_read_once() -> None:
    found = read(["Session 2", "Wendale", ""], [UP, "12 November 2009", ""], ["Table", "Comment", "Ticks"], [1, "silence", 2])
    assert told(found, "session", "table") == [("silence", "2", "1")]
    assert [heading.typed for heading in found.headings] == ["Session 2", "1"]
    assert [text for text, _ in dropped(found)] == ["Wendale", "12 November 2009", "Table", "Comment", "Ticks"]


def test_a_tally_stands_beside_the_first_note_of_its_row_only() -> None:
    found = read(["Barriers", "Good practice", "Ticks"], ["silence\nfear", "drop-ins", 6])
    assert [(piece.text, piece.tally) for piece in found.pieces] == [("silence", "6"), ("fear", ""), ("drop-ins", "")]


def test_an_attendance_sheet_gives_organisations_and_keeps_people_out() -> None:
    front = FrontMatter()
    sheet = grid(
        ["Name", "Organisation", "E-mail"], ["Ann Other", "Borough Council", "ann@example.org"], ["Bo Other", "Fire and Rescue", ""]
    )
    found = read_grid(sheet, Outline(), front)
    assert found.pieces == []
    assert front.participants == ["Borough Council", "Fire and Rescue"]
    assert ("Ann Other", "column 'Name' may hold personal details and is not used") in dropped(found)
    assert ("ann@example.org", "column 'E-mail' may hold personal details and is not used") in dropped(found)


def test_column_headings_merged_over_two_rows_are_read_once() -> None:
    found = read(["Table", "Comment", "Ticks"], [UP, "litter", UP], [2, "noise", 4])
    assert [(*pair, piece.tally) for pair, piece in zip(told(found, "table"), found.pieces, strict=True)] == [
        ("litter", "", ""),
        ("noise", "2", "4"),
    ]
    assert [text for text, _ in dropped(found)] == ["Table", "Comment", "Ticks"]


def test_a_cell_merged_down_an_attendance_sheet_is_dropped_once() -> None:
    found = read(["Name", "Organisation"], ["Ann Other", "Borough Council"], ["Bo Other", UP])
    assert [text for text, _ in dropped(found)] == ["Name", "Organisation", "Ann Other", "Borough Council", "Bo Other"]


def test_an_attendance_sheet_by_name_gives_no_notes_whatever_it_holds() -> None:
    found = read_grid(grid(["Table", "Comment"], [1, "litter"]), Outline(), FrontMatter(), attendance=True)
    assert found.pieces == []
    assert [text for text, _ in dropped(found)] == ["Table", "Comment", "1", "litter"]


def test_one_column_is_a_list_unless_its_heading_says_that_it_holds_notes() -> None:
    listed = as_lines(grid(["Session 1"], ["TABLE 2"], ["- litter\n2. noise"], [""]))
    assert listed is not None
    assert [(aside.text, aside.locator, aside.reason) for aside in listed[1]] == [("2", "cell A3", grids.LIST_MARKS)]
    assert [(block.text, block.kind, block.emphasis) for block in listed[0]] == [
        ("Session 1", "line", False),
        ("TABLE 2", "line", False),
        ("litter", "bullet", False),
        ("noise", "bullet", False),
    ]
    assert as_lines(grid(["Comment"], ["litter"])) is None
    assert as_lines(grid(["a", "b"])) is None
    assert as_lines(grid([""], [""])) is None
    assert as_lines(Grid(())) is None


def test_the_outline_of_the_document_is_left_as_rows_found_it() -> None:
    outline = Outline({"session": "2"})
    read_grid(grid(["Table", "Barriers"], [4, "silence"]), outline, FrontMatter())
    assert outline.headings() == []


HEADINGS = [
    "Table",
    "Comment",
    "Ticks",
    "Priority",
    "U/E",
    "Barriers",
    "Actions",
    "Level",
    "Name",
    "Ref",
    "",
    "Resident",
    "Local",
    "Session",
]
VALUES = [
    "",
    "",
    "x",
    1,
    7,
    "U/E",
    "Total",
    "Table 2",
    "litter on the rec",
    "dark lanes\n- no lights\n- fear",
    "1. litter\n2) 2 dogs\n3.",
    "-",
    "a) noise\n  b) fear\no dogs",
    "Action: patrols",
    "Doris, 78",
    "local",
    "12 November 2009",
    "Top priority: theft of plant",
    "Comment",
    LEFT,
    UP,
]


@st.composite
def tables(draw: st.DrawFn) -> Grid:
    """A table with a title or none, headings or none, merged cells, ticks, totals, and its headings again."""
    width = draw(st.integers(1, 5))
    heading = draw(st.lists(st.sampled_from(HEADINGS), min_size=width, max_size=width))
    row = st.lists(st.sampled_from(VALUES), min_size=width, max_size=width)
    rows = draw(st.lists(row, min_size=1, max_size=7))
    if draw(st.booleans()):
        rows.insert(draw(st.integers(0, len(rows))), [*heading])
    if draw(st.booleans()):
        rows.insert(0, ["Session 1", *[LEFT] * (width - 1)])
    rows.insert(draw(st.integers(0, 1)), heading)
    for r, cells in enumerate(rows):
        for c, value in enumerate(cells):
            cells[c] = "" if (value == LEFT and not c) or (value == UP and not r) else value
    return grid(*rows)


def unique(made: Grid) -> list[Cell]:
    return list({id(cell): cell for row in made.rows for cell in row}.values())


@settings(deadline=None, max_examples=400)
@given(tables(), st.booleans(), st.sampled_from([{}, {"session": "3"}, {"session": "1", "table": "4"}]))
def test_every_word_of_a_table_is_in_a_note_a_heading_a_tally_or_dropped(made: Grid, attendance: bool, fixed: dict[str, str]) -> None:
    outline = Outline(dict(fixed))
    found = read_grid(made, outline, FrontMatter(), attendance=attendance)
    kept = [text for piece in found.pieces for text in (piece.text, piece.tally)] + [heading.typed for heading in found.headings]
    assert sum(map(words_in, [*kept, *(aside.text for aside in found.dropped)])) == sum(words_in(cell.text) for cell in unique(made))
    texts = {cell.locator: cell.text for cell in unique(made)}
    assert all(piece.text in texts[piece.locator] for piece in found.pieces)
    assert all(aside.reason for aside in found.dropped)


def test_a_label_alone_on_its_line_heads_the_rest_of_its_cell() -> None:
    assert told(read(["Table", "Comment"], [1, "Action:\nmore patrols"]), "aspect") == [("more patrols", "action")]


def test_headings_are_found_where_only_the_table_is_understood() -> None:
    assert told(read(["Table", "Thoughts"], [1, "litter on the rec"]), "table") == [("litter on the rec", "1")]


def test_a_column_of_subjects_gives_each_note_its_topic() -> None:
    rows = [["Table", "Subject", "Comment"], [1, "Drugs", "the flats by the bridge"], [1, "Litter", "bins full by noon"]]
    assert [(piece.text, piece.topic) for piece in read(*rows).pieces] == [
        ("the flats by the bridge", "Drugs"),
        ("bins full by noon", "Litter"),
    ]
