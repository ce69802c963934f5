"""The bundled taxonomy is sound, and faults of any taxonomy are told all at once."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from pipeline.errors import TaxonomyError
from pipeline.settings import Settings
from pipeline.taxonomy import Example, Taxonomy, Theme, load_taxonomy

CODES = {
    "asb",
    "dv",
    "communications",
    "resourcing",
    "partnership",
    "substance_misuse",
    "acquisitive_crime",
    "violence",
    "young_people",
    "older_vulnerable",
    "cohesion_hate",
    "confidence",
    "engagement",
    "road_safety",
    "place_security",
    "policing_presence",
    "justice_victims",
    "workforce",
    "access",
}


@pytest.fixture(scope="module")
def bundled() -> Taxonomy:
    return load_taxonomy(Settings().taxonomy_path)


def loaded(folder: Path, content: str) -> Taxonomy:
    path = folder / "mine.yaml"
    path.write_text(content, "utf-8")
    return load_taxonomy(path)


def faults_of(folder: Path, content: str) -> str:
    with pytest.raises(TaxonomyError) as raised:
        loaded(folder, content)
    assert raised.value.where == "mine.yaml"
    return raised.value.what


def test_the_bundled_taxonomy_has_the_nineteen_codes(bundled: Taxonomy) -> None:
    assert len(CODES) == len(bundled.codes) == 19
    assert set(bundled.codes) == CODES


def test_every_bundled_theme_has_what_labelling_needs(bundled: Taxonomy) -> None:
    for theme in bundled.themes:
        assert theme.label
        assert theme.definition
        assert theme.excludes
        assert theme.terms
        assert len(theme.examples) >= 10, theme.code
        assert all(theme.code in example.codes for example in theme.examples)
        assert all(set(example.codes) <= CODES and len(set(example.codes)) == len(example.codes) <= 3 for example in theme.examples)
    assert len(bundled.none_examples) >= 10
    assert bundled.version
    assert len({theme.label for theme in bundled.themes}) == 19


def test_no_bundled_term_stands_under_two_themes(bundled: Taxonomy) -> None:
    uses = Counter(term.casefold() for theme in bundled.themes for term in theme.terms)
    assert [term for term, number in uses.items() if number > 1] == []


def test_no_bundled_example_is_given_twice(bundled: Taxonomy) -> None:
    texts = [example.text.casefold() for theme in bundled.themes for example in theme.examples]
    texts += [text.casefold() for text in bundled.none_examples]
    assert [text for text, number in Counter(texts).items() if number > 1] == []


def test_the_checksum_is_that_of_the_file(bundled: Taxonomy) -> None:
    assert bundled.sha256 == hashlib.sha256(Settings().taxonomy_path.read_bytes()).hexdigest()


def test_a_theme_with_only_a_code_and_a_label_works(tmp_path: Path) -> None:
    taxonomy = loaded(tmp_path, "name: small\nversion: 2\nthemes:\n- {code: a, label: Alleys}\n")
    assert taxonomy.themes == (Theme("a", "Alleys"),)
    assert (taxonomy.name, taxonomy.version, taxonomy.label("a")) == ("small", "2", "Alleys")


def test_everything_in_a_file_is_kept_in_order(tmp_path: Path) -> None:
    taxonomy = loaded(
        tmp_path,
        """
name: small
version: 1.0.0
themes:
- {code: z, label: Zones}
- code: a
  label: Alleys
  definition: Narrow ways.
  excludes: Roads.
  terms: [alley, ginnel]
  examples: [dark alley, {text: gates on roads, codes: [a, z]}]
  broader: z
none_examples: [tea break]
""",
    )
    examples = (Example("dark alley", ("a",)), Example("gates on roads", ("a", "z")))
    assert taxonomy.codes == ("z", "a")
    assert taxonomy.themes[1] == Theme("a", "Alleys", "Narrow ways.", "Roads.", ("alley", "ginnel"), examples, "z")
    assert taxonomy.none_examples == ("tea break",)


def test_all_faults_of_the_whole_are_reported_at_once(tmp_path: Path) -> None:
    assert faults_of(
        tmp_path,
        """
name: broken
version: 1
themes:
- {code: a, label: A, broader: b}
- {code: b, label: B, broader: c}
- {code: c, label: C, broader: a}
- {code: d, label: D}
- {code: d, label: D again}
- {code: e, label: E, broader: nowhere}
- {code: f, label: F, examples: [{text: dark alley, codes: [f, zz]}]}
- {code: "g h", label: G}
- {code: i, label: I, broader: i}
""",
    ) == (
        "6 faults: (1) code 'd' stands 2 times; (2) theme 'e': broader 'nowhere' is no code of this taxonomy; "
        "(3) theme 'f': example 'dark alley' names unknown code 'zz'; (4) code 'g h' may hold only letters, digits, '_', '.' and '-'; "
        "(5) broader goes round in a circle: a → b → c → a; (6) broader goes round in a circle: i → i"
    )


def test_all_faults_of_form_are_reported_at_once_with_their_place(tmp_path: Path) -> None:
    what = faults_of(
        tmp_path,
        """
name: broken
themes:
- {code: a}
- {label: B}
- {code: c, label: ""}
- {code: d, label: D, colour: red}
- {code: e, label: E, examples: [{text: x, codes: []}]}
- nonsense
""",
    )
    assert what.startswith("8 faults: ")  # an example may be a text or a mapping, and is neither
    for place in (
        "'version'",
        "theme 1 ('a'), 'label'",
        "theme 2, 'code'",
        "theme 3 ('c'), 'label'",
        "theme 4 ('d'), 'colour'",
        "theme 5 ('e'), ",
        "theme 6, 'theme'",
    ):
        assert place in what


@pytest.mark.xfail(strict=True, reason="the whole is only checked once the form of every theme is right")
def test_faults_of_form_do_not_hide_faults_of_the_whole(tmp_path: Path) -> None:
    what = faults_of(tmp_path, "name: n\nversion: 1\nthemes:\n- {code: a}\n- {code: b, label: B}\n- {code: b, label: B}\n")
    assert "'label'" in what
    assert "code 'b' stands 2 times" in what


@pytest.mark.parametrize("content", ["", "just words", "- a\n- b\n", "name: n\nversion: 1\nthemes: []\n", "name: [\n"])
def test_a_file_that_is_no_taxonomy_is_refused(tmp_path: Path, content: str) -> None:
    assert faults_of(tmp_path, content)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"name: \x81\xff")
    with pytest.raises(TaxonomyError, match="it cannot be read"):
        load_taxonomy(tmp_path / "mine.yaml")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"gone\.yaml: it cannot be read"):
        load_taxonomy(tmp_path / "gone.yaml")
