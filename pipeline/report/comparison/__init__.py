"""Divisions compared, for people to read: what matters first, then pictures, each division, each theme, and how it was made.

Everything is made of a :class:`~pipeline.comparison.Comparison` and nothing else. That holds no number that is hidden, so none can stand
here either, nor anything it could be worked out from.
"""

from __future__ import annotations

from pipeline.comparison import Comparison
from pipeline.report.blocks import Facts, Report
from pipeline.report.comparison.divisions import by_division
from pipeline.report.comparison.emergent import beyond_the_taxonomy
from pipeline.report.comparison.in_short import in_short
from pipeline.report.comparison.method import method
from pipeline.report.comparison.pictures import pictures
from pipeline.report.comparison.scope import scope
from pipeline.report.comparison.themes import by_theme
from pipeline.report.markdown import report_markdown
from pipeline.report.page import report_page
from pipeline.report.word import report_word
from pipeline.report.wording import counted, sentence_list

__all__ = ["comparison_content", "comparison_files"]


def comparison_content(comparison: Comparison) -> Report:
    """The report of a comparison, the same for the same comparison."""
    names = [division.name for division in comparison.divisions]
    tables = sum(division.tables for division in comparison.divisions)
    at = f"{tables or 'not named in the notes'} at {counted(len(comparison.events), 'event')}"
    facts = (
        ("Divisions" if len(names) > 1 else "Division", sentence_list(names)),
        ("Tables", at),
        ("Sessions", sentence_list([session.id for session in comparison.sessions])),
    )
    sections = (
        in_short(comparison),
        *pictures(comparison),
        by_division(comparison),
        *by_theme(comparison),
        *beyond_the_taxonomy(comparison),
        scope(comparison),
        method(comparison),
    )
    title = f"{len(names)} divisions compared" if len(names) > 1 else f"Themes in {names[0]}"
    return Report(title, (Facts(facts),), sections)


def comparison_files(comparison: Comparison) -> dict[str, bytes]:
    """The reports of a comparison, by the name of the file each is written to."""
    report = comparison_content(comparison)
    return {
        "comparison.html": report_page(report).encode(),
        "comparison.docx": report_word(report),
        "comparison.md": report_markdown(report).encode(),
    }
