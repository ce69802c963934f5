"""Details with a form of their own are out in every usual spelling, and figures that resemble them stay."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pandas as pd
import pytest
import regex
from note_tables import redacted_text
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from pipeline.redact.addresses import PATTERNS as ADDRESSES
from pipeline.redact.patterns import PATTERNS
from pipeline.redact.structured import _NEEDED, recognisers, structured

CODED = Path(__file__).parent / "redaction"

SPELLINGS = {
    "EMAIL": [
        "pat@example.org",
        "PAT.O'HARA+1@mail.example.co.uk",
        "pat(at)example.org",
        "pat [at] example [dot] org",
        "pat @ example.org",
    ],
    "URL": ["bit.ly/x8Fd", "https://example.org/a?b=1", "www.example.co.uk", "facebook.com/groups/spotted", "tauntontraders.co.uk"],
    "HANDLE": ["@beat_cop", "@toon.lads99", "toon_lads99"],
    "PHONE": [
        "01632 960145",
        "01632-960-145",
        "01632.960.145",
        "(01632) 960145",
        "016 32 960 145",
        "01632960145",
        "020 7946 0018",
        "0207 946 0018",
        "07700 900123",
        "07700 900 123",
        "077 00 90 01 23",
        "07700-900-123",
        "+44 7700 900123",
        "+447700900123",
        "+44 (0)20 7946 0018",
        "0044 1632 960145",
        "028 9018 0555",
        "0800 496 0000",
        "01 555 0123",
        "086 555 0143",
        "+353 86 555 0143",
        "00353 1 555 0123",
    ],
    "POSTCODE": ["SW1A 1AA", "sw1a1aa", "BD23-4XY", "N12 8QP", "D06 K2T9", "d06k2t9", "V94 T28R", "F91 YW52"],
    "ADDRESS": [
        "12 Brunswick Street",
        "12a Brunswick St",
        "Flat 4, 61 Spring Bank",
        "88 Every Street",
        "14-16 Tannery Row",
        "3 Heol Hir",
        "Flat 12, Tower Court",
        "9 Higher Bore Street",
        "3, 5 and 7 Mill Lane",
        "9 MILL LANE EAST",
        "7 nuttall lane",
        "12b church st",
        "4 The Paddocks",
        "101 Kirkgate",
        "6 Abbey Fields",
        "Flat 3, 14 Greave Close",
        "Ground Floor, 12 Swadford Street",
        "2/1, 15 Church St",
        "flat 17 thorn court",
        "Flat 21, Egerton House, Mill Lane",
        "Room 4, 20 Avenue Parade",
        "Rose Cottage, Mill Lane",
        "Mill Lane, no. 12",
        "14 Main Street",
        "12 Whalley New Rd",
        "15 Moor Top",
        "12 Prince of Wales Road",
        "14 Mill Lane, Flat 3",
        "2F1, 30 Leven Street",
        "Flats 2 and 3, 14 Mill Lane",
        "Block B, Flat 7, Mill Court",
        "3 Ferry Cottages, Mill Lane",
        "Mill House, 12 Mill Lane",
        "22 Bryn Awel",
        "9 Sráid an Droichid",
        "6 Cluain Mhuire",
        "6 Mill Arbour",
        "Rowan House flat 6",
        "1st floor flat, 61 Ferncroft St",
        "GFF 18 Mill Parade",
        "Annexe, 14 Mill Lane",
        "2 Maes-y-Deri",
        "Apt 305 Mill Lofts",
        "Florence House, 12 Mill Lane",
        "16 Ferncroft Entry",
        "2 Mill Yard Cottages, Ferncroft Lane",
        "40 Ferncroft Wynd (2F1)",
        "Flat 22, Ferncroft Block B",
        "Apartment 12, Ferncroft Mews",
        "Bungalow 4, Mill Lane Park",
        "Plot 6, Mill Mouth Chalet Park",
    ],
    "VEHICLE": [
        "AB12 CDE",
        "ab12cde",
        "AB12-CDE",
        "R123 ABC",
        "ABC 123D",
        "LEZ 4821",
        "OIG 7731",
        "131-C-4567",
        "08-MO-1234",
        "191 D 12345",
        "12-mo-334",
        "08G11245",
        "h731 wdv",
    ],
    "NINO": ["AB 12 34 56 C", "AB123456C", "jg121317a", "AB-12-34-56-C", "AB.12.34.56.C", "QQ123456C"],
    "NHS": ["943 476 5919", "9434765919", "943-476-5919"],
    "REFERENCE": ["LC-20120714-0543", "06/33412/12", "LE1209877", "ENF/2012/0448/B", "12/334512", "1234 of 3/6/12"],
}
IN_CONTEXT = {
    "dob 12/3/97": "dob [DOB 1]",
    "DOB: 12.03.1997": "DOB: [DOB 1]",
    "d.o.b. 12-03-1997": "d.o.b. [DOB 1]",
    "born on 4th May 1952": "born on [DOB 1]",
    "date of birth 1952-05-04": "date of birth [DOB 1]",
    "crime ref 4109876/12": "crime ref [REFERENCE 1]",
    "crime number 06/33412/12": "crime number [REFERENCE 1]",
    "incident no. 733": "incident no. [REFERENCE 1]",
    "log 412 of 3/6/12": "log [REFERENCE 1]",
    "CAD 2206": "CAD [REFERENCE 1]",
    "ref: 47120081234": "ref: [REFERENCE 1]",
    "PULSE number 8123345": "PULSE number [REFERENCE 1]",
    "PC 1482 never comes": "PC [COLLAR 1] never comes",
    "PCSO7719": "PCSO[COLLAR 1]",
    "collar no. 5521": "collar no. [COLLAR 1]",
    "warrant number 188214": "warrant number [COLLAR 1]",
    "NHS number 123 456 7890": "NHS number [NHS 1]",
    "NI no QQ 12 34 56 C": "NI no [NINO 1]",
    "reg k731 wdv": "reg [VEHICLE 1]",
    "insta: toon_lads99": "insta: [HANDLE 1]",
    "tel 960145": "tel [PHONE 1]",
    "outside 44 harehills avenue": "outside [ADDRESS 1]",
    "he lives at 14 Sycamore": "he lives at [ADDRESS 1]",
    "NHS number, 999 234 5670, read out": "NHS number, [NHS 1], read out",
    "my husband (12.4.1928)": "my husband ([DOB 1])",
    "see CAD 3310/22Sep": "see CAD [REFERENCE 1]",
    "the officer, number 2741, left": "the officer, number [COLLAR 1], left",
    "snapchat jayjay_bl3": "snapchat [HANDLE 1]",
    "toon_lads on insta": "[HANDLE 1] on insta",
    "dealing from 112 Birkrig, tell housing": "dealing from [ADDRESS 1], tell housing",
    "a call about 20 Ferncroft Road": "a call about [ADDRESS 1]",
    "lives at Hope House, Mill Lane": "lives at [ADDRESS 1]",
    "4 Harrop Rise Bottoms, Bilsdon, BB4 7QX": "[ADDRESS 1], Bilsdon, [POSTCODE 1]",
    "14 mill lane - bins": "[ADDRESS 1] - bins",
    "elderly man, 6 The Willowherbs, burgled": "elderly man, [ADDRESS 1], burgled",
    "DOB 030688": "DOB [DOB 1]",
    "born in Leeds on 4 May 1952": "born in Leeds on [DOB 1]",
    "4th May 1952 is my birthday": "[DOB 1] is my birthday",
    "Hall (3/6/71)": "Hall ([DOB 1])",
    "PS 212YE came": "PS [COLLAR 1] came",
    "PC 4419 and 4420 walked": "PC [COLLAR 1] and [COLLAR 2] walked",
    "PC Amjad Hussain 18844 to revisit": "PC [PERSON 1] [COLLAR 1] to revisit",
    "fault L-90441 chased": "fault [REFERENCE 1] chased",
    "incident 412 of 3 June 2012": "incident [REFERENCE 1]",
    "crime no 01/7214563/25": "crime no [REFERENCE 1]",
    "crime 20WV/117706T/25": "crime [REFERENCE 1]",
    "log 0712-16/06/25": "log [REFERENCE 1]",
    "log 431 04062025": "log [REFERENCE 1]",
    "log 0933 11/06": "log [REFERENCE 1]",
    "serial 664 25/05/13": "serial [REFERENCE 1]",
    "Merlin 13PAC118834 done": "Merlin [REFERENCE 1] done",
    "case HH-CRM-449120": "case [REFERENCE 1]",
    "noise ref from council = WK/202511877": "noise ref from council = [REFERENCE 1]",
    "43250099120 as my crime number": "[REFERENCE 1] as my crime number",
    "5225104412 refers": "[REFERENCE 1] refers",
    "inc no 2500184471": "inc no [REFERENCE 1]",
    "stolen bike, they gave 52251188441": "stolen bike, they gave [REFERENCE 1]",
    "crime nos 20/41187/25 and 20/41190/25": "crime nos [REFERENCE 1] and [REFERENCE 2]",
    "staff nos 70114 (on leave) and 70119": "staff nos [COLLAR 1] (on leave) and [COLLAR 2]",
    "collar no C 6021": "collar no [COLLAR 1]",
    "Con P16022 came": "Con [COLLAR 1] came",
    "PC N1204 has seen it": "PC [COLLAR 1] has seen it",
    "reviewing insp W/1192": "reviewing insp [COLLAR 1]",
    "PC 1907 was not able": "PC [COLLAR 1] was not able",
    "PSNI s/n C15507 to collect": "PSNI s/n [COLLAR 1] to collect",
    "number 1907 on his shoulder": "number [COLLAR 1] on his shoulder",
    "6017 to re-visit": "[COLLAR 1] to re-visit",
    "SOCO 82217 att": "SOCO [COLLAR 1] att",
    "staff number for the timesheet is 20448871": "staff number for the timesheet is [COLLAR 1]",
    "the officer gave her number as P184427": "the officer gave her number as [COLLAR 1]",
    "Jean Hall (19 Sept 1935) was in": "[PERSON 1] ([DOB 1]) was in",
    "dob 1/12/99 and also 31 Jan 2000": "dob [DOB 1] and also [DOB 2]",
    "3/4/97 (dob)": "[DOB 1] (dob)",
    "ganwyd 6 Mehefin 1944": "ganwyd [DOB 1]",
    "born the seventeenth of May 1949": "born the [DOB 1]",
    "NHS no. for the lad: 659 315 4715": "NHS no. for the lad: [NHS 1]",
    "ring 01632 960303 extn 17": "ring [PHONE 1]",
    "(+44) 7700 900546": "[PHONE 1]",
    "handle is devon.dave.truth": "handle is [HANDLE 1]",
    "ieuan.sosban(snap)": "[HANDLE 1](snap)",
    "vehicle bearing 5 LKG": "vehicle bearing [VEHICLE 1]",
    "silver golf, r214 ghn, no tax": "silver golf, [VEHICLE 1], no tax",
    "grey Passat OUI 2096": "grey Passat [VEHICLE 1]",
    "lived at 88 Penhill Approach DA5 3XQ": "lived at [ADDRESS 1] [POSTCODE 1]",
    "at Beech House, 4 Warren Dene": "at [ADDRESS 1]",
    "at Flat 52 Bevan Hse, Daubeney St": "at [ADDRESS 1]",
    "Top Flat, 5 Ridgeway Steps": "[ADDRESS 1]",
    "Shop 9, 140 Narborough Pl": "[ADDRESS 1]",
    "Hillcrest, Moycarn Road": "[ADDRESS 1]",
    "3 Dove Terrace, Mayfield Road": "[ADDRESS 1]",
    "nat ins no: AB 12 34 56 C": "nat ins no: [NINO 1]",
    "NHS nr 123 4567 890": "NHS nr [NHS 1]",
    "veh ab 12 cde": "veh [VEHICLE 1]",
    # what only says that a number follows stays
    "behind No. 71 Queen Street": "behind No. [ADDRESS 1]",
    "them at number 9 Mill Lane": "them at number [ADDRESS 1]",
    "nos. 14 to 38 Mill Lane": "nos. [ADDRESS 1]",
    "number 7 on Mill Lane": "number [ADDRESS 1]",
    "lives w/ her nan 77 Osmaston Cut": "lives w/ her nan [ADDRESS 1]",
    "owner of Beech House, Mill Mount": "owner of [ADDRESS 1]",
    "it is Chy Lowen, Mill Hill, TR4 9QZ": "it is [ADDRESS 1], [POSTCODE 1]",
    "threats by fb, profile jo.hall.n1": "threats by fb, profile [HANDLE 1]",
    "on youtube - chan LaneMotoKings": "on youtube - chan [HANDLE 1]",
    "met on Facebook as jo.hall.art": "met on Facebook as [HANDLE 1]",
    "posts as roadwatchers on instagram": "posts as [HANDLE 1] on instagram",
    "his insta is roadwatchers": "his insta is [HANDLE 1]",
    "Collar no. of the officer at the door was 1655": "Collar no. of the officer at the door was [COLLAR 1]",
    "the officer who wore number 3371": "the officer who wore number [COLLAR 1]",
    "a good copper - Jo, number 17734": "a good copper - Jo, number [COLLAR 1]",
    "Housing case 30412": "Housing case [REFERENCE 1]",
    "the incident number, which you gave as 2214 of 9 May": "the incident number, which you gave as [REFERENCE 1]",
    "we're at 27 ferncroft steps, me4 5jh": "we're at [ADDRESS 1], [POSTCODE 1]",
    "write to The Lookout, Mill Hollow, CT17 9BW": "write to [ADDRESS 1], [POSTCODE 1]",
    "Fflat 6, Tŷ Gwennol, CF11 9SQ": "[ADDRESS 1], [POSTCODE 1]",
    "Mrs Hall, 5 St James's Sq, rang": "Mrs [PERSON 1], [ADDRESS 1], rang",
    "Jean Hall, 12 Mill Lane": "[PERSON 1], [ADDRESS 1]",
    "My number is 01632-960680": "My number is [PHONE 1]",
    "log 91 of 8th": "log [REFERENCE 1]",
    "CAD 7702 of the 4th": "CAD [REFERENCE 1]",
    "URN 1187 (3/7)": "URN [REFERENCE 1]",
    "told the police under 0915-17/06, that": "told the police under [REFERENCE 1], that",
    "25*661209 as the crime number": "[REFERENCE 1] as the crime number",
    "the collar number on the letter, 3071, was": "the collar number on the letter, [COLLAR 1], was",
    "message me on fb - lane.jo - any time": "message me on fb - [HANDLE 1] - any time",
    "posted it on his snap (lil.lane5)": "posted it on his snap ([HANDLE 1])",
    "see facebook MillLaneTogether and": "see facebook [HANDLE 1] and",
    # a date in figures of no late year
    "Jean Hall 14.05.79 2) refused": "[PERSON 1] [DOB 1] 2) refused",
    "DV, female, 12.6.1991, moved": "DV, female, [DOB 1], moved",
    "child 3/2/08": "child [DOB 1]",
    "Jean Hall 12/05/2025": "[PERSON 1] 12/05/2025",
    "Signed Jean Hall 3.5.2012": "Signed [PERSON 1] 3.5.2012",
    "PC Hall 14/05/09": "PC [PERSON 1] 14/05/09",
}
LEFT_ALONE = [
    "burglaries 01282 2011 and 01254 2012",
    "112, 98, 104 burglaries",
    "2009/10 to 2010/11",
    "A56 2012",
    "M65 J8",
    "9.30 to 11.00",
    "0900 1700",
    "£1,250.00",
    "20mph zone on Padiham Road",
    "30 parked cars on Mill Lane",
    "3 street lights out",
    "2 main road closures",
    "over 200 Burnley Road residents",
    "top 3 Burnley Road, Colne Road",
    "since 2009 Mill Lane has been dark",
    "3 break-ins Brunshaw Road",
    "2 burnley road crashes",
    "7 potholes mill lane",
    "5 broken street lights",
    "No 7 bus to Albert Road",
    "Mill Lane No 1 priority",
    "Hope House, Mill Lane",
    "the flat 2 doors down is in a bad place",
    "ground floor flat is damp",
    "opened 12 July 1974",
    "crime number 2 priority",
    "incident 3 years ago",
    "PC 2 days a week",
    "PCSO numbers cut 900 to 750",
    "born in 1948",
    "ring 101",
    "call 999",
    "Brunswick Street",
    "case by case",
    "log on to it",
    "DIY 2012",
    "FIG 1234",
    "12 to 14 year olds",
    "SH29 had crashes",
    "came in 2014, I drive a taxi",
    "3 main road closures",
    "1 way street - bins",
    "5 new road signs",
    "from 250, Burnley",
    "at 7 The Anchor is loud",
    "codes are road_safety and young_people",
    "minutes_june_12.pdf",
    "name____ date____",
    "order 2012/13",
    "crime 2011/12 down",
    "badge 2012",
    "quad 12 to 40",
    "x43 pls",
    "boiler serial 485 777 3456",
    "pads serial 4821 907 335",
    "office hours 0930-1300 Mon-Thu",
    "meeting moved to 23 Sept 2013",
    "as at 30 September",
    "raffle: 2 cars, 1 bun",
    "grid ref NT 785",
    "gate 4, Royal Oak Yard",
    "file ref shelf 9",
    "bus 13X, Beachy Head",
    "permit SK 2025 form",
    "log shows nothing",
    "@all please read",
    "PC figures: 412 seizures",
    "there were 17 CALLS SINCE APRIL",
    "1500-2300 Well Street",
    "channels 4 & 7, Coney Street",
    "warrants under s23 MDA",
    "A641 RTC, M62 J22 RTC",
    "case 12000 households",
    "the 2 meetings are advertised on Facebook",
    "posts as normal on facebook, 24/7",
    "facebook page YouTube, page 2",
    "channel BBC2 told it, see twitter",
    "her insta is disabled",
    "tiktok challenges, 12 kids",
    "twitter: nothing, facebook - busy",
    "Mill Park 2, Hill Park 5, Abbey Park 1 (votes)",
    "People 41, Carnival 38, Romsey Mill 29.",
    "Committee Room 3, City Hall",
    "thefts at Rosehill Quarry, Mill Road speeding",
    "2 Forced Entry, 3 Car Parks",
    "20 yards behind",
    "2023-24/25",
]


@pytest.mark.parametrize(("kind", "detail"), [(kind, detail) for kind, details in SPELLINGS.items() for detail in details])
def test_every_spelling_of_a_detail_is_replaced_whole(kind: str, detail: str) -> None:
    assert redacted_text(f"given as {detail}, he said") == f"given as [{kind} 1], he said"


@pytest.mark.parametrize("text", IN_CONTEXT)
def test_a_number_is_what_the_word_before_it_says(text: str) -> None:
    assert redacted_text(text) == IN_CONTEXT[text]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_figures_roads_and_times_are_left_alone(text: str) -> None:
    assert redacted_text(text) == text


@pytest.mark.parametrize("text", IN_CONTEXT)
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redacted_text(text)
    assert redacted_text(once) == once


@pytest.mark.parametrize(
    "text", ["A" * 100_000, "1 " + "Ab-'" * 20_000, "flat 1 " * 15_000, "1, " * 30_000, "x.y@" * 20_000, "1-" * 40_000]
)
def test_a_run_of_signs_as_long_as_a_file_costs_seconds(text: str) -> None:
    began = time.process_time()
    structured(text)
    assert time.process_time() - began < 20  # patterns that look back at every letter take minutes


@pytest.fixture(scope="module")
def coded() -> list[str]:
    """Coded notes, their details in place."""
    read = [text for name in ("fourth", "ninth") for text in pd.read_csv(CODED / f"{name}.csv", dtype=str, keep_default_na=False)["marked"]]
    return [re.sub(r"\{[A-Z]+:([^}]*)\}", r"\1", text) for text in read]


def test_no_pattern_finds_anything_without_what_it_is_said_to_need(coded: list[str]) -> None:
    texts = [*coded, *(detail for details in SPELLINGS.values() for detail in details)]
    groups = [*((needed, [pattern for _, pattern in pairs]) for needed, pairs in PATTERNS), *ADDRESSES]
    for needed, patterns in groups:
        without = [text for text in {needed.sub(sign, text) for text in texts for sign in "x "} if not needed.search(text)]
        assert without or not needed.pattern
        assert [(pattern.pattern, text) for pattern in patterns for text in without if pattern.search(text)] == []


def test_presidio_finds_nothing_without_what_it_is_said_to_need(coded: list[str]) -> None:
    for kind, recogniser in recognisers():
        found = [text for text in coded if recogniser.analyze(text, recogniser.supported_entities, None)]
        assert found
        assert [text for text in found if not _NEEDED[kind].search(text)] == []
    lengths = {
        len(str(code)) + min(metadata.general_desc.possible_length)
        for code, regions in COUNTRY_CODE_TO_REGION_CODE.items()
        for region in regions
        if (metadata := PhoneMetadata.metadata_for_region_or_calling_code(code, region)) is not None
    }
    assert _NEEDED["PHONE"].search("1" * min(lengths))


def test_presidio_is_left_whole_for_whoever_uses_it_too() -> None:
    structured("call 07700 900123")  # what is not used of it is imported without being compiled
    assert regex.compile("a" * 5000).fullmatch("a" * 5000)
    from presidio_analyzer.predefined_recognizers import UrlRecognizer

    (found,) = UrlRecognizer().analyze("see www.example.com today", ["URL"], None)
    assert (found.start, found.end) == (4, 19)
