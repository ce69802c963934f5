"""The marks of each kind of chart, as layers of Vega-Lite; the rows are those that :mod:`pipeline.report.charts` tells of.

Layers are plain values, as Vega-Lite's own JSON is: of Altair's objects, a chart takes longer to make than to draw.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pipeline.report.style import LIGHT, SHAPES

WIDE = 660  # pixels: the column of a page
TEXT, LINE, BAR = 13, 16, 18  # pixels
HEAT_NAMES = 36  # letters in a line of the names beside a heatmap
LETTER = TEXT * 0.52  # pixels of a letter, on the whole
_CLOSE = {"paddingInner": 0, "paddingOuter": 0}  # a scale of rows or columns with nothing between them
Spec = dict[str, Any]
Rows = list[Spec]


def _layer(rows: Rows, kind: str, encoding: Spec, **mark: Any) -> Spec:
    """Rows as marks of a kind."""
    return {"data": {"values": rows}, "mark": {"type": kind, **mark}, "encoding": encoding}


def _field(name: str, kind: str = "nominal", **said: Any) -> Spec:
    """A channel that shows a field of the rows."""
    return {"field": name, "type": kind, **said}


def _lines(text: str, letters: int) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), letters) or [""]


def _label_width(width: int) -> int:
    """Letters in a line of the labels on the left: they may take up to two fifths of the chart."""
    return int(width * 0.4 / LETTER)


def _on_the_left(rows: Rows, key: str, name: str, letters: int) -> tuple[Spec, Spec, int]:
    """The rows' names down the left, in the order of ``key``, each in the middle of its row.

    Adds ``row`` (what tells one row of the chart from another: names may be alike) to each. Returns the channel of rows, the layer of
    names, and the height of the chart in pixels.
    """
    named = {row[key]: _lines(row[name], letters) for row in rows}
    for row in rows:
        row["row"] = row[key]
    channel = _field("row", "ordinal", sort=sorted(named), axis=None, scale=_CLOSE)
    names = [{"row": row, "name": lines, "up": (1 - len(lines)) * LINE / 2} for row, lines in sorted(named.items())]
    shown = {"y": channel, "x": {"value": 0}, "text": _field("name")}
    layer = _layer(names, "text", shown, align="right", baseline="middle", lineHeight=LINE, dx=-8, dy={"expr": "datum.up"})
    deepest = max(len(lines) for lines in named.values())
    return channel, layer, (12 + deepest * LINE) * len(named)


def _heads(names: Iterable[str], letters: int) -> Spec:
    """What names the columns above a chart whose x says their places, from 0: properties of its axis."""
    lines = [_lines(name, letters) for name in names]
    deepest = max(map(len, lines), default=1)
    padded = [[""] * (deepest - len(head)) + head for head in lines]
    return {
        "orient": "top",
        "values": list(range(len(padded))),
        "labelExpr": f"{json.dumps(padded)}[datum.value]",
        "labelBaseline": "bottom",
        "labelLineHeight": LINE,
        "labelPadding": 6 + (deepest - 1) * LINE,
        "labelOverlap": False,
        "labelFlush": False,
        "labelAngle": 0,
    }


def _counts(rows: Rows, width: int) -> tuple[Rows, int]:
    """Bars with their counts at the end; a pale bar behind each shows all tables."""
    most = max([1, *(row["of"] or row["count"] for row in rows)])
    for row in rows:
        row["end"] = row["of"] or row["count"]
        row["said"] = f"{row['count']} of {row['of']}" if row["of"] else str(row["count"])
    y, names, height = _on_the_left(rows, "rank", "theme", _label_width(width))
    base = {"y": y, "tooltip": [_field("theme"), _field("said")]}
    count, end = (_field(name, "quantitative", scale={"domain": [0, most], "nice": False}, axis=None) for name in ("count", "end"))
    whole = _layer(rows, "bar", base | {"x": end}, color=LIGHT.shade, height=BAR)
    bars = _layer(rows, "bar", base | {"x": count}, color=LIGHT.accent, height=BAR)
    ends = _layer(rows, "text", base | {"x": end, "text": _field("said")}, align="left", dx=6)
    return [whole, bars, ends, names], height


def _priorities(rows: Rows, width: int) -> tuple[Rows, int]:
    """A column of bars a priority, all on one scale; a theme without points of a priority has none there."""
    most = max([1, *(row["points"] for row in rows)])
    columns = [name for _, name in sorted({(row["order"], row["priority"]) for row in rows})]
    for row in rows:
        row["start"], row["end"] = row["order"], row["order"] + 0.66 * row["points"] / most
    y, names, height = _on_the_left(rows, "rank", "theme", _label_width(width) - (4 if width < WIDE else 0))
    small = TEXT - 2 if width < WIDE else TEXT
    heads = _heads(columns, 9 if width < WIDE else 14)
    axis = heads | {"labelAlign": "left", "labelColor": LIGHT.muted, "labelFontSize": small, "labelOffset": 0}
    start, end = (_field(name, "quantitative", scale={"domain": [0, len(columns)], "nice": False}, axis=axis) for name in ("start", "end"))
    points = _field("points", "quantitative")
    base = {"y": y, "tooltip": [_field("theme"), _field("priority"), points]}
    said = [row for row in rows if row["points"]]
    bars = _layer(said, "bar", base | {"x": start, "x2": {"field": "end"}}, color=LIGHT.accent, height=BAR)
    ends = _layer(said, "text", base | {"x": end, "text": points}, align="left", dx=5)
    return [bars, ends, names], height


def _map(rows: Rows, width: int) -> tuple[Rows, int]:
    """A mark a point: colour and shape say its theme; grey and small are those of further themes or of none."""
    names = {row["group"]: row["theme"] for row in rows if row["group"]}
    groups = sorted(names)
    letters = int(width / (1 if width < WIDE else 2) / LETTER) - 6
    for row in rows:
        row["key"] = "\n".join([str(row["group"]), *_lines(names[row["group"]], letters)]) if row["group"] else ""
    keys = sorted({row["key"] for row in rows if row["group"]}, key=lambda key: int(key.split("\n")[0]))
    legend = {
        "orient": "bottom", "columns": 1 if width < WIDE else 2, "title": None, "labelExpr": "slice(split(datum.label, '\\n'), 1)",
        "labelLimit": 0, "labelFontSize": TEXT, "labelColor": LIGHT.ink, "symbolSize": 90, "rowPadding": 6, "columnPadding": 24,
        "symbolOpacity": 1, "symbolStrokeWidth": 0,
    }  # fmt: skip
    colours = {"domain": keys, "range": [LIGHT.themes[group - 1] for group in groups]}
    shapes = {"domain": keys, "range": [SHAPES[group - 1] for group in groups]}
    across, up = _extent([row["x"] for row in rows]), _extent([row["y"] for row in rows])
    plane = {
        "x": _field("x", "quantitative", axis=None, scale={"domain": across, "nice": False}),
        "y": _field("y", "quantitative", axis=None, scale={"domain": up, "nice": False}),
        "description": _field("point"),
        "tooltip": [_field("text"), _field("theme"), _field("table")],
    }
    layers = []
    if rest := [row for row in rows if not row["group"]]:
        layers.append(_layer(rest, "point", plane, filled=True, size=34, color=LIGHT.other, opacity=1))
    if marked := [row for row in rows if row["group"]]:
        told = {"fill": _field("key", scale=colours, legend=legend), "shape": _field("key", scale=shapes, legend=legend)}
        layers.append(_layer(marked, "point", plane | told, filled=True, size=80, opacity=1, stroke=LIGHT.page, strokeWidth=0.8))
    return layers, round(width * min(0.75, max(0.35, (up[1] - up[0]) / (across[1] - across[0]))))


def _extent(values: list[float]) -> list[float]:
    """From the least to the greatest, and a little more, so that no mark is cut."""
    low, high = min(values), max(values)
    margin = max(0.1, (high - low) * 0.05)
    return [low - margin, high + margin]


def heatmap_width(rows: Sequence[Spec]) -> int:
    """Pixels that the names and the columns of a heatmap need."""
    return _heat_names(rows) + _heat_cell(rows) * len({row["order"] for row in rows})


def _heat_names(rows: Sequence[Spec]) -> int:
    return int(LETTER * max(len(line) for row in rows for line in _lines(row["theme"], HEAT_NAMES))) + 16


def _heat_cell(rows: Sequence[Spec]) -> int:
    """The width of a cell that holds the longest word of a division's name, up to a limit."""
    longest = max(len(word) for row in rows for word in ("", *row["division"].split()))
    return max(84, int(LETTER * min(longest, 18)) + 14)


def _heatmap(rows: Rows, width: int) -> tuple[Rows, int]:
    """A cell a theme and division: five steps of colour, and the count in words on it."""
    steps = len(LIGHT.shares)
    for row in rows:
        row["step"] = None if row["share"] is None else min(steps - 1, int(row["share"] * steps))
        row["fill"] = LIGHT.page if row["step"] is None else LIGHT.shares[row["step"]]
        row["on"] = LIGHT.muted if row["step"] is None else LIGHT.on_shares[row["step"]]
    y, names, height = _on_the_left(rows, "rank", "theme", HEAT_NAMES)
    columns = dict(sorted({(row["order"], row["division"]) for row in rows}))
    axis = _heads(columns.values(), int(((width - _heat_names(rows)) / len(columns) - 10) / LETTER))
    x = _field("order", "ordinal", sort=list(columns), axis=axis, scale=_CLOSE)
    base = {"x": x, "y": y, "tooltip": [_field("theme"), _field("division"), _field("label")]}
    cells = _layer(rows, "rect", base | {"fill": _field("fill", scale=None)}, stroke=LIGHT.page, strokeWidth=2)
    said = _layer(rows, "text", base | {"text": _field("label"), "color": _field("on", scale=None)})
    return [cells, said, names], height


def _intervals(rows: Rows, width: int) -> tuple[Rows, int]:
    """A dot a division and the line of its interval, from 0 to 100 per cent, with the count at the right."""
    y, names, height = _on_the_left(rows, "order", "division", _label_width(width))
    axis = {"values": [0, 0.5, 1], "format": ".0%", "grid": True, "gridColor": LIGHT.rule, "labelColor": LIGHT.muted, "labelFlush": False}
    low, share, at = (_field(name, "quantitative", scale={"domain": [0, 1], "nice": False}, axis=axis) for name in ("low", "share", "at"))
    known = [row for row in rows if row["share"] is not None]
    base = {"y": y, "tooltip": [_field("division"), _field("label")]}
    lines = _layer(known, "rule", base | {"x": low, "x2": {"field": "high"}}, color=LIGHT.accent, strokeWidth=2)
    dots = _layer(known, "point", base | {"x": share}, filled=True, size=90, color=LIGHT.accent, opacity=1)
    said = _layer([row | {"at": 1} for row in rows], "text", {"y": y, "x": at, "text": _field("label")}, align="left", dx=10)
    return [lines, dots, said, names], height


DRAWERS: dict[str, Callable[[Rows, int], tuple[Rows, int]]] = {
    "themes_by_tables": _counts,
    "themes_by_points": _counts,
    "priorities_by_theme": _priorities,
    "map": _map,
    "heatmap": _heatmap,
    "intervals": _intervals,
}
