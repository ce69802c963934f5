"""The text model: kernel ridge regression from texts to themes.

The kernel adds up what two texts share in meaning, exp((cosine of their vectors - 1) / width), in words (tf-idf of
lemmas and pairs of them) and in letters (tf-idf of runs of three to five characters, which forgives spelling), so one
solution weighs all three. Every training text has the target 1 for its themes and 0 for the others; a text of no theme has
only zeros. What the model would say of a training text, or of a whole group of them, had it not seen it follows from the same
solution (Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, 5.4.2; for groups: the block inverse).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.embed import Vectors
from pipeline.label.tfidf import TfIdf, runs_of_letters, words_and_pairs

Floats = npt.NDArray[np.float64]

# Chosen by the group-out micro-F1 of the coded texts (benchmarks/README.md): width of the kernel of meaning, shares of
# words and letters, the constant that stands for the mean, and the ridge penalty.
WIDTH, WORDS, LETTERS, CONSTANT, PENALTY = 0.5, 0.5, 0.5, 0.1, 0.3
# Few texts tell too little of words and letters: their shares are cut to this part (chosen on banking77's own training questions).
OF_FEW = 0.2
# From this many texts on, words and runs of letters that stand in one or two texts only are left out.
FEW_TEXTS = 1000
# Rows computed at a time: the tables of similarities stay small.
_ROWS = 512
# OpenBLAS 0.3 ends the process where it factors a matrix of more than about 15,000 rows on several threads.
LAPACK_THREADS = 1
# Decimals kept, so that the last bits, which depend on how many texts are computed together, change nothing.
DECIMALS = 5


@dataclass(frozen=True)
class TextModel:
    """A fitted model of T themes from n texts.

    Attributes
    ----------
    vectors : float32 (n, dimension), unit rows.
    dual : float64 (n, T), the weight of every training text.
    spelling : the fitted tf-idf of words and of letters.
    weights : float64 (features, T), the weight of every word and run of letters.
    """

    vectors: Vectors
    dual: Floats
    spelling: Spelling
    weights: Floats

    def scores(self, vectors: Vectors, lemmas: Sequence[str]) -> Floats:
        """How strongly each of m texts belongs to each theme; 1 as the model's own examples do, 0 not at all.

        Parameters
        ----------
        vectors : float32 (m, dimension), unit rows, of the encoder that made the training vectors.
        lemmas : m lemmatised texts.

        Returns
        -------
        float64 array of shape (m, T), each row independent of the others.
        """
        found = np.asarray(self.spelling.features(lemmas) @ self.weights) + CONSTANT * self.dual.sum(axis=0)
        known = self.vectors.astype(np.float64)
        for start in range(0, len(vectors), _ROWS):
            rows = slice(start, start + _ROWS)
            found[rows] += meaning(vectors[rows], known) @ self.dual
        rounded: Floats = np.round(found, DECIMALS)
        return rounded


@dataclass(frozen=True)
class Spelling:
    """Fitted tf-idf of words and of letters, and the part of their shares in the kernel that they get."""

    words: TfIdf
    letters: TfIdf
    part: float

    @classmethod
    def fitted(cls, lemmas: Sequence[str]) -> Spelling:
        """Learn the vocabulary of n lemmatised texts; what only one text says is left out, unless the texts are few."""
        many = len(lemmas) >= FEW_TEXTS
        texts = lemmas if any(text.strip() for text in lemmas) else ["-"]
        return cls(
            TfIdf.fitted(words_and_pairs, texts, 2 if many else 1),
            TfIdf.fitted(runs_of_letters, texts, 3 if many else 1),
            1.0 if many else OF_FEW,
        )

    @classmethod
    def restored(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Spelling:
        """Put together again from what :attr:`arrays` gave."""
        words, letters = (tuple(arrays[name].tolist()) for name in ("words", "letters"))
        return cls(
            TfIdf(words_and_pairs, words, arrays["words_idf"]),
            TfIdf(runs_of_letters, letters, arrays["letters_idf"]),
            float(arrays["part"]),
        )

    @property
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of it, to be kept in a file."""
        return {
            "words": np.array(self.words.terms, dtype=str),
            "words_idf": self.words.idf,
            "letters": np.array(self.letters.terms, dtype=str),
            "letters_idf": self.letters.idf,
            "part": np.array(self.part),
        }

    def features(self, lemmas: Sequence[str]) -> Any:
        """Sparse float64 (n, features): words, then letters, scaled so that their products are the kernel's shares."""
        from scipy.sparse import hstack

        words, letters = self.words.transform(lemmas), self.letters.transform(lemmas)
        return hstack([np.sqrt(self.part * WORDS) * words, np.sqrt(self.part * LETTERS) * letters]).tocsr()


def meaning(left: Vectors, right: Vectors | Floats) -> Floats:
    """The kernel of meaning between unit vectors, float64 (len(left), len(right)), 0 to 1."""
    found: Floats = left.astype(np.float64) @ right.astype(np.float64, copy=False).T
    found -= 1.0
    found /= WIDTH
    return np.exp(found, out=found)


def fit_text_model(vectors: Vectors, lemmas: Sequence[str], truth: Floats, spelling: Spelling | None = None) -> TextModel:
    """Fit the model.

    Parameters
    ----------
    vectors : float32 (n, dimension), unit rows, n at least 1.
    lemmas : n lemmatised texts.
    truth : float64 (n, T), 1 for the themes a text carries, 0 for the others, between them where coders disagree.
    spelling : one fitted before; None fits it to these texts.
    """
    from scipy.linalg import cho_factor, cho_solve
    from threadpoolctl import threadpool_limits

    spelling = spelling or Spelling.fitted(lemmas)
    features = spelling.features(lemmas)
    matrix = _penalised(vectors, features)
    with threadpool_limits(LAPACK_THREADS):
        dual = cho_solve(cho_factor(matrix, overwrite_a=True, check_finite=False), truth)
    return TextModel(vectors, dual, spelling, np.asarray(features.T @ dual))


def left_out_scores(vectors: Vectors, lemmas: Sequence[str], truth: Floats, groups: npt.NDArray[np.intp]) -> Floats:
    """What the model would say of each text if its whole group had not been learnt from.

    Parameters
    ----------
    vectors, lemmas, truth : as for :func:`fit_text_model`.
    groups : a number a text; texts of one number are left out together.

    Returns
    -------
    float64 array of shape (n, T).
    """
    inverse = _inverse(_penalised(vectors, Spelling.fitted(lemmas).features(lemmas)))
    dual = inverse @ truth
    scores = np.empty_like(dual)
    for number in np.unique(groups):
        rows = np.flatnonzero(groups == number)
        scores[rows] = truth[rows] - np.linalg.solve(inverse[np.ix_(rows, rows)], dual[rows])
    return scores


def _inverse(matrix: Floats) -> Floats:
    """The inverse of a positive definite matrix, which is overwritten."""
    from scipy.linalg.lapack import dpotrf, dpotri
    from threadpoolctl import threadpool_limits

    with threadpool_limits(LAPACK_THREADS):
        factor, _ = dpotrf(matrix, overwrite_a=True)
        inverse: Floats = dpotri(factor, overwrite_c=True)[0]  # its upper triangle
    for start in range(0, len(inverse), _ROWS):
        rows = slice(start, start + _ROWS)
        inverse[rows, :start] = inverse[:start, rows].T
        inverse[rows, rows] = np.triu(inverse[rows, rows]) + np.triu(inverse[rows, rows], 1).T
    return inverse


def _penalised(vectors: Vectors, features: Any) -> Floats:
    """The kernel of n texts with the ridge penalty on its diagonal, float64 (n, n), laid out so that LAPACK factors it in place."""
    kernel = np.empty((len(vectors), len(vectors)))
    for start in range(0, len(vectors), _ROWS):
        rows = slice(start, start + _ROWS)
        kernel[rows] = meaning(vectors[rows], vectors)
        kernel[rows] += (features[rows] @ features.T).toarray()
    kernel += CONSTANT
    kernel[np.diag_indices_from(kernel)] += PENALTY
    return kernel.T
