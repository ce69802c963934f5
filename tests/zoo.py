"""Broken and nasty files, made when they are needed: each builder writes one into a folder."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

Build = Callable[[Path], None]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><x xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">&j;</x>'
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
QUADRATIC = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 200_000 + b'">]><x>' + b"&a;" * 50_000 + b"</x>"
LONG = " ".join(map(str, range(1_450_000)))[:10_000_000]
DOCUMENT, SHEET, STRINGS = "word/document.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def raw(data: bytes) -> Build:
    def build(path: Path) -> None:
        path.write_bytes(data)

    return build


def word(path: Path, *texts: str) -> None:
    made = docx.Document()
    for text in texts or ("dog mess",):
        made.add_paragraph(text)
    made.save(str(path))


def workbook(path: Path, cells: dict[str, object] | None = None) -> None:
    book = openpyxl.Workbook()
    for place, value in (cells or {"A1": "dog mess"}).items():
        book.active[place] = value
    book.save(path)


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 2_000_000_000)


def truncated(make: Build) -> Build:
    def build(path: Path) -> None:
        make(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return build


def with_part(make: Build, name: str, change: Callable[[bytes], bytes], packing: int = zipfile.ZIP_DEFLATED) -> Build:
    """An Office file with one of its parts changed, or added."""

    def build(path: Path) -> None:
        make(path)
        with zipfile.ZipFile(path) as archive:
            parts = {part: archive.read(part) for part in archive.namelist()}
        parts[name] = change(parts.get(name, b""))
        with zipfile.ZipFile(path, "w", packing) as archive:
            for part, data in parts.items():
                archive.writestr(part, data)

    return build


def in_part(make: Build, name: str, old: str, new: str) -> Build:
    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return with_part(make, name, change)


def bomb(name: str, megabytes: int) -> Build:
    """An archive with one part that unpacks to so many megabytes of spaces, from a thousandth of that."""

    def build(path: Path) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        unit = packer.compress(b"<" + b" " * 999_999) + packer.flush(zlib.Z_FULL_FLUSH)
        data = unit * megabytes + packer.flush()
        sizes = struct.pack("<LLL", 0, len(data), megabytes * 1_000_000)
        shared = struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", len(name), 0)
        local = b"PK\x03\x04" + shared + name.encode() + data
        central = b"PK\x01\x02" + b"\x14\x00" + shared + bytes(10) + struct.pack("<L", 0) + name.encode()
        path.write_bytes(local + central + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0))

    return build


def many_parts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(12_000):
            archive.writestr(f"{number}", "")


def nested_archives(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.docx", bytes(20_000_000))
    with_part(word, "word/embeddings/inner.docx", lambda _: inner.getvalue())(path)


def wide_table(path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("dog mess")
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p><w:r><w:t>bins</w:t></w:r></w:p></w:tc>'
    made.element.body.insert(
        0, parse_xml(f"<w:tbl {nsdecls('w')}><w:tr><w:trPr><w:gridBefore w:val='9999'/></w:trPr>{cell}</w:tr></w:tbl>")
    )
    made.save(str(path))


def vast_table(path: Path) -> None:
    made = docx.Document()
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="63"/></w:tcPr><w:p/></w:tc>'
    rows = f"<w:tr>{cell * 600}</w:tr>" + f"<w:tr>{cell}</w:tr>" * 40
    made.element.body.insert(0, parse_xml(f"<w:tbl {nsdecls('w')}>{rows}</w:tbl>"))
    made.save(str(path))


def long_paragraph(path: Path) -> None:
    runs = "".join(f"<w:r><w:t>{LONG[at : at + 1_000_000]}</w:t></w:r>" for at in range(0, 10_000_000, 1_000_000))
    in_part(word, DOCUMENT, "<w:body>", f"<w:body><w:p>{runs}</w:p>")(path)


def deep_xml(data: bytes) -> bytes:
    return data.replace(b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * 5_000 + b"</w:sdtContent></w:sdt>" * 5_000, 1)


def sheet_with(extra: str) -> Build:
    """A workbook whose sheet has something more behind its cells."""
    return in_part(workbook, SHEET, "</sheetData>", f"</sheetData>{extra}")


def many_cells(path: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(2, 200_002))
    in_part(workbook, SHEET, "</sheetData>", f"{rows}</sheetData>")(path)


def commented(path: Path) -> None:
    def made(at: Path) -> None:
        book = openpyxl.Workbook()
        book.active["A1"] = "dog mess"
        book.active["A1"].comment = openpyxl.comments.Comment("rats", "Jo")
        book.save(at)

    in_part(made, "xl/comments/comment1.xml", 'ref="A1"', 'ref="A1:XFD1048576"')(path)


def scattered(path: Path) -> None:
    book = openpyxl.Workbook()
    for at in range(1, 1_500):
        book.active.cell(at, at, "rats")
    book.save(path)


def canvas(path: Path, pages: int = 1, text: str = "dog mess by the gate", **options: object) -> None:
    made = Canvas(str(path), **options)
    for _ in range(pages):
        if text:
            made.drawString(72, 700, text)
        made.showPage()
    made.save()


def encrypted(path: Path) -> None:
    canvas(path, encrypt=StandardEncryption("secret", canPrint=0))


def shapes(path: Path) -> None:
    """Lines that cross a million times, as a map or a hatched chart has them."""
    made = Canvas(str(path), pageCompression=1)
    made.drawString(72, 20, "dog mess by the gate")
    for at in range(150):
        made.line(50, 100 + 4 * at, 550, 100 + 4 * at)
        made.line(50 + 3.4 * at, 100, 50 + 3.4 * at, 700)
    made.save()


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data)


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> "


def page_of(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources %s %s >> /Contents 4 0 R >>" % (FONT, resources)
    return pdf(CATALOGUE, PAGES, page, content, *more)


def flate_bomb() -> bytes:
    packer = zlib.compressobj(9)
    data = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    middle = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return page_of(stream(data + middle * 2_000, b"/Filter /FlateDecode"))


def run_length_bomb() -> bytes:
    return page_of(stream(b"\x81 " * 1_500_000, b"/Filter /RunLengthDecode"))


def form_bomb() -> bytes:
    """Drawings within drawings: ten of each within the next, nine deep."""
    forms = []
    for number in range(5, 14):
        inner = b"/XObject << /X %d 0 R >>" % (number + 1) if number < 13 else b""
        extra = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << %s >>" % inner
        forms.append(stream(b"/X Do " * 10, extra))
    return page_of(stream(b"/X Do"), *forms, resources=b"/XObject << /X 5 0 R >>")


def font_bomb(widths: bytes, letters: bytes) -> bytes:
    """A font that gives the widths of ten thousand million characters, or names the letters of as many."""
    system = b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    under = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A %s %s >>" % (system, widths)
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 5 0 R /DescendantFonts [%s] >>" % under
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F %s >> >> /Contents 4 0 R >>" % font
    named = b"begincmap 1 beginbfrange %s endbfrange endcmap" % letters
    return pdf(CATALOGUE, PAGES, page, stream(b"BT /F 9 Tf 72 700 Td <0041> Tj ET"), stream(named))


def glyphs() -> bytes:
    return page_of(stream(zlib.compress(b"BT /F 1 Tf (" + b"a" * 300_000 + b") Tj ET"), b"/Filter /FlateDecode"))


RECURSIVE = pdf(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 3 >>", b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 9 >>")
