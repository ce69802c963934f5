"""What a comparison of divisions consists of, in the order in which a page tells it."""

from __future__ import annotations

from dataclasses import dataclass

# What is said of one theme in one division; `alone` where there is no other division.
VERDICTS = ("more", "less", "no_clear_difference", "no_difference", "too_few", "unknown", "hidden", "alone")
KINDS = ("raised", "priority", "aspect", "resident")


@dataclass(frozen=True, slots=True)
class Rules:
    """By what rules a comparison was made.

    Attributes
    ----------
    alpha : a difference is clear where q is at most this.
    least_tables : with fewer tables in the division, or in all others together, nothing is tested.
    absent_from : a theme is told to be absent from a division where at least so many tables elsewhere raised it.
    hidden_below : counts of tables below this are hidden where a theme is under the rule for small numbers; 1 hides nothing.
    sensitive : codes under that rule, those beneath a sensitive one among them, in order of the alphabet.
    hide_small : every theme is under it.
    likeness : emergent themes are matched from this cosine on.
    """

    alpha: float
    least_tables: int
    absent_from: int
    hidden_below: int
    sensitive: tuple[str, ...]
    hide_small: bool
    likeness: float

    def guards(self, code: str) -> bool:
        """Whether small numbers of a theme are hidden."""
        return self.hidden_below > 1 and (self.hide_small or code in self.sensitive)


@dataclass(frozen=True, slots=True)
class ComparedEvent:
    """An event that takes part. ``tables`` is 0 where its notes name none; points are those not on the running of the event."""

    id: str
    title: str
    division: str
    date: str
    tables: int
    points: int
    mentions: int
    themes_sha256: str


@dataclass(frozen=True, slots=True)
class ComparedSession:
    """A session that every event compared has, with the titles that the events give it, each once."""

    id: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Division:
    """A division with its events (ids), its tables over all of them, and its points."""

    name: str
    events: tuple[str, ...]
    tables: int
    points: int
    mentions: int


@dataclass(frozen=True, slots=True)
class ComparedQuote:
    """A point shown as evidence, verbatim, and where it was said."""

    point_id: str
    text: str
    event: str
    session: str
    table: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One theme in one division. None stands for what is not known, not tested, or hidden.

    Attributes
    ----------
    tables : how many of the division's tables raised the theme.
    tables_total : how many could have.
    hidden : ``tables`` is below the threshold and not told; ``shown`` says so.
    shown : the count in words, such as ``5 of 6`` or ``<3 of 6``.
    share, low, high : 0 to 1, with Wilson's 95% interval.
    rest_tables, rest_total, rest_share : the same of the tables of all other divisions.
    difference : ``share - rest_share``, -1 to 1.
    effect : Cohen's h of the two shares, -pi to pi.
    p, q : of the permutation test, and adjusted for the number of tests; 0 to 1.
    verdict, sentence : one of :data:`VERDICTS`, and the same in plain words.
    points, mentions : how often it was raised, whether or not the notes name tables.
    quotes : what was said; only where all themes are told of all points.
    """

    division: str
    tables: int | None
    tables_total: int
    hidden: bool
    shown: str
    share: float | None
    low: float | None
    high: float | None
    rest_tables: int | None
    rest_total: int | None
    rest_share: float | None
    difference: float | None
    effect: float | None
    p: float | None
    q: float | None
    verdict: str
    sentence: str
    points: int | None
    mentions: int | None
    quotes: tuple[ComparedQuote, ...]


@dataclass(frozen=True, slots=True)
class ComparedTheme:
    """One theme in every division, in the order of the divisions.

    ``tables`` is how many tables of all divisions raised it, None where that would give a hidden count away: then ``withheld`` is true,
    and so it is of every difference and test of the theme.
    """

    code: str
    title: str
    broader: str | None
    sensitive: bool
    withheld: bool
    tables: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: ``raised`` at all, or under a priority, an aspect or a resident type (``kind`` and ``value``).

    ``tests`` is how many tests the q-values of its kind are adjusted for. Themes stand in order of how widely they were raised, those
    withheld last.
    """

    kind: str
    value: str
    title: str
    tests: int
    themes: tuple[ComparedTheme, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A theme, where it is found or missed, and that in a sentence; ``division`` is empty where it is about all of them."""

    code: str
    title: str
    division: str
    sentence: str


@dataclass(frozen=True, slots=True)
class EmergentMember:
    """An emergent theme of one event."""

    event: str
    division: str
    session: str
    theme_id: str
    title: str


@dataclass(frozen=True, slots=True)
class EmergentCell:
    """An emergent theme in one division, counted as in :class:`Cell`, and not tested."""

    division: str
    tables: int | None
    tables_total: int
    hidden: bool
    shown: str
    share: float | None
    low: float | None
    high: float | None
    points: int | None
    mentions: int | None


@dataclass(frozen=True, slots=True)
class EmergentTheme:
    """Emergent themes of one or several events that are alike. ``matched`` : they are of two divisions or more; else it stays local.

    ``likeness`` is the cosine of the two members least alike, None of a single one.
    """

    id: str
    title: str
    matched: bool
    likeness: float | None
    cells: tuple[EmergentCell, ...]
    members: tuple[EmergentMember, ...]
    quotes: tuple[ComparedQuote, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Divisions compared: everything a page needs, in order.

    Attributes
    ----------
    taxonomy : name, version and sha256 of the one that all events were labelled with.
    remarks : what a reader has to know of this comparison, in plain sentences.
    distinctive, shared, absent : what stands out, in sentences; see ``DEFINITIONS``.
    unraised : titles of the taxonomy's themes that nobody raised, where that may be told.
    measures : ``raised`` first.
    emergent : matched ones first.
    """

    events: tuple[ComparedEvent, ...]
    divisions: tuple[Division, ...]
    sessions: tuple[ComparedSession, ...]
    taxonomy: dict[str, str]
    rules: Rules
    remarks: tuple[str, ...]
    distinctive: tuple[Finding, ...]
    shared: tuple[Finding, ...]
    absent: tuple[Finding, ...]
    unraised: tuple[str, ...]
    measures: tuple[Measure, ...]
    emergent: tuple[EmergentTheme, ...]


DEFINITIONS = {
    "table": "a group of people that sat together through all sessions of an event: the unit of sampling",
    "share": "of the tables that could have, the share with at least one point on the theme in the sessions compared",
    "low, high": "95% interval of the share (Wilson 1927)",
    "rest": "the tables of all other divisions together",
    "difference": "share less that of the rest",
    "effect": "Cohen's h (Cohen 1988): 0.2 is called small, 0.5 medium, 0.8 large",
    "p": "how often a difference at least as large, either way, comes up when the tables are dealt out to the divisions at random; exact",
    "q": "p adjusted for the number of tests of its kind (Benjamini and Hochberg 1995): of findings with q up to 0.05, "
    "about one in twenty is due to chance",
    "raised": "any point on the theme, of all tables with any point",
    "priority": "a point on the theme under that priority, of the tables that gave any point a priority",
    "aspect": "a point on the theme under that heading, of the tables with any point under it",
    "resident": "a point on the theme about that type of resident, of the tables with any point about it",
    "distinctive": "raised more in the division than elsewhere, with q at most 0.05",
    "shared": "raised in every division",
    "absent": "raised by none of the division's tables, and by several elsewhere; the chance of that is told, not tested",
    "too_few": "fewer tables than the rule says, or so few that raised it, or did not, that no way of dealing the tables out gives p up to "
    "0.05",
    "division": "one evening, or a few: what sets a division apart may be that evening, its place or its note-taker",
}
