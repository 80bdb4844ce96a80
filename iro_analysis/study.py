"""One authority's figures for one period and audience: what notebooks work with.

>>> study = Study.open(data="data/demo", period="2019-20")     # doctest: +SKIP
>>> study.published("looked_after", "age_band")                # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from iro_analysis import (
    __version__,
    catalogue,
    charts,
    codes,
    narrative,
    prepared,
    tables,
)
from iro_analysis.catalogue import PERIOD
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators import lookup
from iro_analysis.comparisons import (
    AreaData,
    Comparison,
    Kind,
    compare,
    compare_with_areas,
    select,
)
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.contributors import children_behind
from iro_analysis.disclosure.elsewhere import tables_of
from iro_analysis.disclosure.policy import INTERNAL, policy_for
from iro_analysis.disclosure.publish import Published, publish
from iro_analysis.disclosure.releases import Correction, Release
from iro_analysis.errors import InputError
from iro_analysis.exhibits import Absent, Exhibit, exhibit
from iro_analysis.indicators import evaluate
from iro_analysis.indicators.among_authorities import among
from iro_analysis.narrative import commentary
from iro_analysis.narrative.commentary import Words
from iro_analysis.narrative.overview import Provenance
from iro_analysis.periods import Period, single
from iro_analysis.reading.authority import Authority, authority_folders, read_authority, slug
from iro_analysis.reading.commentary import Commentary, read_commentary
from iro_analysis.reading.years import name_of
from iro_analysis.report import Figures, Report, Source
from iro_analysis.wording import in_html, internal_banner

LEAD = "The service's commentary"


@dataclass(frozen=True, repr=False)
class Study:
    """An authority's care record, a period, and what of its figures the audience may see.

    Attributes
    ----------
    record : CareRecord
    period : Period
    everything : Published
        All figures of the period, through the gate as one report; for internal use worked out
        when they are asked for.
    words : Commentary
        What the service says of the period, and the facts of the cover sheet.
    released : tuple of Comparison, optional
        The comparisons that a run released, for its notebooks, which have no children to compare.
    earlier : tuple of Release
        What earlier reports of the authority released.
    corrections : tuple of Correction
        When the report was published again with other figures.
    """

    record: CareRecord
    period: Period
    everything: Published
    words: Commentary = field(default_factory=Commentary)
    released: tuple[Comparison, ...] | None = None
    earlier: tuple[Release, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @classmethod
    def open(cls, data: str, period: str, audience: str = "committee") -> Study:
        """Read an authority and open a period of it: see ``of_record``.

        Parameters
        ----------
        data : str
            The authority's folder; a relative one is looked for from the current folder and from
            the folders above it, so that a notebook finds ``data/demo`` from where it lies. With
            ``#name`` behind it: one authority of a regional extract.
        period : str
            As ``periods.parse`` reads it; one period.
        audience : str
            ``committee`` (small numbers hidden) or ``internal``.

        Raises
        ------
        AnalysisError
            If something given cannot be used: one plain line a problem.
        """
        place, name = split_name(data)
        # A run has read the data and decided once what may be shown; all its notebooks show that.
        if ready := prepared.find(place, name, single(period), audience):
            return cls(**ready._asdict())
        return cls.of(open_authority(data), single(period), audience)

    @classmethod
    def of(cls, authority: Authority, period: Period, audience: str) -> Study:
        """Open a period of an authority that has been read: see ``of_record``."""
        authority.check_covers(period)
        return cls.of_record(CareRecord.of(authority), period, audience)

    @classmethod
    def of_record(
        cls,
        record: CareRecord,
        period: Period,
        audience: str,
        earlier: Sequence[Release] = (),
    ) -> Study:
        """Return the study of a period from a care record that several periods share.

        What `earlier` reports of the authority released is taken to be known. For the committee
        all figures are worked out now, since what may be shown is decided over all of them; for
        internal use each one when it is first asked for.
        """
        authority = record.authority
        authority.check_covers(period)
        words = read_commentary(authority.home, authority.settings, period)
        figures = evaluate.FiguresWhenAsked(record, period)
        rules, behind, tables = policy_for(authority.settings), {}, {}
        if audience != INTERNAL:
            behind = children_behind(record, period, figures.whole)
            if not authority.synthetic:  # what DfE prints is of other children than invented ones
                tables = tables_of(authority.ons_code, period, authority.publications)
        everything = publish(figures, audience, earlier, behind, rules, tables)
        commentary.check(words, everything)
        return cls(record, period, everything, words, earlier=tuple(earlier))

    def __repr__(self) -> str:
        return f"<study of {self.authority.name}, {self.period.title}, for {self.audience}>"

    def _repr_html_(self) -> str:
        mark = internal_banner() if self.audience == INTERNAL else ""
        said = f"{self.authority.name}, {self.period.title}: {self.audience} edition."
        return f"{mark}<p>{in_html(said)}</p>"

    @property
    def authority(self) -> Authority:
        """The authority."""
        return self.record.authority

    @property
    def audience(self) -> str:
        """Who the figures are for."""
        return self.everything.audience

    def published(self, measure: str, breakdown: str | None = ALL) -> Published:
        """Return the published figures of a measure and breakdown.

        Raises
        ------
        ParameterError
            If there is no such measure or breakdown; the nearest name is suggested.
        """
        return self.everything.select(measure, breakdown)

    def show(self, measure: str, breakdown: str = ALL) -> Exhibit | Absent:
        """Return what a measure says with its chart or table, as the page shows it.

        For ``all``, earlier periods are shown too. What is not available shows nothing; ``gaps``
        says it at the end of the section.

        Raises
        ------
        ParameterError
            If there is no such measure or breakdown; the nearest name is suggested.
        """
        entry = catalogue.measure(measure)
        history = self.published(measure, PERIOD) if entry.history and breakdown == ALL else None
        others = self.comparators(measure, breakdown)
        return exhibit(self.published(measure, breakdown), others, history, self.comparisons())

    def report(self) -> Report:
        """Return the committee's report, section by section."""
        figures = Figures(
            self.everything,
            self.period,
            self._published_elsewhere,
            self.comparisons(),
            self.authority.population("ethnicity", self.period.end),
        )
        years = [name_of(year) for year in self.authority.returns]
        shown = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
        source = Source(
            figures,
            self.words,
            self.authority,
            shown,
            __version__,
            self.elsewhere,
            self.corrections,
        )
        return Report(source)

    def gaps(self, section: str) -> tables.HtmlTable:
        """Return what of a section of the report has no figure, and why."""
        return narrative.gaps(self.everything, section)

    def says(self, heading: str) -> Words:
        """Return what the service says under a heading, its numbers filled from the figures."""
        passage = self.words.passage(heading)
        if passage is None:
            return Words("")
        text = commentary.filled(passage, self.words.file, self.everything)
        if heading in codes.record("cover")["prose"]:
            return Words(f"### {heading}\n\n{text}")
        return Words(text, LEAD)

    def comparisons(self) -> tuple[Comparison, ...]:
        """Return every comparison of the report: what its figures support, and what they do not."""
        return self._compared if self.released is None else self.released

    @cached_property
    def _compared(self) -> tuple[Comparison, ...]:
        return compare(
            self.record,
            self.period,
            self.everything,
            self._areas,
            self.words.cautions,
            self.earlier,
        )

    def _with_areas(self, measure: str, breakdown: str) -> tuple[Comparison, ...]:
        """Return a measure's comparisons with other areas; the rest of the report can wait."""
        if self.released is not None or "_compared" in vars(self):
            return select(self.comparisons(), measure, breakdown, Kind.AREA)
        return compare_with_areas(self.everything, self._areas, measure, breakdown)

    @property
    def _areas(self) -> AreaData:
        return AreaData(self._published_elsewhere, self._everyone, self._neighbours)

    def _everyone(self, measure: str, breakdown: str, group: str) -> pd.DataFrame:
        """Return every authority's published figure; none for a part of a year."""
        found = lookup.all_authorities(measure, breakdown, group, self.period.end)
        return found if self.period.is_year else found.iloc[:0]

    def _neighbours(self, measure: str, breakdown: str, group: str) -> pd.DataFrame:
        """Return the published figure of each statistical neighbour; none for a part of a year."""
        found = lookup.neighbour_values(
            measure, breakdown, group, self.authority.ons_code, self.period.end
        )
        return found if self.period.is_year else found.iloc[:0]

    def comparators(self, measure: str, breakdown: str = ALL) -> pd.DataFrame:
        """Return the comparators of a measure: none for a period that is not a full year.

        The column ``compared`` holds the comparison of this authority's figure with each; None
        where there is no figure.
        """
        held = self._published_elsewhere(measure, breakdown)
        if held.empty:
            return held.assign(compared=pd.Series(dtype=object))
        made = {(each.group, each.against): each for each in self._with_areas(measure, breakdown)}
        pairs = zip(held["group"], held["area"], strict=True)
        return held.assign(compared=pd.Series([made.get(pair) for pair in pairs], dtype=object))

    def _published_elsewhere(self, measure: str, breakdown: str) -> pd.DataFrame:
        return self._held(measure, breakdown, catalogue.measure(measure).unit)

    def _held(self, name: str, breakdown: str, unit: str) -> pd.DataFrame:
        if not self.period.is_year:
            return pd.DataFrame(columns=lookup.COLUMNS)
        key = name, breakdown, unit
        if key not in self._looked_up:
            place = self.authority
            self._looked_up[key] = lookup.comparators(
                name, breakdown, place.ons_code, self.period.end, unit, place.publications
            )
        return self._looked_up[key]

    @cached_property
    def _looked_up(self) -> dict[tuple[str, str, str], pd.DataFrame]:
        """What other areas published, looked up once: page, tables and workbook all ask."""
        return {}

    def finding(self, measure: str, breakdown: str = ALL) -> narrative.Finding:
        """Return what a measure says, comparators beside it."""
        others = self.comparators(measure, breakdown)
        return narrative.finding(self.published(measure, breakdown), others)

    def comparator(self, measure: str, breakdown: str, area: str) -> tuple[str, dict] | None:
        """Return one area's values by group, for a chart; None where none is held."""
        held = self.comparators(measure, breakdown)
        # A share of a count is in other units than the bars it would be marked on.
        mine = held[(held["area"] == area) & (held["unit"] == catalogue.measure(measure).unit)]
        return (area, dict(zip(mine["group"], mine["value"], strict=True))) if len(mine) else None

    def population_share(self) -> tuple[str, dict] | None:
        """Return the area's children by ethnic group, to mark on a chart of shares."""
        published = self.published("ethnicity_population_share", "ethnicity")
        known = {row.group: row.value for row in published if row.status == "ok"}
        return ("All children in the area", known) if known else None

    def elsewhere(self, measure: str) -> pd.DataFrame:
        """Return what other areas have published of a measure for another base than ours."""
        entry = catalogue.measure(measure)
        if not entry.elsewhere:
            return self.comparators(measure).iloc[:0]
        return self._held(entry.elsewhere["held_as"], ALL, entry.unit)

    def comparator_table(self, measure: str) -> tables.HtmlTable | Absent:
        """Return a measure's comparators as a table, with release and source.

        Those that are published for another base only (``elsewhere`` in the catalogue) say which.
        """
        entry = catalogue.measure(measure)
        if not self.period.is_year:
            return Absent("no national figure is put beside an in-year one")  # the summary says it
        title, base = entry.title, entry.elsewhere.get("base", "")
        return tables.comparators(
            self._held(entry.elsewhere["held_as"], ALL, entry.unit)
            if base
            else self.comparators(measure),
            entry.unit,
            f"{', of '.join(filter(None, (title, base)))}: other areas, 31 March "
            f"{self.period.end.year}",
            f"Of {base}: another base than the figure above, so the two are not compared."
            if base
            else "",
        )

    def ethnic_groups_in_detail(self) -> narrative.Finding:
        """Return the shares of ethnic groups with Black groups apart, all ranges at once."""
        rows = codes.ETHNICITY.rows
        groups = {name: list(part["label"]) for name, part in rows.groupby("group", sort=False)}
        apart = next(name for name in groups if name.startswith("Black"))
        broad = self.published("looked_after", "ethnicity")
        return narrative.in_detail(
            broad, self.published("looked_after", "ethnicity_detail"), groups, apart
        )

    def among_authorities(self, measure: str) -> Exhibit | Absent:
        """Return this authority among all others, from DfE's published figures; no ranks.

        Shows nothing where no counts of all authorities are held, and for a part of a year.
        """
        place, day = self.authority, self.period.end
        if not self.period.is_year:
            return Absent("no national figure is put beside an in-year one")
        rows = lookup.counts_of_all_authorities(measure, day, place.publications)
        found, reason = among(rows, measure, day, place.ons_code)
        if found is None:
            return Absent(reason)
        said = narrative.funnel_finding(found)
        return Exhibit(said, (charts.funnel(found, said.heading),))

    def detectable(self, measure: str) -> narrative.Finding:
        """Return which change of a GCSE standard could have been seen with so many pupils."""
        years = self.published(measure, "cohort_year")
        return narrative.detectable(self.published(measure), len(years.figures))

    def definitions(self, *sections: str) -> tables.HtmlTable:
        """Return the definitions of the measures of some sections, of all where none is named."""
        wanted = [
            measure.id
            for section, measures in catalogue.sections().items()
            for measure in measures
            if not sections or section in sections
        ]
        return tables.definitions(wanted)

    def data_quality(self) -> tables.HtmlTable:
        """Return what was read, used and set aside, and the faults found; counts only."""
        return narrative.data_quality(
            self.authority.account, self.authority.may_end_early(self.period)
        )

    def provenance(self) -> Provenance:
        """Return the line on where the page came from."""
        years = [name_of(year) for year in self.authority.returns]
        shown = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
        return narrative.provenance(self.everything, __version__, shown)


def find_folder(data: str) -> Path:
    """Return the folder meant by a path that may be relative to a folder above this one."""
    path = Path(data).expanduser()
    if path.is_absolute() or path.exists():
        return path
    for above in Path.cwd().resolve().parents:
        if (above / path).is_dir():
            return above / path
    return path


def split_name(data: str) -> tuple[Path, str]:
    """Return the folder, and the authority's name where ``folder#name`` gives one."""
    whole = find_folder(str(data))
    if whole.exists() or "#" not in str(data):
        return whole, ""
    place, _, name = str(data).rpartition("#")
    return find_folder(place), name


def open_authority(data: str) -> Authority:
    """Read the one authority of a folder, or the one that ``folder#name`` names.

    Raises
    ------
    InputError
        If the folder holds none, or several and none is named.
    """
    place, name = split_name(data)
    folders = authority_folders(place)
    found = [authority for folder in folders for authority in read_authority(folder)]
    if name:
        found = [authority for authority in found if authority.folder == slug(name)]
    if len(found) != 1:
        raise InputError(
            f"{place}: {len(found)} authorities here; expected one, or {place}#name for one of them"
        )
    return found[0]
