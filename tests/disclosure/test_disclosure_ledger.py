"""The ledger: later reports give earlier ones away neither by themselves nor after a fault."""

from __future__ import annotations

import json
import math
import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from attacker import found_out
from builders import is_proved, write_return

from iro_analysis import contracts, periods
from iro_analysis.contracts import FIGURE_COLUMNS
from iro_analysis.disclosure.audit import (
    Auditor,
    Guard,
    View,
    digest,
    misleading,
    revealed_by,
    without_a_fit,
)
from iro_analysis.disclosure.figure_cells import system_of
from iro_analysis.disclosure.linear_system import LinearSystem
from iro_analysis.disclosure.over_time import lasting_names
from iro_analysis.disclosure.policy import policy
from iro_analysis.disclosure.printing import WITHHELD
from iro_analysis.disclosure.publish import publish
from iro_analysis.disclosure.releases import Release, known_before
from iro_analysis.disclosure.suppression import cells_to_hide
from iro_analysis.errors import DisclosureError, OutputError
from iro_analysis.runner.ledger import Ledger
from iro_analysis.runner.outputs import figures_text
from iro_analysis.runner.places import Places
from iro_analysis.runner.prepare import Batch, private_store, released
from iro_analysis.runner.run import assemble
from iro_analysis.runner.tasks import Task
from iro_analysis.study import open_authority

Q1, Q2, YEAR = (periods.single(name) for name in ("2019-20-Q1", "2019-20-Q2", "2019-20"))


def report(period, **counts):
    """A report that holds advocacy referrals by route, from the counts of the routes."""
    total = sum(counts.values())
    rows = [("all", "all", total), *(("route", group, count) for group, count in counts.items())]
    frames = [
        {
            "period": period, "measure": "advocacy", "breakdown": breakdown, "group": group,
            "numerator": count, "denominator": total, "value": count, "unit": "count",
            "method": "count", "status": "ok", "note": "", "lower": None, "upper": None,
        }
        for breakdown, group, count in rows
    ]  # fmt: skip
    return pd.DataFrame(frames)[FIGURE_COLUMNS].astype(
        dict.fromkeys(contracts.FIGURE_NUMBERS, float)
    )


def shown(published):
    rows = published.figures[published.figures["status"] == "ok"]
    return dict(zip(rows["group"], rows["value"].astype(int), strict=True))


@pytest.fixture(autouse=True)
def group_by_group(monkeypatch):
    """Groups as they come, in every period: what the audit itself lets through."""
    apart = replace(policy(), combine_above=1.0, whole_only_above=1.0, in_year="full")
    monkeypatch.setattr("iro_analysis.disclosure.publish.policy", lambda: apart)


QUARTERS = [
    report("2019-20-Q1", one=3, two=30, three=20),
    report("2019-20-Q2", one=9, two=8, three=11),
    report("2019-20-Q3", one=7, two=12, three=9),
    report("2019-20-Q4", one=8, two=10, three=14),
]
WHOLE = report("2019-20", one=27, two=60, three=54)


def test_a_year_gives_no_quarter_away():
    earlier = []
    for quarter in QUARTERS:
        earlier.append(publish(quarter, "committee", earlier).release)
    assert "one" in shown(publish(WHOLE, "committee"))
    year = publish(WHOLE, "committee", earlier)
    assert "one" not in shown(year)  # 27 less 9, 7 and 8 would be the 3 of the first quarter
    reports = [publish(quarter, "committee").figures for quarter in QUARTERS]
    inside = [figures_text(frame) for frame in [*QUARTERS, WHOLE]]
    safe = [*map(figures_text, reports), figures_text(year.figures)]
    assert found_out(safe, inside)[0] == []
    without = [*map(figures_text, reports), figures_text(publish(WHOLE, "committee").figures)]
    assert {cell[2] for cell, *_ in found_out(without, inside)[0]} == {"one", "three"}


def test_a_quarter_gives_no_year_away_that_came_first():
    earlier, frames = [], []
    for figures in [WHOLE, *QUARTERS]:
        published = publish(figures, "committee", earlier)
        earlier.append(published.release)
        frames.append(published.figures)
    hidden = [{cell for cell in release.hidden if "route" in cell} for release in earlier]
    assert len(hidden[1]) == 2  # the quarter with the 3
    inside = [figures_text(frame) for frame in [WHOLE, *QUARTERS]]
    outside = [figures_text(frame) for frame in frames]
    assert found_out(outside, inside)[:2] == ([], [])


def test_a_year_gives_no_quarter_away_though_another_year_is_not_its_quarters():
    """A child counted in two quarters of one year is no reason to forget the sums of the next."""
    apart = [
        report("2018-19-Q1", one=9, two=30, three=20), report("2018-19-Q2", one=9, two=8, three=11),
        report("2018-19-Q3", one=7, two=12, three=9), report("2018-19-Q4", one=8, two=10, three=14),
        report("2018-19", one=32, two=60, three=54),
    ]  # fmt: skip
    earlier = []
    for figures in [*apart, *QUARTERS]:
        earlier.append(publish(figures, "committee", earlier).release)
    assert any("|one @ 2018-04-01:2019-03-31" in link for link in earlier[4].loose)
    assert "one" not in shown(publish(WHOLE, "committee", earlier))


def test_of_sums_that_do_not_fit_together_only_those_that_mislead_are_left_out():
    true = {"year": -1, "first": 1, "second": 1}
    false = {"other year": -1, "other first": 1, "other second": 1}
    beside = {"both": -1, "second": 1, "other second": 1}
    known = {"year": 9, "first": 6, "both": 12, "other year": 5, "other first": 7}
    guarded = {"second": Guard(1, True), "other second": Guard(1, True)}
    doubtful = [true, false]
    view = View([beside, *doubtful], known, guarded)
    assert misleading(view, doubtful) == [false]
    assert misleading(View([beside, true], known, guarded), [true]) == []
    # Nothing fits even without them: there is no answer, and nothing is called false.
    assert misleading(View([{"second": 1}, beside, *doubtful], known, guarded), doubtful) == []


def test_a_sum_that_does_not_hold_is_left_out_beside_a_report_that_was_corrected():
    kind, year, first = "referrals|route|", "2019-04-01:2020-03-31", "2019-04-01:2019-06-30"
    one, whole = f"{kind}one @ {first}", f"{kind}one @ {year}"
    three, total = f"{kind}three @ {first}", f"{kind}all @ {first}"
    issued = Release("2019-20-Q1", {total: 10}, frozenset([one]), [{total: -1, three: 1, one: 1}])
    later = Release("2019-20", {whole: 3, f"{kind}one @ 2019-07-01:2020-03-31": 9}, frozenset(), [])
    corrected = LinearSystem(values={three: 12})  # more than the 10 that were all
    background = known_before([issued, later], corrected, policy())
    view = View(background.rows, {**background.known, **corrected.values}, background.guarded)
    assert without_a_fit(view) == set()


def test_the_same_report_again_is_the_same_whatever_came_after_it():
    first = publish(QUARTERS[0], "committee")
    second = publish(QUARTERS[1], "committee", [first.release])
    year = publish(WHOLE, "committee", [first.release, second.release])
    again = publish(QUARTERS[0], "committee", [first.release, second.release, year.release])
    pd.testing.assert_frame_equal(again.figures, first.figures)


def test_a_corrected_report_gives_the_first_issue_not_away():
    first = publish(report("2019-20", one=3, two=7, three=30), "committee")
    assert set(shown(first)) == {"all", "three"}
    # Ten more in the third group: the two others are what they were, and stay hidden.
    second = publish(report("2019-20", one=3, two=7, three=40), "committee", [first.release])
    assert set(shown(second)) == {"all", "three"}
    # The first group has grown past the small numbers; the second would give the old one away.
    third = publish(report("2019-20", one=9, two=7, three=30), "committee", [first.release])
    assert "two" not in shown(third)


def test_a_release_keeps_no_hidden_number_and_comes_back_as_it_was():
    release = publish(QUARTERS[0], "committee").release
    plain = json.loads(json.dumps(release.plain()))
    assert Release.of_plain(plain) == release
    hidden = {name for name in plain["counts"] if "|one" in name}
    assert hidden
    assert not {plain["counts"][int(number)] for number in plain["shown"]} & hidden


def test_the_audit_names_the_count_and_what_gives_it_away_and_a_time_out_is_unsafe(monkeypatch):
    row = {"all": -1, "one": 1, "two": 1, "rest": 1}
    view = View([row], {"all": 53, "two": 30, "rest": 20}, {"one": Guard(1, True)})
    [verdict] = Auditor(policy()).verdicts(view)
    assert (verdict.low, verdict.high, verdict.is_safe) == (3, 3, False)
    assert revealed_by(verdict, view, policy()) == ["all", "rest", "two"]
    wide = View([row], {"all": 53, "two": 30}, {"one": Guard(1, True), "rest": Guard(1, False)})
    safe = Auditor(policy()).verdicts(wide)
    assert all(each.is_safe and is_proved(each) for each in safe)
    assert digest(safe) == digest(reversed(safe))
    guards = {"one": Guard(1, True), "two": Guard(1, False), "rest": Guard(1, False)}
    wider = View([row], {"all": 53}, guards)
    assert all(each.is_safe and is_proved(each) for each in Auditor(policy()).verdicts(wider))
    import scipy.optimize

    milp = scipy.optimize.milp

    def given_up(*arguments, **options):
        result = milp(*arguments, **options)
        result.status, result.x = 1, None
        return result

    monkeypatch.setattr(scipy.optimize, "milp", given_up)
    assert all(each.is_safe for each in Auditor(policy()).verdicts(wide))  # bounds settle these
    assert not any(each.is_safe for each in Auditor(policy()).verdicts(wider))


DAYS = " @ 2019-04-01:2019-06-30"
GIVEN_AWAY = Release(
    "2019-20-H1",
    {
        f"advocacy|all|all{DAYS}": 53,
        f"advocacy|route|two{DAYS}": 30,
        f"advocacy|route|three{DAYS}": 20,
    },
    frozenset(),
    [],
)


def test_what_cannot_be_protected_is_refused_by_name():
    own = system_of(QUARTERS[0], policy())
    system = own.renamed(lasting_names(own, periods.single("2019-20-Q1")))
    background = known_before([GIVEN_AWAY], system, policy())
    with pytest.raises(DisclosureError, match=r"advocacy, route, one @ .* from advocacy, all, all"):
        cells_to_hide(system, policy(), background)


def test_what_was_given_away_before_is_withheld_and_stops_no_report():
    published = publish(QUARTERS[0], "committee", [GIVEN_AWAY])
    assert published.certificate.known_already == 1
    rows = {row.group: row for row in published.select("advocacy", "route")}
    assert (rows["one"].status, rows["one"].note) == ("not_available", WITHHELD)
    assert math.isnan(rows["one"].value)
    assert publish(QUARTERS[0], "committee").certificate.known_already == 0


def test_what_was_given_away_may_be_small_by_the_children_behind_it():
    """Seven reviews are many, of three children few: no earlier report could know."""
    counts = report("2019-20", one=7, two=34)
    behind = {"advocacy|route|one": 3, "advocacy|route|two": 20, "advocacy|all|all": 23}
    days = " @ 2019-04-01:2020-03-31"
    earlier = Release(
        "2020-21",
        {f"advocacy|all|all{days}": 41, f"advocacy|route|two{days}": 34},
        frozenset({f"advocacy|route|one{days}"}),
        [{f"advocacy|all|all{days}": -1} | {f"advocacy|route|{each}{days}": 1
                                            for each in ("one", "two")}],
    )  # fmt: skip
    published = publish(counts, "committee", [earlier], behind=behind)
    rows = {row.group: row for row in published.select("advocacy", "route")}
    assert (rows["one"].status, rows["one"].note) == ("not_available", WITHHELD)


GROUPS = ("one", "two", "three")


@pytest.mark.parametrize(
    ("before", "now", "withheld"),
    [
        ({"one": 8, "two": 90, "three": 30}, {"one": 9, "two": 89, "three": 30}, ["one", "two"]),
        ({"one": 8, "two": 90, "three": 30}, {"one": 5, "two": 93, "three": 30}, ["one", "two"]),
        ({"one": 8, "two": 90, "three": 30}, {"one": 20, "two": 78, "three": 30}, []),
        ({"one": 8, "two": 90, "three": 30}, {"one": 8, "two": 90, "three": 30}, []),
        # Where the change would follow from the other groups, nothing says which group it is.
        ({"one": 8, "two": 90, "three": 30}, {"one": 9, "two": 90, "three": 30}, [*GROUPS]),
        ({"one": 8, "two": 90, "three": 30}, {"one": 9, "two": 80, "three": 39}, [*GROUPS]),
    ],
)
def test_two_reports_do_not_tell_whose_record_was_corrected(before, now, withheld):
    """Break 14: 90 and 89, 8 and 9 say that one child's record moved from the one to the other."""
    first = publish(report("2019-20", **before), "committee")
    second = publish(report("2019-20", **now), "committee", [first.release])
    given = {row.group: row for row in second.select("advocacy", "route")}
    assert [group for group, row in given.items() if row.status == "not_available"] == withheld
    assert {row.note for row in given.values() if row.status == "not_available"} <= {WITHHELD}
    assert [row.status for row in given.values() if row.group not in withheld] == ["ok"] * (
        3 - len(withheld)
    )
    assert [row.value for row in second.select("advocacy", "all")] == [sum(now.values())]
    third = publish(report("2019-20", **now), "committee", [first.release, second.release])
    pd.testing.assert_frame_equal(third.figures, second.figures)


@pytest.fixture
def place(tmp_path, figures_once):
    rows = [{"CHILD": f"SYN{n}", "DECOM": "01/05/2019"} for n in range(40)]
    return write_return(tmp_path / "small", rows), tmp_path / "out"


def run(place, names, audience="committee"):
    data, out = place
    tasks = [Task(str(data), periods.single(n), str(out), audience, ()) for n in names]
    with private_store() as store:
        yield from released(Batch(tasks, open_authority(str(data))), store)


def places(place):
    return Places(place[1], "small")


def entries(place):
    return sorted(path.name for path in places(place).ledger.glob("0*.json"))


@pytest.mark.slow
def test_an_entry_is_pending_until_the_report_is_in_place(place):
    for task, study in run(place, ["2019-20"]):
        assert [name.partition(".pending")[0] for name in entries(place)] == ["000001-2019-20"]
        assert assemble(task, study, [], datetime.now(UTC)).folder
    assert entries(place) == ["000001-2019-20.json"]
    for task, study in run(place, ["2019-20"]):  # the same again adds nothing
        assemble(task, study, [], datetime.now(UTC))
    assert entries(place) == ["000001-2019-20.json"]
    text = (places(place).ledger / "000001-2019-20.json").read_text(encoding="utf-8")
    assert "SYN" not in text
    manifest = json.loads((place[1] / "small" / "2019-20" / "manifest.json").read_text("utf-8"))
    assert manifest["disclosure"]["audit"] == "safe"


def test_an_internal_run_writes_nothing_to_it(place):
    for task, study in run(place, ["2019-20"], "internal"):
        assert assemble(task, study, [], datetime.now(UTC)).folder
    assert not places(place).ledger.exists()


@pytest.mark.parametrize("in_place", [False, True])
def test_what_a_killed_run_left_agrees_with_the_reports(place, in_place, monkeypatch):
    for task, study in run(place, ["2019-20"]):
        if in_place:
            monkeypatch.setattr(Ledger, "settle", lambda *_: None)
            assemble(task, study, [], datetime.now(UTC))
            monkeypatch.undo()
    [left] = places(place).ledger.glob("0*.json")
    gone = multiprocessing.get_context("spawn").Process(target=print)
    gone.start()
    gone.join()
    name = left.name.rsplit("-", 1)[0] + f"-{gone.pid}.json"
    left.rename(left.with_name(name))
    ledger = Ledger(places(place))
    with ledger.deciding():
        assert len(ledger.releases()) == in_place
    assert entries(place) == ["000001-2019-20.json"] * in_place


def test_a_report_that_is_not_written_leaves_no_entry(place):
    from iro_analysis.runner.sheets import Sheet

    stopped = Sheet("report", "", "", ("it stopped",), 1)
    for task, study in run(place, ["2019-20"]):
        assert not assemble(task, study, [stopped], datetime.now(UTC)).folder
    assert entries(place) == []


def _decide(out, number):
    ledger = Ledger(Places(out, "small"))
    with ledger.deciding():
        release = Release(f"{number}", {}, frozenset(), [])
        ledger.reserve(release, "", periods.single(f"20{number}-{number + 1}"))
    ledger.settle(periods.single(f"20{number}-{number + 1}"))


@pytest.mark.slow
def test_two_runs_at_once_lose_no_entry(tmp_path):
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=_decide, args=(tmp_path, number)) for number in (17, 18, 19)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    names = [path.name for path in Places(tmp_path, "small").ledger.glob("0*.json")]
    assert sorted(name[:6] for name in names) == ["000001", "000002", "000003"]


def test_an_entry_that_cannot_be_read_stops_the_run(place):
    folder = places(place).ledger
    folder.mkdir(parents=True)
    (folder / "000001-2018-19.json").write_text("{", encoding="utf-8")
    [(_, problem)] = run(place, ["2019-20"])
    assert isinstance(problem, OutputError)
    assert "000001-2018-19.json" in str(problem)
