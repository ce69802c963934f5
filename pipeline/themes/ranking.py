"""Ranking: which themes of a session come first.

A workshop's tables are its unit of counting: what one table says five times is one table's view. So a theme's weight is the sum,
over the tables that raised it, of how urgent it was to each at its most urgent. Each step of urgency counts twice the one below:
one table that calls it urgent and essential weighs as much as two that call it urgent only, or four that put it under "not
urgent but essential". A table's agreed top priority weighs as urgent and essential. Points under no priority, as in the sessions
that ask for none, weigh as "not urgent but essential"; there, themes rank by the number of tables.
"""

from __future__ import annotations

import pandas as pd

from pipeline.records import PRIORITIES

WEIGHTS = dict(zip(PRIORITIES, (8, 4, 2, 1), strict=True))
UNMARKED = 2
TOP_PRIORITY = WEIGHTS[PRIORITIES[0]]


def weight(members: pd.DataFrame) -> int:
    """How much a theme weighs in its session's ranking, 1 or more; points without a table count as one table together.

    >>> rows = [("1", "Urgent & Essential", ""), ("1", "", ""), ("2", "", ""), ("3", "Not Urgent or Essential", "top_priority")]
    >>> weight(pd.DataFrame(rows, columns=["table", "priority", "aspect"]))
    18
    """
    of_points = members["priority"].map(WEIGHTS).fillna(UNMARKED).astype(int)
    of_points = of_points.where(members["aspect"] != "top_priority", TOP_PRIORITY)
    return int(of_points.groupby(members["table"]).max().sum())
