"""Children looked after: how many, who they are, where they live, who came and who left."""

from __future__ import annotations

from datetime import date

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators import areas
from iro_analysis.contracts import ALL
from iro_analysis.errors import ReferenceDataError
from iro_analysis.indicators import breakdowns
from iro_analysis.periods import Period, in_words, year_ends

COUNT = "count"


def _places(people: pd.DataFrame, day: date) -> pd.Series:
    column = breakdowns.column_on("placement", day)
    return codes.PLACEMENT.label(people["settled_place"], column)


def _provision(people: pd.DataFrame) -> pd.Series:
    return provision_of(people["settled_place"], people["settled_provider"])


def provision_of(place: pd.Series, provider: pd.Series) -> pd.Series:
    """Return the kind of provision of placements: from the placement's code, fostering by provider.

    Parameters
    ----------
    place, provider : Series of str
        ``PLACE`` and ``PLACE_PROVIDER``.
    """
    by_place = codes.PLACEMENT.label(place, "provision")
    by_provider = codes.PLACEMENT_PROVIDER.label(provider, "foster_provision")
    by_provider = by_provider.replace(codes.NOT_KNOWN, "Other")
    return by_place.where(by_place.ne("by provider"), by_provider)


def postcode_key(postcodes: pd.Series) -> pd.Series:
    """Return postcodes in capitals without spaces, so that they can be matched."""
    return postcodes.str.upper().str.replace(r"\s+", "", regex=True)


def looked_up(record: CareRecord, people: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of the local list ``placements`` by each row's settled postcode."""
    places = record.authority.lists["placements"]
    known = places.assign(key=postcode_key(places["postcode"])).drop_duplicates("key")
    return postcode_key(people["settled_postcode"]).map(known.set_index("key")[column])


def _locality(record: CareRecord, people: pd.DataFrame) -> pd.Series:
    inside, outside = breakdowns.groups("locality")
    found = looked_up(record, people, "inside_authority")
    return found.map({1.0: inside, 0.0: outside}).fillna(codes.NOT_KNOWN)


def _distance(record: CareRecord, people: pd.DataFrame) -> pd.Series:
    near, far = breakdowns.groups("distance")
    miles = looked_up(record, people, "miles")
    return pd.Series(codes.NOT_KNOWN, people.index).mask(miles <= 20, near).mask(miles > 20, far)


def labels(record: CareRecord, people: pd.DataFrame, breakdown: str, day: date) -> pd.Series:
    """Return the group of a breakdown to which each child looked after belongs.

    A child in a temporary absence (T0 to T4) is in the placement it is absent from. Locality and
    distance come from the local list ``placements`` by the placement's postcode.
    """
    if breakdown == "placement":
        return _places(people, day)
    if breakdown == "provision":
        return _provision(people)
    if breakdown == "locality":
        return _locality(record, people)
    if breakdown == "distance":
        return _distance(record, people)
    column = "legal_status_group" if breakdown == "legal_status" else breakdown
    if column not in people.columns:
        raise ReferenceDataError(
            f"breakdowns: nothing gives each child's group of {breakdown!r}; expected a case in "
            "indicators/looked_after.py:labels (CONTRIBUTING, add a breakdown, step 2)"
        )
    return people[column]


def looked_after(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the period's last day.

    Parameters
    ----------
    record : CareRecord
    period : Period
        Its end is the day of the count.
    breakdown : str
        ``all`` or a group of children or placements.

    Returns
    -------
    figures, one row per group [children]
        Zeros too; Not known where it is not empty.

    References
    ----------
    METHODS 3.1; CONTRACT part 6, counting rules.
    """
    people = record.looked_after_on(period.end)
    if breakdown == ALL:
        return breakdowns.total("looked_after", len(people), "children", COUNT)
    mine = labels(record, people, breakdown, period.end)
    known = breakdowns.groups(breakdown, period.end)
    return breakdowns.counts("looked_after", breakdown, mine, known, "children", COUNT)


def looked_after_rate(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the last day per 10,000 children aged 0 to 17.

    Returns
    -------
    figures, one row [per_10000]
        ``not_available`` where no population of the area is held.
    """
    count = len(record.looked_after_on(period.end))
    return _per_10_000("looked_after_rate", count, record, period)


def started_rate(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who started in a year per 10,000 children aged 0 to 17.

    Returns
    -------
    figures, one row [per_10000]
        ``not_available`` for a part of a year, which DfE publishes no rate of, and where no
        population of the area is held.
    """
    if not period.is_year:
        reason = "it is a rate of a whole year, from 1 April to 31 March"
        return contracts.not_available("started_rate", ALL, "per_10000", reason)
    return _per_10_000("started_rate", len(record.started(period)), record, period)


def unaccompanied_rate(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Unaccompanied asylum-seeking children per 10,000 children aged 0 to 17."""
    count = int(unaccompanied(record, period)["counted"].sum())
    return _per_10_000("unaccompanied_rate", count, record, period)


def unaccompanied_share(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children looked after who are unaccompanied asylum seekers [percent]."""
    people = unaccompanied(record, period)
    return breakdowns.percentage("unaccompanied_share", int(people["counted"].sum()), len(people))


def unaccompanied(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the children looked after, ``counted`` where one seeks asylum unaccompanied."""
    people = record.looked_after_on(period.end)
    seeking, _ = breakdowns.groups("uasc")
    return people.assign(counted=people["uasc"].eq(seeking))


def _per_10_000(measure: str, count: int, record: CareRecord, period: Period) -> pd.DataFrame:
    """Return a count over the children of the area as a figure [per_10000]."""
    people = record.authority.population(ALL, period.end)
    if people is None:
        return contracts.not_available(
            measure, ALL, "per_10000", no_population(record, "aged 0 to 17", period)
        )
    return breakdowns.rates_of(measure, ALL, pd.Series({ALL: count}), people)


NO_POPULATION = "no population"


def no_population(record: CareRecord, which: str, period: Period) -> str:
    """Return why a rate cannot be given: no population is held for the area and day.

    Every such reason begins with ``NO_POPULATION``; none says anything of a child.
    """
    place = record.authority
    if not place.ons_code:
        day = in_words(period.end)
        listed = f"has none for {day}" if "population" in place.lists else "was not given"
        return (
            f"{NO_POPULATION} {which}: authority.toml gives no ons_code and local/population.csv "
            f"{listed}"
        )
    area = areas.authority(place.ons_code)
    if area is None:
        return f"{NO_POPULATION} {which}: {place.ons_code} is no English authority's ONS code"
    if not area.existed_on(period.end) and area.predecessors:
        before = " and ".join(areas.every()[code].name for code in area.predecessors)
        return (
            f"{NO_POPULATION} {which} for {in_words(period.end)}: {area.name} did not exist then; "
            f"see {before}"
        )
    return (
        f"{NO_POPULATION} {which} for {in_words(period.end)} is in the package; ONS's file in "
        "published/ or local/population.csv can give it"
    )


def started(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who started to be looked after in the period; see ``CareRecord.started``."""
    people = record.started(period)
    if breakdown == ALL:
        return breakdowns.total("started", len(people), "children", COUNT)
    return breakdowns.counts(
        "started", breakdown, people[breakdown], breakdowns.groups(breakdown), "children", COUNT
    )


def ceased(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who ceased to be looked after in the period; see ``CareRecord.ceased``."""
    people = record.ceased(period)
    if breakdown == ALL:
        return breakdowns.total("ceased", len(people), "children", COUNT)
    known = (
        [g for g in codes.REASON_CEASED.groups("group") if g != codes.NOT_KNOWN]
        if breakdown == "reason"
        else breakdowns.groups(breakdown)
    )
    return breakdowns.counts("ceased", breakdown, people[breakdown], known, "children", COUNT)


def looked_after_history(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on each of the last five 31 Marches up to the period's end.

    Returns
    -------
    figures, one row a 31 March, oldest first [children]
        ``not_available`` for a day that the returns do not cover.
    """
    days = year_ends(period.end)
    covered = [record.authority.covers_from <= day <= record.authority.covers_to for day in days]
    found = [
        len(record.looked_after_on(day)) if known else float("nan")
        for day, known in zip(days, covered, strict=True)
    ]
    reason = f"the returns begin on {in_words(record.authority.covers_from)}"
    return contracts.figures(
        "looked_after_history",
        breakdown,
        [day.isoformat() for day in days],
        unit="children",
        numerator=found,
        value=found,
        method=COUNT,
        status=["ok" if known else "not_available" for known in covered],
        note=["" if known else reason for known in covered],
    )
