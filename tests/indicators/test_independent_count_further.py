"""The figures of ethnic groups, reviews, lists, education, over time, against a slow count."""

from __future__ import annotations

import awkward
import later_return
import pandas as pd
import pytest
from builders import shared_record
from independent.slow_authority import Authority
from independent.slow_further import further

from iro_analysis import periods
from iro_analysis.indicators.evaluate import figures

KENT = "E10000016"  # with a real code the figures are set against the area's children
# What a label may not hold, and what stands for it.
AS_A_LABEL = {"| a | table |": "/ a / table /", "a @ b # c ~ d": "a at b no. c - d",
              "\x07": " ", "\x0b": " ", "\u202e": " "}  # fmt: skip
CASES = [("demo", n) for n in ["2018-19", "2019-20", "2020-21-Q3", "2022-08-01:2023-01-31"]]
CASES += [("sample", n) for n in ["2018-19", "2019-20", "2021-22"]]
CASES += [("odd", n) for n in ["2018-19", "2019-20", "2020-21", "2020-08-01:2021-01-31"]]
CASES += [("later", n) for n in ["2022-23", "2023-24", "2024-25"]]
QUICK = [("demo", "2019-20"), ("demo", "2020-21-Q3"), ("sample", "2018-19"), ("odd", "2018-19"),
         *CASES[-3:]]  # fmt: skip


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    place = tmp_path_factory.mktemp("awkward") / "slow"
    return awkward.write(place, 60, ons_code=KENT)


@pytest.fixture(scope="module")
def later(tmp_path_factory):
    """A return of 2022-23 to 2024-25: older care leavers, and a few social workers by turns."""
    return later_return.write(tmp_path_factory.mktemp("later") / "slow")


@pytest.fixture(scope="module")
def read():
    places = {}

    def of(which, request):
        if which not in places:
            home = request.getfixturevalue(which)
            places[which] = shared_record(home), Authority(home)
        return places[which]

    return of


def as_a_label(group):
    for text, label in AS_A_LABEL.items():
        group = group.replace(text, label)
    return group.strip()


def agree(row, numerator, denominator, value):
    if value is None:
        return row is None or row.status == "not_available"
    if row is None or row.status != "ok":
        return row is None and value == 0
    counts = zip((row.numerator, row.denominator), (numerator, denominator), strict=True)
    return row.value == pytest.approx(value) and all(
        pd.isna(fast) or fast == pytest.approx(slow) for fast, slow in counts
    )


@pytest.mark.parametrize(
    ("which", "name"),
    [case if case in QUICK else pytest.param(*case, marks=pytest.mark.long) for case in CASES],
)
def test_every_further_figure_agrees_with_the_slow_count(which, name, read, request):
    (record, authority), period = read(which, request), periods.single(name)
    slow = further(authority.folder, period.start, period.end, authority)
    fast = {
        (measure, row.breakdown, row.group): row
        for measure in {measure for measure, _, _ in slow}
        for row in figures(record, period, measure).itertuples()
    }
    known = {(measure, breakdown, as_a_label(group)): said
             for (measure, breakdown, group), said in slow.items()}  # fmt: skip
    wrong = [(key, said, fast.get(key)) for key, said in known.items()
             if not agree(fast.get(key), *said)]  # fmt: skip
    assert wrong == []
    counted = {(measure, breakdown) for measure, breakdown, _ in known}
    left_out = [key for key, row in fast.items()
                if key[:2] in counted and row.status == "ok" and key not in known]  # fmt: skip
    assert left_out == []


# Each was counted otherwise before the slow count was there to say so.
PUT_RIGHT = [
    # who left and came back is one child
    ("demo", "2018-19", "minority_ethnic_parts", "Leaving", 69, 75, 1.0787610619469026),
    # a child placed for adoption before the returns open: no review in them is known as its first
    ("demo", "2018-19", "reviews_on_time_by_quarter", "2016-17-Q2", 181, 197, 18100 / 197),
    # an incident of a child who had left care long before it belongs to no month
    ("odd", "2018-19", "missing_incidents_by_month", "July 2017", 2, 3, 2),
    # a break that vanished from later returns, and a child looked after otherwise on the day
    ("sample", "2018-19", "reviews_on_time", "Short breaks", 35, 72, 3500 / 72),
]


@pytest.mark.parametrize(
    ("which", "name", "measure", "group", "numerator", "denominator", "value"), PUT_RIGHT
)
def test_what_the_slow_count_put_right(
    which, name, measure, group, numerator, denominator, value, read, request
):
    (record, _), period = read(which, request), periods.single(name)
    [row] = [row for row in figures(record, period, measure).itertuples() if row.group == group]
    assert agree(row, numerator, denominator, value)
