from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click import Command
from click.testing import Result
from rdflib import SKOS, Graph
from typer.main import get_command
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import Settings

GOOD = "session,table,point\n1,1,Burglaries in the terraces\n1,2,Speeding past the school\n"


def themes(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def in_a_process(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import app; app()", *map(str, words)], capture_output=True, text=True, check=False
    )


@pytest.fixture
def evening(tmp_path: Path) -> Path:
    (tmp_path / "evening").mkdir()
    (tmp_path / "evening" / "notes.csv").write_text(GOOD)
    return tmp_path / "evening"


def test_run_writes_a_folder_and_says_where_to_start(evening: Path, tmp_path: Path) -> None:
    result = themes("run", evening, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0].startswith(f"{tmp_path / 'out' / 'evening'}: 2 points in ")
    assert result.stdout.splitlines()[1] == f"Start with {tmp_path / 'out' / 'evening' / 'report.html'}"
    assert result.stderr == ""
    assert (tmp_path / "out" / "evening" / "report.html").is_file()


def test_a_run_without_reports_writes_the_same_tables_and_reports_can_be_had_later(evening: Path, tmp_path: Path) -> None:
    reports = {"report.html", "report.docx", "report.md", "themes.xlsx"}
    assert themes("run", evening, "--out", tmp_path / "whole").exit_code == 0
    result = themes("run", evening, "--out", tmp_path / "out", "--no-reports")
    whole, folder = tmp_path / "whole" / "evening", tmp_path / "out" / "evening"
    assert result.stdout.splitlines()[-1] == f"Start with {folder / 'themes.csv'}"
    assert {path.name for path in folder.iterdir()} == {path.name for path in whole.iterdir()} - reports
    for path in folder.iterdir():
        assert path.name == "run.json" or path.read_bytes() == (whole / path.name).read_bytes(), path.name
    assert json.loads((folder / "run.json").read_text("utf-8"))["settings"]["reports"] is False
    before = {path: path.read_bytes() for path in folder.iterdir() if path.name != "run.json"}
    assert themes("run", evening, "--out", tmp_path / "out").exit_code == 0  # it fetches what was found, and writes the reports as well
    assert reports <= {path.name for path in folder.iterdir()}
    assert all(path.read_bytes() == data for path, data in before.items())
    assert json.loads((folder / "run.json").read_text("utf-8"))["cache"]["sessions"] == {"1": "from the cache"}


def test_finished_work_is_kept_unless_told_not_to_and_clear_says_what_it_removed(
    evening: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_THEMES_CACHE", str(tmp_path / "cache"))
    assert themes("run", evening, "--out", tmp_path / "out", "--no-cache").exit_code == 0
    assert not (tmp_path / "cache").exists()
    assert themes("run", evening, "--out", tmp_path / "out").exit_code == 0
    kept = [path.stat().st_size for path in (tmp_path / "cache" / "runs").iterdir()]
    assert len(kept) == 2  # one session, and the result with the ids of the one before, as the next would have it too
    again = themes("run", evening, "--out", tmp_path / "out")
    assert again.stdout.splitlines()[0].startswith(f"{tmp_path / 'out' / 'evening'}: 2 points in ")
    cleared = themes("cache", "clear")
    assert cleared.exit_code == 0
    assert cleared.stdout == f"{tmp_path / 'cache' / 'runs'}: removed 2 entries, {sum(kept) / 1_000_000:.1f} MB\n"
    assert list((tmp_path / "cache" / "runs").iterdir()) == []
    assert themes("cache", "clear").stdout.endswith(": removed 0 entries, 0.0 MB\n")


def test_run_in_a_pipe_is_quiet_and_a_file_that_cannot_be_read_gives_1(evening: Path, tmp_path: Path) -> None:
    (evening / "broken.xlsx").write_bytes(b"not a workbook")
    done = in_a_process("run", evening, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    assert "2 points in" in done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("Not read: broken.xlsx: ")
    assert "What to do:" in line
    assert "Traceback" not in done.stdout + done.stderr
    assert (tmp_path / "out" / "evening" / "themes.json").is_file()


def test_an_unreadable_file_in_one_event_leaves_the_other_events_done(evening: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "scan.jpg").write_bytes(b"picture")
    result = themes("run", evening, tmp_path / "other", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")) == ["evening", "other"]
    assert "scan.jpg" in result.stderr


@pytest.mark.parametrize("command", ["run", "check"])
def test_nothing_to_read_gives_2_and_says_so(tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()
    result = themes(command, tmp_path / "empty", *(("--out", tmp_path / "out") if command == "run" else ()))
    assert result.exit_code == 2
    assert "nothing to read" in result.stderr.lower()
    assert ".docx" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_path_that_is_not_there_gives_2_and_names_it(tmp_path: Path, command: str) -> None:
    result = themes(command, tmp_path / "nowhere", *(("--out", tmp_path / "out") if command == "run" else ()))
    assert result.exit_code == 2
    assert f"{tmp_path / 'nowhere'}: there is no such file or folder." in result.stderr


def test_two_events_of_one_name_give_2(evening: Path, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "evening.csv").write_text(GOOD)
    result = themes("run", evening, tmp_path / "b" / "evening.csv", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "would both be written to 'evening'" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "content", "said"),
    [
        ("--settings", "seeds: 3\nmax_codes: 0\n", "2 faults"),
        ("--settings", "- 1\n", "setting: value"),
        ("--settings", None, "cannot be read"),
        ("--taxonomy", "name: t\n", "'version'"),
        ("--taxonomy", None, "cannot be read"),
    ],
)
def test_faulty_settings_or_taxonomy_give_2_and_a_message(
    evening: Path, tmp_path: Path, option: str, content: str | None, said: str
) -> None:
    file = tmp_path / "given.yaml"
    if content is not None:
        file.write_text(content)
    result = themes("run", evening, "--out", tmp_path / "out", option, file)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "What to do:" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_taxonomy_and_settings_given_are_used(evening: Path, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("name: tiny\nversion: '7'\nthemes:\n- {code: theft, label: Burglary and theft, terms: [burglary]}\n")
    (tmp_path / "s.yaml").write_text("label_threshold: 0.01\n")
    result = themes("run", evening, "--out", tmp_path / "out", "--taxonomy", tmp_path / "t.yaml", "--settings", tmp_path / "s.yaml")
    assert result.exit_code == 0, result.output
    with (tmp_path / "out" / "evening" / "points.csv").open(newline="") as file:
        assert {row["codes"] for row in csv.DictReader(file) if "Burglar" in row["text"]} == {"theft"}


def test_out_that_is_a_file_gives_2(evening: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    result = themes("run", evening, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_check_says_what_would_be_read_and_what_not_and_writes_nothing(evening: Path) -> None:
    (evening / "scan.jpg").write_bytes(b"picture")
    (evening / "README.txt").write_text("about this folder")
    before = sorted(evening.parent.rglob("*"))
    result = themes("check", evening)
    assert result.exit_code == 1
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert "read       notes.csv, 2 notes" in lines
    assert "not notes  README.txt (about the folder)" in lines
    assert "not read   scan.jpg" in lines
    assert "session 1: 2 notes, 2 tables" in lines
    assert "worked out: title 'evening' taken from the name" in lines
    assert result.stderr.startswith("Not read: scan.jpg: files ending in '.jpg' cannot be read.")
    assert "OCR" in result.stderr
    assert sorted(evening.parent.rglob("*")) == before


def test_check_of_files_that_can_all_be_read_gives_0(evening: Path) -> None:
    result = themes("check", evening)
    assert (result.exit_code, result.stderr) == (0, "")


def test_label_writes_its_table_and_counts_outcomes(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,text\nb,Burglaries in the terraces\na,tea break 7.30\n")
    result = themes("label", tmp_path / "in.csv", "--out", tmp_path / "out.csv")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{tmp_path / 'out.csv'}: 2 rows, ")
    assert "1 labelled" in result.stdout
    assert "1 procedural" in result.stdout
    with (tmp_path / "out.csv").open(newline="") as file:
        assert [(row["id"], row["outcome"]) for row in csv.DictReader(file)] == [("b", "labelled"), ("a", "procedural")]


def test_label_of_a_table_that_is_missing_or_has_no_text_gives_2(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,comment\n1,litter\n")
    for path in ("in.csv", "nowhere.csv"):
        result = themes("label", tmp_path / path, "--out", tmp_path / "out.csv")
        assert result.exit_code == 2
        assert path in result.stderr
        assert not (tmp_path / "out.csv").exists()


def test_models_lists_every_model_with_its_licence() -> None:
    result = themes("models")
    assert result.exit_code == 0
    *models, model, encoder, fast = result.stdout.splitlines()
    assert [line.split(":")[0] for line in models] == ["all-MiniLM-L6-v2", "en_core_web_sm"]
    assert re.fullmatch(r"label model: ready \(\d+ coded texts and examples of community-safety [\d.]+\)", model)
    assert re.fullmatch(r"label encoder: ready \(19 of 19 themes of community-safety [\d.]+\)", encoder)
    assert fast == "fast encoder: made by `themes models --fast`, or when first used"
    assert "Apache-2.0" in result.stdout


# taxonomies

ALLEYS = """name: alleys
version: 1.0.0
themes:
- {code: crime, label: Crime, definition: Things that are against the law.}
- code: theft
  label: Burglary and theft
  definition: Homes, sheds and cars broken into, and things stolen.
  broader: crime
  terms: [burglary, theft]
  examples: [burglaries in the terraces, cars broken into at night, sheds emptied, bikes stolen from the station,
    handbag snatched, diesel siphoned off, break-ins up on last year, parcels taken off doorsteps]
- {code: road, label: Road safety, terms: [speeding], ambiguous_terms: [drive], examples: [speeding past the school]}
none_examples: [tea break]
"""


@pytest.fixture
def alleys(tmp_path: Path) -> Path:
    (tmp_path / "alleys.yaml").write_text(ALLEYS)
    return tmp_path / "alleys.yaml"


def test_taxonomy_check_says_what_it_holds_and_where_it_is_thin(alleys: Path) -> None:
    result = themes("taxonomy", "check", alleys)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "alleys 1.0.0: 3 themes (1 of them part of another), 9 examples, 4 terms, 1 example of no theme",
        "fewer than 8 examples: crime (0), road (1)",
        "no definition: road",
    ]


def test_taxonomy_check_of_the_bundled_one_finds_nothing_wanting() -> None:
    result = themes("taxonomy", "check", Settings().taxonomy_path)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("community-safety ")
    assert "19 themes" in lines[0]
    assert lines[-1] == "Every theme has a definition and at least 8 examples."


def test_taxonomy_check_counts_the_coded_texts(alleys: Path) -> None:
    alleys.write_text(ALLEYS.replace("version: 1.0.0", "version: 1.0.0\ncoded_texts: [mine.csv]"))
    (alleys.parent / "mine.csv").write_text("text,codes\nsheds forced,theft\nraffle at nine,none\n")
    assert themes("taxonomy", "check", alleys).stdout.splitlines()[1] == "learns from 2 coded texts beside its examples"


def test_taxonomy_check_names_the_coded_file_and_row_of_an_unknown_code(alleys: Path) -> None:
    alleys.write_text(ALLEYS.replace("version: 1.0.0", "version: 1.0.0\ncoded_texts: [mine.csv, gone.csv]"))
    (alleys.parent / "mine.csv").write_text("text,codes\nsheds forced,theft\nsheds forced,shed\n")
    result = themes("taxonomy", "check", alleys)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'coded_texts' mine.csv row 3: 'shed' is no code of this taxonomy" in result.stderr
    assert "'coded_texts' gone.csv: cannot be read" in result.stderr


def test_taxonomy_check_lists_every_fault_and_gives_2(alleys: Path) -> None:
    alleys.write_text(ALLEYS.replace("code: crime", "code: road").replace("label: Road safety", "lable: Road safety"))
    result = themes("taxonomy", "check", alleys)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("alleys.yaml: 4 faults: ")
    for said in (
        "theme 3 ('road'), 'label': is missing",
        "theme 3 ('road'), 'lable': is no key",
        "themes 1 and 3: code 'road' stands 2 times",
        "theme 2 ('theft'), 'broader': 'crime' is no code",
    ):
        assert said in result.stderr
    assert "What to do:" in result.stderr


def test_taxonomy_skos_writes_turtle(alleys: Path, tmp_path: Path) -> None:
    result = themes("taxonomy", "skos", alleys, "--out", tmp_path / "new" / "alleys.ttl")
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'new' / 'alleys.ttl'}: 3 concepts\n")
    graph = Graph().parse(tmp_path / "new" / "alleys.ttl")
    assert {str(code) for code in graph.objects(None, SKOS.notation)} == {"crime", "theft", "road"}


@pytest.mark.parametrize("words", [("check",), ("skos", "--out", "x.ttl"), ("diff", "other.yaml")])
def test_a_taxonomy_that_is_not_there_gives_2_and_names_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = themes("taxonomy", words[0], tmp_path / "gone.yaml", *words[1:])
    assert result.exit_code == 2
    assert "gone.yaml: it cannot be read" in result.stderr


def test_taxonomy_diff_says_what_changed_without_loading_models(alleys: Path, tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(ALLEYS.replace("1.0.0", "1.1.0").replace("terms: [speeding]", "terms: [speeding, racing]"))
    result = themes("taxonomy", "diff", alleys, tmp_path / "new.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == ["version: was '1.0.0', is now '1.1.0'", "changed: road", "  term added: racing"]
    assert themes("taxonomy", "diff", alleys, alleys).stdout == "Nothing has changed.\n"
    code = "import sys\nfrom pipeline.cli import app\ntry: app()\nfinally: print('torch' in sys.modules)"
    words = ["taxonomy", "diff", str(alleys), str(tmp_path / "new.yaml")]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")


def test_taxonomy_diff_with_a_run_names_the_points_that_change(alleys: Path, evening: Path, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("label_threshold: 0.01\nmax_codes: 1\n")
    (tmp_path / "new.yaml").write_text(ALLEYS.replace("code: theft", "code: taken"))
    assert themes("run", evening, "--out", tmp_path / "out", "--taxonomy", alleys, "--settings", tmp_path / "s.yaml").exit_code == 0
    ask = ("taxonomy", "diff", alleys, tmp_path / "new.yaml", "--run", tmp_path / "out" / "evening", "--settings", tmp_path / "s.yaml")
    result = themes(*ask)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[:2] == ["added: taken (Burglary and theft, part of crime)", "removed: theft (Burglary and theft, part of crime)"]
    assert lines[2] == f"{tmp_path / 'out' / 'evening'}: 1 of 2 points change"
    assert lines[3].endswith(": Burglaries in the terraces")
    assert lines[4] == "    theft (labelled) → taken (labelled)"
    assert len(lines) == 5

    written = themes(*ask, "--out", tmp_path / "changed.csv")
    assert written.stdout.splitlines()[2:] == [f"{tmp_path / 'changed.csv'}: 1 of 2 points change"]
    with (tmp_path / "changed.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert list(row) == ["point_id", "text", "codes_before", "codes_after", "outcome_before", "outcome_after"]
    assert (row["text"], row["codes_before"], row["codes_after"]) == ("Burglaries in the terraces", "theft", "taken")

    other = themes("taxonomy", "diff", tmp_path / "new.yaml", alleys, "--run", tmp_path / "out" / "evening")
    notes = [line for line in other.stdout.splitlines() if line.startswith("Note: ")]
    assert notes[0] == "Note: the run was labelled with another taxonomy than the old one given: alleys 1.0.0, not the same file."
    assert "Note: the run had the setting label_threshold at 0.01, and now it is None." in notes


def test_taxonomy_diff_with_a_folder_that_is_no_run_gives_2(alleys: Path, tmp_path: Path) -> None:
    result = themes("taxonomy", "diff", alleys, alleys, "--run", tmp_path)
    assert result.exit_code == 2
    assert f"{tmp_path}: it has no points.parquet" in result.stderr


def test_taxonomy_diff_writes_points_only_of_a_run(alleys: Path, tmp_path: Path) -> None:
    result = themes("taxonomy", "diff", alleys, alleys, "--out", tmp_path / "changed.csv")
    assert result.exit_code == 2
    assert "needs --run" in result.stderr
    assert not (tmp_path / "changed.csv").exists()


NEEDS = {
    "run": ["PATH...", "--out", "--taxonomy", "--settings", "--no-reports", "--no-cache", "--fast", "Example: themes run"],
    "check": ["PATH...", "Writes nothing", "Example: themes check"],
    "label": ["FILE.csv", "id and text", "--out", "--taxonomy", "--settings", "Example: themes label"],
    "evaluate": ["GOLD", "text (or point) and codes", "--out", "--taxonomy", "--settings", "Example: themes evaluate"],
    "train": ["--out", "--coded", "--ledger", "--taxonomy", "--name", "--to", "--adopt", "Example: themes train"],
    "models": ["List the models", "--fast"],
    "taxonomy check": ["FILE", "faults", "Example: themes taxonomy check"],
    "taxonomy skos": ["FILE", "--out", "SKOS", "Example: themes taxonomy skos"],
    "report": ["DIR...", "Example: themes report"],
    "cache clear": ["finished work", "Example: themes cache clear"],
    "compare": ["DIR...", "--out", "--session", "--hide-small", "--taxonomy", "--settings", "Example: themes compare"],
    "review export": ["DIR", "--out", "--reviewer", "--sample", "--ledger", "Example: themes review export"],
    "review apply": ["REVIEW.xlsx", "--out", "--who", "--ledger", "Example: themes review apply"],
    "review serve": ["DIR", "--reviewer", "--sample", "--ledger", "--port", "--blind", "--no-browser", "Example: themes review serve"],
    "review agreement": ["DIR", "--out", "--ledger", "--all", "Example: themes review agreement"],
    "review history": ["POINT", "--out", "--ledger", "Example: themes review history"],
    "review undo": ["DECISION", "--out", "--who", "--why", "Example: themes review undo"],
    "taxonomy diff": ["OLD", "NEW", "--run", "--out", "--settings", "Example: themes taxonomy diff"],
}


def test_every_command_is_tested_here() -> None:
    commands: dict[str, Command] = get_command(app).commands
    groups = {f"{name} {inner}" for name, group in commands.items() for inner in getattr(group, "commands", ())}
    assert {name for name, command in commands.items() if not hasattr(command, "commands")} | groups == set(NEEDS)


@pytest.mark.parametrize("command", NEEDS)
def test_help_says_what_a_command_needs(command: str) -> None:
    *group, name = command.split()
    result = themes(*group, name, "--help")
    assert result.exit_code == 0
    for need in NEEDS[command]:
        assert need in " ".join(result.stdout.split())
    assert name in themes(*group, "--help").stdout
    assert all(part in themes("--help").stdout for part in group)


def test_help_and_a_slip_on_the_command_line_are_answered_without_loading_models() -> None:
    code = "import sys\nfrom pipeline.cli import app\ntry: app()\nfinally: print(sorted({'torch', 'spacy'} & set(sys.modules)))"
    for words, status in ((["run", "--help"], 0), (["run"], 2), (["dance"], 2), ([], 2), (["taxonomy"], 2), (["taxonomy", "diff"], 2)):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
        assert done.returncode == status, words
        assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize("command", ["run", "label"])
def test_out_is_asked_for(evening: Path, command: str) -> None:
    result = themes(command, evening)
    assert result.exit_code == 2
    assert "--out" in result.stderr


def test_report_writes_the_reports_anew(evening: Path, tmp_path: Path) -> None:
    themes("run", evening, "--out", tmp_path / "out")
    folder = tmp_path / "out" / "evening"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in folder.glob("report.*"):
        path.unlink()
    result = themes("report", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{folder}: report.md")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_report_of_a_folder_without_an_event_gives_2_and_says_so(tmp_path: Path) -> None:
    result = themes("report", tmp_path)
    assert result.exit_code == 2
    assert "there is no event in it" in result.stderr
