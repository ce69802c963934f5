"""themes.xlsx: an event's themes, points and dropped text as a workbook to sort, filter and print."""

from __future__ import annotations

from pipeline.report.office import sealed
from pipeline.report.withheld import withheld
from pipeline.report.workbook.names import sheet_names
from pipeline.report.workbook.read_me import read_me
from pipeline.report.workbook.sheets import dropped_sheet, points_sheet, session_sheet
from pipeline.results import EventResult

__all__ = ["report_workbook"]


def report_workbook(result: EventResult) -> bytes:
    """An event's workbook, the same bytes for the same result: what is what, a sheet a session, the points, and what was dropped.

    It is sent around as the reports are, so it withholds what they withhold (:mod:`pipeline.report.withheld`).
    """
    from pipeline.report.workbook.writing import written

    settings = result.run["settings"]
    hidden = withheld(result.themes, settings["sensitive_codes"], settings["quotes_from_tables"])
    first, *of_sessions, points, dropped = sheet_names(result.event.sessions)
    sessions = zip(of_sessions, result.event.sessions, strict=True)
    sheets = [
        *(
            session_sheet(name, [theme for theme in result.themes if theme.session == session.id], result, hidden)
            for name, session in sessions
        ),
        points_sheet(points, result, hidden),
        dropped_sheet(dropped, result, hidden),
    ]
    return sealed(written(result.event.title, first, read_me(result, hidden, sheets), sheets), result.event.title)
