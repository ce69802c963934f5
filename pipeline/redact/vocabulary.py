"""Which words are names, which are words as well, and which are only words."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.language import common_words
from pipeline.settings import RESOURCES

_CONTRACTION = re.compile(r"'(?:ve|ll|d|re|m|t)$")
_IRREGULAR = frozenset(
    (
        "children women men people police gardaí gardai síochána cathaoirleach folk mice teeth feet geese apols crimestoppers childline "
        "samaritans careline stagecoach arriva"
    ).split()
)


@cache
def listed_words(name: str) -> frozenset[str]:
    """The words of a list of ``pipeline/resources``: lower case, any number a line, ``#`` before a remark."""
    lines = (RESOURCES / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


class Vocabulary:
    """The lists, and the common words of the language model."""

    def __init__(self, spacy_model: str) -> None:
        self.first = listed_words("first_names")
        self.surnames = listed_words("surnames")
        self.places = listed_words("places_and_names")
        self._first_abroad, self._surnames_abroad = listed_words("first_names_abroad"), listed_words("surnames_abroad")
        self._towns = listed_words("towns")
        self.both = listed_words("words_and_names") | self.places
        self._common = frozenset().union(*common_words(spacy_model).values())

        from spacy.lang.en.stop_words import STOP_WORDS  # after the model, which says how spaCy is to be imported

        self._stop = frozenset(STOP_WORDS)
        self._everyday = listed_words("everyday_words")

    def is_first(self, word: str) -> bool:
        """Tell whether a word, in lower case, is a first name; of a double one both parts must be."""
        parts = word.split("-")
        return word in self.first or (
            len(parts) > 1 and parts[0] in self.first and all(p in self.first or p in self.surnames for p in parts)
        )

    def is_surname(self, word: str) -> bool:
        """Tell whether a word, in lower case, is a surname; of a double one both parts must be."""
        return word in self.surnames or ("-" in word and all(part in self.surnames for part in word.split("-")))

    def is_listed_abroad(self, word: str) -> bool:
        """Tell whether a word is a name somewhere; of a double one whether either part is. Many are words here."""
        lists = (self._first_abroad, self._surnames_abroad, self.first, self.surnames)
        return any(part in names for part in word.split("-") for names in lists)

    def is_listed_first(self, word: str) -> bool:
        """Tell whether a word is a first name anywhere."""
        return self.is_first(word) or word in self._first_abroad

    def is_first_abroad(self, word: str) -> bool:
        """Tell whether a word is a first name somewhere and no common word here."""
        return word in self._first_abroad and not self.is_common(word)

    def is_ambiguous(self, word: str) -> bool:
        """Tell whether a name is a word, a place or a shop as well."""
        return word in self.both or self.is_function(word)

    def is_strong_first(self, word: str) -> bool:
        """Tell whether a word is a first name and nothing else."""
        return self.is_first(word) and not self.is_ambiguous(word)

    def is_strong_surname(self, word: str) -> bool:
        """Tell whether a word is a surname and no word or place; "Smith" and "Taylor" are both."""
        return self.is_surname(word) and not self.is_ambiguous(word)

    def is_place(self, word: str) -> bool:
        """Tell whether a name is that of a place as well."""
        return word in self.places

    def is_town(self, *words: str) -> bool:
        """Tell whether words, in lower case, are the name of a town or a village, and no first name."""
        return "_".join(words) in self._towns and not (len(words) == 1 and self.is_first(words[0]))

    def is_function(self, word: str) -> bool:
        """Tell whether a word is one of grammar ("the", "will", "who")."""
        return word in self._stop or ("'" in word and (word.replace("'", "") in self._stop or _CONTRACTION.search(word) is not None))

    def is_everyday(self, word: str) -> bool:
        """Tell whether a word is one that notes are made of ("issues"), which no surname behind a first name is."""
        return self.is_function(word) or word in self._everyday

    def is_common(self, word: str) -> bool:
        """Tell whether a word, or what it is a form of, is common English; names are so at times."""
        if self.is_function(word) or word in _IRREGULAR or word in self._everyday:
            return True
        if "-" in word:
            return word.replace("-", "") in self._common or all(self.is_common(part) for part in word.split("-") if part)
        ends = (
            ("", ""),
            ("s", ""),
            ("es", ""),
            ("ies", "y"),
            ("ing", ""),
            ("ing", "e"),
            ("ed", ""),
            ("ed", "e"),
            ("er", ""),
            ("ers", ""),
            ("ly", ""),
        )
        return any(word.endswith(end) and word[: len(word) - len(end)] + put in self._common for end, put in ends)


@lru_cache(maxsize=2)
def load_vocabulary(spacy_model: str) -> Vocabulary:
    """The vocabulary for a language model, loaded once."""
    return Vocabulary(spacy_model)
