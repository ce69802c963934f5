"""Whatever is dropped into the folder: a broken or nasty file is told by name with what to do, and the rest is read all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from zoo import (
    DOCUMENT,
    LAUGHS,
    LONG,
    OLE,
    OUTSIDE,
    PNG,
    QUADRATIC,
    RECURSIVE,
    SHEET,
    STRINGS,
    Build,
    bomb,
    canvas,
    commented,
    deep_xml,
    encrypted,
    flate_bomb,
    font_bomb,
    form_bomb,
    glyphs,
    in_part,
    long_paragraph,
    many_cells,
    many_parts,
    nested_archives,
    page_of,
    raw,
    run_length_bomb,
    scattered,
    shapes,
    sheet_with,
    sparse,
    stream,
    truncated,
    vast_table,
    wide_table,
    with_part,
    word,
    workbook,
)

from pipeline.errors import EventError, OutputError, ReadError, TaxonomyError
from pipeline.ingest import Gathered
from pipeline.ingest.limits import FOLDERS_DEEP
from pipeline.run import check, run_events
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy

GOOD = "Session 1\nTable 1\n- litter on the rec\n"
SECONDS = 20.0  # for any one file; most take a tenth of a second
MEGABYTES = 500  # that a harmful file may take more than the good one does; each would take thousands if it were unpacked


class Case(NamedTuple):
    """A file, what is said of it (a pattern) where it is not read, or what is read of it and remarked."""

    name: str
    build: Build
    refused: str = ""
    kept: str = ""
    remarked: str = ""
    dropped: str = ""


HARMFUL = "can be made to stop the machine"
TOO_LONG = r"it has 1 text\(s\) without a break .* 10,000,000 characters together.*divide them into lines"
BOMBS = {
    "word-bomb": Case("n.docx", bomb(DOCUMENT, 2_000), "small part of it unpacks to a huge one"),
    "excel-bomb": Case("n.xlsx", bomb(SHEET, 2_000), "small part of it unpacks to a huge one"),
    "word-stored-too-large": Case("n.docx", bomb(DOCUMENT, 4), "no valid XML"),
    "nested-archives": Case("n.docx", nested_archives, kept="dog mess"),
    "many-parts": Case("n.docx", many_parts, HARMFUL),
    "word-laughs": Case("n.docx", with_part(word, DOCUMENT, lambda _: LAUGHS), "document type.*" + HARMFUL),
    "word-laughs-elsewhere": Case("n.docx", with_part(word, "customXml/item9.xml", lambda _: LAUGHS), HARMFUL),
    "word-quadratic": Case("n.docx", with_part(word, DOCUMENT, lambda _: QUADRATIC), HARMFUL),
    "word-outside": Case("n.docx", with_part(word, DOCUMENT, lambda _: OUTSIDE), HARMFUL),
    "excel-laughs-sheet": Case("n.xlsx", with_part(workbook, SHEET, lambda _: LAUGHS), HARMFUL),
    "excel-laughs-strings": Case("n.xlsx", with_part(workbook, STRINGS, lambda _: LAUGHS), HARMFUL),
    "excel-outside": Case("n.xlsx", with_part(workbook, STRINGS, lambda _: OUTSIDE), HARMFUL),
    "excel-laughs-utf-16": Case("n.xlsx", with_part(workbook, STRINGS, lambda _: LAUGHS.decode().encode("utf-16")), HARMFUL),
    "word-lzma": Case("n.docx", with_part(word, DOCUMENT, bytes, 14), "packed in a way that Office does not use"),
    "word-span": Case("n.docx", wide_table, kept="dog mess"),
    "word-vast-table": Case("n.docx", vast_table, "table 1 is 41 rows by 37,800 columns"),
    "word-long-paragraph": Case("n.docx", long_paragraph, TOO_LONG),
    "excel-long-cell": Case("n.xlsx", in_part(workbook, SHEET, "dog mess", LONG), TOO_LONG),
    "excel-corners": Case("n.xlsx", lambda at: workbook(at, {"A1": "dog mess", "XFD1048576": "rats"}), kept="dog mess"),
    "excel-merged": Case("n.xlsx", sheet_with('<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "more than 300,000 cells"),
    "excel-merged-columns": Case("n.xlsx", sheet_with('<mergeCells><mergeCell ref="A:XFD"/></mergeCells>'), "more than 300,000 cells"),
    "excel-linked": Case("n.xlsx", sheet_with('<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'), "more than 300,000 cells"),
    "excel-commented": Case("n.xlsx", commented, "more than 300,000 cells"),
    "excel-many-cells": Case("n.xlsx", many_cells, "more than 300,000 cells.*delete the empty rows"),
    "excel-scattered": Case("n.xlsx", scattered, "1,499 rows by 1,499 columns"),
    "csv-vast": Case("n.csv", raw(b"point" + b",x" * 1_000 + (b"\nrats" + b"," * 1_000) * 1_100), "it is 1,101 rows by 1,001 columns"),
    "csv-long-cell": Case("n.csv", raw(b'point\n"' + b"long " * 2_000_000 + b'"\ndog mess\n'), TOO_LONG),
    "csv-longish-cell": Case("n.csv", raw(b'point\n"' + b"long " * 9_000 + b'"\ndog mess\n'), kept="dog mess", dropped="part 3 of 3"),
    "text-long-line": Case("n.txt", raw(b"long " * 2_000_000 + b"\n- dog mess\n"), TOO_LONG),
    "text-longish-line": Case(
        "n.txt", raw(b"long " * 9_000 + b"\n- dog mess\n"), kept="dog mess", dropped="45,000 characters, too long", remarked="not used"
    ),
    "markdown-long-line": Case("n.md", raw(b"long " * 2_000_000 + b"\n\n- dog mess\n"), TOO_LONG),
    "markdown-longish-line": Case("n.md", raw(b"long " * 9_000 + b"\n\n- dog mess\n"), kept="dog mess", dropped="too long"),
    "sparse": Case("n.txt", sparse, "2,000 MB.*at most 20 MB"),
    "sparse-pdf": Case("n.pdf", sparse, "2,000 MB.*at most 100 MB"),
    "pdf-flate": Case("n.pdf", raw(flate_bomb()), "unpacks to more than 30 MB"),
    "pdf-run-length": Case("n.pdf", raw(run_length_bomb()), "unpacks to more than 30 MB"),
    "pdf-forms": Case("n.pdf", raw(form_bomb()), "page 1 draws more than"),
    "pdf-glyphs": Case("n.pdf", raw(glyphs()), "more text on it, down to page 1"),
    "pdf-shapes": Case("n.pdf", shapes, kept="dog mess"),
    "pdf-recursive": Case("n.pdf", raw(RECURSIVE), "no text in it"),
    "pdf-widths": Case("n.pdf", raw(font_bomb(b"/W [0 9999999999 500]", b"")), "endless counting, in its fonts"),
    "pdf-letters": Case("n.pdf", raw(font_bomb(b"", b"<00000000> <FFFFFFFF> <0041>")), "endless counting, in its fonts"),
    "pdf-pages": Case("n.pdf", lambda path: canvas(path, 1_200, "x"), "more than 1,000 pages"),
}

CASES = {
    "word-truncated": Case("n.docx", truncated(word), "no Word document, or it is broken"),
    "word-old": Case("n.docx", raw(OLE), "old Word format"),
    "word-password": Case("n.docx", raw(OLE + "EncryptedPackage".encode("utf-16-le")), "locked with a password.*take the password off"),
    "word-doc": Case("n.doc", raw(OLE), "save it as a Word document"),
    "word-macros": Case(
        "n.docx",
        in_part(
            word,
            "[Content_Types].xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
        "with macros.*keeps no macros",
    ),
    "word-docm": Case("n.docm", word, "save it as a Word document"),
    "word-deep": Case("n.docx", with_part(word, DOCUMENT, deep_xml), "broken"),
    "word-html": Case("n.docx", raw(b"<html><body>rats</body></html>"), "no Word document"),
    "word-empty": Case("n.docx", raw(b""), "no Word document"),
    "word-zip": Case("n.docx", with_part(workbook, "a.txt", bytes), "no Word document"),
    "word-bad-xml": Case("n.docx", with_part(word, DOCUMENT, lambda data: data[:-9]), "'word/document.xml' is no valid XML"),
    "word-folder": Case("n.docx", Path.mkdir, "it is a folder"),
    "excel-truncated": Case("n.xlsx", truncated(workbook), "no Excel workbook, or it is broken"),
    "excel-password": Case("n.xlsx", raw(OLE), "locked with a password"),
    "excel-old": Case("n.xls", raw(OLE), "save it as a workbook"),
    "excel-html": Case("n.xls", raw(b"<table><tr><td>rats</td></tr></table>"), "save it as a workbook"),
    "excel-macros": Case("n.xlsm", with_part(workbook, "xl/vbaProject.bin", lambda _: OLE), kept="dog mess"),
    "excel-formula": Case(
        "n.xlsx", lambda at: workbook(at, {"A1": "dog mess", "A2": "=cmd|' /C calc'!A0"}), kept="dog mess", dropped="formula"
    ),
    "excel-word": Case("n.xlsx", word, "no Excel workbook"),
    "excel-reference": Case("n.xlsx", in_part(workbook, SHEET, 'r="A1"', 'r="ZZZZZ99999999"'), "n.xlsx"),
    "csv-quotes": Case("n.csv", raw(b'point\n"dog mess\nrats\nbins\n'), kept="dog mess", remarked="never closed"),
    "csv-ragged": Case("n.csv", raw(b"table,point\n1,dog mess,and rats,and bins\n2\n\n3,mud\n"), kept="dog mess", remarked="surplus"),
    "csv-duplicate": Case("n.csv", raw(b"point,point,table,table\ndog mess,rats,1,2\n"), kept="dog mess"),
    "csv-columns": Case("n.csv", raw(b"point" + b",x" * 5_000 + b"\ndog mess" + b",r" * 5_000), kept="dog mess"),
    "csv-injection": Case("n.csv", raw(b'point\n"=HYPERLINK(""http://x"",""dog mess"")"\n@rats\n'), kept="dog mess"),
    "csv-nul": Case("n.csv", raw(b"point\ndog\x00 mess\nrats\n"), "not a text file"),
    "csv-png": Case("n.csv", raw(PNG), "not a text file"),
    "csv-one-column": Case("n.csv", raw(b"".join(b"rats in yard %d\n" % at for at in range(5_000))), kept="rats in yard 4999"),
    "text-utf-16": Case("n.txt", raw("- dog mess and a good deal of litter\n".encode("utf-16-le")), kept="dog mess", remarked="UTF-16"),
    "text-mixed": Case("n.txt", raw("- dog mess £5\n".encode() + "- café\n".encode("cp1252")), kept="dog mess", remarked="read as"),
    "text-surrogates": Case("n.txt", raw(b"- dog mess \xed\xa0\x80 here\n"), kept="dog mess", remarked="read as"),
    "text-right-to-left": Case("n.txt", raw("- dog mess \u202egnp.exe\u202c שלום\n".encode()), kept="שלום"),
    "text-emoji": Case("n.txt", raw("- dog mess 👩‍👩‍👧 🇬🇧\n".encode()), kept="👩‍👩‍👧"),
    "text-combining": Case("n.txt", raw(("- dog mess" + "\u0301" * 3_000 + "\n").encode()), kept="dog mes"),
    "text-zero-width": Case("n.txt", raw("- dog\u200b mess\u2060\ufeff\n".encode()), kept="dog mess"),
    "text-carriage-returns": Case("n.txt", raw(b"- dog mess\r- rats\r- bins\r"), kept="rats"),
    "text-controls": Case("n.txt", raw(b"- dog \x1b[31mmess\x07\x08\n"), kept="mess"),
    "text-nul": Case("n.txt", raw(b"- dog mess\x00\n"), "not a text file"),
    "text-png": Case("n.txt", raw(PNG), "not a text file"),
    "text-empty": Case("n.txt", raw(b""), remarked="no text in it"),
    "text-blank": Case("n.txt", raw(b" \n\t\r\n" * 500), remarked="no text in it"),
    "markdown-brackets": Case("n.md", raw(b"- dog mess\n\n" + b"[" * 15_000 + b"\n"), kept="dog mess"),
    "markdown-quotes": Case("n.md", raw(b"- dog mess\n\n" + b"> " * 9_000 + b"rats\n"), kept="dog mess"),
    "markdown-stars": Case("n.md", raw(b"- dog mess\n\n" + b"*a **a " * 2_500 + b"\n"), kept="dog mess"),
    "markdown-comments": Case("n.md", raw(b"- dog mess\n\n" + b"<!--<a " * 2_500 + b"\n"), kept="dog mess"),
    "pdf-truncated": Case("n.pdf", truncated(canvas), "n.pdf"),
    "pdf-scan": Case("n.pdf", lambda path: canvas(path, 1, ""), "probably a scan.*OCR"),
    "pdf-password": Case("n.pdf", encrypted, "locked with a password"),
    "pdf-png": Case("n.pdf", raw(PNG), "no PDF, or it is broken"),
    "pdf-empty": Case("n.pdf", raw(b""), "no PDF"),
    "pdf-operators": Case("n.pdf", raw(page_of(stream(b"Q Q Q BT /Z 9 Tf (rats) Tj 1 0 Td ET q" + b" q" * 9_000))), kept="rats"),
    "name-long": Case("n" * 240 + ".txt", raw(b"- dog mess\n"), kept="dog mess"),
    "name-no-ending": Case("notes", raw(b"- dog mess\n"), "without an ending"),
    "pipe": Case("n.txt", os.mkfifo, "pipe or a device"),
    "link-loop": Case("n.txt", lambda path: path.symlink_to(path), "link to another place.*in place of the link"),
    "link-nowhere": Case("n.txt", lambda path: path.symlink_to("nowhere"), "link to another place"),
    "link-outside": Case("n.txt", lambda path: path.symlink_to("/etc/hostname"), "link to another place"),
    "link-to-folder": Case("more", lambda path: path.symlink_to(path.parent, target_is_directory=True), "link to another place"),
}


def folder_with(parent: Path, case: Case) -> Path:
    folder = parent / "evening"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, "utf-8")
    case.build(folder / case.name)
    return folder


def told(gathered: Gathered) -> dict[str, object]:
    """What a reading says, as plain values."""
    return {
        "texts": gathered.notes["text"].tolist(),
        "files": {file.source_file: [file.status, " ".join(file.remarks)] for file in gathered.files},
        "dropped": gathered.dropped["reason"].tolist(),
        "balance": gathered.words.read - sum(gathered.words.kept.values()) - gathered.words.dropped,
    }


def hold(case: Case, found: dict[str, object]) -> None:
    """The good file is read, and the other is read or told as the case says."""
    import re

    texts, files, dropped = found["texts"], found["files"], found["dropped"]
    assert isinstance(texts, list)
    assert isinstance(files, dict)
    assert isinstance(dropped, list)
    assert "litter on the rec" in texts
    assert files["good.txt"][0] == "read"
    assert found["balance"] == 0
    status, remarks = files[case.name]
    if case.refused:
        assert status == "not read", remarks
        assert remarks.startswith(f"{case.name}: ")
        assert re.search(case.refused, remarks), remarks
        assert "What to do: " in remarks
        assert len(remarks) < 700
    else:
        assert status == "read", remarks
        assert re.search(case.remarked, remarks), remarks
    assert any(case.kept in text for text in texts)
    assert any(case.dropped in reason for reason in dropped) or not case.dropped


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_broken_or_strange_file_is_read_or_told_and_the_rest_is_read(tmp_path: Path, case: Case) -> None:
    folder = folder_with(tmp_path, case)
    began = time.perf_counter()
    (gathered,) = check([folder])
    assert time.perf_counter() - began < SECONDS
    hold(case, told(gathered))


def read_bombs(parent: Path) -> None:
    """Read every folder of bombs and print what is said of each, with the seconds and the most memory so far; run in a process apart."""
    import resource

    for folder in [parent, *sorted(parent.iterdir())][1:]:
        began = time.perf_counter()
        (gathered,) = check([folder / "evening"])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1000 if sys.platform.startswith("linux") else 1_000_000)
        print(json.dumps({"case": folder.name, "seconds": time.perf_counter() - began, "peak": peak, **told(gathered)}), flush=True)


@pytest.fixture(scope="module")
def bombs_read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    parent = tmp_path_factory.mktemp("bombs")
    for name, case in {" first": Case("more.txt", raw(b"- dog mess\n")), **BOMBS}.items():
        (parent / name).mkdir()
        folder_with(parent / name, case)
    code = (
        "import resource, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]); "
        "resource.setrlimit(resource.RLIMIT_AS, (8_000_000_000,) * 2); from test_zoo import read_bombs; read_bombs(Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(parent), str(Path(__file__).parent)], capture_output=True, text=True, timeout=300, check=False
    )
    found = {line["case"]: line for line in map(json.loads, done.stdout.splitlines())}
    if len(found) <= len(BOMBS):
        pytest.fail(f"reading stopped after {list(found)[-1:]}: {done.stderr[-2000:]}")
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say how much memory a process has used")
@pytest.mark.parametrize("name", BOMBS)
def test_a_file_made_to_do_harm_takes_little_time_and_memory(bombs_read: dict[str, dict[str, object]], name: str) -> None:
    found = bombs_read[name]
    hold(BOMBS[name], found)
    assert float(str(found["seconds"])) < SECONDS
    assert float(str(found["peak"])) < float(str(bombs_read[" first"]["peak"])) + MEGABYTES


# names, folders and permissions


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("two\nlines.txt", r"two\x0alines.txt"),
        ("red\x1b[31m.txt", r"red\x1b[31m.txt"),
        ("notes\u202etxt.pdf", r"notes\u202etxt.pdf"),
        (os.fsdecode(b"caf\xe9.txt"), r"caf\udce9.txt"),
    ],
)
def test_a_name_that_cannot_be_shown_is_told_by_its_codes(tmp_path: Path, name: str, shown: str) -> None:
    folder = folder_with(tmp_path, Case(name, raw(b"")))
    (gathered,) = check([folder])
    assert {file.source_file for file in gathered.files} == {"good.txt", shown}
    json.dumps(told(gathered), ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["~$notes.docx", ".DS_Store", "Thumbs.db", "desktop.ini", ".~lock.notes.docx#", "._notes.docx"])
def test_what_programs_leave_behind_is_passed_over(tmp_path: Path, name: str) -> None:
    (gathered,) = check([folder_with(tmp_path, Case(name, raw(b"\x00\x01")))])
    assert [file.source_file for file in gathered.files] == ["good.txt"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing can be denied to this user")
@pytest.mark.parametrize("name", ["n.txt", "more"])
def test_what_may_not_be_opened_is_told(tmp_path: Path, name: str) -> None:
    case = Case(name, raw(b"- dog mess\n") if name == "n.txt" else Path.mkdir, "cannot be opened|folder")
    folder = folder_with(tmp_path, case)
    (folder / name).chmod(0)
    try:
        (gathered,) = check([folder])
    finally:
        (folder / name).chmod(0o700)
    hold(case, told(gathered))


@pytest.mark.parametrize("build", [os.mkfifo, lambda path: path.symlink_to(path)], ids=["pipe", "loop"])
def test_what_is_no_file_among_folders_of_events_makes_them_no_single_event_and_is_told(tmp_path: Path, build: Build) -> None:
    for name in ("wendale", "saltmoor"):
        (tmp_path / "all" / name).mkdir(parents=True)
        (tmp_path / "all" / name / "good.txt").write_text(GOOD)
    build(tmp_path / "all" / "odd.txt")
    found = {gathered.event.id: [file.status for file in gathered.files] for gathered in check([tmp_path / "all"])}
    assert found == {"odd": ["not read"], "saltmoor": ["read"], "wendale": ["read"]}


@pytest.mark.parametrize("path", ["a" * 5_000, "loop", "nowhere", "nul\x00"])
def test_a_path_that_is_none_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(ReadError, match="What to do"):
        check([tmp_path / path])


def test_folders_without_end_are_refused(tmp_path: Path) -> None:
    (tmp_path / "/".join("x" * (FOLDERS_DEEP + 3))).mkdir(parents=True)
    with pytest.raises(ReadError, match="more than 40 deep"):
        check([tmp_path])


def test_a_folder_of_thousands_of_files_is_refused(tmp_path: Path) -> None:
    for number in range(5_001):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(ReadError, match="more than 5,000 files"):
        check([tmp_path])


def test_two_events_of_one_name_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    for name in ("2009/wendale", "2010/wendale"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "good.txt").write_text(GOOD)
    with pytest.raises(OutputError, match="both be written to 'wendale'"):
        run_events([tmp_path / "2009", tmp_path / "2010"], tmp_path / "out", Settings())
    assert not (tmp_path / "out").exists()


# YAML

MANY = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"{b}: &{b} [{', '.join(f'*{a}' for _ in range(10))}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))  # fmt: skip  # noqa: E501
MERGED = "a: &a {k: v}\n" + "".join(f"{b}: &{b}\n  <<: [{', '.join(f'*{a}' for _ in range(10))}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))  # fmt: skip  # noqa: E501
YAMLS = {
    "list": "- a\n- b\n",
    "aliases": MANY + "title: *i\n",
    "merges": MERGED,
    "itself": "title: &a [*a]\n",
    "object": "title: !!python/object/apply:os.system ['true']\n",
    "huge": "# " + "x" * 2_000_001,
    "deep": "title: " + "[" * 3_000 + "]" * 3_000,
    "deep-blocks": "- " * 3_000 + "x",
    "date": "date: 2011-13-40\n",
    "number": "title: " + "9" * 5_000 + "\n",
    "hexadecimal": "title: 0x" + "f" * 9_000 + "\n",
    "bool": "title: !!bool maybe\n",
    "timestamp": "title: !!timestamp soon\n",
    "binary": "title: \x00\x01\n",
    "text": "no mapping at all",
    "half-a-character": 'title: "\\ud800"\n',
}


@pytest.mark.parametrize("name", YAMLS)
def test_an_event_file_that_cannot_be_used_stops_the_run_with_its_name(tmp_path: Path, name: str) -> None:
    folder = folder_with(tmp_path, Case("event.yaml", raw(YAMLS[name].encode())))
    began = time.perf_counter()
    with pytest.raises(EventError, match=r"event\.yaml: .*What to do") as raised:
        check([folder])
    assert time.perf_counter() - began < SECONDS
    assert len(str(raised.value)) < 2_000


@pytest.mark.parametrize("build", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_an_event_file_that_is_no_file_does_not_hang(tmp_path: Path, build: Build) -> None:
    folder = folder_with(tmp_path, Case("event.yaml", build))
    try:
        (gathered,) = check([folder])
    except EventError as error:
        assert "no file" in str(error)
    else:
        assert "litter on the rec" in gathered.notes["text"].tolist()


def test_a_session_numbered_with_a_sign_that_is_no_number_is_kept(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, Case("event.yaml", raw("sessions: [{id: '²'}, {id: '1'}, {id: '99999999999999'}]".encode())))
    (gathered,) = check([folder])
    assert [session.id for session in gathered.event.sessions] == ["1", "99999999999999", "²"]


def taxonomy(themes: str) -> str:
    return f"name: t\nversion: 1.0.0\nthemes:\n{themes}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (taxonomy("- {code: a, label: A, broader: b}\n- {code: b, label: B, broader: a}\n"), "goes round in a circle"),
        (taxonomy("- {code: a, label: A, broader: a}\n"), "goes round in a circle"),
        (taxonomy("- {code: a, label: A}\n- {code: a, label: B}\n"), "code 'a' stands 2 times"),
        (taxonomy("- {code: 'a|b', label: A}\n"), "'a|b'; expected letters"),
        (taxonomy("- {code: '=a', label: A}\n"), "'=a'; expected letters"),
        (taxonomy('- {code: "a\\nb", label: A}\n'), "expected letters"),
        (taxonomy("- {code: &a [*a], label: A}\n"), "holds itself"),
        *((text, "t.yaml: ") for name, text in YAMLS.items()),
    ],
)
def test_a_taxonomy_that_cannot_be_used_is_refused_with_its_faults(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "t.yaml").write_text(text)
    with pytest.raises(TaxonomyError) as raised:
        load_taxonomy(tmp_path / "t.yaml")
    assert said in str(raised.value)
    assert len(str(raised.value)) < 2_000
