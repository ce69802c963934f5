"""The first sheet of the workbook: what the event was, what each sheet and column says, and what is withheld."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.report.withheld import Withheld
from pipeline.report.wording import counted, sentence_list
from pipeline.report.workbook.sheets import Sheet
from pipeline.results import EventResult

Rows = list[tuple[str, str]]


def read_me(result: EventResult, hidden: Withheld, sheets: Sequence[Sheet]) -> list[tuple[str, Rows]]:
    """Its parts in order: a heading, and rows of what is meant and what is said of it."""
    event = result.event
    about = [("Division", event.division), ("Districts", ", ".join(event.districts)), ("Date", event.date), ("Venue", event.venue)]
    questions = [(session.question, sheet) for session, sheet in zip(event.sessions, sheets, strict=False) if session.question]
    return [
        (
            "This workbook",
            [row for row in about if row[1]]
            + [("How it was made", _made(result)), ("Withheld", _withheld(hidden)), ("On paper", _printed(sheets))],
        ),
        ("Sheets", [(sheet.name, f"{sheet.says[0].upper()}{sheet.says[1:]}.") for sheet in sheets]),
        *([("What the sessions were asked", [(sheet.name, question) for question, sheet in questions])] if questions else []),
        *_columns(sheets, len(event.sessions)),
    ]


def _made(result: EventResult) -> str:
    taxonomy = result.run["taxonomy"]
    return (
        f"A program gave the points their themes, from the list of themes {taxonomy['name']} {taxonomy['version']}, but where 'Decided by' "
        "says human; read a theme of one or two points as a pointer to what was said, not as a finding. A text that a spreadsheet might "
        "take for a formula has an apostrophe in front."
    )


def _withheld(hidden: Withheld) -> str:
    if not hidden.named:
        return "Nothing."
    return (
        f"What was said on sensitive themes ({'; '.join(hidden.named)}) is shown where at least {hidden.least} tables raised them, so that "
        f"nobody is known by it; {counted(len(hidden.points), 'point')} withheld here, as in the reports, with the table and the place in "
        "the notes. points.csv has all: keep it in the office."
    )


def _printed(sheets: Sequence[Sheet]) -> str:
    """Which columns go on paper."""
    last = list(dict.fromkeys(sheet.columns[sheet.printed - 1].heading for sheet in sheets if sheet.printed < len(sheet.columns)))
    return f"The first columns of a sheet, up to {sentence_list([repr(heading) for heading in last])}; set another print area for more."


def _columns(sheets: Sequence[Sheet], sessions: int) -> list[tuple[str, Rows]]:
    """What each column means, once for all sessions."""
    *themes, points, dropped = sheets
    kinds = [("Columns of a session", themes[0])] if sessions else []
    kinds += [(f"Columns of {sheet.name}", sheet) for sheet in (points, dropped)]
    return [(heading, [(column.heading, column.meaning) for column in sheet.columns]) for heading, sheet in kinds]
