"""How the label encoder is trained: networks side by side do not touch each other, and every text is seen as it should be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

from benchmarks.label_encoder.course import BATCH, CLS_AND_SEP, LONGEST, MASK, Feed, Texts, course
from benchmarks.label_encoder.networks import SCALE, Networks, mean_of_weights
from benchmarks.label_encoder.train import answers, train, weights

CLS, SEP, WORDS = 101, 102, range(200, 230)
THEMES = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small encoder with weights at random, as ``prepare`` lays one out."""
    found = tmp_path_factory.mktemp("encoder")
    config = BertConfig(
        vocab_size=256, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=LONGEST
    )
    torch.manual_seed(0)
    encoder = BertModel(config, add_pooling_layer=False)
    config.to_json_file(found / "config.json")
    save_file({name: values.contiguous() for name, values in encoder.state_dict().items()}, found / "model.safetensors")
    return found


def texts_of(count: int, seed: int = 0) -> Texts:
    """Texts of one group in two versions; the theme of a text is told by its first word."""
    rng = np.random.default_rng(seed)
    themes = rng.integers(0, THEMES, count)
    rows = [np.array([CLS, WORDS[theme], *rng.choice(WORDS[THEMES:], rng.integers(1, 12)), SEP]) for theme in themes]
    target = np.eye(THEMES, dtype=np.float32)[themes]
    return Texts([rows, rows], target, np.zeros(count, dtype=np.int64), ["all of them"], np.zeros(1, dtype=np.int64), [""])


def changed(model: Networks) -> Networks:
    """The same with updates that change something."""
    with torch.no_grad():
        for values in model.parameters():
            if values.requires_grad:
                values.add_(0.3 * torch.randn(values.shape))
    return model.eval()


def test_a_network_that_learnt_nothing_says_the_same_as_the_encoder_with_an_empty_head(folder: Path) -> None:
    said = Networks(folder, 2, THEMES).eval()(torch.tensor([[[CLS, 210, SEP]], [[CLS, 211, SEP]]]))
    assert said.shape == (2, 1, THEMES)
    assert said.unique().tolist() == [-2.5]


def test_what_one_network_says_does_not_depend_on_what_the_others_read(folder: Path) -> None:
    model = changed(Networks(folder, 2, THEMES))
    mine, theirs, others = ([[CLS, word, 212, SEP]] for word in (210, 211, 220))
    first, second = model(torch.tensor([mine, theirs])), model(torch.tensor([mine, others]))
    assert torch.equal(first[0], second[0])
    assert not torch.allclose(first[1], second[1])
    assert not torch.allclose(first[0], model(torch.tensor([theirs, mine]))[1])  # and they are different networks


def test_places_behind_the_end_of_a_text_change_nothing(folder: Path) -> None:
    model = changed(Networks(folder, 1, THEMES))
    text = [CLS, 210, 211, SEP]
    assert torch.allclose(model(torch.tensor([[text]])), model(torch.tensor([[[*text, 0, 0, 0]]])), atol=1e-5)


def test_the_mean_of_weights_adds_the_mean_of_the_updates(folder: Path) -> None:
    torch.manual_seed(1)
    one, two = changed(Networks(folder, 2, THEMES)), changed(Networks(folder, 2, THEMES))
    mean = mean_of_weights(folder, [one, two])
    for own, first, second in zip(mean.updated(), one.updated(), two.updated(), strict=True):
        product, (left, right) = own.up @ own.down, (part.up @ part.down for part in (first, second))
        assert torch.allclose(SCALE * product, SCALE * (left + right) / 2, atol=1e-5)
    assert torch.allclose(mean.weight, (one.weight + two.weight) / 2)
    tokens = torch.tensor([[[CLS, 210, SEP]]]).expand(2, -1, -1)
    assert torch.allclose(mean_of_weights(folder, [one]).eval()(tokens), one(tokens), atol=1e-5)


@given(count=st.integers(1, 200), passes=st.integers(1, 3), seed=st.integers(0, 9))
@examples(max_examples=25, deadline=None)
def test_each_pass_sees_every_text_once(count: int, passes: int, seed: int) -> None:
    texts, rng = texts_of(count), np.random.default_rng(seed)
    learn = np.flatnonzero(rng.random(count) < 0.8)
    if not len(learn):
        return
    found = course(texts, learn, passes, rng.random(1000), rng)
    a_pass = -(-len(learn) // BATCH)
    assert len(found) == passes * a_pass
    for at in range(passes):
        rows = np.concatenate([batch.rows for batch in found[at * a_pass : (at + 1) * a_pass]])
        assert sorted(rows.tolist()) == learn.tolist()
    assert {int(other) for batch in found for other in batch.others} <= {-1, *learn.tolist()}


def test_a_text_is_seen_with_its_targets_and_its_first_and_last_token() -> None:
    texts = texts_of(100)
    courses = [course(texts, np.arange(n), 1, np.arange(9.0), np.random.default_rng(n)) for n in (100, 70)]
    feed = Feed(texts, courses, seed=3)
    hidden = 0
    for step in range(len(feed)):
        tokens, targets, used = feed[step]
        assert tokens.shape[:2] == targets.shape[:2] == used.shape == (2, BATCH)
        for number, batches in enumerate(courses):
            for at, (row, other) in enumerate(zip(batches[step].rows, batches[step].others, strict=True)):
                read = tokens[number, at][tokens[number, at] > 0].tolist()
                whole = [*texts.versions[0][row][:-1], *(texts.versions[0][other][1:] if other >= 0 else [SEP])]
                assert [token if token != MASK else word for token, word in zip(read, whole, strict=True)] == whole
                assert MASK not in (*read[:CLS_AND_SEP], *read[-CLS_AND_SEP:])
                hidden += read.count(MASK)
                wanted = np.maximum(texts.target[row], texts.target[other] if other >= 0 else 0)
                assert targets[number, at].tolist() == wanted.tolist()
        assert used.sum(axis=1).tolist() == [len(batches[step].rows) for batches in courses]
    assert hidden > 0


def test_networks_learn_from_their_own_rows_alone(folder: Path) -> None:
    texts = texts_of(120)
    first = np.flatnonzero(texts.target[:, 2] == 0)  # has never seen the third theme
    torch.manual_seed(0)
    model = Networks(folder, 2, THEMES)
    train(model, texts, [first, np.arange(120)], seed=0, passes=80, part=4.0)
    blind, taught = (said.argmax(axis=1) for said in answers(model, texts, [np.arange(120)] * 2))
    truth = texts.target.argmax(axis=1)
    assert (taught == truth).mean() > 0.95
    assert 2 not in blind
    assert (blind[first] == truth[first]).mean() > 0.95
    assert {values.dtype for values in weights(model, 1).values()} == {np.dtype(np.float32)}
