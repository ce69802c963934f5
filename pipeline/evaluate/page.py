"""evaluation.md and reliability.svg: an evaluation for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from pipeline.evaluate.figures import NOTHING
from pipeline.report.markdown import plain

FEW = 10  # with fewer gold points a theme's figures say little
PAIRS = 12
BAR = 20
NONE = "–"
_FIGURES = (
    ("micro_precision", "Precision", "of all codes the program gave, the share that the coder gave too"),
    ("micro_recall", "Recall", "of all codes the coder gave, the share that the program found"),
    ("micro_f1", "F1", "precision and recall in one number; 1 is perfect"),
    (
        "macro_precision",
        "Precision, by theme",
        "the same, worked out theme by theme and averaged: rare themes count as much as common ones",
    ),
    ("macro_recall", "Recall, by theme", "the same for recall"),
    ("macro_f1", "F1, by theme", "the same for F1"),
    (
        "samples_precision",
        "Precision, by point",
        "of the codes given to a point, the share that is right, averaged over points that were given any",
    ),
    ("samples_recall", "Recall, by point", "of a point's own codes, the share that was found, averaged over points that have any"),
    ("samples_f1", "F1, by point", "how well its two sets of codes fit, averaged over points with a code from either"),
    ("exact_match", "Exactly right", "the share of points with exactly the coder's codes, none missing and none extra"),
    ("ranking_precision", "Ranking", "how near the top the right codes stand when all themes are sorted by probability; 1 is perfect"),
    ("calibration_error", "Calibration error", "how far probabilities are from what happens, on average; 0 is perfect"),
)
_OUTCOMES = {
    "labelled": "right if at least one code given is the coder's",
    "no_match": "right if the coder gave no code either",
    "undecided": "right to hold back if the coder gave no code either",
    "procedural": "right if the coder gave no code either",
}
_AGREEMENT = (
    ("micro_f1", "F1", "agreement on codes, over all points; 1 is full agreement"),
    ("exact_match", "Same codes", "share of points to which both gave exactly the same codes"),
    ("alpha_themes", "Alpha, themes", "Krippendorff's alpha, theme by theme, averaged: 0 is what chance gives, 1 is full agreement"),
    ("alpha_masi", "Alpha, sets", "the same for whole sets of codes, where sets that overlap differ less (MASI distance)"),
)


def evaluation_page(document: dict[str, Any]) -> str:
    """The page for evaluation.json's content, the same bytes for the same content."""
    parts = (_front, _short, _outcomes, _themes, _confusion, _reliability, _coders, _how_made)
    return "\n".join(line for part in parts for line in part(document)).rstrip() + "\n"


def reliability_svg(reliability: pd.DataFrame) -> bytes:
    """The reliability plot: the nearer to the dashed line, the more the probabilities mean what they say."""
    import altair
    import vl_convert as convert

    scale = altair.Scale(domain=[0, 1])
    x = altair.X("mean_probability:Q", title="mean probability", scale=scale)
    y = altair.Y("share_right:Q", title="share that is right", scale=scale)
    ends = pd.DataFrame({"mean_probability": [0, 1], "share_right": [0, 1]})
    ideal = altair.Chart(ends).mark_line(strokeDash=[4, 4], color="grey").encode(x=x, y=y)
    found = altair.Chart(reliability).mark_line(point=True).encode(x=x, y=y)
    chart = (ideal + found).properties(width=320, height=320, title="Do probabilities mean what they say?")
    svg: str = convert.vegalite_to_svg(chart.to_json())
    return svg.encode()


def _front(document: dict[str, Any]) -> Iterator[str]:
    gold, taxonomy = document["gold"], document["taxonomy"]
    file = plain(gold["file"])
    yield f"# How well the labels fit: {file}"
    yield ""
    yield (
        f"The {gold['points']} points of {file} came with codes; whoever gave them is called the coder here. "
        "The program labelled the same texts with the taxonomy "
        f"{plain(taxonomy['name'])} {plain(taxonomy['version'])}, without seeing those codes. This page says how far the two agree. "
        f"All figures are for {file} alone: they tell what to expect of notes like these. If the program was fitted or tuned on these "
        "points, they are too good."
    )
    yield ""
    if gold["optional_codes"]:
        yield (
            f"{gold['optional_codes']} codes that only one of two coders gave are left out: "
            "the program is neither right nor wrong to give them."
        )
        yield ""


def _short(document: dict[str, Any]) -> Iterator[str]:
    yield "## In short"
    yield ""
    yield (
        "The interval says how far a figure could move if other points of the same kind had been coded; with few points it is wide. "
        f"It is the middle 95% of {document['bootstrap']['resamples']} random redraws of the points."
    )
    yield ""
    rows = []
    for name, title, meaning in _FIGURES:
        found = document["figures"][name]
        digits = 3 if name == "calibration_error" else 2
        rows.append((title, _number(found["value"], digits), _interval(found["low"], found["high"], digits), meaning))
    yield from _table(("figure", "value", "95% interval", "what it means"), rows, right=(1, 2))
    yield "Chance makes a calibration error look larger than it is, most of all with few points, so its interval may lie above the figure."
    yield ""


def _outcomes(document: dict[str, Any]) -> Iterator[str]:
    yield "## What the program said of each point, and how often that was right"
    yield ""
    rows = [
        (
            f"`{o['outcome']}`",
            str(o["points"]),
            str(o["judged"]),
            str(o["right"]),
            _number(o["share"]),
            _interval(o["low"], o["high"]),
            _OUTCOMES[o["outcome"]],
        )
        for o in document["outcomes"]
    ]
    yield from _table(
        ("outcome", "points", "judged", "right", "share right", "95% interval", "what counts as right"), rows, right=(1, 2, 3, 4, 5)
    )


def _themes(document: dict[str, Any]) -> Iterator[str]:
    yield "## Theme by theme"
    yield ""
    yield (
        "*Coded* is how many points the coder gave the theme, *given* how many the program did, *right* how many both did. "
        f"Where fewer than {FEW} points are coded, the figures say little, and a narrow interval there promises nothing."
    )
    yield ""
    themes = sorted((t for t in document["themes"] if t["gold"] or t["given"]), key=lambda t: -t["gold"])
    rows = [
        (
            plain(t["label"]),
            *(str(t[count]) for count in ("gold", "given", "right")),
            *(_number(t[rate]) for rate in ("precision", "recall", "f1")),
            _interval(t["f1_low"], t["f1_high"]),
        )
        for t in themes
    ]
    yield from _table(("theme", "coded", "given", "right", "precision", "recall", "F1", "95% interval"), rows, right=tuple(range(1, 8)))
    absent = [plain(t["label"]) for t in document["themes"] if not t["gold"] and not t["given"]]
    if absent:
        yield f"Neither coded nor given: {', '.join(absent)}."
        yield ""


def _confusion(document: dict[str, Any]) -> Iterator[str]:
    missed = sum(theme["missed"] for theme in document["themes"])
    pairs = [pair for pair in document["confusion"] if pair["instead"] != NOTHING]
    alone = sum(pair["points"] for pair in document["confusion"]) - sum(pair["points"] for pair in pairs)
    yield "## What was given instead"
    yield ""
    yield f"Codes missed: {missed}. With no wrong code in their place: {alone}."
    yield ""
    if not pairs:
        return
    yield "For the others, this is what it wrongly said. *Share* is the share of all points on which that theme was missed."
    yield ""
    rows = [(plain(c["missed_label"]), plain(c["instead_label"]), str(c["points"]), _number(c["share_of_missed"])) for c in pairs[:PAIRS]]
    yield from _table(("theme missed", "given instead", "points", "share"), rows, right=(2, 3))
    if len(pairs) > PAIRS:
        yield f"These are the {PAIRS} most frequent of {len(pairs)} pairs; all of them are in confusion.csv."
        yield ""


def _reliability(document: dict[str, Any]) -> Iterator[str]:
    yield "## Do probabilities mean what they say?"
    yield ""
    yield (
        "Every theme of every point has a probability. Grouped in steps of 0.1, the share that is right should be near the mean "
        "probability in each row: of pairs at 0.80, eight in ten. If the share is lower, the program is too sure of itself; if higher, "
        "not sure enough. Most pairs have nothing to do with each other and a probability near 0, which keeps the calibration error "
        "small: look at the rows below the first."
    )
    yield ""
    rows = [
        (
            f"{b['from']:.3f} to {b['to']:.3f}",
            str(b["pairs"]),
            _number(b["mean_probability"], 3),
            _number(b["share_right"], 3),
            "█" * round(b["share_right"] * BAR) or "·",
        )
        for b in document["reliability"]
    ]
    yield from _table(("probability", "pairs", "mean probability", "share right", "share right, drawn"), rows, right=(0, 1, 2, 3))
    yield "![Share that is right against mean probability](reliability.svg)"
    yield ""


def _coders(document: dict[str, Any]) -> Iterator[str]:
    if not document["agreement"]:
        return
    second = plain(document["gold"]["second_coder"])
    yield "## Two coders and the program"
    yield ""
    yield (
        f"The first coder's codes stand in the column codes, the second's in {second}. People differ too: "
        "the program cannot be expected to agree with a coder more than coders agree with each other."
    )
    yield ""
    rows = []
    for name, title, meaning in _AGREEMENT:
        for pair in document["agreement"]:
            rows.append((title, pair["pair"], _number(pair[name]), _interval(pair[f"{name}_low"], pair[f"{name}_high"]), meaning))
    yield from _table(("figure", "who", "value", "95% interval", "what it means"), rows, right=(2, 3))


def _how_made(document: dict[str, Any]) -> Iterator[str]:
    gold, models = document["gold"], document["models"]
    yield "## How this was made"
    yield ""
    coded = f"{gold['points']} points, {gold['without_code']} of them without a code"
    yield f"- Points: {plain(gold['file'])}, {coded} ({_hash(gold)})"
    if gold["blank_rows"]:
        yield f"- Rows without text left out: {gold['blank_rows']}"
    yield f"- Taxonomy: {plain(document['taxonomy']['name'])} {plain(document['taxonomy']['version'])} ({_hash(document['taxonomy'])})"
    yield f"- Encoder: {plain(models['encoder']['name'])} ({_hash(models['encoder'])})"
    head = models["label_head"]
    thresholds = ", ".join(f"{value:.2f} ({kind})" for kind, value in head["thresholds"].items())
    yield f"- A code is given from this probability upwards, by what a theme was learnt from: {thresholds} (label head {_hash(head)})"
    yield "- Personal details that were recognised are replaced by placeholders in points.csv, as they were before labelling."
    yield "- Every figure's exact definition, the full hashes and all settings are in evaluation.json."


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> Iterator[str]:
    """A Markdown table, readable as plain text too: columns padded, numbers to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(header, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        return (
            "| " + " | ".join(c.rjust(w) if at in right else c.ljust(w) for at, (c, w) in enumerate(zip(cells, widths, strict=True))) + " |"
        )

    yield line(header)
    yield "|" + "|".join("-" * (w + 1) + ":" if at in right else "-" * (w + 2) for at, w in enumerate(widths)) + "|"
    yield from (line(row) for row in rows)
    yield ""


def _hash(thing: dict[str, Any]) -> str:
    return f"sha256 {thing['sha256'][:12]}"


def _number(value: float | None, digits: int = 2) -> str:
    return NONE if value is None else f"{value:.{digits}f}"


def _interval(low: float | None, high: float | None, digits: int = 2) -> str:
    return NONE if low is None or high is None else f"{low:.{digits}f} to {high:.{digits}f}"
