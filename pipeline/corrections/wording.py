"""What became of the decisions of people in a run, in plain words; no words of a point, for a report may withhold them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def corrections_in_words(account: dict[str, Any]) -> tuple[str, ...]:
    """Say what became of the decisions on an event; nothing where there were none.

    Parameters
    ----------
    account : what run.json holds of them.

    Examples
    --------
    >>> corrections_in_words({"applied": [{"what": "codes"}], "not_found": [], "conflicts": [], "unknown_codes": []})
    ('1 decision of people is in this result.',)
    """
    return tuple(_lines(account))


def _lines(account: dict[str, Any]) -> Iterator[str]:
    if remark := account.get("ledger", {}).get("unfinished"):
        yield f"The ledger of corrections: {remark}."
    if applied := len(account["applied"]):
        yield f"{applied} decision{'' if applied == 1 else 's'} of people {'is' if applied == 1 else 'are'} in this result."
    for lost in account["not_found"]:
        yield f"Not found again: {_lost(lost)}, by {_by(lost)} ({lost['reason']})."
    for conflict in account["conflicts"]:
        views = "; ".join(f"{_by(view)}: {_said(view['says'])}" for view in conflict["decisions"])
        about = f"point {conflict['point_id']}" if "point_id" in conflict else f"theme {conflict['theme_id']}"
        yield f"Not agreed: {about} ({views}). The program's own result stands until somebody settles it in a review workbook."
    for unknown in account["unknown_codes"]:
        rest = f"; {_said(unknown['applied'])} stays" if unknown["applied"] else "; the program's own label stands"
        yield f"Not in this taxonomy: {_said(unknown['codes'])} of point {unknown['point_id']}, by {_by(unknown)}{rest}."


def _lost(lost: dict[str, Any]) -> str:
    if "theme_id" in lost:
        return f"{lost['what']} of theme {lost['theme_id']}"
    table = f", table {lost['table']}" if lost["table"] else ""
    said = f"theme '{lost['title']}'" if lost["what"] == "split" else _said(lost["codes"] or lost["outcome"])
    return f"{said} of a point of session {lost['session']}{table}"


def _by(entry: dict[str, Any]) -> str:
    return f"{entry['who']} on {entry['when'][:10]}"


def _said(says: list[str] | str) -> str:
    names = {"no_match": "none of these", "not_sure": "not sure"}
    return names.get(says, says) if isinstance(says, str) else " and ".join(f"'{code}'" for code in says)
