"""Commands with which people check results and correct them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.telling import (
    LedgerFile,
    Runs,
    progress_bars,
    stdout,
    told,
)

review_app = typer.Typer(
    help="Let people check the results, in Excel or on a page, and keep what they decide for every later run.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@review_app.command("export")
def review_export_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of one event.")],
    out: Annotated[Path, typer.Option(help="The workbook to write.", metavar="REVIEW.xlsx")],
    reviewer: Annotated[str, typer.Option(help="Who is to fill it in.", metavar="NAME")] = "",
    sample: Annotated[int, typer.Option(help="So many points, drawn at random, are marked to be checked for honest figures.", min=0)] = 20,
    ledger: LedgerFile = None,
) -> None:
    """Write an Excel workbook in which a person can check the points and themes of an event, those most worth a look first.

    Example: themes review export results/millbrook --out review.xlsx
    """
    from pipeline.review import export_review

    with told(), progress_bars() as progress:
        made = export_review(folder, out, reviewer=reviewer, sampled=sample, ledger=ledger, progress=progress)
    stdout.print(f"{out}: {made.points} points, {made.sampled} of them drawn at random, and {made.themes} themes")
    if made.left_out:
        stdout.print(f"Note: {made.left_out} points are too long for a cell and were left out.")


@review_app.command("apply")
def review_apply_command(
    workbook: Annotated[Path, typer.Argument(metavar="REVIEW.xlsx", help="The workbook, filled in.")],
    out: Runs,
    who: Annotated[str, typer.Option(help="Who filled it in.  [default: the name in the workbook]", metavar="NAME")] = "",
    ledger: LedgerFile = None,
) -> None:
    """Keep what a person decided in a review workbook, for this and every later run. Applying it twice adds nothing.

    Example: themes review apply review.xlsx --out results
    """
    from pipeline.review import apply_review

    with told():
        applied = apply_review(workbook, out, who=who, ledger=ledger)
    added = applied.points + applied.themes
    said = f"{added} decision{'' if added == 1 else 's'} added ({applied.points} on points, {applied.themes} on themes)"
    stdout.print(f"{applied.ledger}: {said}; {applied.known} were there already")
    for remark in applied.remarks:
        stdout.print(f"Note: {remark}.")
    if added:
        stdout.print("Run `themes run` again to see them in the results.")


@review_app.command("serve")
def review_serve_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of one event.")],
    reviewer: Annotated[str, typer.Option(help="Who is to use it.  [default: the page asks]", metavar="NAME")] = "",
    sample: Annotated[int, typer.Option(help="So many points, drawn at random, are marked to be checked for honest figures.", min=0)] = 20,
    ledger: LedgerFile = None,
    port: Annotated[
        int | None, typer.Option(help="The port on this machine.  [default: the first free one from 8766 on]", min=1, max=65535)
    ] = None,
    *,
    blind: Annotated[
        bool, typer.Option("--blind", help="Hide what the program suggests and what others decided: to see how well people agree.")
    ] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Check the points of an event in the browser, one at a time. Only this machine can open the page; every answer is kept at once.

    Example: themes review serve results/millbrook --reviewer "A. Analyst"
    """
    import webbrowser

    from pipeline.review.page import serve_review

    def ready(address: str) -> None:
        stdout.print(address)
        stdout.print("Open this address in a browser on this machine. Ctrl-C ends it; every answer is kept as soon as it is given.")
        if not no_browser:
            webbrowser.open(address)

    with told(), progress_bars() as progress:
        serve_review(folder, ready=ready, reviewer=reviewer, sampled=sample, blind=blind, ledger=ledger, port=port, progress=progress)
    stdout.print("Ended. Run `themes run` again to see what was decided in the results.")


@review_app.command("agreement")
def review_agreement_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of one event.")],
    out: Annotated[Path | None, typer.Option(help="Folder for agreement.md and agreement.json.", metavar="DIR")] = None,
    ledger: LedgerFile = None,
    *,
    all_decisions: Annotated[bool, typer.Option("--all", help="Also count what was not coded blind.")] = False,
) -> None:
    """Say how far people who coded the same points agree, and the program with each of them.

    Example: themes review agreement results/millbrook --out how-far
    """
    from pipeline.review.agreeing import agreement_in_words, reviewer_agreement

    with told():
        agreed = reviewer_agreement(folder, ledger=ledger, blind=not all_decisions, out=out)
    for line in agreement_in_words(agreed):
        stdout.print(line)
    if out is not None:
        stdout.print(f"Start with {out / 'agreement.md'}")


@review_app.command("history")
def review_history_command(
    subject: Annotated[str, typer.Argument(metavar="POINT", help="A point_id of points.csv, or the id of a theme.")],
    out: Runs,
    ledger: LedgerFile = None,
) -> None:
    """Show every decision on a point or a theme, oldest first, with those that were taken back.

    Example: themes review history n2bda2ba96510-1 --out results
    """
    from pipeline.review import history

    with told():
        lines = history(subject, out, ledger=ledger)
    for line in lines or ["nobody has decided anything on it"]:
        stdout.print(line)


@review_app.command("undo")
def review_undo_command(
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="The id of a decision, as `themes review history` shows it.")],
    out: Runs,
    who: Annotated[str, typer.Option(help="Who takes it back.", metavar="NAME")],
    why: Annotated[str, typer.Option(help="Why; name nobody.", metavar="TEXT")] = "",
    ledger: LedgerFile = None,
) -> None:
    """Take a decision back. It stays in the ledger, with a line that says so; that line can be taken back too.

    Example: themes review undo d0123456789ab --out results --who "A. Analyst"
    """
    from pipeline.review import undo

    with told():
        line = undo(decision, out, who=who, why=why, ledger=ledger)
    stdout.print(f"{decision} is taken back by {line.id}. Run `themes run` again to see it in the results.")
