from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from labelled_points import at_angles, by_topic, event_result, labelled_points, topics_of

from pipeline.cluster import partition
from pipeline.errors import ContractError
from pipeline.records import Labelled, Session, empty
from pipeline.results import ThemeRow
from pipeline.settings import Settings
from pipeline.store import themes_document
from pipeline.store.documents import validate
from pipeline.taxonomy import Taxonomy, Theme
from pipeline.themes import gather_themes

TAXONOMY = Taxonomy("t", "1", (Theme("asb", "Anti-social behaviour"), Theme("road", "Road safety"), Theme("dv", "Domestic violence")))
URGENT, NOT_URGENT = "Urgent & Essential", "Not Urgent or Essential"
MADE = [
    {"text": "litter on the green", "codes": "asb", "mentions": 3, "priority": URGENT, "level": "local", "phrases": "litter|green"},
    {"text": "cars race past the litter", "codes": "road|asb", "mentions": 2, "priority": NOT_URGENT, "level": "division",
     "phrases": "car|litter"},
    {"text": "litter again", "table": "2", "codes": "asb", "aspect": "top_priority", "phrases": "litter"},
    {"text": "speeding by the school", "table": "10", "codes": "road", "priority": URGENT, "phrases": "school"},
    {"text": "potholes", "table": "", "codes": "road", "priority": URGENT, "phrases": "pothole"},
    {"text": "swans nest on the weir", "table": "2", "mentions": 4, "phrases": "swan|weir"},
    {"text": "more swans every year", "table": "2", "phrases": "swan"},
    {"text": "heron by the lock", "phrases": "heron|lock"},
    {"text": "ok", "outcome": "undecided"},
    {"text": "tea break", "table": "3", "outcome": "procedural"},
    {"text": "litter picks every month", "session": "2", "codes": "asb", "aspect": "good_practice", "phrases": "litter pick"},
    {"text": "afraid of lads with litter", "session": "3", "codes": "asb", "aspect": "issue", "resident": "older people",
     "phrases": "lad|litter"},
    {"text": "clear the litter", "session": "3", "codes": "asb", "mentions": 2, "aspect": "action", "resident": "older people",
     "phrases": "litter"},
    {"text": "bins by the ramp", "session": "3", "codes": "asb", "aspect": "action", "resident": "young people", "phrases": "bin|ramp"},
]  # fmt: skip
POINTS = labelled_points(*MADE, aspect="challenge")
VECTORS = by_topic([0, 1, 0, 1, 1, 2, 2, 3, 2, 4, 0, 0, 0, 0])
PROBABILITIES = np.round(np.random.default_rng(6).uniform(0.1, 0.9, size=(len(MADE), 3)), 3)


def gathered(points: pd.DataFrame = POINTS) -> tuple[pd.DataFrame, dict[str, ThemeRow]]:
    points, themes = gather_themes(points, VECTORS, PROBABILITIES, TAXONOMY, topics_of, Settings())
    return points, {f"{theme.session} {theme.title}": theme for theme in themes}


def test_counts_are_those_counted_by_hand() -> None:
    _, themes = gathered()
    counts = {name: (t.points, t.mentions, t.tables, t.tables_total) for name, t in themes.items()}
    assert counts == {
        "1 Anti-social behaviour": (3, 6, 2, 3),
        "1 Road safety": (3, 4, 2, 3),
        "1 Swans nest on the weir": (2, 5, 1, 3),
        "1 Heron by the lock": (1, 1, 1, 3),
        "2 Anti-social behaviour": (1, 1, 1, 1),
        "3 Anti-social behaviour": (3, 4, 1, 1),
    }


def test_a_table_where_only_the_evening_was_spoken_of_is_not_counted() -> None:
    assert gathered()[1]["1 Road safety"].tables_total == 3  # 1, 2 and 10; table 3 had only the tea break


def test_a_point_with_two_codes_counts_in_both_themes_and_belongs_to_the_first() -> None:
    points, themes = gathered()
    assert themes["1 Anti-social behaviour"].point_ids == ("n00-1", "n01-1", "n02-1")
    assert themes["1 Road safety"].point_ids == ("n01-1", "n03-1", "n04-1")
    assert points.set_index("point_id").at["n01-1", "theme_id"] == "ev-1-road"


def test_priorities_levels_aspects_and_residents_are_split_in_the_order_of_the_workshop() -> None:
    _, themes = gathered()
    asb, road, residents = themes["1 Anti-social behaviour"], themes["1 Road safety"], themes["3 Anti-social behaviour"]
    assert list(asb.priorities.items()) == [(URGENT, 1), (NOT_URGENT, 1)]
    assert list(asb.levels.items()) == [("local", 1), ("division", 1)]
    assert list(asb.aspects.items()) == [("challenge", 2), ("top_priority", 1)]
    assert list(road.priorities.items()) == [(URGENT, 2), (NOT_URGENT, 1)]
    assert road.levels == {"division": 1}
    assert asb.residents == {}
    assert list(residents.residents.items()) == [("older people", 2), ("young people", 1)]
    assert list(residents.aspects.items()) == [("issue", 1), ("action", 2)]


def test_themes_are_given_by_session_and_then_by_weight() -> None:
    _, themes = gathered()
    # Road safety: 1 of table 1, 8 of table 10, 8 of no table; Anti-social behaviour: 8 of table 1, 8 for the priority of table 2.
    assert [(t.session, t.rank, t.weight, t.title) for t in themes.values()] == [
        ("1", 1, 17, "Road safety"),
        ("1", 2, 16, "Anti-social behaviour"),
        ("1", 3, 2, "Swans nest on the weir"),  # of equal weight with the next, but with more mentions
        ("1", 4, 2, "Heron by the lock"),
        ("2", 1, 2, "Anti-social behaviour"),
        ("3", 1, 2, "Anti-social behaviour"),
    ]


def test_what_the_taxonomy_lacks_becomes_a_theme_for_each_cluster_of_such_points() -> None:
    points, themes = gathered()
    swans, heron = themes["1 Swans nest on the weir"], themes["1 Heron by the lock"]
    assert (swans.kind, swans.codes, swans.point_ids) == ("emergent", (), ("n05-1", "n06-1"))
    assert (heron.kind, heron.codes, heron.point_ids) == ("emergent", (), ("n07-1",))
    assert swans.id.startswith("ev-1-new-")
    assert swans.id != heron.id
    of = points.set_index("point_id")["theme_id"]
    assert of["n05-1"] == of["n06-1"] == swans.id
    assert (
        swans.why == "2 points at 1 of 3 tables that no theme of the taxonomy explains and that resemble each other, "
        "most distinctively on 'swan' and 'weir'."
    )


def test_the_clusters_of_all_points_together_decide_nothing() -> None:
    scattered = POINTS.assign(cluster=[*range(9), -1, *range(4)])
    assert list(gathered(scattered)[1].values()) == list(gathered()[1].values())


def test_undecided_and_procedural_points_are_in_no_theme() -> None:
    points, themes = gathered()
    assert points.set_index("point_id").loc[["n08-1", "n09-1"], "theme_id"].tolist() == ["", ""]
    assert not {"n08-1", "n09-1"} & {point for theme in themes.values() for point in theme.point_ids}


def test_every_other_point_is_in_a_theme_of_its_session() -> None:
    points, themes = gathered()
    by_id = {theme.id: theme for theme in themes.values()}
    assert len(by_id) == len(themes)
    for point in points.itertuples():
        if point.outcome in ("labelled", "no_match"):
            assert point.point_id in by_id[point.theme_id].point_ids
            assert by_id[point.theme_id].session == point.session


def test_confidence_is_the_mean_probability_of_the_code_or_of_none() -> None:
    _, themes = gathered()
    assert themes["1 Anti-social behaviour"].confidence == round(PROBABILITIES[[0, 1, 2], 0].mean(), 3)
    assert themes["1 Road safety"].confidence == round(PROBABILITIES[[1, 3, 4], 1].mean(), 3)
    assert themes["1 Swans nest on the weir"].confidence == round(1 - PROBABILITIES[[5, 6]].max(axis=1).mean(), 3)


def test_stability_is_that_of_the_tables_where_points_of_the_theme_were_said() -> None:
    _, themes = gathered()
    # Points without a table are a fourth table; the one of the tea break is none.
    assert themes["1 Anti-social behaviour"].stability == 0.938  # two tables of four: 1 - (1/2)**4
    assert themes["1 Road safety"].stability == 0.996  # three of four
    # One table of four is drawn in 0.684 of the draws, of which fifty are made; then topics_of finds all of the cluster again.
    assert themes["1 Swans nest on the weir"].stability == pytest.approx(1 - (3 / 4) ** 4, abs=3 * (0.684 * 0.316 / 50) ** 0.5)
    assert [themes[f"{session} Anti-social behaviour"].stability for session in "23"] == [None, None]  # one table


def test_the_reason_says_how_many_where_and_on_what() -> None:
    assert gathered()[1]["2 Anti-social behaviour"].why == "1 point at 1 of 1 tables labelled 'asb', most distinctively on 'litter pick'."


def test_quotes_are_points_of_the_theme_with_their_own_source() -> None:
    points, themes = gathered()
    said = points.set_index("point_id")
    for theme in themes.values():
        assert len(theme.quotes) == min(3, theme.points)
        for quote in theme.quotes:
            assert quote.point_id in theme.point_ids
            assert (quote.text, quote.table, quote.source_file) == tuple(said.loc[quote.point_id, ["text", "table", "source_file"]])


def test_an_emergent_theme_is_never_called_as_a_theme_of_the_taxonomy_is() -> None:
    made = labelled_points({"text": "Road safety"}, {"text": "cars", "codes": "road"}, {"text": "ROAD SAFETY", "session": "2"})
    _, themes = gather_themes(made, by_topic([0, 1, 2]), np.full((3, 3), 0.5), TAXONOMY, topics_of, Settings())
    assert [(theme.session, theme.kind, theme.title) for theme in themes] == [
        ("1", "taxonomy", "Road safety"),
        ("1", "emergent", "Road safety (2)"),
        ("2", "emergent", "Road safety"),
    ]


def test_points_come_back_once_each_in_order_of_session_table_and_text() -> None:
    points, _ = gathered()
    assert sorted(points["point_id"]) == sorted(POINTS["point_id"])
    first = points[(points["session"] == "1") & (points["aspect"] == "challenge")]
    assert list(dict.fromkeys(first["table"])) == ["1", "2", "3", "10", ""]
    assert list(dict.fromkeys(points["session"])) == ["1", "2", "3"]
    assert first.loc[first["table"] == "1", "text"].tolist() == [
        "cars race past the litter",
        "heron by the lock",
        "litter on the green",
        "ok",
    ]


@given(st.permutations(range(len(MADE))))
@examples(max_examples=15, deadline=None)
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    points, themes = gather_themes(POINTS, VECTORS, PROBABILITIES, TAXONOMY, topics_of, Settings())
    shuffled = POINTS.iloc[order].reset_index(drop=True)
    again, same = gather_themes(shuffled, VECTORS[order], PROBABILITIES[order], TAXONOMY, topics_of, Settings())
    assert same == themes
    pd.testing.assert_frame_equal(again, points)


def test_the_order_of_rows_does_not_decide_which_of_two_themes_has_the_number() -> None:
    made = [{"text": "swans", "table": "1"}, {"text": "Swans", "table": "2"}]
    vectors, given_titles = by_topic([0, 1]), []
    for order in ([0, 1], [1, 0]):
        points = labelled_points(*made).iloc[order].reset_index(drop=True)
        _, themes = gather_themes(points, vectors[order], np.full((2, 3), 0.5), TAXONOMY, topics_of, Settings())
        given_titles.append({theme.point_ids: theme.title for theme in themes})
    assert given_titles[0] == given_titles[1] == {("n00-1",): "Swans (2)", ("n01-1",): "Swans"}


# any number of points gives a valid list

NEARLY = [{"text": text, "table": table, "codes": codes} for text, table, codes in (
    ("swans", "1", ""), ("swans", "2", ""), ("Swans!", "1", ""), ("a heron", "", ""), ("bins", "1", "asb"), ("bins", "2", "asb|road"),
    ("cars", "1", "road"), ("cars", "10", "road"), ("potholes", "", "road"), ("litter", "2", "asb"), ("lads", "3", "asb"),
    ("needles", "3", "asb"), ("drink", "2", "asb"), ("[PERSON 1]", "2", ""), ("???", "3", ""),
)]  # fmt: skip


@given(st.lists(st.integers(0, len(NEARLY) - 1), max_size=16), st.randoms(use_true_random=False))
@examples(max_examples=12, deadline=None)
def test_any_points_in_any_order_give_one_valid_list(chosen: list[int], chance: random.Random) -> None:
    points = labelled_points(*(NEARLY[n] for n in chosen))
    vectors = at_angles(*(n * 23.0 for n in chosen))
    probabilities = np.array([[0.1 + n / 20, 0.5, 0.2] for n in chosen]).reshape(-1, 3)
    order = chance.sample(range(len(chosen)), len(chosen))
    found, themes = gather_themes(points, vectors, probabilities, TAXONOMY, partition, Settings())
    again, same = gather_themes(
        points.iloc[order].reset_index(drop=True), vectors[order], probabilities[order], TAXONOMY, partition, Settings()
    )
    assert same == themes
    pd.testing.assert_frame_equal(again, found)
    validate(themes_document(event_result(found, themes, Session("1"))))
    assert {point for theme in themes for point in theme.point_ids} == set(points["point_id"])
    assert [theme.rank for theme in themes] == list(range(1, len(themes) + 1))


@pytest.mark.parametrize("tables", ["12345", "11111", ["", "", "", "", ""]], ids=["each its own table", "one table", "no table"])
@pytest.mark.parametrize("texts", ["ababa", "aaaaa", "abcde"])
@pytest.mark.parametrize("count", [0, 1, 2, 5])
@pytest.mark.parametrize("codes", ["asb", ""])
def test_few_points_give_a_valid_list(count: int, texts: str, tables: str, codes: str) -> None:
    made = [{"text": text, "table": table, "codes": codes} for text, table in zip(texts, tables, strict=True)][:count]
    points, themes = gather_themes(
        labelled_points(*made),
        at_angles(*("abcde".index(text) * 50.0 for text in texts[:count])),
        np.full((count, 3), 0.4),
        TAXONOMY,
        partition,
        Settings(),
    )
    assert sorted(point for theme in themes for point in theme.point_ids) == sorted(points["point_id"])
    assert all((theme.stability is None) == (points["table"].nunique() < 2) for theme in themes)
    validate(themes_document(event_result(points, themes, Session("1"))))


def test_no_points_give_no_themes() -> None:
    points, themes = gather_themes(empty(Labelled), np.zeros((0, 0), dtype=np.float32), np.zeros((0, 3)), TAXONOMY, partition, Settings())
    assert themes == []
    assert len(points) == 0
    assert "theme_id" in points


def test_notes_without_tables_have_themes_without_tables() -> None:
    made = labelled_points({"text": "litter", "codes": "asb", "table": "", "mentions": 2, "phrases": "litter"})
    _, (theme,) = gather_themes(made, by_topic([0]), np.full((1, 3), 0.5), TAXONOMY, topics_of, Settings())
    assert (theme.tables, theme.tables_total, theme.stability) == (0, 0, None)
    assert theme.why == "1 point labelled 'asb', most distinctively on 'litter'."


def test_a_table_that_skipped_label_is_refused() -> None:
    with pytest.raises(ContractError, match=r"given to themes.*'codes'"):
        gather_themes(POINTS.drop(columns="codes"), VECTORS, PROBABILITIES, TAXONOMY, topics_of, Settings())


# a theme that is part of another

CRIME = Taxonomy(
    "crime",
    "1",
    (
        Theme("shed", "Shed burglary", broader="burglary"),
        Theme("crime", "Crime"),
        Theme("burglary", "Burglary", broader="crime"),
        Theme("theft", "Theft", broader="crime"),
        Theme("rural", "Rural life"),
    ),
)
COLUMN = {code: number for number, code in enumerate(CRIME.codes)}
STOLEN = [
    {"text": "sheds broken into", "codes": "shed|rural", "mentions": 2, "phrases": "shed"},
    {"text": "shed and bike gone", "table": "2", "codes": "theft|shed", "phrases": "shed|bike"},
    {"text": "burglars about", "table": "2", "codes": "crime|burglary", "phrases": "burglar"},
    {"text": "crime is up", "table": "3", "codes": "crime", "phrases": "crime"},
    {"text": "quiet lanes", "table": "3", "codes": "rural", "phrases": "lane"},
    {"text": "diesel stolen", "session": "2", "codes": "theft", "phrases": "diesel"},
]
STOLEN_PROBABILITIES = np.round(np.random.default_rng(7).uniform(0.1, 0.9, size=(len(STOLEN), len(COLUMN))), 3)


def rolled() -> tuple[pd.DataFrame, dict[str, ThemeRow]]:
    vectors = by_topic([0] * len(STOLEN))
    points, themes = gather_themes(labelled_points(*STOLEN), vectors, STOLEN_PROBABILITIES, CRIME, topics_of, Settings())
    return points.set_index("point_id"), {f"{theme.session} {theme.codes[0]}": theme for theme in themes}


def test_a_broader_theme_gathers_the_points_beneath_it_each_once_and_those_beneath_stay() -> None:
    _, themes = rolled()
    assert {name: theme.point_ids for name, theme in themes.items()} == {
        "1 crime": ("n00-1", "n01-1", "n02-1", "n03-1"),
        "1 burglary": ("n00-1", "n01-1", "n02-1"),
        "1 shed": ("n00-1", "n01-1"),
        "1 theft": ("n01-1",),
        "1 rural": ("n00-1", "n04-1"),
        "2 crime": ("n05-1",),
        "2 theft": ("n05-1",),
    }
    crime = themes["1 crime"]
    assert (crime.points, crime.mentions, crime.tables, crime.tables_total) == (4, 5, 3, 3)


def test_a_theme_names_the_one_it_is_part_of() -> None:
    _, themes = rolled()
    assert {theme.codes[0]: theme.broader for theme in themes.values()} == {
        "crime": None, "burglary": "crime", "shed": "burglary", "theft": "crime", "rural": None,
    }  # fmt: skip
    assert all(theme.broader is None for theme in gathered()[1].values())


def test_points_keep_their_codes_and_belong_to_the_most_specific_theme() -> None:
    points, _ = rolled()
    assert points["codes"].sort_index().tolist() == [row["codes"] for row in STOLEN]
    assert points["theme_id"].sort_index().tolist() == [
        "ev-1-shed", "ev-1-theft", "ev-1-burglary", "ev-1-crime", "ev-1-rural", "ev-2-theft",
    ]  # fmt: skip


def test_confidence_of_a_broader_theme_is_that_of_the_likeliest_code_in_it() -> None:
    _, themes = rolled()
    of = {code: STOLEN_PROBABILITIES[:, number] for code, number in COLUMN.items()}
    crime = np.maximum.reduce([of["crime"], of["burglary"], of["shed"], of["theft"]])
    assert themes["1 crime"].confidence == round(float(crime[:4].mean()), 3)
    assert themes["1 shed"].confidence == round(float(of["shed"][:2].mean()), 3)


def test_the_reason_names_the_parts_that_were_said() -> None:
    _, themes = rolled()
    assert themes["1 crime"].why.startswith("4 points at 3 of 3 tables labelled 'crime' or a part of it ('shed', 'burglary' and 'theft')")
    assert themes["2 crime"].why.startswith("1 point at 1 of 1 tables labelled 'crime' or a part of it ('theft'), most")
    assert themes["1 theft"].why.startswith("1 point at 1 of 3 tables labelled 'theft', most")


def test_emergent_themes_stay_beside_broader_ones() -> None:
    made = labelled_points(*STOLEN, {"text": "swans nest", "phrases": "swan"})
    _, themes = gather_themes(made, by_topic([0] * 7), np.full((7, len(COLUMN)), 0.2), CRIME, topics_of, Settings())
    assert [(theme.broader, theme.point_ids) for theme in themes if theme.kind == "emergent"] == [(None, ("n06-1",))]
