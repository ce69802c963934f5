"""report.html: what stands in it, that nothing typed is taken for code, and that what is withheld is nowhere in it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest
from labelled_points import by_topic, event_result, labelled_points, topics_of
from lxml import html
from test_charts import chart
from test_store import divided_result, made_result
from test_withheld import NOISE, SECRET, TAXONOMY, at

from pipeline.records import Session
from pipeline.report import report_content, report_files, report_markdown
from pipeline.report.blocks import Bullet, Bullets, Chart, Facts, Grid, Paragraph, Report, Section
from pipeline.report.charts import KINDS
from pipeline.report.page import explorer_points, report_page
from pipeline.results import EventResult
from pipeline.settings import Settings
from pipeline.themes import gather_themes

NASTY = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\"quoted\" & 'quoted'",
    "{{ 7 * 7 }} {% raw %} ${x} `y`",
    "--> <!-- ]]> </style>",
    "javascript:alert(1)",
]


def placed(result: EventResult) -> EventResult:
    """With a place for every point that says something."""
    ids = result.points.loc[result.points["outcome"] != "procedural", "point_id"]
    return replace(result, places=pd.DataFrame({"point_id": ids, "x": [n / 20 - 0.5 for n in range(len(ids))], "y": 0.25}))


def page_of(result: EventResult) -> str:
    return report_page(report_content(result), explorer_points(result))


RESULT = placed(made_result())
PAGE = page_of(RESULT)
TREE = html.document_fromstring(PAGE)


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def seen(tree: html.HtmlElement) -> str:
    """What a reader can see, scripts and styles left out."""
    return " ".join(text for text in tree.xpath("//body//text()[not(ancestor::script)]"))


def nasty_result() -> EventResult:
    made = [{"text": text, "table": str(n), "codes": "asb", "resident": text} for n, text in enumerate(NASTY)]
    points = labelled_points(*made, aspect="issue")
    found = gather_themes(points, by_topic([0] * len(made)), 0.5 * by_topic([0] * len(made))[:, :3] + 0.5, TAXONOMY, topics_of, Settings())
    result = placed(event_result(*found, Session("1", NASTY[0], NASTY[1])))
    themes = [replace(theme, title=NASTY[3] + NASTY[0]) for theme in result.themes]
    return replace(result, themes=themes, event=replace(result.event, title=NASTY[1], venue=NASTY[2]))


def withheld_result(*points: dict[str, str]) -> EventResult:
    made = labelled_points(*points, aspect="challenge", level="local")
    probabilities = by_topic([0] * len(points))[:, :3] * 0 + 0.5
    return placed(
        event_result(
            *gather_themes(made, by_topic([n % 2 for n in range(len(points))]), probabilities, TAXONOMY, topics_of, Settings()),
            Session("1", "Challenges"),
        )
    )


# What it says


@pytest.mark.parametrize("result", [RESULT, placed(divided_result()), nasty_result()])
def test_it_says_every_word_of_the_markdown_report_in_the_same_order(result: EventResult) -> None:
    report = report_content(result)
    told = words(re.sub(r"\\(.)", r"\1", report_markdown(report)))
    told = [word for word in told if not word.isdigit()]
    page = iter(words(seen(html.document_fromstring(report_page(report)).xpath("//body")[0])))
    missing = [word for word in told if word not in page]
    assert not missing


def test_every_kind_of_block_is_shown() -> None:
    blocks = (
        Facts((("Venue", "The mill"),)),
        Paragraph("What worries you?", question=True),
        Bullets((Bullet("noise", "table 2"), Bullet("litter")), "Issues:"),
        Grid(("Theme", "Points"), (("Noise", 3),), frozenset({"Points"})),
    )
    tree = html.document_fromstring(report_page(Report("R", blocks, (Section("One", blocks, (Section("Inner", blocks),)),))))
    assert tree.xpath("//dl/dt/text()") == ["Venue"] * 3
    assert tree.xpath("//p[@class='question']/text()") == ["What worries you?"] * 3
    assert [item.text_content() for item in tree.xpath("//section/ul/li")] == ["noise (table 2)", "litter"] * 2
    assert tree.xpath("//td[@class='number']/text()") == ["3"] * 3
    assert [h.tag for h in tree.xpath("//h1 | //main//h2 | //main//h3")] == ["h1", "h2", "h3"]
    assert not tree.xpath("//*[@id='points' or @class='evidence']")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_chart_is_drawn_told_in_words_and_as_a_table(kind: str) -> None:
    made = chart(kind)
    tree = html.document_fromstring(report_page(Report("R", (), (Section("S", (made,)),))))
    (drawn,) = tree.xpath("//figure/div[@role='img']")
    assert drawn.get("aria-label") == made.description
    assert [svg.get("class") for svg in drawn.xpath("svg")] == (["wide only fixed"] if kind == "heatmap" else ["wide", "narrow"])
    rows = tree.xpath("//figure//table/tbody/tr")
    assert len(rows) == (0 if kind == "map" else len(made.rows))


def test_a_share_stands_in_its_table_as_a_percentage_and_nothing_where_it_is_not_told() -> None:
    rows = ({"order": 0, "division": "A", "share": 0.25, "low": 0.1, "high": 0.5, "label": "1 of 4"},
            {"order": 1, "division": "B", "share": None, "low": None, "high": None, "label": "hidden"})  # fmt: skip
    tree = html.document_fromstring(report_page(Report("R", (), (Section("S", (Chart("intervals", "t", "d", rows),)),))))
    assert [[cell.text or "" for cell in row] for row in tree.xpath("//figure//tr")] == [
        ["Division", "Share", "From", "To", "Told as"],
        ["A", "25%", "10%", "50%", "1 of 4"],
        ["B", "", "", "", "hidden"],
    ]


def test_the_evidence_of_a_theme_is_every_point_of_it_with_its_source() -> None:
    theme = next(theme for theme in RESULT.themes if theme.title == "Road safety")
    (shown,) = (item for item in TREE.xpath("//li[contains(@class, 'theme')]") if item.xpath(".//h4/text()") == ["Road safety"])
    said = shown.xpath(".//details[@class='evidence']//span[@class='said']/text()")
    texts = dict(zip(RESULT.points["point_id"], RESULT.points["text"], strict=True))
    assert said == [texts[point] for point in theme.point_ids]
    assert "table 10, session 1, table 10.txt, line 3" in shown.xpath(".//details//li/@data-where")
    assert shown.xpath(".//details/summary")[0].text_content() == "Evidence: 3 points on Road safety"


def test_the_table_at_the_end_has_every_point_but_those_of_the_evening() -> None:
    rows = TREE.xpath("//table[@id='all-points']/tbody/tr")
    assert sorted(row.get("id") for row in rows) == sorted(f"point-{p}" for p in RESULT.points["point_id"] if p != "n09-1")
    row = next(row for row in rows if row.get("id") == "point-n01-1")
    assert row.xpath(".//ul[@class='themes-of']/li/text()") == ["Road safety", "Anti-social behaviour"]
    assert (row.get("data-session"), row.get("data-table"), row.get("data-priority")) == ("1", "1", "Not Urgent or Essential")
    assert "Challenges; Not Urgent or Essential; Division / county; 2 mentions" in row.text_content()
    assert [row.get("data-table") for row in rows if row.get("data-session") == "1"] == ["1", "1", "1", "1", "2", "2", "2", "10", ""]


def test_points_can_be_filtered_by_what_they_have() -> None:
    assert TREE.xpath("//form//select/@name") == ["session", "theme", "table", "priority", "aspect"]
    options = {select.get("name"): select.xpath("option/text()") for select in TREE.xpath("//form//select")}
    assert options["table"] == ["All", "1", "2", "10", "(none)"]
    assert options["priority"] == ["All", "Urgent & Essential", "Not Urgent or Essential", "(none)"]


def test_a_map_has_a_mark_for_each_point_that_has_a_row() -> None:
    marks = TREE.xpath("//*[@data-point]/@data-point")
    rows = {row.removeprefix("point-") for row in TREE.xpath("//tr/@id")}
    assert set(marks) <= rows
    assert len(set(marks)) == 9 + 3  # sessions 1 and 3; the other has one point


def test_ids_are_unique_and_every_link_leads_somewhere() -> None:
    for tree in (TREE, html.document_fromstring(page_of(nasty_result()))):
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        links = tree.xpath("//a/@href")
        assert links
        assert {link.removeprefix("#") for link in links} <= set(ids)
        named = " ".join(tree.xpath("//@aria-labelledby | //label/@for")).split()
        assert set(named) <= set(ids)


def test_headings_go_down_one_step_at_a_time() -> None:
    levels = [int(heading.tag[1]) for heading in TREE.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


# What may not be in it


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_what_was_typed_is_never_taken_for_code() -> None:
    page = page_of(nasty_result())
    parser = Tags()
    parser.feed(page)
    tags = [tag for tag, _ in parser.found]
    assert (tags.count("script"), tags.count("style"), tags.count("img"), tags.count("iframe")) == (1, 1, 0, 0)
    attributes = {name for _, attrs in parser.found for name in attrs}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action", "formaction")}
    said = html.document_fromstring(page).xpath("//table[@id='all-points']//span[@class='said']/text()")
    assert sorted(said) == sorted(NASTY)
    assert "49" not in " ".join(said)


def test_the_page_allows_itself_nothing_but_its_own_script_and_style() -> None:
    (policy,) = TREE.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    for tag in ("script", "style"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        assert f"{tag}-src 'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert not re.search(r"https?:|//cdn|@import|url\(", PAGE)


@pytest.mark.parametrize("table", ["1", ""])
def test_what_is_withheld_is_nowhere_in_the_source(table: str) -> None:
    page = page_of(withheld_result(at(table, SECRET), at(table, f"{SECRET} again", "dv|asb"), *NOISE))
    assert "baker" not in page
    assert "Mill Lane" not in page
    assert "Domestic abuse" in page
    assert "street 4" in page
    tree = html.document_fromstring(page)
    kept = {f"n{n:02d}-1" for n in (2, 3, 4, 5)}
    assert {row.removeprefix("point-") for row in tree.xpath("//tr/@id")} == kept
    assert set(tree.xpath("//@data-point")) == kept
    assert not re.search(r"n0[01]-1", page)


def test_a_theme_of_which_nothing_may_be_shown_leads_to_no_points() -> None:
    result = withheld_result(at("1", SECRET), *NOISE)
    hidden = next(theme for theme in result.themes if theme.codes == ("dv",))
    others = [replace(result.themes[0], id=f"t{n}", rank=n, title=f"Theme {n}") for n in range(1, 9)]
    page = page_of(replace(result, themes=[*others, replace(hidden, rank=9)]))
    also = html.document_fromstring(page).xpath("//p[starts-with(., 'Also raised')]")[0]
    assert "Domestic abuse" in also.text_content()
    assert not also.xpath("a")


# Files


def test_the_same_result_gives_the_same_bytes_in_another_process() -> None:
    code = "import hashlib, test_page; print(hashlib.sha256(test_page.page_of(test_page.RESULT).encode()).hexdigest())"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="tests", env={"PYTHONHASHSEED": "7"}
    )
    assert found.stdout.strip() == hashlib.sha256(PAGE.encode()).hexdigest()


def test_an_event_without_points_has_a_page() -> None:
    result = made_result()
    nothing = replace(result, points=result.points.iloc[:0], themes=[])
    tree = html.document_fromstring(page_of(nothing))
    assert tree.xpath("//h1/text()") == ["An evening | of *notes*"]
    assert not tree.xpath("//*[@id='points']")
    assert not tree.xpath("//figure")


def test_it_is_among_the_files_of_an_event() -> None:
    assert report_files(RESULT)["report.html"].decode() == PAGE
    assert len(PAGE) < 150_000
