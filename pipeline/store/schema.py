"""Schemas: whether a document keeps its published JSON Schema, found out quickly where nothing is wrong.

jsonschema says what is wrong, and knows all that a schema can ask; but it takes ten times as long, and more to import. So it is asked
only where a document does not plainly keep its schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "null": (type(None),), "array": (list,),
    "object": (dict,),
}  # fmt: skip
_DEFINED = "#/$defs/"
_Schema = dict[str, Any]
# Given a value, what a keyword asks, the schema it stands in, and the whole schema.
_Rule = Callable[[Any, Any, _Schema, _Schema], bool]


def plainly_kept(value: Any, schema: _Schema, whole: _Schema) -> bool:
    """Whether a value of a JSON document surely keeps a schema (draft 2020-12); False where it does not, or where that is not plain.

    Parameters
    ----------
    value : None, a truth value, a number, a text, or a list or dict of such.
    schema : what it is held against.
    whole : the schema that this one is part of, which has the definitions.

    >>> asked = {"type": "array", "items": {"type": "string", "minLength": 1}}
    >>> [plainly_kept(value, asked, asked) for value in (["a"], [], [""], "a", ["a", 1])]
    [True, True, False, False, False]
    """
    return all(keyword in _RULES and _RULES[keyword](value, asked, schema, whole) for keyword, asked in schema.items())


def _says_nothing(*_: Any) -> bool:
    return True


def _type(value: Any, asked: str | list[str], schema: _Schema, whole: _Schema) -> bool:
    return any(type(value) in _TYPES[name] for name in ([asked] if isinstance(asked, str) else asked))


def _one_of_these(value: Any, asked: list[Any], schema: _Schema, whole: _Schema) -> bool:
    return any(type(value) is type(one) and value == one for one in asked)


def _distinct(value: Any, *_: Any) -> bool:
    return not isinstance(value, list) or (all(isinstance(item, str) for item in value) and len(set(value)) == len(value))


def _defined(value: Any, asked: str, schema: _Schema, whole: _Schema) -> bool:
    name = asked.removeprefix(_DEFINED)
    return asked.startswith(_DEFINED) and name in whole["$defs"] and plainly_kept(value, whole["$defs"][name], whole)


def _properties(value: Any, asked: dict[str, _Schema], schema: _Schema, whole: _Schema) -> bool:
    return not isinstance(value, dict) or all(plainly_kept(value[name], of, whole) for name, of in asked.items() if name in value)


def _others(value: Any, asked: Any, schema: _Schema, whole: _Schema) -> bool:
    """Of the properties that the schema does not name."""
    others = value.keys() - schema.get("properties", {}).keys() if isinstance(value, dict) else set()
    return not others or (isinstance(asked, dict) and all(plainly_kept(value[name], asked, whole) for name in others))


# A value that a rule is not about keeps it.
_RULES: dict[str, _Rule] = {
    **dict.fromkeys(("$schema", "$id", "$defs", "title", "description"), _says_nothing),
    "type": _type,
    "enum": _one_of_these,
    "const": lambda value, asked, schema, whole: _one_of_these(value, [asked], schema, whole),
    "minimum": lambda value, asked, *_: not isinstance(value, int | float) or value >= asked,
    "maximum": lambda value, asked, *_: not isinstance(value, int | float) or value <= asked,
    "minLength": lambda value, asked, *_: not isinstance(value, str) or len(value) >= asked,
    "pattern": lambda value, asked, *_: not isinstance(value, str) or re.search(asked, value) is not None,
    "minItems": lambda value, asked, *_: not isinstance(value, list) or len(value) >= asked,
    "uniqueItems": _distinct,
    "items": lambda value, asked, _, whole: not isinstance(value, list) or all(plainly_kept(item, asked, whole) for item in value),
    "required": lambda value, asked, *_: not isinstance(value, dict) or all(name in value for name in asked),
    "properties": _properties,
    "additionalProperties": _others,
    "propertyNames": lambda value, asked, _, whole: not isinstance(value, dict) or all(plainly_kept(name, asked, whole) for name in value),
    "$ref": _defined,
    "allOf": lambda value, asked, _, whole: all(plainly_kept(value, part, whole) for part in asked),
}
