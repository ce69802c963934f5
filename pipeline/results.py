"""What a run found out about an event: its themes, their evidence, and the tables beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.records import Event


@dataclass(frozen=True, slots=True)
class Quote:
    """A point shown as evidence: verbatim, with where it was said, and ``tables``: every table that said nearly the same."""

    point_id: str
    text: str
    table: str
    source_file: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubTheme:
    """A part of a theme whose points clearly differ from the rest of it."""

    id: str
    title: str
    points: int
    mentions: int
    tables: int
    keyphrases: tuple[str, ...]
    quotes: tuple[Quote, ...]
    stability: float | None
    point_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme of one session. ``tables_total`` and ``tables`` are 0 where the notes name no tables.

    ``broader`` is the code of the theme it is part of, if any; that theme counts its points too.
    ``confidence`` is the mean probability, over the theme's points, that they belong to it: of the code, or the likeliest of
    those beneath it, for a taxonomy theme, of no code at all for an emergent one. ``weight`` is what it ranks by, and
    ``stability`` how often it is found again when tables are drawn anew, None where that cannot be said
    (:mod:`pipeline.themes.ranking`, :mod:`pipeline.themes.stability`).
    """

    id: str
    session: str
    rank: int
    kind: str
    codes: tuple[str, ...]
    broader: str | None
    title: str
    why: str
    weight: int
    points: int
    mentions: int
    tables: int
    tables_total: int
    priorities: dict[str, int]
    levels: dict[str, int]
    aspects: dict[str, int]
    residents: dict[str, int]
    keyphrases: tuple[str, ...]
    quotes: tuple[Quote, ...]
    subthemes: tuple[SubTheme, ...]
    confidence: float
    stability: float | None
    point_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventResult:
    """Everything a run found out about one event.

    ``run`` is what run.json holds; ``places`` are the points' places on a map (:func:`pipeline.projection.project`), None where they are
    not known; ``redactions`` is None unless it is to be kept.
    """

    event: Event
    points: pd.DataFrame
    themes: list[ThemeRow]
    dropped: pd.DataFrame
    run: dict[str, Any]
    redactions: pd.DataFrame | None = None
    places: pd.DataFrame | None = None
