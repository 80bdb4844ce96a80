"""Generate later modules' rows: social workers (SWEpisodes), deprivations of liberty (DoLo)."""

from __future__ import annotations

from .calendars import age_on, last_day, return_years, written, year_ends, year_starts
from .chance import Chance
from .people import Child
from .settings import settings

Row = dict[str, str]
Spell = tuple[str, int, int, str]


def workers_of(chance: Chance, children: list[Child]) -> dict[Child, list[Spell]]:
    """Return the social workers of each child: who, from, to (0 while going on) and why.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    children : list of Child
        All children.

    Returns
    -------
    dict
        From the child's first day in care; the same for every year's return.
    """
    data = settings("years")["social_workers"]
    if collects("social_workers", return_years()[-1]):
        staff = max(len(children) // data["children_each"], 2)
        return {
            child: _workers(chance, child, staff) for child in children if not child.short_breaks
        }
    return {}


def collects(module: str, year: int) -> bool:
    """Return whether the return of a year has a module."""
    return year >= settings("years")[module]["from_return"]


def _workers(chance: Chance, child: Child, staff: int) -> list[Spell]:
    data = settings("years")["social_workers"]
    spells: list[Spell] = []
    at, stop = child.periods[0].start, child.periods[-1].end
    who, reason = chance.between(1, staff), data["first_reason"]
    while at < stop:
        end = at + max(chance.days(data["days"]), 1)
        spells.append((f"SW{who:04d}", at, min(end, stop), reason))
        who = (who + chance.between(0, staff - 2)) % staff + 1
        at, reason = end, chance.choose(data["reasons"])
    return spells


def worker_rows(workers: dict[Child, list[Spell]], year: int) -> list[Row]:
    """Return the rows of SWEpisodes: of children looked after at the end of the year."""
    first, last = year_starts(year), year_ends(year)
    rows = []
    for child, spells in workers.items():
        if child.period_at(last) is None:
            continue
        rows += [
            {
                "CHILD": child.identifier,
                "DOB": written(child.born),
                "SW_ID": who,
                "SW_DECOM": written(start),
                "SW_DEC": written(end) if end <= last else "",
                "SW_REASON": reason,
            }
            for who, start, end, reason in spells
            if start <= last and end >= first
        ]
    return rows


def deprivations(chance: Chance, children: list[Child]) -> dict[Child, list[tuple[int, int]]]:
    """Return the first and last day of orders that deprive a child of liberty."""
    data = settings("years")["deprivations"]
    if not collects("deprivations", return_years()[-1]):
        return {}
    begins = year_starts(data["from_return"])
    low, high = data["ages"]
    found: dict[Child, list[tuple[int, int]]] = {}
    for child in children:
        for period in child.periods:
            for episode in period.episodes:
                start = max(episode.start, begins)
                if (
                    child.short_breaks
                    or episode.code not in data["places"]
                    or not start < min(episode.end, last_day())
                    or not low <= age_on(child.born, start) <= high
                    or not chance.happens(data["share"])
                ):
                    continue
                end = min(start + chance.days(data["days"]), episode.end - 1)
                found.setdefault(child, []).append((start, max(end, start)))
    return found


def deprivation_rows(orders: dict[Child, list[tuple[int, int]]], year: int) -> list[Row]:
    """Return the rows of DoLo of one year."""
    first, last = year_starts(year), year_ends(year)
    return [
        {
            "CHILD": child.identifier,
            "DOB": written(child.born),
            "DOLO_START": written(start),
            "DOLO_END": written(end) if end <= last else "",
        }
        for child, spans in orders.items()
        for start, end in spans
        if start <= last and end >= first
    ]
