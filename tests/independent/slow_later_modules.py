"""What the return holds since 2022-23: care leavers of 22 to 25, and social workers.

Part of the slow independent count: see ``slow_further``. The standard library only.
References: the records of care_leavers.toml and placements.toml; METHODS 3.6 and 3.14.
"""

from collections import Counter, defaultdict
from datetime import date

from independent.slow_authority import CANNOT_BE_SAID, count_of, percent
from independent.slow_return import read_date
from independent.slow_services import age_reached_in_year, care_leavers_suitable

BANDS = ("1", "2", "3 or more")


def put_older_care_leavers(result, authority, end):
    """Young people whose 22nd to 25th birthday fell in the year, since 2022-23."""
    names = ("in_touch", "activity", "accommodation_suitable")
    rows = None
    if (end.month, end.day) == (3, 31) and end.year >= 2023:
        rows = authority.rows_of_year("oc3", end.year - 1)
    yes, asked = Counter(), Counter()
    for number, row in (rows or {}).items():
        born = authority.births.get(number) or read_date(row["DOB"])
        if born is None or row["IN_TOUCH"].upper() in ("DIED", "RHOM"):
            continue
        if 22 <= age_reached_in_year(born, end) <= 25:
            asked["in_touch"] += 1
            yes["in_touch"] += row["IN_TOUCH"].upper() == "YES"
            asked["activity"] += 1
            yes["activity"] += row["ACTIV"].upper()[:1] in ("F", "P")
            suitable = care_leavers_suitable(row)
            if suitable is not None:
                asked["accommodation_suitable"] += 1
                yes["accommodation_suitable"] += suitable
    for name in names:
        result[f"care_leavers_22_to_25_{name}", "all", "all"] = (
            CANNOT_BE_SAID if rows is None else percent(yes[name], asked[name])
        )


def social_worker_rows(authority):
    """(child, worker, first day, last day) of every return; a later return's row replaces."""
    joined = {}
    for _, modules in authority.returns:
        for row in modules["other"]:
            begun = read_date(row.get("SW_DECOM"))
            if row.get("SW_ID") and begun is not None:
                ended = read_date(row.get("SW_DEC"))
                joined[row["CHILD"], row["SW_ID"], begun] = ended
    return [(*key, ended) for key, ended in joined.items()]


def put_social_workers(result, authority, end):
    """Children looked after on 31 March by how many workers they had since 1 April."""
    rows = social_worker_rows(authority)
    if (end.month, end.day) != (3, 31) or end.year < 2024 or not rows:
        for band in BANDS:
            result["social_workers_in_year", "social_workers", band] = CANNOT_BE_SAID
        result["three_or_more_social_workers", "all", "all"] = CANNOT_BE_SAID
        return
    first = date(end.year - 1, 4, 1)
    workers = defaultdict(set)
    for child, worker, begun, ended in rows:
        if begun <= end and (ended is None or ended >= first):
            workers[child].add(worker)
    numbers = Counter()
    for child in authority.looked_after(end):
        many = len(workers[child.number])
        if many:
            numbers["3 or more" if many >= 3 else str(many)] += 1
    total = sum(numbers.values())
    for band in BANDS:
        result["social_workers_in_year", "social_workers", band] = count_of(numbers[band], total)
    result["three_or_more_social_workers", "all", "all"] = percent(numbers["3 or more"], total)


def later_figures(authority, end):
    """Everything that is counted from what the return holds since 2022-23."""
    result = {}
    put_older_care_leavers(result, authority, end)
    put_social_workers(result, authority, end)
    return result
