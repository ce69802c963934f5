"""Names of people in notes that are mostly no sentences.

A name needs a reason: a title, a first name that is nothing else, a first name and a surname, an initial and a surname, a
word that speaks of a person ("my son", "said", an age). Lists of names weigh most, capitals help, and what the language model
takes for a person counts only for words that could well be names. A name that stands before "Road" or behind "St" is a place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.redact import words as w
from pipeline.redact.runs import weighed_run
from pipeline.redact.tokens import COLLAR_MARK, VERBS, Reading
from pipeline.redact.vocabulary import Vocabulary

_AGE_END = r"(?:aged?\s*)?\d{1,3}(?:\s?(?:yrs?|years?|yo)\b.*|\s*[,.;)>|/–-].*|\s*)$"
_AGE = re.compile(rf"(?:['’]s)?\s?(?:[,(:–-]|\baged?\b|\bis\b|, who is)\s*{_AGE_END}", re.DOTALL)
_AGE_UNKNOWN = re.compile(rf"\s?(?:[,(]|\baged?\b|, who is)\s*{_AGE_END}", re.DOTALL)
_AGE_LOOSE = re.compile(r"(?:['’]s)?\s?(?:\(\s?(?:aged?\s)?\d{1,3}\s?\)|,? aged? \d{1,3}\b)")
_PERSONAL = frozenset({"mr", "mrs", "ms", "mx", "cllr", "councillor"})


@dataclass(frozen=True, slots=True)
class Named:
    """The names of people in a text.

    Attributes
    ----------
    spans : where they stand, in order.
    asked : whether what the language model sees in the text mattered; if not, they are the same whatever it sees.
    """

    spans: list[tuple[int, int]]
    asked: bool


def people(text: str, vocabulary: Vocabulary, hints: Sequence[tuple[int, int]] = (), known: Collection[str] = ()) -> Named:
    """Find names of people in a text; details found before are given as runs of the marks of :mod:`pipeline.redact.tokens`.

    Parameters
    ----------
    hints : what a language model takes for people.
    known : surnames, in lower case, of people found elsewhere in the event.
    """
    reading = _People(text, vocabulary, hints, known)
    return Named(reading.found(), reading.asked)


class _People(Reading):
    """The rules, applied to one text in order; each gives the end of the name that begins at a token, or None."""

    def __init__(self, text: str, vocabulary: Vocabulary, hints: Sequence[tuple[int, int]], known: Collection[str]) -> None:
        super().__init__(text, vocabulary, hints)
        self.known = known

    def found(self) -> list[tuple[int, int]]:
        self.mark_phrases()
        words = [at for at, token in enumerate(self.tokens) if token.word]
        capitals = [at for at in words if self.capital(at)]
        for rule, begins in (
            (self._titled, words),
            (self._initialled, words),
            (self._weighed, capitals),
            (self._named, words),
            (self._family, words),
            (self._in_context, words),
            (self._joined, capitals),
            (self._known, capitals if self.known else []),
        ):
            for at in begins:
                if not self.taken[at] and (end := rule(at)) is not None:
                    self.take(at, end)
        return sorted(self.spans)

    def _titled(self, at: int) -> int | None:
        title = self.tokens[at].low
        if title not in w.SURE_TITLES and title not in w.OTHER_TITLES:
            return None
        sure = title in w.SURE_TITLES
        name = at + 1
        while name < len(self.tokens) and (self.tokens[name].text in {".", "(", ")", "="} or self.tokens[name].text[0] == COLLAR_MARK):
            name += 1
        while self.free_word(name) and len(self.low(name)) == 1 and (self.capital(name) or self.shouted):  # initials
            name += 2 if self.low(name + 1) == "." else 1
        if not self.free_word(name) or self.low(name) in w.SURE_TITLES | w.OTHER_TITLES:
            return None
        low = self.tokens[name].low
        listed = self.names.is_surname(low) or self.names.is_first(low)
        refused = (
            low in w.NO_NAMES
            or (low.startswith(w.NOT_BEHIND_TITLES) and not (listed and self.capital(name)))
            or (self.names.is_function(low) and not self.capital(name))
            or low in {"and", "or", "who", "the", "in", "on", "at", "for", "is", "are", "was", "will"}
            or low in w.SAYING
            or low in w.MONTHS - {"may", "april", "june"}
        )
        if (
            refused
            or (self.place_word(name) and not self.names.is_surname(low))
            or (title in {"lord", "lady", "sir", "major"} and self.place_word(name + 1))
        ):
            return None
        if self.low(name) in w.PARTICLES and self.free_word(name + 1) and self.capital(name + 1):
            return self.continued(name, 1)
        if self.capital(name):
            letters = self.tokens[name].text.isupper() and len(low) < 5 and not listed and title not in _PERSONAL  # "DC 8820 OIC"
            accepted = (listed or title in _PERSONAL or not self.names.is_everyday(low) or self._numbered(name)) and not letters
        elif self.shouted or sure:
            accepted = (listed and not self.names.is_function(low)) or (
                title in _PERSONAL and not self.names.is_common(low) and len(low) > 3
            )
        else:
            accepted = listed and not self.names.is_ambiguous(low)
        if not accepted:
            return None
        return self.continued(name + 1, name - at)

    def _numbered(self, name: int) -> bool:
        """Whether an officer's number stands beside."""
        if self.tokens[name - 1].text[0] == COLLAR_MARK:
            return True
        after = name + 1 + (self.low(name + 1) in {"(", ",", "-"})
        return after < len(self.tokens) and self.tokens[after].text[0] == COLLAR_MARK

    def _initialled(self, at: int) -> int | None:
        """J. Smith, J Smith, J. R. Smith; and Smith, J."""
        if not self.free_word(at):
            return None
        if len(self.tokens[at].low) > 1 and self.tokens[at].low not in w.SHORTENED:
            comma = self.low(at + 1) == "," and self.free_word(at + 2) and len(self.low(at + 2)) == 1 and self.low(at + 3) == "."
            if comma and self.capital(at) and self.capital(at + 2) and self.names.is_strong_surname(self.low(at)):
                return at + 4
            return None
        name, dotted = at, False
        while self.free_word(name) and (len(self.low(name)) == 1 or (self.low(name) in w.SHORTENED and self.capital(name))):
            dot = self.low(name + 1) == "." and not self.tokens[name + 1].near
            dotted |= dot
            name += 2 if dot else 1
        if not self.free_word(name) or self.place_word(name + 1) or (not self.tokens[name].near and not dotted):
            return None
        low = self.tokens[name].low
        if self.capital(at) and self.capital(name):
            told = self._told_initial(at) or len(self.low(at)) > 1  # "Wm McNeilly"
            if told and self.unknown(name) and not self.names.is_town(low):
                return self.continued(name + 1, 2)
            sure = self.names.is_strong_surname(low) or (self.names.is_surname(low) and self.low(at) not in "ai" and low not in w.PLACES)
            if sure or (dotted and (self.unknown(name) or self.names.is_surname(low) or not self.names.is_everyday(low))):
                return self.continued(name + 1, 2)
        elif not self.capital(name) and self.names.is_strong_surname(low) and self.low(at) not in "ainurxk" and self.tokens[name].near:
            return name + 1
        return None

    def _told_initial(self, at: int) -> bool:
        """Whether what stands before an initial says that a person follows: "issued to K Alderson", "in the name of A Szymanska"."""
        before = self.low(at - 1)
        return (before == "to" and self.low(at) not in "ai") or (before == "of" and self.low(at - 2) == "name") or before == "a"

    def _named(self, at: int) -> int | None:
        """A first name that is nothing else, or a first name that is, with a surname."""
        low, capital = self.tokens[at].low, self.capital(at)
        first = self.names.is_first(low)
        if not (first or capital) or not self.free_word(at) or self.behind_place(at) or self.epithet_follows(at):
            return None
        if not first:
            return self._unlisted(at)
        end = self.continued(at + 1, 1)
        if self.place_word(end):
            return None
        if self.names.is_strong_first(low):
            if (not capital and len(low) < 3) or self._known_to_all(end):
                return None
            return end
        if end == at + 1 or self.place_word(at + 1):
            return None
        last = self.low(end - 1) if self.low(end - 1) != "." else ""
        if capital:
            return end if self.names.is_strong_surname(last) or (low not in w.PLACE_BEGINNINGS and self._unknown_surname(end - 1)) else None
        return end if self.names.is_strong_surname(last) and not self.names.is_function(low) else None

    def _known_to_all(self, end: int) -> bool:
        """Whether a last word with a capital and a statue or its like follow: "Tommy Cooper statue"."""
        behind = self.free_word(end) and self.capital(end) and self.low(end + 1) in w.NAMED_AFTER | w.OWNED
        return behind and self.place_word(end + 1)

    def _unknown_surname(self, at: int) -> bool:
        low = self.low(at)
        return self.unknown(at) or (self.names.is_surname(low) and low not in w.PLACES and self.hint_begins(at))

    def _unlisted(self, at: int) -> int | None:
        """A first name that no list has: before a surname that is nothing else, or where the model sees a person."""
        if not self.unknown(at) or self.names.is_surname(self.tokens[at].low) or self.tokens[at].low in w.PLACE_BEGINNINGS:
            return None
        end = self.continued(at + 1, 1)
        if end == at + 1 or self.place_word(end):
            return None
        surname = self.names.is_strong_surname(self.low(end - 1)) or (self.unknown(end - 1) and self.hinted(at, end))
        return end if surname else None

    def _family(self, at: int) -> int | None:
        """The Patels; the Patel family."""
        if not self.free_word(at) or not self.tokens[at].near:
            return None
        low = self.tokens[at].low
        if self.low(at - 1) == "the" and low.endswith("s") and not self.place_word(at + 1):
            base = low[:-2] if low.endswith("ses") else low[:-1]
            strong = self.names.is_strong_surname(base) and (self.capital(at) or not self.names.is_common(base))
            if strong or (self.capital(at) and self.names.is_surname(base) and base not in w.PLACES and not self.names.is_common(low[:-1])):
                return at + 1
        if self.low(at + 1) in w.FAMILY and (self.names.is_strong_surname(low) or (self.unknown(at) and self.names.is_surname(low))):
            return at + 1
        return None

    def _in_context(self, at: int) -> int | None:
        """A name that is a word too, or one that no list has, where the words around it speak of a person."""
        low, capital = self.tokens[at].low, self.capital(at)
        before, after = self.low(at - 1), self.low(at + 1)
        kin = before in w.KIN or (before in {"called", "named"} and not self.shouted)
        if not (capital or kin) or not self.free_word(at) or self.behind_place(at) or self.place_word(at + 1):
            return None
        first, unknown = self.names.is_first(low), self.unknown(at)
        if not capital:
            return at + 1 if first and not self.names.is_function(low) and low not in VERBS | w.SAYING and len(low) > 2 else None
        if (
            (not first and (not unknown or self.names.is_town(low)))
            or low in w.NO_NAMES
            or (low in w.PLACE_BEGINNINGS and not (first and before in {"called", "named"}))
        ):
            return None
        rest = self.text[self.tokens[at].end :]
        bare = low in w.MONTHS
        age = _AGE_LOOSE.match(rest) or (None if bare else (_AGE if first else _AGE_UNKNOWN).match(rest))
        placed_by = before in {"at", "in", "of", "from", "near", "for", "y", "yr", "round", "outside"} and not first
        said = after in w.SAYING and self.tokens[at + 1].near and not placed_by
        thing = before in {"called", "named"} and self.low(at - 2) in w.THINGS
        spoken = (before in w.DIRECT | w.KIN and not thing) or (
            before in {"to", "2", "with"} and self.low(at - 2) in {"speak", "spoke", "talk", "talked", "thanks", "spoken"}
        )
        spoken |= before in {"him", "her", "them"} and self.low(at - 2) in {"call", "calls", "called"}
        spoken |= before in {":", "="} and self.low(at - 2) in {"name", "names"}
        alone = before == "(" and after == ")"
        placed = bare or (self.names.is_ambiguous(low) and self.tokens[at].text.isupper())
        if age or (said and not (bare and after in {"saw"})) or (spoken and not placed) or (alone and first):
            return self.continued(at + 1, 1)
        if self.place_word(self.continued(at + 1, 1)):
            return None
        if (
            first
            and at > 0
            and not self.names.is_place(low)
            and before not in w.DETERMINERS
            and not bare
            and not self.sentence_start(at)
            and self.hint_begins(at)
        ):
            return self.continued(at + 1, 1)
        return None

    def _joined(self, at: int) -> int | None:
        """A first name beside another person: "Dave & Sue", "Grace, Bill and Joan"."""
        if not self.free_word(at) or not self.capital(at) or not self.names.is_first(self.tokens[at].low) or self.place_word(at + 1):
            return None
        if self.tokens[at].low in w.MONTHS or self.names.is_place(self.tokens[at].low):
            return None
        joints = {"and", "&", "n", "+", ",", "/"}
        behind = self.low(at - 1) in joints and at >= 2 and self.is_person(at - 2)
        ahead = self.low(at + 1) in joints and at + 2 < len(self.tokens) and self.is_person(at + 2)
        return self.continued(at + 1, 1) if (behind or ahead) and not self.behind_place(at) else None

    def _weighed(self, at: int) -> int | None:
        """Words with capitals, if enough around them and in them speaks for a person."""
        return weighed_run(self, at)

    def _known(self, at: int) -> int | None:
        """The surname of a person who is named in full elsewhere."""
        if not self.free_word(at) or not self.capital(at) or self.place_word(at + 1) or self.behind_place(at):
            return None
        low = self.tokens[at].low
        return at + 1 if low in self.known and self.unknown(at) and not self.names.is_ambiguous(low) else None
