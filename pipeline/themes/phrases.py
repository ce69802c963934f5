"""Phrases: the words of a theme, and those that set it apart from the others.

Weighed by c-TF-IDF (Grootendorst 2022, BERTopic, arXiv:2203.05794), so that what every theme talks about sets none of them apart.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

# Balance of "distinctive" against "unlike the phrases already chosen" (Carbonell and Goldstein 1998).
DISTINCTIVE = 0.7
DECIMALS = 6
SHORT = 4  # letters of an acronym at most
DANGLING = frozenset(
    "a an the this these those my our your their his her its of in on at to for by from with into onto towards between among "
    "and or but nor so as than that which who because if when while where per via about against without within during "
    "until since upon near is are was were be not no very more".split()
)
SPEAKERS = frozenset("i we me us my our mine ours who what when where why which how whose you your".split())
VERBS = frozenset(
    "is are was were am be been has have had do does did can could will would should must need needs want wants get gets isn't aren't "
    "wasn't weren't don't doesn't didn't can't cannot won't never makes make feel feels".split()
)
_EMPTY = frozenset(
    "he she it they them him there here then also just too some any all out off up down over around outside inside under after "
    "before again lot lots etc being been even still much many most other only really".split()
).union(DANGLING, SPEAKERS, VERBS)
PLACEHOLDER = re.compile(r"\[[A-Z_ ]+\d*\]")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True)
class Wording:
    """How the points of one theme are worded; the three are of one length, point for point, or ValueError is raised where used.

    Attributes
    ----------
    expanded : the points, abbreviations written out, in content order.
    phrases : noun phrases of each point, as written, lower case but for names.
    central : how central each point is to its theme: its cosine with the theme's mean, -1 to 1.
    """

    expanded: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    central: tuple[float, ...]

    # Each theme is set against all others many times, so what is counted of it is counted once; and what several points say alike, once.
    @cached_property
    def alike(self) -> list[tuple[str, tuple[str, ...], int, float]]:
        """Each wording with its phrases (:func:`shown_phrases`), how many points have it, and how central the most central of them is."""
        found: dict[tuple[str, tuple[str, ...]], tuple[int, float]] = {}
        for text, phrases, central in zip(self.expanded, self.phrases, self.central, strict=True):
            times, most = found.get((text, phrases), (0, central))
            found[text, phrases] = times + 1, max(most, central)
        return [(text, shown_phrases(text, phrases), times, most) for (text, phrases), (times, most) in found.items()]

    @cached_property
    def spellings(self) -> Counter[str]:
        """How often each phrase is written in each way."""
        return _counted((phrase, times) for _, phrases, times, _ in self.alike for phrase in phrases)

    @cached_property
    def said(self) -> Counter[str]:
        """In how many points each phrase stands, in lower case."""
        return _counted((phrase, times) for _, phrases, times, _ in self.alike for phrase in {p.lower() for p in phrases})

    @cached_property
    def stems(self) -> Counter[str]:
        """In how many points each phrase stands, its words without the ending of the plural."""
        return _counted((stemmed(phrase), times) for _, phrases, times, _ in self.alike for phrase in {*phrases})

    @cached_property
    def words(self) -> Counter[str]:
        """In how many points each word that says something stands."""
        return _counted((word, times) for text, _, times, _ in self.alike for word in set(content_words(text)))

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """Short words in capitals, in texts that are not in capitals throughout."""
        mixed = (text for text in (PLACEHOLDER.sub("", text) for text, *_ in self.alike) if not text.isupper())
        return frozenset(word for text in mixed for word in WORD.findall(text) if 2 <= len(word) <= SHORT and word.isupper())


def keyphrases(themes: Sequence[Wording], most: int = 5, *, first: int | None = None) -> list[tuple[str, ...]]:
    """Distinctive noun phrases of each theme, the most distinctive first, chosen for variety.

    A phrase weighs its share of the theme's phrases times log(1 + mean phrases a theme / its count over all themes). Then by
    maximal marginal relevance, two phrases being alike as far as their sets of words overlap; a phrase that stands inside
    one already chosen is left out. Ties go to more words, then the alphabet.

    Parameters
    ----------
    themes : all themes that they are set apart from.
    first : only those of so many themes from the beginning are asked for.

    Returns
    -------
    One tuple a theme, in order, of at most ``most`` phrases, each as it is most often written.
    """
    spellings: Counter[str] = Counter()
    for theme in themes:
        spellings.update(theme.spellings)
    chosen = [_varied(weights, most) for weights in weighed([theme.said for theme in themes], first)]
    wanted = {phrase for phrases in chosen for phrase in phrases}
    shown = sorted((phrase for phrase in spellings if phrase.lower() in wanted), key=lambda phrase: (spellings[phrase], phrase))
    written = {phrase.lower(): phrase for phrase in shown}
    return [tuple(written[phrase] for phrase in phrases) for phrases in chosen]


def shown_phrases(text: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases of a point, without those that only name a placeholder, as "person" in "[PERSON 1]"."""
    hidden = {word for mark in PLACEHOLDER.findall(text) for word in WORD.findall(mark.lower())}
    shown = set(_words(text)) if hidden else set()
    return tuple(p for p in phrases if _words(p) and not (p.lower() in hidden and p.lower() not in shown))


def _counted(numbers: Iterable[tuple[str, int]]) -> Counter[str]:
    """How often each of some terms stands, where each is given with a number."""
    found: Counter[str] = Counter()
    for term, times in numbers:
        found[term] += times
    return found


def weighed(counts: Sequence[Counter[str]], first: int | None = None) -> list[dict[str, float]]:
    """c-TF-IDF of the terms of each theme, or of the first so many."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    mean = total.total() / max(1, len(counts))
    return [{term: n / count.total() * math.log1p(mean / total[term]) for term, n in sorted(count.items())} for count in counts[:first]]


def _varied(weights: Mapping[str, float], most: int) -> list[str]:
    top = max(weights.values(), default=1.0)
    words = {phrase: frozenset(stemmed(phrase).split()) for phrase in weights}
    left, chosen = sorted(weights, key=lambda phrase: (-len(phrase.split()), phrase)), list[str]()
    alike = dict.fromkeys(left, 0.0)
    while left and len(chosen) < most:
        best = max(left, key=lambda phrase: round(DISTINCTIVE * weights[phrase] / top - (1 - DISTINCTIVE) * alike[phrase], DECIMALS))
        chosen.append(best)
        left = [phrase for phrase in left if not within(stemmed(phrase), stemmed(best))]
        for phrase in left:
            alike[phrase] = max(alike[phrase], len(words[phrase] & words[best]) / len(words[phrase] | words[best]))
    return chosen


def _stem(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _words(text: str) -> list[str]:
    return WORD.findall(PLACEHOLDER.sub(" ", text).lower())


@lru_cache(maxsize=16_384)
def stemmed(phrase: str) -> str:
    """Words in lower case without the ending of the plural, those of placeholders left out."""
    return " ".join(map(_stem, _words(phrase)))


@lru_cache(maxsize=16_384)
def content_words(text: str) -> tuple[str, ...]:
    """The words of a text that say something, in order, without the ending of the plural."""
    return tuple(_stem(word) for word in _words(text) if word not in _EMPTY)


def within(phrase: str, other: str) -> bool:
    """Whether one run of words stands inside another, word for word."""
    return f" {phrase} " in f" {other} "
