"""Cluster: points of one session that say similar things, whatever the taxonomy.

Short notes say one thing in many words, so each point's vector is first moved towards its nearest neighbours': less the
session's mean, then smoothed :data:`STEPS` times over the graph of nearest neighbours (adaptive graph convolution: Zhang et al.
2019, IJCAI, arXiv:1906.01210). Then average-linkage agglomerative clustering on cosine distance. The number of clusters is the
one with the highest mean silhouette (Rousseeuw 1987, J. Comput. Appl. Math. 20, 53-65), up to :data:`MOST` times the square root
of the number of points: silhouette alone runs to pairs and single points on such text.
Sessions of more than :data:`EXACT` distinct points are first gathered into :data:`MICRO` micro-clusters by spherical k-means
(Dhillon and Modha 2001, Machine Learning 42, 143-175), whose time grows with the points and whose memory does not grow with
their square, and the micro-clusters are clustered in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import AnyVectors, Repeated, Vectors, dense
from pipeline.errors import ContractError
from pipeline.records import Clustered, Points, checked
from pipeline.settings import Settings

# Chosen on one half of each labelled set (benchmarks/README.md reports the other).
NEIGHBOURS, STEPS, WIDTH = 5, 3, 0.3
MOST = 3.0
# Two points alone are one cluster from this cosine on, where two texts of those halves are about as often of one category as not.
PAIR = 0.75
CANDIDATES = 30
EXACT = 3000
MICRO = 2000
# k-means learns its centres from so many points at most, in so many rounds; points are compared with them so many at a time.
LEARNT_FROM, ROUNDS, AT_A_TIME = 40_000, 5, 4096
# Decimals kept of a distance, so that its last bits, which depend on the number of threads, decide nothing.
DECIMALS = 9
# Below this mean silhouette a cut is no better than none: all points are one cluster.
SAME = 1e-6
Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def cluster(points: pd.DataFrame, vectors: AnyVectors, settings: Settings) -> pd.DataFrame:
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
    considered = points[["event", "session", "expanded", "point_id", "procedural"]].reset_index(drop=True)  # no copy of all they say
    considered = considered[~considered["procedural"]].sort_values(["expanded", "point_id"])
    for _, session in considered.groupby(["event", "session"], sort=True):
        rows = session.index.to_numpy()
        numbers[rows] = _by_size(partition(vectors[rows], settings.seed))
    return checked(Clustered, points.assign(cluster=numbers), "given by cluster")


def partition(vectors: AnyVectors, seed: int) -> Labels:
    """Cluster unit vectors of shape (n, dimension); returns n labels, any integers.

    Two points alone share a label if they are alike. Equal vectors get equal labels, and neither the order of rows nor the number
    of threads changes which rows share one.
    """
    distinct, inverse = _distinct(vectors)
    if len(distinct) <= 2:  # no silhouette can be had of two
        first, last = dense(distinct)[[0, -1]].astype(np.float64)
        alike = len(distinct) > 1 and round(float(first @ last), DECIMALS) >= PAIR
        return np.zeros(len(vectors), dtype=np.int64) if alike else inverse.astype(np.int64)
    with _threads().limit(limits=1):  # the last bits of a product depend on how many threads share it
        if len(distinct) <= EXACT:
            return _agglomerate(dense(distinct))[inverse]
        centres, nearest = _micro_clusters(distinct, seed)
        found: Labels = _agglomerate(centres)[nearest][inverse]
        return found


def _distinct(vectors: AnyVectors) -> tuple[AnyVectors, npt.NDArray[np.intp]]:
    """The distinct rows in order of their figures, the first figure first, and for each row the number of its like.

    Vectors held once each are not copied: those of a large session are most of what a run holds.
    """
    once, row_of = vectors, np.arange(len(vectors))
    if isinstance(vectors, Repeated):
        used, row_of = np.unique(vectors.row_of, return_inverse=True)
        once = Repeated(vectors.distinct, used, vectors.pages)
    figures = np.concatenate([dense(once[at : at + AT_A_TIME])[:, :3].copy() for at in range(0, len(once), AT_A_TIME)])
    ranked = np.lexsort(figures.T[::-1])
    order = once[ranked]
    apart = _unlike_the_one_before(figures[ranked])
    differs = apart if apart.all() else _unlike_the_one_before(order)
    if (differs & ~apart).any():  # three figures do not tell them all apart
        distinct, inverse = np.unique(dense(once), axis=0, return_inverse=True)
        return distinct, inverse.reshape(-1)[row_of]
    inverse = np.empty(len(once), dtype=np.intp)
    inverse[ranked] = np.concatenate([[0], np.cumsum(differs)])
    return order[np.flatnonzero(np.concatenate([[True], differs]))], inverse[row_of]


def _unlike_the_one_before(vectors: AnyVectors) -> npt.NDArray[np.bool_]:
    """Whether each row but the first differs from the one before it; so many compared at a time."""
    pieces = (dense(vectors[at : at + AT_A_TIME + 1]) for at in range(0, len(vectors) - 1, AT_A_TIME))
    return np.concatenate([np.zeros(0, dtype=np.bool_), *((piece[1:] != piece[:-1]).any(axis=1) for piece in pieces)])


@cache
def _threads() -> Any:
    """What sets the number of threads; to make it anew for every clustering would take longer than a small clustering."""
    import scipy.linalg  # noqa: F401 - loads the libraries that are to be limited
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _micro_clusters(vectors: AnyVectors, seed: int) -> tuple[Vectors, npt.NDArray[np.intp]]:
    """Centres of micro-clusters, unit rows, none without a point, and the nearest of them to each vector."""
    drawn = np.random.default_rng(seed).permutation(len(vectors))
    learnt_from = dense(vectors[np.sort(drawn[:LEARNT_FROM])])
    centres = dense(vectors[np.sort(drawn[:MICRO])])
    for _ in range(ROUNDS):
        centres = _means(learnt_from, _nearest(learnt_from, centres), centres)
    used, nearest = np.unique(_nearest(vectors, centres), return_inverse=True)
    return centres[used], nearest.reshape(-1)


def _nearest(vectors: AnyVectors, centres: Vectors) -> npt.NDArray[np.intp]:
    starts = range(0, len(vectors), AT_A_TIME)
    return np.concatenate([(dense(vectors[start : start + AT_A_TIME]) @ centres.T).argmax(axis=1) for start in starts])


def _means(vectors: Vectors, nearest: npt.NDArray[np.intp], centres: Vectors) -> Vectors:
    """The mean direction of the vectors at each centre; a centre without any stays where it is."""
    from scipy.sparse import csr_array

    rows = np.arange(len(nearest))
    member = csr_array((np.ones(len(nearest)), (nearest, rows)), shape=(len(centres), len(nearest)))
    sums = np.asarray(member @ vectors.astype(np.float64))
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    made: Vectors = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centres).astype(np.float32)
    return made


def _agglomerate(vectors: Vectors) -> Labels:
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    distances = _distances(smoothed(vectors))
    cuts = cuts_of(linkage(squareform(distances, checks=False), method="average"), _candidates(len(vectors)))
    best, best_score = np.zeros(len(vectors), dtype=np.int64), SAME
    for labels, score in zip(cuts, silhouettes(distances, cuts), strict=True):
        if score > best_score:
            best, best_score = labels, score
    return best


def cuts_of(tree: Floats, counts: Sequence[int]) -> Labels:
    """Cut a tree into numbers of clusters, all at once.

    The leaves of every cluster stand next to each other in the tree's order of leaves, so a cut is the places between two leaves that
    are joined above it. scipy's ``fcluster`` gives the same cuts, one a call, with more time spent around each than in it.

    Parameters
    ----------
    tree : a linkage of scipy's, float64 (n - 1, 4), the heights of its merges not falling.
    counts : how many clusters each cut is to have at most; fewer where merges of one height would have to be told apart.

    Returns
    -------
    One row a count: labels 0 to its number of clusters - 1, int64 (counts, n).
    """
    n = len(tree) + 1
    leaves: dict[int, list[int]] = {leaf: [leaf] for leaf in range(n)}
    joined = np.zeros(n, dtype=np.int64)  # by the merge that joins a leaf to the one before it
    for merge, (left, right) in enumerate(tree[:, :2].astype(np.int64).tolist()):
        first, second = leaves.pop(left), leaves.pop(right)
        joined[second[0]] = merge
        leaves[n + merge] = first + second
    (order,) = leaves.values()
    between, heights = joined[order[1:]], tree[:, 2]
    merges = [np.searchsorted(heights, heights[n - count - 1], side="right") if count < n else 0 for count in counts]
    labels = np.zeros((len(counts), n), dtype=np.int64)
    labels[:, order[1:]] = np.cumsum(between >= np.array(merges, dtype=np.int64)[:, None], axis=1)
    return labels


def silhouettes(distances: Floats, cuts: Labels) -> list[float]:
    """Mean silhouette of each of several cuts of one tree.

    The clusters of a coarser cut are unions of those of a finer one, so distances to the finest are added up once, for all cuts together.

    Parameters
    ----------
    distances : float64 (n, n), symmetric, 0 on the diagonal.
    cuts : int64 (cuts, n), labels from 0 upwards, none left out, each cut a refinement or a coarsening of any other.

    Returns
    -------
    One a cut, -1 to 1; 0 for a cut of one cluster or of n. A point that is alone in its cluster counts 0.
    """
    counts = cuts.max(axis=1) + 1
    judged = np.flatnonzero((counts > 1) & (counts < len(distances)))
    if not len(judged):
        return [0.0] * len(cuts)
    finest = cuts[judged[counts[judged].argmax()]]
    order = np.argsort(finest, kind="stable")
    first = np.searchsorted(finest[order], np.arange(finest.max() + 1))
    starts = np.concatenate([[0], np.cumsum(counts[judged])])
    columns = cuts[judged] + starts[:-1, None]
    parents = np.zeros((len(first), starts[-1]))
    parents[np.arange(len(first)), columns[:, order[first]]] = 1.0
    means = np.add.reduceat(distances[:, order], first, axis=1) @ parents
    sizes, rows = np.bincount(columns.ravel()), np.arange(len(distances))
    own_sizes = sizes[columns]
    own = means[rows, columns] / np.maximum(own_sizes - 1, 1)
    means /= sizes
    means[rows, columns] = np.inf
    other = np.ascontiguousarray(np.minimum.reduceat(means, starts[:-1], axis=1).T)
    larger = np.maximum(own, other)
    apart = np.where((own_sizes > 1) & (larger > 0), (other - own) / np.where(larger > 0, larger, 1.0), 0.0)
    scores = dict(zip(judged.tolist(), apart.mean(axis=1).tolist(), strict=True))
    return [round(scores.get(cut, 0.0), DECIMALS) for cut in range(len(cuts))]


def smoothed(vectors: Vectors) -> Floats:
    """Move unit vectors towards those of their nearest neighbours.

    Parameters
    ----------
    vectors : float32 (n, dimension), unit rows, n at least 2.

    Returns
    -------
    float64 (n, dimension), unit rows: less their mean, then averaged over the symmetric graph of each one and its nearest
    neighbours, in which an edge weighs exp((cosine - 1) / width), normalised by the degrees of both ends.
    """
    found = vectors.astype(np.float64)
    found = _unit(found - found.mean(axis=0))
    near = np.exp((np.round(found @ found.T, DECIMALS) - 1.0) / WIDTH)
    least = -np.partition(-near, min(NEIGHBOURS, len(near) - 1), axis=1)[:, min(NEIGHBOURS, len(near) - 1)]
    near[(near < least[:, None]) & (near < least[None, :])] = 0.0
    degree = np.sqrt(near.sum(axis=1))
    near /= degree[:, None]
    near /= degree[None, :]
    for _ in range(STEPS):
        found = near @ found
    return _unit(found)


def _unit(vectors: Floats) -> Floats:
    made: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return made


def _distances(vectors: Floats) -> Floats:
    """Cosine distances of unit rows, (n, n), symmetric, 0 to 2, 0 on the diagonal."""
    distances = 1.0 - vectors @ vectors.T
    distances += distances.T
    distances = np.clip(np.round(distances / 2, DECIMALS), 0.0, 2.0)
    np.fill_diagonal(distances, 0.0)
    return distances


@cache
def _candidates(n: int) -> tuple[int, ...]:
    """Numbers of clusters to try for n points, at most :data:`CANDIDATES` of them, closer together where small."""
    most = max(2.0, min(MOST * n**0.5, n - 1))
    spread = np.unique(np.geomspace(2, most, num=CANDIDATES).round().astype(int))
    return tuple(spread.tolist())


def _by_size(labels: Labels) -> Labels:
    """Renumber so that 0 is the largest; of equal ones that which comes first (rows are sorted by text)."""
    _, first, number, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    ranked: Labels = rank[number.reshape(-1)]
    return ranked
