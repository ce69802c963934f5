"""What is known of an event, and where from."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import EventError
from pipeline.ingest.events import DEFAULT_SESSIONS, EventFile, build_event, read_event_file
from pipeline.ingest.frontmatter import FrontMatter
from pipeline.ingest.sources import Source
from pipeline.records import Event, Session

SOURCE = Source("wen-dale_north", Path("wen-dale_north"), ())


def event_file(folder: Path, text: str | bytes) -> EventFile:
    path = folder / "event.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_event_file(path)


def event(given: EventFile | None = None, front: FrontMatter | None = None, seen: dict[str, tuple[str, str]] | None = None) -> Event:
    return build_event(SOURCE, given or EventFile(), front or FrontMatter(), seen or {})


def test_every_key_is_read(tmp_path: Path) -> None:
    given = event_file(
        tmp_path,
        "\ufefftitle: An evening\ndivision: Wendale\ndistricts: [Upper, Lower]\ndate: 2009-11-12\nvenue: Moot Hall\n"
        "participants: [Police, Fire]\nsessions:\n  - {id: 1, title: Worries, question: 'What worries you?'}\n",
    )
    assert event(given) == Event(
        id="wen-dale-north",
        title="An evening",
        division="Wendale",
        districts=("Upper", "Lower"),
        date="2009-11-12",
        venue="Moot Hall",
        participants=("Police", "Fire"),
        sessions=(Session("1", "Worries", "What worries you?"),),
    )


def test_participants_may_be_a_number(tmp_path: Path) -> None:
    told = event(event_file(tmp_path, "participants: 41\n"), FrontMatter(participants=["Police"], participant_count=12))
    assert (told.participants, told.participant_count) == (("Police",), 41)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_an_empty_file_says_nothing(tmp_path: Path, text: str) -> None:
    assert event_file(tmp_path, text) == EventFile()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(EventError) as raised:
        event_file(tmp_path, "tittle: x\ndistricts: 7\nsessions:\n  - {title: no id}\n  - {id: '2', colour: red}\n")
    message = str(raised.value)
    assert "event.yaml: 4 faults" in message
    assert all(f"'{key}'" in message for key in ("tittle", "districts", "sessions.0.id", "sessions.1.colour"))
    assert "title, division, districts, date, venue, participants, sessions" in message


@pytest.mark.parametrize("text", ["title: [", "a: b: c", b"title: \xff\xfe\x00", "title: 'open"])
def test_what_is_no_yaml_is_refused(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(EventError, match=r"event\.yaml: it is not valid YAML"):
        event_file(tmp_path, text)


@pytest.mark.parametrize("text", ["just words\n", "- a\n- list\n", "7\n"])
def test_yaml_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(EventError, match=r"event\.yaml"):
        event_file(tmp_path, text)


def test_the_file_comes_before_the_notes_and_the_notes_before_the_name() -> None:
    front = FrontMatter(title="Noted", division="Noted Dale", date="1 May 2009")
    told = event(EventFile(title="Given"), front)
    assert (told.title, told.division, told.date, told.venue) == ("Given", "Noted Dale", "1 May 2009", "")
    assert told.inferred == (
        "division 'Noted Dale' taken from the first lines of the notes",
        "date '1 May 2009' taken from the first lines of the notes",
        "venue not found",
    )
    assert event(front=front).title == "Noted"
    bare = event()
    assert (bare.title, bare.division) == ("wen dale north", "Wen dale north")
    assert bare.inferred[:2] == ("title 'wen dale north' taken from the name", "division 'Wen dale north' taken from the name")


def test_participants_of_the_notes_are_named_once() -> None:
    assert event(front=FrontMatter(participants=["Police", "Fire", "Police"])).participants == ("Police", "Fire")


def test_sessions_are_in_order_with_the_best_title_known() -> None:
    given = EventFile.model_validate({"sessions": [{"id": "2", "title": "Trust"}, {"id": "4"}]})
    seen = {
        "10": ("Workshop 10 – LAST WORDS", ""),
        "Plenary": ("", ""),
        "2": ("Session 2: noted", "Why?"),
        "3": ("Workshop 3", ""),
        "1": ("Session 1: what hurts us", "Q?"),
    }
    assert event(given, seen=seen).sessions == (
        Session("1", "What hurts us", "Q?"),
        Session("2", "Trust", "Why?"),
        Session("3", DEFAULT_SESSIONS["3"], ""),
        Session("4", "", ""),
        Session("10", "Last words", ""),
        Session("Plenary", "", ""),
    )
