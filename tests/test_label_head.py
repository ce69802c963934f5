"""The label heads: probabilities, thresholds, and the file they are kept in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from pipeline.errors import ModelError
from pipeline.label.evidence import FEATURES, SOURCES
from pipeline.label.head import (
    HEAD_FILE,
    KINDS,
    MANY_TEXTS,
    LabelHead,
    Logistic,
    best_threshold,
    fit_logistic,
    kinds_of,
    load_head,
    micro_f1,
    none_figures,
    save_head,
)

WIDTH = len(FEATURES)


def logistic(*weights: float, intercept: float = -1.0, mean: float = 0.5, scale: float = 2.0) -> Logistic:
    return Logistic((mean,) * len(weights), (scale,) * len(weights), weights, intercept)


HEAD = LabelHead(
    FEATURES,
    {
        "names": logistic(*[0.0] * (WIDTH - 1), 1.0),
        "examples": logistic(1.0, *[0.0] * (WIDTH - 2), -2.0),
        "coded": logistic(3.0, *[0.0] * (WIDTH - 1), intercept=0.25),
        "bundled": logistic(*[0.0] * (WIDTH - 3), 2.0, 0.0, 0.0),
    },
    {"names": 0.2, "examples": 0.3, "coded": 0.4, "bundled": 0.5},
    {kind: logistic(-1.0, -0.5, intercept=float(number), mean=0.0, scale=1.0) for number, kind in enumerate(KINDS)},
    0.9,
    {"command": "by hand"},
)


def of(logits: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(1 / (1 + np.exp(-np.asarray(logits, dtype=float))))


# probabilities


def test_a_probability_is_the_logistic_of_the_weighted_standardised_figures() -> None:
    figures = np.array([[2.5, 0.5, 4.5], [0.5, 9.0, 0.5]])
    head = Logistic((0.5, 0.5, 0.5), (2.0, 1.0, 4.0), (1.0, 0.0, -2.0), -1.0)
    assert head.contributions(figures).tolist() == [[1.0, 0.0, -2.0], [0.0, 0.0, 0.0]]
    assert head.probabilities(figures) == pytest.approx(of([1.0 - 2.0 - 1.0, -1.0]))


def test_every_theme_is_judged_by_the_head_of_its_kind() -> None:
    features = np.full((2, 4, WIDTH), 0.5)
    features[0, :, 0] = 2.5
    features[1, :, -1] = 4.5
    found = HEAD.probabilities(features, ["coded", "names", "examples", "names"])
    assert found == pytest.approx(of([[3.25, -1.0, 0.0, -1.0], [0.25, 1.0, -5.0, 1.0]]))


def test_no_text_gives_no_probability() -> None:
    assert HEAD.probabilities(np.zeros((0, 2, WIDTH)), ["names", "coded"]).shape == (0, 2)


def test_none_is_judged_from_the_best_theme_and_how_many_are_expected() -> None:
    probabilities = np.array([[0.5, 0.25, 0.25], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    edge = np.log(1e-6)
    expected = [[0.0, 0.0], [edge - np.log(1 - 1e-6), edge], [np.log((1 - 1e-6) / 1e-6), np.log(3)]]
    assert none_figures(probabilities) == pytest.approx(np.array(expected), abs=1e-9)
    assert HEAD.none_probabilities(probabilities, ["names"] * 3)[0] == pytest.approx(of(0.0))
    found = HEAD.none_probabilities(probabilities, ["coded"] * 3)
    assert found == pytest.approx(of([-a - 0.5 * b + 2 for a, b in expected]))
    assert found[1] > found[0] > found[2]


def test_a_mixed_taxonomy_has_the_none_head_of_its_commonest_kind() -> None:
    one = np.array([[0.5, 0.25, 0.25]])
    for kinds, kind in ((["names", "coded", "coded"], "coded"), (["names", "names", "coded"], "names"), (["examples"] * 3, "examples")):
        assert HEAD.none_probabilities(one, kinds)[0] == pytest.approx(of(float(KINDS.index(kind))))
    same = [HEAD.none_probabilities(one, kinds)[0] for kinds in (["names", "coded", "examples"], ["examples", "names", "coded"])]
    assert same[0] == same[1]


def test_a_theme_is_of_a_kind_by_how_many_texts_carry_it_unless_the_label_encoder_knows_it() -> None:
    counts = np.array([0, 1, MANY_TEXTS - 1, MANY_TEXTS, 5000])
    assert kinds_of(counts, [False] * 5) == ["names", "examples", "examples", "coded", "coded"]
    assert kinds_of(counts, [True] + [False] * 3 + [True]) == ["bundled", "examples", "examples", "coded", "bundled"]
    assert kinds_of(np.array([], dtype=int), []) == []


def test_the_sources_of_evidence_share_out_all_figures_but_once() -> None:
    assert sorted(name for names in SOURCES.values() for name in names) == sorted(FEATURES)


# the file


def test_a_head_is_read_back_as_written(tmp_path: Path) -> None:
    exact = replace(HEAD, heads={**HEAD.heads, "names": replace(HEAD.heads["names"], intercept=-1.23456789)})
    save_head(exact, tmp_path / "head.json")
    rounded = replace(HEAD, heads={**HEAD.heads, "names": replace(HEAD.heads["names"], intercept=-1.234568)})
    assert load_head(tmp_path / "head.json") == rounded
    save_head(rounded, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "head.json").read_bytes()


def test_the_shipped_head_fits_the_figures_and_says_how_it_was_made(tmp_path: Path) -> None:
    head = load_head()
    assert head.features == FEATURES
    assert set(head.heads) == set(head.thresholds) == set(head.none) == set(KINDS)
    for part in head.heads.values():
        assert len(part.mean) == len(part.scale) == len(part.weights) == len(FEATURES)
        assert min(part.scale) > 0
    assert all(len(part.mean) == len(part.scale) == len(part.weights) == 2 for part in head.none.values())
    assert all(0 < threshold < 1 for threshold in head.thresholds.values())
    assert 0 < head.procedural <= 1
    assert head.fitted["command"] == "python -m benchmarks.fit_label_head"
    save_head(head, tmp_path / "head.json")
    assert json.loads((tmp_path / "head.json").read_text()) == json.loads(HEAD_FILE.read_text())


def test_the_shipped_head_gives_a_theme_known_by_name_no_weight_for_a_text_model_it_lacks() -> None:
    weights = dict(zip(FEATURES, load_head().heads["names"].weights, strict=True))
    assert [name for name, weight in weights.items() if "text_model" in name and weight] == []


def test_in_the_shipped_head_what_speaks_for_a_theme_raises_its_probability() -> None:
    head = load_head()
    for kind in KINDS:
        weights = dict(zip(FEATURES, head.heads[kind].weights, strict=True))
        if kind == "examples":
            assert weights["term"] > weights["term_denied"]
        else:  # a name has no terms, and many coded texts have learnt what they say
            assert abs(weights["term"]) + abs(weights["term_denied"]) <= 0.05 * weights["text_model"]
        assert (weights["label_encoder"] > 1) == (kind == "bundled")
        assert bool(weights["label_encoder"]) == bool(weights["best_label_encoder"]) == (kind == "bundled")
        assert weights["definition"] + weights["definition_over_others"] + weights["text_model"] + weights["text_model_over_others"] > 0
        none = head.none[kind].probabilities(none_figures(np.array([[0.9, 0.3], [0.02, 0.01]])))
        assert none[0] < 0.5 < none[1]


def test_a_head_for_other_figures_is_refused(tmp_path: Path) -> None:
    save_head(replace(HEAD, features=("length", *FEATURES[1:])), tmp_path / "head.json")
    with pytest.raises(ModelError, match="fitted to other figures") as raised:
        load_head(tmp_path / "head.json")
    assert raised.value.expected == ", ".join(FEATURES)
    assert "fit_label_head" in raised.value.do


def test_a_head_with_another_number_of_weights_is_refused(tmp_path: Path) -> None:
    heads = {**HEAD.heads, "names": logistic(*[0.5] * (WIDTH - 1))}
    save_head(replace(HEAD, heads=heads), tmp_path / "head.json")
    with pytest.raises(ModelError, match="fitted to other figures"):
        load_head(tmp_path / "head.json")


@pytest.mark.parametrize("content", [None, "", "[]", "{}", "{", json.dumps({"features": list(FEATURES)})])
def test_a_missing_or_broken_head_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "head.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ModelError, match=r"head\.json: the label head cannot be read"):
        load_head(path)


@pytest.mark.parametrize("part", ["heads", "thresholds", "none"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("instead", ["nothing", "words"])
def test_a_head_that_lacks_a_kind_is_refused(tmp_path: Path, part: str, kind: str, instead: str) -> None:
    path = tmp_path / "head.json"
    save_head(HEAD, path)
    stored = json.loads(path.read_text())
    if instead == "nothing":
        del stored[part][kind]
    else:
        stored[part][kind] = "half"
    path.write_text(json.dumps(stored))
    with pytest.raises(ModelError, match="the label head cannot be read"):
        load_head(path)


# fitting


def test_fitting_finds_the_figure_that_decides() -> None:
    random = np.random.default_rng(0)
    figures = random.normal(size=(240, 7))
    truth = figures[:, 3] > 0.3
    found = fit_logistic(figures, truth, seed=0)
    assert found.mean == pytest.approx(figures.mean(axis=0))
    assert found.scale == pytest.approx(figures.std(axis=0))
    assert int(np.abs(found.weights).argmax()) == 3
    assert found.weights[3] > 0
    assert micro_f1(found.probabilities(figures) >= 0.5, truth) > 0.95


def test_a_figure_that_may_not_be_used_gets_no_weight() -> None:
    random = np.random.default_rng(1)
    figures = random.normal(size=(200, 3))
    truth = figures[:, 0] + figures[:, 2] > 0
    found = fit_logistic(figures, truth, seed=0, used=(False, True, True))
    assert found.weights[0] == 0.0
    assert found.weights[2] > abs(found.weights[1])
    assert found.probabilities(figures) == pytest.approx(found.probabilities(figures * [0.0, 1.0, 1.0]))


def test_a_figure_that_never_changes_stops_nothing() -> None:
    figures = np.random.default_rng(2).normal(size=(50, 2))
    figures[:, 1] = 0.0
    found = fit_logistic(figures, figures[:, 0] > 0, seed=0)
    assert np.isfinite(found.probabilities(figures)).all()


def test_micro_f1_by_hand() -> None:
    given_codes = np.array([[True, True], [False, True]])
    truth = np.array([[True, False], [True, True]])
    assert micro_f1(given_codes, truth) == 2 * 2 / (3 + 3)
    assert micro_f1(np.zeros((2, 2), dtype=bool), np.zeros((2, 2), dtype=bool)) == 1.0
    assert micro_f1(np.ones((1, 1), dtype=bool), np.zeros((1, 1), dtype=bool)) == 0.0


@given(seed=st.integers(0, 1000))
def test_micro_f1_is_that_of_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    one, two = random.random((6, 3)) < 0.4, random.random((6, 3)) < 0.4
    assert micro_f1(one, two) == pytest.approx(f1_score(two, one, average="micro", zero_division=1.0))


def test_the_best_threshold_is_the_middle_of_those_that_are_equally_good() -> None:
    probabilities = np.array([[0.205, 0.605], [0.105, 0.805]])
    threshold, f1 = best_threshold(probabilities, np.array([[False, True], [False, True]]))
    assert f1 == 1.0
    assert threshold in (0.4, 0.41)  # equally good from 0.21 to 0.60


def test_what_only_one_coder_gave_does_not_move_the_threshold() -> None:
    probabilities = np.array([[0.3, 0.605], [0.5, 0.805], [0.9, 0.1]])
    truth = np.array([[False, True], [False, True], [False, False]])
    ignored = np.array([[False, False], [True, False], [True, False]])
    threshold, f1 = best_threshold(probabilities, truth, ignored)
    assert f1 == 1.0
    assert 0.3 < threshold <= 0.6
    assert best_threshold(probabilities, truth)[1] < 1.0
    assert best_threshold(probabilities, truth | ignored, ignored) == (threshold, f1)
