"""Read a file of DfE as a document to proof-read: an authority's percentages and rates."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from iro_analysis.comparators.files import PublishedFile
from iro_analysis.comparators.layouts import cells_of, exceptions
from iro_analysis.proofreading.figures import PERCENT, RATE, Document, Figure, Place, Unread

AUTHORITY = "Local authority"
_NUMBER = r"\d+(?:\.\d+)?"


def of_published(file: PublishedFile) -> Document:
    """Return the figures of the authorities in a file of DfE.

    Counts of regions and of England are rounded to 10 and their percentages are not made from
    them, so that only authorities can be checked. A known exception is listed, not checked.
    """
    table = cells_of(file)
    table = table[table["level"] == AUTHORITY].assign(line=lambda rows: rows.index + 2)
    shares = _figures(table, "percent", "total", PERCENT)
    rates = _figures(table, "rate", "population", RATE)
    figures, known = [], []
    for figure in (*shares, *rates):
        why = _known(file, figure)
        if why:
            known.append(Unread(figure.place, figure.text, f"known of DfE: {why}"))
        else:
            figures.append(figure)
    return Document(file.name, unread=tuple(known), listed=tuple(figures))


def _figures(table: pd.DataFrame, share: str, total: str, unit: str) -> list[Figure]:
    whole = table["count"].str.fullmatch(r"\d+") & table[total].str.fullmatch(r"[1-9]\d*")
    rows = table[whole & table[share].str.fullmatch(_NUMBER)]
    # "8" in a column of 15.6 and 51.2 is 8.0: the column says how precise it is.
    places = max((len(text.partition(".")[2]) for text in rows[share]), default=0)
    step = Decimal(1).scaleb(-places)
    columns = ["line", "area", "year", "group", "characteristic", "count", total, share]
    return [
        Figure(
            Place("", int(line), f"{area}, {year}"), f"{count} ({text})",
            f"{group}: {characteristic}", Decimal(text).quantize(step), unit, int(count),
            int(whole_count), area=area, period=str(year),
        )
        for line, area, year, group, characteristic, count, whole_count, text in zip(
            *(rows[column] for column in columns), strict=True
        )
    ]  # fmt: skip


def _known(file: PublishedFile, figure: Figure) -> str:
    for one in exceptions():
        same = (one["count"], one["total"]) == (figure.count, figure.total)
        if same and one["file"] in file.name and one["area"] == figure.area:
            return str(one["why"])
    return ""
