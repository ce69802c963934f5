"""Which headings a note stands under."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.headings import FIELDS
from pipeline.ingest.outline import Heading, Outline, settled
from pipeline.records import PRIORITIES

UE, UNE, NUE, NUNE = PRIORITIES


def opened(*marks: dict[str, str], fixed: dict[str, str] | None = None, levels: tuple[int, ...] = ()) -> Outline:
    """An outline in which headings with these marks were opened one after another."""
    outline = Outline(fixed or {})
    for at, values in enumerate(marks):
        outline.open(Heading(f"h{at}", f"line {at}", levels[at] if levels else 0), values)
    return outline


def said(outline: Outline) -> dict[str, str]:
    return {name: value for name, value in outline.context().items() if value}


def typed(outline: Outline) -> list[str]:
    return [heading.typed for heading in outline.headings()]


def test_nothing_is_open_at_first() -> None:
    assert Outline().context() == dict.fromkeys(FIELDS, "")
    assert Outline().headings() == []


def test_a_new_table_closes_what_was_opened_within_the_last() -> None:
    outline = opened({"session": "1"}, {"table": "1"}, {"priority": UE}, {"level": "local"}, {"table": "2"})
    assert said(outline) == {"session": "1", "table": "2", "aspect": "challenge"}
    assert typed(outline) == ["h0", "h4"]


def test_tables_nest_in_priorities_just_as_well() -> None:
    outline = opened({"session": "1"}, {"priority": UE}, {"table": "1"}, {"level": "local"}, {"priority": NUE})
    assert said(outline) == {"session": "1", "priority": NUE, "aspect": "challenge"}
    outline.open(Heading("h5", ""), {"table": "1"})
    assert said(outline) == {"session": "1", "priority": NUE, "table": "1", "aspect": "challenge"}


def test_a_new_session_closes_everything() -> None:
    outline = opened({"session": "1"}, {"table": "4"}, {"priority": UE}, {"session": "2"})
    assert said(outline) == {"session": "2"}


def test_a_table_opened_before_any_session_holds_its_sessions() -> None:
    outline = opened({"table": "4"}, {"session": "1"}, {"priority": UE})
    assert said(outline) == {"table": "4", "session": "1", "priority": UE, "aspect": "challenge"}
    outline.open(Heading("h3", ""), {"session": "2"})
    assert said(outline) == {"table": "4", "session": "2"}


def test_a_top_priority_stands_outside_priority_and_level() -> None:
    outline = opened({"session": "1"}, {"table": "1"}, {"priority": NUNE}, {"level": "local"}, {"aspect": "top_priority"})
    assert said(outline) == {"session": "1", "table": "1", "aspect": "top_priority"}
    outline.open(Heading("h5", ""), {"priority": UE})
    assert said(outline) == {"session": "1", "table": "1", "priority": UE, "aspect": "challenge"}


def test_what_a_session_is_about_does_not_close_its_tables() -> None:
    outline = opened({"session": "2", "aspect": "barrier"}, {"table": "3"}, {"aspect": "good_practice"})
    assert said(outline) == {"session": "2", "table": "3", "aspect": "good_practice"}


def test_an_unknown_heading_ends_at_the_next_heading() -> None:
    outline = opened({"table": "1"}, {}, {})
    assert typed(outline) == ["h0", "h2"]
    outline.open(Heading("h3", ""), {"aspect": "barrier"})
    assert typed(outline) == ["h0", "h3"]


def test_an_unknown_heading_of_a_higher_level_holds_those_below_it() -> None:
    outline = opened({}, {}, levels=(2, 3))
    assert typed(outline) == ["h0", "h1"]
    outline.open(Heading("h2", "", 2), {})
    assert typed(outline) == ["h2"]


def test_the_name_of_the_file_counts_until_a_heading_says_otherwise() -> None:
    outline = opened(fixed={"session": "2", "table": "7"})
    assert said(outline) == {"session": "2", "table": "7"}
    outline.open(Heading("h", ""), {"table": "1"})
    assert said(outline) == {"session": "2", "table": "1"}
    assert typed(outline) == ["h"]


def test_a_topic_names_the_session_only_while_none_is_open() -> None:
    outline = Outline()
    outline.open(Heading("Confidence", ""), {}, topic="2")
    assert said(outline) == {"session": "2"}
    outline.open(Heading("Our residents", ""), {}, topic="3")
    assert said(outline) == {"session": "2"}
    assert typed(outline) == ["Confidence", "Our residents"]


def test_headings_of_one_row_do_not_close_each_other() -> None:
    outline = opened({"session": "1"}, {"table": "1"}, {"priority": NUE})
    outline.open_all([(Heading("T2", ""), {"table": "2"}), (Heading("U/E", ""), {"priority": UE}), (Heading("x", ""), {})])
    assert said(outline) == {"session": "1", "table": "2", "priority": UE, "aspect": "challenge"}
    assert typed(outline) == ["h0", "T2", "U/E", "x"]


def test_a_copy_leaves_the_outline_alone() -> None:
    outline = opened({"session": "1"}, {"table": "1"})
    inner = outline.copy()
    inner.open(Heading("inner", ""), {"table": "2"})
    inner.fixed["level"] = "local"
    assert said(outline) == {"session": "1", "table": "1", "aspect": "challenge"}
    assert typed(outline) == ["h0", "h1"]


@pytest.mark.parametrize(
    ("found", "session", "aspect"),
    [
        ({"priority": UE}, "1", "challenge"),
        ({"level": "local"}, "1", "challenge"),
        ({"resident": "carers"}, "3", ""),
        ({"aspect": "barrier"}, "2", "barrier"),
        ({"aspect": "good_practice"}, "2", "good_practice"),
        ({"aspect": "issue"}, "3", "issue"),
        ({"aspect": "action"}, "3", "action"),
        ({"aspect": "top_priority"}, "1", "top_priority"),
        ({"session": "1", "aspect": "issue"}, "1", "challenge"),
        ({"session": "1", "aspect": "barrier"}, "1", "challenge"),
        ({"session": "2", "aspect": "issue"}, "2", "barrier"),
        ({"session": "3", "aspect": "barrier"}, "3", "issue"),
        ({"session": "3", "aspect": "challenge"}, "3", "issue"),
        ({"session": "2", "aspect": "action"}, "2", "action"),
        ({"session": "1"}, "1", "challenge"),
        ({"session": "2"}, "2", ""),
        ({"session": "Plenary", "aspect": "issue"}, "Plenary", "issue"),
        ({}, "", ""),
    ],
)
def test_session_and_aspect_help_each_other(found: dict[str, str], session: str, aspect: str) -> None:
    told = settled(found)
    assert (told["session"], told["aspect"]) == (session, aspect)


VALUES = {
    "session": "123",
    "table": "1234",
    "aspect": ["barrier", "action", "top_priority"],
    "priority": [UE, NUE],
    "level": ["local", "division"],
}
MARK = st.fixed_dictionaries({}, optional={name: st.sampled_from(list(values)) for name, values in VALUES.items()})


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(MARK, st.integers(0, 3)), max_size=12))
def test_the_last_heading_always_holds_and_every_value_comes_from_one_that_is_open(marks: list[tuple[dict[str, str], int]]) -> None:
    outline, given_to = Outline(), {}
    for at, (values, level) in enumerate(marks):
        heading = Heading(f"h{at}", "", level)
        given_to[heading.typed] = values
        outline.open(heading, values)
        context = outline.context()
        assert heading in outline.headings()
        assert all(context[name] == value for name, value in values.items() if name != "aspect")
        claimed = [given_to[name] for name in typed(outline)]
        assert all(
            any(value == told.get(name) for told in claimed) for name, value in context.items() if value and name in ("table", "level")
        )
        assert len(set(typed(outline))) == len(typed(outline))
