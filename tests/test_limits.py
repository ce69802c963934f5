"""Limits at their edges; tests/test_zoo.py has the files that go far beyond them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zoo import word

from pipeline.errors import ReadError
from pipeline.ingest.blocks import Aside, Block, Cell, Document, Grid
from pipeline.ingest.limits import (
    BLOCKS,
    LONG_BYTES,
    TABLE_CELLS,
    TEXT_BYTES,
    check_file,
    check_package,
    check_table,
    within_limits,
)
from pipeline.ingest.long_texts import LONG_CHARACTERS, TEXT_CHARACTERS
from pipeline.records import words_in


def document(*parts: Block | Grid, asides: tuple[Aside, ...] = ()) -> Document:
    return Document("n.txt", parts, asides)


def test_the_longest_text_that_may_be_a_note_is_kept_and_one_longer_by_a_character_is_not() -> None:
    longest, longer = "a" * TEXT_CHARACTERS, "b" * (TEXT_CHARACTERS + 1)
    found = within_limits(document(Block(longest, "line 1"), Block(longer, "line 2")))
    assert [part.text for part in found.parts if isinstance(part, Block)] == [longest]
    assert [(aside.text, aside.locator) for aside in found.asides] == [("b" * TEXT_CHARACTERS, "line 2"), ("b", "line 2")]
    assert found.asides[1].reason == "a text of 20,001 characters, too long to be a note; part 2 of 2"
    assert found.remarks == ("1 text(s) of more than 20,000 characters were not used; divide them into lines or paragraphs",)


@given(st.lists(st.text("Ab1. \n-", min_size=1, max_size=30), min_size=1), st.integers(1, 6))
def test_a_text_too_long_to_be_a_note_is_set_aside_with_every_word(pieces: list[str], times: int) -> None:
    text = " ".join(pieces * (times * TEXT_CHARACTERS // len(" ".join(pieces)) + 1))
    found = within_limits(document(Block(text, "line 1"))).asides
    assert " ".join(part for aside in found if (part := aside.text)) == " ".join(text.split())
    assert all(len(aside.text) <= TEXT_CHARACTERS for aside in found)


def test_a_part_ends_with_a_sentence_or_else_between_small_letters_so_that_no_detail_is_in_two() -> None:
    sentences = "Ring Jean Hall on 01632 960145. " * 1_500
    assert {aside.text[-15:] for aside in within_limits(document(Block(sentences, "line 1"))).asides} == {"n 01632 960145."}
    runs = "ring her, Jean Hall 01632 960145 " * 1_500
    first, *_ = within_limits(document(Block(runs, "line 1"))).asides
    assert first.text.endswith("ring")


def test_a_file_with_more_that_is_too_long_than_can_be_listed_is_refused_by_place() -> None:
    most = "a " * (LONG_CHARACTERS // 4)
    assert len(within_limits(document(Block(most, "line 1"), Block(most, "line 2"))).asides) >= LONG_CHARACTERS // TEXT_CHARACTERS
    with pytest.raises(ReadError, match=r"n\.txt: it has 2 text\(s\).* the first at line 1, 1,000,002 characters.*divide"):
        within_limits(document(Block(most, "line 1"), Block(most + "a ", "line 2")))


def test_a_merged_cell_that_is_too_long_is_set_aside_once_and_its_places_are_empty() -> None:
    long, short = Cell("long " * TEXT_CHARACTERS, "cell A1"), Cell("rats", "cell A2")
    found = within_limits(document(Grid(((long, long), (short, long)))))
    (grid,) = found.parts
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.rows] == [["", ""], ["rats", ""]]
    assert grid.rows[0][0] is grid.rows[1][1]
    assert {aside.locator for aside in found.asides} == {"cell A1"}
    assert " ".join(aside.text for aside in found.asides) == long.text.strip()


def test_what_a_reader_set_aside_is_divided_too_and_keeps_its_reason() -> None:
    first, second = within_limits(document(asides=(Aside("x " * TEXT_CHARACTERS, "note 1", "comment"),))).asides
    assert first.reason == "comment: a text of 40,000 characters, too long to be a note; part 1 of 2"
    assert words_in(first.text) == words_in(second.text) == TEXT_CHARACTERS / 2


def test_a_document_within_the_limits_is_as_it_was() -> None:
    whole = document(Block("rats", "line 1"), Grid(((Cell("bins", "cell A1"),),)), asides=(Aside("x", "line 2", "comment"),))
    assert within_limits(whole) == whole


def test_one_line_more_than_a_file_may_have_is_refused() -> None:
    block = Block("rats", "line 1")
    assert len(within_limits(document(*[block] * BLOCKS)).parts) == BLOCKS
    with pytest.raises(ReadError, match=r"n\.txt: it holds 200,001 paragraphs or lines.*divide it"):
        within_limits(document(*[block] * (BLOCKS + 1)))


def test_one_row_more_than_a_table_may_have_is_refused() -> None:
    check_table(1_000, TABLE_CELLS // 1_000, "n.csv", "it")
    with pytest.raises(ReadError, match=r"n\.csv: it is 1,001 rows by 1,000 columns"):
        check_table(1_001, TABLE_CELLS // 1_000, "n.csv", "it")


@pytest.mark.parametrize(("name", "most"), [("n.txt", TEXT_BYTES), ("n.csv", LONG_BYTES)])
@pytest.mark.parametrize("refused", [False, True])
def test_a_file_may_have_so_many_bytes_and_no_more(tmp_path: Path, name: str, most: int, refused: bool) -> None:
    path, size = tmp_path / name, most + refused
    with path.open("wb") as file:
        file.truncate(size)
    if refused:
        with pytest.raises(ReadError, match=f"at most {most // 1_000_000:,} MB"):
            check_file(path, name)
    else:
        check_file(path, name)


def test_an_archive_that_says_its_list_is_huge_is_refused_before_the_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "n.docx"
    word(path)
    check_package(path, "n.docx")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x05\x06") + 12
    data[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=r"n\.docx: it lists more parts than a document has"):
        check_package(path, "n.docx")


def test_pictures_are_no_text_and_layout_whatever_they_are_called(tmp_path: Path) -> None:
    path = tmp_path / "n.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/media/image1.xml", bytes(70_000_000))
        archive.writestr("word/media/image2.png", "<x>" + " " * 1_000 + "</x>")
    check_package(path, "n.docx")


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_left_to_its_reader(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "n.docx"
    path.write_bytes(data)
    check_package(path, "n.docx")
    assert path.read_bytes() == data
