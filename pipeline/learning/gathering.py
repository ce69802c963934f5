"""What people said, from the ledger of corrections and from coded tables, each distinct text once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.corrections import CODES, NOT_SURE, Decision, Ledger, standing
from pipeline.ingest.coded import read_coded
from pipeline.label.lessons import DISPUTED
from pipeline.redact import redact_texts
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """n distinct texts to learn from, in alphabetical order.

    Attributes
    ----------
    texts : personal details replaced.
    truth : float64 (n, themes), 1 for a code that was given, 0.5 for one that coders dispute, 0 for the others.
    groups : what each text belongs to and is held back with: its note, else itself.
    ledger, files : what was read, for the card.
    remarks : what could not be used, in words.
    """

    texts: tuple[str, ...]
    truth: Floats
    groups: tuple[str, ...]
    ledger: dict[str, Any]
    files: tuple[dict[str, Any], ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    text: str
    codes: tuple[str, ...]
    optional: tuple[str, ...]
    group: str


def gather(ledger: Ledger, files: Sequence[Path], taxonomy: Taxonomy, settings: Settings) -> Lesson:
    """Gather what is to be learnt; the order of lines, rows and files changes nothing.

    Of the ledger counts what stands on points: corrections, and what a person looked at and left. A text that stands twice carries
    all its codes.

    Raises
    ------
    ReadError : a table cannot be read or has faults.
    """
    remarks: list[str] = []
    of_ledger = list(_of_ledger(ledger, taxonomy, remarks))
    of_files, told = [], []
    for path in files:
        found = list(_of_file(path, taxonomy, settings))
        of_files += found
        told.append({"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "points": len(found)})
    rows: dict[str, Floats] = {}
    groups: dict[str, str] = {}
    at = {code: number for number, code in enumerate(taxonomy.codes)}
    for said in sorted([*of_ledger, *of_files], key=lambda said: (said.text, said.group)):
        row = rows.setdefault(said.text, np.zeros(len(at)))
        groups.setdefault(said.text, said.group)
        for code in said.optional:
            row[at[code]] = max(row[at[code]], DISPUTED)
        for code in said.codes:
            row[at[code]] = 1.0
    truth = np.stack(list(rows.values())) if rows else np.zeros((0, len(at)))
    about = {"decisions": len(of_ledger), "check": ledger.head}
    files_told = tuple(sorted(told, key=lambda file: (str(file["name"]), str(file["sha256"]))))
    return Lesson(tuple(rows), truth, tuple(groups.values()), about, files_told, tuple(remarks))


def _of_ledger(ledger: Ledger, taxonomy: Taxonomy, remarks: list[str]) -> Iterator[_Said]:
    """What stands on points, one by one; a decision taken back, or contradicted by another person, teaches nothing."""
    by_point: dict[tuple[str, str], list[Decision]] = {}
    for decision in ledger.live:
        if decision.what == CODES and decision.point is not None:
            by_point.setdefault((decision.event, decision.point.point_id), []).append(decision)
    conflicts = unknown = 0
    for event, point in sorted(by_point):
        stands = standing(by_point[event, point])
        conflicts += bool(stands.conflict)
        found = stands.decision
        if found is None or found.point is None or found.new.outcome in {NOT_SURE, "undecided"}:
            continue
        known = tuple(code for code in found.new.codes if code in taxonomy.codes)
        if found.new.codes and not known:
            unknown += 1
            continue
        yield _Said(_plain(found.point.text), known, (), f"{event} {point.rpartition('-')[0] or point}")
    if ledger.unfinished:
        remarks.append(ledger.unfinished)
    if conflicts:
        remarks.append(f"{_points(conflicts)} on which people contradict each other {_was(conflicts)} not learnt from")
    if unknown:
        remarks.append(f"{_points(unknown)} with codes that this taxonomy lacks {_was(unknown)} not learnt from")


def _of_file(path: Path, taxonomy: Taxonomy, settings: Settings) -> Iterator[_Said]:
    """The rows of a coded table, redacted as one set, so that placeholders are numbered alike whatever the order of the rows."""
    coded = read_coded(path, taxonomy.codes)
    typed = sorted(set(coded.texts))
    redacted = dict(zip(typed, map(_plain, redact_texts(typed, settings)), strict=True))
    for text, codes, optional in zip(coded.texts, coded.codes, coded.optional, strict=True):
        yield _Said(redacted[text], codes, optional, f"text {redacted[text].casefold()}")


def _plain(text: str) -> str:
    return " ".join(text.split())


def _points(number: int) -> str:
    return "1 point" if number == 1 else f"{number} points"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
