"""Attendance sheets: who came, which is no note."""

from __future__ import annotations

from pipeline.ingest import frontmatter
from pipeline.ingest.blocks import Aside, Grid
from pipeline.ingest.columns import column, lists_people
from pipeline.ingest.grid_columns import distinct, flat

PERSONAL = "column '{}' may hold personal details and is not used"


def attendance_sheet(grid: Grid, front: frontmatter.FrontMatter) -> list[Aside]:
    """Set a list of those who came aside: organisations go to the event, names of people do not."""
    columns = next((columns for row in grid.rows if lists_people(columns := [column(flat(cell.text)) for cell in row])), [])
    asides: list[Aside] = []
    done: set[int] = set()
    for row in grid.rows:
        for cell in distinct(row):
            if id(cell) in done:
                continue
            done.add(id(cell))
            at = next(i for i, other in enumerate(row) if other is cell)
            personal = bool(columns) and columns[at].personal
            if columns and not personal and column(flat(cell.text)).heading != columns[at].heading:
                front.participants.append(flat(cell.text))
            asides.append(Aside(cell.text, cell.locator, PERSONAL.format(columns[at].heading) if personal else frontmatter.PARTICIPANTS))
    return asides
