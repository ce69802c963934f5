"""Finding again the point that a decision is about, when notes were edited, reordered, or moved to other files.

A point has an id made from its content and place, so it is lost with any change of either. Then it is looked for, in this order:

1. the same id and the same text;
2. the same text at the same table of the same session; of several, the one under the same aspect, or else of the same file;
3. the same text, of four words or more, at another table of the session, where the decision's own table has no point left;
4. at the same table, a text at least 0.9 alike (the normalised Indel similarity of rapidfuzz), and 0.03 more than any other.

Texts are compared without case, punctuation, and the numbers of placeholders, which change when a name is added to the notes.
Whatever is not a single best is not taken: a correction that is told as lost can be given again, one on the wrong point is not noticed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.corrections.decisions import PointSaid

ALIKE, AHEAD = 0.9, 0.03
TELLING_WORDS = 4
SAME, EXACT, MOVED, NEAR = "the same point", "the same text", "the same text at another table", "nearly the same text"
_PLACEHOLDER = re.compile(r"\[([A-Z]+) \d+\]")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Match:
    """The point that was found, and how; or an empty ``point_id`` and why none was."""

    point_id: str
    how: str

    @property
    def exact(self) -> bool:
        """It says word for word what the decision was made on, where it was made."""
        return self.how in (SAME, EXACT)


class PointsNow:
    """The points of one event as they are now, in any order, to look for earlier ones among them."""

    def __init__(self, points: pd.DataFrame) -> None:
        self._rows = [
            (str(p.point_id), plain(str(p.text)), str(p.session), str(p.table), str(p.aspect), str(p.source_file))
            for p in points.sort_values("point_id").itertuples()
        ]
        self._by_id = {row[0]: row for row in self._rows}

    def find(self, said: PointSaid) -> Match:
        """The point that a decision is about."""
        text = plain(said.text)
        if (row := self._by_id.get(said.point_id)) and row[1] == text:
            return Match(said.point_id, SAME)
        session = [row for row in self._rows if row[2] == said.session]
        table = [row for row in session if row[3] == said.table]
        if same := [row for row in table if row[1] == text]:
            return self._one(same, said)
        elsewhere = [row for row in session if row[1] == text]
        if elsewhere and not table and len(text.split()) >= TELLING_WORDS:
            if len(elsewhere) > 1:
                return Match("", f"its table is gone and its text stands at {len(elsewhere)} other places")
            return Match(elsewhere[0][0], MOVED)
        return self._nearest(text, [(row[0], row[1]) for row in table])

    def _one(self, same: Sequence[tuple[str, ...]], said: PointSaid) -> Match:
        """Of points of one text at one table, the one under the same aspect, or else of the same file."""
        for narrowed in (
            same,
            [row for row in same if row[4] == said.aspect],
            [row for row in same if row[5] == said.source_file],
            [row for row in same if (row[4], row[5]) == (said.aspect, said.source_file)],
        ):
            if len(narrowed) == 1:
                return Match(narrowed[0][0], EXACT)
        return Match("", f"its text stands {len(same)} times at its table")

    def _nearest(self, text: str, table: Sequence[tuple[str, str]]) -> Match:
        from rapidfuzz.distance import Indel

        scored = sorted(((Indel.normalized_similarity(text, other), name) for name, other in table), reverse=True)
        alike = [pair for pair in scored if pair[0] >= ALIKE]
        if not alike:
            return Match("", "no point at its table says the same or nearly the same")
        if len(scored) > 1 and scored[0][0] - scored[1][0] < AHEAD:
            return Match("", "more than one point at its table is nearly the same")
        return Match(scored[0][1], NEAR)


def plain(text: str) -> str:
    """A text without case, punctuation and the numbers of placeholders.

    >>> plain("Ring [PERSON 2]:  no buses!"), plain("ring [PERSON 1] - no buses")
    ('ring person no buses', 'ring person no buses')
    >>> plain("!?")
    '!?'
    """
    said = _PLACEHOLDER.sub(r"\1", text).casefold()
    return " ".join(_NO_WORD.sub(" ", said).split()) or said
