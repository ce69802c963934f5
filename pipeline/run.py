"""The whole flow, to be read from top to bottom.

``run_events`` turns raw files into one folder of results an event; ``check`` says what would be read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache as once
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.account import account
from pipeline.beside import begun, stop
from pipeline.cache import Cache, joined
from pipeline.clock import Clock
from pipeline.cluster import partition
from pipeline.corrections import LEDGER, Ledger, Replayed, correct, correct_themes, corrections_in_words, read_ledger
from pipeline.embed import Encoder, Vectors, embed
from pipeline.engines import Engine, Here
from pipeline.errors import OutputError
from pipeline.ingest import Gathered, Source, find_sources, ingest
from pipeline.label import Labeller
from pipeline.labelling import load_models
from pipeline.projection import project
from pipeline.records import FileRead, Progress, Rows
from pipeline.redact import Redacted, load_name_lists, redact
from pipeline.report import make_reports_ready
from pipeline.results import EventResult, ThemeRow
from pipeline.sessions import MOST_NOTES, label_sessions
from pipeline.settings import Settings
from pipeline.store import check_folder, json_bytes, locked, read_earlier, write_event, write_folder
from pipeline.store.adopted import adopted
from pipeline.themes import Earlier, gather_themes, keep_ids, verify_quotes
from pipeline.tokenise import expand_and_read

_NOTHING_EARLIER, _NOTHING_DECIDED, _HERE = Earlier(), Ledger(), Here()
# A result of more bytes than this is not kept as a whole.
MOST_KEPT = 100_000_000
# What nothing reads once there are themes.
_READ_BY_THEMES = ("expanded", "lemmas", "lemma_spans", "phrases")
_Models = tuple[Encoder, Labeller]
Paths = Path | str | Sequence[Path | str]


@dataclass(frozen=True, slots=True)
class Finished:
    """One event that was written.

    Attributes
    ----------
    folder : where.
    points, themes : how many it has.
    unread : files that could not be read.
    remarks : what was wrong with the cache, in words; the result is none the worse for it.
    corrections : what became of the decisions of people, in words.
    trained : name of the trained model that labelled it, '' where there was none.
    """

    folder: Path
    points: int
    themes: int
    unread: tuple[FileRead, ...]
    remarks: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    trained: str = ""


def run_events(
    paths: Paths,
    out: Path | str,
    settings: Settings,
    progress: Progress = lambda stage, done, total: None,
    *,
    use_cache: bool = True,
    ledger: Path | None = None,
    use_adopted: bool = True,
    engine: Engine = _HERE,
) -> list[Finished]:
    """Read events, find their themes, and write one folder for each.

    Parameters
    ----------
    paths : raw files or folders, or one of them (see :func:`pipeline.ingest.find_sources`).
    out : where the folders go. An event that stands there already keeps the ids of its themes (:func:`pipeline.themes.keep_ids`).
    settings : everything that changes the result.
    progress : told how far each stage is.
    use_cache : fetch finished work that an earlier run kept, and keep that of this one (:mod:`pipeline.cache`). It changes no result.
    ledger : the corrections of people (:mod:`pipeline.corrections`); None takes corrections.jsonl in ``out``, if there is one.
    use_adopted : where the settings name no trained model, label with the one that was adopted in ``out``, if any.
    engine : where files are read and texts are embedded and labelled (:mod:`pipeline.engines`). It changes no result.

    Raises
    ------
    ThemesError : nothing can be read or written, or a contract is broken; events written before stay.
    """
    out = Path(out)
    check_folder(out)
    if settings.trained is None and use_adopted:
        settings = settings.model_copy(update={"trained": adopted(out)})
    sources = find_sources(_all_of(paths))
    _check_names(sources)
    load_name_lists(settings)  # one that is missing is told before minutes of work
    decided = read_ledger(ledger or out / LEDGER)
    cache = Cache(settings, used=use_cache, corrections=f"{decided.head}{decided.unfinished}")
    files = {source.id: cache.files_of(source) for source in sources}
    models = once(lambda: load_models(settings, progress))  # not loaded where every result can be fetched
    with locked(out):
        return [_finish(source, files[source.id], out, models, settings, progress, cache, decided, engine) for source in sources]


def _finish(
    source: Source,
    files: str | None,
    out: Path,
    models: Callable[[], _Models],
    settings: Settings,
    progress: Progress,
    cache: Cache,
    ledger: Ledger,
    engine: Engine,
) -> Finished:
    """Write one event: as it was found before, if nothing changed since, or found anew."""
    folder = out / source.id
    kept = cache.event(files, folder)
    if kept is not None:
        write_folder(out, source.id, kept)
        return _finished(folder, json.loads(kept["run.json"]), cache)
    before = cache.earlier(folder)
    found = _find_themes(source, models, settings, progress, cache, ledger, engine)
    encoder, labeller = models()
    result = _with_ids(found, read_earlier(folder), encoder, labeller, settings)
    write_event(out, result, reports=settings.reports)
    if sum(path.stat().st_size for path in folder.iterdir()) > MOST_KEPT:  # the parts that take long are kept one by one
        return _finished(folder, result.run, cache)
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    cache.keep_event(source, files, before, written)
    # Run once more, it would carry over the ids of this result: most often they are the same, and only run.json says other things.
    again = _with_ids(found, read_earlier(folder), encoder, labeller, settings)
    if again.themes == result.themes:
        cache.keep_event(source, files, cache.earlier(folder), {**written, "run.json": json_bytes(again.run)})
    return _finished(folder, result.run, cache)


def _finished(folder: Path, run: dict[str, Any], cache: Cache) -> Finished:
    unread = tuple(FileRead(**file) for file in run["files"] if file["status"] == "not read")
    corrections, trained = corrections_in_words(run["corrections"]), run["models"]["trained"]
    name = trained["name"] if trained else ""
    return Finished(folder, run["counts"]["points"], run["counts"]["themes"], unread, tuple(cache.remarks), corrections, name)


def run_event(
    source: Source,
    encoder: Encoder,
    labeller: Labeller,
    settings: Settings,
    progress: Progress,
    earlier: Earlier = _NOTHING_EARLIER,
    ledger: Ledger = _NOTHING_DECIDED,
    engine: Engine = _HERE,
) -> EventResult:
    """One event, stage by stage, without the cache."""
    found = _find_themes(source, lambda: (encoder, labeller), settings, progress, Cache(settings, used=False), ledger, engine)
    return _with_ids(found, earlier, encoder, labeller, settings)


@dataclass(frozen=True, slots=True)
class _Found:
    """One event with its themes, before their ids are carried over from an earlier run."""

    gathered: Gathered
    redacted: Redacted
    points: pd.DataFrame
    themes: list[ThemeRow]
    dropped: pd.DataFrame
    places: pd.DataFrame
    replayed: Replayed
    seconds: dict[str, float]
    cache: dict[str, Any]


def _find_themes(
    source: Source,
    models: Callable[[], _Models],
    settings: Settings,
    progress: Progress,
    cache: Cache,
    ledger: Ledger,
    engine: Engine,
) -> _Found:
    clock = Clock(progress, source.name)
    with clock.stage("ingest"):
        gathered = ingest(source, engine)
    if len(gathered.notes) > MOST_NOTES:
        stop()  # the tables would be in both processes
    redacting = begun(redact, gathered.notes, gathered.dropped, gathered.event, gathered.files, settings)
    _, labeller = models()
    with clock.stage("redact"):
        redacted = redacting()
    gathered = replace(gathered, notes=_counted(gathered.notes))
    labelled = joined(label_sessions(redacted.notes, labeller, settings, engine, cache, clock))
    if settings.reports:
        begun(make_reports_ready)  # while themes are found, where there is a second process
    with clock.stage("themes"):
        corrected, chances, replayed = correct(labelled.points, labelled.probabilities, ledger, labeller.taxonomy, redacted.event.id)
        points, themes = gather_themes(corrected, labelled.vectors, chances, labeller.taxonomy, partition, settings, named=replayed.named)
        verify_quotes(themes, points, redacted.notes)
        redacted = replace(redacted, notes=_counted(redacted.notes))
        places = project(points, labelled.vectors[_rows_of(points, labelled.points)])
        points = points.drop(columns=[*_READ_BY_THEMES])  # not held while results are written
    dropped = _sorted(pd.concat([redacted.dropped, labelled.dropped], ignore_index=True))
    return _Found(gathered, redacted, points, themes, dropped, places, replayed, clock.seconds, cache.account())


def _with_ids(found: _Found, earlier: Earlier, encoder: Encoder, labeller: Labeller, settings: Settings) -> EventResult:
    """The result of an event, its themes with the ids that they had in an earlier run and as people decided on them."""
    points, themes, identity = keep_ids(found.points, found.themes, earlier, lambda texts: _vectors(texts, encoder, settings))
    points, themes, corrections = correct_themes(points, themes, found.replayed, settings)
    redacted = found.redacted
    details = redacted.details if settings.keep_redactions else None
    result = EventResult(redacted.event, points, themes, found.dropped, {}, details, found.places)
    gathered = replace(found.gathered, files=redacted.files)
    run = account(result, gathered, redacted.counts, labeller, identity, corrections, settings, found.seconds, found.cache)
    return replace(result, run=run)


def _counted(notes: pd.DataFrame) -> pd.DataFrame:
    """Notes that are only counted from here on: as many rows, nothing in them."""
    return notes.iloc[:, :0]


def _rows_of(points: pd.DataFrame, among: pd.DataFrame) -> Rows:
    """Where points stand in another order of theirs, which most often is the same."""
    if points["point_id"].equals(among["point_id"]):
        return np.arange(len(points))
    found: Rows = pd.Index(among["point_id"]).get_indexer(pd.Index(points["point_id"]))
    return found


def _vectors(texts: list[str], encoder: Encoder, settings: Settings) -> Vectors:
    return embed(list(expand_and_read(texts, settings)["expanded"]), encoder)


def check(paths: Paths) -> list[Gathered]:
    """Read events without finding themes and without writing anything."""
    return [ingest(source) for source in find_sources(_all_of(paths))]


def _all_of(paths: Paths) -> list[Path]:
    return [Path(path) for path in ([paths] if isinstance(paths, Path | str) else paths)]


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
