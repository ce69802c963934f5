"""What tokenise, embed and label say of distinct texts, which no other text changes, as the parts of an entry and back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cache.sessions import array_bytes, table_bytes


@dataclass(frozen=True, slots=True)
class LabelledTexts:
    """What tokenise, embed and label say of n texts, each by itself.

    Attributes
    ----------
    said : one row a text, the columns of Labelled that its words and its heading alone decide: expanded, lemmas, lemma_spans, phrases,
        procedural, codes, scores, outcome, outcome_score and evidence.
    vectors : float32 (n, dimension), unit rows, row for row.
    probabilities : float64 (n, themes of the taxonomy), row for row.
    """

    said: pd.DataFrame
    vectors: npt.NDArray[np.float32]
    probabilities: npt.NDArray[np.float64]


def joined_texts(blocks: Sequence[LabelledTexts]) -> LabelledTexts:
    """Blocks of texts one after another; at least one."""
    some = [block for block in blocks if len(block.said)] or list(blocks[:1])
    return LabelledTexts(
        pd.concat([block.said for block in some], ignore_index=True),
        np.vstack([block.vectors for block in some]),
        np.vstack([block.probabilities for block in some]),
    )


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
