"""Compare: any number of events into one comparison of divisions.

``compare_events`` counts, tests and words it; ``compare_folders`` reads what runs wrote and writes the comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.compare.choosing import choose
from pipeline.compare.counting import Material, count, count_measures
from pipeline.compare.document import comparison_document, comparison_table
from pipeline.compare.emergent import LIKENESS, EmbedTexts, match_emergent
from pipeline.compare.findings import absent, distinctive, shared
from pipeline.compare.measures import PARTS, Named, measures
from pipeline.comparison import ComparedEvent, ComparedQuote, ComparedSession, Comparison, Division, Rules
from pipeline.embed import Vectors, embed, load_encoder
from pipeline.records import Progress
from pipeline.report.withheld import Withheld, withheld
from pipeline.report.wording import counted, sentence_list
from pipeline.results import EventResult, ThemeRow
from pipeline.settings import Settings
from pipeline.store.comparison import check_place, read_events, themes_sha256, write_comparison
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.tokenise import expand_and_read

__all__ = ["Comparison", "compare_events", "compare_folders"]

ALPHA = 0.05
LEAST_TABLES = 3
ABSENT_FROM = 5
QUOTES = 2


def compare_folders(
    folders: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    sessions: Sequence[str] = (),
    hide_small: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> Comparison:
    """Compare the divisions of events that runs wrote, and write the comparison into the folder ``out``.

    Parameters
    ----------
    folders : of one event each, or of such folders.
    out : the folder to write, in one step; an earlier comparison there is replaced, any other content refused.
    settings, sessions, hide_small : see :func:`compare_events`; the encoder of ``settings`` is used to match emergent themes.

    Raises
    ------
    ReadError : a folder holds no run, a run is broken, or the events cannot be compared.
    OutputError : ``out`` cannot be written, or holds something else.
    ThemesError : the taxonomy or the encoder cannot be read.
    """
    check_place(out)
    taxonomy = load_taxonomy(settings.taxonomy_path)
    progress("reading events", 0, 1)
    events = read_events(folders)
    progress("reading events", 1, 1)

    def embed_texts(texts: list[str]) -> Vectors:
        return embed(list(expand_and_read(texts, settings)["expanded"]), load_encoder(settings.encoder))

    progress("comparing", 0, 1)
    result = compare_events(events, settings, taxonomy, embed_texts, sessions=sessions, hide_small=hide_small)
    write_comparison(out, result, comparison_document(result), comparison_table(result))
    progress("comparing", 1, 1)
    return result


def compare_events(
    events: Sequence[EventResult],
    settings: Settings,
    taxonomy: Taxonomy,
    embed_texts: EmbedTexts,
    *,
    sessions: Sequence[str] = (),
    hide_small: bool = False,
) -> Comparison:
    """Compare the divisions of some events. The order of the events changes nothing.

    Parameters
    ----------
    events : of different ids.
    settings : for ``sensitive_codes`` and ``quotes_from_tables``; where events were run with stricter ones, those hold.
    taxonomy : names the themes that nobody raised, if it is the one that the events were labelled with.
    embed_texts : gives n texts their vectors, float32 (n, dimension).
    sessions : ids of those to compare; none given: those that all events have.
    hide_small : hide small numbers of every theme, not of sensitive ones only.

    Raises
    ------
    ReadError : there are no events, they have no session in common, or were labelled with different taxonomies.
    """
    material, remarks = choose(events, sessions)
    themes, whole = _named(events, material, taxonomy)
    rules = _rules(material, themes, settings, hide_small=hide_small)
    unsaid = _withheld(material, themes, rules)

    def quotes_of(event: str, theme: ThemeRow) -> list[ComparedQuote]:
        return [
            ComparedQuote(quote.point_id, quote.text, event, theme.session, quote.table) for quote in unsaid[event].quotes(theme.quotes)
        ]

    made = measures(count_measures(material), themes, material.divisions, rules, _quotes(material, quotes_of))
    emergent, left_out = match_emergent(material, rules, quotes_of, embed_texts)
    raised = made[0].themes if made and made[0].kind == "raised" else ()
    named = {theme.code for theme in raised}
    if not whole:
        remarks.append(
            "The taxonomy file that the events were labelled with is not the one at hand, so themes that nobody raised are not listed."
        )
    if left_out:
        remarks.append(f"{counted(left_out, 'emergent theme')} that fewer than {rules.hidden_below} tables raised not told.")
    return Comparison(
        events=_events(material),
        divisions=_divisions(material),
        sessions=_sessions(material),
        taxonomy={key: material.events[0].run["taxonomy"][key] for key in ("name", "version", "sha256")},
        rules=rules,
        remarks=(*remarks, *_on_hiding(themes, rules)),
        distinctive=distinctive(raised),
        shared=shared(raised),
        absent=absent(raised, rules),
        unraised=tuple(sorted(theme.title for theme in themes if whole and theme.code not in named)),
        measures=tuple(made),
        emergent=emergent,
    )


def _named(events: Sequence[EventResult], material: Material, taxonomy: Taxonomy) -> tuple[list[Named], bool]:
    """The themes of the taxonomy, all of them (and true) if the one at hand is the events', else those that any event raised."""
    if taxonomy.sha256 == material.events[0].run["taxonomy"]["sha256"]:
        return [Named(theme.code, theme.label, theme.broader) for theme in taxonomy.themes], True
    found = {theme.codes[0]: Named(theme.codes[0], theme.title, theme.broader) for event in events for theme in event.themes if theme.codes}
    return [found[code] for code in sorted(found)], False


def _rules(material: Material, themes: Sequence[Named], settings: Settings, *, hide_small: bool) -> Rules:
    """The rules, with the strictest settings on small numbers of the events' own and those given."""
    runs = [stored.run["settings"] for stored in material.events]
    sensitive = {*settings.sensitive_codes, *(code for run in runs for code in run.get("sensitive_codes", ()))}
    while more := {theme.code for theme in themes if theme.broader in sensitive} - sensitive:
        sensitive |= more
    return Rules(
        alpha=ALPHA,
        least_tables=LEAST_TABLES,
        absent_from=ABSENT_FROM,
        hidden_below=max(settings.quotes_from_tables, *(run.get("quotes_from_tables", 1) for run in runs)),
        sensitive=tuple(sorted(sensitive & {theme.code for theme in themes})),
        hide_small=hide_small,
        likeness=LIKENESS,
    )


def _withheld(material: Material, themes: Sequence[Named], rules: Rules) -> dict[str, Withheld]:
    """What reports of each event withhold, by event id."""
    codes = [theme.code for theme in themes] if rules.hide_small else list(rules.sensitive)
    return {stored.event.id: withheld(stored.themes, codes, rules.hidden_below) for stored in material.events}


def _quotes(
    material: Material, quotes_of: Callable[[str, ThemeRow], list[ComparedQuote]]
) -> dict[tuple[str, str], tuple[ComparedQuote, ...]]:
    """The first quotes of each theme in each division, one a session of an event in turn."""
    lists: dict[tuple[str, str], list[list[ComparedQuote]]] = {}
    for stored in material.events:
        for session in material.sessions:
            for theme in stored.themes:
                if theme.session == session and theme.codes:
                    lists.setdefault((theme.codes[0], material.division_of[stored.event.id]), []).append(quotes_of(stored.event.id, theme))
    found = {}
    for key, of_sessions in lists.items():
        in_turn = [quotes[turn] for turn in range(QUOTES) for quotes in of_sessions if turn < len(quotes)]
        found[key] = tuple(in_turn[:QUOTES])
    return found


def _events(material: Material) -> tuple[ComparedEvent, ...]:
    points = material.points
    made = []
    for stored in material.events:
        event, own = stored.event, count(points[points["event"] == stored.event.id])
        division = material.division_of[event.id]
        made.append(ComparedEvent(event.id, event.title, division, event.date, own.tables, own.points, own.mentions, themes_sha256(stored)))
    return tuple(sorted(made, key=lambda event: (material.divisions.index(event.division), event.id)))


def _divisions(material: Material) -> tuple[Division, ...]:
    points = material.points
    made = []
    for name in material.divisions:
        own = count(points[points["division"] == name])
        events = tuple(sorted(event for event, division in material.division_of.items() if division == name))
        made.append(Division(name, events, own.tables, own.points, own.mentions))
    return tuple(made)


def _sessions(material: Material) -> tuple[ComparedSession, ...]:
    titles = [(session.id, session.title) for stored in material.events for session in stored.event.sessions]
    return tuple(
        ComparedSession(wanted, tuple(sorted({title for session, title in titles if session == wanted and title})))
        for wanted in material.sessions
    )


def _on_hiding(themes: Sequence[Named], rules: Rules) -> list[str]:
    """Which numbers are hidden, and why."""
    guarded = [theme.title for theme in themes if rules.guards(theme.code)]
    if not guarded:
        return []
    whose = "every theme" if rules.hide_small else f"sensitive themes ({sentence_list(guarded)})"
    parts = sentence_list([f"{part} type" if part == "resident" else part for part in PARTS])
    return [
        f"Counts of tables below {rules.hidden_below} are not told of {whose}, since those who were there would know who spoke; nor is "
        "what they could be worked out from: how often such a theme was raised in all, how divisions differ, its points, and its parts by "
        f"{parts}."
    ]
