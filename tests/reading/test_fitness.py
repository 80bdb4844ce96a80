"""Returns that cannot be joined: a year without a return between others."""

from __future__ import annotations

import pytest
from builders import EPISODES, add_module, read, write_csv, write_return

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.errors import PeriodError
from iro_analysis.indicators import evaluate
from iro_analysis.periods import single


def figure(authority, measure, group="all", breakdown="all"):
    rows = evaluate.figures(CareRecord.of(authority), single("2019-20"), measure, breakdown)
    [row] = rows[rows["group"] == group].itertuples(index=False)
    return row


def with_returns(folder, *others):
    """Ten children in care since 2018, reviewed in time; another ten in each of other years."""
    rows = [{"CHILD": f"SYN{i}", "DECOM": "01/05/2018", "LS": "C2"} for i in range(9)]
    rows.append({"CHILD": "SYN9", "DECOM": "01/06/2019", "LS": "C2"})
    write_return(folder, rows, "2019-20")
    held = "\n".join(f"SYN{i} 10/09/2019 PN1" for i in range(9)) + "\nSYN9 20/06/2019 PN1"
    add_module(folder, "reviews", f"CHILD REVIEW REVIEW_CODE\n{held}", DOB="15/06/2010")
    for year in others:
        early = [{"CHILD": f"OLD{i}", "DECOM": f"01/05/{year[:4]}", "LS": "C2"} for i in range(10)]
        write_return(folder, early, year)
    return read(folder)


def test_returns_before_a_gap_are_not_joined_to_those_after_it(tmp_path):
    alone, found = with_returns(tmp_path / "a"), with_returns(tmp_path / "b", "2016-17", "2017-18")
    assert found.returns == alone.returns == (2019,)
    for measure in ("reviews_on_time", "looked_after", "long_term_stability"):
        mine, other = figure(found, measure), figure(alone, measure)
        for part in ("status", "numerator", "denominator"):
            assert str(getattr(mine, part)) == str(getattr(other, part))
    before = figure(found, "looked_after", "2018-19", "period")
    assert before.numerator == 9  # the ten children of 2017-18 are not counted on


def test_a_gap_is_said_with_its_years_and_every_row_is_accounted_for(tmp_path):
    found = with_returns(tmp_path, "2016-17")
    [line] = [line for line in found.account.unusable if "across a gap" in line]
    assert line.startswith("no return of 2017-18 and 2018-19 with Episodes was given")
    assert "the returns up to 2016-17 are not used; give what is missing" in line
    totals = found.account.totals()
    assert totals["read"] == totals["used"] + totals["set_aside"]
    assert totals["set_aside"] == len(found.account.rows_set_aside) == 20  # episodes and children
    with pytest.raises(PeriodError, match="returns up to 2016-17 are not used"):
        found.check_covers(single("2016-17"))


@pytest.mark.parametrize(
    ("given", "said"), [("2017-18", "return of 2018-19 "), ("2015-16", "2016-17 to 2018-19")]
)
def test_the_years_of_a_gap_are_named(tmp_path, given, said):
    found = with_returns(tmp_path, given)
    [line] = [line for line in found.account.unusable if "across a gap" in line]
    assert said in line


def test_a_folder_with_a_mistyped_year_costs_no_other_return(tmp_path):
    rows = [{"CHILD": f"SYN{i}", "DECOM": f"{i % 28 + 1:02}/05/2019"} for i in range(30)]
    write_return(tmp_path, rows, "2019-20")
    copied = [{**dict.fromkeys(EPISODES, ""), "RNE": "S", "LS": "C2", "PLACE": "U6", **row}
              for row in rows]  # fmt: skip
    write_csv(tmp_path / "ssda903" / "2029-30" / "episodes.csv", EPISODES, copied)
    found = read(tmp_path)
    assert 2019 in found.returns
    assert not [line for line in found.account.unusable if "across a gap" in line]
