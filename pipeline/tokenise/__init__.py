"""Tokenise: notes to points.

A note is cut into points (see :mod:`pipeline.tokenise.sentences` and :mod:`pipeline.tokenise.lists`), tallies
become mentions, abbreviations are written out for embedding and matching, and spaCy gives lemmas and noun phrases.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

import pandas as pd

from pipeline.beside import elsewhere
from pipeline.errors import ContractError
from pipeline.language import common_words, read_texts
from pipeline.reading import read_words
from pipeline.records import Dropped, Notes, Points, checked, empty, words_in
from pipeline.settings import Settings
from pipeline.tokenise.lists import Lexicon, Tagger, Word, list_items
from pipeline.tokenise.procedure import is_procedural
from pipeline.tokenise.sentences import Span, sentences, trim
from pipeline.tokenise.tallies import read_tally, split_tally

__all__ = ["cut", "expand_and_read", "tokenise"]

JOINING_WORD = "a word that only joins two points"
NO_WORDS = "no words in it"
# Notes that are cut together: the tables in between stay small.
AT_A_TIME = 10_000
_READ = ("expanded", "lemmas", "lemma_spans", "phrases", "procedural")


def tokenise(notes: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cut notes into points and read their words.

    Parameters
    ----------
    notes : Notes, n rows.
    settings : names the spaCy model and the glossary.

    Returns
    -------
    (points, dropped) : Points, at least one row for every note that has a word in it, and Dropped: joining words and notes without any.

    Raises
    ------
    ContractError : a word of a note is in no point, no tally and not dropped (a fault of the program).
    """
    points, asides = cut(notes, settings)
    read = expand_and_read(list(points["text"]), settings)
    return checked(Points, points.join(read)[list(_columns())], "given by tokenise"), asides


@elsewhere
def cut(notes: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cut notes into points, without reading their words: what ``tokenise`` gives, but for the columns of :func:`expand_and_read`."""
    checked(Notes, notes, "given to tokenise")
    lexicon = _lexicon(settings.spacy_model)
    tagger = partial(_tag, model=settings.spacy_model)
    points: list[pd.DataFrame] = []
    asides: list[pd.DataFrame] = []
    for start in range(0, len(notes), AT_A_TIME):
        rows: list[dict[str, object]] = []
        dropped: list[dict[str, str]] = []
        for note in notes.iloc[start : start + AT_A_TIME].to_dict("records"):
            made, gaps = _points_of(note, tagger, lexicon)
            rows += made
            dropped += [
                {"text": text, "reason": reason, "source_file": note["source_file"], "source_locator": note["source_locator"]}
                for text, reason in gaps
            ]
        points += [pd.DataFrame(rows)] if rows else []
        asides += [pd.DataFrame(dropped)] if dropped else []
    none = empty(Points)[[name for name in _columns() if name not in _READ]]
    return (
        pd.concat(points, ignore_index=True) if points else none,
        pd.concat(asides, ignore_index=True) if asides else empty(Dropped),
    )


@cache
def _columns() -> tuple[str, ...]:
    """The columns of Points."""
    return tuple(empty(Points).columns)


def _points_of(note: dict[str, Any], tagger: Tagger, lexicon: Lexicon) -> tuple[list[dict[str, object]], list[tuple[str, str]]]:
    """The points of one note, and what of it is in no point, each with the reason."""
    text = str(note["text"])
    marks = segment(text, tagger, lexicon, whole=note["form"] == "report")
    column_mentions = read_tally(note["tally"]) if note["tally"] else 1
    kept = {key: note[key] for key in _columns() if key in note}
    rows = []
    gaps = []
    at = 0
    tallied = 0
    for number, (span, tally, mentions) in enumerate(marks):
        before = text[at : span[0]]
        in_front = bool(tally) and tally in before
        if in_front:
            before = before.replace(tally, "", 1)
        if words_in(before):
            gaps.append((before.strip(" ,;+/&"), JOINING_WORD))
        at = span[1] if in_front else span[1] + _length_of(tally, text, span[1])
        tallied += words_in(tally)
        rows.append(
            kept
            | {
                "point_id": f"{note['note_id']}-{number + 1}",
                "text": text[slice(*span)],
                "start": span[0],
                "end": span[1],
                "mentions": max(mentions, column_mentions),
                "tally": " ".join(part for part in (tally, note["tally"]) if part),
            }
        )
    if words_in(text[at:]) or not rows:
        gaps.append((text[at:].strip(), JOINING_WORD if rows else NO_WORDS))
    read = words_in(text)
    accounted = sum(words_in(str(row["text"])) for row in rows) + tallied + sum(words_in(gap) for gap, _ in gaps)
    if read != accounted:
        raise ContractError(
            f"{read} words in a note, but {accounted} in its points and what was left out",
            where=f"{note['source_file']}, {note['source_locator']}",
            expected="every word to be kept or dropped",
            do="please report this as a fault",
        )
    return rows, gaps


def _length_of(tally: str, text: str, start: int) -> int:
    """Characters from ``start`` to the end of the tally behind a point."""
    if not tally:
        return 0
    found = text.find(tally, start)
    return found + len(tally) - start if found >= 0 else 0


def segment(text: str, tagger: Tagger, lexicon: Lexicon, *, whole: bool = False) -> list[tuple[Span, str, int]]:
    """Cut a note into (span, tally, mentions). ``whole`` keeps it in one piece."""
    sentence_spans = [trim(text, 0, len(text))] if whole else sentences(text)
    found: list[tuple[Span, str, int]] = []
    for sentence in sentence_spans:
        if sentence is None:
            continue
        begin, end, tally, mentions = _without_tally(text, sentence)
        if begin == end:
            _count_for_last(text, found, sentence, mentions)
            continue
        items = [(begin, end)] if whole else [_shift(s, begin) for s in list_items(text[begin:end], tagger, lexicon)]
        counted = items[0] if begin > sentence[0] else items[-1]  # the item that stands beside the tally
        for item in items:
            if len(items) == 1 or (tally and item is counted):
                _keep(text, found, item, tally, mentions)
            else:
                inner_begin, inner_end, inner_tally, inner_mentions = _without_tally(text, item)
                if inner_begin == inner_end:
                    _count_for_last(text, found, item, inner_mentions)
                else:
                    _keep(text, found, (inner_begin, inner_end), inner_tally, inner_mentions)
    return found


def _count_for_last(text: str, found: list[tuple[Span, str, int]], span: Span, mentions: int) -> None:
    """Give a tally that stands alone to the point before it; with none before it, it is a point, since somebody typed it."""
    if not found:
        _keep(text, found, span, "", 1)
        return
    last, _, earlier = found[-1]
    found[-1] = (last, text[last[1] : span[1]].strip(" ,;."), max(mentions, earlier))


def _keep(text: str, found: list[tuple[Span, str, int]], span: Span, tally: str, mentions: int) -> None:
    trimmed = trim(text, *span)
    if trimmed is not None:
        found.append((trimmed, tally, mentions))


def _without_tally(text: str, span: Span) -> tuple[int, int, str, int]:
    start, end, tally, mentions = split_tally(text[slice(*span)])
    return span[0] + start, span[0] + end, tally, mentions


def _shift(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def _tag(text: str, model: str) -> list[Word]:
    words: list[Word] = []
    for t in next(iter(read_texts([text], model))):
        hyphenated = words and words[-1].end == t.idx and (t.text == "-" or words[-1].text.endswith("-"))
        if hyphenated:  # "under-age" is one word
            first = words.pop()
            words.append(Word(first.start, t.idx + len(t), first.text + t.text, t.pos_, t.tag_))
        else:
            words.append(Word(t.idx, t.idx + len(t), t.text, t.pos_, t.tag_))
    return words


def _lexicon(model: str) -> Lexicon:
    common = common_words(model)
    return Lexicon(common["noun"], common["verb"] | common["adj"])


def expand_and_read(texts: Sequence[str], settings: Settings) -> pd.DataFrame:
    """What later stages need of n texts, each distinct one read once.

    Returns
    -------
    DataFrame of n rows in order: ``expanded``, ``lemmas``, ``lemma_spans`` and ``phrases`` (str), ``procedural`` (bool), as in
    Points.
    """
    return read_words(texts, settings).assign(procedural=pd.Series([is_procedural(text) for text in texts], dtype="bool"))
