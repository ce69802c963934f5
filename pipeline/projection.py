"""Places of points on a plane, for a map of a session: points that are alike, and those of one theme, lie near each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import AnyVectors, dense

MOST_POINTS = 5_000  # a map of more shows nothing, and takes seconds


def project(points: pd.DataFrame, vectors: AnyVectors) -> pd.DataFrame:
    """Place the points of each session on a plane of its own.

    Principal component analysis (Jolliffe 2002, *Principal Component Analysis*) of each point's vector added to the mean vector of its
    theme's points in that session: the mean draws the points of a theme together, as a reader looks for them. Distances are for
    looking at, not for measuring.

    Parameters
    ----------
    points : n Labelled rows with their ``theme_id``; procedural points have no place.
    vectors : float32 (n, dimension), unit length, row for row.

    Returns
    -------
    DataFrame of one row a point placed: ``point_id``, ``x`` and ``y``, float64 from -1 to 1, three decimals. Sessions of fewer than 3
    or more than 5,000 points have none.
    """
    from threadpoolctl import threadpool_limits

    placed = [pd.DataFrame({"point_id": pd.Series(dtype="str"), "x": pd.Series(dtype="float64"), "y": pd.Series(dtype="float64")})]
    said = np.flatnonzero(points["outcome"] != "procedural")
    with threadpool_limits(1):  # several threads take longer over so small matrices, seconds where the machine is busy
        for _, rows in pd.Series(said).groupby(points["session"].to_numpy()[said], sort=True):
            if not 3 <= len(rows) <= MOST_POINTS:
                continue
            # A fixed order of rows, so that the order of files changes no digit.
            chosen = rows.to_numpy()[np.argsort(points["point_id"].take(rows).to_numpy(dtype=object))]
            ids, theme_of = (points[name].take(chosen).to_numpy(dtype=object) for name in ("point_id", "theme_id"))
            drawn = dense(vectors[chosen]).astype(np.float64)
            means = {theme: drawn[theme_of == theme].mean(axis=0) for theme in set(theme_of)}
            drawn += np.stack([means[theme] if theme else np.zeros(drawn.shape[1]) for theme in theme_of])
            plane = _plane(drawn)
            largest = float(np.abs(plane).max()) or 1.0
            x, y = (plane / largest).round(3).T + 0.0  # no minus zero
            placed.append(pd.DataFrame({"point_id": ids, "x": x, "y": y}))
    return pd.concat(placed, ignore_index=True)


def _plane(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The first two principal components of n rows, n at least 3: float64 (n, 2), the largest weight of each component positive."""
    centred = rows - rows.mean(axis=0)
    found, lengths, weights = np.linalg.svd(centred, full_matrices=False)
    largest = np.abs(weights[:2]).argmax(axis=1)
    plane: npt.NDArray[np.float64] = found[:, :2] * lengths[:2] * np.sign(weights[[0, 1], largest])
    return plane
