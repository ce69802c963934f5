"""Personal details are out before any later stage sees the text, and nothing else is."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from note_tables import dropped_texts, raw_notes, redacted, redacted_text

from pipeline.errors import ContractError
from pipeline.records import Notes, checked
from pipeline.redact import WITHHELD, redact_texts

DETAILS = {
    # e-mail
    "hall@example.org": "[EMAIL 1]",
    "j.o'hara+beat@mail.example.co.uk": "[EMAIL 1]",
    # web addresses and handles
    "see https://example.org/page?x=1.": "see [URL 1].",
    "www.example.org, again": "[URL 1], again",
    "ask @beat_cop about it": "ask [HANDLE 1] about it",
    # telephone numbers
    "01632 960145": "[PHONE 1]",
    "01632-960-145": "[PHONE 1]",
    "(01632) 960 145": "[PHONE 1]",
    "ring him (01632 960145)": "ring him ([PHONE 1])",
    "020 7946 0018": "[PHONE 1]",
    "07700 900123": "[PHONE 1]",
    "07700900123": "[PHONE 1]",
    "+44 7700 900123": "[PHONE 1]",
    "+44 (0)20 7946 0018": "[PHONE 1]",
    "0044 1632 960145": "[PHONE 1]",
    # postcodes
    "SW1A 1AA": "[POSTCODE 1]",
    "garages at bd23 4xy": "garages at [POSTCODE 1]",
    "LA14YW flats": "[POSTCODE 1] flats",
    # numbers of people
    "AB 12 34 56 C": "[NINO 1]",
    "jg121317a": "[NINO 1]",
    "943 476 5919": "[NHS 1]",
    "9434765919": "[NHS 1]",
    # number plates, new and old
    "AB12 CDE parked": "[VEHICLE 1] parked",
    "ab12cde": "[VEHICLE 1]",
    "R123 ABC": "[VEHICLE 1]",
    "ABC 123D": "[VEHICLE 1]",
    # names behind a title
    "Mrs Hall": "Mrs [PERSON 1]",
    "Mrs. Hall": "Mrs. [PERSON 1]",
    "Mr and Mrs Hall": "Mr and Mrs [PERSON 1]",
    "Mr O'Neill": "Mr [PERSON 1]",
    "Mr O’Neill-Smith": "Mr [PERSON 1]",
    "Miss McAllister": "Miss [PERSON 1]",
    "Mr MacDonald": "Mr [PERSON 1]",
    "Ms Anne-Marie Brown spoke": "Ms [PERSON 1] spoke",
    "Mrs Zoë Müller": "Mrs [PERSON 1]",
    "Mrs D'arcy": "Mrs [PERSON 1]",
    "Cllr Jean Reed": "Cllr [PERSON 1]",
    "Cllr J Reed": "Cllr [PERSON 1]",
    "Councillor J. R. Reed": "Councillor [PERSON 1]",
    "Sgt Pellow's beat": "Sgt [PERSON 1]'s beat",
    "Chief Inspector Byrne": "Chief Inspector [PERSON 1]",
    "Ch Insp Byrne": "Ch Insp [PERSON 1]",
    "Supt Byrne": "Supt [PERSON 1]",
    "DCI Byrne": "DCI [PERSON 1]",
    "Dr Patel": "Dr [PERSON 1]",
    "Rev Green": "Rev [PERSON 1]",
    "Fr Keane": "Fr [PERSON 1]",
}
LEFT_ALONE = [
    "in 1998 and 2012",
    "1998-2012",
    "2010/11",
    "2011 2012 2013",
    "18/07/2012",
    "2012-07-18 at 19:30",
    "from 0900 to 1700",
    "46 bus",
    "bus 46A",
    "the 46A bus",
    "X43 bus",
    "A38",
    "the A38 is fast",
    "A583 has no crossing",
    "A595 was shut",
    "M6 J31",
    "B6478",
    "T5 TOP",
    "T5 top",
    "T12 TOP - booze round the clubs",
    "T1 2nd priority",
    "101 or 999",
    "24/7",
    "7 x 24 h",
    "£1,500,000",
    "5 000 homes",
    "0-19 service",
    "Year 7",
    "KS2 SATS",
    "S106 money",
    "4x4 cars",
    "Table 12",
    "Unit 3B",
    "ISO 9001",
    "dog fouling x3 (4 ticks)",
    "Cllr Surgeries",
    "Cllr Meetings",
    "Dr appointment",
    "Miss the bus",
    "Garsby and Low Knott",
    "meet @ the hall",
    "£5 @ 7",
]
moderate = settings(max_examples=20, deadline=None)


@pytest.mark.parametrize("text", DETAILS)
def test_every_kind_of_detail_is_replaced(text: str) -> None:
    assert redacted_text(text) == DETAILS[text]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_near_misses_are_left_alone(text: str) -> None:
    assert redacted_text(text) == text


def test_several_details_in_one_text_are_all_replaced() -> None:
    text = "ring Sgt Pellow on 01632 960145 or mail hall@example.org, not Sgt Aldous"
    assert redacted_text(text) == "ring Sgt [PERSON 2] on [PHONE 1] or mail [EMAIL 1], not Sgt [PERSON 1]"


def test_one_detail_has_one_placeholder_however_it_is_spaced() -> None:
    texts = ["Mrs Hall", "Sgt Hall", "01632 960145", "(01632) 960-145", "Cllr Aldous", "SW1A 1AA", "sw1a1aa", "Mrs Hall"]
    assert redact_texts(texts) == [
        "Mrs [PERSON 2]",
        "Sgt [PERSON 2]",
        "[PHONE 1]",
        "[PHONE 1]",
        "Cllr [PERSON 1]",
        "[POSTCODE 1]",
        "[POSTCODE 1]",
        "Mrs [PERSON 2]",
    ]


def test_a_detail_is_the_same_in_notes_headings_residents_and_what_was_dropped() -> None:
    rows = raw_notes(
        {"text": "Mrs Hall rang", "heading": "Mrs Hall", "resident": "carer of Mrs Hall", "table": "Mrs Hall", "tally": "x2 Mrs Hall"}
    )
    notes, dropped, _ = redacted(rows, dropped_texts("Cllr Aldous and Mrs Hall"))
    assert notes.loc[0, ["text", "heading", "resident", "table", "tally"]].tolist() == [
        "Mrs [PERSON 2] rang",
        "Mrs [PERSON 2]",
        "carer of Mrs [PERSON 2]",
        "Mrs [PERSON 2]",
        "x2 Mrs [PERSON 2]",
    ]
    assert dropped["text"].tolist() == ["Cllr [PERSON 1] and Mrs [PERSON 2]"]


def test_nothing_of_the_original_is_left_in_any_column() -> None:
    secret = "Mrs Tatterley 07700 900123 tatt@example.org BD23 4XY AB12 CDE 943 476 5919 AB 12 34 56 C @tatterley_x www.tatt.example.org"
    row = {"text": f"talk to {secret} please", "heading": secret, "resident": secret, "table": secret, "tally": secret}
    notes, dropped, _ = redacted(raw_notes(row), dropped_texts(secret))
    everything = "\n".join([*notes.astype(str).to_numpy().ravel(), *dropped.astype(str).to_numpy().ravel()])
    for part in ("atterley", "07700", "900123", "tatt", "4XY", "AB12", "5919", "34 56"):
        assert part not in everything


def test_columns_dropped_as_personal_are_withheld_altogether() -> None:
    texts = pd.concat(
        [dropped_texts("Jo Bloggs", reason="column 'name' may hold personal details and is not used"), dropped_texts("page 3")],
        ignore_index=True,
    )
    _, dropped, _ = redacted(raw_notes("litter"), texts)
    assert dropped["text"].tolist() == [WITHHELD, "page 3"]
    assert dropped["reason"].tolist() == texts["reason"].tolist()


def test_replacements_are_counted_by_kind() -> None:
    rows = raw_notes("Mrs Hall on 01632 960145", "Mrs Hall again", {"text": "litter", "resident": "Cllr Reed"})
    assert redacted(rows, dropped_texts("hall@example.org"))[2] == {"EMAIL": 1, "PERSON": 3, "PHONE": 1}


@pytest.mark.parametrize("text", DETAILS)
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redacted_text(text)
    assert redacted_text(once) == once


parts = st.lists(st.sampled_from([*DETAILS, *LEFT_ALONE, "litter", "no buses"]), min_size=1, max_size=4).map(" - ".join)


@given(st.lists(parts, min_size=1, max_size=6))
@moderate
def test_redacting_any_texts_twice_changes_nothing(texts: list[str]) -> None:
    once = redact_texts(texts)
    assert redact_texts(once) == once


@given(st.lists(parts, min_size=2, max_size=6), st.randoms(use_true_random=False))
@moderate
def test_the_order_of_rows_changes_neither_placeholders_nor_ids(texts: list[str], shuffle: random.Random) -> None:
    rows = raw_notes(*texts)
    order = list(range(len(rows)))
    shuffle.shuffle(order)
    first = redacted(rows, dropped_texts())
    second = redacted(rows.iloc[order].reset_index(drop=True), dropped_texts())
    pd.testing.assert_frame_equal(first[0], second[0])
    assert first[2] == second[2]


def test_ids_do_not_depend_on_the_file_or_the_line() -> None:
    here = redacted(raw_notes("litter", "noise", source_file="a.txt"), dropped_texts())[0]
    there = redacted(raw_notes("noise", "litter", source_file="b/c.docx"), dropped_texts())[0]
    assert dict(zip(here["text"], here["note_id"], strict=True)) == dict(zip(there["text"], there["note_id"], strict=True))


def test_the_same_words_said_twice_are_two_notes() -> None:
    notes = redacted(raw_notes("litter", "litter", "litter"), dropped_texts())[0]
    assert notes["note_id"].nunique() == 3


@pytest.mark.parametrize("column", ["event", "session", "table", "resident", "heading"])
def test_the_same_words_said_elsewhere_have_another_id(column: str) -> None:
    one = redacted(raw_notes("litter"), dropped_texts())[0]
    other = redacted(raw_notes("litter", **{column: "7"}), dropped_texts())[0]
    assert one["note_id"].tolist() != other["note_id"].tolist()


def test_an_id_does_not_give_the_name_away() -> None:
    hall = redacted(raw_notes("Mrs Hall rang"), dropped_texts())[0]
    reed = redacted(raw_notes("Mrs Reed rang"), dropped_texts())[0]
    assert hall["note_id"].tolist() == reed["note_id"].tolist()


def test_no_notes_are_a_valid_table() -> None:
    notes, dropped, counts = redacted(raw_notes(), dropped_texts())
    checked(Notes, notes, "in a test")
    assert (len(notes), len(dropped), counts) == (0, 0, {})


def test_what_is_given_is_not_changed() -> None:
    rows, texts = raw_notes("Mrs Hall"), dropped_texts("Mrs Hall")
    redacted(rows, texts)
    assert rows["text"].tolist() == texts["text"].tolist() == ["Mrs Hall"]


def test_a_table_without_text_is_refused() -> None:
    with pytest.raises(ContractError, match=r"given to redact.*'text'"):
        redacted(raw_notes("litter").drop(columns="text"), dropped_texts())
