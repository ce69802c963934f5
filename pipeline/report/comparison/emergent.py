"""Themes that the taxonomy lacks: those found in several divisions, and those of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.comparison import Comparison, EmergentTheme
from pipeline.report.blocks import Grid, Paragraph, Section
from pipeline.report.comparison.figures import in_words, told
from pipeline.report.wording import said_at


def beyond_the_taxonomy(comparison: Comparison) -> Iterator[Section]:
    """The section of emergent themes; nothing where there are none."""
    if not comparison.emergent:
        return
    division_of = {event.id: event.division for event in comparison.events}
    found = (
        ("In several divisions", [theme for theme in comparison.emergent if theme.matched]),
        ("In one division", [theme for theme in comparison.emergent if not theme.matched]),
    )
    text = (
        "Points that fit no theme of the taxonomy, gathered by what they say. Two divisions' are taken for one theme only where they are "
        "much alike, so some that belong together stand apart. They are counted and not tested."
    )
    sections = tuple(Section(heading, (_grid(themes, division_of),)) for heading, themes in found if themes)
    yield Section("Not in the taxonomy", (Paragraph(text),), sections)


def _grid(themes: Sequence[EmergentTheme], division_of: dict[str, str]) -> Grid:
    rows = tuple(
        (
            theme.title,
            "; ".join(f"{cell.division}: {in_words(cell)}" for cell in theme.cells if told(cell)),
            " ".join(f"“{quote.text}” ({_where(division_of[quote.event], quote.table)})" for quote in theme.quotes),
        )
        for theme in themes
    )
    return Grid(("Theme", "Raised by", "For example"), rows)


def _where(division: str, table: str) -> str:
    return f"{division}, {said_at([table])}" if table else division
