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
