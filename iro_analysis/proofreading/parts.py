"""Checks 3 and 7: parts that do not make their whole, and sums that the text names."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations, pairwise
from typing import TypeVar

from iro_analysis.proofreading import arithmetic, printed_tables, words
from iro_analysis.proofreading.figures import (
    OWN,
    PERCENT,
    Document,
    Figure,
    Paragraph,
    Row,
    Sentence,
    Table,
)
from iro_analysis.proofreading.findings import LOOK, WRONG, Finding
from iro_analysis.proofreading.phrases import number
from iro_analysis.wording import joined

HUNDRED = Decimal(100)
# A list of percentages is taken for parts of a whole where its sum is at most so far from 100.
LIKELY_WHOLE = 5
GAP_IN_A_LIST = 45
MOST_PARTS = 10
_Number = TypeVar("_Number", int, Decimal)  # counts, or percentages


def check(document: Document) -> list[Finding]:
    """Return parts and sums that do not agree."""
    found = []
    for table in document.tables:
        found += _column_sums(table)
    for paragraph in document.paragraphs:
        for sentence in paragraph.sentences:
            found += _complements(sentence) or _lists(sentence)
        found += _broken_down(paragraph) + _sums_of_before(paragraph) + _the_rest(paragraph)
    return found


def _own_shares(sentence: Sentence) -> list[Figure]:
    return [f for f in sentence.figures if f.unit == PERCENT and f.area == OWN]


def _column_sums(table: Table) -> list[Finding]:
    """Return columns of a table whose rows do not add up to its total row."""
    totals = [row for row in table.rows if printed_tables.is_total(row.label)]
    if printed_tables.has_gaps(table) or len(table.rows) < 3 or len(totals) > 1:
        return []
    found = []
    for column in printed_tables.columns_of(table, "count"):
        whole = [n for row, n in column if row in totals]
        parts = [n for row, n in column if row not in totals and not printed_tables.is_part(row)]
        if whole and len(column) == len(table.rows) and sum(parts) != whole[0]:
            found.append(
                Finding(
                    "parts", WRONG, table.place, f"{totals[0].label} {whole[0]}",
                    f"The rows add up to {sum(parts):,}, the total row says {whole[0]:,}.",
                    f"{' + '.join(map(str, parts))} = {sum(parts)}",
                    f"Print {sum(parts):,} as the total, or correct the row that is wrong.",
                    float(abs(sum(parts) - whole[0])),
                )
            )  # fmt: skip
    for column in printed_tables.columns_of(table, "share"):
        found += _shares_of_a_column(table, column, totals)
    return found


def _shares_of_a_column(
    table: Table, column: list[tuple[Row, Decimal]], totals: list[Row]
) -> list[Finding]:
    whole = next((n for row, n in column if row in totals), HUNDRED)
    parts = [n for row, n in column if row not in totals and not printed_tables.is_part(row)]
    likely = abs(sum(parts) - whole) <= LIKELY_WHOLE
    if len(parts) < 3 or not (likely or totals) or arithmetic.can_sum_to(parts, whole):
        return []
    if totals and not likely:
        return []
    return [
        Finding(
            "parts", WRONG if totals else LOOK, table.place, table.caption or "the column",
            f"The percentages add up to {sum(parts)}%, which rounding does not explain.",
            f"{' + '.join(map(str, parts))} = {sum(parts)}",
            "Recalculate the percentages from their counts.", float(abs(sum(parts) - whole)),
        )
    ]  # fmt: skip


def _complements(sentence: Sentence) -> list[Finding]:
    """Return two shares that make a whole by their names ("males", "females") and do not."""
    shares = _own_shares(sentence)
    for one, other in words.section("complements")["pairs"]:
        mine = [_named(sentence.text, figure, shares, one) for figure in shares]
        theirs = [_named(sentence.text, figure, shares, other) for figure in shares]
        first = next((f for f, yes in zip(shares, mine, strict=True) if yes), None)
        second = next((f for f, yes in zip(shares, theirs, strict=True) if yes), None)
        if first is None or second is None or first is second:
            continue
        if arithmetic.can_sum_to([first.share, second.share], HUNDRED):
            return []
        total = first.share + second.share
        return [
            Finding(
                "parts", WRONG, sentence.place, f"{first.text} and {second.text}",
                f"{first.text} and {second.text} are two parts of a whole and add up to {total}%.",
                f"{first.printed} + {second.printed} = {total}",
                "Recalculate the two percentages from their counts.", float(abs(total - 100)),
            )
        ]  # fmt: skip
    return []


def _named(text: str, figure: Figure, shares: list[Figure], word: str) -> bool:
    later = [other.at for other in shares if other.at > figure.at]
    tail = text[figure.at + len(figure.text) : min(later, default=len(text))]
    return bool(re.search(rf"\b{word}\b", tail[:60], words.FLAGS))


def _lists(sentence: Sentence) -> list[Finding]:
    """Return a list of percentages that should make a whole and do not."""
    shares = _own_shares(sentence)
    if len(shares) < 3 or any(f.hedge or f.count is not None for f in shares):
        return []
    for before, after in pairwise(shares):
        between = sentence.text[before.at + len(before.text) : after.at]
        compared = words.any_of("direction", "compared").search(between)
        if len(between) > GAP_IN_A_LIST or compared or re.search(r"\b(?:from|to)\s*$", between):
            return []
    parts = [figure.share for figure in shares]
    total = sum(parts, Decimal(0))
    if abs(total - 100) > LIKELY_WHOLE or arithmetic.can_sum_to(parts, HUNDRED):
        return []
    return [
        Finding(
            "parts", LOOK, sentence.place, joined([figure.text for figure in shares]),
            f"The {len(parts)} percentages add up to {total}%, which rounding does not "
            "explain.",
            f"{' + '.join(map(str, parts))} = {total}",
            "Recalculate the percentages, or say what is left out.", float(abs(total - 100)),
        )
    ]  # fmt: skip


def _broken_down(paragraph: Paragraph) -> list[Finding]:
    """Return "95 forms ... breaks down into 51, 31 and 13" where it does not."""
    found = []
    for index, sentence in enumerate(paragraph.sentences):
        word = words.any_of("sums", "parts_follow").search(sentence.text)
        if not word:
            continue
        parts = [f.count for f in sentence.figures if f.count is not None and f.at > word.end()]
        ahead = [f.count for f in sentence.figures if f.count is not None and f.at < word.start()]
        before = paragraph.sentences[index - 1].figures if index else ()
        ahead = ahead or [f.count for f in before if f.count is not None]
        if len(parts) > 1 and ahead and sum(parts) != ahead[-1]:
            found.append(_wrong_sum(sentence, parts, ahead[-1], ""))
    return found


def _wrong_sum(sentence: Sentence, parts: list[_Number], whole: _Number, sign: str) -> Finding:
    total = sum(parts)
    return Finding(
        "named_sum", WRONG, sentence.place, sentence.text[:120],
        f"The parts add up to {total:,}{sign}, the text says {whole:,}{sign}.",
        f"{' + '.join(f'{part:,}' for part in parts)} = {total:,}",
        f"Print {total:,}{sign}, or correct the part that is wrong.", float(abs(total - whole)),
    )  # fmt: skip


def _sums_of_before(paragraph: Paragraph) -> list[Finding]:
    """Return "In total, 40%" that no choice of the percentages before it gives."""
    found: list[Finding] = []
    before: list[Figure] = []
    for sentence in paragraph.sentences:
        shares = [
            f for f in sentence.figures if f.unit == PERCENT and f.area == OWN and not f.hedge
        ]
        word = words.any_of("sums", "sum_of_before").match(sentence.text.lstrip("-•* "))
        if word and shares and len(before) > 1:
            whole = shares[0]
            parts = [figure.share for figure in before[-MOST_PARTS:]]
            if not _some_sum(parts, whole.share):
                found.append(
                    Finding(
                        "named_sum", LOOK, sentence.place, sentence.text[:120],
                        f"{whole.text} is not the sum of any of the percentages before it.",
                        f"before it: {joined([figure.text for figure in before])}",
                        "Say which parts make it up, or correct it.", 1.0,
                    )
                )  # fmt: skip
        before = shares or before
    return found


def _some_sum(parts: list[Decimal], whole: Decimal) -> bool:
    return any(
        arithmetic.can_sum_to(chosen, whole)
        for size in range(1, len(parts) + 1)
        for chosen in combinations(parts, size)
    )


def _the_rest(paragraph: Paragraph) -> list[Finding]:
    """Return "Of the 10 families ... 5, 2 and 1. The other two ..." that do not make ten."""
    found, whole = [], None
    parts: list[int] = []
    for sentence in paragraph.sentences:
        start = re.match(r"\W*Of the (\d+)\b", sentence.text)
        if start:
            whole, parts = int(start[1]), []
        if whole is None:
            continue
        matches = [
            re.search(rf"\b{p}", sentence.text, words.FLAGS) for p in words.section("sums")["rest"]
        ]
        rest = next((match["rest"] for match in matches if match), None)
        counts = [f.count for f in sentence.figures if f.count is not None]
        if start:
            counts = counts[1:]
        parts += counts
        if rest is None:
            continue
        left = words.section("number_words").get(rest.lower()) or (
            int(number(rest)) if rest.isdigit() else None
        )
        if left is not None and len(parts) > 1:
            parts = parts if left in parts else [*parts, left]
            if sum(parts) != whole:
                found.append(_wrong_sum(sentence, parts, whole, ""))
        whole = None
    return found
