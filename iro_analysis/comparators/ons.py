"""Read ONS's files, mid-year estimates and censuses, as children by area.

Each layout is known by its columns. Districts are added up to the authority they now lie in, and
to the one they lay in before; authorities to regions and England.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from iro_analysis import codes
from iro_analysis.comparators import areas

KIND = "ONS"
CHILD = 18  # the first adult age
COLUMNS = ["area", "reference_date", "breakdown", "group", "value"]
ETHNICITY, TEN_TO_17, WHITE_BRITISH = "ethnicity", "ethnicity_age_10_to_17", "white_british"
CENSUS_DAYS = {"2011": "2011-03-27", "2021": "2021-03-21"}
OLDEST = 999


@dataclass(frozen=True)
class Layout:
    """One of ONS's file layouts.

    Attributes
    ----------
    name : str
        As sources say it.
    fits : callable
        Whether a file's columns are of this layout.
    read : callable
        File name, rows -> children by area as the file has it: ``COLUMNS``.
    """

    name: str
    fits: Callable[[list[str]], bool]
    read: Callable[[str, pd.DataFrame], pd.DataFrame]


def layout_of(columns: list[str]) -> Layout | None:
    """Return the layout that a file's columns are of; None for any other file."""
    return next((layout for layout in LAYOUTS if layout.fits(columns)), None)


def children(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a file's children by authority, region and England.

    Parameters
    ----------
    name : str
        The file's; mid-year estimates of one year name it there (``mid2019``).
    rows : DataFrame of str

    Returns
    -------
    DataFrame
        ``area`` (ONS code), ``reference_date``, ``breakdown``, ``group``, ``value``.
    """
    layout = layout_of(list(rows.columns))
    return add_up(layout.read(name, rows)) if layout else pd.DataFrame(columns=COLUMNS)


def add_up(found: pd.DataFrame) -> pd.DataFrame:
    """Return the children of districts and authorities added up to every area they make.

    An authority, region or England that the file has itself is taken from the file. A region is
    added up only where every authority of it has a figure.
    """
    keys = ["reference_date", "breakdown", "group"]
    now, before = areas.districts(), areas.former_districts()
    own = found[~found["area"].isin(now) & ~found["area"].isin(areas.every())]
    own = own[own["area"].isin(codes.table("areas/regions")["code"])]
    parts = [_sums(found, found["area"].map(now), keys)]
    parts.append(_sums(found, found["area"].map(before), keys))
    upper = pd.concat([*parts, _wholes(parts[0], keys)], ignore_index=True)
    upper = upper.drop_duplicates(["area", *keys])
    current = upper[upper["area"].isin([area.code for area in areas.current()])]
    wider = [own]
    for code, members in _regions().items():
        inside = current[current["area"].isin(members)]
        counted = inside.groupby(keys)["area"].nunique()
        whole = counted[counted == len(members)].index
        sums = _sums(inside, pd.Series(code, index=inside.index), keys)
        wider.append(sums[sums.set_index(keys).index.isin(whole)])
    return pd.concat([upper, *wider], ignore_index=True).drop_duplicates(["area", *keys])[COLUMNS]


def _sums(found: pd.DataFrame, area: pd.Series, keys: list[str]) -> pd.DataFrame:
    rows = found.assign(area=area).dropna(subset="area")
    return rows.groupby(["area", *keys], as_index=False, sort=False)["value"].sum()


def _wholes(found: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return abolished authorities as the sums of those that they were split into."""
    parts = [pd.DataFrame(columns=["area", *keys, "value"])]
    for area in set(areas.every().values()):
        heirs = [areas.every()[code] for code in area.successors]
        if heirs and all(heir.predecessors == (area.code,) for heir in heirs):
            mine = found[found["area"].isin(area.successors)]
            parts.append(_sums(mine, pd.Series(area.code, index=mine.index), keys))
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _regions() -> dict[str, list[str]]:
    """Return code of a region or England -> codes of the authorities in it."""
    names = codes.table("areas/regions")
    code = dict(zip(names["name"], names["code"], strict=True))
    found: dict[str, list[str]] = {}
    for area in areas.current():
        for name in (areas.ENGLAND, *area.regions):
            found.setdefault(code[name], []).append(area.code)
    return found


def band_of(age: int) -> str:
    """Return the suite's age band of a year of age under 18."""
    bands = codes.table("age_bands")
    for row in bands.to_dict("records"):
        if int(row["from_age"]) <= age <= int(row["to_age"] or CHILD):
            return str(row["label"])
    raise ValueError(f"no age band for {age}")


def _by_age(rows: pd.DataFrame) -> pd.DataFrame:
    """Return children in all and by age band, of rows ``area, reference_date, age, value``."""
    rows = rows[rows["age"] < CHILD]
    keys = ["area", "reference_date"]
    whole = rows.groupby(keys, as_index=False, sort=False)["value"].sum()
    bands = rows.assign(group=rows["age"].map(band_of))
    bands = bands.groupby([*keys, "group"], as_index=False, sort=False)["value"].sum()
    return pd.concat(
        [whole.assign(breakdown="all", group="all"), bands.assign(breakdown="age_band")],
        ignore_index=True,
    )[COLUMNS]


def _single_years(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    year = re.search(r"mid-?(\d{4})", name)
    code = next(column for column in rows if re.fullmatch(r"l(?:tla|ad)\d\d_code", column))
    ages = [str(age) for age in range(CHILD)]
    long = rows.melt(code, ages, "age", "value").rename(columns={code: "area"})
    return _by_age(
        long.assign(
            age=long["age"].astype(int),
            value=pd.to_numeric(long["value"]),
            reference_date=f"{year[1]}-06-30" if year else "",
        )
    )


def _myeb1(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    code = next(column for column in rows if re.fullmatch(r"ladcode\d\d", column))
    age = pd.to_numeric(rows["age"].str.removesuffix("+"))
    rows = rows[age < CHILD].assign(age=age)
    years = [column for column in rows if re.fullmatch(r"population_\d{4}", column)]
    long = rows.melt([code, "age"], years, "year", "value").rename(columns={code: "area"})
    long = long.assign(
        value=pd.to_numeric(long["value"]),
        reference_date=long["year"].str.removeprefix("population_") + "-06-30",
    )
    keys = ["area", "reference_date", "age"]
    return _by_age(long.groupby(keys, as_index=False, sort=False)["value"].sum())


def _census_2011(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    groups = codes.record("census_groups")["census_2011"]
    parts = []
    for column in rows:
        match = re.match(r"Sex: All persons; Age: Age (.+); Ethnic Group: (.+): Total; ", column)
        if not match or match[2] not in groups:
            continue
        first, last = _ages(match[1])
        if last < CHILD:
            parts.append((groups[match[2]], first, pd.to_numeric(rows[column])))
    wanted = {ETHNICITY: 0, TEN_TO_17: 10}
    return _ethnic(rows["geography code"], CENSUS_DAYS["2011"], parts, wanted)


def _ages(text: str) -> tuple[int, int]:
    """Return the first and last age that words name: ``Aged 4 years and under`` is 0 and 4.

    Examples
    --------
    >>> [_ages(text) for text in ("Aged under 1 year", "15", "10 to 14", "Aged 85 years and over")]
    [(0, 0), (15, 15), (10, 14), (85, 999)]
    """
    numbers = [int(found) for found in re.findall(r"\d+", text)]
    if not numbers:
        return OLDEST, OLDEST
    if "and under" in text:
        return 0, numbers[0]
    if "under" in text.lower():
        return 0, numbers[0] - 1
    return numbers[0], OLDEST if "over" in text or "+" in text else numbers[-1]


def _ethnic(area: pd.Series, day: str, parts: list, wanted: dict[str, int]) -> pd.DataFrame:
    found = [
        pd.DataFrame({"area": area, "breakdown": breakdown, "group": group, "value": value})
        for breakdown, youngest in wanted.items()
        for group, first, value in parts
        if first >= youngest
    ]
    whole = pd.concat(found, ignore_index=True).assign(reference_date=day)
    return whole.groupby(COLUMNS[:-1], as_index=False, sort=False)["value"].sum()


def _white_british(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    labels = codes.record("census_groups")["white_british"]
    age = pd.to_numeric(rows["age"].str.removesuffix("+"), errors="coerce")
    rows = rows[age < CHILD]
    long = rows.melt("code", ["white", "other"], "group", "value").rename(columns={"code": "area"})
    long = long.assign(
        value=pd.to_numeric(long["value"]),
        group=long["group"].map(labels),
        breakdown=WHITE_BRITISH,
        reference_date=CENSUS_DAYS["2021"],
    )
    return long.groupby(COLUMNS[:-1], as_index=False, sort=False)["value"].sum()


def _custom_dataset(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Read a Census 2021 custom dataset: ethnic group by age (and sex), any age grouping.

    Code -8 is "Does not apply". Ages 0 to 17 are taken where the grouping has the limits 0 and 18,
    ages 10 to 17 where it has 10 and 18.
    """
    area = next(c for c in rows if re.search(r"authorities Code$|Regions Code$|Countries Code$", c))
    age = next(c for c in rows if re.match(r"Age \(", c) and not c.endswith("Code"))
    group = next(c for c in rows if re.match(r"Ethnic group \(", c) and not c.endswith("Code"))
    rows = rows[rows[f"{group} Code"].ne("-8") & rows[f"{age} Code"].ne("-8")]
    words = codes.record("census_groups")["census_2021"]
    label = rows[group].str.partition(":")[0].str.strip().map(words)
    spans = {text: _ages(text) for text in rows[age].unique()}
    first, last = (
        rows[age].map({text: span[end] for text, span in spans.items()}) for end in (0, 1)
    )
    starts = {span[0] for span in spans.values()}
    british = rows[group].str.contains("English, Welsh, Scottish, Northern Irish or British")
    names = codes.record("census_groups")["white_british"]
    plain = pd.DataFrame(
        {"area": rows[area], "reference_date": CENSUS_DAYS["2021"], "group": label,
         "value": pd.to_numeric(rows["Observation"]), "first": first, "last": last,
         "two": british.map({True: names["white"], False: names["other"]})}
    )  # fmt: skip
    found = []
    for breakdown, youngest in ((ETHNICITY, 0), (TEN_TO_17, 10), (WHITE_BRITISH, 0)):
        if youngest not in starts or CHILD not in starts:
            continue
        mine = plain[(plain["first"] >= youngest) & (plain["last"] < CHILD)]
        if breakdown == WHITE_BRITISH:
            if not british.any():
                continue
            mine = mine.assign(group=mine["two"])
        found.append(mine.dropna(subset="group").assign(breakdown=breakdown))
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    whole = pd.concat(found, ignore_index=True)
    return whole.groupby(COLUMNS[:-1], as_index=False, sort=False)["value"].sum()


def _has(pattern: str, columns: list[str]) -> bool:
    return any(re.match(pattern, column) for column in columns)


LAYOUTS = (
    Layout(
        "mid-year population estimates by single year of age",
        lambda columns: _has(r"l(?:tla|ad)\d\d_code$", columns) and "0" in columns,
        _single_years,
    ),
    Layout(
        "mid-year population estimates, MYEB1",
        lambda columns: _has(r"ladcode\d\d$", columns) and _has(r"population_\d{4}$", columns),
        _myeb1,
    ),
    Layout(
        "Census 2011, table DC2101EW (ethnic group by sex by age)",
        lambda columns: "geography code" in columns and _has(r"Sex: .*Ethnic Group: ", columns),
        _census_2011,
    ),
    Layout(
        "Census 2021, White British and all other groups by single year of age",
        lambda columns: columns[:5] == ["code", "name", "age", "white", "other"],
        _white_british,
    ),
    Layout(
        "Census 2021, custom dataset (ethnic group by age)",
        lambda columns: (
            "Observation" in columns
            and _has(r"Ethnic group \(", columns)
            and _has(r"Age \(", columns)
        ),
        _custom_dataset,
    ),
)
