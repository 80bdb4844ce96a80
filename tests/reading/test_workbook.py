"""The return as an Excel workbook: the same tables as CSV, and what is refused by name."""

from __future__ import annotations

import csv
import datetime
import zipfile

import openpyxl
import pandas as pd
import pytest
from builders import CHILD, EPISODE, EPISODES, HEADER, read, write_return

from iro_analysis.errors import InputError
from iro_analysis.reading.authority import read_authority
from iro_analysis.reading.workbook import read_workbook

TWO = [
    {"CHILD": "SYN1", "DECOM": "01/05/2019"},
    {"CHILD": "SYN2", "DECOM": "01/06/2019", "DEC": "01/09/2019", "REC": "E4A"},
]
HEADERS = [{**CHILD, "CHILD": row["CHILD"]} for row in TWO]


def write_workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def sheet_of(columns, rows, standing):
    return [columns, *([{**standing, **row}[name] or None for name in columns] for row in rows)]


def a_return(tmp_path, episodes=None, **more):
    episodes = episodes or sheet_of(EPISODES, TWO, EPISODE)
    header = sheet_of(HEADER, HEADERS, CHILD)
    place = tmp_path / "ssda903" / "2019-20" / "return.xlsx"
    write_workbook(place, Episodes=episodes, Header=header, **more)
    return tmp_path


def with_value(column, value):
    rows = sheet_of(EPISODES, TWO, EPISODE)
    rows[1][EPISODES.index(column)] = value
    return rows


def test_a_workbook_of_the_same_children_gives_the_same_tables(demo, tmp_path):
    year = demo / "ssda903" / "2019-20"
    sheets = {}
    for path in year.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            sheets[path.stem] = list(csv.reader(stream))
    write_workbook(tmp_path / "book" / "ssda903" / "2019-20" / "x.xlsx", **sheets)
    of_csv = read(_copied(year, tmp_path / "copy"))
    of_book = read(tmp_path / "book")
    assert of_book.tables.keys() == of_csv.tables.keys()
    for name, rows in of_csv.tables.items():
        kept = rows.drop(columns=["file", "line"], errors="ignore")
        other = of_book.tables[name].drop(columns=["file", "line"], errors="ignore")
        pd.testing.assert_frame_equal(kept, other)


@pytest.mark.parametrize(
    ("column", "value", "name", "expected"),
    [
        ("DECOM", datetime.datetime(2019, 5, 1), "start", pd.Timestamp("2019-05-01")),
        ("DECOM", datetime.date(2019, 5, 1), "start", pd.Timestamp("2019-05-01")),
        ("DECOM", "2019-05-01", "start", pd.Timestamp("2019-05-01")),
        ("CHILD", 123, "child", "123"),
        ("CHILD", 123.0, "child", "123"),
        ("CHILD", "000123", "child", "000123"),
        ("LS", " c2 ", "legal_status", "C2"),
        ("PL_POST", "ZZ2\n2BB", "placement_postcode", "ZZ2\n2BB"),
        ("URN", None, "urn", ""),
        ("URN", 1234567, "urn", "1234567"),
    ],
)
def test_a_cell_is_read_as_what_it_stands_for(tmp_path, column, value, name, expected):
    authority = read(a_return(tmp_path, with_value(column, value)))
    assert authority.tables["episodes"].loc[0, name] == expected


def test_a_fault_is_named_by_sheet_and_row(tmp_path):
    episodes = with_value("DECOM", datetime.datetime(2019, 5, 1, 12, 30))
    account = read(a_return(tmp_path, episodes)).account
    [row] = account.rows_set_aside.itertuples()
    assert (row.file, row.line) == ("2019-20/return.xlsx [Episodes]", 2)


def test_blank_rows_and_empty_sheets_are_no_rows_and_other_sheets_are_accounted_for(tmp_path):
    episodes = sheet_of(EPISODES, TWO, EPISODE)
    place = a_return(tmp_path, [[], *episodes, [], []], Empty=[], Notes=[["a note"], ["x"]])
    account = read(place).account
    totals = account.totals()
    assert (totals["read"], totals["used"], totals["set_aside"]) == (5, 4, 1)
    assert any("[Empty]: the sheet is empty" in remark for remark in account.remarks)
    assert any("[Notes]" in line for line in account.unusable)


def packed(tmp_path, name, content, times=1):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for number in range(times):
            target.writestr(f"{number}{name}", content)
    return path


def bytes_in(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    return path


def bomb_in_xml(tmp_path):
    whole = write_workbook(tmp_path / "good.xlsx", A=[["CHILD"], ["x"]])
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part.startswith("xl/worksheets/"):
                doctype = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                content = doctype + content.replace(b"CHILD", b"&a;")
            target.writestr(part, content)
    return path


REFUSED = [
    pytest.param(lambda p: packed(p, "x", b"0" * 60_000_000), "unpack to 60,000,000", id="bomb"),
    pytest.param(lambda p: packed(p, "x", b"hello"), "damaged", id="another zip"),
    pytest.param(lambda p: bytes_in(p, b""), "no Excel workbook", id="empty"),
    pytest.param(lambda p: bytes_in(p, b"PK\x03\x04rest"), "no Excel workbook", id="cut off"),
    pytest.param(lambda p: bytes_in(p, b"CHILD,DECOM\n"), "no Excel workbook", id="a CSV file"),
    pytest.param(lambda p: bytes_in(p, b"\xd0\xcf\x11\xe0"), "locked", id="locked"),
    pytest.param(bomb_in_xml, "damaged", id="an entity from outside"),
    pytest.param(lambda p: write_workbook(p / "a.xlsx", A=[["CHILD", "DECOM"], ["=1+1", "x"]]),
                 r"\[A\] line 2: a cell holds a formula", id="a formula"),
    pytest.param(lambda p: write_workbook(p / "a.xlsx", A=[["CHILD", "child"], ["a", "b"]]),
                 "stands twice", id="a column twice"),
]  # fmt: skip


@pytest.mark.parametrize(("write", "words"), REFUSED)
def test_what_is_no_workbook_of_a_return_is_refused_by_name(tmp_path, write, words):
    with pytest.raises(InputError, match=words) as refused:
        read_workbook(write(tmp_path), "2019-20/a.xlsx")
    assert all("2019-20/a.xlsx" in line for line in refused.value.lines)


def test_a_sheet_that_says_it_is_larger_than_it_is_costs_nothing(tmp_path):
    whole = write_workbook(tmp_path / "good.xlsx", A=[["CHILD"], ["x"]])
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, content.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"'))
    [table], _ = read_workbook(path, "a.xlsx")
    assert len(table.rows) == 1


def _copied(year, target):
    import shutil

    shutil.copytree(year, target / "ssda903" / "2019-20")
    return target


def a_link(tmp_path, place, leads_to):
    inside = write_return(tmp_path / "council", TWO)
    (inside / place).symlink_to(leads_to)
    return inside


def test_a_link_that_leaves_the_folder_is_not_followed_and_is_named(tmp_path):
    other = write_return(tmp_path / "other", [{"CHILD": "SYN9", "DECOM": "01/05/2019"}])
    place = a_link(tmp_path, "ssda903/x.csv", other / "ssda903" / "2019-20" / "episodes.csv")
    (place / "ssda903" / "2018-19").symlink_to(other / "ssda903" / "2019-20")
    (place / "ssda903" / "nothing.csv").symlink_to(place / "nowhere.csv")
    authority = read(place)
    assert set(authority.tables["episodes"]["child"]) == {"SYN1", "SYN2"}
    assert len(authority.account.unusable) == 3
    assert all("link" in line for line in authority.account.unusable)
    assert not any(source.is_symlink() for source in authority.sources)


def test_a_link_within_the_folder_is_followed(tmp_path):
    place = write_return(tmp_path / "council", TWO)
    (place / "kept").mkdir()
    (place / "ssda903" / "2019-20" / "episodes.csv").rename(place / "kept" / "episodes.csv")
    link = place / "ssda903" / "2019-20" / "episodes.csv"
    link.symlink_to(place / "kept" / "episodes.csv")
    assert len(read(place).tables["episodes"]) == 2


@pytest.mark.parametrize("name", ["ssda903", "local", "authority.toml"])
def test_what_a_report_rests_on_may_not_lie_elsewhere(tmp_path, name):
    place = write_return(tmp_path / "council", TWO)
    for folder in ("local",):
        (place / folder).mkdir()
    (place / "authority.toml").write_text('name = "x"\n', encoding="utf-8")
    (place / name).rename(tmp_path / name)
    (place / name).symlink_to(tmp_path / name)
    with pytest.raises(InputError, match=f"{name}: a link"):
        read_authority(place)
