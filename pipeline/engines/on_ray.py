"""The Ray engine: work done by Ray Data, on one machine or many (Moritz et al. 2018, Ray, OSDI; arXiv:1712.05889).

Each worker is an actor that makes the work ready once, models and all, and keeps it. What a worker or a machine was working on
when it was lost is done by another. Nothing is reported to anybody, and no dashboard is started.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from typing import Any, TypeVar

import numpy as np

from pipeline.errors import EngineError, ThemesError

QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_USAGE_STATS_PROMPT_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
}
# Of a cluster that is started for one run: seen by this machine alone, and nothing of it on disk.
_OF_ITS_OWN = {
    "include_dashboard": False,
    "_node_ip_address": "127.0.0.1",
    "_system_config": {"automatic_object_spilling_enabled": False},
}
# A worker has one core; so it is the same work on any machine, and two workers do not wait for each other.
CORES = 1
Item = TypeVar("Item")
Found = TypeVar("Found")


class OnRay:
    """The workers of a Ray cluster.

    Parameters
    ----------
    address : of the cluster; None starts one on this machine, which ends with this process.
    gpus : whether a worker is to have a GPU of its own, where the cluster has any.

    Raises
    ------
    EngineError : Ray is not installed, or the cluster cannot be reached.
    """

    def __init__(self, address: str | None = None, *, gpus: bool = False) -> None:
        if find_spec("ray") is None:
            raise EngineError(
                "Ray is not installed",
                where="--engine ray",
                expected="the package and its extra",
                do="run `pip install 'workshop-themes[ray]'`, on every machine of the cluster",
            )
        os.environ.update(QUIET)
        import ray
        import ray.data

        logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # what goes wrong is told by an error
        if not ray.is_initialized():
            options: dict[str, Any] = {} if address else _OF_ITS_OWN
            try:
                ray.init(address=address or "local", log_to_driver=False, logging_level=logging.ERROR, **options)
            except (ConnectionError, OSError, RuntimeError, ValueError) as error:
                raise _failed(f"the cluster cannot be reached ({_short(error)})", address) from error
        self._address = address
        self._gpus = gpus and _resource("GPU") > 0

    def each(self, work: Callable[[Item], Found], items: Iterable[Item]) -> Iterator[Found]:
        """See :class:`pipeline.engines.Engine`.

        Raises
        ------
        ThemesError : as the work raises it.
        EngineError : no worker is left, or the work failed in a way it should not.
        """
        import ray
        from ray.exceptions import RayError

        given = [{"number": number, "item": pickle.dumps(item)} for number, item in enumerate(items)]
        if not given:
            return
        most = max(1, min(len(given), _resource("GPU" if self._gpus else "CPU")))
        waiting: dict[int, Any] = {}
        due = 0
        try:
            done = ray.data.from_items(given, override_num_blocks=len(given)).map_batches(
                _Worker,
                fn_constructor_args=(pickle.dumps(work),),
                batch_size=None,
                compute=ray.data.ActorPoolStrategy(min_size=1, max_size=most, initial_size=most, max_tasks_in_flight_per_actor=2),
                num_cpus=CORES,
                num_gpus=1 if self._gpus else None,
            )
            for row in done.iter_rows():
                waiting[int(row["number"])] = pickle.loads(row["found"])
                while due in waiting:
                    found = waiting.pop(due)
                    if isinstance(found, _Failed):
                        raise found.error
                    yield found
                    due += 1
        except RayError as error:
            raise _failed(f"the work failed on the cluster ({_short(error)})", self._address) from error


class _Failed:
    """An error of ours on its way back from a worker."""

    def __init__(self, error: ThemesError) -> None:
        self.error = error


class _Worker:
    """What one worker holds: the work, made ready once.

    Parameters
    ----------
    work : pickled; to unpickle it loads the models it needs.
    """

    def __init__(self, work: bytes) -> None:
        os.environ["OMP_NUM_THREADS"] = str(CORES)  # before anything that counts cores is imported
        self._broken: _Failed | None = None
        try:
            self._work = pickle.loads(work)
        except Exception as error:  # told with the first item: Ray would start the worker again and again
            self._broken = _told(error)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        found = [pickle.dumps(self._one(pickle.loads(item))) for item in batch["item"]]
        return {"number": batch["number"], "found": np.array(found, dtype=object)}

    def _one(self, item: Any) -> Any:
        if self._broken is not None:
            return self._broken
        try:
            return self._work(item)
        except Exception as error:  # Ray would write it to its logs, and it may hold words of the notes
            return _told(error)


def _told(error: Exception) -> _Failed:
    """An error as it goes back: one of ours as it is, of any other its kind alone, for its words may be those of the notes."""
    if isinstance(error, ThemesError):
        return _Failed(error)
    return _Failed(_failed(f"the work failed ({type(error).__name__})", None))


def _resource(name: str) -> int:
    """How many cores, or GPUs, the cluster has."""
    import ray

    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    return int(resources.get(name, 0))


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _failed(what: str, address: str | None) -> EngineError:
    return EngineError(
        what,
        where=f"--ray-address {address}" if address else "--engine ray",
        expected="a Ray cluster whose machines have this version of the program and see the same files",
        do="look at the cluster with `ray status`, or run with --engine local, which gives the same results",
    )
