"""Reports: one event's themes for people to read, in several forms from one source."""

from __future__ import annotations

from itertools import islice

from pipeline.report.blocks import Report, charts_of
from pipeline.report.content import report_content
from pipeline.report.markdown import report_markdown
from pipeline.report.page import drawings, explorer_points, report_page
from pipeline.report.word import report_word
from pipeline.report.workbook import report_workbook
from pipeline.results import EventResult

__all__ = ["make_charts_ready", "report_content", "report_files", "report_markdown", "report_page", "report_word", "report_workbook"]


def report_files(result: EventResult) -> dict[str, bytes]:
    """The reports of one event, by the name of the file each is written to."""
    from concurrent.futures import ThreadPoolExecutor

    report = report_content(result)
    with ThreadPoolExecutor(1) as beside:  # most of drawing a chart is done outside Python, so on another core
        drawn = beside.submit(_draw, report)
        workbook = report_workbook(result)
        drawn.result()
    return {
        "report.md": report_markdown(report).encode(),
        "report.docx": report_word(report),
        "report.html": report_page(report, explorer_points(result)).encode(),
        "themes.xlsx": workbook,
    }


def make_charts_ready() -> None:
    """Start what draws charts. It takes most of a second, and holds up no other thread of Python meanwhile."""
    import vl_convert

    vl_convert.vegalite_to_svg({"data": {"values": []}, "mark": "point"}, allowed_base_urls=[])


def _draw(report: Report) -> None:
    """Draw the charts of a report, as many as are remembered, for the page and for Word to find them drawn."""
    from pipeline.report.charts import KEPT, picture

    for chart in islice(charts_of(report), KEPT // 2):  # a page shows each wide and narrow
        drawings(chart)
        picture(chart)
