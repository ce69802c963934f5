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
        work : does one item. It may be sent to another process, and does the same there: what it needs it carries, or loads again.
        items : what to work on.
        """
        ...


class Here:
    """All work done in this process, item by item."""

    def each(self, work: Callable[[Item], Found], items: Iterable[Item]) -> Iterator[Found]:
        """See :class:`Engine`."""
        return map(work, items)


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
