"""Check 4 where a total is printed beside the figures: another total explains them all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from iro_analysis.proofreading import arithmetic
from iro_analysis.proofreading.arithmetic import HALF_UP, RULES, Span
from iro_analysis.proofreading.figures import PERCENT, Document, Figure
from iro_analysis.proofreading.findings import WRONG, Finding
from iro_analysis.proofreading.shares import precise
from iro_analysis.proofreading.totals import in_words, printed_totals
from iro_analysis.wording import joined

# So many wrong figures of one total make it likelier that the total is wrong than each of them.
FEWEST = 2


def check(document: Document) -> list[Finding]:
    """Return the other total of which all percentages of a list are right, where there is one."""
    found = []
    for figures in _lists(document):
        wrong = [f for f in figures if not arithmetic.fits(f.part, f.whole, f.share)]
        if len(wrong) < FEWEST:
            continue
        pairs = [(figure.part, figure.share) for figure in figures]
        least = Span(max(count for count, _ in pairs), 10_000_000)
        for rule in RULES:
            span = arithmetic.totals_that_fit_all(pairs, rule) & least
            if span and figures[0].whole not in span:
                found.append(_explained(document, figures, wrong[0], rule, span))
                break
    return found


def _lists(document: Document) -> Iterator[list[Figure]]:
    """Return the percentages of one total: of a list, of a table's column, of a paragraph."""
    paragraphs = [
        [figure for sentence in paragraph.sentences for figure in sentence.figures]
        for paragraph in document.paragraphs
    ]
    for figures in (*paragraphs, *(table.figures for table in document.tables), document.listed):
        mine = [
            figure
            for figure in figures
            if figure.unit == PERCENT
            and figure.printed is not None
            and figure.count is not None
            and figure.total
            and figure.count <= figure.total
            and not figure.hedge
        ]
        mine.sort(key=_key)
        for _, same in groupby(mine, key=_key):
            yield list(same)


def _key(figure: Figure) -> tuple:
    return (figure.area, figure.period, figure.column, figure.total)


def _explained(
    document: Document, figures: list[Figure], first: Figure, rule: str, span: Span
) -> Finding:
    total = figures[0].whole
    other = next((f for f in printed_totals(document) if f.part in span), None)
    how = "" if rule == HALF_UP else f", {rule}"
    fitted = in_words(other) if other else _words(span)
    low = other.part if other else span.low
    return Finding(
        "explaining_total", WRONG, first.place,
        joined([figure.text for figure in figures]),
        f"All {len(figures)} percentages out of {total:,} fit {fitted}{how}.",
        "; ".join(
            f"{f.count:,} / {low:,} = "
            f"{precise(f.part, low, arithmetic.places_of(f.share))}% printed {f.share}%"
            for f in figures
        ),
        "Print the total of which they are percentages, or recalculate them out of "
        f"{total:,}: " + "; ".join(_recalculated(f) for f in figures) + ".",
        10.0,
    )  # fmt: skip


def _words(span: Span) -> str:
    if span.low == span.high:
        return f"{span.low:,}"
    return f"any total from {span.low:,} to {span.high:,}"


def _recalculated(figure: Figure) -> str:
    places = arithmetic.places_of(figure.share)
    return f"{arithmetic.rounded(figure.part, figure.whole, places)}% ({figure.part:,})"
