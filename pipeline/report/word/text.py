"""Text, fields and other elements of a Word document that python-docx has no method for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from pipeline.report.office import storable

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph


def shown(text: str) -> str:
    r"""Text as a line of Word shows it: white space made even, as in the other forms, and nothing that XML cannot hold.

    >>> shown("bins\n  on\x00 Mill Lane ")
    'bins on\ufffd Mill Lane'
    """
    return storable(" ".join(text.split()))


def element(tag: str, **attributes: str | int) -> BaseOxmlElement:
    """An element of the word-processing namespace with attributes of the same."""
    made: BaseOxmlElement = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def begin_field(paragraph: Paragraph, code: str) -> None:
    """Open a field that Word works out; what is written until :func:`end_field` is what it shows until then."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="begin"))
    instruction = element("instrText")
    instruction.text = f" {code} "
    instruction.set(qn("xml:space"), "preserve")
    paragraph.add_run()._r.append(instruction)
    paragraph.add_run()._r.append(element("fldChar", fldCharType="separate"))


def end_field(paragraph: Paragraph) -> None:
    """Close the field that was opened last."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))


def add_field(paragraph: Paragraph, code: str, value: str) -> None:
    """Write a field and the value that it shows until Word works it out anew."""
    begin_field(paragraph, code)
    paragraph.add_run(value)
    end_field(paragraph)
