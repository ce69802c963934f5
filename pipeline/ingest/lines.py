"""Plain typed lines into blocks: bullets, nesting, underlined headings and hard-wrapped lines.

Scribes type lists by hand in every format, so the readers of text, Markdown, Word and cells share this.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest.blocks import Block, BlockKind

_GLYPH = "•·●○◦∙⁃▪▫■□◆◇◊❖‣▸►➢➤➔→✓✔✗✘☐☑☒¤§Ø\ue000-\uf8ff"  # the last range: Wingdings and Symbol
_MARKS = (
    re.compile(rf"(?P<mark>[{_GLYPH}]|\(cid:\d+\))\s*(?P<rest>.*)"),
    re.compile(r"(?P<mark>--?>|=>|--|[-–—*»~])\s+(?P<rest>\S.*)"),
    re.compile(r"(?P<mark>>{1,2})\s+(?P<rest>[^\s\d].*)"),  # "> 20 of them" is a number
    re.compile(r"(?P<mark>[-–—*>»])(?P<rest>[^\W\d_'].*|[(£\"“‘'].*)"),  # "-litter", but not "-5" or "--"
    re.compile(r"(?P<mark>\(\d{1,2}\)|\d{1,2}\))\s*(?P<rest>\S.*)"),
    re.compile(r"(?P<mark>\d{1,2}\.)(?:\s+(?P<rest>\S.*)|(?P<tight>[^\W\d_].*))"),
    re.compile(r"(?P<mark>\((?:[A-Za-z]|[ivx]{1,4})\)|(?:[A-Za-z]|[ivx]{1,4})\))\s*(?P<rest>\S.*)"),
    re.compile(r"(?P<mark>o)\s+(?P<rest>(?!clock\b)\S.*)"),
)
_WEAK = re.compile(r"(?P<mark>[a-z]\.|[vqnül?])\s+(?P<rest>\S.*)")  # a mark only in company
_BARE = re.compile(rf"(?:[{_GLYPH}*–—-]|--|\d{{1,2}}[.)]|o)\s*")
_CHECKBOX = re.compile(r"\[[ xX✓]?\]\s*(?=\S)")
_RULE = re.compile(r"\s*([-–—=_*~#+])(?:\s*\1){2,}\s*")
_UNDERLINE_LEVEL = {"=": 1, "-": 2, "–": 2, "—": 2, "_": 2, "~": 3}
_WRAPPED_IN = re.compile(r"([*_]{1,3})\s*(?![\s*_])(.+?)\s*\1(:?)")
_FENCED = re.compile(r"([-=~#+*_])\1{1,}\s+(\S.*?)\s+\1{2,}(:?)")  # === Session 1 ===
_HASHES = re.compile(r"(#{1,6})\s+(\S.*?)\s*#*")
_CLOSED = re.compile(r"[.!?:][\"'”’)\]]*$")
_FIRST_LEVEL = ("•", "·", "●", "\uf0b7")
_MARK_RANK = {"o": 1, "○": 1, "◦": 1, "▪": 2, "§": 2, "■": 2, "\uf0a7": 2}
_LOCATED = re.compile(r"(.*\b)(line|paragraph) (\d+)")
WRAP_WIDTH = 60
_SHORT = 45


@dataclass(slots=True)
class _Typed:
    """One physical line: its text without mark and emphasis, and what was seen of them."""

    text: str
    locator: str
    indent: int
    mark: str = ""
    emphasis: bool = False
    heading: int = 0
    rule: str = ""


@dataclass(slots=True)
class _Open:
    """A block still being read."""

    pieces: list[_Typed]
    kind: BlockKind
    level: int

    def close(self) -> Block:
        text = self.pieces[0].text
        for piece in self.pieces[1:]:
            text = glue(text, piece.text)
        locator = span(self.pieces[0].locator, self.pieces[-1].locator)
        emphasis = all(piece.emphasis for piece in self.pieces)
        return Block(text, locator, self.kind, self.level, emphasis)


def blocks_from_lines(lines: Sequence[tuple[str, str]], *, rejoin: bool = True) -> list[Block]:
    """Turn (text, locator) pairs, one a typed line, into blocks in the same order.

    With ``rejoin`` false every line stays a block of its own (paragraphs of a word processor are
    never hard-wrapped). A line wholly within ``**`` or ``__`` has emphasis, as has one in CAPITALS.
    Blank lines, rules and bare bullet marks vanish; every word comes out.
    """
    typed = _typed_lines(lines)
    _find_underlined(typed)
    return _gather(typed, rejoin)


def split_mark(text: str) -> tuple[str, str] | None:
    """Split a bullet's mark from its text; None if ``text`` starts with no mark.

    >>> split_mark("• litter")
    ('•', 'litter')
    >>> split_mark("-5 degrees") is None
    True
    """
    for pattern in _MARKS:
        found = pattern.fullmatch(text)
        if found:
            rest = found["rest"] if found["rest"] is not None else found["tight"]
            inner = _MARKS[0].fullmatch(rest) or _MARKS[1].fullmatch(rest)
            if inner and not found["mark"][0].isalnum():  # "• - litter"
                rest = inner["rest"]
            return found["mark"], _CHECKBOX.sub("", rest, count=1)
    return None


def is_capitals(text: str) -> bool:
    """Say whether a line stands out by CAPITALS; a lone abbreviation (ASB, CCTV) does not."""
    words = re.findall(r"[^\W\d_]+", text)
    if not words or any(word != word.upper() for word in words):
        return False
    return max(map(len, words)) >= 5 or sum(map(len, words)) >= 8


def wraps(text: str, following: str) -> bool:
    """Say whether a line was broken only because it was full: long, unclosed, and going on in lower case."""
    return len(text) >= WRAP_WIDTH and not _CLOSED.search(text) and following[:1].islower()


def glue(text: str, following: str) -> str:
    """Join two lines of one sentence; a hyphenated compound broken at its hyphen needs no space."""
    broken = re.search(r"[^\W\d_]-$", text) and following[:1].islower()
    return text + following if broken else f"{text} {following}"


def span(first: str, last: str) -> str:
    """Name the place from one locator to another.

    >>> span("page 2 line 4", "page 2 line 6")
    'page 2 lines 4-6'
    """
    if first == last:
        return first
    one, other = _LOCATED.fullmatch(first), _LOCATED.fullmatch(last)
    if one and other and one[1] == other[1]:
        return f"{one[1]}{one[2]}s {one[3]}-{other[3]}"
    return f"{first} to {last}"


def _typed_lines(lines: Sequence[tuple[str, str]]) -> list[_Typed]:
    weak = Counter(found["mark"][-1] for text, _ in lines if (found := _WEAK.fullmatch(text.strip())))
    typed: list[_Typed] = []
    for text, locator in lines:
        indent = indent_of(text)
        for piece in _pieces(text.strip()):
            line = _typed(piece, locator, indent, weak)
            if line.text and not line.mark and typed and _is_lone_glyph(typed[-1]):
                line.mark = typed.pop().mark
            typed.append(line)
    return typed


def _is_lone_glyph(line: _Typed) -> bool:
    """Say whether a bullet stands alone on its line, as in text copied out of a PDF."""
    return not line.text and bool(line.mark) and not line.mark.isascii()


def _typed(text: str, locator: str, indent: int, weak: Counter[str]) -> _Typed:
    if _RULE.fullmatch(text):
        return _Typed("", locator, indent, rule=text)
    if hashes := _HASHES.fullmatch(text):
        return _Typed(hashes[2], locator, indent, heading=len(hashes[1]))
    text, emphasis = _without_emphasis(text)
    found = (text, "") if _BARE.fullmatch(text) else split_mark(text)
    lone = _WEAK.fullmatch(text)
    if found is None and lone and weak[lone["mark"][-1]] >= (3 if lone["mark"] == "?" else 2):
        found = (lone["mark"], lone["rest"])
    mark, text = found or ("", text)
    text, inner = _without_emphasis(text)
    text = re.sub(r"\t+", "\t", text)
    return _Typed(text, locator, indent, mark, emphasis or inner or is_capitals(text))


def _without_emphasis(text: str) -> tuple[str, bool]:
    found = _WRAPPED_IN.fullmatch(text)
    if found and found[1] not in found[2]:
        return found[2] + found[3], True
    fenced = _FENCED.fullmatch(text)
    return (fenced[2] + fenced[3], True) if fenced else (text, False)


def _pieces(text: str) -> list[str]:
    """Split "• litter • dog mess", where one glyph marks several items on one line."""
    glyph = text[:1]
    if glyph and glyph in "•●▪■◦○‣" and re.search(rf"\s{glyph}\s", text):
        return [f"{glyph} {item}" for item in re.split(rf"\s*{glyph}\s+", text) if item]
    return [text]


def indent_of(text: str) -> int:
    """Count the columns a line is indented by; a tab goes to the next fourth."""
    expanded = text.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _find_underlined(typed: list[_Typed]) -> None:
    """Make the line above a rule a heading where the rule underlines it."""
    for place in range(1, len(typed)):
        rule, line = typed[place], typed[place - 1]
        solid = rule.rule and " " not in rule.rule and rule.rule[0] in _UNDERLINE_LEVEL
        if not solid or not line.text or line.heading or (line.mark and not line.mark[0].isdigit()):
            continue
        char = rule.rule[0]
        above = typed[place - 2] if place > 1 else None
        begins = above is None or not above.text
        fits = abs(len(rule.rule) - len(line.text)) <= 2
        if char == "=" or fits or (begins and len(line.text) <= 70 and not line.text.endswith(".")):
            line.heading = _UNDERLINE_LEVEL[char]
            line.text, line.mark = f"{line.mark} {line.text}".strip(), ""
            rule.rule, rule.text = "", ""


def _gather(typed: list[_Typed], rejoin: bool) -> list[Block]:
    blocks: list[Block] = []
    nesting: list[tuple[int, str]] = []
    hang: int | None = None  # indentation of the bullet that unmarked, indented lines belong to
    current: _Open | None = None
    for line in typed:
        if not line.text:
            if current:
                blocks.append(current.close())
            current, hang = None, None
            continue
        if current and rejoin and _continues(current, line, hang):
            current.pieces.append(line)
            continue
        if current:
            blocks.append(current.close())
        if line.heading:
            current, hang, nesting = _Open([line], "heading", line.heading), None, []
            blocks.append(current.close())
            current = None
        elif line.mark or (rejoin and hang is not None and line.indent > hang):
            hang = line.indent if line.mark else hang
            current = _Open([line], "bullet", _nest(nesting, line))
        else:
            current, hang, nesting = _Open([line], "line", 0), None, []
    if current:
        blocks.append(current.close())
    return blocks


def _continues(current: _Open, line: _Typed, hang: int | None) -> bool:
    """Say whether a line goes on with the sentence of the block above it."""
    last = current.pieces[-1]
    if line.mark or line.heading or line.emphasis != last.emphasis:
        return False
    if wraps(last.text, line.text):
        return True
    if current.kind != "bullet" or hang is None or line.indent <= hang or last.text.endswith(":"):
        return False
    full = last.indent + len(last.text) >= _SHORT
    broken = line.text[:1].islower() or last.text.endswith((",", "&", " and", " or", "-"))
    return full or (broken and bool(last.mark or len(current.pieces) > 1))


def _nest(nesting: list[tuple[int, str]], line: _Typed) -> int:
    """Give a bullet's level and note its indentation; a space of jitter does not nest.

    A list pasted from Word has lost its indentation, but still shows • for the first level and o
    for the second.
    """
    edge = line.indent
    if any(mark in _FIRST_LEVEL for _, mark in nesting):
        edge += 2 * _MARK_RANK.get(line.mark, 0)
    while nesting and nesting[-1][0] > edge + 1:
        nesting.pop()
    if not nesting or edge >= nesting[-1][0] + 2:
        nesting.append((edge, line.mark))
    return len(nesting) - 1
