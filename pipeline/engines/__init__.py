"""Engines: where the work of a stage is done, item by item. In this process, or on the machines of a Ray cluster.

A stage that works through files or blocks gives an engine what to do with one of them, and gets the results in the order of the items. It
does not know where the work is done, so the result is the same wherever that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from pipeline.errors import SettingsError

__all__ = ["ENGINES", "Engine", "Here", "load_engine"]

ENGINES = ("local", "ray")
Item = TypeVar("Item")
Found = TypeVar("Found")


class Engine(Protocol):
    """Anything that does work on items, one after another or at once."""

    def each(self, work: Callable[[Item], Found], items: Iterable[Item]) -> Iterator[Found]:
        """What comes of each item, in the order of the items.

        Parameters
        ----------
        work : does one item. It may be sent to another process, and does the same there: what it needs it carries, or loads again. Where
            it has an attribute ``at_once``, so many items may be worked on at once in one process.
        items : what to work on.
        """
        ...


class Here:
    """All work done in this process: item by item, or some items at once where the work allows it."""

    def each(self, work: Callable[[Item], Found], items: Iterable[Item]) -> Iterator[Found]:
        """See :class:`Engine`."""
        at_once = getattr(work, "at_once", 1)
        return map(work, items) if at_once == 1 else _at_once(at_once, work, items)


def _at_once(most: int, work: Callable[[Item], Found], items: Iterable[Item]) -> Iterator[Found]:
    """What comes of each item in their order: ``most`` are worked on at once, and one beyond them may be begun unasked."""
    from collections import deque
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(most) as threads:
        begun: deque[Future[Found]] = deque()
        try:
            for item in items:
                begun.append(threads.submit(work, item))
                if len(begun) > most:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for left in begun:
                left.cancel()


def load_engine(name: str = "local", address: str | None = None, *, gpus: bool = False) -> Engine:
    """An engine by its name.

    Parameters
    ----------
    name : one of :data:`ENGINES`.
    address : of a Ray cluster, such as ``10.0.0.5:6379``, or ``auto`` for the one that this machine belongs to; None starts one on this
        machine alone, for this run.
    gpus : whether a worker is to have a GPU of its own, where the cluster has any.

    Raises
    ------
    SettingsError : there is no such engine, or an address is given for one that has none.
    EngineError : Ray is not installed, or its cluster cannot be reached.
    """
    if name == "ray":
        from pipeline.engines.on_ray import OnRay

        return OnRay(address, gpus=gpus)
    if name != "local" or address is not None:
        raise SettingsError(
            f"the engine '{name}' has no address" if name == "local" else f"there is no engine '{name}'",
            where="--ray-address" if name == "local" else "--engine",
            expected="--engine ray" if name == "local" else " or ".join(ENGINES),
            do="mend the command",
        )
    return Here()
