"""What the attribute ruler gives for words is remembered, and is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import spacy
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from pipeline import tag_rules
from pipeline.language import UNUSED_COMPONENTS
from pipeline.settings import Settings
from pipeline.tag_rules import remember

WORDS = st.sampled_from(
    "I we you y' y'all all gon na gonna gotta got ta let let's us 's ai ain't n't c'm on there is are was that which both lights Lights "
    "dogs gets got been being had have do can will park parking parked to too not no ! . , ( \n \t £ 12 % [PERSON".split(" ")
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    """The bundled pipeline as spaCy loads it."""
    return spacy.load(Settings().spacy_model, exclude=[*UNUSED_COMPONENTS, "ner"])


@contextmanager
def remembering(ruler: Any) -> Iterator[Callable[[Doc], Any]]:
    """How the ruler matches before it remembers; meanwhile it does."""
    before = ruler.match
    remember(ruler)
    try:
        yield before
    finally:
        ruler.match = before


@pytest.mark.parametrize("most", [0, 100_000])
def test_a_ruler_that_remembers_gives_the_same_matches(nlp: Language, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag_rules, "REMEMBERED", most)
    ruler = nlp.get_pipe("attribute_ruler")

    @examples(max_examples=60, deadline=None)
    @given(st.lists(WORDS, max_size=9).map(" ".join))
    @example("There 's litter . Let 's go , y' all gon na see")
    def the_same(text: str) -> None:
        doc = nlp(text)  # the words are known from then on
        assert ruler.match(doc) == before(doc)

    with remembering(ruler) as before:
        the_same()


def test_words_that_were_seen_are_not_matched_again(nlp: Language) -> None:
    ruler = nlp.get_pipe("attribute_ruler")
    asked: list[str] = []
    matched = ruler.match

    def counted(doc: Doc) -> Any:
        asked.append(doc.text)
        return matched(doc)

    ruler.match = counted
    try:
        with remembering(ruler):
            for text in ("dogs bark", "dogs bark", "bark dogs", "let's bark", "let's bark"):
                nlp(text)
    finally:
        ruler.match = matched
    assert asked.count("dogs bark") == 1
    assert asked.count("let's bark") == 2  # a pattern of two words fits


@pytest.mark.parametrize("pattern", [{"POS": "NOUN"}, {"TAG": "NN", "OP": "+"}, {"LOWER": "dogs", "ENT_TYPE": "ORG"}])
def test_a_ruler_whose_patterns_look_at_more_of_a_word_stays_as_it_is(pattern: dict[str, Any]) -> None:
    ruler = spacy.blank("en").add_pipe("attribute_ruler")
    ruler.add([[pattern]], {"LEMMA": "dog"})
    before = ruler.match
    remember(ruler)
    assert ruler.match == before
