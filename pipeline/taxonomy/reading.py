"""A taxonomy file: what may stand in it, and every fault of it in words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError
from pydantic_core import PydanticCustomError

from pipeline.errors import TaxonomyError, listed
from pipeline.taxonomy.coded import read_coded_texts
from pipeline.taxonomy.faults import faults_of_the_whole, theme_place
from pipeline.taxonomy.records import Example, Taxonomy, Theme
from pipeline.yaml_file import read_yaml, yaml_bytes

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
# MAJOR.MINOR.PATCH, of which the later parts may be left out.
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+){0,2}")


def _filled(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "is blank; expected a text")
    return text


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise PydanticCustomError("code", "is '{text}'; expected letters, digits, '_', '.' and '-' only, no sign first", {"text": text})
    return text


def _version(text: str) -> str:
    if not _VERSION.fullmatch(text):
        raise PydanticCustomError("version", "is '{text}'; expected numbers as in 1.0.0", {"text": text})
    return text


_Text = Annotated[str, AfterValidator(_filled)]
_Code = Annotated[str, AfterValidator(_code)]
_Version = Annotated[str, AfterValidator(_version)]

# Names of the two forms of an example. They stand in the places that pydantic reports and are no part of the file.
_TEXT, _MAPPING = "an example that is a text", "an example with codes"


class _ExampleFile(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    text: _Text
    codes: list[str] = Field(min_length=1)


def _form_of_example(value: object) -> str:
    return _MAPPING if isinstance(value, dict | _ExampleFile) else _TEXT


_AnyExample = Annotated[Annotated[_Text, Tag(_TEXT)] | Annotated[_ExampleFile, Tag(_MAPPING)], Discriminator(_form_of_example)]


class _ThemeFile(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    code: _Code
    label: _Text
    definition: str = ""
    excludes: str = ""
    terms: list[_Text] = []
    ambiguous_terms: list[_Text] = []
    examples: list[_AnyExample] = []
    broader: str | None = None


class _TaxonomyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    name: _Text
    version: _Version
    coded_texts: list[_Text] = []
    themes: list[_ThemeFile] = Field(min_length=1)
    none_examples: list[_Text] = []


def load_taxonomy(path: Path) -> Taxonomy:
    """Read and check a taxonomy file.

    Raises
    ------
    TaxonomyError : it cannot be read, or has faults; all of them are listed at once.
    """
    try:
        data = yaml_bytes(path)
        loaded = read_yaml(data)
    except (OSError, yaml.YAMLError) as error:
        raise _fault(path, [f"it cannot be read ({' '.join(str(error).split())[:200]})"]) from error
    file: _TaxonomyFile | None = None
    faults: list[str] = []
    try:
        file = _TaxonomyFile.model_validate(loaded)
    except ValidationError as error:
        faults = [_in_words(fault, loaded) for fault in error.errors()]
    faults += faults_of_the_whole(loaded)
    coded, read, coded_faults = (
        read_coded_texts(file.coded_texts, path.parent, [theme.code for theme in file.themes]) if file else ((), b"", [])
    )
    faults += coded_faults
    if faults or file is None:
        raise _fault(path, faults)
    return Taxonomy(
        name=file.name,
        version=file.version,
        themes=tuple(_theme(theme) for theme in file.themes),
        none_examples=tuple(file.none_examples),
        sha256=hashlib.sha256(data + read).hexdigest(),
        coded_texts=coded,
    )


def _theme(theme: _ThemeFile) -> Theme:
    examples = tuple(
        Example(example, (theme.code,)) if isinstance(example, str) else Example(example.text, tuple(example.codes))
        for example in theme.examples
    )
    return Theme(
        code=theme.code,
        label=theme.label,
        definition=theme.definition,
        excludes=theme.excludes,
        terms=tuple(theme.terms),
        examples=examples,
        broader=theme.broader,
        ambiguous_terms=tuple(theme.ambiguous_terms),
    )


# What pydantic calls a fault, and what to say of it: what was wrong, and what was expected.
_SAID = {
    "missing": "is missing; expected {expected}",
    "string_type": "is {found}; expected a text",
    "list_type": "is {found}; expected a list",
    "too_short": "is an empty list; expected at least one entry",
    "model_type": "is {found}; expected lines 'key: value'",
}
_KEYS: dict[str | int, type[BaseModel]] = {"themes": _ThemeFile, "examples": _ExampleFile}
_LISTS = ("themes", "terms", "ambiguous_terms", "examples", "none_examples", "codes", "coded_texts")


def _in_words(fault: Any, loaded: Any) -> str:
    """One fault of form: the place in the file that a person can find, what was wrong, what was expected."""
    place = [part for part in fault["loc"] if part not in (_TEXT, _MAPPING)]
    if fault["type"] == "extra_forbidden":
        holder = next((_KEYS[part] for part in reversed(place[:-1]) if part in _KEYS), _TaxonomyFile)
        said = f"is no key that stands here; expected one of {', '.join(holder.model_fields)}"
    elif fault["type"] in _SAID:
        expected = "a list" if place and place[-1] in _LISTS else "a text"
        said = _SAID[fault["type"]].format(found=_kind(fault["input"]), expected=expected)
    else:
        said = fault["msg"]  # ours, but for what pydantic alone knows
    if len(place) >= 2 and place[0] == "themes" and isinstance(place[1], int):
        theme = loaded["themes"][place[1]]
        code = theme.get("code") if isinstance(theme, dict) else None
        return f"{theme_place(place[1] + 1, code)}, {_key(place[2:], 'theme')}: {said}"
    return f"{_key(place, 'the file')}: {said}"


def _key(place: Sequence[str | int], whole: str) -> str:
    """A place within a theme or a file: its keys, list entries counted from 1.

    >>> _key(["examples", 0, "codes"], "theme"), _key([], "theme")
    ("'examples' entry 1 'codes'", "'theme'")
    """
    return " ".join(f"entry {part + 1}" if isinstance(part, int) else f"'{part}'" for part in place) or f"'{whole}'"


def _kind(value: object) -> str:
    """What a YAML value is, in words.

    >>> _kind(None), _kind({}), _kind(True)
    ('nothing', "lines 'key: value'", 'a yes or no without quotes')
    """
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "lines 'key: value'"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "a yes or no without quotes"
    return f"'{str(value)[:40]}'"


def _fault(path: Path, faults: list[str]) -> TaxonomyError:
    return TaxonomyError(
        listed(faults),
        where=path.name,
        expected="name, version and a list of themes, each with at least a code and a label",
        do="mend the places named; the README shows a taxonomy file",
    )
