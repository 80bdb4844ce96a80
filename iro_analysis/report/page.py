"""Build the report as its sections, in order: the committee's notebook shows them one by one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

from iro_analysis.report import annex, chapters, closing, opening, signing, young
from iro_analysis.report.annex import Annex
from iro_analysis.report.blocks import Section
from iro_analysis.report.source import Source
from iro_analysis.report.text import plain
from iro_analysis.wording import internal_banner


@dataclass(frozen=True)
class Piece:
    """A piece of the page: displays itself in JupyterLab and on the page.

    Attributes
    ----------
    html : str
    words : str
        What it is, for the notebook.
    """

    html: str
    words: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<{self.words}>"


def exhibit_style() -> str:
    """Return the style sheet of the report's tables and charts."""
    folder = resources.files("iro_analysis").joinpath("templates", "committee")
    return folder.joinpath("exhibits.css").read_text(encoding="utf-8")


@dataclass(frozen=True, repr=False)
class Report:
    """A report of one authority and period.

    Attributes
    ----------
    source : Source
    """

    source: Source

    def __repr__(self) -> str:
        return f"<report of {self.source.authority.name}, {self.source.figures.period.title}>"

    def style(self) -> Piece:
        """Return the style of tables and charts, and the mark of an internal run.

        For a notebook that is open in JupyterLab, or converted with another template: the page of
        ``iro report`` has both already.
        """
        mark = internal_banner() if self.source.internal else ""
        return Piece(f"<style>{exhibit_style()}</style>{mark}", "the style of the report's tables")

    def first_page(self) -> Piece:
        """Return the verdict and the headline measures at a glance."""
        parts: list[Any] = [
            opening.verdict(self.source),
            opening.corrected(self.source),
            opening.at_a_glance(self.source),
        ]
        words = "".join(part.html for part in parts if part is not None)
        return Piece(words, "the verdict, and the year at a glance")

    def check_before_signing(self) -> Section | Piece:
        """Return, in the internal edition, the sentences to check; nothing in the committee's."""
        found = signing.section(self.source) if self.source.internal else None
        return found or Piece("", "for the internal edition only")

    def for_decision(self) -> Section:
        """Return what is asked, what needs attention, what went well, questions and duties."""
        return opening.decision(self.source)

    def for_young_people(self) -> Section:
        """Return the young people's page."""
        made = young.edition(self.source)
        name = "For children and young people"
        return Section("for-young-people", "Young people", plain(name), (made,), "young-people")

    def chapter(self, name: str) -> Section | Piece:
        """Return a chapter by its id in ``report.toml``; nothing where the report has it not.

        A report on less than a year has only the chapters that its record marks so, and no report
        one of which no figure can be shown.
        """
        for record in self.source.chapters:
            if record["id"] == name:
                found = chapters.chapter(self.source, record)
                return found or Piece("", f"{name}: no figure of it can be shown")
        return Piece("", f"{name}: not in a report on less than a year")

    def what_comes_next(self) -> Section | Piece:
        """Return what was promised, what came of it, and what comes next."""
        return closing.promises(self.source) or Piece("", "the service has promised nothing")

    def how_sure(self) -> Section:
        """Return how sure the figures are, and what is withheld."""
        return closing.how_sure(self.source)

    def annexes(self) -> Annex:
        """Return every figure, definition and source."""
        return annex.annex(self.source)

    @cached_property
    def sections(self) -> list[Section]:
        """The sections of the body after the first page, in their order."""
        found = [
            self.check_before_signing(),
            self.for_decision(),
            self.for_young_people(),
            *(chapters.chapter(self.source, record) for record in self.source.chapters),
            self.what_comes_next(),
            self.how_sure(),
        ]
        return [each for each in found if isinstance(each, Section)]
