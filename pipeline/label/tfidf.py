"""Tf-idf vectors of texts (Salton and Buckley 1988, Information Processing and Management 24, 513-523): words, and runs of letters.

The figures are those of scikit-learn's ``TfidfVectorizer`` with ``sublinear_tf``, to the last bit, and a test holds that. It is not used
itself because a run would need nothing else of scikit-learn, which takes over a second to import.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Split = Callable[[str], Iterable[str]]
# Lengths of the runs of letters.
RUNS = (3, 4, 5)
# Texts whose runs of letters are remembered: coded texts and definitions are compared with the same texts.
_REMEMBERED = 1024
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class TfIdf:
    """A fitted vocabulary.

    Attributes
    ----------
    split : the terms of a text, each as often as it stands there.
    terms : those known, in order of the alphabet, none twice.
    idf : float64 (terms,), how rare each is.
    """

    split: Split
    terms: tuple[str, ...]
    idf: npt.NDArray[np.float64]

    @classmethod
    def fitted(cls, split: Split, texts: Sequence[str], fewest: int = 1) -> TfIdf:
        """Learn the terms of n texts, without those that stand in fewer than so many of them.

        The rarity of a term in d of n texts is ln((n + 1) / (d + 1)) + 1.
        """
        texts_with = Counter(term for text in texts for term in set(split(text)))
        terms = tuple(sorted(term for term, number in texts_with.items() if number >= fewest))
        within = np.array([texts_with[term] for term in terms], dtype=np.float64)
        return cls(split, terms, np.log((len(texts) + 1.0) / (within + 1.0)) + 1.0)

    @cached_property
    def column_of(self) -> dict[str, int]:
        """The column of each term."""
        return {term: column for column, term in enumerate(self.terms)}

    def transform(self, texts: Sequence[str]) -> Any:
        """Vectors of n texts: sparse float64 (n, terms), rows of unit length, or of zeros where no term is known.

        A term that stands f times counts 1 + ln f, times its rarity.
        """
        from scipy.sparse import csr_matrix

        column_of = self.column_of
        counted = [sorted(Counter(column_of[term] for term in self.split(text) if term in column_of).items()) for text in texts]
        starts = np.cumsum([0, *map(len, counted)])
        columns = np.array([column for of_text in counted for column, _ in of_text], dtype=np.int32)
        times = np.array([times for of_text in counted for _, times in of_text], dtype=np.float64)
        weights = (np.log(times) + 1.0) * self.idf[columns]
        row = np.repeat(np.arange(len(texts)), np.diff(starts))
        weights /= np.sqrt(np.bincount(row, weights**2, minlength=len(texts)))[row]  # bincount adds up in order, as scikit-learn does
        return csr_matrix((weights, columns, starts), shape=(len(texts), len(self.terms)))


def words_and_pairs(lemmas: str) -> list[str]:
    """The words of a lemmatised text, and every two that stand together.

    >>> words_and_pairs("dog mess")
    ['dog', 'mess', 'dog mess']
    """
    words = _WORD.findall(lemmas)
    return [*words, *(f"{first} {second}" for first, second in itertools.pairwise(words))]


@lru_cache(maxsize=_REMEMBERED)
def runs_of_letters(lemmas: str) -> list[str]:
    """Runs of three to five characters within the words of a text, a blank on either side of each word among them.

    >>> runs_of_letters("pub")
    [' pu', 'pub', 'ub ', ' pub', 'pub ', ' pub ']
    """
    runs = []
    for word in lemmas.split():
        edged = f" {word} "
        for length in RUNS:
            if length >= len(edged):  # the whole word, and no longer run of it
                runs.append(edged)
                break
            runs += [edged[start : start + length] for start in range(len(edged) - length + 1)]
    return runs
