"""Taxonomies for tests: any that a file could hold."""

from __future__ import annotations

from hypothesis import strategies as st

from pipeline.taxonomy import CodedText, Example, Taxonomy, Theme

CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,6}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("\"'\\\n\t<>@^ "), min_size=1, max_size=12).filter(str.strip)


@st.composite
def taxonomies(draw: st.DrawFn, codes: st.SearchStrategy[str] = CODES) -> Taxonomy:
    """A taxonomy of one to six themes, in any order, some of them part of others."""
    names = draw(st.lists(codes, min_size=1, max_size=6, unique=True))
    labels = draw(st.lists(TEXTS, min_size=len(names), max_size=len(names), unique_by=str.casefold))
    texts = draw(st.lists(TEXTS, max_size=6, unique_by=str.casefold))
    themes = []
    for number, (code, label) in enumerate(zip(names, labels, strict=True)):
        terms = draw(st.lists(TEXTS | st.just(label), max_size=3, unique=True))
        kept = draw(st.lists(st.sampled_from(texts), max_size=2, unique=True)) if texts else []
        others = draw(st.sets(st.sampled_from(names), max_size=2))
        theme = Theme(
            code,
            label,
            definition=draw(st.just("") | TEXTS),
            excludes=draw(st.just("") | TEXTS),
            terms=tuple(terms),
            examples=tuple(Example(text, tuple(sorted({code, *others}))) for text in kept),
            # Only a theme before it can be broader, so that there is no circle; the order is mixed afterwards.
            broader=draw(st.none() | st.sampled_from(names[:number])) if number else None,
            ambiguous_terms=tuple(term for term in draw(st.lists(TEXTS, max_size=2, unique=True)) if term not in terms),
        )
        themes.append(theme)
    return Taxonomy(
        name=draw(TEXTS),
        version=draw(st.from_regex(r"[0-9](\.[0-9]){0,2}", fullmatch=True)),
        themes=tuple(draw(st.permutations(themes))),
        none_examples=tuple(draw(st.lists(TEXTS, max_size=3, unique=True))),
        coded_texts=tuple(CodedText(text, ()) for text in draw(st.lists(TEXTS, max_size=2, unique=True))),
    )
