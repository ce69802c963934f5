"""Charts of reports: from the rows of a :class:`~pipeline.report.blocks.Chart` to a drawing for the page and a picture for Word.

The rows of each kind, one dict a mark:

``themes_by_tables``, ``themes_by_points``
    ``rank`` (int, from 1), ``theme`` (its title), ``count``, ``of`` (tables in all, or None).
``priorities_by_theme``
    ``rank``, ``theme``, ``priority``, ``order`` (the priority's place, from 0), ``points``.
``map``
    ``point`` (its id), ``x``, ``y`` (-1 to 1), ``theme`` (its title, or ""), ``group`` (rank of a theme with a colour of its own, 1 to 8,
    or 0), ``table``, ``text``.
``heatmap``
    ``rank``, ``theme``, ``order`` (the division's place, from 0), ``division``, ``share`` (0 to 1, or None where it is not told),
    ``label`` (what the cell says, such as "4 of 6").
``intervals``
    ``order``, ``division``, ``share``, ``low``, ``high`` (0 to 1: a share and its interval, or None where not told), ``label``.

Charts have no title: what shows one says what it is called. They are drawn in the colours of ``style.LIGHT``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pipeline.report.blocks import Chart
from pipeline.report.marks import DRAWERS, TEXT, WIDE, Spec, heatmap_width
from pipeline.report.style import CHART_FONT, LIGHT

if TYPE_CHECKING:
    import altair

__all__ = ["KINDS", "NARROW", "WIDE", "draw", "drawing", "picture", "start_drawing"]

NARROW = 350  # pixels: a phone; WIDE is the column of a page
KINDS = frozenset(DRAWERS)
_KEPT = 64  # drawings that are remembered
_SVG = "http://www.w3.org/2000/svg"
_KEPT_ELEMENTS = frozenset(f"{{{_SVG}}}{name}" for name in ("g", "path", "rect", "line", "text", "tspan", "circle"))
_KEPT_ATTRIBUTES = frozenset({"d", "fill", "fill-opacity", "font-size", "font-style", "font-weight", "height",
    "opacity", "stroke", "stroke-dasharray", "stroke-opacity", "stroke-width", "text-anchor", "transform", "viewBox", "width",
    "x", "dy", "x1", "x2", "y", "y1", "y2"})  # fmt: skip

_LONG = re.compile(r"-?\d+\.\d{2,}")


def draw(chart: Chart, *, width: int = WIDE) -> altair.LayerChart:
    """A chart as Altair has it, ``width`` pixels wide with its labels.

    Raises
    ------
    KeyError : there is no such kind of chart.
    """
    import altair

    said = _specified(chart.kind, chart.rows, width)
    return altair.LayerChart(layer=[_layer(layer) for layer in said.pop("layer")], **said)


def _layer(said: Spec) -> altair.Chart:
    """A layer as Altair has it, its rows as a frame of plain values: a list of them would be held against a schema, value by value."""
    import altair
    import pandas as pd

    layer: altair.Chart = altair.Chart.from_dict(said | {"data": {"values": []}})
    layer.data = pd.DataFrame(said["data"]["values"], dtype=object)
    return layer


def _specified(kind: str, rows: Iterable[Spec], width: int) -> Spec:
    """A chart as Vega-Lite has it."""
    rows = [dict(row) for row in rows]
    if kind == "heatmap":  # cells keep room for their counts and heads; a page that is narrower scrolls
        width = max(width, heatmap_width(rows))
    layers, height = DRAWERS[kind](rows, width)
    axis = {
        "domain": False, "ticks": False, "grid": False, "title": None, "labelColor": LIGHT.ink, "labelFontSize": TEXT, "labelLimit": 0,
        "labelPadding": 8,
    }  # fmt: skip
    return {
        "layer": layers,
        "width": width,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": 4,
        "config": {
            "background": LIGHT.page,
            "font": CHART_FONT,
            "view": {"stroke": None},
            "axis": axis,
            "text": {"fontSize": TEXT, "color": LIGHT.ink},
        },
    }


def start_drawing() -> None:
    """Start what draws charts, which takes half a second, before there is one."""
    import vl_convert

    vl_convert.vegalite_to_svg({"data": {"values": []}, "mark": "point"}, allowed_base_urls=[])


def drawing(chart: Chart, *, width: int = WIDE) -> str:
    """A chart as an ``<svg>`` element to stand in a page; it has no ids, styles, scripts or links, and says nothing to screen readers.

    A mark of a map carries the id of its point as ``data-point``.
    """
    return _drawing(chart.kind, json.dumps(chart.rows), width)


def picture(chart: Chart, *, scale: float = 2.0, width: int = WIDE) -> bytes:
    """A chart as a PNG on white, ``scale`` pixels of it to one of ``draw``."""
    return _picture(chart.kind, json.dumps(chart.rows), scale, width)


@lru_cache(maxsize=_KEPT)  # a chart takes a twentieth of a second, and reports are written more than once
def _drawing(kind: str, rows: str, width: int) -> str:
    root = ET.fromstring(_svg(kind, rows, width))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag not in _KEPT_ELEMENTS:
                parent.remove(child)
    for element in root.iter():
        point = element.get("aria-label", "") if kind == "map" and element.get("aria-roledescription") == "point" else ""
        kept = {name: _LONG.sub(_shorter, value) for name, value in element.attrib.items() if name in _KEPT_ATTRIBUTES}
        element.attrib.clear()
        element.attrib.update(kept | ({"data-point": point} if point else {}))
    root.attrib |= {"font-family": CHART_FONT, "aria-hidden": "true", "focusable": "false"}
    ET.register_namespace("", _SVG)
    return ET.tostring(root, encoding="unicode").replace(f' xmlns="{_SVG}"', "", 1)


@lru_cache(maxsize=_KEPT)
def _picture(kind: str, rows: str, scale: float, width: int) -> bytes:
    import vl_convert

    return vl_convert.svg_to_png(_svg(kind, rows, width), scale=scale)


@lru_cache(maxsize=_KEPT)  # the page and Word show the same chart
def _svg(kind: str, rows: str, width: int) -> str:
    import vl_convert

    return vl_convert.vegalite_to_svg(_specified(kind, json.loads(rows), width), allowed_base_urls=[])


def _shorter(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}"
