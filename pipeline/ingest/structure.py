"""From the shape of a document to its notes: every piece of text becomes a note, a heading, or is dropped.

This is where headings, labels and bullets are told apart. The parts of a document are walked once, in
reading order, with an :class:`~pipeline.ingest.outline.Outline` of the headings that are open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.ingest import frontmatter, grids
from pipeline.ingest.blocks import Aside, Block, Document, Grid
from pipeline.ingest.headings import Marks, named_table, recognise, split_label, words_of
from pipeline.ingest.outline import Heading, Outline, Piece
from pipeline.ingest.residents import is_introduced

HEADING_WORDS = 16
SURE = 0.6
# In a file where this many lines, and this share of them, carry their own table or priority, all such lines are notes.
PREFIXED_LEAST = 3
PREFIXED_SHARE = 0.4
_STRONG = frozenset(("session", "table", "priority"))
_STRONG_HOLDERS = frozenset(("session", "table", "resident"))
NO_NOTE_BELOW = "heading with nothing under it"
NARRATIVE = "the report's own narrative, not a point"
QUESTION = "event detail: the session's question"
_SENTENCE_END = re.compile(r"[.!?;,]\s*$")


@dataclass(slots=True)
class Structure:
    """What a document held. ``headings`` are all pieces that served (or failed to serve) as headings."""

    pieces: list[Piece] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    dropped: list[Aside] = field(default_factory=list)
    front: frontmatter.FrontMatter = field(default_factory=frontmatter.FrontMatter)
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)
    form: str = "jotting"


def read_structure(document: Document, fixed: dict[str, str], *, attendance: bool = False) -> Structure:
    """Tell notes, headings and front matter apart in one document.

    Parameters
    ----------
    document : the file as read.
    fixed : fields that the names of file and folder give (session, table, aspect…).
    attendance : the file's name says that it only lists who came.
    """
    walk = _Walk(document, fixed, attendance)
    walk.run()
    return walk.found


class _Walk:
    """One pass over a document."""

    def __init__(self, document: Document, fixed: dict[str, str], attendance: bool) -> None:
        self.parts = list(document.parts)
        self.attendance = attendance
        self.outline = Outline(fixed=dict(fixed))
        self.parents: list[tuple[int, Heading]] = []
        self.found = Structure(dropped=list(document.asides))
        blocks = [part for part in self.parts if isinstance(part, Block)]
        self.emphasis_tells = sum(block.emphasis for block in blocks) <= 0.6 * len(blocks)
        self.has_bullets = any(block.kind == "bullet" for block in blocks)
        labelled = sum(_is_prefixed(block) for block in blocks)
        self.prefixed = labelled >= PREFIXED_LEAST and labelled >= PREFIXED_SHARE * len(blocks)
        self.kinds = [self._marks(i) for i in range(len(self.parts))]
        self.body = len(self.parts) if attendance else self._body_starts()
        self.found.form = "report" if self._is_report() else "jotting"

    # -- what each part is -------------------------------------------------------------------------

    def _marks(self, at: int) -> Marks | None:
        """The marks of a part that is a heading; None for one that is not (read without context)."""
        part = self.parts[at]
        if isinstance(part, Grid):
            return None
        marks = recognise(part.text, residents=True)
        if part.kind == "heading" and not marks and (named := named_table(part.text)):
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
        if words > HEADING_WORDS or not words:
            return False
        strong = not _STRONG.isdisjoint(marks.values)
        if block.kind == "bullet":
            return bool(marks) and marks.explained == 1.0 and (strong or self._has_children(at, block))
        if set(marks.values) == {"resident"} and not (self._stands_out(block) or is_introduced(block.text)):
            return False
        if bool(marks) and marks.explained == 1.0:
            return True
        if strong and _leads_with_mark(block.text):
            return True
        stands_out = self._stands_out(block)
        if stands_out and bool(marks) and marks.explained >= 0.5:
            return True
        if stands_out and words <= 10 and not re.search(r"[.;,]$", block.text.strip()):
            return self._opens_something(at)
        return (
            self.has_bullets
            and words <= 6
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

    def _has_children(self, at: int, block: Block) -> bool:
        following = self._next(at)
        return isinstance(following, Block) and following.kind == "bullet" and following.level > block.level

    def _opens_something(self, at: int) -> bool:
        following = self._next(at)
        if following is None:
            return False
        return isinstance(following, Grid) or following.kind != "heading"

    def _body_starts(self) -> int:
        """Index of the first part that is workshop matter; everything before is front matter."""
        first = next((i for i in range(len(self.parts)) if self._is_matter(i)), None)
        if first is None:
            first = next((i for i, marks in enumerate(self.kinds) if marks), None)
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
        marked = any(marks and {"session", "aspect"} & set(marks.values) for marks in self.kinds)
        lengths = sorted(len(bullet.text.split()) for bullet in bullets)
        return marked and bool(lengths) and lengths[len(lengths) // 2] >= 10

    # -- the walk ----------------------------------------------------------------------------------

    def run(self) -> None:
        front = [part for part in self.parts[: self.body] if isinstance(part, Block)]
        self._drop_front(front)
        pending: list[Block] = []
        for at, part in enumerate(self.parts):
            if at < self.body and isinstance(part, Block):
                continue
            if isinstance(part, Grid):
                self._grid(part)
                continue
            if part.kind != "bullet" and not self._is_matter(at) and frontmatter.is_event_detail(part.text):
                self._drop_front([part])
                continue
            opens_front = part.kind != "bullet" and self._opens_front(at, part)
            if opens_front or (pending and not self._is_matter(at)):
                pending.append(part)
                continue
            self._drop_front(pending)
            pending = []
            self._block(at, part)
        self._drop_front(pending)
        for heading in self.found.headings:
            if not heading.used:
                self.found.dropped.append(Aside(heading.typed, heading.locator, NO_NOTE_BELOW))

    def _opens_front(self, at: int, block: Block) -> bool:
        marks = self.kinds[at]
        cued = block.kind == "heading" or (block.emphasis and self.emphasis_tells) or block.text.endswith(":")
        return cued and not marks and frontmatter.opens_front_matter(block.text)

    def _is_matter(self, at: int) -> bool:
        """A heading that surely is about the workshop; names of organisations hold words for residents."""
        marks = self.kinds[at]
        return marks is not None and bool({"session", "table", "aspect", "priority"} & set(marks.values))

    def _drop_front(self, blocks: list[Block]) -> None:
        reasons = frontmatter.read_front_matter(blocks, self.found.front)
        self.found.dropped += [Aside(b.text, b.locator, reason) for b, reason in zip(blocks, reasons, strict=True)]

    def _block(self, at: int, block: Block) -> None:
        if block.kind != "bullet":
            self.parents.clear()
        marks = self.kinds[at]
        if marks is not None and self._opens_here(block, marks):
            self._open(block, marks)
        elif block.kind == "line" and self._is_question(at, block):
            self._question(block)
        elif self.found.form == "report" and block.kind == "line":
            self.found.dropped.append(Aside(block.text, block.locator, NARRATIVE))
        else:
            self._note(at, block)

    def _opens_here(self, block: Block, marks: Marks) -> bool:
        """A resident's name is a heading only where the session is about residents."""
        if set(marks.values) != {"resident"} or block.kind == "heading":
            return True
        return self._about_residents() or is_introduced(block.text)

    def _about_residents(self) -> bool:
        here = self.outline.context()
        return here["session"] == "3" or (not here["session"] and not here["aspect"])

    def _open(self, block: Block, marks: Marks) -> None:
        values = dict(marks.values)
        if "resident" in values and not self._about_residents() and values.get("session") != "3":
            values = recognise(block.text).values
        heading = self._heading(block)
        self.outline.open(heading, values, marks.topic)
        session = self.outline.context()["session"]
        if "session" in values and session not in self.found.sessions:
            self.found.sessions[session] = (block.text.strip(" :"), "")

    def _heading(self, block: Block) -> Heading:
        heading = Heading(block.text, block.locator, block.level if block.kind == "heading" else 0)
        self.found.headings.append(heading)
        return heading

    def _is_question(self, at: int, block: Block) -> bool:
        before = self.parts[at - 1] if at else None
        return (
            isinstance(before, Block)
            and (marks := self.kinds[at - 1]) is not None
            and "session" in marks.values
            and (block.text.endswith("?") or (self.found.form == "report" and len(block.text.split()) > 6))
        )

    def _question(self, block: Block) -> None:
        session = self.outline.context()["session"]
        title, question = self.found.sessions.get(session, ("", ""))
        self.found.sessions[session] = (title, question or block.text)
        self.found.dropped.append(Aside(block.text, block.locator, QUESTION))

    def _note(self, at: int, block: Block) -> None:
        label, rest = split_label(block.text, residents=self._about_residents())
        fields = self.outline.context()
        own: list[Heading] = []
        text = block.text
        while self.parents and (block.kind != "bullet" or self.parents[-1][0] >= block.level):
            self.parents.pop()
        if label is not None:
            heading = Heading(text[: len(text) - len(rest)].rstrip(" "), block.locator)
            self.found.headings.append(heading)
            lasting = block.kind != "bullet" and not self.prefixed and label.values.get("aspect") != "top_priority"
            if lasting or (not self.prefixed and {"table", "session"} & set(label.values)):
                self.outline.open(heading, label.values)
                fields = self.outline.context()
            else:
                inner = self.outline.copy()
                inner.open(heading, label.values)
                fields, own = inner.context(), [heading]
            text = rest
        elif block.kind == "bullet" and block.text.endswith(":") and self._has_children(at, block):
            self.parents.append((block.level, self._heading(block)))
            return
        above = [*self.outline.headings(), *(heading for _, heading in self.parents), *own]
        for heading in above:
            heading.used = True
        self.found.pieces.append(Piece(text, fields, tuple(above), block.locator))
        if block.kind == "bullet" and self._has_children(at, block):
            # A parent bullet is a note of its own and the heading of those beneath it.
            self.parents.append((block.level, Heading(text, block.locator, used=True)))

    def _grid(self, grid: Grid) -> None:
        self.parents.clear()
        read = grids.read_grid(grid, self.outline, self.found.front, attendance=self.attendance)
        self.found.headings += read.headings
        self.found.dropped += read.dropped
        self.found.pieces += read.pieces


def _is_prefixed(block: Block) -> bool:
    """"T5 U/E - stabbings": the line carries its own table or priority before the note."""
    label, rest = split_label(block.text)
    if label is None or block.kind == "heading" or not {"table", "priority"} & set(label.values):
        return False
    return not recognise(rest) and bool(words_of(rest))


def _is_labelled_note(block: Block) -> bool:
    """"Top priority: rural theft" is a note behind a label, however bold it is."""
    label, rest = split_label(block.text)
    return (
        label is not None
        and recognise(block.text).explained < 1.0
        and _STRONG_HOLDERS.isdisjoint(label.values)
        and bool(words_of(rest))
    )


def _leads_with_mark(text: str) -> bool:
    """The first stretch of the text is wholly a mark: "Table 3 - Jo's table", "Session 1: what worries us"."""
    first = re.split(r"\s[-–—]\s|[-–—]\s|[(,|:]", text, maxsplit=1)[0]
    marks = recognise(first)
    if not marks or marks.explained < 1.0:
        return False
    return "session" in marks.values or ":" not in text.rstrip(" :")
