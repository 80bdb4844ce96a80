"""How long placements last, how they end, and when the third move comes: curves by the textbook.

Part of the slow independent count: see ``slow_count``. The standard library only. References:
docs/measures.md, METHODS 3.4, STATISTICS 1.5.

A placement is looked at from the first of the twelve months, or from its start where that is
later, to the end of the last day. At a time t those are under observation whose look began before
t and ended at t or later: n = #{entry < t <= exit}.

    durations_figures(authority, start, end) -> {(measure, breakdown, group): (n, of, value)}
"""

from datetime import timedelta

from independent.slow_authority import CANNOT_BE_SAID
from independent.slow_care import (
    is_touched_by,
    placement_end,
    placement_start,
    placements_of,
)
from independent.slow_codes import NOT_KNOWN, OTHER_PLACEMENT, PLACEMENT, TEMPORARY
from independent.slow_count import provision_group
from independent.slow_moves import beginning_is_seen, is_planned, twelve_months

ONE_DAY = timedelta(days=1)
DAYS_A_MONTH = 365.25 / 12
SIX_MONTHS = 182  # days: where first placements are set side by side
STEP = 6  # unplanned endings that a step of the chance waits for
LEAST = 10  # endings, or placements under observation, below which there is no curve


class Look:
    """One placement or period of care in the twelve months.

    ``entry`` and ``exit`` in days since it began; ``kind``: how it ended, None while it runs.
    """

    def __init__(self, began, ended, kind, opens, end):
        self.entry = max(0, (opens - began).days)
        if ended is None or ended > end:
            self.exit, self.kind = (end + ONE_DAY - began).days, None
            if ended is not None:
                self.exit = min(self.exit, (ended - began).days)
        else:
            self.exit, self.kind = (ended - began).days, kind


def at_risk(looks, time):
    return sum(look.entry < time <= look.exit for look in looks)


def times_of_endings(looks):
    return sorted({look.exit for look in looks if look.kind and look.entry < look.exit})


def ended_at(looks, time, kinds):
    return sum(look.exit == time and look.kind in kinds and look.entry < time for look in looks)


def still(looks, time, kinds=("ended",)):
    """Kaplan-Meier: the chance of not having ended by a time."""
    chance = 1.0
    for when in times_of_endings(looks):
        if when <= time:
            chance *= 1 - ended_at(looks, when, kinds) / at_risk(looks, when)
    return chance


def came_to(looks, time, kind, others):
    """Aalen-Johansen: the chance of this kind of ending by a time, other kinds competing."""
    chance, running = 0.0, 1.0
    for when in times_of_endings(looks):
        if when <= time:
            number = at_risk(looks, when)
            chance += running * ended_at(looks, when, (kind,)) / number
            running *= 1 - ended_at(looks, when, (kind, *others)) / number
    return chance


def median(looks):
    """When half have ended; where the curve is flat at exactly a half, the middle of the step."""
    times = times_of_endings(looks)
    for place, when in enumerate(times):
        chance = still(looks, when)
        if abs(chance - 0.5) < 1e-9:
            return (when + times[place + 1]) / 2 if place + 1 < len(times) else None
        if chance < 0.5:
            return when
    return None


def is_thin(looks, time):
    """Fewer than ten under observation on a day of an ending up to then, or then."""
    days = [when for when in times_of_endings(looks) if when <= time]
    return any(at_risk(looks, when) < LEAST for when in [*days, time])


# ------------------------------------------------------------------------------ what is looked at


def settled(run, chain):
    """The first episode of a placement that is no temporary absence."""
    for episode in run:
        if episode.place not in TEMPORARY:
            return episode
    return run[0]


def provision(run, chain):
    """As ``slow_count`` has it; an absence from nowhere is not known (rule 380), Q1 an old code."""
    episode = settled(run, chain)
    if episode.place in TEMPORARY:
        return NOT_KNOWN
    return "Connected persons" if episode.place == "Q1" else provision_group(episode, chain)


def ending(chain, runs, place):
    """How a placement ended: by leaving care, else as the reason on its last episode says."""
    if placement_end(runs[place]) is None or any(e.is_ghost() for e in runs[place]):
        return None
    if place == len(runs) - 1:
        return "left care"
    return "unplanned" if is_planned(runs[place][-1].reason_moved) == "Unplanned" else "otherwise"


def placements_looked_at(authority, end):
    """[(look, number in its period of care, chain, run)] of those open on a day of the months."""
    opens = twelve_months(end)
    found = []
    for child in authority.children.values():
        for chain in child.chains:
            runs = placements_of(chain)
            for place, run in enumerate(runs):
                if is_touched_by(run, opens, end):
                    kind = ending(chain, runs, place)
                    last = placement_end(run)
                    look = Look(placement_start(run), last, kind, opens, end)
                    found.append((look, place, chain, run))
    return found


def first_ones(found, authority):
    """The first placements of periods of care whose beginning the returns show."""
    return [
        one
        for one in found
        if one[1] == 0
        and (beginning_is_seen(one[2], authority) or one[2].start >= authority.first_day)
    ]


def any_ending(looks):
    """The same looks, with every ending of one kind."""
    for look in looks:
        look.kind = look.kind and "ended"
    return looks


# ------------------------------------------------------------------------------------ the figures


def unplanned_ending(looks):
    result = {}
    before = 0
    few = sum(look.kind == "unplanned" for look in looks) < LEAST
    for days in (30, 90, 180, 365):
        key = ("unplanned_ending", "days", str(days))
        came = sum(look.kind == "unplanned" and before < look.exit <= days for look in looks)
        if few or is_thin(looks, days) or came < STEP:
            result[key] = CANNOT_BE_SAID
            continue
        chance = came_to(looks, days, "unplanned", ("left care", "otherwise"))
        result[key] = (came, at_risk(looks, days), chance)
        before = days
    return result


def still_in_first_placement(firsts):
    result = {}
    before = 0
    for months in (1, 3, 6, 12, 24):
        key, time = ("placement_survival", "months", str(months)), months * DAYS_A_MONTH
        if is_thin(firsts, time):
            result[key] = CANNOT_BE_SAID
            continue
        came = sum(look.kind == "ended" and before < look.exit <= time for look in firsts)
        result[key] = (came, at_risk(firsts, time), still(firsts, time))
        before = time
    return result


def median_durations(found):
    result = {}
    groups = {("all", "all"): [look for look, _, _, _ in found]}
    for group in [*dict.fromkeys(PLACEMENT.values()), OTHER_PLACEMENT]:
        groups["placement", group] = [
            look
            for look, _, chain, run in found
            if PLACEMENT.get(settled(run, chain).place, OTHER_PLACEMENT) == group
        ]
    for key, looks in groups.items():
        ended = sum(look.kind == "ended" for look in looks)
        half = median(looks) if ended >= LEAST else None
        result["placement_median_duration", *key] = (
            CANNOT_BE_SAID if half is None else (ended, None, half)
        )
    return result


def first_lasting(found):
    result = {}
    time = SIX_MONTHS
    for group in (
        "In-house foster care",
        "Independent agency foster care",
        "Connected persons",
        "Residential",
        "Semi-independent",
        "Placed for adoption",
        "With parents",
        "Other",
        NOT_KNOWN,
    ):
        looks = [look for look, _, chain, run in found if provision(run, chain) == group]
        key = ("first_placement_lasting", "provision", group)
        if is_thin(looks, time):
            result[key] = CANNOT_BE_SAID
        else:
            came = sum(look.kind == "ended" and look.exit <= time for look in looks)
            result[key] = (came, at_risk(looks, time), still(looks, time))
    return result


def third_move(authority, end):
    """Periods of care whose beginning is seen, running on a day of the twelve months."""
    opens = twelve_months(end)
    looks = []
    for child in authority.children.values():
        for chain in child.chains:
            if not beginning_is_seen(chain, authority) or chain.start > end:
                continue
            ends = [episode.end_for_running() for episode in chain.episodes]
            ended = None if None in ends else max(ends)
            kind = "left care" if chain.end() is not None else None
            runs = placements_of(chain)
            if len(runs) >= 4:
                ended, kind = placement_start(runs[3]), "third move"
            look = Look(chain.start, ended, kind, opens, end)
            if look.entry < look.exit:
                looks.append(look)
    result = {}
    for months in (6, 12, 24):
        key, time = ("third_move", "months_since_entry", str(months)), months * DAYS_A_MONTH
        if is_thin(looks, time):
            result[key] = CANNOT_BE_SAID
        else:
            came = sum(look.kind == "third move" and look.exit <= time for look in looks)
            chance = came_to(looks, time, "third move", ("left care",))
            result[key] = (came, at_risk(looks, time), chance)
    return result


def durations_figures(authority, start, end):
    """Every figure of this module for the twelve months to the last day."""
    found = placements_looked_at(authority, end)
    result = unplanned_ending([look for look, _, _, _ in found])
    any_ending([look for look, _, _, _ in found])
    result.update(still_in_first_placement([one[0] for one in first_ones(found, authority)]))
    result.update(median_durations(found))
    result.update(first_lasting(first_ones(found, authority)))
    result.update(third_move(authority, end))
    return result
