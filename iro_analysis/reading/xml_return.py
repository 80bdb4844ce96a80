"""Read the return from XML (EXPSSDA903), one element per child, to the same rows as from CSV.

A return has no need of a document type, and what makes XML dangerous (entities that grow, files
and addresses that are fetched) is declared in one: a file with a document type is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from iro_analysis import codes, contracts
from iro_analysis.errors import InputError
from iro_analysis.reading.files import RawTable, as_table, normalised
from iro_analysis.reading.values import YES

_BLOCK = 1 << 20
_SHOWN = 40  # characters of a foreign element's name


@dataclass
class _Element:
    """An element while it is read: its own values, and the elements in it that are rows."""

    name: str
    line: int
    text: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    groups: list[_Element] = field(default_factory=list)


@dataclass
class _Rows:
    """The rows of one module, gathered child after child; None where an element is left out."""

    lines: list[int] = field(default_factory=list)
    values: list[tuple[str | None, ...]] = field(default_factory=list)
    unused: set[str] = field(default_factory=set)

    def add(self, line: int, values: tuple[str | None, ...]) -> None:
        self.lines.append(line)
        self.values.append(values)


def read_xml(path: Path, file: str) -> tuple[list[RawTable], list[str]]:
    """Read an XML return: a table per module, each named ``file [module]``.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        The name under which it is spoken of.

    Returns
    -------
    list of RawTable
        A row of Header for each CHILD; of the modules that stand in the HEADER for each child that
        has a value of them; of the others for each of their elements. The date of birth and the
        sex of the HEADER stand in each of the child's rows, as in the CSV files. ``line`` is the
        line on which the row's element begins or, where rows share a line, the row's number.
        Elements that are no module's make a table of their own, named ``file [element]``.
    list of str
        What a user should know.

    Raises
    ------
    InputError
        If it cannot be opened, is no well-formed XML, has a document type, is nested too deep, is
        no return, or holds a value twice where a return holds it once.
    """
    reader = _Reader(file)
    try:
        with path.open("rb") as stream:
            reader.read(stream)
    except OSError as problem:
        raise InputError(f"{file}: cannot be opened ({problem.strerror})") from None
    return reader.tables()


class _Reader:
    """Gathers the rows of an XML return as the parser meets them; holds one child at a time."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.spec = codes.record("return")["xml"]
        self.depth = codes.record("return")["limits"]["depth"]
        self.modules = contracts.modules()
        self.by_element = {
            normalised(module.element): module for module in self.modules.values() if module.element
        }
        self.known = {normalised(c.statutory) for m in self.modules.values() for c in m.columns}
        self.known |= {normalised(m.flag) for m in self.modules.values() if m.flag}
        self.open: list[_Element] = []
        self.rows: dict[str, _Rows] = {}
        self.others: dict[str, _Rows] = {}
        self.columns = {
            name: [normalised(column.statutory) for column in module.columns]
            for name, module in self.modules.items()
        }
        self.plain: dict[str, str] = {}
        self.renamed = {normalised(a): normalised(b) for a, b in self.spec["names"].items()}
        self.children = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def read(self, stream: BinaryIO) -> None:
        """Read the whole file, block by block."""
        try:
            while block := stream.read(_BLOCK):
                self.parser.Parse(block, False)
            self.parser.Parse(b"", True)
        except expat.ExpatError as problem:
            words = expat.ErrorString(problem.code)
            raise InputError(
                f"{self.file} line {problem.lineno}: the XML cannot be read ({words}); "
                "the file is not used"
            ) from None
        except (ValueError, LookupError):
            raise InputError(
                f"{self.file}: the XML is in an encoding that cannot be read; expected UTF-8, "
                "UTF-16 or Windows-1252; the file is not used"
            ) from None

    def _plain(self, tag: str) -> str:
        """Return a tag's name as columns are compared: without prefix, case or underscores."""
        if tag not in self.plain:
            self.plain[tag] = normalised(tag.rpartition(":")[2])
        return self.plain[tag]

    def _refuse(self, what: str) -> InputError:
        line = self.parser.CurrentLineNumber
        return InputError(f"{self.file} line {line}: {what}; the file is not used")

    def _refuse_document_type(self, *_: object) -> None:
        raise self._refuse("the XML declares a document type (DOCTYPE); a return has none")

    def _start(self, tag: str, _: dict[str, str]) -> None:
        name = self._plain(tag)
        if not self.open and self.spec["root"] not in name:
            raise self._refuse("the outermost element is not that of an SSDA903 return")
        if len(self.open) >= self.depth:
            raise self._refuse("elements stand within elements deeper than in any return")
        name = self.renamed.get(name, name) if len(self.open) > 1 else name
        self.open.append(_Element(name, self.parser.CurrentLineNumber))

    def _text(self, text: str) -> None:
        self.open[-1].text.append(text)

    def _end(self, _: str) -> None:
        element = self.open.pop()
        if not self.open:
            return
        if element.name == self.spec["child"] and len(self.open) == 1:
            self.children += 1
            self._take_child(element)
            return
        of_rows = element.name in self.by_element or element.name == self.spec["header"]
        is_group = bool(element.values or element.groups or of_rows)
        parent = self.open[-1]
        if len(self.open) == 1:
            if is_group:
                self._set_aside(element)
        elif is_group:
            parent.groups.append(element)
        elif element.name in parent.values and element.name in self.known:
            raise self._refuse(f"{element.name} stands twice in one row; expected once")
        else:
            parent.values[element.name] = "".join(element.text)

    def _take_child(self, child: _Element) -> None:
        headers = [group for group in child.groups if group.name == self.spec["header"]]
        if len(headers) > 1:
            raise self._refuse("a child has two HEADER elements; expected one")
        header = headers[0] if headers else child
        own = {**child.values, **header.values}
        self._take_header(header.line, own)
        groups = [group for group in child.groups if group is not header]
        for group in [*groups, *(header.groups if headers else [])]:
            self._take_group(group, own)

    def _take_header(self, line: int, own: dict[str, str]) -> None:
        self._take("Header", line, own)
        for module in self.modules.values():
            if module.element or module.name == "Header":
                continue
            given = any(own.get(normalised(name), "").strip() for name in module.known_by)
            said = own.get(normalised(module.flag), "").strip().upper() in YES
            if given or said:
                self._take(module.name, line, self._shared(own, module))

    def _take_group(self, group: _Element, own: dict[str, str]) -> None:
        module = self.by_element.get(group.name) or self._by_columns(group)
        if module is not None:
            self._take(module.name, group.line, {**self._shared(own, module), **group.values})
        elif group.values:
            self._set_aside(group)
            return
        for inner in group.groups:
            self._take_group(inner, own)

    def _by_columns(self, group: _Element) -> contracts.Module | None:
        for module in self.modules.values():
            if any(normalised(name) in group.values for name in module.known_by):
                return module
        return None

    def _shared(self, own: dict[str, str], module: contracts.Module) -> dict[str, str]:
        return {name: own[name] for name in self.columns[module.name] if name in own}

    def _take(self, module: str, line: int, values: dict[str, str]) -> None:
        rows = self.rows.setdefault(module, _Rows())
        rows.add(line, tuple(values.get(name) for name in self.columns[module]))
        rows.unused.update(values.keys() - self.known)

    def _set_aside(self, element: _Element) -> None:
        self.others.setdefault(element.name[:_SHOWN], _Rows()).add(element.line, ("",))

    def tables(self) -> tuple[list[RawTable], list[str]]:
        """Return the tables read, in the order of the specification, and the remarks."""
        if not self.children:
            raise InputError(f"{self.file}: the XML holds no CHILD element; the file is not used")
        found = [
            self._table(module, self.rows[module.name])
            for module in self.modules.values()
            if module.name in self.rows
        ]
        for name, rows in sorted(self.others.items()):
            found.append(self._numbered(name, ["element"], rows, [[""]] * len(rows.values)))
        remarks = []
        if any(len(set(rows.lines)) < len(rows.lines) for rows in self.rows.values()):
            remarks.append(
                f"{self.file}: several rows stand on one line of the XML, so that a line named of "
                "it is the row's number within its module"
            )
        return found, remarks

    def _table(self, module: contracts.Module, rows: _Rows) -> RawTable:
        given = [
            any(values[number] is not None for values in rows.values)
            for number in range(len(module.columns))
        ]
        # An element may be left out where it is empty. One that the return must fill, or that
        # tells whether something has ended, is missing if no row has it.
        held = [
            number
            for number, column in enumerate(module.columns)
            if given[number] or not (column.required or column.name in module.date_pair)
        ]
        kept = [[values[number] or "" for number in held] for values in rows.values]
        header = [module.columns[number].statutory for number in held]
        table = self._numbered(module.name, header, rows, kept)
        return replace(table, header=[*header, *sorted(rows.unused)])

    def _numbered(
        self, name: str, header: list[str], rows: _Rows, kept: list[list[str]]
    ) -> RawTable:
        lines = rows.lines
        if len(set(lines)) < len(lines):
            lines = list(range(1, len(lines) + 1))
        return as_table(f"{self.file} [{name}]", header, kept, lines, [])
