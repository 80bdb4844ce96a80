"""How the counts of the figures in depth hang together with the others of a report."""

from __future__ import annotations

from iro_analysis import codes
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.system import AT

_WHITE = "White"
_AGED = "aged 10 to 17"


def link(system) -> None:
    """Add what an attacker can put together from minority ethnic counts and pairs of cohorts.

    Parameters
    ----------
    system : System
        Of a report; sums and remainders are added to it.
    """
    _minority_ethnic(system)
    _aged_10_to_17(system)
    _pairs_of_cohorts(system)
    _unplanned_endings(system)
    _routes_to_permanence(system)


def _known_groups() -> list[str]:
    return codes.record("breakdowns")["ethnicity"]["groups"][:-1]


def _minority_ethnic(system) -> None:
    """Minority ethnic children are those of every group but White."""
    for part, whole in [("stock|all", "looked_after"), ("part|Entering", "started")]:
        minority = f"minority_ethnic|{part}"
        groups = [f"{whole}|ethnicity|{group}" for group in _known_groups() if group != _WHITE]
        if {minority, *groups} <= set(system.values):
            system.add_sum(minority, groups)
    left = [f"{name}|part|Leaving" for name in ("minority_ethnic", "white")]
    total = f"ceased|{ALL}|{ALL}"
    if {*left, total} <= set(system.values):
        system.add_sum(total, left)


def _aged_10_to_17(system) -> None:
    """Those of ten and over are part of their group, and of two bands of age together."""
    wholes = {
        f"minority_ethnic|{_AGED}|{ALL}": f"minority_ethnic|stock|{ALL}",
        f"white|{_AGED}|{ALL}": f"looked_after|ethnicity|{_WHITE}",
    }
    if not set(wholes) <= set(system.values):
        return
    for cell, whole in wholes.items():
        if whole in system.values:
            system.add_remainder(whole, cell)
    bands = [f"looked_after|age_band|{band}" for band in ("10 to 15", "16 and over")]
    if set(bands) <= set(system.values):
        both = f"looked_after|{_AGED}|{ALL}"
        system.values[both] = sum(system.values[band] for band in bands)
        system.unpublished.add(both)
        system.sums.append((both, bands))
        system.add_sum(both, list(wholes))


def _pairs_of_cohorts(system) -> None:
    """Two cohorts together are the one and the other."""
    for cell in [cell for cell in system.values if "|cohort_pair|" in cell]:
        name, _, pair = cell.partition("|cohort_pair|")
        years = [f"{name}|cohort_year|{year}" for year in pair.split(" and ")]
        if set(years) <= set(system.values):
            system.add_sum(cell, years)


def _unplanned_endings(system) -> None:
    """Unplanned endings by some days are among all unplanned changes: the rest follows."""
    total = "placement_changes|planned|Unplanned"
    steps = [cell for cell in system.values if cell.startswith("unplanned_ending|days|")]
    known = total in system.values and bool(steps)
    if known and sum(system.values[cell] for cell in steps) <= system.values[total]:
        system.add_sum(total, steps)


def _routes_to_permanence(system) -> None:
    """Routes out of care are leavers, but for those who came back and began a long-term placement.

    The whole less its published parts is what nobody shows: of the period by route, and of an
    earlier one, of which no routes are given.
    """
    routes = codes.record("rules")["permanence"]["routes"]
    for route, reasons in routes.items():
        cell = f"permanence_achieved|permanence_route|{route}"
        left = [f"ceased|reason|{reason}" for reason in reasons]
        if not {cell, *left} <= set(system.values):
            continue
        whole = left[0]
        if len(left) > 1:
            whole = f"left care|{route}"
            system.values[whole] = sum(system.values[part] for part in left)
            system.unpublished.add(whole)
            system.sums.append((whole, left))
        if system.values[cell] <= system.values[whole]:
            system.add_sum(whole, [cell])
    shown = ["ceased|reason|Adopted", "ceased|reason|Special guardianship order"]
    shown.append(f"returned_home|{ALL}|{ALL}")
    total = f"permanence_achieved|{ALL}|{ALL}"
    for cell in [cell for cell in system.values if cell.partition(AT)[0] == total]:
        _, at, period = cell.partition(AT)
        parts = [part + at + period for part in shown]
        known = set(parts) <= set(system.values)
        if known and sum(system.values[part] for part in parts) <= system.values[cell]:
            system.add_sum(cell, parts)
