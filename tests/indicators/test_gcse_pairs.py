"""GCSE cohorts two by two: always the same pairs, and nothing claimed across a change of grades."""

from __future__ import annotations

import pytest
from builders import add_list, read, write_return

from iro_analysis import periods
from iro_analysis.study import Study

pytestmark = pytest.mark.slow


def study_of(tmp_path, cohorts, period):
    """Cohorts as year -> (reached, pupils)."""
    rows = "child year gcses_any gcses_grade4 english_grade4 maths_grade4"
    for year, (reached, pupils) in cohorts.items():
        for n in range(pupils):
            met = int(n < reached)
            rows += f"\nP{year}{n} {year} {5 * met} {5 * met} {met} {met}"
    for year in ("2019-20", "2020-21"):
        write_return(tmp_path, "CHILD DECOM\nA 01/05/2018", year)
    add_list(tmp_path, "key_stage_4", rows)
    return Study.of(read(tmp_path), periods.single(period), "internal")


@pytest.mark.parametrize(
    ("cohorts", "period", "pairs"),
    [
        ({2017: (5, 19), 2018: (3, 20), 2019: (9, 31), 2020: (6, 28)}, "2019-20",
         ["2017 and 2018", "2019 and 2020"]),
        ({2018: (3, 20), 2019: (9, 31), 2020: (6, 28)}, "2019-20", ["2019 and 2020"]),
        ({2017: (5, 19), 2018: (3, 20), 2019: (9, 31), 2020: (6, 28), 2021: (8, 20)}, "2020-21",
         ["2017 and 2018", "2019 and 2020"]),
        ({2018: (3, 20), 2019: (9, 31)}, "2019-20", []),
    ],
)  # fmt: skip
def test_an_odd_year_and_the_next(tmp_path, cohorts, period, pairs):
    study = study_of(tmp_path, cohorts, period)
    found = study.published("gcse_5_any", "cohort_pair")
    assert [row.group for row in found if row.status == "ok"] == pairs


@pytest.mark.parametrize(
    ("cohorts", "said"),
    [
        ({2015: (2, 30), 2016: (3, 30), 2017: (20, 30), 2018: (18, 30)},
         "From 2015 and 2016 to 2017 and 2018: higher now by 55 percentage points"),
        ({2015: (9, 30), 2016: (8, 30), 2017: (10, 30), 2018: (8, 30)},
         "From 2015 and 2016 to 2017 and 2018: no clear change."),
        ({2017: (2, 30), 2018: (3, 30), 2019: (20, 30), 2020: (18, 30)},
         "they differ, but grades were not set in the same way: no change of what pupils can do"),
    ],
)  # fmt: skip
def test_no_change_is_claimed_across_a_change_of_grades(tmp_path, cohorts, said):
    text = study_of(tmp_path, cohorts, "2019-20").finding("gcse_5_any", "cohort_pair").text
    assert said in text


def test_years_are_judged_together_and_marked(tmp_path):
    cohorts = {2017: (5, 19), 2018: (3, 20), 2019: (9, 31), 2020: (6, 28)}
    study = study_of(tmp_path, cohorts, "2019-20")
    said = study.finding("gcse_5_any", "cohort_year").text
    assert "2020 (centre-assessed grades): 6 of 28 (21%)" in said
    assert "went up and down by no more than chance would produce (p = 0.684)" in said
    said = study.finding("gcse_5_any").text
    assert "About 1 in 4 pupils reached it." in said
    found = study.detectable("gcse_5_any").text
    assert "There are about 25 pupils a year." in found
    assert "percentage points higher." in found
