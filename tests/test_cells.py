from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells import as_typed, harmless

TYPED = st.text() | st.text("'=+-@12 a\t", max_size=6)


@given(TYPED)
def test_a_cell_can_be_read_back_as_it_was_typed(text: str) -> None:
    assert as_typed(harmless(text)) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(TYPED)
def test_no_cell_begins_as_a_formula_does_unless_it_is_a_plain_number(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t")) or cell.lstrip("+-").replace(".", "", 1).isdecimal()
