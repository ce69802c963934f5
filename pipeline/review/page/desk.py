"""The desk: the points of one event in the order to be checked, and what the ledger says of each at this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.corrections import (
    CODES,
    LEDGER,
    UNDO,
    Decision,
    Ledger,
    PointSaid,
    PointsNow,
    Standing,
    TaxonomyUsed,
    Verdict,
    read_ledger,
    standing,
)
from pipeline.errors import ReadError
from pipeline.labelling import load_models
from pipeline.records import ASPECTS, LEVELS, Progress
from pipeline.redact import redact_texts
from pipeline.results import EventResult
from pipeline.review.ranking import Ranked, check_taxonomy, drawn, ranked
from pipeline.settings import Settings, load_settings
from pipeline.store import read_event
from pipeline.taxonomy import Taxonomy

SOURCE = "page"


@dataclass(frozen=True, slots=True)
class Item:
    """A point to be checked.

    Attributes
    ----------
    said : the point, as decisions on it hold it.
    heading, stands, where : what stood above it, under what it was written (a priority, say), and its source, in words.
    because : why it is worth a look, in words; '' where nothing stands out.
    sampled : whether it was drawn at random.
    machine : what the program says of it, whatever people decided since.
    evidence : why, in words.
    chances : the probability of each theme of the taxonomy, from 0 to 1.
    """

    said: PointSaid
    heading: str
    stands: str
    where: str
    because: str
    sampled: bool
    machine: Verdict
    evidence: str
    chances: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Views:
    """What stands of the ledger on the points of a desk.

    Attributes
    ----------
    ledger : all of it.
    by_point : the decisions on each point that nobody took back, in the order of the ledger.
    lines : the lines of the ledger that concern each point, undo lines too, with whose decision each is or takes back.
    """

    ledger: Ledger
    by_point: Mapping[str, Sequence[Decision]]
    lines: Mapping[str, Sequence[tuple[str, str]]]

    def of(self, point_id: str, person: str = "") -> list[Decision]:
        """The decisions on a point; with a person, theirs alone."""
        return [decision for decision in self.by_point.get(point_id, ()) if not person or decision.person == person]

    def last(self, point_id: str, person: str) -> Decision | None:
        """What a person said last on a point, if anything."""
        own = self.of(point_id, person)
        return own[-1] if own else None

    def seen(self, point_id: str, person: str = "") -> str:
        """The id of the last line on a point, which stands for its state; '' where there is none. With a person, for theirs alone."""
        lines = [line for line, whose in self.lines.get(point_id, ()) if not person or whose == person]
        return lines[-1] if lines else ""

    def standing(self, point_id: str) -> Standing:
        """What stands of all people's decisions on a point."""
        return standing(self.of(point_id))


@dataclass(frozen=True, slots=True)
class Desk:
    """What one or more people work through.

    Attributes
    ----------
    event, title : of the event.
    items : its points, the one to be checked first at the front.
    taxonomy, settings : of the run.
    ledger : the file that decisions are added to.
    blind : whether what the program and other people say is kept from the reviewer.
    """

    event: str
    title: str
    items: tuple[Item, ...]
    taxonomy: Taxonomy
    settings: Settings
    ledger: Path
    blind: bool
    now: PointsNow
    places: dict[str, int] = field(default_factory=dict)
    _found: dict[str, str] = field(default_factory=dict)

    @property
    def used(self) -> TaxonomyUsed:
        """The taxonomy as decisions name it."""
        return TaxonomyUsed(self.taxonomy.name, self.taxonomy.version, self.taxonomy.sha256)

    def views(self, ledger: Ledger | None = None) -> Views:
        """What stands now; of the ledger given, or else as it is on the disk.

        Raises
        ------
        ReadError : the ledger is damaged.
        """
        ledger = ledger or read_ledger(self.ledger)
        lines: dict[str, list[tuple[str, str]]] = {}
        about: dict[str, tuple[str, str]] = {}
        for decision in ledger.decisions:
            if decision.what == UNDO:
                point, whose = about.get(decision.undoes, ("", ""))
            else:
                point, whose = self._point_of(decision), decision.person
            if point:
                about[decision.id] = (point, whose)
                lines.setdefault(point, []).append((decision.id, whose))
        by_point: dict[str, list[Decision]] = {}
        for decision in ledger.live:
            if decision.id in about:
                by_point.setdefault(about[decision.id][0], []).append(decision)
        return Views(ledger, by_point, lines)

    def _point_of(self, decision: Decision) -> str:
        if decision.what != CODES or decision.event != self.event or decision.point is None:
            return ""
        if decision.id not in self._found:
            self._found[decision.id] = self.now.find(decision.point).point_id
        return self._found[decision.id]

    def stands(self, item: Item, views: Views) -> Verdict:
        """What is true of a point as things stand: what people said, or else the program."""
        decision = views.standing(item.said.point_id).decision
        if decision is None:
            return item.machine
        codes = tuple(code for code in decision.new.codes if code in self.taxonomy.codes)
        return Verdict(codes, decision.new.outcome) if codes or not decision.new.codes else item.machine

    def redacted(self, text: str) -> str:
        """A comment with its personal details replaced."""
        return redact_texts([text], self.settings)[0] if text else ""


def lay_out(folder: Path, *, ledger: Path | None, sampled: int, blind: bool, progress: Progress = lambda stage, done, total: None) -> Desk:
    """Put the points of one event in order: those on which people contradict each other first, then by worth, as in a workbook.

    Blind, the points drawn at random come first, so that several people code the same ones.

    Raises
    ------
    ReadError : the folder is no run, it has no points, the ledger is damaged, or the taxonomy is another than that of the run.
    """
    result = read_event(folder)
    if not len(result.points):
        raise ReadError("the event has no points", where=str(folder), expected="at least one point to check", do="name another event")
    path = ledger or folder.resolve().parent / LEDGER
    read_ledger(path)  # a damaged one is told before the models are loaded
    settings = load_settings(None, **result.run["settings"])
    _, labeller = models = load_models(settings, progress)
    check_taxonomy(result, labeller, folder)
    rows = ranked(result, models, progress)
    return desk_of(result, rows, labeller.taxonomy, settings, path, sampled=sampled, blind=blind)


def desk_of(
    result: EventResult, rows: Sequence[Ranked], taxonomy: Taxonomy, settings: Settings, ledger: Path, *, sampled: int, blind: bool
) -> Desk:
    """A desk of points that are ranked already."""
    chosen = drawn(rows, sampled, settings.seed)
    items = [_item(row, row.point["point_id"] in chosen) for row in rows]
    plain = Desk(result.event.id, result.event.title, (), taxonomy, settings, ledger, blind, PointsNow(result.points))
    views = plain.views()
    first = (lambda item: not item.sampled) if blind else (lambda item: not views.standing(item.said.point_id).conflict)
    items.sort(key=first)  # the others stay in order
    places = {item.said.point_id: place for place, item in enumerate(items)}
    return Desk(plain.event, plain.title, tuple(items), taxonomy, settings, ledger, blind, plain.now, places)


def _item(row: Ranked, sampled: bool) -> Item:  # noqa: FBT001
    point = row.point
    mentions = f"{point['mentions']} mentions" if point["mentions"] > 1 else ""
    stands = (ASPECTS.get(point["aspect"], ""), point["priority"], LEVELS.get(point["level"], ""), point["resident"], mentions)
    return Item(
        said=PointSaid(**{name: str(point[name]) for name in PointSaid.__slots__}),
        heading=point["heading"],
        stands="; ".join(filter(None, stands)),
        where=", ".join(filter(None, (point["source_file"], point["source_locator"]))),
        because=row.worth.because,
        sampled=sampled,
        machine=Verdict(row.codes, row.outcome),
        evidence=row.evidence,
        chances=tuple(float(chance) for chance in row.probabilities),
    )
