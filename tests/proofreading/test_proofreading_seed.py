"""The printed report of 2019-20: what it says against itself, and what agrees, listed by hand."""

from __future__ import annotations

import pytest

from iro_analysis.proofreading import checks, documents

# Line, number of the check, words of the answer: every one worked out by hand.
CONTRADICTIONS = [
    pytest.param(30, 6, "3% or 73%", id="age: 3% in the summary, 73% in the text"),
    pytest.param(30, 5, "Correct the percentage", id="age: 'mainly' of 3%"),
    pytest.param(205, 7, "65.7% (652 of 992)", id="participation: 629+19+2+2 is not over 69%"),
    pytest.param(220, 5, "Say one of the two", id="participation: a dip that increased"),
    pytest.param(268, 1, "34% (110 of 328)", id="placement: in-house 33.5"),
    pytest.param(268, 1, "30% (97 of 328)", id="placement: agency 29.6"),
    pytest.param(268, 1, "16% (51 of 328)", id="placement: connected persons 15.5"),
    pytest.param(268, 1, "21% (69 of 328)", id="placement: residential 21.04"),
    pytest.param(268, 1, "63% (207 of 328)", id="placement: fostered, 110 and 97"),
    pytest.param(268, 3, "the other 1 of the 328", id="placement: 327 of 328"),
    pytest.param(268, 4, "each out of 328", id="all ten fit 348 rounded up"),
    pytest.param(269, 1, "54% (177 of 328)", id="legal: full care orders 53.96"),
    pytest.param(269, 1, "20% (64 of 328)", id="legal: interim 19.5"),
    pytest.param(269, 1, "22% (72 of 328)", id="legal: section 20 21.95"),
    pytest.param(305, 1, "58% (18 of 31), or 45% (14 of 31)", id="GCSE: 45% (18 pupils) of 31"),
]
# Lines whose figures agree: sums, shares, directions, parts that round to 101.
CONSISTENT = [
    142, 208, 209, 210, 211, 212, 213, 214, 215, 217, 222, 231, 247, 254, 258, 273, 274, 281, 292,
    299, 300, 303, 304, 306, 402,
]  # fmt: skip


@pytest.fixture(scope="module")
def report(shared):
    return documents.read(shared / "seeds" / "annual_report_2019-20.txt")


@pytest.fixture(scope="module")
def found(report):
    return checks.against_itself(report)


@pytest.mark.parametrize(("line", "number", "words"), CONTRADICTIONS)
def test_each_contradiction_is_found_at_its_line(found, line, number, words):
    here = [one for one in found if (one.place.line, one.number) == (line, number)]
    assert any(words in one.instead for one in here), here


def test_nothing_else_is_found(found):
    assert len(found) == len(CONTRADICTIONS)
    assert not {one.place.line for one in found} & set(CONSISTENT)


def test_the_consistent_figures_were_read_and_not_only_passed_over(report):
    read = {figure.place.line for figure in report.figures}
    assert set(CONSISTENT) <= read


def test_last_years_number_explains_all_ten(found):
    [one] = [finding for finding in found if finding.number == 4]
    assert "All 10 percentages" in one.says
    assert "348 (March 2019, line 247), rounded up, an earlier number" in one.says


def test_the_wrong_count_is_traced_to_the_row_below(found):
    [one] = [finding for finding in found if finding.place.line == 305]
    assert "18 is the count of '1 GCSE' (line 306, 58% (18 pupils))" in one.says


def test_a_fraction_in_words_is_listed(report):
    assert [(one.place.line, one.why.split()[0]) for one in report.unread] == [(220, "a")]
