"""Which reader reads which file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.errors import ReadError, ThemesError
from pipeline.ingest import markdown, pdf, sheets, text, word
from pipeline.ingest.blocks import Document
from pipeline.ingest.limits import check_file, check_package, within_limits

READERS: dict[str, Callable[[Path, str], Document]] = {
    ".docx": word.read,
    ".xlsx": sheets.read,
    ".xlsm": sheets.read,
    ".csv": sheets.read,
    ".tsv": sheets.read,
    ".txt": text.read,
    ".md": markdown.read,
    ".pdf": pdf.read,
}
_PACKAGES = (".docx", ".xlsx", ".xlsm")
_SAVE_AS = {
    ".doc": "open it in Word and save it as a Word document (.docx)",
    ".docm": "open it in Word and save it as a Word document (.docx)",
    ".rtf": "open it in Word and save it as a Word document (.docx)",
    ".odt": "open it and save it as a Word document (.docx)",
    ".pages": "export it as a Word document (.docx)",
    ".xls": "open it in Excel and save it as a workbook (.xlsx)",
    ".xlsb": "open it in Excel and save it as a workbook (.xlsx)",
    ".ods": "open it and save it as an Excel workbook (.xlsx)",
    ".numbers": "export it as an Excel workbook (.xlsx)",
    ".jpg": "type the notes up, or run text recognition (OCR) on the picture first",
    ".jpeg": "type the notes up, or run text recognition (OCR) on the picture first",
    ".png": "type the notes up, or run text recognition (OCR) on the picture first",
}


def read(path: Path, source_file: str) -> Document:
    """Read one raw file with the reader its ending asks for.

    Raises
    ------
    ReadError : no reader knows the ending, or the file is missing, locked, broken, not what it says, or past a limit
        (:mod:`pipeline.ingest.limits`).
    """
    suffix = path.suffix.lower()
    reader = READERS.get(suffix)
    try:
        check_file(path, source_file)
        if suffix in _PACKAGES:
            check_package(path, source_file)
        return within_limits((reader or _refuse)(path, source_file))
    except OSError as error:
        raise ReadError(
            f"it cannot be opened ({error.strerror or error})",
            where=source_file,
            do="check that the file is there, that you may read it and that it is not open elsewhere",
        ) from error
    except ThemesError:
        raise
    except MemoryError as error:
        raise ReadError("it needs more memory than there is", where=source_file, do="divide it into several files") from error
    except Exception as error:  # a broken file can make the libraries below raise anything
        raise ReadError(
            f"it is broken, or not what its ending says ({type(error).__name__}: {' '.join(str(error).split())[:160]})",
            where=source_file,
            do="open it in the program it was made with and save it again, or ask for a new copy",
        ) from error


def _refuse(path: Path, source_file: str) -> Document:
    suffix = path.suffix.lower()
    raise ReadError(
        f"files ending in {suffix[:20]!r} cannot be read" if suffix else "a file without an ending cannot be read",
        where=source_file,
        expected="one of " + ", ".join(READERS),
        do=_SAVE_AS.get(suffix, "save its text as .docx, .xlsx or .txt, or move the file out of the folder"),
    )
