"""Details that have a form of their own: addresses, numbers, registrations, references.

Presidio's recognisers find what they can (NHS and National Insurance numbers, telephone numbers, postcodes, registrations);
:mod:`pipeline.redact.patterns`, :mod:`~pipeline.redact.references`, :mod:`~pipeline.redact.officers`,
:mod:`~pipeline.redact.handles` and :mod:`~pipeline.redact.addresses` add the rest. All look at one text and no further.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.imports import HEAVY, put_off, unchecked, without
from pipeline.redact.addresses import addresses
from pipeline.redact.handles import handles
from pipeline.redact.officers import officers_numbers
from pipeline.redact.patterns import PATTERNS
from pipeline.redact.references import references

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

Span = tuple[int, int, str]
"""Where a detail begins and ends in its text, and its kind."""

# Presidio, which finds most of these, takes no notice of capitals: "bus 46A" and "A583 has" are no number plates, "T5 TOP" is what
# table 5 puts first, "s23 MDA" is a section of an act, "A641 RTC" what happened on a road, and "B1 2nd" is no postcode.
_NEAR_MISSES = {
    "VEHICLE": re.compile(
        r"(?:[A-Za-z]\d{1,3}[- ]?(?![A-Z]{3})[A-Za-z]{3}|T\d{1,2} [A-Z]{3}|s\d{1,3} [A-Z]{3}"
        r"|[ABJM]\d{1,3} (?:RTC|RTA|JCT|JNC|ASB|HGV|BUS|NFA)"
        r"|[A-Z]{2}\d\d[- ]?[a-z]{3}|(?![A-Z]{3})[A-Za-z]{3}[- ]?\d{1,3}[- ]?[A-Za-z])"
    ),
    "POSTCODE": re.compile(r".*\d(?:st|nd|rd|th)"),
}
# What Presidio finds nothing of a kind without. The shortest telephone number that is valid anywhere has six figures.
_NEEDED = {
    "NHS": re.compile(r"\d(?:\D*\d){9}"),
    "NINO": re.compile(r"[^\W\d_]\W?(?:\d\d\W?){3}[^\W\d_]"),
    "PHONE": re.compile(r"\d(?:\D*\d){5}"),
    "POSTCODE": re.compile(r"\d[^\W\d_]{2}\b"),
    "VEHICLE": re.compile(r"[^\W\d_][ -]?\d{1,3}[ -]?[^\W\d_]"),
}
# "01282 2011" is a figure and a year before it is a number of Dublin; the others are a crime's number, a log of a day, two times.
_NO_PHONE = re.compile(
    r"0\d{4}[ -]\d{4}|\d\d/\d{5,8}/\d\d|\d{3,5}-\d{1,2}/\d{1,2}/\d\d"
    r"|\d{3,5}[/-](?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d|\d{4} \d\d/\d\d(?:/\d\d)?|(?:[01]\d"
    r"|2[0-3])[0-5]\d-(?:[01]\d|2[0-3])[0-5]\d(?:\D.*)?"
)
_NHS_BEFORE = re.compile(r"\b(?:nhs|chi|h&c|hcn)\b", re.IGNORECASE)
_EXTENSION = re.compile(r",?\s?\(?(?:ext(?:ension|n)?\b\.?|x)\s?\d{1,5}\b\)?", re.IGNORECASE)
_NEVER = re.compile(r"(?!)")
# Characters in no pattern of Presidio's that is used; those for web addresses have more than six thousand.
_LONGEST = 1000
_SIGNS = re.compile(r"[\d@._(\[]")


def structured(text: str) -> list[Span]:
    """Details in a text, none overlapping, in order; the longer of two that overlap is kept."""
    spans = [(start, end, "ADDRESS") for start, end in addresses(text)]
    spans += [(start, end, "HANDLE") for start, end in handles(text)]
    if not _SIGNS.search(text):  # every one of the others holds one of these
        return without_overlaps(spans)
    possible = [pair for needed, patterns in PATTERNS if needed.search(text) for pair in patterns]
    spans += [_span(match, kind) for kind, pattern in possible for match in pattern.finditer(text)]
    if re.search(r"\d", text):
        spans += [(start, end, "REFERENCE") for start, end in references(text)]
        spans += [(start, end, "COLLAR") for start, end in officers_numbers(text)]
        spans += _by_presidio(text)
    spans = [_with_extension(text, span) for span in spans if span[2] != "PHONE" or not _NO_PHONE.fullmatch(text[span[0] : span[1]])]
    return without_overlaps([span for span in spans if span[2] != "NHS" or not _is_another(text, span, spans)])


def _is_another(text: str, span: Span, spans: list[Span]) -> bool:
    """Whether what has the form of an NHS number is a reference or a telephone number, and no word before says otherwise."""
    number = text[span[0] : span[1]]
    kinds = {"REFERENCE", "PHONE"} if number.startswith("0") and not number.isdigit() else {"REFERENCE"}
    told = any(other[:2] == span[:2] and other[2] in kinds for other in spans)
    return told and not _NHS_BEFORE.search(text[max(0, span[0] - 40) : span[0]])


def without_overlaps(spans: list[Span]) -> list[Span]:
    """Spans in order, of which the longer of two that overlap is kept, and the earlier of two as long."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        if all(span[1] <= other[0] or span[0] >= other[1] for other in kept):
            kept.append(span)
    return sorted(kept)


def _with_extension(text: str, span: Span) -> Span:
    """A telephone number with the extension behind it."""
    extension = _EXTENSION.match(text, span[1]) if span[2] == "PHONE" else None
    return (span[0], extension.end(), span[2]) if extension else span


def _span(match: re.Match[str], kind: str) -> Span:
    inner = "inner" if "inner" in match.re.groupindex else 0
    return match.start(inner), match.end(inner), kind


def _by_presidio(text: str) -> list[Span]:
    spans = []
    kinds = {kind for kind, needed in _NEEDED.items() if needed.search(text)}
    for kind, recogniser in recognisers() if kinds else []:
        if kind not in kinds:
            continue
        # These recognisers need no language model, hence no artefacts of one.
        for result in recogniser.analyze(text, recogniser.supported_entities, None) or []:  # type: ignore[arg-type]
            if not _NEAR_MISSES.get(kind, _NEVER).fullmatch(text[result.start : result.end]):
                spans.append((result.start, result.end, kind))
    return spans


@lru_cache(maxsize=1)
def recognisers() -> list[tuple[str, EntityRecognizer]]:
    """Presidio's recognisers that need neither a network nor a language model.

    Its recogniser of e-mail addresses is not among them: it asks tldextract, which fetches a list of domains, and what it would
    refuse for its domain is an address all the same. So tldextract is not imported, nor what it fetches with.
    """
    with without(*HEAVY), unchecked(_LONGEST), put_off("tldextract", "extract"):
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
        ("PHONE", PhoneRecognizer(supported_regions=("GB", "IE"))),
        ("POSTCODE", UkPostcodeRecognizer()),
        ("VEHICLE", UkVehicleRegistrationRecognizer()),
    ]
