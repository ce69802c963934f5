"""The words of a taxonomy: read once, kept, and read anew when something of them changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from parks import PARKS

from pipeline import built
from pipeline.embed import Encoder, Vectors, embed
from pipeline.label import words
from pipeline.label.words import TaxonomyWords, words_of
from pipeline.reading import read_words
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, Theme

SETTINGS = Settings()


class Counting:
    """An encoder that counts what it is asked."""

    name, dimension = "counting", 384

    def __init__(self, encoder: Encoder, sha256: str) -> None:
        self.encoder, self.sha256, self.asked = encoder, sha256, 0

    def encode(self, texts: list[str]) -> Vectors:
        self.asked += len(texts)
        return self.encoder.encode(texts)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """Words are kept in a folder of the test; says which there are."""
    monkeypatch.setattr(built, "MODELS", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return lambda: sorted((tmp_path / "built").iterdir())


def same(one: TaxonomyWords, other: TaxonomyWords) -> bool:
    return one.definitions == other.definitions and one.terms == other.terms and np.array_equal(one.vectors, other.vectors)


def test_words_are_read_once_and_then_fetched_the_same(kept: Callable[[], list[Path]], encoder: Encoder) -> None:
    counting = Counting(encoder, "1")
    found = words_of(PARKS, counting, SETTINGS)
    assert counting.asked == len(PARKS.themes)
    assert list(found.definitions) == list(read_words(PARKS.definitions, SETTINGS)["lemmas"])
    assert np.array_equal(found.vectors, embed(list(PARKS.definitions), encoder))
    assert len(found.terms) == sum(len(theme.terms) + len(theme.ambiguous_terms) for theme in PARKS.themes)
    again = words_of(PARKS, counting, SETTINGS)
    assert counting.asked == len(PARKS.themes)
    assert same(found, again)
    assert again.vectors.dtype == np.float32
    assert len(kept()) == 1


def changes(folder: Path) -> dict[str, tuple[Taxonomy, str, Settings]]:
    """Something else to read, or to read it with, by name."""
    (folder / "glossary.yaml").write_text("ASB: anti-social behaviour\n", "utf-8")
    first, *others = PARKS.themes
    return {
        "a definition": (replace(PARKS, themes=(replace(first, definition="Ducks."), *others)), "1", SETTINGS),
        "a term": (replace(PARKS, themes=(replace(first, terms=(*first.terms, "duck")), *others)), "1", SETTINGS),
        "the order of the themes": (replace(PARKS, themes=PARKS.themes[::-1]), "1", SETTINGS),
        "the encoder": (PARKS, "2", SETTINGS),
        "the glossary": (PARKS, "1", Settings(glossary=folder / "glossary.yaml")),
    }


@pytest.mark.parametrize("changed", ["a definition", "a term", "the order of the themes", "the encoder", "the glossary"])
def test_a_change_of_what_they_come_from_has_them_read_anew(
    kept: Callable[[], list[Path]], encoder: Encoder, tmp_path: Path, changed: str
) -> None:
    words_of(PARKS, Counting(encoder, "1"), SETTINGS)
    taxonomy, sha256, settings = changes(tmp_path)[changed]
    counting = Counting(encoder, sha256)
    words_of(taxonomy, counting, settings)
    assert counting.asked == len(taxonomy.themes)
    assert len(kept()) == 2


def test_another_way_of_reading_has_them_read_anew(
    kept: Callable[[], list[Path]], encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    words_of(PARKS, encoder, SETTINGS)
    monkeypatch.setattr(words, "FORM", words.FORM + 1)
    words_of(PARKS, encoder, SETTINGS)
    assert len(kept()) == 2


def test_an_encoder_that_nobody_can_tell_from_another_has_nothing_kept(
    tmp_path: Path, kept: Callable[[], list[Path]], encoder: Encoder
) -> None:
    counting = Counting(encoder, "")
    words_of(PARKS, counting, SETTINGS)
    words_of(PARKS, counting, SETTINGS)
    assert counting.asked == 2 * len(PARKS.themes)
    assert not (tmp_path / "built").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"words"])
def test_a_file_that_cannot_be_read_is_made_anew(kept: Callable[[], list[Path]], encoder: Encoder, content: bytes) -> None:
    found = words_of(PARKS, encoder, SETTINGS)
    (path,) = kept()
    path.write_bytes(content)
    assert same(words_of(PARKS, encoder, SETTINGS), found)
    assert len(path.read_bytes()) > len(content)


def test_where_they_cannot_be_kept_they_are_read_each_time(
    kept: Callable[[], list[Path]], tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path / "built", tmp_path / "cache" / "workshop-themes"):
        folder.parent.mkdir(exist_ok=True)
        folder.write_text("a file stands where the folder would")
    counting = Counting(encoder, "1")
    first = words_of(PARKS, counting, SETTINGS)
    assert same(words_of(PARKS, counting, SETTINGS), first)
    assert counting.asked == 2 * len(PARKS.themes)


def test_a_taxonomy_without_terms_has_none(kept: Callable[[], list[Path]], encoder: Encoder) -> None:
    plain = Taxonomy("t", "1", (Theme("a", "Park benches"),))
    assert words_of(plain, encoder, SETTINGS).terms == words_of(plain, encoder, SETTINGS).terms == ()
