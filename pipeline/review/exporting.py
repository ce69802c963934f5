"""Export: a run of one event into a workbook for people to check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.corrections import LEDGER, SPLIT, UNDO, Decision, Ledger, PointsNow, read_ledger
from pipeline.errors import ReadError
from pipeline.labelling import load_models
from pipeline.records import SEPARATOR, Progress
from pipeline.results import EventResult, ThemeRow
from pipeline.review import layout
from pipeline.review.layout import About
from pipeline.review.ordering import Worth
from pipeline.review.ranking import LONGEST_TEXT, check_taxonomy, drawn, ranked
from pipeline.review.wording import decision_in_words
from pipeline.review.writing import workbook
from pipeline.settings import load_settings
from pipeline.store import read_event, write_file

SAMPLE = 20
POINTS_SHOWN = 3
_NO_CODE = {
    "no_match": "none (about something the taxonomy lacks)",
    "undecided": "none (says too little to tell)",
    "procedural": "none (the running of the event)",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What a workbook holds: how many points and themes, points drawn at random, and points too long for a cell, which it lacks."""

    points: int
    themes: int
    sampled: int
    left_out: int


def export_review(
    folder: Path,
    out: Path,
    *,
    reviewer: str = "",
    sampled: int = SAMPLE,
    ledger: Path | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Exported:
    """Write a workbook in which a person can check the points and themes of one event.

    Parameters
    ----------
    folder : of one event, as ``themes run`` writes it.
    out : the .xlsx to write.
    reviewer : who is to fill it in.
    sampled : so many points, drawn at random, are marked, for an honest figure of how often the program is right.
    ledger : the corrections made so far; None takes corrections.jsonl beside the folder.

    Raises
    ------
    ReadError : the folder is no run, the ledger is damaged, or the taxonomy is another than that of the run.
    OutputError : ``out`` is no .xlsx or cannot be written.
    """
    _check_name(out)
    result = read_event(folder)
    decided = read_ledger(ledger or folder.resolve().parent / LEDGER)
    _, labeller = models = load_models(load_settings(None, **result.run["settings"]), progress)
    check_taxonomy(result, labeller, folder)
    taxonomy = labeller.taxonomy
    choices = layout.choices(taxonomy)
    about = About(result.event.id, _export_id(result, decided), taxonomy.name, taxonomy.version, taxonomy.sha256)
    rows = ranked(result, models, progress)
    of_sample = drawn(rows, sampled, labeller.settings.seed)
    so_far = _so_far(result.points, decided, result.event.id)
    conflicts = _conflicts(result)
    shown = [row for row in rows if len(row.point["text"]) <= LONGEST_TEXT]
    points = [_point_row(row.point, row.worth, of_sample, so_far, conflicts, choices) for row in shown]
    points.sort(key=lambda row: not (row[layout.ROW]["settles"] or row[layout.ROW]["settles_split"]))  # the others stay in order
    by_session = {session.id: [theme for theme in result.themes if theme.session == session.id] for session in result.event.sessions}
    themes = [_theme_row(theme, result, so_far, conflicts) for own in by_session.values() for theme in own]
    merge_with = {session: [layout.theme_choice(theme.rank, theme.title) for theme in own] for session, own in by_session.items() if own}
    write_file(out, workbook(about, choices, points, themes, merge_with, reviewer))
    return Exported(len(points), len(themes), len(of_sample), len(result.points) - len(points))


def _check_name(out: Path) -> None:
    if out.suffix.lower() != ".xlsx":
        raise ReadError("it does not end in .xlsx", where=str(out), expected="the name of an Excel workbook", do="name it so with --out")


def _export_id(result: EventResult, ledger: Ledger) -> str:
    rows = result.points[["point_id", "text", "codes", "outcome"]].astype(str).to_numpy().tolist()
    return layout.export_id([*rows, *[[theme.id, theme.title, "", ""] for theme in result.themes]], ledger.head)


def _conflicts(result: EventResult) -> dict[str, list[str]]:
    """Ids of decisions that contradict each other, by the point, or the theme and what of it, that they are on."""
    found: dict[str, list[str]] = {}
    for conflict in result.run.get("corrections", {}).get("conflicts", []):
        key = " ".join(filter(None, (conflict.get("point_id") or conflict["theme_id"], conflict.get("matter"))))
        found[key] = [view["id"] for view in conflict["decisions"]]
    return found


def _so_far(points: pd.DataFrame, ledger: Ledger, event: str) -> dict[str, str]:
    """What was decided on each point and theme, oldest first, in words."""
    now, found = PointsNow(points), dict[str, list[Decision]]()
    for decision in ledger.live:
        if decision.event == event and decision.what != UNDO:
            about = decision.theme.theme_id if decision.theme else now.find(decision.point).point_id if decision.point else ""
            found.setdefault(about, []).append(decision)
    return {about: "\n".join(decision_in_words(decision) for decision in decisions) for about, decisions in found.items() if about}


def _point_row(
    point: Mapping[str, Any],
    found: Worth,
    drawn: frozenset[str],
    so_far: Mapping[str, str],
    conflicts: Mapping[str, list[str]],
    choices: Mapping[str, str],
) -> dict[str, Any]:
    name, codes = point["point_id"], [code for code in point["codes"].split(SEPARATOR) if code]
    settles, settles_split = conflicts.get(name, []), conflicts.get(f"{name} {SPLIT}", [])
    kept = {key: point[key] for key in (layout.POINT_ID, "text", "session", "table", "aspect", "source_file", "outcome")}
    first = float(point["scores"].split(SEPARATOR)[0]) if codes else float(point["outcome_score"])
    return {
        "Text": point["text"],
        "Session": point["session"],
        "Table": point["table"],
        "Heading": point["heading"],
        "Suggested": "; ".join(choices[code] for code in codes) or _NO_CODE[point["outcome"]],
        "Probability": round(first, 2),
        "Check first because": "; ".join(filter(None, ["people contradict each other" if settles or settles_split else "", found.because])),
        "Sample": layout.SAMPLED if name in drawn else "",
        "Why suggested": point["evidence"],
        "Decided so far": so_far.get(name, ""),
        layout.POINT_ID: name,
        layout.ROW: {**kept, "codes": codes, "settles": settles, "settles_split": settles_split},
    }


def _theme_row(theme: ThemeRow, result: EventResult, so_far: Mapping[str, str], conflicts: Mapping[str, list[str]]) -> dict[str, Any]:
    parts = [other.title for other in result.themes if other.session == theme.session and other.broader in theme.codes]
    return {
        "Session": theme.session,
        "Theme": layout.theme_choice(theme.rank, theme.title),
        "Points": theme.points,
        "Tables": theme.tables,
        "Kind": "taxonomy" if theme.kind == "taxonomy" else "new",
        "Some of its points": "\n".join(_texts(theme.point_ids, result.points)),
        "Decided so far": so_far.get(theme.id, ""),
        layout.THEME_ID: theme.id,
        layout.ROW: {
            "theme_id": theme.id,
            "session": theme.session,
            "title": theme.title,
            "rank": theme.rank,
            "codes": list(theme.codes),
            "parts": parts,
            "settles": {matter: conflicts.get(f"{theme.id} {matter}", []) for matter in ("title", "fate")},
        },
    }


def _texts(point_ids: Sequence[str], points: pd.DataFrame) -> list[str]:
    texts = points.loc[points["point_id"].isin(point_ids), "text"]
    return [str(text) for text in texts.drop_duplicates().head(POINTS_SHOWN)]
