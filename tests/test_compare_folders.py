"""`themes compare` from folders that runs wrote to the folder it writes."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from math import comb, sqrt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import Result
from divisions import evening, made_up
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.compare import compare_folders
from pipeline.run import run_events
from pipeline.settings import Settings
from pipeline.store import write_event
from pipeline.store.comparison import FILES

EXPECTED = Path(__file__).resolve().parent / "golden" / "comparison"


def compare(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["compare", *map(str, words)])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("processed")
    for result in made_up():
        write_event(out, result)
    return out


def test_a_comparison_of_made_up_events_is_as_it_was_read_and_approved(written: Path, tmp_path: Path) -> None:
    result = compare(written, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    found = json.loads((tmp_path / "out" / "comparison.json").read_text("utf-8"))
    del found["made_by"]  # the version of the program
    for one in found["events"]:
        del one["themes_sha256"]  # changes with every addition to themes.json
    assert found == json.loads((EXPECTED / "comparison.json").read_text("utf-8"))
    for name in ("comparison.csv", "comparison.md"):
        assert (tmp_path / "out" / name).read_text("utf-8") == (EXPECTED / name).read_text("utf-8")


def test_the_command_says_what_it_found_and_what_to_know(written: Path, tmp_path: Path) -> None:
    lines = compare(written, "--out", tmp_path / "out").stdout.splitlines()
    assert lines[0].startswith("Roads: Raised more in Birkby than elsewhere: 5 of 5 tables against 0 of 6, q = ")
    assert "Note: The notes of cotmoor name no tables, so no share of tables is known of it; its points are counted." in lines
    assert lines[-2] == f"{tmp_path / 'out'}: 3 events, 3 divisions, 11 tables; themes: 2 that set one apart, 1 shared by all"
    assert lines[-1] == f"Start with {tmp_path / 'out' / 'comparison.html'}"


def test_files_are_written_whole_and_a_second_time_the_same(written: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ashdale, birkby, cotmoor = (written / name for name in ("ashdale", "birkby", "cotmoor"))
    compare_folders([written], out, Settings())
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert sorted(before) == sorted(FILES)
    for folders in ([ashdale, birkby, cotmoor], [cotmoor, ashdale, birkby], [written, birkby]):
        compare_folders(folders, out, Settings())
        assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    table = pd.read_parquet(out / "comparison.parquet")
    assert len(table) == len(list(csv.DictReader((out / "comparison.csv").open(encoding="utf-8", newline=""))))


def test_one_event_is_enough(written: Path, tmp_path: Path) -> None:
    result = compare(written / "ashdale", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "Note: Ashdale is the only division, so there is nothing to compare it with: shares and their intervals only." in result.stdout


def test_a_folder_without_a_run_gives_2_and_is_named(written: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "nowhere"):
        result = compare(written, folder, "--out", tmp_path / "out")
        assert result.exit_code == 2
        assert str(folder) in result.stderr
        assert "What to do:" in result.stderr
        assert not (tmp_path / "out").exists()


def test_two_runs_of_one_event_give_2(written: Path, tmp_path: Path) -> None:
    write_event(tmp_path, made_up()[0])
    result = compare(written, tmp_path / "ashdale", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "both hold the event 'ashdale'" in result.stderr


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("themes.json", b"{"),
        ("themes.json", b"[]"),
        ("themes.json", b'{"event": {}, "sessions": []}'),
        ("run.json", b"3"),
        ("run.json", b'{"versions": 1, "models": 1, "taxonomy": 1, "settings": 1}'),
        ("points.parquet", b"PAR1"),
        ("points.parquet", None),
    ],
)
def test_a_broken_run_gives_2_and_is_named(tmp_path: Path, file: str, content: bytes | None) -> None:
    folder = write_event(tmp_path, made_up()[0])
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    result = compare(folder, "--out", tmp_path / "out")
    assert result.exit_code == 2, result.output
    assert str(folder) in result.stderr
    assert "What to do:" in result.stderr
    assert not (tmp_path / "out").exists()


def test_files_of_two_runs_in_one_folder_give_2(tmp_path: Path) -> None:
    folder = write_event(tmp_path, made_up()[0])
    other = write_event(tmp_path, evening("b", "B", 1))
    (folder / "points.parquet").write_bytes((other / "points.parquet").read_bytes())
    result = compare(folder, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "are not of one run" in result.stderr


def test_a_folder_with_something_else_in_it_is_left_alone(written: Path, tmp_path: Path) -> None:
    (tmp_path / "minutes.docx").write_bytes(b"mine")
    result = compare(written, "--out", tmp_path)
    assert result.exit_code == 2
    assert "it holds 'minutes.docx', which is no part of an earlier comparison" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["minutes.docx"]


def test_a_session_that_no_event_has_gives_2(written: Path, tmp_path: Path) -> None:
    result = compare(written, "--out", tmp_path / "out", "--session", "9")
    assert result.exit_code == 2
    assert "no event has the session 9" in result.stderr
    assert "ashdale: 1" in result.stderr


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(written: Path, tmp_path: Path) -> None:
    compare_folders([written], tmp_path / "out", Settings())
    assert '"=quads' in (tmp_path / "out" / "comparison.json").read_text("utf-8")
    for row in csv.reader((tmp_path / "out" / "comparison.csv").open(encoding="utf-8", newline="")):
        assert not any(cell.startswith(("=", "@", "+")) for cell in row)


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory, root: Path) -> tuple[Path, dict[str, Any]]:
    """The example events, run and compared."""
    out = tmp_path_factory.mktemp("six")
    run_events([root / "data" / "raw"], out / "processed", Settings())
    compare_folders([out / "processed"], out / "comparison", Settings())
    return out / "processed", json.loads((out / "comparison" / "comparison.json").read_text("utf-8"))


def by_hand(processed: Path) -> tuple[dict[str, set[str]], dict[tuple[str, str], set[str]]]:
    """Tables of each division, and those that raised each code, counted from points.csv with nothing of ours."""
    present: dict[str, set[str]] = defaultdict(set)
    raised: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in sorted(processed.glob("*/points.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for point in csv.DictReader(file):
                if point["table"] and point["outcome"] != "procedural":
                    present[point["division"]].add(point["table"])
                    for code in filter(None, point["codes"].split("|")):
                        raised[code, point["division"]].add(point["table"])
    return present, raised


def test_numbers_of_the_example_events_are_those_counted_by_hand(six: tuple[Path, dict[str, Any]]) -> None:
    processed, document = six
    present, raised = by_hand(processed)
    total = sum(map(len, present.values()))
    assert {division["name"]: division["tables"] for division in document["divisions"]} == {d: len(t) for d, t in present.items()}
    assert document["measures"][0]["kind"] == "raised"
    checked = 0
    chances = []
    for theme in document["measures"][0]["themes"]:
        counts = {division: len(raised[theme["code"], division]) for division in present}
        assert theme["withheld"] is (theme["code"] == "dv" and min(counts.values()) < 3)
        for cell in theme["cells"]:
            here, tables_here = counts[cell["division"]], len(present[cell["division"]])
            if theme["withheld"]:
                assert cell["shown"] == (f"{here} of {tables_here}" if here >= 3 else f"<3 of {tables_here}")
                assert cell["tables"] == (here if here >= 3 else None)
                assert cell["rest_tables"] is None
                chances.append(1.0)
                continue
            every = sum(counts.values())
            assert (cell["tables"], cell["tables_total"]) == (here, tables_here)
            assert (cell["rest_tables"], cell["rest_total"]) == (every - here, total - tables_here)
            share, other = here / tables_here, (every - here) / (total - tables_here)
            assert cell["difference"] == pytest.approx(share - other, abs=1e-5)
            z = 1.959964
            middle = (share + z * z / (2 * tables_here)) / (1 + z * z / tables_here)
            half = z / (1 + z * z / tables_here) * sqrt(share * (1 - share) / tables_here + z * z / (4 * tables_here**2))
            assert (cell["low"], cell["high"]) == (pytest.approx(middle - half, abs=1e-5), pytest.approx(middle + half, abs=1e-5))
            if cell["p"] is not None:
                ways = Counter({n: comb(every, n) * comb(total - every, tables_here - n) for n in range(tables_here + 1)})
                seen = abs(here * total - every * tables_here)
                p = sum(w for n, w in ways.items() if abs(n * total - every * tables_here) >= seen) / comb(total, tables_here)
                assert cell["p"] == pytest.approx(p, rel=1e-4)
                chances.append(p)
                checked += 1
    assert checked > 90
    assert document["measures"][0]["tests"] == len(chances)
    in_order = sorted(chances)
    for theme in document["measures"][0]["themes"]:
        for cell in theme["cells"]:
            if cell["p"] is not None:
                q = min(p * len(in_order) / rank for rank, p in enumerate(in_order, 1) if p >= cell["p"] * (1 - 1e-4))
                assert cell["q"] == pytest.approx(min(1.0, q), rel=1e-3)


def test_the_example_events_are_said_to_differ_in_nothing_that_six_tables_could_show(six: tuple[Path, dict[str, Any]]) -> None:
    _, document = six
    assert document["distinctive"] == []
    assert len(document["shared"]) > 10
    assert any(theme["matched"] for theme in document["emergent"])
    said = {cell["verdict"] for theme in document["measures"][0]["themes"] for cell in theme["cells"]}
    assert said <= {"no_clear_difference", "hidden", "too_few"}
