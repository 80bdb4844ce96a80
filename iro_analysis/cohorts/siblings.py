"""Infer families from shared first day and home postcode, and from mothers' records.

Brothers and sisters, and mothers with their own child, come, move and leave together, so that they
do not count as independent of one another. The return does not name families. Two children are
taken to be of one family where they came into care on one day from one home postcode, or where a
mother's record gives her child's date of birth.
"""

from __future__ import annotations

import pandas as pd

from iro_analysis.cohorts.record import CareRecord


def families(record: CareRecord) -> pd.Series:
    """Return the family of each child of the record, as far as it can be told.

    Parameters
    ----------
    record : CareRecord

    Returns
    -------
    Series of str; index: the child
        The name of one of the children. A child with nothing known about it is a family of one.

    References
    ----------
    REFEREE 1: siblings are clusters where they can be told (same first day and home postcode, or
    MOTHER).
    """
    return record.once(("families",), lambda: _families(record).to_frame("family"))["family"]


def _families(record: CareRecord) -> pd.Series:
    rows = record.episodes.sort_values(["child", "start", "order"], kind="stable")
    first = rows.drop_duplicates("child").set_index("child")
    home = first["home_postcode"].str.upper().str.replace(r"\s+", "", regex=True)
    known = home.ne("")
    key = first["start"].dt.strftime("%Y-%m-%d") + " " + home
    children = first.index.to_series()
    family = children.groupby(key.where(known, children)).transform("first").rename("family")
    for child, mother in _mothers(record).items():
        if child in family.index and mother in family.index:
            family = family.mask(family == family[child], family[mother])
    return family


def _mothers(record: CareRecord) -> dict[str, str]:
    """Return child -> its mother, where one child alone fits the date of birth that she gives."""
    people = record.children
    if "mothers_child_birth_date" not in people:
        return {}
    born = people.dropna(subset=["birth_date"]).drop_duplicates("birth_date", keep=False)
    by_day = born.set_index("birth_date")["child"]
    mothers = people.dropna(subset=["mothers_child_birth_date"])
    found = mothers["mothers_child_birth_date"].map(by_day)
    pairs = zip(found, mothers["child"], strict=True)
    return {child: mother for child, mother in pairs if isinstance(child, str)}
