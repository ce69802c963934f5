"""The two ways of running an encoder: ONNX Runtime for the bundled one, sentence-transformers for any other and for a GPU.

ONNX Runtime and the tokenizers library load in a fraction of a second; torch and what stands on it take several.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.beside import cores
from pipeline.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]
# Texts that sentence-transformers encodes together.
BATCH = 64
# Tokens that ONNX Runtime encodes together: what they become between two layers still fits the processor's cache.
TOKENS = 256
# The max_seq_length of the bundled encoder's model card; what follows is cut off.
LONGEST = 256
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "ORT_DISABLE_TELEMETRY": "1",  # since 1.29 ONNX Runtime reports to its maker how it is used, unless this stands there when it is loaded
    "TOKENIZERS_PARALLELISM": "false",
}


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    name: str
    sha256: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, float32 of shape (number of texts, dimension), row for row."""
        ...


class OnnxEncoder:
    """A BERT encoder as an ONNX graph, run on the processor.

    Texts of the same number of tokens are encoded together, so none is padded and the vector of each is the same to the
    last bit whatever the others are. Several such batches are encoded at once, each by a thread of its own, which takes a seventh less
    time than several threads for one batch: as many as the environment variable OMP_NUM_THREADS says, else one a core.

    Parameters
    ----------
    graph : the ONNX model, from the numbers of tokens, int64 (texts, tokens), to their vectors, float32 (texts, tokens, dimension).
    folder : holds the file of its weights, and tokenizer.json.
    name, sha256 : of the weights.
    updates : by the name of a weight, what is added to it, float32 of its shape.
    """

    def __init__(self, graph: bytes, folder: Path, name: str, sha256: str, updates: Mapping[str, Vectors] | None = None) -> None:
        os.environ.update(_OFFLINE)
        from onnxruntime import InferenceSession, OrtValue, SessionOptions, disable_telemetry_events

        disable_telemetry_events()  # on Windows, which has its own way
        self.name = name
        self.sha256 = sha256
        self.tokeniser = tokeniser_of(folder)
        threads = os.environ.get("OMP_NUM_THREADS", "")
        self._threads = ThreadPoolExecutor(max(1, int(threads)) if threads.isdecimal() else cores())
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
        if updates:
            weights = _weights(folder, updates)
            added = [OrtValue.ortvalue_from_numpy(weights[name] + update) for name, update in updates.items()]
            options.add_external_initializers(list(updates), added)
        self._session = InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._dimension = int(self._session.get_outputs()[0].shape[2])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See :class:`Encoder`."""
        return self.encode_tokens([read.ids for read in self.tokeniser.encode_batch(list(texts))])

    def encode_tokens(self, tokens: Sequence[Sequence[int]]) -> Vectors:
        """Vectors of texts given as the numbers of their tokens, the model's first and last token among them; else as :meth:`encode`."""
        as_long: dict[int, list[int]] = {}
        for row, ids in enumerate(tokens):
            as_long.setdefault(len(ids), []).append(row)
        batches: list[list[int]] = []
        for length, rows in as_long.items():
            together = max(1, TOKENS // length)
            batches += [rows[start : start + together] for start in range(0, len(rows), together)]
        vectors = np.empty((len(tokens), self._dimension), dtype=np.float32)

        def encode_batch(rows: list[int]) -> None:
            (contexts,) = self._session.run(None, {"tokens": np.array([tokens[row] for row in rows], dtype=np.int64)})
            vectors[rows] = _pooled(contexts)

        for _ in self._threads.map(encode_batch, batches):
            pass
        return vectors


def tokeniser_of(folder: Path) -> Tokenizer:
    """The tokeniser of a model folder, which cuts off what is longer than the bundled encoder reads."""
    os.environ.update(_OFFLINE)
    from tokenizers import Tokenizer

    tokeniser = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokeniser.no_padding()
    tokeniser.enable_truncation(LONGEST)
    return tokeniser


def _weights(folder: Path, names: Iterable[str]) -> dict[str, Vectors]:
    """Some of an encoder's weights, by name."""
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", "numpy") as kept:
        return {name: kept.get_tensor(name) for name in names}


def _pooled(contexts: Vectors) -> Vectors:
    """The mean of each text's tokens, scaled to length 1, as the model card says: (texts, tokens, dimension) to (texts, dimension).

    It is computed here, since ONNX Runtime adds up the tokens of a single text in another order than those of several.
    """
    means = contexts.mean(axis=1, dtype=np.float64)
    vectors: Vectors = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    return vectors


class SentenceEncoder:
    """A sentence-transformers model from a folder of this machine, on a GPU where there is one.

    Raises
    ------
    ModelError : the folder holds no such model, or ``device`` names a GPU and there is none.
    """

    def __init__(self, folder: Path, name: str, sha256: str, device: str | None = None) -> None:
        os.environ.update(_OFFLINE)
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        if device == "cuda" and not torch.cuda.is_available():
            raise ModelError(
                "there is no GPU that can be used",
                where="setting encoder",
                expected="a GPU with CUDA, and a torch built for it",
                do="set the encoder to 'bundled', which runs on the processor",
            )
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self.name = name
        self.sha256 = sha256
        try:
            self._model = SentenceTransformer(str(folder), device=device, local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"the encoder cannot be loaded ({' '.join(str(error).split())[:160]})",
                where=str(folder),
                expected="a folder that holds a sentence-transformers model",
                do="mend the setting 'encoder', or leave it out to use the bundled one",
            ) from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See :class:`Encoder`."""
        found = self._model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(found, dtype=np.float32)
