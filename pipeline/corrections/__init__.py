"""Corrections: what people decided, kept in a ledger, and put in the place of what the program said in every later run.

``decide`` makes a decision, ``append`` adds it to a ledger and ``read_ledger`` reads one; ``correct`` and ``correct_themes`` carry out
in a run what stands in it.
"""

from __future__ import annotations

from pipeline.corrections.decisions import (
    CODES,
    MERGE,
    NOT_SURE,
    REJECT,
    RENAME,
    SPLIT,
    UNDO,
    Decision,
    PointSaid,
    TaxonomyUsed,
    ThemeShown,
    Verdict,
    decide,
)
from pipeline.corrections.ledger import LEDGER, Appended, Ledger, append, read_ledger
from pipeline.corrections.matching import Match, PointsNow
from pipeline.corrections.replay import HUMAN, MACHINE, Replayed, correct
from pipeline.corrections.standing import Standing, standing
from pipeline.corrections.themes import correct_themes
from pipeline.corrections.wording import corrections_in_words

__all__ = [
    "CODES",
    "HUMAN",
    "LEDGER",
    "MACHINE",
    "MERGE",
    "NOT_SURE",
    "REJECT",
    "RENAME",
    "SPLIT",
    "UNDO",
    "Appended",
    "Decision",
    "Ledger",
    "Match",
    "PointSaid",
    "PointsNow",
    "Replayed",
    "Standing",
    "TaxonomyUsed",
    "ThemeShown",
    "Verdict",
    "append",
    "correct",
    "correct_themes",
    "corrections_in_words",
    "decide",
    "read_ledger",
    "standing",
]
