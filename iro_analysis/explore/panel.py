"""The panel of ``explore.ipynb``: find a measure, look, compare, save, list the children behind.

Every widget only calls the surface of ``iro_analysis.explore``, and each view is one call to copy.
Where no front end shows widgets (papermill, a page) the panel says in one line what it is.

JupyterLab may deliver picks in threads of their own, side by side: they are dealt with one after
the other, and one that had to wait is not lost.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from iro_analysis import catalogue, charts, tables
from iro_analysis.catalogue import PERIOD
from iro_analysis.contracts import ALL
from iro_analysis.errors import AnalysisError
from iro_analysis.explore import ahead, controls, grid, remembered, saving, views
from iro_analysis.explore.answer import Answer
from iro_analysis.explore.controls import EVERYONE, WHOLE_YEAR
from iro_analysis.explore.explorer import Explorer, open_authority
from iro_analysis.explore.pieces import paragraph
from iro_analysis.runner.notebooks import OWN
from iro_analysis.runner.pages import MARK

DECIDING = (
    "Checking all figures of {} together, to decide which may be shown; the view follows in some "
    "seconds ..."
)


class Panel:
    """Widgets over an authority's measures; ``answer`` is what they show now.

    Parameters
    ----------
    explorer : Explorer
    measure, by, period, against : str, optional
        What is shown first; `period` and `against` may be lists.
    folder : str or Path, optional
        Where files are saved: ``my_notebooks``, which git ignores, where none is given.
    """

    def __init__(
        self,
        explorer: Explorer,
        measure: str = "looked_after",
        by: str = ALL,
        period: str | list[str] | None = None,
        against: str | list[str] | None = None,
        folder: str | Path | None = None,
    ) -> None:
        self.explorer = explorer
        # Relative: what an internal session saves in a relative folder goes to the internal one.
        self.folder = Path(os.path.relpath(saving.project() / OWN) if folder is None else folder)
        self._opened_with = [explorer.data, explorer.audience, measure, by, period, against]
        self.answer: Answer = explorer.ask(measure, period, by, against)
        self._turn, self._setter = threading.RLock(), 0  # the thread that sets lists, if any
        self._waiting: dict[Any, Any] = {}  # what was picked last in each list, till it is shown
        self._opened = {explorer.data: explorer}
        self._preferred: set[str] | None = None  # areas to compare with; None for all
        if against is not None:
            self._preferred = {controls.kind_of(area) for area in self.answer.comparators["area"]}
        self._grid: grid.Grid | None = None
        self._box: Any = None

    def __repr__(self) -> str:
        return "<a panel to pick a measure and look at it: open the notebook in JupyterLab>"

    def _repr_mimebundle_(self, **_: Any) -> dict:
        try:
            return self.widget._repr_mimebundle_() | {"text/plain": repr(self)}
        except ImportError:
            note = "The panel needs ipywidgets, which is not installed: run pip install ipywidgets."
            return {"text/plain": note, "text/html": paragraph(note)}

    @property
    def widget(self) -> Any:
        """The widgets, made when they are first asked for.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> panel = open_authority("data/demo").panel("started", period="2019-20")
        >>> len(panel.widget.children)
        2
        """
        if self._box is None:
            self._box = self._made()
            periods = self.answer.periods
            waits = ahead.is_of_use(self.explorer) and not all(map(self.explorer.knows, periods))
            if waits:
                self.note.value = views.status(DECIDING.format(", ".join(p.name for p in periods)))
            else:
                self._show_first()
            then = self._show_when_known if waits else None
            ahead.begin(self.explorer, [period.name for period in periods], self._turn, then)
        return self._box

    def _show_first(self) -> None:
        self.answer = self._with_areas(self.answer)
        self._offer()
        self._show()

    def _show_when_known(self) -> None:
        try:
            self._show_first()
        except AnalysisError as problem:
            self.note.value = views.alert(problem.lines)

    def _made(self) -> Any:
        import ipywidgets as w

        kept = self._recalled()
        self.authorities = controls.dropdown("Authority", controls.authorities(self.explorer.data))
        self.authorities.value = self.explorer.data
        self.find, self.measures = controls.finder(self.answer.entry.id)
        self.breakdowns = controls.dropdown("Broken down by")
        self.years, self.areas = controls.Ticks("Years"), controls.Ticks("Compare with")
        self.parts = controls.dropdown("Part of year", controls.PARTS)
        self.note, self.view, self.table, self.links = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self.search, self.order = controls.table_controls()
        self.forms, self.names, self.save, self.notebook = controls.saving_controls()
        self.saved, self.link = w.HTML(), w.Output()
        self.code = w.Textarea(description="The call", layout=w.Layout(width="auto", height="7rem"))
        self._offer_years()
        self._offer_breakdowns()
        for one in (self.measures, self.breakdowns, self.parts):
            one.observe(lambda change: self._when_picked(self._picked, change), "value")
        for ticks in (self.years, self.areas):
            ticks.when_ticked = lambda change: self._when_picked(self._picked, change)
        self.authorities.observe(lambda change: self._when_picked(self._another, change), "value")
        self.find.observe(lambda change: self._when_picked(self._found, change), "value")
        for one in (self.search, self.order):
            one.observe(lambda change: self._when_picked(self._tabulate, change), "value")
        self.save.on_click(lambda _: self._in_turn(self._save))
        self.notebook.on_click(lambda _: self._in_turn(self._open_as_notebook))
        picked = [self.authorities, self.find, self.measures, self.breakdowns, self.years.box,
                  self.parts, self.areas.box]  # fmt: skip
        shown = [self.note, self.view, w.HBox([self.search, self.order], layout=controls.flow()),
                 self.table, self.links,
                 w.HBox([self.forms, self.names, self.save, self.notebook],
                        layout=controls.flow()),
                 self.saved, self.link, self.code]  # fmt: skip
        if self.explorer.audience == "internal":
            shown += self._drill()
        if kept.get("part") in controls.PARTS:
            self.parts.value = kept["part"]
        return controls.side_by_side(w.HTML(views.style()), picked, shown)

    def _recalled(self) -> dict[str, Any]:
        """Return to what was shown last in this notebook, where that can still be asked."""
        kept = remembered.recall(saving.project(), self._opened_with)
        try:
            if kept["data"] != self.explorer.data:
                self.explorer = open_authority(kept["data"], self.explorer.audience)
                self._opened[kept["data"]] = self.explorer
            self.answer = self.explorer.ask(kept["measure"], kept["periods"], kept["by"])
            preferred = kept["areas"]
            self._preferred = None if preferred is None else set(preferred)
        except (AnalysisError, KeyError, TypeError):
            return {}
        return kept

    def _drill(self) -> list[Any]:
        import ipywidgets as w

        self.groups = controls.dropdown("Group")
        self.open = w.Button(description="List the children behind it", button_style="warning")
        self.open.layout.width = "16rem"
        self.close = w.Button(description="Clear the list")
        self.listed = w.HTML()
        self.open.on_click(lambda _: self._in_turn(self._list))
        self.close.on_click(lambda _: setattr(self.listed, "value", ""))
        row = w.HBox([self.groups, self.open, self.close], layout=controls.flow())
        return [row, self.listed]

    def _offer_years(self) -> None:
        """Offer the years of the authority, those of the answer ticked."""
        years = list(reversed(self.explorer.periods))
        split = [controls.year_and_part(each.name) for each in self.answer.periods]
        more = [year for year, _ in split if year not in years]  # two dates: shown as they are
        with self._setting():
            self.years.offer([*more, *years], {year for year, _ in split})
            self.parts.value = split[0][1]

    def _offer(self) -> None:
        """Offer the breakdowns and areas that the measure now picked has."""
        self._offer_breakdowns()
        with self._setting():
            self.areas.offer(self.answer.areas, set(self.answer.comparators["area"]))

    def _offer_breakdowns(self) -> None:
        answer = self.answer
        kept = [name for name in answer.entry.breakdowns if name != PERIOD or answer.by == PERIOD]
        with self._setting():
            self.breakdowns.options = [(controls.title_of(name), name) for name in kept]
            self.breakdowns.value = answer.by

    @contextlib.contextmanager
    def _setting(self) -> Iterator[None]:
        """Set lists in code, without handling it as a user's choice."""
        before, self._setter = self._setter, threading.get_ident()
        try:
            yield
        finally:
            self._setter = before

    def _when_picked(self, act: Any, change: Any) -> None:
        """Handle a user's choice in its turn; ignore what the panel itself sets."""
        from traitlets import TraitError

        if self._setter == threading.get_ident():
            return
        self._waiting[change.owner] = change.new
        with self._turn:
            if change.owner not in self._waiting:
                return  # another pick in the same list had its turn, and took this one along
            with self._setting(), contextlib.suppress(TraitError):  # or it is offered no more
                # The view before may have put its own choice in the place of this one.
                change.owner.value = self._waiting.pop(change.owner)
            act()

    def _in_turn(self, act: Any) -> None:
        with self._turn:
            act()

    def _found(self) -> None:
        """Show the measures that hold what was typed; the view stays as it is."""
        with self._setting():
            options = controls.measures_with(self.find.value)
            self.measures.options = options
            known = [value for _, value in options]
            self.measures.value = self.answer.entry.id if self.answer.entry.id in known else None
        self.note.value = "" if options else views.status("No measure holds these words.")

    def _picked(self) -> None:
        with self._setting():
            measure = controls.measure_at(self.measures, self.answer.entry.id)
            if not self.years.ticked:
                self.years.tick({controls.year_and_part(p.name)[0] for p in self.answer.periods})
        known = catalogue.measure(measure).breakdowns
        by = self.breakdowns.value if self.breakdowns.value in known else known[0]
        periods = controls.periods_of(self.years.ticked, self.parts.value)
        self.note.value = views.status("Working it out ...")
        try:
            answer = self.explorer.ask(measure, periods, by)
            same_offer = (answer.entry.id, answer.by) == (self.answer.entry.id, self.answer.by)
            if same_offer and self.areas.names == answer.areas:
                ticked = self.areas.ticked
                everything = len(ticked) == len(answer.areas)
                if ticked != list(dict.fromkeys(self.answer.comparators["area"])):
                    self._preferred = None if everything else set(map(controls.kind_of, ticked))
            self.answer = self._with_areas(answer)
            self._offer()
            self._show()
        except AnalysisError as problem:
            self.note.value = views.alert(problem.lines)

    def _with_areas(self, answer: Answer) -> Answer:
        """Return an answer beside the areas that are preferred, of those that are held."""
        if self._preferred is None or not answer.areas:
            return answer
        wanted = [area for area in answer.areas if controls.kind_of(area) in self._preferred]
        if len(wanted) == len(answer.areas):
            return answer
        return replace(answer, against=tuple(wanted) if len(wanted) > 1 else "".join(wanted))

    def _another(self) -> None:
        data = self.authorities.value
        self.note.value = views.status("Reading ...")
        try:
            if data not in self._opened:
                self._opened[data] = open_authority(data, self.explorer.audience)
            self.explorer = self._opened[data]
            with self._setting():
                kept = [year for year in self.years.ticked if year in self.explorer.periods]
                years = list(reversed(self.explorer.periods))
                self.years.offer(years, set(kept or [self.explorer.newest]))
        except AnalysisError as problem:
            self.note.value = views.alert(problem.lines)
            return
        self._picked()

    def _show(self) -> None:
        answer = self.answer
        internal = answer.explorer.audience == "internal"
        mark = paragraph(MARK, strong=True) if internal else ""
        of_last = paragraph(f"In {answer.last.period.title}:") if len(answer.periods) > 1 else ""
        chart = answer.chart
        drawn = views.picture(chart) if isinstance(chart, charts.Chart) else ""
        self.view.value = views.inner(mark + of_last + answer.finding.html + drawn)
        self._grid = grid.of(answer)
        with self._setting():
            orders = [grid.AS_PUBLISHED, *(self._grid.orders if self._grid else ())]
            order = self.order.value
            self.order.options = orders
            self.order.value = order if order in orders else grid.AS_PUBLISHED
        self._tabulate()
        self.code.value = answer.code
        self.names.value = controls.file_name(answer)
        self.note.value = self.saved.value = ""
        self.link.outputs = ()
        if internal:
            self.links.value = views.inner(paragraph(f"Save writes to {controls.INTERNAL}."))
            self._offer_groups()
        else:
            self.links.value = views.links(answer, chart, self.names.value)
        self._keep()

    def _tabulate(self) -> None:
        shown = self._grid.html(self.search.value, self.order.value) if self._grid else ""
        self.table.value = views.inner(shown)

    def _offer_groups(self) -> None:
        answer, kept = self.answer, self.groups.value
        groups = list(answer.published.figures["group"])
        self.groups.options = [(EVERYONE, EVERYONE)] + [
            (tables.group_label(answer.entry.id, answer.by, group), group) for group in groups
        ]
        self.groups.value = kept if kept in groups else EVERYONE
        self.listed.value = ""

    def _keep(self) -> None:
        shown = {
            "data": self.explorer.data,
            "measure": self.answer.entry.id,
            "by": self.answer.by,
            "periods": [period.name for period in self.answer.periods],
            "part": self.parts.value if self._box else WHOLE_YEAR,
            "areas": None if self._preferred is None else sorted(self._preferred),
        }
        remembered.keep(saving.project(), self._opened_with, shown)

    def _save(self) -> None:
        try:
            place = controls.inside(self.folder, self.names.value + self.forms.value)
            self.saved.value = views.status(f"Saved: {self.answer.save(place)}")
        except AnalysisError as problem:
            self.saved.value = views.alert(problem.lines)

    def _open_as_notebook(self) -> None:
        """Write the view as a notebook of the analyst's own, and show a link that opens it."""
        try:
            place = controls.inside(self.folder, self.names.value + ".ipynb")
            written = self.answer.save(controls.not_taken(place))
        except AnalysisError as problem:
            self.saved.value = views.alert(problem.lines)
            return
        self.saved.value = views.status(f"Saved: {written}")
        self.link.outputs = ()
        self.link.append_display_data(controls.link_to(written))

    def _list(self) -> None:
        group = None if self.groups.value == EVERYONE else self.groups.value
        try:
            self.listed.value = views.inner(self.answer.children(group).html)
        except AnalysisError as problem:
            self.listed.value = views.alert(problem.lines)
