"""A small fixed event, compared byte for byte; ``python -m tests.golden.renew`` writes the expected files anew."""

from __future__ import annotations

import ast
import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import docx
import openpyxl
import pytest
import yaml

from pipeline.run import run_events
from pipeline.settings import Settings

EVENT = "hollin-bridge"
# The number in the notes of session 2 and the residents of session 3: replaced before anything is written.
PERSONAL = Counter(["01632", "960144", "edna", "jordan"])


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text.lower()))


@pytest.fixture(scope="module")
def written(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (event,) = run_events([golden / "input"], tmp_path_factory.mktemp("out"), Settings(), use_cache=False)
    return event.folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["themes.json", "points.csv", "report.md"])
def test_the_golden_event_gives_the_expected_bytes(written: Path, golden: Path, name: str) -> None:
    found, expected = (written / name).read_text("utf-8"), (golden / "expected" / EVENT / name).read_text("utf-8")
    assert found.splitlines() == expected.splitlines()
    assert (written / name).read_bytes() == (golden / "expected" / EVENT / name).read_bytes()


def test_the_golden_event_is_read_as_a_person_reads_it(written: Path) -> None:
    points = {row["text"]: row for row in rows(written / "points.csv")}
    assert len(points) == 29
    assert points["Burglaries up in the terraces behind the mill"]["mentions"] == "3"
    assert points["Speeding past the infant school"]["mentions"] == "4"
    assert points["neighbours to look in"]["mentions"] == "2"
    assert points["Tea break 7.40"]["outcome"] == "procedural"
    assert points["Burglaries"]["aspect"] == "top_priority"
    assert points["Street lights out along the tow path"]["priority"] == "Not Urgent but Essential"
    assert points["large print on every letter"]["resident"] == "older people"
    assert Counter(row["aspect"] for row in points.values()) == {
        "challenge": 9, "top_priority": 1, "barrier": 5, "good_practice": 5, "issue": 6, "action": 3,
    }  # fmt: skip


def test_points_csv_has_every_column_that_is_promised(written: Path) -> None:
    promised = (
        "point_id note_id event division session table heading aspect priority level resident text source_file source_locator start end "
        "mentions theme_id codes scores outcome evidence"
    ).split()
    with (written / "points.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file))[: len(promised)] == promised


def test_every_word_read_is_kept_or_dropped_and_the_account_says_so(written: Path, golden: Path) -> None:
    account = json.loads((written / "run.json").read_text("utf-8"))["conservation"]["words"]
    assert account["read"] == account["kept"] + account["dropped"]
    assert account["kept"] == sum(account["kept_in"].values())
    assert account["read"] == sum(typed(golden / "input" / EVENT).values())
    # Column headings set aside are counted by the row they stand in.
    assert account["dropped"] == sum(sum(words(row["text"]).values()) for row in rows(written / "dropped.csv"))


def typed(folder: Path) -> Counter[str]:
    """Every word of the files of notes, read with nothing of ours."""
    found: Counter[str] = Counter()
    for paragraph in docx.Document(str(folder / "Session 1 flip charts.docx")).paragraphs:
        found += words(paragraph.text)
    for sheet in openpyxl.load_workbook(folder / "Session 2 confidence.xlsx"):
        for row in sheet.values:
            for value in row:
                found += words("" if value is None else str(value))
    return found + words((folder / "Session 3 residents.txt").read_text("utf-8"))


def test_every_word_of_every_file_is_found_again_in_points_or_dropped(written: Path, golden: Path) -> None:
    points = rows(written / "points.csv")
    found: Counter[str] = Counter()
    for point in points:
        found += words(point["text"]) + words(point["tally"])
    for row in rows(written / "dropped.csv"):
        found += words(row["text"])
    # A heading is written beside each of its points, and was typed once.
    for source in {point["source_file"] for point in points}:
        for heading in {part for point in points if point["source_file"] == source for part in point["heading"].split(" > ")}:
            found += words(heading)
    read = typed(golden / "input" / EVENT)
    assert set(read) - set(found) == set(PERSONAL)
    said: Counter[str] = Counter()
    for point in points:
        said += words(point["text"])
    assert all(said[word] <= read[word] for word in set(said) - {"phone", "1"})
    event = yaml.safe_load((golden / "input" / EVENT / "event.yaml").read_text("utf-8"))
    told = json.loads((written / "themes.json").read_text("utf-8"))
    for key in ("title", "division", "districts", "venue", "participants"):
        assert told["event"][key] == event[key]
    assert [(s["id"], s["title"]) for s in told["sessions"]] == [(s["id"], s["title"]) for s in event["sessions"]]


def test_a_personal_detail_is_in_no_file_that_is_written(written: Path) -> None:
    for path in written.iterdir():
        for detail in PERSONAL:
            assert detail.encode() not in path.read_bytes().lower(), path.name
    assert "Reports taken at the library, ring [PHONE 1]" in {row["text"] for row in rows(written / "points.csv")}


def test_the_account_says_what_the_result_was_made_from(written: Path, golden: Path) -> None:
    import hashlib

    account = json.loads((written / "run.json").read_text("utf-8"))
    for file in account["files"]:
        if file["status"] == "read":
            assert file["sha256"] == hashlib.sha256((golden / "input" / EVENT / file["source_file"]).read_bytes()).hexdigest()
    assert [(file["source_file"], file["status"], file["notes"]) for file in account["files"]] == [
        ("Session 1 flip charts.docx", "read", 9),
        ("Session 2 confidence.xlsx", "read", 8),
        ("Session 3 residents.txt", "read", 9),
        ("event.yaml", "not notes", 0),
    ]
    points = rows(written / "points.csv")
    assert account["counts"]["points"] == len(points) == sum(account["counts"]["outcomes"].values())
    assert account["counts"]["outcomes"] == {**dict.fromkeys(account["counts"]["outcomes"], 0), **Counter(p["outcome"] for p in points)}
    assert account["redactions"] == {"PHONE": 1}
    assert set(account["seconds"]) == {"ingest", "redact", "tokenise", "embed", "cluster", "label", "themes"}


def test_a_second_run_over_the_first_gives_the_same_bytes(written: Path, golden: Path) -> None:
    before = {path.name: path.read_bytes() for path in written.iterdir() if path.name != "run.json"}
    run_events([golden / "input"], written.parent, Settings(), use_cache=False)
    assert {path.name: path.read_bytes() for path in written.iterdir() if path.name != "run.json"} == before


IN_A_PROCESS = """
import sys
from pathlib import Path
heard = []
sys.addaudithook(lambda event, args: heard.append((event, args[1:])) if event.startswith("socket.") else None)
import torch
from pipeline.run import run_events
from pipeline.settings import Settings
for threads in (1, 2):
    torch.set_num_threads(threads)
    run_events([Path(sys.argv[1])], Path(sys.argv[2]) / str(threads), Settings(), use_cache=False)
    assert torch.get_num_threads() == threads
print(heard)
"""


def test_threads_change_no_byte_and_a_run_reaches_for_no_network(golden: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS, str(golden / "input"), str(tmp_path)],
        capture_output=True, text=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "2"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for threads in ("1", "2"):
        for name in ("themes.json", "points.csv", "report.md"):
            assert (tmp_path / threads / EVENT / name).read_bytes() == (golden / "expected" / EVENT / name).read_bytes(), name
    # urllib3, when imported, binds a socket to this machine's own address to learn whether it knows IPv6; nothing else is opened, and
    # nothing is connected, sent or looked up.
    heard = ast.literal_eval(done.stdout.splitlines()[-1])
    assert [event for event in heard if event[0] != "socket.__new__"] in ([], [("socket.bind", (("::1", 0),))])
    assert len([event for event in heard if event[0] == "socket.__new__"]) <= 1
