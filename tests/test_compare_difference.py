"""Shares of tables, their intervals, and how sure a difference is."""

from __future__ import annotations

from itertools import combinations
from math import comb, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare.difference import cohens_h, least_p, permutation_p, q_values, wilson


@pytest.mark.parametrize(
    ("raised", "tables", "low", "high"),
    [
        # Newcombe 1998 (Statistics in Medicine 17, 857-872), table I, method 3: score method without continuity correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_those_of_the_textbook(raised: int, tables: int, low: float, high: float) -> None:
    assert [round(end, 4) for end in wilson(raised, tables)] == [low, high]


def by_counting(raised: int, tables: int, raised_all: int, tables_all: int) -> float:
    """The permutation test done by hand: deal out the tables in every possible way, and count."""
    did = [1] * raised_all + [0] * (tables_all - raised_all)
    seen = abs(raised * tables_all - raised_all * tables)
    ways = [sum(did[table] for table in dealt) for dealt in combinations(range(tables_all), tables)]
    return sum(abs(way * tables_all - raised_all * tables) >= seen for way in ways) / len(ways)


@st.composite
def margins(draw: st.DrawFn) -> tuple[int, int, int, int]:
    tables_all = draw(st.integers(2, 11))
    tables = draw(st.integers(1, tables_all - 1))
    raised_all = draw(st.integers(0, tables_all))
    raised = draw(st.integers(max(0, tables + raised_all - tables_all), min(tables, raised_all)))
    return raised, tables, raised_all, tables_all


@given(margins())
def test_p_is_the_share_of_all_ways_to_deal_the_tables_out(counts: tuple[int, int, int, int]) -> None:
    assert isclose(permutation_p(*counts), by_counting(*counts), rel_tol=1e-5)


@given(margins())
def test_p_is_the_same_seen_from_the_other_side(counts: tuple[int, int, int, int]) -> None:
    raised, tables, raised_all, tables_all = counts
    here = permutation_p(*counts)
    assert isclose(here, permutation_p(raised_all - raised, tables_all - tables, raised_all, tables_all), rel_tol=1e-5)
    assert isclose(here, permutation_p(tables - raised, tables, tables_all - raised_all, tables_all), rel_tol=1e-5)
    assert least_p(tables, raised_all, tables_all) <= here


def test_p_of_a_division_like_all_others_is_1() -> None:
    assert permutation_p(3, 6, 18, 36) == 1.0
    assert permutation_p(0, 6, 0, 36) == 1.0
    assert permutation_p(6, 6, 36, 36) == 1.0


def test_p_of_many_tables_is_worked_out_and_not_drawn() -> None:
    # All 6 of 6 here, 3 of 30 elsewhere: 84 of 1,947,792 ways, and no way the other way round is as extreme.
    assert isclose(permutation_p(6, 6, 9, 36), comb(9, 6) / comb(36, 6), rel_tol=1e-5)
    assert 0 < permutation_p(400, 1000, 900, 4000) < 1


@given(st.lists(st.floats(1e-6, 1.0), max_size=20), st.integers(0, 5))
def test_q_is_never_below_p_and_keeps_its_order(chances: list[float], untold: int) -> None:
    found = q_values(chances, untold)
    assert all(p <= q * (1 + 1e-5) and q <= 1 for p, q in zip(chances, found, strict=True))
    in_order = [q for _, q in sorted(zip(chances, found, strict=True))]
    assert in_order == sorted(in_order)


def test_q_by_hand() -> None:
    # Benjamini and Hochberg 1995, section 4: fifteen p-values, of which four are found at 0.05.
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    found = q_values(chances)
    assert sum(q <= 0.05 for q in found) == 4
    assert found[0] == pytest.approx(0.0015)
    assert found[3] == pytest.approx(0.0095 * 15 / 4, rel=1e-5)


@given(st.floats(0, 1), st.floats(0, 1))
def test_effect_has_the_sign_of_the_difference(share: float, other: float) -> None:
    assert cohens_h(share, other) == -cohens_h(other, share)
    assert (cohens_h(share, other) > 0) <= (share > other)
    # Cohen 1988, table 6.2.2: phi of 0.50 is 1.571, of 0.80 2.214.
    assert round(cohens_h(0.8, 0.5), 3) == round(2.2143 - 1.5708, 3)
