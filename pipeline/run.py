"""The whole flow, to be read from top to bottom.

``run_events`` turns raw files into one folder of results an event; ``check`` says what would be read; ``label_file`` labels any
table of short texts; ``relabel_run`` says which points of an earlier run another taxonomy would label otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.account import account
from pipeline.cluster import cluster, partition
from pipeline.embed import Encoder, Vectors, embed, load_encoder
from pipeline.errors import OutputError
from pipeline.ingest import Gathered, Source, find_sources, ingest, read_id_text
from pipeline.label import Labeller, label
from pipeline.records import SEPARATOR, Advance, FileRead, Progress
from pipeline.redact import load_name_lists, redact, redact_texts
from pipeline.results import EventResult
from pipeline.settings import Settings
from pipeline.store import locked, read_earlier, read_run, table_csv, write_event, write_file
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.themes import Earlier, gather_themes, keep_ids, verify_quotes
from pipeline.tokenise import expand_and_read, tokenise

_NOTHING_EARLIER = Earlier()
_NO_MATTER_FOR_LABELS = {"taxonomy", "encoder", "quotes_per_theme", "keep_redactions", "sensitive_codes", "quotes_from_tables"}


@dataclass(frozen=True, slots=True)
class Finished:
    """One event that was written: its folder, its points and themes, and files that could not be read."""

    folder: Path
    points: int
    themes: int
    unread: tuple[FileRead, ...]


def run_events(
    paths: Sequence[Path], out: Path, settings: Settings, progress: Progress = lambda stage, done, total: None
) -> list[Finished]:
    """Read events, find their themes, and write one folder for each.

    Parameters
    ----------
    paths : raw files or folders (see :func:`pipeline.ingest.find_sources`).
    out : where the folders go. An event that stands there already keeps the ids of its themes (:func:`pipeline.themes.keep_ids`).
    settings : everything that changes the result.
    progress : told how far each stage is.

    Raises
    ------
    ThemesError : nothing can be read or written, or a contract is broken; events written before stay.
    """
    sources = find_sources(paths)
    _check_names(sources)
    load_name_lists(settings)  # one that is missing is told before minutes of work
    encoder, labeller = load_models(settings, progress)
    finished = []
    with locked(out):
        for source in sources:
            result = run_event(source, encoder, labeller, settings, progress, read_earlier(out / source.id))
            folder = write_event(out, result)
            unread = tuple(FileRead(**file) for file in result.run["files"] if file["status"] == "not read")
            finished.append(Finished(folder, len(result.points), len(result.themes), unread))
    return finished


def run_event(
    source: Source, encoder: Encoder, labeller: Labeller, settings: Settings, progress: Progress, earlier: Earlier = _NOTHING_EARLIER
) -> EventResult:
    """One event, stage by stage."""
    clock = _Clock(progress, source.name)
    with clock.stage("ingest"):
        gathered = ingest(source)
    with clock.stage("redact"):
        redacted = redact(gathered.notes, gathered.dropped, gathered.event, gathered.files, settings)
        notes, dropped = redacted.notes, redacted.dropped
        gathered = replace(gathered, files=redacted.files)
    with clock.stage("tokenise") as advance:
        points, gaps = tokenise(notes, settings, advance)
        dropped = pd.concat([dropped, gaps], ignore_index=True)
    with clock.stage("embed") as advance:
        vectors = embed(list(points["expanded"]), encoder, advance)
    with clock.stage("cluster"):
        points = cluster(points, vectors, settings)
    with clock.stage("label"):
        points, probabilities = label(points, vectors, labeller)
    with clock.stage("themes"):
        points, themes = gather_themes(points, vectors, probabilities, labeller.taxonomy, partition, settings)
        points, themes, identity = keep_ids(points, themes, earlier, lambda texts: _vectors(texts, encoder, settings))
        verify_quotes(themes, points, notes)
    details = redacted.details if settings.keep_redactions else None
    result = EventResult(redacted.event, points, themes, _sorted(dropped), {}, details)
    return replace(result, run=account(result, gathered, redacted.counts, labeller, identity, settings, clock.seconds))


def _vectors(texts: list[str], encoder: Encoder, settings: Settings) -> Vectors:
    return embed(list(expand_and_read(texts, settings)["expanded"]), encoder)


def check(paths: Sequence[Path]) -> list[Gathered]:
    """Read events without finding themes and without writing anything."""
    return [ingest(source) for source in find_sources(paths)]


def label_file(path: Path, out: Path, settings: Settings, progress: Progress = lambda stage, done, total: None) -> pd.DataFrame:
    """Label every row of a table of short texts.

    Parameters
    ----------
    path : a .csv, .tsv or .xlsx with a column ``text`` and, if it likes, ``id``; without one the rows are numbered from 1.
    out : the CSV to write.

    Returns
    -------
    The table written: id, codes ('|' between), scores ('|' between), outcome, evidence; one row for every row read, in order.
    """
    table = read_id_text(path)
    load_name_lists(settings)
    encoder, labeller = load_models(settings, progress)
    texts = redact_texts(list(table["text"]), settings)
    labelled = _labelled(texts, [""] * len(texts), encoder, labeller, settings, progress)
    labelled.insert(0, "id", table["id"].to_numpy())
    write_file(out, table_csv(labelled))
    return labelled


@dataclass(frozen=True, slots=True)
class Relabelled:
    """What another taxonomy changes in an earlier run.

    Attributes
    ----------
    points : how many points the run has.
    changed : one row a point that changes, in the run's order: point_id, text, codes_before, codes_after ('|' between, most
        probable first), outcome_before, outcome_after.
    remarks : what else than the taxonomy differs between then and now, so that a change may come from it.
    """

    points: int
    changed: pd.DataFrame
    remarks: tuple[str, ...]


def relabel_run(
    folder: Path, old: Taxonomy, settings: Settings, out: Path | None = None, progress: Progress = lambda stage, done, total: None
) -> Relabelled:
    """Compare the labels that the points of an earlier run have with those that another taxonomy gives them.

    Parameters
    ----------
    folder : the folder of one event, as :func:`run_events` writes it; it is only read.
    old : the taxonomy that the run is thought to have used.
    settings : name the new taxonomy, and say what else the run was made with.
    out : the CSV to write the changed points to, if any.

    Raises
    ------
    ThemesError : the run, the new taxonomy or the models cannot be read, or ``out`` cannot be written.
    """
    stored = read_run(folder)
    encoder, labeller = load_models(settings, progress)
    labelled = _labelled(list(stored.points["text"]), list(stored.points["topic"]), encoder, labeller, settings, progress)
    table = pd.DataFrame(
        {
            "point_id": stored.points["point_id"],
            "text": stored.points["text"],
            "codes_before": stored.points["codes"],
            "codes_after": labelled["codes"],
            "outcome_before": stored.points["outcome"],
            "outcome_after": labelled["outcome"],
        }
    )
    same = (table["codes_before"] == table["codes_after"]) & (table["outcome_before"] == table["outcome_after"])
    changed = table[~same].reset_index(drop=True)
    if out is not None:
        write_file(out, table_csv(changed))
    return Relabelled(len(table), changed, tuple(_made_otherwise(stored.account, old, encoder, settings)))


def _made_otherwise(account: dict[str, Any], old: Taxonomy, encoder: Encoder, settings: Settings) -> Iterator[str]:
    """What a run was made with, as its run.json says, that is not what it is compared with."""
    used = account["taxonomy"]
    if used["sha256"] != old.sha256:
        yield f"the run was labelled with another taxonomy than the old one given: {used['name']} {used['version']}, not the same file"
    then = account["models"]["encoder"]
    if then["sha256"] != encoder.sha256:
        yield f"the run used another encoder: {then['name']}, and now it is {encoder.name}"
    if (made := account["versions"].get("workshop-themes")) != (now := version("workshop-themes")):
        yield f"the run was made by version {made} of this program, and now it is {now}"
    before, after = account["settings"], settings.model_dump(mode="json")
    for name in sorted(before.keys() & after.keys() - _NO_MATTER_FOR_LABELS):
        if before[name] != after[name]:
            yield f"the run had the setting {name} at {before[name]}, and now it is {after[name]}"


def _labelled(
    texts: list[str], topics: list[str], encoder: Encoder, labeller: Labeller, settings: Settings, progress: Progress
) -> pd.DataFrame:
    """The labels of n redacted texts and their headings, row by row: codes and scores ('|' between), outcome, evidence."""
    read = expand_and_read(texts, settings).assign(topic=topics)
    vectors = embed(list(read["expanded"]), encoder, lambda done, total: progress("embed", done, total))
    labels = labeller.label_texts(read, vectors)
    return pd.DataFrame(
        {
            "codes": [SEPARATOR.join(codes) for codes in labels.codes],
            "scores": [SEPARATOR.join(f"{score:.3f}" for score in scores) for scores in labels.scores],
            "outcome": labels.outcomes,
            "outcome_score": [f"{score:.3f}" for score in labels.outcome_scores],
            "evidence": labels.evidence,
        }
    )


def load_models(settings: Settings, progress: Progress = lambda stage, done, total: None) -> tuple[Encoder, Labeller]:
    """The encoder and the labeller that settings name; the first time the label model is prepared, which takes a minute or two."""
    progress("loading models", 0, 1)
    taxonomy = load_taxonomy(settings.taxonomy_path)
    encoder = load_encoder(settings.encoder)
    labeller = Labeller(taxonomy, encoder, settings, advance=lambda done, total: progress("preparing the label model, once", done, total))
    progress("loading models", 1, 1)
    return encoder, labeller


class _Clock:
    """Times the stages and tells how far they are."""

    def __init__(self, progress: Progress, event: str) -> None:
        self.progress = progress
        self.event = event
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        started = time.perf_counter()
        title = f"{self.event}: {name}"
        self.progress(title, 0, 1)
        yield lambda done, total: self.progress(title, done, total)
        self.progress(title, 1, 1)
        self.seconds[name] = round(time.perf_counter() - started, 3)


def _check_names(sources: Sequence[Source]) -> None:
    """Two events must not be written to one folder."""
    if not sources:
        raise OutputError(
            "there is nothing to read",
            where="the paths given",
            expected="at least one file of notes (.docx .xlsx .csv .tsv .txt .md .pdf)",
            do="check the folder, or try `themes check` on it",
        )
    seen: dict[str, Source] = {}
    for source in sources:
        other = seen.setdefault(source.id, source)
        if other is not source:
            raise OutputError(
                f"'{other.root}' and '{source.root}' would both be written to '{source.id}'",
                where="the paths given",
                expected="events with different names",
                do="rename one of them, or run them into different --out folders",
            )


def _sorted(dropped: pd.DataFrame) -> pd.DataFrame:
    return dropped.sort_values(["source_file", "source_locator", "reason", "text"], kind="stable", ignore_index=True)
