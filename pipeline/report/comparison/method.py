"""How a comparison was made, how to read it, and what so few tables can show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.comparison import Comparison
from pipeline.report.blocks import Bullet, Bullets, Grid, Paragraph, Section

# By `python -m benchmarks.comparison` (benchmarks/results/comparison.json): six divisions, 19 themes, one of which truly differs in one
# division. Share of tables that raise it elsewhere, and there; how often in 100 comparisons that is found with so many tables a division.
POWER: tuple[tuple[tuple[float, float], dict[int, int]], ...] = (
    ((0.2, 0.6), {6: 3, 10: 14, 15: 33}),
    ((0.2, 0.8), {6: 11, 10: 48, 15: 84}),
    ((0.15, 0.9), {6: 42, 10: 93, 15: 100}),
    ((0.1, 1.0), {6: 92, 10: 100, 15: 100}),
)
FALSE = {6: 1, 10: 2, 15: 2}  # of 100 comparisons in which nothing differs, how many find something all the same
_KINDS = {"raised": "Raised at all", "priority": "By priority", "aspect": "By heading", "resident": "By resident type"}
_SAID = {
    "Clear": ("more", "less"),
    "Not clear": ("no_clear_difference", "no_difference"),
    "Too few": ("too_few", "alone"),
    "Hidden": ("hidden",),
    "Not known": ("unknown",),
}


def method(comparison: Comparison) -> Section:
    """The last section."""
    tested = (_tested(comparison), _power()) if len(comparison.divisions) > 1 else ()
    sections = (_counted(comparison), *tested, *_hidden(comparison), _files())
    return Section("How this was made and how to read it", (), sections)


def _counted(comparison: Comparison) -> Section:
    text = (
        "Counted are tables, not points. What is said at one table comes from one conversation, so a table that makes ten points on a "
        "theme still counts once. A table sits through all sessions of its event and is one table over all of them. Compared are sessions "
        "that every event had, so that each table had the same occasions to raise a theme."
    )
    sure = (
        "The 95% interval of a share (Wilson 1927) says what the share among all such tables could well be. With six tables it is wide: "
        "3 of 6 is 50%, and could well be anything from 19% to 81%."
    )
    parts = (
        "Under a priority the share is of the tables that gave any point a priority; under a heading, of the tables with any point under "
        "it; of a resident type, of the tables that spoke of it."
    )
    labels = (
        f"Themes were given to points by a program with the taxonomy {comparison.taxonomy['name']} {comparison.taxonomy['version']}; it "
        "makes mistakes. The points of each theme stand in the report of each event."
    )
    return Section("What is counted", tuple(map(Paragraph, (text, sure, parts, labels))))


def _tested(comparison: Comparison) -> Section:
    rules = comparison.rules
    text = (
        "Each division is held against all others together. The test asks how often a difference at least as large would come up if the "
        "tables had been dealt out to the divisions at random; every way of dealing them out is counted, so it is exact (a permutation "
        "test). Many tests find something by chance, so the result is adjusted for their number (Benjamini and Hochberg 1995): that is q. "
        f"Of differences called clear, with q up to {rules.alpha:g}, about one in {round(1 / rules.alpha)} is chance."
    )
    few = (
        f"“Too few tables to say”: fewer than {rules.least_tables} tables in the division or in all others, or a theme raised by so few, "
        "or so nearly all, that no dealing out could show anything. “No clear difference” is not “no difference”. That a theme was not "
        "raised in a division is told with how likely that is by chance, and not tested."
    )
    caution = (
        "A division is known here by one evening, or a few. What sets it apart may be that evening, the place, who came, or who took the "
        "notes."
    )
    return Section("When a difference is called clear", (Paragraph(text), Paragraph(few), Paragraph(caution), _verdicts(comparison)))


def _verdicts(comparison: Comparison) -> Grid:
    """How many comparisons there were of each kind, and what came of them."""
    rows: list[tuple[str | int, ...]] = []
    for kind, name in _KINDS.items():
        said = Counter(cell.verdict for m in comparison.measures if m.kind == kind for theme in m.themes for cell in theme.cells)
        if said:
            rows.append((name, said.total(), *(sum(said[verdict] for verdict in verdicts) for verdicts in _SAID.values())))
    columns = ("Themes in divisions", "Compared", *_SAID)
    return Grid(columns, tuple(rows), frozenset(columns[1:]))


def _power() -> Section:
    text = (
        "Measured on made-up divisions, six of them with nineteen themes, in one of which one theme truly differs: in how many of 100 "
        "comparisons that difference is found."
    )
    columns = ("Raised elsewhere by", "and there by", *(f"{tables} tables a division" for tables in FALSE))
    rows: tuple[tuple[str | int, ...], ...] = tuple(
        (f"{100 * elsewhere:.0f}%", f"{100 * here:.0f}%", *(found[tables] for tables in FALSE)) for (elsewhere, here), found in POWER
    )
    false = (
        "So six tables a division show only what nearly all of them raise and hardly any elsewhere. Where nothing differs, "
        f"{FALSE[6]} or {FALSE[15]} of 100 comparisons find something all the same."
    )
    return Section("What so few tables can show", (Paragraph(text), Grid(columns, rows, frozenset(columns)), Paragraph(false)))


def _hidden(comparison: Comparison) -> Iterator[Section]:
    rules = comparison.rules
    if rules.hidden_below <= 1 or not (rules.hide_small or rules.sensitive):
        return
    text = (
        f"Of {'every theme' if rules.hide_small else 'sensitive themes'} a count of tables below {rules.hidden_below} is written "
        f"“<{rules.hidden_below}”, a count of none too. Where one count of a theme is hidden, so are its total, its differences and its "
        "tests, from which the count could be worked out. Nothing here, in charts or in what stands behind them, says more."
    )
    cautions = (
        Bullet(
            "Publish one comparison of the same events, not two, by session say: the one taken from the other can tell what each hides."
        ),
        Bullet("points.csv of each event has all points, whatever is hidden here: it is not for publication."),
    )
    yield Section("What is hidden", (Paragraph(text), Bullets(cautions)))


def _files() -> Section:
    text = (
        "comparison.csv beside this file has every figure, those by priority, heading and resident type among them, one row a theme and "
        "division; comparison.parquet has the same for programs, and comparison.json the whole comparison."
    )
    return Section("Where the figures are", (Paragraph(text),))
