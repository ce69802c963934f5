"""The page on which people check points, in a browser: by keyboard and by mouse, with the program killed in between, on a phone.

The browser and the test speak to a real server on 127.0.0.1, so this file may open sockets to that address, and to no other. Everybody
and every place is made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from desks import ANALYST, READER, TOKEN, Client, Prepared, Served
from office import SPEEDING
from playwright.sync_api import Browser, BrowserContext, Page, expect
from test_browser import SIZES, browser
from test_review_page import prepared

__all__ = ["browser", "prepared"]  # the fixtures of those files
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


class Reviewing:
    """One browser with the page open, what its console said and what it asked for."""

    def __init__(self, context: BrowserContext, served: Served) -> None:
        self.context, self.served = context, served
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        return page

    def enter(self, name: str = ANALYST) -> Page:
        self.page.goto(f"{self.served.address}/?token={self.served.token}")
        self.page.get_by_label("Your name").fill(name)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#number")).to_contain_text("Point 1 of 8")
        return self.page

    def press(self, *keys: str, now_at: str = "") -> None:
        for key in keys:
            self.page.keyboard.press(key)
        if now_at:
            expect(self.page.locator("#number")).to_have_text(f"Point {now_at} of 8")

    @property
    def outcomes(self) -> list[tuple[tuple[str, ...], str]]:
        return [(decision.new.codes, decision.new.outcome) for decision in self.served.decisions]


def reviewing(browser: Browser, served: Served, **context: object) -> Iterator[Reviewing]:
    made = browser.new_context(**context)  # type: ignore[arg-type]
    found = Reviewing(made, served)
    yield found
    made.close()
    assert all(url.startswith(f"{served.address}/") or url == "data:," for url in found.asked)


@pytest.fixture
def served(prepared: Prepared, tmp_path: Path) -> Iterator[Served]:
    made = Served(prepared.desk(tmp_path / "corrections.jsonl"))
    yield made
    made.kill()


@pytest.fixture
def review(browser: Browser, served: Served) -> Iterator[Reviewing]:
    """Every test that has this also sees that nothing was said in the console and nothing asked of the outside."""
    for made in reviewing(browser, served, viewport=SIZES["wide"]):
        yield made
        assert made.said == []


def test_points_are_coded_by_keys_alone_and_a_reload_goes_on_where_one_stopped(review: Reviewing) -> None:
    page = review.enter()
    assert page.url == f"{review.served.address}/"  # the token is in no address that is kept
    order = [theme["code"] for theme in Client(review.served).point(0)["order"]]
    expect(page.locator("#save")).to_contain_text("Right as it is: ")
    review.press("2", "3", "1", "3")
    expect(page.locator("#save")).to_contain_text("Save: ")
    review.press("Enter", now_at="2")
    right = review.served.desk.items[1].machine
    review.press("Enter", now_at="3")
    review.press("0", now_at="4")
    review.press("?", now_at="5")
    assert review.outcomes == [
        ((order[1], order[0]), "labelled"), (right.codes, right.outcome), ((), "no_match"), ((), "not_sure"),
    ]  # fmt: skip
    expect(page.locator("#done-all")).to_have_text("4 of 8 by you, 4 by anybody")
    page.reload()
    expect(page.locator("#number")).to_have_text("Point 5 of 8")
    expect(page.locator("#reviewer")).to_contain_text(ANALYST)
    review.press("p", now_at="4")
    expect(page.locator("#hints .own")).to_have_text("You said: not sure")
    review.press("n", "n", now_at="6")
    review.press("u", now_at="4")
    expect(page.locator("#status")).to_have_text("Taken back: not sure")
    expect(page.locator("#done-all")).to_have_text("3 of 8 by you, 3 by anybody")
    expect(page.locator("#bar-all")).to_have_js_property("value", 3)
    assert [decision.what for decision in review.served.decisions] == ["codes"] * 4 + ["undo"]


def test_a_theme_is_found_by_its_words_and_a_comment_goes_with_the_answer(review: Reviewing) -> None:
    page = review.enter()
    review.press("c")
    page.keyboard.type("n 1 ? by the gates")
    review.press("Enter")
    expect(page.locator("#number")).to_be_focused()
    review.press("/")
    page.keyboard.type("domestic")
    expect(page.locator("#themes li:visible")).to_have_count(1)
    review.press("Enter")
    expect(page.locator("#save")).to_have_text("Enter Save: Domestic violence and abuse")
    review.press("d")
    expect(page.locator("#themes li", has_text="Domestic violence").locator("details p").first).to_be_visible()
    review.press("Enter", now_at="2")
    (decision,) = review.served.decisions
    assert (decision.new.codes, decision.why) == (("dv",), "n 1 ? by the gates")
    expect(page.locator("#comment")).to_have_value("")


def test_all_of_it_is_done_with_the_mouse(review: Reviewing) -> None:
    page = review.enter()
    number = page.locator("#number")
    page.locator("#themes .theme").nth(1).click()
    page.locator("#save").click()
    expect(number).to_have_text("Point 2 of 8")
    page.get_by_role("button", name="Next").click()
    expect(number).to_have_text("Point 3 of 8")
    page.get_by_role("button", name="None of these").click()
    expect(number).to_have_text("Point 4 of 8")
    page.get_by_role("button", name="Not sure").click()
    expect(number).to_have_text("Point 5 of 8")
    page.get_by_role("button", name="Undo").click()
    expect(number).to_have_text("Point 4 of 8")
    page.get_by_role("button", name="Previous").click()
    expect(number).to_have_text("Point 3 of 8")
    page.locator("#themes .theme").first.click()
    review.press("Enter", now_at="4")  # Enter saves, though the mouse was on a theme
    assert [d.what for d in review.served.decisions] == ["codes", "codes", "codes", "undo", "codes"]
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Use the keys below").uncheck()
    page.locator("#number").focus()
    review.press("0", "n")
    page.wait_for_timeout(200)
    expect(number).to_have_text("Point 4 of 8")


def test_agreement_moves_as_one_works_and_the_sample_can_be_worked_through_alone(review: Reviewing) -> None:
    page = review.enter()
    expect(page.locator("#figures")).to_contain_text("once you have answered points of the random sample")
    page.get_by_label("Work through").select_option("sample")
    expect(page.locator("#number")).to_have_text("Point 1 of 4")
    page.locator("#number").focus()
    for keys, said in ((("Enter",), "100% (21% to 100%)"), (("0",), "")):
        before = page.locator("#text").inner_text()
        review.press(*keys)
        expect(page.locator("#text")).not_to_have_text(before)
        expect(page.locator("#figures")).to_contain_text(f"Exactly your themes: {said}")
    expect(page.locator("#figures svg")).to_be_visible()
    expect(page.locator("#figures")).to_contain_text("From 2 of 4 points")


def test_what_another_decided_meanwhile_is_shown_and_asked_about(review: Reviewing) -> None:
    page = review.enter()
    other = Client(review.served, READER)
    other.answer(other.point(0), "dv")
    review.press("0")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("was not saved. B. Reader decided meanwhile: Domestic violence and abuse.")
    expect(page.locator("#save")).to_have_text("Enter Right as it is: Domestic violence and abuse")
    assert len(review.served.decisions) == 1
    review.press("0", now_at="2")
    expect(alert).to_be_hidden()
    assert [decision.who for decision in review.served.decisions] == [READER, ANALYST]
    review.said.clear()  # the browser itself tells of the reply 409


def test_the_program_killed_midway_loses_nothing_and_the_page_says_what_is_not_saved(review: Reviewing) -> None:
    page = review.enter()
    review.press("0", now_at="2")
    review.served.kill()
    review.press("1", "Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Not saved yet: ")
    expect(page.locator("#status")).to_have_text("Not saved")
    expect(page.locator("#number")).to_have_text("Point 2 of 8")
    review.press("n", "0")  # nothing else is taken meanwhile
    assert len(review.served.decisions) == 1
    review.served.again()
    expect(alert).to_contain_text("open the address that it printed")
    review.tab().goto(f"{review.served.address}/?token={review.served.token}")
    expect(page.locator("#number")).to_have_text("Point 3 of 8")
    expect(alert).to_be_hidden()
    expect(page.locator("#status")).to_contain_text("Saved: ")
    assert [d.point.point_id for d in review.served.decisions if d.point] == [item.said.point_id for item in review.served.desk.items[:2]]
    review.said.clear()  # the browser itself tells of what could not be reached


def test_a_page_without_the_token_shows_nothing(review: Reviewing) -> None:
    review.page.goto(review.served.address)
    expect(review.page.locator("body")).to_contain_text("opens only with the address")
    review.said.clear()  # the browser itself tells of the reply 403


def test_blind_shows_no_suggestion_and_needs_a_choice(browser: Browser, prepared: Prepared, tmp_path: Path) -> None:
    served = Served(prepared.desk(tmp_path / "blind.jsonl", blind=True), reviewer=READER)
    try:
        for made in reviewing(browser, served):
            made.page.goto(f"{served.address}/?token={TOKEN}")
            expect(made.page.locator("#drawn")).to_be_visible()
            expect(made.page.locator("#save")).to_be_disabled()
            made.press("Enter", "1")
            expect(made.page.locator("#save")).to_be_enabled()
            made.press("Enter", now_at="2")
            expect(made.page.locator("#card")).not_to_contain_text("suggests")
            expect(made.page.locator("#far")).not_to_contain_text("agrees")
            assert made.said == []
        (decision,) = served.decisions
        assert (decision.blind, decision.who, decision.new.codes) == (True, READER, (served.desk.taxonomy.codes[0],))
    finally:
        served.kill()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", sorted(SIZES))
def test_no_fault_of_accessibility_is_found_and_nothing_is_wider_than_the_screen(
    browser: Browser, served: Served, scheme: str, size: str
) -> None:
    for made in reviewing(browser, served, color_scheme=scheme, viewport=SIZES[size], bypass_csp=True):  # so that axe can be put in
        made.page.goto(f"{served.address}/?token={served.token}")
        faults = [*Axe().run(made.page).response["violations"]]
        page = made.enter()
        made.press("Enter", now_at="2")
        made.press("1", "d")
        page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
        found = Axe().run(page).response
        assert len(found["passes"]) > 15
        faults += found["violations"]
        assert [(fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in faults] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]


def test_a_point_is_shown_with_its_text_and_place(review: Reviewing) -> None:
    page = review.enter()
    while page.locator("#text").inner_text() != SPEEDING:
        before = page.locator("#number").inner_text()
        review.press("n")
        expect(page.locator("#number")).not_to_have_text(before)
    facts = re.sub(r"\s+", " ", page.locator("#facts").inner_text())
    assert "Session 1 Table 1" in facts
    assert "From notes.csv, cell F3" in facts
    expect(page.locator("#hints")).to_contain_text("The program suggests: Road safety and traffic")
    expect(page.locator("#themes li").first).to_contain_text(re.compile(r"1.*Road safety and traffic.*suggested.*[01]\.\d\d", re.DOTALL))
