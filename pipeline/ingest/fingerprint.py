"""What stands for the files of one event: if it is the same, so is what is read from them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest.limits import check_file
from pipeline.ingest.sources import Source


def fingerprint(source: Source) -> str | None:
    """The sha256 of the names and bytes of an event's files, whatever their order; None where one of them cannot be read.

    Files that are only mentioned, such as a README, count by their names.
    """
    read = [*source.files, *([source.event_file] if source.event_file else [])]
    try:
        files = sorted((path.relative_to(source.root).as_posix(), _sha256(path)) for path in read)
    except (OSError, ReadError):
        return None
    beside = sorted(path.relative_to(source.root).as_posix() for path in source.beside)
    return hashlib.sha256(json.dumps([source.name, files, beside]).encode()).hexdigest()


def _sha256(path: Path) -> str:
    check_file(path, path.name)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
