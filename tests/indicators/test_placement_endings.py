"""How placements end: worked examples, and that no step is of a few children."""

from __future__ import annotations

import numpy as np
import pytest
from builders import CHILD, read, shared_record, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.estimates import clustered, competing
from iro_analysis.indicators import evaluate, placement_endings
from iro_analysis.indicators.placement_endings import LEFT_CARE, NOT_RECORDED, PLANNED, UNPLANNED

YEAR = periods.single("2019-20")


def episode(child, start, end="", reason="", rec="", rne="S", place="U6"):
    return {
        "CHILD": child, "DECOM": start, "DEC": end, "REC": rec or ("X1" if end else ""),
        "REASON_PLACE_CHANGE": reason, "RNE": rne, "PLACE": place, "PL_POST": f"ZZ{child} {rne}",
    }  # fmt: skip


def record_of(tmp_path, rows):
    header = [{**CHILD, "CHILD": child} for child in dict.fromkeys(row["CHILD"] for row in rows)]
    write_return(tmp_path, rows, "2019-20", header)
    # The year before is held, and of another child: the same file twice would not be used.
    before = [episode("Before", "01/05/2018", "01/06/2018", rec="E4A")]
    write_return(tmp_path, before, "2018-19", [{**CHILD, "CHILD": "Before"}])
    return CareRecord.of(read(tmp_path))


@pytest.mark.parametrize(
    ("reason", "rec", "kind"),
    [
        ("CREQB", "", UNPLANNED), ("CARPL", "", PLANNED), ("OTHER", "", NOT_RECORDED),
        ("", "", NOT_RECORDED), ("", "E4A", LEFT_CARE), ("CREQB", "E12", LEFT_CARE),
    ],
)  # fmt: skip
def test_how_a_placement_ended(tmp_path, reason, rec, kind):
    rows = [episode("A", "01/05/2019", "01/08/2019", reason, rec)]
    if not rec:
        rows.append(episode("A", "01/08/2019", rne="P", place="K2"))
    found = placement_endings.with_endings(record_of(tmp_path, rows), YEAR)
    assert list(found["ending"]) == [kind] + ([0] if not rec else [])
    assert found["time"].iloc[0] == 92


def test_no_median_is_read_where_few_are_under_observation(demo):
    # Of other residential settings half have ended by day 259, when six are under observation.
    found = evaluate.figures(shared_record(demo), YEAR, "placement_median_duration", "placement")
    found = found.set_index("group")
    few = found.loc["Other residential settings"]
    assert few["status"] == "not_available"
    assert few["note"] == "fewer than half have ended while 10 or more are under observation"
    assert found.loc["Foster placements", "value"] == 196


def moves(number, day, reason="CREQB"):
    rows = []
    for n in range(number):
        child = f"{reason}{day}{n}"
        start = np.datetime64("2019-05-01") + n
        end = start + day
        text = [str(each).split("-") for each in (start, end)]
        first, then = ("/".join(reversed(parts)) for parts in text)
        rows += [episode(child, first, then, reason), episode(child, then, rne="P", place="K2")]
    return rows


def test_a_step_waits_until_six_endings_lie_behind_it(tmp_path):
    quiet = [episode(f"Q{n}", "01/05/2019") for n in range(40)]
    record = record_of(tmp_path, [*quiet, *moves(4, 20), *moves(3, 60), *moves(7, 120)])
    found = evaluate.figures(record, YEAR, "unplanned_ending", "days").set_index("group")
    assert found.loc["30", "status"] == "not_available"  # four children
    assert found.loc["90", "numerator"] == 7  # four and three
    assert found.loc["180", "numerator"] == 7
    assert found.loc["365", "status"] == "not_available"
    assert 0 < found.loc["90", "value"] < found.loc["180", "value"] < 1
    assert found.loc["90", "lower"] < found.loc["90", "value"] < found.loc["90", "upper"]


def test_planned_moves_compete_and_do_not_count(tmp_path):
    record = record_of(tmp_path, [*moves(30, 20, "CARPL"), *moves(30, 25)])
    found = evaluate.figures(record, YEAR, "unplanned_ending", "days").set_index("group")
    # Of 60 first and 60 second placements: 30 end planned at 20 days; 30 of the 90 left at 25.
    assert found.loc["30", "value"] == pytest.approx(90 / 120 * 30 / 90)


def test_under_ten_endings_there_is_no_curve(tmp_path):
    quiet = [episode(f"Q{n}", "01/05/2019") for n in range(40)]
    record = record_of(tmp_path, [*quiet, *moves(9, 60)])
    found = evaluate.figures(record, YEAR, "unplanned_ending", "days")
    assert "fewer than 10 placements ended unplanned" in found["note"].iloc[0]


def test_all_draws_at_once_agree_with_one_by_one():
    draw = np.random.default_rng(3)
    child = np.repeat(np.arange(60), 2)
    entry = np.where(draw.random(120) < 0.3, draw.integers(1, 50, 120), 0)
    time = entry + draw.integers(1, 300, 120)
    ending = draw.integers(0, 3, 120)

    def chance(rows):
        return [competing.incidence(entry[rows], time[rows], ending[rows]).at(1, 180)[0]]

    low, high = clustered.by_resampling_children(child, chance, repeats=300)
    quick = competing.limits_by_child(child, entry, time, ending, 1, [180], repeats=2000)
    assert quick[0] == pytest.approx(low, abs=0.03)
    assert quick[1] == pytest.approx(high, abs=0.03)
    assert competing.limits_by_child(child, entry, time, ending, 9, [180])[1] == 0


def test_kinds_of_few_placements_are_not_given(tmp_path):
    rows = [episode(f"F{n}", "01/05/2019") for n in range(15)]
    rows += [episode(f"R{n}", "01/05/2019", place="K2") for n in range(9)]
    found = evaluate.figures(record_of(tmp_path, rows), YEAR, "first_placement_lasting")
    found = found.set_index("group")
    assert found.loc["In-house foster care", "value"] == 1
    assert found.loc["Residential", "status"] == "not_available"


def british(day) -> str:
    return "/".join(reversed(str(np.datetime64(day)).split("-")))


def stay(child, start, days=None, left=False, reason="CREQB", second=None, place="U6"):
    """A first placement of so many days, then a move (for so many days) or the end of care."""
    if days is None:
        return [episode(child, british(start), place=place)]
    end = np.datetime64(start) + days
    if left:
        return [episode(child, british(start), british(end), rec="E4A", place=place)]
    moved = [episode(child, british(start), british(end), reason, place=place)]
    if second is None:
        return [*moved, episode(child, british(end), rne="P", place="K2")]
    last = british(end + second)
    return [*moved, episode(child, british(end), last, rec="E4A", rne="P", place="K2")]


def test_a_chance_at_the_least_of_everything_worked_out_by_hand(tmp_path):
    # 15 first placements and the 10 that followed, of 5 days each, are 25 from the first day on.
    # One of 25 ends unplanned on day 1; ten of 24 leave care on day 5; four of 14 on day 10 and
    # one of 10 on day 30 end unplanned: 1/25 + 4/25 + 1/25. Ten endings in all, six by day 30,
    # ten under observation then: the least that is given.
    rows = [row for n in range(5) for row in stay(f"Q{n}", "2019-05-01")]
    for n, days in enumerate([1, 10, 10, 10, 10, 30, 60, 60, 60, 60]):
        rows += stay(f"U{n}", "2019-05-01", days, second=5)
    found = evaluate.figures(record_of(tmp_path, rows), YEAR, "unplanned_ending", "days")
    found = found.set_index("group")
    assert found.loc["30", "value"] == pytest.approx(6 / 25)
    assert found.loc["30", ["numerator", "denominator"]].tolist() == [6, 10]
    few = "fewer than 10 placements are under observation then"
    assert found.loc[["90", "180", "365"], "note"].tolist() == [few] * 3


def test_few_under_observation_early_on_leave_all_later_days_without_a_figure(tmp_path):
    # Eight placements are seen from their first day; one ends on day 20. Thirty began three months
    # before the year and are seen from day 90 on: on day 180 there are 18 + 7 under observation.
    # On day 450 few are under observation again.
    rows = [row for n in range(7) for row in stay(f"A{n}", "2019-05-01")]
    rows += stay("A7", "2019-05-01", 20, second=5)
    for n in range(12):
        rows += stay(f"B{n}", "2019-01-01", 100, second=5)
    for n in range(12, 25):
        rows += stay(f"B{n}", "2019-01-01", 300, left=True)
    rows += stay("B25", "2019-01-01", 450, second=2)
    for n in range(26, 30):
        rows += stay(f"B{n}", "2019-01-01")
    record = record_of(tmp_path, rows)
    kept = placement_endings.with_endings(record, YEAR)
    assert ((kept["entry"] < 180) & (kept["time"] >= 180)).sum() == 25
    found = evaluate.figures(record, YEAR, "unplanned_ending", "days").set_index("group")
    assert found.loc["180", "note"] == "fewer than 10 placements are under observation then"


def lasting(tmp_path, foster, residential, further=()):
    """Figures of first placements from 1 May 2019 that ended after so many days (None: running)."""
    rows = list(further)
    for n, days in enumerate(foster):
        rows += stay(f"F{n}", "2019-05-01", days)
    for n, days in enumerate(residential):
        rows += stay(f"R{n}", "2019-05-01", days, place="K2")
    found = evaluate.figures(record_of(tmp_path, rows), YEAR, "first_placement_lasting")
    return found.set_index("group")


def test_first_placements_that_last_six_months_worked_out_by_hand(tmp_path):
    # 20 foster placements: two end on day 100, one on day 182 of the 18 left, one a day too late.
    foster = [100, 100, 182, 183, *[None] * 16]
    late = [row for n in range(3) for row in stay(f"L{n}", "2019-12-01")]  # seen for 121 days
    found = lasting(tmp_path, foster, [182, *[None] * 9], late)
    ours = found.loc["In-house foster care"]
    assert ours["value"] == pytest.approx(21 / 23 * 17 / 18)  # 23 with those seen for 121 days
    assert (ours["numerator"], ours["denominator"]) == (3, 18)
    least = found.loc["Residential"]  # ten under observation is the least that is given
    assert (least["value"], least["numerator"], least["denominator"]) == (0.9, 1, 10)


@pytest.mark.parametrize(
    ("foster", "residential", "said"),
    [
        ([None] * 15, [None] * 10, ""),  # nothing ended: there is nothing to compare
        ([20, *[None] * 14], [None] * 9, ""),  # one kind alone
        ([20, 30, *[None] * 13], [25, *[None] * 10], placement_endings.ALIKE),
        ([10, 20, 30, 40, 50, 60, 70, 80, *[None] * 12], [None] * 10, placement_endings.UNLIKE),
        ([*range(190, 230, 4), *range(190, 230, 4)], [None] * 10, placement_endings.UNLIKE),
        ([190] * 15, [190] * 12, placement_endings.ALIKE),  # all ended
    ],
)
def test_whether_kinds_of_first_placements_differ_at_all(tmp_path, foster, residential, said):
    found = lasting(tmp_path, foster, residential)
    assert (found.loc["In-house foster care", "note"] or "") == said
