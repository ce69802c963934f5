"""What headings say, however they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.headings import canonical_session, canonical_table, named_table, recognise, words_of
from pipeline.ingest.labels import split_label
from pipeline.records import PRIORITIES, words_in

UE, UNE, NUE, NUNE = PRIORITIES
WAYS = {
    UE: ["URGENT + ESSENTIAL", "Urgent & Essential", "U/E", "U & E", "urgnet and esential", "Essential and urgent", "urgent / essential:"],
    UNE: ["Urgent but NOT essential", "Urgent, not essential", "Urgent / non-essential", "U/NE", "Not essential but urgent"],
    NUE: ["Not urgent but essential", "Non-urgent but essential", "NU/E", "Essential, not urgent", "ESSENTIAL BUT NOT URGENT"],
    NUNE: ["Not urgent or essential", "Neither urgent nor essential", "Not urgent, not essential", "NU/NE", "Neither of these", "neither"],
}


@pytest.mark.parametrize(("priority", "typed"), [(p, typed) for p, ways in WAYS.items() for typed in ways])
def test_the_four_priorities_are_told_apart_however_typed(priority: str, typed: str) -> None:
    marks = recognise(typed)
    assert (marks.values, marks.explained) == ({"priority": priority}, 1.0)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("Session 1", "1"),
        ("Wkshop 2", "2"),
        ("WS3", "3"),
        ("First workshop", "1"),
        ("Workshop session three", "3"),
        ("S2", "2"),
        ("SESSION II", "2"),
        ("Round 02", "2"),
        ("Sesion 3", "3"),
        ("Session No. 1:", "1"),
    ],
)
def test_a_session_is_its_number(typed: str, number: str) -> None:
    assert recognise(typed).values == {"session": number}


@pytest.mark.parametrize(
    ("typed", "table"),
    [
        ("Table 4", "4"),
        ("Grp 4", "4"),
        ("T4", "4"),
        ("table four", "4"),
        ("Tabel 04", "4"),
        ("Table No. 12", "12"),
        ("Team 3", "3"),
        ("BLUE TABLE", "Blue"),
        ("Table - blue", "Blue"),
        ("Group b", "B"),
    ],
)
def test_a_table_is_its_number_letter_or_colour(typed: str, table: str) -> None:
    assert recognise(typed).values == {"table": table}


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("Local / n'hood", {"level": "local"}),
        ("NEIGHBOURHOOD LEVEL", {"level": "local"}),
        ("Division / county", {"level": "division"}),
        ("county-wide", {"level": "division"}),
        ("Local or divisional?", {}),
        ("Wendale Division", {}),
        ("Fellshire County", {}),
        ("Barriers", {"aspect": "barrier"}),
        ("What gets in the way?", {"aspect": "barrier"}),
        ("Obstacles", {"aspect": "barrier"}),
        ("GOOD PRACTISE", {"aspect": "good_practice"}),
        ("What works well", {"aspect": "good_practice"}),
        ("Issues and barriers", {"aspect": "issue"}),
        ("Issues/Barriers", {"aspect": "issue"}),
        ("Concerns", {"aspect": "issue"}),
        ("Actions", {"aspect": "action"}),
        ("What can agencies do?", {"aspect": "action"}),
        ("Challenges", {"aspect": "challenge"}),
        ("Table's top priority", {"aspect": "top_priority"}),
        ("TOP PRIORITY", {"aspect": "top_priority"}),
        ("No. 1 priority", {"aspect": "top_priority"}),
        ("Key themes identified", {"aspect": "key_theme"}),
    ],
)
def test_levels_and_aspects(typed: str, values: dict[str, str]) -> None:
    assert recognise(typed).values == values


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("Grp 4 - local / n'hood", {"table": "4", "level": "local"}),
        ("Session 1: Urgent but not essential (Table 2)", {"session": "1", "priority": UNE, "table": "2"}),
        ("T3 Barriers", {"table": "3", "aspect": "barrier"}),
        ("Wkshp 2, grp 5 - good pract.", {"session": "2", "table": "5", "aspect": "good_practice"}),
        ("Table 1 - NU/NE - county level", {"table": "1", "priority": NUNE, "level": "division"}),
    ],
)
def test_one_heading_may_say_several_things(typed: str, values: dict[str, str]) -> None:
    assert recognise(typed).values == values


def test_the_first_of_two_tables_counts_and_the_more_telling_of_two_aspects() -> None:
    assert recognise("Table 2 and Table 3").values == {"table": "2"}
    assert recognise("Top priority challenge").values == {"aspect": "top_priority"}
    assert recognise("Actions to overcome barriers").values == {"aspect": "action"}


@pytest.mark.parametrize("typed", ["Session 2: barriers and good practice", "Session 2 - good practice / barriers"])
def test_a_session_titled_by_both_its_halves_has_neither_aspect(typed: str) -> None:
    assert recognise(typed).values == {"session": "2"}


@pytest.mark.parametrize(
    ("typed", "topic"),
    [("Building confidence", "2"), ("Our residents", "3"), ("The challenges we see", "1"), ("Session 3: confidence", ""), ("Litter", "")],
)
def test_words_suggest_a_session_only_where_none_is_named(typed: str, topic: str) -> None:
    assert recognise(typed).topic == topic


@pytest.mark.parametrize(
    "note",
    [
        "Table 4 said the lights on the rec have been broken since May",
        "urgent need for a crossing outside the infants",
        "barriers left across the towpath by contractors",
        "local shop closed down",
    ],
)
def test_a_note_that_mentions_a_mark_is_mostly_unexplained(note: str) -> None:
    assert recognise(note).explained < 0.6


@pytest.mark.parametrize("text", ["", "  ", "?!", "litter on the rec", "tabby cats", "sessile oak"])
def test_what_says_nothing_known_is_falsy(text: str) -> None:
    assert not recognise(text)


def test_a_resident_is_looked_for_only_when_asked() -> None:
    assert recognise("Doris, 78").values == {}
    assert recognise("Doris, 78", residents=True).values == {"resident": "older people"}
    both = recognise("Table 2: Doris, 78, lives on Abbot Row", residents=True)
    assert (both.values, both.explained) == ({"table": "2", "resident": "older people"}, 1.0)


def test_a_resident_who_fits_no_type_is_kept_as_typed() -> None:
    assert recognise("Our resident: Morris dancers", residents=True).values == {"resident": "Morris dancers"}
    assert recognise("Resident type - beekeeper", residents=True).values == {"resident": "beekeeper"}


PARTS = {
    "session": {"Session 2": "2", "Wkshop 3": "3", "WS1": "1"},
    "table": {"Table 4": "4", "Grp 12": "12", "Red table": "Red"},
    "priority": {"Urgent + essential": UE, "Not urgent but essential": NUE, "NU/NE": NUNE, "Urgent, not essential": UNE},
    "level": {"local level": "local", "Division / county": "division"},
}


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_marks_are_read_in_any_order_and_any_case(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(list(PARTS)), min_size=1, unique=True))
    chosen = {name: data.draw(st.sampled_from(list(PARTS[name]))) for name in names}
    heading = data.draw(st.sampled_from([" - ", ": ", ", ", " (", " | "])).join(chosen.values())
    case = data.draw(st.sampled_from([str.upper, str.lower, str.title, str]))
    marks = recognise(case(heading))
    assert marks.values == {name: PARTS[name][typed] for name, typed in chosen.items()}
    assert marks.explained == 1.0


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=80))
def test_any_text_can_be_asked(text: str) -> None:
    marks = recognise(text, residents=True)
    assert 0.0 <= marks.explained <= 1.0
    assert all(marks.values.values())


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(["Action", "Issue", "Table 2", "litter", ":", " - ", "=", "–", "dark lanes", " "]), max_size=8).map("".join)
)
def test_a_label_and_its_note_are_the_whole_text(text: str) -> None:
    label, rest = split_label(text)
    assert text.endswith(rest)
    if label is None:
        assert rest == text
    else:
        assert label.values
        assert words_in(text[: len(text) - len(rest)]) + words_in(rest) == words_in(text)


@pytest.mark.parametrize(
    ("typed", "values", "rest"),
    [
        ("Action: more patrols", {"aspect": "action"}, "more patrols"),
        ("Top priority = rural theft", {"aspect": "top_priority"}, "rural theft"),
        ("T5 U/E - knives at school", {"table": "5", "priority": UE}, "knives at school"),
        ("Barrier – nobody answers", {"aspect": "barrier"}, "nobody answers"),
        ("Local: shops closing", {"level": "local"}, "shops closing"),
        ("Issues: bins: full", {"aspect": "issue"}, "bins: full"),
    ],
)
def test_a_label_is_parted_from_its_note(typed: str, values: dict[str, str], rest: str) -> None:
    label, found = split_label(typed)
    assert label is not None
    assert (label.values, found) == (values, rest)


@pytest.mark.parametrize(
    "typed",
    ["Parking: school run chaos", "Local - shops closing", "Action", "Action:", "a-board on the pavement", "anti-social behaviour", ": x"],
)
def test_what_is_no_label_stays_in_the_note(typed: str) -> None:
    assert split_label(typed) == (None, typed)


def test_a_resident_is_a_label_only_where_the_session_is_about_residents() -> None:
    assert split_label("Doris, 78: afraid to go out") == (None, "Doris, 78: afraid to go out")
    label, rest = split_label("Doris, 78: afraid to go out", residents=True)
    assert label is not None
    assert (label.values, rest) == ({"resident": "older people"}, "afraid to go out")


@pytest.mark.parametrize(
    ("cell", "table"),
    [
        ("04", "4"),
        ("4.0", "4"),
        ("four", "4"),
        ("ii", "2"),
        ("BLUE", "Blue"),
        ("c", "C"),
        ("grp 4", "4"),
        (" Library corner ", "Library corner"),
    ],
)
def test_a_table_cell_has_one_name(cell: str, table: str) -> None:
    assert canonical_table(cell) == table


@pytest.mark.parametrize(
    ("cell", "session"),
    [("2", "2"), ("2.0", "2"), ("Two", "2"), ("Wkshop 2", "2"), ("confidence", "2"), ("Our residents", "3"), (" Plenary ", "Plenary")],
)
def test_a_session_cell_has_one_name(cell: str, session: str) -> None:
    assert canonical_session(cell) == session


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Oak table", "Oak"),
        ("The WILLOW Table:", "Willow"),
        ("Table: Library corner", "Library corner"),
        ("Group - Harbour", "Harbour"),
        ("Focus group", ""),
        ("Our table", ""),
        ("Youth services", ""),
        ("Table tennis for the young lads", ""),
    ],
)
def test_a_table_may_have_a_name(heading: str, name: str) -> None:
    assert named_table(heading) == name


def test_slips_are_mended_only_to_the_words_of_headings() -> None:
    assert words_of("Wkshop 2: Local / N'hood") == ["workshop", "2", "local", "and", "neighbourhood"]
    assert words_of("barrirs chalenges urgant") == ["barrier", "challenge", "urgent"]
    assert words_of("stable essence agent carrier auction") == ["stable", "essence", "agent", "carrier", "auction"]


def test_the_country_is_not_the_county() -> None:
    assert split_label("Country: no buses") == (None, "Country: no buses")
