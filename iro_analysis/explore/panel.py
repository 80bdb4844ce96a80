"""The panel of ``explore.ipynb``: pick, look, go behind, save; each view is one call to copy.

Every widget only calls the surface of ``iro_analysis.explore``. Where no front end shows widgets
(papermill, a page) the panel says in one line what it is, and nothing else happens.

JupyterLab may deliver picks in threads of their own, side by side: they are dealt with one after
the other, and one that had to wait is not lost.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from iro_analysis import catalogue, tables
from iro_analysis.catalogue import PERIOD
from iro_analysis.contracts import ALL
from iro_analysis.errors import AnalysisError, ParameterError
from iro_analysis.explore.answer import Answer
from iro_analysis.explore.explorer import Explorer, open_authority
from iro_analysis.explore.pieces import paragraph
from iro_analysis.reading.authority import authority_folders
from iro_analysis.study import split_name

# Choices by their words: a list whose choice is Python's None shows none as chosen.
EVERY_AREA, NO_AREA, EVERYONE = "All that are held", "None", "All groups"
PARTS = ("Whole year", "H1", "H2", "Q1", "Q2", "Q3", "Q4")
FORMS = {"Picture (SVG)": ".svg", "Picture (PNG)": ".png", "Table (CSV)": ".csv",
         "Table (XLSX)": ".xlsx", "Notebook": ".ipynb"}  # fmt: skip
STYLE = (
    "<style>.iro-view{max-width:52rem} .iro-view svg{width:100%;max-width:34rem;height:auto} "
    ".iro-view table{border-collapse:collapse} .iro-view td,.iro-view th{padding:.2em .6em;"
    "text-align:left} .iro-view .number{text-align:right}</style>"
)


class Panel:
    """Widgets over an authority's measures; ``answer`` is what they show now.

    Parameters
    ----------
    explorer : Explorer
    measure, by, period, against : str, optional
        What is shown first.
    folder : str
        Where files are saved.
    """

    def __init__(
        self,
        explorer: Explorer,
        measure: str = "looked_after",
        by: str = ALL,
        period: str | None = None,
        against: str | None = None,
        folder: str = ".",
    ) -> None:
        self.explorer, self.folder = explorer, Path(folder)
        self.answer: Answer = explorer.ask(measure, period, by, against)
        self._turn, self._setter = threading.RLock(), 0  # the thread that sets lists, if any
        self._waiting: dict[Any, Any] = {}  # what was picked last in each list, till it is shown
        self._opened = {explorer.data: explorer}
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
        """The widgets, made when they are first asked for."""
        if self._box is None:
            self._box = self._made()
            self._show()
        return self._box

    def _made(self) -> Any:
        import ipywidgets as w

        wide = {"layout": w.Layout(width="32rem"), "style": {"description_width": "6rem"}}
        titled = [(f"{m.section}: {m.title}", m.id) for m in catalogue.measures().values()]
        answer, name = self.answer, self.answer.periods[-1].name
        years = list(reversed(self.explorer.periods))
        year, _, part = name.partition("-H") if "-H" in name else name.partition("-Q")
        kind = name[len(year) + 1 :] if part else PARTS[0]
        if year not in years:  # two dates: shown as they are
            years.insert(0, name)
            year = name
        self.authorities = w.Dropdown(
            options=_authorities(self.explorer.data), value=self.explorer.data,
            description="Authority", **wide,
        )  # fmt: skip
        self.measures = w.Dropdown(
            options=titled, value=answer.entry.id, description="Measure", **wide
        )
        self.breakdowns = w.Dropdown(description="By", **wide)
        self.years = w.Dropdown(options=years, value=year, description="Year", **wide)
        self.parts = w.Dropdown(options=PARTS, value=kind, description="Part", **wide)
        self.areas = w.Dropdown(description="Beside", **wide)
        self.view, self.note = w.HTML(), w.HTML()
        self.code = w.Textarea(
            description="The call",
            layout=w.Layout(width="100%", max_width="52rem", height="7rem"),
            disabled=False,
        )
        self.forms = w.Dropdown(options=list(FORMS.items()), description="Save as", **wide)
        self.names = w.Text(description="Name", **wide)
        self.save = w.Button(description="Save", icon="save")
        self.saved = w.HTML()
        rows = [self.authorities, self.measures, self.breakdowns, self.years, self.parts,
                self.areas, self.note, self.view, self.code, self.forms, self.names,
                w.HBox([self.save]), self.saved]  # fmt: skip
        self._offer()
        for one in (self.measures, self.breakdowns, self.years, self.parts, self.areas):
            one.observe(lambda change: self._when_picked(self._picked, change), "value")
        self.authorities.observe(lambda change: self._when_picked(self._another, change), "value")
        self.save.on_click(lambda _: self._in_turn(self._save))
        if self.explorer.audience == "internal":
            rows += self._drill()
        return w.VBox(rows)

    def _drill(self) -> list[Any]:
        import ipywidgets as w

        self.groups = w.Dropdown(
            description="Group", layout=w.Layout(width="32rem"), style={"description_width": "6rem"}
        )
        self.open = w.Button(description="List the children behind it", button_style="warning")
        self.open.layout.width = "16rem"
        self.close = w.Button(description="Clear the list")
        self.listed = w.HTML()
        self.open.on_click(lambda _: self._in_turn(self._list))
        self.close.on_click(lambda _: setattr(self.listed, "value", ""))
        return [self.groups, w.HBox([self.open, self.close]), self.listed]

    def _offer(self) -> None:
        """Offer the breakdowns and areas that the measure now picked has."""
        answer = self.answer
        kept = [name for name in answer.entry.breakdowns if name != PERIOD or answer.by == PERIOD]
        beside = {None: EVERY_AREA, "": NO_AREA}.get(answer.against, answer.against)
        with self._setting():
            self.breakdowns.options, self.breakdowns.value = kept, answer.by
            self.areas.options = [EVERY_AREA, *answer.areas, NO_AREA]
            self.areas.value = beside

    @contextlib.contextmanager
    def _setting(self) -> Iterator[None]:
        """Set lists without its being taken for a pick."""
        self._setter = threading.get_ident()
        try:
            yield
        finally:
            self._setter = 0

    def _when_picked(self, act: Any, change: Any) -> None:
        """Act on a pick when it is its turn; what the panel itself sets is no pick."""
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

    def _picked(self) -> None:
        measure = self.measures.value
        known = catalogue.measure(measure).breakdowns
        by = self.breakdowns.value if self.breakdowns.value in known else known[0]
        part = self.parts.value
        named = len(self.years.value) > len("2019-20")
        period = self.years.value if named or part == PARTS[0] else f"{self.years.value}-{part}"
        self.note.value = paragraph("Working it out ...")
        try:
            answer = self.explorer.ask(measure, period, by)
            if self.areas.value == NO_AREA:
                answer = replace(answer, against="")
            elif self.areas.value in answer.areas:
                answer = replace(answer, against=self.areas.value)
            self.answer = answer
            self._offer()
            self._show()
        except AnalysisError as problem:
            self.note.value = "".join(paragraph(line, strong=True) for line in problem.lines)

    def _another(self) -> None:
        data = self.authorities.value
        self.note.value = paragraph("Reading ...")
        try:
            if data not in self._opened:
                self._opened[data] = open_authority(data, self.explorer.audience)
        except AnalysisError as problem:
            self.note.value = "".join(paragraph(line, strong=True) for line in problem.lines)
            return
        self.explorer = self._opened[data]
        years = list(reversed(self.explorer.periods))
        kept = self.years.value if self.years.value in years else self.explorer.newest
        with self._setting():
            self.years.options, self.years.value = years, kept
        self._picked()

    def _show(self) -> None:
        answer = self.answer
        self.view.value = f'{STYLE}<div class="iro-view">{answer._repr_html_()}</div>'
        self.code.value = answer.code
        self.names.value = _file_name(answer)
        self.note.value = self.saved.value = ""
        if answer.explorer.audience == "internal":
            kept, groups = self.groups.value, list(answer.published.figures["group"])
            self.groups.options = [(EVERYONE, EVERYONE)] + [
                (tables.group_label(answer.entry.id, answer.by, group), group) for group in groups
            ]
            self.groups.value = kept if kept in groups else EVERYONE
            self.listed.value = ""

    def _save(self) -> None:
        try:
            written = self.answer.save(_inside(self.folder, self.names.value + self.forms.value))
            self.saved.value = paragraph(f"Saved: {written}")
        except AnalysisError as problem:
            self.saved.value = "".join(paragraph(line, strong=True) for line in problem.lines)

    def _list(self) -> None:
        group = None if self.groups.value == EVERYONE else self.groups.value
        try:
            listed = self.answer.children(group).html
            self.listed.value = f'{STYLE}<div class="iro-view">{listed}</div>'
        except AnalysisError as problem:
            self.listed.value = "".join(paragraph(line, strong=True) for line in problem.lines)


def _authorities(data: str) -> list[tuple[str, str]]:
    """Return the authorities that can be picked: this one, and those whose folders lie beside."""
    place, name = split_name(data)
    if name or not place.is_dir():
        return [(data, data)]
    beside = [folder for folder in authority_folders(place.resolve().parent) if folder != place]
    given = Path(data)
    others = [(given.parent / folder.name) for folder in beside if folder.name != place.name]
    return [(place.name, data), *((path.name, path.as_posix()) for path in others)]


def _inside(folder: Path, name: str) -> Path:
    """Return the path of a file in a folder; a name that would lead out of it is refused."""
    if re.search(r'[<>:"/\\|?*\x00-\x1f]', name) or name.startswith("."):
        raise ParameterError(
            f"{name}: expected a file's name without a folder, such as looked-after.svg"
        )
    return folder / name


def _file_name(answer: Answer) -> str:
    mark = "internal-" if answer.explorer.audience == "internal" else ""
    by = "" if answer.by == ALL else f"-by-{answer.by}"
    return f"{mark}{answer.entry.id}{by}-{answer.periods[-1].folder}".replace("_", "-")
