"""Commands on finished work that is kept."""

from __future__ import annotations

import typer

from pipeline.cli.telling import (
    stdout,
    told,
)

cache_app = typer.Typer(help="Finished work that is kept so that the next run is quick.", no_args_is_help=True, rich_markup_mode=None)


@cache_app.command("clear")
def cache_clear_command() -> None:
    """Remove the finished work of earlier runs. Results, and the label model, stay.

    Example: themes cache clear
    """
    from pipeline.cache import cache_folder, clear_entries

    with told():
        number, size = clear_entries(cache_folder())
    entries = "1 entry" if number == 1 else f"{number} entries"
    stdout.print(f"{cache_folder()}: removed {entries}, {size / 1_000_000:.1f} MB")
