"""The spaCy model: only what is used of it, and faults that say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from pipeline.errors import ModelError
from pipeline.language import UNUSED_COMPONENTS, common_words, lemmas_of, lemmas_with_spans, load_language, people_named, read_texts
from pipeline.settings import Settings

MODEL = Settings().spacy_model


def test_only_the_components_in_use_are_loaded() -> None:
    loaded = set(load_language(MODEL).pipe_names)
    assert {"tagger", "lemmatizer"} <= loaded
    assert not loaded & set(UNUSED_COMPONENTS)


def test_the_model_is_loaded_once() -> None:
    assert load_language(MODEL) is load_language(MODEL)


def test_texts_are_read_in_order() -> None:
    texts = [f"bin {number}" for number in range(300)]
    assert [doc.text for doc in read_texts(texts, MODEL)] == texts
    assert list(read_texts([], MODEL)) == []


def test_lemmas_are_lower_case_and_without_punctuation() -> None:
    (doc,) = read_texts(["Youths, drinking in the parks!  (again)"], MODEL)
    assert lemmas_of(doc) == ["youth", "drink", "in", "the", "park", "again"]


def test_lemmas_come_with_the_characters_they_stand_for() -> None:
    (doc,) = read_texts(["Youths, drinking  again"], MODEL)
    assert lemmas_with_spans(doc) == [("youth", (0, 6)), ("drink", (8, 16)), ("again", (18, 23))]


def test_components_left_out_change_no_lemma_and_no_name() -> None:
    texts = ["Youths were driving worse than drunken Jean Hall", "Cllr Bob Fisher leaves shops' bins", "the bikes' riders better geese"]
    whole = spacy.load(MODEL)
    for text, doc in zip(texts, read_texts(texts, MODEL), strict=True):
        assert [(token.lemma_, token.tag_) for token in doc] == [(token.lemma_, token.tag_) for token in whole(text)]
    named = [[(entity.start_char, entity.end_char) for entity in whole(text).ents if entity.label_ == "PERSON"] for text in texts]
    assert people_named(texts, MODEL) == named
    assert any(named)


def test_common_words_tell_things_from_names() -> None:
    words = common_words(MODEL)
    assert set(words) == {"noun", "verb", "adj"}
    assert {"litter", "vandalism", "burglary"} <= words["noun"]
    assert "drink" in words["verb"]
    assert "dark" in words["adj"]
    assert not {"garsby", "pendle", "rossendale"} & set().union(*words.values())


def test_a_model_that_is_not_installed_is_named() -> None:
    with pytest.raises(ModelError) as raised:
        load_language("no_such_model")
    assert raised.value.what == "the spaCy model 'no_such_model' is not installed"
    assert raised.value.where == "setting spacy_model"
    assert raised.value.do


def test_a_model_without_tagger_and_lemmatiser_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="has no lemmatizer and no tagger"):
        load_language(str(tmp_path / "blank"))
