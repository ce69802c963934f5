"""Vectors of very many texts in a file, which are those that are held in memory."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.cluster import EXACT, partition
from pipeline.embed import Repeated, Vectors, dense, room_for, together
from pipeline.embed import room as room_module

in_files = pytest.mark.skipif(
    not (hasattr(os, "posix_fallocate") and hasattr(mmap, "MADV_DONTNEED")), reason="needs a file set aside at once"
)


def made(count: int) -> Vectors:
    found = np.random.default_rng(3).normal(size=(count, 8)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def in_a_file(vectors: Vectors, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Repeated:
    """Each vector in a file, and known to be there once."""
    monkeypatch.setattr(room_module, "IN_MEMORY", 0)
    room = room_for(*vectors.shape, folder)
    assert room.pages is not None
    room.vectors[:] = vectors
    room.let_go()
    return Repeated(room.vectors, np.arange(len(vectors)), room.pages)


@in_files
def test_vectors_in_a_file_are_those_that_were_written_and_no_file_is_to_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = made(500)
    held = in_a_file(vectors, tmp_path, monkeypatch)
    rows = np.array([4, 4, 499, 0])
    assert np.array_equal(dense(held), vectors)
    assert np.array_equal(dense(held[rows]), vectors[rows])
    assert np.array_equal(dense(together([held[rows], held[:2]])), vectors[[*rows, 0, 1]])
    assert list(tmp_path.iterdir()) == []


@in_files
@pytest.mark.parametrize("count", [2, 40, EXACT + 500])
def test_vectors_in_a_file_are_clustered_as_those_in_memory_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    vectors = made(count)
    assert np.array_equal(partition(in_a_file(vectors, tmp_path, monkeypatch), 0), partition(vectors, 0))


def test_few_vectors_and_those_without_a_place_for_a_file_are_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert room_for(10, 8, tmp_path).pages is None
    monkeypatch.setattr(room_module, "IN_MEMORY", 0)
    assert room_for(10, 8, None).pages is None
    assert room_for(10, 8, tmp_path / "nowhere").pages is None
    assert room_for(0, 8, tmp_path).pages is None


@in_files
def test_where_the_disk_has_no_room_for_all_of_them_they_are_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(room_module, "IN_MEMORY", 0)
    monkeypatch.setattr(os, "posix_fallocate", full)
    room = room_for(10, 8, tmp_path)
    assert room.pages is None
    room.vectors[:] = 1.0


@in_files
@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells of a process")
def test_memory_does_not_grow_with_the_vectors(tmp_path: Path) -> None:
    count = 200_000  # 307 MB
    told = subprocess.run(
        [sys.executable, "-c", _FILLS, str(count), str(tmp_path)], check=True, capture_output=True, text=True
    ).stdout.split()
    assert int(told[0]) < 4 * 384 * count / 4 / 1024
    assert float(told[1]) == float(count - 1)


_FILLS = """
import resource, sys
from pathlib import Path
import numpy as np
from pipeline.embed import Repeated, dense, room_for
count = int(sys.argv[1])
room = room_for(count, 384, Path(sys.argv[2]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for start in range(0, count, 500):
    room.vectors[start : start + 500] = np.arange(start, start + 500, dtype=np.float32)[:, None]
    room.let_go()
held = Repeated(room.vectors, np.random.default_rng(0).permutation(count), room.pages)
most = max(float(dense(held[start : start + 4096]).max()) for start in range(0, count, 4096))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, most)
"""
