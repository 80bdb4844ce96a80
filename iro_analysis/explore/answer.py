"""An answer: one measure, for one period or several, as sentence, chart and table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from iro_analysis import charts, narrative, tables
from iro_analysis.catalogue import Measure
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import Published
from iro_analysis.explore import grid, pictures
from iro_analysis.explore.pieces import paragraph, text_table
from iro_analysis.narrative import Finding
from iro_analysis.periods import Period
from iro_analysis.runner.pages import MARK
from iro_analysis.study import Study
from iro_analysis.wording import number

if TYPE_CHECKING:
    from iro_analysis.explore.explorer import Explorer
    from iro_analysis.explore.listing import Listing


@dataclass(frozen=True, repr=False)
class Answer:
    """What a measure says for one period or several. Made by ``Explorer.ask``.

    Attributes
    ----------
    explorer : Explorer
    entry : Measure
        The catalogue's record of the measure.
    by : str
    periods : tuple of Period
    against : str, tuple of str or None
        The areas to compare with: None for all that are held, empty for none.
    """

    explorer: Explorer
    entry: Measure
    by: str
    periods: tuple[Period, ...]
    against: str | tuple[str, ...] | None = None

    def __repr__(self) -> str:
        by = "" if self.by == ALL else f" by {self.by}"
        return f"<{self.entry.title}{by}, {', '.join(p.name for p in self.periods)}>"

    @property
    def last(self) -> Study:
        """The study of the last period asked for; sentence and chart are of it.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").ask("started", "2018-19..2019-20").last.period.name
        '2019-20'
        """
        return self.explorer.study(self.periods[-1])

    @property
    def published(self) -> Published:
        """What the gate lets pass of the last period.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").ask("started", "2019-20").published.audience
        'committee'
        """
        return self.last.published(self.entry.id, self.by)

    @property
    def figures(self) -> pd.DataFrame:
        """The figures of every period asked for, as ``figures.csv`` has them.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> answer = open_authority("data/demo").ask("looked_after", "2018-19..2019-20")
        >>> answer.figures[["period", "value"]].values.tolist()
        [['2018-19', 348.0], ['2019-20', 328.0]]
        """
        several = [
            self.explorer.study(period).published(self.entry.id, self.by).figures
            for period in self.periods
        ]
        return pd.concat(several, ignore_index=True)

    @property
    def areas(self) -> list[str]:
        """The areas whose figures can be set beside these, for the last period.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").ask("looked_after_rate", "2019-20").areas[:2]
        ['England', 'London']
        """
        return list(dict.fromkeys(self._held()["area"]))

    def _held(self) -> pd.DataFrame:
        return self.last.comparators(self.entry.id, self.by)

    @property
    def comparators(self) -> pd.DataFrame:
        """The figures of other areas, with release and source: those of the area asked for.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> demo = open_authority("data/demo")
        >>> answer = demo.ask("looked_after_rate", "2019-20", against="England")
        >>> answer.comparators[["area", "value"]].values.tolist()
        [['England', 67.0]]
        """
        held = self._held()
        if self.against is None:
            return held
        asked = [self.against] if isinstance(self.against, str) else list(self.against)
        return held[held["area"].isin(asked)]

    @property
    def finding(self) -> Finding:
        """What the figures of the last period say: a heading and sentences.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").ask("started", "2019-20").finding.heading
        '122 children started to be looked after in the period'
        """
        return narrative.finding(self.published, self.comparators)

    @property
    def sentence(self) -> str:
        """The same as running text, to paste.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").ask("started", "2019-20").sentence.endswith(".")
        True
        """
        return self.finding.text

    @property
    def chart(self) -> charts.Chart | tables.HtmlTable:
        """The figures as a picture; the table where a picture would say less.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").ask("looked_after", "2019-20", by="sex").chart
        <chart: By sex, the largest group is Male: 194 of 328 (59%)>
        """
        return pictures.picture(self)

    @property
    def table(self) -> tables.HtmlTable:
        """The figures as a table, other areas' below it.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> open_authority("data/demo").ask("looked_after", "2019-20", by="sex").table
        <a table; display it in a notebook>
        """
        if len(self.periods) == 1:
            own = tables.breakdown(self.published)
        else:
            own = text_table(*grid.over_time(self))
        return tables.HtmlTable(own.html + self._others())

    def _others(self) -> str:
        held = self.comparators
        if held.empty:
            return ""
        rows = [
            [row.area, tables.group_label(self.entry.id, self.by, row.group),
             number(row.value, row.unit), row.release]
            for row in held.itertuples(index=False)
        ]  # fmt: skip
        caption = f"{self.entry.title}: other areas, at the end of {self.periods[-1]}"
        sources = [f"Source: {source}" for source in dict.fromkeys(held["source"])]
        return text_table(caption, ["Area", "Group", "Value", "Release"], rows, sources).html

    @property
    def code(self) -> str:
        """The call that makes this answer, to copy into a cell.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> print(open_authority("data/demo").ask("started", "2019-20-Q3").code)
        from iro_analysis.explore import open_authority
        <BLANKLINE>
        authority = open_authority("data/demo")
        authority.ask("started", "2019-20-Q3")
        """
        return f"{self.opening}\n{self.call}"

    @property
    def opening(self) -> str:
        """The part of ``code`` that opens the authority.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> print(open_authority("data/demo").ask("started", "2019-20").opening.splitlines()[-1])
        authority = open_authority("data/demo")
        """
        explorer = self.explorer
        as_audience = (
            "" if explorer.audience == "committee" else f', audience="{explorer.audience}"'
        )
        return (
            "from iro_analysis.explore import open_authority\n\n"
            f"authority = open_authority({as_code(explorer.data)}{as_audience})"
        )

    @property
    def call(self) -> str:
        """The part of ``code`` that asks.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> print(open_authority("data/demo").ask("started", "2019-20").call)
        authority.ask("started", "2019-20")
        """
        names = [as_code(period.name) for period in self.periods]
        periods = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        by = "" if self.by == ALL else f", by={as_code(self.by)}"
        against = ""
        if isinstance(self.against, tuple):
            against = f", against=[{', '.join(as_code(area) for area in self.against)}]"
        elif self.against is not None:
            against = f", against={as_code(self.against)}"
        return f"authority.ask({as_code(self.entry.id)}, {periods}{by}{against})"

    def save(self, path: str | Path) -> Path:
        """Write the answer: .svg or .png the chart, .csv or .xlsx the figures, .ipynb a notebook.

        Parameters
        ----------
        path : str or Path
            The ending gives the kind of file. A file of that name is replaced, but a notebook
            never is. A file of an internal session is named ``internal-...``, and one without an
            absolute folder goes to ``outputs/internal/<authority>``; a notebook holds no figures
            and is saved where it was asked for.

        Returns
        -------
        Path
            Where it was saved.

        Raises
        ------
        ParameterError
            If the ending is none of these, or there is no chart to draw.
        OutputError
            If the file cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> from iro_analysis.explore import open_authority
        >>> answer = open_authority("data/demo").ask("started", "2019-20")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     answer.save(f"{folder}/started.csv").name
        'started.csv'
        """
        from iro_analysis.explore import saving

        return saving.save(self, Path(path))

    def children(self, group: str | None = None, counted: bool | None = None) -> Listing:
        """List the children behind the figure, or behind one group of it. Internal sessions only.

        With the officer, where there is a list of allocations; reviews with due day and days late,
        the latest first. Shown, a listing gives counts only: ``browse`` and ``rows`` give the rows.

        Parameters
        ----------
        group : str, optional
            A group of the breakdown; all of them where none is given.
        counted : bool, optional
            True for the rows in the numerator alone, False for the others alone: of reviews held on
            time, False lists those that were late.

        Raises
        ------
        DisclosureError
            If the authority was opened for the committee.
        ParameterError
            If there is no such group, or the measure does not count children: it says why.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> inside = open_authority("data/demo", audience="internal")
        >>> inside.ask("reviews_on_time", "2019-20").children(counted=False).said
        '88 of 992 rows are not counted in the figure; these are listed.'
        """
        from iro_analysis.explore import listing

        return listing.behind(self, group, counted)

    def _repr_html_(self) -> str:
        mark = paragraph(MARK, strong=True) if self.explorer.audience == "internal" else ""
        if len(self.periods) == 1:
            evidence = "" if self.published.reason else self.chart._repr_html_()
            return mark + self.finding.html + evidence + self._others()
        drawn = self.chart
        picture = drawn._repr_html_() if isinstance(drawn, charts.Chart) else ""
        said = paragraph(f"In {self.periods[-1].title}:") + self.finding.html
        return mark + said + picture + self.table.html


def as_code(text: str) -> str:
    """Return text as Python, in double quotes where that can be.

    Examples
    --------
    >>> print(as_code("data/demo"))
    "data/demo"
    """
    shown = repr(text)
    return f'"{shown[1:-1]}"' if shown[0] == "'" and '"' not in text else shown
