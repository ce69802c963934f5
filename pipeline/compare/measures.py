"""Counts of tables turned into shares, differences and verdicts, with small numbers hidden where the rules say so.

Hiding. Of a theme under the rule for small numbers, no count below the threshold is told, nor, if there is such a count, its total or
anything that the total could be worked out from: the rest of the tables, differences, tests. Its tests count as made and not found, so
its counts show in no other theme's q either. It is not broken down by aspect or resident type, because the parts and the whole together
would give small numbers away. So a published comparison is the same whichever of the numbers below the threshold a hidden one is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.compare import verdicts
from pipeline.compare.counting import Count, Counts
from pipeline.compare.difference import cohens_h, permutation_p, q_values, significant, wilson
from pipeline.comparison import Cell, ComparedQuote, ComparedTheme, Measure, Rules

PARTS = ("aspect", "resident")
Quotes = Mapping[tuple[str, str], tuple[ComparedQuote, ...]]


@dataclass(frozen=True, slots=True)
class Named:
    """A theme of the taxonomy as far as a comparison names it."""

    code: str
    title: str
    broader: str | None


def measures(counted: Sequence[Counts], themes: Sequence[Named], divisions: Sequence[str], rules: Rules, quotes: Quotes) -> list[Measure]:
    """Every measure with its themes.

    Parameters
    ----------
    counted : see :func:`pipeline.compare.counting.count_measures`.
    themes : those of the taxonomy, as far as they are known, or those that any event raised.
    divisions : all of them, in the order of the cells.
    quotes : by theme and division, those that may be shown.
    """
    made = []
    for kind in dict.fromkeys(counts.kind for counts in counted):
        of_kind = [counts for counts in counted if counts.kind == kind]
        tests = _tests(of_kind, themes, divisions, rules)
        for counts in of_kind:
            listed = [theme for theme in themes if _is_listed(theme.code, counts, rules)]
            rows = [_theme(theme, counts, divisions, rules, tests, quotes if kind == "raised" else {}) for theme in listed]
            if rows:
                made.append(Measure(kind, counts.value, counts.title, tests.made, tuple(sorted(rows, key=_order))))
    return made


def _order(theme: ComparedTheme) -> tuple[bool, int, int, str, str]:
    """The most widely raised first; those withheld last, in an order that says nothing of their numbers."""
    points = 0 if theme.withheld else sum(cell.points or 0 for cell in theme.cells)
    return (theme.withheld, -(theme.tables or 0), -points, theme.title, theme.code)


def _is_listed(code: str, counts: Counts, rules: Rules) -> bool:
    """A theme under the rule is listed whether or not anybody raised it, for that would tell its zeros."""
    if rules.guards(code):
        return counts.kind not in PARTS
    return any(of == code for of, _ in counts.of)


@dataclass(frozen=True, slots=True)
class _Tests:
    """All tests of one kind of measure: p and q by measure, theme and division; ``made`` counts those that are hidden too."""

    p: dict[tuple[str, str, str], float]
    q: dict[tuple[str, str, str], float]
    made: int


def _tests(of_kind: Sequence[Counts], themes: Sequence[Named], divisions: Sequence[str], rules: Rules) -> _Tests:
    chances: dict[tuple[str, str, str], float] = {}
    untold = 0
    for counts in of_kind:
        tables_all = sum(total.tables for total in counts.totals.values())
        for theme in themes:
            if not _is_listed(theme.code, counts, rules):
                continue
            withheld = is_withheld(theme.code, counts, divisions, rules)
            raised_all = sum(_count(counts, theme.code, division).tables for division in divisions)
            for division in divisions:
                tables = _total(counts, division).tables
                if withheld:
                    untold += verdicts.enough(tables, tables_all, rules)
                elif verdicts.may_test(tables, raised_all, tables_all, rules):
                    raised = _count(counts, theme.code, division).tables
                    chances[counts.value, theme.code, division] = permutation_p(raised, tables, raised_all, tables_all)
    return _Tests(chances, dict(zip(chances, q_values(list(chances.values()), untold), strict=True)), len(chances) + untold)


def is_withheld(code: str, counts: Counts, divisions: Sequence[str], rules: Rules) -> bool:
    """Whether a theme is under the rule for small numbers and has one in some division."""
    return rules.guards(code) and any(_is_hidden(code, division, counts, rules) for division in divisions)


def _is_hidden(code: str, division: str, counts: Counts, rules: Rules) -> bool:
    small = _count(counts, code, division).tables < rules.hidden_below
    return rules.guards(code) and bool(_total(counts, division).tables) and small


def _theme(theme: Named, counts: Counts, divisions: Sequence[str], rules: Rules, tests: _Tests, quotes: Quotes) -> ComparedTheme:
    withheld = is_withheld(theme.code, counts, divisions, rules)
    cells = []
    for division in divisions:
        found, total = _count(counts, theme.code, division), _total(counts, division)
        hidden = _is_hidden(theme.code, division, counts, rules)
        cell = _counted_cell(division, found, total, rules, hidden=hidden, guarded=rules.guards(theme.code))
        if not cell.hidden:
            cell = replace(cell, quotes=quotes.get((theme.code, division), ()))
        key = (counts.value, theme.code, division)
        if withheld:
            said = verdicts.hidden(rules, sensitive=theme.code in rules.sensitive)
            cell = replace(cell, verdict="hidden", sentence=said)
        else:
            cell = _told(cell, theme.code, counts, divisions, rules, tests.p.get(key), tests.q.get(key))
        cells.append(cell)
    raised_all = None if withheld else sum(_count(counts, theme.code, division).tables for division in divisions)
    return ComparedTheme(theme.code, theme.title, theme.broader, theme.code in rules.sensitive, withheld, raised_all, tuple(cells))


def _told(cell: Cell, code: str, counts: Counts, divisions: Sequence[str], rules: Rules, p: float | None, q: float | None) -> Cell:
    """A cell with the rest, the difference and the verdict."""
    raised, tables = _count(counts, code, cell.division).tables, cell.tables_total
    raised_all = sum(_count(counts, code, division).tables for division in divisions)
    tables_all = sum(total.tables for total in counts.totals.values())
    said = verdicts.verdict(raised, tables, raised_all, tables_all, q, rules)
    rest = tables_all - tables
    if rest:
        other = (raised_all - raised) / rest
        cell = replace(cell, rest_tables=raised_all - raised, rest_total=rest, rest_share=significant(other))
        if tables:
            share = raised / tables
            cell = replace(cell, difference=significant(share - other), effect=significant(cohens_h(share, other)))
    return replace(
        cell,
        p=p,
        q=q,
        verdict=said,
        sentence=verdicts.sentence(said, cell.division, raised, tables, raised_all, tables_all, q, counts),
    )


def _counted_cell(division: str, found: Count, total: Count, rules: Rules, *, hidden: bool, guarded: bool) -> Cell:
    """A cell as far as the division's own tables go."""
    known = bool(total.tables) and not hidden
    low, high = wilson(found.tables, total.tables) if known else (None, None)
    return Cell(
        division=division,
        tables=found.tables if known else None,
        tables_total=total.tables,
        hidden=hidden,
        shown=shown(found.tables, total.tables, rules, hidden=hidden),
        share=significant(found.tables / total.tables) if known else None,
        low=None if low is None else significant(low),
        high=None if high is None else significant(high),
        rest_tables=None, rest_total=None, rest_share=None, difference=None, effect=None, p=None, q=None, verdict="", sentence="",
        # Points of a theme under the rule are not told: with them, and those of its parts, small numbers could be worked out.
        points=None if guarded else found.points,
        mentions=None if guarded else found.mentions,
        quotes=(),
    )  # fmt: skip


def shown(raised: int, tables: int, rules: Rules, *, hidden: bool) -> str:
    """A count of tables as it is shown."""
    if not tables:
        return "not known"
    return f"{f'<{rules.hidden_below}' if hidden else raised} of {tables}"


def _count(counts: Counts, code: str, division: str) -> Count:
    return counts.of.get((code, division), Count())


def _total(counts: Counts, division: str) -> Count:
    return counts.totals.get(division, Count())
