"""Texts too long to be notes: set aside whole, in parts short enough to be redacted and looked at.

No word of them is lost, and none is cut in two where there is a blank to cut at. A part ends where a sentence or a line ends, since a
name that stands half in one part and half in the next would be found in neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.errors import ReadError
from pipeline.ingest.blocks import Aside

TEXT_CHARACTERS = 20_000  # of one paragraph, line or cell; the longest of a thousand typed-up notes has 1,500
LONG_CHARACTERS = 1_000_000  # of all longer ones of a file, which are listed but not used; to redact them takes half a minute
TOO_LONG = "too long to be a note"
# Where a part may end, best first; the second keeps "Jean Hall" and "01632 960145" together.
_ENDS = tuple(re.compile(pattern) for pattern in (r"\n|(?<=[.!?;])\s", r"(?<=[a-z,])\s(?=[a-z])", r"\s"))


def too_long(text: str, locator: str) -> Aside:
    """A text that is too long to be a note, set aside whole."""
    return Aside(text, locator, TOO_LONG)


def in_parts(asides: Sequence[Aside], source_file: str) -> tuple[list[Aside], int]:
    """Divide what is too long for one row of dropped.csv.

    Returns
    -------
    (asides, long) : the same words in the same order, no text of more than ``TEXT_CHARACTERS``; how many texts were longer.

    Raises
    ------
    ReadError : the texts that are longer have more than ``LONG_CHARACTERS`` together.
    """
    long = [aside for aside in asides if len(aside.text) > TEXT_CHARACTERS]
    total = sum(len(aside.text) for aside in long)
    if total > LONG_CHARACTERS:
        raise ReadError(
            f"it has {len(long)} text(s) without a break that are too long to be notes, the first at {long[0].locator},"
            f" {total:,} characters together",
            where=source_file,
            expected=f"lines, paragraphs or cells of at most {TEXT_CHARACTERS:,} characters",
            do="divide them into lines or paragraphs, or take out what is no notes",
        )
    return [part for aside in asides for part in (_parts(aside) if len(aside.text) > TEXT_CHARACTERS else [aside])], len(long)


def _parts(aside: Aside) -> list[Aside]:
    parts = list(_cut(aside.text))
    what = "a text" if aside.reason == TOO_LONG else f"{aside.reason}: a text"
    return [
        Aside(part, aside.locator, f"{what} of {len(aside.text):,} characters, {TOO_LONG}; part {number} of {len(parts)}")
        for number, part in enumerate(parts, 1)
    ]


def _cut(text: str) -> Iterator[str]:
    at = 0
    while len(text) - at > TEXT_CHARACTERS:
        window = text[at : at + TEXT_CHARACTERS + 1]  # a blank behind the last character ends a part as well
        ends = (max((match.end() for match in pattern.finditer(window)), default=0) for pattern in _ENDS)
        end = at + min(next((end for end in ends if end), TEXT_CHARACTERS), TEXT_CHARACTERS + 1)
        yield " ".join(text[at:end].split())
        at = end
    yield " ".join(text[at:].split())
