"""How reports put counts and places into words."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "table"), counted(0, "point")
    ('1 table', '0 points')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def said_at(tables: Sequence[str]) -> str:
    """Which tables said something.

    >>> said_at(["2"]), said_at(["1", "10"])
    ('table 2', 'tables 1, 10')
    """
    return f"table{'s' if len(tables) > 1 else ''} {', '.join(tables)}"


def sentence_list(parts: Sequence[str]) -> str:
    """Several parts as a sentence has them.

    >>> sentence_list(["3 high", "2 medium", "1 low"]), sentence_list(["3 high"])
    ('3 high, 2 medium and 1 low', '3 high')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
