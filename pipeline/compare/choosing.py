"""Which events and sessions are compared, whether they may be, and what a reader has to know of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.compare.counting import Material, material_of, tables_of
from pipeline.errors import ReadError
from pipeline.records import session_order
from pipeline.report.wording import counted, sentence_list
from pipeline.results import EventResult

# Settings of a run that decide nothing about which point belongs to which theme.
_NO_MATTER = {"taxonomy", "quotes_per_theme", "keep_redactions", "keep_names", "redact_also", "sensitive_codes", "quotes_from_tables"}


def choose(events: Sequence[EventResult], sessions: Sequence[str] = ()) -> tuple[Material, list[str]]:
    """What of some events is compared: the same sessions of each, so that every table had the same occasions to raise a theme.

    Parameters
    ----------
    events : of different ids, in any order.
    sessions : ids; events that lack one of them are left out. None given: the sessions that all events have.

    Returns
    -------
    (material, remarks) : and what a reader has to know, in plain sentences.

    Raises
    ------
    ReadError : there are no events, they were labelled with different taxonomies, or they have no session in common.
    """
    ordered = sorted(events, key=lambda result: result.event.id)
    _check_taxonomy(ordered)
    has = {result.event.id: {session.id for session in result.event.sessions} for result in ordered}
    wanted = set(sessions) or set.intersection(*has.values())
    chosen = [result for result in ordered if wanted and wanted <= has[result.event.id]]
    if not chosen:
        held = sentence_list([f"{event}: {sentence_list(sorted(ids, key=session_order)) if ids else 'none'}" for event, ids in has.items()])
        raise ReadError(
            f"no event has the session{'s' if len(sessions) > 1 else ''} {sentence_list(sorted(wanted))}"
            if sessions
            else "there is no session that all events have",
            where=f"the events given ({held})",
            expected="the same sessions in each event, so that every table had the same occasions to raise a theme",
            do="choose sessions with --session, which leaves out events that lack them",
        )
    material = material_of(chosen, _divisions(chosen), sorted(wanted, key=session_order))
    remarks = [*_left_out(ordered, material, has), *_divisions_remarks(material), *_tables_remarks(material), *_made_otherwise(chosen)]
    return material, remarks


def _check_taxonomy(events: Sequence[EventResult]) -> None:
    if not events:
        raise ReadError(
            "there is no event to compare",
            where="the folders given",
            expected="at least one folder that `themes run` wrote",
            do="name the folder that `themes run` was given after --out",
        )
    used: dict[str, list[str]] = defaultdict(list)
    names = {}
    for result in events:
        taxonomy = result.run["taxonomy"]
        used[taxonomy["sha256"]].append(result.event.id)
        names[taxonomy["sha256"]] = f"{taxonomy['name']} {taxonomy['version']}"
    if len(used) > 1:
        told = [f"{names[sha]} ({sha[:12]}): {', '.join(ids)}" for sha, ids in sorted(used.items(), key=lambda item: item[1])]
        raise ReadError(
            f"the events were labelled with {len(used)} taxonomies: {'; '.join(told)}",
            where="the folders given",
            expected="one taxonomy, the same file, for all; under another a point may get another code, which would look like a difference",
            do="run the events again with one taxonomy",
        )


def _divisions(events: Sequence[EventResult]) -> dict[str, str]:
    """The division of each event by id; spellings that differ in case and blanks are one, and an event without one stands for itself."""
    spelt: dict[str, str] = {}
    for name in sorted({" ".join(result.event.division.split()) for result in events}):
        spelt.setdefault(name.casefold(), name)
    return {result.event.id: spelt[" ".join(result.event.division.split()).casefold()] or result.event.id for result in events}


def _left_out(ordered: Sequence[EventResult], material: Material, has: dict[str, set[str]]) -> Iterator[str]:
    chosen = {result.event.id for result in material.events}
    for result in ordered:
        if result.event.id not in chosen:
            lacks = sorted(set(material.sessions) - has[result.event.id], key=session_order)
            yield f"The event {result.event.id} is left out: it has no session {sentence_list(lacks)}."
    others = sorted({session for event in chosen for session in has[event]} - set(material.sessions), key=session_order)
    for session in others:
        lack = [event for event in sorted(chosen) if session not in has[event]]
        why = f": {sentence_list(lack)} {'have' if len(lack) > 1 else 'has'} none" if lack else ""
        yield f"Session {session} is left out{why}."


def _divisions_remarks(material: Material) -> Iterator[str]:
    for result in material.events:
        if not result.event.division.strip():
            yield f"The event {result.event.id} names no division and stands for itself."
    for division in material.divisions:
        events = [event for event, name in material.division_of.items() if name == division]
        if len(events) > 1:
            yield f"The tables of {counted(len(events), 'event')} are counted together for {division}: {sentence_list(sorted(events))}."
    if len(material.divisions) == 1:
        yield f"{material.divisions[0]} is the only division, so there is nothing to compare it with: shares and their intervals only."


def _tables_remarks(material: Material) -> Iterator[str]:
    points = material.points
    for result in material.events:
        own = points[points["event"] == result.event.id]
        unnamed = int((own["table"] == "").sum())
        if own.empty:
            yield f"The event {result.event.id} has no points in the sessions compared."
        elif not tables_of(own["event"], own["table"]):
            yield f"The notes of {result.event.id} name no tables, so no share of tables is known of it; its points are counted."
        elif unnamed:
            names = "names" if unnamed == 1 else "name"
            yield f"{counted(unnamed, 'point')} of {result.event.id} {names} no table: known as points alone."
        named = own[own["table"] != ""].groupby("session")["table"].agg(frozenset)
        if named.nunique() > 1:
            yield (
                f"The sessions of {result.event.id} do not all name the same tables; a name is taken for one table throughout, "
                f"{tables_of(own['event'], own['table'])} in all."
            )


def _made_otherwise(events: Sequence[EventResult]) -> Iterator[str]:
    """In what else than the notes the events differ, so that a difference may come from it."""
    made = {result.event.id: result.run for result in events}
    for what, of in (
        ("versions of this program", lambda run: run["versions"].get("workshop-themes")),
        ("encoders", lambda run: run["models"].get("encoder", {}).get("sha256")),
        ("label encoders", lambda run: repr(run["models"].get("label_encoder"))),
        ("label heads", lambda run: repr(run["models"].get("label_head"))),
        ("settings", lambda run: repr(sorted((key, value) for key, value in run["settings"].items() if key not in _NO_MATTER))),
    ):
        if len({of(run) for run in made.values()}) > 1:
            yield f"The events were not all run with the same {what}; a difference may come from that."
    shared: dict[str, list[str]] = defaultdict(list)
    for event, run in made.items():
        for file in {file["sha256"] for file in run.get("files", []) if file.get("status") == "read"}:
            shared[file].append(event)
    for twice in sorted({tuple(sorted(of_file)) for of_file in shared.values() if len(of_file) > 1}):
        yield f"The same file of notes was read for {sentence_list(twice)}: its points are counted for each."
