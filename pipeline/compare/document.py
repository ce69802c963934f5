"""A comparison as comparison.json, and as a tidy table, hold it."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import pandas as pd

from pipeline.comparison import DEFINITIONS, Comparison
from pipeline.store.comparison import COMPARISON_SCHEMA

_FIGURES = ("share", "low", "high", "rest_share", "difference", "effect", "p", "q")
_WHOLE = ("tables", "rest_tables", "rest_total", "points", "mentions")
COLUMNS = (
    "measure", "value", "code", "title", "division", "shown", "tables", "tables_total", "hidden", "share", "low", "high",
    "rest_tables", "rest_total", "rest_share", "difference", "effect", "p", "q", "verdict", "sentence", "points", "mentions",
)  # fmt: skip


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """comparison.json as a structure of plain values."""
    document = {
        "schema": COMPARISON_SCHEMA,
        "made_by": f"workshop-themes {version('workshop-themes')}",
        **asdict(comparison),
        "definitions": DEFINITIONS,
    }
    plain: dict[str, Any] = json.loads(json.dumps(document))  # tuples become lists
    return plain


def comparison_table(comparison: Comparison) -> pd.DataFrame:
    """One row a measure, theme and division, emergent themes last, as the measure ``emergent``. Blank: not known, not tested or hidden."""
    rows: list[dict[str, Any]] = []
    for measure in comparison.measures:
        for theme in measure.themes:
            named = {"measure": measure.kind, "value": measure.value, "code": theme.code, "title": theme.title}
            rows += [named | asdict(cell) for cell in theme.cells]
    for found in comparison.emergent:
        named = {"measure": "emergent", "value": "", "code": found.id, "title": found.title, "verdict": "", "sentence": ""}
        rows += [named | asdict(cell) for cell in found.cells]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({**dict.fromkeys(_FIGURES, "float64"), **dict.fromkeys(_WHOLE, "Int64"), "tables_total": "int64", "hidden": "bool"})
