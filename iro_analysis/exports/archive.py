"""Write workbooks and documents without clock times: the same content gives the same bytes."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

_FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time that the file format holds
_CORE = "docProps/core.xml"
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_FIXED_IN_WORDS = rb"\g<1>1980-01-01T00:00:00Z\g<3>"


def write_without_times(content: bytes, path: Path) -> None:
    """Write an Office file with fixed times in place of those at which it was made.

    Parameters
    ----------
    content : bytes
        A workbook or document as its library saved it.
    path : Path
        The file to write.
    """
    with (
        zipfile.ZipFile(BytesIO(content)) as made,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for name in made.namelist():
            part = made.read(name)
            if name == _CORE:
                part = _TIMES.sub(_FIXED_IN_WORDS, part)
            entry = zipfile.ZipInfo(name, _FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, part)
