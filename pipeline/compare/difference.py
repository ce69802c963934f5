"""How sure a difference between shares of tables is.

Methods: intervals by Wilson (1927, Journal of the American Statistical Association 22, 209-212), which Brown, Cai and DasGupta (2001,
Statistical Science 16, 101-133) recommend for few observations; effect size by Cohen (1988, Statistical Power Analysis, 2nd ed., chapter
6); a permutation test of the difference, where Phipson and Smyth (2010, Statistical Applications in Genetics and Molecular Biology 9:39)
would correct random permutations, all are counted instead; false-discovery rate by Benjamini and Hochberg (1995, Journal of the Royal
Statistical Society B 57, 289-300); tests that cannot come out left aside by what Tarone (1990, Biometrics 46, 515-522) and Gilbert (2005,
Applied Statistics 54, 143-158) noticed of discrete data.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

DIGITS = 6


@lru_cache(maxsize=4096)
def wilson(raised: int, tables: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share, for at least one table.

    >>> [round(end, 3) for end in wilson(0, 6)], [round(end, 3) for end in wilson(3, 6)]
    ([0.0, 0.39], [0.188, 0.812])
    """
    from scipy.stats import binomtest

    found = binomtest(raised, tables).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def cohens_h(share: float, other: float) -> float:
    """Cohen's h: the difference of two shares on a scale where equal steps are equally easy to find.

    >>> round(cohens_h(0.8, 0.2), 3), cohens_h(0.5, 0.5)
    (1.287, 0.0)
    """
    return 2 * math.asin(math.sqrt(share)) - 2 * math.asin(math.sqrt(other))


@lru_cache(maxsize=4096)
def permutation_p(raised: int, tables: int, raised_all: int, tables_all: int) -> float:
    """Share of all ways to deal the tables out to the divisions that give a difference at least as large, either way.

    The difference depends on nothing but how many of the tables that raised the theme the division is dealt, and that number is
    hypergeometric. So all permutations are counted, whatever the number of tables, and none is drawn.

    Parameters
    ----------
    raised, tables : of the division, ``0 <= raised <= tables``.
    raised_all, tables_all : of all divisions, this one among them; at least one table is elsewhere.

    Returns
    -------
    above 0, at most 1.

    >>> permutation_p(3, 3, 3, 6)  # 2 of the 20 ways: all three here, or all three there
    0.1
    """
    from scipy.stats import hypergeom

    # In whole numbers: share less the rest's share, times tables * (tables_all - tables), so that ties are ties.
    extreme = abs(raised * tables_all - raised_all * tables)
    ways = range(max(0, tables + raised_all - tables_all), min(tables, raised_all) + 1)
    as_extreme = [way for way in ways if abs(way * tables_all - raised_all * tables) >= extreme]
    if len(as_extreme) == len(ways):
        return 1.0
    return min(1.0, significant(math.fsum(hypergeom.pmf(as_extreme, tables_all, raised_all, tables))))


def least_p(tables: int, raised_all: int, tables_all: int) -> float:
    """The smallest p that any dealing out of the tables could give; 1 where all or none raised the theme."""
    ends = (max(0, tables + raised_all - tables_all), min(tables, raised_all))
    return min(permutation_p(end, tables, raised_all, tables_all) for end in ends)


def q_values(chances: Sequence[float], untold: int = 0) -> list[float]:
    """Benjamini and Hochberg's adjusted p-values, in the order given; each is at least its p.

    Parameters
    ----------
    chances : p-values.
    untold : so many further tests count as made and not found (p = 1), so that what they found shows in no other q.

    >>> q_values([0.01, 0.04, 0.03]), q_values([0.01], untold=1)
    ([0.03, 0.04, 0.04], [0.02])
    """
    from scipy.stats import false_discovery_control

    if not chances:
        return []
    adjusted = false_discovery_control([*chances, *[1.0] * untold], method="bh")[: len(chances)]
    return [significant(float(q)) for q in adjusted]


def significant(value: float) -> float:
    """A number to six significant digits, so that the last bits of a sum are not written."""
    return float(f"{value:.{DIGITS}g}")
