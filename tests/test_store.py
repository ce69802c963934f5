from __future__ import annotations

import csv
import io
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from full_disk import files_of_at_most
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from labelled_points import by_topic, event_result, labelled_points, topics_of
from test_themes import POINTS, PROBABILITIES, TAXONOMY, VECTORS

from pipeline.errors import ContractError, OutputError, ReadError
from pipeline.records import Session
from pipeline.results import EventResult
from pipeline.settings import SCHEMAS, Settings
from pipeline.store import POINT_COLUMNS, read_earlier, read_run, table_csv, themes_document, write_event, write_file, write_folder
from pipeline.themes import Earlier, gather_themes
from pipeline.themes.matching import Group

FILES = {
    "themes.json",
    "themes.csv",
    "points.csv",
    "points.parquet",
    "dropped.csv",
    "run.json",
    "report.md",
    "report.docx",
    "report.html",
    "themes.xlsx",
}
OLD, NEW = {"a.txt": b"old a", "b.txt": b"old b"}, {"a.txt": b"new a" * 1000, "c.txt": b"new c", "d.txt": b"new d"}
SCHEMA = json.loads((SCHEMAS / "themes.schema.json").read_text("utf-8"))


def made_result() -> EventResult:
    points, themes = gather_themes(POINTS, VECTORS, PROBABILITIES, TAXONOMY, topics_of, Settings())
    return event_result(points, themes, Session("1", "Challenges"), Session("2"), Session("3", "Residents", "Who?"))


def divided_result() -> EventResult:
    """One theme, in two parts."""
    texts = ["litter", "more litter", "still litter", "lads", "lads | about", "lads again"]
    points = labelled_points(*({"text": text, "codes": "asb"} for text in texts))
    found = gather_themes(points, by_topic([0, 0, 0, 1, 1, 1]), np.full((6, 3), 0.5), TAXONOMY, topics_of, Settings())
    return event_result(*found, Session("1"))


def shown(folder: Path) -> dict[str, bytes]:
    """What a person sees in a folder: every file by its name, hidden ones left out."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and not any(x.startswith(".") for x in p.relative_to(folder).parts)
    }


# what a run writes


def test_an_event_is_a_folder_of_every_file_promised(tmp_path: Path) -> None:
    folder = write_event(tmp_path / "out", made_result())
    assert folder == tmp_path / "out" / "ev"
    assert set(shown(folder)) == FILES
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["ev"]


def test_themes_json_keeps_its_schema_and_holds_every_theme(tmp_path: Path) -> None:
    result = made_result()
    document = json.loads((write_event(tmp_path, result) / "themes.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert [theme["id"] for session in document["sessions"] for theme in session["themes"]] == [theme.id for theme in result.themes]
    assert [(s["points"], s["mentions"], s["tables"]) for s in document["sessions"]] == [(10, 16, 4), (1, 1, 1), (3, 4, 1)]
    first = document["sessions"][0]["themes"][0]
    assert (first["title"], first["weight"], first["stability"], first["stability_level"]) == ("Road safety", 17, 0.996, "high")
    assert first["counts"] == {"points": 3, "mentions": 4, "tables": 2, "tables_total": 3}
    assert first["level"] == {"division": 1}
    assert first["quotes"][0] == {
        "point_id": "n01-1", "text": "cars race past the litter", "table": "1", "source_file": "table 1.txt", "tables": ["1"],
    }  # fmt: skip
    assert document["taxonomy"] == {"name": "t", "version": "1", "sha256": "0" * 64}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"confidence": 1.5}, "confidence"),
        ({"rank": 0}, "rank"),
        ({"kind": "guess"}, "kind"),
        ({"priorities": {"Soon": 1}}, "priority"),
        ({"point_ids": ()}, "point_ids"),
        ({"title": ""}, "title"),
        ({"broader": ""}, "broader"),
        ({"weight": 0}, "weight"),
        ({"stability": -0.1}, "stability"),
    ],
)
def test_a_theme_that_breaks_the_schema_is_refused_and_nothing_is_written(tmp_path: Path, change: dict[str, Any], place: str) -> None:
    result = made_result()
    broken = replace(result, themes=[replace(result.themes[0], **change), *result.themes[1:]])
    with pytest.raises(ContractError, match=rf"themes\.json, \$\.sessions\[0\]\.themes\[0\]\.{place}"):
        write_event(tmp_path, broken)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["sessions", "event", "taxonomy", "schema"])
def test_the_schema_refuses_a_document_without_its_parts(key: str) -> None:
    document = themes_document(made_result())
    del document[key]
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(document)


def test_points_are_the_same_in_csv_and_parquet(tmp_path: Path) -> None:
    folder = write_event(tmp_path, made_result())
    read = pd.read_csv(folder / "points.csv", dtype=str, keep_default_na=False)
    parquet = pd.read_parquet(folder / "points.parquet")
    assert tuple(read.columns) == tuple(parquet.columns) == POINT_COLUMNS
    pd.testing.assert_frame_equal(parquet.astype(str).astype(object), read.astype(object))


def test_themes_csv_has_a_row_a_theme_with_counts_in_words(tmp_path: Path) -> None:
    result = made_result()
    table = pd.read_csv(write_event(tmp_path, result) / "themes.csv", dtype=str, keep_default_na=False)
    assert table["id"].tolist() == [theme.id for theme in result.themes]
    assert table["priority"][0] == "Urgent & Essential: 2|Not Urgent or Essential: 1"
    assert table["weight"].tolist() == [str(theme.weight) for theme in result.themes]
    assert table["stability_level"].tolist()[0] == "high"
    assert table[["stability", "stability_level"]].to_numpy().tolist()[-1] == ["", ""]
    assert table["residents"].tolist()[-1] == "older people: 2|young people: 1"
    assert table["quotes"][0].split("|") == [quote.text for quote in result.themes[0].quotes]


def test_the_broader_theme_is_a_code_or_nothing(tmp_path: Path) -> None:
    result = made_result()
    beneath = replace(result, themes=[replace(result.themes[0], broader="road"), *result.themes[1:]])
    folder = write_event(tmp_path, beneath)
    document = json.loads((folder / "themes.json").read_text("utf-8"))
    assert document["schema"] == SCHEMA["$id"] == "workshop-themes/themes/1.2"
    assert [theme["broader"] for theme in document["sessions"][0]["themes"]] == ["road", None, None, None]
    table = pd.read_csv(folder / "themes.csv", dtype=str, keep_default_na=False)
    assert table["broader"].tolist() == ["road", *[""] * (len(table) - 1)]


def test_sub_themes_stand_within_their_theme(tmp_path: Path) -> None:
    result = divided_result()
    folder = write_event(tmp_path, result)
    (theme,) = json.loads((folder / "themes.json").read_text("utf-8"))["sessions"][0]["themes"]
    lads, litter = theme["subthemes"]
    (first, second) = result.themes[0].subthemes
    assert (lads["id"], lads["title"], litter["id"], litter["title"]) == (first.id, first.title, second.id, second.title)
    assert lads["point_ids"] == ["n03-1", "n04-1", "n05-1"]
    assert litter["counts"] == {"points": 3, "mentions": 3, "tables": 1, "tables_total": 1}
    assert (litter["stability"], litter["stability_level"], len(litter["quotes"])) == (None, "", 1)
    table = pd.read_csv(folder / "themes.csv", dtype=str, keep_default_na=False)
    shown = [f"{part.title.replace('|', '/')}: 3" for part in (first, second)]
    assert table["subthemes"].tolist() == ["|".join(shown)]


@pytest.mark.parametrize(
    ("change", "place"), [({"title": ""}, "title"), ({"point_ids": ()}, "point_ids"), ({"stability": 2.0}, "stability")]
)
def test_a_sub_theme_that_breaks_the_schema_is_refused(tmp_path: Path, change: dict[str, Any], place: str) -> None:
    result = divided_result()
    (theme,) = result.themes
    broken = replace(theme, subthemes=(replace(theme.subthemes[0], **change), theme.subthemes[1]))
    with pytest.raises(ContractError, match=rf"themes\[0\]\.subthemes\[0\]\.{place}"):
        write_event(tmp_path, replace(result, themes=[broken]))
    assert list(tmp_path.iterdir()) == []


# what a run wrote is read back

ACCOUNT = {"versions": {}, "models": {}, "settings": {"sensitive_codes": [], "quotes_from_tables": 3}}


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    result = made_result()
    result.run.update(ACCOUNT)
    stored = read_run(write_event(tmp_path, result))
    pd.testing.assert_frame_equal(stored.points, result.points[list(POINT_COLUMNS)])
    assert stored.account == result.run


@pytest.mark.parametrize("broken", ["points.parquet", "run.json"])
def test_a_folder_that_is_no_run_is_refused_with_advice(tmp_path: Path, broken: str) -> None:
    result = made_result()
    result.run.update(ACCOUNT)
    folder = write_event(tmp_path, result)
    (folder / broken).write_bytes(b"[]")
    with pytest.raises(ReadError, match=r"ev: .*What to do: name a folder that holds points\.parquet and run\.json"):
        read_run(folder)
    (folder / broken).unlink()
    with pytest.raises(ReadError, match=f"it has no {broken}"):
        read_run(folder)


def test_a_run_that_lacks_a_part_is_refused_and_the_part_named(tmp_path: Path) -> None:
    result = made_result()
    versions = result.run.pop("versions")
    with pytest.raises(ReadError, match="lacks 'versions'"):
        read_run(write_event(tmp_path, result))
    result.run["versions"] = versions
    folder = write_event(tmp_path, result)
    pd.read_parquet(folder / "points.parquet").drop(columns="outcome").to_parquet(folder / "points.parquet")
    with pytest.raises(ReadError, match="lacks 'outcome'"):
        read_run(folder)


# the themes of an earlier run


def stored(out: Path) -> Path:
    """The folder of a run of one theme in two parts."""
    result = divided_result()
    result.run.update(ACCOUNT)
    return write_event(out, result)


def test_the_themes_and_sub_themes_of_an_earlier_run_are_read_back(tmp_path: Path) -> None:
    found = read_earlier(stored(tmp_path))
    lads, litter = divided_result().themes[0].subthemes
    texts = ["litter", "more litter", "still litter", "lads", "lads | about", "lads again"]
    assert found == Earlier(
        (
            Group("ev-1-asb", "1", "taxonomy", frozenset(f"n0{n}-1" for n in range(6))),
            Group(lads.id, "1 asb", "emergent", frozenset({"n03-1", "n04-1", "n05-1"})),
            Group(litter.id, "1 asb", "emergent", frozenset({"n00-1", "n01-1", "n02-1"})),
        ),
        {f"n0{n}-1": text for n, text in enumerate(texts)},
        "ids were carried over",
    )


def test_where_there_was_no_earlier_run_there_are_no_earlier_themes(tmp_path: Path) -> None:
    assert read_earlier(tmp_path / "ev") == Earlier((), {}, "there was no earlier run")


def test_a_run_of_before_there_were_sub_themes_is_read_without(tmp_path: Path) -> None:
    folder = stored(tmp_path)
    document = json.loads((folder / "themes.json").read_text("utf-8"))
    document["schema"] = "workshop-themes/themes/1.1"
    for theme in document["sessions"][0]["themes"]:
        for later in ("subthemes", "weight", "stability_level"):
            del theme[later]
    (folder / "themes.json").write_text(json.dumps(document))
    found = read_earlier(folder)
    assert [group.id for group in found.groups] == ["ev-1-asb"]
    assert found.remark == "ids were carried over"


@pytest.mark.parametrize("name", ["themes.json", "points.parquet", "run.json"])
@pytest.mark.parametrize(
    "broken", [None, b"", b"[]", b"{}", b"null", b"\xff\xfe\x00", b'{"sessions": 3}', b'{"sessions": [{"id": "1", "themes": [{}]}]}']
)
def test_an_earlier_run_that_cannot_be_read_is_told_and_stops_nothing(tmp_path: Path, name: str, broken: bytes | None) -> None:
    folder = stored(tmp_path)
    if broken is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(broken)
    found = read_earlier(folder)
    assert (found.groups, found.texts) == ((), {})
    assert found.remark.startswith("the earlier run could not be read, so its ids were not carried over (")


def test_a_file_in_the_place_of_an_earlier_run_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "ev").write_text("not a folder")
    assert read_earlier(tmp_path / "ev").remark.startswith("the earlier run could not be read")


def test_a_result_writes_the_same_bytes_each_time(tmp_path: Path) -> None:
    assert shown(write_event(tmp_path / "one", made_result())) == shown(write_event(tmp_path / "two", made_result()))


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip), min_size=1, max_size=5))
@examples(max_examples=40, deadline=None)
def test_a_table_is_read_back_from_its_csv_as_it_was(texts: list[str]) -> None:
    table = pd.DataFrame({"n": [str(n) for n in range(len(texts))], "text": texts})
    read = pd.read_csv(io.BytesIO(table_csv(table)), dtype=str, keep_default_na=False)
    for was, text in zip(texts, read["text"], strict=True):
        assert text in (was, f"'{was}")
        assert text[0] not in "=@\uff1d\uff20"


@pytest.mark.parametrize(
    "typed",
    ["=1+1", "+44 20 rings out", "- litter", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "\uff1d1+1", '=HYPERLINK("http://x","bins")'],
)
def test_a_cell_that_a_spreadsheet_would_run_has_an_apostrophe_in_front(typed: str) -> None:
    (row,) = csv.DictReader(io.StringIO(table_csv(pd.DataFrame({"text": [typed]})).decode(), newline=""))
    assert row["text"] == f"'{typed}".replace("\r", "\n")


@pytest.mark.parametrize("typed", ["-1", "+3.5", "it's", " =1", "litter = rats", "‑", "", "—"])
def test_any_other_cell_is_as_typed(typed: str) -> None:
    (row,) = csv.DictReader(io.StringIO(table_csv(pd.DataFrame({"n": [-1], "text": [typed]})).decode(), newline=""))
    assert row == {"n": "-1", "text": typed}


def test_parquet_and_json_keep_the_words_as_typed(tmp_path: Path) -> None:
    result = made_result()
    result.points.loc[0, "text"] = "=1+1"
    folder = write_event(tmp_path, result)
    assert pd.read_parquet(folder / "points.parquet").loc[0, "text"] == "=1+1"
    assert pd.read_csv(folder / "points.csv", dtype=str).loc[0, "text"] == "'=1+1"


# in one step or not at all


def test_a_folder_takes_the_place_of_the_earlier_one_whole(tmp_path: Path) -> None:
    write_folder(tmp_path, "ev", OLD)
    assert shown(write_folder(tmp_path, "ev", NEW)) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["ev"]


@pytest.mark.parametrize("earlier", [None, OLD])
def test_a_write_that_fails_half_way_shows_nothing_and_leaves_the_earlier_result(tmp_path: Path, earlier: dict[str, bytes] | None) -> None:
    if earlier:
        write_folder(tmp_path, "ev", earlier)
    before = shown(tmp_path)
    with files_of_at_most(100), pytest.raises(OutputError, match="cannot be written"):
        write_folder(tmp_path, "ev", {"small.txt": b"small", **NEW})
    assert shown(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == (["ev"] if earlier else [])


def test_a_place_that_is_a_file_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("not a folder")
    with pytest.raises(OutputError, match="name another folder with --out"):
        write_folder(tmp_path / "out", "ev", NEW)
    assert (tmp_path / "out").read_text() == "not a folder"


def killed_at(step: int, work: Any) -> bool:
    """Do ``work`` in a process of its own that dies, without tidying up, at the ``step``-th thing it does to the disk."""
    child = os.fork()
    if child == 0:
        left = step

        def die(event: str, _: tuple[Any, ...]) -> None:
            nonlocal left
            if event in ("open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "shutil.rmtree"):
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(die)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.parametrize("earlier", [None, OLD])
def test_killed_at_any_step_no_half_of_a_result_is_seen_and_the_next_run_gives_the_whole(
    tmp_path: Path, earlier: dict[str, bytes] | None
) -> None:
    step = 0
    while True:
        out = tmp_path / str(step)
        if earlier:
            write_folder(out, "ev", earlier)
        killed = killed_at(step, lambda out=out: write_folder(out, "ev", NEW))
        seen = shown(out / "ev") if (out / "ev").exists() else {}
        assert seen in ({}, earlier or {}, NEW)
        assert shown(write_folder(out, "ev", NEW)) == NEW
        if not killed:
            break
        step += 1
    assert step >= 6  # it was killed at each of the files and at the renaming


def test_a_single_file_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    write_file(tmp_path / "new" / "out.csv", b"old")
    write_file(tmp_path / "new" / "out.csv", b"new")
    assert shown(tmp_path) == {"new/out.csv": b"new"}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out.csv"]


def test_a_single_file_that_cannot_be_written_leaves_the_earlier_one_and_nothing_hidden(tmp_path: Path) -> None:
    write_file(tmp_path / "out.csv", b"old")
    with files_of_at_most(100), pytest.raises(OutputError, match="cannot be written"):
        write_file(tmp_path / "out.csv", b"new" * 1000)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"out.csv": b"old"}


def test_a_folder_in_the_place_of_a_single_file_is_refused_and_nothing_hidden_is_left(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(OutputError):
        write_file(tmp_path / "out.csv", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
