"""The styles of a Word report, set once on the blank document that python-docx brings."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from pipeline.report.office import LANGUAGE
from pipeline.report.style import LIGHT, WORD_FONT
from pipeline.report.word.text import add_field, element

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import CharacterStyle, ParagraphStyle

INK, MUTED, ACCENT, RULE, SHADE = (colour[1:].upper() for colour in (LIGHT.ink, LIGHT.muted, LIGHT.accent, LIGHT.rule, LIGHT.shade))
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Cm(21.0), Cm(29.7), Cm(2.5)
TEXT_WIDTH = Cm(16.0)
GRID = "Report Table"


@dataclass(frozen=True, slots=True)
class _Look:
    """How a paragraph looks: sizes and gaps in points, indents in centimetres; ``hanging`` is how far its first line stands out."""

    size: float = 11
    before: float = 0
    after: float = 6
    left: float = 0
    hanging: float = 0
    bold: bool = False
    italic: bool = False
    colour: str = INK
    keep_with_next: bool = False
    right: bool = False


_LOOKS = {
    "Normal": _Look(),
    "Title": _Look(size=24, after=12, bold=True, colour=ACCENT),
    "Heading 1": _Look(size=17, before=22, after=6, bold=True, colour=ACCENT, keep_with_next=True),
    "Heading 2": _Look(size=13.5, before=14, after=4, bold=True, colour=ACCENT, keep_with_next=True),
    "Heading 3": _Look(size=11.5, before=10, after=3, bold=True, colour=ACCENT, keep_with_next=True),
    "TOC Heading": _Look(size=13.5, before=18, after=6, bold=True, colour=ACCENT, keep_with_next=True),
    "toc 1": _Look(before=4, after=1),
    "toc 2": _Look(after=1, left=0.6),
    "toc 3": _Look(after=1, left=1.2),
    "List Bullet": _Look(after=2, left=0.6, hanging=0.6),
    "List Bullet 2": _Look(after=2, left=1.4, hanging=0.6),
    "List Number": _Look(before=6, after=3, left=0.8, hanging=0.8, keep_with_next=True),
    "List Continue": _Look(after=3, left=0.8, colour=MUTED),
    "Quote": _Look(after=3, left=0.8, italic=True),
    "caption": _Look(size=9.5, after=12, colour=MUTED),
    "header": _Look(size=9, after=0, colour=MUTED),
    "footer": _Look(size=9, after=0, colour=MUTED, right=True),
    "Question": _Look(italic=True, colour=MUTED),
    "Facts": _Look(after=2, left=3, hanging=3),
    "List Title": _Look(before=6, after=3, bold=True, keep_with_next=True),
    "Figure": _Look(before=10, after=3, keep_with_next=True),
    "Table Heading": _Look(size=9.5, before=2, after=2, bold=True, keep_with_next=True),
    "Table Text": _Look(size=9.5, before=2, after=2),
    "Table Number": _Look(size=9.5, before=2, after=2, right=True),
}
_LISTS = ("List Bullet", "List Bullet 2", "List Number")
_BUILT_IN = ("toc 1", "toc 2", "toc 3")  # styles that Word knows, but the blank document lacks


def blank_document(title: str) -> Document:
    """A document of A4 pages without text, with our styles, ``title`` above every page but the first, and page numbers below."""
    document = docx.Document(io.BytesIO(_without_title()))
    document.sections[0].header.paragraphs[0].text = title
    return document


@cache
def _without_title() -> bytes:
    """The blank document before it is given a title, made once: reading it back is ten times as fast."""
    document = docx.Document()
    _shed(document)
    _name_styles(document)
    _indent_lists(document)
    _set_language(document)
    _set_page(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _shed(document: Document) -> None:
    """Drop what the blank document brings that a report has no use for: a picture of itself, sources, and a hundred table styles."""
    main = document.part
    for holder, kinds in ((main.package, ("thumbnail",)), (main, ("stylesWithEffects", "customXml"))):
        for key in [key for key, rel in holder.rels.items() if rel.reltype.rsplit("/", 1)[-1] in kinds]:
            del holder.rels[key]
    for style in [style for style in document.styles if style.type == WD_STYLE_TYPE.TABLE]:
        if style.name not in ("Normal Table", "Table Grid"):
            style.delete()
    settings = document.settings.element
    for tag in ("proofState", "savePreviewPicture"):  # that the spelling was checked, and a picture again
        for found in settings.findall(qn(f"w:{tag}")):
            settings.remove(found)
    zoom = settings.find(qn("w:zoom"))
    zoom.attrib.clear()
    zoom.set(qn("w:percent"), "100")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # Word 2013 and later; with less, Word says it is in compatibility mode


def _name_styles(document: Document) -> None:
    styles = document.styles
    for fonts in styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), WORD_FONT)
    known = {style.name for style in styles}
    for name, look in _LOOKS.items():
        spoken = {"caption": "Caption", "header": "Header", "footer": "Footer"}.get(name, name)
        style = styles[spoken] if spoken in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name in _BUILT_IN)
        _dress(style, look)
        if spoken not in known:
            style.base_style = styles["Normal"]
            style.quick_style = name not in _BUILT_IN
    styles["Facts"].paragraph_format.tab_stops.add_tab_stop(Cm(3))
    remark: CharacterStyle = styles.add_style("Remark", WD_STYLE_TYPE.CHARACTER)
    remark.font.italic, remark.font.size, remark.font.color.rgb = False, Pt(9.5), RGBColor.from_string(MUTED)
    styles.element.append(_table_style())


def _dress(style: ParagraphStyle, look: _Look) -> None:
    font, layout = style.font, style.paragraph_format
    font.size, font.bold, font.italic = Pt(look.size), look.bold, look.italic
    font.color.rgb = RGBColor.from_string(look.colour)
    layout.space_before, layout.space_after, layout.line_spacing = Pt(look.before), Pt(look.after), 1.1
    layout.left_indent, layout.first_line_indent = Cm(look.left), Cm(-look.hanging)
    layout.keep_with_next, layout.widow_control = look.keep_with_next, True
    layout.alignment = WD_ALIGN_PARAGRAPH.RIGHT if look.right else WD_ALIGN_PARAGRAPH.LEFT
    for tag in ("pBdr", "contextualSpacing", "tabs"):  # the blank document's rules, gaps and tab stops
        for found in style.element.pPr.findall(qn(f"w:{tag}")):
            style.element.pPr.remove(found)
    style.hidden = False


def _indent_lists(document: Document) -> None:
    """The numbering behind a list has an indent and a tab stop of its own, which some programs put first."""
    numbering = document.part.numbering_part.element
    for name in _LISTS:
        kind = numbering.num_having_numId(document.styles[name].element.pPr.numPr.numId.val).abstractNumId.val
        (layout,) = numbering.xpath(f'./w:abstractNum[@w:abstractNumId="{kind}"]/w:lvl/w:pPr')
        for child in list(layout):
            layout.remove(child)
        layout.append(element("ind", left=Cm(_LOOKS[name].left).twips, hanging=Cm(_LOOKS[name].hanging).twips))


def _table_style() -> BaseOxmlElement:
    """A table of rows between thin lines under a shaded header row."""
    style = element("style", type="table", customStyle=1, styleId=GRID.replace(" ", ""))
    style.append(element("name", val=GRID))
    style.append(element("basedOn", val="TableNormal"))
    style.append(element("uiPriority", val=99))
    style.append(element("qFormat"))
    table = element("tblPr")
    borders = element("tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(side, val="single", sz=4, space=0, color=RULE))
    table.append(borders)
    style.append(table)
    header, cell = element("tblStylePr", type="firstRow"), element("tcPr")
    cell.append(element("shd", val="clear", color="auto", fill=SHADE))
    header.append(cell)
    style.append(header)
    return style


def _set_language(document: Document) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.attrib.clear()
        language.set(qn("w:val"), LANGUAGE)


def _set_page(document: Document) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = PAGE_WIDTH, PAGE_HEIGHT
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    page.header_distance = page.footer_distance = Cm(1.25)
    page.different_first_page_header_footer = True
    page.header.is_linked_to_previous = False
    for footer in (page.first_page_footer, page.footer):
        line = footer.paragraphs[0]
        line.style = "Footer"
        line.add_run("Page ")
        add_field(line, "PAGE", "1")
        line.add_run(" of ")
        add_field(line, "NUMPAGES", "1")
    page.first_page_header.is_linked_to_previous = False
