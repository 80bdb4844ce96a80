"""Project each age band three years ahead, if entries and rates of leaving stay as they were.

It says what would be if things went on as they were, and is no forecast.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.cohorts.siblings import families
from iro_analysis.indicators import breakdowns
from iro_analysis.periods import Period, moved

METHOD = "projection: entries and rates of leaving by age as they were; simulated prediction range"
NOW, AHEAD, AS_BEFORE = "now", "in three years", "in three years, entries as the year before"
_DAYS = 365.25
_MONTH = _DAYS / 12
_AT_ONCE = 8_000_000  # lives and draws held in memory at a time


def ahead(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after by age now, and in three years if things went on as they were.

    Every child looked after, and as many new ones a year at each age as started in the period (on
    the same days), leave at the rates of the period: by age band and by whether they have been
    looked after for a year; everybody leaves on the 18th birthday. A second scenario has the
    entries of the year before, so that the two show what the change in entries does.

    Returns
    -------
    figures, one row per age band and scenario [children expected; not whole]
        Group ``10 to 15: in three years``. A 95% prediction range: the number that comes lies in
        it in about 95 of 100 cases, if the level of entries and leaving stays. It allows for
        chance, for how little one year tells about the level (families are drawn again), and for
        years that vary by more than chance (``overdispersion.csv``, all ages alike). For full
        years, where the period before is covered too.

    Notes
    -----
    Not a forecast: laws, practice and the number of unaccompanied children change. Rates of
    leaving are those of one year; returns of children who left count as new entries. All the
    range's limits are of one age: in one future several ages can lie outside.

    References
    ----------
    STATISTICS 5.3 (stock, entry and stay); the projection is the suite's own. The number to come:
    Menssen and Schaarschmidt, prediction intervals for overdispersed Poisson data (arXiv
    2404.05282), variance of what comes and of what was learnt from, both overdispersed.
    """
    measure = "age_profile_ahead"
    if not period.is_year:
        return contracts.not_available(measure, breakdown, "children", "given for full years only")
    before = moved(period, -12)
    if before.start < record.authority.covers_from:
        reason = "the returns do not cover the year before"
        return contracts.not_available(measure, breakdown, "children", reason)
    people, bands = record.looked_after_on(period.end), breakdowns.groups("age_band")
    stock = _lives(people, "period_start", period)
    family = families(record)
    child, spent, left = _exposure(record, period)
    if not len(child):
        reason = "no child of known age was looked after in the period, so no rate can be held"
        return contracts.not_available(measure, breakdown, "children", reason)
    rows = []
    counted = breakdowns.tally(people["age_band"], bands).reindex(bands)
    for band in bands:
        rows.append((band, NOW, float(counted[band]), np.nan, np.nan))
    known = people[people["birth_date"].notna()]
    unit = _numbered(family, child)
    exposure = _sums(spent, unit), _sums(left, unit)
    for name, source in [(AHEAD, period), (AS_BEFORE, before)]:
        entrants, came = _entrants(record, source)
        value, lower, upper = _expected(
            stock, entrants, exposure, _numbered(family, known["child"]), _numbered(family, came)
        )
        rows += [
            (band, name, value[place], lower[place], upper[place])
            for place, band in enumerate(bands)
        ]
    table = pd.DataFrame(rows, columns=["band", "scenario", "value", "lower", "upper"])
    return contracts.figures(
        measure,
        breakdown,
        [f"{row.band}: {row.scenario}" for row in table.itertuples()],
        unit="children",
        value=table["value"],
        lower=table["lower"],
        upper=table["upper"],
        method=METHOD,
    )


def _rules() -> dict:
    return codes.record("rules")["age_projection"]


def _edges() -> NDArray[np.float64]:
    """Return the ages at which bands begin, in years; the last is the 18th birthday."""
    return np.array(_rules()["bands_from"], float)


def _lives(people: pd.DataFrame, since: str, period: Period) -> NDArray[np.float64]:
    """Return age and time in care of each child at the period's end [years]; unknown ages left."""
    known = people[people["birth_date"].notna()]
    end = pd.Timestamp(period.end)
    age = (end - known["birth_date"]).dt.days / _DAYS
    return np.column_stack([age, (end - known[since]).dt.days / _DAYS])


def _entrants(record: CareRecord, period: Period) -> tuple[NDArray[np.float64], pd.Series]:
    """Return age on entry and time of the year of each who started [years], and which child."""
    people = record.started(period)
    people = people[people["birth_date"].notna()]
    age = (people["start"] - people["birth_date"]).dt.days / _DAYS
    since = (people["start"] - pd.Timestamp(period.start)).dt.days / _DAYS
    return np.column_stack([age, since]), people["child"]


def _numbered(family: pd.Series, children: ArrayLike) -> NDArray[np.int64]:
    """Return the family of each child as a number from 0; who has none is a family of one."""
    child = pd.Series(np.asarray(children, object))
    return pd.factorize(child.map(family).fillna(child))[0].astype(np.int64)


def _sums(each: NDArray[np.float64], unit: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sums of the rows of each unit."""
    found = np.zeros((unit.max() + 1, each.shape[1]))
    np.add.at(found, unit, each)
    return found


def _cell(age: NDArray, care: NDArray) -> NDArray[np.int64]:
    """Return the cell of rates: band of age, those new to care first; -1 from 18 on."""
    edges = _edges()
    band = np.clip(np.searchsorted(edges, age, side="right") - 1, 0, len(edges) - 2)
    cell = band + (care >= 1) * (len(edges) - 1)
    return np.where(age >= edges[-1], -1, cell)


def _exposure(record: CareRecord, period: Period) -> tuple[NDArray, NDArray, NDArray]:
    """Return for each child the time in each cell in the period, and the leavings from it.

    Months are the unit: each month of a child counts in the cell in which it begins.
    """
    cells = 2 * (len(_edges()) - 1)
    rows = record.periods_of_care.merge(
        record.children[["child", "birth_date"]], on="child", how="left"
    )
    rows = rows[rows["birth_date"].notna()].reset_index(drop=True)
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end) + pd.Timedelta(days=1)
    entry = rows["start"].clip(lower=first)
    leave = rows["stops"].fillna(last).clip(upper=last)
    rows, entry, leave = (part[(entry < leave).to_numpy()] for part in (rows, entry, leave))
    spent, left = np.zeros((len(rows), cells)), np.zeros((len(rows), cells))
    own = np.arange(len(rows))
    for month in range(13):
        begins = entry + pd.Timedelta(days=month * _MONTH)
        length = ((leave - begins).dt.days / _DAYS).clip(0, 1 / 12).to_numpy()
        age = ((begins - rows["birth_date"]).dt.days / _DAYS).to_numpy()
        care = ((begins - rows["start"]).dt.days / _DAYS).to_numpy()
        cell = _cell(age, care)
        inside = (cell >= 0) & (length > 0)
        np.add.at(spent, (own[inside], cell[inside]), length[inside])
    gone = (rows["ended"] & rows["stops"].between(first, last - pd.Timedelta(days=1))).to_numpy()
    age = ((leave - rows["birth_date"]).dt.days / _DAYS).to_numpy()
    care = ((leave - rows["start"]).dt.days / _DAYS).to_numpy()
    cell = _cell(age, care)
    gone = (
        gone & (cell >= 0) & (age < _edges()[-1] - 1 / _DAYS)
    )  # the 18th birthday is no leaving here
    left[own[gone], cell[gone]] = 1
    return rows["child"].to_numpy(), spent, left


def _months_in_cells(
    age: NDArray, care: NDArray, ahead: float | NDArray
) -> tuple[NDArray, NDArray]:
    """Return the time of each child in each cell over some years, and the band at their end."""
    cells = 2 * (len(_edges()) - 1)
    spent = np.zeros((len(age), cells))
    years = np.broadcast_to(np.asarray(ahead, float), age.shape)
    for month in range(int(np.ceil(years.max() * 12)) if len(age) else 0):
        length = np.clip(years - month / 12, 0, 1 / 12)
        cell = _cell(age + month / 12, care + month / 12)
        inside = (cell >= 0) & (length > 0)
        np.add.at(spent, (np.flatnonzero(inside), cell[inside]), length[inside])
    at_end = age + years
    band = _cell(at_end, np.zeros(len(age)))
    return spent, band


def _expected(
    stock: NDArray,
    entrants: NDArray,
    exposure: tuple[NDArray, NDArray],
    family: NDArray,
    family_came: NDArray,
) -> tuple[NDArray, NDArray, NDArray]:
    """Return the children expected in each band, and their range over simulated futures.

    `exposure` has a row per family; `family` and `family_came` number the families of the stock
    and of the entrants.
    """
    rules = _rules()
    years, repeats = rules["years"], rules["repeats"]
    spent, left = exposure
    draw = np.random.default_rng(rules["seed"])
    new_age = np.tile(entrants[:, 0], years)
    ahead_of = np.concatenate([years - k - entrants[:, 1] for k in range(years)])
    old_spent, old_band = _months_in_cells(stock[:, 0], stock[:, 1], years)
    new_spent, new_band = _months_in_cells(new_age, np.zeros(len(new_age)), ahead_of)

    def rates(weight: NDArray) -> NDArray:
        time = weight @ spent
        return np.where(time > 0, (weight @ left) / np.where(time > 0, time, 1), 0.0)

    middle = rates(np.ones((1, len(spent))))
    value = _by_band(np.exp(-middle @ old_spent.T), old_band)
    value = value + _by_band(np.exp(-middle @ new_spent.T), new_band)
    even = np.full(len(spent), 1 / len(spent))
    drawn = np.vstack([
        rates(draw.multinomial(len(spent), even, some.stop - some.start).astype(float))
        for some in _parts(repeats, len(spent))
    ])  # fmt: skip
    # The rate of the year learnt from is off by as much as a year varies, that of the years to
    # come together by a part of it.
    gone = float(left.sum())
    drawn *= _varying(draw, "ceased", gone, (repeats, 1))
    drawn *= _varying(draw, "ceased", gone * years, (repeats, 1))
    came = len(entrants)
    level = _varying(draw, "started", came, (repeats, 1))
    level = level * _varying(draw, "started", came, (repeats, years))
    old = []
    for some in _parts(repeats, len(old_band)):
        # One number a family: brothers and sisters leave together.
        luck = draw.random((some.stop - some.start, _families_in(family)))[:, family]
        old.append(_by_band(luck < np.exp(-drawn[some] @ old_spent.T), old_band))
    futures = np.vstack(old) + _newcomers(draw, drawn, new_spent, new_band, family_came, level)
    lower = np.quantile(futures, 0.025, axis=0)
    upper = np.quantile(futures + _unlike_any_seen(draw, drawn, years), 0.975, axis=0)
    return value[0], lower, upper


def _unlike_any_seen(draw: np.random.Generator, drawn: NDArray, years: int) -> NDArray[np.float64]:
    """Return how many children there may be at ages at which nobody started, one row per draw.

    Half a child a year of each band, as Jeffreys's prior for a Poisson rate has it: one year in
    which none came does not mean that none will. It comes in the middle of a year, a quarter into
    the band: a baby of the last year is still under one. For the upper limit only.
    """
    edges = _edges()
    age = np.tile(0.75 * edges[:-1] + 0.25 * edges[1:], years)
    band_of = np.tile(np.arange(len(edges) - 1), years)
    ahead_of = np.repeat(np.arange(years, 0, -1) - 0.5, len(edges) - 1)
    spent, band = _months_in_cells(age, np.zeros(len(age)), ahead_of)
    rate = draw.gamma(0.5, 1.0, (len(drawn), len(edges) - 1))[:, band_of]
    return _by_band(draw.poisson(rate * np.exp(-drawn @ spent.T)), band)


def _varying(
    draw: np.random.Generator, measure: str, count: float, shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Return factors by which a year's number departs from its level, beyond chance; mean 1.

    With them the count has phi times the variance of chance. One factor serves all ages: for DfE's
    children who ceased, phi is 2.5 for all ages together and 1.0 to 1.7 for one age band, as a
    common factor, and brothers and sisters who leave together, would make it.
    """
    table = codes.table("overdispersion").set_index("measure")["phi"]
    beyond = max(float(table[measure]) - 1, 0.0)
    if not beyond or not count:
        return np.ones(shape)
    return draw.gamma(count / beyond, beyond / count, shape)


def _families_in(family: NDArray) -> int:
    return int(family.max()) + 1 if len(family) else 0


def _newcomers(
    draw: np.random.Generator,
    drawn: NDArray,
    spent: NDArray,
    band: NDArray,
    family: NDArray,
    level: NDArray,
) -> NDArray[np.float64]:
    """Return how many who enter are still there in each band, a row per draw.

    How often a family like each comes is not known from its one coming: its rate is drawn
    (exponential, what one event tells), times the `level` of each year. Families come by chance
    (Poisson), 0, 1, 2 or more times, and each child of them stays or not. Where they are many, the
    sum of a band is drawn at once (a Poisson number of which each is kept by chance is Poisson):
    that brothers and sisters come together is then in the rates alone.
    """
    parts = list(_parts(len(drawn), len(band)))
    found = []
    for some in parts:
        size = some.stop - some.start
        alike = draw.exponential(1.0, (size, 1, _families_in(family)))
        mean = alike * level[some][:, :, None]
        stays = np.exp(-drawn[some] @ spent.T)
        if len(parts) == 1:
            came = draw.poisson(mean)[:, :, family].reshape(size, len(band))
            found.append(_by_band(draw.binomial(came, stays), band))
        else:
            chances = mean[:, :, family].reshape(size, len(band)) * stays
            found.append(draw.poisson(_by_band(chances, band)).astype(float))
    return np.vstack(found)


def _parts(draws: int, lives: int) -> Iterator[slice]:
    """Give the draws in parts that fit in memory, one after the other."""
    at_once = max(_AT_ONCE // max(lives, 1), 1)
    for first in range(0, draws, at_once):
        yield slice(first, min(first + at_once, draws))


def _by_band(each: NDArray, band: NDArray) -> NDArray[np.float64]:
    """Return the sums of each row over the lives of a band, a column per band."""
    bands = len(_edges()) - 1
    sums = [each[:, band == place].sum(axis=1, dtype=float) for place in range(bands)]
    return np.stack(sums, axis=1)
