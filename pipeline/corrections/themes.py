"""Decisions on themes, carried out on the themes of a run once they have the ids that decisions name them by.

A merged theme is shown under another: its points keep their codes, and are counted there. What identity is made of is kept aside as
the program made it, so that the next run knows every theme again, the hidden ones too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from pipeline.corrections.decisions import MERGE, REJECT, Decision
from pipeline.corrections.replay import Replayed, conflict_of
from pipeline.records import ASPECTS, LEVELS, PRIORITIES
from pipeline.results import Quote, ThemeRow
from pipeline.settings import Settings
from pipeline.themes.ranking import weight
from pipeline.themes.stability import Gathered, stability

_Item = TypeVar("_Item")


def correct_themes(
    points: pd.DataFrame, themes: Sequence[ThemeRow], replayed: Replayed, settings: Settings
) -> tuple[pd.DataFrame, list[ThemeRow], dict[str, Any]]:
    """Rename, merge and hide themes as people decided.

    Parameters
    ----------
    points : Corrected, with ``theme_id``.
    themes : those of the event, with the ids of :func:`pipeline.themes.keep_ids`.
    replayed : what :func:`pipeline.corrections.correct` gave.
    settings : quotes a theme.

    Returns
    -------
    (points, themes, account) : the same with what was decided, and what run.json holds of all decisions on this event; an
        emergent theme that is rejected is left out, and its points have no theme.
    """
    replayed = replayed.copy()
    made = {theme.id: theme for theme in themes}
    shown = dict(made)
    into = _merges(made, replayed)
    for decision in _standing(replayed, "title", made):
        if decision.theme is None:
            continue
        name = decision.theme.theme_id
        if name in into:
            _not_found(decision, "it is merged into another theme", replayed)
            continue
        shown[name] = replace(shown[name], title=decision.new.title)
        _applied(decision, replayed, title=decision.new.title, instead_of=made[name].title)
    hidden = _hidden(made, replayed)
    for name, decision in into.items():
        target = decision.new.into
        while target in into:
            target = into[target].new.into
        if target in hidden:
            _not_found(decision, "the theme it was to go into is rejected", replayed)
            continue
        shown[target] = _merged(shown[target], shown.pop(name), decision, points, settings)
        points = points.assign(theme_id=points["theme_id"].replace({name: target}).astype("str"))
        _applied(decision, replayed, into=target)
    for name in hidden:
        del shown[name]
    points = points.assign(theme_id=points["theme_id"].mask(points["theme_id"].isin(hidden), "").astype("str"))
    kept_aside = sorted({*hidden, *into, *(decision.new.into for decision in into.values())} & set(made))
    replayed.told["machine_themes"] = [_as_made(made[name]) for name in kept_aside]
    changed = {made[name].session for name in kept_aside}
    return points, _ranked(list(shown.values()), changed), replayed.account()


def _standing(replayed: Replayed, about: str, made: dict[str, ThemeRow]) -> list[Decision]:
    """The decisions on a matter that stand, on themes that are there; the others are told."""
    found = []
    for (theme_id, matter), stands in sorted(replayed.themes.items()):
        if matter != about:
            continue
        if stands.conflict:
            replayed.conflicts.append(
                conflict_of(stands, theme_id=theme_id, matter=matter, kept=made[theme_id].title if theme_id in made else "")
            )
        if stands.decision is None:
            continue
        if theme_id in made:
            found.append(stands.decision)
        elif not (stands.decision.what == REJECT and stands.decision.theme and stands.decision.theme.codes):  # that one is told already
            _not_found(stands.decision, "this run has no such theme", replayed)
    return found


def _merges(made: dict[str, ThemeRow], replayed: Replayed) -> dict[str, Decision]:
    """The merges that can be carried out, by the theme that is merged, in order of the alphabet."""
    found: dict[str, Decision] = {}
    for decision in _standing(replayed, "fate", made):
        if decision.what != MERGE or decision.theme is None:
            continue
        name, target = decision.theme.theme_id, decision.new.into
        if target not in made or made[target].session != made[name].session:
            _not_found(decision, "this run has no such theme to merge it into", replayed)
        else:
            found[name] = decision
    for name in [name for name in found if _circular(name, found)]:
        _not_found(found.pop(name), "the themes are merged in a circle", replayed)
    return found


def _circular(name: str, into: dict[str, Decision]) -> bool:
    seen = {name}
    while name in into:
        name = into[name].new.into
        if name in seen:
            return True
        seen.add(name)
    return False


def _hidden(made: dict[str, ThemeRow], replayed: Replayed) -> frozenset[str]:
    """The emergent themes that are rejected; the code of any other was taken from its points before."""
    found = set()
    for (theme_id, _), stands in sorted(replayed.themes.items()):
        decision = stands.decision
        if decision and decision.what == REJECT and theme_id in made and made[theme_id].kind == "emergent":
            found.add(theme_id)
            _applied(decision, replayed, points=made[theme_id].points, kept=0)
    return frozenset(found)


def _merged(target: ThemeRow, other: ThemeRow, decision: Decision, points: pd.DataFrame, settings: Settings) -> ThemeRow:
    """A theme with another shown under it, everything counted anew over the points of both."""
    of_both = {*target.point_ids, *other.point_ids}
    members = points[points["point_id"].isin(of_both)]
    quotes = {quote.text.casefold(): quote for quote in reversed(list(_by_turns(target.quotes, other.quotes)))}
    in_turn: list[Quote] = list(reversed(quotes.values()))
    phrases = tuple(dict.fromkeys(_by_turns(target.keyphrases, other.keyphrases)))
    confidence = (target.confidence * target.points + other.confidence * other.points) / (target.points + other.points)
    return replace(
        target,
        codes=tuple(dict.fromkeys([*target.codes, *other.codes])),
        why=f"{target.why} With '{other.title}', merged by {decision.who} on {decision.day}: {other.why}",
        weight=weight(members),
        points=len(members),
        mentions=int(members["mentions"].sum()),
        tables=int(members.loc[members["table"] != "", "table"].nunique()),
        priorities=_counts(members["priority"], PRIORITIES),
        levels=_counts(members["level"], LEVELS),
        aspects=_counts(members["aspect"], ASPECTS),
        residents=_counts(members["resident"], sorted(set(members["resident"]) - {""})),
        keyphrases=phrases[: max(len(target.keyphrases), len(other.keyphrases))],
        quotes=tuple(in_turn[: settings.quotes_per_theme]),
        subthemes=(*target.subthemes, *other.subthemes),
        confidence=round(confidence, 3),
        stability=_stability(target, other, of_both, points),
        point_ids=tuple(sorted(of_both)),
    )


def _by_turns(one: Iterable[_Item], other: Iterable[_Item]) -> Iterable[_Item]:
    return (item for item in chain.from_iterable(zip_longest(one, other)) if item is not None)


def _counts(values: pd.Series, order: Iterable[str]) -> dict[str, int]:
    counts = values.value_counts()
    return {value: int(counts[value]) for value in order if value in counts}


def _stability(target: ThemeRow, other: ThemeRow, of_both: set[str], points: pd.DataFrame) -> float | None:
    """That of a theme by code raised at the tables of both; not known where one of them was gathered by clustering."""
    if "emergent" in (target.kind, other.kind) or None in (target.stability, other.stability):
        return None
    spoken = points[(points["session"] == target.session) & ~points["procedural"]]
    rows = np.flatnonzero(spoken["point_id"].isin(of_both))
    gathered = Gathered(rows, clustered=False, within=rows[:0])
    (found,) = stability([gathered], spoken["table"].tolist(), np.zeros((len(spoken), 1), dtype=np.float32), _nothing_to_cluster, 0)
    return found


def _nothing_to_cluster(vectors: Any, seed: int) -> Any:
    raise AssertionError


def _ranked(themes: Sequence[ThemeRow], changed: set[str]) -> list[ThemeRow]:
    """Themes by session as they were, ranked anew where one was merged or hidden."""
    found: list[ThemeRow] = []
    for session in dict.fromkeys(theme.session for theme in themes):
        own = [theme for theme in themes if theme.session == session]
        if session in changed:
            own.sort(key=lambda t: (-t.weight, -t.mentions, -t.points, t.title, t.id))
            own = [replace(theme, rank=number) for number, theme in enumerate(own, 1)]
        found += own
    return found


def _as_made(theme: ThemeRow) -> dict[str, Any]:
    """A theme as far as its identity goes, in the form of themes.json."""
    parts = [{"id": part.id, "point_ids": list(part.point_ids)} for part in theme.subthemes]
    return {
        "id": theme.id,
        "session": theme.session,
        "kind": theme.kind,
        "codes": list(theme.codes),
        "point_ids": list(theme.point_ids),
        "subthemes": parts,
    }


def _entry(decision: Decision) -> dict[str, Any]:
    theme_id = decision.theme.theme_id if decision.theme else ""
    return {"id": decision.id, "what": decision.what, "theme_id": theme_id, "who": decision.who, "when": decision.when}


def _applied(decision: Decision, replayed: Replayed, **about: Any) -> None:
    replayed.applied.append({**_entry(decision), **about})


def _not_found(decision: Decision, reason: str, replayed: Replayed) -> None:
    title = decision.theme.title if decision.theme else ""
    replayed.not_found.append({**_entry(decision), "title": title, "reason": reason})
