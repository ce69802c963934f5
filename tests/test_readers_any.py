"""Whatever bytes a file holds, each reader reads them or refuses them in words, and every word read is kept or dropped."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from zoo import DOCUMENT, SHEET, canvas, page_of, stream, with_part, word, workbook

from pipeline.ingest import find_sources, ingest
from pipeline.ingest.readers import READERS

MANY = examples(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
TYPED = st.sampled_from(
    [
        *"\n\r\t |,;:\"'*_#-–•=>[](){}<&\\`~.!?+/@\x00\x0b\x0c\x1b\x85\u2028\u00a0\u00ad\u200b\u200d\u202e\u0301é£€½²①ßﬁ漢😀\ufeff\ufffd",
        "\n\n", "---\n", "- ", "* ", "1. ", "a) ", "  ", "**", "__", "| a | b |\n|---|---|\n", "```\n", "<br>", "<!--", "</p>", "&amp;",
        "Session 1", "Wkshop two", "Table 4", "Grp 2:", "Urgent & Essential", "NU/E", "local", "Barriers", "Good practice", "Actions",
        "Top priority", "Residents", "Doris, 78", "attendance", "present: ", "Venue: the hall", "12 November 2009", "x3", "(5)", "total",
        "point", "table", "votes", "name", "text", "litter", "dog mess by the gate", "sep=;\n", "=1+1", "http://x.y", "none", "n/a",
    ]
)  # fmt: skip
TEXT = st.lists(TYPED | st.text(max_size=4), max_size=60).map("".join)
BYTES = st.binary(max_size=300) | st.tuples(TEXT, st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252", "utf-32"])).map(
    lambda pair: pair[0].encode(pair[1], "replace")
)


def hold(make: dict[str, Callable[[Path], object]]) -> None:
    """Make the files in one folder, and read it: all are read or refused in words, and the words balance."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "evening")
        folder.mkdir()
        for name, build in make.items():
            build(folder / name)
        (source,) = find_sources([folder])
        gathered = ingest(source)
    assert {file.source_file for file in gathered.files} == make.keys()
    assert all(file.status == "read" or file.remarks[0].startswith(f"{file.source_file}: ") for file in gathered.files)
    assert all("What to do: " in file.remarks[0] for file in gathered.files if file.status == "not read")
    assert gathered.words.read == sum(gathered.words.kept.values()) + gathered.words.dropped
    gathered.notes.to_csv().encode()
    gathered.dropped.to_csv().encode()


@given(BYTES)
@MANY
def test_any_bytes_in_a_file_of_any_kind(data: bytes) -> None:
    hold({f"n{suffix}": lambda path: path.write_bytes(data) for suffix in READERS})


@given(st.lists(TEXT, min_size=1, max_size=4))
@MANY
def test_any_text_in_typed_files(texts: list[str]) -> None:
    files = {f"n{number}{suffix}": text for number, text in enumerate(texts) for suffix in (".txt", ".md", ".csv", ".tsv")}
    hold({name: lambda path, text=text: path.write_text(text, "utf-8", newline="") for name, text in files.items()})


def _tree(names: str, values: st.SearchStrategy[str], texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """XML of elements of these names in any order and nesting."""
    tags = st.sampled_from(names.split())

    def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.builds(lambda tag, value, text: f"<{tag}{value}>{text}</{tag}>", tags, values, inside)

    return st.recursive(element(texts), lambda inner: element(st.lists(inner, max_size=4).map("".join)), max_leaves=25)


XML_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8).map(escape) | st.sampled_from(
    ["litter", "Table 2", "Session 1", "• rats", "x3"]
)
NUMBERS = st.sampled_from(
    ["0", "1", "2", "9", "-1", "63", "99999999999", "x", "", "²", "true", "restart", "Heading1", "TOC1", "A1", "B2:C9", "s"]
)
WORD_XML = _tree(
    "w:p w:p w:r w:r w:t w:t w:tbl w:tr w:tc w:pPr w:rPr w:numPr w:ilvl w:numId w:pStyle w:outlineLvl w:tcPr w:gridSpan w:vMerge w:trPr "
    "w:gridBefore w:del w:ins w:delText w:sdt w:sdtContent w:txbxContent w:br w:tab w:sym w:b w:vanish w:ind w:hyperlink w:tblHeader w:sz",
    NUMBERS.map(lambda value: f' w:val="{value}" w:char="D800" w:left="{value}"'),
    XML_TEXT,
)
SHEET_XML = _tree(
    "row row c c c v is t f mergeCells mergeCell hyperlinks hyperlink headerFooter oddHeader cols col sheetPr dataValidations",
    st.tuples(NUMBERS, NUMBERS).map(lambda two: f' r="{two[0]}" t="{two[1]}" ref="{two[0]}" min="{two[1]}"'),
    XML_TEXT,
)


@given(st.lists(WORD_XML, max_size=5))
@MANY
def test_any_elements_in_a_word_document(parts: list[str]) -> None:
    put = lambda data: data.replace(b"<w:body>", b"<w:body>" + "".join(parts).encode(), 1)  # noqa: E731
    hold({"n.docx": with_part(word, DOCUMENT, put)})


@given(st.lists(SHEET_XML, max_size=5), st.lists(SHEET_XML, max_size=3))
@MANY
def test_any_elements_in_a_workbook(rows: list[str], after: list[str]) -> None:
    def put(data: bytes) -> bytes:
        return data.replace(b"</sheetData>", ("".join(rows) + "</sheetData>" + "".join(after)).encode(), 1)

    hold({"n.xlsx": with_part(workbook, SHEET, put)})


OPERATORS = st.lists(
    st.sampled_from(
        "BT ET /F 9 -1 0 1e9 99999999999 Tf Td TD Tm Tj TJ T* Tc Tw Tz (rats) <0041> [(a) -200 (b)] q Q cm re m l S f n Do /X BI".split()
    ),
    max_size=60,
)


@given(OPERATORS)
@MANY
def test_any_operators_on_a_page(words: list[str]) -> None:
    data = page_of(stream(f"BT /F 9 Tf 72 700 Td (litter) Tj {' '.join(words)}".encode()))
    hold({"n.pdf": lambda path: path.write_bytes(data)})


@given(st.sampled_from([word, workbook, canvas]), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=8))
@MANY
def test_any_damage_to_a_whole_file(make: Callable[[Path], None], damage: list[tuple[float, bytes]]) -> None:
    name = {word: "n.docx", workbook: "n.xlsx", canvas: "n.pdf"}[make]

    def build(path: Path) -> None:
        make(path)
        data = bytearray(path.read_bytes())
        for share, new in damage:
            at = int(share * len(data))
            data[at : at + len(new)] = new or b""
            if not new:
                del data[at:]
        path.write_bytes(data)

    hold({name: build})
