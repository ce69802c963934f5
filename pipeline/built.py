"""Models that this machine makes of what comes with the program, once: where they are kept, and how.

They are kept in ``models/built``, or in the user's cache folder where that cannot be written. Their names say what they come from, so one
that was made of something else is never found.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import ModelError
from pipeline.settings import MODELS


def built_folder() -> Path:
    """Where models are kept; it is made if need be."""
    folder = MODELS / "built"
    try:
        folder.mkdir(exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    folder = _cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def places(name: str) -> tuple[Path, Path]:
    """Where a model of this name may be kept: a folder that cannot be written can still be read."""
    return MODELS / "built" / name, _cache_folder() / name


def keep(name: str, write: Callable[[BinaryIO], object], what: str) -> None:
    """Keep a model, in one step, so that a second process never reads half of it.

    Parameters
    ----------
    name : of its file.
    write : writes its bytes.
    what : the model in words, for messages.

    Raises
    ------
    ModelError : the disk is full or the folder cannot be written.
    """
    path, partial = places(name)[0], None
    try:
        path = built_folder() / name
        partial = path.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            write(file)
        partial.replace(path)
    except OSError as error:
        raise ModelError(
            f"the {what} was prepared but cannot be kept ({error.strerror or error})",
            where=str(path),
            expected="a folder that can be written to, with 100 MB free",
            do="free some space and run again",
        ) from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("workshop-themes")
