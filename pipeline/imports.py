"""Importing a package without what it would bring along and do nothing with here.

spaCy and Presidio import torch and transformers where they find them, which takes seven seconds; spaCy its own commands with all that
these download with, and Presidio checks patterns that take half a second to compile.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

HEAVY = ("torch", "transformers")


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Let packages look as if they were not installed while others are imported; one that is loaded already stays as it is.

    >>> with without("zipapp"):
    ...     import zipapp
    Traceback (most recent call last):
    ModuleNotFoundError: import of zipapp halted; None in sys.modules
    >>> import zipapp
    """
    hidden = [package for package in packages if package not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None stands for a package that cannot be imported
    try:
        yield
    finally:
        for package in hidden:
            sys.modules.pop(package, None)


@contextmanager
def put_off(module: str, function: str) -> Iterator[None]:
    """Let a package take one function of a module without importing it before the function is called.

    >>> with put_off("pyclbr", "readmodule"):
    ...     from pyclbr import readmodule
    >>> "pyclbr" in sys.modules
    False
    >>> list(readmodule("numbers"))
    ['Number', 'Complex', 'Real', 'Rational', 'Integral']
    """
    if module in sys.modules:
        yield
        return

    def called(*arguments: Any, **named: Any) -> Any:
        return getattr(import_module(module), function)(*arguments, **named)

    standing_in = ModuleType(module)
    setattr(standing_in, function, called)
    sys.modules[module] = standing_in
    try:
        yield
    finally:
        del sys.modules[module]


@contextmanager
def unchecked(longest: int) -> Iterator[None]:
    """Let the regex package compile no pattern of more characters than this: Presidio compiles each to see that it can, then to use it.

    >>> import regex
    >>> with unchecked(3):
    ...     regex.compile("a+"), regex.compile("a+b+")
    (regex.Regex('a+', flags=regex.V0), None)
    """
    import regex  # type: ignore[import-untyped]

    compiled = regex.compile

    def compile_short(pattern: str, *arguments: Any, **named: Any) -> Any:
        return None if len(pattern) > longest else compiled(pattern, *arguments, **named)

    regex.compile = compile_short
    try:
        yield
    finally:
        regex.compile = compiled
