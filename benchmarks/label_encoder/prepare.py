"""Lay out what the networks learn from: token numbers of the coded texts, as typed and mistyped, and the encoder's weights.

python -m benchmarks.label_encoder.prepare
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from benchmarks.coded import EVENTS, REGISTERS, ROOT, Coded, event, training
from benchmarks.fit_label_head import FILES
from pipeline.embed import verified_bundle
from pipeline.glossary import load_glossary
from pipeline.label.lessons import lessons_of
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy

FOLDER = ROOT / "build" / "label_encoder"
# Every text is laid out as typed, and so many times mistyped.
MISTYPED = 3
# Tokens of a text that the networks learn from; one in a hundred coded texts has over 95.
LONGEST = 160
# Files of coded texts left out together: the networks that say how far the scores can be trusted learn from the other parts.
PARTS = 5
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SMALL_WORDS = frozenset("the a of to is are and for in on we".split())


def mistyped(text: str, rng: random.Random) -> str:
    """The text as a hurried typist has it: letters left out, swapped, doubled, wrong; words cut short; small words dropped."""
    words = []
    for word in text.split(" "):
        if len(word) > 3 and word.isalpha() and rng.random() < 0.12:
            at = rng.randrange(1, len(word) - 1)
            faults = (
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at] + word[at:],
                word[:at] + rng.choice(LETTERS) + word[at + 1 :],
                word[: max(3, len(word) // 2)],
            )
            words.append(rng.choice(faults))
        elif word.lower() not in SMALL_WORDS or rng.random() >= 0.25:
            words.append(word)
    return " ".join(words)


def numbers(texts: list[str], tokeniser: Tokenizer) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.intp]]:
    """Token numbers of all texts, one after the other, and where each begins and the last ends."""
    read = [found.ids for found in tokeniser.encode_batch(texts)]
    return np.concatenate([np.array(ids, dtype=np.uint16) for ids in read]), np.cumsum([0, *map(len, read)])


def main() -> None:
    settings = Settings()
    taxonomy = load_taxonomy(settings.taxonomy_path)
    own = lessons_of(replace(taxonomy, coded_texts=()))
    groups = {"taxonomy": Coded(list(own.texts), own.truth > 0, own.truth < 0)}
    groups |= {name: training(name, taxonomy) for name in FILES} | {name: event(name, taxonomy) for name in EVENTS}
    glossary = load_glossary(settings.glossary_path)
    texts = [glossary.expand(text).text for coded in groups.values() for text in coded.texts]
    folder, _ = verified_bundle()
    tokeniser = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokeniser.no_padding()
    tokeniser.enable_truncation(LONGEST)
    rng = random.Random(settings.seed)
    laid_out: dict[str, Any] = {}
    for version in range(1 + MISTYPED):
        typed = texts if version == 0 else [mistyped(text, rng) for text in texts]
        laid_out[f"tokens{version}"], laid_out[f"ends{version}"] = numbers(typed, tokeniser)
    registers = {name: register for register, names in REGISTERS.items() for name in names}
    names = list(groups)
    FOLDER.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        FOLDER / "texts.npz",
        **laid_out,
        group=np.repeat(np.arange(len(names)), [len(coded.texts) for coded in groups.values()]),
        target=np.vstack([coded.truth + 0.5 * coded.ignored for coded in groups.values()]).astype(np.float32),
        names=np.array(names),
        part=np.array([-1 if name in EVENTS else at % PARTS for at, name in enumerate(names)]),
        register=np.array([registers.get(name, "") for name in names]),
        codes=np.array(taxonomy.codes),
    )
    weights = load_file(str(folder / "model.safetensors"))
    save_file(
        {name: values.astype(np.float16) for name, values in weights.items() if values.dtype == np.float32}, FOLDER / "model.safetensors"
    )
    (FOLDER / "config.json").write_bytes((folder / "config.json").read_bytes())
    print(f"{len(texts)} texts in {len(names)} groups: {FOLDER}")


if __name__ == "__main__":
    main()
