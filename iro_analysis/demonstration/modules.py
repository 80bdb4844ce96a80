"""Generate the statutory return of one collection year: the rows of each of its files."""

from __future__ import annotations

from dataclasses import dataclass

from .calendars import age_on, collection_year, written, year_ends, year_starts
from .chance import Chance
from .health import health_rows
from .leavers import leaver_rows
from .missing import missing_rows
from .people import NUMBER_WIDTH, Child, Episode, Period
from .settings import settings
from .social_workers import Spell, collects, deprivation_rows, worker_rows

Row = dict[str, str]
Return = dict[str, list[Row]]


@dataclass(frozen=True)
class Later:
    """What the modules that were added over the years hold, for all years together."""

    workers: dict[Child, list[Spell]]
    deprivations: dict[Child, list[tuple[int, int]]]


def return_of(chance: Chance, children: list[Child], year: int, later: Later) -> Return:
    """Return the files of one collection year.

    Parameters
    ----------
    chance : Chance
        The stream of draws of this year.
    children : list of Child
        All children, in order of identifier.
    year : int
        The calendar year in which the collection year begins.
    later : Later
        What the modules of later years hold.

    Returns
    -------
    dict
        Rows by name of file; only the modules that are collected in the year.
    """
    first, last = year_starts(year), year_ends(year)
    present = [child for child in children if _in_care_in(child, first, last)]
    looked_after = [child for child in present if not child.short_breaks]
    leavers = leaver_rows(chance, children, year)
    here = {child.identifier for child in present} | {row["CHILD"] for row in leavers}
    with_header = [child for child in children if child.identifier in here]
    files = {
        "header": [_header(child, last) for child in with_header],
        "episodes": [row for child in present for row in _episodes(child, first, last)],
        "reviews": [row for child in looked_after for row in _reviews(child, first, last)],
        "uasc": [
            _unaccompanied(child, last) for child in looked_after if _is_unaccompanied(child, first)
        ],
        "oc2": health_rows(chance, looked_after, year),
        "oc3": leavers,
        "ad1": [row for child in looked_after for row in _adopted(chance, child, first, last)],
        "placed_adoption": [
            row for child in looked_after for row in _to_be_adopted(child, first, last)
        ],
        "previous_permanence": [
            row for child in looked_after for row in _previous(chance, child, first, last)
        ],
        "missing": missing_rows(chance, looked_after, year),
    }
    if collects("social_workers", year):
        files["social_workers"] = worker_rows(later.workers, year)
    if collects("deprivations", year):
        files["deprivations_of_liberty"] = deprivation_rows(later.deprivations, year)
    return files


def _in_care_in(child: Child, first: int, last: int) -> bool:
    return any(_in_return(period, first, last) for period in child.periods)


def _in_return(thing: Period | Episode, first: int, last: int) -> bool:
    """Return whether it belongs to the return: open on 1 April or begun in the year."""
    return thing.start <= last and thing.end >= first


def _sex(child: Child, last: int) -> str:
    """Return the code of a child's sex in the return that ends on a day."""
    data = settings("years")["sex"]
    if collection_year(last) < data["from_return"]:
        return child.sex
    number = int(child.identifier[-NUMBER_WIDTH:])
    return data["not_known"] if number % data["not_known_every"] == 0 else data["codes"][child.sex]


def _header(child: Child, last: int) -> Row:
    data, school = settings("modules")["mother"], settings("population")["upn"]
    known = child.unaccompanied or age_on(child.born, last) >= school["first_school_age"]
    asked = (
        child.sex == "2"
        and age_on(child.born, last) >= data["asked_from_age"]
        and not child.short_breaks
    )
    is_mother = 0 < child.mother_on <= last
    return {
        "CHILD": child.identifier,
        "SEX": _sex(child, last),
        "DOB": written(child.born),
        "ETHNIC": child.ethnicity,
        "UPN": child.upn if known else school["too_young"],
        "MOTHER": (data["yes"] if is_mother else data["no"]) if asked else "",
        "MC_DOB": written(child.mother_on) if asked and is_mother else "",
    }


def _episodes(child: Child, first: int, last: int) -> list[Row]:
    rows = []
    for period in child.periods:
        for episode in period.episodes:
            if not _in_return(episode, first, last):
                continue
            ended = episode.end <= last
            rows.append(
                {
                    "CHILD": child.identifier,
                    "DECOM": written(episode.start),
                    "RNE": episode.why_new,
                    "LS": episode.legal_status,
                    "CIN": period.need,
                    "PLACE": episode.code,
                    "PLACE_PROVIDER": episode.place.provider,
                    "DEC": written(episode.end) if ended else "",
                    "REC": episode.why_ended if ended else "",
                    "REASON_PLACE_CHANGE": episode.reason_moved if ended else "",
                    "HOME_POST": "" if child.short_breaks else child.home,
                    "PL_POST": episode.place.postcode,
                    "URN": episode.place.urn,
                }
            )
    return rows


def _reviews(child: Child, first: int, last: int) -> list[Row]:
    return [
        {**_who(child), "REVIEW": written(review.day), "REVIEW_CODE": review.code}
        for period in child.periods
        for review in period.reviews
        if first <= review.day <= last
    ]


def _who(child: Child) -> Row:
    return {"CHILD": child.identifier, "DOB": written(child.born)}


def _is_unaccompanied(child: Child, first: int) -> bool:
    return child.unaccompanied and child.status_ended >= first


def _unaccompanied(child: Child, last: int) -> Row:
    ended = written(child.status_ended) if child.status_ended <= last else ""
    return {**_who(child), "SEX": _sex(child, last), "DUC": ended}


def _adopted(chance: Chance, child: Child, first: int, last: int) -> list[Row]:
    rules, adoption = settings("modules")["adoption"], settings("journeys")["adoption"]
    rows = []
    for period in child.periods:
        if period.why_ended not in rules["reasons"] or not first <= period.end <= last:
            continue
        if period.adoption is None:
            raise ValueError("a child adopted has no adoption")
        sexes, status = adoption["adopters"][chance.position(adoption["adopters_weights"])]
        rows.append(
            {
                **_who(child),
                "DATE_INT": written(period.adoption.decided),
                "DATE_MATCH": written(period.adoption.matched),
                "FOSTER_CARE": str(int(period.adoption.by_carers)),
                "NB_ADOPTR": "1" if sexes.endswith("1") else "2",
                "SEX_ADOPTR": sexes,
                "LS_ADOPTR": status,
            }
        )
    return rows


def _to_be_adopted(child: Child, first: int, last: int) -> list[Row]:
    rows = []
    for period in child.periods:
        plan = period.adoption
        if plan is None or plan.decided > last or not _in_return(period, first, last):
            continue
        if plan.given_up and plan.given_up < first:
            continue
        over = 0 < plan.given_up <= last
        rows.append(
            {
                **_who(child),
                "DATE_PLACED": written(plan.decided),
                "DATE_PLACED_CEASED": written(plan.given_up) if over else "",
                "REASON_PLACED_CEASED": plan.why_given_up if over else "",
            }
        )
    return rows


def _previous(chance: Chance, child: Child, first: int, last: int) -> list[Row]:
    """Return the permanence order before a child's first period, which began in the year."""
    data = settings("modules")["previous_permanence"]
    start = child.periods[0].start
    if not first <= start <= last:
        return []
    low, high = data["years_before"]
    code = chance.choose(data["weights"])
    ordered = start - chance.between(low * 365, high * 365)
    if ordered <= child.born:
        code = data["none"]
    date = "" if code in data["without_date"] else written(ordered)
    if date and chance.happens(data["unknown_all"]):
        date = "zz/zz/zzzz"
    elif date and chance.happens(data["unknown_day"]):
        date = f"zz{date[2:]}"
    return [{**_who(child), "PREV_PERM": code, "LA_PERM": "", "DATE_PERM": date}]
