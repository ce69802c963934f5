"""Reports: one event's themes for people to read."""

from pipeline.report.markdown import report_markdown

__all__ = ["report_markdown"]
