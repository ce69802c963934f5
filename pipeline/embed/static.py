"""The fast encoder: the bundled one as a table of its tokens, for those who have very many texts and little time.

A text's vector is the mean of its tokens' rows in the table, so no network is run for it and the order of its words says nothing. A row
begins as what the bundled encoder makes of the token by itself, less the mean of all (Tulkens and van Dongen 2024, Model2Vec: fast
state-of-the-art static embeddings), weighed by how rare the token is (smooth inverse frequency: Arora, Liang and Ma 2017, A simple but
tough-to-beat baseline for sentence embeddings), which its place in the vocabulary tells by Zipf's law. As a token by itself says little of
what it adds to a text, the rows are then fitted by ridge regression (Hoerl and Kennard 1970) so that the means come out as the
bundled encoder's vectors of the coded texts that come with the program; their codes are not looked at. The table is made once on a
machine, in about three minutes, and kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.built import keep, places
from pipeline.embed.bundle import ENCODER, verified_bundle, verified_graph
from pipeline.embed.encoders import OnnxEncoder, Vectors, tokeniser_of
from pipeline.errors import ModelError
from pipeline.settings import MODELS
from pipeline.taxonomy import bundled_texts

NAME = f"{ENCODER}-static"
# Counts up when the form of what is kept, or how it is computed, changes.
FORM = 1
# The weight a in a / (a + p) of a token of probability p, as Model2Vec has it, and the ridge penalty, chosen by how well the nearest
# neighbours of texts in coded files left out are the bundled encoder's (docs/decisions/0018-fast-encoder.md).
SMOOTH, PENALTY = 1e-4, 0.01
# Tokens embedded together.
_TOGETHER = 1024
Floats = npt.NDArray[np.float64]
Halves = npt.NDArray[np.float16]


class StaticEncoder:
    """An encoder that looks up a row for each token of a text and takes their mean.

    The vector of a text is the same to the last bit whatever the others are. Of a text longer than the bundled encoder reads, the rest
    is cut off; one without any token has the row of the unknown token.

    Parameters
    ----------
    rows : float16 (tokens of the vocabulary, dimension).
    folder : holds tokenizer.json.
    name, sha256 : of the table.
    """

    def __init__(self, rows: Halves, folder: Path, name: str, sha256: str) -> None:
        self.name = name
        self.sha256 = sha256
        self._rows = rows.astype(np.float64)
        self._tokeniser = tokeniser_of(folder)
        self._unknown: list[int] = [self._tokeniser.get_vocab()["[UNK]"]]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See :class:`pipeline.embed.Encoder`."""
        read = self._tokeniser.encode_batch(list(texts), add_special_tokens=False)
        means = _shares([text.ids or self._unknown for text in read], len(self._rows)) @ self._rows
        vectors: Vectors = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
        return vectors


def load_static_encoder() -> StaticEncoder:
    """The fast encoder, its table fetched or, the first time, made.

    Raises
    ------
    ModelError : the bundled encoder or the coded texts are not there or not those that were shipped, or the table cannot be kept.
    """
    from safetensors.numpy import save

    folder, sha256 = verified_bundle()
    graph, texts = verified_graph(), bundled_texts()
    name = table_name(sha256, graph, texts)
    rows = next((kept for kept in map(read_table, places(name)) if kept is not None), None)
    if rows is None:
        if not texts:
            raise ModelError(
                "the fast encoder cannot be made without the coded texts that come with the program",
                where=str(MODELS / "training"),
                expected="the files as shipped",
                do="restore them, or install again with `make themes`",
            )
        encoder = OnnxEncoder(graph, folder, ENCODER, sha256)
        rows = fitted_rows(token_rows(encoder, encoder.tokeniser.get_vocab_size()), encoder, texts)
        whole = save({"rows": rows}, metadata={"sha256": _sha256(rows)})
        keep(name, lambda file: file.write(whole), "fast encoder")
    return StaticEncoder(rows, folder, NAME, _sha256(rows))


def table_name(sha256: str, graph: bytes, texts: Sequence[str]) -> str:
    """The name of a table's file, which stands for all that it comes from: the bundled encoder's weights and graph, the texts, and how."""
    origin = json.dumps([FORM, sha256, hashlib.sha256(graph).hexdigest(), texts, SMOOTH, PENALTY])
    return f"static_{hashlib.sha256(origin.encode()).hexdigest()[:16]}.safetensors"


def token_rows(encoder: OnnxEncoder, tokens: int) -> Floats:
    """What an encoder makes of each of the first tokens of its vocabulary, the most frequent first, less their mean, weighed.

    Returns
    -------
    float64 array of shape (tokens, dimension).
    """
    first, last = encoder.tokeniser.encode("").ids
    starts = range(0, tokens, _TOGETHER)
    parts = [encoder.encode_tokens([[first, token, last] for token in range(at, min(at + _TOGETHER, tokens))]) for at in starts]
    alone = np.vstack(parts).astype(np.float64)
    chances = 1.0 / np.arange(2, tokens + 2)
    chances /= chances.sum()
    weighed: Floats = (alone - alone.mean(axis=0)) * (SMOOTH / (SMOOTH + chances))[:, None]
    return weighed


def fitted_rows(rows: Floats, encoder: OnnxEncoder, texts: Sequence[str]) -> Halves:
    """Move the rows of the tokens that texts have, so that the texts' means are nearly what an encoder makes of the texts.

    The same on any number of threads; on another kind of processor the last digits may differ.

    Parameters
    ----------
    rows : float64 (tokens of the vocabulary, dimension).
    texts : at least one, none of them empty.
    """
    from scipy.linalg import cho_factor, cho_solve
    from threadpoolctl import threadpool_limits

    goal = encoder.encode(texts).astype(np.float64)
    shares = _shares([read.ids for read in encoder.tokeniser.encode_batch(list(texts), add_special_tokens=False)], len(rows))
    with threadpool_limits(1):  # so that the last bits do not depend on the number of threads
        means = shares @ rows
        scale = (means * goal).sum() / (means * means).sum()
        seen = np.unique(shares.indices)
        own = shares[:, seen]
        normal = (own.T @ own).toarray()
        normal[np.diag_indices_from(normal)] += PENALTY
        moved = rows * scale
        moved[seen] += cho_solve(cho_factor(normal, overwrite_a=True, check_finite=False), own.T @ (goal - scale * means))
    halves: Halves = moved.astype(np.float16)
    return halves


def _shares(tokens: Sequence[Sequence[int]], vocabulary: int) -> Any:
    """The share of each text that each token is, sparse float64 (texts, vocabulary)."""
    from scipy.sparse import csr_array

    lengths = np.array([len(ids) for ids in tokens], dtype=np.intp)
    ids = np.concatenate([np.zeros(0, dtype=np.int64), *(np.asarray(ids) for ids in tokens)])
    return csr_array((np.repeat(1.0 / lengths, lengths), ids, np.cumsum([0, *lengths])), shape=(len(tokens), vocabulary))


def read_table(path: Path) -> Halves | None:
    """A table kept before; None where there is none, or its bytes are not those that were written."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            rows: Halves = file.get_tensor("rows")
            return rows if (file.metadata() or {}).get("sha256") == _sha256(rows) else None
    except (OSError, SafetensorError):
        return None


def _sha256(rows: Halves) -> str:
    return hashlib.sha256(rows.tobytes()).hexdigest()
