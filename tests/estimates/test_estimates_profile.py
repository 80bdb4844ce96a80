"""Profile limits of the odds ratio per year: ours are the roots, R's are read off a spline."""

import math

import numpy as np
from scipy import special, stats
from vectors import agrees, number, numbers, vectors

from iro_analysis.estimates import trends
from iro_analysis.estimates.logistic import Line


def weighted_fit(x, n, scores):
    """Return slope and standard error by weighted least squares, stopped where R's glm stops."""
    met, size = np.asarray(x, float), np.asarray(n, float)
    met, size, steps = met[size > 0], size[size > 0], np.asarray(scores, float)[size > 0]
    design = np.column_stack([np.ones_like(steps), steps])
    start = (met + 0.5) / (size + 1)
    line, last = np.log(start / (1 - start)), np.inf
    for _ in range(100):
        chance = 1 / (1 + np.exp(-line))
        weight = size * chance * (1 - chance)
        information = design.T @ (weight[:, None] * design)
        aim = design.T @ (weight * line + met - size * chance)
        found = np.linalg.solve(information, aim)
        line = design @ found
        chance = 1 / (1 + np.exp(-line))
        deviance = 2 * float(
            (special.xlogy(met, met / (size * chance))).sum()
            + special.xlogy(size - met, (size - met) / (size * (1 - chance))).sum()
        )
        if abs(deviance - last) / (abs(deviance) + 0.1) < 1e-8:
            return float(found[1]), float(np.linalg.inv(information)[1, 1] ** 0.5)
        last = deviance
    raise RuntimeError("the line has not settled")


def profile(x, n, scores):
    """Return the slopes that R's profile visits, and the signed root of the deviance at each."""
    line, (slope, error) = Line(x, n, scores), weighted_fit(x, n, scores)
    least, farthest = (
        line.negative_log_likelihood(line.slope_estimate()),
        math.sqrt(stats.chi2.ppf(1 - 0.0125, 1)),
    )
    visited = {slope: 0.0}
    for way in (-1, 1):
        for step in range(1, 10):
            at = slope + way * step * farthest / 5 * error
            visited[at] = way * math.sqrt(max(2 * (line.negative_log_likelihood(at) - least), 0.0))
            if abs(visited[at]) >= farthest:
                break
    slopes = np.array(sorted(visited))
    return slopes, np.array([visited[at] for at in slopes])


def spline(x, y, at):
    """Return the cubic spline whose ends bend as the cubic through the four outermost points."""
    h, rise = np.diff(x), np.diff(y) / np.diff(x)
    system, right = np.zeros((len(x), len(x))), np.zeros(len(x))
    for i in range(1, len(x) - 1):
        system[i, i - 1 : i + 2] = h[i - 1], 2 * (h[i - 1] + h[i]), h[i]
        right[i] = 6 * (rise[i] - rise[i - 1])
    for row, ends, gap in ((0, slice(0, 4), h[0]), (-1, slice(-4, None), h[-1])):
        system[row, (0 if row == 0 else -2) : (2 if row == 0 else None)] = -1 / gap, 1 / gap
        right[row] = 6 * np.polyfit(x[ends] - x[ends][0], y[ends], 3)[0]
    bend = np.linalg.solve(system, right)
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(h) - 1)
    t = at - x[k]
    slope = rise[k] - h[k] * (2 * bend[k] + bend[k + 1]) / 6
    return y[k] + t * slope + t**2 * bend[k] / 2 + t**3 * (bend[k + 1] - bend[k]) / (6 * h[k])


def as_r_reads_it(x, n, scores):
    slopes, roots = profile(x, n, scores)
    grid = np.linspace(slopes[0], slopes[-1], 3 * len(slopes))
    return np.exp(np.interp(stats.norm.ppf([0.025, 0.975]), spline(slopes, roots, grid), grid))


def test_the_profile_is_r_s_and_its_limits_are_nearer_the_root():
    rows = [row for row in vectors("trend") if "profile" in row["method"]]
    assert len(rows) == 5
    for row in rows:
        x, n, scores = (numbers(row[name]) for name in ("counts", "totals", "scores"))
        side = 0 if "LOWER" in row["method"] else 1
        expected = number(row["statistic"])
        assert agrees(as_r_reads_it(x, n, scores)[side], expected, 1e-7), row
        ours = trends.odds_ratio_per_step(x, n, scores)[1 + side]
        assert agrees(ours, expected, 2e-4), row
        line = Line(x, n, scores)
        drop = 2 * (
            line.negative_log_likelihood(math.log(ours))
            - line.negative_log_likelihood(line.slope_estimate())
        )
        assert agrees(drop, stats.chi2.ppf(0.95, 1)), row
