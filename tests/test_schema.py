"""A document is written without asking jsonschema only where jsonschema would accept it."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from test_store import made_result

from pipeline.settings import SCHEMAS
from pipeline.store import themes_document
from pipeline.store.schema import plainly_kept

THEMES = json.loads((SCHEMAS / "themes.schema.json").read_text("utf-8"))
DOCUMENT = themes_document(made_result())
_OTHERS = (None, True, False, 0, 1, -1, 2.5, 1.0, float("nan"), "", "a", "Urgent & Essential", [], ["a", "a"], [1], {}, {"a": 0})
OTHERS = st.sampled_from(_OTHERS)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every part of a document, as what it is in and its key or number there."""
    inside = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    return [(value, key) for key, _ in inside] + [place for _, part in inside for place in places(part)]


def test_what_a_run_writes_plainly_keeps_its_schema() -> None:
    assert plainly_kept(DOCUMENT, THEMES, THEMES)


@given(chance=st.randoms(use_true_random=False), other=OTHERS, gone=st.booleans())
@examples(max_examples=400, deadline=None)
def test_whatever_is_changed_in_a_document_it_plainly_keeps_its_schema_only_if_jsonschema_accepts_it(
    chance: random.Random, other: Any, gone: bool
) -> None:
    changed = copy.deepcopy(DOCUMENT)
    within, key = chance.choice(places(changed))
    if gone:
        del within[key]
    else:
        within[key] = other
    if plainly_kept(changed, THEMES, THEMES):
        jsonschema.Draft202012Validator(THEMES).validate(changed)


@pytest.mark.parametrize(
    ("asked", "kept", "broken"),
    [
        ({"type": ["integer", "null"]}, [1, None], [True, "1", 1.5, []]),
        ({"type": "number", "minimum": 0, "maximum": 1}, [0, 0.5, 1], [-0.1, 2, "1", False]),
        ({"enum": ["a", 1]}, ["a", 1], ["b", True, 2]),
        ({"const": "a"}, ["a"], ["b", None]),
        ({"minLength": 2}, ["ab", 1], ["a"]),
        ({"pattern": "^[0-9]{2}$"}, ["12", 1], ["1", "123"]),
        ({"minItems": 1}, [["a"], "a"], [[]]),
        ({"uniqueItems": True}, [["a", "b"], "aa"], [["a", "a"]]),
        ({"items": {"type": "string"}}, [["a"], [], 1], [["a", 1]]),
        ({"required": ["a"]}, [{"a": 1}, []], [{}, {"b": 1}]),
        ({"properties": {"a": {"type": "string"}}}, [{"a": ""}, {"b": 1}, 1], [{"a": 1}]),
        ({"properties": {"a": {}}, "additionalProperties": {"type": "string"}}, [{"a": 1, "b": ""}, 1], [{"b": 1}]),
        ({"additionalProperties": False}, [{}], [{"a": 1}]),
        ({"propertyNames": {"enum": ["a"]}}, [{"a": 1}, {}, 1], [{"b": 1}]),
        ({"allOf": [{"type": "string"}, {"minLength": 1}]}, ["a"], ["", 1]),
        ({"$defs": {"x": {"type": "string"}}, "$ref": "#/$defs/x"}, ["a"], [1]),
    ],
)
def test_each_rule_is_what_the_standard_says(asked: dict[str, Any], kept: list[Any], broken: list[Any]) -> None:
    judged = jsonschema.Draft202012Validator(asked)
    assert [value for value in kept if not (plainly_kept(value, asked, asked) and judged.is_valid(value))] == []
    assert [value for value in broken if plainly_kept(value, asked, asked) or judged.is_valid(value)] == []


def test_what_is_asked_in_words_that_are_not_known_here_is_not_plain() -> None:
    for asked in ({"oneOf": [{}]}, {"items": {"format": "date"}}, {"$ref": "https://example.org/x"}, {"$defs": {}, "$ref": "#/$defs/x"}):
        assert not plainly_kept(["a"], asked, asked)
