"""Test the conditions under which a sentence of the report may be printed.

A condition is ``figure | relation`` or ``figure | relation | argument``; ``not`` before the
relation turns it round. Everything that a sentence claims is one of its conditions.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from iro_analysis.comparisons.settings import together
from iro_analysis.errors import ReferenceDataError
from iro_analysis.report.figure import Figure, Ref
from iro_analysis.report.figures import EVERYONE, HIGHER, LOWER, SAME, Figures
from iro_analysis.report.record import report
from iro_analysis.report.text import Text, fill
from iro_analysis.report.words import moved_by_a_third, multiple
from iro_analysis.rounding import half_up

_MOST_OF = 0.8
FEWEST_PERIODS = 4


def holds(condition: str, figures: Figures) -> bool:
    """Whether a condition is met; one about a figure that is not shown is not."""
    words, relation, *arguments = [part.strip() for part in condition.split("|")]
    negated = relation.startswith("not ")
    relation = relation.removeprefix("not ")
    if relation not in _RELATIONS:
        raise ReferenceDataError(f"report: there is no relation {relation!r}")
    figure = figures.get(Ref.of(words))
    if figure is None:
        return False
    met = _RELATIONS[relation](figures, figure, *arguments)
    return met is not None and met is not negated


def choose(templates: list[dict], figures: Figures) -> Text | None:
    """Return the first template that holds and whose figures are all shown, filled."""
    for template in templates:
        if all(holds(condition, figures) for condition in template.get("when", [])):
            found = fill(template["says"], figures.find)
            if found is not None:
                return found
    return None


def every(templates: list[dict], figures: Figures) -> list[Text]:
    """Return every template that holds, filled; of those that share a ``group`` the first."""
    found, taken = [], set()
    for template in templates:
        group = template.get("group", "")
        if group in taken:
            continue
        said = choose([template], figures)
        if said is not None:
            found.append(said)
            if group:
                taken.add(group)
    return found


def _given(figures: Figures, figure: Figure) -> bool:
    return True


def _compared(of: Callable[[float, float], bool]) -> Callable:
    def relation(figures: Figures, figure: Figure) -> bool | None:
        before = figures.earlier(figure.ref)
        return None if before is None else of(figure.value, before.value)

    return relation


def _by_a_third(now: float, before: float) -> bool:
    """Whether a count moved by a third or more, and is large enough for that to mean anything."""
    return max(now, before) >= report()["least_to_watch"] and moved_by_a_third(now, before)


def _count_more(figures: Figures, figure: Figure) -> bool | None:
    """Whether a percentage is of more children than a year before."""
    before = figures.earlier(figure.ref)
    return None if before is None else figure.numerator > before.numerator


def _count_fewer(figures: Figures, figure: Figure) -> bool | None:
    before = figures.earlier(figure.ref)
    return None if before is None else figure.numerator < before.numerator


def _clearly(verdict: str) -> Callable:
    def relation(figures: Figures, figure: Figure, role: str) -> bool | None:
        said = figures.against(figure.ref, role)
        return said == verdict if said else None

    return relation


def _alike(figures: Figures, figure: Figure, role: str) -> bool | None:
    """Whether a figure was tested and no difference is claimed."""
    said = figures.against(figure.ref, role)
    return said not in (HIGHER, LOWER) if said and said != "not tested" else None


def _far(above: bool) -> Callable:
    """Whether a figure lies a third or more above (below) another area's, as few others do.

    By a few children only is too little to say; so is what many authorities are as far from.
    """

    def relation(figures: Figures, figure: Figure, role: str) -> bool | None:
        found = figures.areas(figure.ref).get(role)
        if found is None or found[1] <= 0:
            return None
        difference = figure.size - found[1] if above else found[1] - figure.size
        children = difference / 100 * figure.denominator
        large = difference * 3 >= found[1] and children >= report()["least_to_watch"]
        return large and _among_few(figures, figure, above)

    return relation


def _among_few(figures: Figures, figure: Figure, above: bool) -> bool:
    """Whether few of all authorities are as far out; not where their figures are not held."""
    found = figures.verdict(figure.ref, EVERYONE)
    if found is None or not found.areas:
        return False
    beyond = found.above if above else found.below
    return beyond <= report()["most_beyond"] * found.areas


def _at_least(figures: Figures, figure: Figure, least: str) -> bool:
    return figure.size >= float(least)


def _below(figures: Figures, figure: Figure, most: str) -> bool:
    return figure.size < float(most)


def _part_of_change(figures: Figures, figure: Figure, whole: str) -> float | None:
    """Return a part's change over its whole's; None where one is not shown or did not change."""
    other, before = figures.get(Ref.of(whole)), figures.earlier(figure.ref)
    other_before = figures.earlier(Ref.of(whole))
    if other is None or before is None or other_before is None:
        return None
    all_of = other.value - other_before.value
    return (figure.value - before.value) / all_of if all_of else None


def _most_of(figures: Figures, figure: Figure, whole: str) -> bool | None:
    """Whether a part's change is most of its whole's, in the same direction and not beyond it."""
    part = _part_of_change(figures, figure, whole)
    return None if part is None else _MOST_OF <= part <= 1


def _others_changed_most(figures: Figures, figure: Figure, whole: str) -> bool | None:
    """Whether the other groups together clearly changed, and by most of the whole's change."""
    several = together(figure.ref.measure, figure.ref.breakdown)
    if several is None or figure.ref.group not in several.without:
        return None
    ref = Ref(figure.ref.measure, figure.ref.breakdown, several.name)
    found, all_of = figures.verdict(ref, figures.before.name), figures.get(Ref.of(whole))
    before = figures.earlier(Ref.of(whole))
    if found is None or all_of is None or before is None or all_of.value == before.value:
        return None
    part = (found.value - found.other) / (all_of.value - before.value)
    return found.is_clear and _MOST_OF <= part <= 1


def _all_of(figures: Figures, figure: Figure, whole: str) -> bool | None:
    """Whether a part's change is as large as its whole's or larger: the rest moved otherwise."""
    part = _part_of_change(figures, figure, whole)
    return None if part is None else part >= 1


def steady(figures: Figures, ref: Ref, falls: bool) -> bool | None:
    """Whether a total fell (or rose) in every period held; None where too few are shown."""
    points = [figure for _, figure in figures.unbroken(ref)]
    values = [point.value for point in points if point is not None]
    if len(points) < FEWEST_PERIODS or len(values) < len(points):
        return None
    steps = list(itertools.pairwise(values))
    return all(after < before if falls else after > before for before, after in steps)


def _steady(falls: bool) -> Callable:
    return lambda figures, figure: steady(figures, figure.ref, falls)


def _clear_over_years(verdict: str) -> Callable:
    """Whether the line through all years held is clear; None where it is not tested."""

    def relation(figures: Figures, figure: Figure) -> bool | None:
        found = figures.over_years(figure.ref)
        return None if found is None or not found.test else found.verdict == verdict

    return relation


def _back(figures: Figures, figure: Figure) -> bool | None:
    """Whether a figure is higher than a year before and, as printed, no higher than two before."""
    before, two = figures.earlier(figure.ref), figures.two_years_before(figure.ref)
    if before is None or two is None:
        return None
    return before.size < figure.size and half_up(two.size) >= half_up(figure.size)


def _more_than(figures: Figures, figure: Figure, other: str) -> bool | None:
    found = figures.get(Ref.of(other))
    return None if found is None else figure.size > found.size


_RELATIONS: dict[str, Callable] = {
    "given": _given,
    "more": _compared(lambda now, before: now > before),
    "fewer": _compared(lambda now, before: now < before),
    "count more": _count_more,
    "count fewer": _count_fewer,
    "same": _compared(lambda now, before: now == before),
    "by a third": _compared(_by_a_third),
    "multiple": _compared(lambda now, before: bool(multiple(now, before))),
    "clearly higher": _clearly(HIGHER),
    "clearly lower": _clearly(LOWER),
    "about the same": _clearly(SAME),
    "alike": _alike,
    "a third above": _far(True),
    "a third below": _far(False),
    "at least": _at_least,
    "below": _below,
    "most of": _most_of,
    "all of": _all_of,
    "others clearly changed most": _others_changed_most,
    "falls": _steady(True),
    "rises": _steady(False),
    "falling": _clear_over_years(LOWER),
    "rising": _clear_over_years(HIGHER),
    "back": _back,
    "more than": _more_than,
}
