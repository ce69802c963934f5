"""The partnership office: a small event of notes, which is made up, run again and again, with decisions in between."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from decisions import USED, WHEN

from pipeline.corrections import Decision, PointSaid, ThemeShown, Verdict, append, decide
from pipeline.run import run_events
from pipeline.settings import Settings

HEADER = ["session", "table", "priority", "level", "aspect", "point"]
ROWS = [
    ["1", "1", "Urgent & Essential", "local", "challenge", "Burglaries in the terraces behind the mill"],
    ["1", "1", "Urgent but not Essential", "division", "challenge", "Speeding past the infant school"],
    ["1", "2", "Urgent & Essential", "local", "challenge", "Litter and broken glass in the park"],
    ["1", "2", "Not Urgent or Essential", "local", "challenge", "Swans nest early on the weir"],
    ["1", "3", "Not Urgent or Essential", "local", "challenge", "Swans nest on the weir again"],
    ["1", "3", "Not Urgent or Essential", "local", "challenge", "The church clock has stopped at noon"],
    ["1", "2", "Not Urgent or Essential", "local", "challenge", "The clock on the church is slow"],
    ["2", "1", "", "", "barrier", "No one rings back after a report"],
]
SPEEDING = ROWS[1][-1]
RESULTS = ("themes.json", "themes.csv", "points.csv", "points.parquet", "report.md")


class Office:
    """A folder of notes and a folder of results."""

    def __init__(self, place: Path) -> None:
        self.notes, self.out, self.ledger = place / "evening", place / "out", place / "out" / "corrections.jsonl"
        self.write("notes.csv", ROWS)

    def write(self, name: str, rows: list[list[str]]) -> None:
        self.notes.mkdir(exist_ok=True)
        with (self.notes / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows])

    def run(self, settings: Settings | None = None) -> Found:
        (finished,) = run_events([self.notes], self.out, settings or Settings())
        return Found(finished.folder, finished.corrections)

    def code(self, text: str, *codes: str, who: str = "A. Analyst") -> Decision:
        """Decide the codes of a point of the last run."""
        point = Found(self.out / "evening", ()).point(text)
        said = PointSaid(**{name: point[name] for name in ("point_id", "text", "session", "table", "aspect", "source_file")})
        new = Verdict(codes, "labelled" if codes else "no_match")
        decision = decide(
            "codes", event="evening", who=who, source="excel", origin="w1", point=said, new=new, taxonomy=USED, when=WHEN,
            old=Verdict(tuple(filter(None, point["codes"].split("|"))), point["outcome"]),
        )  # fmt: skip
        append(self.ledger, [decision])
        return decision

    def decide_on(self, theme_id: str, what: str, new: Verdict = Verdict(), codes: tuple[str, ...] = ()) -> None:  # noqa: B008
        theme = ThemeShown(theme_id, "1", "As it was", codes)
        old = Verdict(title="As it was") if what == "rename" else Verdict()
        decision = decide(
            what, event="evening", who="A. Analyst", source="excel", origin="w1", theme=theme, old=old, new=new, taxonomy=USED
        )
        append(self.ledger, [decision])


class Found:
    """What a run wrote."""

    def __init__(self, folder: Path, told: tuple[str, ...]) -> None:
        self.folder, self.told = folder, told
        with (folder / "points.csv").open(encoding="utf-8", newline="") as file:
            self.points = list(csv.DictReader(file))
        sessions = json.loads((folder / "themes.json").read_text("utf-8"))["sessions"]
        self.themes = {theme["id"]: theme for session in sessions for theme in session["themes"]}
        self.account = json.loads((folder / "run.json").read_text("utf-8"))["corrections"]
        self.bytes = {name: (folder / name).read_bytes() for name in RESULTS}
        self.report = (folder / "report.md").read_text("utf-8")

    def point(self, text: str) -> dict[str, str]:
        (found,) = (row for row in self.points if row["text"] == text)
        return found
