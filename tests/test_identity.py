from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from labelled_points import by_topic, labelled_points, topics_of

from pipeline.embed import Vectors
from pipeline.errors import ContractError
from pipeline.results import ThemeRow
from pipeline.settings import Settings
from pipeline.taxonomy import Taxonomy, Theme
from pipeline.themes import Earlier, gather_themes, keep_ids
from pipeline.themes.identity import groups_of
from pipeline.themes.matching import Carried, Group, carry_over

Centroids = dict[str, npt.NDArray[np.float32]]


def emergent(name: str, members: str, session: str = "1") -> Group:
    """An emergent theme; ``members`` are points with spaces between, or 'a1..a9'."""
    points = []
    for part in members.split():
        first, _, last = part.partition("..")
        points += [f"{first[0]}{number}" for number in range(int(first[1:]), int(last[1:]) + 1)] if last else [first]
    return Group(name, session, "emergent", frozenset(points))


def coded(name: str, members: str = "", session: str = "1") -> Group:
    return Group(name, session, "taxonomy", frozenset(members.split()))


def towards(**angles: float) -> Centroids:
    """Unit vectors in the plane, by their angles in degrees."""
    return {name: np.array([np.cos(np.radians(a)), np.sin(np.radians(a))], dtype=np.float32) for name, a in angles.items()}


def carried(earlier: list[Group], now: list[Group], before: Centroids | None = None, after: Centroids | None = None) -> Carried:
    return carry_over(earlier, now, before or {}, after or {})


def test_a_first_run_has_only_new_themes() -> None:
    found = carried([], [emergent("x", "a1"), coded("asb", "a2")])
    assert found == Carried({"asb": "asb", "x": "x"}, new=("asb", "x"), gone=(), merged=(), split=())


def test_a_run_without_themes_has_lost_all_earlier_ones() -> None:
    assert carried([emergent("x", "a1"), coded("asb", "a2")], []) == Carried({}, new=(), gone=("asb", "x"), merged=(), split=())


def test_no_themes_at_all() -> None:
    assert carried([], []) == Carried({}, (), (), (), ())


def test_taxonomy_themes_are_the_same_by_id_whatever_their_members() -> None:
    found = carried([coded("asb", "a1 a2"), coded("dv", "a3")], [coded("asb", "a3"), coded("road", "a1 a2")])
    assert found == Carried({"asb": "asb", "road": "road"}, new=("road",), gone=("dv",), merged=(), split=())


def test_an_emergent_theme_gives_no_id_to_one_of_the_taxonomy() -> None:
    found = carried([emergent("x", "a1..a4")], [coded("asb", "a1 a2 a3 a4")], towards(x=0), towards(asb=0))
    assert found == Carried({"asb": "asb"}, new=("asb",), gone=("x",), merged=(), split=())


def test_a_theme_that_gains_points_keeps_its_earlier_id() -> None:
    found = carried([emergent("x", "a1 a2")], [emergent("y", "a1 a2 b1..b900"), emergent("z", "c1")])
    assert found == Carried({"y": "x", "z": "z"}, new=("z",), gone=(), merged=(), split=())


def test_ids_are_not_carried_into_another_session() -> None:
    found = carried([emergent("x", "a1 a2", session="1")], [emergent("y", "a1 a2", session="2")], towards(x=0), towards(y=0))
    assert found == Carried({"y": "y"}, new=("y",), gone=("x",), merged=(), split=())


def test_the_sum_of_scores_counts_and_not_the_best_single_score() -> None:
    # v with u is the best pair (3/8), but then a theme is left with next to nothing: 2/7 + 3/9 is more than 3/8 + 2/24.
    earlier = [emergent("u", "a1..a4"), emergent("v", "b1..b6")]
    now = [emergent("p", "a1 a2 b1 b2 b3"), emergent("q", "b4 b5 b6 c1 c2 c3"), emergent("r", "a3 a4 d1..d20")]
    assert carried(earlier, now).ids == {"p": "u", "q": "v", "r": "r"}


def test_members_outweigh_centroids_and_centroids_decide_between_near_equals() -> None:
    now = [emergent("p", "a1..a5 b1"), emergent("q", "a6..a9 b2")]
    alike_to_q = towards(p=60, q=0)
    assert carried([emergent("x", "a1..a9")], now).ids == {"p": "x", "q": "q"}
    assert carried([emergent("x", "a1..a9")], now, towards(x=0), alike_to_q).ids == {"p": "p", "q": "x"}
    clearer = [emergent("p", "a1..a8"), emergent("q", "a9 b2")]
    assert carried([emergent("x", "a1..a9")], clearer, towards(x=0), alike_to_q).ids == {"p": "x", "q": "q"}


def test_an_opposite_centroid_does_not_undo_shared_members() -> None:
    found = carried([emergent("x", "a1..a9")], [emergent("p", "a1 b1..b50"), coded("t", "a2")], towards(x=0), towards(p=180))
    assert found.ids["p"] == "x"


@pytest.mark.parametrize(("angle", "same"), [(0, True), (36.8, True), (36.9, False), (90, False), (180, False)])
def test_without_shared_members_the_cosine_must_be_at_least_four_fifths(angle: float, same: bool) -> None:
    found = carried([emergent("x", "a1")], [emergent("y", "b1")], towards(x=0), towards(y=angle))
    assert found.ids == {"y": "x" if same else "y"}
    assert (found.new, found.gone) == (((), ()) if same else (("y",), ("x",)))


def test_the_length_of_a_centroid_does_not_matter_and_one_of_length_0_is_like_nothing() -> None:
    def named(length: float) -> str:
        return carried([emergent("x", "a1")], [emergent("y", "b1")], towards(x=0), {"y": towards(y=5)["y"] * np.float32(length)}).ids["y"]

    assert [named(0.01), named(50), named(0)] == ["x", "x", "y"]


def test_without_shared_members_or_a_centroid_nothing_matches() -> None:
    for before, after in [({}, {}), (towards(x=0), {}), ({}, towards(y=0))]:
        assert carried([emergent("x", "a1")], [emergent("y", "b1")], before, after).ids == {"y": "y"}


@pytest.mark.parametrize("elsewhere", [coded("asb", "a1"), emergent("z", "a1 c1..c9"), emergent("z", "a1", session="2")])
def test_likeness_alone_gives_no_id_while_a_member_is_in_any_other_theme(elsewhere: Group) -> None:
    found = carried([emergent("x", "a1 a2")], [emergent("y", "b1"), elsewhere], towards(x=0), towards(y=0))
    assert found.ids["y"] == "y"


def test_an_unmatched_theme_keeps_its_provisional_id_unless_that_was_carried_over() -> None:
    earlier = [emergent("x", "a1 a2")]
    now = [emergent("y", "a1 a2"), emergent("x", "b1"), emergent("z", "c1")]
    assert carried(earlier, now).ids == {"x": "x-2", "y": "x", "z": "z"}
    assert carried(earlier, now).new == ("x-2", "z")


def test_the_number_behind_an_id_is_one_that_no_theme_came_with() -> None:
    earlier = [emergent("x", "a1 a2"), emergent("x-2", "d1")]
    now = [emergent("y", "a1 a2"), emergent("x", "b1"), emergent("x-3", "c1")]
    assert carried(earlier, now).ids == {"x": "x-4", "x-3": "x-3", "y": "x"}


def test_of_equal_matches_the_first_by_content_is_taken() -> None:
    assert carried([emergent("x", "a1..a4")], [emergent("p", "a3 a4"), emergent("q", "a1 a2")]).ids == {"p": "p", "q": "x"}
    assert carried([emergent("u", "a3 a4"), emergent("v", "a1 a2")], [emergent("p", "a1..a4")]).ids == {"p": "v"}
    same_content = [emergent("v", ""), emergent("u", "")]
    assert carried(same_content, [emergent("p", "a1")], towards(u=0, v=0), towards(p=0)).ids == {"p": "u"}


def test_two_themes_in_one_are_merged_and_the_likelier_gives_the_id() -> None:
    found = carried([emergent("x", "a1..a3"), emergent("y", "b1..b5")], [emergent("p", "a1..a3 b1..b5 c1")])
    assert found == Carried({"p": "y"}, new=(), gone=("x",), merged=((("x", "y"), "y"),), split=())


def test_half_of_a_theme_is_not_yet_merged() -> None:
    def merged(members: str, rest: str) -> tuple[tuple[tuple[str, ...], str], ...]:
        return carried([emergent("x", "a1..a4"), emergent("y", "b1..b4")], [emergent("p", members), emergent("q", rest)]).merged

    assert merged("a1..a4 b1 b2", "b3 b4") == ()
    assert merged("a1..a4 b1 b2 b3", "b4") == ((("x", "y"), "x"),)


def test_members_in_no_theme_now_count_for_neither_merged_nor_split() -> None:
    earlier = [emergent("x", "a1..a4"), emergent("y", "b1..b9")]
    assert carried(earlier, [emergent("p", "a1..a4 b1")]).merged == ((("x", "y"), "x"),)
    assert carried(earlier, [emergent("p", "a1..a4 b1"), coded("asb", "b2")]).merged == ()
    shared_out = [emergent("p", "b1 b2"), emergent("q", "b3 b4")]
    assert carried(earlier[1:], shared_out).split == (("y", ("q", "y")),)
    assert carried(earlier[1:], [*shared_out, coded("asb", "b5 b6 b7 b8 b9")]).split == ()


@pytest.mark.parametrize(
    ("parts", "pieces"),
    [
        (("a1..a9", "a10..a12"), ("q", "x")),
        (("a1..a10", "a11 a12"), ()),
        (("a1..a4", "a5 a6"), ("q", "x")),
        (("a1 a2 a3", "a4"), ()),
        (("a1", "a2"), ()),
        (("a1..a4", "a5..a7", "a8..a10"), ("q", "r", "x")),
    ],
)
def test_a_theme_is_split_when_two_parts_have_a_quarter_and_two_points_each(parts: tuple[str, ...], pieces: tuple[str, ...]) -> None:
    found = carried([emergent("x", " ".join(parts))], [emergent(name, part) for name, part in zip("pqr", parts, strict=False)])
    assert found.split == ((("x", pieces),) if pieces else ())


def test_faults_of_the_lists_are_named() -> None:
    with pytest.raises(ContractError, match="run now: theme id 'x' is there more than once"):
        carried([], [emergent("x", "a1"), coded("x")])
    with pytest.raises(ContractError, match="earlier run: point 'a1' is in more than one emergent theme of session '1'"):
        carried([emergent("x", "a1"), emergent("y", "a1 a2")], [])
    with pytest.raises(ContractError, match=r"themes 'x' and 'y': centroids of shapes \(2,\) and \(3,\)"):
        carried([emergent("x", "a1")], [emergent("y", "a1")], towards(x=0), {"y": np.ones(3, dtype=np.float32)})


def test_a_point_may_be_in_several_taxonomy_themes() -> None:
    themes = [coded("asb", "a1"), coded("litter", "a1"), emergent("x", "a2")]
    assert carried(themes, themes) == Carried({"asb": "asb", "litter": "litter", "x": "x"}, (), (), (), ())


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[Group], list[Group], Centroids, Centroids]:
    """Two runs of two sessions: points that stay, move, come and go, ids that recur, centroids that may be missing."""
    earlier: dict[tuple[str, str], set[str]] = {}
    now: dict[tuple[str, str], set[str]] = {}
    theme = st.sampled_from(["", "u", "v", "w", "x", "asb"])
    for number, (session, was, stays, moved) in enumerate(
        draw(st.lists(st.tuples(st.sampled_from("12"), theme, st.booleans(), theme), max_size=24))
    ):
        becomes = was if stays else moved
        for run, name in ((earlier, was), (now, becomes)):
            if name:
                run.setdefault((session, name), set()).add(f"a{number:02d}")
    renamed = draw(st.permutations("uvwx"))
    new_names = dict(zip("uvwx", renamed, strict=True)) if draw(st.booleans()) else {name: f"new-{name}" for name in "uvwx"}

    def groups(run: dict[tuple[str, str], set[str]], names: dict[str, str]) -> list[Group]:
        kinds = {"asb": "taxonomy"}
        return [Group(f"{s}-{names.get(n, n)}", s, kinds.get(n, "emergent"), frozenset(m)) for (s, n), m in run.items()]

    before, after = groups(earlier, {}), groups(now, new_names)
    angle = st.none() | st.integers(0, 35).map(lambda tens: tens * 10.0)
    angles = [draw(st.fixed_dictionaries({theme.id: angle for theme in run})) for run in (before, after)]
    first, second = (towards(**{name: a for name, a in found.items() if a is not None}) for found in angles)
    return before, after, first, second


def emergent_of(run: list[Group], session: str) -> list[Group]:
    return [theme for theme in run if theme.kind == "emergent" and theme.session == session]


@given(runs())
@examples(max_examples=300, deadline=None)
def test_a_theme_whose_members_stay_together_keeps_its_id_unless_most_of_another_joins_it(
    made: tuple[list[Group], list[Group], Centroids, Centroids],
) -> None:
    earlier, now, *_ = made
    ids = carry_over(*made).ids
    anywhere = {point for theme in now for point in theme.members}
    for theme in now:
        before = emergent_of(earlier, theme.session) if theme.kind == "emergent" else []
        whole = [old for old in before if old.members <= theme.members]
        mostly = [old for old in before if len(old.members & theme.members) > len(old.members & anywhere) / 2]
        if whole and whole == mostly and len(mostly) == 1:
            assert ids[theme.id] == whole[0].id


@given(runs(), st.lists(st.tuples(st.integers(0, 9), st.integers(1, 300)), max_size=8), st.integers(0, 35))
@examples(max_examples=200, deadline=None)
def test_the_points_of_a_late_table_rename_nothing(
    made: tuple[list[Group], list[Group], Centroids, Centroids], late: list[tuple[int, int]], turn: int
) -> None:
    earlier, _, before, _ = made
    assume(earlier)
    joined = {theme.id: set(theme.members) for theme in earlier}
    more: list[Group] = []
    for number, (place, count) in enumerate(late):
        points = {f"late{number}-{n}" for n in range(count)}
        if place < len(earlier):
            joined[earlier[place].id] |= points
        else:
            more.append(Group(f"late-{number}", "1", "emergent", frozenset(points)))
    prefix = {theme.id: theme.id if theme.kind == "taxonomy" else f"other-{theme.id}" for theme in earlier}
    now = [Group(prefix[theme.id], theme.session, theme.kind, frozenset(joined[theme.id])) for theme in earlier]
    after = towards(**{theme.id: turn * 10.0 + 90 * number for number, theme in enumerate([*now, *more])})
    found = carry_over(earlier, [*now, *more], before, after)
    assert found.ids == {**{prefix[theme.id]: theme.id for theme in earlier}, **{theme.id: theme.id for theme in more}}
    assert found.new == tuple(sorted(theme.id for theme in more))
    assert (found.gone, found.merged, found.split) == ((), (), ())


@given(runs(), st.randoms(use_true_random=False))
@examples(max_examples=200, deadline=None)
def test_the_order_of_themes_does_not_matter(made: tuple[list[Group], list[Group], Centroids, Centroids], chance: random.Random) -> None:
    earlier, now, before, after = made

    def shuffled(values: list[Group]) -> list[Group]:
        return chance.sample(values, len(values))

    again = carry_over(shuffled(earlier), shuffled(now), dict(reversed(before.items())), dict(reversed(after.items())))
    assert again == carry_over(*made)
    assert list(again.ids) == sorted(again.ids)


@given(runs())
@examples(max_examples=200, deadline=None)
def test_every_theme_now_has_one_id_of_its_own_and_a_carried_one_has_a_reason(
    made: tuple[list[Group], list[Group], Centroids, Centroids],
) -> None:
    earlier, now, before, after = made
    found = carry_over(*made)
    assert set(found.ids) == {theme.id for theme in now}
    assert len(set(found.ids.values())) == len(now)
    assert set(found.new) == set(found.ids.values()) - {theme.id for theme in earlier}
    assert set(found.gone) == {theme.id for theme in earlier} - set(found.ids.values())
    anywhere = {point for theme in now for point in theme.members}
    by_id = {theme.id: theme for theme in earlier}
    for theme in now:
        old = by_id.get(found.ids[theme.id])
        if theme.kind == "taxonomy":
            assert found.ids[theme.id] == theme.id
        elif old is not None and found.ids[theme.id] != theme.id:
            assert (old.kind, old.session) == ("emergent", theme.session)
            if not old.members & theme.members:
                assert not old.members & anywhere
                assert float(before[old.id] @ after[theme.id]) > 0.8 - 1e-6


@given(runs())
@examples(max_examples=100, deadline=None)
def test_a_run_compared_with_itself_is_the_same(made: tuple[list[Group], list[Group], Centroids, Centroids]) -> None:
    earlier, now, before, after = made
    for run, centroids in ((earlier, before), (now, after)):
        assert carry_over(run, run, centroids, centroids) == Carried({t.id: t.id for t in sorted(run, key=lambda t: t.id)}, (), (), (), ())


# from one run of an event to the next

TAXONOMY = Taxonomy("t", "1", (Theme("asb", "Anti-social behaviour"), Theme("road", "Road safety")))
Point = tuple[str, int, str]  # text, topic, code
FIRST: list[Point] = [
    ("swans nest", 0, ""), ("swans on the weir", 0, ""), ("a heron", 1, ""), ("cars", 2, "road"),
    ("litter", 3, "asb"), ("litter picks", 3, "asb"), ("more litter", 3, "asb"), ("lads", 4, "asb"), ("lads about", 4, "asb"),
    ("lads at night", 4, "asb"),
]  # fmt: skip
LATE: list[Point] = [("swans again", 0, ""), ("still litter", 3, "asb"), ("an otter", 5, ""), ("otters", 5, "")]


def run_of(said: list[Point]) -> tuple[pd.DataFrame, list[ThemeRow]]:
    """Points have their ids by their text, as a note has by its content."""
    points = labelled_points(*({"text": text, "codes": code, "point_id": text.replace(" ", "-")} for text, _, code in said))
    return gather_themes(points, by_topic([topic for _, topic, _ in said]), np.full((len(said), 2), 0.5), TAXONOMY, topics_of, Settings())


def earlier_of(points: pd.DataFrame, themes: list[ThemeRow]) -> Earlier:
    found = [
        group
        for theme in themes
        for group in groups_of(
            theme.session, theme.id, theme.kind, theme.codes, theme.point_ids, [(part.id, part.point_ids) for part in theme.subthemes]
        )
    ]
    return Earlier(tuple(found), dict(zip(points["point_id"], points["text"], strict=True)), "ids were carried over")


def not_asked(texts: list[str]) -> Vectors:
    raise AssertionError(f"nothing was to be embedded: {texts}")


def by_first_point(themes: list[ThemeRow]) -> dict[str, str]:
    """Ids of themes and of sub-themes by the first of their points."""
    whole = {f"{theme.codes} {theme.point_ids[0]}": theme.id for theme in themes}
    return whole | {f"part {part.point_ids[0]}": part.id for theme in themes for part in theme.subthemes}


def test_a_late_table_leaves_the_ids_of_themes_and_sub_themes_and_points_follow() -> None:
    points, themes = run_of(FIRST)
    before = by_first_point(themes)
    late_points, late = run_of([*LATE, *FIRST])
    provisional = by_first_point(late)
    kept_points, kept, identity = keep_ids(late_points, late, earlier_of(points, themes), lambda texts: by_topic([6] * len(texts)))
    ids = by_first_point(kept)
    renamed = {"() swans-again": "() swans-nest"}  # the first point of a theme is another now
    assert {renamed.get(name, name): found for name, found in ids.items() if name != "() an-otter"} == before
    assert set(before) == {"() a-heron", "() swans-nest", "('asb',) lads", "('road',) cars", "part lads", "part litter"}
    for name in ("() swans-again", "part litter"):
        assert ids[name] != provisional[name], "without the earlier run its id would have changed"
    assert identity == {"earlier_run": "ids were carried over", "new": [ids["() an-otter"]], "gone": [], "merged": [], "split": []}
    of = kept_points.set_index("point_id")["theme_id"]
    assert all(of[point] == theme.id for theme in kept for point in theme.point_ids)
    assert of["swans-again"] == before["() swans-nest"]
    changed = pd.DataFrame({"kept": kept_points["theme_id"], "late": late_points["theme_id"]})
    assert (changed["kept"] != changed["late"]).sum() == 3, "the swans' points only"
    pd.testing.assert_frame_equal(kept_points.drop(columns="theme_id"), late_points.drop(columns="theme_id"))


def test_all_but_ids_is_left_as_it_was_and_without_an_earlier_run_all_of_it() -> None:
    points, themes = run_of(FIRST)
    again, same, identity = keep_ids(points, themes, Earlier(remark="there was no earlier run"), not_asked)
    assert same == themes
    pd.testing.assert_frame_equal(again, points)
    assert identity == {"earlier_run": "there was no earlier run", "new": [], "gone": [], "merged": [], "split": []}


def test_the_same_run_again_changes_nothing() -> None:
    points, themes = run_of(FIRST)
    again, same, identity = keep_ids(points, themes, earlier_of(points, themes), not_asked)
    assert same == themes
    pd.testing.assert_frame_equal(again, points)
    assert [identity[what] for what in ("new", "gone", "merged", "split")] == [[], [], [], []]


def test_what_became_of_earlier_themes_is_told() -> None:
    birds = [("swan 1", 0, ""), ("swan 2", 0, ""), ("heron 1", 1, ""), ("heron 2", 1, ""), ("heron 3", 1, "")]
    apart, together = run_of(birds), run_of([(text, 0, code) for text, _, code in birds])
    swans, herons = (next(theme.id for theme in apart[1] if name in theme.point_ids) for name in ("swan-1", "heron-1"))
    _, (merged,), identity = keep_ids(*together, earlier_of(*apart), not_asked)
    assert merged.id == herons  # of which it has more
    assert (identity["new"], identity["gone"]) == ([], [swans])
    assert identity["merged"] == [{"from": sorted([swans, herons]), "into": herons}]
    whole = together[1][0].id
    _, themes, identity = keep_ids(*apart, earlier_of(*together), not_asked)
    assert {theme.id for theme in themes} == {whole, swans}
    assert (identity["new"], identity["gone"]) == ([swans], [])
    assert identity["split"] == [{"from": whole, "into": sorted([whole, swans])}]


@pytest.mark.parametrize(("likeness", "same"), [(1.0, True), (0.0, False)])
def test_points_typed_anew_keep_the_id_where_the_vectors_of_their_texts_are_alike(likeness: float, same: bool) -> None:
    asked: list[list[str]] = []

    def embed_texts(texts: list[str]) -> Vectors:
        asked.append(texts)
        angle = np.arccos(likeness) * (len(asked) - 1)
        return np.array([[np.cos(angle), np.sin(angle)]] * len(texts), dtype=np.float32)

    earlier = run_of([("swans nest", 0, ""), ("cars", 1, "road")])
    points, themes, identity = keep_ids(*run_of([("swans nests", 0, ""), ("car", 1, "road")]), earlier_of(*earlier), embed_texts)
    assert asked == [["swans nest"], ["swans nests"]], "and not the texts of a theme known by its code"
    before = next(theme.id for theme in earlier[1] if theme.kind == "emergent")
    now = next(theme.id for theme in themes if theme.kind == "emergent")
    assert (now == before) == same
    assert identity["gone"] == ([] if same else [before])
    assert sorted(points["theme_id"]) == sorted([now, "ev-1-road"])


def test_a_part_is_known_among_the_parts_of_its_code_and_session_only() -> None:
    made = groups_of("1", "ev-1-asb", "taxonomy", ["asb"], ["a", "b"], [("p", ["a"])])
    assert made == [Group("ev-1-asb", "1", "taxonomy", frozenset("ab")), Group("p", "1 asb", "emergent", frozenset("a"))]
    other = groups_of("1", "ev-1-road", "taxonomy", ["road"], ["a"], [("q", ["a"])])
    new = groups_of("1", "ev-1-new", "emergent", [], ["a"], [("r", ["a"])])
    assert carried(made, [*other, *new]).ids == {"ev-1-new": "ev-1-new", "ev-1-road": "ev-1-road", "q": "q", "r": "r"}
    assert carried(made, groups_of("1", "ev-1-asb", "taxonomy", ["asb"], ["c", "a"], [("q", ["a", "c"])])).ids["q"] == "p"


def test_a_theme_that_points_are_split_off_into_never_takes_the_id_of_the_theme_they_left() -> None:
    points = labelled_points(*({"text": text} for text in ("swans", "more swans", "swans again", "a swan")))
    arguments = (by_topic([0, 0, 0, 0]), np.zeros((4, 0)), Taxonomy("t", "1", ()), topics_of, Settings())
    _, (whole,) = gather_themes(points, *arguments)
    earlier = Earlier(
        tuple(groups_of("1", whole.id, whole.kind, whole.codes, whole.point_ids, [])),
        dict(zip(points["point_id"], points["text"], strict=True)),
    )
    named = dict.fromkeys(points["point_id"].iloc[:3], "Nests")
    _, themes, _ = keep_ids(*gather_themes(points, *arguments, named=named), earlier, lambda texts: by_topic([0] * len(texts)))
    ids = {theme.points: theme.id for theme in themes}
    assert ids[1] == whole.id
    assert "-own-" in ids[3]
