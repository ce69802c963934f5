from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl import Workbook
from pandas.testing import assert_frame_equal

import pipeline
from pipeline.embed import embed, load_encoder
from pipeline.errors import EventError, OutputError, ReadError, TaxonomyError
from pipeline.ingest import find_sources, ingest
from pipeline.label import Labeller
from pipeline.labelling import label_file, relabel_run
from pipeline.projection import project
from pipeline.redact import redact
from pipeline.results import EventResult
from pipeline.run import check, run_event, run_events
from pipeline.settings import SCHEMAS, Settings
from pipeline.store import table_csv, themes_document, write_event
from pipeline.taxonomy import load_taxonomy
from pipeline.tokenise import expand_and_read, tokenise

SETTINGS = Settings()
HEADER = ["session", "table", "priority", "level", "aspect", "point", "votes"]
ROWS = [
    ["1", "1", "Urgent & Essential", "local", "challenge", "Burglaries in the terraces", "3"],
    ["1", "1", "Urgent & Essential", "local", "challenge", "Burglaries in the terraces", "1"],
    ["1", "1", "Urgent but not Essential", "division", "challenge", "Speeding past the school", "1"],
    ["1", "2", "Urgent & Essential", "local", "challenge", "Litter and broken glass in the park", "2"],
    ["1", "2", "Not Urgent or Essential", "local", "challenge", "Swans nest early on the weir", "1"],
    ["1", "2", "Not Urgent or Essential", "local", "challenge", "Herons fish below the lock", "1"],
    ["2", "1", "", "", "barrier", "No one rings back after a report", "1"],
    ["2", "2", "", "", "barrier", "Ring Mrs Hall on 01632 960177 about the refuge", "1"],
    ["2", "2", "", "", "good practice", "Joint walkabouts with housing", "4"],
    ["3", "1", "", "", "action", "Large print on every letter", "1"],
]


def csv_of(path: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def result_of(path: Path, labeller: Labeller) -> EventResult:
    (source,) = find_sources([path])
    return run_event(source, load_encoder(), labeller, SETTINGS, lambda stage, done, total: None)


def written(path: Path, out: Path, labeller: Labeller) -> tuple[EventResult, Path]:
    """One event as a run finds and writes it, without making the labeller anew."""
    result = result_of(path, labeller)
    return result, write_event(out, result)


# the public face


PUBLIC = ["Settings", "check", "label_file", "load", "load_settings", "load_taxonomy", "run_events", "why"]


def test_the_public_names_are_these() -> None:
    assert pipeline.__all__ == PUBLIC
    with pytest.raises(AttributeError, match="no attribute 'embed_all'"):
        pipeline.embed_all


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_every_public_name_is_there_in_whatever_order_they_are_imported() -> None:
    told = "print(all(callable(thing) for thing in (Settings, check, label_file, load, load_settings, load_taxonomy, run_events)))"
    for order in (PUBLIC, PUBLIC[::-1]):
        assert python(f"from pipeline import {', '.join(order)}; {told}") == "True\n"
    assert (
        python("import pipeline; print(callable(pipeline.run_events), callable(pipeline.run_events), callable(pipeline.check))")
        == "True True True\n"
    )


def test_public_functions_are_there_after_their_module_was_imported() -> None:
    assert python("from pipeline.run import check; from pipeline import run_events; print(callable(run_events))") == "True\n"


def test_importing_the_package_or_its_command_loads_no_heavy_library() -> None:
    told = "import sys; print(sorted({'torch', 'spacy', 'pandas', 'sklearn', 'transformers'} & set(sys.modules)))"
    assert python(f"import pipeline; {told}") == "[]\n"
    assert not {"torch", "spacy", "transformers"} & set(python(f"import pipeline.cli; {told}").split("'"))


# the same result in whatever order


@given(st.permutations(ROWS))
@examples(max_examples=5, deadline=None)
def test_the_order_of_rows_changes_no_byte_of_themes_json(
    tmp_path_factory: pytest.TempPathFactory, labeller: Labeller, rows: list[list[str]]
) -> None:
    told = []
    for order in (ROWS, rows):
        path = csv_of(tmp_path_factory.mktemp("rows") / "evening.csv", order)
        told.append(json.dumps(themes_document(result_of(path, labeller))))
    assert told[0] == told[1]


def test_every_point_has_its_own_place_on_the_map(tmp_path: Path, labeller: Labeller) -> None:
    rows = [[session, table, "", "", "", f"{text} {n}", "1"] for n, (session, table, *_, text, _) in enumerate(ROWS * 3)]
    result = result_of(csv_of(tmp_path / "evening.csv", rows), labeller)
    vectors = embed(list(expand_and_read(list(result.points["text"]), SETTINGS)["expanded"]), load_encoder())
    assert result.places is not None
    assert set(result.places["point_id"]) == set(result.points["point_id"])
    assert_frame_equal(result.places, project(result.points, vectors))


def test_a_late_table_renames_no_theme(tmp_path: Path, labeller: Labeller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.run, "load_models", lambda settings, progress: (load_encoder(), labeller))
    late = [
        ["1", "3", "Not Urgent or Essential", "local", "challenge", "Swans nest early again on the weir", "1"],
        ["1", "3", "Urgent & Essential", "local", "challenge", "Burglaries in the terraces by the mill", "1"],
    ]
    told = []
    for rows in (ROWS, [*late, *ROWS]):
        csv_of(tmp_path / "evening" / "notes.csv", rows)
        (finished,) = run_events([tmp_path / "evening"], tmp_path / "out", SETTINGS, use_cache=False)
        sessions = json.loads((finished.folder / "themes.json").read_text("utf-8"))["sessions"]
        told.append({theme["id"]: set(theme["point_ids"]) for session in sessions for theme in session["themes"]})
    before, after = told
    assert set(before) <= set(after)
    assert all(before[theme] <= after[theme] for theme in before)
    (swans,) = (theme for theme in before if "-new-" in theme)  # its id was made of its texts, which are now one more
    assert len(after[swans]) == len(before[swans]) + 1
    identity = json.loads((tmp_path / "out" / "evening" / "run.json").read_text("utf-8"))["identity"]
    assert identity["earlier_run"] == "ids were carried over"
    assert identity["gone"] == identity["merged"] == identity["split"] == []
    assert identity["new"] == sorted(set(after) - set(before))


def test_the_order_of_files_changes_no_byte(tmp_path: Path, labeller: Labeller) -> None:
    for number in range(5):
        csv_of(tmp_path / "evening" / f"sheet {number}.csv", ROWS[number::5])
    (tmp_path / "evening" / "event.yaml").write_text("title: An evening\ndivision: Weir\n")
    (source,) = find_sources([tmp_path / "evening"])
    told = []
    for seed in range(4):
        files = list(source.files)
        random.Random(seed).shuffle(files)
        result = run_event(replace(source, files=tuple(files)), load_encoder(), labeller, SETTINGS, lambda stage, done, total: None)
        told.append((files, json.dumps(themes_document(result)), table_csv(result.points), table_csv(result.dropped)))
    assert len({tuple(files) for files, *_ in told}) > 1
    assert len({tuple(rest) for _, *rest in told}) == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (2, 1, 0)])
def test_the_order_of_sheets_changes_no_byte(tmp_path: Path, labeller: Labeller, order: tuple[int, ...]) -> None:
    sheets = {"Session 1": ROWS[:6], "Session 2": ROWS[6:9], "Session 3": ROWS[9:]}

    def document(names: list[str], folder: str) -> str:
        book = Workbook()
        book.remove(book.active)
        for name in names:
            sheet = book.create_sheet(name)
            for row in (HEADER, *sheets[name]):
                sheet.append(row)
        path = tmp_path / folder / "evening.xlsx"
        path.parent.mkdir()
        book.save(path)
        return json.dumps(themes_document(result_of(path, labeller)))

    assert document(list(sheets), "as made") == document([list(sheets)[place] for place in order], "moved")


def test_the_order_of_paths_and_of_what_else_is_run_changes_no_byte(tmp_path: Path, labeller: Labeller) -> None:
    one, two = csv_of(tmp_path / "one.csv", ROWS[:6]), csv_of(tmp_path / "two.csv", ROWS[4:])
    run_events([one, two], tmp_path / "a", SETTINGS, use_cache=False)
    run_events([two, one], tmp_path / "b", SETTINGS, use_cache=False)
    written(two, tmp_path / "c", labeller)
    for event in ("one", "two"):
        assert (tmp_path / "a" / event / "themes.json").read_bytes() == (tmp_path / "b" / event / "themes.json").read_bytes()
    assert (tmp_path / "a" / "two" / "themes.json").read_bytes() == (tmp_path / "c" / "two" / "themes.json").read_bytes()


# small and odd events


def test_a_csv_with_only_a_text_column_is_one_session_of_one_event(tmp_path: Path, labeller: Labeller) -> None:
    path = csv_of(tmp_path / "comments.csv", [["Burglaries in the terraces"], ["Speeding past the school"]], ["text"])
    result = result_of(path, labeller)
    assert result.event.id == "comments"
    assert [session.id for session in result.event.sessions] == ["1"]
    assert result.points["text"].tolist() == ["Burglaries in the terraces", "Speeding past the school"]
    assert {theme.codes for theme in result.themes} >= {("acquisitive_crime",), ("road_safety",)}


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_an_event_of_any_small_number_of_points_gives_a_valid_answer(tmp_path: Path, labeller: Labeller, count: int) -> None:
    path = csv_of(tmp_path / "few.csv", [[f"speeding past school number {n}"] for n in range(count)], ["text"])
    result, folder = written(path, tmp_path, labeller)
    assert len(result.points) == count
    document = json.loads((folder / "themes.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / "themes.schema.json").read_text("utf-8"))).validate(document)
    assert next(t for t in document["sessions"][0]["themes"] if t["codes"] == ["road_safety"])["counts"]["points"] == count


@pytest.mark.parametrize(
    "files", [{"event.yaml": "title: Nothing yet\n"}, {"notes.csv": "text\n"}, {"notes.txt": "SESSION 1\n\nTable 1\n"}]
)
def test_an_event_without_points_is_valid(tmp_path: Path, labeller: Labeller, files: dict[str, str]) -> None:
    for name, content in files.items():
        (tmp_path / "quiet").mkdir()
        (tmp_path / "quiet" / name).write_text(content)
    result, folder = written(tmp_path / "quiet", tmp_path / "out", labeller)
    assert (len(result.points), result.themes) == (0, [])
    document = json.loads((folder / "themes.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / "themes.schema.json").read_text("utf-8"))).validate(document)
    assert [theme for session in document["sessions"] for theme in session["themes"]] == []
    assert rows_of(folder / "points.csv") == []
    assert json.loads((folder / "run.json").read_text("utf-8"))["counts"]["points"] == 0


def test_files_that_cannot_be_read_are_told_and_the_others_are_used(tmp_path: Path) -> None:
    csv_of(tmp_path / "evening" / "good.csv", ROWS[:3])
    (tmp_path / "evening" / "broken.docx").write_bytes(b"not a document")
    (tmp_path / "evening" / "old.doc").write_bytes(b"old")
    (finished,) = run_events([tmp_path / "evening"], tmp_path / "out", SETTINGS)
    assert [file.source_file for file in finished.unread] == ["broken.docx", "old.doc"]
    assert finished.points == 3
    report = (finished.folder / "report.md").read_text("utf-8")
    assert "**Not read:**\n\n- broken.docx:" in report


def test_nothing_to_read_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(OutputError, match="there is nothing to read"):
        run_events([tmp_path / "empty"], tmp_path / "out", SETTINGS)
    with pytest.raises(ReadError, match="there is no such file or folder"):
        run_events([tmp_path / "nowhere"], tmp_path / "out", SETTINGS)
    assert not (tmp_path / "out").exists()


def test_two_events_of_one_name_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    csv_of(tmp_path / "north" / "Evening.csv", ROWS)
    csv_of(tmp_path / "south" / "evening.csv", ROWS)
    paths = [tmp_path / "north" / "Evening.csv", tmp_path / "south" / "evening.csv"]
    with pytest.raises(OutputError, match="would both be written to 'evening'"):
        run_events(paths, tmp_path / "out", SETTINGS)
    assert not (tmp_path / "out").exists()


def test_events_written_before_a_fault_stay(tmp_path: Path) -> None:
    csv_of(tmp_path / "raw" / "a" / "notes.csv", ROWS[:2])
    csv_of(tmp_path / "raw" / "b" / "notes.csv", ROWS[:2])
    (tmp_path / "raw" / "b" / "event.yaml").write_text("tittle: a slip\n")
    with pytest.raises(EventError, match="tittle"):
        run_events([tmp_path / "raw"], tmp_path / "out", SETTINGS)
    assert [path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")] == ["a"]


def test_a_faulty_taxonomy_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("name: t\n")
    with pytest.raises(TaxonomyError):
        run_events([csv_of(tmp_path / "a.csv", ROWS)], tmp_path / "out", Settings(taxonomy=tmp_path / "t.yaml"))


def test_progress_is_told_for_every_stage_from_none_to_all(tmp_path: Path, labeller: Labeller) -> None:
    told: list[tuple[str, int, int]] = []
    (source,) = find_sources([csv_of(tmp_path / "evening.csv", ROWS)])
    run_event(source, load_encoder(), labeller, SETTINGS, lambda *step: told.append(step))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == [f"evening: {name}" for name in ("ingest", "redact", "tokenise", "embed", "cluster", "label", "themes")]
    for stage in stages:
        steps = [done / total for name, done, total in told if name == stage]
        assert (steps[0], steps[-1]) == (0, 1)
        assert steps == sorted(steps)


def test_personal_details_of_the_notes_and_the_event_are_written_nowhere(tmp_path: Path, labeller: Labeller) -> None:
    csv_of(tmp_path / "evening" / "notes.csv", ROWS)
    (tmp_path / "evening" / "event.yaml").write_text(
        "title: Evening with Cllr Marlowe\nvenue: ring 01632 960188\nparticipants: [Dr Fenwick]\n"
    )
    _, folder = written(tmp_path / "evening", tmp_path / "out", labeller)
    for path in folder.iterdir():
        for detail in (b"Hall", b"960177", b"Marlowe", b"960188", b"Fenwick"):
            assert detail not in path.read_bytes(), (path.name, detail)


def test_check_reads_and_writes_nothing(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "evening.csv", ROWS)
    (gathered,) = check([path])
    assert len(gathered.notes) == len(ROWS)
    assert [p.name for p in tmp_path.iterdir()] == ["evening.csv"]


# label any table

FRUIT = "name: fruit\nversion: '1'\nthemes:\n- {code: apple, label: Apples, terms: [apple]}\n- {code: pear, label: Pears, terms: [pear]}\n"


def test_a_thousand_rows_are_labelled_with_another_taxonomy_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "fruit.yaml").write_text(FRUIT)
    texts = ["ripe apples on the tree", "a sour pear", "", "the bus was late again today", "apples and pears"]
    rows = [[f"r{(n * 7919) % 1000}", texts[n % 5]] for n in range(1000)]
    table = label_file(csv_of(tmp_path / "in.csv", rows, ["id", "text"]), tmp_path / "out.csv", Settings(taxonomy=tmp_path / "fruit.yaml"))
    written = rows_of(tmp_path / "out.csv")
    assert list(written[0]) == ["id", "codes", "scores", "outcome", "outcome_score", "evidence"]
    assert [row["id"] for row in written] == [row[0] for row in rows] == table["id"].tolist()
    for number, row in enumerate(written[5:], 5):  # equal texts, equal labels
        assert {**row, "id": ""} == {**written[number % 5], "id": ""}
    assert {code for row in written for code in row["codes"].split("|")} <= {"", "apple", "pear"}
    best = [row["evidence"].removeprefix("nearest ").split(":")[0] for row in written[:2]]
    assert best == ["apple", "pear"]
    assert written[2]["outcome"] == "undecided"
    for row in written:
        assert bool(row["codes"]) == (row["outcome"] == "labelled")
        assert len(row["codes"].split("|")) == len(row["scores"].split("|"))


def test_rows_without_an_id_are_numbered_and_a_short_row_is_kept(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text\nBurglaries in the terraces\nSpeeding past the school\n")
    assert label_file(tmp_path / "in.csv", tmp_path / "out.csv", SETTINGS)["codes"].tolist()[0].startswith("acquisitive_crime")
    assert [row["id"] for row in rows_of(tmp_path / "out.csv")] == ["1", "2"]
    (tmp_path / "short.csv").write_text("id,text\na,Burglaries in the terraces\nb\nc,Speeding past the school\n")
    label_file(tmp_path / "short.csv", tmp_path / "out.csv", SETTINGS)
    assert [(row["id"], row["codes"].split("|")[0]) for row in rows_of(tmp_path / "out.csv")] == [
        ("a", "acquisitive_crime"),
        ("b", ""),
        ("c", "road_safety"),
    ]


def test_a_table_without_rows_is_labelled(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,text\n")
    assert len(label_file(tmp_path / "in.csv", tmp_path / "out.csv", SETTINGS)) == 0
    assert (tmp_path / "out.csv").read_text() == "id,codes,scores,outcome,outcome_score,evidence\n"


@pytest.mark.parametrize("content", ["id,comment\n1,litter\n", ""])
def test_a_table_without_a_text_column_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "in.csv").write_text(content)
    with pytest.raises(ReadError, match="text"):
        label_file(tmp_path / "in.csv", tmp_path / "out.csv", SETTINGS)
    assert not (tmp_path / "out.csv").exists()


# what another taxonomy changes in a run


def test_the_taxonomy_a_run_was_made_with_changes_none_of_its_points(tmp_path: Path, labeller: Labeller) -> None:
    _, folder = written(csv_of(tmp_path / "evening.csv", ROWS), tmp_path / "out", labeller)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    found = relabel_run(folder, labeller.taxonomy, SETTINGS, tmp_path / "changed.csv")
    assert (found.points, found.remarks) == (len(rows_of(folder / "points.csv")), ())
    assert found.changed.empty
    assert (tmp_path / "changed.csv").read_text() == "point_id,text,codes_before,codes_after,outcome_before,outcome_after\n"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_points_that_another_taxonomy_labels_otherwise_are_told_with_both_labels(tmp_path: Path, labeller: Labeller) -> None:
    _, folder = written(csv_of(tmp_path / "evening.csv", ROWS), tmp_path / "out", labeller)
    path = tmp_path / "t.yaml"
    path.write_text("name: t\nversion: 1\nthemes:\n- {code: theft, label: Burglary and theft, terms: [burglary]}\n")
    settings = Settings(taxonomy=path)
    found = relabel_run(folder, labeller.taxonomy, settings, tmp_path / "changed.csv")
    rows = rows_of(tmp_path / "changed.csv")
    points = {point["point_id"]: point for point in rows_of(folder / "points.csv")}
    now = label_file(csv_of(tmp_path / "texts.csv", [[row["text"]] for row in rows], ["text"]), tmp_path / "now.csv", settings)
    assert rows
    for row, labelled in zip(rows, now.itertuples(), strict=True):
        point = points[row["point_id"]]
        assert (row["text"], row["codes_before"], row["outcome_before"]) == (point["text"], point["codes"], point["outcome"])
        assert (row["codes_after"], row["outcome_after"]) == (labelled.codes, labelled.outcome)
        assert (row["codes_before"], row["outcome_before"]) != (row["codes_after"], row["outcome_after"])
    told = found.changed["point_id"].tolist()
    assert told == [row["point_id"] for row in rows] == [point_id for point_id in points if point_id in told]


def test_a_run_made_otherwise_is_told(tmp_path: Path, labeller: Labeller) -> None:
    _, folder = written(csv_of(tmp_path / "evening.csv", ROWS[:2]), tmp_path / "out", labeller)
    account = json.loads((folder / "run.json").read_text("utf-8"))
    account["models"]["encoder"] = {"name": "other-encoder", "sha256": "0" * 64}
    del account["models"]["label_encoder"]  # as in a run of a version that had none
    account["versions"]["workshop-themes"] = "0.0.1"
    account["settings"] |= {"max_codes": 1, "quotes_per_theme": 9, "a_setting_of_long_ago": 3}
    (folder / "run.json").write_text(json.dumps(account))
    path = tmp_path / "t.yaml"
    path.write_text(FRUIT)
    remarks = relabel_run(folder, load_taxonomy(path), SETTINGS).remarks
    used = labeller.taxonomy
    assert remarks == (
        f"the run was labelled with another taxonomy than the old one given: {used.name} {used.version}, not the same file",
        "the run used another encoder: other-encoder, and now it is all-MiniLM-L6-v2",
        "the run used another label encoder, or none",
        f"the run was made by version 0.0.1 of this program, and now it is {version('workshop-themes')}",
        f"the run had the setting max_codes at 1, and now it is {SETTINGS.max_codes}",
    )


def test_a_run_without_points_is_compared_too(tmp_path: Path, labeller: Labeller) -> None:
    (tmp_path / "quiet").mkdir()
    (tmp_path / "quiet" / "event.yaml").write_text("title: Nothing yet\n")
    _, folder = written(tmp_path / "quiet", tmp_path / "out", labeller)
    found = relabel_run(folder, labeller.taxonomy, SETTINGS)
    assert (found.points, len(found.changed), found.remarks) == (0, 0, ())


# the published report

PENNINE = Path(__file__).resolve().parents[2] / "shared" / "data" / "seed" / "pennine-evaluation.md"


@pytest.mark.skipif(not PENNINE.is_file(), reason="the published report is not part of this repository")
def test_the_published_report_gives_its_24_bullets_and_none_of_its_front_matter() -> None:
    (source,) = find_sources([PENNINE])
    gathered = ingest(source)
    notes = redact(gathered.notes, gathered.dropped, gathered.event).notes
    points, _ = tokenise(notes, SETTINGS)
    bullets = [line[2:].strip() for line in PENNINE.read_text("utf-8").splitlines() if line.startswith("- ")]
    assert len(bullets) == 24
    bullets = [bullet.rstrip(".") for bullet in bullets]
    assert sorted(text.rstrip(".") for text in points["text"]) == sorted(bullets)
    counts = points.groupby(["session", "aspect", "level"]).size().to_dict()
    assert counts == {
        ("1", "key_theme", ""): 5, ("1", "challenge", "local"): 3, ("1", "challenge", "division"): 2, ("1", "top_priority", ""): 3,
        ("2", "barrier", ""): 3, ("2", "good_practice", ""): 3, ("3", "issue", ""): 3, ("3", "action", ""): 2,
    }  # fmt: skip
    order = [("1", "key_theme")] * 5 + [("1", "challenge")] * 5 + [("1", "top_priority")] * 3
    order += [("2", "barrier")] * 3 + [("2", "good_practice")] * 3 + [("3", "issue")] * 3 + [("3", "action")] * 2
    marks = points.set_index(points["text"].str.rstrip("."))[["session", "aspect"]]
    assert [tuple(marks.loc[bullet]) for bullet in bullets] == order
    assert [session.id for session in gathered.event.sessions] == ["1", "2", "3"]
