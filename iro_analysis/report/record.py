"""Read and check ``reference/report.toml``: the report as data."""

from __future__ import annotations

from functools import cache
from typing import Any

from iro_analysis import catalogue, codes
from iro_analysis.contracts import ALL
from iro_analysis.errors import InputError, ParameterError, ReferenceDataError, near_name
from iro_analysis.report.figure import Ref

HEADLINE = "headline"


@cache
def report() -> dict[str, Any]:
    """Return the record of the report.

    Raises
    ------
    ReferenceDataError
        If it names a measure or breakdown that the catalogue does not have.
    """
    found = codes.record("report")
    for words in [*found[HEADLINE], *found["labels"]]:
        _checked(words)
    for each in found["why"]:
        _checked(each["figure"])
    for chapter in found["chapters"]:
        for exhibit in chapter.get("exhibits", []):
            for words in exhibit.get("measures", []):
                _checked(words)
    return found


def _checked(words: str) -> Ref:
    ref = Ref.of(words)
    try:
        known = ref.entry.breakdowns
    except ParameterError as problem:
        raise ReferenceDataError(f"report: {problem}") from None
    if ref.breakdown not in known:
        raise ReferenceDataError(f"report: {words}: no such breakdown")
    return ref


def labels() -> dict[str, str]:
    """Return the short names of figures, where the catalogue's title is too long for a table."""
    return report()["labels"]


def label_of(ref: Ref, otherwise: str = "", what: str = "value") -> str:
    """Return a figure's short name.

    Parameters
    ----------
    ref : Ref
    otherwise : str
        Where no short name is held; the measure's title where it is empty too.
    what : str
        ``numerator``: the name of the number that a percentage is of.
    """
    names = labels()
    name = ref.measure if ref.group == ALL else f"{ref.measure}/{ref.breakdown}/{ref.group}"
    for key in (f"{name}:{what}", name):
        if key in names:
            return names[key]
    if ref.group != ALL and ref.group in report()["group_labels"]:
        return report()["group_labels"][ref.group]
    return otherwise or ref.entry.title


def reasons() -> dict[Ref, dict[str, str]]:
    """Return what figures mean for a child: figure -> what it says, and the law or guidance."""
    return {Ref.of(each["figure"]): each for each in report()["why"]}


def why_it_matters(refs: list[Ref]) -> str:
    """Return why the first of some figures for which it is held matters; empty where none is.

    Parameters
    ----------
    refs : list of Ref
        A share has the reason of its count.
    """
    held = reasons()
    by_measure = {ref.measure: each for ref, each in held.items()}
    exact = [held.get(Ref(ref.measure, ref.breakdown, ref.group)) for ref in refs]
    of_any_group = [
        by_measure.get(ref.measure)
        for ref in refs
        if ref.breakdown == ALL and ALL not in ref.entry.breakdowns  # a total is another thing
    ]
    found = next(filter(None, [*exact, *of_any_group]), None)
    return found["says"] if found is not None else ""


def headline(settings: dict[str, Any]) -> list[Ref]:
    """Return the measures of the first page: the authority's own choice, else the suite's.

    Parameters
    ----------
    settings : dict
        ``authority.toml``.

    Raises
    ------
    InputError
        If ``headline`` is not a list of figures that the catalogue has.
    """
    given = settings.get(HEADLINE, report()[HEADLINE])
    expected = 'expected a list such as headline = ["looked_after", "reviews_on_time"]'
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise InputError(f"authority.toml: headline: {expected}")
    found = []
    for words in given:
        name = words.partition(":")[0].partition("/")[0]
        if name not in catalogue.measures():
            raise InputError(
                f"authority.toml: headline names {words!r}, which is no measure"
                f"{near_name(name, catalogue.measures())}"
            )
        ref = Ref.of(words)
        if ref.breakdown not in ref.entry.breakdowns:
            raise InputError(
                f"authority.toml: headline: {name} has no breakdown {ref.breakdown!r}; "
                f"it has {', '.join(ref.entry.breakdowns)}"
            )
        found.append(ref)
    return found


def targets(settings: dict[str, Any]) -> dict[str, float]:
    """Return the authority's own targets: measure -> percent.

    Raises
    ------
    InputError
        If ``[targets]`` of ``authority.toml`` names no measure, or no number.
    """
    given = settings.get("targets", {})
    for name, value in given.items():
        if name not in catalogue.measures():
            raise InputError(
                f"authority.toml [targets]: {name!r} is no measure"
                f"{near_name(name, catalogue.measures())}"
            )
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"authority.toml [targets]: {name} should be a number, such as 95")
    return dict(given)
