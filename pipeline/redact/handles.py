"""Names in social networks without "@", by the words around them.

What looks made ("shane.r.n1", "ChaseMotoKings") needs a word that says it is a name there: "profile", "on Facebook as". Plain letters need
to stand where little else can ("posts as roadwatchers on instagram", "her insta is roadwatchers") and to be no word that notes use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.redact.vocabulary import listed_words

_NETWORK = (
    r"(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|threads|twitter|x|bluesky|facebook|fb|you ?tube|yt|ig|telegram|discord|whatsapp|nextdoor"
    r"|linked ?in|paypal)"
)
_ALONE = r"(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|threads|telegram)"
_NO_ADDRESS = r"(?!\S{1,60}\.(?:uk|com|org|net|info|ie|scot|wales|cymru|eu|london|biz|docx?|pdf|xlsx?|pptx?|jpe?g|png|txt|csv)\b)"
# A full stop, "_" or a figure within, or a capital behind a small letter that is not that of a surname ("McKay").
_MADE = (
    rf"(?:{_NO_ADDRESS}(?!{_NETWORK}\b)(?!(?-i:[A-Z\d]+)\b)(?:(?=[\w.]{{0,30}}(?:[_\d]|\.\w))|(?-i:(?!(?:Mc|Mac|De|Di|Le|La|Fitz|Van)[A-Z])(?=[A-Za-z]{{0,30}}[a-z][A-Z])))"
    r"[a-z][\w.]{3,30}(?<!\.)(?![\w@-]))"
)
_PLAIN = r"(?:[a-z]{8,30}(?![\w@-]))"
_OF_NETWORK = re.compile(
    r"\b(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|threads|twitter|bluesky|facebook|fb|you ?tube|telegram|discord|socials?|social media)\b",
    re.IGNORECASE,
)
# "profile shane.r.n1", "chan ChaseMotoKings", where the note speaks of a network
_ACCOUNT = re.compile(
    rf"\b(?:profiles?|chan(?:nel)?|page|account|acct?|user(?:name)?|handle)\b(?:\s(?:name|is|called|named))?[\s:=(-]{{1,3}}(?P<inner>{_MADE})",
    re.IGNORECASE,
)
_TOLD = re.compile(
    # "on Facebook as jean.hall.art"
    rf"\b{_NETWORK} as:?\s(?P<made>{_MADE})"
    # "message me on fb - jean.hall", "his snap (jean.hall)", "facebook MillLaneTogether"
    rf"|\b(?:{_ALONE}|facebook|fb|twitter|you ?tube|ig|yt|bluesky)(?:\s?[:(]\s?|\s[–-]\s)(?P<apart>{_MADE})"
    rf"|\b(?:facebook|fb|twitter|you ?tube)\s(?P<beside>{_MADE})(?=\s\+|\sand\b|[,;)]|\.\s|\.?$)"
    # "posts as roadwatchers on instagram", "he is roadwatchers on tiktok"
    rf"|\b(?:i'?m|am|has|is|as|called)\s(?P<on>{_MADE}|{_PLAIN})\son\s{_NETWORK}\b"
    # "insta road.watchers", "her insta is roadwatchers"
    rf"|\b{_ALONE}\s(?P<bare>{_MADE})(?=\s\+|[,;)]|\.\s|\.?$)"
    rf"|\b{_ALONE}\s?(?:handle|name|user|account|is|[:=])\s(?P<behind>{_MADE}|{_PLAIN})"
    r"(?=\s\+|[,;)]|\.\s|\.?$)"
    rf"|\b(?:his|her|their|my|whose) {_NETWORK}(?:\s(?:handle|name|user|account|profile))?\s(?:is|was)\s(?P<own>{_MADE}|{_PLAIN})",
    re.IGNORECASE,
)
_VERB = re.compile(r".*(?:ed|ing|ly)", re.IGNORECASE)


def handles(text: str) -> Iterator[tuple[int, int]]:
    """Where names in social networks stand in a text.

    >>> text = "she is on Facebook as jean.hall.art, posts as roadwatchers on instagram, nothing is advertised on Facebook"
    >>> [text[start:end] for start, end in handles(text)]
    ['jean.hall.art', 'roadwatchers']
    """
    if not _OF_NETWORK.search(text):
        return
    for match in (*_ACCOUNT.finditer(text), *_TOLD.finditer(text)):
        name = match[match.lastgroup or 0]
        if not (name.isalpha() and (name.lower() in listed_words("everyday_words") or _VERB.fullmatch(name))):
            yield match.span(match.lastgroup or 0)
