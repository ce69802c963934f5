"""Replay: what people decided, put in the place of what the program said, in every run anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.corrections.decisions import CODES, REJECT, SPLIT, Decision
from pipeline.corrections.ledger import Ledger
from pipeline.corrections.matching import Match, PointsNow
from pipeline.corrections.standing import Standing, matter, standing
from pipeline.records import SEPARATOR, Corrected, Labelled, checked
from pipeline.taxonomy import Taxonomy

Floats = npt.NDArray[np.float64]
MACHINE, HUMAN = "machine", "human"
_CHANGED = ("codes", "scores", "outcome", "outcome_score", "evidence", "procedural")


@dataclass(slots=True)
class Replayed:
    """What became of the decisions on one event, as run.json tells it, and the decisions on themes that are still to be carried out.

    Attributes
    ----------
    applied : decisions that are in the result.
    not_found : decisions on points and themes that this run does not have.
    conflicts : points and themes on which people contradict each other; the program's own result stands.
    unknown_codes : decisions whose codes the taxonomy lacks; those it has are in the result.
    themes : what stands of the decisions on themes, by theme id and matter.
    named : the name of the theme that people split a point off into, by its id.
    """

    applied: list[dict[str, Any]] = field(default_factory=list)
    not_found: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    unknown_codes: list[dict[str, Any]] = field(default_factory=list)
    themes: dict[tuple[str, str], Standing] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> Replayed:
        """Another one to add to."""
        lists = list(self.applied), list(self.not_found), list(self.conflicts), list(self.unknown_codes)
        return Replayed(*lists, self.themes, self.named, dict(self.told))

    def account(self) -> dict[str, Any]:
        """What run.json holds of it."""
        lists = {"applied": self.applied, "not_found": self.not_found, "conflicts": self.conflicts, "unknown_codes": self.unknown_codes}
        return {**self.told, **lists}


def correct(
    points: pd.DataFrame, probabilities: Floats, ledger: Ledger, taxonomy: Taxonomy, event: str
) -> tuple[pd.DataFrame, Floats, Replayed]:
    """Give points the codes that people gave them.

    Parameters
    ----------
    points : Labelled, n rows in any order; those of one event.
    probabilities : float64 (n, themes of the taxonomy), row for row.
    ledger : the decisions of the project; those on other events are counted and left alone.
    taxonomy : what the points were labelled with.
    event : its id.

    Returns
    -------
    (Corrected, probabilities, replayed) : a point that somebody decided on has their codes and outcome, a probability of 1 for each
        code and 0 for every other, evidence that says who and when, and ``decided_by`` human; any other is as it was. Codes of a
        rejected theme are taken from the points that nobody coded.
    """
    checked(Labelled, points, "given to correct")
    replayed = Replayed(told=_told(ledger, event))
    live = [decision for decision in ledger.live if decision.event == event]
    by_point = _on_points([decision for decision in live if decision.what == CODES], points, replayed)
    by_theme: dict[tuple[str, str], list[Decision]] = {}
    for decision in live:
        if decision.theme is not None:
            by_theme.setdefault((decision.theme.theme_id, matter(decision)), []).append(decision)
    replayed.themes = {key: standing(decisions) for key, decisions in by_theme.items()}

    if not live:
        return (
            checked(Corrected, points.assign(decided_by=_texts([MACHINE] * len(points), points)), "given by correct"),
            probabilities,
            replayed,
        )
    rows = [dict(row) for row in points[["point_id", "session", "text", *_CHANGED]].to_dict("records")]
    probabilities = probabilities.copy()
    for place, row in enumerate(rows):
        row["decided_by"] = MACHINE
        decisions = by_point.get(row["point_id"], {})
        found = standing(list(decisions))
        if found.conflict:
            replayed.conflicts.append(conflict_of(found, point_id=row["point_id"], text=row["text"], kept=row["codes"] or row["outcome"]))
        if found.decision is not None:
            _give(row, probabilities[place], found.decision, decisions[found.decision], taxonomy, replayed)
    _reject_codes(rows, probabilities, taxonomy, replayed)
    _split_off(rows, _on_points([decision for decision in live if decision.what == SPLIT], points, replayed), replayed)
    columns = [*_CHANGED, "decided_by"]
    changed = {name: pd.Series([row[name] for row in rows], index=points.index, dtype=_kind(name)) for name in columns}
    for told in (replayed.applied, replayed.not_found, replayed.conflicts, replayed.unknown_codes):
        told.sort(key=lambda entry: (entry.get("point_id", ""), entry.get("id", "")))
    return checked(Corrected, points.assign(**changed), "given by correct"), probabilities, replayed


def _texts(values: list[str], points: pd.DataFrame) -> pd.Series:
    return pd.Series(values, index=points.index, dtype="str")


def _kind(column: str) -> str:
    return {"outcome_score": "float64", "procedural": "bool"}.get(column, "str")


def _told(ledger: Ledger, event: str) -> dict[str, Any]:
    others = Counter(decision.event for decision in ledger.live if decision.event != event)
    return {
        "ledger": {"decisions": len(ledger.decisions), "check": ledger.head, "unfinished": ledger.unfinished},
        "of_other_events": dict(sorted(others.items())),
    }


def _on_points(decisions: Sequence[Decision], points: pd.DataFrame, replayed: Replayed) -> Mapping[str, dict[Decision, str]]:
    """The decisions on each point, in the order of the ledger, with how each was found; the others are told."""
    if not decisions:
        return {}
    now = PointsNow(points)
    found: dict[str, list[tuple[Decision, Match]]] = {}
    for decision in decisions:
        if decision.point is None:
            continue
        match = now.find(decision.point)
        if match.point_id:
            found.setdefault(match.point_id, []).append((decision, match))
        else:
            replayed.not_found.append(_lost(decision, match.how))
    return {point: _sure(pairs, replayed) for point, pairs in found.items()}


def _sure(pairs: Sequence[tuple[Decision, Match]], replayed: Replayed) -> dict[Decision, str]:
    """Of the decisions that may be about one point, those that surely are.

    Where some were made on its very text, one made on a text that is only like it counts if it comes from the same person or says
    the same. Where none was, those that were made on different texts count if they all say the same.
    """
    exact = [decision for decision, match in pairs if match.exact]
    texts = {decision.point.text for decision, _ in pairs if decision.point}
    kept: dict[Decision, str] = {}
    for decision, match in pairs:
        others = exact or ([other for other, _ in pairs] if len(texts) > 1 else [])
        agreed = all(_agree(decision, other) or (exact and decision.person == other.person) for other in others)
        if match.exact or agreed:
            kept[decision] = match.how
        else:
            replayed.not_found.append(_lost(decision, "the point most like it has a decision of its own"))
    if exact:  # what was said of the text as it stands now is later than what was said of the text before
        kept = {d: how for d, how in kept.items() if d not in exact} | {d: how for d, how in kept.items() if d in exact}
    return kept


def _agree(one: Decision, other: Decision) -> bool:
    return (set(one.new.codes), one.new.outcome, one.new.title.casefold()) == (
        set(other.new.codes),
        other.new.outcome,
        other.new.title.casefold(),
    )


def _give(row: dict[str, Any], chances: Floats, decision: Decision, how: str, taxonomy: Taxonomy, replayed: Replayed) -> None:
    """Put a decision in the place of what the program said of a point."""
    codes = tuple(code for code in decision.new.codes if code in taxonomy.codes)
    unknown = tuple(code for code in decision.new.codes if code not in taxonomy.codes)
    entry = {"id": decision.id, "what": CODES, "point_id": row["point_id"], "who": decision.who, "when": decision.when}
    if unknown:
        replayed.unknown_codes.append({**entry, "codes": list(unknown), "applied": list(codes)})
        if not codes:
            return
    replayed.applied.append({**entry, "codes": list(codes), "outcome": decision.new.outcome, "instead_of": row["codes"], "found": how})
    row["evidence"] = f"coded by {decision.who} on {decision.day}{_before(row, codes)}"
    row["codes"] = SEPARATOR.join(codes)
    row["scores"] = SEPARATOR.join("1.000" for _ in codes)
    row["outcome"], row["outcome_score"] = decision.new.outcome, 1.0
    row["procedural"] = decision.new.outcome == "procedural"
    row["decided_by"] = HUMAN
    chances[:] = 0.0
    chances[[taxonomy.codes.index(code) for code in codes]] = 1.0


def _before(row: dict[str, Any], codes: Iterable[str]) -> str:
    if set(row["codes"].split(SEPARATOR)) - {""} == set(codes):
        return "; the program said the same" if row["codes"] else ""
    said = ", ".join(f"{c} {s}" for c, s in zip(row["codes"].split(SEPARATOR), row["scores"].split(SEPARATOR), strict=True) if c)
    return f"; the program said {said or row['outcome']}"


def _split_off(rows: Sequence[dict[str, Any]], by_point: Mapping[str, dict[Decision, str]], replayed: Replayed) -> None:
    """Note the theme that each point is split off into; what was said on the running of the event is in no theme."""
    for row in rows:
        decisions = by_point.get(row["point_id"], {})
        found = standing(list(decisions))
        if found.conflict:
            about = {"point_id": row["point_id"], "matter": SPLIT, "text": row["text"], "kept": ""}
            replayed.conflicts.append(conflict_of(found, **about))
        if found.decision is None:
            continue
        if row["procedural"]:
            replayed.not_found.append(_lost(found.decision, "it is on the running of the event, which is in no theme"))
            continue
        title = found.decision.new.title
        replayed.named[row["point_id"]] = title
        entry = {
            "id": found.decision.id,
            "what": SPLIT,
            "point_id": row["point_id"],
            "who": found.decision.who,
            "when": found.decision.when,
        }
        replayed.applied.append({**entry, "title": title, "found": decisions[found.decision]})


def _reject_codes(rows: Sequence[dict[str, Any]], probabilities: Floats, taxonomy: Taxonomy, replayed: Replayed) -> None:
    """Take the code of a rejected theme from the points of its session that nobody coded."""
    coded = {place for place, row in enumerate(rows) if row["decided_by"] == HUMAN}
    for (theme_id, _), found in sorted(replayed.themes.items()):
        decision = found.decision
        if decision is None or decision.what != REJECT or decision.theme is None or not decision.theme.codes:
            continue
        code = decision.theme.codes[0]
        carried = [
            place for place, row in enumerate(rows) if row["session"] == decision.theme.session and code in row["codes"].split(SEPARATOR)
        ]
        taken = [place for place in carried if place not in coded]
        entry = {"id": decision.id, "what": REJECT, "theme_id": theme_id, "who": decision.who, "when": decision.when}
        if not carried:
            replayed.not_found.append({**entry, "title": decision.theme.title, "reason": "no point of its session carries its code"})
            continue
        for place in taken:
            _without(rows[place], code, decision)
            probabilities[place, taxonomy.codes.index(code)] = 0.0
        replayed.applied.append({**entry, "points": len(taken), "kept": len(carried) - len(taken)})


def _without(row: dict[str, Any], code: str, decision: Decision) -> None:
    pairs = zip(row["codes"].split(SEPARATOR), row["scores"].split(SEPARATOR), strict=True)
    left = [(given, score) for given, score in pairs if given != code]
    row["codes"] = SEPARATOR.join(given for given, _ in left)
    row["scores"] = SEPARATOR.join(score for _, score in left)
    row["evidence"] = f"theme '{code}' rejected by {decision.who} on {decision.day}; before: {row['evidence']}"
    row["decided_by"] = HUMAN
    if not left:
        row["outcome"], row["outcome_score"] = "undecided", 1.0


def _lost(decision: Decision, reason: str) -> dict[str, Any]:
    about = asdict(decision.point) if decision.point else {}
    new: dict[str, Any] = {"codes": list(decision.new.codes), "outcome": decision.new.outcome}
    if decision.what == SPLIT:
        new = {"title": decision.new.title}
    return {"id": decision.id, "what": decision.what, **about, **new, "who": decision.who, "when": decision.when, "reason": reason}


def conflict_of(found: Standing, **about: Any) -> dict[str, Any]:
    """A conflict as run.json tells it; ``decisions`` are what a decision that ends it has to name."""
    views = [
        {"id": d.id, "who": d.who, "when": d.when, "says": list(d.new.codes) or d.new.outcome or d.new.title or d.new.into or d.what}
        for d in found.conflict
    ]
    return {**about, "decisions": views}
