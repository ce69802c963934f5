"""What a report leaves unsaid: words on a sensitive theme that few tables raised, because those who were there would know who spoke."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pipeline.results import Quote, SubTheme, ThemeRow


@dataclass(frozen=True, slots=True)
class Withheld:
    """Themes and points whose words a report does not show, by id, and the rule that says so.

    Attributes
    ----------
    themes, points : ids; a point of a withheld theme is withheld wherever it stands.
    named : titles of the event's sensitive themes, shown or not, in order of the alphabet.
    least : at so many tables a sensitive theme is shown in full.
    """

    themes: frozenset[str]
    points: frozenset[str]
    named: tuple[str, ...]
    least: int

    def quotes(self, quotes: Iterable[Quote]) -> list[Quote]:
        """Those that may be shown."""
        return [quote for quote in quotes if quote.point_id not in self.points]

    def subthemes(self, theme: ThemeRow) -> list[SubTheme]:
        """Those whose titles may be shown: the title of a sub-theme is made of its points' words."""
        return [part for part in theme.subthemes if self.points.isdisjoint(part.point_ids)]


def withheld(themes: Collection[ThemeRow], sensitive: Collection[str], least: int) -> Withheld:
    """What is withheld of an event.

    Parameters
    ----------
    themes : those of all its sessions.
    sensitive : codes of sensitive themes; what is part of one is sensitive too.
    least : a sensitive theme raised at fewer tables than this, or at none that is named, is withheld; 1 withholds what has no table only.
    """
    codes = set(sensitive)
    parts = {(code, theme.broader) for theme in themes for code in theme.codes if theme.broader}
    while more := {code for code, broader in parts if broader in codes} - codes:
        codes |= more
    found = [theme for theme in themes if codes & set(theme.codes) and theme.tables < least]
    points = frozenset(point for theme in found for point in theme.point_ids)
    named = tuple(sorted({theme.title for theme in themes if codes & set(theme.codes)}))
    return Withheld(frozenset(theme.id for theme in found), points, named, least)
