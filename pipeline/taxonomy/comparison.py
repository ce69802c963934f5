"""What changed from one taxonomy to another, as values and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Generic, TypeVar

from pipeline.taxonomy.records import CodedText, Example, Taxonomy, Theme

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """A value before and after."""

    before: T
    after: T


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """Entries of a list that were added, in the new order, and removed, in the old; the order itself counts for nothing."""

    added: tuple[T, ...] = ()
    removed: tuple[T, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """What changed in a theme that both taxonomies have; None or an empty list where nothing did."""

    code: str
    label: Change[str] | None = None
    definition: Change[str] | None = None
    excludes: Change[str] | None = None
    broader: Change[str | None] | None = None
    terms: Listed[str] = Listed()
    ambiguous_terms: Listed[str] = Listed()
    examples: Listed[Example] = Listed()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self) if field.name != "code")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from an old taxonomy to a new one; false where nothing did.

    ``added`` holds themes of the new one in its order, ``removed`` themes of the old one in its order, ``changed`` the themes
    of both that differ, in the new order.
    """

    name: Change[str] | None
    version: Change[str] | None
    added: tuple[Theme, ...]
    removed: tuple[Theme, ...]
    changed: tuple[ThemeChange, ...]
    none_examples: Listed[str]
    coded_texts: Listed[CodedText]

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    def in_words(self) -> list[str]:
        """The changes as lines of plain words; what belongs to the theme named above it is indented."""
        return [*_words_of(self)] or ["Nothing has changed."]


def compare_taxonomies(old: Taxonomy, new: Taxonomy) -> Comparison:
    """What changed from ``old`` to ``new``. A theme is the same theme where its code is."""
    before = {theme.code: theme for theme in old.themes}
    after = {theme.code: theme for theme in new.themes}
    both = (_theme_change(before[code], theme) for code, theme in after.items() if code in before)
    return Comparison(
        name=_change(old.name, new.name),
        version=_change(old.version, new.version),
        added=tuple(theme for code, theme in after.items() if code not in before),
        removed=tuple(theme for code, theme in before.items() if code not in after),
        changed=tuple(change for change in both if change),
        none_examples=_listed(old.none_examples, new.none_examples),
        coded_texts=_listed(old.coded_texts, new.coded_texts),
    )


def _theme_change(old: Theme, new: Theme) -> ThemeChange:
    return ThemeChange(
        code=new.code,
        label=_change(old.label, new.label),
        definition=_change(old.definition, new.definition),
        excludes=_change(old.excludes, new.excludes),
        broader=_change(old.broader, new.broader),
        terms=_listed(old.terms, new.terms),
        ambiguous_terms=_listed(old.ambiguous_terms, new.ambiguous_terms),
        examples=_listed(old.examples, new.examples),
    )


def _change(before: T, after: T) -> Change[T] | None:
    return None if before == after else Change(before, after)


def _listed(before: Sequence[T], after: Sequence[T]) -> Listed[T]:
    earlier, later = set(before), set(after)
    return Listed(
        added=tuple(entry for entry in dict.fromkeys(after) if entry not in earlier),
        removed=tuple(entry for entry in dict.fromkeys(before) if entry not in later),
    )


def _words_of(comparison: Comparison) -> Iterator[str]:
    for key in ("name", "version"):
        change = getattr(comparison, key)
        if change is not None:
            yield f"{key}: {_was(change)}"
    for theme in comparison.added:
        yield f"added: {_named(theme)}"
    for theme in comparison.removed:
        yield f"removed: {_named(theme)}"
    for changed in comparison.changed:
        yield f"changed: {changed.code}"
        yield from (f"  {line}" for line in _words_of_theme(changed))
    if comparison.none_examples:
        yield "examples of no theme:"
        yield from (f"  {line}" for line in _entries("", comparison.none_examples))
    if comparison.coded_texts:
        yield f"coded texts: {len(comparison.coded_texts.added)} added, {len(comparison.coded_texts.removed)} removed"


def _words_of_theme(changed: ThemeChange) -> Iterator[str]:
    for name in ("label", "definition", "excludes", "broader"):
        change = getattr(changed, name)
        if change is not None:
            yield f"{name}: {_was(change)}"
    yield from _entries("term ", changed.terms)
    yield from _entries("ambiguous term ", changed.ambiguous_terms)
    coded = Listed(
        tuple(_coded(example, changed.code) for example in changed.examples.added),
        tuple(_coded(example, changed.code) for example in changed.examples.removed),
    )
    yield from _entries("example ", coded)


def _entries(what: str, entries: Listed[str]) -> Iterator[str]:
    yield from (f"{what}added: {entry}" for entry in entries.added)
    yield from (f"{what}removed: {entry}" for entry in entries.removed)


def _was(change: Change[str] | Change[str | None]) -> str:
    """A change of one text in words.

    >>> _was(Change("Crime", "Theft")), _was(Change(None, "crime"))
    ("was 'Crime', is now 'Theft'", "was nothing, is now 'crime'")
    """
    before, after = (f"'{value}'" if value else "nothing" for value in (change.before, change.after))
    return f"was {before}, is now {after}"


def _named(theme: Theme) -> str:
    return f"{theme.code} ({theme.label}{f', part of {theme.broader}' if theme.broader else ''})"


def _coded(example: Example, code: str) -> str:
    """An example's text, with its codes where they are not just that of its theme."""
    return example.text if example.codes == (code,) else f"{example.text} [{', '.join(example.codes)}]"
