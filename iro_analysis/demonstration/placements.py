"""Generate the stays of one period of care: placements, moves of carer, short absences."""

from __future__ import annotations

from .calendars import age_on, collection_year, day, last_day, return_years, year_ends
from .chance import Chance
from .people import Adoption, Child, Place, Stay
from .settings import codes, settings

YOUNG_UNTIL = 11


def stays_in_care(
    chance: Chance,
    child: Child,
    start: int,
    end: int,
    plan: str,
    legal: list[tuple[int, str]],
    adoption: Adoption | None,
) -> list[Stay]:
    """Return the placements of one period of care, in order and without gaps.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    child : Child
        Whose placements they are.
    start, end : int
        The period of care.
    plan : str
        The plan, which decides the first placements.
    legal : list of (int, str)
        Legal statuses, since some moves are made on the day of an order.
    adoption : Adoption or None
        The days of an adoption plan.

    Returns
    -------
    list of Stay
        Adjoining stays; those with one carer share its number.
    """
    until = adoption.placed if adoption else end
    stays = _carers(chance, child, start, until, plan, legal, bool(adoption and adoption.by_carers))
    if adoption:
        stays.append(_placed_for_adoption(stays[-1], adoption, end))
    elif plan in ("long_term", "accommodated"):
        stays = [part for stay in stays for part in _matched_for_long(chance, stay, legal)]
    stays = [part for stay in stays for part in _house_move(chance, stay)]
    stays = [part for stay in stays for part in _recoded(stay)]
    order_days = {when for when, _ in legal}
    return [part for stay in stays for part in _absence(chance, stay, order_days)]


def _carers(
    chance: Chance,
    child: Child,
    start: int,
    end: int,
    plan: str,
    legal: list[tuple[int, str]],
    for_adoption: bool,
) -> list[Stay]:
    """Return one stay for each carer, one after the other."""
    data = settings("journeys")["placements"]
    stays: list[Stay] = []
    at = start
    while at < end:
        age = age_on(child.born, at)
        code = _kind(chance, age, _group_plan(child, plan), first=not stays)
        if for_adoption:
            code = codes()["foster_to_adopt"]
        if (
            code == codes()["with_parents"]
            and _status(legal, at) in data["no_parent_placement_under"]
        ):
            code = codes()["usual_foster"]
        code = _code_of_the_day(chance, code, at, age)
        until = at + max(_length(chance, age, _group_plan(child, plan), first=not stays), 1)
        until = end if for_adoption or end - until < 7 else _on_order_day(chance, until, at, legal)
        if code == codes()["with_parents"] and any(at < when < until for when, _ in legal):
            until = min(when for when, _ in legal if when > at)
        stays.append(_stay(code, at, min(until, end), carer=len(stays)))
        stays[-1].reason = _reason(chance, age, stays[-1].end)
        at = stays[-1].end
    return stays


def _group_plan(child: Child, plan: str) -> str:
    """Return the key of the plan's own placement tables."""
    return "unaccompanied" if child.unaccompanied else plan


def _kind(chance: Chance, age: int, plan: str, *, first: bool) -> str:
    """Return the placement code of the next carer."""
    data = settings("journeys")["placements"]
    if plan in data["by_plan"] and age >= data["by_plan_from_age"]:
        return chance.choose(data["by_plan"][plan])
    group = next(name for name, (low, high) in data["ages"].items() if low <= age < high)
    return chance.choose(data["first" if first else "later"][group])


def _code_of_the_day(chance: Chance, code: str, at: int, age: int) -> str:
    """Return the code of a new placement of this kind in the return of the day."""
    for rule in reversed(settings("years")["placement"]):
        begins = day(rule["from"])
        if code != rule["was"] or begins > last_day():
            continue
        if at < begins and age < rule["youngest"]:
            return rule["instead"]  # who is too young for it on the day would have to move
        if begins <= at:
            if age < rule["youngest"] or chance.happens(rule["others_share"]):
                return chance.choose(rule["others"])
            return rule["code"]
    return code


def _recoded(stay: Stay) -> list[Stay]:
    """Split a stay where its code was replaced on a day while the child stayed on."""
    for rule in settings("years")["replaced"]:
        changed = day(rule["from"])
        if stay.code == rule["was"] and stay.start < changed < stay.end and changed <= last_day():
            later = Stay(changed, stay.end, rule["code"], stay.place, stay.carer, stay.reason)
            return [Stay(stay.start, changed, stay.code, stay.place, stay.carer), later]
    return [stay]


def _length(chance: Chance, age: int, plan: str, *, first: bool) -> int:
    """Return how many days the next placement would last if nothing else ended it."""
    days = settings("journeys")["placements"]["days"]
    if first:
        return chance.days(days["first_by_plan"].get(plan, days["first"]))
    return chance.days(days["young" if age < YOUNG_UNTIL else "teen"])


def _stay(code: str, start: int, end: int, carer: int) -> Stay:
    """Return a stay at a new address."""
    return Stay(start, end, code, Place(code), carer)


def _status(legal: list[tuple[int, str]], when: int) -> str:
    """Return the legal status on a day."""
    return [code for first, code in legal if first <= when][-1]


def _on_order_day(chance: Chance, until: int, at: int, legal: list[tuple[int, str]]) -> int:
    """Return the day of a move, made on the day of a new order where that is near."""
    near = settings("journeys")["placements"]["same_day_as_court"]
    days = [when for when, _ in legal if when > at and abs(when - until) <= near]
    return days[0] if days and chance.happens(0.5) else until


def _reason(chance: Chance, age: int, when: int) -> str:
    """Return why a placement ended, with the codes of the year."""
    data = settings("journeys")["moves"]
    reason = chance.choose(data["young" if age < YOUNG_UNTIL else "teen"])
    if collection_year(when) < data["codes_from"].get(reason, 0):
        return codes()["other_reason"]
    return reason


def _placed_for_adoption(last: Stay, adoption: Adoption, end: int) -> Stay:
    """Return the placement for adoption: with the same carers, or with new ones."""
    if adoption.by_carers:
        return Stay(adoption.placed, end, codes()["adoptive_same_carers"], last.place, last.carer)
    last.reason = codes()["care_plan"]
    return _stay(codes()["adoptive_new_carers"], adoption.placed, end, last.carer + 1)


def _matched_for_long(chance: Chance, stay: Stay, legal: list[tuple[int, str]]) -> list[Stay]:
    """Split a foster placement that lasts on the day on which it becomes a long-term one."""
    data = settings("journeys")["placements"]
    long_term = data["long_term_codes"]
    matched = stay.start + chance.days(data["long_term_after"])
    if (
        stay.code not in long_term
        or matched + 90 > stay.end
        or not chance.happens(data["long_term_share"])
    ):
        return [stay]
    orders = [
        when
        for when, code in legal
        if code == codes()["full_care_order"] and stay.start < when < stay.end
    ]
    if orders and chance.happens(data["long_term_on_order"]):
        matched = orders[0]
    later = Stay(matched, stay.end, long_term[stay.code], stay.place, stay.carer, stay.reason)
    stay.end = matched
    return [stay, later]


def _house_move(chance: Chance, stay: Stay) -> list[Stay]:
    """Split a few long stays where the carers move house and take the child with them."""
    data = settings("journeys")["placements"]
    long_enough = stay.end - stay.start > 365 and stay.code in data["long_term_codes"].values()
    if not long_enough or not chance.happens(data["carers_move_house"]):
        return [stay]
    moved = chance.between(stay.start + 60, stay.end - 60)
    place = Place(stay.place.kind)
    later = Stay(moved, stay.end, stay.code, place, stay.carer, stay.reason)
    stay.end = moved
    return [stay, later]


def _absence(chance: Chance, stay: Stay, order_days: set[int]) -> list[Stay]:
    """Split some long stays by a temporary absence, after which the child is back."""
    data = settings("journeys")["absences"]
    if stay.end - stay.start < data["long_stay"] or not chance.happens(data["share_of_long_stays"]):
        return [stay]
    code = chance.choose(data["weights"])
    away = chance.between(stay.start + 30, stay.end - 60)
    back = away + chance.days(data["days"][code])
    fixed = order_days | {day(number) for number in data["avoid"]}
    fixed |= {year_ends(year) for year in return_years()}
    if any(away <= number <= back for number in fixed):
        return [stay]
    absent = Stay(away, back, code, Place(code), stay.carer, temporary=True)
    later = Stay(back, stay.end, stay.code, stay.place, stay.carer, stay.reason)
    stay.end = away
    return [stay, absent, later]
