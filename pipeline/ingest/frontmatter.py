"""Title, date, venue and participants, from what stands before the first session.

What is found here describes the event. The text itself is never a note: it goes to dropped.csv with
the reason given here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.ingest.blocks import Block

_PARTICIPANTS = re.compile(
    r"\bwho (took part|came|attended|was there)\b|\battend(ance|ees|ed|ing)\b|\bparticipants?\b|\bpresent\b\s*:?$|^present\b\s*:|\bsign.?in\b|\brepresented( on the night)?\s*:?$|\bdelegates?\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\bbackground\b|\bobjectives?\b|\bevent format\b|^format\b|\bagenda\b|\bintroduction\b|\bprogramme( for)?\b|\bmethodology\b"
    r"|\bcontents\b|\bwhat did we ask\b|\bexecutive summary\b|\bcontact (details|us)\b|\bfurther information\b",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?\d{{1,2}}\s?(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\.?(?:,?\s+(?:19|20)\d\d)?\b"
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b|\b\d{{1,2}}[/.]\d{{1,2}}[/.](?:19|20)?\d\d\b",
    re.IGNORECASE,
)
_VENUE_LABEL = re.compile(r"\b(?:venue|held at|location|where)\s*[:=–-]?\s+(?P<v>.+)$", re.IGNORECASE)
_VENUE_AFTER_DATE = re.compile(r"^\W*(?:at|in|,|[-–—|])\s+(?P<v>[A-Z].+)$")
_COUNT = re.compile(r"\b(\d{1,3})\s+(?:participants|people|attend|delegates|attendees)", re.IGNORECASE)
_ORGANISATION_LABEL = re.compile(r"^(?:(?:attendance|present|participants|attendees|apologies)\s*[:–-]\s*)", re.IGNORECASE)
_DIVISION = re.compile(r"\b((?:[A-Z][\w'’-]+ ){1,3})(?:Division|DIVISION)\b")
TITLE, DATE, VENUE, PARTICIPANTS, OTHER = (
    "event detail: title",
    "event detail: date",
    "event detail: venue",
    "event detail: who took part",
    "front matter, not a note",
)


@dataclass(slots=True)
class FrontMatter:
    """What the front matter of one file says of the event; empty where it says nothing."""

    title: str = ""
    division: str = ""
    date: str = ""
    venue: str = ""
    participants: list[str] = field(default_factory=list)
    participant_count: int | None = None


def opens_front_matter(text: str) -> bool:
    """Tell whether a heading opens front matter ("Who took part?", "Background").

    >>> opens_front_matter("Who took part?"), opens_front_matter("Key themes")
    (True, False)
    """
    return len(text.split()) <= 8 and bool(_PARTICIPANTS.search(text) or _BACKGROUND.search(text))


def is_event_detail(text: str) -> bool:
    """Tell whether a line is only a date, a venue, or names the event.

    >>> is_event_detail("Thursday 12th November 2009"), is_event_detail("Litter by the bins")
    (True, False)
    """
    found = _DATE.search(text)
    if found and len(text.split()) <= 14 and (len(found.group()) >= len(text) / 2 or _VENUE_AFTER_DATE.match(text[found.end() :])):
        return True
    return bool(
        re.match(r"^\W*(venue|date|held at|location|present|(in )?attendance|attended( by)?|those present)\b\s*[:–-]", text, re.IGNORECASE)
    ) or bool(re.search(r"\b(fictional example|partnership challenge|evaluation report)\b", text, re.IGNORECASE))


def read_front_matter(blocks: list[Block], found: FrontMatter) -> list[str]:
    """Fill ``found`` from the blocks and return, block by block, the reason each is no note."""
    reasons: list[str] = []
    under_participants = False
    for block in blocks:
        text = block.text
        if _PARTICIPANTS.search(text) and (len(text.split()) <= 8 or _COUNT.search(text)):
            under_participants = True
            listed = _ORGANISATION_LABEL.sub("", text)
            if listed != text:
                found.participants += _names(listed)
            _count(text, found)
            reasons.append(PARTICIPANTS)
            continue
        if block.kind == "heading" or _BACKGROUND.search(text):
            under_participants = False
        if under_participants and not is_event_detail(text):
            found.participants += _names(text)
            _count(text, found)
            reasons.append(PARTICIPANTS)
        else:
            reasons.append(_detail(block, found))
    return reasons


def _detail(block: Block, found: FrontMatter) -> str:
    text = block.text
    date = _DATE.search(text)
    venue = _VENUE_LABEL.search(text)
    division = _DIVISION.search(text.title() if text.isupper() else text)
    if division and not found.division:
        named = division.group(1).strip()
        found.division = named.title() if named.isupper() else named
    if date and len(text.split()) <= 14:
        found.date = found.date or date.group().strip()
        venue = venue or _VENUE_AFTER_DATE.match(text[date.end() :])
        if venue and not found.venue:
            found.venue = venue["v"].strip(" .")
        return DATE
    if venue and len(text.split()) <= 14:
        found.venue = found.venue or venue["v"].strip(" .")
        return VENUE
    if not found.title and len(text.split()) <= 16 and not _BACKGROUND.fullmatch(text.strip(" :")) and not text.endswith("."):
        found.title = text
        return TITLE
    return OTHER


def _names(text: str) -> list[str]:
    parts = re.split(r"\t+|;|\s{3,}", text)
    if len(parts) == 1 and text.count(",") >= 2 and not re.search(r"\band\b", text.rsplit(",", 1)[0]):
        parts = text.split(",")
    return [part.strip(" .•-") for part in parts if part.strip(" .•-") and not part.strip().endswith(":")]


def _count(text: str, found: FrontMatter) -> None:
    count = _COUNT.search(text)
    if count and found.participant_count is None:
        found.participant_count = int(count.group(1))
