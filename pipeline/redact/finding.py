"""Every detail in every text of an event: first those with a form of their own, then names, until nothing more is found."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from pipeline.language import people_named
from pipeline.redact.codes import RANK
from pipeline.redact.dates import BIRTH_DATE, DATE
from pipeline.redact.name_lists import NameLists
from pipeline.redact.people import people
from pipeline.redact.structured import Span, structured, without_overlaps
from pipeline.redact.tokens import COLLAR_MARK, OTHER_MARK, PERSON_MARK, tokens_of
from pipeline.redact.vocabulary import Vocabulary, load_vocabulary

_PLACEHOLDER = re.compile(r"\[([A-Z]+) \d+\]")
# What the language model reads in place of a detail, so that it sees the same whatever number a placeholder has.
_STAND_IN = "they"
_BESIDE = re.compile(rf"{PERSON_MARK}(?:\s?[(|;]\s?|,\s)(?P<inner>{DATE})(?=\s?[,.;)|]|$)", re.IGNORECASE)
# "Jean Hall 14.05.79", "female, 12/6/91"; behind an officer or a hand that signs it is the day on which they wrote.
_BORN = re.compile(rf"(?:{PERSON_MARK}|\b(?:male|female|child|boy|girl|baby|juvenile|youth)\b),?\s(?P<inner>{BIRTH_DATE})", re.IGNORECASE)
_WRITER = re.compile(
    rf"\b(?:{RANK}|cllr|councillor|clerk|signed|by|per|from|regards|faithfully|sincerely)\b[\s.:,{COLLAR_MARK}]{{1,9}}(?:[A-Z]\.?\s)?"
    rf"{PERSON_MARK}+,?\s\Z",
    re.IGNORECASE,
)
_MARKS = {"COLLAR": COLLAR_MARK, "PERSON": PERSON_MARK}
# Each round finds at least one more name in a text, so the rounds end; this is only a limit.
_ROUNDS = 12


def find_details(texts: Iterable[str], lists: NameLists, spacy_model: str) -> dict[str, list[Span]]:
    """Details of every text; none overlapping, in order. What is found does not depend on the order of texts."""
    texts = sorted({*texts})
    vocabulary = load_vocabulary(spacy_model) if any(any(c.isalpha() for c in text) for text in texts) else None
    found = {text: without_overlaps([*structured(_hidden(text, [])), *lists.demanded(text)]) for text in texts}
    if vocabulary is None:
        return found
    _find_people(found, vocabulary, spacy_model)
    found = {text: _with_birthdays(text, spans) for text, spans in found.items()}
    return {text: [span for span in spans if not lists.keeps(span[2], text[span[0] : span[1]])] for text, spans in found.items()}


def _find_people(found: dict[str, list[Span]], vocabulary: Vocabulary, spacy_model: str) -> None:
    """Add the names of people to what was found in each text, round by round.

    In the first round the language model says nothing, since it is to see no name that the rules find without it. A later round reads
    again only what can come out otherwise: a text in which names were found, so that the rest looks different, or in which a surname
    stands that has become known; and in the second round those in which the model has a say.
    """
    hints: dict[str, list[tuple[int, int]]] = {}
    known: set[str] = set()
    again, asking = set(found), set[str]()
    for number in range(_ROUNDS):
        surnames = {name.split()[-1] for name in _surnames(found)}
        fresh, known = surnames - known, surnames
        due = [text for text in found if text in again or (fresh and not fresh.isdisjoint(_words(_hidden(text, found[text]))))]
        views = {text: _hidden(text, found[text]) for text in due}
        hints |= _hints([text for text in due if text in asking and text not in hints], views, spacy_model)
        named = {text: people(views[text], vocabulary, hints.get(text, ()), known) for text in due}
        if number:
            late = [text for text in due if named[text].asked and text not in hints]
            hints |= _hints(late, views, spacy_model)
            named |= {text: people(views[text], vocabulary, hints[text], known) for text in late}
        more = {text: named[text].spans for text in due if named[text].spans}
        for text, spans in more.items():
            found[text] = sorted([*found[text], *((start, end, "PERSON") for start, end in spans)])
            hints.pop(text, None)
        asking = {text for text in due if named[text].asked}
        again = {*more} if number else {*more} | asking
        if not again:
            return


def _words(text: str) -> set[str]:
    return {token.low for token in tokens_of(text)}


def _with_birthdays(text: str, spans: list[Span]) -> list[Span]:
    """The spans and, as DOB, each whole date that stands alone beside a name: "Jean Hall (4 May 1952)", "Ayo Hall, 16/4/2010,"."""
    hidden = _hidden(text, spans)
    dates = {match.span("inner") for match in _BESIDE.finditer(hidden)}
    dates |= {match.span("inner") for match in _BORN.finditer(hidden) if not _WRITER.search(hidden, 0, match.start("inner"))}
    return sorted([*spans, *((start, end, "DOB") for start, end in dates)])


def _hidden(text: str, spans: Iterable[Span]) -> str:
    """The text with details, and placeholders that it holds already, as runs of one character each; no letter moves."""
    done = [(match.start(), match.end(), match[1]) for match in _PLACEHOLDER.finditer(text)]
    for start, end, kind in [*spans, *done]:
        text = text[:start] + _MARKS.get(kind, OTHER_MARK) * (end - start) + text[end:]
    return text


def _hints(texts: Collection[str], hidden: Mapping[str, str], spacy_model: str) -> dict[str, list[tuple[int, int]]]:
    """What the language model takes for people in texts whose details are hidden from it."""
    views = [_seen(hidden[text]) for text in texts]
    named = people_named([view for view, _ in views], spacy_model)
    return {
        text: [(places[start], places[end - 1] + 1) for start, end in spans]
        for text, (_, places), spans in zip(texts, views, named, strict=True)
    }


def _seen(hidden: str) -> tuple[str, list[int]]:
    """What the model reads, and where each of its characters stands in the text."""
    parts: list[str] = []
    places: list[int] = []
    for run in re.finditer(r"[\x00-\x02]+|[^\x00-\x02]+", hidden):
        part = _STAND_IN if run[0][0] <= OTHER_MARK else run[0]
        parts.append(part)
        places += [run.start()] * len(part) if part == _STAND_IN else range(run.start(), run.end())
    return "".join(parts), places


def _surnames(found: dict[str, list[Span]]) -> set[str]:
    """Names of two words and more, and those behind a title, in lower case."""
    names = {(text[start:end], text[:start]) for text, spans in found.items() for start, end, kind in spans if kind == "PERSON"}
    titled = re.compile(r"\b(?:mr|mrs|ms|miss|cllr|councillor|dr|sgt|insp|pc|pcso|inspector|sergeant)\.?\s+$", re.IGNORECASE)
    return {name.casefold() for name, before in names if " " in name or titled.search(before)}
