"""The office's path: results out to Excel, checked by a person, back in, and run again. Everybody and every place is made up."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import ROWS, SPEEDING, Found, Office
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

import pipeline.review.exporting
import pipeline.run
from pipeline.cli import app
from pipeline.corrections import read_ledger
from pipeline.embed import load_encoder
from pipeline.errors import OutputError, ReadError
from pipeline.label import Labeller
from pipeline.review import Applied, apply_review, export_review, history, undo

BURGLARIES, LITTER, SWANS = ROWS[0][-1], ROWS[2][-1], ROWS[3][-1]


class Workbook:
    """A review workbook in the hands of a person."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def column(self, sheet: str, heading: str) -> int:
        return next(cell.column for cell in self.book[sheet][1] if cell.value == heading)

    def row(self, sheet: str, shown: str) -> int:
        heading = "Text" if sheet == "Points" else "Theme"
        column = self.column(sheet, heading)
        rows = [row for row in range(2, self.book[sheet].max_row + 1) if str(self.book[sheet].cell(row, column).value).endswith(shown)]
        return rows[0]

    def cell(self, shown: str, heading: str, sheet: str = "Points") -> Any:
        return self.book[sheet].cell(self.row(sheet, shown), self.column(sheet, heading))

    def write(self, shown: str, sheet: str = "Points", **cells: Any) -> Workbook:
        for name, value in cells.items():
            heading = {"right": "Right as it is?", "first": "Theme 1", "second": "Theme 2", "comment": "Comment", "title": "New title",
                       "merge": "Merge with", "reject": "Reject?", "split": "Split off into"}[name]  # fmt: skip
            self.cell(shown, heading, sheet).value = value
        return self

    def save(self, name: str = "filled.xlsx") -> Path:
        self.book.save(self.path.parent / name)
        return self.path.parent / name


class Reviewing(Office):
    """An office that checks its results."""

    def export(self) -> Workbook:
        """The workbook that was exported from the first run."""
        return Workbook(self.out.parent / "review.xlsx")

    def export_anew(self, **options: Any) -> Workbook:
        path = self.out.parent / "review.xlsx"
        export_review(self.out / "evening", path, **{"reviewer": "A. Analyst", **options})
        return Workbook(path)

    def apply(self, path: Path, **options: Any) -> Applied:
        return apply_review(path, self.out, **options)

    def refused(self, path: Path, **options: Any) -> str:
        before = self.ledger.read_bytes() if self.ledger.exists() else b""
        with pytest.raises(ReadError) as told:
            self.apply(path, **options)
        assert (self.ledger.read_bytes() if self.ledger.exists() else b"") == before
        return str(told.value)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, labeller: Labeller) -> Iterator[Path]:
    """One run and one workbook, for each test to copy."""
    models = (load_encoder(), labeller)
    with pytest.MonkeyPatch.context() as patch:
        for module in (pipeline.run, pipeline.review.exporting):
            patch.setattr(module, "load_models", lambda settings, progress=None: models)
        office = Reviewing(tmp_path_factory.mktemp("prepared"))
        office.run()
        office.export_anew()
        yield office.out.parent


@pytest.fixture
def office(tmp_path: Path, prepared: Path) -> Reviewing:
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return Reviewing(tmp_path)


# out to Excel


def test_a_workbook_has_a_row_a_point_and_a_row_a_theme_and_says_how_to_use_it(office: Reviewing) -> None:
    workbook = office.export_anew(sampled=3)
    points, themes = workbook.book["Points"], workbook.book["Themes"]
    found = Found(office.out / "evening", ())
    assert sorted(points.cell(row, 1).value for row in range(2, points.max_row + 1)) == sorted(row["text"] for row in found.points)
    assert themes.max_row == 1 + len(found.themes)
    speeding = {cell.value: points.cell(workbook.row("Points", SPEEDING), cell.column).value for cell in points[1]}
    assert (speeding["Session"], speeding["Table"], speeding["Suggested"]) == ("1", "1", "Road safety and traffic")
    assert speeding["Probability"] == round(float(found.point(SPEEDING)["scores"]), 2)
    assert speeding["Why suggested"] == found.point(SPEEDING)["evidence"]
    assert workbook.book.sheetnames[:3] == ["How to use", "Points", "Themes"]
    assert workbook.book["How to use"]["B3"].value == "A. Analyst"


def test_only_what_a_person_is_to_write_can_be_written(office: Reviewing) -> None:
    workbook = office.export()
    for sheet, editable in (
        ("Points", {"Right as it is?", "Theme 1", "Theme 2", "Theme 3", "Split off into", "Comment"}),
        ("Themes", {"New title", "Merge with", "Reject?", "Comment"}),
    ):
        shown = workbook.book[sheet]
        assert shown.protection.sheet and not shown.protection.password
        assert {head.value for head in shown[1] if not shown.cell(2, head.column).protection.locked} == editable
        hidden = {head.value for head in shown[1] if shown.column_dimensions[head.column_letter].hidden}
        assert {"row", "check", "taxonomy_sha256"} < hidden
        assert shown.freeze_panes
        assert shown.auto_filter.ref.startswith("A1:")
    assert workbook.book["_lists"].sheet_state == workbook.book["_about"].sheet_state == "hidden"


def test_the_cells_of_codes_and_merges_offer_what_there_is_to_choose(office: Reviewing, labeller: Labeller) -> None:
    workbook = office.export()
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in workbook.book["_lists"].iter_cols()}
    labels = [theme.label for theme in labeller.taxonomy.themes]
    assert lists["choices"] == [*labels, "none of these", "not sure"]

    def offered(sheet: Worksheet, cell: Any) -> str:
        return next(rule.formula1 for rule in sheet.data_validations.dataValidation if cell.coordinate in rule.sqref)

    assert offered(workbook.book["Points"], workbook.cell(SPEEDING, "Theme 3")) == f"'_lists'!$B$2:$B${len(labels) + 3}"
    assert offered(workbook.book["Points"], workbook.cell(SPEEDING, "Right as it is?")) == '"yes"'
    themes = workbook.book["Themes"]
    first = next(row for row in range(2, themes.max_row + 1) if themes.cell(row, 1).value == "1")
    assert offered(themes, themes.cell(first, workbook.column("Themes", "Merge with"))) == f"'_lists'!$C$2:$C${len(lists['session 1']) + 1}"
    assert all(title.split(". ", 1)[0] == str(number) for number, title in enumerate(lists["session 1"], 1))


def test_no_cell_is_a_formula_whatever_was_typed(office: Reviewing) -> None:
    typed = ["=HYPERLINK(1)", "+44 rings out at the bins", "@SUM of all litter", "-litter on the paths"]
    office.write("notes.csv", [*ROWS, *[["1", "9", "", "local", "challenge", text] for text in typed]])
    office.run()
    workbook = office.export_anew()
    for sheet in workbook.book.worksheets:
        assert all(cell.data_type in "sn" for row in sheet.iter_rows() for cell in row), sheet.title
    shown = [cell for cell in workbook.book["Points"]["A"] if str(cell.value)[0] in "=+@-"]
    assert shown
    assert all(cell.quotePrefix for cell in shown)


def test_the_same_run_gives_the_same_bytes(office: Reviewing) -> None:
    first = office.export().path.read_bytes()
    assert office.export_anew().path.read_bytes() == first


def test_points_to_check_first_come_first_and_those_decided_on_last(office: Reviewing) -> None:
    office.code(BURGLARIES, "asb")
    office.run()
    workbook = office.export_anew()
    texts = [workbook.book["Points"].cell(row, 1).value for row in range(2, workbook.book["Points"].max_row + 1)]
    assert texts[-1] == BURGLARIES
    assert workbook.cell(BURGLARIES, "Decided so far").value.startswith("2026-05-01 A. Analyst: 'asb' [d")
    office.code(BURGLARIES, "road_safety", who="B. Reader")
    office.run()
    workbook = office.export_anew()
    assert workbook.book["Points"].cell(2, 1).value == BURGLARIES
    assert workbook.cell(BURGLARIES, "Check first because").value.startswith("people contradict each other")


@pytest.mark.parametrize("number", [0, 3, 99])
def test_so_many_points_are_marked_as_drawn_at_random(office: Reviewing, number: int) -> None:
    workbook = office.export_anew(sampled=number)
    column = workbook.column("Points", "Sample")
    marked = [row for row in range(2, workbook.book["Points"].max_row + 1) if workbook.book["Points"].cell(row, column).value]
    assert len(marked) == min(number, len(ROWS))


def test_an_event_without_points_gives_a_workbook_too(office: Reviewing) -> None:
    office.write("notes.csv", [])
    office.run()
    workbook = office.export_anew()
    assert workbook.book["Points"].max_row == 1
    assert office.apply(workbook.save()).points == 0


def test_a_run_whose_taxonomy_was_changed_since_is_refused(office: Reviewing) -> None:
    path = office.out / "evening" / "run.json"
    run = json.loads(path.read_text("utf-8"))
    run["taxonomy"]["sha256"] = "1" * 64
    path.write_text(json.dumps(run))
    with pytest.raises(ReadError, match="the taxonomy was changed since the run"):
        office.export_anew()
    with pytest.raises(ReadError, match=r"does not end in \.xlsx"):
        export_review(office.out / "evening", office.out / "review.csv")


# back in


def test_what_a_person_chose_is_in_the_results_of_the_next_run(office: Reviewing) -> None:
    before = Found(office.out / "evening", ())
    workbook = office.export()
    workbook.write(SPEEDING, first="Anti-social behaviour", second="Places and physical security", comment="by the gates")
    workbook.write(BURGLARIES, right="yes").write(LITTER, first="none of these").write(SWANS, first="not sure")
    applied = office.apply(workbook.save())
    assert (applied.points, applied.themes, applied.known, applied.remarks) == (4, 0, 0, ())
    after = office.run()
    speeding = after.point(SPEEDING)
    assert (speeding["codes"], speeding["decided_by"]) == ("asb|place_security", "human")
    burglaries = after.point(BURGLARIES)
    assert (burglaries["codes"], burglaries["decided_by"]) == (before.point(BURGLARIES)["codes"], "human")
    assert burglaries["evidence"].endswith("; the program said the same")
    assert (after.point(LITTER)["codes"], after.point(LITTER)["outcome"]) == ("", "no_match")
    assert after.point(SWANS) == before.point(SWANS)
    assert "evening-1-road_safety" not in after.themes
    litter_in = [name for name, theme in before.themes.items() if before.point(LITTER)["point_id"] in theme["point_ids"]]
    for name in set(litter_in) - {"evening-1-asb"}:
        assert name not in after.themes or after.themes[name]["counts"]["points"] < before.themes[name]["counts"]["points"]
    asb = {before.point(text)["point_id"] for text in (SPEEDING,)} | set(before.themes.get("evening-1-asb", {"point_ids": []})["point_ids"])
    assert set(after.themes["evening-1-asb"]["point_ids"]) == asb - {before.point(LITTER)["point_id"]}
    (decision,) = (d for d in read_ledger(office.ledger).decisions if d.point and d.point.text == SPEEDING)
    assert (decision.who, decision.why, decision.source, decision.old.codes) == ("A. Analyst", "by the gates", "excel", ("road_safety",))
    assert decision.taxonomy and decision.taxonomy.name == "community-safety"


def test_themes_are_renamed_merged_and_rejected(office: Reviewing) -> None:
    before = Found(office.out / "evening", ())
    themes = {theme["title"]: name for name, theme in before.themes.items() if name.startswith("evening-1-")}
    clock = next(title for title in themes if "clock" in title.lower())
    swans = next(title for title in themes if "swans" in title.lower())
    workbook = office.export()
    workbook.write("Road safety and traffic", "Themes", title="Speeding cars").write(
        clock, "Themes", merge=workbook.cell(swans, "Theme", "Themes").value
    )
    workbook.write("Burglary, theft and vehicle crime", "Themes", reject="yes", comment="only one point")
    applied = office.apply(workbook.save())
    assert (applied.points, applied.themes) == (0, 3)
    after = office.run()
    assert after.themes["evening-1-road_safety"]["title"] == "Speeding cars"
    assert themes[clock] not in after.themes
    assert after.themes[themes[swans]]["counts"]["points"] == 4
    assert "evening-1-acquisitive_crime" not in after.themes
    assert "acquisitive_crime" not in after.point(BURGLARIES)["codes"]
    assert office.apply(workbook.save()).known == 3


def test_a_theme_is_split_by_naming_where_its_points_are_to_go(office: Reviewing) -> None:
    before = Found(office.out / "evening", ())
    swans = [row for row in before.points if "Swans" in row["text"]]
    (was,) = {row["theme_id"] for row in swans}
    again = swans[1]["text"]
    workbook = office.export().write(SWANS, split="Early nests", comment="a matter of its own").write(SPEEDING, split="early  NESTS")
    applied = office.apply(workbook.save())
    assert (applied.points, applied.themes, applied.remarks) == (2, 0, ())
    for _ in range(2):  # the second run carries ids over from the first, which has the theme already
        after = office.run()
        (name,) = {after.point(text)["theme_id"] for text in (SWANS, SPEEDING)}
        own = after.themes[name]
        assert (own["title"], own["kind"], own["codes"], own["counts"]["points"], own["counts"]["tables"]) == (
            "Early nests", "emergent", [], 2, 2,
        )  # fmt: skip
        assert own["point_ids"] == sorted(before.point(text)["point_id"] for text in (SWANS, SPEEDING))
        assert {quote["text"] for quote in own["quotes"]} == {SWANS, SPEEDING}
        assert (after.point(SPEEDING)["codes"], after.point(SPEEDING)["decided_by"]) == ("road_safety", "machine")
        assert "evening-1-road_safety" not in after.themes
        assert after.point(again)["theme_id"] != name
        assert len(after.themes[after.point(again)["theme_id"]]["point_ids"]) == len(before.themes[was]["point_ids"]) - 1
        assert {entry["title"].casefold() for entry in after.account["applied"] if entry["what"] == "split"} == {"early nests"}
    told = history(before.point(SWANS)["point_id"], office.out)
    assert any("split off into 'Early nests'" in line and "(a matter of its own)" in line for line in told)
    assert office.apply(workbook.save()).known == 2


def test_a_theme_of_the_taxonomy_or_a_long_name_is_no_theme_to_split_off_into(office: Reviewing) -> None:
    workbook = office.export().write(SWANS, split="road safety and TRAFFIC").write(SPEEDING, split="x" * 81)
    said = office.refused(workbook.save())
    assert "'road safety and TRAFFIC' is a theme of the taxonomy; choose it under 'Theme 1', or give another name" in said
    assert "a title has at most 80 characters, and this one 81" in said


def test_applying_the_same_workbook_twice_adds_nothing(office: Reviewing) -> None:
    path = office.export().write(SPEEDING, first="Anti-social behaviour").save()
    office.apply(path)
    before = office.ledger.read_bytes()
    again = office.apply(path)
    assert (again.points, again.known, again.remarks) == (0, 1, ())
    assert office.ledger.read_bytes() == before
    office.run()
    assert office.apply(path).known == 1


def test_a_workbook_applied_again_after_its_decision_was_replaced_or_taken_back_says_so(office: Reviewing) -> None:
    workbook = office.export()
    first = workbook.write(SPEEDING, first="Anti-social behaviour").save("one.xlsx")
    second = workbook.write(SPEEDING, first="Fear of crime and public confidence").save("two.xlsx")
    office.apply(first)
    office.apply(second)
    (remark,) = office.apply(first).remarks
    later = read_ledger(office.ledger).decisions[-1]
    place = f"Points!{workbook.cell(SPEEDING, 'Theme 1').coordinate}"
    assert remark.startswith(f"{place}: this decision was replaced by a later one")
    assert later.id in remark
    undo(later.id, office.out, who="A. Analyst")
    assert office.run().point(SPEEDING)["codes"] == "asb"
    (remark,) = office.apply(second).remarks
    assert "this decision was taken back by" in remark


def test_the_workbook_is_made_without_a_file_in_the_temporary_folder(office: Reviewing, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (office.out.parent / "review.xlsx").read_bytes()
    monkeypatch.setattr(tempfile, "tempdir", str(office.out / "nowhere"))  # whatever would write there fails
    office.export_anew()
    assert (office.out.parent / "review.xlsx").read_bytes() == before


def test_not_sure_in_the_workbook_leaves_a_conflict_as_on_the_page(office: Reviewing) -> None:
    office.code(SPEEDING, "asb")
    office.code(SPEEDING, "road_safety", who="B. Reader")
    office.run()
    workbook = office.export()
    workbook.write(SPEEDING, first="not sure")
    office.apply(workbook.save(), who="C. Chair")
    assert read_ledger(office.ledger).decisions[-1].settles == ()
    assert [conflict["point_id"] for conflict in office.run().account["conflicts"]] == [office.run().point(SPEEDING)["point_id"]]


def test_a_conflict_is_settled_in_the_workbook_that_shows_it(office: Reviewing) -> None:
    path = office.export().write(SPEEDING, first="Anti-social behaviour").save()
    other = office.export().write(SPEEDING, first="none of these").save("other.xlsx")
    office.apply(path)
    office.apply(other, who="B. Reader")
    assert office.run().point(SPEEDING)["codes"] == "road_safety"
    settled = office.export_anew().write(SPEEDING, right="yes").save("settled.xlsx")
    office.apply(settled, who="C. Chair")
    after = office.run()
    assert (after.account["conflicts"], after.point(SPEEDING)["codes"], after.point(SPEEDING)["decided_by"]) == ([], "road_safety", "human")
    lines = history(after.point(SPEEDING)["point_id"], office.out)
    assert [line.split(":")[0][11:] for line in lines] == ["A. Analyst", "B. Reader", "C. Chair"]
    assert "which settles d" in lines[-1]


def test_names_in_comments_and_titles_are_replaced_before_they_are_kept(office: Reviewing) -> None:
    workbook = office.export().write(SPEEDING, first="Anti-social behaviour", comment="ask Sgt Marlowe on 01632 960177")
    workbook.write("Road safety and traffic", "Themes", title="What Mrs Fenwick said")
    office.apply(workbook.save())
    office.run()
    for path in (office.ledger, *(office.out / "evening").iterdir()):
        for detail in (b"Marlowe", b"960177", b"Fenwick"):
            assert detail not in path.read_bytes(), path.name


def test_a_comment_alone_decides_nothing_and_that_is_told(office: Reviewing) -> None:
    workbook = office.export().write(SPEEDING, comment="hm")
    applied = office.apply(workbook.save())
    assert (applied.points, office.ledger.exists()) == (0, False)
    place = workbook.cell(SPEEDING, "Comment").coordinate
    assert applied.remarks == (f"Points!{place}: a comment without a decision is not kept",)


# faults, all at once, by their cells


def test_every_fault_is_told_at_once_by_its_cell_and_nothing_is_used(office: Reviewing) -> None:
    workbook = office.export()
    workbook.write(SPEEDING, first="Burglry").write(BURGLARIES, first="none of these", second="Anti-social behaviour")
    workbook.write(LITTER, right="maybe").write(SWANS, right="yes", first="Anti-social behaviour")
    workbook.write("Road safety and traffic", "Themes", title="Anti-social behaviour", reject="yes")
    cells = {text: workbook.cell(text, heading).coordinate for text, heading in (
        (SPEEDING, "Theme 1"), (BURGLARIES, "Theme 1"), (LITTER, "Right as it is?"), (SWANS, "Right as it is?"))}  # fmt: skip
    said = office.refused(workbook.save())
    assert said.startswith("filled.xlsx: 5 faults: (1) ")
    assert f"Points!{cells[SPEEDING]}: 'Burglry' is not a theme of the taxonomy; nearest is 'Burglary, theft and vehicle crime'" in said
    assert f"Points!{cells[BURGLARIES]}: 'none of these' cannot stand beside a theme" in said
    assert f"Points!{cells[LITTER]}: 'maybe' is neither 'yes' nor empty" in said
    assert f"Points!{cells[SWANS]}: the row is marked as right, and has other themes than suggested" in said
    assert (
        f"Themes!{workbook.cell('Road safety and traffic', 'Reject?', 'Themes').coordinate}: a new title and reject cannot stand together"
        in said
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime.datetime(2026, 5, 1), "Excel took what was typed for a date or time (2026-05-01 00:00:00)"),
        (datetime.time(7, 40), "Excel took what was typed for a date or time (07:40:00)"),
        (44.5, "'44.5' is not a theme of the taxonomy; nearest is"),
        (True, "'yes' is not a theme of the taxonomy"),
        ("=A1", "it is a formula"),
        ("#REF!", "it is the error value #REF!"),
    ],
)
def test_what_excel_made_of_a_cell_is_told(office: Reviewing, value: Any, said: str) -> None:
    assert said in office.refused(office.export().write(SPEEDING, first=value).save())


@pytest.mark.parametrize("typed", ["Anti-social behaviour", " anti-social  BEHAVIOUR\u00a0", "asb", "Anti-social behaviour\n"])
def test_a_theme_is_known_by_its_label_in_any_case_and_with_any_spaces_or_by_its_code(office: Reviewing, typed: str) -> None:
    office.apply(office.export().write(SPEEDING, first=typed).save())
    assert read_ledger(office.ledger).decisions[0].new.codes == ("asb",)


@pytest.mark.parametrize("typed", ["yes", "Yes ", "x", True, "✓"])
def test_a_mark_is_known_in_many_forms(office: Reviewing, typed: Any) -> None:
    office.apply(office.export().write(SPEEDING, right=typed).save())
    assert read_ledger(office.ledger).decisions[0].new.codes == ("road_safety",)


def test_no_without_a_theme_is_asked_about(office: Reviewing) -> None:
    assert "it says no; choose a theme" in office.refused(office.export().write(SPEEDING, right="no").save())


def themes_of(office: Reviewing) -> tuple[str, str]:
    first, second = (theme["title"] for theme in list(Found(office.out / "evening", ()).themes.values())[:2])
    return first, second


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        (lambda w, a, b: w.write(a, "Themes", merge=a), "a theme cannot be merged with itself"),
        (lambda w, a, b: w.write(a, "Themes", merge="Rod safety"), "'Rod safety' is no theme of session 1"),
        (lambda w, a, b: w.write(a, "Themes", merge=b).write(b, "Themes", merge=a), "the themes are merged in a circle"),
        (lambda w, a, b: w.write(a, "Themes", merge=b).write(b, "Themes", reject="yes"), "the theme it is to be merged with is rejected"),
        (lambda w, a, b: w.write(a, "Themes", title=b), "is the title of another theme of the session"),
        (lambda w, a, b: w.write(a, "Themes", title="x" * 81), "a title has at most 80 characters, and this one 81"),
        (lambda w, a, b: w.write(a, "Themes", title="New", merge=b), "a new title and a merge cannot stand together"),
    ],
)
def test_what_cannot_be_done_to_a_theme_is_told(office: Reviewing, fill: Callable[[Workbook, str, str], Workbook], said: str) -> None:
    workbook = office.export()
    assert said in office.refused(fill(workbook, *themes_of(office)).save())


# what people do to workbooks


def test_rows_and_columns_moved_hidden_or_added_and_sheets_renamed_change_nothing(office: Reviewing) -> None:
    workbook = office.export().write(SPEEDING, first="Anti-social behaviour").write(SWANS, first="none of these")
    points = workbook.book["Points"]
    rows = [[cell.value for cell in row] for row in points.iter_rows()]
    moved = workbook.book.create_sheet("My checks")
    order = list(range(len(rows[0])))[::-1]
    for row in (rows[0], *rows[:0:-1]):
        moved.append(["mine", *(row[place] for place in order), None])
    moved.append([None] * 5)
    del workbook.book["Points"]
    workbook.book["Themes"].title = "T"
    applied = office.apply(workbook.save())
    assert applied.points == 2
    assert {d.new.codes for d in read_ledger(office.ledger).decisions} == {("asb",), ()}


def test_deleted_rows_say_nothing(office: Reviewing) -> None:
    workbook = office.export().write(SPEEDING, first="Anti-social behaviour")
    workbook.book["Points"].delete_rows(workbook.row("Points", LITTER))
    assert office.apply(workbook.save()).points == 1


def test_a_row_that_was_added_changed_or_doubled_is_told(office: Reviewing) -> None:
    workbook = office.export()
    points = workbook.book["Points"]
    last = points.max_row + 2
    points.cell(last, workbook.column("Points", "Theme 1")).value = "Anti-social behaviour"
    assert f"Points!A{last}: this row is not as it was exported" in office.refused(workbook.save())
    points.delete_rows(last)
    workbook.write(SPEEDING, first="Anti-social behaviour")
    row = workbook.row("Points", SPEEDING)
    for cell in list(points[row]):
        points.cell(last, cell.column).value = cell.value
    assert f"Points!A{last}: this row is there twice, first in row {row}" in office.refused(workbook.save())
    points.delete_rows(last)
    points.cell(row, workbook.column("Points", "row")).value = points.cell(
        row + 1 if row == 2 else 2, workbook.column("Points", "row")
    ).value
    assert f"Points!A{row}: this row is not as it was exported" in office.refused(workbook.save())


def test_a_column_that_is_gone_and_a_sheet_that_is_there_twice_are_told(office: Reviewing) -> None:
    for column in ("Theme 2", "Split off into"):  # the second is not in workbooks of earlier versions
        workbook = office.export().write(SPEEDING, first="Anti-social behaviour")
        workbook.book["Points"].delete_cols(workbook.column("Points", column))
        assert f"Points!A1: the column '{column}' is gone" in office.refused(workbook.save())
    workbook = office.export().write(SPEEDING, first="Anti-social behaviour")
    workbook.book.copy_worksheet(workbook.book["Points"])
    assert "Points Copy!A1: this sheet is a second one of the same kind" in office.refused(workbook.save())


def test_a_sheet_that_is_gone_is_told_and_the_other_is_used(office: Reviewing) -> None:
    workbook = office.export().write(SPEEDING, first="Anti-social behaviour")
    del workbook.book["Themes"]
    applied = office.apply(workbook.save())
    assert applied.points == 1
    assert applied.remarks == ("the sheet of themes is not in the workbook, or its hidden columns are gone, so nothing of it was used",)


def test_a_workbook_without_a_name_is_asked_for_one(office: Reviewing) -> None:
    path = office.export_anew(reviewer="").write(SPEEDING, first="Anti-social behaviour").save()
    assert "How to use!B3: there is no name; write it there, or give --who" in office.refused(path)
    office.apply(path, who="C. Chair")
    assert read_ledger(office.ledger).decisions[0].who == "C. Chair"


def test_a_file_that_is_no_review_workbook_is_refused_without_a_traceback(office: Reviewing, tmp_path: Path) -> None:
    (tmp_path / "note.xlsx").write_bytes(b"not a workbook")
    (tmp_path / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + b"0" * 600)
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    for name, said in (
        ("gone.xlsx", "there is no such file"),
        ("note.xlsx", "cannot be read as a workbook"),
        ("old.xlsx", "old Excel file"),
        ("other.xlsx", "it is no workbook that `themes review export` made"),
    ):
        assert f"{name}: " in office.refused(tmp_path / name)
        assert said in office.refused(tmp_path / name)
    workbook = office.export()
    workbook.book["_lists"]["A2"].value = "dv"
    assert "its hidden sheets were changed" in office.refused(workbook.save())


def test_a_workbook_of_another_event_is_refused_and_the_events_there_are_named(office: Reviewing) -> None:
    path = office.export().write(SPEEDING, first="Anti-social behaviour").save()
    (office.out / "evening").rename(office.out / "morning")
    said = office.refused(path)
    assert "it is of the event 'evening', which has no run in" in said
    assert "Expected: a workbook of morning." in said


def test_a_workbook_of_an_earlier_run_is_used_and_what_is_no_longer_there_is_told(office: Reviewing) -> None:
    path = office.export().write(SPEEDING, first="Anti-social behaviour").write(SWANS, right="yes").save()
    office.write("notes.csv", [*ROWS[:1], [*ROWS[1][:-1], "Speding past the infant school"], *ROWS[2:]])
    office.run()
    (remark,) = office.apply(path).remarks
    assert remark.startswith("the workbook is of an earlier run: 1 of the points decided on are no longer there as they were")
    after = office.run()
    assert after.point("Speding past the infant school")["codes"] == "asb"
    (line,) = history(after.point("Speding past the infant school")["point_id"], office.out)
    assert "A. Analyst: 'asb'" in line


# history and undo


def test_the_history_of_a_point_is_told_oldest_first_with_what_was_taken_back(office: Reviewing) -> None:
    first = office.code(SPEEDING, "asb")
    second = office.code(SPEEDING, "dv")
    back = undo(second.id, office.out, who="B. Reader", why="Mrs Hall asked")
    assert "Hall" not in office.ledger.read_text("utf-8")
    point = first.point.point_id if first.point else ""
    assert history(point, office.out) == [
        f"2026-05-01 A. Analyst: 'asb' [{first.id}]",
        f"2026-05-01 A. Analyst: 'dv' [{second.id}] - taken back by {back.id}",
        f"{back.day} B. Reader: took back {second.id} ({back.why}) [{back.id}]",
    ]
    assert office.run().point(SPEEDING)["codes"] == "asb"
    with pytest.raises(OutputError, match="is taken back already"):
        undo(second.id, office.out, who="B. Reader")
    undo(back.id, office.out, who="B. Reader")
    assert office.run().point(SPEEDING)["codes"] == "dv"
    undo(second.id, office.out, who="B. Reader")
    assert office.run().point(SPEEDING)["codes"] == "asb"


def test_a_point_nobody_decided_on_has_no_history_and_one_that_is_not_there_is_told(office: Reviewing) -> None:
    assert history(Found(office.out / "evening", ()).point(SPEEDING)["point_id"], office.out) == []
    with pytest.raises(ReadError, match="there is no point and no theme 'n0-1'"):
        history("n0-1", office.out)
    with pytest.raises(ReadError, match="there is no decision 'd0'"):
        undo("d0", office.out, who="A. Analyst")


# by command


def test_the_whole_path_by_command_on_the_golden_event(golden: Path, tmp_path: Path) -> None:
    def themes(*words: str | Path) -> str:
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exit_code == 0, result.output
        return result.stdout

    def points() -> dict[str, dict[str, str]]:
        with (tmp_path / "out" / "hollin-bridge" / "points.csv").open(encoding="utf-8", newline="") as file:
            return {row["text"]: row for row in csv.DictReader(file)}

    themes("run", golden / "input" / "hollin-bridge", "--out", tmp_path / "out")
    own = (tmp_path / "out" / "hollin-bridge" / "themes.json").read_bytes()
    text = "Street lights out along the tow path"
    assert points()[text]["codes"] == "place_security"
    review = tmp_path / "review.xlsx"
    said = themes("review", "export", tmp_path / "out" / "hollin-bridge", "--out", review, "--reviewer", "A. Analyst", "--sample", "5")
    assert said.startswith(f"{review}: 29 points, 5 of them drawn at random, and ")
    filled = Workbook(review).write(text, first="Road safety and traffic").save()
    said = themes("review", "apply", filled, "--out", tmp_path / "out")
    ledger = tmp_path / "out" / "corrections.jsonl"
    assert said.splitlines()[0] == f"{ledger}: 1 decision added (1 on points, 0 on themes); 0 were there already"
    assert said.splitlines()[-1] == "Run `themes run` again to see them in the results."
    said = themes("run", golden / "input" / "hollin-bridge", "--out", tmp_path / "out")
    assert "1 decision of people is in this result." in said
    assert (points()[text]["codes"], points()[text]["decided_by"]) == ("road_safety", "human")
    line = themes("review", "history", points()[text]["point_id"], "--out", tmp_path / "out").strip()
    decision = line.split("[")[1].rstrip("]")
    assert "is taken back by" in themes("review", "undo", decision, "--out", tmp_path / "out", "--who", "A. Analyst")
    themes("run", golden / "input" / "hollin-bridge", "--out", tmp_path / "out")
    assert (tmp_path / "out" / "hollin-bridge" / "themes.json").read_bytes() == own
