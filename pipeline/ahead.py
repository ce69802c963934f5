"""What finds details and reads words, imported and loaded before there is a text."""

from __future__ import annotations


def load_words(spacy_model: str) -> None:
    """Load the language model and all that finds personal details, which takes two seconds.

    Parameters
    ----------
    spacy_model : name or folder of a spaCy pipeline for English.

    Raises
    ------
    ModelError : it is not installed, or cannot be used.
    """
    from pipeline import tokenise  # noqa: F401 - imported for later
    from pipeline.redact.structured import recognisers
    from pipeline.redact.vocabulary import load_vocabulary

    load_vocabulary(spacy_model)
    recognisers()
