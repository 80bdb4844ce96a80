"""Generate the local lists of reviewing officers and of their caseloads."""

from __future__ import annotations

from datetime import date

from .calendars import (
    collection_year,
    day,
    last_day,
    return_years,
    working_day_from,
    working_day_to,
    written,
    year_starts,
)
from .chance import Chance
from .local_lists import scaled
from .settings import by_year, settings

Row = dict[str, str]


def officers_and_caseload(chance: Chance, scale: float) -> tuple[list[Row], list[Row]]:
    """Return who held each post, and the caseload of each at the quarters' ends."""
    data = settings("local_lists")["officers"]
    spells = [
        (post["role"], post["fte"][place % len(post["fte"])], start, end)
        for post in data["posts"]
        for place in range(max(scaled(post["number"], scale), int(post is data["posts"][0])))
        for start, end in _holders(chance)
    ]
    spells.sort(key=lambda spell: (spell[2], spell[0], spell[3]))
    named = [(f"RO{number:02d}", *spell) for number, spell in enumerate(spells, start=1)]
    officers = [
        {
            "officer": code,
            "role": role,
            "full_time_equivalent": fte,
            "started": written(start),
            "left": written(end) if end <= last_day() else "",
        }
        for code, role, fte, start, end in named
    ]
    caseload = []
    for when in _quarter_ends():
        here = [
            (code, float(fte))
            for code, role, fte, start, end in named
            if role != data["fostering"] and start <= when < end
        ]
        caseload += _caseload(chance, when, here)
    return officers, caseload


def _holders(chance: Chance) -> list[tuple[int, int]]:
    """Return first and last day of each person who held a post."""
    data = settings("local_lists")["officers"]["turnover"]
    quiet_from, quiet_to = (day(value) for value in data["settled"])
    holders, start = [], year_starts(return_years()[0]) - chance.between(100, 900)
    while start <= last_day():
        end = working_day_to(start + chance.days(data["days"]))
        if quiet_from <= end <= quiet_to:
            end = quiet_to + 1 + chance.between(0, 30)
        if end > year_starts(return_years()[0]):
            holders.append((working_day_from(start), end))
        start = working_day_from(end)
    return holders


def _quarter_ends() -> list[int]:
    ends = [
        day(date(year, month, last))
        for year in range(return_years()[0], return_years()[-1] + 2)
        for month, last in ((3, 31), (6, 30), (9, 30), (12, 31))
    ]
    first = year_starts(return_years()[0]) - 1
    return sorted({*(end for end in ends if first <= end <= last_day()), last_day()})


def _caseload(chance: Chance, when: int, officers: list[tuple[str, float]]) -> list[Row]:
    """Share out the year's average caseload; what one officer has more, the next has less."""
    data = settings("local_lists")["officers"]
    average = by_year(data["caseload_by_year"], collection_year(when))
    counts = [int(average * fte + 0.5) for _, fte in officers]
    for place in range(0, len(counts) - 1, 2):
        moved = chance.between(-data["spread"], data["spread"])
        counts[place] += moved
        counts[place + 1] -= moved
    return [
        {"officer": code, "date": written(when), "children": str(count)}
        for (code, _), count in zip(officers, counts, strict=True)
    ]
