"""Sentences and semicolons: the first cut of a note. Offsets are characters in the note."""

from __future__ import annotations

import re

Span = tuple[int, int]

_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|etc|approx|no|st|rd|ave|mr|mrs|ms|dr|cllr|sgt|insp|supt|vs|v|incl?|esp|dept|tel|max|min|hrs|p\.?m|a\.?m|re|ref|ext|nr|opp)|\b[A-Za-z])\.$",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"(?P<end>[.!?]+[\"'”’)\]]*)(?=\s+\S)|(?P<semi>;)|(?P<rule>\s(?://|\||•|>>)\s(?![\s/|\\]*$))|(?P<dots>(?:…|\.{3,})(?=\s+[A-Z]))"
)
# A sentence that begins so goes on about the one before it.
_POINTS_BACK = frozenset(
    "they this that it so but and which these those he she or because their its also his her them then who whose such "
    "otherwise therefore hence thus e.g eg ie i.e etc esp especially".split()
)


def sentences(text: str) -> list[Span]:
    """Split at sentence ends and semicolons, outside brackets.

    A piece of fewer than two words, or one that points back ("They…", "So…"), stays with its neighbour.

    >>> t = "No lights in the alley. They broke them. Cars speeding; parking"
    >>> [t[a:b] for a, b in sentences(t)]
    ['No lights in the alley. They broke them', 'Cars speeding', 'parking']
    """
    pieces: list[tuple[int, int, bool]] = []
    start, depth = 0, Depth(text)
    for match in _BREAK.finditer(text):
        if match.start() < start or depth.inside(match.start()):
            continue
        hard = match["end"] is None and match["dots"] is None
        if match["end"] and match["end"].startswith(".") and _ABBREVIATION.search(text[: match.start("end") + 1]):
            continue
        end = match.start() if hard else match.end()
        pieces.append((start, end, hard))
        start = match.end()
    pieces.append((start, len(text), True))
    spans: list[Span] = []
    ended_hard = True
    for begin, end, hard in pieces:
        words = re.findall(r"[\w'’.]+", text[begin:end])
        if not words:
            continue
        soft = not ended_hard and spans
        if soft and (len(words) < 2 or _first_word(words) in _POINTS_BACK or len(re.findall(r"\w+", text[slice(*spans[-1])])) < 2):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
        ended_hard = hard
    if not spans:  # "??" is a point too: somebody asked
        spans = [(0, len(text))]
    return [trimmed for span in spans if (trimmed := trim(text, *span, marks=",;."))]


def _first_word(words: list[str]) -> str:
    return re.split(r"['’]", words[0].lower())[0].rstrip(".")


class Depth:
    """Which characters stand inside brackets or double quotes."""

    def __init__(self, text: str) -> None:
        self._inside = [False] * (len(text) + 1)
        for match in re.finditer(r"\([^()]*\)|\[[^\[\]]*\]|\"[^\"]+\"|“[^”]+”", text):
            for i in range(match.start() + 1, match.end() - 1):
                self._inside[i] = True

    def inside(self, at: int) -> bool:
        """Whether the character at this offset does."""
        return self._inside[at]


def trim(text: str, start: int, end: int, marks: str = ",;.+/|") -> Span | None:
    """Narrow a span to leave out blanks and punctuation marks at its ends; None if nothing is left.

    >>> trim("  litter. ", 0, 10)
    (2, 8)
    """
    while start < end and (text[start].isspace() or text[start] in marks):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in marks or text[end - 1] == "…"):
        if text[end - 1] == "+" and text[end - 2 : end - 1].isdigit():  # "aged 16+"
            break
        end -= 1
    return (start, end) if start < end and re.search(r"\w|\?", text[start:end]) else None
