"""The care record of an authority: who is looked after, on a day and in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from iro_analysis import codes
from iro_analysis.cohorts import episodes as chains
from iro_analysis.cohorts.background import with_background
from iro_analysis.periods import Period
from iro_analysis.reading.authority import Authority


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

    @property
    def children(self) -> pd.DataFrame:
        """One row a child: see ``reading.children``."""
        return self.authority.tables["children"]

    def looked_after_on(self, day: date) -> pd.DataFrame:
        """Return the children looked after on a day.

        An episode with ``DECOM`` on or before the day and ``DEC`` empty or after it, not V3 or V4;
        the child born by the day and under 18 on it (18 on the very day is not counted). A child
        whose date of birth is not known is counted. Of two open episodes the one that started
        later decides; of two that started on one day, the later row.

        Returns
        -------
        DataFrame, one row a child
            The deciding episode, with ``need`` as recorded when the period of care started, the
            columns of ``background.with_background``, ``legal_status_group``, ``uasc``, and
            ``period_start``.

        References
        ----------
        CONTRACT part 6, counting rules; METHODS 3.1.
        """
        rows = self.episodes[running_on(self.episodes, day)]
        rows = rows.sort_values(["child", "start", "order"], kind="stable")
        rows = rows.drop_duplicates("child", keep="last").assign(day=pd.Timestamp(day))
        people = with_background(rows, self.children, "day")
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
        DataFrame, one row a child
            Of ``periods_of_care``, with the child's background on the day of starting and
            ``need`` as a label.
        """
        rows = self.periods_of_care
        inside = rows["start"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
        first = rows[inside].sort_values(["child", "start"], kind="stable")
        first = first.drop_duplicates("child").reset_index(drop=True)
        people = with_background(first, self.children, "start")
        people["need"] = codes.NEED.label(people["need"])
        return people

    def ceased(self, period: Period) -> pd.DataFrame:
        """Return the children who ceased to be looked after in a period, both ends inside.

        A period of care that ends in the period, while none of the child runs on the day after
        that end; the last such one counts. A vanished episode is no end.

        Returns
        -------
        DataFrame, one row a child
            Of ``periods_of_care``, with the child's background on the day of ceasing and
            ``reason`` (label of the group).
        """
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
        people = with_background(last, self.children, "stops")
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
