"""Bytes to text: which encoding a file was saved in, and mending what an earlier program garbled."""

from __future__ import annotations

import codecs
import re

from pipeline.errors import ReadError

_BOMS = (  # UTF-32 first: its mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = ("cp1252", "mac_roman", "cp850")  # Windows, Excel's "CSV (Macintosh)" and "CSV (MS-DOS)"
_USUAL = re.compile(r"[£€‘’“”–—…•·½¼¾°éèêëàâáäçíîïóôöúûüñœÉÀÄÖÜß®©™\xa0]")
_OTHER = re.compile(r"[^\x00-\x7f]")
_STRANGE = re.compile(r"[a-z][ÕÔÒÓ][a-z]|[œú][0-9]|[\x80-\x9f]")  # donÕt, œ5: the wrong code page
_NAMES = {
    "utf_8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf_16_le": "UTF-16",
    "utf_16_be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp850": "MS-DOS 850",
}
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u2060\ufeff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\u0085\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u3000]")


def decode(data: bytes, where: str) -> tuple[str, str]:
    """Give the text of ``data`` and the name of its encoding ("UTF-8", "Windows-1252").

    A byte-order mark decides; then UTF-8 if valid; then the western code page that reads most
    sensibly; then charset-normalizer's guess. Bytes that are no text at all raise :class:`ReadError`.
    """
    if data.startswith((b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        raise _not_text(where)
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data.decode(codec, errors="replace"), _NAMES[codec]
    if b"\x00" in data:
        return _utf_16(data, where)
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _single_byte(data)


def mend(text: str) -> str:
    """Undo mis-decoding (``donâ€™t``), unify line ends and spaces, and take out invisible characters.

    What was typed stays: curly quotes, fractions, the pound sign, spelling.
    """
    import ftfy

    plain = _LINE_ENDS.sub("\n", text)
    if plain.isascii() and "&" not in plain and not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", plain):
        return plain
    fixed = ftfy.fix_text(plain, uncurl_quotes=False, normalization="NFC")
    return _SPACES.sub(" ", _INVISIBLE.sub("", fixed))


def remarks_on(encoding: str, raw: str) -> tuple[str, ...]:
    """Say what the user should know about how a text file was decoded; nothing if all was plain."""
    remarks = [] if encoding == "UTF-8" else [f"read as {encoding}"]
    mended = mend(raw)
    if mended != raw and re.sub(r"\W", "", mended) != re.sub(r"\W", "", raw):
        remarks.append("garbled characters were mended")
    if "\ufffd" in mended:
        remarks.append("some characters could not be read and show as \ufffd")
    return tuple(remarks)


def _utf_16(data: bytes, where: str) -> tuple[str, str]:
    """Decode UTF-16 that has no byte-order mark, by where its zero bytes fall."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    codec = "utf_16_le" if odd > even else "utf_16_be"
    if max(even, odd) < len(data) // 4 or min(even, odd) > len(data) // 20:
        raise _not_text(where)
    return data.decode(codec, errors="replace"), _NAMES[codec]


def _single_byte(data: bytes) -> tuple[str, str]:
    """Choose the western code page with the likeliest characters, else ask charset-normalizer."""
    best, best_score = "", -1.0
    for codec in _WESTERN:
        text = data.decode(codec, errors="replace")
        others = len(_OTHER.findall(text))
        score = (len(_USUAL.findall(text)) - 2 * len(_STRANGE.findall(text))) / max(others, 1)
        if score > best_score:
            best, best_score = codec, score
    if best_score < 0.5:
        from charset_normalizer import from_bytes

        guess = from_bytes(data).best()
        if guess is not None and not guess.encoding.startswith("utf"):
            return str(guess), _NAMES.get(guess.encoding, guess.encoding)
    best = best or "cp1252"
    return data.decode(best, errors="replace"), _NAMES[best]


def _not_text(where: str) -> ReadError:
    return ReadError(
        "this is not a text file, whatever its name says",
        where=where,
        expected="typed text (UTF-8 or Windows-1252)",
        do="give the file the ending that fits what it is, or open it and save it as plain text",
    )
