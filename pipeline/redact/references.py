"""References of crimes, logs, cases and complaints, by the words around them.

The more often notes use the word otherwise ("case", "order", "job"), the more its number must look like one. Forms that are told by
themselves ("LC-20120714-0543") are in :mod:`pipeline.redact.patterns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.redact.codes import BEHIND, CODE, JOIN, NUMBER_WORD, OF_DAY, OFTEN, OTHERWISE, RANK, SURE, THEN, Needs, counts, listed
from pipeline.redact.dates import YEAR

_AWAY = r"(?:[a-z ]{0,30}(?<=[a-z ])[:=])?"
# No grid reference, and no drawing.
_REFERENCES = re.compile(
    rf"(?<![\w@/-])(?<!grid )(?<!drwg )(?<!drawing )(?:(?P<sure>{SURE})|{OFTEN})(?![a-z'’]){BEHIND}{_AWAY}{THEN}", re.IGNORECASE
)
# One case has a number of five figures ("Housing case 30412"); a count has behind it what is counted.
_ONE = re.compile(r"\b(?:case|crime|incident|complaint|ticket|claim|fault|enquiry)\s(?P<inner>\d{5})(?=\s?[.,;)|]|\s?$)", re.IGNORECASE)
# "the incident number, which you gave as 2214 of 9 May"
_GAVE = re.compile(
    rf"\b(?:(?P<sure>{SURE})|{OFTEN})\s(?P<number>{NUMBER_WORD})[^.;|\n\d]{{0,30}}?\b(?:gave|given|quoted|got|have|had)(?:\s[a-z]+){{0,3}}?\s(?:as|is|was)\s",
    re.IGNORECASE,
)
# "serial 664 25/05/13"; what a boiler or a pump has behind it is no matter
_SERIALS = re.compile(r"\bserials?\b(?:\s?no\b\.?)?\s", re.IGNORECASE)
# "5225104412 refers", "25000318842 as my crime number", "6112/18JUN25 CAD", "118204 (case)"
_REFERRED = re.compile(
    rf"(?<![\w£/.:-])(?P<inner>(?=[\w/*-]*\d{{3}})[A-Za-z0-9]{{2,18}}(?:{JOIN}[A-Za-z0-9]{{1,14}}){{0,5}}),?"
    rf"(?:\s(?:refers|relates|applies)\b|\s?\((?:\w+ )?(?:{SURE}|crime|case|occurrence|log|incident|police log)(?: no| number| ref)?\)"
    rf"|\s(?:is|was|as)\s(?:my|the|our|your|his|her)?\s?(?:{SURE}|crime|case|incident)\b|\s(?:cad|log|case|crime|ref|urn)(?=[.,;)]"
    rf"|\s?\||$))",
    re.IGNORECASE,
)
# Ten to twelve figures in a row, where the note speaks of police or of a crime.
_LONG = re.compile(r"(?<![\w£/.:+-])(?:(?!0)\d{10,12}|\d{5}/\d{5})(?![\w/%]|[.:-]\d)")
_OF_POLICE = re.compile(
    rf"\b(?:fraud|victim|stolen|theft|burg\w*|assault|suspect|offender|harassment|police|crimes?|incidents?|occurrences?|reported"
    rf"|arrest\w*|cad|log|{RANK})\b",
    re.IGNORECASE,
)


def references(text: str) -> Iterator[tuple[int, int]]:
    """Where references stand in a text; some may overlap.

    >>> text = "log 412 of 3/6, crime no 20/41187/25 and 20/41190/25, order 12"
    >>> [text[start:end] for start, end in references(text)]
    ['412 of 3/6', '20/41187/25', '20/41190/25']
    """
    for cue in (*_REFERENCES.finditer(text), *_GAVE.finditer(text)):
        needs = _three_figures if cue["sure"] or cue["number"] else _looks_made
        for start, end in listed(text, cue.end(), _or_of_day(text, needs)):
            day = OF_DAY.match(text, end)
            yield start, day.end() if day else end
    for cue in _SERIALS.finditer(text):
        code = CODE.match(text, cue.end())
        day = OF_DAY.match(text, code.end()) if code else None
        if code and day:
            yield code.start(), day.end()
    for match in _REFERRED.finditer(text):
        figures, letters = counts(match["inner"])
        if not OTHERWISE.fullmatch(match["inner"]) and (figures >= 5 or letters):
            yield match.span("inner")
    yield from (match.span("inner") for match in _ONE.finditer(text))
    if _OF_POLICE.search(text):
        yield from (match.span() for match in _LONG.finditer(text))


def _three_figures(code: re.Match[str]) -> bool:
    figures, letters = counts(code[0])
    return (figures >= 3 or (figures == 2 and letters > 0)) and not OTHERWISE.fullmatch(code[0])


def _or_of_day(text: str, needs: Needs) -> Needs:
    """Or a number of two figures and more that is one of a day: "412 of 3 June"."""
    return lambda code: (
        needs(code)
        or (code[0].isdigit() and len(code[0]) > 1 and text[code.end() :].startswith(" of ") and OF_DAY.match(text, code.end()) is not None)
    )


def _looks_made(code: re.Match[str]) -> bool:
    """Whether a number looks like none that counts: letters and figures, figures joined, or six of them."""
    figures, letters = counts(code[0])
    if re.fullmatch(rf"[A-Z]+ {YEAR}", code[0]):
        return False
    joined = not code[0].isalnum()
    return (figures >= 6 or (figures >= 4 and (joined or letters > 0))) and not OTHERWISE.fullmatch(code[0])
