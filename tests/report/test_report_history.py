"""How a figure stands to its past, in words that its comparisons bear out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from iro_analysis import periods
from iro_analysis.comparisons import Comparison, Kind, Verdict
from iro_analysis.report.figure import Figure, Ref
from iro_analysis.report.figures import ENGLAND, EVERYONE
from iro_analysis.report.history import extreme, history, the_period_before
from iro_analysis.report.text import Number
from iro_analysis.report.verdicts import verdict_words

COUNT, SHARE = Ref("missing_incidents"), Ref("reviews_on_time")


@dataclass
class Past:
    """Figures of one measure: values by period, the last the report's own; verdicts by period."""

    ref: Ref
    name: str
    values: dict[str, float | None]
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @property
    def period(self):
        return periods.single(self.name)

    def _figure(self, name):
        value = self.values.get(name)
        return None if value is None else Figure(self.ref, name, value, value, 100.0)

    def get(self, ref):
        return self._figure(self.name)

    def earlier(self, ref):
        return self._figure(periods.moved(self.period, -12).name)

    def previous(self, ref):
        return self._figure(periods.just_before(self.period).name)

    def unbroken(self, ref):
        return [(name, self._figure(name)) for name in self.values]

    def verdict(self, ref, against):
        if against not in self.verdicts:
            return None
        return Comparison(
            self.name, ref.measure, "all", "all", Kind.PERIOD, against, 0.0, 0.0,
            verdict=self.verdicts[against],
        )  # fmt: skip

    region = ""

    def areas(self, ref):
        return {}

    def against(self, ref, role):
        if role != "before":
            return ""
        found = self.verdict(ref, periods.moved(self.period, -12).name)
        return "" if found is None else found.verdict.value


YEARS = ["2016-17", "2017-18", "2018-19", "2019-20"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([310, 290, 348, 649], ", up from 348 a year before; the most in four years"),
        ([700, 290, 348, 649], ", up from 348 a year before"),
        ([310, 290, 348, 12], ", down from 348 a year before; the fewest in four years"),
        ([310, 290, 649, 649], ", unchanged from 649 a year before"),  # a tie is no record
        ([310, None, 348, 649], ", up from 348 a year before"),  # a hidden year may be higher
        ([None, None, None, 649], ""),
    ],
)
def test_a_count_rose_or_fell_and_is_the_most_only_of_years_that_are_all_shown(values, said):
    past = Past(COUNT, "2019-20", dict(zip(YEARS, values, strict=True)))
    assert str(history(past, COUNT)) == said


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.HIGHER, ", up from 87% a year before; the highest in four years"),
        (Verdict.NOT_CLEAR, ", not clearly different from 87% a year before"),
        (Verdict.ABOUT_THE_SAME, ", little changed from 87% a year before"),
        (Verdict.NOT_TESTED, ", against 87% a year before"),
        (None, ", against 87% a year before"),
    ],
)
def test_a_share_has_a_direction_only_where_its_comparison_claims_one(verdict, said):
    values = dict(zip(YEARS, [80, 85, 87, 95], strict=True))
    past = Past(SHARE, "2019-20", values, {"2018-19": verdict} if verdict else {})
    assert str(history(past, SHARE)) == said


def test_a_share_that_rose_clearly_is_not_the_lowest_of_the_years():
    values = dict(zip(YEARS, [99, 98, 60, 59], strict=True))
    past = Past(SHARE, "2019-20", values, {"2018-19": Verdict.HIGHER})
    assert str(extreme(past, SHARE)) == ""


def test_two_years_make_no_record_and_a_hidden_figure_no_sentence():
    assert str(extreme(Past(COUNT, "2019-20", {"2018-19": 3.0, "2019-20": 9.0}), COUNT)) == ""
    assert history(Past(COUNT, "2019-20", {"2019-20": None}), COUNT) is None


QUARTER, LAST_YEAR, BEFORE = "2019-20-Q3", "2018-19-Q3", "2019-20-Q2"


@pytest.mark.parametrize(
    ("values", "said", "in_words"),
    [
        ((18, 8, 21), ", up from 8 a year before and down from 21 in the quarter before",
         "More than twice last year; 3 fewer than the quarter before"),
        ((24, 28, 28), ", down from 28 a year before and 28 in the quarter before",
         "4 fewer than last year and the quarter before"),
        ((24, None, 24), ", unchanged from 24 in the quarter before",
         "The same as the quarter before"),
        ((24, 20, None), ", up from 20 a year before", "4 more than last year"),
    ],
)  # fmt: skip
def test_a_quarter_is_set_beside_the_same_quarter_and_the_quarter_before(values, said, in_words):
    past = Past(COUNT, QUARTER, dict(zip([QUARTER, LAST_YEAR, BEFORE], values, strict=True)))
    assert str(history(past, COUNT)) == said
    assert str(verdict_words(past, COUNT)) == in_words


def test_a_share_of_a_quarter_is_not_called_higher_than_either_without_a_verdict():
    unclear = dict.fromkeys([LAST_YEAR, BEFORE], Verdict.NOT_CLEAR)
    past = Past(SHARE, QUARTER, {QUARTER: 90.0, LAST_YEAR: 91.0, BEFORE: 89.0}, unclear)
    said = ", not clearly different from 91% a year before or 89% in the quarter before"
    assert str(history(past, SHARE)) == said
    assert str(verdict_words(past, SHARE)) == "10 late; not clearly changed from either"
    past.verdicts[BEFORE] = Verdict.HIGHER
    assert str(verdict_words(past, SHARE)) == (
        "10 late; not clearly different from last year; better than the quarter before"
    )
    past.verdicts.clear()
    assert str(verdict_words(past, SHARE)) == "10 late"


@pytest.mark.parametrize(
    ("ref", "values", "verdict", "in_words"),
    [
        (SHARE, (91, 90), Verdict.NOT_CLEAR, "9 late; not clearly better"),
        (SHARE, (89, 90), Verdict.NOT_CLEAR, "11 late; not clearly worse"),
        (SHARE, (90, 90), Verdict.NOT_CLEAR, "10 late; as last year"),
        (SHARE, (91, 80), Verdict.HIGHER, "9 late; better than last year"),
        (COUNT, (649, 348), Verdict.HIGHER, "Worse: nearly twice last year’s"),
        (COUNT, (649, 348), Verdict.NOT_CLEAR, "Nearly twice last year’s"),
        (COUNT, (340, 348), Verdict.LOWER, "Better: 8 fewer"),
        (COUNT, (340, 348), Verdict.NOT_CLEAR, "8 fewer"),  # chance alone can do this
        (Ref("started"), (122, 181), Verdict.LOWER, "59 fewer"),  # no direction is better
    ],
)
def test_a_year_is_called_better_or_worse_where_a_direction_is(ref, values, verdict, in_words):
    past = Past(ref, "2019-20", dict(zip(["2019-20", "2018-19"], values, strict=True)))
    past.verdicts["2018-19"] = verdict
    assert str(verdict_words(past, ref)) == in_words


def test_a_rank_is_added_where_no_difference_is_claimed_and_asked_for_or_extreme():
    past = Past(SHARE, "2019-20", {"2019-20": 91.0})
    among = Comparison("2019-20", SHARE.measure, "all", "all", Kind.PERIOD, EVERYONE, 0.0, 0.0,
                       verdict=Verdict.NOT_CLEAR, areas=150, above=80, below=69)  # fmt: skip
    past.areas = lambda ref: {ENGLAND: (ENGLAND, 88.0)}
    past.area_number = lambda ref, role: Number("88%", "reviews_on_time|all|all|2019-20", ENGLAND)
    past.verdict = lambda ref, against: among
    past.against = lambda ref, role: "not clearly different" if role == ENGLAND else ""
    ranked = "9 late; not unusually high; 80 of 150 councils higher"
    assert str(verdict_words(past, SHARE)) == ranked
    unranked = "9 late; not unusually high"
    assert str(verdict_words(past, SHARE, ranked=False)) == unranked
    among = replace(among, above=3, below=146)
    extreme_rank = "9 late; high, but not clearly unusual; 3 of 150 councils higher"
    assert str(verdict_words(past, SHARE, ranked=False)) == extreme_rank
    past.areas = lambda ref: {ENGLAND: (ENGLAND, 94.0)}
    past.area_number = lambda ref, role: Number("94%", "reviews_on_time|all|all|2019-20", ENGLAND)
    assert "; low, but not clearly unusual" in str(verdict_words(past, SHARE))


@pytest.mark.parametrize(
    ("name", "said"),
    [("2019-20-Q1", "the quarter before"), ("2019-20-H2", "the half-year before"),
     ("2022-08-01:2023-01-31", "the months before")],
)  # fmt: skip
def test_the_part_before_has_a_name(name, said):
    assert the_period_before(periods.single(name)) == said
