"""Small numbers of sensitive themes are in no part of a comparison, and cannot be worked out from it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from divisions import cell, compared, evening, event, said, tables, theme
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compare.document import comparison_document, comparison_table
from pipeline.comparison import Comparison
from pipeline.results import EventResult
from pipeline.settings import Settings

SECRET = "she told us at our table"


def told(comparison: Comparison) -> str:
    """Everything that is published, but for the hashes of what it was made from."""
    document = comparison_document(comparison)
    for found in document["events"]:
        del found["themes_sha256"]
    return json.dumps(document) + comparison_table(comparison).to_csv()


def test_counts_under_three_of_a_sensitive_theme_are_shown_as_such_and_nothing_else_is() -> None:
    result = compared(evening("a", "A", 6, dv=4), evening("b", "B", 6, dv=2), evening("c", "C", 6))
    shown = {division: cell(result, "dv", division) for division in "ABC"}
    assert [found.shown for found in shown.values()] == ["4 of 6", "<3 of 6", "<3 of 6"]
    assert [found.hidden for found in shown.values()] == [False, True, True]
    for found in (shown["B"], shown["C"]):
        assert (found.tables, found.share, found.low, found.high) == (None, None, None, None)
    # What A's tables raised is told, but not how many did elsewhere, nor anything made from that.
    assert shown["A"].share == pytest.approx(4 / 6, rel=1e-5)
    for found in shown.values():
        assert (found.rest_tables, found.rest_share, found.difference, found.effect, found.p, found.q) == (None,) * 6
        assert (found.points, found.mentions) == (None, None)
        assert found.verdict == "hidden"
        assert found.sentence == "Not compared: a count of a sensitive theme below 3 is hidden, and so is whatever would give it away."
    assert theme(result, "dv").tables is None
    assert any(
        "Counts of tables below 3 are not told of sensitive themes (Domestic abuse and Coercive control)" in r for r in result.remarks
    )


def test_a_sensitive_theme_that_many_raised_everywhere_is_compared_like_any_other() -> None:
    result = compared(*(evening(name, name.upper(), 8, dv=number) for name, number in (("a", 8), ("b", 3), ("c", 3), ("d", 3))))
    assert theme(result, "dv").tables == 17
    assert cell(result, "dv", "A").p is not None
    assert "dv" in {finding.code for finding in result.shared}


def test_other_themes_are_hidden_only_on_request() -> None:
    events = [evening("a", "A", 6, asb=1), evening("b", "B", 6, asb=4)]
    assert cell(compared(*events), "asb", "A").shown == "1 of 6"
    result = compared(*events, hide_small=True)
    assert cell(result, "asb", "A").shown == "<3 of 6"
    assert cell(result, "asb", "B").rest_tables is None
    assert (result.unraised, result.shared, result.absent) == ((), (), ())
    assert {found.shown for found in theme(result, "roads").cells} == {"<3 of 6"}


def test_what_few_tables_said_on_a_sensitive_theme_is_not_quoted_anywhere() -> None:
    few = event("a", "A", [*(said(t, "asb") for t in tables(5)), said("1", "dv|asb", SECRET), said("2", "control", SECRET)])
    result = compared(few, evening("b", "B", 6, asb=2))
    assert SECRET not in told(result)
    many = event("a", "A", [said(t, "dv", SECRET) for t in tables(3)])
    assert SECRET in told(compared(many, evening("b", "B", 6)))


def test_a_sensitive_theme_is_not_broken_down_by_aspect_or_resident() -> None:
    made = event("a", "A", [said(t, "dv|asb", aspect="barrier", resident="carers", priority="Urgent & Essential") for t in tables(4)])
    result = compared(made, evening("b", "B", 6))
    for found in result.measures:
        assert ("dv" in {row.code for row in found.themes}) is (found.kind in ("raised", "priority"))
    assert cell(result, "dv", "A", "priority", "Urgent & Essential").shown == "4 of 4"


def test_the_strictest_setting_of_any_run_holds() -> None:
    strict = Settings(sensitive_codes=("asb",), quotes_from_tables=5).model_dump(mode="json")
    result = compared(event("a", "A", [said(t, "asb") for t in tables(4)], settings=strict), evening("b", "B", 6))
    assert cell(result, "asb", "A").shown == "<5 of 4"
    assert result.rules.sensitive == ("asb", "control", "dv")


def test_hiding_can_be_turned_off_where_every_run_did() -> None:
    lax = Settings(quotes_from_tables=1).model_dump(mode="json")
    events = [event(name, name.upper(), [said("1", "dv"), said("2")], settings=lax) for name in "ab"]
    assert cell(compared(*events, settings=Settings(quotes_from_tables=1)), "dv", "A").shown == "1 of 2"
    assert cell(compared(*events), "dv", "A").shown == "<3 of 2"


def world(numbers: list[int], total: int, elsewhere: list[list[int]], more: dict[str, Any]) -> list[EventResult]:
    """Events of ``total`` tables in which so many raised domestic abuse; what else they said is the same in every world."""
    made = []
    for place, (number, others) in enumerate(zip(numbers, elsewhere, strict=True)):
        points = [said(t, text=f"nothing much at {t}", **more) for t in tables(total)]
        points += [said(str(other), "asb") for other in others if other <= total]
        points += [said(t, "dv" if int(t) <= number else "", f"point of {t}", **more) for t in tables(total)]
        made.append(event(f"e{place}", f"D{place}", points))
    return made


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_hidden_number_could_be_any_below_the_threshold(data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 7))
    numbers = data.draw(st.lists(st.integers(0, total), min_size=1, max_size=4))
    elsewhere = [data.draw(st.lists(st.integers(1, total), max_size=5)) for _ in numbers]
    more = {"aspect": "issue", "resident": "carers", "priority": data.draw(st.sampled_from(["", "Urgent & Essential"]))}
    hide_small = data.draw(st.booleans())
    other = [data.draw(st.integers(0, min(2, total))) if number < 3 else number for number in numbers]
    here = compared(*world(numbers, total, elsewhere, more), hide_small=hide_small)
    there = compared(*world(other, total, elsewhere, more), hide_small=hide_small)
    assert told(here) == told(there)
    for place, number in enumerate(numbers):
        assert cell(here, "dv", f"D{place}").hidden is (number < 3)


def test_a_hidden_number_does_not_show_in_the_q_of_other_themes() -> None:
    # With no table elsewhere the hidden test would come out surer than that of asb, with two in each division less sure.
    def made(number: int) -> list[EventResult]:
        return world([8, number, number, number], 8, [list(range(1, 8)), [1], [1], [1]], {})

    few, none = compared(*made(2)), compared(*made(0))
    assert cell(few, "asb", "D0").q == cell(none, "asb", "D0").q == pytest.approx(12 * cell(few, "asb", "D0").p, rel=1e-5)
    assert told(few) == told(none)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=3))
def test_on_request_emergent_themes_of_few_tables_are_not_told_either(numbers: list[int]) -> None:
    def made(number: int, place: int) -> EventResult:
        spoken = [said(t, text=f"bus {t}", new="x" if int(t) <= number else "") for t in tables(6)]
        return event(f"e{place}", f"D{place}", spoken)

    result = compared(*(made(number, place) for place, number in enumerate(numbers)), hide_small=True)
    for found in result.emergent:
        for one in found.cells:
            assert one.hidden is (numbers[int(one.division[1:])] < 3)
        assert {member.division for member in found.members} == {one.division for one in found.cells if not one.hidden}
    if all(number < 3 for number in numbers):
        assert result.emergent == ()
