"""Plots: the charts of an event's report, for a notebook. What a report withholds, they withhold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.comparison import Comparison
from pipeline.errors import ReadError
from pipeline.report import report_content
from pipeline.report.blocks import Chart, Section
from pipeline.report.charts import draw
from pipeline.report.comparison.figures import raised
from pipeline.report.comparison.pictures import heat_map, intervals
from pipeline.results import EventResult

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, slots=True)
class Plots:
    """The charts of the reports of some events; each method gives an Altair chart of one session.

    ``compare`` compares the divisions of the events. ``session`` may be left out where only one has such a chart; a further choice,
    ``event``, where there are several events.
    """

    results: tuple[EventResult, ...]
    compare: Callable[[], Comparison]

    def themes(self, session: str | None = None, *, event: str | None = None) -> altair.LayerChart:
        """The key themes by the tables that raised them or, where the notes name no tables, by points."""
        return self._drawn(("themes_by_tables", "themes_by_points"), session, event)

    def priorities(self, session: str | None = None, *, event: str | None = None) -> altair.LayerChart:
        """The points of the key themes by priority."""
        return self._drawn(("priorities_by_theme",), session, event)

    def map(self, session: str | None = None, *, event: str | None = None) -> altair.LayerChart:
        """The points of a session, near each other where they are alike or of one theme (:mod:`pipeline.projection`)."""
        return self._drawn(("map",), session, event)

    def heatmap(self, comparison: Comparison | None = None) -> altair.LayerChart:
        """How many of each division's tables raised each theme; None compares the events as :meth:`Loaded.compare` does by default."""
        compared = comparison or self.compare()
        return _titled(heat_map(raised(compared), len(compared.divisions)))

    def intervals(self, comparison: Comparison, theme: str) -> altair.LayerChart:
        """The share of each division's tables that raised a theme (its code or title), with 95% intervals (Wilson 1927).

        Raises
        ------
        ReadError : no table of any division raised such a theme.
        """
        for found in raised(comparison):
            if theme in {found.code, found.title}:
                chart = intervals(found)
                return _titled(replace(chart, title=f"{chart.title}: share of tables that raised it"))
        raise ReadError(
            f"there is no theme '{theme}'",
            where="the comparison",
            expected=f"one of {', '.join(found.title for found in raised(comparison))}",
            do="mend the name",
        )

    def _drawn(self, kinds: Sequence[str], session: str | None, event: str | None) -> altair.LayerChart:
        """The one chart of these kinds that is asked for.

        Raises
        ------
        ReadError : there is none, or more than one.
        """
        every = [
            (result.event.id, of, chart)
            for result in self.results
            for of, chart in _charts(report_content(result).sections)
            if chart.kind in kinds
        ]
        chosen = [one for one in every if session in {None, one[1]} and event in {None, one[0]}]
        if len(chosen) != 1:
            places = [f"session {of}" + (f" of {name}" if len(self.results) > 1 else "") for name, of, _ in every]
            raise ReadError(
                "there is more than one such chart" if chosen else "there is no such chart",
                where="the results loaded",
                expected=f"one of {', '.join(places)}" if every else "a session of more than one theme, or for a map of 3 to 5,000 points",
                do="name the session" + (" and the event" if len(self.results) > 1 else "") if every else "look at .sessions",
            )
        (name, of, chart) = chosen[0]
        title = f"{name}, session {of}: {chart.title}" if len(self.results) > 1 else f"Session {of}: {chart.title}"
        return _titled(replace(chart, title=title))


def _titled(chart: Chart) -> altair.LayerChart:
    _show_offline()
    return draw(chart).properties(title={"text": chart.title, "anchor": "start", "frame": "bounds", "fontSize": 14, "offset": 12})


def _show_offline() -> None:
    """Have Altair show charts as pictures, unless its user has chosen otherwise: by default a script from the internet would draw them."""
    from altair import renderers

    if renderers.active == "default":
        renderers.enable("svg")


def _charts(sections: Sequence[Section], session: str | None = None) -> Iterator[tuple[str, Chart]]:
    """The charts within some sections, each with the session that it is about."""
    for section in sections:
        about = section.session or session
        for block in section.blocks:
            if isinstance(block, Chart) and about is not None:
                yield about, block
        yield from _charts(section.sections, about)
