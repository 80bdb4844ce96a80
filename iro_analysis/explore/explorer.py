"""An authority opened for exploring: its measures by name, its periods, its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from iro_analysis import catalogue, prepared, tables
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.policy import AUDIENCES
from iro_analysis.errors import DisclosureError, ParameterError, near_name
from iro_analysis.explore.answer import Answer
from iro_analysis.explore.pieces import paragraph, text_table
from iro_analysis.indicators import evaluate
from iro_analysis.periods import Period, parse, single
from iro_analysis.reading.authority import Authority
from iro_analysis.reading.years import name_of
from iro_analysis.runner.pages import MARK
from iro_analysis.study import Study, find_folder, split_name
from iro_analysis.study import open_authority as read

if TYPE_CHECKING:
    from iro_analysis.explore.panel import Panel
    from iro_analysis.narrative.overview import Provenance

SHOWN_BREAKDOWNS = 4


@dataclass(frozen=True, repr=False)
class Explorer:
    """One authority, opened for one audience. Made by ``open_authority``.

    Attributes
    ----------
    data : str
        The folder as it was given; it stands in the code that an answer can be made again with.
    audience : str
        ``committee`` (small numbers hidden) or ``internal``.
    measures : Measures
        Every measure by its name; the Tab key lists them.
    """

    data: str
    audience: str
    _studies: dict[Period, Study] = field(default_factory=dict)
    # An attribute of the instance: completers run no properties, so Tab behind one shows nothing.
    measures: Measures = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "measures", Measures(self))

    def __repr__(self) -> str:
        years = [name_of(year) for year in self.authority.returns]
        shown = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
        return f"<{self.authority.name}: returns of {shown}, for {self.audience}>"

    def _repr_html_(self) -> str:
        mark = paragraph(MARK, strong=True) if self.audience == "internal" else ""
        return mark + paragraph(f"{repr(self)[1:-1]}.")

    @cached_property
    def _record(self) -> CareRecord:
        """The care record: what a run has read already, where this is a notebook of one."""
        kept = prepared.record_of_the_run(*split_name(self.data), self.audience)
        return kept or CareRecord.of(read(self.data))

    def check(self) -> None:
        """Read the authority now, so that what is wrong with it is said at once.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").check()
        """
        _ = self._record

    @property
    def authority(self) -> Authority:
        """The authority as it was read.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").authority.folder
        'demo'
        """
        return self._record.authority

    @property
    def periods(self) -> list[str]:
        """The years that the returns cover, oldest first; halves and quarters of them work too.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").periods[:2]
        ['2016-17', '2017-18']
        """
        return [name_of(year) for year in self.authority.returns]

    @property
    def newest(self) -> str:
        """The newest year that the returns cover to its end, so far as can be seen.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").newest
        '2021-22'
        """
        known = [name for name in self.periods if not self.authority.may_end_early(single(name))]
        return known[-1] if known else self.periods[-1]

    def study(self, period: str | Period) -> Study:
        """Return the study of a period, its figures through the gate as one report.

        For the committee the first question about a period takes some seconds, since what may be
        shown is decided over all figures of it; what comes after is there at once. In an internal
        session a question waits for its own measure alone.

        Raises
        ------
        PeriodError
            If the words name no period, or one that the returns do not cover.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").study("2019-20").period.title
        '1 April 2019 to 31 March 2020'
        """
        wanted = period if isinstance(period, Period) else single(period)
        if wanted not in self._studies:
            ready = prepared.find(*split_name(self.data), wanted, self.audience)
            self._studies[wanted] = (
                Study(**ready._asdict())
                if ready
                else Study.of_record(self._record, wanted, self.audience)
            )
        return self._studies[wanted]

    def knows(self, period: Period) -> bool:
        """Return whether the study of a period is worked out, so that no question waits for it.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> from iro_analysis.periods import single
        >>> open_authority("data/demo").knows(single("2016-17-Q2"))
        False
        """
        return period in self._studies

    def in_steps(self, period: str) -> Iterator[None]:
        """Do what `study` does in small steps: each measure, then what may be shown of them.

        Between two steps other questions can be answered; they find what is worked out already.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> next(open_authority("data/demo").in_steps("2019-20"))
        """
        wanted = single(period)
        for entry in catalogue.measures().values():
            for breakdown in entry.breakdowns:
                if wanted not in self._studies:
                    evaluate.figures(self._record, wanted, entry.id, breakdown)
                    yield
        self.study(wanted)
        yield

    def record(self) -> CareRecord:
        """Return the care record: children, episodes, placements. It is not for publication.

        Raises
        ------
        DisclosureError
            If the authority was opened for the committee.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> len(open_authority("data/demo", audience="internal").record().children) > 0
        True
        """
        if self.audience != "internal":
            raise DisclosureError(
                "children are listed in an internal session only; expected "
                f'open_authority({self.data!r}, audience="internal")'
            )
        return self._record

    def ask(
        self,
        measure: str,
        periods: str | list[str] | None = None,
        by: str | None = None,
        against: str | list[str] | tuple[str, ...] | None = None,
        *,
        period: str | None = None,
    ) -> Answer:
        """Ask for a measure, for one period or several.

        Parameters
        ----------
        measure : str
            Id of the catalogue: ``looked_after``.
        periods : str or list of str, optional
            As ``iro report`` takes them: ``2019-20``, ``2019-20-Q3``, ``2016-17..2019-20``. The
            newest year where none is given.
        by : str, optional
            One of the measure's breakdowns; ``all`` for the whole. Where none is given: the whole,
            or the only breakdown of a measure that has just one.
        against : str or list of str, optional
            The area or areas to compare with (``England``). All areas that are held where none is
            named, none of them where it is empty.
        period : str, optional
            Another name for `periods`, as the notebooks call it.

        Returns
        -------
        Answer
            Sentence, chart and table; ``save`` writes them, ``code`` is the call that made it.

        Raises
        ------
        ParameterError
            If there is no such measure, breakdown or area (the nearest name is suggested), or both
            `period` and `periods` are given.
        PeriodError
            If a period is none, or the returns do not cover it.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> demo = open_authority("data/demo")
        >>> demo.ask("reviews_on_time", "2019-20")
        <Reviews held on time, 2019-20>
        """
        if period is not None and periods is not None:
            raise ParameterError("period and periods are both given; expected one of them")
        periods = period if periods is None else periods
        entry = catalogue.measure(measure)
        if by is None:
            by = entry.breakdowns[0] if len(entry.breakdowns) == 1 else ALL
        if by not in entry.breakdowns:
            raise ParameterError(
                f"{measure} has no breakdown {by!r}{near_name(by, entry.breakdowns)}; "
                f"it has {', '.join(entry.breakdowns)}"
            )
        given = [periods or self.newest] if isinstance(periods, str | None) else list(periods)
        wanted = tuple(dict.fromkeys(each for text in given for each in parse(text)))
        for each in wanted:
            self.authority.check_covers(each)
        if not isinstance(against, str | None):
            areas = tuple(dict.fromkeys(against))
            against = areas if len(areas) > 1 else "".join(areas)
        answer = Answer(self, entry, by, wanted, against)
        for area in [against] if isinstance(against, str) else against or ():
            if area and area not in answer.areas:
                held = ", ".join(answer.areas) or "none"
                raise ParameterError(
                    f"no figure of {area!r} is held for {measure} by {by} at the end of "
                    f"{wanted[-1]}{near_name(area, answer.areas)}; held: {held}"
                )
        return answer

    def panel(
        self,
        measure: str = "looked_after",
        by: str = ALL,
        period: str | list[str] | None = None,
        against: str | list[str] | None = None,
    ) -> Panel:
        """Return a panel of widgets to pick measure, breakdown, period and area with.

        What it shows is what ``ask`` returns; the call stands below it, to copy.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").panel("started", period="2019-20").answer
        <Children who started to be looked after, 2019-20>
        """
        from iro_analysis.explore.panel import Panel

        return Panel(self, measure, by, period, against)

    def trust(self, period: str | None = None) -> tables.HtmlTable:
        """Return what was read, used and set aside, and the faults found; counts only.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").trust("2019-20")
        <a table; display it in a notebook>
        """
        return self.study(period or self.newest).data_quality()

    def definitions(self, *measures: str) -> tables.HtmlTable:
        """Return the definitions of measures, of all where none is named.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> "Comparable" in open_authority("data/demo").definitions("looked_after").html
        True
        """
        return tables.definitions(list(measures or catalogue.measures()))

    def provenance(self, period: str | None = None) -> Provenance:
        """Return the line on where the figures come from.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> type(open_authority("data/demo").provenance("2019-20")).__name__
        'Provenance'
        """
        return self.study(period or self.newest).provenance()


@dataclass(frozen=True, repr=False)
class Question:
    """A measure of an authority: what it is, and the call that asks for it.

    Examples
    --------
    >>> from iro_analysis.explore import open_authority
    >>> demo = open_authority("data/demo")
    >>> demo.measures.reviews_held.breakdowns
    ('all', 'period')
    """

    explorer: Explorer
    entry: catalogue.Measure

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """What it can be asked by.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").measures.age_share.breakdowns
        ('age_band',)
        """
        return self.entry.breakdowns

    def __call__(
        self,
        periods: str | list[str] | None = None,
        by: str | None = None,
        against: str | list[str] | None = None,
        *,
        period: str | None = None,
    ) -> Answer:
        """Ask for it: see ``Explorer.ask``."""
        return self.explorer.ask(self.entry.id, periods, by, against, period=period)

    def __repr__(self) -> str:
        others = [name for name in self.breakdowns if name != ALL]
        shown = ", ".join(others[:SHOWN_BREAKDOWNS]) + (
            ", ..." if len(others) > SHOWN_BREAKDOWNS else ""
        )
        return f"<{self.entry.id}: {self.entry.title}{f'; by {shown}' if shown else ''}>"

    def _repr_html_(self) -> str:
        asked = ", ".join(self.breakdowns)
        return tables.definitions([self.entry.id]).html + paragraph(f"By {asked}.")


@dataclass(frozen=True, repr=False)
class Measures:
    """The measures of an authority by name: ``measures.looked_after``, ``measures["started"]``."""

    explorer: Explorer

    def __getattr__(self, name: str) -> Question:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return Question(self.explorer, catalogue.measure(name))
        except ParameterError as problem:
            raise AttributeError(str(problem)) from None

    def __getitem__(self, name: str) -> Question:
        return Question(self.explorer, catalogue.measure(name))

    def __dir__(self) -> list[str]:
        return [*catalogue.measures()]

    def _ipython_key_completions_(self) -> list[str]:
        return [*catalogue.measures()]

    def __iter__(self) -> Iterator[str]:
        return iter(catalogue.measures())

    def __len__(self) -> int:
        return len(catalogue.measures())

    def __repr__(self) -> str:
        lines = [f"{len(self)} measures; press Tab behind the point, or iterate"]
        for section, entries in catalogue.sections().items():
            lines.append(f"{section}: {', '.join(entry.id for entry in entries)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = [
            [entry.id, entry.title, ", ".join(entry.breakdowns)]
            for entry in catalogue.measures().values()
        ]
        return text_table("Measures", ["Name", "What it is", "By"], rows).html


def open_authority(data: str = "data/demo", audience: str = "committee") -> Explorer:
    """Open an authority to explore its figures.

    Parameters
    ----------
    data : str
        The authority's folder, ``folder#name`` for one of a regional extract. A relative folder is
        looked for from the current one and from those above it.
    audience : str
        ``committee``: small numbers hidden, as on the page. ``internal``: nothing hidden, and the
        children behind a figure can be listed.

    Raises
    ------
    InputError
        If the folder holds no authority, or several.
    DisclosureError
        If there is no such audience.

    Examples
    --------
    >>> from iro_analysis.explore import open_authority
    >>> open_authority("data/demo").periods[-1]
    '2022-23'
    """
    if audience not in AUDIENCES:
        raise DisclosureError(
            f"audience {audience!r} is not known{near_name(audience, AUDIENCES)}; "
            f"expected {' or '.join(AUDIENCES)}, in quotes in a YAML file"
        )
    place = find_folder(str(data).rpartition("#")[0] or str(data))
    return _opened(str(data), audience, str(place.resolve()), _state(place))


def _state(place: Path) -> tuple:
    """Return what tells whether anything in a folder has changed since it was read."""
    found = [(path, path.stat()) for path in sorted(place.rglob("*"))]
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in found)


@lru_cache(maxsize=4)
def _opened(data: str, audience: str, place: str, state: tuple) -> Explorer:
    """Open an authority; the first cell run again finds it open, unless a file has changed."""
    explorer = Explorer(data, audience)
    explorer.check()
    return explorer
