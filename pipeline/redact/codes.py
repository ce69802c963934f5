"""Numbers behind a word that says what they are: the words, the shape of the numbers, and lists of them.

Every force, council and court writes its numbers in its own way. So what is looked for is a word such as "log", "case no" or "collar"
and any run of letters and figures behind it, but for what a date, a time, a year, a road or a count looks like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipeline.redact.dates import DATE, MONTH, YEAR

Needs = Callable[[re.Match[str]], bool]
"""Whether a number found is one of the kind that is looked for."""

# Words that seldom stand before another number than a reference, and words that often do.
SURE = (
    r"refs?|references?|urn|crn|cad|cris|crims|pulse|niche|merlin|storm|fwin|pnc(?:\s?id)?|cro|nspis|athena|occ(?:urrence)?s?|logs?|incs?"
    r"|sr|i?vpd|uprn|pcn|fpn|crm|e-?cins|iml"
)
OFTEN = (
    r"crimes?|incid(?:ent)?s?|cases?|jobs?|complaints?|faults?|tickets?|enquir(?:y|ies)|inquiry|quer(?:y|ies)|orders?|planning"
    r"|applications?|reports?|custody|court|claims?|tenanc(?:y|ies)|acc(?:oun)?t|rent|licen[cs]e|permit|notice|summons|referrals?|worksheet|requests?"
    r"|intel(?:ligence)?|docket|policy|offences?|files?|appeal|booking|exhibit|search warrant|repairs?|enforcement|warrant|ct|fraud"
)
BADGE = r"collar|coll|shoulder|epaulettes?|badge|warrant(?:\scard)?|payroll"
RANK = (
    r"w?pcs?|ofc|ofcr|offr|con|pcsos?|pscos?|csos?|[tda]?/?ps|[td]?/?dc|ds|di|dci|det|[at]?/?sgt|sergeant|[at]?/?insp(?:r)?|inspector"
    r"|constables?|const|cons|specials?|spc|garda[ií]?|officers?|policem[ae]n|policewom[ae]n|psni|psi|gda[ií]?|cst|cop|member|sarjant|rhingyll|cwnstabl"
    r"|heddwas|soco|oic|tso|(?:crew|watch|station|group)\s(?:cdr|commander|manager|mgr)|cdr"
)
NUMBER_WORD = r"(?:(?:nos?|numbered|rhif|reg|nums?|numbers?|nr|refs?|reference|id)\b\.?|#|№)"
_BETWEEN = (
    r"(?:[\s|:=(\[.,–-]|\b(?:is|was|are|were|now|the|as|on|with|of|wrong|said|his|her|card|quoted|quote|being|shows?|showing"
    r"|reads?|still|says?|quotes?|then|from|has|have|one'?s)\b)"
)
BEHIND = rf"(?P<number>(?:{_BETWEEN}{{0,4}}{NUMBER_WORD}){{0,3}})"
THEN = rf"{_BETWEEN}{{0,5}}"
JOIN = r"[/*_–-]"
CODE = re.compile(
    rf"(?:(?!(?i:{RANK}|{SURE}|{OFTEN}|{BADGE}|no|at|the|in|on|of|to)\b)[A-Z]{{1,4}} (?=\d{{2}}))?[A-Za-z0-9]{{1,18}}"
    rf"(?:{JOIN}[A-Za-z0-9]{{1,14}}){{0,6}}(?: \d{{2,4}}(?= \d{{3}}) \d{{3}}(?!\d))?(?![\w£%*]|{JOIN}\w|[.:]\d)"
)
OF_DAY = re.compile(
    rf"(?:(?:\s(?:of|on|dated)\s(?:the\s)?|,?\s|\s?[/-]\s?)"
    rf"(?:{DATE}|\d{{1,2}}[/.-]\d{{1,2}}(?![/.-]?\d)|\d{{1,2}}(?:st|nd|rd|th)?\s?{MONTH}(?:\s?(?:20)?\d\d)?(?![\w:.])"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:20)?\d\d(?!\d))"
    # "91 of the 8th", "1187 (3/7)"
    r"|\s(?:of|dated)\s(?:the\s)?\d{1,2}(?:st|nd|rd|th)(?!\w)|\s\(\d{1,2}/\d{1,2}(?:/(?:20)?\d\d)?\))",
    re.IGNORECASE,
)
_MORE = re.compile(r"(?:\s?\([^()]{1,40}\))?\s?(?:,|&|\+|/|;|\b(?:and|or|plus|with|not)\b)\s?(?:and\s)?", re.IGNORECASE)
# No number of that kind, whatever stands before it: years, times, ordinals, measures, roads, days, "24/7".
OTHERWISE = re.compile(
    rf"{YEAR}(?:[/–-](?:\d\d|{YEAR}))?|\d{{1,3}}(?:st|nd|rd|th|am|pm|hrs?|h|mph|km|k|m|ft|cm|mm|kg|mins?|yrs?|wks?|days?|x|s)"
    rf"|[ABMN]\d{{1,4}}"
    r"|\d{1,2}[/–-]\d{1,2}(?:[/–-](?:\d\d){1,2})?|[a-z]{4,}\d?",
    re.IGNORECASE,
)


def listed(text: str, start: int, needs: Needs) -> Iterator[tuple[int, int]]:
    """The number that begins at ``start``, if it is what is needed, and those that follow it in a list."""
    code = CODE.match(text, start)
    while code and needs(code):
        yield code.span()
        day = OF_DAY.match(text, code.end())
        more = _MORE.match(text, day.end() if day else code.end())
        code = CODE.match(text, more.end()) if more else None


def counts(code: str) -> tuple[int, int]:
    """How many figures and how many letters there are."""
    return sum(sign.isdigit() for sign in code), sum(sign.isalpha() for sign in code)
