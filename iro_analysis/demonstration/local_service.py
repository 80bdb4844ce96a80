"""Generate the local lists of disputes, midway reviews, consultation, advocacy and court cases."""

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
    year_ends,
    year_starts,
)
from .chance import Chance
from .local_lists import scaled
from .people import Child
from .settings import by_year, settings

Row = dict[str, str]


def _days_of_year(
    chance: Chance, year: int, number: int, months: list[int] | None = None
) -> list[int]:
    """Return working days drawn in a year, by weights of its months from April."""
    weights = months or [1] * 12
    covered = [
        weight for place, weight in enumerate(weights) if day(_month(year, place)) <= last_day()
    ]
    names = {str(place): weight for place, weight in enumerate(covered) if weight}
    found = []
    for name in chance.deck(names, number):
        first = day(_month(year, int(name)))
        last = min(day(_month(year, int(name) + 1)), last_day() + 1) - 1
        drawn = working_day_to(chance.between(first, last))
        found.append(drawn if drawn >= first else working_day_from(first))
    return sorted(found)


def _month(year: int, place: int) -> date:
    """Return the first day of a month counted from April."""
    return date(year + (place + 3) // 12, (place + 3) % 12 + 1, 1)


def _part_of_year(year: int) -> float:
    """Return how much of a collection year is covered."""
    return (year_ends(year) - year_starts(year) + 1) / (year_starts(year + 1) - year_starts(year))


def disputes(chance: Chance, scale: float) -> list[Row]:
    """Return disputes raised under the resolution protocol."""
    data = settings("local_lists")["disputes"]
    rows = []
    for year in return_years():
        days = _days_of_year(
            chance,
            year,
            scaled(by_year(data["number"], year), scale),
            by_year(data["months"], year),
        )
        stages, themes = (
            chance.deck(data["stages"], len(days)),
            chance.deck(data["themes"], len(days)),
        )
        for raised, stage, theme in zip(days, stages, themes, strict=True):
            resolved = working_day_from(raised + chance.days(data["days_to_resolve"]) * 7 // 5)
            open_still = resolved > last_day() or chance.happens(data["unresolved"])
            rows.append(
                {
                    "raised": written(raised),
                    "stage": stage,
                    "theme": theme,
                    "resolved": "" if open_still else written(resolved),
                }
            )
    return rows


def midway_reviews(chance: Chance, children: list[Child]) -> list[Row]:
    """Return midway reviews: between two reviews of a child."""
    data = settings("local_lists")["midway_reviews"]
    rows = []
    for child in children:
        for period in child.periods:
            for before, after in zip(period.reviews, period.reviews[1:], strict=False):
                held = working_day_from((before.day + after.day) // 2)
                if held < year_starts(return_years()[0]) or not before.day < held < after.day:
                    continue
                if chance.happens(by_year(data["share"], collection_year(held))):
                    rows.append((held, child.identifier))
    return [{"child": child, "date": written(held)} for held, child in sorted(rows)]


def consultation(chance: Chance, scale: float) -> list[Row]:
    """Return consultation forms received."""
    numbers = settings("local_lists")["consultation"]["number"]
    rows = []
    for year in return_years():
        for respondent, number in by_year(numbers, year).items():
            count = scaled(number * _part_of_year(year), scale)
            rows += [(when, respondent) for when in _days_of_year(chance, year, count)]
    return [{"date": written(when), "respondent": respondent} for when, respondent in sorted(rows)]


def advocacy(chance: Chance, scale: float) -> list[Row]:
    """Return involvements of an advocate; referrals by the service are a route of their own."""
    data = settings("local_lists")["advocacy"]
    routes, rows = data["routes"], []
    for year in return_years():
        counts = [
            scaled(count * _part_of_year(year), scale) for count in by_year(data["number"], year)
        ]
        taking_part, other, court, referred = (
            _days_of_year(chance, year, count) for count in counts
        )
        others = chance.deck(dict.fromkeys(data["other_reasons"], 1), len(other) + len(referred))
        rows += [(when, data["taking_part"], routes["issue"]) for when in taking_part]
        rows += [(when, others.pop(), routes["issue"]) for when in other]
        rows += [(when, data["court_reason"], routes["court"]) for when in court]
        rows += [(when, others.pop(), routes["referral"]) for when in referred]
    return [
        {"date": written(when), "reason": reason, "route": route}
        for when, reason, route in sorted(rows)
    ]


def court_cases(chance: Chance, scale: float, name: str, when_column: str) -> list[Row]:
    """Return care proceedings, or drug and alcohol court referrals, with outcomes."""
    data = settings("local_lists")[name]
    rows = []
    for year in return_years():
        counts = by_year(data["number"], year)
        outcomes = [
            outcome
            for outcome, count in zip(data["outcomes"], counts, strict=True)
            for _ in range(scaled(count * _part_of_year(year), scale))
        ]
        days = _days_of_year(chance, year, len(outcomes))
        rows += list(zip(days, chance.shuffled(outcomes), strict=True))
    return [{when_column: written(when), "outcome": outcome} for when, outcome in sorted(rows)]
