"""Which trained model later runs into a folder use: ``trained.json``, beside the ledger of corrections."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipeline.errors import ModelError
from pipeline.label.trained_file import MODEL
from pipeline.store.files import write_file

ADOPTED = "trained.json"
ADOPTED_SCHEMA = "workshop-themes/adopted/1.0"


def adopt(out: Path, model: Path, sha256: str) -> Path:
    """Have later runs into ``out`` use the model in the folder ``model``; returns the file that says so.

    A model within ``out`` is named from there, so that both can be moved together.

    Raises
    ------
    OutputError : it cannot be written.
    """
    place = model.resolve()
    inside = place.is_relative_to(out.resolve())
    named = place.relative_to(out.resolve()).as_posix() if inside else str(place)
    written = {"schema": ADOPTED_SCHEMA, "model": named, "sha256": sha256}
    write_file(out / ADOPTED, (json.dumps(written, indent=1, ensure_ascii=False) + "\n").encode())
    return out / ADOPTED


def adopted(out: Path) -> Path | None:
    """The folder of the model that runs into ``out`` use, None where there is none.

    Raises
    ------
    ModelError : trained.json cannot be read, or the model it names is not there or is another than then.
    """
    path = out / ADOPTED
    try:
        said = json.loads(path.read_bytes())
        folder, sha256 = out / str(said["model"]), str(said["sha256"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(path, "it cannot be read") from error
    model = folder / MODEL
    if not model.is_file():
        raise _unusable(path, f"the trained model '{said['model']}' is not there")
    if hashlib.sha256(model.read_bytes()).hexdigest() != sha256:
        raise _unusable(path, f"the trained model '{said['model']}' is damaged, or is not the one that was adopted")
    return folder


def _unusable(path: Path, what: str) -> ModelError:
    return ModelError(
        what,
        where=str(path),
        expected="the name of a folder that `themes train` wrote",
        do="bring it back from a copy, delete this file to use no trained model, or run with --trained none",
    )
