"""Each theme in every division: shares, intervals, differences and what they say in words."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.comparison import ComparedTheme, Comparison
from pipeline.report.blocks import Block, Bullet, Bullets, Grid, Paragraph, Section
from pipeline.report.comparison.figures import chance, clear, interval, parts, percent, raised, signed
from pipeline.report.wording import counted


def by_theme(comparison: Comparison) -> Iterator[Section]:
    """A section for every theme; nothing where none was raised."""
    themes = raised(comparison)
    if not themes:
        return
    intro = (
        "In order of how many tables raised them. Against rest: the division's share less that of all other tables, in percentage points. "
        "q: how likely so large a difference comes up by chance, the number of tests allowed for; up to "
        f"{comparison.rules.alpha:g} is called clear."
    )
    blocks: list[Block] = [Paragraph(intro)]
    if comparison.unraised:
        blocks.append(Paragraph(f"Raised by no table of any division: {'; '.join(comparison.unraised)}."))
    yield Section("Theme by theme", tuple(blocks), tuple(_theme(theme, comparison) for theme in themes))


def _theme(theme: ComparedTheme, comparison: Comparison) -> Section:
    titles = {other.code: other.title for other in raised(comparison)}
    tables = sum(division.tables for division in comparison.divisions)
    about = [finding.sentence for finding in comparison.shared if finding.code == theme.code]
    if theme.tables is not None and tables:
        about.insert(0, f"Raised by {theme.tables} of {counted(tables, 'table')} in all.")
    if theme.broader in titles:
        about.append(f"Part of {titles[theme.broader]}.")
    blocks: list[Block] = [Paragraph(" ".join(about))] if about else []
    if theme.withheld:
        blocks += _withheld(theme)
    else:
        blocks.append(_grid(theme))
    found = [cell for other, cell in clear(parts(comparison), "more", "less") if other.code == theme.code]
    if found:
        blocks.append(Bullets(tuple(Bullet(c.sentence) for c in found), "Clearly different under one heading:"))
    return Section(theme.title, tuple(blocks))


def _grid(theme: ComparedTheme) -> Grid:
    columns = ("Division", "Tables", "Share", "95% interval", "Against rest", "q", "In words")
    rows = tuple(
        (
            cell.division,
            cell.shown,
            percent(cell.share),
            interval(cell),
            signed(cell.difference),
            chance(cell.q) or "not tested",
            cell.sentence,
        )
        for cell in theme.cells
    )
    return Grid(columns, rows, frozenset({"Share", "Against rest"}))


def _withheld(theme: ComparedTheme) -> Iterator[Block]:
    """What may be told of a theme of which a count is hidden, and once why no more is."""
    yield from (Paragraph(sentence) for sentence in dict.fromkeys(cell.sentence for cell in theme.cells))
    rows = tuple(
        (cell.division, cell.shown, *(("hidden", "hidden") if cell.hidden else (percent(cell.share), interval(cell))))
        for cell in theme.cells
    )
    yield Grid(("Division", "Tables", "Share", "95% interval"), rows)
