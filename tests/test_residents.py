"""Which type of resident a heading names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.residents import TYPES, introduction, is_introduced, is_invented_person, resident_type

EXAMPLES = {
    "disabled people": ["Wheelchair user", "Disabled resident", "a man with learning difficulties", "Nora, partially sighted"],
    "people with mental health problems": ["Someone with depression", "Mental health service user"],
    "homeless people": ["Rough sleeper", "sofa surfing lad", "Homeless"],
    "Travellers": ["Gypsy / Traveller family", "Roma"],
    "new arrivals": ["Asylum seeker", "Polish worker", "newly arrived family"],
    "LGBT residents": ["LGBT resident", "Gay man, 34"],
    "minority ethnic residents": ["BME resident", "Young Asian woman", "Muslim shop worker"],
    "victims": ["Victim of burglary", "Survivor of abuse"],
    "carers": ["A carer", "Pat, cares for her husband"],
    "students": ["Student, 19", "first year at uni"],
    "visitors": ["Day tripper", "Tourists"],
    "business owners": ["Shopkeeper", "Mr Bell, runs a garage", "pub landlady", "B&B owner"],
    "parents": ["Single mum, 2 kids", "Young dad", "Families"],
    "tenants": ["Council house tenant", "Ryan who rents"],
    "rural residents": ["Farmer", "Villager", "Isolated farm"],
    "older people": ["Doris, 78", "Pensioner", "Retired miner", "Older person", "OAPs"],
    "young people": ["Kyle (15)", "Young people", "Teenager", "Youths", "lad aged 12"],
}


def test_every_type_has_examples_here() -> None:
    assert set(EXAMPLES) == set(TYPES)


@pytest.mark.parametrize(("kind", "typed"), [(kind, typed) for kind, ways in EXAMPLES.items() for typed in ways])
def test_types_are_told_from_how_people_put_it(kind: str, typed: str) -> None:
    assert resident_type(typed) == kind


@pytest.mark.parametrize(
    "typed",
    ["Morris dancers", "Sam, 40", "Youth service", "tenants association", "Youth club", "7 ticks", "a quiet road", "30 mph", ""],
)
def test_what_fits_no_type_has_none(typed: str) -> None:
    assert resident_type(typed) is None


@pytest.mark.parametrize(
    ("age", "kind"),
    [(7, None), (8, "young people"), (25, "young people"), (26, None), (59, None), (60, "older people"), (101, "older people")],
)
@pytest.mark.parametrize("form", ["Chris, {}", "Chris ({})", "Chris is {} and lives alone", "Chris aged {}", "Chris - {} yrs old"])
def test_an_age_decides_where_no_role_does(form: str, age: int, kind: str | None) -> None:
    assert resident_type(form.format(age)) == kind


def test_a_role_comes_before_an_age() -> None:
    assert resident_type("Bob, 71, farmer") == "rural residents"
    assert resident_type("Student, 19") == "students"


def test_ages_count_only_when_asked() -> None:
    assert resident_type("lorries, 70 a day", ages=False) is None
    assert resident_type("pensioner, 70", ages=False) == "older people"


def test_a_time_or_a_decimal_is_no_age() -> None:
    assert resident_type("bus, 18:30") is None
    assert resident_type("about 60.5 miles") is None


def test_an_age_may_end_a_sentence() -> None:
    assert resident_type("Kyle, who is 15.") == "young people"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("We were given Agnes, who is 84 and lives on her own.", "Agnes, who is 84 and lives on her own."),
        ("Ours was a rough sleeper", "a rough sleeper"),
        ("Our person was Tom, a student", "Tom, a student"),
        ("Meet Doreen, 81", "Doreen, 81"),
        ("We had three burglaries", ""),
        ("We got nowhere with the council", ""),
        ("Ours is the worst street for parking", ""),
        ("This is young people being moved on", ""),
    ],
)
def test_a_sentence_may_introduce_the_resident(typed: str, told: str) -> None:
    assert introduction(typed) == told
    assert is_introduced(typed) is bool(told)


def test_a_long_sentence_introduces_nobody() -> None:
    assert introduction("We were given Agnes, who is 84 " + "and so on " * 8) == ""


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("Kyle, 15 - lives on the estate", True),
        ("Mrs Hall next door", True),
        ("Anne Marie (42)", True),
        ("Afraid to go out", False),
        ("kyle, 15", False),
        ("Buses, none after six", False),
    ],
)
def test_an_invented_person_has_a_name_and_an_age_or_a_title(typed: str, person: bool) -> None:
    assert is_invented_person(typed) is person


@pytest.mark.parametrize(
    ("typed", "introduced"),
    [
        ("Resident - Doris", True),
        ("Our resident: Doris", True),
        ("RESIDENT TYPE: carer", True),
        ("Persona", True),
        ("Residents not told", False),
        ("Characters on the corner", False),
        ("Residents complain", False),
    ],
)
def test_a_resident_is_introduced_by_a_label(typed: str, introduced: bool) -> None:
    assert is_introduced(typed) is introduced


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from([typed for ways in EXAMPLES.values() for typed in ways]), st.sampled_from(["Resident type: {}", "Our resident - {}"])
)
def test_a_label_before_it_changes_nothing(typed: str, label: str) -> None:
    assert resident_type(label.format(typed)) == resident_type(typed)
