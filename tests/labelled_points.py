"""Small tables of labelled points for tests, with vectors whose likeness is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import Vectors
from pipeline.records import Corrected, Dropped, Event, Session, empty
from pipeline.results import EventResult, ThemeRow

TOPICS = 8
COLUMNS = list(empty(Corrected).columns)
POINT = {"event": "ev", "division": "D", "session": "1", "table": "1", "text": "litter", "mentions": 1, "outcome_score": 0.5}


def labelled_points(*points: str | dict[str, Any], **shared: Any) -> pd.DataFrame:
    """A Labelled table; a plain string is a point's text. A point without a code is one that the taxonomy does not explain."""
    rows = []
    for number, point in enumerate(points):
        said = POINT | shared | (point if isinstance(point, dict) else {"text": point})
        name, text = f"n{number:02d}", said["text"]
        outcome = said.get("outcome") or ("labelled" if said.get("codes") else "no_match")
        made = {
            "point_id": f"{name}-1", "note_id": name, "source_file": f"table {said['table']}.txt", "source_locator": f"line {number}",
            "start": 0, "end": len(text), "expanded": text, "lemmas": text, "outcome": outcome,
            "procedural": outcome == "procedural", "cluster": -1 if outcome == "procedural" else 0, "decided_by": "machine",
        }  # fmt: skip
        rows.append(dict.fromkeys(COLUMNS, "") | made | said)
    return pd.DataFrame(rows, columns=COLUMNS) if rows else empty(Corrected)


def by_topic(topics: Sequence[int]) -> Vectors:
    """Unit vectors of points: the cosine of two of one topic is 0.5, of two topics 0."""
    made = np.zeros((len(topics), TOPICS + len(topics)), dtype=np.float32)
    made[np.arange(len(topics)), list(topics)] = 0.5**0.5
    made[np.arange(len(topics)), TOPICS + np.arange(len(topics))] = 0.5**0.5
    return made


def at_angles(*degrees: float) -> Vectors:
    """Unit vectors in the plane: the cosine of two is that of the angle between them."""
    turned = np.radians(degrees)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def topics_of(vectors: Vectors, seed: int) -> npt.NDArray[np.int64]:
    """A partition that finds the topics of :func:`by_topic` without fail, whatever the seed."""
    return vectors[:, :TOPICS].argmax(axis=1).astype(np.int64)


def event_result(points: pd.DataFrame, themes: list[ThemeRow], *sessions: Session) -> EventResult:
    """What a run hands to the store, with as much of run.json as reports and documents read."""
    outcomes = {name: int((points["outcome"] == name).sum()) for name in ("labelled", "no_match", "undecided", "procedural")}
    run = {
        "versions": {},
        "models": {},
        "taxonomy": {"name": "t", "version": "1", "sha256": "0" * 64, "more": "not in themes.json"},
        "counts": {"files_read": 1, "outcomes": outcomes},
        "conservation": {"words": {"read": 5, "kept": 4, "dropped": 1}},
        "files": [],
        "settings": {"sensitive_codes": ["dv"], "quotes_from_tables": 3},
    }
    event = Event("ev", "An evening | of *notes*", "D", ("North",), "2011-03-03", sessions=sessions)
    return EventResult(event, points, themes, empty(Dropped), run)
