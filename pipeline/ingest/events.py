"""What is known of an event: event.yaml first, then what the notes and the names say.

Everything that was worked out rather than given is listed in :attr:`Event.inferred`, so that a
reader of the report knows.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.errors import EventError, listed
from pipeline.ingest.frontmatter import FrontMatter
from pipeline.ingest.headings import recognise
from pipeline.ingest.sources import Source, printable
from pipeline.records import Event, Session, session_order
from pipeline.yaml_file import read_yaml, yaml_bytes

# The sessions of the workshop as the design of these events has them; event.yaml may say otherwise.
DEFAULT_SESSIONS = {
    "1": "Challenges facing community safety",
    "2": "Developing resident confidence",
    "3": "Residents",
}


class _SessionFile(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    id: str = Field(min_length=1)
    title: str = ""
    question: str = ""


class EventFile(BaseModel):
    """The keys of an event.yaml. All are optional; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    title: str = ""
    division: str = ""
    districts: list[str] = []
    date: str = ""
    venue: str = ""
    participants: list[str] | int = []
    sessions: list[_SessionFile] = []

    @field_validator("date", mode="before")
    @classmethod
    def _iso(cls, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime.date) else value


def read_event_file(path: Path) -> EventFile:
    """Read an event.yaml.

    Raises
    ------
    EventError : it is not YAML, or has keys or values that cannot be used; all faults at once.
    """
    try:
        loaded = read_yaml(yaml_bytes(path).decode("utf-8-sig"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise EventError(
            f"it is not valid YAML ({' '.join(str(error).split())[:160]})",
            where=path.name,
            expected="lines such as 'title: …' and 'division: …'",
            do="mend it, or take it away: every key is optional",
        ) from error
    try:
        return EventFile.model_validate(loaded or {})
    except ValidationError as error:
        faults = [f"'{'.'.join(str(p) for p in fault['loc'])}': {fault['msg'].lower()}" for fault in error.errors()]
        raise EventError(
            listed(faults),
            where=path.name,
            expected="the keys " + ", ".join(EventFile.model_fields),
            do="mend the keys named",
        ) from error


def build_event(source: Source, given: EventFile, front: FrontMatter, seen: dict[str, tuple[str, str]]) -> Event:
    """Put an event together.

    Parameters
    ----------
    source : where it was read from; its name is the last resort.
    given : event.yaml, or an empty one.
    front : what the front matter of its files says.
    seen : session id → (title, question) as headings in the notes give them, in reading order.
    """
    inferred: list[str] = []

    def first(name: str, *offers: tuple[str, str]) -> str:
        for value, origin in offers:
            if value:
                if origin != "event.yaml":
                    inferred.append(f"{name} '{value}' taken from {origin}")
                return value
        inferred.append(f"{name} not found")
        return ""

    readable = printable(re.sub(r"[_-]+", " ", source.name).strip())
    title = first("title", (given.title, "event.yaml"), (front.title, "the first lines of the notes"), (readable, "the name"))
    division = first(
        "division",
        (given.division, "event.yaml"),
        (front.division, "the first lines of the notes"),
        (readable[:1].upper() + readable[1:], "the name"),
    )
    date = first("date", (given.date, "event.yaml"), (front.date, "the first lines of the notes"))
    venue = first("venue", (given.venue, "event.yaml"), (front.venue, "the first lines of the notes"))
    listed_names = given.participants if isinstance(given.participants, list) else []
    count = given.participants if isinstance(given.participants, int) else front.participant_count
    return Event(
        id=source.id,
        title=title,
        division=division,
        districts=tuple(given.districts),
        date=date,
        venue=venue,
        participants=tuple(listed_names or dict.fromkeys(front.participants)),
        participant_count=count,
        sessions=_sessions(given, seen),
        inferred=tuple(inferred),
    )


def _sessions(given: EventFile, seen: dict[str, tuple[str, str]]) -> tuple[Session, ...]:
    """Every session of event.yaml or of the notes, in order of its id; numbers before names."""
    told = {session.id: session for session in given.sessions}
    sessions = []
    for i in sorted({*told, *seen}, key=session_order):
        heading, question = seen.get(i, ("", ""))
        title = (told[i].title if i in told else "") or session_title(heading) or DEFAULT_SESSIONS.get(i, heading)
        sessions.append(Session(i, title, (told[i].question if i in told else "") or question))
    return tuple(sessions)


def session_title(heading: str) -> str:
    """What a session's heading says beside its number, as a title; empty if it says nothing else.

    >>> session_title("Workshop 1 – What will we be up against?"), session_title("SESSION ONE"), session_title("Session 3: residents")
    ('What will we be up against?', '', 'Residents')
    """
    first, *rest = re.split(r"\s*[-–—:|.]+\s+", heading.strip(), maxsplit=1)
    if not rest or recognise(first).values.get("session") is None:
        return ""
    marks = recognise(rest[0], residents=True)
    if {"session", "table", "priority", "resident"} & set(marks.values) and marks.explained == 1.0:
        return ""
    words = rest[0].lower() if rest[0].isupper() else rest[0]
    return words[:1].upper() + words[1:]
