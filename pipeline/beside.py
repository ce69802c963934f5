"""A second process of Python beside this one, for work that neither holds up the other.

Python runs on one core at a time. To import spaCy and Presidio, to load the language model and to find details and words in the texts of
one event takes some three seconds; while a second process does it, this one reads files and loads the other models. A function marked with
:func:`elsewhere` is done there where a second process runs, and here where none does: what comes of it is the same.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import partial, wraps
from queue import SimpleQueue
from threading import Thread, current_thread, main_thread
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Given = ParamSpec("Given")
Found = TypeVar("Found")
_Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
# Whether something could be done, and what came of it.
_Answer = tuple[bool, Any]


class _Second:
    """A process that does what it is asked, one thing after another."""

    def __init__(self, first: Callable[..., object], *arguments: object) -> None:
        from multiprocessing import get_context

        context = get_context("spawn")  # it begins with nothing of this process, so on every system alike, whatever threads run here
        there, self._to = context.Pipe(duplex=False)
        self._from, back = context.Pipe(duplex=False)
        self._process = context.Process(target=_serve, args=(there, back, first, arguments), daemon=True)
        with _deaf_to_ctrl_c():
            self._process.start()
        there.close()
        back.close()
        self._asked: SimpleQueue[tuple[Future[_Answer], _Call]] = SimpleQueue()
        Thread(target=self._carry, daemon=True).start()

    def ask(self, call: _Call) -> Future[_Answer]:
        """Ask for something; its answer comes when all asked before is done."""
        answer: Future[_Answer] = Future()
        self._asked.put((answer, call))
        return answer

    def _carry(self) -> None:
        while True:
            answer, call = self._asked.get()
            try:
                self._to.send(call)
                answer.set_result(self._from.recv())
            except Exception as error:
                answer.set_exception(error)

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.join()


# How rarely Python is to look for what can be freed, while many objects are made that stay: it saves a tenth of a second.
RARELY = (100_000, 20, 20)
_running: list[_Second] = []  # one at most


def start(first: Callable[..., object], *arguments: object) -> None:
    """Start the second process, for as long as this one runs. Where there is only one core, or spaCy is here already, none is started.

    Parameters
    ----------
    first : what it does before it is asked for anything, such as loading models.
    arguments : of ``first``.
    """
    if not _running and cores() > 1 and "spacy" not in sys.modules:
        with suppress(OSError):  # where the machine allows no other process, all is done here
            _running.append(_Second(first, *arguments))


def runs() -> bool:
    """Whether there is a second process."""
    return bool(_running)


def stop() -> None:
    """End the second process, if one runs: from here on all is done in this one."""
    for second in [*_running]:
        _running.clear()
        second.end()


def begun(function: Callable[Given, Found], *arguments: Given.args, **named: Given.kwargs) -> Callable[[], Found]:
    """Begin a function marked with :func:`elsewhere` in the second process, where one runs, and go on here meanwhile.

    Returns
    -------
    What gives its result, once it is there. Where no second process runs, or it could not do it, that does it here, and fails as it would
    have.
    """
    second = next(iter(_running), None)
    if second is None:
        return partial(function, *arguments, **named)
    answer = second.ask((function, arguments, named))

    def result() -> Found:
        try:
            done, found = answer.result()
        except (EOFError, OSError):  # the process was ended from outside, for its memory perhaps
            stop()
            done, found = False, None
        return found if done else function.__wrapped__(*arguments, **named)  # type: ignore[attr-defined,no-any-return]

    return result


def elsewhere(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Let a function be done in the second process, where one runs.

    It is a function of a module, changes nothing but what it returns, and its arguments and results can be pickled.
    """

    @wraps(function)
    def there_or_here(*arguments: Given.args, **named: Given.kwargs) -> Found:
        return begun(there_or_here, *arguments, **named)() if _running else function(*arguments, **named)

    return there_or_here


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Let what is started meanwhile hear no Ctrl-C, which is for the first process alone."""
    if current_thread() is not main_thread():  # only the main thread may say so
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _serve(asked: Connection, answers: Connection, first: Callable[..., object], arguments: tuple[object, ...]) -> None:
    """What the second process does, until the first one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows that is not handed on
    gc.set_threshold(*RARELY)
    _done((first, arguments, {}))  # what fails is told where it is needed
    while True:
        try:
            call = asked.recv()
            answers.send(_done(call))
        except (EOFError, OSError):
            return


def _done(call: _Call) -> _Answer:
    function, arguments, named = call
    try:
        return True, function(*arguments, **named)
    except Exception:  # the first process does it again, and it fails there
        return False, None
