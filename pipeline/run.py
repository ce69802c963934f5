"""The whole flow, to be read from top to bottom.

``run_events`` turns raw files into one folder of results an event; ``check`` says what would be read; ``label_file`` labels any
table of short texts; ``relabel_run`` says which points of an earlier run another taxonomy would label otherwise.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache as once
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.account import account
from pipeline.cache import Cache, LabelledSession, joined
from pipeline.cluster import cluster, partition
from pipeline.corrections import LEDGER, Ledger, Replayed, correct, correct_themes, corrections_in_words, read_ledger
from pipeline.embed import Encoder, Vectors, embed, load_encoder
from pipeline.errors import OutputError
from pipeline.ingest import Gathered, Source, find_sources, ingest, read_id_text
from pipeline.label import Labeller, label
from pipeline.projection import project
from pipeline.records import SEPARATOR, Advance, FileRead, Progress
from pipeline.redact import Redacted, load_name_lists, redact, redact_texts
from pipeline.results import EventResult, ThemeRow
from pipeline.settings import Settings
from pipeline.store import check_folder, json_bytes, locked, read_earlier, read_run, table_csv, write_event, write_file, write_folder
from pipeline.store.adopted import adopted
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.themes import Earlier, gather_themes, keep_ids, verify_quotes
from pipeline.tokenise import expand_and_read, tokenise

_NOTHING_EARLIER, _NOTHING_DECIDED = Earlier(), Ledger()
_SESSION_STAGES = ("tokenise", "embed", "cluster", "label")
_STAGES = ("ingest", "redact", *_SESSION_STAGES, "themes")
_Models = tuple[Encoder, Labeller]
Paths = Path | str | Sequence[Path | str]
_NO_MATTER_FOR_LABELS = {"taxonomy", "encoder", "quotes_per_theme", "keep_redactions", "sensitive_codes", "quotes_from_tables"}


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
    models = once(lambda: load_models(settings, progress))  # not loaded where every result can be fetched
    files = {source.id: cache.files_of(source) for source in sources}
    if not all(cache.has_event(files[source.id], out / source.id) for source in sources):
        models()
    with locked(out):
        return [_finish(source, files[source.id], out, models, settings, progress, cache, decided) for source in sources]


def _finish(
    source: Source,
    files: str | None,
    out: Path,
    models: Callable[[], _Models],
    settings: Settings,
    progress: Progress,
    cache: Cache,
    ledger: Ledger,
) -> Finished:
    """Write one event: as it was found before, if nothing changed since, or found anew."""
    folder = out / source.id
    kept = cache.event(files, folder)
    if kept is not None:
        write_folder(out, source.id, kept)
        return _finished(folder, json.loads(kept["run.json"]), cache)
    encoder, labeller = models()
    before = cache.earlier(folder)
    found = _find_themes(source, encoder, labeller, settings, progress, cache, ledger)
    result = _with_ids(found, read_earlier(folder), encoder, labeller, settings)
    write_event(out, result)
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
) -> EventResult:
    """One event, stage by stage, without the cache."""
    found = _find_themes(source, encoder, labeller, settings, progress, Cache(settings, used=False), ledger)
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
    source: Source, encoder: Encoder, labeller: Labeller, settings: Settings, progress: Progress, cache: Cache, ledger: Ledger
) -> _Found:
    clock = _Clock(progress, source.name)
    with clock.stage("ingest"):
        gathered = ingest(source)
    with clock.stage("redact"):
        redacted = redact(gathered.notes, gathered.dropped, gathered.event, gathered.files, settings)
    sessions = []
    for notes in clock.parts(_sessions_of(redacted.notes)):
        make = partial(_label_session, encoder=encoder, labeller=labeller, settings=settings, clock=clock)
        sessions.append(cache.session(notes, make))
    labelled = joined(sessions)
    with clock.stage("themes"):
        corrected, chances, replayed = correct(labelled.points, labelled.probabilities, ledger, labeller.taxonomy, redacted.event.id)
        points, themes = gather_themes(corrected, labelled.vectors, chances, labeller.taxonomy, partition, settings)
        verify_quotes(themes, points, redacted.notes)
        places = project(points, labelled.vectors[_rows_of(points, labelled.points)])
    dropped = _sorted(pd.concat([redacted.dropped, labelled.dropped], ignore_index=True))
    return _Found(gathered, redacted, points, themes, dropped, places, replayed, clock.seconds, cache.account())


def _label_session(notes: pd.DataFrame, encoder: Encoder, labeller: Labeller, settings: Settings, clock: _Clock) -> LabelledSession:
    """The notes of one session, from tokenise to label: no other session changes what comes of them."""
    with clock.stage("tokenise") as advance:
        points, gaps = tokenise(notes, settings, advance)
    with clock.stage("embed") as advance:
        vectors = embed(list(points["expanded"]), encoder, advance)
    with clock.stage("cluster"):
        points = cluster(points, vectors, settings)
    with clock.stage("label"):
        points, probabilities = label(points, vectors, labeller)
    return LabelledSession(points, gaps, vectors, probabilities)


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


def _sessions_of(notes: pd.DataFrame) -> list[pd.DataFrame]:
    """Notes session by session, in the order that they stand in; those of no session at all where there are none."""
    return [of_session for _, of_session in notes.groupby("session", sort=True)] or [notes]


def _rows_of(points: pd.DataFrame, among: pd.DataFrame) -> list[int]:
    """Where points stand in another order of theirs."""
    row = {point: number for number, point in enumerate(among["point_id"])}
    return [row[point] for point in points["point_id"]]


def _vectors(texts: list[str], encoder: Encoder, settings: Settings) -> Vectors:
    return embed(list(expand_and_read(texts, settings)["expanded"]), encoder)


def check(paths: Paths) -> list[Gathered]:
    """Read events without finding themes and without writing anything."""
    return [ingest(source) for source in find_sources(_all_of(paths))]


def _all_of(paths: Paths) -> list[Path]:
    return [Path(path) for path in ([paths] if isinstance(paths, Path | str) else paths)]


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
    changed = table[~same & (stored.points["decided_by"] == "machine")].reset_index(drop=True)
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
        self.seconds = dict.fromkeys(_STAGES, 0.0)
        self._part, self._of = 0, 1

    def parts(self, parts: Sequence[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Parts that the stages of a session go through one by one; each stage is as far as the parts are that it is done with."""
        for self._part, part in enumerate(parts):
            self._of = len(parts)
            yield part
            for name in _SESSION_STAGES:  # those of a part that was fetched are done too
                self._tell(name, 1, 1)
        self._part, self._of = 0, 1

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        started = time.perf_counter()
        self._tell(name, 0, 1)
        yield partial(self._tell, name)
        self._tell(name, 1, 1)
        self.seconds[name] = round(self.seconds[name] + time.perf_counter() - started, 3)

    def _tell(self, name: str, done: int, total: int) -> None:
        self.progress(f"{self.event}: {name}", self._part * total + done, self._of * total)


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
