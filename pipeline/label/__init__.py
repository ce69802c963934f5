"""Label: points and clusters against the taxonomy.

``label`` is the stage; ``label_texts`` labels any texts, as `themes label` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import Encoder, Vectors
from pipeline.label.evidence import Evidence, Floats
from pipeline.label.head import LabelHead, load_head
from pipeline.records import SEPARATOR, Clustered, Labelled, checked
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy

__all__ = ["Labeller", "label"]

# Below this many words that carry meaning there is too little to say that a point is about nothing known.
FEW_WORDS = 2
_HOLLOW = frozenset(
    "a an the this that these those it its he she they them we us you i me my our your their his her be have do not no "
    "and or but so if as at by for from in into of on to up with out over more less much many lot very too also still "
    "again same before last year above below all any some there here what who when where why how get go make thing stuff "
    "etc yes ok need want can could would should will may must just only".split()
)


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of n texts: codes, probabilities and outcome of each, why, and all probabilities (n, themes)."""

    codes: list[tuple[str, ...]]
    scores: list[tuple[float, ...]]
    outcomes: list[str]
    evidence: list[str]
    probabilities: Floats


class Labeller:
    """Labels texts with one taxonomy.

    Parameters
    ----------
    taxonomy : the themes.
    encoder : the encoder that made the texts' vectors.
    settings : threshold (or None for the head's own), most codes a point, spaCy model.
    """

    def __init__(self, taxonomy: Taxonomy, encoder: Encoder, settings: Settings, head: LabelHead | None = None) -> None:
        self.taxonomy = taxonomy
        self.encoder = encoder
        self.evidence = Evidence(taxonomy, encoder, settings)
        self.head = head or load_head()
        self.settings = settings
        self.threshold = settings.label_threshold or self.head.threshold

    def label_texts(self, vectors: Vectors, lemmas: Sequence[str], procedural: Sequence[bool]) -> Labels:
        """Label n texts, each by itself.

        Parameters
        ----------
        vectors : float32 (n, dimension), unit rows.
        lemmas : n lemmatised texts.
        procedural : for each text, whether it is about the running of the event; such texts get no code.
        """
        if not len(vectors):
            return Labels([], [], [], [], np.zeros((0, len(self.taxonomy.themes))))
        features = self.evidence.features(vectors, lemmas)
        probabilities = self.head.probabilities(features, has_none=bool(self.taxonomy.none_examples))
        labels = Labels([], [], [], [], probabilities)
        for row in range(len(vectors)):
            order = sorted(range(len(self.taxonomy.themes)), key=lambda t: (-probabilities[row, t], t))
            given = [t for t in order if probabilities[row, t] >= self.threshold][: self.settings.max_codes]
            outcome = self._outcome(float(probabilities[row, order[0]]), lemmas[row], procedural=procedural[row])
            if outcome != "labelled":
                given = []
            labels.codes.append(tuple(self.taxonomy.themes[t].code for t in given))
            labels.scores.append(tuple(float(probabilities[row, t]) for t in given))
            labels.outcomes.append(outcome)
            shown = given or ([] if procedural[row] else order[:1])
            labels.evidence.append(self._why(vectors[row], lemmas[row], shown, found=bool(given)))
        return labels

    def _outcome(self, best: float, lemmas: str, *, procedural: bool) -> str:
        if procedural:
            return "procedural"
        if best >= self.threshold:
            return "labelled"
        telling = [word for word in lemmas.split() if word.isalpha() and word not in _HOLLOW]
        if len(telling) < FEW_WORDS or best >= self.settings.no_match_below * self.threshold:
            return "undecided"
        return "no_match"

    def _why(self, vector: npt.NDArray[np.float32], lemmas: str, themes: Sequence[int], *, found: bool) -> str:
        """In words: the terms that stand in the text, and the nearest example with its cosine similarity."""
        hits = self.evidence.term_hits(lemmas)
        parts = []
        for theme in themes:
            terms = list(dict.fromkeys(hit.term for hit in hits if hit.theme == theme))
            example, similarity = self.evidence.nearest_example(vector, theme)
            said = [f"says '{term}'" for term in terms] + [f"like '{example}' ({similarity:.2f})"]
            parts.append(f"{'' if found else 'nearest '}{self.taxonomy.themes[theme].code}: {', '.join(said)}")
        return "; ".join(parts)


def label(points: pd.DataFrame, vectors: Vectors, labeller: Labeller) -> tuple[pd.DataFrame, Floats]:
    """Label points and their clusters.

    Parameters
    ----------
    points : Clustered, n rows.
    vectors : float32 (n, dimension), unit rows, row for row.
    labeller : the taxonomy and the head.

    Returns
    -------
    (Labelled, probabilities) : the points with codes, scores, outcome and evidence, and with ``cluster_codes``: the codes
        whose mean probability over the cluster's points reaches the threshold; probabilities is float64 (n, themes).
    """
    checked(Clustered, points, "given to label")
    labels = labeller.label_texts(vectors, list(points["lemmas"]), list(points["procedural"]))
    labelled = points.assign(
        codes=_text([SEPARATOR.join(codes) for codes in labels.codes]),
        scores=_text([SEPARATOR.join(f"{score:.3f}" for score in scores) for scores in labels.scores]),
        outcome=_text(labels.outcomes),
        evidence=_text(labels.evidence),
        cluster_codes=_text(_of_clusters(points, labels.probabilities, labeller)),
    )
    return checked(Labelled, labelled, "given by label"), labels.probabilities


def _text(values: list[str]) -> list[str] | pd.Series:
    return values or pd.Series(dtype="str")


def _of_clusters(points: pd.DataFrame, probabilities: Floats, labeller: Labeller) -> list[str]:
    """Codes of each point's cluster, from the mean probability over all its points."""
    found = [""] * len(points)
    places = points.reset_index(drop=True)
    for (_, _, number), group in places.groupby(["event", "session", "cluster"], sort=True):
        if number < 0:
            continue
        mean = probabilities[group.index].mean(axis=0)
        order = sorted(range(len(mean)), key=lambda t: (-mean[t], t))
        codes = [labeller.taxonomy.themes[t].code for t in order if mean[t] >= labeller.threshold]
        for row in group.index:
            found[row] = SEPARATOR.join(codes[: labeller.settings.max_codes])
    return found
