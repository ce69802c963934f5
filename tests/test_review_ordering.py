from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_points import at_angles, by_topic, labelled_points, topics_of
from test_themes import TAXONOMY

from pipeline.embed import Vectors
from pipeline.review.covering import Cover
from pipeline.review.ordering import STANDS_OUT, sample, worth
from pipeline.settings import Settings
from pipeline.themes import gather_themes

POINTS = labelled_points(
    {"text": "sure of litter", "codes": "asb"},
    {"text": "litter too", "codes": "asb", "table": "2"},
    {"text": "unsure of litter", "codes": "asb", "table": "3"},
    {"text": "litter a fourth time", "codes": "asb", "table": "3"},
    {"text": "a single car", "codes": "road"},
    {"text": "tea break", "outcome": "procedural"},
)
CHANCES = np.array([[0.99, 0.0, 0.0], [0.98, 0.0, 0.0], [0.52, 0.0, 0.0], [0.97, 0.0, 0.0], [0.0, 0.97, 0.0], [0.5, 0.5, 0.5]])
LABELS = [theme.label for theme in TAXONOMY.themes]


def found() -> dict[str, tuple[int, str]]:
    """Place and reason of each point."""
    vectors = by_topic([0, 0, 0, 0, 1, 2])
    points, themes = gather_themes(POINTS, vectors, CHANCES, TAXONOMY, topics_of, Settings())
    points = points.set_index("point_id").loc[POINTS["point_id"]].reset_index()
    scored = worth(points, themes, CHANCES, np.array([0.5, 0.5, 0.5]), LABELS, vectors)
    return {text: (one.place, one.because) for text, one in zip(POINTS["text"], scored, strict=True)}


def test_a_point_near_the_threshold_comes_before_a_sure_one_and_says_why() -> None:
    told = found()
    assert told["unsure of litter"][1] == "uncertain: Anti-social behaviour 0.52, given from 0.50"
    assert told["unsure of litter"][0] < told["litter a fourth time"][0]
    assert told["litter a fourth time"][1] == ""


def test_a_point_that_is_a_theme_by_itself_and_like_no_other_says_so() -> None:
    assert found()["a single car"][1] == "'Road safety' is a theme by this point alone; no other point is like it"


def test_what_was_said_on_the_running_of_the_event_comes_last_without_a_word() -> None:
    assert found()["tea break"] == (len(POINTS) - 1, "")


def places(vectors: Vectors, uncertain: Sequence[float], **columns: Sequence[str]) -> list[int]:
    """Rows of points with such vectors, each so uncertain of its one theme, in the order in which they are to be looked at."""
    points = labelled_points(*(f"point {number}" for number in range(len(vectors)))).assign(**columns)
    chances = 0.5 + (1.0 - np.array(uncertain)[:, None]) / 2.0
    scored = worth(points, [], chances, np.array([0.5]), ["Litter"], vectors)
    return sorted(range(len(scored)), key=lambda row: scored[row].place)


def test_the_first_point_is_the_middle_of_the_most_and_the_second_is_of_what_is_left() -> None:
    assert places(at_angles(0, 20, 40, 120, 140), [1, 1, 1, 1, 1])[:2] == [1, 3]


def test_points_that_are_like_what_a_person_decided_on_come_after_those_that_are_not() -> None:
    decided = ["human", "machine", "machine", "machine", "machine"]
    found = places(at_angles(0, 20, 40, 120, 140), [1, 1, 1, 1, 1], decided_by=decided)
    assert (found[0], found[-1]) == (3, 0)


def test_points_of_which_all_is_sure_are_passed_over_for_those_of_which_it_is_not() -> None:
    assert places(at_angles(0, 10, 20, 30, 120), [0, 0, 0, 0, 1])[0] == 4


def test_one_row_in_eight_is_the_point_that_stands_out_most() -> None:
    vectors = np.vstack([at_angles(*range(0, 40, 2)), at_angles(170)])
    assert places(vectors, [1.0] * 20 + [0.0])[STANDS_OUT - 1] == 20


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 360), st.floats(0, 1)), min_size=1, max_size=12))
def test_each_row_adds_most_to_what_is_known_by_plain_arithmetic(points: list[tuple[float, float]]) -> None:
    vectors, uncertain = at_angles(*(degrees for degrees, _ in points)), np.array([share for _, share in points])
    likeness = np.maximum(0.0, vectors.astype(np.float64) @ vectors.astype(np.float64).T)
    cover, left, known = Cover(vectors, uncertain), np.ones(len(points), dtype=bool), np.zeros(len(points))
    while left.any():
        adds = uncertain @ np.maximum(0.0, likeness - known[:, None])
        row = cover.best(left)
        assert left[row]
        assert adds[row] >= adds[left].max() - 1e-4
        cover.see(row)
        left[row], known = False, np.maximum(known, likeness[row])


def test_a_point_whose_table_lifts_its_theme_above_the_next_says_so() -> None:
    points = labelled_points(
        {"text": "litter", "codes": "asb", "priority": "Urgent & Essential"},
        {"text": "more litter", "codes": "asb", "table": "2", "priority": "Not Urgent or Essential"},
        *({"text": f"car {n}", "codes": "road", "table": f"{n}"} for n in range(3)),
    )
    vectors = by_topic([0, 0, 1, 1, 1])
    chances = np.full((5, 3), 0.9)
    themed, themes = gather_themes(points, vectors, chances, TAXONOMY, topics_of, Settings())
    scored = worth(themed, themes, chances, np.full(3, 0.5), LABELS, vectors)
    because = dict(zip(themed["text"], (one.because for one in scored), strict=True))
    assert because["litter"] == "'Anti-social behaviour' ranks where it does by this point"
    assert because["more litter"] == "one of 2 points of 'Anti-social behaviour'"


def test_an_event_of_one_point_or_a_taxonomy_of_no_theme_has_an_order_too() -> None:
    points = labelled_points({"text": "litter"})
    themed, themes = gather_themes(points, by_topic([0]), np.zeros((1, 0)), TAXONOMY, topics_of, Settings())
    (one,) = worth(themed, themes, np.zeros((1, 0)), np.zeros(0), [], by_topic([0]))
    assert one.because.endswith("no other point is like it")


def test_the_sample_is_the_same_for_the_same_seed_whatever_the_order_and_of_the_size_asked_for() -> None:
    points = [f"n{number}" for number in range(50)]
    assert sample(points, 20, 0) == sample(points[::-1], 20, 0) != sample(points, 20, 1)
    assert [len(sample(points, number, 0)) for number in (0, 20, 99)] == [0, 20, 50]


def test_every_point_is_as_likely_as_any_other_to_be_drawn() -> None:
    points = [f"n{number}" for number in range(10)]
    times = {point: sum(point in sample(points, 3, seed) for seed in range(2000)) for point in points}
    assert all(abs(count - 600) < 5 * (2000 * 0.3 * 0.7) ** 0.5 for count in times.values())
