"""What details of every kind but names and addresses look like, as people in Britain and Ireland type them.

Where a pattern has a group ``inner``, only that is the detail; the rest is what shows it to be one ("crime ref").
"""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?:\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?(?:19|20)?\d\d|{_YEAR}-\d{{1,2}}-\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?:19|20)?\d\d|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)?\d\d)(?!\d)"
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

_DIGIT_BEFORE = r"(?<![\d/£-])(?<!\d[.,])"

_ANY_CASE: tuple[tuple[str, str], ...] = (
    ("EMAIL", r"(?<![\w.+%'-])[.+%'-]*(?P<inner>\w[\w.+%'-]*@[\w-]+(?:\.[\w-]+)+)\b"),
    ("EMAIL", r"\b[\w.+-]+\s?[(\[]at[)\]]\s?[\w-]+(?:(?:\.|\s?[(\[]dot[)\]]\s?)[\w-]+)+\b"),
    ("URL", r"\b(?:https?://|www\.)[^\s<>()\[\]]+[^\s<>()\[\].,;:!?]"),
    (
        "URL",
        r"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:uk|com|org|net|info|ie|scot|wales|cymru|eu|example)(?![\w@-]|\.\w)"
        r"(?:/(?:[^\s<>()\[\]]*[^\s<>()\[\].,;:!?])?)?",
    ),
    ("HANDLE", r"(?<![\w@.])@[a-z_](?:[\w.]{1,28}\w|\w)\b"),
    (
        "HANDLE",
        r"\b(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|twitter|facebook|fb|whatsapp|telegram|discord)"
        r"(?: (?:handle|name|user(?:name)?|account|id))?(?:\s?(?:[:=]|is|called))?\s?(?P<inner>(?=[\w.]*[\d_])[a-z][\w.]{3,}\w)",
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
        r"\b(?:nino|ni|national insurance)(?: (?:no|num(?:ber)?|is|was))*[\s.:,(#-]*"
        r"(?P<inner>[a-z]{2}[ .-]?(?:\d\d[ .-]?){2}\d\d(?:[ .-]?[a-z])?)\b",
    ),
    ("NHS", r"\bnhs(?: (?:no|num(?:ber)?|is|was))*[\s.:,(#-]*(?P<inner>\d{3}[ .-]?\d{3}[ .-]?\d{4})(?!\d)"),
    (
        "VEHICLE",
        r"\b(?:reg(?:istration)?|(?:number ?)?plate|car|van|bike|moped|vehicle|vrm|taxi)\b"
        r"(?: (?:no|number|plate|reg|is|was|with))*\.?\s?:?\s*"
        r"(?P<inner>[a-z]{2}\d\d[ -]?[a-z]{3}|[a-z]\d{1,3}[ -]?[a-z]{3}|[a-z]{3}[ -]?\d{1,3}[a-z]|[a-z]i[a-z][ -]?\d{3,4}"
        r"|\d{2,3}[ -]?[a-z]{1,2}[ -]?\d{2,6})\b",
    ),
    (
        "DOB",
        rf"\b(?:dob|d\.o\.b|date of birth|birth ?date|birthday|born|b\.)\W{{0,2}}(?: ?(?:on|the|is|was)\b)*\s?[:=-]?\s*(?P<inner>{_DATE})",
    ),
    # A whole date of the last century behind a name or in brackets, as officers put it: "Jean Hall 14/02/1967", "my husband (1.4.1928)".
    ("DOB", r"(?:(?<![\w'’-])(?-i:[A-Z])[\w'’-]+,?\s|\()(?P<inner>\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?19\d\d)(?![\d/.-]?\d)"),
    (
        "REFERENCE",
        rf"\b(?:crime|incident|inc|case|job|complaint|occurrence|fault)\s*{_NUMBERED}+(?P<inner>[a-z]{{0,4}}[/-]?\d[\w/-]*\d{_OF_DAY})(?!%|\w)",
    ),
    (
        "REFERENCE",
        rf"\b(?:log|cad|storm|crn|urn|pulse|ref(?:erence)?)\b\.?\s*{_NUMBERED}*"
        rf"(?P<inner>(?:\d{{2,}}[/-]\d{{1,2}}[a-z]{{3}}(?:\d\d){{0,2}}\b|(?!{_YEAR}\b)\d{{3,}}|[a-z]{{1,4}}[/-]?\d[\w/-]*\d|\d+[a-z]*[/-][\w/-]*\d){_OF_DAY})(?!%|\w)",
    ),
    ("REFERENCE", r"\b(?:log|cad|inc(?:ident)?)\s*(?P<inner>\d{1,5} of \d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?)(?!\d)"),
    (
        "COLLAR",
        rf"\b(?:w?pc|pcso|psco|cso|t?dc|ds|di|det|sgt|sergeant|insp|inspector|constable|special|garda|officer)s?,?\s?(?:no\b\.?\s?|number\s)?"
        rf"(?P<inner>(?!{_YEAR}\b(?!\s+(?-i:[A-Z][a-z])))\d{{3,6}}[a-z]?)\b(?!%|\s?(?:hours|hrs|pm|am|posts|jobs)\b)",
    ),
    ("COLLAR", rf"\b(?:collar|warrant|shoulder|badge|epaulette)\s*{_NUMBERED}+(?P<inner>[a-z]{{0,2}}\d{{2,7}}[a-z]?)\b"),
)
_AS_TYPED: tuple[tuple[str, str], ...] = (
    ("VEHICLE", r"\b(?:[0189]\d|2\d|1\d)[12]?[ -][A-Z]{1,2}[ -]\d{2,6}\b"),
    ("VEHICLE", r"\b[A-Z]{1,2}Z[ -]?\d{3,4}\b(?!\s?%)"),
    ("VEHICLE", r"\b(?!BIG|FIG|DIG|PIG|RIG|WIG|GIG|OIL|FIL|NIL|AIL|MIA|CIA)[A-Z](?:I[ABGJLW]|[JOUX]I)[ -]?(?!(?:19|20)\d\d\b)\d{4}\b"),
    ("REFERENCE", r"\b(?:[A-Z]{2}-?(?:19|20)\d{6}-?\d{3,5}|\d{2}[A-Z]{0,2}/\d{4,6}/\d{2}|[A-Z]{1,3}\d{6,10})\b"),
    ("COLLAR", r"\b(?:PC|PCSO|WPC|Sgt|Sergeant|Constable|Insp|DC|DS|Garda) [A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?\s?\((?P<inner>\d{3,6})\)"),
)

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    *((kind, re.compile((_DIGIT_BEFORE if kind == "PHONE" else "") + pattern, re.IGNORECASE)) for kind, pattern in _ANY_CASE),
    *((kind, re.compile(pattern)) for kind, pattern in _AS_TYPED),
)
