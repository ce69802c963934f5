from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taxonomies import taxonomies

from pipeline.taxonomy import Example, Taxonomy, Theme

CRIME = Taxonomy(
    "crime",
    "1.0.0",
    (
        Theme("shed", "Shed burglary", broader="burglary", examples=(Example("sheds broken into", ("shed", "rural")),)),
        Theme("crime", "Crime", examples=(Example("crime is up", ("crime",)),)),
        Theme("burglary", "Burglary", broader="crime", examples=(Example("sheds broken into", ("shed", "rural")),)),
        Theme("rural", "Rural life"),
        Theme("theft", "Theft", broader="crime"),
    ),
)


def test_ancestors_are_the_nearest_first_and_descendants_in_file_order() -> None:
    assert CRIME.ancestors("shed") == ("burglary", "crime")
    assert CRIME.ancestors("crime") == ()
    assert CRIME.descendants("crime") == ("shed", "burglary", "theft")
    assert CRIME.descendants("shed") == ()
    assert CRIME.top_level == ("crime", "rural")


def test_rolled_up_keeps_the_codes_given_and_adds_what_they_are_part_of_once() -> None:
    assert CRIME.rolled_up(["theft", "shed"]) == ("theft", "shed", "crime", "burglary")
    assert CRIME.rolled_up(["shed", "burglary", "shed"]) == ("shed", "burglary", "crime")
    assert CRIME.rolled_up(["shed"]) == ("shed", "burglary", "crime")
    assert CRIME.rolled_up([]) == ()


@pytest.mark.parametrize("ask", [CRIME.ancestors, CRIME.descendants, lambda code: CRIME.rolled_up([code])])
def test_a_code_that_is_not_there_is_told(ask: object) -> None:
    with pytest.raises(KeyError, match="weather"):
        ask("weather")  # type: ignore[operator]


def test_an_example_is_one_of_every_theme_whose_code_it_carries() -> None:
    assert CRIME.examples_of("rural") == ("sheds broken into",)
    assert CRIME.examples_of("shed") == ("sheds broken into",)
    assert CRIME.examples_of("burglary") == ()


def test_a_circle_put_together_by_hand_ends() -> None:
    ring = Taxonomy("ring", "1", (Theme("a", "A", broader="b"), Theme("b", "B", broader="c"), Theme("c", "C", broader="b")))
    assert ring.ancestors("a") == ("b", "c")
    assert ring.ancestors("b") == ("c",)


@given(taxonomies(), st.data())
def test_rolling_up_twice_gives_what_once_gives_and_keeps_what_was_given(taxonomy: Taxonomy, data: st.DataObject) -> None:
    codes = data.draw(st.lists(st.sampled_from(taxonomy.codes), max_size=4, unique=True))
    rolled = taxonomy.rolled_up(codes)
    assert taxonomy.rolled_up(rolled) == rolled
    assert set(rolled) == {*codes, *(above for code in codes for above in taxonomy.ancestors(code))}
    assert list(rolled[: len(codes)]) == codes
    assert len(set(rolled)) == len(rolled)


@given(taxonomies())
def test_no_theme_is_part_of_itself_and_beneath_is_the_reverse_of_above(taxonomy: Taxonomy) -> None:
    for code in taxonomy.codes:
        above = taxonomy.ancestors(code)
        assert code not in above
        assert len(set(above)) == len(above)
        assert all(taxonomy.ancestors(higher) == above[place + 1 :] for place, higher in enumerate(above))
        assert (above == ()) == (code in taxonomy.top_level)
        assert set(taxonomy.descendants(code)) == {other for other in taxonomy.codes if code in taxonomy.ancestors(other)}
