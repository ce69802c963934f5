"""Room for the vectors of very many texts: a file without a name, which takes the place of memory that grows with the texts.

Its pages are let go as soon as they were written or read, so the process holds few of them at a time, and the machine the others for as
long as it has memory to spare. The file is gone when the process ends, however it ends.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.embed.encoders import Vectors

# Bytes of vectors that are held in memory.
IN_MEMORY = 50_000_000


@dataclass(frozen=True, slots=True)
class Room:
    """Vectors of n texts.

    Attributes
    ----------
    vectors : float32 (n, dimension), to be written to.
    pages : of the file that they are in; None where they are in memory.
    """

    vectors: Vectors
    pages: mmap.mmap | None = None

    def let_go(self) -> None:
        """Hold no more of the file; what was written to it stays there."""
        let_go(self.pages)


def let_go(pages: mmap.mmap | None) -> None:
    """Hold no more of a file of vectors; nothing where there is none."""
    if pages is not None:
        pages.madvise(mmap.MADV_DONTNEED)


def room_for(count: int, dimension: int, folder: Path | None) -> Room:
    """Room for ``count`` vectors.

    Parameters
    ----------
    folder : where the file may be; None holds them in memory whatever their number, and so does a system that cannot set aside the whole
        file at once, or a disk without room for it: one that is full half-way would end the process.
    """
    size = 4 * count * dimension
    if folder is None or size <= IN_MEMORY or not (hasattr(os, "posix_fallocate") and hasattr(mmap, "MADV_DONTNEED")):
        return Room(np.empty((count, dimension), dtype=np.float32))
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, size)
            pages = mmap.mmap(file.fileno(), size)
    except OSError:
        return Room(np.empty((count, dimension), dtype=np.float32))
    return Room(np.frombuffer(pages, dtype=np.float32).reshape(count, dimension), pages)
