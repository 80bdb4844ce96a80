"""Read a CSV file to rows of text with line numbers. Nothing here knows the return."""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from iro_analysis.errors import InputError
from iro_analysis.reading.texts import Texts

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_SPACES = " \t\r\v\f\x1c\x1d\x1e\x1f"  # all that ASCII has, but for the line break
_INVISIBLE = "\ufeff\u200b"
_HINT = re.compile(r"[ \t]*sep=([,;\t])[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE)
_AS_TEXT = re.compile(r'="([^"]*)"')
# The csv module's own default. It is a setting of the whole process, which another library may
# have changed; whether a council's file is refused must not depend on that.
_LONGEST_FIELD = 131_072


@dataclass(frozen=True)
class RawTable:
    """A delimited file as it stands.

    Attributes
    ----------
    file : str
        The name to print: relative to the authority's folder.
    header : list of str
        The column names as written.
    texts : dict of Texts
        The columns, named by ``normalised`` header names.
    lines : ndarray of int
        The line of each row (1 is the header's).
    ragged : DataFrame
        Rows with more fields than the header, values in what is left over: ``line``, ``fields``.
    """

    file: str
    header: list[str]
    texts: dict[str, Texts]
    lines: np.ndarray
    ragged: pd.DataFrame

    @property
    def rows(self) -> pd.DataFrame:
        """The rows as text, with ``line``."""
        columns = {name: texts.array() for name, texts in self.texts.items()}
        return pd.DataFrame({**columns, "line": self.lines})

    def of_rows(self, kept: np.ndarray) -> RawTable:
        """Return the table with some of its rows: True where one is kept."""
        if kept.all():
            return self
        texts = {name: column.of_rows(kept) for name, column in self.texts.items()}
        return replace(self, texts=texts, lines=self.lines[kept])


def normalised(name: str) -> str:
    """Return a column name without regard to case, spaces, underscores or a byte-order mark."""
    return re.sub(r"[\s_\ufeff]+", "", name).upper()


def shown(text: str, longest: int = 60) -> str:
    """Return text from a file as it may be printed: on one line, short, no control characters."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain if len(plain) <= longest else f"{plain[: longest - 3]}..."


def decode(content: bytes, file: str) -> str:
    """Return a file's text: UTF-8 (with or without mark), UTF-16 or Windows-1252.

    Raises
    ------
    InputError
        If it is empty, a workbook or other binary file, or in none of these encodings.
    """
    if not content.strip():
        raise InputError(f"{file}: the file is empty; expected a header line and rows")
    if content[:4] == b"PK\x03\x04":
        raise InputError(
            f"{file}: this is an Excel workbook, whatever its name; expected CSV: "
            "save each sheet as CSV"
        )
    marked = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    if content[1:2] == b"\x00":
        likely = "utf-16-le"
    else:
        likely = "utf-16-be" if content[:1] == b"\x00" else "utf-8"
    for attempt in (*marked, likely, "cp1252"):
        try:
            text = content.decode(attempt)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError(f"{file}: the text cannot be read as UTF-8, UTF-16 or Windows-1252")


def delimiter(header: str) -> str:
    """Return the separator that stands most often in the header line: comma, semicolon or tab."""
    return max(",;\t", key=header.count)


def read_table(path: Path, file: str) -> RawTable:
    """Read a delimited file; every value is stripped text.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        The name under which it is spoken of.

    Returns
    -------
    RawTable
        Blank lines are no rows. A short row is filled with blanks.

    Raises
    ------
    InputError
        If the file cannot be read, is empty, has no header, or names a column twice.
    """
    text = _text_of(path, file)
    if (plain := _plain_table(text, file)) is not None:
        return plain
    rows = _lines_of(text, file)
    header = header_of(file, rows)
    if header is None:
        raise InputError(f"{file}: the file holds separators only; expected a header line and rows")
    return table_of_rows(file, header, rows)


def first_lines(path: Path, file: str, number: int = 20) -> list[list[str]]:
    """Return the fields of a delimited file's first lines, blank ones too."""
    lines = _text_of(path, file).splitlines()[:number]
    return [line.split(max(",;\t", key=line.count)) for line in lines]


def _text_of(path: Path, file: str) -> str:
    try:
        return decode(path.read_bytes(), file)
    except OSError as problem:
        raise InputError(f"{file}: cannot be opened ({problem.strerror})") from None


def _plain_table(text: str, file: str) -> RawTable | None:
    """Read a file that a plain reader cannot misread, ten times as fast; None where it is not.

    Without a quote in it, with one kind of line end and no line that is longer than the header,
    every line is a row and every separator divides: there is nothing to decide.
    """
    if '"' in text or text.count("\r") != text.count("\r\n") or text[:1] in ("\r", "\n"):
        return None
    text, separator, skipped = _without_hint(text)
    if skipped or (len(text) > _LONGEST_FIELD and not _short_lines(text)):
        return None
    first = text[: text.find("\n") if "\n" in text else len(text)].rstrip("\r")
    header = header_of(file, iter([(1, first.split(separator))]))
    if (
        header is None
        or not first.strip()
        or len(header) < 2
        or not all(name.strip() for name in header)
    ):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # pandas only warns where it cuts a row short
            rows = pd.read_csv(
                io.StringIO(text), sep=separator, header=None, names=range(len(header) + 1),
                skiprows=1, dtype=object, na_filter=False, quoting=csv.QUOTE_NONE,
                skip_blank_lines=False, index_col=False, engine="c", low_memory=False,
            )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError, pd.errors.ParserWarning):
        return None
    raw = [Texts.of(rows[place].to_numpy()) for place in rows]
    if not raw.pop().where(lambda text: not text.strip()).all():
        return None
    texts = {normalised(name): _clean(each) for name, each in zip(header, raw, strict=True)}
    lines = np.arange(2, len(rows) + 2)
    # A row of invisible characters only is a row; one without any character is a blank line.
    given = np.zeros(len(rows), dtype=bool)
    for column in raw:
        given |= column.where(lambda text: bool(text.strip()))
        if given.all():
            break
    return RawTable(file, header, texts, lines, _ragged([])).of_rows(given)


def _ragged(rows: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["line", "fields"], dtype="int64")


def _short_lines(text: str) -> bool:
    """Whether no field can be longer than csv takes."""
    begins = 0
    while begins + _LONGEST_FIELD <= len(text):
        ends = text.rfind("\n", begins, begins + _LONGEST_FIELD)
        if ends < 0:
            return False
        begins = ends + 1
    return True


def _lines_of(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Give the line and the fields of each row that is not blank."""
    text, separator, skipped = _without_hint(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for fields in reader:
            if max(map(len, fields), default=0) > _LONGEST_FIELD:
                raise csv.Error(f"a value is longer than {_LONGEST_FIELD:,} characters")
            line, begins = begins, reader.line_num + 1
            if any(value.strip() for value in fields):
                yield line + skipped, fields
    except csv.Error as problem:
        raise InputError(
            f"{file} line {begins + skipped}: the quotes or separators cannot be read ({problem})"
        ) from None


def _without_hint(text: str) -> tuple[str, str, int]:
    """Return the text, its separator, and how many lines were only Excel's hint at it."""
    ends = text.find("\n", len(text) - len(text.lstrip()))
    head = text if ends < 0 else text[:ends]
    first = next((line for line in head.splitlines() if line.strip()), "")
    if matched := _HINT.match(text):
        return text[matched.end() :], matched[1], 1
    return text, delimiter(first), 0


def header_of(file: str, rows: Iterator[tuple[int, list[str]]]) -> list[str] | None:
    """Take the header off the rows of a table; None where there is no row at all.

    Raises
    ------
    InputError
        If a column is named twice.
    """
    line, header = next(rows, (0, None))
    names = [normalised(name) for name in header or []]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        place = max(number for number, name in enumerate(names, 1) if name == twice[0])
        raise InputError(
            f"{file} line {line}: the name of column {place} stands twice; expected each once; "
            "the file is not used"
        )
    return header


def table_of_rows(file: str, header: list[str], rows: Iterator[tuple[int, list[str]]]) -> RawTable:
    """Return rows below a header as a table: short rows padded, long ones kept apart."""
    kept: list[list[str]] = []
    lines: list[int] = []
    ragged: list[tuple[int, int]] = []
    for line, fields in rows:
        if any(value.strip() for value in fields[len(header) :]):
            ragged.append((line, len(fields)))
            continue
        kept.append(fields[: len(header)] + [""] * (len(header) - len(fields)))
        lines.append(line)
    return as_table(file, header, kept, lines, ragged)


def as_table(
    file: str,
    header: list[str],
    kept: list[list[str]],
    lines: list[int],
    ragged: list[tuple[int, int]],
) -> RawTable:
    """Return rows of text as a table, whatever form of file they came from.

    Parameters
    ----------
    file : str
        The name under which it is spoken of.
    header : list of str
        The column names as written, each once.
    kept : list of list of str
        The rows, each as long as the header.
    lines : list of int
        The line of each row.
    ragged : list of (int, int)
        Line and number of fields of the rows that have more than the header.
    """
    columns = list(zip(*kept, strict=True)) if kept else [()] * len(header)
    texts = {
        normalised(name): _clean(Texts.of(values))
        for name, values in zip(header, columns, strict=True)
        if normalised(name)
    }
    return RawTable(file, header, texts, np.array(lines, dtype=np.int64), _ragged(ragged))


def _clean(texts: Texts) -> Texts:
    return texts if _are_bare(texts) else texts.changed(_bare)


def _are_bare(texts: Texts) -> bool:
    """Whether no text of a column can have anything that `_bare` takes away."""
    whole = texts.in_one()
    if not whole.isascii() or whole.count("\n") != len(texts.distinct) + 1 or '="' in whole:
        return False
    spaces = [sign for sign in _SPACES if sign in whole]
    return not any(f"\n{sign}" in whole or f"{sign}\n" in whole for sign in spaces)


def _bare(value: str) -> str:
    """Return a value without spaces, stray byte-order marks, and Excel's ``="..."`` around it."""
    value = value.strip().strip(_INVISIBLE).strip()
    if matched := _AS_TEXT.fullmatch(value):
        value = matched[1].strip()
    return value
