from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_store import divided_result, made_result

from pipeline.records import FileRead, Session
from pipeline.report import report_content, report_markdown
from pipeline.report.markdown import plain
from pipeline.results import EventResult
from pipeline.themes import stability_level

RENDER = MarkdownIt("commonmark")


def shown(markdown: str) -> str:
    """The words a reader sees, white space made even."""
    words = []
    for token in RENDER.parse(markdown):
        for child in token.children or ():
            assert child.type in ("text", "softbreak", "text_special"), child
            words.append(child.content or " ")
    return " ".join("".join(words).split())


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30) | st.text("#*_-+1.)>`[]()!&;<|~=\\ ab", max_size=20))
@examples(max_examples=400, deadline=None)
def test_any_text_shows_as_typed(text: str) -> None:
    typed = " ".join(text.split())
    parsed = RENDER.parse(f"- {plain(text)}\n")
    assert [token.type for token in parsed if token.nesting == 1] == ["bullet_list_open", "list_item_open"] + ["paragraph_open"] * bool(
        typed
    )
    assert shown(f"- {plain(text)}\n") == typed


@pytest.mark.parametrize(
    "text",
    [
        "1. litter",
        "- litter",
        "+ 2 more",
        "# litter",
        "> litter",
        "AT&amp;T",
        "a&copy;b",
        "===",
        "<b>x</b>",
        "![x](y)",
        "12) bins",
        "2010. A year",
        "- - -",
    ],
)
def test_signs_at_the_start_and_entities_show_as_typed(text: str) -> None:
    assert shown(f"- {plain(text)}\n") == text


def written(result: EventResult) -> str:
    return report_markdown(report_content(result))


REPORT = written(made_result())


def section(heading: str) -> list[str]:
    """The lines under the first heading that reads so, up to the next."""
    lines = REPORT.splitlines()
    start = lines.index(heading) + 1
    level = heading.split(maxsplit=1)[0]
    end = next((n for n in range(start, len(lines)) if lines[n].startswith("#") and len(lines[n].split()[0]) <= len(level)), len(lines))
    return [line for line in lines[start:end] if line]


def test_it_opens_with_what_is_known_of_the_event() -> None:
    assert REPORT.splitlines()[:5] == ["# An evening \\| of \\*notes\\*", "", "- Division: D", "- Districts: North", "- Date: 2011-03-03"]


def test_who_took_part_is_told_only_where_it_is_known() -> None:
    assert "Who took part" not in REPORT
    result = made_result()
    event = replace(result.event, participants=("Mill Housing", "River CVS"), participant_count=12)
    told = written(replace(result, event=event))
    assert "## Who took part?\n\n12 participants took part.\n\n- Mill Housing\n- River CVS\n" in told


def test_key_themes_are_ranked_with_counts_urgency_and_quotes() -> None:
    lines = section("### Key themes")
    themes = [line for line in lines if not line.startswith(" ")]
    swans, heron = (theme.stability for theme in made_result().themes if theme.kind == "emergent")
    assert themes == [
        "1. **Road safety** (3 points, 4 mentions, raised at 2 of 3 tables, 2 of them urgent and essential, stability high (1.00))",
        "2. **Anti-social behaviour** (3 points, 6 mentions, raised at 2 of 3 tables, 1 of them urgent and essential, "
        "stability high (0.94))",
        "3. **Swans nest on the weir** (2 points, 5 mentions, raised at 1 of 3 tables, not in the taxonomy, "
        f"stability medium ({swans:.2f}))",
        "4. **Heron by the lock** (1 point, raised at 1 of 3 tables, not in the taxonomy, "
        f"stability {stability_level(heron)} ({heron:.2f}))",
    ]
    assert lines[1:4] == ["   - “cars race past the litter” (table 1)", "   - “potholes”", "   - “speeding by the school” (table 10)"]
    assert lines[-1] == "   - “heron by the lock” (table 1)"


def test_stability_is_told_only_where_it_is_known() -> None:
    result = made_result()
    told = written(replace(result, themes=[replace(result.themes[0], stability=None)]))
    assert "1. **Road safety** (3 points, 4 mentions, raised at 2 of 3 tables, 2 of them urgent and essential)\n" in told
    assert "stability" not in told


def test_a_quote_names_every_table_that_said_nearly_the_same() -> None:
    result = made_result()
    quote = replace(result.themes[0].quotes[0], tables=("1", "2", "10"))
    told = written(replace(result, themes=[replace(result.themes[0], quotes=(quote,))]))
    assert "   - “cars race past the litter” (tables 1, 2, 10)\n" in told


def test_sub_themes_stand_under_their_theme_with_how_many_points_they_have() -> None:
    result = divided_result()
    lads, litter = (replace(part, title=title) for part, title in zip(result.themes[0].subthemes, ("Lads", "a*b"), strict=True))
    lines = written(replace(result, themes=[replace(result.themes[0], subthemes=(lads, replace(litter, points=1)))])).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("1. **Anti-social behaviour**"))
    assert all(line.startswith("   - “") for line in lines[start + 1 : start + 4])
    assert lines[start + 4 : start + 7] == ["   - *Lads*: 3 points", "   - *a\\*b*: 1 point", ""]


def test_only_the_first_eight_themes_are_told_in_full_and_the_others_named() -> None:
    result = made_result()
    many = [replace(result.themes[0], rank=n, title=f"Theme {n}") for n in range(1, 11)]
    told = written(replace(result, themes=many))
    assert "8. **Theme 8**" in told
    assert "9. **Theme 9**" not in told
    assert "Also raised: Theme 9 (3 points); Theme 10 (3 points)." in told


def test_a_theme_that_is_part_of_another_says_so_wherever_it_is_named() -> None:
    result = made_result()
    whole = replace(result.themes[0], title="Crime & disorder", codes=("crime",))
    parts = [replace(result.themes[1], rank=n, title=f"Part {n}", codes=(f"p{n}",), broader="crime") for n in range(2, 10)]
    told = written(replace(result, themes=[whole, *parts]))
    assert (
        "2. **Part 2** (3 points, 6 mentions, raised at 2 of 3 tables, 1 of them urgent and essential, part of Crime & disorder, "
        "stability high (0.94))"
    ) in told
    assert "Also raised: Part 9 (3 points, part of Crime & disorder)." in told
    assert "part of" not in REPORT


def test_points_stand_under_the_heading_of_their_level_and_aspect() -> None:
    assert section("### Challenges at the local / neighbourhood level") == ["- litter on the green (table 1; 3 mentions)"]
    assert section("### Challenges at the division / county level") == ["- cars race past the litter (table 1; 2 mentions)"]
    assert section("### Top priorities") == ["- litter again (table 2)"]
    assert section("### Examples of good practice") == ["- litter picks every month (table 1)"]
    assert section("### Resident type: older people") == [
        "**Issues and barriers:**",
        "- afraid of lads with litter (table 1)",
        "**Actions:**",
        "- clear the litter (table 1; 2 mentions)",
    ]
    assert section("### Resident type: young people") == ["**Actions:**", "- bins by the ramp (table 1)"]
    assert "### Main barriers" not in REPORT


def test_what_was_said_of_the_evening_stands_in_no_list() -> None:
    result = made_result()
    level = result.points["level"].mask(result.points["point_id"] == "n09-1", "local")
    told = written(replace(result, points=result.points.assign(level=level)))
    assert told == REPORT
    assert "tea break" not in told


def test_one_text_at_several_tables_is_one_bullet_that_names_them() -> None:
    result = made_result()
    points = result.points.copy()
    again = points[points["point_id"] == "n02-1"].assign(point_id="n50-1", table="10", text="Litter again", mentions=2)
    told = written(replace(result, points=pd.concat([points, again], ignore_index=True)))
    assert "- litter again (tables 2, 10; 3 mentions)\n" in told


def test_a_session_without_points_says_so() -> None:
    result = made_result()
    event = replace(result.event, sessions=(*result.event.sessions, Session("4", "Next steps")))
    assert "## Workshop session 4: Next steps\n\nNo points were recorded.\n" in written(replace(result, event=event))


def test_what_was_not_read_or_worked_out_is_told_at_the_end() -> None:
    result = made_result()
    files = [vars_of(FileRead("a.doc", "not read", remarks=("a.doc: it is too old.",))), vars_of(FileRead("b.txt", "read"))]
    event = replace(result.event, inferred=("venue not found",))
    told = written(replace(result, event=event, run={**result.run, "files": files}))
    assert "**Not read:**\n\n- a.doc: it is too old.\n\n### How sure this is\n" in told
    assert "b.txt" not in told
    assert told.endswith("### Worked out rather than given\n\n- venue not found\n")


def test_what_was_set_aside_is_counted_by_reason() -> None:
    dropped = pd.DataFrame({"text": ["12", "two words", "3"], "reason": ["a number", "crossed | out", "a number"]})
    told = written(replace(made_result(), dropped=dropped.assign(source_file="a.txt", source_locator="line 1")))
    grid = "| Set aside because | Pieces | Words |\n| :-- | --: | --: |\n| a number | 2 | 2 |\n| crossed \\| out | 1 | 2 |\n"
    assert grid in told
    assert "Set aside because" not in REPORT


def vars_of(file: FileRead) -> dict[str, object]:
    return {"source_file": file.source_file, "status": file.status, "remarks": file.remarks}


def test_it_says_how_many_words_were_kept_and_set_aside() -> None:
    assert "Of 5 words read, 4 were kept and 1 set aside" in REPORT
    assert "9 with one or more themes, 3 on something the taxonomy lacks, 1 saying too little to tell" in REPORT


def test_it_has_no_stray_white_space_and_ends_in_one_line_feed() -> None:
    assert REPORT.endswith("\n")
    assert not REPORT.removesuffix("\n").endswith(("\n", " "))
    assert all(line == line.rstrip() for line in REPORT.splitlines())
    assert "\n\n\n" not in REPORT
