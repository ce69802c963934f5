"""Abbreviations written out, for embedding and matching; the text shown stays as typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

from pipeline.errors import SettingsError, listed
from pipeline.yaml_file import read_yaml, yaml_bytes


class Expanded(NamedTuple):
    """A text with its abbreviations written out, and where each stood.

    ``pieces`` are (start, end, typed start, typed end) of every abbreviation, in characters of the text written out and of
    the text as typed, in order.
    """

    text: str
    pieces: tuple[tuple[int, int, int, int], ...]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Where characters ``start`` to ``end`` come from in the text as typed; part of an abbreviation is all of it.

        >>> Glossary({}, {"asb": "anti-social behaviour"}).expand("more ASB here").typed(10, 16)
        (5, 8)
        """
        first = last = None
        shift_first = shift_last = 0
        for begin, stop, typed_begin, typed_stop in self.pieces:
            if begin <= start < stop:
                first = typed_begin
            if begin < end <= stop:
                last = typed_stop
            if stop <= start:
                shift_first = typed_stop - stop
            if stop <= end:
                shift_last = typed_stop - stop
        return (start + shift_first if first is None else first, end + shift_last if last is None else last)


@dataclass(frozen=True)
class Glossary:
    """Abbreviations and what they stand for.

    ``exact`` are matched only with their capitals (IT, US); ``folded`` in any case. Keys of ``folded`` are lower case.
    """

    exact: dict[str, str]
    folded: dict[str, str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches any abbreviation standing as a word of its own, with an optional plural s."""
        return _compiled(tuple(sorted({*self.exact, *self.folded})))

    def expand(self, text: str) -> Expanded:
        """Write every abbreviation out.

        >>> Glossary({}, {"asb": "anti-social behaviour", "w/": "with"}).expand("ASB w/ YPs").text
        'anti-social behaviour with YPs'
        """
        parts, pieces, at, length = [], [], 0, 0
        for match in self.pattern.finditer(text):
            full = self.exact.get(match["short"]) or self.folded.get(match["short"].lower())
            if full is None:
                continue
            full = f"{full}s" if match["plural"] and not full.endswith("s") else full
            before = text[at : match.start()]
            length += len(before)
            pieces.append((length, length + len(full), match.start(), match.end()))
            length += len(full)
            parts += [before, full]
            at = match.end()
        return Expanded("".join([*parts, text[at:]]), tuple(pieces))


@lru_cache(maxsize=8)
def _compiled(keys: tuple[str, ...]) -> re.Pattern[str]:
    if not keys:
        return re.compile(r"(?!)(?P<short>)(?P<plural>)")
    longest_first = "|".join(re.escape(key) for key in sorted(keys, key=lambda key: (-len(key), key)))
    return re.compile(rf"(?<![\w'’])(?P<short>{longest_first})(?P<plural>['’]?s)?(?![\w'’])", re.IGNORECASE)


def load_glossary(path: Path) -> Glossary:
    """Read a glossary file: ``ABBR: expansion``, or ``IT: {expansion: …, case: true}``.

    Raises
    ------
    SettingsError : it is no mapping, or entries are not of that form; all faults at once.
    """
    try:
        return _glossary(yaml_bytes(path), str(path))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"the glossary cannot be read ({' '.join(str(error).split())[:160]})",
            where=str(path),
            expected="a YAML file of lines 'ABBR: expansion'",
            do="mend the file or the setting 'glossary'",
        ) from error


@lru_cache(maxsize=2)
def _glossary(data: bytes, where: str) -> Glossary:
    """What a glossary file says: once for all who ask, as long as its bytes stay the same."""
    entries = read_yaml(data.decode("utf-8"))
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    faults: list[str] = []
    for key, value in (entries if isinstance(entries, dict) else {"the file": None}).items():
        if isinstance(value, dict) and isinstance(value.get("expansion"), str):
            (exact if value.get("case") else folded)[str(key) if value.get("case") else str(key).lower()] = value["expansion"]
        elif isinstance(value, str):
            folded[str(key).lower()] = value
        else:
            faults.append(f"'{key}' has no expansion")
    if faults:
        raise SettingsError(
            listed(faults), where=where, expected="'ABBR: expansion' or 'ABBR: {expansion: …, case: true}'", do="mend those lines"
        )
    return Glossary(exact, folded)
