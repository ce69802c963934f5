from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipeline.cli import app

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
    assert result.stdout.splitlines()[1] == f"Start with {tmp_path / 'out' / 'evening' / 'report.md'}"
    assert result.stderr == ""
    assert (tmp_path / "out" / "evening" / "report.md").is_file()


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
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["evening", "other"]
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
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["all-MiniLM-L6-v2", "en_core_web_sm"]
    assert "Apache-2.0" in result.stdout


NEEDS = {
    "run": ["PATH...", "--out", "--taxonomy", "--settings", "Example: themes run"],
    "check": ["PATH...", "Writes nothing", "Example: themes check"],
    "label": ["FILE.csv", "id and text", "--out", "--taxonomy", "--settings", "Example: themes label"],
    "evaluate": ["GOLD", "text (or point) and codes", "--out", "--taxonomy", "--settings", "Example: themes evaluate"],
    "models": ["List the models"],
}


def test_every_command_is_tested_here() -> None:
    assert {command.name for command in app.registered_commands} == set(NEEDS)


@pytest.mark.parametrize("command", NEEDS)
def test_help_says_what_a_command_needs(command: str) -> None:
    result = themes(command, "--help")
    assert result.exit_code == 0
    for need in NEEDS[command]:
        assert need in " ".join(result.stdout.split())
    assert command in themes("--help").stdout


def test_help_and_a_slip_on_the_command_line_are_answered_without_loading_models() -> None:
    code = "import sys\nfrom pipeline.cli import app\ntry: app()\nfinally: print(sorted({'torch', 'spacy'} & set(sys.modules)))"
    for words, status in ((["run", "--help"], 0), (["run"], 2), (["dance"], 2), ([], 2)):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
        assert done.returncode == status, words
        assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize("command", ["run", "label"])
def test_out_is_asked_for(evening: Path, command: str) -> None:
    result = themes(command, evening)
    assert result.exit_code == 2
    assert "--out" in result.stderr
