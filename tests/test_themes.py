from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.embed import Vectors
from pipeline.errors import ContractError
from pipeline.records import Labelled, ThemeRow, empty
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, Theme
from pipeline.themes import gather_themes, verify_quotes

TAXONOMY = Taxonomy("t", "1", (Theme("asb", "Anti-social behaviour"), Theme("road", "Road safety"), Theme("dv", "Domestic violence")))
URGENT, NOT_URGENT = "Urgent & Essential", "Not Urgent or Essential"
# session, table, text, codes, mentions, aspect, priority, level, resident, outcome, cluster, phrases
MADE = [
    ("1", "1", "litter on the green", "asb", 3, "challenge", URGENT, "local", "", "labelled", 0, "litter|green"),
    ("1", "1", "cars race past the litter", "road|asb", 2, "challenge", NOT_URGENT, "division", "", "labelled", 1, "car|litter"),
    ("1", "2", "litter again", "asb", 1, "top_priority", "", "", "", "labelled", 0, "litter"),
    ("1", "10", "speeding by the school", "road", 1, "challenge", URGENT, "", "", "labelled", 1, "school"),
    ("1", "", "potholes", "road", 1, "challenge", URGENT, "", "", "labelled", 1, "pothole"),
    ("1", "2", "swans nest on the weir", "", 4, "challenge", "", "", "", "no_match", 2, "swan|weir"),
    ("1", "2", "more swans every year", "", 1, "challenge", "", "", "", "no_match", 2, "swan"),
    ("1", "1", "heron by the lock", "", 1, "challenge", "", "", "", "no_match", 3, "heron|lock"),
    ("1", "1", "ok", "", 1, "challenge", "", "", "", "undecided", 2, ""),
    ("1", "3", "tea break", "", 1, "challenge", "", "", "", "procedural", -1, ""),
    ("2", "1", "litter picks every month", "asb", 1, "good_practice", "", "", "", "labelled", 0, "litter pick"),
    ("3", "1", "afraid of lads with litter", "asb", 1, "issue", "", "", "older people", "labelled", 0, "lad|litter"),
    ("3", "1", "clear the litter", "asb", 2, "action", "", "", "older people", "labelled", 0, "litter"),
    ("3", "1", "bins by the ramp", "asb", 1, "action", "", "", "young people", "labelled", 0, "bin|ramp"),
]


def table_of(made: list[tuple[Any, ...]]) -> pd.DataFrame:
    rows = [
        {
            "point_id": f"n{n:02d}-1", "note_id": f"n{n:02d}", "event": "ev", "division": "D", "session": session, "table": table,
            "heading": "",
            "aspect": aspect, "priority": priority, "level": level, "resident": resident, "text": text, "source_file": f"table {table}.txt",
            "source_locator": f"line {n}", "start": 0, "end": len(text), "mentions": mentions, "tally": "", "expanded": text,
            "lemmas": text,
            "lemma_spans": "",
            "phrases": phrases, "procedural": outcome == "procedural", "cluster": cluster, "codes": codes, "scores": "", "outcome": outcome,
            "outcome_score": 0.5, "evidence": "", "cluster_codes": "", "cluster_mixed": "",
        }
        for n, (session, table, text, codes, mentions, aspect, priority, level, resident, outcome, cluster, phrases) in enumerate(made)
    ]  # fmt: skip
    return pd.DataFrame(rows)[list(empty(Labelled).columns)]


def vectors_of(count: int) -> Vectors:
    made = np.random.default_rng(5).normal(size=(count, 8))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


POINTS, VECTORS = table_of(MADE), vectors_of(len(MADE))
PROBABILITIES = np.round(np.random.default_rng(6).uniform(0.1, 0.9, size=(len(MADE), 3)), 3)


def gathered(settings: Settings | None = None) -> tuple[pd.DataFrame, dict[str, ThemeRow]]:
    points, themes = gather_themes(POINTS, VECTORS, PROBABILITIES, TAXONOMY, settings or Settings())
    return points, {f"{theme.session} {theme.title}": theme for theme in themes}


def test_counts_are_those_counted_by_hand() -> None:
    _, themes = gathered()
    counts = {name: (t.points, t.mentions, t.tables, t.tables_total) for name, t in themes.items()}
    assert counts == {
        "1 Anti-social behaviour": (3, 6, 2, 3),
        "1 Road safety": (3, 4, 2, 3),
        "1 Swan": (2, 5, 1, 3),
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


def test_themes_rank_by_tables_then_mentions_then_points_then_title() -> None:
    _, themes = gathered()
    ranks = [(t.session, t.rank, t.title) for t in themes.values()]
    assert ranks == [
        ("1", 1, "Anti-social behaviour"),
        ("1", 2, "Road safety"),
        ("1", 3, "Swan"),
        ("1", 4, "Heron by the lock"),
        ("2", 1, "Anti-social behaviour"),
        ("3", 1, "Anti-social behaviour"),
    ]


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({}, "Anti-social behaviour"),  # all equal: by title
        ({"table": {0: "2"}}, "Road safety"),  # more tables beat all else
        ({"mentions": {1: 5}}, "Road safety"),
        ({"mentions": {0: 2, 1: 2}, "codes": {2: "road"}}, "Road safety"),
    ],
)
def test_each_rule_of_the_ranking_decides_when_those_before_it_are_equal(changes: dict[str, dict[int, Any]], first: str) -> None:
    made = table_of(
        [
            ("1", "1", "a", "asb", 1, "", "", "", "", "labelled", 0, ""),
            ("1", "1", "b", "road", 1, "", "", "", "", "labelled", 0, ""),
            ("1", "2", "c", "asb|road", 1, "", "", "", "", "labelled", 0, ""),
        ]
    )
    for column, cells in changes.items():
        for row, value in cells.items():
            made.at[row, column] = value
    if "codes" in changes:  # equal tables and mentions, but road has two points and asb one of two mentions
        made = made.assign(table="1", mentions=[2, 1, 1])
    _, themes = gather_themes(made, vectors_of(3), np.full((3, 3), 0.5), TAXONOMY, Settings())
    assert themes[0].title == first


def test_what_the_taxonomy_lacks_becomes_a_theme_for_each_cluster() -> None:
    points, themes = gathered()
    swans, heron = themes["1 Swan"], themes["1 Heron by the lock"]
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
    assert themes["1 Swan"].confidence == round(1 - PROBABILITIES[[5, 6]].max(axis=1).mean(), 3)


def test_the_reason_says_how_many_where_and_on_what() -> None:
    assert gathered()[1]["2 Anti-social behaviour"].why == "1 point at 1 of 1 tables labelled 'asb', most distinctively on 'litter pick'."


def test_keyphrases_are_those_that_tell_a_theme_from_the_others() -> None:
    _, themes = gathered()
    assert set(themes["1 Road safety"].keyphrases) == {"school", "pothole", "car", "litter"}
    assert themes["1 Road safety"].keyphrases[-1] == "litter"  # said more often in another theme
    assert themes["1 Swan"].keyphrases == ("swan", "weir")
    assert themes["1 Anti-social behaviour"].keyphrases[0] == "litter"


def test_quotes_are_the_words_of_points_of_the_theme_each_from_a_new_table_while_there_is_one() -> None:
    points, themes = gathered()
    said = points.set_index("point_id")
    for theme in themes.values():
        for quote in theme.quotes:
            assert quote.point_id in theme.point_ids
            assert (quote.text, quote.table, quote.source_file) == tuple(said.loc[quote.point_id, ["text", "table", "source_file"]])
        named = [quote.table for quote in theme.quotes if quote.table]
        assert len(set(named[: theme.tables])) == min(theme.tables, len(named))
    assert {quote.table for quote in themes["1 Anti-social behaviour"].quotes[:2]} == {"1", "2"}


def test_the_first_quote_is_the_one_most_like_the_theme_as_a_whole() -> None:
    made = table_of([("1", "1", text, "asb", 1, "", "", "", "", "labelled", 0, "") for text in ("edge", "middle", "other edge")])
    turned = np.radians([-40.0, 0.0, 45.0])
    vectors = np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)
    _, themes = gather_themes(made, vectors, np.full((3, 3), 0.5), TAXONOMY, Settings(quotes_per_theme=2))
    # Then the one that differs more from it, though the other edge is a little nearer to the whole:
    # 0.7 cos 43.3 - 0.3 cos 45 = 0.297 is more than 0.7 cos 41.7 - 0.3 cos 40 = 0.293.
    assert [quote.text for quote in themes[0].quotes] == ["middle", "other edge"]


def test_a_new_table_is_quoted_before_one_that_was_though_it_is_further_from_the_whole() -> None:
    made = table_of([("1", table, text, "asb", 1, "", "", "", "", "labelled", 0, "") for table, text in zip("1112", "abcd", strict=True)])
    turned = np.radians([0.0, 10.0, 20.0, 85.0])
    vectors = np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)
    _, themes = gather_themes(made, vectors, np.full((4, 3), 0.5), TAXONOMY, Settings())
    # By nearness and difference alone "b" would be second: 0.7 cos 17 - 0.3 cos 10 = 0.37 against 0.7 cos 58 - 0.3 cos 65 = 0.24.
    assert [quote.text for quote in themes[0].quotes] == ["c", "d", "b"]


def test_a_text_said_twice_is_quoted_once() -> None:
    made = table_of(
        [("1", str(n), text, "asb", 1, "", "", "", "", "labelled", 0, "") for n, text in enumerate(("Litter", "litter", "lads"))]
    )
    _, themes = gather_themes(made, vectors_of(3), np.full((3, 3), 0.5), TAXONOMY, Settings())
    assert sorted(quote.text.lower() for quote in themes[0].quotes) == ["lads", "litter"]


@pytest.mark.parametrize("most", [0, 1, 2])
def test_no_more_quotes_are_shown_than_the_setting_allows(most: int) -> None:
    _, themes = gathered(Settings(quotes_per_theme=most))
    assert {name: len(theme.quotes) for name, theme in themes.items()} == {name: min(most, theme.points) for name, theme in themes.items()}


def test_points_come_back_once_each_in_order_of_session_table_and_text() -> None:
    points, _ = gathered()
    assert sorted(points["point_id"]) == sorted(POINTS["point_id"])
    first = points[(points["session"] == "1") & (points["aspect"] == "challenge")]
    assert list(dict.fromkeys(first["table"])) == ["1", "2", "3", "10", ""]
    assert list(dict.fromkeys(points["session"])) == ["1", "2", "3"]


@given(st.permutations(range(len(MADE))))
@examples(max_examples=15, deadline=None)
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    points, themes = gather_themes(POINTS, VECTORS, PROBABILITIES, TAXONOMY, Settings())
    shuffled = POINTS.iloc[order].reset_index(drop=True)
    again, same = gather_themes(shuffled, VECTORS[order], PROBABILITIES[order], TAXONOMY, Settings())
    assert same == themes
    pd.testing.assert_frame_equal(again, points)


def test_no_points_give_no_themes() -> None:
    points, themes = gather_themes(empty(Labelled), np.zeros((0, 0), dtype=np.float32), np.zeros((0, 3)), TAXONOMY, Settings())
    assert themes == []
    assert len(points) == 0
    assert "theme_id" in points


def test_notes_without_tables_have_themes_without_tables() -> None:
    made = table_of([("1", "", "litter", "asb", 2, "", "", "", "", "labelled", 0, "litter")])
    _, (theme,) = gather_themes(made, vectors_of(1), np.full((1, 3), 0.5), TAXONOMY, Settings())
    assert (theme.tables, theme.tables_total) == (0, 0)
    assert theme.why == "1 point labelled 'asb', most distinctively on 'litter'."


def test_a_table_that_skipped_label_is_refused() -> None:
    with pytest.raises(ContractError, match=r"given to themes.*'codes'"):
        gather_themes(POINTS.drop(columns="codes"), VECTORS, PROBABILITIES, TAXONOMY, Settings())


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
    ("1", "1", "sheds broken into", "shed|rural", 2, "", "", "", "", "labelled", 0, "shed"),
    ("1", "2", "shed and bike gone", "theft|shed", 1, "", "", "", "", "labelled", 0, "shed|bike"),
    ("1", "2", "burglars about", "crime|burglary", 1, "", "", "", "", "labelled", 0, "burglar"),
    ("1", "3", "crime is up", "crime", 1, "", "", "", "", "labelled", 0, "crime"),
    ("1", "3", "quiet lanes", "rural", 1, "", "", "", "", "labelled", 0, "lane"),
    ("2", "1", "diesel stolen", "theft", 1, "", "", "", "", "labelled", 0, "diesel"),
]
STOLEN_PROBABILITIES = np.round(np.random.default_rng(7).uniform(0.1, 0.9, size=(len(STOLEN), len(COLUMN))), 3)


def rolled() -> tuple[pd.DataFrame, dict[str, ThemeRow]]:
    points, themes = gather_themes(table_of(STOLEN), vectors_of(len(STOLEN)), STOLEN_PROBABILITIES, CRIME, Settings())
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
    assert points["codes"].sort_index().tolist() == [row[3] for row in STOLEN]
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
    made = table_of([*STOLEN, ("1", "1", "swans nest", "", 1, "", "", "", "", "no_match", 3, "swan")])
    _, themes = gather_themes(made, vectors_of(7), np.full((7, len(COLUMN)), 0.2), CRIME, Settings())
    assert [(theme.broader, theme.point_ids) for theme in themes if theme.kind == "emergent"] == [(None, ("n06-1",))]


# quotes are verified against the notes

NOTES = pd.DataFrame({"note_id": POINTS["note_id"], "text": POINTS["text"]})


def test_true_quotes_pass_and_are_left_as_they_are() -> None:
    points, themes = gathered()
    before = points.copy()
    verify_quotes(list(themes.values()), points, NOTES)
    pd.testing.assert_frame_equal(points, before)
    assert any(theme.quotes for theme in themes.values())


def test_a_tampered_point_is_refused() -> None:
    points, themes = gathered()
    points.loc[points["point_id"] == "n08-1", "text"] = "OK"
    with pytest.raises(ContractError, match="point n08-1 is not what its note says from character 0 to 2"):
        verify_quotes(list(themes.values()), points, NOTES)


def test_a_tampered_note_is_refused() -> None:
    points, themes = gathered()
    with pytest.raises(ContractError, match="n03-1"):
        verify_quotes(list(themes.values()), points, NOTES.replace("speeding by the school", "Speeding by the school"))


def test_a_tampered_quote_is_refused() -> None:
    points, themes = gathered()
    theme = themes["1 Road safety"]
    tampered = replace(theme, quotes=(replace(theme.quotes[0], text=theme.quotes[0].text + "!"),))
    with pytest.raises(ContractError, match="a quote of theme ev-1-road is not what point"):
        verify_quotes([tampered], points, NOTES)


def test_a_quote_of_a_point_that_is_not_there_is_refused() -> None:
    points, themes = gathered()
    theme = themes["1 Road safety"]
    with pytest.raises(ContractError, match="n99-1"):
        verify_quotes([replace(theme, quotes=(replace(theme.quotes[0], point_id="n99-1"),))], points, NOTES)
