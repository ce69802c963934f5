"""Dates as people type them, for patterns that hold one."""

from __future__ import annotations

MONTH = (
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
    # Welsh and Irish
    r"|ionawr|chwefror|mawrth|fawrth|ebrill|mai|fai|mehefin|fehefin|gorffennaf|orffennaf|awst|medi|fedi|hydref|tachwedd|dachwedd"
    r"|rhagfyr|ragfyr"
    r"|ean[aá]ir|feabhra|m[aá]rta|aibre[aá]n|bealtaine|meitheamh|i[uú]il|l[uú]nasa|me[aá]n f[oó]mhair|deireadh f[oó]mhair|samhain|nollaig)"
)
_ORDINAL = r"(?:st|nd|rd|th|af|il|ain|ydd|fed|ed|eg)"
_SPELT = (
    r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|(?:ten|eleven|thirteen|fourteen"
    r"|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen)th|twelfth|twentieth|thirtieth"
)
YEAR = r"(?:19|20)\d\d"
DATE = (
    rf"(?:\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?(?:19|20)?\d\d|{YEAR}-\d{{1,2}}-\d{{1,2}}"
    rf"|(?:\d{{1,2}}{_ORDINAL}?|{_SPELT})(?: of| o| de)?[ -]?{MONTH},?[ -]?['’]?(?:19|20)?\d\d|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19"
    rf"|20)?\d\d)(?!\d)"
)
"""A whole date: day, month and year."""
BIRTH_DATE = (
    r"(?:(?:0?[1-9]|[12]\d|3[01])\s?(?P<joined>[/.-])\s?(?:0?[1-9]|1[0-2])\s?(?P=joined)\s?(?:19\d\d|20(?:0\d|1[0-4])|[03-9]\d|1[0-4]))"
    r"(?![\d/.-]?\d)"
)
"""A whole date in figures of a year in which people who are noted were born, and too long ago (up to 2014) for what notes tell of."""
