"""An end to work that might go on for ever: a PDF, say, made to keep the library that reads it busy."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import ReadError

_AGAIN = 1.0  # seconds until a library that swallowed the first interruption gets another


class _TimeIsUp(BaseException):
    """Raised within work whose time is up; no ``except Exception`` of a library stops it."""


@contextmanager
def deadline(seconds: float, source_file: str) -> Iterator[None]:
    """Within it, Python code that runs for longer than ``seconds`` is ended. What a library does outside Python is waited for.

    A signal would do this on Unix, and in the main thread, only.

    Raises
    ------
    ReadError : the time was up.
    """
    worker, finished = threading.get_ident(), threading.Event()

    def watch() -> None:
        wait = seconds
        while not finished.wait(wait):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker), ctypes.py_object(_TimeIsUp))
            wait = _AGAIN

    watcher = threading.Thread(target=watch, name="deadline", daemon=True)
    watcher.start()
    try:
        try:
            yield
        finally:
            finished.set()
            watcher.join()
    except _TimeIsUp as error:
        raise ReadError(
            f"to read it takes longer than {seconds / 60:.0f} minutes",
            where=source_file,
            expected="a file of notes, which takes seconds",
            do="print only the pages with notes to a new PDF, or divide it into several files",
        ) from error
