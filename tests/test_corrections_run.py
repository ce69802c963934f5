"""Corrections in whole runs of a small event, which is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from office import ROWS, SPEEDING, Found, Office

import pipeline.run
from pipeline.corrections import Verdict
from pipeline.corrections.ledger_end import end_file
from pipeline.embed import load_encoder
from pipeline.errors import ReadError
from pipeline.label import Labeller
from pipeline.run import run_events
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy


@pytest.fixture
def office(tmp_path: Path, labeller: Labeller, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(pipeline.run, "load_models", lambda settings, progress=None: (load_encoder(), labeller))
    return Office(tmp_path)


def test_a_correction_is_in_every_later_run_and_the_themes_are_counted_with_it(office: Office) -> None:
    before = office.run()
    assert (before.point(SPEEDING)["codes"], before.told) == ("road_safety", ())
    office.code(SPEEDING, "asb")
    for _ in range(2):
        after = office.run()
        point = after.point(SPEEDING)
        assert (point["codes"], point["scores"], point["outcome"], point["decided_by"]) == ("asb", "1.000", "labelled", "human")
        assert point["evidence"].startswith("coded by A. Analyst on 2026-05-01; the program said road_safety ")
        assert {row["decided_by"] for row in after.points if row["text"] != SPEEDING} == {"machine"}
        assert "evening-1-road_safety" not in after.themes
        now, then = after.themes["evening-1-asb"]["counts"]["points"], before.themes["evening-1-asb"]["counts"]["points"]
        assert now == then + 1
        assert point["theme_id"] == "evening-1-asb"
        assert after.told == ("1 decision of people is in this result.",)
        assert "1 decision of people is in this result." in after.report
        assert "not checked by a person" not in after.report


def test_without_its_ledger_a_run_gives_the_programs_own_bytes_again(office: Office) -> None:
    own = office.run().bytes
    office.code(SPEEDING, "asb")
    office.code("Swans nest early on the weir", "place_security")
    office.decide_on("evening-1-acquisitive_crime", "rename", Verdict(title="Break-ins"))
    assert office.run().bytes != own
    office.ledger.unlink()
    end_file(office.ledger).unlink()
    assert office.run().bytes == own


@pytest.mark.parametrize(
    ("name", "rows", "found"),
    [
        ("notes.csv", ROWS[::-1], SPEEDING),
        ("renamed.csv", ROWS, SPEEDING),
        ("notes.csv", [*ROWS[:1], [*ROWS[1][:-1], "Speding past the infant school"], *ROWS[2:]], "Speding past the infant school"),
        ("notes.csv", [*ROWS[:1], [*ROWS[1][:2], "Urgent & Essential", *ROWS[1][3:]], *ROWS[2:]], SPEEDING),
    ],
    ids=["rows in another order", "a file renamed", "a typing mistake", "another heading"],
)
def test_a_correction_survives(office: Office, name: str, rows: list[list[str]], found: str) -> None:
    office.run()
    office.code(SPEEDING, "asb")
    (office.notes / "notes.csv").unlink()
    office.write(name, rows)
    after = office.run()
    assert (after.point(found)["codes"], after.point(found)["decided_by"]) == ("asb", "human")
    assert after.account["not_found"] == []


def test_a_correction_survives_when_a_file_is_divided(office: Office) -> None:
    office.run()
    office.code(SPEEDING, "asb")
    office.write("notes.csv", ROWS[2:])
    office.write("more.csv", ROWS[:2])
    assert office.run().point(SPEEDING)["codes"] == "asb"


def test_a_correction_whose_point_is_gone_is_listed_in_the_run_and_the_report(office: Office) -> None:
    office.run()
    office.code(SPEEDING, "asb")
    office.write("notes.csv", [ROWS[0], *ROWS[2:]])
    after = office.run()
    assert [(lost["text"], lost["codes"]) for lost in after.account["not_found"]] == [(SPEEDING, ["asb"])]
    assert {row["decided_by"] for row in after.points} == {"machine"}
    assert "Not found again: 'asb' of a point of session 1, table 1, by A. Analyst on 2026-05-01" in after.report
    office.write("notes.csv", ROWS)
    assert office.run().point(SPEEDING)["codes"] == "asb"


def test_a_new_version_of_the_taxonomy_keeps_the_codes_it_has_and_lists_the_others(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.run()
    office.code(SPEEDING, "asb")
    office.code(ROWS[0][-1], "road_safety")
    path = tmp_path / "two.yaml"
    path.write_text("name: t\nversion: 2.0.0\nthemes:\n- {code: asb, label: Disorder}\n- {code: theft, label: Theft, terms: [burglary]}\n")
    settings = Settings(taxonomy=path)
    made = Labeller(load_taxonomy(path), load_encoder(), settings)
    monkeypatch.setattr(pipeline.run, "load_models", lambda settings, progress=None: (load_encoder(), made))
    after = office.run(settings)
    assert (after.point(SPEEDING)["codes"], after.point(SPEEDING)["decided_by"]) == ("asb", "human")
    assert (after.point(ROWS[0][-1])["codes"], after.point(ROWS[0][-1])["decided_by"]) == ("", "machine")
    assert [(entry["codes"], entry["applied"]) for entry in after.account["unknown_codes"]] == [(["road_safety"], [])]


def test_people_who_contradict_each_other_are_told_in_the_run_and_the_report(office: Office) -> None:
    own = office.run()
    office.code(SPEEDING, "asb")
    office.code(SPEEDING, "place_security", who="B. Reader")
    after = office.run()
    assert after.point(SPEEDING) == own.point(SPEEDING)
    assert [conflict["point_id"] for conflict in after.account["conflicts"]] == [own.point(SPEEDING)["point_id"]]
    assert "Not agreed: point" in after.report


def test_a_theme_keeps_its_new_name_and_what_was_merged_into_it_when_late_points_join_it(office: Office) -> None:
    before = office.run()
    emergent = {theme["title"]: name for name, theme in before.themes.items() if theme["kind"] == "emergent"}
    assert len(emergent) == 2
    swans = before.point("Swans nest early on the weir")["theme_id"]
    clock = before.point("The clock on the church is slow")["theme_id"]
    office.decide_on(swans, "rename", Verdict(title="Birds"))
    office.decide_on(clock, "merge", Verdict(into=swans))
    late = ["1", "4", "Not Urgent or Essential", "local", "challenge"]
    for rows in (
        ROWS,
        ROWS,
        [*ROWS, [*late, "Swans nest late by the lock"]],
        [*ROWS, [*late, "Church clock strikes the wrong hour"]],
    ):
        office.write("notes.csv", rows)
        after = office.run()
        assert after.account["not_found"] == []
        assert after.themes[swans]["title"] == "Birds"
        assert clock not in after.themes
        assert after.themes[swans]["counts"]["points"] == 4 + len(rows) - len(ROWS)
        assert after.point("The clock on the church is slow")["theme_id"] == swans
    office.ledger.unlink()
    end_file(office.ledger).unlink()
    office.write("notes.csv", ROWS)
    assert {name for name, theme in office.run().themes.items() if theme["kind"] == "emergent"} == {swans, clock}


def test_a_rejected_emergent_theme_stays_away_when_a_late_point_joins_it(office: Office) -> None:
    swans = office.run().point("Swans nest early on the weir")["theme_id"]
    office.decide_on(swans, "reject")
    for more in ([], [["1", "4", "", "local", "challenge", "Swans nest late by the lock"]]):
        office.write("notes.csv", [*ROWS, *more])
        after = office.run()
        assert swans not in after.themes
        assert after.point("Swans nest early on the weir")["theme_id"] == ""
        assert [entry["points"] for entry in after.account["applied"]] == [2 + len(more)]


def test_a_damaged_ledger_stops_a_run_before_anything_is_read(office: Office) -> None:
    own = office.run().bytes
    office.code(SPEEDING, "asb")
    office.ledger.write_text(office.ledger.read_text("utf-8").replace("Analyst", "Anybody"), "utf-8")
    with pytest.raises(ReadError, match=r"corrections\.jsonl, line 1: line 1 was changed"):
        office.run()
    assert Found(office.out / "evening", ()).bytes == own


def test_a_line_that_was_cut_off_is_told_in_the_run_and_the_others_are_used(office: Office) -> None:
    office.run()
    office.code(SPEEDING, "asb")
    ends = end_file(office.ledger).read_bytes()
    office.code(ROWS[0][-1], "asb")
    office.ledger.write_bytes(office.ledger.read_bytes()[:-5])
    end_file(office.ledger).write_bytes(ends)  # as a program leaves both that is killed while it writes the line
    after = office.run()
    assert after.told[0] == "The ledger of corrections: line 2 of corrections.jsonl was not written to its end and is not used."
    assert after.point(SPEEDING)["codes"] == "asb"
    assert after.point(ROWS[0][-1])["decided_by"] == "machine"


def test_a_ledger_elsewhere_is_used_when_it_is_named(office: Office, tmp_path: Path) -> None:
    office.run()
    office.code(SPEEDING, "asb")
    moved = office.ledger.rename(tmp_path / "kept.jsonl")
    with pytest.raises(ReadError, match=r"1 line\(s\) are missing at its end"):
        office.run()
    end_file(office.ledger).rename(end_file(moved))
    (finished,) = run_events([office.notes], office.out, Settings(), ledger=moved)
    assert Found(finished.folder, ()).point(SPEEDING)["codes"] == "asb"
    assert office.run().point(SPEEDING)["codes"] == "road_safety"
