"""Returns that cannot be used as a whole: across a gap, of strangers, of another year."""

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


OUTCOMES = "CHILD DOB SDQ_SCORE IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT CONVICTED\n"


def in_two_years(folder, mine, before, module="oc2"):
    """Twenty children in care throughout, with the rows of a module in two returns."""
    rows = [{"CHILD": f"SYN{i:02}", "DECOM": "01/05/2017", "LS": "C2"} for i in range(20)]
    for year in ("2018-19", "2019-20"):
        new = {"CHILD": f"NEW{year}", "DECOM": f"01/06/{year[:4]}", "LS": "C2"}
        write_return(folder, [*rows, new], year)
    add_module(folder, module, mine, "2019-20")
    add_module(folder, module, before, "2018-19")
    return read(folder)


def outcomes(done, score=10):
    return OUTCOMES + "\n".join(
        f"SYN{i:02} 15/06/2006 {score + i % 3} 1 1 {int(i < done)} 0" for i in range(20)
    )


def test_outcomes_of_another_year_are_not_counted(tmp_path):
    found = in_two_years(tmp_path / "a", outcomes(12), outcomes(18))
    assert figure(found, "health_assessment").numerator == 12
    found = in_two_years(tmp_path / "b", outcomes(18), outcomes(18))
    row = figure(found, "health_assessment")
    assert row.status == "not_available"
    assert row.note.startswith("2019-20/oc2.csv holds the same rows as 2018-19/oc2.csv")
    assert len(found.account.unusable) == 2  # a line for each year


def test_care_leavers_of_another_year_are_not_counted(tmp_path):
    rows = "CHILD DOB IN_TOUCH ACTIV ACCOM\n" + "\n".join(
        f"L{i:02} {i + 1:02}/06/2001 YES F2 U1" for i in range(12)
    )
    found = in_two_years(tmp_path, rows, rows, "oc3")
    assert figure(found, "care_leavers_in_touch").status == "not_available"


@pytest.mark.parametrize(("strangers", "status"), [(2, "ok"), (5, "not_available")])
def test_reviews_of_children_without_an_episode_are_no_reviews_held(tmp_path, strangers, status):
    rows = [{"CHILD": f"SYN{i:02}", "DECOM": "01/05/2019", "LS": "C2"} for i in range(20)]
    write_return(tmp_path, rows)
    names = [f"syn{i:02}" if i < strangers else f"SYN{i:02}" for i in range(20)]
    held = "\n".join(f"{name} 15/06/2010 20/05/2019 PN1" for name in names)
    add_module(tmp_path, "reviews", f"CHILD DOB REVIEW REVIEW_CODE\n{held}")
    found = read(tmp_path)
    row = figure(found, "reviews_held")
    assert row.status == status
    assert row.value == 18 or "are of children who are in no Episodes file" in row.note
    assert found.account.whole == (status == "ok")
