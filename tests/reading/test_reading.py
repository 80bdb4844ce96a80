"""Reading: what is read right, what is refused by name, and that every row is accounted for."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from builders import CHILD, EPISODE, EPISODES, HEADER, read, write_csv, write_return

from iro_analysis.errors import InputError
from iro_analysis.reading import files, values, years
from iro_analysis.reading.authority import authority_folders, read_authority
from iro_analysis.reading.files import read_table

TWO = [
    {"CHILD": "SYN1", "DECOM": "01/05/2019"},
    {"CHILD": "SYN2", "DECOM": "01/06/2019", "DEC": "01/09/2019", "REC": "E4A"},
]


def text_of(rows, columns=EPISODES, separator=","):
    lines = [separator.join(columns)]
    lines += [separator.join({**EPISODE, **row}[name] for name in columns) for row in rows]
    return "\n".join(lines) + "\n"


def balanced(authority):
    totals = authority.account.totals()
    assert totals["read"] == totals["used"] + totals["set_aside"]
    assert totals["set_aside"] == len(authority.account.rows_set_aside)
    return totals


def with_episodes(tmp_path, content: bytes, name="episodes.csv"):
    write_return(tmp_path, TWO)
    place = tmp_path / "ssda903" / "2019-20"
    (place / "episodes.csv").unlink()
    (place / name).write_bytes(content)
    return read(tmp_path)


FORMS = [
    pytest.param(lambda t: t.encode("utf-8"), id="UTF-8"),
    pytest.param(lambda t: t.encode("utf-8-sig"), id="UTF-8 with mark"),
    pytest.param(lambda t: t.encode("utf-16"), id="UTF-16"),
    pytest.param(lambda t: t.encode("utf-16-le"), id="UTF-16 without mark"),
    pytest.param(lambda t: t.replace("ZZ1", "Z\u00e9").encode("cp1252"), id="Windows-1252"),
    pytest.param(lambda t: t.replace(",", ";").encode(), id="semicolons"),
    pytest.param(lambda t: t.replace(",", "\t").encode(), id="tabs"),
    pytest.param(lambda t: t.replace("\n", "\r\n").encode(), id="Windows line ends"),
    pytest.param(lambda t: t.lower().replace("syn", "SYN").encode(), id="lower case"),
    pytest.param(lambda t: t.replace("DECOM", " Decom ").encode(), id="spaces in the header"),
    pytest.param(lambda t: t.replace("E_PROV", "e prov").encode(), id="no underscore"),
    pytest.param(lambda t: (t + "\n\n,,,,,,,,,,,,\n").encode(), id="blank lines at the end"),
    pytest.param(lambda t: t.replace("\nSYN", ",\nSYN").encode(), id="a trailing comma"),
    pytest.param(lambda t: t.replace("01/05/2019", "2019-05-01").encode(), id="ISO dates"),
    pytest.param(lambda t: t.replace("2019,S", "2019 00:00,S").encode(), id="Excel's midnight"),
    pytest.param(lambda t: t.replace("ZZ2 2BB", '"ZZ2\n2BB"').encode(), id="quoted line break"),
    pytest.param(lambda t: t.replace(",,", ",NULL,").encode(), id="NULL for blank"),
    pytest.param(
        lambda t: "\n".join(f"{n - 1 if n else ''},{line}" for n, line in
                            enumerate(t.splitlines())).encode(), id="an index column",
    ),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_read_whatever_its_form(tmp_path, form):
    authority = with_episodes(tmp_path, form(text_of(TWO)), "Episodes_19.CSV")
    episodes = authority.tables["episodes"]
    assert list(episodes["child"]) == ["SYN1", "SYN2"]
    assert [str(day.date()) for day in episodes["start"]] == ["2019-05-01", "2019-06-01"]
    assert list(episodes["legal_status"]) == ["V2", "V2"]
    assert episodes["end"].notna().tolist() == [False, True]
    assert balanced(authority)["set_aside"] == 0


BAD_ROWS = [
    pytest.param({"DECOM": "31/02/2019"}, "DECOM", "unreadable_key", id="no such date"),
    pytest.param({"DECOM": "01/05/19"}, "DECOM", "unreadable_key", id="two-digit year"),
    pytest.param({"DECOM": "1-May-19"}, "DECOM", "unreadable_key", id="Excel's date"),
    pytest.param({"DECOM": ""}, "DECOM", "no_key", id="no start"),
    pytest.param({"DECOM": "01/05/9999"}, "DECOM", "unreadable_key", id="year 9999"),
    pytest.param({"CHILD": ""}, "CHILD", "no_child", id="no child"),
    pytest.param({"DEC": "soon", "REC": "E4A"}, "DEC", "unreadable_end", id="unreadable end"),
    pytest.param({"DEC": "30/04/2019", "REC": "E4A"}, "DEC", "end_before_start",
                 id="DEC before DECOM"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "column", "check"), BAD_ROWS)
def test_a_row_that_cannot_be_used_is_set_aside_with_file_line_and_reason(
    tmp_path, fault, column, check
):
    rows = [*TWO, {"CHILD": "SYN3", "DECOM": "01/05/2019", **fault}]
    authority = read(write_return(tmp_path, rows, children=[]))
    assert balanced(authority)["set_aside"] == 1
    [row] = authority.account.rows_set_aside.itertuples()
    assert (row.file, row.line, row.column) == ("2019-20/episodes.csv", 4, column)
    assert "expected" in row.reason
    assert authority.account.findings["check"].eq(check).sum() == 1
    assert len(authority.tables["episodes"]) == 2


def test_lines_are_counted_through_quoted_line_breaks(tmp_path):
    content = text_of(TWO).replace("ZZ2 2BB", '"ZZ2\n2BB"') + "SYN3,never" + "," * 11 + "\n"
    authority = with_episodes(tmp_path, content.encode())
    [row] = authority.account.rows_set_aside.itertuples()
    assert row.line == 6


def test_a_row_with_more_fields_than_the_header_is_set_aside(tmp_path):
    authority = with_episodes(tmp_path, (text_of(TWO) + "SYN3" + ",x" * 14 + "\n").encode())
    assert balanced(authority)["set_aside"] == 1
    assert authority.account.findings["check"].tolist().count("too_many_fields") == 1


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ({"LS": "Q9"}, "unknown_code"),
        ({"LS": ""}, "missing_code"),
        ({"PLACE": "H9"}, "unknown_code"),
        ({"REC": "E43", "DEC": "01/05/2019"}, "code_of_another_year"),
        ({"REC": "E17", "DEC": "01/05/2019"}, "code_of_another_year"),
        ({"DECOM": "01/05/2021"}, "future_date"),
        ({"REC": "E4A"}, "end_without_reason"),
        ({"DEC": "01/05/2019", "REC": "E4A"}, "less_than_a_day"),
        ({"RNE": "P"}, "continuation_does_not_touch"),
        ({"PLACE": "T1"}, "temporary_without_placement"),
    ],
)
def test_a_doubtful_row_is_used_and_reported(tmp_path, fault, check):
    rows = [*TWO, {"CHILD": "SYN3", "DECOM": "01/05/2019", **fault}]
    authority = read(write_return(tmp_path, rows))
    assert balanced(authority)["set_aside"] == 0
    assert check in set(authority.account.findings["check"])
    assert len(authority.tables["episodes"]) == 3


def test_overlapping_episodes_and_open_episodes_of_adults_are_findings(tmp_path):
    rows = [
        {"CHILD": "SYN1", "DECOM": "01/05/2019"},
        {"CHILD": "SYN1", "DECOM": "01/07/2019", "RNE": "P"},
        {"CHILD": "SYN2", "DECOM": "01/03/2020"},
    ]
    children = [{"CHILD": "SYN1"}, {"CHILD": "SYN2", "DOB": "01/02/2002"}]
    found = set(read(write_return(tmp_path, rows, children=children)).account.findings["check"])
    assert {"overlapping_episodes", "adult_with_open_episode"} <= found


def test_the_later_return_wins_and_what_vanished_stops_counting(tmp_path):
    write_return(tmp_path, [TWO[0], {"CHILD": "SYN9", "DECOM": "01/07/2019"}], "2019-20")
    later = [
        {"CHILD": "SYN1", "DECOM": "01/05/2019", "DEC": "01/06/2020", "REC": "E4A", "LS": "C2"}
    ]
    authority = read(write_return(tmp_path, later, "2020-21"))
    kept, ghost = authority.tables["episodes"].sort_values("child").itertuples()
    assert (kept.return_year, kept.legal_status) == (2020, "C2")
    assert str(ghost.counted_until.date()) == "2020-04-01"
    totals = balanced(authority)
    assert (totals["read"], totals["replaced"]) == (6, 2)
    assert authority.account.findings["check"].tolist().count("vanished") == 1


def test_exact_repeats_count_once_and_conflicts_are_kept_and_said(tmp_path):
    rows = [TWO[0], TWO[0], {**TWO[0], "LS": "C2"}]
    authority = read(write_return(tmp_path, rows))
    assert balanced(authority)["repeated"] == 1
    assert len(authority.tables["episodes"]) == 2
    found = authority.account.findings["check"].tolist()
    assert (found.count("repeated_row"), found.count("conflict_in_one_year")) == (1, 1)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("2019-20", (2019, True)), ("2019_20", (2019, True)), ("SSDA903 2019-2020", (2019, True)),
        ("2020-episodes", (2020, False)), ("Episodes_20", (2020, False)),
        ("episodes", (None, False)),
        ("2019-21", (2019, False)),
    ],
)  # fmt: skip
def test_years_in_names(label, expected):
    assert years.from_label(label) == expected


@pytest.mark.parametrize(("folder", "year"), [("2019", 2019), ("2020", 2019)])
def test_whether_a_label_starts_or_ends_the_year_is_decided_by_the_dates(tmp_path, folder, year):
    rows = [{"CHILD": "SYN1", "DECOM": "01/02/2020"}]
    authority = read(write_return(tmp_path, rows, folder))
    assert authority.returns == (year,)
    word = "starts" if folder == "2019" else "ends"
    assert any(f"the return {word}" in remark for remark in authority.account.remarks)


def test_a_flat_folder_is_one_return(tmp_path):
    place = tmp_path / "ssda903"
    write_csv(place / "episodes.csv", EPISODES, [{**EPISODE, **row} for row in TWO])
    write_csv(place / "header.csv", HEADER, [{**CHILD, "CHILD": "SYN1"}])
    assert read(tmp_path).returns == (2019,)


def test_a_regional_extract_is_split_by_authority_and_year(tmp_path):
    place = tmp_path / "ssda903"
    columns = ["LA", "YEAR", *EPISODES]
    rows = [
        {"LA": "North", "YEAR": "2020", "CHILD": "SYN1", "DECOM": "2019-05-01"},
        {"LA": "South", "YEAR": "2020", "CHILD": "SYN1", "DECOM": "2019-06-01"},
        {"LA": "South", "YEAR": "2021", "CHILD": "SYN2", "DECOM": "2020-06-01"},
        {"LA": "South", "YEAR": "2021", "CHILD": "SYN3", "DECOM": "never"},
    ]
    write_csv(place / "extract.csv", columns, [{**EPISODE, **row} for row in rows])
    north, south = read_authority(tmp_path)
    assert (north.name, north.returns) == ("North", (2019,))
    assert (south.name, south.returns) == ("South", (2019, 2020))
    assert balanced(north)["read"] == 1
    assert balanced(south)["set_aside"] == 1
    assert set(south.account.findings["line"]) == {3, 4, 5}


REFUSED = [
    pytest.param({}, "no folder ssda903", id="empty folder"),
    pytest.param({"ssda903/2019-20/notes.csv": b"a,b\n1,2\n"}, "no module", id="no return"),
    pytest.param({"ssda903/2019-20/episodes.csv": b""}, "empty", id="empty file"),
    pytest.param({"ssda903/2019-20/episodes.csv": b"PK\x03\x04rest"}, "workbook", id="workbook"),
    pytest.param(
        {"ssda903/2019-20/episodes.csv": text_of([]).encode()}, "no Episodes", id="header only"
    ),
    pytest.param(
        {"ssda903/2019-20/episodes.csv": text_of(TWO, EPISODES[:1] + EPISODES[2:]).encode()},
        "DECOM is missing", id="no DECOM column",
    ),
    pytest.param(
        {"ssda903/2019-20/episodes.csv": b"CHILD,DECOM,DECOM,LS\nA,01/05/2019,01/05/2019,C2\n"},
        "stands twice", id="a column twice",
    ),
    pytest.param(
        {"ssda903/2019-20/episodes.csv": b'CHILD,DECOM,LS\nA,"01/05/2019,C2\n'},
        "quotes", id="an open quote",
    ),
    pytest.param({"authority.toml": b"name =", "ssda903/x.csv": b"a"}, "authority", id="TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "words"), REFUSED)
def test_what_is_no_return_is_refused_in_plain_words(tmp_path, files, words):
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_authority(tmp_path)


def test_a_folder_without_a_return_is_refused(tmp_path):
    with pytest.raises(InputError, match="no return here"):
        authority_folders(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        authority_folders(tmp_path / "nowhere")


def test_a_missing_column_makes_only_what_needs_it_unavailable(tmp_path):
    from iro_analysis import periods
    from iro_analysis.cohorts.record import CareRecord
    from iro_analysis.indicators.evaluate import figures

    write_return(tmp_path, TWO)
    rows = [{**CHILD, "CHILD": row["CHILD"]} for row in TWO]
    columns = [name for name in HEADER if name != "ETHNIC"]
    kept = [{name: row[name] for name in columns} for row in rows]
    write_csv(tmp_path / "ssda903" / "2019-20" / "header.csv", columns, kept)
    made = CareRecord.of(read(tmp_path))
    year = periods.single("2019-20")
    assert figures(made, year, "looked_after", "sex")["status"].eq("ok").all()
    [row] = figures(made, year, "looked_after", "ethnicity").itertuples()
    assert row.status == "not_available"
    assert "ETHNIC" in row.note


def test_the_name_of_a_file_does_not_matter_but_its_columns_do(tmp_path):
    write_return(tmp_path, TWO)
    place = tmp_path / "ssda903" / "2019-20"
    (place / "episodes.csv").rename(place / "header_old.csv")
    assert len(read(tmp_path).tables["episodes"]) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01/04/2019", "2019-04-01"), ("1/4/2019", "2019-04-01"), ("2019-04-01", "2019-04-01"),
        ("01/04/2019 00:00", "2019-04-01"), ("2019-04-01T00:00:00", "2019-04-01"),
        ("29/02/2020", "2020-02-29"), ("29/02/2019", None), ("01/13/2019", None),
        ("01/04/19", None), ("01-04-2019", None), ("01/04/2019 12:30", None), ("", None),
    ],
)  # fmt: skip
def test_dates(text, expected):
    found = values.as_date(text)
    assert (found and str(found.date())) == expected


def test_a_child_is_text_and_keeps_its_zeros(tmp_path):
    authority = read(write_return(tmp_path, [{"CHILD": "000123", "DECOM": "01/05/2019"}]))
    assert list(authority.tables["episodes"]["child"]) == ["000123"]


def test_every_row_of_the_sample_and_of_the_demonstration_is_accounted_for(sample, demo):
    for folder in (sample, demo):
        authority = read(folder)
        rows = 0
        for path in folder.rglob("*.csv"):
            with path.open(encoding="utf-8", newline="") as stream:
                rows += sum(1 for row in csv.reader(stream) if any(row)) - 1
        assert balanced(authority)["read"] == rows


def test_the_demonstration_has_no_fault(demo):
    assert read(demo).account.findings.empty


def test_a_local_list_without_its_columns_is_named_and_left(tmp_path):
    write_return(tmp_path, TWO)
    write_csv(tmp_path / "local" / "key_stage_4.csv", ["child", "year"], [])
    authority = read(tmp_path)
    assert "key_stage_4" not in authority.lists
    assert any("gcses_any" in line for line in authority.account.unusable)


def test_raw_tables_name_no_column_twice_and_keep_their_header(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("A;B\n1;2\n", encoding="utf-8")
    raw = read_table(path, "a.csv")
    assert (raw.header, raw.rows["A"].tolist()) == (["A", "B"], ["1"])


@pytest.mark.parametrize("read_file", [files.read_table, files.first_lines])
def test_a_file_that_cannot_be_opened_is_named_with_the_reason(read_file, tmp_path):
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(InputError, match=r"^a\.csv: cannot be opened \(.+\)$"):
            read_file(path, "a.csv")


PLAIN = {
    "lines end in either way, some are blank": ("A,B\r\n1,2\r\n\r\n,\r\n5,6", True),
    "short rows, and NULL in all of a row": ("A,B\n1\nNULL,null\n2,3\n", True),
    "a separator behind each row": ("A,B\n1,2,\n3,4,\n", True),
    "a row longer than the header": ("A,B\n1,2,\n3,4,5\n", False),
    "a row far longer than the header": ("A,B\n1,2,3,4\n", False),
    "a long row and a short one": ("A,B\n1,2,3\n4\n", False),
    "semicolons, spaces, marks that cannot be seen": ("A;B\n a ; \u200bb\ufeff\n  ;\t\n", True),
    "what pandas might take for more than text": ("A,B\nNA,nan\n0001,1.0\n#x,=1\n'a,b'\n", True),
    "quotes": ('A,B\n"1,2",3\n', False),
    "a bare carriage return": ("A,B\n1,2\r3,4\n", False),
    "signs that are no line's end": ("A,B\n1\x0b\x1c,2\u2028\n", True),
    "Excel's hint": ("sep=;\nA;B\n1;2\n", False),
    "a header only": ("A,B\n", True),
    "a blank line before the header": ("\nA,B\n1,2\n", False),
    "a column without a name": ("A,B,\n1,2,3\n", False),
    "a field that no table should hold": ("A,B\n" + "x" * 140_000 + ",2\n", False),
}


@pytest.mark.parametrize(("text", "is_plain"), PLAIN.values(), ids=PLAIN)
def test_a_plain_file_is_read_at_once_and_just_as_line_by_line(
    text, is_plain, tmp_path, monkeypatch
):
    def outcome():
        try:
            return files.read_table(path, "a.csv")
        except InputError as refused:
            return refused.lines

    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    assert (files._plain_table(text, "a.csv") is not None) == is_plain
    quick = outcome()
    monkeypatch.setattr(files, "_plain_table", lambda *_: None)
    slow = outcome()
    if isinstance(slow, tuple):
        assert quick == slow
        return
    assert quick.header == slow.header
    pd.testing.assert_frame_equal(quick.rows, slow.rows)
    pd.testing.assert_frame_equal(quick.ragged, slow.ragged)
