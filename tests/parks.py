"""A small taxonomy about parks, and texts made ready to be labelled."""

from __future__ import annotations

import pandas as pd

from pipeline.embed import Encoder, Vectors, embed
from pipeline.settings import Settings
from pipeline.taxonomy import Example, Taxonomy, Theme
from pipeline.tokenise import expand_and_read

PARKS = Taxonomy(
    "parks",
    "1",
    (
        Theme(
            "dogs",
            "Dogs",
            "Dogs off the lead.",
            terms=("dog", "stray"),
            examples=(Example("stray dogs", ("dogs",)), Example("dogs loose", ("dogs",))),
        ),
        Theme(
            "mess",
            "Dog mess",
            "What dogs leave behind.",
            terms=("dog mess", "mess"),
            examples=(Example("dog mess on the path", ("mess", "dogs")),),
        ),
        Theme("lights", "Street lighting", terms=("street light",), ambiguous_terms=("post",)),
    ),
    none_examples=("the cake was good",),
)


def prepared(texts: list[str], encoder: Encoder, settings: Settings | None = None) -> tuple[pd.DataFrame, Vectors]:
    """Words and vectors of texts, as a run computes them."""
    read = expand_and_read(texts, settings or Settings())
    return read, embed(list(read["expanded"]), encoder)
