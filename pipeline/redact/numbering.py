"""Which details are the same, and the placeholder each gets: one number a detail within an event."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.redact.structured import Span

_MALE = re.compile(r"\bmr\.?\s+$", re.IGNORECASE)
_FEMALE = re.compile(r"\b(?:mrs|ms|miss)\.?\s+$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def numbered(found: Mapping[str, Sequence[Span]]) -> Callable[[str, str], str]:
    """Number every distinct detail within its kind, in alphabetical order: the same for any order of texts.

    Parameters
    ----------
    found : the details of each text of an event.

    Returns
    -------
    A function of a kind and a detail that gives its placeholder, such as ``[PERSON 1]``.
    """
    details: dict[str, set[str]] = {}
    for text, spans in found.items():
        for start, end, kind in spans:
            details.setdefault(kind, set()).add(_same(kind, text[start:end]))
    one = {kind: {detail: detail for detail in known} for kind, known in details.items()}
    one["PERSON"] = _one_person(details.get("PERSON", set()), _of_both_sexes(found))
    numbers = {(kind, detail): number for kind, same in one.items() for number, detail in enumerate(sorted(set(same.values())), 1)}
    return lambda kind, detail: f"[{kind} {numbers[kind, one[kind][_same(kind, detail)]]}]"


def _same(kind: str, detail: str) -> str:
    """What is left of a detail when spaces, hyphens, brackets and capitals are taken as nothing; of a name, its words."""
    if kind == "PERSON":
        return " ".join(word.replace("’", "'") for word in _WORD.findall(detail.casefold()))
    return re.sub(r"[\s\-().]" if kind == "PHONE" else r"[\s\-()]", "", detail).casefold()


def _one_person(names: set[str], couples: set[str]) -> dict[str, str]:
    """Which full name a part of one stands for: "Hall" or "J Hall" for "Jean Hall", if no other name in the event could be meant.

    ``couples`` are names that stood behind "Mr" and behind "Mrs"; they stand for themselves.
    """
    full = {name for name in names if " " in name and len(name.split()[0]) > 1}
    same = {}
    for name in names:
        parts = name.split()
        if len(parts) == 1 and name not in couples:
            meant = [other for other in full if name in (other.split()[0], other.split()[-1])]
        elif len(parts) > 1 and len(parts[0]) == 1:
            meant = [other for other in full if other.split()[-1] == parts[-1] and other.startswith(parts[0])]
        else:
            meant = []
        same[name] = meant[0] if len(meant) == 1 else name
    return same


def _of_both_sexes(found: Mapping[str, Sequence[Span]]) -> set[str]:
    men: set[str] = set()
    women: set[str] = set()
    for text, spans in found.items():
        for start, end, kind in spans:
            if kind == "PERSON":
                men.update({_same(kind, text[start:end])} if _MALE.search(text[:start]) else ())
                women.update({_same(kind, text[start:end])} if _FEMALE.search(text[:start]) else ())
    return men & women
