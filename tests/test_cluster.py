from __future__ import annotations

import random
import re
import tracemalloc

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist, squareform
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_info, threadpool_limits

import pipeline.cluster
from pipeline.cluster import EXACT, Floats, _distinct, cluster, cuts_of, partition, silhouettes, smoothed
from pipeline.embed import Encoder, Repeated, Vectors, dense, embed
from pipeline.errors import ContractError
from pipeline.records import Points, empty
from pipeline.settings import Settings

SETTINGS = Settings()


def points_of(texts: list[str], *, sessions: list[str] | None = None, procedural: tuple[str, ...] = ()) -> pd.DataFrame:
    rows = [
        {
            "point_id": f"p{number:04d}", "note_id": f"n{number:04d}", "event": "e", "division": "E",
            "session": (sessions or ["1"] * len(texts))[number],
            "table": "", "heading": "", "topic": "", "aspect": "", "priority": "", "level": "", "resident": "", "text": text,
            "source_file": "f.txt",
            "source_locator": "line 1", "start": 0, "end": len(text), "mentions": 1, "tally": "", "expanded": text, "lemmas": text,
            "lemma_spans": " ".join(f"{word.start()}:{word.end()}" for word in re.finditer(r"\S+", text)),
            "phrases": "", "procedural": text in procedural,
        }
        for number, text in enumerate(texts)
    ]  # fmt: skip
    return pd.DataFrame(rows)[list(empty(Points).columns)] if rows else empty(Points)


def unit(*angles: float) -> Vectors:
    """Unit vectors in the plane, by their angles in degrees."""
    turned = np.radians(np.array(angles, dtype=np.float64).reshape(-1))
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def clusters(texts: list[str], vectors: Vectors, **more: object) -> list[int]:
    return list(cluster(points_of(texts, **more), vectors, SETTINGS)["cluster"])  # type: ignore[arg-type]


def test_no_points_give_an_empty_table_with_the_column() -> None:
    found = cluster(empty(Points), np.zeros((0, 0), dtype=np.float32), SETTINGS)
    assert len(found) == 0
    assert "cluster" in found


def test_one_point_is_cluster_0() -> None:
    assert clusters(["litter"], unit(0)) == [0]


def test_two_different_points_stand_alone_in_the_order_of_the_alphabet() -> None:
    assert clusters(["speeding", "litter"], unit(0, 80)) == [1, 0]


@pytest.mark.parametrize(("angle", "found"), [(41, [0, 0, 0]), (42, [1, 0, 0])])  # cosines 0.755 and 0.743
def test_two_points_alone_are_together_if_they_are_alike(angle: float, found: list[int]) -> None:
    assert clusters(["speeding", "litter", "litter"], unit(0, angle, angle)) == found


def test_five_points_in_two_bundles_are_two_clusters_the_larger_first() -> None:
    assert clusters(["a", "b", "c", "d", "e"], unit(0, 90, 91, 1, 92)) == [1, 0, 0, 1, 0]


def test_thirty_points_in_three_bundles_are_three_clusters_by_size() -> None:
    angles = [*np.linspace(0, 3, 6), *np.linspace(60, 64, 10), *np.linspace(120, 125, 14)]
    assert clusters([f"t{n:02d}" for n in range(30)], unit(*angles)) == [2] * 6 + [1] * 10 + [0] * 14


def test_clusters_of_one_size_are_numbered_by_their_first_text() -> None:
    assert clusters(["y", "b", "z", "a"], unit(0, 90, 1, 91)) == [1, 0, 1, 0]


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_identical_points_are_one_cluster(count: int) -> None:
    assert clusters(["litter"] * count, unit(*[30] * count)) == [0] * count


@pytest.mark.parametrize("count", [3, 5, 30])
def test_points_that_all_differ_alike_are_not_split_at_random(count: int) -> None:
    assert clusters([f"t{n:02d}" for n in range(count)], np.eye(count, dtype=np.float32)) == [0] * count


def test_repeats_of_a_text_stay_together() -> None:
    assert clusters(["a", "b", "a", "b", "a"], unit(0, 90, 0, 90, 0)) == [0, 1, 0, 1, 0]


def test_real_texts_about_one_thing_are_together(encoder: Encoder) -> None:
    texts = [
        "cars speeding past the school", "speeding on the bypass", "drivers speed through the village",
        "litter all over the park", "rubbish and litter on the pavement", "litter bins overflow in the park", "park is full of litter",
    ]  # fmt: skip
    assert clusters(texts, embed(texts, encoder)) == [1, 1, 1, 0, 0, 0, 0]


def test_procedural_points_get_no_cluster_and_sway_none() -> None:
    texts = ["a", "b", "tea break", "c", "d", "tea break"]
    vectors = unit(0, 1, 45, 90, 91, 45)
    found = clusters(texts, vectors, procedural=("tea break",))
    assert found == [0, 0, -1, 1, 1, -1]
    assert [n for n in found if n >= 0] == clusters(["a", "b", "c", "d"], unit(0, 1, 90, 91))


def test_only_procedural_points_are_all_without_a_cluster() -> None:
    assert clusters(["tea break"] * 3, unit(0, 1, 2), procedural=("tea break",)) == [-1, -1, -1]


def test_sessions_are_clustered_apart() -> None:
    texts, angles = ["a", "b", "c", "d", "e"], (0, 90, 91, 1, 2)
    both = clusters([*texts, *texts], unit(*angles, *angles[::-1]), sessions=["1"] * 5 + ["2"] * 5)
    assert both[:5] == clusters(texts, unit(*angles)) == [0, 1, 1, 0, 0]
    assert both[5:] == clusters(texts, unit(*angles[::-1])) == [0, 0, 1, 1, 0]


def bundles(seed: int, count: int, size: int) -> tuple[Vectors, npt.NDArray[np.int64]]:
    draws = np.random.default_rng(seed)
    middles = np.eye(16)[:count]
    of = np.repeat(np.arange(count), size)
    made = middles[of] + draws.normal(0, 0.03, (len(of), 16))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32), of


@given(seed=st.integers(0, 50), order=st.permutations(range(30)), sizes=st.sampled_from([(3, 10), (5, 6), (15, 2), (2, 15)]))
@examples(max_examples=10, deadline=None)
def test_the_order_of_rows_changes_no_cluster(seed: int, order: list[int], sizes: tuple[int, int]) -> None:
    vectors, _ = bundles(seed, *sizes)
    points = points_of([f"t{(n * 7) % 30:02d}" for n in range(30)])
    found = cluster(points, vectors, SETTINGS)["cluster"].to_numpy()
    shuffled = cluster(points.iloc[order].reset_index(drop=True), vectors[order], SETTINGS)["cluster"].to_numpy()
    assert list(shuffled) == list(found[order])


@given(st.lists(st.floats(0, 360, width=32), min_size=0, max_size=12))
@examples(max_examples=20, deadline=None)
def test_every_point_gets_a_cluster_numbered_without_gaps_and_largest_first(angles: list[float]) -> None:
    found = clusters([f"t{n:02d}" for n in range(len(angles))], unit(*angles) if angles else np.zeros((0, 0), dtype=np.float32))
    sizes = [found.count(n) for n in range(max(found, default=-1) + 1)]
    assert sum(sizes) == len(angles)
    assert sizes == sorted(sizes, reverse=True)
    assert 0 not in sizes


def test_more_points_than_are_compared_pair_by_pair_still_fall_into_their_bundles() -> None:
    vectors, of = bundles(3, 3, EXACT // 3 + 10)
    found = partition(vectors, seed=0)
    assert len(set(zip(found, of, strict=True))) == 3 == len(set(found))


def test_the_table_is_otherwise_as_given() -> None:
    points = points_of(["a", "b", "c"])
    pd.testing.assert_frame_equal(cluster(points, unit(0, 1, 90), SETTINGS).drop(columns="cluster"), points)


def test_vectors_of_another_table_are_refused() -> None:
    with pytest.raises(ContractError, match="2 points but 3 vectors"):
        cluster(points_of(["a", "b"]), unit(0, 1, 2), SETTINGS)


def test_a_table_that_skipped_tokenise_is_refused() -> None:
    with pytest.raises(ContractError, match="expanded"):
        cluster(points_of(["a"]).drop(columns="expanded"), unit(0), SETTINGS)


@given(seed=st.integers(0, 1000), count=st.integers(2, 40), grid=st.sampled_from([1, 3, 1000]))
@examples(max_examples=50, deadline=None)
def test_cuts_are_those_of_scipy_also_where_merges_are_of_one_height(seed: int, count: int, grid: int) -> None:
    made = np.random.default_rng(seed).integers(0, 2 * grid, size=(count, 3)).astype(float)
    tree = linkage(made, method="average")
    for number, labels in enumerate(cuts_of(tree, range(1, count + 1)), 1):
        expected = fcluster(tree, number, criterion="maxclust")
        assert sorted(set(labels.tolist())) == list(range(labels.max() + 1))
        assert np.array_equal(labels[:, None] == labels[None, :], expected[:, None] == expected[None, :])


@given(seed=st.integers(0, 1000), count=st.integers(1, 40), grid=st.sampled_from([1, 2, 1000]))
@examples(max_examples=50, deadline=None)
def test_distinct_rows_are_those_of_numpy_whether_or_not_each_is_held_once(seed: int, count: int, grid: int) -> None:
    drawn = np.random.default_rng(seed)
    held = drawn.integers(0, grid + 1, size=(count, 5)).astype(np.float32)
    rows = drawn.integers(0, count, size=2 * count)
    for made in (held, Repeated(held, rows)):
        expected, inverse = np.unique(dense(made), axis=0, return_inverse=True)
        distinct, found = _distinct(made)
        assert np.array_equal(dense(distinct), expected)
        assert np.array_equal(found, inverse.reshape(-1))


def test_a_large_session_is_clustered_without_a_copy_of_its_vectors() -> None:
    rows = np.arange(40_000, dtype=np.intp)
    made = np.random.default_rng(0).normal(size=(40_000, 96)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    tracemalloc.start()
    distinct, _ = _distinct(Repeated(made, rows))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(distinct) == len(made)
    assert most < made.nbytes / 2


@given(seed=st.integers(0, 1000), count=st.integers(3, 40))
@examples(max_examples=25, deadline=None)
def test_silhouettes_are_those_of_the_book(seed: int, count: int) -> None:
    made = np.random.default_rng(seed).normal(size=(count, 3))
    distances = squareform(pdist(made))
    tree = linkage(squareform(distances, checks=False), method="average")
    cuts = cuts_of(tree, range(1, count + 1))
    for labels, score in zip(cuts, silhouettes(distances, cuts), strict=True):
        known = 1 < len(set(labels)) < count
        assert score == pytest.approx(silhouette_score(distances, labels, metric="precomputed") if known else 0.0, abs=1e-8)


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions of more than forty points go by way of micro-clusters."""
    for name, value in {"EXACT": 40, "MICRO": 30, "LEARNT_FROM": 60, "AT_A_TIME": 7}.items():
        monkeypatch.setattr(pipeline.cluster, name, value)


@pytest.mark.usefixtures("few_are_many")
@given(seed=st.integers(0, 50), shuffle=st.randoms(use_true_random=False))
@examples(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_neither_order_nor_repeats_change_large_sessions(seed: int, shuffle: random.Random) -> None:
    vectors = np.vstack([bundles(seed, 5, 18)[0], bundles(seed, 5, 2)[0]])
    order = shuffle.sample(range(100), 100)
    found, moved = partition(vectors, seed=0), partition(vectors[order], seed=0)
    assert len(set(zip(found[order], moved, strict=True))) == len(set(found)) == len(set(moved))
    again = partition(np.vstack([vectors, vectors]), seed=0)
    assert list(again[:100]) == list(again[100:])


def test_products_are_computed_on_one_thread_whatever_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last bits of a product depend on how many threads share it; that seldom moves a label, so the threads are looked at."""
    seen: list[int] = []

    def looked_at(vectors: Vectors) -> Floats:
        seen.extend(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas")
        return smoothed(vectors)

    monkeypatch.setattr(pipeline.cluster, "smoothed", looked_at)
    with threadpool_limits(2):
        found = partition(bundles(4, 3, 5)[0], seed=0)
        assert {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"} == {2}
    assert set(seen) == {1}
    assert len(set(found)) == 3
