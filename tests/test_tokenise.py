"""Notes become points: what is split, what is counted, and that no word is lost."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from note_tables import identified_notes, raw_notes, redacted

from pipeline.errors import ContractError, SettingsError
from pipeline.glossary import load_glossary
from pipeline.records import Points, empty, words_in
from pipeline.settings import Settings
from pipeline.tokenise import JOINING_WORD, NO_WORDS, expand_and_read, tokenise
from pipeline.tokenise.procedure import is_procedural
from pipeline.tokenise.sentences import sentences, trim
from pipeline.tokenise.tallies import MOST, read_tally, split_tally

PLAIN = Settings()
moderate = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def points_of(text: str, **given: str) -> list[str]:
    points, _ = tokenise(identified_notes(text, **given), PLAIN)
    return list(points["text"])


def counted(text: str, **given: str) -> list[tuple[str, int]]:
    points, _ = tokenise(identified_notes(text, **given), PLAIN)
    return list(zip(points["text"], points["mentions"], strict=True))


SPLIT = {
    # the separators
    "litter + vandalism, car crime": ["litter", "vandalism", "car crime"],
    "speeding, parking": ["speeding", "parking"],
    "drugs, alcohol, noise": ["drugs", "alcohol", "noise"],
    "drugs, alcohol and noise": ["drugs", "alcohol", "noise"],
    "drugs, alcohol & noise": ["drugs", "alcohol", "noise"],
    "drugs, alcohol, and noise": ["drugs", "alcohol", "noise"],
    "drugs, alcohol, plus noise": ["drugs", "alcohol", "noise"],
    "graffiti + fly-tipping": ["graffiti", "fly-tipping"],
    "graffiti + dog fouling + broken glass": ["graffiti", "dog fouling", "broken glass"],
    "ASB / drugs / speeding": ["ASB", "drugs", "speeding"],
    "litter, graffiti, etc": ["litter", "graffiti, etc"],
    # what an item may be
    "Litter, Vandalism, Burglary": ["Litter", "Vandalism", "Burglary"],
    "ASB, DV, NTE": ["ASB", "DV", "NTE"],
    "police, fire service": ["police", "fire service"],
    "under-age drinking, off-road bikes": ["under-age drinking", "off-road bikes"],
    "burnt out bins, smashed windows, graffiti": ["burnt out bins", "smashed windows", "graffiti"],
    "shed break-ins, shoplifting, bikes nicked": ["shed break-ins", "shoplifting", "bikes nicked"],
    "no lighting, no buses, no police": ["no lighting", "no buses", "no police"],
    "lack of trust, lack of buses": ["lack of trust", "lack of buses"],
    "litter in the park, drugs in the subway": ["litter in the park", "drugs in the subway"],
    "drugs, DV, kids with nowt to do": ["drugs", "DV", "kids with nowt to do"],
    "litter, vandalism in Garsby": ["litter", "vandalism in Garsby"],
    # brackets and names keep their commas, the list around them is one all the same
    "litter (parks, verges), graffiti": ["litter (parks, verges)", "graffiti"],
    "litter, Garsby, graffiti": ["litter, Garsby", "graffiti"],
    "A+D clinic, lighting": ["A+D clinic", "lighting"],
    # semicolons and ruled lines
    "litter; vandalism": ["litter", "vandalism"],
    "litter; vandalism, graffiti": ["litter", "vandalism", "graffiti"],
    "noise // litter everywhere": ["noise", "litter everywhere"],
    "noise | litter": ["noise", "litter"],
    "noise • litter": ["noise", "litter"],
    "noise >> litter": ["noise", "litter"],
    # sentences
    "Dog mess on the rec. No bins there.": ["Dog mess on the rec", "No bins there"],
    "Bins not emptied? Rats seen!": ["Bins not emptied?", "Rats seen!"],
    "Speeding cars... No crossing": ["Speeding cars", "No crossing"],
    "Speeding cars … No crossing": ["Speeding cars", "No crossing"],
    "Lamp out (again). Nobody comes": ["Lamp out (again)", "Nobody comes"],
}

WHOLE = [
    # names
    "Burnley, Pendle and Rossendale CVS",
    "Harrowby, Thwaite and Garsby councils",
    "Ashmere, Stonebeck, Tarnock",
    "litter in Ashmere, Stonebeck and Tarnock",
    "Burglary, Ashmere",
    "Ashmere, burglary",
    # examples
    "issues e.g. litter, graffiti",
    "nuisance eg noise, litter, bikes",
    "low level crime such as litter, graffiti and noise",
    "problems including litter, graffiti and noise",
    "problems like litter, graffiti",
    "help for carers especially older people, disabled people",
    "places: parks, shops, bus stops",
    "hot spots - park, shops, bus station",
    "better links between police, council and schools",
    "threats from drugs, alcohol",
    "young people with no jobs, no money",
    # brackets and quotes
    "ASB (litter, noise, graffiti)",
    "ASB [litter, noise]",
    "shops shut (sad; true)",
    'residents say "no buses, no lights, no police"',
    # adjectives
    "dark, unlit alleys",
    "rowdy, drunken behaviour",
    "older, vulnerable residents",
    "big, noisy bikes",
    # clauses
    "no lights, so people fall over",
    "bus shelter smashed, again",
    "when kids hang about, people feel unsafe",
    "drivers speed past the school, which is dangerous",
    "police came, took a statement and left",
    "people are scared, they stay in",
    "we need police, lights and cameras",
    "council, police and NHS all putting out leaflets",
    "smoke alarm fitted and tools marked",
    "gangs outside shops, intimidating for older people",
    "office at the show, the gala and the fete",
    "drugs in the subway, park, underpass",
    "litter in the park, the rec",
    "why no buses, no lights, no police?",
    # pairs that are one thing
    "litter and graffiti",
    "young and old people",
    "crime and disorder",
    # slashes, plus signs and numbers that separate nothing
    "police/council liaison",
    "and/or",
    "24/7 cover",
    "A+D services",
    "clubs for those aged 16+",
    "£1,000 for cameras",
    "over 2,500 homes, 3 shops",
    # sentences that point back, and stops that end none
    "Youths set fire to bins. They did it twice",
    "Bins burnt. This upsets people",
    "No lights. So people stay in",
    "Alley is dark. Because lamps were removed",
    "Shelter smashed. It's the third time",
    "Drugs. Burglary",
    "Lamps out on Mill St. near the chapel",
    "Spoke to Cllr. about bins",
    "Vandalism at approx. 9 pm nightly",
    "Bus cut by 1.5 hours",
    "??",
]


def test_there_are_at_least_sixty_cases() -> None:
    assert len(SPLIT) + len(set(WHOLE)) >= 60
    assert len(WHOLE) == len(set(WHOLE))


@pytest.mark.parametrize("text", SPLIT)
def test_a_list_is_split_into_its_points(text: str) -> None:
    assert points_of(text) == SPLIT[text]


@pytest.mark.parametrize("text", WHOLE)
def test_one_point_stays_one(text: str) -> None:
    assert points_of(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "residents want patrols, cameras and lights",
        "Council sent letters, leaflets and emails",
        pytest.param(
            "police and council, working together",
            marks=pytest.mark.xfail(strict=True, reason="'working' is a noun in the dictionary, so the remark is taken for a thing"),
        ),
    ],
)
def test_objects_and_remarks_stay_with_what_they_complete(text: str) -> None:
    assert points_of(text) == [text]


def test_the_bullets_of_a_report_are_kept_whole() -> None:
    text = "Litter, graffiti and noise were raised. Tables asked for patrols; none came."
    assert points_of(text, form="report") == [text.rstrip(".")]
    assert len(points_of(text)) > 1


COUNTED = {
    "dog fouling x3": 3,
    "dog fouling X3": 3,
    "dog fouling ×3": 3,
    "dog fouling x 3": 3,
    "dog fouling 3x": 3,
    "dog fouling (x3)": 3,
    "dog fouling [x3]": 3,
    "dog fouling (3)": 3,
    "dog fouling - x3": 3,
    "dog fouling, x3": 3,
    "dog fouling x3.": 3,
    "x3 dog fouling": 3,
    "x3 - dog fouling": 3,
    "x3: dog fouling": 3,
    "(x3) dog fouling": 3,
    "dog fouling +2": 3,
    "dog fouling (+2)": 3,
    "dog fouling – 3 ticks": 3,
    "dog fouling (4 ticks)": 4,
    "dog fouling 4 votes": 4,
    "dog fouling 5 dots": 5,
    "dog fouling 5 stickers": 5,
    "dog fouling 6 agreed": 6,
    "dog fouling (3 people)": 3,
    "dog fouling (3 people said this)": 3,
    "dog fouling (3 said this)": 3,
    "dog fouling (said by 3)": 3,
    "dog fouling (said by 3 tables)": 3,
    "dog fouling (2 of us)": 2,
    "dog fouling (3 tables)": 3,
    "dog fouling //": 2,
    "dog fouling ///": 3,
    "dog fouling //// /": 5,
    "dog fouling // //": 4,
    "dog fouling||||": 4,
    "dog fouling ||||": 4,
    "dog fouling IIII": 4,
    "dog fouling ✓": 1,
    "dog fouling ✓✓✓": 3,
    "dog fouling ✔✔": 2,
    "dog fouling ***": 3,
    "dog fouling ★★": 2,
}


@pytest.mark.parametrize("text", COUNTED)
def test_a_tally_becomes_mentions(text: str) -> None:
    points, dropped = tokenise(identified_notes(text), PLAIN)
    (point,) = points.to_dict("records")
    assert (point["text"], point["mentions"]) == ("dog fouling", COUNTED[text])
    assert point["tally"]
    assert point["tally"] in text
    assert dropped.empty


@pytest.mark.parametrize(
    "text",
    [
        "robbed by 3 people",
        "46 bus",
        "no 46 bus",
        "A38",
        "speeding on A38",
        "7 x 24 h",
        "7x24",
        "24/7",
        "cover 24/7",
        "4x4 cars",
        "bring back the 4x4",
        "2 x PCSOs",
        "PCSO x 2 needed",
        "Year 7",
        "in 2011",
        "cuts since (2011)",
        "flats 1-3",
        "cut by 20%",
        "fined £5",
        "burgled 3 times",
        "burgled twice",
        "kids aged 10+",
        "World War II",
        "M6 J31",
        "bus at 7",
        "dog fouling x100",
        "dog fouling (2 of them)",
        "police (said 3 years ago)",
        "dog fouling *",
    ],
)
def test_a_number_that_counts_nobody_is_no_tally(text: str) -> None:
    points, _ = tokenise(identified_notes(text), PLAIN)
    assert list(zip(points["text"], points["mentions"], points["tally"], strict=True)) == [(text, 1, "")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("litter x3, noise x2", [("litter", 3), ("noise", 2)]),
        ("litter x3; noise x2", [("litter", 3), ("noise", 2)]),
        ("litter x3. noise x2", [("litter", 3), ("noise", 2)]),
        ("litter (x3), noise (x2), bikes", [("litter", 3), ("noise", 2), ("bikes", 1)]),
        ("litter x3 + noise", [("litter", 3), ("noise", 1)]),
        ("litter, noise x4", [("litter", 1), ("noise", 4)]),
        ("x3 litter, noise", [("litter", 3), ("noise", 1)]),
        ("(x3) litter; noise", [("litter", 3), ("noise", 1)]),
        ("litter. x3", [("litter", 3)]),
        ("litter (x3) on the rec", [("litter (x3) on the rec", 3)]),
    ],
)
def test_a_tally_counts_for_the_point_beside_it_only(text: str, expected: list[tuple[str, int]]) -> None:
    assert counted(text) == expected


def test_a_tally_behind_a_semicolon_belongs_to_the_point_before_it() -> None:
    assert counted("litter; x3") == [("litter", 3)]


@pytest.mark.parametrize(
    ("tally", "mentions"), [("4", 4), ("x4", 4), ("////", 4), ("+3", 4), ("", 1), ("many", 1), ("0", 1), ("250", MOST)]
)
def test_a_count_column_gives_the_mentions(tally: str, mentions: int) -> None:
    assert counted("litter on the rec", tally=tally) == [("litter on the rec", mentions)]


def test_the_larger_of_a_tally_and_a_count_column_counts() -> None:
    points, _ = tokenise(identified_notes("litter x3", tally="5"), PLAIN)
    assert list(zip(points["mentions"], points["tally"], strict=True)) == [(5, "x3 5")]


@given(st.integers(1, 99), st.sampled_from(["x{}", "({})", "(x{})", "{} ticks", "({} votes)", "(said by {})"]))
@settings(max_examples=150, deadline=None)
def test_any_count_up_to_99_is_read_back(number: int, form: str) -> None:
    tally = form.format(number)
    assert split_tally(f"broken glass {tally}") == (0, 12, tally, number)
    assert read_tally(tally) == number


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_mentions_always_lie_between_1_and_99(text: str) -> None:
    start, end, tally, mentions = split_tally(text)
    assert 0 <= start <= end <= len(text)
    assert tally in text
    assert 1 <= mentions <= MOST
    assert 1 <= read_tally(text) <= MOST


@given(st.text(alphabet='ab.!?;:|/•()"“” \n…', max_size=60))
@settings(max_examples=200, deadline=None)
def test_sentences_are_in_order_and_keep_every_word(text: str) -> None:
    spans = sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert sum(words_in(text[a:b]) for a, b in spans) == words_in(text)
    assert all(trim(text, a, b, marks="") == (a, b) for a, b in spans)


PIECES = (
    "litter|dog mess on the rec|car crime|Garsby|Tarnock and Garsby CVS|no buses|kids with nowt to do|ASB|police|they came back|"
    "So people stay in|lighting (parks, alleys)|e.g. bins, verges|x3|(x2)|+2|////|✓✓|(said by 4)|3 people|46 bus|A38|7 x 24 h|"
    "etc|and|or|plus|??|…|(|“quoted, words”|£1,000|St.|[PHONE 1]|café|16+|noise x2|x3 bins|&"
).split("|")
JOINS = [", ", " + ", "; ", ". ", " and ", " / ", " & ", " - ", " // ", ", and ", " ", "! ", "? ", "+", "/", "\n", " | "]


@st.composite
def written_notes(draw: st.DrawFn) -> str:
    """A note of pieces that people write, joined as they join them."""
    parts = draw(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(JOINS)), min_size=1, max_size=7))
    return "".join(piece + join for piece, join in parts).strip() or "?"


anything = st.one_of(written_notes(), st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))


@given(st.lists(anything, min_size=1, max_size=8))
@moderate
def test_offsets_give_the_text_back_and_points_do_not_overlap(texts: list[str]) -> None:
    notes = identified_notes(*texts)
    points, _ = tokenise(notes, PLAIN)
    typed = dict(zip(notes["note_id"], notes["text"], strict=True))
    ends: dict[str, int] = {}
    for point in points.to_dict("records"):
        assert typed[point["note_id"]][point["start"] : point["end"]] == point["text"]
        assert point["start"] >= ends.get(point["note_id"], 0)
        ends[point["note_id"]] = point["end"]


@given(anything)
@moderate
def test_every_word_is_in_a_point_a_tally_or_dropped(text: str) -> None:
    points, dropped = tokenise(identified_notes(text), PLAIN)
    kept = sum(map(words_in, [*points["text"], *points["tally"], *dropped["text"]]))
    assert kept == words_in(text)
    assert set(dropped["reason"]) <= {JOINING_WORD, NO_WORDS}
    assert len(points) > 0 or (words_in(text) == 0 and list(dropped["reason"]) == [NO_WORDS])
    assert not points["text"].str.fullmatch(r"[\W_]*[^\w?][\W_]*").any()


@given(st.lists(written_notes(), min_size=2, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_the_order_of_notes_does_not_change_the_points(texts: list[str], shuffle: random.Random) -> None:
    rows = raw_notes(*texts)
    other = list(range(len(rows)))
    shuffle.shuffle(other)
    none = pd.DataFrame(columns=["text", "reason", "source_file", "source_locator"]).astype("str")
    first, _ = tokenise(redacted(rows, none)[0], PLAIN)
    second, _ = tokenise(redacted(rows.iloc[other].reset_index(drop=True), none)[0], PLAIN)
    assert set(zip(first["point_id"], first["text"], first["mentions"], strict=True)) == set(
        zip(second["point_id"], second["text"], second["mentions"], strict=True)
    )
    assert first["point_id"].is_unique


def test_tokenising_twice_gives_the_same_tables() -> None:
    notes = identified_notes(*SPLIT, *WHOLE[:10])
    first, second = tokenise(notes, PLAIN), tokenise(notes.copy(), PLAIN)
    pd.testing.assert_frame_equal(first[0], second[0])
    pd.testing.assert_frame_equal(first[1], second[1])


def test_a_joining_word_is_dropped_with_its_reason_and_place() -> None:
    points, dropped = tokenise(identified_notes("drugs, alcohol and noise", source_file="flip.docx"), PLAIN)
    assert len(points) == 3
    assert dropped.to_dict("records") == [
        {"text": "and", "reason": JOINING_WORD, "source_file": "flip.docx", "source_locator": "line 1"},
    ]


def test_a_note_without_words_is_dropped_with_its_reason() -> None:
    points, dropped = tokenise(identified_notes("...", "///", "litter"), PLAIN)
    assert list(points["text"]) == ["litter"]
    assert list(zip(dropped["text"], dropped["reason"], strict=True)) == [("...", NO_WORDS), ("///", NO_WORDS)]


def test_a_point_carries_what_stood_around_its_note() -> None:
    around = {
        "table": "4",
        "aspect": "issue",
        "resident": "carers",
        "heading": "Carers",
        "priority": "Urgent & Essential",
        "level": "local",
    }
    points, _ = tokenise(identified_notes("litter; noise", **around), PLAIN)
    assert list(points["point_id"]) == ["n1-1", "n1-2"]
    for name, value in around.items():
        assert set(points[name]) == {value}


def test_no_notes_give_no_points() -> None:
    points, dropped = tokenise(identified_notes(), PLAIN)
    assert (len(points), len(dropped)) == (0, 0)
    assert list(points.columns) == list(empty(Points).columns)


def test_notes_that_were_not_redacted_are_refused() -> None:
    with pytest.raises(ContractError, match=r"table Notes given to tokenise: .*'note_id'"):
        tokenise(raw_notes("litter"), PLAIN)


def test_expanding_keeps_the_rows_in_order() -> None:
    texts = ["YP drinking", "dark alleys", "yp drinking", "tea break 7.30", "dark alleys"]
    read = expand_and_read(texts, PLAIN)
    assert list(read["expanded"]) == ["young people drinking", "dark alleys", "young people drinking", "tea break 7.30", "dark alleys"]
    assert list(read["procedural"]) == [False, False, False, True, False]
    assert read["lemmas"].tolist()[:2] == ["young people drink", "dark alley"]
    assert read["phrases"].tolist()[1] == "dark alleys"


def test_phrases_are_short_runs_that_end_in_a_noun() -> None:
    read = expand_and_read(["poor street lighting and a broken bus shelter in Garsby"], PLAIN)
    assert read["phrases"].tolist() == ["poor street lighting|broken bus shelter|Garsby"]


def test_no_texts_are_read_to_no_rows() -> None:
    read = expand_and_read([], PLAIN)
    assert list(read.columns) == ["expanded", "lemmas", "lemma_spans", "phrases", "procedural"]
    assert read.empty


# Words and abbreviations as typed, and what may stand between them.
TYPED = ("ASB", "asb's", "YPs", "w/", "PCSO", "IT", "it", "b/w", "dogs", "cafés", "drinking", "Garsby", "isn't", "x3", "£5", "anti-social")
BETWEEN = (" ", "  ", ", ", ". ", " - ", "\n", " / ", "/", "-")


def typed_texts() -> st.SearchStrategy[str]:
    return st.lists(st.tuples(st.sampled_from(TYPED), st.sampled_from(BETWEEN)), max_size=8).map(
        lambda parts: "".join(word + between for word, between in parts)
    )


@given(text=typed_texts() | st.text(max_size=30), data=st.data())
@settings(deadline=None)
def test_every_part_of_a_text_written_out_comes_from_somewhere_in_what_was_typed(text: str, data: st.DataObject) -> None:
    expanded = load_glossary(PLAIN.glossary_path).expand(text)
    length = len(expanded.text)
    assert expanded.typed(0, length) == (0, len(text))
    for begin, stop, typed_begin, typed_stop in expanded.pieces:
        assert expanded.typed(begin, stop) == (typed_begin, typed_stop)
        inner = data.draw(st.integers(begin, stop - 1))
        assert expanded.typed(inner, data.draw(st.integers(inner + 1, stop))) == (typed_begin, typed_stop)
    if length:
        start = data.draw(st.integers(0, length - 1))
        end = data.draw(st.integers(start + 1, length))
        typed_start, typed_end = expanded.typed(start, end)
        assert 0 <= typed_start < typed_end <= len(text)
        if all(end <= begin or stop <= start for begin, stop, _, _ in expanded.pieces):
            assert text[typed_start:typed_end] == expanded.text[start:end]
        # What lies within lies within.
        later, earlier = data.draw(st.integers(start, end - 1)), data.draw(st.integers(start + 1, end))
        if later < earlier:
            inside = expanded.typed(later, earlier)
            assert typed_start <= inside[0] < inside[1] <= typed_end


@given(text=typed_texts() | st.text(max_size=30))
@settings(deadline=None)
def test_putting_the_abbreviations_back_gives_what_was_typed(text: str) -> None:
    expanded = load_glossary(PLAIN.glossary_path).expand(text)
    parts, at = [], 0
    for begin, stop, typed_begin, typed_stop in expanded.pieces:
        parts += [expanded.text[at:begin], text[typed_begin:typed_stop]]
        at = stop
    assert "".join([*parts, expanded.text[at:]]) == text


def test_where_an_abbreviation_stood_is_told() -> None:
    expanded = load_glossary(PLAIN.glossary_path).expand("more ASB, YPs here")
    assert expanded.text == "more anti-social behaviour, young people here"
    assert expanded.pieces == ((5, 26, 5, 8), (28, 40, 10, 13))
    assert expanded.typed(0, 4) == (0, 4)
    assert expanded.typed(0, 5) == (0, 5)  # up to it, and from its end
    assert expanded.typed(26, 28) == (8, 10)
    assert expanded.typed(17, 26) == (5, 8)
    assert expanded.typed(17, 33) == (5, 13)
    assert expanded.typed(41, 45) == (14, 18)
    assert expanded.typed(0, 10) == (0, 8)


@given(texts=st.lists(typed_texts().filter(str.strip), min_size=1, max_size=3))
@moderate
def test_every_lemma_has_the_place_of_the_words_typed_and_every_word_has_a_lemma(texts: list[str]) -> None:
    for text, row in zip(texts, expand_and_read(texts, PLAIN).itertuples(), strict=True):
        places = [tuple(map(int, place.split(":"))) for place in row.lemma_spans.split()]
        assert len(places) == len(row.lemmas.split())
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)
        covered = {at for start, end in places for at in range(start, end)}
        assert covered >= {at for at, letter in enumerate(text) if letter.isalnum()}


def test_the_places_of_lemmas_are_in_the_text_as_typed() -> None:
    text = "Youths + ASB, PCSO's gone"
    read = expand_and_read([text, "asb"], PLAIN)
    words = [text[slice(*map(int, place.split(":")))] for place in read["lemma_spans"][0].split()]
    assert list(zip(read["lemmas"][0].split(), words, strict=True)) == [
        ("youth", "Youths"), ("+", "+"), ("anti", "ASB"), ("social", "ASB"), ("behaviour", "ASB"), ("police", "PCSO's"),
        ("community", "PCSO's"), ("support", "PCSO's"), ("officer", "PCSO's"), ("go", "gone"),
    ]  # fmt: skip
    assert read["lemma_spans"][1] == "0:3 0:3 0:3"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ASB", "anti-social behaviour"),
        ("asb", "anti-social behaviour"),
        ("PCSOs", "police community support officers"),
        ("PCSO's patrol", "police community support officers patrol"),
        ("more CCTV, fewer HMOs", "more closed-circuit television, fewer houses in multiple occupation"),
        ("IT training", "information technology training"),
        ("it is dark", "it is dark"),
        ("pop in and see us", "pop in and see us"),
        ("A+D clinic", "alcohol and drugs clinic"),
        ("A&E waits", "accident and emergency waits"),
        ("NASBO", "NASBO"),
        ("asbestos", "asbestos"),
        ("plain words", "plain words"),
    ],
)
def test_abbreviations_are_written_out_as_words_of_their_own(typed: str, meant: str) -> None:
    assert load_glossary(PLAIN.glossary_path).expand(typed).text == meant


def test_the_longest_abbreviation_wins(tmp_path: Path) -> None:
    (tmp_path / "g.yaml").write_text("ch: chief\nch supt: chief superintendent\nPAL: {expansion: police liaison, case: true}\n", "utf-8")
    glossary = load_glossary(tmp_path / "g.yaml")
    assert glossary.expand("ch supt, PAL, pal, ch").text == "chief superintendent, police liaison, pal, chief"


def test_a_glossary_of_ones_own_is_used(tmp_path: Path) -> None:
    (tmp_path / "g.yaml").write_text("FLK: Friends of Low Knott\n", "utf-8")
    read = expand_and_read(["FLK and ASB"], Settings(glossary=tmp_path / "g.yaml"))
    assert read["expanded"].tolist() == ["Friends of Low Knott and ASB"]


def test_an_empty_glossary_mapping_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "g.yaml").write_text("{}\n", "utf-8")
    assert load_glossary(tmp_path / "g.yaml").expand("ASB w/ YPs") == ("ASB w/ YPs", ())


def test_the_bundled_glossary_is_valid_and_settled_after_one_pass() -> None:
    glossary = load_glossary(PLAIN.glossary_path)
    assert len(glossary.exact) + len(glossary.folded) > 100
    for short, full in {**glossary.folded, **glossary.exact}.items():
        assert glossary.expand(short).text == full
        assert full.strip() == full != ""
    assert not {key.lower() for key in glossary.exact} & set(glossary.folded)


def test_all_faults_of_a_glossary_are_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "g.yaml").write_text("ASB: anti-social behaviour\nYP:\nDV: [a, b]\nIT: {case: true}\n", "utf-8")
    with pytest.raises(SettingsError) as raised:
        load_glossary(tmp_path / "g.yaml")
    assert raised.value.what == "3 faults: (1) 'YP' has no expansion; (2) 'DV' has no expansion; (3) 'IT' has no expansion"


@pytest.mark.parametrize("content", ["a: [", "just words", "- a\n- b\n"])
def test_a_glossary_that_is_no_mapping_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=r"mine\.yaml"):
        load_glossary(path)


def test_a_missing_glossary_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="the glossary cannot be read"):
        load_glossary(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "Tea break",
        "tea/coffee at 7.30",
        "Coffee + biscuits served",
        "Comfort break 10 mins",
        "Short break till 8",
        "Apologies: Ruth, Tariq",
        "apols from table 3",
        "Welcome and introductions",
        "Housekeeping",
        "fire exits either side",
        "Date of next meeting 4 May",
        "Next mtg - TBC",
        "AOB",
        "evaluation forms please",
        "Thanks to all",
        "Thank you everyone!",
        "ran out of time",
        "Scribe: Pat",
        "Raffle",
        "finish at 9.15",
        "Feedback to main room",
        "Please hand in your badges",
    ],
)
def test_the_running_of_the_evening_is_procedural(text: str) -> None:
    assert is_procedural(text)


@pytest.mark.parametrize(
    "text",
    [
        "no feedback to victims",
        "Welcome pack for new tenants",
        "break-ins up",
        "fire in the bin store",
        "food bank closed",
        "lunch club for older residents",
        "toilets shut in the park",
        "closed at night so nobody uses it",
        "police never say thanks for reports",
        "apathy",
        "thankless task for volunteers",
        "next door plays loud music",
        "",
        "Thanks to all the wardens who cleared the snow and litter from every path across the whole estate in January last year",
    ],
)
def test_what_residents_raise_is_not_procedural(text: str) -> None:
    assert not is_procedural(text)
