"""The `themes` command: thin functions over :mod:`pipeline.run`.

Exit codes: 0 all well; 1 finished, but files could not be read; 2 could not run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.errors import ThemesError
from pipeline.records import FileRead, Progress

FINISHED, FILES_UNREAD, COULD_NOT_RUN = 0, 1, 2

app = typer.Typer(
    help="Turn the typed-up notes of partnership workshops into themes. Nothing leaves this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
taxonomy_app = typer.Typer(
    help="Check a taxonomy, compare it with another, or write it for other programs.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(taxonomy_app, name="taxonomy")
cache_app = typer.Typer(help="Finished work that is kept so that the next run is quick.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(cache_app, name="cache")
review_app = typer.Typer(
    help="Let people check the results in Excel, and keep what they decide for every later run.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(review_app, name="review")
_out = Console(highlight=False, soft_wrap=True, emoji=False)
_err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

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


@app.command("run")
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
    *,
    keep_redactions: Annotated[
        bool,
        typer.Option("--keep-redactions", help="Also write redactions.csv: what each placeholder stands for. It holds personal details."),
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Do everything anew, and keep no finished work for later runs. The results are the same.")
    ] = False,
) -> None:
    """Read notes, find their themes and write one folder of results for each event.

    A folder that holds notes is one event; so is a file named by itself.
    Example: themes run data/raw --out data/processed
    """
    from pipeline.run import run_events
    from pipeline.settings import load_settings

    with _told(), _progress() as progress:
        settings = load_settings(
            settings_file, taxonomy=taxonomy, keep_names=keep_names, redact_also=redact_also, keep_redactions=keep_redactions or None
        )
        if trained is not None:
            settings = settings.model_copy(update={"trained": None if trained == "none" else Path(trained)})
        finished = run_events(paths, out, settings, progress, use_cache=not no_cache, ledger=ledger, use_adopted=trained is None)
    unread = [file for event in finished for file in event.unread]
    for event in finished:
        _out.print(f"{event.folder}: {event.points} points in {event.themes} themes", markup=False)
        for line in event.corrections:
            _out.print(f"  {line}", markup=False)
    if finished and finished[0].trained:
        _out.print(f"Labelled with the trained model '{finished[0].trained}' (--trained none does without).", markup=False)
    for remark in finished[-1].remarks if finished else ():
        _err.print(f"Note: {remark}.", markup=False)
    if finished:
        _out.print(f"Start with {finished[0].folder / 'report.html'}", markup=False)
    _finish(unread)


@app.command("report")
def report_command(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of events, or a folder of such folders.")],
) -> None:
    """Write the reports of events anew from what else stands in their folders, without computing anything again.

    Example: themes report data/processed
    """
    from pipeline.store import event_folders, write_reports

    with _told():
        for folder in event_folders(folders):
            written = write_reports(folder)
            _out.print(f"{folder}: {', '.join(path.name for path in written)}", markup=False)


@app.command("check")
def check_command(paths: Paths) -> None:
    """Say what would be read, what not, and why. Writes nothing.

    Example: themes check data/raw/millbrook
    """
    from pipeline.run import check

    with _told():
        gathered = check(paths)
    unread = []
    for event in gathered:
        _out.print(f"\n{event.event.id}: {event.event.title}", markup=False)
        for file in event.files:
            remark = f" ({'; '.join(file.remarks)})" if file.remarks and file.status != "not read" else ""
            count = f", {file.notes} notes" if file.status == "read" else ""
            _out.print(f"  {file.status:10} {file.source_file}{count}{remark}", markup=False)
        sessions = event.notes.groupby("session", sort=True)
        for session, notes in sessions:
            tables = notes.loc[notes["table"] != "", "table"].nunique()
            _out.print(f"  session {session}: {len(notes)} notes, {tables or 'no'} tables", markup=False)
        for reason, times in event.dropped["reason"].value_counts().items():
            _out.print(f"  set aside: {times} x {reason}", markup=False)
        for inferred in event.event.inferred:
            _out.print(f"  worked out: {inferred}", markup=False)
        unread += [file for file in event.files if file.status == "not read"]
    if not gathered:
        _err.print("Nothing to read was found. Files of notes end in .docx .xlsx .csv .tsv .txt .md or .pdf.", markup=False)
        raise typer.Exit(COULD_NOT_RUN)
    _finish(unread)


@app.command("label")
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
    from pipeline.run import label_file
    from pipeline.settings import load_settings

    with _told(), _progress() as progress:
        settings = load_settings(settings_file, taxonomy=taxonomy, keep_names=keep_names, redact_also=redact_also)
        labelled = label_file(file, out, settings, progress)
    counts = labelled["outcome"].value_counts()
    _out.print(f"{out}: {len(labelled)} rows, " + ", ".join(f"{count} {name}" for name, count in counts.items()), markup=False)


@app.command("evaluate")
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

    with _told(), _progress() as progress:
        result = evaluate_file(gold, out, load_settings(settings_file, taxonomy=taxonomy), coder=coder, progress=progress)
    f1 = result.figures["micro_f1"]
    said = "no codes" if f1.value is None else f"F1 {f1.value:.2f}" + ("" if f1.low is None else f" ({f1.low:.2f} to {f1.high:.2f})")
    _out.print(f"{out}: {result.points} points, {said}", markup=False)
    _out.print(f"Start with {out / 'evaluation.md'}", markup=False)


@app.command("train")
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

    with _told(), _progress() as progress:
        settings = load_settings(settings_file, taxonomy=taxonomy)
        done = train(out, settings, coded or (), ledger=ledger, name=name, to=to, use=use, progress=progress)
    _out.print(f"{done.folder}: learnt from {done.texts} different texts", markup=False)
    for figure, value in done.measured.before.items():
        if figure in done.measured.difference and value.value is not None and (now := done.measured.after[figure].value) is not None:
            said = f"{figure} on {done.measured.points} texts held back: {value.value:.3f} before, {now:.3f} after"
            _out.print(f"  {said}", markup=False)
    change = done.measured.difference.get("micro_f1")
    _out.print(f"  {verdict_in_words(done.measured.verdict, {'low': change and change.low, 'high': change and change.high})}", markup=False)
    for remark in done.remarks:
        _out.print(f"Note: {remark}.", markup=False)
    if done.adopted:
        _out.print(f"Later runs into {out} use it. To undo that, delete {out / 'trained.json'}.", markup=False)
    else:
        kept = f"the model in {done.in_use}" if done.in_use else "no trained model"
        _out.print(f"Not adopted: later runs into {out} use {kept}, as before. --adopt adopts it all the same.", markup=False)
    _out.print(f"Start with {done.folder / 'card.md'}", markup=False)


@app.command("compare")
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

    with _told(), _progress() as progress:
        settings = load_settings(settings_file, taxonomy=taxonomy)
        result = compare_folders(folders, out, settings, sessions=session or (), hide_small=hide_small, progress=progress)
    for finding in result.distinctive:
        _out.print(f"{finding.title}: {finding.sentence}", markup=False)
    for remark in result.remarks:
        _out.print(f"Note: {remark}", markup=False)
    tables = sum(division.tables for division in result.divisions)
    found = f"themes: {len(result.distinctive)} that set one apart, {len(result.shared)} shared by all"
    _out.print(f"{out}: {len(result.events)} events, {len(result.divisions)} divisions, {tables} tables; {found}", markup=False)
    _out.print(f"Start with {out / 'comparison.html'}", markup=False)


@app.command("models")
def models_command() -> None:
    """List the models that are used, check that their bytes are the ones expected, and prepare the label model if that is still to do."""
    from pipeline.embed import manifest, verified
    from pipeline.run import load_models
    from pipeline.settings import Settings

    with _told():
        for entry in manifest():
            verified(entry)
            _out.print(f"{entry['name']}: as expected ({entry['package']}, {entry['licence']})", markup=False)
        with _progress() as progress:
            _, labeller = load_models(Settings(), progress)
        learnt = len(labeller.evidence.lessons.texts)
        taxonomy = f"{labeller.taxonomy.name} {labeller.taxonomy.version}"
        _out.print(f"label model: ready ({learnt} coded texts and examples of {taxonomy})", markup=False)


@taxonomy_app.command("check")
def taxonomy_check_command(file: TaxonomyFile) -> None:
    """Say what a taxonomy holds and where it is thin, or list all its faults.

    Example: themes taxonomy check mine.yaml
    """
    from pipeline.taxonomy import load_taxonomy, overview

    with _told():
        lines = overview(load_taxonomy(file))
    for line in lines:
        _out.print(line, markup=False)


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

    with _told():
        taxonomy = load_taxonomy(file)
        write_file(out, to_skos(taxonomy).encode())
    _out.print(f"{out}: {len(taxonomy.themes)} concepts", markup=False)


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
    with _told():
        before = load_taxonomy(old)
        words = compare_taxonomies(before, load_taxonomy(new)).in_words()
    for line in words:
        _out.print(line, markup=False)
    if run is None:
        return

    from pipeline.run import relabel_run
    from pipeline.settings import load_settings

    with _told(), _progress() as progress:
        result = relabel_run(run, before, load_settings(settings_file, taxonomy=new), out, progress)
    for remark in result.remarks:
        _out.print(f"Note: {remark}.", markup=False)
    _out.print(f"{out or run}: {len(result.changed)} of {result.points} points change", markup=False)
    for point in result.changed.itertuples() if out is None else ():
        _out.print(f"  {point.point_id}: {point.text}", markup=False)
        was, now = point.codes_before or "no code", point.codes_after or "no code"
        _out.print(f"    {was} ({point.outcome_before}) → {now} ({point.outcome_after})", markup=False)


@cache_app.command("clear")
def cache_clear_command() -> None:
    """Remove the finished work of earlier runs. Results, and the label model, stay.

    Example: themes cache clear
    """
    from pipeline.cache import cache_folder, clear_entries

    with _told():
        number, size = clear_entries(cache_folder())
    entries = "1 entry" if number == 1 else f"{number} entries"
    _out.print(f"{cache_folder()}: removed {entries}, {size / 1_000_000:.1f} MB", markup=False)


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

    with _told(), _progress() as progress:
        made = export_review(folder, out, reviewer=reviewer, sampled=sample, ledger=ledger, progress=progress)
    _out.print(f"{out}: {made.points} points, {made.sampled} of them drawn at random, and {made.themes} themes", markup=False)
    if made.left_out:
        _out.print(f"Note: {made.left_out} points are too long for a cell and were left out.", markup=False)


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

    with _told():
        applied = apply_review(workbook, out, who=who, ledger=ledger)
    added = applied.points + applied.themes
    said = f"{added} decision{'' if added == 1 else 's'} added ({applied.points} on points, {applied.themes} on themes)"
    _out.print(f"{applied.ledger}: {said}; {applied.known} were there already", markup=False)
    for remark in applied.remarks:
        _out.print(f"Note: {remark}.", markup=False)
    if added:
        _out.print("Run `themes run` again to see them in the results.", markup=False)


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
        _out.print(address, markup=False)
        _out.print("Open this address in a browser on this machine. Ctrl-C ends it; every answer is kept as soon as it is given.")
        sys.stdout.flush()
        if not no_browser:
            webbrowser.open(address)

    with _told(), _progress() as progress:
        serve_review(folder, ready=ready, reviewer=reviewer, sampled=sample, blind=blind, ledger=ledger, port=port, progress=progress)
    _out.print("Ended. Run `themes run` again to see what was decided in the results.")


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

    with _told():
        agreed = reviewer_agreement(folder, ledger=ledger, blind=not all_decisions, out=out)
    for line in agreement_in_words(agreed):
        _out.print(line, markup=False)
    if out is not None:
        _out.print(f"Start with {out / 'agreement.md'}", markup=False)


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

    with _told():
        lines = history(subject, out, ledger=ledger)
    for line in lines or ["nobody has decided anything on it"]:
        _out.print(line, markup=False)


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

    with _told():
        line = undo(decision, out, who=who, why=why, ledger=ledger)
    _out.print(f"{decision} is taken back by {line.id}. Run `themes run` again to see it in the results.", markup=False)


def _finish(unread: list[FileRead]) -> None:
    for file in unread:
        _err.print(f"Not read: {file.remarks[0]}", markup=False)
    raise typer.Exit(FILES_UNREAD if unread else FINISHED)


@contextmanager
def _told() -> Iterator[None]:
    """Turn an error of ours into a message and exit code 2."""
    try:
        yield
    except ThemesError as error:
        _err.print(str(error), markup=False)
        raise typer.Exit(COULD_NOT_RUN) from error


@contextmanager
def _progress() -> Iterator[Progress]:
    """Progress bars on a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.progress import Progress as Bars

    with Bars(console=_err, transient=True) as bars:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
