"""Placements: which days and which runs count, and from how many children a curve is drawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders import read, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import placements
from iro_analysis.indicators.evaluate import figures

YEAR = periods.single("2019-20")
EPISODES = "CHILD DECOM RNE LS PLACE DEC REC\n"
STAYS = "A 01/06/2015 S C2 U6 - -\n"  # looked after all the time, in one placement
LEFT_IN_2019 = "Z 01/06/2019 S C2 U6 02/06/2019 E4A"


def returns(tmp_path, **episodes: str | list[str]) -> CareRecord:
    """A record of several returns: a year written as ``y2019`` and its rows."""
    for name, rows in episodes.items():
        first = int(name[1:])
        text = rows if isinstance(rows, str) else "\n".join(rows)
        write_return(tmp_path, EPISODES + text, f"{first}-{(first + 1) % 100}")
    return CareRecord.of(read(tmp_path))


def found(record, measure, breakdown="all", period=YEAR):
    return figures(record, period, measure, breakdown).set_index("group")


# ------------------------------------------------------------------ twelve months, and why not

SEVERAL = [
    ("placements_in_year", "placements"),
    ("three_or_more_placements", "all"),
    ("three_or_more_by_definition", "difference"),
]


@pytest.mark.parametrize(("measure", "breakdown"), SEVERAL)
@pytest.mark.parametrize(
    ("period", "note"),
    [("2019-20", ""), ("2019-20-Q3", "rolling twelve months to 31 December 2019")],
)
def test_only_a_part_of_a_year_is_noted_as_twelve_months(
    tmp_path, measure, breakdown, period, note
):
    record = returns(tmp_path, y2018="Z 01/06/2018 S C2 U6 02/06/2018 E4A", y2019=STAYS)
    rows = found(record, measure, breakdown, periods.single(period))
    assert set(rows["status"]) == {"ok"}
    assert set(rows["note"].fillna("")) == {note}


@pytest.mark.parametrize(("measure", "breakdown"), SEVERAL)
def test_twelve_months_that_begin_before_the_returns_have_no_figure(tmp_path, measure, breakdown):
    record = returns(tmp_path, y2019=STAYS)
    rows = found(record, measure, breakdown, periods.single("2019-20-Q3"))
    assert set(rows["note"]) == {
        "twelve months from 1 January 2019 are needed, and the returns begin on 1 April 2019"
    }


@pytest.mark.parametrize(("measure", "breakdown"), SEVERAL[1:])
def test_with_nobody_looked_after_on_the_last_day_there_is_no_share(tmp_path, measure, breakdown):
    record = returns(tmp_path, y2019="A 01/06/2015 S C2 U6 31/03/2020 E4A")
    assert set(found(record, measure, breakdown)["note"]) == {
        "no child is looked after on the last day"
    }


# ------------------------------------------------------------------ runs as Annex A has them

TWO_MORE = ["B 01/07/2019 P C2 K2 01/09/2019 X1", "B 01/09/2019 P C2 U4 - -"]
STATUS_CHANGED = ["B 01/05/2018 S C1 U6 01/02/2019 X1"]  # before the year; the same placement
SHORT_BREAKS = ["B 05/05/2019 S V4 U6 07/05/2019 E8", "B 05/06/2019 S V4 U6 07/06/2019 E8"]


@pytest.mark.parametrize(
    ("episodes", "met"),
    [
        pytest.param(["B 01/05/2018 S C2 U6 01/07/2019 X1", *TWO_MORE], 1, id="three"),
        pytest.param(["B 01/05/2018 S C2 U6 01/09/2019 X1", *TWO_MORE[1:]], 0, id="two"),
        pytest.param(["B 01/05/2018 L C2 U6 01/07/2019 X1", *TWO_MORE], 1,
                     id="the first is a child's own although only its status is said to change"),
        pytest.param(["B 01/05/2018 S C2 U6 01/04/2019 X1", "B 01/04/2019 P C2 K2 01/09/2019 X1",
                      *TWO_MORE[1:]], 0, id="the first ended on the first day"),
        pytest.param(["B 01/05/2018 S C2 U6 02/04/2019 X1", "B 02/04/2019 P C2 K2 01/09/2019 X1",
                      *TWO_MORE[1:]], 1, id="the first ended on the second day"),
        pytest.param([*STATUS_CHANGED, "B 01/02/2019 L C2 U6 01/07/2019 X1", *TWO_MORE], 1,
                     id="a status that changed before the year ends no placement"),
        pytest.param([*STATUS_CHANGED, "B 01/02/2019 L C2 U6 - -", *SHORT_BREAKS], 1,
                     id="short breaks beside a placement that runs on"),
        pytest.param([*STATUS_CHANGED, "B 01/02/2019 L C2 U6 - -", *SHORT_BREAKS[:1]], 0,
                     id="one short break"),
    ],
)  # fmt: skip
def test_runs_of_annex_a_in_the_year(tmp_path, episodes, met):
    record = returns(tmp_path, y2019=[STAYS.strip(), *episodes])
    row = found(record, "three_or_more_by_definition", "definition").loc["annex_a"]
    assert (row["numerator"], row["denominator"]) == (met, 2)


def test_a_status_that_changes_after_the_year_leaves_the_placement_in_it(tmp_path):
    record = returns(
        tmp_path,
        y2019=[STAYS.strip(), "B 01/05/2019 S C2 U6 01/07/2019 X1", *TWO_MORE],
        y2020=[STAYS.strip(), "B 01/09/2019 P C2 U4 01/06/2020 X1", "B 01/06/2020 L E1 U4 - -"],
    )
    row = found(record, "three_or_more_by_definition", "definition").loc["annex_a"]
    assert (row["numerator"], row["denominator"]) == (1, 2)


@pytest.mark.parametrize(("later", "met"), [([], 0), (["B 01/05/2018 S C2 K1 03/04/2019 E4A"], 1)])
def test_a_placement_that_no_later_return_holds_is_over_when_that_opens(tmp_path, later, met):
    record = returns(
        tmp_path,
        y2018=[STAYS.strip(), "B 01/05/2018 S C2 K1 - -"],
        y2019=[STAYS.strip(), *later, "B 01/06/2019 S C2 U6 01/09/2019 X1", *TWO_MORE[1:]],
    )
    row = found(record, "three_or_more_by_definition", "definition").loc["annex_a"]
    assert (row["numerator"], row["denominator"]) == (met, 2)


# ------------------------------------------------------------------ changes of placement


@pytest.mark.parametrize(
    ("born", "day", "changes"),
    [
        ("01/09/2001", "31/08/2019", 1),
        ("01/09/2001", "01/09/2019", 0),  # the 18th birthday
        ("01/09/2001", "02/09/2019", 0),
        ("", "01/09/2019", 1),  # the date of birth is not known
    ],
)
def test_a_move_at_18_is_no_change_of_a_child_in_care(tmp_path, born, day, changes):
    episodes = f"A 01/05/2019 S C2 U6 {day} X1\nA {day} P C2 K2 - -"
    write_return(tmp_path, EPISODES + episodes, children=[{"CHILD": "A", "DOB": born}])
    record = CareRecord.of(read(tmp_path))
    assert found(record, "placement_changes", "month")["value"].sum() == changes


# ------------------------------------------------------------------ two years with one carer


@pytest.mark.parametrize(
    ("begins", "counted"),
    [
        pytest.param("01/04/2018 L", (1, 1), id="on the first day of the returns: its beginning"),
        pytest.param("31/03/2018 L", None, id="running when the returns open: may be long in care"),
        pytest.param("31/03/2018 S", (1, 1), id="said to have begun then: not long in care"),
        pytest.param("01/10/2017 L", None, id="a day short of thirty months, or longer"),
        pytest.param("30/09/2017 L", (2, 2), id="thirty months or longer either way"),
    ],
)
def test_whose_care_may_have_begun_before_it_is_seen(tmp_path, begins, counted):
    other = f"B {begins} C2 U6 - -"
    record = returns(tmp_path, y2018=STAYS + other, y2019=f"{STAYS}{other}\n{LEFT_IN_2019}")
    row = found(record, "long_term_stability").loc["all"]
    if counted is None:
        assert row["note"].startswith("the returns do not go back far enough")
    else:
        assert (row["numerator"], row["denominator"]) == counted


@pytest.mark.parametrize(("day", "settled"), [("31/03/2018", 1), ("01/04/2018", 0)])
def test_the_carer_before_an_adoptive_one_had_the_child_for_two_years(tmp_path, day, settled):
    record = returns(
        tmp_path,
        y2019=[
            f"A 01/06/2017 S E1 K2 {day} X1",
            f"A {day} P E1 U6 01/06/2019 X1",
            "A 01/06/2019 P E1 A4 - -",
        ],
    )
    row = found(record, "long_term_stability").loc["all"]
    assert (row["numerator"], row["denominator"]) == (settled, 1)


@pytest.mark.parametrize(
    ("period", "method"), [("2019-20", "method up to 2020"), ("2020-21", "method after 2020")]
)
def test_the_method_changes_after_31_march_2020(tmp_path, period, method):
    record = returns(tmp_path, y2019=STAYS, y2020=f"{STAYS}Z 01/06/2020 S C2 U6 02/06/2020 E4A")
    row = found(record, "long_term_stability", period=periods.single(period)).loc["all"]
    assert row["note"] == method


# ------------------------------------------------------------------ how long placements last


@pytest.mark.parametrize(
    ("end", "days", "ended"),
    [
        ("31/03/2020 E4A", 31 + 30 + 275, True),  # 275 days from 30 June to 31 March
        ("01/04/2020 E4A", 31 + 30 + 276, False),  # running through the last day
        ("02/04/2020 E4A", 31 + 30 + 276, False),
    ],
)
def test_a_placement_that_ends_after_the_last_day_has_not_ended(tmp_path, end, days, ended):
    record = returns(
        tmp_path, y2019=STAYS + "B 30/04/2019 S C2 U6 - -", y2020=f"B 30/04/2019 S C2 U6 {end}"
    )
    rows = placements.spells(record.placements, YEAR).set_index("child")
    assert (rows.loc["B", "time"], rows.loc["B", "ended_here"]) == (days, ended)


@pytest.mark.parametrize(("end", "ended"), [("- -", False), ("01/04/2019 E4A", True)])
def test_a_placement_that_vanishes_is_followed_that_far_and_has_not_ended(tmp_path, end, ended):
    seen_again = [] if end == "- -" else [f"B 02/03/2019 S C2 U6 {end}"]
    record = returns(
        tmp_path,
        y2018=STAYS + "B 02/03/2019 S C2 U6 - -",
        y2019=[STAYS.strip(), LEFT_IN_2019, *seen_again],
    )
    window = placements.twelve_months(periods.single("2019-20-Q1"))
    rows = placements.spells(record.placements, window).set_index("child")
    assert (rows.loc["B", "time"], rows.loc["B", "ended_here"]) == (30, ended)


IN_THE_YEAR = date(2019, 5, 1)  # seen from the first day to day 336
TWO_WEEKS_BEFORE = date(2019, 3, 15)  # seen from day 17 on
MONTH_BEFORE = date(2019, 3, 1)  # seen from day 31 on


def stays(name: str, begins: date, *lengths: int, running: int = 0) -> list[str]:
    """Placements from a day on: some until the child goes home after so many days, some running."""
    rows = [
        f"{name}{n} {begins:%d/%m/%Y} S C2 U6 {begins + timedelta(days):%d/%m/%Y} E4A"
        for n, days in enumerate(lengths)
    ]
    return rows + [f"{name}R{n} {begins:%d/%m/%Y} S C2 U6 - -" for n in range(running)]


def lasting(tmp_path, rows):
    """By months: endings since the time before, under observation, and the chance; None: none."""
    shown = found(returns(tmp_path, y2019=rows), "placement_survival", "months")
    assert list(shown.index) == ["1", "3", "6", "12", "24"]
    return {
        months: (row["numerator"], row["denominator"], pytest.approx(row["value"]))
        if row["status"] == "ok"
        else None
        for months, row in shown.iterrows()
    }


NONE_LATER = dict.fromkeys(["12", "24"])


def test_ten_first_placements_under_observation_are_the_least(tmp_path):
    rows = stays("F", IN_THE_YEAR, 20, 60, 95, running=9)
    assert lasting(tmp_path, rows) == {
        "1": (1, 11, 11 / 12),
        "3": (1, 10, 10 / 12),
        "6": None,  # nine are left after the third one's day
        **NONE_LATER,
    }


@pytest.mark.parametrize(("running", "enough"), [(9, True), (8, False)])
def test_ten_at_risk_when_one_ends_are_the_least(tmp_path, running, enough):
    # On day 10 only those of the year are seen: one ends, of ten or of nine. Then five come in.
    rows = stays("F", IN_THE_YEAR, 10, running=running)
    rows += stays("L", TWO_WEEKS_BEFORE, 350, running=4)
    assert lasting(tmp_path, rows) == {
        "1": (1, 14, 9 / 10) if enough else None,
        "3": (0, 14, 9 / 10) if enough else None,
        "6": (0, 14, 9 / 10) if enough else None,
        **NONE_LATER,
    }


def test_a_second_placement_is_not_followed_as_a_first_one(tmp_path):
    rows = stays("F", IN_THE_YEAR, running=10)
    rows += ["M 01/05/2019 S C2 U6 11/05/2019 X1", "M 11/05/2019 P C2 K2 16/05/2019 E4A"]
    assert lasting(tmp_path, rows) == {
        "1": (1, 10, 10 / 11),  # the second one's end, on its fifth day, is no second ending
        "3": (0, 10, 10 / 11),
        "6": (0, 10, 10 / 11),
        **NONE_LATER,
    }


@pytest.mark.parametrize(
    ("rows", "ended", "median"),
    [
        pytest.param(stays("F", IN_THE_YEAR, *[40] * 10, running=9), 10, 40,
                     id="ten endings, of 19"),
        pytest.param(stays("F", IN_THE_YEAR, *[40] * 9, running=8), None,
                     "fewer than 10 endings were seen", id="nine endings"),
        pytest.param(stays("F", IN_THE_YEAR, *[40] * 10, running=11), None,
                     "fewer than half have ended while 10 or more are under observation",
                     id="ten endings, of 21"),
        # Half have ended before day 60, when nine are under observation.
        pytest.param(stays("F", IN_THE_YEAR, *[40] * 10, 60, running=8), 11, 40,
                     id="few at the end"),
        # One of ten ends on day 10: 9/10. Of these nine and twelve more eight end on day 50, and
        # then one each time: 9/10 of 13/21, 12/21 and 11/21 is less than a half from day 70 on.
        pytest.param(stays("F", IN_THE_YEAR, 10, running=9)
                     + stays("L", MONTH_BEFORE, *[50] * 8, 60, 70, 80, running=1), 12, 70,
                     id="ten when the first one ends"),
        # With one fewer the curve begins on day 50: 12/20, 11/20, 10/20 on day 70, 9/20 on day 80.
        pytest.param(stays("F", IN_THE_YEAR, 10, running=8)
                     + stays("L", MONTH_BEFORE, *[50] * 8, 60, 70, 80, running=1), 12, 75,
                     id="nine when the first one ends"),
        pytest.param(stays("F", IN_THE_YEAR, 5) + stays("L", MONTH_BEFORE, *[40] * 9), None,
                     "fewer than half have ended while 10 or more are under observation",
                     id="ten endings, and never ten under observation"),
    ],
)  # fmt: skip
def test_the_day_by_which_half_of_placements_have_ended(tmp_path, rows, ended, median):
    row = found(returns(tmp_path, y2019=rows), "placement_median_duration").loc["all"]
    if ended is None:
        assert row["note"] == median
    else:
        assert (row["numerator"], row["value"]) == (ended, median)
