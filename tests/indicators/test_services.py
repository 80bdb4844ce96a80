"""The service's own lists and the return's outcome modules: worked examples by hand."""

from __future__ import annotations

import pytest
from builders import add_list, add_module, read, shared_record, write_return

from iro_analysis import catalogue, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators.evaluate import figures

EPISODES = "CHILD DECOM RNE LS PLACE DEC REC\n"
ONE = EPISODES + "A 03/06/2019 S C2 U6 - -"


def one(record, measure, group="all", breakdown="all", period="2019-20"):
    rows = figures(record, periods.single(period), measure, breakdown)
    [row] = rows[rows["group"] == group].itertuples()
    return row


def numbers(row):
    return row.numerator, row.denominator


def with_list(tmp_path, name, rows, episodes=ONE):
    return CareRecord.of(read(add_list(write_return(tmp_path, episodes), name, rows)))


# ------------------------------------------------------------------ the service itself


CASELOAD = "officer date children\nR1 31/03/2019 60\nR1 31/03/2020 50\nR2 31/03/2020 25\n"
STAFF = "officer role full_time_equivalent started left\nR1 Full_time 1.0 01/01/2015 -\n"


@pytest.mark.parametrize(
    ("staff", "children", "time"),
    [
        pytest.param(STAFF + "R2 Part_time 0.5 01/01/2015 -", 75, 1.5, id="by full time"),
        pytest.param(STAFF + "R2 Part_time 0.5 01/01/2015 -\nF1 Foster 1.0 01/01/2015 -", 75, 1.5,
                     id="who holds no child is not in the divisor"),
        pytest.param(STAFF + "R2 Part_time - 01/01/2015 -", None, None,
                     id="no full-time equivalent: no figure, and not one without that officer"),
        pytest.param(STAFF + "R2 Part_time 0.5 01/01/2015 30/09/2019", None, None,
                     id="had left by then: no figure"),
    ],
)  # fmt: skip
def test_caseload(tmp_path, staff, children, time):
    add_list(tmp_path, "officers", staff)
    record = with_list(tmp_path, "caseload", CASELOAD)
    row = one(record, "caseload_per_officer")
    if children is None:
        assert row.status == "not_available"
        assert "full-time equivalent" in row.note
    else:
        assert numbers(row) == (children, time)
        assert row.value == 50


def test_officers_in_post_on_the_last_day(tmp_path):
    record = with_list(tmp_path, "officers", STAFF + "R2 Part_time 0.5 01/01/2015 31/03/2020")
    assert one(record, "officers").value == 1  # who left on the day is not in post on it
    assert one(record, "officers", "Part time", "role").value == 0


DISPUTES = "raised stage theme resolved\n01/03/2019 Team_manager Drift 04/03/2019"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("03/06/2019 Team_manager Drift 01/07/2019", (1, 1)),  # the twentieth working day
        ("03/06/2019 Team_manager Drift 02/07/2019", (0, 1)),
        ("03/06/2019 Team_manager Drift -", (0, 1)),  # still open long after
        ("20/03/2020 Team_manager Drift 06/04/2020", (1, 1)),  # resolved in time, after the year
        ("20/03/2020 Team_manager Drift -", None),  # its twentieth day lies after the year's end
    ],
)
def test_disputes_against_twenty_working_days(tmp_path, rows, expected):
    record = with_list(tmp_path, "disputes", f"{DISPUTES}\n{rows}")
    row = one(record, "disputes_within_20_working_days")
    assert (numbers(row) if row.status == "ok" else None) == expected
    assert one(record, "disputes").value == 1


def test_disputes_by_month_have_a_row_for_each_month(tmp_path):
    record = with_list(tmp_path, "disputes", "raised stage theme resolved\n03/06/2019 T D -")
    rows = figures(record, periods.single("2019-20"), "disputes", "month")
    assert len(rows) == 12
    assert dict(zip(rows["group"], rows["value"], strict=True))["June 2019"] == 1


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("raised stage theme resolved", "holds no row"),
        ("raised stage theme resolved\n03/06/2018 T D -", "the newest row of local/disputes.csv"),
        ("raised stage theme resolved\n01/02/2020 T D -", "begins on 1 February 2020"),
    ],
)
def test_a_list_that_does_not_reach_a_period_gives_no_zero(tmp_path, rows, why):
    row = one(with_list(tmp_path, "disputes", rows), "disputes")
    assert row.status == "not_available"
    assert why in row.note


# ------------------------------------------------------------------ permanence


@pytest.mark.parametrize(
    ("begins", "plan", "expected"),
    [
        ("31/01/2020", "15/02/2020", (0, 1)),
        ("31/01/2020", "30/01/2020", (1, 1)),  # dated before care began: of an earlier time
        ("31/01/2020", "01/04/2020", (1, 1)),  # dated after the day
        ("01/02/2020", "01/02/2019", None),  # looked after for less than two months
    ],
)
def test_permanence_plan_missing(tmp_path, begins, plan, expected):
    episodes = EPISODES + f"A {begins} S C2 U6 - -"
    record = with_list(
        tmp_path, "permanence_plans", f"child date\nX 01/01/2019\nA {plan}", episodes
    )
    row = one(record, "permanence_plan_missing")
    assert (numbers(row) if row.status == "ok" else None) == expected


def adopted_child(tmp_path, *, match: str = "01/03/2018"):
    write_return(tmp_path, "CHILD DECOM RNE LS PLACE DEC REC\nZ 01/06/2016 S C2 U6 02/06/2016 E4A",
                 "2016-17")  # fmt: skip
    write_return(tmp_path, EPISODES + "A 03/04/2017 S C2 U6 01/09/2017 X1\n"
                 "A 01/09/2017 L E1 U6 01/04/2018 X1", "2017-18")  # fmt: skip
    write_return(tmp_path, EPISODES + "A 01/09/2017 L E1 U6 01/04/2018 X1\n"
                 "A 01/04/2018 P E1 A4 05/03/2019 E11", "2018-19")  # fmt: skip
    add_module(tmp_path, "ad1", f"CHILD DATE_INT DATE_MATCH\nA 01/08/2017 {match}", "2018-19",
               DOB="15/06/2016", FOSTER_CARE="0", NB_ADOPTR="2", SEX_ADOPTR="MF",
               LS_ADOPTR="L11")  # fmt: skip
    return CareRecord.of(read(tmp_path))


def test_adoption_days_from_entry_to_moving_in_and_from_order_to_match(tmp_path):
    record = adopted_child(tmp_path)
    assert one(record, "adopted", period="2018-19").value == 1
    # 3 April 2017 to 1 April 2018, the first day of the A4 episode: 363 days.
    assert one(record, "adoption_a1_days", period="2018-19").value == 363
    # 1 September 2017, the first E1 episode, to 1 March 2018: 181 days.
    assert one(record, "adoption_a2_days", period="2018-19").value == 181


def test_a_match_before_the_order_counts_as_no_days(tmp_path):
    row = one(adopted_child(tmp_path, match="01/08/2017"), "adoption_a2_days", period="2018-19")
    assert row.value == 0


ADOPTED, GUARDIANSHIP, HOME = "Adopted", "Special guardianship order", "Returned home"
LASTING = "Long-term foster placement"


@pytest.mark.parametrize(
    ("episodes", "route"),
    [
        ("A 01/06/2015 S E1 A6 01/04/2019 E12", ADOPTED),
        ("A 01/06/2015 S C2 U3 31/03/2020 E45", GUARDIANSHIP),
        ("A 01/06/2015 S C2 U3 31/03/2019 E45", None),  # before the year
        ("A 01/06/2015 S C1 U3 01/06/2019 E41", "Child arrangements order"),
        ("A 01/06/2019 S V2 U6 01/07/2019 E4A", HOME),
        ("A 01/06/2019 S V2 U6 01/07/2019 E4B", HOME),
        ("A 01/06/2019 S V2 U6 01/07/2019 E13", None),  # to someone without responsibility
        ("A 01/06/2015 S C2 U6 01/07/2019 E5", None),
        ("A 01/06/2015 S C2 U6 01/07/2019 X1\nA 01/07/2019 T C2 U4 - -", LASTING),  # made so
        ("A 01/06/2015 S C2 K2 01/07/2019 X1\nA 01/07/2019 P C2 U1 - -", LASTING),
        ("A 01/06/2019 S C2 U4 - -", LASTING),
        ("A 01/06/2015 S C2 U4 - -", None),  # begun before the year
        ("A 01/06/2015 S C1 U4 01/07/2019 X1\nA 01/07/2019 L C2 U4 - -", None),  # an order only
        ("A 01/06/2015 S C2 U4 01/07/2019 X1\nA 01/07/2019 T C2 U1 - -", None),  # the same carer
        ("A 01/06/2015 S C2 U4 01/07/2019 X1\nA 01/07/2019 P C2 U4 - -", LASTING),  # another one
        ("A 01/06/2015 S C2 U4 01/07/2019 X1\nA 01/07/2019 P C2 T1 09/07/2019 X1\n"
         "A 09/07/2019 P C2 U4 - -", None),  # back from hospital
        ("A 01/06/2019 S C2 U5 01/07/2019 X1\nA 01/07/2019 L E1 U5 - -", None),  # for adoption
        # Two routes in the year: the last counts, and leaving care is the later on one day.
        ("A 01/06/2015 S C2 U6 01/07/2019 X1\nA 01/07/2019 T C2 U4 05/02/2020 E46", GUARDIANSHIP),
        ("A 01/06/2015 S V2 U6 01/07/2019 E4A\nA 01/09/2019 S C2 U4 - -", LASTING),
        ("A 01/06/2015 S V2 U6 01/07/2019 E4A\nA 01/09/2019 S C2 U6 01/02/2020 E45", GUARDIANSHIP),
        ("A 01/06/2015 S V2 U6 01/07/2019 E4A\nA 01/09/2019 S C2 U6 01/02/2020 E5", None),
        ("A 01/06/2015 S C2 U6 01/07/2019 X1\nA 01/07/2019 T C2 U4 01/07/2019 E4A", HOME),
    ],
)  # fmt: skip
def test_by_which_route_a_child_reached_a_permanent_home(tmp_path, episodes, route):
    always = "X 01/01/2016 S C2 K2 - -\n"
    record = CareRecord.of(read(write_return(tmp_path, EPISODES + always + episodes)))
    rows = figures(record, periods.single("2019-20"), "permanence_achieved", "permanence_route")
    assert dict(zip(rows["group"], rows["value"], strict=True)) == {
        name: int(name == route)
        for name in (ADOPTED, GUARDIANSHIP, "Child arrangements order", HOME, LASTING)
    }
    assert one(record, "permanence_achieved").value == int(route is not None)


# ------------------------------------------------------------------ health: twelve months


@pytest.mark.parametrize(
    ("episodes", "counted"),
    [
        pytest.param("A 01/04/2019 S C2 U6 - -", True, id="began on 1 April"),
        pytest.param("A 02/04/2019 S C2 U6 - -", False, id="began on 2 April"),
        pytest.param("A 01/06/2015 S C2 U6 01/09/2019 X1\nA 01/09/2019 P C2 U6 - -", True,
                     id="moved within care"),
        pytest.param("A 01/06/2015 S C2 U6 01/09/2019 E4A\nA 01/10/2019 S C2 U6 - -", False,
                     id="went home and came back"),
        pytest.param("A 01/06/2015 S C2 U6 31/03/2020 E4A", False,
                     id="left on 31 March: not looked after on the day"),
        pytest.param("A 01/06/2015 S C2 U6 - -\nA 05/05/2019 S V4 U6 07/05/2019 E8", False,
                     id="a short break in the year"),
    ],
)  # fmt: skip
def test_the_health_cohort_is_not_that_of_31_march(tmp_path, episodes, counted):
    write_return(tmp_path, EPISODES + episodes)
    add_module(tmp_path, "oc2", "CHILD TEETH_CHECK HEALTH_ASSESSMENT SDQ_SCORE\nA 1 0 17",
               DOB="15/06/2010")  # fmt: skip
    record = CareRecord.of(read(tmp_path))
    row = one(record, "dental_check")
    assert (numbers(row) if row.status == "ok" else None) == ((1, 1) if counted else None)


def health_of(tmp_path, ages: dict[str, int], rows: str):
    children = [{"CHILD": child, "DOB": f"15/06/{2019 - age}"} for child, age in ages.items()]
    episodes = EPISODES + "\n".join(f"{child} 01/04/2019 S C2 U6 - -" for child in ages)
    write_return(tmp_path, episodes, children=children)
    add_module(tmp_path, "oc2", "CHILD SDQ_SCORE HEALTH_CHECK CONVICTED\n" + rows, DOB="15/06/2010")
    return CareRecord.of(read(tmp_path))


def test_ages_of_the_health_measures(tmp_path):
    ages = {"A": 4, "B": 5, "C": 9, "D": 10, "E": 16, "F": 17}  # on 31 March 2020
    rows = "A 10 1 -\nB 13 0 -\nC 14 - 1\nD - - 1\nE 17 - 0\nF 30 - 1"
    record = health_of(tmp_path, ages, rows)
    assert numbers(one(record, "development_checks")) == (1, 1)  # under five only
    assert numbers(one(record, "convicted")) == (2, 3)  # 10 to 17; the nine-year-old is not asked
    assert numbers(one(record, "sdq_completed")) == (3, 4)  # 5 to 16
    average = one(record, "sdq_average")
    assert (average.value, average.denominator) == (pytest.approx((13 + 14 + 17) / 3), 3)
    bands = {g: one(record, "sdq_band", g, "band").value
             for g in ("normal", "borderline", "cause for concern")}  # fmt: skip
    assert bands == {"normal": 1, "borderline": 1, "cause for concern": 1}
    assert one(record, "sdq_band", "normal", "band").denominator == 3  # the scores received


def test_nothing_is_said_of_health_within_the_year(tmp_path):
    row = one(health_of(tmp_path, {"A": 8}, "A 10 - -"), "sdq_average", period="2019-20-Q3")
    assert row.note == "it is collected once a year, for the year to 31 March"


# ------------------------------------------------------------------ education, missing, leavers


def test_suspensions_only_of_children_looked_after_on_the_day(tmp_path):
    rows = "child date days\nA 01/05/2019 3\nA 10/06/2019 2\nA 01/10/2019 0.5\nB 01/10/2019 4"
    record = with_list(tmp_path, "suspensions", rows)
    assert one(record, "suspended_children").value == 1
    assert one(record, "suspended_days").value == 2.5


def test_education_plans_each_time_looked_at_and_blanks_in_neither_number(tmp_path):
    rows = "child date up_to_date\nA 31/07/2019 1\nA 31/12/2019 0\nA 31/03/2020 -"
    assert numbers(one(with_list(tmp_path, "education_plans", rows), "pep_up_to_date")) == (1, 2)


@pytest.mark.parametrize(
    ("begins", "ends", "counted"),
    [
        ("01/05/2019", "31/03/2020", False),  # ended on the day
        ("01/05/2019", "01/04/2020", True),
        ("31/03/2020", "-", True),
        ("01/04/2020", "-", False),
    ],
)
def test_what_is_open_on_the_last_day(tmp_path, begins, ends, counted):
    rows = f"child from to\nX 01/01/2015 01/01/2016\nA {begins} {ends}"
    assert one(with_list(tmp_path, "exploitation", rows), "exploitation_tracked").value == counted


def test_missing_is_out_of_those_looked_after_during_the_year(tmp_path):
    episodes = ONE + "\nB 01/06/2018 S C2 U6 10/04/2019 E4A\nC 01/05/2019 S V4 U6 - -"
    write_return(tmp_path, episodes)
    add_module(tmp_path, "missing", "CHILD MISSING MIS_START MIS_END\n"
               "A M 01/07/2019 02/07/2019\nA M 05/03/2020 -\nA A 01/08/2019 02/08/2019\n"
               "B M 30/03/2019 02/04/2019\nC M 01/07/2019 02/07/2019",
               DOB="15/06/2010")  # fmt: skip
    record = CareRecord.of(read(tmp_path))
    # B was missing when the year began; C is in short breaks only; away (code A) is not missing.
    assert numbers(one(record, "children_missing")) == (2, 2)
    assert one(record, "missing_incidents").value == 3
    assert one(record, "incidents_per_child").value == 1.5


def test_care_leavers(tmp_path):
    write_return(tmp_path, ONE)
    rows = [
        # 31 March 2020: A 17, B 19, C 21, D 22 (too old), E 16 (too young)
        "A 10/05/2002 YES F1 B1", "B 10/05/2000 NO 0 0", "C 10/05/1998 REFU 0 0",
        "D 10/05/1997 YES F1 B1", "E 10/05/2003 YES F1 B1",
        "F 10/05/2001 DIED 0 0", "G 10/05/2001 RHOM 0 0",  # left out
        "H 10/05/2001 YES G5 R1",  # residence not known: not in the count of accommodation
    ]  # fmt: skip
    add_module(tmp_path, "oc3", "CHILD DOB IN_TOUCH ACTIV ACCOM\n" + "\n".join(rows))
    record = CareRecord.of(read(tmp_path))
    assert numbers(one(record, "care_leavers_in_touch")) == (2, 4)
    assert numbers(one(record, "care_leavers_in_touch", "17 to 18", "age_group")) == (2, 2)
    assert numbers(one(record, "care_leavers_activity")) == (1, 4)
    assert numbers(one(record, "care_leavers_accommodation_suitable")) == (1, 3)


def test_a_referral_to_advocacy_is_no_involvement(tmp_path):
    rows = (
        "date reason route\n01/05/2019 Reviews Specific_issue\n02/05/2019 School Specific_issue"
        "\n03/05/2019 Court Care_proceedings\n04/05/2019 Reviews Referral_by_the_service"
    )
    record = with_list(tmp_path, "advocacy", rows)
    assert one(record, "advocacy").value == 3
    assert numbers(one(record, "advocacy", "Reviews", "reason")) == (1, 2)
    assert one(record, "advocacy_referrals").value == 1


# ------------------------------------------------------------------ every figure has an answer


PERIODS = ["2016-17", "2019-20", "2019-20-Q3", "2022-08-01:2023-01-31"]


@pytest.mark.parametrize("name", PERIODS)
def test_all_that_the_demonstration_can_say_is_said(demo, name):
    record = shared_record(demo)
    rows = figures_of_everything(record, name)
    missing = rows[rows["status"] == "not_available"]
    assert missing["note"].ne("").all()
    if name == "2019-20":
        ids = set(missing.loc[missing["breakdown"].ne("period"), "measure"])
        optional = {entry.id for entry in catalogue.measures().values() if entry.optional}
        later = {"social_workers_in_year", "three_or_more_social_workers", "deprived_of_liberty"}
        later |= {id for id in ids if id.startswith("care_leavers_22_to_25")}
        of_optional_columns = {"officers", "disputes"}
        small = {"reviews_on_time", "placement_median_duration", "first_placement_lasting"}
        small |= {"ethnicity_entry_ratio_without_uasc"}  # fewer than ten of one group came in
        assert ids - optional == small | later | of_optional_columns


@pytest.mark.parametrize("name", ["2017-18", "2019-20", "2021-22"])
def test_every_measure_has_a_figure_or_a_true_reason_on_the_sample(sample, name):
    rows = figures_of_everything(shared_record(sample), name)
    missing = rows[rows["status"] == "not_available"]
    assert missing["note"].ne("").all()
    by_measure = missing[missing["breakdown"].ne("period")].groupby("measure")["note"].first()
    lists = [m for m, note in by_measure.items() if "was not given" in note]
    assert {"officers", "disputes", "care_proceedings", "pep_up_to_date", "advocacy"} <= set(lists)
    assert (
        by_measure["adoption_a2_days"]
        in (
            "three years from 1 April 2015 are needed, and the returns begin on 1 April 2017",
            "three years from 1 April 2017 are needed, and the returns begin on 1 April 2017",
        )
        or "no AD1 file was given" in by_measure["adoption_a2_days"]
    )
    given = set(rows.loc[rows["status"] == "ok", "measure"])
    assert {"reviews_held", "dental_check", "care_leavers_activity", "ceased"} <= given


def figures_of_everything(record, name):
    from iro_analysis.indicators.evaluate import all_figures

    return all_figures(record, periods.single(name))
