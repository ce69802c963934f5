"""The notebooks run from first cell to last on real results, and their answers are right."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from test_load import marks_of
from test_run import rows_of

import pipeline
from pipeline.errors import ReadError

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EVENTS = (ROOT / "data/raw/millbrook", ROOT / "tests/layouts/harrowmouth")
WEIGHTS = {"Urgent & Essential": 8, "Urgent but not Essential": 4, "Not Urgent but Essential": 2, "": 2, "Not Urgent or Essential": 1}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data/processed and notebooks, as a checkout has them."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "notebooks").mkdir()
    pipeline.run_events(EVENTS, folder / "data/processed", pipeline.load_settings())
    return folder


def executed(notebook: str, project: Path, *, errors: bool = False) -> nbformat.NotebookNode:
    """A notebook after all its cells were run in ``project/notebooks``; the kernel is spoken to through files, not over a network."""
    (path,) = (path for path in NOTEBOOKS if path.name.startswith(notebook))
    book = nbformat.read(path, as_version=4)
    client = NotebookClient(book, timeout=300, allow_errors=errors, resources={"metadata": {"path": str(project / "notebooks")}})
    with TemporaryDirectory(prefix="k") as short:  # the name of a socket may have 100 letters or so
        client.km = client.create_kernel_manager()
        client.km.transport, client.km.connection_file = "ipc", f"{short}/k.json"
        client.execute()
    return book


def answer(book: nbformat.NotebookNode) -> str:
    (output,) = book.cells[-1].outputs
    return str(output.text)


# as they stand in the repository


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    book = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(book)
    assert set(book.metadata) == {"kernelspec", "language_info"}
    assert book.metadata.kernelspec.name == "python3"
    assert book.metadata.language_info == {"name": "python"}
    for cell in book.cells:
        assert cell.metadata == {}
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    ids = [cell.id for cell in book.cells]
    assert ids == [f"cell-{number:02}" for number in range(1, len(ids))] + ["answer"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asks_a_question_and_reads_results_only(path: Path) -> None:
    assert re.fullmatch(r"\d\d_[a-z_]+\.ipynb", path.name)
    book = nbformat.read(path, as_version=4)
    assert re.match(r"# .+\?\n", book.cells[0].source)
    assert "themes run data/raw --out data/processed" in book.cells[0].source
    code = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
    assert set(re.findall(r"""["'](\.\.?/[^"']*)""", code)) <= {"../data/processed", "../data/processed/millbrook"}


# as they run


def test_the_first_theme_of_an_event_is_the_one_that_its_points_give(project: Path) -> None:
    told = answer(executed("01", project))
    points = [point for point in rows_of(project / "data/processed/millbrook/points.csv") if point["session"] == "1"]
    raised: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for point in points:
        for code in filter(None, point["codes"].split("|")):
            raised[code][point["table"]].append(8 if point["aspect"] == "top_priority" else WEIGHTS[point["priority"]])
    weights = {code: sum(max(of_table) for of_table in tables.values()) for code, tables in raised.items()}
    (first,) = (code for code, weight in weights.items() if weight == max(weights.values()))
    urgent = {point["table"] for point in points if first in point["codes"].split("|") and point["priority"] == "Urgent & Essential"}
    title = {theme["codes"]: theme["title"] for theme in rows_of(project / "data/processed/millbrook/themes.csv")}[first]
    tables = {point["table"] for point in points if point["outcome"] != "procedural"}
    assert told == (
        f"Millbrook put '{title}' first: {len(raised[first])} of {len(tables)} tables raised it, "
        f"{len(urgent)} of them as urgent and essential.\n"
    )


def test_the_least_sure_label_and_what_a_threshold_takes_away_are_those_of_the_points(project: Path) -> None:
    told = answer(executed("02", project))
    points = rows_of(project / "data/processed/millbrook/points.csv")
    scores = {point["point_id"]: [float(score) for score in point["scores"].split("|") if point["codes"]] for point in points}
    doubtful = min((point for point in points if point["codes"]), key=lambda point: (scores[point["point_id"]][0], point["point_id"]))
    change = [point for point, given in scores.items() if any(score < 0.6 for score in given)]
    bare = [point for point in change if max(scores[point]) < 0.6]
    assert len(change) > len(bare) > 0
    assert told == (
        f"The label to look at first is '{doubtful['codes']}' for '{doubtful['text']}' ({scores[doubtful['point_id']][0]:.2f}).\n"
        f"Were labels given only from a probability of 0.6, {len(change)} of {len(points)} points would change, "
        f"and {len(bare)} of those would have no code.\n"
    )


def counted_by_hand(processed: Path) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Tables of each division, and by theme how many of each division's raised it, in the sessions that all events have."""
    events = [rows_of(path) for path in sorted(processed.glob("*/points.csv"))]
    sessions = set.intersection(*({point["session"] for point in points} for points in events))
    said = [point for points in events for point in points if point["session"] in sessions and point["outcome"] != "procedural"]
    titles = {theme["codes"]: theme["title"] for path in processed.glob("*/themes.csv") for theme in rows_of(path)}
    tables: dict[str, set[str]] = defaultdict(set)
    raised: dict[str, dict[str, set[str]]] = defaultdict(lambda: {point["division"]: set() for point in said})
    for point in filter(lambda point: point["table"], said):
        tables[point["division"]].add(point["table"])
        for code in filter(None, point["codes"].split("|")):
            raised[titles[code]][point["division"]].add(point["table"])
    counts = {title: {division: len(found) for division, found in of.items()} for title, of in raised.items()}
    return {division: len(found) for division, found in tables.items()}, counts


def test_what_divisions_share_and_where_they_are_apart_is_what_their_points_give(project: Path) -> None:
    told = answer(executed("03", project))
    tables, raised = counted_by_hand(project / "data/processed")
    small = {title for title, of in raised.items() if title == "Domestic violence and abuse" and min(of.values()) < 3}
    known = {title: of for title, of in raised.items() if title not in small}
    common = [title for title, of in known.items() if min(of.values())]
    found = re.fullmatch(
        r"(\d+) of (\d+) themes were raised in all 2 divisions; 0 clearly set one apart\.\n"
        r"They are furthest apart on '(.+)': (\d+) of (\d+) tables in (.+), (\d+) of (\d+) in (.+)\.\n",
        told,
    )
    assert found
    shared, themes, title, most, of_most, where_most, least, of_least, where_least = found.groups()
    assert (int(shared), int(themes)) == (len(common), len(known))
    assert {where_most: (int(most), int(of_most)), where_least: (int(least), int(of_least))} == {
        division: (known[title][division], number) for division, number in tables.items()
    }
    distances = {title: abs(of[where_most] / tables[where_most] - of[where_least] / tables[where_least]) for title, of in known.items()}
    assert distances[title] == pytest.approx(max(distances.values()))


def test_a_comparison_is_drawn_with_the_counts_of_its_points(project: Path) -> None:
    events = pipeline.load(project / "data/processed")
    comparison = events.compare()
    tables, raised = counted_by_hand(project / "data/processed")
    drawn = marks_of(events.plot.heatmap(comparison).to_dict(), "share")
    assert {row["theme"] for row in drawn} == set(raised)
    assert str(marks_of(events.plot.heatmap().to_dict(), "share")) == str(drawn)  # as text, for a share that is not known is no number
    for row in drawn:
        count = raised[row["theme"]][row["division"]]
        hidden = row["theme"] == "Domestic violence and abuse" and count < 3
        assert row["label"] == f"{'<3' if hidden else count} of {tables[row['division']]}"
        share = None if pd.isna(row["share"]) else row["share"]
        assert share == (None if hidden else pytest.approx(count / tables[row["division"]], abs=1e-6))
    title = drawn[0]["theme"]
    lines = events.plot.intervals(comparison, title).to_dict()
    assert lines["title"]["text"] == f"{title}: share of tables that raised it"
    rows = {row["division"]: row for row in marks_of(lines, "low")}
    assert {name: row["label"] for name, row in rows.items()} == {name: f"{n} of {tables[name]}" for name, n in raised[title].items()}
    assert all(0 <= row["low"] <= row["share"] <= row["high"] <= 1 for row in rows.values())
    with pytest.raises(ReadError, match=f"there is no theme 'weather'.*one of {title}"):
        events.plot.intervals(comparison, "weather")


def test_without_results_the_first_cell_says_what_to_run_and_shows_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    for path in NOTEBOOKS:
        book = executed(path.name, tmp_path, errors=True)
        (output,) = next(cell for cell in book.cells if cell.cell_type == "code").outputs
        assert output.ename == "ReadError"
        (line,) = output.traceback
        assert line.startswith("ReadError: ../data/processed")
        assert "`themes run data/raw --out data/processed`" in line
