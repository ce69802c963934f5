"""What can go wrong, as a tree.

::

    ThemesError
    ├── ReadError        a file could not be read (the rest of the batch goes on)
    ├── EventError       an event.yaml says something that cannot be used
    ├── SettingsError    a setting or a command-line value is out of range
    ├── TaxonomyError    a taxonomy file has faults (all of them, at once)
    ├── ModelError       a model is missing or is not the one expected
    ├── EngineError      the machines that were to do the work cannot be used
    ├── ContractError    a stage was given or gave a table that breaks its contract
    └── OutputError      a result could not be written

Every message says what was wrong, where, what was expected and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any


class ThemesError(Exception):
    """Base of every error this package raises on purpose.

    Parameters
    ----------
    what : what was wrong, one plain sentence without a full stop.
    where : file, sheet, row or key it was found at; empty when there is none.
    expected : what would have been right.
    do : what the reader of the message can do about it.
    """

    def __init__(self, what: str, *, where: str = "", expected: str = "", do: str = "") -> None:
        self.what, self.where, self.expected, self.do = what, where, expected, do
        head = f"{where}: {what}" if where else what
        parts = [f"{head}."]
        if expected:
            parts.append(f"Expected: {expected}.")
        if do:
            parts.append(f"What to do: {do}.")
        super().__init__(" ".join(parts))

    def __reduce__(self) -> tuple[Any, ...]:
        """How it comes back from another process."""
        return partial(type(self), where=self.where, expected=self.expected, do=self.do), (self.what,)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message alone, since the lines of this program that led to it tell its users nothing."""
        return [f"{type(self).__name__}: {self}"]


class ReadError(ThemesError):
    """A raw file could not be read; other files are unaffected."""


class EventError(ThemesError):
    """An event.yaml cannot be used."""


class SettingsError(ThemesError):
    """A setting is unknown or out of range."""


class TaxonomyError(ThemesError):
    """A taxonomy file has one or more faults, all listed."""


class ModelError(ThemesError):
    """A model is missing, or its bytes are not those expected."""


class EngineError(ThemesError):
    """The machines that were to do the work cannot be used, or were lost."""


class ContractError(ThemesError):
    """A table at a seam between stages breaks its contract."""


class OutputError(ThemesError):
    """A result could not be written."""


def listed(faults: Sequence[str]) -> str:
    """Join several faults into one readable sentence part.

    >>> listed(["a is missing", "b is twice"])
    '2 faults: (1) a is missing; (2) b is twice'
    >>> listed(["a is missing"])
    'a is missing'
    """
    if len(faults) == 1:
        return faults[0]
    numbered = "; ".join(f"({number}) {fault}" for number, fault in enumerate(faults, 1))
    return f"{len(faults)} faults: {numbered}"
