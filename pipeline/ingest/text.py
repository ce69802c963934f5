"""Plain text files (.txt) into blocks."""

from __future__ import annotations

from pathlib import Path

from pipeline.ingest.blocks import Document
from pipeline.ingest.encoding import decode, mend, remarks_on
from pipeline.ingest.lines import blocks_from_lines
from pipeline.ingest.long_texts import TEXT_CHARACTERS, too_long


def read(path: Path, source_file: str) -> Document:
    """Read typed text; locators are "line 4" or "lines 4-6".

    Raises
    ------
    ReadError : the file cannot be opened or is not text.
    """
    raw, encoding = decode(path.read_bytes(), source_file)
    text = mend(raw)
    lines = [(line, f"line {number}") for number, line in enumerate(text.split("\n"), 1)]
    asides = [too_long(line, place) for line, place in lines if len(line) > TEXT_CHARACTERS]
    short = [("" if len(line) > TEXT_CHARACTERS else line, place) for line, place in lines]
    return Document(source_file, tuple(blocks_from_lines(short)), tuple(asides), remarks_on(encoding, raw))
