"""Keep what was trained: models/label_encoder.safetensors, and what the other networks said of texts that they had not seen.

    python -m benchmarks.label_encoder.collect [FOLDER]

FOLDER is where ``train`` left its files (build/label_encoder).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

from benchmarks.fit_label_head import SCORES
from benchmarks.label_encoder.course import Texts
from benchmarks.label_encoder.networks import SCALE, STRETCH
from benchmarks.label_encoder.prepare import FOLDER
from pipeline.label.label_encoder import FILE, pair
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy


def keep(trained: dict[str, npt.NDArray[np.float32]]) -> None:
    """Write models/label_encoder.safetensors from updates and regressions as ``train`` names them; it knows all coded texts of today."""
    taxonomy = load_taxonomy(Settings().taxonomy_path)
    kept: dict[str, Any] = {}
    for name, values in trained.items():
        if name.endswith((".up", ".down")):
            factor = SCALE if name.endswith(".up") else 1.0
            kept[name.removeprefix("encoder.")] = (values * factor).astype(np.float16)
    kept |= {"head.weight": trained["weight"] * np.float32(STRETCH), "head.bias": trained["bias"]}
    pairs = sorted({(taxonomy.codes.index(code), pair(code, text.text)) for text in taxonomy.coded_texts for code in text.codes})
    kept["codes"] = np.frombuffer("\n".join(taxonomy.codes).encode(), dtype=np.uint8).copy()
    kept["theme_of_pair"] = np.array([theme for theme, _ in pairs], dtype=np.uint8)
    kept["pairs"] = np.array([number for _, number in pairs], dtype=np.uint32)
    save_file(kept, FILE)
    print(f"{FILE}: {FILE.stat().st_size / 1e6:.1f} MB, {len(pairs)} pairs of text and theme")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    keep(load_file(folder / "updates.safetensors"))
    texts = Texts.read(FOLDER)
    splits = texts.splits()
    with np.load(folder / "logits.npz") as said:
        files = np.zeros((len(texts.group), texts.target.shape[1]), dtype=np.float16)
        for number in range(texts.part.max() + 1):
            files[splits[f"part {number}"][1]] = said[f"part {number}"]
        registers = files.copy()
        for name in set(texts.register) - {""}:
            registers[splits[name][1]] = said[name]
        events = np.concatenate([said[name] for name, part in zip(texts.names, texts.part.tolist(), strict=True) if part < 0])
    coded = (texts.part >= 0)[texts.group]
    np.savez_compressed(SCORES, files=files[coded], registers=registers[coded], events_left_out=events)


if __name__ == "__main__":
    main()
