"""Cluster: points of one session that say similar things, whatever the taxonomy.

Average-linkage agglomerative clustering on cosine distance; the number of clusters is the one with the highest
mean silhouette (Rousseeuw 1987, J. Comput. Appl. Math. 20, 53-65). Sessions of more than :data:`EXACT` distinct
points are first gathered into micro-clusters by k-means, so memory does not grow with their square.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import Vectors
from pipeline.errors import ContractError
from pipeline.records import Clustered, Points, checked
from pipeline.settings import Settings

EXACT = 4000
MICRO = 1500
CANDIDATES = 40
# Below this mean silhouette a cut is no better than none: every distinct point then stands for itself or all are one.
SAME = 1e-6
Labels = npt.NDArray[np.int64]


def cluster(points: pd.DataFrame, vectors: Vectors, settings: Settings) -> pd.DataFrame:
    """Give every point the number of its cluster within its session.

    Parameters
    ----------
    points : Points, n rows.
    vectors : float32 (n, dimension), unit rows, row for row.
    settings : gives the seed.

    Returns
    -------
    Clustered : ``points`` with ``cluster``: 0 for the largest cluster of the session, 1 for the next…; -1 for procedural
        points. Ties in size go to the cluster whose first text comes first in the alphabet, so the order of rows does
        not matter.

    Raises
    ------
    ContractError : vectors and points do not match row for row.
    """
    checked(Points, points, "given to cluster")
    if len(points) != len(vectors):
        raise ContractError(
            f"{len(points)} points but {len(vectors)} vectors",
            where="given to cluster",
            expected="one vector a point, row for row",
            do="embed the same table that is clustered",
        )
    numbers = np.full(len(points), -1, dtype=np.int64)
    considered = points.reset_index(drop=True)
    considered = considered[~considered["procedural"]].sort_values(["expanded", "point_id"])
    for _, session in considered.groupby(["event", "session"], sort=True):
        rows = session.index.to_numpy()
        numbers[rows] = _by_size(partition(vectors[rows], settings.seed))
    return checked(Clustered, points.assign(cluster=numbers), "given by cluster")


def partition(vectors: Vectors, seed: int) -> Labels:
    """Cluster unit vectors of shape (n, dimension); returns n labels, any integers."""
    distinct, inverse = np.unique(vectors, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    if len(distinct) <= 2:
        return inverse.astype(np.int64)
    if len(distinct) <= EXACT:
        return _agglomerate(distinct)[inverse]
    from sklearn.cluster import MiniBatchKMeans

    micro = MiniBatchKMeans(MICRO, random_state=seed, n_init=1).fit(distinct)
    centres = micro.cluster_centers_ / np.linalg.norm(micro.cluster_centers_, axis=1, keepdims=True)
    found: Labels = _agglomerate(centres.astype(np.float32))[micro.labels_][inverse]
    return found


def _agglomerate(vectors: Vectors) -> Labels:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform
    from sklearn.metrics import silhouette_score

    distances = 1.0 - vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    distances = np.clip((distances + distances.T) / 2, 0.0, 2.0)
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), method="average")
    best, best_score = np.zeros(len(vectors), dtype=np.int64), SAME
    for count in _candidates(len(vectors)):
        labels = fcluster(tree, count, criterion="maxclust").astype(np.int64)
        if 1 < len(set(labels)) < len(vectors):
            score = float(silhouette_score(distances, labels, metric="precomputed"))
            if score > best_score:
                best, best_score = labels, score
    return best


def _candidates(n: int) -> list[int]:
    """Numbers of clusters to try: 2 to n - 1, at most :data:`CANDIDATES` of them, closer together where small."""
    spread = np.unique(np.geomspace(2, max(2, n - 1), num=CANDIDATES).round().astype(int))
    return [int(count) for count in spread]


def _by_size(labels: Labels) -> Labels:
    """Renumber so that 0 is the largest; of equal ones that which comes first (rows are sorted by text)."""
    found, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    order = sorted(range(len(found)), key=lambda i: (-sizes[i], first[i]))
    rank = {found[i]: number for number, i in enumerate(order)}
    return np.array([rank[label] for label in labels], dtype=np.int64)
