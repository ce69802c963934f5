"""Which reader reads which file, and what happens to files that are broken."""

from __future__ import annotations

import random
from pathlib import Path

import docx
import openpyxl
import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.errors import ReadError
from pipeline.ingest.readers import READERS, read


def whole_file(folder: Path, suffix: str) -> Path:
    """Make a small whole file of each kind."""
    path = folder / f"notes{suffix}"
    if suffix == ".docx":
        made = docx.Document()
        made.add_paragraph("litter on the rec")
        made.save(str(path))
    elif suffix in (".xlsx", ".xlsm"):
        book = openpyxl.Workbook()
        book.active["A1"] = "litter on the rec"
        book.save(path)
    elif suffix == ".pdf":
        canvas = Canvas(str(path))
        canvas.drawString(72, 700, "litter on the rec")
        canvas.save()
    else:
        path.write_text("litter on the rec\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", READERS)
def test_every_ending_has_its_reader(tmp_path: Path, suffix: str) -> None:
    path = whole_file(tmp_path, suffix)
    document = read(path.rename(path.with_suffix(suffix.upper())), "day/notes")
    assert document.source_file == "day/notes"
    assert "litter on the rec" in repr(document.parts)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("a.doc", "save it as a Word document"),
        ("a.xls", "save it as a workbook"),
        ("a.odt", "Word"),
        ("a.jpg", "OCR"),
        ("a.zip", "move"),
        ("a", "move"),
    ],
)
def test_an_unknown_ending_is_refused_naming_those_that_can_be_read(tmp_path: Path, name: str, advice: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    with pytest.raises(ReadError, match=rf"cannot be read.*\.docx.*\.pdf.*{advice}"):
        read(path, name)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"notes\.txt: it cannot be opened"):
        read(tmp_path / "notes.txt", "notes.txt")


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".pdf"])
def test_a_damaged_file_is_read_or_refused_never_a_crash(tmp_path: Path, suffix: str) -> None:
    path = whole_file(tmp_path, suffix)
    data = path.read_bytes()
    dice = random.Random(20091112)
    for _ in range(40):
        damaged = bytearray(data[: dice.randrange(len(data))] if dice.random() < 0.3 else data)
        for _ in range(dice.randrange(1, 20)):
            damaged[dice.randrange(len(damaged) or 1) : 1] = bytes([dice.randrange(256)])
        path.write_bytes(bytes(damaged))
        try:
            read(path, path.name)
        except ReadError as error:
            assert path.name in str(error)


@pytest.mark.parametrize("one", READERS)
@pytest.mark.parametrize("other", READERS)
def test_a_file_with_another_files_ending_is_read_or_refused(tmp_path: Path, one: str, other: str) -> None:
    path = whole_file(tmp_path, one)
    try:
        read(path.rename(path.with_suffix(other)), "notes")
    except ReadError as error:
        assert "What to do" in str(error)
