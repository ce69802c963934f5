"""Plain text files and their encodings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.ingest import text
from pipeline.ingest.blocks import Block, Document
from pipeline.ingest.encoding import decode, mend

NOTE = "Residents’ café – £5 a head, ½ price for carers"


def read(folder: Path, data: bytes) -> Document:
    path = folder / "notes.txt"
    path.write_bytes(data)
    return text.read(path, "notes.txt")


@pytest.mark.parametrize(
    ("codec", "remarks"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", ("read as UTF-16",)),
        ("utf-16-le", ("read as UTF-16",)),
        ("utf-16-be", ("read as UTF-16",)),
        ("cp1252", ("read as Windows-1252",)),
    ],
)
def test_the_encoding_is_found_and_told(tmp_path: Path, codec: str, remarks: tuple[str, ...]) -> None:
    document = read(tmp_path, NOTE.encode(codec))
    assert document.parts == (Block(NOTE, "line 1"),)
    assert document.remarks == remarks


@pytest.mark.parametrize(("codec", "name"), [("mac_roman", "Mac Roman"), ("cp850", "MS-DOS 850")])
def test_other_code_pages_of_excel_are_known_by_their_characters(codec: str, name: str) -> None:
    typed = "don’t pay £50, residents’ café" if codec == "mac_roman" else "they want £50 and £20"
    assert decode(typed.encode(codec), "notes.csv") == (typed, name)


def test_text_garbled_by_another_program_is_mended_and_told(tmp_path: Path) -> None:
    document = read(tmp_path, "they donâ€™t ring back".encode())
    assert document.parts == (Block("they don’t ring back", "line 1"),)
    assert document.remarks == ("garbled characters were mended",)


def test_what_was_typed_is_kept() -> None:
    assert mend("“½ the £” isn’t spent… ﬁrst") == "“½ the £” isn’t spent… first"
    assert mend("a\u00a0b\u200bc\u00add\r\ne\x0bf") == "a bcd\ne\nf"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\u2028"])
def test_lines_are_counted_whatever_ends_them(tmp_path: Path, ends: str) -> None:
    document = read(tmp_path, ends.join(["Table 1", "", "- litter", "- noise"]).encode())
    assert [part.locator for part in document.parts if isinstance(part, Block)] == [
        "line 1",
        "line 3",
        "line 4",
    ]


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_empty_document(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) == Document("notes.txt", ())


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"%PDF-1.4", b"\xd0\xcf\x11\xe0\xa1", b"\x00\x01\x02\x00\x00\x00ab"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ReadError, match=r"notes\.txt: this is not a text file"):
        read(tmp_path, data)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found, name = decode(data, "notes.txt")
    except ReadError:
        return
    assert name
    mend(found)


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[A-Za-zé£½’“]{1,12}", fullmatch=True), min_size=1))
def test_every_word_survives_every_western_encoding(words: list[str]) -> None:
    typed = " ".join(words)
    assert decode(typed.encode("utf-8"), "x")[0] == typed
    assert decode(typed.encode("utf-16"), "x")[0] == typed
