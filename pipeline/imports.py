"""Importing a package without the packages that it would bring along if they are there.

spaCy and Presidio import torch and transformers where they find them, which takes seven seconds, and use nothing of them here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

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
