"""Whole folders of raw files to notes, with nothing lost."""

from __future__ import annotations

import csv
import random
import tempfile
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from pipeline.errors import EventError, ReadError
from pipeline.ingest import Gathered, find_sources, ingest, read_id_text
from pipeline.records import PRIORITIES, words_in

UE, UNE, NUE, NUNE = PRIORITIES


def folder(root: Path, **typed: str) -> Path:
    """An event's folder with these text files; '__' in a name is its ending's stop."""
    root.mkdir(parents=True, exist_ok=True)
    for name, text in typed.items():
        (root / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return root


def gather(root: Path) -> Gathered:
    (source,) = find_sources([root])
    return ingest(source)


def rows(found: Gathered, *names: str) -> list[tuple[str, ...]]:
    return sorted(found.notes[list(names)].itertuples(index=False, name=None))


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in cells:
            sheet.append(row)
    book.save(path)
    return path


def mixed(root: Path) -> Path:
    """One event in every format."""
    folder(
        root,
        Table_1__txt="Session 1\nUrgent & Essential\n- burglaries on Abbot Row\n\nSession 2\nBarriers\n- nobody answers\n",
        session_2_table_2__md="## Good practice\n\n- drop-ins at the library\n",
        session_1__csv="Table,Priority,Comment,Ticks\n3,NU/NE,dog mess,4\n,U/E,knives,\n",
        event__yaml="title: An evening in Wendale\ndivision: Wendale\n",
        gold__csv="point,code\nburglaries on Abbot Row,burglary\n",
        README__txt="typed by volunteers\n",
    )
    word = docx.Document()
    word.add_heading("Session 3: residents", 1)
    word.add_paragraph("Doris, 78, lives alone").runs[0].bold = True
    word.add_paragraph("Actions:")
    word.add_paragraph("handrail by the steps", style="List Bullet")
    word.save(str(root / "third.docx"))
    workbook(
        root / "flip charts.xlsx",
        Table_5=[["Barriers", "Good practice"], ["fear of reprisal", None]],
        Who_came=[["Borough Council"], ["Fire"]],
    )
    canvas = Canvas(str(root / "table 6.pdf"))
    for n, line in enumerate(["Session 1", "Urgent but not essential", "- graffiti under the bridge"]):
        canvas.drawString(72, 700 - 20 * n, line)
    canvas.save()
    return root


def test_a_folder_of_every_format(tmp_path: Path) -> None:
    found = gather(mixed(tmp_path / "wendale"))
    assert rows(found, "source_file", "session", "table", "aspect", "priority", "resident", "text", "tally") == [
        ("Table_1.txt", "1", "1", "challenge", UE, "", "burglaries on Abbot Row", ""),
        ("Table_1.txt", "2", "1", "barrier", "", "", "nobody answers", ""),
        ("flip charts.xlsx", "2", "5", "barrier", "", "", "fear of reprisal", ""),
        ("session_1.csv", "1", "3", "challenge", NUNE, "", "dog mess", "4"),
        ("session_1.csv", "1", "3", "challenge", UE, "", "knives", ""),
        ("session_2_table_2.md", "2", "2", "good_practice", "", "", "drop-ins at the library", ""),
        ("table 6.pdf", "1", "6", "challenge", UNE, "", "graffiti under the bridge", ""),
        ("third.docx", "3", "", "action", "", "older people", "handrail by the steps", ""),
    ]
    assert set(found.notes["event"]) == {"wendale"}
    assert set(found.notes["division"]) == {"Wendale"}
    assert (found.event.id, found.event.title) == ("wendale", "An evening in Wendale")
    assert [session.id for session in found.event.sessions] == ["1", "2", "3"]
    assert {file.source_file: (file.status, file.notes) for file in found.files} == {
        "README.txt": ("not notes", 0),
        "Table_1.txt": ("read", 2),
        "event.yaml": ("not notes", 0),
        "flip charts.xlsx": ("read", 1),
        "gold.csv": ("not notes", 0),
        "session_1.csv": ("read", 2),
        "session_2_table_2.md": ("read", 1),
        "table 6.pdf": ("read", 1),
        "third.docx": ("read", 1),
    }
    assert all(len(file.sha256) == 64 for file in found.files if file.status == "read")
    assert {"Borough Council", "Fire"} <= set(found.dropped["text"])
    assert not found.notes["text"].str.contains("volunteers").any()


def test_headings_are_a_path_and_locators_point_into_the_file(tmp_path: Path) -> None:
    found = gather(mixed(tmp_path / "wendale"))
    told = found.notes.set_index("text")
    assert told.loc["nobody answers", "heading"] == "Session 2 > Barriers"
    assert told.loc["nobody answers", "source_locator"] == "line 7"
    assert told.loc["dog mess", "source_locator"] == "cell C2"
    assert told.loc["fear of reprisal", "source_locator"] == "Table 5!A2"


def test_reading_again_gives_the_same(tmp_path: Path) -> None:
    one, other = (gather(mixed(tmp_path / name / "wendale")) for name in ("a", "b"))
    # Saved workbooks and PDFs hold the time of day, so hashes of files are left out.
    assert one.notes.equals(other.notes)
    assert one.dropped.equals(other.dropped)
    assert (one.event, one.words) == (other.event, other.words)


def test_a_file_that_cannot_be_read_is_reported_and_the_rest_go_on(tmp_path: Path) -> None:
    root = folder(tmp_path / "wendale", a__txt="Table 1\n- litter\n", b__doc="old", d__txt="Table 2\n- noise\n")
    (root / "c.xlsx").write_bytes(b"PK\x03\x04 broken")
    found = gather(root)
    assert rows(found, "text") == [("litter",), ("noise",)]
    status = {file.source_file: (file.status, " ".join(file.remarks)) for file in found.files}
    assert [status[name][0] for name in ("a.txt", "b.doc", "c.xlsx", "d.txt")] == ["read", "not read", "not read", "read"]
    assert "b.doc" in status["b.doc"][1]
    assert "broken" in status["c.xlsx"][1]


def test_only_files_that_cannot_be_read_give_empty_tables(tmp_path: Path) -> None:
    found = gather(folder(tmp_path / "wendale", a__doc="old"))
    assert (len(found.notes), len(found.dropped), found.event.division) == (0, 0, "Wendale")
    assert found.words.read == 0


def test_all_faults_of_an_event_file_are_told_at_once(tmp_path: Path) -> None:
    root = folder(tmp_path / "wendale", a__txt="litter", event__yaml="titel: x\ndistricts: 3\nsessions: [{title: y}]\n")
    with pytest.raises(EventError, match=r"3 faults.*") as raised:
        gather(root)
    assert all(name in str(raised.value) for name in ("titel", "districts", "sessions.0.id"))


def test_names_of_nested_folders_count_and_the_nearest_wins(tmp_path: Path) -> None:
    root = tmp_path / "wendale"
    folder(root / "Session 1" / "Table 4", notes__txt="litter\n")
    folder(root / "Session 2", table_3__txt="trust\n", session_3__txt="kerbs\n")
    assert rows(gather(root), "text", "session", "table", "source_file") == [
        ("kerbs", "3", "", "Session 2/session_3.txt"),
        ("litter", "1", "4", "Session 1/Table 4/notes.txt"),
        ("trust", "2", "3", "Session 2/table_3.txt"),
    ]


def test_each_sheet_has_the_marks_of_its_name(tmp_path: Path) -> None:
    root = tmp_path / "wendale"
    root.mkdir()
    body = [["Comment", "Ticks"], ["litter", 2]]
    workbook(root / "session 1 table 9.xlsx", Table_1=body, Table_2=[["Comment", "Ticks"], ["noise", 1]], Sign_in=body)
    found = gather(root)
    assert rows(found, "session", "table", "text", "tally") == [("1", "1", "litter", "2"), ("1", "2", "noise", "1")]


def test_an_attendance_sheet_gives_participants_and_no_notes(tmp_path: Path) -> None:
    root = folder(
        tmp_path / "wendale",
        notes__txt="Table 1\n- litter\n",
        people__csv="Name,Organisation,E-mail\nAnn Other,Borough Council,ann@example.org\nBo Other,Fire and Rescue,\n",
        attendance__txt="Police\nHousing\n",
    )
    found = gather(root)
    assert rows(found, "text") == [("litter",)]
    assert {"Borough Council", "Fire and Rescue"} <= set(found.event.participants)
    assert not {"Ann Other", "Bo Other", "ann@example.org"} & set(found.event.participants)
    reasons = found.dropped.set_index("text")["reason"]
    assert all("may hold personal details" in reasons[text] for text in ("Ann Other", "Bo Other", "ann@example.org"))


def test_notes_that_name_no_session_are_of_session_one(tmp_path: Path) -> None:
    found = gather(folder(tmp_path / "wendale", notes__txt="litter on the rec\nnoise at night\n"))
    assert rows(found, "session", "table") == [("1", ""), ("1", "")]
    assert [session.id for session in found.event.sessions] == ["1"]


def test_a_csv_with_only_a_text_column_is_one_session_of_one_event(tmp_path: Path) -> None:
    root = folder(tmp_path, replies__csv='text\nlitter on the rec\n"noise, at night"\n')
    found = gather(root / "replies.csv")
    assert rows(found, "session", "text", "event") == [("1", "litter on the rec", "replies"), ("1", "noise, at night", "replies")]


def test_numbered_lists_in_cells_do_not_stop_the_run(tmp_path: Path) -> None:
    root = folder(tmp_path / "wendale", n__csv='Table,Comment,Ticks\n1,"1. litter\n2. noise",3\n2,-,4\n')
    found = gather(root)
    assert rows(found, "table", "text", "tally") == [("1", "litter", "3"), ("1", "noise", "")]
    assert {"1 2", "4"} <= set(found.dropped["text"])


@pytest.mark.parametrize("typed", ["", "\n\n", "Session 1\n", "---\n", "Table,Comment\n"])
@pytest.mark.parametrize("name", ["notes.txt", "notes.csv", "notes.md"])
def test_files_that_hold_next_to_nothing(tmp_path: Path, name: str, typed: str) -> None:
    (tmp_path / "wendale").mkdir()
    (tmp_path / "wendale" / name).write_text(typed, encoding="utf-8")
    found = gather(tmp_path / "wendale")
    assert found.words.read == sum(found.words.kept.values()) + found.words.dropped == words_in(typed)


# -- nothing lost ------------------------------------------------------------------------------------------------

LINES = [
    "Session 1",
    "Wkshop 2: confidence",
    "Session 3 - residents",
    "## Table 2",
    "**Barriers**",
    "Good practice:",
    "URGENT & ESSENTIAL",
    "- litter on the rec",
    "  - by the swings",
    "1. dark lanes",
    "2) no buses after six",
    "- Action: more patrols",
    "Top priority: rural theft",
    "Doris, 78, lives alone",
    "T4 U/E - knives",
    "Who took part?",
    "Police; Fire; Housing",
    "Background",
    "12 November 2009, Moot Hall",
    "What worries you?",
    "",
    "=====",
    "-----",
    "nobody from the council ever comes out to look at the lights on the estate",
    "x3",
    "- help needed with:",
    "<b>noise</b> & fear",
]
HEADINGS = ["Table", "Comment", "Ticks", "Priority", "U/E", "NU/NE", "Barriers", "Good practice", "Level", "Name", "Ref", "Resident", ""]
VALUES = [
    "",
    "",
    "x",
    2,
    "U/E",
    "Total",
    "Grp 2",
    "litter on the rec",
    "1. noise\n2. fear\n-",
    "Action: patrols",
    "-",
    "Doris, 78",
    "local",
    3.5,
]


def kept_words(found: Gathered) -> int:
    return sum(map(words_in, [*found.notes["text"], *found.notes["tally"]])) + found.words.kept["headings"]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(LINES), max_size=16),
    st.sampled_from(["notes.txt", "table 3.md", "session 3.txt", "who came.txt", "notes.csv"]),
)
def test_every_word_of_typed_notes_is_kept_or_dropped(lines: list[str], name: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / name).write_text("\n".join(lines), encoding="utf-8")
        found = gather(Path(made))
    assert found.words.read == kept_words(found) + sum(map(words_in, found.dropped["text"]))
    typed = " ".join(" ".join(lines).split())
    assert all(text in typed or text.replace(" & ", " ") in typed for text in found.notes["text"] if "<" not in typed)
    assert all(found.dropped["reason"])


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_every_word_of_a_workbook_is_kept_or_dropped(data: st.DataObject) -> None:
    """Titles, merged cells, tick columns, total rows, headings repeated and blanks that mean 'as above', as they come."""
    width = data.draw(st.integers(1, 5))
    heading = data.draw(st.lists(st.sampled_from(HEADINGS), min_size=width, max_size=width))
    cells: list[list[object]] = data.draw(st.lists(st.lists(st.sampled_from(VALUES), min_size=width, max_size=width), max_size=8))
    if data.draw(st.booleans()):
        cells.insert(data.draw(st.integers(0, len(cells))), list(heading))
    cells = [*([["Session 2"]] if data.draw(st.booleans()) else []), list(heading), *cells]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = data.draw(st.sampled_from(["Table 4", "Sheet1", "session 3", "attendance"]))
    for r, row in enumerate(cells, 1):
        for c, value in enumerate(row, 1):
            if value != "":
                sheet.cell(r, c, value)
    dice = random.Random(data.draw(st.integers(0, 999)))
    for _ in range(data.draw(st.integers(0, 3))):
        top, left = dice.randint(1, len(cells)), dice.randint(1, width)
        bottom, right = min(len(cells), top + dice.randint(0, 2)), min(width, left + dice.randint(0, 2))
        crossed = [
            m for m in sheet.merged_cells.ranges if not (m.max_row < top or m.min_row > bottom or m.max_col < left or m.min_col > right)
        ]
        if not crossed and (bottom, right) != (top, left):
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    stored = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    with tempfile.TemporaryDirectory() as made:
        book.save(Path(made) / "flip charts.xlsx")
        found = gather(Path(made))
    assert found.words.read == sum(words_in(str(value)) for value in stored)
    assert found.words.read == kept_words(found) + sum(map(words_in, found.dropped["text"]))
    assert set(found.notes["source_file"]) <= {"flip charts.xlsx"}


@settings(deadline=None, max_examples=12)
@given(st.permutations(["1,U/E,burglary", "2,NU/NE,dog mess", "2,U/E,knives", "3,U/NE,graffiti"]))
def test_the_order_of_rows_changes_no_note(order: list[str]) -> None:
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "session 1.csv").write_text("\n".join(["Table,Priority,Comment", *order]), encoding="utf-8")
        found = gather(Path(made))
    assert rows(found, "table", "priority", "text") == [
        ("1", UE, "burglary"),
        ("2", NUNE, "dog mess"),
        ("2", UE, "knives"),
        ("3", UNE, "graffiti"),
    ]


# -- a table of texts to label -----------------------------------------------------------------------------------


def test_texts_to_label_are_read_row_for_row(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["Text", "ID"], ["litter", "a"], ["", "b"], ["litter", "c"]])
    assert read_id_text(path).to_dict("list") == {"id": ["a", "b", "c"], "text": ["litter", "", "litter"]}
    path.write_text("text\nlitter\nnoise\n", encoding="utf-8")
    assert read_id_text(path).to_dict("list") == {"id": ["1", "2"], "text": ["litter", "noise"]}


def test_a_table_without_texts_to_label_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,comment\n1,litter\n", encoding="utf-8")
    with pytest.raises(ReadError, match=r"its columns are 'id', 'comment'.*a column named 'text'"):
        read_id_text(path)
    with pytest.raises(ReadError, match="there is no such file"):
        read_id_text(tmp_path / "none.csv")
