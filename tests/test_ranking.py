from __future__ import annotations

import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from labelled_points import by_topic, labelled_points, topics_of

from pipeline.records import ASPECTS, PRIORITIES
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, Theme
from pipeline.themes import gather_themes
from pipeline.themes.ranking import weight

MOST, URGENT, ESSENTIAL, LEAST = PRIORITIES
Point = tuple[str, str, str]  # table, priority, aspect


def weighed(*points: Point) -> int:
    return weight(pd.DataFrame(points, columns=["table", "priority", "aspect"]))


@pytest.mark.parametrize(
    ("points", "figure"),
    [
        ([("1", MOST, "challenge")], 8),
        ([("1", URGENT, "challenge")], 4),
        ([("1", ESSENTIAL, "challenge")], 2),
        ([("1", LEAST, "challenge")], 1),
        ([("1", "", "barrier")], 2),
        ([("1", "", "top_priority")], 8),
        ([("1", LEAST, "top_priority")], 8),
        ([("1", LEAST, ""), ("1", URGENT, ""), ("1", "", "")], 4),  # a table at its most urgent
        ([("1", MOST, "")] * 5, 8),  # said five times at one table: one table's view
        ([("1", MOST, ""), ("2", URGENT, ""), ("10", "", ""), ("3", LEAST, "")], 15),
        ([("", MOST, ""), ("", URGENT, "")], 8),  # without tables: as one table
        ([("", "", ""), ("1", "", ""), ("2", "", "")], 6),
        ([("1", "", "issue"), ("2", "", "action"), ("2", "", "issue")], 4),  # no priorities: two for each table
    ],
)
def test_a_theme_weighs_what_was_worked_out_by_hand(points: list[Point], figure: int) -> None:
    assert weighed(*points) == figure


def test_each_step_of_urgency_counts_twice_the_one_below() -> None:
    for step, priority in enumerate(reversed(PRIORITIES)):
        assert weighed(("1", priority, "")) == weighed(*((str(table), LEAST, "") for table in range(2**step)))


POINT = st.tuples(st.sampled_from(["", "1", "2", "10"]), st.sampled_from(["", *PRIORITIES]), st.sampled_from(["", *ASPECTS]))


@given(st.lists(POINT, min_size=1, max_size=8), POINT, st.randoms(use_true_random=False))
@examples(max_examples=60, deadline=None)
def test_more_points_never_weigh_less_and_their_order_changes_nothing(points: list[Point], more: Point, chance: random.Random) -> None:
    figure = weighed(*points)
    tables = len({table for table, *_ in points})
    assert tables <= figure <= 8 * tables
    assert weighed(*chance.sample(points, len(points))) == figure
    assert weighed(*points, more) >= figure
    if more[0] not in {table for table, *_ in points}:
        assert weighed(*points, more) == figure + weighed(more)


# the order of themes

TAXONOMY = Taxonomy("t", "1", (Theme("road", "Road safety"), Theme("asb", "Anti-social behaviour")))


@pytest.mark.parametrize(
    ("road", "first"),
    [
        ([{}], "Anti-social behaviour"),  # all equal: by title
        ([{}, {"text": "again"}], "Road safety"),  # more mentions, at one table
        ([{"priority": MOST}], "Road safety"),
        ([{"priority": LEAST, "mentions": 9}], "Anti-social behaviour"),  # weight before mentions
        ([{"priority": LEAST, "table": "1"}, {"priority": LEAST, "table": "2"}], "Road safety"),  # 2 each; then mentions
    ],
)
def test_a_rule_decides_when_those_before_it_are_equal(road: list[dict[str, Any]], first: str) -> None:
    made = labelled_points({"text": "litter", "codes": "asb"}, *({"text": "cars", "codes": "road"} | point for point in road))
    _, themes = gather_themes(made, by_topic([0] * len(made)), np.full((len(made), 2), 0.5), TAXONOMY, topics_of, Settings())
    assert themes[0].title == first
    assert [theme.rank for theme in themes] == [1, 2]


def test_of_equal_weight_and_mentions_more_points_come_first() -> None:
    made = labelled_points(
        {"text": "litter", "codes": "asb", "mentions": 2}, *({"text": text, "codes": "road"} for text in ("cars", "vans"))
    )
    _, themes = gather_themes(made, by_topic([0, 1, 1]), np.full((3, 2), 0.5), TAXONOMY, topics_of, Settings())
    assert [(theme.weight, theme.mentions, theme.points, theme.codes) for theme in themes] == [(2, 2, 2, ("road",)), (2, 2, 1, ("asb",))]


def test_emergent_themes_rank_among_the_others() -> None:
    made = labelled_points(
        {"text": "litter", "codes": "asb", "priority": URGENT},
        {"text": "swans", "priority": MOST},
        {"text": "cars", "codes": "road", "mentions": 30},
    )
    _, themes = gather_themes(made, by_topic([0, 1, 2]), np.full((3, 2), 0.5), TAXONOMY, topics_of, Settings())
    assert [(theme.weight, theme.title) for theme in themes] == [(8, "Swans"), (4, "Anti-social behaviour"), (2, "Road safety")]
