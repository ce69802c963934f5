"""How the labels get better with the number of points that people correct, beside SetFit and plain logistic regression.

    python -m benchmarks.learning_curve           writes benchmarks/results/learning_curve.json and .svg (half an hour)
    python -m benchmarks.learning_curve events    the same for one set alone; what is there of others stays
    python -m benchmarks.learning_curve setfit    adds SetFit, in an environment that also has setfit 1.2.0 (20 minutes)

The data of the first two sets are no part of this repository; where they are absent, they are left out and that is said.

Sets, none of which chose anything (what was chosen, and on what, is in docs/decisions/0013-learning.md):
- ``banking77``: 25 of its intents, drawn with a fixed seed from those that chose nothing; points to correct from the training part,
  figures on the test part. The labeller begins with the names of the intents alone.
- ``vision_zero_dc``: residents' remarks under the type of danger that each chose (17); figures on the 2,000 that
  benchmarks/other_taxonomies.py also uses, points to correct from the others. It begins with the names of the types.
- ``events``: the gold points of merevale, millbrook and saltby-coast, each judged by a labeller taught with points of the other
  five example events, the three figures in the mean. It begins with all that ships.

A number of points a theme means so many times the number of themes in all, not so many of each: who corrects cannot choose that.
They are drawn at random (mean of the seeds), or taken in review order: those most worth a look as ``themes review`` has it, by the
untrained labeller, once. Every method sees the same points.

Figures: ``micro_f1`` and ``macro_f1`` of the codes given. On the first two sets a text has one code; SetFit and logistic regression
name exactly one, which the labeller is not told, so there ``top`` says how often its most probable code is right, to be compared with
their ``micro_f1``. Logistic regression is on the vectors of the corrected points alone; its C is the best of 1, 10 and 100 on the
test part itself, which flatters it; on the events it is one a theme, a code given from the best of 0.2, 0.3 and 0.5 on the test part.
SetFit (Tunstall et al. 2022, arXiv:2209.11055) fine-tunes the same encoder: pairs of texts, one epoch, batches of 16, then logistic
regression, all by its own package; on banking77 alone, for it takes long, and on events a text has any number of codes.
``seconds`` are those to read, embed and fit on the points given, on the machine that ran it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.coded import EVENTS, ROOT, event, prepare
from benchmarks.other_taxonomies import DATA, SAMPLE, rows_of, taxonomy_of
from pipeline.embed import Encoder, Vectors, load_encoder
from pipeline.evaluate.figures import Judged, estimates
from pipeline.label import Labeller
from pipeline.label.trained import Taught, fit_trained
from pipeline.review.ordering import worth
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy

RESULTS = ROOT / "benchmarks" / "results"
A_THEME = (0, 1, 2, 4, 8, 16, 32)
SEEDS = (0, 1, 2)
INTENTS = 25
# Points a theme that SetFit is measured at, and pairs of each kind that it makes of a text there: as many steps in both.
SETFIT_AT = {2: 20, 8: 5}
JUDGED = ("merevale", "millbrook", "saltby-coast")
RANDOM, REVIEW, LOGISTIC, SETFIT = "ours, at random", "ours, in review order", "logistic regression, at random", "SetFit, at random"
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Points:
    """n points, read and embedded, with their codes, bool (n, themes)."""

    texts: list[str]
    truth: Bools
    read: pd.DataFrame
    vectors: Vectors
    seconds: float

    @classmethod
    def of(cls, texts: list[str], truth: Bools, encoder: Encoder) -> Points:
        started = time.perf_counter()
        read, vectors = prepare(texts, encoder, Settings())
        return cls(texts, truth, read, vectors, time.perf_counter() - started)


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
    pool = [pool[at] for at in sorted(rng.permutation(len(pool))[:1600])]
    return [_named(names, pool, [row for row in rows if row["label"] in names and row["split"] == "test"], encoder)]


def vision_zero(encoder: Encoder) -> list[Task]:
    rows = rows_of("vision_zero_dc")
    names = sorted({row["label"] for row in rows})
    order = np.random.default_rng(Settings().seed).permutation(len(rows))
    return [
        _named(names, [rows[at] for at in np.sort(order[SAMPLE:])[:1600]], [rows[at] for at in np.sort(order[:SAMPLE])[:1000]], encoder)
    ]


def _named(names: Sequence[str], pool: Sequence[dict[str, str]], test: Sequence[dict[str, str]], encoder: Encoder) -> Task:
    def points(rows: Sequence[dict[str, str]]) -> Points:
        truth = np.array([[row["label"] == name for name in names] for row in rows])
        return Points.of([row["text"] for row in rows], truth, encoder)

    return Task(Labeller(taxonomy_of(names), encoder, Settings()), points(pool), points(test), single=True)


def events(encoder: Encoder) -> list[Task]:
    taxonomy = load_taxonomy(Settings().taxonomy_path)
    labeller = Labeller(taxonomy, encoder, Settings())
    tasks = []
    for name in JUDGED:
        test, first, *rest = (event(one, taxonomy) for one in (name, *(other for other in EVENTS if other != name)))
        pool = sum(rest, first)
        tasks.append(Task(labeller, Points.of(pool.texts, pool.truth, encoder), Points.of(test.texts, test.truth, encoder), single=False))
    return tasks


SETS = {"banking77": banking, "vision_zero_dc": vision_zero, "events": events}


def at_random(task: Task, seed: int) -> Ints:
    return np.random.default_rng(seed).permutation(len(task.pool.texts))


def in_review_order(task: Task) -> Ints:
    """The points most worth a look first; no themes are gathered here, so none of them is influential."""
    labels = task.labeller.label_texts(task.pool.read, task.pool.vectors)
    points = pd.DataFrame({"point_id": task.pool.texts, "outcome": labels.outcomes})
    names = [theme.label for theme in task.labeller.taxonomy.themes]
    scores = [each.score for each in worth(points, [], labels.probabilities, task.labeller.thresholds, names, task.pool.vectors)]
    return np.argsort(-np.array(scores), kind="stable")


def ours(task: Task, chosen: Ints) -> dict[str, float]:
    pool, before, started = task.pool, task.labeller, time.perf_counter()
    labeller = before
    if len(chosen):
        lemmas = tuple(pool.read["lemmas"].iloc[chosen])
        taught = Taught(tuple(pool.texts[at] for at in chosen), lemmas, pool.vectors[chosen], pool.truth[chosen].astype(np.float64))
        model = fit_trained(taught, before.evidence, before.head, before.encoder, before.settings)
        labeller = Labeller(before.taxonomy, before.encoder, before.settings, before.head, evidence=before.evidence, trained=model)
    seconds = time.perf_counter() - started + pool.seconds * len(chosen) / len(pool.texts)
    labels = labeller.label_texts(task.test.read, task.test.vectors)
    given = np.array([[code in codes for code in labeller.taxonomy.codes] for codes in labels.codes])
    return figures(task, given, labels.probabilities) | {"seconds": seconds}


def figures(task: Task, given: Bools, probabilities: npt.NDArray[np.float64]) -> dict[str, float]:
    truth = task.test.truth
    found = estimates(Judged.of(truth, given, np.zeros_like(truth), probabilities, ["labelled"] * len(truth)))
    top = float(truth[np.arange(len(truth)), probabilities.argmax(axis=1)].mean())
    return {"micro_f1": found["micro_f1"], "macro_f1": found["macro_f1"]} | ({"top": top} if task.single else {})


def logistic(task: Task, chosen: Ints) -> dict[str, float]:
    """Logistic regression on the vectors of the points; of what may be set, the best on the test part."""
    from sklearn.linear_model import LogisticRegression

    started = time.perf_counter()
    tries, themes = [], task.pool.truth.shape[1]
    truth = task.pool.truth[chosen]
    for penalty in (1.0, 10.0, 100.0):
        chances = np.zeros((len(task.test.texts), themes))
        if task.single:
            labels = truth.argmax(axis=1)
            if len(np.unique(labels)) > 1:
                model = LogisticRegression(C=penalty, max_iter=2000).fit(task.pool.vectors[chosen], labels)
                chances[:, model.classes_] = model.predict_proba(task.test.vectors)
            tries.append(figures(task, np.arange(themes) == chances.argmax(axis=1)[:, None], chances))
            continue
        for theme in np.flatnonzero(truth.any(axis=0) & ~truth.all(axis=0)):
            model = LogisticRegression(C=penalty, max_iter=2000).fit(task.pool.vectors[chosen], truth[:, theme])
            chances[:, theme] = model.predict_proba(task.test.vectors)[:, 1]
        tries += [figures(task, chances >= threshold, chances) for threshold in (0.2, 0.3, 0.5)]
    return max(tries, key=lambda found: found["micro_f1"]) | {"seconds": (time.perf_counter() - started) / 3}


def setfit(task: Task, chosen: Ints, pairs: int, seed: int) -> dict[str, float]:
    """SetFit by its own package, on the encoder that ships."""
    from datasets import Dataset  # type: ignore[import-not-found]
    from setfit import SetFitModel, Trainer, TrainingArguments  # type: ignore[import-not-found]

    from pipeline.embed.bundle import verified_bundle

    started = time.perf_counter()
    folder, _ = verified_bundle()
    model = SetFitModel.from_pretrained(str(folder), local_files_only=True)
    expanded = [task.pool.read["expanded"].iloc[at] for at in chosen]
    data = Dataset.from_dict({"text": expanded, "label": task.pool.truth[chosen].argmax(axis=1).tolist()})
    options = TrainingArguments(
        batch_size=16, num_epochs=1, num_iterations=pairs, seed=seed, report_to="none", save_strategy="no", output_dir="/tmp/setfit"
    )
    Trainer(model=model, args=options, train_dataset=data).train()
    seconds = time.perf_counter() - started
    chances = np.zeros((len(task.test.texts), task.pool.truth.shape[1]))
    chances[:, model.model_head.classes_] = np.asarray(model.predict_proba(list(task.test.read["expanded"])))
    return figures(task, np.arange(chances.shape[1]) == chances.argmax(axis=1)[:, None], chances) | {"seconds": seconds}


def curve(tasks: Sequence[Task]) -> Iterator[dict[str, Any]]:
    """One row a method and number of points: the figures in the mean over tasks and seeds."""
    orders = [in_review_order(task) for task in tasks]
    for a_theme in A_THEME:
        numbers = [min(len(task.pool.texts), a_theme * task.pool.truth.shape[1]) for task in tasks]
        pairs = list(zip(tasks, numbers, strict=True))
        seeds = SEEDS if a_theme else SEEDS[:1]
        tries = {
            RANDOM: [ours(task, at_random(task, seed)[:number]) for task, number in pairs for seed in seeds],
            REVIEW: [ours(task, order[:number]) for (task, number), order in zip(pairs, orders, strict=True)],
        }
        if a_theme:
            tries[LOGISTIC] = [logistic(task, at_random(task, seed)[:number]) for task, number in pairs for seed in seeds]
        for method, found in tries.items():
            yield row(method, a_theme, numbers, found)


def row(method: str, a_theme: int, numbers: Sequence[int], found: Sequence[dict[str, float]]) -> dict[str, Any]:
    mean = {name: round(float(np.mean([one[name] for one in found])), 3) for name in found[0]}
    print(method, a_theme, mean, flush=True)
    return {"method": method, "a_theme": a_theme, "points": round(float(np.mean(numbers))), **mean}


def with_setfit(task: Task) -> Iterator[dict[str, Any]]:
    """SetFit at two sizes, with the points of the first seed."""
    for a_theme, pairs in SETFIT_AT.items():
        number = a_theme * task.pool.truth.shape[1]
        found = setfit(task, at_random(task, SEEDS[0])[:number], pairs, SEEDS[0])
        yield row(SETFIT, a_theme, [number], [found])


def plot(table: dict[str, list[dict[str, Any]]]) -> None:
    """F1 over all points against points corrected; for SetFit and logistic regression, and for ours beside them, of the code named."""
    import altair as alt

    rows = pd.DataFrame([{"set": name, **one} for name, found in table.items() for one in found if one["a_theme"]])
    chart = (
        alt.Chart(rows)
        .mark_line(point=True)
        .encode(
            x=alt.X("a_theme:Q", scale=alt.Scale(type="log", base=2), axis=alt.Axis(values=list(A_THEME[1:])), title="points a theme"),
            y=alt.Y("micro_f1:Q", title="micro-F1"),
            color=alt.Color("method:N", title=None),
        )
        .properties(width=260, height=260)
        .facet(column=alt.Column("set:N", title=None))
    )
    chart.save(RESULTS / "learning_curve.svg")


def main() -> None:
    encoder = load_encoder()
    path = RESULTS / "learning_curve.json"
    only_setfit = sys.argv[1:] == ["setfit"]
    table: dict[str, list[dict[str, Any]]] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for name, make in SETS.items():
        if set(sys.argv[1:]) & set(SETS) and name not in sys.argv[1:]:
            continue
        if name != "events" and not (DATA / name / "data.csv").is_file():
            print(f"left out: {name} not in {DATA}")
            continue
        if only_setfit and name != "banking77":
            continue
        print(name, flush=True)
        kept = [one for one in table.get(name, []) if (one["method"] == SETFIT) != only_setfit]
        tasks = make(encoder)
        table[name] = [*kept, *(with_setfit(tasks[0]) if only_setfit else curve(tasks))]
        path.write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    plot(table)


if __name__ == "__main__":
    main()
