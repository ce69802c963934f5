"""Learning: corrections and coded tables teach the labeller.

``train`` gathers what people said, measures on texts held back whether it helps, fits on everything, and writes a trained model; later
runs use it only if it was better, or if somebody says so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.corrections import LEDGER, read_ledger
from pipeline.embed import embed, load_encoder
from pipeline.errors import ReadError, SettingsError
from pipeline.evaluate.figures import RESAMPLES
from pipeline.label import Labeller
from pipeline.label.trained import HELD, Taught, fit_trained
from pipeline.label.trained_file import CARD, MODEL, trained_bytes
from pipeline.learning.card import card_page
from pipeline.learning.gathering import Lesson, gather
from pipeline.learning.measuring import FOLDS, Measured, measure
from pipeline.records import Progress
from pipeline.redact import redact_texts
from pipeline.settings import Settings
from pipeline.store import json_bytes, locked, write_folder
from pipeline.store.adopted import adopt, adopted
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.tokenise import expand_and_read

__all__ = ["FOLDER", "Training", "train"]

CARD_SCHEMA = "workshop-themes/trained/1.0"
# Where models are put, beside the ledger and the folders of the events.
FOLDER = "trained-models"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")


@dataclass(frozen=True, slots=True)
class Training:
    """What came of a training.

    Attributes
    ----------
    folder : the model, with its card.
    texts : how many distinct texts it learnt from.
    measured : how well it did on texts that it had not learnt from.
    adopted : whether later runs use it.
    in_use : the model that they use, None where they use none.
    remarks : what else is to be told, in words.
    """

    folder: Path
    texts: int
    measured: Measured
    adopted: bool
    in_use: Path | None
    remarks: tuple[str, ...]


def train(
    out: Path,
    settings: Settings,
    coded: Sequence[Path] = (),
    *,
    ledger: Path | None = None,
    name: str = "",
    to: Path | None = None,
    use: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> Training:
    """Teach the labeller what people said.

    Parameters
    ----------
    out : the folder of the runs.
    settings : taxonomy, models and seed; a trained model in them is not used, for every training begins with the taxonomy's own.
    coded : tables of coded points (:func:`pipeline.ingest.coded.read_coded`).
    ledger : the corrections; None takes corrections.jsonl in ``out``, if there is one.
    name : of the model; '' takes that of the taxonomy.
    to : where the model's folder goes; None takes ``trained-models`` in ``out``.
    use : have later runs use it whether or not it was better.

    Raises
    ------
    ThemesError : there is nothing to learn from, a file has faults, or nothing can be written.
    """
    settings = settings.model_copy(update={"trained": None})
    taxonomy = load_taxonomy(settings.taxonomy_path)
    name = name or re.sub(r"[^a-z0-9]+", "-", taxonomy.name.lower()).strip("-") or "model"
    if not _NAME.fullmatch(name):
        raise SettingsError(f"'{name}' cannot be the name of a model", where="--name", expected="letters, digits, '.', '_' and '-'")
    decided = read_ledger(ledger or out / LEDGER)
    lesson = gather(decided, coded, taxonomy, settings)
    if not lesson.texts:
        raise ReadError(
            "there is nothing to learn from" + "".join(f"; {remark}" for remark in lesson.remarks),
            where=str(ledger or out / LEDGER),
            expected="decisions of people on points, or a table of coded points",
            do="correct points with `themes review`, or name a table with --coded",
        )
    progress("loading models", 0, 1)
    labeller = Labeller(taxonomy, load_encoder(settings.encoder), settings)
    read = expand_and_read(list(lesson.texts), settings)
    vectors = embed(list(read["expanded"]), labeller.encoder, lambda done, total: progress("embed", done, total))
    taught = Taught(lesson.texts, tuple(read["lemmas"]), vectors, lesson.truth)
    measured = measure(taught, read, lesson.groups, labeller, settings, lambda done, total: progress("measure", done, total))
    model = trained_bytes(fit_trained(taught, labeller.evidence, labeller.head, labeller.encoder, settings))
    sha256 = hashlib.sha256(model).hexdigest()
    used = use or measured.better
    card = _card(name, sha256, lesson, measured, labeller, settings, adopted=used)
    files = {MODEL: model, CARD: json_bytes(card), "card.md": card_page(card).encode()}
    with locked(out):
        folder = write_folder(to or out / FOLDER, f"{name}-{sha256[:8]}", files)
        if used:
            adopt(out, folder, sha256)
        in_use = adopted(out)
    return Training(folder, len(lesson.texts), measured, used, in_use, lesson.remarks)


def _card(
    name: str, sha256: str, lesson: Lesson, measured: Measured, labeller: Labeller, settings: Settings, *, adopted: bool
) -> dict[str, Any]:
    """card.json as plain values."""
    taxonomy: Taxonomy = labeller.taxonomy
    redacted = redact_texts([file["name"] for file in lesson.files], settings)
    return {
        "schema": CARD_SCHEMA,
        "name": name,
        "sha256": sha256,
        "made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": version("workshop-themes"),
        "taxonomy": {"name": taxonomy.name, "version": taxonomy.version, "sha256": taxonomy.sha256},
        "encoder": {"name": labeller.encoder.name, "sha256": labeller.encoder.sha256},
        "data": {
            "texts": len(lesson.texts),
            "without_code": int((~lesson.truth.any(axis=1)).sum()),
            "texts_of_theme": dict(zip(taxonomy.codes, (lesson.truth == 1.0).sum(axis=0).tolist(), strict=True)),
            "ledger": lesson.ledger,
            "files": [file | {"name": name} for file, name in zip(lesson.files, redacted, strict=True)],
            "remarks": list(lesson.remarks),
        },
        "held_back": {
            "parts": measured.parts,
            "most_parts": FOLDS,
            "groups": len(set(lesson.groups)),
            "points": measured.points,
            "seed": settings.seed,
            "resamples": RESAMPLES,
        },
        "before": {name: asdict(figure) for name, figure in measured.before.items()},
        "after": {name: asdict(figure) for name, figure in measured.after.items()},
        "difference": {name: asdict(figure) for name, figure in measured.difference.items()},
        "verdict": measured.verdict,
        "better": measured.better,
        "adopted": adopted,
        "head_held": HELD,
    }
