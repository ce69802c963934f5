"""Coded points to fit, tune and measure with, ready for the labeller."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import Encoder, Vectors, embed
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy
from pipeline.tokenise import expand_and_read

ROOT = Path(__file__).resolve().parents[1]
TRAINING = ROOT / "models" / "training"
DEV = ROOT.parent / "shared" / "data" / "coded" / "dev.csv"
EVENTS = ("brackenfell", "castlegate", "kingsmead", "merevale", "millbrook", "saltby-coast")
# The files of coded texts that are of one register; the last is of all four and goes through what the code frame names of each theme.
REGISTERS = {
    "flip charts": ("flipchart", "flipchart_events", "flipchart_talk", "flip_jottings", "flip_tables"),
    "minutes": (
        "minutes", "minutes_abroad", "minutes_britain", "minutes_celtic", "minutes_cities", "minutes_city_partnerships",
        "minutes_committees", "minutes_england_boards", "minutes_garda_reports", "minutes_ireland", "minutes_ireland_long",
        "minutes_ireland_plain", "minutes_jpc_counties", "minutes_jpc_questions", "minutes_jpc_rural", "minutes_jpc_urban",
        "minutes_officer_reports", "minutes_overseas", "minutes_uk_bodies",
    ),
    "reports and public writing": (
        "report", "report_bullets", "report_consultations", "report_partnership_events", "bullets_workshops", "public_writing",
    ),
    "residents": ("resident", "resident_words"),
    "the frame's aspects": ("frame_aspects",),
}  # fmt: skip
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Coded:
    """Texts with their codes: ``truth`` and ``ignored`` (given by one coder only) are bool (n, themes)."""

    texts: list[str]
    truth: Bools
    ignored: Bools

    def __add__(self, other: Coded) -> Coded:
        return Coded([*self.texts, *other.texts], np.vstack([self.truth, other.truth]), np.vstack([self.ignored, other.ignored]))


def from_rows(rows: list[tuple[str, str, str]], taxonomy: Taxonomy) -> Coded:
    """From (text, codes, optional codes), '|' between codes."""

    def indicator(column: int) -> Bools:
        return np.array([[code in row[column].split("|") for code in taxonomy.codes] for row in rows], dtype=bool)

    return Coded([row[0] for row in rows], indicator(1), indicator(2))


def event(name: str, taxonomy: Taxonomy) -> Coded:
    """Gold points of an example event."""
    with (ROOT / "data" / "raw" / name / "gold.csv").open(encoding="utf-8-sig", newline="") as file:
        return from_rows([(row["point"], row["codes"], "") for row in csv.DictReader(file)], taxonomy)


def training(name: str, taxonomy: Taxonomy) -> Coded:
    """One file of coded texts."""
    return _twice_coded(TRAINING / f"{name}.csv", taxonomy)


def dev(taxonomy: Taxonomy) -> Coded | None:
    """The coded real points, where they are at hand."""
    return _twice_coded(DEV, taxonomy) if DEV.is_file() else None


def _twice_coded(path: Path, taxonomy: Taxonomy) -> Coded:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return from_rows([(row["text"], row["codes"], row["optional_codes"]) for row in csv.DictReader(file)], taxonomy)


def prepare(texts: list[str], encoder: Encoder, settings: Settings) -> tuple[pd.DataFrame, Vectors]:
    """Words and vectors of texts, as a run computes them."""
    read = expand_and_read(texts, settings)
    return read, embed(list(read["expanded"]), encoder)
