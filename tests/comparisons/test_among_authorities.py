"""This authority among all others: from DfE's own files, or made-up ones; no ranks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from iro_analysis import catalogue, charts, narrative
from iro_analysis.comparators import areas, held, lookup
from iro_analysis.comparators.publications import Publications
from iro_analysis.comparisons import elsewhere
from iro_analysis.comparisons.elsewhere import standing
from iro_analysis.indicators.among_authorities import among

DAY = date(2020, 3, 31)


def published(met, of, hidden=0):
    """Counts of made-up authorities: the first one is ours."""
    draw = np.random.default_rng(1)
    sizes = draw.integers(100, 900, 120)
    counts = np.array([met, *draw.binomial(sizes, 0.11)], float)
    counts[1 : hidden + 1] = np.nan
    return pd.DataFrame(
        {
            "area_code": ["E1", *(f"E1{n}" for n in range(120))],
            "area": ["Ours", *(f"A{n}" for n in range(120))],
            "count": counts, "total": np.array([of, *sizes], float), "release": "2021 release",
        }
    )  # fmt: skip


NONE = published(33, 328).iloc[:0]


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
    found, reason = among(published(met, of), "three_or_more_placements", DAY, "E1")
    assert reason == ""
    text = narrative.funnel_finding(found).text
    assert said in text
    assert "over 121 authorities together" in text
    low, _, high = sorted([found.share, found.spread.target, found.drawn_in[0]])
    assert low <= found.drawn_in[0] <= high
    chart = charts.funnel(found, "x")
    assert "19 in 20 authorities of its size" in chart.description


def test_hidden_figures_do_not_count():
    found, _ = among(published(33, 328, hidden=20), "three_or_more_placements", DAY, "E1")
    assert np.isfinite(found.met).sum() == 101


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        (NONE, "E1", "no counts of this authority"),
        (published(33, 328), "E2", "no counts of this authority"),
        (published(33, 328, hidden=110), "E1", "hidden this authority's figure, or"),
        (published(np.nan, 328), "E1", "hidden this authority's figure, or"),
    ],
)
def test_why_it_cannot_be_shown(rows, code, said):
    found, reason = among(rows, "three_or_more_placements", DAY, code)
    assert found is None
    assert said in reason


@pytest.mark.parametrize(
    ("year", "name", "given"),
    [(2025, "Leeds", False), (2024, "Bromley", False), (2020, "Bromley", True)],
)
def test_from_the_package_or_from_dfes_own_files(shared, year, name, given):
    files = Publications.of(shared / "data" / "dfe" / "release2024") if given else None
    day, code = date(year, 3, 31), areas.resolve(name).code
    rows = lookup.counts_of_all_authorities("three_or_more_placements", day, files)
    found, reason = among(rows, "three_or_more_placements", day, code)
    assert reason == ""
    assert found.areas[found.own] == name
    assert found.spread.phi > 1
    assert "no rank" not in narrative.funnel_finding(found).text


def unlike_most_by_series():
    """Return of every series of all authorities that the package holds how many are unlike most."""
    rows = []
    for entry in catalogue.measures().values():
        unit = "percent" if entry.unit == "children" else entry.unit
        for breakdown in entry.breakdowns:
            series = held.table(entry.id, breakdown)
            for group, year in sorted({*zip(series["group"], series["year"], strict=True)}):
                every = lookup.all_authorities(entry.id, breakdown, group, date(year, 3, 31))
                spread = standing(every, unit)
                if spread is None or not 0 < spread.usual < 100:
                    continue
                of = every["total"].to_numpy(float)
                values = every["value"].to_numpy(float)
                if spread.source == "overdispersed funnel":
                    values = 100 * every["count"].to_numpy(float) / np.where(of > 0, of, np.nan)
                known = np.isfinite(values)
                p = [
                    spread.against(x, spread.usual, elsewhere._chance(spread, n)).p
                    for x, n in zip(values[known], of[known], strict=True)
                ]
                rows.append((entry.id, spread.source, len(p), np.mean(np.array(p) < 0.05)))
    return pd.DataFrame(rows, columns=["measure", "source", "areas", "unlike"])


@pytest.mark.slow
def test_of_dfes_own_series_as_many_are_called_unlike_most_as_the_funnel_promises():
    found = unlike_most_by_series()
    assert len(found) > 400
    for _, mine in found.groupby("source"):
        assert 0.04 <= np.average(mine["unlike"], weights=mine["areas"]) <= 0.06
    # Single series: 568 of 599 lie within 2.6 standard errors; of the others most have heavy tails,
    # such as the share convicted, where up to 11% are called so.
    error = np.sqrt(0.05 * 0.95 / found["areas"])
    assert np.mean(found["unlike"] <= 0.05 + 2.6 * error) >= 0.94


def test_no_counts_are_held_of_an_early_year_or_of_part_of_one():
    for day in (DAY, date(2025, 6, 30)):
        assert lookup.counts_of_all_authorities("three_or_more_placements", day).empty
