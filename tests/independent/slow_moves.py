"""Moves between placements: how many, why, how often for the time in care, how far.

Part of the slow independent count: see ``slow_count``. The standard library only. References:
docs/measures.md, METHODS 3.4 to 3.7.

    moves_figures(authority, start, end) -> {(measure, breakdown, group): (n, of, value)}
"""

from collections import Counter
from datetime import timedelta

from independent.slow_authority import CANNOT_BE_SAID, percent
from independent.slow_calendar import months_after
from independent.slow_care import (
    behind_absence,
    is_move_by_dfe_rule,
    is_touched_by,
    months_before,
    placement_start,
    placements_of,
)
from independent.slow_children import places, plain, put, quarters_until
from independent.slow_codes import (
    ADOPTION_WITH_CURRENT_CARER,
    NOT_KNOWN,
)
from independent.slow_count import is_child_on
from independent.slow_services import months_of, MONTHS

ONE_DAY = timedelta(days=1)
REASONS = {
    "CARPL": "Change to/Implementation of care plan",
    "CLOSE": "Resignation/closure of provision",
    "ALLEG": "Allegation (s47)",
    "STAND": "Standards of care concern",
    "APPRR": "Approval removed",
    "CREQB": "Carer(s) requests placement end due to child's behaviour",
    "CREQO": "Carer(s) requests placement end other than due to child's behaviour",
    "CHILD": "Child requests placement end",
    "LAREQ": "Responsible/area authority requests placement end",
    "CUSTOD": "Custody arrangement",
    "OTHER": "Other",
}


def twelve_months(end):
    """The first day of the twelve months to the day."""
    return months_before(end + ONE_DAY, 12)


# ---------------------------------------------------------------------------------- moves, why


def moves_between(authority, start, end):
    """[(child, chain, run before, run)]: placements begun in the time, not the first of care."""
    found = []
    for child in authority.children.values():
        for chain in child.chains:
            runs = placements_of(chain)
            for before, run in zip(runs, runs[1:]):
                if start <= placement_start(run) <= end:
                    found.append((child, chain, before, run))
    return found


def is_planned(code):
    if code == "CARPL":
        return "Planned"
    if code in REASONS and code != "OTHER":
        return "Unplanned"
    return NOT_KNOWN


def placement_changes(authority, start, end):
    result = {}
    moves = moves_between(authority, start, end)
    why, planned, by_month = Counter(), Counter(), Counter()
    for child, _, before, run in moves:
        if not is_child_on(child.born, placement_start(run)):
            continue  # nobody is in care at 18 and over
        code = before[-1].reason_moved
        why[REASONS.get(code, NOT_KNOWN)] += 1
        planned[is_planned(code)] += 1
        day = placement_start(run)
        by_month[f"{MONTHS[day.month - 1]} {day.year}"] += 1
    put(result, "placement_changes", "reason", REASONS.values(), why)
    put(result, "placement_changes", "planned", ("Planned", "Unplanned"), planned)
    put(result, "placement_changes", "month", months_of(start, end), by_month)
    return result


# -------------------------------------------------------------------------- moves for days in care

TIMES = (
    ("First 6 months", 0, 6),
    ("6 to 12 months", 6, 12),
    ("12 to 24 months", 12, 24),
    ("24 months and over", 24, None),
)


def beginning_is_seen(chain, authority):
    """The returns show when care began: the first episode says so (RNE S)."""
    return chain.first_episode().rne == "S"


def time_in_care(chain, day):
    for group, first, last in TIMES:
        begun = months_after(chain.start, first)
        if begun <= day and (last is None or day < months_after(chain.start, last)):
            return group
    return None


def days_and_moves(authority, start, end):
    """({group: days in care}, {group: moves}); the group "all" holds everyone's."""
    days, moves = Counter(), Counter()
    for child in authority.children.values():
        day = start
        while day <= end:
            running = [chain for chain in child.chains if chain.runs_on(day)]
            if running and is_child_on(child.born, day):
                days["all"] += 1
                chain = running[0]  # of two at once the one that began earlier
                if beginning_is_seen(chain, authority):
                    days[time_in_care(chain, day)] += 1
            day += ONE_DAY
    for child, chain, _, run in moves_between(authority, start, end):
        day = placement_start(run)
        if not is_child_on(child.born, day):
            continue
        moves["all"] += 1
        if beginning_is_seen(chain, authority):
            moves[time_in_care(chain, day)] += 1
    return days, moves


def for_1000_days(moves, days):
    return (moves, days, 1000 * moves / days if days else None)


def moves_per_1000_days(authority, end):
    days, moves = days_and_moves(authority, twelve_months(end), end)
    result = {
        ("moves_per_1000_days", "all", "all"): for_1000_days(moves["all"], days["all"]),
    }
    for group, _, _ in TIMES:
        key = ("moves_per_1000_days", "time_in_care", group)
        result[key] = for_1000_days(moves[group], days[group])
    return result


def moves_by_quarter(authority, end):
    result = {}
    for label, first, last in quarters_until(authority, end):
        days = 0
        for child in authority.children.values():
            day = first
            while day <= last:
                days += child.episode_on(day) is not None
                day += ONE_DAY
        moves = sum(
            is_child_on(child.born, placement_start(run))
            for child, _, _, run in moves_between(authority, first, last)
        )
        result["moves_per_1000_days_by_quarter", "recent_quarter", label] = for_1000_days(
            moves, days
        )
    return result


# ---------------------------------------------------------------------------------- frequent moves


def placements_touched(child, start, end):
    return sum(
        is_touched_by(run, start, end) for chain in child.chains for run in placements_of(chain)
    )


def changes_by_the_commissioner(child, start, end):
    """Changes of carer and re-entries: METHODS 3.6, docs/measures.md.

    As DfE's moves, with adoption by the current carer counted, however short the placement; and
    a period of care that begins after another one.
    """
    number = 0
    for place, chain in enumerate(child.chains):
        number += place > 0 and start <= chain.start <= end
        for before, episode in zip(chain.episodes, chain.episodes[1:]):
            if start <= episode.decom <= end:
                number += is_change_of_carer(episode, before, chain)
    return number


def is_change_of_carer(episode, before, chain):
    if is_move_by_dfe_rule(episode, before, chain):
        return True
    adopted_there = episode.place in ADOPTION_WITH_CURRENT_CARER
    left = behind_absence(before, chain)
    return adopted_there and left.place not in ADOPTION_WITH_CURRENT_CARER


def placements_by_annex_a(child, start, end):
    """Every placement counts: absences, same-carer changes and short breaks too.

    Only an episode that is new in nothing but legal status (RNE L) goes on with the one before.
    """
    episodes = sorted(child.with_breaks, key=lambda e: (e.decom, e.order))
    runs = []
    for episode in episodes:
        goes_on = episode.rne == "L" and runs and runs[-1][-1].dec == episode.decom
        if goes_on:
            runs[-1].append(episode)
        else:
            runs.append([episode])
    return sum(is_touched_by(run, start, end) for run in runs)


def frequent_moves(authority, end):
    result = {}
    start = twelve_months(end)
    children = authority.looked_after(end)
    met = {"dfe": set(), "commissioner": set(), "annex_a": set()}
    five = ten = 0
    for child in children:
        placements = placements_touched(child, start, end)
        five += placements >= 5
        ten += placements >= 10
        if placements >= 3:
            met["dfe"].add(child.number)
        if changes_by_the_commissioner(child, start, end) >= 2:
            met["commissioner"].add(child.number)
        if placements_by_annex_a(child, start, end) >= 3:
            met["annex_a"].add(child.number)
    for name, who in met.items():
        key = ("three_or_more_by_definition", "definition", name)
        result[key] = percent(len(who), len(children))
    for one, other in (
        ("commissioner", "dfe"),
        ("dfe", "commissioner"),
        ("annex_a", "dfe"),
        ("dfe", "annex_a"),
    ):
        key = ("three_or_more_by_definition", "difference", f"{one}, not {other}")
        result[key] = percent(len(met[one] - met[other]), len(children))
    result["five_or_more_placements", "all", "all"] = percent(five, len(children))
    result["ten_or_more_placements", "all", "all"] = percent(ten, len(children))
    return result


# ------------------------------------------------------------------------------------- how far


def over_20_miles(authority, start, end):
    where = places(authority)
    if where is None:
        return CANNOT_BE_SAID
    everyone, far = set(), set()
    for child in authority.children.values():
        for chain in child.chains:
            for run in placements_of(chain):
                day = placement_start(run)
                if not (start <= day <= end and is_child_on(child.born, day)):
                    continue
                everyone.add(child.number)
                _, miles = where.get(plain(run[0].place_postcode), (None, None))
                if miles is not None and miles > 20:
                    far.add(child.number)
    return percent(len(far), len(everyone))


def moves_figures(authority, start, end):
    """Every figure of this module for the period, both days in."""
    return {
        **placement_changes(authority, start, end),
        **moves_per_1000_days(authority, end),
        **moves_by_quarter(authority, end),
        **frequent_moves(authority, end),
        ("new_placement_over_20_miles", "all", "all"): over_20_miles(authority, start, end),
    }
