from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from decisions import coded, on_theme, said, shown, undone
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.corrections import Decision, Ledger, append, read_ledger
from pipeline.corrections.ledger_end import end_file
from pipeline.errors import ContractError, OutputError, ReadError
from pipeline.settings import SCHEMAS

HERE = Path(__file__).resolve().parent
GOLDEN_LEDGER = HERE / "golden" / "corrections.jsonl"
ONE, TWO = coded(said("litter"), "asb"), coded(said("cars – “fast”", "n01-1"), why="a rat run")
MERGE = on_theme("merge", shown("ev-1-asb"), into="ev-1-road")
ALL = [ONE, TWO, on_theme("rename", shown("ev-1-asb"), title="Litter"), MERGE, on_theme("reject", shown("ev-1-new-1")), undone(ONE)]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "corrections.jsonl"
    append(path, ALL)
    return path


# written and read


def test_what_was_added_is_read_back_in_its_order(ledger: Path) -> None:
    assert read_ledger(ledger).decisions == tuple(ALL)
    later = coded(said("swans", "n02-1"))
    assert append(ledger, [later]).added == (later,)
    assert read_ledger(ledger).decisions == (*ALL, later)


def test_every_line_keeps_the_published_schema(ledger: Path) -> None:
    schema = json.loads((SCHEMAS / "ledger.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for line in ledger.read_text("utf-8").splitlines():
        jsonschema.Draft202012Validator(schema).validate(json.loads(line))


def test_a_ledger_written_by_the_first_version_is_read_and_written_the_same(tmp_path: Path) -> None:
    decisions = read_ledger(GOLDEN_LEDGER).decisions
    assert decisions == tuple(ALL)
    append(tmp_path / "again.jsonl", decisions)
    assert (tmp_path / "again.jsonl").read_bytes() == GOLDEN_LEDGER.read_bytes()


@pytest.mark.parametrize(
    "decision",
    [
        coded(said("litter"), "asb", settles=(ONE.id,)),  # it is between two people that something is to be settled
        coded(said("litter"), "asb", outcome="no_match"),
        coded(said("litter"), outcome="labelled"),
        coded(said("litter"), "asb", who=" "),
        coded(said(""), "asb"),
        coded(said("swans"), "asb", when="yesterday"),
        on_theme("rename", shown("ev-1-asb")),
        on_theme("merge", shown("ev-1-asb")),
    ],
)
def test_a_decision_that_says_nothing_that_could_be_carried_out_is_refused(ledger: Path, decision: Decision) -> None:
    before = ledger.read_bytes()
    with pytest.raises(ContractError, match="no line of a ledger"):
        append(ledger, [TWO, decision])
    assert ledger.read_bytes() == before


def test_no_ledger_is_an_empty_one_and_reading_makes_no_file(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "corrections.jsonl") == Ledger()
    assert list(tmp_path.iterdir()) == []


def test_the_same_decision_given_again_is_not_added(ledger: Path) -> None:
    before = ledger.read_bytes()
    again = append(ledger, [coded(said("litter"), "asb", when="2031-01-01T00:00:00Z")])
    assert (again.added, again.known) == ((), (ONE,))
    assert ledger.read_bytes() == before
    assert append(ledger, [TWO, coded(said("litter"), "asb", origin="w2")]).known == (TWO,)


def test_an_undo_line_takes_a_decision_back_and_another_brings_it_again(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    first = undone(ONE)
    append(path, [ONE, first])
    assert read_ledger(path).live == ()
    second = undone(first)
    append(path, [second])
    assert read_ledger(path).live == (ONE,)
    append(path, [undone(second)])
    assert read_ledger(path).live == ()
    assert read_ledger(path).undone[ONE.id] == first


# damage is noticed


def test_a_line_that_was_changed_is_refused_and_named(ledger: Path) -> None:
    lines = ledger.read_text("utf-8").splitlines(keepends=True)
    lines[2] = lines[2].replace("Litter", "Letter")
    ledger.write_text("".join(lines), "utf-8")
    with pytest.raises(ReadError, match=r"corrections\.jsonl, line 3: line 3 was changed after it was written.*bring the file back"):
        read_ledger(ledger)
    with pytest.raises(ReadError, match="line 3"):
        append(ledger, [coded(said("swans"))])


@pytest.mark.parametrize(
    ("order", "line"), [([0, 2, 3, 4, 5], 2), ([1, 0, 2, 3, 4, 5], 1), ([0, 1, 1, 2, 3, 4, 5], 3), ([1, 2, 3, 4, 5], 1)]
)
def test_lines_taken_out_put_in_or_moved_are_noticed(ledger: Path, order: list[int], line: int) -> None:
    lines = ledger.read_text("utf-8").splitlines(keepends=True)
    ledger.write_text("".join(lines[place] for place in order), "utf-8")
    with pytest.raises(ReadError, match=f"line {line} does not follow the line before it"):
        read_ledger(ledger)


@pytest.mark.parametrize("junk", [b"", b"{}", b"null", b"[1]", b"\xff\xfe", b'{"check": 3}', b"[" * 100_000])
def test_a_line_that_is_none_of_ours_is_refused_without_a_traceback(ledger: Path, junk: bytes) -> None:
    ledger.write_bytes(ledger.read_bytes() + junk + b"\n")
    with pytest.raises(ReadError, match="line 7"):
        read_ledger(ledger)


@given(place=st.integers(min_value=0), byte=st.integers(0, 255))
@examples(max_examples=150, deadline=None)
def test_any_byte_that_changes_is_noticed_or_told(place: int, byte: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("ledger") / "corrections.jsonl"
    data = bytearray(GOLDEN_LEDGER.read_bytes())
    data[place % len(data)] = byte
    path.write_bytes(bytes(data))
    try:
        read = read_ledger(path)
    except ReadError:
        return

    assert read.decisions in (tuple(ALL), tuple(ALL[:-1]))
    assert read.decisions == tuple(ALL) or read.unfinished


# killed while a line is added


def test_a_line_cut_off_anywhere_is_told_kept_beside_and_the_others_are_used(ledger: Path) -> None:
    whole = ledger.read_bytes()
    before = whole[: whole[:-1].rfind(b"\n") + 1]
    last = len(whole) - len(before)
    append(ledger.parent / "five.jsonl", ALL[:-1])
    for kept in {1, 2, last // 2, last - 2, last - 1}:
        ledger.write_bytes(whole[: len(before) + kept])
        shutil.copy(end_file(ledger.parent / "five.jsonl"), end_file(ledger))  # who is killed has not come to write it
        found = read_ledger(ledger)
        assert found.decisions == tuple(ALL[:-1])
        assert found.unfinished == "line 6 of corrections.jsonl was not written to its end and is not used"
        done = append(ledger, [ALL[-1]])
        assert "moved to corrections.jsonl.unfinished" in done.remark
        assert ledger.read_bytes() == whole
        assert (ledger.parent / "corrections.jsonl.unfinished").read_bytes().endswith(whole[len(before) :][:kept] + b"\n")


@pytest.mark.parametrize("left", range(6))
def test_lines_missing_at_the_end_are_noticed_until_the_file_that_tells_of_them_is_deleted(ledger: Path, left: int) -> None:
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(lines[:left]))
    expected = rf"corrections\.jsonl: {6 - left} line\(s\) are missing at its end.*delete corrections\.jsonl\.end"
    for look in (lambda: read_ledger(ledger), lambda: append(ledger, [coded(said("swans"))])):
        with pytest.raises(ReadError, match=expected):
            look()
    ledger.write_bytes(b"".join(lines[:left]) + lines[left][:20])
    with pytest.raises(ReadError, match="missing at its end"):
        read_ledger(ledger)
    ledger.write_bytes(b"".join(lines[:left]))
    end_file(ledger).unlink()
    assert read_ledger(ledger).decisions == tuple(ALL[:left])
    append(ledger, ALL)  # as applying the workbooks again does
    assert ledger.read_bytes() == b"".join(lines)


def test_another_ending_of_the_same_length_is_noticed(ledger: Path) -> None:
    other = ledger.parent / "other.jsonl"
    append(other, [*ALL[:-1], coded(said("swans"))])
    shutil.copy(other, ledger)
    with pytest.raises(ReadError, match="its line 6 is not the one that was written there"):
        read_ledger(ledger)


def test_a_ledger_longer_than_is_told_of_is_read_and_told_of_anew_when_lines_are_added(ledger: Path) -> None:
    behind = end_file(ledger).read_bytes()
    append(ledger, [coded(said("swans"))])
    end_file(ledger).write_bytes(behind)  # killed between the two writes
    assert len(read_ledger(ledger).decisions) == 7
    append(ledger, [coded(said("geese", "n03-1"))])
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:7]))
    with pytest.raises(ReadError, match="1 line"):
        read_ledger(ledger)


@pytest.mark.parametrize("junk", [b"", b"7", b"{}", b"\xff", b'{"lines": "x", "check": ""}', b"[" * 100_000])
def test_a_damaged_file_of_where_the_ledger_ends_is_told_by_name(ledger: Path, junk: bytes) -> None:
    end_file(ledger).write_bytes(junk)
    with pytest.raises(ReadError, match=r"corrections\.jsonl\.end: .*cannot be read.*delete corrections\.jsonl\.end"):
        read_ledger(ledger)


def test_decisions_are_kept_and_it_is_told_where_their_number_could_not_be_written_down(ledger: Path) -> None:
    (ledger.parent / ".corrections.jsonl.end.new").mkdir()
    done = append(ledger, [coded(said("swans"))])
    assert "corrections.jsonl.end could not be written" in done.remark
    assert read_ledger(ledger).decisions[-1] == done.added[0]


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from decisions import coded, said
from pipeline.corrections import append
for number in range(100000):
    append(Path(sys.argv[1]), [coded(said("litter", f"n{number}-1"), "asb", why="w" * 5000)])
    print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a signal that cannot be caught")
def test_killed_while_adding_loses_no_decision_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), str(HERE)], stdout=subprocess.PIPE, cwd=HERE.parent, text=True
    ) as adding:
        assert adding.stdout is not None
        told = [adding.stdout.readline() for _ in range(3)]
        time.sleep(0.05)
        os.kill(adding.pid, signal.SIGKILL)
        told += adding.stdout.readlines()
    acknowledged = {f"n{line.strip()}-1" for line in told if line.endswith("\n")}
    found = read_ledger(path)
    kept = [decision.point.point_id for decision in found.decisions if decision.point]
    assert acknowledged <= set(kept)
    assert kept == [f"n{number}-1" for number in range(len(kept))]
    assert len(append(path, [ONE]).added) == 1  # its lock is free again


def test_where_the_disk_is_full_nothing_is_added(ledger: Path) -> None:
    from full_disk import files_of_at_most

    before = ledger.read_bytes()
    with files_of_at_most(len(before) + 100), pytest.raises(OutputError, match=r"cannot be written.*nothing was added"):
        append(ledger, [coded(said("swans")), coded(said("herons"))])
    assert ledger.read_bytes() == before
    assert read_ledger(ledger).decisions == tuple(ALL)


def test_several_programs_may_add_at_once(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    code = KILLED.replace("100000", "10").replace('f"n{number}', 'f"n{sys.argv[3]}{number}')
    adding = [
        subprocess.Popen([sys.executable, "-c", code, str(path), str(HERE), name], stdout=subprocess.DEVNULL, cwd=HERE.parent)
        for name in "ab"
    ]
    assert [process.wait() for process in adding] == [0, 0]
    assert len(read_ledger(path).decisions) == 20
