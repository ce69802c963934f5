"""First figures of the labeller: micro- and macro-F1 on coded points that it was not fitted or tuned on.

    python -m benchmarks.labelling     prints the table and writes benchmarks/results/labelling.json

Splits: "tuning events" chose the threshold; "reported events" and "dev" (real minutes and a published report, not part
of this repository) were never fitted or tuned on. A code that only one of dev's two coders gave counts neither way.
Beside ours stands the plainest use of the same encoder: every theme whose definition is as similar as a
threshold that is itself chosen on the tuning events.
"""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt

from benchmarks.coded import REPORTED_EVENTS, ROOT, TUNING_EVENTS, Coded, dev, events, prepare
from pipeline.embed import load_encoder
from pipeline.label import Labeller
from pipeline.label.evidence import Floats
from pipeline.label.head import best_threshold, micro_f1
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy

Bools = npt.NDArray[np.bool_]


def scores(given: Bools, coded: Coded) -> dict[str, float | int]:
    """Micro-F1, macro-F1 over themes that occur, exact match; precision and recall are micro."""
    given = given & ~coded.ignored
    both = (given & coded.truth).sum()
    occurring = coded.truth.any(axis=0)
    per_theme = [micro_f1(given[:, [t]], coded.truth[:, [t]]) for t in np.flatnonzero(occurring)]
    return {
        "points": len(coded.texts),
        "micro_f1": round(micro_f1(given, coded.truth), 3),
        "precision": round(float(both / max(1, given.sum())), 3),
        "recall": round(float(both / max(1, coded.truth.sum())), 3),
        "macro_f1": round(float(np.mean(per_theme)), 3),
        "exact": round(float((given == coded.truth).all(axis=1).mean()), 3),
    }


def main() -> None:
    settings = Settings()
    taxonomy = load_taxonomy(settings.taxonomy_path)
    encoder = load_encoder()
    labeller = Labeller(taxonomy, encoder, settings)
    splits: dict[str, Coded | None] = {
        "tuning events": events(TUNING_EVENTS, taxonomy),
        "reported events": events(REPORTED_EVENTS, taxonomy),
        "dev": dev(taxonomy),
    }
    table: dict[str, dict[str, dict[str, float | int]]] = {}
    plain_threshold = 0.5
    for name, coded in splits.items():
        if coded is None:
            print(f"{name}: not at hand, left out")
            continue
        vectors, lemmas, procedural = prepare(coded.texts, encoder, settings)
        labels = labeller.label_texts(vectors, lemmas, procedural)
        given = np.array([[code in codes for code in taxonomy.codes] for codes in labels.codes], dtype=bool)
        similarity: Floats = vectors.astype(float) @ labeller.evidence.definitions.T.astype(float)
        if name == "tuning events":
            plain_threshold, _ = best_threshold(similarity, coded.truth)
        table[name] = {"ours": scores(given, coded), "nearest definitions": scores(similarity >= plain_threshold, coded)}
    for name, rows in table.items():
        for method, figures in rows.items():
            print(f"{name:16} {method:20} " + "  ".join(f"{key} {value}" for key, value in figures.items()))
    out = ROOT / "benchmarks" / "results" / "labelling.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
