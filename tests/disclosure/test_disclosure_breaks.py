"""Ways in which published figures once gave hidden numbers away: each is closed.

Break 9 (DfE's tables) is in ``test_disclosure_elsewhere.py``, breaks 10 and 12 (places, lost and
second ledgers) in ``test_places.py``, break 14 (corrections) in ``test_disclosure_ledger.py``.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from builders import read, shared_record

from iro_analysis import contracts, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import FIGURE_COLUMNS, FIGURE_NUMBERS
from iro_analysis.disclosure.certificate import Certificate
from iro_analysis.disclosure.contributors import children_behind
from iro_analysis.disclosure.figure_cells import of_row, system_of
from iro_analysis.disclosure.over_time import lasting_names
from iro_analysis.disclosure.policy import policy, policy_for
from iro_analysis.disclosure.publish import publish
from iro_analysis.disclosure.scope import FEW, YEARLY, figures_for_committee
from iro_analysis.errors import DisclosureError
from iro_analysis.indicators import evaluate
from iro_analysis.periods import single
from iro_analysis.study import Study


def counts(measure, breakdown, groups, unit="count", period="2019-20", denominator=None):
    """Figures of counts by group, with their total."""
    values = list(groups.values())
    return contracts.figures(
        measure, breakdown, list(groups), unit=unit, numerator=values, value=values,
        denominator=sum(values) if denominator is None else denominator,
    ).assign(period=period)[FIGURE_COLUMNS]  # fmt: skip


def status(published, measure, breakdown, group):
    rows = published.figures
    mine = rows["measure"].eq(measure) & rows["breakdown"].eq(breakdown) & rows["group"].eq(group)
    return rows.loc[mine, "status"].iloc[0]


@pytest.fixture
def apart(monkeypatch):
    """Everything group by group: what the audit itself lets through."""
    own = replace(policy(), combine_above=1.0, whole_only_above=1.0, in_year="full")
    monkeypatch.setattr("iro_analysis.disclosure.publish.policy", lambda: own)


def test_reasons_for_moves_and_whether_they_were_planned_are_one_table(demo):
    """Break 1: 9 in a combined group less 7 not known to be planned were 2 custody moves."""
    record = shared_record(demo)
    shown = publish(evaluate.all_figures(record, periods.single("2019-20")), "committee")
    label = "Custody arrangement or other reason"
    assert status(shown, "placement_changes", "reason", label) == "suppressed"
    assert status(shown, "placement_changes", "planned", "Not known") == "ok"


def gcse(years, pairs, whole, period="2019-20"):
    frames = []
    for breakdown, groups in [("cohort_year", years), ("cohort_pair", pairs), ("all", whole)]:
        for group, (reached, pupils, is_given) in groups.items():
            frames.append(
                contracts.figures(
                    "gcse_1_any", breakdown, [group], unit="percent", numerator=reached,
                    denominator=pupils, value=reached / pupils * 100 if is_given else None,
                    status="ok" if is_given else "not_available",
                    note="" if is_given else "fewer than 10 pupils: no percentage is given",
                )
            )  # fmt: skip
    return pd.concat(frames, ignore_index=True).assign(period=period)[FIGURE_COLUMNS]


def test_two_years_together_are_the_two_years_though_no_percentage_is_given(apart):
    """Break 2: 30 of 43 less the later pair's 17 of 27 were 13 of 16: three without."""
    frame = gcse(
        {
            "2017": (7, 8, False), "2018": (6, 8, False),
            "2019": (8, 14, True), "2020": (9, 13, True),
        },
        {"2017 and 2018": (13, 16, True), "2019 and 2020": (17, 27, True)},
        {"all": (30, 43, True)},
    )  # fmt: skip
    shown = publish(frame, "committee")
    given = [
        status(shown, "gcse_1_any", "cohort_pair", "2019 and 2020"),
        status(shown, "gcse_1_any", "all", "all"),
    ]
    assert status(shown, "gcse_1_any", "cohort_pair", "2017 and 2018") == "suppressed"
    assert given != ["ok", "ok"]
    assert shown.figures.loc[shown.figures["status"].ne("ok"), FIGURE_NUMBERS].isna().all().all()


def test_pools_of_other_cohorts_are_other_counts():
    """Break 3: two pools had one name, so that the second read as a correction of the first."""
    names = []
    for years in (["2017", "2018"], ["2017", "2018", "2019"]):
        own = dict.fromkeys(years, (11, 13, True))
        whole = {"all": (11 * len(years), 13 * len(years), True)}
        system = system_of(gcse(own, {}, whole), policy())
        names.append(lasting_names(system, periods.single("2019-20"))["gcse_1_any|all|all"])
    assert len(set(names)) == 2


def test_months_together_are_known_by_their_days():
    """Break 6: "April to September" less the first quarter was the second."""
    groups = {"April to September 2019": 11, "October 2019 to March 2020": 20}
    system = system_of(counts("disputes", "month", groups), policy())
    names = lasting_names(system, periods.single("2019-20"))
    assert {names[f"disputes|month|{group}"] for group in groups} == {
        "disputes|all|all @ 2019-04-01:2019-09-30",
        "disputes|all|all @ 2019-10-01:2020-03-31",
    }


def test_a_part_of_a_year_carries_whole_counts_that_are_not_near_the_small_ones(demo):
    """Breaks 4 and 8: what a year leaves of its quarters follows, in whichever order."""
    record = shared_record(demo)
    shown = publish(evaluate.all_figures(record, periods.single("2019-20-Q3")), "committee")
    rows = shown.figures
    flows = rows[rows["measure"].isin(["started", "ceased", "returned_home", "disputes"])]
    given = flows[flows["status"].eq("ok")]
    assert len(given)
    assert given["breakdown"].isin(["all", "period"]).all()
    assert (given["numerator"] >= policy().in_year_from).all()
    assert {FEW, YEARLY} <= set(flows.loc[flows["status"].eq("not_available"), "note"])
    assert rows.loc[rows["measure"].eq("looked_after"), "status"].eq("ok").sum() > 10


@pytest.mark.parametrize(
    ("days", "count", "is_given"),
    [
        ("2019-04-01:2019-12-31", 17, False),  # of nine months: about 6 in the other three
        ("2019-04-01:2019-12-31", 45, False),  # 14.9 in 91 days
        ("2019-04-01:2019-12-31", 46, True),
        ("2019-20-H1", 15, True),
        ("2019-20-Q1", 15, True),
        ("2019-20-Q1", 14, False),
        ("2018-09-01:2019-04-30", 17, True),  # parts of two years: no year's report holds it
    ],
)
def test_a_part_is_given_where_the_rest_of_the_year_is_not_expected_to_be_small(
    days, count, is_given
):
    """Nine months' 17 adoptions and the year's 21 gave away the 4 between."""
    figures = counts("disputes", "all", {"all": count}, period=days)
    assert figures_for_committee(figures, policy())["status"].eq("ok").all() == is_given


def test_the_certificate_says_what_follows_and_what_was_not_asked():
    """Break 5: small counts that follow from elsewhere were printed with "no number can be"."""
    clean = Certificate(10, 2, 4, "")
    assert "none of the 4 numbers" in clean.line
    assert "follow" not in clean.line.partition("DfE")[2]
    line = replace(clean, known_already=3).line
    assert "3 further small numbers follow" in line
    assert "Not considered:" in line
    assert "nobody has agreed it" in clean.line
    assert "nobody" not in replace(clean, agreed=True).line


def test_officers_who_are_few_are_not_given_by_their_hours(apart):
    """Break 7: [c] beside 4.6 full-time equivalents was 5."""
    hours = contracts.figures(
        "caseload_per_officer", "all", ["all"], unit="children", numerator=280, denominator=4.6,
        value=280 / 4.6,
    ).assign(period="2019-20")[FIGURE_COLUMNS]  # fmt: skip
    frame = pd.concat([counts("officers", "all", {"all": 5}), hours], ignore_index=True)
    shown = publish(frame, "committee")
    assert status(shown, "caseload_per_officer", "all", "all") == "suppressed"


def test_the_ledger_does_not_say_which_hidden_counts_are_small(apart):
    """Break 11: a flag beside every [c] said small or not small."""
    frame = counts("advocacy", "route", {"one": 3, "two": 30, "three": 20, "four": 9})
    release = publish(frame, "committee").release
    assert len(release.hidden) == 2
    plain = json.dumps(release.plain())
    assert set(release.plain()) == {"period", "counts", "shown", "hidden", "loose", "rows"}
    assert not {"true", "false", "null"} & set(plain.replace(",", " ").replace("]", " ").split())


def test_events_of_few_children_are_hidden(shared):
    """Break 13: one child with eight moves showed as "Allegation: 8 of 8"."""
    record = CareRecord.of(read(shared / "cases" / "eight_moves_of_one_child"))
    period = periods.single("2019-20")
    figures = evaluate.all_figures(record, period)
    behind = children_behind(record, period, figures)
    assert behind["placement_changes|reason|Allegation (s47)"] == 1
    assert behind["midway_reviews|all|all"] == 1
    shown = publish(figures, "committee", (), behind).figures
    mine = shown["measure"].isin(["placement_changes", "midway_reviews"])
    assert not (mine & shown["status"].eq("ok") & shown["numerator"].gt(0)).any()
    assert Study.of_record(record, period, "committee").everything.figures.equals(shown)


def test_an_authority_may_hide_more_and_says_who_agreed_it():
    from datetime import date

    own = {"hide_to": 9, "agreed_by": "Information governance lead", "agreed_on": date(2026, 3, 2)}
    stricter = policy_for({"disclosure": own})
    assert stricter.is_small(9)
    assert stricter.agreed_on == "2026-03-02"
    frame = counts("advocacy", "route", {"one": 8, "two": 30, "three": 20, "four": 19})
    shown = publish(frame, "committee", rules=stricter)
    assert status(shown, "advocacy", "route", "one") != "ok"
    assert shown.certificate.agreed
    assert policy_for({}) == policy()
    for wrong in ({"hide_to": 3}, {"hide_to": "9"}, {"agreed_by": "somebody"}, {"threshold": 10}):
        with pytest.raises(DisclosureError, match=r"authority.toml \[disclosure\]"):
            policy_for({"disclosure": wrong})


@pytest.mark.parametrize(
    "period", ["2019-20-Q3", pytest.param("2022-08-01:2023-01-31", marks=pytest.mark.long)]
)
def test_no_figure_of_part_of_a_year_is_made_of_a_count_left_out(demo, period):
    """Two suspended days are not given where the one suspended child is not."""
    figures = evaluate.all_figures(shared_record(demo), single(period))
    kept = figures_for_committee(figures, policy())
    rows = [row for row in kept.itertuples(index=False) if row.status == "ok"]
    cells = [of_row(row) for row in rows]
    given = {cell for each in cells for cell in each.shown}
    assert not [r.measure for r, each in zip(rows, cells, strict=True) if set(each.behind) - given]
