"""The return as XML: the same children give the same tables and the same figures as CSV."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from builders import read, write_return
from xml_writer import convert

from iro_analysis import periods
from iro_analysis.errors import InputError
from iro_analysis.reading.authority import read_authority
from iro_analysis.reading.xml_return import read_xml
from iro_analysis.runner import outputs
from iro_analysis.study import Study

TWO = [
    {"CHILD": "SYN1", "DECOM": "01/05/2019"},
    {"CHILD": "SYN2", "DECOM": "01/06/2019", "DEC": "01/09/2019", "REC": "E4A"},
]


@pytest.fixture(scope="module")
def both(demo, tmp_path_factory):
    target = tmp_path_factory.mktemp("xml") / "demo"
    convert(demo, target)
    shutil.copytree(demo / "local", target / "local")
    shutil.copy(demo / "authority.toml", target)
    return read(demo), read(target)


def without_place(rows: pd.DataFrame) -> pd.DataFrame:
    kept = rows.drop(columns=["file", "line"], errors="ignore")
    return kept.sort_values(list(kept.columns), ignore_index=True)


def test_csv_and_xml_of_the_same_children_give_the_same_tables(both):
    of_csv, of_xml = both
    assert of_csv.tables.keys() == of_xml.tables.keys()
    for name, rows in of_csv.tables.items():
        pd.testing.assert_frame_equal(without_place(rows), without_place(of_xml.tables[name]))
    assert (of_csv.returns, of_csv.given) == (of_xml.returns, of_xml.given)
    assert of_csv.lacking == of_xml.lacking


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("period", ["2019-20", "2022-08-01:2023-01-31"])
def test_csv_and_xml_of_the_same_children_give_the_same_figures(both, tmp_path, period):
    written = []
    for number, authority in enumerate(both):
        study = Study.of(authority, periods.single(period), "internal")
        path = tmp_path / f"figures{number}.csv"
        outputs.write_figures(study.everything.figures, path)
        written.append(path.read_bytes())
    assert written[0] == written[1]


def return_of(tmp_path, content: str | bytes):
    place = tmp_path / "xml" / "ssda903" / "2019-20"
    place.mkdir(parents=True)
    raw = content if isinstance(content, bytes) else content.encode("utf-8")
    (place / "return.xml").write_bytes(raw)
    return tmp_path / "xml"


def small(tmp_path, line_end="\n"):
    return convert(write_return(tmp_path / "csv", TWO), tmp_path / "xml", line_end)


def text_of(tmp_path):
    return (small(tmp_path / "of") / "ssda903" / "2019-20" / "return.xml").read_text("utf-8")


FORMS = [
    pytest.param(lambda t: t.encode("utf-8-sig"), id="UTF-8 with mark"),
    pytest.param(lambda t: t.replace("utf-8", "utf-16").encode("utf-16"), id="UTF-16"),
    pytest.param(lambda t: t.replace("utf-8", "windows-1252").replace("ZZ1", "Z\u00e9")
                 .encode("cp1252"), id="Windows-1252"),
    pytest.param(lambda t: t.replace("\n", "\r\n").encode(), id="Windows line ends"),
    pytest.param(lambda t: t.replace("\n", "").encode(), id="all on one line"),
    pytest.param(lambda t: t.replace("CHILDID", "childId").encode(), id="lower case"),
    pytest.param(lambda t: t.replace("<CHILDID>", "<CHILDID> ").encode(), id="spaces in a value"),
    pytest.param(lambda t: t.replace("<PL>", "<PLACE>").replace("</PL>", "</PLACE>").encode(),
                 id="PLACE instead of PL"),
    pytest.param(lambda t: t.replace("<REC />", "").encode(), id="an empty element left out"),
    pytest.param(lambda t: t.replace("01/05/2019", "2019-05-01").encode(), id="ISO dates"),
    pytest.param(lambda t: t.replace("<EXPSSDA903>", '<s:EXPSSDA903 xmlns:s="urn:x">')
                 .replace("</EXPSSDA903>", "</s:EXPSSDA903>").encode(), id="a namespace"),
    pytest.param(lambda t: t.replace("<HEADER>", "<!-- one --><HEADER>").encode(), id="comments"),
    pytest.param(lambda t: t.replace(">V2<", "><![CDATA[V2]]><").encode(), id="CDATA"),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_an_xml_return_is_read_whatever_its_form(tmp_path, form):
    authority = read(return_of(tmp_path, form(text_of(tmp_path))))
    episodes = authority.tables["episodes"]
    assert list(episodes["child"]) == ["SYN1", "SYN2"]
    assert list(episodes["place"]) == ["U6", "U6"]
    assert episodes["end"].notna().tolist() == [False, True]
    assert authority.account.totals()["set_aside"] == 0
    assert authority.lacking == {}


def test_rows_on_one_line_are_told_apart_and_it_is_said(tmp_path):
    text = text_of(tmp_path).replace("01/06/2019", "31/02/2019").replace("\n", "")
    account = read(return_of(tmp_path, text)).account
    [row] = account.rows_set_aside.itertuples()
    assert (row.file, row.line) == ("2019-20/return.xml [Episodes]", 2)
    assert any("row's number" in remark for remark in account.remarks)


def test_a_fault_is_found_in_the_line_on_which_its_element_begins(tmp_path):
    text = text_of(tmp_path).replace("01/06/2019", "31/02/2019")
    [row] = read(return_of(tmp_path, text)).account.rows_set_aside.itertuples()
    assert "31/02/2019" in text.splitlines()[row.line - 1]


def test_a_group_that_is_no_module_is_accounted_for(tmp_path):
    text = text_of(tmp_path).replace("</CHILD>", "<DIARY><NOTE>x</NOTE></DIARY></CHILD>")
    account = read(return_of(tmp_path, text)).account
    totals = account.totals()
    assert (totals["set_aside"], totals["read"]) == (2, 6)
    assert set(account.rows_set_aside["file"]) == {"2019-20/return.xml [DIARY]"}


def test_a_module_with_an_element_of_another_name_is_known_by_its_columns(tmp_path):
    worker = (
        "<WORKER><SWID>A</SWID><SWDECOM>01/05/2019</SWDECOM><SWREASON>OTHERS</SWREASON></WORKER>"
    )
    text = text_of(tmp_path).replace("</CHILD>", f"{worker}</CHILD>")
    authority = read(return_of(tmp_path, text))
    assert list(authority.tables["social_workers"]["child"]) == ["SYN1", "SYN2"]


def test_an_element_that_no_row_has_is_a_missing_column(tmp_path):
    text = text_of(tmp_path).replace("<DEC />", "").replace("<DEC>01/09/2019</DEC>", "")
    assert ("episodes", "end") in read(return_of(tmp_path, text)).lacking


BOMB = """<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<EXPSSDA903><CHILD><HEADER><CHILDID>&b;</CHILDID></HEADER></CHILD></EXPSSDA903>"""
OUTSIDE = """<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<EXPSSDA903><CHILD><HEADER><CHILDID>&a;</CHILDID></HEADER></CHILD></EXPSSDA903>"""
REFUSED = [
    pytest.param("", "cannot be read", id="empty"),
    pytest.param("<EXPSSDA903>", "no element found", id="cut off"),
    pytest.param("<EXPSSDA903><CHILD></EXPSSDA903>", "mismatched tag", id="not closed"),
    pytest.param("CHILD,DECOM\n", "cannot be read", id="a CSV file"),
    pytest.param("<html><body/></html>", "not that of an SSDA903 return", id="another XML"),
    pytest.param("<EXPSSDA903></EXPSSDA903>", "no CHILD element", id="no child"),
    pytest.param(BOMB, "document type", id="entities that grow"),
    pytest.param(OUTSIDE, "document type", id="an entity from outside"),
    pytest.param('<!DOCTYPE x SYSTEM "http://a.invalid/x.dtd"><EXPSSDA903/>', "document type",
                 id="a document type from outside"),
    pytest.param(b"<?xml version='1.0' encoding='x-none'?><EXPSSDA903/>", "encoding",
                 id="an unknown encoding"),
    pytest.param(b"<EXPSSDA903>\xff</EXPSSDA903>", "invalid token", id="broken UTF-8"),
    pytest.param("<EXPSSDA903>" + "<A>" * 50 + "</A>" * 50 + "</EXPSSDA903>", "deeper", id="deep"),
    pytest.param("<EXPSSDA903><CHILD><HEADER><DOB>a</DOB><DOB>b</DOB></HEADER></CHILD></EXPSSDA903>",
                 "DOB stands twice", id="a value twice"),
    pytest.param("<EXPSSDA903><CHILD><HEADER/><HEADER/></CHILD></EXPSSDA903>", "two HEADER",
                 id="two headers"),
    pytest.param("<EXPSSDA903><CHILD>&x;</CHILD></EXPSSDA903>", "undefined entity",
                 id="an entity that is not declared"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words"), REFUSED)
def test_xml_that_is_no_return_is_refused_by_name(tmp_path, content, words):
    place = return_of(tmp_path, content)
    with pytest.raises(InputError, match=words) as refused:
        read_xml(place / "ssda903" / "2019-20" / "return.xml", "2019-20/return.xml")
    assert "2019-20/return.xml" in refused.value.lines[0]
    with pytest.raises(InputError, match="no Episodes"):
        read_authority(place)
