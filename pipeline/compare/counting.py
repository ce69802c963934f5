"""How many tables of each division raised each theme, at all and under each heading.

A table is a group of people that sits through all sessions of an event, so it is known by event and name, and it raised a theme if any
of its points in the sessions compared is about it. Points that name no table count as points, at no table. Points on the running of
the event count nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.records import ASPECTS, PRIORITIES
from pipeline.results import EventResult


@dataclass(frozen=True, slots=True)
class Count:
    """How often something was said: at how many tables, in how many points, how often mentioned."""

    tables: int = 0
    points: int = 0
    mentions: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What a measure counts.

    Attributes
    ----------
    kind, value, title : see :class:`pipeline.comparison.Measure`.
    totals : by division, everything that could have been about a theme.
    of : by theme and division, what was; a pair that is not there counts nothing.
    """

    kind: str
    value: str
    title: str
    totals: dict[str, Count]
    of: dict[tuple[str, str], Count]


@dataclass(frozen=True, slots=True)
class Material:
    """What is compared.

    Attributes
    ----------
    events : in order of their ids.
    division_of : the division that each is counted for, by id.
    sessions : ids.
    points : one row a point that counts, of all events, as the runs had it, but ``division`` as it is counted and ``resident`` in small
        letters.
    """

    events: tuple[EventResult, ...]
    division_of: dict[str, str]
    sessions: tuple[str, ...]
    points: pd.DataFrame

    @property
    def divisions(self) -> tuple[str, ...]:
        """Names of the divisions, in order of the alphabet."""
        return tuple(sorted(set(self.division_of.values()), key=lambda name: (name.casefold(), name)))


def material_of(events: Sequence[EventResult], division_of: dict[str, str], sessions: Sequence[str]) -> Material:
    """Put together what is compared, from events in order of their ids."""
    chosen = pd.concat([_spoken(result.points, sessions) for result in events], ignore_index=True)
    points = chosen.assign(division=chosen["event"].map(division_of), resident=chosen["resident"].str.split().str.join(" ").str.casefold())
    return Material(tuple(events), division_of, tuple(sessions), points)


def _spoken(points: pd.DataFrame, sessions: Sequence[str]) -> pd.DataFrame:
    return points[points["session"].isin(sessions) & (points["outcome"] != "procedural")]


def codes_of_points(material: Material) -> pd.DataFrame:
    """One row a point and theme of the taxonomy it belongs to, by its own code or one beneath: event, point_id, code."""
    rows = {
        (result.event.id, point, code)
        for result in material.events
        for theme in result.themes
        if theme.session in material.sessions
        for code in theme.codes[:1]  # themes that people merged are counted under the one that they are shown under
        for point in theme.point_ids
    }
    return pd.DataFrame(sorted(rows), columns=["event", "point_id", "code"], dtype="str")


def count_measures(material: Material) -> list[Counts]:
    """Every measure that the notes have anything for, ``raised`` first."""
    points = material.points
    said = codes_of_points(material).merge(points, on=["event", "point_id"])
    found = [_count("raised", "", "Raised at all", points, said)]
    urgent = PRIORITIES[0]
    with_priority = points[points["priority"] != ""]
    if len(with_priority):
        found.append(_count("priority", urgent, urgent, with_priority, said[said["priority"] == urgent]))
    for aspect, title in ASPECTS.items():
        if (points["aspect"] == aspect).any():
            found.append(_count("aspect", aspect, title, points[points["aspect"] == aspect], said[said["aspect"] == aspect]))
    for resident in sorted(set(points["resident"]) - {""}):
        of_resident = points[points["resident"] == resident]
        found.append(_count("resident", resident, resident, of_resident, said[said["resident"] == resident]))
    return found


def _count(kind: str, value: str, title: str, could: pd.DataFrame, said: pd.DataFrame) -> Counts:
    totals = {str(division): count(rows) for division, rows in could.groupby("division")}
    of = {(str(code), str(division)): count(rows) for (code, division), rows in said.groupby(["code", "division"])}
    return Counts(kind, value, title, totals, of)


def count(rows: pd.DataFrame) -> Count:
    """Count points: how many, their mentions, and their tables over all events."""
    return Count(tables_of(rows["event"], rows["table"]), len(rows), int(rows["mentions"].sum()))


def tables_of(events: Iterable[str], tables: Iterable[str]) -> int:
    """How many tables there are among the tables of some points; one of the same name at another event is another.

    >>> tables_of(["a", "a", "a", "b"], ["1", "1", "", "1"])
    2
    """
    return len({(event, table) for event, table in zip(events, tables, strict=True) if table})
