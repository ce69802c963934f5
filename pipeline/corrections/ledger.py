"""The ledger: every decision of people on a project's points and themes, one line each, in the order in which they were made.

It is only ever added to; what was wrong is taken back by another line. Each line holds two checksums: ``check``, of itself and of
the line before, and ``previous``, the check of the line before. So a line that was changed, taken out or put in is noticed. It is
the one file of a project that is not written by :mod:`pipeline.store`, because it is not made anew by a run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.corrections.decisions import UNDO, Decision, as_json, from_json
from pipeline.errors import ContractError, OutputError, ReadError
from pipeline.settings import SCHEMAS

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

LEDGER = "corrections.jsonl"
LEDGER_SCHEMA = "workshop-themes/ledger/1.0"
WAIT = 30.0  # seconds for another program that is adding lines
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
    ledger = _parsed(_bytes(path), path)
    if ledger.unfinished:  # another program may be adding lines at this moment
        with _held(path):
            ledger = _parsed(_bytes(path), path)
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
    with _held(path):
        data = _bytes(path)
        ledger = _parsed(data, path)
        check(ledger)
        has = {decision.id for decision in ledger.decisions}
        new = {decision.id: decision for decision in decisions if decision.id not in has}
        known = tuple(decision for decision in ledger.decisions if decision.id in {given.id for given in decisions})
        remark = ""
        try:
            if ledger.unfinished:
                remark = _set_aside(path, data)
            _add(path, _lines(list(new.values()), ledger.head))
        except OSError as error:
            raise _cannot_write(path, error) from error
    return Appended(tuple(new.values()), known, remark)


def _lines(decisions: Sequence[Decision], head: str) -> bytes:
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
    return "".join(lines).encode()


def _check_of(line: dict[str, Any]) -> str:
    """The checksum of a line, without the one it holds."""
    said = {key: value for key, value in line.items() if key != "check"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _add(path: Path, lines: bytes) -> None:
    """Write lines behind the last one and onto the disk; where that fails, the file is cut back to what it was."""
    if not lines:
        return
    new = not path.exists()
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
    try:
        before = os.fstat(target).st_size
        try:
            left = memoryview(lines)
            while left:
                left = left[os.write(target, left) :]
            os.fsync(target)
        except OSError:
            os.ftruncate(target, before)
            raise
    finally:
        os.close(target)
    if new:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have the name of a new file on the disk too; only some systems can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _set_aside(path: Path, data: bytes) -> str:
    """Move an unfinished last line to the file beside, and say so."""
    beside = path.with_name(f"{path.name}.unfinished")
    whole = data.rfind(b"\n") + 1
    _add(beside, data[whole:] + b"\n")
    os.truncate(path, whole)
    return f"a last line that was not written to its end was moved to {beside.name}; if its decision is missing, give it again"


def _parsed(data: bytes, path: Path) -> Ledger:
    *lines, rest = data.split(b"\n")
    head, decisions, seen = "", [], set[str]()
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
        decisions.append(decision)
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


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ReadError(
            f"the ledger of corrections cannot be read ({error.strerror or error})",
            where=str(path),
            expected="a file that can be read",
            do="name the ledger with --ledger",
        ) from error


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold a ledger, so that one program at a time adds to it."""
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(f".{path.name}.lock"))
        lock.acquire(timeout=WAIT)
    except Timeout as error:
        raise OutputError(
            "another program is adding to it and does not come to an end",
            where=str(path),
            expected="one program at a time",
            do="wait until it has finished, or close it",
        ) from error
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        yield
    finally:
        lock.release()


def _cannot_write(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"the ledger of corrections cannot be written ({error.strerror or error}); nothing was added",
        where=str(path),
        expected="a file that can be written to, with space left",
        do="free space, or name another ledger with --ledger",
    )


def _damaged(path: Path, number: int, what: str) -> ReadError:
    return ReadError(
        f"line {number} {what}",
        where=f"{path}, line {number}",
        expected="the ledger as this program wrote it; it is not to be edited by hand",
        do="bring the file back from a copy; without one, move it away and apply the review workbooks again",
    )
