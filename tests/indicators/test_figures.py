"""Figures worked out by hand, and the printed report's figures from the demonstration's rows."""

from __future__ import annotations

import math

import pytest
from builders import read, shared_record
from vectors import vectors

from iro_analysis import catalogue, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import FIGURE_COLUMNS, UNITS
from iro_analysis.errors import ReferenceDataError
from iro_analysis.indicators import evaluate, looked_after
from iro_analysis.rounding import half_up


@pytest.fixture(scope="module")
def demo_record(request):
    return shared_record(request.getfixturevalue("demo"))


@pytest.fixture(scope="module")
def sample_record(request):
    return shared_record(request.getfixturevalue("sample"))


def one(record, period, measure, breakdown="all", group="all"):
    rows = evaluate.figures(record, periods.single(period), measure, breakdown)
    [row] = rows[rows["group"] == group].itertuples()
    return row


def test_a_breakdown_whose_groups_nothing_gives_is_named(demo_record):
    """CONTRIBUTING, add a breakdown, step 2."""
    day = periods.single("2019-20").end
    people = demo_record.looked_after_on(day)
    with pytest.raises(ReferenceDataError, match=r"group of 'schooling'; expected a case in"):
        looked_after.labels(demo_record, people, "schooling", day)


def test_three_figures_of_the_demonstration_worked_out_by_hand(demo_record):
    # 1. The rate. 328 rows of the 2019-20 episodes start by 31 March 2020, have no DEC or one after
    #    it, and LS other than V3 or V4; ONS mid-2019, ages 0 to 17, first published: 74,982.
    #    328 / 74,982 x 10,000 = 43.7438...
    rate = one(demo_record, "2019-20", "looked_after_rate")
    assert (rate.numerator, rate.denominator) == (328, 74982)
    assert math.isclose(rate.value, 43.74383185297805, rel_tol=1e-12)
    # 2. The rate of children of Other ethnic groups against White children: 13 of 610 against
    #    197 of 52,286 (Census 2011): (13 / 610) / (197 / 52286) = 5.6563...
    ratio = one(demo_record, "2019-20", "ethnicity_rate_ratio", "ethnicity", "Other ethnic group")
    assert math.isclose(ratio.value, (13 / 610) / (197 / 52286), rel_tol=1e-12)
    # 3. GCSEs 2017 to 2020: 5 + 3 + 9 + 6 = 23 of 19 + 20 + 31 + 28 = 98 pupils: 23.469...%;
    #    Wilson 16.2 to 32.8 (STATISTICS part 3).
    pooled = one(demo_record, "2019-20", "gcse_5_grade4_with_english_maths")
    assert (pooled.numerator, pooled.denominator) == (23, 98)
    assert math.isclose(pooled.value, 2300 / 98)
    assert (round(pooled.lower, 1), round(pooled.upper, 1)) == (16.2, 32.8)


def test_three_figures_of_the_sample_worked_out_by_hand(sample_record):
    # Worked out with awk over the episodes of 2019-20, 2020-21 and 2021-22: the last row of each
    # CHILD and DECOM; DECOM up to 31 March 2020; DEC empty or later; LS neither V3 nor V4; of a
    # child's rows the one with the latest DECOM: 181 children, C1 22, C2 11.
    assert one(sample_record, "2019-20", "looked_after").value == 181
    assert one(sample_record, "2019-20", "looked_after", "legal_status",
               "Interim care order").value == 22  # fmt: skip
    assert one(sample_record, "2019-20", "looked_after", "legal_status",
               "Full care order").value == 11  # fmt: skip


def test_the_printed_report_comes_out_of_the_demonstrations_rows(demo_record):
    """Counts exact; where only a percentage is printed, the same after rounding half up."""
    rows = vectors("seed_figures")
    assert len(rows) == 95
    wrong = []
    for row in rows:
        breakdown = {"cohort_year": "cohort_year"}.get(row["breakdown"], row["breakdown"])
        parts = row["group"].split(" + ") if row["breakdown"] == "age_band" else [row["group"]]
        period = row["period"]
        if row["measure"] == "looked_after_history":
            period = "2019-20"
        found = [one(demo_record, period, row["measure"], breakdown, part) for part in parts]
        numerator = sum(figure.numerator for figure in found)
        counted = found[0].value if math.isnan(numerator) else numerator
        if row["numerator"]:
            same = counted == float(row["numerator"])
        elif row["unit"] == "percent" and found[0].unit == "children":
            share = numerator / found[0].denominator * 100
            same = half_up(share) == int(row["printed"])
        else:
            same = half_up(found[0].value) == int(row["printed"])
        if row["denominator"] and not math.isnan(found[0].denominator):
            same = same and found[0].denominator == float(row["denominator"])
        if not same:
            wrong.append((row["measure"], row["group"], row["period"], numerator))
    assert wrong == []


PERIODS = ["2016-17", "2019-20", "2019-20-H1", "2020-21-Q3", "2022-08-01:2023-01-31"]


@pytest.mark.parametrize("name", PERIODS)
def test_figures_keep_their_contract(demo_record, name):
    rows = evaluate.all_figures(demo_record, periods.single(name))
    assert list(rows.columns) == FIGURE_COLUMNS
    assert set(rows["unit"]) <= UNITS
    assert set(rows["status"]) <= {"ok", "suppressed", "not_available"}
    assert set(rows["measure"]) == set(catalogue.measures())
    assert not rows.duplicated(["period", "measure", "breakdown", "group"]).any()
    given = rows[rows["status"] == "ok"]
    assert given["value"].notna().all()
    assert rows.loc[rows["status"] == "not_available", "note"].ne("").all()
    percent = given[(given["unit"] == "percent") & ~given["measure"].str.endswith("difference")]
    assert percent["value"].between(0, 100).all()
    bounded = given[given["lower"].notna() & given["upper"].notna()]
    assert (bounded["lower"] <= bounded["value"] + 1e-9).all()
    assert (bounded["value"] <= bounded["upper"] + 1e-9).all()


@pytest.mark.parametrize("name", PERIODS)
def test_groups_add_up_to_their_total(demo_record, name):
    rows = evaluate.all_figures(demo_record, periods.single(name))
    counts = rows[rows["unit"].isin(["children", "reviews", "count"]) & rows["denominator"].notna()]
    counts = counts[~counts["breakdown"].isin(["all", "period"])]
    for (measure, breakdown), part in counts.groupby(["measure", "breakdown"]):
        assert part["value"].sum() == part["denominator"].iloc[0], (measure, breakdown)


def test_an_in_year_figure_has_no_national_one(demo_record):
    row = one(demo_record, "2019-20-Q3", "age_share_difference", "age_band_by_comparator")
    assert (row.status, "in-year" in row.note) == ("not_available", True)


def test_in_year_placements_say_that_they_look_at_rolling_twelve_months(demo_record):
    row = one(demo_record, "2019-20-Q3", "three_or_more_placements")
    assert row.note == "rolling twelve months to 31 December 2019"


@pytest.mark.slow
def test_row_order_of_the_files_never_matters(tmp_path, demo):
    import random
    import shutil

    place = tmp_path / "shuffled"
    shutil.copytree(demo, place)
    for path in (place / "ssda903").rglob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        random.Random(5).shuffle(rows)
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    year = periods.single("2019-20")
    before = evaluate.all_figures(shared_record(demo), year)
    after = evaluate.all_figures(CareRecord.of(read(place)), year)
    assert before.equals(after)
