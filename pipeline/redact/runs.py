"""Names that no list has whole: words with capitals, weighed by what speaks for a person.

What a name is made of (a listed first name, a surname, a word that is no word of English) and what stands around it (a role before,
an age, a date of birth or a telephone number behind, "to ring", the end of a letter) each count something; enough of it together is
a name. A run of two capitals alone is as often a place.
"""

from __future__ import annotations

import re

from pipeline.redact import words as w
from pipeline.redact.tokens import OTHER_MARK, Reading, is_make

ENOUGH = 3.5
_CLOSING = frozenset(
    "regards rgds thanks thanx thx ta cheers yours sincerely faithfully love best kr br signed tks tnx cofion gorau hwyl diolch".split()
)
_WHERE = frozenset("at in near from for to of through outside round around into behind on over".split())
_TO_DO = frozenset(
    (
        "to will is was has had does did can would said says asked asks told took takes gave gives went reported apologised helped "
        "rang called "
        "attended chaired moved raised wants knows lives works replied noted agreed spoke wrote confirmed suggested pointed"
    ).split()
)
# What "X to …" is, said of a person's task and not of a road's.
_TASKS = frozenset(
    (
        "phone ring call email chase check ask speak write send circulate contact arrange draft book visit revisit attend report "
        "bring talk "
        "organise update follow invite find get do look meet liaise share"
    ).split()
)
_BEGIN_NO_NAME = (
    w.PLACES | w.PLACE_BEGINNINGS | w.MONTHS | w.DETERMINERS | w.SAYING | w.ROLES | w.SURE_TITLES | w.OTHER_TITLES | w.NO_NAMES | {"rgds"}
)
_AGE = re.compile(r"\s?[,(]?\s?(?:aged?\s|is\s)?\d{1,2}\s?(?:yrs?|yo|years?|y/o)?\b(?=\s?[,.;)|]|\s+\x02|$)")
_DETAIL = re.compile(
    r"[’']?s?\s?[,(:;|–-]{0,2}\s?(?:[a-z.]{1,6}[ :.]{1,2}){0,2}\x02"
    r"|\s?[,(]?\s?(?:dob|d\.o\.b|date of birth|b\.|born|nhs|ni|nino|tel|mob)\b",
    re.IGNORECASE,
)


def weighed_run(reading: Reading, at: int) -> int | None:
    """The end of a name that begins at a token, if enough speaks for one; None otherwise."""
    if not _may_begin(reading, at):
        return None
    end = _end_of_run(reading, at)
    parts = [number for number in range(at, end) if reading.tokens[number].word and len(reading.low(number)) > 1]
    parts = [number for number in parts if reading.low(number) not in w.PARTICLES or number == at]
    if not parts or reading.place_word(end) or (reading.low(parts[-1]) in w.PLACES and not reading.names.is_strong_first(reading.low(at))):
        return None
    if len(parts) == 1 and reading.names.is_town(reading.low(at)):
        return None
    around = _around(reading, at, end, alone=len(parts) == 1)
    if _is_enough(reading, at, end, parts, around, hinted=False):
        return end
    # What the model sees is asked where it decides.
    return end if _is_enough(reading, at, end, parts, around + 1.0, hinted=True) and reading.hinted(at, end) else None


def _is_enough(reading: Reading, at: int, end: int, parts: list[int], around: float, *, hinted: bool) -> bool:
    """Whether the words of a run and what is around them speak for a name; ``hinted`` is whether the language model sees one."""
    signed = end >= len(reading.tokens) - 1 and reading.names.is_strong_first(reading.low(parts[0]))
    told = around >= 2.0 and reading.names.is_first(reading.low(parts[0])) and not any(reading.low(part) in w.PLACES for part in parts)
    if any(_no_name(reading, part) for part in parts[1:]) and not signed and not told:
        return False
    if len(parts) > 1 and reading.names.is_first(reading.low(parts[1])) and _is_word(reading, at):
        return False  # "Lifeguard Osian Bevan": the name begins later
    made_of = sum(_part(reading, part, first=part == parts[0]) for part in parts[:3])
    if len(parts) == 1 and end == at + 1:
        if not (reading.names.is_listed_abroad(reading.low(at)) or hinted or around >= 3.0) or _behind_address(reading, at):
            return False
        made_of -= 0.0 if reading.names.is_first_abroad(reading.low(at)) else 0.5
    return made_of + around >= ENOUGH


def _may_begin(reading: Reading, at: int) -> bool:
    if not reading.free_word(at) or not reading.capital(at):
        return False
    low = reading.low(at)
    if low in _BEGIN_NO_NAME or (reading.tokens[at].text.isupper() and len(low) > 1) or reading.behind_place(at):
        return False
    return not (reading.epithet_follows(at) or reading.mixed(at) or _no_name(reading, at))


def _no_name(reading: Reading, at: int) -> bool:
    """A word that notes are made of, a make of car, a place's kind, or letters too few for a name that no list has."""
    low, names = reading.low(at), reading.names
    if names.is_first(low) or names.is_surname(low):
        return False
    short = 1 < len(low) < 4 and not names.is_listed_abroad(low)
    return short or names.is_everyday(low) or low in w.PLACES or is_make(low)


def _is_word(reading: Reading, at: int) -> bool:
    low, names = reading.low(at), reading.names
    return len(low) == 1 or (names.is_common(low) and not names.is_listed_first(low))


def _behind_address(reading: Reading, at: int) -> bool:
    return reading.low(at - 1) == "," and at > 1 and reading.tokens[at - 2].text[0] == OTHER_MARK


def _end_of_run(reading: Reading, at: int) -> int:
    """Capitals next to each other, with particles and initials between; at most four."""
    end = at + 1
    if len(reading.low(at)) == 1 and reading.low(end) == ".":
        end += 1
    while end < min(at + 5, len(reading.tokens)) and reading.free_word(end) and reading.tokens[end].near:
        low, token = reading.low(end), reading.tokens[end]
        if low in w.PARTICLES and reading.free_word(end + 1) and reading.tokens[end + 1].capital:
            end += 1
        elif token.capital and not (token.text.isupper() and len(low) > 1) and not reading.names.is_function(low) and low not in w.SAYING:
            if len(low) == 1 and reading.lettered(end):
                break
            end += 1
        else:
            break
    if len(reading.low(end - 1)) == 1 and reading.low(end) == "." and end - 1 > at:
        end += 1
    return end


def _part(reading: Reading, at: int, *, first: bool) -> float:
    """What one word counts: most if it is a listed name and nothing else, least if it is a common word and no name."""
    low, names = reading.low(at), reading.names
    if names.is_first(low) or (not first and names.is_surname(low)):
        return 1.0 if names.is_ambiguous(low) else 2.0
    if names.is_place(low) or names.is_town(low):
        return 0.5
    abroad = names.is_listed_abroad(low)
    if names.is_common(low):
        return 0.5 if abroad or not (first or names.is_everyday(low)) else -0.25
    return 1.5 if abroad else 1.0


def _around(reading: Reading, at: int, end: int, *, alone: bool) -> float:
    """What the words around count."""
    before, rest = reading.low(at - 1), reading.text[reading.tokens[end - 1].end :]
    behind, then = reading.low(end), reading.low(end + 1)
    told = before in {":", "="}
    role = reading.low(at - 2) if told or before in {",", "–", "-", "(", "."} else before
    found = 0.0
    if before in {"hi", "hello", "dear", "hiya"} and behind in {",", "–", "-", "!"}:
        found += 1.0
    if role in {"called", "named"} and reading.low(at - 2) in w.KIN | {"somebody", "someone", "himself", "herself", "person"}:
        found += 2.5
    if role in w.KIN | w.ROLES or (role in w.SURE_TITLES | w.OTHER_TITLES and not alone) or before == "our":
        found += 3.0 if told else 2.0
    if _AGE.match(rest) or _DETAIL.match(rest):
        found += 2.0
    if (behind in _TO_DO and (behind != "to" or then in _TASKS)) or behind in w.SAYING:
        found += 2.0 if behind in w.SAYING or behind == "to" else 1.0
    if end == len(reading.tokens) - (behind in {".", "!"}) and at > 6 and before in {".", "!", "?", ",", "/", "–", "-", "'", *_CLOSING}:
        closed = before in _CLOSING or reading.low(at - 2) in _CLOSING
        sure = alone and before != "," and not reading.names.is_place(reading.low(at))
        found += 3.0 if closed or sure else 2.0
    if rest[:3] in {"'s ", "’s "} and rest[3:4].islower() and reading.names.is_listed_first(reading.low(end - 1)):
        found += 2.0 if alone else 0.5
    if (before == "|" or at == 0) and behind in {"|", ""} and "|" in reading.text:
        found += 1.5
    if before in {"i'm", "spelt"} or (before in {"is", "am"} and reading.low(at - 2) in {"name", "i", "this"}):
        found += 2.0
    if alone and before in _WHERE and not reading.names.is_listed_first(reading.low(at)):
        found -= 2.0
    return found
