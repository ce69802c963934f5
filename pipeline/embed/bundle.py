"""The models that come with the program: where their packages put them, and whether their bytes are the ones expected."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from functools import lru_cache
from pathlib import Path

from pipeline.errors import ModelError
from pipeline.settings import MODELS

ENCODER = "all-MiniLM-L6-v2"


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
    entry = _encoder()
    return verified(entry).parent, entry["sha256"]


def verified_graph() -> bytes:
    """The bundled encoder's graph, an ONNX model without weights, after checking its bytes.

    Raises
    ------
    ModelError : it is missing, or its bytes are not those listed.
    """
    entry = _encoder()
    path = MODELS / entry["graph"]
    graph = path.read_bytes() if path.is_file() else b""
    found = hashlib.sha256(graph).hexdigest()
    if found != entry["graph_sha256"]:
        raise ModelError(
            f"the graph of {entry['name']} has sha256 {found}" if graph else f"the graph of {entry['name']} is missing",
            where=str(path),
            expected=entry["graph_sha256"],
            do="install again with `make themes`",
        )
    return graph


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


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal; one that has not changed since it was read in this process is not read again."""
    found = path.stat()
    return _sha256_of(path, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@lru_cache(maxsize=64)
def _sha256_of(path: Path, *_as_it_is: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _encoder() -> dict[str, str]:
    return next(model for model in manifest() if model["name"] == ENCODER)


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
