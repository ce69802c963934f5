"""Tallies on flip charts: how many people said it.

"x3", "(x2)", "///", "||||", "(4 ticks)", "✓✓✓" give that number; "+2" means two more than the one who wrote it.
"""

from __future__ import annotations

import re

MOST = 99
_STROKES = r"(?:[/\\|]{2,}[/\\| ]*|[✓✔√☑]+|[*★]{2,}|\bI{3,}\b)"
_COUNTED = r"(?:ticks?|votes?|dots?|stickers?|mentions?|stars?|agreed?|tallies)"
_PEOPLE = r"(?:people|persons|tables?|groups?|times|said\s+(?:this|it|so)|of\s+us)"
_TALLY = re.compile(
    rf"""(?:
        [x×]\s?(?P<times>\d{{1,2}})                          # x3
      | (?P<before>\d{{1,2}})\s?[x×](?!\w)                   # 3x
      | \+\s?(?P<more>\d{{1,2}})                             # +2
      | (?P<count>\d{{1,2}})\s*{_COUNTED}(?:\s+(?:for\s+)?this)?
      | (?P<strokes>{_STROKES})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_BRACKETED = re.compile(
    rf"[(\[]\s*(?:{_TALLY.pattern}|(?P<people>\d{{1,2}})\s*{_PEOPLE}(?:\s+said\s+(?:this|it|so))?|said\s+(?:this\s+)?by\s+(?P<by>\d{{1,2}})[^)\]]*|(?P<bare>\d{{1,2}}))\s*[)\]]",
    re.VERBOSE | re.IGNORECASE,
)
_LAST = re.compile(rf"(?:(?<=\s)|(?<=[\w?!]))(?:[-–—]\s*)?(?:{_BRACKETED.pattern})[\s.,;]*$", re.VERBOSE | re.IGNORECASE)
_LAST_OPEN = re.compile(rf"(?<=\s)(?:[-–—]\s*)?(?:{_TALLY.pattern})[\s.,;]*$|(?<=\w)(?:{_STROKES})\s*$", re.VERBOSE | re.IGNORECASE)
_FIRST = re.compile(r"^\s*(?:[x×]\s?(?P<times>\d{1,2})|\(\s*[x×]\s?(?P<times2>\d{1,2})\s*\))\s*[-–—:]?\s+(?=\w)", re.IGNORECASE)


def read_tally(text: str) -> int:
    """Number of mentions that a tally, or a cell of a count column, stands for; 1 if none can be read.

    >>> [read_tally(t) for t in ("x3", "(4 ticks)", "////", "+2", "7", "✓✓", "(said by 3)", "")]
    [3, 4, 4, 3, 7, 2, 3, 1]
    """
    match = _BRACKETED.search(text) or _TALLY.search(text)
    if match is None:
        number = re.search(r"\d+", text)
        return max(1, min(MOST, int(number.group()))) if number else 1
    found = {name: value for name, value in match.groupdict().items() if value}
    if "strokes" in found:
        return max(1, min(MOST, len(re.sub(r"\s", "", found["strokes"]))))
    name, value = next(iter(found.items()))
    return max(1, min(MOST, int(value) + (1 if name == "more" else 0)))


def split_tally(text: str) -> tuple[int, int, str, int]:
    """Part a tally at either end from a text.

    Returns
    -------
    (start, end, tally, mentions) : the text without its tally is ``text[start:end]``; ``tally`` is as
        typed, empty when there is none; a text that is only a tally has nothing left. A bracketed tally in the
        middle counts but stays in the text.

    >>> split_tally("dog fouling x3")
    (0, 11, 'x3', 3)
    >>> split_tally("robbed by 3 people")
    (0, 18, '', 1)
    """
    alone = _BRACKETED.fullmatch(text.strip()) or _TALLY.fullmatch(text.strip())
    if alone:
        return 0, 0, text.strip(), read_tally(text)
    first = _FIRST.match(text)
    if first:
        return first.end(), len(text), first.group().strip(), read_tally(first.group())
    last = _LAST.search(text) or _LAST_OPEN.search(text)
    if last and last.start() > 0 and text[: last.start()].strip():
        end = len(text[: last.start()].rstrip())
        return 0, end, text[end:].strip(), read_tally(last.group())
    inside = [m for m in _BRACKETED.finditer(text) if not m.groupdict().get("bare")]
    return 0, len(text), "", read_tally(inside[0].group()) if inside else 1
