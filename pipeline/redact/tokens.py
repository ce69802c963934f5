"""A text as words, with what can be said of each: part of a name, word before a place, word of grammar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.redact import words as w
from pipeline.redact.patterns import MAKE
from pipeline.redact.vocabulary import Vocabulary

# Characters put in place of details found already.
COLLAR_MARK, PERSON_MARK, OTHER_MARK = "\x00", "\x01", "\x02"
_TOKEN = re.compile(r"[^\W\d_]+(?:['’‘-][^\W\d_]+)*|\d+[^\W\d_]*|\x00+|\x01+|\x02+|[^\w\s]|_")
_POSSESSIVE = re.compile(r"['’‘]s$", re.IGNORECASE)
_MIXED = re.compile(r"(?!Mc|Mac|O['’]|De|Di|Le|La|Fitz|Van)[A-Z]+[a-z]+[A-Z]\w*|[A-Z]{2,}s")
_NUMBERED = frozenset({"no", "nos", "number", "num", "nr", ":"})
LONGEST = 4
"""A name has at most so many parts."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign: as typed, in lower case with straight apostrophes, and where it stands; 's is no part of it."""

    text: str
    low: str
    start: int
    end: int
    near: bool
    """Nothing but blanks between it and the token before."""
    owned: bool
    """The token before has an 's ("Arthur's Row")."""

    @property
    def word(self) -> bool:
        """Whether it is a word."""
        return self.text[0].isalpha()

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


def tokens_of(text: str) -> list[Token]:
    """Words, numbers, signs and marks of a text, in order."""
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        word, start = match[0], match.start()
        if len(word) > 2 and word[-1] in "sSſ" and _POSSESSIVE.search(word):
            word = word[:-2]
        gap = text[end:start] if tokens else ""
        owned = len(gap) > 1 and _POSSESSIVE.search(gap.rstrip(" \t")) is not None
        near = gap == " " or (gap != "" and not gap.strip(" \t"))
        end = start + len(word)
        tokens.append(Token(word, word.lower().replace("’", "'").replace("‘", "'"), start, end, near, owned))
    return tokens


@lru_cache(maxsize=4096)
def is_make(word: str) -> bool:
    """Tell whether a word, in lower case, is a make or a model of cars."""
    return MAKE.fullmatch(word) is not None


class Reading:
    """One text being read: its tokens, which of them are taken, the names found so far, and whether the hints were asked for."""

    def __init__(self, text: str, vocabulary: Vocabulary, hints: Sequence[tuple[int, int]]) -> None:
        self.text, self.names, self.hints = text, vocabulary, hints
        self.tokens = tokens_of(text)
        letters = re.sub(r"[^A-Za-z]", "", text)
        self.shouted = letters.isupper() and len(letters) > 3
        self.taken = [False] * len(self.tokens)
        self.spans: list[tuple[int, int]] = []
        self.asked = False
        # Every rule asks these of most tokens.
        self._lows = [token.low for token in self.tokens]
        self._words = [token.word for token in self.tokens]
        self._capitals = [not self.shouted and token.capital for token in self.tokens]

    def take(self, at: int, end: int) -> None:
        """Take tokens from ``at`` (or the first name behind a title there) up to but not with ``end``."""
        while at < end and (self.taken[at] or not self.may_begin(at)):
            at += 1
        if at < end:
            self.spans.append((self.tokens[at].start, self.tokens[end - 1].end))
            self.taken[at:end] = [True] * (end - at)

    def may_begin(self, at: int) -> bool:
        """Whether a name may begin here, which it may not with a title."""
        return self.tokens[at].word and not (self.tokens[at].low in w.SURE_TITLES | w.OTHER_TITLES and at + 1 < len(self.tokens))

    def mark_phrases(self) -> None:
        """Take phrases that hold a name and mean nobody, and towns of two words and three."""
        for size in (3, 2):
            for at in range(len(self.tokens) - size + 1):
                words = self._lows[at : at + size]
                town = self.capital(at) and self.names.is_town(*words) and not self.names.is_strong_first(words[0])
                if town or "_".join(words) in w.PHRASES:
                    self.taken[at : at + size] = [True] * size

    def low(self, at: int) -> str:
        """A token in lower case; empty beyond the ends."""
        return self._lows[at] if 0 <= at < len(self._lows) else ""

    def capital(self, at: int) -> bool:
        """Whether a capital begins it that says something, which none does in a text of capitals."""
        return self._capitals[at]

    def free_word(self, at: int) -> bool:
        """Whether a word stands here that is not taken."""
        return at < len(self._words) and self._words[at] and not self.taken[at]

    def hinted(self, at: int, end: int) -> bool:
        """Whether the language model sees a person who has the tokens from one up to but not with another."""
        self.asked = True
        return any(start <= self.tokens[at].start and self.tokens[end - 1].end <= stop for start, stop in self.hints)

    def hint_begins(self, at: int) -> bool:
        """Whether the language model sees a person where a token begins."""
        self.asked = True
        return any(start <= self.tokens[at].start < stop for start, stop in self.hints)

    def place_word(self, at: int) -> bool:
        """A word that makes a place or a body of the name before it."""
        if not self.free_word(at) or not (self.tokens[at].near or self.tokens[at].owned):
            return False
        if self.tokens[at].owned and not self.tokens[at].capital:
            return self._lows[at] in w.OWNED
        low = self.tokens[at].low
        if low in w.CENTRES and self.low(at + 1) in {"centre", "center", "complex"}:
            return True
        if low == "nhs" and self.low(at + 1) in _NUMBERED:
            return False  # "Jean Hall NHS no"
        if low in {"hall", "park"} and self.capital(at):
            return self.low(at - 1) in w.HALLS or (low == "park" and not self.names.is_strong_first(self.low(at - 1)))
        return low in w.NAMED_AFTER or low in (w.PLACES if self.tokens[at].capital else w.STREETS)

    def behind_place(self, at: int) -> bool:
        """Behind "St", "King", "The", "Operation"."""
        before = at - 2 if self.low(at - 1) == "." else at - 1
        if before < 0 or not self.tokens[at].near:
            return False
        if before < at - 1 and self.low(before) == "st" and before and self.tokens[before - 1].capital and self.tokens[before].near:
            return False  # "Conway St. Lee Hall": the end of a sentence
        if is_make(self.low(before)):
            return True  # "Seat Leon"
        return self.low(before) in w.BEFORE_PLACES and (
            self.tokens[before].capital or self.low(before) in {"st", "the", "saint", "king", "queen"}
        )

    def epithet_follows(self, at: int) -> bool:
        """Whether "of" or "the" and a capital follow, as behind saints and kings: "Robert the Bruce"."""
        return self.low(at + 1) in {"of", "the"} and self.free_word(at + 2) and self.capital(at + 2)

    def mixed(self, at: int) -> bool:
        """Whether capitals stand within the word, as in no name but "McKay" and its like ("TfGM", "VRMs")."""
        return _MIXED.fullmatch(self.tokens[at].text) is not None

    def unknown(self, at: int) -> bool:
        """A word with a capital that is neither common nor known to be a place."""
        low = self.tokens[at].low
        if not self.capital(at) or len(low) < 3 or self.tokens[at].text.isupper() or low in w.PLACES or self.mixed(at):
            return False
        return (self.names.is_first(low) or self.names.is_surname(low) or not self.names.is_common(low)) and low not in self.names.both

    def name_part(self, at: int) -> bool:
        """Something that may continue a name with a capital."""
        low = self.tokens[at].low
        if not self.capital(at) or len(low) < 2 or self.mixed(at):
            return False
        listed = self.names.is_surname(low) or self.names.is_first(low) or self.unknown(at)
        return listed or not (self.names.is_everyday(low) or low in w.PLACES or low in w.SAYING or self.tokens[at].text.isupper())

    def continued(self, at: int, length: int) -> int:
        """The end of a name of ``length`` tokens so far that goes up to ``at``; surnames and more first names are added."""
        while length < LONGEST and self.free_word(at) and self.tokens[at].near:
            low = self.tokens[at].low
            if (
                low in w.PARTICLES
                and self.free_word(at + 1)
                and self.capital(at + 1)
                and self.name_part(at + 1)
                and (self.capital(at) or len(low) > 1)
            ):
                at, length = at + 2, length + 2
                continue
            if self.place_word(at) or (self.place_word(at + 1) and self.names.is_ambiguous(low)):
                break
            initial = len(low) == 1 and self.capital(at) and low not in "ai" and not self.lettered(at)
            if self.capital(at) and (self.name_part(at) or initial):
                at += 1
                if initial and self.low(at) == "." and at < len(self.tokens) and not self.tokens[at].near:
                    at += 1
            elif self.shouted:
                if not self.shouted_surname(at):
                    break
                at += 1
            elif not self.capital(at) and self.names.is_surname(low) and not self.tokens[at - 1].capital and self.plain_surname(at):
                at += 1
            else:
                break
            length += 1
        nickname = self.low(at) in {'"', "“"} and self.low(at + 2) in {'"', "”"} and self.free_word(at + 3) and self.capital(at + 3)
        nickname = nickname and self.capital(at + 1) and self.low(at + 3) not in w.SURE_TITLES | w.OTHER_TITLES
        if nickname and self.name_part(at + 3) and not self.place_word(at + 3):  # Gareth "Gaz" Tilsley
            return at + 4
        return at

    def lettered(self, at: int) -> bool:
        """Whether a letter begins an abbreviation ("D.O.B", "H&S")."""
        if self.low(at + 1) == "&" and not self.tokens[at + 1].near:
            return True
        return self.low(at + 1) == "." and len(self.low(at + 2)) == 1 and self.low(at + 2).isalpha() and not self.tokens[at + 2].near

    def shouted_surname(self, at: int) -> bool:
        """A surname in a text of capitals: one that is listed, or what is no word, no place and no short form."""
        low = self.tokens[at].low
        known_word = self.names.is_common(low) or self.names.is_ambiguous(low) or low in w.PLACES | w.SAYING
        return self.names.is_surname(low) or (len(low) > 4 and not known_word)

    def plain_surname(self, at: int) -> bool:
        """A surname in lower case that is not rather the next word ("hall", not "will")."""
        low = self.tokens[at].low
        followed = self.free_word(at + 1) and self.tokens[at + 1].near
        return not self.names.is_function(low) and low not in w.SAYING and not (low in VERBS and followed)

    def sentence_start(self, at: int) -> bool:
        """Whether a capital is due here to any word."""
        return at == 0 or self.low(at - 1) in {".", "!", "?", ":", "•", "*"} or (self.low(at - 1) == "-" and not self.tokens[at - 1].near)

    def is_person(self, at: int) -> bool:
        """Whether a name was found here."""
        token = self.tokens[at]
        return token.text[0] == PERSON_MARK or any(start <= token.start < end for start, end in self.spans)


# Verbs that are surnames or first names as well; in lower case they are taken for verbs.
VERBS = frozenset(
    (
        "bill bond brook cook cope court cross drew fish ford grant guy hope hunt lace lance land long love mark march may mine moss page "
        "park pat peel pike pitch post price rob read ring rock rose rush sell short shore sue swift wade walk wall ward will wish "
        "wood bell drake chase speed dean dale bob jack jay nick robin grace faith joy dawn best black brown white green gray bright "
        "close day king strong wise young little field banks street lane bridge church"
    ).split()
)
