"""What fuzzing the readers found (fuzz/readers.py), each kept as a return that stopped them."""

from __future__ import annotations

from datetime import date

import pytest
from builders import EPISODE, EPISODES, HEADER, read, write_csv, write_return

from iro_analysis.cohorts.record import CareRecord

ONE = [{"CHILD": "SYN1", "DECOM": "01/05/2019"}]
ROWS_OF_ANOTHER_MODULE = {
    "reviews": ({"CHILD": "SYN1", "DOB": "15/06/2010", "REVIEW": "never", "REVIEW_CODE": "PN1"}),
    "missing": ({"CHILD": "SYN1", "DOB": "", "MISSING": "M", "MIS_START": "", "MIS_END": ""}),
    "uasc": ({"CHILD": "", "SEX": "1", "DOB": "15/06/2010", "DUC": ""}),
}


@pytest.mark.parametrize("module", ROWS_OF_ANOTHER_MODULE)
def test_a_module_of_which_no_row_can_be_used_stops_nothing(tmp_path, module):
    place = write_return(tmp_path, ONE)
    row = ROWS_OF_ANOTHER_MODULE[module]
    write_csv(place / "ssda903" / "2019-20" / f"{module}.csv", list(row), [row])
    authority = read(place)
    totals = authority.account.totals()
    assert (totals["read"], totals["set_aside"]) == (3, 1)
    assert len(authority.tables[module]) == 0


def test_a_header_of_which_no_row_can_be_used_stops_nothing(tmp_path):
    place = write_return(tmp_path, ONE)
    rows = [dict.fromkeys(HEADER, "") | {"SEX": "1"}]
    write_csv(place / "ssda903" / "2019-20" / "header.csv", HEADER, rows)
    authority = read(place)
    assert authority.account.totals()["set_aside"] == 1
    assert list(authority.tables["children"]["child"]) == ["SYN1"]


def test_a_header_without_any_date_of_birth_stops_nothing(tmp_path):
    place = write_return(tmp_path, ONE, children=[{"CHILD": "SYN1", "DOB": ""}])
    row = {"CHILD": "SYN1", "DOB": "15/06/2010", "REVIEW": "01/06/2019", "REVIEW_CODE": "PN1"}
    write_csv(place / "ssda903" / "2019-20" / "reviews.csv", list(row), [row])
    [child] = read(place).tables["children"].itertuples()
    assert str(child.birth_date.date()) == "2010-06-15"


def test_an_earlier_return_of_which_no_episode_can_be_used_stops_nothing(tmp_path):
    place = write_return(tmp_path, ONE)
    rows = [{**EPISODE, "CHILD": "SYN2", "DECOM": "never"}]
    write_csv(place / "ssda903" / "2018-19" / "episodes.csv", EPISODES, rows)
    assert read(place).returns == (2019,)


def test_an_empty_list_of_asylum_seekers_stops_no_figure(tmp_path):
    place = write_return(tmp_path, ONE)
    columns = ["CHILD", "SEX", "DOB", "DUC"]
    write_csv(place / "ssda903" / "2019-20" / "uasc.csv", columns, [])
    record = CareRecord.of(read(place))
    [child] = record.looked_after_on(date(2020, 3, 31)).itertuples()
    assert child.uasc == "Not UASC"
