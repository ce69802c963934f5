"""Embed: texts to unit vectors. The only module that loads an encoder.

The bundled encoder is all-MiniLM-L6-v2 (Wang et al. 2020, MiniLM; Reimers and Gurevych 2019, Sentence-BERT).
Its bytes are checked before use, and the hub libraries are set offline before they are imported.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError
from pipeline.records import Advance
from pipeline.settings import MODELS

Vectors = npt.NDArray[np.float32]
BUNDLED = "bundled"
BATCH = 64
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    name: str
    sha256: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, float32 of shape (number of texts, dimension), row for row."""
        ...


class SentenceEncoder:
    """A sentence-transformers model from a folder of this machine."""

    def __init__(self, folder: Path, name: str, sha256: str) -> None:
        os.environ.update(_OFFLINE)
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self.name = name
        self.sha256 = sha256
        try:
            self._model = SentenceTransformer(str(folder), device=None, local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"the encoder cannot be loaded ({' '.join(str(error).split())[:160]})",
                where=str(folder),
                expected="a folder that holds a sentence-transformers model",
                do="mend the setting 'encoder', or leave it out to use the bundled one",
            ) from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See :class:`Encoder`."""
        found = self._model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(found, dtype=np.float32)


@lru_cache(maxsize=2)
def load_encoder(name: str = BUNDLED) -> Encoder:
    """Load an encoder: the bundled one, or any sentence-transformers model from a local folder.

    Raises
    ------
    ModelError : it is not there, or the bundled one is not the one listed in models/manifest.json.
    """
    if name == BUNDLED:
        folder, sha256 = verified_bundle()
        return SentenceEncoder(folder, "all-MiniLM-L6-v2", sha256)
    folder = Path(name)
    if not folder.is_dir():
        raise ModelError(
            "there is no such folder",
            where=f"setting encoder: {name}",
            expected="'bundled', or a folder on this machine (nothing is downloaded)",
            do="mend the setting",
        )
    weights = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))
    return SentenceEncoder(folder, folder.name, sha256_of(weights[0]) if weights else "")


def manifest() -> list[dict[str, str]]:
    """The models this version uses: name, package, file, sha256, licence, source.

    Raises
    ------
    ModelError : models/manifest.json is missing or cannot be read.
    """
    path = MODELS / "manifest.json"
    try:
        models: list[dict[str, str]] = json.loads(path.read_text("utf-8"))["models"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            "the list of models cannot be read", where=str(path), expected="the file as shipped", do="install again with `make themes`"
        ) from error
    return models


def verified_bundle() -> tuple[Path, str]:
    """Folder and sha256 of the bundled encoder, after checking its bytes.

    Raises
    ------
    ModelError : it is not installed, or its bytes are not those listed.
    """
    entry = next(model for model in manifest() if model["name"] == "all-MiniLM-L6-v2")
    return verified(entry).parent, entry["sha256"]


def verified(entry: dict[str, str]) -> Path:
    """Path of a model's weights, after checking their bytes against the manifest's entry.

    Raises
    ------
    ModelError : it is not installed, or its bytes are not those listed.
    """
    weights = _installed(entry)
    found = sha256_of(weights)
    if found != entry["sha256"]:
        raise ModelError(
            f"the weights of {entry['name']} have sha256 {found}",
            where=str(weights),
            expected=entry["sha256"],
            do="remove .venv and run `make themes` again; do not use these weights",
        )
    return weights


def _installed(entry: dict[str, str]) -> Path:
    """Where a model's package put its weights, found without importing the package."""
    spec = importlib.util.find_spec(entry["module"])
    folders = list(spec.submodule_search_locations or []) if spec else []
    path = Path(folders[0]) / entry["file"] if folders else Path()
    if not folders or not path.is_file():
        raise ModelError(
            f"the model {entry['name']} is not installed",
            where=f"package {entry['package']}",
            expected="the package that models/manifest.json names",
            do="run `make themes`, which installs it",
        )
    return path


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def embed(texts: Sequence[str], encoder: Encoder, advance: Advance = lambda done, total: None) -> Vectors:
    """Embed texts, each distinct one once.

    Parameters
    ----------
    texts : n texts.
    encoder : what turns them into vectors.
    advance : called with the number of distinct texts embedded so far, and of all.

    Returns
    -------
    float32 array of shape (n, dimension), rows of unit length, in the order of ``texts``. The batches are made of the
    sorted distinct texts, so the same set of texts gives the same bytes in any order.
    """
    distinct = sorted(set(texts), key=lambda text: (len(text), text))
    if not distinct:
        return np.zeros((0, 0), dtype=np.float32)
    parts = []
    for start in range(0, len(distinct), BATCH):
        parts.append(encoder.encode(distinct[start : start + BATCH]))
        advance(min(start + BATCH, len(distinct)), len(distinct))
    vectors = np.vstack(parts)
    row = {text: number for number, text in enumerate(distinct)}
    return vectors[[row[text] for text in texts]]
