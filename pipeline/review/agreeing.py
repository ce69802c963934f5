"""Agreeing: how far people who coded the same points agree, and the program with each of them, on those very points.

The program cannot be expected to agree with a person more than people agree with each other, so the two stand side by side. Measures and
intervals are those of :mod:`pipeline.evaluate.agreement`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.corrections import CODES, LEDGER, NOT_SURE, Decision, Ledger, PointsNow, read_ledger
from pipeline.evaluate.agreement import DEFINITIONS, MISSING, agreement_table, krippendorff_alpha, masi_distances
from pipeline.evaluate.figures import RESAMPLES, Bools, Figure, Floats, Judged, figure, over, resampled
from pipeline.records import SEPARATOR
from pipeline.report.markdown import report_markdown
from pipeline.review.agreement_report import agreement_report
from pipeline.settings import load_settings
from pipeline.store import StoredRun, check_replaceable, json_bytes, read_run, write_folder
from pipeline.taxonomy import Taxonomy, load_taxonomy

SCHEMA = "workshop-themes/agreement/1.0"
FILES = ("agreement.json", "agreement.md")
# With fewer points that both coded, or fewer points of a theme, figures say next to nothing.
FEWEST, FEWEST_OF_THEME = 20, 5
PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who coded the same points.

    Attributes
    ----------
    reviewers : their names.
    points : how many both coded.
    rows : of the two, and of the program with each: ``pair``, and for each measure its value, ``_low`` and ``_high``.
    themes : one a theme that any of the three gave: how many points have it from each, and F1 for each of the three.
    """

    reviewers: tuple[str, str]
    points: int
    rows: tuple[dict[str, Any], ...]
    themes: tuple[dict[str, Any], ...]

    @property
    def too_few(self) -> bool:
        """Whether there are too few points to tell."""
        return self.points < FEWEST


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far people agree on one event.

    Attributes
    ----------
    event : its id.
    blind : whether only what was coded blind was counted.
    coded : how many points each reviewer coded, by name.
    pairs : every two who coded the same points.
    together : points that two or more coded, and Krippendorff's alpha over the sets of codes of all of them (MASI distance).
    remarks : what else a reader is to know, in words.
    """

    event: str
    blind: bool
    coded: dict[str, int]
    pairs: tuple[Pair, ...]
    together: tuple[int, Figure]
    remarks: tuple[str, ...]


def reviewer_agreement(folder: Path, *, ledger: Path | None = None, blind: bool = True, out: Path | None = None) -> Agreed:
    """Measure how far the people who coded points of an event agree. No model is loaded.

    Of each person the last decision on a point counts, if it was not taken back; "not sure" does not count.

    Parameters
    ----------
    folder : of one event, as ``themes run`` writes it.
    ledger : None takes corrections.jsonl beside the folder.
    blind : count only what was decided without seeing what the program or others said.
    out : a folder for agreement.json and agreement.md.

    Raises
    ------
    ReadError : the folder is no run, or the ledger is damaged.
    OutputError : ``out`` cannot be written or holds something else.
    """
    if out is not None:
        check_replaceable(out, FILES, "agreement")
    run = read_run(folder)
    settings = load_settings(None, **run.account["settings"])
    taxonomy = load_taxonomy(settings.taxonomy_path)
    event = str(run.account.get("event", folder.resolve().name))
    by_person, names = _codings(run, read_ledger(ledger or folder.resolve().parent / LEDGER), event, taxonomy, blind=blind)
    machine, unknown = _machine(run, taxonomy)
    pairs = []
    for one, other in combinations(sorted(by_person), 2):
        both = sorted(by_person[one].keys() & by_person[other].keys() & machine.keys())
        if both:
            one_said, other_said, given = (
                _indicator((codings[point] for point in both), taxonomy) for codings in (by_person[one], by_person[other], machine)
            )
            pairs.append(_pair((names[one], names[other]), one_said, other_said, given, taxonomy, settings.seed))
    agreed = Agreed(
        event,
        blind,
        {names[person]: len(codings) for person, codings in sorted(by_person.items())},
        tuple(pairs),
        _together(list(by_person.values()), taxonomy, settings.seed),
        tuple(_remarks(run, taxonomy, unknown)),
    )
    if out is not None:
        document = _document(agreed, settings.seed)
        page = report_markdown(agreement_report(document, f"{taxonomy.name} {taxonomy.version}"))
        files = dict(zip(FILES, (json_bytes(document), page.encode()), strict=True))
        write_folder(out.absolute().parent, out.name, files)
    return agreed


def agreement_in_words(agreed: Agreed) -> list[str]:
    """The main figures, a line each; and plainly, where there are too few points to tell."""
    how = "coded blind" if agreed.blind else "coded"
    said = [f"{name}: {points} point{'' if points == 1 else 's'} {how}" for name, points in agreed.coded.items()]
    for pair in agreed.pairs:
        for row in pair.rows:
            alpha, f1 = (_figure_in_words(row, name) for name in ("alpha_masi", "micro_f1"))
            said.append(f"{row['pair']}: alpha {alpha}, F1 {f1}, on {pair.points} points that both reviewers coded")
        if pair.too_few:
            said.append(f"That is too few points to tell: figures of fewer than {FEWEST} say next to nothing.")
    if not agreed.pairs:
        other = " Let two people code with `themes review serve DIR --blind`, or count all with --all." if agreed.blind else ""
        said.append(f"No two people have {how} the same point, so nothing can be said.{other}")
    return [*said, *(f"Note: {remark}." for remark in agreed.remarks)]


def _figure_in_words(row: Mapping[str, Any], name: str) -> str:
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if value is None:
        return "not defined"
    return f"{value:.2f}" + ("" if low is None else f" ({low:.2f} to {high:.2f})")


def _codings(
    run: StoredRun, ledger: Ledger, event: str, taxonomy: Taxonomy, *, blind: bool
) -> tuple[dict[str, dict[str, frozenset[str]]], dict[str, str]]:
    """The codes that each person gave last, by point, and the person's name as last written."""
    now, known = PointsNow(run.points), set(taxonomy.codes)
    last: dict[tuple[str, str], Decision] = {}
    names: dict[str, str] = {}
    for decision in ledger.live:
        if decision.what != CODES or decision.event != event or decision.point is None or (blind and not decision.blind):
            continue
        if point := now.find(decision.point).point_id:
            last[decision.person, point] = decision
            names[decision.person] = decision.who
    found: dict[str, dict[str, frozenset[str]]] = {}
    for (person, point), decision in sorted(last.items(), key=lambda pair: pair[0]):
        if decision.new.outcome != NOT_SURE:
            found.setdefault(person, {})[point] = frozenset(known & set(decision.new.codes))
    return found, names


def _machine(run: StoredRun, taxonomy: Taxonomy) -> tuple[dict[str, frozenset[str]], int]:
    """The codes that the program gave each point before people corrected it, and of how many points that is not known."""
    instead = {
        entry["point_id"]: entry["instead_of"] for entry in run.account.get("corrections", {}).get("applied", []) if "instead_of" in entry
    }
    found = {}
    for point in run.points.itertuples():
        own = point.codes if point.decided_by == "machine" else instead.get(point.point_id)
        if own is not None:
            found[str(point.point_id)] = frozenset(own.split(SEPARATOR)) & set(taxonomy.codes)
    return found, len(run.points) - len(found)


def _indicator(sets: Iterable[frozenset[str]], taxonomy: Taxonomy) -> Bools:
    return np.array([[code in codes for code in taxonomy.codes] for codes in sets], dtype=bool).reshape(-1, len(taxonomy.codes))


def _pair(reviewers: tuple[str, str], one: Bools, other: Bools, given: Bools, taxonomy: Taxonomy, seed: int) -> Pair:
    nothing = np.zeros_like(one)
    judged = Judged.of(one, given, nothing, nothing.astype(np.float64), [""] * len(one), other)
    weights = resampled(len(judged), seed)
    rows = agreement_table(judged, weights, (*reviewers, PROGRAM)).to_dict("records")
    return Pair(reviewers, len(judged), tuple(_plain(row) for row in rows), tuple(_themes(judged, weights, taxonomy)))


def _themes(judged: Judged, weights: Floats, taxonomy: Taxonomy) -> Iterable[dict[str, Any]]:
    assert judged.second is not None
    coders = (judged.truth, judged.second, judged.given)
    for number, theme in enumerate(taxonomy.themes):
        one, other, given = (coder[:, number].astype(np.float64) for coder in coders)
        if not (one + other + given).any():
            continue
        f1 = {name: _f1(first, second, weights) for name, (first, second) in
              {"reviewers": (one, other), "program_first": (given, one), "program_second": (given, other)}.items()}  # fmt: skip
        counts = {"first": int(one.sum()), "second": int(other.sum()), "both": int((one * other).sum()), "program": int(given.sum())}
        enough = bool(((one + other) > 0).sum() >= FEWEST_OF_THEME)
        yield {"code": theme.code, "label": theme.label, **counts, "enough": enough, **{name: asdict(found) for name, found in f1.items()}}


def _f1(first: Floats, second: Floats, weights: Floats) -> Figure:
    both, either = first * second, first + second
    value = over(np.array([2 * both.sum()]), np.array([either.sum()]))
    return figure(float(value[0]), over(2 * (weights @ both), weights @ either))


def _together(codings: Sequence[Mapping[str, frozenset[str]]], taxonomy: Taxonomy, seed: int) -> tuple[int, Figure]:
    """Alpha of all people at once over the points that two or more of them coded."""
    points = sorted(point for point in {point for own in codings for point in own} if sum(point in own for own in codings) >= 2)
    if not points:
        return 0, Figure(None, None, None)
    sets = sorted({own[point] for own in codings for point in points if point in own}, key=sorted)
    number = {codes: place for place, codes in enumerate(sets)}
    table: npt.NDArray[np.intp] = np.array([[number[own[p]] if p in own else MISSING for p in points] for own in codings], dtype=np.intp)
    table = table[:, np.lexsort(table)]  # the draws depend on nothing but what was said
    distance = masi_distances(_indicator(sets, taxonomy))
    draws = np.random.default_rng(seed).integers(len(points), size=(RESAMPLES, len(points)))
    spread = np.array([krippendorff_alpha(table[:, drawn], distance) for drawn in draws])
    return len(points), figure(krippendorff_alpha(table, distance), spread)


def _remarks(run: StoredRun, taxonomy: Taxonomy, unknown: int) -> Iterable[str]:
    if run.account["taxonomy"]["sha256"] != taxonomy.sha256:
        yield "the taxonomy was changed since the run; codes that it lacks now do not count"
    if unknown:
        yield f"what the program said first is not known of {unknown} point{'' if unknown == 1 else 's'}, which pairs leave out"
    if trained := run.account["models"].get("trained"):
        yield f"the run used the trained model '{trained['name']}': if it learnt from these decisions, the program's figures are too high"


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """A row of a table with None for what is not defined."""
    return {str(key): None if isinstance(value, float) and np.isnan(value) else value for key, value in row.items()}


def _document(agreed: Agreed, seed: int) -> dict[str, Any]:
    points, alpha = agreed.together
    measures = {
        "micro_f1": "harmonic mean of micro precision and recall, over all points and themes",
        "exact_match": "share of points with exactly the same codes (both may be none)",
        **DEFINITIONS,
        "theme F1": "twice the points that have the theme from both, by the points that have it from one plus those from the other",
    }
    return {
        "schema": SCHEMA,
        "event": agreed.event,
        "blind": agreed.blind,
        "bootstrap": {"resamples": RESAMPLES, "seed": seed, "interval": "95% percentile, over points"},
        "fewest": {"points": FEWEST, "of_theme": FEWEST_OF_THEME},
        "coded": agreed.coded,
        "together": {"points": points, "alpha_masi": asdict(alpha)},
        "pairs": [{**asdict(pair), "too_few": pair.too_few} for pair in agreed.pairs],
        "remarks": list(agreed.remarks),
        "definitions": measures,
    }
