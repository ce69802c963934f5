"""Which parts of a document are notes, which headings, and what is set aside."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import frontmatter
from pipeline.ingest.blocks import Aside, Block, Cell, Document, Grid
from pipeline.ingest.structure import NARRATIVE, NO_NOTE_BELOW, QUESTION, Structure, read_structure
from pipeline.records import PRIORITIES, words_in

UE, UNE, NUE, NUNE = PRIORITIES


def h(text: str, level: int = 1) -> Block:
    return Block(text, "", "heading", level)


def b(text: str, level: int = 0) -> Block:
    return Block(text, "", "bullet", level)


def bold(text: str) -> Block:
    return Block(text, "", emphasis=True)


def document(*parts: Block | Grid | str) -> Document:
    """A document of these parts (a string is a plain line), each with a locator of its own."""
    blocks = [Block(part, "") if isinstance(part, str) else part for part in parts]
    return Document(
        "notes",
        tuple(p if isinstance(p, Grid) else Block(p.text, f"line {n}", p.kind, p.level, p.emphasis) for n, p in enumerate(blocks, 1)),
    )


def read(*parts: Block | Grid | str, fixed: dict[str, str] | None = None) -> Structure:
    return read_structure(document(*parts), fixed or {})


def told(found: Structure, *names: str) -> list[tuple[str, ...]]:
    """The text of every note with these fields of it."""
    return [(piece.text, *(piece.fields[name] for name in names)) for piece in found.pieces]


def dropped(found: Structure) -> dict[str, str]:
    return {aside.text: aside.reason for aside in found.dropped}


def test_headings_nest_over_bullets() -> None:
    found = read(
        h("Session 1"),
        h("Table 1", 2),
        h("Urgent & Essential", 3),
        bold("Local"),
        b("burglaries on Abbot Row"),
        bold("Division / county"),
        b("fewer officers"),
        h("Table 2", 2),
        h("NU/NE", 3),
        b("dog mess"),
    )
    assert told(found, "session", "table", "aspect", "priority", "level") == [
        ("burglaries on Abbot Row", "1", "1", "challenge", UE, "local"),
        ("fewer officers", "1", "1", "challenge", UE, "division"),
        ("dog mess", "1", "2", "challenge", NUNE, ""),
    ]
    assert [heading.typed for heading in found.pieces[1].headings] == ["Session 1", "Table 1", "Urgent & Essential", "Division / county"]
    assert found.dropped == []
    assert found.pieces[2].locator == "line 10"


def test_plain_lines_serve_as_headings_and_notes() -> None:
    found = read("Wkshop 2", "Grp 4", "Barriers", "nobody answers the phone", "Good practice:", "PCSO drop-in", "youth shelter")
    assert told(found, "session", "table", "aspect") == [
        ("nobody answers the phone", "2", "4", "barrier"),
        ("PCSO drop-in", "2", "4", "good_practice"),
        ("youth shelter", "2", "4", "good_practice"),
    ]


def test_front_matter_is_set_aside_with_its_reasons() -> None:
    found = read(
        "An evening in Wendale",
        "12 November 2009, Moot Hall",
        "Who took part?",
        "Police; Fire",
        h("Session 1"),
        "Table 1",
        b("litter"),
    )
    assert told(found, "session") == [("litter", "1")]
    assert dropped(found) == {
        "An evening in Wendale": frontmatter.TITLE,
        "12 November 2009, Moot Hall": frontmatter.DATE,
        "Who took part?": frontmatter.PARTICIPANTS,
        "Police; Fire": frontmatter.PARTICIPANTS,
    }
    assert (found.front.title, found.front.venue, found.front.participants) == ("An evening in Wendale", "Moot Hall", ["Police", "Fire"])


def test_participants_listed_in_bullets_are_no_notes() -> None:
    found = read(bold("Who was there"), b("Borough Council"), b("Fire and Rescue"), h("Session 1"), b("litter"))
    assert told(found) == [("litter",)]
    assert found.front.participants == ["Borough Council", "Fire and Rescue"]


def test_front_matter_between_sessions_is_set_aside_until_the_next_mark() -> None:
    found = read(h("Session 1"), b("litter"), h("Agenda"), "Tea at eight", h("Session 2: barriers"), b("trust"))
    assert told(found, "session") == [("litter", "1"), ("trust", "2")]
    assert set(dropped(found)) == {"Agenda", "Tea at eight"}


def test_bullets_before_the_first_heading_are_notes() -> None:
    found = read(b("litter"), b("noise"), h("Session 2"), b("trust"))
    assert told(found, "session") == [("litter", ""), ("noise", ""), ("trust", "2")]


def test_a_document_without_any_mark_is_all_notes() -> None:
    found = read("litter on the rec", "dark lanes behind the chapel", "speeding")
    assert [piece.text for piece in found.pieces] == ["litter on the rec", "dark lanes behind the chapel", "speeding"]


def test_a_label_gives_its_own_note_a_field() -> None:
    found = read(h("Session 3"), h("Carers"), b("Issue: no respite"), b("Action: sitting service"), b("cost"))
    assert told(found, "resident", "aspect") == [
        ("no respite", "carers", "issue"),
        ("sitting service", "carers", "action"),
        ("cost", "carers", ""),
    ]
    assert found.pieces[0].headings[-1].typed == "Issue:"


def test_a_label_on_a_plain_line_lasts_but_a_top_priority_does_not() -> None:
    found = read(h("Session 1"), "Table 3: knives", "drugs", "Top priority: burglary", "litter")
    assert told(found, "table", "aspect") == [
        ("knives", "3", "challenge"),
        ("drugs", "3", "challenge"),
        ("burglary", "3", "top_priority"),
        ("litter", "3", "challenge"),
    ]


def test_lines_that_each_carry_their_table_and_priority() -> None:
    found = read("T5 U/E - stabbings", "T5 NU/E - apathy", "T2 U/E - burglary", "T2 U/NE: graffiti", fixed={"session": "1"})
    assert told(found, "session", "table", "priority") == [
        ("stabbings", "1", "5", UE),
        ("apathy", "1", "5", NUE),
        ("burglary", "1", "2", UE),
        ("graffiti", "1", "2", UNE),
    ]


def test_the_name_of_the_file_gives_fields_that_headings_may_override() -> None:
    found = read(b("litter"), h("Table 9"), b("noise"), fixed={"session": "2", "table": "4"})
    assert told(found, "session", "table") == [("litter", "2", "4"), ("noise", "2", "9")]


def test_a_parent_bullet_is_a_note_and_the_heading_of_its_children() -> None:
    found = read(h("Session 1"), b("speeding"), b("Hessenby bends", 1), b("by the school", 1), b("at three o'clock", 2), b("litter"))
    assert [(piece.text, [heading.typed for heading in piece.headings]) for piece in found.pieces] == [
        ("speeding", ["Session 1"]),
        ("Hessenby bends", ["Session 1", "speeding"]),
        ("by the school", ["Session 1", "speeding"]),
        ("at three o'clock", ["Session 1", "speeding", "by the school"]),
        ("litter", ["Session 1"]),
    ]


def test_a_parent_bullet_with_a_colon_only_leads_in() -> None:
    found = read(h("Session 2"), b("help needed with:"), b("bins", 1), b("wardens", 1))
    assert [(piece.text, piece.headings[-1].typed) for piece in found.pieces] == [
        ("bins", "help needed with:"),
        ("wardens", "help needed with:"),
    ]


def test_a_bullet_may_be_a_heading() -> None:
    found = read(b("Table 1"), b("litter", 1), b("Table 2"), b("noise", 1))
    assert told(found, "table") == [("litter", "1"), ("noise", "2")]


def test_residents_are_headings_in_the_session_about_them() -> None:
    found = read(
        h("Session 3"),
        bold("Doris, 78, lives alone"),
        "Issues",
        b("afraid of the stairs"),
        "We were given Kyle, who is 15.",
        "Issues",
        b("nowhere to go"),
        "Actions",
        b("youth club"),
    )
    assert told(found, "resident", "aspect") == [
        ("afraid of the stairs", "older people", "issue"),
        ("nowhere to go", "young people", "issue"),
        ("youth club", "young people", "action"),
    ]


def test_residents_are_notes_in_the_other_sessions() -> None:
    found = read(h("Session 1"), h("Table 1", 2), b("young people"), b("older people"))
    assert told(found, "resident") == [("young people", ""), ("older people", "")]


def test_an_unknown_heading_is_kept_as_typed() -> None:
    found = read(h("Session 1"), h("Car park corner", 2), b("litter"))
    assert [heading.typed for heading in found.pieces[0].headings] == ["Session 1", "Car park corner"]


def test_a_heading_with_nothing_under_it_is_dropped_with_that_reason() -> None:
    found = read(h("Session 1"), h("Table 1", 2), h("Table 2", 2), b("litter"), h("Car park corner", 2))
    assert dropped(found) == {"Table 1": NO_NOTE_BELOW, "Car park corner": NO_NOTE_BELOW}


def test_the_sessions_question_is_kept_beside_its_title() -> None:
    found = read(h("Session 2: confidence"), "What stops residents from trusting us?", b("silence"))
    assert found.sessions == {"2": ("Session 2: confidence", "What stops residents from trusting us?")}
    assert dropped(found) == {"What stops residents from trusting us?": QUESTION}


def test_a_bold_document_is_not_all_headings() -> None:
    found = read(bold("Session 1"), bold("litter on the rec again"), bold("dark lanes"), bold("speeding past the school"))
    assert [piece.text for piece in found.pieces] == ["litter on the rec again", "dark lanes", "speeding past the school"]


def test_a_published_report_keeps_its_bullets_whole_and_its_narrative_out() -> None:
    long = "residents told partners that they seldom hear what happened after they had made a report"
    found = read(
        h("Background"),
        "The evening was one of several.",
        h("Session 2: confidence"),
        "Tables then went on to talk about trust at some length.",
        h("Barriers", 2),
        "People were keen to say that trust is earned.",
        b(long),
        b(long + " to us"),
    )
    assert found.form == "report"
    assert told(found, "session", "aspect") == [(long, "2", "barrier"), (long + " to us", "2", "barrier")]
    assert dropped(found)["People were keen to say that trust is earned."] == NARRATIVE


def test_jottings_are_not_taken_for_a_report() -> None:
    assert read(h("Background"), "x", h("Session 2"), h("Barriers", 2), b("trust"), b("silence")).form == "jotting"


def test_asides_of_the_reader_stay_dropped() -> None:
    aside = Aside("page 2 of 4", "page 2", "running footer")
    found = read_structure(Document("n", (b("litter"),), (aside,)), {})
    assert aside in found.dropped


def test_a_framed_list_is_read_as_lines() -> None:
    frame = Grid(((Cell("Session 1\nTable 2", "table 1 row 1 column 1"),), (Cell("- litter\n2. noise", "table 1 row 2 column 1"),)))
    found = read(frame)
    assert told(found, "session", "table") == [("litter", "1", "2"), ("noise", "1", "2")]
    assert dropped(found) == {"2": "numbers or marks of a list"}


def test_a_table_stands_under_the_headings_before_it() -> None:
    grid = Grid(((Cell("Barriers", "r1c1"), Cell("Good practice", "r1c2")), (Cell("trust", "r2c1"), Cell("drop-ins", "r2c2"))))
    found = read(h("Session 2"), h("Table 3", 2), grid, h("Table 4", 2), b("silence"))
    assert told(found, "session", "table", "aspect") == [
        ("trust", "2", "3", "barrier"),
        ("drop-ins", "2", "3", "good_practice"),
        ("silence", "2", "4", ""),
    ]


def test_a_list_of_who_came_gives_no_notes() -> None:
    found = read_structure(document("Table 1", "Police", b("Fire")), {}, attendance=True)
    assert found.pieces == []
    assert [aside.text for aside in found.dropped] == ["Table 1", "Police", "Fire"]


@pytest.mark.parametrize("parts", [(), ("",), (h("Session 1"),), ("Session 1",)])
def test_nothing_to_note_is_fine(parts: tuple[Block | str, ...]) -> None:
    found = read(*(part for part in parts if part))
    assert found.pieces == []


WORD = st.sampled_from("litter noise lanes Hessenby trust parking dark bins PCSO Table 3 session barriers local Doris 78 action".split())
PHRASE = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
TEXT = st.one_of(
    PHRASE,
    st.sampled_from(
        [
            "Session 1",
            "Wkshop 2: confidence",
            "Session 3 - residents",
            "Table 1",
            "T2 U/E - knives",
            "Urgent & Essential",
            "Local",
            "Barriers",
            "Good practice:",
            "Issues",
            "Action: patrols",
            "Top priority: theft",
            "Who took part?",
            "Background",
            "12 November 2009, Moot Hall",
            "Police; Fire; Housing",
            "What worries you?",
            "Doris, 78",
            "We were given Kyle, who is 15.",
            "help needed with:",
            "residents told partners that they seldom hear what happened after a report",
        ]
    ),
)
BLOCK = st.builds(
    lambda text, kind, level, emphasis: Block(text, "", kind, {"heading": level + 1, "bullet": level, "line": 0}[kind], emphasis),
    TEXT,
    st.sampled_from(["heading", "bullet", "line"]),
    st.integers(0, 2),
    st.booleans(),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(BLOCK, max_size=14), st.booleans())
def test_every_word_is_in_a_note_a_heading_or_dropped(blocks: list[Block], attendance: bool) -> None:
    found = read_structure(document(*blocks), {}, attendance=attendance)
    kept = [piece.text for piece in found.pieces] + [heading.typed for heading in found.headings if heading.used]
    assert sum(map(words_in, [*kept, *(aside.text for aside in found.dropped)])) == sum(words_in(block.text) for block in blocks)
    typed = {f"line {n}": block.text for n, block in enumerate(blocks, 1)}
    assert all(piece.text and piece.text in typed[piece.locator] for piece in found.pieces)
    assert all(aside.reason for aside in found.dropped)
    locators = [int(piece.locator.removeprefix("line ")) for piece in found.pieces]
    assert locators == sorted(locators)


# the topic a note stands under


def topics_of(*parts: Block) -> dict[str, str]:
    return {piece.text: piece.topic for piece in read(*parts).pieces}


def test_a_subject_above_notes_is_their_topic_and_a_known_heading_is_not() -> None:
    found = topics_of(
        h("Session 1"),
        h("Table 1", 2),
        h("Urgent & Essential", 3),
        b("litter"),
        h("Drugs", 4),
        b("the flats by the bridge"),
        h("Table 2", 2),
        b("needles"),
    )
    assert found == {"litter": "", "the flats by the bridge": "Drugs", "needles": ""}


def test_the_bullet_above_is_the_topic_of_those_beneath_it() -> None:
    found = topics_of(
        h("Session 2"),
        h("Barriers", 2),
        b("Language:"),
        b("letters only ever in English", 1),
        b("Students move on every summer"),
        b("groups start again each October", 1),
        b("nobody answers"),
    )
    assert found == {
        "letters only ever in English": "Language:",
        "Students move on every summer": "",
        "groups start again each October": "Students move on every summer",
        "nobody answers": "",
    }
