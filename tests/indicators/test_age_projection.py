"""The ages of three years on: worked by hand where nobody, or everybody, leaves."""

from __future__ import annotations

import pytest
from builders import CHILD, read, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import evaluate
from iro_analysis.study import Study

YEAR = periods.single("2019-20")


def study_of(tmp_path, children):
    """Children as (born, started, ended) in two years' returns; under 20, for these are alike."""
    rows, header = [], []
    for n, (born, start, end) in enumerate(children):
        end_of = {"DEC": end, "REC": "E4A"} if end else {}
        rows.append({"CHILD": f"C{n}", "DECOM": start, **end_of})
        header.append({**CHILD, "CHILD": f"C{n}", "DOB": born})
    for year in ("2018-19", "2019-20"):
        write_return(tmp_path, rows, year, header)
    return Study.of(read(tmp_path), YEAR, "internal")


def expected(study):
    figures = study.published("age_profile_ahead", "age_band_ahead").figures
    return figures.set_index("group")["value"]


def test_where_nobody_enters_or_leaves_everybody_grows_older(tmp_path):
    old = [("01/06/2012", "01/05/2017", "")] * 12 + [("01/06/2005", "01/05/2017", "")] * 7
    found = expected(study_of(tmp_path, old))
    assert found["5 to 9: now"] == 12
    assert found["16 and over: now"] == 0
    assert found["10 to 15: in three years"] == pytest.approx(12)
    # Fourteen now, eighteen on 1 June 2023: in three years still seventeen.
    assert found["16 and over: in three years"] == pytest.approx(7)


def test_who_is_eighteen_by_then_is_gone(tmp_path):
    found = expected(study_of(tmp_path, [("01/02/2005", "01/05/2017", "")] * 9))
    assert found["16 and over: in three years"] == 0
    assert found["10 to 15: now"] == 9


def test_as_many_enter_each_year_as_in_the_period(tmp_path):
    stay = [("01/06/2009", "01/10/2019", "")] * 12
    found = expected(study_of(tmp_path, stay))
    # Ten years old on entry: those of now are thirteen, the others eleven to thirteen.
    assert found["10 to 15: in three years"] == pytest.approx(12 * 4)
    assert found["10 to 15: in three years, entries as the year before"] == pytest.approx(12)


def test_who_leaves_at_a_rate_leaves_at_it_again(tmp_path):
    # 20 children of ten are there all year, 20 left half-way: 20 leavings in 30 years of care.
    there = [("01/01/2009", "01/05/2017", "")] * 20
    left = [("01/01/2009", "01/05/2017", "01/10/2019")] * 20
    study = study_of(tmp_path, there + left)
    value = expected(study)["10 to 15: in three years"]
    assert value == pytest.approx(20 * 2.718281828 ** (-3 * 20 / 30), rel=0.02)
    row = study.published("age_profile_ahead", "age_band_ahead").figures.set_index("group")
    row = row.loc["10 to 15: in three years"]
    assert row["lower"] <= row["value"] <= row["upper"]
    assert "That is no forecast." in study.finding("age_profile_ahead", "age_band_ahead").text


def test_a_part_of_a_year_has_no_projection(tmp_path):
    study_of(tmp_path, [("01/06/2009", "01/05/2017", "")])
    quarter = periods.single("2019-20-Q3")
    found = evaluate.figures(CareRecord.of(read(tmp_path)), quarter, "age_profile_ahead")
    assert found["note"].iloc[0] == "given for full years only"
