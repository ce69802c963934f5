"""The fast encoder: that its table is what the method says, that a text has the same vector in any company, and whole runs with it."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from safetensors.numpy import load_file, save
from typer.testing import CliRunner

from benchmarks.encoder_graph import ODD
from pipeline import built
from pipeline.built import places
from pipeline.cli import app
from pipeline.embed import FAST, OnnxEncoder, Vectors, embed, load_encoder, verified_bundle
from pipeline.embed.bundle import verified_graph
from pipeline.embed.encoders import LONGEST
from pipeline.embed.static import NAME, PENALTY, SMOOTH, Halves, fitted_rows, load_static_encoder, read_table, table_name, token_rows
from pipeline.label.evidence import Evidence
from pipeline.label.lessons import lessons_of
from pipeline.settings import Settings
from pipeline.taxonomy import bundled_texts, load_taxonomy

TEXTS = ["burglary", "theft", "the bus timetable is late", "litter", "litter " * 400, "", *ODD]
# A part of the vocabulary, and of the texts that a table is fitted to.
SOME, SOME_TEXTS = 300, bundled_texts()[2000:2200]


@cache
def whole() -> Vectors:
    """Vectors of TEXTS, embedded at one time."""
    return embed(TEXTS, load_encoder(FAST))


def table() -> Path:
    """Where the table is kept."""
    load_static_encoder()
    return next(path for path in places(table_name(verified_bundle()[1], verified_graph(), bundled_texts())) if path.is_file())


@pytest.fixture(scope="module")
def some(encoder: OnnxEncoder) -> Halves:
    return fitted_rows(np.resize(token_rows(encoder, SOME), (30522, 384)), encoder, SOME_TEXTS)


def test_the_rows_of_tokens_are_centred_and_the_frequent_ones_are_made_small(encoder: OnnxEncoder) -> None:
    first, last = encoder.tokeniser.encode("").ids
    alone = encoder.encode_tokens([[first, token, last] for token in range(SOME)]).astype(np.float64)
    chances = 1 / np.arange(2.0, SOME + 2) / (1 / np.arange(2.0, SOME + 2)).sum()
    rows = token_rows(encoder, SOME)
    assert rows * ((SMOOTH + chances) / SMOOTH)[:, None] == pytest.approx(alone - alone.mean(axis=0), abs=1e-9)
    assert np.linalg.norm(rows[0]) < 0.01 < np.linalg.norm(rows[-1])


def test_fitted_rows_solve_the_ridge_regression_and_leave_other_tokens_where_they_were(encoder: OnnxEncoder) -> None:
    rows = np.random.default_rng(0).standard_normal((len(encoder.tokeniser.get_vocab()), 384)) / 20
    fitted = fitted_rows(rows, encoder, SOME_TEXTS).astype(np.float64)
    ids = [encoder.tokeniser.encode(text, add_special_tokens=False).ids for text in SOME_TEXTS]
    goal = encoder.encode(SOME_TEXTS).astype(np.float64)
    before, after = (np.array([table[own].mean(axis=0) for own in ids]) for table in (rows, fitted))
    scale = (before * goal).sum() / (before**2).sum()
    seen = sorted({token for own in ids for token in own})
    unseen = np.setdiff1d(np.arange(len(rows)), seen)
    assert np.allclose(fitted[unseen], scale * rows[unseen], rtol=1e-3, atol=1e-6)
    # At the minimum of |means - goal|^2 + PENALTY |moved|^2 its gradient is nothing.
    for token in seen[:20]:
        share = np.array([own.count(token) / len(own) for own in ids])
        assert share @ (after - goal) + PENALTY * (fitted[token] - scale * rows[token]) == pytest.approx(np.zeros(goal.shape[1]), abs=2e-4)
    assert np.linalg.norm(after - goal) < 0.5 * np.linalg.norm(scale * before - goal)


def test_a_row_of_a_word_is_made_of_what_the_bundled_encoder_says_of_it(encoder: OnnxEncoder) -> None:
    first, last = encoder.tokeniser.encode("").ids
    word = encoder.tokeniser.token_to_id("litter")
    assert encoder.encode_tokens([[first, word, last]]).tobytes() == encoder.encode(["litter"]).tobytes()


MAKES_A_TABLE = f"""
import hashlib, json, sys
import numpy as np
from pipeline.embed import load_encoder
from pipeline.embed.static import fitted_rows, token_rows
encoder, texts = load_encoder(), json.load(sys.stdin)
rows = token_rows(encoder, {SOME})
print(hashlib.sha256(fitted_rows(np.resize(rows, (30522, 384)), encoder, texts).tobytes()).hexdigest())
"""


@pytest.mark.parametrize("threads", ["2", None])
def test_the_number_of_threads_changes_no_byte_of_the_table(threads: str | None, some: Halves) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    environment |= {"OMP_NUM_THREADS": threads} if threads else {}
    command = [sys.executable, "-c", MAKES_A_TABLE]
    ran = subprocess.run(command, input=json.dumps(SOME_TEXTS), env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == hashlib.sha256(some.tobytes()).hexdigest()


def test_the_vector_of_a_text_is_the_mean_of_its_tokens_rows(encoder: OnnxEncoder) -> None:
    fast = load_static_encoder()
    rows = load_file(table())["rows"].astype(np.float64)
    words = "street lights out by the unplayable towpath".split()
    ids = [token for word in words for token in encoder.tokeniser.encode(word, add_special_tokens=False).ids]
    assert len(ids) > len(words)
    mean = rows[ids].mean(axis=0)
    assert fast.encode([" ".join(words)])[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


def test_rows_are_unit_vectors_and_what_means_the_same_is_nearer() -> None:
    vectors = whole()
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    burglary, theft, timetable = vectors[:3]
    assert burglary @ theft > burglary @ timetable + 0.2


def test_a_longer_text_is_cut_where_the_bundled_encoder_cuts_it() -> None:
    fast, words = load_encoder(FAST), ["litter"] * LONGEST
    assert fast.encode([" ".join([*words, "speeding"])]).tobytes() == fast.encode([" ".join(words)]).tobytes()
    assert fast.encode([" ".join([*words[1:], "speeding"])]).tobytes() != fast.encode([" ".join(words)]).tobytes()


@given(st.lists(st.sampled_from(range(len(TEXTS))), min_size=1, max_size=30))
@examples(max_examples=40, deadline=None)
def test_a_text_has_the_same_bytes_whatever_the_others_are(chosen: list[int]) -> None:
    assert embed([TEXTS[n] for n in chosen], load_encoder(FAST)).tobytes() == whole()[chosen].tobytes()


def test_no_texts_give_no_rows() -> None:
    assert load_encoder(FAST).encode([]).shape == (0, 384)


# the table on disk


def test_the_table_is_named_by_its_bytes_and_fetched_from_either_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = load_static_encoder()
    kept = table()
    assert made.sha256 == hashlib.sha256(load_file(kept)["rows"].tobytes()).hexdigest()
    monkeypatch.setattr(built, "MODELS", tmp_path / "elsewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "cache" / "workshop-themes").mkdir(parents=True)
    shutil.copyfile(kept, tmp_path / "cache" / "workshop-themes" / kept.name)
    again = load_static_encoder()
    assert (again.sha256, again.encode(["litter"]).tobytes()) == (made.sha256, made.encode(["litter"]).tobytes())


@pytest.mark.parametrize("broken", ["nothing there", "empty", "half", "a bit", "no checksum"])
def test_a_table_whose_bytes_are_not_those_that_were_written_is_not_used(tmp_path: Path, some: Halves, broken: str) -> None:
    path = tmp_path / "table.safetensors"
    whole = save({"rows": some}, metadata={"sha256": hashlib.sha256(some.tobytes()).hexdigest()})
    path.write_bytes(whole)
    found = read_table(path)
    assert found is not None
    assert found.tobytes() == some.tobytes()
    damaged = {
        "empty": b"",
        "half": whole[: len(whole) // 2],
        "a bit": whole[:-1] + bytes([whole[-1] ^ 1]),
        "no checksum": save({"rows": some}),
    }
    path.unlink() if broken == "nothing there" else path.write_bytes(damaged[broken])
    assert read_table(path) is None


# runs


def test_the_label_encoder_is_asked_beside_the_bundled_encoder_alone(encoder: OnnxEncoder) -> None:
    taxonomy = load_taxonomy(Settings().taxonomy_path)
    lessons = lessons_of(taxonomy), None
    bundled, fast = (Evidence(taxonomy, each, Settings(), lessons) for each in (encoder, load_encoder(FAST)))
    assert all(bundled.known)
    assert bundled.label_encoder_sha256 == bundled.label_encoder.sha256
    assert not any(fast.known)
    assert fast.label_encoder_sha256 == ""
    assert np.isnan(fast.log_odds(["litter", "speeding"])).all()


YAML = """name: parks
version: '1'
themes:
- {code: dogs, label: Dogs, terms: [dog, stray], examples: [stray dogs, dogs loose]}
- {code: mess, label: Dog mess, terms: [dog mess], examples: [dog mess on the path]}
- {code: lights, label: Street lighting, terms: [street light]}
"""
SAID = ("dogs loose", "dog mess by the gate", "street light out", "benches", "tea break")
ROWS = [("1", str(table), said) for table in range(3) for said in SAID]


def written(folder: Path, rows: list[tuple[str, str, str]], *options: str) -> Path:
    folder.mkdir()
    (folder / "parks.yaml").write_text(YAML)
    with (folder / "answers.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("session", "table", "point"), *rows])
    command = ["run", str(folder / "answers.csv"), "--out", str(folder / "out"), "--taxonomy", str(folder / "parks.yaml"), *options]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    return folder / "out" / "answers"


def test_a_fast_run_says_so_and_gives_the_same_bytes_for_any_order_of_rows(tmp_path: Path) -> None:
    first = written(tmp_path / "first", ROWS, "--fast", "--no-cache")
    account = json.loads((first / "run.json").read_text("utf-8"))
    assert account["models"]["encoder"] == {"name": NAME, "sha256": load_encoder(FAST).sha256}
    assert account["models"]["label_encoder"] == {"sha256": ""}
    assert account["settings"]["encoder"] == "fast"
    second = written(tmp_path / "second", ROWS[::-1], "--fast")
    assert (second / "themes.json").read_bytes() == (first / "themes.json").read_bytes()


def test_what_a_run_without_fast_kept_is_not_taken_for_a_fast_one(tmp_path: Path) -> None:
    slow = written(tmp_path / "slow", ROWS)
    fast = written(tmp_path / "fast", ROWS, "--fast")
    names = [json.loads((folder / "run.json").read_text("utf-8"))["models"]["encoder"]["name"] for folder in (slow, fast)]
    assert names == ["all-MiniLM-L6-v2", NAME]


IMPORTED = """
import sys
from pipeline.embed import embed, load_encoder
embed(["litter", "speeding"], load_encoder("fast"))
print(sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_once_its_table_is_made_no_network_is_loaded() -> None:
    load_static_encoder()
    ran = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert "'tokenizers'" in ran.stdout
    assert not any(name in ran.stdout for name in ("onnxruntime", "torch", "transformers", "huggingface_hub"))
