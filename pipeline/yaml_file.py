"""YAML as people type it: the safe subset, of a size that people type, and with no key twice.

PyYAML would take the last of two keys in silence, and lets a few lines of aliases stand for more values than fit into memory.
Its loader on libyaml, which is ten times as fast, would end the process on lists a hundred thousand deep, so how deep they are is counted
first.
"""

from __future__ import annotations

import stat
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

BYTES = 2_000_000  # the bundled taxonomy has 100,000
DIGITS = 100  # of a whole number
VALUES = 200_000  # with every alias (*name) written out
DEPTH = 100  # of lists and mappings within each other

_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML may have been built without libyaml


class _OnceOnly(_Safe):  # type: ignore[misc]
    """PyYAML's safe loader, which also refuses a mapping with the same key twice (YAML 1.2.2, section 3.2.1.3)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        seen: dict[tuple[str, str], int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                if (key.tag, key.value) in seen:
                    twice = f"'{key.value}' stands twice, on lines {seen[key.tag, key.value]} and {line}; keep one"
                    raise yaml.constructor.ConstructorError(None, None, twice)
                seen[key.tag, key.value] = line
        made: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return made

    def get_single_node(self) -> yaml.Node | None:
        node: yaml.Node | None = super().get_single_node()
        if node is not None:
            _weigh(node, {})
        return node


def _weigh(node: yaml.Node, known: dict[int, int]) -> int:
    """Count the values of a document with its aliases written out; 0 marks one that is still being counted."""
    if (weight := known.get(id(node))) == 0:
        raise yaml.constructor.ConstructorError(None, None, f"the value on line {node.start_mark.line + 1} holds itself")
    if weight is not None:
        return weight
    known[id(node)] = 0
    if isinstance(node, yaml.ScalarNode):
        _check_scalar(node)
    inner = node.value if isinstance(node, yaml.CollectionNode) else []
    weight = 1 + sum(_weigh(one, known) for entry in inner for one in (entry if isinstance(entry, tuple) else (entry,)))
    if weight > VALUES:
        raise yaml.constructor.ConstructorError(None, None, f"it holds more than {VALUES:,} values, with aliases (*name) written out")
    known[id(node)] = weight
    return weight


def _check_depth(content: str | bytes) -> None:
    depth = 0
    for event in yaml.parse(content, _Safe):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH:
            raise yaml.YAMLError(f"its lists and mappings stand too deep within each other; at most {DEPTH} may")


def _check_scalar(node: yaml.ScalarNode) -> None:
    line = node.start_mark.line + 1
    if any("\ud800" <= sign <= "\udfff" for sign in node.value):
        raise yaml.constructor.ConstructorError(None, None, f"line {line} has half of a character (\\ud800 to \\udfff)")
    if node.tag == "tag:yaml.org,2002:int" and len(node.value) > DIGITS:
        raise yaml.constructor.ConstructorError(None, None, f"the number on line {line} has more than {DIGITS} digits; put it in quotes")


def yaml_bytes(path: Path) -> bytes:
    """The bytes of a YAML file.

    Raises
    ------
    OSError : it cannot be opened.
    yaml.YAMLError : it is no ordinary file, or larger than anyone types.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise yaml.YAMLError("it is a folder, a pipe or a device, and no file")
    if found.st_size > BYTES:
        raise yaml.YAMLError(f"it has {found.st_size:,} bytes; at most {BYTES:,} are read")
    return path.read_bytes()


def read_yaml(content: str | bytes) -> Any:
    """What a YAML document says.

    Raises
    ------
    yaml.YAMLError : it is no YAML, holds anything but plain values or too many of them, or has a key twice in one mapping.

    >>> read_yaml("label: Litter")
    {'label': 'Litter'}
    """
    try:
        _check_depth(content)
        return yaml.load(content, _OnceOnly)
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        # PyYAML's own errors on values such as 2011-13-40 or !!bool maybe.
        raise yaml.YAMLError(f"a value in it cannot be read ({' '.join(str(error).split())[:80]})") from error
