"""How much more than chance counts vary: from quarters, and from all authorities' years."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from iro_analysis import codes
from iro_analysis.comparisons import overdispersion
from iro_analysis.comparisons.spread import dispersion, of_all_authorities


def poisson(mean, areas=150, years=5, phi=1.0, seed=1):
    draw = np.random.default_rng(seed)
    size = np.exp(draw.normal(np.log(mean), 0.5, (areas, 1))) * np.ones((1, years))
    if phi == 1:
        return draw.poisson(size)
    return draw.negative_binomial(size / (phi - 1), 1 / phi)


@pytest.mark.parametrize("phi", [1.0, 3.0])
def test_the_spread_that_was_put_in_is_found(phi):
    found, areas = overdispersion.phi_of_counts(pd.DataFrame(poisson(120, phi=phi)))
    assert areas == 150
    assert found == pytest.approx(phi, rel=0.12)


def test_a_national_trend_is_no_spread():
    counts = poisson(200) * np.array([1, 1, 2, 2, 2])
    found, _ = overdispersion.phi_of_counts(pd.DataFrame(counts[:, :2]))
    both, _ = overdispersion.phi_of_counts(pd.DataFrame(counts[:, 1:3] / np.array([1, 2])))
    assert found == pytest.approx(1, rel=0.2)
    assert both == pytest.approx(1, rel=0.2)


def test_quarters_about_a_straight_line():
    assert dispersion([10, 12, 14, 16, 18, 20, 22, 24])[0] == pytest.approx(0, abs=1e-9)
    assert dispersion([5, 40, 5, 40, 5, 40, 5, 40])[0] > 10
    assert dispersion([0] * 8) == (1.0, 6.0)


def test_every_measure_of_the_table_is_known_and_none_is_below_chance():
    held = codes.table("overdispersion")
    assert {"started", "ceased", "looked_after", "looked_after_rate"} <= set(held["measure"])
    assert held["source"].str.contains("Open Government Licence").all()
    assert all(of_all_authorities(name).phi >= 1 for name in held["measure"])
    assert of_all_authorities("disputes") is None


def test_the_table_is_what_the_command_makes_of_dfes_files(shared):
    made = overdispersion.table(shared / "data" / "dfe" / "release2024")
    held = codes.table("overdispersion")
    assert made.to_dict("list") == held[overdispersion.COLUMNS].to_dict("list")
