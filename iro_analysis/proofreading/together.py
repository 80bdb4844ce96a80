"""Check 11: shares of one total, each possible by itself, that cannot all be."""

from __future__ import annotations

from decimal import Decimal

from iro_analysis.proofreading import arithmetic, words
from iro_analysis.proofreading.figures import COUNT, OWN, PERCENT, Document, Figure, Sentence
from iro_analysis.proofreading.findings import LOOK, WRONG, Finding
from iro_analysis.wording import joined

HUNDRED = 100


def check(document: Document) -> list[Finding]:
    """Return shares that would be parts of one total, and whose counts do not make it."""
    return [found for sentence in document.sentences for found in _of_one_total(sentence)]


def _of_one_total(sentence: Sentence) -> list[Finding]:
    shares = [f for f in sentence.figures if f.unit == PERCENT and f.area == OWN]
    total = _total(sentence, shares)
    if total is None or any(f.hedge or f.count is not None for f in shares):
        return []
    parts = [figure.share for figure in shares]
    rest = len(shares) == 2 and _is_the_rest(sentence, shares[1])
    counts = [arithmetic.counts_that_fit(total, part) for part in parts]
    if arithmetic.whole_counts_can_sum_to(parts, total):
        return []
    if not rest and not arithmetic.can_sum_to(parts, Decimal(HUNDRED)):
        return []  # of several things, perhaps, and no parts of one
    names = joined([figure.text for figure in shares])
    counts_in_words = [f"{f.text} is {_in_words(n)}" for f, n in zip(shares, counts, strict=True)]
    if not all(counts):
        return [
            Finding(
                "together", LOOK, sentence.place, names,
                f"{names} cannot be shares of {total:,}: "
                f"{joined([f.text for f, n in zip(shares, counts, strict=True) if not n])} is no "
                "whole number of it.",
                f"of {total:,}: {'; '.join(counts_in_words)}",
                "Work the percentages out again from their counts.", 1.0,
            )
        ]  # fmt: skip
    least, most = sum(n[0] for n in counts), sum(n[-1] for n in counts)
    added = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return [
        Finding(
            "together", WRONG if rest else LOOK, sentence.place, names,
            f"{names} cannot {'both' if len(shares) == 2 else 'all'} be shares of {total:,}: "
            f"their counts add up to {added}.",
            f"of {total:,}: {'; '.join(counts_in_words)}",
            "Work the percentages out again from their counts.",
            float(min(abs(least - total), abs(most - total))),
        )
    ]  # fmt: skip


def _total(sentence: Sentence, shares: list[Figure]) -> int | None:
    """Return the one total that the shares of a sentence have; None where that is not clear."""
    if len(shares) < 2:
        return None
    given = {figure.total for figure in shares}
    if len(given) == 1 and None not in given:
        return given.pop()
    counts = [f for f in sentence.figures if f.unit == COUNT and f.count]
    if given != {None} or len(counts) != 1 or counts[0].at > shares[0].at:
        return None
    lead = sentence.text[: counts[0].at].rstrip()
    of_it = words.any_of("together", "of_a_total").finditer(lead)
    return counts[0].count if any(word.end() == len(lead) for word in of_it) else None


def _is_the_rest(sentence: Sentence, figure: Figure) -> bool:
    """Whether the words behind a share deny what stands before it: "and 67% were not"."""
    tail = sentence.text[figure.at + len(figure.text) :]
    return bool(words.any_of("together", "denied").match(tail.lstrip(" ,(")))


def _in_words(counts: list[int]) -> str:
    if not counts:
        return "no whole number"
    return f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
