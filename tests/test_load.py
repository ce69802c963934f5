"""What runs wrote, read back for a notebook."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import altair
import pandas as pd
import pytest
from test_run import ROWS, csv_of, python
from test_store import made_result
from test_store_reading import results

import pipeline
from pipeline.errors import ReadError, SettingsError
from pipeline.results import EventResult
from pipeline.store import POINT_COLUMNS, write_event

TABLES = ("events", "sessions", "themes", "points", "dropped", "run")
SVG = "image/svg+xml"


def placed() -> EventResult:
    """An event with a map and with text that was set aside."""
    return replace(results()[2], places=_places(made_result()))


def _places(result: EventResult) -> pd.DataFrame:
    points = result.points.loc[result.points["outcome"] != "procedural", "point_id"]
    return pd.DataFrame({"point_id": points, "x": [number / 100 for number in range(len(points))], "y": 0.5}).reset_index(drop=True)


def renamed(result: EventResult, event: str) -> EventResult:
    """The same event under another id."""
    return replace(result, event=replace(result.event, id=event), points=result.points.assign(event=event))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    for event in ("b", "a"):
        write_event(folder, renamed(placed(), event))
    return folder


def marks_of(spec: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The rows with a ``key`` among the data of a chart."""
    found = []
    for part in (spec, *spec["layer"]):
        data = part.get("data", {})
        rows = data.get("values") or spec.get("datasets", {}).get(data.get("name"), [])
        found += [row for row in rows if key in row]
    return found


# tables


def test_an_event_has_the_tables_that_stand_in_its_folder(tmp_path: Path) -> None:
    result = placed()
    loaded = pipeline.load(write_event(tmp_path, result))
    pd.testing.assert_frame_equal(loaded.points, result.points[list(POINT_COLUMNS)])
    written = pd.read_csv(tmp_path / "ev" / "themes.csv", keep_default_na=False, dtype="str")
    shown = loaded.themes.drop(columns=["event", "division", "stability"]).astype("str")
    pd.testing.assert_frame_equal(shown, written.drop(columns="stability"), check_dtype=False)
    assert set(loaded.themes["event"]) == {"ev"}
    assert [None if pd.isna(value) else value for value in loaded.themes["stability"]] == [theme.stability for theme in result.themes]
    assert loaded.dropped.drop(columns="event").to_dict("list") == result.dropped.to_dict("list")
    assert loaded.sessions[["session", "title", "tables", "points", "labelled", "no_match"]].to_numpy().tolist() == [
        [session.id, session.title, *_counted(result, session.id)] for session in result.event.sessions
    ]


def _counted(result: EventResult, session: str) -> list[int]:
    points = [point for point in result.points.to_dict("records") if point["session"] == session]
    outcomes = [point["outcome"] for point in points]
    tables = {point["table"] for point in points} - {""}
    return [len(tables), len(points), outcomes.count("labelled"), outcomes.count("no_match")]


def test_run_json_is_a_table_of_names_and_values(tmp_path: Path) -> None:
    folder = write_event(tmp_path, placed())
    run = pipeline.load(folder).run
    assert list(run.columns) == ["event", "name", "value"]
    account = json.loads((folder / "run.json").read_text("utf-8"))
    values = dict(zip(run["name"], run["value"], strict=True))
    assert values["counts.outcomes.labelled"] == account["counts"]["outcomes"]["labelled"]
    assert values["taxonomy.sha256"] == "0" * 64
    for name, value in values.items():
        found = account
        for part in name.split("."):
            found = found[int(part)] if isinstance(found, list) else found[part]
        assert found == value


def test_a_folder_of_events_has_their_tables_one_beneath_the_other(two: Path) -> None:
    loaded = pipeline.load(str(two))
    assert list(loaded) == ["a", "b"]
    assert len(loaded) == 2
    assert loaded.events["event"].tolist() == ["a", "b"]
    for name in TABLES:
        whole = getattr(loaded, name)
        parts = [getattr(loaded[event], name) for event in loaded]
        assert list(whole["event"]) == ["a"] * len(parts[0]) + ["b"] * len(parts[1])
        pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True))
    with pytest.raises(ReadError, match=r"there is no event 'c'\. Expected: one of a, b"):
        loaded["c"]


def test_changing_a_table_changes_nothing_but_it(two: Path) -> None:
    loaded = pipeline.load(two / "a")
    for name in TABLES:
        before = getattr(loaded, name).copy()
        changed = getattr(loaded, name)
        changed.iloc[:, 0] = "changed"
        pd.testing.assert_frame_equal(getattr(loaded, name), before)
    with pytest.raises(FrozenInstanceError):
        loaded.results = ()


def test_the_points_of_a_theme_are_those_it_counts(two: Path) -> None:
    loaded = pipeline.load(two / "a")
    for theme in made_result().themes:
        assert set(loaded.points_of(theme.id)["point_id"]) == set(theme.point_ids)
    with pytest.raises(ReadError, match="there is no theme 'nothing'"):
        loaded.points_of("nothing")


# how it shows itself


def test_an_event_shows_its_title_sessions_and_counts(tmp_path: Path) -> None:
    result = placed()
    titled = replace(result, event=replace(result.event, title="Tea & <script>cake</script>", date="12 November 2009"))
    loaded = pipeline.load(write_event(tmp_path, titled))
    lines = repr(loaded).splitlines()
    outcomes = list(result.points["outcome"])
    assert lines[0] == "Tea & <script>cake</script>"
    assert lines[1] == "event ev · D · 12 November 2009"
    assert lines[2] == (
        f"{len(outcomes)} points ({outcomes.count('labelled')} labelled, {outcomes.count('no_match')} no match, "
        f"{outcomes.count('undecided')} undecided, {outcomes.count('procedural')} procedural) in {len(result.themes)} themes; "
        "4 pieces of text set aside"
    )
    assert [line.split()[0] for line in lines[4:]] == ["1", "2", "3"]
    page = loaded._repr_html_()
    assert page.startswith("<h3>Tea &amp; &lt;script&gt;cake&lt;/script&gt;</h3>")
    assert "<script>" not in page
    assert page.count("<tr") == 4


def test_events_show_one_line_each(two: Path) -> None:
    loaded = pipeline.load(two)
    assert repr(loaded).splitlines()[0] == "2 events"
    assert [line.split()[:2] for line in repr(loaded).splitlines()[3:]] == [["a", "D"], ["b", "D"]]
    assert loaded._ipython_key_completions_() == ["a", "b"]


def test_only_public_names_are_completed() -> None:
    assert dir(pipeline) == sorted(pipeline.__all__)


# charts


def test_charts_are_those_of_the_report(two: Path) -> None:
    loaded = pipeline.load(two / "a")
    drawn = loaded.plot.themes("1")
    assert isinstance(drawn, altair.LayerChart)
    spec = drawn.to_dict()
    assert spec["title"]["text"] == "Session 1: Tables that raised each theme"
    key_themes = [theme for theme in made_result().themes if theme.session == "1"][:8]
    rows = marks_of(spec, "count")[: len(key_themes)]
    assert [(row["theme"], row["count"], row["of"]) for row in rows] == [(t.title, t.tables, t.tables_total) for t in key_themes]
    marks = marks_of(loaded.plot.map("1").to_dict(), "text")
    said = loaded.points[(loaded.points["session"] == "1") & (loaded.points["outcome"] != "procedural")]
    assert {row["text"] for row in marks} == set(said["text"])
    urgent = loaded.plot.priorities("1").to_dict()
    assert urgent["title"]["text"] == "Session 1: Points on each theme by priority"


def test_a_chart_that_is_not_one_says_which_there_are(two: Path) -> None:
    with pytest.raises(ReadError, match=r"there is no such chart.*one of session 1"):
        pipeline.load(two / "a").plot.themes("9")
    both = pipeline.load(two)
    with pytest.raises(ReadError, match=r"more than one such chart.*session 1 of a, .*session 1 of b.*name the session and the event"):
        both.plot.map("1")
    assert both.plot.map("1", event="b").to_dict()["title"]["text"].startswith("b, session 1: ")


def test_charts_are_shown_without_the_internet_unless_their_user_wants_otherwise(two: Path) -> None:
    loaded = pipeline.load(two / "a")
    with altair.renderers.enable("default"):
        shown = loaded.plot.themes("1")._repr_mimebundle_()
        assert list(shown) == [SVG]
        assert shown[SVG].startswith("<svg")
    with altair.renderers.enable("html"):
        assert list(loaded.plot.themes("1")._repr_mimebundle_()) == ["text/html"]


# what cannot be loaded


def test_a_folder_without_results_says_how_to_make_them(tmp_path: Path) -> None:
    for path, what in ((tmp_path, "there are no results in this folder"), (tmp_path / "nowhere", "there is no such folder")):
        with pytest.raises(ReadError, match=f"{what}.*themes run data/raw --out data/processed"):
            pipeline.load(path)
    broken = write_event(tmp_path, made_result())
    (broken / "themes.json").write_text("{")
    with pytest.raises(ReadError, match="cannot be read as a run"):
        pipeline.load(tmp_path)


def test_reading_results_loads_no_model(two: Path) -> None:
    heavy = "{'torch', 'spacy', 'sklearn', 'altair'}"
    assert python(f"import sys, pipeline; repr(pipeline.load({str(two)!r})); print({heavy} & set(sys.modules))") == "set()\n"


# steps run from a notebook


def test_an_event_run_from_a_notebook_can_be_loaded_questioned_and_labelled_otherwise(tmp_path: Path) -> None:
    raw = csv_of(tmp_path / "evening.csv", ROWS)
    pipeline.run_events(str(raw), str(tmp_path / "out"), pipeline.load_settings(label_threshold=0.3))
    before = pipeline.load(str(tmp_path / "out"))["evening"]
    settings = dict(zip(before.run["name"], before.run["value"], strict=True))
    assert settings["settings.label_threshold"] == 0.3

    point = before.points[before.points["outcome"] == "labelled"].iloc[0]
    why = before.why(point["point_id"])
    assert why.point["text"] == point["text"]
    page = why._repr_html_()
    assert page.startswith(f"<blockquote>{point['text']}</blockquote>")
    assert page.count("<tr") == 4
    assert f">{why.sources['probability'][0]:.2f}</td>" in page
    assert repr(why) == str(why)
    with pytest.raises(ReadError, match="there is no point 'nobody'"):
        before.why("nobody")

    assert before.relabel().changed.empty
    changed = before.relabel(label_threshold=0.9)
    sure = {}
    for point in before.points.to_dict("records"):
        pairs = zip(point["codes"].split("|"), point["scores"].split("|"), strict=True)
        sure[point["point_id"]] = "|".join(code for code, score in pairs if code and float(score) >= 0.9)
    differ = {point: codes for point, codes in sure.items() if codes != before.points.set_index("point_id")["codes"][point]}
    assert differ
    assert dict(zip(changed.changed["point_id"], changed.changed["codes_after"], strict=True)) == differ
    assert changed.remarks == ("the run had the setting label_threshold at 0.3, and now it is 0.9",)
    with pytest.raises(SettingsError, match="label_treshold"):
        before.relabel(label_treshold=0.9)


def test_only_one_event_at_a_time_is_labelled_otherwise(two: Path) -> None:
    with pytest.raises(ReadError, match="more than one event is loaded"):
        pipeline.load(two).relabel(label_threshold=0.9)
