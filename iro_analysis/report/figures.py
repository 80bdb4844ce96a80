"""Look up a report's figures, those of a year before, of other areas, and the verdicts on them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from iro_analysis import catalogue, codes
from iro_analysis.catalogue import PERIOD
from iro_analysis.comparators.populations import Population
from iro_analysis.comparisons import Comparison, Kind, Verdict, select
from iro_analysis.comparisons.compare import SUMMARISED
from iro_analysis.contracts import ALL, COUNT_UNITS
from iro_analysis.disclosure.publish import Published
from iro_analysis.periods import Period, just_before, moved, single, year_to_date
from iro_analysis.report import history
from iro_analysis.report.figure import SMALL, Figure, Ref
from iro_analysis.report.text import Number, Text
from iro_analysis.report.words import multiple
from iro_analysis.rounding import printed
from iro_analysis.tables import group_label, period_label
from iro_analysis.wording import number

ENGLAND, REGION, SIMILAR = "England", "region", "similar"
EVERYONE = "All authorities"
HIGHER, LOWER, SAME = Verdict.HIGHER, Verdict.LOWER, Verdict.ABOUT_THE_SAME
NOT_CLEAR, NOT_TESTED = Verdict.NOT_CLEAR, Verdict.NOT_TESTED
_SIMILAR = ("Statistical neighbours", "Similar areas")


@dataclass(frozen=True)
class Figures:
    """The figures of one report, with what is shown next to them.

    Attributes
    ----------
    everything : Published
    period : Period
    comparators : callable
        From a measure and a breakdown to other areas' published figures.
    comparisons : tuple of Comparison
        The typed verdicts: ``Study.comparisons``.
    population : Population or None
        The area's children by ethnic group, by which the rates of the groups are divided.
    """

    everything: Published
    period: Period
    comparators: Callable[[str, str], pd.DataFrame]
    comparisons: tuple[Comparison, ...]
    population: Population | None = None

    @property
    def before(self) -> Period:
        """The same period a year before."""
        return moved(self.period, -12)

    def get(self, ref: Ref) -> Figure | None:
        """Return a figure of the report's own period; None where it is hidden or not there."""
        if ref.breakdown not in ref.entry.breakdowns:
            return None
        for row in self.everything.select(ref.measure, ref.breakdown):
            if row.group == ref.group:
                return Figure.of_row(ref, row, row.period) if row.status == "ok" else None
        return None

    def earlier(self, ref: Ref) -> Figure | None:
        """Return the figure of a year before; None where it is hidden, unlike or not there."""
        then, now = self.before.end, self.period.end
        if ref.entry.breaks_between(then, now):
            return None
        if ref.breakdown == ALL and ref.entry.history:
            for row in self.everything.select(ref.measure, PERIOD):
                if row.group == self.before.name:
                    return Figure.of_row(ref, row, row.group) if row.status == "ok" else None
        found = self.verdict(ref, self.before.name)
        if found is None or pd.isna(found.other):
            return self._given_by_a_total(ref)
        whole = self.earlier(Ref(ref.measure)) if ref.entry.unit in COUNT_UNITS else None
        out_of = whole.value if whole is not None else math.nan
        return Figure(ref, self.before.name, float(found.other), float(found.other), out_of)

    def _given_by_a_total(self, ref: Ref) -> Figure | None:
        """Return last year's count of a group from a published total of the same children.

        It is marked as that total's figure, which it is. Where this year's two numbers are not the
        same, nothing is taken to be.
        """
        words = codes.record("report")["same"].get(
            "/".join([ref.measure, ref.breakdown, ref.group])
        )
        if words is None or ref.share:
            return None
        name, _, part = words.partition(":")
        now, total, then = self.get(ref), self.get(Ref(name)), self.earlier(Ref(name))
        if now is None or total is None or then is None or total.part(part) != now.value:
            return None
        count = then.part(part)
        if 0 < count <= SMALL:
            return None
        return Figure(ref, then.period, count, count, given_by=(then.key, part or "value"))

    def previous(self, ref: Ref) -> Figure | None:
        """Return a total of the period just before; None where it is hidden, unlike or not there.

        Of a report on a year that is the year before.
        """
        then = just_before(self.period)
        if ref.breakdown != ALL or not ref.entry.history:
            return None
        if ref.entry.breaks_between(then.end, self.period.end):
            return None
        for row in self.everything.select(ref.measure, PERIOD):
            if row.group == then.name:
                return Figure.of_row(ref, row, row.group) if row.status == "ok" else None
        return None

    def two_years_before(self, ref: Ref) -> Figure | None:
        """Return the figure of two years before; None where it is hidden, unlike or not there."""
        wanted = moved(self.period, -24).name
        found = [figure for _, figure in self.unbroken(ref)]
        return next((each for each in found if each and each.period == wanted), None)

    def series(self, ref: Ref) -> list[tuple[str, Figure | None]]:
        """Return a total over the periods of the report, oldest first; None where hidden."""
        if ref.breakdown != ALL or not ref.entry.history:
            return []
        to_date = year_to_date(self.period)
        found = []
        for row in self.everything.select(ref.measure, PERIOD):
            if to_date is not None and row.group == to_date.name:
                continue
            if row.status == "not_available":
                continue
            label = period_label("period", single(row.group))
            found.append(
                (label, Figure.of_row(ref, row, row.group) if row.status == "ok" else None)
            )
        return found

    def unbroken(self, ref: Ref) -> list[tuple[str, Figure | None]]:
        """Return the periods of a total since its last change of method, like beside like.

        Of part of a year, the same part of each year: not the part just before.
        """
        ends = [single(figure.period).end for _, figure in self.series(ref) if figure]
        if not ends:
            return []
        starts = [each.on for each in ref.entry.breaks if min(ends) < each.on <= max(ends)]
        since = max(starts, default=min(ends))
        other = just_before(self.period)
        unlike = "" if self.period.is_year else period_label("period", other)
        return [
            (label, figure)
            for label, figure in self.series(ref)
            if label != unlike and (figure is None or single(figure.period).end >= since)
        ]

    def group_figures(self, measure: str, breakdown: str) -> list[Figure | None]:
        """Return the figures of a breakdown's groups in their order; None for a hidden one."""
        return [
            Figure.of_row(Ref(measure, breakdown, row.group), row, row.period)
            if row.status == "ok"
            else None
            for row in self.everything.select(measure, breakdown)
            if row.status != "not_available"
        ]

    def areas(self, ref: Ref) -> dict[str, tuple[str, float]]:
        """Return other areas' published figures: ``England``, ``region`` and ``similar``."""
        measure = ref.measure
        held = self.comparators(measure, ref.breakdown)
        if held.empty or (ref.entry.unit in COUNT_UNITS and not ref.share):
            return {}
        mine = held[held["group"].eq(ref.group)]
        found: dict[str, tuple[str, float]] = {}
        for row in mine.itertuples(index=False):
            if row.area == ENGLAND:
                found[ENGLAND] = (row.area, row.value)
            elif str(row.area).startswith(_SIMILAR):
                found[SIMILAR] = (row.area, row.value)
            elif REGION not in found or found[REGION][0] in row.area:
                found[REGION] = (row.area, row.value)  # Outer London rather than London
        return found

    def area_number(self, ref: Ref, role: str) -> Number | None:
        """Return another area's figure as printed."""
        found = self.areas(ref).get(role)
        if found is None:
            return None
        name, value = found
        unit = "percent" if ref.share else ref.entry.unit
        key = "|".join([ref.measure, ref.breakdown, ref.group, self.period.name])
        return Number(number(value, unit), key, name)

    @cached_property
    def region(self) -> str:
        """The nearest region with published figures; empty where none is held."""
        for name in catalogue.measures():
            if ALL in catalogue.measure(name).breakdowns and (
                found := self.areas(Ref(name)).get(REGION)
            ):
                return found[0]
        return ""

    def against(self, ref: Ref, role: str) -> str:
        """Return the verdict of a figure against another area or a year before.

        Parameters
        ----------
        ref : Ref
        role : str
            ``before``, ``England``, ``region``, ``similar``, or a group of reference.

        Returns
        -------
        str
            ``higher``, ``lower``, ``about the same``, or empty where nothing can be said.
        """
        if role == "before":
            name = self.before.name
        elif role in (ENGLAND, REGION, SIMILAR):
            found = self.areas(ref).get(role)
            if found is None:
                return ""
            name = found[0]
        else:
            name = role
        verdict = self.verdict(ref, name)
        return "" if verdict is None else verdict.verdict.value

    def verdict(self, ref: Ref, against: str) -> Comparison | None:
        """Return the comparison of a figure with something named; None where none was made."""
        return self._verdicts.get((ref.measure, ref.breakdown, ref.group, against))

    @cached_property
    def of_summary(self) -> Figures:
        """The same figures, of whose comparisons only those stay clear that may lead.

        The opening pages look at all headlines at once, so that some of them differ by chance: of
        those that are looked at together a difference is claimed where it stays clear over all.
        """
        return replace(self, comparisons=tuple(map(_if_it_leads, self.comparisons)))

    def over_years(self, ref: Ref) -> Comparison | None:
        """Return the test of a total over all the years held; None where they are too few."""
        if ref.breakdown != ALL:
            return None
        return next(iter(select(self.comparisons, ref.measure, ALL, Kind.YEARS)), None)

    @cached_property
    def _verdicts(self) -> dict[tuple[str, str, str, str], Comparison]:
        return {(c.measure, c.breakdown, c.group, c.against): c for c in self.comparisons}

    def label(self, ref: Ref) -> str:
        """Return a group's name as a reader sees it."""
        return group_label(ref.measure, ref.breakdown, ref.group)

    def find(self, words: str) -> Text | None:
        """Return what stands for a placeholder of the report's templates.

        ``{started}``, ``{started:was}``, ``{started:change}``, ``{started:England}``,
        ``{looked_after/sex/Male:tenths}``, ``{started:since}`` and ``{started:first}`` (the first
        period shown since its last change of method, and its figure),
        ``{substance_misuse:rank}`` (how many councils are higher),
        ``{immunisations:two_years}`` (two years before), ``{started:history}`` and
        ``{started:extreme}`` (how it stands to its past: ``history.py``), and of the report itself
        ``{day}``, ``{period}``, ``{last}``, ``{before last}``, ``{previous}``, ``{region}``.
        """
        if words in self._names:
            return Text((self._names[words],)) if self._names[words] else None
        name, _, how = words.partition(":")
        ref = Ref.of(name)
        figure = self.get(ref)
        if figure is None:
            return None
        if how == "since":
            return Text((self.unbroken(ref)[0][0],))
        if how == "rank":
            found = self.verdict(ref, EVERYONE)
            return Text((rank(found.above, found.areas),)) if found and found.areas else None
        if how in ("history", "extreme"):
            return history.history(self, ref) if how == "history" else history.extreme(self, ref)
        number = self._number(figure, how or "value")
        return None if number is None else Text((number,))

    def _number(self, figure: Figure, how: str) -> Number | None:
        if how in (ENGLAND, REGION, SIMILAR):
            if figure.ref.entry.unit in COUNT_UNITS:
                return self.area_number(Ref(**{**vars(figure.ref), "share": True}), how)
            return self.area_number(figure.ref, how)
        if how == "first":
            return first.number() if (first := self.unbroken(figure.ref)[0][1]) else None
        if how == "two_years":
            then = self.two_years_before(figure.ref)
            return None if then is None else then.number()
        if how in ("was", "was_share", "was_numerator", "change", "multiple"):
            before = self.earlier(figure.ref)
            if before is None:
                return None
            if how == "was":
                return before.number()
            if how.startswith("was_"):
                return before.number(how.removeprefix("was_"))
            if how == "change":
                return change(figure, before)
            said = multiple(figure.value, before.value)
            return Number(said, figure.key, "multiple") if said else None
        return figure.number(how)

    @cached_property
    def _names(self) -> dict[str, str]:
        from iro_analysis.periods import in_words

        return {
            "day": in_words(self.period.end),
            "period": self.period.title,
            "last": period_label("period", self.before),
            "before last": period_label("period", moved(self.period, -24)),
            "previous": period_label("period", just_before(self.period)),
            "this": period_label("period", self.period),
            "region": self.region,
        }


def _if_it_leads(found: Comparison) -> Comparison:
    if (found.family, found.kind) in SUMMARISED and found.is_clear and not found.leads:
        return replace(found, verdict=Verdict.NOT_CLEAR)
    return found


def rank(above: int, areas: int) -> str:
    """Return how many councils have a higher figure."""
    many = printed(above) if above else "none"
    return f"{many} of {printed(areas)} councils higher"


def change(now: Figure, before: Figure) -> Number:
    """Return by how much a count or an average differs from a year before, without its sign."""
    places = 1 if now.unit == "score" else 0
    return Number(printed(abs(now.value - before.value), places), now.key, "change")
