"""What details of every kind but names and addresses look like, as people in Britain and Ireland type them.

Where a pattern has a group ``inner``, only that is the detail; the rest is what shows it to be one ("crime ref").
"""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?:\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?(?:19|20)?\d\d|{_YEAR}-\d{{1,2}}-\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]?{_MONTH},?[ -]?(?:19|20)?\d\d|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)?\d\d)(?!\d)"
)
_OF_DAY = rf"(?: of (?:{_DATE}|\d{{1,2}}[/.]\d{{1,2}}))?"
# "crime ref no. 12", "log: 12"
_NUMBERED = r"(?:(?:ref(?:erence)?|no|num(?:ber)?|id)\b\.?\s*|#\s*|:\s*|\bis\s+|\bwas\s+)"

# Routing keys of Irish postcodes, which tell "A91 K7P2" from "A56 2012".
_EIRCODE = (
    r"(?:A(?:4[125]|63|67|75|8[1-6]|9[12468])|C15|D(?:0[1-9]|1[0-8]|2[024]|6W)|E(?:2[15]|3[24]|4[15]|53|91)"
    r"|F(?:12|2[368]|3[15]|4[25]|5[26]|9[1-4])|H(?:1[2468]|23|5[34]|62|65|71|91)|K(?:3[246]|45|56|67|78)|N(?:37|39|41|91)"
    r"|P(?:1[247]|2[45]|3[126]|4[37]|51|56|61|67|7[25]|8[15])|R(?:14|21|32|35|42|45|51|56|9[35])|T(?:12|23|34|45|56)"
    r"|V(?:1[45]|23|3[15]|42|9[2-5])|W(?:12|23|34|91)|X(?:35|42|91)|Y(?:14|2[15]|3[45]))"
)

_RANK = (
    r"(?:w?pc|pcso|psco|cso|[tda]?/?ps|[td]?/?dc|ds|di|det|[at]?/?sgt|sergeant|[at]?/?insp|inspector|constable|const"
    r"|special|spc|garda|officer)"
)
_IRISH_COUNTY = r"(?:C[ENW]?|DL?|G|K[EKY]|L[DHKMSX]?|M[HNO]|OY|RN|SO|T[NS]?|W[HWX]?)"

_DIGIT_BEFORE = r"(?<![\d/£-])(?<!\d[.,])"

_ANY_CASE: tuple[tuple[str, str], ...] = (
    ("EMAIL", r"(?<![\w.+%'-])[.+%'-]*(?P<inner>\w[\w.+%'-]*@[\w-]+(?:\.[\w-]+)+)\b"),
    ("EMAIL", r"\b\w[\w.+-]{0,60}\s?@\s?(?:[\w-]+\.){1,4}(?:uk|com|org|net|ie|eu)\b"),
    ("EMAIL", r"\b[\w.+-]{1,60}\s?[(\[]at[)\]]\s?[\w-]+(?:(?:\.|\s?[(\[]dot[)\]]\s?)[\w-]+)+\b"),
    ("URL", r"\b(?:https?://|www\.\s?(?=[\w-]+\.\w))[^\s<>()\[\]]+[^\s<>()\[\].,;:!?]"),
    (
        "URL",
        r"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:uk|com|org|net|info|ie|scot|wales|cymru|eu|london|biz|example)(?![\w@-]|\.\w)"
        r"(?:/(?:[^\s<>()\[\]]*[^\s<>()\[\].,;:!?])?)?",
    ),
    ("URL", r"(?<![\w@.-])(?:bit\.ly|goo\.gl|youtu\.be|t\.co|ow\.ly|is\.gd|tiny\.cc|wa\.me|fb\.me)/[\w/?=&-]*\w"),
    ("HANDLE", r"(?<![\w@.])@[a-z_](?:[\w.]{1,28}\w|\w)\b"),
    (
        "HANDLE",
        r"\b(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|twitter|facebook|fb|whatsapp|telegram|discord|you ?tube|bbm|bebo|kik"
        r"|ask\.?fm|skype|xbox|psn|gamer ?tag|ig|yt)"
        r"(?:\s(?:handle|name|user(?:name)?|account|acc|id|page|profile|live))?(?:\s?(?:[:=-]|is|called|named?))?\s?"
        r"(?P<inner>(?=[\w.]*[\d_])[a-z][\w.]{3,}\w)",
    ),
    # A word with "_" and figures in it is a name in some network, unless it is that of a file; "road_safety" is a code.
    (
        "HANDLE",
        r"(?<![\w@./-])(?P<inner>[a-z][a-z0-9.]{1,30}_[\w.]{0,30}) on "
        r"(?:insta(?:gram)?|snap(?:chat)?|twitter|fb|facebook|tik ?tok|you ?tube)\b",
    ),
    (
        "HANDLE",
        r"(?<![\w@./:\\-])(?=[a-z._]{0,30}\d)(?!\S{1,60}\.(?:docx?|pdf|xlsx?|pptx?|jpe?g|png|txt|csv)\b)[a-z][a-z0-9.]{1,30}_[\w.]{0,30}[a-z0-9](?![\w@/])",
    ),
    # Telephone numbers: British, Irish, and a local number after a word that says it is one.
    ("PHONE", r"(?:\+|00)44[\s-]?(?:\(0\)[\s-]?)?\d(?:[\s./-]{0,3}\d){8,9}(?![\d/])"),
    ("PHONE", r"\(0\d{2,5}\)(?:[\s./-]{0,3}\d){5,8}(?![\d/])"),
    ("PHONE", r"(?:\(0\)\s?\d\d|0\d\d|0 \d\d)(?:[\s./-]{0,3}\d){7,8}(?![\d/])"),
    ("PHONE", r"(?:\+|00)353[\s-]?(?:\(0\)[\s-]?)?\d{1,2}(?:[\s.-]{0,2}\d){6,7}(?![\d/])"),
    ("PHONE", r"(?:\(01\)|01|\(0\d{2}\)|0\d{2})[\s-]\d{3}[\s-]?\d{4}(?![\d/])"),
    ("PHONE", r"07(?:[\s.-]?\d){9}(?![\d/])"),
    (
        "PHONE",
        r"\b(?:tel(?:ephone)?|phone|mob(?:ile)?|ring|call|text|fax|ext(?:ension)?)\b\.?(?:\s(?:no|number|her|him|them|on|is))*\.?\s?:?\s*"
        r"(?P<inner>(?!(?:19|20)\d\d\b)\d{3}[\s-]?\d{1,5})(?![/:.]?\d|%)",
    ),
    ("POSTCODE", rf"\b{_EIRCODE}[ -]?(?=\d{{0,3}}[a-z])(?:(?=[a-z]{{0,3}}\d)|(?-i:(?=[A-Z])))[0-9ac-fhknprtv-y]{{4}}\b"),
    ("POSTCODE", r"\b[a-pr-uwyz][a-hk-y]?\d{1,2}[a-z]?-\d[abd-hjlnp-uw-z]{2}\b"),
    (
        "NINO",
        r"\b(?!bg|gb|nk|kn|nt|tn|zz)[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z](?:\s|\s?[.-]\s?)?(?:\d\d(?:\s|\s?[.-]\s?)?){3}[a-d]\b",
    ),
    (
        "NINO",
        r"\b(?:nino|n\.?i|nat(?:ional|'?l)?\.? ins(?:urance|\.)?)\b\.?(?:\s?\b(?:no|num(?:ber)?|nr|card|is|was)\b\.?){0,4}[\s.:,(#=-]{0,5}"
        r"(?P<inner>[a-z]{2}[ .-]?(?:\d\d[ .-]?){2}\d\d(?:[ .-]?[a-z])?)\b",
    ),
    # In capitals and without spaces the letters may be any.
    ("NINO", r"\b(?-i:[A-Z]{2})[ .-]?(?:\d\d[ .-]){2}\d\d[ .-]?(?-i:[A-D])\b"),
    ("NINO", r"\b[a-z]{2}\d{6}[a-d]\b"),
    ("NHS", r"\bnhs\b(?:\s?\b(?:no|num(?:ber)?|nr|id|card|is|was)\b\.?){0,4}[\s.:,(#=-]{0,5}(?P<inner>\d(?:[ .-]?\d){9})(?!\d)"),
    (
        "VEHICLE",
        r"\b(?:reg(?:istration|d|'d)?|(?:number ?)?plate|car|van|bike|moped|veh(?:icle)?|vrm|vrn|index|taxi"
        r"|lorry|truck|pick-?up|scooter|quad|trailer)\b"
        r"(?: (?:no|number|plate|reg|is|was|with)\b\.?){0,4}\.?[\s:,(=-]{0,3}"
        r"(?P<inner>[a-z]{2} ?\d\d[ -]?[a-z]{3}|[a-z]\d{1,3}[ -]?[a-z]{3}|[a-z]{3}[ -]?\d{1,3}[a-z]|[a-z]i[a-z][ -]?\d{3,4}"
        rf"|\d{{2,3}}[ -]?{_IRISH_COUNTY}[ -]?\d{{2,6}})\b",
    ),
    (
        "DOB",
        rf"\b(?:dobs?|d[./ ]o[./ ]b|date of birth|birth ?date|birthday|born|b\.)"
        rf"\W{{0,2}}(?: ?(?:on|the|is|was|in [a-z]{{2,20}})\b){{0,4}}\s?[:=-]?\s{{0,3}}"
        rf"(?P<inner>{_DATE}|\d{{2}} \d{{2}} (?:19|20)?\d\d\b|(?:[0-2]\d|3[01])(?:0\d|1[0-2])(?:19|20)?\d\d\b)",
    ),
    (
        "DOB",
        rf"\b(?P<inner>{_DATE}),? (?:(?:is|was) )?(?:(?:when|the day) )?"
        r"(?:(?:i|he|she|they) (?:was|were) born|(?:my|his|her|their) (?:birthday|dob|date of birth))\b",
    ),
    # A whole date of the last century behind a name or in brackets, as officers put it: "Jean Hall 14/02/1967", "my husband (1.4.1928)".
    ("DOB", r"(?:(?<![\w'’-])(?-i:[A-Z])[\w'’-]+,?\s|\()(?P<inner>\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?19\d\d)(?![\d/.-]?\d)"),
    ("DOB", r"\((?P<inner>(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\2[3-9]\d)\)"),
    (
        "REFERENCE",
        rf"\b(?:crime|incident|inc|case|job|complaint|occurrence|fault)\s*{_NUMBERED}+(?P<inner>[a-z]{{0,4}}[/-]?\d[\w/-]*\d{_OF_DAY})(?!%|\w)",
    ),
    (
        "REFERENCE",
        rf"\b(?:log|cad|storm|crn|urn|pulse|ref(?:erence)?)\b\.?\s*{_NUMBERED}*"
        rf"(?P<inner>(?:\d{{2,}}[/-]\d{{1,2}}[a-z]{{3}}(?:\d\d){{0,2}}\b|(?!{_YEAR}\b)\d{{3,}}|[a-z]{{1,4}}[/-]?\d[\w/-]*\d|\d+[a-z]*[/-][\w/-]*\d){_OF_DAY})(?!%|\w)",
    ),
    # Without a word such as "number" it takes letters and figures, a stroke or six figures to be one.
    (
        "REFERENCE",
        r"\b(?:crime|incid(?:ent)?|inc|case|job|complaint|occurrence|occ|fault|ticket|enquiry|order|cris|niche|merlin|storm|fwin|serial|planning|application)"
        r"\b\.?\s{0,3}(?P<inner>[a-z]{1,4}-?\d{4,}\b|(?=[\d/-]{0,12}[a-z/])[a-z]{0,4}(?!(?:19|20)\d\d[/-]\d\d(?:\d\d)?\b)\d\w*[/-][\w/-]*\d\w?\b|\d{7,}\b)(?![%\w])",
    ),
    (
        "REFERENCE",
        rf"\b(?:log|cad|serial|fwin|storm|job|inc(?:id(?:ent)?)?)\b\.?\s{{0,3}}"
        rf"(?P<inner>\d{{1,5}} of (?:{_DATE}|\d{{1,2}}[/.]\d{{1,2}})|\d{{1,5}}(?= of \d{{1,2}}(?:st|nd|rd|th)? {_MONTH}))(?!\d)",
    ),
    ("REFERENCE", rf"{_DIGIT_BEFORE}\b\d{{2,5}} of \d{{1,2}}/\d{{1,2}}/(?:20)?\d\d\b"),
    ("REFERENCE", r"(?<![\w£/.-])(?:\d{5,8}/\d\d|\d\d/\d{5,8})(?![\w/%-])"),
    (
        "COLLAR",
        rf"\b{_RANK}s?(?![a-z])[.,]?\s?(?:no\b\.?\s?|number\s)?"
        rf"(?P<inner>(?!{_YEAR}\b(?!\s+(?-i:[A-Z][a-z])))(?:\d{{3,6}}[a-z]?|\d{{2,5}}(?-i:[A-Z]{{2}})|(?-i:[A-Z])\d{{3,5}}))\b(?!%|\s?(?:hours|hrs|pm|am|posts|jobs)\b)",
    ),
    ("COLLAR", rf"\b{_RANK}s? ?\d{{3,6}}[a-z]?,? ?(?:and|&|,|/) ?(?P<inner>\d{{3,6}}[a-z]?)\b(?!%)"),
    (
        "COLLAR",
        rf"\b(?:collar|warrant|shoulder|badge|epaulette)(?: card)?\s{{0,3}}{_NUMBERED}*"
        rf"(?P<inner>(?!{_YEAR}\b)[a-z]{{0,2}}\d{{3,7}}[a-z]{{0,2}})\b",
    ),
    ("COLLAR", rf"\b(?:collar|warrant|shoulder|badge|epaulette)\s*{_NUMBERED}+(?P<inner>[a-z]{{0,2}}\d{{2,7}}[a-z]?)\b"),
)
_AS_TYPED: tuple[tuple[str, str], ...] = (
    (
        "VEHICLE",
        rf"\b\d{{2}}[12]?-(?i:{_IRISH_COUNTY})-\d{{1,6}}\b"
        rf"|\b\d{{2}}[12]? {_IRISH_COUNTY} \d{{1,6}}\b|\b\d{{2}}[12]?{_IRISH_COUNTY}\d{{3,6}}\b",
    ),
    # In small letters three without a vowel are no word, and few roads begin with these.
    ("VEHICLE", r"\b[c-hjkpstv-y]\d{2,3} ?(?!jc|mp|pl|tb|hr|yr|mt|wk|tx|th)[b-df-hj-np-tv-z]{3}\b"),
    ("VEHICLE", r"\b(?:[0189]\d|2\d|1\d)[12]?[ -][A-Z]{1,2}[ -]\d{2,6}\b"),
    ("VEHICLE", r"\b[A-Z]{1,2}Z[ -]?\d{3,4}\b(?!\s?%)"),
    ("VEHICLE", r"\b(?!BIG|FIG|DIG|PIG|RIG|WIG|GIG|OIL|FIL|NIL|AIL|MIA|CIA)[A-Z](?:I[ABGJLW]|[JOUX]I)[ -]?(?!(?:19|20)\d\d\b)\d{4}\b"),
    ("REFERENCE", r"(?<![\w/-])[A-Z]{1,5}[/-](?:[A-Z]{2,4}[/-])?\d{2,8}[/-]\d{3,7}(?:[/-][A-Z0-9]{1,5})?(?![\w/-])"),
    ("REFERENCE", r"\b(?:[A-Z]{2}-?(?:19|20)\d{6}-?\d{3,5}|\d{2}[A-Z]{0,2}/\d{4,6}/\d{2}|[A-Z]{1,3}\d{6,10})\b"),
    (
        "COLLAR",
        rf"\b(?i:{_RANK})\.? [A-Z][\w'’-]{{1,30}}\.?(?: [A-Z][\w'’-]{{1,30}})?,?\s?[(-]?\s?(?i:no\b\.?\s?|number\s|collar\s(?:no\b\.?\s)?)?"
        rf"(?P<inner>(?!{_YEAR}\b)(?:\d{{3,6}}[A-Za-z]?|\d{{2,5}}[A-Z]{{2}}|[A-Z]\d{{3,5}}))\b(?!\s?(?:%|hours|hrs|h\b|pm|am|[a-z]+s\b))",
    ),
)

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    *((kind, re.compile((_DIGIT_BEFORE if kind == "PHONE" else "") + pattern, re.IGNORECASE)) for kind, pattern in _ANY_CASE),
    *((kind, re.compile(pattern)) for kind, pattern in _AS_TYPED),
)
