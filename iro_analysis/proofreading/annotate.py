"""Find what a figure is about: its area, its subject, whether it is of an earlier time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from iro_analysis import codes
from iro_analysis.proofreading import words
from iro_analysis.proofreading.figures import OWN, PERCENT, Figure, Sentence, Table

EARLIER = "earlier"
_AGES = re.compile(
    r"(?:aged|ages|age groups?|age range)\s+(?:between\s+|from\s+|of\s+)?(?P<a>\d+)"
    r"\s*(?:-|–|to|and)\s*(?P<b>\d+)"
    r"|(?P<c>\d+)\s*(?:-|–|to|and)\s*(?P<d>\d+)[\s-]*year[\s-]*olds?",
    re.IGNORECASE,
)
_THIS_AGE = re.compile(r"this age (?:range|group)", re.IGNORECASE)
_LATER_DATE = re.compile(
    r"\b(?:quarter \d of \d{4}\S*"
    r"|(?:19|20)\d\d[-/–]\d\d(?:\d\d)?(?:[ -][QH]\d)?|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mention:
    """A subject named in a sentence, from `start` to `end`."""

    start: int
    end: int
    subject: str
    unit: str
    measure: str = ""
    breakdown: str = ""
    group: str = ""


@cache
def _subjects() -> dict[str, tuple[re.Pattern[str], dict]]:
    return {
        name: (re.compile("|".join(entry["patterns"]), words.FLAGS), entry)
        for name, entry in codes.record("audit_subjects").items()
        if name != "source"
    }


def subject_record(name: str) -> dict:
    """Return the record of a subject; empty for ages and unknown ones."""
    plain = name.split(" (")[0]
    return _subjects()[plain][1] if plain in _subjects() else {}


def mentions(text: str) -> list[Mention]:
    """Return the subjects named in a text, in order."""
    found = [
        Mention(
            match.start(), match.end(), name, entry["unit"], entry.get("measure", ""),
            entry.get("breakdown", ""), entry.get("group", ""),
        )
        for name, (pattern, entry) in _subjects().items()
        for match in pattern.finditer(text)
    ]  # fmt: skip
    for match in _AGES.finditer(text):
        low = int(match["a"] or match["c"])
        high = int(match["b"] or match["d"])
        group = _age_band(low, high)
        measure = ("age_share", "age_band", group) if group else ("", "", "")
        found.append(
            Mention(match.start(), match.end(), f"aged {low} to {high}", PERCENT, *measure)
        )
    return sorted(found, key=lambda mention: mention.start)


def _age_band(low: int, high: int) -> str:
    adult = codes.record("rules")["looked_after"]["adult_age"]
    for row in codes.table("age_bands").to_dict("records"):
        if (int(row["from_age"]), int(row["to_age"] or adult - 1)) == (low, high):
            return row["label"]
    return ""


def sentences(found: list[Sentence]) -> list[Sentence]:
    """Return the sentences of a paragraph, their figures with area, subject and time."""
    annotated: list[Sentence] = []
    last: list[Mention] = []
    for sentence in found:
        here = mentions(sentence.text)
        if match := _THIS_AGE.search(sentence.text):
            ages = [one for one in last if one.subject.startswith("aged ")]
            here += [replace(one, start=match.start(), end=match.end()) for one in ages[-1:]]
        figures = []
        for index, figure in enumerate(sentence.figures):
            before = sentence.figures[index - 1] if index else None
            after = sentence.figures[index + 1] if index + 1 < len(sentence.figures) else None
            one = replace(figure, area=_area(sentence.text, figure, before, after))
            mention = _mention(sentence.text, one, before, after, here)
            if mention is None and one.area != OWN and not here and last:
                mention = last[-1] if last[-1].unit == one.unit else None
            if mention:
                one = _about(one, mention, _base(sentence.text))
            figures.append(_timed(sentence.text, one, after))
        annotated.append(replace(sentence, figures=tuple(figures)))
        last = here or last
    return annotated


def _about(figure: Figure, mention: Mention, base: str) -> Figure:
    """Return a figure with its subject; of another base (children who started) no measure."""
    known = subject_record(mention.subject).get("bases", [])
    other = [word for word in base.strip(" ()").split(", ") if word and word not in known]
    if other:
        return replace(figure, subject=mention.subject + base)
    return replace(
        figure, subject=mention.subject + base, measure=mention.measure,
        breakdown=mention.breakdown, group=mention.group,
    )  # fmt: skip


def _base(text: str) -> str:
    """Return the words that say who is counted, to keep figures of others apart."""
    found = words.any_of("bases", "words").findall(text)
    return f" ({', '.join(sorted({word.lower() for word in found}))})" if found else ""


def _end(figure: Figure) -> int:
    return figure.at + len(figure.text)


def _area(text: str, figure: Figure, before: Figure | None, after: Figure | None) -> str:
    """Return the area whose figure it is, by the words that join the two."""
    start = _end(before) if before else 0
    lead = text[start : figure.at]
    tail = text[_end(figure) : after.at if after else len(text)]
    for area, pattern in words.areas().items():
        for match in reversed(list(pattern.finditer(lead))):
            rest = lead[match.end() :]
            joined = len(rest) <= 30 and not re.search(r"[.,;()]|\band\b", rest)
            if joined or (re.fullmatch(r"[\w\s']{0,20}\(", rest) and tail.startswith(")")):
                return area
        name = rf"^[^.,;()]{{0,60}}?(?:\b(?:in|for|across|of)\s+)?{pattern.pattern}"
        behind = re.search(name, tail, words.FLAGS)
        if behind and (re.search(r"\b(?:in|for|across|of)\s+\S+$|nationally$", behind.group(), 2)):
            return area
    return OWN


def _mention(
    text: str, figure: Figure, before: Figure | None, after: Figure | None, here: list[Mention]
) -> Mention | None:
    """Return the subject of a figure: the one that follows it in its clause, else the one before.

    "15% of children being aged 0-4": it follows. "5-9 years make up 13%": it stands before.
    """
    limit = after.at if after else len(text)
    usable = [one for one in here if one.unit == figure.unit]
    for one in usable:
        overlaps = figure.at <= one.start < _end(figure)
        between = text[_end(figure) : one.start]
        if overlaps or (_end(figure) <= one.start < limit and not re.search(r"[,;()]", between)):
            return one
    # A count with its share stands in a list: what is named before its neighbour is not its own.
    start = _end(before) if before and figure.count is not None else 0
    earlier = [one for one in usable if start <= one.start and one.end <= figure.at]
    return earlier[-1] if earlier else None


def _timed(text: str, figure: Figure, after: Figure | None) -> Figure:
    """Mark a figure of an earlier time, or with the date printed behind it."""
    if figure.period:
        return figure
    if re.search(r"\b(?:from|had \w+ (?:to|from)|previous(?:ly)?)\s*$", text[: figure.at], 2):
        return replace(figure, period=EARLIER)
    tail = text[_end(figure) : after.at if after else len(text)]
    if words.columns("earlier").match(tail):
        return replace(figure, period=EARLIER)
    if match := _LATER_DATE.search(re.split(r"[;(),]", tail)[0]):
        return replace(figure, period=match.group())
    return figure


def _among(mention: Mention, label: str) -> Mention:
    """Return a row's subject; ages in a row of something else, with what the row is of.

    "In work, aged 17 to 18" and "In suitable homes, aged 17 to 18" are two subjects.
    """
    if not mention.subject.startswith("aged "):
        return mention
    rest = f"{label[: mention.start]} {label[mention.end :]}"
    said = words.any_of("counted", "same_children").sub(" ", rest)
    said = " ".join(re.findall(r"[a-z]{3,}", said.lower()))
    return replace(mention, subject=f"{mention.subject}, {said}", measure="") if said else mention


def _dated(text: str) -> str:
    match = _LATER_DATE.search(text)
    return match.group() if match else ""


def table(found: Table) -> Table:
    """Return a table, its figures with their subject and their time."""
    figures = []
    for figure in found.figures:
        candidates = [_among(one, figure.label) for one in mentions(figure.label)]
        if figure.area != OWN:
            # A row of an area says nothing but the area: the table says what it is of.
            candidates += [*mentions(found.caption), *mentions(figure.column)]
        here = [one for one in candidates if one.unit == figure.unit]
        one = replace(figure, period=_dated(figure.column) or _dated(found.caption))
        base = _base(f"{found.caption} {figure.label}")
        figures.append(_about(one, here[0], base) if here else one)
    return replace(found, figures=tuple(figures))
