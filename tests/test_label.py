from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.embed import Encoder, Vectors, embed, load_encoder
from pipeline.errors import ContractError, ModelError
from pipeline.label import Labeller, label
from pipeline.label.evidence import FEATURES, Evidence, TermHit
from pipeline.label.head import LabelHead, best_threshold, fit_weights, load_head, micro_f1, save_head
from pipeline.records import Clustered, empty
from pipeline.settings import Settings
from pipeline.taxonomy import Example, Taxonomy, Theme
from pipeline.tokenise import expand_and_read

PARKS = Taxonomy(
    "parks",
    "1",
    (
        Theme(
            "dogs",
            "Dogs",
            "Dogs off the lead.",
            terms=("dog", "stray"),
            examples=(Example("stray dogs", ("dogs",)), Example("dogs loose", ("dogs",))),
        ),
        Theme(
            "mess",
            "Dog mess",
            "What dogs leave behind.",
            terms=("dog mess", "mess"),
            examples=(Example("dog mess on the path", ("mess", "dogs")),),
        ),
        Theme("lights", "Street lighting", terms=("street light",)),
    ),
    none_examples=("the cake was good",),
)
TEXTS = [
    "stray dogs by the swings", "dog mess everywhere", "street lights out", "the buffet was lovely", "ok", "tea break 7.30",
    "burglaries in the terraces", "speeding past the school", "domestic violence refuge full", "litter x3", "dog mess everywhere",
]  # fmt: skip


def prepared(texts: list[str], encoder: Encoder) -> tuple[Vectors, list[str], list[bool]]:
    read = expand_and_read(texts, Settings())
    return embed(list(read["expanded"]), encoder), list(read["lemmas"]), list(read["procedural"])


def column(name: str) -> int:
    return FEATURES.index(name)


@pytest.fixture(scope="module")
def parks(encoder: Encoder) -> Evidence:
    return Evidence(PARKS, encoder, Settings())


# evidence


@pytest.mark.parametrize(
    ("text", "found"),
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
def test_terms_are_found_as_whole_words_by_lemma_and_the_longest_counts(parks: Evidence, text: str, found: list[tuple[int, str]]) -> None:
    lemmas = expand_and_read([text], Settings())["lemmas"].iloc[0]
    assert parks.term_hits(lemmas) == [TermHit(theme, term) for theme, term in found]


@pytest.mark.xfail(
    strict=True, reason="spaCy takes capitalised words for names and leaves their plural, so 'Street Lights' is not 'street light'"
)
def test_terms_are_found_whatever_the_capitals(parks: Evidence) -> None:
    lemmas = expand_and_read(["Street Lights Out"], Settings())["lemmas"].iloc[0]
    assert parks.term_hits(lemmas) == [TermHit(2, "street light")]


def test_a_term_of_two_themes_speaks_for_both(encoder: Encoder) -> None:
    shared = Taxonomy("t", "1", (Theme("a", "Parks", terms=("bench",)), Theme("b", "Seats", terms=("bench",))))
    assert Evidence(shared, encoder, Settings()).term_hits("broken bench") == [TermHit(0, "bench"), TermHit(1, "bench")]


def test_a_theme_without_terms_is_found_by_its_label(encoder: Encoder) -> None:
    plain = Taxonomy("t", "1", (Theme("a", "Park benches"), Theme("b", "Buses")))
    evidence = Evidence(plain, encoder, Settings())
    assert evidence.term_hits("the park bench be break") == [TermHit(0, "Park benches")]


def test_every_figure_of_the_evidence_is_what_its_name_says(parks: Evidence, encoder: Encoder) -> None:
    texts = ["stray dogs, strays and a dog", "dog mess everywhere", "a quiet evening"]
    vectors, lemmas, _ = prepared(texts, encoder)
    found = parks.features(vectors, lemmas)
    assert found.shape == (3, 3, len(FEATURES))
    wide = vectors.astype(float)
    definition = wide @ embed(["Dogs. Dogs off the lead.", "Dog mess. What dogs leave behind.", "Street lighting."], encoder).T.astype(
        float
    )
    assert found[..., column("definition")] == pytest.approx(definition, abs=1e-6)
    stray, loose, path, name = (
        wide @ embed([t], encoder)[0].astype(float) for t in ("stray dogs", "dogs loose", "dog mess on the path", "Street lighting")
    )
    nearest = np.stack([np.max([stray, loose, path], axis=0), path, name], axis=1)
    assert found[..., column("example")] == pytest.approx(nearest, abs=1e-6)
    assert found[..., column("examples_3")] == pytest.approx(np.stack([(stray + loose + path) / 3, path, name], axis=1), abs=1e-6)
    for figure, over in (("definition", "definition_over_others"), ("example", "example_over_others")):
        values = found[..., column(figure)]
        expected = (values - values.mean(axis=1, keepdims=True)) / values.std(axis=1, keepdims=True)
        assert found[..., column(over)] == pytest.approx(expected, abs=1e-6)
    assert found[..., column("term")].tolist() == [[2.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    cake = wide @ embed(["the cake was good"], encoder)[0].astype(float)
    assert found[..., column("none_example")] == pytest.approx(np.repeat(cake[:, None], 3, axis=1), abs=1e-6)


def test_an_example_left_out_is_not_compared_with_itself(parks: Evidence, encoder: Encoder) -> None:
    assert parks.example_texts == ("stray dogs", "dogs loose", "dog mess on the path", "Street lighting")
    vectors, lemmas, _ = prepared(["stray dogs", "stray dogs"], encoder)
    nearest = parks.features(vectors, lemmas, np.array([-1, 0]))[:, 0, column("example")]
    assert nearest[0] == pytest.approx(1.0, abs=1e-5)
    assert nearest[1] < 0.95


def test_an_example_with_two_codes_speaks_for_both_themes(parks: Evidence) -> None:
    assert parks.membership[2].tolist() == [True, True, False]


def test_one_text_that_is_an_example_of_two_themes_speaks_for_both(encoder: Encoder) -> None:
    twice = Taxonomy(
        "t",
        "1",
        (Theme("a", "Parks", examples=(Example("bins full", ("a",)),)), Theme("b", "Bins", examples=(Example("bins full", ("b",)),))),
    )
    evidence = Evidence(twice, encoder, Settings())
    assert evidence.example_texts == ("bins full",)
    assert evidence.membership.tolist() == [[True, True]]


def test_themes_that_share_a_label_do_not_stop_a_run(encoder: Encoder) -> None:
    twins = Taxonomy("t", "1", (Theme("a", "Other"), Theme("b", "Other"), Theme("c", "Buses")))
    labels = Labeller(twins, encoder, Settings()).label_texts(*prepared(["late buses"], encoder))
    assert labels.probabilities[0, 0] == labels.probabilities[0, 1] < labels.probabilities[0, 2]


# labels


def test_plain_points_get_the_codes_a_person_would_give(labeller: Labeller, encoder: Encoder) -> None:
    labels = labeller.label_texts(*prepared(TEXTS, encoder))
    assert [codes[:1] for codes in labels.codes[6:9]] == [("acquisitive_crime",), ("road_safety",), ("dv",)]
    assert [labels.outcomes[n] for n in (4, 5, 6)] == ["undecided", "procedural", "labelled"]


def test_codes_come_with_their_probabilities_most_probable_first(labeller: Labeller, encoder: Encoder) -> None:
    labels = labeller.label_texts(*prepared(TEXTS, encoder))
    at = {code: n for n, code in enumerate(labeller.taxonomy.codes)}
    assert any(len(codes) > 1 for codes in labels.codes)
    for row, (codes, scores, outcome) in enumerate(zip(labels.codes, labels.scores, labels.outcomes, strict=True)):
        assert scores == tuple(labels.probabilities[row, at[code]] for code in codes)
        assert list(scores) == sorted(scores, reverse=True)
        above = sorted((p for p in labels.probabilities[row] if p >= labeller.threshold), reverse=True)
        assert list(scores) == ([] if outcome == "procedural" else above[: labeller.settings.max_codes])
        assert (outcome == "labelled") == bool(codes)


def test_the_outcome_follows_from_the_best_probability_and_the_words(encoder: Encoder) -> None:
    vectors, lemmas, procedural = prepared(["the swans nest early on the weir", "swans", "tea break 7.30"], encoder)
    best = float(Labeller(PARKS, encoder, Settings()).label_texts(vectors, lemmas, [False] * 3).probabilities[0].max())

    def outcomes(threshold: float) -> list[str]:
        return Labeller(PARKS, encoder, Settings(label_threshold=threshold)).label_texts(vectors, lemmas, procedural).outcomes

    assert outcomes(best * 0.99)[0] == "labelled"
    assert outcomes(best / 0.61)[0] == "undecided"  # nearer than no_match_below
    assert outcomes(best / 0.59)[0] == "no_match"
    assert outcomes(0.999)[1:] == ["undecided", "procedural"]  # one telling word is too little to be about something new


def test_no_point_gets_more_codes_than_the_setting_allows(encoder: Encoder) -> None:
    prepared_texts = prepared(["stray dogs and dog mess by the street lights"], encoder)
    every = Labeller(PARKS, encoder, Settings(label_threshold=1e-9)).label_texts(*prepared_texts)
    one = Labeller(PARKS, encoder, Settings(label_threshold=1e-9, max_codes=1)).label_texts(*prepared_texts)
    assert sorted(every.codes[0]) == ["dogs", "lights", "mess"]
    assert one.codes[0] == every.codes[0][:1]


def test_a_text_of_no_theme_or_about_the_evening_has_no_code(labeller: Labeller, encoder: Encoder) -> None:
    vectors, lemmas, _ = prepared(["burglaries in the terraces"], encoder)
    labels = labeller.label_texts(vectors, lemmas, [True])
    assert (labels.codes, labels.scores, labels.outcomes, labels.evidence) == ([()], [()], ["procedural"], [""])


@given(chosen=st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=6, unique=True))
@examples(max_examples=12, deadline=None)
def test_a_label_depends_on_its_own_text_alone_and_not_on_the_others_or_their_order(labeller: Labeller, chosen: list[int]) -> None:
    vectors, lemmas, procedural = prepared(TEXTS, load_encoder())
    together = labeller.label_texts(vectors, lemmas, procedural)
    some = labeller.label_texts(vectors[chosen], [lemmas[n] for n in chosen], [procedural[n] for n in chosen])
    assert some.codes == [together.codes[n] for n in chosen]
    assert some.outcomes == [together.outcomes[n] for n in chosen]
    assert some.evidence == [together.evidence[n] for n in chosen]
    assert np.abs(some.probabilities - together.probabilities[chosen]).max() < 1e-9


def test_no_texts_give_no_labels(labeller: Labeller) -> None:
    labels = labeller.label_texts(np.zeros((0, 0), dtype=np.float32), [], [])
    assert labels.codes == [] == labels.outcomes
    assert labels.probabilities.shape == (0, len(labeller.taxonomy.codes))


def test_a_taxonomy_of_codes_and_labels_alone_works(encoder: Encoder) -> None:
    bare = Taxonomy(
        "bare", "1", (Theme("bus", "Buses and trains"), Theme("park", "Parks and play areas"), Theme("bin", "Bins and recycling"))
    )
    labels = Labeller(bare, encoder, Settings()).label_texts(
        *prepared(["the last bus is at five", "swings in the park are broken", "recycling bins not emptied"], encoder)
    )
    assert labels.probabilities.argmax(axis=1).tolist() == [0, 1, 2]
    assert np.isfinite(labels.probabilities).all()


def test_a_taxonomy_of_one_theme_works(encoder: Encoder) -> None:
    one = Taxonomy("one", "1", (Theme("bus", "Buses"),))
    labels = Labeller(one, encoder, Settings()).label_texts(*prepared(["late buses", "swans"], encoder))
    assert labels.probabilities.shape == (2, 1)
    assert labels.probabilities[0, 0] > labels.probabilities[1, 0]


def test_evidence_names_the_terms_and_the_nearest_example(encoder: Encoder) -> None:
    labeller = Labeller(PARKS, encoder, Settings(label_threshold=0.01, max_codes=1))
    vectors, lemmas, procedural = prepared(["dog mess, mess and dog mess", "dog mess on the path"], encoder)
    labels = labeller.label_texts(vectors, lemmas, procedural)
    similarity = float(vectors[0].astype(float) @ embed(["dog mess on the path"], encoder)[0].astype(float))
    assert labels.evidence[0] == f"mess: says 'dog mess', says 'mess', like 'dog mess on the path' ({similarity:.2f})"
    assert labels.evidence[1] == "mess: says 'dog mess', like 'dog mess on the path' (1.00)"


def test_evidence_of_a_point_without_a_code_names_the_nearest_theme(encoder: Encoder) -> None:
    labels = Labeller(PARKS, encoder, Settings(label_threshold=0.999)).label_texts(*prepared(["dogs loose on the moor"], encoder))
    assert labels.codes == [()]
    assert labels.evidence[0].startswith("nearest dogs: says 'dog', like 'dogs loose' (0.")


# the stage


def test_the_stage_adds_codes_scores_outcome_and_those_of_the_cluster(encoder: Encoder) -> None:
    from test_cluster import points_of

    texts = ["stray dogs", "loose dogs", "tea break with stray dogs"]
    vectors, lemmas, _ = prepared(texts, encoder)
    points = points_of(texts, procedural=(texts[2],)).assign(lemmas=lemmas, cluster=[0, 0, -1])
    threshold = 0.05
    labelled, probabilities = label(points, vectors, Labeller(PARKS, encoder, Settings(label_threshold=threshold)))
    mean = probabilities[:2].mean(axis=0)
    expected = "|".join(PARKS.codes[t] for t in sorted(range(3), key=lambda t: -mean[t]) if mean[t] >= threshold)
    assert expected.startswith("dogs")
    assert labelled["cluster_codes"].tolist() == [expected, expected, ""]
    assert labelled["outcome"].tolist() == ["labelled", "labelled", "procedural"]
    assert labelled["scores"][0].split("|")[0] == f"{probabilities[0].max():.3f}"
    assert labelled.loc[2, ["codes", "scores", "evidence"]].tolist() == ["", "", ""]


def test_an_empty_table_is_labelled(labeller: Labeller) -> None:
    labelled, probabilities = label(empty(Clustered), np.zeros((0, 0), dtype=np.float32), labeller)
    assert len(labelled) == 0
    assert {"codes", "scores", "outcome", "evidence", "cluster_codes"} <= set(labelled)
    assert probabilities.shape == (0, len(labeller.taxonomy.codes))


def test_a_table_that_skipped_cluster_is_refused(labeller: Labeller) -> None:
    with pytest.raises(ContractError, match=r"given to label.*'cluster'"):
        label(empty(Clustered).drop(columns="cluster"), np.zeros((0, 0), dtype=np.float32), labeller)


# the head


HEAD = LabelHead(FEATURES, (0.5,) * 7, (2.0,) * 7, (1.0, 0.0, 0.0, 0.0, 0.0, 3.0, -2.0), -1.0, 0.4, {"command": "by hand"})


def test_a_probability_is_the_logistic_of_the_weighted_standardised_figures() -> None:
    features = np.zeros((1, 2, 7))
    features[0, 0, [0, 5, 6]] = (2.5, 1.5, 4.5)
    features[0, 1] = 0.5
    logits = np.array([[1.0 * 1 + 3.0 * 0.5 - 2.0 * 2 - 1, -1.0]])
    assert HEAD.probabilities(features) == pytest.approx(1 / (1 + np.exp(-logits)))


def test_without_examples_of_no_theme_that_figure_counts_for_nothing() -> None:
    features = np.zeros((1, 2, 7))
    features[0, 1, 6] = 40.0
    found = HEAD.probabilities(features, has_none=False)
    assert found[0, 0] == found[0, 1] == pytest.approx(1 / (1 + np.exp(-(1.0 * -0.25 + 3.0 * -0.25 - 1.0))))


def test_a_head_is_read_back_as_written(tmp_path: Path) -> None:
    save_head(replace(HEAD, intercept=-1.23456789), tmp_path / "head.json")
    assert load_head(tmp_path / "head.json") == replace(HEAD, intercept=-1.234568)


def test_the_shipped_head_fits_the_figures_and_says_how_it_was_made() -> None:
    head = load_head()
    assert head.features == FEATURES
    assert len(head.mean) == len(head.scale) == len(head.weights) == len(FEATURES)
    assert 0 < head.threshold < 1
    assert head.fitted["command"] == "python -m benchmarks.fit_label_head"


def test_a_head_for_other_figures_is_refused(tmp_path: Path) -> None:
    save_head(replace(HEAD, features=("length", *FEATURES[1:])), tmp_path / "head.json")
    with pytest.raises(ModelError, match="fitted to other features"):
        load_head(tmp_path / "head.json")


@pytest.mark.parametrize("content", [None, "", "[]", "{}", json.dumps({"features": list(FEATURES)})])
def test_a_missing_or_broken_head_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "head.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ModelError, match=r"head\.json: the label head cannot be read"):
        load_head(path)


def test_fitting_finds_the_figure_that_decides() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(60, 4, 7))
    truth = features[..., 3] > 0.3
    mean, scale, weights, intercept = fit_weights(features, truth, seed=0)
    flat = features.reshape(-1, 7)
    assert mean == pytest.approx(flat.mean(axis=0))
    assert scale == pytest.approx(flat.std(axis=0))
    assert int(np.abs(weights).argmax()) == 3
    assert weights[3] > 0
    head = LabelHead(FEATURES, tuple(mean), tuple(scale), tuple(weights), intercept, 0.5, {})
    assert micro_f1(head.probabilities(features) >= 0.5, truth) > 0.95


def test_micro_f1_by_hand() -> None:
    given_codes = np.array([[True, True], [False, True]])
    truth = np.array([[True, False], [True, True]])
    assert micro_f1(given_codes, truth) == 2 * 2 / (3 + 3)
    assert micro_f1(np.zeros((2, 2), dtype=bool), np.zeros((2, 2), dtype=bool)) == 1.0
    assert micro_f1(np.ones((1, 1), dtype=bool), np.zeros((1, 1), dtype=bool)) == 0.0


def test_the_best_threshold_is_the_middle_of_those_that_are_equally_good() -> None:
    probabilities = np.array([[0.205, 0.605], [0.105, 0.805]])
    threshold, f1 = best_threshold(probabilities, np.array([[False, True], [False, True]]))
    assert f1 == 1.0
    assert threshold in (0.4, 0.41)  # equally good from 0.21 to 0.60
