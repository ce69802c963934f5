"""Which files make up which event, and what their names say.

A folder that holds notes is one event, with everything beneath it. A folder that holds only
folders is a folder of events, unless those are named after sessions or tables. A file named by itself is
one event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest.headings import named_table, recognise
from pipeline.ingest.limits import FILES, FOLDERS_DEEP

EVENT_FILES = ("event.yaml", "event.yml")
# Beside the notes, but not notes: about the folder, and the coded answers to measure against.
NOT_NOTES = {"gold.csv": "coded answers to measure against", **dict.fromkeys(EVENT_FILES, "details of the event")}
_README = re.compile(r"^read.?me\b", re.IGNORECASE)
_CLUTTER = re.compile(r"^(\.|~\$|thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_ATTENDANCE = re.compile(r"attend|participant|who.?came|sign.?in|delegate", re.IGNORECASE)
_ENDING = re.compile(r"\.(docx?|xls[xm]?|csv|tsv|txt|md|pdf)$", re.IGNORECASE)
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
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

    Links within a folder are not followed, and pipes, devices and folders that may not be opened cannot be read. They stand among
    the files of a source all the same, so that reading them tells.

    Parameters
    ----------
    paths : files or folders, in any order; the result does not depend on it.

    Raises
    ------
    ReadError : a path does not exist or cannot be opened, or a folder holds more files than an event has.
    """
    sources: list[Source] = []
    for path in sorted({_found(path) for path in paths}):
        if path.is_dir():
            sources += _in_folder(path)
        else:
            sources.append(Source(path.stem, path.parent, (path,)))
    return sorted({source.files: source for source in sources}.values(), key=lambda source: (source.name, source.files))


def _found(path: Path) -> Path:
    """The full path of what a user named."""
    try:
        full = path.resolve()
        full.stat()
    except FileNotFoundError as error:
        raise ReadError(
            "there is no such file or folder",
            where=printable(str(path)),
            expected="a file of notes, or a folder of them",
            do="check the spelling, and that the drive is connected",
        ) from error
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: links that go round in a circle
        raise ReadError(
            f"it cannot be looked at ({getattr(error, 'strerror', None) or error})",
            where=printable(str(path))[:200],
            expected="a file of notes, or a folder of them",
            do="check the name, and that you may open it",
        ) from error
    return full


def _in_folder(folder: Path, depth: int = 0) -> list[Source]:
    try:
        children = sorted(child for child in folder.iterdir() if not _CLUTTER.match(child.name))
    except OSError:
        return [Source(folder.name, folder.parent, (folder,))]
    if depth > FOLDERS_DEEP:
        raise ReadError(
            f"its folders go more than {FOLDERS_DEEP} deep",
            where=printable(str(folder))[:200],
            expected="folders of events, each with its notes",
            do="name the folder that holds the notes",
        )
    folders = [child for child in children if _is_folder(child)]
    others = [child for child in children if not _is_folder(child)]
    notes = [child for child in others if child.is_file() and not child.is_symlink() and not _beside(child)]
    event_file = next((child for child in others if child.name.lower() in EVENT_FILES), None)
    within = all({"session", "table"} & set(marks_of_name(child.name)) for child in folders)
    if notes or event_file or (folders and within):
        everything = sorted(_everything(folder))
        return [
            Source(
                folder.name,
                folder,
                tuple(p for p in everything if not _beside(p)),
                event_file,
                tuple(p for p in everything if _beside(p)),
            )
        ]
    strays = [Source(child.stem, folder, (child,)) for child in others if not _beside(child)]
    return strays + [source for child in folders for source in _in_folder(child, depth + 1)]


def _is_folder(path: Path) -> bool:
    """Whether a path is a folder to look into: no link, and not named like a file of notes."""
    try:
        return path.is_dir() and not path.is_symlink() and not _ENDING.search(path.name)
    except OSError:
        return False


def _everything(folder: Path) -> Iterator[Path]:
    """Every file beneath a folder but clutter, with what should be a file and is none, and folders that may not be opened."""
    found = 0
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            children = [child for child in here.iterdir() if not _CLUTTER.match(child.name)]
        except OSError:
            yield here
            continue
        for child in children:
            if _is_folder(child):
                waiting.append(child)
                continue
            found += 1
            yield child
        if found > FILES:
            raise ReadError(
                f"it holds more than {FILES:,} files",
                where=printable(str(folder))[:200],
                expected="the notes of one event",
                do="name the folder that holds the notes, and nothing else",
            )


def printable(name: str) -> str:
    r"""A name as it can be shown: line ends, control characters and what turns writing round as their codes.

    >>> printable("a\nb\u202excod.txt"), printable("Séance 1 – naïve.txt")
    ('a\\x0ab\\u202excod.txt', 'Séance 1 – naïve.txt')
    """
    return _UNSHOWN.sub(lambda found: f"\\x{ord(found[0]):02x}" if ord(found[0]) < 256 else f"\\u{ord(found[0]):04x}", name)


def _beside(path: Path) -> bool:
    return path.name.lower() in NOT_NOTES or bool(_README.match(path.name))


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
    stem = _ENDING.sub("", name)
    marks = recognise(_SEPARATORS.sub(" ", stem))
    whole = recognise(stem)
    values = {**marks.values, **{k: v for k, v in whole.values.items() if k not in marks.values}}
    if "table" not in values and (named := named_table(re.sub(r"\s*\(.*?\)", "", stem))):
        values["table"] = named
    topic = marks.topic or whole.topic
    if "session" not in values and topic:
        values["session"] = topic
    return {name: values[name] for name in ("session", "table", "aspect", "priority", "level") if name in values}
