"""Whole runs that are killed, or find the disk full or the folder closed: what was there stays, and the next run gives the same.

``python tests/test_run_killed.py 50`` kills fifty runs instead of four.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from full_disk import files_of_at_most

import pipeline.run
from pipeline.embed import Encoder
from pipeline.errors import OutputError
from pipeline.label import Labeller
from pipeline.run import run_events
from pipeline.settings import Settings

EVENT = "hollin-bridge"
KILLS = "THEMES_KILLS"
SETTINGS = Settings()
RUN = "from pipeline.cli import app; app()"
# Longer than a run takes on a slow machine; one that is not killed by then ends by itself.
PATIENCE = 600.0


@pytest.fixture(autouse=True)
def loaded(encoder: Encoder, labeller: Labeller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs in this process use its models; those that are killed load their own."""
    monkeypatch.setattr(pipeline.run, "load_models", lambda settings, progress: (encoder, labeller))


def shown(folder: Path) -> dict[str, Any]:
    """Every file of a result; of run.json what does not tell of time and cache."""
    found: dict[str, Any] = {path.name: path.read_bytes() for path in folder.iterdir()}
    account = json.loads(found["run.json"])
    found["run.json"] = {key: value for key, value in account.items() if key not in ("seconds", "cache")}
    return found


def killed(notes: Path, out: Path, moment: float | None) -> float:
    """Start `themes run` and kill it after so many seconds, or as soon as it begins to write its result; says how long it lived."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    began = time.perf_counter()
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, "run", str(notes), "--out", str(out)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while run.poll() is None:
        lived = time.perf_counter() - began
        if lived > (PATIENCE if moment is None else moment) or (moment is None and any(out.glob(".*.partial"))):
            break
        time.sleep(0.001)
    run.send_signal(signal.SIGKILL)
    run.wait()
    return time.perf_counter() - began


def test_a_run_killed_at_any_moment_shows_no_half_of_a_result_and_the_next_gives_the_whole(
    tmp_path: Path, golden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, fewer = tmp_path / EVENT, tmp_path / "fewer" / EVENT
    for folder in (notes, fewer):
        shutil.copytree(golden / "input" / EVENT, folder)
    (fewer / "Session 3 residents.txt").unlink()
    run_events([fewer], tmp_path / "earlier", SETTINGS, use_cache=False)
    shutil.copytree(tmp_path / "earlier", tmp_path / "over")
    for name in ("over", "alone"):
        run_events([notes], tmp_path / name, SETTINGS, use_cache=False)
    earlier, over, alone = (shown(tmp_path / name / EVENT) for name in ("earlier", "over", "alone"))
    assert earlier["themes.json"] != over["themes.json"]
    whole = killed(notes, tmp_path / "timed", PATIENCE)
    assert shown(tmp_path / "timed" / EVENT) == alone

    moments = random.Random(11)
    for number in range(int(os.environ.get(KILLS, "4"))):
        out = tmp_path / str(number)
        monkeypatch.setenv("WORKSHOP_THEMES_CACHE", str(tmp_path / f"cache {number}"))
        before = number % 2 == 1
        if before:
            shutil.copytree(tmp_path / "earlier", out)
        killed(notes, out, None if number % 4 == 3 else moments.uniform(0.3, 1.0) * whole)
        final = over if before else alone
        visible = [path for path in out.iterdir() if not path.name.startswith(".")] if out.exists() else []
        assert all(shown(folder) in ([earlier, over] if before else [alone]) for folder in visible)
        finished = bool(visible) and shown(visible[0]) == final
        (next_one,) = run_events([notes], out, SETTINGS)
        assert next_one.remarks == ()  # nothing that was killed while it was kept was taken for whole, nor found damaged
        assert [path.name for path in out.iterdir() if path.name != ".lock"] == [EVENT]
        found = shown(out / EVENT)
        assert found["themes.json"] == final["themes.json"]
        if not finished:  # else it carried the ids of its own result over, and run.json says so
            assert found == final


# no room, and no way in


def test_a_full_disk_ends_a_run_with_advice_and_the_earlier_result_is_intact(tmp_path: Path) -> None:
    notes = tmp_path / "evening.csv"
    notes.write_text("session,table,point\n1,1,Burglaries in the terraces\n")
    run_events([notes], tmp_path / "out", SETTINGS)
    before = shown(tmp_path / "out" / "evening")
    notes.write_text("session,table,point\n1,1,Burglaries in the terraces\n1,2,Speeding past the school\n")
    largest = max(path.stat().st_size for path in (tmp_path / "out" / "evening").iterdir())
    for room in (1_000, largest - 1):
        with files_of_at_most(room), pytest.raises(OutputError, match=r"evening: it cannot be written.*free space"):
            run_events([notes], tmp_path / "out", SETTINGS)
    assert shown(tmp_path / "out" / "evening") == before
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name != ".lock"] == ["evening"]
    (finished,) = run_events([notes], tmp_path / "out", SETTINGS)
    assert finished.points == 2


@contextmanager
def closed(folder: Path) -> Iterator[None]:
    """A folder that may be read and not written: as another user where this is root, whom no mode keeps out."""
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


def test_a_folder_that_may_not_be_written_ends_a_run_with_advice_and_the_earlier_result_is_intact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tempfile.TemporaryDirectory() as made:  # others may look into it, as they may not into tmp_path
        folder = Path(made)
        folder.chmod(0o755)
        monkeypatch.setenv("WORKSHOP_THEMES_CACHE", str(folder / "cache"))
        (folder / "evening.csv").write_text("session,table,point\n1,1,Burglaries in the terraces\n")
        run_events([folder / "evening.csv"], folder / "out", SETTINGS)
        before = shown(folder / "out" / "evening")
        (folder / "evening.csv").write_text("session,table,point\n1,1,Speeding past the school\n")
        (folder / "out" / ".lock").unlink(missing_ok=True)
        with closed(folder / "out"), pytest.raises(OutputError, match=r"out: it cannot be written .*another folder with --out"):
            run_events([folder / "evening.csv"], folder / "out", SETTINGS)
        assert shown(folder / "out" / "evening") == before


if __name__ == "__main__":
    os.environ[KILLS] = sys.argv[1]
    sys.exit(pytest.main([__file__, "-n", "0"]))
