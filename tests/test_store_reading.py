"""What a run wrote can be read back whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from test_store import divided_result, made_result

from pipeline.errors import ReadError
from pipeline.results import EventResult
from pipeline.store import POINT_COLUMNS, event_folders, read_event, write_event, write_reports


def results() -> list[EventResult]:
    dropped = pd.DataFrame(
        {"text": ["=1+1", "'-", "12", ""], "reason": ["a | b"] * 4, "source_file": ["a.txt"] * 4, "source_locator": ["line 1"] * 4}
    )
    places = pd.DataFrame({"point_id": ["n01-1", "n02-1"], "x": [-1.0, 0.25], "y": [0.0, 1.0]})
    return [made_result(), divided_result(), replace(made_result(), dropped=dropped, places=places)]


@pytest.mark.parametrize("result", results())
def test_an_event_is_read_back_as_it_was_written(result: EventResult, tmp_path: Path) -> None:
    back = read_event(write_event(tmp_path, result))
    assert back.event == result.event
    assert back.themes == result.themes
    assert back.run == result.run
    pd.testing.assert_frame_equal(back.points, result.points[list(POINT_COLUMNS)])
    assert back.dropped.to_dict("list") == result.dropped.to_dict("list")
    if result.places is None:
        assert back.places is None
    else:
        pd.testing.assert_frame_equal(back.places, result.places)


@pytest.mark.parametrize("result", results())
def test_reports_are_written_anew_from_what_else_stands_in_the_folder(result: EventResult, tmp_path: Path) -> None:
    folder = write_event(tmp_path, result)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "report.md").write_text("an old one")
    written = write_reports(folder)
    assert folder / "report.md" in written
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("name", "broken"), [("themes.json", "{}"), ("themes.json", "["), ("dropped.csv", ""), ("map.csv", "point_id,x,y\nn1,a,b\n")]
)
def test_a_broken_file_is_named_as_no_run(name: str, broken: str, tmp_path: Path) -> None:
    folder = write_event(tmp_path, made_result())
    (folder / name).write_text(broken)
    with pytest.raises(ReadError, match="cannot be read as a run"):
        read_event(folder)


def test_events_are_found_at_a_path_or_one_folder_down(tmp_path: Path) -> None:
    result = made_result()
    folders = [write_event(tmp_path, replace(result, event=replace(result.event, id=name))) for name in ("b", "a")]
    (tmp_path / ".b.partial").mkdir()
    (tmp_path / ".b.partial" / "run.json").write_text("{}")
    (tmp_path / "other").mkdir()
    assert event_folders([tmp_path]) == sorted(folders)
    assert event_folders([folders[0], tmp_path]) == folders
    for path in (tmp_path / "other", tmp_path / "nowhere"):
        with pytest.raises(ReadError, match="there is no event in it"):
            event_folders([path])
