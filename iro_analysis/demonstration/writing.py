"""Generate a demonstration authority, step by step, and write its folder."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from . import local_lists as lists
from . import local_officers, local_young_people
from . import local_service as service
from .calendars import (
    Span,
    covering,
    reference_day,
    return_years,
    span,
    year_label,
    year_starts,
)
from .calibration import NotMet, chosen
from .chance import Chance
from .details import describe, short_break_children
from .modules import Later, return_of
from .people import Child
from .places import place_homes
from .population import entrants
from .settings import settings, text
from .siblings import share_homes
from .social_workers import deprivations, workers_of

Row = dict[str, str]

# Each step has its own stream of draws: a change in one leaves the others as they were.
STREAMS = ("people", "short breaks", "details", "places", "return", "lists", "sizes", "later")


@dataclass(frozen=True)
class Named:
    """A real authority whose populations and comparators a synthetic one takes.

    Attributes
    ----------
    name, code : str
        As the Office for National Statistics has them.
    """

    name: str
    code: str


def write_demonstration(
    folder: Path,
    seed: int = 903,
    children: int | None = None,
    authorities: int = 1,
    *,
    named: Named | None = None,
    time: Span | None = None,
) -> list[Path]:
    """Write synthetic authorities: a return, local lists and commentary; no real child.

    Parameters
    ----------
    folder : Path
        Where to write; made if it is not there. One authority is written straight into it,
        several into subfolders `authority_01` and so on.
    seed : int
        The same arguments give the same bytes.
    children : int or None
        Children looked after on the reference day: 31 March 2020, or the last 31 March of
        another time. None, or the reference size,
        gives the demonstration authority with the printed figures; for several authorities it is
        the middle of their sizes.
    authorities : int
        How many authorities.
    named : Named or None
        The real authority that the synthetic one stands for; only for one authority.
    time : Span or None
        Which returns are written. None: those of `data/demo`, April 2016 to January 2023.

    Returns
    -------
    list of Path
        The authorities' folders, in order.

    Raises
    ------
    NotMet
        If, with this seed, the printed figures cannot be met.
    """
    with covering(time or span()):
        return _written(Path(folder), seed, children, authorities, named)


def _written(
    folder: Path, seed: int, children: int | None, authorities: int, named: Named | None
) -> list[Path]:
    """Write authorities that cover the time now set."""
    size = settings("population")["reference_size"]
    if authorities == 1:
        exact = children in (None, size) and named is None and span() == Span.of_demonstration()
        people = _printed_authority(seed) if exact else _authority(seed, 0, children or size)
        label = settings("authority")["printed" if exact else "other"]
        if named is not None:
            label = label | settings("authority")["named"] | {"ons_code": named.code}
            label["name"] = label["name"].format(name=named.name)
        _write(
            folder,
            people,
            (seed, 0),
            children or size,
            label | {"number": 1},
            settings("authority")["identifier"],
            settings("authority")["commentary"] if exact else [],  # it speaks of these figures
        )
        return [folder]
    sizes = Chance(seed, STREAMS.index("sizes"), 0)
    written = []
    for number in range(1, authorities + 1):
        own_size = max(
            round((children or size) * (0.5 + sizes.uniform())), settings("authority")["smallest"]
        )
        place = folder / f"authority_{number:02d}"
        prefix = settings("authority")["identifier_of_many"].format(number=number)
        people = _authority(seed, number, own_size)
        _write(
            place,
            people,
            (seed, number),
            own_size,
            settings("authority")["other"] | {"number": number},
            prefix,
            [],
        )
        written.append(place)
    return written


def _stream(key: tuple[int, int], name: str, part: int = 0) -> Chance:
    """Return the stream of draws of one step of one authority."""
    return Chance(*key, STREAMS.index(name), part)


def _printed_authority(seed: int) -> list[Child]:
    """Return the children of the demonstration authority, whose figures are the printed ones."""
    search, first = settings("targets")["search"], year_starts(return_years()[0])
    for attempt in range(search["restarts"]):
        pool = entrants(_stream((seed, 0), "people", attempt), search["pool"])
        seen = [child for child in pool if child.periods[-1].end >= first]
        gone = [child for child in pool if child.periods[-1].end < first]
        try:
            people = chosen(seen, seed * search["restarts"] + attempt)
        except NotMet:
            if attempt == search["restarts"] - 1:
                raise
            continue
        # Those who left before the first return are only known as care leavers: a like share.
        return people + gone[:: search["pool"]]
    raise NotMet("no attempt is allowed")


def _authority(seed: int, number: int, size: int) -> list[Child]:
    """Return the children of an authority with exactly `size` looked after on the reference day."""
    data = settings("population")
    reference = reference_day()
    people: list[Child] = []
    part = 0
    while (here := sum(child.period_at(reference) is not None for child in people)) < size:
        scale = max((size - here) / data["reference_size"], 1 / data["reference_size"])
        people += entrants(_stream((seed, number), "people", part), scale)
        part += 1
    surplus = here - size
    present = [child for child in people if child.period_at(reference)]
    left_out = set(_stream((seed, number), "sizes", 1).some(present, surplus))
    return [child for child in people if child not in left_out]


def _write(
    folder: Path,
    people: list[Child],
    key: tuple[int, int],
    size: int,
    label: dict,
    prefix: str,
    periods: list[str],
) -> None:
    """Write one authority, with the commentary of some periods."""
    scale = size / settings("population")["reference_size"]
    people = people + short_break_children(_stream(key, "short breaks"), scale)
    people = describe(_stream(key, "details"), people, prefix)
    placements = place_homes(_stream(key, "places"), people)
    share_homes(people)
    columns = settings("modules")["columns"]
    returns = {}
    later = Later(
        workers_of(_stream(key, "later", 0), people),
        deprivations(_stream(key, "later", 1), people),
    )
    for year in return_years():
        returns[year] = return_of(_stream(key, "return", year), people, year, later)
        for name, rows in returns[year].items():
            _write_csv(folder / "ssda903" / year_label(year) / f"{name}.csv", columns[name], rows)
    named = label | {"name": label["name"].format(**label)}
    local = _local(key, people, returns, scale) | {"placements": placements}
    for name, names in settings("local_lists")["columns"].items():
        _write_csv(folder / "local" / f"{name}.csv", names, local[name])
    _write_text(folder / "authority.toml", text("authority_template.toml").format(**named))
    last = f"the end of {span().last:%B %Y}"
    _write_text(folder / "README.md", text("README_template.md").format(last=last))
    for period in periods:
        _write_text(folder / "commentary" / f"{period}.md", text(f"commentary/{period}.md"))


def _local(
    key: tuple[int, int], people: list[Child], returns: dict, scale: float
) -> dict[str, list[Row]]:
    """Return the local lists by name."""
    names = list(settings("local_lists")["columns"])

    def stream(name: str) -> Chance:
        return _stream(key, "lists", names.index(name))

    officers, caseload = local_officers.officers_and_caseload(stream("officers"), scale)
    courses = returns[local_young_people.printed_year()]
    leavers = {row["CHILD"]: row["ACTIV"] for row in courses["oc3"]}
    headers = {row["CHILD"] for year in returns for row in returns[year]["header"]}
    known = [child for child in people if child.identifier in headers]
    missing = [row for year in returns for row in returns[year]["missing"]]
    made = {
        "officers": officers,
        "caseload": caseload,
        "disputes": service.disputes(stream("disputes"), scale),
        "midway_reviews": service.midway_reviews(stream("midway_reviews"), known),
        "consultation": service.consultation(stream("consultation"), scale),
        "higher_education": local_young_people.higher_education(
            stream("higher_education"), known, leavers, scale
        ),
        "advocacy": service.advocacy(stream("advocacy"), scale),
        "return_interviews": local_young_people.return_interviews(
            stream("return_interviews"), missing
        ),
        "exploitation": local_young_people.exploitation(stream("exploitation"), known, scale),
        "proceedings": service.court_cases(stream("proceedings"), scale, "proceedings", "issued"),
        "drug_alcohol_court": service.court_cases(
            stream("drug_alcohol_court"), scale, "drug_alcohol_court", "referred"
        ),
    }
    for name in ("key_stage_4", "education_plans", "ehc_plans", "suspensions", "permanence_plans"):
        made[name] = getattr(lists, name)(stream(name), known, scale)
    return made


def _write_csv(path: Path, columns: list[str], rows: list[Row]) -> None:
    """Write rows under the columns of the contract."""
    out = StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    _write_text(path, out.getvalue())


def _write_text(path: Path, content: str) -> None:
    """Write a text file with the same line ends on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="\n")
