"""Small tables of notes for tests."""

from __future__ import annotations

import pandas as pd

from pipeline.records import Event
from pipeline.redact import redact, redact_texts
from pipeline.settings import Settings

NOTE = {
    "event": "harbour-day",
    "division": "Harbour",
    "session": "1",
    "table": "1",
    "heading": "",
    "topic": "",
    "aspect": "challenge",
    "priority": "",
    "level": "",
    "resident": "",
    "text": "litter",
    "tally": "",
    "form": "jotting",
    "source_file": "notes.txt",
    "source_locator": "line 1",
}


def raw_notes(*notes: str | dict[str, str], **shared: str) -> pd.DataFrame:
    """A RawNotes table; a plain string is a note's text."""
    rows = [
        NOTE | {"source_locator": f"line {number}"} | shared | (note if isinstance(note, dict) else {"text": note})
        for number, note in enumerate(notes, 1)
    ]
    return pd.DataFrame(rows, columns=list(NOTE)).astype("str")


def identified_notes(*notes: str | dict[str, str], **shared: str) -> pd.DataFrame:
    """A Notes table with plain ids: n1, n2, ..."""
    table = raw_notes(*notes, **shared)
    return table.assign(note_id=pd.Series([f"n{number}" for number in range(1, len(table) + 1)], dtype="str"))


def dropped_texts(*texts: str, reason: str = "left out") -> pd.DataFrame:
    """A Dropped table."""
    rows = [{"text": text, "reason": reason, "source_file": "notes.txt", "source_locator": "line 9"} for text in texts]
    return pd.DataFrame(rows, columns=["text", "reason", "source_file", "source_locator"]).astype("str")


def redacted(
    notes: pd.DataFrame, dropped: pd.DataFrame, settings: Settings | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Notes, dropped texts and counts of an event of which nothing else is known, as redact gives them."""
    found = redact(notes, dropped, Event(id="", title="", division=""), settings=settings)
    return found.notes, found.dropped, found.counts


def redacted_text(text: str) -> str:
    """One text on its own, redacted."""
    return redact_texts([text])[0]
