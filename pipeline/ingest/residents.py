"""Which type of resident a heading names ("Doris, 78, lives alone" → older people).

Workshop groups invent a person, or name a type. Comparing divisions needs one name for each type;
what fits none of them is kept as typed.
"""

from __future__ import annotations

import re

OLDER_FROM_AGE = 60
YOUNG_TO_AGE = 25

# In order: the first that fits wins, so a role ("student, 19") comes before an age.
_TYPES: tuple[tuple[str, str], ...] = (
    ("disabled people", r"disab|wheelchair|\bblind\b|\bdeaf\b|(sight|hearing|visual\w*) impair|partially sighted|learning diff"),
    ("people with mental health problems", r"mental(ly)? (health|ill)|\bmh (problem|issue)|depress|anxiety|bipolar|schizo"),
    ("homeless people", r"homeless|rough.?sleep|sleep\w* rough|sofa.?surf|street drinker"),
    ("Travellers", r"\btravell?er|gyps|\broma\b"),
    (
        "new arrivals",
        r"migrant|asylum|refugee|new(ly)?.arriv|newcomer|eastern europ|\b(polish|lithuanian|latvian|romanian|bulgarian|ukrainian|syrian|eritrean|afghan|kurdish|somali)\b|\bfrom (poland|lithuania|latvia|romania|bulgaria|portugal|ukraine|syria|eritrea|afghanistan|iraq|iran|somalia|sudan|zimbabwe|abroad|overseas)\b|\ba8\b",
    ),
    ("LGBT residents", r"\blgbt|\bgay\b|lesbian|bisexual|transgender|\btrans\b"),
    ("minority ethnic residents", r"\bbme\b|\bbame\b|ethnic|\b(south )?asian\b|muslim|pakistani|bangladeshi|\bblack\b"),
    ("victims", r"victim|survivor"),
    ("carers", r"\bcarers?\b|\bcar(es|ing)\b.{0,12}\bfor\b"),
    ("students", r"student|undergrad|fresher|\buni\b"),
    ("visitors", r"visitor|tourist|holiday|day.?tripper"),
    (
        "business owners",
        r"shop ?(keeper|owner)|\bbusiness|trader|publican|retailer|landlady|(pub|guest.?house|b ?& ?b|hotel|caf[eé]|restaurant|take.?away|salon|garage|chippy|stall) ?(owner|holder|landlord)|runs (a|the) \w+",
    ),
    ("parents", r"\bmu?m\b|\bmums\b|mother|\bdads?\b|father|\bparents?\b|toddler|\b(young )?famil(y|ies)\b|\d kids"),
    ("tenants", r"\btenants?\b(?!['’]? (assoc|group|forum))|council house|renting|\brents\b"),
    (
        "rural residents",
        r"\bfarm(er|ers|ing famil\w+)\b|\brural (resident|people|famil|communit|dweller)|smallhold|villager|\b(remote|hill|isolated) farm",
    ),
    (
        "older people",
        r"\bolder\b|elder|pension|\boaps?\b|retired|widow|senior citizen|grand(mother|father|parent|ad)|\bgran\b|\bold (people|person|lady|man|folk)",
    ),
    (
        "young people",
        r"\byoung(er)? (people|person|resident|man|woman|lad|adult)|\byouths?\b(?! (service|club|work|team|centre|council|offend|provision|forum|project|bus|van))|teen|\byps?\b|school ?(boy|girl|kid)|\bjuvenile",
    ),
)
_COMPILED = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _TYPES)
_AGE = re.compile(
    r"(?:\baged?\s*|\b(?:is|was|about)\s+|,\s*|\(\s*|^[A-Z][a-z]+\s|-\s*|–\s*)(\d{1,3})(?![.:]?\d)\s*(?:yrs?|years?)?(?:[ -]?(?:old|yo))?\b",
    re.IGNORECASE,
)

TYPES: tuple[str, ...] = tuple(name for name, _ in _TYPES)


def resident_type(text: str, *, ages: bool = True) -> str | None:
    """Name the resident type that a heading describes, or None; ``ages`` lets an age decide.

    >>> resident_type("Our resident: Doris, 78, lives alone")
    'older people'
    >>> resident_type("Single mum, 2 kids")
    'parents'
    >>> resident_type("Kyle (15)")
    'young people'
    >>> resident_type("Morris dancers") is None
    True
    """
    for name, pattern in _COMPILED:
        if pattern.search(text):
            return name
    age = _AGE.search(text) if ages else None
    if age is None:
        return None
    years = int(age.group(1))
    if years >= OLDER_FROM_AGE:
        return "older people"
    return "young people" if 8 <= years <= YOUNG_TO_AGE else None


# "We were given Agnes, who is 84", "Ours was a rough sleeper", "Our person was Tom, a student".
_INTRODUCED = re.compile(
    r"^\W*(?:we (?:were given|were handed|had|got|drew|picked|chose|called (?:him|her|them))|(?:ours|theirs)(?: was| is|:)|our (?:person|resident|character|figure|cut-?out|man|woman|lady|lad)\b(?: (?:was|is))?|(?:meet|introducing|this is)(?= [A-Z]))\s+(?P<who>\S.*)$",
    re.IGNORECASE,
)
INTRODUCTION_WORDS = 20
_PERSON = re.compile(
    r"^(?:[A-Z][a-z'’-]+)(?: [A-Z][a-z'’-]+)?(?:,| ?[-–—:(]| aged?)\s*(?:aged?\s*)?\d{1,2}\b|^(?:Mr|Mrs|Ms|Miss)\.? [A-Z]",
)


def is_invented_person(text: str) -> bool:
    """Tell whether a short line introduces a made-up resident by name and age.

    >>> is_invented_person("Kyle, 15 - lives on the estate"), is_invented_person("Afraid to go out")
    (True, False)
    """
    return _PERSON.match(text.strip()) is not None


def introduction(text: str) -> str:
    """The description in a sentence that introduces the group's resident; empty if it is no such sentence.

    >>> introduction("We were given Agnes, who is 84 and lives on her own.")
    'Agnes, who is 84 and lives on her own.'
    >>> introduction("We had three burglaries")
    ''
    """
    found = _INTRODUCED.match(text)
    if found is None or len(text.split()) > INTRODUCTION_WORDS:
        return ""
    who = found["who"]
    named = re.match(r"[A-Z][a-z'’]+\b", who) or re.match(r"(?:an?|the|our)\s", who, re.IGNORECASE)
    return who if named and resident_type(who) else ""


def is_introduced(text: str) -> bool:
    """Tell whether a line says that it is about a resident: "Our resident: …", or a name and age.

    >>> is_introduced("Resident - Doris"), is_introduced("Residents not told")
    (True, False)
    """
    labelled = re.match(r"\W*(our |the )?(resident|persona|character)( type)?s?\W*(\bis\b|[:=–-]|$)", text, re.IGNORECASE)
    return bool(labelled) or is_invented_person(text) or bool(introduction(text))
