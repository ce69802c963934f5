from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.themes.phrases import Wording, keyphrases
from pipeline.themes.titles import LONGEST, titles


def worded(*texts: str, phrases: str = "") -> Wording:
    """Points that are equally central; ``phrases`` are the noun phrases of each, '|' between those of a point, '/' between points."""
    of_points = [tuple(filter(None, each.split("|"))) for each in phrases.split("/")] if phrases else [()] * len(texts)
    return Wording(texts, tuple(of_points), (0.5,) * len(texts))


PARKING = worded(
    "lack of parking outside the school",
    "parents parking on footpath at school gates",
    "school gates blocked at 3pm",
    phrases="lack|parking|school/parents|footpath|school gates/school gates",
)
DRUGS = worded("drugs sold at the bus stop", "drug dealing at bus stop", "bus stop", phrases="drugs|bus stop/bus stop/bus stop")
DOGS = worded("dog fouling on the beach", "dogs off the lead", "dog fouling", phrases="dog fouling|beach/dogs|lead/dog fouling")


# what a title is like


def test_titles_are_headings_in_the_words_of_the_points() -> None:
    assert titles([PARKING, DRUGS, DOGS]) == [
        "Parents parking on footpath at school gates",
        "Drug dealing at bus stop",
        "Dog fouling on the beach",
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("swans nest on the weir", "Swans nest on the weir"),
        ("  litter, - ", "Litter"),
        ("one two three four five six seven eight", "One two three four five six seven eight"),
        ("one two three four five six seven eight nine", "One two three four five six seven eight…"),
        ("no buses after nine in the evening to the town", "No buses after nine in the evening…"),  # nor "…in the evening to"
        ("lighting is poor along the walk and the", "Lighting is poor along the walk…"),
        ("LIGHTING IN LANEWAYS", "Lighting in laneways"),
        ("HSE", "HSE"),
        ("12% of homes", "12% of homes"),
        ("“bins”", "Bins"),
    ],
)
def test_a_theme_of_one_point_is_called_what_it_says_cut_to_eight_words(text: str, title: str) -> None:
    assert titles([worded(text)]) == [title]


@pytest.mark.parametrize("text", ["", "   ", "???", "…", "-", "and the of", "\u0301"])
def test_points_that_say_nothing_have_no_title(text: str) -> None:
    assert titles([worded(text), worded(text, text)]) == ["Untitled", "Untitled (2)"]


def test_a_theme_without_a_point_is_untitled_and_no_themes_have_no_titles() -> None:
    assert titles([Wording((), (), ())]) == ["Untitled"]
    assert titles([]) == []


def test_a_word_without_spaces_is_cut_at_sixty_characters() -> None:
    (title,) = titles([worded("x" * 200)])
    assert title == "X" + "x" * 58 + "…"
    assert len(title) == LONGEST == 60


def test_acronyms_that_others_write_in_a_sentence_stay_in_capitals() -> None:
    shouted = worded("MORE CCTV PLEASE")
    assert titles([shouted]) == ["More cctv please"]  # nothing here tells it from a word
    assert titles([shouted, worded("the CCTV is down")])[0] == "More CCTV please"
    assert titles([worded("[PERSON 1] AT THE SHOPS")]) == ["[PERSON 1] at the shops"]


def test_placeholders_are_avoided_where_other_words_will_do() -> None:
    phrases = "person|drugs|pub/drugs|person"
    (title,) = titles([worded("[PERSON 1] deals drugs outside the pub", "drugs sold by [PERSON 1]", phrases=phrases)])
    assert "drugs" in title.lower()
    assert "[" not in title
    assert "person" not in title.lower()
    assert titles([worded("[PERSON 1]")]) == ["[PERSON 1]"]  # there are none
    led = Wording(("dealing by [PERSON 1]", "dealing at night"), ((), ()), (1.0, -1.0))
    assert titles([led]) == ["Dealing at night"]  # however much more central the other is


@pytest.mark.parametrize(
    ("texts", "phrases", "title"),
    [
        (("What is being done about bikes", "bikes on the green"), "bikes/bikes|green", "Bikes on the green"),  # a question
        (("We want more bins", "bins by the shop"), "bins/bins|shop", "Bins by the shop"),  # a speaker
        (("bins are overflowing", "overflowing bins"), "bins/bins", "Overflowing bins"),  # a verb
        (("3 break-ins at night", "break-ins at night"), "break-ins|night/break-ins|night", "Break-ins at night"),  # a number
        (("bins: all of them", "bins by the road"), "bins/bins|road", "Bins by the road"),  # a break
    ],
)
def test_a_heading_is_preferred_to_a_sentence(texts: tuple[str, ...], phrases: str, title: str) -> None:
    assert titles([worded(*texts, phrases=phrases)]) == [title]


def test_abbreviations_are_written_out_where_the_points_have_them_so() -> None:
    """The wording is that of ``expanded``; the title of such points has no abbreviation to write."""
    said = worded("anti-social behaviour in the park", "anti-social behaviour", phrases="anti-social behaviour|park/anti-social behaviour")
    assert titles([said]) == ["Anti-social behaviour in the park"]


def test_the_most_central_points_decide_where_all_else_is_equal() -> None:
    def led_by(*central: float) -> str:
        return titles([Wording(("quad bikes", "horse carts"), ((), ()), central)])[0]

    assert (led_by(0.9, 0.2), led_by(0.2, 0.9)) == ("Quad bikes", "Horse carts")


# no title is given twice


def test_no_title_is_given_twice_or_is_one_taken_whatever_the_case() -> None:
    swans = worded("swans nest")
    assert titles([swans, swans, worded("SWANS NEST")]) == ["Swans nest", "Swans nest (2)", "Swans nest (3)"]
    assert titles([swans], ["SWANS NEST", "swans nest (2)"]) == ["Swans nest (3)"]
    assert titles([DOGS], ["Dog fouling on the beach"]) == ["Dog fouling"]  # the next best


def test_a_number_behind_a_long_title_stays_within_sixty_characters() -> None:
    long = worded(" ".join(["neighbourhood"] * 8))
    found = titles([long] * 12)
    assert found[0] == "Neighbourhood neighbourhood neighbourhood neighbourhood…"
    assert found[11] == "Neighbourhood neighbourhood neighbourhood neighbourhood (12)"
    assert max(map(len, found)) <= LONGEST
    assert titles([worded("x" * 200)] * 2)[1] == "X" + "x" * 54 + "… (2)"


def test_where_no_heading_is_found_the_first_of_equal_points_is_cut_whatever_their_order() -> None:
    long = ("nobody knows what they did here last year anyway", "afterwards nobody said what they had done at all")
    assert titles([worded(*long)]) == titles([worded(*long[::-1])]) == ["Afterwards nobody said what they had done…"]


ODD = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.lists(
    st.sampled_from(
        ["litter", "ON", "the", "[PERSON 1]", "CCTV", "of", "school gates", "?", "–", "İ", "ß", "ﬁ", "3", "we", "…", "can't", "and"]
    ),
    max_size=12,
).map(" ".join)
POINTS = st.lists(st.tuples(ODD, st.lists(ODD, max_size=2), st.integers(-4, 4)), max_size=4)
THEMES = st.lists(POINTS, max_size=5)
Points = list[tuple[str, list[str], int]]


def wording(points: Points) -> Wording:
    expanded, phrases, central = zip(*points, strict=True) if points else ((), (), ())
    return Wording(tuple(expanded), tuple(map(tuple, phrases)), tuple(each / 4 for each in central))


@given(THEMES, st.lists(ODD, max_size=3))
@examples(max_examples=100, deadline=None)
def test_any_texts_have_a_title_of_their_own_within_sixty_characters(themes: list[Points], taken: list[str]) -> None:
    found = titles([wording(points) for points in themes], taken)
    assert len(found) == len(themes)
    assert all(1 <= len(title) <= LONGEST and " ".join(title.split()) == title for title in found)
    lowered = [title.lower() for title in found]
    assert len(set(lowered)) == len(lowered)
    assert not {title.lower() for title in taken} & set(lowered)


@given(THEMES, st.randoms(use_true_random=False))
@examples(max_examples=60, deadline=None)
def test_the_order_of_points_changes_no_title_and_no_keyphrase(themes: list[Points], chance: random.Random) -> None:
    made = [wording(points) for points in themes]
    again = [wording(chance.sample(points, len(points))) for points in themes]
    assert titles(again) == titles(made)
    assert keyphrases(again) == keyphrases(made)


# keyphrases


def test_keyphrases_are_those_that_tell_a_theme_from_the_others() -> None:
    road = worded("a", "b", "c", phrases="car|litter/school/pothole")
    other = worded("d", "e", "f", phrases="litter|green/litter/litter")
    found, litter = keyphrases([road, other])
    assert set(found) == {"school", "pothole", "car", "litter"}
    assert found[-1] == "litter"  # said more often in the other
    assert litter == ("litter", "green")


def test_keyphrases_differ_from_each_other() -> None:
    said = worded(*"abcdef", phrases="school gates/school gates/school gates/gates/schools|school gate|bins/bins")
    # "gates", "schools" and "school gate" stand inside "school gates", but for the ending of the plural.
    assert keyphrases([said]) == [("school gates", "bins")]


def test_a_keyphrase_is_written_as_most_often() -> None:
    assert keyphrases([worded(*"abc", phrases="Garda station/garda station/Garda station")]) == [("Garda station",)]


@pytest.mark.parametrize(("most", "count"), [(0, 0), (1, 1), (5, 5), (9, 7)])
def test_no_more_keyphrases_than_asked_for(most: int, count: int) -> None:
    said = worded("a", phrases="ash|beech|cedar|elm|fir|oak|yew")
    assert len(keyphrases([said], most)[0]) == count
    assert len(keyphrases([said])[0]) == 5


def test_the_name_of_a_placeholder_is_no_keyphrase_but_the_word_itself_is() -> None:
    said = worded("[PERSON 1] and a [PHONE 2]", "a person of note", "seen by a person", phrases="person|phone/person|note/person")
    assert keyphrases([said]) == [("person", "note")]
    assert keyphrases([worded("[PERSON 1]", phrases="person")]) == [()]
    assert keyphrases([worded("", "b")]) == [()]


def test_wording_of_unequal_lengths_is_refused() -> None:
    for broken in (Wording(("a",), (), (1.0,)), Wording(("a",), ((),), ())):
        with pytest.raises(ValueError, match="zip"):
            titles([broken])
