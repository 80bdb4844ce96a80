"""Nobody to count, no population to divide by, too many to go through: the report still stands."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from builders import add_list, read, record, write_csv, write_return
from test_small_and_odd import everything_said

from iro_analysis import packing, periods, prepared
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.estimates import comparisons
from iro_analysis.indicators import evaluate
from iro_analysis.study import Study

pytestmark = pytest.mark.slow

YEAR = periods.single("2019-20")
GROUPS = [
    "White",
    "Black, African, Caribbean or Black British",
    "Mixed or multiple ethnic groups",
    "Asian or Asian British",
    "Other ethnic group",
]
BY_GROUP = {
    "ethnicity_population_share",
    "ethnicity_index",
    "ethnicity_rate",
    "ethnicity_rate_ratio",
    "ethnicity_started_ratio",
}
ONE_DAY = {"DECOM": "01/05/2019"}
BREAKS = [
    {"CHILD": f"SYN{n}", "DECOM": "01/05/2019", "DEC": "08/05/2019", "LS": "V3", "REC": "E8"}
    for n in range(4)
]


def figures_of(rows, measure, breakdown="all"):
    mine = rows[(rows["measure"] == measure) & (rows["breakdown"] == breakdown)]
    return mine.set_index("group")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("period", "audience"),
    [
        ("2019-20", "committee"),
        pytest.param("2019-20", "internal", marks=pytest.mark.long),
        pytest.param("2019-06-03:2019-06-03", "internal", marks=pytest.mark.long),
    ],
)
def test_where_nobody_was_looked_after_the_whole_report_stands_at_0(tmp_path, period, audience):
    place = write_return(tmp_path, BREAKS)
    write_return(tmp_path, BREAKS[:1], "2018-19")
    study = Study.of(read(place), periods.single(period), audience)
    said = everything_said(study)
    assert said["looked_after", "all"].startswith("0 children")
    assert said["started", "all"].startswith("0 ")
    rows = evaluate.all_figures(study.record, study.period)
    ahead = figures_of(rows, "age_profile_ahead", "age_band_ahead")
    assert list(ahead["status"].unique()) == ["not_available"]
    assert figures_of(rows, "looked_after", "sex")["value"].eq(0).all()


def test_a_provider_that_is_blank_for_every_placement_of_a_child_stays_text(tmp_path):
    found = record(
        tmp_path,
        """
        CHILD DECOM      PLACE PLACE_PROVIDER
        SYN1  01/05/2019 Z1    -
        SYN2  01/05/2019 T0    -
        SYN3  01/05/2019 U6    PR1
        """,
    )
    kept = packing.unpacked(packing.packed(found), prepared._CLASSES)
    assert list(kept.placements["provider"]) == ["", "", "PR1"]
    assert list(kept.placements["place"]) == ["Z1", "", "U6"]


def population(place, breakdown, given, total=None):
    rows = [{"breakdown": breakdown, "group": name, "value": str(n)} for name, n in given.items()]
    if total is not None:
        rows.append({"breakdown": "all", "group": "all", "value": str(total)})
    columns = ["reference_date", "breakdown", "group", "value", "source"]
    own = [{"reference_date": "2019-06-30", "source": "invented", **row} for row in rows]
    write_csv(place / "local" / "population.csv", columns, own)


def of_each_group(tmp_path):
    codes = ["WBRI", "BCRB", "MWBC", "AIND", "OOTH"]
    children = [{"CHILD": f"SYN{code}{n}", "ETHNIC": code} for code in codes for n in range(12)]
    rows = [{"CHILD": child["CHILD"], **ONE_DAY} for child in children]
    return write_return(tmp_path, rows, children=children)


@pytest.mark.parametrize(
    ("given", "total", "without", "white_share"),
    [
        pytest.param({"Asian or Asian British": None}, 10_000, ["Asian or Asian British"], 50.0,
                     id="a group is left out, and the total is given"),
        pytest.param({"Other ethnic group": 0}, None, ["Other ethnic group"], 5000 / 90,
                     id="a group is given as 0"),
        pytest.param({"Asian or Asian British": None, "Other ethnic group": 0}, 10_000,
                     ["Asian or Asian British", "Other ethnic group"], 50.0, id="both"),
    ],
)  # fmt: skip
def test_a_group_without_population_has_no_figure_and_the_others_have_theirs(
    tmp_path, given, total, without, white_share
):
    place = of_each_group(tmp_path)
    people = {**dict(zip(GROUPS, [5000, 1500, 1500, 1000, 1000], strict=True)), **given}
    population(place, "ethnicity", {k: v for k, v in people.items() if v is not None}, total)
    rows = evaluate.all_figures(CareRecord.of(read(place)), YEAR)
    for measure in BY_GROUP:
        found = figures_of(rows, measure, "ethnicity")
        missing = found.index[found["status"] == "not_available"]
        assert sorted(missing) == sorted(without), measure
        assert found.loc[missing, "note"].str.contains("population held").all()
        assert found.loc[missing, ["value", "numerator", "denominator"]].isna().all(axis=None)
        assert found.loc["White", "status"] == "ok"
    share = figures_of(rows, "ethnicity_population_share", "ethnicity").loc["White"]
    assert share["value"] == pytest.approx(white_share)
    assert figures_of(rows, "ethnicity_rate", "ethnicity").loc["White", "value"] == pytest.approx(
        24
    )


def test_shares_are_not_taken_of_a_whole_that_is_not_known(tmp_path):
    place = of_each_group(tmp_path)
    population(place, "ethnicity", {"White": 5000, "Other ethnic group": 1000})
    rows = evaluate.all_figures(CareRecord.of(read(place)), YEAR)
    for measure in ("ethnicity_population_share", "ethnicity_index"):
        found = figures_of(rows, measure, "ethnicity")
        assert set(found["status"]) == {"not_available"}
        assert "the whole is not known" in found.loc["White", "note"]
    assert figures_of(rows, "ethnicity_rate", "ethnicity").loc["White", "value"] == pytest.approx(
        24
    )


def test_without_white_children_in_the_population_there_is_nobody_to_compare_with(tmp_path):
    place = of_each_group(tmp_path)
    population(place, "ethnicity", dict.fromkeys(GROUPS[1:], 1000), 9000)
    rows = evaluate.all_figures(CareRecord.of(read(place)), YEAR)
    for measure in ("ethnicity_rate_ratio", "ethnicity_started_ratio"):
        found = figures_of(rows, measure, "ethnicity")
        assert set(found["status"]) == {"not_available"}
        assert found["note"].str.contains("White").any()
    assert figures_of(rows, "ethnicity_rate", "ethnicity")["status"].value_counts()["ok"] == 4


def test_an_age_band_without_population_has_no_rate_and_the_others_have_theirs(tmp_path):
    place = of_each_group(tmp_path)
    population(place, "age_band", {"Under 1": 0, "5 to 9": 2000})
    rows = evaluate.all_figures(CareRecord.of(read(place)), YEAR)
    found = figures_of(rows, "age_rate", "age_band")
    assert list(found.index[found["status"] == "ok"]) == ["5 to 9"]
    assert found.loc["5 to 9", "value"] == 60 / 2000 * 10_000
    assert "0 children" in found.loc["Under 1", "note"]
    assert "no number" in found.loc["1 to 4", "note"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "audience", ["committee", pytest.param("internal", marks=pytest.mark.long)]
)
def test_every_sentence_and_chart_stands_where_groups_have_no_population(tmp_path, audience):
    place = of_each_group(tmp_path)
    population(place, "ethnicity", {"White": 5000, "Other ethnic group": 0}, 0)
    study = Study.of(read(place), YEAR, audience)
    everything_said(study)
    _, shares = study.population_share() or ("", {})
    assert not any(math.isnan(value) for value in shares.values())


PUPILS = "child year gcses_any gcses_grade4 english_grade4 maths_grade4"


@pytest.mark.slow
def test_five_large_cohorts_get_their_sentence_with_the_method_named(tmp_path):
    place = of_each_group(tmp_path)
    pupils = [
        f"P{year}x{n} {year} 6 {6 if n < year - 1950 else 3} 1 1"
        for year in range(2016, 2021)
        for n in range(140)
    ]
    add_list(place, "key_stage_4", "\n".join([PUPILS, *pupils]))
    study = Study.of(read(place), YEAR, "internal")
    begun = time.process_time()
    said = everything_said(study)["gcse_5_grade4", "cohort_year"]
    assert time.process_time() - begun < 60
    assert comparisons.BY_CURVE in said


@pytest.mark.parametrize(
    ("table", "method"),
    [
        pytest.param([[3, 1], [2, 4], [5, 5]], comparisons.EXACT, id="few"),
        pytest.param([[40, 100]] * 2 + [[50, 90]] * 3, comparisons.BY_CURVE, id="many"),
        pytest.param([[4, 139], [4, 140], [5, 138], [3, 140], [9, 131]] * 4,
                     comparisons.SIMULATED, id="many, and few who reached it"),
    ],
)  # fmt: skip
def test_a_p_value_that_takes_too_long_exactly_comes_another_way(table, method):
    p, how = comparisons.difference_of_groups(table)
    assert how == method
    assert 0 < p <= 1
    assert comparisons.difference_of_groups(table) == (p, how)  # the same draws each time


def test_the_simulated_p_value_is_near_the_exact_one(monkeypatch):
    table = np.array([[1, 30], [0, 31], [6, 25], [2, 29]])
    exact, how = comparisons.difference_of_groups(table)
    assert how == comparisons.EXACT
    monkeypatch.setattr(comparisons, "_MOST_WAYS", 10)
    simulated, how = comparisons.difference_of_groups(table)
    assert how == comparisons.SIMULATED
    assert simulated == pytest.approx(exact, abs=0.012)
