"""Lessons: the texts a taxonomy gives to learn from, with the themes of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.embed import Vectors
from pipeline.taxonomy import Taxonomy

# A code that only some coders gave is neither right nor wrong.
DISPUTED = 0.5


@dataclass(frozen=True)
class Lessons:
    """n distinct texts, the taxonomy's own examples first.

    Attributes
    ----------
    texts : n texts.
    truth : float64 (n, themes), 1 for a theme the text carries, 0.5 for one that coders dispute, 0 for the others.
    examples : how many of them are the taxonomy's own examples.
    vectors : float32 (n, dimension), unit rows; no rows before they are embedded.
    """

    texts: tuple[str, ...]
    truth: npt.NDArray[np.float64]
    examples: int
    vectors: Vectors

    @property
    def per_theme(self) -> npt.NDArray[np.intp]:
        """How many texts carry each theme, (themes,)."""
        counts: npt.NDArray[np.intp] = (self.truth == 1.0).sum(axis=0)
        return counts


def lessons_of(taxonomy: Taxonomy) -> Lessons:
    """Gather the examples, the examples of no theme and the coded texts of a taxonomy; a text that stands twice carries all its codes."""
    at = {code: number for number, code in enumerate(taxonomy.codes)}
    rows: dict[str, npt.NDArray[np.float64]] = {}
    examples = 0
    for own, text, codes, disputed in _coded(taxonomy):
        row = rows.setdefault(text, np.zeros(len(at)))
        for code in disputed:
            row[at[code]] = max(row[at[code]], DISPUTED)
        for code in codes:
            row[at[code]] = 1.0
        if own:
            examples = len(rows)
    truth = np.stack(list(rows.values())) if rows else np.zeros((0, len(at)))
    return Lessons(tuple(rows), truth, examples, np.zeros((0, 0), dtype=np.float32))


def _coded(taxonomy: Taxonomy) -> Iterator[tuple[bool, str, tuple[str, ...], tuple[str, ...]]]:
    for theme in taxonomy.themes:
        for example in theme.examples:
            yield True, example.text, example.codes, ()
    for text in taxonomy.none_examples:
        yield True, text, (), ()
    for coded in taxonomy.coded_texts:
        yield False, coded.text, coded.codes, coded.optional_codes
