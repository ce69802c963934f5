"""Names of people are out, with titles and without; places, bodies and words that look like names stay."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from note_tables import redacted_text

from pipeline.redact import finding, redact_texts
from pipeline.redact.people import people
from pipeline.redact.vocabulary import load_vocabulary
from pipeline.settings import Settings

PEOPLE = {
    # a first name that is nothing else, in any capitals
    "Doris wont go out": "[PERSON 1] wont go out",
    "kev said it again": "[PERSON 1] said it again",
    "ask Siobhán": "ask [PERSON 1]",
    "Oluwaseun's shop": "[PERSON 1]'s shop",
    "MRS HALL COMPLAINED": "MRS [PERSON 1] COMPLAINED",
    "GARY OLDROYD STILL DEALING": "[PERSON 1] STILL DEALING",
    "KYLE LITTERING AGAIN": "[PERSON 1] LITTERING AGAIN",
    "Name: Stanley. Age 77": "Name: [PERSON 1]. Age 77",
    "I am Jean Winterflood NHS No 943-476-5919 age 88": "I am [PERSON 1] NHS No [NHS 1] age 88",
    "ring me on 01632 960 092. Rgds Colin Wakelin, coordinator": "ring me on [PHONE 1]. Rgds [PERSON 1], coordinator",
    "Aggd Joel Heathman, dob 06.05.1985": "Aggd [PERSON 1], dob [DOB 1]",
    "Mali Haf R., date of birth 21/03/1985": "[PERSON 1], date of birth [DOB 1]",
    # a first name and a surname
    "Jean Hall rang": "[PERSON 1] rang",
    "jean hall rang": "[PERSON 1] rang",
    "Jaswinder Kaur Gill will collect": "[PERSON 1] will collect",
    "Rhys Bowen-Parry (chair)": "[PERSON 1] (chair)",
    "Grace Oduya proposed": "[PERSON 1] proposed",
    "mark patel knows": "[PERSON 1] knows",
    "Dave T to bring urn": "[PERSON 1] to bring urn",
    # initials
    "J. Smith objected": "[PERSON 1] objected",
    "apologies: P Airey": "apologies: [PERSON 1]",
    # titles, ranks and numbers
    "mrs hall from the end house": "mrs [PERSON 1] from the end house",
    "Cllr Bramwell-Tighe": "Cllr [PERSON 1]",
    "PC Byrne": "PC [PERSON 1]",
    "PCSO Grimsdyke covers": "PCSO [PERSON 1] covers",
    "PC 1234 Byrne": "PC [COLLAR 1] [PERSON 1]",
    "Garda Declan O'Sullivan": "Garda [PERSON 1]",
    # names that no list has whole, by what stands around them
    "Action 3: Ketan Vyas to phone the contractor": "Action 3: [PERSON 1] to phone the contractor",
    "IP Tesfay Woldu, poor English": "IP [PERSON 1], poor English",
    "Driver Bogdan Ilie reported": "Driver [PERSON 1] reported",
    "held by PC Geordie Tate on the day": "held by PC [PERSON 1] on the day",
    "Mum: Carol": "Mum: [PERSON 1]",
    "noise | Comfort Boadi | 07700 900123": "noise | [PERSON 1] | [PHONE 1]",
    "My name is Percival Stubbs": "My name is [PERSON 1]",
    "J. Ward did the skip": "[PERSON 1] did the skip",
    "Keeper is Geo. Challand": "Keeper is [PERSON 1]",
    'Gareth "Gaz" Tilsley was seen': "[PERSON 1] was seen",
    "We have written three times about the bins and heard nothing. Demelza": (
        "We have written three times about the bins and heard nothing. [PERSON 1]"
    ),
    # a name that is a word as well, where the words around it speak of a person
    "Will said he'd come": "[PERSON 1] said he'd come",
    "Frank, 69, drinks alone": "[PERSON 1], 69, drinks alone",
    "Rose (84)": "[PERSON 1] (84)",
    "Sharon and Mark to lock up": "[PERSON 2] and [PERSON 1] to lock up",
    "the Patels sold up": "the [PERSON 1] sold up",
    "a lad called Zebedee": "a lad called [PERSON 1]",
    "kids call him Bazza.": "kids call him [PERSON 1].",
    "PCSO = Harj, he answers": "PCSO = [PERSON 1], he answers",
    # an initial and a surname that no list has, where a person must follow
    "FPN issued to K Alderson": "FPN issued to [PERSON 1]",
    "keeper comes back to a D Kitcher": "keeper comes back to a [PERSON 1]",
    "cards in name of A Szymanska": "cards in name of [PERSON 1]",
    "Ald. Wm McNeilly enquired": "Ald. [PERSON 1] enquired",
    "Sharon Church Street says bins": "[PERSON 1] Church Street says bins",
}
NOBODY = [
    "Edith Cavell statue cleaned",
    "Robert the Bruce banner",
    "Melton Mowbray regen",
    "red Skoda Octavia taxi",
    "bins by Nelson and Louth",
    "TfGM told",
    "Burnley Borough Council",
    "PCSO visits on Tuesday",
    "Turf Moor on match day",
    "Area Forum",
    "Will Street",
    "Preston bus station",
    "Chorley Borough",
    "in May and June",
    "a Grace period",
    "mark the bays",
    "rose garden",
    "PC World car park",
    "Hope House",
    "the Bill",
    "St Andrew's hall",
    "Frank discussions",
    "talk to Frank leaflets",
    "Victoria Hall",
    "Stanley Park cafe",
    "King George playing fields",
    "Jubilee Terrace",
    "a bobby on the beat",
    "sue the landlord",
    "pat on the back",
    "dawn raids",
    "The George and The Nelson",
    "Market Hall steps",
    "Florence Street rat run",
    "drew up a plan",
    "Dr Who",
    "miss the bus",
    "the kitchens",
    "Prince's Trust",
    "dr surgery",
    "Kent and Devon have wardens",
    "Lincoln, Chester and Kendal",
    "Operation Nightingale",
    "Arthur's Row",
    "Clerk said so",
    "The Superintendent undertook to write",
    "An Garda Síochána",
    "I've asked",
    "Children whose parents drink",
    "Tommy Cooper statue",
    "Bevan's statue next",
    "Catherine Cookson's plaque",
    "John Smith's stadium match days",
    "Melvin sports complex",
    "Charlotte Dundas shopping centre",
    "Mary Ann Street not much better",
    "Ruth's Rooms hostel",
    "Owton Manor is forgotten",
    "on Cader Idris each weekend",
    "at Lea Bridge Rdbt",
    "Mr Chair read it out",
    "VRMs noted",
    "from A Town to B Town",
]


@pytest.mark.parametrize("text", PEOPLE)
def test_a_name_is_replaced(text: str) -> None:
    assert redacted_text(text) == PEOPLE[text]


@pytest.mark.parametrize("text", NOBODY)
def test_what_only_looks_like_a_name_is_left_alone(text: str) -> None:
    assert redacted_text(text) == text


@pytest.mark.parametrize("text", PEOPLE)
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redacted_text(text)
    assert redacted_text(once) == once


def test_a_part_of_a_name_is_the_person_it_can_only_be() -> None:
    assert redact_texts(["Mrs Hall", "Jean Hall", "J. Hall", "Jean said no", "Cllr Aldous"]) == [
        "Mrs [PERSON 2]",
        "[PERSON 2]",
        "[PERSON 2]",
        "[PERSON 2] said no",
        "Cllr [PERSON 1]",
    ]


def test_two_of_one_surname_are_told_apart_and_a_part_that_fits_both_stands_for_itself() -> None:
    assert redact_texts(["Mrs Hall", "Jean Hall", "Derek Hall"]) == ["Mrs [PERSON 2]", "[PERSON 3]", "[PERSON 1]"]


def test_a_husband_and_a_wife_are_not_taken_for_the_one_who_is_named_in_full() -> None:
    assert redact_texts(["Mr Hall", "Mrs Hall", "Jean Hall"]) == ["Mr [PERSON 1]", "Mrs [PERSON 1]", "[PERSON 2]"]


def test_a_surname_alone_is_found_where_its_owner_is_named_elsewhere() -> None:
    assert redact_texts(["Cllr Gerard Toal seconded", "for Toal to chase"]) == ["Cllr [PERSON 1] seconded", "for [PERSON 1] to chase"]
    assert redacted_text("for Tiverton to chase") == "for Tiverton to chase"


moderate = settings(max_examples=20, deadline=None)
# What the model sees decides the last three.
SEVERAL = st.lists(
    st.sampled_from(
        [*PEOPLE, *NOBODY, "for Toal to chase", "Toal and Vyas said no", "Cllr Gerard Toal", "Toal's van"]
        + ["Last month. The bus. Dot's cake.", "one room, baby cold, Chanelle's", "Keys / depot: Len Pryddock / gate 2"] * 8
    ),
    min_size=1,
    max_size=8,
)


@given(SEVERAL.map(" - ".join), st.randoms(use_true_random=False))
@moderate
def test_what_the_model_sees_matters_only_where_it_was_asked_for(text: str, chance: random.Random) -> None:
    vocabulary = load_vocabulary(Settings().spacy_model)
    read = people(text, vocabulary)
    begin, end = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
    for hints in ([(0, len(text))], [(begin, end)]):
        assert read.asked or people(text, vocabulary, hints) == read


@given(SEVERAL)
@example(["Cllr Gerard Toal seconded", "for Toal to chase"])
@moderate
def test_reading_again_only_what_can_come_out_otherwise_finds_what_reading_all_again_finds(texts: list[str]) -> None:
    model = Settings().spacy_model
    texts = sorted({*texts})
    found: dict[str, list[tuple[int, int, str]]] = {text: [] for text in texts}
    finding._find_people(found, load_vocabulary(model), model)
    assert found == read_all_again(texts, model)


def read_all_again(texts: list[str], model: str) -> dict[str, list[tuple[int, int, str]]]:
    """Every text read in every round, after the language model has read all of them."""
    found: dict[str, list[tuple[int, int, str]]] = {text: [] for text in texts}
    hints: dict[str, list[tuple[int, int]]] = {}
    more = dict.fromkeys(texts, True)
    while any(more.values()):
        known = {name.split()[-1] for name in finding._surnames(found)}
        views = {text: finding._hidden(text, found[text]) for text in texts}
        spans = {text: people(views[text], load_vocabulary(model), hints.get(text, ()), known).spans for text in texts}
        more = {text: bool(spans[text]) or text not in hints for text in texts}
        found = {text: sorted([*found[text], *((start, end, "PERSON") for start, end in spans[text])]) for text in texts}
        hints |= finding._hints(texts, {text: finding._hidden(text, found[text]) for text in texts}, model)
    return found
