"""The ledger: every decision of people on a project's points and themes, one line each, in the order in which they were made.

It is only ever added to; what was wrong is taken back by another line. Each line holds two checksums: ``check``, of itself and of
the line before, and ``previous``, the check of the line before. So a line that was changed, taken out or put in is noticed; one
missing at the end is by :mod:`pipeline.corrections.ledger_end`. It is the one file of a project that is not written by
:mod:`pipeline.store`, because it is not made anew by a run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.corrections.decisions import UNDO, Decision, as_json, from_json
from pipeline.corrections.ledger_end import End, check_end, end_file, read_end, write_end
from pipeline.corrections.ledger_file import add_lines, cannot_write, held, read_bytes
from pipeline.errors import ContractError, ReadError
from pipeline.settings import SCHEMAS

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

LEDGER = "corrections.jsonl"
LEDGER_SCHEMA = "workshop-themes/ledger/1.0"
KEPT = 20_000  # lines that are not checked again by a program that reads the ledger again and again


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a ledger holds.

    Attributes
    ----------
    decisions : all of them, undo lines too, in the order of the file.
    head : the check of the last line, which stands for the whole content; '' of an empty ledger.
    unfinished : what is to be told of a last line that was not written to its end, '' where there is none.
    """

    decisions: tuple[Decision, ...] = ()
    head: str = ""
    unfinished: str = ""

    @property
    def undone(self) -> dict[str, Decision]:
        """The undo line that stands against each line taken back, by the id of that line; an undo line can be taken back too."""
        found: dict[str, Decision] = {}
        for decision in reversed(self.decisions):
            if decision.what == UNDO and decision.id not in found:
                found[decision.undoes] = decision
        return found

    @property
    def live(self) -> tuple[Decision, ...]:
        """The decisions that stand: neither undo lines nor what they take back."""
        undone = self.undone
        return tuple(decision for decision in self.decisions if decision.what != UNDO and decision.id not in undone)


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of decisions given to a ledger: those that were added, those it had already, and what is to be told."""

    added: tuple[Decision, ...]
    known: tuple[Decision, ...]
    remark: str = ""


def read_ledger(path: Path) -> Ledger:
    """Read a ledger; one that is not there is empty.

    A last line without its end, as a program leaves it that is killed while it writes, is not used and is told in ``unfinished``.

    Raises
    ------
    ReadError : it cannot be read, or a line is damaged; the message names the line.
    """
    ledger = _read(path)
    if ledger.unfinished:  # another program may be adding lines at this moment
        with held(path):
            ledger = _read(path)
    return ledger


def append(path: Path, decisions: Sequence[Decision], *, check: Callable[[Ledger], None] = lambda ledger: None) -> Appended:
    """Add decisions to the end of a ledger, all or none, and have them on the disk on return. Those it has already are not added again.

    An unfinished last line is first moved to a file beside it, ``<ledger>.unfinished``.

    Parameters
    ----------
    check : called with the ledger while nobody else can add to it; what it raises is raised, and nothing is added.

    Raises
    ------
    ContractError : a decision is not what docs/schema/ledger.schema.json says.
    ReadError : the ledger is damaged.
    OutputError : it cannot be written, or another program has held it for half a minute; it is as it was.
    """
    with held(path):
        ledger = _read(path)
        check(ledger)
        has = {decision.id for decision in ledger.decisions}
        new = {decision.id: decision for decision in decisions if decision.id not in has}
        known = tuple(decision for decision in ledger.decisions if decision.id in {given.id for given in decisions})
        remark = ""
        lines, head = _lines(list(new.values()), ledger.head)
        try:
            if ledger.unfinished:
                remark = _set_aside(path)
            add_lines(path, lines)
        except OSError as error:
            raise cannot_write(path, error) from error
        if new:
            remark = " ".join(filter(None, [remark, _end_told(path, End(len(ledger.decisions) + len(new), head))]))
    return Appended(tuple(new.values()), known, remark)


def _end_told(path: Path, end: End) -> str:
    """Write down where the ledger ends; what is to be told if that fails, for the lines themselves are on the disk."""
    try:
        write_end(path, end)
    except OSError as error:
        return f"{end_file(path).name} could not be written ({error.strerror or error}); lines lost from the end would not be noticed"
    return ""


def _lines(decisions: Sequence[Decision], head: str) -> tuple[bytes, str]:
    """Decisions as lines, and the check of the last one."""
    lines = []
    for decision in decisions:
        line = {"schema": LEDGER_SCHEMA, **as_json(decision), "previous": head}
        head = _check_of(line)
        line["check"] = head
        if fault := _fault(line):
            raise ContractError(
                f"a decision is no line of a ledger ({fault})",
                where="given to the ledger",
                expected="what docs/schema/ledger.schema.json says",
                do="please report this as a fault",
            )
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    return "".join(lines).encode(), head


def _check_of(line: dict[str, Any]) -> str:
    """The checksum of a line, without the one it holds."""
    said = {key: value for key, value in line.items() if key != "check"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _set_aside(path: Path) -> str:
    """Move an unfinished last line to the file beside, and say so."""
    data = read_bytes(path)
    beside = path.with_name(f"{path.name}.unfinished")
    whole = data.rfind(b"\n") + 1
    add_lines(beside, data[whole:] + b"\n")
    os.truncate(path, whole)
    return f"a last line that was not written to its end was moved to {beside.name}; if its decision is missing, give it again"


def _read(path: Path) -> Ledger:
    end = read_end(path)  # first, so that lines that are added in between are only more than it tells of
    *lines, rest = read_bytes(path).split(b"\n")
    head, checks, decisions, seen = "", list[str](), [], set[str]()
    for number, raw in enumerate(lines, 1):
        line = _line(raw, path, number)
        if line.previous != head:
            raise _damaged(path, number, "does not follow the line before it: lines were taken out, put in or moved")
        head, decision = line.check, line.decision
        if decision.id in seen:
            raise _damaged(path, number, f"has the id {decision.id} of an earlier line")
        if decision.what == UNDO and decision.undoes not in seen:
            raise _damaged(path, number, f"takes back {decision.undoes}, which is no earlier line")
        seen.add(decision.id)
        checks.append(head)
        decisions.append(decision)
    check_end(path, end, checks)
    remark = f"line {len(lines) + 1} of {path.name} was not written to its end and is not used" if rest else ""
    return Ledger(tuple(decisions), head, remark)


@dataclass(frozen=True, slots=True)
class _Line:
    previous: str
    check: str
    decision: Decision


def _line(raw: bytes, path: Path, number: int) -> _Line:
    """One line, held against its schema and its checksum."""
    found = _line_or_fault(raw)
    if isinstance(found, str):
        raise _damaged(path, number, found)
    return found


@lru_cache(maxsize=KEPT)
def _line_or_fault(raw: bytes) -> _Line | str:
    try:
        line = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return "cannot be read as JSON"
    if isinstance(line, dict) and "check" in line and _check_of(line) != line["check"]:
        return "was changed after it was written: its checksum is another"
    if fault := _fault(line):
        return f"is no line of a ledger ({fault})"
    return _Line(line["previous"], line["check"], from_json(line))


def _fault(line: Any) -> str:
    """How a line breaks the schema, '' if it keeps it."""
    from jsonschema.exceptions import best_match

    fault = best_match(_validator().iter_errors(line))
    return "" if fault is None else f"{fault.json_path}: {fault.message[:120]}"


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((SCHEMAS / "ledger.schema.json").read_text("utf-8")))


def _damaged(path: Path, number: int, what: str) -> ReadError:
    return ReadError(
        f"line {number} {what}",
        where=f"{path}, line {number}",
        expected="the ledger as this program wrote it; it is not to be edited by hand",
        do="bring the file back from a copy; without one, move it away and apply the review workbooks again",
    )
