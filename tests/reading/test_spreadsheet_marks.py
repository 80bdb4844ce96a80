"""What spreadsheets and case systems leave on a file: read right, or refused by name."""

from __future__ import annotations

import csv

import pytest
from builders import CHILD, EPISODE, EPISODES, HEADER, read, write_csv, write_return

from iro_analysis.errors import InputError
from iro_analysis.reading.authority import read_authority

TWO = [
    {"CHILD": "101", "DECOM": "01/05/2019"},
    {"CHILD": "102", "DECOM": "01/06/2019", "DEC": "01/09/2019", "REC": "E4A"},
]


def episodes_text(rows=TWO):
    lines = [",".join(EPISODES)]
    lines += [",".join({**EPISODE, **row}[name] for name in EPISODES) for row in rows]
    return "\n".join(lines) + "\n"


def with_text(tmp_path, text, name="episodes.csv"):
    write_return(tmp_path, TWO)
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    (tmp_path / "ssda903" / "2019-20" / "episodes.csv").unlink()
    (tmp_path / "ssda903" / "2019-20" / name).write_bytes(content)
    return tmp_path


READ_RIGHT = [
    pytest.param(lambda t: t.replace("01/05/2019", "01/05/2019 00:00"), id="midnight"),
    pytest.param(lambda t: t.replace("01/05/2019", "01/05/2019 00:00:00"), id="midnight in full"),
    pytest.param(lambda t: t.replace("01/05/2019", "2019-05-01T00:00:00.000"), id="ISO midnight"),
    pytest.param(lambda t: t.replace("01/05/2019", "1/5/2019"), id="no zeros in a date"),
    pytest.param(lambda t: t.replace("101,", "101.0,"), id="101.0 for 101"),
    pytest.param(lambda t: t.replace("101,", '"=""101""",'), id="a formula that keeps text"),
    pytest.param(lambda t: t.replace("101,", '="101",'), id="the same without quotes around it"),
    pytest.param(lambda t: t.replace("V2", "v2"), id="a code in lower case"),
    pytest.param(lambda t: t.replace("V2", " V2 "), id="spaces around a code"),
    pytest.param(lambda t: t.replace("V2", "\u00a0V2"), id="a hard space"),
    pytest.param(lambda t: t.replace("\n101", "\n\ufeff101"), id="a mark within the file"),
    pytest.param(lambda t: "sep=,\n" + t, id="Excel's hint at the separator"),
    pytest.param(lambda t: "sep=;\r\n" + t.replace(",", ";"), id="the hint, semicolons"),
    pytest.param(lambda t: "\ufeffsep=\t\n" + t.replace(",", "\t"), id="the hint, tabs, a mark"),
    pytest.param(lambda t: t.replace("ZZ1 1AA", '"ZZ1\r\n1AA"'), id="a quoted line break"),
    pytest.param(lambda t: t.replace("ZZ1 1AA", '"ZZ1, ""1AA"""'), id="quoted quotes and commas"),
    pytest.param(lambda t: t + "\n\r\n , ,\n\t\n" + "," * 12 + "\n", id="trailing blank lines"),
    pytest.param(lambda t: "\n\n" + t, id="blank lines before the header"),
    pytest.param(lambda t: t.rstrip("\n"), id="no line end at the end"),
    pytest.param(lambda t: t.replace("\n", "\r"), id="old Mac line ends"),
    pytest.param(lambda t: "\ufeff" + t.replace("CHILD", '"CHILD"'), id="a quoted header"),
    pytest.param(lambda t: t.replace("\n10", ",,,\n10"), id="trailing commas"),
    pytest.param(lambda t: t.replace(",,", ",null,"), id="null for blank"),
]  # fmt: skip


@pytest.mark.parametrize("form", READ_RIGHT)
def test_a_spreadsheets_mark_is_read_right(tmp_path, form):
    authority = read(with_text(tmp_path, form(episodes_text())))
    episodes = authority.tables["episodes"]
    assert list(episodes["child"]) == ["101", "102"]
    assert list(episodes["legal_status"]) == ["V2", "V2"]
    assert episodes["start"].dt.strftime("%d/%m").tolist() == ["01/05", "01/06"]
    assert episodes["end"].notna().tolist() == [False, True]
    assert authority.account.findings.empty
    assert authority.account.totals()["set_aside"] == 0


SET_ASIDE = [
    pytest.param("1.01E+11", "01/05/2019", "shortened_identifier", id="a shortened identifier"),
    pytest.param("101", "1-May-19", "unreadable_key", id="Excel's short date"),
    pytest.param("101", "43586", "unreadable_key", id="Excel's number of a day"),
    pytest.param("101", "01/05/19", "unreadable_key", id="a year of two digits"),
    pytest.param("101", "05/13/2019", "unreadable_key", id="the American order"),
    pytest.param("101", "01/05/2019 12:30", "unreadable_key", id="a time of day"),
    pytest.param("101", "########", "unreadable_key", id="a column too narrow"),
    pytest.param("101", "#VALUE!", "unreadable_key", id="a formula's error"),
    pytest.param("101", "NULL", "no_key", id="NULL where there must be a date"),
]


@pytest.mark.parametrize(("child", "start", "check"), SET_ASIDE)
def test_what_cannot_be_read_is_set_aside_by_name(tmp_path, child, start, check):
    rows = [{"CHILD": child, "DECOM": start}, TWO[1]]
    account = read(with_text(tmp_path, episodes_text(rows))).account
    [row] = account.rows_set_aside.itertuples()
    assert (row.file, row.line) == ("2019-20/episodes.csv", 2)
    assert check in set(account.findings["check"])


REFUSED = [
    pytest.param(b"\xef\xbb\xbf", "separators only", id="a byte-order mark alone"),
    pytest.param("\n \n".encode("utf-16"), "separators only", id="blank lines in UTF-16"),
    pytest.param(b"sep=;\n", "separators only", id="the hint alone"),
    pytest.param(b"CHILD,DECOM\x00\n", "cannot be read as", id="a zero byte"),
    pytest.param(episodes_text().encode("utf-32"), "cannot be read as", id="UTF-32"),
    pytest.param(b"CHILD,DECOM\n" + b"x" * 200_000 + b"\n", "line 2: the quo", id="a long value"),
    pytest.param(episodes_text().replace("V2", 'V"2"').replace("101", '"101"x'), "line 2: the quo",
                 id="quotes within quotes"),
    pytest.param(b"<html><table></table></html>", "no module", id="a web page"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words"), REFUSED)
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path, content, words):
    with pytest.raises(InputError, match=words) as refused:
        read_authority(with_text(tmp_path, content))
    assert refused.value.lines[0].startswith("2019-20/episodes.csv")


@pytest.mark.parametrize("limit", [1_000, 131_072, 1_000_000])
def test_a_long_value_is_refused_whatever_another_library_has_set(tmp_path, limit):
    before = csv.field_size_limit(limit)
    try:
        with pytest.raises(InputError, match="line 2: the quotes or separators"):
            read_authority(with_text(tmp_path, b"CHILD,DECOM\n" + b"x" * 200_000 + b"\n"))
    finally:
        csv.field_size_limit(before)


def test_a_code_with_a_point_and_zero_is_the_code(tmp_path):
    write_return(tmp_path, TWO)
    rows = [{**CHILD, "CHILD": row["CHILD"], "SEX": "2.0"} for row in TWO]
    write_csv(tmp_path / "ssda903" / "2019-20" / "header.csv", HEADER, rows)
    assert set(read(tmp_path).tables["children"]["sex"]) == {"2"}


def test_zeros_in_front_of_an_identifier_are_kept(tmp_path):
    rows = [{"CHILD": "0101", "DECOM": "01/05/2019"}, {"CHILD": "101", "DECOM": "01/05/2019"}]
    assert set(read(write_return(tmp_path, rows)).tables["episodes"]["child"]) == {"0101", "101"}


def test_column_names_are_shown_without_what_could_move_the_terminal(tmp_path):
    text = episodes_text().replace("URN", "URN,\x1b[2J" + "x" * 300)
    remarks = read(with_text(tmp_path, text)).account.remarks
    [remark] = [each for each in remarks if "xxx" in each]
    assert "\x1b" not in "".join(remarks)
    assert len(remark) < 200


def test_a_child_of_a_local_list_is_known_by_the_same_identifier(tmp_path):
    place = write_return(tmp_path, TWO)
    rows = [{"child": "101.0", "date": "01/06/2019"}]
    write_csv(place / "local" / "midway_reviews.csv", ["child", "date"], rows)
    assert list(read(place).lists["midway_reviews"]["child"]) == ["101"]
