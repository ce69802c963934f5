"""The points of an event as the table at the end of its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records import ASPECTS, LEVELS, PRIORITIES, session_order
from pipeline.report.many import listed
from pipeline.report.withheld import withheld
from pipeline.results import EventResult


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point whose words may be shown.

    ``themes`` are titles, the theme of highest rank first; ``stands`` says under what it was written, such as a priority or a resident
    type; ``where`` is its source in words.
    """

    id: str
    session: str
    table: str
    priority: str
    aspect: str
    text: str
    themes: tuple[str, ...]
    stands: str
    where: str


def explorer_points(result: EventResult) -> tuple[PointRow, ...]:
    """The points of an event that say something and may be shown, by session, table, file and place in it; none if too many."""
    if not listed(result.points):
        return ()
    settings = result.run["settings"]
    hidden = withheld(result.themes, settings["sensitive_codes"], settings["quotes_from_tables"])
    titles: dict[str, dict[str, None]] = {}
    for theme in result.themes:  # in rank order within each session
        for point_id in theme.point_ids:
            titles.setdefault(point_id, {})[theme.title] = None
    points = result.points
    shown = points[(points["outcome"] != "procedural") & ~points["point_id"].isin(hidden.points)]
    rows = []
    for point in shown.itertuples():
        mentions = f"{point.mentions} mentions" if point.mentions > 1 else ""
        aspect = ASPECTS.get(point.aspect, "")
        stands = (aspect, point.priority, LEVELS.get(point.level, ""), point.resident, mentions)
        where = (
            f"table {point.table}" if point.table else "",
            f"session {point.session}",
            point.source_file,
            point.source_locator,
        )
        row = PointRow(
            id=point.point_id,
            session=point.session,
            table=point.table,
            priority=point.priority,
            aspect=aspect,
            text=point.text,
            themes=tuple(titles.get(point.point_id, ())),
            stands="; ".join(filter(None, stands)),
            where=", ".join(filter(None, where)),
        )
        rows.append(((session_order(point.session), session_order(point.table), point.source_file, point.start, point.point_id), row))
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))


def choices(points: Sequence[PointRow]) -> list[tuple[str, str, list[str]]]:
    """What points can be filtered by: name, label and the values there are, "" for points that have none; only where there are two."""
    own = {
        "session": ("Session", sorted({point.session for point in points}, key=session_order)),
        "theme": (
            "Theme",
            sorted({title for point in points for title in point.themes or ("",)}, key=lambda title: (not title, title.casefold())),
        ),
        "table": ("Table", sorted({point.table for point in points}, key=lambda table: (not table, session_order(table)))),
        "priority": ("Priority", sorted({point.priority for point in points}, key=(*PRIORITIES, "").index)),
        "aspect": ("Aspect", sorted({point.aspect for point in points}, key=(*ASPECTS.values(), "").index)),
    }
    return [(name, label, values) for name, (label, values) in own.items() if len(values) > 1]
