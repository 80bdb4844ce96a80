"""The catalogue: one record per measure, from which pages, definitions and checks are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from iro_analysis import codes
from iro_analysis.contracts import UNITS
from iro_analysis.errors import ParameterError, ReferenceDataError, near_name

TIMES = frozenset(["day", "period", "twelve_months", "year", "own"])
DIRECTIONS = frozenset(["higher", "lower", "neither"])
PERIOD = "period"
# What divides by another count than its own, so that the disclosure gate has to know whose it is.
SHARES = frozenset(["percent", "per_10000", "ratio", "probability", "score"])
# Averages and medians, and what divides where it has a denominator.
SPANS = frozenset(["days", "months"])
# Which children the periods of a measure count (``Measure.again``); empty says nothing.
DIFFERENT, SAME = "different", "same"
# ``counts.numerator`` of a trend over cohorts: each group is a cohort with a count of its own.
EACH_COHORT = "each_cohort"


@dataclass(frozen=True)
class Break:
    """A day from which a measure's figures cannot be compared with those before.

    Attributes
    ----------
    on : date
        The first day of the new way.
    what : str
        What changed, in words.
    """

    on: date
    what: str


@dataclass(frozen=True)
class Measure:
    """What a measure is.

    Attributes
    ----------
    id, title, section : str
        The fixed id, its name in words and the section of the report.
    unit : str
        One of ``contracts.UNITS``.
    when : str
        What the figures speak of: ``day`` (the period's last), ``period``, ``twelve_months`` (to
        the period's last day), ``year`` (a year of the return) or ``own`` (the groups say it).
    better : str
        ``higher``, ``lower`` or ``neither``: which direction is good.
    numerator, denominator : str
        In words, for the definitions that the page prints.
    source : str
        Who defines it so.
    since : str
        Since when figures are comparable, in words.
    breaks : tuple of Break
        Where a line of years stops.
    history : bool
        Whether earlier periods are shown with the figure, as the breakdown ``period``.
    again : str
        Which children earlier periods count: ``different`` ones or mostly the ``same``. A count
        that is ``different`` counts each child or event once, so that it has the range of a count.
    no_range : str
        Why no likely range is given, for a figure that has none and cannot have one.
    optional : bool
        Whether it is of a list that few services keep: where that is not given, nothing is said.
    internal_only : bool
        Whether the figures never leave the authority; the committee is told that they exist.
    looks_back : int
        Months before the period whose returns are needed as well.
    breakdowns : tuple of str
    needs : dict
        Breakdown -> what it needs of the inputs (``table``, ``table.column``, ``list:name``);
        the needs of ``all`` hold for every breakdown.
    elsewhere : dict
        Where other areas are published for another base only: ``held_as``, their name in
        ``published_measures.toml``, and that ``base`` in words. They are shown and not compared.
    computed_by : str
        ``module:function`` under ``iro_analysis.indicators``.
    rows, no_rows : str
        ``module:function`` under ``iro_analysis``, which lists the rows behind the figure, or why
        there are none to list.
    counts : dict
        For disclosure: whose count the numerator and the denominator are (``measure|breakdown``),
        where they are not the measure's own; ``public`` marks a published population; ``also`` and
        ``note`` list further counts behind the value and behind the note; ``numerator_parts`` and
        ``denominator_parts`` are counts shown elsewhere that add up to it, ``denominator_holds``
        some that are part of it, ``denominator_inside`` one that it is part of.
    """

    id: str
    title: str
    section: str
    unit: str
    when: str
    better: str
    numerator: str
    denominator: str
    source: str
    since: str
    breaks: tuple[Break, ...]
    history: bool
    again: str
    no_range: str
    optional: bool
    internal_only: bool
    looks_back: int
    breakdowns: tuple[str, ...]
    needs: dict[str, tuple[str, ...]]
    elsewhere: dict[str, str]
    computed_by: str
    rows: str
    no_rows: str
    counts: dict[str, Any]

    def breaks_between(self, first: date, last: date) -> list[Break]:
        """Return the breaks that lie after one day, up to another."""
        return [found for found in self.breaks if first < found.on <= last]

    @property
    def is_difference(self) -> bool:
        """Whether the figures are differences, in percentage points."""
        return self.id.endswith("_difference")

    def needs_of(self, breakdown: str) -> tuple[str, ...]:
        """Return everything that one breakdown needs."""
        common = self.needs.get("all", ())
        return common + (self.needs.get(breakdown, ()) if breakdown != "all" else ())


@cache
def measures() -> dict[str, Measure]:
    """Return every measure by its id, in the order of the report.

    Raises
    ------
    ReferenceDataError
        If a section has no file of measures, or a record lacks a part or names an unknown unit,
        direction or breakdown.
    """
    found: dict[str, Measure] = {}
    for file, section in codes.record("sections").items():
        for name, entry in _records_of(file).items():
            found[name] = _measure(name, section, entry)
    return found


def _records_of(file: str) -> dict[str, Any]:
    try:
        records = codes.record(f"measures/{file}")
    except FileNotFoundError:
        records = {}
    if not records:
        raise ReferenceDataError(
            f"sections.toml names the section {file}: reference/measures/{file}.toml is missing or "
            "holds no measure"
        )
    return records


def _measure(name: str, section: str, entry: dict) -> Measure:
    history = bool(entry.get("history", False))
    try:
        measure = Measure(
            id=name,
            title=entry["title"],
            section=section,
            unit=entry["unit"],
            when=entry["when"],
            better=entry["better"],
            numerator=entry["numerator"],
            denominator=entry.get("denominator", ""),
            source=entry["source"],
            since=entry.get("since", ""),
            breaks=tuple(Break(each["from"], each["what"]) for each in entry.get("breaks", [])),
            history=history,
            again=entry.get("again", ""),
            no_range=entry.get("no_range", ""),
            optional=bool(entry.get("optional", False)),
            internal_only=bool(entry.get("internal_only", False)),
            looks_back=int(entry.get("looks_back", 0)),
            breakdowns=(*entry["breakdowns"], *([PERIOD] if history else [])),
            needs={key: tuple(value) for key, value in entry.get("needs", {}).items()},
            elsewhere=dict(entry.get("elsewhere", {})),
            computed_by=entry["computed_by"],
            rows=entry.get("rows", ""),
            no_rows=entry.get("no_rows", ""),
            counts=dict(entry.get("counts", {})),
        )
    except KeyError as missing:
        raise ReferenceDataError(f"measures: {name} has no {missing}") from None
    known = measure.unit in UNITS and measure.better in DIRECTIONS and measure.when in TIMES
    if not known or measure.again not in ("", DIFFERENT, SAME):
        raise ReferenceDataError(
            f"measures: {name} has an unknown unit, direction (better), time (when) or again"
        )
    if bool(measure.rows) == bool(measure.no_rows):
        raise ReferenceDataError(
            f"measures: {name} needs one of two lines: rows, the function that lists the rows "
            "behind it, or no_rows, why there are none"
        )
    whose = measure.counts.get("denominator", measure.counts.get("numerator") == EACH_COHORT)
    said = bool(whose) and not (isinstance(whose, dict) and set(entry["breakdowns"]) - set(whose))
    if not said and not measure.internal_only and (whose or _divides(measure)):
        raise ReferenceDataError(
            f"measures: {name} divides by a count: its record needs the line counts, which says "
            'whose count that is, such as counts = { denominator = "looked_after|all|all" } '
            "(CONTRIBUTING, add a measure, step 1)"
        )
    unknown = set(measure.breakdowns) - set(codes.record("breakdowns"))
    if unknown:
        raise ReferenceDataError(
            f"measures: {name} has unknown breakdowns: {', '.join(sorted(unknown))}; expected a "
            "record of each in reference/breakdowns.toml"
        )
    return measure


def _divides(measure: Measure) -> bool:
    """Whether a measure's figures have a denominator that is not its own total."""
    if measure.unit in SHARES:
        return True
    # The total of a count is its own where it is shown ("all"); without it, it could be anybody's.
    return bool(measure.denominator) and (measure.unit in SPANS or "all" not in measure.breakdowns)


def measure(name: str) -> Measure:
    """Return a measure by its id.

    Raises
    ------
    ParameterError
        If there is none; the message suggests the nearest name.
    """
    known = measures()
    if name not in known:
        raise ParameterError(f"there is no measure {name!r}{near_name(name, known)}")
    return known[name]


def sections() -> dict[str, list[Measure]]:
    """Return section -> its measures, in the order of the report."""
    found: dict[str, list[Measure]] = {}
    for entry in measures().values():
        found.setdefault(entry.section, []).append(entry)
    return found
