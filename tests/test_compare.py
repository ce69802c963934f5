"""Divisions compared: what is counted, what is tested, and what is said of it."""

from __future__ import annotations

import json
from itertools import permutations
from math import comb, isclose

import pytest
from divisions import TAXONOMY, cell, compared, evening, event, measure, said, tables, theme
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compare.document import comparison_document, comparison_table
from pipeline.comparison import VERDICTS
from pipeline.errors import ReadError
from pipeline.store.documents import validate
from pipeline.taxonomy import Taxonomy, Theme

DIVISIONS = ("Ashdale", "Birkby", "Cotmoor", "Dunsey", "Eskford")


def apart() -> list:
    """Five other divisions of six tables, three of thirty of which raised theft, and Pennine, where all six did."""
    others = [evening(name.lower(), name, 6, asb=3, theft=int(number < 3)) for number, name in enumerate(DIVISIONS)]
    return [*others, evening("pennine", "Pennine", 6, asb=3, theft=6)]


def test_a_theme_that_sets_a_division_apart_is_found_and_told_in_a_sentence() -> None:
    result = compared(*apart())
    found = cell(result, "theft", "Pennine")
    assert (found.tables, found.tables_total, found.rest_tables, found.rest_total) == (6, 6, 3, 30)
    assert found.p == pytest.approx(comb(9, 6) / comb(36, 6), rel=1e-5)
    assert found.difference == pytest.approx(0.9)
    # theft and asb in six divisions; dv and control are hidden, and count as tests that found nothing.
    assert measure(result, "raised").tests == 24
    assert found.q == pytest.approx(24 * found.p, rel=1e-5)
    assert found.verdict == "more"
    assert found.sentence == "Raised more in Pennine than elsewhere: 6 of 6 tables against 3 of 30, q = 0.001."
    assert [(finding.code, finding.division) for finding in result.distinctive] == [("theft", "Pennine")]
    assert result.distinctive[0].sentence == found.sentence


def test_a_difference_that_chance_explains_is_not_told_as_one() -> None:
    result = compared(*apart())
    found = cell(result, "theft", "Dunsey")
    assert found.verdict == "no_clear_difference"
    assert found.sentence.startswith("No clear difference: 0 of 6 tables in Dunsey against 9 of 30 elsewhere, q = ")
    like = cell(result, "asb", "Dunsey")
    assert (like.p, like.q, like.difference, like.effect) == (1.0, 1.0, 0.0, 0.0)


def test_less_is_told_too() -> None:
    result = compared(*(evening(name.lower(), name, 8, asb=8) for name in DIVISIONS), evening("far", "Far", 8, asb=1))
    assert cell(result, "asb", "Far").verdict == "less"
    assert cell(result, "asb", "Far").sentence.startswith("Raised less in Far than elsewhere: 1 of 8 tables against 40 of 40, q < 0.001.")
    assert result.distinctive == ()


def test_what_no_dealing_out_could_show_is_not_tested() -> None:
    result = compared(*(evening(name.lower(), name, 6, theft=int(name == "Ashdale")) for name in DIVISIONS))
    found = cell(result, "theft", "Ashdale")
    assert (found.p, found.q, found.verdict) == (None, None, "too_few")
    assert found.sentence == "Too few tables to say: 1 of 6 tables in Ashdale against 0 of 24 elsewhere."


def test_a_division_of_two_tables_is_not_tested() -> None:
    result = compared(evening("a", "A", 20), evening("b", "B", 2, theft=2))
    assert cell(result, "theft", "B").verdict == "too_few"
    assert cell(result, "theft", "A").verdict == "too_few"
    assert cell(compared(evening("a", "A", 20), evening("b", "B", 3, theft=3)), "theft", "B").verdict == "more"


def test_a_theme_that_every_table_raised_shows_no_difference() -> None:
    found = cell(compared(evening("a", "A", 6, asb=6), evening("b", "B", 5, asb=5)), "asb", "B")
    assert (found.verdict, found.p) == ("no_difference", None)
    assert found.sentence == "No difference: every table of every division raised it."


def test_two_divisions_give_one_and_the_same_answer() -> None:
    result = compared(evening("a", "A", 6, asb=6), evening("b", "B", 6, asb=0))
    here, there = cell(result, "asb", "A"), cell(result, "asb", "B")
    assert (here.p, here.q) == (there.p, there.q) == (pytest.approx(2 / comb(12, 6), rel=1e-5), here.q)
    assert (here.verdict, there.verdict) == ("more", "less")


def test_a_table_sits_through_all_sessions_and_counts_once() -> None:
    points = [said("1", "asb"), said("1", "asb", session="2"), said("2", session="1"), said("2", "theft", session="2")]
    result = compared(event("a", "A", points, ("1", "2")), evening_of_two("b", "B"))
    assert cell(result, "asb", "A").shown == "1 of 2"
    assert cell(result, "asb", "A").points == 2
    assert cell(result, "theft", "A").shown == "1 of 2"
    one = compared(event("a", "A", points, ("1", "2")), evening_of_two("b", "B"), sessions=("1",))
    assert "Theft" in one.unraised
    assert cell(one, "asb", "A").points == 1
    assert [session.id for session in one.sessions] == ["1"]


def evening_of_two(name: str, division: str):
    return event(name, division, [said("1"), said("1", session="2")], ("1", "2"))


def test_tables_of_one_name_at_two_events_of_a_division_are_two() -> None:
    first, second = evening("a1", "A", 4, asb=4), evening("a2", " a ", 3, asb=1)
    result = compared(first, second, evening("b", "B", 5))
    assert [(division.name, division.events, division.tables) for division in result.divisions] == [
        ("A", ("a1", "a2"), 7),
        ("B", ("b",), 5),
    ]
    assert cell(result, "asb", "A").shown == "5 of 7"
    assert "The tables of 2 events are counted together for A: a1 and a2." in result.remarks


def test_what_is_on_the_running_of_the_event_counts_nowhere() -> None:
    noise = [said("9", "asb", outcome="procedural"), said("8", outcome="procedural")]
    quiet = event("a", "A", [said("1", "asb"), said("2"), *noise])
    result = compared(quiet, evening("b", "B", 3))
    assert cell(result, "asb", "A").shown == "1 of 2"
    assert result.events[0].points == 2


def test_a_part_of_a_theme_counts_for_the_whole() -> None:
    result = compared(*(event(name, name.upper(), [said(t, "control") for t in tables(4)]) for name in "ab"))
    assert cell(result, "dv", "A").shown == "4 of 4"


def test_notes_without_tables_have_no_share_and_none_is_made_up() -> None:
    untold = event("c", "C", [said("", "asb"), said("", "asb", mentions=3)])
    result = compared(evening("a", "A", 6, asb=3), evening("b", "B", 6), untold)
    found = cell(result, "asb", "C")
    assert (found.tables, found.share, found.low, found.p, found.verdict) == (None, None, None, None, "unknown")
    assert (found.points, found.mentions, found.shown) == (2, 4, "not known")
    assert found.sentence == "Not known: the notes of C name no tables."
    assert cell(result, "asb", "A").rest_total == 6
    assert any("The notes of c name no tables" in remark for remark in result.remarks)


def test_points_without_a_table_are_counted_as_points_alone() -> None:
    result = compared(event("a", "A", [said("1", "asb"), said("", "asb"), said("2")]), evening("b", "B", 3))
    assert (cell(result, "asb", "A").shown, cell(result, "asb", "A").points) == ("1 of 2", 2)
    assert "1 point of a names no table: known as points alone." in result.remarks


def test_one_division_gives_shares_and_intervals_only() -> None:
    result = compared(evening("a", "A", 6, asb=3))
    found = cell(result, "asb", "A")
    assert (found.verdict, found.p, found.rest_total, found.difference) == ("alone", None, None, None)
    assert found.low == pytest.approx(0.1876, abs=1e-4)
    assert found.sentence == "Nothing to compare with: 3 of 6 tables."
    assert (result.shared, result.distinctive, result.absent) == ((), (), ())
    assert any("the only division" in remark for remark in result.remarks)


def test_shared_absent_and_unraised_themes() -> None:
    result = compared(*(evening(name.lower(), name, 6, asb=2, theft=4 * (name != "Eskford")) for name in DIVISIONS))
    assert [(finding.code, finding.sentence) for finding in result.shared] == [
        ("asb", "Raised in all 5 divisions, by 33% of a division's tables."),
    ]
    assert [(finding.code, finding.division) for finding in result.absent] == [("theft", "Eskford")]
    chance = comb(14, 6) / comb(30, 6)
    assert result.absent[0].sentence == (
        "Raised by none of 6 tables in Eskford, and by 16 of 24 elsewhere. "
        f"With tables dealt out at random that would happen {'less than once' if chance < 0.005 else f'{100 * chance:.0f} times'} in 100."
    )
    assert result.unraised == ("Roads",)


def test_a_theme_that_few_raise_anywhere_is_not_told_to_be_absent() -> None:
    result = compared(*(evening(name.lower(), name, 6, theft=int(name != "Eskford")) for name in DIVISIONS))
    assert result.absent == ()


def test_a_priority_is_a_share_of_the_tables_that_gave_any() -> None:
    urgent, later = {"priority": "Urgent & Essential"}, {"priority": "Not Urgent or Essential"}
    a = event("a", "A", [said("1", "asb", **urgent), said("2", "asb", **later), said("3", "asb")])
    result = compared(a, evening("b", "B", 3, asb=3))
    found = cell(result, "asb", "A", "priority", "Urgent & Essential")
    assert found.shown == "1 of 2"
    nowhere = cell(result, "asb", "B", "priority", "Urgent & Essential")
    assert nowhere.sentence == "Not known: the notes of B have nothing under “Urgent & Essential”."


def test_aspects_and_residents_are_of_the_tables_that_spoke_of_them() -> None:
    a = event("a", "A", [
        said("1", "asb", aspect="barrier"), said("2", "theft", aspect="barrier"), said("3", "asb", aspect="challenge"),
        said("1", "asb", aspect="issue", resident="Older  People"), said("2", "theft", aspect="issue", resident="older people"),
    ])  # fmt: skip
    result = compared(a, evening("b", "B", 3))
    assert cell(result, "asb", "A", "aspect", "barrier").shown == "1 of 2"
    assert cell(result, "asb", "A", "aspect", "challenge").shown == "1 of 1"
    assert cell(result, "asb", "A", "resident", "older people").shown == "1 of 2"
    assert [found.value for found in result.measures if found.kind == "aspect"] == ["challenge", "barrier", "issue"]


def test_only_sessions_that_all_events_have_are_compared_unless_others_are_chosen() -> None:
    long = event("a", "A", [said("1", "asb"), said("1", "theft", session="3")], ("1", "3"))
    result = compared(long, evening("b", "B", 3))
    assert [session.id for session in result.sessions] == ["1"]
    assert "Session 3 is left out: b has none." in result.remarks
    assert "Theft" in result.unraised
    chosen = compared(long, evening("b", "B", 3), sessions=("3",))
    assert [found.id for found in chosen.events] == ["a"]
    assert "The event b is left out: it has no session 3." in chosen.remarks


def test_events_without_a_session_in_common_cannot_be_compared() -> None:
    with pytest.raises(ReadError, match=r"the events given \(a: 1 and b: 2\): there is no session that all events have"):
        compared(event("a", "A", [said("1")], ("1",)), event("b", "B", [said("1", session="2")], ("2",)))
    with pytest.raises(ReadError, match="no event has the session 7"):
        compared(evening("a", "A", 3), sessions=("7",))


def test_two_taxonomies_cannot_be_compared() -> None:
    other = event("b", "B", [said("1")], taxonomy={"name": "t", "version": "2", "sha256": "1" * 64})
    with pytest.raises(ReadError, match=r"2 taxonomies: t 1 \(000000000000\): a; t 2 \(111111111111\): b"):
        compared(evening("a", "A", 3), other)


def test_what_else_differs_between_runs_is_told() -> None:
    other = event("b", "B", [said("1")], versions={"workshop-themes": "2"}, files=[{"status": "read", "sha256": "f"}])
    twin = event("a", "A", [said("1")], files=[{"status": "read", "sha256": "f"}])
    remarks = compared(twin, other).remarks
    assert "The events were not all run with the same versions of this program; a difference may come from that." in remarks
    assert "The same file of notes was read for a and b: its points are counted for each." in remarks


def test_without_the_events_taxonomy_no_theme_is_told_to_be_unraised() -> None:
    other = Taxonomy("t", "2", (Theme("asb", "Nuisance"), Theme("fire", "Fire")), sha256="2" * 64)
    result = compared(evening("a", "A", 3, asb=1), evening("b", "B", 3), taxonomy=other)
    assert result.unraised == ()
    assert theme(result, "asb").title == "Anti-social behaviour"
    assert any("not the one at hand" in remark for remark in result.remarks)


def test_emergent_themes_that_are_alike_are_matched_and_others_stay_local() -> None:
    a = event("a", "A", [said("1", text="bus gone", new="x"), said("2", text="buses late", new="x"), said("3", text="kites", new="y")])
    b = event("b", "B", [said("1", text="buses never", new="z"), said("2")])
    result = compared(a, b)
    matched, local = result.emergent
    assert (matched.matched, matched.title, matched.likeness) == (True, "About x", 1.0)
    assert [found.shown for found in matched.cells] == ["2 of 3", "1 of 2"]
    assert [(member.event, member.title) for member in matched.members] == [("a", "About x"), ("b", "About z")]
    assert {quote.text for quote in matched.quotes} <= {"bus gone", "buses late", "buses never"}
    assert (local.matched, local.title, local.likeness) == (False, "About y", None)
    assert [found.shown for found in local.cells] == ["1 of 3", "0 of 2"]


def test_quotes_are_verbatim_and_say_where() -> None:
    result = compared(evening("a", "A", 6, asb=4), evening("b", "B", 6))
    quotes = cell(result, "asb", "A").quotes
    assert [(quote.text, quote.event, quote.table) for quote in quotes] == [("asb at 1", "a", "1"), ("asb at 2", "a", "2")]
    assert {quote.session for quote in quotes} == {"1"}
    assert cell(result, "asb", "B").quotes == ()


def test_the_table_has_one_row_a_measure_theme_and_division() -> None:
    result = compared(*apart())
    table = comparison_table(result)
    assert len(table) == sum(len(found.cells) for kind in result.measures for found in kind.themes)
    assert not table.duplicated(["measure", "value", "code", "division"]).any()
    row = table[(table["code"] == "theft") & (table["division"] == "Pennine")].iloc[0]
    assert (row["tables"], row["rest_tables"], row["verdict"], bool(row["hidden"])) == (6, 3, "more", False)


@st.composite
def evenings(draw: st.DrawFn) -> list:
    made = []
    for number in range(draw(st.integers(1, 3))):
        points = draw(
            st.lists(
                st.builds(
                    said,
                    st.sampled_from(["", "1", "2", "3", "4", "5"]),
                    st.sampled_from(["", "asb", "theft", "dv", "control|asb", "roads|theft"]),
                    new=st.sampled_from(["", "", "p", "q"]),
                    text=st.sampled_from(["bus", "barn", "kite", "dog"]),
                    priority=st.sampled_from(["", "Urgent & Essential", "Not Urgent or Essential"]),
                    aspect=st.sampled_from(["", "challenge", "barrier"]),
                    resident=st.sampled_from(["", "carers"]),
                    mentions=st.integers(1, 3),
                ),
                max_size=12,
            )
        )
        made.append(event(f"e{number}", draw(st.sampled_from(["North", "South", "East"])), points))
    return made


@settings(max_examples=25, deadline=None)
@given(evenings(), st.booleans())
def test_any_events_give_a_valid_comparison_that_keeps_its_promises(made: list, hide_small: bool) -> None:
    result = compared(*made, hide_small=hide_small)
    document = comparison_document(result)
    validate(document, "comparison")
    for kind in result.measures:
        for found in kind.themes:
            assert [one.division for one in found.cells] == [division.name for division in result.divisions]
            for one in found.cells:
                assert one.verdict in VERDICTS
                assert one.sentence.endswith(".")
                assert (one.share is None) == (one.tables is None)
                assert one.share is None or 0 <= one.low <= one.share + 1e-6 <= one.high + 2e-6 <= 1 + 3e-6
                assert (one.p is None) == (one.q is None)
                assert one.p is None or 0 < one.p <= one.q <= 1
                assert one.tables is None or one.rest_tables is None or found.tables == one.tables + one.rest_tables
                if one.verdict in ("more", "less"):
                    assert one.q <= 0.05
                    assert (one.difference > 0) is (one.verdict == "more")


@settings(max_examples=10, deadline=None)
@given(evenings())
def test_the_order_of_the_events_changes_nothing(made: list) -> None:
    documents = {json.dumps(comparison_document(compared(*order))) for order in list(permutations(made))[:3]}
    assert len(documents) == 1


@settings(max_examples=10, deadline=None)
@given(st.integers(3, 8), st.integers(0, 8), st.integers(2, 4))
def test_divisions_that_are_alike_do_not_differ(total: int, raised: int, number: int) -> None:
    raised = min(raised, total)
    result = compared(*(evening(f"e{n}", f"D{n}", total, asb=raised) for n in range(number)))
    if not raised:
        assert "Anti-social behaviour" in result.unraised
        return
    for found in theme(result, "asb").cells:
        assert found.difference == 0
        assert found.p in (None, 1.0)
        assert found.verdict in ("no_clear_difference", "no_difference", "too_few")
    assert isclose(theme(result, "asb").tables, number * raised)


def test_there_is_something_to_compare_with() -> None:
    with pytest.raises(ReadError, match="no event to compare"):
        compared()


def test_themes_of_the_taxonomy_keep_their_codes() -> None:
    result = compared(*apart())
    assert {found.code for found in measure(result, "raised").themes} <= set(TAXONOMY.codes)
    assert theme(result, "control").broader == "dv"
