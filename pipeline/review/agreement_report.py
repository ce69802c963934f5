"""agreement.md: how far people agree, for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.report.blocks import Block, Bullet, Bullets, Grid, Paragraph, Report, Section

NONE = "–"
_MEASURES = (
    (
        "alpha_masi",
        "Alpha, sets of themes",
        "Krippendorff's alpha: 0 is what chance gives, 1 is full agreement; sets that overlap differ less",
    ),
    ("alpha_themes", "Alpha, theme by theme", "the same for each theme by itself, averaged"),
    ("micro_f1", "F1", "agreement on themes, over all points; 1 is full agreement"),
    ("exact_match", "Same themes", "share of points with exactly the same themes"),
)


def agreement_report(told: dict[str, Any], taxonomy: str) -> Report:
    """The report of what agreement.json holds."""
    people = [Bullet(name, f"{points} points") for name, points in told["coded"].items()]
    how = "without seeing what the program or anybody else said (blind)" if told["blind"] else "blind or not"
    first: list[Block] = [
        Paragraph(
            f"How far people who coded the same points with the taxonomy {taxonomy} agree, and the program with each of them on those "
            f"very points. Counted is what was coded {how}. The program cannot be expected to agree with a person more than people agree "
            "with each other."
        )
    ]
    if not told["blind"]:
        first.append(Paragraph("Who sees a suggestion tends to keep it, so these figures are higher than those of people who code blind."))
    first.append(Bullets(tuple(people), "Who coded how much") if people else Paragraph(f"Nobody has coded a point {how} yet."))
    if told["remarks"]:
        first.append(Bullets(tuple(Bullet(remark) for remark in told["remarks"]), "To know"))
    if people and not told["pairs"]:
        first.append(Paragraph("No two of them coded the same point, so nothing can be said."))
    if len(told["coded"]) > 2 and told["together"]["points"]:
        together = told["together"]
        alpha = _figure(**together["alpha_masi"])
        first.append(
            Paragraph(f"All of them together, on {together['points']} points that two or more coded: alpha of sets of themes {alpha}.")
        )
    first.append(Paragraph("In brackets: the middle 95% of random redraws of the points. With few points it is wide."))
    return Report(f"How far people agree: {told['event']}", tuple(first), tuple(_pair(pair, told["fewest"]) for pair in told["pairs"]))


def _pair(pair: dict[str, Any], fewest: dict[str, int]) -> Section:
    return Section(" and ".join(pair["reviewers"]), tuple(_blocks(pair, fewest)))


def _blocks(pair: dict[str, Any], fewest: dict[str, int]) -> Iterator[Block]:
    yield Paragraph(f"Both coded {pair['points']} point{'' if pair['points'] == 1 else 's'}.")
    if pair["too_few"]:
        yield Paragraph(f"That is too few: with fewer than {fewest['points']} points these figures say next to nothing.")
    rows = [
        (title, row["pair"], _figure(row[name], row[f"{name}_low"], row[f"{name}_high"]), meaning)
        for name, title, meaning in _MEASURES
        for row in pair["rows"]
    ]
    yield Grid(("measure", "who", "value", "what it means"), tuple(rows), frozenset({"value"}))
    one, other = pair["reviewers"]
    columns = (
        "theme",
        f"points: {one}",
        f"points: {other}",
        "both",
        f"F1: {one} and {other}",
        f"F1: program and {one}",
        f"F1: program and {other}",
    )
    by_theme = [
        (
            theme["label"], theme["first"], theme["second"], theme["both"],
            *(_figure(**theme[name]) if theme["enough"] else NONE for name in ("reviewers", "program_first", "program_second")),
        )
        for theme in pair["themes"]
    ]  # fmt: skip
    if by_theme:
        yield Grid(columns, tuple(by_theme), frozenset(columns[1:]))
        yield Paragraph(f"{NONE} where fewer than {fewest['of_theme']} points have the theme from either of the two.")


def _figure(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return NONE
    return f"{value:.2f}" + ("" if low is None else f" ({low:.2f} to {high:.2f})")
