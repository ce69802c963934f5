"""Loaded: what runs wrote, read back for a notebook. One call, :func:`load`, gives an event or all events of a folder.

The tables are pandas DataFrames, made anew each time they are asked for: changing one changes nothing here and nothing on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.errors import ReadError
from pipeline.records import OUTCOMES, Session
from pipeline.report.wording import counted
from pipeline.results import EventResult
from pipeline.shown import table_html
from pipeline.store import event_folders, read_event
from pipeline.store.documents import themes_table

if TYPE_CHECKING:
    from pipeline.comparison import Comparison
    from pipeline.explain import Why
    from pipeline.labelling import Relabelled
    from pipeline.plots import Plots


def load(path: Path | str) -> Loaded:
    """Read back what ``themes run`` or :func:`pipeline.run_events` wrote.

    Parameters
    ----------
    path : the folder of one event, or a folder of such folders.

    Raises
    ------
    ReadError : there is no event, or one lacks something that a run writes.
    """
    folder = Path(path)
    if not (folder / "run.json").is_file() and not any(folder.glob("[!.]*/run.json")):
        raise ReadError(
            "there are no results in this folder" if folder.is_dir() else "there is no such folder",
            where=str(folder),
            expected="the folder of an event, or of events, written by `themes run`",
            do="name another folder, or make the results first: in the project's folder, "
            "`themes run data/raw --out data/processed` does so for the example events",
        )
    return Loaded(tuple((one, read_event(one)) for one in event_folders([folder])))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Loaded:
    """Events as runs wrote them, in order of their folders' names: each table holds all of them, with a column ``event``.

    ``loaded["millbrook"]`` is one event alone; iterating gives their ids.

    Attributes
    ----------
    results : each event's folder and what was read of it, for programs; the tables below are for people.
    """

    results: tuple[tuple[Path, EventResult], ...]

    @property
    def events(self) -> pd.DataFrame:
        """One row an event: event, title, division, date, venue, sessions, points, themes, dropped, and points of each outcome."""
        return pd.DataFrame([_event_row(result) for _, result in self.results])

    @property
    def sessions(self) -> pd.DataFrame:
        """One row a session: event, session, title, tables, points, themes, and points of each outcome."""
        return self._stacked(lambda result: pd.DataFrame([_session_row(result, session) for session in result.event.sessions]))

    @property
    def themes(self) -> pd.DataFrame:
        """One row a theme: event, division, and the columns of themes.csv. ``stability`` is 0 to 1, NaN where it is not known."""
        return self._stacked(_themes)

    @property
    def points(self) -> pd.DataFrame:
        """One row a point: the columns of points.csv, the text as typed."""
        return self._stacked(lambda result: result.points)

    @property
    def dropped(self) -> pd.DataFrame:
        """One row a piece of text that was read and not used: event, text, reason, source_file, source_locator."""
        return self._stacked(lambda result: _of_event(result, result.dropped))

    @property
    def run(self) -> pd.DataFrame:
        """What run.json says, one row a value: event, name (such as ``counts.points`` or ``files.0.sha256``), value."""
        return self._stacked(lambda result: _of_event(result, pd.DataFrame(_flat(result.run), columns=["name", "value"])))

    @property
    def plot(self) -> Plots:
        """The charts of the report, as Altair charts."""
        from pipeline.plots import Plots

        return Plots(tuple(result for _, result in self.results), self.compare)

    def points_of(self, theme_id: str) -> pd.DataFrame:
        """The points of a theme, one row each, the columns of points.csv.

        Raises
        ------
        ReadError : there is no such theme.
        """
        for _, result in self.results:
            for theme in result.themes:
                if theme.id == theme_id:
                    return result.points[result.points["point_id"].isin(theme.point_ids)].reset_index(drop=True)
        raise _not_there("theme", theme_id, "an id of .themes")

    def why(self, point_id: str) -> Why:
        """Why a point has its codes (:func:`pipeline.why`).

        Raises
        ------
        ThemesError : there is no such point, or the taxonomy or the models cannot be read.
        """
        from pipeline.explain import why

        for folder, result in self.results:
            if (result.points["point_id"] == point_id).any():
                return why(folder, point_id)
        raise _not_there("point", point_id, "a point_id of .points")

    def relabel(self, **settings: Any) -> Relabelled:
        """Say which points of an event other settings would label otherwise; nothing is written (:func:`pipeline.labelling.relabel_run`).

        Parameters
        ----------
        settings : those to change, as in :class:`pipeline.Settings`; all others stay as they were in the run.

        Raises
        ------
        SettingsError : a setting is unknown or out of range.
        ReadError : more than one event is loaded.
        ThemesError : the taxonomy or the models cannot be read.
        """
        from pipeline.labelling import relabel_run
        from pipeline.settings import load_settings
        from pipeline.taxonomy import load_taxonomy

        if len(self) > 1:
            raise ReadError("more than one event is loaded", expected=f"one of {', '.join(self)}", do="choose it: loaded['its id']")
        ((folder, result),) = self.results
        used = result.run["settings"]
        before = load_taxonomy(load_settings(None, **used).taxonomy_path)
        return relabel_run(folder, before, load_settings(None, **{**used, **settings}))

    def compare(self, *, sessions: Sequence[str] = (), hide_small: bool = False) -> Comparison:
        """Compare the divisions of the events; nothing is written (:func:`pipeline.compare.compare_events`).

        Parameters
        ----------
        sessions : ids of those to compare; none given: those that all events have.
        hide_small : hide small numbers of every theme, not of sensitive ones only.

        Raises
        ------
        ReadError : the events have no session in common, or were labelled with different taxonomies.
        ThemesError : the taxonomy or the encoder cannot be read.
        """
        from pipeline.compare import compare_events
        from pipeline.embed import embed, load_encoder
        from pipeline.settings import load_settings
        from pipeline.taxonomy import load_taxonomy
        from pipeline.tokenise import expand_and_read

        results = [result for _, result in self.results]
        settings = load_settings(None, **results[0].run["settings"])
        return compare_events(
            results,
            settings,
            load_taxonomy(settings.taxonomy_path),
            lambda texts: embed(list(expand_and_read(texts, settings)["expanded"]), load_encoder(settings.encoder)),
            sessions=sessions,
            hide_small=hide_small,
        )

    def __getitem__(self, event: str) -> Loaded:
        """One event, by its id.

        Raises
        ------
        ReadError : there is no event of that id.
        """
        for folder, result in self.results:
            if result.event.id == event:
                return Loaded(((folder, result),))
        raise _not_there("event", event, f"one of {', '.join(self)}")

    def __iter__(self) -> Iterator[str]:
        return (result.event.id for _, result in self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __repr__(self) -> str:
        title, lines, table = self._shown()
        return "\n".join([title, *lines, table.to_string(index=False)])

    def _repr_html_(self) -> str:
        title, lines, table = self._shown()
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
        return f"<h3>{escape(title)}</h3>{paragraphs}{table_html(table)}"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def _shown(self) -> tuple[str, tuple[str, ...], pd.DataFrame]:
        """A title, lines and a table: the sessions of one event, or the events."""
        events = self.events
        counts = ", ".join(f"{events[outcome].sum()} {outcome.replace('_', ' ')}" for outcome in OUTCOMES)
        total = f"{counted(int(events['points'].sum()), 'point')} ({counts}) in {counted(int(events['themes'].sum()), 'theme')}"
        lines = (f"{total}; {counted(int(events['dropped'].sum()), 'piece')} of text set aside",)
        if len(self) > 1:
            shown = events[["event", "division", "sessions", "points", "themes", *OUTCOMES]]
            return counted(len(self), "event"), lines, shown
        event = self.results[0][1].event
        about = " · ".join(part for part in (f"event {event.id}", event.division, event.date, event.venue) if part)
        return event.title, (about, *lines), self.sessions.drop(columns="event")

    def _stacked(self, table: Callable[[EventResult], pd.DataFrame]) -> pd.DataFrame:
        """A table of each event, one beneath the other; always a copy."""
        return pd.concat([table(result) for _, result in self.results], ignore_index=True)


def _event_row(result: EventResult) -> dict[str, Any]:
    event = result.event
    about = {"event": event.id, "title": event.title, "division": event.division, "date": event.date, "venue": event.venue}
    counts = {"points": len(result.points), "themes": len(result.themes), "dropped": len(result.dropped)}
    return {**about, "sessions": len(event.sessions), **counts, **_outcomes(result.points)}


def _session_row(result: EventResult, session: Session) -> dict[str, Any]:
    points = result.points[result.points["session"] == session.id]
    tables = points.loc[points["table"] != "", "table"].nunique()
    themes = sum(theme.session == session.id for theme in result.themes)
    about = {"event": result.event.id, "session": session.id, "title": session.title}
    return {**about, "tables": tables, "points": len(points), "themes": themes, **_outcomes(points)}


def _outcomes(points: pd.DataFrame) -> dict[str, int]:
    return {outcome: int((points["outcome"] == outcome).sum()) for outcome in OUTCOMES}


def _themes(result: EventResult) -> pd.DataFrame:
    table = _of_event(result, themes_table(result.themes).assign(division=result.event.division))
    table.insert(1, "division", table.pop("division"))
    return table.assign(stability=pd.to_numeric(table["stability"]))


def _of_event(result: EventResult, table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([pd.Series(result.event.id, index=table.index, name="event", dtype="str"), table], axis=1)


def _flat(value: Any, name: str = "") -> list[tuple[str, Any]]:
    """The values within a value of JSON, each with the names that lead to it."""
    if not isinstance(value, dict | list) or not value:
        return [(name, value)]
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [pair for key, part in inner for pair in _flat(part, f"{name}.{key}" if name else str(key))]


def _not_there(what: str, wanted: str, expected: str) -> ReadError:
    return ReadError(f"there is no {what} '{wanted}'", where="the results loaded", expected=expected, do="look it up and mend the name")
