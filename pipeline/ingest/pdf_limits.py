"""What keeps a PDF from unpacking, nesting or drawing without end: its streams and pages are counted before they are laid out.

pdfminer unpacks a stream whole, whatever comes out of it, and lays out every character and line of a page as an object of its own.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from typing import Any

from pdfminer import cmapdb, pdfdocument, pdffont, pdftypes, utils
from pdfminer.lzw import LZWDecoder, lzwdecode
from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.runlength import rldecode

from pipeline.errors import ReadError
from pipeline.ingest.limits import MEGABYTE, PDF_BYTES, PDF_CHARACTERS, PDF_PAGE_CHARACTERS, PDF_PAGE_SHAPES, PDF_PAGES, PDF_STEPS

_COUNTING = (cmapdb, pdfdocument, pdffont, utils)  # modules of pdfminer that count as far as a file tells them to
_RUN = 128  # bytes that two of a run-length stream can stand for


class PastLimit(Exception):  # noqa: N818
    """A limit was passed; ``args`` are what was found and what is expected."""


class _Unpacking:
    """Stands in for zlib and the decoders within pdfminer, and stops when a file has unpacked to too much."""

    error = zlib.error
    decompressobj = staticmethod(zlib.decompressobj)

    def __init__(self) -> None:
        self.left, self.steps_left = PDF_BYTES, PDF_STEPS

    def decompress(self, data: bytes) -> bytes:
        """Unpack a stream; of a damaged one what comes before the damage."""
        unpacker = zlib.decompressobj()
        out: list[bytes] = []
        try:
            while data and not unpacker.eof:
                out.append(unpacker.decompress(data, MEGABYTE))
                self._count(len(out[-1]))
                if not out[-1] and unpacker.unconsumed_tail == data:
                    break
                data = unpacker.unconsumed_tail
        except zlib.error:
            out += self._as_far_as_it_goes(data) if not out else []
        return b"".join(out)

    def _as_far_as_it_goes(self, data: bytes) -> Iterator[bytes]:
        unpacker = zlib.decompressobj()
        for at in range(len(data)):
            try:
                piece = unpacker.decompress(data[at : at + 1])
            except zlib.error:
                return
            self._count(len(piece))
            yield piece

    def range(self, *bounds: int) -> Sequence[int]:
        """Stand in for ``range``: a font can ask for the width of every number up to 10,000,000,000."""
        numbers = range(*bounds)
        self.steps_left -= max(0, (numbers.stop - numbers.start) // numbers.step)
        if self.steps_left < 0:
            raise PastLimit("it asks for endless counting, in its fonts or its list of contents", "a PDF of typed notes")
        return numbers

    def lzw(self, data: bytes) -> bytes:
        out = []
        for piece in LZWDecoder(BytesIO(data)).run():
            self._count(len(piece))
            out.append(piece)
        return b"".join(out)

    def run_length(self, data: bytes) -> bytes:
        if len(data) * _RUN / 2 > self.left:
            self._count(self.left + 1)
        out: bytes = rldecode(data)
        self._count(len(out))
        return out

    def _count(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise PastLimit(f"it unpacks to more than {PDF_BYTES // MEGABYTE} MB", "a PDF of typed notes")


@contextmanager
def bounded_unpacking() -> Iterator[None]:
    """Within it, pdfminer unpacks no more than ``PDF_BYTES`` of one file, and counts no further than ``PDF_STEPS``.

    pdfminer has no setting for either, so names that it looks up are replaced for the while.
    """
    bounded = _Unpacking()
    vars(pdftypes).update(zlib=bounded, lzwdecode=bounded.lzw, rldecode=bounded.run_length)
    for module in _COUNTING:
        vars(module)["range"] = bounded.range
    try:
        yield
    finally:
        vars(pdftypes).update(zlib=zlib, lzwdecode=lzwdecode, rldecode=rldecode)
        for module in _COUNTING:
            vars(module)["range"] = range


@contextmanager
def without_warnings() -> Iterator[None]:
    """Within it, pdfminer keeps its remarks on how a PDF is made to itself; a bad one can draw thousands."""
    logger = logging.getLogger("pdfminer")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


class Counter(PDFDevice):
    """Counts what the pages of one file would draw, without laying any of it out."""

    def __init__(self, manager: Any) -> None:
        super().__init__(manager)
        self.total = self.characters = self.shapes = 0

    def count_page(self, page: PDFPage, number: int) -> None:
        """Go through a page.

        Raises
        ------
        PastLimit : it holds, or all so far hold, more than any page of notes.
        """
        self.number, self.characters, self.shapes = number, 0, 0
        PDFPageInterpreter(self.rsrcmgr, self).process_page(page)

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        del textstate, ncs, graphicstate
        found = sum(len(piece) for piece in seq if isinstance(piece, bytes))
        self.characters += found
        self.total += found
        if self.characters > PDF_PAGE_CHARACTERS * 2 or self.total > PDF_CHARACTERS * 2:  # a character may be two bytes
            raise PastLimit(f"there is more text on it, down to page {self.number}, than on pages of notes", "a PDF of typed notes")

    def paint_path(self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        del graphicstate, stroke, fill, evenodd
        self._draw(1 + len(path))

    def begin_figure(self, name: str, bbox: Any, matrix: Any) -> None:
        del name, bbox, matrix
        self._draw(1)

    def _draw(self, shapes: int) -> None:
        self.shapes += shapes
        if self.shapes > PDF_PAGE_SHAPES:
            raise PastLimit(
                f"page {self.number} draws more than {PDF_PAGE_SHAPES:,} lines and shapes", "pages of typed notes, without maps or plans"
            )


def check_pages(document: Any, manager: Any) -> None:
    """Count a file's pages and what they draw.

    Raises
    ------
    PastLimit : there are too many, or one holds too much.
    """
    pages = list(islice(PDFPage.create_pages(document), PDF_PAGES + 1))
    if len(pages) > PDF_PAGES:
        raise PastLimit(f"it has more than {PDF_PAGES:,} pages", "a PDF of typed notes")
    counter = Counter(manager)
    for number, page in enumerate(pages, 1):
        counter.count_page(page, number)


def past_limit(error: BaseException, source_file: str) -> ReadError | None:
    """The limit that an error of pdfminer or pdfplumber comes from, as an error of ours; None if it comes from none."""
    seen: BaseException | None = error
    while seen is not None:
        for cause in (seen, *seen.args):
            if isinstance(cause, PastLimit):
                what, expected = cause.args
                return ReadError(
                    what, where=source_file, expected=expected, do="print only the pages with notes to a new PDF, or type the notes up"
                )
        seen = seen.__cause__ or seen.__context__
    return None
