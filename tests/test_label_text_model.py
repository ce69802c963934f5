"""The text model: what it says is what the algebra promises, and a model that is kept is the one that was fitted."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from parks import prepared

from pipeline import built
from pipeline.built import built_folder
from pipeline.embed import Encoder, Vectors, load_encoder
from pipeline.errors import ModelError
from pipeline.label import fitting
from pipeline.label.fitting import fitted
from pipeline.label.lessons import Lessons, lessons_of
from pipeline.label.text_model import (
    CONSTANT,
    DECIMALS,
    FEW_TEXTS,
    LETTERS,
    OF_FEW,
    PENALTY,
    WORDS,
    Floats,
    Spelling,
    TextModel,
    fit_text_model,
    left_out_scores,
    meaning,
)
from pipeline.settings import Settings
from pipeline.taxonomy import CodedText, Example, Taxonomy, Theme

TEXTS = [
    "stray dogs", "dogs loose on the green", "dog mess on the path", "street lights out", "no lamps in the alley", "bins not emptied",
    "rubbish beside the bins", "the cake was good", "speeding past the school", "cars race at night", "dark alley behind the shops", "tea",
]  # fmt: skip
ROUNDED = 1.01 * 10.0**-DECIMALS


@cache
def made_ready() -> tuple[Vectors, list[str]]:
    read, vectors = prepared(TEXTS, load_encoder())
    return vectors, list(read["lemmas"])


@pytest.fixture
def pool() -> tuple[Vectors, list[str]]:
    """Vectors and lemmas of TEXTS."""
    return made_ready()


def truth_of(count: int, themes: int = 3, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).choice([0.0, 0.0, 0.5, 1.0], size=(count, themes))


def kernel(pool: tuple[Vectors, list[str]]) -> Floats:
    """The kernel by its definition, with cosines of tf-idf rows, which have length 1."""
    vectors, lemmas = pool
    spelling = Spelling.fitted(lemmas)
    words, letters = (part.transform(lemmas).toarray() for part in (spelling.words, spelling.letters))
    made: Floats = meaning(vectors, vectors) + OF_FEW * (WORDS * words @ words.T + LETTERS * letters @ letters.T) + CONSTANT
    return made


# the algebra


def test_the_kernel_of_meaning_is_one_for_the_same_and_less_for_the_less_alike(pool: tuple[Vectors, list[str]]) -> None:
    found = meaning(pool[0], pool[0])
    assert found.dtype == np.float64
    assert np.diag(found) == pytest.approx(1.0, abs=1e-5)
    assert found == pytest.approx(found.T)
    assert ((found > 0) & (found <= 1 + 1e-6)).all()
    cosines = pool[0].astype(float) @ pool[0].astype(float).T
    assert np.array_equal(np.argsort(found, axis=None, kind="stable"), np.argsort(cosines, axis=None, kind="stable"))
    opposite = meaning(np.array([[1.0, 0.0]], dtype=np.float32), np.array([[-1.0, 0.0], [0.0, 1.0]], dtype=np.float32))
    assert opposite == pytest.approx(np.exp([[-4.0, -2.0]]))


def test_the_model_solves_the_ridge_equations(pool: tuple[Vectors, list[str]]) -> None:
    truth = truth_of(len(TEXTS))
    model = fit_text_model(*pool, truth)
    dual = np.linalg.solve(kernel(pool) + PENALTY * np.eye(len(TEXTS)), truth)
    assert model.dual == pytest.approx(dual, abs=1e-9)
    assert model.scores(*pool) == pytest.approx(kernel(pool) @ dual, abs=ROUNDED)
    assert model.scores(*pool) == pytest.approx(truth - PENALTY * model.dual, abs=ROUNDED)


@given(groups=st.lists(st.integers(0, 3), min_size=len(TEXTS), max_size=len(TEXTS)), seed=st.integers(0, 99))
@examples(max_examples=30, deadline=None)
def test_scores_of_a_group_left_out_are_those_of_a_model_that_never_saw_it(groups: list[int], seed: int) -> None:
    vectors, lemmas = made_ready()
    truth, numbers = truth_of(len(TEXTS), seed=seed), np.array(groups)
    found = left_out_scores(vectors, lemmas, truth, numbers)
    spelling = Spelling.fitted(lemmas)  # the vocabulary is that of all texts
    whole = kernel((vectors, lemmas))
    for number in set(groups):
        out, kept = numbers == number, numbers != number
        dual = np.linalg.solve(whole[np.ix_(kept, kept)] + PENALTY * np.eye(kept.sum()), truth[kept])
        assert found[out] == pytest.approx(whole[np.ix_(out, kept)] @ dual, abs=1e-8)
        if kept.any():
            rest = [lemma for lemma, keep in zip(lemmas, kept, strict=True) if keep]
            again = TextModel(vectors[kept], dual, spelling, np.asarray(spelling.features(rest).T @ dual))
            gone = [lemma for lemma, keep in zip(lemmas, kept, strict=True) if not keep]
            assert found[out] == pytest.approx(again.scores(vectors[out], gone), abs=ROUNDED)


def test_a_model_fitted_anew_without_a_group_says_nearly_what_is_said_with_it_left_out(pool: tuple[Vectors, list[str]]) -> None:
    vectors, lemmas = pool
    truth, groups = truth_of(len(TEXTS)), np.arange(len(TEXTS)) // 3
    found = left_out_scores(vectors, lemmas, truth, groups)
    for number in set(groups.tolist()):
        kept = np.flatnonzero(groups != number)
        out = np.flatnonzero(groups == number)
        anew = fit_text_model(vectors[kept], [lemmas[n] for n in kept], truth[kept])
        assert np.abs(found[out] - anew.scores(vectors[out], [lemmas[n] for n in out])).max() < 0.15  # the vocabulary differs


def test_the_text_itself_counts_less_than_it_says_when_left_out(pool: tuple[Vectors, list[str]]) -> None:
    truth = np.eye(len(TEXTS))
    seen = fit_text_model(*pool, truth).scores(*pool)
    unseen = left_out_scores(*pool, truth, np.arange(len(TEXTS)))
    assert np.diag(seen).min() > 0.5
    assert np.abs(np.diag(unseen)).max() < 1e-9  # nothing else taught its theme


def test_with_everything_left_out_nothing_is_learnt_from(pool: tuple[Vectors, list[str]]) -> None:
    assert left_out_scores(*pool, truth_of(len(TEXTS)), np.zeros(len(TEXTS), dtype=np.intp)) == pytest.approx(0.0, abs=1e-9)


def test_a_disputed_code_counts_for_half(pool: tuple[Vectors, list[str]]) -> None:
    truth = truth_of(len(TEXTS))
    assert fit_text_model(*pool, truth * 0.5).dual == pytest.approx(fit_text_model(*pool, truth).dual * 0.5)


# scores


@given(chosen=st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=6))
@examples(max_examples=30, deadline=None)
def test_the_scores_of_a_text_do_not_depend_on_the_others(chosen: list[int]) -> None:
    vectors, lemmas = made_ready()
    model = fit_text_model(vectors[:8], lemmas[:8], truth_of(8))
    whole = model.scores(vectors, lemmas)
    assert np.array_equal(model.scores(vectors[chosen], [lemmas[n] for n in chosen]), whole[chosen])


def test_many_texts_are_scored_as_each_alone_is(pool: tuple[Vectors, list[str]]) -> None:
    vectors, lemmas = pool
    model = fit_text_model(vectors[:8], lemmas[:8], truth_of(8))
    rows = np.arange(1100) * 7 % len(TEXTS)
    found = model.scores(vectors[rows], [lemmas[n] for n in rows])
    assert np.array_equal(found, model.scores(vectors, lemmas)[rows])


def test_scores_are_rounded_so_that_last_bits_change_nothing(pool: tuple[Vectors, list[str]]) -> None:
    scores = fit_text_model(*pool, truth_of(len(TEXTS))).scores(*pool)
    assert np.array_equal(scores, np.round(scores, DECIMALS))


def test_texts_without_words_and_words_never_seen_are_scored(pool: tuple[Vectors, list[str]]) -> None:
    vectors, lemmas = pool
    model = fit_text_model(vectors, lemmas, truth_of(len(TEXTS)))
    found = model.scores(vectors[:2], ["", "zzz qqq"])
    assert np.isfinite(found).all()
    expected = meaning(vectors[:2], vectors) @ model.dual + CONSTANT * model.dual.sum(axis=0)
    assert found == pytest.approx(expected, abs=ROUNDED)
    silent = fit_text_model(vectors[:2], ["", " "], truth_of(2))
    assert np.isfinite(silent.scores(vectors, lemmas)).all()


def test_words_of_one_text_count_where_texts_are_few_and_not_where_they_are_many() -> None:
    few, many = [f"bin word{n}" for n in range(20)], [f"bin word{n}" for n in range(FEW_TEXTS)]
    assert "word7" in Spelling.fitted(few).words.terms
    vocabulary = Spelling.fitted(many).words.terms
    assert "bin" in vocabulary
    assert (Spelling.fitted(few).part, Spelling.fitted(many).part) == (OF_FEW, 1.0)
    assert not any(word.startswith("word") for word in vocabulary)


def test_spelling_forgives_a_slip(pool: tuple[Vectors, list[str]]) -> None:
    spelling = Spelling.fitted(pool[1])
    right, slip, other = spelling.features(["street lights", "street lihgts", "dog mess"])
    assert (right @ slip.T).toarray()[0, 0] > OF_FEW * 0.3
    assert (right @ right.T).toarray()[0, 0] == pytest.approx(OF_FEW * (WORDS + LETTERS))
    assert (right @ other.T).toarray()[0, 0] < OF_FEW * 0.05


def test_spelling_put_together_again_is_the_same(pool: tuple[Vectors, list[str]]) -> None:
    made = Spelling.fitted(pool[1])
    again = Spelling.restored(made.arrays)
    new = [*pool[1], "dark lamp alley", ""]
    assert (made.features(new) != again.features(new)).nnz == 0


# fitting once

BINS = Taxonomy(
    "bins",
    "1",
    (
        Theme("bins", "Bins", examples=(Example("bins not emptied", ("bins",)), Example("rubbish by the bins", ("bins",)))),
        Theme("lamps", "Lamps"),
    ),
    none_examples=("the cake was good",),
    coded_texts=(CodedText("lamp out", ("lamps",)), CodedText("dark corner", (), ("lamps",))),
)
SETTINGS = Settings()


@dataclass(frozen=True)
class Renamed:
    """The encoder, as if its weights had another checksum."""

    encoder: Encoder
    sha256: str
    name: str = "renamed"

    def encode(self, texts: list[str]) -> Vectors:
        return self.encoder.encode(texts)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """Models of three texts or more are kept, in a folder of the test; says which there are."""
    monkeypatch.setattr(built, "MODELS", tmp_path)
    monkeypatch.setattr(fitting, "FEW_TEXTS", 3)
    return lambda: sorted((tmp_path / "built").iterdir())


def told(taxonomy: Taxonomy, encoder: Encoder, settings: Settings = SETTINGS) -> tuple[Lessons, TextModel, int]:
    """What is fitted or fetched, and how many texts were embedded for it."""
    steps: list[int] = []
    lessons, model = fitted(taxonomy, encoder, settings, lambda done, total: steps.append(done))
    assert model is not None
    return lessons, model, max(steps, default=0)


def same(one: TextModel, other: TextModel) -> bool:
    arrays = [(m.vectors, m.dual, m.weights, m.spelling.words.idf, m.spelling.letters.idf) for m in (one, other)]
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in zip(*arrays, strict=True))


def test_a_model_is_fitted_once_and_then_fetched_the_same(
    kept: Callable[[], list[Path]], encoder: Encoder, pool: tuple[Vectors, list[str]]
) -> None:
    lessons, model, embedded = told(BINS, encoder)
    assert embedded == len(lessons.texts) == 5
    (path,) = kept()
    bytes_then = path.read_bytes()
    lessons_again, again, embedded = told(BINS, encoder)
    assert embedded == 0
    assert kept() == [path]
    assert path.read_bytes() == bytes_then
    assert same(model, again)
    assert np.array_equal(model.scores(*pool), again.scores(*pool))
    assert lessons_again.texts == lessons.texts
    assert np.array_equal(lessons_again.vectors, lessons.vectors)
    assert np.array_equal(lessons.vectors, model.vectors)


def test_what_is_fitted_is_the_model_of_the_lessons(
    kept: Callable[[], list[Path]], encoder: Encoder, pool: tuple[Vectors, list[str]]
) -> None:
    lessons, model, _ = told(BINS, encoder)
    read, vectors = prepared(list(lessons_of(BINS).texts), encoder)
    by_hand = fit_text_model(vectors, list(read["lemmas"]), lessons.truth)
    assert np.array_equal(by_hand.scores(*pool), model.scores(*pool))


def changes(tmp_path: Path) -> dict[str, tuple[Taxonomy, str, Settings]]:
    """Something else to learn from, or to read it with, by name."""
    (tmp_path / "glossary.yaml").write_text("ASB: anti-social behaviour\n", "utf-8")
    more = (*BINS.coded_texts, CodedText("bin fire", ("bins",)))
    otherwise = (CodedText("lamp out", ("lamps", "bins")), BINS.coded_texts[1])
    agreed = (BINS.coded_texts[0], CodedText("dark corner", ("lamps",)))
    return {
        "a text": (replace(BINS, coded_texts=more), "1", SETTINGS),
        "a code": (replace(BINS, coded_texts=otherwise), "1", SETTINGS),
        "a dispute": (replace(BINS, coded_texts=agreed), "1", SETTINGS),
        "the order of the themes": (replace(BINS, themes=BINS.themes[::-1]), "1", SETTINGS),
        "the glossary": (BINS, "1", Settings(glossary=tmp_path / "glossary.yaml")),
        "the encoder": (BINS, "2", SETTINGS),
    }


@pytest.mark.parametrize("changed", ["a text", "a code", "a dispute", "the order of the themes", "the glossary", "the encoder"])
def test_a_change_of_what_a_model_comes_from_makes_another(
    kept: Callable[[], list[Path]], encoder: Encoder, tmp_path: Path, changed: str
) -> None:
    told(BINS, Renamed(encoder, "1"))
    taxonomy, sha256, settings = changes(tmp_path)[changed]
    lessons, model, embedded = told(taxonomy, Renamed(encoder, sha256), settings)
    assert embedded == len(lessons.texts)
    assert len(kept()) == 2
    assert same(told(taxonomy, Renamed(encoder, sha256), settings)[1], model)


@pytest.mark.parametrize("name", ["FORM", "WIDTH", "WORDS", "LETTERS", "OF_FEW", "CONSTANT", "PENALTY"])
def test_a_change_of_how_it_is_computed_makes_another(
    kept: Callable[[], list[Path]], encoder: Encoder, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    told(BINS, encoder)
    monkeypatch.setattr(fitting, name, getattr(fitting, name) + 1)
    assert told(BINS, encoder)[2] == 5
    assert len(kept()) == 2


def test_what_a_model_does_not_come_from_makes_no_other(kept: Callable[[], list[Path]], encoder: Encoder) -> None:
    told(BINS, encoder)
    renamed = (replace(BINS.themes[0], label="Rubbish", definition="Bins.", terms=("bin",)), BINS.themes[1])
    assert told(replace(BINS, name="x", version="9", sha256="f" * 64, themes=renamed), encoder, Settings(max_codes=1, seed=5))[2] == 0
    assert len(kept()) == 1


def breakages() -> dict[str, Callable[[Path], object]]:
    def of_other_arrays(path: Path) -> None:
        with path.open("wb") as file:
            np.savez(file, vectors=np.zeros((1, 2)))

    def one_array(path: Path) -> None:
        with path.open("wb") as file:
            np.save(file, np.zeros(3))

    def flipped(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[200:260] = bytes(byte ^ 0xFF for byte in data[200:260])
        path.write_bytes(data)

    return {
        "empty": lambda path: path.write_bytes(b""),
        "words": lambda path: path.write_text("not a model"),
        "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        "first bytes": lambda path: path.write_bytes(path.read_bytes()[:10]),
        "bytes turned": flipped,
        "other arrays": of_other_arrays,
        "one array": one_array,
        "json": lambda path: path.write_text(json.dumps({"vectors": []})),
    }


@pytest.mark.parametrize("how", list(breakages()))
def test_a_kept_file_that_is_broken_is_fitted_anew(kept: Callable[[], list[Path]], encoder: Encoder, how: str) -> None:
    _, model, _ = told(BINS, encoder)
    (path,) = kept()
    good = path.read_bytes()
    breakages()[how](path)
    assert path.read_bytes() != good
    _, again, embedded = told(BINS, encoder)
    assert embedded == 5
    assert same(model, again)
    assert kept() == [path]
    assert told(BINS, encoder)[2] == 0


def test_models_of_few_texts_are_fitted_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    monkeypatch.setattr(built, "MODELS", tmp_path)
    assert [told(BINS, encoder)[2] for _ in range(2)] == [7, 7]  # with the definitions of two themes
    assert list(tmp_path.rglob("*")) == []


def test_a_model_of_an_encoder_without_a_checksum_is_not_kept(kept: Callable[[], list[Path]], tmp_path: Path, encoder: Encoder) -> None:
    assert [told(BINS, Renamed(encoder, ""))[2] for _ in range(2)] == [5, 5]
    assert list(tmp_path.rglob("*.npz")) == []


def test_where_the_models_folder_cannot_be_written_the_cache_folder_is_used(
    kept: Callable[[], list[Path]], tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "built").write_text("a file stands where the folder would")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert built_folder() == tmp_path / "cache" / "workshop-themes"
    told(BINS, encoder)
    assert told(BINS, encoder)[2] == 0
    assert len(list((tmp_path / "cache").rglob("*.npz"))) == 1
    (tmp_path / "built").unlink()
    assert told(BINS, encoder)[2] == 0  # what is kept in either folder is found


def test_a_full_disk_is_told_and_leaves_nothing_behind(kept: Callable[[], list[Path]], tmp_path: Path, encoder: Encoder) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(ModelError, match=r"text_model_\w+\.npz: .*cannot be kept") as raised:
            told(BINS, encoder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "free some space" in raised.value.do
    assert list((tmp_path / "built").iterdir()) == []


def test_without_texts_there_is_no_model(kept: Callable[[], list[Path]], tmp_path: Path, encoder: Encoder) -> None:
    lessons, model = fitted(Taxonomy("t", "1", (Theme("a", "A"),)), encoder, SETTINGS)
    assert model is None
    assert lessons.texts == ()
    assert list(tmp_path.iterdir()) == []
