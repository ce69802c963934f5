"""Title, date, venue and who came, from what stands before the notes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import frontmatter
from pipeline.ingest.blocks import Block
from pipeline.ingest.frontmatter import DATE, OTHER, PARTICIPANTS, TITLE, VENUE, FrontMatter, is_event_detail, opens_front_matter


def read(*typed: str | Block) -> tuple[FrontMatter, list[str]]:
    found = FrontMatter()
    blocks = [text if isinstance(text, Block) else Block(text, f"line {n}") for n, text in enumerate(typed, 1)]
    return found, frontmatter.read_front_matter(blocks, found)


def test_a_front_page_is_read() -> None:
    found, reasons = read(
        "Partnership evening, Upper Wendale Division",
        "Thursday 12th November 2009, at Thornby Village Hall",
        "Who took part?",
        "Borough Council; Fire and Rescue; Youth Offending Team",
        "There were 34 participants",
        Block("Background", "line 6", "heading", 1),
        "The evening was one of several across the county.",
    )
    assert reasons == [TITLE, DATE, PARTICIPANTS, PARTICIPANTS, PARTICIPANTS, OTHER, OTHER]
    assert (found.title, found.division) == ("Partnership evening, Upper Wendale Division", "Upper Wendale")
    assert (found.date, found.venue) == ("Thursday 12th November 2009", "Thornby Village Hall")
    assert (found.participants[:3], found.participant_count) == (["Borough Council", "Fire and Rescue", "Youth Offending Team"], 34)


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("Date: 12 November 2009", "12 November 2009"),
        ("Tues 3rd Feb 2010", "Tues 3rd Feb 2010"),
        ("the 1st of December, 2009", "1st of December, 2009"),
        ("November 12th, 2009", "November 12th, 2009"),
        ("2009-11-12", "2009-11-12"),
        ("12/11/09", "12/11/09"),
        ("12.11.2009", "12.11.2009"),
    ],
)
def test_dates(typed: str, date: str) -> None:
    found, reasons = read(typed)
    assert (found.date, reasons) == (date, [DATE])


@pytest.mark.parametrize(
    ("typed", "venue"),
    [
        ("Venue: Thornby Village Hall", "Thornby Village Hall"),
        ("Held at: the Corn Exchange.", "the Corn Exchange"),
        ("LOCATION - Moot Hall", "Moot Hall"),
        ("12 November 2009, Moot Hall", "Moot Hall"),
        ("12 November 2009 at Moot Hall", "Moot Hall"),
    ],
)
def test_venues(typed: str, venue: str) -> None:
    assert read(typed)[0].venue == venue


def test_the_first_title_date_venue_and_count_stand() -> None:
    found, _ = read(
        "An evening in Wendale", "Another title", "1 May 2009", "2 May 2009", "Venue: A", "Venue: B", "9 people came, 20 attended"
    )
    assert (found.title, found.date, found.venue) == ("An evening in Wendale", "1 May 2009", "A")


def test_participants_are_listed_by_commas_tabs_or_semicolons() -> None:
    assert read("Present: Police, Fire, Housing")[0].participants == ["Police", "Fire", "Housing"]
    assert read("Attendance - Police\tFire; Housing")[0].participants == ["Police", "Fire", "Housing"]
    assert read("Attendees", "Health and Social Care, North")[0].participants == ["Health and Social Care, North"]


def test_a_sentence_is_no_title() -> None:
    found, reasons = read("We met because of the burglaries.")
    assert (found.title, reasons) == ("", [OTHER])


@pytest.mark.parametrize(
    ("typed", "opens"),
    [
        ("Who took part?", True),
        ("PARTICIPANTS", True),
        ("Attendees:", True),
        ("Background and objectives", True),
        ("Agenda", True),
        ("Key themes", False),
        ("Barriers", False),
        ("there was no background check on the taxi drivers who came here last summer", False),
    ],
)
def test_what_opens_front_matter(typed: str, opens: bool) -> None:
    assert opens_front_matter(typed) is opens


@pytest.mark.parametrize(
    ("typed", "detail"),
    [
        ("Thursday 12th November 2009", True),
        ("12/11/09 - Moot Hall", True),
        ("Venue: Moot Hall", True),
        ("Date - to be agreed", True),
        ("Wendale Partnership Challenge", True),
        ("Litter by the bins", False),
        ("windows put through on 5th November again and nobody came out to look at them", False),
        ("24/7 cover", False),
    ],
)
def test_event_details(typed: str, detail: bool) -> None:
    assert is_event_detail(typed) is detail


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(min_size=1, max_size=60).filter(str.strip), max_size=8))
def test_every_block_gets_one_reason(typed: list[str]) -> None:
    _, reasons = read(*typed)
    assert len(reasons) == len(typed)
    assert set(reasons) <= {TITLE, DATE, VENUE, PARTICIPANTS, OTHER}
