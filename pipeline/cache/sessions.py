"""The labelled points of one session, which no other session changes, as the parts of an entry and back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import Repeated, each_once, together
from pipeline.records import Dropped, Labelled, checked

_STAGE = "given by the cache"


@dataclass(frozen=True, slots=True)
class LabelledSession:
    """What tokenise, embed, cluster and label make of the notes of one session, or of several, one after another.

    Attributes
    ----------
    points : Labelled, n rows.
    dropped : Dropped, what of its notes is in no point.
    vectors : of n unit rows, row for row.
    probabilities : float64 (n, themes of the taxonomy), row for row.
    """

    points: pd.DataFrame
    dropped: pd.DataFrame
    vectors: Repeated
    probabilities: npt.NDArray[np.float64]


def joined(sessions: Sequence[LabelledSession]) -> LabelledSession:
    """Sessions one after another; at least one."""
    spoken = [session for session in sessions if len(session.points)] or list(sessions[:1])
    gaps = [session.dropped for session in sessions if len(session.dropped)] or [sessions[0].dropped]
    return LabelledSession(
        pd.concat([session.points for session in spoken], ignore_index=True),
        pd.concat(gaps, ignore_index=True),
        together([session.vectors for session in spoken]),
        np.vstack([session.probabilities for session in spoken]),
    )


def without_places(notes: pd.DataFrame) -> pd.DataFrame:
    """Notes whose ids stand for their places in files: none of the stages of a session reads where a note stands."""
    return notes.assign(source_file="", source_locator=notes["note_id"])


def with_places(session: LabelledSession, notes: pd.DataFrame) -> LabelledSession:
    """A session made of :func:`without_places`, with the places of the notes."""
    places = notes.set_index("note_id")
    points, dropped = (
        table.assign(**{name: table["source_locator"].map(places[name]).astype("str") for name in ("source_file", "source_locator")})
        for table in (session.points, session.dropped)
    )
    return replace(session, points=points, dropped=dropped)


def packed(session: LabelledSession) -> dict[str, bytes]:
    """A session as parts of an entry: tables as parquet, arrays as npy."""
    distinct, row_of = each_once(session.vectors)
    return {
        "points.parquet": table_bytes(session.points),
        "dropped.parquet": table_bytes(session.dropped),
        "vectors.npy": array_bytes(distinct),
        "rows.npy": array_bytes(row_of),
        "probabilities.npy": array_bytes(session.probabilities),
    }


def unpacked(parts: dict[str, bytes]) -> LabelledSession:
    """A session as it was packed."""
    return LabelledSession(
        checked(Labelled, pd.read_parquet(io.BytesIO(parts["points.parquet"])), _STAGE),
        checked(Dropped, pd.read_parquet(io.BytesIO(parts["dropped.parquet"])), _STAGE),
        Repeated(np.load(io.BytesIO(parts["vectors.npy"]), allow_pickle=False), np.load(io.BytesIO(parts["rows.npy"]), allow_pickle=False)),
        np.load(io.BytesIO(parts["probabilities.npy"]), allow_pickle=False),
    )


def table_bytes(table: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def array_bytes(array: npt.NDArray[np.float32] | npt.NDArray[np.float64] | npt.NDArray[np.intp]) -> bytes:
    """An array as the bytes of an npy file."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()
