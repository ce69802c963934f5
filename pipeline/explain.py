"""Why is this point here? One call for a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from pipeline.embed import embed
from pipeline.errors import ReadError
from pipeline.labelling import load_models
from pipeline.settings import Settings, load_settings
from pipeline.shown import table_html
from pipeline.store import read_run
from pipeline.tokenise import expand_and_read


@dataclass(frozen=True, slots=True, repr=False, eq=False)
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
        lines = [f"'{self.point['text']}'", self._place(), self._outcome(), *(f"  {reason}" for reason in self._reasons())]
        lines.append(f"{_HEAD}:")
        for row in self.sources.head(_SHOWN).to_dict("records"):
            said = ", ".join(f"{name} {value:+z.1f}" for name, value in row.items() if isinstance(value, float) and name not in _FIGURES)
            lines.append(f"  {row['code']}: probability {row['probability']:.2f}, given from {row['threshold']:.2f} ({said})")
        return "\n".join([*lines, *(f"Note: {remark}" for remark in self.remarks)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The same for a notebook."""
        added = [name for name in self.sources if name not in {"code", "label", *_FIGURES}]
        table = table_html(self.sources.head(_SHOWN), dict.fromkeys(_FIGURES, "{:.2f}") | dict.fromkeys(added, "{:+z.1f}"))
        reasons = "".join(f"<li>{escape(reason)}</li>" for reason in self._reasons())
        return (
            f"<blockquote>{escape(str(self.point['text']))}</blockquote><p>{escape(self._place())}<br>{escape(self._outcome())}</p>"
            f"<ul>{reasons}</ul><p>{_HEAD}:</p>{table}" + "".join(f"<p>Note: {escape(remark)}</p>" for remark in self.remarks)
        )

    def _place(self) -> str:
        point = self.point
        place = ", ".join(part for part in (f"session {point['session']}", point["table"] and f"table {point['table']}") if part)
        return f"{point['source_file']}, {point['source_locator']} ({place})"

    def _outcome(self) -> str:
        point = self.point
        return f"{point['outcome']} ({point['outcome_score']:.2f})" + (f", theme {point['theme_id']}" if point["theme_id"] else "")

    def _reasons(self) -> list[str]:
        mixed = [f"its cluster is mixed: {self.point['cluster_mixed']}"] if self.point["cluster_mixed"] else []
        return [*(reason for reason in str(self.point["evidence"]).split("; ") if reason), *mixed]


_FIGURES = ("probability", "threshold")
_SHOWN = 3
_HEAD = "What speaks for and against the likeliest themes (log-odds)"


def why(folder: Path | str, point_id: str, settings: Settings | None = None) -> Why:
    """Say why a point of a run has its codes.

    Parameters
    ----------
    folder : the folder of one event, as ``themes run`` writes it.
    point_id : as in points.csv.
    settings : those the run was made with; None takes them from its run.json.

    Raises
    ------
    ReadError : the folder is no run, or has no such point.
    ThemesError : the taxonomy or the models cannot be read.
    """
    stored = read_run(Path(folder))
    found = stored.points[stored.points["point_id"] == point_id]
    if found.empty:
        raise ReadError(
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
