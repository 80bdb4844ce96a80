"""Checks 1, 3 and 4 where no total is printed beside the figures: which one was used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from iro_analysis.periods import in_words as day_in_words
from iro_analysis.proofreading import arithmetic, printed_tables, words
from iro_analysis.proofreading.arithmetic import HALF_UP, RULES, Span
from iro_analysis.proofreading.figures import OWN, PERCENT, Document, Figure, Place
from iro_analysis.proofreading.findings import LOOK, WRONG, Finding
from iro_analysis.proofreading.shares import precise, reworded, shown
from iro_analysis.wording import joined

# A list of counts is taken for the whole of a total where it reaches so much of it.
NEARLY_ALL = 0.9
NEAR_MISS = 0.01
_OF_THESE = re.compile(r"^\W*(?:Of|Among) (?:these|those)\b", re.IGNORECASE)
_DATED = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Group:
    """Counts with percentages of one paragraph or table column, their total not printed there."""

    place: Place
    figures: tuple[Figure, ...]
    wholes: tuple[Figure, ...] = ()
    one_list: bool = False
    gaps: bool = False

    @property
    def sum(self) -> int:
        """The counts together."""
        return sum(figure.part for figure in self.figures)

    @property
    def pairs(self) -> list[tuple[int, Decimal]]:
        """Every count and percentage, those of named wholes with them."""
        return [(figure.part, figure.share) for figure in (*self.figures, *self.wholes)]


def check(document: Document) -> list[Finding]:
    """Return what is wrong with percentages whose total stands elsewhere or nowhere."""
    printed = printed_totals(document)
    found: list[Finding] = []
    unexplained: dict[Figure, list[tuple[Group, list[Figure]]]] = {}
    for group in groups(document):
        total = _known_total(group, printed)
        if total is None:
            found += _no_total_fits(group)
            continue
        wrong = [
            figure
            for figure in (*group.figures, *group.wholes)
            if not arithmetic.fits(figure.part, total.part, figure.share)
        ]
        if wrong:
            # Where the shares are right, a list that leaves out a small group is a choice.
            found += _short_of(group, total)
            unexplained.setdefault(total, []).append((group, wrong))
    for total, parts in unexplained.items():
        found += _explained(total, parts, printed)
    return found


def printed_totals(document: Document) -> list[Figure]:
    """Return the bare counts of a report, the dated ones first, the latest date foremost."""
    bare = [f for f in document.figures if f.printed is None and f.count and f.area == OWN]
    dated = [f for f in bare if _has_month(f)]
    dated.sort(key=lambda figure: figure.period, reverse=True)
    return [*dated, *(f for f in bare if f not in dated)]


def _has_month(figure: Figure) -> bool:
    """Whether a figure is dated by its month; 2011-12 in a table's head or caption is a year."""
    return not figure.place.cell and _DATED.fullmatch(figure.period) is not None


def dated_totals(document: Document) -> list[Figure]:
    """Return the printed numbers of children looked after with their month, latest first."""
    return _series(printed_totals(document))


def _series(printed: list[Figure]) -> list[Figure]:
    """Return the dated numbers of children that are of one kind: none under half the largest."""
    dated = [f for f in printed if _has_month(f) and _of_children(f)]
    largest = max((f.part for f in dated), default=0)
    return [f for f in dated if 2 * f.part >= largest]


def groups(document: Document) -> list[Group]:
    """Return the lists of counts with percentages that print no total beside them."""
    found = []
    for paragraph in document.paragraphs:
        figures, wholes = [], []
        for index, sentence in enumerate(paragraph.sentences):
            mine = [f for f in sentence.figures if _pair(f)]
            figures += mine
            before = paragraph.sentences[index - 1].figures if index else ()
            if mine and before and _OF_THESE.match(sentence.text):
                whole = before[-1]
                if whole.count is None and whole.unit == PERCENT and not whole.hedge:
                    wholes.append(replace(whole, count=sum(f.part for f in mine)))
        if figures:
            one = len({f.place for f in figures}) == 1 and len(paragraph.sentences) == 1
            found.append(Group(paragraph.place, tuple(figures), tuple(wholes), one))
    for table in document.tables:
        columns: dict[str, list[Figure]] = {}
        for figure in table.figures:
            if _pair(figure):
                columns.setdefault(figure.column, []).append(figure)
        for figures in columns.values():
            kept = tuple(f for f in figures if not printed_tables.is_total(f.label))
            if kept:
                found.append(Group(kept[0].place, kept, (), True, printed_tables.has_gaps(table)))
    return found


def _pair(figure: Figure) -> bool:
    return (
        figure.unit == PERCENT
        and figure.printed is not None
        and figure.count is not None
        and figure.total is None
        and figure.area == OWN
        and not figure.hedge
    )


def _known_total(group: Group, printed: list[Figure]) -> Figure | None:
    """Return the total that a list should be out of.

    The report's own latest dated number where the list reaches nearly all of it; else a printed
    number that the counts add up to; else their sum: both only of a whole list, in which no count
    is hidden.
    """
    series = _series(printed)
    for total in [f for f in series if f.period == series[0].period]:
        if NEARLY_ALL * total.part <= group.sum <= total.part:
            return total
    if len(group.figures) < 3 or group.gaps:
        return None
    for total in printed:
        if total.count == group.sum:
            return total
    shares = [figure.share for figure in group.figures]
    if group.one_list and arithmetic.can_sum_to(shares, Decimal(100)):
        return replace(group.figures[0], count=group.sum, printed=None, text="their sum")
    return None


def in_words(total: Figure) -> str:
    """Return a printed total with its date and place: ``348 (March 2019, line 247)``."""
    said = [f"line {total.place.line}"]
    if _has_month(total):
        year, month = map(int, total.period.split("-"))
        said.insert(0, day_in_words(date(year, month, 1)).split(" ", 1)[1])
    return f"{total.count:,} ({', '.join(said)})" if total.text != "their sum" else (
        f"{total.count:,}, the sum of the counts"
    )  # fmt: skip


def _explained(
    total: Figure, parts: Sequence[tuple[Group, list[Figure]]], printed: list[Figure]
) -> list[Finding]:
    """Return one finding per figure, and one on the total that explains them all."""
    found = []
    for _, wrong in parts:
        for figure in wrong:
            right = arithmetic.rounded(figure.part, total.part, arithmetic.places_of(figure.share))
            exact = precise(figure.part, total.part, arithmetic.places_of(figure.share))
            found.append(
                Finding(
                    "share", WRONG, figure.place, figure.text,
                    f"{figure.count:,} of {in_words(total)} is {right}%, not {shown(figure)}.",
                    f"{figure.count:,} / {total.count:,} = {exact}%",
                    f"{right}% ({figure.count:,} of {total.count:,}){reworded(figure, right)}",
                    float(abs(figure.share - right)),
                )
            )  # fmt: skip
    pairs = [pair for group, _ in parts for pair in group.pairs]
    for rule in RULES:
        span = arithmetic.totals_that_fit_all(pairs, rule)
        other = next((f for f in printed if f.part in span and f.part != total.part), None)
        if span and other is not None:
            found.append(_explanation(total, parts, pairs, rule, span, other))
            return found
    for group, _ in parts:
        span = arithmetic.totals_that_fit_all(group.pairs)
        if span and len(group.pairs) > 1:
            found.append(_explanation(total, [(group, [])], group.pairs, HALF_UP, span, None))
    return found


def _explanation(
    total: Figure,
    parts: Sequence[tuple[Group, list[Figure]]],
    pairs: Sequence[tuple[int, Decimal]],
    rule: str,
    span: Span,
    other: Figure | None,
) -> Finding:
    how = "" if rule == HALF_UP else f", {rule}"
    if other is not None:
        earlier = _has_month(other) and other.period < total.period
        old = ", an earlier number" if earlier else ""
        fitted = f"{in_words(other)}{how}{old}"
    else:
        fitted = f"{_span(span)}{how}, which is printed nowhere"
    sums = "; ".join(
        f"{count:,} / {(other.count if other else span.low):,} = "
        f"{precise(count, other.part if other else span.low, arithmetic.places_of(share))}% "
        f"printed {share}%"
        for count, share in pairs
    )
    lines = joined([str(line) for line in sorted({group.place.line for group, _ in parts})])
    return Finding(
        "explaining_total", WRONG, parts[0][0].place,
        joined([f"{share}%" for _, share in pairs]),
        f"All {len(pairs)} percentages of line {lines} fit {fitted}; "
        f"the total of these counts is {in_words(total)}.",
        sums,
        "Recalculate the percentages: "
        + "; ".join(f"{arithmetic.rounded(count, total.part, 0)}% ({count:,})"
                    for count, _ in pairs) + f"; each out of {total.count:,}.",
        10.0,
    )  # fmt: skip


def _span(span: Span) -> str:
    return f"{span.low:,}" if span.low == span.high else f"{span.low:,} to {span.high:,}"


def _short_of(group: Group, total: Figure) -> list[Finding]:
    """Return a list that misses its total by a few: one child is nowhere."""
    missing = total.part - group.sum
    counts = [f"{figure.count:,}" for figure in group.figures]
    shares = [figure.share for figure in group.figures]
    if not 0 < missing <= max(1, NEAR_MISS * total.part) or len(counts) < 3 or group.gaps:
        return []
    return [
        Finding(
            "parts", LOOK, group.place, joined([figure.text for figure in group.figures]),
            f"The {len(counts)} counts add up to {group.sum:,}, {missing:,} short of "
            f"{in_words(total)}; their percentages add up to {sum(shares)}%.",
            f"{' + '.join(counts)} = {group.sum:,}",
            f"Say where the other {missing:,} of the {total.count:,} are.", float(missing),
        )
    ]  # fmt: skip


def _no_total_fits(group: Group) -> list[Finding]:
    """Return a list of which no one total gives every percentage, with those that stand out."""
    pairs = group.pairs
    if not group.one_list or len(pairs) < 2:
        return []
    least = max(count for count, _ in pairs)
    for rule in RULES:
        span = arithmetic.totals_that_fit_all(pairs, rule) & Span(least, 10_000_000)
        if span:
            return [] if rule == HALF_UP else [_other_rule(group, rule, span)]
    best, out = _best_total(group)
    if len(pairs) - len(out) < 2 or len(out) * 2 >= len(pairs):
        return [_no_common(group)]
    return [
        Finding(
            "share", WRONG, figure.place, figure.text,
            f"{figure.count:,} cannot be {shown(figure)} beside the others: they fit a total of "
            f"{_span(best)}, it does not.",
            f"{figure.count:,} / {best.low:,} = "
            f"{precise(figure.part, best.low, arithmetic.places_of(figure.share))}%",
            f"{arithmetic.rounded(figure.part, best.low, arithmetic.places_of(figure.share))}% "
            f"({figure.count:,} of {best.low:,})",
            5.0,
        )
        for figure in out
    ]  # fmt: skip


def _best_total(group: Group) -> tuple[Span, list[Figure]]:
    """Return the totals that fit most of a list, and the figures that they do not fit."""
    spans = [arithmetic.totals_that_fit(f.part, f.share) for f in group.figures]
    edges = {span.low for span in spans if span}
    best = Span(1, 0)
    kept: list[Span] = []
    for edge in sorted(edges):
        holding = [span for span in spans if span and edge in span]
        if len(holding) > len(kept):
            kept, best = holding, Span(edge, min(span.high for span in holding))
    out = [
        figure
        for figure, span in zip(group.figures, spans, strict=True)
        if not span or best.low not in span
    ]
    return best, out


def _other_rule(group: Group, rule: str, span: Span) -> Finding:
    return Finding(
        "share", LOOK, group.place, joined([figure.text for figure in group.figures]),
        f"No total gives these percentages half up, as DfE rounds; {_span(span)} does {rule}.",
        "; ".join(f"{f.part:,} / {span.low:,} = {precise(f.part, span.low, 0)}%"
                  for f in group.figures),
        "Round half up, and print the total.", 1.0,
    )  # fmt: skip


def _no_common(group: Group) -> Finding:
    ranges = [
        f"{f.text} needs a total of {_span(arithmetic.totals_that_fit(f.part, f.share))}"
        for f in group.figures
    ]
    return Finding(
        "explaining_total", LOOK, group.place, joined([f.text for f in group.figures]),
        "No one total fits all of these percentages.", "; ".join(ranges),
        "Print the total of each percentage.", 1.0,
    )  # fmt: skip


def _of_children(figure: Figure) -> bool:
    """Return whether a count is of children, or of whatever stood before it ("to 328 in ...")."""
    names = "|".join(words.section("counted")["same_children"])
    if re.search(rf"\b(?:{names})\b", figure.text, words.FLAGS):
        return True
    return not words.noun().search(figure.text)
