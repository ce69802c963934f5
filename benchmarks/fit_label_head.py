"""Fit the label head and write models/label_head.json.

Weights: on the bundled taxonomy's own examples, each left out of what it is compared with. Threshold: the one with
the highest micro-F1 on the gold points of the three tuning events. Neither the reported events nor any real coded
point is seen.

    python -m benchmarks.fit_label_head
"""

from __future__ import annotations

import numpy as np

from benchmarks.coded import TUNING_EVENTS, events, prepare
from pipeline.embed import load_encoder
from pipeline.label.evidence import FEATURES, Evidence
from pipeline.label.head import LabelHead, best_threshold, fit_weights, save_head
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy


def main() -> None:
    settings = Settings()
    taxonomy = load_taxonomy(settings.taxonomy_path)
    encoder = load_encoder()
    evidence = Evidence(taxonomy, encoder, settings)
    none = list(taxonomy.none_examples)
    vectors, lemmas, _ = prepare([*evidence.example_texts, *none], encoder, settings)
    own = len(evidence.example_texts)
    leave_out = np.array([*range(own), *[-1] * len(none)])
    features = evidence.features(vectors, lemmas, leave_out)
    # An example of no theme must not be compared with itself either.
    near_none = evidence.none_examples.astype(float) @ evidence.none_examples.T.astype(float)
    np.fill_diagonal(near_none, -1.0)
    features[own:, :, FEATURES.index("none_example")] = near_none.max(axis=1)[:, None]
    truth = np.vstack([evidence.membership, np.zeros((len(none), len(taxonomy.themes)), dtype=bool)])
    mean, scale, weights, intercept = fit_weights(features, truth, settings.seed)
    head = LabelHead(FEATURES, tuple(mean), tuple(scale), tuple(weights), intercept, 0.5, {})
    tuning = events(TUNING_EVENTS, taxonomy)
    vectors, lemmas, procedural = prepare(tuning.texts, encoder, settings)
    probabilities = head.probabilities(evidence.features(vectors, lemmas))
    probabilities[np.array(procedural)] = 0.0
    threshold, f1 = best_threshold(probabilities, tuning.truth)
    fitted = {
        "command": "python -m benchmarks.fit_label_head",
        "weights_on": f"{own} examples of {taxonomy.name} {taxonomy.version} and {len(none)} of no theme, each left out in turn",
        "threshold_on": f"{len(tuning.texts)} gold points of the fictional events {', '.join(TUNING_EVENTS)}",
        "threshold_rule": "highest micro-F1 on a grid of 0.01",
        "micro_f1_there": round(f1, 4),
        "taxonomy_sha256": taxonomy.sha256,
        "encoder_sha256": encoder.sha256,
    }
    save_head(LabelHead(FEATURES, tuple(mean), tuple(scale), tuple(weights), intercept, threshold, fitted))
    print(f"threshold {threshold}, micro-F1 {f1:.3f} on the tuning events")
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"{name:24} {weight:+.2f}")


if __name__ == "__main__":
    main()
