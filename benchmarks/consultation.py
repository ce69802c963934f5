"""A made-up public consultation of any size: what people might answer, typed as they type, with the repeats and lengths of real answers.

    python -m benchmarks.consultation 100000 answers.csv [SEED]

Nobody said any of it, and no place in it exists. Half of the answers are put together from parts, so that nearly all of them
differ; a third are a few words, of which many are the same; the rest are copied from letters that campaigns hand out. One answer in
a hundred names a person, a telephone number or an e-mail address. The same size and seed give the same bytes, and a larger file
begins with a smaller one.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

HEADER = ("session", "table", "comment")
SUBJECTS = (
    "street lights|speeding cars|litter|dog mess|fly tipping|parked cars|e-scooters|drug dealing|shoplifting|broken glass|graffiti|"
    "potholes|burglaries|car crime|bike theft|noisy neighbours|off-road bikes|underage drinking|vandalism|empty shops|"
    "overgrown hedges|abandoned cars|phone scams|doorstep callers|bus shelters|CCTV|youth clubs|patrols|speed cameras|bins|"
    "fireworks|begging|street drinkers|loud music|illegal parking|knife carrying|nuisance calls|stolen parcels|damaged fences|"
    "blocked drains|school run traffic|boy racers|poor lighting|rats|smashed windows|bullying|hate remarks|cannabis smoke|"
    "gangs of youths|unlit footpaths|aggressive dogs|uninsured drivers"
).split("|")
HAPPENINGS = (
    "every weekend|after dark|most evenings|in the school holidays|since last summer|all year round|when the pubs shut|"
    "early in the morning|almost every day|more than before|on match days|whenever it is warm|at half term|on Friday nights|"
    "late at night|during the day"
).split("|")
NAMES = (
    "Alder|Bracken|Canal|Dyer|Elm|Ferry|Granary|Hollow|Ivy|Juniper|Kiln|Larch|Mill|Nettle|Orchard|Priory|Quarry|Ropewalk|Saddler|"
    "Tanner|Union|Vicarage|Weaver|Yew|Barley|Castle|Dove|Falcon|Garth|Heron|Kestrel|Linnet|Meadow|Northern|Pump|Raven|Station|"
    "Thorn|Wharf|Abbey"
).split("|")
KINDS = ("Lane|Street|Road|Close|Park|Terrace|Bridge|estate|car park|precinct|playground|bus station").split("|")
BEFORE = ("near|on|round|behind|opposite|outside|along|by").split("|")
FEELINGS = (
    "it makes me afraid to go out|nobody does anything about it|we have told the council twice|it is getting worse|"
    "older people will not walk there|my children cannot play outside|I have stopped reporting it|it costs the shops money|"
    "people move away because of it|we all feel unsafe|the police never come|it was better ten years ago|"
    "visitors notice it at once|it keeps us awake|somebody will get hurt|it ruins the place"
).split("|")
WISHES = (
    "more officers on foot|better lighting|something for young people to do|quicker answers when we ring|a warden at weekends|"
    "regular clean-ups|cameras that work|fines that are really given|a number that somebody answers|visits to the schools|"
    "gates on the alleys|bollards|a meeting every month|letters in plain English|someone to talk to at the library|"
    "support for victims|a ban on drinking in the street|signs in several languages|benches with a view|"
    "help for people who are frightened at home|an app that tells what was done|speed humps"
).split("|")
WHO = (
    "old people|young mothers|teenagers|shopkeepers|night workers|carers|new arrivals|tenants|students|farmers|bus drivers|wheelchair users"
).split("|")
CAMPAIGNS = (
    "I support the residents' plan for the old swimming baths and ask the council to keep them open",
    "Please do not move the police counter out of the town hall",
    "We the undersigned want the lorries taken off the hill before another child is hurt",
    "Keep the night bus",
    "The market square should be closed to traffic on Saturdays",
    "Say no to the second betting shop",
)
PERSONAL = (
    "ask for Mrs {name}son on 01632 960{number:03d}",
    "mail {low}@example.org",
    "Cllr {name}ton knows about it",
    "ring 07700 900{number:03d}",
)
# Shares of answers by kind: a few words, a phrase with a place, a sentence or two, a campaign's letter.
SHARES = (34, 34, 22, 10)


def answers(rows: int, seed: int = 0) -> Iterator[tuple[str, str, str]]:
    """Rows of session, table and comment."""
    random = Random(seed)
    for _ in range(rows):
        kind: Callable[[Random], str] = random.choices((_few_words, _phrase, _sentences, _letter), SHARES)[0]
        text = kind(random)
        if random.random() < 0.01:
            name = random.choice(NAMES)
            detail = random.choice(PERSONAL).format(name=name, low=name.lower(), number=random.randrange(1000))
            text = f"{text}, {detail}"
        yield str(random.choices((1, 2, 3), (6, 3, 1))[0]), str(random.randint(1, 60)), text


def _few_words(random: Random) -> str:
    words = _often_the_first(random, SUBJECTS)
    form = random.randrange(4)
    said = (words, f"{words} {random.choice(HAPPENINGS)}", f"too much {words}", random.choice(WISHES))[form]
    return _typed(random, said)


def _phrase(random: Random) -> str:
    place = f"{random.choice(BEFORE)} {random.choice(NAMES)} {random.choice(KINDS)}"
    said = f"{_often_the_first(random, SUBJECTS)} {place}"
    return _typed(random, f"{said} {random.choice(HAPPENINGS)}" if random.random() < 0.5 else said)


def _sentences(random: Random) -> str:
    first = f"{_phrase(random)} and {random.choice(FEELINGS)}"
    second = f"What {random.choice(WHO)} need is {random.choice(WISHES)}"
    if random.random() < 0.3:
        second += f" and {random.choice(WISHES)} {random.choice(BEFORE)} {random.choice(NAMES)} {random.choice(KINDS)}"
    return f"{first}. {second}" if random.random() < 0.5 else first


def _letter(random: Random) -> str:
    return random.choice(CAMPAIGNS)


def _often_the_first(random: Random, of: Sequence[str]) -> str:
    """One of several, the first far more often than the last, as subjects are in any consultation."""
    return of[int(len(of) * random.random() ** 2)]


def _typed(random: Random, text: str) -> str:
    return text[:1].upper() + text[1:] if random.random() < 0.6 else text


def write(path: Path, rows: int, seed: int = 0) -> None:
    """Write a consultation as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        table.writerows(answers(rows, seed))


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
