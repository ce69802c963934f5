"""Embed: texts to unit vectors. The only module that loads an encoder.

The bundled encoder is all-MiniLM-L6-v2 (Wang et al. 2020, MiniLM; Reimers and Gurevych 2019, Sentence-BERT).
Its bytes are checked before use, and the hub libraries are set offline before they are imported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.embed.bundle import ENCODER, manifest, sha256_of, verified, verified_bundle, verified_graph
from pipeline.embed.encoders import Encoder, OnnxEncoder, SentenceEncoder, Vectors
from pipeline.embed.repeated import AnyVectors, Repeated, dense, each_once, together
from pipeline.embed.room import Room, room_for
from pipeline.errors import ModelError
from pipeline.settings import BUNDLED, BUNDLED_ON_GPU, FAST

if TYPE_CHECKING:
    from pipeline.records import Advance

__all__ = [
    "BATCH",
    "BUNDLED",
    "ENCODER",
    "FAST",
    "AnyVectors",
    "Encoder",
    "Repeated",
    "Room",
    "Vectors",
    "dense",
    "each_once",
    "embed",
    "load_encoder",
    "manifest",
    "room_for",
    "sha256_of",
    "together",
    "updated_encoder",
    "verified",
    "verified_bundle",
]

# Texts between two reports of how far it is.
BATCH = 256


@lru_cache(maxsize=2)
def load_encoder(name: str = BUNDLED) -> Encoder:
    """Load an encoder: the bundled one, the fast one made of it, or any sentence-transformers model from a local folder.

    Parameters
    ----------
    name : "bundled", "bundled-gpu" (the same model on a GPU; its figures differ from the processor's in the last digits), "fast" (a table
        of its tokens, made the first time), or a folder.

    Raises
    ------
    ModelError : it is not there, there is no GPU, or the bundled one is not the one listed in models/manifest.json.
    """
    if name in {BUNDLED, BUNDLED_ON_GPU}:
        folder, sha256 = verified_bundle()
        if name == BUNDLED_ON_GPU:
            return SentenceEncoder(folder, ENCODER, sha256, device="cuda")
        return OnnxEncoder(verified_graph(), folder, ENCODER, sha256)
    if name == FAST:
        from pipeline.embed.static import load_static_encoder

        return load_static_encoder()
    folder = Path(name)
    if not folder.is_dir():
        raise ModelError(
            "there is no such folder",
            where=f"setting encoder: {name}",
            expected=f"'{BUNDLED}', '{BUNDLED_ON_GPU}', '{FAST}', or a folder on this machine (nothing is downloaded)",
            do="mend the setting",
        )
    weights = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))
    return SentenceEncoder(folder, folder.name, sha256_of(weights[0]) if weights else "")


def updated_encoder(updates: Mapping[str, Vectors]) -> Encoder:
    """The bundled encoder with something added to some of its weights.

    Parameters
    ----------
    updates : by the name of a weight of the encoder, float32 of its shape.

    Raises
    ------
    ModelError : the bundled encoder is not there, or not the one listed in models/manifest.json.
    """
    folder, sha256 = verified_bundle()
    return OnnxEncoder(verified_graph(), folder, ENCODER, sha256, updates)


def embed(texts: Sequence[str], encoder: Encoder, advance: Advance = lambda done, total: None) -> Vectors:
    """Embed texts, each distinct one once.

    Parameters
    ----------
    texts : n texts.
    encoder : what turns them into vectors.
    advance : called with the number of distinct texts embedded so far, and of all.

    Returns
    -------
    float32 array of shape (n, dimension), rows of unit length, in the order of ``texts``. The batches are made of the
    sorted distinct texts, so the same set of texts gives the same bytes in any order; with the bundled and the fast encoder, a text has
    the same bytes in any set.
    """
    distinct = sorted(set(texts), key=lambda text: (len(text), text))
    if not distinct:
        return np.zeros((0, 0), dtype=np.float32)
    parts = []
    for start in range(0, len(distinct), BATCH):
        parts.append(encoder.encode(distinct[start : start + BATCH]))
        advance(min(start + BATCH, len(distinct)), len(distinct))
    vectors = np.vstack(parts)
    row = {text: number for number, text in enumerate(distinct)}
    return vectors[[row[text] for text in texts]]
