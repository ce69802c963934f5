"""Redact: personal details out, before any later stage sees the text.

Recognised: names of people (:mod:`pipeline.redact.people`); e-mail and web addresses, handles, telephone numbers, postcodes,
addresses with a house number, registrations, National Insurance and NHS numbers, dates of birth, crime and incident references,
collar and warrant numbers (:mod:`pipeline.redact.structured`). Each is replaced by a placeholder that is the same throughout an
event: ``[PERSON 1]``.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.beside import elsewhere
from pipeline.records import Dropped, Event, FileRead, Notes, RawNotes, checked
from pipeline.redact.name_lists import load_name_lists
from pipeline.redact.numbering import numbered
from pipeline.settings import Settings

__all__ = ["DETAIL_COLUMNS", "WITHHELD", "Redacted", "load_name_lists", "redact", "redact_texts"]

WITHHELD = "[WITHHELD]"
DETAIL_COLUMNS = ("kind", "placeholder", "original", "source_file", "source_locator")
_ID_FIELDS = ["event", "session", "table", "aspect", "priority", "level", "resident", "heading", "text"]
_TYPED = ("text", "heading", "topic", "resident", "table", "tally", "source_locator")
_COUNTED = ("text", "resident")
# Where a text stands in its file says no name but in the name of a sheet; "line 12" and "B12" need not be read.
_PLAIN_PLACE = re.compile(r"(?:[a-z]+ \d+[ ,]*)+")


@dataclass(frozen=True, slots=True)
class Redacted:
    """What is left of an event when personal details are replaced.

    Attributes
    ----------
    notes, dropped : Notes and Dropped.
    event, files : what was typed of the event, and the names of files and what was remarked on them.
    counts : the number of replacements of each kind in notes and in what was dropped.
    details : one row a detail and place, the columns of ``DETAIL_COLUMNS``; the only thing here that holds personal details.
    """

    notes: pd.DataFrame
    dropped: pd.DataFrame
    event: Event
    files: tuple[FileRead, ...]
    counts: dict[str, int]
    details: pd.DataFrame


@elsewhere
def redact(
    notes: pd.DataFrame, dropped: pd.DataFrame, event: Event, files: Iterable[FileRead] = (), settings: Settings | None = None
) -> Redacted:
    """Replace personal details in notes, what stands around them, what was dropped, the event's own details and file names.

    Parameters
    ----------
    notes : RawNotes of one event.
    dropped : Dropped of the same event.
    event, files : what is known of the event and its files.
    settings : which names to keep or to replace in any case, and the language model.

    Raises
    ------
    SettingsError : a list of names cannot be read.
    """
    checked(RawNotes, notes, "given to redact")
    checked(Dropped, dropped, "given to redact")
    files = tuple(files)
    columns = [*((notes, name) for name in _TYPED), *((dropped, name) for name in ("text", "source_locator"))]
    names = {file.source_file for file in files} | set(notes["source_file"]) | set(dropped["source_file"])
    texts = (
        {text for table, name in columns for text in table[name]}
        | {*_typed_of(event)}
        | {remark for file in files for remark in file.remarks}
    )
    clean = _Cleaner({text for text in texts if not _PLAIN_PLACE.fullmatch(text)}, names, settings or Settings())

    withheld = dropped["reason"].str.contains("may hold personal details", regex=False)
    counted = [*(text for name in _COUNTED for text in notes[name]), *dropped["text"]]
    counts = Counter(kind for text in counted for _, _, kind in clean.found.get(text, ()))
    details = clean.details([*((notes, name) for name in _TYPED if name != "source_locator"), (dropped[~withheld], "text")])
    notes = notes.assign(**{name: notes[name].map(clean.text) for name in _TYPED}, source_file=notes["source_file"].map(clean.file))
    dropped = dropped.assign(
        text=dropped["text"].map(clean.text).mask(withheld, WITHHELD),
        source_file=dropped["source_file"].map(clean.file),
        source_locator=dropped["source_locator"].map(clean.text),
    )
    return Redacted(
        notes=checked(Notes, _with_ids(notes), "given by redact"),
        dropped=dropped,
        event=clean.event(event),
        files=tuple(clean.file_read(file) for file in files),
        counts=dict(sorted(counts.items())),
        details=details,
    )


def redact_texts(texts: list[str], settings: Settings | None = None) -> list[str]:
    """Redact texts that belong together, in order; the same detail gets the same placeholder in all of them.

    >>> redact_texts(["ring Sgt Pellow on 01632 960145", "mail hall@example.org or Sgt Pellow"])
    ['ring Sgt [PERSON 1] on [PHONE 1]', 'mail [EMAIL 1] or Sgt [PERSON 1]']
    """
    clean = _Cleaner({*texts}, (), settings or Settings())
    return [clean.text(text) for text in texts]


class _Cleaner:
    """Texts and file names of one event, with what is to be replaced in them."""

    def __init__(self, texts: set[str], files: Iterable[str], settings: Settings) -> None:
        from pipeline.redact.finding import find_details  # its patterns take a third of a second to compile

        # Words of a file name are joined by hyphens and underscores ("notes_jean-hall.docx").
        self._spaced = {name: re.sub(r"[_-]", " ", name) for name in files}
        self.found = find_details({*texts, *self._spaced.values()}, load_name_lists(settings), settings.spacy_model)
        self._placeholder = numbered(self.found)

    def text(self, text: str) -> str:
        """The text with placeholders."""
        return self._replaced(text, text)

    def file(self, name: str) -> str:
        """The name of a file with placeholders."""
        return self._replaced(name, self._spaced.get(name, name))

    def file_read(self, file: FileRead) -> FileRead:
        """What became of a file, with placeholders in its name and in what was remarked."""
        clean = self.file(file.source_file)
        return replace(file, source_file=clean, remarks=tuple(self.text(r.replace(file.source_file, clean)) for r in file.remarks))

    def event(self, event: Event) -> Event:
        """The event with placeholders in everything that was typed."""
        return replace(
            event,
            title=self.text(event.title),
            venue=self.text(event.venue),
            participants=tuple(self.text(name) for name in event.participants),
            sessions=tuple(replace(s, title=self.text(s.title), question=self.text(s.question)) for s in event.sessions),
            inferred=tuple(self.text(remark) for remark in event.inferred),
        )

    def details(self, columns: Iterable[tuple[pd.DataFrame, str]]) -> pd.DataFrame:
        """What was replaced by what, and where: one row a detail and place, in order."""
        rows = {
            (kind, self._placeholder(kind, text[start:end]), text[start:end], self.file(file), self.text(place))
            for table, name in columns
            for text, file, place in zip(table[name], table["source_file"], table["source_locator"], strict=True)
            for start, end, kind in self.found.get(text, ())
        }
        return pd.DataFrame(sorted(rows), columns=list(DETAIL_COLUMNS)).astype("str")

    def _replaced(self, text: str, read: str) -> str:
        """``text`` with what was found in ``read``, which has the same letters in the same places."""
        parts, at = [], 0
        for start, end, kind in self.found.get(read, ()):
            parts += [text[at:start], self._placeholder(kind, read[start:end])]
            at = end
        return "".join([*parts, text[at:]])


def _typed_of(event: Event) -> Iterable[str]:
    yield from (event.title, event.venue, *event.participants, *event.inferred)
    yield from (typed for session in event.sessions for typed in (session.title, session.question))


def _with_ids(notes: pd.DataFrame) -> pd.DataFrame:
    """Give each note an id made from its content; repeats at one place are numbered."""
    if notes.empty:
        return notes.assign(note_id=pd.Series(dtype="str"))
    notes = notes.sort_values([*_ID_FIELDS, "source_file", "tally", "form", "source_locator"], kind="stable", ignore_index=True)
    repeat = notes.groupby(_ID_FIELDS, sort=False).cumcount()
    rows = zip(*(notes[name] for name in _ID_FIELDS), repeat.astype(str), strict=True)
    return notes.assign(note_id=[f"n{hashlib.blake2s(chr(31).join(row).encode(), digest_size=6).hexdigest()}" for row in rows])
