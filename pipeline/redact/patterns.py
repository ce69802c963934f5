"""What details of every kind but names and addresses look like, as people in Britain and Ireland type them.

Where a pattern has a group ``inner``, only that is the detail; the rest is what shows it to be one ("crime ref").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.redact.dates import DATE, MONTH

# Routing keys of Irish postcodes, which tell "A91 K7P2" from "A56 2012".
EIRCODE_AREA = (
    r"(?:A(?:4[125]|63|67|75|8[1-6]|9[12468])|C15|D(?:0[1-9]|1[0-8]|2[024]|6W)|E(?:2[15]|3[24]|4[15]|53|91)"
    r"|F(?:12|2[368]|3[15]|4[25]|5[26]|9[1-4])|H(?:1[2468]|23|5[34]|62|65|71|91)|K(?:3[246]|45|56|67|78)|N(?:37|39|41|91)"
    r"|P(?:1[247]|2[45]|3[126]|4[37]|51|56|61|67|7[25]|8[15])|R(?:14|21|32|35|42|45|51|56|9[35])|T(?:12|23|34|45|56)"
    r"|V(?:1[45]|23|3[15]|42|9[2-5])|W(?:12|23|34|91)|X(?:35|42|91)|Y(?:14|2[15]|3[45]))"
)

_IRISH_COUNTY = r"(?:C[ENW]?|DL?|G|K[EKY]|L[DHKMSX]?|M[HNO]|OY|RN|SO|T[NS]?|W[HWX]?)"

# Makes and models of vehicles, which stand before a registration and are no names of people.
_MAKES = (
    r"(?:audi|bmw|citro[eë]n|dacia|fiat|ford|honda|hyundai|jaguar|kawasaki|kia|land rover|range rover|lexus|mazda|merc(?:edes)?|mini"
    r"|mitsubishi|nissan|peugeot|renault|seat|skoda|subaru|suzuki|tesla|toyota|vauxhall|volvo|vw|volkswagen|yamaha|adam|astra|aygo"
    r"|berlingo|caddy|clio|connect|corsa|escort|fabia|fiesta|focus|golf|ibiza|insignia|juke|kuga|leon|meriva|micra|mokka|mondeo"
    r"|octavia|passat|polo|puma|punto|qashqai|saxo|sprinter|transit|vectra|vito|vivaro|yaris|zafira|navara|ranger|hilux|defender"
    r"|discovery|freelander|transporter|trafic)"
)
MAKE = re.compile(_MAKES)

_DIGIT_BEFORE = r"(?<![\d/£-])(?<!\d[.,])"

# What a pattern finds nothing without; a text is asked for it first.
_AT, _BRACKET, _DOT, _SIGN, _NOTHING = "@", r"[(\[]", "[.:]", r"[_.\d]", ""
_FIGURE, _FIVE_FIGURES, _BORN = r"\d", r"\d(?:\D*\d){4}", r"(?i:born|birth|d\.?o\.?b|b/?day)"

# What is needed, the kind, the pattern.
_ANY_CASE: tuple[tuple[str, str, str], ...] = (
    (_AT, "EMAIL", r"(?<![\w.+%'-])[.+%'-]*(?P<inner>\w[\w.+%'-]*@[\w-]+(?:\.[\w-]+)+)\b"),
    (_AT, "EMAIL", r"\b\w[\w.+-]{0,60}\s?@\s?(?:[\w-]+\.){1,4}(?:uk|com|org|net|ie|eu)\b"),
    (_BRACKET, "EMAIL", r"\b[\w.+-]{1,60}\s?[(\[]at[)\]]\s?[\w-]+(?:(?:\.|\s?[(\[]dot[)\]]\s?)[\w-]+)+\b"),
    (_DOT, "URL", r"\b(?:https?://|www\.\s?(?=[\w-]+\.\w))[^\s<>()\[\]|]+[^\s<>()\[\].,;:!?|]"),
    (
        _DOT,
        "URL",
        r"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:uk|com|org|net|info|ie|scot|wales|cymru|eu|london|biz|example)(?![\w@-]|\.\w)"
        r"(?:/(?:[^\s<>()\[\]|]*[^\s<>()\[\].,;:!?|])?)?",
    ),
    (_DOT, "URL", r"(?<![\w@.-])(?:bit\.ly|goo\.gl|youtu\.be|t\.co|ow\.ly|is\.gd|tiny\.cc|wa\.me|fb\.me)/[\w/?=&-]*\w"),
    (_AT, "HANDLE", r"(?<![\w@.])@(?!(?:all|everyone|channel|here)\b)(?=[\d_]*[a-z])[a-z_\d](?:[\w.]{1,28}\w|\w)\b"),
    (
        _SIGN,
        "HANDLE",
        r"\b(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|twitter|facebook|fb|whatsapp|telegram|discord|you ?tube|bbm|bebo|kik"
        r"|ask\.?fm|skype|xbox|psn|gamer ?tag|ig|yt)"
        r"(?:\s(?:handle|name|user(?:name)?|account|acc|id|page|profile|live))?(?:\s?(?:[:=-]|is|called|named?))?\s?"
        r"(?P<inner>(?=[\w.]*[\d_])[a-z][\w.]{3,}\w)",
    ),
    # "the handle he uses is devon.dave", "snapchat kids smash99"
    (_NOTHING, "HANDLE", r"\bhandles?\b[^.\n]{0,40}?\bis\s(?P<inner>[a-z][\w.]{4,}\w)"),
    (_DOT, "HANDLE", r"(?<![\w@])[a-z][\w-]{2,30}\.bsky\.social\b"),
    (_SIGN, "HANDLE", r"\b(?:user(?:name)?s?|(?:ig|insta|tiktok|snap|x|fb) as)[: ]\s?(?P<inner>[a-z](?=[\w.]*[_.\d])[\w.]{3,}\w)"),
    (
        _SIGN,
        "HANDLE",
        r"(?<![\w@./-])(?P<inner>[a-z](?=[\w.]{0,30}[_.\d])[\w.]{2,30}\w)\s?\((?:on )?(?:insta(?:gram)?|snap(?:chat)?|tik ?tok"
        r"|twitter|fb|x|user(?:name)?)\)",
    ),
    (_SIGN, "HANDLE", r"\b(?:insta(?:gram)?|snap(?:chat)?|tik ?tok)\b[^.\n]{0,20}?\s(?P<inner>[a-z]{4,}\d{2,})\b"),
    # A word with "_" and figures in it is a name in some network, unless it is that of a file; "road_safety" is a code.
    (
        _SIGN,
        "HANDLE",
        r"(?<![\w@./-])(?P<inner>[a-z](?=[\w.]{0,30}[_\d])[\w.]{2,30}\w),? (?:on |\()?(?:insta(?:gram)?|snap(?:chat)?|twitter|fb"
        r"|facebook|tik ?tok|you ?tube)\b",
    ),
    (
        _SIGN,
        "HANDLE",
        r"(?<![\w@./:\\-])(?=[a-z._]{0,30}\d)(?!\S{1,60}\.(?:docx?|pdf|xlsx?|pptx?|jpe?g|png|txt"
        r"|csv)\b)[a-z][a-z0-9.]{1,30}_[\w.]{0,30}[a-z0-9](?![\w@/])",
    ),
    # Telephone numbers: British, Irish, and a local number after a word that says it is one.
    (_FIVE_FIGURES, "PHONE", r"\(\+\s?44\)[\s-]?\d(?:[\s./-]{0,3}\d){8,9}(?![\d/])"),
    (_FIVE_FIGURES, "PHONE", r"(?:\+|00)44[\s-]?(?:\(0\)[\s-]?)?\d(?:[\s./-]{0,3}\d){8,9}(?![\d/])"),
    (_FIVE_FIGURES, "PHONE", r"\(0\d{2,5}\)(?:[\s./-]{0,3}\d){5,8}(?![\d/])"),
    (_FIVE_FIGURES, "PHONE", r"(?:\(0\)\s?\d\d|0\d\d|0 \d\d)(?:[\s./-]{0,3}\d){7,8}(?![\d/])"),
    (_FIVE_FIGURES, "PHONE", r"(?:\+|00)353[\s-]?(?:\(0\)[\s-]?)?\d{1,2}(?:[\s.-]{0,2}\d){6,7}(?![\d/])"),
    (_FIVE_FIGURES, "PHONE", r"(?:\(01\)|01|\(0\d{2}\)|0\d{2})[\s-]\d{3}[\s-]?\d{4}(?![\d/])"),
    (_FIVE_FIGURES, "PHONE", r"0\d{4}[\s-]\d{3}[\s-]\d{4}(?![\d/])"),
    (_FIVE_FIGURES, "PHONE", r"07(?:[\s.-]?\d){9}(?![\d/])"),
    (
        _FIGURE,
        "PHONE",
        r"\b(?:tel(?:ephone)?|phone|mob(?:ile)?|ring|call|text|fax|ext(?:ension)?)\b\.?(?:\s(?:no|number|her|him|them|on|is))*\.?\s?:?\s*"
        r"(?P<inner>(?!(?:19|20)\d\d\b)\d{3}[\s-]?\d{1,5})(?![/:.]?\d|%)",
    ),
    (_FIGURE, "POSTCODE", rf"\b{EIRCODE_AREA}[ -]?(?=\d{{0,3}}[a-z])(?:(?=[a-z]{{0,3}}\d)|(?-i:(?=[A-Z])))[0-9ac-fhknprtv-y]{{4}}\b"),
    (_FIGURE, "POSTCODE", r"\b[a-pr-uwyz][a-hk-y]?\d{1,2}[a-z]?-\d[abd-hjlnp-uw-z]{2}\b"),
    (
        _FIVE_FIGURES,
        "NINO",
        r"\b(?!bg|gb|nk|kn|nt|tn|zz)[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z](?:\s|\s?[./-]\s?)?(?:\d\d(?:\s|\s?[./-]\s?)?){3}[a-d]\b",
    ),
    (
        _FIVE_FIGURES,
        "NINO",
        r"\b(?:nino|n\.?i|nat(?:ional|'?l)?\.? ins(?:urance|\.)?)\b\.?(?:\s?\b(?:no|num(?:ber)?|nr|card|is|was)\b\.?){0,4}[\s.:,(#=-]{0,5}"
        r"(?P<inner>[a-z]{2}[ .-]?(?:\d\d[ .-]?){2}\d\d(?:[ .-]?[a-z])?)\b",
    ),
    # In capitals and without spaces the letters may be any.
    (_FIVE_FIGURES, "NINO", r"\b(?-i:[A-Z]{2})[ .-]?(?:\d\d[ .-]){2}\d\d[ .-]?(?-i:[A-D])\b"),
    (_FIVE_FIGURES, "NINO", r"\b[a-z]{2}\d{6}[a-d]\b"),
    (
        _FIVE_FIGURES,
        "NHS",
        r"\bnhs\b(?:\s?\b(?:no|num(?:ber)?|nr|id|card|is|was)\b\.?){0,4}[\s.:,(#=-]{0,5}(?P<inner>\d(?:[ .-]?\d){9})(?!\d)",
    ),
    (_FIVE_FIGURES, "NHS", r"(?<![\d/£+-])(?P<inner>[1-9]\d\d[ .-]?\d{3}[ .-]?\d{4}),? \(?(?:nhs|h&c|chi)\b"),
    # "NHS no. for the lad: 659 315 4715"
    (_FIVE_FIGURES, "NHS", r"\b(?:nhs|chi|h&c|hcn)\b[^\n;|]{0,45}?(?<![\d/£+-])(?P<inner>[1-9]\d\d[ .-]?\d{3}[ .-]?\d{4})(?![\d/]|[.-]\d)"),
    (
        _FIGURE,
        "VEHICLE",
        rf"\b(?:reg(?:istration|d|'d)?|(?:number ?)?plate|car|van|bike|moped|veh(?:icle)?|vrm|vrn|index|taxi"
        rf"|lorry|truck|pick-?up|scooter|quad|trailer|minibus|{_MAKES})s?\b"
        r"(?: (?:no|number|plate|reg|is|was|with)\b\.?){0,4}\.?[\s:,(=-]{0,3}"
        r"(?P<inner>[a-z]{2} ?\d\d[ -]?[a-z]{3}|[a-z]\d{1,3}[ -]?[a-z]{3}|[a-z]{3}[ -]?\d{1,3}[a-z]|[a-z]i[a-z][ -]?\d{3,4}"
        rf"|\d{{2,3}}[ -]?{_IRISH_COUNTY}[ -]?\d{{2,6}})\b",
    ),
    # Without a year: letters and figures, or figures and letters, behind a word that says so.
    (
        _FIGURE,
        "VEHICLE",
        r"\b(?:reg(?:istration)?|(?:number ?)?plate|index|vrm|bearing|vehicle)\b(?: (?:no|number|is|was)\b\.?)*[\s:,(=-]{1,3}"
        r"(?P<inner>[a-z]{3}[ -]?\d{2,4}|\d{1,4} ?[a-z]{3})(?=[,.;)]|$| in | on | stopped | seized | seen )",
    ),
    (
        _FIGURE,
        "DOB",
        rf"\b(?:dobs?|d[./ ]o[./ ]b|date of birth|birth ?date|birthday|b/day|born|ganwyd|ganed|rugadh|b\.|b(?= \d))"
        rf"\W{{0,2}}(?: ?(?:on|the|is|was|eg|e\.g|of|given as|given|recorded as|in [a-z]{{2,20}})\b\.?){{0,4}}\s?[:=-]?\s{{0,3}}"
        rf"(?P<inner>{DATE}|\d{{2}} \d{{2}} (?:19|20)?\d\d\b|(?:[0-2]\d|3[01])(?:0\d|1[0-2])(?:19|20)?\d\d\b)",
    ),
    (
        _BORN,
        "DOB",
        rf"\b(?P<inner>{DATE}),? (?:(?:is|was) )?(?:(?:when|the day) )?"
        r"(?:(?:i|he|she|they) (?:was|were) born|(?:as )?(?:my|his|her|their) (?:birthday|dob|date of birth))\b",
    ),
    # "born in this house, 5 January 1942", "3/4/97 (dob)"; "born" and a day on which something else happened stay apart.
    (
        _BORN,
        "DOB",
        rf"\b(?:born|birth(?:day| ?date)?|d\.?o\.?b\.?)\b(?:(?!\b(?:moved|came|since|until|burgled|attacked|mugged|robbed|reported"
        rf"|attended|seen|meeting|mtg)\b)"
        rf"[^;|\n.]){{0,45}}?(?<!\d)(?P<inner>{DATE})",
    ),
    (_BORN, "DOB", rf"(?<!\d)(?P<inner>{DATE})\s?[(,:=-]?\s?(?:dob|d\.o\.b\.?|date of birth)\b"),
    (_BORN, "DOB", rf"\b(?:dob|d\.o\.b\.?)\b\W{{0,3}}{DATE}(?:,|\sand|\sor|\s?/|\s?&)(?:\salso)?\s?(?P<inner>{DATE})"),
    # "my birthday is the 3rd of April"
    (
        _BORN,
        "DOB",
        rf"\b(?:birthday|b/day|bday)\b(?: (?:is|on|the|was)\b){{0,3}}\s(?P<inner>\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH})(?!\w|\s\d)",
    ),
    # A whole date of the last century behind a name or in brackets, as officers put it: "Jean Hall 14/02/1967", "my husband (1.4.1928)".
    (_FIGURE, "DOB", r"(?:(?<![\w'’-])(?-i:[A-Z])[\w'’-]+,?\s|\()(?P<inner>\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?19\d\d)(?![\d/.-]?\d)"),
    (_FIGURE, "DOB", r"\((?P<inner>(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\2[3-9]\d)\)"),
    (_FIVE_FIGURES, "REFERENCE", rf"{_DIGIT_BEFORE}\b\d{{2,5}} of \d{{1,2}}/\d{{1,2}}/(?:20)?\d\d\b"),
    (_FIVE_FIGURES, "REFERENCE", r"(?<![\w£/.-])(?:\d{5,8}/\d\d|\d\d/\d{5,8})(?![\w/%-])"),
)
_AS_TYPED: tuple[tuple[str, str, str], ...] = (
    (
        _FIGURE,
        "VEHICLE",
        rf"\b\d{{2}}[12]?-(?i:{_IRISH_COUNTY})-\d{{1,6}}\b"
        rf"|\b\d{{2}}[12]? {_IRISH_COUNTY} \d{{1,6}}\b|\b\d{{2}}[12]?{_IRISH_COUNTY}\d{{3,6}}\b",
    ),
    # In small letters three without a vowel are no word, and few roads begin with these.
    (_FIGURE, "VEHICLE", r"\b[c-hjkpstv-y]\d{2,3} ?(?!jc|mp|pl|tb|hr|yr|mt|wk|tx|th)[b-df-hj-np-tv-z]{3}\b"),
    (_FIGURE, "VEHICLE", r"\b(?:[0189]\d|2\d|1\d)[12]?[ -][A-Z]{1,2}[ -]\d{2,6}\b"),
    (_FIGURE, "VEHICLE", r"(?<![Gg]rid )\b[A-Z]{1,2}Z[ -]?\d{3,4}\b(?!\s?%)"),
    (_FIGURE, "VEHICLE", r"\b(?:[A-Z]{2} \d\d|[B-HJ-NPR-TV-Y] \d{2,3}) [A-Z]{3}\b"),
    (
        _FIGURE,
        "VEHICLE",
        r"\b(?!BIG|FIG|DIG|PIG|RIG|WIG|GIG|OIL|FIL|NIL|AIL|MIA|CIA)[A-Z](?:I[ABGJLW]|[JOUX]I)[ -]?(?!(?:19[5-9]\d|20[0-3]\d)\b)\d{3,4}\b",
    ),
    (_FIVE_FIGURES, "REFERENCE", r"(?<![\w/-])[A-Z]{1,5}[/-](?:[A-Z]{2,4}[/-])?\d{2,8}[/-]\d{3,7}(?:[/-][A-Z0-9]{1,5})?(?![\w/-])"),
    (_FIVE_FIGURES, "REFERENCE", r"(?<![\w/-])\d\d/\d{5,8}/\d\d(?![\w/-])"),
    (_FIVE_FIGURES, "REFERENCE", r"(?<![\w/-])\d\d[A-Z]{1,3}/\d{4,7}[A-Z]?/\d\d(?![\w/-])|(?<![\w/-])\d{6}[A-Z]/\d\d(?![\w/-])"),
    (_FIVE_FIGURES, "REFERENCE", r"(?<![\w/-])\d{3,5}[ -]\d{1,2}/\d{1,2}/\d\d(?![\w/-])"),
    (_FIVE_FIGURES, "REFERENCE", r"(?<![\w/£-])(?!(?:19|20)\d\d)\d{4}-(?:0[1-9]|[12]\d|3[01])/(?:0[1-9]|1[0-2])(?![\w/-])"),
    # Capitals, then parts of letters and figures, a part of four figures or more among them that is no year.
    (
        _FIGURE,
        "REFERENCE",
        r"(?<![\w/&-])(?!PSPO|COVID|ISO|EN-|BS-|GDPR)[A-Z]{2,5}(?=[/-])"
        r"(?:(?=[A-Z0-9/-]*\d{5})|(?=(?:[/-][A-Z0-9]+){2})(?=[A-Z0-9/-]*[/-](?!(?:19|20)\d\d\b)\d{4}))"
        r"(?:[/-][A-Z]{1,5}){0,3}[/-][A-Z0-9]{1,18}(?:[/-][A-Z0-9]{1,8}){0,3}(?![\w/]|-\w)",
    ),
    (_FIVE_FIGURES, "REFERENCE", r"\b(?:[A-Z]{2}-?(?:19|20)\d{6}-?\d{3,5}|\d{2}[A-Z]{0,2}/\d{4,6}/\d{2}|[A-Z]{1,3}\d{6,10})\b"),
)


def _by_need(patterns: Iterable[tuple[str, str, re.Pattern[str]]]) -> Iterator[tuple[re.Pattern[str], list[tuple[str, re.Pattern[str]]]]]:
    among = list(patterns)
    for needed in dict.fromkeys(needed for needed, _, _ in among):
        yield re.compile(needed), [(kind, pattern) for other, kind, pattern in among if other == needed]


PATTERNS = tuple(
    _by_need(
        [
            *((n, kind, re.compile((_DIGIT_BEFORE if kind == "PHONE" else "") + pattern, re.IGNORECASE)) for n, kind, pattern in _ANY_CASE),
            *((n, kind, re.compile(pattern)) for n, kind, pattern in _AS_TYPED),
        ]
    )
)
"""What has to stand in a text, and the kinds and patterns that find nothing without."""
