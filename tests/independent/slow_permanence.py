"""Permanence: adoption, plans and the ways to a permanent home.

Part of the slow independent count: see ``slow_services``. The standard library only.
"""

from collections import Counter, defaultdict
from datetime import date

from independent.slow_authority import (
    CANNOT_BE_SAID,
    count_of,
    dated_in,
    percent,
    put_groups,
    ratio,
    values_of,
)
from independent.slow_calendar import ONE_DAY
from independent.slow_care import behind_absence, is_move_by_dfe_rule, months_before
from independent.slow_codes import GUARDIANSHIP
from independent.slow_count import reason_group
from independent.slow_return import read_date
from independent.slow_reviews import adoption_runs

# --------------------------------------------------------------------------------------- permanence


def adopted_between(authority, start, end):
    """[(child, period of care)] of children whose last ceasing in the time was by adoption."""
    found = []
    for child in authority.children.values():
        chain = child.ceased_chain(start, end)
        if chain is not None and reason_group(chain) == "Adopted":
            found.append((child, chain))
    return found


def day_placed(authority, child, chain):
    """The last DATE_PLACED on or before the day of adoption."""
    days = []
    for _, split in authority.modules:
        for row in split["placed_adoption"]:
            if row["CHILD"] == child.number:
                day = read_date(row["DATE_PLACED"])
                if day is not None and day <= chain.end():
                    days.append(day)
    return max(days) if days else None


def day_matched(authority, child):
    """DATE_MATCH of the latest return's AD1 row."""
    day = None
    for _, split in authority.modules:
        for row in split["ad1"]:
            if row["CHILD"] == child.number:
                day = read_date(row["DATE_MATCH"])
    return day


def day_moved_in(chain):
    """The first day of the last A3-A6 run: the day of moving in with the adoptive family."""
    runs = adoption_runs(chain)
    return runs[-1][0] if runs else None


def a1(authority, end, start_seen_only=False, moved_in=False):
    if not moved_in and not authority.has_module("placed_adoption"):
        return CANNOT_BE_SAID
    days = []
    for child, chain in adopted_between(authority, months_before(end + ONE_DAY, 36), end):
        placed = day_moved_in(chain) if moved_in else day_placed(authority, child, chain)
        if placed is None or (start_seen_only and chain.first_episode().rne != "S"):
            continue
        days.append((placed - chain.start).days)
    return ratio(sum(days), len(days))


def a2(authority, end, placed_only=False):
    if not authority.has_module("ad1"):
        return CANNOT_BE_SAID
    days = []
    for child, chain in adopted_between(authority, months_before(end + ONE_DAY, 36), end):
        orders = [e.decom for e in chain.episodes if e.legal_status == "E1"]
        matched = day_matched(authority, child)
        if not orders or matched is None:
            continue
        if placed_only and day_placed(authority, child, chain) is None:
            continue
        days.append(max(0, (matched - min(orders)).days))
    return ratio(sum(days), len(days))


def plan_missing(authority, end, any_plan=False):
    rows = authority.local("permanence_plans")
    if rows is None:
        return CANNOT_BE_SAID
    plans = defaultdict(list)
    for row in rows:
        day = read_date(row["DATE"])
        if day is not None:
            plans[row["CHILD"]].append(day)
    missing = asked = 0
    for child in authority.looked_after(end):
        begun = child.chain_on(end).start
        if begun > months_before(end, 2):
            continue
        asked += 1
        if any_plan and child.chain_on(end).first_episode().rne != "S":
            begun = date.min
        missing += not any(begun <= day <= end for day in plans[child.number])
    return percent(missing, asked)


LONG_TERM_FOSTERING = ("U1", "U4")
ROUTE_OF = {
    "Adopted": "Adopted",
    GUARDIANSHIP: "Special guardianship order",
    "Child arrangements/residence order": "Child arrangements order",
    "Returned home (planned)": "Returned home",
    "Returned home (unplanned)": "Returned home",
}


def days_long_term_fostering_began(child):
    """Every first day of the child with a carer under U1 or U4; an absence changes nothing."""
    days = []
    for chain in child.chains:
        before = None
        for episode in chain.episodes:
            place = behind_absence(episode, chain).place
            if place in LONG_TERM_FOSTERING:
                was = before is not None and (
                    behind_absence(before, chain).place in LONG_TERM_FOSTERING
                )
                if not was or is_move_by_dfe_rule(episode, before, chain):
                    days.append(episode.decom)
            before = episode
    return days


def route_to_permanence(child, start, end):
    """The route by which the child last reached a permanent home in the time, None if by none."""
    reached = [(day, 0, "Long-term foster placement") for day in
               days_long_term_fostering_began(child) if start <= day <= end]  # fmt: skip
    chain = child.ceased_chain(start, end)
    if chain is not None and reason_group(chain) in ROUTE_OF:
        reached.append((chain.end(), 1, ROUTE_OF[reason_group(chain)]))
    return max(reached)[2] if reached else None


def put_permanence_achieved(result, authority, start, end):
    routes = Counter(
        route_to_permanence(child, start, end) for child in authority.children.values()
    )
    del routes[None]
    total = sum(routes.values())
    result["permanence_achieved", "all", "all"] = count_of(total)
    for route in [*ROUTE_OF.values(), "Long-term foster placement"]:
        result["permanence_achieved", "permanence_route", route] = count_of(routes[route], total)


def permanence_figures(authority, start, end):
    result = {}
    put_permanence_achieved(result, authority, start, end)
    reasons = Counter()
    for child in authority.children.values():
        chain = child.ceased_chain(start, end)
        if chain is not None:
            reasons[reason_group(chain)] += 1
    total = sum(reasons.values())
    home = reasons["Returned home (planned)"] + reasons["Returned home (unplanned)"]
    result["adopted", "all", "all"] = count_of(reasons["Adopted"], total)
    result["special_guardianship", "all", "all"] = count_of(reasons[GUARDIANSHIP], total)
    result["returned_home", "all", "all"] = count_of(home, total)
    result["adoption_a1_days", "all", "all"] = a1(authority, end, True, True)
    result["adoption_a2_days", "all", "all"] = a2(authority, end)
    result["permanence_plan_missing", "all", "all"] = plan_missing(authority, end)
    for measure, name, column in (
        ("care_proceedings", "proceedings", "ISSUED"),
        ("family_drug_alcohol_court", "drug_alcohol_court", "REFERRED"),
    ):
        rows = authority.local(name)
        if rows is None:
            result[measure, "outcome", "all"] = CANNOT_BE_SAID
        else:
            inside = dated_in(rows, column, start, end)
            put_groups(result, measure, "outcome", inside, "OUTCOME", values_of(rows, "OUTCOME"))
    return result
