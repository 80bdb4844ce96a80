"""Give invented children who come into care on one day, as brothers and sisters, one home."""

from __future__ import annotations

from collections import defaultdict

from iro_analysis.codes import ETHNICITY

from .people import Child
from .settings import settings


def share_homes(children: list[Child]) -> None:
    """Give brothers and sisters one home postcode.

    Children of one main ethnic group who first come into care on one day are taken to be of one
    family where their ages allow it. No day and no code of the return changes, and so no count.

    Parameters
    ----------
    children : list of Child
        All children, described and with their own home postcodes; their homes are changed.
        Unaccompanied children and those with short breaks only are left alone.
    """
    group = ETHNICITY.column("group")
    families: dict[tuple[int, str], list[list[Child]]] = defaultdict(list)
    for child in sorted(children, key=lambda child: (child.born, child.identifier)):
        if child.unaccompanied or child.short_breaks:
            continue
        same_day = families[child.periods[0].start, group[child.ethnicity]]
        family = next((each for each in same_day if _can_join(each, child)), None)
        if family is None:
            same_day.append([child])
        else:
            family.append(child)
            child.home = family[0].home


def _can_join(family: list[Child], child: Child) -> bool:
    """Return whether a child born after all of a family can be of one mother with them."""
    data = settings("population")["siblings"]
    return (
        len(family) < data["most_children"]
        and child.born - family[-1].born >= data["least_days_apart"]
        and child.born - family[0].born <= data["most_days_apart"]
    )
