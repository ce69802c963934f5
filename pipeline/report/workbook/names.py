"""Names of sheets, as Excel allows them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.records import Session
from pipeline.report.office import storable

READ_ME, POINTS, DROPPED = "read me", "points", "dropped"
LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\ufffd]")
_TAKEN = "history"  # by Excel, in shared workbooks


def sheet_names(sessions: Sequence[Session]) -> list[str]:
    """Names of all sheets in order: the first, one a session, points and dropped; no two alike, in whatever case.

    >>> sheet_names([Session("1", "Issues / barriers"), Session("2"), Session("2", "")])
    ['read me', '1 Issues barriers', 'Session 2', 'Session 2 (2)', 'points', 'dropped']
    """
    taken = {READ_ME, POINTS, DROPPED, _TAKEN}
    return [READ_ME, *(_free(_allowed(session), taken) for session in sessions), POINTS, DROPPED]


def _allowed(session: Session) -> str:
    spoken = f"{session.id} {session.title}" if session.title else f"Session {session.id}"
    return " ".join(_FORBIDDEN.sub(" ", storable(spoken)).split()).strip("' ") or "Session"


def _free(wanted: str, taken: set[str]) -> str:
    """The name, cut to length, with a number behind it where it is taken already; it is taken from then on."""
    number, name = 1, _cut(wanted, LONGEST)
    while name.casefold() in taken:
        number += 1
        ending = f" ({number})"
        name = _cut(wanted, LONGEST - len(ending)) + ending
    taken.add(name.casefold())
    return name


def _cut(text: str, most: int) -> str:
    """At most so many characters, counted as Excel does: those outside the basic plane are two."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore").rstrip("' ")
