"""Reviews: overdue, by timetable, of short breaks, midway reviews, plans by the second review.

Part of the slow independent count: see ``slow_further``. The standard library only.
References: the records of reviews.toml and permanence.toml; METHODS 3.8.
"""

from collections import Counter, defaultdict

from independent.slow_authority import CANNOT_BE_SAID, percent
from independent.slow_calendar import months_after
from independent.slow_codes import SHORT_BREAKS
from independent.slow_lists import listed, speaks_of
from independent.slow_return import read_date
from independent.slow_reviews import (
    adoption_runs,
    due_date,
    first_review_can_be_judged,
    judge_reviews_of,
    pending_due,
    usual_due_date,
)

TIMETABLES = ("First review", "Second review", "Later reviews", "Placed for adoption")


def timetable(authority, chain, earlier, day):
    """By which of the law's intervals the review of the day was due."""
    start_is_seen = first_review_can_be_judged(chain, authority.first_day)
    usual = usual_due_date(chain, earlier, start_is_seen)
    for placed, left in adoption_runs(chain):
        if placed < day and (left is None or day < left) and not (usual and usual < placed):
            return "Placed for adoption"
    if not earlier:
        return "First review"
    return "Second review" if len(earlier) == 1 and start_is_seen else "Later reviews"


def put_by_timetable(result, authority, start, end):
    good, asked = Counter(), Counter()
    for child in authority.children.values():
        for chain in child.chains:
            earlier = []
            for day in authority.reviews_of_chain[id(chain)]:
                due = due_date(chain, earlier, day, authority.first_day)
                if start <= day <= end and due is not None:
                    which = timetable(authority, chain, earlier, day)
                    asked[which] += 1
                    good[which] += day <= due
                earlier.append(day)
    for which in TIMETABLES:
        result["reviews_on_time", "timetable", which] = percent(good[which], asked[which])


def overdue(authority, end):
    """Of children looked after, those whose next review was due by the day and is not held."""
    late = 0
    now = authority.looked_after(end)
    for child in now:
        due = pending_due(authority, child.chain_on(end), end)
        late += due is not None and due <= end
    return percent(late, len(now))


def of_short_breaks(authority, start, end):
    """Reviews on a day of a short break: within three months of the first break, then six."""
    good = asked = 0
    for child in authority.children.values():
        breaks = [e for e in child.with_breaks if e.legal_status in SHORT_BREAKS]
        before = None
        for number, day in sorted(authority.reviews):
            if number != child.number or not any(one.runs_on(day) for one in breaks):
                continue
            if child.episode_on(day) is not None:
                continue  # looked after otherwise: among the others
            first = min(one.decom for one in breaks)
            due = months_after(before or first, 6 if before else 3)
            if start <= day <= end:
                asked += 1
                good += day <= due
            before = day
    return percent(good, asked) if asked else CANNOT_BE_SAID


def days_of_each_child(rows):
    days = defaultdict(list)
    for row in rows:
        days[row["CHILD"]].append(read_date(row["DATE"]))
    return days


def midway_of_due(authority, start, end):
    """Of the reviews that follow another, those with a midway review between the two."""
    rows = listed(authority, "midway_reviews")
    if rows is None or not speaks_of(rows, "DATE", start, end):
        return CANNOT_BE_SAID
    held = days_of_each_child(rows)
    good = asked = 0
    for child in authority.children.values():
        for chain in child.chains:
            for day, _, before in judge_reviews_of(authority, chain, end):
                if day >= start and before is not None:
                    asked += 1
                    good += any(before < midway < day for midway in held[child.number])
    return percent(good, asked)


def plan_by_second_review(authority, start, end):
    """Of children whose second review was held, those with a plan since care began."""
    rows = listed(authority, "permanence_plans")
    if rows is None or not any(read_date(row["DATE"]) <= end for row in rows):
        return CANNOT_BE_SAID
    plans = days_of_each_child(rows)
    good = asked = 0
    for child in authority.children.values():
        for chain in child.chains:
            reviews = authority.reviews_of_chain[id(chain)]
            if len(reviews) < 2 or not first_review_can_be_judged(chain, authority.first_day):
                continue
            if start <= reviews[1] <= end:
                asked += 1
                good += any(chain.start <= day <= reviews[1] for day in plans[child.number])
    return percent(good, asked)


def further_review_figures(authority, start, end):
    """Everything further that is counted of reviews."""
    result = {}
    put_by_timetable(result, authority, start, end)
    result["reviews_on_time", "short_breaks", "Short breaks"] = of_short_breaks(
        authority, start, end
    )
    result["reviews_overdue", "all", "all"] = overdue(authority, end)
    result["midway_reviews_of_due", "all", "all"] = midway_of_due(authority, start, end)
    result["permanence_plan_by_second_review", "all", "all"] = plan_by_second_review(
        authority, start, end
    )
    if not authority.has_module("reviews"):
        return dict.fromkeys(result, CANNOT_BE_SAID)
    return result
