"""What the office asks for by name, what is written of what was replaced, and everything of an event that was typed."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from note_tables import dropped_texts, raw_notes, redacted
from typer.testing import CliRunner

from benchmarks.redaction import RESULTS, SETS, figures, read_coded
from pipeline.cli import app
from pipeline.cli.telling import COULD_NOT_RUN
from pipeline.errors import SettingsError
from pipeline.labelling import label_file
from pipeline.records import Event, FileRead, Session
from pipeline.redact import DETAIL_COLUMNS, redact, redact_texts
from pipeline.run import run_events
from pipeline.settings import Settings
from pipeline.tokenise import tokenise

TEXTS = ["Ring Mrs Hall and Jean Reed", "Doris, 78", "Grimble was there", "hall closed"]


def listed(path: Path, *names: str) -> Path:
    path.write_text("\n".join(names) + "\n", "utf-8")
    return path


def test_names_to_keep_are_kept_whole_and_whatever_their_capitals(tmp_path: Path) -> None:
    keep = Settings(keep_names=listed(tmp_path / "keep.txt", "# the chair", "Mrs Hall", "", "doris"))
    assert redact_texts(TEXTS, keep) == ["Ring Mrs Hall and [PERSON 1]", "Doris, 78", "Grimble was there", "hall closed"]
    part = Settings(keep_names=listed(tmp_path / "part.txt", "Reed"))
    assert redact_texts(["Jean Reed"], part) == ["[PERSON 1]"]


def test_names_to_redact_are_replaced_wherever_they_stand_as_whole_words(tmp_path: Path) -> None:
    also = Settings(redact_also=listed(tmp_path / "also.txt", "grimble", "Old Tom"))
    assert redact_texts(["GRIMBLE rang", "Grimbles", "old  tom of the weir"], also) == [
        "[PERSON 1] rang",
        "Grimbles",
        "[PERSON 2] of the weir",
    ]


def test_a_name_on_both_lists_is_replaced(tmp_path: Path) -> None:
    both = Settings(keep_names=listed(tmp_path / "keep.txt", "Doris"), redact_also=listed(tmp_path / "also.txt", "Doris"))
    assert redact_texts(["Doris, 78"], both) == ["[PERSON 1], 78"]


@pytest.mark.parametrize("setting", ["keep_names", "redact_also"])
def test_a_list_that_is_not_there_is_told_before_anything_is_read(setting: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("- litter\n")
    (tmp_path / "notes.csv").write_text("text\nlitter\n")
    settings = Settings.model_validate({setting: tmp_path / "missing.txt"})
    expected = rf"setting {setting} \(--{setting.replace('_', '-')}\): .*missing.txt: the list of names cannot be read .*one name a line"
    with pytest.raises(SettingsError, match=expected):
        run_events([tmp_path / "notes.txt"], tmp_path / "out", settings)
    with pytest.raises(SettingsError, match=expected):
        label_file(tmp_path / "notes.csv", tmp_path / "out.csv", settings)
    assert not (tmp_path / "out").exists()


def test_the_commands_take_the_lists_and_tell_of_one_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("text\nlitter\n")
    for command in (["run", str(tmp_path / "notes.csv")], ["label", str(tmp_path / "notes.csv")]):
        for option in ("--keep-names", "--redact-also"):
            given = [*command, "--out", str(tmp_path / "out.csv"), option, str(tmp_path / "missing.txt")]
            told = CliRunner().invoke(app, given)
            assert told.exit_code == COULD_NOT_RUN
            assert f"({option})" in told.output
    assert not (tmp_path / "out.csv").exists()


def test_everything_typed_of_an_event_is_redacted_with_the_numbers_of_its_notes() -> None:
    event = Event(
        id="evening",
        title="Evening with Jean Reed",
        division="Weir",
        venue="ring 01632 960188",
        participants=("Jean Reed", "Burnley Borough Council"),
        sessions=(Session("1", "Doris and friends", "What does Doris need?"),),
        inferred=("date from 'Jean Reed 3 May.docx'",),
    )
    files = (
        FileRead("notes_jean-reed.docx", "read"),
        FileRead("Jean Reed.pdf", "not read", remarks=("Jean Reed.pdf: the file is empty.",)),
    )
    rows = raw_notes("Doris rang", source_file="notes_jean-reed.docx", source_locator="Jean Reed!B2")
    redacted = redact(rows, dropped_texts("Jean Reed"), event, files)
    assert redacted.notes.loc[0, ["text", "source_file", "source_locator"]].tolist() == [
        "[PERSON 1] rang",
        "notes_[PERSON 2].docx",
        "[PERSON 2]!B2",
    ]
    assert redacted.event.participants == ("[PERSON 2]", "Burnley Borough Council")
    assert redacted.files[1].remarks == ("[PERSON 2].pdf: the file is empty.",)
    told = json.dumps([asdict(redacted.event), [asdict(file) for file in redacted.files]]) + redacted.dropped.to_csv()
    assert not re.search("jean|reed|doris|960188", told, re.IGNORECASE)


def test_details_say_what_each_placeholder_stands_for_and_where() -> None:
    rows = raw_notes("Doris rang 01632 960145", "Doris again", {"text": "litter", "heading": "Doris"})
    details = redact(rows, dropped_texts(), Event("e", "", "")).details
    assert details.columns.tolist() == list(DETAIL_COLUMNS)
    assert details.to_numpy().tolist() == [
        ["PERSON", "[PERSON 1]", "Doris", "notes.txt", "line 1"],
        ["PERSON", "[PERSON 1]", "Doris", "notes.txt", "line 2"],
        ["PERSON", "[PERSON 1]", "Doris", "notes.txt", "line 3"],
        ["PHONE", "[PHONE 1]", "01632 960145", "notes.txt", "line 1"],
    ]


def test_what_was_replaced_is_written_only_on_request(tmp_path: Path) -> None:
    notes = tmp_path / "evening" / "flip chart Jean Reed.txt"
    notes.parent.mkdir()
    notes.write_text("Table 1\n- Jean Reed says litter by the weir\n- ring Doris on 01632 960145\n", "utf-8")
    (kept,) = run_events([notes.parent], tmp_path / "out", Settings(keep_redactions=True))
    with (kept.folder / "redactions.csv").open(encoding="utf-8", newline="") as file:
        assert {(row["placeholder"], row["original"]) for row in csv.DictReader(file)} == {
            ("[PERSON 1]", "Doris"), ("[PERSON 2]", "Jean Reed"), ("[PHONE 1]", "01632 960145"),
        }  # fmt: skip
    (plain,) = run_events([notes.parent], tmp_path / "out", Settings())
    assert not (plain.folder / "redactions.csv").exists()
    for path in plain.folder.iterdir():
        assert not re.search(rb"jean|reed|doris|960145", path.read_bytes(), re.IGNORECASE), path.name
    assert json.loads((plain.folder / "run.json").read_text("utf-8"))["redactions"] == {"PERSON": 2, "PHONE": 1}


def test_points_are_cut_from_redacted_text() -> None:
    rows = raw_notes("litter by 12 Mill Lane. Doris is scared. Ring Mrs Hall on 01632 960145")
    notes, _, _ = redacted(rows, dropped_texts())
    points, _ = tokenise(notes, Settings())
    text = notes.loc[0, "text"]
    assert text == "litter by [ADDRESS 1]. [PERSON 1] is scared. Ring Mrs [PERSON 2] on [PHONE 1]"
    assert [text[start:end] for start, end in zip(points["start"], points["end"], strict=True)] == points["text"].tolist()
    assert len(points) == 3


@pytest.mark.parametrize("name", SETS)
def test_the_coded_notes_are_as_many_and_as_mixed_as_is_said(name: str) -> None:
    notes = read_coded(name)
    assert len(notes) >= 250
    assert sum(len(note.gold) for note in notes) >= 300
    assert 0.10 <= sum(not note.gold for note in notes) / len(notes) <= 0.55
    assert len({note.text for note in notes}) == len(notes)


@pytest.mark.parametrize("name", SETS)
def test_the_figures_on_record_are_those_of_the_rules(name: str) -> None:
    recorded = json.loads(RESULTS.read_text("utf-8"))[name]
    assert figures(read_coded(name)) == recorded, "python -m benchmarks.redaction writes them anew"
