"""History: every decision there was on a point or a theme, and taking one back."""

from __future__ import annotations

from pathlib import Path

from pipeline.corrections import LEDGER, UNDO, Decision, Ledger, PointsNow, append, decide, read_ledger
from pipeline.errors import OutputError, ReadError
from pipeline.redact import redact_texts
from pipeline.review.wording import decision_in_words
from pipeline.settings import Settings, load_settings
from pipeline.store import read_run


def history(subject: str, out: Path, *, ledger: Path | None = None) -> list[str]:
    """All decisions on a point or a theme, oldest first, with the undo lines, in words.

    A point is known by its id now, by the id that it had when it was decided on, and by its words.

    Parameters
    ----------
    subject : a point_id or the id of a theme.
    out : the folder that holds the runs.
    ledger : None takes corrections.jsonl in ``out``.

    Raises
    ------
    ReadError : the ledger is damaged, or no run and no line of the ledger knows the subject.
    """
    path = ledger or out / LEDGER
    read = read_ledger(path)
    found = {decision.id for decision in read.decisions if subject in _names(decision)}
    known = bool(found)
    for event in sorted(folder.parent for folder in out.glob("[!.]*/run.json")):
        points = read_run(event).points
        if subject not in set(points["point_id"]) and subject not in set(points["theme_id"]):
            continue
        known = True
        now = PointsNow(points)
        found |= {d.id for d in read.decisions if d.point and d.event == event.name and now.find(d.point).point_id == subject}
    if not known:
        raise ReadError(
            f"there is no point and no theme '{subject}'",
            where=str(out),
            expected="a point_id of points.csv, or the id of a theme",
            do="look it up in points.csv or themes.csv",
        )
    for decision in read.decisions:  # an undo line stands behind what it takes back
        if decision.undoes in found:
            found.add(decision.id)
    return [_line(decision, read) for decision in read.decisions if decision.id in found]


def undo(decision_id: str, out: Path, *, who: str, why: str = "", ledger: Path | None = None) -> Decision:
    """Take a decision back by a line of its own; an undo line can be taken back too.

    Personal details in ``why`` are replaced.

    Raises
    ------
    ReadError : the ledger is damaged or has no such decision.
    OutputError : it is taken back already, there is no name, or the ledger cannot be written.
    """
    path = ledger or out / LEDGER
    read = read_ledger(path)
    meant = next((decision for decision in read.decisions if decision.id == decision_id), None)
    if meant is None:
        raise ReadError(
            f"there is no decision '{decision_id}'",
            where=str(path),
            expected="the id of a line, as `themes review history` shows it in brackets",
            do="look it up with `themes review history`",
        )
    if decision_id in read.undone:
        raise OutputError(
            f"{decision_id} is taken back already",
            where=str(path),
            expected="a decision that stands",
            do=f"to bring it back, take {read.undone[decision_id].id} back",
        )
    if not who.strip():
        raise OutputError("there is no name", where="--who", expected="who takes the decision back", do="give --who NAME")
    if why:
        folder = out / meant.event
        settings = load_settings(None, **read_run(folder).account["settings"]) if (folder / "run.json").is_file() else Settings()
        (why,) = redact_texts([why], settings)
    line = decide(UNDO, event=meant.event, who=who, source="file", origin=read.head, why=why, undoes=decision_id)
    append(path, [line])
    return line


def _names(decision: Decision) -> tuple[str, ...]:
    return (
        decision.point.point_id if decision.point else "",
        decision.theme.theme_id if decision.theme else "",
        decision.new.into,
    )


def _line(decision: Decision, read: Ledger) -> str:
    back = read.undone.get(decision.id)
    return decision_in_words(decision) + (f" - taken back by {back.id}" if back else "")
