"""What a column holds, from its heading."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.columns import column, lists_people
from pipeline.records import PRIORITIES

FIELD_COLUMNS = {
    "mentions": ["Ticks", "No. of votes", "Votes", "Tally", "How many people", "Number of mentions", "Times raised", "Dots"],
    "table": ["Table", "Table no.", "Grp", "TABLE NUMBER", "Group name", "Table/Group", "Which table?"],
    "session": ["Session", "Wkshop", "Workshop No", "Round"],
    "priority": ["Priority", "Urgency", "Urgency / importance", "Quadrant", "How urgent is it?", "Priority heading"],
    "level": ["Level", "Local or divisional?", "Scope", "Local / Division"],
    "resident": ["Resident", "Resident type", "Persona", "Our resident", "Type of resident"],
    "aspect": ["Category", "Type", "Issue or action", "Barrier / good practice", "Heading"],
}


@pytest.mark.parametrize(("field", "heading"), [(field, heading) for field, ways in FIELD_COLUMNS.items() for heading in ways])
def test_a_field_column(field: str, heading: str) -> None:
    told = column(heading)
    assert (told.role, told.field) == ("field", field)


@pytest.mark.parametrize(
    "heading", ["Comment", "NOTES", "What was said", "Point raised", "Comments (as typed)", "Response", "The notes", "text"]
)
def test_a_text_column(heading: str) -> None:
    assert column(heading).role == "text"


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Urgent but NOT essential", {"priority": PRIORITIES[1]}),
        ("Barriers", {"aspect": "barrier"}),
        ("Good practice", {"aspect": "good_practice"}),
        ("Issues / barriers", {"aspect": "issue"}),
        ("Actions", {"aspect": "action"}),
        ("Table 3", {"table": "3"}),
        ("Session 2 - barriers", {"session": "2", "aspect": "barrier"}),
        ("Local", {"level": "local"}),
    ],
)
def test_a_heading_that_is_a_mark_belongs_to_every_note_below(heading: str, values: dict[str, str]) -> None:
    told = column(heading)
    assert (told.role, told.values) == ("value", values)


@pytest.mark.parametrize(
    ("heading", "role", "field", "values"),
    [
        ("Which table were you on tonight?", "field", "table", {}),
        ("Which workshop are you answering for?", "field", "session", {}),
        ("Who was the resident you were given?", "field", "resident", {}),
        ("How urgent would you say that this is?", "field", "priority", {}),
        ("What should agencies do about it?", "value", "", {"aspect": "action"}),
        ("What stops people from coming forward to us?", "value", "", {"aspect": "barrier"}),
        ("What is working well where you live?", "value", "", {"aspect": "good_practice"}),
        ("What is the single most important priority for you?", "value", "", {"aspect": "top_priority"}),
        ("What problems does your resident face?", "value", "", {"aspect": "issue"}),
        ("What is the biggest challenge for people on your street?", "value", "", {"aspect": "top_priority"}),
        ("Is there anything else you would like to say?", "text", "", {}),
        ("Do you agree that we keep this form?", "other", "", {}),
    ],
)
def test_a_question_of_a_web_form(heading: str, role: str, field: str, values: dict[str, str]) -> None:
    told = column(heading)
    assert (told.role, told.field, told.values) == (role, field, values)


@pytest.mark.parametrize(
    "heading",
    [
        "E-mail",
        "Email address",
        "Telephone",
        "Mobile",
        "Name",
        "Postcode",
        "Date of birth",
        "DOB",
        "Your full name",
        "Phone number",
        "Surname",
        "Post code",
    ],
)
def test_personal_columns_are_kept_out(heading: str) -> None:
    told = column(heading)
    assert (told.role, told.personal) == ("other", True)


@pytest.mark.parametrize("heading", ["Lat", "Ref", "Timestamp", "Typed by", "IP", ""])
def test_other_columns_are_kept_out(heading: str) -> None:
    told = column(heading)
    assert (told.role, told.personal, told.field, told.values) == ("other", False, "", {})


def test_the_heading_is_kept_as_typed_on_one_line() -> None:
    assert column("  Table\n no. ").heading == "Table no."


@pytest.mark.parametrize(
    ("headings", "people"),
    [
        (["Name", "Organisation", "E-mail"], True),
        (["Organisation"], True),
        (["Name", "Agency", "Role", ""], True),
        (["Name", "E-mail"], False),
        (["Name", "Organisation", "Comment"], False),
        (["Table", "Comment"], False),
        (["", ""], False),
        ([], False),
    ],
)
def test_an_attendance_sheet_holds_people_and_organisations_and_nothing_else(headings: list[str], people: bool) -> None:
    assert lists_people([column(heading) for heading in headings]) is people


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from([h for ways in FIELD_COLUMNS.values() for h in ways] + ["Comment", "Barriers", "E-mail", "Lat"]),
    st.sampled_from([str.upper, str.lower, str.title]),
    st.sampled_from(["", " ", ":", "  \n"]),
)
def test_case_and_stray_signs_do_not_matter(heading: str, case: object, after: str) -> None:
    assert callable(case)
    plain, typed = column(heading), column(case(heading) + after)
    assert (typed.role, typed.field, typed.values, typed.personal) == (plain.role, plain.field, plain.values, plain.personal)
