"""How many points a report lists: of very many nobody reads a list, and the page that holds it would not open."""

from __future__ import annotations

from collections.abc import Sized

MOST_LISTED = 20_000


def listed(points: Sized) -> bool:
    """Whether reports list the points of an event one by one, beside its themes with their quotes."""
    return len(points) <= MOST_LISTED
