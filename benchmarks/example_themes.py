"""The theme list of every session of the example events beside what its gold says.

    python -m benchmarks.example_themes     writes docs/example-themes.md (two minutes)

Gold points are counted and ranked by the same rule as the program's own, so that the two lists differ only where points or codes do.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pandas as pd

from benchmarks.coded import EVENTS, ROOT
from pipeline.ingest import find_sources
from pipeline.labelling import load_models
from pipeline.records import SEPARATOR
from pipeline.results import ThemeRow
from pipeline.run import run_event
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy
from pipeline.themes.ranking import weight

PAGE = ROOT / "docs" / "example-themes.md"
FIRST = 5


def gold_of(event: str) -> pd.DataFrame:
    """Gold points of an event, one row a point and code; a point of no theme has the code ''."""
    with (ROOT / "data" / "raw" / event / "gold.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row | {"code": code.removeprefix("none")} for row in csv.DictReader(file) for code in row["codes"].split(SEPARATOR)]
    return pd.DataFrame(rows)


def ranked(gold: pd.DataFrame) -> list[tuple[str, int, int]]:
    """The codes of one session of gold with their points and tables, ranked as themes are."""
    found = []
    for code, members in gold[gold["code"] != ""].groupby("code"):
        mentions = members["mentions"].astype(int).sum()
        tables = members.loc[members["table"] != "", "table"].nunique()
        found.append((-weight(members), -mentions, -len(members), str(code), tables))
    return [(code, -points, tables) for _, _, points, code, tables in sorted(found)]


def session(gold: pd.DataFrame, themes: list[ThemeRow], taxonomy: Taxonomy) -> Iterator[str]:
    """One session: ours beside gold's, and what the taxonomy lacks."""
    theirs = ranked(gold)
    place = {code: number for number, (code, _, _) in enumerate(theirs, 1)}
    said = {code: _counted(points, tables) for code, points, tables in theirs}
    ours = [theme for theme in themes if theme.kind == "taxonomy"]
    both = {theme.codes[0] for theme in ours[:FIRST]} & {code for code, _, _ in theirs[:FIRST]}
    yield f"Of the first {FIRST} themes {len(both)} are the same."
    yield ""
    yield "| ours | theme | counted | in gold | place in gold | sub-themes |"
    yield "|---|---|---|---|---|---|"
    for number, theme in enumerate(ours, 1):
        code = theme.codes[0]
        parts = "; ".join(part.title.replace("|", "/") for part in theme.subthemes)
        counted = _counted(theme.points, theme.tables)
        yield f"| {number} | {theme.title} | {counted} | {said.get(code, 'not there')} | {place.get(code, '')} | {parts} |"
    missed = [taxonomy.label(code) for code, _, _ in theirs if code not in {theme.codes[0] for theme in ours}]
    yield ""
    if missed:
        yield f"In gold alone: {', '.join(missed)}."
        yield ""
    new = [f"{theme.title.replace('|', '/')} ({theme.points})" for theme in themes if theme.kind == "emergent"]
    yield f"What the taxonomy lacks: {'; '.join(new) or 'nothing'}. Points of no theme in gold: {int((gold['code'] == '').sum())}."
    yield ""


def _counted(points: int, tables: int) -> str:
    return f"{points} point{'s' * (points != 1)}, {tables} table{'s' * (tables != 1)}"


def main() -> None:
    settings = Settings()
    encoder, labeller = load_models(settings)
    lines = [
        "# Example theme lists beside their gold",
        "",
        "Written by `python -m benchmarks.example_themes`. The events are fictional; the labeller learnt from none. Gold was coded by",
        "language models.",
        "Points count once a theme; the rules that cut notes into points and rank themes are the same on both sides.",
        "",
    ]
    same = []
    for source in find_sources([ROOT / "data" / "raw"]):
        if source.id not in EVENTS:
            continue
        result = run_event(source, encoder, labeller, settings, lambda stage, done, total: None)
        gold = gold_of(source.id)
        lines += [f"## {source.name.capitalize()}", ""]
        for number in sorted(set(gold["session"])):
            themes = [theme for theme in result.themes if theme.session == number]
            told = list(session(gold[gold["session"] == number], themes, labeller.taxonomy))
            same.append(int(told[0].split()[5]))
            lines += [f"### Session {number}", "", *told]
    mean = sum(same) / len(same)
    lines[6:6] = [f"Of the first {FIRST} themes of a session {mean:.1f} in the mean are the same (from {min(same)} to {max(same)}).", ""]
    PAGE.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    print(lines[6])


if __name__ == "__main__":
    main()
