"""What is said of a theme in a division, in plain English."""

from __future__ import annotations

from pipeline.compare.counting import Counts
from pipeline.compare.difference import least_p
from pipeline.comparison import Rules
from pipeline.report.wording import counted


def verdict(raised: int, tables: int, raised_all: int, tables_all: int, q: float | None, rules: Rules) -> str:
    """One of :data:`pipeline.comparison.VERDICTS`, for a count that may be told; ``q`` None where it was not tested."""
    if not tables:
        return "unknown"
    if tables == tables_all:
        return "alone"
    if raised_all in (0, tables_all):
        return "no_difference"
    if q is None:
        return "too_few"
    if q > rules.alpha:
        return "no_clear_difference"
    return "more" if raised * tables_all > raised_all * tables else "less"


def may_test(tables: int, raised_all: int, tables_all: int, rules: Rules) -> bool:
    """Whether a difference could be clear: enough tables on both sides, and some way to deal them out gives p up to alpha."""
    return enough(tables, tables_all, rules) and least_p(tables, raised_all, tables_all) <= rules.alpha


def enough(tables: int, tables_all: int, rules: Rules) -> bool:
    """Whether a division, and all others together, have as many tables as a test asks for."""
    return min(tables, tables_all - tables) >= rules.least_tables


def sentence(said: str, division: str, raised: int, tables: int, raised_all: int, tables_all: int, q: float | None, counts: Counts) -> str:
    """A verdict as a sentence."""
    here, there = f"{raised} of {counted(tables, 'table')}", f"{raised_all - raised} of {tables_all - tables}"
    done = done_to(counts)
    if said == "unknown":
        return f"Not known: {unknown(division, counts)}."
    if said == "alone":
        return f"Nothing to compare with: {here}."
    if said == "no_difference":
        return f"No difference: {'every table of every division' if raised_all else 'no table of any division'} {done} it."
    if said == "too_few":
        return f"Too few tables to say: {here} in {division} against {there} elsewhere."
    if said == "no_clear_difference":
        return f"No clear difference: {here} in {division} against {there} elsewhere, {q_text(q)}."
    return f"{done[0].upper()}{done[1:]} {said} in {division} than elsewhere: {here} against {there}, {q_text(q)}."


def unknown(division: str, counts: Counts) -> str:
    """Why a division has no tables to count."""
    if counts.kind != "raised" and division not in counts.totals:
        return f"the notes of {division} have nothing under “{counts.title}”"
    return f"the notes of {division} name no tables"


def hidden(rules: Rules, *, sensitive: bool) -> str:
    """Why nothing is said of a theme of which a count is hidden."""
    why = "of a sensitive theme " if sensitive else ""
    return f"Not compared: a count {why}below {rules.hidden_below} is hidden, and so is whatever would give it away."


def done_to(counts: Counts) -> str:
    """What tables did that are counted."""
    if counts.kind == "raised":
        return "raised"
    return f"raised about {counts.title}" if counts.kind == "resident" else f"raised under “{counts.title}”"


def q_text(q: float | None) -> str:
    """A q-value as a sentence has it.

    >>> q_text(0.0004), q_text(0.0213), q_text(0.37)
    ('q < 0.001', 'q = 0.021', 'q = 0.37')
    """
    if q is None:
        return "not tested"
    if q < 0.001:
        return "q < 0.001"
    return f"q = {q:.2g}" if q < 0.1 else f"q = {q:.2f}"
