"""Authorities in which nothing changes, and some in which something does: how often claims err.

``make simulate`` makes many of them and writes the table into ``docs/estimates.md``; the tests make
few. Everything is invented; the tests that are run are those of the comparisons.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

from iro_analysis.comparisons.over_years import both_spreads
from iro_analysis.comparisons.settings import setting
from iro_analysis.comparisons.spread import Spread, dispersion, of_clusters, of_clusters_by_year
from iro_analysis.estimates.differences import (
    count_difference,
    mean_difference,
    share_difference,
    stock_difference,
)
from iro_analysis.estimates.multiplicity import holm
from iro_analysis.estimates.slopes import count_slope, mean_slope, share_slope, stock_slope

SCENARIOS = ("independent", "siblings", "ageing cohorts", "drifting records")
QUARTERS = 20  # five years, of which the last is compared with the one before
STAY = 11.0  # quarters in care, on average
STARTED, WARM_UP = 30.0, 60  # children a quarter; quarters before anything is counted
SHARES = {  # share met by a newcomer, by a child long in care, how much children differ
    "three or more placements": (0.18, 0.07, 0.5),
    "health assessment": (0.88, 0.92, 1.0),
    "immunisations": (0.80, 0.92, 1.5),
    "dental check": (0.86, 0.90, 1.0),
    "plan for education and health": (0.25, 0.45, 3.0),
    "substance misuse": (0.10, 0.14, 1.5),
    "gone missing": (0.15, 0.12, 1.5),
}
REVIEWED = {"reviews on time": 0.91, "views conveyed": 0.95, "reviews attended": 0.78}
RATES = {"disputes": 8.0, "advocacy": 15.0, "adoptions": 4.0, "special guardianship": 7.0}
KINDS = {
    "stock": ("children looked after",),
    "count": ("started", "ceased", *RATES),
    "events of children": ("missing incidents",),
    "share of children": tuple(SHARES),
    "share of reviews": tuple(REVIEWED),
    "mean": ("average score",),
    "group of a count": ("any ethnic group of those who started",),
    "fall in each of four years": tuple(f"falling: {name}" for name in RATES),
}
YEAR_ENDS = (8, 12, 16, 20)  # of the four years of a trend, the fewest that are tested
TRENDS = ("stock", "count", "events of children", "share of children", "share of reviews", "mean")
KINDS |= {
    f"trend of {'average' if kind == 'mean' else kind}, four years": tuple(
        f"trend of {name}" for name in KINDS[kind]
    )
    for kind in TRENDS
}
IN_SUMMARY = (
    "stock",
    "count",
    "events of children",
    "share of children",
    "share of reviews",
    "mean",
)
ETHNIC_GROUPS = (0.60, 0.19, 0.15, 0.04, 0.02)  # shares of those who come; the first is White
SOURCES = ("tests/simulated.py", "iro_analysis/comparisons", "iro_analysis/estimates")
START, END = "<!-- simulated: made by `make simulate` -->", "<!-- end of what is simulated -->"


@dataclass(frozen=True)
class World:
    """The children of one authority.

    Attributes
    ----------
    came, left : ndarray
        Quarter in which each child came and left, the first counted quarter being 0.
    family : ndarray
        Whose brothers and sisters each is.
    leaning : ndarray
        What is lasting in each child, standard normal.
    """

    came: np.ndarray
    left: np.ndarray
    family: np.ndarray
    leaning: np.ndarray


def world(draw: np.random.Generator, scenario: str) -> World:
    """Return the children of an authority in which nothing changes."""
    siblings = scenario in ("siblings", "ageing cohorts")
    sizes = [0.62, 0.24, 0.14] if siblings else [1.0, 0.0, 0.0]
    mean_size = sum((n + 1) * p for n, p in enumerate(sizes))
    rate = STARTED / mean_size
    quarters = np.arange(-WARM_UP, QUARTERS)
    families = draw.poisson(rate, len(quarters))
    came_of = np.repeat(quarters, families)
    size = draw.choice([1, 2, 3], len(came_of), p=sizes)
    if scenario == "ageing cohorts":  # a stay ends at 18: babies stay long, the old a short time
        age = draw.choice([1.0, 8.0, 15.0, 16.5], len(came_of), p=[0.3, 0.25, 0.25, 0.2])
        stay = np.minimum(draw.exponential(STAY * 1.5, len(came_of)), 4 * (18 - age))
    else:
        stay = draw.exponential(STAY, len(came_of))
    family = np.repeat(np.arange(len(came_of)), size)
    came = np.repeat(came_of, size)
    left = came + 1 + np.floor(np.repeat(stay, size)).astype(int)
    shared = np.repeat(draw.normal(size=len(came_of)), size)
    own = draw.normal(size=len(came))
    leaning = np.sqrt(0.4) * shared + np.sqrt(0.6) * own if siblings else own
    return World(came, left, family, leaning)


def shifts(draw: np.random.Generator, scenario: str) -> np.ndarray:
    """Return by how much recording or practice is off in each quarter, on the log scale."""
    if scenario != "drifting records":
        return np.zeros(QUARTERS)
    found, now = [], 0.0
    for _ in range(QUARTERS):  # comes back to where it was: nothing lasting changes
        now = 0.5 * now + draw.normal(0, 0.13)
        found.append(now)
    return np.array(found)


def compared(draw: np.random.Generator, scenario: str, rise: float = 1.0) -> dict[str, tuple]:
    """Return the p value and the difference of every measure, the last year beside that before.

    And of the line through its last four years, under ``trend of`` and its name.
    `rise` multiplies newcomers' share of three or more placements in the last year.
    """
    all_of = world(draw, scenario)
    found: dict[str, tuple[float, float]] = {}
    of_earlier_years = draw.spawn(1)[0]
    now, before = QUARTERS, QUARTERS - 4  # the years end before these quarters begin

    def present(quarter: int) -> np.ndarray:
        return (all_of.came < quarter) & (all_of.left >= quarter)

    def by_family(values: np.ndarray) -> np.ndarray:
        return np.bincount(all_of.family, values.astype(float))

    stock = [by_family(present(day)) for day in (now, before)]
    net, moves = [], []
    for quarter in range(QUARTERS - 4):
        came = int((all_of.came == quarter).sum())
        gone = int((all_of.left == quarter).sum())
        net.append(came - gone)
        moves.append(came + gone)
    change, moved = np.array(net, float), np.array(moves, float)
    rate = change.sum() / moved.sum()
    freedom = len(net) - 1
    phi = max(float(((change - rate * moved) ** 2 / moved).sum() / freedom), 1.0)
    made = stock_difference(*stock, phi=phi, freedom=freedom)
    found["children looked after"] = made.p, made.difference
    days = np.array([by_family(present(day)) for day in YEAR_ENDS]).T
    made = stock_slope(days, 1.0, phi, freedom)
    found["trend of children looked after"] = made.p, made.difference

    for name, when in (("started", all_of.came), ("ceased", all_of.left)):
        quarterly = [int((when == quarter).sum()) for quarter in range(QUARTERS)]
        years = [by_family((when >= day - 4) & (when < day)) for day in (now, before)]
        found[name] = _count(quarterly, of_clusters(*years))
        several = [by_family((when >= day - 4) & (when < day)) for day in YEAR_ENDS]
        found[f"trend of {name}"] = _trend(quarterly, of_clusters_by_year(np.array(several).T))
    for name, mean in RATES.items():
        drift = shifts(draw, scenario)
        quarterly = draw.poisson(mean * np.exp(drift))
        found[name] = _count(list(quarterly))
        found[f"trend of {name}"] = _trend(list(quarterly))
        yearly = quarterly[-16:].reshape(4, 4).sum(axis=1)
        falls = bool((np.diff(yearly) < 0).all())
        found[f"falling: {name}"] = (0.0 if falls else 1.0), float(yearly[-1] - yearly[0])
    found["any ethnic group of those who started"] = _smallest_of_groups(draw, all_of)

    drift = shifts(draw, scenario)
    heavy = 0.12 * np.exp(1.2 * all_of.leaning)
    each_quarter = np.array([present(quarter + 1) for quarter in range(QUARTERS)])
    incidents = draw.poisson(heavy * np.exp(drift)[:, None] * each_quarter)
    years = [by_family(incidents[day - 4 : day].sum(axis=0)) for day in (now, before)]
    found["missing incidents"] = _count(list(incidents.sum(axis=1)), of_clusters(*years))
    several = [by_family(incidents[day - 4 : day].sum(axis=0)) for day in YEAR_ENDS]
    found["trend of missing incidents"] = _trend(
        list(incidents.sum(axis=1)), of_clusters_by_year(np.array(several).T)
    )

    for name, (new, old, lasting) in SHARES.items():
        parts = []
        for day in (now, before, *YEAR_ENDS[:-2]):
            here = present(day)
            fresh = all_of.came >= day - 4
            odds = np.where(fresh, new, old)
            if name == "three or more placements" and day == now:
                odds = np.where(fresh, new * rise, old)
            logit = np.log(odds / (1 - odds)) + 0.5 * lasting * all_of.leaning
            chance = (draw if day >= before else of_earlier_years).random(len(logit))
            met = here & (chance < 1 / (1 + np.exp(-logit)))
            parts += [by_family(met), by_family(here)]
        made = share_difference(*parts[:4])
        found[name] = made.p, made.difference
        found[f"trend of {name}"] = _line(parts)

    officers = draw.integers(0, 10, len(all_of.came))
    for name, share in REVIEWED.items():
        off = shifts(draw, scenario)[:, None]
        many = np.where(each_quarter, draw.poisson(0.7, each_quarter.shape), 0)
        good = draw.normal(0, 0.4, 10)[officers]
        logit = np.log(share / (1 - share)) + good + 0.5 * all_of.leaning + off
        met = draw.binomial(many, 1 / (1 + np.exp(-logit)))
        parts = [
            by_family(each[day - 4 : day].sum(axis=0))
            for day in (now, before, *YEAR_ENDS[:-2])
            for each in (met, many)
        ]
        phi, freedom = dispersion(met[:-4].sum(axis=1), many[:-4].sum(axis=1))
        made = share_difference(*parts[:4], phi)
        found[name] = made.p, made.difference
        found[f"trend of {name}"] = _line(parts, phi, freedom)

    scores = [draw.normal(13 + 3 * all_of.leaning, 5) for _ in range(2)]
    here = [np.flatnonzero(present(day)) for day in (now, before)]
    made = mean_difference(
        scores[0][here[0]], all_of.family[here[0]], scores[1][here[1]], all_of.family[here[1]]
    )
    found["average score"] = made.p, made.difference
    scores += [of_earlier_years.normal(13 + 3 * all_of.leaning, 5) for _ in range(2)]
    here += [np.flatnonzero(present(day)) for day in YEAR_ENDS[:-2]]
    made = mean_slope(
        np.concatenate([each[whose] for each, whose in zip(scores, here, strict=True)]),
        np.repeat([3, 2, 0, 1], list(map(len, here))),
        np.concatenate([all_of.family[whose] for whose in here]),
    )
    found["trend of average score"] = made.p, made.difference
    return found


def _line(
    parts: list[np.ndarray], phi: float = 1.0, freedom: float = float("inf")
) -> tuple[float, float]:
    """Return the test of a share's line: now, the year before, then the first and second year."""
    met, of = (np.array([parts[start + 2 * place] for place in (2, 3, 1, 0)]).T for start in (0, 1))
    made = share_slope(met, of, phi, freedom)
    return made.p, made.difference


def _trend(quarterly: list[int], clusters: Spread | None = None) -> tuple[float, float]:
    both = both_spreads(Spread(*dispersion(quarterly[:-4]), "quarters"), clusters)
    years = [sum(quarterly[day - 4 : day]) for day in YEAR_ENDS]
    made = count_slope(years, 1.0, both.phi, both.freedom)
    return made.p, made.difference


def _smallest_of_groups(draw: np.random.Generator, all_of: World) -> tuple[float, float]:
    """Return the smallest p value of the ethnic groups of those who started, after Holm's step.

    Brothers and sisters are of one group. All groups but the first are a member of the family too.
    """
    many = int(all_of.family.max()) + 1
    group = draw.choice(len(ETHNIC_GROUPS), many, p=ETHNIC_GROUPS)
    whole = [int((all_of.came == quarter).sum()) for quarter in range(QUARTERS)]
    spread = dispersion(whole[:-4])
    years = [
        np.bincount(all_of.family, (all_of.came >= day - 4) & (all_of.came < day))
        for day in (QUARTERS, QUARTERS - 4)
    ]
    found = []
    for mine in [*(group == one for one in range(len(ETHNIC_GROUPS))), group != 0]:
        now, before = (each * mine for each in years)
        if now.sum() + before.sum() >= setting("fewest_things"):
            found.append(_two_counts(now.sum(), before.sum(), spread, of_clusters(now, before)))
    smallest = int(np.argmin([p for p, _ in found]))
    return float(holm([p for p, _ in found]).min()), found[smallest][1]


def _count(quarterly: list[int], clusters: Spread | None = None) -> tuple[float, float]:
    years = sum(quarterly[-4:]), sum(quarterly[-8:-4])
    return _two_counts(*years, dispersion(quarterly[:-4]), clusters)


def _two_counts(
    now: float, before: float, spread: tuple[float, float], clusters: Spread | None
) -> tuple[float, float]:
    phi, freedom = spread
    if clusters is not None and clusters.phi > phi:
        phi, freedom = clusters.phi, clusters.freedom
    made = count_difference(now, 1, before, 1, max(phi, 1.0), freedom)
    return made.p, made.difference


class Kept:
    """What was worked out so far, one line for each of them, so that a stop loses nothing.

    Parameters
    ----------
    file : Path or None
        None keeps nothing.
    """

    def __init__(self, file: Path | None = None):
        self.file, self.known = file, {}
        if file is not None and file.exists():
            lines = file.read_text(encoding="utf-8").split("\n")[:-1]  # the last may be cut off
            self.known = dict(map(json.loads, lines))

    def once(self, name: str, make: Callable[[], object]) -> object:
        """Return what is kept under a name; make and keep it where nothing is."""
        if name not in self.known:
            self.known[name] = made = make()
            if self.file is not None:
                with self.file.open("a", encoding="utf-8") as stream:
                    stream.write(f"{json.dumps([name, made])}\n")
        return self.known[name]


def false_claims(
    authorities: int, seed: int = 903, kept: Kept | None = None
) -> dict[str, dict[str, float]]:
    """Return scenario -> kind -> how often a claim is made, in parts of one; ``summary`` too."""
    result, kept = {}, kept or Kept()
    for place, scenario in enumerate(SCENARIOS):
        p = []
        for number in range(authorities):
            draw = np.random.default_rng([seed, place, number])
            p.append(kept.once(f"{scenario} {number}", partial(compared, draw, scenario)))
            _say(kept, f"{scenario}: {number + 1} of {authorities}", number % 100 == 99)
        table = {name: np.array([each[name][0] for each in p]) for name in p[0]}
        rates = {
            kind: float(np.mean([table[name] < setting("level") for name in names]))
            for kind, names in KINDS.items()
        }
        looked_at = [name for kind in IN_SUMMARY for name in KINDS[kind]]
        looked_at += [f"trend of {name}" for name in looked_at]
        whole = np.array([holm([each[name][0] for name in looked_at]).min() for each in p])
        rates["summary"] = float((whole < setting("summary_level")).mean())
        result[scenario] = rates
    return result


def _say(kept: Kept, words: str, now: bool = True) -> None:
    if kept.file is not None and now:
        sys.stderr.write(f"{words}\n")


def power(authorities: int, rise: float = 1.3, seed: int = 30) -> float:
    """Return how often a rise of newcomers' moves is called higher."""
    draw = np.random.default_rng(seed)
    name, found = "three or more placements", 0
    for _ in range(authorities):
        p, difference = compared(draw, "independent", rise)[name]
        found += p < setting("level") and difference > 0
    return found / authorities


def power_of_pairs(authorities: int, rise: float = 1.3, seed: int = 30) -> float:
    """Return how often McNemar's test on the children counted twice calls the same rise."""
    draw = np.random.default_rng(seed)
    new, old, lasting = SHARES["three or more placements"]
    found = 0
    for _ in range(authorities):
        all_of = world(draw, "independent")
        met, here = [], []
        for day, times in ((QUARTERS, rise), (QUARTERS - 4, 1.0)):
            here.append((all_of.came < day) & (all_of.left >= day))
            odds = np.where(all_of.came >= day - 4, new * times, old)
            logit = np.log(odds / (1 - odds)) + 0.5 * lasting * all_of.leaning
            met.append(draw.random(len(logit)) < 1 / (1 + np.exp(-logit)))
        both = here[0] & here[1]
        gained, lost = (int((both & one & ~other).sum()) for one, other in (met, met[::-1]))
        found += gained > lost and binomtest(gained, gained + lost).pvalue < setting("level")
    return found / authorities


def coverage(n: int, repeats: int, share: float, shared: float, seed: int = 7) -> float:
    """Return how often the interval of a change of a share holds it.

    Parameters
    ----------
    n : int
        Children in each of the two years.
    repeats : int
    share : float
        The true share in both.
    shared : float
        Part of the children who are counted in both years, with the same answer half of the time.
    """
    draw = np.random.default_rng([seed, n, int(100 * share)])
    same, held = int(n * shared), 0
    for _ in range(repeats):
        first = draw.random(n) < share
        keeps = draw.random(same) < 0.5
        second = np.where(keeps, first[:same], draw.random(same) < share)
        others = draw.random(n - same) < share
        zero = np.zeros(n - same)
        made = share_difference(
            np.r_[second, zero, others], np.r_[np.ones(same), zero, np.ones(n - same)],
            np.r_[first, zero], np.r_[np.ones(n), zero],
        )  # fmt: skip
        held += made.lower <= 0 <= made.upper
    return held / repeats


def as_markdown(authorities: int, kept: Kept | None = None) -> str:
    """Return the tables of the long run."""
    kept = kept or Kept()
    rates = false_claims(authorities, kept=kept)
    found = [
        100 * kept.once(way.__name__, partial(way, authorities)) for way in (power, power_of_pairs)
    ]
    lines = [
        f"Made on {date.today():%-d %B %Y}. Of {authorities:,} authorities for each column, in",
        "which nothing changes, how often a claim of a change is made (a kind of claim should be",
        "wrong in at most 7.5%, the summary as a whole in at most 20%):",
        "",
        "| claim | " + " | ".join(SCENARIOS) + " |",
        "|---|" + "--:|" * len(SCENARIOS),
    ]
    for kind in [*KINDS, "summary"]:
        name = "summary as a whole" if kind == "summary" else kind
        cells = " | ".join(f"{100 * rates[each][kind]:.1f}%" for each in SCENARIOS)
        lines.append(f"| {name} | {cells} |")
    lines += [
        "",
        f"A rise of 30% in newcomers' moves is called higher in {found[0]:.0f}% of "
        f"authorities; by McNemar's test on the children counted twice, which was used before, in "
        f"{found[1]:.0f}%.",
        "",
        "How often the 95% interval of a change of a share holds it, half of the children counted",
        "in both years:",
        "",
        "| children a year | share 10% | share 60% | share 90% |",
        "|--:|--:|--:|--:|",
    ]
    for n in (19, 31, 93, 229, 328):
        held = [
            100 * kept.once(f"coverage {n} {share}", partial(coverage, n, 4000, share, 0.5))
            for share in (0.1, 0.6, 0.9)
        ]
        lines.append(f"| {n} | {' | '.join(f'{each:.1f}%' for each in held)} |")
        _say(kept, f"coverage of {n}: done")
    return "\n".join(lines)


def _fingerprint(project: Path) -> str:
    """Return what changes with the code: what was kept before a change is made again."""
    found = hashlib.sha256()
    for source in SOURCES:
        place = project / source
        for file in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            found.update(file.read_bytes())
    found.update((project / "iro_analysis/reference/comparisons.toml").read_bytes())
    return found.hexdigest()[:12]


def main() -> None:
    """Write the tables into ``docs/estimates.md``; a run that was stopped goes on from there."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--authorities", type=int, default=1000)
    project = Path(__file__).parents[1]
    page, held = project / "docs" / "estimates.md", project / ".iro" / "simulated"
    held.mkdir(parents=True, exist_ok=True)
    text = page.read_text(encoding="utf-8")
    head, _, rest = text.partition(START)
    tail = rest.partition(END)[2]
    many = reader.parse_args().authorities
    kept = held / f"{_fingerprint(project)}-{many}.jsonl"
    made = as_markdown(many, Kept(kept))
    page.write_text(f"{head}{START}\n{made}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
