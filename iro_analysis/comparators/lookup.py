"""Look up what DfE has published of a measure: other areas, neighbours, all authorities.

Comparators, the audit of printed reports and the disclosure audit's outside knowledge ask here.
Every figure has its release and source. DfE's files as downloaded (``published/``) add to those in
the package.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

import pandas as pd

from iro_analysis import codes
from iro_analysis.comparators import areas, held, layouts
from iro_analysis.comparators.areas import ENGLAND, Area
from iro_analysis.comparators.publications import ALL, Publications, mapping, number
from iro_analysis.contracts import COUNT_UNITS

COLUMNS = ["area", "group", "value", "unit", "release", "source", "n_areas"]
VALUES = ("value", "count", "total")
AUTHORITY = "Local authority"  # as DfE's files call the level
# Symbols that stand for a small or zero count: a mean without those areas would be too high.
HIDDEN = ("c", "k", "low", "-", "")


def area_code(text: str) -> str:
    """Return the ONS code of an authority, region or England given by code or name; else empty."""
    if (found := areas.find(text)) is not None and text.strip() not in _regions():
        return found.code
    name, known = text.strip(), _regions()
    return name.upper() if name.upper() in known.values() else known.get(name, "")


@cache
def _regions() -> dict[str, str]:
    """Return name -> code of England and its regions."""
    rows = codes.table("areas/regions")
    return dict(zip(rows["name"], rows["code"], strict=True))


def area_name(code: str) -> str:
    """Return the name of an area's code."""
    if (found := areas.authority(code)) is not None:
        return found.name
    return next(name for name, each in _regions().items() if each == code)


def model_on(area: Area, day: date) -> dict | None:
    """Return the model of statistical neighbours for an authority and day; None where it has none.

    The model in use when the year's figures were published; for an authority that it does not
    know, the one that does.
    """
    models = [
        model
        for model in codes.record("comparators/models")["model"]
        if area.code in held.neighbours(model["id"])
    ]
    in_use = [model for model in models if model["first_day"] <= day]
    return in_use[-1] if in_use else models[0] if models else None


def neighbours(authority: str, day: date) -> list[Area]:
    """Return the ten statistical neighbours of an authority (code or name), the nearest first."""
    area = areas.find(authority)
    model = model_on(area, day) if area else None
    codes_of = held.neighbours(model["id"])[area.code] if area and model else ()
    return [areas.every()[code] for code in codes_of]


def all_authorities(
    measure: str, breakdown: str = ALL, group: str = ALL, day: date = date.max
) -> pd.DataFrame:
    """Return every authority's published figure for the year that ends on a day.

    Of several releases one is used for all, as `held.preference` says.

    Returns
    -------
    DataFrame, one row per authority in the release
        ``area_code``, ``area``, ``value`` (missing where DfE printed a symbol), ``count`` and
        ``total`` behind it (missing where not published), ``unit``, ``release``, ``source``,
        ``reason``.
    """
    return _all_authorities(measure, breakdown, group, day).copy(deep=False)


@cache
def _all_authorities(measure: str, breakdown: str, group: str, day: date) -> pd.DataFrame:
    columns = [
        "area_code",
        "area",
        "value",
        "count",
        "total",
        "unit",
        "release",
        "source",
        "reason",
    ]
    rows = held.table(measure, breakdown)
    rows = rows[(rows["group"] == group) & (rows["year"] == day.year)]
    there = {code for code, area in areas.every().items() if area.existed_on(day)}
    rows = rows[rows["area"].isin(there)]
    if (day.month, day.day) != (3, 31) or rows.empty:
        return pd.DataFrame(columns=columns)
    rows = rows[rows["release"] == rows["release"].iloc[0]]
    values = {name: rows[name].map(_float) for name in VALUES}
    reasons = rows["value"].map(layouts.symbol_in_words)
    found = rows.assign(**values, area_code=rows["area"], area=rows["area"].map(area_name))
    found["reason"] = reasons.mask(found["value"].isna() & reasons.eq(""), "not available")
    return found[columns].sort_values("area_code", ignore_index=True)


def counts_of_all_authorities(
    measure: str, day: date, publications: Publications | None = None
) -> pd.DataFrame:
    """Return what each authority's share for the year that ends on a day is made of.

    From the package; where it holds no counts of that year, from DfE's files as downloaded.

    Returns
    -------
    DataFrame, one row per authority in the release
        ``area_code`` (empty where the name is not known), ``area``, ``count``, ``total`` (missing
        where DfE printed a symbol), ``release``; empty where no counts are held.
    """
    columns = ["area_code", "area", "count", "total", "release"]
    rows = all_authorities(measure, day=day)
    if rows["count"].notna().any():
        return rows[columns]
    if publications is None or (day.month, day.day) != (3, 31):
        return pd.DataFrame(columns=columns)
    given = publications.series(measure)
    given = given[given["level"].eq(AUTHORITY) & given["year"].astype(str).eq(str(day.year))]
    given = given[given["release"].isin(given["release"].iloc[:1])].drop_duplicates("area")
    counts = {name: pd.to_numeric(given[name], errors="coerce") for name in ("count", "total")}
    return given.assign(**counts, area_code=given["area"].map(area_code))[columns]


def published_counts(authority: str, day: date) -> pd.DataFrame:
    """Return the counts that DfE has published of an authority for the year that ends on a day.

    What anyone may know of it besides this suite's reports: rounded to 5 from the 2018 release on.

    Returns
    -------
    DataFrame, one row per measure, breakdown, group and release
        ``measure``, ``breakdown``, ``group``, ``release``, ``count``, ``total``; text as printed.
    """
    area = areas.find(authority)
    columns = ["measure", "breakdown", "group", "release", "count", "total"]
    parts = [pd.DataFrame(columns=columns)]
    for measure, by in held.tables():
        if area is None:
            break
        rows = held.table(measure, by)
        rows = rows[(rows["area"] == area.code) & (rows["year"] == day.year)]
        is_count = rows["unit"].isin(COUNT_UNITS)
        count = rows["count"].mask(is_count, rows["value"])
        rows = rows.assign(measure=measure, breakdown=by, count=count)
        parts.append(rows.loc[is_count | rows["total"].ne(""), columns])
    return pd.concat(parts, ignore_index=True)


def comparators(
    measure: str,
    breakdown: str,
    ons_code: str,
    day: date,
    unit: str = "",
    publications: Publications | None = None,
) -> pd.DataFrame:
    """Return published figures of other areas for a measure on a day.

    England, the authority's region (in London also Inner or Outer London) and the mean of its ten
    statistical neighbours. Of several releases one is taken as `held.preference` says, those of
    DfE's files as downloaded among them. Counts of other areas are left out.

    Parameters
    ----------
    measure, breakdown : str
    ons_code : str
        The authority's.
    day : date
    unit : str
        The measure's; of figures from DfE's files whose mapping gives none.
    publications : Publications, optional
        DfE's files as downloaded.

    Returns
    -------
    DataFrame, one row per area and group
        ``area``, ``group``, ``value``, ``unit``, ``release``, ``source``, ``n_areas`` (how many
        areas' figures are behind the value); empty where there is none.
    """
    if (day.month, day.day) != (3, 31):
        return pd.DataFrame(columns=COLUMNS)
    table = held.table(measure, breakdown)
    if table.empty and publications is None:
        return pd.DataFrame(columns=COLUMNS)
    area = areas.authority(ons_code)
    regions = reversed(area.regions) if area else ()
    wanted = {area_code(name): name for name in (ENGLAND, *regions)}
    rows = table[(table["year"] == day.year) & ~table["unit"].isin(COUNT_UNITS)]
    mine = rows[rows["area"].isin(wanted)]
    mine = mine.assign(value=mine["value"].map(_float)).dropna(subset="value")
    mine = mine.drop_duplicates(["area", "group"]).assign(n_areas=1)
    order = {code: place for place, code in enumerate(wanted)}
    groups = list(mapping(measure, breakdown).get("groups", [ALL]))
    mine = mine.assign(
        place=mine["area"].map(order), which=mine["group"].map(groups.index)
    ).sort_values(["which", "place"], kind="stable")
    mine = mine.assign(area=mine["area"].map(wanted))
    found = pd.concat([mine, _similar(rows, measure, breakdown, ons_code, day)])
    found = found.sort_values("which", kind="stable") if len(found) else found
    found = found.reindex(columns=COLUMNS).reset_index(drop=True)
    if publications is None:
        return found
    more = from_publications(publications, measure, breakdown, groups, ons_code, day, unit)
    return _merged(found, more) if len(more) else found


def _merged(held_ones: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Return the package's comparators with those of the files given, the preferred of each."""
    if held_ones.empty:
        return given
    both = pd.concat([held_ones, given], ignore_index=True)
    order = [
        held.preference(row.unit, row.release) for row in both[["unit", "release"]].itertuples()
    ]
    best = both.assign(order=order).sort_values("order", kind="stable")
    kept = best.drop_duplicates(["area", "group"]).index
    # Each keeps the place of the package's own, so that a page reads the same.
    first = both.drop_duplicates(["area", "group"]).index
    place = dict(
        zip(both.loc[first, ["area", "group"]].itertuples(index=False), first, strict=True)
    )
    chosen = both.loc[kept]
    where = [place[key] for key in chosen[["area", "group"]].itertuples(index=False)]
    return chosen.assign(where=where).sort_values("where")[COLUMNS].reset_index(drop=True)


def neighbour_values(
    measure: str, breakdown: str, group: str, authority: str, day: date
) -> pd.DataFrame:
    """Return each statistical neighbour's published figure, in the shape of `all_authorities`."""
    everyone = all_authorities(measure, breakdown, group, day).set_index("area_code", drop=False)
    order = [area.code for area in neighbours(authority, day)]
    return everyone.reindex(order).dropna(subset="area_code").reset_index(drop=True)


def _similar(
    rows: pd.DataFrame, measure: str, breakdown: str, ons_code: str, day: date
) -> pd.DataFrame:
    """Return the unweighted mean of the statistical neighbours, one row per group.

    Of the preferred release in which they can be averaged. None where DfE hid the figure of one of
    them because it is small: the mean of the others would be too high. Up to two may be missing
    for another reason.
    """
    area = areas.authority(ons_code)
    model = model_on(area, day) if area else None
    if area is None or model is None or rows.empty:
        return pd.DataFrame()
    record = codes.record("comparators/models")
    ten = held.neighbours(model["id"])[area.code]
    entry = mapping(measure, breakdown)
    groups = list(entry.get("groups", [ALL]))
    theirs = rows[rows["area"].isin(ten)]
    found, done = [], set()
    for (release, group), part in theirs.groupby(["release", "group"], sort=False):
        if group in done or part["value"].isin(HIDDEN).any():
            continue
        count, total = part["count"].map(_float), part["total"].map(_float)
        values = count / total * 100 if entry.get("counts") else part["value"].map(_float)
        values = values.dropna()
        if len(values) < record["fewest"]:
            continue
        done.add(group)
        some = "" if len(values) == len(ten) else f", {len(values)} of {len(ten)}"
        names = ", ".join(areas.every()[code].name for code in ten)
        first = part.iloc[0]
        found.append(
            {
                "area": f"Statistical neighbours ({model['title']}{some})",
                "group": group,
                "value": float(values.mean()),
                "unit": first["unit"],
                "release": release,
                "source": f"Derived, not published: unweighted mean of {len(values)} of the "
                f"{len(ten)} statistical neighbours of {area.name} in the {model['name']} "
                f"({names}), from {first['source']}",
                "n_areas": len(values),
                "which": groups.index(group),
                "place": len(areas.every()),
            }
        )
    return pd.DataFrame(found)


def from_publications(
    publications: Publications,
    measure: str,
    breakdown: str,
    groups: Iterable[str],
    ons_code: str,
    day: date,
    unit: str,
) -> pd.DataFrame:
    """Return the comparators of a measure that DfE's own files hold, in the shape of `comparators`.

    England and the regions of the authority, for the year that ends on the day; of several
    releases one as `held.preference` says. Empty where the day ends no year of DfE's.

    Parameters
    ----------
    publications : Publications
        DfE's files, as downloaded.
    measure, breakdown : str
    groups : iterable of str
        The groups wanted; ``["all"]`` where there is no breakdown.
    ons_code : str
        The authority's.
    day : date
    unit : str
        The measure's.
    """
    rows = []
    unit = mapping(measure, breakdown).get("unit", unit)
    area = areas.authority(ons_code)
    regions = area.regions if area else publications.regions_of(publications.area_of(ons_code))
    wanted = [ENGLAND, *regions] if (day.month, day.day) == (3, 31) else []
    for name in wanted if unit not in COUNT_UNITS else []:
        for group in groups:
            answers = publications.answers(measure, name, day.year, breakdown, group)
            known = [(each, each.value) for each in answers if each.value is not None]
            if known:
                first, value = min(known, key=lambda one: held.preference(unit, one[0].release))
                source = f"Department for Education, {first.release}, {first.file}"
                rows.append((name, group, float(value), unit, first.release, source, 1))
    return pd.DataFrame(rows, columns=COLUMNS)


def comparators_of(measure: str, breakdown: str, group: str, area: str, year: int) -> list[dict]:
    """Return one area's published figures for 31 March of a year, of every release held."""
    rows = held.table(measure, breakdown)
    mine = rows[(rows["group"] == group) & (rows["year"] == year)]
    return mine[mine["area"] == area_code(area)].to_dict("records")


def _float(text: str) -> float:
    value = number(text)
    return float("nan") if value is None else float(value)
