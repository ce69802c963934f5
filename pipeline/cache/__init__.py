"""Cache: finished work that is fetched rather than done again, so that a run is quick when little changed and goes on where one stopped.

Three levels. The event: all files of a result, under a key made of the bytes of the notes and of everything else that decides it,
the earlier result whose ids it carries over included. The session: its labelled points, under a key made of its redacted notes. And,
where there are many, a block of texts: what is said of each, under a key made of them, so that a run that was killed goes on there.
Nothing is kept of notes before personal details are replaced. The stages know nothing of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from pipeline.cache.entries import Entries, cache_folder, clear_entries
from pipeline.cache.keys import earlier_result, event_key, made_with, session_key, texts_key
from pipeline.cache.sessions import LabelledSession, joined, packed, unpacked, with_places, without_places
from pipeline.cache.texts import JoinedTexts, LabelledTexts, packed_texts, unpacked_texts
from pipeline.errors import ContractError, ThemesError
from pipeline.ingest import Source, fingerprint
from pipeline.settings import Settings
from pipeline.store import json_bytes

__all__ = [
    "Cache",
    "JoinedTexts",
    "LabelledSession",
    "LabelledTexts",
    "cache_folder",
    "clear_entries",
    "joined",
    "with_places",
    "without_places",
]

MADE, FETCHED = "made", "from the cache"
Kept = TypeVar("Kept")


class Cache:
    """The finished work of one run and of those before.

    Parameters
    ----------
    settings : what results are made with.
    used : whether anything is fetched or kept at all.
    corrections : what stands for the ledger of corrections, which decides results but no session's labels.

    Raises
    ------
    TaxonomyError : the taxonomy cannot be read, or has faults.
    """

    def __init__(self, settings: Settings, *, used: bool = True, corrections: str = "") -> None:
        self.used = used
        self._corrections = corrections
        self._settings = settings
        self._entries = Entries(cache_folder()) if used else None
        self._made: dict[str, Any] = {}
        self._sessions: dict[str, str] = {}
        if self._entries is not None:
            try:
                self._made = made_with(settings)
            except OSError as error:
                self._entries.give_up(f"the cache was not used ({error})")

    def files_of(self, source: Source) -> str | None:
        """What stands for the files of an event and the corrections; None where its result is not kept.

        One with redactions.csv is not, since that holds what was replaced.
        """
        if self._entries is None or self._settings.keep_redactions:
            return None
        files = fingerprint(source)
        return f"{files} {self._corrections}" if files else files

    def event(self, files: str | None, folder: Path) -> dict[str, bytes] | None:
        """The files of the result of an event, where ``folder`` holds the earlier one; run.json says that they were fetched."""
        self._sessions.clear()
        name = self._event_name(files, folder)
        kept = None if self._entries is None or name is None else self._entries.get(name)
        if kept is None:
            return None
        run = json.loads(kept["run.json"])
        run["seconds"] = dict.fromkeys(run["seconds"], 0.0)
        run["cache"] |= {"event": FETCHED, "sessions": dict.fromkeys(run["cache"]["sessions"], FETCHED), "remarks": self.remarks}
        return {**kept, "run.json": json_bytes(run)}

    def keep_event(self, source: Source, files: str | None, earlier: str | None, result: Mapping[str, bytes]) -> None:
        """Keep the files of a result.

        It is not kept where anything that decides it changed meanwhile, nor where a file could not be read: it might be another time.

        Parameters
        ----------
        files : what :meth:`files_of` gave before the notes were read.
        earlier : what :meth:`earlier` gave for the result whose ids were carried over.
        result : the files, as written.
        """
        if files is None or earlier is None or files != self.files_of(source):
            return
        if all(file["status"] != "not read" for file in json.loads(result["run.json"])["files"]):
            self._keep(f"{event_key(self._made, self._settings, files, earlier)}.event", result)

    def earlier(self, folder: Path) -> str | None:
        """What stands for the result in a folder, as far as ids are carried over from it; None where it cannot be told."""
        return earlier_result(folder)

    def session(self, notes: pd.DataFrame) -> LabelledSession | None:
        """The labelled points of one session, made of its redacted Notes; None where they are still to be made.

        They are kept without their places in files, so that a line put in above a session's notes does not make them new.
        """
        if notes.empty:
            return None
        session = str(notes["session"].iloc[0])
        self._sessions[session] = MADE
        kept = self._fetched(lambda: self._session_name(notes), unpacked)
        if kept is None:
            return None
        self._sessions[session] = FETCHED
        return with_places(kept, notes)

    def keep_session(self, notes: pd.DataFrame, made: LabelledSession) -> None:
        """Keep the labelled points that were made of the redacted Notes of one session :func:`without_places`."""
        if self._entries is not None and len(notes):
            self._keep(self._session_name(notes), packed(made))

    def texts(self, texts: pd.DataFrame) -> LabelledTexts | None:
        """What is said of a block of redacted texts with their headings; None where that is still to be found."""
        return self._fetched(lambda: self._texts_name(texts), unpacked_texts)

    def keep_texts(self, texts: pd.DataFrame, made: LabelledTexts) -> None:
        """Keep what is said of a block of texts."""
        if self._entries is not None:
            self._keep(self._texts_name(texts), packed_texts(made))

    @property
    def folder(self) -> Path | None:
        """Where it keeps its entries; None where it keeps none."""
        return self._entries.folder if self._entries is not None and self._entries.ready() else None

    def account(self) -> dict[str, Any]:
        """For run.json: what of the event that was last asked for was fetched, and what was wrong with the cache."""
        return {"used": self.used, "event": MADE, "sessions": dict(self._sessions), "remarks": self.remarks}

    @property
    def remarks(self) -> list[str]:
        """What was wrong with the cache in this run, in words, each once."""
        return [] if self._entries is None else list(dict.fromkeys(self._entries.remarks))

    def _keep(self, name: str, parts: Mapping[str, bytes]) -> None:
        """Keep an entry, unless the program, a model or a file named in the settings changed since the run began."""
        if self._entries is None:
            return
        try:
            if made_with(self._settings) == self._made:
                self._entries.put(name, parts)
        except (OSError, ThemesError):  # it changed
            return

    def _event_name(self, files: str | None, folder: Path) -> str | None:
        earlier = earlier_result(folder)
        return f"{event_key(self._made, self._settings, files, earlier)}.event" if files and earlier else None

    def _session_name(self, notes: pd.DataFrame) -> str:
        return f"{session_key(self._made, self._settings, without_places(notes))}.session"

    def _texts_name(self, texts: pd.DataFrame) -> str:
        return f"{texts_key(self._made, self._settings, texts)}.texts"

    def _fetched(self, name: Callable[[], str], unpack: Callable[[dict[str, bytes]], Kept]) -> Kept | None:
        if self._entries is None:
            return None
        parts = self._entries.get(name())
        try:
            return None if parts is None else unpack(parts)
        except (ContractError, KeyError, OSError, ValueError) as error:
            remark = f"an entry of the cache is not what it should be ({type(error).__name__}), so its work was done anew"
            self._entries.remarks.append(remark)
            return None
