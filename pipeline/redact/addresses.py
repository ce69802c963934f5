"""Addresses of homes: what has a number, a flat or a name of its own, in a street.

A street alone is a place and stays; a number before it makes it somebody's door. A number may count things, too ("20 cars on Mill
Lane", "3 main road closures", "after 10 Mill Lane is dark"), so what stands before, between and behind is looked at. A name in small
letters needs more than one in capitals: a word before it that puts something somewhere, or a name that notes use for nothing else.
Kinds of street are those of the Postcode Address File of Royal Mail, in Britain and Ireland.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.redact.vocabulary import listed_words

_STREET = (
    r"(?:street|str|st|road|rd|avenue|ave?|lane|ln|close|cl|drive|dr|crescent|cres|cresc|terrace|terr?|way|grove|gr|place|pl|court|ct"
    r"|gardens?|gdns|square|sq|row|walk|mews|view|hill|rise|park|parade|pde|green|bank|fold|brow|gate|wynd|boulevard|blvd|croft|villas"
    r"|buildings|bldgs)"
)
# Words that many other things end in; they make a street of a name only with a capital.
_RARER_STREET = (
    r"(?-i:(?i:acres?|alley|approach|arcade|avenues|bottoms?|bridge|broadway|bungalows|causeway|chase|circus|common|copse|corner|cottages|crofts"
    r"|cross|dale|dell|dene|edge|ends?|esplanade|fairway|fields?|garth|glade|glen|heath|heights|hey|heys|hollow|hurst|knoll|lawns?|leas?|leys|loan"
    r"|lodge|mead|meadows?|moor|mount|nook|orchard|oval|paddocks?|passage|pastures?|path|pathway|precinct|promenade|quay|reach|ridge|royd|side"
    r"|sidings|spinney|steps|strand|top|vale|vista|wharf|woods?|yard)(?<=[A-Z]{3}|[A-Z][a-z]{2}|[a-z]{3}))"
)
# Streets that are called "The" something, and those whose name is one word.
_THE_STREET = (
    rf"(?-i:[Tt]he|THE)\s(?-i:(?=[A-Z]))(?:{_STREET}|avenues|beeches|birches|brambles|cedars|chestnuts|cloisters?|coppice|copse|crofts?|dell|elms|ferns"
    r"|fields|firs|glade|glen|granary|hawthorns?|hayfields|heath|hollies|hollow|knoll|larches|laurels|limes|links|maltings|maples|meadows?|moorings"
    r"|mount|nook|oaks|orchards?|paddocks?|pastures|pines|poplars|ridge|ridings|rowans|sidings|spinney|stables|sycamores|vale|willows|woodlands)\b"
)
_ONE_WORD = r"(?-i:(?=[A-Z]))[^\W\d_]{3,40}(?:gates?|geat|bottoms|royds?|side|croft|holme)\b(?<!\bwestside)(?<!\bfloodgates)"

# What stands between the number and the kind of street is its name, and not how many of something there are.
_STREET_NAME = (
    r"(?!(?:on|in|at|of|the|and|to|for|from|near|off|by|or|per|with|along|mph|new|more|cars?|vans?|houses|homes|people|way|lane|bus|street|main"
    r"|busy|side|bad|dark|empty|big|small|long|short|local|different|parked|years?|months?|weeks?|days?|hours?|hrs|mins?|minutes?|times?"
    r"|pm|am|x|incidents|crimes|burglaries|residents|complaints|kids|lads|youths|metres?|miles?|yards?)\b)[^\W\d_][\w'’-]{1,40}\.?\s"
)
# Bounded, so that a run of letters as long as a file costs no more than another.
_WORD = r"[^\W\d_][\w'’-]{1,40}"
_CAPITAL = r"(?-i:(?=[A-ZÀ-Þ]))"
_NUMBER = r"(?!(?:19|20)\d\d\b)\d{1,4}\s?(?-i:[A-Za-z](?![\w'’]))?"
_NUMBERS = rf"(?:(?:nos?\b\.?|numbers?|num|nr)\s?)?{_NUMBER}(?:(?:\s?[-–/&,]\s?|\s(?:and|to|or)\s){_NUMBER}){{0,8}},?\s"
_FLAT = (
    r"(?:(?:flat|apartment|apt|unit|room|bedsit|studio|maisonette|plot|pitch|caravan|suite)s?\s?(?:no\b\.?\s?|number\s)?"
    r"(?:\d{1,3}(?:[/.]\d{1,2})?\s?(?-i:[A-Za-z]\b)?|(?-i:[A-Z])\b)"
    r"|\d/\d|(?:ground|first|second|third|top|lower|upper|basement)[ -]floor(?:\sflat)?)"
)
_HOUSE = rf"(?:{_FLAT},?\s)?{_NUMBERS}"
_BLOCK = r"(?:house|court|towers?|heights|lodge|mansions?|buildings?|point|close|hall|mill|works|place|view|gardens|street|road)"
_NO_COUNT = "".join(
    rf"(?<!\b{word}\s)"
    for word in (
        "over about around some top table session phase bus route junction group page priority ward round nearly zone after since until "
        "till before past year area section part stage level week day jct team district forum plus only"
    ).split()
)
_BEGINS = rf"(?<![\w.,£#/:-]){_NO_COUNT}"
# "3 Mill Lane burglaries", "2 Hill Street residents", and the number of a bus.
_ENDS = (
    r"(?:\.?\s(?:north|south|east|west)\b)?(?!\s+(?:residents|households|homes|people|crimes|incidents|complaints|burglaries|break-?ins|robberies"
    r"|assaults|accidents|crashes|thefts|shops|pubs|(?:street ?)?lights?|signs?|closures?|works|crossings?|junctions?|buses)\b)"
)
_WELSH = r"(?:heol|ffordd|stryd|lôn|rhodfa|clos|cwrt|maes y|bryn|tan y)"
_NAMED = (
    r"(?:cottage|farm|farmhouse|barn|bungalow|lodge|villa|grange|rectory|vicarage|forge|smithy|bakery"
    r"|school\s?house|coach\s?house|toll\s?house)"
)
_PUTS = (
    r"(?:at|from|to|in|outside|o/s|inside|opposite|opp|near|nr|next to|behind|beside|by|above|address:?|premises|property|house"
    r"|home|visit(?:ed)?|live[sd]?|living|of|@|called|attended|executed)\s"
)

_SURE = [
    # 12 Brunswick Street; Flat 3, 14 Greave Close; 3, 5 and 7 Mill Lane; 9 MILL RD EAST
    rf"{_BEGINS}{_HOUSE}(?:{_CAPITAL}{_STREET_NAME}){{1,3}}(?:{_STREET}|{_CAPITAL}{_RARER_STREET})\b{_ENDS}",
    # 3 The Paddocks, 101 Kirkgate
    rf"{_BEGINS}{_HOUSE}(?:{_THE_STREET}|{_ONE_WORD}){_ENDS}",
    # outside 44 harehills avenue
    rf"\b(?:{_PUTS}|(?=no\b\.?\s?\d|number\s\d))(?P<inner>{_HOUSE}(?:{_STREET_NAME}){{1,2}}{_STREET}\b){_ENDS}",
    # lives at 14 Sycamore
    r"\b(?:live[sd]?|living|resid(?:es?|ed|ing)|address|moved)(?:\s(?:is|was|at|to|up at|down at)){0,2}:?\s"
    rf"(?P<inner>{_HOUSE}{_CAPITAL}{_WORD}(?:\s{_CAPITAL}{_WORD}){{0,2}})\b",
    # Flat 12, Tower Court; flat 12 tower court; Flat 2, Egerton House, Blackburn Road; Flat 9, The Sidings, Lowergate
    rf"\b{_FLAT},?\s(?:{_THE_STREET}|(?:{_STREET_NAME}){{1,2}}{_BLOCK}\b)(?:,\s(?:{_NUMBERS})?(?:(?:{_CAPITAL}{_STREET_NAME}){{1,2}}{_STREET}\b|{_ONE_WORD}))?",
    # Rose Cottage, Mill Lane; The Old Forge, Main Street
    rf"\b(?:{_CAPITAL}{_WORD}\s){{1,3}}{_CAPITAL}{_NAMED},\s"
    rf"(?:(?:{_CAPITAL}{_STREET_NAME}){{1,2}}|{_CAPITAL}main\s){_STREET}\b",
    # Mill Lane, no. 12
    rf"(?<![\w'’-])(?:{_CAPITAL}{_STREET_NAME}){{1,2}}{_STREET}\b,?\s\(?(?:no\b\.?|number|house)\s?{_NUMBER}\b\)?"
    r"(?!\s*(?:bus|route|service|in|on|for|priority|problem|issue|spot|hot\s?spot|worst|concern|complaint|of)\b)",
    rf"(?<![\w.,£#/:-])(?:no\b\.?\s?)?{_NUMBER},?\s{_WELSH}(?:\s(?:yr?|[^\W\d_]{{3,40}})){{1,2}}\b",
]
# 7 nuttall lane, with nothing before it: only if the name is no word of notes ("2 broken street lights"), or "church st" is short.
_SMALL = re.compile(
    rf"{_BEGINS}{_HOUSE}(?P<name>(?:{_STREET_NAME}){{1,2}})(?P<kind>street|st|road|rd|avenue|ave|lane|ln|close|drive|dr|crescent|cres|terrace|grove)\b{_ENDS}",
    re.IGNORECASE,
)
_SHORT = frozenset("st rd ave ln dr cres".split())
_PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern in _SURE]


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand in a text; some may overlap.

    >>> [text[start:end] for text in ["noise at flat 3, 14 Mill Lane again", "20 cars on Mill Lane"] for start, end in addresses(text)]
    ['flat 3, 14 Mill Lane', '14 Mill Lane']
    """
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            inner = "inner" if "inner" in match.groupdict() else 0
            start, end = match.span(inner)
            yield start, start + len(text[start:end].rstrip())
    for match in _SMALL.finditer(text):
        words = match["name"].lower().split()
        counted = len(words) > 1 and words[0].endswith("s")  # "3 break-ins brunshaw road"
        everyday = any(word in listed_words("everyday_words") for word in words)
        if not counted and (match["kind"].lower() in _SHORT or not everyday):
            yield match.span()
