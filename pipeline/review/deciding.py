"""From what a person wrote in a review workbook to decisions, or to faults."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.corrections import (
    CODES,
    MERGE,
    NOT_SURE,
    REJECT,
    RENAME,
    SPLIT,
    Decision,
    PointSaid,
    TaxonomyUsed,
    ThemeShown,
    Verdict,
    decide,
)
from pipeline.review import layout
from pipeline.review.reading import Filled, FilledRow, Typed

_YES = frozenset({"yes", "y", "x", "true", "ok", "✓", "✔"})
_NO = frozenset({"", "no", "n", "false"})


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions, and the row of the workbook that each came from, by its id."""

    decisions: tuple[Decision, ...]
    places: dict[str, str]


def decisions_of(filled: Filled, who: str, redacted: Callable[[list[str]], list[str]]) -> Decided:
    """The decisions that a workbook holds; where there are faults, they are added to those of ``filled``, and nothing is to be used.

    A row decides something if a theme is chosen in it, it is marked as right, or a theme is named that it is split off into; of a
    theme, if it has a new title, is merged or rejected. A comment alone decides nothing.

    Parameters
    ----------
    filled : what was read.
    who : the reviewer.
    redacted : replaces the personal details in comments and titles, which people typed.
    """
    typed = [
        row.cells[name]
        for row in (*filled.points, *filled.themes)
        for name in (layout.COMMENT, layout.TITLE, layout.NEW_THEME)
        if name in row.cells
    ]
    texts = sorted({cell.text for cell in typed} - {""})
    clean = {"": ""} | dict(zip(texts, redacted(texts) if texts else [], strict=True))
    making = _Making(filled, who, clean)
    pairs = [pair for row in filled.points for pair in (*making.of_point(row), *making.of_split(row))]
    pairs += [pair for row in filled.themes for pair in making.of_theme(row)]
    making.check_merges()
    pairs.sort(key=lambda pair: (pair[0].theme is not None, pair[0].point.point_id if pair[0].point else "", pair[0].id))
    return Decided(tuple(decision for decision, _ in pairs), {decision.id: place for decision, place in pairs})


class _Making:
    def __init__(self, filled: Filled, who: str, clean: dict[str, str]) -> None:
        self.filled, self.who, self.clean = filled, who, clean
        self.used = TaxonomyUsed(filled.about.taxonomy, filled.about.version, filled.about.sha256)
        self.into: dict[str, tuple[str, Typed]] = {}
        self.rejected: set[str] = set()

    def of_point(self, row: FilledRow) -> Iterable[tuple[Decision, str]]:
        """The decision on a point, if there is one."""
        told, cells = row.told, row.cells
        right = self._yes(cells.get(layout.RIGHT))
        cells_chosen = [cells[name] for name in layout.CODES if name in cells and cells[name].text]
        chosen = [self._choice(cell) for cell in cells_chosen]
        first = cells_chosen[0] if cells_chosen else cells.get(layout.RIGHT)
        if first is None or None in chosen or right is None:
            return
        codes = tuple(dict.fromkeys(code for code, _ in filter(None, chosen) if code))
        alone = [(cell, name) for cell, (code, name) in zip(cells_chosen, filter(None, chosen), strict=True) if not code]
        if alone and len({cell.key for cell in cells_chosen}) > 1:
            self._fault(alone[0][0], f"'{alone[0][1]}' cannot stand beside a theme; clear one of the two")
            return
        if right and cells_chosen and (alone or set(codes) != set(told["codes"])):
            self._fault(cells[layout.RIGHT], "the row is marked as right, and has other themes than suggested; clear one of the two")
            return
        comment = cells.get(layout.COMMENT)
        if not cells_chosen and not right:
            if layout.RIGHT in cells and cells[layout.RIGHT].text:
                self._fault(cells[layout.RIGHT], f"it says no; choose a theme, '{layout.NONE_OF_THESE}' or '{layout.NOT_SURE}' beside it")
            elif comment is not None and comment.text and not self._splits(row):
                self.filled.remarks.append(f"{comment.place}: a comment without a decision is not kept")
            return
        if right:
            new = Verdict(tuple(told["codes"]), told["outcome"])
        elif alone:
            new = Verdict((), "no_match" if alone[0][1] == layout.NONE_OF_THESE else NOT_SURE)
        else:
            new = Verdict(codes, "labelled")
        point = PointSaid(**{name: told[name] for name in PointSaid.__slots__})
        old = Verdict(tuple(told["codes"]), told["outcome"])
        settles = () if new.outcome == NOT_SURE else told["settles"]  # who cannot tell settles nothing between others
        yield self._decide(CODES, comment, settles, first, point=point, old=old, new=new)

    def of_split(self, row: FilledRow) -> Iterable[tuple[Decision, str]]:
        """The decision that a point is split off into a theme of another name, if there is one."""
        if not self._splits(row):
            return
        told, cell = row.told, row.cells[layout.NEW_THEME]
        if len(cell.text) > layout.LONGEST_TITLE:
            self._fault(cell, f"a title has at most {layout.LONGEST_TITLE} characters, and this one {len(cell.text)}")
        elif cell.key in self.filled.choices:
            self._fault(cell, f"'{cell.text}' is a theme of the taxonomy; choose it under '{layout.CODES[0]}', or give another name")
        else:
            point = PointSaid(**{name: told[name] for name in PointSaid.__slots__})
            new = Verdict(title=self.clean[cell.text])
            yield self._decide(SPLIT, row.cells.get(layout.COMMENT), told["settles_split"], cell, point=point, new=new)

    def _splits(self, row: FilledRow) -> bool:
        return layout.NEW_THEME in row.cells and bool(row.cells[layout.NEW_THEME].text)

    def of_theme(self, row: FilledRow) -> Iterable[tuple[Decision, str]]:
        """The decisions on a theme."""
        told, cells = row.told, row.cells
        title, merge = cells.get(layout.TITLE), cells.get(layout.MERGE)
        reject = self._yes(cells.get(layout.REJECT))
        comment = cells.get(layout.COMMENT)
        theme = ThemeShown(told["theme_id"], told["session"], told["title"], tuple(told["codes"]))
        new_title = title.text if title and title.text != told["title"] else ""
        said = [name for name, given in (("a new title", new_title), ("a merge", merge and merge.text), ("reject", reject)) if given]
        if len(said) > 1:
            self._fault(cells[layout.REJECT if reject else layout.MERGE], f"{' and '.join(said)} cannot stand together; clear one of them")
            return
        if not said and comment is not None and comment.text:
            self.filled.remarks.append(f"{comment.place}: a comment without a decision is not kept")
        if title and new_title and self._title_is_free(title, told["theme_id"], told["session"]):
            new = Verdict(title=self.clean[title.text])
            yield self._decide(RENAME, comment, told["settles"]["title"], title, theme=theme, old=Verdict(title=told["title"]), new=new)
        if merge and merge.text and (into := self._theme_named(merge, told["theme_id"], told["session"])):
            self.into[told["theme_id"]] = (into, merge)
            yield self._decide(MERGE, comment, told["settles"]["fate"], merge, theme=theme, new=Verdict(into=into))
        if reject:
            if told["parts"]:
                self._fault(cells[layout.REJECT], f"it gathers the points of its parts too ({'; '.join(told['parts'])}); reject those")
                return
            self.rejected.add(told["theme_id"])
            yield self._decide(REJECT, comment, told["settles"]["fate"], cells[layout.REJECT], theme=theme)

    def check_merges(self) -> None:
        """A theme cannot go into one that is rejected, nor round in a circle."""
        for name, (into, cell) in self.into.items():
            if into in self.rejected:
                self._fault(cell, "the theme it is to be merged with is rejected in this workbook")
            seen, target = {name}, into
            while target in self.into and target not in seen:
                seen.add(target)
                target = self.into[target][0]
            if target in seen:
                self._fault(cell, "the themes are merged in a circle; leave one of them as it is")

    def _decide(
        self,
        what: str,
        comment: Typed | None,
        settles: Sequence[str],
        cell: Typed,
        *,
        point: PointSaid | None = None,
        theme: ThemeShown | None = None,
        old: Verdict | None = None,
        new: Verdict | None = None,
    ) -> tuple[Decision, str]:
        about = self.filled.about
        decision = decide(
            what,
            event=about.event,
            who=self.who,
            source="excel",
            origin=about.export,
            why=self.clean[comment.text] if comment else "",
            point=point,
            theme=theme,
            old=old,
            new=new,
            taxonomy=self.used,
            settles=tuple(settles),
        )
        return decision, cell.place

    def _fault(self, cell: Typed, what: str) -> None:
        self.filled.faults.append(f"{cell.place}: {what}")

    def _yes(self, cell: Typed | None) -> bool | None:
        """Whether a cell says yes; None, and a fault, if it says neither yes nor no."""
        if cell is None or cell.key in _NO:
            return False
        if cell.key in _YES:
            return True
        self._fault(cell, f"'{cell.text}' is neither '{layout.YES}' nor empty")
        return None

    def _choice(self, cell: Typed) -> tuple[str, str] | None:
        """The code that was chosen, '' for none of these and not sure, and what was chosen; None, and a fault, if it is no choice."""
        choices = self.filled.choices
        if cell.key in choices:
            return choices[cell.key], cell.text
        if cell.text in choices.values():
            return cell.text, cell.text
        for name in (layout.NONE_OF_THESE, layout.NOT_SURE):
            if cell.key == name:
                return "", name
        self._fault(cell, f"'{cell.text}' is not a theme of the taxonomy; nearest is '{self._nearest(cell.text)}'")
        return None

    def _nearest(self, text: str) -> str:
        from rapidfuzz import fuzz, process

        names = [*self.filled.shown, layout.NONE_OF_THESE, layout.NOT_SURE]
        found: str = process.extractOne(text, names, scorer=fuzz.partial_token_sort_ratio, processor=str.casefold)[0]
        return found

    def _title_is_free(self, cell: Typed, theme_id: str, session: str) -> bool:
        if len(cell.text) > layout.LONGEST_TITLE:
            self._fault(cell, f"a title has at most {layout.LONGEST_TITLE} characters, and this one {len(cell.text)}")
            return False
        for other in self.filled.all_themes.values():
            if other["session"] == session and other["theme_id"] != theme_id and other["title"].casefold() == cell.key:
                self._fault(
                    cell, f"'{cell.text}' is the title of another theme of the session; merge it with that one, or name it otherwise"
                )
                return False
        return True

    def _theme_named(self, cell: Typed, theme_id: str, session: str) -> str:
        """The id of the theme of the session that a cell names, '' and a fault where it names none."""
        own = [theme for theme in self.filled.all_themes.values() if theme["session"] == session]
        for theme in own:
            if cell.key in (layout.theme_choice(theme["rank"], theme["title"]).casefold(), theme["title"].casefold()):
                if theme["theme_id"] == theme_id:
                    self._fault(cell, "a theme cannot be merged with itself")
                    return ""
                return str(theme["theme_id"])
        self._fault(cell, f"'{cell.text}' is no theme of session {session} in this workbook; choose one from the list")
        return ""
