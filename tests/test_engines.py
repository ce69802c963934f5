"""Work comes back in order wherever it is done, and a result is the same to the last byte on a cluster that loses a machine half-way."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Barrier
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

import pipeline.run
import pipeline.sessions
from benchmarks.consultation import write
from pipeline.embed import Encoder
from pipeline.engines import Engine, Here, load_engine
from pipeline.errors import EngineError, SettingsError, TaxonomyError, ThemesError
from pipeline.ingest import find_sources, ingest
from pipeline.label import Labeller
from pipeline.run import run_events
from pipeline.sessions import LabelTexts
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy

ROWS, BLOCK, LOST_AFTER = 150, 20, 2
TEXTS = pd.DataFrame({"text": ["dog mess by the canal", "lights out", "dog mess by the canal"], "topic": ["", "Our streets", "Parks"]})
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install 'workshop-themes[ray]'")


@given(st.lists(st.integers()))
def test_work_done_here_comes_back_in_the_order_of_the_items(items: list[int]) -> None:
    assert list(Here().each(str, items)) == [str(item) for item in items]


class Met:
    """Work that waits until two items are worked on at once, and does not take the item 13."""

    at_once = 2

    def __init__(self) -> None:
        self.both = Barrier(2)

    def __call__(self, item: int) -> int:
        if item == 13:
            raise ValueError("no such item")
        self.both.wait(timeout=20)
        return -item


@given(st.lists(st.integers(20, 99), max_size=9))
@settings_of_hypothesis(max_examples=30, deadline=None)
def test_items_that_may_be_worked_on_at_once_are_and_come_back_in_order(half: list[int]) -> None:
    items = half + half
    assert list(Here().each(Met(), items)) == [-item for item in items]


def test_an_error_in_one_of_two_items_at_once_ends_the_work() -> None:
    work = Here().each(Met(), [1, 2, 13, 3, 4])
    assert [next(work), next(work)] == [-1, -2]
    with pytest.raises(ValueError, match="no such item"):
        next(work)


@pytest.mark.parametrize(("name", "address", "told"), [("spark", None, "no engine 'spark'"), ("local", "10.0.0.5:6379", "no address")])
def test_an_engine_that_there_is_not_is_refused(name: str, address: str | None, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        load_engine(name, address)


def test_without_ray_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.on_ray.find_spec", lambda name: None)
    with pytest.raises(EngineError, match=r"pip install 'workshop-themes\[ray\]'"):
        load_engine("ray")


def test_every_error_is_the_same_in_another_process() -> None:
    kinds = ThemesError.__subclasses__()
    assert EngineError in kinds
    for kind in kinds:
        error = kind("it is broken", where="a.csv", expected="a table", do="mend it")
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.do) == (kind, str(error), "mend it")


def test_work_is_sent_without_its_models_and_does_the_same_with_those_it_loads(labeller: Labeller, settings: Settings) -> None:
    work = LabelTexts(labeller)
    sent = pickle.dumps(work)
    assert len(sent) < 2000
    (here, _), (there, seconds) = work(TEXTS), pickle.loads(sent)(TEXTS)
    pd.testing.assert_frame_equal(here.said, there.said)
    assert here.vectors.tobytes() == there.vectors.tobytes()
    assert here.probabilities.tobytes() == there.probabilities.tobytes()
    assert set(seconds) == {"tokenise", "embed", "label"}


def test_a_file_that_another_machine_sees_otherwise_is_not_read_in_silence(tmp_path: Path) -> None:
    class Elsewhere:
        """A machine that has another file under the same name."""

        def each(self, work: Any, items: Any) -> Iterator[Any]:
            for path, name in items:
                (tmp_path / "other" / path.name).write_text("comment\nsomething else\n")
                yield work((tmp_path / "other" / path.name, name))

    (tmp_path / "other").mkdir()
    (tmp_path / "notes.csv").write_text("comment\nswans\n")
    (source,) = find_sources([tmp_path / "notes.csv"])
    with pytest.raises(EngineError, match=r"notes\.csv: a worker reads other bytes"):
        ingest(source, Elsewhere())


def test_a_run_in_many_blocks_is_the_run_in_one(tmp_path: Path, models: None, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = result_of(tmp_path, "whole", Here())
    monkeypatch.setattr(pipeline.sessions, "BLOCK", 7)
    assert result_of(tmp_path, "blocks", Here()) == whole


def test_a_run_that_is_killed_goes_on_where_it_stopped(tmp_path: Path, models: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.sessions, "BLOCK", 7)
    monkeypatch.setattr("pipeline.embed.room.IN_MEMORY", 0)  # vectors in a file where there is a cache, as those of very many are

    class Until:
        """An engine that counts blocks, and ends the run before one of them."""

        def __init__(self, last: int) -> None:
            self.last, self.blocks = last, 0

        def each(self, work: Any, items: Any) -> Iterator[Any]:
            for item in items:
                if isinstance(work, LabelTexts):
                    self.blocks += 1
                    if self.blocks > self.last:
                        raise KeyboardInterrupt
                yield work(item)

    stopped, resumed = Until(5), Until(1000)
    with pytest.raises(KeyboardInterrupt):
        result_of(tmp_path, "out", stopped, use_cache=True)
    found = result_of(tmp_path, "out", resumed, use_cache=True)
    assert found == result_of(tmp_path, "anew", Here())
    texts = pd.read_parquet(tmp_path / "out" / "answers" / "points.parquet", columns=["text", "topic"]).drop_duplicates()
    assert resumed.blocks == -(-len(texts) // 7) - 5 > 5


# on a cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of three machines, all of them this one: its head, which does no work, and two with a core each."""
    from pipeline.engines.on_ray import QUIET

    os.environ.update(QUIET)
    import ray
    from ray.cluster_utils import Cluster

    small = {"object_store_memory": 80_000_000, "include_dashboard": False}
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **small})
    made.workers = [made.add_node(num_cpus=1, object_store_memory=80_000_000) for _ in range(2)]
    yield made
    ray.shutdown()
    made.shutdown()


@pytest.fixture
def models(encoder: Encoder, labeller: Labeller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The models of this process instead of new ones."""
    monkeypatch.setattr(pipeline.run, "load_models", lambda settings, progress: (encoder, labeller))


class NeedsAFile:
    """Work that reads a file where it is made ready."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return load_taxonomy, (self.path,)

    def __call__(self, item: str) -> str:
        return item


@needs_ray
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_what_goes_wrong_on_a_cluster_is_told_as_it_is_here(cluster: Any, tmp_path: Path) -> None:
    engine = load_engine("ray", cluster.address)
    assert list(engine.each(str, [])) == []
    assert list(engine.each(partial(int, base=16), ["a", "b", "10"])) == [10, 11, 16]
    with pytest.raises(TaxonomyError, match=r"missing\.yaml"):
        list(engine.each(load_taxonomy, [tmp_path / "missing.yaml"]))
    with pytest.raises(EngineError, match="ValueError") as told:
        list(engine.each(int, ["Mrs Ada Example"]))
    assert "Ada" not in str(told.value)  # the words of such an error may be those of the notes
    with pytest.raises(TaxonomyError, match=r"absent\.yaml"):  # what it needs is not there on the other machine
        list(engine.each(NeedsAFile(tmp_path / "absent.yaml"), ["an item"]))


@needs_ray
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_cluster_that_loses_a_machine_half_way_gives_the_same_bytes(
    cluster: Any, tmp_path: Path, models: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline.sessions, "BLOCK", BLOCK)
    here = result_of(tmp_path, "here", Here())
    lost: list[tuple[int, int]] = []

    def lose(stage: str, done: int, total: int) -> None:
        if stage.endswith("embed") and done >= LOST_AFTER and not lost:
            lost.append((done, total))
            cluster.remove_node(cluster.workers.pop(), allow_graceful=False)

    there = result_of(tmp_path, "there", load_engine("ray", cluster.address), lose)
    ((done, total),) = lost
    assert done <= total // 2
    assert there == here
    logs = [path for path in Path(cluster.head_node.get_session_dir_path()).rglob("*") if path.is_file()]
    assert logs
    for path in logs:  # Ray writes down what it did, and no word of the notes
        assert b"swimming baths" not in path.read_bytes(), path


def result_of(
    folder: Path, name: str, engine: Engine, progress: Any = lambda stage, done, total: None, *, use_cache: bool = False
) -> dict[str, bytes]:
    """Every file of a result, of run.json what does not tell of time and cache."""
    write(folder / "answers.csv", ROWS, seed=1)
    (folder / "answers.csv").write_text("\n".join(line.split(",", 2)[2] for line in (folder / "answers.csv").read_text().splitlines()))
    (done,) = run_events([folder / "answers.csv"], folder / name, Settings(), progress, use_cache=use_cache, engine=engine)
    found = {path.name: path.read_bytes() for path in done.folder.iterdir()}
    account = json.loads(found["run.json"])
    assert account["counts"]["points"] >= ROWS
    found["run.json"] = json.dumps({key: value for key, value in account.items() if key not in ("seconds", "cache")}).encode()
    return found
