"""What run.json holds: enough to say how a result came about, and to make it again."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from pipeline.ingest import Gathered
from pipeline.label import Labeller
from pipeline.records import OUTCOMES
from pipeline.results import EventResult
from pipeline.settings import Settings

_REPORTED_PACKAGES = (
    "workshop-themes", "numpy", "onnxruntime", "pandas", "scikit-learn", "sentence-transformers", "spacy", "tokenizers", "torch",
    "transformers",
)  # fmt: skip


def account(
    result: EventResult,
    gathered: Gathered,
    redactions: dict[str, int],
    labeller: Labeller,
    identity: dict[str, Any],
    corrections: dict[str, Any],
    settings: Settings,
    seconds: dict[str, float],
    cache: dict[str, Any],
) -> dict[str, Any]:
    """Put run.json together: versions, inputs, models, taxonomy, settings, counts, words, redactions, theme ids, corrections, timings,
    cache.

    Timings are in seconds, by stage; 0 for what was fetched from the cache, as ``cache`` says.
    """
    words = gathered.words
    outcomes = result.points["outcome"].value_counts()
    return {
        "event": result.event.id,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _REPORTED_PACKAGES}},
        "files": [asdict(file) for file in gathered.files],
        "models": {
            "trained": None if labeller.trained is None else {"name": labeller.trained.name, "sha256": labeller.trained.sha256},
            "encoder": {"name": labeller.encoder.name, "sha256": labeller.encoder.sha256},
            "spacy": {"name": settings.spacy_model},
            "label_encoder": {"sha256": labeller.evidence.label_encoder_sha256},
            "label_head": {"thresholds": labeller.head.thresholds, "fitted": labeller.head.fitted},
        },
        "taxonomy": {"name": labeller.taxonomy.name, "version": labeller.taxonomy.version, "sha256": labeller.taxonomy.sha256},
        "settings": settings.model_dump(mode="json"),
        "settings_sha256": hashlib.sha256(settings.model_dump_json().encode()).hexdigest(),
        "seed": settings.seed,
        "counts": {
            "files_read": sum(file.status == "read" for file in gathered.files),
            "files_not_read": sum(file.status == "not read" for file in gathered.files),
            "notes": len(gathered.notes),
            "points": len(result.points),
            "themes": len(result.themes),
            "dropped": len(result.dropped),
            "outcomes": {name: int(outcomes.get(name, 0)) for name in OUTCOMES},
        },
        "conservation": {
            "words": {
                "read": words.read,
                "kept": sum(words.kept.values()),
                "dropped": words.dropped,
                "kept_in": dict(words.kept),
            }
        },
        "redactions": redactions,
        "identity": identity,
        "corrections": corrections,
        "inferred": list(result.event.inferred),
        "seconds": seconds,
        "cache": cache,
    }
