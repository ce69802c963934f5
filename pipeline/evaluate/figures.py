"""How well given codes fit those of coders, each figure with a bootstrap interval.

Point estimates are scikit-learn's where it has them. Intervals are percentile intervals over resampled points (Efron and
Tibshirani 1993, An Introduction to the Bootstrap, chapter 13). A resample is a row of weights, how often each point was
drawn, so that every figure of all resamples comes from a few products of matrices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.records import OUTCOMES

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

RESAMPLES = 1000
BINS = 10
NOTHING = "(nothing)"
DEFINITIONS = {
    "micro_precision": "right codes / codes given, over all points and themes; null where nothing was given",
    "micro_recall": "right codes / gold codes, over all points and themes; null where gold has none",
    "micro_f1": "harmonic mean of micro precision and recall",
    "macro_precision": "mean of the themes' precision over themes that occur in gold; 0 for a theme never given",
    "macro_recall": "mean of the themes' recall over themes that occur in gold",
    "macro_f1": "mean of the themes' F1 over themes that occur in gold",
    "samples_precision": "mean over points that were given a code: share of their codes that are right",
    "samples_recall": "mean over points that have a gold code: share of those that were given",
    "samples_f1": "mean over points with a gold or a given code: F1 of their two sets",
    "exact_match": "share of points whose given codes are exactly the gold codes (both may be none)",
    "ranking_precision": "label-ranking average precision over points with at least one gold code",
    "calibration_error": (
        "expected calibration error (Naeini, Cooper and Hauskrecht 2015) over (point, theme) pairs in 10 bins of equal mass: "
        "sum over bins of pairs in bin / all pairs * |share of pairs that are gold - mean probability|; pairs of equal "
        "probability share a bin; resamples keep the bins"
    ),
    "outcome_right": (
        "labelled: at least one given code is gold; no_match, undecided and procedural: gold has no code; points on which only "
        "optional codes decide are left out"
    ),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its 95% interval; None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Judged:
    """n points with gold and given codes, in an order that depends on nothing but the rows' content.

    ``truth``, ``given``, ``ignored`` and ``second`` are bool (n, themes), ``probabilities`` float64 (n, themes), ``outcomes``
    n strings. An ignored cell, a code only one of two coders gave, is False in the first two. ``second`` is the second coder.
    """

    truth: Bools
    given: Bools
    ignored: Bools
    probabilities: Floats
    outcomes: npt.NDArray[np.str_]
    second: Bools | None = None

    @classmethod
    def of(
        cls, truth: Bools, given: Bools, ignored: Bools, probabilities: Floats, outcomes: Sequence[str], second: Bools | None = None
    ) -> Judged:
        """Put points, given row for row in any order, into the one order."""
        ignored = ignored & ~truth
        told = np.asarray(outcomes, dtype=np.str_)
        ranks = np.unique(told, return_inverse=True)[1].reshape(-1, 1)
        columns = [truth, ignored, given, *(() if second is None else (second,)), ranks, probabilities.round(9)]
        order = np.lexsort(np.hstack(columns).T[::-1])
        truth, ignored, given = truth[order], ignored[order], given[order]
        other = None if second is None else second[order] & ~ignored
        return cls(truth, given & ~ignored, ignored, probabilities[order].astype(np.float64), told[order], other)

    def __len__(self) -> int:
        return len(self.truth)


def resampled(n: int, seed: int, resamples: int = RESAMPLES) -> Floats:
    """How often each of n points is drawn, with replacement, in each resample: float64 (resamples, n)."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), size=resamples).astype(np.float64)


def figure(value: float, samples: Floats) -> Figure:
    """A figure from its estimate and its values in resamples (NaN where not defined there)."""
    finite = samples[np.isfinite(samples)]
    if not np.isfinite(value) or not len(finite):
        return Figure(None if not np.isfinite(value) else round(float(value), 4), None, None)
    low, high = np.percentile(finite, [2.5, 97.5])
    return Figure(round(float(value), 4), round(float(low), 4), round(float(high), 4))


def over(part: Floats, whole: Floats) -> Floats:
    """``part / whole``, NaN where ``whole`` is 0."""
    found = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=found, where=whole != 0)
    return found


def estimates(judged: Judged) -> dict[str, float]:
    """Headline figures of all points; NaN where not defined."""
    from sklearn.metrics import accuracy_score, label_ranking_average_precision_score, precision_recall_fscore_support

    truth, given = _wide(judged.truth), _wide(judged.given)
    found: dict[str, float] = {}
    for kind in ("micro", "macro", "samples"):
        occurring = np.flatnonzero(truth.any(axis=0)) if kind == "macro" else None
        if occurring is not None and not len(occurring):
            values: Sequence[float] = (np.nan, np.nan, np.nan)
        else:
            without = 0.0 if kind == "macro" else np.nan
            values = precision_recall_fscore_support(truth, given, average=kind, labels=occurring, zero_division=without)[:3]
        found |= {f"{kind}_{name}": float(value) for name, value in zip(("precision", "recall", "f1"), values, strict=True)}
    found["exact_match"] = float(accuracy_score(truth, given))
    coded = judged.truth.any(axis=1)
    ranked = _wide(_ranked(judged), filler=-2.0)
    found["ranking_precision"] = float(label_ranking_average_precision_score(truth[coded], ranked[coded])) if coded.any() else np.nan
    found["calibration_error"] = float(_calibration_error(judged, np.ones((1, len(judged))))[0])
    return found


def samples(judged: Judged, weights: Floats) -> dict[str, Floats]:
    """The same figures for every resample: each float64 (resamples,), from weights (resamples, n)."""
    truth, given = judged.truth.astype(np.float64), judged.given.astype(np.float64)
    right, gold, said = weights @ (truth * given), weights @ truth, weights @ given
    found = dict(zip(("micro_precision", "micro_recall", "micro_f1"), _rates(right.sum(1), gold.sum(1), said.sum(1)), strict=True))
    occurring = gold > 0
    for name, rate in zip(("precision", "recall", "f1"), _rates(right, gold, said), strict=True):
        found[f"macro_{name}"] = over((np.nan_to_num(rate) * occurring).sum(1), occurring.sum(1).astype(np.float64))
    of_points = _rates((truth * given).sum(1), truth.sum(1), given.sum(1))
    for name, rate in zip(("precision", "recall", "f1"), of_points, strict=True):
        found[f"samples_{name}"] = mean(rate, weights)
    found["exact_match"] = mean((judged.truth == judged.given).all(axis=1).astype(np.float64), weights)
    found["ranking_precision"] = mean(_ranking_precision(judged), weights)
    found["calibration_error"] = _calibration_error(judged, weights)
    return found


def mean(values: Floats, weights: Floats) -> Floats:
    """Weighted mean of n values over those that are not NaN: float64 (resamples,)."""
    return over(weights @ np.nan_to_num(values), weights @ np.isfinite(values).astype(np.float64))


def _rates(right: Floats, gold: Floats, said: Floats) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 from counts of right, gold and given codes, NaN where nothing is divided."""
    return over(right, said), over(right, gold), over(2 * right, gold + said)


def _wide(table: npt.NDArray[np.generic], filler: float = 0.0) -> npt.NDArray[np.generic]:
    """With a column that stands for no theme where there is one theme only, which scikit-learn takes for a list of classes."""
    return np.hstack([table, np.full((len(table), 1), filler, dtype=table.dtype)]) if table.shape[1] == 1 else table


def _ranked(judged: Judged) -> Floats:
    """Probabilities with ignored codes behind all others, where they cannot push a right one down."""
    return np.where(judged.ignored, -1.0, judged.probabilities)


def _ranking_precision(judged: Judged) -> Floats:
    """Label-ranking average precision of each point (Tsoumakas, Katakis and Vlahavas 2010), NaN for those without gold code."""
    ranked = _ranked(judged)
    total = np.zeros(len(judged))
    for theme in np.flatnonzero(judged.truth.any(axis=0)):
        as_high = ranked >= ranked[:, [theme]]
        total += judged.truth[:, theme] * (as_high & judged.truth).sum(1) / as_high.sum(1)
    return over(total, judged.truth.sum(1).astype(np.float64))


def _bins(judged: Judged) -> npt.NDArray[np.intp]:
    """The bin of every (point, theme) pair, -1 for ignored ones, as scikit-learn's calibration_curve with quantiles."""
    counted = judged.probabilities[~judged.ignored]
    edges = np.quantile(counted, np.linspace(0, 1, BINS + 1)[1:-1]) if len(counted) else np.zeros(BINS - 1)
    return np.where(judged.ignored, -1, np.searchsorted(edges, judged.probabilities))


def _calibration_error(judged: Judged, weights: Floats) -> Floats:
    bins = _bins(judged)
    excess = np.where(judged.truth, 1.0, 0.0) - judged.probabilities
    by_bin = np.stack([np.where(bins == b, excess, 0.0).sum(1) for b in range(BINS)], axis=1)
    return over(np.abs(weights @ by_bin).sum(1), weights @ (bins >= 0).sum(1).astype(np.float64))


def headline(judged: Judged, weights: Floats) -> dict[str, Figure]:
    """Every headline figure with its interval."""
    spread = samples(judged, weights)
    return {name: figure(value, spread[name]) for name, value in estimates(judged).items()}


def themes_table(judged: Judged, weights: Floats, labels: Mapping[str, str]) -> pd.DataFrame:
    """One row a theme: gold, given, right, missed and wrong codes, precision, recall, F1 and the interval of F1."""
    from sklearn.metrics import precision_recall_fscore_support

    truth, given = _wide(judged.truth), _wide(judged.given)
    rates = precision_recall_fscore_support(truth, given, average=None, zero_division=np.nan)
    both, gold, said = ((a.astype(np.float64)) for a in (judged.truth & judged.given, judged.truth, judged.given))
    spread = over(2 * (weights @ both), weights @ gold + weights @ said)
    rows = []
    for theme, (code, label) in enumerate(labels.items()):
        f1 = figure(float(rates[2][theme]), spread[:, theme])
        right, has, got = (int(a[:, theme].sum()) for a in (both, gold, said))
        rows.append(
            {
                "code": code, "label": label, "gold": has, "given": got, "right": right, "missed": has - right, "wrong": got - right,
                "precision": _rounded(rates[0][theme]), "recall": _rounded(rates[1][theme]),
                "f1": f1.value, "f1_low": f1.low, "f1_high": f1.high,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def outcomes_table(judged: Judged, weights: Floats) -> pd.DataFrame:
    """One row an outcome: its points, those that could be judged, those that are right, and their share with its interval."""
    none, doubtful = ~judged.truth.any(axis=1), judged.ignored.any(axis=1)
    rows = []
    for outcome in OUTCOMES:
        labelled = outcome == "labelled"
        right = (judged.truth & judged.given).any(axis=1) if labelled else none
        undecidable = doubtful & ~judged.given.any(axis=1) if labelled else none & doubtful
        told = judged.outcomes == outcome
        value = np.where(told & ~undecidable, right.astype(np.float64), np.nan)
        share = figure(float(mean(value, np.ones((1, len(judged))))[0]), mean(value, weights))
        counted = int(np.isfinite(value).sum())
        rows.append({"outcome": outcome, "points": int(told.sum()), "judged": counted, "right": int(np.nansum(value)),
                     "share": share.value, "low": share.low, "high": share.high})  # fmt: skip
    return pd.DataFrame(rows)


def confusion_table(judged: Judged, labels: Mapping[str, str]) -> pd.DataFrame:
    """For missed codes, which wrong codes the same points were given: one row a pair, the most frequent first.

    A point with several wrong codes counts once for each; one with none counts as "(nothing)".
    """
    codes = [*labels, NOTHING]
    missed, wrong = judged.truth & ~judged.given, judged.given & ~judged.truth
    instead = np.hstack([wrong, ~wrong.any(axis=1, keepdims=True)])
    counts = missed.T.astype(int) @ instead.astype(int)
    pairs = sorted(zip(*np.nonzero(counts), strict=True), key=lambda pair: (-counts[pair], *pair))
    columns = ["missed", "missed_label", "instead", "instead_label", "points", "share_of_missed"]
    total = missed.sum(axis=0)
    rows = [
        [codes[m], labels[codes[m]], codes[i], labels.get(codes[i], ""), int(counts[m, i]), round(float(counts[m, i] / total[m]), 4)]
        for m, i in pairs
    ]
    return pd.DataFrame(rows, columns=columns)


def reliability_table(judged: Judged) -> pd.DataFrame:
    """One row a bin of (point, theme) pairs: from, to, pairs, mean probability, share of pairs that are gold codes.

    The bins are steps of 0.1, so that the few high probabilities show as well as the many low ones; empty ones are left out.
    """
    steps = np.linspace(0, 1, BINS + 1)[1:-1]
    bins = np.where(judged.ignored, -1, np.searchsorted(steps, judged.probabilities))
    rows: list[list[float]] = []
    for number in range(BINS):
        inside = bins == number
        if inside.any():
            chances = judged.probabilities[inside]
            values = (chances.min(), chances.max(), chances.mean(), judged.truth[inside].mean())
            low, high, expected, found = (round(float(value), 4) for value in values)
            rows.append([len(rows) + 1, low, high, int(inside.sum()), expected, found])
    return pd.DataFrame(rows, columns=["bin", "from", "to", "pairs", "mean_probability", "share_right"])


def _rounded(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
