"""Each division: what sets it apart, what it lacks, what it raised most, and under which priority, heading and resident type."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.comparison import Cell, Comparison, Division
from pipeline.report.blocks import Block, Bullet, Bullets, Grid, Paragraph, Section
from pipeline.report.comparison.figures import at_all, clear, of_division, parts, percent, raised, told, under
from pipeline.report.wording import counted

LEADING, OF_A_PART = 5, 3


def by_division(comparison: Comparison) -> Section:
    """A section for every division."""
    intro = "Each stands for itself: what sets the division apart, then what its tables raised most, and under which headings."
    return Section("Division by division", (Paragraph(intro),), tuple(_division(division, comparison) for division in comparison.divisions))


def _division(division: Division, comparison: Comparison) -> Section:
    titles = {event.id: event.title for event in comparison.events}
    where = "; ".join(titles[event] for event in division.events)
    who = counted(division.tables, "table") if division.tables else "Tables not named"
    blocks: list[Block] = [Paragraph(f"{who}, {counted(division.points, 'point')}. {where}")]
    if len(comparison.divisions) > 1:
        blocks += _apart(division, comparison)
    return Section(division.name, (*blocks, *_leading(division, comparison), *_under(division, comparison)))


def _apart(division: Division, comparison: Comparison) -> Iterator[Block]:
    found = [*clear(at_all(comparison), "more", "less"), *clear(parts(comparison), "more", "less")]
    items = tuple(Bullet(f"{theme.title}: {cell.sentence}") for theme, cell in found if cell.division == division.name)
    if items:
        yield Bullets(items, "Clearly different here:")
    else:
        yield Paragraph("Nothing is raised clearly more or less here than elsewhere.")
    if missing := tuple(Bullet(f"{f.title}: {f.sentence}") for f in comparison.absent if f.division == division.name):
        yield Bullets(missing, "Not raised here:")


def _leading(division: Division, comparison: Comparison) -> Iterator[Block]:
    """The themes that most of its tables raised, beside the rest, with something that was said."""
    cells = [(theme, of_division(theme, division.name)) for theme in raised(comparison)]
    found = sorted((pair for pair in cells if told(pair[1])), key=lambda pair: -told(pair[1]))[:LEADING]
    if not found:
        return
    alone = len(comparison.divisions) == 1
    columns = ("Raised most", "Tables here" if division.tables else "Points here", *(() if alone else ("Elsewhere",)), "For example")
    rows = tuple(
        (
            theme.title,
            cell.shown if cell.tables_total else told(cell),
            *(() if alone else (_elsewhere(cell, withheld=theme.withheld),)),
            _said(cell),
        )
        for theme, cell in found
    )
    yield Grid(columns, rows)
    if not alone and any(theme.withheld for theme, _ in found):
        least = comparison.rules.hidden_below
        yield Paragraph(f"“hidden”: what was raised elsewhere would give away a count below {least} of another division.")


def _elsewhere(cell: Cell, *, withheld: bool) -> str:
    if withheld:
        return "hidden"
    return f"{cell.rest_tables} of {cell.rest_total} ({percent(cell.rest_share)})" if cell.rest_total else "not known"


def _said(cell: Cell) -> str:
    return f"“{cell.quotes[0].text}”" if cell.quotes else ""


def _under(division: Division, comparison: Comparison) -> Iterator[Block]:
    """The leading themes under each priority, heading and resident type that the division's notes have."""
    rows = []
    for measure in parts(comparison):
        cells = [(theme, of_division(theme, division.name)) for theme in measure.themes]
        found = sorted((pair for pair in cells if told(pair[1])), key=lambda pair: -told(pair[1]))
        if not found:
            continue
        total = found[0][1].tables_total
        said = [theme.title if total == 1 else f"{theme.title} ({told(cell)})" for theme, cell in found[:OF_A_PART]]
        if len(found) > OF_A_PART:
            said.append(f"and {len(found) - OF_A_PART} more")
        rows.append((under(measure), total or "not named", "; ".join(said)))
    if rows:
        unit = "at how many tables" if division.tables else "in how many points"
        yield Grid(("Under", "Tables", f"Themes most raised there, and {unit}"), tuple(rows), frozenset({"Tables"}))
