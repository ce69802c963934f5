"""Coded files that a taxonomy learns from: what is read of them, and every fault with its file and row."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from taxonomies import CODES, TEXTS

from pipeline.errors import ModelError, TaxonomyError
from pipeline.settings import Settings
from pipeline.taxonomy import CodedText, load_taxonomy
from pipeline.taxonomy.coded import BUNDLED_FOLDER, bundled_texts, read_coded_texts

BIN_CODES = ("bins", "lanes", "lamps")


def own(folder: Path, content: str | bytes, name: str = "mine.csv") -> tuple[tuple[CodedText, ...], list[str]]:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    texts, read, faults = read_coded_texts([name], folder, BIN_CODES)
    assert read == (folder / name).read_bytes()
    return texts, faults


def bundled(folder: Path, monkeypatch: pytest.MonkeyPatch, *files: str) -> tuple[CodedText, ...]:
    """What a taxonomy of BIN_CODES reads of bundled files with the contents given."""
    for number, content in enumerate(files):
        (folder / f"{number}.csv").write_text(content, "utf-8")
    monkeypatch.setattr("pipeline.taxonomy.coded.BUNDLED_FOLDER", folder)
    texts, _, faults = read_coded_texts(["bundled"], folder / "nowhere", BIN_CODES)
    assert faults == []
    return texts


# a file of one's own


def test_codes_stand_with_a_bar_between_and_optional_codes_if_there_are_any(tmp_path: Path) -> None:
    texts, faults = own(tmp_path, "text,codes,optional_codes\nbins in the lane, bins | lanes ,\nlamp out,lamps,lanes|bins\n")
    assert faults == []
    assert texts == (CodedText("bins in the lane", ("bins", "lanes")), CodedText("lamp out", ("lamps",), ("lanes", "bins")))


@pytest.mark.parametrize("none", ["none", "", " none ", "none|"])
def test_none_and_an_empty_cell_mean_that_a_text_is_about_no_theme(tmp_path: Path, none: str) -> None:
    assert own(tmp_path, f"id,text,codes\n7,tea break,{none}\n") == ((CodedText("tea break", ()),), [])


def test_a_row_without_a_text_or_without_its_last_cells_is_no_fault(tmp_path: Path) -> None:
    texts, faults = own(tmp_path, "text,codes,optional_codes\n ,bins,\nraffle\nlamp out,lamps\n")
    assert (texts, faults) == ((CodedText("raffle", ()), CodedText("lamp out", ("lamps",))), [])


def test_an_unknown_code_is_a_fault_that_names_file_and_row(tmp_path: Path) -> None:
    _, faults = own(tmp_path, "text,codes,optional_codes\nbins,bins,\nbinz,bins|binz,\nlamp,lamps,swans\nfine,none,\n")
    assert faults == [
        "'coded_texts' mine.csv row 3: 'binz' is no code of this taxonomy; expected one that is, or none",
        "'coded_texts' mine.csv row 4: 'swans' is no code of this taxonomy; expected one that is, or none",
    ]


@pytest.mark.parametrize("content", ["", "text,codes\n", "text,code\nbins,bins\n", "point,codes\nbins,bins\n", "\n\n"])
def test_a_file_without_rows_or_columns_is_a_fault(tmp_path: Path, content: str) -> None:
    assert own(tmp_path, content) == ((), ["'coded_texts' mine.csv: has no rows, or not the columns text and codes; expected both"])


def test_a_file_that_is_missing_or_no_text_is_a_fault_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"text,codes\n\xff\xfe\x81,bins\n")
    (tmp_path / "good.csv").write_text("text,codes\nbins,bins\n")
    texts, read, faults = read_coded_texts(["gone.csv", "bytes.csv", "good.csv"], tmp_path, BIN_CODES)
    assert texts == (CodedText("bins", ("bins",)),)
    assert read.endswith(b"bins,bins\n")
    assert [fault.split(" (")[0] for fault in faults] == [
        "'coded_texts' gone.csv: cannot be read",
        "'coded_texts' bytes.csv: cannot be read",
    ]


def test_a_full_path_and_files_in_the_order_named(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.csv").write_text("text,codes\nsecond,bins\n")
    (tmp_path / "a.csv").write_text("text,codes\nfirst,lanes\n")
    named = [str(tmp_path / "a.csv"), "deep/b.csv"]
    texts, _, faults = read_coded_texts(named, tmp_path, BIN_CODES)
    assert ([text.text for text in texts], faults) == (["first", "second"], [])
    texts, _, _ = read_coded_texts(named[::-1], tmp_path, BIN_CODES)
    assert [text.text for text in texts] == ["second", "first"]


def test_a_byte_order_mark_and_windows_line_ends_and_lines_within_quotes_are_read(tmp_path: Path) -> None:
    texts, faults = own(tmp_path, '\ufefftext,codes\r\n"bins,\r\nfull ""again""",bins\r\nlamp out,lamps\r\n'.encode())
    assert (texts, faults) == ((CodedText('bins,\r\nfull "again"', ("bins",)), CodedText("lamp out", ("lamps",))), [])


@pytest.mark.parametrize("odd", ["\u2028", "\x0b", "\x0c", "\x85", "\x1c"])
def test_only_the_ends_of_lines_end_a_row(tmp_path: Path, odd: str) -> None:
    assert own(tmp_path, f"text,codes\nbins{odd}full,bins\n") == ((CodedText(f"bins{odd}full", ("bins",)),), [])


@given(
    rows=st.lists(
        st.tuples(TEXTS.filter(lambda text: text == text.strip()), st.lists(st.sampled_from(BIN_CODES), unique=True), st.sets(CODES)),
        min_size=1,
        max_size=4,
    )
)
@examples(deadline=None)
def test_whatever_a_csv_writer_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, list[str], set[str]]]
) -> None:
    import csv

    path = tmp_path_factory.mktemp("coded") / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(["text", "codes", "optional_codes"])
        written.writerows([text, "|".join(codes), "|".join(sorted(optional))] for text, codes, optional in rows)
    texts, _, faults = read_coded_texts([path.name], path.parent, BIN_CODES)
    assert [(text.text, list(text.codes)) for text in texts] == [(text, codes) for text, codes, _ in rows]
    assert len(faults) == sum(bool(optional - {*BIN_CODES, "none"}) for _, _, optional in rows)


# the bundled files


def test_bundled_texts_about_other_themes_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (
        "text,codes,optional_codes\nswans,swans,\nbins and swans,swans|bins,geese\nlamps maybe,geese,lamps\n"
        "tea break,none,\ntea maybe,none,geese\n"
    )
    assert bundled(tmp_path, monkeypatch, content, "text,codes\ndark lane,lanes\n") == (
        CodedText("bins and swans", ("bins",)),
        CodedText("tea break", ()),
        CodedText("dark lane", ("lanes",)),
    )


def test_bundled_and_own_files_stand_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bundled").mkdir()
    bundled(tmp_path / "bundled", monkeypatch, "text,codes\nswans,swans\nbins full,bins\n")
    (tmp_path / "mine.csv").write_text("text,codes\nswans,swans\nlamp out,lamps\n")
    texts, _, faults = read_coded_texts(["bundled", "mine.csv"], tmp_path, BIN_CODES)
    assert [text.text for text in texts] == ["bins full", "swans", "lamp out"]
    assert [fault.split(":")[0] for fault in faults] == ["'coded_texts' mine.csv row 2"]


def test_a_damaged_file_of_bundled_texts_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.taxonomy.coded.BUNDLED_FOLDER", tmp_path)
    for damaged in (b"codes\nasb\n", b"text,codes\n\xff\xfe,asb\n"):
        (tmp_path / "minutes.csv").write_bytes(damaged)
        with pytest.raises(ModelError, match=r"minutes\.csv: the coded texts cannot be read.*restore it"):
            bundled_texts()


def test_the_bundled_taxonomy_knows_every_code_of_the_bundled_texts() -> None:
    taxonomy = load_taxonomy(Settings().taxonomy_path)
    files = sorted(BUNDLED_FOLDER.glob("*.csv"))
    assert files
    for path in files:
        _, _, faults = read_coded_texts([str(path)], path.parent, taxonomy.codes)
        assert faults == []
    assert all(not set(text.codes) & set(text.optional_codes) for text in taxonomy.coded_texts)
    assert any(not text.codes for text in taxonomy.coded_texts)


# in a taxonomy file


def taxonomy_file(folder: Path, coded: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(f"name: n\nversion: 1\ncoded_texts: [{coded}]\nthemes:\n- {{code: bins, label: Bins}}\n", "utf-8")
    return path


def test_the_checksum_changes_with_the_bytes_of_a_coded_file(tmp_path: Path) -> None:
    path = taxonomy_file(tmp_path, "a.csv")
    (tmp_path / "a.csv").write_bytes(b"text,codes\nbins,bins\n")
    first = load_taxonomy(path)
    assert first.coded_texts == (CodedText("bins", ("bins",)),)
    assert first.sha256 == hashlib.sha256(path.read_bytes() + b"text,codes\nbins,bins\n").hexdigest()
    (tmp_path / "a.csv").write_bytes(b"text,codes\r\nbins,bins\r\n")
    second = load_taxonomy(path)
    assert second.coded_texts == first.coded_texts
    assert second.sha256 != first.sha256


def test_faults_of_the_coded_files_are_told_with_the_others_all_at_once(tmp_path: Path) -> None:
    path = taxonomy_file(tmp_path, "a.csv, gone.csv")
    path.write_text(path.read_text() + "- {code: bins, label: More bins}\n")
    (tmp_path / "a.csv").write_text("text,codes\nbins,bin\n")
    with pytest.raises(TaxonomyError) as raised:
        load_taxonomy(path)
    what = raised.value.what
    assert what.startswith(
        "3 faults: (1) themes 1 and 2: code 'bins' stands 2 times; expected each code once; (2) 'coded_texts' a.csv row 2: 'bin' is no"
    )
    assert "(3) 'coded_texts' gone.csv: cannot be read" in what
