"""Choose what needs the committee's attention, what went well, and what members may ask.

Everything that was compared is a candidate: totals, groups, falls over all years, counts that moved
by a third. A topic takes one line; none is picked by hand, none is left out, and none stands in
both lists.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from iro_analysis import catalogue
from iro_analysis.catalogue import Measure
from iro_analysis.comparisons.settings import setting
from iro_analysis.contracts import ALL, COUNT_UNITS
from iro_analysis.report import ethnicity
from iro_analysis.report.conditions import choose, every, steady
from iro_analysis.report.figure import Ref
from iro_analysis.report.figures import ENGLAND, HIGHER, LOWER, NOT_CLEAR, Figures
from iro_analysis.report.record import label_of, report, why_it_matters
from iro_analysis.report.text import Number, Text, fill, join, plain
from iro_analysis.report.words import moved_by_a_third

WORSE, BETTER = "worse", "better"
_EVENTS = (*COUNT_UNITS, "days")
MAY_BE_CHANCE = "The change may be chance."
CLEAR_ALONE = "Among so many figures, chance alone can do this."
_FEWEST_LINES = 2  # of the verdict


@dataclass(frozen=True)
class Topic:
    """One line of a list.

    Attributes
    ----------
    id, rank, chapter : str
    measures : tuple of str
    lead, more : Text
    affected : float
        Children more than England's rate would give, or by which a count moved.
    record : dict
    """

    id: str
    rank: str
    chapter: str
    measures: tuple[str, ...]
    lead: Text
    more: Text
    affected: float
    record: dict[str, Any]

    @property
    def why(self) -> str:
        """Why the figure that leads matters to a child; empty where no source is held."""
        leading = [Ref.of_key(number.figure) for number in self.lead.numbers]
        return why_it_matters(leading or list(map(Ref.of, self.record["measures"])))


@dataclass(frozen=True)
class Findings:
    """The lists of the second page.

    Attributes
    ----------
    figures : Figures
    headline : tuple of Ref
    """

    figures: Figures
    headline: tuple[Ref, ...]

    @cached_property
    def needs_attention(self) -> list[Topic]:
        """Every topic of which something is clearly worse, moved by a third, or keeps falling."""
        ranks = report()["ranks"]
        found = [topic for record in report()["topics"] if (topic := self._attention(record))]
        found += [
            topic
            for measure in catalogue.measures().values()
            if measure.id not in _named() and (topic := self._of_measure(measure, WORSE))
        ]
        return sorted(found, key=lambda t: (ranks.index(t.rank), -t.affected, t.id))

    @cached_property
    def went_well(self) -> list[Topic]:
        """The topics of which something is clearly better and nothing needs attention."""
        taken = {topic.id for topic in self.needs_attention}
        found = []
        for record in report()["topics"]:
            lead = choose(record.get("well", []), self.figures)
            if record["id"] not in taken and lead is not None:
                found.append(self._topic(record, lead, Text()))
        found += [
            topic
            for measure in catalogue.measures().values()
            if measure.id not in _named() | taken and (topic := self._of_measure(measure, BETTER))
        ]
        ordered = sorted(found, key=lambda topic: -topic.affected)
        return ordered[: report()["most_well"]]

    def questions(self) -> list[tuple[int, Text]]:
        """Return the questions that members may wish to ask, each with its topic's number."""
        asked = [
            fill(topic.record["question"], self.figures.find)
            if "question" in topic.record
            else choose(topic.record.get("questions", []), self.figures)
            for topic in self.needs_attention
        ]
        return [(n, line) for n, line in enumerate(asked, 1) if line is not None][:4]

    def drafts(self) -> list[Text]:
        """Return what the committee could be asked to decide, from the same topics."""
        asked = [
            fill(topic.record["ask"], self.figures.find) if "ask" in topic.record else None
            for topic in self.needs_attention
        ]
        return [
            line + plain(f" (item {n})") for n, line in enumerate(asked, 1) if line is not None
        ][:4]

    def verdict(self) -> Text:
        """Return the year in three short sentences: how many, and the topics that lead."""
        lines = []
        first = choose(report()["verdict"], self.figures)
        if first is not None:
            lines.append(first)
        for topic in self.needs_attention:
            said = choose(topic.record.get("verdict", []), self.figures)
            if said is not None and _has_room(lines, said):
                lines.append(said)
        for topic in (*self.needs_attention, *self.went_well):
            if len(lines) < _FEWEST_LINES and _has_room(lines, topic.lead):
                lines.append(topic.lead)
        return join(lines)

    def _attention(self, record: dict) -> Topic | None:
        if record.get("about") == "ethnicity":
            found = ethnicity.attention(self.figures)
            if found is None:
                return None
            groups = ethnicity.clear_groups(self.figures)
            children = sum(f.numerator - f.numerator / f.value for f in groups)
            return self._topic(record, *found, affected=children)
        lead = None
        for template in record.get("attention", []):
            lead = choose([template], self.figures)
            if lead is not None:
                record = {**record, "rank": template.get("rank", record["rank"])}
                break
        if lead is None:
            lead = self._bare(record)
        if lead is None:
            return None
        return self._topic(record, lead, join(every(record.get("more", []), self.figures)))

    def _bare(self, record: dict) -> Text | None:
        """Return a line for a topic whose templates do not cover what its measures show."""
        for words in record["measures"]:
            ref = Ref.of(words)
            if self._verdict(ref) == WORSE:
                return self._line(ref)
        return None

    def _of_measure(self, measure: Measure, wanted: str) -> Topic | None:
        if ALL not in measure.breakdowns:
            return None
        ref = Ref(measure.id)
        if self._verdict(ref) != wanted:
            return None
        record = {
            "id": measure.id,
            "rank": report()["section_ranks"][measure.section],
            "chapter": "",
            "measures": [measure.id],
        }
        line = self._line(ref)
        return None if line is None else self._topic(record, line, Text())

    def _line(self, ref: Ref) -> Text | None:
        """Return a figure with what it is compared with, in the plainest words."""
        now, before = self.figures.get(ref), self.figures.earlier(ref)
        what = "share" if ref.share else "value"
        shown = None if now is None else now.number(what)
        if now is None or shown is None:
            return None
        pieces: list[str | Number] = [f"{label_of(ref)}: ", shown]
        england = self.figures.area_number(ref, ENGLAND)
        then = None if before is None else before.number(what)
        if before is not None and then is not None:
            way = ""
            if now.counted and not ref.share and now.value != before.value:
                way = "up from " if now.value > before.value else "down from "
            pieces += [f", {way}", then, " last year"]
        if england is not None:
            pieces += ["; England ", england]
        return Text((*pieces, "."))

    def _verdict(self, ref: Ref) -> str:
        """Return whether a figure is clearly worse or better, or moved so far that it asks why."""
        figures, better = self.figures, ref.entry.better
        now, before = figures.get(ref), figures.earlier(ref)
        if now is None:
            return ""
        for role in ("before", ENGLAND):
            verdict = figures.against(ref, role)
            if better != "neither" and verdict in (HIGHER, LOWER):
                return BETTER if verdict == better else WORSE
        if not now.counted or ref.entry.unit not in _EVENTS or before is None:
            return ""
        large = max(now.value, before.value) >= report()["least_to_watch"]
        if large and moved_by_a_third(now.value, before.value):
            if better == "neither":
                return WORSE if ref.measure in report()["watched"] or self._leads(ref) else ""
            return BETTER if (now.value > before.value) == (better == "higher") else WORSE
        if ref.measure in report()["watched"] and steady(figures, ref, True):
            return WORSE
        return ""

    def _leads(self, ref: Ref) -> bool:
        return ref in self.headline

    def _topic(self, record: dict, lead: Text, more: Text, affected: float | None = None) -> Topic:
        names = tuple(dict.fromkeys(Ref.of(words).measure for words in record["measures"]))
        size = self._affected(record) if affected is None else affected
        more = self._with_england(lead, self._with_chance(lead, more))
        return Topic(
            record["id"], record["rank"], record.get("chapter", ""), names, lead, more, size, record
        )

    def _with_england(self, lead: Text, more: Text) -> Text:
        """Add England's figure where the lead compares a share or rate with last year's alone.

        A fall that all of England saw is no sign of what this service did.
        """
        said = {(number.figure, number.what) for number in (*lead.numbers, *more.numbers)}
        for number in lead.numbers:
            ref = replace(Ref.of_key(number.figure), share=number.what == "share")
            if number.what not in ("value", "share") or self.figures.earlier(ref) is None:
                continue
            england = self.figures.area_number(ref, ENGLAND)
            if england is not None and (england.figure, england.what) not in said:
                return join([each for each in (Text(("England: ", england, ".")), more) if each])
        return more

    def _with_chance(self, lead: Text, more: Text) -> Text:
        """Add that chance may explain a count that moved, where its test found nothing clear."""
        for number in lead.numbers:
            ref = Ref.of_key(number.figure)
            now, before = self.figures.get(ref), self.figures.earlier(ref)
            if now is None or before is None or not now.counted:
                continue
            found = self.figures.verdict(ref, self.figures.before.name)
            if found is None or found.verdict != NOT_CLEAR:
                continue
            if moved_by_a_third(now.value, before.value):
                alone = found.p < setting("level")
                said = plain(CLEAR_ALONE if alone else MAY_BE_CHANCE)
                return join([each for each in (said, more) if each])
        return more

    def _affected(self, record: dict) -> float:
        sizes = [0.0]
        for words in record["measures"]:
            ref = Ref.of(words)
            now, before = self.figures.get(ref), self.figures.earlier(ref)
            if now is None:
                continue
            areas = self.figures.areas(ref)
            if ENGLAND in areas and now.unit == "percent" and now.denominator > 0:
                there = areas[ENGLAND][1] / 100 * now.denominator
                part = now.value if ref.share else now.numerator
                sizes.append(abs(part - there))
            elif before is not None and now.unit in COUNT_UNITS:
                sizes.append(abs(now.value - before.value))
        return max(size for size in sizes if not math.isnan(size))


def _named() -> set[str]:
    """Return the measures that a topic speaks of."""
    records = report()["topics"]
    return {Ref.of(words).measure for record in records for words in record["measures"]}


def _has_room(lines: list[Text], more: Text) -> bool:
    return len(str(join([*lines, more])).split()) <= report()["verdict_words"]
