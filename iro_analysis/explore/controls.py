"""Build the panel's widgets, list what can be chosen in them, and name the files it saves."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from iro_analysis import catalogue, codes
from iro_analysis.contracts import ALL
from iro_analysis.errors import ParameterError
from iro_analysis.explore.answer import Answer
from iro_analysis.explore.grid import AS_PUBLISHED
from iro_analysis.reading.authority import authority_folders
from iro_analysis.study import split_name
from iro_analysis.wording import in_html

WHOLE_YEAR, EVERYONE = "Whole year", "All groups"
PARTS = (WHOLE_YEAR, "H1", "H2", "Q1", "Q2", "Q3", "Q4")
FORMS = {"Picture (SVG)": ".svg", "Picture (PNG)": ".png", "Table (CSV)": ".csv",
         "Table (XLSX)": ".xlsx", "Notebook": ".ipynb"}  # fmt: skip
INTERNAL = "outputs/internal"
_CHAPTER = "chapter:"
_LONGEST_YEAR = len("2019-20")


class Ticks:
    """A group of boxes to tick; ``when_ticked`` is called with each change.

    Parameters
    ----------
    title : str
        What the group is of.
    """

    def __init__(self, title: str) -> None:
        import ipywidgets as w

        self.title = title
        self.when_ticked: Callable[[Any], None] = lambda change: None
        self._boxes: dict[str, Any] = {}
        self.box = w.VBox()

    @property
    def names(self) -> list[str]:
        """What can be ticked."""
        return list(self._boxes)

    @property
    def ticked(self) -> list[str]:
        """What is ticked."""
        return [name for name, box in self._boxes.items() if box.value]

    def __getitem__(self, name: str) -> Any:
        return self._boxes[name]

    def offer(self, names: list[str], ticked: set[str]) -> None:
        """Offer names; boxes that are there already stay, so that the keyboard keeps its place."""
        import ipywidgets as w

        if names != self.names or not names:
            self._boxes = {
                name: w.Checkbox(description=name, indent=False, layout=w.Layout(width="auto"))
                for name in names
            }
            for box in self._boxes.values():
                box.observe(lambda change: self.when_ticked(change), "value")
            head = f"<b>{in_html(self.title)}</b>" if names else f"{in_html(self.title)}: none held"
            row = w.HBox(list(self._boxes.values()), layout=flow())
            self.box.children = [w.HTML(head), row]
        self.tick(ticked)

    def tick(self, names: set[str]) -> None:
        """Tick these and no others."""
        for name, box in self._boxes.items():
            box.value = name in names


def flow() -> Any:
    """Return the layout of a row that breaks where there is no room."""
    import ipywidgets as w

    return w.Layout(flex_flow="row wrap", align_items="center", grid_gap="0 0.8rem")


def side_by_side(style: Any, picked: list[Any], shown: list[Any]) -> Any:
    """Return controls and view side by side; on a narrow screen the view comes below."""
    import ipywidgets as w

    left = w.VBox(picked, layout=w.Layout(flex="1 1 19rem", min_width="0", max_width="30rem"))
    right = w.VBox(shown, layout=w.Layout(flex="3 1 28rem", min_width="0"))
    row = w.HBox([left, right], layout=w.Layout(flex_flow="row wrap", grid_gap="0 1.5rem"))
    box = w.VBox([style, row])
    box.add_class("iro-panel")
    return box


def dropdown(title: str, options: Iterable[Any] = ()) -> Any:
    """Return a list that opens, with its title."""
    import ipywidgets as w

    layout, style = w.Layout(width="auto", max_width="30rem"), {"description_width": "7.5rem"}
    return w.Dropdown(options=list(options), description=title, layout=layout, style=style)


def finder(measure: str) -> tuple[Any, Any]:
    """Return the box to search measures in, and the list of those found."""
    import ipywidgets as w

    find = w.Text(
        description="Find a measure", placeholder="part of a title: late, adopted, school",
        layout=w.Layout(width="auto"), style={"description_width": "7.5rem"},
    )  # fmt: skip
    found = w.Select(
        options=measures_with(""), value=measure, rows=12, description="Measure",
        layout=w.Layout(width="auto"), style={"description_width": "0"},
    )  # fmt: skip
    return find, found


def table_controls() -> tuple[Any, Any]:
    """Return the box to search the table in, and the list of its orders."""
    import ipywidgets as w

    search = w.Text(description="Find in table", style={"description_width": "7.5rem"})
    order = w.Dropdown(description="Sort by", options=[AS_PUBLISHED])
    return search, order


def saving_controls() -> tuple[Any, Any, Any, Any]:
    """Return the list of kinds of file, the box for a name, and the two buttons."""
    import ipywidgets as w

    forms = w.Dropdown(options=list(FORMS.items()), description="Save as")
    names = w.Text(description="Name")
    save = w.Button(description="Save", layout=w.Layout(width="6rem"))
    notebook = w.Button(description="Open as notebook", layout=w.Layout(width="11rem"))
    return forms, names, save, notebook


def measures_with(words: str) -> list[tuple[str, str]]:
    """Return title and id of the measures that hold all of some words, under their chapters.

    Examples
    --------
    >>> measures_with("dentist")
    [('— Health —', 'chapter:Health'), ('Children who saw a dentist in the year', 'dental_check')]
    """
    wanted = words.casefold().split()
    found: list[tuple[str, str]] = []
    for chapter, entries in catalogue.sections().items():
        held = [
            (entry.title, entry.id)
            for entry in entries
            if all(
                word in f"{chapter} {entry.title} {entry.id} {entry.numerator}".casefold()
                for word in wanted
            )
        ]
        if held:
            found += [(f"— {chapter} —", f"{_CHAPTER}{chapter}"), *held]
    return found


def measure_at(found: Any, before: str) -> str:
    """Return the measure picked; a chapter's heading is passed over in the direction of travel."""
    picked = found.value
    if picked is None:
        return before
    if not picked.startswith(_CHAPTER):
        return picked
    values = [value for _, value in found.options]
    place = values.index(picked)
    upwards = before in values and values.index(before) == place + 1 and place > 0
    found.value = values[place - 1 if upwards else place + 1]
    return found.value


def title_of(breakdown: str) -> str:
    """Return a breakdown's title."""
    return "No breakdown" if breakdown == ALL else codes.record("breakdowns")[breakdown]["title"]


def year_and_part(name: str) -> tuple[str, str]:
    """Return the year of a period's name, and which part of it is meant.

    Examples
    --------
    >>> year_and_part("2019-20-Q3"), year_and_part("2019-20")
    (('2019-20', 'Q3'), ('2019-20', 'Whole year'))
    """
    year, part = name[:_LONGEST_YEAR], name[_LONGEST_YEAR + 1 :]
    return (year, part) if part in PARTS else (name, WHOLE_YEAR)


def periods_of(years: list[str], part: str) -> list[str]:
    """Return the periods picked, oldest first; two dates have no parts.

    Examples
    --------
    >>> periods_of(["2019-20", "2018-19"], "Q3")
    ['2018-19-Q3', '2019-20-Q3']
    """
    return sorted(
        year if part == WHOLE_YEAR or len(year) > _LONGEST_YEAR else f"{year}-{part}"
        for year in years
    )


def kind_of(area: str) -> str:
    """Return an area's name without what is particular to one figure.

    Examples
    --------
    >>> kind_of("Statistical neighbours (2021 model, 9 of 10)")
    'Statistical neighbours'
    """
    return area.partition(" (")[0]


def authorities(data: str) -> list[tuple[str, str]]:
    """Return the authorities that can be picked: this one, and those whose folders lie beside."""
    place, name = split_name(data)
    if name or not place.is_dir():
        return [(data, data)]
    beside = [folder for folder in authority_folders(place.resolve().parent) if folder != place]
    given = Path(data)
    others = [(given.parent / folder.name) for folder in beside if folder.name != place.name]
    return [(place.name, data), *((path.name, path.as_posix()) for path in others)]


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file in a folder; a name that would lead out of it is refused."""
    if re.search(r'[<>:"/\\|?*\x00-\x1f]', name) or name.startswith("."):
        raise ParameterError(
            f"{name}: expected a file's name without a folder, such as looked-after.svg"
        )
    return folder / name


def not_taken(place: Path) -> Path:
    """Return a path, with a number at its end where a file of the name is there."""
    found, number = place, 1
    while found.exists():
        number += 1
        found = place.with_stem(f"{place.stem}-{number}")
    return found


def link_to(written: Path) -> Any:
    """Return a link that JupyterLab opens in a tab of its own."""
    from IPython.display import HTML

    relative = Path(os.path.relpath(written.resolve(), Path.cwd())).as_posix()
    return HTML(f'<a href="{quote(relative)}">Open {in_html(written.name)}</a>')


def file_name(answer: Answer) -> str:
    """Return a name for an answer's files."""
    mark = "internal-" if answer.explorer.audience == "internal" else ""
    by = "" if answer.by == ALL else f"-by-{answer.by}"
    first = f"-{answer.periods[0].folder}-to" if len(answer.periods) > 1 else ""
    return f"{mark}{answer.entry.id}{by}{first}-{answer.periods[-1].folder}".replace("_", "-")
