"""The bundled encoder on a GPU beside the processor: texts a second, and how alike the vectors are.

    python -m benchmarks.gpu_encoder processor   embeds the coded texts of some files with ONNX Runtime: build/gpu_encoder/vectors.npz
    python -m benchmarks.gpu_encoder gpu [FOLDER]   the same on a GPU with sentence-transformers, on any machine that has one

FOLDER holds the weights, where they are not the installed ones. Medians of three passes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

from pipeline.embed.encoders import Encoder, SentenceEncoder, Vectors

ROOT = Path(__file__).resolve().parents[1]
VECTORS = ROOT / "build" / "gpu_encoder" / "vectors.npz"
RESULT = ROOT / "benchmarks" / "results" / "gpu_encoder.json"
FILES = ("minutes", "flipchart", "flip_jottings", "report", "resident", "bullets_workshops", "minutes_cities", "minutes_committees")
PASSES = 3


def timed(encoder: Encoder, texts: list[str], passes: int) -> tuple[Vectors, float]:
    """The vectors, and texts a second."""
    encoder.encode(texts[:64])
    taken = []
    for _ in range(passes):
        start = time.perf_counter()
        vectors = encoder.encode(texts)
        taken.append(time.perf_counter() - start)
    return vectors, len(texts) / median(taken)


def processor() -> None:
    from benchmarks.coded import training
    from pipeline.embed import load_encoder
    from pipeline.settings import Settings
    from pipeline.taxonomy import load_taxonomy

    taxonomy = load_taxonomy(Settings().taxonomy_path)
    texts = sorted({text for name in FILES for text in training(name, taxonomy).texts}, key=lambda text: (len(text), text))
    vectors, rate = timed(load_encoder(), texts, 1)
    VECTORS.parent.mkdir(parents=True, exist_ok=True)
    np.savez(VECTORS, texts=np.frombuffer(json.dumps(texts).encode(), dtype=np.uint8), vectors=vectors, rate=rate)
    print(f"{len(texts)} texts, {rate:.0f} a second")


def gpu(folder: Path | None) -> None:
    import torch

    if folder is None:
        from pipeline.embed import verified_bundle

        folder, _ = verified_bundle()
    with np.load(VECTORS) as kept:
        texts, known, rate = json.loads(kept["texts"].tobytes()), kept["vectors"], float(kept["rate"])
    vectors, faster = timed(SentenceEncoder(folder, "", "", "cuda"), texts, PASSES)
    figures = {
        "texts": len(texts),
        "gpu": torch.cuda.get_device_name(0),
        "torch": torch.__version__,
        "gpu_texts_a_second": round(faster),
        "processor_texts_a_second": round(rate),
        "least_cosine": round(float(np.einsum("nd,nd->n", vectors, known, dtype=np.float64).min()), 7),
    }
    print(json.dumps(figures))
    out = Path(os.environ.get("OUT", RESULT.parent))
    (out / RESULT.name).write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def main() -> None:
    if sys.argv[1:2] == ["processor"]:
        processor()
    elif sys.argv[1:2] == ["gpu"]:
        gpu(Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
