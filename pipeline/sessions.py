"""The sessions of an event, from tokenise to label.

What is said of a point depends on its words and the heading it stands under alone, so each distinct text is read, embedded and
labelled once for the whole event, in blocks that an engine may do anywhere. What depends on the other points of a session, its
clusters, is done here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cache import Cache, LabelledSession, LabelledTexts, joined_texts, with_places, without_places
from pipeline.clock import Clock
from pipeline.cluster import cluster
from pipeline.embed import embed
from pipeline.engines import Engine, Here
from pipeline.label import Labeller, columns_of, label_clusters
from pipeline.labelling import load_models
from pipeline.records import Advance, Labelled, empty
from pipeline.settings import Settings
from pipeline.tokenise import cut, expand_and_read

# Texts in a block: some seconds of work, and what is lost of it where a run is killed.
BLOCK = 500
_KEYS = ["text", "topic"]


class LabelTexts:
    """The work on one block of texts: their words, their vectors, and their labels.

    Sent to another process, it loads the models there.

    Parameters
    ----------
    labeller : the taxonomy, the encoder and the settings.
    """

    def __init__(self, labeller: Labeller) -> None:
        self.labeller = labeller

    def __reduce__(self) -> tuple[Any, ...]:
        """How it gets to another process: by the settings alone."""
        return _loaded, (self.labeller.settings,)

    def __call__(self, texts: pd.DataFrame) -> tuple[LabelledTexts, dict[str, float]]:
        """What is said of n texts with their topics, and the seconds that each stage took."""
        settings, encoder = self.labeller.settings, self.labeller.encoder
        times = [time.perf_counter()]
        read = expand_and_read(list(texts["text"]), settings)
        times.append(time.perf_counter())
        vectors = embed(list(read["expanded"]), encoder)
        times.append(time.perf_counter())
        labels = self.labeller.label_texts(read.assign(topic=texts["topic"].to_numpy()), vectors)
        said = pd.concat([read, columns_of(labels)], axis=1)
        times.append(time.perf_counter())
        seconds = {name: end - begin for name, begin, end in zip(("tokenise", "embed", "label"), times, times[1:], strict=False)}
        return LabelledTexts(said, vectors, labels.probabilities), seconds


def _loaded(settings: Settings) -> LabelTexts:
    return LabelTexts(load_models(settings)[1])


def label_sessions(
    notes: pd.DataFrame, labeller: Labeller, settings: Settings, engine: Engine, cache: Cache, clock: Clock
) -> list[LabelledSession]:
    """The labelled points of every session of an event, in the order of their names; of none at all, one without points.

    Parameters
    ----------
    notes : its redacted Notes.
    labeller, settings : what they are labelled with.
    engine : where blocks of texts are worked on.
    cache, clock : of the run.
    """
    sessions = [of_session for _, of_session in notes.groupby("session", sort=True)] or [notes]
    kept = [cache.session(of_session) for of_session in sessions]
    pieces: dict[int, tuple[pd.DataFrame, pd.DataFrame]] = {}
    for number in clock.parts(range(len(sessions)), ["tokenise"]):
        if kept[number] is None:
            with clock.stage("tokenise"):
                pieces[number] = cut(without_places(sessions[number]), settings)
    with clock.stage("embed", timed=False) as advance:
        texts = _distinct([points for points, _ in pieces.values()])
        said = _label_texts(texts, labeller, engine, cache, clock, advance)
    found = []
    for number in clock.parts(range(len(sessions)), ["cluster", "label"]):
        session = kept[number]
        if session is None:
            points, gaps = pieces.pop(number)
            made = _put_together(points, gaps, texts, said, labeller, settings, clock)
            cache.keep_session(sessions[number], made)
            session = with_places(made, sessions[number])
        found.append(session)
    return found


def _distinct(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The distinct texts of points with the headings they stand under, in order."""
    both = pd.concat([table[_KEYS] for table in tables]) if tables else empty(Labelled)[_KEYS]
    return both.drop_duplicates().sort_values(_KEYS, ignore_index=True)


def _label_texts(texts: pd.DataFrame, labeller: Labeller, engine: Engine, cache: Cache, clock: Clock, advance: Advance) -> LabelledTexts:
    """What is said of n distinct texts, block by block; where there is more than one block, each is kept for a run that is killed later."""
    work = LabelTexts(labeller)
    engine = engine if len(texts) else Here()  # no machines are asked for nothing
    blocks = [texts.iloc[at : at + BLOCK].reset_index(drop=True) for at in range(0, len(texts), BLOCK)] or [texts]
    found = {number: kept for number, block in enumerate(blocks) if len(blocks) > 1 and (kept := cache.texts(block)) is not None}
    missing = [number for number in range(len(blocks)) if number not in found]
    for number, (made, seconds) in zip(missing, engine.each(work, [blocks[number] for number in missing]), strict=True):
        found[number] = made
        for stage, spent in seconds.items():
            clock.spent(stage, spent)
        if len(blocks) > 1:
            cache.keep_texts(blocks[number], made)
        advance(len(found), len(blocks))
    return joined_texts([found[number] for number in range(len(blocks))])


def _put_together(
    points: pd.DataFrame, gaps: pd.DataFrame, texts: pd.DataFrame, said: LabelledTexts, labeller: Labeller, settings: Settings, clock: Clock
) -> LabelledSession:
    """The points of a session with what is said of their texts, and their clusters."""
    place = pd.MultiIndex.from_frame(texts).get_indexer(pd.MultiIndex.from_frame(points[_KEYS]))
    points = pd.concat([points.reset_index(drop=True), said.said.take(place).reset_index(drop=True)], axis=1)
    vectors, probabilities = said.vectors[place], said.probabilities[place]
    with clock.stage("cluster"):
        clustered = cluster(points, vectors, settings)
    with clock.stage("label"):
        labelled = label_clusters(clustered, probabilities, labeller)
    columns = list(empty(Labelled).columns)
    return LabelledSession(labelled[columns], gaps, np.asarray(vectors), np.asarray(probabilities))
