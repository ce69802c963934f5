"""Typed lines into blocks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.blocks import Block
from pipeline.ingest.lines import blocks_from_lines, is_capitals, span, split_mark

WORD = st.from_regex(r"[A-Za-zé£][a-zé0-9’']{2,9}", fullmatch=True)
LEAD = st.sampled_from(
    [
        "",
        "- ",
        "-",
        "• ",
        "•",
        "o ",
        "* ",
        "1) ",
        "2. ",
        "(a) ",
        "\t- ",
        "    ",
        "> ",
        "\uf0b7\t",
        "# ",
        "? ",
        "v ",
    ]
)


def blocks(text: str, *, rejoin: bool = True) -> list[Block]:
    lines = [(line, f"line {number}") for number, line in enumerate(text.split("\n"), 1)]
    return blocks_from_lines(lines, rejoin=rejoin)


def texts(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


@pytest.mark.parametrize("mark", [*"-–—*•·o▪‣◦●○✓>»➢\uf0b7\uf0a7", "1)", "1.", "(a)", "a)", "i)", "iv)", "(2)", "--"])
def test_a_mark_makes_a_bullet(mark: str) -> None:
    assert blocks(f"{mark} dark lanes") == [Block("dark lanes", "line 1", "bullet")]


@pytest.mark.parametrize("line", ["-litter on the rec", "•litter on the rec", "1.litter on the rec", "*litter on the rec"])
def test_a_mark_without_a_space_makes_a_bullet(line: str) -> None:
    assert blocks(line) == [Block("litter on the rec", "line 1", "bullet")]


@pytest.mark.parametrize(
    "line",
    [
        "-5 degrees last night",
        "7.30 tea break",
        "1.5 officers for the dale",
        "A dog was lost",
        "o'clock",
        "o clock",
        "lights - none since May",
        "2009",
        "x3",
        "(4 ticks)",
        "??",
        "I want a PCSO",
        "> 20 lads outside",
    ],
)
def test_what_is_no_bullet_stays_as_typed(line: str) -> None:
    assert [(block.text, block.kind) for block in blocks(line)] == [(line, "line")]


def test_letters_with_a_full_stop_are_marks_only_in_company() -> None:
    assert texts("a. litter\nb. noise") == ["litter", "noise"]
    assert texts("a. litter") == ["a. litter"]
    assert texts("J. Ormshaw\nK. Pellow") == ["J. Ormshaw", "K. Pellow"]


@pytest.mark.parametrize("line", ["", "  ", "•", "-", "--", "3.", "-----", "* * *", "o"])
def test_bare_marks_and_rules_vanish(line: str) -> None:
    assert blocks(f"Table 1\n\n{line}\n\nTable 2") == [Block("Table 1", "line 1"), Block("Table 2", "line 5")]


def test_bullets_nest_by_indentation_tabs_being_four() -> None:
    levels = [(block.text, block.level) for block in blocks("- a1\n    - b1\n\t- b2\n\t\t- c1\n - a2\nTable 2\n  - a3")]
    assert levels == [("a1", 0), ("b1", 1), ("b2", 1), ("c1", 2), ("a2", 0), ("Table 2", 0), ("a3", 0)]


def test_bullets_pasted_from_word_nest_by_their_marks() -> None:
    assert [block.level for block in blocks("•\tspeeding\no\tHessenby\n▪\tby the school\n•\tlitter")] == [
        0,
        1,
        2,
        0,
    ]


def test_several_bullets_on_one_line_are_several() -> None:
    assert texts("• litter • dog mess • noise") == ["litter", "dog mess", "noise"]


def test_a_glyph_alone_on_its_line_marks_the_next() -> None:
    assert blocks("•\nlitter") == [Block("litter", "line 2", "bullet")]


@pytest.mark.parametrize(("rule", "level"), [("=====", 1), ("-----", 2), ("~~~~~", 3), ("_______", 2)])
def test_an_underlined_line_is_a_heading(rule: str, level: int) -> None:
    assert blocks(f"Table 1\n{rule}\n- litter")[0] == Block("Table 1", "line 1", "heading", level)


def test_a_rule_below_a_list_is_decoration() -> None:
    assert blocks("- litter\n-------\ndog mess\nnoise at night\n*****\n") == [
        Block("litter", "line 1", "bullet"),
        Block("dog mess", "line 3"),
        Block("noise at night", "line 4"),
    ]


@pytest.mark.parametrize(
    "line",
    ["TOP PRIORITY", "**Top priority**", "__Top priority__", "*** Top priority ***", "== Top priority =="],
)
def test_a_line_that_stands_out_has_emphasis(line: str) -> None:
    (block,) = blocks(line)
    assert (block.text.casefold(), block.emphasis, block.kind) == ("top priority", True, "line")


def test_an_abbreviation_does_not_stand_out() -> None:
    assert not any(map(is_capitals, ("ASB", "CCTV", "x3")))
    assert all(map(is_capitals, ("ISSUES", "U & E - LOCAL LEVEL")))


def test_a_bold_label_keeps_its_colon() -> None:
    assert blocks("**Issues**:\nBarriers:") == [
        Block("Issues:", "line 1", emphasis=True),
        Block("Barriers:", "line 2"),
    ]


def test_hard_wrapped_lines_are_rejoined() -> None:
    long = "we would like somebody to come and talk to us about the burglaries in"
    assert blocks(f"{long}\nour street") == [Block(f"{long} our street", "lines 1-2")]
    assert texts(f"{long}\nOur street") == [long, "Our street"]
    assert texts(f"{long}.\nour street") == [f"{long}.", "our street"]
    assert texts("short line\nour street") == ["short line", "our street"]


def test_an_indented_continuation_belongs_to_its_bullet() -> None:
    assert blocks("- the ginnel behind Providence Terrace is an escape\n  Route for anybody\n- litter") == [
        Block("the ginnel behind Providence Terrace is an escape Route for anybody", "lines 1-2", "bullet"),
        Block("litter", "line 3", "bullet"),
    ]


def test_unmarked_lines_listed_below_a_bullet_nest_in_it() -> None:
    found = [(block.text, block.level) for block in blocks("- need help with:\n    bins\n    no wardens\n- litter")]
    assert found == [("need help with:", 0), ("bins", 1), ("no wardens", 1), ("litter", 0)]


def test_without_rejoining_every_line_is_a_block() -> None:
    long = "we would like somebody to come and talk to us about the burglaries in"
    assert [block.text for block in blocks(f"{long}\nour street", rejoin=False)] == [long, "our street"]


def test_a_compound_broken_at_its_hyphen_is_made_whole() -> None:
    assert texts("- more has to be done about the persistent anti-\n  social behaviour") == [
        "more has to be done about the persistent anti-social behaviour"
    ]


def test_locators_span() -> None:
    assert span("line 4", "line 6") == "lines 4-6"
    assert span("paragraph 4", "paragraph 4") == "paragraph 4"
    assert span("page 1 line 40", "page 2 line 1") == "page 1 line 40 to page 2 line 1"


def test_split_mark_gives_mark_and_text() -> None:
    assert split_mark("(cid:127) litter") == ("(cid:127)", "litter")
    assert split_mark("• - litter") == ("•", "litter")
    assert split_mark("- [ ] litter") == ("-", "litter")


@settings(deadline=None)
@given(st.lists(st.tuples(LEAD, st.lists(WORD, min_size=1, max_size=12), st.sampled_from(["", "-----", "\n", "====="]))))
def test_every_word_comes_out_in_order(lines: list[tuple[str, list[str], str]]) -> None:
    typed = "\n".join(f"{lead}{' '.join(words)}\n{below}" if below else f"{lead}{' '.join(words)}" for lead, words, below in lines)
    put_in = [word for _, words, _ in lines for word in words]
    came_out = [word for text in texts(typed) for word in re.split(r"[\s>#?•*-]+|^v$", text) if word]
    assert [word for word in came_out if word in put_in] == put_in
    assert all(block.text.strip() for block in blocks(typed))
