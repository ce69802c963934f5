"""Label: points and clusters against the taxonomy.

A ``Labeller`` labels any texts, each by itself, and says why; ``label_clusters`` then labels the clusters of the points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.embed import Encoder, Vectors, embed
from pipeline.label.evidence import FEATURES, SOURCES, Evidence
from pipeline.label.head import LabelHead, kinds_of, load_head
from pipeline.label.headings import with_heading
from pipeline.label.reasons import Reason, evidence_text, reasons
from pipeline.label.text_model import Floats
from pipeline.label.trained import Trained, base_of, log_odds
from pipeline.label.trained_file import read_trained
from pipeline.reading import read_words
from pipeline.records import SEPARATOR, Advance, Clustered, Labelled, checked
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy

__all__ = ["Labeller", "Labels", "Reason", "columns_of", "label_clusters"]

# Below this many words that carry meaning there is too little to say that a point is about nothing known.
FEW_WORDS = 2
# A cluster whose commonest code is carried by a smaller share of its labelled points than this is mixed.
MIXED_BELOW = 2 / 3
MIXTURE_SHOWN = 4
# Texts labelled at a time: memory does not grow with their number.
BATCH = 1000
_HOLLOW = frozenset(
    "a an the this that these those it its he she they them we us you i me my our your their his her be have do not no "
    "and or but so if as at by for from in into of on to up with out over more less much many lot very too also still "
    "again same before last year above below all any some there here what who when where why how get go make thing stuff "
    "etc yes ok need want can could would should will may must just only".split()
)


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of n texts.

    Attributes
    ----------
    codes, scores : the codes of each text, most probable first, and their probabilities.
    outcomes, outcome_scores : the outcome of each text and the probability that it is right.
    evidence : why, in words.
    probabilities : float64 (n, themes).
    """

    codes: list[tuple[str, ...]]
    scores: list[tuple[float, ...]]
    outcomes: list[str]
    outcome_scores: list[float]
    evidence: list[str]
    probabilities: Floats


class Labeller:
    """Labels texts with one taxonomy, each by itself.

    Parameters
    ----------
    taxonomy : the themes.
    encoder : the encoder that made the texts' vectors.
    settings : threshold (or None for the head's own), most codes a point, spaCy model, trained model.
    head, evidence : other than those that belong to this version and this taxonomy.
    trained : what people taught it; None takes the model that the settings name, if any.
    advance : told how far the text model is, where it has to be fitted first.

    Raises
    ------
    ModelError : the trained model cannot be read, or was made for something else.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        encoder: Encoder,
        settings: Settings,
        head: LabelHead | None = None,
        *,
        evidence: Evidence | None = None,
        trained: Trained | None = None,
        advance: Advance = lambda done, total: None,
    ) -> None:
        self.trained = trained or (read_trained(settings.trained) if settings.trained else None)
        self.taxonomy = taxonomy
        self.encoder = encoder
        self.head = head or load_head()
        self.evidence = evidence or Evidence(taxonomy, encoder, settings, advance=advance)
        self.settings = settings
        self.kinds = kinds_of(self.evidence.lessons.per_theme, self.evidence.known)
        self._before = self.evidence, self.head, self.kinds
        if self.trained is not None:
            self.trained.check(base_of(taxonomy, self.evidence, encoder, settings))
            self.evidence, self.head, self.kinds = self.trained.applied(self.evidence, self.head)
        self.thresholds = np.array([settings.label_threshold or self.head.thresholds[kind] for kind in self.kinds])

    def label_texts(self, read: pd.DataFrame, vectors: Vectors) -> Labels:
        """Label n texts.

        Parameters
        ----------
        read : n rows with ``expanded``, ``lemmas`` and ``lemma_spans`` (str) and ``procedural`` (bool; such texts get no code), as
            :func:`pipeline.tokenise.expand_and_read` gives them. With ``topic`` (str), a text that stood under a heading is read
            with it too (:func:`pipeline.label.headings.with_heading`).
        vectors : float32 (n, dimension), unit rows, row for row.
        """
        parts = [self._batch(read.iloc[at : at + BATCH], vectors[at : at + BATCH]) for at in range(0, len(vectors), BATCH)]
        return Labels(
            [codes for part in parts for codes in part.codes],
            [scores for part in parts for scores in part.scores],
            [outcome for part in parts for outcome in part.outcomes],
            [score for part in parts for score in part.outcome_scores],
            [evidence for part in parts for evidence in part.evidence],
            np.vstack([np.zeros((0, len(self.taxonomy.themes))), *(part.probabilities for part in parts)]),
        )

    def _batch(self, read: pd.DataFrame, vectors: Vectors) -> Labels:
        lemmas = list(read["lemmas"])
        topics = list(read["topic"]) if "topic" in read else [""] * len(read)
        features, probabilities, _ = self._weighed(read, vectors)
        none = self.head.none_probabilities(probabilities, self.kinds)
        themes = len(self.taxonomy.themes)
        labels = Labels([], [], [], [], [], probabilities)
        for row, (procedural, spans) in enumerate(zip(read["procedural"], read["lemma_spans"], strict=True)):
            order = sorted(range(themes), key=lambda theme: (-probabilities[row, theme], theme))
            given = [theme for theme in order if probabilities[row, theme] >= self.thresholds[theme]][: self.settings.max_codes]
            outcome = self._outcome(given, float(none[row]), lemmas[row], procedural=bool(procedural))
            given = given if outcome == "labelled" else []
            labels.codes.append(tuple(self.taxonomy.themes[theme].code for theme in given))
            labels.scores.append(tuple(float(probabilities[row, theme]) for theme in given))
            labels.outcomes.append(outcome)
            labels.outcome_scores.append(self._sure_of(outcome, float(none[row])))
            shown = given or ([] if outcome == "procedural" else order[:1])
            why = reasons(self.evidence, features[row], vectors[row], lemmas[row], spans, shown)
            labels.evidence.append(evidence_text(why, topics[row], found=bool(given)))
        return labels

    def _weighed(self, read: pd.DataFrame, vectors: Vectors) -> tuple[Floats, Floats, Floats]:
        """Of n texts: figures by themselves, (n, themes, figures), probabilities, and what headings add to the log-odds, (n, themes)."""
        features = _figures(self.evidence, read, vectors)
        alone = self.head.probabilities(features, self.kinds)
        probabilities, added = alone.copy(), np.zeros_like(alone)
        under = np.flatnonzero(read["topic"] != "") if "topic" in read else np.array([], dtype=np.intp)
        if len(under):
            texts = [f"{topic}: {text}" for topic, text in zip(read["topic"].iloc[under], read["expanded"].iloc[under], strict=True)]
            again = read_words(texts, self.settings)
            headed = _figures(self.evidence, again, embed(list(again["expanded"]), self.encoder))
            probabilities[under], added[under] = with_heading(alone[under], self.head.probabilities(headed, self.kinds))
        return features, probabilities, added

    def weigh(self, read: pd.DataFrame, vectors: Vectors) -> pd.DataFrame:
        """What each source of evidence says of one text, for every theme.

        Parameters
        ----------
        read, vectors : as for :meth:`label_texts`, one row.

        Returns
        -------
        DataFrame, one row a theme, most probable first: code, label, probability, threshold, and for each source of
        ``pipeline.label.evidence.SOURCES``, and for the ``heading``, what it adds to the log-odds above an average pair of text
        and theme. Where a model was trained, the sources are as they were before, and ``corrections`` is what it adds.
        """
        features, probabilities, headings = (figures[0] for figures in self._weighed(read, vectors))
        evidence, head, kinds = self._before
        before = features if self.trained is None else _figures(evidence, read, vectors)[0]
        corrections = log_odds(self.head, features, self.kinds) - log_odds(head, before, kinds)
        rows = []
        for number, (theme, kind) in enumerate(zip(self.taxonomy.themes, kinds, strict=True)):
            added = head.heads[kind].contributions(before[number])
            sources = {source: float(sum(added[FEATURES.index(name)] for name in names)) for source, names in SOURCES.items()}
            if self.trained is not None:
                sources["corrections"] = float(corrections[number])
            given = {"probability": float(probabilities[number]), "threshold": float(self.thresholds[number])}
            rows.append({"code": theme.code, "label": theme.label, **given, **sources, "heading": float(headings[number])})
        return pd.DataFrame(rows).sort_values("probability", ascending=False, kind="stable", ignore_index=True)

    def _outcome(self, given: Sequence[int], none: float, lemmas: str, *, procedural: bool) -> str:
        if procedural:
            return "procedural"
        if given:
            return "labelled"
        telling = [word for word in lemmas.split() if word.isalpha() and word not in _HOLLOW]
        return "no_match" if len(telling) >= FEW_WORDS and none >= self.settings.no_match_from else "undecided"

    def _sure_of(self, outcome: str, none: float) -> float:
        """The probability that an outcome is right: that some theme fits, that none does, that it is procedure."""
        if outcome == "procedural":
            return self.head.procedural
        return none if outcome == "no_match" or (outcome == "undecided" and none >= 0.5) else 1.0 - none


def columns_of(labels: Labels) -> pd.DataFrame:
    """Labels of n texts as the columns of Labelled: codes and scores ('|' between), outcome, its score and evidence."""
    return pd.DataFrame(
        {
            "codes": [SEPARATOR.join(codes) for codes in labels.codes],
            "scores": [SEPARATOR.join(f"{score:.3f}" for score in scores) for scores in labels.scores],
            "outcome": labels.outcomes,
            "outcome_score": np.round(np.asarray(labels.outcome_scores, dtype=np.float64), 3),
            "evidence": labels.evidence,
        }
    ).astype({"codes": "str", "scores": "str", "outcome": "str", "evidence": "str"})


def label_clusters(points: pd.DataFrame, probabilities: Floats, labeller: Labeller) -> pd.DataFrame:
    """Label the clusters of points that are labelled themselves.

    Parameters
    ----------
    points : Clustered, n rows, with the columns of :func:`columns_of`.
    probabilities : float64 (n, themes), row for row.

    Returns
    -------
    Labelled : the points with ``cluster_codes``: the codes whose mean probability over the cluster's points reaches the threshold,
        and ``cluster_mixed``: the shares of its codes where no code is carried by most of it.
    """
    checked(Clustered, points, "given to label")
    codes, mixed = _of_clusters(points, probabilities, labeller)
    return checked(Labelled, points.assign(cluster_codes=_text(codes), cluster_mixed=_text(mixed)), "given by label")


def _figures(evidence: Evidence, read: pd.DataFrame, vectors: Vectors) -> Floats:
    """All that is known of n texts, (n, themes, figures)."""
    return evidence.features(vectors, list(read["lemmas"]), log_odds=evidence.log_odds(list(read["expanded"])))


def _text(values: list[str]) -> list[str] | pd.Series:
    return values or pd.Series(dtype="str")


def _of_clusters(points: pd.DataFrame, probabilities: Floats, labeller: Labeller) -> tuple[list[str], list[str]]:
    """Codes of each point's cluster, from the mean probability over all its points, and its mixture where it has no main code."""
    codes, mixed = [""] * len(points), [""] * len(points)
    given = [tuple(text.split(SEPARATOR)) if text else () for text in points["codes"]]
    places = points[["event", "session", "cluster"]].reset_index(drop=True)
    for (_, _, number), group in places.groupby(["event", "session", "cluster"], sort=True):
        if number < 0:
            continue
        mean = probabilities[group.index].mean(axis=0)
        order = sorted(range(len(mean)), key=lambda theme: (-mean[theme], theme))
        own = [labeller.taxonomy.themes[theme].code for theme in order if mean[theme] >= labeller.thresholds[theme]]
        mixture = _mixture([given[row] for row in group.index])
        for row in group.index:
            codes[row] = SEPARATOR.join(own[: labeller.settings.max_codes])
            mixed[row] = mixture
    return codes, mixed


def _mixture(codes: Sequence[tuple[str, ...]]) -> str:
    """The shares of a cluster's commonest codes among its labelled points, where the commonest has less than two thirds; else nothing.

    >>> _mixture([("asb",), ("dv",), ("asb", "dv"), ("access",), ()])
    'asb 50%, dv 50%, access 25%'
    >>> _mixture([("asb",), ("asb", "dv")])
    ''
    """
    labelled = [given for given in codes if given]
    counts: dict[str, int] = {}
    for given in labelled:
        for code in given:
            counts[code] = counts.get(code, 0) + 1
    if not counts or max(counts.values()) >= MIXED_BELOW * len(labelled):
        return ""
    commonest = sorted(counts, key=lambda code: (-counts[code], code))[:MIXTURE_SHOWN]
    return ", ".join(f"{code} {counts[code] / len(labelled):.0%}" for code in commonest)
