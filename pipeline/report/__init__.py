"""Reports: one event's themes for people to read, in several forms from one source."""

from __future__ import annotations

from pipeline.beside import begun, elsewhere
from pipeline.report.blocks import Report
from pipeline.report.charts import start_drawing
from pipeline.report.content import report_content
from pipeline.report.markdown import report_markdown
from pipeline.report.page import explorer_points, report_page
from pipeline.report.word import report_word
from pipeline.report.workbook import report_workbook
from pipeline.results import EventResult

__all__ = ["make_reports_ready", "report_content", "report_files", "report_markdown", "report_page", "report_word", "report_workbook"]


def report_files(result: EventResult) -> dict[str, bytes]:
    """The reports of one event, by the name of the file each is written to."""
    report = report_content(result)
    word, page = begun(report_word, report), begun(report_page, report, explorer_points(result))
    workbook = report_workbook(result)
    return {
        "report.md": report_markdown(report).encode(),
        "report.docx": word(),
        "report.html": page().encode(),
        "themes.xlsx": workbook,
    }


@elsewhere
def make_reports_ready() -> None:
    """Import what writes reports, and start what draws their charts, before there is one: it takes a second."""
    report_word(Report("", (), ()))
    start_drawing()
