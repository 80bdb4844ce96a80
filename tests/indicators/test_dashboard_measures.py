"""Measures that DfE's dashboard and other councils print: worked examples by hand."""

from __future__ import annotations

import pytest
from builders import add_list, add_module, read, record, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators.evaluate import figures

EPISODES = "CHILD DECOM RNE LS PLACE DEC REC\n"
HERE = EPISODES + "A 03/06/2019 S C2 U6 - -"


def one(record, measure, group="all", breakdown="all", period="2019-20"):
    rows = figures(record, periods.single(period), measure, breakdown)
    [row] = rows[rows["group"] == group].itertuples()
    return row


def counts(row):
    return (row.numerator, row.denominator) if row.status == "ok" else row.note


def with_list(tmp_path, name, rows, episodes=HERE):
    return CareRecord.of(read(add_list(write_return(tmp_path, episodes), name, rows)))


# ------------------------------------------------------------------ who starts, who seeks asylum


def with_population(tmp_path, episodes):
    write_return(tmp_path, episodes)
    rows = "reference_date breakdown group value source\n30/06/2019 all all 20000 ONS"
    return add_list(tmp_path, "population", rows)


def test_starts_per_10_000_are_of_the_year_and_of_the_population_of_mid_year(tmp_path):
    episodes = HERE + "\nB 01/04/2019 S V2 U6 02/05/2019 E4A\nB 01/02/2020 S V2 U6 - -"
    found = CareRecord.of(read(with_population(tmp_path, episodes)))
    row = one(found, "started_rate")
    assert counts(row) == (2, 20000)  # a child who starts twice in the year counts once
    assert row.value == 1.0


def test_no_rate_of_starts_is_given_for_a_part_of_a_year(tmp_path):
    found = CareRecord.of(read(with_population(tmp_path, HERE)))
    assert "whole year" in one(found, "started_rate", period="2019-20-H1").note


@pytest.mark.parametrize(
    ("ceased", "expected"),
    [("-", 1), ("31/03/2020", 0), ("01/04/2020", 1)],
)
def test_an_unaccompanied_child_counts_until_the_status_ends(tmp_path, ceased, expected):
    with_population(tmp_path, HERE + "\nB 01/05/2019 S V2 U6 - -")
    add_module(tmp_path, "uasc", f"CHILD DUC\nA {ceased}", SEX="1", DOB="15/06/2010")
    found = CareRecord.of(read(tmp_path))
    assert counts(one(found, "unaccompanied_share")) == (expected, 2)
    assert counts(one(found, "unaccompanied_rate")) == (expected, 20000)


@pytest.mark.parametrize(("ceased", "expected"), [("-", 1), ("03/06/2019", 0), ("04/06/2019", 1)])
def test_starters_are_unaccompanied_by_their_status_on_the_first_day(tmp_path, ceased, expected):
    write_return(tmp_path, HERE)
    add_module(tmp_path, "uasc", f"CHILD DUC\nA {ceased}", SEX="1", DOB="15/06/2010")
    found = CareRecord.of(read(tmp_path))
    assert one(found, "started", "UASC", "uasc").value == expected


# ------------------------------------------------------------------ how children left


@pytest.mark.parametrize(
    ("reason", "guardianship", "arrangements"),
    [("E45", 1, 0), ("E48", 1, 0), ("E41", 0, 1), ("E4A", 0, 0), ("E13", 0, 0)],
)
def test_shares_of_leavers(tmp_path, reason, guardianship, arrangements):
    leaves = f"A 03/06/2019 S C2 U6 01/09/2019 {reason}\nB 03/06/2019 S C2 U6 01/10/2019 E12"
    found = record(tmp_path, EPISODES + leaves)
    assert counts(one(found, "special_guardianship_share")) == (guardianship, 2)
    assert counts(one(found, "child_arrangements_share")) == (arrangements, 2)


# ------------------------------------------------------------------ placements


def placements(number):
    """A child with so many placements from 3 June 2019, one begun each 20 days."""
    from datetime import date, timedelta

    first = date(2019, 6, 3)
    days = [(first + timedelta(days=20 * place)).strftime("%d/%m/%Y") for place in range(number)]
    ends = [*days[1:], "-"]
    rows = [
        f"A {begins} {'S' if place == 0 else 'P'} C2 U6 {ends_on} "
        + ("X1 CARPL -" if ends_on != "-" else "- - -")
        for place, (begins, ends_on) in enumerate(zip(days, ends, strict=True))
    ]
    return "CHILD DECOM RNE LS PLACE DEC REC REASON_PLACE_CHANGE PL_POST\n" + "\n".join(rows)


@pytest.mark.parametrize(("number", "five", "ten"), [(4, 0, 0), (5, 1, 0), (9, 1, 0), (10, 1, 1)])
def test_five_and_ten_placements_or_more(tmp_path, number, five, ten):
    found = record(tmp_path, placements(number))
    assert counts(one(found, "five_or_more_placements")) == (five, 1)
    assert counts(one(found, "ten_or_more_placements")) == (ten, 1)


@pytest.mark.parametrize(
    ("miles", "period", "expected"),
    [
        ("20.1", "2019-20", (1, 1)),
        ("20", "2019-20", (0, 1)),  # twenty miles are not more than twenty
        ("-", "2019-20", (0, 1)),  # not known: stays in the denominator
        ("20.1", "2019-20-H2", "there is nobody to count"),  # began before the half year
    ],
)
def test_a_new_placement_far_from_home(tmp_path, miles, period, expected):
    rows = f"postcode inside_authority miles\nZZ2_2BB 0 {miles}\nZZ9_9ZZ 1 1"
    found = with_list(tmp_path, "placements", rows)
    assert counts(one(found, "new_placement_over_20_miles", period=period)) == expected


def test_one_far_placement_of_two_is_enough_whichever_came_first(tmp_path):
    rows = "postcode inside_authority miles\nZZ1_1AA 1 3\nZZ9_9ZZ 0 40"
    episodes = (
        "CHILD DECOM RNE PLACE DEC REC REASON_PLACE_CHANGE PL_POST\n"
        "A 03/06/2019 S U6 01/09/2019 X1 LAREQ ZZ99ZZ\nA 01/09/2019 P K2 - - - ZZ11AA\n"
        "B 03/06/2019 S U6 01/09/2019 X1 LAREQ ZZ11AA\nB 01/09/2019 P K2 - - - ZZ99ZZ\n"
        "C 03/06/2019 S U6 - - - ZZ11AA"
    )
    found = with_list(tmp_path, "placements", rows, episodes)
    assert counts(one(found, "new_placement_over_20_miles")) == (2, 3)


# ------------------------------------------------------------------ modules of later years


LATER = EPISODES + "A 03/06/2023 S C2 U6 - -\nB 03/06/2023 S C2 U6 - -"
BORN = {"DOB": "15/06/2010"}


@pytest.mark.parametrize(
    ("spells", "group"),
    [
        ("S1 03/06/2023 -", "1"),
        ("S1 01/01/2023 01/04/2023\nA S2 01/04/2023 -", "2"),  # one who ended on 1 April counts
        ("S1 01/01/2023 31/03/2023\nA S2 31/03/2023 -", "1"),
        ("S1 31/03/2024 -", "1"),  # from the last day of the year
        ("S1 01/04/2023 01/06/2023\nA S2 01/06/2023 01/09/2023\nA S1 01/09/2023 -", "2"),
        ("S1 01/04/2023 01/06/2023\nA S2 01/06/2023 01/09/2023\nA S3 01/09/2023 -", "3 or more"),
    ],
)
def test_social_workers_in_the_year(tmp_path, spells, group):
    write_return(tmp_path, LATER, "2023-24", [{"CHILD": c, "SEX": "2"} for c in "AB"])
    rows = f"CHILD SW_ID SW_DECOM SW_DEC\nA {spells}"
    add_module(tmp_path, "workers", rows, "2023-24", SW_REASON="MANAGE", **BORN)
    found = CareRecord.of(read(tmp_path))
    row = one(found, "social_workers_in_year", group, "social_workers", "2023-24")
    assert counts(row) == (1, 1)  # B has no social worker recorded
    many = one(found, "three_or_more_social_workers", period="2023-24")
    assert counts(many) == (int(group == "3 or more"), 1)


def test_a_module_that_the_years_return_did_not_have_is_said(tmp_path):
    write_return(tmp_path, HERE)
    add_module(tmp_path, "oc3", "CHILD IN_TOUCH ACTIV ACCOM\nOLD YES F2 B1", DOB="15/06/1996")
    found = CareRecord.of(read(tmp_path))
    assert "from 2023-24 on" in one(found, "three_or_more_social_workers").note
    assert "from 2026-27 on" in one(found, "deprived_of_liberty").note
    assert "from 2022-23 on" in one(found, "care_leavers_22_to_25_in_touch").note


@pytest.mark.parametrize(
    ("order", "expected"),
    [("01/05/2026 30/06/2026", 1), ("01/05/2026 -", 1), ("30/06/2026 -", 1), ("01/07/2026 -", 0),
     ("01/03/2026 01/04/2026", 1), ("01/03/2026 31/03/2026", 0)],
)  # fmt: skip
def test_children_deprived_of_liberty_on_a_day_of_the_period(tmp_path, order, expected):
    episodes = EPISODES + "A 03/02/2026 S C2 K2 - -"
    write_return(tmp_path, episodes, "2026-27", [{"CHILD": "A", "SEX": "F"}])
    rows = f"CHILD DOLO_START DOLO_END\nA {order}\nA {order}"
    add_module(tmp_path, "dolo", rows, "2026-27", **BORN)
    found = CareRecord.of(read(tmp_path))
    assert one(found, "deprived_of_liberty", period="2026-27-Q1").value == expected


@pytest.mark.parametrize(
    ("born", "touch", "expected"),
    [
        ("31/03/2002", "YES", (1, 1)),  # 22 on 31 March 2024
        ("01/04/1998", "NO", (0, 1)),  # 25
        ("31/03/1998", "YES", "there is nobody to count"),  # 26
        ("15/06/2002", "YES", "there is nobody to count"),  # 21: among the younger
        ("15/06/2000", "DIED", "there is nobody to count"),
    ],
)
def test_care_leavers_of_22_to_25(tmp_path, born, touch, expected):
    write_return(tmp_path, LATER, "2023-24", [{"CHILD": c, "SEX": "2"} for c in "AB"])
    rows = f"CHILD IN_TOUCH ACTIV ACCOM\nOLD {touch} F2 B1"
    add_module(tmp_path, "oc3", rows, "2023-24", DOB=born)
    found = CareRecord.of(read(tmp_path))
    for part in ("in_touch", "activity", "accommodation_suitable"):
        row = one(found, f"care_leavers_22_to_25_{part}", period="2023-24")
        assert counts(row) == (expected if part == "in_touch" or touch != "NO" else (1, 1))


# ------------------------------------------------------------------ missing


@pytest.mark.parametrize(
    ("incidents", "group"), [(1, "1"), (2, "2 to 4"), (4, "2 to 4"), (5, "5 or more")]
)
def test_children_missing_by_how_often(tmp_path, incidents, group):
    write_return(tmp_path, HERE)
    days = "\n".join(f"A M {day:02d}/07/2019 {day:02d}/07/2019" for day in range(1, incidents + 1))
    away = "\nA A 01/08/2019 02/08/2019"  # away, whereabouts known: no incident of being missing
    rows = f"CHILD MISSING MIS_START MIS_END\n{days}{away}"
    add_module(tmp_path, "missing", rows, DOB="15/06/2010")
    found = CareRecord.of(read(tmp_path))
    row = one(found, "children_missing_by_incidents", group, "number_of_incidents")
    assert counts(row) == (1, 1)


# ------------------------------------------------------------------ optional lists and columns


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("A 01/07/2019 1 Video\nA 01/12/2019 0 Video", (1, 2)),
        ("A 01/07/2019 - Video\nA 01/12/2019 1 Video", (1, 1)),  # not said: in neither number
        ("A 31/03/2019 1 Video\nA 01/12/2019 1 Video", (1, 1)),
    ],
)
def test_seen_before_the_review(tmp_path, rows, expected):
    found = with_list(tmp_path, "review_meetings", f"child date seen_before meeting\n{rows}")
    assert counts(one(found, "seen_before_review")) == expected


def test_reviews_by_way_of_meeting(tmp_path):
    rows = "child date seen_before meeting\nA 01/07/2019 1 Video\nA 01/12/2019 0 -"
    found = with_list(tmp_path, "review_meetings", rows)
    assert counts(one(found, "review_meetings", "Video", "meeting")) == (1, 2)
    assert counts(one(found, "review_meetings", "Not known", "meeting")) == (1, 2)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ("15/08/2019", (1, 2)),
        ("27/06/2019", (0, 2)),  # on the day of the first review: not between
        ("20/09/2019", (0, 2)),  # on the day of the second
        ("15/08/2019\nA 16/08/2019", (1, 2)),  # two between the same two reviews meet one
        ("15/08/2019\nA 15/10/2019", (2, 2)),
    ],
)
def test_midway_reviews_of_those_due(tmp_path, held, expected):
    write_return(tmp_path, HERE)
    days = "CHILD REVIEW\nA 27/06/2019\nA 20/09/2019\nA 20/01/2020"
    add_module(tmp_path, "reviews", days, DOB="15/06/2010", REVIEW_CODE="PN1")
    add_list(tmp_path, "midway_reviews", f"child date\nA {held}")
    found = CareRecord.of(read(tmp_path))
    assert counts(one(found, "midway_reviews_of_due")) == expected


def test_conferences_held_and_in_time(tmp_path):
    rows = "held due\n03/06/2019 03/06/2019\n04/06/2019 03/06/2019\n05/06/2019 -"
    found = with_list(tmp_path, "conferences", rows)
    assert one(found, "child_protection_conferences").value == 3
    assert counts(one(found, "child_protection_conferences_in_time")) == (1, 2)


def test_informal_challenges_and_disputes_each_have_their_outcomes(tmp_path):
    write_return(tmp_path, HERE)
    add_list(tmp_path, "informal_challenges", "raised theme outcome\n03/06/2019 Health Settled")
    add_list(
        tmp_path,
        "disputes",
        "raised stage theme resolved outcome\n03/06/2019 Manager Health - Plan_changed",
    )
    found = CareRecord.of(read(tmp_path))
    assert one(found, "informal_challenges", "Settled", "outcome").value == 1
    assert one(found, "disputes", "Plan changed", "outcome").value == 1


def test_an_optional_column_that_is_not_there_leaves_the_rest_of_the_list(tmp_path):
    staff = "officer role full_time_equivalent started left\nR1 Officer 1.0 01/01/2015 -"
    found = with_list(tmp_path, "officers", staff)
    assert one(found, "officers").value == 1
    row = one(found, "officers", "all", "contract")
    assert row.note == "the column contract of local/officers.csv was not given"


def test_officers_permanent_or_agency(tmp_path):
    staff = (
        "officer role full_time_equivalent started left contract\n"
        "R1 Officer 1.0 01/01/2015 - Permanent\nR2 Officer 1.0 01/01/2015 - Agency\n"
        "R3 Officer 1.0 01/01/2015 31/12/2019 Agency"
    )
    found = with_list(tmp_path, "officers", staff)
    assert counts(one(found, "officers", "Agency", "contract")) == (1, 2)


def test_answers_of_children_are_counted_by_question(tmp_path):
    rows = (
        "date question answer\n03/06/2019 I_feel_heard Yes\n04/06/2019 I_feel_heard Yes\n"
        "04/06/2019 I_feel_heard No\n05/06/2019 I_know_my_plan Yes\n05/06/2019 I_know_my_plan -"
    )
    found = with_list(tmp_path, "children_said", rows)
    assert one(found, "children_said").value == 5
    assert one(found, "children_said", "I feel heard: Yes", "answer").value == 2
    assert one(found, "children_said", "Not known", "answer").value == 1


@pytest.mark.parametrize(
    ("row", "expected"),
    [("11/11/2019 11/11/2019", (1, 1)), ("11/11/2019 12/11/2019", (0, 1)),
     ("11/11/2019 -", (0, 1)), ("11/11/2020 01/11/2019", "there is nobody to count")],
)  # fmt: skip
def test_annual_reviews_of_foster_carers(tmp_path, row, expected):
    found = with_list(tmp_path, "foster_carer_reviews", f"due held\n01/03/2019 -\n{row}")
    assert counts(one(found, "foster_carer_reviews")) == expected


def test_an_optional_list_that_is_not_given_is_not_spoken_of_on_the_page(demo):
    from builders import shared_study

    study = shared_study(demo, periods.single("2019-20"), "committee")
    for section in ("Reviews", "Oversight"):
        words = study.gaps(section).html
        for file in ("review_meetings", "conferences", "children_said", "contract", "outcome"):
            assert file not in words
