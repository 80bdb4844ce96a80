"""Write every figure of a report as an accessible workbook, ``figures.xlsx``."""

from __future__ import annotations

import math
from pathlib import Path

from iro_analysis import catalogue, codes
from iro_analysis.catalogue import PERIOD, Measure
from iro_analysis.contracts import ALL, FigureRow
from iro_analysis.exports import sheets
from iro_analysis.exports.sheets import Number
from iro_analysis.periods import single
from iro_analysis.study import Study
from iro_analysis.tables import group_label

# Unit -> how it is called, the number format of its values.
_UNITS = {
    "children": ("Children", "#,##0"),
    "reviews": ("Reviews", "#,##0"),
    "count": ("Number", "#,##0"),
    "percent": ("Percentage", "0.0"),
    "per_10000": ("Per 10,000 children", "0.0"),
    "ratio": ("Ratio", "0.00"),
    "days": ("Days", "0"),
    "score": ("Score", "0.0"),
    "months": ("Months", "0.0"),
    "probability": ("Probability (0 to 1)", "0.000"),
}
_WHOLE, _PART = "#,##0", "#,##0.0"
_COLUMNS = (
    "Measure",
    "Broken down by",
    "Group",
    "Period",
    "Numerator",
    "Denominator",
    "Value",
    "Range from",
    "Range to",
    "Unit",
    "Note",
)
_COMPARATOR_COLUMNS = ("Measure", "Broken down by", "Group", "Area", "Value", "Unit", "Release")
_DEFINITION_COLUMNS = ("Measure", "Counted", "Out of", "Source", "Over time", "Name in figures.csv")
_SYMBOLS = (
    "[c] = not published, because the number is small or would reveal a small number. "
    "[x] = not available. [z] = does not apply."
)
_ONE_TABLE = "This sheet contains one table."
NOTES = (
    "Numbers are given in full and shown rounded. Change the number format to see more places.",
    _SYMBOLS,
    "Range from and Range to are the limits of a 95% confidence interval: how far a figure could "
    "lie from the underlying level by chance alone. A complete count is exact; its range is about "
    "the underlying rate.",
    "Numerator and denominator are the counts behind a percentage, rate or ratio. A count by group "
    "has the total of its groups as its denominator.",
    "The same figures, with the method of each, are in figures.csv.",
    "Figures of other areas: Department for Education and Office for National Statistics, Crown "
    "copyright, Open Government Licence v3.0.",
)


def write_figures_workbook(study: Study, path: Path) -> None:
    """Write every figure of a report, its comparators and definitions as a workbook.

    Parameters
    ----------
    study : Study
        Only released figures are written: what the gate hides shows as ``[c]``.
    path : Path
        The file to write, ``figures.xlsx``.
    """
    title = f"{study.authority.name}: figures of the reviewing service's report"
    book = sheets.new_workbook(title, study.period.title)
    cover = sheets.add_text_sheet(book, "Cover", _cover(study), title)
    contents = sheets.add_text_sheet(book, "Contents", ["This sheet lists the other sheets."])
    listed = [sheets.add_text_sheet(book, "Notes", NOTES)]
    for section, measures in catalogue.sections().items():
        rows = [row for measure in measures for row in _figure_rows(study, measure)]
        if rows:
            notes = (_ONE_TABLE, _SYMBOLS, f"{study.authority.name}, {study.period.title}.")
            listed.append(sheets.add_table_sheet(book, section, _COLUMNS, rows, notes))
    listed.append(
        sheets.add_table_sheet(
            book,
            "Other areas",
            _COMPARATOR_COLUMNS,
            _comparator_rows(study),
            (_ONE_TABLE, "Published figures of other areas for the same period.", _SYMBOLS),
        )
    )
    listed.append(
        sheets.add_table_sheet(
            book,
            "Definitions",
            _DEFINITION_COLUMNS,
            [_definition(measure) for measure in catalogue.measures().values()],
            (_ONE_TABLE, _SYMBOLS),
        )
    )
    for number, sheet in enumerate((cover, *listed), start=3):
        sheets.add_link(contents, number, 1, sheet, str(sheet["A1"].value))
    sheets.save(book, path)


def _cover(study: Study) -> list[str]:
    internal = study.audience == "internal"
    lines = [
        f"Period: {study.period.title}.",
        "OFFICIAL-SENSITIVE: contains small numbers, not for publication."
        if internal
        else "Small numbers are not published; see Notes.",
        *(f"{part.strip().rstrip('.')}." for part in study.provenance().text.split(". ")),
        "Licence: figures of other areas are Crown copyright, Open Government Licence v3.0.",
    ]
    if study.authority.synthetic:
        lines.insert(1, "Demonstration data: no real child is in it.")
    return lines


def _figure_rows(study: Study, measure: Measure) -> list[list[object]]:
    """Return the rows of one measure, its breakdowns and groups in the order of the report."""
    return [
        _figure_row(study, measure, row)
        for breakdown in measure.breakdowns
        for row in study.published(measure.id, breakdown).figures.itertuples(index=False)
    ]


def _figure_row(study: Study, measure: Measure, row: FigureRow) -> list[object]:
    over_time = row.breakdown == PERIOD
    words, form = _UNITS[row.unit]
    period = single(row.group).title if over_time else study.period.title
    return [
        measure.title,
        "All" if row.breakdown in (ALL, PERIOD) else _breakdown_title(row.breakdown),
        "All"
        if over_time or row.group == ALL
        else group_label(row.measure, row.breakdown, row.group),
        period,
        *(_cell(row, value, _WHOLE) for value in (row.numerator, row.denominator)),
        *(_cell(row, value, form) for value in (row.value, row.lower, row.upper)),
        words,
        row.note,
    ]


def _cell(row: FigureRow, value: float, form: str) -> object:
    if row.status == "suppressed":
        return sheets.HIDDEN
    if row.status == "not_available":
        return sheets.NOT_AVAILABLE
    if value is None or math.isnan(value):
        return None
    return Number(value, _PART if form == _WHOLE and value != int(value) else form)


def _breakdown_title(name: str) -> str:
    return codes.record("breakdowns")[name]["title"]


def _comparator_rows(study: Study) -> list[list[object]]:
    rows: list[list[object]] = []
    for measure in catalogue.measures().values():
        for breakdown in measure.breakdowns:
            if breakdown == PERIOD:
                continue
            held = study.comparators(measure.id, breakdown)
            rows += [
                [
                    measure.title,
                    "All" if breakdown == ALL else _breakdown_title(breakdown),
                    "All" if each.group == ALL else group_label(measure.id, breakdown, each.group),
                    each.area,
                    Number(float(each.value), _UNITS[each.unit][1]),
                    _UNITS[each.unit][0],
                    each.release,
                ]
                for each in held.itertuples(index=False)
            ]
    return rows


def _definition(measure: Measure) -> list[object]:
    return [
        measure.title,
        measure.numerator,
        measure.denominator,
        measure.source,
        measure.since or "Comparable throughout",
        measure.id,
    ]
