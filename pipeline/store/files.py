"""Writing files and folders in one step: they are visible when complete, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import OutputError

LOCK = ".lock"


def check_folder(out: Path) -> None:
    """See that a place for results is a folder, or can become one.

    Raises
    ------
    OutputError : it is a file.
    """
    if out.exists() and not out.is_dir():
        raise _cannot_write(out, NotADirectoryError(errno.ENOTDIR, "it is a file"))


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold an output folder for one run, and first put right what a run that was killed left there.

    Raises
    ------
    OutputError : another run holds it, or it cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / LOCK)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OutputError(
            "another run is writing there",
            where=str(out),
            expected="one run at a time into one folder",
            do="wait until it has finished, or name another folder with --out",
        ) from error
    except OSError as error:
        raise _cannot_write(out, error) from error
    try:
        _put_right(out)
        yield
    finally:
        lock.release()


def _put_right(out: Path) -> None:
    """Remove unfinished folders, and bring back a result that was moved aside when a run was killed before the new one took its place."""
    try:
        for aside in sorted(out.glob(".*.old")):
            final = out / aside.name[1:].rsplit(".", 2)[0]
            if final.exists():
                shutil.rmtree(aside, ignore_errors=True)
            else:
                aside.rename(final)
        for partial in out.glob(".*.partial"):
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise _cannot_write(out, error) from error


def check_replaceable(out: Path, files: Collection[str], what: str) -> None:
    """Make sure that a folder may be written anew: it is replaced as a whole, so it may hold only what was written there earlier.

    Parameters
    ----------
    out : the folder.
    files : the names of all files that are written to it.
    what : what these are, such as ``comparison``, for the message.

    Raises
    ------
    OutputError : it holds something else, or is a file.
    """
    others = sorted(path.name for path in out.iterdir() if path.name not in files) if out.is_dir() else []
    if others or (out.exists() and not out.is_dir()):
        raise OutputError(
            f"it holds '{others[0]}', which is no part of an earlier {what}" if others else "it is a file",
            where=str(out),
            expected=f"a folder that is new, empty, or holds an earlier {what}, which is replaced",
            do="name another folder with --out",
        )


def write_folder(out: Path, name: str, files: Mapping[str, bytes | Iterable[bytes]]) -> Path:
    """Write a folder of files, each whole or in parts, at ``out/name`` in one step, in place of what was there.

    Raises
    ------
    OutputError : it cannot be written; what was there before is intact.
    """
    final = out / name
    try:
        out.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".partial", dir=out))
    except OSError as error:
        raise _cannot_write(final, error) from error
    try:
        partial.chmod(0o755)
        for file, data in files.items():
            with (partial / file).open("wb") as target:
                target.writelines([data] if isinstance(data, bytes) else data)
                target.flush()
                os.fsync(target.fileno())
        _swap(partial, final)
    except OSError as error:
        raise _cannot_write(final, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return final


def _swap(partial: Path, final: Path) -> None:
    """Put the finished folder in the place of the old one."""
    old = partial.with_suffix(".old")
    if final.exists():
        final.rename(old)
    try:
        partial.rename(final)
    except OSError:
        if old.exists():
            old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_file(path: Path, data: bytes) -> None:
    """Write one file in one step.

    Raises
    ------
    OutputError : it cannot be written; what was there before is intact.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        partial.chmod(0o644)
        partial.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        partial.unlink(missing_ok=True)


def _cannot_write(place: Path, error: OSError) -> OutputError:
    return OutputError(
        f"it cannot be written ({error.strerror or error})",
        where=str(place),
        expected="a folder that can be written to, with space left",
        do="free space, close files that are open in Excel, or name another folder with --out",
    )
