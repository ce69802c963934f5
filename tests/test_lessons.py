"""What a taxonomy gives to learn from: each text once, with all its themes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from taxonomies import taxonomies

from pipeline.label.lessons import DISPUTED, lessons_of
from pipeline.taxonomy import CodedText, Example, Taxonomy, Theme

THEMES = (
    Theme("a", "Bins", examples=(Example("bins full", ("a",)), Example("bins by the gate", ("a", "b")))),
    Theme("b", "Gates", examples=(Example("gate locked", ("b",)), Example("bins by the gate", ("b", "a")))),
    Theme("c", "Lamps"),
)


def rows(taxonomy: Taxonomy) -> dict[str, list[float]]:
    lessons = lessons_of(taxonomy)
    assert lessons.truth.shape == (len(lessons.texts), len(taxonomy.themes))
    return dict(zip(lessons.texts, lessons.truth.tolist(), strict=True))


def test_examples_come_first_then_those_of_no_theme_then_coded_texts() -> None:
    taxonomy = Taxonomy("t", "1", THEMES, ("tea",), "", (CodedText("lamp out", ("c",)), CodedText("raffle", ())))
    lessons = lessons_of(taxonomy)
    assert lessons.texts == ("bins full", "bins by the gate", "gate locked", "tea", "lamp out", "raffle")
    assert lessons.examples == 4  # those of no theme included
    assert lessons.truth.tolist() == [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1], [0, 0, 0]]
    assert lessons.per_theme.tolist() == [2, 2, 1]
    assert lessons.vectors.shape[0] == 0


def test_a_code_that_only_some_coders_gave_is_half_true() -> None:
    taxonomy = Taxonomy("t", "1", THEMES, coded_texts=(CodedText("dark gate", ("b",), ("c", "a")), CodedText("dusk", (), ("c",))))
    assert DISPUTED == 0.5
    assert rows(taxonomy)["dark gate"] == [0.5, 1.0, 0.5]
    assert rows(taxonomy)["dusk"] == [0.0, 0.0, 0.5]
    assert lessons_of(taxonomy).per_theme.tolist() == [2, 3, 0]  # a disputed code is no text of its theme


def test_a_code_that_is_given_and_disputed_is_given() -> None:
    for coded in (
        (CodedText("x", ("a",), ("a",)),),
        (CodedText("x", ("a",)), CodedText("x", (), ("a",))),
        (CodedText("x", (), ("a",)), CodedText("x", ("a",))),
    ):
        assert rows(Taxonomy("t", "1", THEMES, coded_texts=coded))["x"] == [1.0, 0.0, 0.0]


def test_a_text_that_stands_twice_carries_all_its_codes() -> None:
    twice = Taxonomy(
        "t",
        "1",
        (Theme("a", "Parks", examples=(Example("bins full", ("a",)),)), Theme("b", "Bins", examples=(Example("bins full", ("b",)),))),
        ("bins full",),
        "",
        (CodedText("gate", ("a",), ("b",)), CodedText("gate", ("b",))),
    )
    assert rows(twice) == {"bins full": [1.0, 1.0], "gate": [1.0, 1.0]}
    assert lessons_of(twice).examples == 1


def test_a_coded_text_that_is_an_example_stays_one_and_adds_its_codes() -> None:
    taxonomy = Taxonomy("t", "1", THEMES, coded_texts=(CodedText("bins full", ("c",), ("b",)), CodedText("new", ("a",))))
    lessons = lessons_of(taxonomy)
    assert lessons.examples == 3
    assert lessons.texts == ("bins full", "bins by the gate", "gate locked", "new")
    assert lessons.truth[0].tolist() == [1.0, 0.5, 1.0]


def test_a_taxonomy_of_names_alone_gives_no_lessons() -> None:
    lessons = lessons_of(Taxonomy("t", "1", (Theme("a", "A"), Theme("b", "B"))))
    assert (lessons.texts, lessons.truth.shape, lessons.examples) == ((), (0, 2), 0)
    assert lessons.per_theme.tolist() == [0, 0]


@given(taxonomies(), st.data())
def test_every_text_stands_once_and_what_it_carries_does_not_depend_on_the_order(taxonomy: Taxonomy, data: st.DataObject) -> None:
    known = st.lists(st.sampled_from(taxonomy.codes), max_size=2, unique=True).map(tuple)
    coded = tuple(data.draw(st.lists(st.builds(CodedText, st.sampled_from(("x", "y", "z")), known, known), max_size=5)))
    taxonomy = replace(taxonomy, coded_texts=coded)
    lessons = lessons_of(taxonomy)
    assert max(Counter(lessons.texts).values(), default=1) == 1
    own = {example.text for theme in taxonomy.themes for example in theme.examples} | set(taxonomy.none_examples)
    assert set(lessons.texts[: lessons.examples]) == own
    assert set(lessons.texts) == own | {text.text for text in coded}
    assert np.isin(lessons.truth, (0.0, 0.5, 1.0)).all()
    assert rows(taxonomy) == rows(replace(taxonomy, coded_texts=coded[::-1], none_examples=taxonomy.none_examples[::-1]))
    for text, row in rows(taxonomy).items():
        for code, value in zip(taxonomy.codes, row, strict=True):
            given_codes = any(e.text == text and code in e.codes for theme in taxonomy.themes for e in theme.examples)
            given_codes |= any(c.text == text and code in c.codes for c in coded)
            disputed = any(c.text == text and code in c.optional_codes for c in coded)
            assert value == (1.0 if given_codes else 0.5 if disputed else 0.0)
