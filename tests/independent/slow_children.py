"""Who is looked after, comes and leaves: rates, shares, quarters, ages, places.

Part of the slow independent count: see ``slow_count``. The standard library only. Of the measures
that ``slow_count`` counts by child, this module gives what is made from them, worked out from the
documents (docs/measures.md, CONTRACT 6, METHODS 3.1 to 3.7).

    children_figures(authority, start, end) -> {(measure, breakdown, group): (n, of, value)}
"""

from collections import Counter
from datetime import date, timedelta

from independent.slow_authority import CANNOT_BE_SAID, count_of, percent
from independent.slow_calendar import months_after
from independent.slow_care import age_band, behind_absence
from independent.slow_codes import GUARDIANSHIP, NOT_KNOWN
from independent.slow_count import reason_group, uasc_group
from independent.slow_populations import per_10000, population
from independent.slow_return import latest_rows, read_date

ONE_DAY = timedelta(days=1)
BANDS = ("Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over")
ETHNICITY_DETAIL = {
    "WBRI": "White British",
    "WIRI": "White Irish",
    "WIRT": "Traveller of Irish Heritage",
    "WROM": "Gypsy or Roma",
    "WOTH": "White other",
    "MWBC": "White and Black Caribbean",
    "MWBA": "White and Black African",
    "MWAS": "White and Asian",
    "MOTH": "Mixed other",
    "AIND": "Indian",
    "APKN": "Pakistani",
    "ABAN": "Bangladeshi",
    "CHNE": "Chinese",
    "AOTH": "Asian other",
    "BCRB": "Black Caribbean",
    "BAFR": "Black African",
    "BOTH": "Black other",
    "OOTH": "Other ethnic group",
    "REFU": "Refused",
    "NOBT": "Not yet known",
}

# ----------------------------------------------------------------------------- who came and left


def started(authority, start, end):
    """[(child, period of care)]: the first one that begins in the time, of each child."""
    found = []
    for child in authority.children.values():
        begun = [chain for chain in child.chains if start <= chain.start <= end]
        if begun:
            found.append((child, begun[0]))
    return found


def ceased(authority, start, end):
    """[(child, period of care)]: the last one that ends in the time and none runs after."""
    found = []
    for child in authority.children.values():
        chain = child.ceased_chain(start, end)
        if chain is not None:
            found.append((child, chain))
    return found


def uasc_rows(authority):
    return latest_rows(authority.returns, "uasc")


def unaccompanied_on(authority, child, day, rows):
    return uasc_group(rows.get(child.number), day) == "UASC"


# ------------------------------------------------------------------------- where children are placed


def plain(postcode):
    """Without spaces, in capitals: how two spellings of one postcode agree."""
    return "".join(postcode.split()).upper()


def places(authority):
    """{postcode: (inside, miles)} of the local list; None where it is not given."""
    rows = authority.local("placements")
    if rows is None:
        return None
    found = {}
    for row in rows:
        inside = {"1": True, "0": False}.get(row.get("INSIDE_AUTHORITY", ""))
        miles = float(row["MILES"]) if row.get("MILES") else None
        found[plain(row["POSTCODE"])] = (inside, miles)
    return found


def locality(place):
    inside = place[0] if place else None
    if inside is None:
        return NOT_KNOWN
    return "Inside the authority" if inside else "Outside the authority"


def distance(place):
    miles = place[1] if place else None
    if miles is None:
        return NOT_KNOWN
    return "More than 20 miles" if miles > 20 else "20 miles or less"


def put(result, measure, breakdown, groups, numbers):
    """Counts of every group, empty ones too; the denominator is all of them together."""
    total = sum(numbers.values())
    for group in [*groups, *numbers]:
        result[measure, breakdown, group] = count_of(numbers[group], total)


# ----------------------------------------------------------------------------- on the last day


def on_the_day(authority, end):
    result = {}
    children = authority.looked_after(end)
    headers = latest_rows(authority.returns, "header")
    where = places(authority)

    detail, by_locality, by_distance, ages = Counter(), Counter(), Counter(), Counter()
    rows = uasc_rows(authority)
    unaccompanied = 0
    for child in children:
        code = headers.get(child.number, {}).get("ETHNIC", "").upper()
        detail[ETHNICITY_DETAIL.get(code, NOT_KNOWN)] += 1
        ages[age_band(child.born, end)] += 1
        unaccompanied += unaccompanied_on(authority, child, end, rows)
        if where is not None:
            placed = behind_absence(child.episode_on(end), child.chain_on(end))
            place = where.get(plain(placed.place_postcode))
            by_locality[locality(place)] += 1
            by_distance[distance(place)] += 1
    put(result, "looked_after", "ethnicity_detail", ETHNICITY_DETAIL.values(), detail)
    for breakdown, numbers, groups in (
        ("locality", by_locality, ("Inside the authority", "Outside the authority")),
        ("distance", by_distance, ("20 miles or less", "More than 20 miles")),
    ):
        if where is None:
            for group in groups:
                result["looked_after", breakdown, group] = CANNOT_BE_SAID
        else:
            put(result, "looked_after", breakdown, groups, numbers)

    here = population(authority, end)
    result["looked_after_rate", "all", "all"] = per_10000(len(children), here)
    has_uasc = any(by_name["uasc"] for _, by_name in authority.returns)
    result["unaccompanied_share", "all", "all"] = (
        percent(unaccompanied, len(children)) if has_uasc else CANNOT_BE_SAID
    )
    result["unaccompanied_rate", "all", "all"] = (
        per_10000(unaccompanied, here) if has_uasc else CANNOT_BE_SAID
    )
    for band in BANDS:
        result["age_share", "age_band", band] = percent(ages[band], len(children))
        of_age = population(authority, end, "age_band", band)
        result["age_rate", "age_band", band] = per_10000(ages[band], of_age)
    if ages[NOT_KNOWN]:
        result["age_share", "age_band", NOT_KNOWN] = percent(ages[NOT_KNOWN], len(children))
    return result


# --------------------------------------------------------------------------------- in the period


def is_reporting_year(start, end):
    return (start.month, start.day) == (4, 1) and end == date(start.year + 1, 3, 31)


def in_the_period(authority, start, end):
    result = {}
    came, left = started(authority, start, end), ceased(authority, start, end)
    rows = uasc_rows(authority)
    numbers, ages = Counter(), Counter()
    for child, chain in came:
        yes = unaccompanied_on(authority, child, chain.start, rows)
        numbers["UASC" if yes else "Not UASC"] += 1
        ages[age_band(child.born, chain.start)] += 1
    put(result, "started", "uasc", ("UASC", "Not UASC"), numbers)
    for band in BANDS:
        result["age_on_entry", "age_band", band] = percent(ages[band], len(came))
    if ages[NOT_KNOWN]:
        result["age_on_entry", "age_band", NOT_KNOWN] = percent(ages[NOT_KNOWN], len(came))

    result["started_rate", "all", "all"] = CANNOT_BE_SAID
    if is_reporting_year(start, end):
        result["started_rate", "all", "all"] = per_10000(len(came), population(authority, end))

    reasons = Counter(reason_group(chain) for _, chain in left)
    result["special_guardianship_share", "all", "all"] = percent(reasons[GUARDIANSHIP], len(left))
    result["child_arrangements_share", "all", "all"] = percent(
        reasons["Child arrangements/residence order"], len(left)
    )
    result["deprived_of_liberty", "all", "all"] = deprived_of_liberty(authority, start, end)
    return result


def deprived_of_liberty(authority, start, end):
    """Children looked after in the period with an order in force on a day of it."""
    orders, held = {}, False
    for _, split in authority.modules:
        for row in split["rest"]:
            if "DOLO_START" not in row:
                continue
            held = True
            begun = read_date(row["DOLO_START"])
            if begun is not None:
                # A later return's row of the order replaces an earlier one.
                orders[row["CHILD"], begun] = read_date(row.get("DOLO_END"))
    if not held:
        return CANNOT_BE_SAID
    deprived = set()
    for (number, begun), ended in orders.items():
        child = authority.children.get(number)
        if child is None or not child.is_looked_after_at_some_time(start, end):
            continue
        if begun <= end and (ended is None or ended >= start):
            deprived.add(number)
    return count_of(len(deprived))


# ------------------------------------------------------------------------------ quarters and years


def year_label(first):
    return f"{first}-{(first + 1) % 100:02d}"


def quarters_until(authority, end):
    """[(label, first day, last day)] of the quarters that are over by the day, oldest first."""
    found = []
    day = authority.first_day
    while months_after(day, 3) - ONE_DAY <= end:
        first = day.year if day.month >= 4 else day.year - 1
        number = {4: 1, 7: 2, 10: 3, 1: 4}[day.month]
        found.append((f"{year_label(first)}-Q{number}", day, months_after(day, 3) - ONE_DAY))
        day = months_after(day, 3)
    return found


def quarter_after_quarter(authority, end):
    result = {}
    for label, first, last in quarters_until(authority, end):
        for measure, number in (
            ("looked_after_by_quarter", len(authority.looked_after(last))),
            ("started_by_quarter", len(started(authority, first, last))),
            ("ceased_by_quarter", len(ceased(authority, first, last))),
        ):
            result[measure, "recent_quarter", label] = (number, None, number)
    return result


def year_ends(authority, end):
    """The last five 31 March up to the day; unknown if over a day before the first return."""
    result = {}
    last = date(end.year, 3, 31) if end >= date(end.year, 3, 31) else date(end.year - 1, 3, 31)
    for back in range(5):
        day = date(last.year - back, 3, 31)
        number = len(authority.looked_after(day))
        known = day >= authority.first_day - ONE_DAY
        result["looked_after_history", "date", day.isoformat()] = (
            (number, None, number) if known else CANNOT_BE_SAID
        )
    return result


def children_figures(authority, start, end):
    """Every figure of this module for the period, both days in."""
    return {
        **on_the_day(authority, end),
        **in_the_period(authority, start, end),
        **quarter_after_quarter(authority, end),
        **year_ends(authority, end),
    }
