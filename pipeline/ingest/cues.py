"""Which parts of a document are headings, told from how they look and what they say.

No single sign is sure: people bold whole notes, leave headings plain, and start bullets with a table's number.
Signs are weighed here for the document as a whole, before it is walked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.ingest import frontmatter
from pipeline.ingest.blocks import Block, Grid
from pipeline.ingest.headings import Marks, named_table, recognise, words_of
from pipeline.ingest.labels import split_label
from pipeline.ingest.residents import introduction, is_introduced

HEADING_WORDS = 16
PLAIN_HEADING_WORDS = 6
UNKNOWN_HEADING_WORDS = 10
SURE = 0.6
# In a file where this many lines, and this share of them, carry their own table or priority, all such lines are notes.
PREFIXED_LEAST = 3
PREFIXED_SHARE = 0.4
# Emphasis tells nothing where more than this share of a document has it.
EMPHASIS_SHARE = 0.6
REPORT_WORDS = 10
_STRONG = frozenset(("session", "table", "priority"))
_STRONG_HOLDERS = frozenset(("session", "table", "resident"))
_SENTENCE_END = re.compile(r"[.!?;,]\s*$")


class Cues:
    """What can be told of each part of a document before its headings are opened one by one.

    Attributes
    ----------
    marks : for each part its marks if it is a heading (empty ones for a heading that says nothing known), else None.
    body : index of the first part that is workshop matter; what stands before is front matter.
    prefixed : the lines of this document carry their own table or priority ("T5 U/E - stabbings").
    is_report : it is a published evaluation, whose bullets are edited statements.
    """

    def __init__(self, parts: Sequence[Block | Grid], *, attendance: bool) -> None:
        self.parts = list(parts)
        blocks = [part for part in self.parts if isinstance(part, Block)]
        self.emphasis_tells = sum(block.emphasis for block in blocks) <= EMPHASIS_SHARE * len(blocks)
        self.has_bullets = any(block.kind == "bullet" for block in blocks)
        prefixed = sum(_is_prefixed(block) for block in blocks)
        self.prefixed = prefixed >= PREFIXED_LEAST and prefixed >= PREFIXED_SHARE * len(blocks)
        self.marks = [self._marks(i) for i in range(len(self.parts))]
        self.body = len(self.parts) if attendance else self._body_starts()
        self.is_report = self._is_report()

    def _marks(self, at: int) -> Marks | None:
        """The marks of a part that is a heading; None for one that is not (read without context)."""
        part = self.parts[at]
        if isinstance(part, Grid):
            return None
        marks = recognise(part.text, residents=True)
        if (part.kind == "heading" or part.emphasis) and not marks and (named := named_table(part.text)):
            marks = Marks({"table": named}, 1.0)
        if frontmatter.is_event_detail(part.text) or marks.explained < SURE:
            marks = Marks({k: v for k, v in marks.values.items() if k in _STRONG}, marks.explained)
        return marks if self._is_heading(at, part, marks) else None

    def _is_heading(self, at: int, block: Block, marks: Marks) -> bool:
        words = len(words_of(block.text))
        if _is_labelled_note(block) or (self.prefixed and _is_prefixed(block)):
            return False
        if block.kind == "heading":
            return True
        if introduction(block.text):
            return True
        if words > HEADING_WORDS or not words:
            return False
        strong = not _STRONG.isdisjoint(marks.values)
        if block.kind == "bullet":
            return bool(marks) and marks.explained == 1.0 and (strong or self.has_children(at, block))
        if set(marks.values) == {"resident"} and not (self._stands_out(block) or is_introduced(block.text)):
            return False
        if bool(marks) and marks.explained == 1.0:
            return True
        if strong and _leads_with_mark(block.text):
            return True
        stands_out = self._stands_out(block)
        if stands_out and bool(marks) and marks.explained >= 0.5:
            return True
        if stands_out and words <= UNKNOWN_HEADING_WORDS and not re.search(r"[.;,]$", block.text.strip()):
            return self._opens_something(at)
        return (
            self.has_bullets
            and words <= PLAIN_HEADING_WORDS
            and not _SENTENCE_END.search(block.text)
            and isinstance(self._next(at), Block)
            and self._next_kind(at) == "bullet"
            and not frontmatter.is_event_detail(block.text)
        )

    def _stands_out(self, block: Block) -> bool:
        return (block.emphasis and self.emphasis_tells) or block.text.rstrip().endswith((":", "–", "—"))

    def _next(self, at: int) -> Block | Grid | None:
        return self.parts[at + 1] if at + 1 < len(self.parts) else None

    def _next_kind(self, at: int) -> str:
        following = self._next(at)
        return following.kind if isinstance(following, Block) else ""

    def has_children(self, at: int, block: Block) -> bool:
        """Whether deeper bullets follow this bullet."""
        following = self._next(at)
        return isinstance(following, Block) and following.kind == "bullet" and following.level > block.level

    def _opens_something(self, at: int) -> bool:
        following = self._next(at)
        if following is None:
            return False
        return isinstance(following, Grid) or following.kind != "heading"

    def _body_starts(self) -> int:
        """Index of the first part that is workshop matter; everything before is front matter."""
        first = next((i for i in range(len(self.parts)) if self.is_matter(i)), None)
        if first is None:
            first = next((i for i, marks in enumerate(self.marks) if marks), None)
        grid = next((i for i, part in enumerate(self.parts) if isinstance(part, Grid)), None)
        if first is not None and grid is not None:
            first = min(first, grid)
        elif first is None:
            first = grid
        if first is not None:
            return self._skip_back_over_notes(first)
        return self._after_details()

    def _skip_back_over_notes(self, first: int) -> int:
        """Bullets before the first mark are notes, unless they list who came or the background."""
        under_front = False
        for i, part in enumerate(self.parts[:first]):
            if not isinstance(part, Block):
                continue
            if part.kind != "bullet":
                under_front = under_front or frontmatter.opens_front_matter(part.text)
            elif not under_front:
                return i
        return first

    def _after_details(self) -> int:
        """In a document without any mark: after the title, date and venue that lead it."""
        at = 0
        for at, part in enumerate(self.parts):
            if not isinstance(part, Block):
                return at
            titled = part.kind == "heading" and part.level == 1 and at == 0 and len(self.parts) > 1
            if not (titled or frontmatter.is_event_detail(part.text)):
                return at
        return at

    def _is_report(self) -> bool:
        """A published evaluation: sections of background or participants, then sessions of long bullets."""
        sections = [p for p in self.parts if isinstance(p, Block) and p.kind == "heading" and not recognise(p.text)]
        if not any(frontmatter.opens_front_matter(section.text) for section in sections):
            return False
        bullets = [p for p in self.parts if isinstance(p, Block) and p.kind == "bullet"]
        marked = any(marks and {"session", "aspect"} & set(marks.values) for marks in self.marks)
        lengths = sorted(len(bullet.text.split()) for bullet in bullets)
        return marked and bool(lengths) and lengths[len(lengths) // 2] >= REPORT_WORDS

    def is_matter(self, at: int) -> bool:
        """A heading that surely is about the workshop; names of organisations hold words for residents."""
        marks = self.marks[at]
        return marks is not None and bool({"session", "table", "aspect", "priority"} & set(marks.values))

    def opens_front(self, at: int, block: Block) -> bool:
        """Whether this heading opens front matter amid the notes ("Attendance")."""
        marks = self.marks[at]
        cued = block.kind == "heading" or (block.emphasis and self.emphasis_tells) or block.text.endswith(":")
        return cued and not marks and frontmatter.opens_front_matter(block.text)


def _is_prefixed(block: Block) -> bool:
    """Whether a line carries its own table or priority before the note, as in "T5 U/E - stabbings"."""
    label, rest = split_label(block.text)
    if label is None or block.kind == "heading" or not {"table", "priority"} & set(label.values):
        return False
    return not recognise(rest) and bool(words_of(rest))


def _is_labelled_note(block: Block) -> bool:
    """Whether this is a note behind a label, however bold it is: "Top priority: rural theft"."""
    label, rest = split_label(block.text)
    return label is not None and recognise(block.text).explained < 1.0 and _STRONG_HOLDERS.isdisjoint(label.values) and bool(words_of(rest))


def _leads_with_mark(text: str) -> bool:
    """The first stretch of the text is wholly a mark: "Table 3 - Jo's table", "Session 1: what worries us"."""
    first = re.split(r"\s[-–—]\s|[-–—]\s|[(,|:]", text, maxsplit=1)[0]
    marks = recognise(first)
    if not marks or marks.explained < 1.0:
        return False
    return "session" in marks.values or ":" not in text.rstrip(" :")
