"""Why is this point here? One call for a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.embed import embed
from pipeline.errors import OutputError
from pipeline.run import load_models
from pipeline.settings import Settings, load_settings
from pipeline.store import read_run
from pipeline.tokenise import expand_and_read


@dataclass(frozen=True, slots=True)
class Why:
    """Why a point has its codes.

    Attributes
    ----------
    point : its row of points.csv.
    sources : one row a theme, most probable first: code, label, probability, threshold, and what each source of evidence adds to the
        log-odds (see :meth:`pipeline.label.Labeller.weigh`).
    remarks : how the models of now differ from those of the run, if they do.
    """

    point: pd.Series
    sources: pd.DataFrame
    remarks: tuple[str, ...]

    def __str__(self) -> str:
        """The point, where it stands, and the evidence, in plain lines."""
        point = self.point
        place = ", ".join(part for part in (f"session {point['session']}", point["table"] and f"table {point['table']}") if part)
        lines = [
            f"'{point['text']}'",
            f"{point['source_file']}, {point['source_locator']} ({place})",
            f"{point['outcome']} ({point['outcome_score']:.2f})" + (f", theme {point['theme_id']}" if point["theme_id"] else ""),
            *(f"  {reason}" for reason in str(point["evidence"]).split("; ") if reason),
            *(f"  its cluster is mixed: {point['cluster_mixed']}" for _ in [0] if point["cluster_mixed"]),
            "What speaks for and against the likeliest themes (log-odds):",
        ]
        for row in self.sources.head(3).to_dict("records"):
            said = ", ".join(f"{name} {value:+.1f}" for name, value in row.items() if isinstance(value, float) and name not in _FIGURES)
            lines.append(f"  {row['code']}: probability {row['probability']:.2f}, given from {row['threshold']:.2f} ({said})")
        return "\n".join([*lines, *(f"Note: {remark}" for remark in self.remarks)])


_FIGURES = ("probability", "threshold")


def why(folder: Path | str, point_id: str, settings: Settings | None = None) -> Why:
    """Say why a point of a run has its codes.

    Parameters
    ----------
    folder : the folder of one event, as ``themes run`` writes it.
    point_id : as in points.csv.
    settings : those the run was made with; None takes them from its run.json.

    Raises
    ------
    OutputError : the folder is no run, or has no such point.
    ThemesError : the taxonomy or the models cannot be read.
    """
    stored = read_run(Path(folder))
    found = stored.points[stored.points["point_id"] == point_id]
    if found.empty:
        raise OutputError(
            f"there is no point '{point_id}'",
            where=str(Path(folder) / "points.parquet"),
            expected="a point_id of this run",
            do="look it up in points.csv beside it",
        )
    used = stored.account["settings"]
    settings = settings or load_settings(None, **used)
    encoder, labeller = load_models(settings)
    read = expand_and_read(list(found["text"]), settings).assign(topic=list(found["topic"]))
    sources = labeller.weigh(read, embed(list(read["expanded"]), encoder))
    other = stored.account["taxonomy"]["sha256"] != labeller.taxonomy.sha256
    remarks = (f"the taxonomy is no longer the one of the run ({stored.account['taxonomy']['version']})",) if other else ()
    return Why(found.iloc[0], sources, remarks)
