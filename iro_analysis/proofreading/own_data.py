"""Check 9: printed figures of the authority against its own data, recalculated.

Where a figure differs, the same measure is worked out for other days, other cohorts and other
rules; the one that gives the printed figure is named as the likely cause. It is no proof: two
mistakes can give one number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

import pandas as pd

from iro_analysis import catalogue, codes
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.errors import PeriodError
from iro_analysis.indicators import evaluate
from iro_analysis.periods import Period, add_months, ending, in_words, reporting_year
from iro_analysis.proofreading import arithmetic, shares
from iro_analysis.proofreading.annotate import EARLIER
from iro_analysis.proofreading.comparators import catalogue_title, year_of
from iro_analysis.proofreading.figures import COUNT, OWN, PERCENT, Document, Figure
from iro_analysis.proofreading.findings import LOOK, WRONG, Finding
from iro_analysis.proofreading.spans import is_of
from iro_analysis.proofreading.totals import dated_totals
from iro_analysis.rounding import half_up

LOOKED_AFTER = "looked_after"
MOST_CAUSES = 3
# A group that the printed year names: a cohort of pupils.
OF_A_YEAR = "{year}"
OK = "ok"
# Days on which a count may have been taken instead of the last one.
OTHER_DAYS = (-1, 1)
OTHER_MONTHS = (-12, -3, -6, -9, 3, 12)


@dataclass(frozen=True)
class Own:
    """A figure as the data give it: count, total and value; a value is in the measure's unit."""

    count: float
    total: float
    value: float
    unit: str = PERCENT

    def share(self, unit: str) -> float | None:
        """Return the value in a printed unit; a count in a breakdown has a share of its total."""
        if unit == self.unit:
            return self.value
        if unit == PERCENT and self.total:
            return self.count / self.total * 100
        return None

    def sure_share(self, unit: str) -> float:
        """Return the value in a printed unit in which it was compared; else a fault."""
        value = self.share(unit)
        if value is None:
            raise ValueError(f"the data give no value {unit}, only {self.unit}")
        return value


class OwnData:
    """The authority's record, answering for measures at any period and by other rules."""

    def __init__(self, record: CareRecord, period: Period) -> None:
        self.record, self.period = record, period
        self._tables: dict[tuple[str, str, str, str], pd.DataFrame] = {}

    @cached_property
    def other_rules(self) -> dict[str, CareRecord]:
        """The record by rules that are not the suite's, by what they are called."""
        return {name: _with(self.record, change) for name, change in _changes().items()}

    def own(self, figure: Figure, period: Period, rule: str = "") -> Own | None:
        """Return what the data give for a figure; None where they give nothing."""
        entry = catalogue.measures().get(figure.measure)
        if entry is None or not self._covered(period):
            return None
        found = []
        for breakdown, group in _groups(figure, entry, period):
            table = self._table(figure.measure, breakdown, period, rule)
            for one in table[(table["group"] == group) & (table["status"] == OK)].to_dict(
                "records"
            ):
                numbers = (one["numerator"], one["denominator"], one["value"])
                count, total, value = (float(n) if pd.notna(n) else 0.0 for n in numbers)
                found.append(Own(count, total, value, entry.unit))
        # The one with the printed total is meant, where there are several.
        found.sort(key=lambda own: own.total != figure.total)
        return found[0] if found else None

    def _table(self, measure: str, breakdown: str, period: Period, rule: str) -> pd.DataFrame:
        key = (measure, breakdown, period.name, rule)
        if key not in self._tables:
            record = self.other_rules[rule] if rule else self.record
            self._tables[key] = evaluate.figures(record, period, measure, breakdown)
        return self._tables[key]

    def _covered(self, period: Period) -> bool:
        try:
            self.record.authority.check_covers(period)
        except PeriodError:
            return False
        return True

    def ending(self, day: date) -> Period:
        """Return the period of the report's length that ends on another day."""
        return self.period if day == self.period.end else ending(self.period, day)

    def children_on(self, day: date) -> int:
        """Return how many children were looked after on a day."""
        return len(self.record.looked_after_on(day))


def _groups(figure: Figure, entry: catalogue.Measure, period: Period) -> Iterator[tuple[str, str]]:
    """Return the breakdown and group of a figure: named by its subject, or by its label."""
    if figure.breakdown:
        year = year_of(figure.period) or period.end.year
        yield figure.breakdown, figure.group.replace(OF_A_YEAR, str(year))
        if figure.group == OF_A_YEAR:
            yield ALL, ALL
        return
    for breakdown in entry.breakdowns:
        record = codes.record("breakdowns").get(breakdown, {})
        if figure.label in record.get("groups", []):
            yield breakdown, figure.label
    if ALL in entry.breakdowns:
        yield ALL, ALL


def _changes() -> dict[str, Callable[[pd.DataFrame], pd.DataFrame]]:
    """Return rules under which a printed figure may have been made, as changes of the episodes."""
    short_breaks = codes.LEGAL_STATUS.where("counted", "no")
    [counted, *_] = sorted(codes.LEGAL_STATUS.where("group", "Section 20") - short_breaks)
    adopting = codes.PLACEMENT.where("kind", "adoption with current carer")
    [placed, *_] = sorted(codes.PLACEMENT.where("kind", "adoption"))

    def with_short_breaks(rows: pd.DataFrame) -> pd.DataFrame:
        status = rows["legal_status"]
        return rows.assign(legal_status=status.mask(status.isin(short_breaks), counted))

    def with_adoption_as_a_move(rows: pd.DataFrame) -> pd.DataFrame:
        place = rows["place"]
        return rows.assign(place=place.mask(place.isin(adopting), placed))

    def with_the_last_day(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(end=rows["end"] + pd.Timedelta(days=1))

    return {
        "short breaks (V3, V4) counted": with_short_breaks,
        "adoption by the present carer counted as a move": with_adoption_as_a_move,
        "children who left on the day itself counted": with_the_last_day,
    }


def _with(record: CareRecord, change: Callable[[pd.DataFrame], pd.DataFrame]) -> CareRecord:
    tables = record.authority.tables
    changed = {**tables, "episodes": change(tables["episodes"])}
    return CareRecord.of(replace(record.authority, tables=changed))


def check(document: Document, data: OwnData) -> list[Finding]:
    """Return printed figures of the authority that its data do not give, with the likely cause."""
    found = []
    for figure in document.figures:
        if figure.area in (OWN, data.record.authority.name) and figure.period != EARLIER:
            found += _figure(figure, data)
    for figure in dated_totals(document):
        found += _total(figure, data)
    return found


def _figure(figure: Figure, data: OwnData) -> list[Finding]:
    another = not is_of(figure.period, data.period) and figure.group != OF_A_YEAR
    if not figure.measure or another:
        return []
    own = data.own(figure, data.period)
    if own is None or _agrees(figure, own):
        return []
    result = _in_words(figure, own)
    causes = _causes(figure, own, data)
    if figure.total and figure.total != own.total and not causes:
        # Out of others, and by no known slip: another measure in the same words.
        return []
    because = _because(causes)
    counts = figure.count is not None and figure.count != own.count
    return [
        Finding(
            "own_data", WRONG if counts or causes else LOOK, figure.place,
            f"{figure.hedge} {figure.text}".strip(),
            f"{catalogue_title(figure)}: the data give {result} for {data.period.title}.{because}",
            _difference(figure, own),
            f"{catalogue_title(figure)}: {result}, {data.period.title}.",
            float(_gap(figure, own)),
        )
    ]  # fmt: skip


def _agrees(figure: Figure, own: Own) -> bool:
    if figure.printed is None or figure.unit == COUNT:
        return figure.count is None or figure.count == own.value
    if figure.count is not None and figure.count != own.count:
        return False
    value = own.share(figure.unit)
    if value is None:
        return True
    if figure.hedge:
        return not own.total or shares.allowed(figure, int(own.count), int(own.total))
    return half_up(value, arithmetic.places_of(figure.printed)) == figure.printed


def _in_words(figure: Figure, own: Own) -> str:
    if figure.printed is None or figure.unit == COUNT:
        return f"{own.value:,.0f}"
    value = half_up(own.sure_share(figure.unit), arithmetic.places_of(figure.printed))
    of = f" ({own.count:,.0f} of {own.total:,.0f})" if own.total else ""
    return f"{value}{shares.SIGN[figure.unit]}{of}"


def _gap(figure: Figure, own: Own) -> Decimal:
    if figure.printed is None or figure.unit == COUNT:
        return abs(Decimal(figure.count or 0) - Decimal(own.value))
    return abs(figure.printed - half_up(own.sure_share(figure.unit), 2))


def _difference(figure: Figure, own: Own) -> str:
    if figure.printed is None or figure.unit == COUNT:
        return f"{figure.part:,} - {own.value:,.0f} = {figure.part - own.value:+,.0f}"
    value = half_up(own.sure_share(figure.unit), 2)
    return f"{figure.printed} - {value} = {figure.printed - value:+}"


def _causes(figure: Figure, own: Own, data: OwnData) -> list[str]:
    """Return the other cohorts, days and rules that give the printed figure, most likely first."""
    found = list(_cohorts(figure, own, data))
    for day, said in _days(data.period):
        other = data.own(figure, data.ending(day))
        if other is not None and _agrees(figure, other):
            found.append(f"it is the figure {said}")
    for rule in data.other_rules:
        other = data.own(figure, data.period, rule)
        if other is not None and _agrees(figure, other):
            found.append(rule)
    return found


def _because(causes: list[str]) -> str:
    """Return the causes that would each explain a difference; more than a few explain nothing."""
    if not causes:
        return ""
    return f" Likely cause: {'; or '.join(causes[:MOST_CAUSES])}."


def _cohorts(figure: Figure, own: Own, data: OwnData) -> Iterator[str]:
    """Return other totals of which the right count is printed as this share."""
    if figure.unit != PERCENT or figure.printed is None or not own.total:
        return
    if figure.count is not None and figure.count != own.count:
        return
    for day, said in _days(data.period):
        if not data.record.authority.covers_from <= day <= data.record.authority.covers_to:
            continue
        total = data.children_on(day)
        rules = arithmetic.rules_that_fit(int(own.count), total, figure.printed) if total else ()
        if rules and total != own.total:
            how = "" if rules[0] == arithmetic.HALF_UP else f", {rules[0]}"
            yield f"it is out of the {total:,} children looked after {said}{how}"
            return


def _days(period: Period) -> list[tuple[date, str]]:
    days = [add_months(period.end, months) for months in OTHER_MONTHS]
    days += [period.end + timedelta(days=shift) for shift in OTHER_DAYS]
    return [(day, f"on {in_words(day)}") for day in days]


def _total(figure: Figure, data: OwnData) -> list[Finding]:
    """Check a dated number of children against the count on the last day of its month."""
    year, month = map(int, figure.period.split("-"))
    day = add_months(date(year, month, 1), 1) - timedelta(days=1)
    if not data.record.authority.covers_from <= day <= data.record.authority.covers_to:
        return []
    own = data.children_on(day)
    if figure.count == own:
        return []
    as_figure = replace(figure, measure=LOOKED_AFTER, breakdown="", printed=None, unit=COUNT)
    period = reporting_year(day.year - 1) if month == 3 else data.ending(day)
    at = OwnData(data.record, period)
    causes = _causes(as_figure, Own(own, 0, own, "children"), at)
    because = _because(causes)
    return [
        Finding(
            "own_data", WRONG, figure.place, figure.text,
            f"The data give {own:,} children looked after on {in_words(day)}.{because}",
            f"{figure.part:,} - {own:,} = {figure.part - own:+,}",
            f"{own:,} children were looked after on {in_words(day)}.",
            float(abs(figure.part - own)),
        )
    ]  # fmt: skip
