"""YAML files: a key that stands twice is a fault wherever people type YAML."""

from __future__ import annotations

from importlib import reload
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline import yaml_file
from pipeline.errors import ThemesError
from pipeline.glossary import load_glossary
from pipeline.ingest.events import read_event_file
from pipeline.settings import load_settings
from pipeline.taxonomy import load_taxonomy
from pipeline.yaml_file import read_yaml

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_what_is_written_is_read_back(value: object) -> None:
    assert read_yaml(yaml.safe_dump(value)) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: 2\na: 3\n", "'a' stands twice, on lines 1 and 3"),
        ("{a: 1, a: 1}", "'a' stands twice, on lines 1 and 1"),
        ("themes:\n- code: x\n  terms: [y]\n  terms: [z]\n", "'terms' stands twice, on lines 3 and 4"),
    ],
)
def test_a_key_twice_is_a_fault_with_both_lines(text: str, told: str) -> None:
    with pytest.raises(yaml.YAMLError, match=told):
        read_yaml(text)


def test_the_same_key_in_two_mappings_is_none_and_merging_still_works() -> None:
    assert read_yaml("[{a: 1}, {a: 2}]") == [{"a": 1}, {"a": 2}]
    assert read_yaml("x: &x {a: 1, b: 1}\ny:\n  <<: *x\n  a: 2\n")["y"] == {"a": 2, "b": 1}
    assert read_yaml("1: whole\n'1': text\n") == {1: "whole", "1": "text"}


def test_anything_but_plain_values_is_refused() -> None:
    with pytest.raises(yaml.YAMLError):
        read_yaml("!!python/object/apply:os.getcwd []")


@pytest.mark.parametrize("read", [load_settings, load_glossary, load_taxonomy, read_event_file])
def test_every_file_that_people_type_tells_it(tmp_path: Path, read: object) -> None:
    path = tmp_path / "typed.yaml"
    path.write_text("name: one\nversion: 1\nname: two\n")
    with pytest.raises(ThemesError, match="'name' stands twice, on lines 1 and 3") as raised:
        read(path)  # type: ignore[operator]
    assert "typed.yaml" in str(raised.value)


@pytest.mark.parametrize(
    "text",
    ["[" * 101 + "]" * 101, "[" * 100_000, "- " * 100_000, "{a: " * 100_000, "".join(" " * deep + "a:\n" for deep in range(200))],
    ids=["one too many", "lists", "lists of lines", "mappings", "mappings of lines"],
)
def test_lists_and_mappings_too_deep_within_each_other_are_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError, match="too deep within each other; at most 100 may"):
        read_yaml(text)


def test_a_hundred_lists_within_each_other_are_read() -> None:
    value = read_yaml("[" * 100 + "]" * 100)
    for _ in range(99):
        (value,) = value
    assert value == []


def test_a_loader_without_libyaml_reads_and_refuses_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CSafeLoader", "CParser"):
        monkeypatch.delattr(yaml, name, raising=False)
    plain = reload(yaml_file)
    try:
        assert plain._Safe is yaml.SafeLoader
        assert plain.read_yaml("a: [1, 'x']\n") == {"a": [1, "x"]}
        for text, told in (("{a: 1, a: 1}", "'a' stands twice"), ("[" * 101 + "]" * 101, "too deep within each other")):
            with pytest.raises(yaml.YAMLError, match=told):
                plain.read_yaml(text)
    finally:
        monkeypatch.undo()
        reload(yaml_file)
