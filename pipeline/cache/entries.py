"""Entries of the cache on disk: one file each, whole or not there, and checked when it is read.

An entry is a line that says what it is, the sha256 of the rest, and the rest: a zip archive of named parts, not packed. Nothing in it
is ever run. The folder is open to its owner alone, and one that belongs to somebody else is not used, since whoever can write entries
can write results.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pipeline.errors import OutputError

# Of all entries together; beyond it those go that were not used for longest.
MOST_BYTES = 2_000_000_000
ENVIRONMENT = "WORKSHOP_THEMES_CACHE"
_FORM = b"workshop-themes cache 1\n"
_NAME = re.compile(r"[0-9a-f]{64}\.(?:event|session|texts)")
_PARTIAL = ".partial"
# A file half written for longer than this was left by a run that was killed.
_LEFT_AFTER = 3600.0


def cache_folder() -> Path:
    """Where entries are kept: ``runs`` in the folder that WORKSHOP_THEMES_CACHE names, or in the user's cache folder."""
    from platformdirs import user_cache_path

    given = os.environ.get(ENVIRONMENT)
    return (Path(given) if given else user_cache_path("workshop-themes")) / "runs"


class Entries:
    """The entries of one folder.

    Whatever goes wrong with them is remarked on and stops nothing: work that cannot be fetched is done anew.

    Attributes
    ----------
    remarks : what went wrong since they were last taken, in words.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self.remarks: list[str] = []
        self._usable: bool | None = None

    def get(self, name: str) -> dict[str, bytes] | None:
        """The parts of an entry; None where there is none, or it is damaged."""
        if not self.ready():
            return None
        path = self.folder / name
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self.remarks.append(f"an entry of the cache could not be read ({error.strerror or error}), so its work was done anew")
            return None
        parts = _unpacked(data)
        if parts is None:
            self.remarks.append("an entry of the cache was damaged, so its work was done anew")
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)  # it was used, so it is not among the first to go
        return parts

    def put(self, name: str, parts: Mapping[str, bytes]) -> None:
        """Keep an entry, in one step; it takes the place of one of the same name."""
        if not self.ready():
            return
        head, packed = _packed(parts)
        if len(head) + len(packed) > self.most_bytes:
            return
        partial: Path | None = None
        try:
            handle, made = tempfile.mkstemp(prefix=f"{name}.", suffix=_PARTIAL, dir=self.folder)
            partial = Path(made)
            with os.fdopen(handle, "wb") as file:
                file.writelines((head, packed))
            partial.replace(self.folder / name)  # not flushed to disk first: a torn entry would be noticed
            self._shrink(name)
        except OSError as error:
            self.give_up(f"the cache cannot be written ({error.strerror or error}), so finished work was not kept")
        finally:
            if partial is not None:
                with suppress(OSError):
                    partial.unlink(missing_ok=True)

    def ready(self) -> bool:
        """Whether its folder can be used; it is made the first time."""
        if self._usable is None:
            self._usable = True
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                found = self.folder.stat()
                if hasattr(os, "getuid") and found.st_uid != os.getuid():
                    self.give_up("the folder of the cache belongs to another user, so it was not used")
                elif found.st_mode & 0o077:
                    self.folder.chmod(0o700)
            except OSError as error:
                self.give_up(f"the folder of the cache cannot be used ({error.strerror or error}), so finished work was not kept")
        return self._usable

    def give_up(self, remark: str) -> None:
        """Neither fetch nor keep anything from now on, and say why."""
        self._usable = False
        self.remarks.append(remark)

    def _shrink(self, newest: str) -> None:
        """Remove what was not used for longest, until the rest is small enough, and what killed runs left."""
        found = []
        for path in _ours(self.folder):
            with suppress(OSError):  # another run may have removed it
                about = path.stat()
                if path.suffix == _PARTIAL and about.st_mtime < time.time() - _LEFT_AFTER:
                    path.unlink()
                elif path.suffix != _PARTIAL and path.name != newest:
                    found.append((about.st_mtime, path.name, about.st_size))
        left = self.most_bytes - (self.folder / newest).stat().st_size - sum(size for _, _, size in found)
        for _, name, size in sorted(found):
            if left >= 0:
                break
            (self.folder / name).unlink(missing_ok=True)
            left += size


def clear_entries(folder: Path) -> tuple[int, int]:
    """Remove every entry of a folder, and nothing else; returns how many, and how many bytes they had.

    Raises
    ------
    OutputError : one cannot be removed.
    """
    number = size = 0
    try:
        for path in _ours(folder):
            about = path.stat()
            path.unlink()
            number, size = number + (path.suffix != _PARTIAL), size + about.st_size
    except OSError as error:
        raise OutputError(
            f"it cannot be emptied ({error.strerror or error})",
            where=str(folder),
            expected="a cache folder of your own",
            do="wait until other runs have finished, or delete the folder",
        ) from error
    return number, size


def _ours(folder: Path) -> Iterator[Path]:
    """Files in a folder that are named as entries are, or as what a killed run leaves of one."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if _NAME.fullmatch(path.name) or (path.suffix == _PARTIAL and _NAME.match(path.name)):
                yield path


def _packed(parts: Mapping[str, bytes]) -> tuple[bytes, memoryview]:
    """The two pieces of an entry: its head, and its parts, which may be large and are not copied once more."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    packed = buffer.getbuffer()
    return _FORM + hashlib.sha256(packed).hexdigest().encode() + b"\n", packed


def _unpacked(data: bytes) -> dict[str, bytes] | None:
    """The parts of an entry; None where a byte of it is not as it was written."""
    head = len(_FORM) + 65
    packed = data[head:]
    if data[:head] != _FORM + hashlib.sha256(packed).hexdigest().encode() + b"\n":
        return None
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
