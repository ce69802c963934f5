"""YAML as people type it: the safe subset, and a key that stands twice is a fault, where PyYAML would take the last in silence."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml


class _OnceOnly(yaml.SafeLoader):
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
        return super().construct_mapping(node, deep=deep)


def read_yaml(content: str | bytes) -> Any:
    """What a YAML document says.

    Raises
    ------
    yaml.YAMLError : it is no YAML, holds anything but plain values, or has a key twice in one mapping.

    >>> read_yaml("label: Litter")
    {'label': 'Litter'}
    """
    return yaml.load(content, _OnceOnly)
