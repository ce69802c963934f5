"""Terms of a taxonomy found in texts: on lemmas, as whole words, with what stands before them.

A hit says where it is, whether it is negated ("burglary is not a problem here"), and whether its term is one that
counts only where the rest of the text is about the theme ("drive", "park"). Negation follows NegEx (Chapman et al.
2001, J. Biomed. Inform. 34, 301-310): a cue governs a few words after it, or stands a few words behind.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.taxonomy import Taxonomy

# Words that a cue reaches forwards, and how far behind a term it may stand.
REACH_FORWARD, REACH_BACK = 4, 4
# Texts whose terms are remembered: evidence and its reasons both ask for them.
REMEMBERED = 1024
_BEFORE = frozenset("no not never without nor neither".split())
# After a cue these turn it round: "not only dogs" speaks of dogs.
_UNDONE_BY = frozenset("only just merely simply".split())
_AFTER = (
    ("not", "a", "problem"), ("not", "a", "issue"), ("not", "an", "issue"), ("not", "problem"), ("no", "issue"), ("no", "problem"),
    ("not", "see", "as"), ("not", "happen"), ("not", "occur"), ("never", "happen"), ("not", "exist"), ("no", "long", "happen"),
)  # fmt: skip
_ENDS_REACH = frozenset("but however although though yet except".split())


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term found in a text.

    Attributes
    ----------
    theme : index of its theme in the taxonomy.
    term : as in the taxonomy.
    first, last : indices of the words it covers, both included.
    negated : the text says that it is not so.
    ambiguous : it counts only where the rest of the text is about the theme.
    """

    theme: int
    term: str
    first: int
    last: int
    negated: bool = False
    ambiguous: bool = False


class TermMatcher:
    """Finds a taxonomy's terms.

    Parameters
    ----------
    taxonomy : the themes and their terms.
    forms : of each term and ambiguous term, theme by theme: what stands for it in a lemmatised text
        (:class:`pipeline.label.words.TaxonomyWords`).
    """

    def __init__(self, taxonomy: Taxonomy, forms: Sequence[Sequence[str]]) -> None:
        typed = [
            (number, term, ambiguous)
            for number, theme in enumerate(taxonomy.themes)
            for ambiguous, terms in ((False, theme.terms), (True, theme.ambiguous_terms))
            for term in terms
        ]
        self._meant: dict[str, list[tuple[int, str, bool]]] = {}
        for entry, of_term in zip(typed, forms, strict=True):
            for form in of_term:
                self._meant.setdefault(form, []).append(entry)
        longest_first = "|".join(re.escape(form) for form in sorted(self._meant, key=lambda form: (-len(form), form)))
        self._pattern = re.compile(rf"(?<!\S)(?:{longest_first})(?!\S)" if longest_first else r"(?!)")
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._found)

    def hits(self, lemmas: str) -> list[TermHit]:
        """Terms in a lemmatised text (space between the lemmas); where terms overlap the longest counts."""
        return list(self._remembered(lemmas))

    def _found(self, lemmas: str) -> list[TermHit]:
        found: list[TermHit] = []
        starts: list[int] = []
        words: list[str] = []
        for match in self._pattern.finditer(lemmas):
            if not words:
                words = lemmas.split(" ")
                starts = [0]
                for word in words:
                    starts.append(starts[-1] + len(word) + 1)
            first, last = bisect_left(starts, match.start()), bisect_left(starts, match.end()) - 1
            negated = is_negated(words, first, last)
            found += [TermHit(theme, term, first, last, negated, ambiguous) for theme, term, ambiguous in self._meant[match.group()]]
        return found


def is_negated(words: list[str], first: int, last: int) -> bool:
    """Whether the words from ``first`` to ``last`` (indices, both included) of a lemmatised text are denied.

    >>> is_negated("burglary be not a problem here".split(), 0, 0), is_negated("no light but burglary".split(), 3, 3)
    (True, False)
    """
    for at in range(first - 1, max(-1, first - 1 - REACH_FORWARD), -1):
        if words[at] in _ENDS_REACH:
            break
        if words[at] in _BEFORE and words[at + 1] not in _UNDONE_BY:
            return True
    behind = words[last + 1 : last + 1 + REACH_BACK + 3]
    for at in range(min(REACH_BACK, len(behind))):
        if behind[at] in _ENDS_REACH:
            return False
        if any(tuple(behind[at : at + len(cue)]) == cue for cue in _AFTER):
            return True
    return False
