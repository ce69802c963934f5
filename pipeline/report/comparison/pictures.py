"""The charts of a comparison: all themes by division, and the shares that differ most with their intervals."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.comparison import ComparedTheme, Comparison
from pipeline.report.blocks import Block, Chart, Paragraph, Section
from pipeline.report.comparison.figures import raised
from pipeline.report.wording import counted

DIFFERING = 4


def pictures(comparison: Comparison) -> Iterator[Section]:
    """The section of charts; nothing where no theme was raised."""
    themes = raised(comparison)
    if not themes:
        return
    least = comparison.rules.hidden_below
    blocks: list[Block] = [
        Paragraph("Each cell says how many of a division's tables raised a theme; the stronger the colour, the larger the share."),
        heat_map(themes, len(comparison.divisions)),
    ]
    if any(cell.hidden for theme in themes for cell in theme.cells):
        why = f"“<{least}” stands for any number from 0 to {least - 1}: so few could be known by what they said, so it is not told which."
        blocks.append(Paragraph(why))
    if any(not cell.tables_total for theme in themes for cell in theme.cells):
        blocks.append(Paragraph("“not known”: the notes of that division name no tables."))
    yield Section("Themes by division", tuple(blocks))
    if differing := _differing(themes):
        text = (
            "A dot is the share of a division's tables that raised the theme. The line is its 95% interval: how far the share of all "
            "tables like these could well lie from that of the few that were there. Where lines overlap far, the difference may be chance."
        )
        yield Section("Where shares differ most", (Paragraph(text), *map(intervals, differing)))


def heat_map(themes: tuple[ComparedTheme, ...], divisions: int) -> Chart:
    """All themes by division, in the order given."""
    rows = tuple(
        {"rank": rank, "theme": theme.title, "order": order, "division": cell.division, "share": cell.share, "label": cell.shown}
        for rank, theme in enumerate(themes, 1)
        for order, cell in enumerate(theme.cells)
    )
    title = "Tables that raised each theme, by division"
    said = f"{counted(len(themes), 'theme')} by {counted(divisions, 'division')}. The numbers stand theme by theme further down."
    return Chart("heatmap", title, f"{title}. {said}", rows)


def _differing(themes: tuple[ComparedTheme, ...]) -> list[ComparedTheme]:
    """The themes with the widest range of shares, of those of which every count may be told."""
    ranges = []
    for theme in themes:
        shares = [cell.share for cell in theme.cells if cell.share is not None]
        if len(shares) > 1 and not theme.withheld and max(shares) > min(shares):
            ranges.append((min(shares) - max(shares), theme.title, theme.code, theme))
    return [theme for *_, theme in sorted(ranges, key=lambda item: item[:3])[:DIFFERING]]


def intervals(theme: ComparedTheme) -> Chart:
    """The shares of one theme with their intervals."""
    rows = tuple(
        {"order": order, "division": cell.division, "share": cell.share, "low": cell.low, "high": cell.high, "label": cell.shown}
        for order, cell in enumerate(theme.cells)
    )
    said = "; ".join(f"{cell.division}: {cell.shown}" for cell in theme.cells)
    return Chart("intervals", theme.title, f"{theme.title}: share of tables with its 95% interval, by division. {said}.", rows)
