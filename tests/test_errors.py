"""Every error says what was wrong, where, what was expected and what to do."""

from __future__ import annotations

import inspect

import pytest

from pipeline import errors
from pipeline.errors import ThemesError, listed

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ThemesError)]


def test_the_tree_drawn_is_the_tree_there_is() -> None:
    assert {kind.__name__ for kind in KINDS} - {"ThemesError"} == {
        line.split("── ")[1].split()[0] for line in (errors.__doc__ or "").splitlines() if "── " in line
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_has_its_four_parts(kind: type[ThemesError]) -> None:
    error = kind("the sheet is empty", where="a.xlsx, sheet 2", expected="a row a note", do="fill it in")
    assert str(error) == "a.xlsx, sheet 2: the sheet is empty. Expected: a row a note. What to do: fill it in."
    assert (error.what, error.where, error.expected, error.do) == ("the sheet is empty", "a.xlsx, sheet 2", "a row a note", "fill it in")
    assert isinstance(error, ThemesError)


def test_parts_that_are_not_known_are_left_out() -> None:
    assert str(ThemesError("the sheet is empty")) == "the sheet is empty."
    assert str(ThemesError("the sheet is empty", do="fill it in")) == "the sheet is empty. What to do: fill it in."


def test_several_faults_are_numbered() -> None:
    assert listed(["a is missing"]) == "a is missing"
    assert listed(["a is missing", "b is twice", "c"]) == "3 faults: (1) a is missing; (2) b is twice; (3) c"
