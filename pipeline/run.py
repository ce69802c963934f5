"""The whole flow, to be read from top to bottom.

``run_events`` turns raw files into one folder of results an event; ``check`` says what would be read; ``label_file`` labels any
table of short texts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline.account import account
from pipeline.cluster import cluster
from pipeline.embed import Encoder, embed, load_encoder
from pipeline.errors import OutputError
from pipeline.ingest import Gathered, Source, find_sources, ingest, read_id_text
from pipeline.label import Labeller, label
from pipeline.records import SEPARATOR, Advance, Event, EventResult, FileRead, Progress
from pipeline.redact import redact, redact_text, redact_texts
from pipeline.settings import Settings
from pipeline.store import table_csv, write_event, write_file
from pipeline.taxonomy import load_taxonomy
from pipeline.themes import gather_themes, verify_quotes
from pipeline.tokenise import expand_and_read, tokenise


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
    out : where the folders go.
    settings : everything that changes the result.
    progress : told how far each stage is.

    Raises
    ------
    ThemesError : nothing can be read or written, or a contract is broken; events written before stay.
    """
    sources = find_sources(paths)
    _check_names(sources)
    encoder, labeller = _models(settings, progress)
    finished = []
    for source in sources:
        result = run_event(source, encoder, labeller, settings, progress)
        folder = write_event(out, result)
        unread = tuple(FileRead(**file) for file in result.run["files"] if file["status"] == "not read")
        finished.append(Finished(folder, len(result.points), len(result.themes), unread))
    return finished


def run_event(source: Source, encoder: Encoder, labeller: Labeller, settings: Settings, progress: Progress) -> EventResult:
    """One event, stage by stage."""
    clock = _Clock(progress, source.name)
    with clock.stage("ingest"):
        gathered = ingest(source)
    with clock.stage("redact"):
        notes, dropped, redactions = redact(gathered.notes, gathered.dropped)
        event = _redacted(gathered.event)
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
        points, themes = gather_themes(points, vectors, probabilities, labeller.taxonomy, settings)
        verify_quotes(themes, points, notes)
    result = EventResult(event, points, themes, _sorted(dropped), {})
    return replace(result, run=account(result, gathered, redactions, labeller, settings, clock.seconds))


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
    encoder, labeller = _models(settings, progress)
    read = expand_and_read(redact_texts(list(table["text"])), settings)
    vectors = embed(list(read["expanded"]), encoder, lambda done, total: progress("embed", done, total))
    labels = labeller.label_texts(vectors, list(read["lemmas"]), list(read["procedural"]))
    labelled = pd.DataFrame(
        {
            "id": table["id"],
            "codes": [SEPARATOR.join(codes) for codes in labels.codes],
            "scores": [SEPARATOR.join(f"{score:.3f}" for score in scores) for scores in labels.scores],
            "outcome": labels.outcomes,
            "evidence": labels.evidence,
        }
    )
    write_file(out, table_csv(labelled))
    return labelled


def _models(settings: Settings, progress: Progress) -> tuple[Encoder, Labeller]:
    progress("loading models", 0, 1)
    taxonomy = load_taxonomy(settings.taxonomy_path)
    encoder = load_encoder(settings.encoder)
    labeller = Labeller(taxonomy, encoder, settings)
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


def _redacted(event: Event) -> Event:
    """The event with personal details replaced in everything that was typed."""
    clean = tuple(replace(s, title=redact_text(s.title), question=redact_text(s.question)) for s in event.sessions)
    return replace(
        event,
        title=redact_text(event.title),
        venue=redact_text(event.venue),
        participants=tuple(redact_text(name) for name in event.participants),
        sessions=clean,
        inferred=tuple(redact_text(remark) for remark in event.inferred),
    )


def _sorted(dropped: pd.DataFrame) -> pd.DataFrame:
    return dropped.sort_values(["source_file", "source_locator", "reason", "text"], kind="stable", ignore_index=True)
