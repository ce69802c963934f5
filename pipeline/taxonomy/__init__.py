"""The taxonomy: the themes that points are labelled with.

``load_taxonomy`` reads and checks a file, ``overview`` says how much there is of it, ``to_skos`` writes it for other programs,
and ``compare_taxonomies`` says what changed from one to another.
"""

from __future__ import annotations

from pipeline.taxonomy.coded import bundled_texts
from pipeline.taxonomy.comparison import Comparison, compare_taxonomies
from pipeline.taxonomy.overview import overview
from pipeline.taxonomy.reading import load_taxonomy
from pipeline.taxonomy.records import CodedText, Example, Taxonomy, Theme
from pipeline.taxonomy.skos import to_skos

__all__ = [
    "CodedText",
    "Comparison",
    "Example",
    "Taxonomy",
    "Theme",
    "bundled_texts",
    "compare_taxonomies",
    "load_taxonomy",
    "overview",
    "to_skos",
]
