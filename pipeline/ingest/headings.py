"""What a heading means: session, table, aspect, priority, level and resident type.

People type headings as they please ("URGENT + ESSENTIAL", "Wkshop 2", "Grp 4 - local / n'hood").
A heading is cut into words, each word is mended to the small vocabulary of headings when it
is a slip of one, and patterns then claim the words that they explain. How many words were
explained is what tells a heading from a note that merely mentions a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.ingest.residents import introduction, is_invented_person, resident_type
from pipeline.records import PRIORITIES

FIELDS = ("session", "table", "aspect", "priority", "level", "resident")

_WORD = re.compile(r"[A-Za-z0-9]+(?:['’][A-Za-z]+)?|[&+/=]")
_FOLD = {
    "&": "and", "+": "and", "/": "and", "n": "and", "wkshop": "workshop", "wkshp": "workshop", "wshop": "workshop",
    "wksp": "workshop", "workshops": "workshop", "sess": "session", "sesh": "session", "sessions": "session",
    "grp": "group", "gp": "group", "gr": "group", "tbl": "table", "tab": "table", "tabel": "table", "talbe": "table", "tables": "table", "groups": "group",
    "n'hood": "neighbourhood", "n’hood": "neighbourhood", "nhood": "neighbourhood", "neighborhood": "neighbourhood",
    "neighbourhoods": "neighbourhood", "hood": "neighbourhood", "divisional": "divisional", "div": "divisional",
    "divisionwide": "division", "divn": "division", "countywide": "county", "cty": "county", "forcewide": "county",
    "practise": "practice", "pract": "practice", "non": "not", "nor": "not", "isn't": "not", "no.": "no", "number": "no", "num": "no",
    "priorities": "priority", "challenges": "challenge", "barriers": "barrier", "obstacles": "barrier",
    "issues": "issue", "actions": "action", "themes": "theme", "ess": "essential", "urg": "urgent",
    "urgency": "urgent", "locally": "local", "concerns": "concern", "problems": "problem", "residents": "resident",
    "prio": "priority", "whats": "what", "what's": "what", "what’s": "what",
}  # fmt: skip
_VOCABULARY = (
    "urgent essential session workshop table group neighbourhood division county local priority challenge barrier "
    "barriers challenges actions issues practice resident residents examples priorities"
).split()
_NOT_SLIPS = frozenset(
    "stable tablet tablets carrier carriers auction auctions faction factions bounty tissue tissues president country countrywide".split()
)
_FILLER = frozenset(
    "the a an of our your their this that these those for to in on at by and or but with from we us they it is are was "
    "were be be been main key identified included including include following notes note flip chart charts flipchart "
    "level impact have has had raised which what who how do does did can could would should as well any other "
    "others big biggest overall agreed each one response responses comments points list examples example some "
    "community safety facing overcome these them ctd cont contd continued type persona no not only scribe facing "
    "developing confidence internal organisations agencies discussion feedback tbc resident persona back up next very wider bigger picture own streets things".split()
)
_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "first": "1", "second": "2", "third": "3", "i": "1", "ii": "2", "iii": "3",
}  # fmt: skip
_COLOURS = (
    "red|blue|green|yellow|orange|purple|pink|white|black|gold|silver|brown|amber|grey|teal|lilac|turquoise|violet|maroon|cream|navy|bronze"
)
_NUMBER = r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|i{1,3})"


def _number(text: str) -> str:
    return _NUMBERS.get(text, text.lstrip("0") or text)


def _priority(match: re.Match[str]) -> str:
    not_urgent = match["nu"] or match["nu2"]
    urgent = not not_urgent
    essential = not (match["ne"] or match["ne2"] or (match["or"] and not_urgent))
    return PRIORITIES[(0 if urgent else 2) + (0 if essential else 1)]


def _reversed(match: re.Match[str]) -> str:
    """Read "Essential, not urgent": the same four, said the other way round."""
    essential = not match["ne"]
    urgent = not (match["nu"] or (match["or"] and match["ne"]))
    return PRIORITIES[(0 if urgent else 2) + (0 if essential else 1)]


def _named(value: str) -> Callable[[re.Match[str]], str]:
    return lambda match: value


_PRIORITY = (
    r"(?:(?:(?P<nu>not|neither) )?(?:urgent|u)|(?P<nu2>nu))(?: (?P<or>or))?(?: (?:and|but|yet))*"
    r"(?:(?: (?P<ne>not))?(?: and)? (?:essential|e)| (?P<ne2>ne))\b"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (name, re.compile(pattern), value)
    for name, pattern, value in (
        ("session", rf"\b(?:workshop session|session|workshop|round|ws|wk)(?: no)? {_NUMBER}\b", lambda m: _number(m["n"])),
        ("session", r"\b(?:ws|s|wk|sess)(?P<n>[1-9])\b", lambda m: m["n"]),
        ("session", r"\b(?P<n>first|second|third) (?:workshop session|session|workshop)\b", lambda m: _number(m["n"])),
        ("table", rf"\b(?:table|group|team)(?: no)? (?P<n>\d{{1,2}}|one|two|three|four|five|six|seven|eight|nine|ten|[a-h]|{_COLOURS})\b",
         lambda m: _table_name(m["n"])),
        ("table", rf"\b(?P<n>{_COLOURS}) (?:table|group|team)\b", lambda m: _table_name(m["n"])),
        ("table", r"\b(?:t|tbl|grp|table|group)(?P<n>\d{1,2})\b", lambda m: _number(m["n"])),
        ("priority", rf"\b{_PRIORITY}", _priority),
        ("priority", r"\b(?:(?P<ne>not|neither) )?essential(?: (?P<or>or|nor))?(?: (?:and|but|yet))*(?: (?P<nu>not))? urgent\b", _reversed),
        ("priority", r"^neither(?: of (?:these|them))?$", _named(PRIORITIES[3])),
        ("aspect", r"\b(?:key|main|emerging) theme\b", _named("key_theme")),
        ("aspect", r"\btop$|\bno 1$|\btp$|\b(?:top|main|no 1|no one|1st|first|agreed|overall|table|group|biggest|single)(?: no)?(?: 1)? priority\b", _named("top_priority")),
        ("aspect", r"\b(?:good|best) practice\b|\bwhat (?:is )?work(?:s|ing)?(?: well)?\b|\bthings (?:that|which) works?(?: well)?\b|\bworking well\b|\bgoing well\b|\bsuccesses\b|\bgood (?:stuff|things|bits|work)\b|\bpositives\b|\bbright spots\b|\bstrengths\b", _named("good_practice")),
        ("aspect", r"\baction\b|\bwhat (?:can|could|should|would|might) (?:we|be|help|agencies|partners)(?: all)?(?: do| done)?\b|\bwhat we (?:would|could|can|should|will) do\b|\bwhat would help\b|\bsolutions?\b|\bideas to\b|\bhow (?:to|do we|can we|could we) (?:overcome|fix|solve|help)\b|\bsuggestions?\b",
         _named("action")),
        ("aspect", r"\b(?:issue|problem|concern|worries) (?:and )?barrier\b|\bbarrier (?:and )?(?:issue|problem|concern)\b", _named("issue")),
        ("aspect", r"\bbarrier\b|\bgets? in (?:the|our) way\b|\bwhat (?:is )?stop(?:s|ping) us\b|\bblockers?\b|\bholding us back\b", _named("barrier")),
        ("aspect", r"\bissue\b|\bconcern\b|\bworries\b|\b(?:worry|worries|bothers?|troubles?|concerns|frightens?|upsets?|stops?) (?:them|him|her)\b|\bproblem\b", _named("issue")),
        ("aspect", r"\bchallenge\b", _named("challenge")),
        ("level", r"\b(?:local(?: and)? neighbourhood|neighbourhood(?: and)? local|local|neighbourhood|ward)(?: level| area| only)?\b", _named("local")),
        ("level", r"\b(?:division(?:al)?(?: and)? county|county(?: and)? division(?:al)?|division(?:al)?|county(?: wide)?|force wide)(?: level| wide)?\b", _named("division")),
    )
)  # fmt: skip
_RESIDENT_LABEL = re.compile(
    r"^\W*(?:our |your |the |their )?(?:resident|persona|person|character)(?: type| group)?s?\b\s*(?:is|=|:|-|–|—)?\s*", re.IGNORECASE
)
# A session's title that names both halves of the session: its notes are of neither until a heading says.
_BOTH = re.compile(r"\bbarrier and (?:good|best) practice\b|\b(?:good|best) practice and barrier\b|\b(?:issue|barrier) and action\b")
_TOPICS = (("3", r"\bresident"), ("2", r"\bconfidence\b|\bbarrier\b"), ("1", r"\bchallenge\b"))


def _table_name(raw: str) -> str:
    number = _NUMBERS.get(raw, raw)
    return _number(number) if number.isdigit() else number.upper() if len(number) == 1 else number.capitalize()


@dataclass(frozen=True, slots=True)
class Marks:
    """What a heading says.

    Attributes
    ----------
    values : canonical value of each field that was recognised.
    explained : share of the heading's words that a pattern or a filler word accounts for, 0 to 1.
    topic : session that the words suggest when no session number stands there ("1", "2", "3" or "").
    """

    values: dict[str, str] = field(default_factory=dict)
    explained: float = 0.0
    topic: str = ""

    def __bool__(self) -> bool:
        return bool(self.values)


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """A word of the headings' vocabulary when ``word`` is a slip of one, else the word itself."""
    word = _FOLD.get(word, word)
    if len(word) < 5 or word in _FILLER or word in _VOCABULARY or word in _NOT_SLIPS:
        return word
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    best = process.extractOne(word, _VOCABULARY, scorer=OSA.normalized_similarity, score_cutoff=0.82)
    return _FOLD.get(best[0], best[0]) if best else word


def words_of(text: str) -> list[str]:
    """Cut a heading into lower-case words, abbreviations folded and slips mended.

    >>> words_of("Wkshop 2: Local / N'hood")
    ['workshop', '2', 'local', 'and', 'neighbourhood']
    """
    return [_mended(word.lower()) for word in _WORD.findall(text)]


def recognise(text: str, *, residents: bool = False) -> Marks:
    """Read what a heading says.

    Parameters
    ----------
    text : the heading as typed.
    residents : also look for resident types; only sensible where the session is about residents.

    >>> recognise("URGENT + ESSENTIAL").values
    {'priority': 'Urgent & Essential'}
    >>> recognise("Not urgent or essential").values
    {'priority': 'Not Urgent or Essential'}
    >>> recognise("Grp 4 - local / n'hood").values
    {'table': '4', 'level': 'local'}
    >>> recognise("Table 2: Doris, 78", residents=True).values
    {'table': '2', 'resident': 'older people'}
    """
    words = words_of(text)
    if not words:
        return Marks()
    joined = " ".join(words)
    starts = _starts(words)
    claimed = [False] * len(words)
    values: dict[str, str] = {}
    bracketed = re.search(r"\((?:div|county)", text, re.IGNORECASE) is not None
    for name, pattern, value in _PATTERNS:
        for match in pattern.finditer(joined):
            touched = [i for i, start in enumerate(starts) if match.start() <= start < match.end()]
            if not touched or any(claimed[i] for i in touched):
                continue
            if name == "level" and not bracketed and _is_part_of_a_name(words, touched[0], claimed):
                continue
            if name not in values:
                values[name] = value(match)
            elif values[name] != value(match):
                if name == "level":  # "local or divisional": says both, so neither
                    values[name] = ""
                elif name != "aspect":
                    continue
            for i in touched:
                claimed[i] = True
    if "session" in values and _BOTH.search(joined):
        values["aspect"] = ""
    values = {name: found for name, found in values.items() if found}
    if residents and "resident" not in values:
        _add_resident(text, words, starts, claimed, values)
    topic = next((number for number, pattern in _TOPICS if re.search(pattern, joined)), "")
    known = sum(1 for word, done in zip(words, claimed, strict=True) if done or word in _FILLER)
    return Marks(values, known / len(words), "" if "session" in values else topic)


def _is_part_of_a_name(words: list[str], at: int, claimed: list[bool]) -> bool:
    """Tell names ("Pennine Division", "Fellshire County") from a level ("challenges at county level")."""
    return words[at] in ("division", "county") and at > 0 and not claimed[at - 1] and words[at - 1] not in _FILLER


_KINDS_OF_GROUP = frozenset(
    "focus working steering youth project community user support advisory peer each every our this the your".split()
)


def named_table(text: str) -> str:
    """The table's name where a heading is only that: "Oak table", "Table: Library corner"; else empty.

    >>> named_table("The Oak Table"), named_table("Table - Willow"), named_table("Youth services")
    ('Oak', 'Willow', '')
    """
    found = re.fullmatch(
        r"(?:the )?(?P<a>[A-Za-z]+) (?:table|group)|(?:table|group)\W+(?P<b>[A-Za-z]+(?: [A-Za-z]+)?)", text.strip(" :."), re.IGNORECASE
    )
    name = (found["a"] or found["b"]) if found else ""
    return "" if name.lower() in _KINDS_OF_GROUP else name.capitalize() if name.isupper() else name


def _starts(words: list[str]) -> list[int]:
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return starts


def _add_resident(text: str, words: list[str], starts: list[int], claimed: list[bool], values: dict[str, str]) -> None:
    """Claim every word that no other field took for the description of a resident."""
    if told := introduction(text):
        values["resident"] = resident_type(told) or told
        claimed[:] = [True] * len(words)
        return
    parts = [part for part in re.split(r"\s[-–—:|/]\s|[:|.]\s|[–—]", text) if not _only_other_fields(part)]
    described = _RESIDENT_LABEL.sub("", " - ".join(parts)).strip(" -–—:")
    labelled = any(_RESIDENT_LABEL.match(part) for part in parts)
    if not described:
        return
    person = labelled or is_invented_person(described)
    found = resident_type(described, ages=person)
    if found is None and not person:
        return
    values["resident"] = found or described
    for i in range(len(words)):
        claimed[i] = True


def _only_other_fields(part: str) -> bool:
    marks = recognise(part)
    return bool(marks) and marks.explained == 1.0


def canonical_table(text: str) -> str:
    """The table's name from a cell that holds nothing else ("Grp 4" → "4", "blue" → "Blue").

    >>> [canonical_table(t) for t in ("Grp 4", "04", "blue", "Table no. 2", "T3", "Library corner")]
    ['4', '4', 'Blue', '2', '3', 'Library corner']
    """
    found = recognise(text).values.get("table")
    if found:
        return found
    bare = text.strip().lower()
    if re.fullmatch(rf"\d+(\.0)?|{'|'.join(_NUMBERS)}|[a-h]|{_COLOURS}", bare):
        return _table_name(bare.removesuffix(".0"))
    return text.strip()


def canonical_session(text: str) -> str:
    """The session's number from a cell that holds nothing else; as typed if it has none.

    >>> [canonical_session(t) for t in ("Wkshop 2", "3", "one", "Closing plenary")]
    ['2', '3', '1', 'Closing plenary']
    """
    marks = recognise(text)
    if "session" in marks.values:
        return marks.values["session"]
    bare = text.strip().lower()
    if re.fullmatch(rf"\d+(\.0)?|{'|'.join(_NUMBERS)}", bare):
        return _number(bare.removesuffix(".0"))
    return marks.topic or text.strip()
