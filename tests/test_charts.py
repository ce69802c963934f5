"""Charts: what stands in a drawing, that colours can be told from the page, and that the same rows give the same bytes."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from pipeline.report.blocks import Chart
from pipeline.report.charts import KINDS, NARROW, WIDE, draw, drawing, picture
from pipeline.report.style import DARK, LIGHT, SHAPES, Palette, contrast

LONG = "Partnership working between the county, the districts and everyone else who was in the room"
TITLES = ["Road safety", LONG, 'Signs & "sirens" <script>', "{{ braces }}"]
DIVISIONS = ["Millbrook", "Saltby Coast and the villages inland"]


def rows(kind: str) -> list[dict[str, Any]]:
    ranked = list(enumerate(TITLES, 1))
    match kind:
        case "themes_by_tables":
            return [{"rank": rank, "theme": title, "count": 5 - rank, "of": 6} for rank, title in ranked]
        case "themes_by_points":
            return [{"rank": rank, "theme": title, "count": 5 - rank, "of": None} for rank, title in ranked]
        case "priorities_by_theme":
            return [
                {"rank": rank, "theme": title, "priority": priority, "order": order, "points": (rank + order) % 3}
                for rank, title in ranked
                for order, priority in enumerate(("Urgent & Essential", "Not Urgent or Essential"))
            ]
        case "map":
            return [
                {
                    "point": f"p{n}",
                    "x": n / 5 - 1,
                    "y": (n * n % 7) / 5 - 0.5,
                    "theme": TITLES[n % 4],
                    "group": n % 5,
                    "table": "1",
                    "text": "t",
                }
                for n in range(10)
            ]
        case "heatmap":
            return [
                {"rank": rank, "theme": title, "order": n, "division": name, "share": (rank + n) / 6, "label": f"{rank + n} of 6"}
                for rank, title in ranked
                for n, name in enumerate(DIVISIONS)
            ]
        case _:
            return [
                {"order": n, "division": name, "share": 0.25, "low": 0.1, "high": 0.5, "label": f"{n + 1} of 8"}
                for n, name in enumerate(DIVISIONS)
            ]


def chart(kind: str, **change: Any) -> Chart:
    return Chart(kind, "title", "description", tuple(row | change for row in rows(kind)))


def words(svg: str) -> str:
    return " ".join(" ".join(ET.fromstring(svg).itertext()).split())


def marks(svg: str, fill: str) -> int:
    return svg.count(f'fill="{fill}"')


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_drawn_wide_and_narrow_alike_each_time(kind: str) -> None:
    assert draw(chart(kind)).to_dict()["config"]["background"] == LIGHT.page  # Altair checks it against Vega-Lite's schema
    for width in (WIDE, NARROW):
        svg = drawing(chart(kind), width=width)
        assert svg == drawing(chart(kind), width=width)
        root = ET.fromstring(svg)
        assert float(root.get("width", "")) == pytest.approx(width, abs=25) or kind == "heatmap"
        assert root.get("aria-hidden") == "true"
        for name in DIVISIONS if kind == "intervals" else TITLES:
            if kind != "map" or name != TITLES[0]:
                assert name in words(svg)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_drawing_has_no_ids_styles_scripts_or_links(kind: str) -> None:
    found = {element.tag for element in ET.fromstring(drawing(chart(kind))).iter()}
    assert found <= {"svg", "g", "path", "rect", "line", "text", "tspan", "circle"}
    assert not re.search(r'\s(?:id|style|class|href|on\w+|role|aria-label)="', drawing(chart(kind)))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_colour_drawn_is_one_of_the_palette(kind: str) -> None:
    used = set(re.findall(r'(?:fill|stroke)="(#\w+|rgb[^"]*)"', drawing(chart(kind))))
    assert used
    assert used <= set(LIGHT.colours())


def test_counts_stand_at_the_end_of_their_bars_and_out_of_how_many_where_that_is_known() -> None:
    assert "4 of 6 3 of 6 2 of 6 1 of 6" in words(drawing(chart("themes_by_tables")))
    assert " of " not in words(drawing(chart("themes_by_points", theme="Noise")))
    assert "4 3 2 1" in words(drawing(chart("themes_by_points")))


def test_a_theme_without_points_of_a_priority_has_no_bar_there() -> None:
    told = rows("priorities_by_theme")
    assert marks(drawing(chart("priorities_by_theme")), LIGHT.accent) == sum(row["points"] > 0 for row in told)


def test_priorities_without_any_points_are_drawn_empty() -> None:
    assert marks(drawing(chart("priorities_by_theme", points=0)), LIGHT.accent) == 0


def test_a_map_has_a_mark_a_point_and_no_words_of_it() -> None:
    svg = drawing(chart("map", text="what was said"))
    assert sorted(re.findall(r'data-point="([^"]*)"', svg)) == [f"p{n}" for n in range(10)]
    assert "what was said" not in svg


def test_a_map_of_points_without_a_theme_is_all_grey() -> None:
    svg = drawing(chart("map", group=0, theme=""))
    assert marks(svg, LIGHT.other) == 10
    assert not any(marks(svg, colour) for colour in LIGHT.themes)


def test_what_a_heatmap_may_not_tell_has_no_colour() -> None:
    svg = drawing(chart("heatmap", share=None, label="hidden"))
    assert not any(marks(svg, colour) for colour in LIGHT.shares)
    assert words(svg).count("hidden") == 8


def test_a_division_without_an_interval_is_named_and_has_no_dot() -> None:
    svg = drawing(chart("intervals", share=None, low=None, high=None, label="hidden"))
    assert marks(svg, LIGHT.accent) == 0
    assert DIVISIONS[0] in words(svg)


def test_a_picture_is_a_png_of_the_scale_asked_for() -> None:
    small, large = (Image.open(io.BytesIO(picture(chart("themes_by_tables"), scale=scale))) for scale in (1, 2))
    assert (small.format, large.format) == ("PNG", "PNG")
    assert large.width == pytest.approx(2 * small.width, abs=1)
    assert small.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert picture(chart("themes_by_tables")) == picture(chart("themes_by_tables"))


def test_lines_of_a_long_title_stand_one_under_another() -> None:
    lines = [e for e in ET.fromstring(drawing(chart("themes_by_points"), width=NARROW)).iter("tspan") if (e.text or "") in LONG]
    assert len(lines) > 2
    assert all(float(line.get("dy", "0")) > 10 for line in lines[1:])


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        draw(Chart("pie", "", "", ()))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_text_and_marks_can_be_told_from_what_is_behind_them(palette: Palette) -> None:
    for text in (palette.ink, palette.muted, palette.accent):
        assert contrast(text, palette.page) >= 4.5
        assert contrast(text, palette.shade) >= 4.5
    assert all(contrast(mark, palette.page) >= 3 for mark in (*palette.themes, palette.other))
    assert all(contrast(text, cell) >= 4.5 for text, cell in zip(palette.on_shares, palette.shares, strict=True))
    assert len(palette.themes) == len(set(palette.themes)) == len(SHAPES) == len(set(SHAPES)) == 8


def test_every_light_colour_has_a_dark_one() -> None:
    assert len(LIGHT.colours()) == len(DARK.colours()) == len(set(LIGHT.colours()))
