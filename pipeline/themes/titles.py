"""Titles: what a theme is called in a report, and the phrases that set it apart from the others.

Both come from the points' own words, weighed by c-TF-IDF (Grootendorst 2022, BERTopic, arXiv:2203.05794), so that what every
theme talks about names none of them.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

# Balance of "distinctive" against "unlike the phrases already chosen" (Carbonell and Goldstein 1998).
DISTINCTIVE = 0.7
# A title is taken from the words of so many points, the most central first.
READ = 20
LONGEST = 60
FEWEST_WORDS, MOST_WORDS, CUT_WORDS, SHORT = 2, 7, 8, 4
UNTITLED = "Untitled"
CENTRAL = 0.4
# Taken off the score of a candidate, whose other parts lie between 0 and 1 each.
PLACEHOLDER_COST, SPEAKER_COST, VERB_COST, NUMBER_COST, BREAK_COST, FILLER_COST = 1.5, 0.6, 0.5, 0.3, 0.3, 0.3
ONE_WORD_COST, LONG_COST = 0.4, 0.1
DECIMALS = 6

_DANGLING = frozenset(
    "a an the this these those my our your their his her its of in on at to for by from with into onto towards between among "
    "and or but nor so as than that which who because if when while where per via about against without within during "
    "until since upon near is are was were be not no very more".split()
)
_SPEAKERS = frozenset("i we me us my our mine ours who what when where why which how whose you your".split())
_VERBS = frozenset(
    "is are was were am be been has have had do does did can could will would should must need needs want wants get gets isn't aren't "
    "wasn't weren't don't doesn't didn't can't cannot won't never makes make feel feels".split()
)
_FILLERS = frozenset("again still also just please ok yes anyway".split())
_EMPTY = frozenset(
    "he she it they them him there here then also just too some any all out off up down over around outside inside under after "
    "before again lot lots etc being been even still much many most other only really".split()
).union(_DANGLING, _SPEAKERS, _VERBS)
_PREPOSITION = (
    "of|in|on|at|to|for|by|from|with|outside|inside|near|around|between|behind|along|across|within|into|onto|under|through|about|"
    "against|over|towards|off|without|during|among|opposite|beside|next to|close to|out of|in front of|after|before"
)
_QUALIFIER = "no|not enough|lack of|more|fewer|less|too many|too much|too few|poor"
_LINK = rf"\s(?:{_PREPOSITION})\s(?:(?:the|a|an|their|this|these)\s)?"
_DOING = r"(?!(?:during|being|having|going|getting|doing)\b)[^\W\d_]{2,}ing"
_PLACEHOLDER = re.compile(r"\[[A-Z_ ]+\d*\]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHOWN = re.compile(rf"{_PLACEHOLDER.pattern}|{_WORD.pattern}")
_BREAK = re.compile(r"\s[-–—]+\s|[–—:;()\[\]]|[.?!…]+(?=\s|$)|,")
_EDGES = " \t\n.,;:!?…-–—*•'\"“”‘’/&+"


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class _Theme:
    """What titles are scored against: weights of words and phrases by stem, the share of points with a word, and the distinct points.

    The points come with their phrases and how central they are, the most central first, those without a word left out.
    """

    words: Mapping[str, float]
    phrases: Mapping[str, float]
    shares: Mapping[str, float]
    points: tuple[tuple[str, tuple[str, ...], float], ...]


def keyphrases(themes: Sequence[Wording], most: int = 5) -> list[tuple[str, ...]]:
    """Distinctive noun phrases of each theme, the most distinctive first, chosen for variety.

    A phrase weighs its share of the theme's phrases times log(1 + mean phrases a theme / its count over all themes). Then by
    maximal marginal relevance, two phrases being alike as far as their sets of words overlap; a phrase that stands inside
    one already chosen is left out. Ties go to more words, then the alphabet.

    Returns
    -------
    One tuple a theme, in order, of at most ``most`` phrases, each as it is most often written.
    """
    listed = [list(_phrases_of(theme)) for theme in themes]
    spellings = Counter(phrase for theme in listed for phrases in theme for phrase in phrases)
    written = {phrase.lower(): phrase for phrase in sorted(spellings, key=lambda phrase: (spellings[phrase], phrase))}
    counts = [Counter(phrase for phrases in theme for phrase in {p.lower() for p in phrases}) for theme in listed]
    return [tuple(written[phrase] for phrase in _varied(weights, most)) for weights in _weighed(counts)]


def titles(themes: Sequence[Wording], taken: Collection[str] = ()) -> list[str]:
    """A short title for each theme, in sentence case, from its points' own words.

    Candidates are the most central points themselves where they are short, their first clauses, noun phrases joined by a
    preposition, and keyphrases. The best covers most of what is distinctive of the theme, in words that many of its points
    share, and reads as a heading: two to five words, no numbers, placeholders, questions, speakers or verbs of a sentence.
    A theme of one point is called what the point says, cut to eight words.

    Parameters
    ----------
    themes : handled in the order given; the order of points within one does not matter.
    taken : titles that are used already.

    Returns
    -------
    n titles of 1 to 60 characters, all different from each other and from those taken, whatever their case.
    """
    mixed = [text for text in (_PLACEHOLDER.sub("", text) for theme in themes for text in theme.expanded) if not text.isupper()]
    acronyms = frozenset(word for text in mixed for word in _WORD.findall(text) if 2 <= len(word) <= SHORT and word.isupper())
    used = {title.lower() for title in taken}
    held = [Counter(word for text in theme.expanded for word in set(_content(text))) for theme in themes]
    phrases = _weighed([Counter(_stemmed(p) for phrases in _phrases_of(theme) for p in {*phrases}) for theme in themes])
    chosen = []
    for theme, words, stems, count, keys in zip(themes, _weighed(held), phrases, held, keyphrases(themes), strict=True):
        shares = {word: n / len(theme.expanded) for word, n in count.items()}
        read = _Theme(words, stems, shares, _distinct(theme))
        title = next(title for title in _ranked(read, keys, acronyms) if title.lower() not in used)
        used.add(title.lower())
        chosen.append(title)
    return chosen


def _phrases_of(theme: Wording) -> Iterator[tuple[str, ...]]:
    """The phrases of each point, without those that only name a placeholder, as "person" in "[PERSON 1]"."""
    for text, phrases in zip(theme.expanded, theme.phrases, strict=True):
        hidden = {word for mark in _PLACEHOLDER.findall(text) for word in _WORD.findall(mark.lower())}
        shown = set(_words(text))
        yield tuple(p for p in phrases if _words(p) and not (p.lower() in hidden and p.lower() not in shown))


def _weighed(counts: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """c-TF-IDF of the terms of each theme."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    mean = total.total() / max(1, len(counts))
    return [{term: n / count.total() * math.log1p(mean / total[term]) for term, n in sorted(count.items())} for count in counts]


def _varied(weights: Mapping[str, float], most: int) -> list[str]:
    top = max(weights.values(), default=1.0)
    words = {phrase: frozenset(_stemmed(phrase).split()) for phrase in weights}
    left, chosen = sorted(weights, key=lambda phrase: (-len(phrase.split()), phrase)), list[str]()
    alike = dict.fromkeys(left, 0.0)
    while left and len(chosen) < most:
        best = max(left, key=lambda phrase: round(DISTINCTIVE * weights[phrase] / top - (1 - DISTINCTIVE) * alike[phrase], DECIMALS))
        chosen.append(best)
        left = [phrase for phrase in left if not _within(_stemmed(phrase), _stemmed(best))]
        for phrase in left:
            alike[phrase] = max(alike[phrase], len(words[phrase] & words[best]) / len(words[phrase] | words[best]))
    return chosen


def _distinct(theme: Wording) -> tuple[tuple[str, tuple[str, ...], float], ...]:
    found: dict[str, tuple[str, tuple[str, ...], float]] = {}
    rows = zip(theme.expanded, _phrases_of(theme), (round(central, DECIMALS) for central in theme.central), strict=True)
    for text, phrases, central in sorted(rows, key=lambda row: (-row[2], row[0], row[1])):
        if _WORD.search(text):
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
        if len(title) <= LONGEST and _content(title) and not _dangles(title):
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
        for stretch in _linked(text, phrases):
            yield 1, stretch, central
    for phrase in keys:
        central = max((central for text, _, central in theme.points if _within(_stemmed(phrase), _stemmed(text))), default=0.0)
        yield (2 if " " in phrase else 3), phrase, central


def _linked(text: str, phrases: tuple[str, ...]) -> Iterator[str]:
    """Stretches of a text that are noun phrases or doings, joined by prepositions: "cuts to youth services"."""
    if not phrases:
        return
    noun = rf"(?:[\w-]+-)?(?:{'|'.join(re.escape(p) for p in sorted(phrases, key=lambda p: (-len(p), p)))})(?![\w'’-])"
    head = rf"(?:(?:(?:{_QUALIFIER})\s)?{noun}(?:\s{_DOING}\b)?|{_DOING}\b)"
    for links in (1, 2):
        for found in re.finditer(rf"(?<![\w'’-])(?=({head}(?:{_LINK}{noun}){{{links}}}))", text, re.IGNORECASE):
            qualified = re.search(rf"\b(?:{_QUALIFIER})\s+$", text[: found.start()], re.IGNORECASE)  # without it the sense may turn round
            if len(found[1].split()) <= MOST_WORDS and not qualified:
                yield found[1]


def _cover(title: str, theme: _Theme) -> float:
    """Share of the weight of the theme's words, and of its phrases, that stands in a title: 0 to 1."""
    stems = _stemmed(title)
    words = sum(theme.words.get(word, 0.0) for word in sorted(set(_content(title)))) / (sum(theme.words.values()) or 1.0)
    inside = sum(weight for phrase, weight in theme.phrases.items() if _within(phrase, stems))
    return (words + inside / (sum(theme.phrases.values()) or 1.0)) / 2


def _shared(title: str, theme: _Theme) -> float:
    """Share of the theme's points that have a word of the title, the mean over its words: 0 to 1."""
    return fmean(theme.shares.get(word, 0.0) for word in sorted(set(_content(title))))


def _cost(title: str) -> float:
    """What speaks against a title as a heading, whatever its theme."""
    plain = title.lower().replace("’", "'")
    words = {*_WORD.findall(plain), *re.findall(r"[^\W_]+", plain)}
    count = len(title.split())
    return (
        PLACEHOLDER_COST * bool(_PLACEHOLDER.search(title))
        + SPEAKER_COST * (not words.isdisjoint(_SPEAKERS))
        + VERB_COST * (not words.isdisjoint(_VERBS))
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
    words = _WORD.findall(text.strip(_EDGES))
    return not words or words[-1].lower() in _DANGLING


def _sentence_case(text: str, acronyms: Collection[str]) -> str:
    """First letter up; text in capitals throughout is lowered, but for acronyms and placeholders."""
    bare = _PLACEHOLDER.sub("", text)
    if bare.isupper() and len(bare.strip(_EDGES)) > SHORT:
        text = _SHOWN.sub(lambda word: word[0] if word[0] in acronyms or word[0].startswith("[") else word[0].lower(), text)
    return text[:1].upper() + text[1:]


def _stem(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _words(text: str) -> list[str]:
    return _WORD.findall(_PLACEHOLDER.sub(" ", text).lower())


def _stemmed(phrase: str) -> str:
    """Words in lower case without the ending of the plural, those of placeholders left out."""
    return " ".join(map(_stem, _words(phrase)))


def _content(text: str) -> list[str]:
    return [_stem(word) for word in _words(text) if word not in _EMPTY]


def _within(phrase: str, other: str) -> bool:
    """Whether one run of words stands inside another, word for word."""
    return f" {phrase} " in f" {other} "
