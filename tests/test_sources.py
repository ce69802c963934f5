"""Which files make up which event."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.ingest.sources import Source, about_beside, find_sources, lists_attendance, marks_of_name, slug


def made(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return root


def names(source: Source) -> list[str]:
    return [path.relative_to(source.root).as_posix() for path in source.files]


def test_a_folder_of_notes_is_one_event_with_all_beneath_it(tmp_path: Path) -> None:
    made(tmp_path / "wendale", "b.txt", "a.docx", "late/c.csv", "gold.csv", "README.md", "late/read me.txt", "event.yaml")
    (source,) = find_sources([tmp_path / "wendale"])
    assert (source.name, names(source)) == ("wendale", ["a.docx", "b.txt", "late/c.csv"])
    assert source.event_file == source.root / "event.yaml"
    assert {path.name: about_beside(path) for path in source.beside} == {
        "gold.csv": "coded answers to measure against",
        "README.md": "about the folder",
        "read me.txt": "about the folder",
        "event.yaml": "details of the event",
    }


def test_a_folder_of_folders_is_a_folder_of_events(tmp_path: Path) -> None:
    made(tmp_path, "2009/wendale/a.txt", "2009/saltmoor/a.txt", "README.md")
    assert [source.name for source in find_sources([tmp_path])] == ["saltmoor", "wendale"]


@pytest.mark.parametrize("folders", [("Session 1", "Session 2"), ("Table 1", "Grp 2"), ("wkshop1", "T4 confidence")])
def test_folders_named_after_sessions_or_tables_are_one_event(tmp_path: Path, folders: tuple[str, str]) -> None:
    made(tmp_path / "wendale", *(f"{folder}/notes.txt" for folder in folders))
    (source,) = find_sources([tmp_path / "wendale"])
    assert (source.name, len(source.files)) == ("wendale", 2)


def test_an_event_file_makes_a_folder_an_event(tmp_path: Path) -> None:
    made(tmp_path / "wendale", "EVENT.YML", "north/a.txt", "south/a.txt")
    (source,) = find_sources([tmp_path / "wendale"])
    assert (names(source), source.event_file) == (["north/a.txt", "south/a.txt"], source.root / "EVENT.YML")


@pytest.mark.parametrize("name", [".DS_Store", "~$notes.docx", "Thumbs.db", "desktop.ini", ".git/config"])
def test_clutter_is_passed_over(tmp_path: Path, name: str) -> None:
    made(tmp_path / "wendale", "a.txt", name)
    (source,) = find_sources([tmp_path / "wendale"])
    assert (names(source), source.beside) == (["a.txt"], ())


def test_an_empty_folder_holds_no_event(tmp_path: Path) -> None:
    (tmp_path / "wendale" / "deeper").mkdir(parents=True)
    assert find_sources([tmp_path]) == []


def test_a_file_by_itself_is_one_event(tmp_path: Path) -> None:
    made(tmp_path, "Wendale notes.csv", "other.txt")
    (source,) = find_sources([tmp_path / "Wendale notes.csv"])
    assert (source.name, source.id, names(source), source.event_file) == ("Wendale notes", "wendale-notes", ["Wendale notes.csv"], None)


def test_the_order_and_repetition_of_paths_do_not_matter(tmp_path: Path) -> None:
    made(tmp_path, "c/a.txt", "a/a.txt", "b.txt")
    paths = [tmp_path / "c", tmp_path / "a", tmp_path / "b.txt", tmp_path / "a" / ".." / "c"]
    found = [find_sources(order) for order in itertools.permutations(paths)]
    assert all(sources == found[0] for sources in found)
    assert [source.name for source in found[0]] == ["a", "b", "c"]


def test_a_missing_path_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"nowhere: there is no such file or folder"):
        find_sources([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("wkshp2_table4.docx", {"session": "2", "table": "4"}),
        ("Table 3 (Jo typing).docx", {"table": "3"}),
        ("S1-T2.txt", {"session": "1", "table": "2"}),
        ("Session 2 - good practice.xlsx", {"session": "2", "aspect": "good_practice"}),
        ("top priorities.csv", {"aspect": "top_priority"}),
        ("merevale residents.pdf", {"session": "3"}),
        ("confidence", {"session": "2"}),
        ("Oak table (Pauline).txt", {"table": "Oak"}),
        ("group4notes.pdf", {"table": "4"}),
        ("notes.txt", {}),
        ("typed up 2009.txt", {}),
    ],
)
def test_names_give_fields(name: str, values: dict[str, str]) -> None:
    assert marks_of_name(name) == values


@pytest.mark.parametrize(
    ("name", "listed"),
    [("attendance.txt", True), ("who came.xlsx", True), ("Sign-in sheet.csv", True), ("DELEGATES.docx", True), ("notes", False)],
)
def test_names_tell_an_attendance_list(name: str, listed: bool) -> None:
    assert lists_attendance(name) is listed


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=40))
def test_an_id_is_a_folder_name_and_its_own_id(text: str) -> None:
    made_of = slug(text)
    assert made_of
    assert set(made_of) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made_of.startswith("-")
    assert not made_of.endswith("-")
    assert slug(made_of) == made_of


def test_names_of_no_latin_letters_still_give_an_id() -> None:
    assert slug("дом") == slug("") == "event"
