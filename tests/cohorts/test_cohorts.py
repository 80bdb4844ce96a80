"""Who is counted: each rule with its edges, as small returns a domain expert can read."""

from datetime import date

import pytest
from builders import record

from iro_analysis import periods
from iro_analysis.cohorts.siblings import families
from iro_analysis.indicators.evaluate import figures

YEAR = periods.single("2019-20")
DAY = date(2020, 3, 31)


def on(day):
    return date.fromisoformat(day)


@pytest.mark.parametrize(
    ("start", "end", "status", "born", "counted"),
    [
        pytest.param("01/05/2019", "-", "C2", "15/06/2010", True, id="open"),
        pytest.param("31/03/2020", "-", "C2", "15/06/2010", True, id="starts on the day"),
        pytest.param("01/04/2020", "-", "C2", "15/06/2010", False, id="starts the day after"),
        pytest.param("01/05/2019", "31/03/2020", "C2", "15/06/2010", False, id="ends on the day"),
        pytest.param("01/05/2019", "01/04/2020", "C2", "15/06/2010", True, id="ends the day after"),
        pytest.param("01/05/2019", "30/03/2020", "C2", "15/06/2010", False, id="ended before"),
        pytest.param("01/05/2019", "-", "V3", "15/06/2010", False, id="short breaks V3"),
        pytest.param("01/05/2019", "-", "V4", "15/06/2010", False, id="short breaks V4"),
        pytest.param("01/05/2019", "-", "D1", "15/06/2010", True, id="an obsolete status counts"),
        pytest.param("01/05/2019", "-", "C2", "31/03/2002", False, id="18 on the day"),
        pytest.param("01/05/2019", "-", "C2", "01/04/2002", True, id="18 the day after"),
        pytest.param("01/05/2019", "-", "C2", "31/03/2020", True, id="born on the day"),
        pytest.param("01/05/2019", "-", "C2", "01/04/2020", False, id="not born yet"),
        pytest.param("01/05/2019", "-", "C2", "-", True, id="date of birth not known"),
        pytest.param("31/03/2020", "31/03/2020", "C2", "15/06/2010", False, id="less than a day"),
    ],
)
def test_looked_after_on_a_day(tmp_path, start, end, status, born, counted):
    born = "" if born == "-" else born
    made = record(
        tmp_path,
        f"CHILD DECOM DEC LS REC\nSYN1 {start} {end} {status} {'-' if end == '-' else 'E4A'}",
        children=[{"CHILD": "SYN1", "DOB": born}],
    )
    assert len(made.looked_after_on(DAY)) == counted


@pytest.mark.parametrize(
    ("born", "day", "band"),
    [
        ("31/03/2019", "2020-03-30", "Under 1"),
        ("31/03/2019", "2020-03-31", "1 to 4"),
        ("01/04/2015", "2020-03-31", "1 to 4"),
        ("31/03/2015", "2020-03-31", "5 to 9"),
        ("31/03/2010", "2020-03-31", "10 to 15"),
        ("29/02/2004", "2020-02-28", "10 to 15"),
        ("29/02/2004", "2020-02-29", "16 and over"),
        ("", "2020-03-31", "Not known"),
    ],
)
def test_age_is_in_completed_years(tmp_path, born, day, band):
    made = record(
        tmp_path, "CHILD DECOM\nSYN1 31/03/2019", "2018-19",
        children=[{"CHILD": "SYN1", "DOB": born}],
    )  # fmt: skip
    [child] = made.looked_after_on(on(day)).itertuples()
    assert child.age_band == band


def test_of_two_open_episodes_the_later_start_decides(tmp_path):
    made = record(
        tmp_path,
        """
        CHILD DECOM      RNE LS PLACE
        SYN1  01/05/2019 S   C2 U6
        SYN1  01/06/2019 P   V2 K2
        """,
    )
    [child] = made.looked_after_on(DAY).itertuples()
    assert (child.legal_status_group, child.place) == ("Section 20", "K2")
    assert "overlapping_episodes" in set(made.authority.account.findings["check"])


def test_a_child_without_a_header_row_counts(tmp_path):
    made = record(tmp_path, "CHILD DECOM\nSYN1 01/05/2019", children=[])
    [child] = made.looked_after_on(DAY).itertuples()
    assert (child.sex, child.ethnicity, child.age_band) == ("Not known",) * 3
    assert "no_header_row" in set(made.authority.account.findings["check"])


# Periods of care: what started and what ceased in 2019-20.
STORIES = [
    pytest.param("SYN1 01/05/2019 S -          -", 1, 0, id="starts, still there"),
    pytest.param("SYN1 01/04/2019 S 31/03/2020 E4A", 1, 1, id="both ends of the year are inside"),
    pytest.param("SYN1 31/03/2019 S 01/04/2020 E4A", 0, 0, id="the day before, the day after"),
    pytest.param(
        "SYN1 01/05/2019 S 01/06/2019 E4A\nSYN1 01/09/2019 S 01/12/2019 E4B", 1, 1,
        id="twice in the year counts once",
    ),
    pytest.param(
        "SYN1 01/05/2019 S 01/06/2019 X1\nSYN1 01/06/2019 P 01/12/2019 E4A", 1, 1,
        id="a move is no new start",
    ),
    pytest.param(
        "SYN1 01/05/2019 S 01/06/2019 E4A\nSYN1 02/06/2019 S -          -", 1, 0,
        id="back the next day: has not ceased",
    ),
    pytest.param(
        "SYN1 01/05/2018 S 01/06/2019 E4A\nSYN1 03/06/2019 S -          -", 1, 1,
        id="back two days later: ceased and started",
    ),
    pytest.param(
        "SYN1 01/05/2018 S 01/08/2019 X1\nSYN1 01/07/2019 P -          -", 1, 0,
        id="overlapping: a second chain, and none has ceased",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("episodes", "started", "ceased"), STORIES)
def test_started_and_ceased(tmp_path, episodes, started, ceased):
    made = record(tmp_path, f"CHILD DECOM RNE DEC REC\n{episodes}")
    assert (len(made.started(YEAR)), len(made.ceased(YEAR))) == (started, ceased)


def test_the_last_ceasing_gives_the_reason_and_the_first_start_the_age(tmp_path):
    made = record(
        tmp_path,
        """
        CHILD DECOM      RNE DEC        REC
        SYN1  01/05/2019 S   01/06/2019 E4A
        SYN1  01/07/2019 S   01/12/2019 E9
        """,
        children=[{"CHILD": "SYN1", "DOB": "15/05/2009"}],
    )
    [left] = made.ceased(YEAR).itertuples()
    [came] = made.started(YEAR).itertuples()
    assert left.reason == "Custody"
    assert came.age == 9


def test_a_short_break_between_ends_the_period_of_care(tmp_path):
    made = record(
        tmp_path,
        """
        CHILD DECOM      RNE LS DEC        REC
        SYN1  01/05/2019 S   V2 01/06/2019 X1
        SYN1  01/06/2019 L   V3 10/06/2019 X1
        SYN1  10/06/2019 L   V2 -          -
        """,
    )
    assert len(made.periods_of_care) == 2
    [left] = made.ceased(YEAR).itertuples()
    assert left.reason == "Not known"


def test_splitting_an_episode_in_two_changes_no_count(tmp_path):
    whole = record(tmp_path / "a", "CHILD DECOM RNE DEC REC\nSYN1 01/05/2019 S 01/02/2020 E4A")
    split = record(
        tmp_path / "b",
        """
        CHILD DECOM      RNE DEC        REC
        SYN1  01/05/2019 S   01/09/2019 X1
        SYN1  01/09/2019 L   01/02/2020 E4A
        """,
    )
    for made in (whole, split):
        assert (len(made.started(YEAR)), len(made.ceased(YEAR)), len(made.placements)) == (1, 1, 1)


PLACEMENTS = [
    pytest.param("SYN1 01/05/2019 S U6 A - -", 1, id="one episode"),
    pytest.param("SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 P U6 B - -", 2,
                 id="P: a change of carer"),
    pytest.param("SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 B K2 B - -", 2,
                 id="B: carer and legal status"),
    pytest.param("SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 L U6 A - -", 1,
                 id="L: legal status only"),
    pytest.param("SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 T U4 B - -", 1,
                 id="T: same carer, other placement"),
    pytest.param("SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 U U4 B - -", 1,
                 id="U: same carer, other placement and status"),
    pytest.param(
        "SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 P T1 H 08/06/2019 -\n"
        "SYN1 08/06/2019 P U6 A - -", 1, id="to hospital and back"),
    pytest.param(
        "SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 P T1 H 08/06/2019 -\n"
        "SYN1 08/06/2019 P T3 J 15/06/2019 -\nSYN1 15/06/2019 P U6 A - -", 1,
        id="two absences in a row and back"),
    pytest.param(
        "SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 P T1 H 08/06/2019 -\n"
        "SYN1 08/06/2019 P K2 C - -", 2, id="from hospital to another placement"),
    pytest.param("SYN1 01/05/2019 S U5 A 01/06/2019 -\nSYN1 01/06/2019 P A5 A - -", 1,
                 id="adopted by the foster carer"),
    pytest.param("SYN1 01/05/2019 S U5 A 01/06/2019 -\nSYN1 01/06/2019 P A6 B - -", 2,
                 id="placed for adoption elsewhere"),
    pytest.param("SYN1 01/05/2019 S U6 A 01/06/2019 PLACE\nSYN1 01/06/2019 P U4 A - -", 1,
                 id="PLACE: status of the placement only"),
    pytest.param(
        "SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 P U6 B 01/07/2019 -\n"
        "SYN1 01/07/2019 P U6 A - -", 3, id="back to an earlier carer counts again"),
    pytest.param("SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 - U6 A - -", 1,
                 id="no reason given, nothing changed"),
    pytest.param("SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/06/2019 - K2 B - -", 2,
                 id="no reason given, placement changed"),
    pytest.param("SYN1 01/05/2019 S U6 A 01/06/2019 -\nSYN1 01/09/2019 S U6 A - -", 2,
                 id="left and came back to the same carer"),
]  # fmt: skip


@pytest.mark.parametrize(("episodes", "placements"), PLACEMENTS)
def test_a_placement_is_a_run_of_episodes_with_one_carer(tmp_path, episodes, placements):
    made = record(
        tmp_path, f"CHILD DECOM RNE PLACE PL_POST DEC REASON_PLACE_CHANGE\n{episodes}"
    )  # fmt: skip
    assert len(made.placements) == placements


@pytest.mark.parametrize(
    ("start", "end", "touches"),
    [
        pytest.param("01/01/2019", "-", True, id="open all year"),
        pytest.param("01/01/2019", "01/04/2019", False, id="ended on the year's first day"),
        pytest.param("01/01/2019", "02/04/2019", True, id="ended the day after"),
        pytest.param("31/03/2020", "-", True, id="began on the last day"),
        pytest.param("01/06/2019", "01/06/2019", False, id="shorter than 24 hours"),
        pytest.param("01/06/2019", "02/06/2019", True, id="24 hours"),
    ],
)
def test_placements_touched_by_the_year(tmp_path, start, end, touches):
    made = record(tmp_path, f"CHILD DECOM DEC\nSYN1 {start} {end}")
    assert len(made.placements_touching(YEAR)) == touches


def test_a_child_in_hospital_is_shown_in_the_placement_it_is_absent_from(tmp_path):
    made = record(
        tmp_path,
        """
        CHILD DECOM      RNE PLACE PLACE_PROVIDER DEC
        SYN1  01/05/2019 S   U6    PR4            20/03/2020
        SYN1  20/03/2020 P   T1    -              -
        """,
    )
    [child] = made.looked_after_on(DAY).itertuples()
    assert (child.settled_place, child.settled_provider) == ("U6", "PR4")


@pytest.mark.parametrize(
    ("last", "numerator"),
    [
        pytest.param("T A4 01/09/2019", 1, id="placed for adoption with the same carer still"),
        pytest.param("T U4 01/09/2019", 0, id="fostered by the same carer now"),
        pytest.param("P T0 01/09/2019", 1, id="in hospital, placed for adoption still"),
    ],
)
def test_only_a_child_placed_for_adoption_has_the_placement_before_added(tmp_path, last, numerator):
    """NI 63: "are placed for adoption and their adoptive placement together with ..."."""
    reason, place, start = last.split()
    found = record(
        tmp_path,
        f"""
        CHILD DECOM      RNE      PLACE   DEC        REC REASON_PLACE_CHANGE
        SYN1  01/05/2014 S        U6      01/06/2018 X1  CARPL
        SYN1  01/06/2018 P        A4      {start}    X1  -
        SYN1  {start}    {reason} {place} -          -   -
        """,
    )
    [row] = figures(found, periods.single("2019-20"), "long_term_stability", "all").itertuples()
    assert (row.numerator, row.denominator) == (numerator, 1)


def test_the_order_of_the_rows_in_the_file_changes_nothing(tmp_path):
    """Two care histories of one child that overlap: each has one placement and one status later."""
    rows = [
        "SYN1 01/05/2019 S C2 N1 U6 A 01/08/2019 X1",
        "SYN1 01/06/2019 P C2 N2 K2 B 01/09/2019 X1",
        "SYN1 01/08/2019 L V2 N3 U6 A 01/12/2019 E4A",
        "SYN1 01/09/2019 L V2 N4 K2 B -          -",
    ]
    found = []
    for order in (rows, rows[::-1], [rows[2], rows[0], rows[3], rows[1]]):
        table = "\n".join(["CHILD DECOM RNE LS CIN PLACE PL_POST DEC REC", *order])
        made = record(tmp_path / str(len(found)), table)
        found.append((made.placements, made.periods_of_care, made.looked_after_on(DAY)))
    for placements, periods_of_care, children in found:
        assert list(placements["place"]) == ["U6", "K2"]
        assert list(placements["start"].dt.strftime("%d/%m/%Y")) == ["01/05/2019", "01/06/2019"]
        assert list(placements["ended"]) == [True, False]
        assert list(placements["number"]) == [1, 1]
        assert list(periods_of_care["need"]) == ["N1", "N2"]
        assert list(periods_of_care["start_seen"]) == [True, False]
        assert list(periods_of_care["reason_ceased"].fillna("")) == ["E4A", ""]
        assert list(children["place"]) == ["K2"]


def test_a_period_of_care_has_the_need_of_its_start_and_the_reason_of_its_last_end(tmp_path):
    made = record(
        tmp_path,
        """
        CHILD DECOM      RNE CIN DEC        REC
        SYN1  01/05/2019 S   N1  01/07/2019 X1
        SYN1  01/07/2019 L   N5  01/12/2019 E9
        """,
    )
    [care] = made.periods_of_care.itertuples()
    assert (care.need, care.reason_ceased, care.ended) == ("N1", "E9", True)
    assert (care.start.date(), care.stops.date()) == (on("2019-05-01"), on("2019-12-01"))


def test_a_placement_has_the_first_place_after_an_absence_and_the_last_reason(tmp_path):
    made = record(
        tmp_path,
        """
        CHILD DECOM      RNE PLACE PLACE_PROVIDER DEC        REC REASON_PLACE_CHANGE
        SYN1  01/05/2019 S   T1    -              11/05/2019 X1  -
        SYN1  11/05/2019 L   T1    -              21/05/2019 X1  -
        SYN1  21/05/2019 T   U4    PR4            01/06/2019 X1  -
        SYN1  01/06/2019 T   U6    PR1            10/06/2019 X1  CARPL
        SYN1  10/06/2019 P   K2    PR5            -          -   -
        """,
    )
    first, second = made.placements.itertuples()
    assert (first.place, first.provider, first.reason_place_change) == ("U4", "PR4", "CARPL")
    assert (first.days, first.number, second.number) == (40, 1, 2)  # 1 May to 10 June
    assert second.place == "K2"


@pytest.mark.parametrize(
    ("second", "together"),
    [
        pytest.param("01/05/2019 ab11cd", True, id="same day and home, written another way"),
        pytest.param("01/05/2019 AB12CD", False, id="another home"),
        pytest.param("02/05/2019 AB11CD", False, id="another day"),
        pytest.param("01/05/2019 -", False, id="home not known"),
    ],
)
def test_who_came_on_one_day_from_one_home_is_one_family(tmp_path, second, together):
    made = record(
        tmp_path,
        f"""
        CHILD DECOM      HOME_POST DEC        REC
        SYN1  01/05/2019 AB11CD    01/06/2019 E4A
        SYN1  01/08/2019 ZZ11ZZ    -          -
        SYN2  {second}             -          -
        SYN3  01/05/2019 -         -          -
        """,
    )
    family = families(made)
    assert (family["SYN1"] == family["SYN2"]) == together
    assert family["SYN3"] == "SYN3"


def test_a_mother_and_the_one_child_of_the_birth_date_she_gives_are_one_family(tmp_path):
    children = [
        {"CHILD": "SYN1", "SEX": "2", "DOB": "01/02/2003", "MOTHER": "1", "MC_DOB": "10/05/2019"},
        {"CHILD": "SYN2", "SEX": "2", "DOB": "01/02/2004", "MOTHER": "1", "MC_DOB": "11/05/2019"},
        {"CHILD": "SYN3", "DOB": "10/05/2019"},
        {"CHILD": "SYN4", "DOB": "11/05/2019"},
        {"CHILD": "SYN5", "DOB": "11/05/2019"},  # two of this day: it cannot be told which
    ]
    days = ["01/06/2018", "02/06/2018", "01/06/2019", "02/06/2019", "03/06/2019"]
    rows = "\n".join(f"SYN{n} {day}" for n, day in enumerate(days, start=1))
    family = families(record(tmp_path, f"CHILD DECOM\n{rows}", children=children))
    assert family["SYN3"] == family["SYN1"] == "SYN1"
    assert [family[f"SYN{n}"] for n in (2, 4, 5)] == ["SYN2", "SYN4", "SYN5"]


@pytest.mark.parametrize(
    ("start", "end", "born", "counted"),
    [
        pytest.param("31/03/2020", "-", "15/06/2010", True, id="came on the last day"),
        pytest.param("01/04/2020", "-", "15/06/2010", False, id="came after it"),
        pytest.param("01/05/2018", "01/04/2019", "15/06/2010", True, id="left on the first day"),
        pytest.param("01/05/2018", "31/03/2019", "15/06/2010", False, id="left before it"),
        pytest.param("01/05/2018", "02/04/2019", "15/06/2010", True, id="left the day after"),
        pytest.param("01/05/2018", "01/04/2019", "01/04/2001", True, id="left on turning 18"),
        pytest.param("01/05/2018", "-", "01/04/2001", False, id="18 when the year began"),
        pytest.param("01/05/2018", "-", "02/04/2001", True, id="18 the day after"),
    ],
)
def test_looked_after_at_any_time_in_a_year(tmp_path, start, end, born, counted):
    made = record(
        tmp_path,
        f"CHILD DECOM DEC REC\nSYN1 {start} {end} {'-' if end == '-' else 'E4A'}",
        children=[{"CHILD": "SYN1", "DOB": born}],
    )
    assert len(made.looked_after_during(YEAR)) == counted


@pytest.mark.parametrize(
    ("episodes", "counted"),
    [
        pytest.param("01/04/2019 S C2 -          -", True, id="came on the first of 12 months"),
        pytest.param("02/04/2019 S C2 -          -", False, id="came the day after"),
        pytest.param("01/04/2018 S C2 01/10/2019 X1\nSYN1 01/10/2019 L V2 - -", True,
                     id="another status within"),
        pytest.param("01/04/2018 S C2 01/10/2019 E4A\nSYN1 01/10/2019 L C2 - -", False,
                     id="an end of care within"),
        pytest.param("01/04/2018 S C2 01/10/2019 X1\nSYN1 01/10/2019 S C2 - -", False,
                     id="a start of care within"),
        pytest.param("01/04/2018 S C2 31/03/2019 E4A\nSYN1 31/03/2019 L C2 - -", True,
                     id="an end of care the day before the 12 months"),
        pytest.param("01/04/2018 S C2 01/04/2019 E4A\nSYN1 01/04/2019 L C2 - -", False,
                     id="an end of care on their first day"),
        pytest.param("01/04/2018 S C2 31/03/2020 E4A\nSYN1 31/03/2020 L C2 - -", True,
                     id="an end of care on the day itself, and care goes on"),
    ],
)  # fmt: skip
def test_looked_after_for_twelve_months_without_a_break(tmp_path, episodes, counted):
    made = record(tmp_path, f"CHILD DECOM RNE LS DEC REC\nSYN1 {episodes}")
    assert len(made.continuously_looked_after(DAY)) == counted


def test_a_period_of_care_runs_while_one_of_its_episodes_runs(tmp_path):
    made = record(
        tmp_path,
        """
        CHILD DECOM      RNE DEC        REC
        SYN1  01/05/2018 S   01/08/2018 X1
        SYN1  01/08/2018 L   -          -
        SYN2  01/05/2018 S   01/08/2018 X1
        SYN2  01/08/2018 L   01/06/2019 E4A
        """,
    )
    goes_on, ended = made.periods_of_care.itertuples()
    assert (str(goes_on.stops), goes_on.ended) == ("NaT", False)
    assert (ended.stops.date(), ended.ended, ended.start_seen) == (on("2019-06-01"), True, True)
    assert list(made.placements["days"].isna()) == [True, False]
    assert len(made.looked_after_during(periods.single("2019-20"))) == 2
    assert len(made.looked_after_during(periods.single("2020-21"))) == 1


def test_a_period_of_care_begins_a_placement_whatever_the_reason_given(tmp_path):
    made = record(
        tmp_path,
        """
        CHILD DECOM      RNE DEC        REC
        SYN1  01/05/2019 S   -          -
        SYN2  01/05/2018 L   01/06/2019 X1
        SYN2  01/06/2019 S   -          -
        """,
    )
    assert list(made.placements["child"]) == ["SYN1", "SYN2", "SYN2"]
    assert list(made.periods_of_care["start_seen"]) == [True, False]


def test_the_reason_is_that_of_the_episode_that_ended_last_not_of_the_one_that_began_last(tmp_path):
    made = record(
        tmp_path,
        """
        CHILD DECOM      RNE DEC        REC
        SYN1  01/05/2019 S   01/06/2019 X1
        SYN1  01/05/2019 S   01/12/2019 E9
        SYN1  01/06/2019 L   01/09/2019 E4A
        """,
    )
    [care] = made.periods_of_care.itertuples()
    assert (care.reason_ceased, care.stops.date()) == ("E9", on("2019-12-01"))
