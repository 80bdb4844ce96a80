"""Paths through care, worked out by hand on the day of each rule and a day either side."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from builders import CHILD, read, table, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import breakdowns, evaluate, paths_through_care

COLUMNS = "CHILD DECOM RNE PLACE DEC REC\n"
YEAR = periods.single("2018-19")
JUNE = periods.single("2019-20-Q1")  # with it the twelve months from 1 July 2018
FEW = "fewer than 10 are under observation then"


def day(text):
    return datetime.strptime(text, "%d/%m/%Y").date()


def in_year(rows, year):
    """What the return of a year holds: rows of the year, without the ends that are still to come.

    And a short break, which counts nowhere: a return must not be empty.
    """
    opens, closes = date(year, 4, 1), date(year + 1, 3, 31)
    held = [table(COLUMNS + f"Z 01/06/{year} S U6 02/06/{year} E8")[0] | {"LS": "V4"}]
    for row in rows:
        ended = bool(row["DEC"]) and day(row["DEC"]) <= closes
        if day(row["DECOM"]) <= closes and not (ended and day(row["DEC"]) < opens):
            held.append(row if ended else row | {"DEC": "", "REC": ""})
    return held


def record_of(tmp_path, rows, gone="", births=None):
    """The record of the returns of four years; the last one does not hold who is gone."""
    for year in range(2016, 2020):
        held = in_year(table(COLUMNS + rows + (gone if year < 2019 else "")), year)
        header = [
            CHILD | {"CHILD": child} | ({"DOB": births[child]} if child in (births or {}) else {})
            for child in dict.fromkeys(row["CHILD"] for row in held)
        ]
        write_return(tmp_path, held, f"{year}-{year - 1999}", header)
    return CareRecord.of(read(tmp_path))


def on(start, days):
    return f"{date.fromisoformat(start) + timedelta(days=days):%d/%m/%Y}"


def path(child, start, *days, leaves=""):
    """The rows of a child who moves after so many days each, and perhaps leaves after the last."""
    moves = days[:-1] if leaves else days
    begins = [0, *moves]
    ends = [*moves, days[-1] if leaves else None]
    rows = ""
    for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        last = number == len(begins) - 1
        rows += f"{child} {on(start, begin)} {'P' if number else 'S'} {('U6', 'K2')[number % 2]}"
        rows += f" {on(start, end)} {leaves if last else 'X1'}\n" if end is not None else " - -\n"
    return rows


# ------------------------------------------------------------------ where children are


# Each child entered on 10 October 2017; twelve months later is 10 October 2018.
@pytest.mark.parametrize(
    ("rows", "situation"),
    [
        pytest.param("A 10/10/2017 S U6 17/10/2017 E4B\nA 10/10/2018 S U6 - -\n",
                     "In care, first placement", id="comes back on the very day"),
        pytest.param("A 10/10/2017 S U6 17/10/2017 E4B\nA 11/10/2018 S U6 - -\n",
                     "Left within a week", id="comes back a day later"),
        pytest.param("A 10/10/2017 S U6 01/02/2018 X1\nA 10/10/2017 P K2 05/02/2018 X1\n"
                     "A 05/02/2018 L K2 - -\n",
                     "In care, moved once", id="two placements from the first day: one is a move"),
        pytest.param("A 10/10/2017 S U6 01/12/2017 E4B\nA 01/06/2018 S U6 01/07/2018 X1\n"
                     "A 01/07/2018 P K2 01/08/2018 E45\n",
                     "Special guardianship or child arrangements",
                     id="of two endings the last counts"),
    ],
)  # fmt: skip
def test_where_a_child_who_comes_back_or_moves_at_once_is(tmp_path, rows, situation):
    found = evaluate.figures(record_of(tmp_path, rows), YEAR, "entry_outcome", "after_12_months")
    assert found.loc[found["value"].eq(1), "group"].tolist() == [situation]


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2019-20", "3 years together"),  # the first from 1 April 2016, as the returns
        ("2019-20-Q3", "2 years together"),  # a third would be from 1 January 2016
        ("2018-19", "2 years together"),
        ("2018-19-Q1", "one year alone"),  # from 1 July 2016
        ("2018-04-01:2019-03-30", "one year alone"),  # the second from 31 March 2016, a day short
    ],
)
def test_leavers_by_route_are_of_the_years_that_the_returns_show_in_full(tmp_path, period, said):
    record = record_of(tmp_path, "A 01/12/2016 S U6 01/06/2017 E4A\n")
    found = evaluate.figures(record, periods.single(period), "returned_to_care", "exit_route")
    home = found.set_index("group").loc["Home or with relatives"]
    assert (home["numerator"], home["denominator"], home["note"]) == (0, 1, said)


# ------------------------------------------------------------------ moves and days in care


@pytest.mark.parametrize(
    ("days", "moves"),
    [
        ("31/03/2018", 0),
        ("01/04/2018", 1),
        ("31/03/2019", 1),
        ("01/04/2019", 0),
    ],
)
def test_moves_on_the_first_and_the_last_day_count(tmp_path, days, moves):
    record = record_of(tmp_path, f"A 01/01/2018 S U6 {days} X1\nA {days} P K2 - -\n")
    [row] = evaluate.figures(record, YEAR, "moves_per_1000_days", "all").itertuples()
    assert (row.numerator, row.denominator) == (moves, 365)


def test_a_child_whose_date_of_birth_is_not_known_is_in_care_to_the_last_day(tmp_path):
    record = record_of(tmp_path, path("A", "2018-12-01", 31), births={"A": ""})
    [row] = evaluate.figures(record, YEAR, "moves_per_1000_days", "all").itertuples()
    assert (row.numerator, row.denominator) == (1, 121)


# A has two moves in 365 days and B none: at their common rate each would have one. Each is one off,
# so that the variance is (1 + 1) * 2 / (2 - 1) = 4 and the standard error two moves of two: 1.
@pytest.mark.parametrize(
    "nobody",
    [
        pytest.param("", id="two children alone"),
        pytest.param("C 01/01/2018 S U6 01/04/2018 E4A\n", id="one who left on the first day"),
        pytest.param("C 01/04/2019 S U6 - -\n", id="one who came the day after the last"),
        pytest.param("C 10/04/2019 S U6 - -\n", id="one who came nine days later"),
    ],
)
def test_a_child_without_a_day_in_the_year_does_not_narrow_the_range(tmp_path, nobody):
    rows = path("A", "2018-01-01", 120, 240) + path("B", "2018-01-01")
    [row] = evaluate.figures(
        record_of(tmp_path, rows + nobody), YEAR, "moves_per_1000_days", "all"
    ).itertuples()
    assert (row.numerator, row.denominator) == (2, 730)
    assert row.value == pytest.approx(2 / 0.730)
    assert row.lower == pytest.approx(2 / 0.730 * np.exp(-1.959963985))
    assert row.upper == pytest.approx(2 / 0.730 * np.exp(1.959963985))


# Each child came on 1 June 2018: the seventh month begins on 1 December, 183 days later.
@pytest.mark.parametrize(
    ("children", "moved_after", "first", "then"),
    [
        (9, 182, None, None),
        (10, 182, 10, None),
        (11, 182, 11, None),
        (9, 183, None, None),
        (10, 183, None, 10),
        (11, 183, None, 11),
    ],
)
def test_ten_moves_give_a_rate_of_the_months_in_which_they_lie(
    tmp_path, children, moved_after, first, then
):
    rows = "".join(path(f"C{n}", "2018-06-01", moved_after) for n in range(children))
    # X came from elsewhere: no return shows since when, so that X is in no group of time in care.
    record = record_of(tmp_path, rows + "X 01/06/2018 P U6 - -\n")
    found = evaluate.figures(record, YEAR, "moves_per_1000_days", "time_in_care")
    found = found.set_index("group")
    for group, moves, days in [("First 6 months", first, 183), ("6 to 12 months", then, 121)]:
        if moves is None:
            assert found.loc[group, "note"] == "fewer than 10 moves"
        else:
            assert found.loc[group, ["numerator", "denominator"]].tolist() == [moves, moves * days]
            assert found.loc[group, "value"] == pytest.approx(1000 / days)
    assert found.loc["12 to 24 months", "note"] == breakdowns.NOBODY


# ------------------------------------------------------------------ the third move


def ends_of(record, period):
    found = paths_through_care.spells_to_third_move(record, period).set_index("child")
    return {child: (row["time"], row["ending"]) for child, row in found.iterrows()}


# From 1 September 2018 to 30 June 2019 are 302 days after the first.
@pytest.mark.parametrize(
    ("days", "leaves", "end"),
    [
        ((10, 20, 302), "", (302, 1)),
        ((10, 20, 303), "", (303, 0)),
        ((10, 20, 304), "", (303, 0)),
        ((302,), "E4A", (302, 2)),
        ((303,), "E4A", (303, 0)),
        ((304,), "E4A", (303, 0)),
        ((10, 20, 30, 40), "", (30, 1)),
        ((10, 20, 30, 30), "E4A", (30, 2)),  # no placement of a day after the second move
        ((10, 20, 30, 31), "E4A", (30, 1)),
    ],
)
def test_a_third_move_or_an_end_of_care_counts_up_to_the_last_day(tmp_path, days, leaves, end):
    record = record_of(tmp_path, path("A", "2018-09-01", *days, leaves=leaves))
    assert ends_of(record, JUNE) == {"A": end}


def test_a_child_gone_from_the_next_return_is_seen_to_its_first_day_and_has_not_left(tmp_path):
    # From 1 September 2018 to 1 April 2019 are 212 days. D's third move is seen before.
    gone = path("C", "2018-09-01", 40) + path("D", "2018-09-01", 10, 20, 30)
    record = record_of(tmp_path, path("A", "2018-09-01"), gone)
    assert ends_of(record, JUNE) == {"A": (303, 0), "C": (212, 0), "D": (30, 1)}


def test_a_period_of_care_whose_beginning_no_return_shows_is_not_followed(tmp_path):
    rows = path("A", "2018-09-01") + "X 01/09/2018 P U6 - -\n"
    later = path("L", "2019-07-01") + path("M", "2019-06-30")
    record = record_of(tmp_path, rows + later)
    assert ends_of(record, JUNE) == {"A": (303, 0), "M": (1, 0)}


def several(name, number, start, *days, leaves=""):
    return "".join(path(f"{name}{n}", start, *days, leaves=leaves) for n in range(number))


# Six months are 182.6 days. Who came on 1 May 2018 is seen from the first day, for 335 days; who
# came on 1 January 2018 from the 90th day on, for 455 days.
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            path("T", "2018-05-01", 10, 20, 30) + path("U", "2018-05-01", 10, 20, 60)
            + several("A", 10, "2018-05-01"),
            (2, 10, 2 / 12), id="ten are still seen at six months",
        ),
        pytest.param(
            path("T", "2018-05-01", 10, 20, 30) + path("U", "2018-05-01", 10, 20, 60)
            + several("A", 9, "2018-05-01"),
            None, id="nine are still seen at six months",
        ),
        pytest.param(
            path("T", "2018-05-01", 10, 20, 30) + several("A", 9, "2018-05-01")
            + several("B", 3, "2018-01-01"),
            (1, 12, 1 / 10), id="ten are seen when one moves a third time",
        ),
        pytest.param(
            path("T", "2018-05-01", 10, 20, 30) + several("A", 8, "2018-05-01")
            + several("B", 3, "2018-01-01"),
            None, id="nine are seen when one moves a third time",
        ),
        pytest.param(
            several("H", 5, "2018-05-01", 20, leaves="E4A")
            + several("T", 3, "2018-05-01", 10, 20, 60) + several("A", 12, "2018-05-01"),
            (3, 12, 15 / 20 * 3 / 15), id="five of twenty had gone home before three moved",
        ),
        pytest.param(several("A", 10, "2018-05-01"), (0, 10, 0), id="nobody moves"),
        pytest.param(several("A", 12, "2018-10-01"), None, id="nobody moves, none seen so long"),
    ],
)  # fmt: skip
def test_the_chance_of_a_third_move_by_six_months(tmp_path, rows, expected):
    found = evaluate.figures(record_of(tmp_path, rows), YEAR, "third_move", "months_since_entry")
    found = found.set_index("group")
    six = found.loc["6"]
    if expected is None:
        assert six["note"] == FEW
    else:
        assert tuple(six[["numerator", "denominator"]]) == expected[:2]
        assert six["value"] == pytest.approx(expected[2])
    assert found.loc[["12", "24"], "note"].tolist() == [FEW] * 2
