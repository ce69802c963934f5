"""Addresses of homes: what has a number, a flat or a name of its own, in a street.

A street alone is a place and stays; a number before it makes it somebody's door. A number may count things, too ("20 cars on Mill
Lane", "3 main road closures", "after 10 Mill Lane is dark"), so what stands before, between and behind is looked at. A name in small
letters needs more than one in capitals: a word before it that puts something somewhere, or a name that notes use for nothing else.
Kinds of street are in :mod:`pipeline.redact.streets`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.redact.dates import DATE, MONTH
from pipeline.redact.patterns import EIRCODE_AREA
from pipeline.redact.streets import ONE_WORD, RARER_STREET, STREET, THE_STREET
from pipeline.redact.vocabulary import listed_words

# What stands between the number and the kind of street is its name, and not how many of something there are. "Main Street" and
# "Whalley New Road" are names, "3 new street lights" and "1 way street" are not.
_STREET_NAME = (
    r"(?!(?:on|in|at|of|the|and|to|for|from|near|off|by|or|per|with|along|mph|more|cars?|vans?|houses|homes|people|bus"
    r"|(?!(?-i:[A-Z][a-z]))(?:new|way|lane|street|main|side|long|yards?)"
    r"|busy|bad|dark|empty|big|small|short|local|different|parked|years?|months?|weeks?|days?|hours?|hrs|mins?|minutes?|times?"
    r"|pm|am|x|incidents|crimes|burglaries|residents|complaints|kids|lads|youths|metres?|miles?)\b)"
    r"(?:(?-i:Prince|Princess|Duke|Earl|Isle|Vale|Mount|Maid|Bridge|Bay)\sof\s)?(?:[^\W\d_]{1,3}\.|[^\W\d_][\w'’-]{1,40})\s"
)
# Bounded, so that a run of letters as long as a file costs no more than another.
_WORD = r"[^\W\d_][\w'’-]{1,40}"
_CAPITAL = r"(?-i:(?=[A-ZÀ-Þ]))"
_NUMBER = r"(?!(?:19|20)\d\d\b|0)\d{1,4}\s?(?-i:[A-Za-z](?![\w'’]))?"
_NUMBERS = (
    rf"(?:(?:nos?(?=\d)|nos?\b\.?|numbers?|num|nr)\s?)?{_NUMBER}(?:(?:,\s?{_NUMBER}){{1,7}}(?=\s?&|\sand|\sor))?(?:"
    rf"(?:\s?[-–/&]\s?|\s(?:and|to|or)\s){_NUMBER}){{0,8}},?\s"
)
_FLAT = (
    r"(?:(?:block|tower)\s(?:\d{1,2}|(?-i:[A-Z]))\b,?\s)?"
    r"(?:(?:f?flat|fl|apartment|apt|unit|(?<!meeting\s)(?<!committee\s)(?<!conference\s)(?<!training\s)(?<!interview\s)(?:room|rm)"
    r"|bedsit|studio|maisonette|penthouse|bungalow|chalet|cabin|plot|pitch|caravan|static|(?:mobile|park)\shome|mooring|suite)s?\.?\s?"
    r"(?:no\b\.?\s?|number\s)?"
    r"(?:\d{1,3}(?:[/.]\d{1,2}|[bgp]?f\d)?\s?(?-i:[A-Za-z]\b)?(?:\s?[-–/&]\s?\d{1,3}|\sand\s\d{1,3})?|(?-i:[A-Z])\b)"
    r"|\d{1,2}/\d{1,2}|\d?[bgp]?f\d|(?:ground|first|second|third|top|lower|upper|basement)[ -]floor(?:\sflat)?"
    r"|(?:1st|2nd|3rd|[4-9]th)[ -]floor\sflat"
    r"|(?:top|ground|basement|garden|upper|lower|middle|front|rear|back|attic)\sflat|shop\s\d{1,3}[a-z]?|[gft]ff|annexe?(?=,?\s\d))"
    r"(?:,?\s(?:block|tower)\s(?:\d{1,2}|(?-i:[A-Z]))\b)?(?:,?\s(?:above|over|behind|rear\sof))?"
)
_HOUSE = rf"(?:{_FLAT},?\s)?{_NUMBERS}"
_BLOCK = (
    r"(?:house|hse|court|ct|crt|twr|wharf|quay|yard|apartments|park|pk|bldgs?|towers?|heights|lodge|mansions?|buildings?|point|close"
    r"|(?<!\bcity\s)(?<!\btown\s)(?<!\bcounty\s)(?<!\bvillage\s)(?<!\bchurch\s)(?<!\bparish\s)hall|mill|works|place|view|gardens|street|road)"
)
_NO_COUNT = "".join(
    rf"(?<!\b{word}\s)"
    for word in (
        "over around some top table session phase bus route junction group page priority ward round nearly zone after since until "
        "till before past year area section part stage level week day jct team district forum plus only gate bay bays berth stall "
        "stand platform quay channel channels tables routes pages items sections"
    ).split()
)
# What a number or a flat begins with is asked first, since most words begin with something else.
_BEGINS = rf"(?<![\w.£#])(?=\d|n|{_FLAT})(?<!\d[,/:–-])(?<!\d\s&\s)(?<!\d\sand\s){_NO_COUNT}"
# "3 Mill Lane burglaries", "2 Hill Street residents", and the number of a bus.
_ENDS = (
    r"(?:\.?\s(?:north|south|east|west)\b)?(?!\s+(?:residents|households|homes|people|crimes|incidents|complaints|burglaries"
    r"|break-?ins|robberies"
    r"|assaults|accidents|crashes|thefts|shops|pubs|(?:street ?)?lights?|signs?|closures?|works|crossings?|junctions?|buses)\b)"
)
# Welsh, Irish and Gaelic streets, whose kind comes first; those that begin towns and schools as well need a capital behind them.
_KIND_FIRST = (
    r"(?:(?:heol|ffordd|stryd|lôn|rhodfa|clos|cwrt|maes y|bryn|tan y"
    r"|sráid|bóthar|páirc|lána|céide|ascaill|garrán|cúirt|plás|faiche|sràid|rathad)"
    r"|(?-i:Rhes|Lon|Allt|Rhiw|Trem|Gerddi|Teras|Min|Maes|Llys|Erw|Dol|Cae|Parc|Cnoc|Ard|Cluain|Gleann|Rath|Gort|Tulach|Cois|Bothar"
    r"|Pairc|Y|Yr)"
    r"(?=\s(?-i:[A-ZÀ-Þ]|(?:y|yr|na|an)\s[A-ZÀ-Þ])))"
)
_NAMED = (
    r"(?:cottage|farm|farmhouse|barn|bungalow|lodge|villa|grange|rectory|vicarage|forge|smithy|bakery"
    r"|lodgings?|school\s?house|coach\s?house|toll\s?house)"
)
# Names that many houses have and few other things: English, Irish, Scottish and Welsh.
_HOUSE_NAME = (
    r"(?:ardmore|gwynfryn|rathmore|bryn\w{2,8}|(?-i:Bryn|Plas|Pen|Llys|Tigh|Teach|Taigh)\s[^\W\d_]{2,12}|[^\W\d_]{3,12}(?:view|mount"
    r"|lea|crest|dene|brae|haven|neuk)|ashlea|beechcroft|belmont|braeside|brookside|burnside|cartref|craigard|dunroamin|fairholme"
    r"|fairview|fairways|ferndale|glenview|greenacres|greenways|hafod|hawthorns|hazeldene|hillcrest|hillside|hilltop|ivydene|lakeview"
    r"|lyndale|lyndhurst|meadowside|moorview|oakdene|oaklands|overdale|riverside|rosebank|rosedene|rosemount|seaview|springfield"
    r"|st\.? (?:anne|anthony|joseph|jude)'?s|sunnybank|sunnyside|sycamores|thornlea|tŷ|westholme|wayside|woodlands|woodside"
    r"|(?:the\s(?:beeches|bungalow|cedars|croft|elms|firs|haven|hollies|laurels|limes|oaks|old\s\w+|orchard|pines|poplars|willows)))"
)
_PUTS = (
    r"(?:at|from|frm|to|in|outside|o/s|inside|opposite|opp|near|nr|next to|behind|beside|by|above|address:?|addr?:?|h/a:?|premises|property"
    r"|house|home|visit(?:ed)?|live[sd]?|living|resid\w+|of|@|called|attended|executed)\s"
)

_STOPS = r"(?=\s*(?:[,.;:!?)]|$|\s[-–]))"
_POSTCODE = r"[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b"
_EIRCODE = rf"{EIRCODE_AREA}\s?[a-z\d]{{4}}\b"
# What has a name and is no home.
_PUBLIC = (
    r"(?:centre|center|church|school|college|library|inn|arms|station|surgery|clinic|hospital|hall|club|pavilion|park|store|shop|cafe|café|bank"
    r"|market|chapel|mosque|temple|hotel|hub|depot|council|office|offices|house|works|mill|theatre|museum|court|academy|nursery|pub|tesco|asda|lidl"
    r"|aldi|co-?op|boots|greggs|spar|costa|quarry|reservoir|marina|stadium|roundabout|junction|estate|playground|rec|cemetery|castle|garage"
    r"|gym|allotments?|beach|lake|woods|bridge|pier|primary|infants|juniors)"
)
_HOME = rf"(?:(?:(?-i:The)\s)?(?!\w+\s{_PUBLIC}\b)(?!{_PUBLIC}\b)(?-i:[A-ZÀ-Þ])[^\W\d_]{{3,16}}(?:\s(?-i:[A-Z])[^\W\d_]{{2,12}})?)"
_HOME_STREET = (
    rf"(?:(?:{_CAPITAL}{_STREET_NAME}){{1,2}}(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|crescent|terrace|hill|row|brae)"
    rf"|{_KIND_FIRST}\s(?:(?:yr?|na|an)\s)?{_CAPITAL}{_WORD})"
)

# Patterns by what they cannot be without, which a text is asked for first.
_WITH_FIGURES = [
    # 12 Brunswick Street; Flat 3, 14 Greave Close; 3, 5 and 7 Mill Lane; 9 MILL RD EAST
    rf"{_BEGINS}{_HOUSE}(?:{_CAPITAL}{_STREET_NAME}){{1,3}}(?:{STREET}|{_CAPITAL}{RARER_STREET})\b{_ENDS}"
    rf"(?:,?\s{_FLAT}(?![\w/])|\s\({_FLAT}\))?",
    # 3 Ferry Cottages, Mill Lane
    rf"{_BEGINS}{_HOUSE}(?:{_CAPITAL}{_STREET_NAME}){{1,2}}{_CAPITAL}(?:almshouses|cottages|court|house|mews|buildings|villas|houses"
    rf"|towers?|flats|terrace|place|row),\s"
    rf"(?:{_CAPITAL}{_STREET_NAME}){{1,2}}(?:{STREET}|{_CAPITAL}{RARER_STREET})\b",
    # 3 The Paddocks, 101 Kirkgate
    rf"{_BEGINS}{_HOUSE}(?:{THE_STREET}|{ONE_WORD}){_ENDS}",
    # outside 44 harehills avenue
    rf"\b(?:{_PUTS}|(?=no\b\.?\s?\d|number\s\d))(?P<inner>{_HOUSE}(?:{_STREET_NAME}){{1,2}}{STREET}\b){_ENDS}",
    # lives at 14 Sycamore
    r"\b(?:live[sd]?|living|resid(?:es?|ed|ing)|address|moved)(?:\s(?:is|was|at|to|up at|down at|(?:with|w/)\s(?:(?:his|her|their)\s)?"
    r"(?:mum|mam|mother|dad|father|nan|gran|grandparents|parents|partner|aunt|uncle|sister|brother))){0,2}:?\s"
    rf"(?P<inner>{_HOUSE}{_CAPITAL}{_WORD}(?:\s(?!{_POSTCODE}){_CAPITAL}{_WORD}){{0,2}})\b",
    rf"{_BEGINS}{_NUMBERS}(?:{_CAPITAL}{_STREET_NAME}){{1,2}}{_CAPITAL}(?:point|heights|tower|twr|court|house|hse|mansions|bldgs"
    rf"|buildings|lodge|wharf),"
    rf"\s(?:{_CAPITAL}{_STREET_NAME}){{1,2}}(?:{STREET}|{_CAPITAL}{RARER_STREET})\b",
    # at Beech House, 4 Warren Dene; The Gables, 71 Babbacombe Downs View; Seaview Hotel, 203 Lord Parade
    rf"(?:\b(?:at|of|outside|from|op)\s|[|/]\s?|\s[-–]\s)(?P<inner>(?:the\s)?(?:{_CAPITAL}{_WORD}\s){{0,2}}{_CAPITAL}{_WORD},\s{_NUMBERS}"
    rf"(?:{_CAPITAL}{_STREET_NAME}){{1,3}}(?:{STREET}|{_CAPITAL}{RARER_STREET}))\b",
    # 2 The Old Maltings, Cley Road
    rf"{_BEGINS}{_NUMBERS}(?-i:The)\s(?:{_CAPITAL}{_WORD}\s)?{_CAPITAL}{_WORD},\s(?:{_CAPITAL}{_STREET_NAME}){{1,2}}{STREET}\b",
    # Trevanion, Station Road, PL14 4DA
    rf"(?<![\w'’-])(?P<inner>{_HOME},\s(?:{_HOME_STREET}|(?:{_CAPITAL}{_STREET_NAME}){{1,2}}(?:{STREET}|{_CAPITAL}{RARER_STREET})\b))"
    rf"(?=,?\s[(]?(?:{_POSTCODE}|{_EIRCODE}))",
    # at 27 otway steps, ME4 5JH: whatever kind of street
    rf"\b{_PUTS}(?P<inner>{_HOUSE}(?:{_STREET_NAME}){{1,2}}(?!(?:in|at|near|off|by|on|and|of)\b)(?!{_POSTCODE}){_WORD})(?=,?\s[(]?{_POSTCODE})",
    # outside 17 Huddart Clough: two words with capitals behind a word that puts something there, whatever kind of street
    rf"\b(?:at|outside|o/s|over|opposite|opp|rear of)\s"
    rf"(?P<inner>{_NUMBER}\s(?!the\s)(?-i:[A-ZÀ-Þ][a-z]{{2,14}}\s[A-ZÀ-Þ][a-z]{{2,14}}))\b{_ENDS}",
    # from 23 Riverdale
    rf"\b(?:at|from)\s(?P<inner>{_NUMBER}\s(?-i:[A-Z])[a-z]{{2,12}}(?:dale|field|ford|ley|lea|mead|croft|garth|holme))\b",
    # Rowan House flat 6
    rf"(?<![\w'’-])(?:{_CAPITAL}{_STREET_NAME}){{1,2}}{_CAPITAL}{_BLOCK},?\s\(?(?:flat|apartment|apt|bedsit)\s(?:no\b\.?\s)?\d{{1,3}}[a-z]?\b\)?",
    # house 7, Rookery Nook
    rf"\bhouse\s(?:no\b\.?\s?)?{_NUMBER},\s(?:{_CAPITAL}{_STREET_NAME}){{1,2}}(?:{STREET}|{_CAPITAL}{RARER_STREET})\b",
    # The Stables, Court Barton, TA19 0ZZ
    rf"{THE_STREET},\s(?:(?!{_POSTCODE}){_CAPITAL}{_WORD}\s){{0,2}}(?!{_POSTCODE}){_CAPITAL}{_WORD}(?=,?\s[(]?{_POSTCODE})",
    # Mill Lane, no. 12
    rf"(?<![\w'’-])(?:{_CAPITAL}{_STREET_NAME}){{1,2}}{STREET}\b,?\s\(?(?:no\b\.?|number|house)\s?{_NUMBER}\b\)?"
    r"(?!\s*(?:bus|route|service|in|on|for|priority|problem|issue|spot|hot\s?spot|worst|concern|complaint|of)\b)",
    rf"{_BEGINS}{_HOUSE}{_KIND_FIRST}\s(?:(?:yr?|na|an)\s)?[^\W\d_]{{2,40}}(?![\w'’])(?:\s(?:(?:yr?|na|an)\s)?{_CAPITAL}{_WORD}){{0,2}}",
    # number 7 on Mill Lane
    rf"\b(?:no\b\.?|number|house(?:\sno\b\.?|\snumber)?)\s?(?!1\s){_NUMBER}\s(?:on|in|at|of|down|up)\s"
    rf"(?:{_CAPITAL}{_STREET_NAME}){{1,3}}{STREET}\b{_ENDS}",
    # 6 The Hides, at the end of what is said
    rf"(?:(?:^|[,;(]\s?){_NO_COUNT}|\b{_PUTS})(?P<inner>{_HOUSE}(?-i:The|THE)\s{_CAPITAL}{_WORD}){_STOPS}",
    # 15 Hillend, Mytown, BB4 7QX: what stands before a postcode
    rf"{_BEGINS}(?P<inner>(?:{_HOUSE}|{_FLAT},?\s)(?:(?!{_POSTCODE}){_CAPITAL}{_WORD}\s){{0,3}}(?!{_POSTCODE}){_CAPITAL}{_WORD})(?:,?\s"
    rf"(?!{_POSTCODE}){_CAPITAL}{_WORD}){{0,2}},?\s[(]?(?:{_POSTCODE}|{_EIRCODE})",
    # Hope House, 12 Mill Lane; Ty Mawr, Mill Lane; lives at Hope House, Mill Lane
    rf"\b(?:{_CAPITAL}{_WORD}\s){{1,3}}{_CAPITAL}(?:{_NAMED}|house|hall|court|manor|cottages),\s(?:{_NUMBERS})"
    rf"(?:{_CAPITAL}{_STREET_NAME}){{1,3}}{STREET}\b",
    # a whole cell of a table: | 17/19 Quarry Heads |
    rf"(?:^|\|)\s?(?P<inner>{_HOUSE}(?:(?-i:[A-ZÀ-Þ][a-z]){_WORD}\s){{1,2}}(?-i:[A-ZÀ-Þ][a-z]){_WORD})(?=\s?(?:\||$))",
    # at the head of a note: 7 mill lane - bins
    rf"^\W{{0,3}}(?P<inner>{_HOUSE}{_STREET_NAME}(?:street|st|road|rd|avenue|ave|lane|ln|close|drive|crescent|cres|terrace|grove"
    rf"|gardens|gdns))"
    r"(?=\s?(?:$|[,;:.!?(–-]))",
]
_WITH_COMMA = [
    # Flat 52 Nye Bevan Hse, Daubeney St; 71 Ettrick Point, Aberfeldy Row
    rf"\b{_FLAT},?\s(?:{_CAPITAL}{_WORD}\s){{0,3}}{_CAPITAL}{_WORD},\s(?:{_NUMBERS})?(?:{_CAPITAL}{_STREET_NAME}){{1,3}}(?:{STREET}"
    rf"|{_CAPITAL}{RARER_STREET})\b",
    # Meadow View, Abbott Lane; Old Manse, Thurso Brae
    rf"(?<![\w'’-])(?:{_CAPITAL}{_WORD}\s){{1,3}}{_CAPITAL}(?:bank|cottage|croft|farm|gables|grange|manse|steading|view|villa),\s"
    rf"(?:{_NUMBERS})?"
    rf"(?:(?:{_CAPITAL}{_STREET_NAME}){{1,2}}(?:{STREET}|{_CAPITAL}{RARER_STREET})"
    rf"|{_CAPITAL}[^\W\d_]{{3,20}}\s{_CAPITAL}[^\W\d_]{{3,20}}(?=\.?$|,?\s{_POSTCODE}))\b",
    # at Braehead, New Street; Trevanion, Station Road, PL14 4DA: a house by its name alone
    rf"\b(?:at|of|is)\s(?P<inner>{_HOME},\s{_HOME_STREET})\b(?!\s(?:and|&|or)\s)",
    # Rose Cottage, Mill Lane; The Old Forge, Main Street
    rf"\b(?:{_CAPITAL}{_WORD}\s){{1,3}}{_CAPITAL}{_NAMED},\s"
    rf"(?:(?:(?:{_CAPITAL}{_STREET_NAME}){{1,2}}|{_CAPITAL}main\s){STREET}\b|{THE_STREET})",
    # Hillcrest, Moycarn Road; Gwynfryn, 14 Heol y Coed
    rf"(?<![\w'’-]){_CAPITAL}{_HOUSE_NAME},\s(?:{_NUMBERS})?(?:(?:{_CAPITAL}{_STREET_NAME}){{1,2}}(?:{STREET}|{_CAPITAL}{RARER_STREET})\b"
    rf"|{_KIND_FIRST}\s(?:(?:yr?|na|an)\s)?{_CAPITAL}{_WORD})",
    rf"\b(?:live[sd]?|living|resid(?:es?|ed|ing)|home address|address|h/a|(?:owner|occupier|tenant)s?\sof)"
    rf"(?:\s(?:is|was|at)){{0,2}}:?\s(?P<inner>(?:{_CAPITAL}{_WORD}\s){{0,2}}{_CAPITAL}{_WORD}"
    rf",\s(?:{_CAPITAL}{_STREET_NAME}){{1,2}}(?:{STREET}|{_CAPITAL}{RARER_STREET})\b)",
]
_OTHERS = [
    # Flat 12, Tower Court; flat 12 tower court; Flat 2, Egerton House, Blackburn Road; Flat 9, The Sidings, Lowergate
    rf"\b{_FLAT},?\s(?:{THE_STREET}|(?:{_STREET_NAME}){{1,2}}{_BLOCK}\b"
    rf"|(?:{_CAPITAL}{_STREET_NAME}){{1,3}}(?:{_CAPITAL}(?:{_BLOCK}|{STREET}|{RARER_STREET}|basin|lofts|marina|site)\b|(?-i:Block|Tower|Wing)\s(?-i:[A-Z]\b|\d{{1,2}}\b)))"
    rf"(?:,\s(?:{_NUMBERS})?(?:"
    rf"(?:{_CAPITAL}{_STREET_NAME}){{1,2}}{STREET}\b|{ONE_WORD}))?",
    rf"\b(?-i:T[yŷ]|Chy)\s(?:yr?\s|{_CAPITAL}{_WORD}[ ,]\s?){{1,3}}"
    rf"(?:(?:{_NUMBERS})?(?:{_CAPITAL}{_STREET_NAME}){{1,2}}{STREET}\b|{_KIND_FIRST}\s(?:(?:yr?|na|an)\s)?{_CAPITAL}{_WORD})",
]
# 7 nuttall lane, with nothing before it: only if the name is no word of notes ("2 broken street lights"), or "church st" is short.
_SMALL = re.compile(
    rf"{_BEGINS}{_HOUSE}(?P<name>(?:{_STREET_NAME}){{1,2}})(?P<kind>street|st|road|rd|avenue|ave|lane|ln|close|drive|dr|crescent|cres|terrace|tce|grove|gardens|gdns|mews|row|walk|parade|pde|wynd|fold)\b{_ENDS}",
    re.IGNORECASE,
)
# Dealing from 112 Birkrig: a name of one word, which must be no word of notes, no month, person or town, at the end of what is said. A
# small number behind "at" or "from" is rather a time of day.
_BARE = re.compile(
    r"\b(?:(?:outside|o/s|opposite|opp|behind|beside|next to|rear of)\s|(?:at|from|to|of)\s(?=\d{3}|(?:2[5-9]|[3-9]\d)\s|\d{1,2}[a-z]\b))"
    rf"(?P<inner>{_NUMBER}\s(?P<name>{_CAPITAL}{_WORD})){_STOPS}",
    re.IGNORECASE,
)
# "no" and "number" only say what follows, so that "no 7 Mill Lane" and "7 Mill Lane" are one.
_SAID = re.compile(r"(?:(?:nos?|numbers?|num|nr)\b\.?\s?)(?=\d)", re.IGNORECASE)
_DATE = re.compile(DATE, re.IGNORECASE)
_DAY = re.compile(rf"\d{{1,2}}\s{MONTH}\b", re.IGNORECASE)
_NO_STREETS = ("everyday_words", "first_names", "places_and_names")
_SHORT = frozenset("st rd ave ln dr cres gdns tce pde".split())
# "2140 Plough Rd" is where somebody was at that time, and "1500-2300 Well St" from when till when.
_TIME = re.compile(r"(?:1\d|2[0-3])[0-5]\d(?:\s?[-–]\s?(?:[01]\d|2[0-3])[0-5]\d)?\s")
_OWNER = re.compile(
    r"(?:(?P<title>(?:mrs?|ms|miss|dr|cllr|rev|sir|lady)\b\.?\s)|(?P<first>[^\W\d_]{2,20})\s)"
    r"(?:[^\W\d_][\w'’-]*\s)?(?P<last>[^\W\d_][\w'’-]+),\s(?=\d)",
    re.IGNORECASE,
)
_BUILDING = re.compile(
    rf"{_NAMED}|house|court|manor|cottages?|hotel|view|bank|mount|place|villas?|mews|terrace|buildings|flats?", re.IGNORECASE
)
# "Mill Park 2, Hill Park 5": what each of them got.
_SCORE = re.compile(r"\d{1,2}(?:/\d{1,2})?,\s\D{3,40}\s\d{1,2}(?:/\d{1,2})?(?=[,.;]|\s\(|\s?$)")
_FIGURE = re.compile(r"\d")
PATTERNS = [
    (needed, [re.compile(pattern, re.IGNORECASE) for pattern in patterns])
    for needed, patterns in ((_FIGURE, _WITH_FIGURES), (re.compile(","), _WITH_COMMA), (re.compile(""), _OTHERS))
]
"""Patterns of addresses, and what has to stand in a text for them to find anything."""


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand in a text; some may overlap.

    >>> {text[start:end] for text in ["noise at flat 3, 14 Mill Lane again", "20 cars on Mill Lane"] for start, end in addresses(text)}
    {'flat 3, 14 Mill Lane'}
    """
    for start, end in _with_what_says_so(text):
        house = _behind_owner(text, start, end)
        said = _SAID.match(text, house, end)
        yield (said.end() if said else house), end


def _behind_owner(text: str, start: int, end: int) -> int:
    """Where "Mrs Hall, 5 Mill Lane" goes on behind who lives there; "Florence House, 5 Mill Lane" is one address."""
    owner = _OWNER.match(text, start, end)
    if not owner or _BUILDING.fullmatch(owner["last"]):
        return start
    return owner.end() if owner["title"] or owner["first"].lower() in listed_words("first_names") else start


def _with_what_says_so(text: str) -> Iterator[tuple[int, int]]:
    possible = [pattern for needed, patterns in PATTERNS if needed.search(text) for pattern in patterns]
    for pattern in possible:
        inner = "inner" if "inner" in pattern.groupindex else 0
        for match in pattern.finditer(text):
            start, end = match.span(inner)
            if any(other.match(text, start) for other in (_TIME, _DAY, _DATE, _SCORE)):
                continue
            yield start, start + len(text[start:end].rstrip())
    if not _FIGURE.search(text):
        return
    for match in _BARE.finditer(text):
        if not _DAY.match(text, match.start("inner")) and not any(match["name"].lower() in listed_words(words) for words in _NO_STREETS):
            yield match.span("inner")
    for match in _SMALL.finditer(text):
        words = match["name"].lower().split()
        counted = len(words) > 1 and words[0].endswith("s")  # "3 break-ins brunshaw road"
        everyday = any(word in listed_words("everyday_words") for word in words)
        mixed = any(word[0].isupper() for word in match["name"].split()) and not match["name"].istitle() and not match["name"].isupper()
        if not counted and not mixed and not _TIME.match(text, match.start()) and (match["kind"].lower() in _SHORT or not everyday):
            yield match.span()
