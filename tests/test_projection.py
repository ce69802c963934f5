"""Places of points on a map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from labelled_points import by_topic, labelled_points

from pipeline import projection
from pipeline.projection import project

TOPICS = [0, 0, 0, 1, 1, 1, 2, 2, 2]


def noted(topics: list[int], **shared: object) -> pd.DataFrame:
    themes = [{"text": f"point {number}", "codes": f"c{topic}"} for number, topic in enumerate(topics)]
    return labelled_points(*themes, **shared).assign(theme_id=[f"t{topic}" for topic in topics])


def placed(points: pd.DataFrame, topics: list[int]) -> dict[str, tuple[float, float]]:
    return {row.point_id: (row.x, row.y) for row in project(points, by_topic(topics)).itertuples()}


def test_points_of_a_theme_lie_nearer_each_other_than_any_of_another_theme() -> None:
    points = noted(TOPICS)
    places = placed(points, TOPICS)
    at = np.array([places[point] for point in points["point_id"]])
    apart = np.linalg.norm(at[:, None] - at[None], axis=-1)
    same = np.equal.outer(TOPICS, TOPICS)
    assert apart[same].max() < apart[~same].min()
    assert np.abs(at).max() == 1.0


@given(st.permutations(range(len(TOPICS))))
@examples(max_examples=25, deadline=None)
def test_each_point_keeps_its_place_whatever_the_order_of_rows(order: list[int]) -> None:
    points, vectors = noted(TOPICS), by_topic(TOPICS)
    moved = project(points.iloc[order].reset_index(drop=True), vectors[order])
    pd.testing.assert_frame_equal(moved, project(points, vectors))


def test_each_session_has_a_plane_of_its_own() -> None:
    both = noted(TOPICS * 2).assign(session=["1"] * 9 + ["2"] * 9)
    places = placed(both, TOPICS * 2)
    for session in ("1", "2"):
        at = np.array([places[point] for point in both.loc[both["session"] == session, "point_id"]])
        assert np.abs(at).max() == 1.0
        assert at.mean(axis=0) == pytest.approx([0, 0], abs=0.01)


def test_points_without_a_theme_have_a_place_and_procedural_ones_have_none() -> None:
    points = noted(TOPICS)
    points.loc[0, "theme_id"] = ""
    points.loc[1, "outcome"] = "procedural"
    assert set(placed(points, TOPICS)) == set(points["point_id"]) - {points["point_id"][1]}


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_sessions_too_small_or_too_large_for_a_map_have_no_places(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "MOST_POINTS", 4)
    assert project(noted([0] * number), by_topic([0] * number)).to_dict("list") == {"point_id": [], "x": [], "y": []}


def test_points_that_are_all_the_same_lie_in_one_place() -> None:
    assert set(project(noted([0, 0, 0]), by_topic([0])[[0, 0, 0]])[["x", "y"]].itertuples(index=False, name=None)) == {(0.0, 0.0)}
