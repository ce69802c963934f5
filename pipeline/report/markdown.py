"""report.md: laid out as a divisional evaluation is, from who took part to how it was made."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from pipeline.records import ASPECTS, PRIORITIES, Event, Session, session_order
from pipeline.report.withheld import Withheld, withheld
from pipeline.results import EventResult, ThemeRow
from pipeline.themes import stability_level

KEY_THEMES = 8
# Signs of Markdown wherever they stand, entities, and what makes a list or a rule at the start of a text.
SPECIAL = re.compile(r"([\\`*_\[\]<>#|~]|&(?=#?\w+;)|^[-+](?=[\s+-]|$))")
NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")
# Lists of a session, in the order of a published evaluation: heading, and which points stand in it.
_LISTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Key themes as reported", {"aspect": "key_theme"}),
    ("Challenges at the local / neighbourhood level", {"aspect": "challenge", "level": "local"}),
    ("Challenges at the division / county level", {"aspect": "challenge", "level": "division"}),
    ("Top priorities", {"aspect": "top_priority"}),
    ("Main barriers", {"aspect": "barrier"}),
    ("Examples of good practice", {"aspect": "good_practice"}),
)


def report_markdown(result: EventResult) -> str:
    """The report of one event as Markdown text, the same bytes for the same result."""
    settings = result.run["settings"]
    hidden = withheld(result.themes, settings["sensitive_codes"], settings["quotes_from_tables"])
    lines = [
        *_front(result.event),
        *(line for session in result.event.sessions for line in _session(session, result, hidden)),
        *_how_made(result, hidden),
    ]
    return "\n".join(lines).rstrip() + "\n"


def plain(text: str) -> str:
    r"""Text in which Markdown's own signs are escaped, so that notes show as typed.

    >>> plain("*urgent* [x]")
    '\\*urgent\\* \\[x\\]'
    """
    return NUMBERED.sub(r"\1\\", SPECIAL.sub(r"\\\1", " ".join(text.split())))


def _front(event: Event) -> Iterator[str]:
    yield f"# {plain(event.title)}"
    yield ""
    about = [("Division", event.division), ("Districts", ", ".join(event.districts)), ("Date", event.date), ("Venue", event.venue)]
    for name, value in about:
        if value:
            yield f"- {name}: {plain(value)}"
    yield ""
    if event.participants or event.participant_count:
        yield "## Who took part?"
        yield ""
        if event.participant_count:
            yield f"{event.participant_count} participants took part."
            yield ""
        for name in event.participants:
            yield f"- {plain(name)}"
        yield ""


def _session(session: Session, result: EventResult, hidden: Withheld) -> Iterator[str]:
    points = result.points[result.points["session"] == session.id]
    themes = [theme for theme in result.themes if theme.session == session.id]
    yield f"## Workshop session {session.id}: {plain(session.title)}" if session.title else f"## Workshop session {session.id}"
    yield ""
    if session.question:
        yield f"*{plain(session.question)}*"
        yield ""
    if points.empty:
        yield "No points were recorded."
        yield ""
        return
    tables = points.loc[(points["table"] != "") & (points["outcome"] != "procedural"), "table"].nunique()
    from_tables = f" from {_counted(tables, 'table')}" if tables else ""
    yield f"{_counted(len(points), 'point')}{from_tables}."
    yield ""
    yield from _key_themes(themes, hidden)
    for heading, where in _LISTS:
        yield from _list(heading, _chosen(points, where), hidden)
    yield from _residents(points, hidden)


def _key_themes(themes: list[ThemeRow], hidden: Withheld) -> Iterator[str]:
    if not themes:
        return
    yield "### Key themes"
    yield ""
    titles = {code: theme.title for theme in themes for code in theme.codes}
    for theme in themes[:KEY_THEMES]:
        emergent = ", not in the taxonomy" if theme.kind == "emergent" else ""
        remarks = f"{_raised(theme)}{_urgent(theme)}{_part(theme, titles)}{emergent}{_stable(theme)}"
        yield f"{theme.rank}. **{plain(theme.title)}** ({remarks})"
        if theme.id in hidden.themes:
            yield f"   - Quotes withheld: a sensitive theme, raised at fewer than {hidden.least} tables."
        for quote in hidden.quotes(theme.quotes):
            yield f"   - “{plain(quote.text)}”{_said_at(quote.tables)}"
        for part in hidden.subthemes(theme):
            yield f"   - *{plain(part.title)}*: {_counted(part.points, 'point')}"
    yield ""
    if len(themes) > KEY_THEMES:
        others = [f"{plain(theme.title)} ({_counted(theme.points, 'point')}{_part(theme, titles)})" for theme in themes[KEY_THEMES:]]
        yield f"Also raised: {'; '.join(others)}."
        yield ""


def _raised(theme: ThemeRow) -> str:
    parts = [_counted(theme.points, "point")]
    if theme.mentions > theme.points:
        parts.append(f"{theme.mentions} mentions")
    if theme.tables_total:
        parts.append(f"raised at {theme.tables} of {_counted(theme.tables_total, 'table')}")
    return ", ".join(parts)


def _urgent(theme: ThemeRow) -> str:
    urgent = theme.priorities.get(PRIORITIES[0], 0)
    return f", {urgent} of them urgent and essential" if urgent else ""


def _part(theme: ThemeRow, titles: dict[str, str]) -> str:
    return "" if theme.broader is None else f", part of {plain(titles[theme.broader])}"


def _stable(theme: ThemeRow) -> str:
    return "" if theme.stability is None else f", stability {stability_level(theme.stability)} ({theme.stability:.2f})"


def _said_at(tables: tuple[str, ...]) -> str:
    return f" (table{'s' if len(tables) > 1 else ''} {plain(', '.join(tables))})" if tables else ""


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _chosen(points: pd.DataFrame, where: dict[str, str]) -> pd.DataFrame:
    chosen = points[points["outcome"] != "procedural"]
    for column, value in where.items():
        chosen = chosen[chosen[column] == value]
    return chosen


def _list(heading: str, points: pd.DataFrame, hidden: Withheld) -> Iterator[str]:
    if points.empty:
        return
    yield f"### {heading}"
    yield ""
    yield from _bullets(points, hidden)
    yield ""


def _bullets(points: pd.DataFrame, hidden: Withheld) -> Iterator[str]:
    """One bullet a text: repeats at other tables are joined, with the tables and the mentions; what is withheld is counted."""
    unsaid = points["point_id"].isin(hidden.points)
    ordered = sorted(points[~unsaid].itertuples(), key=lambda p: (session_order(p.table), p.text, p.point_id))
    same: dict[str, list[tuple[str, int, str]]] = {}
    for point in ordered:
        same.setdefault(point.text.casefold(), []).append((point.table, point.mentions, point.text))
    for found in same.values():
        tables = sorted({table for table, _, _ in found if table}, key=session_order)
        mentions = sum(number for _, number, _ in found)
        notes = [f"table{'s' if len(tables) > 1 else ''} {', '.join(tables)}"] if tables else []
        notes += [f"{mentions} mentions"] if mentions > 1 else []
        remark = f" ({plain('; '.join(notes))})" if notes else ""
        yield f"- {plain(found[0][2])}{remark}"
    if unsaid.any():
        yield f"- ({_counted(int(unsaid.sum()), 'point')} on a sensitive theme withheld)"


def _residents(points: pd.DataFrame, hidden: Withheld) -> Iterator[str]:
    said = points[points["aspect"].isin(["issue", "action"]) & (points["outcome"] != "procedural")]
    named = said[said["resident"] != ""]
    for resident in sorted(set(named["resident"]), key=str.casefold):
        of_resident = named[named["resident"] == resident]
        yield f"### Resident type: {plain(resident)}"
        yield ""
        for aspect in ("issue", "action"):
            yield from _under(f"{ASPECTS[aspect]}:", of_resident[of_resident["aspect"] == aspect], hidden)
    for aspect, heading in (("issue", "Key issues and barriers"), ("action", "Actions to overcome barriers")):
        yield from _list(heading, said[(said["resident"] == "") & (said["aspect"] == aspect)], hidden)


def _under(heading: str, points: pd.DataFrame, hidden: Withheld) -> Iterator[str]:
    if not points.empty:
        yield f"**{heading}**"
        yield ""
        yield from _bullets(points, hidden)
        yield ""


def _how_made(result: EventResult, hidden: Withheld) -> Iterator[str]:
    run = result.run
    outcomes = run["counts"]["outcomes"]
    words = run["conservation"]["words"]
    taxonomy = f"{plain(run['taxonomy']['name'])} {plain(run['taxonomy']['version'])}"
    yield "## How this was made"
    yield ""
    yield (
        f"{_counted(len(result.points), 'point')} from {_counted(run['counts']['files_read'], 'file')}, labelled with the taxonomy "
        f"{taxonomy}: {outcomes['labelled']} with one or more themes, {outcomes['no_match']} on something the taxonomy lacks, "
        f"{outcomes['undecided']} saying too little to tell, and {outcomes['procedural']} on the running of the event."
    )
    yield ""
    yield (
        f"Of {words['read']} words read, {words['kept']} were kept and {words['dropped']} set aside; every one of those stands "
        "in dropped.csv with the reason."
    )
    yield ""
    yield (
        "Themes were given by a program and not checked by a person. Points are quoted as typed; personal details that were "
        "recognised are replaced by placeholders such as [PHONE 1]."
    )
    yield ""
    if hidden.named:
        yield (
            f"What was said on sensitive themes ({'; '.join(map(plain, hidden.named))}) is shown where at least {hidden.least} tables "
            f"raised them, so that nobody is known by it; {_counted(len(hidden.points), 'point')} withheld. points.csv has all."
        )
        yield ""
    if result.event.inferred:
        yield "Worked out rather than given:"
        yield ""
        for remark in result.event.inferred:
            yield f"- {plain(remark)}"
        yield ""
    unread = [file for file in run["files"] if file["status"] == "not read"]
    if unread:
        yield "Not read:"
        yield ""
        for file in unread:
            yield f"- {plain(file['remarks'][0])}"
        yield ""
