"""How far people agree who coded the same points, against figures worked out by hand. Everybody and every place is made up."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from decisions import USED, WHEN, undone
from office import ROWS, Office
from typer.testing import CliRunner

import pipeline.run
from pipeline.cli import app
from pipeline.corrections import Decision, PointSaid, Verdict, append, decide
from pipeline.embed import Encoder
from pipeline.errors import OutputError
from pipeline.label import Labeller
from pipeline.review.agreeing import Agreed, agreement_in_words, reviewer_agreement
from pipeline.store import read_run

A, B, C = "A. Analyst", "B. Reader", "C. Chair"
TEXTS = [row[-1] for row in ROWS]


class Coded:
    """An event that people coded."""

    def __init__(self, folder: Path, ledger: Path) -> None:
        self.folder, self.ledger = folder, ledger
        self.points = {row.text: row for row in read_run(folder).points.itertuples()}

    def says(self, who: str, text: str, *codes: str, outcome: str = "", blind: bool = True, **more: Any) -> Decision:
        row = self.points[text]
        said = PointSaid(row.point_id, row.text, row.session, row.table, row.aspect, row.source_file)
        new = Verdict(codes, outcome or ("labelled" if codes else "no_match"))
        decision = decide(**{"what": "codes", "event": "evening", "who": who, "source": "page", "origin": "page 0", "point": said,
                             "old": Verdict((), "no_match"), "new": new, "taxonomy": USED, "when": WHEN,
                             "blind": blind, **more})  # fmt: skip
        append(self.ledger, [decision])
        return decision

    def agreed(self, **options: Any) -> Agreed:
        return reviewer_agreement(self.folder, **{"ledger": self.ledger, **options})


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, labeller: Labeller) -> Office:
    with pytest.MonkeyPatch.context() as patch:  # they are loaded once for all tests
        patch.setattr(pipeline.run, "load_models", lambda settings, progress=None: (encoder, labeller))
        made = Office(tmp_path_factory.mktemp("office"))
        made.run()
    return made


@pytest.fixture
def coded(office: Office, tmp_path: Path) -> Coded:
    return Coded(office.out / "evening", tmp_path / "c.jsonl")


def test_two_people_and_the_program_agree_as_worked_out_by_hand(coded: Coded) -> None:
    # A: asb, dv, none, asb and dv; B: asb, asb, none, asb. Of 4 codes of A and 3 of B, 2 are shared.
    for text, one, other in zip(TEXTS, (["asb"], ["dv"], [], ["asb", "dv"]), (["asb"], ["asb"], [], ["asb"]), strict=False):
        coded.says(A, text, *one)
        coded.says(B, text, *other)
    agreed = coded.agreed()
    (pair,) = agreed.pairs
    people, *_ = pair.rows
    assert (agreed.coded, pair.reviewers, pair.points, pair.too_few) == ({A: 4, B: 4}, (A, B), 4, True)
    assert [row["pair"] for row in pair.rows] == [f"{A} and {B}", f"program and {A}", f"program and {B}"]
    assert people["micro_f1"] == round(2 * 2 / (4 + 3), 4)
    assert people["exact_match"] == 0.5
    # Nominal alpha is 1 - (n - 1) D / (n0 n1): of asb with n = 8 values, 5 of them 1, and D = 1 point that differs; of dv with 2 and 2.
    asb, dv = 1 - 7 * 1 / (3 * 5), 1 - 7 * 2 / (6 * 2)
    assert people["alpha_themes"] == round((asb + dv) / 2, 4)
    # MASI distances of the four pairs: 0, 1, 0 and 1 - 1/2 * 2/3. Values: asb 4 times, dv, asb and dv once, none twice.
    near, observed = 2 / 3, (0 + 1 + 0 + 2 / 3) * 2
    pairs = {("asb", "dv"): 4 * 1 * 1, ("asb", "none"): 4 * 2 * 1, ("asb", "both"): 4 * near, ("dv", "none"): 2, ("dv", "both"): near,
             ("none", "both"): 2}  # fmt: skip
    assert people["alpha_masi"] == round(1 - 7 * observed / (2 * sum(pairs.values())), 4)
    assert agreed.together[0] == 4
    assert agreed.together[1].value == people["alpha_masi"]
    by_code = {theme["code"]: theme for theme in pair.themes}
    assert {name: by_code["asb"][name] for name in ("first", "second", "both", "enough")} == {
        "first": 2, "second": 3, "both": 2, "enough": False,
    }  # fmt: skip
    assert by_code["asb"]["reviewers"]["value"] == 0.8
    assert by_code["dv"]["reviewers"]["value"] == 0.0


def test_the_program_is_compared_on_the_same_points_with_what_it_said_before_it_was_corrected(coded: Coded, office: Office) -> None:
    own = {text: tuple(filter(None, row.codes.split("|"))) for text, row in coded.points.items()}
    for text in TEXTS[:3]:
        coded.says(A, text, *own[text])
        coded.says(B, text, "dv")
    people, with_a, with_b = coded.agreed().pairs[0].rows
    assert with_a["micro_f1"] == with_a["exact_match"] == with_a["alpha_masi"] == 1.0
    assert with_b["micro_f1"] == people["micro_f1"] == 0.0


def test_the_last_word_of_each_counts_and_what_is_not_sure_or_taken_back_or_seen_does_not(coded: Coded) -> None:
    coded.says(A, TEXTS[0], "dv")
    coded.says(A, TEXTS[0], "asb")
    coded.says(B, TEXTS[0], "asb")
    coded.says(A, TEXTS[1], "asb")
    coded.says(B, TEXTS[1], outcome="not_sure")
    coded.says(A, TEXTS[2], "asb")
    append(coded.ledger, [undone(replace(coded.says(B, TEXTS[2], "dv"), event="evening"), B)])
    coded.says(A, TEXTS[3], "asb")
    coded.says("b.  reader", TEXTS[3], "dv", blind=False)
    blind = coded.agreed()
    assert (blind.coded, [pair.points for pair in blind.pairs]) == ({A: 4, B: 1}, [1])
    assert blind.pairs[0].rows[0]["exact_match"] == 1.0
    everything = coded.agreed(blind=False)
    assert [pair.points for pair in everything.pairs] == [2]
    assert everything.pairs[0].rows[0]["exact_match"] == 0.5


def test_of_three_people_every_two_are_compared_and_all_of_them_together(coded: Coded) -> None:
    for text, sets in zip(TEXTS, (("asb", "asb", "asb"), ("dv", "dv", None), ("asb", None, "dv")), strict=False):
        for who, code in zip((A, B, C), sets, strict=True):
            if code:
                coded.says(who, text, code)
    agreed = coded.agreed()
    assert [(pair.reviewers, pair.points) for pair in agreed.pairs] == [((A, B), 2), ((A, C), 2), ((B, C), 1)]
    # Coincidences: asb-asb 3, dv-dv 2, asb-dv 1 each way; so alpha = 1 - 6 * 2 / (2 * 4 * 3) with 4 asb and 3 dv among 7 values.
    assert agreed.together == (3, agreed.together[1])
    assert agreed.together[1].value == round(1 - 6 * 2 / (2 * 4 * 3), 4)


def test_too_few_points_and_nobody_to_compare_are_told_plainly(coded: Coded) -> None:
    assert agreement_in_words(coded.agreed()) == [
        "No two people have coded blind the same point, so nothing can be said. "
        "Let two people code with `themes review serve DIR --blind`, or count all with --all."
    ]
    coded.says(A, TEXTS[0], "asb")
    assert agreement_in_words(coded.agreed())[0] == f"{A}: 1 point coded blind"
    coded.says(B, TEXTS[0], "asb")
    said = agreement_in_words(coded.agreed())
    assert "That is too few points to tell: figures of fewer than 20 say next to nothing." in said
    assert any(line.startswith(f"{A} and {B}: alpha not defined, F1 1.00") for line in said)


def test_the_order_of_lines_in_the_ledger_changes_nothing(coded: Coded, tmp_path: Path) -> None:
    made = [coded.says(who, text, code) for who, code in ((A, "asb"), (B, "dv")) for text in TEXTS[:4]]
    made += [coded.says(B, TEXTS[4], "asb"), coded.says(A, TEXTS[4], "asb")]
    append(tmp_path / "turned.jsonl", made[::-1])
    coded.agreed(out=tmp_path / "one")
    coded.agreed(out=tmp_path / "two", ledger=tmp_path / "turned.jsonl")
    for name in ("agreement.json", "agreement.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_by_command_the_figures_are_printed_and_written(coded: Coded, tmp_path: Path) -> None:
    for text in TEXTS:
        coded.says(A, text, "asb", *(["dv"] if text == TEXTS[0] else []))
        coded.says(B, text, "asb")
    out = tmp_path / "how-far"
    result = CliRunner().invoke(app, ["review", "agreement", str(coded.folder), "--ledger", str(coded.ledger), "--out", str(out)])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[:2] == [f"{A}: 8 points coded blind", f"{B}: 8 points coded blind"]
    assert lines[-1] == f"Start with {out / 'agreement.md'}"
    told = json.loads((out / "agreement.json").read_text("utf-8"))
    assert (told["event"], told["blind"], told["pairs"][0]["too_few"], told["pairs"][0]["points"]) == ("evening", True, True, 8)
    page = (out / "agreement.md").read_text("utf-8")
    assert page.startswith("# How far people agree: evening\n")
    assert "with fewer than 20 points these figures say next to nothing" in page
    row = next(line for line in page.splitlines() if line.startswith("| Anti-social behaviour"))
    assert row.startswith("| Anti-social behaviour | 8 | 8 | 8 | 1.00 (1.00 to 1.00) | ")
    assert next(line for line in page.splitlines() if line.startswith("| Domestic")).endswith("| – | – | – |")
    assert not any(text in page for text in TEXTS)
    (out / "mine.txt").write_text("")
    with pytest.raises(OutputError, match=r"it holds 'mine\.txt', which is no part of an earlier agreement"):
        coded.agreed(out=out)
