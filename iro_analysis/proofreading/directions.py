"""Check 5: words that say which way or how much, against the figures beside them."""

from __future__ import annotations

import re
from itertools import pairwise

from iro_analysis.proofreading import words
from iro_analysis.proofreading.figures import OWN, PERCENT, Document, Figure, Sentence
from iro_analysis.proofreading.findings import LOOK, WRONG, Finding
from iro_analysis.proofreading.shares import SIGN

UP, DOWN = "rise", "fall"


def check(document: Document) -> list[Finding]:
    """Return sentences whose words and figures disagree."""
    found = []
    for sentence in document.sentences:
        found += _from_to(sentence) + _against_area(sentence) + _two_ways(sentence)
        found += _size_words(sentence)
    found += _sizes_before(document)
    return found


def value(figure: Figure) -> str:
    """Return a figure with its sign."""
    return f"{figure.value:,}{SIGN.get(figure.unit, '')}"


def directions(text: str) -> list[tuple[int, int, str]]:
    """Return the words of a text that say rise or fall: start, end, which."""
    neither = words.any_of("direction", "neither")
    found = [
        (match.start(), match.end(), way)
        for way in (UP, DOWN)
        for match in words.any_of("direction", way).finditer(text)
        if not neither.fullmatch(match.group())
    ]
    return sorted(found)


def _from_to(sentence: Sentence) -> list[Finding]:
    """Check "increased from 9% to 10%" and "95%, an increase from 91%"."""
    text, found = sentence.text, []
    for start, end, way in directions(text):
        old, new = _two_values(sentence, start, end)
        if old is None:
            continue
        if new is None or new.unit != old.unit or new.area != old.area:
            continue
        went = (new.value > old.value) - (new.value < old.value)
        if went == (1 if way == UP else -1):
            continue
        right = {1: "a rise", -1: "a fall", 0: "no change"}[went]
        found.append(
            Finding(
                "direction", WRONG, sentence.place, text[start : old.at + 40],
                f"{text[start:end]!r}, but from {value(old)} to {value(new)} is {right}.",
                f"{new.value} - {old.value} = {new.value - old.value}",
                f"Say {right}: from {value(old)} to {value(new)}.",
                float(abs(new.value - old.value)) or 1.0,
            )
        )  # fmt: skip
    return found


def _two_values(sentence: Sentence, start: int, end: int) -> tuple[Figure | None, Figure | None]:
    """Return the earlier and the later figure of a word of direction, where both are plain.

    "from 9% to 10%"; "to 10% from 9%"; "10%, an increase from 9%"; "10%, up from 9%".
    """
    text = sentence.text
    after = [f for f in sentence.figures if f.at >= end]
    if not after:
        return None, None
    lead = text[end : after[0].at]
    if re.fullmatch(r"[\w\s'’-]{0,45}\bto\s+", lead) and len(after) > 1:
        between = _between(text, after[0], after[1])
        return (after[1], after[0]) if re.fullmatch(r"[^.;]{0,60}\bfrom\s+", between) else (
            None, None
        )  # fmt: skip
    if not re.fullmatch(r"[\w\s'’-]{0,45}\bfrom\s+", lead):
        return None, None
    old = after[0]
    if len(after) > 1:
        between = _between(text, old, after[1])
        if re.search(r"\bto\s+$", between) and len(between) < 60:
            return old, after[1]
    before = [f for f in sentence.figures if f.at < start]
    joins = text[_end(before[-1]) : start] if before else "."
    if re.fullmatch(r"[\w\s,'’-]{0,40}\ban?\s+|[\s,(]*", joins):
        return old, before[-1]
    return None, None


def _between(text: str, one: Figure, other: Figure) -> str:
    """Return the words between two figures; a count's own words may reach into them."""
    end = _end(one)
    return text[end if end <= other.at else one.at : other.at]


def _end(figure: Figure) -> int:
    return figure.at + len(figure.text)


def _against_area(sentence: Sentence) -> list[Finding]:
    """Check "43%, which is above the London average of 39%"."""
    text = sentence.text
    found = []
    for way in ("above", "below"):
        for word in words.any_of("direction", way).finditer(text):
            pair = _own_and_other(sentence, word.start(), word.end())
            if pair is None:
                continue
            own, other = pair
            if own.value != other.value and (own.value > other.value) == (way == "above"):
                continue
            right = "the same as" if own.value == other.value else (
                "above" if own.value > other.value else "below"
            )  # fmt: skip
            found.append(
                Finding(
                    "direction", WRONG, sentence.place, text[word.start() : other.at + 30],
                    f"{word.group()!r}, but {value(own)} is {right} {value(other)} "
                    f"({other.area}).",
                    f"{own.value} - {other.value} = {own.value - other.value}",
                    f"Say that {value(own)} is {right} {value(other)} ({other.area}).",
                    float(abs(own.value - other.value)) or 1.0,
                )
            )  # fmt: skip
    return found


def _own_and_other(sentence: Sentence, start: int, end: int) -> tuple[Figure, Figure] | None:
    """Return the two figures that a comparing word compares, or None where that is not clear."""
    text = sentence.text
    area = next((p for p in words.areas().values() if p.search(text[end : end + 45])), None)
    if area is None:
        return None
    after = [f for f in sentence.figures if f.at >= end]
    if not after:
        return None
    if after[0].area != OWN:
        before = [f for f in sentence.figures if f.at < start and f.area == OWN]
        if not before or re.search(r"[;:]", text[_end(before[-1]) : start]):
            return None
        own, other = before[-1], after[0]
    else:
        if len(after) == 1 or after[1].area == OWN:
            return None
        own, other = after[:2]
        lead = text[_end(own) : other.at]
        if not words.any_of("direction", "compared").search(lead):
            return None
    return (own, other) if own.unit == other.unit else None


def _two_ways(sentence: Sentence) -> list[Finding]:
    """Check a bracket that says the opposite of the words it explains: "a dip (... increased)"."""
    text = sentence.text
    said = directions(text)
    for first, second in pairwise(said):
        between = text[first[1] : second[0]]
        opens = between.rfind("(")
        explains = opens >= 0 and ")" not in between[opens:] and re.match(
            r"\(\s*(?:this|that|which|it)\b", between[opens:], words.FLAGS
        )  # fmt: skip
        if first[2] == second[2] or not explains:
            continue
        figure = next((f for f in sentence.figures if f.at >= second[1]), None)
        shown = f" to {value(figure)}" if figure else ""
        return [
            Finding(
                "direction", WRONG, sentence.place, text[first[0] : second[1] + 12],
                f"{text[first[0] : first[1]]!r} and {text[second[0] : second[1]]!r} are said of "
                "the same figure.",
                f"{text[first[0] : first[1]]} = {first[2]}; "
                f"{text[second[0] : second[1]]}{shown} = {second[2]}",
                "Say one of the two, with the figure of the year before.", 5.0,
            )
        ]  # fmt: skip
    return []


def _size_words(sentence: Sentence) -> list[Finding]:
    """Check "the majority ... (48%)": the share that stands in brackets behind its clause."""
    found = []
    for name, (low, high) in words.section("sizes").items():
        for word in re.finditer(rf"\b{name}\b", sentence.text, words.FLAGS):
            after = [f for f in sentence.figures if f.at > word.end()]
            if not after or after[0].unit != PERCENT or after[0].area != OWN:
                continue
            lead = sentence.text[word.end() : after[0].at]
            if not re.fullmatch(r"[^.,;:()]{0,90}\(", lead) or after[0].count is not None:
                continue
            if not low <= after[0].printed <= high:
                found.append(_not_that_size(sentence, name, after[0]))
    return found


def _sizes_before(document: Document) -> list[Finding]:
    """Check "mainly aged 10-17. 3% are in this age range": the share of the sentence before."""
    found = []
    for paragraph in document.paragraphs:
        for before, sentence in pairwise(paragraph.sentences):
            shares = [f for f in sentence.figures if f.unit == PERCENT and f.area == OWN]
            if len(shares) != 1 or not re.search(r"\bthis (?:age|group)", sentence.text, 2):
                continue
            for name, (low, high) in words.section("sizes").items():
                said = re.search(rf"\b{name}\b", before.text, words.FLAGS)
                if said and not low <= shares[0].printed <= high:
                    found.append(_not_that_size(sentence, name, shares[0]))
    return found


def _not_that_size(sentence: Sentence, name: str, figure: Figure) -> Finding:
    return Finding(
        "direction", LOOK, sentence.place, figure.text,
        f"{name!r} is said of {figure.text}.", f"{figure.printed}% is not {_meant(name)}",
        "Correct the percentage or the word.", abs(float(figure.share) - 50),
    )  # fmt: skip


def _meant(name: str) -> str:
    low, high = words.section("sizes")[name]
    return f"{low}% to {high}%"
