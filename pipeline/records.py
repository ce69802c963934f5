"""The tables that pass between stages, one typed model a seam.

Each stage takes the table of the stage before and returns it with columns added:
``RawNotes → Notes → Points → Clustered → Labelled → Corrected``. A model is checked at the seam by
:func:`checked`, so a skipped stage or a missing column fails there, and says so.
Missing text is the empty string, never NaN.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.errors
import pandera.pandas as pa
from pandera.typing.pandas import Series

from pipeline.errors import ContractError

PRIORITIES = (
    "Urgent & Essential",
    "Urgent but not Essential",
    "Not Urgent but Essential",
    "Not Urgent or Essential",
)
LEVELS = {"local": "Local / neighbourhood", "division": "Division / county"}
ASPECTS = {
    "key_theme": "Key themes identified",
    "challenge": "Challenges",
    "top_priority": "Top priorities",
    "barrier": "Barriers",
    "good_practice": "Good practice",
    "issue": "Issues and barriers",
    "action": "Actions",
}
OUTCOMES = ("labelled", "no_match", "undecided", "procedural")
FORMS = ("jotting", "report")
SEPARATOR = "|"
_WORD = re.compile(r"[^\W_]+")


class RawNotes(pa.DataFrameModel):
    """One row a note as read from a file, before personal details are replaced.

    ``topic`` is what the nearest of its headings says where that is a subject or the bullet above, not a session, table, aspect,
    priority, level or resident; ``tally`` is what a count column says beside it, as typed; ``form`` is ``report`` for the bullets of a
    published report, which are kept whole, and ``jotting`` for anything else.
    """

    event: Series[str]
    division: Series[str]
    session: Series[str]
    table: Series[str]
    heading: Series[str]
    topic: Series[str]
    aspect: Series[str] = pa.Field(isin=["", *ASPECTS])
    priority: Series[str] = pa.Field(isin=["", *PRIORITIES])
    level: Series[str] = pa.Field(isin=["", *LEVELS])
    resident: Series[str]
    text: Series[str] = pa.Field(str_length={"min_value": 1})
    tally: Series[str]
    form: Series[str] = pa.Field(isin=FORMS)
    source_file: Series[str]
    source_locator: Series[str]


class Notes(RawNotes):
    """A note as every later stage sees it: redacted, with an id made from its content."""

    note_id: Series[str] = pa.Field(unique=True)


class Points(pa.DataFrameModel):
    """One row a point: ``text`` is characters ``start`` to ``end`` of its note.

    ``expanded`` is the text with abbreviations written out, for embedding and matching; ``lemmas``
    its lower-case lemmas, space between, and ``lemma_spans`` the characters of ``text`` each stands for,
    as in ``0:3 4:9``; ``phrases`` its noun phrases, '|' between; ``tally`` the
    mark that gave ``mentions``, as typed; ``procedural`` says it is about the running of the evening.
    """

    point_id: Series[str] = pa.Field(unique=True)
    note_id: Series[str]
    event: Series[str]
    division: Series[str]
    session: Series[str]
    table: Series[str]
    heading: Series[str]
    topic: Series[str]
    aspect: Series[str] = pa.Field(isin=["", *ASPECTS])
    priority: Series[str] = pa.Field(isin=["", *PRIORITIES])
    level: Series[str] = pa.Field(isin=["", *LEVELS])
    resident: Series[str]
    text: Series[str] = pa.Field(str_length={"min_value": 1})
    source_file: Series[str]
    source_locator: Series[str]
    start: Series[int] = pa.Field(ge=0)
    end: Series[int] = pa.Field(ge=1)
    mentions: Series[int] = pa.Field(ge=1)
    tally: Series[str]
    expanded: Series[str]
    lemmas: Series[str]
    lemma_spans: Series[str]
    phrases: Series[str]
    procedural: Series[bool]


class Clustered(Points):
    """Points with the cluster each belongs to within its session; -1 for procedural points."""

    cluster: Series[int] = pa.Field(ge=-1)


class Labelled(Clustered):
    """Points with their codes ('|' between, most probable first), probabilities, outcome with its own, and evidence.

    ``cluster_codes`` are the codes of the point's cluster, ``cluster_mixed`` its shares where it has no main code.
    """

    codes: Series[str]
    scores: Series[str]
    outcome: Series[str] = pa.Field(isin=OUTCOMES)
    outcome_score: Series[float] = pa.Field(ge=0, le=1)
    evidence: Series[str]
    cluster_codes: Series[str]
    cluster_mixed: Series[str]


class Corrected(Labelled):
    """Labelled points after the decisions of people; ``decided_by`` says whose the codes are."""

    decided_by: Series[str] = pa.Field(isin=["machine", "human"])


class Dropped(pa.DataFrameModel):
    """Text read and not used, and why."""

    text: Series[str]
    reason: Series[str]
    source_file: Series[str]
    source_locator: Series[str]


def checked(model: type[pa.DataFrameModel], table: pd.DataFrame, stage: str) -> pd.DataFrame:
    """Return ``table`` if it keeps the contract of ``model``.

    Raises
    ------
    ContractError : naming the stage, the column and the first offending rows.
    """
    if _plainly_kept(model, table):
        return table
    try:
        model.validate(table, lazy=True)
    except pandera.errors.SchemaErrors as broken:
        cases = broken.failure_cases
        first = cases.iloc[0]
        column = first["failure_case"] if first["check"] == "column_in_dataframe" else first["column"]
        raise ContractError(
            f"{len(cases)} broken rule(s), first: column '{column}' fails {first['check']}",
            where=f"table {model.__name__} {stage}",
            expected="every column of the stage before it, none empty of meaning",
            do="run the stages in order; if this came from `themes run`, please report it as a fault",
        ) from broken
    return table


def _plainly_kept(model: type[pa.DataFrameModel], table: pd.DataFrame) -> bool:
    """Whether a table has the model's columns with the very types, nothing missing in them, and every check of a column passes.

    This is most of what pandera would find out, in a tenth of the time; where it is not so, or the model asks more, pandera has the word.
    """
    asked = model.to_schema()
    more = asked.checks or asked.strict or asked.ordered or asked.coerce or asked.unique or asked.index is not None
    if more or not table.columns.is_unique:
        return False
    for name, kind in _empty(model).dtypes.items():
        column = asked.columns[name]
        if name not in table.columns or column.nullable or column.coerce or column.regex:
            return False
        values = table[name]
        if not _same(values.dtype, kind) or values.array.isna().any() or (column.unique and not values.is_unique):
            return False
        if not all(check(values).check_passed for check in column.checks):
            return False
    return True


def _same(kind: Any, asked: Any) -> bool:
    """Whether types are the same; text may have either sign for what is missing, of which there is none."""
    texts = isinstance(kind, pd.StringDtype) and isinstance(asked, pd.StringDtype)
    return bool(kind.storage == asked.storage if texts else kind == asked)


def empty(model: type[pa.DataFrameModel]) -> pd.DataFrame:
    """An empty table of the model's columns and types."""
    return _empty(model).copy()


@cache
def _empty(model: type[pa.DataFrameModel]) -> pd.DataFrame:
    kinds = {name: str(column.dtype) for name, column in model.to_schema().columns.items()}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


@dataclass(frozen=True, slots=True)
class Session:
    """One workshop session of an event."""

    id: str
    title: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What is known of an event. ``inferred`` says which of it was worked out, and from what."""

    id: str
    title: str
    division: str
    districts: tuple[str, ...] = ()
    date: str = ""
    venue: str = ""
    participants: tuple[str, ...] = ()
    participant_count: int | None = None
    sessions: tuple[Session, ...] = ()
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRead:
    """What became of one file: ``read``, ``not read`` (with the reason) or ``not notes``."""

    source_file: str
    status: str
    sha256: str = ""
    notes: int = 0
    remarks: tuple[str, ...] = ()


def words_in(text: str) -> int:
    """Number of words in a text: runs of letters and digits.

    >>> words_in("litter + vandalism, car crime x3")
    5
    """
    return len(_WORD.findall(text))


Progress = Callable[[str, int, int], Any]
"""Called with a stage's name, how much of it is done, and how much there is."""

Partition = Callable[[Any, int], npt.NDArray[np.int64]]
"""Clusters unit vectors, float32 (n, dimension) or such vectors each held once (pipeline.embed.AnyVectors), with a seed, into n labels."""

Rows = npt.NDArray[np.intp]
"""Numbers of rows of a table, 0 or more."""

Columns = Mapping[str, npt.NDArray[Any]]
"""Columns of a table as arrays, row for row, from which rows are picked more quickly than from a table; a table will do too."""

Advance = Callable[[int, int], Any]
"""Called within a stage with how much is done, and how much there is."""


def session_order(session: str) -> tuple[bool, int, str]:
    """Numbered sessions first, in number order; then named ones by name. Serves tables too."""
    numbered = session.isdecimal() and len(session) <= 9  # "²" is a digit to Python but no number
    return (not numbered, int(session) if numbered else 0, session)


@dataclass(slots=True)
class Tally:
    """Words read, kept and dropped at one seam; ``read == kept + dropped`` or the run fails."""

    read: int = 0
    kept: dict[str, int] = field(default_factory=dict)
    dropped: int = 0

    def add(self, other: Tally) -> None:
        """Count what another seam of the same kind read, kept and dropped too."""
        self.read += other.read
        self.dropped += other.dropped
        for what, number in other.kept.items():
            self.kept[what] = self.kept.get(what, 0) + number
