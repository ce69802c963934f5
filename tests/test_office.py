"""Office files carry no trace of when they were made, and another office program than Word reads them without fault."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from test_word_report import full_result

from pipeline.report import report_content
from pipeline.report.office import sealed, storable
from pipeline.report.word import report_word
from pipeline.report.workbook import report_workbook


@given(st.text(st.characters() | st.sampled_from("\x00\x0b\x1f\ud800\udfff\ufffe\uffff")))
def test_a_storable_text_is_as_long_and_xml_takes_it(text: str) -> None:
    kept = storable(text)
    assert len(kept) == len(text)
    etree.Element("a").text = kept
    assert all(now in (before, "\ufffd") for before, now in zip(text, kept, strict=True))


def test_a_sealed_file_has_every_part_in_order_and_none_of_the_times() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        for name in ("[Content_Types].xml", "docProps/core.xml", "word/document.xml"):
            parts.writestr(zipfile.ZipInfo(name, (2020, 2, 3, 4, 5, 6)), f"<{name}/>")
    with zipfile.ZipFile(io.BytesIO(sealed(made.getvalue(), "A & B\x00"))) as parts:
        assert parts.namelist() == ["[Content_Types].xml", "docProps/core.xml", "word/document.xml"]
        assert parts.read("word/document.xml") == b"<word/document.xml/>"
        assert {entry.date_time[0] for entry in parts.infolist()} == {1980}
        assert "<dc:title>A &amp; B\ufffd</dc:title>" in parts.read("docProps/core.xml").decode()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed on this machine")
def test_libreoffice_makes_pages_of_both(tmp_path: Path) -> None:
    result = full_result()
    files = {"report.docx": report_word(report_content(result)), "themes.xlsx": report_workbook(result)}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *(str(tmp_path / name) for name in files)], check=True, capture_output=True, timeout=120)
    with pdfplumber.open(tmp_path / "report.pdf") as pages:
        texts = [page.extract_text() for page in pages.pages]
    assert "Contents\nBackground\nWho took part?\nWorkshop session 1: Challenges\nKey themes" in texts[0]
    assert f"Page 1 of {len(texts)}" in texts[0]
    assert texts[1].startswith("An evening | of *notes*\nWorkshop session 1: Challenges\n")
    assert "1. Road safety (3 points" in texts[1]
    with pdfplumber.open(tmp_path / "themes.pdf") as pages:
        texts = [page.extract_text() for page in pages.pages]
    assert "Columns of a session" in texts[0]
    assert any("Rank Theme Points" in text and "Road safety" in text for text in texts)
