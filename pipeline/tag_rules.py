"""Tag rules: what spaCy's attribute ruler makes of a word by its spelling and its tag, looked up once for each such pair.

The ruler matches some two hundred patterns against every text, which takes as long as tagging it. Nearly all of them look at one word
alone, so what they give for a word that was seen before, with the same tag, is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc

Matches = list[tuple[int, int, int, int]]

# What a pattern may look at for the outcome to be that of every word of the same spelling, tag and dependency.
_OF_A_WORD = frozenset("ORTH TEXT LOWER SHAPE PREFIX SUFFIX LENGTH IS_SPACE IS_PUNCT IS_ALPHA IS_DIGIT LIKE_NUM TAG DEP".split())
# Words remembered; then all are forgotten, so that memory does not grow with the texts.
REMEMBERED = 100_000


def remember(ruler: Any) -> None:
    """Have a ruler remember what its patterns gave for a word; it gives the same matches.

    Parameters
    ----------
    ruler : spaCy's AttributeRuler. One with a pattern that looks at more of a single word than its spelling, tag and dependency stays as
        it is.
    """
    from spacy.attrs import DEP, ORTH, TAG
    from spacy.matcher import Matcher

    alone = [pattern for rule in ruler.patterns for pattern in rule["patterns"] if len(pattern) == 1]
    if not all(_OF_A_WORD.issuperset(pattern[0]) for pattern in alone):
        return
    of_several = Matcher(ruler.vocab, validate=False)
    for number, rule in enumerate(ruler.patterns):
        if several := [pattern for pattern in rule["patterns"] if len(pattern) > 1]:
            of_several.add(str(number), several)
    matched = ruler.match
    known: dict[tuple[int, ...], list[tuple[int, int]]] = {}

    def match(doc: Doc) -> Matches:
        words = [tuple(word) for word in doc.to_array([ORTH, TAG, DEP]).tolist()]
        told = len(of_several) and of_several(doc, allow_missing=True, as_spans=False)
        if not told and all(word in known for word in words):
            return sorted((rule, name, at, at + 1) for at, word in enumerate(words) for rule, name in known[word])
        found: Matches = matched(doc)
        if told:
            return found
        if len(known) > REMEMBERED:
            known.clear()
        for at, word in enumerate(words):
            known[word] = [(rule, name) for rule, name, start, _ in found if start == at]
        return found

    ruler.match = match
