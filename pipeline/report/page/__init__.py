"""report.html: a report as one page that needs nothing else: no network, no other file, and no script to be read.

With scripts, its points can be searched and filtered, quotes copied with their source, and the points on a map read. The page forbids
itself all requests, and any script or style but its own, by its content security policy (W3C, *Content Security Policy Level 3*).
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.beside import elsewhere
from pipeline.report.blocks import Chart, Report
from pipeline.report.page.explorer import PointRow, choices, explorer_points
from pipeline.report.style import DARK, LIGHT, PAGE_FONT
from pipeline.report.wording import counted, said_at

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

__all__ = ["PointRow", "explorer_points", "report_page"]

_HERE = Path(__file__).parent
# Columns of a chart's table: those that only place a mark are left out, the others are named in words.
_UNTOLD = frozenset({"rank", "order", "point", "x", "y", "group"})
_NAMED = {"of": "Of", "label": "Told as", "low": "From", "high": "To"}
_SHARES = frozenset({"share", "low", "high"})


@elsewhere
def report_page(report: Report, points: Sequence[PointRow] = ()) -> str:
    """A report as an HTML page, the same bytes for the same report.

    Parameters
    ----------
    report : what it says.
    points : the points that a table at its end lists, and that stand as evidence under their themes; none, and there is neither.
    """
    from markupsafe import Markup

    css, script = _stylesheet(), (_HERE / "page.js").read_text("utf-8")
    page = _template().render(
        report=report,
        points={point.id: point for point in points},
        titles={title for point in points for title in point.themes},
        choices=choices(points),
        css=Markup(css),
        script=Markup(script),
        policy=f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'",
        drawings=_drawings,
        numbers=_numbers,
        counted=counted,
        said_at=said_at,
    )
    return page.lstrip() + "\n"


@cache
def _template() -> jinja2.Template:
    """The page before it says anything, compiled once."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment.get_template("page.html.j2")


def _drawings(chart: Chart) -> list[Markup]:
    """A chart as wide as a page and as narrow as a phone; a heatmap only wide, since its page scrolls."""
    from markupsafe import Markup

    from pipeline.report.charts import NARROW, WIDE, drawing

    if chart.kind == "heatmap":
        return [Markup(drawing(chart).replace("<svg ", '<svg class="wide only fixed" ', 1))]
    widths = {"wide": WIDE, "narrow": NARROW}
    return [Markup(drawing(chart, width=width).replace("<svg ", f'<svg class="{name}" ', 1)) for name, width in widths.items()]


def _numbers(chart: Chart) -> tuple[list[str], list[list[str | int]], list[str]]:
    """The rows of a chart as a table: its columns, rows, and the columns that hold numbers."""
    keys = [key for key in chart.rows[0] if key not in _UNTOLD and any(row[key] is not None for row in chart.rows)]
    names = {key: _NAMED.get(key, key.capitalize()) for key in keys}
    rows = [[_value(key, row[key]) for key in keys] for row in chart.rows]
    return list(names.values()), rows, [name for key, name in names.items() if not isinstance(chart.rows[0][key], str)]


def _value(key: str, value: Any) -> str | int:
    if value is None:
        return ""
    return f"{value:.0%}" if key in _SHARES else value


def _stylesheet() -> str:
    """The rules of the page with its colours; those of drawings stand in them as they are, so dark ones are put in their place."""
    pairs = [(light, dark) for light, dark in zip(LIGHT.colours(), DARK.colours(), strict=True) if light != dark]
    drawn = "".join(f'svg [{what}="{light}"]{{{what}:{dark}}}' for light, dark in pairs for what in ("fill", "stroke"))
    return (
        f":root{{{LIGHT.variables()};--font:{PAGE_FONT}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{DARK.variables()}}}{drawn}}}\n"
        f"{(_HERE / 'page.css').read_text('utf-8')}"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
