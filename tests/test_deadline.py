"""What would be read for ever is not read, and the other files are."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline import ingest
from pipeline.errors import ReadError
from pipeline.ingest.deadline import deadline


def for_ever() -> None:
    while True:
        sum(range(100))


def swallowing() -> None:
    """What broken libraries do: go on whatever is raised, three times."""
    for _ in range(3):
        with suppress(BaseException):
            for_ever()
    for_ever()


@pytest.mark.parametrize("work", [for_ever, swallowing])
def test_work_whose_time_is_up_is_ended_and_the_file_named(work: Callable[[], None]) -> None:
    began = time.perf_counter()
    with pytest.raises(ReadError, match=r"notes\.pdf: to read it takes longer than 0 minutes"), deadline(0.1, "notes.pdf"):
        work()
    assert time.perf_counter() - began < 10
    assert "deadline" not in {thread.name for thread in threading.enumerate()}


def test_work_that_is_done_in_time_is_left_alone_and_so_are_its_errors() -> None:
    with deadline(0.2, "notes.pdf"):
        found = sum(range(10))
    with pytest.raises(ValueError, match="its own"), deadline(0.2, "notes.pdf"):
        raise ValueError("its own")
    time.sleep(0.4)  # nothing comes late
    assert found == 45
    assert "deadline" not in {thread.name for thread in threading.enumerate()}


def test_a_pdf_that_takes_too_long_is_told_and_the_other_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = Canvas(str(tmp_path / "long.pdf"))
    for page in range(400):
        for line in range(40):
            canvas.drawString(72, 780 - 18 * line, f"{page} burglaries in the terraces and speeding past the school {line}")
        canvas.showPage()
    canvas.save()
    (tmp_path / "short.txt").write_text("litter on the rec\n")
    monkeypatch.setattr(ingest, "READING_SECONDS", 1.0)
    (source,) = ingest.find_sources([tmp_path])
    began = time.perf_counter()
    gathered = ingest.ingest(source)
    assert time.perf_counter() - began < 20
    files = {file.source_file: (file.status, file.remarks) for file in gathered.files}
    assert files["long.pdf"][0] == "not read"
    assert "takes longer than" in files["long.pdf"][1][0]
    assert files["short.txt"] == ("read", ())
    assert gathered.notes["text"].tolist() == ["litter on the rec"]


def test_a_word_lost_in_one_file_is_noticed_even_where_another_has_one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("litter on the rec\n")
    (tmp_path / "b.txt").write_text("knives on the bus\n")
    (source,) = ingest.find_sources([tmp_path])
    assert ingest.ingest(source).words.read == 8
    monkeypatch.setattr(ingest, "_words_read", lambda document: {"a.txt": 5, "b.txt": 3}[document.source_file])  # a fault, put in
    with pytest.raises(ingest.ContractError, match=r"a\.txt: 5 words were read, but 4 kept and 0 dropped"):
        ingest.ingest(source)
