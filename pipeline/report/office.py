"""Office files (Word, Excel) that are the same bytes each time, and the text that they can hold."""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape

LANGUAGE = "en-GB"
# What XML 1.0 has no sign for: control characters, halves of pairs, and two that are no characters.
_UNSTORABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The earliest time that a zip can hold.
_WHEN = (1980, 1, 1, 0, 0, 0)
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:language>{language}</dc:language></cp:coreProperties>'
)
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)


def storable(text: str) -> str:
    r"""A text that XML can hold: what it cannot becomes the sign for a lost character.

    >>> storable("a\x00b\x0b\ud800")
    'a\ufffdb\ufffd\ufffd'
    """
    return _UNSTORABLE.sub("\ufffd", text)


def sealed(data: bytes, title: str) -> bytes:
    """An office file without the traces of when and with what it was written, so that the same content is the same bytes.

    Its properties say the title and the language, and leave author and dates for those who will edit it.

    Parameters
    ----------
    data : the file, a zip of parts, as the library wrote it.
    title : what the document is called.
    """
    said = {
        "docProps/core.xml": _CORE.format(title=escape(storable(title)), language=LANGUAGE).encode(),
        "docProps/app.xml": _APP.encode(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as written, zipfile.ZipFile(out, "w") as anew:
        for part in written.namelist():
            entry = zipfile.ZipInfo(part, _WHEN)
            entry.create_system = 0  # or the system it is written on would show
            anew.writestr(entry, said.get(part) or written.read(part), zipfile.ZIP_DEFLATED)
    return out.getvalue()
