"""A taxonomy in a few lines: how much there is of it, and where it is thin."""

from __future__ import annotations

from pipeline.taxonomy.records import Taxonomy

# Below this many examples of a theme its nearest example says little.
ENOUGH_EXAMPLES = 8


def overview(taxonomy: Taxonomy) -> list[str]:
    """Lines of plain words: name, version and sizes, then the themes that lack a definition or have few examples."""
    beneath = len(taxonomy.themes) - len(taxonomy.top_level)
    counts = [
        _counted(len(taxonomy.themes), "theme") + (f" ({beneath} of them part of another)" if beneath else ""),
        _counted(sum(len(theme.examples) for theme in taxonomy.themes), "example"),
        _counted(sum(len(theme.terms) + len(theme.ambiguous_terms) for theme in taxonomy.themes), "term"),
        f"{_counted(len(taxonomy.none_examples), 'example')} of no theme",
    ]
    lines = [f"{taxonomy.name} {taxonomy.version}: {', '.join(counts)}"]
    if taxonomy.coded_texts:
        lines.append(f"learns from {_counted(len(taxonomy.coded_texts), 'coded text')} beside its examples")
    few = [f"{code} ({number})" for code in taxonomy.codes if (number := len(taxonomy.examples_of(code))) < ENOUGH_EXAMPLES]
    undefined = [theme.code for theme in taxonomy.themes if not theme.definition.strip()]
    if few:
        lines.append(f"fewer than {ENOUGH_EXAMPLES} examples: {', '.join(few)}")
    if undefined:
        lines.append(f"no definition: {', '.join(undefined)}")
    if not few and not undefined:
        lines.append(f"Every theme has a definition and at least {ENOUGH_EXAMPLES} examples.")
    return lines


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
