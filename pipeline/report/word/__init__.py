"""report.docx: a report as a Word document that an office edits and sends, in Word's own styles."""

from __future__ import annotations

import io

from pipeline.beside import elsewhere
from pipeline.report.blocks import Report
from pipeline.report.office import sealed

__all__ = ["report_word"]


@elsewhere
def report_word(report: Report) -> bytes:
    """A report as a Word document, the same bytes for the same report: title, contents and sections, for A4."""
    from pipeline.report.word.contents import contents, headings
    from pipeline.report.word.sections import Sections
    from pipeline.report.word.styles import blank_document
    from pipeline.report.word.text import shown

    title = shown(report.title)
    document = blank_document(title)
    document.add_paragraph(title, style="Title")
    found = headings(report)
    sections = Sections(document, found)
    sections.add_blocks(report.blocks)
    if found:
        contents(document, found)
    for section in report.sections:
        sections.add(section)
    out = io.BytesIO()
    document.save(out)
    return sealed(out.getvalue(), title)
