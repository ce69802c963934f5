"""Trained: what corrections and coded tables teach the labeller, on top of the taxonomy it knows.

Where a taxonomy comes with many coded texts, fitting them all anew takes minutes. Instead the old text model f is taken as the mean
function of a Gaussian process (Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, 2.7) and only what it gets wrong is
fitted: f(x) + k(x, C) (K + penalty)^-1 (truth - f(C)) for the texts taught C, with the kernel k and the penalty of the text model.
Where a taxonomy comes with few, everything is fitted anew, taught texts and all, and the head learns what its figures are worth for
this taxonomy: a logistic regression with the shipped head as the mean of its prior, on figures from which each text was left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import numpy.typing as npt

from pipeline.embed import Encoder, Vectors
from pipeline.errors import ModelError
from pipeline.label.evidence import Evidence
from pipeline.label.fitting import key_of
from pipeline.label.head import KINDS, LabelHead, Logistic, kinds_of
from pipeline.label.lessons import DISPUTED
from pipeline.label.text_model import DECIMALS, FEW_TEXTS, LAPACK_THREADS, Floats, Spelling, TextModel, fit_text_model, left_out_scores
from pipeline.reading import read_words
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy

# How firmly the head holds to what it was before: the precision of its prior, in standardised figures. Chosen on banking77's own
# training questions (docs/decisions/0013-learning.md).
HELD = 10.0
# More texts than that and the matrix of their likenesses no longer fits an office computer.
MOST_TEXTS = 10_000
# The kind whose head is fitted to a taxonomy, and the one whose threshold then holds.
_OWN, _SURE = KINDS[1], KINDS[2]


@dataclass(frozen=True, slots=True)
class Taught:
    """n distinct texts with what people said of them, in an order of their own content.

    Attributes
    ----------
    texts, lemmas : n texts, and their lemmas as :func:`pipeline.reading.read_words` gives them.
    vectors : float32 (n, dimension), unit rows.
    truth : float64 (n, themes), 1 for the themes of a text, 0.5 for those that coders dispute, 0 for the others.
    """

    texts: tuple[str, ...]
    lemmas: tuple[str, ...]
    vectors: Vectors
    truth: Floats

    def rows(self, chosen: npt.NDArray[np.intp]) -> Taught:
        """Some of them."""
        texts, lemmas = (tuple(of[row] for row in chosen) for of in (self.texts, self.lemmas))
        return Taught(texts, lemmas, self.vectors[chosen], self.truth[chosen])


@dataclass(frozen=True, slots=True)
class Base:
    """What a trained model belongs to: with anything else it would say nonsense.

    Attributes
    ----------
    taxonomy, version, taxonomy_sha256, codes : the taxonomy.
    encoder, encoder_sha256 : what made the vectors.
    lessons : stands for the texts of the taxonomy and how they are read.
    """

    taxonomy: str
    version: str
    taxonomy_sha256: str
    codes: tuple[str, ...]
    encoder: str
    encoder_sha256: str
    lessons: str


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that was taught.

    Attributes
    ----------
    base : what it belongs to.
    vectors, dual : float32 (n, dimension) and float64 (n, themes), as of a :class:`TextModel`.
    columns, weights : the words and runs of letters that have a weight, by their number, and float64 (columns, themes).
    spelling : its own vectorisers; None where it is added to the taxonomy's own text model and uses its vectorisers.
    head : the head fitted to the taxonomy; None leaves the shipped ones.
    name, sha256 : of the stored model; '' before it is stored.
    """

    base: Base
    vectors: Vectors
    dual: Floats
    columns: npt.NDArray[np.int64]
    weights: Floats
    spelling: Spelling | None
    head: Logistic | None
    name: str = ""
    sha256: str = ""

    def applied(self, evidence: Evidence, head: LabelHead) -> tuple[Evidence, LabelHead, list[str]]:
        """Evidence, heads and kinds of themes as they are once this was learnt, from those of before."""
        if self.spelling is None or self.head is None:
            old = evidence.text_model
            assert old is not None  # a model that is added was fitted to the same lessons, which are many
            weights = old.weights.copy()
            weights[self.columns] += self.weights
            vectors, dual = np.vstack([old.vectors, self.vectors]), np.vstack([old.dual, self.dual])
            return (
                evidence.with_model(TextModel(vectors, dual, old.spelling, weights)),
                head,
                kinds_of(evidence.lessons.per_theme, evidence.known),
            )
        model = TextModel(self.vectors, self.dual, self.spelling, self.weights)
        heads, thresholds = {**head.heads, _OWN: self.head}, {**head.thresholds, _OWN: head.thresholds[_SURE]}
        return evidence.with_model(model), replace(head, heads=heads, thresholds=thresholds), [_OWN] * len(evidence.taxonomy.themes)

    def check(self, base: Base) -> None:
        """Refuse to be used with anything but what it was made for.

        Raises
        ------
        ModelError : the taxonomy, the encoder or the texts of the taxonomy are others.
        """
        mine = self.base
        if (mine.taxonomy, mine.taxonomy_sha256, mine.codes) != (base.taxonomy, base.taxonomy_sha256, base.codes):
            what = "another taxonomy, or for an earlier state of it"
            made, now = f"{mine.taxonomy} {mine.version}", f"{base.taxonomy} {base.version}"
        elif mine.encoder_sha256 != base.encoder_sha256:
            what, made, now = "another encoder", mine.encoder, base.encoder
        elif asdict(mine) != asdict(base):
            what, made, now = "other coded texts, another glossary or another spaCy model", "as they were then", "as they are now"
        else:
            return
        raise ModelError(
            f"the trained model was made for {what} (made for: {made}; used here: {now})",
            where=self.name or "trained model",
            expected="a model that was trained with what it is used with",
            do="train it again with `themes train`, or run with --trained none",
        )


def base_of(taxonomy: Taxonomy, evidence: Evidence, encoder: Encoder, settings: Settings) -> Base:
    """What a model that is trained now would belong to."""
    key = key_of(evidence.lessons, encoder, settings)
    return Base(taxonomy.name, taxonomy.version, taxonomy.sha256, taxonomy.codes, encoder.name, encoder.sha256, key)


def fit_trained(taught: Taught, evidence: Evidence, head: LabelHead, encoder: Encoder, settings: Settings) -> Trained:
    """Fit a model to what people said.

    Parameters
    ----------
    taught : at least one text.
    evidence, head : the taxonomy and the shipped heads, untrained.
    encoder, settings : those that the evidence was made with.

    Raises
    ------
    ModelError : there are more texts than can be learnt from.
    """
    from threadpoolctl import threadpool_limits

    if len(taught.texts) > MOST_TEXTS:
        raise ModelError(
            f"{len(taught.texts)} texts are too many to train with",
            where="the texts given",
            expected=f"{MOST_TEXTS} at most",
            do="name them in the taxonomy under coded_texts, where any number is fitted once",
        )
    base = base_of(evidence.taxonomy, evidence, encoder, settings)
    with threadpool_limits(LAPACK_THREADS):  # so that the last bits do not depend on the number of threads
        return _added(taught, evidence, base) if len(evidence.lessons.texts) >= FEW_TEXTS else _anew(taught, evidence, head, base, settings)


def _added(taught: Taught, evidence: Evidence, base: Base) -> Trained:
    """What the old text model gets wrong, as a model to be added to it."""
    old = evidence.text_model
    assert old is not None
    missed = taught.truth - old.scores(taught.vectors, taught.lemmas)
    model = fit_text_model(taught.vectors, taught.lemmas, missed, old.spelling)
    columns = np.flatnonzero(model.weights.any(axis=1)).astype(np.int64)
    return Trained(base, model.vectors, model.dual, columns, model.weights[columns], None, None)


def _anew(taught: Taught, evidence: Evidence, head: LabelHead, base: Base, settings: Settings) -> Trained:
    """A text model of the taxonomy's texts, its definitions and the texts taught, and the head that goes with it."""
    lessons, taxonomy = evidence.lessons, evidence.taxonomy
    known = frozenset(taught.texts)
    kept = [row for row, text in enumerate(lessons.texts) if text not in known]  # what a person says of a text holds
    read = read_words([*(lessons.texts[row] for row in kept), *taxonomy.definitions], settings)
    own = lessons.vectors[kept] if kept else taught.vectors[:0]
    vectors = np.vstack([taught.vectors, own, evidence.definitions.vectors])
    lemmas = [*taught.lemmas, *read["lemmas"]]
    truth = np.vstack([taught.truth, lessons.truth[kept], np.eye(len(taxonomy.themes))])
    model = fit_text_model(vectors, lemmas, truth)
    unseen = left_out_scores(vectors, lemmas, truth, np.arange(len(lemmas)))
    scores = np.round(unseen[: len(taught.texts)], DECIMALS)
    figures = evidence.features(taught.vectors, taught.lemmas, scores)
    return Trained(
        base,
        model.vectors,
        model.dual,
        np.arange(len(model.weights), dtype=np.int64),
        model.weights,
        model.spelling,
        adapted(head.heads[_OWN], figures, taught.truth),
    )


def adapted(head: Logistic, figures: Floats, truth: Floats) -> Logistic:
    """A head moved towards what it should have said, from where it was.

    Parameters
    ----------
    figures : float64 (n, themes, figures).
    truth : float64 (n, themes), 1 and 0; pairs that are disputed count neither way.
    """
    from scipy.optimize import minimize

    sure = truth != DISPUTED
    standard = (figures[sure] - np.array(head.mean)) / np.array(head.scale)
    inputs, targets = np.hstack([standard, np.ones((len(standard), 1))]), truth[sure]
    before = np.array([*head.weights, head.intercept])

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds, moved = inputs @ weights, weights - before
        chances = np.exp(-np.logaddexp(0.0, -odds))
        value = np.logaddexp(0.0, odds).sum() - targets @ odds + HELD / 2 * moved @ moved
        return float(value), inputs.T @ (chances - targets) + HELD * moved

    found = minimize(loss, before, jac=True, method="L-BFGS-B", options={"gtol": 1e-8, "ftol": 1e-15, "maxiter": 1000}).x
    rounded = [round(float(weight), DECIMALS) for weight in found]
    return replace(head, weights=tuple(rounded[:-1]), intercept=rounded[-1])


def log_odds(head: LabelHead, features: Floats, kinds: Sequence[str]) -> Floats:
    """The log-odds of every theme for one text, (themes,), from its figures, (themes, figures)."""
    heads = [head.heads[kind] for kind in kinds]
    return np.array([float(one.contributions(of).sum()) + one.intercept for one, of in zip(heads, features, strict=True)])
