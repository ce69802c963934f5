"""Tf-idf: to the last bit what scikit-learn gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.label.tfidf import Split, TfIdf, runs_of_letters, words_and_pairs

WORD = st.sampled_from(["dog", "dogs", "mess", "a", "pub", "street", "é½", "[person", "1]", "—", "o'clock"]) | st.text(max_size=6)
TEXT = st.lists(WORD, max_size=8).map(" ".join)
AS_SKLEARN_SAYS = {
    words_and_pairs: {"ngram_range": (1, 2), "token_pattern": r"\S+"},
    runs_of_letters: {"analyzer": "char_wb", "ngram_range": (3, 5)},
}


@pytest.mark.parametrize("split", AS_SKLEARN_SAYS)
@given(learnt=st.lists(TEXT, min_size=1, max_size=12), asked=st.lists(TEXT, max_size=6), fewest=st.integers(1, 3))
@examples(max_examples=60, deadline=None)
def test_vectors_are_those_of_scikit_learn(split: Split, learnt: Sequence[str], asked: Sequence[str], fewest: int) -> None:
    learnt = [*learnt, *["the dog mess"] * fewest]  # scikit-learn refuses to know nothing
    theirs = TfidfVectorizer(sublinear_tf=True, lowercase=False, min_df=fewest, **AS_SKLEARN_SAYS[split]).fit(learnt)
    own = TfIdf.fitted(split, learnt, fewest)
    assert own.terms == tuple(theirs.get_feature_names_out())
    assert np.array_equal(own.idf, theirs.idf_)
    said, expected = own.transform([*asked, *learnt]), theirs.transform([*asked, *learnt])
    assert said.shape == expected.shape
    assert all(np.array_equal(getattr(said, part), getattr(expected, part)) for part in ("data", "indices", "indptr"))


def test_what_is_not_known_has_a_row_of_zeros() -> None:
    known = TfIdf.fitted(words_and_pairs, ["dog mess", "street lights"])
    assert known.transform(["", "cake", "dog"]).toarray().sum(axis=1).tolist() == [0.0, 0.0, 1.0]
    assert known.transform([]).shape == (0, len(known.terms))
    assert TfIdf.fitted(words_and_pairs, [""]).transform(["dog"]).shape == (1, 0)
