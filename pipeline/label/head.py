"""The label head: one logistic regression, shared by all themes, from evidence to probability.

Its few numbers are kept in ``models/label_head.json`` with how they were fitted. It is fitted on the taxonomy's
own examples, each compared with all others but itself; the threshold is the one with the highest micro-F1 on a
tuning split that no reported figure uses. ``python -m benchmarks.fit_label_head`` fits it anew.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError
from pipeline.label.evidence import FEATURES, Floats
from pipeline.settings import MODELS

HEAD_FILE = MODELS / "label_head.json"


@dataclass(frozen=True, slots=True)
class LabelHead:
    """Weights of the standardised features, in the order of ``features``, and the threshold.

    ``mean`` and ``scale`` standardise; probability = logistic(weights · (x - mean) / scale + intercept). A code is
    given from ``threshold`` upwards. ``fitted`` says on what and how.
    """

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    threshold: float
    fitted: dict[str, Any]

    def probabilities(self, features: Floats, *, has_none: bool = True) -> Floats:
        """Probability of every (text, theme) pair.

        Parameters
        ----------
        features : float64 (n, themes, len(FEATURES)).
        has_none : the taxonomy has examples of no theme; without them that figure is left at its mean.

        Returns
        -------
        float64 array of shape (n, themes), 0 to 1.
        """
        standard = (features - np.array(self.mean)) / np.array(self.scale)
        if not has_none:
            standard[..., self.features.index("none_example")] = 0.0
        logits: Floats = standard @ np.array(self.weights) + self.intercept
        return np.asarray(1.0 / (1.0 + np.exp(-logits)))


def load_head(path: Path = HEAD_FILE) -> LabelHead:
    """Read the label head.

    Raises
    ------
    ModelError : it is missing, unreadable, or made for other features than this version computes.
    """
    try:
        stored = json.loads(path.read_text("utf-8"))
        head = LabelHead(
            tuple(stored["features"]),
            tuple(stored["mean"]),
            tuple(stored["scale"]),
            tuple(stored["weights"]),
            stored["intercept"],
            stored["threshold"],
            stored["fitted"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError("the label head cannot be read", where=str(path), expected="the file as shipped", do="restore it") from error
    if head.features != FEATURES:
        raise ModelError(
            "the label head was fitted to other features",
            where=str(path),
            expected=", ".join(FEATURES),
            do="fit it anew: python -m benchmarks.fit_label_head",
        )
    return head


def save_head(head: LabelHead, path: Path = HEAD_FILE) -> None:
    """Write the label head as JSON, numbers rounded to six decimals."""
    stored = asdict(head)
    for name in ("mean", "scale", "weights"):
        stored[name] = [round(value, 6) for value in stored[name]]
    stored["intercept"] = round(head.intercept, 6)
    path.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


def fit_weights(features: Floats, truth: npt.NDArray[np.bool_], seed: int) -> tuple[Floats, Floats, Floats, float]:
    """Fit the shared logistic regression.

    Parameters
    ----------
    features : float64 (n, themes, len(FEATURES)).
    truth : bool (n, themes).

    Returns
    -------
    (mean, scale, weights, intercept)
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    flat = features.reshape(-1, features.shape[2])
    scaler = StandardScaler().fit(flat)
    model = LogisticRegression(C=1.0, max_iter=1000, random_state=seed).fit(scaler.transform(flat), truth.reshape(-1))
    return scaler.mean_, scaler.scale_, model.coef_[0], float(model.intercept_[0])


def best_threshold(probabilities: Floats, truth: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The threshold with the highest micro-F1, on a grid of 0.01, and that F1; of equal ones the middle."""
    grid = np.round(np.arange(0.05, 0.96, 0.01), 2)
    scores = np.array([micro_f1(probabilities >= t, truth) for t in grid])
    best = grid[scores >= scores.max() - 1e-12]
    return float(best[len(best) // 2]), float(scores.max())


def micro_f1(given: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> float:
    """Micro-averaged F1 of two indicator arrays of the same shape; 1.0 when both are empty."""
    both, either = int((given & truth).sum()), int(given.sum() + truth.sum())
    return 2 * both / either if either else 1.0
