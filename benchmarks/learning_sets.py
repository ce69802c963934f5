"""The sets of the learning curve: points to correct and points to judge by, and the ways in which points are chosen.

- ``banking77``: 25 of its intents, drawn with a fixed seed from those that chose nothing; points to correct from the training part,
  figures on the test part. The labeller begins with the names of the intents alone.
- ``vision_zero_dc``: residents' remarks under the type of danger that each chose (17); figures on 1,000 of those that
  benchmarks/other_taxonomies.py also uses, points to correct from the others. It begins with the names of the types.
- ``events``: the gold points of merevale, millbrook and saltby-coast, each judged by a labeller taught with points of the other
  five example events, the three figures in the mean. It begins with all that ships.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.coded import EVENTS, event, prepare
from benchmarks.other_taxonomies import SAMPLE, rows_of, taxonomy_of
from pipeline.embed import Encoder, Vectors
from pipeline.label import Labeller
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy

INTENTS = 25
POOL, JUDGED_BY = 1600, 1000
JUDGED = ("merevale", "millbrook", "saltby-coast")
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Points:
    """n points, read and embedded, with their codes, bool (n, themes), and the seconds that reading and embedding took."""

    texts: list[str]
    truth: Bools
    read: pd.DataFrame
    vectors: Vectors
    seconds: float

    @classmethod
    def of(cls, texts: list[str], truth: Bools, encoder: Encoder) -> Points:
        started = time.process_time()
        read, vectors = prepare(texts, encoder, Settings())
        return cls(texts, truth, read, vectors, time.process_time() - started)

    def __add__(self, other: Points) -> Points:
        return Points(
            [*self.texts, *other.texts],
            np.vstack([self.truth, other.truth]),
            pd.concat([self.read, other.read], ignore_index=True),
            np.vstack([self.vectors, other.vectors]),
            self.seconds + other.seconds,
        )


@dataclass(frozen=True)
class Task:
    """Points to correct, and points to judge by; ``single`` where each has one code."""

    labeller: Labeller
    pool: Points
    test: Points
    single: bool


def intents_that_chose() -> list[str]:
    """The 25 intents whose training questions chose how the labeller learns."""
    names = sorted({row["label"] for row in rows_of("banking77")})
    return [names[at] for at in sorted(np.random.default_rng(0).permutation(len(names))[:INTENTS])]


def banking(encoder: Encoder) -> list[Task]:
    rows = rows_of("banking77")
    others = sorted({row["label"] for row in rows} - set(intents_that_chose()))
    names = [others[at] for at in sorted(np.random.default_rng(0).permutation(len(others))[:INTENTS])]
    rng = np.random.default_rng(0)
    pool = [row for row in rows if row["label"] in names and row["split"] == "train"]
    pool = [pool[at] for at in sorted(rng.permutation(len(pool))[:POOL])]
    return [named(names, pool, [row for row in rows if row["label"] in names and row["split"] == "test"], encoder)]


def vision_zero(encoder: Encoder) -> list[Task]:
    rows = rows_of("vision_zero_dc")
    names = sorted({row["label"] for row in rows})
    order = np.random.default_rng(Settings().seed).permutation(len(rows))
    pool, test = np.sort(order[SAMPLE:])[:POOL], np.sort(order[:SAMPLE])[:JUDGED_BY]
    return [named(names, [rows[at] for at in pool], [rows[at] for at in test], encoder)]


def named(names: Sequence[str], pool: Sequence[dict[str, str]], test: Sequence[dict[str, str]], encoder: Encoder) -> Task:
    """A task of texts that have one label each, for a labeller that begins with the names of the labels."""

    def points(rows: Sequence[dict[str, str]]) -> Points:
        truth = np.array([[row["label"] == name for name in names] for row in rows])
        return Points.of([row["text"] for row in rows], truth, encoder)

    return Task(Labeller(taxonomy_of(names), encoder, Settings()), points(pool), points(test), single=True)


def events(encoder: Encoder) -> list[Task]:
    taxonomy = load_taxonomy(Settings().taxonomy_path)
    labeller = Labeller(taxonomy, encoder, Settings())
    gold = {name: event(name, taxonomy) for name in EVENTS}
    points = {name: Points.of(of.texts, of.truth, encoder) for name, of in gold.items()}
    tasks = []
    for name in JUDGED:
        first, *rest = (points[other] for other in EVENTS if other != name)
        tasks.append(Task(labeller, sum(rest, first), points[name], single=False))
    return tasks


def at_random(task: Task, seed: int) -> Ints:
    """All points in an order drawn at random; nobody knows the themes of those drawn before."""
    return np.random.default_rng(seed).permutation(len(task.pool.texts))


def of_each(task: Task, seed: int, a_theme: int) -> Ints:
    """So many points of each theme, drawn at random; who corrects cannot have that, for it takes their themes to be known."""
    order = at_random(task, seed)
    codes = task.pool.truth[order].argmax(axis=1)
    return np.concatenate([order[codes == theme][:a_theme] for theme in range(task.pool.truth.shape[1])])
