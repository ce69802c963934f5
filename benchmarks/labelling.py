"""How well the labels fit coded points that the labeller has not learnt from, and what each source of evidence adds.

    python -m benchmarks.labelling              prints the figures and writes benchmarks/results/labelling.json (ten minutes)
    python -m benchmarks.labelling ablation     what each source adds: benchmarks/results/labelling_ablation.json (forty minutes)

Splits:
- ``events unseen``: the gold points of the six example events, by the labeller as shipped, which never saw any of them.
- ``events, one left out``: each event in turn by a labeller that also learnt from the gold of the other five.
- ``dev``: real minutes and a published report (not part of this repository), by the labeller as shipped. A code that only one of its two
  coders gave counts neither way.
- ``… left out``: the coded texts of one register by a labeller that learnt from the other registers alone.

The label encoder is one that had not seen the points either: as shipped, or trained without the event or the register in question.

The heads and thresholds are those that :mod:`benchmarks.fit_label_head` fits to the coded texts; for the ablation they are fitted anew
to each choice of evidence, always on texts whose register was left out. No split chooses anything: where a register is left out, head and
threshold are fitted to the others, each left out in turn; of the events, each is also labelled from the threshold that is best for the
other five (``events, one left out, their threshold``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.coded import EVENTS, REGISTERS, ROOT, Coded, dev, event, prepare, training
from benchmarks.fit_label_head import FILES, SCORES, fit_kind, unseen_log_odds
from pipeline.embed import Vectors, load_encoder
from pipeline.evaluate import evaluate
from pipeline.label import text_model
from pipeline.label.evidence import FEATURES, Evidence
from pipeline.label.head import Bools, best_threshold, micro_f1
from pipeline.label.label_encoder import load_label_encoder
from pipeline.label.lessons import lessons_of
from pipeline.label.text_model import Floats, TextModel, fit_text_model, left_out_scores
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy

# Evidence left away, by name: kernel shares (meaning, words, letters) and the figures that may have a weight.
ABLATION: dict[str, tuple[tuple[float, float, float], Callable[[str], bool]]] = {
    "all evidence": ((1.0, 0.5, 0.5), lambda name: True),
    "without letters": ((1.0, 0.5, 0.0), lambda name: True),
    "without words": ((1.0, 0.0, 0.5), lambda name: True),
    "without words and letters": ((1.0, 0.0, 0.0), lambda name: True),
    "without meaning": ((0.0, 0.5, 0.5), lambda name: True),
    "without label encoder": ((1.0, 0.5, 0.5), lambda name: "label_encoder" not in name),
    "without definitions": ((1.0, 0.5, 0.5), lambda name: "definition" not in name),
    "without terms": ((1.0, 0.5, 0.5), lambda name: "term" not in name),
    "definitions and terms alone": ((1.0, 0.5, 0.5), lambda name: "text_model" not in name and "label_encoder" not in name),
}
RESAMPLES = 1000
RESULTS = ROOT / "benchmarks" / "results"


@contextmanager
def kernel(shares: tuple[float, float, float]) -> Iterator[None]:
    """The text model with other shares of meaning, words and letters."""
    before = text_model.WORDS, text_model.LETTERS, text_model.meaning

    def meaning(left: Vectors, right: Vectors | Floats) -> Floats:
        found: Floats = shares[0] * before[2](left, right)
        return found

    text_model.WORDS, text_model.LETTERS, text_model.meaning = shares[1], shares[2], meaning
    try:
        yield
    finally:
        text_model.WORDS, text_model.LETTERS, text_model.meaning = before


class Bench:
    """All coded texts with their words and vectors, computed once."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.taxonomy = load_taxonomy(self.settings.taxonomy_path)
        self.encoder = load_encoder()
        alone = replace(self.taxonomy, coded_texts=())
        self.evidence = Evidence(alone, self.encoder, self.settings)
        own = lessons_of(alone)
        groups = {"taxonomy": Coded(list(own.texts), own.truth > 0, own.truth < 0)}
        groups |= {name: training(name, self.taxonomy) for name in FILES}
        groups |= {name: event(name, self.taxonomy) for name in EVENTS}
        real = dev(self.taxonomy)
        self.groups = groups if real is None else {**groups, "dev": real}
        texts = [text for coded in self.groups.values() for text in coded.texts]
        read, self.vectors = prepare(texts, self.encoder, self.settings)
        self.lemmas, self.expanded = list(read["lemmas"]), list(read["expanded"])
        self.label_encoder = load_label_encoder()
        self.procedural = read["procedural"].to_numpy()
        ends = np.cumsum([len(coded.texts) for coded in self.groups.values()])
        self.rows = {name: np.arange(end - len(coded.texts), end) for (name, coded), end in zip(self.groups.items(), ends, strict=True)}
        self.truth = np.vstack([coded.truth for coded in self.groups.values()])
        self.ignored = np.vstack([coded.ignored for coded in self.groups.values()])

    def of(self, names: tuple[str, ...]) -> npt.NDArray[np.intp]:
        """Row numbers of some groups, in order."""
        return np.concatenate([self.rows[name] for name in names])

    def coded(self, rows: npt.NDArray[np.intp]) -> Coded:
        return Coded([""] * len(rows), self.truth[rows], self.ignored[rows])

    def model(self, names: tuple[str, ...]) -> TextModel:
        """The text model learnt from some groups."""
        rows = self.of(names)
        return fit_text_model(self.vectors[rows], [self.lemmas[row] for row in rows], self.targets(rows))

    def targets(self, rows: npt.NDArray[np.intp]) -> Floats:
        return self.truth[rows] + 0.5 * self.ignored[rows]

    def left_out(self, names: tuple[str, ...], numbered: dict[str, int]) -> Floats:
        """The scores of all texts of ``names`` with those of the same number left out."""
        rows = self.of(names)
        numbers = np.concatenate([np.full(len(self.rows[name]), numbered[name]) for name in names])
        return left_out_scores(self.vectors[rows], [self.lemmas[row] for row in rows], self.targets(rows), numbers)

    def features(self, rows: npt.NDArray[np.intp], scores: Floats, log_odds: Floats | None = None) -> Floats:
        return self.evidence.features(self.vectors[rows], [self.lemmas[row] for row in rows], scores, log_odds)

    def log_odds(self, rows: npt.NDArray[np.intp]) -> Floats:
        """What the label encoder as shipped says."""
        return self.label_encoder.log_odds([self.expanded[row] for row in rows], self.taxonomy.codes)

    def figures(self, rows: npt.NDArray[np.intp], probabilities: Floats, threshold: float | Floats) -> dict[str, Any]:
        """Micro-F1 with its 95% interval and the other figures of a split."""
        shown = probabilities.copy()
        shown[self.procedural[rows]] = 0.0
        given = shown >= threshold
        for row in np.flatnonzero(given.sum(axis=1) > self.settings.max_codes):
            given[row, np.argsort(-shown[row], kind="stable")[self.settings.max_codes :]] = False
        outcomes = np.where(given.any(axis=1), "labelled", "no_match").tolist()
        labels = {theme.code: theme.label for theme in self.taxonomy.themes}
        result = evaluate(
            self.truth[rows], given, shown, outcomes, labels, ignored=self.ignored[rows], seed=self.settings.seed, resamples=RESAMPLES
        )
        wanted = (
            "micro_f1",
            "micro_precision",
            "micro_recall",
            "macro_f1",
            "samples_f1",
            "exact_match",
            "ranking_precision",
            "calibration_error",
        )
        found = {name: result.figures[name] for name in wanted}
        figures: dict[str, Any] = {"points": len(rows), **{name: round(figure.value or 0.0, 3) for name, figure in found.items()}}
        interval = found["micro_f1"]
        return figures | {"micro_f1_interval": [round(interval.low or 0.0, 3), round(interval.high or 0.0, 3)]}


@dataclass(frozen=True)
class Scores:
    """What one kernel says of every split: scores with each register left out, and of texts never seen."""

    by_register: Floats
    unseen: dict[str, Floats]


LEARNT = ("taxonomy", *FILES)
UNSEEN = {"events unseen": EVENTS, "dev": ("dev",)}


def scores_of(bench: Bench) -> Scores:
    registers = {"taxonomy": -1} | {name: number for number, names in enumerate(REGISTERS.values()) for name in names}
    by_register = bench.left_out(LEARNT, registers)
    model = bench.model(LEARNT)
    unseen = {}
    for name, members in UNSEEN.items():
        if members[0] in bench.rows:
            rows = bench.of(members)
            unseen[name] = model.scores(bench.vectors[rows], [bench.lemmas[row] for row in rows])
    return Scores(by_register, unseen)


def splits(bench: Bench, scores: Scores, used: tuple[bool, ...], *, events_too: bool) -> dict[str, dict[str, Any]]:
    """Every split with the evidence that ``used`` and the kernel leave."""
    rows = bench.of(FILES)
    own = len(bench.rows["taxonomy"])
    features, coded = bench.features(rows, scores.by_register[own:], unseen_log_odds()[own:]), bench.coded(rows)
    head, threshold, _, _ = fit_kind(features, coded, bench.settings, used)
    found = {}
    for name, said in scores.unseen.items():
        chosen = bench.of(UNSEEN[name])
        found[name] = bench.figures(chosen, head.probabilities(bench.features(chosen, said, bench.log_odds(chosen))), threshold)
    if events_too:
        everything, chosen = (*LEARNT, *EVENTS), bench.of(EVENTS)
        said = bench.left_out(everything, {name: number for number, name in enumerate(everything)})[-len(chosen) :]
        with np.load(SCORES) as kept:
            probabilities = head.probabilities(bench.features(chosen, said, kept["events_left_out"].astype(np.float64)))
        found["events, one left out"] = bench.figures(chosen, probabilities, threshold)
        theirs = np.empty(len(chosen))
        for event in EVENTS:
            here = np.isin(chosen, bench.rows[event])
            theirs[here], _ = best_threshold(probabilities[~here], bench.truth[chosen[~here]])
        found["events, one left out, their threshold"] = bench.figures(chosen, probabilities, theirs[:, np.newaxis])
    for register, names in REGISTERS.items():
        here = np.isin(rows, bench.of(names))
        others = Coded([""] * int((~here).sum()), coded.truth[~here], coded.ignored[~here])
        fitted, chosen_threshold, _, _ = fit_kind(features[~here], others, bench.settings, used)
        found[f"{register} left out"] = bench.figures(rows[here], fitted.probabilities(features[here]), chosen_threshold)
    return found


def plain(bench: Bench) -> dict[str, dict[str, Any]]:
    """Plain uses of the same encoder: nearest definitions, and one logistic regression a theme on the vectors of all coded texts.

    The threshold of the first is the best on the coded texts, that of the second the best on their left-out fifths.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    rows = bench.of(("taxonomy", *FILES))
    sure = ~bench.ignored[rows]
    vectors = bench.vectors.astype(np.float64)
    similarity = vectors @ bench.evidence.definitions.vectors.T.astype(np.float64)
    definition_from, _ = best_threshold(similarity[rows], bench.truth[rows], bench.ignored[rows])
    learnt = np.zeros_like(similarity)
    for theme in range(bench.truth.shape[1]):
        own = rows[sure[:, theme]]
        regression = LogisticRegression(C=10.0, max_iter=2000)
        learnt[:, theme] = regression.fit(vectors[own], bench.truth[own, theme]).predict_proba(vectors)[:, 1]
        learnt[own, theme] = cross_val_predict(regression, vectors[own], bench.truth[own, theme], cv=5, method="predict_proba")[:, 1]
    learnt_from, _ = best_threshold(learnt[rows], bench.truth[rows], bench.ignored[rows])
    found: dict[str, dict[str, Any]] = {"nearest definitions": {}, "logistic regression on the vectors": {}}
    for name, members in {"events unseen": EVENTS, "dev": ("dev",)}.items():
        if members[0] in bench.rows:
            chosen = bench.of(members)
            for method, given in (
                ("nearest definitions", similarity >= definition_from),
                ("logistic regression on the vectors", learnt >= learnt_from),
            ):
                counted: Bools = given[chosen] & ~bench.ignored[chosen]
                found[method][name] = round(micro_f1(counted, bench.truth[chosen]), 3)
    return found


def ablation(bench: Bench) -> dict[str, Any]:
    """The figures without each source of evidence in turn, and of plain uses of the encoder."""
    table: dict[str, Any] = {"plain": plain(bench), "evidence": {}}
    known: dict[tuple[float, float, float], Scores] = {}
    for name, (shares, may) in ABLATION.items():
        with kernel(shares):
            known[shares] = known.get(shares) or scores_of(bench)
            used = tuple(may(feature) for feature in FEATURES)
            table["evidence"][name] = splits(bench, known[shares], used, events_too=False)
        print(name, flush=True)
        printed(table["evidence"][name])
    return table


def printed(found: dict[str, dict[str, Any]]) -> None:
    for split, figures in found.items():
        print(f"  {split:36}", " ".join(f"{key} {value}" for key, value in figures.items()), flush=True)


def main() -> None:
    bench = Bench()
    table: dict[str, Any] = {"learnt_from": int(sum(len(bench.rows[name]) for name in FILES))}
    if sys.argv[1:] == ["ablation"]:
        table |= ablation(bench)
        out = RESULTS / "labelling_ablation.json"
    else:
        table["splits"] = splits(bench, scores_of(bench), (True,) * len(FEATURES), events_too=True)
        printed(table["splits"])
        out = RESULTS / "labelling.json"
    out.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
