"""Redact: personal details out, before any later stage sees the text.

Recognised: e-mail addresses, telephone numbers, postcodes, National Insurance and NHS numbers, vehicle
registrations, web addresses and handles, and names that follow a title ("Mrs Hall", "Sgt Pellow"). Each is
replaced by a placeholder that is the same throughout an event: ``[PERSON 1]``. Recognisers are Presidio's
where it has them. Names without a title are not found by this version.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.records import Dropped, Notes, RawNotes, checked

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

WITHHELD = "[WITHHELD]"
_ID_FIELDS = ["event", "session", "table", "aspect", "priority", "level", "resident", "heading", "text"]
_TYPED = ("text", "heading", "topic", "resident", "table", "tally")
_TITLES = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev(?:erend)?|Fr|Cllr|Councillor|Sgt|Sergeant|Insp(?:ector)?|Supt|Superintendent|WPC|DCI"
    r"|Ch(?:ief)?\.? (?:Insp(?:ector)?|Supt|Superintendent))"
)
# Words with a capital that follow a title without being a name ("Cllr Surgeries").
_NOT_NAMES = r"(?!(?:Surger|Meeting|Support|Visit|Involve|Train|Present|Post|Contact|Briefing|Panel|Question)\w*)"
# O'Neill, McAllister, Lloyd-Jones, Müller; not the 's behind a name.
_UPPER, _LOWER = "A-ZÀ-ÖØ-ÞĀ-Ž", "a-zß-öø-ÿā-ž"
_NAME_PART = rf"[{_UPPER}]['’]?[{_UPPER}]?[{_LOWER}]+(?:[{_UPPER}][{_LOWER}]+)?"
_NAME = rf"{_NAME_PART}(?:-{_NAME_PART})*"
_OWN_PATTERNS: tuple[tuple[str, str], ...] = (
    ("EMAIL", r"\b[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+\b"),
    ("URL", r"\b(?:https?://|www\.)[^\s<>()\[\]]+[^\s<>()\[\].,;:!?]"),
    ("HANDLE", r"(?<![\w@.])@[A-Za-z_]\w{2,29}\b"),
    ("PHONE", r"(?<![\d/-])(?:(?:\+|00)44[\s-]?(?:\(0\)[\s-]?)?\d{2,4}|\(0\d{2,4}\)|0\d{2,4})(?:[\s-]?\d){6,8}(?![\d/])"),
    ("PERSON", rf"\b{_TITLES}\.?\s+(?P<inner>{_NOT_NAMES}(?:[{_UPPER}]\.?\s+){{0,2}}{_NAME}(?:\s{_NAME})?)\b"),
)

# Presidio takes no notice of capitals: "bus 46A" and "A583 has" are no number plates, "T5 TOP" is what table 5 puts first,
# and "B1 2nd" is no postcode.
_NEAR_MISSES = {
    "VEHICLE": re.compile(
        r"(?:[A-Za-z]\d{1,3}[- ]?(?![A-Z]{3})[A-Za-z]{3}|T\d{1,2} [A-Z]{3}|(?![A-Z]{3})[A-Za-z]{3}[- ]?\d{1,3}[- ]?[A-Za-z])"
    ),
    "POSTCODE": re.compile(r".*\d(?:st|nd|rd|th)"),
}
_NEVER = re.compile(r"(?!)")


def redact(notes: pd.DataFrame, dropped: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Replace personal details in notes, what stands around them and what was dropped.

    Parameters
    ----------
    notes : RawNotes of one event.
    dropped : Dropped of the same event.

    Returns
    -------
    (notes, dropped, counts) : Notes (with ids made from the redacted content, so the same whatever the order
        of files and rows), Dropped, and the number of replacements of each kind.
    """
    checked(RawNotes, notes, "given to redact")
    checked(Dropped, dropped, "given to redact")
    columns = [*((notes, name) for name in _TYPED), (dropped, "text")]
    found = {text: _find(text) for text in sorted({text for table, name in columns for text in table[name]})}
    placeholders = _placeholders(found)
    counts: Counter[str] = Counter()
    for table, name in columns:
        for text in table[name] if name in ("text", "resident") else ():
            counts.update(kind for _, _, kind in found[text])
    clean = {text: _replaced(text, spans, placeholders) for text, spans in found.items()}
    notes = notes.assign(**{name: notes[name].map(clean) for name in _TYPED})
    personal = dropped["reason"].str.contains("may hold personal details", regex=False)
    dropped = dropped.assign(text=dropped["text"].map(clean).mask(personal, WITHHELD))
    return checked(Notes, _with_ids(notes), "given by redact"), dropped, dict(sorted(counts.items()))


def redact_texts(texts: list[str]) -> list[str]:
    """Redact texts that belong together, in order; the same detail gets the same placeholder in all of them."""
    found = {text: _find(text) for text in sorted(set(texts))}
    placeholders = _placeholders(found)
    return [_replaced(text, found[text], placeholders) for text in texts]


def redact_text(text: str) -> str:
    """Redact one text on its own (titles and other details of the event).

    >>> redact_text("ring Sgt Pellow on 01632 960145 or mail hall@example.org")
    'ring Sgt [PERSON 1] on [PHONE 1] or mail [EMAIL 1]'
    """
    return redact_texts([text])[0]


@lru_cache(maxsize=1)
def _recognisers() -> list[tuple[str, EntityRecognizer]]:
    """Presidio's recognisers that need neither a network nor a language model."""
    from presidio_analyzer.predefined_recognizers import (
        NhsRecognizer,
        PhoneRecognizer,
        UkNinoRecognizer,
        UkPostcodeRecognizer,
        UkVehicleRegistrationRecognizer,
    )

    return [
        ("NHS", NhsRecognizer()),
        ("NINO", UkNinoRecognizer()),
        ("PHONE", PhoneRecognizer(supported_regions=("GB",))),
        ("POSTCODE", UkPostcodeRecognizer()),
        ("VEHICLE", UkVehicleRegistrationRecognizer()),
    ]


def _find(text: str) -> list[tuple[int, int, str]]:
    """Spans of personal details, none overlapping, in order; the longer of two that overlap is kept."""
    spans: list[tuple[int, int, str]] = []
    for kind, pattern in _OWN_PATTERNS:
        for match in re.finditer(pattern, text):
            inner = "inner" if "inner" in match.groupdict() else 0
            spans.append((match.start(inner), match.end(inner), kind))
    if re.search(r"\d", text):  # every one of these holds a digit
        for kind, recogniser in _recognisers():
            # These recognisers need no language model, hence no artefacts of one.
            results = recogniser.analyze(text, recogniser.supported_entities, None)  # type: ignore[arg-type]
            for result in results or []:
                if not _NEAR_MISSES.get(kind, _NEVER).fullmatch(text[result.start : result.end]):
                    spans.append((result.start, result.end, kind))
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        if all(span[1] <= other[0] or span[0] >= other[1] for other in kept):
            kept.append(span)
    return sorted(kept)


def _placeholders(found: dict[str, list[tuple[int, int, str]]]) -> Callable[[str, str], str]:
    """Number every distinct detail within its kind, in alphabetical order: the same for any order of rows."""
    details: dict[str, set[str]] = {}
    for text, spans in found.items():
        for start, end, kind in spans:
            details.setdefault(kind, set()).add(_same(text[start:end]))
    numbers = {(kind, detail): number for kind, ds in details.items() for number, detail in enumerate(sorted(ds), 1)}
    return lambda kind, detail: f"[{kind} {numbers[kind, _same(detail)]}]"


def _same(detail: str) -> str:
    return re.sub(r"[\s\-()]", "", detail).casefold()


def _replaced(text: str, spans: Iterable[tuple[int, int, str]], placeholder: Callable[[str, str], str]) -> str:
    parts, at = [], 0
    for start, end, kind in spans:
        parts += [text[at:start], placeholder(kind, text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def _with_ids(notes: pd.DataFrame) -> pd.DataFrame:
    """Give each note an id made from its content; repeats at one place are numbered."""
    if notes.empty:
        return notes.assign(note_id=pd.Series(dtype="str"))
    notes = notes.sort_values([*_ID_FIELDS, "source_file", "tally", "form", "source_locator"], kind="stable", ignore_index=True)
    repeat = notes.groupby(_ID_FIELDS, sort=False).cumcount()
    keys = notes[_ID_FIELDS].agg("\x1f".join, axis=1) + "\x1f" + repeat.astype(str)
    return notes.assign(note_id=[f"n{hashlib.blake2s(key.encode(), digest_size=6).hexdigest()}" for key in keys])
