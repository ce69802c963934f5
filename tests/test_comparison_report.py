"""comparison.html, .docx and .md: what they say of a comparison, in what order, and that no hidden number is in any of them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from divisions import cell, compared, evening, event, made_up, said, tables
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from test_compare_hiding import world

from pipeline.comparison import Comparison
from pipeline.report.blocks import Bullets, Chart, Grid, Paragraph, Report, Section
from pipeline.report.comparison import comparison_content, comparison_files
from pipeline.report.comparison.method import FALSE, POWER
from pipeline.results import EventResult

NAMES = ("Ashdale", "Birkby", "Cotmoor", "Dunsey", "Eskford")
NASTY = "<script>alert(1)</script> & *stars* [x](http://y) | {{ 7 * 7 }}"


def apart() -> list[EventResult]:
    """Six divisions of eight tables: Pennine raised theft more, asb less and roads not at all, and is alone in having barriers of theft."""
    others = [evening(name.lower(), name, 8, asb=8, theft=1, roads=3, dv=3 + number) for number, name in enumerate(NAMES)]
    points = [said(t, "theft", f"vans emptied at {t}") for t in tables(8)] + [said("1", "asb"), said("1", "dv"), said("2", "dv")]
    return [*others, event("pennine", "Pennine", points)]


def under_a_heading() -> list[EventResult]:
    """Six divisions of eight tables that raised theft alike; under barriers only Pennine did."""

    def made(name: str, *, barrier: bool) -> EventResult:
        points = [said(t, "theft", aspect="barrier" if barrier else "challenge") for t in tables(8)]
        points += [said(t, text=f"nothing at {t}", aspect="challenge" if barrier else "barrier") for t in tables(8)]
        return event(name.lower(), name, points)

    return [*(made(name, barrier=False) for name in NAMES), made("Pennine", barrier=True)]


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compared(*apart())


def texts(comparison: Comparison) -> dict[str, str]:
    """What a reader of each form reads, white space made even."""
    files = comparison_files(comparison)
    page = html.document_fromstring(files["comparison.html"])
    with zipfile.ZipFile(io.BytesIO(files["comparison.docx"])) as parts:
        word = etree.fromstring(parts.read("word/document.xml"))
    lines = ["".join(line.itertext()) for line in word.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")]
    found = {
        "html": " ".join(page.xpath("//main//text() | //header//text()")),
        "docx": " ".join(lines),
        "md": re.sub(r"\\(.)", r"\1", files["comparison.md"].decode()),
    }
    return {form: " ".join(text.split()) for form, text in found.items()}


def everything(comparison: Comparison) -> str:
    """All that stands in the files, whether or not it is seen: source of the page, every part of the Word file that is text."""
    files = comparison_files(comparison)
    with zipfile.ZipFile(io.BytesIO(files["comparison.docx"])) as parts:
        inside = [parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))]
    return "\n".join([files["comparison.html"].decode(), files["comparison.md"].decode(), *inside])


def blocks_of(report: Report, *headings: str) -> tuple[object, ...]:
    """The blocks under a heading, found by the headings that lead to it."""
    sections, blocks = report.sections, report.blocks
    for heading in headings:
        (found,) = (section for section in sections if section.heading == heading)
        sections, blocks = found.sections, found.blocks
    return blocks


def charts(sections: tuple[Section, ...]) -> list[Chart]:
    return [chart for section in sections for chart in (*(b for b in section.blocks if isinstance(b, Chart)), *charts(section.sections))]


# What it says


@pytest.mark.parametrize("made", [apart, under_a_heading, made_up])
def test_every_verdict_on_a_theme_every_clear_one_on_its_parts_and_every_finding_stands_in_all_three_forms(made) -> None:
    result = compared(*made())
    at_all = [found.sentence for row in result.measures[0].themes for found in row.cells]
    clear = [found.sentence for m in result.measures for row in m.themes for found in row.cells if found.verdict in ("more", "less")]
    findings = [found.sentence for found in (*result.distinctive, *result.shared, *result.absent)]
    assert at_all
    for form, text in texts(result).items():
        assert [sentence for sentence in (*at_all, *clear, *findings, *result.remarks) if sentence not in text] == [], form


def test_what_is_clear_comes_first_then_what_is_missing_what_is_shared_and_what_to_ask_about(comparison: Comparison) -> None:
    first = blocks_of(comparison_content(comparison), "In short")
    titles = [block.title if isinstance(block, Bullets) else block.text for block in first]
    assert titles[:3] == [
        "Raised clearly more in one division than elsewhere:",
        "Raised clearly less in one division than elsewhere:",
        "Raised elsewhere, and by no table of one division:",
    ]
    assert titles[3] == "2 of 5 themes were raised in every division: Anti-social behaviour and Theft."
    said_of = [[item.text.split(":")[0] for item in block.items] for block in first if isinstance(block, Bullets)]
    assert said_of[:3] == [["Theft"], ["Anti-social behaviour"], ["Roads"]]
    assert said_of[3:] == [["Roads"]]  # neither of the two that are clear is told again as worth asking about


def test_where_nothing_is_clear_it_says_so_and_what_that_means() -> None:
    first = blocks_of(comparison_content(compared(*(evening(n.lower(), n, 6, asb=3) for n in NAMES))), "In short")
    assert first[0].text.startswith("No theme is raised clearly more or clearly less in one division than in the others")
    assert "With 6 tables in a division, only a theme that nearly all its tables raise" in first[0].text
    untested = blocks_of(comparison_content(compared(evening("a", "A", 2, asb=2), evening("b", "B", 2))), "In short")
    assert untested[0].text.startswith("There were too few tables to say of any theme")


def test_a_clear_difference_under_a_heading_is_told_in_short_in_its_division_and_with_its_theme() -> None:
    result = compared(*under_a_heading())
    found = cell(result, "theft", "Pennine", "aspect", "barrier")
    assert found.verdict == "more"
    report = comparison_content(result)
    for headings in (("In short",), ("Division by division", "Pennine"), ("Theme by theme", "Theft")):
        items = [item for block in blocks_of(report, *headings) if isinstance(block, Bullets) for item in block.items]
        assert any(found.sentence in item.text and "under “Barriers” more in Pennine" in item.text for item in items), headings


def test_a_division_tells_what_sets_it_apart_what_it_lacks_and_what_it_raised_most(comparison: Comparison) -> None:
    clear, missing, leading, *_ = blocks_of(comparison_content(comparison), "Division by division", "Pennine")[1:]
    assert [item.text.split(":")[0] for item in clear.items] == ["Anti-social behaviour", "Theft"]
    assert [item.text.split(":")[0] for item in missing.items] == ["Roads"]
    assert leading.rows[0] == ("Theft", "8 of 8", "5 of 40 (12%)", "“vans emptied at 1”")
    assert [row[0] for row in leading.rows] == ["Theft", "Anti-social behaviour"]


def test_a_theme_has_a_row_for_every_division_with_its_interval_and_test(comparison: Comparison) -> None:
    grid = next(block for block in blocks_of(comparison_content(comparison), "Theme by theme", "Theft") if isinstance(block, Grid))
    assert [row[0] for row in grid.rows] == [*NAMES, "Pennine"]
    found = cell(comparison, "theft", "Pennine")
    assert grid.rows[-1] == ("Pennine", "8 of 8", "100%", "68–100%", "+88", "<0.001", found.sentence)


def test_charts_show_every_theme_and_the_widest_ranges(comparison: Comparison) -> None:
    found = charts(comparison_content(comparison).sections)
    assert [chart.kind for chart in found] == ["heatmap", *["intervals"] * 3]
    assert {row["theme"] for row in found[0].rows} == {theme.title for theme in comparison.measures[0].themes}
    assert {chart.title for chart in found[1:]} == {"Theft", "Anti-social behaviour", "Roads"}


def test_the_figures_on_what_few_tables_show_are_those_measured(root: Path) -> None:
    measured = json.loads((root / "benchmarks" / "results" / "comparison.json").read_text("utf-8"))
    for row in measured["power"]:
        told = dict(POWER)[row["share_elsewhere"], row["share_here"]][row["tables_a_division"]]
        assert told == round(100 * row["power"])
    assert len(measured["power"]) == sum(len(found) for _, found in POWER)
    assert {row["tables_a_division"]: round(100 * row["false_discovery_rate"]) for row in measured["nothing_differs"]} == FALSE


def test_one_division_has_shares_and_no_tests() -> None:
    report = comparison_content(compared(evening("a", "A", 6, asb=3)))
    assert report.title == "Themes in A"
    assert "nothing to compare it with" in blocks_of(report, "In short")[0].text
    assert [chart.kind for chart in charts(report.sections)] == ["heatmap"]
    assert "When a difference is called clear" not in {part.heading for part in report.sections[-1].sections}
    assert blocks_of(report, "Division by division", "A")[1].columns == ("Raised most", "Tables here", "For example")


def test_notes_without_tables_are_told_by_points() -> None:
    untold = event("c", "C", [said("", "asb", "litter"), said("", "asb", aspect="barrier"), said("", "theft")])
    report = comparison_content(compared(evening("a", "A", 6, asb=3), evening("b", "B", 6), untold))
    leading, under = (block for block in blocks_of(report, "Division by division", "C") if isinstance(block, Grid))
    assert leading.rows[0] == ("Anti-social behaviour", 2, "3 of 12 (25%)", "“litter”")
    assert under.rows == (("Barriers", "not named", "Anti-social behaviour (1)"),)
    notes = [block.text for block in blocks_of(report, "Themes by division") if isinstance(block, Paragraph)]
    assert "“not known”: the notes of that division name no tables." in notes


def test_events_where_nothing_fits_a_theme_still_make_a_report() -> None:
    result = compared(event("a", "A", [said("1"), said("2")]), event("b", "B", [said("1")]))
    result = replace(result, measures=())
    assert "Theme by theme" not in {section.heading for section in comparison_content(result).sections}
    assert all("too few tables" in text for text in texts(result).values())


# What it does not say


def test_a_hidden_count_is_in_no_part_of_any_file_and_told_to_be_hidden_where_it_would_stand() -> None:
    events = [evening("a", "A", 11, dv=2), evening("b", "B", 11, dv=5, asb=4), evening("c", "C", 11)]
    text = everything(compared(*events))
    own, total, rests = ("2 of 11", "18%"), ("7 of 33", "21%"), ("5 of 22", "7 of 22", "2 of 22", "23%", "32%")
    assert [number for number in (*own, *total, *rests) if number in text] == []
    assert "5 of 11" in text
    for form, told in texts(compared(*events)).items():
        assert "<3 of 11" in told, form
        assert "“<3” stands for any number from 0 to 2" in told, form
        assert "“hidden”: what was raised elsewhere would give away a count below 3" in told, form


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_is_hidden_could_be_any_number_below_the_threshold(data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 7))
    numbers = data.draw(st.lists(st.integers(0, total), min_size=1, max_size=4))
    elsewhere = [data.draw(st.lists(st.integers(1, total), max_size=5)) for _ in numbers]
    more = {"aspect": "issue", "resident": "carers", "priority": "Urgent & Essential"}
    hide_small = data.draw(st.booleans())
    other = [data.draw(st.integers(0, min(2, total))) if number < 3 else number for number in numbers]
    here, there = (compared(*world(chosen, total, elsewhere, more), hide_small=hide_small) for chosen in (numbers, other))
    assert comparison_content(here) == comparison_content(there)


def test_two_worlds_that_differ_in_hidden_numbers_alone_give_the_same_bytes() -> None:
    more = {"aspect": "issue", "resident": "carers"}
    here, there = (compared(*world(numbers, 6, [[1], [1, 2, 3], [2]], more)) for numbers in ([2, 5, 0], [0, 5, 1]))
    assert comparison_files(here) == comparison_files(there)


# The same each time, whatever was typed


def test_the_order_of_events_changes_no_byte() -> None:
    made = apart()[3:]
    assert comparison_files(compared(*made)) == comparison_files(compared(*reversed(made)))


def test_what_looks_like_code_shows_as_typed() -> None:
    points = [said(t, "asb", NASTY) for t in tables(6)] + [said("1", text=f"bus {NASTY}", new="bus")]
    result = compared(event("a", NASTY, points), evening("b", "B", 6, asb=1))
    result = replace(result, remarks=(NASTY,))
    page = comparison_files(result)["comparison.html"].decode()
    assert "<script>alert" not in page
    assert page.count("<script>") == 1
    for form, text in texts(result).items():
        assert text.count(NASTY) > 5, form
    assert r"\<script\>alert(1)\</script\> & \*stars\*" in comparison_files(result)["comparison.md"].decode()
