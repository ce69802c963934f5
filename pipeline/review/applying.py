"""Apply: what a person wrote in a review workbook, added to the ledger; all of it, or nothing where there is a fault."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.corrections import LEDGER, RENAME, SPLIT, Decision, append, read_ledger
from pipeline.errors import ReadError, listed
from pipeline.redact import redact_texts
from pipeline.review import layout
from pipeline.review.deciding import Decided, decisions_of
from pipeline.review.reading import Filled, read_workbook
from pipeline.settings import load_settings
from pipeline.store import StoredRun, read_run


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a workbook.

    Attributes
    ----------
    ledger, event : the ledger that was added to, and the event.
    points, themes : how many decisions on points and on themes were added.
    known : how many were in the ledger already.
    remarks : what a reader is to know, in words.
    """

    ledger: Path
    event: str
    points: int
    themes: int
    known: int
    remarks: tuple[str, ...]


def apply_review(workbook: Path, out: Path, *, who: str = "", ledger: Path | None = None) -> Applied:
    """Add the decisions in a review workbook to the ledger. Those it has already are not added again.

    Parameters
    ----------
    workbook : as ``themes review export`` made it and a person filled it in.
    out : the folder that holds the runs, one folder an event.
    who : the reviewer; '' takes the name in the workbook.
    ledger : the ledger to add to; None takes corrections.jsonl in ``out``.

    Raises
    ------
    ReadError : the workbook cannot be read, is of an event that has no run in ``out``, or has faults, all of them told at once; or
        the ledger is damaged. Nothing is added.
    OutputError : the ledger cannot be written; nothing is added.
    """
    filled = read_workbook(workbook)
    run = _run_of(filled, workbook, out)
    settings = load_settings(None, **run.account["settings"])
    name = " ".join((who or filled.reviewer).split())
    if not name:
        filled.faults.append(f"{layout.HELP}!{layout.NAME_CELL}: there is no name; write it there, or give --who")
    decided = decisions_of(filled, name, lambda texts: redact_texts(texts, settings))
    if filled.faults:
        raise ReadError(
            listed(filled.faults),
            where=workbook.name,
            expected="cells filled in as the sheet 'How to use' says",
            do="mend the cells named and apply the workbook again; nothing of it was used yet",
        )
    path = ledger or out / LEDGER
    appended = append(path, decided.decisions) if decided.decisions else None
    added = appended.added if appended else ()
    remarks = [*filled.remarks, *_remarks(filled, run, added)]
    if appended:
        remarks += filter(None, [appended.remark, *_replaced(path, decided, appended.known)])
    on_points = sum(decision.point is not None for decision in added)
    known = len(appended.known) if appended else 0
    return Applied(path, filled.about.event, on_points, len(added) - on_points, known, tuple(remarks))


def _run_of(filled: Filled, workbook: Path, out: Path) -> StoredRun:
    """The run of the event that a workbook is of."""
    folder = out / filled.about.event
    if (folder / "run.json").is_file():
        return read_run(folder)
    here = sorted(path.parent.name for path in out.glob("*/run.json"))
    raise ReadError(
        f"it is of the event '{filled.about.event}', which has no run in {out}",
        where=workbook.name,
        expected=f"a workbook of {' or '.join(here)}" if here else "the folder that holds one folder of results an event",
        do="name the folder of the runs with --out, the one that `themes run` was given",
    )


def _remarks(filled: Filled, run: StoredRun, added: tuple[Decision, ...]) -> list[str]:
    """What is to be known of a workbook that is older than the run."""
    about, now = filled.about, run.account["taxonomy"]
    said = []
    if about.sha256 != now["sha256"]:
        said.append(
            f"the workbook was made with the taxonomy {about.taxonomy} {about.version}, and the run now has {now['name']} "
            f"{now['version']}; codes that it lacks are listed by the next run"
        )
    ids = set(run.points["point_id"])
    if gone := sum(decision.point is not None and decision.point.point_id not in ids for decision in added):
        said.append(
            f"the workbook is of an earlier run: {gone} of the points decided on are no longer there as they were, and are looked for by "
            "their words"
        )
    return said


def _replaced(path: Path, decided: Decided, known: tuple[Decision, ...]) -> list[str]:
    """Decisions of the workbook that the ledger has, but that were since taken back or replaced by the same person."""
    read = read_ledger(path)
    last = {_matter(decision): decision for decision in read.live}
    said = []
    for decision in known:
        if decision.id in read.undone:
            said.append(f"{decided.places[decision.id]}: this decision was taken back by {read.undone[decision.id].id}, and stays so")
        elif (later := last.get(_matter(decision))) and later.id != decision.id:
            said.append(
                f"{decided.places[decision.id]}: this decision was replaced by a later one, and stays so; "
                f"`themes review undo {later.id}` brings it back"
            )
    return said


def _matter(decision: Decision) -> tuple[str, str, str, str]:
    """Who decided on what; two of these that are the same take each other's place."""
    about = decision.point.point_id if decision.point else decision.theme.theme_id if decision.theme else ""
    return decision.event, decision.person, about, {RENAME: "title", SPLIT: "theme"}.get(decision.what, "")
