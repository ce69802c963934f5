"""The tables between stages: a skipped stage or a missing column fails at the seam and is named."""

from __future__ import annotations

import pandas as pd
import pytest
from note_tables import dropped_texts, identified_notes, raw_notes

from pipeline.cluster import cluster
from pipeline.errors import ContractError
from pipeline.records import (
    Clustered,
    Dropped,
    Labelled,
    Notes,
    Points,
    RawNotes,
    _plainly_kept,
    checked,
    empty,
    session_order,
    words_in,
)
from pipeline.settings import Settings
from pipeline.tokenise import tokenise

MODELS = [RawNotes, Notes, Points, Clustered, Labelled, Dropped]


@pytest.fixture(scope="module")
def points() -> pd.DataFrame:
    return tokenise(identified_notes("litter; noise"), Settings())[0]


@pytest.mark.parametrize("model", MODELS)
def test_an_empty_table_keeps_its_contract(model: type) -> None:
    table = empty(model)
    assert checked(model, table, "in a test") is table
    assert len(table) == 0
    assert list(table.columns) == list(model.to_schema().columns)


def test_what_a_run_makes_is_found_good_without_pandera(points: pd.DataFrame) -> None:
    assert _plainly_kept(RawNotes, raw_notes("litter", "noise"))
    assert _plainly_kept(Points, points)
    assert _plainly_kept(Notes, identified_notes("litter; noise"))


@pytest.mark.parametrize("column", list(RawNotes.to_schema().columns))
def test_a_missing_column_of_notes_is_named(column: str) -> None:
    with pytest.raises(ContractError, match=f"table RawNotes given to redact: .*column '{column}' fails column_in_dataframe"):
        checked(RawNotes, raw_notes("litter").drop(columns=column), "given to redact")


@pytest.mark.parametrize("column", list(Points.to_schema().columns))
def test_a_missing_column_of_points_is_named(column: str, points: pd.DataFrame) -> None:
    checked(Points, points, "given to cluster")
    with pytest.raises(ContractError, match=f"table Points given to cluster: .*column '{column}' fails column_in_dataframe"):
        checked(Points, points.drop(columns=column), "given to cluster")


def test_a_skipped_stage_is_named_at_the_seam(points: pd.DataFrame) -> None:
    with pytest.raises(ContractError, match=r"table Notes given to tokenise: .*'note_id'"):
        tokenise(raw_notes("litter"), Settings())
    with pytest.raises(ContractError, match=r"table Points given to cluster: .*'point_id'"):
        cluster(identified_notes("litter"), pd.DataFrame([[1.0]]).to_numpy(), Settings())
    with pytest.raises(ContractError, match=r"table Clustered given to label: .*column 'cluster' fails"):
        checked(Clustered, points, "given to label")
    with pytest.raises(ContractError, match=r"table Labelled given to themes: 7 broken rule.*column 'codes' fails"):
        checked(Labelled, points.assign(cluster=0), "given to themes")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("aspect", "gossip"),
        ("priority", "Very urgent"),
        ("level", "parish"),
        ("form", "poem"),
        ("text", ""),
        ("table", None),
        ("resident", float("nan")),
    ],
)
def test_a_value_outside_the_contract_is_named(column: str, value: object) -> None:
    rows = raw_notes("litter", "noise")
    rows.loc[1, column] = value
    with pytest.raises(ContractError, match=f"table RawNotes given to redact: 1 broken.*'{column}' fails"):
        checked(RawNotes, rows, "given to redact")


def test_numbers_where_text_belongs_are_named() -> None:
    with pytest.raises(ContractError, match="'session' fails dtype"):
        checked(RawNotes, raw_notes("litter").assign(session=1), "given to redact")


@pytest.mark.parametrize(("column", "value"), [("mentions", 0), ("start", -1), ("end", 0), ("text", "")])
def test_a_figure_outside_the_contract_is_named(column: str, value: object, points: pd.DataFrame) -> None:
    with pytest.raises(ContractError, match=f"column '{column}' fails"):
        checked(Points, points.assign(**{column: value}), "given to cluster")


def test_an_id_that_stands_twice_is_named(points: pd.DataFrame) -> None:
    with pytest.raises(ContractError, match="'point_id' fails field_uniqueness"):
        checked(Points, pd.concat([points, points], ignore_index=True), "given to cluster")
    with pytest.raises(ContractError, match="'note_id' fails field_uniqueness"):
        checked(Notes, identified_notes("litter", "noise").assign(note_id="n1").astype("str"), "given to tokenise")


def test_an_outcome_unheard_of_is_named(points: pd.DataFrame) -> None:
    whole = points.assign(cluster=0, codes="asb", scores="0.9", outcome="labelled", evidence="", cluster_codes="", cluster_mixed="")
    texts = ("codes", "scores", "outcome", "evidence", "cluster_codes", "cluster_mixed")
    whole = whole.astype(dict.fromkeys(texts, "str")).assign(outcome_score=0.9)
    checked(Labelled, whole, "given to themes")
    with pytest.raises(ContractError, match="column 'outcome' fails"):
        checked(Labelled, whole.assign(outcome="maybe").astype({"outcome": "str"}), "given to themes")


def test_the_number_of_broken_rules_is_told() -> None:
    with pytest.raises(ContractError, match="2 broken rule"):
        checked(Dropped, dropped_texts("x").drop(columns=["reason", "text"]), "given by ingest")


def test_extra_columns_are_let_through() -> None:
    table = raw_notes("litter").assign(colour="red")
    assert checked(RawNotes, table, "given to redact") is table


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("...", 0), ("litter + vandalism, car crime x3", 5), ("snake_case", 2), ("don't", 2), ("café au lait", 3), ("Łódź 24/7", 3)],
)
def test_words_are_runs_of_letters_and_digits(text: str, words: int) -> None:
    assert words_in(text) == words


def test_numbered_sessions_come_first_in_number_order() -> None:
    assert sorted(["residents", "10", "2", "", "1", "actions"], key=session_order) == ["1", "2", "10", "", "actions", "residents"]
