"""Decide whether a return can be used at all: wrong year, given twice, largely unusable.

A file that is not fit makes the measures that need it ``not_available`` for its return, with the
reason (``Authority.unfit``). Nothing is guessed, and no figure is printed from the rest.
Limits: ``reference/return.toml``, fitness.
"""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.periods import in_words
from iro_analysis.reading import texts, years
from iro_analysis.reading.account import Account
from iro_analysis.reading.returns import Part

Unfit = dict[tuple[str, int], str]
# Columns of events; a return holds those of its own year, and what was running when it began.
_EVENTS = {
    "episodes": ("start", "end"),
    "reviews": ("review_date",),
    "missing": ("start", "end"),
}
# Modules of which each row is of a child looked after; OC3 is of young people who have left.
_OF_CHILDREN_LOOKED_AFTER = frozenset(["reviews", "oc2", "missing"])
_OUTCOMES = frozenset(["oc2", "oc3"])


def limits() -> dict:
    """Return the limits beyond which a file of a return is not used."""
    return codes.record("return")["fitness"]


def judge(parts: list[Part], account: Account) -> Unfit:
    """Return what of the returns is not fit for use, and say each in one line.

    Parameters
    ----------
    parts : list of Part
        Of one authority, each row with its ``return_year``. Rows of a file that a newer one of the
        same module and return replaces are marked ``superseded``.
    account : Account
        Receives one line for each judgement.

    Returns
    -------
    dict
        (table, first year of the return) -> the reason.
    """
    _mark_superseded(parts, account)
    unfit: Unfit = {}
    for judgement in (_of_another_year, _copied, _without_zeros, _of_strangers, _largely_unusable):
        for key, reason in judgement(parts, account).items():
            if key not in unfit:
                unfit[key] = reason
                account.unusable.append(f"{reason}; no figure of {years.name_of(key[1])} uses it")
    _without_episodes(parts, account)
    return unfit


def _rows_by_year(part: Part) -> list[tuple[int, pd.DataFrame]]:
    firsts = part.rows["return_year"].unique()
    if len(firsts) == 1:
        return [(int(firsts[0]), part.rows)]
    return [(int(year), rows) for year, rows in part.rows.groupby("return_year")]


def _mark_superseded(parts: list[Part], account: Account) -> None:
    """Mark the rows of a file that another of the same module and return replaces as a whole."""
    for part in parts:
        part.rows["superseded"] = False
    by_return: dict[tuple[str, int], list[Part]] = {}
    for part in parts:
        for year, _ in _rows_by_year(part):
            by_return.setdefault((part.module.name, year), []).append(part)
    for (_, year), given in by_return.items():
        if len(given) == 1:
            continue
        # Oldest first: each newer file replaces those before it that hold the same rows.
        given = sorted(given, key=lambda part: _newness(part, year))
        for place, older in enumerate(given):
            newer = next((p for p in given[place + 1 :] if _is_resubmission(older, p, year)), None)
            if newer is None:
                continue
            mine = older.rows["return_year"].eq(year)
            older.rows.loc[mine, "superseded"] = True
            account.unusable.append(
                f"{older.file}: {older.module.name} of {years.name_of(year)} is also given in "
                f"{newer.file}, {_why_newer(older, newer, year)}; the {int(mine.sum())} rows of "
                f"{older.file} are replaced by it"
            )


def _of_year(part: Part, year: int) -> pd.DataFrame:
    return part.rows[part.rows["return_year"].eq(year)]


def _newest(part: Part, year: int) -> pd.Timestamp:
    rows = _of_year(part, year)
    dated = [c.name for c in part.module.columns if c.kind == "date" and c.name != "birth_date"]
    closes = pd.Timestamp(years.closes(year))
    newest = [rows[name][rows[name] <= closes].max() for name in dated]
    return max((day for day in newest if pd.notna(day)), default=pd.Timestamp(1, 1, 1))


def _newness(part: Part, year: int) -> tuple:
    """Order files of one module: by their newest date, how much has ended, then by name."""
    rows = _of_year(part, year)
    ends = part.module.date_pair[1:]
    return (_newest(part, year), *(int(rows[name].notna().sum()) for name in ends), part.file)


def _why_newer(older: Part, newer: Part, year: int) -> str:
    if _newest(newer, year) > _newest(older, year):
        return f"which is newer (its latest date is {in_words(_newest(newer, year).date())})"
    if _newness(newer, year)[:-1] > _newness(older, year)[:-1]:
        return "which is newer (more of its rows have ended)"
    return "and the dates do not show which is newer: the last by name is taken"


def _is_resubmission(older: Part, newer: Part, year: int) -> bool:
    """Whether two files of one module hold much the same rows, and not exactly the same."""
    key = list(older.module.key)
    one, other = _of_year(older, year), _of_year(newer, year)
    shared = pd.MultiIndex.from_frame(one[key]).isin(pd.MultiIndex.from_frame(other[key])).sum()
    if shared < limits()["resubmitted_share"] * min(len(one), len(other)):
        return False
    names = [column.name for column in older.module.columns]
    one, other = one[names].drop_duplicates(), other[names].drop_duplicates()
    return len(one) != len(other) or len(one.merge(other, on=names)) != len(one)


def _of_another_year(parts: list[Part], account: Account) -> Unfit:
    found: Unfit = {}
    for part in parts:
        if part.module.table not in _EVENTS:
            continue
        for year, rows in _rows_by_year(part):
            days = [rows[name].dropna() for name in _EVENTS[part.module.table]]
            if len(rows) < limits()["least_rows"] or not any(len(each) for each in days):
                continue
            newest = max(each.max() for each in days if len(each)).date()
            what = part.module.name.lower()
            if _many_after(days, year, part.module.table):
                held = years.name_of(
                    years.newest_year(days if len(days) > 1 else [*days, days[0]]) or year
                )
                found[part.module.table, year] = (
                    f"{part.file} holds {held}'s {what}: the latest date is "
                    f"{in_words(newest)}, after {years.name_of(year)} ends"
                )
            elif newest < years.opens(year) and (
                part.module.table != "episodes" or _repeats_another(part, parts, year)
            ):
                held = years.name_of(years.newest_year([*days, days[0]]) or year)
                found[part.module.table, year] = (
                    f"{part.file} holds {held}'s {what}: the latest date is "
                    f"{in_words(newest)}, before {years.name_of(year)} begins"
                )
            elif newest < years.opens(year):
                account.record_fault("nothing_in_the_year", rows, "DECOM")
    return found


def _many_after(days: list[pd.Series], year: int, table: str) -> bool:
    """Whether too many dates lie after the year: an Episodes file repeats those of before."""
    closes = pd.Timestamp(years.closes(year)) + pd.Timedelta(days=1)
    every = pd.concat(days)
    most = limits()["later_share" if table == "episodes" else "later_events_share"]
    return (every > closes).sum() > most * len(every)


def _repeats_another(part: Part, parts: list[Part], year: int) -> bool:
    """Whether the Episodes of another return are the same rows, open and ended alike."""
    names = [*part.module.key, "end"]
    mine = pd.MultiIndex.from_frame(_of_year(part, year)[names].drop_duplicates())
    if len(mine) < limits()["same_least"]:
        return False  # in a small authority a year may pass without a change
    for other in parts:
        if other is part or other.module.name != part.module.name:
            continue  # one file with a YEAR column says itself which rows are whose
        for another, rows in _rows_by_year(other):
            if another == year:
                continue
            theirs = pd.MultiIndex.from_frame(rows[names].drop_duplicates())
            shared = mine.isin(theirs).sum()
            if shared >= limits()["same_share"] * max(len(mine), len(theirs)):
                return True
    return False


def _without_zeros(parts: list[Part], account: Account) -> Unfit:
    """Find files whose identifiers have lost the zeros in front that other files have."""
    found: Unfit = {}
    held = [frozenset(texts.held(part.rows["child"])) for part in parts]
    bare = [{child.lstrip("0") for child in given if child.startswith("0")} for given in held]
    for place, (part, own) in enumerate(zip(parts, held, strict=True)):
        beside = [
            other
            for other in range(len(parts))
            if other != place
            and (part.module.table == "episodes" or parts[other].module.table == "episodes")
        ]
        lost = own & set().union(*(bare[other] for other in beside))
        lost = lost.difference(*(held[other] for other in beside))
        if len(lost) >= max(3, limits()["zeros_share"] * len(own)):
            for year in part.years:
                found[part.module.table, year] = (
                    f"{part.file}: {len(lost)} of {len(own)} identifiers have lost the zeros in "
                    "front that other files have; export the column as text"
                )
    return found


def _of_strangers(parts: list[Part], account: Account) -> Unfit:
    """Find files of which too many rows are of children without an episode in any return."""
    episodes = [part.rows["child"] for part in parts if part.module.table == "episodes"]
    everyone = set().union(*(texts.held(each) for each in episodes))
    found: Unfit = {}
    for part in parts:
        if part.module.table not in _OF_CHILDREN_LOOKED_AFTER:
            continue
        for year, rows in _rows_by_year(part):
            strange = int((~rows["child"].isin(everyone)).sum())
            if strange >= limits()["unusable_least"] and strange > limits()["unusable_share"] * len(
                rows
            ):
                found[part.module.table, year] = (
                    f"{part.file}: {strange:,} of {len(rows):,} rows of {part.module.name} are of "
                    "children who are in no Episodes file; expected the same identifiers, in "
                    "capitals and with the zeros in front as there"
                )
    return found


def _copied(parts: list[Part], account: Account) -> Unfit:
    """Find files of outcomes that hold the rows of another year's: nothing in them says whose."""
    found: Unfit = {}
    seen: dict[str, list[tuple[Part, int, pd.DataFrame]]] = {}
    for part in parts:
        if part.module.table not in _OUTCOMES:
            continue
        names = [column.name for column in part.module.columns]
        for year, rows in _rows_by_year(part):
            mine = rows[names].astype(str).drop_duplicates()
            for other, another, theirs in seen.setdefault(part.module.table, []):
                most = max(len(mine), len(theirs))
                if another == year or most < limits()["least_rows"]:
                    continue
                if len(mine.merge(theirs, on=names)) >= limits()["same_share"] * most:
                    reason = (
                        f"{part.file} holds the same rows as {other.file}, and which of the two "
                        "years they are of cannot be told"
                    )
                    found[part.module.table, year] = found[part.module.table, another] = reason
            seen[part.module.table].append((part, year, mine))
    return found


def _largely_unusable(parts: list[Part], account: Account) -> Unfit:
    found: Unfit = {}
    read: dict[tuple[str, int], list[int]] = {}
    names = {}
    for part in parts:
        aside = len(part.origin) - len(part.rows)
        of_years = part.rows["return_year"].value_counts()
        year = int(of_years.idxmax()) if len(of_years) else min(part.empty_years, default=None)
        if year is None:
            continue
        total = read.setdefault((part.module.table, year), [0, 0])
        total[0] += len(part.origin)
        total[1] += aside
        names[part.module.table] = part.module.name
    for (table, year), (rows, aside) in read.items():
        if aside >= limits()["unusable_least"] and aside > limits()["unusable_share"] * rows:
            found[table, year] = (
                f"{aside:,} of {rows:,} rows of {names[table]} of {years.name_of(year)} cannot be "
                f"used, more than {limits()['unusable_share']:.0%}"
            )
    return found


def leave_out_before_a_gap(parts: list[Part], unfit: Unfit, account: Account) -> str:
    """Leave out the returns before a year of which none was given; return why, empty if none is.

    Whether an episode of theirs went on, and which review came before, is not known beyond the gap:
    joined, they made reviews late that were in time and children stay who had left.

    Parameters
    ----------
    parts : list of Part
        Of one authority; the rows of returns left out are taken away, and stay in ``origin``.
    unfit : dict
        As ``judge`` returns it: a folder whose files belong to another year opens no gap.
    account : Account
        Receives one line, and each row as set aside.
    """
    episodes = [part.rows["return_year"] for part in parts if part.module.table == "episodes"]
    given = sorted({int(year) for each in episodes for year in each.unique()})
    fit = [year for year in given if ("episodes", year) not in unfit]
    first = max(fit, default=given[-1])
    while first - 1 in given:
        first -= 1
    older = [year for year in given if year < first]
    if not older:
        return ""
    lacking = list(range(older[-1] + 1, first))
    none = " and ".join(dict.fromkeys(years.name_of(year) for year in (lacking[0], lacking[-1])))
    none = none if len(lacking) < 3 else none.replace(" and ", " to ")
    reason = (
        f"no return of {none} with Episodes was given, and years are not joined across a gap: the "
        f"returns up to {years.name_of(older[-1])} are not used"
    )
    for part in parts:
        early = part.rows["return_year"] < first
        account.record_fault("before_a_gap", part.rows, part.module.statutory(part.module.key[-1]),
                             where=early)  # fmt: skip
        part.rows = part.rows[~early].reset_index(drop=True)
    account.unusable.append(
        f"{reason}; give what is missing, or put the older returns into a folder of their own"
    )
    return reason


def _without_episodes(parts: list[Part], account: Account) -> None:
    with_episodes = {
        year for part in parts if part.module.table == "episodes" for year in part.years
    }
    others: dict[int, set[str]] = {}
    for part in parts:
        for year in part.years - with_episodes:
            others.setdefault(year, set()).add(part.file)
    for year, files in sorted(others.items()):
        account.unusable.append(
            f"{years.name_of(year)}: no Episodes file was given with {', '.join(sorted(files))}; "
            "no period of that year can be reported"
        )


def unknown_codes(parts: list[Part]) -> dict[tuple[str, str, int], tuple[int, int]]:
    """Return (table, column, return) -> how many codes are of no list, and of how many rows."""
    found: dict[tuple[str, str, int], tuple[int, int]] = {}
    for part in parts:
        for column in part.module.columns:
            if not column.code_list:
                continue
            known = codes.CodeList(column.code_list).known()
            given = part.rows[column.name]
            strange = [text for text in given.cat.categories if text and text not in known]
            if not strange:
                continue
            unknown = given.isin(strange)
            if not unknown.any():
                continue
            for year, mine in unknown.groupby(part.rows["return_year"]):
                key = (part.module.table, column.name, int(year))
                before = found.get(key, (0, 0))
                found[key] = (before[0] + int(mine.sum()), before[1] + len(mine))
    return found


def why_unknown(unknown: int, rows: int, column: str, module: contracts.Module, year: int) -> str:
    """Return why a column with unknown codes cannot be used; empty where few are unknown."""
    limit = limits()
    if unknown < limit["unknown_least"] or unknown <= limit["unknown_share"] * rows:
        return ""
    return (
        f"{module.statutory(column)} holds no code that is known in {unknown:,} of {rows:,} rows "
        f"of {module.name} of {years.name_of(year)}, more than {limit['unknown_share']:.0%}"
    )
