"""Figures worked out when they are asked for are those of the whole report, in whatever order."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from builders import add_list, record, shared_record
from pandas.testing import assert_frame_equal

from iro_analysis import catalogue, periods
from iro_analysis.disclosure.publish import publish
from iro_analysis.indicators import evaluate
from iro_analysis.indicators.evaluate import FiguresWhenAsked
from iro_analysis.study import Study

LITTLE = """
    CHILD  DECOM       RNE  LS  CIN  DEC         REC
    A      2019-06-01  S    C2  N1   -           -
    B      2018-06-01  S    C2  N1   2019-09-01  E4A
    C      2020-01-10  S    V2  N2   -           -
"""


@pytest.fixture(scope="module")
def little(tmp_path_factory):
    folder = tmp_path_factory.mktemp("little")
    add_list(folder, "advocacy", "child referral_date\nA 2019-07-01")
    return record(folder, LITTLE)


def same(found: FiguresWhenAsked, whole: pd.DataFrame) -> None:
    """Ask for all measures, the last first, and then for all at once."""
    shown = publish(whole, "internal")
    asked = publish(found, "internal")
    for entry in reversed(catalogue.measures().values()):
        for breakdown in (*reversed(entry.breakdowns), None):
            now = asked.select(entry.id, breakdown)
            assert_frame_equal(now.figures, shown.select(entry.id, breakdown).figures)
            assert now.given_together == shown.select(entry.id, breakdown).given_together
    assert_frame_equal(asked.figures, whole)


@pytest.mark.parametrize("name", ["2019-20", pytest.param("2019-20-H1", marks=pytest.mark.long)])
def test_one_measure_at_a_time_gives_the_figures_of_the_whole(demo, name):
    known, period = shared_record(demo), periods.single(name)
    # A copy of the record has nothing worked out yet.
    same(FiguresWhenAsked(replace(known), period), evaluate.all_figures(known, period))


@pytest.mark.parametrize("name", [pytest.param("2019-20", marks=pytest.mark.long), "2019-20-Q3"])
def test_so_do_those_of_a_small_authority(little, name):
    period = periods.single(name)
    same(FiguresWhenAsked(replace(little), period), evaluate.all_figures(replace(little), period))


def test_for_internal_use_one_measure_waits_for_no_other(little):
    known, year = replace(little), periods.single("2019-20")
    study = Study.of_record(known, year, "internal")
    assert study.published("started").figures["value"].tolist() == [2]
    assert {key[1] for key in known._worked_out if key[0] == "measure"} == {"started"}


def test_for_the_committee_all_of_them_are_decided_at_once(little):
    known, year = replace(little), periods.single("2019-20")
    study = Study.of_record(known, year, "committee")
    worked_out = {key[1] for key in known._worked_out if key[0] == "measure"}
    assert len(worked_out) > 50
    assert set(study.everything.source.whole["measure"]) == set(catalogue.measures())
