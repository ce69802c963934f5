"""A page on this machine on which people check the codes of an event's points, one at a time, by keyboard or mouse.

What they decide is in the ledger before the page says that it is saved. Several people may work at once, on one page or several, or
beside an Excel workbook.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.records import Progress
from pipeline.review.page.desk import Desk, lay_out
from pipeline.review.page.serving import bound, serve

__all__ = ["Desk", "bound", "lay_out", "serve", "serve_review"]


def serve_review(
    folder: Path,
    *,
    ready: Callable[[str], None],
    reviewer: str = "",
    sampled: int,
    blind: bool = False,
    ledger: Path | None = None,
    port: int | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> None:
    """Serve the page of one event until the program is ended.

    Parameters
    ----------
    folder : of one event, as ``themes run`` writes it.
    ready : told the address, once it can be opened.
    reviewer : who is to use it; the page asks where this is ''.
    sampled : so many points, drawn at random, are marked, for an honest figure of how often the program is right.
    blind : keep what the program and other people say from the reviewer, and mark their decisions as made blind.
    ledger : to add to; None takes corrections.jsonl beside the folder.
    port : of 127.0.0.1; None takes the first free one of a few.

    Raises
    ------
    ReadError : the folder is no run or has no points, the ledger is damaged, or the taxonomy is another than that of the run.
    OutputError : no port can be used.
    """
    listening = bound(port)
    try:
        desk = lay_out(folder, ledger=ledger, sampled=sampled, blind=blind, progress=progress)
        desk.redacted("to have it ready")  # the first comment is not to wait for it
        serve(desk, listening, reviewer=reviewer, ready=ready)
    finally:
        listening.close()
