"""Check 10: a change in percent against the two numbers that it is the change of."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from iro_analysis.proofreading import arithmetic, words
from iro_analysis.proofreading.arithmetic import HALF_UP
from iro_analysis.proofreading.directions import UP, directions
from iro_analysis.proofreading.figures import Document, Sentence
from iro_analysis.proofreading.findings import LOOK, WRONG, Finding

_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d+)(?![\d,]*\.?\d*\s*(?:%|per cent))(?![\d.]*\d)"
_FROM_TO = re.compile(
    rf"\bfrom\s+{_NUMBER}((?:\s+[^\s.;%]+){{0,7}}?)\s+to\s+{_NUMBER}", words.FLAGS
)
_PERCENT = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)\s*(?:%|per cent\b)", words.FLAGS)
_YEARS = range(1990, 2101)
_LONGEST_LINK = 60


def check(document: Document) -> list[Finding]:
    """Return changes in percent that are not those of the numbers beside them."""
    return [found for sentence in document.sentences for found in _changes(sentence)]


def _changes(sentence: Sentence) -> list[Finding]:
    found = []
    with_total = {f.at for f in sentence.figures if f.total is not None or f.count is not None}
    for pair in _FROM_TO.finditer(sentence.text):
        old, new = (int(pair[n].replace(",", "")) for n in (1, 3))
        if old == 0 or (old in _YEARS and new in _YEARS):
            continue
        for percent in _PERCENT.finditer(sentence.text):
            said = None if percent.start() in with_total else _link(sentence.text, pair, percent)
            if said is not None:
                found += _held(sentence, percent, old, new, said)
    return found


def _link(text: str, pair: re.Match[str], percent: re.Match[str]) -> str | None:
    """Return the words that join a percentage to two numbers; None where others stand there."""
    around = text[max(0, percent.start() - 20) : percent.start()]
    around += f" {re.split('[.;)]', text[percent.end() : percent.end() + 20])[0]}"
    if percent.start() >= pair.end():
        between = text[pair.end() : percent.start()]
    elif percent.end() <= pair.start():
        between = text[percent.end() : pair.start()]
    else:
        return None
    if len(between) > _LONGEST_LINK or not _joins().fullmatch(between):
        return None
    said = f"{between} {around}"
    return said if directions(said) or words.any_of("changes", "said").search(said) else None


@cache
def _joins() -> re.Pattern[str]:
    known = [
        *words.section("changes")["joins"],
        *words.section("changes")["said"],
        *words.section("direction")["rise"],
        *words.section("direction")["fall"],
    ]
    return re.compile(rf"(?:[\s,;:(–—-]|\b(?:{'|'.join(known)})\b)*", words.FLAGS)


def _held(
    sentence: Sentence, percent: re.Match[str], old: int, new: int, said: str
) -> list[Finding]:
    moved, printed = abs(new - old), Decimal(percent[1])
    places = arithmetic.places_of(printed)
    right = arithmetic.rounded(moved, old, places, HALF_UP)
    finer = arithmetic.rounded(moved, old, places + 1, HALF_UP)
    way = "more" if new > old else "fewer" if new < old else "(no change)"
    ways = {which for _, _, which in directions(said)}
    turned = len(ways) == 1 and new != old and (UP in ways) != (new > old)
    rules = arithmetic.rules_that_fit(moved, old, printed)
    near = words.any_of("changes", "roughly").search(said) and abs(printed - right) <= 1
    if (HALF_UP in rules or near) and not turned:
        return []
    says = f"From {old:,} to {new:,} is {right}% {way}"
    if turned:
        says += ", not the other way"
    else:
        says += f", not {percent[0]}"
        if rules:
            says += f" ({finer}% {rules[0]})"
        elif new and arithmetic.fits(moved, new, printed):
            says += f": {percent[0]} is the change out of the later number, {new:,}"
    sign = "-" if new < old else ""
    return [
        Finding(
            "change", LOOK if rules and not turned else WRONG, sentence.place, percent[0],
            f"{says}.", f"({new:,} - {old:,}) / {old:,} = {sign}{finer}%", f"{right}% {way}",
            float(abs(printed - right)) or 1.0,
        )
    ]  # fmt: skip
