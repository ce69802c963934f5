"""Ranking: which themes of a session come first.

A workshop's tables are its unit of counting: what one table says five times is one table's view. So a theme's weight is the sum,
over the tables that raised it, of how urgent it was to each at its most urgent. Each step of urgency counts twice the one below:
one table that calls it urgent and essential weighs as much as two that call it urgent only, or four that put it under "not
urgent but essential". A table's agreed top priority weighs as urgent and essential. Points under no priority, as in the sessions
that ask for none, weigh as "not urgent but essential"; there, themes rank by the number of tables.
"""

from __future__ import annotations

from pipeline.records import PRIORITIES, Columns

WEIGHTS = dict(zip(PRIORITIES, (8, 4, 2, 1), strict=True))
UNMARKED = 2
TOP_PRIORITY = WEIGHTS[PRIORITIES[0]]


def weight(members: Columns) -> int:
    """How much a theme weighs in its session's ranking, 1 or more; points without a table count as one table together.

    >>> priorities = ["Urgent & Essential", "", "", "Not Urgent or Essential"]
    >>> weight({"table": ["1", "1", "2", "3"], "priority": priorities, "aspect": ["", "", "", "top_priority"]})
    18
    """
    of_tables: dict[str, int] = {}
    for table, priority, aspect in set(zip(members["table"], members["priority"], members["aspect"], strict=True)):
        of_point = TOP_PRIORITY if aspect == "top_priority" else WEIGHTS.get(priority, UNMARKED)
        of_tables[table] = max(of_tables.get(table, 0), of_point)
    return sum(of_tables.values())
