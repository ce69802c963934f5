"""What the report of an event says, laid out as a divisional evaluation is: from who took part to how it was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pipeline.corrections import corrections_in_words
from pipeline.records import ASPECTS, Event, Session, session_order, words_in
from pipeline.report.blocks import Block, Bullet, Bullets, Facts, Grid, Paragraph, Report, Section
from pipeline.report.key_themes import key_themes
from pipeline.report.many import MOST_LISTED, listed
from pipeline.report.point_map import point_map
from pipeline.report.withheld import Withheld, withheld
from pipeline.report.wording import counted, said_at, sentence_list
from pipeline.results import EventResult
from pipeline.themes import stability_level

# Lists of a session, in the order of a published evaluation: heading, and which points stand in it.
_LISTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Key themes as reported", {"aspect": "key_theme"}),
    ("Challenges at the local / neighbourhood level", {"aspect": "challenge", "level": "local"}),
    ("Challenges at the division / county level", {"aspect": "challenge", "level": "division"}),
    ("Top priorities", {"aspect": "top_priority"}),
    ("Main barriers", {"aspect": "barrier"}),
    ("Examples of good practice", {"aspect": "good_practice"}),
)
# What the sections of a session read of its points: of all columns, a choice of rows takes as long as all else.
_READ = ["point_id", "table", "text", "aspect", "level", "resident", "mentions", "theme_id", "outcome"]


def report_content(result: EventResult) -> Report:
    """The report of one event, the same for the same result."""
    settings = result.run["settings"]
    hidden = withheld(result.themes, settings["sensitive_codes"], settings["quotes_from_tables"])
    event = result.event
    about = [("Division", event.division), ("Districts", ", ".join(event.districts)), ("Date", event.date), ("Venue", event.venue)]
    facts = tuple((name, value) for name, value in about if value)
    sections = [
        _background(result),
        *_took_part(event),
        *(_session(session, result, hidden) for session in event.sessions),
        _how_made(result, hidden),
    ]
    return Report(event.title, (Facts(facts),) if facts else (), tuple(sections))


def _background(result: EventResult) -> Section:
    event = result.event
    said = result.points[result.points["outcome"] != "procedural"]
    when = (f" on {event.date}" if event.date else "") + (f" at {event.venue}" if event.venue else "")
    held = f" at the event held{when}" if when else ""
    where = _from_tables(said, "{} in ") + counted(len(event.sessions), "workshop session")
    text = (
        f"This report sets out what was written down{held}: {counted(len(said), 'point')} from {where}. Points that say the same kind of "
        "thing stand together as a theme. Themes rank by how many tables raised them and how urgent they said it was."
    )
    return Section("Background", (Paragraph(text),))


def _from_tables(said: pd.DataFrame, wording: str) -> str:
    """The number of tables that spoke, put into words; nothing where the notes name none."""
    tables = said.loc[said["table"] != "", "table"].nunique()
    return wording.format(counted(tables, "table")) if tables else ""


def _took_part(event: Event) -> Iterator[Section]:
    if not event.participants and not event.participant_count:
        return
    blocks: list[Block] = []
    if event.participant_count:
        blocks.append(Paragraph(f"{event.participant_count} participants took part."))
    if event.participants:
        blocks.append(Bullets(tuple(Bullet(name) for name in event.participants)))
    yield Section("Who took part?", tuple(blocks))


def _session(session: Session, result: EventResult, hidden: Withheld) -> Section:
    points = result.points.loc[result.points["session"] == session.id, _READ]
    heading = f"Workshop session {session.id}" + (f": {session.title}" if session.title else "")
    blocks: list[Block] = [Paragraph(session.question, question=True)] if session.question else []
    if points.empty:
        return Section(heading, (*blocks, Paragraph("No points were recorded.")), session=session.id)
    said = points[points["outcome"] != "procedural"]
    blocks.append(Paragraph(f"{counted(len(points), 'point')}{_from_tables(said, ' from {}')}."))
    themes = [theme for theme in result.themes if theme.session == session.id]
    mapped = point_map(points, result.places, themes, hidden)
    told = list(said.itertuples()) if listed(result.points) else []
    lists = [*_lists(told, hidden), *_residents(told, hidden)]
    sections = [*key_themes(themes, hidden, mapped), *lists]
    return Section(heading, tuple(blocks), tuple(sections), session=session.id)


def _lists(said: list[Any], hidden: Withheld) -> Iterator[Section]:
    for heading, where in _LISTS:
        chosen = [point for point in said if all(getattr(point, column) == value for column, value in where.items())]
        if chosen:
            yield Section(heading, (_bullets(chosen, hidden),))


def _residents(said: list[Any], hidden: Withheld) -> Iterator[Section]:
    """A section a resident type, then what was said of residents without a type."""
    of: dict[str, dict[str, list[Any]]] = {}
    for point in said:
        if point.aspect in ("issue", "action"):
            of.setdefault(point.resident, {"issue": [], "action": []})[point.aspect].append(point)
    unnamed = of.pop("", {})
    for resident in sorted(of, key=str.casefold):
        lists = tuple(_bullets(points, hidden, f"{ASPECTS[aspect]}:") for aspect, points in of[resident].items() if points)
        yield Section(f"Resident type: {resident}", lists)
    for aspect, heading in (("issue", "Key issues and barriers"), ("action", "Actions to overcome barriers")):
        if unnamed.get(aspect):
            yield Section(heading, (_bullets(unnamed[aspect], hidden),))


def _bullets(points: list[Any], hidden: Withheld, title: str = "") -> Bullets:
    """One bullet a text: repeats at other tables are joined, with the tables and the mentions; what is withheld is counted."""
    shown = [point for point in points if point.point_id not in hidden.points]
    same: dict[str, list[tuple[str, int, str]]] = {}
    for point in sorted(shown, key=lambda p: (session_order(p.table), p.text, p.point_id)):
        same.setdefault(point.text.casefold(), []).append((point.table, point.mentions, point.text))
    items = []
    for found in same.values():
        tables = sorted({table for table, _, _ in found if table}, key=session_order)
        mentions = sum(number for _, number, _ in found)
        notes = [said_at(tables)] if tables else []
        notes += [f"{mentions} mentions"] if mentions > 1 else []
        items.append(Bullet(found[0][2], "; ".join(notes), typed=True))
    if unsaid := len(points) - len(shown):
        items.append(Bullet(f"({counted(unsaid, 'point')} on a sensitive theme withheld)"))
    return Bullets(tuple(items), title)


def _how_made(result: EventResult, hidden: Withheld) -> Section:
    sections = [_data(result), _sureness(result), *_corrected(result), *_unsaid(hidden), *_worked_out(result)]
    return Section("How this was made", _method(result), tuple(sections))


def _method(result: EventResult) -> tuple[Block, ...]:
    run = result.run
    outcomes = run["counts"]["outcomes"]
    checked = "not checked by a person"
    if run.get("corrections", {}).get("applied"):
        checked = "checked by people only as far as is said below"
    return (
        Paragraph(
            f"{counted(len(result.points), 'point')} from {counted(run['counts']['files_read'], 'file')}, labelled with the taxonomy "
            f"{run['taxonomy']['name']} {run['taxonomy']['version']}: {outcomes['labelled']} with one or more themes, "
            f"{outcomes['no_match']} on something the taxonomy lacks, {outcomes['undecided']} saying too little to tell, and "
            f"{outcomes['procedural']} on the running of the event."
        ),
        Paragraph(
            f"Themes were given by a program and {checked}. Points are quoted as typed; personal details that were "
            "recognised are replaced by placeholders such as [PHONE 1]."
        ),
    )


def _data(result: EventResult) -> Section:
    words = result.run["conservation"]["words"]
    told = Paragraph(
        f"Of {words['read']} words read, {words['kept']} were kept and {words['dropped']} set aside; every one of those stands "
        "in dropped.csv with the reason."
    )
    unread = [Bullet(file["remarks"][0]) for file in result.run["files"] if file["status"] == "not read"]
    blocks: list[Block] = [told]
    if not listed(result.points):
        few = "themes are shown with their quotes"
        blocks.append(Paragraph(f"There are more than {MOST_LISTED:,} points, too many to list here: {few}. points.csv has them all."))
    if not result.dropped.empty:
        aside = result.dropped.assign(words=result.dropped["text"].map(words_in)).groupby("reason", sort=True)["words"].agg(["size", "sum"])
        rows = tuple((str(reason), int(pieces), int(number)) for reason, pieces, number in aside.itertuples())
        blocks.append(Grid(("Set aside because", "Pieces", "Words"), rows, frozenset({"Pieces", "Words"})))
    if unread:
        blocks.append(Bullets(tuple(unread), "Not read:"))
    return Section("What was read and what was set aside", tuple(blocks))


def _sureness(result: EventResult) -> Section:
    levels = [stability_level(theme.stability) for theme in result.themes]
    found = [f"{levels.count(level)} {level}" for level in ("high", "medium", "low") if level in levels]
    blocks: list[Block] = [
        Paragraph(
            "A code is given to a point from a probability on that was set on texts coded by other hands; points.csv has the probability "
            "and the words that decided. Read a theme of one or two points as a pointer to what was said, not as a finding."
        )
    ]
    if found:
        blocks.append(
            Paragraph(
                "Stability says how often a theme is found again when the tables are drawn anew, some twice and some not at all: a theme "
                f"that one table raised depends on that table. Of the themes here {sentence_list(found)}."
            )
        )
    return Section("How sure this is", tuple(blocks))


def _corrected(result: EventResult) -> Iterator[Section]:
    corrections = result.run.get("corrections")
    if corrections and (lines := corrections_in_words(corrections)):
        yield Section("What people decided", (Bullets(tuple(Bullet(line) for line in lines)),))


def _unsaid(hidden: Withheld) -> Iterator[Section]:
    if hidden.named:
        text = (
            f"What was said on sensitive themes ({'; '.join(hidden.named)}) is shown where at least {hidden.least} tables "
            f"raised them, so that nobody is known by it; {counted(len(hidden.points), 'point')} withheld. points.csv has all."
        )
        yield Section("What is withheld", (Paragraph(text),))


def _worked_out(result: EventResult) -> Iterator[Section]:
    if result.event.inferred:
        yield Section("Worked out rather than given", (Bullets(tuple(Bullet(remark) for remark in result.event.inferred)),))
