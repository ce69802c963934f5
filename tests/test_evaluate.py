from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.calibration import calibration_curve
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import ContractError, OutputError, ReadError
from pipeline.evaluate import FILES, Evaluation, evaluate
from pipeline.evaluate.agreement import (
    MISSING,
    agreement,
    alpha_of_sets,
    alpha_of_themes,
    krippendorff_alpha,
    masi_distances,
    samples,
)
from pipeline.evaluate.figures import BINS, DEFINITIONS, Bools, Floats, Judged, _bins, estimates, resampled
from pipeline.evaluate.figures import samples as samples_of_figures
from pipeline.evaluate.page import evaluation_page, reliability_svg
from pipeline.ingest.coded import read_coded
from pipeline.store import check_replaceable

KNOWN = ("asb", "dv", "theft")
LABELS = {"asb": "Anti-social behaviour", "dv": "Domestic abuse", "theft": "Theft"}


def table(*rows: str) -> Bools:
    """Rows of 0 and 1."""
    return np.array([[cell == "1" for cell in row] for row in rows], dtype=bool)


def random_case(seed: int, n: int = 60, themes: int = 5) -> tuple[Bools, Bools, Bools, Floats, list[str]]:
    rng = np.random.default_rng(seed)
    truth, ignored = rng.random((n, themes)) < 0.3, rng.random((n, themes)) < 0.05
    chances = np.clip(0.4 * truth + 0.7 * rng.random((n, themes)), 0, 1)
    said = chances > 0.55
    outcomes = ["labelled" if row.any() else str(rng.choice(["no_match", "undecided", "procedural"])) for row in said]
    return truth, said, ignored, chances, outcomes


def labels_for(themes: int) -> dict[str, str]:
    return {f"c{number}": f"Theme {number}" for number in range(themes)}


def evaluated(case: int, **changes: Any) -> Evaluation:
    truth, said, ignored, chances, outcomes = random_case(case)
    return evaluate(truth, said, chances, outcomes, labels_for(5), ignored=ignored, **changes)


# figures

TRUTH = table("100", "110", "000", "001", "000")
GIVEN = table("100", "101", "010", "000", "000")
CHANCES = np.array([[0.9, 0.2, 0.1], [0.8, 0.3, 0.7], [0.1, 0.6, 0.2], [0.4, 0.1, 0.3], [0.1, 0.1, 0.1]])
SAID = ["labelled", "labelled", "labelled", "no_match", "undecided"]


def test_figures_worked_out_by_hand() -> None:
    found = evaluate(TRUTH, GIVEN, CHANCES, SAID, LABELS)
    expected = {
        "micro_precision": 2 / 4,
        "micro_recall": 2 / 4,
        "micro_f1": 2 / 4,
        "macro_precision": (1 + 0 + 0) / 3,
        "macro_recall": (1 + 0 + 0) / 3,
        "macro_f1": 1 / 3,
        "samples_precision": (1 + 1 / 2 + 0) / 3,
        "samples_recall": (1 + 1 / 2 + 0) / 3,
        "samples_f1": (1 + 1 / 2 + 0 + 0) / 4,
        "exact_match": 2 / 5,
        "ranking_precision": (1 + (1 / 1 + 2 / 3) / 2 + 1 / 2) / 3,
    }
    assert {name: found.figures[name].value for name in expected} == {name: round(value, 4) for name, value in expected.items()}
    assert set(found.figures) == set(DEFINITIONS) - {"outcome_right"}
    assert found.themes[["gold", "given", "right", "missed", "wrong"]].to_numpy().tolist() == [
        [2, 2, 2, 0, 0],
        [1, 1, 0, 1, 1],
        [1, 1, 0, 1, 1],
    ]
    assert found.outcomes.set_index("outcome")["right"].to_dict() == {"labelled": 2, "no_match": 0, "undecided": 1, "procedural": 0}
    assert found.outcomes.set_index("outcome").loc["labelled", "share"] == round(2 / 3, 4)
    assert found.confusion.to_numpy().tolist() == [
        ["dv", "Domestic abuse", "theft", "Theft", 1, 1.0],
        ["theft", "Theft", "(nothing)", "", 1, 1.0],
    ]


def test_a_code_of_one_coder_only_counts_neither_way() -> None:
    ignored = table("000", "001", "010", "000", "000")
    found = evaluate(TRUTH, GIVEN, CHANCES, SAID, LABELS, ignored=ignored)
    assert found.figures["micro_precision"].value == 1.0
    assert found.figures["micro_recall"].value == 0.5
    assert found.figures["exact_match"].value == 0.6
    assert found.figures["ranking_precision"].value == round((1 + 1 + 1 / 2) / 3, 4)
    assert found.themes["wrong"].tolist() == [0, 0, 0]
    assert int(found.reliability["pairs"].sum()) == 15 - 2
    assert found.outcomes.set_index("outcome").loc["labelled", ["points", "judged", "right"]].tolist() == [3, 2, 2]
    untold = evaluate(TRUTH, GIVEN & ~ignored, CHANCES, SAID, LABELS, ignored=ignored)
    assert untold.figures == found.figures


def test_no_match_where_only_one_coder_gave_a_code_is_not_judged() -> None:
    none = table("000")
    found = evaluate(none, none, np.zeros((1, 3)), ["no_match"], LABELS, ignored=table("010"))
    assert found.outcomes.set_index("outcome").loc["no_match", ["points", "judged", "right"]].tolist() == [1, 0, 0]


def test_what_is_not_defined_is_none() -> None:
    none = table("000", "000")
    found = evaluate(none, none, np.zeros((2, 3)), ["no_match", "undecided"], LABELS, second=none)
    undefined = {name for name, figure in found.figures.items() if figure.value is None}
    assert undefined == set(found.figures) - {"exact_match", "calibration_error"}
    assert found.figures["exact_match"].value == 1.0
    assert found.agreement is not None
    assert found.agreement["alpha_masi"].isna().all()
    assert found.confusion.empty


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_scikit_learn(seed: int) -> None:
    truth, said, ignored, chances, outcomes = random_case(seed)
    judged = Judged.of(truth, said, np.zeros_like(ignored), chances, outcomes)
    found = estimates(judged)
    for kind in ("micro", "macro"):
        expected = metrics.precision_recall_fscore_support(truth, said, average=kind)[:3]
        assert [found[f"{kind}_{name}"] for name in ("precision", "recall", "f1")] == pytest.approx(expected)
    coded = truth.any(axis=1)
    assert found["ranking_precision"] == pytest.approx(metrics.label_ranking_average_precision_score(truth[coded], chances[coded]))
    assert found["exact_match"] == metrics.accuracy_score(truth, said)
    share, mean = calibration_curve(truth.ravel(), chances.ravel(), n_bins=BINS, strategy="uniform")
    reliability = evaluate(truth, said, chances, outcomes, labels_for(5)).reliability
    assert reliability["share_right"].to_numpy() == pytest.approx(share, abs=1e-4)
    assert reliability["mean_probability"].to_numpy() == pytest.approx(mean, abs=1e-4)
    assert reliability["pairs"].sum() == truth.size
    share, mean = calibration_curve(truth.ravel(), chances.ravel(), n_bins=BINS, strategy="quantile")
    assert found["calibration_error"] == pytest.approx(np.abs(share - mean).mean())


@pytest.mark.parametrize("themes", [1, 4])
def test_a_resample_gives_what_scikit_learn_gives_for_the_points_drawn(themes: int) -> None:
    truth, said, ignored, chances, outcomes = random_case(8, n=30, themes=themes)
    judged = Judged.of(truth, said, ignored, chances, outcomes)
    weights = resampled(len(judged), seed=3, resamples=20)
    found = samples_of_figures(judged, np.vstack([np.ones((1, 30)), weights]))
    for name, value in estimates(judged).items():
        assert found[name][0] == pytest.approx(value), name
    for row, drawn in enumerate(weights, 1):
        picked = np.repeat(np.arange(30), drawn.astype(int))
        parts = (a[picked] for a in (judged.truth, judged.given, judged.ignored, judged.probabilities, judged.outcomes))
        again = estimates(Judged.of(*parts))
        del again["calibration_error"]  # resamples keep the bins of all points
        assert {name: found[name][row] for name in again} == pytest.approx(again, nan_ok=True)


def test_calibration_error_in_a_resample_keeps_the_bins() -> None:
    truth, said, ignored, chances, outcomes = random_case(4, n=25)
    judged = Judged.of(truth, said, ignored, chances, outcomes)
    (weights,) = resampled(25, seed=1, resamples=1)
    bins, mass = _bins(judged), weights[:, None] * ~judged.ignored
    expected = sum(abs(((judged.truth - judged.probabilities) * mass)[bins == b].sum()) for b in range(BINS)) / mass.sum()
    assert samples_of_figures(judged, weights[None])["calibration_error"][0] == pytest.approx(expected)


def test_points_of_equal_probability_share_a_bin_and_bins_without_points_are_left_out() -> None:
    truth = table("10", "01", "00", "11")
    found = evaluate(truth, truth, np.full((4, 2), 0.5), ["labelled"] * 4, {"a": "A", "b": "B"})
    assert found.reliability.to_numpy().tolist() == [[1, 0.5, 0.5, 8, 0.5, 0.5]]
    assert found.figures["calibration_error"].value == 0.0


# properties

CASES = st.integers(0, 10_000).map(lambda seed: random_case(seed, n=1 + seed % 40, themes=1 + seed % 6))


@examples(max_examples=40, deadline=None)
@given(CASES)
def test_perfect_labels_are_perfect(case: tuple[Bools, Bools, Bools, Floats, list[str]]) -> None:
    truth, _, ignored, _, _ = case
    outcomes = ["labelled" if row.any() else "no_match" for row in truth]
    optional = ignored & truth.any(axis=1, keepdims=True)
    found = evaluate(truth, truth, truth.astype(float), outcomes, labels_for(truth.shape[1]), ignored=optional, second=truth, resamples=50)
    assert found.figures["calibration_error"].value == 0.0
    for name, figure in found.figures.items():
        if name != "calibration_error":
            assert (figure.value, figure.low, figure.high) in ((1.0, 1.0, 1.0), (None, None, None)), name
    assert found.confusion.empty
    shares = found.outcomes.loc[found.outcomes["judged"] > 0, "share"]
    assert (shares == 1.0).all()
    assert found.agreement is not None
    numbers = found.agreement.drop(columns="pair").to_numpy(dtype=float)
    assert np.isnan(numbers[numbers != 1.0]).all()


@examples(max_examples=40, deadline=None)
@given(CASES)
def test_intervals_contain_the_estimate(case: tuple[Bools, Bools, Bools, Floats, list[str]]) -> None:
    truth, said, ignored, chances, outcomes = case
    found = evaluate(truth, said, chances, outcomes, labels_for(truth.shape[1]), ignored=ignored).figures
    # Calibration error and, over rare themes, macro figures are biased in resamples: a percentile interval may miss them.
    for name in set(found) - {"calibration_error", "macro_precision", "macro_recall", "macro_f1"}:
        value, low, high = found[name].value, found[name].low, found[name].high
        if value is None:
            assert low is high is None
        else:
            assert low is not None
            assert high is not None
            assert 0.0 <= low <= value <= high <= 1.0, name


def test_macro_intervals_contain_the_estimate_where_themes_are_not_rare() -> None:
    truth, said, ignored, chances, outcomes = random_case(5, n=400)
    found = evaluate(truth, said, chances, outcomes, labels_for(5), ignored=ignored).figures
    for name in ("macro_precision", "macro_recall", "macro_f1"):
        assert found[name].low < found[name].value < found[name].high  # type: ignore[operator]


@examples(max_examples=15, deadline=None)
@given(CASES, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(case: tuple[Bools, Bools, Bools, Floats, list[str]], random: Any) -> None:
    truth, said, ignored, chances, outcomes = case
    order = list(range(len(truth)))
    random.shuffle(order)
    second = truth ^ ignored
    labels = labels_for(truth.shape[1])
    one = evaluate(truth, said, chances, outcomes, labels, ignored=ignored, second=second, resamples=40)
    mixed = [outcomes[at] for at in order]
    two = evaluate(truth[order], said[order], chances[order], mixed, labels, ignored=ignored[order], second=second[order], resamples=40)
    assert one.figures == two.figures
    for name in ("themes", "outcomes", "confusion", "reliability", "agreement"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))


def test_the_seed_changes_intervals_and_nothing_else() -> None:
    one, again, other = evaluated(1), evaluated(1), evaluated(1, seed=9)
    assert one.figures == again.figures
    assert one.figures != other.figures
    assert {n: f.value for n, f in one.figures.items()} == {n: f.value for n, f in other.figures.items()}


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ContractError, match="shapes"):
        evaluate(TRUTH, GIVEN[:, :2], CHANCES, SAID, LABELS)
    with pytest.raises(ContractError, match="at least one"):
        evaluate(TRUTH[:0], GIVEN[:0], CHANCES[:0], [], LABELS)


# agreement


def codings(*coders: str) -> Any:
    values = sorted({value for coder in coders for value in coder} - {"."})
    return np.array([[values.index(value) if value != "." else MISSING for value in coder] for coder in coders]), values


FOUR_CODERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


@pytest.mark.parametrize(
    ("coders", "alpha"),
    [
        (("0100000010", "1110010000"), 0.095),  # Krippendorff 2011, A: binary, two observers
        (("aabbdcccedda", "babbbccceddd"), 0.692),  # B: nominal, two observers
        (FOUR_CODERS, 0.743),  # C: nominal, four observers, values missing
    ],
)
def test_alpha_of_published_examples(coders: tuple[str, ...], alpha: float) -> None:
    found, values = codings(*coders)
    assert krippendorff_alpha(found, 1.0 - np.eye(len(values))) == pytest.approx(alpha, abs=5e-4)


def test_alpha_with_another_distance_as_published() -> None:
    found, values = codings(*FOUR_CODERS)
    numbers = np.array([float(value) for value in values])
    assert krippendorff_alpha(found, (numbers[:, None] - numbers) ** 2) == pytest.approx(0.849, abs=5e-4)  # D: interval


def test_alpha_where_all_values_are_the_same_is_not_defined() -> None:
    assert np.isnan(krippendorff_alpha(np.zeros((2, 5), dtype=int), 1.0 - np.eye(2)))


def test_masi_distance() -> None:
    found = masi_distances(table("1100", "1100", "1110", "1010", "0001", "0000"))
    assert found[0] == pytest.approx([0, 0, 1 - 2 / 3 * 2 / 3, 1 - 1 / 3 * 1 / 3, 1, 1])
    assert found[5] == pytest.approx([1, 1, 1, 1, 1, 0])
    assert (found == found.T).all()


def test_alpha_over_sets_by_hand() -> None:
    first, second = table("10", "01", "11"), table("10", "01", "10")
    # Values: {a} 3 times, {b} twice, {a, b} once. Observed: one unit in three at 1 - 1/2 * 2/3 = 2/3.
    observed = (2 / 3) / 3
    expected = 2 * (3 * 2 * 1 + 3 * 1 * 2 / 3 + 2 * 1 * 2 / 3) / (6 * 5)
    assert alpha_of_sets(first, second) == pytest.approx(1 - observed / expected)


def test_ignored_cells_are_missing_values_for_the_alpha_of_a_theme() -> None:
    first, second, ignored = table("1", "0", "1", "0"), table("1", "0", "0", "1"), table("0", "0", "1", "1")
    assert alpha_of_themes(first, second, ignored).tolist() == [1.0]


@pytest.mark.parametrize("seed", range(4))
def test_agreement_in_resamples_is_that_of_the_points_drawn(seed: int) -> None:
    first, second, ignored, _, _ = random_case(seed, n=25)
    first, second = first & ~ignored, second & ~ignored
    weights = resampled(25, seed, resamples=10)
    found = samples(first, second, ignored, weights)
    for row, drawn in enumerate(weights):
        picked = np.repeat(np.arange(25), drawn.astype(int))
        once = agreement(first[picked], second[picked], ignored[picked], np.ones((1, 25)))
        assert {name: round(float(found[name][row]), 4) for name in once} == {name: figure.value for name, figure in once.items()}
    assert agreement(first, second, ignored, weights)["micro_f1"].value == round(metrics.f1_score(first, second, average="micro"), 4)


def test_two_coders_and_the_program_stand_side_by_side() -> None:
    truth, said, ignored, chances, outcomes = random_case(2)
    second = truth.copy()
    second[:5] = ~second[:5]
    found = evaluate(truth, said, chances, outcomes, labels_for(5), ignored=ignored, second=second).agreement
    assert found is not None
    assert found["pair"].tolist() == ["first coder and second coder", "program and first coder", "program and second coder"]
    program = found.iloc[1]
    figures = evaluated(2).figures
    assert (program["micro_f1"], program["micro_f1_low"]) == (figures["micro_f1"].value, figures["micro_f1"].low)
    assert program["exact_match"] == figures["exact_match"].value
    assert found["alpha_themes"].iloc[0] > found["alpha_themes"].iloc[1]


# reading


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_coded_points_are_read_as_typed(tmp_path: Path) -> None:
    text = "ID,Point,Codes,optional_codes,codes_2\n1,litter,asb | theft,dv,none\n,,,,\n3, row ,None,,asb\n4,noise,,,\n"
    found = read_coded(written(tmp_path / "a.csv", text), KNOWN)
    assert found.rows == (2, 4, 5)
    assert found.texts == ("litter", "row", "noise")
    assert found.codes == (("asb", "theft"), (), ())
    assert found.optional == (("dv",), (), ())
    assert found.second == ((), ("asb",), ())
    assert (found.second_column, found.blank) == ("codes_2", 1)


def test_text_goes_before_point_and_another_coder_can_be_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "point\ttext\tcodes\tcodes_2\tBea\nx\ty\tasb\tdv\ttheft\n")
    found = read_coded(path, KNOWN, coder="bea")
    assert (found.texts, found.second, found.second_column) == (("y",), (("theft",),), "bea")
    assert read_coded(written(tmp_path / "b.csv", "text,codes\nlitter,asb\n"), KNOWN).second is None


def test_a_workbook_is_read_with_its_own_row_numbers(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["litter", "noise"], "codes": ["asb", "asb|dv"]})
    frame.to_excel(tmp_path / "a.xlsx", index=False, startrow=3)
    found = read_coded(tmp_path / "a.xlsx", KNOWN)
    assert (found.rows, found.codes) == ((5, 6), (("asb",), ("asb", "dv")))


def test_all_faults_are_told_at_once_with_their_rows(tmp_path: Path) -> None:
    text = "text,codes,optional_codes,codes_2\na,asbo,,\nb,asb,drugs,asbo\nc,none|asb,,\n,asb,,\n"
    with pytest.raises(ReadError) as raised:
        read_coded(written(tmp_path / "a.csv", text), KNOWN)
    said = str(raised.value)
    assert "4 faults" in said
    assert "code 'asbo' is not in the taxonomy (rows 2, 3)" in said
    assert "code 'drugs' is not in the taxonomy (row 3)" in said
    assert "'none' stands beside other codes (row 4, column 'codes')" in said
    assert "codes stand beside no text (row 5)" in said
    assert "asb, dv, theft" in said


@pytest.mark.parametrize(
    ("text", "coder", "said"),
    [
        ("id,comment\n1,a\n", None, "2 faults"),
        ("text,theme\na,asb\n", None, "no column 'codes'"),
        ("text,codes\na,asb\n", "codes_2", "no column 'codes_2'"),
        ("text,codes\na,asb\n", "codes", "another use"),
        ("text,codes\n", None, "holds no points"),
        ("", None, "found: none"),
    ],
)
def test_files_that_cannot_be_evaluated(tmp_path: Path, text: str, coder: str | None, said: str) -> None:
    with pytest.raises(ReadError, match=re.escape(said)):
        read_coded(written(tmp_path / "a.csv", text), KNOWN, coder)


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path) -> None:
    check_replaceable(tmp_path / "new", FILES, "evaluation")
    check_replaceable(tmp_path, FILES, "evaluation")
    written(tmp_path / "evaluation.md", "")
    check_replaceable(tmp_path, FILES, "evaluation")
    written(tmp_path / "thesis.docx", "")
    with pytest.raises(OutputError, match=r"thesis\.docx"):
        check_replaceable(tmp_path, FILES, "evaluation")
    with pytest.raises(OutputError, match="it is a file"):
        check_replaceable(tmp_path / "thesis.docx", FILES, "evaluation")


# the command

GOLD = (
    "text,codes,optional_codes,codes_2,id\n"
    "Burglaries in the terraces,acquisitive_crime,,acquisitive_crime,x\n"
    '"Cllr Mrs Hall says speeding past the school, ring 01632 960145",road_safety,,road_safety|confidence,y\n'
    "tea break 7.30,none,,,z\n"
    "The refuge for domestic violence is full,dv,resourcing,dv,z\n"
    "The moon was lovely over the canal,road_safety,,none,z\n"
)


def themes(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_command_writes_the_figures_and_a_page(tmp_path: Path) -> None:
    gold, out = written(tmp_path / "gold_1.csv", GOLD), tmp_path / "deep" / "out"
    result = themes("evaluate", gold, "--out", out)
    assert result.exit_code == 0, result.output
    assert re.fullmatch(rf"{out}: 5 points, F1 0\.\d\d \(.*\)\nStart with {out / 'evaluation.md'}\n", result.stdout)
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    plot = {"reliability.svg"} if importlib.util.find_spec("altair") and importlib.util.find_spec("vl_convert") else set()
    assert set(files) == {"evaluation.json", "evaluation.md", "per_theme.csv", "confusion.csv", "reliability.csv", "points.csv"} | plot

    document = json.loads(files["evaluation.json"])
    assert document["schema"] == "workshop-themes/evaluation/1.0"
    assert document["gold"] == {
        "file": "gold_1.csv", "sha256": hashlib.sha256(GOLD.encode()).hexdigest(), "points": 5, "without_code": 1, "blank_rows": 0,
        "optional_codes": 1, "second_coder": "codes_2",
    }  # fmt: skip
    assert all(len(document["models"][name]["sha256"]) == 64 for name in ("encoder", "spacy", "label_head"))
    assert len(document["taxonomy"]["sha256"]) == 64
    assert document["agreement"][0]["exact_match"] == 0.6
    assert set(document["figures"]) < set(document["definitions"])

    points = list(csv.DictReader(files["points.csv"].decode().splitlines()))
    assert [point["row"] for point in points] == ["2", "3", "4", "5", "6"]
    assert points[0]["right"] == "acquisitive_crime"
    assert points[2]["outcome"] == "procedural"
    assert points[4]["missed"] == "road_safety"
    assert all("960145" not in data.decode() and "Hall" not in data.decode() for data in files.values())
    assert "[PHONE 1]" in points[1]["text"]
    assert sum(int(row["gold"]) for row in csv.DictReader(files["per_theme.csv"].decode().splitlines())) == 4

    page = files["evaluation.md"].decode()
    assert page.startswith("# How well the labels fit: gold\\_1.csv\n")
    assert "Two coders and the program" in page
    assert "nan" not in page.lower()
    assert "None" not in page

    backwards = "\n".join([GOLD.splitlines()[0], *GOLD.splitlines()[:0:-1]]) + "\n"
    assert themes("evaluate", written(gold, backwards), "--out", out).exit_code == 0
    again = json.loads((out / "evaluation.json").read_text())
    assert {key: value for key, value in again.items() if key != "gold"} == {key: value for key, value in document.items() if key != "gold"}


def test_the_command_takes_another_taxonomy_settings_and_coder(tmp_path: Path) -> None:
    taxonomy = written(
        tmp_path / "t.yaml", "name: tiny\nversion: '7'\nthemes:\n- {code: theft, label: Burglary and theft, terms: [burglary]}\n"
    )
    settings = written(tmp_path / "s.yaml", "label_threshold: 0.01\nseed: 4\n")
    gold = written(
        tmp_path / "gold.csv", "point,codes,bea\nBurglaries in the terraces,theft,theft\nA lovely evening by the canal,none,theft\n"
    )
    out = tmp_path / "out"
    result = themes("evaluate", gold, "--out", out, "--taxonomy", taxonomy, "--settings", settings, "--coder", "bea")
    assert result.exit_code == 0, result.output
    document = json.loads((out / "evaluation.json").read_text())
    assert (document["taxonomy"]["name"], document["bootstrap"]["seed"], document["gold"]["second_coder"]) == ("tiny", 4, "bea")
    assert document["models"]["label_head"]["thresholds"] == {"names": 0.01, "examples": 0.01, "coded": 0.01, "bundled": 0.01}
    assert "0.01 (names)" in (out / "evaluation.md").read_text("utf-8")


def test_faults_give_2_and_write_nothing(tmp_path: Path) -> None:
    gold = written(tmp_path / "gold.csv", "text,codes\na,asbo\nb,asb\nc,asbo\n")
    result = themes("evaluate", gold, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "code 'asbo' is not in the taxonomy (rows 2, 4)" in result.stderr
    assert themes("evaluate", tmp_path / "none.csv", "--out", tmp_path / "out").exit_code == 2
    assert themes("evaluate", gold, "--out", tmp_path).exit_code == 2
    assert gold.is_file()
    assert not (tmp_path / "out").exists()


# the page


def page_of(evaluation: Evaluation, **gold: Any) -> str:
    one = {"name": "m", "version": "1", "sha256": "a" * 64, "thresholds": {"names": 0.2, "coded": 0.5}}
    rows = {
        name: json.loads(getattr(evaluation, name).to_json(orient="records")) for name in ("themes", "outcomes", "confusion", "reliability")
    }
    told = {
        "file": "g.csv",
        "sha256": "b" * 64,
        "points": evaluation.points,
        "without_code": 1,
        "blank_rows": 0,
        "optional_codes": 0,
        "second_coder": "",
        **gold,
    }
    figures = {name: {"value": f.value, "low": f.low, "high": f.high} for name, f in evaluation.figures.items()}
    return evaluation_page(
        {
            "gold": told,
            "taxonomy": one,
            "models": {"encoder": one, "label_head": one},
            "bootstrap": {"resamples": 10},
            "figures": figures,
            "agreement": [],
            **rows,
        }
    )


def test_tables_of_the_page_have_numbers_to_the_right_and_a_meaning_for_every_figure() -> None:
    page = page_of(evaluated(3))
    lines = page.splitlines()
    at = lines.index(next(line for line in lines if line.startswith("| figure")))
    assert [cell[-1] for cell in lines[at + 1].strip("|").split("|")] == ["-", ":", ":", "-"]
    rows = [line.strip("|").split("|") for line in lines[at + 2 : at + 2 + 12]]
    assert len({len(line) for line in lines[at : at + 14]}) == 1
    assert all(re.fullmatch(r" +\d\.\d\d\d? ", row[1]) and row[3].strip() for row in rows)
    assert "g.csv" in lines[0]
    assert "only one of two coders" not in page
    assert "7 codes that only one of two coders gave" in page_of(evaluated(3), optional_codes=7)


def test_the_page_of_nothing_coded_and_nothing_given_shows_dashes() -> None:
    none = table("000")
    page = page_of(evaluate(none, none, np.zeros((1, 3)), ["no_match"], LABELS))
    assert "None" not in page
    assert "nan" not in page
    assert "| F1                  |     – |" in page
    assert "Neither coded nor given: Anti-social behaviour, Domestic abuse, Theft." in page
    assert "Codes missed: 0." in page


def test_the_plot_is_drawn() -> None:
    drawn = reliability_svg(evaluated(3).reliability)
    assert drawn.startswith(b"<svg")
