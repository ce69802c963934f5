"""From what a person answered on the page to a line of the ledger, unless somebody else was quicker."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pipeline.corrections import CODES, NOT_SURE, UNDO, Decision, Ledger, Verdict, append, decide
from pipeline.review.page.desk import SOURCE, Desk, Item, Views

LONGEST_NAME, LONGEST_COMMENT = 80, 500
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]+$")]
Once = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{16,64}$")]


class Answer(BaseModel):
    """What a person said of one point.

    Attributes
    ----------
    once : a random word for this answer, the same when it is sent again.
    reviewer, point : who, and the id of the point.
    said : ``right`` is what stood there; ``none`` that no theme of the taxonomy fits.
    codes : where ``said`` is ``codes``.
    comment : personal details are replaced before it is kept.
    seen : the state of the point that was answered (:meth:`Views.seen`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    once: Once
    reviewer: Name
    point: str
    said: Literal["right", "codes", "none", "not_sure"]
    codes: tuple[str, ...] = ()
    comment: str = Field(default="", max_length=LONGEST_COMMENT)
    seen: str = ""


class TakeBack(BaseModel):
    """That a person takes a decision of theirs back; ``once`` as of an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    once: Once
    reviewer: Name
    decision: str


class Stale(Exception):  # noqa: N818
    """The point was decided on since the page showed it; nothing was added."""


class Unusable(Exception):  # noqa: N818
    """An answer that cannot be kept; the message says why."""


def person_of(name: str) -> str:
    """A reviewer as :attr:`Decision.person` has them."""
    return " ".join(name.casefold().split())


def save(desk: Desk, answer: Answer) -> Decision:
    """Add an answer to the ledger and have it on the disk. One that is there already, for it was sent twice, is not added again.

    Raises
    ------
    Stale : there are later lines on the point than the one that was seen; blind, later ones of the same person.
    Unusable : it names no point or theme there is, or says nothing that can be kept.
    ThemesError : the ledger cannot be read or written.
    """
    if answer.point not in desk.places:
        raise Unusable("there is no such point in this event")
    item, person = desk.items[desk.places[answer.point]], person_of(answer.reviewer)
    views = desk.views()
    if known := _known(views.ledger, answer.once, person):
        return known
    if views.seen(answer.point, person if desk.blind else "") != answer.seen:
        raise Stale
    decision = _decision(desk, item, answer, views)

    def check(ledger: Ledger) -> None:
        if not _known(ledger, answer.once, person) and desk.views(ledger).seen(answer.point, person if desk.blind else "") != answer.seen:
            raise Stale

    appended = append(desk.ledger, [decision], check=check)
    return (*appended.added, *appended.known)[0]


def _decision(desk: Desk, item: Item, answer: Answer, views: Views) -> Decision:
    stood = desk.stands(item, views)
    settles: tuple[str, ...] = ()
    if not desk.blind and answer.said != NOT_SURE:  # who sees a conflict and decides, ends it
        settles = tuple(decision.id for decision in views.standing(item.said.point_id).conflict)
    return decide(
        CODES,
        event=desk.event,
        who=answer.reviewer,
        source=SOURCE,
        origin=_origin(answer.once),
        why=desk.redacted(" ".join(answer.comment.split())),
        point=item.said,
        old=item.machine if desk.blind else stood,
        new=_verdict(desk, answer, stood),
        taxonomy=desk.used,
        settles=settles,
        blind=desk.blind,
    )


def _verdict(desk: Desk, answer: Answer, stood: Verdict) -> Verdict:
    if answer.said == "codes":
        codes = tuple(dict.fromkeys(answer.codes))
        if not codes or set(codes) - set(desk.taxonomy.codes):
            raise Unusable("a theme was named that the taxonomy lacks, or none at all")
        return Verdict(codes, "labelled")
    if answer.codes:
        raise Unusable("themes were named beside another answer")
    if answer.said == "right" and desk.blind:
        raise Unusable("nothing can be confirmed where nothing is shown")
    return {"right": stood, "none": Verdict((), "no_match"), NOT_SURE: Verdict((), NOT_SURE)}[answer.said]


def take_back(desk: Desk, asked: TakeBack) -> Decision:
    """Add a line that takes a decision back; the decision stays in the ledger.

    Raises
    ------
    Stale : it is taken back already.
    Unusable : it is not a decision of this person on a point of this event.
    ThemesError : the ledger cannot be read or written.
    """
    person = person_of(asked.reviewer)
    views = desk.views()
    if known := _known(views.ledger, asked.once, person):
        return known
    own = {decision.id for decision in views.ledger.decisions if decision.person == person and decision.what == CODES}
    if asked.decision not in own or not any(asked.decision == line for lines in views.lines.values() for line, _ in lines):
        raise Unusable("this is not a decision of yours on a point of this event")

    def check(ledger: Ledger) -> None:
        if asked.decision in ledger.undone and not _known(ledger, asked.once, person):
            raise Stale

    line = decide(UNDO, event=desk.event, who=asked.reviewer, source=SOURCE, origin=_origin(asked.once), undoes=asked.decision)
    appended = append(desk.ledger, [line], check=check)
    return (*appended.added, *appended.known)[0]


def last_own(desk: Desk, views: Views, person: str) -> Decision | None:
    """What a person decided last on this page, whenever that was, and did not take back."""
    own = [d for d in views.ledger.live if d.event == desk.event and d.person == person and d.source == SOURCE and d.what == CODES]
    return own[-1] if own else None


def _origin(once: str) -> str:
    return f"{SOURCE} {once}"


def _known(ledger: Ledger, once: str, person: str) -> Decision | None:
    origin = _origin(once)
    return next((decision for decision in reversed(ledger.decisions) if decision.origin == origin and decision.person == person), None)
