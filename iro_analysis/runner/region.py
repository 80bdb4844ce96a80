"""Write the page over several authorities: ``outputs/region/<period>/index.html`` and ``.csv``.

Made from the figures of committee reports as they were released, and from nothing else: nothing is
in it that is not in one of those reports.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from iro_analysis import catalogue, codes
from iro_analysis.charts.several import Point, funnel_of_several
from iro_analysis.contracts import ALL, FIGURE_COLUMNS
from iro_analysis.disclosure.policy import INTERNAL
from iro_analysis.disclosure.rounded import ROUNDED
from iro_analysis.errors import OutputError
from iro_analysis.periods import Period
from iro_analysis.runner import outputs, pages
from iro_analysis.runner.places import REGION, Places
from iro_analysis.tables import framed, row_of
from iro_analysis.wording import in_html, joined, number

PAGE, TABLE = "index.html", "index.csv"
HIDDEN, ABSENT = "[c]", "[x]"
SYNTHETIC = (
    '<p class="synthetic" role="note">Demonstration: children in these figures are invented.</p>'
)
NOTES = (
    f"{HIDDEN}: not published, because it is small or would give a small number away. "
    f"{ABSENT}: no figure; the authority's own report says why.",
    "Authorities are in alphabetical order. No ranks are given, since chance makes most of them.",
)


@dataclass(frozen=True)
class Member:
    """An authority of a region.

    Attributes
    ----------
    name, folder : str
        Its name, and its folder in the outputs.
    figures : DataFrame or None
        Its released figures of the period; None where no committee report of it lies there.
    """

    name: str
    folder: str
    figures: pd.DataFrame | None

    def figure(self, measure: str) -> Any:
        """Return the row of a measure's one figure; None where there is none."""
        if self.figures is None:
            return None
        rows = self.figures
        mine = rows["measure"].eq(measure) & rows["breakdown"].eq(ALL) & rows["group"].eq(ALL)
        return next(rows[mine].itertuples(index=False), None)


def members(out: Path, authorities: dict[str, str], period: Period) -> list[Member]:
    """Return the authorities of a run with their released figures, in alphabetical order.

    Parameters
    ----------
    out : Path
        The folder of all outputs.
    authorities : dict
        Folder in the outputs -> name.
    period : Period
    """
    found = []
    for folder, name in authorities.items():
        path = Places(out, folder).published(period) / "figures.csv"
        figures = pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else None
        found.append(Member(name, folder, figures))
    return sorted(found, key=lambda member: (member.name.casefold(), member.folder))


def write(
    out: Path,
    authorities: dict[str, str],
    period: Period,
    audience: str,
    *,
    synthetic: bool = False,
) -> Path:
    """Write the page and the table of a region for a period, whole or not at all.

    Parameters
    ----------
    out : Path
    authorities : dict
        Folder in the outputs -> name.
    period : Period
    audience : str
    synthetic : bool
        Whether children of one of them are invented: the page says so.

    Returns
    -------
    Path
        The page: in ``region``, for internal use in ``internal/region``.

    Raises
    ------
    OutputError
        If they cannot be written; the last ones stand.
    """
    internal = audience == INTERNAL
    places = Places(out, REGION)
    place = places.kept(period) if internal else places.published(period)
    found = members(out, authorities, period)
    try:
        if internal:
            places.make_internal()
        with outputs.aside(place, private=internal) as draft:
            text = page(found, period, internal, synthetic)
            (draft / PAGE).write_text(text, encoding="utf-8", newline="\n")
            outputs.write_table(table(found), draft / TABLE)
    except OSError as problem:
        raise OutputError(
            f"{place}: cannot be written ({problem.strerror}); the last one stands"
        ) from None
    return place / PAGE


def _measures() -> list[str]:
    return [name for part in codes.record(REGION)["tables"] for name in part["measures"]]


def table(found: list[Member]) -> pd.DataFrame:
    """Return the released figures side by side: one row for each authority and measure."""
    rows = []
    for member in found:
        for measure in _measures():
            row = member.figure(measure)
            if row is not None:
                rows.append({"authority": member.name, **row._asdict()})
    return pd.DataFrame(rows, columns=["authority", *FIGURE_COLUMNS])


def page(found: list[Member], period: Period, internal: bool, synthetic: bool) -> str:
    """Return the page of a region: the same bytes for the same reports."""
    record = codes.record(REGION)
    template = resources.files("iro_analysis").joinpath("templates", REGION, PAGE)
    up = "../../.." if internal else "../.."
    sections = [_table(part, found, period, up) for part in record["tables"]]
    return string.Template(template.read_text(encoding="utf-8")).substitute(
        style=pages.style(),
        period=in_html(period.title),
        count=f"{len(found)} authorities",
        mark=f'<p class="mark" role="note"><strong>{in_html(pages.MARK)}</strong></p>'
        if internal
        else "",
        synthetic=SYNTHETIC if synthetic else "",
        tables="".join(sections),
        funnels="".join(_funnels(found, period, record)),
        missing=_missing(found, period),
    )


def _table(part: dict, found: list[Member], period: Period, up: str) -> str:
    entries = [catalogue.measure(name) for name in part["measures"]]
    rows = []
    for member in found:
        cells = "".join(f'<td class="number">{_cell(member.figure(e.id))}</td>' for e in entries)
        label = in_html(member.name)
        if member.figures is not None:
            link = in_html(f"{up}/{member.folder}/{period.folder}/report.html")
            label = f'<a href="{link}">{label}</a>'
        rows.append(f'<tr><th scope="row">{label}</th>{cells}</tr>')
    head = ["Authority", *(entry.title for entry in entries)]
    caption = f"{part['title']}, {period.title}"
    notes = [*NOTES, *_rounded(found)]
    return f"<h2>{in_html(part['title'])}</h2>{framed(caption, head, rows, notes)}"


def _rounded(found: list[Member]) -> list[str]:
    """Return a note that names the authorities whose policy rounds; empty where none does."""
    names = [
        member.name
        for member in found
        if member.figures is not None and member.figures["method"].str.contains(ROUNDED).any()
    ]
    return [f"Rounded counts, and figures made of rounded counts: {joined(names)}."] * bool(names)


def _cell(row: Any) -> str:
    """Return a figure as it is printed, or the symbol for why there is none."""
    if row is None or row.status == "not_available":
        return ABSENT
    if row.status != "ok":
        return HIDDEN
    places = 1 if row.unit in ("ratio", "score") else 0
    return in_html(number(float(row.value), row.unit, places))


def _funnels(found: list[Member], period: Period, record: dict) -> list[str]:
    """Return a funnel plot of each percentage that enough authorities show."""
    drawn = []
    for measure in record["funnel"]:
        rows = [(member.name, member.figure(measure)) for member in found]
        points = [
            Point(name, float(row.numerator), float(row.denominator))
            for name, row in rows
            if row is not None
            and row.status == "ok"
            and row.numerator
            and row.denominator
            and float(row.denominator) > 0
        ]
        if len(points) >= record["fewest_for_a_funnel"]:
            drawn.append(funnel_of_several(measure, points, period.title)._repr_html_())
    if drawn:
        return [
            "<h2>Each authority against its size</h2><p>Within the outer lines lie 998 in 1,000 of "
            "the authorities that have the share of all of these together, by chance alone. Who "
            "lies outside is unlike the others; why is not said.</p>",
            *drawn,
        ]
    fewest = record["fewest_for_a_funnel"]
    return [f"<p>No funnel plot: fewer than {fewest} authorities show one percentage.</p>"]


def _missing(found: list[Member], period: Period) -> str:
    """Return what is not on the page: authorities without a report, figures hidden or absent."""
    rows = []
    for member in found:
        if member.figures is None:
            rows.append(row_of(member.name, ["no committee report of this period", "", ""]))
            continue
        status = [getattr(member.figure(measure), "status", "") for measure in _measures()]
        hidden, shown = status.count("suppressed"), status.count("ok")
        rows.append(
            row_of(member.name, [str(shown), str(hidden), str(len(status) - hidden - shown)])
        )
    head = ["Authority", "Figures shown", "Not published [c]", "No figure [x]"]
    return framed(f"What is missing, {period.title}", head, rows, [])
