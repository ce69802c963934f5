"""Evaluate: how well the labeller's codes fit those that people gave.

``evaluate`` compares codes with codes and computes every figure; ``evaluate_file`` labels a coded file and writes the result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.embed import embed, load_encoder, manifest, sha256_of
from pipeline.errors import ContractError
from pipeline.evaluate import agreement, figures
from pipeline.evaluate.agreement import agreement_table
from pipeline.evaluate.figures import RESAMPLES, Bools, Figure, Floats, Judged
from pipeline.evaluate.page import evaluation_page, reliability_svg
from pipeline.ingest.coded import CodedPoints, read_coded
from pipeline.label import Labeller
from pipeline.label.head import HEAD_FILE
from pipeline.records import SEPARATOR, Advance, Progress
from pipeline.redact import redact_texts
from pipeline.settings import Settings
from pipeline.store import check_replaceable, table_csv, write_folder
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.tokenise import expand_and_read

__all__ = ["Evaluation", "evaluate", "evaluate_file"]

EVALUATION_SCHEMA = "workshop-themes/evaluation/1.0"
FILES = ("evaluation.json", "evaluation.md", "per_theme.csv", "confusion.csv", "reliability.csv", "points.csv", "reliability.svg")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well given codes fit gold codes.

    Attributes
    ----------
    points : how many points were compared.
    figures : headline figures with 95% intervals, named as in ``pipeline.evaluate.figures.DEFINITIONS``.
    themes, outcomes, confusion, reliability : tables, one row a theme, an outcome, a pair of confused themes, a bin.
    agreement : one row a pair of coders, the program being one; None where there is one coder only.
    """

    points: int
    figures: dict[str, Figure]
    themes: pd.DataFrame
    outcomes: pd.DataFrame
    confusion: pd.DataFrame
    reliability: pd.DataFrame
    agreement: pd.DataFrame | None


@dataclass(frozen=True, slots=True)
class _Given:
    """What the program said of n points: codes and their scores, outcome, and all probabilities (n, themes)."""

    codes: list[tuple[str, ...]]
    scores: list[tuple[float, ...]]
    outcomes: list[str]
    probabilities: Floats


def evaluate(
    truth: Bools,
    given: Bools,
    probabilities: Floats,
    outcomes: Sequence[str],
    labels: Mapping[str, str],
    *,
    ignored: Bools | None = None,
    second: Bools | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Evaluation:
    """Compare the codes given to n points with those of coders. The order of the points changes nothing.

    Parameters
    ----------
    truth, given : bool (n, themes), gold and given codes.
    probabilities : float64 (n, themes), 0 to 1.
    outcomes : n outcomes.
    labels : code to label, in the order of the themes.
    ignored : bool (n, themes), codes that count neither way, or None.
    second : bool (n, themes), a second coder's codes, or None.
    seed, resamples : of the bootstrap.

    Raises
    ------
    ContractError : there are no points, or the arrays are not of one shape.
    """
    hidden = np.zeros_like(truth) if ignored is None else ignored
    shapes = {array.shape for array in (truth, given, probabilities, hidden, *(() if second is None else (second,)))}
    if shapes != {(len(outcomes), len(labels))} or not len(outcomes):
        raise ContractError(
            f"the arrays have the shapes {', '.join(map(str, sorted(shapes)))} for {len(outcomes)} outcomes and {len(labels)} themes",
            where="evaluate",
            expected="one row a point, at least one, and one column a theme",
            do="give arrays that belong together",
        )
    judged = Judged.of(truth, given, hidden, probabilities, outcomes, second)
    weights = figures.resampled(len(judged), seed, resamples)
    return Evaluation(
        points=len(judged),
        figures=figures.headline(judged, weights),
        themes=figures.themes_table(judged, weights, labels),
        outcomes=figures.outcomes_table(judged, weights),
        confusion=figures.confusion_table(judged, labels),
        reliability=figures.reliability_table(judged),
        agreement=None if second is None else agreement_table(judged, weights),
    )


def evaluate_file(
    path: Path,
    out: Path,
    settings: Settings,
    *,
    coder: str | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Evaluation:
    """Label the points of a coded file and write how well that went into the folder ``out``.

    Parameters
    ----------
    path : see :func:`pipeline.ingest.coded.read_coded`.
    out : the folder to write, in one step; an earlier evaluation there is replaced, any other content refused.
    settings : taxonomy, models and seed.
    coder : the second coder's column; None takes ``codes_2`` if there is one.

    Raises
    ------
    ReadError : the file cannot be read or has faults.
    OutputError : ``out`` cannot be written, or holds something else.
    ThemesError : taxonomy or models cannot be used.
    """
    out = out.absolute()
    check_replaceable(out, FILES, "evaluation")
    taxonomy = load_taxonomy(settings.taxonomy_path)
    coded = read_coded(path, taxonomy.codes, coder)
    progress("loading models", 0, 1)
    labeller = Labeller(taxonomy, load_encoder(settings.encoder), settings)
    progress("loading models", 1, 1)
    texts = redact_texts(list(coded.texts), settings)
    given = _label(labeller, texts, settings, lambda done, total: progress("embed", done, total))

    truth, ignored, said = (_indicator(codes, taxonomy) for codes in (coded.codes, coded.optional, given.codes))
    second = None if coded.second is None else _indicator(coded.second, taxonomy)
    labels = {theme.code: theme.label for theme in taxonomy.themes}
    result = evaluate(truth, said, given.probabilities, given.outcomes, labels, ignored=ignored, second=second, seed=settings.seed)
    document = _document(result, path, coded, labeller, settings)
    files = {
        "evaluation.json": (json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode(),
        "evaluation.md": evaluation_page(document).encode(),
        "per_theme.csv": table_csv(result.themes),
        "confusion.csv": table_csv(result.confusion),
        "reliability.csv": table_csv(result.reliability),
        "reliability.svg": reliability_svg(result.reliability),
        "points.csv": table_csv(_points_table(coded, texts, given)),
    }
    write_folder(out.parent, out.name, files)
    return result


def _label(labeller: Labeller, texts: Sequence[str], settings: Settings, advance: Advance) -> _Given:
    """The one place that calls the labeller."""
    read = expand_and_read(texts, settings)
    vectors = embed(list(read["expanded"]), labeller.encoder, advance)
    labels = labeller.label_texts(read, vectors)
    return _Given(labels.codes, labels.scores, labels.outcomes, labels.probabilities)


def _indicator(codes: Sequence[tuple[str, ...]], taxonomy: Taxonomy) -> Bools:
    return np.array([[code in of_point for code in taxonomy.codes] for of_point in codes], dtype=bool)


def _points_table(coded: CodedPoints, texts: Sequence[str], given: _Given) -> pd.DataFrame:
    """points.csv: one row a point in file order, with what is right, missed and wrong; optional codes are none of these."""
    rows = []
    for at, (row, text) in enumerate(zip(coded.rows, texts, strict=True)):
        gold, optional, said = coded.codes[at], coded.optional[at], given.codes[at]
        rows.append(
            {
                "row": row,
                "text": text,
                "gold_codes": SEPARATOR.join(gold),
                **({"optional_codes": SEPARATOR.join(optional)} if any(coded.optional) else {}),
                **({"second_codes": SEPARATOR.join(coded.second[at])} if coded.second is not None else {}),
                "given_codes": SEPARATOR.join(said),
                "scores": SEPARATOR.join(f"{score:.3f}" for score in given.scores[at]),
                "outcome": given.outcomes[at],
                "right": SEPARATOR.join(code for code in said if code in gold),
                "missed": SEPARATOR.join(code for code in gold if code not in said),
                "wrong": SEPARATOR.join(code for code in said if code not in gold and code not in optional),
            }
        )
    return pd.DataFrame(rows)


def _document(result: Evaluation, path: Path, coded: CodedPoints, labeller: Labeller, settings: Settings) -> dict[str, Any]:
    """evaluation.json as plain values: what was measured, with what, every figure, and what each means."""
    spacy = [entry["sha256"] for entry in manifest() if entry["module"] == settings.spacy_model]
    two = result.agreement is not None
    return {
        "schema": EVALUATION_SCHEMA,
        "gold": {
            "file": path.name,
            "sha256": sha256_of(path),
            "points": result.points,
            "without_code": sum(not codes for codes in coded.codes),
            "blank_rows": coded.blank,
            "optional_codes": sum(map(len, coded.optional)),
            "second_coder": coded.second_column,
        },
        "taxonomy": {"name": labeller.taxonomy.name, "version": labeller.taxonomy.version, "sha256": labeller.taxonomy.sha256},
        "models": {
            "encoder": {"name": labeller.encoder.name, "sha256": labeller.encoder.sha256},
            "spacy": {"name": settings.spacy_model, "sha256": spacy[0] if spacy else ""},
            "label_encoder": {"sha256": labeller.evidence.label_encoder_sha256},
            "label_head": {
                "sha256": sha256_of(HEAD_FILE),
                "thresholds": {kind: settings.label_threshold or value for kind, value in labeller.head.thresholds.items()},
            },
        },
        "settings": settings.model_dump(mode="json"),
        "settings_sha256": hashlib.sha256(settings.model_dump_json().encode()).hexdigest(),
        "bootstrap": {"resamples": RESAMPLES, "seed": settings.seed, "interval": "95% percentile, over points"},
        "figures": {name: asdict(found) for name, found in result.figures.items()},
        "outcomes": _records(result.outcomes),
        "themes": _records(result.themes),
        "confusion": _records(result.confusion),
        "reliability": _records(result.reliability),
        "agreement": _records(result.agreement) if result.agreement is not None else [],
        "definitions": figures.DEFINITIONS | (agreement.DEFINITIONS if two else {}),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, None for what is not defined."""
    records: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=10))
    return records
