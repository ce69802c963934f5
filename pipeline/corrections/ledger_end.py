"""Where a ledger ends, kept in a file beside it: without that, lines missing at the end could not be told from lines never written.

It is written after the lines are on the disk and read before they are, so it may be behind the ledger (a program was killed between
the two) but never ahead of it, unless lines were lost. A ledger without such a file, as one copied alone, is read as it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ReadError


class End(NamedTuple):
    """How many lines a ledger has and the check of the last one; that of an empty ledger is ''."""

    lines: int
    check: str


def end_file(path: Path) -> Path:
    """The file that says where a ledger ends."""
    return path.with_name(f"{path.name}.end")


def read_end(path: Path) -> End:
    """Where a ledger ended when lines were last added to it; (0, '') if nobody wrote that down.

    Raises
    ------
    ReadError : the file is damaged.
    """
    try:
        said = json.loads(end_file(path).read_text("utf-8"))
        return End(int(said["lines"]), str(said["check"]))
    except FileNotFoundError:
        return End(0, "")
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ReadError(
            "the file that says where the ledger of corrections ends cannot be read",
            where=str(end_file(path)),
            expected="the number of lines and a checksum, as this program wrote them",
            do=f"look whether {path.name} has its last decisions (`themes review history`); if so, delete {end_file(path).name}",
        ) from error


def check_end(path: Path, end: End, checks: Sequence[str]) -> None:
    """Hold the checks of a ledger's lines, in order, against where it is said to end.

    Raises
    ------
    ReadError : lines are missing at its end, or the lines there are others.
    """
    if end.lines <= len(checks) and (not end.lines or checks[end.lines - 1] == end.check):
        return
    missing = end.lines - len(checks)
    raise ReadError(
        f"{missing} line(s) are missing at its end" if missing > 0 else f"its line {end.lines} is not the one that was written there",
        where=str(path),
        expected=f"the {end.lines} line(s) that {end_file(path).name} tells of, or more",
        do=(
            "bring the file back from a copy; without one, or if an older ledger is meant to be used, delete "
            f"{end_file(path).name} and apply the review workbooks again, which adds what is missing"
        ),
    )


def write_end(path: Path, end: End) -> None:
    """Write down where a ledger ends, all or nothing, and have it on the disk on return.

    Raises
    ------
    OSError : it cannot be written; what it said before stands.
    """
    fresh = path.with_name(f".{end_file(path).name}.new")  # one name, since only who holds the ledger writes it
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(json.dumps({"lines": end.lines, "check": end.check}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(end_file(path))
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
