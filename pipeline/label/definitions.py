"""How like a theme's definition a text is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.embed import Encoder, Vectors, embed
from pipeline.label.text_model import DECIMALS, Floats
from pipeline.label.tfidf import TfIdf, runs_of_letters
from pipeline.reading import read_words
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy

# Share of the letters in common beside the cosine of the vectors, and of what a definition has in common with all the others,
# which would else draw every text to the most general theme (hubs: Dinu, Lazaridou and Baroni 2015, arXiv:1412.6568). Chosen
# on banking77's own training questions and on vision_zero_boston; benchmarks report others.
LETTERS, IN_COMMON = 0.1, 0.1


class Definitions:
    """The definitions of a taxonomy's themes, ready to be compared with texts.

    Parameters
    ----------
    taxonomy : the themes; one without a definition is known by its label.
    encoder : the encoder that also embeds the texts.
    settings : names the glossary and the spaCy model that also read the texts.

    Attributes
    ----------
    vectors : float32 (themes, dimension), unit rows.
    """

    def __init__(self, taxonomy: Taxonomy, encoder: Encoder, settings: Settings) -> None:
        read = read_words(taxonomy.definitions, settings)
        self.vectors: Vectors = embed(list(taxonomy.definitions), encoder)
        self._letters = TfIdf.fitted(runs_of_letters, list(read["lemmas"]))
        self._spelt = self._letters.transform(read["lemmas"])
        among = self.vectors.astype(np.float64) @ self.vectors.T.astype(np.float64)
        self._in_common = (among.sum(axis=1) - np.diag(among)) / max(1, len(among) - 1)

    def likeness(self, vectors: Vectors, lemmas: Sequence[str]) -> Floats:
        """How like each definition each of n texts is.

        Parameters
        ----------
        vectors : float32 (n, dimension), unit rows.
        lemmas : n lemmatised texts.

        Returns
        -------
        float64 array of shape (n, themes): the cosine of the vectors, plus 0.1 times that of their letters, less 0.1 times
        the mean cosine of the definition with the others; each row independent of the others.
        """
        spelt = (self._letters.transform(lemmas) @ self._spelt.T).toarray()
        cosine = vectors.astype(np.float64) @ self.vectors.T.astype(np.float64)
        found: Floats = np.round(cosine + LETTERS * spelt - IN_COMMON * self._in_common, DECIMALS)
        return found
