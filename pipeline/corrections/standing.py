"""What stands of several people's decisions on one point or theme.

A person's later decision takes the place of their earlier one. Between people, the later does not win: where what they say last
differs, nothing of it is used until somebody, who may be one of them, makes a decision that names those it settles. What a decision
settles stays settled until that decision is undone. "Not sure" is said of oneself: it contradicts nobody and settles nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.corrections.decisions import CODES, MERGE, NOT_SURE, REJECT, RENAME, SPLIT, Decision


@dataclass(frozen=True, slots=True)
class Standing:
    """What is to be used, if anything; and where people contradict each other, what each says, in the order of the ledger."""

    decision: Decision | None = None
    conflict: tuple[Decision, ...] = ()


def standing(decisions: Sequence[Decision]) -> Standing:
    """What stands of live decisions on one matter.

    Parameters
    ----------
    decisions : in the order of the ledger, none of them undone, all on the codes of one point, or on the theme it is split off into, or
        on the title or the fate of one theme.
    """
    settled = {name for decision in decisions if decision.new.outcome != NOT_SURE for name in decision.settles}
    last = {decision.person: decision for decision in decisions}
    views = [
        decision
        for decision in decisions
        if last[decision.person] is decision and decision.id not in settled and decision.new.outcome != NOT_SURE
    ]
    if not views:
        return Standing()
    if len({_said(decision) for decision in views}) > 1:
        return Standing(conflict=tuple(views))
    return Standing(views[-1])


def matter(decision: Decision) -> str:
    """On what of its theme a decision is: its ``title``, or its ``fate``, for what is merged cannot be rejected; of its point, so too."""
    return {CODES: "codes", SPLIT: "theme", RENAME: "title", MERGE: "fate", REJECT: "fate"}[decision.what]


def _said(decision: Decision) -> tuple[Any, ...]:
    """What two decisions have in common that say the same; the order of codes says nothing."""
    new = decision.new
    return (decision.what, tuple(sorted(new.codes)), new.outcome, new.title.casefold() if decision.what == SPLIT else new.title, new.into)
