"""Add what is known about each child: age on a day, age band, sex and ethnicity."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from iro_analysis import codes

NOT_KNOWN = codes.NOT_KNOWN


def completed_years(born: pd.Series, on: pd.Series | date) -> pd.Series:
    """Return age in completed years; missing where a date is missing.

    Someone born on 29 February completes a year on 1 March of a year that has no 29th.
    """
    if not isinstance(on, pd.Series):
        on = pd.Series(pd.Timestamp(on), index=born.index)
    had_birthday = (on.dt.month > born.dt.month) | (
        (on.dt.month == born.dt.month) & (on.dt.day >= born.dt.day)
    )
    years = on.dt.year - born.dt.year - (~had_birthday).astype(int)
    return years.where(born.notna() & on.notna())


def grown_up(born: pd.Series) -> pd.Series:
    """Return the first day on which each person is 18; missing where the date of birth is.

    Someone born on 29 February is 18 on 1 March, as ``completed_years`` has it.
    """
    years = codes.record("rules")["looked_after"]["adult_age"]
    on = born + pd.DateOffset(years=years)
    return on + pd.to_timedelta((on.dt.day != born.dt.day).astype(int), unit="D")


def age_bands() -> list[str]:
    """Return the labels of the age bands, youngest first."""
    return list(codes.table("age_bands")["label"])


def age_band(ages: pd.Series) -> pd.Series:
    """Return the age band of each age; a missing or negative age is Not known."""
    places, years = np.full(len(ages), -1), ages.to_numpy(float)
    for place, band in enumerate(codes.table("age_bands").itertuples(index=False)):
        upper = float(band.to_age) if band.to_age else float("inf")
        places[(years >= float(band.from_age)) & (years <= upper)] = place
    labels = pd.array([*age_bands(), NOT_KNOWN], dtype="str")  # the last is place -1
    return pd.Series(labels.take(places), index=ages.index)


def known_of(children: pd.DataFrame) -> pd.DataFrame:
    """Return what is known of each child whatever the day.

    Parameters
    ----------
    children : DataFrame
        As ``reading.children.one_row_each`` returns it.

    Returns
    -------
    DataFrame, one row per child, which is the index
        ``birth_date``, and ``sex``, ``ethnicity`` and ``ethnicity_detail`` as labels.
    """
    ethnicity = children["ethnicity"].fillna("")
    found = children[["birth_date"]].assign(
        sex=codes.SEX.label(children["sex"].fillna("")),
        ethnicity=codes.ETHNICITY.label(ethnicity, "group"),
        ethnicity_detail=codes.ETHNICITY.label(ethnicity),
    )
    return found.set_axis(pd.Index(children["child"]), axis="index")


def with_background(people: pd.DataFrame, known: pd.DataFrame, on: str) -> pd.DataFrame:
    """Add what is known of each child.

    Parameters
    ----------
    people : DataFrame
        Has ``child`` and a date column `on` at which the age is taken.
    known : DataFrame
        As `known_of` returns it.
    on : str
        Name of the date column.

    Returns
    -------
    DataFrame, the rows of `people`
        With ``birth_date``, ``age`` (completed years), ``age_band``, ``sex``, ``ethnicity`` and
        ``ethnicity_detail`` (labels; Not known where there is no header row or no such code).
    """
    own = known.reindex(people["child"])
    joined = people.reset_index(drop=True)
    joined["birth_date"] = own["birth_date"].to_numpy()
    for name in ("sex", "ethnicity", "ethnicity_detail"):
        joined[name] = own[name].fillna(NOT_KNOWN).array
    joined["age"] = completed_years(joined["birth_date"], joined[on])
    joined["age_band"] = age_band(joined["age"])
    return joined
