"""Coded points to fit, tune and measure with, ready for the labeller.

The six example events are split once: three to tune on, three only to report on.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.embed import Encoder, Vectors, embed
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy
from pipeline.tokenise import expand_and_read

ROOT = Path(__file__).resolve().parents[1]
DEV = ROOT.parent / "shared" / "data" / "coded" / "dev.csv"
TUNING_EVENTS = ("brackenfell", "castlegate", "kingsmead")
REPORTED_EVENTS = ("merevale", "millbrook", "saltby-coast")


@dataclass(frozen=True)
class Coded:
    """Texts with their codes: ``truth`` and ``ignored`` (given by one coder only) are bool (n, themes)."""

    texts: list[str]
    truth: npt.NDArray[np.bool_]
    ignored: npt.NDArray[np.bool_]


def from_rows(rows: list[tuple[str, str, str]], taxonomy: Taxonomy) -> Coded:
    """From (text, codes, optional codes), '|' between codes."""

    def indicator(column: int) -> npt.NDArray[np.bool_]:
        return np.array([[code in row[column].split("|") for code in taxonomy.codes] for row in rows], dtype=bool)

    return Coded([row[0] for row in rows], indicator(1), indicator(2))


def events(names: tuple[str, ...], taxonomy: Taxonomy) -> Coded:
    """Gold points of example events."""
    rows = []
    for name in names:
        with (ROOT / "data" / "raw" / name / "gold.csv").open(encoding="utf-8-sig", newline="") as file:
            rows += [(row["point"], row["codes"], "") for row in csv.DictReader(file)]
    return from_rows(rows, taxonomy)


def dev(taxonomy: Taxonomy) -> Coded | None:
    """The coded real points, where they are at hand."""
    if not DEV.is_file():
        return None
    with DEV.open(encoding="utf-8-sig", newline="") as file:
        return from_rows([(r["text"], r["codes"], r["optional_codes"]) for r in csv.DictReader(file)], taxonomy)


def prepare(texts: list[str], encoder: Encoder, settings: Settings) -> tuple[Vectors, list[str], list[bool]]:
    """Vectors, lemmas and the procedural flag of texts, as a run computes them."""
    read = expand_and_read(texts, settings)
    return embed(list(read["expanded"]), encoder), list(read["lemmas"]), list(read["procedural"])
