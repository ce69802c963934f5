"""Reasons: why a text carries a code, in words and numbers a person can check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.label.evidence import Evidence
from pipeline.label.text_model import Floats


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """A term of the taxonomy in a text: characters ``start`` to ``end`` of the text as typed."""

    term: str
    start: int
    end: int
    negated: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text is thought to be about one theme.

    Attributes
    ----------
    code : the theme.
    terms : its terms that stand in the text.
    example, similarity : the taxonomy's example most like the text, and the cosine of the two; "" and 0.0 without examples.
    """

    code: str
    terms: tuple[FoundTerm, ...]
    example: str
    similarity: float


def reasons(
    evidence: Evidence, features: Floats, vector: npt.NDArray[np.float32], lemmas: str, spans: str, themes: Sequence[int]
) -> list[Reason]:
    """The reasons of one text for some themes.

    Parameters
    ----------
    features : the text's figures, float64 (themes, figures).
    vector : its unit vector.
    lemmas, spans : its lemmas and the characters each stands for, as in Points.
    themes : indices of the themes asked for.
    """
    places = [tuple(map(int, span.split(":"))) for span in spans.split()]
    hits = evidence.counted_terms(lemmas, features)
    found = []
    for theme in themes:
        terms = tuple(
            dict.fromkeys(FoundTerm(hit.term, places[hit.first][0], places[hit.last][1], hit.negated) for hit in hits if hit.theme == theme)
        )
        example, similarity = evidence.nearest_example(vector, theme) or ("", 0.0)
        found.append(Reason(evidence.taxonomy.themes[theme].code, terms, example, similarity))
    return found


def evidence_text(why: Sequence[Reason], heading: str = "", *, found: bool) -> str:
    """Reasons as one line: terms with their characters in the text, the nearest example with its cosine similarity, the heading."""
    parts = []
    for reason in why:
        said = [f"says '{term.term}'{' but denies it' if term.negated else ''} [{term.start}:{term.end}]" for term in reason.terms]
        said += [f"like '{reason.example}' ({reason.similarity:.2f})"] if reason.example else []
        parts.append(f"{'' if found else 'nearest '}{reason.code}: {', '.join(said) or 'by its name'}")
    return "; ".join([*parts, *([f"read with its heading '{heading}'"] if parts and heading else [])])
