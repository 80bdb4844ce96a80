"""Hold what a report is made from: the study's figures, words and corrections."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from iro_analysis.disclosure.releases import Correction
from iro_analysis.narrative import commentary
from iro_analysis.periods import in_words
from iro_analysis.reading.authority import Authority
from iro_analysis.reading.commentary import Commentary, Passage, Promise
from iro_analysis.report.attention import Findings
from iro_analysis.report.figures import Figures
from iro_analysis.report.record import headline, report
from iro_analysis.tables import NOT_AVAILABLE

NO_DATE, NO_OWNER = "No date is given.", "No owner is given."
NEITHER = "No owner or date is given."
_ITEM = re.compile(r"\s*([-*+]|\d+[.)])\s")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Source:
    """The figures, the service's words, and the authority.

    Attributes
    ----------
    figures : Figures
    words : Commentary
    authority : Authority
    returns : str
        The years of the returns behind the figures, in words.
    version : str
        Of the suite.
    elsewhere : callable
        From a measure to what other areas have published of it for another base.
    corrections : tuple of Correction
        When the report was published again with other figures.
    """

    figures: Figures
    words: Commentary
    authority: Authority
    returns: str
    version: str
    elsewhere: Callable[[str], pd.DataFrame]
    corrections: tuple[Correction, ...] = ()

    @property
    def internal(self) -> bool:
        """Whether the report never leaves the authority."""
        return self.figures.everything.audience == "internal"

    @property
    def in_year(self) -> bool:
        """Whether the report is of less than a year."""
        return not self.figures.period.is_year

    @cached_property
    def findings(self) -> Findings:
        """What needs attention and what went well."""
        return Findings(self.figures.of_summary, tuple(headline(self.authority.settings)))

    @cached_property
    def items(self) -> dict[str, str]:
        """The item of what needs attention that speaks of each measure: ``item 1 (moves)``."""
        numbered = list(enumerate(self.findings.needs_attention, 1))
        return {
            name: f"item {n} ({topic.record['name']})" if "name" in topic.record else f"item {n}"
            for n, topic in reversed(numbered)
            for name in topic.measures
        }

    @property
    def chapters(self) -> list[dict]:
        """The records of the report's chapters."""
        return [each for each in report()["chapters"] if each["in_year"] or not self.in_year]

    def filled(self, passage: Passage) -> str:
        """Return a passage with its numbers filled; no sentence whose number cannot be given."""
        everything = self.figures.everything
        said = commentary.filled(passage, self.words.file, everything, self.items)
        symbols = (everything.policy.symbol, NOT_AVAILABLE)
        return "\n\n".join(
            kept for block in said.split("\n\n") if (kept := _without(block, symbols))
        )

    def says(self, *headings: str) -> str:
        """Return what the service says under some headings, as Markdown; empty for nothing."""
        found = [self.words.passage(heading) for heading in headings]
        return "\n\n".join(self.filled(passage) for passage in found if passage is not None)

    def promised(self, heading: str) -> str:
        """Return what the service said under a heading a year before; numbers are not filled."""
        for passage in self.words.earlier:
            if passage.heading.casefold() == heading.casefold() and "{{" not in passage.text:
                return passage.text
        return ""

    @property
    def promised_actions(self) -> tuple[Promise, ...]:
        """What the service said a year before that it would do of single figures, as it stands."""
        return tuple(each for each in self.words.promises if "{{" not in each.text)

    def response(self, measures: tuple[str, ...]) -> str:
        """Return what the service says of the figures of a topic, as plain words."""
        return self._of(self.words.responses, measures)

    def actions(self, measures: tuple[str, ...]) -> tuple[str, str]:
        """Return whose task the responses to a topic are and by when, and what of it is not said.

        Parameters
        ----------
        measures : tuple of str

        Returns
        -------
        (str, str)
            Both empty where the service has not responded.
        """
        said: list[str] = []
        named = dated = True
        for name in measures:
            if name not in self.words.responses:
                continue
            owner, due = self.words.owners.get(name, ""), self.words.due.get(name)
            named, dated = named and bool(owner), dated and due is not None
            said += who_and_when(owner, due)
        return " ".join(dict.fromkeys(said)), not_said(named, dated)

    def caution(self, measures: tuple[str, ...]) -> str:
        """Return what the reader must know of the figures of a topic, as plain words."""
        return self._of(self.words.cautions, measures)

    def _of(self, texts: dict[str, str], measures: tuple[str, ...]) -> str:
        said = [self.filled(Passage(name, texts[name], 1)) for name in measures if name in texts]
        return plain_words(" ".join(said))

    @property
    def verdict(self) -> str:
        """What the service says of the whole period, as plain words; empty for nothing."""
        said = self.words.verdict
        return plain_words(self.filled(Passage("verdict", said, 1))) if said else ""


def not_said(owner: bool, due: bool) -> str:
    """Return what is not said of a task, by whether its owner and its date are."""
    missing = {(True, False): NO_DATE, (False, True): NO_OWNER, (False, False): NEITHER}
    return missing.get((owner, due), "")


def who_and_when(owner: str, due: date | None) -> list[str]:
    """Return whose task something is, and by when, as far as it is said."""
    said = [f"Owner: {owner}."] if owner else []
    return said + ([f"Due: {in_words(due)}."] if due else [])


def _without(block: str, symbols: tuple[str, ...]) -> str:
    """Return a paragraph or list without the sentences and items that hold a symbol."""
    if not any(symbol in block for symbol in symbols):
        return block
    listed = _ITEM.match(block) is not None
    parts = block.splitlines() if listed else _SENTENCE_ENDS.split(" ".join(block.splitlines()))
    kept = [part for part in parts if not any(symbol in part for symbol in symbols)]
    return ("\n" if listed else " ").join(kept)


def plain_words(markdown: str) -> str:
    """Return a filled passage as words alone: entities read, marks of emphasis dropped."""
    return re.sub(r"[*_`]", "", html.unescape(markdown)).strip()
