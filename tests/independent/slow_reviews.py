"""Reviews: when each was due, which were in time, how children took part.

Part of the slow independent count: see ``slow_services``. The standard library only.
"""

from collections import Counter
from datetime import date, timedelta

from independent.slow_authority import CANNOT_BE_SAID, count_of, percent
from independent.slow_calendar import (
    ONE_DAY,
    months_after,
    working_day_after,
    working_days_between,
)
from independent.slow_care import age_on
from independent.slow_codes import NOT_KNOWN, PLACED_FOR_ADOPTION, TEMPORARY

CODES = ["PN0", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7"]
ATTENDED = ["PN1", "PN2", "PN3", "PN4"]
CONVEYED = ["PN1", "PN2", "PN3", "PN5", "PN6"]
FOUR_AND_OVER = CODES[1:]

# ------------------------------------------------------------------------------------- review times


def first_review_can_be_judged(chain, first_day):
    """Its start is seen (RNE S, or within the returns), and it was not due before they begin."""
    if chain.first_episode().rne != "S" and chain.start < first_day:
        return False
    return working_day_after(chain.start, 20) >= first_day


def adoption_runs(chain):
    """[(day placed, first day no longer placed or None)]: runs of A3-A6, T0-T4 inside belong."""
    runs = []
    current = None
    for episode in chain.episodes:
        if episode.place in PLACED_FOR_ADOPTION:
            if current is None:
                current = [episode.decom, None]
                runs.append(current)
            current[1] = episode.end_for_running()
        elif episode.place in TEMPORARY and current is not None:
            current[1] = episode.end_for_running()
        else:
            current = None
    return runs


def usual_due_date(chain, earlier, start_is_seen):
    """When the next review is due where nothing is known of adoption; None: before the returns."""
    if not earlier:
        return working_day_after(chain.start, 20) if start_is_seen else None
    if len(earlier) == 1 and start_is_seen:
        return months_after(earlier[-1], 3)
    return months_after(earlier[-1], 6)


def due_date(chain, earlier, day, first_day):
    """When the review that follows the `earlier` ones is (was) due, seen from the day.

    The day is that of the review itself, or the last day of the period for one not yet held.
    None: it cannot be judged.
    """
    start_is_seen = first_review_can_be_judged(chain, first_day)
    if not earlier and not start_is_seen:
        return None
    for placed, left in adoption_runs(chain):
        if placed < day and (left is None or day < left):
            usual = usual_due_date(chain, earlier, start_is_seen)
            if usual is not None and usual < placed:
                return usual  # overdue before the child was placed
            while_placed = [review for review in earlier if review > placed]
            if not while_placed:
                return placed + timedelta(days=28)
            all_seen = start_is_seen or placed >= first_day
            if len(while_placed) == 1 and all_seen:
                return months_after(while_placed[-1], 3)
            return months_after(while_placed[-1], 6)
    return usual_due_date(chain, earlier, start_is_seen)


def judge_reviews_of(authority, chain, until=date.max):
    """[(date, due or None, review before or None)] of the period of care, up to a day."""
    judged = []
    earlier = []
    for day in authority.reviews_of_chain[id(chain)]:
        if day <= until:
            due = due_date(chain, earlier, day, authority.first_day)
            judged.append((day, due, earlier[-1] if earlier else None))
            earlier.append(day)
    return judged


def pending_due(authority, chain, day):
    """The due date of the review not yet held on the day; None when it cannot be judged."""
    earlier = [review for review in authority.reviews_of_chain[id(chain)] if review <= day]
    if not earlier and not first_review_can_be_judged(chain, authority.first_day):
        # The one before was held before the returns begin: six months after that is certainly late.
        return months_after(authority.first_day, 6)
    return due_date(chain, earlier, day, authority.first_day)


def children_all_on_time(
    authority,
    start,
    end,
    only_this_chain=False,
    overdue_counts=True,
    early_counts=False,
    rule="due",
):
    """Children looked after on the last day with every review of the period on time."""
    numerator = denominator = 0
    for child in authority.looked_after(end):
        this_chain = child.chain_on(end)
        if rule == "days":
            if working_days_between(this_chain.start, end) <= 20:
                continue
        elif working_day_after(this_chain.start, 20) >= end:
            continue
        asked, good = 0, 0
        for chain in child.chains:
            if only_this_chain and chain is not this_chain:
                continue
            for day, due, _ in judge_reviews_of(authority, chain, until=end):
                held_in = start <= day <= end
                due_in = due is not None and start <= due <= end and early_counts
                if due is not None and (held_in or due_in):
                    asked += 1
                    good += day <= due
            last = end
            if chain is not this_chain:
                ended = chain.end()
                if ended is None or ended > end:
                    continue  # runs beside the deciding one
                last = ended - ONE_DAY
            due = pending_due(authority, chain, last)
            if (
                due is not None
                and due <= last
                and (due >= start or (overdue_counts and last >= start))
            ):
                asked += 1
        if asked:
            denominator += 1
            numerator += asked == good
    return percent(numerator, denominator)


def reviews_on_time(authority, start, end):
    on_time = judged = 0
    for child in authority.children.values():
        for chain in child.chains:
            for day, due, _ in judge_reviews_of(authority, chain, end):
                if day >= start and due is not None:
                    judged += 1
                    on_time += day <= due
    return percent(on_time, judged)


def under_five(authority, start, end):
    numerator = denominator = 0
    for child in authority.children.values():
        for chain in child.chains:
            for day, due, before in judge_reviews_of(authority, chain, until=end):
                age = age_on(child.born, day)
                if not start <= day or before is None or due is None:
                    continue
                if age is not None and age < 5:
                    denominator += 1
                    numerator += day <= months_after(before, 3)
    return percent(numerator, denominator)


def review_figures(authority, start, end):
    result = {}
    names = ["reviews_held", "reviews_attended", "views_conveyed", "no_participation"]
    names += ["reviews_on_time", "children_all_reviews_on_time", "under_five_three_monthly"]
    if not authority.has_module("reviews"):
        for name in names:
            result[name, "all", "all"] = CANNOT_BE_SAID
        for code in CODES:
            result["review_participation", "code", code] = CANNOT_BE_SAID
        return result
    held = []
    for child in authority.children.values():
        for chain in child.chains:
            for day in authority.reviews_of_chain[id(chain)]:
                if start <= day <= end:
                    held.append((child.number, day))
    result["reviews_held", "all", "all"] = count_of(len(held))
    codes = Counter(authority.reviews[key] for key in held)
    for code in CODES:
        result["review_participation", "code", code] = count_of(codes[code], len(held))
    unknown = len(held) - sum(codes[code] for code in CODES)
    if unknown:
        result["review_participation", "code", NOT_KNOWN] = count_of(unknown, len(held))
    asked = sum(codes[code] for code in FOUR_AND_OVER)
    result["reviews_attended", "all", "all"] = percent(sum(codes[c] for c in ATTENDED), asked)
    result["views_conveyed", "all", "all"] = percent(sum(codes[c] for c in CONVEYED), asked)
    result["no_participation", "all", "all"] = percent(codes["PN7"], asked)
    result["reviews_on_time", "all", "all"] = reviews_on_time(authority, start, end)
    result["children_all_reviews_on_time", "all", "all"] = children_all_on_time(
        authority, start, end
    )
    result["under_five_three_monthly", "all", "all"] = under_five(authority, start, end)
    return result
