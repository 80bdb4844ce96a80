"""Save a chart as a picture that can stand alone: heading, description, source and licence."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iro_analysis.catalogue import PERIOD
from iro_analysis.charts import Chart
from iro_analysis.contracts import ALL
from iro_analysis.errors import OutputError, ParameterError
from iro_analysis.study import Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = (".png", ".svg")
RESOLUTION = 200  # dots per inch: sharp in print
_LETTERS_PER_INCH = 12
_HEADING, _SMALL = 9, 7  # points
_LINE, _MARGIN = 0.17, 0.3  # inches


def write_chart(chart: Chart, path: Path, source: Sequence[str], mark: str = "") -> None:
    """Write a chart as PNG or SVG, with its heading above and its source below.

    Parameters
    ----------
    chart : Chart
    path : Path
        Its ending tells the kind: ``.png`` or ``.svg``.
    source : sequence of str
        Where the figures come from, one sentence each.
    mark : str, optional
        A protective marking, shown first.

    Raises
    ------
    ParameterError
        If the ending is of another kind.
    OutputError
        If the file cannot be written.
    """
    import matplotlib as mpl

    kind = path.suffix.lower()
    if kind not in KINDS:
        raise ParameterError(f"{path.name}: expected a file ending in {' or '.join(KINDS)}")
    drawing = chart.drawing
    width = int(drawing.get_figwidth() * _LETTERS_PER_INCH)
    heading = textwrap.wrap(chart.title, width) + textwrap.wrap(chart.caption, width)
    above = [*([mark] if mark else []), *heading]
    below = [line for sentence in source for line in textwrap.wrap(sentence, width + width // 3)]
    _add_room(drawing, _LINE * len(above) + _MARGIN, _LINE * len(below) + _MARGIN / 2)
    drawing.text(0.01, 0.995, "\n".join(above), ha="left", va="top", size=_HEADING, weight="bold")
    drawing.text(0.01, 0.005, "\n".join(below), ha="left", va="bottom", size=_SMALL)
    words = {"Title": chart.title, "Description": chart.description}
    said = {**words, "Date": None, "Creator": None} if kind == ".svg" else words
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "iro"}):
            drawing.savefig(path, format=kind[1:], dpi=RESOLUTION, metadata=said)
    except OSError as problem:
        raise OutputError(f"{path}: cannot be written ({problem.strerror})") from None


def _add_room(drawing: Figure, above: float, below: float) -> None:
    """Make a drawing taller by room above and below its axes; sizes in inches."""
    before = drawing.get_figheight()
    after = before + above + below
    engine = drawing.get_layout_engine()
    if engine is not None:  # settle where the axes stand before the drawing grows
        engine.execute(drawing)
        drawing.set_layout_engine("none")
    places = [axes.get_position() for axes in drawing.axes]
    drawing.set_figheight(after)
    for axes, place in zip(drawing.axes, places, strict=True):
        bottom = (place.y0 * before + below) / after
        axes.set_position((place.x0, bottom, place.width, place.height * before / after))


def source_of(study: Study, measure: str, breakdown: str, chart: Chart) -> list[str]:
    """Return where a chart's figures come from: the authority's data, the areas it draws, licence.

    Parameters
    ----------
    study : Study
    measure, breakdown : str
    chart : Chart
        Its description names the areas that it draws.
    """
    lines = [
        f"Source: {study.authority.name}, SSDA903 return and local lists, {study.period.title}."
    ]
    of_the_whole = ALL if breakdown == PERIOD else breakdown
    held = dict.fromkeys(str(area) for area in study.comparators(measure, of_the_whole)["area"])
    drawn = [area for area in held if area in chart.description]
    if drawn:
        lines.append(
            f"Other areas ({', '.join(drawn)}): Department for Education and Office for National "
            "Statistics, Crown copyright, Open Government Licence v3.0."
        )
    if study.authority.synthetic:
        lines.append("Demonstration data: no real child.")
    return lines
