"""Which headings a note stands under, worked out as a document is read from top to bottom.

People nest their headings every way round (tables within sessions, priorities within tables, tables
within priorities) and use heading levels carelessly. So the order of first appearance rules: a new
mark of a field closes everything opened since that field was last set, and stands in its place;
a field not yet open nests inside what is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.ingest.headings import FIELDS

SESSION_OF_ASPECT = {
    "key_theme": "1", "challenge": "1", "top_priority": "1", "barrier": "2", "good_practice": "2",
    "issue": "3", "action": "3",
}  # fmt: skip
# The same word means another thing in another session: "issues" of session 2 are barriers.
_ASPECT_WITHIN = {
    ("1", "issue"): "challenge",
    ("1", "barrier"): "challenge",
    ("2", "issue"): "barrier",
    ("2", "challenge"): "barrier",
    ("3", "barrier"): "issue",
    ("3", "challenge"): "issue",
}
_OTHER = "other"
# A table's top priority, and a report's key themes, stand outside the four priority headings.
_OUTSIDE_PRIORITIES = frozenset(("top_priority", "key_theme"))


@dataclass(slots=True, eq=False)
class Heading:
    """Words that serve as a heading or label: as typed, where, and whether a note stands under them."""

    typed: str
    locator: str
    level: int = 0
    used: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A note before it has its event: its text, the fields of its headings, and where it stands.

    ``topic`` is what the nearest heading says where that names no field: a subject ("Drugs") or the bullet above.
    """

    text: str
    fields: dict[str, str]
    headings: tuple[Heading, ...]
    locator: str
    tally: str = ""
    topic: str = ""


@dataclass(slots=True)
class Opened:
    """One field that an open heading sets."""

    field: str
    value: str
    heading: Heading


@dataclass(slots=True)
class Outline:
    """The open headings, outermost first.

    ``fixed`` holds what the file's name or the sheet's name says; headings inside may override it.
    """

    fixed: dict[str, str] = field(default_factory=dict)
    stack: list[Opened] = field(default_factory=list)

    def open(self, heading: Heading, values: dict[str, str], topic: str = "") -> None:
        """Open a heading with the marks it carries (none: an unknown heading, kept as typed).

        ``topic`` is the session its words suggest; it counts only while no session has been named.
        """
        unnamed = not any(entry.field == "session" for entry in self.stack)
        if topic and unnamed and not values:
            values = {"session": topic}
        self.open_all([(heading, values)])

    def open_all(self, marks: list[tuple[Heading, dict[str, str]]]) -> None:
        """Open several headings at once, as the cells of one row do: none closes another."""
        for heading, _ in marks[:1]:
            self._close_others(heading.level)
        named = {name for _, values in marks for name in values}
        if "session" in named and not any(entry.field == "session" for entry in self.stack):
            # "Table A / Second workshop": each table's sheet holds its sessions, so the table stays open.
            self.stack = [entry for entry in self.stack if entry.field == "table"]
        self.stack = [entry for entry in self.stack if not (entry.field in named and self._rides(entry))]
        first = next((i for i, entry in enumerate(self.stack) if entry.field in named), len(self.stack))
        del self.stack[first:]
        aspects = {values.get("aspect") for _, values in marks}
        if aspects & _OUTSIDE_PRIORITIES:
            self.stack = [entry for entry in self.stack if entry.field not in ("priority", "level")]
        elif named & {"priority", "level"}:
            self.stack = [e for e in self.stack if not (e.field == "aspect" and e.value in _OUTSIDE_PRIORITIES)]
        for heading, values in marks:
            self.stack += [Opened(name, values[name], heading) for name in FIELDS if name in values]
            if not values:
                self._open_other(heading)

    def context(self) -> dict[str, str]:
        """Value of every field here: session, table, aspect, priority, level, resident ('' unknown)."""
        found = dict.fromkeys(FIELDS, "") | self.fixed
        found |= {entry.field: entry.value for entry in self.stack if entry.field != _OTHER}
        return settled(found)

    def copy(self) -> Outline:
        """A copy in which a label can be opened without touching this one."""
        return Outline(dict(self.fixed), list(self.stack))

    def headings(self) -> list[Heading]:
        """The open headings, outermost first, each once."""
        return list(dict.fromkeys(entry.heading for entry in self.stack))

    def topic(self) -> str:
        """What the innermost open heading says, where that names no field; else nothing."""
        return self.stack[-1].heading.typed if self.stack and self.stack[-1].field == _OTHER else ""

    def _rides(self, entry: Opened) -> bool:
        """Whether an entry only says what its session is about: after "Session 2: barriers", "Good practice" closes no table."""
        return entry.field != "session" and any(other.field == "session" and other.heading is entry.heading for other in self.stack)

    def _open_other(self, heading: Heading) -> None:
        if heading.level:
            while self.stack and self.stack[-1].heading.level > heading.level:
                self.stack.pop()
        self.stack.append(Opened(_OTHER, "", heading))

    def _close_others(self, level: int) -> None:
        """An unknown heading ends where the next heading of its level, or of none, begins."""
        while self.stack and self.stack[-1].field == _OTHER and not (0 < self.stack[-1].heading.level < level):
            self.stack.pop()


def settled(found: dict[str, str]) -> dict[str, str]:
    """Make session and aspect agree, each helping where the other is missing.

    >>> settled({"session": "", "aspect": "barrier"})["session"]
    '2'
    >>> settled({"session": "3", "aspect": "barrier"})["aspect"]
    'issue'
    """
    found = dict(found)
    session, aspect = found.get("session", ""), found.get("aspect", "")
    if not session:
        if found.get("priority") or found.get("level"):
            session = "1"
        elif found.get("resident"):
            session = "3"
        else:
            session = SESSION_OF_ASPECT.get(aspect, "")
    aspect = _ASPECT_WITHIN.get((session, aspect), aspect)
    if not aspect and (session == "1" or found.get("priority")):
        aspect = "challenge"
    found["session"], found["aspect"] = session, aspect
    return found
