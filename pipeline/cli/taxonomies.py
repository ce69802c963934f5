"""Commands on taxonomies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.telling import (
    SettingsFile,
    TaxonomyFile,
    progress_bars,
    stdout,
    told,
)

taxonomy_app = typer.Typer(
    help="Check a taxonomy, compare it with another, or write it for other programs.", no_args_is_help=True, rich_markup_mode=None
)


@taxonomy_app.command("check")
def taxonomy_check_command(file: TaxonomyFile) -> None:
    """Say what a taxonomy holds and where it is thin, or list all its faults.

    Example: themes taxonomy check mine.yaml
    """
    from pipeline.taxonomy import load_taxonomy, overview

    with told():
        lines = overview(load_taxonomy(file))
    for line in lines:
        stdout.print(line)


@taxonomy_app.command("skos")
def taxonomy_skos_command(
    file: TaxonomyFile,
    out: Annotated[Path, typer.Option(help="The Turtle file to write.", metavar="FILE.ttl")],
) -> None:
    """Write a taxonomy as SKOS, the form that thesaurus and linked-data programs read.

    Example: themes taxonomy skos mine.yaml --out mine.ttl
    """
    from pipeline.store import write_file
    from pipeline.taxonomy import load_taxonomy, to_skos

    with told():
        taxonomy = load_taxonomy(file)
        write_file(out, to_skos(taxonomy).encode())
    stdout.print(f"{out}: {len(taxonomy.themes)} concepts")


@taxonomy_app.command("diff")
def taxonomy_diff_command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The taxonomy before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The taxonomy now.")],
    run: Annotated[
        Path | None, typer.Option(help="A folder of one event, to see which of its points the new one changes.", metavar="DIR")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="With --run: a CSV to write those points to.", metavar="FILE.csv")] = None,
    settings_file: SettingsFile = None,
) -> None:
    """Say what changed from one taxonomy to another and, with --run, which points of an earlier run it changes.

    Example: themes taxonomy diff old.yaml new.yaml --run results/millbrook --out changed.csv
    """
    from pipeline.taxonomy import compare_taxonomies, load_taxonomy

    if out is not None and run is None:
        raise typer.BadParameter("it is for the points that change, so it needs --run DIR", param_hint="--out")
    with told():
        before = load_taxonomy(old)
        words = compare_taxonomies(before, load_taxonomy(new)).in_words()
    for line in words:
        stdout.print(line)
    if run is None:
        return

    from pipeline.labelling import relabel_run
    from pipeline.settings import load_settings

    with told(), progress_bars() as progress:
        result = relabel_run(run, before, load_settings(settings_file, taxonomy=new), out, progress)
    for remark in result.remarks:
        stdout.print(f"Note: {remark}.")
    stdout.print(f"{out or run}: {len(result.changed)} of {result.points} points change")
    for point in result.changed.itertuples() if out is None else ():
        stdout.print(f"  {point.point_id}: {point.text}")
        was, now = point.codes_before or "no code", point.codes_after or "no code"
        stdout.print(f"    {was} ({point.outcome_before}) → {now} ({point.outcome_after})")
