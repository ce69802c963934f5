"""Commands that make results of notes, and say what they are worth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.telling import (
    COULD_NOT_RUN,
    KeepNames,
    LedgerFile,
    Paths,
    RedactAlso,
    Runs,
    SettingsFile,
    Taxonomy,
    finish,
    progress_bars,
    stderr,
    stdout,
    told,
)

commands = typer.Typer()


@commands.command("run")
def run_command(
    paths: Paths,
    out: Annotated[Path, typer.Option(help="Folder for the results; one folder an event is made in it.", metavar="DIR")],
    taxonomy: Taxonomy = None,
    settings_file: SettingsFile = None,
    keep_names: KeepNames = None,
    redact_also: RedactAlso = None,
    ledger: LedgerFile = None,
    trained: Annotated[
        str | None,
        typer.Option(help="A model of `themes train`, or none.  [default: the one adopted in the folder of results]", metavar="FOLDER"),
    ] = None,
    engine: Annotated[
        str, typer.Option(help="Where the work is done: local, or ray for the machines of a Ray cluster. The results are the same.")
    ] = "local",
    ray_address: Annotated[
        str | None,
        typer.Option(help="Address of the Ray cluster, or auto.  [default: one started on this machine]", metavar="HOST:PORT"),
    ] = None,
    *,
    fast: Annotated[
        bool,
        typer.Option("--fast", help="For very many answers: an encoder that is far quicker and less exact, and no label encoder."),
    ] = False,
    keep_redactions: Annotated[
        bool,
        typer.Option("--keep-redactions", help="Also write redactions.csv: what each placeholder stands for. It holds personal details."),
    ] = False,
    no_reports: Annotated[
        bool, typer.Option("--no-reports", help="Write the tables only, no report.html, .docx, .md and themes.xlsx: it takes less time.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Do everything anew, and keep no finished work for later runs. The results are the same.")
    ] = False,
) -> None:
    """Read notes, find their themes and write one folder of results for each event.

    A folder that holds notes is one event; so is a file named by itself.
    Example: themes run data/raw --out data/processed
    """
    from pipeline import beside
    from pipeline.ahead import load_words
    from pipeline.settings import BUNDLED, FAST, load_settings

    with told(), progress_bars() as progress:
        settings = load_settings(
            settings_file,
            taxonomy=taxonomy,
            encoder=FAST if fast else None,
            keep_names=keep_names,
            redact_also=redact_also,
            keep_redactions=keep_redactions or None,
            reports=False if no_reports else None,
        )
        if trained is not None:
            settings = settings.model_copy(update={"trained": None if trained == "none" else Path(trained)})
        beside.start(load_words, settings.spacy_model)  # and what is imported here takes a second, too
        from pipeline.engines import load_engine
        from pipeline.run import run_events

        workers = load_engine(engine, ray_address, gpus=settings.encoder not in {BUNDLED, FAST})
        finished = run_events(
            paths, out, settings, progress, use_cache=not no_cache, ledger=ledger, use_adopted=trained is None, engine=workers
        )
    unread = [file for event in finished for file in event.unread]
    for event in finished:
        stdout.print(f"{event.folder}: {event.points} points in {event.themes} themes")
        for line in event.corrections:
            stdout.print(f"  {line}")
    if finished and finished[0].trained:
        stdout.print(f"Labelled with the trained model '{finished[0].trained}' (--trained none does without).")
    for remark in finished[-1].remarks if finished else ():
        stderr.print(f"Note: {remark}.")
    if finished:
        stdout.print(f"Start with {finished[0].folder / ('report.html' if settings.reports else 'themes.csv')}")
    finish(unread)


@commands.command("report")
def report_command(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of events, or a folder of such folders.")],
) -> None:
    """Write the reports of events anew from what else stands in their folders, without computing anything again.

    Example: themes report data/processed
    """
    from pipeline.store import event_folders, write_reports

    with told():
        for folder in event_folders(folders):
            written = write_reports(folder)
            stdout.print(f"{folder}: {', '.join(path.name for path in written)}")


@commands.command("check")
def check_command(paths: Paths) -> None:
    """Say what would be read, what not, and why. Writes nothing.

    Example: themes check data/raw/millbrook
    """
    from pipeline.run import check

    with told():
        gathered = check(paths)
    unread = []
    for event in gathered:
        stdout.print(f"\n{event.event.id}: {event.event.title}")
        for file in event.files:
            remark = f" ({'; '.join(file.remarks)})" if file.remarks and file.status != "not read" else ""
            count = f", {file.notes} notes" if file.status == "read" else ""
            stdout.print(f"  {file.status:10} {file.source_file}{count}{remark}")
        sessions = event.notes.groupby("session", sort=True)
        for session, notes in sessions:
            tables = notes.loc[notes["table"] != "", "table"].nunique()
            stdout.print(f"  session {session}: {len(notes)} notes, {tables or 'no'} tables")
        for reason, times in event.dropped["reason"].value_counts().items():
            stdout.print(f"  set aside: {times} x {reason}")
        for inferred in event.event.inferred:
            stdout.print(f"  worked out: {inferred}")
        unread += [file for file in event.files if file.status == "not read"]
    if not gathered:
        stderr.print("Nothing to read was found. Files of notes end in .docx .xlsx .csv .tsv .txt .md or .pdf.")
        raise typer.Exit(COULD_NOT_RUN)
    finish(unread)


@commands.command("label")
def label_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A table with the columns id and text.")],
    out: Annotated[Path, typer.Option(help="The CSV to write: id, codes, scores, outcome, evidence.", metavar="OUT.csv")],
    taxonomy: Taxonomy = None,
    settings_file: SettingsFile = None,
    keep_names: KeepNames = None,
    redact_also: RedactAlso = None,
) -> None:
    """Label any table of short texts with a taxonomy, row by row.

    Example: themes label comments.csv --taxonomy mine.yaml --out labelled.csv
    """
    from pipeline.labelling import label_file
    from pipeline.settings import load_settings

    with told(), progress_bars() as progress:
        settings = load_settings(settings_file, taxonomy=taxonomy, keep_names=keep_names, redact_also=redact_also)
        labelled = label_file(file, out, settings, progress)
    counts = labelled["outcome"].value_counts()
    stdout.print(f"{out}: {len(labelled)} rows, " + ", ".join(f"{count} {name}" for name, count in counts.items()))


@commands.command("evaluate")
def evaluate_command(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="A table of coded points: the columns text (or point) and codes.")],
    out: Annotated[Path, typer.Option(help="Folder for the figures.", metavar="DIR")],
    taxonomy: Taxonomy = None,
    settings_file: SettingsFile = None,
    coder: Annotated[
        str | None, typer.Option(help="A second coder's column.  [default: codes_2, if there is one]", metavar="COLUMN")
    ] = None,
) -> None:
    """Label points that people have coded, and say how well the labels fit.

    Codes stand in one cell with | between; an empty cell or "none" is no code. Codes in a column optional_codes count neither way.
    Example: themes evaluate coded.csv --out how-good
    """
    from pipeline.evaluate import evaluate_file
    from pipeline.settings import load_settings

    with told(), progress_bars() as progress:
        result = evaluate_file(gold, out, load_settings(settings_file, taxonomy=taxonomy), coder=coder, progress=progress)
    f1 = result.figures["micro_f1"]
    said = "no codes" if f1.value is None else f"F1 {f1.value:.2f}" + ("" if f1.low is None else f" ({f1.low:.2f} to {f1.high:.2f})")
    stdout.print(f"{out}: {result.points} points, {said}")
    stdout.print(f"Start with {out / 'evaluation.md'}")


@commands.command("train")
def train_command(
    out: Runs,
    coded: Annotated[
        list[Path] | None,
        typer.Option(help="A table of coded points, with the columns text and codes; may be given again.", metavar="FILE.csv"),
    ] = None,
    ledger: LedgerFile = None,
    taxonomy: Taxonomy = None,
    settings_file: SettingsFile = None,
    name: Annotated[str, typer.Option(help="A name for the model.  [default: that of the taxonomy]", metavar="NAME")] = "",
    to: Annotated[
        Path | None, typer.Option(help="Where to put the model.  [default: trained-models in the folder of the runs]", metavar="DIR")
    ] = None,
    *,
    use: Annotated[bool, typer.Option("--adopt", help="Have later runs use it even if it was not better, or that cannot be told.")] = False,
) -> None:
    """Teach the labeller what people corrected or coded. Later runs into DIR use it only if it did better on points held back.

    The model holds words of the notes: keep it where you keep them.
    Example: themes train --out results --coded earlier-event.csv
    """
    from pipeline.learning import train
    from pipeline.learning.card import verdict_in_words
    from pipeline.settings import load_settings

    with told(), progress_bars() as progress:
        settings = load_settings(settings_file, taxonomy=taxonomy)
        done = train(out, settings, coded or (), ledger=ledger, name=name, to=to, use=use, progress=progress)
    stdout.print(f"{done.folder}: learnt from {done.texts} different texts")
    for figure, value in done.measured.before.items():
        if figure in done.measured.difference and value.value is not None and (now := done.measured.after[figure].value) is not None:
            said = f"{figure} on {done.measured.points} texts held back: {value.value:.3f} before, {now:.3f} after"
            stdout.print(f"  {said}")
    change = done.measured.difference.get("micro_f1")
    interval = {"low": change and change.low, "high": change and change.high}
    stdout.print(f"  {verdict_in_words(done.measured.verdict, interval)}")
    for remark in done.remarks:
        stdout.print(f"Note: {remark}.")
    if done.adopted:
        stdout.print(f"Later runs into {out} use it. To undo that, delete {out / 'trained.json'}.")
    else:
        kept = f"the model in {done.in_use}" if done.in_use else "no trained model"
        stdout.print(f"Not adopted: later runs into {out} use {kept}, as before. --adopt adopts it all the same.")
    stdout.print(f"Start with {done.folder / 'card.md'}")


@commands.command("compare")
def compare_command(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Folders of events that `themes run` wrote, or folders of such folders.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the comparison.", metavar="DIR")],
    session: Annotated[
        list[str] | None,
        typer.Option(help="A session to compare; may be given again.  [default: those that all events have]", metavar="ID"),
    ] = None,
    taxonomy: Taxonomy = None,
    settings_file: SettingsFile = None,
    *,
    hide_small: Annotated[
        bool, typer.Option("--hide-small", help="Hide small numbers of every theme, not of sensitive themes only: for publication.")
    ] = False,
) -> None:
    """Compare the divisions of any number of events: which themes they share, which set one apart, and how sure that is.

    Example: themes compare data/processed --out comparison
    """
    from pipeline.compare import compare_folders
    from pipeline.settings import load_settings

    with told(), progress_bars() as progress:
        settings = load_settings(settings_file, taxonomy=taxonomy)
        result = compare_folders(folders, out, settings, sessions=session or (), hide_small=hide_small, progress=progress)
    for finding in result.distinctive:
        stdout.print(f"{finding.title}: {finding.sentence}")
    for remark in result.remarks:
        stdout.print(f"Note: {remark}")
    tables = sum(division.tables for division in result.divisions)
    found = f"themes: {len(result.distinctive)} that set one apart, {len(result.shared)} shared by all"
    stdout.print(f"{out}: {len(result.events)} events, {len(result.divisions)} divisions, {tables} tables; {found}")
    stdout.print(f"Start with {out / 'comparison.html'}")
