"""Stretches of texts that may be titles: noun phrases joined by prepositions."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.themes.linked import linked

PREPOSITION = (
    "of|in|on|at|to|for|by|from|with|outside|inside|near|around|between|behind|along|across|within|into|onto|under|through|about|"
    "against|over|towards|off|without|during|among|opposite|beside|next to|close to|out of|in front of|after|before"
)
QUALIFIER = "no|not enough|lack of|more|fewer|less|too many|too much|too few|poor"
LINK = rf"\s(?:{PREPOSITION})\s(?:(?:the|a|an|their|this|these)\s)?"
DOING = r"(?!(?:during|being|having|going|getting|doing)\b)[^\W\d_]{2,}ing"
WORDS = st.sampled_from(
    "no not enough lack of in front next to the a an this going parking Parking being bus-stop anti-social-behaviour street lights In OF "
    "youth services’ it's ſervice service - ' , by kids ING running K. near poor too many more 7ing out into".split()
)


def by_one_expression(text: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    """What :func:`linked` gives, said in one regular expression made for the text."""
    noun = rf"(?:[\w-]+-)?(?:{'|'.join(re.escape(p) for p in sorted(phrases, key=lambda p: (-len(p), p)))})(?![\w'’-])"
    head = rf"(?:(?:(?:{QUALIFIER})\s)?{noun}(?:\s{DOING}\b)?|{DOING}\b)"
    found = []
    for links in range(1, min(2, len(re.findall(rf"(?={LINK})", text, re.IGNORECASE))) + 1):
        for match in re.finditer(rf"(?<![\w'’-])(?=({head}(?:{LINK}{noun}){{{links}}}))", text, re.IGNORECASE):
            qualified = re.search(rf"\b(?:{QUALIFIER})\s+$", text[: match.start()], re.IGNORECASE)
            if len(match[1].split()) <= 7 and not qualified:
                found.append(match[1])
    return tuple(found)


@st.composite
def texts_with_phrases(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """A text, and runs of its words or of its letters for phrases."""
    words = draw(st.lists(WORDS, min_size=3, max_size=11))
    text = " ".join(words)
    runs = st.tuples(st.integers(0, len(words) - 1), st.integers(1, 3)).map(lambda run: " ".join(words[run[0] : sum(run)]))
    letters = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 9)).map(lambda run: text[run[0] : sum(run)].strip() or "a")
    phrases = draw(st.lists(runs | runs.map(str.lower) | letters, min_size=1, max_size=4, unique=True))
    return text, tuple(phrases)


@given(texts_with_phrases())
@example(("lack of street lights in front of the bus stop", ("street lights", "front", "bus stop")))
def test_stretches_are_those_that_one_regular_expression_would_find(case: tuple[str, tuple[str, ...]]) -> None:
    assert linked(*case) == by_one_expression(*case)


@pytest.mark.parametrize(
    ("text", "phrases", "stretches"),
    [
        ("no lights in the alley", ("lights", "alley"), ("no lights in the alley",)),
        ("kids kicking balls on the green", ("kids", "balls", "green"), ("balls on the green",)),
        ("parking outside the school", ("school",), ("parking outside the school",)),
        ("being outside the school", ("school",), ()),
        ("anti-social behaviour by the shops", ("social behaviour", "shops"), ("anti-social behaviour by the shops",)),
        ("litter by the lake", (), ()),
        ("litter and more litter", ("litter",), ()),
    ],
)
def test_a_stretch_begins_with_its_qualifier_and_goes_on_over_a_preposition(
    text: str, phrases: tuple[str, ...], stretches: tuple[str, ...]
) -> None:
    assert linked(text, phrases) == stretches
