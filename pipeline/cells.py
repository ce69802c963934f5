"""Cells of tables that people open in Excel and its like, which run a cell that begins with ``= + - @`` as a formula.

Anyone may have typed such a text into the notes. It gets an apostrophe in front, as OWASP advises (*CSV Injection*).
"""

from __future__ import annotations

import re

# The last four are the same signs in full width, which some programs take for them.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
# Whatever is not so stays as it is; Arrow reads this one too.
RISKY = f"^{_FORMULA.pattern}|\r"
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def harmless(text: str) -> str:
    """A text that no program runs as a formula; a plain number stays as it is.

    Line ends become newlines, or they would end the row of a CSV file.

    >>> harmless("=1+1"), harmless("-5"), harmless("'=1+1"), harmless("it's")
    ("'=1+1", '-5', "''=1+1", "it's")
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def as_typed(cell: str) -> str:
    """The text of which :func:`harmless` made a cell.

    >>> as_typed("'=1+1"), as_typed("it's")
    ('=1+1', "it's")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
