"""Lists: where one line is several points.

"litter + vandalism, car crime" is three points. Names, examples and clauses hold the same commas and are one: "Burnley, Pendle and
Rossendale CVS" is not three. A line is split only where every item is a short thing that can stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from pipeline.tokenise.sentences import Depth, Span, trim

ITEM_WORDS = 5
PAIR_ITEM_WORDS = 4
PLACE_WORDS = 4
CLOSING_AFTER = 3
CLOSING_WORDS = 7
_SEPARATOR = re.compile(r",(?!\d)|(?!(?<=\b[A-Z])\+[A-Z]\b)(?<!\d)\s*\+\s*(?!\d)|\s/\s|(?<=,)\s*&\s")
_JOINER = re.compile(r"^(?:and|or|plus|also|&|\+)\s+", re.IGNORECASE)
_LAST_AND = re.compile(r"\s+(?:and|&|or)\s+", re.IGNORECASE)
# Behind these words a list gives examples, or finishes what was begun.
_EXAMPLES = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|such as|like|includ(?:ing|es?)|especially|esp|particularly|namely|for example|between|both|from|either|neither|with)\b|[:=]|\s[-–—]\s)",
    re.IGNORECASE,
)
_OPENERS = frozenset(
    "in on at by for from about of to into with without near round around outside inside behind over under since after "
    "before during until while when where if as than because although though which who whose what how why that esp mainly "
    "mostly usually often sometimes always never then so but not only even just still again too very etc making causing "
    "leading meaning out off away all both most".split()
)

_QUANTITIES = frozenset("no all each nothing nowt none nobody noone lack".split())
_BEGINS_ANEW = frozenset("a an no more better fewer less new".split())
_PREPOSITIONS = frozenset("in on at by for from with to near outside along through thru behind into about across over under".split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word as the tagger sees it: its characters, coarse and fine tag, and whether it is capitalised."""

    start: int
    end: int
    text: str
    pos: str
    tag: str


Tagger = Callable[[str], list[Word]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Common words by part of speech (see :func:`pipeline.language.common_words`)."""

    nouns: frozenset[str]
    others: frozenset[str]

    def is_common(self, word: str) -> bool:
        """Whether a word, or its singular, is in the dictionary."""
        lower = word.lower()
        return any(form in self.nouns or form in self.others for form in _forms(lower))

    def is_noun(self, word: str) -> bool:
        """Whether the dictionary knows a word as a noun."""
        return any(form in self.nouns for form in _forms(word.lower()))


def _forms(word: str) -> list[str]:
    forms = [word]
    if word.endswith("s") and len(word) > 3:
        forms += [word[:-1], word.removesuffix("es"), word.removesuffix("ies") + "y"]
    if word.endswith("ing") and len(word) > 5:
        forms += [word[:-3], word[:-3] + "e"]
    if word.endswith("ed") and len(word) > 4:
        forms += [word[:-2], word[:-1]]
    return forms


def list_items(text: str, tagger: Tagger, lexicon: Lexicon) -> list[Span]:
    """Split one sentence into the items of its list; a single span when it is not a bare list.

    Parameters
    ----------
    text : one sentence or fragment.
    tagger : gives the tagged words of a text.
    lexicon : common words, to tell things from names.
    """
    whole: list[Span] = [(0, len(text))]
    depth = Depth(text)
    cuts = [m for m in _SEPARATOR.finditer(text) if not depth.inside(m.start())]
    if not cuts or _EXAMPLES.search(text[: cuts[-1].start()]) or (text.rstrip().endswith("?") and len(text.split()) > 4):
        return whole
    items: list[Span] = []
    start = 0
    for cut in cuts:
        items.append((start, cut.start()))
        start = cut.end()
    items += _last_items(text, start, depth, plain=any("," in cut.group() for cut in cuts) or len(cuts) > 1)
    trimmed = [t for span in items if (t := trim(text, *_without_joiner(text, span)))]
    if len(trimmed) < 2:
        return whole
    words = tagger(text)
    joined = _join_names(text, trimmed, words, lexicon)
    if len(joined) < 2:
        return whole
    pair = len(joined) == 2 and "," in text[joined[0][1] : joined[1][0]]
    inside = [[w for w in _within(words, span) if w.pos not in ("PUNCT", "SYM", "SPACE") and not depth.inside(w.start)] for span in joined]
    if _goes_on(inside) or (pair and inside[1] and inside[1][0].pos == "NUM"):
        return whole
    placed = all(_placed(item) for item in inside)
    alone = [_stands_alone(item, lexicon, pair=pair, placed=placed or (not pair and item is inside[-1])) for item in inside]
    between = text[joined[-2][1] : joined[-1][0]]
    joined_by_and = bool(_LAST_AND.search(between))
    if (joined_by_and or "+" in between) and _predicates(inside[-1], lexicon):
        return whole
    if all(alone) or (all(alone[:-1]) and not joined_by_and and _may_close(inside)):
        return joined
    return whole


def _predicates(last: list[Word], lexicon: Lexicon) -> bool:
    """In "council, police and NHS all putting out leaflets" the list is what the sentence is about."""
    nouns = [i for i, word in enumerate(last) if word.pos in ("NOUN", "PROPN", "PRON")]
    behind = last[nouns[0] + 1 :] if nouns else []
    closing = behind[-1:] if behind and behind[-1].tag == "VBG" and lexicon.is_noun(behind[-1].text) else []
    return any(word.pos in ("VERB", "AUX") and word.tag != "VBN" for word in behind if word not in closing)


def _may_close(items: list[list[Word]]) -> bool:
    """Behind two or more bare things the last may be freer: "drugs, DV, kids with nowt to do"."""
    last = items[-1]
    bare = all(len(item) <= CLOSING_AFTER for item in items[:-1])
    return len(items) >= 3 and bare and 0 < len(last) <= CLOSING_WORDS and last[0].text.lower() not in _OPENERS


def _goes_on(items: list[list[Word]]) -> bool:
    """After "office at the show, the gala and the fete" the later items complete the first; they are no points."""
    placed = [_placed(item) for item in items]
    own = [bool(item) and item[0].text.lower() in _BEGINS_ANEW for item in items]
    return any(before and not (after or new) for before, after, new in zip(placed, placed[1:], own[1:], strict=False))


def _placed(item: list[Word]) -> bool:
    return any(word.text.lower() in _PREPOSITIONS for word in item)


def _last_items(text: str, start: int, depth: Depth, *, plain: bool) -> list[Span]:
    """The stretch behind the last separator; the "and" within it separates too."""
    if re.match(r"\s*(?:and|or|&|plus)\s", text[start:], re.IGNORECASE) or not plain:
        return [(start, len(text))]
    joins = [m for m in _LAST_AND.finditer(text, start) if not depth.inside(m.start())]
    if not joins:
        return [(start, len(text))]
    return [(start, joins[-1].start()), (joins[-1].end(), len(text))]


def _without_joiner(text: str, span: Span) -> Span:
    trimmed = trim(text, *span)
    if trimmed is None:
        return span
    joiner = _JOINER.match(text[slice(*trimmed)])
    return (trimmed[0] + joiner.end(), trimmed[1]) if joiner else trimmed


def _within(words: list[Word], span: Span) -> list[Word]:
    return [word for word in words if span[0] <= word.start < span[1]]


def _join_names(text: str, spans: list[Span], words: list[Word], lexicon: Lexicon) -> list[Span]:
    """A name is no point of its own: it belongs with what stands before it (or behind, if first)."""
    joined: list[Span] = []
    pending: int | None = None
    for span in spans:
        if _is_name(_within(words, span), lexicon) or re.fullmatch(r"etc\.?", text[slice(*span)], re.IGNORECASE):
            if joined:
                joined[-1] = (joined[-1][0], span[1])
            elif pending is None:
                pending = span[0]
        else:
            joined.append((pending if pending is not None else span[0], span[1]))
            pending = None
    if pending is not None:
        joined.append((pending, spans[-1][1]))
    return joined


def _is_name(words: list[Word], lexicon: Lexicon) -> bool:
    """Capitalised throughout, and at least one word is in no dictionary; abbreviations are not names."""
    content = [word for word in words if word.text[:1].isalpha() and word.pos not in ("ADP", "DET", "CCONJ")]
    if not content or not all(word.text[0].isupper() for word in content):
        return False
    return any(not lexicon.is_common(word.text) and not word.text.isupper() for word in content)


def _stands_alone(inner: list[Word], lexicon: Lexicon, *, pair: bool, placed: bool) -> bool:
    """A short thing: few words, a noun among them, no clause; one that may say where can be longer."""
    limit = PAIR_ITEM_WORDS if pair else ITEM_WORDS
    head = next((i for i, word in enumerate(inner) if i and word.pos == "ADP"), len(inner))
    longest = limit + PLACE_WORDS if placed else limit
    if not inner or head > limit or len(inner) > longest or inner[0].text.lower() in _OPENERS:
        return False
    if _has_object(inner):
        return False
    participle = inner[0].tag == "VBD"  # "burnt out bins": without a subject it is no clause
    if any(_is_clausal(word, lexicon) for word in inner[participle:]):
        return False
    stated = any(word.tag == "VBN" and before.pos == "NOUN" for before, word in pairwise(inner))
    if stated and (pair or len(inner) > CLOSING_AFTER):
        return False  # "smoke alarm fitted and tools marked" is a clause
    if inner[0].tag == "VBG" and len(inner) > 1 and not lexicon.is_noun(inner[0].text) and inner[1].pos in ("ADP", "PART"):
        return False  # "intimidating for older people" says more of what stands before it
    return any(_is_thing(word, lexicon) or word.text.lower() in _QUANTITIES for word in inner)


def _has_object(inner: list[Word]) -> bool:
    """Somebody does something to something: "residents want patrols"."""
    return any(
        doer.pos in ("NOUN", "PROPN", "PRON") and verb.tag in ("VBP", "VBZ", "VBD") and done.pos in ("NOUN", "PROPN", "DET", "PRON", "ADJ")
        for doer, verb, done in zip(inner, inner[1:], inner[2:], strict=False)
    )


def _is_clausal(word: Word, lexicon: Lexicon) -> bool:
    if word.pos == "SCONJ" and lexicon.is_noun(word.text):  # "till" of a shop
        return False
    if word.pos in ("PRON", "SCONJ") or word.tag in ("MD", "WDT", "WP", "WRB", "EX", "TO"):
        return word.text.lower() not in _QUANTITIES
    if word.tag in ("VBZ", "VBP", "VBD") and word.pos != "AUX":
        return word.text.islower() and not lexicon.is_noun(word.text)
    return word.pos == "AUX"


def _is_thing(word: Word, lexicon: Lexicon) -> bool:
    if word.pos in ("NOUN", "PROPN"):
        return True
    if not lexicon.nouns:
        return word.tag == "VBG"
    return word.pos in ("VERB", "ADJ", "X", "INTJ", "ADV") and lexicon.is_noun(word.text) and word.tag not in ("JJ", "RB")
