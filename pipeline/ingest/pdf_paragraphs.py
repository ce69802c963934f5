"""Rows of a PDF page joined into the paragraphs and bullets they were before they were wrapped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest.pdf_rows import Row

_SLACK = 4.0  # points by which rows of one paragraph may start apart
_SPACE = 0.25  # width of a space, in type sizes
_CLOSED = re.compile(r"[.!?:][\"'”’)\]]*$")
_KEPT_HYPHEN = frozenset(
    "anti all by co counter cross door drop e ex face fly follow full half hard high inter long low mid "
    "multi non off on one out part post pre pro re self short so sub two under up well zero".split()
)


@dataclass(slots=True)
class Paragraph:
    """Rows that belong together; ``level`` is a bullet's nesting, -1 for other text."""

    rows: list[Row]
    level: int = -1

    @property
    def emphasis(self) -> bool:
        return all(row.bold or row.underlined for row in self.rows)

    def text(self, vocabulary: frozenset[str] = frozenset()) -> str:
        text = self.rows[0].text
        for row in self.rows[1:]:
            text = join(text, row.text, vocabulary)
        return text


def paragraphs(rows: Sequence[Row], right: float, *, ruled: bool = False) -> list[Paragraph]:
    """Join wrapped rows and nest bullets by where they start.

    ``right`` is the edge the text wraps at: known in a ``ruled`` cell, on a page as far as the widest row.
    """
    found: list[Paragraph] = []
    nesting: list[float] = []
    reaches = ruled or (bool(rows) and max(row.x1 for row in rows) >= right - 40)
    for row in rows:
        if not row.text:
            continue
        if found and not row.mark and _goes_on(found[-1], row, right, reaches):
            found[-1].rows.append(row)
            continue
        if not row.mark:
            nesting = []
            found.append(Paragraph([row]))
            continue
        while nesting and nesting[-1] > row.x0 + _SLACK:
            nesting.pop()
        if not nesting or row.x0 > nesting[-1] + _SLACK:
            nesting.append(row.x0)
        found.append(Paragraph([row], len(nesting) - 1))
    return found


def join(text: str, following: str, vocabulary: frozenset[str] = frozenset()) -> str:
    """Join two rows; a word broken at the row's end is made whole.

    Its hyphen stays if the document has the word with a hyphen elsewhere, or begins as compounds do.

    >>> join("the neigh-", "bourhood"), join("more anti-", "social"), join("a", "b")
    ('the neighbourhood', 'more anti-social', 'a b')
    """
    broken = re.search(r"([^\W\d_]+)-$", text)
    if not broken or not following[:1].islower():
        return f"{text} {following}"
    rest = re.match(r"[\w'’-]+", following)
    whole = f"{broken[1]}-{rest[0] if rest else ''}".lower()
    if whole in vocabulary or broken[1].lower() in _KEPT_HYPHEN:
        return text + following
    return text[:-1] + following


def _goes_on(paragraph: Paragraph, row: Row, right: float, reaches: bool) -> bool:
    """Say whether a row without a bullet goes on with the paragraph above it."""
    last, first = paragraph.rows[-1], paragraph.rows[0]
    if abs(row.size - last.size) > 0.6 or (row.bold, row.underlined) != (last.bold, last.underlined):
        return False
    begins_low = row.text[:1].islower()
    full = last.x1 + _SPACE * row.size + row.first_word_width > right - 1
    if row.page != last.page:
        return begins_low and (full or bool(first.mark)) and not _CLOSED.search(last.text)
    if row.top < last.top:  # the next column
        return begins_low and not _CLOSED.search(last.text) and abs(row.size - last.size) < 0.6
    if row.top - last.bottom > 0.75 * row.size:
        return False
    if first.mark:
        aligned = abs(row.x0 - first.text_x0) <= _SLACK or (full and first.x0 - _SLACK <= row.x0 <= first.text_x0)
        return aligned and (full or begins_low or not _CLOSED.search(last.text))
    aligned = row.x0 <= last.x0 + _SLACK
    return aligned and full and (reaches or begins_low)
