"""HTML that stands in a Markdown file: its words without its tags."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from pipeline.ingest.blocks import Aside

_TAGS = frozenset(
    "a abbr b blockquote body br caption center code col colgroup dd del details div dl dt em "
    "figure font footer h1 h2 h3 h4 h5 h6 head header hr html i img ins kbd li main mark nav ol "
    "p pre q s samp script section small span strike strong style sub summary sup table tbody "
    "td tfoot th thead title tr tt u ul var".split()
)
_BREAKING = frozenset("br caption dd div dt h1 h2 h3 h4 h5 h6 hr li p summary td th title tr".split())
_UNSEEN = frozenset({"script", "style"})


def inline(html: str, place: str) -> str | Aside:
    """Give what an inline tag stands for: nothing, a line break, itself if no tag of HTML's, or a comment."""
    if html.startswith("<!--"):
        return Aside(html[4:-3].strip(), place, "comment in the file")
    name = re.match(r"</?([A-Za-z][\w-]*)", html)
    if name is None or name[1].lower() not in _TAGS:
        return html
    return "\n" if name[1].lower() == "br" else ""


class HtmlLines(HTMLParser):
    """Collects the words of raw HTML by line, and its comments."""

    def __init__(self, first: int) -> None:
        super().__init__(convert_charrefs=True)
        self.first, self.unseen = first, ""
        self.lines: list[tuple[str, str]] = [("", f"line {first}")]
        self.asides: list[Aside] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs  # they hold addresses and looks, no words
        if tag not in _TAGS:
            self.handle_data(self.get_starttag_text() or "")
        if tag in _BREAKING:
            self._break()
        if tag in _UNSEEN:
            self.unseen = tag

    def handle_endtag(self, tag: str) -> None:
        if tag not in _TAGS:
            self.handle_data(f"</{tag}>")
        if tag in _BREAKING:
            self._break()
        self.unseen = ""

    def handle_data(self, data: str) -> None:
        if self.unseen and data.strip():
            self.asides.append(Aside(" ".join(data.split()), self._place(), self.unseen))
            return
        for at, piece in enumerate(data.split("\n")):
            if at:
                self.lines.append(("", f"line {self.first + self.getpos()[0] - 1 + at}"))
            text, place = self.lines[-1]
            self.lines[-1] = (text + piece, place)

    def handle_comment(self, data: str) -> None:
        self.asides.append(Aside(" ".join(data.split()), self._place(), "comment in the file"))

    def handle_pi(self, data: str) -> None:
        self.handle_data(data)

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def unknown_decl(self, data: str) -> None:
        self.handle_data(data)

    def _break(self) -> None:
        self.lines.append(("", self._place()))

    def _place(self) -> str:
        return f"line {self.first + self.getpos()[0] - 1}"
