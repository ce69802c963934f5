from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from labelled_points import at_angles, by_topic, labelled_points, topics_of

from pipeline.embed import Vectors
from pipeline.errors import ContractError
from pipeline.results import Quote, SubTheme, ThemeRow
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, Theme
from pipeline.themes import gather_themes, verify_quotes
from pipeline.themes.quotes import CENTRAL, DECIMALS, SAME, centrality, quotes_of

Said = tuple[str, str, float]  # text, table, the angle of its vector


def quoted(*said: Said, most: int = 9) -> list[tuple[str, tuple[str, ...]]]:
    """Text of each quote and every table that said nearly the same."""
    points = labelled_points(*({"text": text, "table": table} for text, table, _ in said))
    found = quotes_of(np.arange(len(said)), points, at_angles(*(angle for *_, angle in said)), most)
    return [(quote.text, quote.tables) for quote in found]


def texts(*said: Said, most: int = 9) -> list[str]:
    return [text for text, _ in quoted(*said, most=most)]


def test_the_first_quote_is_the_one_most_like_the_theme_and_the_next_differs_from_it() -> None:
    # Though the edge is a little nearer to the whole, which lies at 1.7 degrees, the other edge differs more from the middle:
    # 0.7 cos 43.3 - 0.3 cos 45 = 0.297 is more than 0.7 cos 41.7 - 0.3 cos 40 = 0.293.
    assert texts(("edge", "1", -40.0), ("middle", "1", 0.0), ("other edge", "1", 45.0)) == ["middle", "other edge", "edge"]


def test_a_new_table_is_quoted_before_one_that_was_though_it_is_further_from_the_whole() -> None:
    # The whole lies at 63 degrees. By nearness and difference alone "b" would come before "d":
    # 0.7 cos 23 - 0.3 cos 40 = 0.41 against 0.7 cos 87 - 0.3 cos 70 = -0.06.
    assert texts(("a", "1", 0.0), ("b", "1", 40.0), ("c", "1", 80.0), ("d", "2", 150.0)) == ["c", "d", "b", "a"]


def test_a_table_behind_a_quote_counts_as_quoted() -> None:
    said = [("litter", "1", 0.0), ("more litter", "2", 10.0), ("lads", "2", 60.0), ("cars", "3", -90.0)]
    assert quoted(*said) == [("litter", ("1", "2")), ("cars", ("3",)), ("lads", ("2",))]


def test_points_without_a_table_are_told_apart_by_their_words_alone() -> None:
    assert quoted(("edge", "", -40.0), ("middle", "", 0.0), ("other edge", "", 45.0)) == [("middle", ()), ("other edge", ()), ("edge", ())]
    assert texts(("a", "1", 0.0), ("b", "", 30.0), ("c", "2", -100.0))[1] == "b"  # no worse than a table that is new


@pytest.mark.parametrize(("angle", "joined"), [(0.0, True), (25.8, True), (25.9, False), (180.0, False)])
def test_points_at_a_cosine_of_nine_tenths_say_the_same(angle: float, joined: bool) -> None:
    assert (np.cos(np.radians(angle)) >= SAME) == joined
    found = quoted(("Burglaries", "1", 0.0), ("burglary", "2", angle))
    assert found == ([("Burglaries", ("1", "2"))] if joined else [("Burglaries", ("1",)), ("burglary", ("2",))])


def test_the_same_words_are_quoted_once_whatever_their_case_and_their_vectors() -> None:
    assert quoted(("Litter", "2", 0.0), ("LITTER", "1", 90.0), ("lads", "1", 45.0)) == [("lads", ("1",)), ("Litter", ("1", "2"))]


def test_the_tables_of_a_quote_are_in_number_order_each_once_and_named_ones_last() -> None:
    said = [("litter", table, 0.0) for table in ("10", "Blue", "2", "1", "", "2")]
    assert quoted(*said) == [("litter", ("1", "2", "10", "Blue"))]


def test_points_behind_a_quote_need_not_be_like_each_other() -> None:
    """Both outer points are nearly the one between them, which is quoted, but not each other."""
    assert quoted(("left", "1", -20.0), ("between", "2", 0.0), ("right", "3", 20.0)) == [("between", ("1", "2", "3"))]


@pytest.mark.parametrize("most", [0, 1, 2, 3, 20])
def test_no_more_quotes_than_are_asked_for(most: int) -> None:
    assert len(texts(("a", "1", 0.0), ("b", "1", 90.0), ("c", "2", 180.0), most=most)) == min(3, most)


def test_quotes_are_what_was_typed_letter_for_letter() -> None:
    typed = "  “No-go” áreas…\tafter 9pm | x3 "
    points = labelled_points({"text": typed, "expanded": "no-go areas after 9pm", "table": "7"})
    assert quotes_of(np.array([0]), points, by_topic([0]), 1) == (Quote("n00-1", typed, "7", "table 7.txt", ("7",)),)


def test_of_equals_the_first_by_the_alphabet_is_quoted_and_only_rows_of_the_theme_are_read() -> None:
    points = labelled_points(*({"text": text} for text in ("d", "c", "b", "a")))
    found = quotes_of(np.array([0, 1, 2]), points, by_topic([0, 0, 0, 0]), 2)
    assert [quote.text for quote in found] == ["b", "c"]


SAID = st.tuples(
    st.sampled_from(["a", "A", "b", "c", "d", "e"]), st.sampled_from(["", "1", "2", "10"]), st.integers(0, 35).map(lambda n: n * 10.0)
)


@given(st.lists(SAID, min_size=1, max_size=10), st.randoms(use_true_random=False))
@examples(max_examples=60, deadline=None)
def test_every_point_is_quoted_or_stands_behind_a_quote_and_the_order_of_rows_changes_nothing(
    said: list[Said], chance: random.Random
) -> None:
    points = labelled_points(*({"text": text, "table": table} for text, table, _ in said))
    vectors = at_angles(*(angle for *_, angle in said))
    found = quotes_of(np.arange(len(said)), points, vectors, len(said))
    place = {point: row for row, point in enumerate(points["point_id"])}

    def same(row: int, other: int) -> bool:
        return said[row][0].casefold() == said[other][0].casefold() or round(float(vectors[row] @ vectors[other]), 5) >= SAME

    rows = [place[quote.point_id] for quote in found]
    assert not any(same(row, other) for row in rows for other in rows if row < other)
    for row, (text, table, _) in enumerate(said):
        behind = [quote for quote, at in zip(found, rows, strict=True) if same(row, at)]
        assert behind, f"'{text}' is behind no quote"
        assert not table or any(table in quote.tables for quote in behind)
    order = chance.sample(range(len(said)), len(said))
    assert quotes_of(np.arange(len(said)), points.iloc[order].reset_index(drop=True), vectors[order], len(said)) == found


def one_by_one(points: pd.DataFrame, vectors: Vectors, most: int) -> list[str]:
    """The ids of the points that are quoted, as the rule says it, point by point."""
    rows = list(points.itertuples())
    central = centrality(np.arange(len(rows)), vectors)
    left, redundant, quoted_tables, found = list(range(len(rows))), [0.0] * len(rows), set[str](), list[str]()
    while left and len(found) < most:
        ranks = {
            row: (
                rows[row].table != "" and rows[row].table in quoted_tables,
                -round(CENTRAL * central[row] - (1 - CENTRAL) * redundant[row], DECIMALS),
                (rows[row].text, rows[row].table, rows[row].point_id, rows[row].source_file),
            )
            for row in left
        }
        best = min(left, key=ranks.__getitem__)
        alike = np.round(vectors.astype(np.float64) @ vectors[best].astype(np.float64), DECIMALS)
        same = [row for row in left if rows[row].text.casefold() == rows[best].text.casefold() or alike[row] >= SAME]
        found.append(rows[best].point_id)
        quoted_tables |= {rows[row].table for row in same}
        left = [row for row in left if row not in same]
        redundant = [max(before, float(likeness)) for before, likeness in zip(redundant, alike, strict=True)]
    return found


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "A", "b", "c", "d"]), st.sampled_from(["", "1", "2", "3"]), st.integers(-18, 18)),
        min_size=1,
        max_size=25,
    )
)
@examples(max_examples=200, deadline=None)
def test_the_quotes_are_those_that_the_rule_gives_point_by_point(said: list[tuple[str, str, int]]) -> None:
    points = labelled_points(*({"text": text, "table": table} for text, table, _ in said))
    vectors = at_angles(*(7.5 * turn for *_, turn in said))
    found = quotes_of(np.arange(len(said)), points, vectors, 6)
    assert [quote.point_id for quote in found] == one_by_one(points, vectors, 6)


def test_how_central_a_point_is_to_its_theme() -> None:
    vectors = at_angles(0.0, 90.0, 60.0, 180.0)
    assert centrality(np.array([0, 2]), vectors) == [0.866025, 0.866025]  # the cosine of 30 degrees
    assert centrality(np.array([1]), vectors) == [1.0]
    assert centrality(np.array([0, 3]), vectors) == [0.0, 0.0]  # opposites have no middle


# quotes are verified against the notes

TAXONOMY = Taxonomy("t", "1", (Theme("asb", "Anti-social behaviour"), Theme("road", "Road safety")))


@pytest.fixture
def made() -> tuple[pd.DataFrame, list[ThemeRow], pd.DataFrame]:
    """Points, their themes (one of them in two parts) and the notes they are from."""
    points = labelled_points(
        *({"text": text, "codes": "asb"} for text in ("litter", "more litter", "still litter", "lads", "lads about", "lads again")),
        {"text": "speeding by the school", "codes": "road"},
        {"text": "ok", "outcome": "undecided"},
    )
    found, themes = gather_themes(points, by_topic([0, 0, 0, 1, 1, 1, 2, 3]), np.full((8, 2), 0.5), TAXONOMY, topics_of, Settings())
    return found, themes, pd.DataFrame({"note_id": points["note_id"], "text": points["text"]})


def test_true_quotes_pass_and_are_left_as_they_are(made: tuple[pd.DataFrame, list[ThemeRow], pd.DataFrame]) -> None:
    points, themes, notes = made
    before = points.copy()
    verify_quotes(themes, points, notes)
    pd.testing.assert_frame_equal(points, before)
    assert [(len(theme.quotes), [len(part.quotes) for part in theme.subthemes]) for theme in themes] == [(3, [1, 1]), (1, [])]


def test_a_tampered_point_is_refused(made: tuple[pd.DataFrame, list[ThemeRow], pd.DataFrame]) -> None:
    points, themes, notes = made
    points.loc[points["point_id"] == "n07-1", "text"] = "OK"
    with pytest.raises(ContractError, match="point n07-1 is not what its note says from character 0 to 2"):
        verify_quotes(themes, points, notes)


def test_a_tampered_note_is_refused(made: tuple[pd.DataFrame, list[ThemeRow], pd.DataFrame]) -> None:
    points, themes, notes = made
    with pytest.raises(ContractError, match="n06-1"):
        verify_quotes(themes, points, notes.replace("speeding by the school", "Speeding by the school"))


def test_a_point_of_a_note_that_is_not_there_is_refused(made: tuple[pd.DataFrame, list[ThemeRow], pd.DataFrame]) -> None:
    points, themes, notes = made
    with pytest.raises(ContractError, match="is not what its note says"):
        verify_quotes(themes, points, notes.iloc[1:])


@pytest.mark.parametrize("at_a_time", [1, 2, 5])
def test_a_tampered_point_is_refused_however_many_are_looked_at_together(
    made: tuple[pd.DataFrame, list[ThemeRow], pd.DataFrame], at_a_time: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    points, themes, notes = made
    monkeypatch.setattr("pipeline.themes.quotes.AT_A_TIME", at_a_time)
    verify_quotes(themes, points, notes)
    points.loc[points["point_id"] == "n07-1", "text"] = "OK"
    with pytest.raises(ContractError, match="point n07-1"):
        verify_quotes(themes, points, notes)


@pytest.mark.parametrize("change", [{"text": "litter!"}, {"point_id": "n99-1"}])
def test_a_tampered_quote_of_a_theme_or_of_a_sub_theme_is_refused(
    made: tuple[pd.DataFrame, list[ThemeRow], pd.DataFrame], change: dict[str, str]
) -> None:
    def tampered(whole: ThemeRow | SubTheme) -> tuple[Quote, ...]:
        return (replace(whole.quotes[0], **change), *whole.quotes[1:])

    points, (asb, road), notes = made
    first, *others = asb.subthemes
    named = change.get("point_id", "n0")
    for changed in (replace(asb, quotes=tampered(asb)), replace(asb, subthemes=(replace(first, quotes=tampered(first)), *others))):
        with pytest.raises(ContractError, match=f"a quote of theme ev-1-asb is not what point {named}"):
            verify_quotes([road, changed], points, notes)


def test_quotes_are_the_same_however_many_vectors_are_compared_together(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = random.Random(2)
    said = [(f"text {number % 17}", str(draws.randrange(4)), draws.uniform(-90, 90)) for number in range(40)]
    whole = quoted(*said)
    monkeypatch.setattr("pipeline.themes.quotes.AT_A_TIME", 3)
    assert quoted(*said) == whole
