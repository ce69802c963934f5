"""What a reader in a hurry needs of a comparison: what is clear, what is missing somewhere, what all share, what is worth asking about."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.comparison import Cell, ComparedTheme, Comparison
from pipeline.report.blocks import Block, Bullet, Bullets, Paragraph, Section
from pipeline.report.comparison.figures import at_all, clear, in_words, parts, raised, told
from pipeline.report.wording import counted, sentence_list

MISSED, ASKED_ABOUT = 6, 5
HALF = 0.5


def in_short(comparison: Comparison) -> Section:
    """The first section."""
    if len(comparison.divisions) == 1:
        name = comparison.divisions[0].name
        text = f"{name} is the only division given, so there is nothing to compare it with: what follows are shares and how sure they are."
        return Section("In short", (Paragraph(text),))
    blocks = [*_clear(comparison), *_absent(comparison), *_common(comparison), *_largest(comparison), *_emergent(comparison)]
    return Section("In short", tuple(blocks))


def _clear(comparison: Comparison) -> Iterator[Block]:
    """Differences that chance does not explain, or that there are none and what that means."""
    whole = at_all(comparison)
    more, less, below = (
        tuple(Bullet(f"{theme.title}: {cell.sentence}") for theme, cell in found)
        for found in (clear(whole, "more"), clear(whole, "less"), clear(parts(comparison), "more", "less"))
    )
    if more:
        yield Bullets(more, "Raised clearly more in one division than elsewhere:")
    if less:
        yield Bullets(less, "Raised clearly less in one division than elsewhere:")
    if below:
        yield Bullets(below, "Clearly different under one priority, heading or resident type:")
    if not (more or less or below):
        yield Paragraph(_nothing_clear(comparison))


def _nothing_clear(comparison: Comparison) -> str:
    if not any(cell.q is not None for measure in comparison.measures for theme in measure.themes for cell in theme.cells):
        return "There were too few tables to say of any theme whether it is raised more in one division than elsewhere."
    fewest = min(division.tables for division in comparison.divisions if division.tables)
    return (
        "No theme is raised clearly more or clearly less in one division than in the others, neither at all nor under any priority, "
        f"heading or resident type. That does not say that the divisions are alike. With {counted(fewest, 'table')} in a division, only a "
        "theme that nearly all its tables raise, and hardly any elsewhere, can be told from chance."
    )


def _absent(comparison: Comparison) -> Iterator[Block]:
    """Themes that a division lacks, but for those that are told to be clearly less there."""
    less = {(theme.code, cell.division) for theme, cell in clear(at_all(comparison), "less")}
    found = [finding for finding in comparison.absent if (finding.code, finding.division) not in less]
    items = [Bullet(f"{finding.title}: {finding.sentence}") for finding in found[:MISSED]]
    if len(found) > MISSED:
        items.append(Bullet(f"{len(found) - MISSED} more stand under their divisions."))
    if items:
        yield Bullets(tuple(items), "Raised elsewhere, and by no table of one division:")


def _common(comparison: Comparison) -> Iterator[Block]:
    """What all divisions share, and what is raised widely in every one of them."""
    if not comparison.shared:
        return
    shared = {finding.code for finding in comparison.shared}
    themes = raised(comparison)
    wide = [theme.title for theme in themes if theme.code in shared and all((cell.share or 0.0) >= HALF for cell in theme.cells)]
    said = f"{len(shared)} of {counted(len(themes), 'theme')} {'was' if len(shared) == 1 else 'were'} raised in every division"
    if wide:
        which = "this one" if len(wide) == 1 else "these"
        told_of = f"by at least half of the tables in each: {sentence_list(wide)}. Work across all divisions can begin with {which}."
        yield Paragraph(f"{said}. {len(wide)} of them {'was' if len(wide) == 1 else 'were'} raised {told_of}")
    else:
        yield Paragraph(f"{said}: {sentence_list([finding.title for finding in comparison.shared])}.")


def _largest(comparison: Comparison) -> Iterator[Block]:
    """The largest differences that are not clear, one a theme."""
    found: list[tuple[float, ComparedTheme, Cell]] = []
    for theme in raised(comparison):
        unclear = [cell for cell in theme.cells if cell.verdict == "no_clear_difference" and cell.difference]
        if unclear and not any(cell.verdict in ("more", "less") for cell in theme.cells):
            widest = max(unclear, key=lambda cell: abs(cell.difference or 0.0))
            found.append((-abs(widest.difference or 0.0), theme, widest))
    found.sort(key=lambda item: (item[0], item[1].title))
    items = tuple(Bullet(f"{theme.title}: {cell.sentence}") for _, theme, cell in found[:ASKED_ABOUT])
    if items:
        yield Bullets(items, "Worth asking about, though chance could explain them (the largest differences that are not clear):")


def _emergent(comparison: Comparison) -> Iterator[Block]:
    items = []
    for theme in comparison.emergent:
        if theme.matched:
            where = [f"{cell.division} {in_words(cell)}" for cell in theme.cells if told(cell)]
            items.append(Bullet(theme.title, "; ".join(where)))
    if items:
        yield Bullets(tuple(items), "Not in the taxonomy, and raised in several divisions:")
