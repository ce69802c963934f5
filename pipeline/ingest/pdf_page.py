"""One page of a PDF: its rows of words in reading order, its ruled tables, and what lies on top."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from pipeline.ingest.encoding import mend
from pipeline.ingest.pdf_rows import Row, columns_of, rows_of
from pipeline.ingest.pdf_tables import Ruled, ruled_tables


@dataclass(slots=True)
class Page:
    """What one page holds; ``rows`` are those outside tables, in reading order."""

    number: int
    width: float
    height: float
    rows: list[Row]
    tables: list[Ruled]
    sideways: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    pictures: int = 0


def read_page(page: Any) -> Page:
    """Read one pdfplumber page."""
    words = page.dedupe_chars().extract_words(x_tolerance_ratio=0.15, y_tolerance=2, extra_attrs=["fontname", "size"])
    upright = [word for word in words if word.get("upright", True)]
    sideways = [mend(word["text"]) for word in words if not word.get("upright", True)]
    tables, left = ruled_tables(page, upright)
    rows = [row for column in columns_of(rows_of(left)) for row in column]
    thin = sorted((mark["top"], mark["x0"], mark["x1"]) for mark in (*page.lines, *page.rects) if mark["height"] <= 2)
    for number, row in enumerate(rows, 1):
        row.page, row.number = page.page_number, number
        row.underlined = _is_underlined(row, thin)
    notes, fields = _annotations(page)
    return Page(
        page.page_number,
        float(page.width),
        float(page.height),
        rows,
        tables,
        [" ".join(sideways)] if sideways else [],
        notes,
        fields,
        len(page.images),
    )


def _is_underlined(row: Row, thin: Sequence[tuple[float, float, float]]) -> bool:
    """Say whether one of the thin lines (top, x0, x1; topmost first) runs just beneath all of a row."""
    near = thin[bisect_left(thin, (row.bottom - 3,)) : bisect_right(thin, (row.bottom + 3, inf))]
    return any(abs(x0 - row.text_x0) <= 6 and abs(x1 - row.x1) <= 6 for _, x0, x1 in near)


def _annotations(page: Any) -> tuple[list[str], list[str]]:
    """Give the page's sticky notes, and what was filled into its form fields."""
    notes, fields = [], []
    for annotation in page.annots:
        if annotation.get("contents"):
            notes.append(" ".join(mend(str(annotation["contents"])).split()))
        value = (annotation.get("data") or {}).get("V")
        if isinstance(value, bytes):
            text = value.decode("utf-16" if value[:2] in (b"\xfe\xff", b"\xff\xfe") else "cp1252", errors="replace")
            fields.append(" ".join(mend(text).split()))
    return [note for note in notes if note], [filled for filled in fields if filled]
