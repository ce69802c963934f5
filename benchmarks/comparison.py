"""How far a comparison of divisions can be trusted: what it finds where there is nothing, and what it misses where there is something.

    python -m benchmarks.comparison     writes benchmarks/results/comparison.json and .csv (five minutes)

Tables are made, themes are not: which themes a table raises is drawn from the tables of the six example events (their gold), all
divisions from the same ones, so that nothing sets a division apart and themes go together as they do there. For power, one theme is drawn
anew: at one share in one division, at another everywhere else. What is counted, tested and worded is what `themes compare` does.

Likeness is that of emergent themes: two draws of one to three gold points of two events, each draw of one code.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Sequence

import numpy as np

from benchmarks.coded import EVENTS, ROOT, Bools, prepare
from pipeline.compare import ABSENT_FROM, ALPHA, LEAST_TABLES
from pipeline.compare.counting import Count, Counts
from pipeline.compare.emergent import LIKENESS
from pipeline.compare.measures import Named, measures
from pipeline.comparison import Cell, Rules
from pipeline.embed import load_encoder
from pipeline.records import SEPARATOR
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, load_taxonomy

DIVISIONS = tuple("ABCDEF")
NULL, POWER = 600, 300
SIZES = (6, 10, 15)
DIFFERENCES = ((0.2, 0.6), (0.2, 0.8), (0.15, 0.9), (0.1, 1.0))
RULES = Rules(ALPHA, LEAST_TABLES, ABSENT_FROM, 1, (), False, LIKENESS)  # noqa: FBT003
LEVELS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
MADE_DIFFERENT = 0


def gold_rows(name: str) -> list[dict[str, str]]:
    """The gold points of an example event that have a code."""
    with (ROOT / "data" / "raw" / name / "gold.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["codes"] not in ("", "none")]


def gold_tables(taxonomy: Taxonomy) -> Bools:
    """Which themes each table of the example events raised, bool (tables, themes)."""
    raised: dict[tuple[str, str], set[str]] = {}
    for name in EVENTS:
        for row in gold_rows(name):
            if row["table"]:
                raised.setdefault((name, row["table"]), set()).update(row["codes"].split(SEPARATOR))
    return np.array([[code in codes for code in taxonomy.codes] for codes in raised.values()], dtype=bool)


def cells(raised: Bools, taxonomy: Taxonomy) -> list[Cell]:
    """What a comparison says of every theme in every division, from bool (divisions, tables of each, themes), theme by theme."""
    size = raised.shape[1]
    at = raised.sum(axis=1)
    counts = Counts(
        "raised",
        "",
        "Raised at all",
        {division: Count(size, size, size) for division in DIVISIONS},
        {
            (code, division): Count(int(at[row, column]), int(at[row, column]), int(at[row, column]))
            for row, division in enumerate(DIVISIONS)
            for column, code in enumerate(taxonomy.codes)
            if at[row, column]
        },
    )
    themes = [Named(theme.code, theme.label, None) for theme in taxonomy.themes]
    made = measures([counts], themes, DIVISIONS, RULES, {})[0]
    by_code = {theme.code: theme.cells for theme in made.themes}
    return [cell for code in taxonomy.codes for cell in by_code.get(code, ())]


def is_found(cell: Cell) -> bool:
    return cell.verdict in ("more", "less")


def nothing(size: int, pool: Bools, taxonomy: Taxonomy, draws: np.random.Generator) -> dict[str, float]:
    """With no difference between divisions every finding is false, so the false-discovery rate is the share of comparisons with any."""
    found = np.array([sum(map(is_found, cells(drawn(size, pool, draws), taxonomy))) for _ in range(NULL)])
    rate = float((found > 0).mean())
    return {
        "tables_a_division": size,
        "simulations": NULL,
        "false_discovery_rate": round(rate, 4),
        "standard_error": round(float(np.sqrt(max(rate, 1 / NULL) * (1 - rate) / NULL)), 4),
        "findings_a_comparison": round(float(found.mean()), 4),
    }


def something(size: int, elsewhere: float, here: float, pool: Bools, taxonomy: Taxonomy, draws: np.random.Generator) -> dict[str, float]:
    """One theme truly differs in one division: how often that is found, and what share of findings is about any other theme."""
    hits, false = [], []
    for _ in range(POWER):
        raised = drawn(size, pool, draws)
        raised[:, :, MADE_DIFFERENT] = draws.random(raised.shape[:2]) < elsewhere
        raised[0, :, MADE_DIFFERENT] = draws.random(size) < here
        said = cells(raised, taxonomy)
        told = said[: len(DIVISIONS)] if raised[:, :, MADE_DIFFERENT].any() else []
        hits.append(bool(told) and told[0].verdict == "more")
        others = sum(map(is_found, said[len(told) :]))
        false.append(others / max(1, others + sum(map(is_found, told))))
    power = float(np.mean(hits))
    return {
        "tables_a_division": size,
        "share_elsewhere": elsewhere,
        "share_here": here,
        "simulations": POWER,
        "power": round(power, 3),
        "standard_error": round(float(np.sqrt(max(power * (1 - power), 1 / POWER) / POWER)), 3),
        "false_discovery_rate": round(float(np.mean(false)), 4),
    }


def drawn(size: int, pool: Bools, draws: np.random.Generator) -> Bools:
    """Tables drawn from the pool for every division, bool (divisions, size, themes)."""
    found: Bools = pool[draws.integers(len(pool), size=(len(DIVISIONS), size))]
    return found


def likeness(draws: np.random.Generator) -> list[dict[str, float]]:
    """How often two draws of points of two events that are so alike are of one code, at each level of likeness."""
    rows = [(name, row["point"], row["codes"]) for name in EVENTS for row in gold_rows(name) if SEPARATOR not in row["codes"]]
    _, vectors = prepare([text for _, text, _ in rows], load_encoder(), Settings())
    groups: list[tuple[str, str, np.ndarray]] = []
    for name, code in sorted({(name, code) for name, _, code in rows}):
        left = list(draws.permutation([place for place, row in enumerate(rows) if (row[0], row[2]) == (name, code)]))
        while left:
            size = int(draws.integers(1, 4))
            mean = vectors[left[:size]].mean(axis=0)
            groups.append((name, code, mean / np.linalg.norm(mean)))
            left = left[size:]
    pairs = [(float(one[2] @ other[2]), one[1] == other[1]) for one, other in itertools.combinations(groups, 2) if one[0] != other[0]]
    alike, same = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    return [
        {
            "likeness": level,
            "pairs": int((alike >= level).sum()),
            "of_one_code": round(float(same[alike >= level].mean()), 3),
            "of_all_pairs_of_one_code": round(float((alike[same] >= level).mean()), 3),
        }
        for level in LEVELS
    ]


def table(rows: Sequence[dict[str, float]]) -> None:
    print("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(map(str, row.values())) + " |")


def main() -> None:
    taxonomy = load_taxonomy(Settings().taxonomy_path)
    pool = gold_tables(taxonomy)
    draws = np.random.default_rng(0)
    null = [nothing(size, pool, taxonomy, draws) for size in SIZES]
    table(null)
    power = [something(size, *difference, pool, taxonomy, draws) for size in SIZES for difference in DIFFERENCES]
    table(power)
    alike = likeness(draws)
    table(alike)
    out = ROOT / "benchmarks" / "results"
    result = {"divisions": len(DIVISIONS), "themes": len(taxonomy.codes), "alpha": ALPHA, "nothing_differs": null, "power": power}
    (out / "comparison.json").write_text(json.dumps({**result, "likeness": alike}, indent=1) + "\n", "utf-8")
    with (out / "comparison.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(power[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(power)


if __name__ == "__main__":
    main()
