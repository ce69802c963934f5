"""A decision in one plain line."""

from __future__ import annotations

from pipeline.corrections import CODES, MERGE, REJECT, RENAME, SPLIT, UNDO, Decision
from pipeline.review.layout import NONE_OF_THESE, NOT_SURE

OUTCOMES = {"no_match": NONE_OF_THESE, "not_sure": NOT_SURE, "undecided": "too little to tell", "procedural": "the running of the event"}


def decision_in_words(decision: Decision) -> str:
    """Who said what and when, with its id, by which it can be taken back."""
    why = f" ({decision.why})" if decision.why else ""
    settles = f", which settles {' and '.join(decision.settles)}" if decision.settles else ""
    return f"{decision.day} {decision.who}{' (blind)' if decision.blind else ''}: {_said(decision)}{settles}{why} [{decision.id}]"


def _said(decision: Decision) -> str:
    new = decision.new
    said = {
        CODES: " and ".join(f"'{code}'" for code in new.codes) or OUTCOMES.get(new.outcome, ""),
        SPLIT: f"split off into '{new.title}'",
        RENAME: f"renamed '{new.title}'",
        MERGE: f"merged into {new.into}",
        REJECT: "rejected",
        UNDO: f"took back {decision.undoes}",
    }
    return said[decision.what]
