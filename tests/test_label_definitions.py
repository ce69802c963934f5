"""Definitions: what is like them, and that a theme near to all the others is not favoured for it."""

from __future__ import annotations

import numpy as np
import pytest
from parks import prepared

from pipeline.embed import Encoder, embed
from pipeline.label.definitions import IN_COMMON, Definitions
from pipeline.label.text_model import Floats
from pipeline.reading import read_words
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, Theme

LABELS = ("Parking", "Buses", "Parking and buses")


def taxonomy(labels: tuple[str, ...] = LABELS) -> Taxonomy:
    return Taxonomy("t", "1", tuple(Theme(f"code{number}", label) for number, label in enumerate(labels)))


def definitions(encoder: Encoder, labels: tuple[str, ...] = LABELS) -> Definitions:
    said = list(taxonomy(labels).definitions)
    return Definitions(list(read_words(said, Settings())["lemmas"]), embed(said, encoder))


def likeness(texts: list[str], encoder: Encoder, labels: tuple[str, ...] = LABELS) -> Floats:
    read, vectors = prepared(texts, encoder)
    return definitions(encoder, labels).likeness(vectors, list(read["lemmas"]))


def test_a_label_without_a_definition_stands_by_itself(encoder: Encoder) -> None:
    assert taxonomy().definitions == LABELS
    found = definitions(encoder)
    assert np.array_equal(found.vectors, embed(list(LABELS), encoder))


def test_a_text_is_most_like_its_own_label(encoder: Encoder) -> None:
    assert likeness(["parking", "busses", "parking and the buses"], encoder).argmax(axis=1).tolist() == [0, 1, 2]


def test_what_a_definition_shares_with_the_others_is_taken_off(encoder: Encoder) -> None:
    vectors = embed(list(LABELS), encoder).astype(float)
    among = vectors @ vectors.T
    shared = (among.sum(axis=1) - 1.0) / 2
    assert shared.argmax() == 2  # the one that covers both
    _, text = prepared(["zzz"], encoder)  # has no letters in common with any label
    assert likeness(["zzz"], encoder)[0] == pytest.approx(text[0].astype(float) @ vectors.T - IN_COMMON * shared, abs=1e-4)


def test_each_text_is_compared_by_itself_and_one_theme_is_enough(encoder: Encoder) -> None:
    texts = ["buses late", "no parking", "zzz"]
    assert np.array_equal(likeness(texts, encoder)[[1]], likeness(texts[1:2], encoder))
    alone = likeness(["buses late"], encoder, ("Buses",))
    assert alone.shape == (1, 1)
    assert alone[0, 0] > 0.5
