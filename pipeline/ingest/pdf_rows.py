"""Words of a PDF page gathered into rows, in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.ingest.encoding import mend
from pipeline.ingest.lines import split_mark

_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_SYMBOLS = re.compile(r"symbol|dingbat", re.IGNORECASE)
_GUTTER = 18.0  # points between two columns of text, at least
_COLUMN_ROWS = 3  # rows that must start at the same place right of the gutter


@dataclass(slots=True)
class Row:
    """One row of words, with what can be seen of it. Lengths are in points."""

    words: list[dict[str, Any]]
    page: int = 0
    number: int = 0
    mark: str = ""
    text: str = ""
    text_x0: float = 0.0
    underlined: bool = False

    def __post_init__(self) -> None:
        self.words.sort(key=lambda word: float(word["x0"]))
        found = split_mark(self._joined(self.words))
        self.mark, self.text = found or ("", self._joined(self.words))
        self.text_x0 = self.x0
        if found is None and len(self.words) > 1 and _is_symbol(self.words[0]):
            self.mark, self.text = "•", self._joined(self.words[1:])
        if self.mark and len(self.words) > 1:
            self.text_x0 = float(self.words[1]["x0"])

    @staticmethod
    def _joined(words: Sequence[dict[str, Any]]) -> str:
        text = ""
        for before, word in zip([None, *words], words, strict=False):
            apart = before is not None and word["x0"] - before["x1"] > 0.12 * word["size"]
            text += (" " if apart else "") + word["text"]
        return " ".join(mend(text).split())

    @property
    def x0(self) -> float:
        return float(self.words[0]["x0"])

    @property
    def x1(self) -> float:
        return max(float(word["x1"]) for word in self.words)

    @property
    def top(self) -> float:
        return min(float(word["top"]) for word in self.words)

    @property
    def bottom(self) -> float:
        return max(float(word["bottom"]) for word in self.words)

    @property
    def size(self) -> float:
        """The commonest type size of its characters, to half a point."""
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[round(word["size"] * 2) / 2] += len(word["text"])
        return max(sizes, key=lambda size: (sizes[size], size))

    @property
    def bold(self) -> bool:
        telling = [word for word in self.words if re.search(r"\w", word["text"])]
        telling = telling[1:] if self.mark[:1].isalnum() and len(telling) > 1 else telling
        return bool(telling) and all(_BOLD.search(word["fontname"]) for word in telling)

    @property
    def first_word_width(self) -> float:
        return float(self.words[0]["x1"] - self.words[0]["x0"])

    @property
    def locator(self) -> str:
        return f"page {self.page} line {self.number}"


def rows_of(words: Sequence[dict[str, Any]]) -> list[Row]:
    """Gather words into rows by the height of their middles."""
    gathered: list[list[dict[str, Any]]] = []
    middle = size = 0.0
    for word in sorted(words, key=lambda word: (word["top"] + word["bottom"], word["x0"])):
        at = (word["top"] + word["bottom"]) / 2
        if gathered and at - middle <= 0.5 * max(size, word["size"]):
            gathered[-1].append(word)
            if word["size"] >= size:
                middle, size = at, word["size"]
        else:
            gathered.append([word])
            middle, size = at, word["size"]
    return [Row(row) for row in gathered]


def columns_of(rows: list[Row]) -> Iterator[list[Row]]:
    """Give runs of rows in reading order: where text stands in two columns, the left one first."""
    gutter = _gutter(rows)
    if gutter is None:
        yield rows
        return
    left: list[Row] = []
    right: list[Row] = []
    for row in rows:
        before = [word for word in row.words if word["x1"] <= gutter]
        after = [word for word in row.words if word["x0"] >= gutter]
        split = bool(before) and bool(after) and after[0]["x0"] - before[-1]["x1"] >= _GUTTER / 2
        if len(before) + len(after) < len(row.words) or (before and after and not split):
            yield from (left, right, [row])
            left, right = [], []
            continue
        if before:
            left.append(Row(before))
        if after:
            right.append(Row(after))
    yield from (left, right)


def _gutter(rows: Sequence[Row]) -> float | None:
    """Find where a second column starts: several rows have a wide gap ending at the same place."""
    starts: Counter[int] = Counter()
    for row in rows:
        for before, word in zip(row.words, row.words[1:], strict=False):
            marked = before is row.words[0] and bool(row.mark)
            if word["x0"] - before["x1"] >= _GUTTER and not marked:
                starts[round(word["x0"] / 3)] += 1
    if not starts:
        return None
    place, found = max(starts.items(), key=lambda item: (item[1] + starts[item[0] + 1], -item[0]))
    return place * 3 - 3.0 if found + starts[place + 1] >= _COLUMN_ROWS else None


def _is_symbol(word: dict[str, Any]) -> bool:
    return len(word["text"]) == 1 and bool(_SYMBOLS.search(word["fontname"]))
