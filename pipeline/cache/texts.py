"""What tokenise, embed and label say of distinct texts, which no other text changes, as the parts of an entry and back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cache.sessions import array_bytes, table_bytes
from pipeline.embed import Room, room_for


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """What tokenise, embed and label say of n texts, each by itself.

    Attributes
    ----------
    said : one row a text, the columns of Labelled that its words and its heading alone decide: expanded, lemmas, lemma_spans, phrases,
        procedural, codes, scores, outcome, outcome_score and evidence.
    vectors : float32 (n, dimension), unit rows, row for row.
    probabilities : float64 (n, themes of the taxonomy), row for row.
    pages : of the file that ``vectors`` is in, if it is in one.
    """

    said: pd.DataFrame
    vectors: npt.NDArray[np.float32]
    probabilities: npt.NDArray[np.float64]
    pages: mmap | None = None


class JoinedTexts:
    """Blocks of texts one after another, put in their places as they are done, so that none is held twice.

    Parameters
    ----------
    sizes : how many texts each block has; at least one block.
    folder : where a file of their vectors may be, if they are very many.
    """

    def __init__(self, sizes: Sequence[int], folder: Path | None = None) -> None:
        self._ends = np.cumsum(sizes).tolist()
        self._said: list[pd.DataFrame | None] = [None] * len(sizes)
        self._folder = folder
        self._room: Room | None = None
        self._probabilities: npt.NDArray[np.float64] | None = None

    def put(self, number: int, block: LabelledTexts) -> None:
        """Put a block in its place."""
        end, total = self._ends[number], self._ends[-1]
        self._said[number] = block.said
        if self._room is None or self._probabilities is None or (len(block.said) and not self._room.vectors.shape[1]):
            self._room = room_for(total, block.vectors.shape[1], self._folder)
            self._probabilities = np.empty((total, block.probabilities.shape[1]))
        if len(block.said):
            rows = slice(end - len(block.said), end)
            self._room.vectors[rows], self._probabilities[rows] = block.vectors, block.probabilities
            self._room.let_go()

    def whole(self) -> LabelledTexts:
        """All of them, once each has been put."""
        assert self._room is not None
        assert self._probabilities is not None
        said = [table for table in self._said if table is not None]
        some = [table for table in said if len(table)] or said[:1]
        return LabelledTexts(pd.concat(some, ignore_index=True), self._room.vectors, self._probabilities, self._room.pages)


def packed_texts(texts: LabelledTexts) -> dict[str, bytes]:
    """A block of texts as parts of an entry."""
    return {
        "said.parquet": table_bytes(texts.said),
        "vectors.npy": array_bytes(texts.vectors),
        "probabilities.npy": array_bytes(texts.probabilities),
    }


def unpacked_texts(parts: dict[str, bytes]) -> LabelledTexts:
    """A block of texts as it was packed."""
    return LabelledTexts(
        pd.read_parquet(io.BytesIO(parts["said.parquet"])),
        np.load(io.BytesIO(parts["vectors.npy"]), allow_pickle=False),
        np.load(io.BytesIO(parts["probabilities.npy"]), allow_pickle=False),
    )
