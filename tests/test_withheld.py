"""Words on a sensitive theme that few tables raised stay out of the report."""

from __future__ import annotations

import numpy as np
import pytest
from labelled_points import by_topic, event_result, labelled_points, topics_of

from pipeline.records import Session
from pipeline.report import report_content, report_markdown
from pipeline.results import EventResult
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, Theme
from pipeline.themes import gather_themes

TAXONOMY = Taxonomy(
    "t",
    "1",
    (
        Theme("dv", "Domestic abuse"),
        Theme("control", "Coercive control", broader="dv"),
        Theme("asb", "Anti-social behaviour"),
    ),
)
SECRET = "the baker's wife on Mill Lane"


def told(*points: dict[str, str], **settings: object) -> str:
    made = labelled_points(*points, aspect="challenge", level="local")
    vectors, chances = by_topic([n % 2 for n in range(len(points))]), np.full((len(points), 3), 0.5)
    result = event_result(*gather_themes(made, vectors, chances, TAXONOMY, topics_of, Settings()), Session("1", "Challenges"))
    run = result.run | {"settings": result.run["settings"] | settings}
    return report_markdown(report_content(EventResult(result.event, result.points, result.themes, result.dropped, run)))


def at(table: str, text: str, codes: str = "dv") -> dict[str, str]:
    return {"table": table, "text": text, "codes": codes}


NOISE = [at(table, f"noise at the corner of street {table}", "asb") for table in "1234"]


@pytest.mark.parametrize(("tables", "shown"), [("1", False), ("12", False), ("123", True), ("1234", True)])
def test_it_is_shown_from_three_tables_on(tables: str, shown: bool) -> None:
    report = told(*(at(table, f"{SECRET} {table}") for table in tables), *NOISE)
    assert (SECRET in report) is shown
    assert ("on a sensitive theme withheld" in report) is not shown
    assert ("Quotes withheld: a sensitive theme, raised at fewer than 3 tables." in report) is not shown
    assert "**Domestic abuse**" in report
    assert "noise at the corner of street 4" in report


def test_notes_without_tables_say_nothing_of_how_many_spoke() -> None:
    assert SECRET not in told(*(at("", f"{SECRET} {n}") for n in range(5)))


def test_a_point_of_two_themes_is_withheld_under_both() -> None:
    report = told(at("1", SECRET, "dv|asb"), *NOISE)
    assert SECRET not in report
    assert "**Anti-social behaviour** (5 points" in report


def test_what_is_part_of_a_sensitive_theme_is_sensitive() -> None:
    assert SECRET not in told(at("1", SECRET, "control"), *NOISE)
    # Three tables raised the whole, one the part: only the part is withheld, and its point under the whole with it.
    report = told(at("1", SECRET, "control"), at("2", "no refuge"), at("3", "a helpline nobody knows"), *NOISE)
    assert SECRET not in report
    assert "no refuge" in report


def test_words_of_a_withheld_point_name_no_sub_theme() -> None:
    quarrels = [at("1", f"quarrel at {place}", "dv|asb") for place in ("the mill", "the weir", "the lock")]
    noise = [at(table, f"motorbikes on {table} street", "asb") for table in "2345"]
    mixed = [point for pair in zip(quarrels, noise, strict=False) for point in pair] + noise[3:]
    report = told(*mixed)
    assert "quarrel" not in report.lower()
    assert "motorbikes" in report


def test_it_can_be_set_otherwise_and_the_report_says_the_rule() -> None:
    assert SECRET in told(at("1", SECRET), *NOISE, sensitive_codes=[])
    assert SECRET in told(at("1", SECRET), *NOISE, quotes_from_tables=1)
    report = told(at("1", SECRET), *NOISE, sensitive_codes=["asb"], quotes_from_tables=5)
    assert SECRET in report
    assert "street 4" not in report
    assert "sensitive themes (Anti-social behaviour) is shown where at least 5 tables raised them" in report
    assert "4 points withheld" in report
    assert "sensitive" not in told(*NOISE)
