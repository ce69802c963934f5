"""Labels in front of a note: "Action: more patrols", "T5 U/E - stabbings"."""

from __future__ import annotations

import re

from pipeline.ingest.headings import Marks, recognise

LABEL_WORDS = 8
_LABEL = re.compile(r"^(?P<label>[^:=]{1,60}?)\s*(?P<mark>:|=|\s[-–—]\s|\s[-–—](?=\w)|[-–—]\s)\s*(?P<rest>\S.*)$", re.DOTALL)


def split_label(text: str, *, residents: bool = False) -> tuple[Marks | None, str]:
    """Part a label from the note behind it; (None, text) when there is no label.

    >>> marks, rest = split_label("Action: more patrols")
    >>> marks.values, rest
    ({'aspect': 'action'}, 'more patrols')
    >>> split_label("Parking: school run chaos")
    (None, 'Parking: school run chaos')
    """
    match = _LABEL.match(text)
    if match is None or len(match["label"].split()) > LABEL_WORDS:
        return None, text
    marks = recognise(match["label"], residents=residents)
    if not marks or marks.explained < 1.0:
        return None, text
    if set(marks.values) == {"level"} and match["mark"] not in ":=":  # "Local - shops closing" is a note
        return None, text
    return marks, match["rest"]
