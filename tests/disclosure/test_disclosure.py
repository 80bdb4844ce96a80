"""The gate: what is hidden, and that what is hidden cannot be worked out."""

from __future__ import annotations

import dataclasses
import itertools

import pandas as pd
import pytest
from builders import is_proved, shared_record
from hypothesis import given, settings
from hypothesis import strategies as st

from iro_analysis import codes, contracts, periods
from iro_analysis.contracts import FIGURE_NUMBERS
from iro_analysis.disclosure import combining, publish
from iro_analysis.disclosure.audit import Auditor
from iro_analysis.disclosure.linear_system import LinearSystem
from iro_analysis.disclosure.policy import policy
from iro_analysis.disclosure.scope import FEW, REST_IS_FEW, figures_for_committee
from iro_analysis.disclosure.suppression import Background, cells_to_hide, view_of
from iro_analysis.errors import DisclosureError
from iro_analysis.indicators import evaluate


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (5, True), (6, False)])
def test_one_to_five_is_small(count, small):
    assert policy().is_small(count) == small


def test_an_unknown_setting_or_audience_is_refused(monkeypatch):
    from iro_analysis import codes
    from iro_analysis.disclosure import policy as module

    bare = module.policy.__wrapped__
    for change in ({"round_to": 5}, {"zeros_are_shown": False}, {"mitigation": "none"}):
        settings_ = {**codes.record("disclosure"), **change}
        monkeypatch.setattr(module.codes, "record", lambda name, s=settings_: s)
        with pytest.raises(DisclosureError):
            bare()
        monkeypatch.undo()
    with pytest.raises(DisclosureError, match="did you mean internal"):
        publish.publish(contracts.figures("looked_after", "all", [], unit="children"), "internl")


def test_only_the_gate_makes_published_figures():
    frame = contracts.figures("looked_after", "all", ["all"], unit="children")
    with pytest.raises(DisclosureError, match="only"):
        publish.Published(frame, "committee", policy())


def one_way(counts):
    system = LinearSystem(values={f"t|g|{n}": count for n, count in enumerate(counts)})
    system.values["t|all|all"] = sum(counts)
    system.add_sum("t|all|all", [f"t|g|{n}" for n in range(len(counts))])
    return system


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        pytest.param([3, 40, 60], [3, 40], id="a single small cell takes the next smallest along"),
        pytest.param([1, 1, 60], [1, 1, 60], id="two ones: their sum would give them away"),
        pytest.param([5, 5, 60], [5, 5], id="two that cover 1 to 5 for each other"),
        pytest.param([0, 7, 60], [], id="a zero is shown"),
        pytest.param([6, 7, 8], [], id="nothing is small"),
    ],
)
def test_as_few_as_possible_are_hidden_besides_the_small_ones(counts, hidden):
    system = one_way(counts)
    found = cells_to_hide(system, policy())
    assert sorted(system.values[cell] for cell in found if cell != "t|all|all") == sorted(hidden)


def whole_tables(counts, shown):
    """Every whole-number table that agrees with what is shown: brute force."""
    total = sum(counts)
    free = [n for n in range(len(counts)) if n not in shown]
    rest = total - sum(counts[n] for n in shown)
    for values in itertools.product(range(rest + 1), repeat=max(len(free) - 1, 0)):
        last = rest - sum(values)
        if free and last >= 0:
            yield dict(zip(free, [*values, last], strict=True))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_a_brute_force_attacker_finds_no_small_count_in_a_protected_table(counts):
    system = one_way(counts)
    hidden = cells_to_hide(system, policy())
    if "t|all|all" in hidden:
        return
    names = [f"t|g|{n}" for n in range(len(counts))]
    shown = [n for n, name in enumerate(names) if name not in hidden]
    zero_hidden = any(counts[n] == 0 for n in range(len(counts)) if n not in shown)
    floor = 0 if zero_hidden else 1
    fitting = [
        t for t in whole_tables(counts, shown) if all(value >= floor for value in t.values())
    ]
    for n in range(len(counts)):
        if 1 <= counts[n] <= 5:
            possible = {t[n] for t in fitting}
            assert max(possible) >= 5
            assert max(possible) - min(possible) >= 4


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=6, max_size=6))
def test_two_linked_tables_are_protected_as_one_system(counts):
    system = LinearSystem(values={f"c|{n}|x": count for n, count in enumerate(counts)})
    cells = list(system.values)
    for name, groups in {"row": [(0, 1, 2), (3, 4, 5)], "column": [(0, 3), (1, 4), (2, 5)]}.items():
        for number, group in enumerate(groups):
            total = f"{name}|{number}|x"
            system.values[total] = sum(counts[n] for n in group)
            system.add_sum(total, [cells[n] for n in group])
    hidden = cells_to_hide(system, policy())
    verdicts = Auditor(policy()).verdicts(view_of(system, hidden, policy(), Background()))
    assert {verdict.cell for verdict in verdicts} == hidden
    assert all(verdict.is_safe and is_proved(verdict) for verdict in verdicts)
    assert {c for c in system.values if policy().is_small(system.values[c])} <= hidden


def test_the_attacker_sees_through_primary_suppression_alone():
    view = view_of(one_way([3, 40, 60]), {"t|g|0"}, policy(), Background())
    [verdict] = Auditor(policy()).verdicts(view)
    assert (verdict.low, verdict.high, verdict.is_safe) == (3, 3, False)


PERIODS = [
    "2018-19",
    "2019-20",
    "2019-20-Q3",
    pytest.param("2022-08-01:2023-01-31", marks=pytest.mark.long),
]


@pytest.fixture(scope="module")
def demo_record(request):
    return shared_record(request.getfixturevalue("demo"))


@pytest.mark.parametrize("name", PERIODS)
def test_no_small_count_and_nothing_made_of_one_is_published(demo_record, name):
    figures = evaluate.all_figures(demo_record, periods.single(name))
    shown = publish.publish(figures, "committee").figures
    hidden = shown["status"] == "suppressed"
    assert shown.loc[hidden, FIGURE_NUMBERS].isna().all().all()
    assert shown.loc[hidden, "note"].eq("").all()
    ok = shown[shown["status"] == "ok"]
    own_counts = ok[~ok["note"].str.startswith("population") | ok["unit"].eq("ratio")]
    assert not own_counts["numerator"].between(1, 5).any()
    percents = ok[(ok["unit"] == "percent") & ok["denominator"].notna()]
    assert not (percents["denominator"] - percents["numerator"]).between(1, 5).any()


@pytest.mark.parametrize("name", PERIODS)
def test_most_figures_and_every_headline_stay_shown(demo_record, name):
    figures = evaluate.all_figures(demo_record, periods.single(name))
    shown = publish.publish(figures, "committee").figures
    given_ = shown[shown["status"].ne("not_available")]
    assert given_["status"].eq("ok").mean() >= 0.8
    # Not by showing less: of what the return gives, as much stands as without combined groups.
    all_there_is = figures_for_committee(figures, policy())["status"].eq("ok").sum()
    assert given_["status"].eq("ok").sum() > 0.62 * all_there_is
    small = {
        f"{row.measure}|{row.breakdown}|{row.group}"
        for row in figures.itertuples() if policy().is_small(row.numerator)
    }  # fmt: skip
    for cell in set(policy().keep_if_possible) - small:
        measure, breakdown, group = cell.split("|")
        rows = shown[
            (shown["measure"] == measure) & (shown["breakdown"] == breakdown)
            & (shown["group"] == group) & shown["status"].ne("not_available")
        ]  # fmt: skip
        assert rows["status"].eq("ok").all(), cell


@pytest.mark.parametrize("lasting", [0, 2, 9])
@pytest.mark.parametrize("period", ["2019-20", "2018-19"])
def test_the_routes_that_are_not_shown_do_not_follow_from_those_that_are(period, lasting):
    """All who reached a permanent home, less those published elsewhere, are a few: not shown."""
    breakdown, group = ("all", "all") if period == "2019-20" else ("period", period)
    counts = {"adopted": 8, "special_guardianship": 7, "returned_home": 9}
    counts["permanence_achieved"] = sum(counts.values()) + lasting
    rows = [
        contracts.figures(
            measure, breakdown, [group], unit="children", numerator=count, value=count,
            denominator=count if measure == "permanence_achieved" else 60,
        ).assign(period="2019-20")
        for measure, count in counts.items()
    ]  # fmt: skip
    shown = publish.publish(pd.concat(rows, ignore_index=True), "committee").figures
    assert shown["status"].eq("ok").all() == (lasting != 2)


def test_a_combined_group_holds_the_same_groups_wherever_it_is_named():
    for breakdown, entry in codes.record("combined_groups").items():
        held = {}
        own = {group for step in entry["steps"] for several in step.values() for group in several}
        for step in entry["steps"]:
            named = [group for several in step.values() for group in several]
            assert len(named) == len(set(named)), breakdown
            for label, groups in step.items():
                assert label not in own, label
                assert held.setdefault(label, groups) == groups, label


def test_derived_figures_go_with_their_count(demo_record):
    figures = evaluate.all_figures(demo_record, periods.single("2019-20"))
    shown = publish.publish(figures, "committee").figures.set_index(["measure", "group"])
    # Five of 19 pupils in 2017: the years are given in pairs; the trend made of them goes too.
    years = shown.loc["gcse_5_grade4_with_english_maths"].loc[["2017", "2018", "2019", "2020"]]
    assert years["value"].isna().all()
    assert years["note"].eq(combining.LARGER_ONLY).all()
    assert years[["numerator", "denominator"]].isna().all().all()
    pairs = shown.loc["gcse_5_grade4_with_english_maths"].loc[["2017 and 2018", "2019 and 2020"]]
    assert pairs["status"].eq("ok").all()
    assert shown.loc[("gcse_trend", "gcse_5_grade4_with_english_maths"), "status"] == "suppressed"
    assert pd.isna(shown.loc[("gcse_trend", "gcse_5_grade4_with_english_maths"), "value"])
    # Youth justice 3: given with the next smallest, so that 328 does not give it away.
    assert shown.loc[("looked_after", "Youth justice"), "status"] == "not_available"
    assert shown.loc[("looked_after", "Placement order"), "status"] == "not_available"
    both = shown.loc[("looked_after", "All further legal statuses")]
    assert (both["value"], both["denominator"]) == (15, 328)
    assert shown.loc[("looked_after", "Full care order"), "value"] == 177


def test_internal_figures_are_whole(demo_record):
    figures = evaluate.all_figures(demo_record, periods.single("2019-20"))
    assert publish.publish(figures, "internal").figures.equals(figures[contracts.FIGURE_COLUMNS])


def test_the_policy_cannot_be_changed_in_passing():
    with pytest.raises(dataclasses.FrozenInstanceError):
        policy().hide_to = 0


def test_a_figure_without_a_count_goes_with_the_count_behind_it_in_part_of_a_year():
    """Days lost by one suspended child were once given in a quarter's report."""
    rows = [
        ["2019-20-Q3", name, "period", group, count, count, value, "ok", "", "count"]
        for group, children, days in [("2019-20-Q2", 1, 2), ("2018-19-Q3", 20, 40)]
        for name, count, value in [
            ("suspended_children", children, children),
            ("suspended_days", float("nan"), days),
        ]
    ]
    names = ["period", "measure", "breakdown", "group", "numerator", "denominator", "value",
             "status", "note", "method"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names).assign(lower=float("nan"), upper=float("nan"))
    frame["unit"] = frame["measure"].map({"suspended_children": "children"}).fillna("days")
    carried = figures_for_committee(frame, policy()).set_index(["measure", "group"])
    assert carried.loc[("suspended_days", "2019-20-Q2"), "note"] == FEW
    assert pd.isna(carried.loc[("suspended_days", "2019-20-Q2"), "value"])
    assert carried.loc[("suspended_days", "2018-19-Q3"), "value"] == 40


def test_a_part_of_the_year_is_not_given_where_a_small_number_is_left_of_the_year_so_far():
    """A half year's 23 disputes of 27 hid the year's 27 later, since 4 would have followed."""

    def disputes(to_date):
        rows = [
            ("all", "all", 23),
            ("period", "2019-20-H1", to_date - 23),
            ("period", "2019-04-01:2020-03-31", to_date),
            ("period", "2019-20-H2", 23),
        ]
        return pd.concat(
            [
                contracts.figures(
                    "disputes", by, [group], unit="count", numerator=n, denominator=n, value=n
                ).assign(period="2019-20-H2")
                for by, group, n in rows
            ],
            ignore_index=True,
        )[contracts.FIGURE_COLUMNS]

    kept = figures_for_committee(disputes(27), policy())
    assert list(kept["status"]) == ["not_available", "not_available", "ok", "not_available"]
    assert list(kept["note"])[::3] == [REST_IS_FEW, REST_IS_FEW]
    assert figures_for_committee(disputes(50), policy())["status"].eq("ok").all()
