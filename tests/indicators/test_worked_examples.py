"""Every measure is worked out by hand somewhere; here are those without a file of their topic."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import CHILD, add_list, add_module, read, shared_record, write_return

from iro_analysis import catalogue, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import evaluate

YEAR = periods.single("2019-20")
EPISODES = "CHILD DECOM RNE LS PLACE DEC REC\n"


def test_every_measure_is_named_in_a_test():
    """CONTRIBUTING, add a measure, step 3: a worked example in the tests of its topic."""
    folder = Path(__file__).parents[1]
    files = [*folder.rglob("test_*.py"), *folder.glob("independent/*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    named = set(re.findall(r"""["'](\w+)["']""", text)) | {
        f"care_leavers_22_to_25_{part}" for part in ("activity", "accommodation_suitable")
    }  # test_dashboard_measures.py puts these together
    missing = [name for name in catalogue.measures() if name not in named]
    assert not missing, f"no worked example of {missing}: add one to the tests of its topic"


def row_of(record, measure, breakdown, group):
    found = evaluate.figures(record, YEAR, measure, breakdown)
    return found.set_index("group").loc[group]


def moves(child):
    """Three placements in one period of care, each of more than 24 hours."""
    return (
        f"{child} 01/05/2019 S C2 U6 01/07/2019 X1\n"
        f"{child} 01/07/2019 P C2 U4 01/09/2019 X1\n"
        f"{child} 01/09/2019 P C2 K2 - -\n"
    )


def test_frequent_moves_by_ethnic_group_against_white_children(tmp_path):
    rows = moves("A1") + moves("W1") + "".join(
        f"{child} 01/05/2019 S C2 U6 - -\n" for child in ("A2", "A3", "W2", "W3", "W4")
    )  # fmt: skip
    names = ["A1", "A2", "A3", "W1", "W2", "W3", "W4"]
    header = [
        {**CHILD, "CHILD": name, "ETHNIC": "AIND" if name[0] == "A" else "WBRI"} for name in names
    ]
    record = CareRecord.of(read(write_return(tmp_path, EPISODES + rows, children=header)))
    row = row_of(record, "ethnicity_three_or_more_ratio", "ethnicity", "Asian or Asian British")
    assert (row["numerator"], row["denominator"]) == (1, 3)
    assert row["value"] == pytest.approx((1 / 3) / (1 / 4))


@pytest.mark.parametrize(
    ("definition", "met"), [("dfe", 1), ("commissioner", 1), ("annex_a", 2)]
)  # fmt: skip
def test_a_temporary_absence_is_a_placement_for_annex_a_alone(tmp_path, definition, met):
    absent = (
        "B 01/05/2019 S C2 U6 01/07/2019 X1\n"
        "B 01/07/2019 T C2 T1 05/07/2019 X1\n"
        "B 05/07/2019 T C2 U6 - -\n"
    )
    rows = EPISODES + moves("A") + absent + "C 01/05/2019 S C2 U6 - -\n"
    record = CareRecord.of(read(write_return(tmp_path, rows)))
    row = row_of(record, "three_or_more_by_definition", "definition", definition)
    assert (row["numerator"], row["denominator"]) == (met, 3)


@pytest.mark.parametrize(
    ("plan", "has_plan"),
    [("18/09/2019", 1), ("20/09/2019", 0), ("31/05/2019", 0)],  # before, after; of an earlier time
)
def test_a_permanence_plan_by_the_second_review(tmp_path, plan, has_plan):
    write_return(tmp_path, EPISODES + "A 03/06/2019 S C2 U6 - -")
    add_module(tmp_path, "reviews", "CHILD REVIEW REVIEW_CODE\nA 25/06/2019 PN1\nA 19/09/2019 PN1",
               DOB="15/06/2010")  # fmt: skip
    add_list(tmp_path, "permanence_plans", f"child date\nX 01/01/2019\nA {plan}\nX 31/03/2020")
    row = row_of(CareRecord.of(read(tmp_path)), "permanence_plan_by_second_review", "all", "all")
    assert (row["numerator"], row["denominator"]) == (has_plan, 1)


def test_rates_by_a_census_of_ages_10_to_17_count_no_younger_child(tmp_path):
    old, young = "15/06/2005", "15/06/2015"
    born = {"A1": old, "A2": old, "A3": young, "W1": old, "W2": young}
    header = [
        {**CHILD, "CHILD": name, "DOB": day, "ETHNIC": "AIND" if name[0] == "A" else "WBRI"}
        for name, day in born.items()
    ]
    episodes = EPISODES + "".join(f"{name} 01/05/2019 S C2 U6 - -\n" for name in born)
    write_return(tmp_path, episodes, children=header)
    (tmp_path / "authority.toml").write_text('name = "Bromley"\nons_code = "E09000006"\n')
    record = CareRecord.of(read(tmp_path))
    row = row_of(record, "minority_ethnic_ratio_10_to_17", "all", "all")
    assert (row["numerator"], row["denominator"]) == (2, 1)
    # Census 2021, ages 10 to 17: White 21,937; Asian 2,831, Black 3,497, Mixed 3,547, Other 710.
    others = 2831 + 3497 + 3547 + 710
    assert row["value"] == pytest.approx((2 / others) / (1 / 21937))


def test_reviews_on_time_by_quarter_are_those_of_each_quarter(demo):
    record = shared_record(demo)
    shown = evaluate.figures(record, YEAR, "reviews_on_time_by_quarter").set_index("group")
    for name in ("2019-20-Q1", "2019-20-Q4"):
        [alone] = evaluate.figures(
            record, periods.single(name), "reviews_on_time", "all"
        ).itertuples()
        counts = shown.loc[name, ["numerator", "denominator"]]
        assert tuple(counts) == (alone.numerator, alone.denominator)


def test_a_forecast_of_children_looked_after_is_inside_its_limits(demo):
    record = shared_record(demo)
    wide = evaluate.figures(record, YEAR, "looked_after_forecast", "quarters_ahead")
    close = evaluate.figures(record, YEAR, "looked_after_forecast", "quarters_ahead_80")
    assert wide["group"].tolist() == [str(n) for n in range(1, 9)]
    assert wide["value"].between(wide["lower"], wide["upper"]).all()
    assert (wide["upper"] - wide["lower"]).gt(close["upper"] - close["lower"]).all()
    assert (wide["upper"] - wide["lower"]).is_monotonic_increasing
