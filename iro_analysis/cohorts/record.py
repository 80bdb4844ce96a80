"""The care record of an authority: who is looked after, on a day and in a period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import pandas as pd

from iro_analysis import codes
from iro_analysis.cohorts import episodes as chains
from iro_analysis.cohorts import reviews
from iro_analysis.cohorts.background import grown_up, known_of, with_background
from iro_analysis.periods import Period, add_months, reporting_year
from iro_analysis.reading.authority import Authority

_NO_END = pd.Timestamp("2262-01-01").as_unit("s")


def running_on(rows: pd.DataFrame, day: date) -> pd.Series:
    """Whether each row has started by a day and not stopped on or before it.

    What ends on the day itself is not running: ``start <= day < stops`` (METHODS 3.1).
    """
    day = pd.Timestamp(day)
    return (rows["start"] <= day) & (rows["stops"].isna() | (rows["stops"] > day))


@dataclass(frozen=True)
class CareRecord:
    """An authority's episodes, chained, and what the counting rules make of them.

    Attributes
    ----------
    authority : Authority
    episodes, periods_of_care, placements : DataFrame
        As the functions of ``cohorts.episodes`` return them; short breaks left out.
    """

    authority: Authority
    episodes: pd.DataFrame
    periods_of_care: pd.DataFrame
    placements: pd.DataFrame

    @classmethod
    def of(cls, authority: Authority) -> CareRecord:
        """Build the record of an authority."""
        rows = chains.counted(authority.tables["episodes"])
        return cls(authority, rows, chains.periods_of_care(rows), chains.placements(rows))

    def without_children(self) -> CareRecord:
        """Return the record of the same authority with no child in it: what a public page needs."""
        return CareRecord(
            self.authority.without_children(),
            self.episodes.iloc[:0],
            self.periods_of_care.iloc[:0],
            self.placements.iloc[:0],
        )

    @property
    def children(self) -> pd.DataFrame:
        """One row per child: see ``reading.children``."""
        return self.authority.tables["children"]

    @cached_property
    def _known(self) -> pd.DataFrame:
        """What is known of each child: every cohort of the record asks for it."""
        return known_of(self.children)

    @cached_property
    def _worked_out(self) -> dict[tuple, pd.DataFrame]:
        """Cohorts worked out before: every measure of a report asks for the same few days."""
        return {}

    def once(self, key: tuple, work_out: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return what was worked out before under a key, else work it out.

        Another table each time, whose cells are copied when they are first written to.
        """
        if key not in self._worked_out:
            self._worked_out[key] = work_out()
        return self._worked_out[key].copy(deep=False)

    def looked_after_on(self, day: date) -> pd.DataFrame:
        """Return the children looked after on a day.

        An episode with ``DECOM`` on or before the day and ``DEC`` empty or after it, not V3 or V4;
        the child born by the day and under 18 on it (18 on the very day is not counted). A child
        whose date of birth is not known is counted. Of two open episodes the one that started
        later decides; of two that started on one day, the later row.

        Returns
        -------
        DataFrame, one row per child
            The deciding episode, with ``need`` as recorded when the period of care started, the
            columns of ``background.with_background``, ``legal_status_group``, ``uasc``, and
            ``period_start``.

        References
        ----------
        CONTRACT part 6, counting rules; METHODS 3.1.
        """
        return self.once(("on", day), lambda: self._looked_after_on(day))

    def _looked_after_on(self, day: date) -> pd.DataFrame:
        rows = self.episodes[running_on(self.episodes, day)]
        rows = rows.sort_values(["child", "start", "order"], kind="stable")
        rows = rows.drop_duplicates("child", keep="last").assign(day=pd.Timestamp(day))
        people = with_background(rows, self._known, "day")
        adult = codes.record("rules")["looked_after"]["adult_age"]
        born = people["birth_date"].isna() | (people["birth_date"] <= people["day"])
        people = people[born & ~(people["age"] >= adult)].reset_index(drop=True)
        return self._described(people)

    def _described(self, people: pd.DataFrame) -> pd.DataFrame:
        began = self.periods_of_care.set_index("period_of_care")
        own = began.reindex(people["period_of_care"])
        people["period_start"] = own["start"].to_numpy()
        people["need"] = codes.NEED.label(own["need"].reset_index(drop=True))
        status = people["legal_status"]
        people["legal_status_group"] = codes.LEGAL_STATUS.label(status, "group").mask(
            status.ne("") & ~status.isin(codes.LEGAL_STATUS.known()), "Other"
        )
        people["uasc"] = self._seeking_asylum(people)
        return people

    def _seeking_asylum(self, people: pd.DataFrame) -> pd.Series:
        uasc = self.authority.tables.get("uasc")
        if uasc is None:
            return pd.Series(codes.NOT_KNOWN, index=people.index, dtype=str)
        known = uasc.set_index("child")["uasc_ceased"].to_dict()
        ceased = pd.to_datetime(people["child"].map(known))
        seeking = people["child"].isin(uasc["child"]) & (ceased.isna() | (ceased > people["day"]))
        return seeking.map({True: "UASC", False: "Not UASC"}).astype(str)

    def started(self, period: Period) -> pd.DataFrame:
        """Return the children who started to be looked after in a period, both ends inside.

        Only the first period of care that begins in the period counts (DfE data guidance).

        Returns
        -------
        DataFrame, one row per child
            Of ``periods_of_care``, with the child's background on the day of starting and
            ``need`` as a label, and ``uasc`` on that day.
        """
        return self.once(("started", period), lambda: self._started(period))

    def _started(self, period: Period) -> pd.DataFrame:
        rows = self.periods_of_care
        inside = rows["start"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
        first = rows[inside].sort_values(["child", "start"], kind="stable")
        first = first.drop_duplicates("child").reset_index(drop=True)
        people = with_background(first, self._known, "start")
        people["need"] = codes.NEED.label(people["need"])
        people["uasc"] = self._seeking_asylum(people.assign(day=people["start"]))
        return people

    def ceased(self, period: Period) -> pd.DataFrame:
        """Return the children who ceased to be looked after in a period, both ends inside.

        A period of care that ends in the period, while none of the child runs on the day after
        that end; the last such one counts. A vanished episode is no end.

        Returns
        -------
        DataFrame, one row per child
            Of ``periods_of_care``, with the child's background on the day of ceasing and
            ``reason`` (label of the group).
        """
        return self.once(("ceased", period), lambda: self._ceased(period))

    def _ceased(self, period: Period) -> pd.DataFrame:
        rows = self.periods_of_care
        inside = rows["stops"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
        ends = rows[rows["ended"] & inside]
        next_day = ends[["period_of_care", "child"]].assign(
            day=ends["stops"] + pd.Timedelta(days=1)
        )
        pairs = next_day.merge(rows[["child", "start", "stops"]], on="child")
        running = (pairs["start"] <= pairs["day"]) & (
            pairs["stops"].isna() | (pairs["stops"] > pairs["day"])
        )
        back_in_care = set(pairs.loc[running, "period_of_care"])
        last = ends[~ends["period_of_care"].isin(back_in_care)]
        last = last.sort_values(["child", "stops"], kind="stable")
        last = last.drop_duplicates("child", keep="last").reset_index(drop=True)
        people = with_background(last, self._known, "stops")
        people["reason"] = codes.REASON_CEASED.label(people["reason_ceased"], "group")
        return people

    def placements_touching(self, period: Period) -> pd.DataFrame:
        """Return the placements of 24 hours or more that were open on a day of the period.

        One that was open when the period began counts; one that ended on its first day does not
        (it was not open on that day). All periods of care count (METHODS 3.4).
        """
        rows = self.placements
        long_enough = rows["days"].isna() | (rows["days"] >= 1)
        touches = (rows["start"] <= pd.Timestamp(period.end)) & (
            rows["stops"].isna() | (rows["stops"] > pd.Timestamp(period.start))
        )
        return rows[long_enough & touches]

    def looked_after_during(self, period: Period) -> pd.DataFrame:
        """Return the children looked after at any time in a period, both ends inside.

        Returns
        -------
        DataFrame, one row per child
            ``child``. Who ceased on the first day was looked after in the period, as ``ceased``
            has it. Whoever was 18 or over when the period began is not counted.
        """
        return self.once(("during", period), lambda: self._looked_after_during(period))

    def _looked_after_during(self, period: Period) -> pd.DataFrame:
        rows = self.periods_of_care
        first_day = pd.Timestamp(period.start)
        # An end on the first day is an event of the period; a child who vanished has none.
        touches = (rows["start"] <= pd.Timestamp(period.end)) & (
            rows["stops"].isna()
            | (rows["stops"] > first_day)
            | (rows["stops"].eq(first_day) & rows["ended"])
        )
        # Who ceased on the first day, the 18th birthday perhaps: judged by the age the day before.
        first = pd.Series(first_day, index=rows.index)
        eve = first - pd.Timedelta(days=1)
        people = rows[["child"]].assign(day=first.mask(rows["stops"].eq(first), eve))[touches]
        people = people.sort_values("day").drop_duplicates("child")
        people = with_background(people.reset_index(drop=True), self._known, "day")
        adult = codes.record("rules")["looked_after"]["adult_age"]
        return people[~(people["age"] >= adult)][["child"]].reset_index(drop=True)

    @cached_property
    def care_intervals(self) -> pd.DataFrame:
        """From which day and until which each period of care adds days in care.

        Of two periods of a child that overlap the one that began earlier has the days of both, so
        that no day counts twice; nobody is in care before being born, or at 18 and over.

        Returns
        -------
        DataFrame, one row per period of care, in the order of ``periods_of_care``
            ``counted_from`` and ``counted_until``: the first day, and the first one that is not
            counted (missing while it runs). One that adds no day ends no later than it begins.
        """
        care = self.periods_of_care[["child", "start", "stops"]]
        # An open one reaches further than any that ends.
        reach = care["stops"].fillna(_NO_END)
        before = reach.groupby(care["child"]).cummax().groupby(care["child"]).shift()
        born = pd.to_datetime(care["child"].map(self._known["birth_date"]))
        adult = grown_up(born)
        first = pd.concat([care["start"], before, born], axis=1).max(axis=1)
        last = pd.concat([care["stops"], adult], axis=1).min(axis=1)
        return care[["child"]].assign(counted_from=first, counted_until=last)

    def looked_after_when(self, rows: pd.DataFrame, day: str) -> pd.Series:
        """Whether the child of each row was looked after on the row's own day.

        Parameters
        ----------
        rows : DataFrame
            With ``child`` and a date column.
        day : str
            Name of that column.
        """
        care = self.periods_of_care[["child", "start", "stops"]]
        pairs = rows[["child", day]].assign(row=range(len(rows))).merge(care, on="child")
        inside = (pairs["start"] <= pairs[day]) & (
            pairs["stops"].isna() | (pairs["stops"] > pairs[day])
        )
        known = set(pairs.loc[inside, "row"])
        inside = [number in known for number in range(len(rows))]
        return pd.Series(inside, index=rows.index, dtype=bool)  # also for an empty table

    @cached_property
    def reviews_held(self) -> pd.DataFrame:
        """The reviews of children looked after on the day: see ``cohorts.reviews.held``."""
        return reviews.held(self.authority.tables["reviews"], self.episodes, self.children)

    @cached_property
    def reviews_required(self) -> pd.DataFrame:
        """Those held and those to come, with the day each was due: see ``cohorts.reviews``."""
        return reviews.required(
            self.reviews_held,
            self.periods_of_care,
            chains.placed_for_adoption(self.episodes),
            pd.Timestamp(reporting_year(self.authority.returns[0]).start),
        )

    @cached_property
    def reviews_of_short_breaks(self) -> pd.DataFrame:
        """Reviews of children on a day of a short break: see ``cohorts.reviews``."""
        tables = self.authority.tables
        return reviews.of_short_breaks(tables["reviews"], tables["episodes"], self.reviews_held)

    def continuously_looked_after(self, day: date) -> pd.DataFrame:
        """Return the children looked after on a day and without a break for the year to it.

        Looked after on the day; the period of care began on the first day of the year or before
        it; no short break (V3, V4), no start of care (RNE S) after that first day and no end of
        care (REC other than X1) before the day. A child whose care ended on the day itself is not
        looked after on it.

        References
        ----------
        METHODS 3.11; DfE validation rules 2021 to 2022 as in D2I's implementation.
        """
        return self.once(("continuously", day), lambda: self._continuously(day))

    def _continuously(self, day: date) -> pd.DataFrame:
        people = self.looked_after_on(day)
        months = codes.record("rules")["health"]["months"]
        first = pd.Timestamp(add_months(day + timedelta(days=1), -months))
        episodes = self.authority.tables["episodes"]
        breaks = episodes[episodes["legal_status"].isin(codes.LEGAL_STATUS.where("counted", "no"))]
        in_year = (breaks["start"] <= pd.Timestamp(day)) & (
            breaks["end"].isna() | (breaks["end"] >= first)
        )
        starts = codes.REASON_NEW_EPISODE.where("change", "start")
        began = episodes["reason_new_episode"].isin(starts) & episodes["start"].between(
            first + pd.Timedelta(days=1), pd.Timestamp(day)
        )
        goes_on = {"", *codes.REASON_CEASED.where("group", codes.NOT_KNOWN)}
        ended = ~episodes["reason_ceased"].isin(goes_on) & (
            (episodes["end"] >= first) & (episodes["end"] < pd.Timestamp(day))
        )
        broken = {*breaks.loc[in_year, "child"], *episodes.loc[began | ended, "child"]}
        long_enough = people["period_start"] <= first
        return people[long_enough & ~people["child"].isin(broken)].reset_index(drop=True)
