"""The report's own figures, as STATISTICS part 3 has them, and what each docstring promises."""

import importlib
import inspect
import math
import pkgutil
import re

import numpy as np
import pytest

from iro_analysis import estimates
from iro_analysis.estimates import comparisons, decomposition, means, proportions, ratios, trends

REACHED, PUPILS, YEARS = [5, 3, 9, 6], [19, 20, 31, 28], [0, 1, 2, 3]
WHITE, MINORITY = 197, 131
GROUPS = {
    "White": (197, 53, 67),
    "Mixed": (49, 10, 21),
    "Black Caribbean": (26, 5, 13),
    "Black African": (23, 4, 12),
    "Black Other": (13, 2, 8),
    "Asian": (7, 1, 6),
    "Other": (13, 2, 8),
}


def rounded(values, places=2):
    return tuple(round(float(value), places) for value in values)


@pytest.mark.parametrize(
    ("x", "n", "percent", "lower", "upper"),
    [
        pytest.param(5, 19, 26.3, 11.8, 48.8, id="2017"),
        pytest.param(3, 20, 15.0, 5.2, 36.0, id="2018"),
        pytest.param(9, 31, 29.0, 16.1, 46.6, id="2019"),
        pytest.param(6, 28, 21.4, 10.2, 39.5, id="2020"),
        pytest.param(23, 98, 23.5, 16.2, 32.8, id="all four"),
        pytest.param(8, 39, 20.5, 10.8, 35.5, id="first pair: 21% (11 to 36)"),
        pytest.param(15, 59, 25.4, 16.1, 37.8, id="second pair: 25% (16 to 38)"),
    ],
)
def test_pupils_who_reached_the_standard(x, n, percent, lower, upper):
    low, high = proportions.wilson(x, n)
    assert rounded((x / n * 100, low * 100, high * 100), 1) == (percent, lower, upper)


def test_trend_of_the_printed_cohorts():
    chi_squared, p = trends.cochran_armitage(REACHED, PUPILS, YEARS)
    assert (round(chi_squared, 5), round(p, 3)) == (0.00008, 0.993)
    assert trends.exact_trend_p(REACHED, PUPILS, YEARS) == 1.0
    assert rounded(trends.odds_ratio_per_step(REACHED, PUPILS, YEARS)) == (1.00, 0.65, 1.56)
    table = np.column_stack([REACHED, np.subtract(PUPILS, REACHED)])
    assert round(comparisons.any_difference_exact(table), 3) == 0.684


def test_largest_step_between_two_printed_cohorts():
    assert rounded(np.multiply(proportions.newcombe(9, 31, 3, 20), 100), 0) == (14, -11, 34)
    assert round(comparisons.fisher_p(9, 31, 3, 20), 2) == 0.32


@pytest.mark.parametrize(("pupils", "percent"), [(25, 62), (31, 58), (100, 42)])
def test_change_that_could_have_been_seen(pupils, percent):
    assert round(trends.detectable_share(0.235, pupils) * 100) == percent


def test_ratio_of_the_printed_ethnicity_table():
    counts = (MINORITY, 0.23, WHITE, 0.77)
    assert rounded(ratios.rate_ratio(*counts)) == (2.23, 1.77, 2.79)
    assert f"{ratios.rate_ratio_p(*counts):.0e}" == "7e-12"


def test_representation_in_the_printed_ethnicity_table():
    values = ratios.representation([MINORITY, WHITE], 328, [0.23, 0.77])
    (minority, white) = zip(*values, strict=True)
    assert rounded(minority) == (1.74, 1.51, 1.97)
    assert rounded(white) == (0.78, 0.71, 0.85)


def test_shares_of_the_printed_ethnicity_table_at_once():
    lower, upper = proportions.goodman([count for count, _, _ in GROUPS.values()])
    for place, (_, low, high) in enumerate(GROUPS.values()):
        assert (round(lower[place] * 100), round(upper[place] * 100)) == (low, high)


def test_stay_is_what_is_left_of_the_stock_ratio_after_entry():
    ratio, lower, upper = decomposition.stay_ratio(10, 90, 30, (40, 160, 60))
    assert math.isclose(ratio, (100 / 40) / (200 / 100))
    assert lower < ratio < upper
    assert decomposition.stay_ratio(10, 90, 30, (40, 160, 60)) == (ratio, lower, upper)
    assert all(math.isnan(value) for value in decomposition.stay_ratio(0, 0, 5, (1, 1, 1)))


def test_the_range_of_an_average_is_that_of_r_and_refuses_what_is_missing():
    # R: t.test(sleep$extra[sleep$group == 2])$conf.int, from Student's table of 1908.
    slept = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    assert means.limits(slept) == pytest.approx((0.8976775, 3.7623225), abs=1e-6)
    assert means.limits([7.0, 7.0, 7.0]) == (7.0, 7.0)
    assert all(math.isnan(end) for end in means.limits([7.0]))
    with pytest.raises(ValueError, match="missing or infinite"):
        means.limits([7.0, math.nan])
    with pytest.raises(ValueError, match="between 0 and 1"):
        means.limits([7.0], level=95)


MODULES = [
    importlib.import_module(f"iro_analysis.estimates.{found.name}")
    for found in pkgutil.iter_modules(estimates.__path__)
    if found.name != "distributions"  # scipy's own, held to it in test_distributions
]
FUNCTIONS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": thing
    for module in MODULES
    for name, thing in vars(module).items()
    if inspect.isfunction(thing) and thing.__module__ == module.__name__ and name[0] != "_"
}
# What checks or prepares numbers, and says nothing about children itself.
PREPARING = {
    "counts.counted",
    "counts.counted_of",
    "counts.tail_of",
    "funnels.winsorised",
    "standardised.expected",
    "survival.at_risk",
    "survival.observed_spells",
    "survival.while_at_risk",
    "trends.testable",
}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_is_used_or_is_documented_for_use(name, project):
    bare, own = name.split(".")[-1], inspect.getsourcefile(FUNCTIONS[name])
    page = (project / "docs" / "estimates.md").read_text(encoding="utf-8")
    package = (project / "iro_analysis").rglob("*.py")
    others = [path for path in package if str(path) != own]
    said = re.compile(rf"\b{bare}\b")
    assert said.search(page) or any(said.search(p.read_text(encoding="utf-8")) for p in others)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_docstring_says_what_goes_in_comes_out_is_refused_and_where(name):
    said = inspect.getdoc(FUNCTIONS[name])
    wanted = ["Parameters", "Returns", "Raises", "References"]
    if name in PREPARING:
        wanted = ["Returns"] if name.endswith(("at_risk", "testable")) else ["Raises"]
    for section in wanted:
        assert f"{section}\n{'-' * len(section)}\n" in said, section


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - PREPARING))
def test_a_docstring_says_what_the_figure_is_not_for(name):
    said = inspect.getdoc(FUNCTIONS[name])
    starts = ("Not ", "Never ", "Only for ", "It is not ", "Less cautious")
    notes = said.partition("Notes\n-----\n")[2].partition("References\n---")[0].split()
    assert any(start in " ".join(notes) for start in starts)


@pytest.mark.parametrize(
    ("x", "n", "scores"),
    [((3, 5, 9, 4), (20, 18, 30, 11), (0, 1, 2, 3)), ((0, 4, 2), (9, 9, 12), (-2, 0, 5)),
     ((12, 30), (13, 40), (0, 1)), ((1, 0, 0, 0), (50, 60, 70, 60), (0, 1, 3, 4))],
)  # fmt: skip
def test_many_pupils_are_counted_out_by_shares_as_few_are_in_whole_numbers(
    x, n, scores, monkeypatch
):
    whole = trends.exact_trend_p(x, n, scores)
    monkeypatch.setattr(trends, "_COUNTED_ONE_BY_ONE", 0)
    assert trends.exact_trend_p(x, n, scores) == pytest.approx(whole, rel=1e-12)
