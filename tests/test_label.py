"""The stage and the labeller: which codes a text gets, how sure that is, and why."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from parks import PARKS, prepared
from sklearn.feature_extraction.text import TfidfVectorizer
from test_cluster import points_of

from pipeline.embed import Encoder, Vectors, embed, load_encoder
from pipeline.errors import ContractError
from pipeline.label import Labeller, columns_of, label_clusters
from pipeline.label.evidence import FEATURES, SOURCES, Evidence
from pipeline.label.text_model import Floats, TextModel
from pipeline.reading import read_words
from pipeline.records import Clustered, empty
from pipeline.settings import Settings
from pipeline.taxonomy import CodedText, Taxonomy, Theme
from pipeline.tokenise import expand_and_read

TEXTS = [
    "stray dogs by the swings", "dog mess everywhere", "street lights out", "the buffet was lovely", "ok", "tea break 7.30",
    "burglaries in the terraces", "speeding past the school", "domestic violence refuge full", "litter x3", "dog mess everywhere",
    "ASB is not a problem, DV is", "Youths drinking in the park, ASB every wkend", "",
]  # fmt: skip
SAYS = re.compile(r"says '([^']*)'( but denies it)? \[(\d+):(\d+)\]")
OUT = "the swans nest early on the weir"


def column(name: str) -> int:
    return FEATURES.index(name)


@pytest.fixture(scope="module")
def parks(encoder: Encoder) -> Evidence:
    return Evidence(PARKS, encoder, Settings())


def labeller_of(parks: Evidence, encoder: Encoder, **given_settings: float | None) -> Labeller:
    return Labeller(PARKS, encoder, Settings.model_validate(given_settings), evidence=parks)


# evidence


def test_every_figure_of_the_evidence_is_what_its_name_says(parks: Evidence, encoder: Encoder) -> None:
    texts = ["stray dogs, strays and a dog", "no dog mess everywhere", "a quiet evening"]
    read, vectors = prepared(texts, encoder)
    found = parks.features(vectors, list(read["lemmas"]))
    assert found.shape == (3, 3, len(FEATURES))
    meant = ["Dogs. Dogs off the lead.", "Dog mess. What dogs leave behind.", "Street lighting"]
    of_themes = embed(meant, encoder).astype(float)
    in_common = (of_themes @ of_themes.T - np.eye(3)).sum(axis=1) / 2
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit(read_words(meant, Settings())["lemmas"])
    spelt = (letters.transform(read["lemmas"]) @ letters.transform(read_words(meant, Settings())["lemmas"]).T).toarray()
    definition = vectors.astype(float) @ of_themes.T + 0.1 * spelt - 0.1 * in_common
    assert found[..., column("definition")] == pytest.approx(definition, abs=1e-5)
    assert isinstance(parks.text_model, TextModel)
    scores = parks.text_model.scores(vectors, list(read["lemmas"]))
    assert np.array_equal(found[..., column("text_model")], scores)
    for figure in ("definition", "text_model"):
        values = found[..., column(figure)]
        expected = (values - values.mean(axis=1, keepdims=True)) / values.std(axis=1, keepdims=True)
        assert found[..., column(f"{figure}_over_others")] == pytest.approx(expected, abs=1e-6)
    assert found[..., column("term")].tolist() == [[2.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]  # three, of which two count
    assert found[..., column("term_denied")].tolist() == [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    assert np.array_equal(found[..., column("best_text_model")], np.repeat(scores.max(axis=1, keepdims=True), 3, axis=1))
    assert found[..., column("all_text_model")] == pytest.approx(np.repeat(scores.sum(axis=1, keepdims=True), 3, axis=1))


def test_scores_that_are_given_stand_in_for_those_of_the_text_model(parks: Evidence, encoder: Encoder) -> None:
    read, vectors = prepared(["stray dogs"], encoder)
    found = parks.features(vectors, list(read["lemmas"]), np.array([[0.1, 0.7, 0.4]]))
    assert found[0, :, column("text_model")].tolist() == [0.1, 0.7, 0.4]
    assert found[0, :, column("best_text_model")].tolist() == [0.7] * 3


def test_without_texts_to_learn_from_the_text_model_says_nothing(encoder: Encoder) -> None:
    bare = Evidence(Taxonomy("t", "1", (Theme("a", "Parks"), Theme("b", "Buses"))), encoder, Settings())
    assert bare.text_model is None
    read, vectors = prepared(["late buses"], encoder)
    found = bare.features(vectors, list(read["lemmas"]))
    assert not found[..., [column(name) for name in FEATURES if "text_model" in name]].any()


def test_the_text_model_knows_the_texts_of_every_theme_and_of_none(parks: Evidence, encoder: Encoder) -> None:
    texts = ["stray dogs", "dog mess on the path", "the cake was good"]
    read, vectors = prepared(texts, encoder)
    scores = parks.features(vectors, list(read["lemmas"]))[..., column("text_model")]
    assert scores[0].argmax() == 0
    assert min(scores[1, :2]) > 0.4
    assert np.abs(scores[2]).max() < 0.2


def test_coded_texts_teach_what_examples_do_not_say(encoder: Encoder) -> None:
    coded = replace(PARKS, coded_texts=(CodedText("the lamps by the gate are broken", ("lights",)), CodedText("raffle at nine", ())))
    read, vectors = prepared(["lamp broken at the gate", "a raffle"], encoder)
    without = Labeller(PARKS, encoder, Settings()).label_texts(read, vectors)
    taught = Labeller(coded, encoder, Settings()).label_texts(read, vectors)
    assert taught.probabilities[0, 2] > without.probabilities[0, 2]
    assert taught.codes[0] == ("lights",)
    assert taught.codes[1] == ()


def test_the_nearest_example_is_one_of_the_taxonomy_and_of_the_theme(encoder: Encoder) -> None:
    coded = replace(PARKS, coded_texts=(CodedText("stray dogs bark", ("dogs",)),))
    evidence = Evidence(coded, encoder, Settings())
    bark = embed(["stray dogs bark"], encoder)[0]
    text, similarity = evidence.nearest_example(bark, 0) or ("", 0.0)
    assert text == "stray dogs"
    assert similarity == pytest.approx(float(bark.astype(float) @ embed(["stray dogs"], encoder)[0].astype(float)), abs=1e-5)
    assert (evidence.nearest_example(bark, 1) or ("",))[0] == "dog mess on the path"
    assert evidence.nearest_example(bark, 2) is None


def test_themes_that_share_a_label_do_not_stop_a_run(encoder: Encoder) -> None:
    twins = Taxonomy("t", "1", (Theme("a", "Other"), Theme("b", "Other"), Theme("c", "Buses")))
    labels = Labeller(twins, encoder, Settings()).label_texts(*prepared(["late buses"], encoder))
    assert labels.probabilities[0, 0] == labels.probabilities[0, 1] < labels.probabilities[0, 2]


# labels


def test_plain_points_get_the_codes_a_person_would_give(labeller: Labeller, encoder: Encoder) -> None:
    labels = labeller.label_texts(*prepared(TEXTS, encoder))
    assert [codes[:1] for codes in labels.codes[6:9]] == [("acquisitive_crime",), ("road_safety",), ("dv",)]
    assert [labels.outcomes[n] for n in (4, 5, 6, 13)] == ["undecided", "procedural", "labelled", "undecided"]
    assert set(labeller.kinds) == {"bundled"}
    assert len(labeller.evidence.lessons.texts) > 1000


def test_codes_come_with_their_probabilities_most_probable_first(labeller: Labeller, encoder: Encoder) -> None:
    labels = labeller.label_texts(*prepared(TEXTS, encoder))
    at = {code: n for n, code in enumerate(labeller.taxonomy.codes)}
    assert any(len(codes) > 1 for codes in labels.codes)
    for row, (codes, scores, outcome) in enumerate(zip(labels.codes, labels.scores, labels.outcomes, strict=True)):
        assert scores == tuple(labels.probabilities[row, at[code]] for code in codes)
        assert list(scores) == sorted(scores, reverse=True)
        above = sorted((p for p, t in zip(labels.probabilities[row], labeller.thresholds, strict=True) if p >= t), reverse=True)
        assert list(scores) == ([] if outcome == "procedural" else above[: labeller.settings.max_codes])
        assert (outcome == "labelled") == bool(codes)


def test_every_theme_has_the_threshold_of_its_kind_unless_the_settings_say_one(parks: Evidence, encoder: Encoder) -> None:
    own = labeller_of(parks, encoder)
    assert own.kinds == ["examples", "examples", "names"]
    assert own.thresholds.tolist() == [own.head.thresholds[kind] for kind in own.kinds]
    apart = replace(own.head, thresholds={"names": 0.999, "examples": 0.001, "coded": 0.5})
    read, vectors = prepared(["street lights out"], encoder)
    assert Labeller(PARKS, encoder, Settings(), evidence=parks).label_texts(read, vectors).codes == [("lights",)]
    assert Labeller(PARKS, encoder, Settings(), apart, evidence=parks).label_texts(read, vectors).codes[0][0] in {"dogs", "lights"}
    assert labeller_of(parks, encoder, label_threshold=0.2).thresholds.tolist() == [0.2] * 3


def test_the_outcome_follows_from_no_theme_being_likely_and_from_the_words(parks: Evidence, encoder: Encoder) -> None:
    read, vectors = prepared([OUT, "swans", "tea break 7.30", "the the and of", ""], encoder)
    plain = labeller_of(parks, encoder, label_threshold=0.999)
    none = plain.head.none_probabilities(plain.label_texts(read, vectors).probabilities, plain.kinds)

    def outcomes(no_match_from: float) -> list[str]:
        return labeller_of(parks, encoder, label_threshold=0.999, no_match_from=no_match_from).label_texts(read, vectors).outcomes

    # One telling word, or none, is too little to be about something new.
    assert outcomes(float(none[0]) - 1e-6) == ["no_match", "undecided", "procedural", "undecided", "undecided"]
    assert outcomes(float(none[0]) + 1e-6)[0] == "undecided"
    assert outcomes(0.0)[:2] == ["no_match", "undecided"]
    best = float(plain.label_texts(read, vectors).probabilities[0].max())
    assert labeller_of(parks, encoder, label_threshold=best * 0.999).label_texts(read, vectors).outcomes[0] == "labelled"


def test_the_score_of_an_outcome_is_the_probability_that_it_is_right(parks: Evidence, encoder: Encoder) -> None:
    read, vectors = prepared(["stray dogs", OUT, "swans", "tea break 7.30"], encoder)
    for no_match_from in (0.0, 1.0):
        labeller = labeller_of(parks, encoder, no_match_from=no_match_from)
        labels = labeller.label_texts(read, vectors)
        none = labeller.head.none_probabilities(labels.probabilities, labeller.kinds)
        assert labels.outcomes == ["labelled", "no_match" if no_match_from == 0.0 else "undecided", "undecided", "procedural"]
        assert labels.outcome_scores == pytest.approx([1 - none[0], none[1], max(none[2], 1 - none[2]), labeller.head.procedural])
        assert none[1] > 0.5
    sceptic = replace(labeller.head, none={kind: replace(part, intercept=-50.0) for kind, part in labeller.head.none.items()})
    unsure = Labeller(PARKS, encoder, Settings(no_match_from=0.0), sceptic, evidence=parks).label_texts(read, vectors)
    assert unsure.outcome_scores[1:3] == pytest.approx([0.0, 1.0], abs=1e-6)  # no match after all; undecided, where some theme fits


def test_no_point_gets_more_codes_than_the_setting_allows(parks: Evidence, encoder: Encoder) -> None:
    texts = prepared(["stray dogs and dog mess by the street lights"], encoder)
    every = labeller_of(parks, encoder, label_threshold=1e-9).label_texts(*texts)
    one = labeller_of(parks, encoder, label_threshold=1e-9, max_codes=1).label_texts(*texts)
    assert sorted(every.codes[0]) == ["dogs", "lights", "mess"]
    assert one.codes[0] == every.codes[0][:1]


def test_a_text_of_no_theme_or_about_the_evening_has_no_code(labeller: Labeller, encoder: Encoder) -> None:
    read, vectors = prepared(["burglaries in the terraces"], encoder)
    labels = labeller.label_texts(read.assign(procedural=True), vectors)
    assert (labels.codes, labels.scores, labels.outcomes, labels.evidence) == ([()], [()], ["procedural"], [""])
    assert labels.outcome_scores == [labeller.head.procedural]


@given(chosen=st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=6))
@examples(max_examples=12, deadline=None)
def test_a_label_depends_on_its_own_text_alone_and_not_on_the_others_or_their_order(labeller: Labeller, chosen: list[int]) -> None:
    read, vectors = prepared(TEXTS, load_encoder())
    together = labeller.label_texts(read, vectors)
    some = labeller.label_texts(read.iloc[chosen], vectors[chosen])
    assert some.codes == [together.codes[n] for n in chosen]
    assert some.outcomes == [together.outcomes[n] for n in chosen]
    assert some.evidence == [together.evidence[n] for n in chosen]
    assert np.abs(some.probabilities - together.probabilities[chosen]).max() < 1e-9
    assert some.outcome_scores == pytest.approx([together.outcome_scores[n] for n in chosen], abs=1e-9)


@given(chosen=st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=4, unique=True))
@examples(max_examples=8, deadline=None)
def test_reading_a_text_with_others_changes_nothing_that_is_shown(labeller: Labeller, chosen: list[int]) -> None:
    encoder = load_encoder()
    together = labeller.label_texts(*prepared(TEXTS, encoder)).probabilities
    some = labeller.label_texts(*prepared([TEXTS[n] for n in chosen], encoder)).probabilities
    assert np.abs(some - together[chosen]).max() < 1e-3  # the encoder's last bits depend on the batch


def test_no_texts_give_no_labels(labeller: Labeller) -> None:
    labels = labeller.label_texts(expand_and_read([], Settings()), np.zeros((0, 0), dtype=np.float32))
    assert labels.codes == [] == labels.outcomes == labels.outcome_scores
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
    assert labels.evidence[0] == "bus: by its name"


def test_a_taxonomy_of_one_theme_works(encoder: Encoder) -> None:
    one = Taxonomy("one", "1", (Theme("bus", "Buses"),))
    labels = Labeller(one, encoder, Settings()).label_texts(*prepared(["late buses", "swans"], encoder))
    assert labels.probabilities.shape == (2, 1)
    assert labels.probabilities[0, 0] > labels.probabilities[1, 0]


# reasons


def test_evidence_names_the_terms_with_their_place_and_the_nearest_example(parks: Evidence, encoder: Encoder) -> None:
    read, vectors = prepared(["dog mess, mess and dog mess", "dog mess on the path"], encoder)
    labels = labeller_of(parks, encoder, label_threshold=0.01, max_codes=2).label_texts(read, vectors)
    similarity = float(vectors[0].astype(float) @ embed(["dog mess on the path"], encoder)[0].astype(float))
    by_code = dict(part.split(": ", 1) for part in labels.evidence[0].split("; "))
    like = f"like 'dog mess on the path' ({similarity:.2f})"
    assert by_code["mess"] == f"says 'dog mess' [0:8], says 'mess' [10:14], says 'dog mess' [19:27], {like}"
    assert by_code["dogs"] == like
    assert "mess: says 'dog mess' [0:8], like 'dog mess on the path' (1.00)" in labels.evidence[1]
    assert [part.split(":")[0] for part in labels.evidence[0].split("; ")] == list(labels.codes[0])


def test_evidence_says_what_is_denied(parks: Evidence, encoder: Encoder) -> None:
    labels = labeller_of(parks, encoder, label_threshold=0.01).label_texts(*prepared(["no street lights on the post road"], encoder))
    assert "lights: says 'street light' but denies it [3:16], says 'post' [24:28]" in labels.evidence[0]


def test_evidence_of_a_point_without_a_code_names_the_nearest_theme(parks: Evidence, encoder: Encoder) -> None:
    labels = labeller_of(parks, encoder, label_threshold=0.9999).label_texts(
        *prepared(["a dog, loose on the moor", "swans on the weir"], encoder)
    )
    assert labels.codes[1] == ()
    assert labels.evidence[1].startswith("nearest ")
    assert "says" not in labels.evidence[1]
    sure = float(labels.probabilities[0].max())
    assert labels.evidence[0].startswith("nearest dogs: says 'dog' [2:5], like " if sure < 0.9999 else "dogs: says 'dog' [2:5], like ")


def test_what_each_source_adds_gives_the_probability(parks: Evidence, encoder: Encoder) -> None:
    labeller = labeller_of(parks, encoder)
    read, vectors = prepared(["dog mess by the street lights"], encoder)
    weighed = labeller.weigh(read, vectors)
    assert list(weighed.columns) == ["code", "label", "probability", "threshold", *SOURCES, "heading"]
    assert weighed["probability"].is_monotonic_decreasing
    probabilities = labeller.label_texts(read, vectors).probabilities[0]
    for row in weighed.to_dict("records"):
        theme = PARKS.codes.index(row["code"])
        assert row["probability"] == probabilities[theme]
        assert (row["label"], row["threshold"]) == (PARKS.themes[theme].label, labeller.thresholds[theme])
        assert row["heading"] == 0.0  # it stands under none
        logit = sum(row[source] for source in SOURCES) + labeller.head.heads[labeller.kinds[theme]].intercept
        assert 1 / (1 + np.exp(-logit)) == pytest.approx(row["probability"])
    without = labeller.weigh(*prepared(["by the lamps"], encoder)).set_index("code")
    assert weighed.set_index("code")["terms"]["mess"] > without["terms"]["mess"]


FORMS = {
    "anti-social behaviour": ("ASB", "asb", "anti-social behaviour", "Anti-social behaviour", "anti social behaviour"),
    "dog mess": ("dog mess", "Dog mess", "dogs' mess", "dog-mess"),
    "closed-circuit television": ("CCTV", "cctv"),
    "young people": ("YPs", "YP", "young people"),
}
FILLING = ("more", "w/", "PCSOs", "swans", "£5k", "—", "(2)", "no", "b&b", "café", "isn't", "😀")


@pytest.fixture(scope="module")
def glossed(encoder: Encoder) -> Labeller:
    themes = tuple(Theme(f"t{number}", f"Theme {number}", terms=(term,)) for number, term in enumerate(FORMS))
    return Labeller(Taxonomy("t", "1", themes), encoder, Settings(label_threshold=1e-9, max_codes=len(themes)))


@given(
    words=st.lists(st.sampled_from([*(form for forms in FORMS.values() for form in forms), *FILLING]), min_size=1, max_size=7),
    between=st.sampled_from([" ", "  ", ", ", " / ", ". ", "\n"]),
)
@examples(max_examples=40, deadline=None)
def test_the_places_of_terms_are_the_words_as_typed(glossed: Labeller, words: list[str], between: str) -> None:
    text = between.join(words)
    read, vectors = prepared([text], load_encoder())
    found = SAYS.findall(glossed.label_texts(read.assign(procedural=False), vectors).evidence[0])
    for term, _, start, end in found:
        assert text[int(start) : int(end)] in FORMS[term]
    said = {(term, int(start)) for term, _, start, _ in found}
    at = 0
    for word in words:
        for term, forms in FORMS.items():
            assert word not in forms or (term, at) in said
        at += len(word) + len(between)


def test_an_abbreviation_is_the_place_of_what_it_stands_for(glossed: Labeller, encoder: Encoder) -> None:
    labels = glossed.label_texts(*prepared(["ASB", "no ASB by the YPs"], encoder))
    assert "t0: says 'anti-social behaviour' [0:3]" in labels.evidence[0]
    assert SAYS.findall(labels.evidence[1]).count(("anti-social behaviour", " but denies it", "3", "6")) == 1
    assert [found[2:] for found in SAYS.findall(labels.evidence[1]) if found[0] == "young people"] == [("14", "17")]


# the stage


def label(points: pd.DataFrame, vectors: Vectors, labeller: Labeller) -> tuple[pd.DataFrame, Floats]:
    """Points and their clusters labelled, as a run does; the probabilities too."""
    labels = labeller.label_texts(points, vectors)
    said = columns_of(labels).set_index(points.index)
    return label_clusters(points.assign(**dict(said)), labels.probabilities, labeller), labels.probabilities


def test_the_stage_adds_codes_scores_outcome_and_those_of_the_cluster(parks: Evidence, encoder: Encoder) -> None:
    texts = ["stray dogs", "loose dogs", "tea break with stray dogs"]
    labeller = labeller_of(parks, encoder, label_threshold=0.05)
    read, vectors = prepared(texts, encoder)
    points = points_of(texts, procedural=(texts[2],)).assign(lemmas=read["lemmas"], lemma_spans=read["lemma_spans"], cluster=[0, 0, -1])
    labelled, probabilities = label(points, vectors, labeller)
    mean = probabilities[:2].mean(axis=0)
    expected = "|".join(PARKS.codes[t] for t in sorted(range(3), key=lambda t: -mean[t]) if mean[t] >= 0.05)
    assert expected.startswith("dogs")
    assert labelled["cluster_codes"].tolist() == [expected, expected, ""]
    assert labelled["cluster_mixed"].tolist() == ["", "", ""]
    assert labelled["outcome"].tolist() == ["labelled", "labelled", "procedural"]
    assert labelled["scores"][0].split("|")[0] == f"{probabilities[0].max():.3f}"
    assert labelled.loc[2, ["codes", "scores", "evidence"]].tolist() == ["", "", ""]
    alone = labeller.label_texts(points, vectors)
    assert labelled["outcome_score"].tolist() == [round(score, 3) for score in alone.outcome_scores]
    assert labelled["evidence"].tolist() == alone.evidence
    assert labelled[list(points.columns)].equals(points)


def test_a_cluster_without_a_main_code_says_its_mixture(parks: Evidence, encoder: Encoder) -> None:
    texts = ["stray dogs", "street lights out", "stray dogs", "street lights out", "stray dogs", OUT]
    read, vectors = prepared(texts, encoder)
    points = points_of(texts, sessions=["1", "1", "1", "2", "2", "2"])
    points = points.assign(lemmas=read["lemmas"], lemma_spans=read["lemma_spans"], cluster=[0, 0, 0, 0, 0, 0])
    labelled, _ = label(points, vectors, labeller_of(parks, encoder, label_threshold=0.5))
    assert labelled["codes"].tolist() == ["dogs", "lights", "dogs", "lights", "dogs", ""]
    assert labelled["cluster_mixed"].tolist() == ["", "", "", *["dogs 50%, lights 50%"] * 3]  # two thirds are most; of two, one is not
    turned, _ = label(points.iloc[::-1], vectors[::-1], labeller_of(parks, encoder, label_threshold=0.5))
    assert turned.iloc[::-1].equals(labelled)


def test_an_empty_table_is_labelled(labeller: Labeller) -> None:
    labelled, probabilities = label(empty(Clustered), np.zeros((0, 0), dtype=np.float32), labeller)
    assert len(labelled) == 0
    assert {"codes", "scores", "outcome", "outcome_score", "evidence", "cluster_codes", "cluster_mixed"} <= set(labelled)
    assert probabilities.shape == (0, len(labeller.taxonomy.codes))


@pytest.mark.parametrize("column", ["cluster", "lemma_spans"])
def test_a_table_that_skipped_a_stage_is_refused(labeller: Labeller, column: str) -> None:
    with pytest.raises(ContractError, match=rf"given to label.*'{column}'"):
        label(empty(Clustered).drop(columns=column), np.zeros((0, 0), dtype=np.float32), labeller)


# the heading a text stood under


def test_a_heading_is_read_with_the_text_and_neither_reading_wins(parks: Evidence, encoder: Encoder) -> None:
    labeller = labeller_of(parks, encoder)
    read, vectors = prepared(["three of them every morning", "three of them every morning"], encoder)
    alone = labeller.label_texts(read, vectors).probabilities[0]
    headed_read, headed_vectors = prepared(["Dog mess: three of them every morning"], encoder)
    headed = labeller.label_texts(headed_read, headed_vectors).probabilities[0]
    labels = labeller.label_texts(read.assign(topic=["", "Dog mess"]), vectors)
    assert labels.probabilities[0] == pytest.approx(alone)
    odds = np.sqrt(alone / (1 - alone) * headed / (1 - headed))
    assert labels.probabilities[1] == pytest.approx(odds / (1 + odds), abs=1e-6)
    assert "Dog mess" not in labels.evidence[0]
    assert labels.evidence[1].endswith("read with its heading 'Dog mess'")


def test_what_a_heading_adds_is_told_and_gives_the_probability(parks: Evidence, encoder: Encoder) -> None:
    labeller = labeller_of(parks, encoder)
    read, vectors = prepared(["three of them every morning"], encoder)
    weighed = labeller.weigh(read.assign(topic=["Dog mess"]), vectors)
    mess = weighed[weighed["code"] == "mess"].iloc[0]
    assert mess["heading"] > 0
    logit = mess[[*SOURCES, "heading"]].sum() + labeller.head.heads[labeller.kinds[PARKS.codes.index("mess")]].intercept
    assert 1 / (1 + np.exp(-logit)) == pytest.approx(mess["probability"], abs=1e-6)
