"""The sessions of an event, from tokenise to label.

What is said of a point depends on its words and the heading it stands under alone, so each distinct text of a session is read,
embedded and labelled once, in blocks that an engine may do anywhere. What depends on the other points of a session, its clusters,
is done here. Blocks are made session by session, so that a session that was kept changes no block of another: with some encoders the
last bits of a vector depend on the texts beside it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cache import Cache, JoinedTexts, LabelledSession, LabelledTexts, with_places, without_places
from pipeline.clock import Clock
from pipeline.cluster import cluster
from pipeline.embed import Repeated, embed
from pipeline.engines import Engine, Here
from pipeline.label import Labeller, columns_of, label_clusters
from pipeline.labelling import load_models
from pipeline.records import Advance, Labelled, empty
from pipeline.settings import Settings
from pipeline.themes import in_order
from pipeline.tokenise import cut, expand_and_read

# Texts in a block: some seconds of work, and what is lost of it where a run is killed.
BLOCK = 500
# A session of more notes is kept by its blocks of texts alone.
MOST_NOTES = 20_000
_KEYS = ["text", "topic"]


class LabelTexts:
    """The work on one block of texts: their words, their vectors, and their labels.

    Sent to another process, it loads the models there. In one process two blocks are worked on at once, because an encoder lets the rest
    of Python go on while it runs: one block is read while another is encoded. The seconds of both count.

    Parameters
    ----------
    labeller : the taxonomy, the encoder and the settings.
    """

    at_once = 2

    def __init__(self, labeller: Labeller) -> None:
        self.labeller = labeller
        self._reading, self._encoding = Lock(), Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        """How it gets to another process: by the settings alone."""
        return _loaded, (self.labeller.settings,)

    def __call__(self, texts: pd.DataFrame) -> tuple[LabelledTexts, dict[str, float]]:
        """What is said of n texts with their topics, and the seconds that each stage took."""
        seconds: dict[str, float] = {}
        with self._reading, _timed(seconds, "tokenise"):  # spaCy keeps what it is reading in the model
            read = expand_and_read(list(texts["text"]), self.labeller.settings)
        with self._encoding, _timed(seconds, "embed"):  # an encoder other than the bundled one may do one thing at a time
            vectors = embed(list(read["expanded"]), self.labeller.encoder)
        with _timed(seconds, "label"):
            labels = self.labeller.label_texts(read.assign(topic=texts["topic"].to_numpy()), vectors)
            said = pd.concat([read, columns_of(labels)], axis=1)
        return LabelledTexts(said, vectors, labels.probabilities), seconds


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - started


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
    whole = [len(of_session) <= MOST_NOTES for of_session in sessions]
    kept = [cache.session(of_session) if few else None for of_session, few in zip(sessions, whole, strict=True)]
    pieces: dict[int, tuple[pd.DataFrame, pd.DataFrame]] = {}
    for number in clock.parts(range(len(sessions)), ["tokenise"]):
        if kept[number] is None:
            with clock.stage("tokenise"):
                pieces[number] = cut(without_places(sessions[number]), settings)
    texts = {number: _distinct(points) for number, (points, _) in pieces.items()}
    with clock.stage("embed", timed=False) as advance:
        said = _label_texts(list(texts.values()), labeller, engine, cache, clock, advance) if texts else None
    first = dict(zip(texts, np.cumsum([0, *map(len, texts.values())]).tolist(), strict=False))
    found = []
    for number in clock.parts(range(len(sessions)), ["cluster", "label"]):
        session = kept[number]
        if session is None and said is not None:
            points, gaps = pieces.pop(number)
            points = points.iloc[in_order(points)].reset_index(drop=True)  # as they are told in the end, before the table is wide
            place = first[number] + pd.MultiIndex.from_frame(texts[number]).get_indexer(pd.MultiIndex.from_frame(points[_KEYS]))
            made = _put_together(points, gaps, place, said, labeller, settings, clock)
            if whole[number]:
                cache.keep_session(sessions[number], made)
            session = with_places(made, sessions[number])
        found += [session] if session is not None else []
    return found


def _distinct(points: pd.DataFrame) -> pd.DataFrame:
    """The distinct texts of points with the headings they stand under, in order."""
    return points[_KEYS].drop_duplicates().sort_values(_KEYS, ignore_index=True)


def _label_texts(
    sessions: Sequence[pd.DataFrame], labeller: Labeller, engine: Engine, cache: Cache, clock: Clock, advance: Advance
) -> LabelledTexts:
    """What is said of the distinct texts of sessions, one after another. Of a session of several blocks, each is kept as it is done."""
    blocks: list[tuple[pd.DataFrame, bool]] = []
    for texts in sessions:
        starts = range(0, max(len(texts), 1), BLOCK)
        blocks += [(texts.iloc[at : at + BLOCK].reset_index(drop=True), len(starts) > 1) for at in starts]
    found = JoinedTexts([len(block) for block, _ in blocks], cache.folder)
    missing = []
    for number, (block, many) in enumerate(blocks):
        if many and (known := cache.texts(block)) is not None:
            found.put(number, known)
        else:
            missing.append(number)
    if not any(len(block) for block, _ in blocks):
        engine = Here()  # no machines are asked for nothing
    work = engine.each(LabelTexts(labeller), [blocks[number][0] for number in missing])
    for done, (number, (made, seconds)) in enumerate(zip(missing, work, strict=True), len(blocks) - len(missing) + 1):
        block, many = blocks[number]
        found.put(number, made)
        for stage, spent in seconds.items():
            clock.spent(stage, spent)
        if many:
            cache.keep_texts(block, made)
        advance(done, len(blocks))
    return found.whole()


def _put_together(
    points: pd.DataFrame,
    gaps: pd.DataFrame,
    place: npt.NDArray[np.intp],
    said: LabelledTexts,
    labeller: Labeller,
    settings: Settings,
    clock: Clock,
) -> LabelledSession:
    """The n points of a session with what is said of their texts, at ``place`` (n,), and their clusters."""
    points = pd.concat([points, said.said.take(place).reset_index(drop=True)], axis=1)
    vectors, probabilities = Repeated(said.vectors, place, said.pages), said.probabilities[place]
    with clock.stage("cluster"):
        clustered = cluster(points, vectors, settings)
    del points
    with clock.stage("label"):
        labelled = label_clusters(clustered, probabilities, labeller)
    return LabelledSession(labelled[list(empty(Labelled).columns)], gaps, vectors, probabilities)
