"""How well the labeller works with taxonomies it was not made for, beside plain uses of the same encoder.

    python -m benchmarks.other_taxonomies     prints the tables and writes benchmarks/results/other_taxonomies.json (three minutes)

The data are no part of this repository; where they are absent it says so and writes nothing. Neither is used to fit, tune or choose
anything.

Every text carries one label. Each method names one code for each text, ``accuracy`` is the share that is right, and every method
sees the same vectors, of texts with their abbreviations written out as in a run. The labeller is the one that ships, with nothing
set otherwise; its code is the one it thinks most probable, whether or not that reaches the threshold.

Taxonomies:
- ``vision_zero_dc``: residents' remarks on dangerous places, 2,000 drawn at random with a fixed seed, under the type of danger that
  each resident chose (17, of which three are "other"). The labeller is given the names of the types alone.
- ``banking77``: short questions under 77 intents, the whole test part (40 an intent). The labeller is given the names of the
  intents alone (underscores as spaces), or the names and 8 examples of each drawn from the training part, for three seeds: mean,
  lowest, highest.

Plain uses:
- ``nearest name``: the name whose vector has the highest cosine with that of the text.
- ``nearest example``: the code of the example whose vector has the highest cosine with that of the text.
- ``logistic regression, C = …``: one (multinomial) on the vectors of the same examples. ``best C`` is the highest of the three on
  the test part itself,
  and so flatters.

Of the labeller also:
- ``micro_f1``, ``precision``, ``recall``: of the codes that it gives: those above its threshold, three at most, none where a text
  reads as procedural.
- ``calibration_error``: over (text, code) pairs in 10 bins of equal mass, as :mod:`pipeline.evaluate` defines it. As most pairs have a
  probability near 0 it cannot be large, so ``top_probability`` stands beside it: the mean probability of the most probable code, to
  be compared with ``accuracy``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.coded import ROOT, prepare
from pipeline.embed import Encoder, Vectors, embed, load_encoder
from pipeline.evaluate.figures import Judged, estimates
from pipeline.label import Labeller
from pipeline.settings import Settings
from pipeline.taxonomy import Example, Taxonomy, Theme

DATA = ROOT.parent / "shared" / "data" / "open"
RESULT = ROOT / "benchmarks" / "results" / "other_taxonomies.json"
SAMPLE = 2000
EXAMPLES = 8
SEEDS = (0, 1, 2)
PENALTIES = (1.0, 10.0, 100.0)
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Texts:
    """n texts, read and embedded, each with the number of its label."""

    texts: list[str]
    labels: Ints
    read: pd.DataFrame
    vectors: Vectors


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a data set that have a text."""
    with (DATA / name / "data.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["text"].strip()]


def texts_of(rows: Sequence[dict[str, str]], names: Sequence[str], encoder: Encoder) -> Texts:
    texts = [row["text"] for row in rows]
    return Texts(texts, np.array([names.index(row["label"]) for row in rows]), *prepare(texts, encoder, Settings()))


def taxonomy_of(names: Sequence[str], examples: Sequence[tuple[str, int]] = ()) -> Taxonomy:
    """A taxonomy of names, and of (text, number of its name)."""
    themes = [
        Theme(name, name.replace("_", " "), examples=tuple(Example(text, (name,)) for text, label in examples if label == number))
        for number, name in enumerate(names)
    ]
    return Taxonomy("benchmark", "1", tuple(themes))


def ours(taxonomy: Taxonomy, texts: Texts, encoder: Encoder) -> dict[str, float]:
    """Figures of the labeller."""
    labels = Labeller(taxonomy, encoder, Settings()).label_texts(texts.read, texts.vectors)
    truth = np.arange(len(taxonomy.themes)) == texts.labels[:, None]
    given = np.array([[code in codes for code in taxonomy.codes] for codes in labels.codes])
    found = estimates(Judged.of(truth, given, np.zeros_like(truth), labels.probabilities, labels.outcomes))
    return {
        "accuracy": accuracy(labels.probabilities.argmax(axis=1), texts),
        "micro_f1": found["micro_f1"],
        "precision": found["micro_precision"],
        "recall": found["micro_recall"],
        "calibration_error": found["calibration_error"],
        "top_probability": float(labels.probabilities.max(axis=1).mean()),
    }


def accuracy(named: Ints, texts: Texts) -> float:
    return float((named == texts.labels).mean())


def by_name(names: Sequence[str], texts: Texts, encoder: Encoder) -> dict[str, dict[str, float]]:
    """Figures of all methods that have the names alone."""
    labels = embed([name.replace("_", " ") for name in names], encoder)
    return {
        "ours": ours(taxonomy_of(names), texts, encoder),
        "nearest name": {"accuracy": accuracy((texts.vectors @ labels.T).argmax(axis=1), texts)},
    }


def by_examples(names: Sequence[str], examples: Texts, texts: Texts, encoder: Encoder) -> dict[str, dict[str, float]]:
    """Figures of all methods that have the names and the same examples."""
    from sklearn.linear_model import LogisticRegression

    labels = embed([name.replace("_", " ") for name in names], encoder)
    nearest = examples.labels[(texts.vectors @ examples.vectors.T).argmax(axis=1)]
    learnt = {
        f"logistic regression, C = {penalty:g}": accuracy(
            LogisticRegression(C=penalty, max_iter=2000).fit(examples.vectors, examples.labels).predict(texts.vectors), texts
        )
        for penalty in PENALTIES
    }
    plain = {
        "nearest name": accuracy((texts.vectors @ labels.T).argmax(axis=1), texts),
        "nearest example": accuracy(nearest, texts),
        **learnt,
        "logistic regression, best C": max(learnt.values()),
    }
    taxonomy = taxonomy_of(names, list(zip(examples.texts, examples.labels.tolist(), strict=True)))
    return {"ours": ours(taxonomy, texts, encoder), **{method: {"accuracy": figure} for method, figure in plain.items()}}


def drawn(rows: Sequence[dict[str, str]], names: Sequence[str], seed: int) -> list[dict[str, str]]:
    """So many rows of each label, at random."""
    rng = np.random.default_rng(seed)
    found: list[dict[str, str]] = []
    for name in names:
        own = [row for row in rows if row["label"] == name]
        found += [own[at] for at in sorted(rng.permutation(len(own))[:EXAMPLES])]
    return found


def together(draws: Sequence[dict[str, dict[str, float]]]) -> dict[str, Any]:
    """Mean, lowest and highest of each figure of each method."""

    def spread(values: list[float]) -> dict[str, float]:
        return {"mean": round(float(np.mean(values)), 4), "lowest": round(min(values), 4), "highest": round(max(values), 4)}

    return {method: {figure: spread([draw[method][figure] for draw in draws]) for figure in draws[0][method]} for method in draws[0]}


def main() -> None:
    absent = [name for name in ("vision_zero_dc", "banking77") if not (DATA / name / "data.csv").is_file()]
    if absent:
        print(f"nothing measured: {', '.join(absent)} not in {DATA}")
        return
    encoder = load_encoder()
    rows = rows_of("vision_zero_dc")
    types = sorted({row["label"] for row in rows})
    chosen = np.sort(np.random.default_rng(Settings().seed).permutation(len(rows))[:SAMPLE])
    remarks = texts_of([rows[at] for at in chosen], types, encoder)
    questions = rows_of("banking77")
    intents = sorted({row["label"] for row in questions})
    training = [row for row in questions if row["split"] == "train"]
    test = texts_of([row for row in questions if row["split"] == "test"], intents, encoder)
    draws = [by_examples(intents, texts_of(drawn(training, intents, seed), intents, encoder), test, encoder) for seed in SEEDS]
    table: dict[str, Any] = {
        f"vision_zero_dc: {len(types)} names": together([by_name(types, remarks, encoder)]),
        f"banking77: {len(intents)} names": together([by_name(intents, test, encoder)]),
        f"banking77: {len(intents)} names, {EXAMPLES} examples each": together(draws),
    }
    for name, methods in table.items():
        print(name)
        for method, figures in methods.items():
            print(f"  {method:30}", "  ".join(f"{figure} {shown(values)}" for figure, values in figures.items()))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(
        json.dumps({"points": {"vision_zero_dc": len(remarks.texts), "banking77": len(test.texts)}, **table}, indent=1) + "\n", "utf-8"
    )


def shown(values: dict[str, float]) -> str:
    """A mean, with its range where there is one."""
    spread = f" ({values['lowest']:.3f} to {values['highest']:.3f})" if values["lowest"] < values["highest"] else ""
    return f"{values['mean']:.3f}{spread}"


if __name__ == "__main__":
    main()
