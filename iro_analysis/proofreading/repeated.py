"""Checks 6 and 7: one figure in two places, and shares that a table of codes gives."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from iro_analysis.codes import CodeList
from iro_analysis.proofreading import arithmetic, printed_tables, shares
from iro_analysis.proofreading.annotate import subject_record
from iro_analysis.proofreading.figures import OWN, PERCENT, Document, Figure, Table
from iro_analysis.proofreading.findings import WRONG, Finding


def check(document: Document) -> list[Finding]:
    """Return figures that are printed in two ways, or otherwise than a table has them."""
    return _in_two_places(document) + _from_tables(document)


def same(one: Figure, other: Figure) -> bool:
    """Return whether two printed shares can be one share at different precision."""
    places = min(arithmetic.places_of(one.share), arithmetic.places_of(other.share))
    step = Decimal(1).scaleb(-places)
    if arithmetic.places_of(one.share) == arithmetic.places_of(other.share):
        return one.printed == other.printed
    return abs(one.share - other.share) <= step / 2


def _in_two_places(document: Document) -> list[Finding]:
    by_subject: dict[tuple, list[Figure]] = {}
    for figure in document.figures:
        if figure.subject and figure.printed is not None and not figure.hedge:
            if figure.count is not None and figure.total is None:
                continue
            key = (figure.subject, figure.unit, figure.area, figure.period)
            by_subject.setdefault(key, []).append(figure)
    found = []
    for (subject, *_), figures in by_subject.items():
        for first, second in pairwise(figures):
            if first.place == second.place or same(first, second):
                continue
            if first.total and second.total and first.total != second.total:
                continue
            found.append(
                Finding(
                    "repeated", WRONG, first.place, first.text,
                    f"{_subject(subject)}: {shares.shown(first)} here and "
                    f"{shares.shown(second)} on line {second.place.line}.",
                    f"{first.printed} is not {second.printed}",
                    f"Print one of the two in both places: {shares.shown(first)} or "
                    f"{shares.shown(second)}.",
                    float(abs(first.share - second.share)),
                )
            )  # fmt: skip
    return found


def _subject(name: str) -> str:
    text = subject_record(name).get("says", name.replace("_", " "))
    return text[:1].upper() + text[1:]


def _from_tables(document: Document) -> list[Finding]:
    """Check shares named in the text against the table of codes from which they follow."""
    found = []
    for figure in document.figures:
        record = subject_record(figure.subject)
        if "groups" not in record or figure.unit != PERCENT or figure.area != OWN:
            continue
        if figure.count is not None or figure.printed is None:
            continue
        for table in document.tables:
            found += _against_codes(figure, record, table)
    return found


def _against_codes(figure: Figure, record: dict, table: Table) -> list[Finding]:
    codes = CodeList(record["code_list"])
    counts = {
        code: count
        for label, count in printed_tables.counts_by_row(table).items()
        for code in codes.known()
        if label.split()[:1] == [code]
    }
    if set(counts) != set(codes.known()):
        return []
    of_all = sum(counts.values())
    left_out = sum(counts[code] for code in codes.where("group", *record["left_out_of_total"]))
    part = sum(counts[code] for code in codes.where("group", *record["groups"]))
    totals = {of_all: "all", of_all - left_out: "those who could"}
    hedged = figure if figure.hedge else None
    for total in totals:
        if arithmetic.fits(part, total, figure.share) or (
            hedged and shares.allowed(figure, part, total)
        ):
            return []
    rows = " + ".join(str(counts[c]) for c in sorted(codes.where("group", *record["groups"])))
    answers = [f"{arithmetic.rounded(part, total, 1)}% ({part:,} of {total:,})" for total in totals]
    return [
        Finding(
            "named_sum", WRONG, figure.place, f"{figure.hedge} {figure.text}".strip(),
            f"By the table on line {table.place.line}, {record['says']} are {answers[0]}; without "
            f"those under the age limit {answers[1]}. Neither is {figure.hedge} "
            f"{figure.text}.".replace("  ", " "),
            f"{rows} = {part}; {part} / {of_all} and {part} / {of_all - left_out}",
            f"{answers[0]}, or {answers[1]} without those under the age limit.",
            float(min(abs(arithmetic.rounded(part, t, 1) - figure.share) for t in totals)),
        )
    ]  # fmt: skip
