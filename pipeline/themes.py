"""Themes: labelled points gathered into the theme list of each session.

A theme of the taxonomy gathers every point that carries its code or a code beneath it; a point with two codes counts in both,
once each, and once in a theme that both are part of. Points that the taxonomy does not explain form emergent themes, one for
each cluster they make among themselves.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.embed import Vectors
from pipeline.errors import ContractError
from pipeline.records import ASPECTS, LEVELS, PRIORITIES, SEPARATOR, Labelled, Quote, ThemeRow, checked, session_order
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy

KEYPHRASES = 5
# Balance of "like the whole theme" against "unlike the quotes already chosen" (Carbonell and Goldstein 1998).
CENTRAL = 0.7
TITLE_WORDS = 10
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows of one theme before it is described."""

    key: str
    kind: str
    codes: tuple[str, ...]
    rows: Rows
    confidence: float
    broader: str | None = None


def gather_themes(
    points: pd.DataFrame, vectors: Vectors, probabilities: npt.NDArray[np.float64], taxonomy: Taxonomy, settings: Settings
) -> tuple[pd.DataFrame, list[ThemeRow]]:
    """Gather the themes of every session of one event.

    Parameters
    ----------
    points : Labelled, n rows.
    vectors : float32 (n, dimension), unit rows, row for row.
    probabilities : float64 (n, themes of the taxonomy).

    Returns
    -------
    (points, themes) : the points with ``theme_id`` (that of the first code that no other of its codes is part of; empty for
        undecided and procedural points), sorted by session, table and content; and the themes, by session and rank. Themes
        rank by tables that raised them, then mentions, then points, then title.
    """
    checked(Labelled, points, "given to themes")
    points = points.reset_index(drop=True)
    theme_of = [""] * len(points)
    themes: list[ThemeRow] = []
    for session, group in sorted(points.groupby("session", sort=True), key=lambda pair: session_order(str(pair[0]))):
        rows = group.sort_values(["text", "point_id"]).index.to_numpy()
        made = _of_session(str(session), rows, points, vectors, probabilities, taxonomy, settings)
        themes += made
        _assign(theme_of, made, points, taxonomy)
    points = points.assign(theme_id=theme_of if theme_of else pd.Series(dtype="str"))
    order = sorted(range(len(points)), key=lambda i: _point_order(points.iloc[i]))
    return points.iloc[order].reset_index(drop=True), themes


def _point_order(point: pd.Series) -> tuple[Any, ...]:
    return (session_order(point["session"]), session_order(point["table"]), point["aspect"], point["text"], point["point_id"])


def _assign(theme_of: list[str], themes: list[ThemeRow], points: pd.DataFrame, taxonomy: Taxonomy) -> None:
    by_code = {theme.codes[0]: theme.id for theme in themes if theme.kind == "taxonomy"}
    by_point = {point: theme.id for theme in themes if theme.kind == "emergent" for point in theme.point_ids}
    for session in {theme.session for theme in themes}:
        for row in points.index[points["session"] == session]:
            codes = points.at[row, "codes"]
            theme_of[row] = by_code[_most_specific(codes, taxonomy)] if codes else by_point.get(points.at[row, "point_id"], "")


def _most_specific(codes: str, taxonomy: Taxonomy) -> str:
    """The first code that no other code of the point is part of."""
    given = codes.split(SEPARATOR)
    above = {broader for code in given for broader in taxonomy.ancestors(code)}
    return next(code for code in given if code not in above)


def _of_session(
    session: str,
    rows: Rows,
    points: pd.DataFrame,
    vectors: Vectors,
    probabilities: npt.NDArray[np.float64],
    taxonomy: Taxonomy,
    settings: Settings,
) -> list[ThemeRow]:
    groups = [*_by_code(rows, points, probabilities, taxonomy), *_emergent(rows, points, probabilities)]
    counted = points.loc[rows]
    tables_total = counted.loc[~counted["procedural"] & (counted["table"] != ""), "table"].nunique()
    phrases = _keyphrases([points.loc[group.rows, "phrases"] for group in groups])
    themes = []
    for group, keyphrases in zip(groups, phrases, strict=True):
        members = points.loc[group.rows]
        quotes = _quotes(group.rows, points, vectors, settings.quotes_per_theme)
        title = taxonomy.label(group.codes[0]) if group.codes else _emergent_title(members, keyphrases)
        themes.append(
            ThemeRow(
                id=_theme_id(str(members["event"].iloc[0]), session, group.key),
                session=session,
                rank=0,
                kind=group.kind,
                codes=group.codes,
                broader=group.broader,
                title=title,
                why=_why(group, members, keyphrases, int(tables_total), taxonomy),
                points=len(members),
                mentions=int(members["mentions"].sum()),
                tables=int(members.loc[members["table"] != "", "table"].nunique()),
                tables_total=int(tables_total),
                priorities=_split(members["priority"], PRIORITIES),
                levels=_split(members["level"], LEVELS),
                aspects=_split(members["aspect"], ASPECTS),
                residents=_split(members["resident"], sorted(set(members["resident"]) - {""})),
                keyphrases=keyphrases,
                quotes=quotes,
                confidence=round(group.confidence, 3),
                stability=None,
                point_ids=tuple(sorted(members["point_id"])),
            )
        )
    ranked = sorted(themes, key=lambda t: (-t.tables, -t.mentions, -t.points, t.title, t.id))
    return [_ranked(theme, number) for number, theme in enumerate(ranked, 1)]


def _ranked(theme: ThemeRow, rank: int) -> ThemeRow:
    return replace(theme, rank=rank)


def _theme_id(event: str, session: str, key: str) -> str:
    return f"{event}-{session.lower().replace(' ', '-')}-{key}"


def _by_code(rows: Rows, points: pd.DataFrame, probabilities: npt.NDArray[np.float64], taxonomy: Taxonomy) -> Iterable[_Group]:
    given = [set(taxonomy.rolled_up(filter(None, points.at[row, "codes"].split(SEPARATOR)))) for row in rows]
    for theme in taxonomy.themes:
        members = np.array([row for row, codes in zip(rows, given, strict=True) if theme.code in codes], dtype=np.intp)
        if len(members):
            own = [taxonomy.codes.index(code) for code in (theme.code, *taxonomy.descendants(theme.code))]
            confidence = float(probabilities[members][:, own].max(axis=1).mean())
            yield _Group(theme.code, "taxonomy", (theme.code,), members, confidence, theme.broader)


def _emergent(rows: Rows, points: pd.DataFrame, probabilities: npt.NDArray[np.float64]) -> Iterable[_Group]:
    """Points about something the taxonomy lacks, by the cluster they fell into."""
    unexplained = [row for row in rows if points.at[row, "outcome"] == "no_match"]
    clusters: dict[int, list[int]] = {}
    for row in unexplained:
        clusters.setdefault(int(points.at[row, "cluster"]), []).append(row)
    for _, members in sorted(clusters.items()):
        chosen = np.array(members, dtype=np.intp)
        key = hashlib.blake2s("\n".join(sorted(points.loc[chosen, "text"])).encode(), digest_size=4).hexdigest()
        confidence = 1.0 - float(probabilities[chosen].max(axis=1).mean()) if probabilities.shape[1] else 1.0
        yield _Group(f"new-{key}", "emergent", (), chosen, confidence)


def _split(values: pd.Series, order: Iterable[str]) -> dict[str, int]:
    """How many points carry each value, in the given order, zero counts and blanks left out."""
    counts = Counter(values)
    return {value: int(counts[value]) for value in order if counts[value]}


def _keyphrases(groups: list[pd.Series]) -> list[tuple[str, ...]]:
    """Distinctive noun phrases of each theme by c-TF-IDF (Grootendorst 2022, BERTopic, arXiv:2203.05794).

    A phrase weighs its share of the theme's phrases times log(1 + mean phrases a theme / its count over all themes).
    A phrase inside one already chosen is left out.
    """
    counts = [Counter(phrase for phrases in group for phrase in phrases.split(SEPARATOR) if phrase) for group in groups]
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    mean = sum(total.values()) / max(1, len(counts))
    chosen = []
    for count in counts:
        size = max(1, sum(count.values()))
        weight = {phrase: n / size * np.log1p(mean / total[phrase]) for phrase, n in count.items()}
        ranked = sorted(weight, key=lambda phrase: (-weight[phrase], -len(phrase.split()), phrase))
        kept: list[str] = []
        for phrase in ranked:
            if len(kept) < KEYPHRASES and not any(phrase in other or other in phrase for other in kept):
                kept.append(phrase)
        chosen.append(tuple(kept))
    return chosen


def _quotes(rows: Rows, points: pd.DataFrame, vectors: Vectors, most: int) -> tuple[Quote, ...]:
    """Quotes that are central and different: maximal marginal relevance, a new table before one already quoted."""
    centre = vectors[rows].mean(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-9)
    central = np.round((vectors[rows] @ centre).astype(np.float64), 6)
    chosen: list[int] = []
    tables: set[str] = set()
    texts: set[str] = set()
    while len(chosen) < most:
        best: tuple[tuple[float | bool | str, ...], int] | None = None
        for place, row in enumerate(rows):
            text = points.at[row, "text"]
            if place in chosen or text.lower() in texts:
                continue
            alike = max((float(vectors[row] @ vectors[rows[other]]) for other in chosen), default=0.0)
            table = points.at[row, "table"]
            score = round(CENTRAL * float(central[place]) - (1 - CENTRAL) * alike, 6)
            key = (bool(table) and table in tables, -score, text, points.at[row, "point_id"])
            if best is None or key < best[0]:
                best = (key, place)
        if best is None:
            break
        chosen.append(best[1])
        texts.add(points.at[rows[best[1]], "text"].lower())
        tables.add(points.at[rows[best[1]], "table"])
    return tuple(
        Quote(points.at[rows[i], "point_id"], points.at[rows[i], "text"], points.at[rows[i], "table"], points.at[rows[i], "source_file"])
        for i in chosen
    )


def _emergent_title(members: pd.DataFrame, keyphrases: tuple[str, ...]) -> str:
    """The most distinctive phrase in sentence case; a point that stands alone is its own title."""
    text = str(members["text"].min())
    words = keyphrases[0] if keyphrases and len(members) > 1 else text
    cut = " ".join(words.split()[:TITLE_WORDS])
    return cut[:1].upper() + cut[1:] + ("…" if cut != " ".join(words.split()) else "")


def _why(group: _Group, members: pd.DataFrame, keyphrases: tuple[str, ...], tables_total: int, taxonomy: Taxonomy) -> str:
    tables = members.loc[members["table"] != "", "table"].nunique()
    where = f" at {tables} of {tables_total} tables" if tables_total else ""
    count = "1 point" if len(members) == 1 else f"{len(members)} points"
    about = f", most distinctively on {_listed(keyphrases[:3])}" if keyphrases else ""
    if group.kind == "taxonomy":
        code = group.codes[0]
        carried = {given for codes in members["codes"] for given in codes.split(SEPARATOR)}
        beneath = tuple(part for part in taxonomy.descendants(code) if part in carried)
        parts = f" or a part of it ({_listed(beneath)})" if beneath else ""
        return f"{count}{where} labelled '{code}'{parts}{about}."
    return f"{count}{where} that no theme of the taxonomy explains and that resemble each other{about}."


def _listed(items: tuple[str, ...]) -> str:
    quoted = [f"'{item}'" for item in items]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]


def verify_quotes(themes: list[ThemeRow], points: pd.DataFrame, notes: pd.DataFrame) -> None:
    """Check that every point, and so every quote, stands in its note word for word.

    Raises
    ------
    ContractError : one does not; nothing is then written.
    """
    texts = dict(zip(notes["note_id"], notes["text"], strict=True))
    said = {}
    for point in points.itertuples():
        if texts[point.note_id][point.start : point.end] != point.text:
            raise ContractError(
                f"point {point.point_id} is not what its note says from character {point.start} to {point.end}",
                where=f"{point.source_file}, {point.source_locator}",
                expected="the note's own words",
                do="please report this as a fault",
            )
        said[point.point_id] = point.text
    for theme in themes:
        for quote in theme.quotes:
            if said.get(quote.point_id) != quote.text:
                raise ContractError(
                    f"a quote of theme {theme.id} is not what point {quote.point_id} says",
                    where=quote.source_file,
                    expected="the point's own words",
                    do="please report this as a fault",
                )
