"""Markdown files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import markdown
from pipeline.ingest.blocks import Aside, Block, Document, Grid

WORD = st.from_regex(r"[a-z]{3,9}", fullmatch=True)
SHAPES = [
    "{0} {1}",
    "# {0} {1}",
    "- {0} {1}",
    "  - {0} {1}",
    "1. {0} {1}",
    "> {0} {1}",
    "    {0} {1}",
    "**{0}** {1}",
    "**{0} {1}**",
    "[{0}](http://example.org/{1})",
    "![{0}](x.png '{1}')",
    "<{0}> {1}",
    "<{0} {1}>",
    "`{0}` {1}",
    "| {0} | {1} |",
    "|---|---|",
    "[{0}]: {1}",
    "```{0}",
    "```",
    "---",
    "===",
    "<!-- {0} {1} -->",
    "<div>{0}</div> {1}",
    "<b>{0}</b> {1}",
    "• {0} {1}",
    "{0}\\\n{1}",
    "{0} &amp; {1}",
    "",
    "<script>{0}</script> {1}",
    "- [ ] {0} {1}",
    "<p>{0}",
    "</{0}> {1}",
    "<?{0} {1}?>",
    "<!DOCTYPE {0} {1}>",
    "| {0} | {1} | {0} {1} |",
    "~~~ {0} {1}",
    "{0}: {1}",
    "_{0}_ {1}",
    "\\- {0} {1}",
    "<https://example.org/{0}> {1}",
    "<!{0}",
    "<![CDATA[{0}]]> {1}",
]


def read(folder: Path, typed: str) -> Document:
    path = folder / "notes.md"
    path.write_text(typed, encoding="utf-8")
    return markdown.read(path, "notes.md")


def everything(document: Document) -> str:
    found = [aside.text for aside in document.asides]
    for part in document.parts:
        found += [part.text] if isinstance(part, Block) else [cell.text for row in part.rows for cell in row]
    return " ".join(found)


def test_headings_bullets_and_lines(tmp_path: Path) -> None:
    document = read(tmp_path, "# Our *workshop*\n\n**Issues**\n- litter\n  - on the rec\n* noise\n\nOne line\n")
    assert document.parts == (
        Block("Our workshop", "line 1", "heading", 1),
        Block("Issues", "line 3", emphasis=True),
        Block("litter", "line 4", "bullet"),
        Block("on the rec", "line 5", "bullet", 1),
        Block("noise", "line 6", "bullet"),
        Block("One line", "line 8"),
    )


def test_inline_marks_go_and_characters_are_decoded(tmp_path: Path) -> None:
    typed = "the *two* [maps](http://example.org) on 5<sup>th</sup> &amp; 6<sup>th</sup> \\- see `file` <name removed>\n"
    document = read(tmp_path, typed)
    assert document.parts == (Block("the two maps on 5th & 6th - see file <name removed>", "line 1"),)
    assert document.asides == (Aside("http://example.org", "line 1", "address of a link"),)


def test_a_line_typed_below_a_bullet_is_not_part_of_it(tmp_path: Path) -> None:
    document = read(tmp_path, "- litter\nTable 2\n- noise\n")
    assert document.parts == (
        Block("litter", "line 1", "bullet"),
        Block("Table 2", "line 2"),
        Block("noise", "line 3", "bullet"),
    )


def test_a_wrapped_bullet_is_one(tmp_path: Path) -> None:
    document = read(tmp_path, "- nobody from the council ever comes out to look at\n  The lights\n")
    assert document.parts == (Block("nobody from the council ever comes out to look at The lights", "lines 1-2", "bullet"),)


def test_lists_typed_with_other_marks_are_lists(tmp_path: Path) -> None:
    document = read(tmp_path, "• litter\n    o on the rec\n• noise\n")
    assert [(part.text, part.kind, part.level) for part in document.parts if isinstance(part, Block)] == [
        ("litter", "bullet", 0),
        ("on the rec", "bullet", 1),
        ("noise", "bullet", 0),
    ]


def test_short_lines_are_a_block_each_and_wrapped_prose_is_one(tmp_path: Path) -> None:
    prose = [
        "The wardens cleared the needles from the gardens on the Monday and",
        "they were back by the Wednesday, as everybody here knew. The",
        "PCSO saw it.",
    ]
    document = read(tmp_path, "\n".join(["litter", "noise<br>dogs", "", *prose]))
    assert document.parts == (
        Block("litter", "line 1"),
        Block("noise", "line 2"),
        Block("dogs", "line 2"),
        Block(" ".join(prose), "lines 4-6"),
    )


def test_a_table_is_a_grid_and_loses_no_cell(tmp_path: Path) -> None:
    typed = "| Barrier | Good |\n|---|---|\n| no reply | PCSO \\| van | extra |\n| cuts<br>again | |\nTable 3\n"
    document = read(tmp_path, typed)
    grid, below = document.parts
    assert isinstance(grid, Grid) and grid.header
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["Barrier", "Good"],
        ["no reply", "PCSO | van extra"],
        ["cuts\nagain", ""],
    ]
    assert grid.rows[1][1].locator == "line 3 column 2"
    assert below == Block("Table 3", "line 5")


def test_front_matter_and_comments_are_set_aside(tmp_path: Path) -> None:
    document = read(tmp_path, "---\ntitle: Notes\n---\n<!-- check this -->\n# Table 1\n")
    assert document.parts == (Block("Table 1", "line 5", "heading", 1),)
    assert [(aside.text, aside.reason) for aside in document.asides] == [
        ("title: Notes", "front matter"),
        ("check this", "comment in the file"),
    ]


def test_a_rule_below_several_short_lines_underlines_none_of_them_together(tmp_path: Path) -> None:
    document = read(tmp_path, "dog mess on the path\nnoise\n---\n")
    assert [part.text for part in document.parts if isinstance(part, Block)] == [
        "dog mess on the path",
        "noise",
    ]


@pytest.mark.parametrize("typed", ["", "\n\n", "---\n", "- \n", "# \n"])
def test_nothing_typed_is_an_empty_document(tmp_path: Path, typed: str) -> None:
    assert read(tmp_path, typed).parts == ()


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SHAPES), WORD, WORD), max_size=12))
def test_every_word_comes_out(tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str, str]]) -> None:
    typed = "\n".join(shape.format(f"{one}{number}", f"{two}{number}") for number, (shape, one, two) in enumerate(lines))
    document = read(tmp_path_factory.getbasetemp(), typed)
    found = everything(document)
    for number, (shape, one, two) in enumerate(lines):
        assert "{0}" not in shape or f"{one}{number}" in found, typed
        assert "{1}" not in shape or f"{two}{number}" in found, typed
