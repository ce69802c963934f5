"""Numbers of officers and staff: collar, shoulder, warrant and payroll numbers, by the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.redact.codes import BADGE, BEHIND, NUMBER_WORD, OTHERWISE, RANK, THEN, Needs, counts, listed
from pipeline.redact.dates import YEAR

_EMPLOYER = r"staff|emp(?:loyee|loyment)?\.?|force|police|officer'?s|works|wardens?|pay|service"
_NAME = r"(?-i:[A-ZÀ-Þ](?:[^\W\d_]|['’-]){0,30}(?![\w'’-])\.?)"
_BADGES = re.compile(
    rf"(?<![\w@-])(?<!\w\w/)(?:(?P<sure>{BADGE})(?![a-z])|(?P<rank>{RANK})(?:['’]s)?(?![a-z'’])|(?:{_EMPLOYER})\b(?=\s(?:id\s|ref\s|pay\s"
    rf"|roll\s)?{NUMBER_WORD}))"
    rf"(?:[/\s]+(?:{BADGE})\b)?{BEHIND}{THEN}",
    re.IGNORECASE,
)
# "PC Amjad Hussain 18844", "Sgt Webb (2207)"
_NAMED = re.compile(
    rf"(?<![\w@/-])(?:(?:{RANK})\.? {_NAME}(?: {_NAME}){{0,2}},?\s?[(\[–-]?\s?(?:(?:collar|shoulder|badge|warrant|reg|s/n"
    rf"|staff)\b\.?\s)?(?:{NUMBER_WORD}\s?)?)(?=[A-Za-z]{{0,3}}[ /-]?\d)",
    re.IGNORECASE,
)
# "staff number for the timesheet is 20448871", "the officer gave her number as P184427"
_GIVEN = re.compile(
    rf"\b(?:(?:staff|collar|shoulder|warrant|payroll|police)\s(?:no|number)\b\.?[a-z ]{{0,45}}(?:\s(?:is|was|as)|,)|(?:{RANK})\b[a-z "
    rf"]{{0,30}}\snumber\s(?:as|was|is))\s(?P<inner>[A-Z]{{0,4}}-?\d{{3,8}}[A-Z]{{0,2}})\b",
    re.IGNORECASE,
)
# "the officer who wore number 3371", "a young copper - Ben, number 17734"
_WORN = re.compile(
    rf"\b(?:{RANK}|copper)\b(?:[^.;|\n\d]{{0,30}}\b(?:wore|wearing|had on)\s(?:the\s)?|[^.;:|\n\d]{{0,25}}[,(–-]\s?)(?:no\b\.?|number)\s"
    r"(?P<inner>\d{4,6})\b(?!\sof\s)",
    re.IGNORECASE,
)
_OF_RANK = re.compile(rf"\b(?:{RANK})\b", re.IGNORECASE)
_SHOULDER_NUMBER = re.compile(r"\bs/n:?\s(?=[A-Z]{1,2} ?\d)", re.IGNORECASE)
# "WMP 30977"
_OF_FORCE = re.compile(r"\b(?:MPS|GMP|WMP|SYP|WYP|NYP|SWP|NWP|DPP|GWP|BTP|TVP|PSOS|D&C|A&S|CoLP) [A-Z]?\d{4,5}\b")
# "1482 PC Dunn", "number 1907 on his shoulder", "6017 to re-visit", "3350 and 3371 on scene"
_BEFORE = re.compile(
    rf"(?<![\w£/.:-])(?P<inner>(?:[A-Z]{{1,2}} ?)?\d{{3,8}}[A-Z]{{0,2}})(?:\s(?i:{RANK})\s{_NAME}|(?i:(?P<shoulder>\s(?:on|from) "
    rf"(?:\w+ )?(?:shoulder|collar|badge|epaulettes?))\b"
    r"|\sto (?:re-?)?visit\b|\sto (?:deal|attend|follow up)\b|\stook (?:a )?statement|\s(?:is |was )?oic\b|\sdealing\b|(?:\s(?:and"
    r"|&)\s\d{3,5})?\s(?:first )?on scene\b))"
)
# A number that may well be the year of something that the note tells.
_LATE_YEAR = r"19[5-9]\d|20[0-3]\d"
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_BADGE_NUMBER = re.compile(r"[A-Z]{0,4}[ /-]?\d{2,8}-?[A-Z]{0,2}|\d{1,2}[A-Z]{1,2}\d{2,5}", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s?%|\s?(?:hours|hrs|h|pm|am|posts|jobs|days?|weeks?|years?|times|per|calls|visits|people|residents|x|crimes|incidents"
    r"|patrols|shifts|members|officers|vehicles|to \d)\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    rf"\s(?:at|i/?c|oic|dealing|present|not|is|was|has|had|will|never|came|said|spoke|visited|attend(?:s|ed)|to (?:re-?)?(?:visit|attend"
    rf"|call))\b|\s{_NAME}"
)


def officers_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers of officers and staff stand in a text; some may overlap.

    >>> text = "PC 4419 and 4420, Sgt Webb (2207), PCs 120 hours, 1430 PC came"
    >>> [text[start:end] for start, end in officers_numbers(text)]
    ['4419', '4420', '2207']
    """
    for cue in _BADGES.finditer(text):
        if "ref" in cue["number"].lower():
            continue
        needs = _badge if cue["number"] else _badge_of_no_year if cue["sure"] else _uncounted(text)
        yield from listed(text, cue.end(), needs)
    for cue in _NAMED.finditer(text):
        yield from listed(text, cue.end(), _uncounted(text, named=True))
    yield from (match.span("inner") for pattern in (_GIVEN, _WORN) for match in pattern.finditer(text))
    if _OF_RANK.search(text):
        for cue in _SHOULDER_NUMBER.finditer(text):
            yield from listed(text, cue.end(), _badge)
    yield from (match.span() for match in _OF_FORCE.finditer(text))
    for match in _BEFORE.finditer(text):
        number = match["inner"]
        if match["shoulder"] or not (_TIME.fullmatch(number) or OTHERWISE.fullmatch(number)):
            yield match.span("inner")


def _badge(code: re.Match[str]) -> bool:
    """A badge's number; behind a word that says so, four figures may look like a year or a road."""
    number = _BADGE_NUMBER.fullmatch(code[0]) is not None
    return number and (
        not OTHERWISE.fullmatch(code[0]) or re.fullmatch(rf"{YEAR}|[A-Z]\d{{3,4}}|\d{{3,4}}[A-Z]{{1,2}}", code[0]) is not None
    )


def _badge_of_no_year(code: re.Match[str]) -> bool:
    return _badge(code) and not re.fullmatch(YEAR, code[0])


def _uncounted(text: str, *, named: bool = False) -> Needs:
    """A badge's number of three signs and more that counts nothing ("PCs 120 hours"); like a year only where somebody does something."""

    def needs(code: re.Match[str]) -> bool:
        if re.fullmatch(_LATE_YEAR, code[0]):
            return _DOES.match(text, code.end()) is not None or (named and re.match(r"[.,;)]|$", text[code.end() :]) is not None)
        enough = counts(code[0])[0] >= 3 or re.fullmatch(r"\d\d[A-Z]{1,2}", code[0]) is not None
        return _badge(code) and enough and not _COUNTED.match(text, code.end())

    return needs
