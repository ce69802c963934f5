"""Trained models as files: ``model.npz``, arrays in which nothing is run, beside ``card.json``, which has its name and sha256."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path

import numpy as np

from pipeline.errors import ModelError
from pipeline.label.head import Logistic
from pipeline.label.text_model import Spelling
from pipeline.label.trained import Base, Trained

MODEL, CARD = "model.npz", "card.json"
# Counts up when the form of the file changes, or what is made of it.
FORM = 1


def trained_bytes(trained: Trained) -> bytes:
    """The bytes of model.npz; the same for the same model."""
    head = None if trained.head is None else asdict(trained.head)
    about = json.dumps({"form": FORM, "base": asdict(trained.base), "head": head}, sort_keys=True)
    arrays = {
        "about": np.frombuffer(about.encode(), dtype=np.uint8),
        "vectors": trained.vectors,
        "dual": trained.dual,
        "columns": trained.columns,
        "weights": trained.weights,
    }
    if trained.spelling is not None:
        arrays |= trained.spelling.arrays
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def read_trained(folder: Path) -> Trained:
    """Read a model that ``themes train`` wrote.

    Raises
    ------
    ModelError : there is none, or a byte of it is not as it was written, or it has the form of another version.
    """
    try:
        card = json.loads((folder / CARD).read_bytes())
        data = (folder / MODEL).read_bytes()
        name, expected = str(card["name"]), str(card["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(folder, "there is no trained model that can be read") from error
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != expected:
        raise _unusable(folder, f"{MODEL} is damaged or was changed: its sha256 is not the one in {CARD}")
    try:
        return _restored(data, name, sha256)
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise _unusable(folder, "the trained model has the form of another version of this program") from error


def _restored(data: bytes, name: str, sha256: str) -> Trained:
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        about = json.loads(kept["about"].tobytes())
        if about["form"] != FORM:
            raise ValueError
        base = Base(**about["base"] | {"codes": tuple(about["base"]["codes"])})
        head, spelling = None, None
        if about["head"] is not None:
            mean, scale, weights = (tuple(about["head"][part]) for part in ("mean", "scale", "weights"))
            head = Logistic(mean, scale, weights, about["head"]["intercept"])
            spelling = Spelling.restored(kept)
        return Trained(base, kept["vectors"], kept["dual"], kept["columns"], kept["weights"], spelling, head, name, sha256)


def _unusable(folder: Path, what: str) -> ModelError:
    return ModelError(
        what,
        where=str(folder),
        expected=f"a folder that `themes train` wrote, with {MODEL} and {CARD}",
        do="bring it back from a copy, train it again, or run with --trained none",
    )
