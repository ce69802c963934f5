"""Linked: stretches of a text that are noun phrases joined by prepositions, as "cuts to youth services", to be titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_WORDS, MOST_LINKS = 7, 2
_PREPOSITIONS = (
    "of|in|on|at|to|for|by|from|with|outside|inside|near|around|between|behind|along|across|within|into|onto|under|through|about|"
    "against|over|towards|off|without|during|among|opposite|beside|next to|close to|out of|in front of|after|before"
).split("|")
_QUALIFIERS = "no|not enough|lack of|more|fewer|less|too many|too much|too few|poor".split("|")
_ANY_PREPOSITION, _ANY_QUALIFIER = "|".join(_PREPOSITIONS), "|".join(_QUALIFIERS)
# Wherever a link begins, those within another too.
_LINKS = re.compile(rf"(?=\s(?:{_ANY_PREPOSITION})\s)", re.IGNORECASE)
_LINK = [re.compile(rf"\s{preposition}\s", re.IGNORECASE) for preposition in _PREPOSITIONS]
_ARTICLE = re.compile(r"(?:the|a|an|their|this|these)\s", re.IGNORECASE)
_QUALIFIER = [re.compile(rf"{qualifier}\s", re.IGNORECASE) for qualifier in _QUALIFIERS]
# Without its qualifier a phrase may say the contrary.
_QUALIFIED = re.compile(rf"\b(?:{_ANY_QUALIFIER})\s+$", re.IGNORECASE)
_DOING = re.compile(r"(?!(?:during|being|having|going|getting|doing)\b)[^\W\d_]{2,}ing\b", re.IGNORECASE)
_BEGINS, _ENDS = re.compile(r"(?<![\w'’-])"), re.compile(r"(?![\w'’-])")
_COMPOUND = re.compile(r"[\w-]+")


@lru_cache(maxsize=4096)
def linked(text: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Stretches of a text that are noun phrases or doings, joined by one preposition, then those joined by two; of at most seven words.

    Parameters
    ----------
    text : with single blanks between its words.
    phrases : its noun phrases, in any case.

    >>> linked("cuts to youth services in the town", ("cuts", "youth services", "town"))
    ('cuts to youth services', 'youth services in the town', 'cuts to youth services in the town')
    """
    most = min(MOST_LINKS, len(_LINKS.findall(text))) if phrases else 0
    if not most:
        return ()
    reading = _Reading(text, tuple(_literal(phrase) for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase))))
    starts = [found.start() for found in _BEGINS.finditer(text)]
    found = []
    for links in range(1, most + 1):
        for start in starts:
            end = next(reading.linked(start, links), None)
            if end is not None and len(text[start:end].split()) <= MOST_WORDS and not _QUALIFIED.search(text[:start]):
                found.append(text[start:end])
    return tuple(found)


@lru_cache(maxsize=16_384)
def _literal(phrase: str) -> re.Pattern[str]:
    return re.compile(re.escape(phrase), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text with its noun phrases, the longest first.

    Each method gives the places where something that begins at ``at`` may end, the best reading first. One regular expression could
    say it all, but it would have to be made anew for every text, which takes fifty times as long as to read one.
    """

    text: str
    phrases: tuple[re.Pattern[str], ...]

    def linked(self, at: int, links: int) -> Iterator[int]:
        """A head and so many links with a noun behind each."""
        for end in self._head(at):
            yield from self._joined(end, links)

    def _joined(self, at: int, links: int) -> Iterator[int]:
        if not links:
            yield at
            return
        for behind in self._link(at):
            for end in self._noun(behind):
                yield from self._joined(end, links - 1)

    def _head(self, at: int) -> Iterator[int]:
        """A noun, qualified or not, with or without a doing behind it; or a doing."""
        for begin in (*self._ends_of(_QUALIFIER, at), at):
            for end in self._noun(begin):
                if self.text[end : end + 1].isspace() and (doing := _DOING.match(self.text, end + 1)):
                    yield doing.end()
                yield end
        if doing := _DOING.match(self.text, at):
            yield doing.end()

    def _link(self, at: int) -> Iterator[int]:
        """A preposition, with and without an article behind it."""
        for end in self._ends_of(_LINK, at):
            if article := _ARTICLE.match(self.text, end):
                yield article.end()
            yield end

    def _noun(self, at: int) -> Iterator[int]:
        """One of the phrases, as the last part of a compound or by itself."""
        compound = _COMPOUND.match(self.text, at)
        parts = range(compound.end(), at + 1, -1) if compound else ()
        for begin in (*(place for place in parts if self.text[place - 1] == "-"), at):
            for end in self._ends_of(self.phrases, begin):
                if _ENDS.match(self.text, end):
                    yield end

    def _ends_of(self, patterns: list[re.Pattern[str]] | tuple[re.Pattern[str], ...], at: int) -> Iterator[int]:
        return (found.end() for pattern in patterns if (found := pattern.match(self.text, at)))
