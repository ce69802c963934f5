"""The second process: what is done there is as it would be here, whatever becomes of it, and it outlives nobody."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline import beside
from pipeline.beside import begun, elsewhere, runs, start, stop

EVENT, HERE = "hollin-bridge", Path(__file__).parent


@elsewhere
def place(*given: object, **named: object) -> tuple[int, tuple[object, ...], dict[str, object]]:
    """The process it is done in, and what it was given."""
    return os.getpid(), given, named


@elsewhere
def long_text(text: str) -> str:
    return text[::-1]


@elsewhere
def refused(value: int) -> int:
    raise ValueError(f"{value} is refused")


@elsewhere
def ends_all_but(process: int) -> int:
    """Ends the process it is done in, unless it is the one named."""
    if os.getpid() != process:
        os.kill(os.getpid(), signal.SIGKILL)
    return process


@elsewhere
def waits(seconds: float) -> float:
    time.sleep(seconds)
    return time.time()


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A second process, on two cores at least, as if spaCy were not here yet."""
    monkeypatch.setattr(beside, "cores", lambda: 2)
    monkeypatch.delitem(sys.modules, "spacy", raising=False)
    start(place)
    yield
    stop()


def test_a_marked_function_is_done_in_the_second_process_while_there_is_one(second: None) -> None:
    there, given, named = place(1, "two", three=[3])
    assert (given, named) == ((1, "two"), {"three": [3]})
    assert there != os.getpid()
    assert place()[0] == there
    stop()
    assert not runs()
    assert place(1)[:2] == (os.getpid(), (1,))


def test_what_it_does_first_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "cores", lambda: 2)
    monkeypatch.delitem(sys.modules, "spacy", raising=False)
    start(refused, 1)
    try:
        assert place()[0] != os.getpid()
    finally:
        stop()


def test_what_fails_there_fails_here_as_it_would_have(second: None) -> None:
    with pytest.raises(ValueError, match="7 is refused") as caught:
        refused(7)
    assert caught.traceback[-1].name == "refused"  # it was raised in this process
    assert place()[0] != os.getpid()  # the other goes on


def test_a_second_process_that_is_ended_from_outside_is_done_without(second: None) -> None:
    assert ends_all_but(os.getpid()) == os.getpid()
    assert not runs()
    assert place()[0] == os.getpid()


def test_what_was_begun_goes_on_while_this_process_does_something_else(second: None) -> None:
    place()  # it is up
    before = time.time()
    first, then = begun(waits, 1.0), begun(place, 1)
    assert time.time() - before < 0.9
    there, given, _ = then()
    assert given == (1,)
    assert there != os.getpid()
    assert first() >= before + 1.0


def test_what_was_begun_is_done_here_where_there_is_no_other() -> None:
    assert not runs()
    assert begun(place, 2)()[:2] == (os.getpid(), (2,))


def test_what_is_longer_than_a_pipe_holds_goes_to_and_fro(second: None) -> None:
    texts = [letter * 3_000_000 for letter in "abc"]
    begun_with = [begun(long_text, text) for text in texts]
    assert [result() == text[::-1] for result, text in zip(begun_with, texts, strict=True)] == [True] * 3


def test_threads_get_the_answers_to_what_they_asked(second: None) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(place, range(200)))
    assert [given for _, given, _ in found] == [(number,) for number in range(200)]
    assert len({there for there, _, _ in found} | {os.getpid()}) == 2


@pytest.mark.parametrize("why", ["one core", "spaCy is here"])
def test_none_is_started_where_it_would_be_of_no_use(monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    monkeypatch.setattr(beside, "cores", lambda: 1 if why == "one core" else 2)
    monkeypatch.setitem(sys.modules, "spacy", sys) if why == "spaCy is here" else monkeypatch.delitem(sys.modules, "spacy", raising=False)
    start(place)
    assert not runs()


KILLED = """
import os, signal, sys, time
from pipeline import beside
beside.cores = lambda: 2
beside.start(print)
print(beside._running[0]._process.pid, flush=True)
if sys.argv[1] == "busy":
    from test_beside import waits
    beside.begun(waits, 1.0)
    time.sleep(0.5)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("what", ["idle", "busy"])
def test_it_ends_when_the_first_is_killed(what: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, what], capture_output=True, text=True, check=False, cwd=HERE)
    assert done.returncode == -signal.SIGKILL
    number = int(done.stdout.splitlines()[0])
    until = time.time() + 20
    while _lives(number) and time.time() < until:
        time.sleep(0.05)
    assert not _lives(number)
    assert "Traceback" not in done.stderr


INTERRUPTED = """
import os, signal, time
from test_beside import place
from pipeline import beside
beside.cores = lambda: 2
beside.start(print)
try:
    os.killpg(0, signal.SIGINT)
    time.sleep(5)
except KeyboardInterrupt:
    print("heard", place()[0] != os.getpid())
"""


def test_ctrl_c_is_for_the_first_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False, cwd=HERE, start_new_session=True
    )
    assert done.stdout.splitlines()[-1] == "heard True"  # and the second goes on
    assert done.stderr == ""


def _lives(number: int) -> bool:
    """Whether a process runs; one that ended and that nobody has asked about since does not."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    told = Path(f"/proc/{number}/stat")
    return not told.is_file() or told.read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"


# Python imports this at the start of every process, so that the second one is heard too.
HEARD = """
import os, sys
def tell(event, arguments):
    if event.startswith("socket."):
        with open(os.environ["HEARD"], "a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {event}\\n")
sys.addaudithook(tell)
with open(os.environ["HEARD"], "a", encoding="utf-8") as file:
    file.write(f"{os.getpid()} started\\n")
"""
RUN = """
import atexit, sys
atexit.register(lambda: print("spaCy here:", "spacy" in sys.modules))
from pipeline import beside
beside.cores = lambda: 2
from pipeline.cli import app
app()
"""


def watched(folder: Path) -> list[str]:
    """What to put before a command so that its sockets are written down, those of its processes too; nothing where that cannot be done."""
    if shutil.which("strace") is None or subprocess.run(["strace", "-qq", "true"], capture_output=True, check=False).returncode:
        return []
    return ["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(folder / "calls.txt")]


def test_a_run_by_two_processes_gives_the_same_bytes_and_neither_reaches_for_a_network(golden: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(HEARD, "utf-8")
    heard, out, home = tmp_path / "heard.txt", tmp_path / "out", tmp_path / "home"
    home.mkdir()
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    of_the_user = {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), "XDG_DATA_HOME": str(home / ".local")}
    done = subprocess.run(
        [*watched(tmp_path), sys.executable, "-c", RUN, "run", str(golden / "input"), "--out", str(out), "--no-cache"],
        capture_output=True, text=True, check=False, env={**os.environ, **of_the_user, "HEARD": str(heard), "PYTHONPATH": paths},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    expected = golden / "expected" / EVENT
    for path in expected.iterdir():
        assert (out / EVENT / path.name).read_bytes() == path.read_bytes(), path.name
    assert done.stdout.splitlines()[-1] == "spaCy here: False"  # so the other process read all texts
    lines = [line.split() for line in heard.read_text("utf-8").splitlines()]
    assert len({process for process, event in lines if event == "started"}) >= 2
    assert [line for line in lines if line[1].startswith("socket.")] == []
    if watched(tmp_path):  # compiled code, which Python does not hear
        assert [call for call in (tmp_path / "calls.txt").read_text("utf-8").splitlines() if "AF_INET" in call] == []
    # ONNX Runtime would keep a number for this machine there, and what it is about to report to its maker.
    assert [path for path in home.rglob("*") if path.is_file()] == []
