"""What the XML of a Word document says: the words of a paragraph, its style, its list level.

:mod:`pipeline.ingest.word` puts these together into blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.ingest.blocks import Aside
from pipeline.ingest.encoding import mend

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_UNREAD = frozenset(f"{_W}{name}" for name in ("pPr", "rPr", "instrText", "delInstrText", "sectPr", "tblPr"))
_BASED_ON = 20  # styles that a style can be based on, one upon the other; Word allows 11
_BREAKS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_REMOVED = {f"{_W}del": "deleted text", f"{_W}moveFrom": "text moved elsewhere"}
_HEADING_NAME = re.compile(r"(?:heading|überschrift|berschrift|titre|título|titolo|kop|rubrik|overskrift) ?([1-9])")


@dataclass(slots=True)
class Piece:
    """Words of one run with one look."""

    text: str
    bold: bool
    size: int | None


@dataclass(slots=True)
class Words:
    """The words of a paragraph: as seen, taken away (with the reason), and in its text boxes."""

    pieces: list[Piece] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    pictures: int = 0

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def safe_parser() -> Any:
    """Give an lxml parser that follows no entity, no document type and no address."""
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def w(name: str) -> str:
    """Give a WordprocessingML name in lxml's form."""
    return _W + name


def value(element: Any, *path: str) -> str | None:
    """Give ``w:val`` of the element at the path below ``element``; None if there is none, "" if bare."""
    for name in path:
        element = element.find(_W + name) if element is not None else None
    return None if element is None else str(element.get(_W + "val", ""))


def content(container: Any) -> Iterator[Any]:
    """Give the paragraphs and tables of a body, cell or box in order, within content controls too."""
    for child in container:
        if child.tag in (_W + "p", _W + "tbl"):
            yield child
        elif child.tag == _MC + "AlternateContent":
            yield from content(_chosen(child))
        elif isinstance(child.tag, str) and child.tag not in _UNREAD:
            yield from content(child)


def _chosen(alternate: Any) -> Any:
    """Give the one branch of an AlternateContent to read: the newer, unless it holds nothing."""
    branches = [child for child in alternate if isinstance(child.tag, str)]
    told = [branch for branch in branches if any(node.text for node in branch.iter(_W + "t"))]
    return (told or branches or [alternate])[0]


class Styles:
    """What a document's styles say, each looked up through those it is based on."""

    def __init__(self, root: Any) -> None:
        self._styles = {style.get(_W + "styleId"): style for style in root.iter(_W + "style")} if root is not None else {}
        self._default = next(
            (
                key
                for key, style in self._styles.items()
                if style.get(_W + "type") == "paragraph" and style.get(_W + "default") in ("1", "true")
            ),
            None,
        )

    def chain(self, style_id: str | None) -> Iterator[Any]:
        """Give a style and those it is based on, nearest first."""
        seen: set[str | None] = set()
        while style_id in self._styles and style_id not in seen and len(seen) < _BASED_ON:
            seen.add(style_id)
            yield self._styles[style_id]
            style_id = value(self._styles[style_id], "basedOn")

    def of_paragraph(self, paragraph: Any) -> list[Any]:
        return list(self.chain(value(paragraph, "pPr", "pStyle") or self._default))

    def names(self, paragraph: Any) -> list[str]:
        """Give the names and ids of a paragraph's styles in small letters, nearest first."""
        both = [(value(style, "name"), style.get(_W + "styleId")) for style in self.of_paragraph(paragraph)]
        return [name.lower() for pair in both for name in pair if name]

    def heading_level(self, paragraph: Any) -> int:
        """Give the heading level 1 to 9 that a paragraph's outline level or style sets; 0 if it is none."""
        direct = value(paragraph, "pPr", "outlineLvl")
        outlines = [direct, *(value(style, "pPr", "outlineLvl") for style in self.of_paragraph(paragraph))]
        outline = next((level for level in outlines if level), None)
        if outline is not None and outline.isdigit() and int(outline) < 9:
            return int(outline) + 1
        for name in self.names(paragraph):
            found = _HEADING_NAME.fullmatch(name)
            if found:
                return int(found[1])
            if name == "title":
                return 1
        return 0

    def list_level(self, paragraph: Any) -> int | None:
        """Give a list item's nesting, 0 outermost; None if the paragraph is no list item."""
        said = [_numbering(element) for element in (paragraph, *self.of_paragraph(paragraph))]
        number_id = next((number for number, _ in said if number is not None), None)
        level = next((level for _, level in said if level is not None), 0)
        if number_id == "0":
            return None
        for name in self.names(paragraph):
            found = re.fullmatch(r"list ?(?:bullet|number|)(?: ?([2-9]))?", name)
            if found:
                return max(level, int(found[1] or 1) - 1)
        return level if number_id is not None else None

    def bold(self, paragraph: Any) -> bool:
        """Say whether a paragraph's style makes its words bold, underlined or capitals."""
        looks = (_stands_out(style.find(_W + "rPr")) for style in self.of_paragraph(paragraph))
        return bool(next((look for look in looks if look is not None), False))

    def run_bold(self, run: Any) -> bool | None:
        """Say whether a run is bold by itself or its character style; None if neither says."""
        direct = _stands_out(run.find(_W + "rPr"))
        if direct is not None:
            return direct
        looks = (_stands_out(style.find(_W + "rPr")) for style in self.chain(value(run, "rPr", "rStyle")))
        return next((look for look in looks if look is not None), None)

    def size(self, paragraph: Any) -> int | None:
        """Give the type size of a paragraph's style in half points, where one is set."""
        sizes = (value(style, "rPr", "sz") for style in self.of_paragraph(paragraph))
        return next((int(size) for size in sizes if size and size.isdigit()), None)


def _numbering(element: Any) -> tuple[str | None, int | None]:
    """Give (list id, level) as far as an element's own properties set them."""
    properties = element.find(_W + "pPr")
    level = value(properties, "numPr", "ilvl") if properties is not None else None
    number_id = value(properties, "numPr", "numId") if properties is not None else None
    return number_id, int(level) if level and level.isdigit() else None


def _stands_out(properties: Any) -> bool | None:
    """Say what run properties say of boldness, underlining and capitals; None if nothing."""
    if properties is None:
        return None
    said = []
    for name in ("b", "caps", "smallCaps"):
        setting = value(properties, name)
        if setting is not None:
            said.append(setting not in ("0", "false", "off"))
    underline = value(properties, "u")
    if underline is not None:
        said.append(underline not in ("none", ""))
    return any(said) if said else None


def words_of(paragraph: Any, styles: Styles) -> Words:
    """Collect a paragraph's words; nothing inside it is passed over in silence."""
    words = Words()
    bold, size = styles.bold(paragraph), styles.size(paragraph)
    _collect(paragraph, words, styles, Piece("", bold, size), "")
    return words


def _collect(element: Any, words: Words, styles: Styles, look: Piece, reason: str) -> None:
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in _UNREAD:
            continue
        if tag == _W + "r":
            hidden = value(child, "rPr", "vanish")
            why = reason or ("hidden text" if hidden is not None and hidden not in ("0", "false") else "")
            _collect(child, words, styles, _look(child, styles, look), why)
        elif tag in _REMOVED:
            _collect(child, words, styles, look, _REMOVED[tag])
        elif tag == _W + "txbxContent":
            words.boxes.append(child)
        elif tag == _MC + "AlternateContent":
            _collect(_chosen(child), words, styles, look, reason)
        elif tag in (_W + "t", _W + "delText", _M + "t") or tag in _BREAKS or tag == _W + "sym":
            _add(words, _character(child), look, reason)
        else:
            words.pictures += tag.endswith(("}blip", "}imagedata"))
            _collect(child, words, styles, look, reason)


def _add(words: Words, text: str, look: Piece, reason: str) -> None:
    if reason and words.removed and words.removed[-1][1] == reason:
        words.removed[-1] = (words.removed[-1][0] + text, reason)
    elif reason:
        words.removed.append((text, reason))
    elif text:
        words.pieces.append(Piece(text, look.bold, look.size))


def _character(element: Any) -> str:
    if element.tag == _W + "sym":
        code = element.get(_W + "char", "")
        return chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else ""
    return _BREAKS.get(element.tag) or str(element.text or "")


def _look(run: Any, styles: Styles, paragraph: Piece) -> Piece:
    own, size = styles.run_bold(run), value(run, "rPr", "sz")
    bold = paragraph.bold if own is None else own
    return Piece("", bold, int(size) if size and size.isdigit() else paragraph.size)


def usual_size(paragraphs: Iterator[Words]) -> int | None:
    """Give the commonest type size by characters, in half points; None where none is set."""
    sizes: Counter[int | None] = Counter()
    for words in paragraphs:
        for piece in words.pieces:
            sizes[piece.size] += len(piece.text.strip())
    return max(sizes, key=lambda size: (sizes[size], -(size or 0))) if sizes else None


def lines_of(words: Words, usual: int | None = None) -> list[str]:
    """Give the non-empty lines of a paragraph; one that is all bold or larger type is within ``**``."""
    lines: list[list[tuple[str, bool]]] = [[]]
    for piece in words.pieces:
        large = usual is not None and piece.size is not None and piece.size >= usual + 3
        for number, text in enumerate(piece.text.split("\n")):
            if number:
                lines.append([])
            lines[-1].append((text, piece.bold or large))
    found = []
    for line in lines:
        text = mend("".join(text for text, _ in line)).replace("\n", " ").rstrip()
        inner = text.lstrip()
        telling = [bold for piece_text, bold in line if re.search(r"\w", piece_text)]
        if telling and all(telling) and not is_marked(inner):
            text = f"{text[: len(text) - len(inner)]}**{inner}**"
        if inner:
            found.append(text)
    return found


def is_marked(text: str) -> bool:
    """Say whether a line is within ``**``."""
    return len(text) > 4 and text.startswith("**") and text.endswith("**")


def bare_line(line: str) -> str:
    """Give a line as typed, without the ``**`` that :func:`lines_of` put round it."""
    text = line.lstrip()
    return line[: len(line) - len(text)] + text[2:-2] if is_marked(text) else line


def removed_from(words: Words, place: str) -> Iterator[Aside]:
    """Give what was deleted, moved or hidden in a paragraph."""
    for text, reason in words.removed:
        if text.strip():
            yield Aside(" ".join(mend(text).split()), place, reason)
