"""Whether what was learnt helps, measured on texts that were held back.

The texts are dealt into five parts, the points of one note always into the same. Each part in turn is held back, a model is fitted to
the other four, and what it says of the part is compared with what the untrained labeller says of it (cross-validation: Stone 1974,
J. R. Stat. Soc. B 36, 111-147). So every text is judged once, by a model that never saw it or its note.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.evaluate import figures
from pipeline.evaluate.figures import Figure, Judged
from pipeline.label import Labeller, Labels
from pipeline.label.lessons import DISPUTED
from pipeline.label.trained import Taught, fit_trained
from pipeline.records import Advance
from pipeline.settings import Settings

FOLDS = 5
# With fewer texts than that, or texts of fewer notes than parts, nothing can be said.
FEWEST = 20
SHOWN = ("micro_f1", "macro_f1", "micro_precision", "micro_recall", "exact_match")
TOO_FEW, BETTER, NOT_BETTER = "too few to say", "better", "not better"


@dataclass(frozen=True, slots=True)
class Measured:
    """How well the labeller does on texts held back, before and after training.

    Attributes
    ----------
    points, parts : how many texts were held back, in how many parts; 0 where there is one note only.
    before, after : the figures of ``SHOWN``, as ``pipeline.evaluate.figures.DEFINITIONS`` has them.
    difference : after less before of micro-F1 and macro-F1, resampled together.
    verdict : one of TOO_FEW, BETTER, NOT_BETTER.
    """

    points: int
    parts: int
    before: dict[str, Figure]
    after: dict[str, Figure]
    difference: dict[str, Figure]
    verdict: str

    @property
    def better(self) -> bool:
        """Whether micro-F1 is higher and macro-F1 no lower than before, on enough texts."""
        return self.verdict == BETTER


def measure(
    taught: Taught,
    read: pd.DataFrame,
    groups: Sequence[str],
    labeller: Labeller,
    settings: Settings,
    advance: Advance = lambda done, total: None,
) -> Measured:
    """Measure what training does, each part held back in turn.

    Parameters
    ----------
    taught : n texts.
    read : the same, as :meth:`Labeller.label_texts` takes them.
    groups : what each text is held back with.
    labeller : untrained.
    """
    parts = dealt(groups, settings.seed)
    number = int(parts.max()) + 1 if len(parts) else 0
    if number < 2:
        return Measured(0, 0, {}, {}, {}, TOO_FEW)
    before = labeller.label_texts(read, taught.vectors)
    after = held_back(taught, read, parts, labeller, settings, advance)
    truth, ignored = taught.truth == 1.0, taught.truth == DISPUTED
    weights = figures.resampled(len(truth), settings.seed)
    judged = [_judged(labels, truth, ignored, labeller.taxonomy.codes) for labels in (before, after)]
    found = [{name: figure for name, figure in figures.headline(one, weights).items() if name in SHOWN} for one in judged]
    spread = [figures.samples(one, weights) for one in judged]
    difference = {}
    for name in ("micro_f1", "macro_f1"):
        then, now = (one[name].value for one in found)
        difference[name] = Figure(None, None, None)
        if then is not None and now is not None:
            difference[name] = figures.figure(now - then, spread[1][name] - spread[0][name])
    return Measured(len(truth), number, found[0], found[1], difference, verdict(len(truth), number, difference))


def verdict(points: int, parts: int, difference: dict[str, Figure]) -> str:
    """What the figures say.

    >>> up, down = Figure(0.02, -0.01, 0.05), Figure(-0.01, -0.03, 0.01)
    >>> [verdict(40, 5, {"micro_f1": micro, "macro_f1": macro}) for micro, macro in ((up, up), (up, down), (down, up))]
    ['better', 'not better', 'not better']
    >>> verdict(19, 5, {"micro_f1": up, "macro_f1": up})
    'too few to say'
    """
    micro, macro = difference["micro_f1"].value, difference["macro_f1"].value
    if points < FEWEST or parts < FOLDS or micro is None or macro is None:
        return TOO_FEW
    return BETTER if micro > 0 and macro >= 0 else NOT_BETTER


def dealt(groups: Sequence[str], seed: int) -> npt.NDArray[np.intp]:
    """The part of each text, intp (n,): groups shuffled by the seed and dealt out one by one, at most five parts.

    >>> parts = dealt(["a", "b", "a", "c"], 0).tolist()
    >>> parts[0] == parts[2], sorted(set(parts))
    (True, [0, 1, 2])
    """
    shuffled = sorted(set(groups), key=lambda group: (hashlib.sha256(f"{seed} {group}".encode()).hexdigest(), group))
    part = {group: number % FOLDS for number, group in enumerate(shuffled)}
    return np.array([part[group] for group in groups], dtype=np.intp)


def held_back(
    taught: Taught, read: pd.DataFrame, parts: npt.NDArray[np.intp], labeller: Labeller, settings: Settings, advance: Advance
) -> Labels:
    """The labels of every text by a model fitted to the parts that it is not in."""
    numbers = np.unique(parts)
    found: dict[int, tuple[Labels, int]] = {}
    for done, number in enumerate(numbers):
        advance(done, len(numbers))
        rows = np.flatnonzero(parts == number)
        learnt = taught.rows(np.flatnonzero(parts != number))
        model = fit_trained(learnt, labeller.evidence, labeller.head, labeller.encoder, settings)
        other = Labeller(labeller.taxonomy, labeller.encoder, settings, labeller.head, evidence=labeller.evidence, trained=model)
        labels = other.label_texts(read.iloc[rows], taught.vectors[rows])
        found |= {int(row): (labels, place) for place, row in enumerate(rows)}
    advance(len(numbers), len(numbers))
    each = [found[row] for row in range(len(parts))]
    return Labels(
        [labels.codes[place] for labels, place in each],
        [labels.scores[place] for labels, place in each],
        [labels.outcomes[place] for labels, place in each],
        [labels.outcome_scores[place] for labels, place in each],
        [labels.evidence[place] for labels, place in each],
        np.stack([labels.probabilities[place] for labels, place in each]),
    )


def _judged(labels: Labels, truth: npt.NDArray[np.bool_], ignored: npt.NDArray[np.bool_], codes: Sequence[str]) -> Judged:
    """Row for row, so that both are resampled alike."""
    given = np.array([[code in of_text for code in codes] for of_text in labels.codes], dtype=bool)
    return Judged(truth, given & ~ignored, ignored, labels.probabilities, np.asarray(labels.outcomes, dtype=np.str_))
