"""The file of a ledger: read whole, added to at its end, and held by one program at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import OutputError, ReadError

WAIT = 30.0  # seconds for another program that is adding lines


def read_bytes(path: Path) -> bytes:
    """What a ledger holds; nothing if there is none.

    Raises
    ------
    ReadError : it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ReadError(
            f"the ledger of corrections cannot be read ({error.strerror or error})",
            where=str(path),
            expected="a file that can be read",
            do="name the ledger with --ledger",
        ) from error


def add_lines(path: Path, lines: bytes) -> None:
    """Write lines behind the last one and onto the disk; where that fails, the file is cut back to what it was."""
    if not lines:
        return
    new = not path.exists()
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
    try:
        before = os.fstat(target).st_size
        try:
            left = memoryview(lines)
            while left:
                left = left[os.write(target, left) :]
            os.fsync(target)
        except OSError:
            os.ftruncate(target, before)
            raise
    finally:
        os.close(target)
    if new:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have the name of a new file on the disk too; only some systems can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a ledger, so that one program at a time adds to it.

    Raises
    ------
    OutputError : another program holds it for half a minute, or it cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(f".{path.name}.lock"))
        lock.acquire(timeout=WAIT)
    except Timeout as error:
        raise OutputError(
            "another program is adding to it and does not come to an end",
            where=str(path),
            expected="one program at a time",
            do="wait until it has finished, or close it",
        ) from error
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        yield
    finally:
        lock.release()


def cannot_write(path: Path, error: OSError) -> OutputError:
    """What is to be told if nothing could be added."""
    return OutputError(
        f"the ledger of corrections cannot be written ({error.strerror or error}); nothing was added",
        where=str(path),
        expected="a file that can be written to, with space left",
        do="free space, or name another ledger with --ledger",
    )
