"""A table of very many rows is read a block at a time, and gives what it would have given as a whole."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.consultation import HEADER, answers, write
from pipeline.ingest import Gathered, find_sources, ingest, long_tables
from pipeline.ingest.limits import TEXT_BYTES

SAYS = ["dog mess by the canal", "no lights in the alley", "cars too fast on Mill Lane", "burglaries, and nobody came"]


def read(path: Path) -> Gathered:
    (source,) = find_sources([path])
    return ingest(source)


def table(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few lines are many, and a block is a few rows."""
    monkeypatch.setattr(long_tables, "LONG_LINES", 5)
    monkeypatch.setattr(long_tables, "BLOCK", 4)


def by_table(*, filled: bool) -> list[list[str]]:
    rows = [
        [str(n // 3 + 1) if filled or n % 3 == 0 else "", "Urgent" if n % 2 else "Essential", SAYS[n % 4], str(n % 5)] for n in range(23)
    ]
    return [["Table", "Kind", "Comment", "Votes"], *rows]


TABLES = {
    "answers": [list(HEADER), *map(list, answers(40, seed=3))],
    "tables in every row": by_table(filled=True),
    "tables in the first of their rows": by_table(filled=False),
    "columns that say what their notes are": [
        ["Table", "Barriers", "Good practice"],
        *([str(n), SAYS[n % 4], SAYS[-n % 4]] for n in range(11)),
    ],
    "a column that is not used": [["Comment", "Reference"], *([SAYS[n % 4], f"ref{n}"] for n in range(9))],
    "rows of other lengths": [["Table", "Comment"], *([["1", *SAYS[: 1 + n % 3]] for n in range(9)]), ["2"], [], ["3", "last"]],
    "several points in a cell": [["Table", "Comment"], *([str(n), "- litter\n- rats\n- dogs"] for n in range(9))],
    "one column": [["Comment"], *([text] for text in SAYS * 3)],
    "no answers": [["Table", "Comment"], *([["", ""]] * 9)],
    "too long to be a note": [["Table", "Comment"], *([str(n), " ".join(["rats"] * (5000 if n == 6 else 1))] for n in range(9))],
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_read_in_blocks_gives_what_it_gives_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short: None, name: str
) -> None:
    path = table(tmp_path / "notes.csv", TABLES[name])
    in_blocks = read(path)
    monkeypatch.setattr(long_tables, "LONG_LINES", 1000)
    whole = read(path)
    pd.testing.assert_frame_equal(in_blocks.notes, whole.notes)
    order = ["source_locator", "reason", "text"]
    pd.testing.assert_frame_equal(
        in_blocks.dropped.sort_values(order, ignore_index=True), whole.dropped.sort_values(order, ignore_index=True)
    )
    assert (in_blocks.words, in_blocks.event) == (whole.words, whole.event)
    assert [(file.status, file.notes) for file in in_blocks.files] == [("read", len(whole.notes))]


def test_a_table_of_more_bytes_than_a_file_that_is_read_as_a_whole_is_read(tmp_path: Path) -> None:
    line = f'1,"{"the lamp in the alley is broken again " * 400}"\n'
    (tmp_path / "notes.csv").write_text("table,comment\n" + line * (TEXT_BYTES // len(line) + 1))
    found = read(tmp_path / "notes.csv")
    assert [file.status for file in found.files] == ["read"]
    assert len(found.notes) == TEXT_BYTES // len(line) + 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"table,comment\n" + b"1,caf\xe9 closed\n" * 9, "not UTF-8.*CSV UTF-8"),
        (b'table,comment\n1,"never closed\n' + b"2,rats in the yard\n" * 9000, "quotation mark"),
        (b"1,rats in the yard\n" * 9, "does not name its columns"),
        (b"First name,Surname,Telephone,Signature\n" + b"Jean,Hall,01632 960177,x\n" * 9, "who came"),
        (b"," * 2000 + b"\n" + b"1,rats\n" * 9, "2,001 columns"),
    ],
)
def test_a_long_table_that_cannot_be_read_is_told_with_what_to_do(tmp_path: Path, short: None, data: bytes, told: str) -> None:
    (tmp_path / "notes.csv").write_bytes(data)
    found = read(tmp_path / "notes.csv")
    (file,) = found.files
    assert (file.status, len(found.notes), found.words.read, sum(found.words.kept.values())) == ("not read", 0, 0, 0)
    with pytest.raises(AssertionError, match=f"(?s){told}"):
        raise AssertionError(file.remarks[0])


def test_a_consultation_is_the_same_for_the_same_seed_and_a_longer_one_begins_with_it(tmp_path: Path) -> None:
    for name, rows, seed in (("one", 300, 7), ("again", 300, 7), ("longer", 400, 7), ("other", 300, 8)):
        write(tmp_path / name, rows, seed)
    one, again, longer, other = ((tmp_path / name).read_bytes() for name in ("one", "again", "longer", "other"))
    assert one == again
    assert longer.startswith(one)
    assert other != one
