"""What ``python -m tests.fuzz`` begins with and what it ever found: every reader bears it, no word is lost and every error says where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fuzz.__main__ import FOUND, KINDS
from tests.fuzz.reading import PARTS, packed, read_bytes, small, unpacked

WRITTEN = {path.name: (path.name.split("-")[0], path.read_bytes()) for path in sorted(FOUND.glob("*-*"))}
SMALL = {f"{kind}-{number}": (kind, data) for kind in KINDS for number, data in enumerate(small(kind))}
# Cut in half and with one byte in twenty changed: what the fuzzer does first.
CHANGED = {
    f"{name}-{how}": (kind, change(data))
    for name, (kind, data) in SMALL.items()
    for how, change in {
        "half": lambda data: data[: len(data) // 2],
        "holes": lambda data: bytes(byte if at % 20 else (byte * 7 + at) % 256 for at, byte in enumerate(data)),
    }.items()
    if len(data) < 20_000
}


@pytest.mark.parametrize("name", [name for name in SMALL if not name.startswith("yaml")])
def test_what_the_fuzzer_begins_with_can_be_read(name: str, tmp_path: Path) -> None:
    assert read_bytes(*SMALL[name], tmp_path) == ""


@pytest.mark.parametrize("name", [*WRITTEN, *CHANGED])
def test_a_reader_bears_whatever_the_fuzzer_gives_it(name: str, tmp_path: Path) -> None:
    told = read_bytes(*(WRITTEN | CHANGED)[name], tmp_path)
    assert told == "" or re.search(r"n\.|it is broken", told)


@pytest.mark.parametrize("kind", PARTS)
def test_a_part_of_an_office_file_is_put_where_it_was_taken_from(kind: str) -> None:
    for part in small(kind):
        changed = part.replace(b"dog mess", b"rats")
        assert changed in unpacked(kind, packed(kind, changed))
