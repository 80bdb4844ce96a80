"""Read a sentence's figures: "110 (32%)", "64 per 10,000", "21% (6 pupils)", "110 of 328"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from iro_analysis.proofreading import words
from iro_analysis.proofreading.figures import PERCENT, RATE, Figure, Place, Unread

_WHOLE = r"(?<![\d.,£/\w-])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d/]|[.,]\d|\s?%|\s?per ?cent|\s?percent)"
_SHARE = r"(?<![\d.,£])\d+(?:\.\d+)?\s?(?:%|per ?cent\b|percent\b)"
_RATE = (
    r"(?<![\d.,£])(?P<rate>\d[\d,]*(?:\.\d+)?)\s+(?:\w+\s+){0,3}?"
    r"(?:per|in every|in|for every|out of every)\s+10,000"
)
_OF = r"\s+(?:out\s+)?of\s+(?:the\s+|all\s+|our\s+)?"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATED = re.compile(
    rf"(?P<words>(?:\s+[\w'’-]+){{0,6}}?)\s+(?:in|at|on|by|at the end of|as at|to)\s+"
    rf"(?:the end of\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTHS})\s+(?P<year>\d{{4}})",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"\s+(?:fewer|more|less)\b", re.IGNORECASE)
_NEXT_WORDS = re.compile(r"(?:\s+[\w'’-]+){0,4}")
_CLAUSE_END = re.compile(r"[;:]|\.\s")
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|approx|No|cf|Dr|St|incl|excl)\.)$", re.IGNORECASE
)
_SENTENCE_END = re.compile(
    r"(?<=[.!?])[\"”’)]*\s+(?=[A-Z0-9\"“‘(])|(?<=\))\s+(?=Of (?:these|those|the)\b)"
)


def sentences_of(text: str) -> list[str]:
    """Split a paragraph into sentences.

    Examples
    --------
    >>> sentences_of("Mainly aged 10-17. 3% are. Some, e.g. 5, are not.")
    ['Mainly aged 10-17.', '3% are.', 'Some, e.g. 5, are not.']
    """
    found, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        before = text[start : end.start()]
        if _ABBREVIATIONS.search(before) or re.fullmatch(r"\W*\d+[.)]", before):
            continue
        found.append(before.strip())
        start = end.end()
    found.append(text[start:].strip())
    return [one for one in found if one]


def number(text: str) -> Decimal:
    """Return the number that a printed one says: ``74,982`` or ``25.5%``."""
    return Decimal(re.sub(r"[^\d.]", "", text))


class _Reader:
    """Reads one sentence; what has been read is blanked, so that nothing is read twice."""

    def __init__(self, text: str, place: Place) -> None:
        self.text, self.place = text, place
        self.left = text
        self.found: list[Figure] = []

    def take(self, pattern: str, make: Callable[[re.Match[str]], Figure | None]) -> None:
        """Read every occurrence of a pattern; ``make`` returns its figure or None."""
        for match in list(re.finditer(pattern, self.left, words.FLAGS)):
            figure = make(match)
            if figure is None:
                continue
            self.found.append(figure)
            self.blank(*match.span())

    def blank(self, start: int, end: int) -> None:
        """Mark a stretch as read."""
        self.left = self.left[:start] + "\0" * (end - start) + self.left[end:]

    def figure(self, start: int, end: int, **what: Any) -> Figure:
        """Return a figure that stands at a stretch of the sentence."""
        hedge = words.hedge_before().search(self.text[:start])
        return Figure(
            place=self.place,
            text=self.text[start:end].strip(),
            label=_label(self.text, start, end),
            hedge=hedge.group(1).lower() if hedge else "",
            at=start,
            **what,
        )


def _rate(reader: _Reader, match: re.Match[str]) -> Figure | None:
    if words.limit_before().search(reader.text[: match.start()]):
        return None
    return reader.figure(*match.span(), printed=number(match["rate"]), unit=RATE)


def _label(text: str, start: int, end: int) -> str:
    before = re.split(r"[.;:,(]\s", text[:start])[-1].split()[-6:]
    after = re.split(r"[.;:,)]", text[end:].lstrip(" )"))[0].split()[:8]
    return " ".join([*before, "…", *after]).strip(" …") if before or after else text.strip()


def figures_of(text: str, place: Place, antecedent: int | None = None) -> list[Figure]:
    """Return the figures of a sentence, in order.

    Parameters
    ----------
    text : str
        The sentence.
    place : Place
    antecedent : int, optional
        The number to which "of these" refers: the last one counted in the sentence before.
    """
    reader = _Reader(text, place)
    reader.take(_RATE, lambda match: _rate(reader, match))
    reader.left = words.fractions().sub(_blank, words.blanked(reader.left))
    _triples(reader)
    _shares_with_counts(reader)
    _counts_with_shares(reader, antecedent)
    reader.take(
        rf"(?P<p>{_SHARE})\s+of\s+(?:the\s+|our\s+|all\s+)?(?P<n>{_WHOLE})(?={_noun_next()})",
        lambda m: reader.figure(
            *m.span(), printed=number(m["p"]), unit=PERCENT, total=int(number(m["n"]))
        ),
    )
    reader.take(_SHARE, lambda m: reader.figure(*m.span(), printed=number(m.group()), unit=PERCENT))
    _counts(reader)
    return sorted(reader.found, key=lambda figure: figure.at)


def _blank(match: re.Match) -> str:
    return " " * len(match.group())


def _noun_next() -> str:
    return rf"(?:\s+[\w'’-]+){{0,3}}?\s+(?:{words.noun().pattern})"


def _triples(reader: _Reader) -> None:
    def made(match: re.Match[str]) -> Figure | None:
        count, total = int(number(match["c"])), int(number(match["t"]))
        share: dict[str, Any] = (
            {"printed": number(match["p"]), "unit": PERCENT} if "p" in names(match) else {}
        )
        return reader.figure(*match.span(), count=count, total=total, **share)

    def names(match: re.Match[str]) -> set[str]:
        return {name for name, value in match.groupdict().items() if value}

    out_of = r"(?P<c>\d[\d,]*)\s*/\s*(?P<t>\d[\d,]*)"
    reader.take(rf"(?P<p>{_SHARE})\s*\(\s*{out_of}\s*\)", made)
    reader.take(rf"{out_of}\s*\(\s*(?P<p>{_SHARE})\s*\)", made)
    behind = rf"(?P<c>{_WHOLE})(?:\s+[\w'’-]+){{0,4}}?\s*\(\s*(?P<p>{_SHARE})\s*\)"
    reader.take(rf"{behind}{_OF}(?P<t>{_WHOLE})", made)
    of = rf"(?P<c>{_WHOLE})(?:\s+[\w'’-]+){{0,2}}?{_OF}(?P<t>{_WHOLE})"
    reader.take(rf"(?P<p>{_SHARE})\s*[(,:]\s*{of}[^()]{{0,40}}\)?", made)
    reader.take(rf"{of}(?:\s+[\w'’-]+){{0,4}}?\s*[(,]\s*(?P<p>{_SHARE})\s*\)?", made)
    reader.take(of, made)


def _shares_with_counts(reader: _Reader) -> None:
    def made(match: re.Match[str]) -> Figure:
        return reader.figure(
            *match.span(), printed=number(match["p"]), unit=PERCENT, count=int(number(match["c"]))
        )

    reader.take(rf"(?P<p>{_SHARE})\s*\(\s*n\s*=\s*(?P<c>{_WHOLE})\s*\)", made)
    reader.take(rf"(?P<p>{_SHARE})\s*\(\s*(?P<c>{_WHOLE})(?:\s+[\w'’-]+){{0,4}}\s*\)", made)
    reader.take(rf"(?P<p>{_SHARE})\s+(?P<c>{_WHOLE})(?={_noun_next()})", made)


def _counts_with_shares(reader: _Reader, antecedent: int | None) -> None:
    """Read "177 children subject of Care Orders (51%)": the first count of the clause owns it."""
    start_of_clause = 0
    for match in list(re.finditer(rf"\(\s*(?P<p>{_SHARE})\s*\)", reader.left, words.FLAGS)):
        clause = reader.left[start_of_clause : match.start()]
        if breaks := [m.end() for m in _CLAUSE_END.finditer(clause)]:
            start_of_clause += breaks[-1]
            clause = reader.left[start_of_clause : match.start()]
        owner, whole = _owner(clause)
        if owner is not None:
            start = start_of_clause + owner.start()
            total, said = _of_these(reader.text, antecedent)
            if whole is not None:
                total, said = _whole(whole.group()), f"{whole.group()} before it"
            reader.found.append(
                reader.figure(
                    start,
                    match.end(),
                    printed=number(match["p"]),
                    unit=PERCENT,
                    count=_whole(owner.group()),
                    total=total,
                    total_from=said,
                )
            )
            reader.blank(start, start + len(owner.group()))
            reader.blank(*match.span())
        start_of_clause = match.end()


def _owner(clause: str) -> tuple[re.Match | None, re.Match | None]:
    """Return the count of a clause to which the percentage at its end belongs, and its total.

    The count right before the bracket; else one "of which" stands before, whose total the first
    count is; else the first count that is no part of another ("including 20").
    """
    candidates = [
        match
        for match in re.finditer(rf"{_WHOLE}|{words.number_word().pattern}", clause, words.FLAGS)
        if _counts_something(clause, match) or not clause[match.end() :].strip()
    ]
    if not candidates:
        return None, None
    last = candidates[-1]
    if _follows(clause, last, "whole_before") and len(candidates) > 1:
        return last, candidates[0]
    if not clause[last.end() :].strip():
        return last, None
    kept = [match for match in candidates if not _follows(clause, match, "part_of_another")]
    return (kept[0] if kept else None), None


def _follows(clause: str, match: re.Match, words_of: str) -> bool:
    return bool(words.any_of("counted", words_of).search(clause[: match.start()][-16:]))


def _counts_something(text: str, match: re.Match) -> bool:
    if _CHANGE.match(text, match.end()):
        return False
    following = _NEXT_WORDS.match(text, match.end())
    return bool(following and words.noun().search(following.group())) or bool(
        re.match(r"\s+of (?:these|those|them)\b", text[match.end() :], words.FLAGS)
    )


def _whole(text: str) -> int:
    said = words.section("number_words").get(text.lower())
    return int(said) if said is not None else int(number(text))


def _of_these(text: str, antecedent: int | None) -> tuple[int | None, str]:
    for pattern in words.section("counted")["antecedent"]:
        if match := re.search(pattern, text, words.FLAGS):
            if match["total"]:
                return int(number(match["total"])), f'"{match.group()}"'
            if antecedent is not None:
                return antecedent, f'"{match.group()}": the {antecedent:,} before it'
    return None, ""


def _counts(reader: _Reader) -> None:
    def made(match: re.Match[str]) -> Figure | None:
        dated = _DATED.match(reader.text, match.end())
        if _CHANGE.match(reader.left, match.end()):
            return None
        counts = _counts_something(reader.left, match)
        straight = dated and match.group()[0].isdigit() and not dated["words"]
        if not counts and not straight:
            return None
        figure = reader.figure(*match.span(), count=_whole(match.group()))
        if dated and "\0" not in reader.left[match.end() : dated.start("month")]:
            figure = replace(figure, period=in_month(dated["month"], dated["year"]))
        following = _NEXT_WORDS.match(reader.text, match.end())
        shown = reader.text[match.start() : match.end()] + (following.group() if following else "")
        return replace(figure, text=shown.strip())

    reader.take(rf"{_WHOLE}|{words.number_word().pattern}", made)
    _ends_of_changes(reader)


def _ends_of_changes(reader: _Reader) -> None:
    """Read the bare second number of "from 348 children to 328"."""
    read = {figure.at for figure in reader.found if figure.printed is None}
    change = rf"\bfrom\s+(?P<a>{_WHOLE})[^.;%\d]{{0,40}}?\s+to\s+(?P<b>{_WHOLE})"
    for match in re.finditer(change, reader.text, words.FLAGS):
        if match.start("a") in read and match.start("b") not in read:
            start, end = match.span("b")
            if "\0" not in reader.left[start:end] and reader.left[start:end].strip():
                reader.found.append(reader.figure(start, end, count=_whole(match["b"])))


def in_month(month: str, year: str) -> str:
    """Return a printed month as ``2020-03``."""
    return f"{year}-{_MONTHS.split('|').index(month.capitalize()) + 1:02d}"


def unread_of(text: str, place: Place, figures: list[Figure]) -> list[Unread]:
    """Return what looks like a figure in a sentence and was not read."""
    read = [(figure.at, figure.at + len(figure.text)) for figure in figures]
    found = [
        Unread(place, _around(text, match), "a percentage without a number that can be read")
        for match in re.finditer(r"(?<!\()%|%(?!\))", text)
        if not any(start <= match.start() <= end for start, end in read)
    ]
    found += [
        Unread(place, _around(text, match), "a fraction in words says no figure to check")
        for match in words.fractions().finditer(text)
    ]
    return found


def _around(text: str, match: re.Match) -> str:
    return text[max(0, match.start() - 30) : match.end() + 30].strip()
