"""The young people's edition of the page: the same published figures in plain words.

The sentences are data (``reference/young_people.toml``). A figure that is hidden, or not there, has
no sentence; the page does not name it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from iro_analysis import catalogue, codes
from iro_analysis.catalogue import PERIOD
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative.summary import changed
from iro_analysis.periods import in_words, moved, single
from iro_analysis.rounding import half_up, printed
from iro_analysis.wording import in_html

LEAST_FOR_HUNDREDS = 10  # of fewer, "in every 100" would sound like more than there are


@dataclass(frozen=True)
class Edition:
    """What the page says to young people.

    Attributes
    ----------
    lead : str
    parts : tuple of (str, tuple of str)
        A question and the sentences that answer it.
    ask : str
        Where to turn.
    """

    lead: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    ask: str

    def _repr_html_(self) -> str:
        nothing = codes.record("young_people")["nothing"]
        boxes = "".join(
            f"<div><h3>{in_html(question)}</h3><p>{in_html(' '.join(said))}</p></div>"
            for question, said in self.parts
        )
        body = f'<div class="young">{boxes}</div>' if boxes else f"<p>{in_html(nothing)}</p>"
        return f'<p class="lead">{in_html(self.lead)}</p>{body}<p>{in_html(self.ask)}</p>'

    @property
    def text(self) -> str:
        """All of it as running text."""
        said = [" ".join([question, *lines]) for question, lines in self.parts]
        return " ".join([self.lead, *said, self.ask])

    def __repr__(self) -> str:
        return self.text


def for_young_people(everything: Published) -> Edition:
    """Return the young people's edition of a report's figures."""
    record = codes.record("young_people")
    parts = []
    for part in record["parts"]:
        said = [text for line in part["lines"] if (text := _sentence(everything, line))]
        if said:
            parts.append((part["heading"], tuple(said)))
    return Edition(record["lead"], tuple(parts), record["ask"])


def _sentence(everything: Published, line: dict) -> str:
    published = everything.select(line["measure"], line.get("breakdown", ALL))
    group = line.get("group", ALL)
    found = [row for row in published if row.group == group and row.status == "ok"]
    if not found:
        return ""
    [row] = found
    hundred = _hundred(row)
    if "{hundred}" in line["says"] and (
        not row.denominator >= LEAST_FOR_HUNDREDS or half_up(hundred) < line.get("least", 0)
    ):
        return ""
    period = single(row.period)
    text = line["says"].format(
        value=printed(row.value), hundred=_in_words(hundred), day=in_words(period.end)
    )
    text = text[:1].upper() + text[1:]
    return f"{text} {_before(everything, row)}".strip() if line.get("before") else text


def _hundred(row) -> float:
    if catalogue.measure(row.measure).unit == "percent":
        return row.value
    return row.value / row.denominator * 100 if row.denominator > 0 else math.nan


def _in_words(hundred: float) -> str:
    """Return how many in every 100: nought and all are said only where none or all are meant.

    Examples
    --------
    >>> _in_words(91.1), _in_words(0.2), _in_words(99.8), _in_words(100)
    ('91', 'fewer than 1', 'more than 99', '100')
    """
    if 0 < hundred < 0.5:
        return "fewer than 1"
    if 99.5 <= hundred < 100:
        return "more than 99"
    return printed(hundred) if math.isfinite(hundred) else ""


def _before(everything: Published, row) -> str:
    """Return what a figure was a year before; of a share, only where it has clearly changed."""
    measure = catalogue.measure(row.measure)
    if row.breakdown != ALL or (line := changed(everything, measure)) is None:
        return ""
    name = moved(single(row.period), -12).name
    [before] = [r for r in everything.select(measure.id, PERIOD) if r.group == name]
    if measure.unit == "children":
        return f"A year before, it was {printed(before.value)}."
    if not line.said:
        return ""
    word = "more" if row.value > before.value else "less"
    return f"That is {word} than a year before, when it was {_in_words(before.value)}."
