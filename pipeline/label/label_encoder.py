"""The label encoder: the bundled encoder taught to tell the bundled themes apart, as one more source of evidence.

The text model compares a text with the coded ones by what the encoder makes of both, and the encoder knows nothing of the themes. The
label encoder is that encoder with low-rank updates to its dense layers (Hu et al. 2021, LoRA: Low-Rank Adaptation of Large Language
Models) and one logistic regression a theme on its vectors, all fitted to the same coded texts; ``benchmarks/label_encoder`` says how.
Only the updates and the regressions are kept, in ``models/label_encoder.safetensors``.

It knows a theme of a taxonomy that has the code of one of its themes and all the coded texts that it learnt that theme from. Of any other
theme it says nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.embed import Encoder, sha256_of, updated_encoder
from pipeline.errors import ModelError
from pipeline.label.text_model import DECIMALS, Floats
from pipeline.settings import MODELS
from pipeline.taxonomy import CodedText

FILE = MODELS / "label_encoder.safetensors"


@dataclass(frozen=True)
class LabelEncoder:
    """Updates of the bundled encoder, and a regression a theme.

    Attributes
    ----------
    codes : its K themes.
    pairs : of each theme, what stands for the texts that it was learnt from (:func:`pair`).
    updates : by the name of a dense layer, what is added to its weights as two factors, float32 (out, rank) and (rank, in).
    weights, intercepts : float64 (dimension, K) and (K,), of the regressions.
    sha256 : of the file.
    """

    codes: tuple[str, ...]
    pairs: tuple[frozenset[int], ...] = field(repr=False)
    updates: dict[str, tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]] = field(repr=False)
    weights: Floats = field(repr=False)
    intercepts: Floats = field(repr=False)
    sha256: str

    def known(self, coded: Sequence[CodedText]) -> frozenset[str]:
        """The codes of the themes that it knows of a taxonomy with these coded texts."""
        theirs = {pair(code, text.text) for text in coded for code in text.codes}
        return frozenset(code for code, own in zip(self.codes, self.pairs, strict=True) if own <= theirs)

    def log_odds(self, texts: Sequence[str], codes: Sequence[str]) -> Floats:
        """What it says of n texts, their abbreviations expanded, for some of its themes.

        Returns
        -------
        float64 array of shape (n, len(codes)): log-odds, each row independent of the others.
        """
        own = [self.codes.index(code) for code in codes]
        if not len(texts) or not own:
            return np.zeros((len(texts), len(own)))
        distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        vectors = self._encoder.encode(list(distinct)).astype(np.float64)
        said: Floats = np.round(vectors @ self.weights[:, own] + self.intercepts[own], DECIMALS)
        return said[[distinct[text] for text in texts]]

    def make_ready(self) -> None:
        """Make the network that is asked, which takes half a second, before it is asked."""
        _ = self._encoder

    @cached_property
    def _encoder(self) -> Encoder:
        return updated_encoder({f"{layer}.weight": up @ down for layer, (up, down) in self.updates.items()})


def pair(code: str, text: str) -> int:
    """Stands for a text that carries a code, 0 to 2**32 - 1."""
    return zlib.crc32(f"{code}\n{text}".encode())


def load_label_encoder(path: Path = FILE) -> LabelEncoder:
    """Read the label encoder; its network is made when it is first asked, or made ready for that.

    Raises
    ------
    ModelError : the file is missing or unreadable.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        kept = load_file(path)
        codes = tuple(bytes(kept["codes"]).decode("utf-8").split("\n"))
        pairs = tuple(frozenset(kept["pairs"][kept["theme_of_pair"] == theme].tolist()) for theme in range(len(codes)))
        layers = [name.removesuffix(".up") for name in kept if name.endswith(".up")]
        updates = {layer: (kept[f"{layer}.up"].astype(np.float32), kept[f"{layer}.down"].astype(np.float32)) for layer in layers}
        weights, intercepts = kept["head.weight"].astype(np.float64).T, kept["head.bias"].astype(np.float64)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(
            f"the label encoder cannot be read ({' '.join(str(error).split())[:120]})",
            where=str(path),
            expected="the file as shipped",
            do="restore it, or install again with `make themes`",
        ) from error
    return LabelEncoder(codes, pairs, updates, weights, intercepts, sha256_of(path))
