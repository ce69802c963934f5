"""Review: runs out to Excel for people to check, and what they decided back into the ledger.

``export_review`` writes a workbook, ``apply_review`` reads it back, ``history`` says what was decided on a point and ``undo`` takes a
decision back.
"""

from __future__ import annotations

from pipeline.review.applying import Applied, apply_review
from pipeline.review.exporting import SAMPLE, Exported, export_review
from pipeline.review.history import history, undo

__all__ = ["SAMPLE", "Applied", "Exported", "apply_review", "export_review", "history", "undo"]
