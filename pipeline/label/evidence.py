"""Evidence that a text is about a theme: its definition, its nearest examples, its terms.

Every figure for a text depends on that text and the taxonomy alone, so what other points are there, and in what
order, changes nothing. The figures say how a theme compares with the others for the same text, which is what makes one
combination of them fit a taxonomy it never saw.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.embed import Encoder, Vectors, embed
from pipeline.language import lemmas_of, read_texts
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy

FEATURES = ("definition", "definition_over_others", "example", "example_over_others", "examples_3", "term", "none_example")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term found in a text: the theme's index, the term as in the taxonomy."""

    theme: int
    term: str


class Evidence:
    """A taxonomy made ready to be compared with texts: its vectors and lemmatised terms.

    Parameters
    ----------
    taxonomy : what to label with.
    encoder : the encoder that also embeds the texts.
    settings : names the spaCy model that also lemmatises the texts.
    """

    def __init__(self, taxonomy: Taxonomy, encoder: Encoder, settings: Settings) -> None:
        self.taxonomy = taxonomy
        themes = taxonomy.themes
        # A text that stands under several themes is an example of each of them.
        texts: dict[str, tuple[str, ...]] = {}
        for example in (example for theme in themes for example in theme.examples):
            texts[example.text] = (*texts.get(example.text, ()), *example.codes)
        # A theme without examples is compared with its own name instead.
        for theme in themes:
            if not any(theme.code in codes for codes in texts.values()):
                name = theme.definition or theme.label
                texts[name] = (*texts.get(name, ()), theme.code)
        self.example_texts = tuple(texts)
        self.membership = np.array([[theme.code in codes for theme in themes] for codes in texts.values()], dtype=bool)
        self.definitions = embed([f"{theme.label}. {theme.definition}".strip() for theme in themes], encoder)
        self.examples = embed(self.example_texts, encoder)
        self.none_examples = embed(taxonomy.none_examples, encoder)
        self._spacy_model = settings.spacy_model

    @cached_property
    def _terms(self) -> tuple[re.Pattern[str], dict[str, list[TermHit]]]:
        """A pattern of all lemmatised terms, longest first, and what each stands for."""
        typed = [(i, term) for i, theme in enumerate(self.taxonomy.themes) for term in theme.terms or (theme.label,)]
        hits: dict[str, list[TermHit]] = {}
        docs = read_texts([term for _, term in typed], self._spacy_model)
        for (i, term), doc in zip(typed, docs, strict=True):
            for form in {" ".join(lemmas_of(doc)), " ".join(t.lower_ for t in doc if not t.is_punct)}:
                if form:
                    hits.setdefault(form, []).append(TermHit(i, term))
        longest_first = sorted(hits, key=lambda form: (-len(form), form))
        alternatives = "|".join(re.escape(form) for form in longest_first)
        return re.compile(rf"(?<!\S)(?:{alternatives})(?!\S)") if hits else re.compile(r"(?!)"), hits

    def term_hits(self, lemmas: str) -> list[TermHit]:
        """Terms in a lemmatised text; where terms overlap the longest counts."""
        pattern, hits = self._terms
        return [hit for match in pattern.finditer(lemmas) for hit in hits[match.group()]]

    def features(self, vectors: Vectors, lemmas: Sequence[str], leave_out: npt.NDArray[np.intp] | None = None) -> Floats:
        """Figures for every (text, theme) pair.

        Parameters
        ----------
        vectors : float32 (n, dimension), unit rows.
        lemmas : n lemmatised texts.
        leave_out : for text i the index of an example not to compare it with (itself, when fitting), or -1.

        Returns
        -------
        float64 array of shape (n, themes, len(FEATURES)).
        """
        definition = vectors.astype(np.float64) @ self.definitions.T.astype(np.float64)
        near = vectors.astype(np.float64) @ self.examples.T.astype(np.float64)
        if leave_out is not None:
            rows = np.flatnonzero(leave_out >= 0)
            near[rows, leave_out[rows]] = -1.0
        nearest, third = self._nearest(near)
        terms = np.zeros_like(definition)
        for row, text in enumerate(lemmas):
            for hit in self.term_hits(text):
                terms[row, hit.theme] += 1.0
        none = (
            (vectors.astype(np.float64) @ self.none_examples.T.astype(np.float64)).max(axis=1)
            if len(self.none_examples)
            else np.zeros(len(vectors))
        )
        return np.stack(
            [
                definition,
                _over_others(definition),
                nearest,
                _over_others(nearest),
                third,
                np.minimum(terms, 2.0),
                np.repeat(none[:, None], definition.shape[1], axis=1),
            ],
            axis=2,
        )

    def _nearest(self, near: Floats) -> tuple[Floats, Floats]:
        """Similarity to the nearest example of each theme, and the mean over its three nearest."""
        nearest = np.full((len(near), self.membership.shape[1]), -1.0)
        third = nearest.copy()
        for theme in range(self.membership.shape[1]):
            own = np.sort(near[:, self.membership[:, theme]], axis=1)[:, ::-1]
            nearest[:, theme] = own[:, 0]
            third[:, theme] = own[:, :3].mean(axis=1)
        return nearest, third

    def nearest_example(self, vector: npt.NDArray[np.float32], theme: int) -> tuple[str, float]:
        """The example of a theme that is most like a text, and their cosine similarity."""
        own = np.flatnonzero(self.membership[:, theme])
        similarity = self.examples[own].astype(np.float64) @ vector.astype(np.float64)
        best = int(similarity.argmax())
        return self.example_texts[own[best]], float(similarity[best])


def _over_others(similarity: Floats) -> Floats:
    """How far a theme stands above the others for the same text, in standard deviations of that text's figures."""
    spread = similarity.std(axis=1, keepdims=True)
    standard: Floats = (similarity - similarity.mean(axis=1, keepdims=True)) / np.maximum(spread, 1e-6)
    return standard
