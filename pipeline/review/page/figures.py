"""How far a reviewer is, and how well the program's codes fit theirs so far."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.corrections import NOT_SURE, Decision
from pipeline.evaluate.figures import figure, over, resampled
from pipeline.review.page.desk import Desk, Item, Views


def progress(desk: Desk, views: Views, person: str) -> dict[str, int]:
    """How many points there are, in all and of the sample, and how many of them the person, or anybody, decided on."""
    own = {item.said.point_id for item in desk.items if views.last(item.said.point_id, person)}
    sample = [item.said.point_id for item in desk.items if item.sampled]
    anyone = sum(bool(views.of(item.said.point_id)) for item in desk.items)
    return {"all": len(desk.items), "own": len(own), "anyone": anyone, "sample": len(sample), "own_sample": len(own & set(sample))}


def agreement(desk: Desk, views: Views, person: str) -> dict[str, Any] | None:
    """How well the program's own codes fit those that a person gave to points drawn at random; None before the first.

    Returns
    -------
    ``points`` : how many of the sample the person decided on; "not sure" does not count.
    ``confirmed``, ``low``, ``high`` : the share of them on which the program gave exactly the person's codes, and its 95% interval
    (Wilson 1927, J. Am. Stat. Assoc. 22, 209-212).
    ``f1``, ``f1_low``, ``f1_high`` : micro-F1 and its bootstrap interval; None where neither gave a code.
    ``course`` : the share confirmed after each of these decisions, in the order in which they were made.
    """
    order = {decision.id: place for place, decision in enumerate(views.ledger.decisions)}
    pairs = [(item, last) for item in desk.items if item.sampled and (last := views.last(item.said.point_id, person))]
    pairs = [(item, last) for item, last in pairs if last.new.outcome != NOT_SURE]
    if not pairs:
        return None
    pairs.sort(key=lambda pair: order[pair[1].id])
    right = np.array([_same(desk, item, last) for item, last in pairs])
    low, high = wilson(int(right.sum()), len(right))
    f1 = _micro_f1(desk, pairs)
    return {
        "points": len(right), "confirmed": round(float(right.mean()), 4), "low": low, "high": high,
        "f1": f1.value, "f1_low": f1.low, "f1_high": f1.high,
        "course": [round(float(share), 4) for share in right.cumsum() / np.arange(1, len(right) + 1)],
    }  # fmt: skip


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95% interval of a share.

    >>> wilson(8, 10)
    (0.4902, 0.9433)
    """
    from scipy.stats import binomtest

    found = binomtest(right, of).proportion_ci(method="wilson")
    return round(float(found.low), 4), round(float(found.high), 4)


def _same(desk: Desk, item: Item, last: Decision) -> bool:
    return set(item.machine.codes) == set(last.new.codes) & set(desk.taxonomy.codes)


def _micro_f1(desk: Desk, pairs: list[tuple[Item, Decision]]) -> Any:
    codes = desk.taxonomy.codes
    given = np.array([[code in item.machine.codes for code in codes] for item, _ in pairs], dtype=np.float64)
    truth = np.array([[code in last.new.codes for code in codes] for _, last in pairs], dtype=np.float64)
    both, either = (given * truth).sum(axis=1), (given + truth).sum(axis=1)
    weights = resampled(len(pairs), desk.settings.seed)
    value = over(np.array([2 * both.sum()]), np.array([either.sum()]))
    return figure(float(value[0]), over(2 * (weights @ both), weights @ either))
