"""Figures of a comparison as its report writes them, and the cells that several of its parts look for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.comparison import Cell, ComparedTheme, Comparison, EmergentCell, Measure
from pipeline.report.wording import counted


def at_all(comparison: Comparison) -> list[Measure]:
    """What counts how many tables raised a theme at all: one, or none where nobody raised any."""
    return [measure for measure in comparison.measures if measure.kind == "raised"]


def raised(comparison: Comparison) -> tuple[ComparedTheme, ...]:
    """Every theme with how many tables raised it at all."""
    return tuple(theme for measure in at_all(comparison) for theme in measure.themes)


def parts(comparison: Comparison) -> list[Measure]:
    """What is counted under a priority, a heading or a resident type."""
    return [measure for measure in comparison.measures if measure.kind != "raised"]


def under(measure: Measure) -> str:
    """Under what a measure counts, as a row or a remark names it."""
    return f"Residents: {measure.title}" if measure.kind == "resident" else measure.title


def clear(measures: Iterable[Measure], *verdicts: str) -> Iterator[tuple[ComparedTheme, Cell]]:
    """Cells whose difference is clear, the surest first."""
    found = [(theme, cell) for measure in measures for theme in measure.themes for cell in theme.cells if cell.verdict in verdicts]
    yield from sorted(found, key=lambda item: (item[1].q or 0.0, item[1].p or 0.0, item[0].title, item[1].division))


def of_division(theme: ComparedTheme, division: str) -> Cell:
    """A theme in one division."""
    return next(cell for cell in theme.cells if cell.division == division)


def told(cell: Cell | EmergentCell) -> int:
    """How many tables raised a theme, or points where the notes name no tables; 0 where that is hidden."""
    return (cell.tables if cell.tables_total else cell.points) or 0


def in_words(cell: Cell | EmergentCell) -> str:
    """A count with its unit.

    A division whose notes name no tables has points instead.
    """
    if cell.tables_total:
        return f"{cell.shown} {'table' if cell.tables_total == 1 else 'tables'}"
    return "not known" if cell.points is None else counted(cell.points, "point")


def percent(share: float | None) -> str:
    """A share of 0 to 1.

    >>> percent(2 / 3), percent(None)
    ('67%', '')
    """
    return "" if share is None else f"{100 * share:.0f}%"


def interval(cell: Cell) -> str:
    """The 95% interval of a cell's share."""
    return "" if cell.low is None else f"{percent(cell.low)[:-1]}–{percent(cell.high)}"


def signed(difference: float | None) -> str:
    """A difference of shares in percentage points.

    >>> signed(0.244), signed(-0.1), signed(0.001), signed(None)
    ('+24', '−10', '0', '')
    """
    if difference is None:
        return ""
    points = round(100 * difference)
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{abs(points)}"


def chance(value: float | None) -> str:
    """A q-value.

    >>> chance(0.0004), chance(0.0213), chance(0.9221), chance(None)
    ('<0.001', '0.021', '0.92', '')
    """
    if value is None:
        return ""
    return "<0.001" if value < 0.001 else f"{value:.2g}" if value < 0.1 else f"{value:.2f}"
