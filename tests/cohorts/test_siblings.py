"""Families told from the return, and the day on which a child is grown up."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import record

from iro_analysis.cohorts.background import grown_up
from iro_analysis.cohorts.siblings import families


def test_one_home_is_one_however_its_postcode_is_written(tmp_path):
    rows = [("SYN1", "ZZ1 1AA"), ("SYN2", "zz11aa"), ("SYN3", "ZZ1 1AB")]
    episodes = [{"CHILD": child, "DECOM": "01/05/2019", "HOME_POST": home} for child, home in rows]
    family = families(record(tmp_path, episodes))
    assert family.to_dict() == {"SYN1": "SYN1", "SYN2": "SYN1", "SYN3": "SYN3"}


def test_the_first_home_tells_though_a_later_one_stands_before_it_in_the_file(tmp_path):
    made = record(
        tmp_path,
        """
        CHILD DECOM      HOME_POST DEC        REC
        SYN1  01/08/2019 ZZ22ZZ    -          -
        SYN1  01/05/2019 ZZ11AA    01/06/2019 E4A
        SYN2  01/05/2019 ZZ11AA    -          -
        SYN3  01/08/2019 ZZ22ZZ    -          -
        """,
    )
    family = families(made)
    assert family["SYN1"] == family["SYN2"]
    assert family["SYN3"] == "SYN3"


@pytest.mark.parametrize("hers", ["10/05/2018", "10/05/2019"])
def test_both_who_came_together_are_of_the_family_of_the_mother_of_one(tmp_path, hers):
    children = [
        {"CHILD": "MUM", "SEX": "2", "DOB": "01/02/2003", "MOTHER": "1", "MC_DOB": hers},
        {"CHILD": "SYN1", "DOB": "10/05/2018"},
        {"CHILD": "SYN2", "DOB": "10/05/2019"},
    ]
    rows = "CHILD DECOM HOME_POST\nMUM 01/06/2018 ZZ22ZZ\n" + "\n".join(
        f"{child} 01/07/2019 ZZ11AA" for child in ("SYN1", "SYN2")
    )
    family = families(record(tmp_path, rows, children=children))
    assert family.to_dict() == {"MUM": "MUM", "SYN1": "MUM", "SYN2": "MUM"}


def test_a_child_of_29_february_is_grown_up_on_1_march():
    born = pd.to_datetime(pd.Series(["2004-02-29", "2004-06-15", None]))
    assert grown_up(born).dt.strftime("%Y-%m-%d").tolist()[:2] == ["2022-03-01", "2022-06-15"]
    assert grown_up(born).isna().tolist() == [False, False, True]
