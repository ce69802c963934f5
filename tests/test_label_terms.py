"""Terms in texts: whole words by lemma, what is denied, and what counts only where the rest fits."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from parks import PARKS, prepared

from pipeline.embed import Encoder
from pipeline.label import Labeller
from pipeline.label.evidence import FEATURES, IN_CONTEXT, Evidence
from pipeline.label.terms import TermHit, TermMatcher, is_negated
from pipeline.label.words import forms_of
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, Theme
from pipeline.tokenise import expand_and_read

MODEL = Settings().spacy_model


def matcher_of(taxonomy: Taxonomy) -> TermMatcher:
    return TermMatcher(taxonomy, forms_of(taxonomy.terms, MODEL))


@pytest.fixture(scope="module")
def matcher() -> TermMatcher:
    return matcher_of(PARKS)


def lemmas_of(text: str) -> str:
    return str(expand_and_read([text], Settings())["lemmas"].iloc[0])


def found(matcher: TermMatcher, text: str) -> list[tuple[int, str]]:
    return [(hit.theme, hit.term) for hit in matcher.hits(lemmas_of(text))]


# what is found


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("stray dogs", [(0, "stray"), (0, "dog")]),
        ("a DOG barked", [(0, "dog")]),
        ("dogs' mess", [(1, "dog mess")]),
        ("dog mess, and dogs", [(1, "dog mess"), (0, "dog")]),
        ("messes left by dogs", [(1, "mess"), (0, "dog")]),
        ("all the street-lights are out", [(2, "street light")]),
        ("hotdog van, messy table", []),
        ("", []),
    ],
)
def test_terms_are_found_as_whole_words_by_lemma_and_the_longest_counts(
    matcher: TermMatcher, text: str, hits: list[tuple[int, str]]
) -> None:
    assert found(matcher, text) == hits


@pytest.mark.xfail(
    strict=True, reason="spaCy takes capitalised words for names and leaves their plural, so 'Street Lights' is not 'street light'"
)
def test_terms_are_found_whatever_the_capitals(matcher: TermMatcher) -> None:
    assert found(matcher, "Street Lights Out") == [(2, "street light")]


def test_a_hit_says_which_words_it_covers_and_whether_it_is_ambiguous(matcher: TermMatcher) -> None:
    assert matcher.hits("the post by the dog mess and no street light") == [
        TermHit(2, "post", 1, 1, ambiguous=True),
        TermHit(1, "dog mess", 4, 5),
        TermHit(2, "street light", 8, 9, negated=True),
    ]


def test_a_term_of_two_themes_speaks_for_both() -> None:
    shared = Taxonomy("t", "1", (Theme("a", "Parks", terms=("bench",)), Theme("b", "Seats", ambiguous_terms=("bench",), terms=("seat",))))
    assert matcher_of(shared).hits("broken bench") == [TermHit(0, "bench", 1, 1), TermHit(1, "bench", 1, 1, ambiguous=True)]


def test_a_label_is_no_term() -> None:
    plain = Taxonomy("t", "1", (Theme("a", "Park benches"), Theme("b", "Buses")))
    assert matcher_of(plain).hits("the park bench be break") == []


def test_a_term_is_found_as_typed_where_its_lemma_is_another() -> None:
    odd = Taxonomy("t", "1", (Theme("a", "Speeding", terms=("speeding",)),))
    matcher = matcher_of(odd)
    assert [hit.term for lemmas in ("speeding", "they speed", "speedy") for hit in matcher.hits(lemmas)] == ["speeding", "speeding"]


@pytest.mark.parametrize(("term", "last"), [("c++", 0), ("(sic)", 0), ("x.y", 0), ("9-5", 1), ("£5", 1), ("...", None)])
def test_the_signs_of_a_term_are_no_pattern_and_punctuation_is_left_out(term: str, last: int | None) -> None:
    matcher = matcher_of(Taxonomy("t", "1", (Theme("a", "Alleys", terms=(term,)), Theme("b", "Bins"))))
    assert matcher.hits(lemmas_of(f"{term} now")) == ([] if last is None else [TermHit(0, term, 0, last)])
    assert matcher.hits("cccc x1y xxy sick 95 5") == []


@given(words=st.lists(st.sampled_from("dog stray mess street light post the no but bench".split()), max_size=10))
@examples(deadline=None)
def test_the_words_a_hit_covers_are_its_term_and_no_two_of_one_place_overlap(matcher: TermMatcher, words: list[str]) -> None:
    hits = matcher.hits(" ".join(words))
    for hit in hits:
        assert " ".join(words[hit.first : hit.last + 1]) == hit.term
        assert hit.negated == is_negated(words, hit.first, hit.last)
        assert hit.ambiguous == (hit.term == "post")
    places = [(hit.first, hit.last) for hit in hits]
    assert all(before[1] < after[0] for before, after in pairwise(places))
    covered = {at for hit in hits for at in range(hit.first, hit.last + 1)}
    assert covered >= {at for at, word in enumerate(words) if word in ("dog", "stray", "mess", "post")}


# what is denied


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        # a cue in front
        ("no dogs", True),
        ("there are no dogs", True),
        ("we never see a dog", True),
        ("without a single stray dog", True),
        ("neither cats nor dogs", True),
        ("not a dog in sight", True),
        ("they don't have any dogs", True),
        ("no word of the dogs", True),
        # as far as it reaches
        ("no word of the loose dogs", False),
        # taken back at once
        ("not only dogs", False),
        ("not just the stray dogs", False),
        ("no, not only dogs", True),
        ("dogs", False),
        ("notes on dogs", False),
        ("nothing like dogs", False),
        # a cue behind
        ("dogs are not a problem", True),
        ("dogs aren't a problem here", True),
        ("dogs - not an issue", True),
        ("dogs: no problem", True),
        ("dogs never happen", True),
        ("dogs are not seen as an issue", True),
        ("dogs no longer happen", True),
        ("dogs are a problem", False),
        ("dogs do not go away", False),
        ("dogs and the swans not a problem", True),
        ("dogs and cats and swans not a problem", False),
        # where a cue's reach ends
        ("no lights but dogs", False),
        ("no lights, however dogs", False),
        ("no lights except dogs", False),
        ("no lights although dogs", False),
        ("dogs are bad but not a problem", False),
        ("but no dogs", True),
        ("swans but no dogs", True),
    ],
)
def test_what_is_denied(matcher: TermMatcher, text: str, denied: bool) -> None:
    (hit,) = [hit for hit in matcher.hits(lemmas_of(text)) if hit.term == "dog"]
    assert hit.negated is denied


def test_of_two_terms_only_the_one_denied_is(matcher: TermMatcher) -> None:
    hits = matcher.hits(lemmas_of("dog mess everywhere but no dogs"))
    assert [(hit.term, hit.negated) for hit in hits] == [("dog mess", False), ("dog", True)]


@given(words=st.lists(st.sampled_from("no not never but dog be a problem the".split()), min_size=1, max_size=9), data=st.data())
@examples(deadline=None)
def test_words_beyond_the_reach_of_any_cue_change_nothing(words: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    assert is_negated(words, at, at) == is_negated([*["swan"] * 5, *words, *["swan"] * 8], at + 5, at + 5)
    far = ["no", *["swan"] * 4, *words]
    assert is_negated(far, at + 5, at + 5) == is_negated(words, at, at)


# ambiguous terms

ROADS = Taxonomy(
    "roads",
    "1",
    (
        Theme(
            "parking",
            "Parking",
            "Cars left on pavements and double yellow lines, blocked driveways.",
            terms=("parking",),
            ambiguous_terms=("drive",),
        ),
        Theme("dogs", "Dogs", "Dogs off the lead, dog mess, barking."),
        Theme("music", "Music", "Concerts, bands, singing and loud music."),
        Theme("food", "Food", "Meals, cakes, tea and biscuits."),
    ),
)


def test_an_ambiguous_term_counts_only_where_the_definition_fits_the_rest(encoder: Encoder) -> None:
    evidence = Evidence(ROADS, encoder, Settings())
    texts = ["cars left across my drive again", "the band has real drive and sings loud music", "parking by the band, loud music"]
    read, vectors = prepared(texts, encoder)
    features = evidence.features(vectors, list(read["lemmas"]))
    over = features[:, 0, FEATURES.index("definition_over_others")]
    assert over[0] >= IN_CONTEXT > over[1]
    assert over[2] < IN_CONTEXT
    assert features[:, 0, FEATURES.index("term")].tolist() == [1.0, 0.0, 1.0]
    counted = [[hit.term for hit in evidence.counted_terms(lemmas, row)] for lemmas, row in zip(read["lemmas"], features, strict=True)]
    assert ["drive" in terms for terms in counted] == [True, False, False]
    assert "parking" in counted[2]
    assert [hit.term for hit in evidence.terms.hits(read["lemmas"][1]) if hit.ambiguous] == ["drive"]


def test_an_ambiguous_term_out_of_place_is_no_reason(encoder: Encoder) -> None:
    labeller = Labeller(ROADS, encoder, Settings(label_threshold=1e-9, max_codes=4))
    labels = labeller.label_texts(*prepared(["cars left across my drive again", "the band has real drive and sings loud music"], encoder))
    assert "parking: says 'drive' [20:25]" in labels.evidence[0]
    assert "'drive'" not in labels.evidence[1]


def test_an_ambiguous_term_that_is_denied_counts_as_denied(encoder: Encoder) -> None:
    evidence = Evidence(ROADS, encoder, Settings())
    read, vectors = prepared(["no cars left across the drive or on the double yellow lines, no drive blocked"], encoder)
    features = evidence.features(vectors, list(read["lemmas"]))[0, 0]
    assert features[FEATURES.index("definition_over_others")] >= IN_CONTEXT
    assert (features[FEATURES.index("term")], features[FEATURES.index("term_denied")]) == (1.0, 1.0)
