"""Check 8: compare printed figures with DfE's tables; also find the report's year and area."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

from iro_analysis import catalogue, codes
from iro_analysis.comparators import lookup
from iro_analysis.comparators.publications import Answer, Publications, number, says
from iro_analysis.contracts import ALL
from iro_analysis.proofreading import directions, words
from iro_analysis.proofreading.annotate import EARLIER
from iro_analysis.proofreading.figures import COUNT, OWN, Document, Figure, Sentence
from iro_analysis.proofreading.findings import LOOK, WRONG, Finding
from iro_analysis.proofreading.shares import SIGN
from iro_analysis.wording import joined

# Years around the report's in which a stale figure is looked for; none after it.
YEARS_BACK = 6
_YEAR = re.compile(r"\b((?:19|20)\d\d)\s*[-/–]\s*((?:19|20)?\d\d)\b|\b((?:19|20)\d\d)\b")

_FROM_TO = re.compile(
    r"\b1(?:st)? April \d{4} (?:to|and|until|-|–) (?:the )?31(?:st)? March (?P<last>\d{4})", re.I
)


def year_of(text: str) -> int | None:
    """Return the year in which a printed period ends: ``2019-20`` and ``March 2020`` are 2020."""
    match = _YEAR.search(text)
    if not match:
        return None
    if match[3]:
        return int(match[3])
    first, last = int(match[1]), match[2]
    if len(last) == 4:
        return int(last)
    ends = first - first % 100 + int(last)
    if int(last) == (first + 1) % 100:
        return first + 1
    # "2016-19" ends in 2019; "2020-03" is a month.
    return ends if ends > first else first


def report_year(document: Document) -> int | None:
    """Return the year that a report is of.

    By its file's name; of a list by its rows; else by the first "1 April 2019 to 31 March 2020";
    else by the span that it names most.
    """
    if year := year_of(document.file.replace("_", " ")):
        return year
    periods = Counter(year_of(figure.period) for figure in document.listed)
    periods.pop(None, None)
    if periods:
        return periods.most_common(1)[0][0]
    for sentence in document.sentences:
        if match := _FROM_TO.search(sentence.text):
            return int(match["last"])
    spans = Counter(
        match.group()
        for sentence in document.sentences
        for match in _YEAR.finditer(sentence.text)
        if match[1]
    )
    return year_of(spans.most_common(1)[0][0]) if spans else None


def report_area(document: Document, publications: Publications) -> str:
    """Return the authority that a report names most; empty where it names none."""
    text = " ".join(sentence.text for sentence in document.sentences)
    named = {area: len(re.findall(rf"\b{re.escape(area)}\b", text)) for area in publications.areas}
    best = max(named, key=lambda area: named[area], default="")
    return best if named.get(best) else ""


class Comparison:
    """A report, its authority and year, and what DfE published.

    Parameters
    ----------
    document : Document
    publications : Publications
    own : str
        The authority's name in DfE's tables; empty where unknown.
    year : int
        In which the report's period ends.
    """

    def __init__(self, document: Document, publications: Publications, own: str, year: int) -> None:
        self.document, self.publications = document, publications
        self.own, self.year = own, year
        self.areas = self._areas()

    def _areas(self) -> list[str]:
        """Return the areas with which a figure may have been confused."""
        named = [figure.area for figure in self.document.figures if figure.area != OWN]
        regions = self.publications.regions_of(self.own)
        return list(dict.fromkeys(["England", *named, *regions]))

    def check(self) -> list[Finding]:
        """Return comparators that DfE did not publish, and own figures that differ from DfE's."""
        found = []
        for figure in self.document.figures:
            if figure.measure and figure.unit != COUNT and figure.printed is not None:
                found += self._figure(figure)
        for sentence in self.document.sentences:
            for figure in sentence.figures:
                found += self._direction(sentence, figure)
        return found

    def answers(self, figure: Figure, area: str, year: int) -> list[Answer]:
        """Return what DfE published, the suite's own comparators of older releases with it."""
        breakdown, group = _group(figure)
        measure = _published_as(figure.measure)
        held = self.publications.answers(measure, area, year, breakdown, group)
        rows = lookup.comparators_of(measure, breakdown, group, area, year)
        older = [
            Answer(
                number(str(row["value"])), "", area, year,
                f"{row['release'].removeprefix('release ')} release", "comparators",
            )
            for row in rows
            if row["release"].startswith("release")
        ]  # fmt: skip
        known = {answer.release for answer in held}
        return [one for one in older if one.release not in known] + held

    def _year(self, figure: Figure) -> int | None:
        if figure.period == EARLIER:
            return None
        return year_of(figure.period) or self.year

    def _figure(self, figure: Figure) -> list[Finding]:
        area = self.own if figure.area in (OWN, self.own) else figure.area
        year = self._year(figure)
        if not area or year is None or figure.hedge:
            return []
        published = self.answers(figure, area, year)
        known = [answer for answer in published if answer.value is not None]
        if not known or any(says(answer, figure.share) for answer in known):
            return []
        if area == self.own:
            return self._own(figure, known, year)
        return [self._wrong(figure, area, year, known)]

    def _own(self, figure: Figure, known: list[Answer], year: int) -> list[Finding]:
        """Return an own figure that DfE has otherwise; a rate may be off by one by its vintage."""
        gap = min(abs(answer.number - figure.share) for answer in known)
        if gap <= 1:
            return []
        return [
            self._finding(
                LOOK, figure,
                f"{self._value(figure.share, figure)} is printed for {self.own}; DfE "
                f"published {self._in_words(known, figure)} for {year}.",
                f"{figure.printed} against {_words(known)}",
                f"Say why it is not DfE's {self._value(known[0].number, figure)}, or print that.",
                float(gap),
            )
        ]  # fmt: skip

    def _wrong(self, figure: Figure, area: str, year: int, known: list[Answer]) -> Finding:
        others = self._whose(figure, area, year)
        published = self._in_words(known, figure)
        if others:
            it_is = joined(others)
            what = f"{self._value(figure.share, figure)} is not {area}'s figure for {year}: "
            what += f"it is {it_is}."
        else:
            what = f"{self._value(figure.share, figure)} is not what DfE published for {area}."
        return self._finding(
            WRONG, figure, f"{what} DfE published {published} for {area}, {year}.",
            f"{figure.printed} against {_words(known)}",
            self._instead(figure, known, area, year),
            float(min(abs(answer.number - figure.share) for answer in known)),
        )  # fmt: skip

    def _instead(self, figure: Figure, known: list[Answer], area: str, year: int) -> str:
        values = list(dict.fromkeys(self._value(answer.number, figure) for answer in known))
        source = f"{catalogue_title(figure)}, {area}, {year}: {self._in_words(known, figure)}."
        clause = self.document.corrected(figure, " or ".join(values))
        return f"{clause}. {source}" if clause else source

    def _whose(self, figure: Figure, area: str, year: int) -> list[str]:
        """Return whose figure it is: another area's of the year, the area's of another year."""
        found = [
            f"{area_words(other)} figure for {year}"
            for other in self.areas
            if other not in (area, self.own) and self._is(figure, other, year)
        ]
        for back in range(1, YEARS_BACK + 1):
            if self._is(figure, area, year - back):
                found.append(f"{area_words(area)} of {year - back}")
                break
        return found

    def _is(self, figure: Figure, area: str, year: int) -> bool:
        return any(says(answer, figure.share) for answer in self.answers(figure, area, year))

    def _direction(self, sentence: Sentence, figure: Figure) -> list[Finding]:
        """Return a word such as "decrease" before an own figure that rose by DfE's tables."""
        if figure.area != OWN or not figure.measure or not self.own:
            return []
        earlier = [other for other in sentence.figures if other.at < figure.at]
        start = max((other.at + len(other.text) for other in earlier), default=0)
        lead = re.split(r"[.;:()]", sentence.text[start : figure.at])[-1][-60:]
        said = directions.directions(lead)
        year = self._year(figure)
        if not said or year is None or words.any_of("direction", "compared").search(lead):
            return []
        now = self._value_in(figure, year)
        before = self._value_in(figure, year - 1)
        if now is None or before is None or now == before:
            return []
        way = directions.UP if now > before else directions.DOWN
        if said[-1][2] == way:
            return []
        start, end, _ = said[-1]
        change = f"{self._value(before, figure)} for {year - 1} and {self._value(now, figure)}"
        return [
            self._finding(
                LOOK, figure,
                f"{lead[start:end]!r} is said of {figure.text}; DfE published {change} for {year}: "
                f"a {way}.",
                f"{now} - {before} = {now - before}",
                f"Say that it was a {way}: {change} for {year}, or say whose figures differ.",
                float(abs(now - before)),
            )
        ]  # fmt: skip

    def _value_in(self, figure: Figure, year: int) -> Decimal | None:
        values = [one.value for one in self.answers(figure, self.own, year) if one.value]
        return values[-1] if values else None

    @staticmethod
    def _value(value: Decimal, figure: Figure) -> str:
        return f"{value:,}{SIGN[figure.unit]}"

    def _in_words(self, known: list[Answer], figure: Figure) -> str:
        releases: dict[Decimal, list[str]] = {}
        for answer in known:
            releases.setdefault(answer.number, []).append(answer.release)
        return joined(
            [
                f"{self._value(value, figure)} ({', '.join(dict.fromkeys(names))})"
                for value, names in releases.items()
            ]
        )

    @staticmethod
    def _finding(
        severity: str, figure: Figure, what: str, sums: str, instead: str, size: float
    ) -> Finding:
        return Finding(
            "published", severity, figure.place, f"{figure.hedge} {figure.text}".strip(),
            what, sums, instead, size,
        )  # fmt: skip


def _published_as(measure: str) -> str:
    """Return the name under which DfE's figure is held, where it has another base than ours."""
    known = catalogue.measures()
    return known[measure].elsewhere.get("held_as", measure) if measure in known else measure


def _group(figure: Figure) -> tuple[str, str]:
    """Return breakdown and group: of its subject, or of its label in a list of figures."""
    if figure.breakdown:
        return figure.breakdown, figure.group
    for breakdown, entry in codes.record("published_measures").get(figure.measure, {}).items():
        if figure.label in entry.get("groups", {}):
            return breakdown, figure.label
    return ALL, ALL


def _words(known: list[Answer]) -> str:
    return joined(list(dict.fromkeys(answer.words for answer in known)))


def area_words(area: str) -> str:
    """Return an area as an owner: ``England's``."""
    return f"{area}'s"


def catalogue_title(figure: Figure) -> str:
    """Return what a figure is, in the catalogue's words where it has the measure."""
    known = catalogue.measures()
    title = known[figure.measure].title if figure.measure in known else figure.measure
    title = title.replace("_", " ")
    group = figure.group.replace("{year}", figure.period)
    return f"{title}: {group}" if group else title
