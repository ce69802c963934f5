"""What the page is told: where the work stands, and one point with all that may be shown of it."""

from __future__ import annotations

from typing import Any

from pipeline.corrections import Decision, Verdict
from pipeline.review.page.answering import last_own
from pipeline.review.page.desk import Desk, Item, Views
from pipeline.review.page.figures import agreement, progress
from pipeline.review.wording import OUTCOMES, decision_in_words

ALL, SAMPLE = "all", "sample"
SHOWN = 0.005  # a probability that would read 0.00 is not told


def state(desk: Desk, views: Views, person: str, queue: str) -> dict[str, Any]:
    """How far the work is, what ``undo`` would take back, and the place of the next open point."""
    last = last_own(desk, views, person)
    told = None
    if last is not None and last.point is not None:
        place = desk.places.get(desk.now.find(last.point).point_id)
        told = {"decision": last.id, "said": in_words(desk, last.new), "place": place}
    return {
        "progress": progress(desk, views, person),
        "agreement": None if desk.blind else agreement(desk, views, person),
        "last": told,
        "next": next_open(desk, views, person, queue, -1),
    }


def next_open(desk: Desk, views: Views, person: str, queue: str, after: int) -> int | None:
    """The next place behind one, and then from the front, that is still open: nobody decided on it, or people contradict each other;
    blind, or in the sample, the person did not decide on it.
    """
    places = _queued(desk, queue)
    behind = [place for place in places if place > after]
    for place in [*behind, *(place for place in places if place < after)]:
        point = desk.items[place].said.point_id
        own = desk.blind or queue == SAMPLE
        if views.last(point, person) is None and own:
            return place
        if not own and (not views.of(point) or (views.standing(point).conflict and not views.last(point, person))):
            return place
    return None


def point(desk: Desk, views: Views, person: str, place: int, queue: str) -> dict[str, Any]:
    """One point, and where to go from it. Blind, nothing of what the program or anybody else says of it."""
    item = desk.items[place]
    said = item.said
    places = _queued(desk, queue)
    own = views.last(said.point_id, person)
    told: dict[str, Any] = {
        "place": place, "point": said.point_id, "text": said.text, "session": said.session, "table": said.table,
        "heading": item.heading, "stands": item.stands, "where": item.where, "sampled": item.sampled,
        "own": in_words(desk, own.new) if own else None,
        "seen": views.seen(said.point_id, person if desk.blind else ""),
        "previous": max((other for other in places if other < place), default=None),
        "next": min((other for other in places if other > place), default=None),
        "open": next_open(desk, views, person, queue, place),
        "number": places.index(place) + 1 if place in places else None, "of": len(places),
    }  # fmt: skip
    codes = desk.taxonomy.codes
    if desk.blind:
        return {**told, "order": [{"code": code} for code in codes]}
    found, stands = views.standing(said.point_id), desk.stands(item, views)
    order = sorted(range(len(codes)), key=lambda theme: (codes[theme] not in item.machine.codes, -item.chances[theme], theme))
    return {
        **told,
        "because": item.because,
        "why": item.evidence,
        "suggested": in_words(desk, item.machine),
        "right": in_words(desk, stands),
        "decided": [_told(desk, decision) for decision in views.of(said.point_id)],
        "conflict": bool(found.conflict),
        "order": [
            {"code": codes[theme], "chance": _chance(item, theme), "suggested": codes[theme] in item.machine.codes} for theme in order
        ],
    }


def in_words(desk: Desk, verdict: Verdict) -> str:
    """Codes as the labels of their themes, or the outcome in words.

    A code that the taxonomy lacks stands for itself.
    """
    labels = {theme.code: theme.label for theme in desk.taxonomy.themes}
    return " and ".join(labels.get(code, code) for code in verdict.codes) or OUTCOMES[verdict.outcome]


def _told(desk: Desk, decision: Decision) -> dict[str, str]:
    return {"who": decision.who, "day": decision.day, "said": in_words(desk, decision.new), "why": decision.why,
            "line": decision_in_words(decision)}  # fmt: skip


def _chance(item: Item, theme: int) -> str:
    return f"{item.chances[theme]:.2f}" if item.chances[theme] >= SHOWN else ""


def _queued(desk: Desk, queue: str) -> list[int]:
    """The places to be worked through: all, or those drawn at random."""
    return [place for place, item in enumerate(desk.items) if queue == ALL or item.sampled]
