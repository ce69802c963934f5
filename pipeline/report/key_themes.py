"""The key themes of a session as reports show them: in words, and as charts of themes by tables and by priority."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.records import PRIORITIES
from pipeline.report.blocks import Block, Bullet, Chart, Section, ThemeEntry, ThemeList
from pipeline.report.withheld import Withheld
from pipeline.report.wording import counted
from pipeline.results import ThemeRow
from pipeline.themes import stability_level

KEY_THEMES = 8


def key_themes(themes: Sequence[ThemeRow], hidden: Withheld, more: Iterable[Chart] = ()) -> Iterator[Section]:
    """A session's themes in rank order, the first eight in full, with charts and ``more`` of them; nothing where there are none."""
    if not themes:
        return
    titles = {code: theme.title for theme in themes for code in theme.codes}
    entries = tuple(_entry(theme, titles, hidden) for theme in themes[:KEY_THEMES])
    others = tuple(Bullet(theme.title, ", ".join([counted(theme.points, "point"), *_part(theme, titles)])) for theme in themes[KEY_THEMES:])
    blocks: list[Block] = [ThemeList(entries, others)]
    shown = themes[:KEY_THEMES]
    if len(shown) > 1:
        blocks.append(_tables_chart(shown))
        if any(theme.priorities for theme in shown):
            blocks.append(_priorities_chart(shown))
    yield Section("Key themes", (*blocks, *more))


def _entry(theme: ThemeRow, titles: dict[str, str], hidden: Withheld) -> ThemeEntry:
    remarks = [counted(theme.points, "point")]
    if theme.mentions > theme.points:
        remarks.append(f"{theme.mentions} mentions")
    if theme.tables_total:
        remarks.append(f"raised at {theme.tables} of {counted(theme.tables_total, 'table')}")
    if urgent := theme.priorities.get(PRIORITIES[0], 0):
        remarks.append(f"{urgent} of them urgent and essential")
    remarks += _part(theme, titles)
    if theme.kind == "emergent":
        remarks.append("not in the taxonomy")
    if theme.stability is not None:
        remarks.append(f"stability {stability_level(theme.stability)} ({theme.stability:.2f})")
    why = f"Quotes withheld: a sensitive theme, raised at fewer than {hidden.least} tables." if theme.id in hidden.themes else ""
    return ThemeEntry(
        theme,
        tuple(remarks),
        tuple(hidden.quotes(theme.quotes)),
        tuple(hidden.subthemes(theme)),
        why,
        tuple(point for point in theme.point_ids if point not in hidden.points),
    )


def _part(theme: ThemeRow, titles: dict[str, str]) -> list[str]:
    return [] if theme.broader is None else [f"part of {titles[theme.broader]}"]


def _tables_chart(themes: Sequence[ThemeRow]) -> Chart:
    """Themes by the tables that raised them or, where the notes name no tables, by points."""
    total = max(theme.tables_total for theme in themes)
    unit = "tables" if total else "points"
    rows = tuple(
        {"rank": theme.rank, "theme": theme.title, "count": theme.tables if total else theme.points, "of": total or None}
        for theme in themes
    )
    said = "; ".join(f"{row['theme']}: {row['count']}" + (f" of {total}" if total else "") for row in rows)
    title = "Tables that raised each theme" if total else "Points on each theme"
    return Chart(f"themes_by_{unit}", title, f"{title}. {said}.", rows)


def _priorities_chart(themes: Sequence[ThemeRow]) -> Chart:
    rows = tuple(
        {"rank": theme.rank, "theme": theme.title, "priority": priority, "order": order, "points": theme.priorities.get(priority, 0)}
        for theme in themes
        for order, priority in enumerate(PRIORITIES)
    )
    said = "; ".join(
        f"{theme.title}: "
        + ", ".join(f"{theme.priorities[priority]} {priority}" for priority in PRIORITIES if priority in theme.priorities)
        for theme in themes
        if theme.priorities
    )
    title = "Points on each theme by priority"
    return Chart("priorities_by_theme", title, f"{title}. {said}.", rows)
