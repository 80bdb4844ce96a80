"""How often the range of the age projection holds the number that comes, in invented authorities.

Whole lives are drawn: entries of each year that vary by more than chance, brothers and sisters who
come together and partly leave together, leaving by age and time in care. Nothing else changes. The
projection is learnt from one year, as it is of a return, and set beside who is there three years
later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from iro_analysis import periods
from iro_analysis.indicators import age_projection

YEAR = periods.single("2019-20")
DAYS = 365.25
END = pd.Timestamp("2020-04-01")
FROM = np.array([0.0, 1, 5, 10, 16])  # years of age at which bands begin
UNTIL = np.array([1.0, 5, 10, 16, 18])
BANDS = np.array(["Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over"])
ENTER = [0.20, 0.18, 0.17, 0.27, 0.18]  # of each band, of those who enter
# Leaving a year, by band: in the first year of care, and later.
FIRST = np.array([0.7, 0.7, 0.6, 0.5, 0.6])
LATER = np.array([0.5, 0.45, 0.15, 0.1, 0.15])
HISTORY, STEP = 18, 1 / 24  # years


def band_of(age):
    return np.clip(np.searchsorted(FROM, age, side="right") - 1, 0, 4)


@dataclass
class Invented:
    """An authority: its children as the projection reads them, and how many there will be."""

    periods_of_care: pd.DataFrame
    born: pd.Series
    family: pd.Series
    ahead: np.ndarray

    authority = SimpleNamespace(covers_from=date(2000, 1, 1))

    @property
    def children(self):
        return self.periods_of_care[["child"]].assign(birth_date=self.born)

    def once(self, key, work_out):
        return self.family.to_frame("family")

    def looked_after_on(self, day):
        care, day = self.periods_of_care, pd.Timestamp(day)
        here = care[(care["start"] <= day) & ~(care["stops"] <= day)]
        born = self.born[here.index]
        bands = BANDS[band_of((day - born).dt.days / DAYS)]
        return here.assign(birth_date=born, period_start=here["start"], age_band=bands)

    def started(self, period):
        care = self.periods_of_care.assign(birth_date=self.born)
        return care[care["start"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]


def invented(draw, a_year, phi, siblings):
    """Return an authority with so many families entering a year, some with a second child."""
    came = draw.negative_binomial(a_year / (phi - 1), 1 / phi, HISTORY + 3)
    entry = np.repeat(np.arange(-HISTORY, 3), came) + draw.random(came.sum())
    band = draw.choice(5, len(entry), p=ENTER)
    age = FROM[band] + draw.random(len(entry)) * (UNTIL - FROM)[band]
    second = np.flatnonzero(draw.random(len(entry)) < siblings)
    family = np.concatenate([np.arange(len(entry)), second])
    other = np.clip(age[second] + draw.normal(0, 2.5, len(second)), 0, 17.9)
    entry, age = np.concatenate([entry, entry[second]]), np.concatenate([age, other])
    together = draw.random(len(family)) < 0.5
    shared, own = draw.exponential(size=(2, len(family)))
    patience = np.where(together, shared[family], own)
    stay, run = np.full(len(entry), np.inf), np.zeros(len(entry))
    for care in np.arange(0, HISTORY, STEP):
        rate = np.where(care < 1, FIRST, LATER)[band_of(age + care)]
        leaves = (run < patience) & (run + rate * STEP >= patience)
        stay[leaves] = care + (patience - run)[leaves] / rate[leaves]
        run += rate * STEP
    stay = np.minimum(stay, 18 - age)
    there = (entry < 3) & (entry + stay > 3)
    ahead = np.bincount(band_of((age + 3 - entry)[there]), minlength=5)
    entry, age, stay, family = (part[entry < 0] for part in (entry, age, stay, family))
    start = END + pd.to_timedelta(np.floor(entry * DAYS), unit="D")
    stops = start + pd.to_timedelta(np.maximum(np.round(stay * DAYS), 1), unit="D")
    child = [f"C{n}" for n in range(len(entry))]
    care = pd.DataFrame({"child": child, "start": start, "ended": stops < END})
    care["stops"] = pd.Series(stops).where(care["ended"])
    born = pd.Series(start - pd.to_timedelta(np.round(age * DAYS), unit="D"))
    return Invented(care, born, pd.Series([f"F{n}" for n in family], index=child), ahead)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("a_year", "looked_after", "widest"),
    [
        (30, 93, 2.0),
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in [(10, 31, 3.6), (75, 229, 1.3), (105, 328, 1.1)]
        ),
    ],
)
def test_the_range_holds_what_comes(a_year, looked_after, widest):
    draw = np.random.default_rng(a_year)
    held, wide, many = [], [], []
    for _ in range(40):
        made = invented(draw, a_year, 2.5, 0.3)
        found = age_projection.ahead(made, YEAR, "age_band_ahead").set_index("group")
        found = found.loc[[f"{band}: {age_projection.AHEAD}" for band in BANDS]]
        low, high = found["lower"].to_numpy(), found["upper"].to_numpy()
        held.append((low <= made.ahead) & (made.ahead <= high))
        wide.append((high - low).sum())
        many.append(len(made.looked_after_on(YEAR.end)))
    assert np.mean(many) == pytest.approx(looked_after, rel=0.25)
    assert np.mean(held) >= 0.93 - 2.6 * np.sqrt(0.93 * 0.07 / len(held) / 5)
    # A range of everything would hold it too. The five ranges together, of the children there are:
    assert np.mean(wide) < widest * np.mean(many)
