"""Quantiles and tails are scipy's to the last bit, without the time that its statistics load."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from iro_analysis.estimates import distributions

CHANCES = np.array([1e-6, 0.001, 0.025, 0.3, 0.5, 0.95, 0.975, 0.999])
SIZES = np.array([1, 2, 5, 17.5, 40, 300, 4000])[:, None]


@pytest.mark.parametrize(
    ("ours", "scipys"),
    [(distributions.normal_quantile(CHANCES), stats.norm.ppf(CHANCES)),
     (distributions.normal_tail(CHANCES * 9), stats.norm.sf(CHANCES * 9)),
     (distributions.normal_density(CHANCES * 9), stats.norm.pdf(CHANCES * 9)),
     (distributions.t_quantile(CHANCES, SIZES), stats.t.ppf(CHANCES, SIZES)),
     (distributions.t_tail(CHANCES * 9, SIZES), stats.t.sf(CHANCES * 9, SIZES)),
     (distributions.chi2_quantile(CHANCES, SIZES), stats.chi2.ppf(CHANCES, SIZES)),
     (distributions.chi2_tail(CHANCES * 99, SIZES), stats.chi2.sf(CHANCES * 99, SIZES)),
     (distributions.beta_quantile(CHANCES, SIZES, 7), stats.beta.ppf(CHANCES, SIZES, 7))],
)  # fmt: skip
def test_quantiles_and_tails_are_those_of_scipys_distributions_to_the_last_bit(ours, scipys):
    np.testing.assert_array_equal(ours, scipys)


@pytest.mark.parametrize("share", [0, 0.003, 0.25, 0.5, 0.77, 1])
@pytest.mark.parametrize("n", [0, 1, 7, 60, 900])
def test_the_exact_p_of_a_share_is_scipys(n, share):
    for x in {0, n // 7, n // 4, n // 2, n}:
        wanted = stats.binomtest(x, n, share).pvalue if n else 1.0
        assert distributions.binomial_p(x, n, share) == pytest.approx(wanted, rel=1e-9, abs=1e-250)


def test_the_variance_of_the_middle_is_that_of_scipys_truncated_curve():
    edge = distributions.normal_quantile(0.9)
    assert distributions.variance_of_the_middle(edge) == stats.truncnorm(-edge, edge).var()


def test_nothing_that_takes_half_a_second_is_loaded_before_it_is_used(project):
    slow = {"scipy.stats", "statsmodels", "seaborn", "matplotlib", "nbconvert", "IPython"}
    code = f"import sys, iro_analysis.explore; print(sorted({slow} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=project)
    assert done.stdout.strip() == "[]", done.stderr
