"""How like a theme's definition a text is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.embed import Vectors
from pipeline.label.text_model import DECIMALS, Floats
from pipeline.label.tfidf import TfIdf, runs_of_letters

# Share of the letters in common beside the cosine of the vectors, and of what a definition has in common with all the others,
# which would else draw every text to the most general theme (hubs: Dinu, Lazaridou and Baroni 2015, arXiv:1412.6568). Chosen
# on banking77's own training questions and on vision_zero_boston; benchmarks report others.
LETTERS, IN_COMMON = 0.1, 0.1


class Definitions:
    """The definitions of a taxonomy's themes, ready to be compared with texts.

    Parameters
    ----------
    lemmas : a lemmatised definition for each theme.
    vectors : float32 (themes, dimension), unit rows, of the definitions.
    """

    def __init__(self, lemmas: Sequence[str], vectors: Vectors) -> None:
        self.vectors = vectors
        self._letters = TfIdf.fitted(runs_of_letters, lemmas)
        self._spelt = self._letters.transform(lemmas)
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
