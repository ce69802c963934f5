"""One run of the fuzzer: bytes to a file, the file through its reader and what comes behind, and what must hold whatever the bytes are."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

from pipeline.errors import ReadError, ThemesError
from pipeline.ingest import _conserve, _structures, readers
from pipeline.ingest.events import read_event_file
from pipeline.ingest.limits import check_file, check_package, within_limits
from pipeline.records import Tally
from pipeline.taxonomy import load_taxonomy

ROOT = Path(__file__).resolve().parents[2]
# Bytes changed at random make a broken archive, which is refused at once; so it is the XML in it that is changed, and packed anew.
PARTS = {
    "docx": ("word/document.xml", "word/numbering.xml", "word/styles.xml", "word/comments.xml", "word/footnotes.xml"),
    "xlsx": ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"),
}


def unpacked(kind: str, data: bytes) -> list[bytes]:
    """What a file is to the fuzzer: itself, or each of the parts of an Office file that are read, behind its number."""
    if kind not in PARTS:
        return [data]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [bytes([at]) + archive.read(name) for at, name in enumerate(PARTS[kind]) if name in archive.namelist()]


def small(kind: str) -> list[bytes]:
    """Files of a kind to begin with that are smaller than any example."""
    if kind == "pdf":
        from reportlab.pdfgen.canvas import Canvas

        made = io.BytesIO()
        page = Canvas(made, pageCompression=0, invariant=True)
        page.grid([70, 200, 330], [640, 670, 700])
        for at, text in enumerate(("Session 1", "Table 2", "- dog mess by the gate", "- speeding x3")):
            page.drawString(75, 720 - 30 * at, text)
        page.save()
        return [made.getvalue()]
    return unpacked(kind, _plain(kind)) if kind in PARTS else [b"Session 1\nTable 2\n- dog mess\n", b"text,table\ndog mess,2\n"]


def packed(kind: str, data: bytes) -> bytes:
    """The file that bytes of the fuzzer mean."""
    if kind not in PARTS or not data:
        return data
    name = PARTS[kind][data[0] % len(PARTS[kind])]
    with zipfile.ZipFile(io.BytesIO(_plain(kind))) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = data[1:]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return made.getvalue()


def read_bytes(kind: str, data: bytes, folder: Path) -> str:
    """Read bytes as a file of a kind; gives what is told of a file that cannot be used, '' of one that can.

    What a library makes of a broken file is its own affair, for :func:`pipeline.ingest.readers.read` tells it; a fault of this program's
    own code, words that are lost and errors without a place are what is looked for.

    Raises
    ------
    Exception : what went wrong.
    """
    path = folder / f"n.{kind}"
    path.write_bytes(packed(kind, data))
    if kind == "yaml":
        told = []
        for read in (read_event_file, load_taxonomy):
            try:
                read(path)
            except ThemesError as error:
                assert path.name in str(error)
                told.append(str(error))
        return " ".join(told)
    words = Tally(kept={"notes": 0, "headings": 0, "tallies": 0})
    try:
        check_file(path, path.name)
        if kind in PARTS:
            check_package(path, path.name)
        document = within_limits(readers.READERS[path.suffix](path, path.name))
        _conserve(path.name, document, _structures(document, path), words)  # as ingest does, without its tables, which take longest
    except ReadError as error:
        assert str(error).startswith(path.name)
        return str(error)
    except Exception as error:
        if _is_ours(error):
            raise
        return "it is broken"
    return ""


def _is_ours(error: BaseException) -> bool:
    """Whether code of this program, and no library that it called, raised an error."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and Path(trace.tb_frame.f_code.co_filename).is_relative_to(ROOT / "pipeline")


@cache
def _plain(kind: str) -> bytes:
    """The smallest file of a kind, into which changed parts are put."""
    made = io.BytesIO()
    if kind == "docx":
        import docx

        docx.Document().save(made)
    else:
        import openpyxl

        book = openpyxl.Workbook()
        book.active["A1"] = "dog mess"
        book.save(made)
    return made.getvalue()
