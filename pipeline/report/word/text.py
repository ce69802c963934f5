"""Text, fields and other elements of a Word document that python-docx has no method for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from pipeline.report.office import storable

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph


_SPACE = qn("xml:space")


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


class Styled:
    """Adds lines at the end of a document in its styles.

    Styles are looked up once, and what has no tabs or ends of lines is written as it is: python-docx searches all styles for each paragraph
    and run that it is to give one, and reads a text letter by letter.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._styles = {style.name: style.style_id for style in document.styles}

    def line(self, style: str, text: str = "") -> Paragraph:
        """A new line in a style of paragraphs."""
        line = self._document.add_paragraph()
        line._p.style = self._styles[style]
        if text:
            self.say(line, shown(text))
        return line

    def say(self, line: Paragraph, text: str, style: str = "") -> None:
        """Add text, as :func:`shown` gives it, to a line, in a style of characters or in the line's own."""
        run = element("r")
        if style:
            looks = element("rPr")
            looks.append(element("rStyle", val=self._styles[style]))
            run.append(looks)
        said = element("t")
        said.text = text
        if text != text.strip():
            said.set(_SPACE, "preserve")
        run.append(said)
        line._p.append(run)


def begin_field(paragraph: Paragraph, code: str) -> None:
    """Open a field that Word works out; what is written until :func:`end_field` is what it shows until then."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="begin"))
    instruction = element("instrText")
    instruction.text = f" {code} "
    instruction.set(_SPACE, "preserve")
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
