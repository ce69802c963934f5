"""Tables as the bytes of files."""

from __future__ import annotations

import io

import pandas as pd
from pandas.api.types import is_numeric_dtype

from pipeline.cells import harmless


def table_csv(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a CSV file: UTF-8, commas, one header row, no cell that a spreadsheet would run (:mod:`pipeline.cells`).

    The words as typed are in points.parquet and themes.json.
    """
    safe = table.copy()
    for name in table:
        if not is_numeric_dtype(table[name]):
            safe[name] = table[name].map(lambda value: harmless(value) if isinstance(value, str) else value)
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text.encode()


def table_parquet(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file, without its index."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()
