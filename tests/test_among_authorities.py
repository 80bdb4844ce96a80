"""This authority among all others: from DfE's own files, or made-up ones; no ranks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from iro_analysis import charts, narrative
from iro_analysis.comparators.publications import Publications
from iro_analysis.indicators.among_authorities import among

DAY = date(2020, 3, 31)


class Files:
    """Published shares of made-up authorities: the first one is ours."""

    def __init__(self, met, of, hidden=0):
        draw = np.random.default_rng(1)
        sizes = draw.integers(100, 900, 120)
        counts = [met, *draw.binomial(sizes, 0.11)]
        values = [str(value) for value in counts]
        for place in range(1, hidden + 1):
            values[place] = "c"
        self.rows = pd.DataFrame(
            {
                "area": ["Ours", *(f"A{n}" for n in range(120))], "level": "Local authority",
                "year": 2020, "release": "2021 release", "count": values,
                "total": [str(n) for n in [of, *sizes]],
            }
        )  # fmt: skip

    def area_of(self, code):
        return "Ours" if code == "E1" else ""

    def series(self, measure):
        return self.rows


@pytest.mark.parametrize(
    ("met", "of", "said"),
    [
        (33, 328, "within the usual differences between authorities of its size"),
        (80, 328, "higher than in authorities of its size, and more than their usual differences"),
        (8, 328, "lower than in authorities of its size, and more than their usual differences"),
        (52, 328, "within the usual differences"),  # outside 95%, inside 99.8%
    ],
)
def test_only_what_lies_far_outside_is_called_unlike_the_rest(met, of, said):
    found, reason = among(Files(met, of), "three_or_more_placements", DAY, "E1")
    assert reason == ""
    text = narrative.told(found).text
    assert said in text
    assert "over 121 authorities together" in text
    low, _, high = sorted([found.share, found.spread.target, found.drawn_in[0]])
    assert low <= found.drawn_in[0] <= high
    chart = charts.funnel(found, "x")
    assert "19 in 20 authorities of its size" in chart.description


def test_hidden_figures_do_not_count():
    found, _ = among(Files(33, 328, hidden=20), "three_or_more_placements", DAY, "E1")
    assert np.isfinite(found.met).sum() == 101


@pytest.mark.parametrize(
    ("files", "day", "code", "said"),
    [
        (None, DAY, "E1", "no file of DfE's"),
        (Files(33, 328), DAY, "E2", "no figures of this authority"),
        (Files(33, 328), date(2020, 6, 30), "E1", "no figures of this authority"),
        (Files(33, 328), date(2019, 3, 31), "E1", "no figures of this authority"),
        (Files(33, 328, hidden=110), DAY, "E1", "hidden this authority's figure, or"),
        (Files("c", 328), DAY, "E1", "hidden this authority's figure, or"),
    ],
)
def test_why_it_cannot_be_shown(files, day, code, said):
    found, reason = among(files, "three_or_more_placements", day, code)
    assert found is None
    assert said in reason


def test_on_dfes_own_files(shared):
    files = Publications.of(shared / "data" / "dfe" / "release2024")
    found, reason = among(files, "three_or_more_placements", DAY, "E09000006")
    assert reason == ""
    assert found.areas[found.own] == "Bromley"
    assert found.spread.phi > 1
    assert "no rank" not in narrative.told(found).text
