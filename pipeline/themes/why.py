"""Why: how a theme came about, in a sentence for people to read."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from pipeline.records import SEPARATOR, Columns
from pipeline.taxonomy import Taxonomy
from pipeline.themes.groups import Group


def tables_of(tables: npt.NDArray[Any]) -> int:
    """How many tables points were made at, those without a name left out."""
    return len(set(tables) - {""})


def why(group: Group, members: Columns, keyphrases: tuple[str, ...], tables_total: int, taxonomy: Taxonomy) -> str:
    """Of how many points a theme is made, at how many of the tables of its session, and what brought them together."""
    where = f" at {tables_of(members['table'])} of {tables_total} tables" if tables_total else ""
    count = "1 point" if len(group.rows) == 1 else f"{len(group.rows)} points"
    about = f", most distinctively on {_listed(keyphrases[:3])}" if keyphrases else ""
    if group.kind == "taxonomy":
        code = group.codes[0]
        carried = {given for codes in set(members["codes"]) for given in codes.split(SEPARATOR)}
        beneath = tuple(part for part in taxonomy.descendants(code) if part in carried)
        parts = f" or a part of it ({_listed(beneath)})" if beneath else ""
        return f"{count}{where} labelled '{code}'{parts}{about}."
    if group.title:
        return f"{count}{where} that people split off into this theme{about}."
    return f"{count}{where} that no theme of the taxonomy explains and that resemble each other{about}."


def _listed(items: tuple[str, ...]) -> str:
    quoted = [f"'{item}'" for item in items]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]
