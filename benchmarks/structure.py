"""How well notes become points: example events against their coded answers.

For each event under data/raw: share of gold points found (same words in the same session and table), share of points
that are in no gold row, and, over the points found, how often aspect, priority, level, resident and mentions are right.

    python -m benchmarks.structure            prints the table and writes benchmarks/results/structure.json
    python -m benchmarks.structure data/raw/millbrook  only that event, with every difference listed
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import pandas as pd

from pipeline.ingest import find_sources, ingest
from pipeline.redact import redact
from pipeline.settings import Settings
from pipeline.tokenise import tokenise

ROOT = Path(__file__).resolve().parents[1]
FIELDS = ("aspect", "priority", "level", "resident", "mentions")
PLACEHOLDER = re.compile(r"\[[A-Z]+ \d+\]")


def points_of(folder: Path) -> pd.DataFrame:
    """Points of one event folder, ingested, redacted and tokenised as a run does."""
    (source,) = find_sources([folder])
    gathered = ingest(source)
    notes = redact(gathered.notes, gathered.dropped, gathered.event).notes
    return tokenise(notes, Settings())[0]


def same(text: str) -> str:
    """Words and signs only, so that spacing, quote style and closing stops do not decide."""
    return " ".join(re.findall(r"[\w£%?]+", text.lower()))


def pattern(text: str) -> re.Pattern[str]:
    """A point's text as a pattern in which a placeholder stands for what was replaced."""
    return re.compile(".*".join(re.escape(same(part)) for part in PLACEHOLDER.split(text)))


def compare(folder: Path) -> tuple[dict[str, float | int], list[str]]:
    """Figures of one event, and every difference in words."""
    with (folder / "gold.csv").open(encoding="utf-8-sig", newline="") as file:
        gold = list(csv.DictReader(file))
    points = points_of(folder).to_dict("records")
    left: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in gold:
        left[row["source_file"]].append(row)
    extra, pairs, differences = [], [], []
    for point in points:
        # A file may be called after whoever typed it; its name is redacted too.
        offered = next((rows for name, rows in left.items() if pattern(point["source_file"]).fullmatch(same(name))), [])
        whole = pattern(point["text"])
        fits = [row for row in offered if whole.fullmatch(same(row["point"]))]
        best = max(fits, key=lambda row: sum(str(point[f]) == row[f] for f in ("session", "table", *FIELDS)), default=None)
        if best is None:
            extra.append(point)
        else:
            offered.remove(best)
            pairs.append((point, best))
    missing = [row for rows in left.values() for row in rows]
    right = {
        name: sum(str(point[name]) == row[name] for point, row in pairs) / max(1, len(pairs)) for name in ("session", "table", *FIELDS)
    }
    differences += [f"missing  {row['source_file']}: {row['point']}" for row in missing]
    differences += [f"extra    {point['source_file']}: {point['text']}" for point in extra]
    for point, row in pairs:
        differences += [
            f"{name:8} {point['source_file']} {point['source_locator']}: '{point[name]}' for '{row[name]}' ({point['text'][:50]})"
            for name in ("session", "table", *FIELDS)
            if str(point[name]) != row[name]
        ]
    figures: dict[str, float | int] = {
        "gold": len(gold),
        "found": len(pairs) / len(gold),
        "extra": len(extra) / max(1, len(points)),
        **right,
    }
    return figures, differences


def main(names: list[str]) -> None:
    folders = [Path(name) for name in names] or [f for f in sorted((ROOT / "data" / "raw").iterdir()) if (f / "gold.csv").is_file()]
    table = {}
    for folder in folders:
        table[folder.name], differences = compare(folder)
        if names:
            print("\n".join(differences))
    print(pd.DataFrame(table).T.round(3).to_string())
    if not names:
        out = ROOT / "benchmarks" / "results" / "structure.json"
        out.parent.mkdir(exist_ok=True)
        out.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
