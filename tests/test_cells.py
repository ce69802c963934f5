from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells import RISKY, as_typed, harmless

TYPED = st.text() | st.text("'=+-@12 a\t", max_size=6)


@given(TYPED)
def test_a_cell_can_be_read_back_as_it_was_typed(text: str) -> None:
    assert as_typed(harmless(text)) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(TYPED)
def test_no_cell_begins_as_a_formula_does_unless_it_is_a_plain_number(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t")) or cell.lstrip("+-").replace(".", "", 1).isdecimal()


@given(st.lists(TYPED, min_size=1))
def test_a_text_that_is_not_risky_stays_as_it_is(texts: list[str]) -> None:
    column = pd.Series(texts, dtype="str")
    told = column[~column.str.contains(RISKY)]
    assert [harmless(text) for text in told] == list(told)
