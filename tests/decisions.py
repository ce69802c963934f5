"""Decisions for tests, on points of small tables; everybody and every place in them is made up."""

from __future__ import annotations

from typing import Any

from pipeline.corrections import Decision, PointSaid, TaxonomyUsed, ThemeShown, Verdict, decide

USED = TaxonomyUsed("t", "1", "0" * 64)
WHEN = "2026-05-01T09:30:00Z"


def said(text: str, point_id: str = "n00-1", session: str = "1", table: str = "1", aspect: str = "", file: str = "a.txt") -> PointSaid:
    return PointSaid(point_id, text, session, table, aspect, file)


def shown(theme_id: str, title: str = "A title", codes: tuple[str, ...] = (), session: str = "1") -> ThemeShown:
    return ThemeShown(theme_id, session, title, codes)


def coded(point: PointSaid, *codes: str, who: str = "A. Analyst", outcome: str = "", **more: Any) -> Decision:
    """That a point has these codes; without any, that none of the taxonomy's fits."""
    new = Verdict(codes, outcome or ("labelled" if codes else "no_match"))
    old = Verdict((), "undecided")
    return decide(**{"what": "codes", "event": "ev", "who": who, "source": "excel", "origin": "w1", "point": point, "old": old, "new": new,
                     "taxonomy": USED, "when": WHEN, **more})  # fmt: skip


def split(point: PointSaid, title: str, who: str = "A. Analyst", **more: Any) -> Decision:
    """That a point belongs to a theme of this name."""
    return decide(**{"what": "split", "event": "ev", "who": who, "source": "excel", "origin": "w1", "point": point,
                     "new": Verdict(title=title), "taxonomy": USED, "when": WHEN, **more})  # fmt: skip


def on_theme(what: str, theme: ThemeShown, who: str = "A. Analyst", title: str = "", into: str = "", **more: Any) -> Decision:
    old = Verdict(title=theme.title) if what == "rename" else Verdict()
    return decide(**{"what": what, "event": "ev", "who": who, "source": "excel", "origin": "w1", "theme": theme, "old": old,
                     "new": Verdict(title=title, into=into), "taxonomy": USED, "when": WHEN, **more})  # fmt: skip


def undone(decision: Decision, who: str = "A. Analyst", origin: str = "") -> Decision:
    return decide("undo", event=decision.event, who=who, source="file", origin=origin, undoes=decision.id, when=WHEN)
