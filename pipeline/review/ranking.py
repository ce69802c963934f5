"""Ranking: the points of a run in the order in which they are most worth a look, with what the program itself says of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.embed import Encoder, embed
from pipeline.errors import ReadError
from pipeline.label import Labeller
from pipeline.records import SEPARATOR, Progress
from pipeline.results import EventResult
from pipeline.review.layout import LONGEST_CELL
from pipeline.review.ordering import Worth, sample, worth
from pipeline.tokenise import expand_and_read

LONGEST_TEXT = LONGEST_CELL // 2  # characters; longer ones are not drawn, for a workbook cannot show them


@dataclass(frozen=True, slots=True)
class Ranked:
    """A point of a run.

    Attributes
    ----------
    point : its row of points.csv.
    worth : how much it is worth a look.
    codes, outcome, evidence : what the program says of it, whatever people decided since.
    probabilities : float64 (themes of the taxonomy,), from 0 to 1.
    """

    point: Mapping[str, Any]
    worth: Worth
    codes: tuple[str, ...]
    outcome: str
    evidence: str
    probabilities: npt.NDArray[np.float64]


def ranked(result: EventResult, models: tuple[Encoder, Labeller], progress: Progress) -> list[Ranked]:
    """The points of a run, the one most worth a look first; points that somebody has decided on come last."""
    encoder, labeller = models
    points = result.points
    read = expand_and_read(list(points["text"]), labeller.settings).assign(topic=list(points["topic"]))
    vectors = embed(list(read["expanded"]), encoder, lambda done, total: progress("embed", done, total))
    labels = labeller.label_texts(read, vectors)
    names = [theme.label for theme in labeller.taxonomy.themes]
    found = worth(points, result.themes, labels.probabilities, np.asarray(labeller.thresholds), names, vectors)
    rows = []
    for place, point in enumerate(points.to_dict("records")):
        own = (labels.codes[place], labels.outcomes[place], labels.evidence[place])
        if point["decided_by"] != "human":
            own = (tuple(filter(None, point["codes"].split(SEPARATOR))), point["outcome"], point["evidence"])
        rows.append(Ranked(point, found[place], *own, labels.probabilities[place]))
    return sorted(rows, key=lambda row: row.worth.place)


def drawn(rows: Sequence[Ranked], number: int, seed: int) -> frozenset[str]:
    """The ids of so many points, drawn at random; the same in a workbook and on the page."""
    return sample([row.point["point_id"] for row in rows if len(row.point["text"]) <= LONGEST_TEXT], number, seed)


def check_taxonomy(result: EventResult, labeller: Labeller, folder: Path) -> None:
    """Refuse a run that was made with another taxonomy than there is now.

    Raises
    ------
    ReadError : it was.
    """
    used = result.run["taxonomy"]
    if used["sha256"] != labeller.taxonomy.sha256:
        raise ReadError(
            f"the taxonomy was changed since the run (then {used['name']} {used['version']})",
            where=str(folder),
            expected="the taxonomy that the run was made with",
            do="run the event again, then review it",
        )
