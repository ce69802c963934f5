from __future__ import annotations

import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from decisions import coded, on_theme, said, shown, split, undone
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from labelled_points import by_topic, labelled_points, topics_of
from test_themes import TAXONOMY

from pipeline.corrections import Decision, Ledger, PointsNow, Replayed, correct, correct_themes, corrections_in_words
from pipeline.results import ThemeRow
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, Theme
from pipeline.themes import gather_themes

MADE: list[dict[str, Any]] = [
    {"text": "litter on the green", "codes": "asb", "scores": "0.700", "evidence": "asb: says 'litter'"},
    {"text": "cars race past the school gates", "codes": "road|asb", "scores": "0.900|0.600"},
    {"text": "swans nest on the weir"},
    {"text": "tea break", "outcome": "procedural"},
    {"text": "litter on the green", "table": "2", "codes": "asb", "scores": "0.800"},
    {"text": "a dark and lonely car park", "table": "2", "codes": "dv", "scores": "0.500"},
]
POINTS = labelled_points(*MADE)
CHANCES = np.round(np.random.default_rng(1).uniform(0.1, 0.9, size=(len(MADE), 3)), 3)
LITTER, CARS, SWANS, TEA = (said(MADE[n]["text"], f"n0{n}-1") for n in range(4))


def replayed(
    *decisions: Decision, points: pd.DataFrame = POINTS, taxonomy: Taxonomy = TAXONOMY
) -> tuple[dict[str, dict[str, Any]], np.ndarray, Replayed]:
    found, chances, told = correct(points, CHANCES, Ledger(decisions), taxonomy, "ev")
    assert list(found.index) == list(points.index)
    return {row["point_id"]: row for row in found.to_dict("records")}, chances, told


# points


def test_a_corrected_point_has_the_codes_outcome_and_evidence_of_the_person_who_coded_it() -> None:
    points, chances, told = replayed(coded(LITTER, "road", "dv"))
    point = points["n00-1"]
    assert (point["codes"], point["scores"], point["outcome"], point["outcome_score"]) == ("road|dv", "1.000|1.000", "labelled", 1.0)
    assert point["evidence"] == "coded by A. Analyst on 2026-05-01; the program said asb 0.700"
    assert point["decided_by"] == "human"
    assert chances[0].tolist() == [0, 1, 1]
    assert [(entry["point_id"], entry["codes"], entry["instead_of"]) for entry in told.applied] == [("n00-1", ["road", "dv"], "asb")]


def test_every_other_point_is_as_it_was() -> None:
    points, chances, _ = replayed(coded(LITTER, "road"))
    for was, row in zip(POINTS.to_dict("records"), points.values(), strict=True):
        if was["point_id"] != "n00-1":
            assert row == was | {"decided_by": "machine"}
    assert (chances[1:] == CHANCES[1:]).all()


def test_without_decisions_nothing_changes_and_nothing_is_told() -> None:
    found, chances, told = correct(POINTS, CHANCES, Ledger(), TAXONOMY, "ev")
    pd.testing.assert_frame_equal(found, POINTS.assign(decided_by="machine"), check_dtype=False)
    assert (chances == CHANCES).all()
    assert corrections_in_words(told.account()) == ()


@pytest.mark.parametrize(
    ("decision", "outcome", "procedural", "chances"),
    [
        (coded(LITTER), "no_match", False, [0, 0, 0]),
        (coded(LITTER, outcome="procedural"), "procedural", True, [0, 0, 0]),
        (coded(TEA, "asb"), "labelled", False, [1, 0, 0]),
    ],
)
def test_none_of_these_and_procedure_are_outcomes_too(decision: Decision, outcome: str, procedural: bool, chances: list[int]) -> None:
    points, found, _ = replayed(decision)
    assert decision.point
    point = points[decision.point.point_id]
    assert (point["outcome"], point["procedural"]) == (outcome, procedural)
    assert found[int(point["point_id"][1:3])].tolist() == chances


def test_not_sure_is_kept_and_changes_nothing() -> None:
    assert replayed(coded(LITTER, outcome="not_sure"))[0] == replayed()[0]
    points, _, told = replayed(coded(LITTER, outcome="not_sure"), coded(LITTER, "road", who="B. Reader"))
    assert (points["n00-1"]["codes"], told.conflicts) == ("road", [])


def test_a_decision_that_is_taken_back_is_the_programs_own_again() -> None:
    decision = coded(LITTER, "road")
    assert replayed(decision, undone(decision))[0] == replayed()[0]


def test_decisions_on_other_events_are_counted_and_left_alone() -> None:
    points, _, told = replayed(coded(LITTER, "road", event="other"))
    assert points == replayed()[0]
    assert told.account()["of_other_events"] == {"other": 1}


# several people


def test_a_persons_later_decision_takes_the_place_of_their_earlier_one() -> None:
    points, _, told = replayed(coded(LITTER, "road"), coded(LITTER, "dv", who=" a. ANALYST "))
    assert (points["n00-1"]["codes"], told.conflicts) == ("dv", [])


def test_two_people_who_say_the_same_agree_in_whatever_order_the_codes_are() -> None:
    points, _, told = replayed(coded(LITTER, "road", "dv"), coded(LITTER, "dv", "road", who="B. Reader"))
    assert (points["n00-1"]["codes"], points["n00-1"]["evidence"][:18], told.conflicts) == ("dv|road", "coded by B. Reader", [])


def test_two_people_who_contradict_each_other_leave_the_programs_label_and_are_told() -> None:
    first, second = coded(LITTER, "road"), coded(LITTER, who="B. Reader")
    points, _, told = replayed(first, second)
    assert points == replayed()[0]
    (conflict,) = told.conflicts
    assert (conflict["point_id"], conflict["kept"]) == ("n00-1", "asb")
    assert [(view["id"], view["says"]) for view in conflict["decisions"]] == [(first.id, ["road"]), (second.id, "no_match")]
    (line,) = corrections_in_words(told.account())
    assert line.startswith("Not agreed: point n00-1 (A. Analyst on 2026-05-01: 'road'; B. Reader on 2026-05-01: none of these).")


def test_who_is_not_sure_settles_nothing_between_others() -> None:
    first, second = coded(LITTER, "road"), coded(LITTER, "dv", who="B. Reader")
    _, _, told = replayed(first, second, coded(LITTER, outcome="not_sure", who="C. Chair", settles=(first.id, second.id)))
    assert [view["says"] for view in told.conflicts[0]["decisions"]] == [["road"], ["dv"]]


def test_a_decision_that_names_both_settles_it_and_no_other_does() -> None:
    first, second = coded(LITTER, "road"), coded(LITTER, "dv", who="B. Reader")
    for person in ("C. Chair", "A. Analyst"):
        third = coded(LITTER, "asb", who=person, origin="w2")
        assert len(replayed(first, second, third)[2].conflicts) == 1
        third = coded(LITTER, "asb", "dv", who=person, origin="w2", settles=(first.id, second.id))
        points, _, told = replayed(first, second, third)
        assert (points["n00-1"]["codes"], told.conflicts) == ("asb|dv", [])
        assert len(replayed(first, second, third, undone(third))[2].conflicts) == 1


def test_what_was_settled_is_open_again_when_somebody_changes_their_mind_without_naming_it() -> None:
    first, second = coded(LITTER, "road"), coded(LITTER, "dv", who="B. Reader")
    third = coded(LITTER, "asb", who="C. Chair", settles=(first.id, second.id))
    own = coded(LITTER, "dv", who="C. Chair", origin="w3")
    assert replayed(first, second, third, own)[0]["n00-1"]["codes"] == "dv"  # who settled it may say otherwise later
    again = coded(LITTER, "road", origin="w3")
    assert len(replayed(first, second, third, again)[2].conflicts) == 1


# a taxonomy that changed


def test_codes_that_the_taxonomy_no_longer_has_are_told_and_those_it_has_stay() -> None:
    points, chances, told = replayed(coded(LITTER, "road", "gone"), coded(CARS, "gone", "went"))
    assert (points["n00-1"]["codes"], chances[0].tolist()) == ("road", [0, 1, 0])
    assert points["n01-1"] == replayed()[0]["n01-1"]
    assert [(entry["point_id"], entry["codes"], entry["applied"]) for entry in told.unknown_codes] == [
        ("n00-1", ["gone"], ["road"]),
        ("n01-1", ["gone", "went"], []),
    ]
    assert "Not in this taxonomy: 'gone' of point n00-1, by A. Analyst on 2026-05-01; 'road' stays." in corrections_in_words(told.account())


# found again


def find(text: str, *, point_id: str = "gone-1", table: str = "1", session: str = "1", points: pd.DataFrame = POINTS, **more: str) -> str:
    return PointsNow(points).find(said(text, point_id, session, table, **more)).point_id


def test_a_point_is_found_by_its_id_only_where_it_says_the_same() -> None:
    assert find("litter on the green", point_id="n00-1") == "n00-1"
    assert find("potholes", point_id="n00-1") == ""


@pytest.mark.parametrize(
    "text",
    ["litter on the green", "Litter, on the  green!", "liter on the green", "litter on the greem", "the litter on the green"],
)
def test_a_point_is_found_by_the_same_or_nearly_the_same_text_at_its_table(text: str) -> None:
    assert find(text) == "n00-1"
    assert find(text, table="2") == "n04-1"


@pytest.mark.parametrize("text", ["litter", "litter on the verge", "swans", "tea", "cars race past the church"])
def test_a_text_that_is_only_somewhat_alike_is_not_taken(text: str) -> None:
    assert find(text) == ""


def test_at_another_table_only_a_telling_text_is_taken_and_only_where_its_own_table_is_gone() -> None:
    assert find("swans nest on the weir", table="9") == "n02-1"
    assert find("swans nest on the weir", table="2") == ""
    assert find("tea break", table="9") == ""
    assert find("litter on the green", table="9") == ""  # said at two tables
    assert find("swans nest on the weir", session="2") == ""


def test_where_two_points_are_as_near_none_is_taken() -> None:
    points = labelled_points("lights out on mill road by night", "lights out on hill road by night")
    assert find("lights out on pill road by night", points=points) == ""
    assert find("lights out on mill road by night", points=points) == "n00-1"


def test_of_one_text_twice_at_a_table_the_aspect_or_the_file_tells_which() -> None:
    points = labelled_points({"text": "burglary", "aspect": "challenge"}, {"text": "burglary", "aspect": "top_priority"})
    assert find("Burglary", aspect="top_priority", points=points) == "n01-1"
    assert find("Burglary", aspect="action", points=points) == ""
    moved = labelled_points({"text": "burglary", "source_file": "a.txt"}, {"text": "burglary", "source_file": "b.txt"})
    assert find("burglary", file="b.txt", points=moved) == "n01-1"


def test_the_number_of_a_placeholder_does_not_matter() -> None:
    points = labelled_points("ring [PERSON 3] about the gates", "ring [PHONE 1] about the gates")
    assert find("Ring [PERSON 1] about the gates", points=points) == "n00-1"


def test_a_decision_that_is_not_found_again_is_told_with_its_text_and_the_report_keeps_the_text_back() -> None:
    points, _, told = replayed(coded(said("potholes", "n77-1", table="2"), "road"))
    assert points == replayed()[0]
    (lost,) = told.not_found
    assert (lost["text"], lost["codes"], lost["reason"]) == ("potholes", ["road"], "no point at its table says the same or nearly the same")
    (line,) = corrections_in_words(told.account())
    assert line.startswith("Not found again: 'road' of a point of session 1, table 2, by A. Analyst on 2026-05-01 (no point")


def test_a_decision_on_the_very_text_goes_before_one_on_a_text_like_it() -> None:
    old, new = coded(said("liter on the green", "n50-1"), "road"), coded(LITTER, "dv")
    for order in ((old, new), (new, old)):
        points, _, told = replayed(*order)
        assert (points["n00-1"]["codes"], told.not_found, told.conflicts) == ("dv", [], [])
    stranger = coded(said("liter on the green", "n50-1"), "road", who="B. Reader")
    points, _, told = replayed(stranger, new)
    assert (points["n00-1"]["codes"], told.conflicts) == ("dv", [])
    assert [lost["reason"] for lost in told.not_found] == ["the point most like it has a decision of its own"]


def test_two_decisions_on_different_texts_that_are_both_like_one_point_are_in_doubt() -> None:
    one, other = coded(said("liter on the green", "n50-1"), "road"), coded(said("litter on the greens", "n51-1"), "dv")
    points, _, told = replayed(one, other)
    assert points == replayed()[0]
    assert len(told.not_found) == 2


# whatever the order of points, however often

CODES = st.lists(st.sampled_from(["asb", "road", "dv", "gone"]), max_size=3, unique=True)
TEXTS = st.sampled_from([*(made["text"] for made in MADE), "liter on the green", "potholes"])
DECISIONS = st.lists(
    st.builds(
        lambda codes, text, point, who, table: coded(said(text, f"n0{point}-1", table=table), *codes, who=who, origin=f"{codes}{text}"),
        CODES,
        TEXTS,
        st.integers(0, 6),
        st.sampled_from(["A. Analyst", "B. Reader"]),
        st.sampled_from(["1", "2", "3"]),
    ),
    max_size=8,
    unique_by=lambda decision: decision.id,
)


@given(DECISIONS, st.randoms(use_true_random=False))
@examples(max_examples=25, deadline=None)
def test_replay_does_not_depend_on_the_order_of_points_and_every_decision_is_accounted_for(
    decisions: list[Decision], rng: random.Random
) -> None:
    points, chances, told = replayed(*decisions)
    order = list(range(len(MADE)))
    rng.shuffle(order)
    moved, other, same = correct(POINTS.iloc[order], CHANCES[order], Ledger(tuple(decisions)), TAXONOMY, "ev")
    assert {row["point_id"]: row for row in moved.to_dict("records")} == points
    assert (other == chances[order]).all()
    assert same.account() == told.account()
    human = {name for name, row in points.items() if row["decided_by"] == "human"}
    assert human == {entry["point_id"] for entry in told.applied}
    lost, argued = {entry["id"] for entry in told.not_found}, {view["id"] for c in told.conflicts for view in c["decisions"]}
    assert not lost & argued
    assert {entry["id"] for entry in told.applied}.isdisjoint(lost | argued)


@given(DECISIONS)
@examples(max_examples=15, deadline=None)
def test_replay_over_its_own_result_changes_no_code(decisions: list[Decision]) -> None:
    once, chances, _ = correct(POINTS, CHANCES, Ledger(tuple(decisions)), TAXONOMY, "ev")
    twice, again, _ = correct(once, chances, Ledger(tuple(decisions)), TAXONOMY, "ev")
    same = ["point_id", "codes", "scores", "outcome", "outcome_score", "procedural"]
    pd.testing.assert_frame_equal(once[same], twice[same])
    assert (again == chances).all()


# themes

SPOKEN = labelled_points(
    {"text": "litter", "codes": "asb", "scores": "0.700", "priority": "Urgent & Essential", "mentions": 2, "level": "local"},
    {"text": "litter | glass", "codes": "asb|road", "scores": "0.700|0.600", "table": "2"},
    {"text": "cars", "codes": "road", "scores": "0.700", "table": "3", "resident": "older people"},
    {"text": "lads", "codes": "dv", "scores": "0.700", "table": "3"},
    {"text": "swans", "table": "4"},
    {"text": "more swans", "table": "4"},
    {"text": "litter", "codes": "asb", "scores": "0.700", "session": "2"},
)
SPOKEN_VECTORS = by_topic([0, 0, 1, 2, 3, 3, 0])
SPOKEN_CHANCES = np.full((7, 3), 0.7)
ASB, ROAD, DV = shown("ev-1-asb", codes=("asb",)), shown("ev-1-road", codes=("road",)), shown("ev-1-dv", codes=("dv",))


def themes(*decisions: Decision, taxonomy: Taxonomy = TAXONOMY) -> tuple[dict[str, ThemeRow], pd.DataFrame, dict[str, Any]]:
    points, chances, told = correct(SPOKEN, SPOKEN_CHANCES, Ledger(decisions), taxonomy, "ev")
    points, found = gather_themes(points, SPOKEN_VECTORS, chances, taxonomy, topics_of, Settings(), named=told.named)
    points, found, account = correct_themes(points, found, told, Settings())
    for session in ("1", "2"):
        assert [theme.rank for theme in found if theme.session == session] == list(range(1, 1 + sum(t.session == session for t in found)))
    return {theme.id: theme for theme in found}, points.set_index("point_id"), account


(SWANS_ID,) = (name for name in themes()[0] if "-new-" in name)


def test_a_theme_that_is_renamed_has_its_new_title_and_is_else_the_same() -> None:
    found, _, account = themes(on_theme("rename", ASB, title="Rubbish"))
    before, _, _ = themes()
    assert found["ev-1-asb"].title == "Rubbish"
    assert {name: theme.title for name, theme in found.items()} == {n: t.title for n, t in before.items()} | {"ev-1-asb": "Rubbish"}
    assert [(entry["what"], entry["title"], entry["instead_of"]) for entry in account["applied"]] == [
        ("rename", "Rubbish", "Anti-social behaviour")
    ]


def test_a_merged_theme_is_shown_under_the_other_and_everything_is_counted_anew() -> None:
    found, points, account = themes(on_theme("merge", ROAD, into="ev-1-asb"))
    before = themes()[0]
    assert set(found) == set(before) - {"ev-1-road"}
    theme = found["ev-1-asb"]
    assert (theme.points, theme.mentions, theme.tables, theme.tables_total, theme.weight) == (3, 4, 3, 4, 8 + 2 + 2)
    assert (theme.codes, theme.residents, theme.levels) == (("asb", "road"), {"older people": 1}, {"local": 1})
    assert theme.point_ids == ("n00-1", "n01-1", "n02-1")
    assert (theme.confidence, theme.stability) == (0.7, round(1 - (1 / 4) ** 4, 3))
    assert {quote.text for quote in theme.quotes} == {"litter", "litter | glass", "cars"}
    assert "With 'Road safety', merged by A. Analyst on 2026-05-01" in theme.why
    assert points["codes"]["n02-1"] == "road"  # what was said is not changed by where it is shown
    assert points["theme_id"]["n02-1"] == "ev-1-asb"
    assert points["decided_by"].tolist() == ["machine"] * 7
    assert [theme["id"] for theme in account["machine_themes"]] == ["ev-1-asb", "ev-1-road"]


def test_points_that_are_split_off_are_in_the_theme_that_was_named_and_in_no_other() -> None:
    litter, glass = said("litter", "n00-1"), said("litter | glass", "n01-1", table="2")
    found, points, account = themes(split(litter, "Broken glass"), split(glass, "broken GLASS"))
    before = themes()[0]
    (own,) = set(found) - set(before)
    assert (found[own].title, found[own].kind, found[own].codes, found[own].points) == ("Broken glass", "emergent", (), 2)
    assert found[own].confidence == 1.0
    assert "2 points at 2 of 4 tables that people split off into this theme" in found[own].why
    assert points["theme_id"][["n00-1", "n01-1"]].tolist() == [own, own]
    assert points["codes"][["n00-1", "n01-1"]].tolist() == SPOKEN.set_index("point_id")["codes"][["n00-1", "n01-1"]].tolist()
    assert not any({"n00-1", "n01-1"} & set(theme.point_ids) for name, theme in found.items() if name != own)
    assert [entry["what"] for entry in account["applied"]] == ["split", "split"]


def test_a_theme_that_was_split_off_can_be_renamed_merged_and_rejected() -> None:
    apart = split(said("litter", "n00-1"), "Rubbish")
    (own,) = set(themes(apart)[0]) - set(themes()[0])
    assert themes(apart, on_theme("rename", shown(own), title="Waste"))[0][own].title == "Waste"
    assert "n00-1" in themes(apart, on_theme("merge", shown(own), into="ev-1-road"))[0]["ev-1-road"].point_ids
    found, points, _ = themes(apart, on_theme("reject", shown(own)))
    assert (own in found, points["theme_id"]["n00-1"]) == (False, "")


def test_two_people_who_name_two_themes_for_one_point_leave_it_where_it_was() -> None:
    litter = said("litter", "n00-1")
    found, _, account = themes(split(litter, "Rubbish"), split(litter, "Waste", who="B. Reader"))
    assert set(found) == set(themes()[0])
    ((conflict),) = account["conflicts"]
    assert (conflict["point_id"], conflict["matter"], [view["says"] for view in conflict["decisions"]]) == (
        "n00-1",
        "split",
        ["Rubbish", "Waste"],
    )
    agreed = themes(split(litter, "Rubbish"), split(litter, "RUBBISH", who="B. Reader"))
    assert agreed[2]["conflicts"] == []


def test_a_split_that_is_taken_back_not_found_or_of_the_running_of_the_event_changes_nothing() -> None:
    before, apart = themes()[0], split(said("litter", "n00-1"), "Rubbish")
    assert themes(apart, undone(apart))[0] == before
    found, _, account = themes(split(said("nobody said this at all", "n99-1"), "Rubbish"))
    assert found == before
    (line,) = corrections_in_words(account)
    assert line.startswith("Not found again: theme 'Rubbish' of a point of session 1, table 1, by A. Analyst")
    *_, told = replayed(split(TEA, "Catering"))
    assert [entry["reason"] for entry in told.not_found] == ["it is on the running of the event, which is in no theme"]
    assert told.named == {}


def test_merges_go_on_from_one_to_the_next_and_an_emergent_theme_can_be_merged() -> None:
    found, points, _ = themes(on_theme("merge", shown(SWANS_ID), into="ev-1-road"), on_theme("merge", ROAD, into="ev-1-asb"))
    assert sorted(name for name in found if name.startswith("ev-1")) == ["ev-1-asb", "ev-1-dv"]
    assert found["ev-1-asb"].points == 5
    assert set(points["theme_id"][["n00-1", "n02-1", "n04-1", "n05-1"]]) == {"ev-1-asb"}
    assert found["ev-1-asb"].stability is None


def test_what_is_merged_into_a_merged_theme_goes_where_that_one_went() -> None:
    found, points, _ = themes(on_theme("merge", ASB, into="ev-1-road"), on_theme("merge", DV, into="ev-1-asb"))
    assert sorted(name for name in found if name.startswith("ev-1")) == sorted(["ev-1-road", SWANS_ID])
    assert found["ev-1-road"].point_ids == ("n00-1", "n01-1", "n02-1", "n03-1")
    assert points["theme_id"]["n03-1"] == "ev-1-road"


@pytest.mark.parametrize(
    ("decisions", "reason"),
    [
        ([on_theme("merge", ROAD, into="ev-1-asb"), on_theme("merge", ASB, into="ev-1-road")], "the themes are merged in a circle"),
        ([on_theme("merge", ROAD, into="ev-1-road")], "the themes are merged in a circle"),
        ([on_theme("merge", ROAD, into="ev-2-asb")], "this run has no such theme to merge it into"),
        ([on_theme("merge", ROAD, into="ev-1-nothing")], "this run has no such theme to merge it into"),
        ([on_theme("merge", shown("ev-1-nothing"), into="ev-1-asb")], "this run has no such theme"),
        ([on_theme("rename", shown("ev-1-nothing"), title="x")], "this run has no such theme"),
        ([on_theme("reject", shown("ev-1-new-0"))], "this run has no such theme"),
        ([on_theme("reject", shown("ev-2-dv", codes=("dv",), session="2"))], "no point of its session carries its code"),
        (
            [on_theme("merge", ROAD, into=SWANS_ID), on_theme("reject", shown(SWANS_ID))],
            "the theme it was to go into is rejected",
        ),
    ],
)
def test_a_decision_that_cannot_be_carried_out_is_told(decisions: list[Decision], reason: str) -> None:
    found, _, account = themes(*decisions)
    assert {entry["reason"] for entry in account["not_found"]} == {reason}
    assert set(themes()[0]) - set(found) <= {SWANS_ID}
    assert all(line.startswith(("Not found again: ", "1 decision")) for line in corrections_in_words(account))


def test_a_rejected_theme_is_gone_and_its_code_taken_from_points_that_nobody_coded() -> None:
    found, points, account = themes(on_theme("reject", ASB))
    assert "ev-1-asb" not in found
    assert "ev-2-asb" in found  # another session
    assert points["codes"][["n00-1", "n01-1", "n06-1"]].tolist() == ["", "road", "asb"]
    assert points["outcome"][["n00-1", "n01-1"]].tolist() == ["undecided", "labelled"]
    assert points["scores"]["n01-1"] == "0.600"
    assert points["decided_by"][["n00-1", "n01-1", "n02-1"]].tolist() == ["human", "human", "machine"]
    assert points["evidence"]["n00-1"].startswith("theme 'asb' rejected by A. Analyst on 2026-05-01; before: ")
    (entry,) = account["applied"]
    assert (entry["points"], entry["kept"]) == (2, 0)


def test_a_point_that_somebody_coded_keeps_its_code_when_the_theme_is_rejected() -> None:
    found, points, account = themes(on_theme("reject", ASB), coded(said("litter", "n00-1"), "asb", who="B. Reader"))
    assert found["ev-1-asb"].point_ids == ("n00-1",)
    assert points["codes"][["n00-1", "n01-1"]].tolist() == ["asb", "road"]
    assert [(entry["points"], entry["kept"]) for entry in account["applied"] if entry["what"] == "reject"] == [(1, 1)]


def test_two_themes_of_one_point_can_both_be_rejected() -> None:
    points = themes(on_theme("reject", ASB), on_theme("reject", ROAD))[1]
    assert (points["codes"]["n01-1"], points["outcome"]["n01-1"]) == ("", "undecided")


def test_a_rejected_emergent_theme_is_left_out_and_its_points_have_no_theme() -> None:
    found, points, account = themes(on_theme("reject", shown(SWANS_ID)))
    assert SWANS_ID not in found
    assert points["theme_id"][["n04-1", "n05-1"]].tolist() == ["", ""]
    assert points["outcome"]["n04-1"] == "no_match"
    assert [theme["id"] for theme in account["machine_themes"]] == [SWANS_ID]


def test_people_who_contradict_each_other_on_a_theme_are_told_and_the_program_stands() -> None:
    one, other = on_theme("rename", ASB, title="Rubbish"), on_theme("rename", ASB, title="Mess", who="B. Reader")
    found, _, account = themes(one, other, on_theme("reject", DV), on_theme("merge", DV, into="ev-1-asb", who="B. Reader"))
    assert found["ev-1-asb"].title == "Anti-social behaviour"
    assert "ev-1-dv" in found
    assert [conflict["theme_id"] for conflict in account["conflicts"]] == ["ev-1-dv", "ev-1-asb"]
    settled = on_theme("rename", ASB, title="Mess", origin="w2", settles=(one.id, other.id))
    assert themes(one, other, settled)[0]["ev-1-asb"].title == "Mess"


def test_a_merged_theme_stays_known_to_a_theme_that_it_is_part_of() -> None:
    taxonomy = Taxonomy("t", "1", (*TAXONOMY.themes[:2], Theme("dv", "Domestic violence", broader="road")))
    found, _, _ = themes(on_theme("merge", ROAD, into="ev-1-asb"), taxonomy=taxonomy)
    titles = {code: theme.title for theme in found.values() for code in theme.codes}
    assert all(theme.broader in titles for theme in found.values() if theme.broader)
