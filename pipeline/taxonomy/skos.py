"""A taxonomy as SKOS, the vocabulary that thesaurus and linked-data programs share.

SKOS Reference: Miles and Bechhofer 2009, https://www.w3.org/TR/skos-reference/
"""

from __future__ import annotations

from urllib.parse import quote

from pipeline.taxonomy.records import Taxonomy

LANGUAGE = "en"


def base_iri(name: str) -> str:
    """What the address of every concept of a taxonomy begins with.

    >>> base_iri("community safety")
    'urn:taxonomy:community%20safety:'
    """
    return f"urn:taxonomy:{quote(name, safe='')}:"


def to_skos(taxonomy: Taxonomy) -> str:
    """A taxonomy as SKOS in Turtle, the same bytes for the same taxonomy.

    The taxonomy is a concept scheme and each theme a concept, with its code as notation. Terms are hidden labels: they are
    there for searching texts, not names that a theme may be shown under, as alternative labels would be. An ambiguous term
    does not stand for its theme by itself, so those are told in a note. An example stands under every theme it is coded with.

    Returns
    -------
    Turtle text; ``none_examples`` and ``coded_texts`` have no place in it.
    """
    from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Literal, URIRef

    base = base_iri(taxonomy.name)
    scheme = URIRef(base.removesuffix(":"))
    concepts = {theme.code: URIRef(base + quote(theme.code, safe="")) for theme in taxonomy.themes}
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (("dcterms", DCTERMS), ("owl", OWL), ("skos", SKOS)):
        graph.bind(prefix, namespace)

    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal(taxonomy.name, lang=LANGUAGE)))
    graph.add((scheme, OWL.versionInfo, Literal(taxonomy.version)))
    for theme in taxonomy.themes:
        concept = concepts[theme.code]
        graph.add((concept, RDF.type, SKOS.Concept))
        graph.add((concept, SKOS.inScheme, scheme))
        graph.add((concept, SKOS.notation, Literal(theme.code)))
        # One text may be the preferred or a hidden label of a concept, but not both (condition S13).
        hidden = [term for term in theme.terms if term != theme.label]
        ambiguous = f"Only where the rest of a text is about the theme: {', '.join(theme.ambiguous_terms)}"
        for predicate, texts in (
            (SKOS.prefLabel, [theme.label]),
            (SKOS.definition, [theme.definition]),
            (SKOS.scopeNote, [theme.excludes]),
            (SKOS.hiddenLabel, hidden),
            (SKOS.note, [ambiguous] if theme.ambiguous_terms else []),
            (SKOS.example, taxonomy.examples_of(theme.code)),
        ):
            for text in texts:
                if text:
                    graph.add((concept, predicate, Literal(text, lang=LANGUAGE)))
        if theme.broader is None:
            graph.add((concept, SKOS.topConceptOf, scheme))
            graph.add((scheme, SKOS.hasTopConcept, concept))
        else:
            graph.add((concept, SKOS.broader, concepts[theme.broader]))
            graph.add((concepts[theme.broader], SKOS.narrower, concept))
    return graph.serialize(format="turtle").rstrip() + "\n"
