"""Faults of a taxonomy file as a whole: codes, labels, terms and examples that do not go together.

They are looked for in whatever of the file can be made out, so that a fault of form in one place hides none in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class _Seen:
    """What can be made out of one theme of the file; ``examples`` are texts with their codes."""

    place: str
    number: int
    code: str | None
    label: str | None
    broader: str | None
    terms: tuple[str, ...]
    ambiguous_terms: tuple[str, ...]
    examples: tuple[tuple[str, tuple[str, ...]], ...]


def theme_place(number: int, code: object) -> str:
    """A theme as a person finds it in the file.

    >>> theme_place(3, "asb"), theme_place(4, None)
    ("theme 3 ('asb')", 'theme 4')
    """
    return f"theme {number}" + (f" ('{code}')" if code else "")


def faults_of_the_whole(loaded: Any) -> list[str]:
    """Every fault that shows only when the parts of a file are put side by side.

    Parameters
    ----------
    loaded : the file as YAML gives it, of whatever form.

    Returns
    -------
    Each fault in words: the place, what was wrong, what was expected.
    """
    if not isinstance(loaded, dict):
        return []
    themes = [_seen(number, theme) for number, theme in enumerate(_list(loaded.get("themes")), 1)]
    none_examples = _texts(loaded.get("none_examples"))
    return [
        *_of_codes(themes),
        *_of_labels(themes),
        *_of_broader(themes),
        *_of_terms(themes),
        *_of_examples(themes, none_examples),
    ]


def _of_codes(themes: list[_Seen]) -> Iterator[str]:
    by_code = _grouped((theme.code, theme) for theme in themes if theme.code is not None)
    for code, found in by_code.items():
        if len(found) > 1:
            yield f"themes {_numbers(found)}: code '{code}' stands {len(found)} times; expected each code once"


def _of_labels(themes: list[_Seen]) -> Iterator[str]:
    for found in _grouped((_same(theme.label), theme) for theme in themes if theme.label and theme.label.strip()).values():
        if len(found) > 1:
            yield f"themes {_numbers(found)}: label '{found[0].label}' stands {len(found)} times; expected each label once, capitals aside"


def _of_broader(themes: list[_Seen]) -> Iterator[str]:
    known = {theme.code for theme in themes}
    for theme in themes:
        if theme.broader is not None and theme.broader not in known:
            yield f"{theme.place}, 'broader': '{theme.broader}' is no code of this taxonomy; expected one that is, or nothing"
    yield from _cycles({theme.code: theme.broader for theme in themes if theme.code is not None})


def _cycles(broader: dict[str, str | None]) -> Iterator[str]:
    reported: set[str] = set()
    for code in broader:
        path = [code]
        while (above := broader.get(path[-1])) is not None and above not in path:
            path.append(above)
        if above == code and code not in reported:
            reported.update(path)
            yield f"'broader' goes round in a circle: {' → '.join([*path, code])}; expected an end"


def _of_terms(themes: list[_Seen]) -> Iterator[str]:
    for theme in themes:
        ambiguous = {_same(term) for term in theme.ambiguous_terms if term.strip()}
        for term in theme.terms:
            if _same(term) in ambiguous:
                yield f"{theme.place}: '{term}' stands in 'terms' and in 'ambiguous_terms'; expected one of the two"


def _of_examples(themes: list[_Seen], none_examples: tuple[str, ...]) -> Iterator[str]:
    known = {theme.code for theme in themes}
    for theme in themes:
        for text, codes in theme.examples:
            unknown = [f"'{code}'" for code in codes if code not in known]
            if unknown:
                names = f"unknown code{'s' if len(unknown) > 1 else ''} {', '.join(unknown)}"
                yield f"{theme.place}, 'examples': '{_short(text)}' names {names}; expected codes of this taxonomy"
    given = _grouped((_same(text), (theme, text, codes)) for theme in themes for text, codes in theme.examples)
    for found in given.values():
        ways = list(dict.fromkeys(", ".join(sorted(set(codes))) for _, _, codes in found if codes))
        if len(ways) > 1:
            where = _numbers(theme for theme, _, _ in found)
            place = f"themes {where}" if " and " in where else f"theme {where}"
            ways_said = " and once as ".join(ways)
            yield f"{place}: example '{_short(found[0][1])}' is coded once as {ways_said}; expected the same codes each time"
    for text in dict.fromkeys(none_examples):
        if found := given.get(_same(text), []):
            yield f"'none_examples': '{_short(text)}' is also an example of {found[0][0].place}; expected it in one of the two"


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _numbers(themes: Iterable[_Seen]) -> str:
    """Numbers of themes, each once: '2, 3 and 7'."""
    numbers = list(dict.fromkeys(str(theme.number) for theme in themes))
    return numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} and {numbers[-1]}"


def _same(text: str) -> str:
    """Texts that differ in capitals and white space only are the same."""
    return " ".join(text.split()).casefold()


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _seen(number: int, theme: Any) -> _Seen:
    lines = theme if isinstance(theme, dict) else {}
    code = _text(lines.get("code"))
    return _Seen(
        place=theme_place(number, code),
        number=number,
        code=code,
        label=_text(lines.get("label")),
        broader=_text(lines.get("broader")),
        terms=_texts(lines.get("terms")),
        ambiguous_terms=_texts(lines.get("ambiguous_terms")),
        examples=tuple(found for example in _list(lines.get("examples")) if (found := _example(example, code)) is not None),
    )


def _example(example: Any, code: str | None) -> tuple[str, tuple[str, ...]] | None:
    """An example's text and codes; without codes of its own it has that of its theme."""
    if isinstance(example, dict):
        text, codes = _text(example.get("text")), _texts(example.get("codes"))
    else:
        text, codes = _text(example), () if code is None else (code,)
    return (text, codes) if text and text.strip() else None


def _text(value: Any) -> str | None:
    """A text; a number is taken as the text of its digits, as everywhere in the file."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(text for entry in _list(value) if (text := _text(entry)) is not None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
