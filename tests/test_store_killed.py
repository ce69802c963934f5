"""A run that is killed leaves an earlier result, a whole new one, or none; and one run at a time writes into a folder."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from pipeline.errors import OutputError
from pipeline.store import locked, write_folder

NAMES = ("themes.json", "points.csv", "report.md")


def content(version: int) -> dict[str, bytes]:
    return {name: f"{name} {version} ".encode() * 20_000 for name in NAMES}


def write_for_ever(out: Path) -> None:
    """Run in a child: write one version after another until killed."""
    version = 0
    while True:
        version += 1
        write_folder(out, "ev.en t", content(version))


def whole(folder: Path) -> bool:
    """Whether all files of a folder are there and of one version."""
    versions = {(folder / name).read_bytes().split()[1] for name in NAMES}
    return len(versions) == 1 and {(folder / name).read_bytes() for name in NAMES} == set(content(int(versions.pop())).values())


def test_killed_at_any_moment_no_half_result_is_visible_and_the_next_run_finds_a_whole_one(tmp_path: Path) -> None:
    moments = random.Random(7)
    for _ in range(50):
        child = os.fork()
        if not child:
            try:
                write_for_ever(tmp_path)
            finally:
                os._exit(1)
        time.sleep(moments.uniform(0.005, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        visible = [path for path in tmp_path.iterdir() if not path.name.startswith(".")]
        assert all(whole(folder) for folder in visible)
        had = bool(visible) or any(tmp_path.glob(".*.old"))
        with locked(tmp_path):
            assert [path.name for path in tmp_path.iterdir() if path.name != ".lock"] == (["ev.en t"] if had else [])
        assert not had or whole(tmp_path / "ev.en t")


def test_a_result_moved_aside_when_a_run_was_killed_comes_back(tmp_path: Path) -> None:
    write_folder(tmp_path, "ev", {"themes.json": b"old"})
    (tmp_path / "ev").rename(tmp_path / ".ev.abc123.old")
    (tmp_path / ".ev.abc123.partial").mkdir()
    with locked(tmp_path):
        assert (tmp_path / "ev" / "themes.json").read_bytes() == b"old"
        assert not (tmp_path / ".ev.abc123.partial").exists()


def test_a_result_moved_aside_gives_way_to_the_one_that_took_its_place(tmp_path: Path) -> None:
    write_folder(tmp_path, "ev", {"themes.json": b"new"})
    shutil.copytree(tmp_path / "ev", tmp_path / ".ev.abc123.old")
    (tmp_path / ".ev.abc123.old" / "themes.json").write_bytes(b"old")
    with locked(tmp_path):
        assert [path.name for path in tmp_path.iterdir() if path.name != ".lock"] == ["ev"]
        assert (tmp_path / "ev" / "themes.json").read_bytes() == b"new"


def test_a_second_run_into_the_same_folder_is_refused_and_a_later_one_is_not(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(OutputError, match="another run is writing there"), locked(tmp_path):
        raise AssertionError("two runs hold one folder")
    with locked(tmp_path):
        pass
    with locked(tmp_path / "another"), locked(tmp_path):
        pass
