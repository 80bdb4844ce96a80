"""Months and quarters, one after the other: reviews on time, incidents, disputes.

Part of the slow independent count: see ``slow_further``. The standard library only.
References: the records of demand.toml, reviews.toml, oversight.toml, missing_and_exploitation.toml.
"""

from datetime import date

from independent.slow_authority import CANNOT_BE_SAID, count_of, percent
from independent.slow_calendar import ONE_DAY, months_after
from independent.slow_lists import listed
from independent.slow_return import read_date
from independent.slow_reviews import judge_reviews_of
from independent.slow_services import MONTHS, incidents_of_each_child


def months_to(authority, end):
    """[(label, first day, last day)] of the whole months of three years that the returns cover."""
    found = []
    for back in range(36, 0, -1):
        first = months_after(date((end + ONE_DAY).year, (end + ONE_DAY).month, 1), -back)
        if first >= authority.first_day:
            label = f"{MONTHS[first.month - 1]} {first.year}"
            found.append((label, first, months_after(first, 1) - ONE_DAY))
    return found


def quarters_to(authority, end):
    """[(label, first day, last day)] of the latest 24 whole quarters that the returns cover."""
    found = []
    first = authority.first_day
    while months_after(first, 3) - ONE_DAY <= end:
        year = first.year if first.month >= 4 else first.year - 1
        label = f"{year}-{(year + 1) % 100:02d}-Q{((first.month - 4) % 12) // 3 + 1}"
        found.append((label, first, months_after(first, 3) - ONE_DAY))
        first = months_after(first, 3)
    return found[-24:]


def put_reviews_on_time(result, authority, end):
    """Of the reviews held in the time whose due day can be told, those held by it."""
    judged = []
    for child in authority.children.values():
        for chain in child.chains:
            judged += [(day, due) for day, due, _ in judge_reviews_of(authority, chain, end) if due]
    for measure, breakdown, times in (
        ("reviews_on_time_by_month", "recent_month", months_to(authority, end)),
        ("reviews_on_time_by_quarter", "recent_quarter", quarters_to(authority, end)),
    ):
        for label, first, last in times:
            of_time = [(day, due) for day, due in judged if first <= day <= last]
            good = sum(day <= due for day, due in of_time)
            result[measure, breakdown, label] = percent(good, len(of_time))
        if not authority.has_module("reviews"):
            for label, _, _ in times:
                result[measure, breakdown, label] = CANNOT_BE_SAID


def put_incidents(result, authority, end):
    """Incidents of being missing that began in the time, of children looked after in it."""
    incidents = incidents_of_each_child(authority)
    for measure, breakdown, times in (
        ("missing_incidents_by_month", "recent_month", months_to(authority, end)),
        ("missing_incidents_by_quarter", "recent_quarter", quarters_to(authority, end)),
    ):
        numbers = {}
        for label, first, last in times:
            numbers[label] = 0
            for child in authority.children.values():
                mine = 0
                for kind, begun, _ in incidents.get(child.number, []):
                    mine += kind == "M" and first <= begun <= last
                if mine and child.is_looked_after_at_some_time(first, last):
                    numbers[label] += mine
        for label, number in numbers.items():
            result[measure, breakdown, label] = (
                count_of(number, sum(numbers.values()))
                if authority.has_module("missing")
                else CANNOT_BE_SAID
            )


def put_disputes(result, authority, end):
    """Disputes raised in the month, in the months of which the list says something."""
    rows = listed(authority, "disputes")
    days = [read_date(row["RAISED"]) for row in rows or []]
    numbers = {
        label: sum(first <= day <= last for day in days)
        for label, first, last in months_to(authority, end)
        if days and min(days) <= last and max(days) >= first
    }
    for label, _, _ in months_to(authority, end):
        result["disputes_by_month", "recent_month", label] = (
            count_of(numbers[label], sum(numbers.values())) if label in numbers else CANNOT_BE_SAID
        )


def put_children_by_incidents(result, authority, start, end):
    """Children with an incident on a day of the period, by how many they had."""
    bands = {"1": 0, "2 to 4": 0, "5 or more": 0}
    if authority.has_module("missing"):
        incidents = incidents_of_each_child(authority)
        for child in authority.children.values():
            number = 0
            for kind, first, last in incidents.get(child.number, []):
                number += kind == "M" and first <= end and (last is None or last >= start)
            if number and child.is_looked_after_at_some_time(start, end):
                bands["1" if number == 1 else "2 to 4" if number < 5 else "5 or more"] += 1
    for band, number in bands.items():
        result["children_missing_by_incidents", "number_of_incidents", band] = (
            count_of(number, sum(bands.values()))
            if authority.has_module("missing")
            else CANNOT_BE_SAID
        )


def figures_over_time(authority, start, end):
    """Everything that is counted month after month, quarter after quarter or by how often."""
    result = {}
    put_reviews_on_time(result, authority, end)
    put_incidents(result, authority, end)
    put_disputes(result, authority, end)
    put_children_by_incidents(result, authority, start, end)
    return result
