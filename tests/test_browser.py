"""report.html in a browser: what can be done with it by mouse and by keyboard, in light and dark, on a phone and on paper.

A real Chromium opens the page from the disk. Playwright speaks to its driver, and the driver to the browser, through pipes, so the sockets
that other tests may not open stay shut here too; the event loop of Playwright has a pair of Unix ones to itself, which all tests may open.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from divisions import compared, made_up
from playwright.sync_api import Browser, Page, expect, sync_playwright
from test_charts import rows
from test_page import RESULT, nasty_result, page_of

from pipeline.report import report_content
from pipeline.report.blocks import Chart, Section
from pipeline.report.comparison import comparison_content
from pipeline.report.page import explorer_points, report_page

NAMES = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 400, "height": 800}}


def _chromium() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; Debian's is installed once where there is none and this may be done."""
    found = _chromium()
    if not found and shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"capture_output": True, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        if subprocess.run(install, check=False, **quiet).returncode:
            subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
            subprocess.run(install, check=False, **quiet)
        found = _chromium()
    if not found:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed, and apt-get cannot be run as root here")
    with sync_playwright() as playwright:
        # No sandbox: it cannot be had by root in a container, and the only page opened is our own.
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page of an event and of charts that compare, of an event of nasty notes, and of divisions compared."""
    made = tmp_path_factory.mktemp("pages")
    others = [replace(RESULT.themes[0], id=f"t{n}", rank=n, title=f"Theme {n}") for n in range(5, 10)]
    event = replace(RESULT, themes=[*RESULT.themes[:4], *others, *RESULT.themes[4:]])
    report = report_content(event)
    charts = Section("Divisions compared", tuple(Chart(kind, kind, kind, tuple(rows(kind))) for kind in ("heatmap", "intervals")))
    page = report_page(replace(report, sections=(*report.sections, charts)), explorer_points(event))
    comparison = report_page(comparison_content(compared(*made_up())))
    for name, text in {"event": page, "nasty": page_of(nasty_result()), "comparison": comparison}.items():
        (made / f"{name}.html").write_text(text, "utf-8")
    return made


class Opened:
    """A page, with what its console said and what it asked of the outside."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))
        page.on("request", lambda request: self.asked.append(request.url))

    def go(self, name: str = "event", state: str = "") -> Page:
        self.page.goto(f"{(self.folder / name).as_uri()}.html{state}")
        return self.page


def opened(browser: Browser, folder: Path, **context: Any) -> Iterator[Opened]:
    made = browser.new_context(**context)
    page = Opened(made.new_page(), folder)
    page.page.set_default_timeout(30_000)
    yield page
    made.close()
    assert page.said == []
    assert {url.split("#", maxsplit=1)[0] for url in page.asked} <= {f"{path.as_uri()}" for path in folder.iterdir()}


@pytest.fixture
def event(browser: Browser, folder: Path) -> Iterator[Opened]:
    """Every test that has this also sees that nothing was said in the console and nothing asked of the outside."""
    yield from opened(browser, folder, viewport=SIZES["wide"])


def shown(page: Page) -> list[str]:
    return page.locator("#all-points tbody tr:visible .said").all_text_contents()


# Search and filters


def test_points_are_found_by_words_in_any_order_and_case_and_the_number_is_announced(event: Opened) -> None:
    page = event.go()
    count = page.get_by_role("status").filter(has_text="points")
    expect(count).to_have_text("All 13 points")
    page.get_by_label("Words in the point").fill("LITTER  the")
    assert shown(page) == ["litter on the green", "cars race past the litter", "clear the litter"]
    expect(count).to_have_text("3 of 13 points")
    assert count.get_attribute("aria-live") == "polite"
    page.get_by_label("Words in the point").fill("zebra")
    assert shown(page) == []
    expect(count).to_have_text("0 of 13 points")


@pytest.mark.parametrize(
    ("label", "value", "found"),
    [
        ("Theme", "Road safety", {"cars race past the litter", "potholes", "speeding by the school"}),
        ("Theme", "(none)", {"ok"}),
        ("Table", "10", {"speeding by the school"}),
        ("Table", "(none)", {"potholes"}),
        ("Priority", "Not Urgent or Essential", {"cars race past the litter"}),
        ("Aspect", "Top priorities", {"litter again"}),
        ("Session", "2", {"litter picks every month"}),
    ],
)
def test_points_are_filtered_by_what_they_have(event: Opened, label: str, value: str, found: set[str]) -> None:
    page = event.go()
    page.get_by_label(label, exact=True).select_option(label=value)
    assert set(shown(page)) - {"litter on the green"} == found


def test_filters_work_together_and_can_be_cleared(event: Opened) -> None:
    page = event.go()
    page.get_by_label("Theme", exact=True).select_option("Anti-social behaviour")
    page.get_by_label("Session", exact=True).select_option("3")
    page.get_by_label("Words in the point").fill("bins")
    assert shown(page) == ["bins by the ramp"]
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator("#count")).to_have_text("All 13 points")
    assert page.evaluate("location.hash") == "#points"


def test_what_is_filtered_stands_in_the_address_and_is_found_again(event: Opened) -> None:
    page = event.go()
    page.get_by_label("Table", exact=True).select_option("2")
    page.get_by_label("Words in the point").fill("swans & é")
    state = page.evaluate("location.hash")
    page.goto("about:blank")
    page = event.go(state=state)
    assert page.get_by_label("Table", exact=True).input_value() == "2"
    assert page.get_by_label("Words in the point").input_value() == "swans & é"
    expect(page.locator("#count")).to_have_text("0 of 13 points")
    page.evaluate("location.hash = 'table=99&q=swans'")  # a table that this report lacks filters nothing
    expect(page.locator("#count")).to_have_text("2 of 13 points")


def test_a_theme_that_is_only_named_leads_to_its_points_in_that_session(event: Opened) -> None:
    page = event.go()
    page.get_by_role("link", name="Theme 9").click()
    expect(page.get_by_label("Theme", exact=True)).to_have_value("Theme 9")
    expect(page.get_by_label("Session", exact=True)).to_have_value("1")
    assert len(shown(page)) == 3


# Evidence, quotes, map


def test_a_theme_shows_its_evidence_in_place(event: Opened) -> None:
    page = event.go()
    theme = page.locator(".theme", has=page.get_by_role("heading", name="Road safety"))
    evidence = theme.locator(".evidence li")
    expect(evidence.first).to_be_hidden()
    theme.get_by_text("Evidence: 3 points").click()
    expect(evidence).to_have_count(3)
    expect(evidence.first).to_be_visible()
    expect(theme.locator(".evidence")).to_contain_text("table 10, session 1, table 10.txt, line 3")


def test_a_quote_is_copied_with_its_source(browser: Browser, folder: Path) -> None:
    for made in opened(browser, folder, permissions=["clipboard-read", "clipboard-write"]):
        page = made.go()
        page.get_by_role("button", name="Copy with its source: potholes").first.click()
        expect(page.locator("#copied")).to_have_text("Copied with its source.")
        assert page.evaluate("navigator.clipboard.readText()") == "“potholes” (session 1, table .txt, line 4)"
        page.locator("#point-n03-1 button.copy").click()
        expect(page.locator("#point-n03-1 button.copy")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == "“speeding by the school” (table 10, session 1, table 10.txt, line 3)"


def test_a_mark_of_the_map_tells_its_point_and_leads_to_its_row(event: Opened) -> None:
    page = event.go()
    page.get_by_label("Words in the point").fill("zebra")
    mark = page.locator("svg.wide [data-point='n03-1']")
    mark.hover()
    expect(page.locator("#told")).to_have_text(
        "“speeding by the school”Table 10 · Road safety; Theme 5; Theme 6; Theme 7; Theme 8; Theme 9"
    )
    mark.click()
    expect(page.locator("#point-n03-1")).to_be_focused()
    expect(page.locator("#count")).to_have_text("All 13 points")
    page.mouse.move(5, 5)
    expect(page.locator("#told")).to_be_hidden()


def test_notes_that_look_like_code_do_nothing_and_show_as_typed(event: Opened) -> None:
    page = event.go("nasty")
    page.get_by_label("Words in the point").fill("</script><IMG")
    assert shown(page) == ["</script><img src=x onerror=alert(1)>"]
    page.locator("svg.wide [data-point]").first.hover()
    assert page.locator("img").count() == 0
    assert page.get_by_role("heading", name="Workshop session 1: <script>alert(1)</script>").count() == 1


# Keyboard, light and dark, phone, paper, no script


def test_it_can_be_read_by_keyboard_alone(event: Opened) -> None:
    page = event.go()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the report")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the report")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the first thing in the report that can be worked
    expect(page.locator(".theme button.copy").first).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    summary = page.locator(".evidence summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".evidence").first).to_have_attribute("open", "")
    search = page.get_by_label("Words in the point")
    search.focus()
    page.keyboard.type("heron")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Session", exact=True)).to_be_focused()
    assert shown(page) == ["heron by the lock"]


def test_dark_is_dark_in_text_and_charts_alike(browser: Browser, folder: Path) -> None:
    ground, bar = "getComputedStyle(document.body).backgroundColor", "getComputedStyle(document.querySelector('svg text')).fill"
    seen = {}
    for scheme in ("light", "dark"):
        for made in opened(browser, folder, color_scheme=scheme):
            page = made.go()
            seen[scheme] = (page.evaluate(ground), page.evaluate(bar))
    assert seen == {"light": ("rgb(255, 255, 255)", "rgb(27, 36, 48)"), "dark": ("rgb(20, 25, 31)", "rgb(231, 234, 238)")}


def test_nothing_is_wider_than_a_phone(browser: Browser, folder: Path) -> None:
    for made in opened(browser, folder, viewport=SIZES["narrow"]):
        for name in ("event", "nasty", "comparison"):
            assert made.go(name).evaluate("document.documentElement.scrollWidth") <= SIZES["narrow"]["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", sorted(SIZES))
@pytest.mark.parametrize("name", ["event", "comparison"])
def test_no_serious_fault_of_accessibility_is_found(browser: Browser, folder: Path, name: str, scheme: str, size: str) -> None:
    for made in opened(browser, folder, color_scheme=scheme, viewport=SIZES[size]):
        page = made.go(name)
        page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
        found = Axe().run(page).response
        assert len(found["passes"]) > 20
        assert [(fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in found["violations"]] == []


def test_on_paper_it_is_a4_with_evidence_and_charts_and_nothing_to_press(event: Opened) -> None:
    page = event.go()
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    sizes = [tuple(round(side / 72 * 25.4) for side in sheet.get_size()) for sheet in document]
    assert set(sizes) == {(210, 297)}
    text = re.sub(r"\s+", " ", " ".join(sheet.get_textpage().get_text_range() for sheet in document))
    assert "table 10, session 1, table 10.txt, line 3" in text
    assert "Also raised: Theme 9" in text
    assert "2 of 3" in text
    assert "Copy" not in text
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("svg.wide").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    breaks = page.locator(".theme").first.evaluate("(theme) => getComputedStyle(theme).breakInside")
    assert breaks == "avoid"


def test_a_comparison_fits_on_paper(event: Opened) -> None:
    page = event.go("comparison")
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    text = re.sub(r"\s+", " ", " ".join(sheet.get_textpage().get_text_range() for sheet in document))
    assert "Raised more in Birkby than elsewhere: 5 of 5 tables against 0 of 6" in text
    page.set_viewport_size({"width": 650, "height": 900})  # as wide as an A4 page between its margins
    page.emulate_media(media="print")
    widths = page.evaluate("[...document.querySelectorAll('svg.wide')].map((svg) => svg.getBoundingClientRect().width)")
    assert len(widths) == 4  # all themes, and three with intervals
    assert max(widths) <= 650


def test_without_scripts_it_is_a_report_to_read(browser: Browser, folder: Path) -> None:
    for made in opened(browser, folder, java_script_enabled=False):
        page = made.go()
        expect(page.locator("#filters")).to_be_hidden()
        expect(page.locator("#count")).to_have_text("13 points")
        page.locator(".evidence summary").first.click()
        expect(page.locator(".evidence li").first).to_be_visible()
        assert len(shown(page)) == 13
