"""Generate a child's period of care: its length, legal statuses, ending, episodes and reviews."""

from __future__ import annotations

from .calendars import birthday, collection_year
from .chance import Chance
from .people import Adoption, Child, Episode, Period, Stay
from .placements import stays_in_care
from .reviewing import reviews_of
from .settings import by_year, codes, settings

ADULT = 18
Legal = list[tuple[int, str]]


def period_of_care(chance: Chance, child: Child, start: int, plan: str, need: str) -> Period:
    """Make one period of care and add it to the child.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    child : Child
        Whose period it is.
    start : int
        The first day.
    plan, need : str
        What the plan turns out to be; the category of need.

    Returns
    -------
    Period
        With episodes and reviews up to its end, even where that lies after the last return.
    """
    adoption = _adoption_plan(chance, start) if plan == "adoption" else None
    end, outcome = _length(chance, child, start, plan, adoption)
    legal = _legal_path(chance, plan, start, end, adoption)
    stays = stays_in_care(chance, child, start, end, plan, legal, adoption)
    why = _why_ended(chance, outcome, end, stays[-1])
    period = Period(start, end, why, plan, need, adoption=adoption)
    period.episodes = _episodes(legal, stays, end, why)
    placed = adoption.placed if adoption else 0
    period.reviews = reviews_of(chance, child.born, start, end, placed)
    if plan == "long_term":
        period.adoption = _reversed_decision(chance, child, period)
    child.periods.append(period)
    return period


def _adoption_plan(chance: Chance, start: int) -> Adoption:
    """Return the days of a plan for adoption."""
    data = settings("journeys")["adoption"]
    order = start + chance.days(data["to_placement_order"])
    placed = order + chance.days(data["order_to_placing"])
    matched = max(placed - chance.days(data["match_before_placing"]), order + 1)
    decided = max(order - chance.days(data["decision_before_order"]), start + 1)
    by_carers = chance.happens(data["fostering_for_adoption"])
    return Adoption(decided, order, matched, placed, by_carers=by_carers)


def _length(
    chance: Chance, child: Child, start: int, plan: str, adoption: Adoption | None
) -> tuple[int, str]:
    """Return the day on which the period ends and which kind of ending it is."""
    data = settings("journeys")
    adult = birthday(child.born, ADULT)
    end, outcome = adult, "at 18"
    if adoption:
        end, outcome = adoption.placed + chance.days(data["adoption"]["placing_to_adoption"]), plan
    elif plan in data["durations"]:
        end, outcome = start + chance.days(data["durations"][plan]), plan
    elif chance.happens(data["early_end"]["share"][plan]) and not child.unaccompanied:
        end, outcome = start + chance.days(data["early_end"]["days"]), "home"
    return (end, outcome) if end < adult else (adult, "at 18")


def _legal_path(
    chance: Chance, plan: str, start: int, end: int, adoption: Adoption | None
) -> Legal:
    """Return the legal statuses of a period: first day and code of each."""
    paths = settings("journeys")["legal"][plan]
    _, *stages = paths[chance.position([path[0] for path in paths])]
    legal, day = [], start
    for code, *length in stages:
        if day < end:
            legal.append((day, code))
        day += max(chance.days(length[0]), 1) if length else 0
    if adoption:
        legal = [stage for stage in legal if stage[0] < adoption.ordered] + [
            (adoption.ordered, codes()["placement_order"])
        ]
    return legal


def _why_ended(chance: Chance, outcome: str, end: int, last: Stay) -> str:
    """Return the reason for ceasing (REC), with the codes of the year in which the period ends."""
    data = settings("journeys")
    endings, year = data["endings"], collection_year(end)
    if outcome == "adoption":
        unopposed = chance.happens(data["adoption"]["unopposed"])
        return codes()["adopted_unopposed" if unopposed else "adopted"]
    if outcome == "guardianship":
        rule = endings["guardianship"]
        relative = last.code in rule["relative_places"]
        fostered = relative or (
            last.code in rule["foster_places"] and chance.happens(rule["former_carer_share"])
        )
        if year < rule["new_codes_from"]:
            return rule["old_foster_carer" if fostered else "old_other"]
        if relative:
            return rule["foster_relative"]
        return rule["foster_other" if fostered else "other_relative"]
    if outcome != "at 18":
        return chance.choose(endings[outcome])
    why = chance.choose(by_year(endings["at_18"], year))
    kept = last.code in endings["with_carer_places"]
    return why if kept or why not in endings["with_carer_only"] else endings["instead"]


def _reversed_decision(chance: Chance, child: Child, period: Period) -> Adoption | None:
    """Return, for a few young children, a decision for adoption that was given up."""
    data = settings("journeys")["adoption"]
    if birthday(child.born, 5) < period.start or not chance.happens(data["reversed_share"]):
        return None
    decided = period.start + chance.days(data["to_placement_order"])
    given_up = decided + chance.days(data["reversed_days"])
    if given_up >= period.end:
        return None
    why = chance.choose(data["reversed_reasons"])
    return Adoption(decided, given_up=given_up, why_given_up=why)


def _episodes(legal: Legal, stays: list[Stay], end: int, why: str) -> list[Episode]:
    """Cut a period into episodes: a new one at each change of legal status or placement."""
    status_only = settings("journeys")["moves"]["status_only"]
    statuses = dict(legal)
    starts = {stay.start: stay for stay in stays}
    episodes: list[Episode] = []
    status, stay, placement = "", stays[0], 0
    for day in sorted(starts.keys() | statuses.keys()):
        new_status, new_stay = statuses.get(day, status), starts.get(day, stay)
        if episodes:
            before = episodes[-1]
            before.end, before.why_ended = day, codes()["continues"]
            before.reason_moved = _reason_moved(stay, new_stay, status_only)
        if new_stay.carer != stay.carer and not new_stay.temporary and not stay.temporary:
            placement += 1
        why_new = _why_new(status, new_status, stay, new_stay)
        episodes.append(
            Episode(
                day,
                end,
                why_new,
                new_status,
                new_stay.code,
                new_stay.place,
                placement=placement,
                temporary=new_stay.temporary,
            )
        )
        status, stay = new_status, new_stay
    episodes[-1].why_ended = why
    return episodes


def _why_new(status: str, new_status: str, stay: Stay, new_stay: Stay) -> str:
    """Return the reason for a new episode (RNE)."""
    if not status:
        return codes()["started"]
    if new_stay is stay:
        return codes()["legal_only"]
    legal_too = status != new_status
    if new_stay.carer == stay.carer and not (stay.temporary or new_stay.temporary):
        return codes()["same_carer_and_legal" if legal_too else "same_carer"]
    return codes()["both" if legal_too else "placement_only"]


def _reason_moved(stay: Stay, new_stay: Stay, status_only: str) -> str:
    """Return the reason for a change of placement: none for an absence or the same carer."""
    if new_stay is stay or stay.temporary or new_stay.temporary:
        return ""
    if new_stay.carer == stay.carer:
        return status_only if new_stay.code != stay.code else ""
    return stay.reason
