"""Ruled tables of a PDF page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.ingest.limits import PDF_PAGE_CROSSINGS
from pipeline.ingest.pdf_rows import Row, rows_of

Box = tuple[float, float, float, float]  # x0, top, x1, bottom


@dataclass(slots=True)
class Ruled:
    """A ruled table: for each place the box of its cell and the rows of words in it."""

    box: Box
    boxes: list[list[Box | None]]
    rows: dict[Box, list[Row]]
    header: bool = False

    @property
    def columns(self) -> list[int]:
        """Where its columns start, for telling whether a table goes on over the page."""
        return sorted({round(box[0]) for line in self.boxes for box in line if box})


def ruled_tables(page: Any, words: list[dict[str, Any]]) -> tuple[list[Ruled], list[dict[str, Any]]]:
    """Give the ruled tables of two columns or more, and the words outside them."""
    tables: list[Ruled] = []
    drawn = page.filter(_is_not_shading)
    if not _may_rule(drawn):
        return tables, words
    for table in drawn.find_tables():
        boxes = _boxes(table.cells)
        if len(boxes[0]) < 2:
            continue
        inside: dict[Box, list[dict[str, Any]]] = {}
        for word in words:
            box = next((box for box in table.cells if _holds(box, word)), None)
            if box is not None:
                inside.setdefault(box, []).append(word)
        if not inside:
            continue
        taken = {id(word) for held in inside.values() for word in held}
        words = [word for word in words if id(word) not in taken]
        rows = {box: rows_of(held) for box, held in inside.items()}
        tables.append(Ruled(table.bbox, boxes, rows, _has_header(boxes, rows, page)))
    return sorted(tables, key=lambda table: table.box[1]), words


def _may_rule(page: Any) -> bool:
    """Say whether a page's lines are few enough to rule tables, and no map or chart."""
    from pdfplumber.table import merge_edges

    edges = merge_edges(page.edges, 3, 3, 3, 3)
    upright = sum(edge["orientation"] == "v" for edge in edges)
    return bool(upright * (len(edges) - upright) <= PDF_PAGE_CROSSINGS)


def _is_not_shading(item: dict[str, Any]) -> bool:
    """Say whether an object may be a ruling line: a filled area without an outline is not."""
    if item.get("object_type") != "rect" or item.get("stroke") or not item.get("fill"):
        return True
    return bool(item["width"] <= 3 or item["height"] <= 3)


def _boxes(cells: Sequence[Box]) -> list[list[Box | None]]:
    """Give each place's cell; one that covers several places stands in all of them."""
    lefts, tops = _distinct(box[0] for box in cells), _distinct(box[1] for box in cells)
    return [[next((box for box in cells if box[0] <= x + 2 < box[2] and box[1] <= y + 2 < box[3]), None) for x in lefts] for y in tops]


def _distinct(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 2:
            found.append(value)
    return found


def _holds(box: Box, word: dict[str, Any]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x < box[2] and box[1] <= y < box[3])


def _has_header(boxes: list[list[Box | None]], rows: dict[Box, list[Row]], page: Any) -> bool:
    """Say whether the first row is bold or shaded and the second is not."""

    def bold(line: list[Box | None]) -> bool:
        held = [row for box in line if box for row in rows.get(box, [])]
        return bool(held) and all(row.bold for row in held)

    def shaded(line: list[Box | None]) -> bool:
        fills = [
            rect
            for rect in page.rects
            if rect.get("fill") and not _is_white(rect.get("non_stroking_color")) and rect["width"] > 3 and rect["height"] > 3
        ]
        return all(
            box is None or any(_holds((fill["x0"], fill["top"], fill["x1"], fill["bottom"]), _middle(box)) for fill in fills)
            for box in line
        )

    return len(boxes) > 1 and any(look(boxes[0]) and not look(boxes[1]) for look in (bold, shaded))


def _middle(box: Box) -> dict[str, Any]:
    return {"x0": box[0], "x1": box[2], "top": box[1], "bottom": box[3]}


def _is_white(colour: Any) -> bool:
    shades = tuple(colour) if isinstance(colour, list | tuple) else (colour,)
    if len(shades) == 4:  # ink: none of it is white
        return all(shade == 0 for shade in shades)
    return all(shade is None or (isinstance(shade, int | float) and shade >= 0.99) for shade in shades)
