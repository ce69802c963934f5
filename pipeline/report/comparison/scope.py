"""What was compared, and what a reader has to know of it."""

from __future__ import annotations

from pipeline.comparison import Comparison
from pipeline.report.blocks import Block, Bullet, Bullets, Grid, Section


def scope(comparison: Comparison) -> Section:
    """The events with their tables, the sessions, and remarks such as what was left out."""
    dated = any(event.date for event in comparison.events)
    columns = ("Division", "Event", *(("Date",) if dated else ()), "Tables", "Points")
    rows = tuple(
        (event.division, event.title, *((event.date,) if dated else ()), event.tables or "not named", event.points)
        for event in comparison.events
    )
    sessions = tuple(Bullet(session.id, "; ".join(session.titles)) for session in comparison.sessions)
    blocks: list[Block] = [Grid(columns, rows, frozenset({"Tables", "Points"})), Bullets(sessions, "Sessions compared:")]
    if comparison.remarks:
        blocks.append(Bullets(tuple(map(Bullet, comparison.remarks)), "To know before using it:"))
    return Section("What was compared", tuple(blocks))
