"""Tables as the bytes of files."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pandas as pd
from pandas.api.types import is_numeric_dtype

from pipeline.cells import RISKY, harmless

# Rows made into text together.
AT_A_TIME = 50_000


def table_csv(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a CSV file: UTF-8, commas, one header row, no cell that a spreadsheet would run (:mod:`pipeline.cells`).

    The words as typed are in points.parquet and themes.json.
    """
    return b"".join(table_csv_parts(table))


def table_csv_parts(table: pd.DataFrame) -> Iterator[bytes]:
    """The same in parts, so that no more than one of them need be held."""
    for start in range(0, max(len(table), 1), AT_A_TIME):
        safe = table.iloc[start : start + AT_A_TIME].copy()
        for name in safe:
            if _may_be_risky(safe[name]):
                safe[name] = safe[name].map(lambda value: harmless(value) if isinstance(value, str) else value)
        text: str = safe.to_csv(index=False, header=start == 0, lineterminator="\n")
        yield text.encode()


def _may_be_risky(column: pd.Series) -> bool:
    """Whether there may be a text that a spreadsheet would run; most columns are told at once to have none."""
    if isinstance(column.dtype, pd.StringDtype):
        return bool(column.str.contains(RISKY).any())
    return not is_numeric_dtype(column)


def table_parquet(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file, without its index."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()
