"""What a run found as themes.json and themes.csv hold it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from pipeline.beside import elsewhere
from pipeline.errors import ContractError
from pipeline.records import SEPARATOR
from pipeline.results import EventResult, SubTheme, ThemeRow
from pipeline.settings import SCHEMAS
from pipeline.themes import stability_level

THEMES_SCHEMA = "workshop-themes/themes/1.2"


def themes_document(result: EventResult) -> dict[str, Any]:
    """themes.json as a structure of plain values."""
    event = asdict(result.event)
    del event["sessions"]
    sessions = []
    for session in result.event.sessions:
        points = result.points.loc[result.points["session"] == session.id, ["table", "mentions"]]
        tables = points.loc[points["table"] != "", "table"].nunique()
        sessions.append(
            {
                "id": session.id,
                "title": session.title,
                "question": session.question,
                "points": len(points),
                "mentions": int(points["mentions"].sum()),
                "tables": int(tables),
                "themes": [_theme(theme) for theme in result.themes if theme.session == session.id],
            }
        )
    taxonomy = {key: result.run["taxonomy"][key] for key in ("name", "version", "sha256")}
    document = {"schema": THEMES_SCHEMA, "event": event, "taxonomy": taxonomy, "sessions": sessions}
    plain: dict[str, Any] = json.loads(json.dumps(document))  # tuples become lists
    return plain


def _theme(theme: ThemeRow) -> dict[str, Any]:
    return {
        "id": theme.id,
        "rank": theme.rank,
        "kind": theme.kind,
        "codes": list(theme.codes),
        "broader": theme.broader,
        "title": theme.title,
        "why": theme.why,
        "weight": theme.weight,
        "counts": {"points": theme.points, "mentions": theme.mentions, "tables": theme.tables, "tables_total": theme.tables_total},
        "priority": theme.priorities,
        "level": theme.levels,
        "aspects": theme.aspects,
        "residents": theme.residents,
        "keyphrases": list(theme.keyphrases),
        "quotes": [asdict(quote) for quote in theme.quotes],
        "subthemes": [_subtheme(part, theme.tables_total) for part in theme.subthemes],
        "confidence": theme.confidence,
        "stability": theme.stability,
        "stability_level": stability_level(theme.stability),
        "point_ids": list(theme.point_ids),
    }


def _subtheme(part: SubTheme, tables_total: int) -> dict[str, Any]:
    return {
        "id": part.id,
        "title": part.title,
        "counts": {"points": part.points, "mentions": part.mentions, "tables": part.tables, "tables_total": tables_total},
        "keyphrases": list(part.keyphrases),
        "quotes": [asdict(quote) for quote in part.quotes],
        "stability": part.stability,
        "stability_level": stability_level(part.stability),
        "point_ids": list(part.point_ids),
    }


def themes_table(themes: list[ThemeRow]) -> pd.DataFrame:
    """themes.csv: one row a theme; lists joined by '|', counts by value as 'value: n'."""
    rows = []
    for theme in themes:
        rows.append(
            {
                "id": theme.id,
                "session": theme.session,
                "rank": theme.rank,
                "kind": theme.kind,
                "codes": SEPARATOR.join(theme.codes),
                "broader": theme.broader or "",
                "title": theme.title,
                "why": theme.why,
                "weight": theme.weight,
                "points": theme.points,
                "mentions": theme.mentions,
                "tables": theme.tables,
                "tables_total": theme.tables_total,
                "priority": _counts(theme.priorities),
                "level": _counts(theme.levels),
                "aspects": _counts(theme.aspects),
                "residents": _counts(theme.residents),
                "keyphrases": SEPARATOR.join(theme.keyphrases),
                "quotes": SEPARATOR.join(quote.text.replace(SEPARATOR, "/") for quote in theme.quotes),
                "subthemes": SEPARATOR.join(f"{part.title.replace(SEPARATOR, '/')}: {part.points}" for part in theme.subthemes),
                "confidence": theme.confidence,
                "stability": "" if theme.stability is None else theme.stability,
                "stability_level": stability_level(theme.stability),
            }
        )
    columns = (
        "id session rank kind codes broader title why weight points mentions tables tables_total priority level aspects residents "
        "keyphrases quotes subthemes confidence stability stability_level"
    ).split()
    return pd.DataFrame(rows, columns=columns)


def _counts(counts: Mapping[str, int]) -> str:
    return SEPARATOR.join(f"{value}: {number}" for value, number in counts.items())


@elsewhere
def validate(document: dict[str, Any], name: str = "themes") -> None:
    """Hold a document, ``<name>.json``, against its published schema.

    Raises
    ------
    ContractError : it does not keep it.
    """
    import jsonschema

    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(document))
    if error is not None:
        raise ContractError(
            f"{error.message[:200]}",
            where=f"{name}.json, {error.json_path}",
            expected=f"what docs/schema/{name}.schema.json says",
            do="please report this as a fault",
        )
