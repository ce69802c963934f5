"""Reports: one event's themes for people to read, in several forms from one source."""

from __future__ import annotations

from pipeline.report.content import report_content
from pipeline.report.markdown import report_markdown
from pipeline.results import EventResult

__all__ = ["report_content", "report_files", "report_markdown"]


def report_files(result: EventResult) -> dict[str, bytes]:
    """The reports of one event, by the name of the file each is written to."""
    report = report_content(result)
    return {"report.md": report_markdown(report).encode()}
