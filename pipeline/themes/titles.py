"""Titles: what a theme is called in a report, from its points' own words, weighed by what sets it apart (pipeline.themes.phrases)."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from pipeline.themes.linked import MOST_WORDS, linked
from pipeline.themes.phrases import (
    DANGLING,
    DECIMALS,
    PLACEHOLDER,
    SHORT,
    SPEAKERS,
    VERBS,
    WORD,
    Wording,
    content_words,
    keyphrases,
    stemmed,
    weighed,
    within,
)

# A title is taken from the words of so many points, the most central first.
READ = 20
LONGEST = 60
FEWEST_WORDS, CUT_WORDS = 2, 8
UNTITLED = "Untitled"
CENTRAL = 0.4
# Taken off the score of a candidate, whose other parts lie between 0 and 1 each.
PLACEHOLDER_COST, SPEAKER_COST, VERB_COST, NUMBER_COST, BREAK_COST, FILLER_COST = 1.5, 0.6, 0.5, 0.3, 0.3, 0.3
ONE_WORD_COST, LONG_COST = 0.4, 0.1
_FILLERS = frozenset("again still also just please ok yes anyway".split())
_SHOWN = re.compile(rf"{PLACEHOLDER.pattern}|{WORD.pattern}")
_BREAK = re.compile(r"\s[-–—]+\s|[–—:;()\[\]]|[.?!…]+(?=\s|$)|,")
_EDGES = " \t\n.,;:!?…-–—*•'\"“”‘’/&+"


@dataclass(frozen=True, slots=True)
class _Theme:
    """What titles are scored against: weights of words and phrases by stem, the sums of both, the share of points with a word, and points.

    The distinct points come with their phrases and how central they are, the most central first, those without a word left out.
    """

    words: Mapping[str, float]
    phrases: Mapping[str, float]
    totals: tuple[float, float]
    shares: Mapping[str, float]
    points: tuple[tuple[str, tuple[str, ...], float], ...]


def titles(
    themes: Sequence[Wording], taken: Collection[str] = (), *, first: int | None = None, phrased: Sequence[tuple[str, ...]] | None = None
) -> list[str]:
    """A short title for each theme, or for the first so many, in sentence case, from its points' own words.

    Candidates are the most central points themselves where they are short, their first clauses, noun phrases joined by a
    preposition, and keyphrases. The best covers most of what is distinctive of the theme, in words that many of its points
    share, and reads as a heading: two to five words, no numbers, placeholders, questions, speakers or verbs of a sentence.
    A theme of one point is called what the point says, cut to eight words.

    Parameters
    ----------
    themes : handled in the order given; the order of points within one does not matter.
    taken : titles that are used already.
    phrased : their keyphrases (:func:`pipeline.themes.phrases.keyphrases`), where these are known already.

    Returns
    -------
    n titles of 1 to 60 characters, all different from each other and from those taken, whatever their case.
    """
    acronyms = frozenset().union(*(theme.acronyms for theme in themes))
    used = {title.lower() for title in taken}
    words = weighed([theme.words for theme in themes], first)
    stems = weighed([theme.stems for theme in themes], first)
    phrased = keyphrases(themes, first=first) if phrased is None else phrased
    chosen = []
    for theme, of_words, of_stems, keys in zip(themes[:first], words, stems, phrased, strict=True):
        shares = {word: n / len(theme.expanded) for word, n in theme.words.items()}
        totals = sum(of_words.values()) or 1.0, sum(of_stems.values()) or 1.0
        read = _Theme(of_words, of_stems, totals, shares, _distinct(theme))
        title = next(title for title in _ranked(read, keys, acronyms) if title.lower() not in used)
        used.add(title.lower())
        chosen.append(title)
    return chosen


def _distinct(theme: Wording) -> tuple[tuple[str, tuple[str, ...], float], ...]:
    found: dict[str, tuple[str, tuple[str, ...], float]] = {}
    rows = [(text, phrases, round(central, DECIMALS)) for text, phrases, _, central in theme.alike]
    for text, phrases, central in sorted(rows, key=lambda row: (-row[2], row[0], row[1])):
        if WORD.search(text):
            found.setdefault(" ".join(text.split()), (" ".join(text.split()), phrases, central))
    return tuple(found.values())


def _ranked(theme: _Theme, keys: tuple[str, ...], acronyms: Collection[str]) -> Iterator[str]:
    """Titles of a theme, the best first, without end."""
    own = _cut(_sentence_case(theme.points[0][0].strip(_EDGES), acronyms)) if theme.points else UNTITLED
    if len(theme.points) == 1:
        yield own
    made: dict[str, tuple[float, int]] = {}
    for tier, words, central in _candidates(theme, keys):
        title = _sentence_case(" ".join(words.split()), acronyms)
        if len(title) <= LONGEST and content_words(title) and not _dangles(title):
            made[title] = max(made.get(title, (-math.inf, 0)), (central, -tier))
    covers = {title: _cover(title, theme) for title in made}
    most = max(covers.values(), default=1.0) or 1.0
    scores = {title: covers[title] / most + _shared(title, theme) + CENTRAL * made[title][0] - _cost(title) for title in made}
    yield from sorted(made, key=lambda title: (-round(scores[title], DECIMALS), -made[title][1], len(title.split()), title))
    yield own
    for number in itertools.count(2):
        suffix = f" ({number})"
        yield _cut(own.removesuffix("…"), LONGEST - len(suffix)) + suffix


def _candidates(theme: _Theme, keys: tuple[str, ...]) -> Iterator[tuple[int, str, float]]:
    """Candidates as (kind, words, how central their point is); kinds as numbered in the order of preference for ties."""
    for text, phrases, central in theme.points[:READ]:
        for stretch in (text, _BREAK.split(text, maxsplit=1)[0]):
            stripped = stretch.strip(_EDGES)
            if stretch[:1].isalpha() and FEWEST_WORDS <= len(stripped.split()) <= MOST_WORDS:
                yield 1, stripped, central
        for stretch in linked(text, phrases):
            yield 1, stretch, central
    for phrase in keys:
        stem = stemmed(phrase)  # of the points that have it the first is the most central
        central = next((central for text, _, central in theme.points if within(stem, stemmed(text))), 0.0)
        yield (2 if " " in phrase else 3), phrase, central


def _cover(title: str, theme: _Theme) -> float:
    """Share of the weight of the theme's words, and of its phrases, that stands in a title: 0 to 1."""
    stems = stemmed(title)
    of_words, of_phrases = theme.totals
    words = sum(theme.words.get(word, 0.0) for word in sorted(set(content_words(title))))
    inside = sum(weight for phrase, weight in theme.phrases.items() if phrase in stems and within(phrase, stems))
    return (words / of_words + inside / of_phrases) / 2


def _shared(title: str, theme: _Theme) -> float:
    """Share of the theme's points that have a word of the title, the mean over its words: 0 to 1."""
    return fmean(theme.shares.get(word, 0.0) for word in sorted(set(content_words(title))))


def _cost(title: str) -> float:
    """What speaks against a title as a heading, whatever its theme."""
    plain = title.lower().replace("’", "'")
    words = {*WORD.findall(plain), *re.findall(r"[^\W_]+", plain)}
    count = len(title.split())
    return (
        PLACEHOLDER_COST * bool(PLACEHOLDER.search(title))
        + SPEAKER_COST * (not words.isdisjoint(SPEAKERS))
        + VERB_COST * (not words.isdisjoint(VERBS))
        + NUMBER_COST * any(character.isdigit() for character in title)
        + FILLER_COST * (not words.isdisjoint(_FILLERS))
        + BREAK_COST * bool(_BREAK.search(title))
        + ONE_WORD_COST * (count == 1)
        + LONG_COST * max(0, count - 5)
    )


def _cut(text: str, longest: int = LONGEST) -> str:
    """The first eight words of a text, fewer where that is too long or ends in such as "of", with "…" where it is cut."""
    text = text.strip(_EDGES)
    words = text.split()
    if len(words) <= CUT_WORDS and len(text) <= longest and not _dangles(text):
        return text
    kept = words[:CUT_WORDS]
    while len(kept) > 1 and (len(" ".join(kept)) >= longest or _dangles(" ".join(kept))):
        kept.pop()
    cut = " ".join(kept)[: longest - 1].strip(_EDGES)
    return UNTITLED if _dangles(cut) else cut + "…"


def _dangles(text: str) -> bool:
    """Whether a text is nothing, or breaks off in a word such as "of", "the" or "and"."""
    words = WORD.findall(text.strip(_EDGES))
    return not words or words[-1].lower() in DANGLING


def _sentence_case(text: str, acronyms: Collection[str]) -> str:
    """First letter up; text in capitals throughout is lowered, but for acronyms and placeholders."""
    bare = PLACEHOLDER.sub("", text)
    if bare.isupper() and len(bare.strip(_EDGES)) > SHORT:
        text = _SHOWN.sub(lambda word: word[0] if word[0] in acronyms or word[0].startswith("[") else word[0].lower(), text)
    return text[:1].upper() + text[1:]
