"""Details that have a form of their own: addresses, numbers, registrations, references.

Presidio's recognisers find what they can (NHS and National Insurance numbers, telephone numbers, postcodes, registrations);
:mod:`pipeline.redact.patterns` and :mod:`pipeline.redact.addresses` add the rest. All look at one text and no further.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.imports import HEAVY, without
from pipeline.redact.addresses import addresses
from pipeline.redact.patterns import PATTERNS

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

Span = tuple[int, int, str]
"""Where a detail begins and ends in its text, and its kind."""

# Presidio takes no notice of capitals: "bus 46A" and "A583 has" are no number plates, "T5 TOP" is what table 5 puts first,
# and "B1 2nd" is no postcode.
_NEAR_MISSES = {
    "VEHICLE": re.compile(
        r"(?:[A-Za-z]\d{1,3}[- ]?(?![A-Z]{3})[A-Za-z]{3}|T\d{1,2} [A-Z]{3}"
        r"|[A-Z]{2}\d\d[- ]?[a-z]{3}|(?![A-Z]{3})[A-Za-z]{3}[- ]?\d{1,3}[- ]?[A-Za-z])"
    ),
    # "01282 2011" is a figure and a year before it is a number of Dublin.
    "PHONE": re.compile(r"0\d{4}[ -]\d{4}"),
    "POSTCODE": re.compile(r".*\d(?:st|nd|rd|th)"),
}
_NEVER = re.compile(r"(?!)")
_SIGNS = re.compile(r"[\d@._(\[]")


def structured(text: str) -> list[Span]:
    """Details in a text, none overlapping, in order; the longer of two that overlap is kept."""
    spans = [(start, end, "ADDRESS") for start, end in addresses(text)]
    if not _SIGNS.search(text):  # every one of the others holds one of these
        return without_overlaps(spans)
    spans += [_span(match, kind) for kind, pattern in PATTERNS for match in pattern.finditer(text)]
    if re.search(r"\d", text):
        spans += _by_presidio(text)
    return without_overlaps(spans)


def without_overlaps(spans: list[Span]) -> list[Span]:
    """Spans in order, of which the longer of two that overlap is kept, and the earlier of two as long."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        if all(span[1] <= other[0] or span[0] >= other[1] for other in kept):
            kept.append(span)
    return sorted(kept)


def _span(match: re.Match[str], kind: str) -> Span:
    inner = "inner" if "inner" in match.groupdict() else 0
    return match.start(inner), match.end(inner), kind


def _by_presidio(text: str) -> list[Span]:
    spans = []
    for kind, recogniser in _recognisers():
        # These recognisers need no language model, hence no artefacts of one.
        for result in recogniser.analyze(text, recogniser.supported_entities, None) or []:  # type: ignore[arg-type]
            if not _NEAR_MISSES.get(kind, _NEVER).fullmatch(text[result.start : result.end]):
                spans.append((result.start, result.end, kind))
    return spans


@lru_cache(maxsize=1)
def _recognisers() -> list[tuple[str, EntityRecognizer]]:
    """Presidio's recognisers that need neither a network nor a language model.

    Its recogniser of e-mail addresses is not among them: it asks tldextract, which fetches a list of domains, and what it would
    refuse for its domain is an address all the same.
    """
    with without(*HEAVY):
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
