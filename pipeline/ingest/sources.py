"""Which files make up which event, and what their names say.

A folder that holds notes is one event, with everything beneath it. A folder that holds only
folders is a folder of events, unless those are named after sessions or tables. A file named by itself is
one event.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest.headings import named_table, recognise

EVENT_FILES = ("event.yaml", "event.yml")
# Beside the notes, but not notes: about the folder, and the coded answers to measure against.
NOT_NOTES = {"gold.csv": "coded answers to measure against", **dict.fromkeys(EVENT_FILES, "details of the event")}
_README = re.compile(r"^read.?me\b", re.IGNORECASE)
_CLUTTER = re.compile(r"^(\.|~\$|thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_ATTENDANCE = re.compile(r"attend|participant|who.?came|sign.?in|delegate", re.IGNORECASE)
_SEPARATORS = re.compile(r"[_\-.]+|(?<=[a-z])(?=[A-Z0-9])|(?<=\d)(?=[A-Za-z]{2})")


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one event. ``root`` is its folder; ``files`` are sorted; ``name`` seeds its id."""

    name: str
    root: Path
    files: tuple[Path, ...]
    event_file: Path | None = None
    beside: tuple[Path, ...] = ()

    @property
    def id(self) -> str:
        """The event's id, which names its folder of results."""
        return slug(self.name)


def slug(text: str) -> str:
    """A name for folders: lower-case words joined by hyphens.

    >>> slug("Burnley, Pendle & Rossendale (2009)")
    'burnley-pendle-rossendale-2009'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "event"


def find_sources(paths: Sequence[Path]) -> list[Source]:
    """Group files into events.

    Parameters
    ----------
    paths : files or folders, in any order; the result does not depend on it.

    Raises
    ------
    ReadError : a path does not exist.
    """
    sources: list[Source] = []
    for path in sorted({path.resolve() for path in paths}):
        if path.is_dir():
            sources += _in_folder(path)
        elif path.exists():
            sources.append(Source(path.stem, path.parent, (path,)))
        else:
            raise ReadError(
                "there is no such file or folder",
                where=str(path),
                expected="a file of notes, or a folder of them",
                do="check the spelling, and that the drive is connected",
            )
    return sorted({source.files: source for source in sources}.values(), key=lambda source: (source.name, source.files))


def _in_folder(folder: Path) -> list[Source]:
    children = sorted(child for child in folder.iterdir() if not _CLUTTER.match(child.name))
    folders = [child for child in children if child.is_dir() and not child.is_symlink()]
    notes = [child for child in children if child.is_file() and not _beside(child)]
    event_file = next((child for child in children if child.name.lower() in EVENT_FILES), None)
    within = all({"session", "table"} & set(marks_of_name(child.name)) for child in folders)
    if notes or event_file or (folders and within):
        everything = [p for p in sorted(folder.rglob("*")) if p.is_file() and not _hidden(p, folder)]
        return [
            Source(
                folder.name,
                folder,
                tuple(p for p in everything if not _beside(p)),
                event_file,
                tuple(p for p in everything if _beside(p)),
            )
        ]
    return [source for child in folders for source in _in_folder(child)]


def _beside(path: Path) -> bool:
    return path.name.lower() in NOT_NOTES or bool(_README.match(path.name))


def _hidden(path: Path, root: Path) -> bool:
    return any(_CLUTTER.match(part) for part in path.relative_to(root).parts)


def about_beside(path: Path) -> str:
    """Why a file beside the notes is not read as notes."""
    return NOT_NOTES.get(path.name.lower(), "about the folder")


def lists_attendance(name: str) -> bool:
    """Whether a file's name says that it lists who came."""
    return bool(_ATTENDANCE.search(name))


def marks_of_name(name: str) -> dict[str, str]:
    """Fields that the name of a file, a sheet or a folder gives.

    >>> marks_of_name("wkshp2_table4.docx")
    {'session': '2', 'table': '4'}
    >>> marks_of_name("merevale residents.pdf")
    {'session': '3'}
    >>> marks_of_name("notes.txt")
    {}
    """
    stem = re.sub(r"\.(docx?|xls[xm]?|csv|tsv|txt|md|pdf)$", "", name, flags=re.IGNORECASE)
    marks = recognise(_SEPARATORS.sub(" ", stem))
    whole = recognise(stem)
    values = {**marks.values, **{k: v for k, v in whole.values.items() if k not in marks.values}}
    if "table" not in values and (named := named_table(re.sub(r"\s*\(.*?\)", "", stem))):
        values["table"] = named
    topic = marks.topic or whole.topic
    if "session" not in values and topic:
        values["session"] = topic
    return {name: values[name] for name in ("session", "table", "aspect", "priority", "level") if name in values}
