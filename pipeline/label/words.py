"""What a taxonomy's own words come to, ready to be compared with texts: read once, kept, and used again until something of it changes.

To read definitions and terms takes the language model half a second, at the start of every run.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.beside import elsewhere
from pipeline.built import keep, places
from pipeline.embed import Encoder, Vectors, embed
from pipeline.errors import ModelError
from pipeline.language import lemmas_of, read_texts
from pipeline.reading import read_words
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy

# Counts up when the form of what is kept, or how it is read, changes.
FORM = 1


@dataclass(frozen=True)
class TaxonomyWords:
    """The words of a taxonomy of T themes.

    Attributes
    ----------
    definitions : the lemmas of each definition, space between, abbreviations written out.
    vectors : float32 (T, dimension), unit rows, of the definitions.
    terms : of each term and ambiguous term, theme by theme: what stands for it in a lemmatised text, or in one as typed, in order.
    """

    definitions: tuple[str, ...]
    vectors: Vectors
    terms: tuple[tuple[str, ...], ...]


def words_of(taxonomy: Taxonomy, encoder: Encoder, settings: Settings) -> TaxonomyWords:
    """Read the words of a taxonomy, or fetch what was read before.

    Parameters
    ----------
    taxonomy : the themes; one without a definition is known by its label.
    encoder : the encoder that also embeds the texts.
    settings : names the glossary and the spaCy model that also read the texts.
    """
    name = f"taxonomy_{_key_of(taxonomy, encoder, settings)}.npz"
    kept = next((words for words in map(_load, places(name)) if words is not None), None) if encoder.sha256 else None
    if kept is not None:
        return kept
    read = read_words(taxonomy.definitions, settings)
    words = TaxonomyWords(tuple(read["lemmas"]), embed(list(taxonomy.definitions), encoder), forms_of(taxonomy.terms, settings.spacy_model))
    if encoder.sha256:
        _save(name, words)
    return words


@elsewhere
def forms_of(terms: Sequence[str], spacy_model: str) -> tuple[tuple[str, ...], ...]:
    """Of each term its lemmas and its words as typed, in small letters, space between; none where it has no word.

    >>> forms_of(["stolen bikes", "-"], Settings().spacy_model)
    (('steal bike', 'stolen bikes'), ())
    """
    docs = read_texts(terms, spacy_model)
    found = ({" ".join(lemmas_of(doc)), " ".join(token.lower_ for token in doc if not token.is_punct)} for doc in docs)
    return tuple(tuple(sorted(form for form in forms if form.strip())) for forms in found)


def _key_of(taxonomy: Taxonomy, encoder: Encoder, settings: Settings) -> str:
    """Stands for everything that the words come from."""
    origin = {
        "form": FORM,
        "definitions": taxonomy.definitions,
        "terms": taxonomy.terms,
        "encoder": encoder.sha256,
        "spacy_model": settings.spacy_model,
        "glossary": hashlib.sha256(settings.glossary_path.read_bytes()).hexdigest(),
    }
    return hashlib.sha256(json.dumps(origin).encode()).hexdigest()[:16]


def _load(path: Path) -> TaxonomyWords | None:
    """Words kept before; None where there are none, or they cannot be read."""
    try:
        with np.load(path) as kept:
            terms = tuple(tuple(forms) for forms in json.loads(str(kept["terms"])))
            return TaxonomyWords(tuple(kept["definitions"].tolist()), kept["vectors"], terms)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def _save(name: str, words: TaxonomyWords) -> None:
    arrays = {"definitions": np.array(words.definitions, dtype=str), "vectors": words.vectors, "terms": np.array(json.dumps(words.terms))}
    with suppress(ModelError):  # where it cannot be kept it is read anew
        keep(name, lambda file: np.savez(file, **arrays), "taxonomy's words")  # type: ignore[arg-type]
