"""How the labels get better with the number of points that people correct, beside SetFit and plain logistic regression.

    python -m benchmarks.learning_curve           writes benchmarks/results/learning_curve.json and .svg (half an hour)
    python -m benchmarks.learning_curve events    the same for one set alone; what is there of others stays
    python -m benchmarks.learning_curve setfit    writes learning_curve_setfit.json, in an environment that also has setfit 1.2.0 (hours)

The data of the first two sets are no part of this repository; where they are absent, they are left out and that is said. None of the
sets (benchmarks/learning_sets.py) chose anything; what was chosen, and on what, is in docs/decisions/0013-learning.md.

A number of points a theme means so many times the number of themes in all, not so many of each: who corrects cannot choose that.
They are drawn at random (mean of the seeds, with the lowest and highest micro-F1), or taken in review order, as ``themes review`` has
it, by the untrained labeller, once. Nobody knows the themes of the points before: a draw at random may miss a theme, and so may the
review order. Every method sees the same points.

Figures: ``micro_f1`` and ``macro_f1`` of the codes given. On the first two sets a text has one code; SetFit and logistic regression
name exactly one, which the labeller is not told, so there ``top`` says how often its most probable code is right, to be compared with
their ``micro_f1``. Logistic regression is on the vectors of the corrected points alone; its C is the best of 1, 10 and 100 on the
test part itself, which flatters it; on the events it is one a theme, a code given from the best of 0.2, 0.3 and 0.5 on the test part.
``seconds`` are those of processor time to read, embed and fit on the points given, on the machine that ran it.

SetFit (Tunstall et al. 2022, arXiv:2209.11055) fine-tunes the same encoder: 20 pairs of each kind a text, one epoch, batches of 16, then
logistic regression, all by its own package. As it takes long it is measured at two sizes, with one draw: at random as the others, and
with equally many points of each theme, which it is made for and nobody who corrects can have; the others on the very same points.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.coded import ROOT
from benchmarks.learning_sets import Bools, Ints, Task, at_random, banking, events, of_each, vision_zero
from benchmarks.other_taxonomies import DATA
from pipeline.embed import load_encoder
from pipeline.evaluate.figures import Judged, estimates
from pipeline.label import Labeller
from pipeline.label.trained import Taught, fit_trained
from pipeline.review.ordering import worth

RESULTS = ROOT / "benchmarks" / "results"
A_THEME = (0, 1, 2, 4, 8, 16, 32)
SEEDS = (0, 1, 2, 3, 4)
# Points a theme that SetFit is measured at, and pairs of each kind that it makes of a text (20 as in its paper).
SETFIT_AT, PAIRS = (2, 8), 20
RANDOM, REVIEW, LOGISTIC = "ours, at random", "ours, in review order", "logistic regression, at random"
SETS = {"banking77": banking, "vision_zero_dc": vision_zero, "events": events}


def in_review_order(task: Task) -> Ints:
    """The points most worth a look first; no themes are gathered here, so none of them is influential."""
    labels = task.labeller.label_texts(task.pool.read, task.pool.vectors)
    points = pd.DataFrame({"point_id": task.pool.texts, "outcome": labels.outcomes, "decided_by": "machine"})
    names = [theme.label for theme in task.labeller.taxonomy.themes]
    found = worth(points, [], labels.probabilities, task.labeller.thresholds, names, task.pool.vectors)
    return np.argsort([each.place for each in found])


def ours(task: Task, chosen: Ints) -> dict[str, float]:
    pool, before, started = task.pool, task.labeller, time.process_time()
    labeller = before
    if len(chosen):
        lemmas = tuple(pool.read["lemmas"].iloc[chosen])
        taught = Taught(tuple(pool.texts[at] for at in chosen), lemmas, pool.vectors[chosen], pool.truth[chosen].astype(np.float64))
        model = fit_trained(taught, before.evidence, before.head, before.encoder, before.settings)
        labeller = Labeller(before.taxonomy, before.encoder, before.settings, before.head, evidence=before.evidence, trained=model)
    seconds = time.process_time() - started + pool.seconds * len(chosen) / len(pool.texts)
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

    started = time.process_time()
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
    return max(tries, key=lambda found: found["micro_f1"]) | {"seconds": (time.process_time() - started) / 3}


def setfit(task: Task, chosen: Ints, seed: int) -> dict[str, float]:
    """SetFit by its own package, on the encoder that ships."""
    from datasets import Dataset  # type: ignore[import-not-found]
    from setfit import SetFitModel, Trainer, TrainingArguments  # type: ignore[import-not-found]

    from pipeline.embed.bundle import verified_bundle

    started = time.process_time()
    folder, _ = verified_bundle()
    model = SetFitModel.from_pretrained(str(folder), local_files_only=True)
    expanded = [task.pool.read["expanded"].iloc[at] for at in chosen]
    data = Dataset.from_dict({"text": expanded, "label": task.pool.truth[chosen].argmax(axis=1).tolist()})
    with tempfile.TemporaryDirectory() as made:
        options = TrainingArguments(
            batch_size=16, num_epochs=1, num_iterations=PAIRS, seed=seed, report_to="none", save_strategy="no", output_dir=made
        )
        Trainer(model=model, args=options, train_dataset=data).train()
    seconds = time.process_time() - started
    chances = np.zeros((len(task.test.texts), task.pool.truth.shape[1]))
    chances[:, model.model_head.classes_] = np.asarray(model.predict_proba(list(task.test.read["expanded"])))
    return figures(task, np.arange(chances.shape[1]) == chances.argmax(axis=1)[:, None], chances) | {"seconds": seconds}


def curve(tasks: Sequence[Task]) -> Iterator[dict[str, Any]]:
    """One row a method and number of points: the figures in the mean over tasks and seeds."""
    orders = [in_review_order(task) for task in tasks]
    for a_theme in A_THEME:
        numbers = [min(len(task.pool.texts), a_theme * task.pool.truth.shape[1]) for task in tasks]
        draws = [
            [(task, at_random(task, seed)[:number]) for task, number in zip(tasks, numbers, strict=True)]
            for seed in (SEEDS if a_theme else SEEDS[:1])
        ]
        in_order = [(task, order[:number]) for task, order, number in zip(tasks, orders, numbers, strict=True)]
        tries = {RANDOM: [[ours(*one) for one in draw] for draw in draws], REVIEW: [[ours(*one) for one in in_order]]}
        if a_theme:
            tries[LOGISTIC] = [[logistic(*one) for one in draw] for draw in draws]
        for method, found in tries.items():
            yield row(method, a_theme, numbers, found)


def row(method: str, a_theme: int, numbers: Sequence[int], draws: Sequence[Sequence[dict[str, float]]]) -> dict[str, Any]:
    """The mean of a method's figures over draws, each of one or more tasks."""
    names = draws[0][0]
    of_draws = [{name: float(np.mean([task[name] for task in draw])) for name in names} for draw in draws]
    found = {name: round(float(np.mean([draw[name] for draw in of_draws])), 3) for name in names}
    if len(draws) > 1:
        found |= {end: round(of(draw["micro_f1"] for draw in of_draws), 3) for end, of in (("lowest", min), ("highest", max))}
    print(method, a_theme, found, flush=True)
    return {"method": method, "a_theme": a_theme, "points": round(float(np.mean(numbers))), **found}


def beside_setfit(task: Task) -> Iterator[dict[str, Any]]:
    """SetFit, ours and logistic regression at two sizes, on the same points."""
    for a_theme in SETFIT_AT:
        number = a_theme * task.pool.truth.shape[1]
        for draw, chosen in (("at random", at_random(task, SEEDS[0])[:number]), ("of each theme", of_each(task, SEEDS[0], a_theme))):
            methods = {"ours": ours(task, chosen), "logistic regression": logistic(task, chosen), "SetFit": setfit(task, chosen, SEEDS[0])}
            for method, found in methods.items():
                yield row(f"{method}, {draw}", a_theme, [len(chosen)], [[found]])


def plot(table: dict[str, list[dict[str, Any]]]) -> None:
    """F1 over all points against points corrected."""
    import altair as alt

    rows = pd.DataFrame([{"set": name, **one} for name, found in table.items() for one in found if one["a_theme"]])
    chart = (
        alt.Chart(rows)
        .mark_line(point=True)
        .encode(
            x=alt.X("a_theme:Q", scale=alt.Scale(type="log", base=2), axis=alt.Axis(values=list(A_THEME[1:])), title="points a theme"),
            y=alt.Y("micro_f1:Q", title="micro-F1", scale=alt.Scale(zero=False)),
            color=alt.Color("method:N", title=None),
        )
        .properties(width=260, height=260)
        .facet(column=alt.Column("set:N", title=None))
        .resolve_scale(y="independent")
    )
    chart.save(RESULTS / "learning_curve.svg")


def main() -> None:
    with_setfit = sys.argv[1:2] == ["setfit"]
    path = RESULTS / ("learning_curve_setfit.json" if with_setfit else "learning_curve.json")
    asked = [name for name in sys.argv[1:] if name in SETS] or [name for name in SETS if not (with_setfit and name == "events")]
    table: dict[str, list[dict[str, Any]]] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    encoder = load_encoder()
    for name in asked:
        if name != "events" and not (DATA / name / "data.csv").is_file():
            print(f"left out: {name} not in {DATA}")
            continue
        print(name, flush=True)
        tasks, table[name] = SETS[name](encoder), []
        for one in beside_setfit(tasks[0]) if with_setfit else curve(tasks):
            table[name].append(one)
            path.write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    if not with_setfit:
        plot(table)


if __name__ == "__main__":
    main()
