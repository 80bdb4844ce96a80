"""Build ``overdispersion.csv``: how much authorities' yearly counts vary beyond chance.

``python -m iro_analysis.comparisons.overdispersion FOLDER`` writes
``reference/overdispersion.csv`` from the files of DfE's 2024 release.
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from iro_analysis.estimates.distributions import normal_quantile, variance_of_the_middle
from iro_analysis.estimates.funnels import winsorised

YEARS = "2020 to 2024"
COLUMNS = ["measure", "phi", "authorities", "years", "source"]
SOURCE = (
    "Derived from Department for Education, Children looked after in England including adoptions, "
    "2024 release, {file}: yearly counts of each authority beside the year before, England's own "
    "change taken out; squared standardised differences, a tenth at each end pulled in; Open "
    "Government Licence v3.0."
)
_CEASED = "la_children_who_ceased_during_the_year.csv.gz"
_RATES = "cla_number_and_rate_per_10k_children.csv"
_HOME = (
    "Returned home to live with parents or other person with parental responsibility which was "
    "part of the care planning process",
    "Returned home to live with parents or other person with parental responsibility which was "
    "not part of the care planning process",
    "Left care to live with parents, relatives or other person with no parental responsibility",
)
_OF = {
    "started": (_RATES, ("Children starting to be looked after each year",)),
    "ceased": (_RATES, ("Children ceasing to be looked after each year",)),
    "adopted": (_CEASED, ("Adopted",)),
    "special_guardianship": (_CEASED, ("Special guardianship orders",)),
    "returned_home": (_CEASED, _HOME),
}
_STOCK = "Children looked after at 31 March each year"
_FEWEST = 10  # in two years together: fewer say little and their ratio is coarse


def phi_of_counts(counts: pd.DataFrame) -> tuple[float, int]:
    """Return how many times the variance of yearly counts is their mean, and of how many areas.

    Parameters
    ----------
    counts : DataFrame
        One row per authority, one column per year; missing where DfE printed a symbol.
    """
    values = counts.to_numpy(float)
    squares, used = [], set()
    for year in range(1, values.shape[1]):
        now, before = values[:, year], values[:, year - 1]
        known = np.isfinite(now) & np.isfinite(before) & (now + before >= _FEWEST)
        trend = now[known].sum() / before[known].sum()
        now, before = now[known], before[known]
        squares.append(_mean_square((now - trend * before) / np.sqrt(trend * (now + before))))
        used |= set(np.flatnonzero(known))
    return float(np.mean(squares)), len(used)


def phi_of_stock(stock: pd.DataFrame, came: pd.DataFrame, left: pd.DataFrame) -> tuple[float, int]:
    """Return how many times the variance of a change of stock is the number who came and left."""
    values, moves = stock.to_numpy(float), (came + left).to_numpy(float)
    squares, used = [], set()
    for year in range(1, values.shape[1]):
        now, before, moved = values[:, year], values[:, year - 1], moves[:, year]
        known = np.isfinite(now) & np.isfinite(before) & (moved >= _FEWEST)
        trend = now[known].sum() / before[known].sum()
        change = now[known] - trend * before[known]
        squares.append(_mean_square(change / np.sqrt(moved[known])))
        used |= set(np.flatnonzero(known))
    return float(np.mean(squares)), len(used)


def _mean_square(z: NDArray[np.float64]) -> float:
    """Return the mean square of winsorised z scores, rescaled to be 1 for a normal z."""
    edge = normal_quantile(0.9)
    whole = 0.8 * variance_of_the_middle(edge) + 0.2 * edge**2
    return float((winsorised(z) ** 2).mean()) / whole


def table(folder: Path) -> pd.DataFrame:
    """Return the overdispersion of every measure that DfE's files give it for."""
    rates, ceased = (_read(folder, name) for name in (_RATES, _CEASED))
    rows = []
    for measure, (file, labels) in _OF.items():
        counts = _yearly(rates if file == _RATES else ceased, labels)
        rows.append((measure, *phi_of_counts(counts), file))
    stock = _yearly(rates, (_STOCK,))
    came, left = (
        _yearly(rates, _OF[name][1]).reindex(stock.index) for name in ("started", "ceased")
    )
    for measure in ("looked_after", "looked_after_rate"):
        rows.append((measure, *phi_of_stock(stock, came, left), _RATES))
    return pd.DataFrame(
        [
            (measure, f"{phi:.2f}", str(areas), YEARS, SOURCE.format(file=file))
            for measure, phi, areas, file in rows
        ],
        columns=COLUMNS,
    )


def _read(folder: Path, name: str) -> pd.DataFrame:
    rows = pd.read_csv(folder / name, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    rows = rows[rows["geographic_level"].eq("Local authority")]
    label = "characteristic" if "characteristic" in rows else "population_count"
    found = rows[["new_la_code", "time_period"]].assign(
        label=rows[label], value=pd.to_numeric(rows["number"], errors="coerce")
    )
    return found.drop_duplicates(["new_la_code", "time_period", "label"])


def _yearly(rows: pd.DataFrame, labels: tuple[str, ...]) -> pd.DataFrame:
    mine = rows[rows["label"].isin(labels)]
    wide = mine.pivot_table(
        index="new_la_code",
        columns="time_period",
        values="value",
        aggfunc=lambda values: values.sum(skipna=False),
        dropna=False,
    )
    return wide.sort_index(axis=1)


def main(folder: str) -> int:
    """Write ``reference/overdispersion.csv`` from a folder of DfE's files."""
    place = Path(str(resources.files("iro_analysis").joinpath("reference/overdispersion.csv")))
    table(Path(folder)).to_csv(place, index=False, lineterminator="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
