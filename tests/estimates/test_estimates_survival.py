"""How long things last, against R: curves, quantiles, means, tests, competing endings."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import check, vectors

from iro_analysis.estimates import clustered, competing, log_rank, survival


def spells(name, *columns, case=None):
    rows = [row for row in vectors(name) if case is None or row["case"] == case]
    return [np.array([float(row[column]) for row in rows]) for column in columns]


def of_case(case):
    entry, time, status = spells("km_inputs", "entry", "time", "status", case=case)
    return entry, time, status == 1


@pytest.mark.parametrize("scale", ["log", "log-log", "plain"])
def test_curves(scale):
    rows = [row for row in vectors("km_curve") if row["conf_type"] == scale]
    assert len(rows) == {"log": 59, "log-log": 58, "plain": 59}[scale]
    for row in rows:
        entry, time, ended = of_case(row["case"])
        curve, at = survival.kaplan_meier(entry, time, ended, scale=scale), float(row["time"])
        place = int(np.searchsorted(curve.times, at, side="right")) - 1
        error = curve.std_err[place] if place >= 0 else 0.0
        found = (
            ((entry < at) & (time >= at)).sum(),
            (ended & (time == at)).sum(),
            curve.at(at)[0],
            error,
            *curve.at(at)[1:],
        )
        names = ("n_risk", "n_event", "survival", "std_err_greenwood", "lower", "upper")
        check(row, found, names)


def test_quantiles():
    rows = vectors("km_quantiles")
    assert len(rows) == 50
    for row in rows:
        entry, time, ended = of_case(row["case"])
        curve = survival.kaplan_meier(entry, time, ended, scale=row["conf_type"])
        found = survival.quantile(curve, float(row["quantile_of_time"]))
        check(row, (*found, len(time), ended.sum()), ("time", "lower", "upper", "n", "events"))


def test_restricted_means():
    rows = vectors("km_rmst")
    assert len(rows) == 4
    for row in rows:
        found = survival.restricted_mean(*of_case(row["case"]), float(row["tau"]))
        check(row, found[:2], ("rmst", "se"))
        assert found[2] <= found[0] <= found[3]


def test_a_mean_beyond_what_was_observed_is_not_given():
    assert all(math.isnan(v) for v in survival.restricted_mean([0, 0], [5, 9], [1, 0], 10))
    assert survival.restricted_mean([0, 0], [5, 9], [1, 1], 10)[0] == 7


def test_log_rank():
    rows = vectors("logrank")
    assert len(rows) == 2
    for row in rows:
        cases = row["case"].split(" vs ")
        parts = [of_case(case) for case in cases]
        entry, time, ended = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        group = np.repeat(cases, [len(part[0]) for part in parts])
        found = log_rank.log_rank(entry, time, ended, group)
        check(row, (found.chi_squared, found.freedom, found.p), ("statistic", "df", "p_value"))


def place_of(found, row):
    return int(np.searchsorted(found.times, float(row["time"]), side="right")) - 1


def test_competing_endings():
    rows = vectors("cif_aalen_johansen")
    assert len(rows) == 38
    for row in rows:
        time, cause = spells("cif_inputs", "time", "cause", case=row["case"])
        found = competing.incidence(np.zeros(len(time)), time, cause.astype(int))
        here = place_of(found, row)
        values = [found.chance[kind][here] for kind in (1, 2)]
        errors = [found.std_err[kind][here] for kind in (1, 2)]
        names = ("cif_breakdown", "cif_planned", "se_breakdown", "se_planned")
        check(row, values + errors, names)


def test_competing_endings_of_cmprsk():
    rows = vectors("cif_cmprsk")
    assert len(rows) == 12
    for row in rows:
        time, cause = spells("cif_inputs", "time", "cause", case=row["case"])
        found = competing.incidence(np.zeros(len(time)), time, cause.astype(int))
        kind, here = int(row["cause"]), place_of(found, row)
        check(row, [found.chance[kind][here]], ["cif"])


def test_competing_endings_with_late_entry():
    rows = vectors("cif_truncated")
    assert len(rows) == 38
    entry, time, cause = spells("cif_truncated_inputs", "entry", "time", "cause")
    found = competing.incidence(entry, time, cause.astype(int))
    for row in rows:
        here, at = place_of(found, row), float(row["time"])
        at_risk = ((entry < at) & (time >= at)).sum()
        values = (at_risk, found.chance[1][here], found.chance[2][here])
        check(row, values, ("n_risk", "cif_breakdown", "cif_planned"))
        assert at not in found.times or found.at_risk[here] == at_risk


placements = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 60), st.integers(0, 3)), min_size=2, max_size=40
)


def apart(rows):
    entry = np.array([start for start, _, _ in rows], float)
    time = entry + np.array([length for _, length, _ in rows])
    return entry, time, np.array([kind for _, _, kind in rows])


@given(placements)
def test_every_placement_has_ended_somehow_or_is_running(rows):
    found = competing.incidence(*apart(rows))
    together = found.running + sum(found.chance.values(), np.zeros(len(found.times)))
    assert np.allclose(together, 1)
    for kind, chance in found.chance.items():
        assert (np.diff(chance) >= -1e-12).all()
        for day in found.times:
            value, lower, upper = found.at(kind, day)
            assert math.isnan(lower) or lower <= value + 1e-12 <= upper + 2e-12


@given(placements)
def test_with_one_kind_of_ending_it_is_what_kaplan_meier_leaves(rows):
    entry, time, kind = apart(rows)
    found = competing.incidence(entry, time, (kind > 0).astype(int))
    curve = survival.kaplan_meier(entry, time, kind > 0)
    assert np.allclose(found.running, curve.survival)
    for day, value in zip(found.times, found.running, strict=True):
        assert math.isclose(found.at(1, day)[0], 1 - value, abs_tol=1e-12)


@given(placements)
def test_ignoring_other_endings_never_makes_a_chance_smaller(rows):
    entry, time, kind = apart(rows)
    found = competing.incidence(entry, time, kind)
    curve = survival.kaplan_meier(entry, time, kind == 1)
    for day in curve.times:
        assert found.at(1, day)[0] <= 1 - curve.at(day)[0] + 1e-12


@given(placements, st.integers(2, 9))
def test_days_or_weeks_are_one_curve_and_order_does_not_matter(rows, times):
    entry, time, kind = apart(rows)
    once = survival.kaplan_meier(entry, time, kind == 1)
    again = survival.kaplan_meier(entry[::-1] * times, time[::-1] * times, kind[::-1] == 1)
    assert np.allclose(once.survival, again.survival)
    assert np.allclose(once.times * times, again.times)
    assert np.allclose(once.lower, again.lower, equal_nan=True)


@given(placements)
def test_log_rank_sees_no_difference_in_a_group_beside_itself(rows):
    entry, time, kind = (np.concatenate([column, column]) for column in apart(rows))
    found = log_rank.log_rank(entry, time, kind == 1, [0] * len(rows) + [1] * len(rows))
    assert math.isnan(found.chi_squared) or abs(found.chi_squared) < 1e-12
    assert np.allclose(found.observed.sum(), found.expected.sum())


def test_log_rank_of_three_groups_does_not_depend_on_their_names():
    time, ended = np.arange(1, 31), np.arange(30) % 3 != 0
    group = np.array(list("abc") * 10)
    renamed = np.array(list("zmb") * 10)
    once = log_rank.log_rank(np.zeros(30), time, ended, group)
    again = log_rank.log_rank(np.zeros(30), time, ended, renamed)
    assert once.freedom == 2
    assert math.isclose(once.chi_squared, again.chi_squared)


def test_a_curve_can_start_later_than_the_first_spell():
    entry, time = [0.0, 5.0, *[10.0] * 9], [4.0, 50.0, *[30.0] * 9]
    found = competing.incidence(entry, time, [1, 0, *[1] * 9], start=10)
    assert list(found.at_risk) == [10]
    assert found.at(1, 30)[0] == 0.9


def test_chances_of_a_child_with_several_placements_are_less_sure():
    # 25 children with 4 placements each; in each child's placements all go the same way.
    child = np.repeat(np.arange(25), 4)
    time = 10.0 + np.arange(100) % 7
    ending = np.where(child % 5 < 2, 1, 2)
    entry = np.zeros(100)

    def broken_down(rows):
        return competing.incidence(entry[rows], time[rows], ending[rows]).at(1, 20)[0]

    value, low, high = competing.incidence(entry, time, ending).at(1, 20)
    lower, upper = clustered.by_resampling_children(child, broken_down, repeats=200)
    assert math.isclose(value, 0.4)
    assert lower < low < value < high < upper
    assert clustered.by_resampling_children(child, broken_down, repeats=200) == (lower, upper)


@pytest.mark.parametrize(
    ("entry", "time"), [([0, 5], [4, 5]), ([0, math.nan], [4, 5]), ([0], [4, 5])]
)
def test_spells_that_cannot_be_are_refused(entry, time):
    with pytest.raises(ValueError, match="exit"):
        survival.kaplan_meier(entry, time, [True] * len(time))


def test_late_entry_takes_away_what_only_the_long_lasting_show():
    # Long placements are over-represented among those running when the window opens.
    draw = np.random.default_rng(1)
    length, begun = draw.exponential(100, 4000), draw.uniform(-400, 0, 4000)
    running = begun + length > 0
    entry, time = -begun[running], length[running]
    right = survival.kaplan_meier(entry, time, np.ones(len(time), bool))
    wrong = survival.kaplan_meier(np.zeros(len(time)), time, np.ones(len(time), bool))
    start = entry[np.argsort(entry)][9]  # where ten are at risk
    later = right.at(start + 100)[0] / right.at(start)[0]
    assert abs(later - math.exp(-1)) < 0.05
    assert wrong.at(100)[0] > math.exp(-1) + 0.15
