"""Reports: one event's themes for people to read, in several forms from one source."""

from __future__ import annotations

from pipeline.report.blocks import charts_of
from pipeline.report.charts import begin_drawing, make_charts_ready
from pipeline.report.content import report_content
from pipeline.report.markdown import report_markdown
from pipeline.report.page import explorer_points, report_page
from pipeline.report.word import report_word
from pipeline.report.workbook import report_workbook
from pipeline.results import EventResult

__all__ = ["make_charts_ready", "report_content", "report_files", "report_markdown", "report_page", "report_word", "report_workbook"]


def report_files(result: EventResult) -> dict[str, bytes]:
    """The reports of one event, by the name of the file each is written to."""
    report = report_content(result)
    begin_drawing(charts_of(report))
    workbook = report_workbook(result)
    return {
        "report.md": report_markdown(report).encode(),
        "report.docx": report_word(report),
        "report.html": report_page(report, explorer_points(result)).encode(),
        "themes.xlsx": workbook,
    }
