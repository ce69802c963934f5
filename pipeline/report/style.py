"""Colours and type of reports, the same in the page, in Word and in charts.

Colours of text reach a contrast of 4.5 to 1 with the page behind them, colours of marks 3 to 1 (WCAG 2.2, success criteria 1.4.3 and
1.4.11), in light and in dark. The hues of themes are those of Okabe and Ito (2008, *Color Universal Design*), darkened or lightened to
that contrast; since hues alone do not tell eight things apart for everybody, each goes with a shape.
"""

from __future__ import annotations

from dataclasses import dataclass

# Liberation Sans has the widths of Arial and comes with the chart renderer, so that a chart is laid out alike on every machine.
CHART_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
PAGE_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
WORD_FONT = "Calibri"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#rrggbb``.

    Attributes
    ----------
    page, ink, muted : the page, its text, and text that matters less.
    rule, shade : lines between things, and the ground of a table's heading or of a bar's whole length.
    accent : the one colour that marks what matters: bars, links, the focus.
    themes : eight, for the themes of a map, in rank order; ``other`` for all further ones.
    shares, on_shares : five steps from none to all for a heatmap, and the text on each.
    """

    page: str
    ink: str
    muted: str
    rule: str
    shade: str
    accent: str
    themes: tuple[str, ...]
    other: str
    shares: tuple[str, ...]
    on_shares: tuple[str, ...]

    def colours(self) -> tuple[str, ...]:
        """All of them, in a fixed order, so that those of two palettes pair."""
        plain = (self.page, self.ink, self.muted, self.rule, self.shade, self.accent, self.other)
        return (*plain, *self.themes, *self.shares, *self.on_shares)

    def variables(self) -> str:
        """The colours of a page as CSS has variables: ``--page:#ffffff;…``."""
        return ";".join(f"--{name}:{getattr(self, name)}" for name in ("page", "ink", "muted", "rule", "shade", "accent"))


LIGHT = Palette(
    page="#ffffff",
    ink="#1b2430",
    muted="#56616f",
    rule="#d3d9e0",
    shade="#eef1f4",
    accent="#0b5d8c",
    themes=("#0072b2", "#c54e00", "#00805e", "#a8508c", "#a36b00", "#2b2f36", "#3a8fc4", "#7d6a1e"),
    other="#8b949e",
    shares=("#eff3f7", "#cfe0ec", "#9cc3dd", "#35719b", "#0a4a70"),
    on_shares=("#1b2431", "#1b2432", "#1b2433", "#fffffe", "#fffffd"),
)
DARK = Palette(
    page="#14191f",
    ink="#e7eaee",
    muted="#a7b0bb",
    rule="#37414c",
    shade="#222a33",
    accent="#6cb6e4",
    themes=("#56b4e9", "#f0803c", "#2fc193", "#e08fc4", "#e6a321", "#f2f2f2", "#8fb8ff", "#f0e442"),
    other="#79838f",
    shares=("#1d242c", "#1f3a4e", "#24577a", "#4d9ccb", "#a9d7f2"),
    on_shares=("#e7eaef", "#e7eaf0", "#f5f8fa", "#0d1318", "#0d1319"),
)
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, *contrast ratio*).

    >>> contrast("#000000", "#ffffff"), contrast("#777777", "#777777")
    (21.0, 1.0)
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
