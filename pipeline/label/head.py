"""The label heads: logistic regressions, each shared by all themes, from evidence to probability.

There is one for themes that the label encoder knows (``bundled``), for themes with many coded texts (``coded``), with some
examples (``examples``) and with a name alone (``names``), because the same figure means more the more it was learnt from. A
further small one of each kind says how likely it is that no theme fits a text at all. Their few numbers are kept in
``models/label_head.json`` with how they were fitted: ``python -m benchmarks.fit_label_head`` fits them anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError
from pipeline.label.evidence import FEATURES
from pipeline.label.text_model import Floats
from pipeline.settings import MODELS

HEAD_FILE = MODELS / "label_head.json"
KINDS = ("names", "examples", "coded", "bundled")
# From this many texts on a theme counts as coded.
MANY_TEXTS = 40
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Logistic:
    """One logistic regression on standardised figures: logistic(weights · (x - mean) / scale + intercept)."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    def contributions(self, figures: Floats) -> Floats:
        """What each figure adds to the log-odds, the shape of ``figures`` (…, figures)."""
        added: Floats = (figures - np.array(self.mean)) / np.array(self.scale) * np.array(self.weights)
        return added

    def probabilities(self, figures: Floats) -> Floats:
        """0 to 1, of the shape of ``figures`` without its last axis."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.contributions(figures).sum(axis=-1) + self.intercept))))


@dataclass(frozen=True, slots=True)
class LabelHead:
    """The fitted heads.

    Attributes
    ----------
    features : the figures they weigh, in order.
    heads : kind of theme to the regression that gives its probability.
    thresholds : kind of theme to the probability from which a code is given.
    none : kind of taxonomy to the regression that gives the probability that no theme fits.
    procedural : how often a text that reads as procedural has indeed no code.
    fitted : on what and how.
    """

    features: tuple[str, ...]
    heads: dict[str, Logistic]
    thresholds: dict[str, float]
    none: dict[str, Logistic]
    procedural: float
    fitted: dict[str, Any]

    def probabilities(self, features: Floats, kinds: Sequence[str]) -> Floats:
        """Probability of every (text, theme) pair.

        Parameters
        ----------
        features : float64 (n, themes, len(FEATURES)).
        kinds : the kind of each theme.

        Returns
        -------
        float64 array of shape (n, themes), 0 to 1.
        """
        found = np.zeros(features.shape[:2])
        for kind in set(kinds):
            own = [number for number, other in enumerate(kinds) if other == kind]
            found[:, own] = self.heads[kind].probabilities(features[:, own])
        return found

    def none_probabilities(self, probabilities: Floats, kinds: Sequence[str]) -> Floats:
        """Probability that no theme fits, (n,), from those of the themes, (n, themes)."""
        kind = max(KINDS, key=lambda kind: (kinds.count(kind), kind))  # of a mixed taxonomy, the most frequent
        return self.none[kind].probabilities(none_figures(probabilities))


def none_figures(probabilities: Floats) -> Floats:
    """What the head of no theme weighs, (n, 2): log-odds of the best theme, logarithm of the expected number of themes."""
    best = np.clip(probabilities.max(axis=1), 1e-6, 1 - 1e-6)
    return np.stack([np.log(best / (1 - best)), np.log(np.maximum(probabilities.sum(axis=1), 1e-6))], axis=1)


def kinds_of(per_theme: npt.NDArray[np.intp], known: Sequence[bool]) -> list[str]:
    """The kind of each theme, from how many texts carry it and whether the label encoder knows it.

    >>> kinds_of(np.array([0, 8, 300, 300]), [False, False, False, True])
    ['names', 'examples', 'coded', 'bundled']
    """
    names, examples, coded, bundled = KINDS
    return [
        bundled if sure else names if count == 0 else examples if count < MANY_TEXTS else coded
        for count, sure in zip(per_theme.tolist(), known, strict=True)
    ]


def load_head(path: Path = HEAD_FILE) -> LabelHead:
    """Read the label heads.

    Raises
    ------
    ModelError : the file is missing, unreadable, or made for other figures than this version computes.
    """
    try:
        stored = json.loads(path.read_text("utf-8"))
        head = LabelHead(
            tuple(stored["features"]),
            {kind: _logistic(stored["heads"][kind]) for kind in KINDS},
            {kind: float(stored["thresholds"][kind]) for kind in KINDS},
            {kind: _logistic(stored["none"][kind]) for kind in KINDS},
            float(stored["procedural"]),
            stored["fitted"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError("the label head cannot be read", where=str(path), expected="the file as shipped", do="restore it") from error
    widths = {len(part) for one in head.heads.values() for part in (one.mean, one.scale, one.weights)}
    if head.features != FEATURES or widths != {len(FEATURES)}:
        raise ModelError(
            "the label head was fitted to other figures",
            where=str(path),
            expected=", ".join(FEATURES),
            do="fit it anew: python -m benchmarks.fit_label_head",
        )
    return head


def _logistic(stored: dict[str, Any]) -> Logistic:
    return Logistic(tuple(stored["mean"]), tuple(stored["scale"]), tuple(stored["weights"]), float(stored["intercept"]))


def save_head(head: LabelHead, path: Path = HEAD_FILE) -> None:
    """Write the label heads as JSON, numbers rounded to six decimals."""
    path.write_text(json.dumps(_rounded(asdict(head)), indent=1) + "\n", "utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list | tuple) else value


def fit_logistic(figures: Floats, truth: Bools, seed: int, used: Sequence[bool] | None = None) -> Logistic:
    """Fit one logistic regression.

    Parameters
    ----------
    figures : float64 (rows, figures).
    truth : bool (rows,).
    used : for each figure, whether it may have a weight; None lets all.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    kept = np.ones(figures.shape[1], dtype=bool) if used is None else np.array(used)
    scaler = StandardScaler().fit(figures)
    model = LogisticRegression(C=1.0, max_iter=5000, random_state=seed).fit(scaler.transform(figures)[:, kept], truth)
    weights = np.zeros(figures.shape[1])
    weights[kept] = model.coef_[0]
    return Logistic(tuple(scaler.mean_.tolist()), tuple(scaler.scale_.tolist()), tuple(weights.tolist()), float(model.intercept_[0]))


def best_threshold(probabilities: Floats, truth: Bools, ignored: Bools | None = None) -> tuple[float, float]:
    """The threshold with the highest micro-F1, on a grid of 0.01, and that F1; of equal ones the middle."""
    grid = np.round(np.arange(0.05, 0.96, 0.01), 2)
    counted = ~ignored if ignored is not None else np.ones_like(truth)
    scores = np.array([micro_f1((probabilities >= t) & counted, truth & counted) for t in grid])
    best = grid[scores >= scores.max() - 1e-12]
    return float(best[len(best) // 2]), float(scores.max())


def micro_f1(given: Bools, truth: Bools) -> float:
    """Micro-averaged F1 of two indicator arrays of the same shape; 1.0 when both are empty."""
    both, either = int((given & truth).sum()), int(given.sum() + truth.sum())
    return 2 * both / either if either else 1.0
