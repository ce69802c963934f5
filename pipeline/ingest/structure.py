"""From the shape of a document to its notes: every piece of text becomes a note, a heading, or is dropped.

This is where headings, labels and bullets are told apart. The parts of a document are walked once, in
reading order, with an :class:`~pipeline.ingest.outline.Outline` of the headings that are open.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.ingest import frontmatter, grids
from pipeline.ingest.blocks import Aside, Block, Document, Grid
from pipeline.ingest.cues import Cues
from pipeline.ingest.headings import Marks, recognise
from pipeline.ingest.labels import split_label
from pipeline.ingest.outline import Heading, Outline, Piece
from pipeline.ingest.residents import is_introduced

NO_NOTE_BELOW = "heading with nothing under it"
NARRATIVE = "the report's own narrative, not a point"
QUESTION = "event detail: the session's question"


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
        framed = [(part, grids.as_lines(part) if isinstance(part, Grid) else None) for part in document.parts]
        self.parts = [piece for part, lines in framed for piece in (lines[0] if lines else [part])]
        self.attendance = attendance
        self.outline = Outline(fixed=dict(fixed))
        self.parents: list[tuple[int, Heading]] = []
        self.found = Structure(dropped=[*document.asides, *(aside for _, lines in framed if lines for aside in lines[1])])
        self.cues = Cues(self.parts, attendance=attendance)
        self.found.form = "report" if self.cues.is_report else "jotting"

    def run(self) -> None:
        front = [part for part in self.parts[: self.cues.body] if isinstance(part, Block)]
        self._drop_front(front)
        pending: list[Block] = []
        for at, part in enumerate(self.parts):
            if at < self.cues.body and isinstance(part, Block):
                continue
            if isinstance(part, Grid):
                self._grid(part)
                continue
            if part.kind != "bullet" and not self.cues.is_matter(at) and frontmatter.is_event_detail(part.text):
                self._drop_front([part])
                continue
            opens_front = part.kind != "bullet" and self.cues.opens_front(at, part)
            if opens_front or (pending and not self.cues.is_matter(at)):
                pending.append(part)
                continue
            self._drop_front(pending)
            pending = []
            self._block(at, part)
        self._drop_front(pending)
        for heading in self.found.headings:
            if not heading.used:
                self.found.dropped.append(Aside(heading.typed, heading.locator, NO_NOTE_BELOW))

    def _drop_front(self, blocks: list[Block]) -> None:
        reasons = frontmatter.read_front_matter(blocks, self.found.front)
        self.found.dropped += [Aside(b.text, b.locator, reason) for b, reason in zip(blocks, reasons, strict=True)]

    def _block(self, at: int, block: Block) -> None:
        if block.kind != "bullet":
            self.parents.clear()
        marks = self.cues.marks[at]
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
            and (marks := self.cues.marks[at - 1]) is not None
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
            lasting = block.kind != "bullet" and not self.cues.prefixed and label.values.get("aspect") != "top_priority"
            if lasting or (not self.cues.prefixed and {"table", "session"} & set(label.values)):
                self.outline.open(heading, label.values)
                fields = self.outline.context()
            else:
                inner = self.outline.copy()
                inner.open(heading, label.values)
                fields, own = inner.context(), [heading]
            text = rest
        elif block.kind == "bullet" and block.text.endswith(":") and self.cues.has_children(at, block):
            self.parents.append((block.level, self._heading(block)))
            return
        above = [*self.outline.headings(), *(heading for _, heading in self.parents), *own]
        for heading in above:
            heading.used = True
        topic = self.parents[-1][1].typed if self.parents else self.outline.topic()
        self.found.pieces.append(Piece(text, fields, tuple(above), block.locator, topic=topic))
        if block.kind == "bullet" and self.cues.has_children(at, block):
            # A parent bullet is a note of its own and the heading of those beneath it.
            self.parents.append((block.level, Heading(text, block.locator, used=True)))

    def _grid(self, grid: Grid) -> None:
        self.parents.clear()
        read = grids.read_grid(grid, self.outline, self.found.front, attendance=self.attendance)
        self.found.headings += read.headings
        self.found.dropped += read.dropped
        self.found.pieces += read.pieces
