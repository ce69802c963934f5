"""A decision: what one person said of one point or theme, when and why."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pipeline.records import OUTCOMES

CODES, SPLIT, RENAME, MERGE, REJECT, UNDO = "codes", "split", "rename", "merge", "reject", "undo"
SOURCES = ("excel", "page", "file")
NOT_SURE = "not_sure"
VERDICTS = (*OUTCOMES, NOT_SURE)


@dataclass(frozen=True, slots=True)
class PointSaid:
    """The point a decision is about, with what is needed to find it again; ``text`` is the redacted text."""

    point_id: str
    text: str
    session: str
    table: str
    aspect: str
    source_file: str


@dataclass(frozen=True, slots=True)
class ThemeShown:
    """The theme a decision is about, as the reviewer saw it; ``codes`` are empty for an emergent theme."""

    theme_id: str
    session: str
    title: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said, or stood there before.

    Attributes
    ----------
    codes, outcome : of a point; the outcome is one of :data:`VERDICTS`, and ``not_sure`` changes nothing.
    title : of a theme that is renamed, or into which a point is split off.
    into : id of the theme that another is merged into.
    """

    codes: tuple[str, ...] = ()
    outcome: str = ""
    title: str = ""
    into: str = ""


@dataclass(frozen=True, slots=True)
class TaxonomyUsed:
    """The taxonomy that the reviewer chose from."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the ledger.

    Attributes
    ----------
    id : made from everything but ``when``, so that the same decision given again is the same.
    what : one of :data:`WHAT`.
    event : id of the event.
    who, when, why : the person, the time (UTC, ISO 8601, to the second) and what they remarked.
    source, origin : by what way it came (one of :data:`SOURCES`) and which workbook, page or file that was.
    point, theme : what it is about; one of the two, and none of an undo line.
    old, new : what stood there, and what is to stand there.
    taxonomy : what the reviewer chose from; None for an undo line.
    settles : ids of decisions that contradict each other, which this one puts an end to.
    undoes : id of the line that an undo line takes back.
    blind : whether it was made without seeing what the program or anybody else said of the point.
    """

    id: str
    what: str
    event: str
    who: str
    when: str
    source: str
    origin: str
    why: str = ""
    point: PointSaid | None = None
    theme: ThemeShown | None = None
    old: Verdict = Verdict()
    new: Verdict = Verdict()
    taxonomy: TaxonomyUsed | None = None
    settles: tuple[str, ...] = ()
    undoes: str = ""
    blind: bool = False

    @property
    def day(self) -> str:
        """The date it was made."""
        return self.when[:10]

    @property
    def person(self) -> str:
        """Who made it, so that "a. analyst" and "A.  Analyst" are one person."""
        return " ".join(self.who.casefold().split())


def decide(
    what: str,
    *,
    event: str,
    who: str,
    source: str,
    origin: str,
    why: str = "",
    point: PointSaid | None = None,
    theme: ThemeShown | None = None,
    old: Verdict | None = None,
    new: Verdict | None = None,
    taxonomy: TaxonomyUsed | None = None,
    settles: tuple[str, ...] = (),
    undoes: str = "",
    blind: bool = False,
    when: str = "",
) -> Decision:
    """Make a decision, with its id and, where ``when`` is not given, the time of now.

    ``origin`` tells apart two occasions on which the same was said: a decision that is already in the ledger is not added again.
    """
    decision = Decision(
        id="",
        what=what,
        event=event,
        who=" ".join(who.split()),
        when=when or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        source=source,
        origin=origin,
        why=why,
        point=point,
        theme=theme,
        old=old or Verdict(),
        new=new or Verdict(),
        taxonomy=taxonomy,
        settles=settles,
        undoes=undoes,
        blind=blind,
    )
    said = {key: value for key, value in as_json(decision).items() if key not in ("id", "when")}
    digest = hashlib.blake2s(json.dumps(said, sort_keys=True).encode(), digest_size=6).hexdigest()
    return replace(decision, id=f"d{digest}")


# What of a verdict is written for each kind of decision.
_PARTS = {CODES: ("codes", "outcome"), SPLIT: ("title",), RENAME: ("title",), MERGE: ("into",), REJECT: (), UNDO: ()}


def as_json(decision: Decision) -> dict[str, Any]:
    """A decision as the ledger holds it (docs/schema/ledger.schema.json), without the two checksums."""
    parts = _PARTS[decision.what]
    plain: dict[str, Any] = json.loads(json.dumps(asdict(decision)))
    plain["old"] = {part: plain["old"][part] for part in parts}
    plain["new"] = {part: plain["new"][part] for part in parts}
    if not decision.blind:  # lines of before there were blind ones keep their ids
        del plain["blind"]
    return plain


def from_json(line: dict[str, Any]) -> Decision:
    """The decision that a line of the ledger, held against its schema before, stands for."""
    point, theme, taxonomy = line["point"], line["theme"], line["taxonomy"]
    return Decision(
        id=line["id"],
        what=line["what"],
        event=line["event"],
        who=line["who"],
        when=line["when"],
        source=line["source"],
        origin=line["origin"],
        why=line["why"],
        point=PointSaid(**point) if point else None,
        theme=ThemeShown(**theme | {"codes": tuple(theme["codes"])}) if theme else None,
        old=_verdict(line["old"]),
        new=_verdict(line["new"]),
        taxonomy=TaxonomyUsed(**taxonomy) if taxonomy else None,
        settles=tuple(line["settles"]),
        undoes=line["undoes"],
        blind=line.get("blind", False),
    )


def _verdict(said: dict[str, Any]) -> Verdict:
    return Verdict(**said | {"codes": tuple(said.get("codes", ()))})
