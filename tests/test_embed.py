from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from benchmarks.encoder_graph import ALIKE, ODD, encoder_graph, least_cosine
from pipeline.embed import BATCH, Encoder, Vectors, bundle, embed, load_encoder, manifest, sha256_of, verified, verified_bundle
from pipeline.embed.encoders import LONGEST, TOKENS
from pipeline.embed.repeated import Repeated, dense, each_once, together
from pipeline.errors import ModelError
from pipeline.labelling import load_models
from pipeline.settings import Settings

TEXTS = [
    f"{what} {where}"
    for what in ("litter", "speeding", "burglary", "no youth club", "street lights out")
    for where in ("", "by the mill", "x" * 40)
]


class Recording:
    """The real encoder, with a list of the batches it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder, self.name, self.sha256 = encoder, encoder.name, encoder.sha256
        self.batches: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        return self.encoder.encode(texts)


def test_rows_are_unit_vectors_in_the_order_of_the_texts(encoder: Encoder) -> None:
    vectors = embed(TEXTS, encoder)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    for row, text in enumerate(TEXTS):
        assert vectors[row] @ encoder.encode([text])[0] == pytest.approx(1.0, abs=1e-5)


def test_what_means_the_same_is_nearer_than_what_does_not(encoder: Encoder) -> None:
    burgled, broken_into, timetable = embed(["houses burgled", "homes broken into", "the bus timetable is late"], encoder)
    assert burgled @ broken_into > burgled @ timetable + 0.2


def test_repeated_texts_are_encoded_once_and_get_equal_rows(encoder: Encoder) -> None:
    recording = Recording(encoder)
    vectors = embed(["litter", "speeding", "litter", "litter", "speeding"], recording)
    assert recording.batches == [["litter", "speeding"]]
    assert vectors[0].tobytes() == vectors[2].tobytes() == vectors[3].tobytes()
    assert vectors[1].tobytes() == vectors[4].tobytes() != vectors[0].tobytes()


# More than a batch, of every length, so that a text's companions in its batch would differ with the order.
MANY = [" ".join(["litter and broken glass by the old mill after dark"] * (n % 7) + [f"point {n}"]) for n in range(BATCH + 20)]
# As many tokens each, and more of them than are encoded together.
AS_LONG = [f"bins {n} by the gate" for n in range(TOKENS // 4)]


@given(st.permutations(range(len(MANY))))
@examples(max_examples=3, deadline=None)
def test_the_order_of_texts_changes_no_byte(order: list[int]) -> None:
    first, second = Recording(load_encoder()), Recording(load_encoder())
    vectors, shuffled = embed(MANY, first), embed([MANY[i] for i in order], second)
    assert shuffled.tobytes() == vectors[order].tobytes()
    assert second.batches == first.batches  # so that it holds on any processor


VARIED = [*TEXTS, *ODD, *AS_LONG]


@given(st.lists(st.sampled_from(range(len(VARIED))), min_size=1, max_size=40))
@examples(max_examples=15, deadline=None)
def test_a_text_has_the_same_bytes_whatever_the_others_are(chosen: list[int]) -> None:
    encoder = load_encoder()
    assert embed([VARIED[n] for n in chosen], encoder).tobytes() == whole()[chosen].tobytes()


@cache
def whole() -> Vectors:
    """Vectors of VARIED, embedded at one time."""
    return embed(VARIED, load_encoder())


IN_A_FRESH_PROCESS = """
import hashlib, json, sys
from pipeline.embed import embed, load_encoder
print(hashlib.sha256(embed(json.load(sys.stdin), load_encoder()).tobytes()).hexdigest())
"""


@pytest.mark.parametrize("threads", ["1", "2", "3", None])
def test_the_number_of_threads_changes_no_byte(threads: str | None) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    if threads:
        environment["OMP_NUM_THREADS"] = threads
    ran = subprocess.run(
        [sys.executable, "-c", IN_A_FRESH_PROCESS], input=json.dumps(VARIED), env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == hashlib.sha256(whole().tobytes()).hexdigest()


def test_a_longer_text_is_cut_where_the_model_card_says(encoder: Encoder) -> None:
    words = ["litter"] * (LONGEST - 2)  # the first and the last token are the model's own
    assert encoder.encode([" ".join([*words, "speeding"])]).tobytes() == encoder.encode([" ".join(words)]).tobytes()
    assert encoder.encode([" ".join([*words[1:], "speeding"])]).tobytes() != encoder.encode([" ".join(words)]).tobytes()


def test_repeats_change_no_byte(encoder: Encoder) -> None:
    assert embed(TEXTS + TEXTS[::-1], encoder)[: len(TEXTS)].tobytes() == embed(TEXTS, encoder).tobytes()


def test_batches_are_bounded_and_each_is_told(encoder: Encoder) -> None:
    recording = Recording(encoder)
    told: list[tuple[int, int]] = []
    vectors = embed([f"point {n}" for n in range(BATCH + 5)], recording, lambda done, total: told.append((done, total)))
    assert [len(batch) for batch in recording.batches] == [BATCH, 5]
    assert told == [(BATCH, BATCH + 5), (BATCH + 5, BATCH + 5)]
    assert len(vectors) == BATCH + 5


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert embed([], encoder).shape == (0, 0)


def test_the_bundled_models_are_the_ones_the_manifest_lists() -> None:
    for entry in manifest():
        assert sha256_of(verified(entry)) == entry["sha256"]
    assert verified_bundle()[1] == load_encoder().sha256


def test_a_tampered_copy_of_the_encoder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = next(model for model in manifest() if model["name"] == "all-MiniLM-L6-v2")
    copy = tmp_path / entry["module"] / entry["file"]
    copy.parent.mkdir(parents=True)
    (tmp_path / entry["module"] / "__init__.py").touch()
    shutil.copyfile(verified(entry), copy)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, entry["module"], raising=False)
    assert verified(entry) == copy
    with copy.open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last[0] ^ 1]))
    with pytest.raises(ModelError, match=entry["sha256"]) as refused:
        load_encoder.__wrapped__("bundled")
    assert refused.value.where == str(copy)
    assert sha256_of(copy) in str(refused.value)


def test_a_changed_or_missing_graph_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = next(model for model in manifest() if model["name"] == "all-MiniLM-L6-v2")
    graph = bundle.verified_graph()
    shutil.copyfile(bundle.MODELS / "manifest.json", tmp_path / "manifest.json")
    monkeypatch.setattr(bundle, "MODELS", tmp_path)
    with pytest.raises(ModelError, match="is missing") as refused:
        load_encoder.__wrapped__("bundled")
    assert refused.value.where == str(tmp_path / entry["graph"])
    (tmp_path / entry["graph"]).write_bytes(graph[:-1] + bytes([graph[-1] ^ 1]))
    with pytest.raises(ModelError, match=entry["graph_sha256"]):
        load_encoder.__wrapped__("bundled")


def test_a_model_that_is_missing_is_named_by_a_run_that_loads_it_beside_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copyfile(bundle.MODELS / "manifest.json", tmp_path / "manifest.json")
    load_encoder.cache_clear()
    with monkeypatch.context() as elsewhere, pytest.raises(ModelError, match=r"the graph of all-MiniLM-L6-v2 is missing"):
        elsewhere.setattr(bundle, "MODELS", tmp_path)
        load_models(Settings())
    with pytest.raises(ModelError, match="the spaCy model 'no_such_model' is not installed"):
        load_models(Settings(spacy_model="no_such_model"))


def test_the_graph_is_the_one_that_the_benchmarks_write() -> None:
    assert encoder_graph(verified_bundle()[0]) == bundle.verified_graph()


def test_a_model_that_is_not_installed_is_named() -> None:
    entry = {**manifest()[0], "module": "no_such_model_package"}
    with pytest.raises(ModelError, match=f"{entry['name']} is not installed"):
        verified(entry)


def test_an_unknown_folder_is_refused_before_anything_is_looked_up(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such folder") as refused:
        load_encoder(str(tmp_path / "nowhere"))
    assert "nothing is downloaded" in str(refused.value)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_encoder(str(tmp_path))


def test_any_folder_that_holds_a_model_can_be_used_and_the_bundled_one_says_the_same(encoder: Encoder, tmp_path: Path) -> None:
    folder = tmp_path / "my-model"
    folder.symlink_to(verified_bundle()[0], target_is_directory=True)
    own = load_encoder.__wrapped__(str(folder))
    assert own.name == "my-model"
    assert own.sha256 == encoder.sha256
    assert least_cosine(embed(VARIED, own), whole()) > ALIKE


def test_a_gpu_that_is_not_there_is_said_to_be_missing() -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is one")
    with pytest.raises(ModelError, match="there is no GPU"):
        load_encoder.__wrapped__("bundled-gpu")


IMPORTED_BY_A_RUN = """
import sys
from pathlib import Path
from typing import Any
from pipeline.run import run_events
from pipeline.settings import Settings
run_events([Path(sys.argv[1])], Path(sys.argv[2]), Settings())
print(sorted({name.split(".")[0] for name, module in sys.modules.items() if module is not None}))
"""


def test_a_run_does_without_torch_and_what_stands_on_it(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", IMPORTED_BY_A_RUN, str(root / "data" / "raw" / "millbrook"), str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = set(json.loads(ran.stdout.splitlines()[-1].replace("'", '"')))
    assert {"onnxruntime", "tokenizers", "spacy", "presidio_analyzer"} <= imported
    assert not imported & {"torch", "transformers", "sentence_transformers", "onnx", "huggingface_hub", "sklearn", "weasel"}


def test_a_file_is_read_once_for_its_sha256_and_again_when_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digests: list[str] = []
    digest = hashlib.file_digest

    def counted(file: Any, name: str) -> Any:
        digests.append(name)
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    weights = tmp_path / "weights"
    weights.write_bytes(b"one")
    first = sha256_of(weights)
    assert sha256_of(weights) == first == hashlib.sha256(b"one").hexdigest()
    assert len(digests) == 1
    weights.write_bytes(b"two")  # of the same size
    os.utime(weights, ns=(1, weights.stat().st_mtime_ns + 1))
    assert sha256_of(weights) == hashlib.sha256(b"two").hexdigest()
    (tmp_path / "other").write_bytes(b"six")
    (tmp_path / "other").replace(weights)
    assert sha256_of(weights) == hashlib.sha256(b"six").hexdigest()


@given(st.lists(st.lists(st.integers(0, 4), max_size=6), min_size=1, max_size=3), st.booleans())
def test_repeated_vectors_are_those_they_stand_for(rows: list[list[int]], shared: bool) -> None:
    distinct = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    parts = [Repeated(distinct if shared else distinct.copy(), np.array(of, dtype=np.intp)) for of in rows]
    joined = together(parts)
    all_rows = np.array([row for of in rows for row in of], dtype=np.intp)
    assert dense(joined).tobytes() == distinct[all_rows].tobytes()
    assert (len(joined), len(dense(joined[1:]))) == (sum(map(len, rows)), max(0, len(joined) - 1))
    once, row_of = each_once(joined)
    assert once[row_of].tobytes() == dense(joined).tobytes()
    assert len(once) <= 5 * (1 if shared else len(parts))
