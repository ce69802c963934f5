"""card.md: a trained model in plain English, from what card.json says of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.learning.measuring import BETTER, FEWEST, FOLDS, TOO_FEW

_NAMES = {
    "micro_f1": "F1 over all points and themes (micro)",
    "macro_f1": "mean of the themes' F1 (macro)",
    "micro_precision": "of the codes given, those that are right",
    "micro_recall": "of the right codes, those that were given",
    "exact_match": "points whose codes are all right",
}
_VERDICTS = {
    TOO_FEW: f"Too few to say: at least {FEWEST} different texts from {FOLDS} different notes are needed.",
    BETTER: "Better: F1 over all points is higher than before, and the mean of the themes' F1 no lower.",
    "not better": "Not better: F1 over all points is not higher than before, or the mean of the themes' F1 is lower.",
}


def card_page(card: dict[str, Any]) -> str:
    """The page, Markdown."""
    return "\n".join(_lines(card)) + "\n"


def verdict_in_words(card_verdict: str, difference: dict[str, Any]) -> str:
    """What the figures say, and whether that can be told from chance.

    Parameters
    ----------
    card_verdict : as :attr:`pipeline.learning.measuring.Measured.verdict`.
    difference : of micro-F1, after less before: value, low and high.
    """
    said = _VERDICTS[card_verdict]
    if card_verdict == TOO_FEW:
        return said
    sure = difference["low"] > 0 or difference["high"] < 0
    return f"{said} The difference {'is larger than chance would bring' if sure else 'cannot be told from chance'} on so many points."


def _lines(card: dict[str, Any]) -> Iterator[str]:
    data, held, taxonomy = card["data"], card["held_back"], card["taxonomy"]
    yield f"# Trained model {card['name']}\n"
    yield f"Made on {card['made'][:10]} by workshop-themes {card['version']}, from what people said of {data['texts']} different texts."
    yield "**It holds words of your notes** (personal details replaced as far as the program found them). Keep it where you keep them.\n"
    yield "## What it learnt from\n"
    decisions = data["ledger"]["decisions"]
    yield f"- {decisions} decision{'' if decisions == 1 else 's'} on points, of the ledger of corrections"
    for file in data["files"]:
        yield f"- {file['points']} coded points of `{file['name']}` (sha256 {file['sha256'][:12]})"
    yield f"- {data['without_code']} of the texts have no code"
    for remark in data["remarks"]:
        yield f"- {remark}"
    texts = ", ".join(f"{code} {number}" for code, number in data["texts_of_theme"].items() if number)
    yield f"\nTexts of each theme: {texts or 'none'}.\n"
    yield "## Is it better?\n"
    yield f"{verdict_in_words(card['verdict'], card['difference'].get('micro_f1', {}))}\n"
    if held["points"]:
        yield from _measured(card)
    yield "The model itself was then fitted to all of the texts.\n"
    yield "## Where it is used\n"
    if card["adopted"]:
        why = "because it was better" if card["better"] else "because somebody said so (--adopt)"
        yield f"Later runs into the same folder use it, {why}.\n"
    else:
        yield "Later runs do not use it. To have them use it, train again with `--adopt`; for one run, `themes run --trained FOLDER`.\n"
    yield "To undo it, delete `trained.json` in the folder of the results, or name an earlier model for a run with `--trained FOLDER`;"
    yield "`--trained none` uses none. What people decided stays in the ledger.\n"
    yield "## What it belongs to\n"
    yield f"- taxonomy {taxonomy['name']} {taxonomy['version']} (sha256 {taxonomy['sha256'][:12] or 'none'})"
    yield f"- encoder {card['encoder']['name']} (sha256 {card['encoder']['sha256'][:12] or 'none'})"
    yield f"- model.npz has the sha256 {card['sha256']}\n"
    yield "With any other taxonomy or encoder it is refused."


def _measured(card: dict[str, Any]) -> Iterator[str]:
    held = card["held_back"]
    yield (
        f"The texts were dealt into {held['parts']} parts (seed {held['seed']}; {held['groups']} notes or single texts, the points of one "
        "note always in the same part). Each part was held back in turn: a model learnt from the others, and both it and the labeller "
        f"without any training were asked for the codes of the part. So all {held['points']} texts were judged by models that had not "
        "seen them. If people corrected the points that the program was unsure of, these texts are harder than most, and the figures "
        "lower than they would be for all points.\n"
    )
    yield "| figure | before | after |"
    yield "|---|---|---|"
    for name, said in _NAMES.items():
        yield f"| {said} | {_figure(card['before'][name])} | {_figure(card['after'][name])} |"
    yield ""
    for name, of in (("micro_f1", "F1 over all points"), ("macro_f1", "mean of the themes' F1")):
        found = card["difference"][name]
        if found["value"] is not None:
            yield f"Difference in the {of}: {found['value']:+.3f} ({found['low']:+.3f} to {found['high']:+.3f})."
    yield "In brackets: 95% intervals, from resampled points.\n"


def _figure(found: dict[str, Any]) -> str:
    if found["value"] is None:
        return "–"
    return f"{found['value']:.3f}" + ("" if found["low"] is None else f" ({found['low']:.3f} to {found['high']:.3f})")
