from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.cluster import partition
from pipeline.embed import Vectors
from pipeline.errors import ContractError
from pipeline.themes.stability import FEWER_ROUNDS, MANY, MOST, ROUNDS, Gathered, stability, stability_level

Labels = npt.NDArray[np.int64]
NONE = np.array([], dtype=np.intp)


def rows(*numbers: int) -> npt.NDArray[np.intp]:
    return np.array(numbers, dtype=np.intp)


def coded(*numbers: int) -> Gathered:
    return Gathered(rows(*numbers), clustered=False, within=NONE)


def emergent(labels: Labels) -> list[Gathered]:
    """A theme for each cluster of all the points."""
    return [Gathered(np.flatnonzero(labels == label), clustered=True, within=np.arange(len(labels))) for label in np.unique(labels)]


def unit(made: npt.NDArray[np.float64]) -> Vectors:
    scaled: Vectors = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def spread(seed: int, count: int, dimension: int = 8) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, dimension)))


def bundles(count: int, size: int) -> tuple[Vectors, Labels]:
    """Bundles of vectors far apart, one after another."""
    of = np.repeat(np.arange(count, dtype=np.int64), size)
    made = np.eye(16)[of] + np.random.default_rng(1).normal(0, 0.02, (len(of), 16))
    return unit(made), of


def never(vectors: Vectors, seed: int) -> Labels:
    raise AssertionError("nothing was to be clustered again")


def together(vectors: Vectors, seed: int) -> Labels:
    return np.zeros(len(vectors), dtype=np.int64)


def by_sign(vectors: Vectors, seed: int) -> Labels:
    return (vectors[:, 0] > 0).astype(np.int64) * 7 - 3


@pytest.mark.parametrize(
    ("raised", "of", "figure"),
    [
        (1, 2, 0.75),  # by hand: of the four draws of two tables, one has the other table twice
        (1, 3, 0.704),  # 1 - 8/27
        (2, 3, 0.963),  # 1 - 1/27
        (1, 6, 0.665),
        (3, 6, 0.984),
        (5, 12, 0.998),
        (6, 6, 1.0),
    ],
)
def test_a_coded_theme_has_the_exact_chance_that_one_of_its_tables_is_drawn(raised: int, of: int, figure: float) -> None:
    tables = [str(n) for n in range(of)]
    assert [stability([coded(*range(raised))], tables, spread(0, of), never, seed) for seed in range(3)] == [[figure]] * 3
    assert figure == round(1 - (1 - raised / of) ** of, 3)


@pytest.mark.parametrize(("raised", "of"), [(1, 2), (1, 6), (2, 6), (1, 12)])
def test_a_clustered_theme_that_is_always_found_again_survives_as_often_as_its_tables_are_drawn(raised: int, of: int) -> None:
    tables, alone = [str(n) for n in range(of)], np.arange(raised)
    theme = Gathered(alone, clustered=True, within=alone)
    share = 1 - (1 - raised / of) ** of
    found = [stability([theme], tables, spread(0, of), together, seed)[0] for seed in range(60)]
    known = [figure for figure in found if figure is not None]
    error = (share * (1 - share) / ROUNDS) ** 0.5
    assert len(known) == 60
    assert np.mean(known) == pytest.approx(share, abs=4 * error / 60**0.5 + 0.0005)
    assert max(abs(figure - share) for figure in known) < 4.5 * error
    assert np.std(known) == pytest.approx(error, rel=0.45)


def test_the_draws_are_fifty_and_ten_where_points_are_many() -> None:
    for count, rounds in ((MANY, ROUNDS), (MANY + 1, FEWER_ROUNDS)):
        tables = [str(n % 6) for n in range(count)]
        alone = Gathered(rows(0), clustered=True, within=rows(0))
        found = {stability([alone], tables, spread(0, count), together, seed)[0] for seed in range(15)}
        assert len(found) > 2
        assert all(figure is not None and figure * rounds == pytest.approx(round(figure * rounds)) for figure in found)


def test_how_many_points_a_table_wrote_does_not_change_how_often_it_is_drawn() -> None:
    few = stability([coded(0)], ["a", "b", "c"], spread(0, 3), never, 3)
    many = stability([coded(*range(20))], ["a"] * 20 + ["b", "c"], spread(0, 22), never, 3)
    assert few == many


def test_points_without_a_table_are_one_table_together() -> None:
    themes = [coded(3), coded(3, 4), coded(0, 3)]
    unnamed = stability(themes, ["1", "2", "3", "", ""], spread(0, 5), never, 0)
    assert unnamed == stability(themes, ["1", "2", "3", "4", "4"], spread(0, 5), never, 0)
    assert unnamed[0] == unnamed[1] == 0.684  # 1 - (3/4)**4


def test_a_coded_theme_at_every_table_always_survives() -> None:
    assert stability([coded(0, 1, 2)], ["a", "b", "c"], spread(0, 3), never, 0) == [1.0]


def test_clear_bundles_at_every_table_survive() -> None:
    vectors, of = bundles(4, 18)
    tables = [str(n % 6) for n in range(len(of))]
    found = stability(emergent(of), tables, vectors, partition, 0)
    assert len(found) == 4
    assert all(figure is not None and figure > 0.97 for figure in found)


def test_a_clear_bundle_of_one_table_survives_when_that_table_is_drawn() -> None:
    vectors, of = bundles(3, 12)
    tables = ["1"] * 12 + [str(2 + n % 5) for n in range(24)]
    found = stability(emergent(of), tables, vectors, partition, 0)
    alone = Gathered(rows(0), clustered=True, within=rows(0))
    assert found[0] == pytest.approx(stability([alone], tables, vectors, together, 0)[0], abs=0.02)
    assert found[0] is not None
    assert found[0] < 0.85


def test_a_split_at_random_survives_little() -> None:
    """Themes that follow nothing in the vectors are like no cluster of them."""
    vectors, of = bundles(4, 18)
    tables = [str(n % 6) for n in range(len(of))]
    found = stability(emergent(np.random.default_rng(2).permutation(of)), tables, vectors, partition, 0)
    assert all(figure is not None and figure < 0.4 for figure in found)


def test_a_partition_that_splits_at_random_lets_little_survive() -> None:
    def at_random(vectors: Vectors, seed: int) -> Labels:
        return np.random.default_rng(len(vectors) + seed).integers(0, 5, len(vectors))

    vectors = spread(3, 60)
    tables = [str(n % 6) for n in range(60)]
    found = stability(emergent(at_random(vectors, 0)), tables, vectors, at_random, 0)
    assert all(figure is not None and figure < 0.5 for figure in found)


def test_the_likest_cluster_counts_by_shared_points_over_all_points() -> None:
    """By hand from the draws of three tables: '', x and y, of which the last two have one point each, of the other sign."""
    vectors = np.array([[1, 0], [0.8, 0.6], [0.6, 0.8], [0.6, -0.8], [-1, 0], [-0.8, 0.6]], dtype=np.float32)
    tables = ["", "", "", "", "x", "y"]
    everything = np.arange(6)
    drawn = np.random.default_rng(0).integers(3, size=(ROUNDS, 3))
    share = float((drawn == 0).any(axis=1).mean())  # draws in which the four points without a table are
    found_again = {(0, 1): 2 / 4, (0, 1, 2, 3): 1.0, (0, 1, 2): 3 / 4}
    themes = [Gathered(rows(*chosen), clustered=True, within=everything) for chosen in found_again]
    assert stability(themes, tables, vectors, by_sign, 0) == pytest.approx([share * part for part in found_again.values()], abs=0.0006)


def test_a_cluster_is_matched_with_the_drawn_part_of_a_theme_only() -> None:
    """The theme is all points, and so is the one cluster, whichever tables are drawn."""
    tables = ["1", "2", "3", "4"]
    assert stability([Gathered(np.arange(4), clustered=True, within=np.arange(4))], tables, spread(0, 4), together, 0) == [1.0]


def test_a_clustered_theme_is_lost_in_draws_without_its_points() -> None:
    """Clustered alone, it is found whole or not at all; so it is lost as often as its one table of five is not drawn."""
    tables = ["1", "1", "2", "3", "4", "5"]
    alone = Gathered(rows(0, 1), clustered=True, within=rows(0, 1))
    (found,) = stability([alone], tables, spread(0, 6), together, 0)
    (chance,) = stability([coded(0, 1)], tables, spread(0, 6), never, 0)
    assert chance == 0.672  # 1 - 0.8**5
    assert found == pytest.approx(chance, abs=3 * (0.672 * 0.328 / ROUNDS) ** 0.5)


def test_only_the_rows_within_are_clustered_again_sorted_and_once_a_draw() -> None:
    given_to: list[tuple[bytes, int]] = []

    def noting(vectors: Vectors, seed: int) -> Labels:
        assert vectors.tolist() == sorted(vectors.tolist())
        given_to.append((vectors.tobytes(), seed))
        return by_sign(vectors, seed)

    vectors = spread(4, 24)
    within = np.arange(0, 20)
    themes = [
        Gathered(np.arange(0, 9), clustered=True, within=within),
        Gathered(np.arange(9, 20), clustered=True, within=within[::-1]),
        coded(22),
    ]
    stability(themes, [str(n % 4) for n in range(24)], vectors, noting, 5)
    assert {seed for _, seed in given_to} == {5}
    assert len(given_to) == len(set(given_to)) <= 15, "four tables make at most fifteen different draws"
    outside = {vectors[n].tobytes() for n in range(20, 24)}
    assert not any(row in seen for seen, _ in given_to for row in outside)


@given(
    order=st.permutations(range(24)),
    seed=st.integers(0, 1000),
    names=st.lists(st.sampled_from(["", "1", "10", "2", "Blue"]), min_size=24, max_size=24),
    copies=st.lists(st.integers(0, 17), min_size=24, max_size=24),
)
@examples(max_examples=25, deadline=None)
def test_the_order_of_rows_and_of_themes_changes_nothing(order: list[int], seed: int, names: list[str], copies: list[int]) -> None:
    assume(len(set(names)) >= 2)
    vectors = spread(seed, 18)[copies]
    themes = [*emergent(partition(vectors, 0)), coded(0, 5), coded(7)]
    place = np.argsort(order)  # where each row has gone
    moved = [Gathered(place[theme.rows], theme.clustered, place[theme.within]) for theme in themes]
    found = stability(themes, names, vectors, partition, seed)
    assert stability(moved[::-1], [names[n] for n in order], vectors[order], partition, seed) == found[::-1]
    assert all(figure is not None and 0 <= figure <= 1 and figure == round(figure, 3) for figure in found)


@given(order=st.permutations(range(20)), seed=st.integers(0, 1000))
@examples(max_examples=25, deadline=None)
def test_the_order_of_rows_changes_nothing_even_where_the_place_of_a_point_decides_its_cluster(order: list[int], seed: int) -> None:
    def by_place(vectors: Vectors, seed: int) -> Labels:
        return np.arange(len(vectors), dtype=np.int64) * 3 // max(1, len(vectors))

    vectors, names = spread(seed, 20), ["Blue", "10", "2", "", "9"] * 4
    themes = emergent(np.arange(20, dtype=np.int64) % 3)
    place = np.argsort(order)
    moved = [Gathered(place[theme.rows], theme.clustered, place[theme.within]) for theme in themes]
    found = stability(themes, names, vectors, by_place, seed)
    assert stability(moved, [names[n] for n in order], vectors[order], by_place, seed) == found


def test_the_same_seed_gives_the_same_and_another_seed_another_draw() -> None:
    tables = [str(n) for n in range(9)]
    themes = [Gathered(rows(*chosen), clustered=True, within=rows(*chosen)) for chosen in ((0,), (1,), (2, 3))]
    assert stability(themes, tables, spread(0, 9), together, 1) == stability(themes, tables, spread(0, 9), together, 1)
    assert stability(themes, tables, spread(0, 9), together, 1) != stability(themes, tables, spread(0, 9), together, 2)


def test_no_themes_have_no_stability() -> None:
    assert stability([], ["1", "2"], spread(0, 2), never, 0) == []
    assert stability([], [], np.zeros((0, 0), dtype=np.float32), never, 0) == []


@pytest.mark.parametrize("tables", [["1"] * 4, [""] * 4])
def test_fewer_than_two_tables_say_nothing(tables: list[str]) -> None:
    themes = [coded(0), Gathered(rows(1, 2), clustered=True, within=rows(1, 2, 3))]
    assert stability(themes, tables, spread(0, 4), never, 0) == [None, None]


def test_identical_points_are_one_theme_that_always_survives() -> None:
    vectors = np.tile(spread(0, 1), (12, 1))
    assert stability(emergent(partition(vectors, 0)), [str(n % 4) for n in range(12)], vectors, partition, 0) == [1.0]


def test_above_the_most_points_only_coded_themes_are_measured() -> None:
    for count, measured in ((MOST, True), (MOST + 1, False)):
        tables = [str(n % 3) for n in range(count)]
        theme = Gathered(np.arange(count), clustered=True, within=np.arange(count))
        found = stability([theme, coded(*range(count))], tables, spread(0, count, 2), together if measured else never, 0)
        assert found == [1.0 if measured else None, 1.0]


def test_tables_that_do_not_match_the_vectors_are_refused() -> None:
    with pytest.raises(ContractError, match="3 tables but 2 vectors"):
        stability([coded(0)], ["1", "2", "3"], spread(0, 2), never, 0)


def test_a_clustered_theme_with_points_that_were_not_clustered_is_refused() -> None:
    with pytest.raises(ContractError, match="first row 2"):
        stability([Gathered(rows(0, 2), clustered=True, within=rows(0, 1))], ["1", "2", "3"], spread(0, 3), together, 0)


@pytest.mark.parametrize(
    ("figure", "word"),
    [(1.0, "high"), (0.85, "high"), (0.849, "medium"), (0.6, "medium"), (0.599, "low"), (0.0, "low"), (None, "")],
)
def test_a_figure_in_a_word(figure: float | None, word: str) -> None:
    assert stability_level(figure) == word
