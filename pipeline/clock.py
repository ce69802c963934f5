"""A clock: how long the stages of a run take, and how far they are."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from pipeline.records import Advance, Progress

_STAGES = ("ingest", "redact", "tokenise", "embed", "cluster", "label", "themes")
Part = TypeVar("Part")


class Clock:
    """Times the stages and tells how far they are."""

    def __init__(self, progress: Progress, event: str) -> None:
        self.progress = progress
        self.event = event
        self.seconds = dict.fromkeys(_STAGES, 0.0)
        self._part, self._of = 0, 1

    def parts(self, parts: Sequence[Part], stages: Sequence[str]) -> Iterator[Part]:
        """Parts that some stages go through one by one; each of the stages is as far as the parts are that it is done with."""
        for self._part, part in enumerate(parts):
            self._of = len(parts)
            yield part
            for name in stages:  # those of a part that was fetched are done too
                self._tell(name, 1, 1)
        self._part, self._of = 0, 1

    @contextmanager
    def stage(self, name: str, *, timed: bool = True) -> Iterator[Advance]:
        """Time a stage; what is yielded is called with how much of it is done. One that is done in blocks is not timed here."""
        started = time.perf_counter()
        self._tell(name, 0, 1)
        yield partial(self._tell, name)
        self._tell(name, 1, 1)
        self.spent(name, time.perf_counter() - started if timed else 0.0)

    def spent(self, name: str, seconds: float) -> None:
        """Add to the time of a stage."""
        self.seconds[name] = round(self.seconds[name] + seconds, 3)

    def _tell(self, name: str, done: int, total: int) -> None:
        self.progress(f"{self.event}: {name}", self._part * total + done, self._of * total)
