"""A table of texts with their ids, for labelling row by row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline.errors import ReadError
from pipeline.ingest.blocks import Grid
from pipeline.ingest.readers import read


def read_id_text(path: Path) -> pd.DataFrame:
    """Read a table of texts for labelling: one row for every row of the file, in order.

    Returns
    -------
    DataFrame with ``id`` and ``text``, both str; rows are numbered from 1 where the file has no ``id``.

    Raises
    ------
    ReadError : it cannot be read, or has no column ``text``.
    """
    if not path.is_file():
        raise ReadError(
            "there is no such file", where=str(path), expected="a .csv, .tsv or .xlsx file", do="check the spelling of its name"
        )
    grids = [part for part in read(path, path.name).parts if isinstance(part, Grid)]
    header = [cell.text.strip().lower() for cell in grids[0].rows[0]] if grids else []
    if "text" not in header:
        raise ReadError(
            f"its columns are {', '.join(repr(name) for name in header) or 'none'}",
            where=path.name,
            expected="a column named 'text' and, if there is one, a column named 'id'",
            do="name the column that holds the texts 'text' in the first row",
        )
    rows = grids[0].rows[1:]
    text = [row[header.index("text")].text for row in rows]
    ids = [row[header.index("id")].text for row in rows] if "id" in header else [str(n) for n in range(1, len(rows) + 1)]
    return pd.DataFrame({"id": ids, "text": text}, dtype="str")
