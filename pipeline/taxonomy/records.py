"""What a taxonomy is once it has been read: themes, some of them part of a broader one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A point as people write it, with every code it carries."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodedText:
    """A text that people coded: ``codes`` all coders gave (none: it is about no theme), ``optional_codes`` only some gave."""

    text: str
    codes: tuple[str, ...]
    optional_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of a taxonomy; everything but code and label may be empty.

    ``terms`` decide by themselves; ``ambiguous_terms`` count only where the rest of a text is about the theme.
    """

    code: str
    label: str
    definition: str = ""
    excludes: str = ""
    terms: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    broader: str | None = None
    ambiguous_terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A named, versioned list of themes, in file order.

    ``none_examples`` are points that belong to no theme; ``coded_texts`` are the rows of the coded files it
    names; ``sha256`` is that of the bytes of the file and of the coded files.
    """

    name: str
    version: str
    themes: tuple[Theme, ...]
    none_examples: tuple[str, ...] = ()
    sha256: str = ""
    coded_texts: tuple[CodedText, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes in file order."""
        return tuple(theme.code for theme in self.themes)

    @property
    def top_level(self) -> tuple[str, ...]:
        """Codes that are part of no other, in file order."""
        return tuple(theme.code for theme in self.themes if theme.broader is None)

    @property
    def definitions(self) -> tuple[str, ...]:
        """What each theme is about, in order: label and definition, or the label alone."""
        return tuple(f"{theme.label}. {theme.definition}" if theme.definition else theme.label for theme in self.themes)

    @property
    def terms(self) -> tuple[str, ...]:
        """Terms and ambiguous terms, theme by theme."""
        return tuple(term for theme in self.themes for term in (*theme.terms, *theme.ambiguous_terms))

    def label(self, code: str) -> str:
        """The label of a code."""
        return next(theme.label for theme in self.themes if theme.code == code)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes that a code is part of, the nearest first.

        Raises
        ------
        KeyError : it is no code of this taxonomy.
        """
        broader = {theme.code: theme.broader for theme in self.themes}
        found: list[str] = []
        above = broader[code]
        # A file whose broader goes round in a circle is refused, but a taxonomy can be put together without a file.
        while above is not None and above not in (code, *found):
            found.append(above)
            above = broader[above]
        return tuple(found)

    def descendants(self, code: str) -> tuple[str, ...]:
        """The codes beneath a code, at whatever depth, in file order.

        Raises
        ------
        KeyError : it is no code of this taxonomy.
        """
        if code not in self.codes:
            raise KeyError(code)
        return tuple(other for other in self.codes if code in self.ancestors(other))

    def rolled_up(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The codes given, in their order, and behind them all that they are part of; each once.

        Raises
        ------
        KeyError : one is no code of this taxonomy.
        """
        given = tuple(codes)
        return tuple(dict.fromkeys([*given, *(above for code in given for above in self.ancestors(code))]))

    def examples_of(self, code: str) -> tuple[str, ...]:
        """The distinct example texts that carry a code, under whichever theme they stand, in file order."""
        return tuple(dict.fromkeys(example.text for theme in self.themes for example in theme.examples if code in example.codes))
