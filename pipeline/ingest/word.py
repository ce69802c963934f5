"""Word documents (.docx) into blocks and grids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.errors import ReadError
from pipeline.ingest.blocks import Aside, Block, Document, Grid
from pipeline.ingest.encoding import mend
from pipeline.ingest.lines import blocks_from_lines, is_capitals, split_mark
from pipeline.ingest.long_texts import TEXT_CHARACTERS, too_long
from pipeline.ingest.word_tables import read_table
from pipeline.ingest.word_xml import (
    Styles,
    bare_line,
    content,
    is_marked,
    lines_of,
    removed_from,
    safe_parser,
    usual_size,
    w,
    words_of,
)

_OLD_BINARY = b"\xd0\xcf\x11\xe0"  # .doc, .xls, and today's files when locked with a password
_INDENT = 180  # twentieths of a point of left indentation that make one space of a typed line
_DEFAULT_SIZE = 22
_MARGINS = {
    "header": "page header",
    "footer": "page footer",
    "footnotes": "footnote",
    "endnotes": "endnote",
    "comments": "comment",
    "diagramData": "text of a diagram",
}


@dataclass(slots=True)
class _Reading:
    """What has been read so far, and plain paragraphs not yet told apart (bullets typed by hand?)."""

    styles: Styles
    size: int
    source_file: str
    parts: list[Block | Grid] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    plain: list[tuple[str, str]] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0
    pictures: int = 0

    def settle(self) -> None:
        """Turn the waiting plain paragraphs into blocks."""
        self.parts.extend(blocks_from_lines(self.plain, rejoin=False))
        self.plain = []

    def put(self, part: Block | Grid) -> None:
        self.settle()
        self.parts.append(part)


def read(path: Path, source_file: str) -> Document:
    """Read a Word document.

    Locators are "paragraph 4" (non-empty paragraphs outside tables, from 1), "text box after
    paragraph 4" and, for cells, "table 1 row 2 column 3".

    Raises
    ------
    ReadError : the file is an old .doc, locked with a password, broken, or no Word document.
    """
    part = _open(path, source_file)
    body = getattr(part.element, "body", None)
    if body is None:
        raise _no_document(source_file)
    styles = Styles(_styles_root(part))
    words = (words_of(paragraph, styles) for paragraph in body.iter(w("p")))
    reading = _Reading(styles, usual_size(words) or _DEFAULT_SIZE, source_file)
    for element in content(body):
        if element.tag == w("tbl"):
            _table(element, reading)
        else:
            _paragraph(element, reading)
    reading.settle()
    reading.asides.extend(_margins(part, styles))
    seen = f"{reading.pictures} picture(s) in it were not read; type up any notes they show"
    return Document(source_file, tuple(reading.parts), tuple(reading.asides), (seen,) if reading.pictures else ())


def _open(path: Path, source_file: str) -> Any:
    """Give the main part of the document."""
    with path.open("rb") as file:
        data = file.read(len(_OLD_BINARY))
        data += file.read() if data == _OLD_BINARY else b""
    if data.startswith(_OLD_BINARY):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise ReadError(
            "it is locked with a password" if locked else "it is in the old Word format (.doc)",
            where=source_file,
            expected="a Word document (.docx) that opens without a password",
            do="open it in Word, take the password off and save it again"
            if locked
            else "open it in Word and save it as a Word document (.docx)",
        )
    import zlib
    from zipfile import BadZipFile

    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        return docx.Document(str(path)).part
    except (
        OpcError,
        LxmlError,
        BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        AttributeError,
        EOFError,
    ) as error:
        raise _no_document(source_file, macros="macroEnabled" in str(error)) from error


def _no_document(source_file: str, *, macros: bool = False) -> ReadError:
    return ReadError(
        "it is a Word document with macros (.docm)" if macros else "it is no Word document, or it is broken",
        where=source_file,
        expected="a Word document (.docx)",
        do="open it in Word and save it as a Word document (.docx), which keeps no macros"
        if macros
        else "open it in Word; if Word can repair it, save it again, else ask for a new copy",
    )


def _styles_root(part: Any) -> Any:
    related = (rel for rel in part.rels.values() if rel.reltype.endswith("/styles") and not rel.is_external)
    found = next(related, None)
    return found.target_part.element if found is not None else None


def _paragraph(element: Any, reading: _Reading) -> None:
    """Note one paragraph of the body, what was deleted in it, and its text boxes."""
    words = words_of(element, reading.styles)
    reading.pictures += words.pictures
    lines = lines_of(words, reading.size)
    if lines:
        reading.paragraphs += 1
        _note(element, lines, f"paragraph {reading.paragraphs}", reading)
    place = f"paragraph {reading.paragraphs}" if lines else f"after paragraph {reading.paragraphs}"
    reading.asides.extend(removed_from(words, place))
    for box in words.boxes:
        _box(box, f"text box after paragraph {reading.paragraphs}", reading)


def _note(element: Any, lines: list[str], place: str, reading: _Reading) -> None:
    """Decide what a paragraph is by its style, and keep it; lines too long to be notes are set aside."""
    reading.asides.extend(too_long(line, place) for line in lines if len(line) > TEXT_CHARACTERS)
    lines = [line for line in lines if len(line) <= TEXT_CHARACTERS]
    if not lines:
        return
    names = reading.styles.names(element)
    first = names[0] if names else ""
    level = reading.styles.heading_level(element)
    nesting = reading.styles.list_level(element)
    joined, emphasis = _joined(lines)
    if re.match(r"toc ?\d|toc ?heading", first) or _in_contents(element):
        reading.asides.append(Aside(joined, place, "table of contents"))
    elif level and len(joined) <= 300:
        marked = split_mark(joined)
        reading.put(
            Block(
                marked[1] if marked and not marked[0][0].isalnum() and marked[1] else joined,
                place,
                "heading",
                level,
                emphasis,
            )
        )
    elif nesting is not None:
        reading.settle()
        reading.parts.extend(_list_item(blocks_from_lines([(line, place) for line in lines]), nesting))
    elif len(lines) > 1:
        reading.settle()
        indent = _indent(element)
        reading.parts.extend(blocks_from_lines([(indent + line, place) for line in lines]))
    else:
        subtitle = "subtitle" in names and not is_marked(lines[0])
        reading.plain.append((_indent(element) + (f"**{lines[0]}**" if subtitle else lines[0]), place))


def _list_item(blocks: list[Block], level: int) -> Iterator[Block]:
    """Set the first line of a list item as its bullet; bullets typed on its further lines nest below it."""
    for number, block in enumerate(blocks):
        if number == 0:
            yield replace(block, kind="bullet", level=level)
        else:
            yield replace(block, level=block.level + level + 1) if block.kind == "bullet" else block


def _joined(lines: list[str]) -> tuple[str, bool]:
    text = " ".join(bare_line(line).strip() for line in lines)
    return re.sub(r"\t+", " ", text), all(is_marked(line.strip()) for line in lines) or is_capitals(text)


def _table(element: Any, reading: _Reading) -> None:
    reading.tables += 1
    table = read_table(element, reading.tables, reading.styles, reading.source_file)
    reading.put(table.grid)
    reading.asides.extend(table.asides)
    reading.pictures += table.pictures


def _indent(element: Any) -> str:
    """Give a paragraph's left indentation as spaces, for nesting bullets typed by hand."""
    properties = element.find(w("pPr"))
    indentation = properties.find(w("ind")) if properties is not None else None
    left = 0
    if indentation is not None:
        text = indentation.get(w("left")) or indentation.get(w("start")) or "0"
        left = int(text) if text.isdigit() else 0
    return " " * min(left // _INDENT, 40)


def _in_contents(element: Any) -> bool:
    """Say whether a paragraph belongs to a generated table of contents."""
    for above in element.iterancestors(w("sdt")):
        gallery = above.find(f"{w('sdtPr')}/{w('docPartObj')}/{w('docPartGallery')}")
        if gallery is not None and gallery.get(w("val")) == "Table of Contents":
            return True
    return False


def _box(box: Any, place: str, reading: _Reading) -> None:
    """Note what a text box holds, as if it stood after its paragraph."""
    reading.settle()
    for element in content(box):
        if element.tag == w("tbl"):
            _table(element, reading)
            continue
        words = words_of(element, reading.styles)
        reading.pictures += words.pictures
        reading.asides.extend(removed_from(words, place))
        if lines := lines_of(words, reading.size):
            _note(element, lines, place, reading)
        for inner in words.boxes:
            _box(inner, place, reading)
    reading.settle()


def _margins(part: Any, styles: Styles) -> Iterator[Aside]:
    """Give the text of headers, footers, notes, comments and diagrams."""
    from lxml import etree

    parser = safe_parser()
    seen: set[tuple[str, str]] = set()
    for rel in part.rels.values():
        reason = _MARGINS.get(rel.reltype.rsplit("/", 1)[-1])
        if reason is None or rel.is_external:
            continue
        root = etree.fromstring(rel.target_part.blob, parser)
        texts = _diagram(root) if reason == "text of a diagram" else _notes(root, styles)
        for number, text in enumerate(texts, 1):
            if (reason, text) not in seen:
                seen.add((reason, text))
                yield Aside(text, f"{reason} {number}", reason)


def _notes(root: Any, styles: Styles) -> Iterator[str]:
    for paragraph in root.iter(w("p")):
        words = words_of(paragraph, styles)
        text = " ".join(mend(words.text + " ".join(removed for removed, _ in words.removed)).split())
        if text:
            yield text


def _diagram(root: Any) -> Iterator[str]:
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    for paragraph in root.iter(drawing + "p"):
        text = " ".join(mend("".join(node.text or "" for node in paragraph.iter(drawing + "t"))).split())
        if text:
            yield text
