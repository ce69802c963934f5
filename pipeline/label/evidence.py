"""Evidence that a text is about a theme: what the text model and the label encoder say, the theme's definition, its terms.

Every figure for a text depends on that text and the taxonomy alone, so what other points are there, and in what
order, changes nothing. The figures also say how a theme compares with the others for the same text, which is what makes
one combination of them fit a taxonomy it never saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import numpy.typing as npt

from pipeline.embed import ENCODER, Encoder, Vectors
from pipeline.label.definitions import Definitions
from pipeline.label.label_encoder import load_label_encoder
from pipeline.label.lessons import Lessons
from pipeline.label.terms import TermHit, TermMatcher
from pipeline.label.text_model import DECIMALS, Floats, TextModel
from pipeline.label.words import words_of
from pipeline.records import Advance
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy

FEATURES = (
    "text_model",
    "text_model_over_others",
    "definition",
    "definition_over_others",
    "term",
    "term_denied",
    "best_text_model",
    "all_text_model",
    "label_encoder",
    "best_label_encoder",
    "all_label_encoder",
)
# Sources of evidence, as a person would name them, and the figures that belong to each.
SOURCES = {
    "coded texts and examples": ("text_model", "text_model_over_others", "best_text_model", "all_text_model"),
    "label encoder": ("label_encoder", "best_label_encoder", "all_label_encoder"),
    "definition": ("definition", "definition_over_others"),
    "terms": ("term", "term_denied"),
}
# An ambiguous term counts where the definition is this much more like the text than those of the other themes are.
IN_CONTEXT = 1.0
MOST_TERMS = 2.0


class Evidence:
    """A taxonomy made ready to be compared with texts.

    Parameters
    ----------
    taxonomy : what to label with.
    encoder : the encoder that also embeds the texts.
    settings : names the spaCy model that also lemmatises the texts.
    model : the fitted text model and the texts it learnt from, or None to fit or fetch it.
    advance : told how far that is.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        encoder: Encoder,
        settings: Settings,
        model: tuple[Lessons, TextModel | None] | None = None,
        advance: Advance = lambda done, total: None,
    ) -> None:
        from concurrent.futures import ThreadPoolExecutor

        from pipeline.label.fitting import fitted

        self.taxonomy = taxonomy
        self.lessons, self.text_model = model or fitted(taxonomy, encoder, settings, advance)
        self.label_encoder = load_label_encoder()
        # Its head was fitted beside the bundled encoder, and beside the fast one it would take most of the time.
        known = self.label_encoder.known(taxonomy.coded_texts) if encoder.name == ENCODER else frozenset()
        self._asked = [theme for theme, code in enumerate(taxonomy.codes) if code in known]
        with ThreadPoolExecutor(1) as beside:  # most of it is done outside Python, so on another core
            ready = beside.submit(self.label_encoder.make_ready) if self._asked else None
            words = words_of(taxonomy, encoder, settings)
            self.definitions = Definitions(words.definitions, words.vectors)
            self.terms = TermMatcher(taxonomy, words.terms)
            if ready is not None:
                ready.result()
        self._known_examples: dict[int, tuple[npt.NDArray[np.intp], Floats]] = {}

    def with_model(self, model: TextModel) -> Evidence:
        """The same with another text model."""
        other = copy(self)
        other.text_model = model
        return other

    @property
    def known(self) -> list[bool]:
        """Of each theme, whether the label encoder knows it and is asked."""
        return [theme in self._asked for theme in range(len(self.taxonomy.themes))]

    @property
    def label_encoder_sha256(self) -> str:
        """Of the label encoder, '' where it is not asked."""
        return self.label_encoder.sha256 if self._asked else ""

    def log_odds(self, texts: Sequence[str]) -> Floats:
        """What the label encoder says of n texts, their abbreviations expanded: float64 (n, themes), nan where it is not asked."""
        said = np.full((len(texts), len(self.taxonomy.themes)), np.nan)
        said[:, self._asked] = self.label_encoder.log_odds(texts, [self.taxonomy.codes[theme] for theme in self._asked])
        return said

    def features(self, vectors: Vectors, lemmas: Sequence[str], scores: Floats | None = None, log_odds: Floats | None = None) -> Floats:
        """Figures for every (text, theme) pair.

        Parameters
        ----------
        vectors : float32 (n, dimension), unit rows.
        lemmas : n lemmatised texts.
        scores : float64 (n, themes), what the text model says, where it is known (when fitting); None computes it.
        log_odds : as :meth:`log_odds` gives them; None for a text that the label encoder is not asked about.

        Returns
        -------
        float64 array of shape (n, themes, len(FEATURES)).
        """
        definition = self.definitions.likeness(vectors, lemmas)
        over = _over_others(definition)
        if scores is None:
            scores = np.zeros_like(definition) if self.text_model is None else self.text_model.scores(vectors, lemmas)
        term, denied = np.zeros_like(definition), np.zeros_like(definition)
        for row, text in enumerate(lemmas):
            for hit in self.terms.hits(text):
                if not hit.ambiguous or over[row, hit.theme] >= IN_CONTEXT:
                    (denied if hit.negated else term)[row, hit.theme] += 1.0
        wide = np.ones((1, definition.shape[1]))
        return np.stack(
            [
                scores,
                _over_others(scores),
                definition,
                over,
                np.minimum(term, MOST_TERMS),
                np.minimum(denied, MOST_TERMS),
                scores.max(axis=1, keepdims=True) * wide,
                scores.sum(axis=1, keepdims=True) * wide,
                *_of_label_encoder(np.full_like(definition, np.nan) if log_odds is None else log_odds),
            ],
            axis=2,
        )

    def counted_terms(self, lemmas: str, features: Floats) -> list[TermHit]:
        """The terms of one text that count as evidence; ``features`` are its figures, (themes, len(FEATURES))."""
        over = features[:, FEATURES.index("definition_over_others")]
        return [hit for hit in self.terms.hits(lemmas) if not hit.ambiguous or over[hit.theme] >= IN_CONTEXT]

    def nearest_example(self, vector: npt.NDArray[np.float32], theme: int) -> tuple[str, float] | None:
        """The taxonomy's example of a theme that is most like a text, and their cosine similarity; None without examples."""
        own, examples = self._examples(theme)
        if not len(own):
            return None
        similarity = np.round(examples @ vector.astype(np.float64), DECIMALS)
        best = int(similarity.argmax())
        return self.lessons.texts[own[best]], float(similarity[best])

    def _examples(self, theme: int) -> tuple[npt.NDArray[np.intp], Floats]:
        """The rows of a theme's own examples among the lessons, and their vectors."""
        if theme not in self._known_examples:
            own = np.flatnonzero(self.lessons.truth[: self.lessons.examples, theme] > 0.5)
            self._known_examples[theme] = own, self.lessons.vectors[own].astype(np.float64)
        return self._known_examples[theme]


def _of_label_encoder(log_odds: Floats) -> tuple[Floats, Floats, Floats]:
    """Its log-odds, those of the best theme, and the logarithm of how many themes it expects; 0 where it knows none."""
    known = ~np.isnan(log_odds)
    if not known.any():
        return np.zeros_like(log_odds), np.zeros_like(log_odds), np.zeros_like(log_odds)
    best = np.where(known, log_odds, -np.inf).max(axis=1, keepdims=True)
    expected = np.where(known, 1.0 / (1.0 + np.exp(-np.where(known, log_odds, 0.0))), 0.0).sum(axis=1, keepdims=True)
    wide = known.astype(np.float64)
    return np.where(known, log_odds, 0.0), best * wide, np.log(np.maximum(expected, 1e-6)) * wide


def _over_others(figure: Floats) -> Floats:
    """How far a theme stands above the others for the same text, in standard deviations of that text's figures."""
    spread = figure.std(axis=1, keepdims=True)
    standard: Floats = (figure - figure.mean(axis=1, keepdims=True)) / np.maximum(spread, 1e-6)
    return standard
