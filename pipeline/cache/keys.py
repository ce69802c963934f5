"""What decides a result, as a sha256: if the key of some work is that of work done before, so is its result.

Rather too much goes into a key than too little. A library that was updated, or a line of this program that changed, makes every key
new, whether or not it would have changed the result.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.settings import MODELS, PACKAGE, SCHEMAS, Settings
from pipeline.taxonomy import load_taxonomy

_STARTED = time.time()
# Where libraries are looked for. Some put a folder of their own there once they are imported, Ray for one.
_FOLDERS = tuple(sys.path)
# Counts up when the form of what is kept changes.
FORM = 2
# Settings that change nothing from tokenise to label. Those of redaction show in the notes; the bytes of the files named stand for them.
_NOT_FOR_SESSIONS = frozenset(
    "taxonomy glossary trained keep_names redact_also keep_redactions reports quotes_per_theme sensitive_codes quotes_from_tables".split()
)
_NAME_LISTS = ("keep_names", "redact_also")
# What read_earlier needs of run.json; its timings are never the same twice.
_NEEDED = ("versions", "models", "taxonomy", "settings")


def made_with(settings: Settings) -> dict[str, Any]:
    """Everything beside notes and plain settings that decides a result: the program, its libraries, models, taxonomy, glossary.

    The label model is not among it, since it is made of the taxonomy, the coded texts and the encoder alone.

    Raises
    ------
    TaxonomyError : the taxonomy cannot be read, or has faults.
    OSError : a part cannot be read, or the program was changed while it runs, so that its files do not say what it does.
    """
    program = sorted({*_program(PACKAGE), *_program(MODELS), *_program(SCHEMAS)})
    stated = [(path, path.stat()) for path in program]
    if max(stat.st_mtime for _, stat in stated) > _STARTED:
        raise OSError("the program was changed while it ran")
    return {
        "form": FORM,
        "machine": [platform.python_version(), platform.system(), platform.machine()],
        "program": _sha256_of_program(tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stated)),
        "libraries": sorted({name for name in _installed() if name.endswith((".dist-info", ".egg-info"))}),
        # The bundled models and taxonomy are part of the program. To read another taxonomy tells which coded texts it names.
        "taxonomy": load_taxonomy(settings.taxonomy).sha256 if settings.taxonomy else "bundled",
        "glossary": _sha256_of_all([settings.glossary_path]),
        "encoder": _sha256_of_folder(Path(settings.encoder)) if Path(settings.encoder).is_dir() else settings.encoder,
        "spacy": _sha256_of_package(settings.spacy_model),
        "trained": _sha256_of_folder(settings.trained) if settings.trained else "none",
    }


def event_key(made: dict[str, Any], settings: Settings, files: str, earlier: str) -> str:
    """The key of everything that a run writes for an event.

    Parameters
    ----------
    made : what :func:`made_with` gives.
    files, earlier : what stands for the event's files, and for the earlier result whose ids are carried over.
    """
    lists = [_sha256_of_all([path]) if (path := getattr(settings, name)) else "" for name in _NAME_LISTS]
    return _sha256(["event", made, settings.model_dump(mode="json"), lists, files, earlier])


def session_key(made: dict[str, Any], settings: Settings, notes: pd.DataFrame) -> str:
    """The key of the labelled points of one session, made from ``notes``: its redacted Notes, in order."""
    return _sha256(["session", made, _for_sessions(settings), list(notes.columns), notes.to_numpy().tolist()])


def texts_key(made: dict[str, Any], settings: Settings, texts: pd.DataFrame) -> str:
    """The key of what is said of redacted ``texts``, in order; what decides it decides a session."""
    return _sha256(["texts", made, _for_sessions(settings), list(texts.columns), texts.to_numpy().tolist()])


def earlier_result(folder: Path) -> str | None:
    """What stands for the result in a folder as far as ids are carried over from it; None where it cannot be read.

    It is made of what :func:`pipeline.store.read_earlier` reads.
    """
    if not folder.exists():
        return "none"
    try:
        account = json.loads((folder / "run.json").read_bytes())
        if not isinstance(account, dict) or not all(key in account for key in _NEEDED):
            return None
        made = account.get("corrections", {}).get("machine_themes", [])
        return _sha256([_sha256_of_all([folder / "themes.json", folder / "points.parquet"]), made])
    except (OSError, ValueError):
        return None


def _for_sessions(settings: Settings) -> dict[str, Any]:
    return {name: value for name, value in settings.model_dump(mode="json").items() if name not in _NOT_FOR_SESSIONS}


def _sha256(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


@lru_cache(maxsize=1)  # every block of texts that is kept asks whether it is still the same
def _sha256_of_program(files: tuple[tuple[Path, int, int], ...]) -> str:
    """Of the program's files, given with the time of their last change and their size."""
    return _sha256_of_all([path for path, _, _ in files])


def _sha256_of_all(paths: list[Path]) -> str:
    return _sha256([hashlib.sha256(path.read_bytes()).hexdigest() for path in paths])


def _sha256_of_folder(folder: Path) -> str:
    """Of the names and bytes of all files; that of nothing where there is no such folder, which is told when it is opened."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return _sha256([[path.relative_to(folder).as_posix() for path in files], _sha256_of_all(files)])


def _sha256_of_package(name: str) -> str:
    """Of a package by the list of its files that pip keeps, which has the sha256 of each, or of a folder."""
    if Path(name).is_dir():
        return _sha256_of_folder(Path(name))
    try:
        listed = distribution(name).read_text("RECORD")
    except (PackageNotFoundError, ValueError):
        listed = None
    if listed:
        return _sha256(listed)
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        spec = None
    return _sha256([_sha256_of_folder(Path(folder)) for folder in (spec.submodule_search_locations if spec else None) or []])


def _program(folder: Path) -> Iterator[Path]:
    """Files of the program beneath a folder; what is made from others is left out."""
    for path in folder.rglob("*"):
        if path.is_file() and not {"__pycache__", "built"} & set(path.relative_to(folder).parts):
            yield path


def _installed() -> Iterator[str]:
    """Names in the folders that libraries are imported from; that of a library's own folder has its version."""
    for folder in _FOLDERS:
        if folder and Path(folder).is_dir():
            yield from (path.name for path in Path(folder).iterdir())
