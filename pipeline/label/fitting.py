"""Fitting the text model of a taxonomy, once: the result is kept and used again until something it came from changes.

To embed the fifteen thousand coded texts that come with the program and to solve for them takes some minutes; to read the result back,
less than a second. Nothing but the taxonomy's own texts goes into it.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from pipeline.built import keep, places
from pipeline.embed import Encoder, embed
from pipeline.label.lessons import Lessons, lessons_of
from pipeline.label.text_model import CONSTANT, FEW_TEXTS, LETTERS, OF_FEW, PENALTY, WIDTH, WORDS, Spelling, TextModel, fit_text_model
from pipeline.reading import read_words
from pipeline.records import Advance
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy

# Counts up when the form of what is kept, or how it is computed, changes.
FORM = 3


def fitted(
    taxonomy: Taxonomy, encoder: Encoder, settings: Settings, advance: Advance = lambda done, total: None
) -> tuple[Lessons, TextModel | None]:
    """The texts of a taxonomy with their vectors, and the model fitted to them (None where there are no texts).

    A model of few texts is fitted each time, with the definition of each theme as one more text of it; one of many is kept.
    """
    lessons = lessons_of(taxonomy)
    if not lessons.texts:
        return lessons, None
    texts, truth = list(lessons.texts), lessons.truth
    if len(texts) < FEW_TEXTS:
        texts += taxonomy.definitions
        truth = np.vstack([truth, np.eye(len(taxonomy.themes))])
    kept = len(lessons.texts) >= FEW_TEXTS and bool(encoder.sha256)
    name = f"text_model_{key_of(lessons, encoder, settings)}.npz"
    model = _kept(name) if kept else None
    if model is None:
        read = read_words(texts, settings)
        vectors = embed(list(read["expanded"]), encoder, advance)
        model = fit_text_model(vectors, list(read["lemmas"]), truth)
        if kept:
            _save(name, model)
    return replace(lessons, vectors=model.vectors[: len(lessons.texts)]), model


def key_of(lessons: Lessons, encoder: Encoder, settings: Settings) -> str:
    """Stands for everything that the model comes from."""
    origin = {
        "form": FORM,
        "texts": lessons.texts,
        "truth": hashlib.sha256(lessons.truth.tobytes()).hexdigest(),
        "encoder": encoder.sha256,
        "spacy_model": settings.spacy_model,
        "glossary": hashlib.sha256(settings.glossary_path.read_bytes()).hexdigest(),
        "kernel": [WIDTH, WORDS, LETTERS, OF_FEW, CONSTANT, PENALTY],
    }
    return hashlib.sha256(json.dumps(origin).encode()).hexdigest()[:16]


def _kept(name: str) -> TextModel | None:
    """A model kept before; None where there is none."""
    return next((model for model in map(_load, places(name)) if model is not None), None)


def _load(path: Path) -> TextModel | None:
    """A model kept before; None where there is none, or it cannot be read."""
    try:
        with np.load(path) as kept:
            return TextModel(kept["vectors"], kept["dual"], Spelling.restored(kept), kept["weights"].astype(np.float64))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def _save(name: str, model: TextModel) -> None:
    arrays = {"vectors": model.vectors, "dual": model.dual, "weights": model.weights, **model.spelling.arrays}
    keep(name, lambda file: np.savez(file, **arrays), "label model")  # type: ignore[arg-type]
