"""Markdown files (.md) into blocks, as scribes type them: half Markdown, half plain lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pipeline.ingest.blocks import Aside, Block, Cell, Document, Grid
from pipeline.ingest.encoding import decode, mend, remarks_on
from pipeline.ingest.lines import (
    WRAP_WIDTH,
    blocks_from_lines,
    indent_of,
    is_capitals,
    span,
    split_mark,
    wraps,
)
from pipeline.ingest.long_texts import TEXT_CHARACTERS, too_long
from pipeline.ingest.markdown_html import HtmlLines
from pipeline.ingest.markdown_html import inline as inline_html

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_YAML_LINE = re.compile(r"\s*(?:[\w .-]+:(?:\s.*)?|-\s.*|#.*|\s.*)?")
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(slots=True)
class _Line:
    """One source line of a paragraph: its words and whether all of them are bold."""

    text: str = ""
    plain: str = ""  # what stands outside bold
    below: int = 0  # source lines below the paragraph's first; <br> starts no new one

    def add(self, text: str, bold: bool) -> None:
        self.text += text
        self.plain += "" if bold else text

    @property
    def bold(self) -> bool:
        return bool(re.search(r"\w", self.text)) and not re.search(r"\w", self.plain)


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    source: list[str]
    parts: list[Block | Grid] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)


def read(path: Path, source_file: str) -> Document:
    """Read Markdown; locators are "line 4" or "lines 4-6", in tables "line 4 column 2".

    Raises
    ------
    ReadError : the file cannot be opened or is not text.
    """
    raw, encoding = decode(path.read_bytes(), source_file)
    lines = mend(raw).split("\n")
    long = [too_long(line, f"line {number}") for number, line in enumerate(lines, 1) if len(line) > TEXT_CHARACTERS]
    body, asides = _without_front_matter("\n".join("" if len(line) > TEXT_CHARACTERS else line for line in lines))
    asides += long
    reading = _Reading(body.split("\n"), asides=asides)
    _walk(_parser().parse(body), reading)
    return Document(source_file, tuple(reading.parts), tuple(reading.asides), remarks_on(encoding, raw))


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Indented text is no code here, and "[Table 4]: litter" is a note, not a link's address.
    return MarkdownIt("commonmark").enable("table").disable(["code", "reference"])


def _without_front_matter(text: str) -> tuple[str, list[Aside]]:
    """Take a YAML head out, leaving its lines blank so that line numbers hold."""
    found = _FRONT_MATTER.match(text)
    inside = (found[1] or "").split("\n") if found else []
    if not found or not any(inside) or not all(_YAML_LINE.fullmatch(line) for line in inside):
        return text, []
    asides = [Aside(line.strip(), f"line {number}", "front matter") for number, line in enumerate(inside, 2) if line.strip()]
    return "\n" * found[0].count("\n") + text[found.end() :], asides


def _walk(tokens: Sequence[Token], reading: _Reading) -> None:
    """Go through the block tokens in order and note each paragraph, heading, table and raw HTML."""
    depth, item, place = 0, 0, 0
    while place < len(tokens):
        token = tokens[place]
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            item = place
        elif token.type == "heading_open":
            _heading(token, tokens[place + 1], reading)
        elif token.type == "paragraph_open":
            first_of_item = depth > 0 and item == place - 1
            _paragraph(tokens[place + 1], depth - 1 if first_of_item else -1, reading)
        elif token.type == "table_open":
            end = next(at for at in range(place, len(tokens)) if tokens[at].type == "table_close")
            _table(tokens[place:end], reading)
            place = end
        elif token.type in ("html_block", "fence"):
            _verbatim(token, reading)
        place += 1


def _heading(opening: Token, inline: Token, reading: _Reading) -> None:
    lines = _lines(inline, reading)
    first = (inline.map or [0])[0] + 1
    if len(lines) > 1:  # a rule below several lines underlines the last at most
        rule = opening.markup * max(3, len(lines[-1].text))
        typed = [(_marked(line), f"line {first + line.below}") for line in lines]
        reading.parts.extend(blocks_from_lines([*typed, (rule, f"line {first + len(lines)}")]))
        return
    text = " ".join(line.text.strip() for line in lines).strip()
    if text:
        level = int(opening.tag[1:])
        reading.parts.append(Block(text, f"line {first}", "heading", level, is_capitals(text)))


def _paragraph(inline: Token, level: int, reading: _Reading) -> None:
    """Note one paragraph; ``level`` is its bullet's nesting, or -1 outside a bullet."""
    lines = _lines(inline, reading)
    start, end = inline.map or (0, 1)
    numbers = [min(start + 1 + line.below, end) for line in lines]
    places = [f"line {number}" for number in numbers]
    indents = [indent_of(reading.source[number - 1]) for number in numbers]
    if level < 0:
        reading.parts.extend(_loose(lines, places, indents))
        return
    kept = 1
    while kept < len(lines) and _belongs(lines[kept - 1], lines[kept], indents[kept] > indents[0]):
        kept += 1
    text = " ".join(line.text.strip() for line in lines[:kept]).strip()
    if text:
        text = re.sub(r"^\[[ xX]?\]\s+", "", text)
        stands_out = all(line.bold for line in lines[:kept]) or is_capitals(text)
        reading.parts.append(Block(text, span(places[0], places[kept - 1]), "bullet", level, stands_out))
    for block in _loose(lines[kept:], places[kept:], indents[kept:]):
        deeper = level + 1 if block.kind == "bullet" else 0
        reading.parts.append(replace(block, level=block.level + deeper))


def _belongs(line: _Line, following: _Line, indented: bool) -> bool:
    """Say whether a line goes on with the bullet above it, rather than being typed just below it."""
    if split_mark(following.text.strip()) or line.bold != following.bold:
        return False
    return indented or wraps(line.text.strip(), following.text.strip())


def _loose(lines: Sequence[_Line], places: Sequence[str], indents: Sequence[int]) -> list[Block]:
    """Read a paragraph outside Markdown's own lists: a typed list, wrapped prose or short lines."""
    if _is_prose(lines):
        text = " ".join(line.text.strip() for line in lines)
        emphasis = all(line.bold for line in lines) or is_capitals(text)
        return [Block(text, span(places[0], places[-1]), emphasis=emphasis)]
    typed = [(" " * indent + _marked(line), place) for line, place, indent in zip(lines, places, indents, strict=True)]
    return blocks_from_lines(typed)


def _is_prose(lines: Sequence[_Line]) -> bool:
    """Say whether the lines are one paragraph wrapped at a margin."""
    texts = [line.text.strip() for line in lines]
    if len(texts) < 2 or any(split_mark(text) for text in texts) or any(line.bold for line in lines):
        return False
    full = min(map(len, texts[:-1])) >= WRAP_WIDTH - 10
    return full and any(text[:1].islower() for text in texts[1:])


def _marked(line: _Line) -> str:
    return f"**{line.text.strip()}**" if line.bold else line.text.strip()


def _lines(inline: Token, reading: _Reading) -> list[_Line]:
    """Give the words of an inline token, one :class:`_Line` for each source line."""
    lines, bold = [_Line()], 0
    place = f"line {(inline.map or [0])[0] + 1}"
    for token in inline.children or []:
        if token.type in ("strong_open", "strong_close"):
            bold += 1 if token.type == "strong_open" else -1
        elif token.type in ("softbreak", "hardbreak"):
            lines.append(_Line(below=lines[-1].below + 1))
        elif token.type == "html_inline":
            meant = inline_html(token.content, place)
            if isinstance(meant, Aside):
                reading.asides.append(meant)
            elif meant == "\n":
                lines.append(_Line(below=lines[-1].below))
            else:
                lines[-1].add(meant, bold > 0)
        elif token.type in ("link_open", "image") and token.markup != "autolink":
            reading.asides.extend(_addresses(token, place))
        if token.content and token.type != "html_inline":
            lines[-1].add(re.sub(r"[^\S\t]+", " ", token.content), bold > 0)  # tabs part columns
    return lines


def _addresses(token: Token, place: str) -> Iterator[Aside]:
    """Give what a link or picture holds besides the words it shows."""
    for name in ("href", "src", "title"):
        text = unquote(str(token.attrs.get(name) or ""))
        if text:
            yield Aside(text, place, "address of a link")


def _verbatim(token: Token, reading: _Reading) -> None:
    """Note raw HTML or a fenced passage, line by line."""
    first = (token.map or [0])[0] + 1
    if token.type == "fence":
        if token.info.strip():
            reading.asides.append(Aside(token.info.strip(), f"line {first}", "label of a fenced passage"))
        lines = [(line, f"line {first + at}") for at, line in enumerate(token.content.split("\n"), 1)]
    else:
        page = HtmlLines(first)
        page.feed(token.content)
        page.close()
        reading.asides.extend(page.asides)
        lines = page.lines
    reading.parts.extend(blocks_from_lines(lines))


def _table(tokens: Sequence[Token], reading: _Reading) -> None:
    """Note a table; lines without a bar that Markdown swallowed below it stand on their own."""
    rows: list[tuple[Cell, ...]] = []
    below: list[tuple[str, str]] = []
    for number, cells in _rows(tokens):
        source = reading.source[number - 1]
        texts = ["\n".join(line.text.strip() for line in _lines(cell, reading)).strip() for cell in cells]
        if rows and "|" not in source:
            below.append((indent_of(source) * " " + "".join(texts), f"line {number}"))
            continue
        surplus = _PIPE.split(source.strip().strip("|"))[len(cells) :]
        texts[-1] = " ".join([texts[-1], *(text.strip() for text in surplus)]).strip()
        places = (f"line {number} column {column}" for column in range(1, len(texts) + 1))
        rows.append(tuple(Cell(text, place) for text, place in zip(texts, places, strict=True)))
    reading.parts.append(Grid(tuple(rows), header=True))
    reading.parts.extend(blocks_from_lines(below))


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[int, list[Token]]]:
    """Give each row's line number and its cells' inline tokens."""
    number = 0
    cells: list[Token] = []
    for token in tokens:
        if token.type == "tr_open":
            number, cells = (token.map or [0])[0] + 1, []
        elif token.type == "inline":
            cells.append(token)
        elif token.type == "tr_close":
            yield number, cells
