"""Named ways to spoil a good return: in its rows, in how it is written, in the files themselves."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from good_return import Return

from iro_analysis import contracts

A, B = "2018-19", "2019-20"
NONE, BACKGROUND, ALL = "none", "background", "all"


@dataclass
class Spoilt:
    """A return while it is spoilt: its rows, how each file is written, what was touched."""

    made: Return
    choose: random.Random
    form: dict[tuple[str, str], dict] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    everything: bool = False
    every_person: bool = False
    unread: set[str] = field(default_factory=set)
    extra_rows: int = 0

    def pick(self, *modules: str) -> tuple[tuple[str, str], dict[str, str]]:
        """A row of one of the modules (of any, where none is named) in a file still whole."""
        keys = [k for k in sorted(self.made) if (not modules or k[1] in modules) and self.made[k]]
        if modules == ("Header",):
            keys = [(B, "Header")]  # the later return's row is the one that stands
        key = self.choose.choice(keys)
        return key, self.choose.choice(self.made[key])

    def file(self, *modules: str) -> tuple[str, str]:
        keys = [k for k in sorted(self.made) if not modules or k[1] in modules]
        return self.choose.choice(keys)

    def touch(self, key: tuple[str, str], row: dict[str, str]) -> None:
        """What is counted of the child may change."""
        if key[1] == "Episodes":
            self.children.add(row["CHILD"])
        if key[1] == "Header":
            self.people.add(row["CHILD"])


@dataclass(frozen=True)
class Mutation:
    """One way to spoil a return; ``finds`` are the checks of which one must say so."""

    name: str
    spoil: Callable[[Spoilt], None]
    finds: frozenset[str] = frozenset()
    unused: bool = False  # a file may become unusable: it is then named


MUTATIONS: list[Mutation] = []


def way(name: str, *finds: str, unused: bool = False):
    def keep(spoil):
        MUTATIONS.append(Mutation(name, spoil, frozenset(finds), unused))
        return spoil

    return keep


def value(name: str, modules: str, column: str, *texts: str, finds: str = ""):
    """A way that puts one of several texts into a column of a row."""

    def spoil(on: Spoilt) -> None:
        key, row = on.pick(*modules.split())
        on.touch(key, row)
        if column == "DOB":  # it decides who is a child
            on.children.add(row["CHILD"])
        row[column] = on.choose.choice(texts)

    way(name, *finds.split())(spoil)


# Values that cannot be what they should be.
value("no child", "Episodes Reviews Missing", "CHILD", "", finds="no_child")
value(
    "a shortened identifier",
    "Episodes Header OC2",
    "CHILD",
    "1.23E+11",
    "1E+5",
    finds="shortened_identifier",
)
value(
    "a start that is no date",
    "Episodes",
    "DECOM",
    "31/02/2019",
    "soon",
    "43586",
    "5-Apr-18",
    finds="unreadable_key",
)
value("a start with a two-digit year", "Episodes", "DECOM", "01/05/19", finds="unreadable_key")
value("no start", "Episodes", "DECOM", "", "NULL", finds="no_key")
value(
    "an end that is no date", "Episodes", "DEC", "never", "2019", "#VALUE!", finds="unreadable_end"
)
value(
    "an end before the start",
    "Episodes",
    "DEC",
    "01/01/2018",
    "2018-04-01",
    finds="end_before_start",
)
value(
    "a start after the year",
    "Episodes",
    "DECOM",
    "01/05/2021",
    finds="future_date end_before_start corrected_episode",
)
value("an unknown legal status", "Episodes", "LS", "Q9", "\u00e9", "C 2", finds="unknown_code")
value("no legal status", "Episodes", "LS", "", finds="missing_code")
value("an unknown placement", "Episodes", "PLACE", "H9", "ZZZ", finds="unknown_code")
value("an unknown need", "Episodes", "CIN", "N0", finds="unknown_code")
value("an unknown reason for the episode", "Episodes", "RNE", "X", finds="unknown_code")
value("a reason without an end, or another", "Episodes", "REC", "E99", finds="unknown_code")
value(
    "an unknown reason for a move", "Episodes", "REASON_PLACE_CHANGE", "WHY", finds="unknown_code"
)
value("no provider", "Episodes", "PLACE_PROVIDER", "PR9", finds="unknown_code")
value("an unknown ethnicity", "Header", "ETHNIC", "ABCD", "=1+1", finds="unknown_code")
value("no sex", "Header", "SEX", "", finds="missing_code")
value("a sex of another year", "Header", "SEX", "M", "F", finds="code_of_another_year")
value("a date of birth that is no date", "Header", "DOB", "15/06/08", "?", finds="unreadable_date")
value(
    "a date of birth of another century",
    "Header",
    "DOB",
    "15/06/1908",
    finds="impossible_age birth_dates_differ",
)
value("a UPN of no form", "Header", "UPN", "A1", "I123456789012", finds="upn_form")
value(
    "a review that is no date", "Reviews", "REVIEW", "in May", "00/00/2019", finds="unreadable_key"
)
value("a review before care", "Reviews", "REVIEW", "01/04/2018", finds="review_before_care")
value("a review after the year", "Reviews", "REVIEW", "01/05/2020", finds="future_date")
value("an unknown participation code", "Reviews", "REVIEW_CODE", "PN9", finds="unknown_code")
value("a score that cannot be", "OC2", "SDQ_SCORE", "99", "-1", finds="out_of_range")
value(
    "a score that is no number",
    "OC2",
    "SDQ_SCORE",
    "many",
    "1_0",
    "nan",
    "inf",
    finds="unreadable_number",
)
value(
    "an answer that is neither yes nor no",
    "OC2",
    "IMMUNISATIONS",
    "2",
    "maybe",
    finds="unknown_code",
)
value("an unknown activity", "OC3", "ACTIV", "F9", finds="unknown_code")
value("an unknown accommodation", "OC3", "ACCOM", "01", finds="unknown_code")
value("an unknown adopter", "AD1", "SEX_ADOPTR", "XY", finds="unknown_code")
value(
    "a missing episode that ends first",
    "Missing",
    "MIS_END",
    "01/01/2019",
    finds="end_before_start",
)
value("an asylum end that is no date", "UASC", "DUC", "18th birthday", finds="unreadable_date")
value("text that a spreadsheet would run", "Episodes", "URN", "=cmd|' /C calc'!A0", "@SUM(1)")
value("text that a browser would run", "Episodes", "PL_POST", "<script>alert(1)</script>")
value("control characters", "Episodes", "HOME_POST", "\x1b[2J", "\x07\x0c", "\u202e")
value("a very long value", "Episodes", "PL_POST", "x" * 5000)


@way("an episode twice, the second with another status", "conflict_in_one_year")
def _(on):
    key, row = on.pick("Episodes")
    on.touch(key, row)
    on.made[key].append({**row, "LS": "C1" if row["LS"] != "C1" else "C2"})


@way("a row twice", "repeated_row")
def _(on):
    key, row = on.pick()
    on.made[key].append(dict(row))


@way("an episode within another", "in_two_places", "overlapping_episodes")
def _(on):
    rows = [row for row in on.made[B, "Episodes"] if row["CHILD"] in ("SYN02", "SYN10", "SYN11")]
    row = on.choose.choice(rows)
    on.children.add(row["CHILD"])
    on.made[B, "Episodes"].append({**row, "DECOM": "01/12/2019", "PL_POST": "ZZ9 9ZZ"})


@way("an episode left out of the later return", "vanished")
def _(on):
    rows = on.made[B, "Episodes"]
    [row] = [r for r in rows if r["CHILD"] == "SYN10"][:1] or [rows[0]]
    on.children.add(row["CHILD"])
    rows.remove(row)


@way("a header row left out", "no_header_row")
def _(on):
    rows = on.made[B, "Header"]
    row = next((row for row in rows if row["CHILD"] in ("SYN04", "SYN13")), rows[0])
    on.people.add(row["CHILD"])
    rows.remove(row)


@way("a date of birth that differs", "birth_dates_differ")
def _(on):
    _, row = on.pick("Reviews", "OC2", "OC3", "Missing")
    row["DOB"] = "01/01/2009"
    on.people.add(row["CHILD"])  # it stands in where the header has none


# How a file is written: nothing that is counted may change.
def form(words: str, /, **options) -> None:
    way(f"written with {words}")(lambda on: on.form.setdefault(on.file(), {}).update(options))


form("a byte-order mark", encoding="utf-8-sig")
form("UTF-16", encoding="utf-16")
form("Windows-1252", encoding="cp1252")
form("semicolons", delimiter=";")
form("tabs", delimiter="\t")
form("Windows line ends", line_end="\r\n")
form("old Mac line ends", line_end="\r")
form("quotes around everything", quoting=csv.QUOTE_ALL)
form("a hint at the separator", hint=True)
form("blank lines at its end", tail="\n\n,,,,\n ,\n")
form("blank lines before the header", head="\n \n")
form("header names in lower case", header=str.lower)
form("header names with spaces", header=lambda name: f" {name.replace('_', ' ')} ")
form("columns in another order", shuffle="columns")
form("rows in another order", shuffle="rows")
form("an extra column", extra="NOTE")
form("an index column", extra="")
form("midnight behind its dates", cell=lambda text: _dated(text, lambda t: f"{t} 00:00"))
form("ISO dates", cell=lambda text: _dated(text, lambda t: f"{t[6:]}-{t[3:5]}-{t[:2]}"))
form("dates without zeros", cell=lambda text: _dated(text, lambda t: t.lstrip("0")))
form("codes in lower case", cell=lambda text: text if text.startswith("SYN") else text.lower())
form("spaces around its values", cell=lambda text: f"  {text}\u00a0")
form("NULL for nothing", cell=lambda text: text or "NULL")
form("a name of another module", name="header_oc2_old")
form("a name without meaning", name="Export (3) FINAL")


def _dated(text: str, change) -> str:
    return change(text) if text[2:3] == "/" and text[5:6] == "/" and len(text) == 10 else text


# The files themselves.
def whole_file(on: Spoilt, key: tuple[str, str]) -> None:
    """A file may be unusable: what rests on it may change."""
    on.everything |= key[1] == "Episodes"
    on.every_person = True
    on.unread.add(f"{key[0]}/{key[1]}")


def content(name: str, change, *modules: str) -> None:
    def spoil(on: Spoilt) -> None:
        key = on.file(*modules)
        whole_file(on, key)
        chance = random.Random(on.choose.random())
        on.form.setdefault(key, {})["content"] = lambda raw: change(raw, chance)

    way(name, unused=True)(spoil)


def _cut(raw: bytes, choose: random.Random) -> bytes:
    return raw[: choose.randrange(len(raw) + 1)]


def _one_byte(raw: bytes, choose: random.Random) -> bytes:
    place = choose.randrange(len(raw))
    return raw[:place] + bytes([choose.randrange(256)]) + raw[place + 1 :]


content("an empty file", lambda raw, choose: b"")
content("a file cut off", _cut)
content("a byte changed", _one_byte)
content("zero bytes", lambda raw, choose: raw + b"\x00" * 10)
content("a file of chance", lambda raw, choose: choose.randbytes(200))
content("a lone quote", lambda raw, choose: raw.replace(b",", b',"', 1))
content("the header line lost", lambda raw, choose: raw.partition(b"\n")[2])
content("a header line only", lambda raw, choose: raw.partition(b"\n")[0])
content("two files in one", lambda raw, choose: raw + raw)
content("a workbook's name for text", lambda raw, choose: b"PK\x03\x04" + raw)


@way("a column left out", unused=True)
def _(on):
    key = on.file()
    whole_file(on, key)
    columns = [column.statutory for column in contracts.modules()[key[1]].columns]
    on.form.setdefault(key, {})["without"] = on.choose.choice(columns)


@way("a column twice", unused=True)
def _(on):
    key = on.file()
    whole_file(on, key)
    on.form.setdefault(key, {})["content"] = lambda raw: b"CHILD," + raw.replace(b"\n", b"\nx,")


@way("a file left out", unused=True)
def _(on):
    key = on.file()
    whole_file(on, key)
    on.form.setdefault(key, {})["left_out"] = True


@way("a row with too many fields", "too_many_fields", unused=True)
def _(on):
    key, row = on.pick("Episodes", "Reviews", "Header")
    on.touch(key, row)
    on.form.setdefault(key, {})["ragged"] = row


@way("a foreign file beside it", "not_a_module")
def _(on):
    on.form[B, "notes"] = {"foreign": b"a,b\n1,2\n3,4\n"}
    on.extra_rows = 2


@way("a note beside it")
def _(on):
    on.form[B, "readme"] = {"note": b"hello"}


def write(on: Spoilt, folder: Path) -> None:
    """Write the spoilt return."""
    for key in {**on.made, **on.form}:
        year, module = key
        place = folder / "ssda903" / year
        place.mkdir(parents=True, exist_ok=True)
        how = on.form.get(key, {})
        if "foreign" in how or "note" in how:
            name = f"{module}.csv" if "foreign" in how else f"{module}.docx"
            (place / name).write_bytes(how.get("foreign") or how["note"])
        elif not how.get("left_out"):
            name = f"{how['name']} {module}" if "name" in how else module.lower()
            (place / f"{name}.csv").write_bytes(_as_bytes(on, key, how))


def _as_bytes(on: Spoilt, key: tuple[str, str], how: dict) -> bytes:
    rows = list(on.made[key])
    columns = [column.statutory for column in contracts.modules()[key[1]].columns]
    columns = [name for name in columns if name != how.get("without")]
    if how.get("shuffle") == "columns":
        on.choose.shuffle(columns)
    if how.get("shuffle") == "rows":
        on.choose.shuffle(rows)
    cell = how.get("cell", str)
    rename = how.get("header", str)
    table = [[rename(name) for name in columns]]
    for row in rows:
        fields = [cell(row[name]) for name in columns]
        table.append([*fields, "x", "y"] if row is how.get("ragged") else fields)
    if "extra" in how:
        table = [[str(n) if n else how["extra"], *row] for n, row in enumerate(table)]
    text = io.StringIO()
    delimiter = how.get("delimiter", ",")
    writer = csv.writer(
        text, delimiter=delimiter, quoting=how.get("quoting", csv.QUOTE_MINIMAL),
        lineterminator=how.get("line_end", "\n"),
    )  # fmt: skip
    writer.writerows(table)
    hint = f"sep={delimiter}\n" if how.get("hint") else ""
    tail = how.get("tail", "").replace(",", delimiter)
    whole = hint + how.get("head", "") + text.getvalue() + tail
    raw = whole.encode(how.get("encoding", "utf-8"), errors="replace")
    return how.get("content", bytes)(raw)
