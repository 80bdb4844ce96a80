"""Generate the Missing rows of one year: children missing from care, or away without leave."""

from __future__ import annotations

from .calendars import age_on, written, year_ends, year_starts
from .chance import Chance
from .people import Child
from .settings import by_year, settings

Row = dict[str, str]


def missing_rows(chance: Chance, children: list[Child], year: int) -> list[Row]:
    """Return the rows of Missing.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    children : list of Child
        Children looked after in the year.
    year : int
        The calendar year in which the collection year begins.

    Returns
    -------
    list of dict
        One row per incident: a few children have most of them.
    """
    data = settings("modules")["missing"]
    taken: dict[Child, list[tuple[int, int]]] = {}
    rows: list[tuple[str, int, Row]] = []
    kinds = (("code", "children", "incidents"), ("away_code", "away_children", "away_incidents"))
    for code, share, each in kinds:
        number = round(by_year(data[share], year) * len(children))
        away = _who(chance, children, number, year)
        often = _how_often(chance, len(away), by_year(data[each], year))
        left_over = (
            0  # incidents for which a child was not in care for long enough: others have them
        )
        for child, incidents in sorted(
            zip(away, often, strict=True), key=lambda pair: _room(pair[0], year)
        ):
            wanted = incidents + (left_over if incidents > 1 else 0)
            found = _when(chance, child, wanted, year, taken.setdefault(child, []))
            left_over = left_over + incidents - len(found)
            rows += [
                (child.identifier, day, _row(child, data[code], day, end)) for day, end in found
            ]
    return [row for _, _, row in sorted(rows, key=lambda item: item[:2])]


def _row(child: Child, code: str, start: int, end: int) -> Row:
    return {
        "CHILD": child.identifier,
        "DOB": written(child.born),
        "MISSING": code,
        "MIS_START": written(start),
        "MIS_END": written(end),
    }


def _days_in_care(child: Child, year: int) -> list[tuple[int, int]]:
    """Return the parts of the year in which a child is looked after."""
    first, last = year_starts(year), year_ends(year)
    spans = [(max(period.start, first), min(period.end, last + 1)) for period in child.periods]
    return [
        (start, end) for start, end in spans if end - start > settings("modules")["missing"]["room"]
    ]


def _room(child: Child, year: int) -> int:
    """Return how many incidents a child's days in care have room for."""
    days = sum(end - start for start, end in _days_in_care(child, year))
    return days // settings("modules")["missing"]["room"]


def _who(chance: Chance, children: list[Child], number: int, year: int) -> list[Child]:
    """Return the children who go missing: teenagers, more often from homes than from families."""
    data = settings("modules")["missing"]
    first, last = year_starts(year), year_ends(year)
    drawn: list[tuple[float, str, Child]] = []
    for child in children:
        if age_on(child.born, last) < data["from_age"] or not _days_in_care(child, year):
            continue
        weight = 1
        if any(
            episode.code in data["likely_places"] and episode.start <= last and episode.end > first
            for period in child.periods
            for episode in period.episodes
        ):
            weight *= data["likely_factor"]
        weight *= data["unaccompanied_factor"] if child.unaccompanied else 1
        weight *= data["older_factor"] if age_on(child.born, last) >= data["older_from"] else 1
        # The least of `weight` draws: the larger the weight, the likelier among the first.
        drawn.append((min(chance.uniform() for _ in range(weight)), child.identifier, child))
    return [child for _, _, child in sorted(drawn, key=lambda item: item[:2])[:number]]


def _how_often(chance: Chance, children: int, each: float) -> list[int]:
    """Return a number of incidents for each child, with a long tail and the year's average."""
    data = settings("modules")["missing"]
    singles = round(data["one_child_share"] * children)
    weights = [0] * singles + [chance.days(data["tail"]) for _ in range(children - singles)]
    spare = round(each * children) - children
    total = sum(weights) or 1
    return [1 + (weight * max(spare, 0) + total // 2) // total for weight in weights]


def _when(
    chance: Chance, child: Child, incidents: int, year: int, taken: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return first and last days of incidents that do not touch each other, within days in care."""
    data = settings("modules")["missing"]
    spans = _days_in_care(child, year)
    found: list[tuple[int, int]] = []
    for _ in range(min(incidents, max(_room(child, year), 1)) * 3):
        if len(found) == incidents:
            break
        start, end = spans[chance.position([end - start for start, end in spans])]
        gone = chance.between(start, end - 2)
        back = min(gone + chance.days(data["days"]), end - 1)
        if all(back < other_start or gone > other_end for other_start, other_end in taken):
            taken.append((gone, back))
            found.append((gone, back))
    return found
