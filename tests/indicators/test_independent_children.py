"""Children, placements and time in care, counted a second time by what shares no code with us.

What the second count found to be wrong has its right value here.
"""

from __future__ import annotations

import awkward
import pandas as pd
import pytest
from builders import record, shared_record
from independent import slow_count, slow_services
from independent.slow_authority import Authority
from independent.slow_children import children_figures
from independent.slow_durations import durations_figures
from independent.slow_further import further
from independent.slow_moves import moves_figures
from independent.slow_paths import paths_figures

from iro_analysis import catalogue, periods
from iro_analysis.indicators.evaluate import figures

KENT = "E10000016"  # any real code, so that there is a population


@pytest.fixture(scope="module")
def awkward_place(tmp_path_factory):
    """Three hundred children: some placements of no day, some who stay on at 18."""
    folder = tmp_path_factory.mktemp("awkward_children") / "place"
    return awkward.write(folder, 300, 2, ons_code=KENT)


@pytest.fixture(scope="module")
def authorities():
    return {}


def of(authorities, folder):
    if folder not in authorities:
        authorities[folder] = Authority(folder)
    return authorities[folder]


def counted(authority, period):
    found = {}
    for part in (children_figures, moves_figures, durations_figures, paths_figures):
        found.update(part(authority, period.start, period.end))
    return found


def same(mine, fast):
    return mine is None or pd.isna(fast) or fast == pytest.approx(mine)


def agrees(key, mine, row):
    number, of_all, value = mine
    if row is None:  # a list or module that is not there; a quarter longer ago than 24
        return not value or key[1] == "recent_quarter"
    if row.status == "not_available":
        too_few = "fewer than" in row.note
        return value is None or too_few or "do not cover" in row.note
    return (
        value is not None
        and same(value, row.value)
        and same(number, row.numerator)
        and same(of_all, row.denominator)
    )


FURTHER = [
    *(("demo", name) for name in ["2018-19", "2020-21-Q3", "2022-08-01:2023-01-31"]),
    ("sample", "2021-22"),
    *(("awkward_place", name) for name in ["2018-19", "2020-21"]),
]


@pytest.mark.parametrize(
    ("which", "name"),
    [
        ("demo", "2019-20"),
        ("awkward_place", "2019-20"),
        ("awkward_place", "2020-08-01:2021-01-31"),
        *(pytest.param(*case, marks=pytest.mark.long) for case in FURTHER),
    ],
)
def test_children_placements_and_time_agree(which, name, authorities, request):
    folder, period = request.getfixturevalue(which), periods.single(name)
    slow = counted(of(authorities, folder), period)
    fast = {}
    for measure, breakdown in {key[:2] for key in slow}:
        for row in figures(shared_record(folder), period, measure, breakdown).itertuples():
            fast[row.measure, row.breakdown, row.group] = row
    wrong = {
        key: (mine, fast.get(key))
        for key, mine in slow.items()
        if not agrees(key, mine, fast.get(key))
    }
    assert wrong == {}
    not_counted = [
        key for key, row in fast.items() if key not in slow and row.status == "ok" and row.value
    ]
    assert not_counted == []
    assert sum(row.status == "ok" for row in fast.values()) > 90


def test_quarters_are_the_last_24_of_the_returns(demo):
    period = periods.single("2022-08-01:2023-01-31")
    for measure in ("started_by_quarter", "moves_per_1000_days_by_quarter"):
        found = list(figures(shared_record(demo), period, measure)["group"])
        assert (len(found), found[-1]) == (24, "2022-23-Q3")


# ------------------------------------------------------------------------ what the counts found


def of_rows(tmp_path, *rows):
    return record(tmp_path, list(rows))


def value_of(of_record, measure, group, breakdown="all", name="2019-20"):
    found = figures(of_record, periods.single(name), measure, breakdown)
    return found.set_index("group").loc[group]


NO_DAY = {"CHILD": "A", "DECOM": "01/06/2019", "DEC": "01/06/2019", "REC": "X1"}
WHAT_FOLLOWS = {"CHILD": "A", "DECOM": "01/06/2019", "RNE": "P", "PLACE": "K2"}


def test_an_open_episode_that_goes_on_from_one_of_no_day_counts(tmp_path):
    found = of_rows(tmp_path, NO_DAY, WHAT_FOLLOWS)
    assert value_of(found, "looked_after", "all").value == 1
    placed = value_of(found, "looked_after", "Residential", "provision")
    assert placed.value == 1


def test_a_placement_of_no_day_is_no_first_placement_from_which_to_move(tmp_path):
    found = of_rows(tmp_path, NO_DAY, WHAT_FOLLOWS)
    assert (
        figures(found, periods.single("2019-20"), "placement_changes", "month")["value"].sum() == 0
    )
    assert value_of(found, "moves_per_1000_days", "all").numerator == 0


def test_a_day_on_which_two_periods_of_care_overlap_counts_once(tmp_path):
    found = of_rows(
        tmp_path,
        {"CHILD": "A", "DECOM": "01/03/2020"},
        {"CHILD": "A", "DECOM": "11/03/2020", "DEC": "21/03/2020", "REC": "E4A"},
    )
    assert value_of(found, "moves_per_1000_days", "all").denominator == 31


def test_nobody_is_in_care_at_18(tmp_path):
    born = [{"CHILD": "A", "DOB": "11/03/2002"}]
    found = record(tmp_path, [{"CHILD": "A", "DECOM": "01/03/2020"}], children=born)
    assert value_of(found, "moves_per_1000_days", "all").denominator == 10


def test_the_commissioner_counts_a_return_by_one_who_had_left_before_the_year(tmp_path):
    found = of_rows(
        tmp_path,
        {"CHILD": "A", "DECOM": "01/03/2019", "DEC": "10/03/2019", "REC": "E4A"},
        {"CHILD": "A", "DECOM": "01/06/2019", "DEC": "01/08/2019", "REC": "X1"},
        {"CHILD": "A", "DECOM": "01/08/2019", "RNE": "P", "PLACE": "K2"},
    )
    several = figures(found, periods.single("2019-20"), "three_or_more_by_definition", "definition")
    marks = several.set_index("group")["numerator"]
    assert (marks["commissioner"], marks["dfe"]) == (1, 0)


# Measures that no slow count gives, each with the reason.
NOT_COUNTED = {
    "age_profile_ahead": "simulated futures of a projection, no count of children",
    "age_share_difference": "age_share, which is counted, less a number that is published",
    "forecast_coverage": "scores of a model by its own past forecasts",
    "forecast_error": "scores of a model by its own past forecasts",
    "looked_after_forecast": "a model's expectation, no count of children",
}


def test_every_measure_has_an_independent_count_or_says_why_not(demo, authorities):
    authority, period = of(authorities, demo), periods.single("2019-20")
    days = (period.start, period.end)
    keys = [
        *slow_count.count(demo, *days),
        *slow_services.services(demo, *days, authority),
        *further(demo, *days, authority),
        *counted(authority, period),
    ]
    assert set(catalogue.measures()) - {measure for measure, _, _ in keys} == set(NOT_COUNTED)


# ------------------------------------------------------------------------------- earlier periods


def of_the_whole(folder, authority, period):
    """{measure: value} of every measure's "all" that the slow counts know."""
    plain = slow_count.count(folder, period.start, period.end)
    found = {name: plain[name, "all", "all"] for name in ("looked_after", "started", "ceased")}
    everyone = plain["looked_after", "all", "all"]
    many = plain["three_or_more_placements", "all", "all"]
    found["three_or_more_placements"] = 100 * many / everyone
    stable = [plain["long_term_stability", "all", part] for part in ("numerator", "denominator")]
    found["long_term_stability"] = 100 * stable[0] / stable[1]
    more = slow_services.services(folder, period.start, period.end, authority)
    more.update(children_figures(authority, period.start, period.end))
    for (measure, breakdown, _), (_, _, value) in more.items():
        if breakdown == "all":
            found[measure] = value
    return found


def test_the_rows_of_earlier_years_hold_what_those_years_give(demo, authorities):
    authority, of_demo = of(authorities, demo), shared_record(demo)
    period = periods.single("2018-19")
    slow, wrong, compared = {}, [], 0
    for measure, entry in catalogue.measures().items():
        if not entry.history:
            continue
        for row in figures(of_demo, period, measure, "period").itertuples():
            if row.group not in slow:
                slow[row.group] = of_the_whole(demo, authority, periods.single(row.group))
            if measure not in slow[row.group] or row.status != "ok":
                continue
            compared += 1
            value = slow[row.group][measure]
            if value is None or row.value != pytest.approx(value):
                wrong.append((measure, row.group, value, row.value))
    assert wrong == []
    assert compared > 60
