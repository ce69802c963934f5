"""Agreement between coders, and of the program with each of them.

Krippendorff's alpha is 1 - observed / expected disagreement: 1 is full agreement, 0 what chance gives (Krippendorff 2004,
Content Analysis, 2nd ed., chapter 11; Krippendorff 2011, Computing Krippendorff's Alpha-Reliability).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.evaluate.figures import Bools, Figure, Floats, Judged, figure, mean, over

MISSING = -1
DEFINITIONS = {
    "alpha_themes": "Krippendorff's alpha (nominal: has the code or not) of each theme, mean over themes where it is defined",
    "alpha_masi": "Krippendorff's alpha over the sets of codes with the MASI distance (Passonneau 2006)",
}


def krippendorff_alpha(codings: npt.NDArray[np.intp], distance: Floats) -> float:
    """Krippendorff's alpha of any number of coders, with any distance and missing values.

    Parameters
    ----------
    codings : int (coders, units), values from 0 to V - 1, or MISSING; a unit with fewer than two values counts for nothing.
    distance : float64 (V, V), symmetric, 0 on the diagonal; squared already where the metric is (Krippendorff's delta).

    Returns
    -------
    alpha, at most 1; NaN where all values are the same, so that there is nothing to agree on.
    """
    counts = np.stack([(codings == value).sum(axis=0) for value in range(len(distance))], axis=1).astype(np.float64)
    counts = counts[counts.sum(axis=1) >= 2]
    shares = counts / (counts.sum(axis=1, keepdims=True) - 1)
    coincidences = counts.T @ shares - np.diag(shares.sum(axis=0))
    totals = counts.sum(axis=0)
    expected = float(totals @ distance @ totals)
    if expected == 0:
        return float("nan")
    return 1.0 - (float(totals.sum()) - 1.0) * float((coincidences * distance).sum()) / expected


def masi_distances(sets: Bools) -> Floats:
    """MASI distance of every two sets (Passonneau 2006): 1 - Jaccard index * monotonicity.

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they merely overlap, 0 where they do not.

    Parameters
    ----------
    sets : bool (V, themes), one row a set.

    Returns
    -------
    float64 (V, V). Two empty sets are equal.

    >>> masi_distances(np.array([[1, 1, 0], [1, 1, 1], [0, 0, 0]], dtype=bool)).round(3).tolist()
    [[0.0, 0.556, 1.0], [0.556, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    members = sets.astype(np.float64)
    shared, sizes = members @ members.T, members.sum(axis=1)
    either = sizes[:, None] + sizes - shared
    nested = shared == np.minimum(sizes[:, None], sizes)
    monotonicity = np.where(shared == 0, 0.0, np.where(nested, 2 / 3, 1 / 3))
    return np.where(either == shared, 0.0, 1.0 - shared / np.maximum(either, 1.0) * monotonicity)


def alpha_of_themes(first: Bools, second: Bools, ignored: Bools) -> Floats:
    """Nominal alpha of each theme: float64 (themes,), from bool (n, themes); ignored cells are missing values."""
    nominal = 1.0 - np.eye(2)
    values = [np.where(ignored, MISSING, coder.astype(np.intp)) for coder in (first, second)]
    return np.array([krippendorff_alpha(np.stack([v[:, t] for v in values]), nominal) for t in range(first.shape[1])])


def alpha_of_sets(first: Bools, second: Bools) -> float:
    """Alpha over the sets of codes with the MASI distance, from bool (n, themes)."""
    codings, distance = _sets(first, second)
    return krippendorff_alpha(codings, distance)


def _sets(first: Bools, second: Bools) -> tuple[npt.NDArray[np.intp], Floats]:
    """Every distinct set as a number: codings (2, n), and the distances between them (V, V)."""
    distinct, numbers = np.unique(np.vstack([first, second]), axis=0, return_inverse=True)
    return numbers.reshape(2, -1).astype(np.intp), masi_distances(distinct)


def samples(first: Bools, second: Bools, ignored: Bools, weights: Floats) -> dict[str, Floats]:
    """Agreement of two coders in every resample: each float64 (resamples,), from weights (resamples, n).

    For two coders alpha is a function of weighted sums alone: with D units of n / 2 that differ and n0, n1 values of either
    kind, alpha = 1 - (n - 1) D / (n0 n1).
    """
    valid, a, b = ((x).astype(np.float64) for x in (~ignored, first, second))
    values, ones, differing = 2 * weights @ valid, weights @ ((a + b) * valid), weights @ ((first != second) * valid)
    by_theme = 1.0 - over((values - 1) * differing, (values - ones) * ones)
    defined = np.isfinite(by_theme)
    codings, distance = _sets(first, second)
    of_points = distance[codings[0], codings[1]]
    drawn = weights @ np.eye(len(distance))[codings].sum(axis=0)
    expected = ((drawn @ distance) * drawn).sum(axis=1)
    both = weights @ (a * b).sum(1)
    return {
        "micro_f1": over(2 * both, weights @ (a + b).sum(1)),
        "exact_match": mean((first == second).all(axis=1).astype(np.float64), weights),
        "alpha_themes": over(np.where(defined, by_theme, 0.0).sum(1), defined.sum(1).astype(np.float64)),
        "alpha_masi": 1.0 - over((drawn.sum(1) - 1) * 2 * (weights @ of_points), expected),
    }


def agreement(first: Bools, second: Bools, ignored: Bools, weights: Floats) -> dict[str, Figure]:
    """Micro-F1, exact match and both alphas of two coders, bool (n, themes), with their intervals."""
    from sklearn.metrics import accuracy_score, f1_score

    first, second = first & ~ignored, second & ~ignored
    themes = alpha_of_themes(first, second, ignored)
    flat = (first.ravel(), second.ravel())
    found = {
        "micro_f1": float(f1_score(*flat, zero_division=np.nan)),
        "exact_match": float(accuracy_score(*(_rows(coder) for coder in (first, second)))),
        "alpha_themes": float(np.nanmean(themes)) if np.isfinite(themes).any() else np.nan,
        "alpha_masi": alpha_of_sets(first, second),
    }
    spread = samples(first, second, ignored, weights)
    return {name: figure(value, spread[name]) for name, value in found.items()}


def _rows(coder: Bools) -> list[str]:
    return ["".join("01"[int(cell)] for cell in row) for row in coder]


def agreement_table(judged: Judged, weights: Floats, names: Sequence[str] = ("first coder", "second coder", "program")) -> pd.DataFrame:
    """One row a pair of the two coders and the program; for every figure its value, low and high. Needs ``second``."""
    assert judged.second is not None
    one, two, program = names
    pairs: Mapping[str, tuple[Bools, Bools]] = {
        f"{one} and {two}": (judged.truth, judged.second),
        f"{program} and {one}": (judged.given, judged.truth),
        f"{program} and {two}": (judged.given, judged.second),
    }
    rows = []
    for pair, (first, second) in pairs.items():
        row: dict[str, str | float | None] = {"pair": pair}
        for name, found in agreement(first, second, judged.ignored, weights).items():
            row |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
        rows.append(row)
    return pd.DataFrame(rows)
