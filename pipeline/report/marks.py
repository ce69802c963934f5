"""The marks of each kind of chart, as layers of Altair; the rows are those that :mod:`pipeline.report.charts` tells of."""

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
Rows = list[dict[str, Any]]


def altair_late() -> Any:
    """Altair, imported when it is first needed."""
    import altair

    return altair


def _data(rows: Rows) -> Any:
    """A chart of rows, as a frame of plain values: a list would be copied and checked, value by value, whenever a layer is made."""
    import pandas as pd

    return altair_late().Chart(pd.DataFrame(rows, dtype=object))


def _lines(text: str, letters: int) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), letters) or [""]


def _label_width(width: int) -> int:
    """Letters in a line of the labels on the left: they may take up to two fifths of the chart."""
    return int(width * 0.4 / LETTER)


def _on_the_left(rows: Rows, key: str, name: str, letters: int) -> tuple[Any, Any, int]:
    """The rows' names down the left, in the order of ``key``, each in the middle of its row.

    Adds ``row`` (what tells one row of the chart from another: names may be alike) to each. Returns the channel of rows, the layer of
    names, and the height of the chart in pixels.
    """
    alt = altair_late()
    named = {row[key]: _lines(row[name], letters) for row in rows}
    for row in rows:
        row["row"] = row[key]
    channel = alt.Y("row:O", sort=sorted(named), axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    names = _data([{"row": row, "name": lines, "up": (1 - len(lines)) * LINE / 2} for row, lines in sorted(named.items())])
    layer = names.mark_text(align="right", baseline="middle", lineHeight=LINE, dx=-8, dy=alt.expr("datum.up"))
    deepest = max(len(lines) for lines in named.values())
    return channel, layer.encode(y=channel, x=alt.value(0), text="name:N"), (12 + deepest * LINE) * len(named)


def _heads(names: Iterable[str], letters: int) -> dict[str, Any]:
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


def _counts(rows: Rows, width: int) -> tuple[list[Any], int]:
    """Bars with their counts at the end; a pale bar behind each shows all tables."""
    alt = altair_late()
    most = max([1, *(row["of"] or row["count"] for row in rows)])
    for row in rows:
        row["end"] = row["of"] or row["count"]
        row["said"] = f"{row['count']} of {row['of']}" if row["of"] else str(row["count"])
    y, names, height = _on_the_left(rows, "rank", "theme", _label_width(width))
    scale = alt.Scale(domain=[0, most], nice=False)
    base = _data(rows).encode(y=y, tooltip=[alt.Tooltip("theme:N"), alt.Tooltip("said:N")])
    whole = base.mark_bar(color=LIGHT.shade, height=BAR).encode(x=alt.X("end:Q", scale=scale, axis=None))
    bars = base.mark_bar(color=LIGHT.accent, height=BAR).encode(x=alt.X("count:Q", scale=scale, axis=None))
    ends = base.mark_text(align="left", dx=6).encode(x=alt.X("end:Q", scale=scale, axis=None), text="said:N")
    return [whole, bars, ends, names], height


def _priorities(rows: Rows, width: int) -> tuple[list[Any], int]:
    """A column of bars a priority, all on one scale; a theme without points of a priority has none there."""
    alt = altair_late()
    most = max([1, *(row["points"] for row in rows)])
    columns = [name for _, name in sorted({(row["order"], row["priority"]) for row in rows})]
    for row in rows:
        row["start"], row["end"] = row["order"], row["order"] + 0.66 * row["points"] / most
    y, names, height = _on_the_left(rows, "rank", "theme", _label_width(width) - (4 if width < WIDE else 0))
    small = TEXT - 2 if width < WIDE else TEXT
    axis = alt.Axis(
        **_heads(columns, 9 if width < WIDE else 14), labelAlign="left", labelColor=LIGHT.muted, labelFontSize=small, labelOffset=0
    )
    scale = alt.Scale(domain=[0, len(columns)], nice=False)
    base = _data([row for row in rows if row["points"]]).encode(y=y, tooltip=["theme:N", "priority:N", "points:Q"])
    bars = base.mark_bar(color=LIGHT.accent, height=BAR).encode(x=alt.X("start:Q", scale=scale, axis=axis), x2="end:Q")
    ends = base.mark_text(align="left", dx=5).encode(x=alt.X("end:Q", scale=scale, axis=axis), text="points:Q")
    return [bars, ends, names], height


def _map(rows: Rows, width: int) -> tuple[list[Any], int]:
    """A mark a point: colour and shape say its theme; grey and small are those of further themes or of none."""
    alt = altair_late()
    names = {row["group"]: row["theme"] for row in rows if row["group"]}
    groups = sorted(names)
    letters = int(width / (1 if width < WIDE else 2) / LETTER) - 6
    for row in rows:
        row["key"] = "\n".join([str(row["group"]), *_lines(names[row["group"]], letters)]) if row["group"] else ""
    keys = sorted({row["key"] for row in rows if row["group"]}, key=lambda key: int(key.split("\n")[0]))
    legend = alt.Legend(
        orient="bottom", columns=1 if width < WIDE else 2, title=None, labelExpr="slice(split(datum.label, '\\n'), 1)", labelLimit=0,
        labelFontSize=TEXT, labelColor=LIGHT.ink, symbolSize=90, rowPadding=6, columnPadding=24, symbolOpacity=1, symbolStrokeWidth=0,
    )  # fmt: skip
    colours = alt.Scale(domain=keys, range=[LIGHT.themes[group - 1] for group in groups])
    shapes = alt.Scale(domain=keys, range=[SHAPES[group - 1] for group in groups])
    across, up = _extent([row["x"] for row in rows]), _extent([row["y"] for row in rows])
    plane = {
        "x": alt.X("x:Q", axis=None, scale=alt.Scale(domain=across, nice=False)),
        "y": alt.Y("y:Q", axis=None, scale=alt.Scale(domain=up, nice=False)),
    }
    tooltip = [alt.Tooltip("text:N"), alt.Tooltip("theme:N"), alt.Tooltip("table:N")]
    layers = []
    if rest := [row for row in rows if not row["group"]]:
        layers.append(
            _data(rest)
            .mark_point(filled=True, size=34, color=LIGHT.other, opacity=1)
            .encode(**plane, description="point:N", tooltip=tooltip)
        )
    if keys:
        marks = _data([row for row in rows if row["group"]]).mark_point(filled=True, size=80, opacity=1, stroke=LIGHT.page, strokeWidth=0.8)
        colour, shape = alt.Fill("key:N", scale=colours, legend=legend), alt.Shape("key:N", scale=shapes, legend=legend)
        layers.append(marks.encode(**plane, fill=colour, shape=shape, description="point:N", tooltip=tooltip))
    return layers, round(width * min(0.75, max(0.35, (up[1] - up[0]) / (across[1] - across[0]))))


def _extent(values: list[float]) -> list[float]:
    """From the least to the greatest, and a little more, so that no mark is cut."""
    low, high = min(values), max(values)
    margin = max(0.1, (high - low) * 0.05)
    return [low - margin, high + margin]


def heatmap_width(rows: Sequence[dict[str, Any]]) -> int:
    """Pixels that the names and the columns of a heatmap need."""
    return _heat_names(rows) + _heat_cell(rows) * len({row["order"] for row in rows})


def _heat_names(rows: Sequence[dict[str, Any]]) -> int:
    return int(LETTER * max(len(line) for row in rows for line in _lines(row["theme"], HEAT_NAMES))) + 16


def _heat_cell(rows: Sequence[dict[str, Any]]) -> int:
    """The width of a cell that holds the longest word of a division's name, up to a limit."""
    longest = max(len(word) for row in rows for word in ("", *row["division"].split()))
    return max(84, int(LETTER * min(longest, 18)) + 14)


def _heatmap(rows: Rows, width: int) -> tuple[list[Any], int]:
    """A cell a theme and division: five steps of colour, and the count in words on it."""
    alt = altair_late()
    steps = len(LIGHT.shares)
    for row in rows:
        row["step"] = None if row["share"] is None else min(steps - 1, int(row["share"] * steps))
        row["fill"] = LIGHT.page if row["step"] is None else LIGHT.shares[row["step"]]
        row["on"] = LIGHT.muted if row["step"] is None else LIGHT.on_shares[row["step"]]
    y, names, height = _on_the_left(rows, "rank", "theme", HEAT_NAMES)
    columns = dict(sorted({(row["order"], row["division"]) for row in rows}))
    axis = alt.Axis(**_heads(columns.values(), int(((width - _heat_names(rows)) / len(columns) - 10) / LETTER)))
    x = alt.X("order:O", sort=list(columns), axis=axis, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    base = _data(rows).encode(x=x, y=y, tooltip=["theme:N", "division:N", "label:N"])
    cells = base.mark_rect(stroke=LIGHT.page, strokeWidth=2).encode(fill=alt.Fill("fill:N", scale=None))
    said = base.mark_text().encode(text="label:N", color=alt.Color("on:N", scale=None))
    return [cells, said, names], height


def _intervals(rows: Rows, width: int) -> tuple[list[Any], int]:
    """A dot a division and the line of its interval, from 0 to 100 per cent, with the count at the right."""
    alt = altair_late()
    y, names, height = _on_the_left(rows, "order", "division", _label_width(width))
    axis = alt.Axis(values=[0, 0.5, 1], format=".0%", grid=True, gridColor=LIGHT.rule, labelColor=LIGHT.muted, labelFlush=False)
    scale = alt.Scale(domain=[0, 1], nice=False)
    known = _data([row for row in rows if row["share"] is not None]).encode(y=y, tooltip=["division:N", "label:N"])
    lines = known.mark_rule(color=LIGHT.accent, strokeWidth=2).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    dots = known.mark_point(filled=True, size=90, color=LIGHT.accent, opacity=1).encode(x=alt.X("share:Q", scale=scale, axis=axis))
    said = _data([row | {"at": 1} for row in rows]).mark_text(align="left", dx=10)
    return [lines, dots, said.encode(y=y, x=alt.X("at:Q", scale=scale, axis=axis), text="label:N"), names], height


DRAWERS: dict[str, Callable[[Rows, int], tuple[Iterable[Any], int]]] = {
    "themes_by_tables": _counts,
    "themes_by_points": _counts,
    "priorities_by_theme": _priorities,
    "map": _map,
    "heatmap": _heatmap,
    "intervals": _intervals,
}
