"""Reading: what the words of a text are, once its abbreviations are written out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.beside import elsewhere
from pipeline.glossary import load_glossary
from pipeline.language import lemmas_with_spans, read_texts
from pipeline.records import SEPARATOR
from pipeline.settings import Settings

if TYPE_CHECKING:
    from spacy.tokens import Doc

PHRASE_WORDS = 4
ACRONYM = 5
_INSIDE_PHRASE = ("ADJ", "NOUN", "PROPN")


@elsewhere
def read_words(texts: Sequence[str], settings: Settings) -> pd.DataFrame:
    """Write out the abbreviations of n texts and read their words, each distinct text once.

    Returns
    -------
    DataFrame of n rows in order, all str: ``expanded``, ``lemmas``, ``lemma_spans`` and ``phrases``, as in Points.
    """
    glossary = load_glossary(settings.glossary_path)
    expanded = [glossary.expand(text) for text in texts]
    distinct = sorted({written_out.text for written_out in expanded})
    read: dict[str, tuple[str, list[tuple[int, int]], str]] = {}
    for text, doc in zip(distinct, read_texts(distinct, settings.spacy_model), strict=True):
        words = [(lemma, span) for lemma, span in lemmas_with_spans(doc) if lemma.strip() and " " not in lemma]
        read[text] = (" ".join(lemma for lemma, _ in words), [span for _, span in words], SEPARATOR.join(_phrases(doc)))
    rows = [read[written_out.text] for written_out in expanded]
    return pd.DataFrame(
        {
            "expanded": [written_out.text for written_out in expanded],
            "lemmas": [lemmas for lemmas, _, _ in rows],
            "lemma_spans": [
                " ".join("{}:{}".format(*written_out.typed(*span)) for span in spans)
                for written_out, (_, spans, _) in zip(expanded, rows, strict=True)
            ],
            "phrases": [phrases for _, _, phrases in rows],
        }
    ).astype({"expanded": "str", "lemmas": "str", "lemma_spans": "str", "phrases": "str"})


def _phrases(doc: Doc) -> Iterable[str]:
    """Noun phrases as written: runs of adjectives and nouns that end in a noun, lower case but for names.

    A run of more than four words is cut to its last four; "anti-social behaviour" counts as two words, as it is typed.
    """
    runs: list[list[Any]] = [[]]
    for token in doc:
        joins = bool(runs[-1]) and token.text == "-" and not token.whitespace_ and not runs[-1][-1].whitespace_
        inside = token.pos_ in _INSIDE_PHRASE or _begins_compound(token)
        if joins or (inside and re.match(r"\w", token.text) and SEPARATOR not in token.text):
            runs[-1].append(token)
        else:
            runs.append([])
    found: dict[str, None] = {}
    for run in runs:
        while run and run[-1].pos_ not in ("NOUN", "PROPN"):
            run.pop()
        words = "".join(_as_written(token) + token.whitespace_ for token in run).split()
        if words:
            found[" ".join(words[-PHRASE_WORDS:])] = None
    return found


def _begins_compound(token: Any) -> bool:
    """Whether a word is the first part of one with a hyphen, as "closed" in "closed-circuit"."""
    after = token.doc[token.i + 1 : token.i + 3]
    return len(after) == 2 and after[0].text == "-" and not token.whitespace_ and not after[0].whitespace_ and after[1].text.isalpha()


def _as_written(token: Any) -> str:
    """Names and acronyms keep their capitals; other words, and text typed in capitals throughout, do not."""
    text: str = token.text
    acronym = text.isupper() and len(text) <= ACRONYM and not token.doc.text.isupper()
    return text if acronym or (token.pos_ == "PROPN" and not text.isupper()) else text.lower()
