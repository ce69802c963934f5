"""The bundled taxonomy is sound, and faults of any taxonomy are told all at once."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.errors import TaxonomyError
from pipeline.settings import MODELS, Settings
from pipeline.taxonomy import CodedText, Example, Taxonomy, Theme, load_taxonomy

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


def test_the_checksum_is_that_of_the_file_and_its_coded_texts(bundled: Taxonomy) -> None:
    read = [Settings().taxonomy_path, *sorted((MODELS / "training").glob("*.csv"))]
    assert len(read) > 1
    assert bundled.sha256 == hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()


def test_a_theme_with_only_a_code_and_a_label_works(tmp_path: Path) -> None:
    taxonomy = loaded(tmp_path, "name: small\nversion: 2\nthemes:\n- {code: a, label: Alleys}\n")
    assert taxonomy.themes == (Theme("a", "Alleys"),)
    assert (taxonomy.name, taxonomy.version, taxonomy.label("a")) == ("small", "2", "Alleys")


def test_everything_in_a_file_is_kept_in_order(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("text,codes,optional_codes\nbins in the ginnel,a,z\n", "utf-8")
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
  ambiguous_terms: [gate]
coded_texts: [mine.csv]
none_examples: [tea break]
""",
    )
    given_examples = (Example("dark alley", ("a",)), Example("gates on roads", ("a", "z")))
    assert taxonomy.codes == ("z", "a")
    assert taxonomy.themes[1] == Theme("a", "Alleys", "Narrow ways.", "Roads.", ("alley", "ginnel"), given_examples, "z", ("gate",))
    assert taxonomy.coded_texts == (CodedText("bins in the ginnel", ("a",), ("z",)),)
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
        "6 faults: (1) theme 8 ('g h'), 'code': is 'g h'; expected letters, digits, '_', '.' and '-' only, no sign first; "
        "(2) themes 4 and 5: code 'd' stands 2 times; expected each code once; "
        "(3) theme 6 ('e'), 'broader': 'nowhere' is no code of this taxonomy; expected one that is, or nothing; "
        "(4) 'broader' goes round in a circle: a → b → c → a; expected an end; "
        "(5) 'broader' goes round in a circle: i → i; expected an end; "
        "(6) theme 7 ('f'), 'examples': 'dark alley' names unknown code 'zz'; expected codes of this taxonomy"
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
    assert what == (
        "7 faults: (1) 'version': is missing; expected a text; "
        "(2) theme 1 ('a'), 'label': is missing; expected a text; "
        "(3) theme 2, 'code': is missing; expected a text; "
        "(4) theme 3 ('c'), 'label': is blank; expected a text; "
        "(5) theme 4 ('d'), 'colour': is no key that stands here; "
        "expected one of code, label, definition, excludes, terms, ambiguous_terms, examples, broader; "
        "(6) theme 5 ('e'), 'examples' entry 1 'codes': is an empty list; expected at least one entry; "
        "(7) theme 6, 'theme': is 'nonsense'; expected lines 'key: value'"
    )


def test_faults_of_form_do_not_hide_faults_of_the_whole(tmp_path: Path) -> None:
    what = faults_of(tmp_path, "name: n\nversion: 1\nthemes:\n- {code: a}\n- {code: b, label: B}\n- {code: b, label: B}\n")
    assert "'label'" in what
    assert "code 'b' stands 2 times" in what


# One fault each, in one theme 'a' labelled Alleys and one 'b' labelled Bins: what the file says of them, and what is said of that.
FAULTS = [
    ("terms: [lane, ' ']", "", "", "theme 1 ('a'), 'terms' entry 2: is blank; expected a text"),
    ("ambiguous_terms: ['']", "", "", "theme 1 ('a'), 'ambiguous_terms' entry 1: is blank; expected a text"),
    (
        "terms: [Drive], ambiguous_terms: [park, drive]",
        "",
        "",
        "theme 1 ('a'): 'Drive' stands in 'terms' and in 'ambiguous_terms'; expected one of the two",
    ),
    (
        "examples: [dark lane]",
        "examples: [x, Dark  Lane]",
        "",
        "themes 1 and 2: example 'dark lane' is coded once as a and once as b; expected the same codes each time",
    ),
    (
        "examples: [dark lane, {text: dark lane, codes: [a, b]}]",
        "",
        "",
        "theme 1: example 'dark lane' is coded once as a and once as a, b; expected the same codes each time",
    ),
    (
        "",
        "examples: [Tea break]",
        "none_examples: [hello, tea break]",
        "'none_examples': 'tea break' is also an example of theme 2 ('b'); expected it in one of the two",
    ),
    ("examples: [{text: x, codes: [a, q, r]}]", "", "", "theme 1 ('a'), 'examples': 'x' names unknown codes 'q', 'r'; expected codes"),
    ("examples: [fine, '']", "", "", "theme 1 ('a'), 'examples' entry 2: is blank; expected a text"),
    ("examples: [{text: x}]", "", "", "theme 1 ('a'), 'examples' entry 1 'codes': is missing; expected a list"),
    ("examples: [[x]]", "", "", "theme 1 ('a'), 'examples' entry 1: is a list; expected a text"),
    ("definition: no", "", "", "theme 1 ('a'), 'definition': is a yes or no without quotes; expected a text"),
    ("", "terms: bin", "", "theme 2 ('b'), 'terms': is 'bin'; expected a list"),
    ("", "", "coded_texts: mine.csv", "'coded_texts': is 'mine.csv'; expected a list"),
    ("", "", "coded_texts: ['']", "'coded_texts' entry 1: is blank; expected a text"),
    ("", "", "modle: x", "'modle': is no key that stands here; expected one of name, version, coded_texts, themes, none_examples"),
]


@pytest.mark.parametrize(("alleys", "bins", "head", "said"), FAULTS)
def test_each_fault_names_its_place_and_what_was_expected(tmp_path: Path, alleys: str, bins: str, head: str, said: str) -> None:
    content = f"name: n\nversion: 1.0.0\n{head}\nthemes:\n- {{code: a, label: Alleys, {alleys}}}\n- {{code: b, label: Bins, {bins}}}\n"
    what = faults_of(tmp_path, content)
    assert what.startswith(said)
    assert "faults" not in what


def test_labels_that_differ_in_capitals_only_are_a_fault(tmp_path: Path) -> None:
    what = faults_of(tmp_path, "name: n\nversion: 1\nthemes:\n- {code: a, label: Dark Lanes}\n- {code: b, label: dark  lanes}\n")
    assert what == "themes 1 and 2: label 'Dark Lanes' stands 2 times; expected each label once, capitals aside"


@pytest.mark.parametrize("version", ["1", "'7'", "1.2", "0.10.3"])
def test_a_version_is_numbers_of_which_the_later_may_be_left_out(tmp_path: Path, version: str) -> None:
    taxonomy = loaded(tmp_path, f"name: n\nversion: {version}\nthemes:\n- {{code: a, label: A}}\n")
    assert taxonomy.version == version.strip("'")


@pytest.mark.parametrize("version", ["draft", "1.0.0.0", "1.0-beta", "v1", "1.", "2011-03-03"])
def test_any_other_version_is_refused(tmp_path: Path, version: str) -> None:
    assert faults_of(tmp_path, f"name: n\nversion: '{version}'\nthemes:\n- {{code: a, label: A}}\n") == (
        f"'version': is '{version}'; expected numbers as in 1.0.0"
    )


def test_one_example_may_stand_under_each_of_its_themes_with_the_same_codes(tmp_path: Path) -> None:
    example = "{text: gates, codes: [%s]}"
    themes = f"- {{code: a, label: A, examples: [{example % 'a, b'}]}}\n- {{code: b, label: B, examples: [{example % 'b, a'}]}}\n"
    assert loaded(tmp_path, f"name: n\nversion: 1\nthemes:\n{themes}").examples_of("b") == ("gates",)


def test_an_ambiguous_term_of_one_theme_may_be_a_term_of_another(tmp_path: Path) -> None:
    themes = "- {code: a, label: A, terms: [park]}\n- {code: b, label: B, ambiguous_terms: [park]}\n"
    assert loaded(tmp_path, f"name: n\nversion: 1\nthemes:\n{themes}").themes[1].ambiguous_terms == ("park",)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    "name version coded_texts themes none_examples code label terms ambiguous_terms examples text codes broader".split()
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
@examples(deadline=None)
def test_whatever_a_file_holds_it_is_read_or_its_faults_are_told(tmp_path_factory: pytest.TempPathFactory, held: object) -> None:
    path = tmp_path_factory.mktemp("any") / "mine.yaml"
    for content in (held, {"name": "n", "version": 1, "themes": held}, {"name": "n", "version": 1, "themes": [held, held]}):
        path.write_text(yaml.safe_dump(content), "utf-8")
        try:
            load_taxonomy(path)
        except TaxonomyError as error:
            assert error.what


@pytest.mark.parametrize(
    "content", ["", "just words", "- a\n- b\n", "name: n\nversion: 1\nthemes: []\n", "name: [\n", "version: 2011-13-40\n"]
)
def test_a_file_that_is_no_taxonomy_is_refused(tmp_path: Path, content: str) -> None:
    assert faults_of(tmp_path, content)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"name: \x81\xff")
    with pytest.raises(TaxonomyError, match="it cannot be read"):
        load_taxonomy(tmp_path / "mine.yaml")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"gone\.yaml: it cannot be read"):
        load_taxonomy(tmp_path / "gone.yaml")
