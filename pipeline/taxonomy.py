"""The taxonomy: the themes that points are labelled with, read from a YAML file and checked as a whole."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import TaxonomyError, listed

_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")


@dataclass(frozen=True, slots=True)
class Example:
    """A point as people write it, with every code it carries."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of a taxonomy; everything but code and label may be empty."""

    code: str
    label: str
    definition: str = ""
    excludes: str = ""
    terms: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    broader: str | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A named, versioned list of themes, in file order.

    ``none_examples`` are points that belong to no theme; ``sha256`` is that of the file's bytes.
    """

    name: str
    version: str
    themes: tuple[Theme, ...]
    none_examples: tuple[str, ...] = ()
    sha256: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes in file order."""
        return tuple(theme.code for theme in self.themes)

    def label(self, code: str) -> str:
        """The label of a code."""
        return next(theme.label for theme in self.themes if theme.code == code)


class _ExampleFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1)
    codes: list[str] = Field(min_length=1)


class _ThemeFile(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    code: str
    label: str = Field(min_length=1)
    definition: str = ""
    excludes: str = ""
    terms: list[str] = []
    examples: list[str | _ExampleFile] = []
    broader: str | None = None


class _TaxonomyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    name: str = Field(min_length=1)
    version: str = Field(min_length=1)
    themes: list[_ThemeFile] = Field(min_length=1)
    none_examples: list[str] = []


def load_taxonomy(path: Path) -> Taxonomy:
    """Read and check a taxonomy file.

    Raises
    ------
    TaxonomyError : it cannot be read, or has faults; all of them are listed at once.
    """
    try:
        data = path.read_bytes()
        loaded = yaml.safe_load(data)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise _fault(path, [f"it cannot be read ({' '.join(str(error).split())[:200]})"]) from error
    try:
        file = _TaxonomyFile.model_validate(loaded)
    except ValidationError as error:
        raise _fault(path, [_in_words(fault, loaded) for fault in error.errors()]) from error
    faults = _faults(file)
    if faults:
        raise _fault(path, faults)
    return Taxonomy(
        file.name,
        file.version,
        tuple(_theme(theme) for theme in file.themes),
        tuple(file.none_examples),
        hashlib.sha256(data).hexdigest(),
    )


def _theme(theme: _ThemeFile) -> Theme:
    examples = tuple(
        Example(example, (theme.code,)) if isinstance(example, str) else Example(example.text, tuple(example.codes))
        for example in theme.examples
    )
    return Theme(theme.code, theme.label, theme.definition, theme.excludes, tuple(theme.terms), examples, theme.broader)


def _faults(file: _TaxonomyFile) -> list[str]:
    faults = []
    codes = [theme.code for theme in file.themes]
    known = set(codes)
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        faults.append(f"code '{code}' stands {codes.count(code)} times")
    for theme in file.themes:
        if not _CODE.match(theme.code):
            faults.append(f"code '{theme.code}' may hold only letters, digits, '_', '.' and '-'")
        if theme.broader is not None and theme.broader not in known:
            faults.append(f"theme '{theme.code}': broader '{theme.broader}' is no code of this taxonomy")
        for example in theme.examples:
            if isinstance(example, _ExampleFile):
                unknown = [code for code in example.codes if code not in known]
                if unknown:
                    faults.append(f"theme '{theme.code}': example '{example.text[:40]}' names unknown code '{unknown[0]}'")
    return faults + _cycles({theme.code: theme.broader for theme in file.themes})


def _cycles(broader: dict[str, str | None]) -> list[str]:
    faults = []
    reported: set[str] = set()
    for code in broader:
        path = [code]
        while (above := broader.get(path[-1])) is not None and above not in path:
            path.append(above)
        if above == code and code not in reported:
            reported.update(path)
            faults.append("broader goes round in a circle: " + " → ".join([*path, code]))
    return faults


def _in_words(fault: Any, loaded: Any) -> str:
    """One validation fault with the place in the file that a person can find."""
    place = list(fault["loc"])
    if len(place) >= 2 and place[0] == "themes" and isinstance(place[1], int):
        theme = loaded["themes"][place[1]]
        code = theme.get("code") if isinstance(theme, dict) else None
        where = f"theme {place[1] + 1}" + (f" ('{code}')" if code else "")
        return f"{where}, '{'.'.join(map(str, place[2:])) or 'theme'}': {fault['msg'].lower()}"
    return f"'{'.'.join(map(str, place)) or 'the file'}': {fault['msg'].lower()}"


def _fault(path: Path, faults: list[str]) -> TaxonomyError:
    return TaxonomyError(
        listed(faults),
        where=path.name,
        expected="name, version and a list of themes, each with at least a code and a label",
        do="mend the places named; the README shows a taxonomy file",
    )
