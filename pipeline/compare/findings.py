"""What stands out of a comparison, in sentences: themes that set a division apart, that all share, that one lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.compare.difference import significant
from pipeline.comparison import Cell, ComparedTheme, Finding, Rules
from pipeline.report.wording import counted


def distinctive(themes: Sequence[ComparedTheme]) -> tuple[Finding, ...]:
    """Themes raised more in a division than elsewhere, the surest first."""
    found = [(cell, theme) for theme in themes for cell in theme.cells if cell.verdict == "more"]
    found.sort(key=lambda pair: (pair[0].q or 0.0, pair[0].p or 0.0, pair[1].title, pair[0].division))
    return tuple(Finding(theme.code, theme.title, cell.division, cell.sentence) for cell, theme in found)


def shared(themes: Sequence[ComparedTheme]) -> tuple[Finding, ...]:
    """Themes raised in every division, of two or more, where that may be told."""
    return tuple(
        Finding(theme.code, theme.title, "", _shared_sentence(theme))
        for theme in themes
        if len(theme.cells) > 1 and not theme.withheld and all(_is_raised(cell) for cell in theme.cells)
    )


def _is_raised(cell: Cell) -> bool:
    return bool(cell.tables or (cell.tables_total == 0 and cell.points))


def _shared_sentence(theme: ComparedTheme) -> str:
    shares = [cell.share for cell in theme.cells if cell.share is not None]
    if not shares:
        return f"Raised in all {len(theme.cells)} divisions."
    low, high = (f"{100 * share:.0f}%" for share in (min(shares), max(shares)))
    return f"Raised in all {len(theme.cells)} divisions, by {low if low == high else f'{low} to {high}'} of a division's tables."


def absent(themes: Sequence[ComparedTheme], rules: Rules) -> tuple[Finding, ...]:
    """Themes that none of a division's tables raised and several elsewhere did, the least likely by chance first."""
    found = [(chance, theme, cell) for theme in themes for chance, cell in _missing(theme, rules)]
    found.sort(key=lambda item: (item[0], item[1].title, item[2].division))
    return tuple(Finding(theme.code, theme.title, cell.division, _absent_sentence(chance, cell)) for chance, theme, cell in found)


def _missing(theme: ComparedTheme, rules: Rules) -> Iterator[tuple[float, Cell]]:
    """Cells without a table, with the chance that the tables dealt to the division would all be ones that did not raise the theme."""
    from scipy.stats import hypergeom

    for cell in theme.cells:
        elsewhere = cell.rest_tables or 0
        if cell.tables == 0 and elsewhere >= rules.absent_from and cell.tables_total >= rules.least_tables:
            all_tables = cell.tables_total + (cell.rest_total or 0)
            yield significant(float(hypergeom.pmf(0, all_tables, elsewhere, cell.tables_total))), cell


def _absent_sentence(chance: float, cell: Cell) -> str:
    times = "less than once" if chance < 0.005 else f"{100 * chance:.0f} times"
    return (
        f"Raised by none of {counted(cell.tables_total, 'table')} in {cell.division}, and by {cell.rest_tables} of {cell.rest_total} "
        f"elsewhere. With tables dealt out at random that would happen {times} in 100."
    )
