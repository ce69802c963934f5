"""How much of what is personal redaction finds, and how much else it takes, on notes coded by hand.

    python -m benchmarks.redaction            writes benchmarks/results/redaction.json
    python -m benchmarks.redaction --misses   prints what goes wrong

Fourteen sets of notes, tests/redaction/coded.csv (``first``), second.csv and so on, mark every detail as ``{KIND:text}``. The first three
are by the author of the rules, each of the others by a hand that had seen neither rules nor other sets: the fourth to the ninth were asked
for hard cases in as many forms as possible, the tenth to fourteenth for details as an office types them, each form as often as one meets
it. All but the fourteenth were mended for, so their figures say how well the rules fit, and no more. What the rules did with each new set
before anyone looked is in docs/decisions/0008-redaction.md, for the last six by kind in results/redaction_first_sight.json; a new figure
of that sort needs a new set by another hand. Each note is redacted by itself.
A detail is found if every letter and digit of it is replaced as its kind; a replacement is right if every letter and digit it takes
belongs to one detail of its kind.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.redact.finding import find_details
from pipeline.redact.name_lists import load_name_lists
from pipeline.redact.structured import Span
from pipeline.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
NAMES = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth".split()
SETS = {name: ROOT / "tests" / "redaction" / ("coded.csv" if name == "first" else f"{name}.csv") for name in NAMES}
RESULTS = ROOT / "benchmarks" / "results" / "redaction.json"
_MARKED = re.compile(r"\{([A-Z]+):([^}]*)\}")


@dataclass(frozen=True)
class Note:
    """A note and where its details stand."""

    style: str
    text: str
    gold: tuple[Span, ...]


@dataclass
class Tally:
    """What was found of one kind: details there are, found, replacements made, right, and what went wrong, as text."""

    there: int = 0
    found: int = 0
    made: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        return {
            "details": self.there,
            "replacements": self.made,
            "recall": round(self.found / self.there, 4) if self.there else None,
            "precision": round(self.right / self.made, 4) if self.made else None,
        }

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.there + other.there, self.found + other.found, self.made + other.made, self.right + other.right)


def read_coded(name: str) -> list[Note]:
    """The notes of a set, in its order."""
    with SETS[name].open(encoding="utf-8", newline="") as file:
        return [_note(row["style"], row["marked"]) for row in csv.DictReader(file)]


def _note(style: str, marked: str) -> Note:
    text, gold, at = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        gold.append((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        at = match.end()
    return Note(style, text + marked[at:], tuple(gold))


def score(notes: list[Note]) -> dict[str, Tally]:
    """One tally for each kind that is there or was replaced."""
    settings = Settings()
    tallies: dict[str, Tally] = {}
    for note in notes:
        made = find_details([note.text], load_name_lists(settings), settings.spacy_model)[note.text]
        covered = {kind: set(_letters(note.text, [span for span in made if span[2] == kind])) for _, _, kind in made}
        for start, end, kind in note.gold:
            tally = tallies.setdefault(kind, Tally())
            tally.there += 1
            whole = set(_letters(note.text, [(start, end, kind)])) <= covered.get(kind, set())
            tally.found += whole
            tally.missed += [] if whole else [f"{note.text[start:end]}  in  {note.text}"]
        for span in made:
            tally = tallies.setdefault(span[2], Tally())
            tally.made += 1
            letters = set(_letters(note.text, [span]))
            within = any(letters <= set(_letters(note.text, [gold])) for gold in note.gold if gold[2] == span[2])
            tally.right += within
            tally.wrong += [] if within else [f"{note.text[span[0] : span[1]]}  in  {note.text}"]
    return dict(sorted(tallies.items()))


def _letters(text: str, spans: list[Span]) -> Iterator[int]:
    return (at for start, end, _ in spans for at in range(start, end) if text[at].isalnum())


def figures(notes: list[Note]) -> dict[str, Any]:
    """Figures of notes: by kind, and together for names, for all other kinds and for both."""
    tallies = score(notes)
    names = tallies.get("PERSON", Tally())
    others = sum((tally for kind, tally in tallies.items() if kind != "PERSON"), Tally())
    return {
        "notes": len(notes),
        "notes_without_details": sum(not note.gold for note in notes),
        "all": (names + others).figures(),
        "names": names.figures(),
        "structured": others.figures(),
        "kinds": {kind: tally.figures() for kind, tally in tallies.items()},
    }


def main() -> None:
    if "--misses" in sys.argv[1:]:
        _print_misses()
        return
    results = {name: figures(read_coded(name)) for name in SETS}
    for name, result in results.items():
        print(f"\n{name} set: {result['notes']} notes, {result['notes_without_details']} of them without details")
        for part in ("all", "names", "structured"):
            print(_line(part, result[part]))
        for kind, row in result["kinds"].items():
            print(_line(f"  {kind}", row))
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


def _print_misses() -> None:
    for name in SETS:
        for kind, tally in score(read_coded(name)).items():
            print(_line(f"{name} {kind}", tally.figures()))
            for what, cases in (("missed", tally.missed), ("wrong", tally.wrong)):
                for case in cases:
                    print(f"    {what}: {case}")


def _line(name: str, row: dict[str, Any]) -> str:
    recall, precision = (("-" if row[key] is None else f"{row[key]:.3f}") for key in ("recall", "precision"))
    return f"{name:14} {row['details']:4} details, recall {recall}, precision {precision}"


if __name__ == "__main__":
    main()
