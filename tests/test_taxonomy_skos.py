from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Literal, URIRef
from taxonomies import taxonomies

from pipeline.settings import Settings
from pipeline.taxonomy import CodedText, Example, Taxonomy, Theme, load_taxonomy, to_skos

ROADS = Taxonomy(
    "road & lane/safety",
    "1.2.0",
    (
        Theme("roads", "Roads", "All about roads.", "Paths.", terms=("road", "Roads"), ambiguous_terms=("drive", "park")),
        Theme("speed.", "Speeding", terms=("20 zone",), broader="roads", examples=(Example('they "fly" past\\', ("speed.", "roads")),)),
    ),
    none_examples=("tea break",),
    coded_texts=(CodedText("cars race", ("speed",)),),
)
SCHEME = URIRef("urn:taxonomy:road%20%26%20lane%2Fsafety")
TOP, SPEED = URIRef(f"{SCHEME}:roads"), URIRef(f"{SCHEME}:speed.")


def parsed(taxonomy: Taxonomy) -> Graph:
    return Graph(bind_namespaces="none").parse(data=to_skos(taxonomy), format="turtle")


def english(text: str) -> Literal:
    return Literal(text, lang="en")


def test_the_file_says_exactly_this() -> None:
    assert set(parsed(ROADS)) == {
        (SCHEME, RDF.type, SKOS.ConceptScheme),
        (SCHEME, DCTERMS.title, english("road & lane/safety")),
        (SCHEME, OWL.versionInfo, Literal("1.2.0")),
        (SCHEME, SKOS.hasTopConcept, TOP),
        (TOP, RDF.type, SKOS.Concept),
        (TOP, SKOS.inScheme, SCHEME),
        (TOP, SKOS.topConceptOf, SCHEME),
        (TOP, SKOS.notation, Literal("roads")),
        (TOP, SKOS.prefLabel, english("Roads")),
        (TOP, SKOS.definition, english("All about roads.")),
        (TOP, SKOS.scopeNote, english("Paths.")),
        (TOP, SKOS.hiddenLabel, english("road")),
        (TOP, SKOS.note, english("Only where the rest of a text is about the theme: drive, park")),
        (TOP, SKOS.example, english('they "fly" past\\')),
        (TOP, SKOS.narrower, SPEED),
        (SPEED, RDF.type, SKOS.Concept),
        (SPEED, SKOS.inScheme, SCHEME),
        (SPEED, SKOS.notation, Literal("speed.")),
        (SPEED, SKOS.prefLabel, english("Speeding")),
        (SPEED, SKOS.hiddenLabel, english("20 zone")),
        (SPEED, SKOS.example, english('they "fly" past\\')),
        (SPEED, SKOS.broader, TOP),
    }


@given(taxonomies())
def test_codes_labels_terms_and_what_is_part_of_what_come_back(taxonomy: Taxonomy) -> None:
    graph = parsed(taxonomy)
    code_of = {concept: str(graph.value(concept, SKOS.notation)) for concept in graph.subjects(RDF.type, SKOS.Concept)}
    assert sorted(code_of.values()) == sorted(taxonomy.codes)
    assert {code: str(graph.value(concept, SKOS.prefLabel)) for concept, code in code_of.items()} == {
        theme.code: theme.label for theme in taxonomy.themes
    }
    above = {(code_of[narrow], code_of[broad]) for narrow, broad in graph.subject_objects(SKOS.broader)}
    assert above == {(theme.code, theme.broader) for theme in taxonomy.themes if theme.broader is not None}
    assert above == {(code_of[narrow], code_of[broad]) for broad, narrow in graph.subject_objects(SKOS.narrower)}
    assert {code_of[concept] for concept in graph.subjects(SKOS.topConceptOf)} == set(taxonomy.top_level)
    for theme in taxonomy.themes:
        (concept,) = (concept for concept, code in code_of.items() if code == theme.code)
        assert {str(text) for text in graph.objects(concept, SKOS.hiddenLabel)} == set(theme.terms) - {theme.label}
        assert {str(text) for text in graph.objects(concept, SKOS.example)} == set(taxonomy.examples_of(theme.code))


@given(taxonomies())
def test_no_label_is_both_the_preferred_and_a_hidden_one(taxonomy: Taxonomy) -> None:
    graph = parsed(taxonomy)
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        (preferred,) = graph.objects(concept, SKOS.prefLabel)
        assert preferred not in set(graph.objects(concept, SKOS.hiddenLabel))


def test_two_taxonomies_share_no_address() -> None:
    one, two = Taxonomy("a", "1", (Theme("b", "B"),)), Taxonomy("a:b", "1", (Theme("b", "B"),))
    assert not set(parsed(one).subjects()) & set(parsed(two).subjects())


def test_every_process_writes_the_same_bytes() -> None:
    code = (
        "from pathlib import Path; import sys; from pipeline.taxonomy import load_taxonomy, to_skos; "
        "sys.stdout.buffer.write(to_skos(load_taxonomy(Path(sys.argv[1]))).encode())"
    )
    path = Settings().taxonomy_path
    written = {
        subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert written == {to_skos(load_taxonomy(path)).encode()}


def test_the_order_of_the_file_changes_no_byte() -> None:
    turned = Taxonomy(ROADS.name, ROADS.version, ROADS.themes[::-1])
    assert to_skos(turned) == to_skos(ROADS)


def test_the_library_is_loaded_only_when_it_is_used(tmp_path: Path) -> None:
    code = "import pipeline.taxonomy, pipeline.cli, sys; print('rdflib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
