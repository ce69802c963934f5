"""Abbreviations written out, for embedding and matching; the text shown stays as typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from pipeline.errors import SettingsError, listed


@dataclass(frozen=True)
class Glossary:
    """Abbreviations and what they stand for.

    ``exact`` are matched only with their capitals (IT, US); ``folded`` in any case. Keys of ``folded`` are lower case.
    """

    exact: dict[str, str]
    folded: dict[str, str]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches any abbreviation standing as a word of its own, with an optional plural s."""
        return _compiled(tuple(sorted({*self.exact, *self.folded})))

    def expand(self, text: str) -> str:
        """Write every abbreviation out.

        >>> Glossary({}, {"asb": "anti-social behaviour", "w/": "with"}).expand("ASB w/ YPs")
        'anti-social behaviour with YPs'
        """

        def written_out(match: re.Match[str]) -> str:
            typed, plural = match["short"], match["plural"]
            full = self.exact.get(typed) or self.folded.get(typed.lower())
            if full is None:
                return match.group()
            return f"{full}s" if plural and not full.endswith("s") else full

        return self.pattern.sub(written_out, text)


@lru_cache(maxsize=8)
def _compiled(keys: tuple[str, ...]) -> re.Pattern[str]:
    if not keys:
        return re.compile(r"(?!)(?P<short>)(?P<plural>)")
    longest_first = "|".join(re.escape(key) for key in sorted(keys, key=lambda key: (-len(key), key)))
    return re.compile(rf"(?<![\w'’])(?P<short>{longest_first})(?P<plural>['’]?s)?(?![\w'’])", re.IGNORECASE)


def load_glossary(path: Path) -> Glossary:
    """Read a glossary file: ``ABBR: expansion``, or ``IT: {expansion: …, case: true}``.

    Raises
    ------
    SettingsError : it is no mapping, or entries are not of that form; all faults at once.
    """
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"the glossary cannot be read ({' '.join(str(error).split())[:160]})",
            where=str(path),
            expected="a YAML file of lines 'ABBR: expansion'",
            do="mend the file or the setting 'glossary'",
        ) from error
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    faults: list[str] = []
    for key, value in (entries if isinstance(entries, dict) else {"the file": None}).items():
        if isinstance(value, dict) and isinstance(value.get("expansion"), str):
            (exact if value.get("case") else folded)[str(key) if value.get("case") else str(key).lower()] = value["expansion"]
        elif isinstance(value, str):
            folded[str(key).lower()] = value
        else:
            faults.append(f"'{key}' has no expansion")
    if faults:
        raise SettingsError(
            listed(faults), where=str(path), expected="'ABBR: expansion' or 'ABBR: {expansion: …, case: true}'", do="mend those lines"
        )
    return Glossary(exact, folded)
