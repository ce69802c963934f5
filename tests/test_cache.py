"""Finished work is fetched where nothing changed, and no byte of a result shows whether it was."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from full_disk import files_of_at_most
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

import pipeline.run
from pipeline.cache import Cache, JoinedTexts, LabelledTexts, cache_folder, clear_entries
from pipeline.cache.entries import Entries
from pipeline.cache.keys import made_with, session_key
from pipeline.cache.sessions import LabelledSession, joined, packed, unpacked, without_places
from pipeline.clock import Clock
from pipeline.embed import Encoder, dense
from pipeline.engines import Here
from pipeline.ingest import find_sources, fingerprint, ingest
from pipeline.label import Labeller
from pipeline.redact import redact
from pipeline.run import run_events
from pipeline.sessions import label_sessions
from pipeline.settings import Settings

HEADER = ["session", "table", "priority", "level", "aspect", "point", "votes"]
ROWS = [
    ["1", "1", "Urgent & Essential", "local", "challenge", "Burglaries in the terraces", "3"],
    ["1", "2", "Urgent & Essential", "local", "challenge", "Litter and broken glass in the park", "2"],
    ["1", "2", "Not Urgent or Essential", "local", "challenge", "Swans nest early on the weir", "1"],
    ["1", "3", "Not Urgent or Essential", "local", "challenge", "Herons fish below the lock", "1"],
    ["2", "1", "", "", "barrier", "No one rings back after a report", "1"],
    ["2", "2", "", "", "barrier", "Ring Mrs Pellow on 01632 960177 about the refuge", "1"],
    ["3", "1", "", "", "action", "Large print on every letter", "1"],
]
LATE = ["1", "4", "Not Urgent or Essential", "local", "challenge", "Swans nest early again on the weir", "1"]
PERSONAL = (b"01632", b"960177", b"pellow")
SETTINGS = Settings()
FETCHED, MADE = "from the cache", "made"


@pytest.fixture
def loaded(encoder: Encoder, labeller: Labeller, monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The models of this process instead of new ones; says how often they were asked for."""
    asked: list[Settings] = []

    def models(settings: Settings, progress: Any) -> tuple[Encoder, Labeller]:
        asked.append(settings)
        same = settings.model_copy(update={"quotes_per_theme": 3, "keep_redactions": False, "redact_also": None}) == SETTINGS
        return encoder, labeller if same else Labeller(labeller.taxonomy, encoder, settings)

    monkeypatch.setattr(pipeline.run, "load_models", models)
    return asked


def typed(folder: Path, rows: list[list[str]], title: str = "An evening") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "notes.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    (folder / "event.yaml").write_text(f"title: {title}\ndivision: Weir\n")
    return folder


def result(folder: Path) -> dict[str, Any]:
    """Every file of a result; of run.json what does not tell of time and cache."""
    found: dict[str, Any] = {path.name: path.read_bytes() for path in folder.iterdir()}
    account = json.loads(found["run.json"])
    found["run.json"] = {key: value for key, value in account.items() if key not in ("seconds", "cache")}
    return found


def told(out: Path) -> dict[str, Any]:
    account: dict[str, Any] = json.loads((out / "evening" / "run.json").read_text("utf-8"))["cache"]
    return account


def entries(kind: str) -> list[Path]:
    return sorted(cache_folder().glob(f"*.{kind}")) if cache_folder().exists() else []


# nothing changed


def test_an_event_that_did_not_change_is_fetched_without_models_and_is_the_same(tmp_path: Path, loaded: list[Settings]) -> None:
    notes = typed(tmp_path / "evening", ROWS)
    run_events([notes], tmp_path / "out", SETTINGS)
    assert told(tmp_path / "out") == {"used": True, "event": MADE, "sessions": dict.fromkeys("123", MADE), "remarks": []}
    shutil.copytree(tmp_path / "out", tmp_path / "uncached")
    assert len(loaded) == 1
    for _ in range(2):
        (finished,) = run_events([notes], tmp_path / "out", SETTINGS)
        assert told(tmp_path / "out") == {"used": True, "event": FETCHED, "sessions": dict.fromkeys("123", FETCHED), "remarks": []}
        assert (finished.points, finished.remarks) == (7, ())
    assert len(loaded) == 1  # not asked for again
    run_events([notes], tmp_path / "uncached", SETTINGS, use_cache=False)
    assert told(tmp_path / "uncached")["event"] == MADE
    assert result(tmp_path / "out" / "evening") == result(tmp_path / "uncached" / "evening")
    assert result(tmp_path / "out" / "evening")["run.json"]["identity"]["earlier_run"] == "ids were carried over"
    run_events([notes], tmp_path / "elsewhere", SETTINGS)  # where nothing stands that ids could be carried over from
    assert told(tmp_path / "elsewhere")["event"] == FETCHED
    assert result(tmp_path / "elsewhere" / "evening")["run.json"]["identity"]["earlier_run"] == "there was no earlier run"


FRESH = """
import sys
from pathlib import Path
from pipeline.run import run_events
from pipeline.sessions import label_sessions
from pipeline.settings import Settings
run_events([Path(sys.argv[1])], Path(sys.argv[2]), Settings())
heavy = {"torch", "transformers", "sentence_transformers", "onnxruntime", "spacy", "presidio_analyzer", "sklearn", "scipy", "jsonschema"}
print(sorted(heavy & set(sys.modules)))
"""


def test_in_a_fresh_process_an_event_that_did_not_change_loads_no_heavy_library(tmp_path: Path, loaded: list[Settings]) -> None:
    notes = typed(tmp_path / "evening", ROWS)
    run_events([notes], tmp_path / "out", SETTINGS)
    done = subprocess.run([sys.executable, "-c", FRESH, str(notes), str(tmp_path / "out")], capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr
    assert told(tmp_path / "out")["event"] == FETCHED


# something changed


def test_of_an_event_with_one_changed_session_only_that_one_is_done_anew(tmp_path: Path, loaded: list[Settings]) -> None:
    notes = typed(tmp_path / "evening", ROWS)
    run_events([notes], tmp_path / "out", SETTINGS)
    shutil.copytree(tmp_path / "out", tmp_path / "uncached")
    typed(notes, [LATE, *ROWS])  # every other note stands a row further down
    run_events([notes], tmp_path / "out", SETTINGS)
    run_events([notes], tmp_path / "uncached", SETTINGS, use_cache=False)
    assert told(tmp_path / "out") == {"used": True, "event": MADE, "sessions": {"1": MADE, "2": FETCHED, "3": FETCHED}, "remarks": []}
    assert told(tmp_path / "uncached") == {"used": False, "event": MADE, "sessions": dict.fromkeys("123", MADE), "remarks": []}
    assert result(tmp_path / "out" / "evening") == result(tmp_path / "uncached" / "evening")


def test_what_redaction_numbers_otherwise_is_done_anew(tmp_path: Path, loaded: list[Settings]) -> None:
    """Placeholders are numbered throughout an event, so a person named in one session can change another."""
    rows = [*ROWS, ["3", "2", "", "", "action", "Ask Mrs Tunnicliffe for the key", "1"]]
    notes = typed(tmp_path / "evening", rows)
    run_events([notes], tmp_path / "out", SETTINGS)
    shutil.copytree(tmp_path / "out", tmp_path / "uncached")
    typed(notes, [*rows, ["1", "1", "", "", "challenge", "Mrs Adeyemi has had her windows broken", "1"]])
    run_events([notes], tmp_path / "out", SETTINGS)
    run_events([notes], tmp_path / "uncached", SETTINGS, use_cache=False)
    assert result(tmp_path / "out" / "evening") == result(tmp_path / "uncached" / "evening")
    texts = pd.read_csv(tmp_path / "out" / "evening" / "points.csv")["text"].str.cat(sep="; ")
    assert "Ask Mrs [PERSON" in texts
    assert "Mrs [PERSON 1] has had" in texts


CHANGES = st.sampled_from(["late table", "row gone", "title", "quotes", "other session", "back", "nothing"])


@given(st.lists(CHANGES, min_size=2, max_size=3))
@examples(max_examples=3, deadline=None)
def test_whatever_is_changed_from_run_to_run_the_cache_changes_no_byte(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, labeller: Labeller, changes: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    rows, title, settings = list(ROWS), "An evening", SETTINGS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.run, "load_models", lambda settings, progress: (encoder, labeller))
        for change in ["nothing", *changes]:
            rows = {
                "late table": [LATE, *rows],
                "row gone": rows[1:],
                "other session": [*rows, ["2", "3", "", "", "barrier", "Leaflets in one language only", "1"]],
                "back": list(ROWS),
            }.get(change, rows)
            title = "Another evening" if change == "title" else title
            settings = Settings(quotes_per_theme=1) if change == "quotes" else settings
            notes = typed(folder / "evening", rows, title)
            run_events([notes], folder / "cached", settings)
            run_events([notes], folder / "uncached", settings, use_cache=False)
            assert result(folder / "cached" / "evening") == result(folder / "uncached" / "evening"), change


def test_of_two_events_the_one_that_did_not_change_is_fetched(tmp_path: Path, loaded: list[Settings]) -> None:
    one, two = typed(tmp_path / "raw" / "evening", ROWS), typed(tmp_path / "raw" / "morning", ROWS[:4])
    run_events([one, two], tmp_path / "out", SETTINGS)
    typed(two, ROWS[1:4])
    run_events([one, two], tmp_path / "out", SETTINGS)
    assert told(tmp_path / "out")["event"] == FETCHED
    assert json.loads((tmp_path / "out" / "morning" / "run.json").read_text("utf-8"))["cache"]["event"] == MADE


def made_key(notes: Path, settings: Settings, folder: Path) -> str:
    """The name of the entry that would be fetched for an event."""
    (source,) = find_sources([notes])
    cache = Cache(settings)
    name = cache._event_name(cache.files_of(source), folder)
    assert name is not None
    return name


def test_everything_that_decides_a_result_is_in_the_key_of_the_event(tmp_path: Path) -> None:
    notes, none = typed(tmp_path / "evening", ROWS), tmp_path / "none"
    names = tmp_path / "names.txt"
    names.write_text("Pellow\n")
    glossary = tmp_path / "glossary.yaml"
    glossary.write_text("ASB: anti-social behaviour\n")
    taxonomy = tmp_path / "taxonomy.yaml"
    (tmp_path / "coded.csv").write_text("text,codes\nswans on the weir,swans\n")
    taxonomy.write_text("name: t\nversion: 1.0.0\ncoded_texts: [coded.csv]\nthemes:\n- {code: swans, label: Swans}\n")
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "config.json").write_text("{}")
    shutil.copytree(tmp_path / "encoder", tmp_path / "trained")
    given: dict[str, Any] = {
        "taxonomy": taxonomy, "glossary": glossary, "encoder": str(tmp_path / "encoder"), "spacy_model": "en_core_web_lg",
        "keep_names": names, "redact_also": names, "label_threshold": 0.4, "no_match_from": 0.4, "max_codes": 2, "quotes_per_theme": 2,
        "sensitive_codes": ("asb",), "quotes_from_tables": 2, "seed": 1, "trained": tmp_path / "trained", "reports": False,
    }  # fmt: skip
    assert {*given, "keep_redactions"} == set(Settings.model_fields)
    keys = [made_key(notes, SETTINGS, none)]
    keys += [made_key(notes, Settings(**{name: value}), none) for name, value in given.items()]
    everything = Settings(**given)
    for path, text in [
        (names, "Pellow\nHall\n"), (glossary, "ASB: antisocial behaviour\n"), (tmp_path / "coded.csv", "text,codes\nswans,swans\n"),
        (tmp_path / "encoder" / "config.json", "{ }"), (tmp_path / "trained" / "config.json", "{ }"),
        (notes / "event.yaml", "title: Another\n"), (notes / "readme.md", "about"),
        (notes / "more.txt", "litter\n"),
    ]:  # fmt: skip
        keys.append(made_key(notes, everything, none))
        path.write_text(text)
    keys.append(made_key(notes, everything, none))
    (notes / "more.txt").rename(notes / "session 2.txt")
    keys.append(made_key(notes, everything, none))
    keys.append(made_key(notes.rename(tmp_path / "night"), everything, none))
    assert len(set(keys)) == len(keys)


def test_the_order_of_files_is_not_in_the_key_and_a_file_that_cannot_be_read_has_none(tmp_path: Path) -> None:
    notes = typed(tmp_path / "evening", ROWS)
    (notes / "more.txt").write_text("litter\n")
    (source,) = find_sources([notes])
    assert len(source.files) == 2
    assert fingerprint(source) == fingerprint(replace(source, files=source.files[::-1])) is not None
    (notes / "linked.txt").symlink_to(notes / "more.txt")
    (source,) = find_sources([notes])
    assert fingerprint(source) is None


def test_settings_that_change_labels_are_in_the_key_of_a_session_and_others_are_not(tmp_path: Path) -> None:
    (source,) = find_sources([typed(tmp_path / "evening", ROWS)])
    gathered = ingest(source)
    notes = without_places(redact(gathered.notes, gathered.dropped, gathered.event).notes)
    made = made_with(SETTINGS)
    plain = session_key(made, SETTINGS, notes)
    for name, value in {
        "label_threshold": 0.4,
        "no_match_from": 0.4,
        "max_codes": 2,
        "seed": 1,
        "spacy_model": "en",
        "encoder": "e",
    }.items():
        assert session_key(made, Settings(**{name: value}), notes) != plain, name  # type: ignore[arg-type]
    others = Settings(quotes_per_theme=1, quotes_from_tables=9, sensitive_codes=(), keep_redactions=True, reports=False)
    assert session_key(made, others, notes) == plain
    for column in notes:
        assert session_key(made, SETTINGS, notes.assign(**{column: notes[column] + "x"})) != plain, column
    assert session_key(made, SETTINGS, notes.iloc[::-1]) != plain
    assert session_key({**made, "glossary": "another"}, SETTINGS, notes) != plain


# what may not be kept


def parts_in_full(path: Path) -> Iterator[bytes]:
    """Every part of an entry, tables written out."""
    for name, data in (Entries(path.parent).get(path.name) or {}).items():
        yield pd.read_parquet(io.BytesIO(data)).to_csv().encode() if name.endswith(".parquet") else data


@pytest.mark.parametrize("keep", [False, True])
def test_no_personal_detail_is_in_the_cache(tmp_path: Path, loaded: list[Settings], keep: bool) -> None:
    notes = typed(tmp_path / "evening", ROWS)
    (finished,) = run_events([notes], tmp_path / "out", Settings(keep_redactions=keep))
    assert (finished.folder / "redactions.csv").exists() == keep
    kept = [part for path in (*entries("event"), *entries("session")) for part in parts_in_full(path)]
    assert any(b"[PHONE 1]" in part for part in kept)  # it is looked for where it would be
    assert not [detail for part in kept for detail in PERSONAL if detail in part.lower()]
    assert bool(entries("event")) != keep  # redactions.csv says what each placeholder stands for
    assert len(entries("session")) == 3
    shutil.rmtree(tmp_path / "out")
    run_events([notes], tmp_path / "out", Settings(keep_redactions=keep))
    assert (tmp_path / "out" / "evening" / "redactions.csv").exists() == keep


def test_the_cache_is_for_its_owner_alone(tmp_path: Path, loaded: list[Settings]) -> None:
    cache_folder().mkdir(parents=True, mode=0o755)
    run_events([typed(tmp_path / "evening", ROWS)], tmp_path / "out", SETTINGS)
    assert cache_folder().stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in cache_folder().iterdir()} == {0}


def test_a_result_with_a_file_that_could_not_be_read_is_not_kept(tmp_path: Path, loaded: list[Settings]) -> None:
    notes = typed(tmp_path / "evening", ROWS)
    (notes / "broken.docx").write_bytes(b"not a document")
    for _ in range(2):
        (finished,) = run_events([notes], tmp_path / "out", SETTINGS)
        assert [file.source_file for file in finished.unread] == ["broken.docx"]
        assert told(tmp_path / "out")["event"] == MADE
    assert set(told(tmp_path / "out")["sessions"].values()) == {FETCHED}


def test_a_result_of_notes_that_changed_while_they_were_read_is_not_kept(tmp_path: Path, loaded: list[Settings]) -> None:
    notes = typed(tmp_path / "evening", ROWS)

    def type_on(stage: str, done: int, total: int) -> None:
        if stage == "evening: redact" and done:
            typed(notes, ROWS[:3])

    run_events([notes], tmp_path / "out", SETTINGS, type_on)
    assert entries("event") == []
    run_events([notes], tmp_path / "again", SETTINGS)
    assert told(tmp_path / "again")["event"] == MADE
    assert len(pd.read_csv(tmp_path / "again" / "evening" / "points.csv")) == 3


def test_without_the_cache_nothing_is_read_from_it_or_written_to_it(tmp_path: Path, loaded: list[Settings]) -> None:
    notes = typed(tmp_path / "evening", ROWS)
    run_events([notes], tmp_path / "out", SETTINGS, use_cache=False)
    assert not cache_folder().exists()
    run_events([notes], tmp_path / "out", SETTINGS)
    before = {path.name: path.stat().st_mtime_ns for path in cache_folder().iterdir()}
    run_events([notes], tmp_path / "out", SETTINGS, use_cache=False)
    assert told(tmp_path / "out") == {"used": False, "event": MADE, "sessions": dict.fromkeys("123", MADE), "remarks": []}
    assert {path.name: path.stat().st_mtime_ns for path in cache_folder().iterdir()} == before


def test_what_was_made_by_a_program_that_was_changed_meanwhile_is_not_kept(
    tmp_path: Path, loaded: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.cache import keys

    shutil.copytree(keys.PACKAGE, tmp_path / "program", ignore=shutil.ignore_patterns("__pycache__", "built"))
    monkeypatch.setattr(keys, "PACKAGE", tmp_path / "program")

    def mend(stage: str, done: int, total: int) -> None:
        if stage == "evening: redact":
            os.utime(tmp_path / "program" / "run.py")

    run_events([typed(tmp_path / "evening", ROWS)], tmp_path / "out", SETTINGS, mend)
    assert entries("event") == entries("session") == []
    (finished,) = run_events([typed(tmp_path / "evening", ROWS)], tmp_path / "out", SETTINGS)
    assert finished.remarks == ("the cache was not used (the program was changed while it ran)",)


def test_a_program_that_was_changed_has_another_key_though_its_hash_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.cache import keys

    shutil.copytree(keys.PACKAGE, tmp_path / "program", ignore=shutil.ignore_patterns("__pycache__", "built"))
    monkeypatch.setattr(keys, "PACKAGE", tmp_path / "program")
    before = made_with(SETTINGS)
    assert made_with(SETTINGS) == before
    changed = tmp_path / "program" / "run.py"
    stood = changed.stat()
    changed.write_bytes(changed.read_bytes() + b"# another line\n")
    os.utime(changed, ns=(stood.st_atime_ns, stood.st_mtime_ns))  # as where a file is brought back with its old time
    assert made_with(SETTINGS)["program"] != before["program"]


# what goes wrong with it


def flipped(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]


@pytest.mark.parametrize("damage", [flipped, lambda data: data[:-10], lambda data: b"", lambda data: b"\x80\x04not ours", "a folder"])
def test_no_damaged_entry_is_taken_for_whole_and_the_next_of_its_name_takes_its_place(tmp_path: Path, damage: Any) -> None:
    name = f"{'a' * 64}.session"
    Entries(tmp_path).put(name, {"part": b"content" * 50})
    whole = (tmp_path / name).read_bytes()
    if damage == "a folder":
        (tmp_path / name).unlink()
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(damage(whole))
    kept = Entries(tmp_path)
    assert kept.get(name) is None
    (remark,) = kept.remarks
    assert "damaged" in remark or "could not be read" in remark
    if damage != "a folder":
        kept.put(name, {"part": b"content" * 50})
        assert (tmp_path / name).read_bytes() == whole
        assert len(kept.remarks) == 1


@pytest.mark.parametrize("kind", ["event", "session"])
def test_a_damaged_entry_is_noticed_and_told_and_its_work_done_anew(tmp_path: Path, loaded: list[Settings], kind: str) -> None:
    notes = typed(tmp_path / "evening", ROWS)
    run_events([notes], tmp_path / "out", SETTINGS)
    first = result(tmp_path / "out" / "evening")
    sound = {path: path.read_bytes() for path in entries(kind)}
    for path, data in sound.items():
        path.write_bytes(flipped(data))
    if kind == "session":
        for path in entries("event"):
            path.unlink()
    shutil.rmtree(tmp_path / "out")
    (finished,) = run_events([notes], tmp_path / "out", SETTINGS)
    assert result(tmp_path / "out" / "evening") == first
    assert told(tmp_path / "out")["event"] == MADE
    assert set(told(tmp_path / "out")["sessions"].values()) == {MADE if kind == "session" else FETCHED}
    assert finished.remarks == ("an entry of the cache was damaged, so its work was done anew",)
    assert told(tmp_path / "out")["remarks"] == list(finished.remarks)
    if kind == "session":
        assert {path: path.read_bytes() for path in entries(kind)} == sound
    (finished,) = run_events([notes], tmp_path / "out", SETTINGS)
    assert (told(tmp_path / "out")["event"], finished.remarks) == (FETCHED, ())


def test_an_entry_that_is_whole_but_no_session_is_told_and_nothing_in_it_is_run(tmp_path: Path, loaded: list[Settings]) -> None:
    notes = typed(tmp_path / "evening", ROWS)
    run_events([notes], tmp_path / "out", SETTINGS)
    for path in entries("event"):
        path.unlink()
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"an": "object"}], dtype=object), allow_pickle=True)
    first, second, third = entries("session")
    Entries(cache_folder()).put(first.name, {})
    Entries(cache_folder()).put(second.name, {**(Entries(cache_folder()).get(second.name) or {}), "vectors.npy": buffer.getvalue()})
    Entries(cache_folder()).put(third.name, {**(Entries(cache_folder()).get(third.name) or {}), "points.parquet": b"PAR1"})
    (finished,) = run_events([notes], tmp_path / "out", SETTINGS)
    assert set(told(tmp_path / "out")["sessions"].values()) == {MADE}
    assert all("is not what it should be" in remark for remark in finished.remarks)
    assert finished.remarks


@contextmanager
def folder_of_another(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True)
    os.chown(folder, 65534, 65534)
    yield


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_the_folder_of_another_user_is_not_used(tmp_path: Path, loaded: list[Settings]) -> None:
    with folder_of_another(cache_folder()):
        (finished,) = run_events([typed(tmp_path / "evening", ROWS)], tmp_path / "out", SETTINGS)
    assert finished.remarks == ("the folder of the cache belongs to another user, so it was not used",)
    assert list(cache_folder().iterdir()) == []


def test_a_cache_that_cannot_be_made_stops_no_run_and_is_told(
    tmp_path: Path, loaded: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("WORKSHOP_THEMES_CACHE", str(tmp_path / "a file"))
    (finished,) = run_events([typed(tmp_path / "evening", ROWS)], tmp_path / "out", SETTINGS)
    (remark,) = finished.remarks
    assert remark.startswith("the folder of the cache cannot be used (")
    assert told(tmp_path / "out")["remarks"] == [remark]
    assert finished.points == 7


def test_a_full_disk_stops_no_keeping_but_its_own_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    kept = Entries(tmp_path / "runs")
    kept.put(f"{'a' * 64}.event", {"small": b"small"})
    with files_of_at_most(2_000):
        kept.put(f"{'b' * 64}.event", {"large": b"large" * 1_000})
    (remark,) = kept.remarks
    assert remark.startswith("the cache cannot be written (")
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [f"{'a' * 64}.event"]
    assert Entries(tmp_path / "runs").get(f"{'a' * 64}.event") == {"small": b"small"}


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    kept = Entries(tmp_path, most_bytes=3_000)
    names = [f"{letter * 64}.session" for letter in "abcd"]
    for age, name in enumerate(names[:3]):
        kept.put(name, {"part": b"x" * 700})
        os.utime(tmp_path / name, (age, age))
    kept.get(names[0])  # used again
    (tmp_path / "notes of mine.txt").write_text("not ours")
    kept.put(names[3], {"part": b"x" * 700})
    assert {path.name for path in tmp_path.iterdir()} == {names[0], names[2], names[3], "notes of mine.txt"}
    kept.put(names[1], {"part": b"x" * 3_000})  # more than may be kept at all
    assert not (tmp_path / names[1]).exists()


def test_what_a_killed_run_left_goes_after_a_while(tmp_path: Path) -> None:
    old, new = tmp_path / f"{'a' * 64}.event.x1.partial", tmp_path / f"{'b' * 64}.event.x2.partial"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (1, 1))
    Entries(tmp_path).put(f"{'c' * 64}.event", {"part": b"whole"})
    assert {path.name for path in tmp_path.iterdir()} == {new.name, f"{'c' * 64}.event"}


def test_to_clear_the_cache_removes_entries_and_nothing_else_and_says_how_many(tmp_path: Path) -> None:
    assert clear_entries(tmp_path / "none") == (0, 0)
    kept = Entries(tmp_path)
    for letter in "ab":
        kept.put(f"{letter * 64}.session", {"part": b"x" * 100})
    (tmp_path / f"{'c' * 64}.event.x.partial").write_bytes(b"half")
    (tmp_path / "letter.session").write_text("not ours")
    sizes = sum(path.stat().st_size for path in tmp_path.iterdir() if path.name != "letter.session")
    assert clear_entries(tmp_path) == (2, sizes)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.session"]


# sessions there and back


def test_a_session_is_the_same_when_it_is_read_back(tmp_path: Path, labeller: Labeller) -> None:
    (source,) = find_sources([typed(tmp_path / "evening", [*ROWS, ["3", "4", "", "", "action", "&", "1"]])])
    gathered = ingest(source)
    notes = redact(gathered.notes, gathered.dropped, gathered.event).notes
    clock = Clock(lambda stage, done, total: None, "evening")
    cache = Cache(SETTINGS, used=False)
    sessions = label_sessions(notes, labeller, SETTINGS, Here(), cache, clock)
    assert [len(session.points) for session in sessions] == [4, 2, 1]
    for session in (*sessions, joined(sessions), *label_sessions(notes[:0], labeller, SETTINGS, Here(), cache, clock)):
        again = unpacked(packed(session))
        pd.testing.assert_frame_equal(again.points, session.points.reset_index(drop=True))
        pd.testing.assert_frame_equal(again.dropped, session.dropped.reset_index(drop=True))
        for one, other in ((dense(again.vectors), dense(session.vectors)), (again.probabilities, session.probabilities)):
            assert (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


def test_sessions_without_points_join_with_those_that_have_some(labeller: Labeller, tmp_path: Path) -> None:
    (source,) = find_sources([typed(tmp_path / "evening", ROWS)])
    gathered = ingest(source)
    notes = redact(gathered.notes, gathered.dropped, gathered.event).notes
    clock = Clock(lambda stage, done, total: None, "evening")
    notes = notes.assign(session="1")
    some, none = (label_sessions(of, labeller, SETTINGS, Here(), Cache(SETTINGS, used=False), clock)[0] for of in (notes, notes[:0]))
    for order in ([none, some], [some, none]):
        together = joined(order)
        assert (len(together.points), len(together.probabilities)) == (7, 7)
        assert dense(together.vectors).tobytes() == dense(some.vectors).tobytes()
    assert isinstance(joined([none]), LabelledSession)


def block(start: int, size: int) -> LabelledTexts:
    """What is said of so many texts; of none, vectors of no length, as nothing was embedded."""
    numbers = np.arange(start, start + size)
    said = pd.DataFrame({"expanded": [f"text {number}" for number in numbers]}).astype("str")
    vectors = np.outer(numbers, np.ones(3)).astype(np.float32) if size else np.zeros((0, 0), dtype=np.float32)
    return LabelledTexts(said, vectors, np.outer(numbers, np.ones(2)))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.randoms())
@examples(max_examples=40, deadline=None)
def test_blocks_stand_one_after_another_in_whatever_order_they_are_done(sizes: list[int], random: Random) -> None:
    starts = np.cumsum([0, *sizes]).tolist()
    together, order = JoinedTexts(sizes), list(range(len(sizes)))
    random.shuffle(order)
    for number in order:
        together.put(number, block(starts[number], sizes[number]))
    whole, expected = together.whole(), block(0, sum(sizes))
    assert whole.said["expanded"].tolist() == expected.said["expanded"].tolist()
    assert np.array_equal(whole.vectors, expected.vectors)
    assert np.array_equal(whole.probabilities, expected.probabilities)
