from __future__ import annotations

import numpy as np
from labelled_points import by_topic, labelled_points, topics_of
from test_themes import TAXONOMY

from pipeline.review.ordering import sample, worth
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


def found() -> dict[str, tuple[float, str]]:
    vectors = by_topic([0, 0, 0, 0, 1, 2])
    points, themes = gather_themes(POINTS, vectors, CHANCES, TAXONOMY, topics_of, Settings())
    points = points.set_index("point_id").loc[POINTS["point_id"]].reset_index()
    scored = worth(points, themes, CHANCES, np.array([0.5, 0.5, 0.5]), LABELS, vectors)
    return {text: (one.score, one.because) for text, one in zip(POINTS["text"], scored, strict=True)}


def test_a_point_near_the_threshold_comes_before_a_sure_one_and_says_why() -> None:
    scores = found()
    assert scores["unsure of litter"][1] == "uncertain: Anti-social behaviour 0.52, given from 0.50"
    assert scores["unsure of litter"][0] > scores["litter a fourth time"][0]
    assert scores["litter a fourth time"][1] == ""


def test_a_point_that_is_a_theme_by_itself_and_like_no_other_says_so() -> None:
    score, because = found()["a single car"]
    assert because == "'Road safety' is a theme by this point alone; no other point is like it"
    assert score == max(score for score, _ in found().values())


def test_what_was_said_on_the_running_of_the_event_is_worth_no_look() -> None:
    assert found()["tea break"] == (0.0, "")


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
