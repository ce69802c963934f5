"""Names that the office wants kept or replaced whatever the rules say: two files, one name a line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import SettingsError
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.redact.structured import Span

_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|cllr|councillor|sgt|sergeant|insp(?:ector)?|pc|pcso|rev)\b\.?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NameLists:
    """Names to keep and names to replace, as they were typed."""

    kept: frozenset[str]
    replaced: re.Pattern[str] | None

    def keeps(self, kind: str, detail: str) -> bool:
        """Tell whether a detail is a name to be kept: the whole name, whatever its capitals and spaces."""
        return kind == "PERSON" and _plain(detail) in self.kept

    def demanded(self, text: str) -> list[Span]:
        """Where names to be replaced stand in a text as whole words."""
        return [] if self.replaced is None else [(match.start(), match.end(), "PERSON") for match in self.replaced.finditer(text)]


def load_name_lists(settings: Settings) -> NameLists:
    """Read the files that the settings ``keep_names`` and ``redact_also`` name; a name in both is replaced.

    Raises
    ------
    SettingsError : a file cannot be read as text.
    """
    also = [" ".join(name.split()) for name in _names(settings.redact_also, "redact_also")]
    kept = {_plain(name) for name in _names(settings.keep_names, "keep_names")} - {_plain(name) for name in also}
    return NameLists(frozenset(kept), _pattern(also))


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    listed = [r"\s+".join(map(re.escape, name.split())) for name in sorted(set(names), key=lambda name: (-len(name), name))]
    return re.compile(rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)", re.IGNORECASE) if listed else None


def _names(path: Path | None, setting: str) -> list[str]:
    if path is None:
        return []
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else "it is not text in UTF-8"
        raise SettingsError(
            f"the list of names cannot be read ({what})",
            where=f"setting {setting} (--{setting.replace('_', '-')}): {path}",
            expected="a text file, one name a line",
            do="name a file that is there, or leave the setting out",
        ) from error
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _plain(name: str) -> str:
    return " ".join(_TITLE.sub("", name.strip()).casefold().replace("’", "'").replace(".", " ").split())
