"""The map of a session: a mark a point, those that are alike near each other, the themes of highest rank in colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from pipeline.report.blocks import Chart
from pipeline.report.withheld import Withheld
from pipeline.report.wording import counted
from pipeline.results import ThemeRow

COLOURED = 8
FEWEST = 3  # a map of two marks says nothing


def point_map(points: pd.DataFrame, places: pd.DataFrame | None, themes: Sequence[ThemeRow], hidden: Withheld) -> Iterator[Chart]:
    """The map of a session's points; nothing where their places are not known or fewer than three may be shown.

    Parameters
    ----------
    points : those of the session. A withheld point has no mark: its place, beside what is alike, would tell of it.
    places : what :func:`pipeline.projection.project` gives, for any number of sessions.
    themes : those of the session; each point stands for the one its ``theme_id`` names.
    """
    if places is None:
        return
    shown = points[~points["point_id"].isin(hidden.points)].merge(places, on="point_id", validate="one_to_one").sort_values("point_id")
    if len(shown) < FEWEST:
        return
    by_id = {theme.id: theme for theme in themes}
    rows = []
    for point in shown.itertuples():
        theme = by_id.get(point.theme_id)
        rows.append(
            {
                "point": point.point_id,
                "x": float(point.x),
                "y": float(point.y),
                "theme": theme.title if theme else "",
                "group": theme.rank if theme and theme.rank <= COLOURED else 0,
                "table": point.table,
                "text": point.text,
            }
        )
    named = {row["group"]: row["theme"] for row in rows if row["group"]}
    counts = [f"{named[rank]}: {sum(row['group'] == rank for row in rows)}" for rank in sorted(named)]
    if others := sum(not row["group"] for row in rows):
        counts.append(f"other themes or none, in grey: {others}")
    title = "Map of points"
    yield Chart(
        "map", title, f"{title}: {counted(len(rows), 'point')}, those that are alike near each other. {'; '.join(counts)}.", tuple(rows)
    )
