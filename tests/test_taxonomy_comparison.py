from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from taxonomies import taxonomies

from pipeline.taxonomy import CodedText, Example, Taxonomy, Theme, compare_taxonomies
from pipeline.taxonomy.comparison import Change, Listed

OLD = Taxonomy(
    "roads",
    "1.0.0",
    (
        Theme("roads", "Roads"),
        Theme("lanes", "Lanes", "Narrow.", terms=("lane", "ginnel"), examples=(Example("dark lane", ("lanes",)),)),
        Theme("bins", "Bins"),
    ),
    none_examples=("tea", "apologies"),
)
NEW = Taxonomy(
    "roads",
    "1.1.0",
    (
        Theme(
            "lanes",
            "Alleys",
            "Narrow ways.",
            "Roads.",
            terms=("ginnel", "alley"),
            examples=(Example("dark lane", ("lanes", "roads")), Example("gates", ("lanes",))),
            broader="roads",
            ambiguous_terms=("drive",),
        ),
        Theme("roads", "Roads"),
        Theme("speed", "Speeding", broader="roads"),
    ),
    none_examples=("apologies", "welcome"),
    coded_texts=(CodedText("cars race", ("speed",)),),
)
# The same codes at every turn, so that two taxonomies have some in common.
FEW = st.sampled_from(("a", "b", "c", "d", "e", "f", "g"))


def test_every_kind_of_change_is_found() -> None:
    found = compare_taxonomies(OLD, NEW)
    assert (found.name, found.version) == (None, Change("1.0.0", "1.1.0"))
    assert found.coded_texts == Listed(NEW.coded_texts)
    assert [theme.code for theme in found.added] == ["speed"]
    assert [theme.code for theme in found.removed] == ["bins"]
    (lanes,) = found.changed
    assert lanes.code == "lanes"
    assert lanes.label == Change("Lanes", "Alleys")
    assert lanes.definition == Change("Narrow.", "Narrow ways.")
    assert lanes.excludes == Change("", "Roads.")
    assert lanes.broader == Change(None, "roads")
    assert lanes.terms == Listed(("alley",), ("lane",))
    assert lanes.ambiguous_terms == Listed(("drive",))
    assert lanes.examples == Listed((NEW.themes[0].examples[0], NEW.themes[0].examples[1]), (OLD.themes[1].examples[0],))
    assert found.none_examples == Listed(("welcome",), ("tea",))


def test_the_words_say_every_change() -> None:
    assert compare_taxonomies(OLD, NEW).in_words() == [
        "version: was '1.0.0', is now '1.1.0'",
        "added: speed (Speeding, part of roads)",
        "removed: bins (Bins)",
        "changed: lanes",
        "  label: was 'Lanes', is now 'Alleys'",
        "  definition: was 'Narrow.', is now 'Narrow ways.'",
        "  excludes: was nothing, is now 'Roads.'",
        "  broader: was nothing, is now 'roads'",
        "  term added: alley",
        "  term removed: lane",
        "  ambiguous term added: drive",
        "  example added: dark lane [lanes, roads]",
        "  example added: gates",
        "  example removed: dark lane",
        "examples of no theme:",
        "  added: welcome",
        "  removed: tea",
        "coded texts: 1 added, 0 removed",
    ]


def test_order_and_the_bytes_of_the_file_are_no_change() -> None:
    turned = replace(OLD, themes=OLD.themes[::-1], none_examples=OLD.none_examples[::-1], sha256="f" * 64)
    assert not compare_taxonomies(OLD, turned)


@given(taxonomies())
def test_a_taxonomy_has_not_changed_from_itself(taxonomy: Taxonomy) -> None:
    found = compare_taxonomies(taxonomy, taxonomy)
    assert not found
    assert found.in_words() == ["Nothing has changed."]


@given(taxonomies(FEW), taxonomies(FEW))
def test_backwards_what_was_added_is_removed(one: Taxonomy, two: Taxonomy) -> None:
    there, back = compare_taxonomies(one, two), compare_taxonomies(two, one)
    assert (there.added, there.removed) == (back.removed, back.added)
    assert (there.none_examples.added, there.none_examples.removed) == (back.none_examples.removed, back.none_examples.added)
    assert (there.coded_texts.added, there.coded_texts.removed) == (back.coded_texts.removed, back.coded_texts.added)
    turned = {change.code: change for change in back.changed}
    assert {change.code for change in there.changed} == set(turned)
    for change in there.changed:
        other = turned[change.code]
        assert (change.terms.added, change.terms.removed) == (other.terms.removed, other.terms.added)
        assert (change.examples.added, change.examples.removed) == (other.examples.removed, other.examples.added)
    assert bool(there) == bool(back)
