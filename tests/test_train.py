"""Training: what people corrected or coded teaches the labeller. The parks and everybody in them are made up."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from decisions import coded as decided
from decisions import said, undone
from parks import PARKS, prepared
from threadpoolctl import threadpool_limits
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.corrections import append, read_ledger
from pipeline.embed import Encoder
from pipeline.errors import ModelError, ReadError, SettingsError
from pipeline.evaluate import evaluate
from pipeline.label import Labeller
from pipeline.label.evidence import SOURCES
from pipeline.label.trained import Taught, Trained, fit_trained
from pipeline.label.trained_file import read_trained
from pipeline.learning import Training, train
from pipeline.learning.gathering import gather
from pipeline.learning.measuring import dealt, held_back
from pipeline.run import run_events
from pipeline.settings import Settings
from pipeline.taxonomy import load_taxonomy

SETTINGS = Settings()
TAXONOMY = """\
name: parks
version: 1
themes:
- {code: dogs, label: Dogs, definition: Dogs off the lead.}
- {code: mess, label: Litter, definition: Rubbish that people drop.}
- {code: lights, label: Street lighting}
"""
# Twenty-seven points whose codes the names above do not tell.
CODED = [
    (f"{thing} {where}", code)
    for code, things in {
        "dogs": ("terriers barking", "a spaniel chased ducks", "puppies run loose"),
        "mess": ("wrappers blowing about", "bins overflow", "cans and bottles"),
        "lights": ("pitch black after six", "bulbs blown", "too dim to read a sign"),
    }.items()
    for thing in things
    for where in ("by the pond", "near the gate", "on the hill")
]


@pytest.fixture(scope="module")
def parks(encoder: Encoder) -> Labeller:
    return Labeller(PARKS, encoder, SETTINGS)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Training:
    """A model that was trained once for several tests; its taxonomy and the folder of runs that adopted it are around it."""
    place = tmp_path_factory.mktemp("project")
    (place / "parks.yaml").write_text(TAXONOMY, "utf-8")
    return train(place, Settings(taxonomy=place / "parks.yaml"), [table(place / "coded.csv")], name="mine", to=place / "models")


@pytest.fixture
def taxonomy(tmp_path: Path) -> Path:
    path = tmp_path / "parks.yaml"
    path.write_text(TAXONOMY, "utf-8")
    return path


def table(path: Path, rows: Sequence[tuple[str, str]] = tuple(CODED)) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "codes"), *rows])
    return path


def taught(texts: dict[str, str], labeller: Labeller) -> Taught:
    read, vectors = prepared(list(texts), labeller.encoder)
    truth = np.array([[float(code == given) for code in labeller.taxonomy.codes] for given in texts.values()])
    return Taught(tuple(texts), tuple(read["lemmas"]), vectors, truth)


def with_lesson(texts: dict[str, str], labeller: Labeller) -> Labeller:
    model = fit_trained(taught(texts, labeller), labeller.evidence, labeller.head, labeller.encoder, SETTINGS)
    return again(labeller, model)


def again(labeller: Labeller, model: Trained) -> Labeller:
    return Labeller(labeller.taxonomy, labeller.encoder, SETTINGS, labeller.head, evidence=labeller.evidence, trained=model)


def chance(labeller: Labeller, text: str, code: str) -> float:
    labels = labeller.label_texts(*prepared([text], labeller.encoder))
    return float(labels.probabilities[0, labeller.taxonomy.codes.index(code)])


SWANS = {"Swans nest early on the weir": "place_security", "Swans hiss at the weir": "place_security"}


def test_a_correction_teaches_what_is_like_it_and_leaves_the_rest_alone(labeller: Labeller) -> None:
    learnt = with_lesson(SWANS, labeller)
    near, far = "Swans are nesting at the weir again", "Speeding past the infant school"
    assert chance(labeller, near, "place_security") < 0.2
    assert chance(learnt, near, "place_security") > chance(labeller, near, "place_security") + 0.2
    for code in ("place_security", "road_safety"):
        assert chance(learnt, far, code) == pytest.approx(chance(labeller, far, code), abs=0.02)
    assert learnt.label_texts(*prepared([near, *SWANS], labeller.encoder)).codes == [("place_security",)] * 3


def test_a_code_that_was_taken_away_is_given_less_to_what_is_like_it(labeller: Labeller) -> None:
    text, near = "Burglaries in the terraces behind the mill", "Burglary in a terrace near the mill"
    assert chance(labeller, near, "acquisitive_crime") > 0.8
    assert chance(with_lesson({text: ""}, labeller), near, "acquisitive_crime") < chance(labeller, near, "acquisitive_crime") - 0.1


def test_a_taxonomy_of_few_texts_is_fitted_anew_and_learns_too(parks: Labeller) -> None:
    learnt = with_lesson({"the bulb has blown": "lights", "lamps out since March": "lights", "no mess here at all": ""}, parks)
    assert chance(learnt, "another bulb blown", "lights") > chance(parks, "another bulb blown", "lights") + 0.2
    assert chance(learnt, "stray dogs", "dogs") > 0.5


def test_what_a_person_says_of_an_example_of_the_taxonomy_holds(parks: Labeller) -> None:
    assert chance(with_lesson({"dogs loose": "lights"}, parks), "dogs loose", "lights") > chance(parks, "dogs loose", "lights") + 0.2


@pytest.mark.parametrize("few", [True, False])
def test_what_each_source_says_adds_up_with_the_corrections(few: bool, parks: Labeller, labeller: Labeller) -> None:
    before = parks if few else labeller
    after = with_lesson({"the bulb has blown": "lights"} if few else SWANS, before)
    read, vectors = prepared(["Swans by the street light"], before.encoder)
    weighed = after.weigh(read.assign(topic=["The weir"]), vectors).set_index("code")
    assert (weighed["corrections"].abs() > 0.1).any()
    for code, kind in zip(before.taxonomy.codes, before.kinds, strict=True):
        row = weighed.loc[code]
        odds = row[[*SOURCES, "corrections", "heading"]].sum() + before.head.heads[kind].intercept
        assert row["probability"] == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-6)
    old = before.weigh(read.assign(topic=["The weir"]), vectors).set_index("code")
    assert "corrections" not in old
    assert weighed.loc[old.index, list(SOURCES)].to_numpy() == pytest.approx(old[list(SOURCES)].to_numpy())


def test_a_model_reads_back_as_it_was_written(trained: Training, taxonomy: Path, encoder: Encoder) -> None:
    stored = Labeller(load_taxonomy(taxonomy), encoder, Settings(trained=trained.folder))
    fresh = with_lesson(dict(sorted(CODED)), Labeller(load_taxonomy(taxonomy), encoder, SETTINGS))
    read, vectors = prepared(["beagles bark", "litter", "dark paths"], encoder)
    assert (stored.label_texts(read, vectors).probabilities == fresh.label_texts(read, vectors).probabilities).all()


def test_the_labels_of_a_part_held_back_do_not_depend_on_what_was_said_of_it(parks: Labeller) -> None:
    texts = dict(CODED)
    lesson = taught(texts, parks)
    read, _ = prepared(list(texts), parks.encoder)
    parts = dealt(list(texts), 0)
    own = parts == 2
    turned = replace(lesson, truth=np.where(own[:, None], 1.0 - lesson.truth, lesson.truth))
    one, other = (held_back(of, read, parts, parks, SETTINGS, lambda done, total: None).probabilities for of in (lesson, turned))
    assert own.any()
    assert (one[own] == other[own]).all()
    assert (np.abs(one[~own] - other[~own]).max(axis=1) > 0.01).all()


def test_points_of_one_note_are_held_back_together() -> None:
    groups = [f"n{number}" for number in range(12) for _ in range(3)]
    parts = dealt(groups, 0)
    assert all(len({part for part, group in zip(parts, groups, strict=True) if group == one}) == 1 for one in groups)
    assert sorted(np.unique(parts, return_counts=True)[1]) == [6, 6, 6, 9, 9]
    assert (dealt(groups[::-1], 0)[::-1] == parts).all()
    assert (dealt(groups, 1) != parts).any()


def test_the_figures_on_the_card_are_those_of_the_texts_held_back(trained: Training, taxonomy: Path, encoder: Encoder) -> None:
    card = json.loads((trained.folder / "card.json").read_bytes())
    labeller = Labeller(load_taxonomy(taxonomy), encoder, SETTINGS)
    texts = dict(sorted(CODED))
    lesson = taught(texts, labeller)
    read, vectors = prepared(list(texts), encoder)
    parts = dealt([f"text {text.casefold()}" for text in texts], 0)
    after = held_back(lesson, read, parts, labeller, SETTINGS, lambda done, total: None)
    for name, labels in (("before", labeller.label_texts(read, vectors)), ("after", after)):
        given = np.array([[code in codes for code in labeller.taxonomy.codes] for codes in labels.codes])
        names = {code: code for code in labeller.taxonomy.codes}
        found = evaluate(lesson.truth == 1, given, labels.probabilities, labels.outcomes, names).figures
        for figure in ("micro_f1", "macro_f1", "exact_match"):
            assert card[name][figure]["value"] == found[figure].value
    rise = card["after"]["micro_f1"]["value"] - card["before"]["micro_f1"]["value"]
    assert card["difference"]["micro_f1"]["value"] == pytest.approx(rise, abs=1e-9)
    assert (trained.measured.better, trained.adopted, card["adopted"]) == (True, True, True)
    page = (trained.folder / "card.md").read_text("utf-8")
    assert f"{card['after']['micro_f1']['value']:.3f}" in page
    assert "holds words of your notes" in page
    assert "To undo it, delete `trained.json`" in page


def test_a_model_that_is_worse_is_adopted_only_when_told_to(tmp_path: Path, taxonomy: Path) -> None:
    # Half of the texts have the code that their words say, the other half another: what is learnt from some misleads on the rest.
    things = {"dogs": ("dogs", "stray dogs"), "mess": ("litter", "rubbish dropped"), "lights": ("street lighting", "the street light")}
    other = {"dogs": "mess", "mess": "lights", "lights": "dogs"}
    rows = [
        (f"{thing} {place}", code if place in {"east", "west"} else other[code])
        for code, own in things.items()
        for thing in own
        for place in ("east", "west", "north", "south")
    ]
    path = table(tmp_path / "coded.csv", rows)
    done = train(tmp_path, Settings(taxonomy=taxonomy), [path])
    assert done.measured.verdict == "not better"
    assert done.measured.difference["micro_f1"].value < 0
    assert (done.adopted, done.in_use) == (False, None)
    assert not (tmp_path / "trained.json").exists()
    told = train(tmp_path, Settings(taxonomy=taxonomy), [path], use=True)
    assert (told.adopted, told.in_use) == (True, told.folder)
    assert "because somebody said so (--adopt)" in (told.folder / "card.md").read_text("utf-8")


def test_too_few_texts_are_too_few_to_say(tmp_path: Path, taxonomy: Path) -> None:
    done = train(tmp_path, Settings(taxonomy=taxonomy), [table(tmp_path / "coded.csv", CODED[:4])])
    assert (done.measured.verdict, done.adopted) == ("too few to say", False)
    assert "at least 20 different texts" in (done.folder / "card.md").read_text("utf-8")
    one = train(tmp_path, Settings(taxonomy=taxonomy), [table(tmp_path / "coded.csv", CODED[:1])])
    assert (one.texts, one.measured.parts) == (1, 0)
    with pytest.raises(ReadError, match="nothing to learn from"):
        train(tmp_path / "new", Settings(taxonomy=taxonomy))
    with pytest.raises(SettingsError, match="cannot be the name"):
        train(tmp_path, Settings(taxonomy=taxonomy), name="../elsewhere")


def test_a_model_made_for_something_else_is_refused(trained: Training, taxonomy: Path, encoder: Encoder) -> None:
    assert trained.folder.parent.name == "models"
    model = read_trained(trained.folder)
    with pytest.raises(ModelError, match=r"mine: the trained model was made for another taxonomy.*made for: parks 1; used here: parks 1"):
        Labeller(PARKS, encoder, SETTINGS, trained=model)
    mine = Labeller(load_taxonomy(taxonomy), encoder, SETTINGS)
    again(mine, model)
    with pytest.raises(ModelError, match="another encoder"):
        again(mine, replace(model, base=replace(model.base, encoder_sha256="0")))
    with pytest.raises(ModelError, match="other coded texts"):
        again(mine, replace(model, base=replace(model.base, lessons="0")))
    taxonomy.write_text(TAXONOMY.replace("Street lighting", "Lamps"), "utf-8")
    with pytest.raises(ModelError, match="or for an earlier state of it"):
        Labeller(load_taxonomy(taxonomy), encoder, SETTINGS, trained=model)


def test_damage_is_noticed(trained: Training, tmp_path: Path, taxonomy: Path) -> None:
    shutil.copytree(trained.folder.parents[1], tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "models" / trained.folder.name
    notes = table(tmp_path / "notes.csv", [("terriers", "")])
    path = folder / "model.npz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"model\.npz is damaged"):
        read_trained(folder)
    with pytest.raises(ModelError, match="is damaged, or is not the one that was adopted"):
        run_events(notes, tmp_path, Settings(taxonomy=taxonomy))
    path.unlink()
    with pytest.raises(ModelError, match=r"is not there.*--trained none"):
        run_events(notes, tmp_path, Settings(taxonomy=taxonomy))
    (tmp_path / "trained.json").write_text("{")
    with pytest.raises(ModelError, match="cannot be read"):
        run_events(notes, tmp_path, Settings(taxonomy=taxonomy))


def test_the_bytes_of_a_model_depend_on_no_order_and_no_number_of_threads(tmp_path: Path, taxonomy: Path) -> None:
    points = [decided(said(text, f"n{number}-1"), code) for number, (text, code) in enumerate(CODED[:9])]
    found = set()
    for number in range(2):
        rows = [*CODED[9:], ("ring Sgt Pellow on 01632 960145 or Mrs Hale on 01632 960199", "dogs"), ("Mrs Hale has a terrier", "dogs")]
        mixed = random.Random(number)
        mixed.shuffle(rows)
        mixed.shuffle(points)
        out = tmp_path / str(number)
        append(out / "corrections.jsonl", points)
        with threadpool_limits(number + 1):
            done = train(out, Settings(taxonomy=taxonomy), [table(out / "coded.csv", rows)])
        model = (done.folder / "model.npz").read_bytes()
        card = json.loads((done.folder / "card.json").read_bytes())
        found.add((model, str(card["before"]), str(card["after"]), str(card["difference"]), done.folder.name))
        assert not any(word in model.replace(b"\0", b"").lower() for word in (b"pellow", b"hale", b"960145", b"960199"))
    assert len(found) == 1


def test_of_the_ledger_counts_what_stands(tmp_path: Path) -> None:
    taken_back = decided(said("bins overflow", "n3-1"), "mess")
    decisions = [
        decided(said("dogs loose", "n1-1"), "dogs"),
        decided(said("dogs loose", "n1-1"), "lights", when="2026-05-02T09:30:00Z"),
        decided(said("no such thing", "n1-2")),
        decided(said("the gate", "n2-1"), "dogs", who="A. Analyst"),
        decided(said("the gate", "n2-1"), "mess", who="B. Clerk"),
        taken_back,
        undone(taken_back),
        decided(said("who knows", "n4-1"), outcome="not_sure"),
        decided(said("what", "n4-2"), outcome="undecided"),
        decided(said("owls", "n5-1"), "birds"),
        decided(said("a dark path", "n6-1"), "lights", event="other"),
        decided(said("dogs loose", "n7-1"), "mess", event="other"),
    ]
    append(tmp_path / "l.jsonl", decisions)
    lesson = gather(read_ledger(tmp_path / "l.jsonl"), [], PARKS, SETTINGS)
    assert lesson.texts == ("a dark path", "dogs loose", "no such thing")
    assert lesson.truth.tolist() == [[0, 0, 1], [0, 1, 1], [0, 0, 0]]
    assert lesson.groups == ("other n6", "ev n1", "ev n1")
    assert lesson.remarks == (
        "1 point on which people contradict each other was not learnt from",
        "1 point with codes that this taxonomy lacks was not learnt from",
    )


def test_later_runs_use_what_was_adopted_and_say_so_and_the_cache_notices(tmp_path: Path, taxonomy: Path) -> None:
    notes, out = table(tmp_path / "evening.csv", [("puppies everywhere", ""), ("black as night here", "")]), tmp_path / "out"
    coded = table(tmp_path / "coded.csv")

    def themes(*words: object) -> str:
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exit_code == 0, result.output
        return result.stdout

    def run(*more: object) -> tuple[str, dict, bytes]:
        told = themes("run", notes, "--out", out, "--taxonomy", taxonomy, *more)
        return told, json.loads((out / "evening" / "run.json").read_bytes()), (out / "evening" / "themes.json").read_bytes()

    told, before, own = run()
    assert before["models"]["trained"] is None
    assert "trained model" not in told
    said_so = themes("train", "--out", out, "--coded", coded, "--taxonomy", taxonomy, "--name", "mine")
    assert "held back" in said_so
    assert f"Later runs into {out} use it." in said_so
    (folder,) = (out / "trained-models").iterdir()
    told, after, taught_themes = run()
    card = json.loads((folder / "card.json").read_bytes())
    assert after["models"]["trained"] == {"name": "mine", "sha256": card["sha256"]}
    assert folder.name == f"mine-{card['sha256'][:8]}"
    assert "Labelled with the trained model 'mine'" in told
    assert (before["cache"]["event"], after["cache"]["event"], set(after["cache"]["sessions"].values())) == ("made", "made", {"made"})
    assert taught_themes != own
    assert run()[1]["cache"]["event"] == "from the cache"
    _, without, bare = run("--trained", "none")
    assert (without["models"]["trained"], bare) == (None, own)
    (out / "trained.json").unlink()
    _, named, again_taught = run("--trained", folder)
    assert (named["models"]["trained"], again_taught) == (after["models"]["trained"], taught_themes)
