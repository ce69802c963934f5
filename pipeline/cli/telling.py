"""What all commands share: their options, and how they tell of progress, results and errors.

Exit codes: 0 all well; 1 finished, but files could not be read; 2 could not run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipeline.errors import ThemesError

if TYPE_CHECKING:
    from pipeline.records import FileRead, Progress

FINISHED, FILES_UNREAD, COULD_NOT_RUN = 0, 1, 2

stdout = Console(highlight=False, soft_wrap=True, emoji=False)
stderr = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files of notes, folders of them, or a folder of such folders.")]
Taxonomy = Annotated[Path | None, typer.Option(help="A taxonomy file to use instead of the bundled one.", metavar="FILE.yaml")]
SettingsFile = Annotated[Path | None, typer.Option("--settings", help="A file of settings.", metavar="FILE.yaml")]
KeepNames = Annotated[
    Path | None, typer.Option(help="Names not to be replaced, one a line: councillors in their role, say.", metavar="LIST.txt")
]
RedactAlso = Annotated[Path | None, typer.Option(help="Names to be replaced wherever they stand, one a line.", metavar="LIST.txt")]
LedgerFile = Annotated[
    Path | None, typer.Option("--ledger", help="The ledger of corrections.  [default: corrections.jsonl beside the runs]", metavar="FILE")
]
Runs = Annotated[Path, typer.Option(help="The folder of the runs: the --out of `themes run`.", metavar="DIR")]
TaxonomyFile = Annotated[Path, typer.Argument(metavar="FILE", help="A taxonomy file.")]


def finish(unread: list[FileRead]) -> None:
    """Name the files that could not be read, and end the command."""
    for file in unread:
        stderr.print(f"Not read: {file.remarks[0]}", markup=False)
    raise typer.Exit(FILES_UNREAD if unread else FINISHED)


@contextmanager
def told() -> Iterator[None]:
    """Turn an error of ours into a message and exit code 2."""
    try:
        yield
    except ThemesError as error:
        stderr.print(str(error), markup=False)
        raise typer.Exit(COULD_NOT_RUN) from error


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Progress bars on a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.progress import Progress as Bars

    with Bars(console=stderr, transient=True) as bars:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
