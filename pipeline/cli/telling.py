"""What all commands share: their options, and how they tell of progress, results and errors.

Exit codes: 0 all well; 1 finished, but files could not be read; 2 could not run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import ThemesError

if TYPE_CHECKING:
    from pipeline.records import FileRead, Progress

FINISHED, FILES_UNREAD, COULD_NOT_RUN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Stream:
    """What is told a line at a time: results, or, where ``err``, what went wrong."""

    err: bool = False

    def print(self, line: str) -> None:
        """Tell a line."""
        typer.echo(line, err=self.err)


stdout, stderr = Stream(), Stream(err=True)

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
        stderr.print(f"Not read: {file.remarks[0]}")
    raise typer.Exit(FILES_UNREAD if unread else FINISHED)


@contextmanager
def told() -> Iterator[None]:
    """Turn an error of ours into a message and exit code 2."""
    try:
        yield
    except ThemesError as error:
        stderr.print(str(error))
        raise typer.Exit(COULD_NOT_RUN) from error


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Progress bars on a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
