"""The label encoder: what it knows, that it says the same of a text in any company, and that its network is the one that was trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from parks import PARKS, prepared

from benchmarks.fit_label_head import SCORES
from pipeline.embed import Encoder, updated_encoder, verified_bundle
from pipeline.embed.encoders import SentenceEncoder
from pipeline.errors import ModelError
from pipeline.label.evidence import FEATURES, Evidence
from pipeline.label.head import kinds_of
from pipeline.label.label_encoder import FILE, LabelEncoder, load_label_encoder
from pipeline.label.lessons import lessons_of
from pipeline.settings import Settings
from pipeline.taxonomy import CodedText, Taxonomy, Theme, load_taxonomy

TEXTS = [
    "kids on mopeds tearing round the estate", "she is frightened to go home to him", "noone replies to emails", "no money for it",
    "Chair welcomed everyone", "more street lights by the underpass", "", "x", "drugs openly dealt outside the shops, police never come",
]  # fmt: skip
OURS = ("label_encoder", "best_label_encoder", "all_label_encoder")


@pytest.fixture(scope="module")
def label_encoder() -> LabelEncoder:
    return load_label_encoder()


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy(Settings().taxonomy_path)


def test_it_knows_every_theme_of_the_bundled_taxonomy(label_encoder: LabelEncoder, taxonomy: Taxonomy) -> None:
    assert label_encoder.known(taxonomy.coded_texts) == frozenset(taxonomy.codes)


def test_more_coded_texts_change_nothing_of_what_it_knows(label_encoder: LabelEncoder, taxonomy: Taxonomy) -> None:
    more = (*taxonomy.coded_texts, CodedText("swans on the weir", ("swans", taxonomy.codes[0])))
    assert label_encoder.known(more) == frozenset(taxonomy.codes)


@given(data=st.data())
@examples(max_examples=20, deadline=None)
def test_without_one_of_its_texts_a_theme_is_not_known(label_encoder: LabelEncoder, taxonomy: Taxonomy, data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(taxonomy.coded_texts) - 1))
    text = taxonomy.coded_texts[gone].text
    carried = {code for coded in taxonomy.coded_texts if coded.text == text for code in coded.codes}
    left = [coded for coded in taxonomy.coded_texts if coded.text != text]
    assert label_encoder.known(left) == frozenset(taxonomy.codes) - carried


@given(chosen=st.lists(st.sampled_from(TEXTS), max_size=6))
@examples(max_examples=25, deadline=None)
def test_what_it_says_of_a_text_does_not_depend_on_the_others(label_encoder: LabelEncoder, chosen: list[str]) -> None:
    alone = {text: label_encoder.log_odds([text], label_encoder.codes)[0] for text in set(chosen)}
    together = label_encoder.log_odds(chosen, label_encoder.codes)
    assert together.shape == (len(chosen), len(label_encoder.codes))
    assert all(np.array_equal(row, alone[text]) for row, text in zip(together, chosen, strict=True))


def test_the_columns_are_those_of_the_codes_asked_for(label_encoder: LabelEncoder) -> None:
    every, asked = label_encoder.log_odds(TEXTS, label_encoder.codes), tuple(reversed(label_encoder.codes))[:3]
    assert np.array_equal(label_encoder.log_odds(TEXTS, asked), every[:, ::-1][:, :3])
    assert label_encoder.log_odds(TEXTS, ()).shape == (len(TEXTS), 0)


def test_its_vectors_are_those_of_sentence_transformers_with_the_same_updates(label_encoder: LabelEncoder) -> None:
    import torch

    folder, _ = verified_bundle()
    theirs = SentenceEncoder(folder, "", "", "cpu")
    weights = dict(theirs._model[0].auto_model.named_parameters())
    with torch.no_grad():
        for layer, (up, down) in label_encoder.updates.items():
            weights[f"{layer}.weight"] += torch.from_numpy(up @ down)
    expected = theirs.encode(TEXTS).astype(np.float64) @ label_encoder.weights + label_encoder.intercepts
    assert label_encoder.log_odds(TEXTS, label_encoder.codes) == pytest.approx(expected, abs=1e-3)


def test_updates_of_nothing_leave_the_bundled_encoder_as_it_is(label_encoder: LabelEncoder, encoder: Encoder) -> None:
    nothing = {f"{layer}.weight": np.zeros((len(up), down.shape[1]), np.float32) for layer, (up, down) in label_encoder.updates.items()}
    assert np.array_equal(updated_encoder(nothing).encode(TEXTS), encoder.encode(TEXTS))
    changed = updated_encoder({f"{layer}.weight": up @ down for layer, (up, down) in label_encoder.updates.items()})
    assert (np.einsum("nd,nd->n", changed.encode(TEXTS), encoder.encode(TEXTS)) < 0.99).all()


def test_a_theme_that_it_does_not_know_has_none_of_its_figures(encoder: Encoder) -> None:
    evidence = Evidence(PARKS, encoder, Settings())
    read, vectors = prepared(TEXTS[:3], encoder)
    assert evidence.known == [False] * 3
    said = evidence.log_odds(list(read["expanded"]))
    assert np.isnan(said).all()
    found = evidence.features(vectors, list(read["lemmas"]), log_odds=said)
    assert not found[..., [FEATURES.index(name) for name in OURS]].any()


def test_a_theme_added_to_the_bundled_taxonomy_is_weighed_by_itself_and_the_others_as_before(encoder: Encoder, taxonomy: Taxonomy) -> None:
    swans = Theme("swans", "Swans", definition="Birds on the river.")
    wider = replace(taxonomy, themes=(*taxonomy.themes, swans))
    evidence = Evidence(wider, encoder, Settings(), (lessons_of(wider), None))
    assert kinds_of(evidence.lessons.per_theme, evidence.known) == ["bundled"] * len(taxonomy.themes) + ["names"]
    said = evidence.log_odds(TEXTS[:2])
    assert np.array_equal(said[:, :-1], evidence.label_encoder.log_odds(TEXTS[:2], taxonomy.codes))
    assert np.isnan(said[:, -1]).all()
    read, vectors = prepared(TEXTS[:2], encoder)
    own, best, expected = np.moveaxis(evidence.features(vectors, list(read["lemmas"]), log_odds=said)[..., -3:], 2, 0)
    assert np.array_equal(own[:, :-1], said[:, :-1])
    assert np.array_equal(best[:, :-1], np.repeat(said[:, :-1].max(axis=1, keepdims=True), len(taxonomy.themes), axis=1))
    assert expected[:, 0] == pytest.approx(np.log((1 / (1 + np.exp(-said[:, :-1]))).sum(axis=1)))
    assert not np.stack([own, best, expected])[..., -1].any()


def test_what_was_said_of_unseen_texts_fits_the_coded_texts_and_the_events(taxonomy: Taxonomy) -> None:
    from benchmarks.coded import EVENTS, event, training
    from benchmarks.fit_label_head import FILES

    with np.load(SCORES) as kept:
        coded, events = [kept[name].astype(float) for name in ("files", "registers")], kept["events_left_out"].astype(float)
    truth = np.vstack([training(name, taxonomy).truth for name in FILES])
    gold = np.vstack([event(name, taxonomy).truth for name in EVENTS])
    own = [said[-len(truth) :] for said in coded]
    assert {said.shape for said in own} == {truth.shape}
    assert events.shape == gold.shape
    # A coded text's own themes have on average far higher log-odds than the others: the rows are in the same order.
    for said, codes in (*((said, truth) for said in own), (events, gold)):
        assert said[codes].mean() > said[~codes].mean() + 3


@pytest.mark.parametrize("content", [None, b"", b"\x00" * 64, "half"])
def test_a_broken_file_is_told(tmp_path: Path, content: bytes | str | None) -> None:
    path = tmp_path / "label_encoder.safetensors"
    if content is not None:
        path.write_bytes(FILE.read_bytes()[:200_000] if isinstance(content, str) else content)
    with pytest.raises(ModelError) as told:
        load_label_encoder(path)
    assert str(path) in str(told.value)
    assert "restore it" in told.value.do
