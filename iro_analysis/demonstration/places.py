"""Place the invented homes: provider, distance, postcode; return the local list of placements."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable

from .calendars import reference_day
from .chance import Chance, dealt
from .measures import provision_of
from .people import Child, Episode, Place
from .settings import settings


def place_homes(chance: Chance, children: list[Child]) -> list[dict[str, str]]:
    """Give every placement provider, locality, distance, postcode and URN; and homes.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    children : list of Child
        All children; their places are changed.

    Returns
    -------
    list of dict
        The local list `placements`: postcode, inside_authority, miles.
    """
    _find_providers(chance, children)
    kinds: dict[Place, str] = {}
    for child in children:
        for period in child.periods:
            for episode in period.episodes:
                kinds.setdefault(episode.place, _kind(episode))
    _locate(chance, children, kinds)
    rows = _addresses(chance, kinds, _next_places(children))
    codes = _postcodes("inside_districts", reverse=True)
    for number, child in enumerate(children):
        child.home = codes(number)
    return rows


def _kind(episode: Episode) -> str:
    """Return what kind of placement it is: the provision, foster care by its provider."""
    names, own = (
        settings("places")["kind_names"],
        settings("places")["provider_reference_day"]["own"],
    )
    provision = provision_of(episode)
    if provision != names["foster"]:
        return provision
    return names["own_foster" if episode.place.provider == own else "agency_foster"]


def _find_providers(chance: Chance, children: list[Child]) -> None:
    """Give each place its provider; foster care on the reference day by the printed shares."""
    data = settings("places")
    rule, reference = data["provider_reference_day"], reference_day()
    fostered = []
    for child in children:
        for period in child.periods:
            now = period.at(reference)
            for episode in period.episodes:
                place = episode.place
                if episode is now and episode.code in rule["codes"]:
                    fostered.append(place)
                elif not place.provider and place.kind in data["provider"]:
                    place.provider = chance.choose(data["provider"][place.kind])
    for place, provider in zip(fostered, chance.deck(rule["weights"], len(fostered)), strict=True):
        place.provider = provider


def _locate(chance: Chance, children: list[Child], kinds: dict[Place, str]) -> None:
    """Decide where each place is: by likelihood, and on the reference day by the printed shares."""
    data = settings("places")
    for place, kind in kinds.items():
        place.distance = _likely_distance(chance, kind)
    reference = reference_day()
    present = [child.episode_at(reference) for child in children]
    fixed: dict[Place, Episode] = {episode.place: episode for episode in present if episode}
    by_likelihood = sorted(
        fixed, key=lambda place: data["inside"][kinds[place]] + chance.uniform(), reverse=True
    )
    shares = data["reference_day"]
    inside = round(len(fixed) * shares["inside"] / sum(shares.values()))
    outside = sorted(
        by_likelihood[inside:], key=lambda place: chance.uniform() + data["far"][kinds[place]]
    )
    others = {name: share for name, share in shares.items() if name != "inside"}
    labels = dealt(others, len(outside))
    for place in by_likelihood[:inside]:
        place.distance = "inside"
    for place, label in zip(outside, labels, strict=True):
        place.distance = label
    for place in kinds:
        place.inside = place.distance == "inside"


def _likely_distance(chance: Chance, kind: str) -> str:
    data = settings("places")
    if chance.happens(data["inside"][kind]):
        return "inside"
    if chance.happens(data["far"]["unknown_distance"]):
        return "unknown"
    return "far" if chance.happens(data["far"][kind]) else "near"


def _next_places(children: list[Child]) -> dict[Place, Place]:
    """Return which place each place followed in a child's life."""
    followed: dict[Place, Place] = {}
    for child in children:
        episodes = [
            episode
            for period in child.periods
            for episode in period.episodes
            if not episode.temporary
        ]
        for before, after in itertools.pairwise(episodes):
            if after.place is not before.place:
                followed.setdefault(after.place, before.place)
    return followed


def _addresses(
    chance: Chance, kinds: dict[Place, str], followed: dict[Place, Place]
) -> list[dict[str, str]]:
    """Give places their postcodes and URNs; some of one kind and locality share them."""
    data = settings("places")
    groups: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
    for place, kind in kinds.items():
        groups[(kind, place.provider, place.distance)].append(place)
    inside, outside = _postcodes("inside_districts"), _postcodes("outside_districts")
    used = {True: 0, False: 0}
    rows: dict[str, dict[str, str]] = {}
    for (kind, _, distance), places in sorted(groups.items()):
        share = data["addresses"][kind] * (1 + len(kinds) // data["addresses"]["many"])
        count = -(-len(places) // share) + 1  # one more, so that a move has somewhere else to go
        here = distance == "inside"
        codes = [(inside if here else outside)(used[here] + number) for number in range(count)]
        used[here] += count
        order = {place: number % count for number, place in enumerate(chance.shuffled(places))}
        for place in places:
            before = followed.get(place)
            if before and before.postcode == codes[order[place]]:
                order[place] = (order[place] + 1) % count
            place.postcode = codes[order[place]]
            place.urn = _urn(place, order[place])
            if place.postcode not in rows:
                rows[place.postcode] = _address(chance, place)
            known = rows[place.postcode]
            known["inside_authority"] = str(int(here))
        _hide_confidential(chance, places)
    returned = {place.postcode for place in kinds if place.postcode}
    return [rows[code] for code in sorted(rows) if code in returned]


def _address(chance: Chance, place: Place) -> dict[str, str]:
    miles = settings("places")["miles"][place.distance]
    written = f"{chance.days(miles) / 10:.1f}" if miles else ""
    return {
        "postcode": place.postcode,
        "inside_authority": str(int(place.inside)),
        "miles": written,
    }


def _hide_confidential(chance: Chance, places: list[Place]) -> None:
    rule = settings("places")["confidential"]
    for place in places:
        if place.kind in rule["places"] and chance.happens(rule["share"]):
            place.postcode = ""


def _urn(place: Place, address: int) -> str:
    """Return the invented Ofsted number of a placement."""
    data = settings("places")["urn"]
    if place.kind in data["none_places"]:
        return ""
    if place.kind in data["not_inspected_places"]:
        return data["not_inspected"]
    if place.kind in data["home_places"]:
        return data["home"].format(
            number=data["homes_from"] + (address * 37 + len(place.provider)) % data["homes"]
        )
    if place.provider in data["own_providers"]:
        return data["own"]
    first, last = data["agencies"]
    return data["agency"].format(number=first + address % (last - first + 1))


def _postcodes(districts: str, *, reverse: bool = False) -> Callable[[int], str]:
    """Return a function that gives the postcode with a number; past the last, it begins again."""
    data = settings("places")
    first, last = data[districts]
    letters = data["letters"]
    width = last - first + 1
    capacity = width * 10 * len(letters) ** 2

    def code(number: int) -> str:
        place = (number * data["step"]) % capacity
        if reverse:
            place = capacity - 1 - place
        place, district = divmod(place, width)
        place, sector = divmod(place, 10)
        one, two = divmod(place, len(letters))
        return f"{data['area']}{first + district} {sector}{letters[one]}{letters[two]}"

    return code
