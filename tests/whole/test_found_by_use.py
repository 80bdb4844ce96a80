"""Faults that were found by trying the suite as a new user would, each kept as a test."""

from __future__ import annotations

import shutil
from itertools import product

import pytest
from builders import EPISODE, EPISODES, read, write_csv, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.errors import InputError
from iro_analysis.indicators.evaluate import figures
from iro_analysis.reading.authority import read_authority

pytestmark = pytest.mark.slow

ROWS = [{"CHILD": f"SYN{n}", "DECOM": f"{n % 27 + 1:02d}/0{n % 9 + 1}/2019"} for n in range(1, 40)]


def copied(demo, tmp_path):
    """Copy the demonstration without the years after 2019-20, which take as long to read."""
    place = tmp_path / "demo"
    shutil.copytree(demo, place, ignore=shutil.ignore_patterns("202?-*"))
    return place


def test_a_file_whose_header_line_is_lost_is_named_without_its_content(demo, tmp_path):
    place = copied(demo, tmp_path)
    path = place / "ssda903" / "2019-20" / "header.csv"
    _, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    account = read(place).account
    [line] = account.unusable
    assert "2019-20/header.csv line 1" in line
    assert "SYN" not in line
    totals = account.totals()
    assert totals["set_aside"] == len(rows) - 1
    assert totals["read"] == totals["used"] + totals["set_aside"]


def without_column(path, name):
    import csv

    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = [column for column in rows[0] if column != name]
    write_csv(path, columns, [{c: row[c] for c in columns} for row in rows])


@pytest.mark.parametrize(
    ("year", "column"),
    [
        ("2018-19", "DEC"),
        ("2019-20", "LS"),
        *(
            pytest.param(*each, marks=pytest.mark.long)
            for each in product(["2018-19", "2019-20"], ["DEC", "LS", "PLACE", "PLACE_PROVIDER"])
            if each not in {("2018-19", "DEC"), ("2019-20", "LS")}
        ),
    ],
)
def test_a_column_that_a_figure_needs_is_missed_in_any_year_it_looks_at(
    demo, tmp_path, column, year
):
    place = copied(demo, tmp_path)
    without_column(place / "ssda903" / year / "episodes.csv", column)
    record, period = CareRecord.of(read(place)), periods.single("2019-20")
    [row] = figures(record, period, "long_term_stability", "all").itertuples()
    assert (row.status, column in row.note, year in row.note) == ("not_available", True, True)
    if year == "2019-20" and column in ("DEC", "LS"):
        for measure in ("looked_after", "started", "ceased", "three_or_more_placements"):
            found = figures(record, period, measure)
            found = found[found["breakdown"].ne("period") | found["group"].eq("2019-20")]
            assert found["status"].eq("not_available").all(), measure


def test_a_module_that_one_years_return_lacks_is_said(demo, tmp_path):
    place = copied(demo, tmp_path)
    (place / "ssda903" / "2019-20" / "header.csv").unlink()
    record, period = CareRecord.of(read(place)), periods.single("2019-20")
    [row] = figures(record, period, "looked_after", "sex").itertuples()
    assert row.note == "no Header file was given in the return of 2019-20"


@pytest.mark.parametrize("folder", ["", "2019", "2020"])
def test_an_end_on_1_april_or_a_typing_error_moves_no_return(tmp_path, folder):
    rows = [*ROWS, {"CHILD": "SYN98", "DECOM": "01/05/2019", "DEC": "01/04/2020", "REC": "E4A"}]
    rows = [*rows, *({**row, "CHILD": f"{row['CHILD']}B"} for row in ROWS * 6)]
    rows.append({"CHILD": "SYN99", "DECOM": "01/05/2019", "DEC": "01/05/2091", "REC": "E4A"})
    authority = read(write_return(tmp_path, rows, folder))
    assert authority.returns == (2019,)
    assert any("the dates in the episodes decide" in remark for remark in authority.account.remarks)


@pytest.mark.long
def test_year_folders_may_lie_deeper(demo, tmp_path):
    place = tmp_path / "deep"
    shutil.copytree(demo / "ssda903", place / "ssda903" / "csv")
    assert read(place).returns == read(demo).returns


def test_episodes_alone_are_a_return(tmp_path):
    write_csv(
        tmp_path / "ssda903" / "2019-20" / "e.csv", EPISODES, [{**EPISODE, **r} for r in ROWS]
    )
    record = CareRecord.of(read(tmp_path))
    assert len(record.looked_after_on(periods.single("2019-20").end)) == len(ROWS)


def test_a_part_year_return_is_said_to_stop_early(demo):
    authority = read(demo)
    assert "31 January 2023" in authority.may_end_early(periods.single("2022-23"))
    assert authority.may_end_early(periods.single("2022-08-01:2023-01-31")) == ""
    assert authority.may_end_early(periods.single("2019-20")) == ""


def test_rows_of_an_extract_without_an_authority_are_set_aside(tmp_path):
    rows = [
        {"LA": la, "YEAR": "2019", "CHILD": f"SYN{n}", "DECOM": "01/05/2019"}
        for n, la in enumerate(["North", "South", ""])
    ]
    write_csv(
        tmp_path / "ssda903" / "x.csv", ["LA", "YEAR", *EPISODES], [{**EPISODE, **r} for r in rows]
    )
    north, south = read_authority(tmp_path)
    assert [a.account.totals()["read"] for a in (north, south)] == [2, 1]
    assert [a.account.totals()["set_aside"] for a in (north, south)] == [1, 0]
    assert len(north.account.rows_set_aside) == 1


def test_the_cause_is_said_where_no_row_can_be_used(tmp_path):
    rows = [{"CHILD": "SYN1", "DECOM": "01/05/19"}]
    with pytest.raises(InputError, match="the year with four digits"):
        read_authority(write_return(tmp_path, rows))


def test_two_authorities_of_one_name_are_not_written_over_each_other(tmp_path):
    from iro_analysis.runner.inputs import authorities

    places = [write_return(tmp_path / side / "council", ROWS) for side in "ab"]
    (_, first), (_, second) = authorities([str(place) for place in places])
    assert first.folder == "council"
    assert "same folder council" in str(second)


def test_a_folder_with_a_hash_in_its_name_is_found(tmp_path):
    from iro_analysis.study import open_authority

    place = write_return(tmp_path / "h#sh", ROWS)
    assert open_authority(str(place)).folder == "h_sh"


def test_a_sex_code_of_another_year_is_found(tmp_path):
    children = [{"CHILD": row["CHILD"], "SEX": "M"} for row in ROWS]
    account = read(write_return(tmp_path, ROWS, children=children)).account
    found = account.findings
    assert found["check"].eq("code_of_another_year").sum() == len(ROWS)
    assert set(found["column"]) == {"SEX"}


def test_an_unknown_participation_code_is_found(tmp_path):
    place = write_return(tmp_path, ROWS)
    rows = [{"CHILD": "SYN1", "DOB": "15/06/2010", "REVIEW": "01/06/2019", "REVIEW_CODE": "PN9"}]
    write_csv(place / "ssda903" / "2019-20" / "reviews.csv", list(rows[0]), rows)
    [fault] = read(place).account.findings.itertuples()
    assert (fault.check, fault.column, fault.line) == ("unknown_code", "REVIEW_CODE", 2)


@pytest.mark.parametrize("text", ["0000-01", "9999-00", "1066-67"])
def test_years_no_return_can_be_of_are_refused(text):
    from iro_analysis.errors import PeriodError

    with pytest.raises(PeriodError):
        periods.parse(text)


@pytest.mark.parametrize("name", ["audience", "period", "data"])
def test_what_decides_disclosure_cannot_be_slipped_in_as_a_parameter(name):
    from argparse import Namespace

    from iro_analysis.cli import commands
    from iro_analysis.errors import ParameterError

    given = Namespace(periods=["2019-20"], data=None, out="x", audience="committee", jobs=1,
                      notebook=[], parameter=[[name, "internal"]])  # fmt: skip
    with pytest.raises(ParameterError, match="--audience"):
        commands.report(given)


def test_a_header_with_only_its_header_line_is_read(tmp_path):
    write_return(tmp_path, ROWS, children=[])
    assert read(tmp_path).tables["children"]["has_header"].sum() == 0
