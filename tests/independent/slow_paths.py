"""What becomes of children who enter care, and who comes back after leaving it.

Part of the slow independent count: see ``slow_count``. The standard library only. References:
docs/measures.md.

    paths_figures(authority, start, end) -> {(measure, breakdown, group): (n, of, value)}
"""

from collections import Counter
from datetime import timedelta

from independent.slow_authority import CANNOT_BE_SAID, count_of, percent
from independent.slow_calendar import months_after
from independent.slow_care import age_on, months_before, placement_start, placements_of
from independent.slow_children import ceased, started
from independent.slow_codes import GUARDIANSHIP
from independent.slow_count import reason_group

ONE_DAY = timedelta(days=1)
HOME = "Home or with relatives"
ORDER = "Special guardianship or child arrangements"
ADOPTED = "Adopted"
OTHERWISE = "Turned 18 or left otherwise"
WITHIN_A_WEEK = "Left within a week"
IN_CARE = ("In care, first placement", "In care, moved once", "In care, moved twice or more")
ROUTES = {
    "Returned home (planned)": HOME,
    "Returned home (unplanned)": HOME,
    "Left to live with relatives/others without PR": HOME,
    GUARDIANSHIP: ORDER,
    "Child arrangements/residence order": ORDER,
    "Adopted": ADOPTED,
}


def route(chain):
    if chain.end() is None:
        return OTHERWISE  # gone from the returns: nobody says how
    return ROUTES.get(reason_group(chain), OTHERWISE)


def followed(end, months):
    """The twelve months that end so many months before the last day, both days in."""
    after = months_before(end + ONE_DAY, months)
    return months_before(after, 12), after - ONE_DAY


# --------------------------------------------------------------------------------- the ones who enter


def situation(child, entered, day):
    """Where a child is on the day: in care after so many moves, or how the child left."""
    chain = max(
        (one for one in child.chains if entered <= one.start <= day), key=lambda one: one.start
    )
    if chain.runs_on(day):
        moves = 0
        for one in child.chains:
            for run in placements_of(one)[1:]:
                moves += entered <= placement_start(run) <= day
        return IN_CARE[min(moves, 2)]
    if chain.end() is not None and (chain.end() - entered).days < 8:
        return WITHIN_A_WEEK
    return route(chain)


def entry_outcome(authority, end):
    result = {}
    groups = (*IN_CARE, HOME, ORDER, ADOPTED, OTHERWISE, WITHIN_A_WEEK)
    for months in (6, 12, 24):
        first, last = followed(end, months)
        breakdown = f"after_{months}_months"
        if first < authority.first_day:
            for group in groups:
                result["entry_outcome", breakdown, group] = CANNOT_BE_SAID
            continue
        numbers = Counter()
        cohort = started(authority, first, last)
        for child, chain in cohort:
            numbers[situation(child, chain.start, months_after(chain.start, months))] += 1
        for group in groups:
            key = ("entry_outcome", breakdown, group)
            result[key] = count_of(numbers[group], len(cohort))
    return result


# ---------------------------------------------------------------------------------- the ones who leave


def leavers(authority, end, years_back):
    """[(child, period of care)] under 17 who left in the year that ended so long before."""
    first, last = followed(end, 12 * years_back)
    return [
        (child, chain)
        for child, chain in ceased(authority, first, last)
        if child.born is not None and age_on(child.born, chain.end()) < 17
    ]


def came_back(child, chain):
    """Another period of care began within twelve months of leaving."""
    left = chain.end()
    return any(left < other.start < months_after(left, 12) for other in child.chains)


def returned_to_care(authority, end):
    result = {}
    key = ("returned_to_care", "all", "all")
    if followed(end, 12)[0] < authority.first_day:
        result[key] = CANNOT_BE_SAID
    else:
        left = leavers(authority, end, 1)
        result[key] = percent(sum(came_back(*one) for one in left), len(left))
    years = [back for back in (1, 2, 3) if followed(end, 12 * back)[0] >= authority.first_day]
    for group in (HOME, ORDER, ADOPTED, OTHERWISE):
        key = ("returned_to_care", "exit_route", group)
        left = [
            one for back in years for one in leavers(authority, end, back) if route(one[1]) == group
        ]
        result[key] = percent(sum(came_back(*one) for one in left), len(left))
    return result


def paths_figures(authority, start, end):
    """Every figure of this module."""
    return {**entry_outcome(authority, end), **returned_to_care(authority, end)}
