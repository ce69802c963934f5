"""Settings: what can be set, within what, and all that is wrong told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.errors import SettingsError
from pipeline.settings import MODELS, RESOURCES, SCHEMAS, Settings, load_settings


def settings_file(folder: Path, content: str) -> Path:
    path = folder / "settings.yaml"
    path.write_text(content, "utf-8")
    return path


def test_without_a_file_the_defaults_hold() -> None:
    assert load_settings(None) == Settings()
    assert Settings().taxonomy_path == RESOURCES / "community-safety.yaml"
    assert Settings().glossary_path == RESOURCES / "glossary.yaml"


def test_the_bundled_files_are_there() -> None:
    for path in (Settings().taxonomy_path, Settings().glossary_path, MODELS / "manifest.json", SCHEMAS / "themes.schema.json"):
        assert path.is_file()


def test_a_file_sets_and_what_is_given_wins(tmp_path: Path) -> None:
    path = settings_file(tmp_path, "seed: 5\nmax_codes: 2\ntaxonomy: mine.yaml\n")
    found = load_settings(path, seed=7, max_codes=None)
    assert (found.seed, found.max_codes, found.quotes_per_theme) == (7, 2, Settings().quotes_per_theme)
    assert found.taxonomy_path == Path("mine.yaml")


def test_a_zero_given_counts_as_given(tmp_path: Path) -> None:
    assert load_settings(settings_file(tmp_path, "seed: 5\nno_match_from: 0.3\n"), seed=0, no_match_from=0.0) == Settings(no_match_from=0.0)


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert load_settings(settings_file(tmp_path, "# nothing yet\n")) == Settings()


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    path = settings_file(tmp_path, "seed: -1\nmax_codes: 0\nlabel_threshold: 1.5\ncolour: red\nquotes_per_theme: many\n")
    with pytest.raises(SettingsError) as raised:
        load_settings(path)
    assert raised.value.what.startswith("5 faults: ")
    for name in ("seed", "max_codes", "label_threshold", "colour", "quotes_per_theme"):
        assert f"'{name}'" in raised.value.what
    assert raised.value.where == str(path)
    assert all(name in raised.value.expected for name in Settings.model_fields)


@pytest.mark.parametrize(
    ("name", "within", "outside"),
    [
        ("label_threshold", [0.01, 0.99], [0, 1, -0.1]),
        ("no_match_from", [0, 1], [-0.1, 1.1]),
        ("max_codes", [1, 10], [0, 11, 1.5]),
        ("quotes_per_theme", [0, 20], [-1, 21]),
        ("seed", [0, 99], [-1, "x"]),
    ],
)
def test_each_number_has_its_bounds(name: str, within: list[float], outside: list[object]) -> None:
    for value in within:
        assert getattr(load_settings(None, **{name: value}), name) == value
    for value in outside:
        with pytest.raises(SettingsError, match=f"settings given: '{name}'"):
            load_settings(None, **{name: value})


@pytest.mark.parametrize("content", ["- a\n- b\n", "words only\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(SettingsError, match="it is not a list of 'setting: value' lines"):
        load_settings(settings_file(tmp_path, content))


@pytest.mark.parametrize("content", [b"seed: [", b"\xff\xfe\x81"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.yaml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"settings\.yaml: the settings cannot be read"):
        load_settings(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"gone\.yaml"):
        load_settings(tmp_path / "gone.yaml")


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValidationError):
        Settings().seed = 3


def test_a_settings_file_that_no_one_typed_is_refused(tmp_path: Path) -> None:
    path = settings_file(tmp_path, "seed: 1\n" + "# padding\n" * 250_000)
    with pytest.raises(SettingsError, match="at most 2,000,000 are read"):
        load_settings(path)
    with pytest.raises(SettingsError, match="it is a folder"):
        load_settings(tmp_path)
