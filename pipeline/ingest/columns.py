"""What a column of a table holds, told from its heading ("Grp", "Comment", "Ticks", "Urgency").

Four roles: a *field* column gives one field of the note in its row; a *text* column holds notes; a *value*
column's heading is itself a mark ("Urgent & Essential", "Barriers") that every note under it carries;
anything else is *other* and is kept out, with the reason.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Literal

from pipeline.ingest.headings import recognise, words_of

Role = Literal["field", "text", "value", "other"]

_FIELDS: tuple[tuple[str, str], ...] = (
    ("mentions", r"^(no )?(of )?(votes?|ticks?|counts?|tall(y|ies)|mentions?|dots?|times( raised| mentioned)?|frequency|how many( people| times)?|stickers?|likes?|number of (people|times|mentions|votes))$"),
    ("table", r"^(table|group|team)( no| name| id| ref)?$|^(table|group) and (table|group)$|^which (table|group)$"),
    ("session", r"^(workshop|session|workshop session|round)( no| name)?$"),
    ("priority", r"^(urgent|priority|importance|urgent and importance|priority (heading|level|rating|category|group|grid|box)|quadrant|heading priority|how (urgent|pressing|important)( is (it|this))?|urgent and essential or not)$"),
    ("level", r"^(level|scope|reach|geography|impact level|level of impact|where|local (or|and|v|vs|versus) (division(al)?|county|neighbourhood)( level)?|neighbourhood (or|and) (division(al)?|county)|local and neighbourhood or division(al)?( and county)?)$"),
    ("resident", r"^(our )?(resident|persona|character|who)( type| group| name| profile)?s?$|^(type|kind) of resident$|^resident is$"),
    ("aspect", r"^(category|type|kind|aspect|heading|section|note type|issue (and|or) action|barrier (and|or) good practice|good practice (and|or) barrier|issue and barrier (and|or) action|type issue and action|type barrier and good practice)$"),
    ("topic", r"^(topic|theme|subject|subject area|theme area|topic area)s?$"),
)  # fmt: skip
_TEXT = re.compile(
    r"^(the )?(comments?|notes?|points?|text|what was said|what (they|people|the table) said|response|responses|feedback|statement|detail|details|description|remark|remarks|answer|answers|note text|point raised|points? (raised|made)|issue raised|comment text|flip chart note|views?|idea|ideas|contribution|suggestion|as written|verbatim|input|opinion|message|post|question|quote|content|body)( text| made| raised| as typed| as written)?$"
)
_PERSONAL = re.compile(
    r"^((your|participants?|respondents?|contact|home|work|mobile|daytime|evening) )*(e ?mail( address)?|(phone|telephone|tel|mobile|contact)( no| number)?|address|post ?code|((full|sur|first|last|fore|family|middle) ?)?names?|contact details|dob|date of birth)( of (participant|respondent))?$"
)

LONG = 6
_ORGANISATION = re.compile(
    r"^(organi[sz]ation|agency|representing|role|job title|position|company|partner( agency)?|department|signature|present|signed)s?$"
)
# What a question of a web form asks for, in order of precedence.
_ASKED = (
    ("top_priority", r"\b(top|number one|no 1|single|biggest|most important) (priority|thing|challenge|issue)\b"),
    ("action", r"\b(could|should|can|would|might|must) (we|agencies|partners|be|they|the|it|help)\b|\baction\b|\bsolutions?\b|\bdo about\b|\bovercome\b"),
    ("good_practice", r"\b(good|best) practice\b|\bwork(s|ing|ed)? well\b|\bdo(ing|es)? well\b|\bgoing well\b"),
    ("issue", r"\bresident\b.*\b(issue|barrier|problem|concern|worry|face)\b|\b(issue|barrier|problem|concern)\b.*\bresident\b"),
    ("barrier", r"\bbarrier\b|\bin (the|our|your) way\b|\bstop(s|ping)?\b"),
    ("challenge", r"\bchallenge\b"),
    ("issue", r"\bissue\b|\bproblem\b|\bconcern\b"),
)  # fmt: skip
_ASKS_FOR_WORDS = r"\b(tell us|anything else|comments?|views?|think|feel|say|suggest|describe|opinion|feedback|thoughts?)\b"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its role, the field it gives or the marks it carries, and its heading as typed."""

    role: Role
    heading: str = ""
    field: str = ""
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    personal: bool = False


def column(heading: str) -> Column:
    """Tell what a column holds from its heading alone.

    >>> column("Table no.").field, column("Comment").role, column("Urgent but NOT essential").values
    ('table', 'text', {'priority': 'Urgent but not Essential'})
    >>> column("Ticks").field, column("Local or divisional?").field, column("Lat").role
    ('mentions', 'level', 'other')
    """
    typed = " ".join(heading.split())
    plain = re.sub(r"[^a-z0-9 ]", " ", typed.lower())
    plain = " ".join(plain.split())
    words = " ".join(words_of(typed))
    for name, pattern in _FIELDS:
        if re.match(pattern, words) or re.match(pattern, plain):
            return Column("field", typed, name)
    if _TEXT.match(plain) or _TEXT.match(words):
        return Column("text", typed)
    marks = recognise(typed, residents=True)
    if marks and marks.explained == 1.0:
        return Column("value", typed, values=marks.values)
    if len(words.split()) > LONG or typed.endswith("?"):
        return _question(typed, words)
    return Column("other", typed, personal=bool(_PERSONAL.match(plain)))


def _question(typed: str, words: str) -> Column:
    """A column of a web form, whose heading is a question of many words.

    >>> column("What should agencies do about it?").values, column("Which table were you on?").field
    ({'aspect': 'action'}, 'table')
    """
    if re.search(r"\b(which|what|your) (table|group)\b", words):
        return Column("field", typed, "table")
    if re.search(r"\b(which|what) (workshop|session)\b", words):
        return Column("field", typed, "session")
    if re.search(r"\bwho (is|was|were|are)\b.*\bresident\b|\bresident\b.*\b(age|describe|type)\b|\bdescribe\b.*\bresident\b", words):
        return Column("field", typed, "resident")
    if re.search(r"\bhow urgent\b|\burgent (or|and) essential\b", words):
        return Column("field", typed, "priority")
    for value, pattern in _ASKED:
        if re.search(pattern, words):
            return Column("value", typed, values={"aspect": value})
    return Column("text", typed) if re.search(_ASKS_FOR_WORDS, words) else Column("other", typed)


def lists_people(columns: list[Column]) -> bool:
    """Whether a table's headings are those of an attendance sheet: names, organisations, ways to reach them.

    >>> lists_people([column("Name"), column("Organisation"), column("E-mail")])
    True
    """
    headed = [c for c in columns if c.heading]
    return (
        len(headed) >= 1
        and any(_ORGANISATION.match(c.heading.lower()) for c in headed)
        and all(c.personal or _ORGANISATION.match(c.heading.lower()) for c in headed)
    )
