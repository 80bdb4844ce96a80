"""Checks 1 and 2 of a share against its count and total; helpers that the other checks use."""

from __future__ import annotations

from decimal import Decimal

from iro_analysis.proofreading import arithmetic, words
from iro_analysis.proofreading.arithmetic import HALF_UP, SCALE
from iro_analysis.proofreading.figures import COUNT, PERCENT, Document, Figure
from iro_analysis.proofreading.findings import LOOK, WRONG, Finding

SIGN = {PERCENT: "%", "per_10000": " per 10,000"}


def check(document: Document) -> list[Finding]:
    """Return what is wrong with single figures whose total is known."""
    found = []
    for figure in document.figures:
        if figure.unit == COUNT or figure.printed is None:
            found += _too_many(figure)
        elif figure.count is not None and figure.total:
            found += _too_many(figure) or _share(figure, document)
        elif figure.total:
            found += _impossible(figure)
        elif figure.unit == PERCENT and figure.printed > 100 and not figure.hedge:
            found.append(_over_hundred(figure))
    return found


def shown(figure: Figure) -> str:
    """Return a figure's share as printed, with its sign."""
    return f"{figure.printed}{SIGN[figure.unit]}"


def precise(count: int, total: int, places: int, unit: str = PERCENT) -> str:
    """Return a share one place finer than it is printed: 57.1, so that the rounding shows."""
    return str(arithmetic.rounded(count, total, places + 2, HALF_UP, SCALE[unit]))


def allowed(figure: Figure, value_count: int, total: int) -> bool:
    """Return whether a hedged share ("over 69%") can be said of a count and total."""
    below, above = words.section("hedges")[figure.hedge]
    step = Decimal(1).scaleb(-arithmetic.places_of(figure.share))
    scale = SCALE[figure.unit]
    low, high = figure.share - below * step, figure.share + above * step
    half = step / 2
    value = Decimal(value_count) * scale / Decimal(total)
    return low - half <= value <= high + half


def reworded(figure: Figure, right: Decimal) -> str:
    """Return the printed phrase with the right share in it, where it is more than the share."""
    old = figure.text
    new = old.replace(f"{figure.printed}%", f"{right}%").replace(f"{figure.printed} %", f"{right}%")
    said_more = new != old and figure.total is None
    return f': "{new}"' if said_more and len(new.split()) > 2 else ""


def _too_many(figure: Figure) -> list[Finding]:
    if figure.count is None or figure.total is None or figure.count <= figure.total:
        return []
    return [
        Finding(
            "share", WRONG, figure.place, figure.text,
            f"{figure.count:,} cannot be out of {figure.total:,}: the part is more than the whole.",
            f"{figure.count:,} > {figure.total:,}",
            "Print the right total: it is at least the count.", 100.0,
        )
    ]  # fmt: skip


def _over_hundred(figure: Figure) -> Finding:
    return Finding(
        "share", LOOK, figure.place, figure.text,
        f"{shown(figure)} is more than the whole: a share cannot be, a change can.",
        f"{figure.printed} > 100", "Say of what it is a percentage.",
        float(figure.share - 100),
    )  # fmt: skip


def _share(figure: Figure, document: Document) -> list[Finding]:
    count, total, printed = figure.part, figure.whole, figure.share
    scale, places = SCALE[figure.unit], arithmetic.places_of(printed)
    if figure.hedge:
        if allowed(figure, count, total):
            return []
        rules: tuple[str, ...] = ()
    else:
        rules = arithmetic.rules_that_fit(count, total, printed, scale)
    if HALF_UP in rules:
        return []
    right = arithmetic.rounded(count, total, places, HALF_UP, scale)
    sums = f"{count:,} / {total:,} = {precise(count, total, places, figure.unit)}"
    sums += SIGN[figure.unit] + (f" (total: {figure.total_from})" if figure.total_from else "")
    sign = SIGN[figure.unit]
    if rules:
        return [
            Finding(
                "share", LOOK, figure.place, figure.text,
                f"{shown(figure)} is {count:,} of {total:,} {_in_words(rules[0])}; half up, as DfE "
                f"rounds, it is {right}{sign}.",
                sums, f"{right}{sign} ({count:,} of {total:,})", float(abs(printed - right)),
            )
        ]  # fmt: skip
    fitting = arithmetic.counts_that_fit(total, printed, arithmetic.RULES, scale)
    says = f"{count:,} of {total:,} is {right}{sign}, not {figure.hedge} {shown(figure)}"
    instead = f"{right}{sign} ({count:,} of {total:,})"
    if len(fitting) == 1 and not figure.hedge:
        instead += f", or {shown(figure)} ({fitting[0]:,} of {total:,}) if the count is wrong"
        sums += f"; {shown(figure)} is {fitting[0]:,} of {total:,}"
    elif not fitting and not figure.hedge:
        says += f", and no whole number of {total:,} is {shown(figure)}"
    says += _neighbour(figure, document)
    return [
        Finding(
            "share", WRONG, figure.place, figure.text,
            " ".join(says.split()) + ".", sums, instead, float(abs(printed - right)),
        )
    ]  # fmt: skip


def _in_words(rule: str) -> str:
    return {"half to even": "with its half rounded to the even number"}.get(rule, rule)


def _neighbour(figure: Figure, document: Document) -> str:
    """Return whose count it may be: another row of the same column has it, and there it fits."""
    for table in document.tables:
        if figure not in table.figures:
            continue
        for other in table.figures:
            same_column = other.column == figure.column and other.total == figure.total
            if (
                same_column
                and other.count == figure.count
                and other.place != figure.place
                and other.printed is not None
                and arithmetic.fits(other.part, other.whole, other.share)
            ):
                return (
                    f"; {figure.count:,} is the count of {other.label!r} "
                    f"(line {other.place.line}, {other.text})"
                )
    return ""


def _impossible(figure: Figure) -> list[Finding]:
    total, printed, scale = figure.whole, figure.share, SCALE[figure.unit]
    if figure.hedge or arithmetic.possible(total, printed, scale):
        return []
    below = int(printed * total / scale)
    near = [
        f"{arithmetic.rounded(n, total, arithmetic.places_of(printed), HALF_UP, scale)}"
        f"{SIGN[figure.unit]} ({n:,} of {total:,})"
        for n in (below, below + 1)
        if n <= total
    ]
    return [
        Finding(
            "impossible", WRONG, figure.place, figure.text,
            f"No whole number of {total:,} is {shown(figure)}.",
            "; ".join(f"{text}" for text in near),
            " or ".join(near), float(Decimal(scale) / total),
        )
    ]  # fmt: skip
