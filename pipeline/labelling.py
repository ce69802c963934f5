"""Labelling what is no event: any table of short texts, and the points of an earlier run anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.beside import runs
from pipeline.embed import BUNDLED, Encoder, embed, load_encoder
from pipeline.ingest import read_id_text
from pipeline.label import Labeller, columns_of
from pipeline.language import load_language
from pipeline.records import Progress
from pipeline.redact import load_name_lists, redact_texts
from pipeline.settings import Settings
from pipeline.store import read_run, table_csv, write_file
from pipeline.taxonomy import Taxonomy, load_taxonomy
from pipeline.tokenise import expand_and_read

_NO_MATTER_FOR_LABELS = {"taxonomy", "encoder", "quotes_per_theme", "keep_redactions", "reports", "sensitive_codes", "quotes_from_tables"}


def load_models(settings: Settings, progress: Progress = lambda stage, done, total: None) -> tuple[Encoder, Labeller]:
    """The encoder and the labeller that settings name; the first time the label model is prepared, which takes a minute or two."""
    from concurrent.futures import ThreadPoolExecutor

    progress("loading models", 0, 1)
    with ThreadPoolExecutor(1) as beside:  # most of loading the bundled encoder is done outside Python, so on another core
        loading = beside.submit(load_encoder, settings.encoder)
        if settings.encoder != BUNDLED:
            loading.result()  # others may need what is hidden while spaCy is imported (pipeline.imports)
        taxonomy = load_taxonomy(settings.taxonomy_path)
        if not runs():  # the second process reads all texts
            load_language(settings.spacy_model)
        encoder = loading.result()
    labeller = Labeller(taxonomy, encoder, settings, advance=lambda done, total: progress("preparing the label model, once", done, total))
    progress("loading models", 1, 1)
    return encoder, labeller


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
    return Relabelled(len(table), changed, tuple(_made_otherwise(stored.account, old, labeller, settings)))


def _made_otherwise(account: dict[str, Any], old: Taxonomy, labeller: Labeller, settings: Settings) -> Iterator[str]:
    """What a run was made with, as its run.json says, that is not what it is compared with."""
    used = account["taxonomy"]
    if used["sha256"] != old.sha256:
        yield f"the run was labelled with another taxonomy than the old one given: {used['name']} {used['version']}, not the same file"
    then = account["models"]["encoder"]
    if then["sha256"] != labeller.encoder.sha256:
        yield f"the run used another encoder: {then['name']}, and now it is {labeller.encoder.name}"
    if account["models"].get("label_encoder", {}).get("sha256") != labeller.evidence.label_encoder_sha256:
        yield "the run used another label encoder, or none"
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
    return columns_of(labels).assign(outcome_score=[f"{score:.3f}" for score in labels.outcome_scores])
